/** What is drawn: tensors, arrays of numpy, typed arrays, lists of numbers and ranges, as float64 with a shape. */
import { types } from 'node:util';

import { define_kind } from '../_internal/signature.js';
import { array_from } from '../numpy/arguments.js';
import { TimeArray } from '../numpy/items.js';
import { NDArray } from '../numpy/ndarray.js';
import { natural_dtype } from '../numpy/types.js';
import { Tensor } from '../_tensor.js';

/** Numbers in order, of one or more dimensions; or times. */
export type Values =
  | Tensor
  | NDArray
  | TimeArray
  | ArrayLike<number>
  | ArrayLike<bigint>
  | Iterable<number>
  | readonly (readonly number[])[]
  | readonly unknown[];

/** Float64 elements in row-major order. */
export interface Floats {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  /** Whether the elements were bytes, which images take as they are. */
  readonly bytes: boolean;
}

const is_iterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';

/** Whether a value is an array in the sense of this package: not a number, and not a string. */
export const is_values = (value: unknown): value is Values =>
  value instanceof Tensor || value instanceof NDArray || natural_dtype(value) !== undefined || is_iterable(value);

const is_number = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

/** Whether a value is a time or an array of times, which are numbers of days since 1970 on an axis. */
export function is_dates(value: unknown): boolean {
  if (types.isDate(value)) return true;
  if (value instanceof TimeArray) return value.descr[1] === 'M';
  return Array.isArray(value) && types.isDate((value as unknown[]).find((each) => each !== null));
}

/** Days since 1970; not a number for a Date without time. */
export function days_of_date(date: Date): number {
  const milliseconds = date.getTime();
  const second = Math.floor(milliseconds / 1000);
  return (second + (milliseconds - second * 1000) / 1000) / 86400;
}

define_kind('place', 'float or Date', (value) => is_number(value) || types.isDate(value));
define_kind(
  'values',
  'Tensor, NDArray or a list of numbers',
  (value) => is_values(value) || is_number(value) || types.isDate(value),
);
define_kind(
  'categories',
  'Tensor, NDArray or a list of numbers or strings',
  (value) => is_values(value) || is_number(value) || typeof value === 'string' || types.isDate(value),
);

function from_array({
  data,
  shape,
  bytes,
}: {
  data: ArrayLike<number>;
  shape: readonly number[];
  bytes: boolean;
}): Floats {
  return { data: data instanceof Float64Array ? data : Float64Array.from(data), shape, bytes };
}

function of_ndarray(array: NDArray): Floats {
  const plain = array.astype('float64').copy();
  const data = (plain.data as Float64Array).subarray(plain.offset, plain.offset + plain.size);
  return { data, shape: array.shape, bytes: array.dtype === 'uint8' };
}

/** A list whose elements are numbers alone, which is the common case. */
function flat_list(list: readonly unknown[]): Float64Array | undefined {
  const data = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value === 'number') data[i] = value;
    else if (value === null) data[i] = Number.NaN;
    else if (types.isDate(value)) data[i] = days_of_date(value);
    else return undefined;
  }
  return data;
}

/** A list of lists, tensors, or numbers of other kinds. */
function nested_list(callee: string, list: readonly unknown[]): Floats {
  const rows = list.map((value) => {
    if (typeof value === 'boolean') return of_number(Number(value));
    if (is_number(value)) return of_number(Number(value));
    if (is_values(value)) return floats(callee, value);
    throw new TypeError(
      `${callee}(): could not convert ${typeof value === 'string' ? `string '${value}'` : typeof value} to float`,
    );
  });
  const shape = rows[0]?.shape ?? [];
  if (rows.some((row) => row.shape.join() !== shape.join())) {
    throw new Error(
      `${callee}(): setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 dimensions.`,
    );
  }
  const size = rows[0]?.data.length ?? 0;
  const data = new Float64Array(size * rows.length);
  rows.forEach((row, i) => data.set(row.data, i * size));
  return { data, shape: [rows.length, ...shape], bytes: false };
}

const of_number = (value: number): Floats => ({ data: Float64Array.of(value), shape: [], bytes: false });

/**
 * The elements of a value as float64.
 * @throws Error for a tensor that requires a gradient, as Python does; for lists of lists of different lengths
 */
export function floats(callee: string, value: unknown): Floats {
  if (is_number(value) || typeof value === 'boolean') return of_number(Number(value));
  if (types.isDate(value)) return of_number(days_of_date(value));
  if (value instanceof TimeArray && value.descr[1] === 'M')
    return { data: value._days(), shape: value.shape, bytes: false };
  if (value instanceof Tensor) return of_ndarray(value.numpy());
  if (value instanceof NDArray) return of_ndarray(value);
  const dtype = natural_dtype(value);
  if (dtype !== undefined) {
    if (dtype === 'float64' || dtype === 'uint8' || dtype === 'float32') {
      const data = value as ArrayLike<number>;
      return from_array({ data: Float64Array.from(data), shape: [data.length], bytes: dtype === 'uint8' });
    }
    return of_ndarray(array_from(callee, value));
  }
  if (!is_iterable(value)) throw new TypeError(`${callee}(): cannot draw a value of type ${typeof value}`);
  const list = Array.isArray(value) ? (value as unknown[]) : [...value];
  const flat = flat_list(list);
  return flat === undefined ? nested_list(callee, list) : { data: flat, shape: [flat.length], bytes: false };
}

/** The elements in one row, of any shape. */
export const flat_floats = (callee: string, value: unknown): Float64Array => floats(callee, value).data;

/** A row of one-dimensional columns: a matrix becomes its columns, a vector itself. */
export function columns(callee: string, value: unknown): Float64Array[] {
  const { data, shape } = floats(callee, value);
  if (shape.length < 2) return [data];
  if (shape.length > 2)
    throw new Error(`${callee}(): x and y can be no greater than 2D, but have shapes (${shape.join(', ')})`);
  const [rows, count] = shape as [number, number];
  return Array.from({ length: count }, (_, j) => Float64Array.from({ length: rows }, (__, i) => data[i * count + j]!));
}

/** The rows of a matrix. @throws TypeError unless there are two dimensions */
export function matrix(
  callee: string,
  name: string,
  value: unknown,
): { data: Float64Array; rows: number; columns: number } {
  const { data, shape } = floats(callee, value);
  if (shape.length !== 2) throw new TypeError(`${callee}(): Input ${name} must be 2D, not ${shape.length}D`);
  return { data, rows: shape[0]!, columns: shape[1]! };
}

/** Whether a value is a list of strings, which are categories; a string is one. */
export function is_categories(value: unknown): value is string | readonly string[] {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string'))
  );
}

/** The smallest and the largest finite element; undefined without one. */
export function extent(data: ArrayLike<number>): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** `numpy.linspace` with both ends. */
export function linspace(start: number, stop: number, count: number): Float64Array {
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  const values = Float64Array.from({ length: count }, (_, i) => i * step + start);
  if (count > 1) values[count - 1] = stop;
  return values;
}
