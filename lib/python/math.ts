/**
 * Python's `math` module: its functions with its digits, which are those of the system's C library, its constants and the texts
 * of its errors. Integers are exact: those that are not safe as numbers are bigints, as arguments and as results.
 */
import { define_kind, signature } from '../_internal/signature.js';
import { native } from '../_C/native.js';
import { kind_of } from '../_internal/kind_of.js';
import { Tuple } from './values.js';
import { exact_dot, exact_sum, exponent_of, vector_norm } from './exact_sums.js';

/** A tensor or array with one element. */
export interface HasItem {
  item(): unknown;
}

/** A real number: a number, a bigint, a boolean, or a tensor or array with one element. */
export type Real = number | bigint | boolean | HasItem;

/** An integer. */
export type Integer = number | bigint | boolean;

/** pi, as a float. */
export const pi = Math.PI;
/** Euler's number, as a float. */
export const e = Math.E;
/** 2 pi, as a float. */
export const tau = 2 * Math.PI;
/** Infinity. */
export const inf = Infinity;
/** Not a number. */
export const nan = NaN;

const has_item = (value: unknown): value is HasItem =>
  typeof value === 'object' && value !== null && 'item' in value && typeof value.item === 'function';

define_kind(
  'real',
  'a real number',
  (value) => typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || has_item(value),
);
define_kind(
  'integer',
  'an integer',
  (value) => Number.isInteger(value) || typeof value === 'bigint' || typeof value === 'boolean',
);

const domain_error = (): Error => new Error('math domain error');
const range_error = (): RangeError => new RangeError('math range error');

function to_float(value: Real): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isFinite(number)) throw new RangeError('int too large to convert to float');
    return number;
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  const item = value.item();
  if (typeof item !== 'number' && typeof item !== 'bigint' && typeof item !== 'boolean') {
    throw new TypeError(`must be real number, not ${kind_of(item)}`);
  }
  return to_float(item);
}

/** An integer as a number where that is exact. */
const as_integer = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

const one = new Map<string, ReturnType<typeof signature<{ x: Real }>>>();

/** Reads the only argument of a function. */
function argument(name: string, args: readonly unknown[]): number {
  const [value] = args;
  if (args.length === 1 && typeof value === 'number') return value;
  return to_float(real_argument(name, args));
}

function real_argument(name: string, args: readonly unknown[]): Real {
  let read = one.get(name);
  if (read === undefined) one.set(name, (read = signature(name, 'x: real')));
  return read.read(args).x;
}

const two = new Map<string, ReturnType<typeof signature<Record<string, Real>>>>();

/** Reads the two arguments of a function. */
function pair(name: string, args: readonly unknown[], first = 'x', second = 'y'): [number, number] {
  const [x, y] = args;
  if (args.length === 2 && typeof x === 'number' && typeof y === 'number') return [x, y];
  let read = two.get(name);
  if (read === undefined) two.set(name, (read = signature(name, `${first}: real, ${second}: real`)));
  const values = read.read(args);
  return [to_float(values[first]!), to_float(values[second]!)];
}

/** Refuses results that C's functions have for arguments out of their range. */
function check_result(x: number, result: number, overflows: boolean): number {
  if (Number.isNaN(result) && !Number.isNaN(x)) throw domain_error();
  if (!Number.isFinite(result) && Number.isFinite(x)) throw overflows ? range_error() : domain_error();
  return result;
}

// --- functions of C ----------------------------------------------------------------------------------

/**
 * The arc cosine, in radians. Mirrors `math.acos`.
 *
 * @throws Error unless x is in [-1, 1]
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.acos(0.5));
 * ```
 * ```python
 * import math
 * print(math.acos(0.5))
 * ```
 */
export function acos(x: Real): number;
export function acos(...args: unknown[]): number {
  const x = argument('acos', args);
  return check_result(x, native.math_acos(x), false);
}

/**
 * The inverse hyperbolic cosine. Mirrors `math.acosh`.
 *
 * @throws Error unless x is at least 1
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.acosh(1.5));
 * ```
 * ```python
 * import math
 * print(math.acosh(1.5))
 * ```
 */
export function acosh(x: Real): number;
export function acosh(...args: unknown[]): number {
  const x = argument('acosh', args);
  return check_result(x, native.math_acosh(x), false);
}

/**
 * The arc sine, in radians. Mirrors `math.asin`.
 *
 * @throws Error unless x is in [-1, 1]
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.asin(0.5));
 * ```
 * ```python
 * import math
 * print(math.asin(0.5))
 * ```
 */
export function asin(x: Real): number;
export function asin(...args: unknown[]): number {
  const x = argument('asin', args);
  return check_result(x, native.math_asin(x), false);
}

/**
 * The inverse hyperbolic sine. Mirrors `math.asinh`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.asinh(0.5));
 * ```
 * ```python
 * import math
 * print(math.asinh(0.5))
 * ```
 */
export function asinh(x: Real): number;
export function asinh(...args: unknown[]): number {
  const x = argument('asinh', args);
  return check_result(x, native.math_asinh(x), false);
}

/**
 * The arc tangent, in radians. Mirrors `math.atan`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.atan(0.5));
 * ```
 * ```python
 * import math
 * print(math.atan(0.5))
 * ```
 */
