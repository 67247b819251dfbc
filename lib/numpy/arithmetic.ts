/** Arithmetic and comparison of NDArrays, element by element: numpy's ufuncs with its types and its roundings. */
import { native } from '../_C/native.js';
import {
  allocate,
  bits_of,
  broadcast_shapes,
  cast,
  fits,
  half_from_number,
  half_to_number,
  is_complex,
  is_float,
  is_inexact,
  is_long,
  is_python_int,
  is_unsigned,
  limits,
  type NDArrayDType,
  type NDArrayElement,
  places,
  promote,
  promote_scalar,
  scalar_array,
  store,
  broadcast_view,
  type Strided,
  tuple_text,
  type Values,
  values_for,
  values_of,
  walking_order,
  write_element,
} from './types.js';
import { Complex } from '../types/scalar.js';

/** An array, or a number, which is weak in promotion. */
export type Operand = Strided | NDArrayElement;

type Round = (value: number) => number;

const half_round: Round = (value) => half_to_number(half_from_number(Math.fround(value)));

/** Rounds to the precision of a type, and nothing else. */
export function rounding_of(dtype: NDArrayDType): Round {
  if (dtype === 'float32' || dtype === 'complex64') return Math.fround;
  return dtype === 'float16' ? half_round : (value) => value;
}

/** What one of numpy's operations does for each family of types; left out where numpy throws. */
interface Loops {
  /** numpy's name. */
  readonly name: string;
  readonly bool?: ((x: number, y: number) => number) | 'int8' | 'float64';
  readonly int?: ((x: number, y: number, dtype: NDArrayDType) => number) | 'float64';
  readonly long?: (x: bigint, y: bigint, dtype: NDArrayDType) => bigint;
  readonly float?: (x: number, y: number, round: Round) => number;
  readonly complex?: (x: Complex, y: Complex, round: Round) => Complex;
  /** Other texts of refusals. */
  readonly refusal?: string;
}

const wrap = (value: bigint, dtype: NDArrayDType): bigint =>
  dtype === 'uint64' ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);

function floor_division(x: bigint, y: bigint): bigint {
  if (y === 0n) return 0n;
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
}

/** Python's floor division and remainder of floats, with C's steps. */
function float_divmod(x: number, y: number, round: Round): [quotient: number, rest: number] {
  let rest = x % y;
  if (y === 0) return [round(x / y), rest];
  let quotient = round(round(x - rest) / y);
  if (rest !== 0) {
    if (y < 0 !== rest < 0) {
      rest = round(rest + y);
      quotient = round(quotient - 1);
    }
  } else rest = y < 0 || Object.is(y, -0) ? -0 : 0;
  if (quotient !== 0) {
    const floor = Math.floor(quotient);
    quotient = quotient - floor > 0.5 ? round(floor + 1) : floor;
  } else quotient = x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
  return [quotient, rest];
}

function integer_power(x: number, y: number): number {
  if (y < 0) throw new RangeError('Integers to negative integer powers are not allowed.');
  let result = 1;
  let base = x;
  for (let left = y; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

function long_power(x: bigint, y: bigint, dtype: NDArrayDType): bigint {
  if (y < 0n) throw new RangeError('Integers to negative integer powers are not allowed.');
  let result = 1n;
  let base = x;
  for (let left = y; left > 0n; left >>= 1n) {
    if (left & 1n) result = wrap(result * base, dtype);
    base = wrap(base * base, dtype);
  }
  return result;
}

/** C's `pow`, and numpy's short ways for the most common exponents. */
function float_power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0.5) return Math.sqrt(x);
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  return native.math_pow(x, y);
}

function complex_product(x: Complex, y: Complex, round: Round): Complex {
  return new Complex(round(round(x.re * y.re) - round(x.im * y.im)), round(round(x.re * y.im) + round(x.im * y.re)));
}

/** Smith's way, as numpy divides. */
function complex_quotient(x: Complex, y: Complex, round: Round): Complex {
  const { re, im } = y;
  if (Math.abs(re) >= Math.abs(im)) {
    if (re === 0 && im === 0) return new Complex(x.re / Math.abs(re), x.im / Math.abs(re));
    const ratio = round(im / re);
    const scale = round(1 / round(re + round(im * ratio)));
    return new Complex(
      round(round(x.re + round(x.im * ratio)) * scale),
      round(round(x.im - round(x.re * ratio)) * scale),
    );
  }
  const ratio = round(re / im);
  const scale = round(1 / round(im + round(re * ratio)));
  return new Complex(
    round(round(round(x.re * ratio) + x.im) * scale),
    round(round(round(x.im * ratio) - x.re) * scale),
  );
}

