/** Steps of optimizers as functions of lists, such as `torch.optim.adam.adam`, against Python to the last bit. */
import * as torch from 'torch-node';
import { optim } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

type Lists = Record<string, (torch.Tensor | null)[]>;
type Step = (options: object) => void;

/** Options of each function, and what its lists begin with. */
const cases: readonly [name: string, lists: Record<string, string>, options: Record<string, unknown>][] = [
  [
    'sgd',
    { momentum_buffer_list: 'null' },
    { weight_decay: 0.1, momentum: 0.9, lr: 0.1, dampening: 0.1, nesterov: false, maximize: false },
  ],
  [
    'sgd',
    { momentum_buffer_list: 'null' },
    { weight_decay: 0, momentum: 0.9, lr: 0.1, dampening: 0, nesterov: true, maximize: true, foreach: true },
  ],
  [
    'adam',
    { exp_avgs: 'zeros', exp_avg_sqs: 'zeros', max_exp_avg_sqs: 'none', state_steps: 'zero' },
    { amsgrad: false, beta1: 0.9, beta2: 0.99, lr: 0.1, weight_decay: 0.1, eps: 1e-8, maximize: false },
  ],
  [
    'adam',
    { exp_avgs: 'zeros', exp_avg_sqs: 'zeros', max_exp_avg_sqs: 'zeros', state_steps: 'zero' },
    {
      amsgrad: true,
      beta1: 0.9,
      beta2: 0.99,
      lr: 0.1,
      weight_decay: 0,
      eps: 1e-8,
      maximize: false,
      foreach: true,
      decoupled_weight_decay: true,
    },
  ],
  [
    'adamw',
    { exp_avgs: 'zeros', exp_avg_sqs: 'zeros', max_exp_avg_sqs: 'none', state_steps: 'zero' },
    { amsgrad: false, beta1: 0.9, beta2: 0.99, lr: 0.1, weight_decay: 0.1, eps: 1e-8, maximize: true },
  ],
  [
    'adadelta',
    { square_avgs: 'zeros', acc_deltas: 'zeros', state_steps: 'zero' },
    { lr: 1, rho: 0.9, eps: 1e-6, weight_decay: 0.1, maximize: false },
  ],
  [
    'adagrad',
    { state_sums: 'zeros', state_steps: 'zero' },
    { lr: 0.1, weight_decay: 0.1, lr_decay: 0.01, eps: 1e-10, maximize: false },
  ],
  [
    'adamax',
    { exp_avgs: 'zeros', exp_infs: 'zeros', state_steps: 'zero' },
    { eps: 1e-8, beta1: 0.9, beta2: 0.99, lr: 0.1, weight_decay: 0.1 },
  ],
  [
    'asgd',
    { axs: 'zeros', mus: 'one', etas: 'rate', state_steps: 'zero' },
    { lambd: 1e-2, lr: 0.1, t0: 1, alpha: 0.75, weight_decay: 0.1 },
  ],
  [
    'nadam',
    { exp_avgs: 'zeros', exp_avg_sqs: 'zeros', mu_products: 'one', state_steps: 'zero' },
    { beta1: 0.9, beta2: 0.99, lr: 0.1, weight_decay: 0.1, momentum_decay: 0.004, eps: 1e-8 },
  ],
  [
    'radam',
    { exp_avgs: 'zeros', exp_avg_sqs: 'zeros', state_steps: 'zero' },
    { beta1: 0.9, beta2: 0.99, lr: 0.1, weight_decay: 0.1, eps: 1e-8, decoupled_weight_decay: true },
  ],
  [
    'rmsprop',
    { square_avgs: 'zeros', grad_avgs: 'zeros', momentum_buffer_list: 'zeros', state_steps: 'zero' },
    { lr: 0.1, alpha: 0.99, eps: 1e-8, weight_decay: 0.1, momentum: 0.9, centered: true },
  ],
  [
    'rmsprop',
    { square_avgs: 'zeros', grad_avgs: 'none', momentum_buffer_list: 'none', state_steps: 'zero' },
    { lr: 0.1, alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false },
  ],
  [
    'rprop',
    { prevs: 'zeros', step_sizes: 'rates', state_steps: 'zero' },
    { step_size_min: 1e-6, step_size_max: 50, etaminus: 0.5, etaplus: 1.2 },
  ],
];