export function atan(x: Real): number;
export function atan(...args: unknown[]): number {
  const x = argument('atan', args);
  return check_result(x, native.math_atan(x), false);
}

/**
 * The inverse hyperbolic tangent. Mirrors `math.atanh`.
 *
 * @throws Error unless x is in (-1, 1)
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.atanh(0.5));
 * ```
 * ```python
 * import math
 * print(math.atanh(0.5))
 * ```
 */
export function atanh(x: Real): number;
export function atanh(...args: unknown[]): number {
  const x = argument('atanh', args);
  return check_result(x, native.math_atanh(x), false);
}

/**
 * The cube root. Mirrors `math.cbrt`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.cbrt(2.5));
 * ```
 * ```python
 * import math
 * print(math.cbrt(2.5))
 * ```
 */
export function cbrt(x: Real): number;
export function cbrt(...args: unknown[]): number {
  const x = argument('cbrt', args);
  return check_result(x, native.math_cbrt(x), false);
}

/**
 * The cosine of an angle in radians. Mirrors `math.cos`.
 *
 * @throws Error for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.cos(0.5));
 * ```
 * ```python
 * import math
 * print(math.cos(0.5))
 * ```
 */
export function cos(x: Real): number;
export function cos(...args: unknown[]): number {
  const x = argument('cos', args);
  return check_result(x, native.math_cos(x), false);
}

/**
 * The hyperbolic cosine. Mirrors `math.cosh`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.cosh(0.5));
 * ```
 * ```python
 * import math
 * print(math.cosh(0.5))
 * ```
 */
export function cosh(x: Real): number;
export function cosh(...args: unknown[]): number {
  const x = argument('cosh', args);
  return check_result(x, native.math_cosh(x), true);
}

/**
 * The error function. Mirrors `math.erf`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.erf(0.5));
 * ```
 * ```python
 * import math
 * print(math.erf(0.5))
 * ```
 */
export function erf(x: Real): number;
export function erf(...args: unknown[]): number {
  const x = argument('erf', args);
  return check_result(x, native.math_erf(x), false);
}

/**
 * The complementary error function. Mirrors `math.erfc`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.erfc(0.5));
 * ```
 * ```python
 * import math
 * print(math.erfc(0.5))
 * ```
 */
export function erfc(x: Real): number;
export function erfc(...args: unknown[]): number {
  const x = argument('erfc', args);
  return check_result(x, native.math_erfc(x), false);
}

/**
 * e to the power of x. Mirrors `math.exp`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.exp(0.5));
 * ```
 * ```python
 * import math
 * print(math.exp(0.5))
 * ```
 */
export function exp(x: Real): number;
export function exp(...args: unknown[]): number {
  const x = argument('exp', args);
  return check_result(x, native.math_exp(x), true);
}

/**
 * 2 to the power of x. Mirrors `math.exp2`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.exp2(0.5));
 * ```
 * ```python
 * import math
 * print(math.exp2(0.5))
 * ```
 */
export function exp2(x: Real): number;
export function exp2(...args: unknown[]): number {
  const x = argument('exp2', args);
  return check_result(x, native.math_exp2(x), true);
}

/**
 * `exp(x) - 1`, precise for small x. Mirrors `math.expm1`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.expm1(1e-9));
 * ```
 * ```python
 * import math
 * print(math.expm1(1e-9))
 * ```
 */
export function expm1(x: Real): number;
export function expm1(...args: unknown[]): number {
  const x = argument('expm1', args);
  return check_result(x, native.math_expm1(x), true);
}

/**
 * `log(1 + x)`, precise for small x. Mirrors `math.log1p`.
 *
 * @throws Error unless x is above -1
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.log1p(1e-9));
 * ```
 * ```python
 * import math
 * print(math.log1p(1e-9))
 * ```
 */
export function log1p(x: Real): number;
export function log1p(...args: unknown[]): number {
  const x = argument('log1p', args);
  return check_result(x, native.math_log1p(x), false);
}

/**
 * The sine of an angle in radians. Mirrors `math.sin`.
 *
 * @throws Error for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.sin(0.5));
 * ```
 * ```python
 * import math
 * print(math.sin(0.5))
 * ```
 */
export function sin(x: Real): number;
export function sin(...args: unknown[]): number {
  const x = argument('sin', args);
  return check_result(x, native.math_sin(x), false);
}

/**
 * The hyperbolic sine. Mirrors `math.sinh`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.sinh(0.5));
 * ```
 * ```python
 * import math
 * print(math.sinh(0.5))
 * ```
 */
export function sinh(x: Real): number;
export function sinh(...args: unknown[]): number {
  const x = argument('sinh', args);
  return check_result(x, native.math_sinh(x), true);
}

/**
 * The tangent of an angle in radians. Mirrors `math.tan`.
 *
 * @throws Error for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.tan(0.5));
 * ```
 * ```python
 * import math
 * print(math.tan(0.5))
 * ```
 */
export function tan(x: Real): number;
export function tan(...args: unknown[]): number {
  const x = argument('tan', args);
  return check_result(x, native.math_tan(x), false);
}

/**
 * The hyperbolic tangent. Mirrors `math.tanh`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.tanh(0.5));
 * ```
 * ```python
 * import math
 * print(math.tanh(0.5))
 * ```
 */
export function tanh(x: Real): number;
export function tanh(...args: unknown[]): number {
  const x = argument('tanh', args);
  return check_result(x, native.math_tanh(x), false);
}