function complex_power(x: Complex, y: Complex, round: Round): Complex {
  if (y.re === 0 && y.im === 0) return new Complex(1, 0);
  if (x.re === 0 && x.im === 0) return y.re > 0 ? new Complex(0, 0) : new Complex(NaN, NaN);
  if (y.im === 0 && Number.isInteger(y.re) && Math.abs(y.re) < 100) {
    let result = new Complex(1, 0);
    let base = x;
    for (let left = Math.abs(y.re), first = true; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) {
        result = first ? base : complex_product(result, base, round);
        first = false;
      }
      base = complex_product(base, base, round);
    }
    return y.re < 0 ? complex_quotient(new Complex(1, 0), result, round) : result;
  }
  const [re, im] = native.math_complex_pow(x.re, x.im, y.re, y.im);
  return new Complex(round(re), round(im));
}

/** Whether a shift leaves no bit; numpy takes a negative count for a huge one. */
const shifted_out = (count: number | bigint, dtype: NDArrayDType): boolean => count < 0 || count >= bits_of(dtype);

const int32_product = (x: number, y: number, dtype: NDArrayDType): number =>
  dtype === 'int32' || dtype === 'uint32' ? Math.imul(x, y) : x * y;

/** The operations with two operands whose result has their common type. */
export const operations = {
  add: {
    name: 'add',
    bool: (x, y) => x | y,
    int: (x, y) => x + y,
    long: (x, y) => x + y,
    float: (x, y) => x + y,
    complex: (x, y) => new Complex(x.re + y.re, x.im + y.im),
  },
  sub: {
    name: 'subtract',
    int: (x, y) => x - y,
    long: (x, y) => x - y,
    float: (x, y) => x - y,
    complex: (x, y) => new Complex(x.re - y.re, x.im - y.im),
    refusal:
      'numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the ' +
      'logical_xor function instead.',
  },
  mul: {
    name: 'multiply',
    bool: (x, y) => x & y,
    int: int32_product,
    long: (x, y) => x * y,
    float: (x, y) => x * y,
    complex: complex_product,
  },
  div: { name: 'divide', bool: 'float64', int: 'float64', float: (x, y) => x / y, complex: complex_quotient },
  floor_divide: {
    name: 'floor_divide',
    bool: 'int8',
    int: (x, y) => (y === 0 ? 0 : Math.floor(x / y)),
    long: floor_division,
    float: (x, y, round) => float_divmod(x, y, round)[0],
  },
  mod: {
    name: 'remainder',
    bool: 'int8',
    int: (x, y) => (y === 0 ? 0 : x - y * Math.floor(x / y)),
    long: (x, y) => (y === 0n ? 0n : x - y * floor_division(x, y)),
    float: (x, y, round) => float_divmod(x, y, round)[1],
  },
  pow: {
    name: 'power',
    bool: 'int8',
    int: integer_power,
    long: long_power,
    float: float_power,
    complex: complex_power,
  },
  maximum: {
    name: 'maximum',
    bool: (x, y) => x | y,
    int: (x, y) => Math.max(x, y),
    long: (x, y) => (x > y ? x : y),
    float: (x, y) => Math.max(x, y),
    complex: (x, y) => (is_nan(x) || !(is_nan(y) || less(x, y)) ? x : y),
  },
  minimum: {
    name: 'minimum',
    bool: (x, y) => x & y,
    int: (x, y) => Math.min(x, y),
    long: (x, y) => (x < y ? x : y),
    float: (x, y) => Math.min(x, y),
    complex: (x, y) => (is_nan(x) || !(is_nan(y) || less(y, x)) ? x : y),
  },
  bitwise_and: { name: 'bitwise_and', bool: (x, y) => x & y, int: (x, y) => x & y, long: (x, y) => x & y },
  bitwise_or: { name: 'bitwise_or', bool: (x, y) => x | y, int: (x, y) => x | y, long: (x, y) => x | y },
  bitwise_xor: { name: 'bitwise_xor', bool: (x, y) => x ^ y, int: (x, y) => x ^ y, long: (x, y) => x ^ y },
  left_shift: {
    name: 'left_shift',
    bool: 'int8',
    int: (x, y, dtype) => (shifted_out(y, dtype) ? 0 : x << y),
    long: (x, y, dtype) => (shifted_out(y, dtype) ? 0n : x << y),
  },
  right_shift: {
    name: 'right_shift',
    bool: 'int8',
    int: (x, y, dtype) => (shifted_out(y, dtype) ? (x < 0 ? -1 : 0) : Math.floor(x / 2 ** y)),
    long: (x, y, dtype) => (shifted_out(y, dtype) ? (x < 0n ? -1n : 0n) : x >> y),
  },
} satisfies Record<string, Loops>;

