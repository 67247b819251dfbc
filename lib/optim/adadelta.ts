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

/** The options of {@link Adadelta}, and of each of its parameter groups. */
export type AdadeltaOptions = Omit<HowOptions, 'fused'> & {
  /** Factor by which the update is scaled. Default 1. */
  lr: number | Tensor;
  /** Coefficient of the running averages of squares. Default 0.9. */
  rho: number;
  /** Added under the square roots for numerical stability. Default 1e-6. */
  eps: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number;
};

/** The state that {@link Adadelta} keeps for a parameter. */
export type AdadeltaState = {
  step: Tensor;
  /** Running average of squared gradients. */
  square_avg: Tensor;
  /** Running average of squared updates. */
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

/**
 * Adadelta: the update is scaled by the ratio of the running averages of past updates and gradients. Mirrors
 * `torch.optim.Adadelta`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * v     = rho * v + (1 - rho) * g ** 2
 * delta = sqrt(u + eps) / sqrt(v + eps) * g
 * u     = rho * u + (1 - rho) * delta ** 2
 * param = param - lr * delta
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients must be dense. The options, with their defaults,
 * are those of {@link AdadeltaOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `rho`, `eps`, `weight_decay`, `foreach`, `capturable`, `maximize`, `differentiable`
 * @throws Error when an option is out of its range; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.Adadelta([w], { lr: 2 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.Adadelta([w], lr=2)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w)
 * ```
 */
export class Adadelta extends NativeOptimizer<AdadeltaOptions, AdadeltaState> {
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

/** The options of {@link adadelta}: what Python takes by name only, and what may be left out. */
export interface AdadeltaStepOptions {
  /** Learning rate. */
  lr: number | Tensor;
  /** Decay rate of the running average. */
  rho: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Maximize instead of minimizing. */
  maximize: boolean;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
}

/** The lists of {@link adadelta}. */
export interface AdadeltaStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  square_avgs: readonly Tensor[];
  acc_deltas: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<AdadeltaStepLists & AdadeltaStepOptions>(
  'adadelta',
  'params: Tensor[], grads: Tensor[], square_avgs: Tensor[], acc_deltas: Tensor[], ' +
    'state_steps: Tensor[], capturable?: bool, foreach?: bool|None, differentiable?: bool, ' +
    'has_complex?: bool, *, lr: float|Tensor, rho: float|Tensor, eps: float|Tensor, ' +
    'weight_decay: float|Tensor, maximize: bool',
);

/**
 * One step of {@link Adadelta} as a function of lists, which it changes in place. Mirrors `torch.optim.adadelta.adadelta`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param square_avgs - running averages of the squared gradients
 * @param acc_deltas - running averages of the squared updates
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `lr`, `rho`, `eps`, `weight_decay`, `maximize` are required; see {@link AdadeltaStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { lr: 1, rho: 0.9, eps: 1e-6, weight_decay: 0, maximize: false };
 * optim.adadelta.adadelta(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.adadelta import adadelta
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(lr=1, rho=0.9, eps=1e-6, weight_decay=0, maximize=False)
 * adadelta(params, grads, [torch.zeros(2)], [torch.zeros(2)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function adadelta(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  square_avgs: readonly Tensor[],
  acc_deltas: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: AdadeltaStepOptions,
): void;
export function adadelta(options: AdadeltaStepLists & AdadeltaStepOptions): void;
export function adadelta(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, square_avgs, acc_deltas, state_steps } = given;
  run_step(
    'adadelta',
    kernel,
    { params, grads, state: { square_avg: square_avgs, acc_delta: acc_deltas, step: state_steps } },
    { capturable: false, foreach: null, differentiable: false, ...given },
  );
}
