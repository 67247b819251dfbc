import { text_or_kind } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/** Whether a loss returns a value per element, their mean, or their sum. */
export type Reduction = 'none' | 'mean' | 'sum';

/** The two flags that `reduction` has replaced. */
export interface LegacyReduction {
  /** @deprecated use `reduction` */
  size_average?: boolean | null;
  /** @deprecated use `reduction` */
  reduce?: boolean | null;
}

/** libtorch's number of a reduction. */
export function reduction_code(reduction: string): number {
  switch (reduction) {
    case 'none':
      return 0;
    case 'mean':
      return 1;
    case 'sum':
      return 2;
    case 'elementwise_mean':
      warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.");
      return 1;
    default:
      throw new Error(`${text_or_kind(reduction)} is not a valid value for reduction`);
  }
}

/** The reduction that the arguments ask for; the deprecated flags take precedence. */
export function resolve_reduction<R extends string>(
  size_average: boolean | null | undefined,
  reduce: boolean | null | undefined,
  reduction: R,
): R | Reduction {
  if ((size_average ?? null) === null && (reduce ?? null) === null) return reduction;
  const meant: Reduction = (reduce ?? true) ? ((size_average ?? true) ? 'mean' : 'sum') : 'none';
  warn(`size_average and reduce args will be deprecated, please use reduction='${meant}' instead.`);
  return meant;
}
