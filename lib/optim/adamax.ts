import { zeros_like } from '../generated/functions.js';
import { native } from '../native.js';
import type { Tail } from '../nn/arguments.js';
import type { Tensor } from '../tensor.js';
import {
  adam_ranges, check_ranges, NativeOptimizer, options_over, scalar_state, since_always, type HowOptions, type Kernel,
} from './native_optimizer.js';
import type { Params } from './optimizer.js';

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
  step: native.adamax_step,
  state: ['step', 'exp_avg', 'exp_inf'],
  numbers: ({ lr, betas, eps, weight_decay }) => [lr, betas[0], betas[1], eps, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group), exp_avg: zeros_like(param), exp_inf: zeros_like(param),
  }),
  since: since_always,
};

const by_default: AdamaxOptions = {
  lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, foreach: null, maximize: false, differentiable: false,
  capturable: false,
};

type Positional = [
  lr: number | Tensor, betas: AdamaxOptions['betas'], eps: number, weight_decay: number, foreach: boolean | null,
];

/** Adam with the largest gradient in the place of the mean square. Mirrors `torch.optim.Adamax`. */
export class Adamax extends NativeOptimizer<AdamaxOptions, AdamaxState> {
  /** @throws Error when an option is out of its range */
  constructor(params: Params<AdamaxOptions>, ...options: Tail<Positional, Partial<AdamaxOptions>>) {
    const defaults = options_over('Adamax', by_default, options);
    check_ranges('Adamax', defaults, adam_ranges);
    super(kernel, params, defaults);
  }
}
