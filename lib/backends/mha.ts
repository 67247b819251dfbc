/** Mirrors `torch.backends.mha`. */
let fastpath_enabled = true;

/** Whether `MultiheadAttention` and the Transformer layers may use fused kernels for inference. Default true. */
export function get_fastpath_enabled(): boolean {
  return fastpath_enabled;
}

/** Allows or forbids the fused kernels of `MultiheadAttention` and the Transformer layers. */
export function set_fastpath_enabled(value: boolean): void {
  fastpath_enabled = value;
}
