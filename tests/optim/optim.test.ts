/** Optimizers against Python: parameters and state after some steps, to the last bit. */
import * as torch from 'torch-node';
import { nn, optim, type Tensor } from 'torch-node';
import { describe, expect, it, vi } from 'vitest';

import { hex_of, python } from '../reference.js';

type Options = Record<string, number | (number | null)[] | boolean | null>;

interface Case {
  name: string;
  options: Options;
  /** Options that are given as tensors. */
  tensors?: string[];
  dtype?: 'float64' | 'complex64' | 'bfloat16';
  /** Options of a second group of parameters. */
  groups?: Options;
}

interface Run {
  params: string[];
  state: Record<string, Record<string, string>>;
  text: string;
}

const cases: Case[] = [
  { name: 'Adam', options: {} },
  { name: 'Adam', options: { lr: 0.01 } },
  { name: 'Adam', options: { lr: 0.1, betas: [0.8, 0.95], eps: 1e-6 } },
  { name: 'Adam', options: { lr: 0.01, weight_decay: 0.1 } },
  { name: 'Adam', options: { lr: 0.01, amsgrad: true } },
  { name: 'Adam', options: { lr: 0.01, maximize: true, weight_decay: 0.01 } },
  { name: 'Adam', options: { lr: 0.01, foreach: true } },
  { name: 'Adam', options: { lr: 0.01, foreach: true, amsgrad: true, weight_decay: 0.1, maximize: true } },
  { name: 'Adam', options: { lr: 0.01, fused: true } },
  { name: 'Adam', options: { lr: 0.01, fused: true, amsgrad: true, weight_decay: 0.1, maximize: true } },
  { name: 'Adam', options: { lr: 0.01, decoupled_weight_decay: true, weight_decay: 0.1 } },
  { name: 'Adam', options: { lr: 0.01, foreach: false, fused: false } },
  { name: 'Adam', options: { lr: 0.01 }, tensors: ['lr'] },
  { name: 'Adam', options: { lr: 0.01 }, dtype: 'float64' },
  { name: 'Adam', options: { lr: 0.01, amsgrad: true }, dtype: 'complex64' },
  { name: 'Adam', options: { lr: 0.01 }, groups: { lr: 0.5, betas: [0.5, 0.6] } },
  { name: 'AdamW', options: {} },
  { name: 'AdamW', options: { lr: 0.1, weight_decay: 0.2, amsgrad: true, maximize: true } },
  { name: 'AdamW', options: { lr: 0.1, fused: true } },
  { name: 'SGD', options: { lr: 0.1 } },
  { name: 'SGD', options: { lr: 0.1, momentum: 0.9 } },
  { name: 'SGD', options: { lr: 0.1, momentum: 0.9, dampening: 0.5, weight_decay: 0.1 } },
  { name: 'SGD', options: { lr: 0.1, momentum: 0.9, nesterov: true, maximize: true } },
  { name: 'SGD', options: { lr: 0.1, fused: true, weight_decay: 0.1 } },
  { name: 'SGD', options: { lr: 0.1, differentiable: false, foreach: true, momentum: 0.9 } },
  { name: 'SGD', options: { lr: 0.1 }, tensors: ['lr'] },
  { name: 'SGD', options: { lr: 0.1 }, dtype: 'complex64' },
  { name: 'SGD', options: { lr: 0.1 }, groups: { lr: 1, momentum: 0.5 } },
  // What PyTorch's database (tests/parity/optim.ts) does not have: groups, and numbers that are tensors.
  { name: 'Adadelta', options: {}, groups: { lr: 0.5, rho: 0.5, weight_decay: 0.1 } },
  { name: 'Adafactor', options: { lr: 0.1 }, groups: { lr: 0.5, d: 2, eps: [0.01, 0.1] } },
  { name: 'Adagrad', options: { lr: 0.1 }, groups: { lr: 0.5, lr_decay: 0.1, initial_accumulator_value: 3 } },
  { name: 'Adamax', options: {}, groups: { lr: 0.5, betas: [0.5, 0.6] } },
  { name: 'ASGD', options: { t0: 2 }, groups: { lr: 0.5, lambd: 0.1, alpha: 0.5 } },
  {
    name: 'NAdam',
    options: {},
    groups: { lr: 0.5, momentum_decay: 0.1, decoupled_weight_decay: true, weight_decay: 0.1 },
  },
  { name: 'RAdam', options: { betas: [0.9, 0.9] }, groups: { lr: 0.5, betas: [0.5, 0.6], weight_decay: 0.1 } },
  { name: 'RMSprop', options: {}, groups: { lr: 0.5, momentum: 0.5, centered: true } },
  { name: 'Rprop', options: {}, groups: { etas: [0.3, 1.5], step_sizes: [0.01, 0.1] } },
  { name: 'Adam', options: { betas: [0.5, 0.75] }, tensors: ['betas'] },
  { name: 'Adam', options: { weight_decay: 0.5 }, tensors: ['lr', 'weight_decay'] },
  { name: 'AdamW', options: { lr: 0.1, fused: true }, tensors: ['lr'] },
  { name: 'SGD', options: { lr: 0.1, weight_decay: 0.5 }, tensors: ['lr', 'weight_decay'] },
  { name: 'SGD', options: { lr: 0.1, fused: true }, tensors: ['lr'] },
  { name: 'Adagrad', options: { lr: 0.1, fused: true }, tensors: ['lr'] },
  ...['Adadelta', 'Adafactor', 'Adagrad', 'Adamax', 'ASGD', 'NAdam', 'RAdam', 'RMSprop', 'Rprop', 'SGD'].flatMap(
    (name): Case[] => [
      { name, options: { lr: 0.1 }, tensors: ['lr'] },
      { name, options: { lr: 0.1, foreach: true }, tensors: ['lr'] },
      { name, options: { lr: 0.1 }, dtype: 'float64', tensors: ['lr'] },
    ],
  ),
];

