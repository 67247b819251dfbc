/** The library behind matrices of which two in four elements are zero: `torch.backends.cusparselt`. */
import { native } from '../_C/native.js';
import { no_arguments } from '../_internal/signature.js';

// What native/core/context.cpp exports about it.
declare module '../_C/native.js' {
  interface Native {
    cusparselt_version(): number | null;
  }
}

/** The largest number of an algorithm in versions that Python knows it of. */
const MAX_ALG_ID = new Map([
  [400, 4],
  [502, 5],
  [602, 37],
]);

/**
 * Whether libtorch was built with cuSPARSELt. Mirrors `torch.backends.cusparselt.is_available`.
 * @example
 * ```ts
 * print(torch.backends.cusparselt.is_available());
 * ```
 * ```python
 * print(torch.backends.cusparselt.is_available())
 * ```
 */
export function is_available(...none: []): boolean {
  no_arguments('is_available', none);
  return native.cusparselt_version() !== null;
}

/**
 * The version as one number, such as 702; null without cuSPARSELt. Mirrors `torch.backends.cusparselt.version`.
 * @example
 * ```ts
 * print(torch.backends.cusparselt.version());
 * ```
 * ```python
 * print(torch.backends.cusparselt.version())
 * ```
 */
export function version(...none: []): number | null {
  no_arguments('version', none);
  return native.cusparselt_version();
}

/**
 * The largest number of an algorithm; null where that is not known. Mirrors `torch.backends.cusparselt.get_max_alg_id`.
 * @example
 * ```ts
 * print(torch.backends.cusparselt.get_max_alg_id());
 * ```
 * ```python
 * print(torch.backends.cusparselt.get_max_alg_id())
 * ```
 */
export function get_max_alg_id(...none: []): number | null {
  no_arguments('get_max_alg_id', none);
  return MAX_ALG_ID.get(native.cusparselt_version() ?? -1) ?? null;
}
