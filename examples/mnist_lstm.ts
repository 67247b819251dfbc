/**
 * An LSTM reads the images of handwritten digits row by row and learns to tell them apart: the well-known PyTorch
 * tutorial, line by line. With the same seed, libtorch and number of threads it prints what Python prints.
 *
 *   npm run mnist -- --epochs 1 --device cpu --data ./mnist/ --plot mnist.png --show
 */
import * as torch from 'torch-node';
import { enumerate, nn, print, range, type Tensor } from 'torch-node';
import * as plt from 'torch-node/pyplot';
import * as torchvision from 'torch-node/vision';

import { parse_options } from './support/options.js';
import { progress } from './support/progress.js';

const { DataLoader } = torch.utils.data;
const { transforms } = torchvision;

const options = parse_options();
const { device, data: root } = options;

torch.manual_seed(1);
const train_data = new torchvision.datasets.MNIST({
  root,
  train: true,
  transform: new transforms.ToTensor(),
  download: true,
});
if (options.show) {
  plt.imshow(train_data.train_data.index(0).numpy(), { cmap: 'gray' });
  plt.title(`${train_data.train_labels.index(0).item()}`);
  plt.show();
}
const train_loader = new DataLoader(train_data, { batch_size: 64, shuffle: true });
const test_data = new torchvision.datasets.MNIST({ root, train: false });
const test_x = test_data.data.type(torch.FloatTensor).index(':2000').div(255).to(device); // [2000, 28, 28] in [0, 1]
const test_y = test_data.targets.index(':2000').to(device);

class RNN extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
  out = new nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    // x: [batch, time, input]; null starts from a hidden state of zeros
    const [r_out, [h_n, h_c]] = this.rnn(x, null);
    return this.out(r_out.index(':', -1, ':')); // the output at the last row
  }
}

const rnn = new RNN().to(device);
print(rnn);

const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
const loss_func = new nn.CrossEntropyLoss();
const losses: number[] = [];
const accuracies: [step: number, accuracy: number][] = [];

for (const epoch of range(options.epochs)) {
  for (const [step, [x, y]] of enumerate(progress(train_loader, `epoch ${epoch}`))) {
    const output = rnn(x.view(-1, 28, 28).to(device));
    const loss = loss_func(output, y.to(device));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(loss.item());

    if (step % 50 === 0) {
      const pred_y = torch.max(rnn(test_x), 1)[1];
      const accuracy = pred_y.eq(test_y).sum().item() / test_y.size(0);
      print('Epoch: ', epoch, '| train loss: %.4f', loss.item(), '| test accuracy: %.2f', accuracy);
      accuracies.push([losses.length - 1, accuracy]);
    }
  }
}

const pred_y = torch
  .max(rnn(test_x.index(':10').view(-1, 28, 28)), 1)[1]
  .data.cpu()
  .numpy()
  .squeeze();
print(pred_y, 'prediction number');
print(test_y.index(':10').cpu().numpy(), 'real number');

if (options.plot !== undefined || options.show) {
  plt.figure({ figsize: [12, 7.6] });
  for (const i of range(10)) {
    plt.subplot2grid([3, 10], [0, i]);
    plt.imshow(test_x.index(i).cpu().numpy(), { cmap: 'gray' });
    plt.title(`${test_y.index(i).item()}, read ${pred_y.get(i)}`, { fontsize: 9 });
    plt.axis('off');
  }
  plt.subplot2grid([3, 10], [1, 0], { rowspan: 2, colspan: 5 });
  plt.plot(losses, { lw: 1 });
  plt.title('Training loss');
  plt.xlabel('step');
  plt.subplot2grid([3, 10], [1, 5], { rowspan: 2, colspan: 5 });
  plt.plot(
    accuracies.map(([step]) => step),
    accuracies.map(([, accuracy]) => accuracy),
    'o-',
  );
  plt.title('Test accuracy');
  plt.xlabel('step');
  plt.ylim(0, 1);
  plt.tight_layout();
  if (options.plot !== undefined) plt.savefig(options.plot);
  if (options.show) plt.show();
}
