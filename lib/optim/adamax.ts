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

/** The options of {@link Adamax}, and of each of its parameter groups. */
export type AdamaxOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.002. */
  lr: number | Tensor;
  /** Decay of the average of the gradient and of the largest gradient. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the size of the gradient. Default 1e-8. */
  eps: number;
  /** L2 penalty. Default 0. */
  weight_decay: number;
};

/** What Adamax remembers of a parameter. */
export type AdamaxState = {
  step: Tensor;
  exp_avg: Tensor;
  /** The largest gradient, fading. */
  exp_inf: Tensor;
};

const kernel: Kernel<AdamaxOptions, AdamaxState> = {
  step: 'Adamax',
  state: ['step', 'exp_avg', 'exp_inf'],
  numbers: ({ lr, betas, eps, weight_decay }) => [lr, betas[0], betas[1], eps, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    exp_avg: zeros_like(param),
    exp_inf: zeros_like(param),
  }),
  since: since_always,
};

const by_default: AdamaxOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const ARGUMENTS = optimizer_signature<AdamaxOptions>(
  'Adamax',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, ' +
    'foreach?: bool|None, *, maximize?: bool, differentiable?: bool, capturable?: bool',
);

type Positional = [
  lr: number | Tensor,
  betas: AdamaxOptions['betas'],
  eps: number,
  weight_decay: number,
  foreach: boolean | null,
];

/** Adam with the largest gradient in the place of the mean square. Mirrors `torch.optim.Adamax`. */
export class Adamax extends NativeOptimizer<AdamaxOptions, AdamaxState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<AdamaxOptions>, ...others: Tail<Positional, Partial<AdamaxOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adamax', defaults, adam_ranges);
    super(kernel, params, defaults);
  }
}