const wrong: Case[] = [
  { name: 'Adam', options: { lr: -1 } },
  { name: 'Adam', options: { eps: -1 } },
  { name: 'Adam', options: { betas: [1, 0.5] } },
  { name: 'Adam', options: { betas: [0.5, -1] } },
  { name: 'Adam', options: { weight_decay: -1 } },
  { name: 'Adam', options: { fused: true, foreach: true } },
  { name: 'Adam', options: { fused: true, differentiable: true } },
  { name: 'SGD', options: { lr: -1 } },
  { name: 'SGD', options: { momentum: -1 } },
  { name: 'SGD', options: { nesterov: true } },
  { name: 'SGD', options: { fused: true, foreach: true } },
  { name: 'Adadelta', options: { rho: 2 } },
  { name: 'Adafactor', options: { weight_decay: -1 } },
  { name: 'Adafactor', options: { lr: -1 } },
  { name: 'Adafactor', options: { eps: [0.1, -1] } },
  { name: 'Adagrad', options: { initial_accumulator_value: -1 } },
  { name: 'Adagrad', options: { fused: true, differentiable: true } },
  { name: 'Adamax', options: { eps: -1 } },
  { name: 'ASGD', options: { lr: -1 } },
  { name: 'LBFGS', options: { lr: -1 } },
  { name: 'Muon', options: { momentum: -1 } },
  { name: 'Muon', options: {} },
  { name: 'NAdam', options: { betas: [0.5, 2] } },
  { name: 'RMSprop', options: { alpha: -1 } },
  { name: 'Rprop', options: { etas: [0.5, 0.6] } },
  { name: 'SparseAdam', options: { lr: 0 } },
  { name: 'SparseAdam', options: { eps: 0 } },
];

const expected = python<{ runs: Run[]; errors: string[] }>('optim.py', [cases, wrong]);
/** Integers have no point here: JavaScript has but one kind of number. */
const without_points = (text: string): string => text.replace(/(\d)\.0\b/g, '$1');
const hex = (tensor: Tensor): string => hex_of(tensor.detach().clone().contiguous().numpy().data);
// The cases come from a table, so their options are not known to the types.
const kinds = optim as unknown as Record<string, new (params: unknown, options: object) => optim.Optimizer>;

function tensors_of(value: Options[string]): Tensor | Tensor[] {
  const tensor_of = (item: unknown): Tensor => torch.tensor(item as number, { dtype: torch.float32 });
  return Array.isArray(value) ? value.map(tensor_of) : tensor_of(value);
}

function make(params: Tensor[], { name, options, tensors = [], groups }: Case): optim.Optimizer {
  const given = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, tensors.includes(key) ? tensors_of(value) : value]),
  );
  const Kind = kinds[name] as (typeof kinds)[string];
  return new Kind(groups ? [{ params: params.slice(0, 2) }, { params: params.slice(2), ...groups }] : params, given);
}

