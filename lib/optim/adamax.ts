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
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link Adamax}, and of each of its parameter groups. */
export type AdamaxOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.002. */
  lr: number | Tensor;
  /** Coefficients of the running average of the gradient and of the infinity norm. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the absolute gradient for numerical stability. Default 1e-8. */
  eps: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number;
};

/** The state that {@link Adamax} keeps for a parameter. */
export type AdamaxState = {
  step: Tensor;
  exp_avg: Tensor;
  /** Exponentially weighted infinity norm of the gradients. */
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

/**
 * Adamax: a variant of Adam based on the infinity norm. Mirrors `torch.optim.Adamax`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * m     = beta1 * m + (1 - beta1) * g
 * u     = max(beta2 * u, |g| + eps)
 * param = param - lr / (1 - beta1 ** t) * m / u
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link AdamaxOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `foreach`, `maximize`, `differentiable`, `capturable`
 * @throws Error when an option is out of its range; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.Adamax([w], { lr: 0.1 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.Adamax([w], lr=0.1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class Adamax extends NativeOptimizer<AdamaxOptions, AdamaxState> {
  constructor(params_or_all: ParamsOrAll<AdamaxOptions>, ...others: Tail<Positional, Partial<AdamaxOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adamax', defaults, adam_ranges);
    super(kernel, params, defaults);
  }
}

/** The options of {@link adamax}: what Python takes by name only, and what may be left out. */
export interface AdamaxStepOptions {
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Decay rate of the first running average. */
  beta1: number | Tensor;
  /** Decay rate of the second running average. */
  beta2: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Maximize instead of minimizing; default false. */
  maximize?: boolean;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
}

/** The lists of {@link adamax}. */
export interface AdamaxStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  exp_avgs: readonly Tensor[];
  exp_infs: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<AdamaxStepLists & AdamaxStepOptions>(
  'adamax',
  'params: Tensor[], grads: Tensor[], exp_avgs: Tensor[], exp_infs: Tensor[], state_steps: Tensor[], ' +
    'foreach?: bool|None, maximize?: bool, differentiable?: bool, capturable?: bool, has_complex?: bool, ' +
    '*, eps: float|Tensor, beta1: float|Tensor, beta2: float|Tensor, lr: float|Tensor, ' +
    'weight_decay: float|Tensor',
);

/**
 * One step of {@link Adamax} as a function of lists, which it changes in place. Mirrors `torch.optim.adamax.adamax`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param exp_avgs - running averages of the gradients
 * @param exp_infs - infinity norms
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `eps`, `beta1`, `beta2`, `lr`, `weight_decay` are required; see {@link AdamaxStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { eps: 1e-8, beta1: 0.9, beta2: 0.999, lr: 0.1, weight_decay: 0 };
 * optim.adamax.adamax(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.adamax import adamax
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(eps=1e-8, beta1=0.9, beta2=0.999, lr=0.1, weight_decay=0)
 * adamax(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function adamax(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  exp_avgs: readonly Tensor[],
  exp_infs: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: AdamaxStepOptions,
): void;
export function adamax(options: AdamaxStepLists & AdamaxStepOptions): void;
export function adamax(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, exp_avgs, exp_infs, state_steps } = given;
  const { beta1, beta2 } = given;
  run_step(
    'adamax',
    kernel,
    { params, grads, state: { exp_avg: exp_avgs, exp_inf: exp_infs, step: state_steps } },
    {
      foreach: null,
      maximize: false,
      differentiable: false,
      capturable: false,
      ...given,
      betas: [beta1, beta2] as AdamaxOptions['betas'],
    },
  );
}
