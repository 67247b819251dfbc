/** Mirrors `torch.backends.mha`. */
import { kind_of } from './representation.js';

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
  if (typeof value !== 'boolean') {
    throw new TypeError(`set_fastpath_enabled(): argument 'value' must be bool, not ${kind_of(value)}`);
  }
  fastpath_enabled = value;
}