function run(test: Case): Run {
  torch.manual_seed(0);
  const dtype = torch[test.dtype ?? 'float32'];
  const shapes = [[3, 4], [5], [2, 1, 3], [2]];
  const params = shapes.map((shape) => torch.randn(shape, { dtype }).requires_grad_());
  const optimizer = make(params, test);
  for (let step = 0; step < 5; step++) {
    optimizer.zero_grad();
    params.forEach((param, i) => {
      if (i < 2 || (i === 2 && step > 1)) param.grad = torch.randn(param.shape, { dtype });
    });
    if (step === 3) {
      const group = optimizer.param_groups[0] as object as { lr: number | Tensor };
      group.lr = typeof group.lr === 'number' ? group.lr * 0.5 : group.lr.mul(0.5);
    }
    optimizer.step();
  }
  const tensors = (its: object): Record<string, string> =>
    Object.fromEntries(
      Object.entries(its)
        .filter(([, value]) => value instanceof torch.Tensor)
        .map(([name, value]) => [name, hex(value as Tensor)]),
    );
  return {
    params: params.map(hex),
    state: Object.fromEntries(Object.entries(optimizer.state_dict().state).map(([n, its]) => [n, tensors(its)])),
    text: String(optimizer),
  };
}

describe('steps equal Python to the last bit', () => {
  cases.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      const { text, ...theirs } = expected.runs[i] as Run;
      expect(run(test)).toEqual({ ...theirs, text: without_points(text) });
    });
  });
});

