/** Mirrors `torch.backends.mha`. */
import { signature } from '../_internal/signature.js';

let fastpath_enabled = true;

const GET_FASTPATH = signature('get_fastpath_enabled', '');
const SET_FASTPATH = signature<{ value: boolean }>('set_fastpath_enabled', 'value: bool');

/** Whether `MultiheadAttention` and the Transformer layers may use fused kernels for inference. Default true. */
export function get_fastpath_enabled(): boolean;
export function get_fastpath_enabled(...args: unknown[]): boolean {
  if (args.length > 0) GET_FASTPATH.read(args);
  return fastpath_enabled;
}

/**
 * Allows or forbids the fused kernels of `MultiheadAttention` and the Transformer layers.
 *
 * @throws TypeError when the value is no boolean
 */
export function set_fastpath_enabled(value: boolean): void;
export function set_fastpath_enabled(...args: unknown[]): void {
  fastpath_enabled = SET_FASTPATH.read(args).value;
}
