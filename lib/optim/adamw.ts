import { bind, type Tail } from '../nn/arguments.js';
import type { Tensor } from '../tensor.js';
import { Adam, type AdamOptions } from './adam.js';
import type { Params } from './optimizer.js';

/** The options of {@link AdamW}: those of Adam, with weight decay always decoupled. */
export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

const names = [
  'lr', 'betas', 'eps', 'weight_decay', 'amsgrad', 'maximize', 'foreach', 'capturable', 'differentiable', 'fused',
] as const;

type Positional = [
  lr: number | Tensor, betas: AdamOptions['betas'], eps: number, weight_decay: number | Tensor, amsgrad: boolean,
];

/**
 * Adam whose weight decay does not go into its averages. Mirrors `torch.optim.AdamW`; `weight_decay` is 0.01 by
 * default.
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamOptions>, ...options: Tail<Positional, Partial<AdamWOptions>>) {
    const given = bind<Partial<AdamWOptions>>('AdamW', names, options);
    super(params, { weight_decay: 1e-2, ...given, decoupled_weight_decay: true });
  }

  protected override after_load(): void {
    super.after_load();
    for (const group of this.param_groups) group.decoupled_weight_decay = true;
  }
}
