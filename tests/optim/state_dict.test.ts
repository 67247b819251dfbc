/** State dicts are exchanged with Python in both directions: keys, kinds of values, and the steps that follow, to the last bit. */
import * as torch from 'torch-node';
import { optim, Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

interface Case {
  name: string;
  options: Record<string, unknown>;
}

interface Run {
  params: unknown;
  state_dict: { state: Record<string, Record<string, unknown>>; param_groups: Record<string, unknown>[] };
  end: unknown;
}

const STEPS = 3;

const cases: Case[] = [
  { name: 'Adadelta', options: { rho: 0.8, weight_decay: 0.1 } },
  { name: 'Adafactor', options: { lr: 0.1, eps: [null, 0.01] } },
  { name: 'Adagrad', options: { lr_decay: 0.1, initial_accumulator_value: 0.5 } },
  { name: 'Adam', options: { lr: 0.1, amsgrad: true } },
  { name: 'Adamax', options: { betas: [0.8, 0.9] } },
  { name: 'AdamW', options: { fused: true } },
  { name: 'ASGD', options: { t0: 2, lambd: 0.01 } },
  { name: 'LBFGS', options: { lr: 0.3, max_iter: 3, history_size: 4 } },
  { name: 'LBFGS', options: { line_search_fn: 'strong_wolfe', max_iter: 2 } },
  { name: 'Muon', options: { lr: 0.1 } },
  { name: 'NAdam', options: { foreach: true } },
  { name: 'RAdam', options: { decoupled_weight_decay: true, weight_decay: 0.1 } },
  { name: 'RMSprop', options: { centered: true, momentum: 0.5 } },
  { name: 'Rprop', options: { lr: 0.1, etas: [0.4, 1.3] } },
  { name: 'SGD', options: { lr: 0.1, momentum: 0.9, nesterov: true } },
  { name: 'SparseAdam', options: { lr: 0.1 } },
];

function encode(value: unknown): unknown {
  if (value instanceof Tensor) return { dtype: value.dtype.name, data: value.detach().tolist() };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
}

const dtypes = torch as unknown as Record<string, torch.DType>;

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const { dtype, data } = value as { dtype?: string; data?: torch.TensorData };
  if (dtype !== undefined) return torch.tensor(data as torch.TensorData, { dtype: dtypes[dtype]! });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}

type AnyOptimizer = Omit<optim.AnyOptimizer, 'step'> & {
  step(closure?: () => Tensor): unknown;
  load_state_dict(state_dict: unknown): void;
};

const kinds = optim as unknown as Record<string, new (params: Tensor[], options: object) => AnyOptimizer>;

function drawn({ name }: Case): { params: Tensor[]; grads: Tensor[][] } {
  torch.manual_seed(3);
  const shapes =
    name === 'Muon'
      ? [
          [3, 4],
          [4, 4],
        ]
      : [[3, 4], [5]];
  const params = shapes.map((shape) => torch.randn(shape).requires_grad_());
  const grads = Array.from({ length: 2 * STEPS }, () => shapes.map((shape) => torch.randn(shape)));
  return { params, grads: name === 'SparseAdam' ? grads.map((its) => its.map((grad) => grad.to_sparse(1))) : grads };
}

function step(optimizer: AnyOptimizer, params: Tensor[], grads: Tensor[]): void {
  if (!(optimizer instanceof optim.LBFGS)) {
    params.forEach((param, i) => {
      param.grad = (grads[i] as Tensor).clone();
    });
    optimizer.step();
    return;
  }
  optimizer.step(() => {
    const terms = params.map((param, i) =>
      param
        .sub(grads[i] as Tensor)
        .square()
        .sum(),
    );
    params.forEach((param, i) => {
      param.grad = param
        .detach()
        .sub(grads[i] as Tensor)
        .mul(2);
    });
    return terms.slice(1).reduce((sum, term) => sum.add(term), (terms[0] as Tensor).add(0));
  });
}

function run(test: Case, given?: Run): Run {
  const { params, grads } = drawn(test);
  const optimizer = new (kinds[test.name] as (typeof kinds)[string])(params, test.options);
  if (given) {
    const values = decode(given.params) as Tensor[];
    torch.no_grad(() => {
      params.forEach((param, i) => param.copy_(values[i] as Tensor));
    });
    optimizer.load_state_dict(decode(given.state_dict));
  } else {
    for (const of_step of grads.slice(0, STEPS)) step(optimizer, params, of_step);
  }
  const result = { params: encode(params), state_dict: encode(optimizer.state_dict()) as Run['state_dict'] };
  for (const of_step of grads.slice(STEPS)) step(optimizer, params, of_step);
  return { ...result, end: encode(params) };
}

const theirs = python<Run[]>('optim_state.py', [cases]);
const ours = cases.map((test) => run(test));
const theirs_from_ours = python<Run[]>('optim_state.py', [cases, ours]);

