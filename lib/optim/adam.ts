import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { Tensor } from '../_tensor.js';
import { scalar_of, type Hyperparameter } from './hyperparameter.js';
import {
  adam_ranges,
  check_ranges,
  NativeOptimizer,
  optimizer_signature,
  options_over,
  scalar_state,
  since_always,
  type HowOptions,
  type Kernel,
  type ParamsOrAll,
} from './native_optimizer.js';

/** The options of {@link Adam}, and of each of its parameter groups. */
export type AdamOptions = HowOptions & {
  /** Learning rate. Default 0.001. A Tensor of one element may change without the optimizer knowing. */
  lr: number | Tensor;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number] | readonly [Tensor, Tensor];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /**
   * L2 penalty; for `decoupled_weight_decay`, how much the parameters shrink. Default 0. A Tensor makes sense with
   * `differentiable`.
   */
  weight_decay: number | Tensor;
  /** Divide by the largest average so far. Default false. */
  amsgrad: boolean;
  /** Weight decay that does not go into the averages: AdamW. Default false. */
  decoupled_weight_decay: boolean;
};

/** What Adam remembers of a parameter. */
export type AdamState = {
  /** How many steps there have been: a 0-d tensor, on the CPU unless `capturable` or `fused`. */
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  /** With `amsgrad`. */
  max_exp_avg_sq?: Tensor;
};

// Shared with native/optim/adam.cpp.
const AMSGRAD = StepFlag.first_own_flag;
const DECOUPLED = StepFlag.first_own_flag * 2;

const kernel: Kernel<AdamOptions, AdamState> = {
  step: 'Adam',
  state: ['step', 'exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'],
  numbers: ({ lr, betas, eps, weight_decay }) => [lr, betas[0], betas[1], eps, weight_decay],
  flags: ({ amsgrad, decoupled_weight_decay }) => (amsgrad ? AMSGRAD : 0) | (decoupled_weight_decay ? DECOUPLED : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    exp_avg: zeros_like(param),
    exp_avg_sq: zeros_like(param),
    ...(group.amsgrad ? { max_exp_avg_sq: zeros_like(param) } : {}),
  }),
  since: { ...since_always, amsgrad: false, decoupled_weight_decay: false, fused: null },
};

const by_default: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupled_weight_decay: false,
};

const ARGUMENTS = optimizer_signature<AdamOptions>(
  'Adam',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, amsgrad?: bool, ' +
    '*, foreach?: bool|None, maximize?: bool, capturable?: bool, differentiable?: bool, fused?: bool|None, ' +
    'decoupled_weight_decay?: bool',
);

type Positional = [
  lr: number | Tensor,
  betas: AdamOptions['betas'],
  eps: number,
  weight_decay: number | Tensor,
  amsgrad: boolean,
];

function check_tensor(name: string, value: Hyperparameter, { foreach, capturable }: AdamOptions): void {
  if (!(value instanceof Tensor)) return;
  if (foreach && !capturable) {
    throw new Error(`${name} as a Tensor is not supported for capturable=False and foreach=True`);
  }
  if (value.numel() !== 1) throw new Error(`Tensor ${name} must be 1-element`);
}

function check(options: AdamOptions, callee: string): void {
  const { lr, betas } = options;
  check_tensor('lr', lr, options);
  check_ranges(callee, options, adam_ranges);
  if (betas[0] instanceof Tensor !== betas[1] instanceof Tensor) {
    throw new Error('betas must be either both floats or both Tensors');
  }
  betas.forEach((beta, i) => {
    check_tensor(`betas[${i}]`, beta, options);
  });
}

/**
 * Adam: steps along averages of the gradient, scaled by averages of its square. Mirrors `torch.optim.Adam`: a step
 * gives Python's numbers to the last bit, in one call into the addon.
 *
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 });
 * optimizer.zero_grad();
 * loss_func(model(x), y).backward();
 * optimizer.step();
 * ```
 */
export class Adam extends NativeOptimizer<AdamOptions, AdamState> {
  /**
   * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
   * @throws Error when an option is out of its range
   */
  constructor(params_or_all: ParamsOrAll<AdamOptions>, ...others: Tail<Positional, Partial<AdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check(defaults, 'Adam');
    const betas = defaults.betas.map((beta) => scalar_of(beta)) as unknown as AdamOptions['betas'];
    super(kernel, params, { ...defaults, betas });
  }
}
