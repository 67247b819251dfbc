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
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link RAdam}, and of each of its parameter groups. */
export type RAdamOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  /** Coefficients of the running averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
  /** Weight decay: an L2 penalty, or decoupled with `decoupled_weight_decay`. Default 0. */
  weight_decay: number;
  /** Decay the weights directly instead of through the gradient. Default false. */
  decoupled_weight_decay: boolean;
};

/** The state that {@link RAdam} keeps for a parameter. */
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

/**
 * Adam with a rectified variance term. Mirrors `torch.optim.RAdam`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * m     = beta1 * m + (1 - beta1) * g,  m_hat = m / (1 - beta1 ** t)
 * v     = beta2 * v + (1 - beta2) * g ** 2
 * rho_t = rho - 2 t beta2 ** t / (1 - beta2 ** t),  rho = 2 / (1 - beta2) - 1
 * r     = sqrt((rho_t - 4) (rho_t - 2) rho / ((rho - 4) (rho - 2) rho_t))
 * param = param - lr * m_hat * r * sqrt(1 - beta2 ** t) / (sqrt(v) + eps)     when rho_t > 5
 * param = param - lr * m_hat                                                  otherwise
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link RAdamOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `decoupled_weight_decay`, `foreach`, `maximize`,
 * `capturable`, `differentiable`
 * @throws Error when an option is out of its range; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.RAdam([w], { lr: 0.1 });
 * for (let i = 0; i < 8; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.RAdam([w], lr=0.1)
 * for i in range(8):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class RAdam extends NativeOptimizer<RAdamOptions, RAdamState> {
  constructor(params_or_all: ParamsOrAll<RAdamOptions>, ...others: Tail<Positional, Partial<RAdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('RAdam', defaults, adam_ranges);
    super(kernel, params, defaults);
  }
}

/** The options of {@link radam}: what Python takes by name only, and what may be left out. */
export interface RAdamStepOptions {
  /** Decay rate of the first running average. */
  beta1: number | Tensor;
  /** Decay rate of the second running average. */
  beta2: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Decay the weights directly; default false. */
  decoupled_weight_decay?: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
  /** Maximize instead of minimizing; default false. */
  maximize?: boolean;
}

/** The lists of {@link radam}. */
export interface RAdamStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  exp_avgs: readonly Tensor[];
  exp_avg_sqs: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<RAdamStepLists & RAdamStepOptions>(
  'radam',
  'params: Tensor[], grads: Tensor[], exp_avgs: Tensor[], exp_avg_sqs: Tensor[], state_steps: Tensor[], ' +
    'decoupled_weight_decay?: bool, foreach?: bool|None, differentiable?: bool, capturable?: bool, ' +
    'has_complex?: bool, maximize?: bool, *, beta1: float|Tensor, beta2: float|Tensor, lr: float|Tensor, ' +
    'weight_decay: float|Tensor, eps: float|Tensor',
);

/**
 * One step of {@link RAdam} as a function of lists, which it changes in place. Mirrors `torch.optim.radam.radam`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param exp_avgs - running averages of the gradients
 * @param exp_avg_sqs - running averages of the squared gradients
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `beta1`, `beta2`, `lr`, `weight_decay`, `eps` are required; see {@link RAdamStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { beta1: 0.9, beta2: 0.999, lr: 0.1, weight_decay: 0, eps: 1e-8 };
 * optim.radam.radam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.radam import radam
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(beta1=0.9, beta2=0.999, lr=0.1, weight_decay=0, eps=1e-8)
 * radam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function radam(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  exp_avgs: readonly Tensor[],
  exp_avg_sqs: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: RAdamStepOptions,
): void;
export function radam(options: RAdamStepLists & RAdamStepOptions): void;
export function radam(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, exp_avgs, exp_avg_sqs, state_steps } = given;
  const { beta1, beta2 } = given;
  run_step(
    'radam',
    kernel,
    { params, grads, state: { exp_avg: exp_avgs, exp_avg_sq: exp_avg_sqs, step: state_steps } },
    {
      decoupled_weight_decay: false,
      foreach: null,
      differentiable: false,
      capturable: false,
      maximize: false,
      ...given,
      betas: [beta1, beta2] as RAdamOptions['betas'],
    },
  );
}
