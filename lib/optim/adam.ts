import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { Tensor } from '../_tensor.js';
import { scalar_of, type Hyperparameter } from './hyperparameter.js';
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

/** The options of {@link Adam}, and of each of its parameter groups. */
export type AdamOptions = HowOptions & {
  /** Learning rate. Default 0.001. A Tensor of one element may be changed in place between steps. */
  lr: number | Tensor;
  /** Coefficients of the running averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number] | readonly [Tensor, Tensor];
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
  /**
   * Weight decay: an L2 penalty, or decoupled with `decoupled_weight_decay`. Default 0. A Tensor makes sense with
   * `differentiable`.
   */
  weight_decay: number | Tensor;
  /** Use the AMSGrad variant, which divides by the maximum of all running averages so far. Default false. */
  amsgrad: boolean;
  /** Decay the weights directly instead of through the gradient, as {@link AdamW} does. Default false. */
  decoupled_weight_decay: boolean;
};

/** The state that {@link Adam} keeps for a parameter. */
export type AdamState = {
  /** The number of steps: a 0-d tensor, on the CPU unless `capturable` or `fused`. */
  step: Tensor;
  /** Running average of the gradient. */
  exp_avg: Tensor;
  /** Running average of the squared gradient. */
  exp_avg_sq: Tensor;
  /** With `amsgrad`: maximum of `exp_avg_sq` over the steps. */
  max_exp_avg_sq?: Tensor;
};

// Shared with native/optim/adam.cpp.
const AMSGRAD = StepFlag.first_own_flag;
const DECOUPLED = StepFlag.first_own_flag * 2;

const kernel: Kernel<AdamOptions, AdamState> = {
  step: 'Adam',
  state: ['step', 'exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'],
  numbers: ({ lr, betas, eps, weight_decay }) => [lr, betas[0], betas[1], eps, weight_decay],
  flags: ({ amsgrad, decoupled_weight_decay }) => (amsgrad ? AMSGRAD : 0) | (decoupled_weight_decay ? DECOUPLED : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group, 'cpu'),
    exp_avg: zeros_like(param),
    exp_avg_sq: zeros_like(param),
    ...(group.amsgrad ? { max_exp_avg_sq: zeros_like(param) } : {}),
  }),
  since: { ...since_always, amsgrad: false, decoupled_weight_decay: false, fused: null },
};

const by_default: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupled_weight_decay: false,
};

const ARGUMENTS = optimizer_signature<AdamOptions>(
  'Adam',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, amsgrad?: bool, ' +
    '*, foreach?: bool|None, maximize?: bool, capturable?: bool, differentiable?: bool, fused?: bool|None, ' +
    'decoupled_weight_decay?: bool',
);

type Positional = [
  lr: number | Tensor,
  betas: AdamOptions['betas'],
  eps: number,
  weight_decay: number | Tensor,
  amsgrad: boolean,
];

function check_tensor(name: string, value: Hyperparameter, { foreach, capturable }: AdamOptions): void {
  if (!(value instanceof Tensor)) return;
  if (foreach && !capturable) {
    throw new Error(`${name} as a Tensor is not supported for capturable=False and foreach=True`);
  }
  if (value.numel() !== 1) throw new Error(`Tensor ${name} must be 1-element`);
}

function check(options: AdamOptions, callee: string): void {
  const { lr, betas } = options;
  check_tensor('lr', lr, options);
  check_ranges(callee, options, adam_ranges);
  if (betas[0] instanceof Tensor !== betas[1] instanceof Tensor) {
    throw new Error('betas must be either both floats or both Tensors');
  }
  betas.forEach((beta, i) => {
    check_tensor(`betas[${i}]`, beta, options);
  });
}

