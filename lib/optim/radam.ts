import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
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

/** The options of {@link RAdam}, and of each of its parameter groups. */
export type RAdamOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** L2 penalty; for `decoupled_weight_decay`, how much the parameters shrink. Default 0. */
  weight_decay: number;
  /** Weight decay that does not go into the averages. Default false. */
  decoupled_weight_decay: boolean;
};

/** What RAdam remembers of a parameter. */
export type RAdamState = {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
};

const kernel: Kernel<RAdamOptions, RAdamState> = {
  step: 'RAdam',
  state: ['step', 'exp_avg', 'exp_avg_sq'],
  numbers: ({ lr, betas, eps, weight_decay }) => [lr, betas[0], betas[1], eps, weight_decay],
  flags: ({ decoupled_weight_decay }) => (decoupled_weight_decay ? StepFlag.first_own_flag : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    exp_avg: zeros_like(param),
    exp_avg_sq: zeros_like(param),
  }),
  since: { ...since_always, decoupled_weight_decay: false },
};

const by_default: RAdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  maximize: false,
  foreach: null,
  capturable: false,
  decoupled_weight_decay: false,
  differentiable: false,
};

const ARGUMENTS = optimizer_signature<RAdamOptions>(
  'RAdam',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, ' +
    'decoupled_weight_decay?: bool, *, foreach?: bool|None, maximize?: bool, capturable?: bool, ' +
    'differentiable?: bool',
);

type Positional = [
  lr: number | Tensor,
  betas: RAdamOptions['betas'],
  eps: number,
  weight_decay: number,
  decoupled_weight_decay: boolean,
];

/** Adam that holds back while its averages are young. Mirrors `torch.optim.RAdam`. */
export class RAdam extends NativeOptimizer<RAdamOptions, RAdamState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<RAdamOptions>, ...others: Tail<Positional, Partial<RAdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('RAdam', defaults, adam_ranges);
    super(kernel, params, defaults);
  }
}
