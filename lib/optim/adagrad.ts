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

/** The options of {@link Adagrad}, and of each of its parameter groups. */
export type AdagradOptions = Omit<HowOptions, 'capturable'> & {
  /** Learning rate. Default 0.01. */
  lr: number | Tensor;
  /** How the learning rate falls: it is divided by `1 + (step - 1) * lr_decay`. Default 0. */
  lr_decay: number;
  /** L2 penalty; not with sparse gradients. Default 0. */
  weight_decay: number;
  /** What the sums of squares start from. Default 0. */
  initial_accumulator_value: number;
  /** Added to the denominator. Default 1e-10. */
  eps: number;
};

/** What Adagrad remembers of a parameter, from the beginning. */
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

/** Divides by the root of the sum of all squared gradients. Mirrors `torch.optim.Adagrad`; takes sparse gradients. */
export class Adagrad extends NativeOptimizer<AdagradOptions, AdagradState> {
  /** @throws Error when an option is out of its range */
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
