import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import {
  check_ranges,
  NativeOptimizer,
  not_negative,
  optimizer_signature,
  options_over,
  scalar_state,
  since_always,
  type HowOptions,
  type Kernel,
  type ParamsOrAll,
} from './native_optimizer.js';

/** The options of {@link RMSprop}, and of each of its parameter groups. */
export type RMSpropOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** Smoothing constant of the running averages. Default 0.99. */
  alpha: number;
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number;
  /** Momentum factor. Default 0. */
  momentum: number;
  /** Normalize by an estimate of the variance instead of the mean square. Default false. */
  centered: boolean;
};

/** The state that {@link RMSprop} keeps for a parameter. */
export type RMSpropState = {
  step: Tensor;
  /** Running average of squared gradients. */
  square_avg: Tensor;
  /** With `momentum`. */
  momentum_buffer?: Tensor;
  /** With `centered`: running average of gradients. */
  grad_avg?: Tensor;
};

const kernel: Kernel<RMSpropOptions, RMSpropState> = {
  step: 'RMSprop',
  state: ['step', 'square_avg', 'momentum_buffer', 'grad_avg'],
  numbers: ({ lr, alpha, eps, weight_decay, momentum }) => [lr, alpha, eps, weight_decay, momentum],
  flags: ({ centered }) => (centered ? StepFlag.first_own_flag : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    square_avg: zeros_like(param),
    ...(group.momentum > 0 ? { momentum_buffer: zeros_like(param) } : {}),
    ...(group.centered ? { grad_avg: zeros_like(param) } : {}),
  }),
  since: { ...since_always, momentum: 0, centered: false },
};

const by_default: RMSpropOptions = {
  lr: 1e-2,
  momentum: 0,
  alpha: 0.99,
  eps: 1e-8,
  centered: false,
  weight_decay: 0,
  capturable: false,
  foreach: null,
  maximize: false,
  differentiable: false,
};

const ARGUMENTS = optimizer_signature<RMSpropOptions>(
  'RMSprop',
  'lr?: float|Tensor, alpha?: float|Tensor, eps?: float|Tensor, weight_decay?: float|Tensor, ' +
    'momentum?: float|Tensor, centered?: bool, capturable?: bool, foreach?: bool|None, maximize?: bool, ' +
    'differentiable?: bool',
);

type Positional = [
  lr: number | Tensor,
  alpha: number,
  eps: number,
  weight_decay: number,
  momentum: number,
  centered: boolean,
  capturable: boolean,
  foreach: boolean | null,
  maximize: boolean,
  differentiable: boolean,
];

/**
 * RMSprop: divides by the square root of a running average of squared gradients. Mirrors `torch.optim.RMSprop`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * v     = alpha * v + (1 - alpha) * g ** 2
 * a     = alpha * a + (1 - alpha) * g               (centered: v - a ** 2 takes the place of v below)
 * buf   = momentum * buf + g / (sqrt(v) + eps)
 * param = param - lr * buf
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link RMSpropOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `alpha`, `eps`, `weight_decay`, `momentum`, `centered`, `capturable`, `foreach`, `maximize`,
 * `differentiable`
 * @throws Error when an option is negative; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.RMSprop([w], { lr: 0.01, momentum: 0.5 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.RMSprop([w], lr=0.01, momentum=0.5)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class RMSprop extends NativeOptimizer<RMSpropOptions, RMSpropState> {
  constructor(params_or_all: ParamsOrAll<RMSpropOptions>, ...others: Tail<Positional, Partial<RMSpropOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('RMSprop', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['eps', 'Invalid epsilon value', not_negative],
      ['momentum', 'Invalid momentum value', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
      ['alpha', 'Invalid alpha value', not_negative],
    ]);
    super(kernel, params, defaults);
  }
}
