/** Mirrors `torch.backends.mha`. */
import { no_arguments, signature } from '../_internal/signature.js';

const SET_FASTPATH_ENABLED = signature<{ value: boolean }>('set_fastpath_enabled', 'value: bool');

let fastpath_enabled = true;

/**
 * Whether `MultiheadAttention` and the Transformer layers may use fused kernels for inference. Default true.
 * @example
 * ```ts
 * print(torch.backends.mha.get_fastpath_enabled());
 * ```
 * ```python
 * print(torch.backends.mha.get_fastpath_enabled())
 * ```
 */
export function get_fastpath_enabled(): boolean;
export function get_fastpath_enabled(...none: unknown[]): boolean {
  no_arguments('get_fastpath_enabled', none);
  return fastpath_enabled;
}

/**
 * Allows or forbids the fused kernels of `MultiheadAttention` and the Transformer layers.
 *
 * @throws TypeError when the value is not a boolean
 * @example
 * ```ts
 * torch.backends.mha.set_fastpath_enabled(false);
 * print(torch.backends.mha.get_fastpath_enabled());
 * torch.backends.mha.set_fastpath_enabled(true);
 * ```
 * ```python
 * torch.backends.mha.set_fastpath_enabled(False)
 * print(torch.backends.mha.get_fastpath_enabled())
 * torch.backends.mha.set_fastpath_enabled(True)
 * ```
 */
export function set_fastpath_enabled(value: boolean): void;
export function set_fastpath_enabled(...args: unknown[]): void {
  fastpath_enabled = SET_FASTPATH_ENABLED.read(args).value;
}
