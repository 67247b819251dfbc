/**
 * `torch.sym_max` and the like: arithmetic that Python's tracers replace by symbols. Sizes are plain numbers here, as in Python where
 * nothing is traced.
 */
import { no_arguments, signature } from './_internal/signature.js';

const SYM_MAX = signature<{ a: number; b: number }>('sym_max', 'a: float, b: float');

/**
 * The larger of two numbers. Mirrors `torch.sym_max`, which takes symbolic numbers too.
 *
 * @param a - a number
 * @param b - a number
 * @example
 * ```ts
 * print(torch.sym_max(2.5, 3.5), torch.sym_max(-1, -2));
 * ```
 * ```python
 * print(torch.sym_max(2.5, 3.5), torch.sym_max(-1, -2))
 * ```
 */
export function sym_max(a: number, b: number): number;
export function sym_max(options: { a: number; b: number }): number;
export function sym_max(...args: unknown[]): number {
  const { a, b } = SYM_MAX.read(args);
  return a < b ? b : a;
}

const SYM_MIN = signature<{ a: number; b: number }>('sym_min', 'a: float, b: float');

/**
 * The smaller of two numbers. Mirrors `torch.sym_min`, which takes symbolic numbers too.
 *
 * @param a - a number
 * @param b - a number
 * @example
 * ```ts
 * print(torch.sym_min(2.5, 3.5), torch.sym_min(-1, -2));
 * ```
 * ```python
 * print(torch.sym_min(2.5, 3.5), torch.sym_min(-1, -2))
 * ```
 */
export function sym_min(a: number, b: number): number;
export function sym_min(options: { a: number; b: number }): number;
export function sym_min(...args: unknown[]): number {
  const { a, b } = SYM_MIN.read(args);
  return a > b ? b : a;
}

const SYM_INT = signature<{ a: number }>('sym_int', 'a: float');

/**
 * The integer next to a number, towards zero. Mirrors `torch.sym_int`, which takes symbolic numbers too.
 *
 * @param a - a number
 * @example
 * ```ts
 * print(torch.sym_int(-2.75));
 * ```
 * ```python
 * print(torch.sym_int(-2.75))
 * ```
 */
export function sym_int(a: number): number;
export function sym_int(options: { a: number }): number;
export function sym_int(...args: unknown[]): number {
  const { a } = SYM_INT.read(args);
  return Math.trunc(a) + 0;
}

const SYM_SQRT = signature<{ a: number }>('sym_sqrt', 'a: float');

/**
 * The square root of a number. Mirrors `torch.sym_sqrt`, which takes symbolic numbers too.
 *
 * @param a - a number that is not negative
 * @example
 * ```ts
 * print(torch.sym_sqrt(2));
 * ```
 * ```python
 * print(torch.sym_sqrt(2))
 * ```
 */
export function sym_sqrt(a: number): number;
export function sym_sqrt(options: { a: number }): number;
export function sym_sqrt(...args: unknown[]): number {
  const { a } = SYM_SQRT.read(args);
  return Math.sqrt(a);
}

const SYM_NOT = signature<{ a: boolean }>('sym_not', 'a: bool');

/**
 * The negation of a boolean. Mirrors `torch.sym_not`, which takes symbolic numbers too.
 *
 * @param a - a boolean
 * @example
 * ```ts
 * print(torch.sym_not(true));
 * ```
 * ```python
 * print(torch.sym_not(True))
 * ```
 */
export function sym_not(a: boolean): boolean;
export function sym_not(options: { a: boolean }): boolean;
export function sym_not(...args: unknown[]): boolean {
  const { a } = SYM_NOT.read(args);
  return !a;
}

const SYM_ITE = signature<{ b: boolean; t: unknown; f: unknown }>('sym_ite', 'b: bool, t: any, f: any');

/**
 * One of two values, by a boolean. Mirrors `torch.sym_ite`, which takes symbolic booleans too.
 *
 * @param b - the condition
 * @param t - the value where it is true
 * @param f - the value where it is false
 * @example
 * ```ts
 * print(torch.sym_ite(true, 1, 2));
 * ```
 * ```python
 * print(torch.sym_ite(True, 1, 2))
 * ```
 */
export function sym_ite<T, F>(b: boolean, t: T, f: F): T | F;
export function sym_ite(...args: unknown[]): unknown {
  const { b, t, f } = SYM_ITE.read(args);
  return b ? t : f;
}

const SYM_SUM = signature<{ args: readonly number[] }>('sym_sum', 'args: float[]');

/**
 * The sum of numbers. Mirrors `torch.sym_sum`, which takes symbolic numbers too.
 *
 * @param args - numbers
 * @example
 * ```ts
 * print(torch.sym_sum([1, 2, 3]));
 * ```
 * ```python
 * print(torch.sym_sum([1, 2, 3]))
 * ```
 */
export function sym_sum(args: readonly number[]): number;
export function sym_sum(options: { args: readonly number[] }): number;
export function sym_sum(...given: unknown[]): number {
  return SYM_SUM.read(given).args.reduce((sum, value) => sum + value, 0);
}

const SYM_FLOAT = signature<{ a: number }>('sym_float', 'a: float');

/**
 * A number as a float, which is what a number is here. Mirrors `torch.sym_float`, which takes symbolic numbers too.
 *
 * @param a - a number
 * @example
 * ```ts
 * print(torch.sym_float(2.5));
 * ```
 * ```python
 * print(torch.sym_float(2.5))
 * ```
 */
export function sym_float(a: number): number;
export function sym_float(options: { a: number }): number;
export function sym_float(...args: unknown[]): number {
  return SYM_FLOAT.read(args).a;
}

/**
 * The class of symbolic integers. Mirrors `torch.SymInt`, for `instanceof`: nothing traces here, so no value is one, and it cannot be called.
 * @throws TypeError when it is called
 * @example
 * ```ts
 * print((2 as unknown) instanceof torch.SymInt);
 * ```
 * ```python
 * print(isinstance(2, torch.SymInt))
 * ```
 */
export class SymInt {
  private constructor();
  private constructor(...args: unknown[]) {
    no_arguments('SymInt', args);
    throw new TypeError('SymInt(): nothing is traced here; sizes and the results of item() are plain integers');
  }
}

/**
 * The class of symbolic floats. Mirrors `torch.SymFloat`, for `instanceof`: nothing traces here, so no value is one, and it cannot be called.
 * @throws TypeError when it is called
 * @example
 * ```ts
 * print((2.5 as unknown) instanceof torch.SymFloat);
 * ```
 * ```python
 * print(isinstance(2.5, torch.SymFloat))
 * ```
 */
export class SymFloat {
  private constructor();
  private constructor(...args: unknown[]) {
    no_arguments('SymFloat', args);
    throw new TypeError('SymFloat(): nothing is traced here; sizes and the results of item() are plain floats');
  }
}

/**
 * The class of symbolic booleans. Mirrors `torch.SymBool`, for `instanceof`: nothing traces here, so no value is one, and it cannot be called.
 * @throws TypeError when it is called
 * @example
 * ```ts
 * print((true as unknown) instanceof torch.SymBool);
 * ```
 * ```python
 * print(isinstance(True, torch.SymBool))
 * ```
 */
export class SymBool {
  private constructor();
  private constructor(...args: unknown[]) {
    no_arguments('SymBool', args);
    throw new TypeError('SymBool(): nothing is traced here; sizes and the results of item() are plain booleans');
  }
}
