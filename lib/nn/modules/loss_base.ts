/** What losses have in common. */
import type { Tensor } from '../../_tensor.js';
import type * as F from '../functional/index.js';
import { resolve_reduction, type Reduction } from '../functional/reduction.js';
import { Module } from './module.js';

/** A loss with a reduction; Python's name for it is `torch.nn.modules.loss._Loss`. */
export class Loss<R extends string = Reduction> extends Module {
  declare reduction: R | Reduction;

  constructor(options: { size_average?: boolean | null; reduce?: boolean | null; reduction?: R | Reduction } = {}) {
    super();
    this.reduction = resolve_reduction(options.size_average, options.reduce, options.reduction ?? 'mean');
  }
}

/** A loss with weights of classes or elements, which are a buffer; in Python `torch.nn.modules.loss._WeightedLoss`. */
export class WeightedLoss extends Loss {
  declare weight: Tensor | null;

  constructor(options: F.WeightedLossOptions = {}) {
    super(options);
    this.register_buffer('weight', options.weight ?? null);
  }
}