/**
 * The square root. Mirrors `math.sqrt`.
 *
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.sqrt(2.5));
 * ```
 * ```python
 * import math
 * print(math.sqrt(2.5))
 * ```
 */
export function sqrt(x: Real): number;
export function sqrt(...args: unknown[]): number {
  const x = argument('sqrt', args);
  return check_result(x, Math.sqrt(x), false);
}

/**
 * The absolute value, as a float. Mirrors `math.fabs`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.fabs(-2.5));
 * ```
 * ```python
 * import math
 * print(math.fabs(-2.5))
 * ```
 */
export function fabs(x: Real): number;
export function fabs(...args: unknown[]): number {
  return Math.abs(argument('fabs', args));
}

/**
 * The angle of the point (x, y), in radians. Mirrors `math.atan2`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.atan2(0.5, -1.5));
 * ```
 * ```python
 * import math
 * print(math.atan2(0.5, -1.5))
 * ```
 */
export function atan2(y: Real, x: Real): number;
export function atan2(...args: unknown[]): number {
  const [y, x] = pair('atan2', args, 'y', 'x');
  return native.math_atan2(y, x);
}

/**
 * x to the power of y, as a float. Mirrors `math.pow`.
 *
 * @throws Error outside of the domain; RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.pow(2.5, 0.5));
 * ```
 * ```python
 * import math
 * print(math.pow(2.5, 0.5))
 * ```
 */
export function pow(x: Real, y: Real): number;
export function pow(...args: unknown[]): number {
  const [x, y] = pair('pow', args);
  const result = native.math_pow(x, y);
  if (Number.isFinite(result) || !Number.isFinite(x) || !Number.isFinite(y)) return result;
  if (Number.isNaN(result) || x === 0) throw domain_error();
  throw range_error();
}

/**
 * The remainder of the division of C, with the sign of x. Mirrors `math.fmod`.
 *
 * @throws Error when y is 0 or x is infinite
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.fmod(-7.5, 2));
 * ```
 * ```python
 * import math
 * print(math.fmod(-7.5, 2))
 * ```
 */
export function fmod(x: Real, y: Real): number;
export function fmod(...args: unknown[]): number {
  const [x, y] = pair('fmod', args);
  const result = native.math_fmod(x, y);
  if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) throw domain_error();
  return result;
}

/**
 * The difference to the nearest multiple of y; of two equally near ones, the even one. Mirrors `math.remainder`.
 *
 * @throws Error as {@link fmod}
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.remainder(7.75, 2));
 * ```
 * ```python
 * import math
 * print(math.remainder(7.75, 2))
 * ```
 */
export function remainder(x: Real, y: Real): number;
export function remainder(...args: unknown[]): number {
  const [x, y] = pair('remainder', args);
  if (Number.isNaN(x)) return x;
  if (Number.isNaN(y)) return y;
  if (!Number.isFinite(x) || y === 0) throw domain_error();
  if (!Number.isFinite(y)) return x;
  const [size, divisor] = [Math.abs(x), Math.abs(y)];
  const rest = native.math_fmod(size, divisor);
  const other = divisor - rest;
  const result =
    rest < other ? rest : rest > other ? -other : rest - 2 * native.math_fmod(0.5 * (size - rest), divisor);
  return signed(1, x) * result;
}

const is_negative = (x: number): boolean => x < 0 || Object.is(x, -0);
const signed = (size: number, sign: number): number => (is_negative(sign) ? -Math.abs(size) : Math.abs(size));

/**
 * x with the sign of y. Mirrors `math.copysign`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.copysign(2.5, -1));
 * ```
 * ```python
 * import math
 * print(math.copysign(2.5, -1))
 * ```
 */
export function copysign(x: Real, y: Real): number;
export function copysign(...args: unknown[]): number {
  const [x, y] = pair('copysign', args);
  if (!Number.isNaN(y)) return signed(x, y);
  return Math.abs(x);
}

/**
 * `x * y + z`, rounded once. Mirrors `math.fma`.
 *
 * @throws Error outside of the domain; RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.fma(0.1, 10, -0.5)); // 0.5
 * ```
 */
export function fma(x: Real, y: Real, z: Real): number;
export function fma(...args: unknown[]): number {
  const { x, y, z } = FMA.read(args);
  const numbers = [x, y, z].map(to_float) as [number, number, number];
  const result = native.math_fma(...numbers);
  if (Number.isNaN(result) && !numbers.some(Number.isNaN)) throw new Error('invalid operation in fma');
  if (!Number.isFinite(result) && numbers.every(Number.isFinite)) throw new RangeError('overflow in fma');
  return result;
}
const FMA = signature<{ x: Real; y: Real; z: Real }>('fma', 'x: real, y: real, z: real');

// --- logarithms --------------------------------------------------------------------------------------

/** A logarithm of a float, or of an integer of any size. */
function logarithm(name: 'log' | 'log2' | 'log10', value: Real): number {
  const log = native[`math_${name}`];
  if (typeof value === 'bigint' && value > 0n && !Number.isFinite(Number(value))) {
    const bits = value.toString(2).length;
    const shift = BigInt(bits - 64);
    // The bits that are cut off only decide a half.
    const leading = (value >> shift) | (value & ((1n << shift) - 1n) ? 1n : 0n);
    let [fraction, exponent] = [Number(leading) / 2 ** 64, bits];
    if (fraction === 1) [fraction, exponent] = [0.5, bits + 1];
    return log(fraction) + log(2) * exponent;
  }
  const x = to_float(value);
  if (x <= 0) throw domain_error();
  return log(x);
}

