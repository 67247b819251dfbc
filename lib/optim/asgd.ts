import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import { number_of } from './hyperparameter.js';
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

/** The options of {@link ASGD}, and of each of its parameter groups. */
export type ASGDOptions = Omit<HowOptions, 'fused'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** Decay term of the parameters and of the learning rate. Default 1e-4. */
  lambd: number;
  /** Exponent of the update of the learning rate. Default 0.75. */
  alpha: number;
  /** The step at which averaging starts. Default 1e6. */
  t0: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number;
};

/** The state that {@link ASGD} keeps for a parameter; all but `ax` are 0-d tensors on its device. */
export type ASGDState = {
  step: Tensor;
  /** The learning rate of the next step. */
  eta: Tensor;
  /** The weight of the next parameter in the average. */
  mu: Tensor;
  /** The average of the parameter. */
  ax: Tensor;
};

const kernel: Kernel<ASGDOptions, ASGDState> = {
  step: 'ASGD',
  state: ['step', 'eta', 'mu', 'ax'],
  numbers: ({ lr, lambd, alpha, t0, weight_decay }) => [lr, lambd, alpha, t0, weight_decay],
  init: (param, _grad, group) => ({
    step: scalar_state(0, param, group, 'param'),
    eta: scalar_state(number_of(group.lr), param, group, 'param'),
    mu: scalar_state(1, param, group, 'param'),
    ax: zeros_like(param),
  }),
  since: since_always,
  counts: ['step', 'eta', 'mu'],
};

const by_default: ASGDOptions = {
  lr: 1e-2,
  lambd: 1e-4,
  alpha: 0.75,
  t0: 1e6,
  weight_decay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const ARGUMENTS = optimizer_signature<ASGDOptions>(
  'ASGD',
  'lr?: float|Tensor, lambd?: float|Tensor, alpha?: float|Tensor, t0?: float|Tensor, weight_decay?: float|Tensor, ' +
    'foreach?: bool|None, maximize?: bool, differentiable?: bool, capturable?: bool',
);

type Positional = [
  lr: number | Tensor,
  lambd: number,
  alpha: number,
  t0: number,
  weight_decay: number,
  foreach: boolean | null,
  maximize: boolean,
  differentiable: boolean,
  capturable: boolean,
];

/**
 * Averaged stochastic gradient descent, which also keeps an average of the parameters. Mirrors `torch.optim.ASGD`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * param = param * (1 - lambd * eta) - eta * g
 * ax    = ax + mu * (param - ax)
 * eta   = lr / (1 + lambd * lr * t) ** alpha,  mu = 1 / max(1, t - t0)
 * ```
 *
 * The averages are `optimizer.state.get(param).ax`. For parameters of any floating point or complex dtype; gradients
 * must be dense. The options, with their defaults, are those of {@link ASGDOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `lambd`, `alpha`, `t0`, `weight_decay`, `foreach`, `maximize`, `differentiable`,
 * `capturable`
 * @throws Error when `lr` or `weight_decay` is negative; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.ASGD([w], { lr: 0.1, t0: 1 });
 * for (let i = 0; i < 4; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w, optimizer.state.get(w)!.ax);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.ASGD([w], lr=0.1, t0=1)
 * for i in range(4):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w, optimizer.state[w]['ax'])
 * ```
 */
export class ASGD extends NativeOptimizer<ASGDOptions, ASGDState> {
  constructor(params_or_all: ParamsOrAll<ASGDOptions>, ...others: Tail<Positional, Partial<ASGDOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('ASGD', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
    ]);
    super(kernel, params, defaults);
  }
}

/** The options of {@link asgd}: what Python takes by name only, and what may be left out. */
export interface ASGDStepOptions {
  /** Decay of the average. */
  lambd: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Step at which averaging begins. */
  t0: number | Tensor;
  /** Power of the learning rate. */
  alpha: number | Tensor;
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

/** The lists of {@link asgd}. */
export interface ASGDStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  axs: readonly Tensor[];
  mus: readonly Tensor[];
  etas: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<ASGDStepLists & ASGDStepOptions>(
  'asgd',
  'params: Tensor[], grads: Tensor[], axs: Tensor[], mus: Tensor[], etas: Tensor[], ' +
    'state_steps: Tensor[], foreach?: bool|None, maximize?: bool, differentiable?: bool, ' +
    'capturable?: bool, has_complex?: bool, *, lambd: float|Tensor, lr: float|Tensor, t0: float|Tensor, ' +
    'alpha: float|Tensor, weight_decay: float|Tensor',
);

/**
 * One step of {@link ASGD} as a function of lists, which it changes in place. Mirrors `torch.optim.asgd.asgd`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param axs - averages of the parameters
 * @param mus - weights of the next parameters
 * @param etas - learning rates of the next step
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `lambd`, `lr`, `t0`, `alpha`, `weight_decay` are required; see {@link ASGDStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { lambd: 1e-4, lr: 0.1, t0: 1e6, alpha: 0.75, weight_decay: 0 };
 * optim.asgd.asgd(params, grads, [torch.zeros(2)], [torch.ones([])], [torch.full([], 0.1)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.asgd import asgd
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(lambd=1e-4, lr=0.1, t0=1e6, alpha=0.75, weight_decay=0)
 * asgd(params, grads, [torch.zeros(2)], [torch.ones([])], [torch.full([], 0.1)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function asgd(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  axs: readonly Tensor[],
  mus: readonly Tensor[],
  etas: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: ASGDStepOptions,
): void;
export function asgd(options: ASGDStepLists & ASGDStepOptions): void;
export function asgd(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, axs, mus, etas, state_steps } = given;
  run_step(
    'asgd',
    kernel,
    { params, grads, state: { ax: axs, mu: mus, eta: etas, step: state_steps } },
    { foreach: null, maximize: false, differentiable: false, capturable: false, ...given },
  );
}
