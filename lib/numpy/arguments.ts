/** What the functions of numpy take, and what they give back. */
import { define_kind } from '../_internal/signature.js';
import { kind_of } from '../_internal/kind_of.js';
import { array_of_lists } from './indexing.js';
import { NDArray, type NDArrayDTypeLike, type NDArrayItem, type NDArrayOperand, type NDArrayValue } from './ndarray.js';
import {
  allocate,
  dtype_named,
  natural_dtype,
  note_scalar,
  promote,
  read_element,
  scalar_array,
  values_of,
  type NDArrayDType,
  type NDArrayElement,
  type Strided,
} from './types.js';
import { assign_values } from './arithmetic.js';
import { Complex } from '../types/scalar.js';

/** What becomes an array: an NDArray, a typed array, a tensor, a number, nested lists of them. */
export type ArrayArgument = NDArrayValue;

/** A shape: the size of the only dimension, or of each. */
export type ShapeLike = number | readonly number[];

/** The options of functions that make arrays. */
export interface DTypeOptions {
  /** The element type, numpy's default when left out. */
  dtype?: NDArrayDTypeLike | null;
}

define_kind(
  'numpy_array_like',
  'an array or a list',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) ||
      value instanceof NDArray ||
      natural_dtype(value) !== undefined ||
      typeof (value as { numpy?: unknown }).numpy === 'function'),
);

const is_number = (value: unknown): value is NDArrayElement =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Complex;

/** The type that a number has by itself. */
const dtype_of_number = (value: NDArrayElement): NDArrayDType =>
  value instanceof Complex
    ? 'complex128'
    : typeof value === 'boolean'
      ? 'bool'
      : typeof value === 'bigint' || Number.isSafeInteger(value)
        ? 'int64'
        : 'float64';

/** Where the parts of a list are arrays, they become rows of one. */
function rows_of(callee: string, rows: readonly unknown[]): NDArray {
  const arrays = rows.map((row) => array_from(callee, row));
  const [first] = arrays;
  if (arrays.some(({ shape }) => String(shape) !== String(first!.shape))) {
    throw new RangeError(`${callee}(): setting an array element with a sequence. The arrays differ in shape`);
  }
  const dtype = arrays.map((array) => array.dtype).reduce((a, b) => promote(a, b));
  const result = allocate([arrays.length, ...first!.shape], dtype);
  const size = first!.size;
  arrays.forEach((array, i) => {
    const part = { ...allocate([], dtype), data: result.data, shape: first!.shape, offset: i * size };
    assign_values({ ...part, strides: result.strides.slice(1) }, values_of(array), array.dtype);
  });
  return NDArray._of(result);
}

/** An array of what can be one; the array itself where it is one. @throws TypeError for the rest */
export function array_from(callee: string, value: unknown): NDArray {
  if (value instanceof NDArray) return value;
  if (is_number(value)) return NDArray._of(scalar_array(value, dtype_of_number(value)));
  if (Array.isArray(value)) {
    if (value.some((row) => !Array.isArray(row) && !is_number(row) && NDArray._from_value(callee, row) !== undefined)) {
      return rows_of(callee, value);
    }
    return NDArray._of(array_of_lists(callee, value));
  }
  const made = NDArray._from_value(callee, value);
  if (made === undefined) throw new TypeError(`${callee}(): an array or a list is needed, not ${kind_of(value)}`);
  return made instanceof NDArray ? made : NDArray._of(made);
}

/** The array, or the number itself, whose type is weak in arithmetic. */
export function operand_from(callee: string, value: unknown): NDArray | NDArrayElement {
  return is_number(value) ? value : array_from(callee, value);
}

/** The type that an option names; the default when it is left out. */
export function dtype_or<D extends NDArrayDType | undefined>(
  dtype: string | null | undefined,
  otherwise: D,
): NDArrayDType | D {
  return dtype === undefined || dtype === null ? otherwise : dtype_named(dtype);
}

/** A result: a number when no dimension is left, as numpy gives a scalar. */
export function outcome(result: Strided): NDArrayItem {
  if (result.shape.length > 0) return NDArray._of(result) as NDArrayItem;
  const value = read_element(result, result.offset);
  note_scalar(value, result.dtype);
  return value as NDArrayItem;
}

export const shape_of = (shape: ShapeLike): readonly number[] => (typeof shape === 'number' ? [shape] : shape);

export type { NDArrayItem, NDArrayOperand };