describe('options out of range are refused with the text of Python', () => {
  wrong.forEach((test, i) => {
    it(JSON.stringify(test), () => {
      let message = '';
      try {
        make([torch.ones(2, { requires_grad: true })], test);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toBe(without_points(expected.errors[i] as string));
    });
  });
});

describe('Optimizer', () => {
  const layer = (): nn.Linear => new nn.Linear(3, 2);
  const step_on = (
    module: nn.Linear,
    optimizer: { zero_grad(): void; step(): unknown },
    x = torch.ones(4, 3),
  ): void => {
    optimizer.zero_grad();
    module(x).pow(2).sum().backward();
    optimizer.step();
  };

  it('goes on where a state dict was taken', () => {
    const first = layer();
    const second = layer();
    second.load_state_dict(first.state_dict());
    const one = new optim.Adam(first.parameters(), { lr: 0.1 });
    const whole = new optim.Adam(second.parameters(), { lr: 0.1 });
    for (let i = 0; i < 3; i++) step_on(second, whole);
    step_on(first, one);
    const rest = new optim.Adam(first.parameters(), { lr: 0.3 });
    rest.load_state_dict(one.state_dict());
    for (let i = 0; i < 2; i++) step_on(first, rest);
    expect(hex(first.weight)).toBe(hex(second.weight));
    expect(rest.param_groups[0]?.lr).toBe(0.1);
  });

  it('refuses a state dict of other groups', () => {
    const optimizer = new optim.Adam(layer().parameters());
    const other = new optim.Adam([torch.ones(1, { requires_grad: true })]);
    expect(() => {
      optimizer.load_state_dict(other.state_dict());
    }).toThrow(/doesn't match the size/);
  });

  it('runs a closure with gradients and returns its value', () => {
    const w = torch.ones(1, { requires_grad: true });
    const optimizer = new optim.SGD([w], { lr: 0.5 });
    const loss = torch.no_grad(() =>
      optimizer.step(() => {
        optimizer.zero_grad();
        const value = w.mul(3).sum();
        value.backward();
        return value;
      }),
    );
    expect(loss.item()).toBe(3);
    expect(w.item()).toBe(-0.5);
  });

  it('forgets gradients, or fills them with zeros', () => {
    const w = torch.ones(1, { requires_grad: true });
    const optimizer = new optim.SGD([w], { lr: 0.5 });
    w.sum().backward();
    optimizer.zero_grad({ set_to_none: false });
    expect(w.grad?.tolist()).toEqual([0]);
    optimizer.zero_grad();
    expect(w.grad).toBeNull();
  });

  it('keeps state that was made inside a scope', () => {
    const module = layer();
    for (const optimizer of [
      new optim.Adam(module.parameters(), { amsgrad: true }),
      new optim.SGD(module.parameters(), { lr: 0.1, momentum: 0.9 }),
    ]) {
      for (let i = 0; i < 3; i++)
        torch.scope(() => {
          step_on(module, optimizer);
        });
      for (const its of Object.values(optimizer.state_dict().state)) {
        for (const value of Object.values(its)) expect((value as Tensor).isfinite().all().item()).toBe(true);
      }
    }
  });

  it('calls hooks around a step', () => {
    const module = layer();
    const optimizer = new optim.Adam(module.parameters());
    const calls: string[] = [];
    const handle = optimizer.register_step_pre_hook(() => {
      calls.push('before');
    });
    optimizer.register_step_post_hook(() => {
      calls.push('after');
    });
    step_on(module, optimizer);
    handle.remove();
    step_on(module, optimizer);
    expect(calls).toEqual(['before', 'after', 'after']);
  });

  it('calls hooks of all optimizers, which may replace the arguments of a step', () => {
    const param = torch.ones(1, { requires_grad: true });
    const optimizer = new optim.RMSprop([param]);
    const calls: string[] = [];
    const handles = [
      optim.register_optimizer_step_pre_hook((its) => {
        calls.push(`all before ${its.constructor.name}`);
      }),
      optim.register_optimizer_step_post_hook(() => {
        calls.push('all after');
      }),
    ];
    optimizer.register_step_pre_hook(() => [
      () => {
        calls.push('replaced');
      },
    ]);
    optimizer.step(() => {
      calls.push('given');
    });
    for (const handle of handles) handle.remove();
    new optim.SGD([param]).step();
    expect(calls).toEqual(['all before RMSprop', 'replaced', 'all after']);
    const wrong_hook = new optim.SGD([param]);
    wrong_hook.register_step_pre_hook((() => 3) as unknown as optim.StepPreHook);
    expect(() => {
      wrong_hook.step();
    }).toThrow(/must return nothing or an array/);
  });

  it('calls hooks around state dicts, which may replace them', () => {
    const optimizer = new optim.SGD([torch.ones(1, { requires_grad: true })], { lr: 0.1 });
    const calls: string[] = [];
    optimizer.register_state_dict_pre_hook(() => {
      calls.push('before saving');
    });
    optimizer.register_state_dict_post_hook((_, state_dict) => ({ ...state_dict, saved: true }));
    const saved = optimizer.state_dict();
    expect(saved).toMatchObject({ saved: true });
    optimizer.register_load_state_dict_pre_hook((_, state_dict) => {
      calls.push('second');
      return { ...state_dict, param_groups: state_dict.param_groups.map((group) => ({ ...group, lr: 0.5 })) };
    });
    optimizer.register_load_state_dict_pre_hook(
      () => {
        calls.push('first');
      },
      { prepend: true },
    );
    optimizer.register_load_state_dict_post_hook((its) => {
      calls.push(`loaded ${String(its.param_groups[0]?.lr)}`);
    });
    optimizer.load_state_dict(saved);
    expect(calls).toEqual(['before saving', 'first', 'second', 'loaded 0.5']);
  });

  it("takes optimizers of one's own", () => {
    class SignDescent extends optim.Optimizer<{ lr: number }> {
      protected override step_group(group: optim.ParamGroup<{ lr: number }>): void {
        torch.no_grad(() => {
          for (const param of group.params) if (param.grad) param.sub_(param.grad.sign().mul(group.lr));
        });
      }
    }
    const param = torch.ones(2, { requires_grad: true });
    param.grad = torch.tensor([3, -2], { dtype: torch.float32 });
    const optimizer = new SignDescent([param], { lr: 0.5 });
    const scheduler = new optim.lr_scheduler.ExponentialLR(optimizer, 0.5);
    optimizer.step();
    scheduler.step();
    optimizer.step();
    expect(param.tolist()).toEqual([0.25, 1.75]);
  });

  it('refuses what the step cannot do, with the text of Python', () => {
    const with_grad = (param: Tensor): Tensor => {
      param.grad = torch.ones_like(param);
      return param;
    };
    const param = with_grad(torch.ones(2, { requires_grad: true }));
    const complex = with_grad(torch.ones([2], { dtype: torch.complex64, requires_grad: true }));
    for (const Kind of [optim.Adadelta, optim.Adam, optim.Adamax, optim.RAdam, optim.RMSprop, optim.Rprop]) {
      const optimizer = new Kind([param], { capturable: true });
      expect(() => {
        optimizer.step();
      }).toThrow(/If capturable=True, params and state_steps must be on supported devices: \['cuda',/);
    }
    for (const Kind of [optim.Adam, optim.SGD, optim.Adagrad]) {
      const optimizer = new Kind([complex], { fused: true });
      expect(() => {
        optimizer.step();
      }).toThrow(/`fused=True` requires all .* but torch\.complex64 and cpu/);
    }
    for (const Kind of [optim.Adadelta, optim.Adagrad, optim.Adam, optim.ASGD, optim.NAdam, optim.Rprop]) {
      const optimizer = new Kind([param], { foreach: true, differentiable: true });
      expect(() => {
        optimizer.step();
      }).toThrow("_foreach ops don't support autograd");
    }
    const sparse = torch.ones([2, 2], { requires_grad: true });
    sparse.grad = torch.ones([2, 2]).to_sparse(1);
    expect(() => {
      new optim.Adam([sparse]).step();
    }).toThrow('Adam does not support sparse gradients, please consider SparseAdam instead');
    expect(() => {
      new optim.RMSprop([sparse]).step();
    }).toThrow('RMSprop does not support sparse gradients');
    expect(() => {
      new optim.Adagrad([sparse], { weight_decay: 1 }).step();
    }).toThrow('weight_decay option is not compatible with sparse gradients');
    expect(() => {
      new optim.SparseAdam([param]).step();
    }).toThrow('SparseAdam does not support dense gradients, please consider Adam instead');
    expect(() => {
      new optim.LBFGS([param]).step();
    }).toThrow(TypeError);
    const moving = with_grad(param.clone());
    const lr = torch.tensor(0.5, { requires_grad: true });
    expect(() => {
      new optim.RMSprop([moving], { lr, differentiable: true }).step();
    }).toThrow("addcdiv_(): argument 'value' must be Number, not Tensor");
  });

  it('a fused step goes along the gradient, however that lies in memory', () => {
    const steps = (fused: boolean): Tensor => {
      const param = torch.ones(2, 3, { requires_grad: true });
      const optimizer = new optim.SGD([param], { lr: 0.5, momentum: 0.5, fused });
      param.grad = torch
        .tensor(
          [
            [1, 4],
            [2, 5],
            [3, 6],
          ],
          { dtype: torch.float32 },
        )
        .t();
      optimizer.step();
      optimizer.step();
      return param.detach();
    };
    expect(steps(true).tolist()).toEqual(steps(false).tolist());
    const spread = torch.ones(1).expand(4).requires_grad_();
    spread.grad = torch.ones(4);
    expect(() => {
      new optim.Adam([spread], { fused: true }).step();
    }).toThrow(/dense in memory/);
  });

  it('lets gradients flow through a differentiable step', () => {
    for (const [Kind, expected] of [
      [optim.SGD, -3],
      [optim.Adam, -2],
    ] as const) {
      const lr = torch.tensor(0.1, { requires_grad: true });
      const param = torch.ones(2, { requires_grad: true }).clone();
      param.retain_grad();
      param.grad = torch.tensor([1, 2], { dtype: torch.float32 });
      new Kind([param], { lr, differentiable: true }).step();
      param.sum().backward();
      // A step of SGD is lr times the gradient, the first of Adam lr times its sign.
      expect(lr.grad?.item()).toBeCloseTo(expected, 4);
    }
  });

  it('takes parameters with names', () => {
    const module = layer();
    const optimizer = new optim.Adam(module.named_parameters());
    expect(optimizer.param_groups[0]?.param_names).toEqual(['weight', 'bias']);
    expect(optimizer.state_dict().param_groups[0]?.param_names).toEqual(['weight', 'bias']);
  });

  it('says what it cannot optimize', () => {
    const w = torch.ones(1, { requires_grad: true });
    expect(() => new optim.Adam([])).toThrow(/empty parameter list/);
    expect(() => new optim.Adam(w as unknown as Tensor[])).toThrow(TypeError);
    expect(() => new optim.Adam([3 as unknown as Tensor])).toThrow(
      /can only optimize Tensors, but one of the params is int/,
    );
    expect(() => new optim.Adam([w.mul(2)])).toThrow(/non-leaf/);
    expect(() => new optim.Adam([{ params: [w] }, { params: [w] }])).toThrow(/more than one parameter group/);
    expect(() => new optim.SGD([w], { speed: 1 } as object)).toThrow(/speed/);
    const write = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    new optim.SGD([w, w]);
    expect(write).toHaveBeenCalledOnce();
    write.mockRestore();
  });
});

describe('the arguments of an optimizer', () => {
  const parameter = (): Tensor => torch.ones(2, 2, { requires_grad: true });

  it("give groups whose options are in the order of Python's", () => {
    const kinds = Object.keys(optim).filter((name) => {
      const kind = (optim as unknown as Record<string, unknown>)[name];
      return typeof kind === 'function' && kind.prototype instanceof optim.Optimizer;
    });
    const theirs = python<Record<string, string[]>>('optim_groups.py', [kinds]);
    expect(Object.keys(theirs)).toHaveLength(15);
    const ours = kinds.map((name) => {
      const Kind = (optim as unknown as Record<string, new (params: unknown) => optim.SGD>)[name]!;
      return [name, Object.keys(new Kind([parameter()]).state_dict().param_groups[0]!)] as const;
    });
    expect(Object.fromEntries(ours)).toEqual(theirs);
  });

  it('keep the order in which a group gives its options, and their kinds', () => {
    const optimizer = new optim.Adam([{ lr: 0.1, params: [['w', parameter()]], betas: [0.5, 0.5] }]);
    const source = `
p = torch.zeros(1, requires_grad=True)
opt = torch.optim.Adam([{"lr": 0.1, "params": [("w", p)], "betas": (0.5, 0.5)}])
torch.optim.lr_scheduler.StepLR(opt, 1)
before = list(opt.param_groups[0]), list(opt.state_dict()["param_groups"][0])
opt.load_state_dict(opt.state_dict())
show([*before, list(opt.param_groups[0])])
`;
    new optim.lr_scheduler.StepLR(optimizer, 1);
    const names = (group: object): string[] => Object.keys(group);
    const before = [names(optimizer.param_groups[0]!), names(optimizer.state_dict().param_groups[0]!)];
    optimizer.load_state_dict(optimizer.state_dict());
    const [[theirs]] = python<[[unknown]]>('snippets.py', [[source]]);
    expect([...before, names(optimizer.param_groups[0]!)]).toEqual(theirs);
    expect(optimizer.state_dict().param_groups[0]!.betas).toBeInstanceOf(torch.serialization.Tuple);
  });

  it('come by name, the parameters too', () => {
    const optimizer = new optim.AdamW({ params: [parameter()], lr: 0.25 });
    expect([
      optimizer.param_groups.length,
      optimizer.param_groups[0]!.lr,
      optimizer.param_groups[0]!.weight_decay,
    ]).toEqual([1, 0.25, 0.01]);
  });

  it.each([
    [
      'an unknown name',
      () => new optim.Adam([parameter()], { lrr: 1 } as object),
      "Adam() got an unexpected keyword argument 'lrr'",
    ],
    [
      'no parameters',
      () => new optim.SGD({ lr: 1 } as never),
      "SGD() missing 1 required positional argument: 'params'",
    ],
    [
      'what goes by name only',
      () => new optim.Rprop([parameter()], 1, [0.5, 1.2], [1e-6, 50], ...([false] as unknown as [])),
      'Rprop() takes from 1 to 4 positional arguments but 5 were given',
    ],
    [
      'another kind',
      () => new optim.RMSprop([parameter()], { alpha: 'x' } as object),
      "RMSprop(): argument 'alpha' must be float or Tensor, not str",
    ],
    [
      'a flag that is none',
      () => new optim.Adam([parameter()], { amsgrad: 1 } as object),
      "Adam(): argument 'amsgrad' must be bool, not int",
    ],
    ['no list of parameters', () => new optim.Adam(3 as never), "Adam(): argument 'params' must be iterable, not int"],
    [
      'zero_grad',
      () => {
        new optim.SGD([parameter()]).zero_grad({ set_to_nane: true } as object);
      },
      "zero_grad() got an unexpected keyword argument 'set_to_nane'",
    ],
    [
      'a closure that is none',
      () => new optim.SGD([parameter()]).step(3 as never),
      "step(): argument 'closure' must be a function, not int",
    ],
    [
      'a hook that is none',
      () => new optim.SGD([parameter()]).register_step_pre_hook(3 as never),
      "register_step_pre_hook(): argument 'hook' must be a function, not int",
    ],
    [
      "an average's",
      () => optim.swa_utils.get_ema_avg_fn('x' as never),
      "get_ema_avg_fn(): argument 'decay' must be float, not str",
    ],
  ])('are refused: %s', (_, call, message) => {
    expect(call).toThrow(new TypeError(message));
  });
});
