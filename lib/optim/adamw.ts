import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import { Adam, type AdamOptions } from './adam.js';
import { optimizer_signature, type ParamsOrAll } from './native_optimizer.js';

/** The options of {@link AdamW}: those of Adam, with weight decay always decoupled. */
export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

const ARGUMENTS = optimizer_signature<AdamWOptions>(
  'AdamW',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, amsgrad?: bool, *, ' +
    'maximize?: bool, foreach?: bool|None, capturable?: bool, differentiable?: bool, fused?: bool|None',
);

type Positional = [
  lr: number | Tensor,
  betas: AdamOptions['betas'],
  eps: number,
  weight_decay: number | Tensor,
  amsgrad: boolean,
];

/**
 * Adam whose weight decay does not go into its averages. Mirrors `torch.optim.AdamW`; `weight_decay` is 0.01 by
 * default.
 */
export class AdamW extends Adam {
  constructor(params_or_all: ParamsOrAll<AdamWOptions>, ...others: Tail<Positional, Partial<AdamWOptions>>) {
    const { params, ...given } = ARGUMENTS.read([params_or_all, ...others]);
    super(params, { weight_decay: 1e-2, ...given, decoupled_weight_decay: true });
  }

  protected override after_load(): void {
    super.after_load();
    for (const group of this.param_groups) group.decoupled_weight_decay = true;
  }
}