const LOG = signature<{ x: Real; base?: Real }>('log', 'x: real, base?: real');

/**
 * The logarithm of x, natural or to a base; integers may be of any size. Mirrors `math.log`.
 *
 * @throws Error unless x and base are positive
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.log(2.5));
 * ```
 * ```python
 * import math
 * print(math.log(2.5))
 * ```
 */
export function log(x: Real, base?: Real): number;
export function log(...args: unknown[]): number {
  const { x, base } =
    args.length === 1 && typeof args[0] === 'number' ? { x: args[0], base: undefined } : LOG.read(args);
  const numerator = logarithm('log', x);
  if (base === undefined) return numerator;
  const denominator = logarithm('log', base);
  if (denominator === 0) throw new RangeError('float division by zero');
  return numerator / denominator;
}

/**
 * The logarithm to base 2. Mirrors `math.log2`.
 *
 * @throws Error unless x is positive
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.log2(2.5));
 * ```
 * ```python
 * import math
 * print(math.log2(2.5))
 * ```
 */
export function log2(x: Real): number;
export function log2(...args: unknown[]): number {
  return logarithm('log2', real_argument('log2', args));
}

/**
 * The logarithm to base 10. Mirrors `math.log10`.
 *
 * @throws Error unless x is positive
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.log10(2.5));
 * ```
 * ```python
 * import math
 * print(math.log10(2.5))
 * ```
 */
export function log10(x: Real): number;
export function log10(...args: unknown[]): number {
  return logarithm('log10', real_argument('log10', args));
}

// --- gamma functions: CPython's own, after Lanczos ----------------------------------------------------

const lanczos_g = 6.024680040776729583740234375;
const lanczos_g_minus_half = 5.524680040776729583740234375;
const lanczos_numerator = [
  23531376880.41075968857200767445, 42919803642.649098768957899047, 35711959237.35566804944018545155,
  17921034426.03720969991975575446, 6039542586.352028005064291644307, 1439720407.311721673663223072795,
  248874557.8620541565114603864132, 31426415.58540019438061423162832, 2876370.628935372441225409051621,
  186056.265395223495040294989716, 8071.672002365816210638002902272, 210.8242777515793458725097339207,
  2.506628274631000270164908177134,
];
const lanczos_denominator = [
  0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1,
];
const log_pi = 1.144729885849400174143427351353058711647;

function lanczos_sum(x: number): number {
  let [numerator, denominator] = [0, 0];
  if (x < 5) {
    for (let i = lanczos_numerator.length - 1; i >= 0; i--) {
      numerator = numerator * x + lanczos_numerator[i]!;
      denominator = denominator * x + lanczos_denominator[i]!;
    }
  } else {
    for (let i = 0; i < lanczos_numerator.length; i++) {
      numerator = numerator / x + lanczos_numerator[i]!;
      denominator = denominator / x + lanczos_denominator[i]!;
    }
  }
  return numerator / denominator;
}

/** `sin(pi * x)`, without the error of the product. */
function sine_of_pi(x: number): number {
  const y = native.math_fmod(Math.abs(x), 2);
  const parts = [
    () => native.math_sin(pi * y),
    () => native.math_cos(pi * (y - 0.5)),
    () => native.math_sin(pi * (1 - y)),
    () => -native.math_cos(pi * (y - 1.5)),
    () => native.math_sin(pi * (y - 2)),
  ];
  return signed(1, x) * parts[Math.floor(2 * y + 0.5)]!();
}

/**
 * The gamma function. Mirrors `math.gamma`.
 *
 * @throws Error for 0, negative integers and minus infinity; RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.gamma(2.5));
 * ```
 * ```python
 * import math
 * print(math.gamma(2.5))
 * ```
 */
export function gamma(x: Real): number;
export function gamma(...args: unknown[]): number {
  const x = argument('gamma', args);
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x === -Infinity || x === 0) throw domain_error();
  if (Number.isInteger(x)) {
    if (x < 0) throw domain_error();
    if (x <= 23) {
      let result = 1;
      for (let factor = 2; factor < x; factor++) result *= factor;
      return result;
    }
  }
  const size = Math.abs(x);
  if (size < 1e-20) return finite(1 / x);
  if (size > 200) {
    if (x < 0) return 0 / sine_of_pi(x);
    throw range_error();
  }
  const y = size + lanczos_g_minus_half;
  // What the sum lost.
  const lost = size > lanczos_g_minus_half ? y - size - lanczos_g_minus_half : y - lanczos_g_minus_half - size;
  const z = (lost * lanczos_g) / y;
  let result =
    x < 0
      ? ((-pi / sine_of_pi(size) / size) * native.math_exp(y)) / lanczos_sum(size)
      : lanczos_sum(size) / native.math_exp(y);
  result = x < 0 ? result - z * result : result + z * result;
  const halves = size < 140 ? 1 : 2;
  const power = size < 140 ? native.math_pow(y, size - 0.5) : native.math_pow(y, size / 2 - 0.25);
  for (let i = 0; i < halves; i++) result = x < 0 ? result / power : result * power;
  return finite(result);
}

