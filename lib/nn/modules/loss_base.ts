/** What losses have in common. */
import type { Tensor } from '../../_tensor.js';
import type * as F from '../functional/index.js';
import { resolve_reduction, type Reduction } from '../functional/reduction.js';
import { Module } from './module.js';

/**
 * A loss with a reduction. Mirrors `torch.nn.modules.loss._Loss`.
 *
 * @example
 * ```ts
 * print(new nn.MSELoss() instanceof nn.modules.loss._Loss);
 * ```
 * ```python
 * print(isinstance(nn.MSELoss(), nn.modules.loss._Loss))
 * ```
 */
export class Loss<R extends string = Reduction> extends Module {
  declare reduction: R | Reduction;

  constructor(options: { size_average?: boolean | null; reduce?: boolean | null; reduction?: R | Reduction } = {}) {
    super();
    this.reduction = resolve_reduction(options.size_average, options.reduce, options.reduction ?? 'mean');
  }
}

/**
 * A loss with weights of classes or elements, which are a buffer. Mirrors `torch.nn.modules.loss._WeightedLoss`.
 *
 * @example
 * ```ts
 * print(new nn.NLLLoss() instanceof nn.modules.loss._WeightedLoss);
 * ```
 * ```python
 * print(isinstance(nn.NLLLoss(), nn.modules.loss._WeightedLoss))
 * ```
 */
export class WeightedLoss extends Loss {
  declare weight: Tensor | null;

  constructor(options: F.WeightedLossOptions = {}) {
    super(options);
    this.register_buffer('weight', options.weight ?? null);
  }
}
