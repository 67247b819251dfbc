/** `torch.cuda.amp.common`. */
import { native } from '../../_C/native.js';
import { no_arguments } from '../../_internal/signature.js';

/**
 * Whether there is no CUDA device, so that `torch.autocast('cuda')` has no effect. Mirrors
 * `torch.cuda.amp.common.amp_definitely_not_available`.
 * @example
 * ```ts
 * print(torch.cuda.amp.amp_definitely_not_available() === torch.cuda.is_available());
 * ```
 * ```python
 * print(torch.cuda.amp.amp_definitely_not_available() == torch.cuda.is_available())
 * ```
 */
export function amp_definitely_not_available(): boolean;
export function amp_definitely_not_available(...none: unknown[]): boolean {
  no_arguments('amp_definitely_not_available', none);
  return native.device_count('cuda') === 0;
}
