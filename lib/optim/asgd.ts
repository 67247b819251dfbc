import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import { number_of } from './hyperparameter.js';
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

/** The options of {@link ASGD}, and of each of its parameter groups. */
export type ASGDOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** How fast parameters decay and the learning rate falls. Default 1e-4. */
  lambd: number;
  /** Power with which the learning rate falls. Default 0.75. */
  alpha: number;
  /** The step at which averaging starts. Default 1e6. */
  t0: number;
  /** L2 penalty. Default 0. */
  weight_decay: number;
};

/** What ASGD remembers of a parameter; all but `ax` are 0-d tensors on its device. */
export type ASGDState = {
  step: Tensor;
  /** The learning rate of the next step. */
  eta: Tensor;
  /** The weight of the next parameter in the average. */
  mu: Tensor;
  /** The average of the parameter. */
  ax: Tensor;
};

const kernel: Kernel<ASGDOptions, ASGDState> = {
  step: 'ASGD',
  state: ['step', 'eta', 'mu', 'ax'],
  numbers: ({ lr, lambd, alpha, t0, weight_decay }) => [lr, lambd, alpha, t0, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group, true),
    eta: scalar_state(number_of(group.lr), param, group, true),
    mu: scalar_state(1, param, group, true),
    ax: zeros_like(param),
  }),
  since: since_always,
  counts: ['step', 'eta', 'mu'],
};

const by_default: ASGDOptions = {
  lr: 1e-2,
  lambd: 1e-4,
  alpha: 0.75,
  t0: 1e6,
  weight_decay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const ARGUMENTS = optimizer_signature<ASGDOptions>(
  'ASGD',
  'lr?: float|Tensor, lambd?: float|Tensor, alpha?: float|Tensor, t0?: float|Tensor, weight_decay?: float|Tensor, ' +
    'foreach?: bool|None, maximize?: bool, differentiable?: bool, capturable?: bool',
);

type Positional = [
  lr: number | Tensor,
  lambd: number,
  alpha: number,
  t0: number,
  weight_decay: number,
  foreach: boolean | null,
  maximize: boolean,
  differentiable: boolean,
  capturable: boolean,
];

/** Stochastic gradient descent that also keeps an average of each parameter. Mirrors `torch.optim.ASGD`. */
export class ASGD extends NativeOptimizer<ASGDOptions, ASGDState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<ASGDOptions>, ...others: Tail<Positional, Partial<ASGDOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('ASGD', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
    ]);
    super(kernel, params, defaults);
  }
}
