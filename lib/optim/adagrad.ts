import { full_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { Complex } from '../types/scalar.js';
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
} from './native_optimizer.js';
import { signature } from '../_internal/signature.js';
import { run_step } from './step_function.js';

/** The options of {@link Adagrad}, and of each of its parameter groups. */
export type AdagradOptions = Omit<HowOptions, 'capturable'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** Decay of the learning rate, which at step t is `lr / (1 + (t - 1) * lr_decay)`. Default 0. */
  lr_decay: number;
  /** Weight decay (L2 penalty); not with sparse gradients. Default 0. */
  weight_decay: number;
  /** Initial value of the sums of squared gradients. Default 0. */
  initial_accumulator_value: number;
  /** Added to the denominator for numerical stability. Default 1e-10. */
  eps: number;
};

/** The state that {@link Adagrad} keeps for a parameter, from its construction on. */
export type AdagradState = {
  step: Tensor;
  /** Sum of squared gradients. */
  sum: Tensor;
};

const kernel: Kernel<AdagradOptions, AdagradState> = {
  step: 'Adagrad',
  state: ['step', 'sum'],
  numbers: ({ lr, lr_decay, weight_decay, eps }) => [lr, lr_decay, weight_decay, eps],
  init: (param, _grad, group) => {
    const value = group.initial_accumulator_value;
    return {
      step: scalar_state(0, param, group),
      sum: full_like(param, param.is_complex() ? new Complex(value, value) : value),
    };
  },
  since: { foreach: null, maximize: false, differentiable: false, fused: null },
};

const by_default: AdagradOptions = {
  lr: 1e-2,
  lr_decay: 0,
  eps: 1e-10,
  weight_decay: 0,
  initial_accumulator_value: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  fused: null,
};

const ARGUMENTS = optimizer_signature<AdagradOptions>(
  'Adagrad',
  'lr?: float|Tensor, lr_decay?: float|Tensor, weight_decay?: float|Tensor, ' +
    'initial_accumulator_value?: float|Tensor, eps?: float|Tensor, foreach?: bool|None, *, maximize?: bool, ' +
    'differentiable?: bool, fused?: bool|None',
);

type Positional = [
  lr: number | Tensor,
  lr_decay: number,
  weight_decay: number,
  initial_accumulator_value: number,
  eps: number,
  foreach: boolean | null,
];

/**
 * Adagrad: divides by the square root of the sum of all squared gradients. Mirrors `torch.optim.Adagrad`.
 *
 * ```text
 * g     = grad + weight_decay * param
 * sum   = sum + g ** 2
 * param = param - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(sum) + eps)
 * ```
 *
 * For parameters of any floating point or complex dtype; gradients may be sparse. The options, with their defaults,
 * are those of {@link AdagradOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `lr_decay`, `weight_decay`, `initial_accumulator_value`, `eps`, `foreach`, `maximize`,
 * `differentiable`, `fused`
 * @throws Error when an option is negative; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([0.5, -1.5]));
 * const optimizer = new optim.Adagrad([w], { lr: 0.1 });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zero_grad();
 *   w.square().sum().backward();
 *   optimizer.step();
 * }
 * print(w, optimizer.state.get(w)!.sum);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([0.5, -1.5]))
 * optimizer = optim.Adagrad([w], lr=0.1)
 * for i in range(3):
 *     optimizer.zero_grad()
 *     w.square().sum().backward()
 *     optimizer.step()
 * print(w, optimizer.state[w]['sum'])
 * ```
 */
export class Adagrad extends NativeOptimizer<AdagradOptions, AdagradState> {
  constructor(params_or_all: ParamsOrAll<AdagradOptions>, ...others: Tail<Positional, Partial<AdagradOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Adagrad', defaults, [
      ['lr', 'Invalid learning rate', not_negative],
      ['lr_decay', 'Invalid lr_decay value', not_negative],
      ['weight_decay', 'Invalid weight_decay value', not_negative],
      ['initial_accumulator_value', 'Invalid initial_accumulator_value value', not_negative],
      ['eps', 'Invalid epsilon value', not_negative],
    ]);
    super(kernel, params, defaults);
    for (const group of this.param_groups) {
      for (const param of group.params) this.init_state(param, param, group);
    }
  }

  /** Sums start from the optimizer's own value, whatever the group says, as in Python. */
  protected override init_state(param: Tensor, grad: Tensor, group: AdagradOptions): void {
    const { initial_accumulator_value } = this.defaults;
    super.init_state(param, grad, { ...group, initial_accumulator_value });
  }
}

/** The options of {@link adagrad}: what Python takes by name only, and what may be left out. */
export interface AdagradStepOptions {
  /** Learning rate. */
  lr: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Decay of the learning rate. */
  lr_decay: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Maximize instead of minimizing. */
  maximize: boolean;
  /** Use libtorch's fused kernel; default null. */
  fused?: boolean | null;
  /** Must be null. */
  grad_scale?: Tensor | null;
  /** Must be null. */
  found_inf?: Tensor | null;
  /** Has no effect: sparse gradients are recognized. */
  has_sparse_grad?: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
}

/** The lists of {@link adagrad}. */
export interface AdagradStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  state_sums: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<AdagradStepLists & AdagradStepOptions>(
  'adagrad',
  'params: Tensor[], grads: Tensor[], state_sums: Tensor[], state_steps: Tensor[], fused?: bool|None, ' +
    'grad_scale?: Tensor|None, found_inf?: Tensor|None, has_sparse_grad?: bool, foreach?: bool|None, ' +
    'differentiable?: bool, has_complex?: bool, *, lr: float|Tensor, weight_decay: float|Tensor, ' +
    'lr_decay: float|Tensor, eps: float|Tensor, maximize: bool',
);

/**
 * One step of {@link Adagrad} as a function of lists, which it changes in place. Mirrors `torch.optim.adagrad.adagrad`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param state_sums - sums of the squared gradients
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `lr`, `weight_decay`, `lr_decay`, `eps`, `maximize` are required; see {@link AdagradStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { lr: 0.1, weight_decay: 0, lr_decay: 0, eps: 1e-10, maximize: false };
 * optim.adagrad.adagrad(params, grads, [torch.zeros(2)], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.adagrad import adagrad
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(lr=0.1, weight_decay=0, lr_decay=0, eps=1e-10, maximize=False)
 * adagrad(params, grads, [torch.zeros(2)], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function adagrad(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  state_sums: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: AdagradStepOptions,
): void;
export function adagrad(options: AdagradStepLists & AdagradStepOptions): void;
export function adagrad(...args: unknown[]): void {
  const given = STEP.read(args);
  const { params, grads, state_sums, state_steps } = given;
  run_step(
    'adagrad',
    kernel,
    { params, grads, state: { sum: state_sums, step: state_steps } },
    { fused: null, foreach: null, differentiable: false, ...given, initial_accumulator_value: 0 },
  );
}
