'use strict';
/**
 * What scripts/dev/arm64.js runs on both processors: prints one JSON object with the answers of each part. Numbers that are not whole
 * may differ by rounding, all else must be equal.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const torch = require('torch-node');
const { nn } = torch;

torch.set_num_threads(1);

/** The error of a call, as text. */
function refusal(call) {
  try {
    call();
    return 'no error';
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

/** The tutorial's network on images that are drawn instead of read. */
function losses_of_the_tutorial(steps) {
  torch.manual_seed(1);
  const images = torch.rand(640, 28, 28);
  const labels = images.sum([1, 2]).remainder(10).long();
  class RNN extends nn.Module {
    rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
    out = new nn.Linear(64, 10);
    forward(x) {
      const [r_out] = this.rnn(x, null);
      return this.out(r_out.index(':', -1, ':'));
    }
  }
  const data = new torch.utils.data.TensorDataset(images, labels);
  const loader = new torch.utils.data.DataLoader(data, { batch_size: 64, shuffle: true });
  const rnn = new RNN();
  const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
  const loss_func = new nn.CrossEntropyLoss();
  const losses = [];
  while (losses.length < steps) {
    for (const [x, y] of loader) {
      const loss = loss_func(rnn(x), y);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    }
  }
  return { printed: String(rnn), losses: losses.slice(0, steps) };
}

const parts = {
  version: () => torch.__version__.replace(/\+.*/, ''),
  creation: () => {
    torch.manual_seed(0);
    return [torch.rand(7), torch.randn(40), torch.randperm(20), torch.randint(0, 100, [10]), torch.arange(5)].map((x) =>
      x.tolist(),
    );
  },
  printing: () => [
    String(torch.arange(12).view(3, 4)),
    String(torch.tensor([1.5, -2, 1e-8], { dtype: torch.float64 })),
    String(torch.tensor([true, false])),
    String(torch.zeros(2, { dtype: torch.bfloat16, requires_grad: true })),
    String(torch.complex(torch.ones(1), torch.zeros(1))),
  ],
  dtypes: () =>
    ['uint8', 'int8', 'int16', 'int32', 'float16', 'bfloat16', 'float32', 'float64'].map((name) =>
      torch.arange(1, 9).to(torch[name]).mul(3).sum().item(),
    ),
  big_integers: () =>
    String(
      torch
        .tensor([2n ** 62n])
        .add(1)
        .item(),
    ),
  autograd: () => {
    const x = torch.linspace(-1, 1, 8).requires_grad_();
    const y = x.sin().mul(x.exp()).sum();
    const [first] = torch.autograd.grad(y, x, { create_graph: true });
    first.pow(2).sum().backward();
    const seen = [];
    const z = torch.ones(3, { requires_grad: true });
    z.register_hook((gradient) => {
      seen.push(gradient.tolist());
      return gradient.mul(2);
    });
    z.mul(5).sum().backward();
    return [first.tolist(), x.grad.tolist(), seen, z.grad.tolist()];
  },
  custom_function: () => {
    class Cube extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.save_for_backward(x);
        return x.pow(3);
      }
      static backward(ctx, gradient) {
        const [x] = ctx.saved_tensors;
        return gradient.mul(x.pow(2)).mul(3);
      }
    }
    const x = torch.tensor([1, 2, 3], { dtype: torch.float64, requires_grad: true });
    Cube.apply(x).sum().backward();
    return x.grad.tolist();
  },
  linear_algebra: () => {
    torch.manual_seed(3);
    const a = torch.randn(5, 5, { dtype: torch.float64 });
    const spd = a.mm(a.t()).add(torch.eye(5, { dtype: torch.float64 }));
    return [torch.linalg.inv(spd), torch.linalg.cholesky(spd), torch.linalg.eigvalsh(spd), torch.linalg.det(spd)].map(
      (x) => x.tolist(),
    );
  },
  fourier: () =>
    torch.fft
      .rfft(torch.arange(8, { dtype: torch.float32 }))
      .abs()
      .tolist(),
  convolution: () => {
    torch.manual_seed(5);
    const net = new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.MaxPool2d(2));
    const y = net(torch.randn(2, 3, 10, 10));
    y.sum().backward();
    return [y.sum().item(), ...[...net.parameters()].map((p) => p.grad.abs().sum().item())];
  },
  quantized: () => {
    const q = torch.quantize_per_tensor(torch.linspace(-1, 1, 9), 0.02, 10, torch.quint8);
    return [q.int_repr().tolist(), q.dequantize().tolist()];
  },
  tutorial: () => losses_of_the_tutorial(50),
  files: () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-arm64-'));
    try {
      const file = path.join(folder, 'a.pt');
      torch.save({ x: torch.arange(6), y: [1, 'two'] }, file);
      const { x, y } = torch.load(file);
      return [x.tolist(), y];
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  errors: () => [
    refusal(() => torch.ones(2).add(torch.ones(3))),
    refusal(() => torch.ones(2).view(3)),
    refusal(() => torch.linalg.cholesky(torch.zeros(2, 2))),
    refusal(() => torch.ones(2, 'three')),
  ],
  memory: () => {
    // 2 GB of tensors that die young: what is held stays far below it.
    for (let i = 0; i < 2000; i++) torch.zeros(256 * 1024);
    return process.memoryUsage().rss < 1.2e9;
  },
};

async function main() {
  const answers = { arch: process.arch };
  for (const [name, part] of Object.entries(parts)) answers[name] = part();
  answers.worker = await new Promise((resolve, reject) => {
    const worker = new Worker(__filename);
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  console.log(JSON.stringify(answers));
}

if (isMainThread) {
  void main();
} else {
  torch.manual_seed(4);
  parentPort.postMessage(torch.randn(3).tolist());
}