/** The name of an operation of {@link operations}. */
export type Operation = keyof typeof operations;

const is_nan = (x: Complex): boolean => Number.isNaN(x.re) || Number.isNaN(x.im);
const less = (x: Complex, y: Complex): boolean =>
  (x.re < y.re && !Number.isNaN(x.im) && !Number.isNaN(y.im)) || (x.re === y.re && x.im < y.im);

export const is_strided = (operand: Operand): operand is Strided =>
  typeof operand === 'object' && !(operand instanceof Complex);

/** The common type of two operands, and both as arrays of a type (bounds of Python's integers checked). */
function common_operands(a: Operand, b: Operand, loops: Loops): { dtype: NDArrayDType; arrays: [Strided, Strided] } {
  if (is_strided(a) && is_strided(b)) return { dtype: promote(a.dtype, b.dtype), arrays: [a, b] };
  const array = is_strided(a) ? a : is_strided(b) ? b : scalar_array(a, promote_scalar('bool', a));
  const scalar = (is_strided(a) ? b : a) as NDArrayElement;
  // Where integers become floats, their own limits do not count.
  const floats = loops.int === 'float64' && !is_inexact(array.dtype) && !(scalar instanceof Complex);
  const dtype = floats ? 'float64' : promote_scalar(array.dtype, scalar);
  const other = scalar_array(scalar, dtype);
  return { dtype, arrays: is_strided(a) || !is_strided(b) ? [array, other] : [other, array] };
}

/** The type in which an operation is done for operands of a common type. @throws TypeError where numpy has none */
function loop_type(loops: Loops, dtype: NDArrayDType): NDArrayDType {
  const refused = new TypeError(
    loops.refusal ??
      `ufunc '${loops.name}' not supported for the input types, and the inputs could not ` +
        "be safely coerced to any supported types according to the casting rule ''safe''",
  );
  if (dtype === 'bool') {
    if (typeof loops.bool === 'string') return loops.bool;
    if (loops.bool === undefined) throw refused;
    return dtype;
  }
  if (is_complex(dtype)) {
    if (loops.complex === undefined) throw refused;
    return dtype;
  }
  if (is_inexact(dtype)) {
    if (loops.float === undefined) throw refused;
    return dtype;
  }
  return typeof loops.int === 'string' ? loops.int : dtype;
}

function calculate(loops: Loops, x: Values, y: Values, dtype: NDArrayDType): Values {
  const result = values_for(dtype, x.length / (is_complex(dtype) ? 2 : 1));
  if (is_complex(dtype)) {
    const pairs = result as Float64Array;
    const round = rounding_of(dtype);
    for (let i = 0; i < x.length; i += 2) {
      const value = loops.complex!(
        new Complex(x[i] as number, x[i + 1] as number),
        new Complex(y[i] as number, y[i + 1] as number),
        round,
      );
      pairs[i] = value.re;
      pairs[i + 1] = value.im;
    }
  } else if (is_long(dtype)) {
    const longs = result as BigInt64Array;
    for (let i = 0; i < x.length; i++) longs[i] = loops.long!(x[i] as bigint, y[i] as bigint, dtype);
  } else {
    const numbers = result as Float64Array;
    const [left, right] = [x as Float64Array, y as Float64Array];
    if (is_inexact(dtype)) {
      // float16 is calculated in single precision, and rounded when it is stored.
      const round = dtype === 'float64' ? rounding_of(dtype) : Math.fround;
      for (let i = 0; i < left.length; i++) numbers[i] = round(loops.float!(left[i]!, right[i]!, round));
    } else {
      const integer = (dtype === 'bool' ? loops.bool : loops.int) as (
        x: number,
        y: number,
        dtype: NDArrayDType,
      ) => number;
      for (let i = 0; i < left.length; i++) numbers[i] = integer(left[i]!, right[i]!, dtype);
    }
  }
  return result;
}

/** Fills an array with values that are in row-major order. */
export function fill_with(target: Strided, values: Values): void {
  let at = 0;
  for (const place of places(target)) store(target, place, values, at++);
}

/**
 * `a op b` with broadcasting and promotion.
 * @throws RangeError for shapes that do not fit, TypeError for types without the operation
 */
