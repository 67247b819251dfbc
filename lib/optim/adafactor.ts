import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { python_repr } from '../python/print.js';
import { kind_of } from '../_internal/representation.js';
import type { Tensor } from '../_tensor.js';
import {
  check_ranges,
  NativeOptimizer,
  not_negative,
  optimizer_signature,
  options_over,
  scalar_state,
  type HowOptions,
  type Kernel,
  type ParamsOrAll,
  type Range,
} from './native_optimizer.js';

/** The options of {@link Adafactor}, and of each of its parameter groups. */
export type AdafactorOptions = Pick<HowOptions, 'foreach' | 'maximize'> & {
  /** Upper bound of the relative step size. Default 0.01. */
  lr: number | Tensor;
  /**
   * Exponent of the decay of the squared average: its coefficient at step t is `1 - t ** beta2_decay`. Default -0.8.
   */
  beta2_decay: number;
  /**
   * Lower bounds of the second moment (null: the machine epsilon of the parameter's dtype) and of the root mean
   * square of the parameter. Default `[null, 0.001]`.
   */
  eps: readonly [number | null, number];
  /** Clipping threshold for the root mean square of an update; at least 1. Default 1. */
  d: number;
  /** Decoupled weight decay. Default 0. */
  weight_decay: number;
};

/**
 * The state that {@link Adafactor} keeps for a parameter: the row and column variances of a matrix, the variance of a
 * vector.
 */
export type AdafactorState = {
  step: Tensor;
  row_var?: Tensor;
  col_var?: Tensor;
  variance?: Tensor;
};

/** As `grad`, with a dimension of size 1. */
function without_dimension(grad: Tensor, dim: number): Tensor {
  const shape = [...grad.shape];
  shape[shape.length + dim] = 1;
  return grad.new_zeros(shape);
}

const kernel: Kernel<AdafactorOptions, AdafactorState> = {
  step: 'Adafactor',
  state: ['step', 'row_var', 'col_var', 'variance'],
  numbers: ({ lr, beta2_decay, eps, d, weight_decay }) => [lr, beta2_decay, eps[0] ?? NaN, eps[1], d, weight_decay],
  init: (param, grad, group) => ({
    step: scalar_state(0, param, group),
    ...(grad.dim() > 1
      ? { row_var: without_dimension(grad, -1), col_var: without_dimension(grad, -2) }
      : { variance: zeros_like(grad) }),
  }),
  since: { foreach: null },
};

const by_default: AdafactorOptions = {
  lr: 1e-2,
  beta2_decay: -0.8,
  eps: [null, 1e-3],
  d: 1,
  weight_decay: 0,
  foreach: null,
  maximize: false,
};

const ranges: readonly Range[] = [
  ['lr', 'Learning rate should be >= 0 but is', not_negative],
  ['beta2_decay', 'beta2_decay should be <= 0 but is', (decay) => decay <= 0],
];

const later_ranges: readonly Range[] = [
  ['d', 'Clipping threshold d should be >= 1 but is', (d) => d >= 1],
  ['weight_decay', 'weight_decay should be >= 0 but is', not_negative],
];

function check_eps(eps: unknown): void {
  const [first, second]: unknown[] = Array.isArray(eps) ? eps : [];
  if ((first !== null && typeof first !== 'number') || typeof second !== 'number') {
    throw new TypeError(`Adafactor(): argument 'eps' must be a float or None and a float, not ${kind_of(eps)}`);
  }
  if (first !== null && !(first >= 0)) throw new Error(`epsilon1 should be >= 0 but is: ${python_repr(first)}`);
  if (!(second >= 0)) throw new Error(`epsilon2 should be >= 0 but is: ${python_repr(second)}`);
}

const ARGUMENTS = optimizer_signature<AdafactorOptions>(
  'Adafactor',
  'lr?: float|Tensor, beta2_decay?: float|Tensor, eps?: (float|None)[], d?: float|Tensor, ' +
    'weight_decay?: float|Tensor, *, foreach?: bool|None, maximize?: bool',
);

type Positional = [
  lr: number | Tensor,
  beta2_decay: number,
  eps: AdafactorOptions['eps'],
  d: number,
  weight_decay: number,
];

/**
 * Adafactor: Adam-like steps with sublinear memory, since of a matrix only row and column statistics are kept.
 * Mirrors `torch.optim.Adafactor`.
 *
 * ```text
 * rho   = min(lr, 1 / sqrt(t)),  alpha = max(eps[1], RMS(param)) * rho,  beta = 1 - t ** beta2_decay
 * param = param * (1 - lr * weight_decay)
 * R     = beta * R + (1 - beta) * mean(grad ** 2 over columns),  C likewise over rows
 * V     = R C / mean(R)                             (of a vector, V is its running average of grad ** 2)
 * U     = grad / max(sqrt(V), eps[0])
 * param = param - alpha * U / max(1, RMS(U) / d)
 * ```
 *
 * For real floating point parameters; the last two dimensions are the matrix. The options, with their defaults, are
 * those of {@link AdafactorOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `beta2_decay`, `eps`, `d`, `weight_decay`, `foreach`, `maximize`
 * @throws Error when an option is out of its range; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(3, 2);
 * const optimizer = new optim.Adafactor(model.parameters(), { lr: 0.1 });
 * model(torch.ones(4, 3)).square().sum().backward();
 * optimizer.step();
 * print(optimizer.state.get(model.weight)!.row_var!.shape, optimizer.state.get(model.weight)!.col_var!.shape);
 * print(model.weight);
 * ```
 * ```python
 * model = nn.Linear(3, 2)
 * optimizer = optim.Adafactor(model.parameters(), lr=0.1)
 * model(torch.ones(4, 3)).square().sum().backward()
 * optimizer.step()
 * print(optimizer.state[model.weight]['row_var'].shape, optimizer.state[model.weight]['col_var'].shape)
 * print(model.weight)
 * ```
 */
export class Adafactor extends NativeOptimizer<AdafactorOptions, AdafactorState> {
  constructor(params_or_all: ParamsOrAll<AdafactorOptions>, ...others: Tail<Positional, Partial<AdafactorOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adafactor', defaults, ranges);
    check_eps(defaults.eps);
    check_ranges('Adafactor', defaults, later_ranges);
    super(kernel, params, defaults);
  }
}
