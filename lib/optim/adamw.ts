import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import { Adam, type AdamOptions } from './adam.js';
import { optimizer_signature, type ParamsOrAll } from './native_optimizer.js';

/** The options of {@link AdamW}: those of Adam, with weight decay always decoupled and 0.01 by default. */
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
 * Adam with decoupled weight decay. Mirrors `torch.optim.AdamW`.
 *
 * The parameter is first multiplied by `1 - lr * weight_decay`; the decay enters neither of Adam's running averages.
 * The rest of the step is that of {@link Adam}, and so are the options, except that `weight_decay` is 0.01 by
 * default.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `amsgrad`, `maximize`, `foreach`, `capturable`,
 * `differentiable`, `fused`
 * @throws Error when `lr`, `eps` or `weight_decay` is negative or a beta is outside [0, 1); TypeError for an unknown
 * option or one of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.AdamW([
 *   { params: [model.weight], weight_decay: 0.1 },
 *   { params: [model.bias!], weight_decay: 0 },
 * ], { lr: 0.01 });
 * model(torch.ones(4, 2)).sum().backward();
 * optimizer.step();
 * print(model.weight, model.bias);
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * optimizer = optim.AdamW([
 *     {'params': [model.weight], 'weight_decay': 0.1},
 *     {'params': [model.bias], 'weight_decay': 0},
 * ], lr=0.01)
 * model(torch.ones(4, 2)).sum().backward()
 * optimizer.step()
 * print(model.weight, model.bias)
 * ```
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
