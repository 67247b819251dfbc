/** The tutorial against Python: the whole epoch to the last bit, and the example as a user runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { enumerate, nn, type Tensor } from 'torch-node';
import * as torchvision from 'torch-node/vision';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './package_root.js';
import { hex_of, python } from './reference.js';

interface Run {
  losses: string[];
  weights: Record<string, string>;
  averages: string[];
  predictions: unknown;
  random: string;
}

const folder = mkdtempSync(join(tmpdir(), 'torch-node-tutorial-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const hex = (tensor: Tensor): string => hex_of(tensor.detach().contiguous().numpy().data);

class RNN extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
  out = new nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    const [r_out] = this.rnn(x, null);
    return this.out(r_out.index(':', -1, ':'));
  }
}

/** What tests/reference/tutorial.py does, and what it reports. */
function train(threads: number, limit = Infinity): Run {
  const { datasets, transforms } = torchvision;
  torch.set_num_threads(threads);
  torch.manual_seed(1);
  const transform = new transforms.ToTensor();
  const train_data = new datasets.MNIST({ root: folder, train: true, transform, download: true });
  const train_loader = new torch.utils.data.DataLoader(train_data, { batch_size: 64, shuffle: true });
  const test_data = new datasets.MNIST({ root: folder, train: false });
  const test_x = test_data.data.type(torch.FloatTensor).index(':2000').div(255);
  const rnn = new RNN();
  const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
  const loss_func = new nn.CrossEntropyLoss();
  const losses: string[] = [];
  for (const [step, [x, y]] of enumerate(train_loader)) {
    if (step === limit) break;
    const loss = loss_func(rnn(x.view(-1, 28, 28)), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(hex(loss));
  }
  const pred_y = torch
    .max(rnn(test_x.index(':10').view(-1, 28, 28)), 1)[1]
    .data.numpy()
    .squeeze();
  return {
    losses,
    weights: Object.fromEntries(Object.entries(rnn.state_dict()).map(([name, weight]) => [name, hex(weight)])),
    averages: [...rnn.parameters()].map((parameter) => hex(optimizer.state.get(parameter)?.exp_avg_sq as Tensor)),
    predictions: pred_y.tolist(),
    random: hex(torch.rand(4)),
  };
}

function reference(threads: number, ...limit: number[]): Run & { printed: string } {
  return python('tutorial.py', [join(folder, 'MNIST', 'raw'), threads, ...limit]);
}

describe('the tutorial', () => {
  it('has all 938 losses, the weights, the state of Adam and the predictions of Python, and prints the same lines', () => {
    const ours = train(2);
    const { printed, ...expected } = reference(2);
    expect(ours).toEqual(expected);
    expect(ours.losses.length).toBe(938);

    const example = spawnSync(
      process.execPath,
      ['--import', 'tsx', join('examples', 'mnist_lstm.ts'), '--data', folder, '--plot', join(folder, 'mnist.png')],
      { cwd: root, encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '2' } },
    );
    expect(example.stderr).toBe('');
    expect(example.stdout).toBe(printed);
    const picture = readFileSync(join(folder, 'mnist.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 760]);
  }, 900_000);

  it('equals Python on one thread too', () => {
    const { printed: _, ...expected } = reference(1, 100);
    expect(train(1, 100)).toEqual(expected);
  });

  it.each([
    [['--epochs', '0'], /--epochs must be a positive integer, not '0'/],
    [['--plot', 'a.svg'], /--plot must name a \.png file/],
    [['--speed'], /--speed/],
  ])('explains %j', (args, message) => {
    const result = spawnSync(process.execPath, ['--import', 'tsx', join('examples', 'mnist_lstm.ts'), ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toMatch(/usage: npm run mnist/);
  });
});
