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
  /** Decay of the averages. Default 0.99. */
  alpha: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** L2 penalty. Default 0. */
  weight_decay: number;
  momentum: number;
  /** Divide by the deviation from the average gradient. Default false. */
  centered: boolean;
};

/** What RMSprop remembers of a parameter. */
export type RMSpropState = {
  step: Tensor;
  /** Average of squared gradients. */
  square_avg: Tensor;
  /** With `momentum`. */
  momentum_buffer?: Tensor;
  /** With `centered`: average of gradients. */
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

/** Divides by the root of an average of squared gradients. Mirrors `torch.optim.RMSprop`. */
export class RMSprop extends NativeOptimizer<RMSpropOptions, RMSpropState> {
  /** @throws Error when an option is out of its range */
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
