import { beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';
import { answers, call, hexed, state_of } from './comparison.js';

interface Case {
  py: string;
  ours: () => nn.Module;
  shape: number[];
}

interface Report {
  before: string;
  names: string[];
  kinds: string[];
  output: string;
  after: string;
  state: [string, string][];
  loaded: string[];
}

const cases: Case[] = [
  { py: 'nn.LazyLinear(3)', ours: () => new nn.LazyLinear(3), shape: [2, 5] },
  { py: 'nn.LazyLinear(3, bias=False)', ours: () => new nn.LazyLinear({ out_features: 3, bias: false }), shape: [5] },
  { py: 'nn.LazyConv1d(6, 3, groups=2)', ours: () => new nn.LazyConv1d(6, 3, { groups: 2 }), shape: [2, 4, 9] },
  {
    py: 'nn.LazyConv2d(3, (3, 2), 2, padding_mode="circular", padding=1)',
    ours: () => new nn.LazyConv2d(3, [3, 2], 2, { padding_mode: 'circular', padding: 1 }),
    shape: [4, 6, 6],
  },
  {
    py: 'nn.LazyConv3d(2, 2, bias=False)',
    ours: () => new nn.LazyConv3d(2, 2, { bias: false }),
    shape: [1, 4, 3, 3, 3],
  },
  {
    py: 'nn.LazyConvTranspose1d(2, 3, stride=2)',
    ours: () => new nn.LazyConvTranspose1d(2, 3, { stride: 2 }),
    shape: [2, 4, 5],
  },
  {
    py: 'nn.LazyConvTranspose2d(4, 3, groups=2, output_padding=1, stride=2)',
    ours: () => new nn.LazyConvTranspose2d(4, 3, { groups: 2, output_padding: 1, stride: 2 }),
    shape: [2, 4, 6, 6],
  },
  { py: 'nn.LazyConvTranspose3d(2, 2)', ours: () => new nn.LazyConvTranspose3d(2, 2), shape: [1, 4, 3, 3, 3] },
  { py: 'nn.LazyBatchNorm1d()', ours: () => new nn.LazyBatchNorm1d(), shape: [3, 4] },
  {
    py: 'nn.LazyBatchNorm2d(1e-3, None, bias=False)',
    ours: () => new nn.LazyBatchNorm2d(1e-3, null, { bias: false }),
    shape: [2, 4, 3, 3],
  },
  {
    py: 'nn.LazyBatchNorm3d(affine=False)',
    ours: () => new nn.LazyBatchNorm3d({ affine: false }),
    shape: [1, 4, 3, 3, 3],
  },
  { py: 'nn.LazyInstanceNorm1d()', ours: () => new nn.LazyInstanceNorm1d(), shape: [2, 4, 9] },
  {
    py: 'nn.LazyInstanceNorm2d(track_running_stats=False)',
    ours: () => new nn.LazyInstanceNorm2d({ track_running_stats: false }),
    shape: [2, 4, 6, 6],
  },
  {
    py: 'nn.LazyInstanceNorm3d(momentum=0.3)',
    ours: () => new nn.LazyInstanceNorm3d({ momentum: 0.3 }),
    shape: [2, 4, 3, 3, 3],
  },
  {
    py: 'nn.Sequential(nn.LazyConv2d(3, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))',
    ours: () =>
      new nn.Sequential(
        new nn.LazyConv2d(3, 3),
        new nn.LazyBatchNorm2d(),
        new nn.ReLU(),
        new nn.Flatten(),
        new nn.LazyLinear(2),
      ),
    shape: [2, 4, 6, 6],
  },
];

function report({ ours, shape }: Case): Report {
  torch.manual_seed(7);
  const module = ours();
  const before = String(module);
  const state = module.state_dict();
  const kinds = Object.values(state).map((tensor) => tensor.constructor.name);
  torch.manual_seed(8);
  const output = call(module, torch.randn(shape)) as Tensor;
  const after = String(module);
  const other = ours();
  other.load_state_dict(module.state_dict());
  const loaded = [String(other)];
  torch.manual_seed(8);
  try {
    call(other.eval(), torch.randn(shape));
    loaded.push(String(other));
  } catch (error) {
    loaded.push((error as Error).message);
  }
  return { before, names: Object.keys(state), kinds, output: hexed(output), after, state: state_of(module), loaded };
}

let expected: Report[];

beforeAll(() => {
  expected = python<Report[]>('nn_lazy.py', [cases.map(({ py, shape }) => [py, shape])]);
});

describe('lazy modules, compared with Python', () => {
  cases.forEach((test, i) => {
    it(`${test.py}: before, at and after the first call`, () => {
      expect(report(test)).toEqual(expected[i]);
    });
  });
});

describe('a lazy module', () => {
  it('is of the ordinary class after the first call, and the parameters are the same objects', () => {
    const module = new nn.LazyLinear(3);
    expect(module).toBeInstanceOf(nn.Linear);
    const { weight } = module;
    const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
    module(torch.randn(2, 4)).sum().backward();
    expect(module).not.toBeInstanceOf(nn.LazyLinear);
    expect(module.weight).toBe(weight);
    expect(weight).not.toBeInstanceOf(nn.UninitializedParameter);
    expect(weight).toBeInstanceOf(nn.Parameter);
    expect([...weight.shape]).toEqual([3, 4]);
    const before = hexed(weight);
    optimizer.step();
    expect(hexed(weight)).not.toBe(before);
  });

  it('says whether it waits for its shapes', () => {
    const module = new nn.LazyBatchNorm1d({ affine: false });
    expect(module.has_uninitialized_params()).toBe(true);
    module(torch.randn(3, 4));
    expect('has_uninitialized_params' in module).toBe(false);
  });

  it('moves and casts before it has shapes', () => {
    const module = new nn.Sequential(new nn.LazyLinear(3), new nn.LazyBatchNorm1d()).double();
    expect([...module.parameters(), ...module.buffers()].map(({ dtype }) => String(dtype))).toEqual([
      ...Array<string>(6).fill('torch.float64'),
      'torch.int64',
    ]);
    const output = module(torch.randn(2, 4, { dtype: torch.float64 }));
    expect(output.dtype).toBe(torch.float64);
  });

  it('gives a state dict without shapes, which a lazy module takes and an ordinary one refuses', () => {
    const state = new nn.LazyLinear(3).state_dict();
    const other = new nn.LazyLinear(3);
    expect(String(other.load_state_dict(state))).toBe('<All keys matched successfully>');
    expect(other.has_uninitialized_params()).toBe(true);
    expect(() => new nn.Linear(4, 3).load_state_dict(state)).toThrow(/^Can't access the shape of an uninitialized/);
  });

  it('prints tensors without a shape by their class', () => {
    const { weight, running_mean } = new nn.LazyBatchNorm1d();
    expect(String(weight)).toBe('<UninitializedParameter>');
    expect(String(running_mean)).toBe('<UninitializedBuffer>');
  });
});

class Scale extends nn.Module {
  factor = new nn.Parameter(torch.ones(1));

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

class LazyScale extends nn.modules.lazy.LazyModuleMixin(Scale) {
  override factor = new nn.UninitializedParameter();

  override initialize_parameters(x: Tensor): void {
    this.factor.materialize([x.size(-1)]);
    nn.init.constant_(this.factor, 2);
  }
}

describe("a lazy module of one's own", () => {
  it('becomes what it is made from', () => {
    const module = new LazyScale();
    expect(String(module)).toBe('LazyScale()');
    expect(module(torch.ones(3)).tolist()).toEqual([2, 2, 2]);
    expect(String(module)).toBe('Scale()');
    expect(module(torch.ones(3)).tolist()).toEqual([2, 2, 2]);
  });

  it('must say how it gets its shapes, and get them', () => {
    class Without extends nn.modules.lazy.LazyModuleMixin(Scale) {}
    expect(() => new Without()(torch.ones(3))).toThrow('initialize_parameters is not implemented for Without');
    class Forgetful extends LazyScale {
      override initialize_parameters(): void {}
    }
    expect(() => new Forgetful()(torch.ones(3))).toThrow('module Forgetful has not been fully initialized');
  });

  it('is copied with its hook', () => {
    const layer = new nn.TransformerEncoderLayer(4, 2, 8) as nn.TransformerEncoderLayer & { scale: nn.Module };
    layer.scale = new LazyScale();
    const [first] = new nn.TransformerEncoder(layer, 2).layers;
    const scale = (first as typeof layer).scale as LazyScale;
    expect(scale(torch.ones(3)).tolist()).toEqual([2, 2, 2]);
    expect(String(scale)).toBe('Scale()');
    expect(String(layer.scale)).toBe('LazyScale()');
  });
});

describe('mistakes with lazy modules', () => {
  const cases: [py: string, ours: () => unknown][] = [
    ['nn.LazyConv2d(2, 1)(torch.ones(3))', () => new nn.LazyConv2d(2, 1)(torch.ones([3]))],
    [
      'nn.LazyConv2d(4, 1, groups=4)(torch.ones(1, 3, 2, 2))',
      () => new nn.LazyConv2d(4, 1, { groups: 4 })(torch.ones([1, 3, 2, 2])),
    ],
    ['nn.UninitializedParameter().shape', () => new nn.UninitializedParameter().shape],
    [
      'm = nn.LazyLinear(3); m.load_state_dict(nn.Linear(4, 3).state_dict()); m(torch.ones(5))',
      () => {
        const module = new nn.LazyLinear(3);
        module.load_state_dict(new nn.Linear(4, 3).state_dict());
        return module(torch.ones([5]));
      },
    ],
  ];

  it("are Errors with Python's words", () => {
    const texts = python<string[]>('nn_errors.py', [cases.map(([py]) => py)]);
    expect(answers(cases.map(([, ours]) => ours))).toEqual(texts);
  });

  it('tensors without a shape go into no function', () => {
    const parameter = new nn.UninitializedParameter();
    for (const use of [() => parameter.add(1), () => torch.add(parameter, 1), () => parameter.tolist()]) {
      expect(use).toThrow(/^Attempted to use an uninitialized parameter in .*UninitializedParameter/);
    }
    parameter.materialize([2, 3], { dtype: torch.float64 });
    expect([...parameter.add(1).shape]).toEqual([2, 3]);
    expect(parameter.dtype).toBe(torch.float64);
  });
});
