/** `torch.utils.deterministic`. */
import { native } from '../_C/native.js';
import type {} from '../backends/context.js';
import { kind_of } from '../_internal/kind_of.js';

/** Settings of deterministic algorithms. Mirrors `torch.utils.deterministic`. */
export interface Deterministic {
  /**
   * Whether memory that operators such as `torch.empty` leave as it is gets filled with NaN or the largest integer while
   * `torch.use_deterministic_algorithms(true)` holds. Default true.
   * @throws TypeError for another value than a boolean
   */
  fill_uninitialized_memory: boolean;
}

/**
 * Settings of deterministic algorithms. Mirrors `torch.utils.deterministic`.
 * @example
 * ```ts
 * torch.use_deterministic_algorithms(true);
 * print(torch.utils.deterministic.fill_uninitialized_memory, torch.empty(2));
 * torch.use_deterministic_algorithms(false);
 * ```
 * ```python
 * torch.use_deterministic_algorithms(True)
 * print(torch.utils.deterministic.fill_uninitialized_memory, torch.empty(2))
 * torch.use_deterministic_algorithms(False)
 * ```
 */
export const deterministic: Deterministic = {
  get fill_uninitialized_memory(): boolean {
    return native.switch_get('deterministic_fill');
  },
  set fill_uninitialized_memory(mode: boolean) {
    if (typeof mode !== 'boolean') {
      throw new TypeError(`fill_uninitialized_memory: expected a bool, but got ${kind_of(mode)}`);
    }
    native.switch_set('deterministic_fill', mode);
  },
};
