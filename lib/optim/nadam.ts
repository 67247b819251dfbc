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
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link NAdam}, and of each of its parameter groups. */
export type NAdamOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.002. */
  lr: number | Tensor;
  /** Coefficients of the running averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
  /** Weight decay: an L2 penalty, or decoupled with `decoupled_weight_decay`. Default 0. */
  weight_decay: number;
  /** Decay of the momentum schedule. Default 0.004. */
  momentum_decay: number;
  /** Decay the weights directly instead of through the gradient. Default false. */
  decoupled_weight_decay: boolean;
};

/** The state that {@link NAdam} keeps for a parameter. */
export type NAdamState = {
  step: Tensor;
  /** Product of the momenta so far: a 0-d tensor. */
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

/**
 * Adam with Nesterov momentum. Mirrors `torch.optim.NAdam`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * mu_t  = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay)),  P_t = mu_1 ... mu_t
 * m     = beta1 * m + (1 - beta1) * g
 * v     = beta2 * v + (1 - beta2) * g ** 2
 * m_hat = mu_(t+1) * m / (1 - P_(t+1)) + (1 - mu_t) * g / (1 - P_t)
 * param = param - lr * m_hat / (sqrt(v / (1 - beta2 ** t)) + eps)
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link NAdamOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `momentum_decay`, `decoupled_weight_decay`, `foreach`,
 * `maximize`, `capturable`, `differentiable`
 * @throws Error when an option is out of its range; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.NAdam([w], { lr: 0.1 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.NAdam([w], lr=0.1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class NAdam extends NativeOptimizer<NAdamOptions, NAdamState> {
  constructor(params_or_all: ParamsOrAll<NAdamOptions>, ...others: Tail<Positional, Partial<NAdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('NAdam', defaults, [...adam_ranges, ['momentum_decay', 'Invalid momentum_decay value', not_negative]]);
    super(kernel, params, defaults);
  }
}

/** The options of {@link nadam}: what Python takes by name only, and what may be left out. */
export interface NAdamStepOptions {
  /** Decay rate of the first running average. */
  beta1: number | Tensor;
  /** Decay rate of the second running average. */
  beta2: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Decay of the momentum. */
  momentum_decay: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Decay the weights directly; default false. */
  decoupled_weight_decay?: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
  /** Maximize instead of minimizing; default false. */
  maximize?: boolean;
}

/** The lists of {@link nadam}. */
export interface NAdamStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  exp_avgs: readonly Tensor[];
  exp_avg_sqs: readonly Tensor[];
  mu_products: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<NAdamStepLists & NAdamStepOptions>(
  'nadam',
  'params: Tensor[], grads: Tensor[], exp_avgs: Tensor[], exp_avg_sqs: Tensor[], mu_products: Tensor[], ' +
    'state_steps: Tensor[], decoupled_weight_decay?: bool, foreach?: bool|None, capturable?: bool, ' +
    'differentiable?: bool, has_complex?: bool, maximize?: bool, *, beta1: float|Tensor, ' +
    'beta2: float|Tensor, lr: float|Tensor, weight_decay: float|Tensor, momentum_decay: float|Tensor, ' +
    'eps: float|Tensor',
);

/**
 * One step of {@link NAdam} as a function of lists, which it changes in place. Mirrors `torch.optim.nadam.nadam`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param exp_avgs - running averages of the gradients
 * @param exp_avg_sqs - running averages of the squared gradients
 * @param mu_products - products of the momenta so far
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `beta1`, `beta2`, `lr`, `weight_decay`, `momentum_decay`, `eps` are required; see {@link NAdamStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { beta1: 0.9, beta2: 0.999, lr: 0.1, weight_decay: 0, momentum_decay: 0.004, eps: 1e-8 };
 * optim.nadam.nadam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.ones([])], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.nadam import nadam
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(beta1=0.9, beta2=0.999, lr=0.1, weight_decay=0, momentum_decay=0.004, eps=1e-8)
 * nadam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.ones([])], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function nadam(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  exp_avgs: readonly Tensor[],
  exp_avg_sqs: readonly Tensor[],
  mu_products: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: NAdamStepOptions,
): void;
export function nadam(options: NAdamStepLists & NAdamStepOptions): void;
export function nadam(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, exp_avgs, exp_avg_sqs, mu_products, state_steps } = given;
  const { beta1, beta2 } = given;
  run_step(
    'nadam',
    kernel,
    {
      params,
      grads,
      state: { exp_avg: exp_avgs, exp_avg_sq: exp_avg_sqs, mu_product: mu_products, step: state_steps },
    },
    {
      decoupled_weight_decay: false,
      foreach: null,
      capturable: false,
      differentiable: false,
      maximize: false,
      ...given,
      betas: [beta1, beta2] as NAdamOptions['betas'],
    },
  );
}
