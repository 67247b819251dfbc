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
  /** The largest relative step size. Default 0.01. */
  lr: number | Tensor;
  /** The average of squares decays with `1 - step ** beta2_decay`. Default -0.8. */
  beta2_decay: number;
  /**
   * The least variance (null for the machine epsilon of the parameter's dtype), and the least size of a parameter.
   * Default `[null, 0.001]`.
   */
  eps: readonly [number | null, number];
  /** The largest root mean square of a step, in units of the learning rate. Default 1. */
  d: number;
  /** How much the parameters shrink. Default 0. */
  weight_decay: number;
};

/** What Adafactor remembers of a parameter: of matrices the variances of rows and columns, of vectors the variance. */
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
 * Adam with little memory: keeps of a matrix only the mean squares of rows and columns. Mirrors
 * `torch.optim.Adafactor`.
 */
export class Adafactor extends NativeOptimizer<AdafactorOptions, AdafactorState> {
  /** @throws Error when an option is out of its range */
  constructor(params_or_all: ParamsOrAll<AdafactorOptions>, ...others: Tail<Positional, Partial<AdafactorOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adafactor', defaults, ranges);
    check_eps(defaults.eps);
    check_ranges('Adafactor', defaults, later_ranges);
    super(kernel, params, defaults);
  }
}