describe.each(cases.map((test, i) => [JSON.stringify(test), i] as const))('%s', (_name, i) => {
  const test = cases[i] as Case;

  it('has the state dict of Python', () => {
    expect(ours[i]?.state_dict).toEqual(theirs[i]?.state_dict);
  });

  it('goes on from a state dict of Python', () => {
    const went_on = run(test, theirs[i]);
    expect(went_on.state_dict).toEqual(theirs[i]?.state_dict);
    expect(went_on.end).toEqual(theirs[i]?.end);
  });

  it('gives a state dict from which Python goes on', () => {
    expect(theirs_from_ours[i]?.state_dict).toEqual(ours[i]?.state_dict);
    expect(theirs_from_ours[i]?.end).toEqual(ours[i]?.end);
  });
});

describe('swap_in_optimizer_params_and_state', () => {
  const { swap_in_optimizer_params_and_state: swap_in } = optim;
  const with_grad = (value: number): Tensor => {
    const param = torch.full([2], value, { requires_grad: true, dtype: torch.float32 });
    param.grad = torch.ones(2);
    return param;
  };

  it('steps other parameters with another state, and then its own again', () => {
    const [live, other] = [with_grad(1), with_grad(5)];
    const optimizer = new optim.SGD([live], { lr: 0.5, momentum: 0.5 });
    optimizer.step();
    const state_dict = optimizer.state_dict();
    const result = swap_in(
      optimizer,
      { weight: other },
      {
        state: { 0: { momentum_buffer: torch.full([2], 4, { dtype: torch.float32 }) } },
        param_groups: [{ ...(state_dict.param_groups[0] as (typeof state_dict.param_groups)[number]), lr: 1 }],
      },
      () => {
        optimizer.step();
        return optimizer.param_groups[0]?.lr;
      },
    );
    expect(result).toBe(1);
    expect(other.tolist()).toEqual([2, 2]);
    expect(live.tolist()).toEqual([0.5, 0.5]);
    expect(optimizer.param_groups[0]?.lr).toBe(0.5);
    expect(optimizer.param_groups[0]?.params[0]).toBe(live);
    expect(optimizer.state.get(live)?.momentum_buffer?.tolist()).toEqual([1, 1]);
  });

  it('refuses what belongs to another optimizer', () => {
    const optimizer = new optim.SGD([with_grad(1)], { lr: 0.5, momentum: 0.5 });
    const state_dict = optimizer.state_dict();
    const swap = (parameters: Record<string, Tensor>, its: unknown): void => {
      swap_in(optimizer, parameters, its as typeof state_dict, () => undefined);
    };
    expect(() => {
      swap({}, state_dict);
    }).toThrow(/requires initialized optimizer state/);
    optimizer.step();
    const full = optimizer.state_dict();
    expect(() => {
      swap({}, full);
    }).toThrow(/match optimizer.param_groups ordering/);
    const swap_one = (its: object): void => {
      swap({ w: with_grad(1) }, { ...full, ...its });
    };
    expect(() => {
      swap_one({ param_groups: [] });
    }).toThrow(/different number of parameter groups/);
    expect(() => {
      swap_one({ state: { 0: {}, 7: {} } });
    }).toThrow(/got extra keys \[7\]/);
    expect(() => {
      swap_one({ param_groups: [{ params: [0] }] });
    }).toThrow(/Keys only in live: \[lr, /);
  });
});

describe('load_state_dict', () => {
  it('completes a state dict of an old version', () => {
    const param = torch.ones(2, { requires_grad: true });
    const optimizer = new optim.Adam([param], { lr: 0.5 });
    const old = {
      state: { 0: { step: 7, exp_avg: torch.ones(2), exp_avg_sq: torch.ones(2) } },
      param_groups: [{ params: [0], lr: 0.25, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0 }],
    };
    optimizer.load_state_dict(old as unknown as ReturnType<typeof optimizer.state_dict>);
    param.grad = torch.ones(2);
    optimizer.step();
    expect(optimizer.state.get(param)?.step.item()).toBe(8);
    expect(optimizer.param_groups[0]).toMatchObject({
      lr: 0.25,
      amsgrad: false,
      maximize: false,
      foreach: null,
      fused: null,
    });
  });

  it('state that lacks something is refused by name, and so is state that the fused kernel cannot use', () => {
    const param = torch.ones(2, { requires_grad: true });
    param.grad = torch.ones(2);
    const plain = new optim.Adam([param]);
    plain.step();
    (plain.param_groups[0] as { amsgrad: boolean }).amsgrad = true;
    expect(() => {
      plain.step();
    }).toThrow("Adam: the state has no 'max_exp_avg_sq'");
    const fused = new optim.Adam([param], { fused: true });
    fused.step();
    const state = fused.state.get(param) as optim.AdamState;
    fused.state.set(param, { ...state, exp_avg: torch.zeros(1) });
    expect(() => {
      fused.step();
    }).toThrow(/Adam: 'exp_avg' of the state must be like its parameter/);
    fused.state.set(param, { ...state, exp_avg: 3 as unknown as Tensor });
    expect(() => {
      fused.step();
    }).toThrow("Adam: the state has no 'exp_avg'");
  });
});
