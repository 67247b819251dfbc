/** Averaged models against Python, to the last bit. */
import * as torch from 'torch-node';
import { nn, optim, type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { hex_of, python } from '../reference.js';

const { AveragedModel, get_ema_avg_fn, get_ema_multi_avg_fn, get_swa_avg_fn, get_swa_multi_avg_fn, update_bn } =
  optim.swa_utils;

interface Case {
  averaging: string;
  use_buffers: boolean;
}

interface Run {
  states: Record<string, string>[];
  output: string;
  momentum: number;
}

const averaging: Record<string, () => optim.swa_utils.AveragedModelOptions> = {
  ema: () => ({ avg_fn: get_ema_avg_fn(0.9) }),
  swa: () => ({ avg_fn: get_swa_avg_fn() }),
  'multi ema': () => ({ multi_avg_fn: get_ema_multi_avg_fn(0.9) }),
  'multi swa': () => ({ multi_avg_fn: get_swa_multi_avg_fn() }),
  own: () => ({ avg_fn: (averaged, current) => averaged.add(current.sub(averaged).mul(0.25)) }),
  default: () => ({}),
};

// Python itself cannot take the mean of integers (the buffer that counts batches) by `multi swa`.
const cases: Case[] = [
  ...Object.keys(averaging).map((name) => ({ averaging: name, use_buffers: false })),
  ...['ema', 'swa', 'multi ema', 'default'].map((name) => ({ averaging: name, use_buffers: true })),
];

const expected = python<Run[]>('swa_utils.py', [cases]);
const hex = (tensor: Tensor): string => hex_of(tensor.detach().clone().numpy().data);
const state_of = (model: nn.Module): Record<string, string> =>
  Object.fromEntries(Object.entries(model.state_dict()).map(([name, value]) => [name, hex(value)]));
const network = (): nn.Sequential =>
  new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.ReLU(), new nn.Linear(4, 2));

function run(test: Case): Run {
  torch.manual_seed(5);
  const model = network();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const averaged = new AveragedModel(model, { use_buffers: test.use_buffers, ...averaging[test.averaging]?.() });
  const batches = Array.from({ length: 4 }, () => torch.randn(5, 3));
  for (let step = 0; step < 6; step++) {
    optimizer.zero_grad();
    (model(batches[step % 4] as Tensor) as Tensor).square().sum().backward();
    optimizer.step();
    averaged.update_parameters(model);
  }
  const states = [state_of(averaged)];
  update_bn(
    batches.map((batch) => [batch, null]),
    averaged,
  );
  states.push(state_of(averaged));
  const output = averaged.eval()(batches[0] as Tensor) as Tensor;
  const { momentum } = averaged.module.get_submodule('1') as nn.BatchNorm1d;
  return { states, output: hex(output), momentum: momentum as number };
}

describe('an averaged model equals that of Python', () => {
  cases.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      expect(run(test)).toEqual(expected[i]);
    });
  });
});

describe('AveragedModel', () => {
  it('is a copy: the model may change', () => {
    const model = network();
    const averaged = new AveragedModel(model);
    const before = state_of(averaged);
    torch.no_grad(() => {
      for (const param of model.parameters()) param.add_(1);
    });
    expect(state_of(averaged)).toEqual(before);
    const names = Object.keys(model.state_dict()).map((name) => `module.${name}`);
    expect(Object.keys(before)).toEqual(['n_averaged', ...names]);
  });

  it('goes on from its state dict', () => {
    const model = network();
    const first = new AveragedModel(model, { avg_fn: get_ema_avg_fn(0.5) });
    first.update_parameters(model);
    const second = new AveragedModel(network(), { avg_fn: get_ema_avg_fn(0.5) });
    second.load_state_dict(first.state_dict());
    torch.no_grad(() => {
      for (const param of model.parameters()) param.add_(1);
    });
    first.update_parameters(model);
    second.update_parameters(model);
    expect(state_of(second)).toEqual(state_of(first));
  });

  it('hands an own function whole lists of one dtype', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1).double());
    const lists: string[][] = [];
    const averaged = new AveragedModel(model, null, null, (averages, current, count) => {
      lists.push(averages.map(({ dtype }) => dtype.name));
      expect(current).toHaveLength(averages.length);
      expect(Number((count as Tensor).item())).toBe(1);
    });
    averaged.update_parameters(model);
    averaged.update_parameters(model);
    expect(lists).toEqual([
      ['float32', 'float32'],
      ['float64', 'float64'],
    ]);
  });

  it('refuses what makes no sense, with the text of Python', () => {
    expect(
      () => new AveragedModel(network(), { avg_fn: get_swa_avg_fn(), multi_avg_fn: get_swa_multi_avg_fn() }),
    ).toThrow('Only one of avg_fn and multi_avg_fn should be provided');
    expect(() => get_ema_avg_fn(1.5)).toThrow(
      'Invalid decay value 1.5 provided. Please provide a value in [0,1] range.',
    );
    expect(() => get_ema_multi_avg_fn(-1)).toThrow('Invalid decay value -1 provided');
  });
});

it('update_bn leaves a model without batch normalization alone', () => {
  const model = new nn.Sequential(new nn.Linear(2, 2)).eval();
  update_bn([torch.ones(1, 3)], model);
  expect(model.training).toBe(false);
});
