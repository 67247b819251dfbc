import type { Tensor } from '../tensor.js';

/** Whether a tensor is a list of tensors of several sizes, without a shape of its own. Mirrors `Tensor.is_nested`. */
export function is_nested(tensor: Tensor): boolean {
  try {
    return tensor.shape.length < 0;
  } catch {
    return true;
  }
}
