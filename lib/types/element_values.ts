/**
 * JavaScript numbers as elements of tensors: the one place that decides which numbers an element type takes, as Python does.
 * Whole numbers that fit wrap into unsigned types as two's complement; other values that do not fit throw.
 */
import * as dtypes from './dtype.js';
import type { DType } from './dtype.js';
import { Complex, type Scalar } from './scalar.js';

type Packed = [array: ArrayBufferView, element: DType];

interface IntegerType {
  readonly bits: number;
  readonly signed: boolean;
  readonly array: new (length: number) => { [index: number]: number } & ArrayBufferView;
}

const integer_types = new Map<DType, IntegerType>([
  [dtypes.int8, { bits: 8, signed: true, array: Int8Array }],
  [dtypes.int16, { bits: 16, signed: true, array: Int16Array }],
  [dtypes.int32, { bits: 32, signed: true, array: Int32Array }],
  [dtypes.uint8, { bits: 8, signed: false, array: Uint8Array }],
  [dtypes.uint16, { bits: 16, signed: false, array: Uint16Array }],
  [dtypes.uint32, { bits: 32, signed: false, array: Uint32Array }],
]);

const fits_int64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

function overflow(dtype: DType): Error {
  return new Error(`value cannot be converted to type ${dtype.name} without overflow`);
}

function refuse_complex(value: Scalar, message: string): asserts value is number | bigint | boolean {
  if (value instanceof Complex) throw new TypeError(message);
}

/** A number of any size as a double. @throws RangeError for a bigint that is larger than any */
function as_double(value: number | bigint | boolean): number {
  const double = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(double)) throw new RangeError('int too large to convert to float');
  return double;
}

function checked_bigint(value: bigint): bigint {
  if (!fits_int64(value)) throw new RangeError('Overflow when unpacking long long');
  return value;
}

function pack_small_integers(values: readonly Scalar[], dtype: DType, { bits, signed, array }: IntegerType): Packed {
  const packed = new array(values.length);
  const most = 2 ** (signed ? bits - 1 : bits) - 1;
  const least = signed ? -most - 1 : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    refuse_complex(value, "'complex' object cannot be interpreted as an integer");
    const number = typeof value === 'bigint' ? Number(checked_bigint(value)) : Number(value);
    // Whole numbers may be negative in unsigned types, where they wrap; others may not.
    const floor = Number.isSafeInteger(number) && !signed ? -most : least;
    if (!(number >= floor && number <= most)) throw overflow(dtype);
    packed[i] = number;
  }
  return [packed, dtype];
}

function pack_int64(values: readonly Scalar[]): Packed {
  if (values.some((value) => typeof value === 'bigint')) return [BigInt64Array.from(values, as_int64), dtypes.int64];
  return [Float64Array.from(values, checked_double), dtypes.float64];
}

function checked_double(value: Scalar): number {
  refuse_complex(value, "'complex' object cannot be interpreted as an integer");
  const number = Number(value);
  if (!(number >= -(2 ** 63) && number < 2 ** 63)) throw overflow(dtypes.int64);
  return number;
}

function as_int64(value: Scalar): bigint {
  return typeof value === 'bigint' ? checked_bigint(value) : BigInt(Math.trunc(checked_double(value)));
}

function as_uint64(value: Scalar): bigint {
  const whole = typeof value === 'bigint' || typeof value === 'boolean' || Number.isSafeInteger(value);
  if (!whole) throw new TypeError('an integer is required');
  const number = BigInt(value as number);
  if (number < 0n) throw new RangeError("can't convert negative int to unsigned");
  if (BigInt.asUintN(64, number) !== number) throw new RangeError('int too big to convert');
  return number;
}

function pack_complex(values: readonly Scalar[]): Packed {
  const pairs = new Float64Array(values.length * 2);
  values.forEach((value, i) => {
    pairs[2 * i] = value instanceof Complex ? value.re : as_double(value);
    pairs[2 * i + 1] = value instanceof Complex ? value.im : 0;
  });
  return [pairs, dtypes.complex128];
}

function is_true(value: Scalar): number {
  return Number(value instanceof Complex ? value.re !== 0 || value.im !== 0 : Boolean(value) || Number.isNaN(value));
}

/**
 * A typed array that holds the numbers as elements of `dtype`, and the type of its elements, which libtorch converts to
 * `dtype` without loss of what fits.
 * @param callee what was called, as error texts name it
 * @throws Error, RangeError or TypeError with Python's text for a number that `dtype` cannot hold
 */
export function packed_elements(callee: string, values: readonly Scalar[], dtype: DType): Packed {
  try {
    return packed(values, dtype);
  } catch (error) {
    (error as Error).message = `${callee}(): ${(error as Error).message}`;
    throw error;
  }
}

function packed(values: readonly Scalar[], dtype: DType): Packed {
  const integers = integer_types.get(dtype);
  if (integers !== undefined) return pack_small_integers(values, dtype, integers);
  if (dtype === dtypes.int64) return pack_int64(values);
  if (dtype === dtypes.uint64) return [BigUint64Array.from(values, as_uint64), dtypes.uint64];
  if (dtype === dtypes.bool) return [Uint8Array.from(values, is_true), dtypes.bool];
  if (dtype.is_complex) return pack_complex(values);
  return [
    Float64Array.from(values, (value) => {
      refuse_complex(value, 'must be real number, not complex');
      return as_double(value);
    }),
    dtypes.float64,
  ];
}