function finite(result: number): number {
  if (!Number.isFinite(result)) throw range_error();
  return result;
}

/**
 * The logarithm of the absolute value of the gamma function. Mirrors `math.lgamma`.
 *
 * @throws Error for 0 and negative integers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.lgamma(2.5));
 * ```
 * ```python
 * import math
 * print(math.lgamma(2.5))
 * ```
 */
export function lgamma(x: Real): number;
export function lgamma(...args: unknown[]): number {
  const x = argument('lgamma', args);
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Infinity;
  if (Number.isInteger(x) && x <= 2) {
    if (x <= 0) throw domain_error();
    return 0;
  }
  const size = Math.abs(x);
  if (size < 1e-20) return -native.math_log(size);
  let result = native.math_log(lanczos_sum(size)) - lanczos_g;
  result += (size - 0.5) * (native.math_log(size + lanczos_g - 0.5) - 1);
  if (x < 0) result = log_pi - native.math_log(Math.abs(sine_of_pi(size))) - native.math_log(size) - result;
  return finite(result);
}

// --- floats and their parts --------------------------------------------------------------------------

/**
 * The mantissa and exponent of x: `mantissa * 2 ** exponent` with a mantissa in [0.5, 1). Mirrors `math.frexp`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.frexp(2.5));
 * ```
 * ```python
 * import math
 * print(math.frexp(2.5))
 * ```
 */
export function frexp(x: Real): [mantissa: number, exponent: number];
export function frexp(...args: unknown[]): [mantissa: number, exponent: number] {
  const x = argument('frexp', args);
  if (x === 0 || !Number.isFinite(x)) return Tuple.of(x, 0) as unknown as [number, number];
  const exponent = exponent_of(x);
  return Tuple.of(native.math_ldexp(x, -exponent), exponent) as unknown as [number, number];
}

const LDEXP = signature<{ x: Real; i: Integer }>('ldexp', 'x: real, i: integer');

/**
 * `x * 2 ** i`. Mirrors `math.ldexp`.
 *
 * @throws RangeError when the result is too large
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.ldexp(0.75, 1));
 * ```
 * ```python
 * import math
 * print(math.ldexp(0.75, 1))
 * ```
 */
export function ldexp(x: Real, i: Integer): number;
export function ldexp(...args: unknown[]): number {
  const { x, i } = LDEXP.read(args);
  const number = to_float(x);
  const result = native.math_ldexp(number, Math.max(-10_000, Math.min(10_000, Number(i))));
  if (!Number.isFinite(result) && Number.isFinite(number)) throw range_error();
  return result;
}

/**
 * The fractional and the integer part of x, both with its sign. Mirrors `math.modf`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * const [fraction, whole] = math.modf(-2.5);
 * print(fraction, whole - 0.5);
 * ```
 * ```python
 * import math
 * fraction, whole = math.modf(-2.5)
 * print(fraction, whole - 0.5)
 * ```
 */
export function modf(x: Real): [fraction: number, whole: number];
export function modf(...args: unknown[]): [fraction: number, whole: number] {
  const x = argument('modf', args);
  const whole = Math.trunc(x);
  const fraction = Number.isNaN(x) ? x : Number.isFinite(x) ? signed(x - whole, x) : signed(0, x);
  return Tuple.of(fraction, whole) as unknown as [number, number];
}

const NEXTAFTER = signature<{ x: Real; y: Real; steps?: Integer }>('nextafter', 'x: real, y: real, *, steps?: integer');

/**
 * The next float after x towards y, or the one after several steps. Mirrors `math.nextafter`.
 *
 * @param x - a number
 * @param y - the direction
 * @param options - `steps`: number of steps; default 1
 * @throws Error for a negative number of steps
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.nextafter(0.5, 1));
 * ```
 * ```python
 * import math
 * print(math.nextafter(0.5, 1))
 * ```
 */
export function nextafter(x: Real, y: Real, options?: { steps?: Integer }): number;
export function nextafter(...args: unknown[]): number {
  const { x, y, steps } = NEXTAFTER.read(args);
  const [from, to] = [to_float(x), to_float(y)];
  if (steps === undefined) return native.math_nextafter(from, to);
  const count = BigInt(steps);
  if (count < 0n) throw new Error('steps must be a non-negative integer');
  if (Number.isNaN(from) || Number.isNaN(to)) return NaN;
  const [start, end] = [ordinal(from), ordinal(to)];
  const distance = end - start;
  if (count >= (distance < 0n ? -distance : distance)) return to;
  return from_ordinal(distance < 0n ? start - count : start + count, from);
}

const bits = new DataView(new ArrayBuffer(8));

/** The number of a float among all floats in their order, zero being 0. */
function ordinal(x: number): bigint {
  bits.setFloat64(0, Math.abs(x));
  const size = bits.getBigUint64(0);
  return x < 0 ? -size : size;
}

function from_ordinal(number: bigint, origin: number): number {
  bits.setBigUint64(0, number < 0n ? -number : number);
  const size = bits.getFloat64(0);
  return number < 0n || (number === 0n && is_negative(origin)) ? -size : size;
}

/**
 * The value of the least significant bit of x. Mirrors `math.ulp`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.ulp(2.5));
 * ```
 * ```python
 * import math
 * print(math.ulp(2.5))
 * ```
 */
