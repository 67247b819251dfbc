/** How collectives combine what the processes give: `torch.distributed.ReduceOp`. */
import { define_kind } from '../_internal/signature.js';
import { NamedValue } from '../_internal/named_value.js';

/** A reduction of {@link ReduceOp}. */
export class RedOpType extends NamedValue {}
define_kind('ReduceOp', 'ReduceOp', (value) => value instanceof RedOpType);

/**
 * The reductions of collectives. Mirrors `torch.distributed.ReduceOp`. The numbers are those of libtorch. Gloo averages (`AVG`) in collectives
 * where libtorch's does; `PREMUL_SUM` is NCCL's, and not here.
 * @example
 * ```ts
 * const { ReduceOp } = torch.distributed;
 * print(ReduceOp.SUM, ReduceOp.MAX.value);
 * ```
 * ```python
 * from torch.distributed import ReduceOp
 * print(ReduceOp.SUM, ReduceOp.MAX.value)
 * ```
 */
export const ReduceOp = {
  /** The sum. */
  SUM: new RedOpType('RedOpType', 'SUM', 0),
  /** The mean. */
  AVG: new RedOpType('RedOpType', 'AVG', 1),
  /** The product. */
  PRODUCT: new RedOpType('RedOpType', 'PRODUCT', 2),
  /** The least. */
  MIN: new RedOpType('RedOpType', 'MIN', 3),
  /** The greatest. */
  MAX: new RedOpType('RedOpType', 'MAX', 4),
  /** Bitwise and. */
  BAND: new RedOpType('RedOpType', 'BAND', 5),
  /** Bitwise or. */
  BOR: new RedOpType('RedOpType', 'BOR', 6),
  /** Bitwise exclusive or. */
  BXOR: new RedOpType('RedOpType', 'BXOR', 7),
} as const;

/**
 * Whether a reduction means something for complex numbers, which are reduced part by part. Mirrors
 * `torch.distributed.distributed_c10d.supports_complex`.
 */
export function supports_complex(reduceOp: RedOpType): boolean {
  return reduceOp === ReduceOp.SUM || reduceOp === ReduceOp.AVG;
}
