import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import {
  adam_ranges,
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

/** The options of {@link NAdam}, and of each of its parameter groups. */
export type NAdamOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.002. */
  lr: number | Tensor;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** L2 penalty; for `decoupled_weight_decay`, how much the parameters shrink. Default 0. */
  weight_decay: number;
  /** How soon the momentum reaches its full size. Default 0.004. */
  momentum_decay: number;
  /** Weight decay that does not go into the averages. Default false. */
  decoupled_weight_decay: boolean;
};

/** What NAdam remembers of a parameter. */
export type NAdamState = {
  step: Tensor;
  /** Product of all momenta so far: a 0-d tensor. */
  mu_product: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
};

const kernel: Kernel<NAdamOptions, NAdamState> = {
  step: 'NAdam',
  state: ['step', 'mu_product', 'exp_avg', 'exp_avg_sq'],
  numbers: ({ lr, betas, eps, weight_decay, momentum_decay }) => [
    lr,
    betas[0],
    betas[1],
    eps,
    weight_decay,
    momentum_decay,
  ],
  flags: ({ decoupled_weight_decay }) => (decoupled_weight_decay ? StepFlag.first_own_flag : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    mu_product: scalar_state(1, param, group),
    exp_avg: zeros_like(param),
    exp_avg_sq: zeros_like(param),
  }),
  since: { ...since_always, decoupled_weight_decay: false },
  counts: ['step', 'mu_product'],
};

const by_default: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  momentum_decay: 4e-3,
  decoupled_weight_decay: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
};

const ARGUMENTS = optimizer_signature<NAdamOptions>(
  'NAdam',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, ' +
    'momentum_decay?: float|Tensor, decoupled_weight_decay?: bool, *, foreach?: bool|None, maximize?: bool, ' +
    'capturable?: bool, differentiable?: bool',
);

type Positional = [
  lr: number | Tensor,
  betas: NAdamOptions['betas'],
  eps: number,
  weight_decay: number,
  momentum_decay: number,
  decoupled_weight_decay: boolean,
];

/** Adam with Nesterov momentum. Mirrors `torch.optim.NAdam`. */
export class NAdam extends NativeOptimizer<NAdamOptions, NAdamState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<NAdamOptions>, ...others: Tail<Positional, Partial<NAdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('NAdam', defaults, [...adam_ranges, ['momentum_decay', 'Invalid momentum_decay value', not_negative]]);
    super(kernel, params, defaults);
  }
}