export function ulp(x: Real): number;
export function ulp(...args: unknown[]): number {
  const x = Math.abs(argument('ulp', args));
  if (!Number.isFinite(x)) return x;
  const next = native.math_nextafter(x, Infinity);
  return Number.isFinite(next) ? next - x : x - native.math_nextafter(x, -Infinity);
}

/**
 * Converts radians to degrees. Mirrors `math.degrees`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.degrees(0.5));
 * ```
 * ```python
 * import math
 * print(math.degrees(0.5))
 * ```
 */
export function degrees(x: Real): number;
export function degrees(...args: unknown[]): number {
  return argument('degrees', args) * (180 / pi);
}

/**
 * Converts degrees to radians. Mirrors `math.radians`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.radians(90));
 * ```
 * ```python
 * import math
 * print(math.radians(90))
 * ```
 */
export function radians(x: Real): number;
export function radians(...args: unknown[]): number {
  return argument('radians', args) * (pi / 180);
}

/**
 * Whether x is neither infinite nor NaN. Mirrors `math.isfinite`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.isfinite(2.5));
 * ```
 * ```python
 * import math
 * print(math.isfinite(2.5))
 * ```
 */
export function isfinite(x: Real): boolean;
export function isfinite(...args: unknown[]): boolean {
  return Number.isFinite(argument('isfinite', args));
}

/**
 * Whether x is infinite. Mirrors `math.isinf`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.isinf(2.5));
 * ```
 * ```python
 * import math
 * print(math.isinf(2.5))
 * ```
 */
export function isinf(x: Real): boolean;
export function isinf(...args: unknown[]): boolean {
  return Math.abs(argument('isinf', args)) === Infinity;
}

/**
 * Whether x is NaN. Mirrors `math.isnan`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.isnan(2.5));
 * ```
 * ```python
 * import math
 * print(math.isnan(2.5))
 * ```
 */
export function isnan(x: Real): boolean;
export function isnan(...args: unknown[]): boolean {
  return Number.isNaN(argument('isnan', args));
}

const ISCLOSE = signature<{ a: Real; b: Real; rel_tol?: Real; abs_tol?: Real }>(
  'isclose',
  'a: real, b: real, *, rel_tol?: real, abs_tol?: real',
);

/**
 * Whether two numbers differ by at most a relative or an absolute tolerance. Mirrors `math.isclose`.
 *
 * @param a - a number
 * @param b - a number
 * @param options - `rel_tol` (default 1e-9), `abs_tol` (default 0)
 * @throws Error for a negative tolerance
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.isclose(0.1 + 0.2, 0.3), math.isclose(0, 0.001, { abs_tol: 0.01 }));
 * ```
 * ```python
 * import math
 * print(math.isclose(0.1 + 0.2, 0.3), math.isclose(0, 0.001, abs_tol=0.01))
 * ```
 */
export function isclose(a: Real, b: Real, options?: { rel_tol?: Real; abs_tol?: Real }): boolean;
export function isclose(...args: unknown[]): boolean {
  const { a, b, rel_tol = 1e-9, abs_tol = 0 } = ISCLOSE.read(args);
  const [x, y, relative, absolute] = [a, b, rel_tol, abs_tol].map(to_float) as [number, number, number, number];
  if (relative < 0 || absolute < 0) throw new Error('tolerances must be non-negative');
  if (x === y) return true;
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) return false;
  const difference = Math.abs(y - x);
  return difference <= Math.abs(relative * y) || difference <= Math.abs(relative * x) || difference <= absolute;
}

/** A float as an integer. @throws RangeError for an infinity, Error for NaN */
function integral(x: number): number | bigint {
  if (Number.isNaN(x)) throw new Error('cannot convert float NaN to integer');
  if (!Number.isFinite(x)) throw new RangeError('cannot convert float infinity to integer');
  return Number.isSafeInteger(x) ? x + 0 : BigInt(x);
}

function rounded(name: string, args: readonly unknown[], round: (x: number) => number): number | bigint {
  const value = typeof args[0] === 'number' && args.length === 1 ? args[0] : real_argument(name, args);
  return typeof value === 'bigint' ? as_integer(value) : integral(round(to_float(value)));
}

/**
 * The largest integer that is not above x. Mirrors `math.floor`.
 *
 * @throws Error for NaN; RangeError for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.floor(-2.5));
 * ```
 * ```python
 * import math
 * print(math.floor(-2.5))
 * ```
 */
export function floor(x: number): number;
export function floor(x: Real): number | bigint;
export function floor(...args: unknown[]): number | bigint {
  return rounded('floor', args, Math.floor);
}

/**
 * The smallest integer that is not below x. Mirrors `math.ceil`.
 *
 * @throws Error for NaN; RangeError for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.ceil(-2.5));
 * ```
 * ```python
 * import math
 * print(math.ceil(-2.5))
 * ```
 */
export function ceil(x: number): number;
export function ceil(x: Real): number | bigint;
export function ceil(...args: unknown[]): number | bigint {
  return rounded('ceil', args, Math.ceil);
}

/**
 * The integer part of x. Mirrors `math.trunc`.
 *
 * @throws Error for NaN; RangeError for infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.trunc(-2.5));
 * ```
 * ```python
 * import math
 * print(math.trunc(-2.5))
 * ```
 */
