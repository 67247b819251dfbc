import { StepFlag } from '../generated/shared_numbers.js';
import { keep } from '../memory.js';
import type { Tail } from '../_internal/arguments.js';
import { wrap } from '../_C/tensor_base.js';
import { as_class_of } from '../_C/tensor_subclass.js';
import type { Tensor } from '../_tensor.js';
import {
  check_ranges,
  not_negative,
  optimizer_signature,
  options_over,
  RowOptimizer,
  type HowOptions,
  type Layout,
  type ParamsOrAll,
} from './native_optimizer.js';
import type { ParamGroup } from './optimizer.js';
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link SGD}, and of each of its parameter groups. */
export type SGDOptions = Omit<HowOptions, 'capturable'> & {
  /** Learning rate. Default 0.001. A Tensor of one element may be changed in place between steps. */
  lr: number | Tensor;
  /** Momentum factor. Default 0. */
  momentum: number;
  /** Dampening for momentum. Default 0. */
  dampening: number;
  /** Weight decay (L2 penalty). Default 0. */
  weight_decay: number | Tensor;
  /** Use Nesterov momentum; needs a momentum above 0 and zero dampening. Default false. */
  nesterov: boolean;
};

/** The state that {@link SGD} keeps for a parameter. */
export type SGDState = {
  momentum_buffer?: Tensor | null;
};

const layout: Layout<SGDOptions, SGDState> = {
  step: 'SGD',
  state: ['momentum_buffer'],
  numbers: ({ lr, momentum, dampening, weight_decay }) => [lr, momentum, dampening, weight_decay],
  flags: ({ nesterov }) => (nesterov ? StepFlag.first_own_flag : 0),
  since: { nesterov: false, maximize: false, foreach: null, differentiable: false, fused: false },
  counts: [],
};

const by_default: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weight_decay: 0,
  nesterov: false,
  maximize: false,
  foreach: null,
  differentiable: false,
  fused: null,
};

const ARGUMENTS = optimizer_signature<SGDOptions>(
  'SGD',
  'lr?: float|Tensor, momentum?: float|Tensor, dampening?: float|Tensor, weight_decay?: float|Tensor, ' +
    'nesterov?: bool, *, maximize?: bool, foreach?: bool|None, differentiable?: bool, fused?: bool|None',
);

type Positional = [
  lr: number | Tensor,
  momentum: number,
  dampening: number,
  weight_decay: number | Tensor,
  nesterov: boolean,
];

/**
 * Stochastic gradient descent, optionally with momentum. Mirrors `torch.optim.SGD`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * buf   = momentum * buf + (1 - dampening) * g      (buf = g at the first step)
 * param = param - lr * buf                          (nesterov: lr * (g + momentum * buf))
 * ```
 *
 * Parameters may be dense or sparse in their gradients, of any floating point or complex dtype. The options, with
 * their defaults, are those of {@link SGDOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `momentum`, `dampening`, `weight_decay`, `nesterov`, `maximize`, `foreach`,
 * `differentiable`, `fused`
 * @throws Error when `lr`, `momentum` or `weight_decay` is negative, or `nesterov` lacks a momentum or has dampening;
 * TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
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
 * optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
 * x, y = torch.randn(8, 2), torch.randn(8, 1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     loss = F.mse_loss(model(x), y)
 *     loss.backward()
 *     optimizer.step()
 *     print(loss.detach())
 * ```
 */
export class SGD extends RowOptimizer<SGDOptions, SGDState> {
  constructor(params_or_all: ParamsOrAll<SGDOptions>, ...others: Tail<Positional, Partial<SGDOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('SGD', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['momentum', 'Invalid momentum value', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
    ]);
    const { nesterov, momentum, dampening } = defaults;
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new Error('Nesterov momentum requires a momentum and zero dampening');
    }
    super(layout, params, defaults);
  }

  protected override step_group(group: ParamGroup<SGDOptions>): void {
    // The momentum buffers that the step made: the index of the parameter and the buffer, by turns.
    const made = this.call(group) as number[];
    for (let i = 0; i < made.length; i += 2) {
      const param = group.params[made[i] as number]!;
      this.state.set(param, {
        ...this.state.get(param),
        momentum_buffer: as_class_of(param, keep(wrap(made[i + 1] as number))),
      });
    }
  }
}

/** The options of {@link sgd}: what Python takes by name only, and what may be left out. */
export interface SGDStepOptions {
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Momentum factor. */
  momentum: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Dampening for momentum. */
  dampening: number | Tensor;
  /** Use Nesterov momentum. */
  nesterov: boolean;
  /** Maximize instead of minimizing. */
  maximize: boolean;
  /** Has no effect: sparse gradients are recognized. */
  has_sparse_grad?: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Use libtorch's fused kernel; default null. */
  fused?: boolean | null;
  /** Must be null. */
  grad_scale?: Tensor | null;
  /** Must be null. */
  found_inf?: Tensor | null;
}

/** The lists of {@link sgd}. */
export interface SGDStepLists {
  params: readonly Tensor[];
  d_p_list: readonly Tensor[];
  momentum_buffer_list: readonly (Tensor | null)[];
}

const STEP = signature<SGDStepLists & SGDStepOptions>(
  'sgd',
  'params: Tensor[], d_p_list: Tensor[], momentum_buffer_list: (Tensor|None)[], has_sparse_grad?: bool, ' +
    'foreach?: bool|None, fused?: bool|None, grad_scale?: Tensor|None, found_inf?: Tensor|None, *, ' +
    'weight_decay: float|Tensor, momentum: float|Tensor, lr: float|Tensor, dampening: float|Tensor, ' +
    'nesterov: bool, maximize: bool',
);

/**
 * One step of {@link SGD} as a function of lists, which it changes in place. Mirrors `torch.optim.sgd.sgd`.
 *
 * @param params - the parameters
 * @param d_p_list - their gradients
 * @param momentum_buffer_list - momentum buffers, null before the first step; filled in
 * @param options - `weight_decay`, `momentum`, `lr`, `dampening`, `nesterov`, `maximize` are required; see {@link SGDStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { weight_decay: 0, momentum: 0.9, lr: 0.1, dampening: 0, nesterov: false, maximize: false };
 * optim.sgd.sgd(params, grads, [null], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.sgd import sgd
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(weight_decay=0, momentum=0.9, lr=0.1, dampening=0, nesterov=False, maximize=False)
 * sgd(params, grads, [None], **options)
 * print(params)
 * ```
 */
export function sgd(
  params: readonly Tensor[],
  d_p_list: readonly Tensor[],
  momentum_buffer_list: readonly (Tensor | null)[],
  options: SGDStepOptions,
): void;
export function sgd(options: SGDStepLists & SGDStepOptions): void;
export function sgd(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, d_p_list, momentum_buffer_list } = given;
  const made = run_step(
    'sgd',
    layout,
    { params, grads: d_p_list, state: { momentum_buffer: momentum_buffer_list } },
    { foreach: null, fused: null, ...given },
  ) as number[];
  // The momentum buffers that the step made: the index of the parameter and the buffer, by turns.
  for (let i = 0; i < made.length; i += 2) {
    (momentum_buffer_list as (Tensor | null)[])[made[i] as number] = keep(wrap(made[i + 1] as number));
  }
}
