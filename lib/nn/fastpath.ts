/** Mirrors `torch.backends.mha`. */
import { boolean_argument } from './arguments.js';

let fastpath_enabled = true;

/** Whether `MultiheadAttention` and the Transformer layers may use fused kernels for inference. Default true. */
export function get_fastpath_enabled(): boolean {
  return fastpath_enabled;
}

/**
 * Allows or forbids the fused kernels of `MultiheadAttention` and the Transformer layers.
 *
 * @throws TypeError when the value is no boolean
 */
export function set_fastpath_enabled(value: boolean): void {
  boolean_argument('set_fastpath_enabled', 'value', value);
  fastpath_enabled = value;
}
