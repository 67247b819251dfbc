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
    step: scalar_state(0, param, group, true),
    eta: scalar_state(number_of(group.lr), param, group, true),
    mu: scalar_state(1, param, group, true),
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