const source = `
makers = {'null': lambda: None, 'zeros': lambda: torch.zeros(3), 'zero': lambda: torch.zeros([]), 'one': lambda: torch.ones([]),
          'rate': lambda: torch.full([], 0.1), 'rates': lambda: torch.full((3,), 0.1)}
name, lists, options = CASE
import importlib
step = getattr(importlib.import_module(f'torch.optim.{name}'), name)
grads = 'd_p_list' if name == 'sgd' else 'grads'
params = [torch.linspace(-1, 1, 3), torch.linspace(2, 1, 3)]
state = {key: [] if kind == 'none' else [makers[kind]() for _ in params] for key, kind in lists.items()}
for i in range(4):
    step(params, **{grads: [p * 0.5 + i - 1.25 for p in params]}, **state, **options)
show(params, list(state.values()))
`;

const makers: Record<string, () => torch.Tensor | null> = {
  null: () => null,
  zeros: () => torch.zeros(3),
  zero: () => torch.zeros([]),
  one: () => torch.ones([]),
  rate: () => torch.full([], 0.1),
  rates: () => torch.full([3], 0.1),
};

const hex = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(hex);
  if (!(value instanceof torch.Tensor)) return value;
  const { buffer, byteOffset, byteLength } = value.contiguous().numpy().data as Float32Array;
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('hex');
};
const shown_hex = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(shown_hex) : ((value as { hex?: string } | null)?.hex ?? value);

describe('a step as a function', () => {
  const literal = (value: unknown): string =>
    JSON.stringify(value)
      .replace(/\btrue\b/g, 'True')
      .replace(/\bfalse\b/g, 'False');
  const sources = cases.map((each) => source.replace('CASE', literal(each)));
  const wanted = python<unknown[][]>('snippets.py', sources.length > 0 ? [sources] : []);

  it.each(cases.map((each, i) => [each[0], i] as const))('%s (case %i) equals Python', (name, i) => {
    const [, lists, options] = cases[i]!;
    const functions = (optim as unknown as Record<string, Record<string, Step>>)[name]!;
    const params = [torch.linspace(-1, 1, 3), torch.linspace(2, 1, 3)];
    const state: Lists = {};
    for (const [key, kind] of Object.entries(lists)) {
      state[key] = kind === 'none' ? [] : params.map(() => makers[kind]!());
    }
    for (let k = 0; k < 4; k++) {
      const grads = params.map((p) => p.mul(0.5).add(k).sub(1.25));
      functions[name]!({ params, [name === 'sgd' ? 'd_p_list' : 'grads']: grads, ...state, ...options });
    }
    expect([hex(params), hex(Object.values(state))]).toEqual(wanted[i]!.map(shown_hex));
  });

  it('leaves the gradients of its parameters as they were', () => {
    const p = torch.ones(2, { requires_grad: true });
    p.grad = torch.full([2], 7.5);
    const options = { weight_decay: 0, momentum: 0, lr: 1, dampening: 0, nesterov: false, maximize: false };
    torch.no_grad(() => optim.sgd.sgd([p], [torch.ones(2)], [null], options));
    expect([p.tolist(), p.grad.tolist()]).toEqual([
      [0, 0],
      [7.5, 7.5],
    ]);
  });

  it('refuses lists of different lengths', () => {
    const options = { weight_decay: 0, momentum: 0, lr: 1, dampening: 0, nesterov: false, maximize: false };
    expect(() => optim.sgd.sgd([torch.ones(2)], [], [null], options)).toThrow(RangeError);
  });
});