export function binary(method: string, operation: Operation, a: Operand, b: Operand): Strided {
  const loops: Loops = operations[operation];
  const { dtype: shared, arrays } = common_operands(a, b, loops);
  const dtype = loop_type(loops, shared);
  const shape = broadcast_shapes(method, arrays[0].shape, arrays[1].shape);
  const [left, right] = arrays.map((array) => broadcast_view(array, shape)) as [Strided, Strided];
  const result = allocate(shape, dtype, walking_order(shape, [left.strides, right.strides]));
  fill_with(result, calculate(loops, values_of(left, dtype), values_of(right, dtype), dtype));
  return result;
}

/** `a op= b`. @throws TypeError when the result is of a kind that `a` cannot hold */
export function binary_in_place(method: string, operation: Operation, a: Strided, b: Operand): void {
  const loops: Loops = operations[operation];
  const { dtype: shared, arrays } = common_operands(a, b, loops);
  const dtype = loop_type(loops, shared);
  if (kind_order(dtype) > kind_order(a.dtype)) {
    throw new TypeError(
      `Cannot cast ufunc '${loops.name}' output from dtype('${dtype}') to dtype('${a.dtype}') with casting rule 'same_kind'`,
    );
  }
  const shape = broadcast_shapes(method, arrays[0].shape, arrays[1].shape);
  if (shape.length !== a.shape.length || shape.some((size, dim) => size !== a.shape[dim])) {
    throw new RangeError(
      `${method}(): non-broadcastable output operand with shape ${tuple_text(a.shape).replaceAll(' ', '')} doesn't match the ` +
        'broadcast ' +
        `shape ${tuple_text(shape).replaceAll(' ', '')}`,
    );
  }
  const result = calculate(loops, values_of(a, dtype), values_of(broadcast_view(arrays[1], shape), dtype), dtype);
  assign_values(a, result, dtype);
}

/** A copy in a type that holds all elements. */
function promoted(a: Strided, dtype: NDArrayDType): Strided {
  const result = allocate(a.shape, dtype, walking_order(a.shape, [a.strides]));
  fill_with(result, values_of(a, dtype));
  return result;
}

/** `a.clip(min, max)`. @throws RangeError for integers that the type cannot hold, unless they bound nothing */
export function clipped(a: Strided, min: Operand | null, max: Operand | null): Strided {
  let [lower, upper] = [min, max];
  if (!is_inexact(a.dtype) && a.dtype !== 'bool') {
    const [least, most] = limits(a.dtype);
    if (is_python_int(lower) && lower <= least) lower = null;
    if (is_python_int(upper) && upper >= most) upper = null;
  }
  if (lower === null) return upper === null ? promoted(a, a.dtype) : binary('clip', 'minimum', a, upper);
  if (upper === null) return binary('clip', 'maximum', a, lower);
  // All three have one common type, which a float among the bounds decides.
  const dtype = [lower, upper].reduce<NDArrayDType>(
    (so_far, bound) => (is_strided(bound) ? promote(so_far, bound.dtype) : promote_scalar(so_far, bound)),
    a.dtype,
  );
  if (!is_strided(lower) && !is_strided(upper) && is_float(dtype)) {
    const [least, most] = [lower, upper].map((bound) => values_of(scalar_array(bound, dtype))[0] as number) as [
      number,
      number,
    ];
    // A zero that equals a bound keeps its sign.
    return unary(promoted(a, dtype), dtype, (x, result) => {
      for (let i = 0; i < x.length; i++) {
        const value = x[i] as number;
        const raised = value < least || least !== least ? least : value;
        result[i] = raised > most || most !== most ? most : raised;
      }
    });
  }
  return binary('clip', 'minimum', binary('clip', 'maximum', promoted(a, dtype), lower), upper);
}

const kind_order = (dtype: NDArrayDType): number =>
  dtype === 'bool' ? 0 : is_complex(dtype) ? 4 : is_inexact(dtype) ? 3 : is_unsigned(dtype) ? 1 : 2;

/** Fills an array with values of another type. */
export function assign_values(target: Strided, values: Values, dtype: NDArrayDType): void {
  if (dtype === target.dtype) {
    fill_with(target, values);
    return;
  }
  let at = 0;
  for (const place of places(target)) {
    const value = is_complex(dtype) ? new Complex(values[2 * at] as number, values[2 * at + 1] as number) : values[at]!;
    write_element(target, place, cast(value, dtype, target.dtype));
    at++;
  }
}

