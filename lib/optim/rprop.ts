import { full_like, zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { python_repr } from '../python/print.js';
import { Complex } from '../types/scalar.js';
import { Tensor } from '../_tensor.js';
import { number_of } from './hyperparameter.js';
import {
  check_numbers,
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

/** The options of {@link Rprop}, and of each of its parameter groups. */
export type RpropOptions = Omit<HowOptions, 'fused'> & {
  /** Initial step size of every element. Default 0.01. */
  lr: number | Tensor;
  /**
   * Factors by which a step size shrinks when the gradient changes its sign, and grows when it keeps it. Default
   * `[0.5, 1.2]`.
   */
  etas: readonly [number, number];
  /** Minimal and maximal step size. Default `[1e-6, 50]`. */
  step_sizes: readonly [number, number];
};

/** The state that {@link Rprop} keeps for a parameter. */
export type RpropState = {
  step: Tensor;
  /** The gradient of the previous step, zero where the sign changed. */
  prev: Tensor;
  /** The step size of each element. */
  step_size: Tensor;
};

/** @throws TypeError when the learning rate requires grad: the state is cut off from it */
function first_size(grad: Tensor, lr: number | Tensor): Tensor {
  if (lr instanceof Tensor && lr.requires_grad) {
    throw new TypeError("full_like(): argument 'fill_value' must be Number, not Tensor");
  }
  const size = number_of(lr);
  return full_like(grad, grad.is_complex() ? new Complex(size, size) : size);
}

const kernel: Kernel<RpropOptions, RpropState> = {
  step: 'Rprop',
  state: ['step', 'prev', 'step_size'],
  numbers: ({ etas, step_sizes }) => [etas[0], etas[1], step_sizes[0], step_sizes[1]],
  init: (param, grad, group) => ({
    step: scalar_state(0, param, group),
    prev: zeros_like(param),
    step_size: first_size(grad, group.lr),
  }),
  since: since_always,
};

const by_default: RpropOptions = {
  lr: 1e-2,
  etas: [0.5, 1.2],
  step_sizes: [1e-6, 50],
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const ARGUMENTS = optimizer_signature<RpropOptions>(
  'Rprop',
  'lr?: float|Tensor, etas?: float[], step_sizes?: float[], *, capturable?: bool, foreach?: bool|None, ' +
    'maximize?: bool, differentiable?: bool',
);

type Positional = [lr: number | Tensor, etas: RpropOptions['etas'], step_sizes: RpropOptions['step_sizes']];

/**
 * Resilient backpropagation: step sizes per element that follow the signs of the gradients alone. Mirrors
 * `torch.optim.Rprop`.
 *
 * ```text
 * size  = min(size * etas[1], step_sizes[1])        where grad * prev > 0
 * size  = max(size * etas[0], step_sizes[0])        where grad * prev < 0; there grad = 0
 * param = param - size * sign(grad)
 * ```
 *
 * Meant for full-batch training. For parameters of any floating point or complex dtype; gradients must be dense. The
 * options, with their defaults, are those of {@link RpropOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `etas`, `step_sizes`, `capturable`, `foreach`, `maximize`, `differentiable`
 * @throws Error unless `lr >= 0` and `0 < etas[0] < 1 < etas[1]`; TypeError for an unknown option or one of a wrong
 * type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.Rprop([w], { lr: 0.1 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w, optimizer.state.get(w)!.step_size);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.Rprop([w], lr=0.1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w, optimizer.state[w]['step_size'])
 * ```
 */
export class Rprop extends NativeOptimizer<RpropOptions, RpropState> {
  constructor(params_or_all: ParamsOrAll<RpropOptions>, ...others: Tail<Positional, Partial<RpropOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Rprop', defaults, [['lr', 'Invalid learning rate', not_negative]]);
    check_numbers('Rprop', 'etas', defaults.etas, 2);
    check_numbers('Rprop', 'step_sizes', defaults.step_sizes, 2);
    const [minus, plus] = defaults.etas;
    if (!(minus > 0 && minus < 1 && plus > 1)) {
      throw new Error(`Invalid eta values: ${python_repr(minus)}, ${python_repr(plus)}`);
    }
    super(kernel, params, defaults);
  }
}

/** The options of {@link rprop}: what Python takes by name only, and what may be left out. */
export interface RpropStepOptions {
  /** Smallest step size. */
  step_size_min: number;
  /** Largest step size. */
  step_size_max: number;
  /** Factor when the sign of the gradient changes. */
  etaminus: number;
  /** Factor when it stays. */
  etaplus: number;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Maximize instead of minimizing; default false. */
  maximize?: boolean;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
}

/** The lists of {@link rprop}. */
export interface RpropStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  prevs: readonly Tensor[];
  step_sizes: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<RpropStepLists & RpropStepOptions>(
  'rprop',
  'params: Tensor[], grads: Tensor[], prevs: Tensor[], step_sizes: Tensor[], state_steps: Tensor[], ' +
    'foreach?: bool|None, capturable?: bool, maximize?: bool, differentiable?: bool, has_complex?: bool, ' +
    '*, step_size_min: float, step_size_max: float, etaminus: float, etaplus: float',
);

/**
 * One step of {@link Rprop} as a function of lists, which it changes in place. Mirrors `torch.optim.rprop.rprop`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param prevs - previous gradients
 * @param step_sizes - step sizes of the elements
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `step_size_min`, `step_size_max`, `etaminus`, `etaplus` are required; see {@link RpropStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { step_size_min: 1e-6, step_size_max: 50, etaminus: 0.5, etaplus: 1.2 };
 * optim.rprop.rprop(params, grads, [torch.zeros(2)], [torch.full([2], 0.1)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.rprop import rprop
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(step_size_min=1e-6, step_size_max=50, etaminus=0.5, etaplus=1.2)
 * rprop(params, grads, [torch.zeros(2)], [torch.full([2], 0.1)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function rprop(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  prevs: readonly Tensor[],
  step_sizes: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: RpropStepOptions,
): void;
export function rprop(options: RpropStepLists & RpropStepOptions): void;
export function rprop(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, prevs, step_sizes, state_steps } = given;
  const { step_size_min, step_size_max, etaminus, etaplus } = given;
  run_step(
    'rprop',
    kernel,
    { params, grads, state: { prev: prevs, step_size: step_sizes, step: state_steps } },
    {
      foreach: null,
      capturable: false,
      maximize: false,
      differentiable: false,
      ...given,
      etas: [etaminus, etaplus],
      step_sizes: [step_size_min, step_size_max],
      lr: 0,
    },
  );
}
