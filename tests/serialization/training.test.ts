/** A training run that changes the language twice equals one that does not, to the last bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn, optim, type Tensor } from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { hex_of, python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-training-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Name = 'Adam' | 'AdamW' | 'SGD';
const names: Name[] = ['Adam', 'AdamW', 'SGD'];
/** Optimizer, checkpoint to begin with, checkpoint to write, epochs. */
type Run = [name: Name, before: string | null, after: string, epochs: number];

interface Ended {
  model: Record<string, string>;
  state: Record<string, Record<string, string>>;
  lr: number[];
  epoch: number;
  betas: (number[] | null)[];
}

const make_scheduler = (optimizer: optim.Optimizer): optim.lr_scheduler.LRScheduler =>
  new optim.lr_scheduler.StepLR(optimizer, 2, 0.3);

interface Checkpoint {
  model: nn.StateDict;
  optimizer: optim.OptimizerStateDict;
  scheduler: optim.lr_scheduler.SchedulerState;
  rng: Tensor;
  epoch: number;
}

function make(name: Name): [nn.Module, optim.Optimizer, optim.lr_scheduler.LRScheduler] {
  const [first, norm, last] = [new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.Linear(8, 2)];
  const model = new nn.Sequential(first, norm, new nn.Tanh(), last);
  const options = {
    SGD: { lr: 0.1, momentum: 0.9, nesterov: true },
    Adam: { lr: 0.01, amsgrad: true },
    AdamW: { lr: 0.03 },
  }[name];
  const groups = [
    { params: first.parameters(), weight_decay: 0.1 },
    { params: [...norm.parameters(), ...last.parameters()] },
  ];
  const Kind = optim[name] as unknown as new (params: unknown, options: object) => optim.Optimizer;
  const optimizer = new Kind(groups, options);
  return [model, optimizer, make_scheduler(optimizer)];
}

function run([name, before, after, epochs]: Run): Ended {
  torch.manual_seed(0);
  const [model, optimizer, scheduler] = make(name);
  let start = 0;
  if (before !== null) {
    const checkpoint = torch.load<Checkpoint>(join(folder, before));
    model.load_state_dict(checkpoint.model);
    optimizer.load_state_dict(checkpoint.optimizer);
    scheduler.load_state_dict(checkpoint.scheduler);
    torch.set_rng_state(checkpoint.rng);
    start = checkpoint.epoch;
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let batch = 0; batch < 3; batch++) {
      const [x, y] = [torch.randn(16, 4), torch.randn(16, 2)];
      optimizer.zero_grad();
      nn.functional.mse_loss((model as unknown as (x: Tensor) => Tensor)(x), y).backward();
      optimizer.step();
    }
    scheduler.step();
  }
  torch.save(
    {
      model: model.state_dict(),
      optimizer: optimizer.state_dict(),
      scheduler: scheduler.state_dict(),
      rng: torch.get_rng_state(),
      epoch: start + epochs,
    },
    join(folder, after),
  );
  const hex = (tensors: object): Record<string, string> =>
    Object.fromEntries(
      Object.entries(tensors).map(([key, value]) => [
        key,
        hex_of((value as Tensor).detach().clone().contiguous().numpy().data),
      ]),
    );
  return {
    model: hex(model.state_dict()),
    state: Object.fromEntries(Object.entries(optimizer.state_dict().state).map(([number, its]) => [number, hex(its)])),
    lr: optimizer.param_groups.map(({ lr }) => lr as number),
    epoch: start + epochs,
    betas: optimizer.param_groups.map(({ betas }) => (betas === undefined ? null : [...(betas as number[])])),
  };
}

const together = (runs: Run[]): Ended[] => python<Ended[]>('training.py', [folder, runs]);
const threads = torch.get_num_threads();
torch.set_num_threads(1);
afterAll(() => {
  torch.set_num_threads(threads);
});

const begun = together([
  ...names.map((name): Run => [name, null, `${name}.whole.pt`, 6]),
  ...names.map((name): Run => [name, null, `${name}.python.1.pt`, 2]),
]);
const here = names.map((name) => ({
  whole: run([name, null, `${name}.here.pt`, 6]),
  continued: run([name, `${name}.python.1.pt`, `${name}.python.2.pt`, 2]),
  begun: run([name, null, `${name}.typescript.1.pt`, 2]),
}));
const ended = together([
  ...names.map((name): Run => [name, `${name}.python.2.pt`, `${name}.python.3.pt`, 2]),
  ...names.map((name): Run => [name, `${name}.typescript.1.pt`, `${name}.typescript.2.pt`, 3]),
]);

describe.each(names.map((name, i) => [name, i] as const))('%s', (name, i) => {
  const whole = begun[i] as Ended;

  it('trains as in Python', () => {
    expect(here[i]?.whole).toEqual(whole);
  });

  it('begins in Python, goes on here, and ends in Python', () => {
    expect(here[i]?.continued.epoch).toBe(4);
    expect(ended[i]).toEqual(whole);
  });

  it('begins here, goes on in Python, and ends here', () => {
    expect(run([name, `${name}.typescript.2.pt`, `${name}.typescript.3.pt`, 1])).toEqual(whole);
  });

  it('has in the file what Python has there', () => {
    const { optimizer } = torch.load<Checkpoint>(join(folder, `${name}.typescript.3.pt`));
    expect(optimizer.state).toBeInstanceOf(Map);
    expect([...(optimizer.state as unknown as Map<unknown, unknown>).keys()]).toEqual([0, 1, 2, 3, 4, 5]);
    const betas = optimizer.param_groups[0]?.['betas'];
    if (name !== 'SGD') expect(betas).toBeInstanceOf(torch.serialization.Tuple);
  });
});

describe('Optimizer.load_state_dict', () => {
  it('says what it was given instead of a state dict', () => {
    const optimizer = new optim.SGD([torch.ones(1).requires_grad_()], { lr: 1 });
    for (const wrong of [
      null,
      1,
      {},
      { state: {}, param_groups: 1 },
      { state: 1, param_groups: [] },
      { state: {}, param_groups: [{ lr: 1 }] },
    ]) {
      expect(() => {
        optimizer.load_state_dict(wrong as never);
      }).toThrow('load_state_dict(): expected what state_dict() gives');
    }
  });
});