export function trunc(x: number): number;
export function trunc(x: Real): number | bigint;
export function trunc(...args: unknown[]): number | bigint {
  return rounded('trunc', args, Math.trunc);
}

// --- sums and distances ------------------------------------------------------------------------------

const FSUM = signature<{ seq: Iterable<unknown> }>('fsum', 'seq: Iterable');

function real_element(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean' || has_item(value)) return to_float(value);
  throw new TypeError(`${name}(): must be real number, not ${kind_of(value)}`);
}

/**
 * The sum of floats, rounded once. Mirrors `math.fsum`.
 *
 * @throws RangeError for intermediate overflow; Error for opposite infinities
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.fsum([0.1, 0.1, 0.1, 0.25]));
 * ```
 * ```python
 * import math
 * print(math.fsum([0.1, 0.1, 0.1, 0.25]))
 * ```
 */
export function fsum(seq: Iterable<Real>): number;
export function fsum(...args: unknown[]): number {
  const { seq } = FSUM.read(args);
  return exact_sum(Array.from(seq, (value) => real_element('fsum', value)));
}

const HYPOT = signature<{ coordinates: Real[] }>('hypot', '*coordinates: real');

/**
 * The Euclidean norm. Mirrors `math.hypot`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.hypot(1.5, 2.5));
 * ```
 * ```python
 * import math
 * print(math.hypot(1.5, 2.5))
 * ```
 */
export function hypot(...coordinates: Real[]): number;
export function hypot(...args: unknown[]): number {
  return norm(HYPOT.read(args).coordinates.map(to_float));
}

function norm(vector: readonly number[]): number {
  const sizes = vector.map(Math.abs);
  const largest = sizes.reduce((most, x) => (x > most ? x : most), 0);
  return vector_norm(sizes, largest, sizes.some(Number.isNaN));
}

const DIST = signature<{ p: Iterable<unknown>; q: Iterable<unknown> }>('dist', 'p: Iterable, q: Iterable');

/**
 * The Euclidean distance of two points. Mirrors `math.dist`.
 *
 * @throws Error for points of different dimensions
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.dist([0.5, 1], [1.5, 3]));
 * ```
 * ```python
 * import math
 * print(math.dist([0.5, 1], [1.5, 3]))
 * ```
 */
export function dist(p: Iterable<Real>, q: Iterable<Real>): number;
export function dist(...args: unknown[]): number {
  const { p, q } = DIST.read(args);
  const [from, to] = [[...p], [...q]].map((point) => point.map((x) => real_element('dist', x))) as [number[], number[]];
  if (from.length !== to.length) throw new Error('both points must have the same number of dimensions');
  return norm(from.map((x, i) => x - to[i]!));
}

const is_integer = (value: unknown): value is number | bigint | boolean =>
  typeof value === 'bigint' || typeof value === 'boolean' || Number.isSafeInteger(value);

const PROD = signature<{ iterable: Iterable<unknown>; start?: Real }>('prod', 'iterable: Iterable, *, start?: real');

/**
 * The product of all elements, exact for integers. Mirrors `math.prod`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.prod([2, 3, 4]));
 * ```
 * ```python
 * import math
 * print(math.prod([2, 3, 4]))
 * ```
 */
export function prod(iterable: Iterable<number>, options?: { start?: number }): number;
export function prod(iterable: Iterable<Real>, options?: { start?: Real }): number | bigint;
export function prod(...args: unknown[]): number | bigint {
  const { iterable, start = 1 } = PROD.read(args);
  let product: bigint | number = is_integer(start) ? BigInt(start) : to_float(start);
  for (const value of iterable) {
    if (typeof product === 'bigint' && is_integer(value)) product *= BigInt(value);
    else product = to_float(product) * real_element('prod', value);
  }
  return typeof product === 'bigint' ? as_integer(product) : product;
}

const SUMPROD = signature<{ p: Iterable<unknown>; q: Iterable<unknown> }>('sumprod', 'p: Iterable, q: Iterable');

/**
 * The sum of the products of two sequences, with extended precision; exact for integers. Mirrors `math.sumprod`.
 *
 * @throws Error for different lengths
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.sumprod([0.1, 0.2], [3, 4])); // 1.1
 * ```
 */
export function sumprod(p: Iterable<number>, q: Iterable<number>): number;
export function sumprod(p: Iterable<Real>, q: Iterable<Real>): number | bigint;
export function sumprod(...args: unknown[]): number | bigint {
  const { p, q } = SUMPROD.read(args);
  const [left, right] = [[...p], [...q]];
  if (left.length !== right.length) throw new Error('Inputs are not the same length');
  if ([...left, ...right].every(is_integer)) {
    return as_integer(left.reduce((sum: bigint, x, i) => sum + BigInt(x as Integer) * BigInt(right[i] as Integer), 0n));
  }
  const [x, y] = [left, right].map((list) => list.map((value) => real_element('sumprod', value))) as [
    number[],
    number[],
  ];
  const sum = exact_dot(x, y);
  return Number.isFinite(sum) ? sum : x.reduce((total, value, i) => total + value * y[i]!, 0);
}

// --- integers ----------------------------------------------------------------------------------------

const INTEGERS = {
  gcd: signature<{ integers: Integer[] }>('gcd', '*integers: integer'),
  lcm: signature<{ integers: Integer[] }>('lcm', '*integers: integer'),
};

