/** Tensors, autograd, optimizers, modules and files. Argument: a folder to write into. */
import { join } from 'node:path';
import * as torch from 'torch-node';
import { nn, optim } from 'torch-node';
import { save_file, load_file } from 'torch-node/safetensors';
import { check, expect, hex, report } from './checks.mjs';

const folder = process.argv[2] ?? '.';
const F = nn.functional;
torch.set_num_threads(1);

/** @param {() => unknown} body */
function error_of(body) {
  try {
    body();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  throw new Error('nothing was thrown');
}

await check('printing', () => [
  String(torch.arange(6).reshape(2, 3).div(7)),
  String(new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU())),
]);
await check('seeded numbers', () => {
  torch.manual_seed(0);
  return [torch.rand(20), torch.randn(20), torch.randperm(20)].map(hex);
});
await check('operators', () => {
  torch.manual_seed(1);
  const x = torch.randn(4, 5);
  const [values, indices] = torch.max(x, 1);
  return [x.mm(x.t()), x.softmax(1), values, indices, torch.linalg.svdvals(x), x.index(':', '::2')].map(hex);
});
await check('errors', () => [
  error_of(() => torch.ones(2, 3).mm(torch.ones(2, 3))),
  error_of(() => torch.ones('2')),
  error_of(() => torch.zeros(2).add(1, { alhpa: 2 })),
]);
await check('autograd', () => {
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
  const x = torch.tensor([1.5, -2], { requires_grad: true });
  const seen = [];
  x.register_hook((gradient) => {
    seen.push(hex(gradient));
  });
  Cube.apply(x).sum().backward();
  const [first] = torch.autograd.grad(x.sin().sum(), [x], { create_graph: true });
  const [second] = torch.autograd.grad(first.sum(), [x]);
  return [hex(x.grad), hex(second), ...seen];
});
await check('optimizers', () => {
  const made = {
    SGD: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }),
    Adam: (p) => new optim.Adam(p, { lr: 0.01 }),
    AdamW: (p) => new optim.AdamW(p, { lr: 0.01 }),
    RMSprop: (p) => new optim.RMSprop(p, { lr: 0.01 }),
    Adagrad: (p) => new optim.Adagrad(p, { lr: 0.01 }),
    LBFGS: (p) => new optim.LBFGS(p, { lr: 0.1 }),
  };
  return Object.entries(made).map(([name, make]) => {
    torch.manual_seed(2);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 2));
    const optimizer = make(model.parameters());
    const [x, y] = [torch.randn(16, 4), torch.randn(16, 2)];
    const closure = () => {
      optimizer.zero_grad();
      const loss = F.mse_loss(model(x), y);
      loss.backward();
      return loss;
    };
    for (let i = 0; i < 5; i++) optimizer.step(closure);
    return [name, hex(closure())];
  });
});
await check('modules', () => {
  torch.manual_seed(3);
  const x = torch.randn(2, 3, 8, 8);
  const sequence = torch.randn(2, 5, 16);
  const [output] = new nn.LSTM(16, 8, { batch_first: true })(sequence);
  const [attended] = new nn.MultiheadAttention(16, 4, { batch_first: true })(sequence, sequence, sequence);
  return [new nn.Conv2d(3, 4, 3)(x), new nn.BatchNorm2d(3)(x), output, attended].map(hex);
});
await check('files', () => {
  torch.manual_seed(4);
  const model = new nn.Linear(3, 2);
  torch.save(model.state_dict(), join(folder, 'model.pt'));
  save_file(model.state_dict(), join(folder, 'model.safetensors'));
  const loaded = torch.load(join(folder, 'model.pt'));
  const again = load_file(join(folder, 'model.safetensors'));
  return [loaded.weight, again.weight, model.weight].map(hex);
});
await check('arrays share memory', () => {
  const x = torch.zeros(3);
  x.numpy().data[1] = 5;
  const data = new Float32Array([1, 2, 3]);
  const y = torch.from_numpy(data);
  y.mul_(2);
  return [hex(x), [...data]];
});
await check('iteration', async () => {
  const rows = [...torch.arange(4).reshape(2, 2)].map(hex);
  const dataset = new torch.utils.data.TensorDataset(torch.arange(10), torch.arange(10).mul(2));
  const loader = new torch.utils.data.DataLoader(dataset, { batch_size: 4 });
  const sums = [];
  for (const [x, y] of loader) sums.push(x.sum().item() + y.sum().item());
  for await (const [x, y] of loader) sums.push(x.sum().item() + y.sum().item());
  return [rows, sums];
});
await check('disposal', () => {
  const x = torch.ones(2);
  x[Symbol.dispose]();
  const before = torch.memory_stats().live_tensors;
  const total = torch.scope(() => torch.ones(3).mul(2).sum());
  expect(torch.memory_stats().live_tensors <= before + 1, 'scope has left tensors behind');
  return [error_of(() => x.sum()).split(';')[0], total.item()];
});
await check('grad modes', () => {
  const w = torch.ones(1, { requires_grad: true });
  return [
    torch.no_grad(() => w.mul(2).requires_grad),
    torch.inference_mode(() => w.mul(2).is_inference()),
    torch.is_grad_enabled(),
  ];
});
report();
