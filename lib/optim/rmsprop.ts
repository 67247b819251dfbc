import { StepFlag } from '../generated/shared_numbers.js';
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
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link RMSprop}, and of each of its parameter groups. */
export type RMSpropOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** Smoothing constant of the running averages. Default 0.99. */
  alpha: number;
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number;
  /** Momentum factor. Default 0. */
  momentum: number;
  /** Normalize by an estimate of the variance instead of the mean square. Default false. */
  centered: boolean;
};

/** The state that {@link RMSprop} keeps for a parameter. */
export type RMSpropState = {
  step: Tensor;
  /** Running average of squared gradients. */
  square_avg: Tensor;
  /** With `momentum`. */
  momentum_buffer?: Tensor;
  /** With `centered`: running average of gradients. */
  grad_avg?: Tensor;
};

const kernel: Kernel<RMSpropOptions, RMSpropState> = {
  step: 'RMSprop',
  state: ['step', 'square_avg', 'momentum_buffer', 'grad_avg'],
  numbers: ({ lr, alpha, eps, weight_decay, momentum }) => [lr, alpha, eps, weight_decay, momentum],
  flags: ({ centered }) => (centered ? StepFlag.first_own_flag : 0),
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group),
    square_avg: zeros_like(param),
    ...(group.momentum > 0 ? { momentum_buffer: zeros_like(param) } : {}),
    ...(group.centered ? { grad_avg: zeros_like(param) } : {}),
  }),
  since: { ...since_always, momentum: 0, centered: false },
};

const by_default: RMSpropOptions = {
  lr: 1e-2,
  momentum: 0,
  alpha: 0.99,
  eps: 1e-8,
  centered: false,
  weight_decay: 0,
  capturable: false,
  foreach: null,
  maximize: false,
  differentiable: false,
};

const ARGUMENTS = optimizer_signature<RMSpropOptions>(
  'RMSprop',
  'lr?: float|Tensor, alpha?: float|Tensor, eps?: float|Tensor, weight_decay?: float|Tensor, ' +
    'momentum?: float|Tensor, centered?: bool, capturable?: bool, foreach?: bool|None, maximize?: bool, ' +
    'differentiable?: bool',
);

type Positional = [
  lr: number | Tensor,
  alpha: number,
  eps: number,
  weight_decay: number,
  momentum: number,
  centered: boolean,
  capturable: boolean,
  foreach: boolean | null,
  maximize: boolean,
  differentiable: boolean,
];

/**
 * RMSprop: divides by the square root of a running average of squared gradients. Mirrors `torch.optim.RMSprop`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * v     = alpha * v + (1 - alpha) * g ** 2
 * a     = alpha * a + (1 - alpha) * g               (centered: v - a ** 2 takes the place of v below)
 * buf   = momentum * buf + g / (sqrt(v) + eps)
 * param = param - lr * buf
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link RMSpropOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `alpha`, `eps`, `weight_decay`, `momentum`, `centered`, `capturable`, `foreach`, `maximize`,
 * `differentiable`
 * @throws Error when an option is negative; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.RMSprop([w], { lr: 0.01, momentum: 0.5 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.RMSprop([w], lr=0.01, momentum=0.5)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class RMSprop extends NativeOptimizer<RMSpropOptions, RMSpropState> {
  constructor(params_or_all: ParamsOrAll<RMSpropOptions>, ...others: Tail<Positional, Partial<RMSpropOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('RMSprop', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['eps', 'Invalid epsilon value', not_negative],
      ['momentum', 'Invalid momentum value', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
      ['alpha', 'Invalid alpha value', not_negative],
    ]);
    super(kernel, params, defaults);
  }
}

/** The options of {@link rmsprop}: what Python takes by name only, and what may be left out. */
export interface RMSpropStepOptions {
  /** Learning rate. */
  lr: number | Tensor;
  /** Power of the learning rate. */
  alpha: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Momentum factor. */
  momentum: number | Tensor;
  /** Normalize by the variance. */
  centered: boolean;
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

/** The lists of {@link rmsprop}. */
export interface RMSpropStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  square_avgs: readonly Tensor[];
  grad_avgs: readonly Tensor[];
  momentum_buffer_list: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<RMSpropStepLists & RMSpropStepOptions>(
  'rmsprop',
  'params: Tensor[], grads: Tensor[], square_avgs: Tensor[], grad_avgs: Tensor[], ' +
    'momentum_buffer_list: Tensor[], state_steps: Tensor[], foreach?: bool|None, maximize?: bool, ' +
    'differentiable?: bool, capturable?: bool, has_complex?: bool, *, lr: float|Tensor, ' +
    'alpha: float|Tensor, eps: float|Tensor, weight_decay: float|Tensor, momentum: float|Tensor, ' +
    'centered: bool',
);

/**
 * One step of {@link RMSprop} as a function of lists, which it changes in place. Mirrors `torch.optim.rmsprop.rmsprop`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param square_avgs - running averages of the squared gradients
 * @param grad_avgs - with `centered`: running averages of the gradients; otherwise empty
 * @param momentum_buffer_list - momentum buffers
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `lr`, `alpha`, `eps`, `weight_decay`, `momentum`, `centered` are required; see {@link RMSpropStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { lr: 0.1, alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false };
 * optim.rmsprop.rmsprop(params, grads, [torch.zeros(2)], [], [], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.rmsprop import rmsprop
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(lr=0.1, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False)
 * rmsprop(params, grads, [torch.zeros(2)], [], [], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function rmsprop(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  square_avgs: readonly Tensor[],
  grad_avgs: readonly Tensor[],
  momentum_buffer_list: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: RMSpropStepOptions,
): void;
export function rmsprop(options: RMSpropStepLists & RMSpropStepOptions): void;
export function rmsprop(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, square_avgs, grad_avgs, momentum_buffer_list, state_steps } = given;
  run_step(
    'rmsprop',
    kernel,
    {
      params,
      grads,
      state: { square_avg: square_avgs, grad_avg: grad_avgs, momentum_buffer: momentum_buffer_list, step: state_steps },
    },
    { foreach: null, maximize: false, differentiable: false, capturable: false, ...given },
  );
}
