import { zeros_like } from '../generated/functions.js';
import { native } from '../native.js';
import { number_arguments, type Tail } from '../nn/arguments.js';
import type { Tensor } from '../tensor.js';
import { number_of } from './hyperparameter.js';
import {
  check_ranges, NativeOptimizer, not_negative, options_over, scalar_state, since_always, type HowOptions, type Kernel,
} from './native_optimizer.js';
import type { Params } from './optimizer.js';

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
  step: native.asgd_step,
  state: ['step', 'eta', 'mu', 'ax'],
  numbers: ({ lr, lambd, alpha, t0, weight_decay }) => [lr, lambd, alpha, t0, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group, true), eta: scalar_state(number_of(group.lr), param, group, true),
    mu: scalar_state(1, param, group, true), ax: zeros_like(param),
  }),
  since: since_always,
  counts: ['step', 'eta', 'mu'],
};

const by_default: ASGDOptions = {
  lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weight_decay: 0, foreach: null, maximize: false, differentiable: false,
  capturable: false,
};

type Positional = [
  lr: number | Tensor, lambd: number, alpha: number, t0: number, weight_decay: number, foreach: boolean | null,
  maximize: boolean, differentiable: boolean, capturable: boolean,
];

/** Stochastic gradient descent that also keeps an average of each parameter. Mirrors `torch.optim.ASGD`. */
export class ASGD extends NativeOptimizer<ASGDOptions, ASGDState> {
  /** @throws Error when an option is out of its range */
  constructor(params: Params<ASGDOptions>, ...options: Tail<Positional, Partial<ASGDOptions>>) {
    const defaults = options_over('ASGD', by_default, options);
    check_ranges('ASGD', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
    ]);
    const { lambd, alpha, t0 } = defaults;
    number_arguments('ASGD', 'float', { lambd, alpha, t0 });
    super(kernel, params, defaults);
  }
}
