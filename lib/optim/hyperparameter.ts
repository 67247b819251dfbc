/** Arithmetic of hyperparameters, which are numbers or 0-d tensors, with Python's rounding. */
import { rsub } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';

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

/** `a + b`. */
export function add(a: Tensor, b: Hyperparameter): Tensor;
export function add(a: Hyperparameter, b: Tensor): Tensor;
export function add(a: Hyperparameter, b: Hyperparameter): Hyperparameter;
export function add(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.add(b) : a.add(b);
  return b instanceof Tensor ? b.add(a) : a + b;
}

/** `a - b`. */
export function subtract(a: Tensor, b: Hyperparameter): Tensor;
export function subtract(a: Hyperparameter, b: Tensor): Tensor;
export function subtract(a: Hyperparameter, b: Hyperparameter): Hyperparameter;
export function subtract(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.sub(b) : a.sub(b);
  return b instanceof Tensor ? rsub(b, a) : a - b;
}

/** `a * b`. */
export function multiply(a: Tensor, b: Hyperparameter): Tensor;
export function multiply(a: Hyperparameter, b: Tensor): Tensor;
export function multiply(a: Hyperparameter, b: Hyperparameter): Hyperparameter;
export function multiply(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.mul(b) : a.mul(b);
  return b instanceof Tensor ? b.mul(a) : a * b;
}

/**
 * A number over a tensor is the number times the reciprocal, as in Python.
 * @throws RangeError for a number over zero; Python's ZeroDivisionError
 */
export function divide(a: number, b: number): number;
export function divide(a: Tensor, b: Hyperparameter): Tensor;
export function divide(a: Hyperparameter, b: Tensor): Tensor;
export function divide(a: Hyperparameter, b: Hyperparameter): Hyperparameter;
export function divide(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  if (a instanceof Tensor) return b instanceof Tensor ? a.div(b) : a.div(b);
  if (b instanceof Tensor) return b.reciprocal().mul(a);
  if (b === 0) throw new RangeError('float division by zero');
  return a / b;
}

/** Python's `a % b` of integers. @throws RangeError for a divisor of zero; Python's ZeroDivisionError */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new RangeError('integer modulo by zero');
  return a - b * Math.floor(a / b);
}

/**
 * The result of a user's function, as a factor of `value`.
 * @throws TypeError for anything that is not a number, with Python's sentence for such a product
 */
export function factor_of(callee: string, name: string, value: Hyperparameter, factor: unknown): Hyperparameter {
  if (typeof factor === 'number' || factor instanceof Tensor) return factor;
  if (typeof factor === 'boolean' || typeof factor === 'bigint') return Number(factor);
  const left = value instanceof Tensor ? 'Tensor' : 'float';
  const sentence =
    typeof factor === 'string' && left === 'float'
      ? "can't multiply sequence by non-int of type 'float'"
      : `unsupported operand type(s) for *: '${left}' and '${kind_of(factor)}'`;
  throw new TypeError(`${callee}: ${name} must return a number: ${sentence}`);
}

/** `|value|`. */
export function absolute(value: Hyperparameter): Hyperparameter {
  return value instanceof Tensor ? value.abs() : Math.abs(value);
}

/** `a < b`; beside a tensor, a number is taken in the tensor's dtype. */
export function less(a: Hyperparameter, b: Hyperparameter): boolean {
  if (a instanceof Tensor) return (b instanceof Tensor ? a.lt(b) : a.lt(b)).item<boolean>();
  return b instanceof Tensor ? b.gt(a).item<boolean>() : a < b;
}

/** `a <= b`, as {@link less}. */
export function at_most(a: Hyperparameter, b: Hyperparameter): boolean {
  if (a instanceof Tensor) return (b instanceof Tensor ? a.le(b) : a.le(b)).item<boolean>();
  return b instanceof Tensor ? b.ge(a).item<boolean>() : a <= b;
}

/** The smaller one; the first when they are equal. */
export function minimum(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  return less(b, a) ? b : a;
}

/** The larger one; the first when they are equal. */
export function larger(a: Hyperparameter, b: Hyperparameter): Hyperparameter {
  return less(a, b) ? b : a;
}

/** Python's `base ** exponent` of floats, which is C's pow. */
export function power(base: number, exponent: number): number {
  return native.power(base, exponent);
}
