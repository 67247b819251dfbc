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

/** The options of {@link Adadelta}, and of each of its parameter groups. */
export type AdadeltaOptions = Omit<HowOptions, 'fused'> & {
  /** Scale of the step. Default 1. */
  lr: number | Tensor;
  /** Decay of the averages of squares. Default 0.9. */
  rho: number;
  /** Added under the roots. Default 1e-6. */
  eps: number;
  /** L2 penalty. Default 0. */
  weight_decay: number;
};

/** What Adadelta remembers of a parameter. */
export type AdadeltaState = {
  step: Tensor;
  /** Average of squared gradients. */
  square_avg: Tensor;
  /** Average of squared steps. */
  acc_delta: Tensor;
};

const kernel: Kernel<AdadeltaOptions, AdadeltaState> = {
  step: 'Adadelta',
  state: ['step', 'square_avg', 'acc_delta'],
  numbers: ({ lr, rho, eps, weight_decay }) => [lr, rho, eps, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    square_avg: zeros_like(param),
    acc_delta: zeros_like(param),
  }),
  since: since_always,
};

const by_default: AdadeltaOptions = {
  lr: 1,
  rho: 0.9,
  eps: 1e-6,
  weight_decay: 0,
  maximize: false,
  capturable: false,
  foreach: null,
  differentiable: false,
};

const ARGUMENTS = optimizer_signature<AdadeltaOptions>(
  'Adadelta',
  'lr?: float|Tensor, rho?: float|Tensor, eps?: float|Tensor, weight_decay?: float|Tensor, foreach?: bool|None, *, ' +
    'capturable?: bool, maximize?: bool, differentiable?: bool',
);

type Positional = [lr: number | Tensor, rho: number, eps: number, weight_decay: number, foreach: boolean | null];

/** Steps in units of their own past size, relative to the size of gradients. Mirrors `torch.optim.Adadelta`. */
export class Adadelta extends NativeOptimizer<AdadeltaOptions, AdadeltaState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<AdadeltaOptions>, ...others: Tail<Positional, Partial<AdadeltaOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adadelta', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['rho', 'Invalid rho value', (rho) => rho >= 0 && rho <= 1],
      ['eps', 'Invalid epsilon value', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
    ]);
    super(kernel, params, defaults);
  }
}