/** The comparisons of numbers and of complex ones, which numpy orders by their real parts first. */
export const comparisons = {
  eq: {
    // biome-ignore lint/suspicious/noDoubleEquals: a number equals a bigint of the same value
    real: (x: number | bigint, y: number | bigint) => x == y,
    complex: (x: Complex, y: Complex) => x.re === y.re && x.im === y.im,
  },
  ne: {
    // biome-ignore lint/suspicious/noDoubleEquals: a number equals a bigint of the same value
    real: (x: number | bigint, y: number | bigint) => x != y,
    complex: (x: Complex, y: Complex) => x.re !== y.re || x.im !== y.im,
  },
  lt: { real: (x: number | bigint, y: number | bigint) => x < y, complex: less },
  le: {
    real: (x: number | bigint, y: number | bigint) => x <= y,
    complex: (x: Complex, y: Complex) => less(x, y) || (x.re === y.re && x.im <= y.im),
  },
  gt: { real: (x: number | bigint, y: number | bigint) => x > y, complex: (x: Complex, y: Complex) => less(y, x) },
  ge: {
    real: (x: number | bigint, y: number | bigint) => x >= y,
    complex: (x: Complex, y: Complex) => less(y, x) || (x.re === y.re && x.im >= y.im),
  },
};

/** `a op b` as booleans. @throws RangeError for shapes that do not fit */
export function compare(method: keyof typeof comparisons, a: Strided, b: Operand): Strided {
  const { real, complex } = comparisons[method];
  const beyond = !is_strided(b) && is_python_int(b) && !fits(b, a.dtype);
  // A Python integer that the type cannot hold is compared as it is.
  const other = is_strided(b) ? b : scalar_array(b, beyond ? (b > 0 ? 'uint64' : 'int64') : promote_scalar(a.dtype, b));
  const shared = beyond ? a.dtype : promote(a.dtype, other.dtype);
  const mixed = is_long(a.dtype) && is_long(other.dtype);
  const [left_type, right_type] = mixed || beyond ? [a.dtype, other.dtype] : [shared, shared];
  const shape = broadcast_shapes(method, a.shape, other.shape);
  const [left, right] = [broadcast_view(a, shape), broadcast_view(other, shape)];
  const result = allocate(shape, 'bool', walking_order(shape, [left.strides, right.strides]));
  const [x, y] = [values_of(left, left_type), values_of(right, right_type)];
  let at = 0;
  for (const place of places(result)) {
    const holds = is_complex(shared)
      ? complex(new Complex(x[at] as number, x[at + 1] as number), new Complex(y[at] as number, y[at + 1] as number))
      : real(x[at]!, y[at]!);
    result.data[place] = holds ? 1 : 0;
    at += is_complex(shared) ? 2 : 1;
  }
  return result;
}

/** An operation on each element by itself. `dtype` is the type of the result. */
export function unary(a: Strided, dtype: NDArrayDType, change: (x: Values, result: Values) => void): Strided {
  const x = values_of(a);
  const values = values_for(dtype, x.length / (is_complex(a.dtype) ? 2 : 1));
  change(x, values);
  const result = allocate(a.shape, dtype, walking_order(a.shape, [a.strides]));
  fill_with(result, values);
  return result;
}

/** `-a`. @throws TypeError for booleans */
export function negative(a: Strided): Strided {
  if (a.dtype === 'bool') {
    throw new TypeError(
      'The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not ' +
        'function instead.',
    );
  }
  return unary(a, a.dtype, (x, result) => {
    for (let i = 0; i < x.length; i++) result[i] = -x[i]!;
  });
}

/** `abs(a)`; of complex numbers the float of half their size. */
export function absolute(a: Strided): Strided {
  if (is_complex(a.dtype)) {
    return unary(a, a.dtype === 'complex64' ? 'float32' : 'float64', (x, result) => {
      for (let i = 0; i < result.length; i++) result[i] = native.math_hypot(x[2 * i] as number, x[2 * i + 1] as number);
    });
  }
  return unary(a, a.dtype, (x, result) => {
    if (is_long(a.dtype)) for (let i = 0; i < x.length; i++) result[i] = x[i]! < 0n ? -x[i]! : x[i]!;
    else for (let i = 0; i < x.length; i++) result[i] = Math.abs(x[i] as number);
  });
}

/** `~a`. @throws TypeError for what is not an integer or boolean */
export function inverted(a: Strided): Strided {
  if (is_inexact(a.dtype)) {
    throw new TypeError(
      "ufunc 'invert' not supported for the input types, and the inputs could not be safely coerced to any " +
        "supported types according to the casting rule ''safe''",
    );
  }
  return unary(a, a.dtype, (x, result) => {
    for (let i = 0; i < x.length; i++) result[i] = a.dtype === 'bool' ? 1 - (x[i] as number) : ~x[i]!;
  });
}