/**
 * Adam: adaptive step sizes from running averages of the gradient and of its square. Mirrors `torch.optim.Adam`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * m     = beta1 * m + (1 - beta1) * g
 * v     = beta2 * v + (1 - beta2) * g ** 2
 * param = param - lr * (m / (1 - beta1 ** t)) / (sqrt(v / (1 - beta2 ** t)) + eps)
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. A step is one call into libtorch
 * and gives Python's numbers to the last bit. The options, with their defaults, are those of {@link AdamOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `amsgrad`, `foreach`, `maximize`, `capturable`,
 * `differentiable`, `fused`, `decoupled_weight_decay`
 * @throws Error when `lr`, `eps` or `weight_decay` is negative or a beta is outside [0, 1); TypeError for an unknown
 * option or one of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
 * const [x, y] = [torch.randn(8, 2), torch.randn(8, 1)];
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   const loss = F.mse_loss(model(x), y);
 *   loss.backward();
 *   optimizer.step();
 *   print(loss.detach());
 * }
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * optimizer = optim.Adam(model.parameters(), lr=0.1)
 * x, y = torch.randn(8, 2), torch.randn(8, 1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     loss = F.mse_loss(model(x), y)
 *     loss.backward()
 *     optimizer.step()
 *     print(loss.detach())
 * ```
 */
export class Adam extends NativeOptimizer<AdamOptions, AdamState> {
  constructor(params_or_all: ParamsOrAll<AdamOptions>, ...others: Tail<Positional, Partial<AdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check(defaults, 'Adam');
    const betas = defaults.betas.map((beta) => scalar_of(beta)) as unknown as AdamOptions['betas'];
    super(kernel, params, { ...defaults, betas });
  }
}

/** The options of {@link adam}: what Python takes by name only, and what may be left out. */
export interface AdamStepOptions {
  /** Divide by the maximum of the averages so far. */
  amsgrad: boolean;
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
  /** Maximize instead of minimizing. */
  maximize: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Use libtorch's fused kernel; default null. */
  fused?: boolean | null;
  /** Must be null. */
  grad_scale?: Tensor | null;
  /** Must be null. */
  found_inf?: Tensor | null;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
  /** Decay the weights directly; default false. */
  decoupled_weight_decay?: boolean;
}

/** The lists of {@link adam}. */
export interface AdamStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  exp_avgs: readonly Tensor[];
  exp_avg_sqs: readonly Tensor[];
  max_exp_avg_sqs: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<AdamStepLists & AdamStepOptions>(
  'adam',
  'params: Tensor[], grads: Tensor[], exp_avgs: Tensor[], exp_avg_sqs: Tensor[], ' +
    'max_exp_avg_sqs: Tensor[], state_steps: Tensor[], foreach?: bool|None, capturable?: bool, ' +
    'differentiable?: bool, fused?: bool|None, grad_scale?: Tensor|None, found_inf?: Tensor|None, ' +
    'has_complex?: bool, decoupled_weight_decay?: bool, *, amsgrad: bool, beta1: float|Tensor, ' +
    'beta2: float|Tensor, lr: float|Tensor, weight_decay: float|Tensor, eps: float|Tensor, maximize: bool',
);

/**
 * One step of {@link Adam} as a function of lists, which it changes in place. Mirrors `torch.optim.adam.adam`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param exp_avgs - running averages of the gradients
 * @param exp_avg_sqs - running averages of the squared gradients
 * @param max_exp_avg_sqs - with `amsgrad`: the maxima of the latter; otherwise empty
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `amsgrad`, `beta1`, `beta2`, `lr`, `weight_decay`, `eps`, `maximize` are required; see {@link AdamStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { amsgrad: false, beta1: 0.9, beta2: 0.999, lr: 0.1, weight_decay: 0, eps: 1e-8, maximize: false };
 * optim.adam.adam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.adam import adam
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(amsgrad=False, beta1=0.9, beta2=0.999, lr=0.1, weight_decay=0, eps=1e-8, maximize=False)
 * adam(params, grads, [torch.zeros(2)], [torch.zeros(2)], [], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function adam(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  exp_avgs: readonly Tensor[],
  exp_avg_sqs: readonly Tensor[],
  max_exp_avg_sqs: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: AdamStepOptions,
): void;
export function adam(options: AdamStepLists & AdamStepOptions): void;
export function adam(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps } = given;
  const { beta1, beta2 } = given;
  run_step(
    'adam',
    kernel,
    {
      params,
      grads,
      state: { exp_avg: exp_avgs, exp_avg_sq: exp_avg_sqs, max_exp_avg_sq: max_exp_avg_sqs, step: state_steps },
    },
    {
      foreach: null,
      capturable: false,
      differentiable: false,
      fused: null,
      decoupled_weight_decay: false,
      ...given,
      betas: [beta1, beta2] as AdamOptions['betas'],
    },
  );
}
