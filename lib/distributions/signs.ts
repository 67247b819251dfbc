/** Signs of transforms, and lists of them. */
import { Tensor } from '../_tensor.js';

/** The sign of the derivative of a monotone transform. */
export type Sign = number | Tensor;

/** The product of two signs. */
export function signs(a: Sign, b: Sign): Sign {
  if (a instanceof Tensor) return a.mul(b);
  return b instanceof Tensor ? b.mul(a) : a * b;
}

interface Comparable {
  equals(other: unknown): boolean;
}

/** Whether two lists have equal transforms. */
export function same_transforms(a: readonly Comparable[], b: readonly Comparable[]): boolean {
  return a.length === b.length && a.every((transform, i) => transform.equals(b[i]));
}
