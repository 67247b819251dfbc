import { keep } from '../memory.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { wrap } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';
import {
  check_ranges,
  FIRST_OWN_FLAG,
  not_negative,
  optimizer_signature,
  options_over,
  RowOptimizer,
  type HowOptions,
  type Layout,
  type ParamsOrAll,
} from './native_optimizer.js';
import type { ParamGroup } from './optimizer.js';

/** The options of {@link SGD}, and of each of its parameter groups. */
export type SGDOptions = Omit<HowOptions, 'capturable'> & {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  momentum: number;
  /** How little of the gradient goes into the momentum. Default 0. */
  dampening: number;
  /** L2 penalty. Default 0. */
  weight_decay: number | Tensor;
  nesterov: boolean;
};

/** What SGD remembers of a parameter. */
export type SGDState = {
  momentum_buffer?: Tensor | null;
};

const layout: Layout<SGDOptions, SGDState> = {
  state: ['momentum_buffer'],
  numbers: ({ lr, momentum, dampening, weight_decay }) => [lr, momentum, dampening, weight_decay],
  flags: ({ nesterov }) => (nesterov ? FIRST_OWN_FLAG : 0),
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

/** Stochastic gradient descent, with momentum if wanted. Mirrors `torch.optim.SGD`; takes sparse gradients. */
export class SGD extends RowOptimizer<SGDOptions, SGDState> {
  /** @throws Error when an option is out of its range */
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
    const made = this.call(native.sgd_step, group);
    for (let i = 0; i < made.length; i += 2) {
      const param = group.params[made[i] as number]!;
      this.state.set(param, { ...this.state.get(param), momentum_buffer: keep(wrap(made[i + 1] as number)) });
    }
  }
}
