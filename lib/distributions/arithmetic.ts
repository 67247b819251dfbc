/** What Python's operators do where a number stands on the left, and constants of several distributions. */
import { rsub } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';
import { native } from '../_C/native.js';
import { finfo as type_info, type FloatInfo } from '../types/type_info.js';
import type { DType } from '../types/dtype.js';

/** `number - tensor`. */
export function minus(number: number, tensor: Tensor): Tensor {
  return rsub(tensor, number);
}

/** `number / tensor`, which Python computes by the reciprocal. */
export function over(number: number, tensor: Tensor): Tensor {
  return tensor.reciprocal().mul(number);
}

/** Whether all elements are true. */
export function all_true(tensor: Tensor): boolean {
  return tensor.all().item<boolean>();
}

/** Whether any element is true. */
export function any_true(tensor: Tensor): boolean {
  return tensor.any().item<boolean>();
}

/** `x[condition] = value`, without a change of `x`. */
export function put_where(x: Tensor, condition: Tensor, value: Tensor | number): Tensor {
  return x.index_put_([condition], value);
}

/** The limits of a dtype, by which values are kept off the borders of a support. */
export function finfo(dtype: DType): FloatInfo {
  return type_info(dtype);
}

/** The logarithm of the C library, as Python's `math.log`: V8's own differs in the last digit. */
export function log(value: number): number {
  return native.math_log(value);
}

/** Euler's constant. */
export const EULER = 0.5772156649015329;
