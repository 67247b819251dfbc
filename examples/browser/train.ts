/**
 * A page on which one draws a digit and sees what a network takes it for. The network is trained here in Node and exported to
 * ONNX; onnxruntime-web runs it in the page. Nothing leaves the browser.
 *
 *   npm run browser -- --epochs 1 --data ./mnist/ --out ./browser-example/
 *
 * Then serve the folder: `npx http-server browser-example`, or any other server of files.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as torch from 'torch-node';
import { nn, print, type Tensor } from 'torch-node';
import * as torchvision from 'torch-node/vision';

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '1' },
    steps: { type: 'string', default: 'Infinity' },
    data: { type: 'string', default: './mnist/' },
    out: { type: 'string', default: './browser-example/' },
  },
});

/** Two convolutions and two linear layers: 99 % of the test images after some epochs. */
class Digits extends nn.Module {
  conv1 = new nn.Conv2d(1, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 32, 3, { padding: 1 });
  fc1 = new nn.Linear(32 * 7 * 7, 64);
  fc2 = new nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    let y = nn.functional.max_pool2d(nn.functional.relu(this.conv1(x)), 2);
    y = nn.functional.max_pool2d(nn.functional.relu(this.conv2(y)), 2);
    y = nn.functional.relu(this.fc1(y.flatten(1)));
    return nn.functional.softmax(this.fc2(y), { dim: 1 });
  }
}

torch.manual_seed(1);
const { MNIST } = torchvision.datasets;
const transform = new torchvision.transforms.ToTensor();
const train_data = new MNIST({ root: values.data, train: true, transform, download: true });
const test_data = new MNIST({ root: values.data, train: false });
const loader = new torch.utils.data.DataLoader(train_data, { batch_size: 64, shuffle: true });

const model = new Digits();
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 });
let left = Number(values.steps);
for (let epoch = 0; epoch < Number(values.epochs) && left > 0; epoch++) {
  for (const [images, labels] of loader) {
    if (left-- <= 0) break;
    const loss = nn.functional.nll_loss(model(images).log(), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
}

model.eval();
torch.no_grad(() => {
  const images = test_data.data.index(':1000').unsqueeze(1).to(torch.float32).div(255);
  const right = model(images).argmax(1).eq(test_data.targets.index(':1000')).to(torch.float32).mean();
  print('test accuracy:', right.item());
});

mkdirSync(values.out, { recursive: true });
torch.onnx.export(model, [torch.zeros(1, 1, 28, 28)], join(values.out, 'digits.onnx'), {
  input_names: ['image'],
  output_names: ['probabilities'],
  external_data: false, // a page loads one file
});
const runtime = dirname(createRequire(__filename).resolve('onnxruntime-web'));
for (const file of ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
  copyFileSync(join(runtime, file), join(values.out, file));
}
copyFileSync(join(__dirname, 'index.html'), join(values.out, 'index.html'));
print('written to', values.out);
