/** Arithmetic of hyperparameters, which are numbers or 0-d tensors, with Python's rounding. */
import { pow, rsub } from '../generated/functions.js';
import { native } from '../native.js';
import { Tensor } from '../tensor.js';

/** A learning rate or the like: a number, or a tensor of one element. */
export type Hyperparameter = number | Tensor;

/** A tensor of one element without dimensions; a number as it is. */
export function scalar_of<T extends Hyperparameter>(value: T): T {
  return value instanceof Tensor && value.dim() !== 0 ? (value.squeeze() as T) : value;
}

/** The value as a number. */
export function number_of(value: Hyperparameter): number {
  return value instanceof Tensor ? Number(value.item()) : value;
}

/** `a - b`. */
export function subtract(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.sub(b) : a.sub(b);
  return b instanceof Tensor ? rsub(b, a) : a - b;
}

/** `a * b`. */
export function multiply(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.mul(b) : a.mul(b);
  return b instanceof Tensor ? b.mul(a) : a * b;
}

/** A number over a tensor is the number times the reciprocal, as in Python. */
export function divide(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.div(b) : a.div(b);
  return b instanceof Tensor ? b.reciprocal().mul(a) : a / b;
}

/** `-value`. */
export function negative(value: Hyperparameter): Hyperparameter {
  return value instanceof Tensor ? value.neg() : -value;
}

/** `base ** exponent`; of two numbers with C's pow, as in Python. */
export function power(base: Hyperparameter, exponent: Hyperparameter): Hyperparameter {
  if (base instanceof Tensor) return exponent instanceof Tensor ? pow(base, exponent) : pow(base, exponent);
  return exponent instanceof Tensor ? pow(base, exponent) : native.power(base, exponent);
}

/** Multiplies a tensor by a factor in place. */
export function scale_(tensor: Tensor, factor: Hyperparameter): Tensor {
  return factor instanceof Tensor ? tensor.mul_(factor) : tensor.mul_(factor);
}

/** Moves a tensor towards `end` in place, by `weight` of the way. */
export function lerp_(tensor: Tensor, end: Tensor, weight: Hyperparameter): Tensor {
  return weight instanceof Tensor ? tensor.lerp_(end, weight) : tensor.lerp_(end, weight);
}