function common_divisor(x: bigint, y: bigint): bigint {
  let [a, b] = [x < 0n ? -x : x, y < 0n ? -y : y];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

/**
 * The greatest common divisor. Mirrors `math.gcd`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.gcd(12, 18));
 * ```
 * ```python
 * import math
 * print(math.gcd(12, 18))
 * ```
 */
export function gcd(...integers: number[]): number;
export function gcd(...integers: Integer[]): number | bigint;
export function gcd(...args: unknown[]): number | bigint {
  return as_integer(
    INTEGERS.gcd.read(args).integers.reduce((divisor: bigint, x) => common_divisor(divisor, BigInt(x)), 0n),
  );
}

/**
 * The least common multiple. Mirrors `math.lcm`.
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.lcm(4, 6));
 * ```
 * ```python
 * import math
 * print(math.lcm(4, 6))
 * ```
 */
export function lcm(...integers: number[]): number;
export function lcm(...integers: Integer[]): number | bigint;
export function lcm(...args: unknown[]): number | bigint {
  const result = INTEGERS.lcm.read(args).integers.reduce((multiple: bigint, x) => {
    const factor = BigInt(x);
    return factor === 0n || multiple === 0n
      ? 0n
      : (multiple / common_divisor(multiple, factor)) * (factor < 0n ? -factor : factor);
  }, 1n);
  return as_integer(result);
}

const FACTORIAL = signature<{ x: Integer }>('factorial', 'x: integer');

/**
 * `1 * 2 * ... * x`. Mirrors `math.factorial`.
 *
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.factorial(5));
 * ```
 * ```python
 * import math
 * print(math.factorial(5))
 * ```
 */
export function factorial(x: number): number;
export function factorial(x: Integer): number | bigint;
export function factorial(...args: unknown[]): number | bigint {
  const number = BigInt(FACTORIAL.read(args).x);
  if (number < 0n) throw new Error('factorial() not defined for negative values');
  if (number >= 2n ** 63n) throw new RangeError('factorial() argument should not exceed 9223372036854775807');
  return as_integer(product_of(2n, number));
}

/** The product of all integers in a range, halved so that factors are of like size. */
function product_of(first: bigint, last: bigint): bigint {
  if (first > last) return 1n;
  if (last - first < 8n) {
    let product = first;
    for (let x = first + 1n; x <= last; x++) product *= x;
    return product;
  }
  const middle = (first + last) / 2n;
  return product_of(first, middle) * product_of(middle + 1n, last);
}

const COMB = signature<{ n: Integer; k: Integer }>('comb', 'n: integer, k: integer');

/**
 * The number of ways to choose k of n items. Mirrors `math.comb`.
 *
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.comb(5, 2));
 * ```
 * ```python
 * import math
 * print(math.comb(5, 2))
 * ```
 */
export function comb(n: number, k: number): number;
export function comb(n: Integer, k: Integer): number | bigint;
export function comb(...args: unknown[]): number | bigint {
  const read = COMB.read(args);
  const [n, k] = [BigInt(read.n), BigInt(read.k)];
  if (n < 0n) throw new Error('n must be a non-negative integer');
  if (k < 0n) throw new Error('k must be a non-negative integer');
  if (k > n) return 0;
  const few = k < n - k ? k : n - k;
  if (few >= 2n ** 63n) throw new RangeError('min(n - k, k) must not exceed 9223372036854775807');
  let result = 1n;
  for (let i = 1n; i <= few; i++) result = (result * (n - few + i)) / i;
  return as_integer(result);
}

const PERM = signature<{ n: Integer; k?: Integer | null }>('perm', 'n: integer, k?: integer|None');

/**
 * The number of ways to arrange k of n items, all of them when k is left out. Mirrors `math.perm`.
 *
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.perm(5, 2));
 * ```
 * ```python
 * import math
 * print(math.perm(5, 2))
 * ```
 */
export function perm(n: number, k?: number | null): number;
export function perm(n: Integer, k?: Integer | null): number | bigint;
export function perm(...args: unknown[]): number | bigint {
  const read = PERM.read(args);
  if (read.k === undefined || read.k === null) return factorial(read.n);
  const [n, k] = [BigInt(read.n), BigInt(read.k)];
  if (n < 0n) throw new Error('n must be a non-negative integer');
  if (k < 0n) throw new Error('k must be a non-negative integer');
  if (k > n) return 0;
  return as_integer(product_of(n - k + 1n, n));
}

const ISQRT = signature<{ n: Integer }>('isqrt', 'n: integer');

/**
 * The integer part of the square root of an integer. Mirrors `math.isqrt`.
 *
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import { math } from 'torch-node/python';
 * print(math.isqrt(10));
 * ```
 * ```python
 * import math
 * print(math.isqrt(10))
 * ```
 */
export function isqrt(n: number): number;
export function isqrt(n: Integer): number | bigint;
export function isqrt(...args: unknown[]): number | bigint {
  const number = BigInt(ISQRT.read(args).n);
  if (number < 0n) throw new Error('isqrt() argument must be nonnegative');
  if (number < 2n) return Number(number);
  // Newton's steps from above.
  let root = 1n << BigInt(Math.ceil(number.toString(2).length / 2));
  for (;;) {
    const next = (root + number / root) >> 1n;
    if (next >= root) return as_integer(root);
    root = next;
  }
}
