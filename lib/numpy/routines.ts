/** More functions of numpy that programs use on small arrays: joining and cutting, places, statistics, and functions of one number. */
import type { Tail } from '../_internal/arguments.js';
import { signature } from '../_internal/signature.js';
import * as math from '../python/math.js';
import { Tuple } from '../python/values.js';
import { array_from, outcome, shape_of, type ArrayArgument, type ShapeLike } from './arguments.js';
import { floats, of_one, of_two_floats, type OfOne } from './elementwise.js';
import { concatenate, finfo, linspace, stack, unique } from './functions.js';
import { dot } from './products.js';
import { NDArray, type NDArrayItem, type NDArrayOperand } from './ndarray.js';
import { allocate, is_inexact, promote, row_major, type NDArrayElement } from './types.js';

/** A dimension that counts from the end when it is negative. */
function dimension(axis: number, ndim: number, name = 'axis'): number {
  const found = axis < 0 ? axis + ndim : axis;
  if (found >= 0 && found < ndim) return found;
  throw new RangeError(
    `${name === 'axis' ? '' : `${name}: `}axis ${axis} is out of bounds for array of dimension ${ndim}`,
  );
}

/** A multiple of floats, in their own precision. */
function scaled(name: string, factor: (pi: number) => number): OfOne {
  const as_float = floats(name, (x) => x);
  return (...args) => {
    const x = array_from(name, as_float(...args));
    const by = x.dtype === 'float32' ? Math.fround(factor(Math.fround(Math.PI))) : factor(Math.PI);
    return x.mul(by) as NDArrayItem;
  };
}

/** Rounds to whole numbers, halves to even ones. */
function round_half_even(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Object.is(x, -0) || (x < 0 && x >= -0.5) ? -0 : Math.round(x);
  const even = below % 2 === 0 ? below : below + 1;
  return even === 0 && x < 0 ? -0 : even;
}

type Sub = string | number | NDArray;

/** The part of an array that a subscript of one dimension selects. */
const along = (array: NDArray, axis: number, sub: Sub): NDArray =>
  array.index(...Array.from({ length: axis }, () => ':'), sub) as NDArray;

const numbers_of = (array: NDArray): number[] => ([array.tolist()].flat(Infinity) as (number | bigint)[]).map(Number);
const float_array = (callee: string, value: ArrayArgument): NDArray => {
  const array = array_from(callee, value);
  return is_inexact(array.dtype) ? array : array.astype('float64');
};
const int64 = (values: readonly number[]): NDArray => array_from('array', values).astype('int64');

/**
 * Inverse sines. Mirrors `numpy.arcsin`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.arcsin([0.25, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.arcsin([0.25, 0.5]))
 * ```
 */
export const arcsin: OfOne = floats('arcsin', math.asin);

/**
 * Inverse cosines. Mirrors `numpy.arccos`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.arccos([0.25, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.arccos([0.25, 0.5]))
 * ```
 */
export const arccos: OfOne = floats('arccos', math.acos);

/**
 * Inverse tangents. Mirrors `numpy.arctan`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.arctan([0.25, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.arctan([0.25, 0.5]))
 * ```
 */
export const arctan: OfOne = floats('arctan', math.atan);

/**
 * Hyperbolic sines. Mirrors `numpy.sinh`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sinh([0.25, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.sinh([0.25, 0.5]))
 * ```
 */
export const sinh: OfOne = floats('sinh', math.sinh);

/**
 * Hyperbolic cosines. Mirrors `numpy.cosh`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cosh([0.25, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cosh([0.25, 0.5]))
 * ```
 */
export const cosh: OfOne = floats('cosh', math.cosh);

/**
 * Powers of 2. Mirrors `numpy.exp2`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.exp2([0.5, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.exp2([0.5, 3]))
 * ```
 */
export const exp2: OfOne = floats('exp2', (x) => 2 ** x);

/**
 * Cube roots. Mirrors `numpy.cbrt`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cbrt([8, 27]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cbrt([8, 27]))
 * ```
 */
export const cbrt: OfOne = floats('cbrt', math.cbrt);

/**
 * Degrees of angles in radians. Mirrors `numpy.degrees`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.degrees([0, 1.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.degrees([0, 1.5]))
 * ```
 */
export const degrees: OfOne = scaled('degrees', (pi) => 180 / pi);

/**
 * Degrees of angles in radians. Mirrors `numpy.rad2deg`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.rad2deg([0, 1.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.rad2deg([0, 1.5]))
 * ```
 */
export const rad2deg: OfOne = scaled('rad2deg', (pi) => 180 / pi);

/**
 * Radians of angles in degrees. Mirrors `numpy.radians`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.radians([0, 90]));
 * ```
 * ```python
 * import numpy as np
 * print(np.radians([0, 90]))
 * ```
 */
export const radians: OfOne = scaled('radians', (pi) => pi / 180);

/**
 * Radians of angles in degrees. Mirrors `numpy.deg2rad`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.deg2rad([0, 90]));
 * ```
 * ```python
 * import numpy as np
 * print(np.deg2rad([0, 90]))
 * ```
 */
export const deg2rad: OfOne = scaled('deg2rad', (pi) => pi / 180);

/**
 * Rounded to whole numbers, halves to even ones. Mirrors `numpy.rint`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.rint([0.5, 1.5, -2.7]));
 * ```
 * ```python
 * import numpy as np
 * print(np.rint([0.5, 1.5, -2.7]))
 * ```
 */
export const rint: OfOne = floats('rint', round_half_even);

/**
 * -1, 0 or 1 by the sign of elements. Mirrors `numpy.sign`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sign([-2, 0, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.sign([-2, 0, 0.5]))
 * ```
 */
export const sign: OfOne = of_one(
  'sign',
  (x) => x.sub(0).gt(0).astype(x.dtype).sub(x.lt(0).astype(x.dtype)) as NDArray,
);

/**
 * Angles of points, in the right quadrant. Mirrors `numpy.arctan2`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.arctan2([1, -1], [0, 1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.arctan2([1, -1], [0, 1]))
 * ```
 */
export const arctan2 = of_two_floats('arctan2', math.atan2);

/**
 * Lengths of hypotenuses. Mirrors `numpy.hypot`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.hypot([3, 5], [4, 12]));
 * ```
 * ```python
 * import numpy as np
 * print(np.hypot([3, 5], [4, 12]))
 * ```
 */
export const hypot = of_two_floats('hypot', (x, y) => Math.sqrt(x * x + y * y));

const CUMPROD_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'cumprod',
  'a: array_value, axis?: int|None',
);

/**
 * Products up to each element. Mirrors `numpy.cumprod`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cumprod([1, 2, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cumprod([1, 2, 3]))
 * ```
 */
export function cumprod(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArray;
export function cumprod(...args: unknown[]): NDArray {
  const { a, axis = null } = CUMPROD_ARGUMENTS.read(args);
  return array_from('cumprod', a).cumprod({ axis });
}

const DIFF_ARGUMENTS = signature<{ a: ArrayArgument; n?: number; axis?: number }>(
  'diff',
  'a: array_value, n?: int, axis?: int',
);

/**
 * Differences of neighbours, `n` times. Mirrors `numpy.diff`.
 * @param n - default 1
 * @param axis - default the last
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.diff([1, 4, 9, 16]), np.diff([1, 4, 9, 16], { n: 2 }));
 * ```
 * ```python
 * import numpy as np
 * print(np.diff([1, 4, 9, 16]), np.diff([1, 4, 9, 16], n=2))
 * ```
 */
export function diff(
  a: ArrayArgument,
  ...args: Tail<[n: number, axis: number], { n?: number; axis?: number }>
): NDArray;
export function diff(...args: unknown[]): NDArray {
  const { a, n = 1, axis = -1 } = DIFF_ARGUMENTS.read(args);
  if (n < 0) throw new Error(`order must be non-negative but got ${n}`);
  let found = array_from('diff', a);
  if (found.ndim === 0) throw new Error('diff requires input that is at least one dimensional');
  const dim = dimension(axis, found.ndim);
  for (let i = 0; i < n; i++) {
    const [later, former] = [along(found, dim, '1:'), along(found, dim, ':-1')];
    found = (found.dtype === 'bool' ? later.ne(former) : later.sub(former)) as NDArray;
  }
  return found;
}

function rolled(array: NDArray, shift: number, axis: number): NDArray {
  const size = array.shape[axis]!;
  if (size === 0) return array.copy();
  const by = ((shift % size) + size) % size;
  return concatenate([along(array, axis, `${size - by}:`), along(array, axis, `:${size - by}`)], axis);
}

const ROLL_ARGUMENTS = signature<{ a: ArrayArgument; shift: ShapeLike; axis?: ShapeLike | null }>(
  'roll',
  'a: array_value, shift: int|int[], axis?: int|int[]|None',
);

/**
 * Elements moved on, those at the end to the start. Mirrors `numpy.roll`.
 * @param axis - default null: of all elements in order
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.roll([1, 2, 3, 4], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.roll([1, 2, 3, 4], 1))
 * ```
 */
export function roll(
  a: ArrayArgument,
  shift: ShapeLike,
  axis?: ShapeLike | null | { axis?: ShapeLike | null },
): NDArray;
export function roll(...args: unknown[]): NDArray {
  const { a, shift, axis = null } = ROLL_ARGUMENTS.read(args);
  const array = array_from('roll', a);
  if (axis === null) {
    const by = shape_of(shift).reduce((sum, each) => sum + each, 0);
    return rolled(array.ravel(), by, 0).reshape([...array.shape]);
  }
  const axes = shape_of(axis);
  const shifts = shape_of(shift);
  const count = Math.max(axes.length, shifts.length);
  if (![1, count].includes(axes.length) || ![1, count].includes(shifts.length)) {
    throw new Error("'shift' and 'axis' should be scalars or 1D sequences");
  }
  let found = array;
  for (let i = 0; i < count; i++) {
    found = rolled(found, shifts[i % shifts.length]!, dimension(axes[i % axes.length]!, array.ndim));
  }
  return found;
}

const TILE_ARGUMENTS = signature<{ A: ArrayArgument; reps: ShapeLike }>('tile', 'A: array_value, reps: int|int[]');

/**
 * An array that repeats another one. Mirrors `numpy.tile`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.tile([1, 2], 2), np.tile([1, 2], [2, 1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.tile([1, 2], 2), np.tile([1, 2], (2, 1)))
 * ```
 */
export function tile(A: ArrayArgument, reps: ShapeLike): NDArray;
export function tile(...args: unknown[]): NDArray {
  const { A, reps } = TILE_ARGUMENTS.read(args);
  const array = array_from('tile', A);
  const counts = [...shape_of(reps)];
  while (counts.length < array.ndim) counts.unshift(1);
  let found = array.reshape([...Array.from({ length: counts.length - array.ndim }, () => 1), ...array.shape]);
  counts.forEach((count, axis) => {
    const copies = Array.from({ length: count }, () => found);
    found = count === 0 ? along(found, axis, ':0') : concatenate(copies, axis);
  });
  return found.copy();
}

function parts_of(array: NDArray, cuts: ShapeLike, axis: number): NDArray[] {
  const size = array.shape[axis]!;
  let places: number[];
  if (typeof cuts === 'number') {
    if (cuts <= 0) throw new Error('number sections must be larger than 0.');
    const [each, rest] = [Math.floor(size / cuts), size % cuts];
    places = Array.from({ length: cuts - 1 }, (_, i) => (i + 1) * each + Math.min(i + 1, rest));
  } else places = [...cuts];
  return [0, ...places].map((from, i) => along(array, axis, `${from}:${i < places.length ? places[i] : ''}`));
}

const ARRAY_SPLIT_ARGUMENTS = signature<{ ary: ArrayArgument; indices_or_sections: ShapeLike; axis?: number }>(
  'array_split',
  'ary: array_value, indices_or_sections: int|int[], axis?: int',
);

/**
 * Parts of an array: as many, of nearly the same size, or cut at places. Mirrors `numpy.array_split`.
 * @param axis - default 0
 * @throws Error for fewer than one part
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.array_split([1, 2, 3, 4, 5], 2));
 * ```
 * ```python
 * import numpy as np
 * print(np.array_split([1, 2, 3, 4, 5], 2))
 * ```
 */
export function array_split(
  ary: ArrayArgument,
  indices_or_sections: ShapeLike,
  axis?: number | { axis?: number },
): NDArray[];
export function array_split(...args: unknown[]): NDArray[] {
  const { ary, indices_or_sections: cuts, axis = 0 } = ARRAY_SPLIT_ARGUMENTS.read(args);
  const array = array_from('array_split', ary);
  return parts_of(array, cuts, dimension(axis, array.ndim));
}

const SPLIT_ARGUMENTS = signature<{ ary: ArrayArgument; indices_or_sections: ShapeLike; axis?: number }>(
  'split',
  'ary: array_value, indices_or_sections: int|int[], axis?: int',
);

/**
 * Equal parts of an array, or parts cut at places. Mirrors `numpy.split`.
 * @param axis - default 0
 * @throws Error when the parts would not be equal
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.split(np.arange(4), 2), np.split(np.arange(4), [1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.split(np.arange(4), 2), np.split(np.arange(4), [1]))
 * ```
 */
export function split(ary: ArrayArgument, indices_or_sections: ShapeLike, axis?: number | { axis?: number }): NDArray[];
export function split(...args: unknown[]): NDArray[] {
  const { ary, indices_or_sections: cuts, axis = 0 } = SPLIT_ARGUMENTS.read(args);
  const array = array_from('split', ary);
  const dim = dimension(axis, array.ndim);
  if (typeof cuts === 'number' && array.shape[dim]! % cuts !== 0) {
    throw new Error('array split does not result in an equal division');
  }
  return parts_of(array, cuts, dim);
}

const SWAPAXES_ARGUMENTS = signature<{ a: ArrayArgument; axis1: number; axis2: number }>(
  'swapaxes',
  'a: array_value, axis1: int, axis2: int',
);

/**
 * A view with two dimensions swapped. Mirrors `numpy.swapaxes`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.swapaxes([[1, 2], [3, 4]], 0, 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.swapaxes([[1, 2], [3, 4]], 0, 1))
 * ```
 */
export function swapaxes(a: ArrayArgument, axis1: number, axis2: number): NDArray;
export function swapaxes(...args: unknown[]): NDArray {
  const { a, axis1, axis2 } = SWAPAXES_ARGUMENTS.read(args);
  return array_from('swapaxes', a).swapaxes(axis1, axis2);
}

const MOVEAXIS_ARGUMENTS = signature<{ a: ArrayArgument; source: ShapeLike; destination: ShapeLike }>(
  'moveaxis',
  'a: array_value, source: int|int[], destination: int|int[]',
);

/**
 * A view with dimensions moved to other places. Mirrors `numpy.moveaxis`.
 * @throws Error when the numbers of dimensions differ
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.moveaxis(np.zeros([2, 3, 4]), 0, -1).shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape))
 * ```
 */
export function moveaxis(a: ArrayArgument, source: ShapeLike, destination: ShapeLike): NDArray;
export function moveaxis(...args: unknown[]): NDArray {
  const { a, source, destination } = MOVEAXIS_ARGUMENTS.read(args);
  const array = array_from('moveaxis', a);
  const from = shape_of(source).map((axis) => dimension(axis, array.ndim, 'source'));
  const to = shape_of(destination).map((axis) => dimension(axis, array.ndim, 'destination'));
  if (from.length !== to.length) {
    throw new Error('`source` and `destination` arguments must have the same number of elements');
  }
  const order = Array.from(array.shape, (_, i) => i).filter((i) => !from.includes(i));
  for (const [at, i] of to.map((at, i) => [at, i] as const).sort(([p], [q]) => p - q)) order.splice(at, 0, from[i]!);
  return array.transpose(order);
}

const ROLLAXIS_ARGUMENTS = signature<{ a: ArrayArgument; axis: number; start?: number }>(
  'rollaxis',
  'a: array_value, axis: int, start?: int',
);

/**
 * A view with a dimension moved before the one at `start`. Mirrors `numpy.rollaxis`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.rollaxis(np.zeros([2, 3, 4]), 2).shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.rollaxis(np.zeros((2, 3, 4)), 2).shape))
 * ```
 */
export function rollaxis(a: ArrayArgument, axis: number, start?: number | { start?: number }): NDArray;
export function rollaxis(...args: unknown[]): NDArray {
  const { a, axis, start = 0 } = ROLLAXIS_ARGUMENTS.read(args);
  const array = array_from('rollaxis', a);
  const from = dimension(axis, array.ndim);
  const at = start < 0 ? start + array.ndim : start;
  if (at < 0 || at > array.ndim) {
    throw new RangeError(
      `'start' arg requires ${-array.ndim} <= start < ${array.ndim + 1}, but ${start} was passed in`,
    );
  }
  const order = Array.from(array.shape, (_, i) => i).filter((i) => i !== from);
  order.splice(from < at ? at - 1 : at, 0, from);
  return array.transpose(order);
}

const ATLEAST_1D_ARGUMENTS = signature<{ ary: ArrayArgument }>('atleast_1d', 'ary: array_value');

/**
 * The array with at least one dimension. Mirrors `numpy.atleast_1d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.atleast_1d(3).shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.atleast_1d(3).shape))
 * ```
 */
export function atleast_1d(ary: ArrayArgument): NDArray;
export function atleast_1d(...args: unknown[]): NDArray {
  const { ary } = ATLEAST_1D_ARGUMENTS.read(args);
  const found = array_from('atleast_1d', ary);
  return found.ndim >= 1 ? found : found.reshape(1);
}

const ATLEAST_2D_ARGUMENTS = signature<{ ary: ArrayArgument }>('atleast_2d', 'ary: array_value');

/**
 * The array with at least two dimensions. Mirrors `numpy.atleast_2d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.atleast_2d(3).shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.atleast_2d(3).shape))
 * ```
 */
export function atleast_2d(ary: ArrayArgument): NDArray;
export function atleast_2d(...args: unknown[]): NDArray {
  const { ary } = ATLEAST_2D_ARGUMENTS.read(args);
  const found = array_from('atleast_2d', ary);
  return found.ndim >= 2 ? found : found.reshape(1, found.size);
}

const ATLEAST_3D_ARGUMENTS = signature<{ ary: ArrayArgument }>('atleast_3d', 'ary: array_value');

/**
 * The array with at least three dimensions. Mirrors `numpy.atleast_3d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.atleast_3d(3).shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.atleast_3d(3).shape))
 * ```
 */
export function atleast_3d(ary: ArrayArgument): NDArray;
export function atleast_3d(...args: unknown[]): NDArray {
  const { ary } = ATLEAST_3D_ARGUMENTS.read(args);
  const found = array_from('atleast_3d', ary);
  return found.ndim >= 3 ? found : found.reshape(found.ndim < 2 ? [1, found.size, 1] : [...found.shape, 1]);
}

const COLUMN_STACK_ARGUMENTS = signature<{ tup: readonly ArrayArgument[] }>('column_stack', 'tup: array_value[]');

/**
 * Vectors as columns of a matrix, beside matrices. Mirrors `numpy.column_stack`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.column_stack([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.column_stack([[1, 2], [3, 4]]))
 * ```
 */
export function column_stack(tup: readonly ArrayArgument[]): NDArray;
export function column_stack(...args: unknown[]): NDArray {
  const { tup } = COLUMN_STACK_ARGUMENTS.read(args);
  const columns = tup.map((each) => array_from('column_stack', each));
  return concatenate(
    columns.map((each) => (each.ndim < 2 ? each.reshape(-1, 1) : each)),
    1,
  );
}

const DSTACK_ARGUMENTS = signature<{ tup: readonly ArrayArgument[] }>('dstack', 'tup: array_value[]');

/**
 * Arrays joined in their third dimension. Mirrors `numpy.dstack`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.dstack([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.dstack([[1, 2], [3, 4]]))
 * ```
 */
export function dstack(tup: readonly ArrayArgument[]): NDArray;
export function dstack(...args: unknown[]): NDArray {
  const { tup } = DSTACK_ARGUMENTS.read(args);
  return concatenate(
    tup.map((each) => atleast_3d(each)),
    2,
  );
}

const APPEND_ARGUMENTS = signature<{ arr: ArrayArgument; values: ArrayArgument; axis?: number | null }>(
  'append',
  'arr: array_value, values: array_value, axis?: int|None',
);

/**
 * The elements of two arrays, one behind the other. Mirrors `numpy.append`.
 * @param axis - default null: of all elements in order
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.append([1, 2], [[3], [4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.append([1, 2], [[3], [4]]))
 * ```
 */
export function append(
  arr: ArrayArgument,
  values: ArrayArgument,
  axis?: number | null | { axis?: number | null },
): NDArray;
export function append(...args: unknown[]): NDArray {
  const { arr, values, axis = null } = APPEND_ARGUMENTS.read(args);
  const [a, b] = [array_from('append', arr), array_from('append', values)];
  return axis === null ? concatenate([a.ravel(), b.ravel()]) : concatenate([a, b], axis);
}

const DELETE__ARGUMENTS = signature<{ arr: ArrayArgument; obj: ShapeLike; axis?: number | null }>(
  'delete',
  'arr: array_value, obj: int|int[], axis?: int|None',
);

function delete_(arr: ArrayArgument, obj: ShapeLike, axis?: number | null | { axis?: number | null }): NDArray;
function delete_(...args: unknown[]): NDArray {
  const { arr, obj, axis = null } = DELETE__ARGUMENTS.read(args);
  const given = array_from('delete', arr);
  const array = axis === null ? given.ravel() : given;
  const dim = axis === null ? 0 : dimension(axis, array.ndim);
  const size = array.shape[dim]!;
  const gone = new Set(
    shape_of(obj).map((place) => {
      if (place < -size || place >= size) {
        throw new RangeError(`index ${place} is out of bounds for axis ${dim} with size ${size}`);
      }
      return place < 0 ? place + size : place;
    }),
  );
  return along(array, dim, int64(Array.from({ length: size }, (_, i) => i).filter((i) => !gone.has(i))));
}
export {
  /**
   * The array without some elements or rows. Mirrors `numpy.delete`.
   * @param axis - default null: of all elements in order
   * @throws RangeError for a place that there is not
   * @example
   * ```ts
   * import * as np from 'torch-node/numpy';
   * print(np.delete([1, 2, 3], 1));
   * ```
   * ```python
   * import numpy as np
   * print(np.delete([1, 2, 3], 1))
   * ```
   */
  delete_ as delete,
};

const TAKE_ARGUMENTS = signature<{ a: ArrayArgument; indices: ArrayArgument; axis?: number | null }>(
  'take',
  'a: array_value, indices: array_value, axis?: int|None',
);

/**
 * Elements, or rows of a dimension, by their places. Mirrors `numpy.take`.
 * @param axis - default null: of all elements in order
 * @throws RangeError for a place that there is not
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.take([4, 5, 6], [0, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.take([4, 5, 6], [0, 2]))
 * ```
 */
export function take(
  a: ArrayArgument,
  indices: ArrayArgument,
  axis?: number | null | { axis?: number | null },
): NDArrayItem;
export function take(...args: unknown[]): NDArrayItem {
  const { a, indices, axis = null } = TAKE_ARGUMENTS.read(args);
  const array = array_from('take', a);
  const places = array_from('take', indices);
  const by = places.ndim === 0 ? Number(places.item()) : places;
  return (axis === null ? array.ravel().index(by) : along(array, dimension(axis, array.ndim), by)) as NDArrayItem;
}

function masked_by(callee: string, m: ArrayArgument, keeps: (row: number, column: number) => boolean): NDArray {
  const given = array_from(callee, m);
  const array = given.ndim === 1 ? tile(given, [given.size, 1]) : given;
  const [rows = 0, columns = 0] = array.shape.slice(-2);
  const mask = allocate([rows, columns], 'bool');
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = Number(keeps(Math.floor(i / columns), i % columns));
  return array.mul(NDArray._of(mask).astype(array.dtype));
}

const TRIU_ARGUMENTS = signature<{ m: ArrayArgument; k?: number }>('triu', 'm: array_value, k?: int');

/**
 * The elements on and above a diagonal, and zeros. Mirrors `numpy.triu`.
 * @param k - the diagonal: above the main one when positive, default 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.triu([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.triu([[1, 2], [3, 4]]))
 * ```
 */
export function triu(m: ArrayArgument, k?: number | { k?: number }): NDArray;
export function triu(...args: unknown[]): NDArray {
  const { m, k = 0 } = TRIU_ARGUMENTS.read(args);
  return masked_by('triu', m, (row, column) => column - row >= k);
}

const TRIL_ARGUMENTS = signature<{ m: ArrayArgument; k?: number }>('tril', 'm: array_value, k?: int');

/**
 * The elements on and below a diagonal, and zeros. Mirrors `numpy.tril`.
 * @param k - the diagonal: above the main one when positive, default 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.tril([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.tril([[1, 2], [3, 4]]))
 * ```
 */
export function tril(m: ArrayArgument, k?: number | { k?: number }): NDArray;
export function tril(...args: unknown[]): NDArray {
  const { m, k = 0 } = TRIL_ARGUMENTS.read(args);
  return masked_by('tril', m, (row, column) => column - row <= k);
}

const DIAG_ARGUMENTS = signature<{ v: ArrayArgument; k?: number }>('diag', 'v: array_value, k?: int');

/**
 * The diagonal of a matrix, or a matrix with a diagonal. Mirrors `numpy.diag`.
 * @param k - the diagonal: above the main one when positive, default 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.diag([1, 2]), np.diag([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.diag([1, 2]), np.diag([[1, 2], [3, 4]]))
 * ```
 */
export function diag(v: ArrayArgument, k?: number | { k?: number }): NDArray;
export function diag(...args: unknown[]): NDArray {
  const { v, k = 0 } = DIAG_ARGUMENTS.read(args);
  const array = array_from('diag', v);
  const [down, right] = [Math.max(-k, 0), Math.max(k, 0)];
  if (array.ndim === 2) {
    const count = Math.max(Math.min(array.shape[0]! - down, array.shape[1]! - right), 0);
    const steps = Array.from({ length: count }, (_, i) => i);
    return array.index(int64(steps.map((i) => i + down)), int64(steps.map((i) => i + right)));
  }
  if (array.ndim !== 1) throw new Error('Input must be 1- or 2-d.');
  const size = array.size + Math.abs(k);
  const found = NDArray._of(allocate([size, size], array.dtype));
  const steps = Array.from({ length: array.size }, (_, i) => i);
  found.index_put_([int64(steps.map((i) => i + down)), int64(steps.map((i) => i + right))], array);
  return found;
}

const remainder = (x: number, by: number): number => ((x % by) + by) % by;

/** Which element is at a place outside of a dimension; null for a constant. */
function source_of_padding(mode: string): ((place: number, size: number) => number) | null {
  switch (mode) {
    case 'constant':
      return null;
    case 'edge':
      return (place, size) => Math.min(Math.max(place, 0), size - 1);
    case 'wrap':
      return remainder;
    case 'reflect':
      return (place, size) => {
        if (size === 1) return 0;
        const at = remainder(place, 2 * (size - 1));
        return at < size ? at : 2 * (size - 1) - at;
      };
    case 'symmetric':
      return (place, size) => {
        const at = remainder(place, 2 * size);
        return at < size ? at : 2 * size - 1 - at;
      };
    default:
      throw new Error(`mode '${mode}' is not supported`);
  }
}

function widths_of(width: number | readonly (number | readonly number[])[], ndim: number): [number, number][] {
  const pair = (each: number | readonly number[]): [number, number] => {
    const [before, after = before] = [each].flat() as number[];
    if (!(before! >= 0 && after! >= 0)) throw new Error("index can't contain negative values");
    return [before!, after!];
  };
  const list = typeof width === 'number' ? [width] : width;
  const nested = list.some((each) => typeof each !== 'number');
  const pairs = nested ? list.map(pair) : [pair(list as number[])];
  if (pairs.length !== 1 && pairs.length !== ndim) {
    throw new Error(
      `operands could not be broadcast together with remapped shapes: ${pairs.length} pairs for ${ndim} dimensions`,
    );
  }
  return Array.from({ length: ndim }, (_, i) => pairs[i % pairs.length]!);
}

const PAD_ARGUMENTS = signature<{
  array: ArrayArgument;
  pad_width: number | readonly (number | readonly number[])[];
  mode?: string;
  constant_values?: NDArrayElement;
}>('pad', 'array: array_value, pad_width: int|any[], mode?: str, *, constant_values?: float');

/**
 * The array with elements around it. Mirrors `numpy.pad`.
 * @param pad_width - how many before and after each dimension: a number, a pair, or a pair for each dimension
 * @param mode - default `'constant'`
 * @throws Error for another mode, and for negative widths
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.pad([1, 2, 3], 1), np.pad([1, 2, 3], [2, 1], { mode: 'reflect' }));
 * ```
 * ```python
 * import numpy as np
 * print(np.pad([1, 2, 3], 1), np.pad([1, 2, 3], (2, 1), mode='reflect'))
 * ```
 */
export function pad(
  array: ArrayArgument,
  pad_width: number | readonly (number | readonly number[])[],
  ...args: Tail<
    [mode: 'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap'],
    { mode?: 'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap'; constant_values?: NDArrayElement }
  >
): NDArray;
export function pad(...args: unknown[]): NDArray {
  const { array: value, pad_width, mode = 'constant', constant_values = 0 } = PAD_ARGUMENTS.read(args);
  const source = source_of_padding(mode);
  let found = array_from('pad', value);
  widths_of(pad_width, found.ndim).forEach(([before, after], axis) => {
    const size = found.shape[axis]!;
    if (source === null) {
      const edge = (count: number): NDArray => {
        const shape = found.shape.map((each, i) => (i === axis ? count : each));
        const filling = NDArray._of(allocate(shape, found.dtype));
        filling.fill(constant_values as number);
        return filling;
      };
      found = concatenate([edge(before), found, edge(after)], axis);
      return;
    }
    if (size === 0 && before + after > 0)
      throw new Error(`can't extend empty axis ${axis} using modes other than 'constant' or 'empty'`);
    const places = Array.from({ length: before + size + after }, (_, i) => source(i - before, size));
    found = along(found, axis, int64(places));
  });
  return found;
}

const UNRAVEL_INDEX_ARGUMENTS = signature<{ indices: ArrayArgument; shape: ShapeLike }>(
  'unravel_index',
  'indices: array_value, shape: int|int[]',
);

/**
 * The subscripts of elements by their number in an array of a shape. Mirrors `numpy.unravel_index`.
 * @throws Error for a number that is too large
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.unravel_index(5, [2, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(tuple(map(int, np.unravel_index(5, (2, 3)))))
 * ```
 */
export function unravel_index(indices: ArrayArgument, shape: ShapeLike): NDArrayItem[];
export function unravel_index(...args: unknown[]): NDArrayItem[] {
  const { indices, shape } = UNRAVEL_INDEX_ARGUMENTS.read(args);
  const given = array_from('unravel_index', indices);
  const sizes = shape_of(shape);
  const count = sizes.reduce((product, size) => product * size, 1);
  const numbers = numbers_of(given);
  for (const each of numbers) {
    if (each < 0 || each >= count) throw new Error(`index ${each} is out of bounds for array with size ${count}`);
  }
  const strides = row_major(sizes);
  return Tuple.from(
    sizes.map((size, i) => {
      const found = int64(numbers.map((each) => Math.floor(each / strides[i]!) % size)).reshape([...given.shape]);
      return (given.ndim === 0 ? found.item() : found) as NDArrayItem;
    }),
  );
}

const ISIN_ARGUMENTS = signature<{ element: ArrayArgument; test_elements: ArrayArgument; invert?: boolean }>(
  'isin',
  'element: array_value, test_elements: array_value, *, invert?: bool',
);

/**
 * Whether elements are among others. Mirrors `numpy.isin`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.isin([1, 2, 3], [2, 4]));
 * ```
 * ```python
 * import numpy as np
 * print(np.isin([1, 2, 3], [2, 4]))
 * ```
 */
export function isin(element: ArrayArgument, test_elements: ArrayArgument, options?: { invert?: boolean }): NDArray;
export function isin(...args: unknown[]): NDArray {
  const { element, test_elements, invert = false } = ISIN_ARGUMENTS.read(args);
  const array = array_from('isin', element);
  const known = new Set(numbers_of(array_from('isin', test_elements)));
  const found = allocate(array.shape, 'bool');
  numbers_of(array).forEach(
    (value, i) => (found.data[i] = Number((known.has(value) && !Number.isNaN(value)) !== invert)),
  );
  return NDArray._of(found);
}

const AVERAGE_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null; weights?: ArrayArgument | null }>(
  'average',
  'a: array_value, axis?: int|None, weights?: array_value|None',
);

/**
 * The mean of elements, each with a weight. Mirrors `numpy.average`.
 * @throws Error when the weights are zero in sum
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.average([1, 2, 4], { weights: [3, 0.5, 0.5] }));
 * ```
 * ```python
 * import numpy as np
 * print(np.average([1, 2, 4], weights=[3, 0.5, 0.5]))
 * ```
 */
export function average(
  a: ArrayArgument,
  ...args: Tail<
    [axis: number | null, weights: ArrayArgument | null],
    { axis?: number | null; weights?: ArrayArgument | null }
  >
): NDArrayItem;
export function average(...args: unknown[]): NDArrayItem {
  const { a, axis = null, weights = null } = AVERAGE_ARGUMENTS.read(args);
  const array = array_from('average', a);
  if (weights === null) return array.mean({ axis }) as NDArrayItem;
  let w = array_from('average', weights);
  if (String(w.shape) !== String(array.shape)) {
    if (axis === null) throw new TypeError('Axis must be specified when shapes of a and weights differ.');
    const dim = dimension(axis, array.ndim);
    if (w.ndim !== 1 || w.size !== array.shape[dim]) {
      throw new Error('Shape of weights must be consistent with shape of a along specified axis.');
    }
    w = w.reshape(array.shape.map((_, i) => (i === dim ? w.size : 1)));
  }
  const float = is_inexact(array.dtype) ? array : array.astype('float64');
  const scale = array.mul(0).add(w).sum({ axis }) as NDArrayItem;
  if (numbers_of(array_from('average', scale)).includes(0)) throw new Error("Weights sum to zero, can't be normalized");
  return array_from('average', float.mul(w).sum({ axis })).div(scale) as NDArrayItem;
}

/** The value at a share of sorted numbers. */
function at_share(sorted: readonly number[], share: number): number {
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const t = place - below;
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t;
}

function quantiles(
  callee: string,
  a: ArrayArgument,
  q: ArrayArgument,
  axis: number | null,
  whole: number,
): NDArrayItem {
  const array = float_array(callee, a);
  const shares = array_from(callee, q);
  for (const share of numbers_of(shares)) {
    if (!(share >= 0 && share <= whole)) {
      throw new Error(
        whole === 1 ? 'Quantiles must be in the range [0, 1]' : 'Percentiles must be in the range [0, 100]',
      );
    }
  }
  const dim = axis === null ? 0 : dimension(axis, array.ndim);
  const rest = axis === null ? [] : array.shape.filter((_, i) => i !== dim);
  const size = axis === null ? array.size : array.shape[dim]!;
  // The dimension goes to the end, the others stay in order.
  const order = Array.from(array.shape, (_, i) => i).filter((i) => i !== dim);
  const rows = axis === null ? array.ravel().reshape(1, -1) : array.transpose([...order, dim]).reshape([-1, size]);
  const sorted = (rows.tolist() as number[][]).map((row) =>
    row.sort((x, y) => (Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : x - y)),
  );
  const values = numbers_of(shares).flatMap((share) => sorted.map((row) => at_share(row, share / whole)));
  const found = allocate([...shares.shape, ...rest], array.dtype);
  values.forEach((value, i) => (found.data[i] = value));
  return outcome(found);
}

const QUANTILE_ARGUMENTS = signature<{ a: ArrayArgument; q: ArrayArgument; axis?: number | null }>(
  'quantile',
  'a: array_value, q: array_value, axis?: int|None',
);

/**
 * The values below which a share of the elements is, between two elements by their distance. Mirrors `numpy.quantile`.
 * @param axis - default null: of all elements
 * @throws Error for shares outside of 0 to 1
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.quantile([1, 2, 3, 4], 0.5));
 * ```
 * ```python
 * import numpy as np
 * print(np.quantile([1, 2, 3, 4], 0.5))
 * ```
 */
export function quantile(
  a: ArrayArgument,
  q: ArrayArgument,
  axis?: number | null | { axis?: number | null },
): NDArrayItem;
export function quantile(...args: unknown[]): NDArrayItem {
  const { a, q, axis = null } = QUANTILE_ARGUMENTS.read(args);
  return quantiles('quantile', a, q, axis, 1);
}

const PERCENTILE_ARGUMENTS = signature<{ a: ArrayArgument; q: ArrayArgument; axis?: number | null }>(
  'percentile',
  'a: array_value, q: array_value, axis?: int|None',
);

/**
 * The values below which so many percent of the elements are, between two elements by their distance. Mirrors `numpy.percentile`.
 * @param axis - default null: of all elements
 * @throws Error for shares outside of 0 to 100
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.percentile([1, 2, 3, 4], 50));
 * ```
 * ```python
 * import numpy as np
 * print(np.percentile([1, 2, 3, 4], 50))
 * ```
 */
export function percentile(
  a: ArrayArgument,
  q: ArrayArgument,
  axis?: number | null | { axis?: number | null },
): NDArrayItem;
export function percentile(...args: unknown[]): NDArrayItem {
  const { a, q, axis = null } = PERCENTILE_ARGUMENTS.read(args);
  return quantiles('percentile', a, q, axis, 100);
}

const INTERP_ARGUMENTS = signature<{
  x: ArrayArgument;
  xp: ArrayArgument;
  fp: ArrayArgument;
  left?: number | null;
  right?: number | null;
}>('interp', 'x: array_value, xp: array_value, fp: array_value, left?: float|None, right?: float|None');

/**
 * The values at `x` of the line through points. Mirrors `numpy.interp`.
 * @param left - below the first point, default its value
 * @param right - above the last point, default its value
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.interp([0.5, 1.5, 5], [0, 1, 2], [10, 20, 40]));
 * ```
 * ```python
 * import numpy as np
 * print(np.interp([0.5, 1.5, 5], [0, 1, 2], [10, 20, 40]))
 * ```
 */
export function interp(
  x: ArrayArgument,
  xp: ArrayArgument,
  fp: ArrayArgument,
  ...args: Tail<[left: number | null, right: number | null], { left?: number | null; right?: number | null }>
): NDArrayItem;
export function interp(...args: unknown[]): NDArrayItem {
  const { x, xp, fp, left = null, right = null } = INTERP_ARGUMENTS.read(args);
  const [places, known, values] = [
    array_from('interp', x),
    numbers_of(array_from('interp', xp)),
    numbers_of(array_from('interp', fp)),
  ];
  if (known.length !== values.length) throw new Error('fp and xp are not of the same length.');
  if (known.length === 0) throw new Error('array of sample points is empty');
  const last = known.length - 1;
  const found = allocate(places.shape, 'float64');
  numbers_of(places).forEach((place, i) => {
    const at = known.findLastIndex((each) => each <= place);
    if (Number.isNaN(place)) found.data[i] = NaN;
    else if (place > known[last]!) found.data[i] = right ?? values[last]!;
    else if (at < 0) found.data[i] = left ?? values[0]!;
    else if (at === last || known[at] === place) found.data[i] = values[at]!;
    else {
      const slope = (values[at + 1]! - values[at]!) / (known[at + 1]! - known[at]!);
      found.data[i] = slope * (place - known[at]!) + values[at]!;
    }
  });
  return outcome(found);
}

function edges_of(numbers: readonly number[], bins: number, range: readonly number[] | null): number[] {
  if (bins < 1) throw new Error('`bins` must be positive, when an integer');
  let [from, to] = range ?? (numbers.length === 0 ? [0, 1] : [Math.min(...numbers), Math.max(...numbers)]);
  if (from! > to!) throw new Error('max must be larger than min in range parameter.');
  if (from === to) [from, to] = [from! - 0.5, to! + 0.5];
  const step = (to! - from!) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? to! : i * step + from!));
}

const HISTOGRAM_ARGUMENTS = signature<{
  a: ArrayArgument;
  bins?: number | readonly number[];
  range?: readonly number[] | null;
  density?: boolean;
}>('histogram', 'a: array_value, bins?: int|float[], range?: float[]|None, density?: bool');

/**
 * How many elements are in each of several bins, and the edges of these. Mirrors `numpy.histogram`.
 * @param bins - how many, or their edges; default 10
 * @param range - the outer edges; default the least and the largest element
 * @param density - shares that are 1 in sum over the width of bins
 * @throws Error for bins that do not rise
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.histogram([1, 2, 1, 4], { bins: 3 })[0]);
 * ```
 * ```python
 * import numpy as np
 * print(np.histogram([1, 2, 1, 4], bins=3)[0])
 * ```
 */
export function histogram(
  a: ArrayArgument,
  ...args: Tail<
    [bins: number | readonly number[], range: readonly [number, number] | null, density: boolean],
    { bins?: number | readonly number[]; range?: readonly [number, number] | null; density?: boolean }
  >
): [hist: NDArray, bin_edges: NDArray];
export function histogram(...args: unknown[]): [hist: NDArray, bin_edges: NDArray] {
  const { a, bins = 10, range = null, density = false } = HISTOGRAM_ARGUMENTS.read(args);
  const numbers = numbers_of(array_from('histogram', a));
  const edges = typeof bins === 'number' ? edges_of(numbers, bins, range) : [...bins];
  if (edges.some((edge, i) => i > 0 && edge < edges[i - 1]!))
    throw new Error('`bins` must increase monotonically, when an array');
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  for (const each of numbers) {
    if (!(each >= edges[0]! && each <= edges[edges.length - 1]!)) continue;
    let bin = edges.findLastIndex((edge) => edge <= each);
    if (bin === counts.length) bin--;
    counts[bin]!++;
  }
  const made =
    typeof bins === 'number' ? array_from('histogram', edges).astype('float64') : array_from('histogram', edges);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!density) return Tuple.of(int64(counts), made) as unknown as [NDArray, NDArray];
  const shares = counts.map((count, i) => count / (edges[i + 1]! - edges[i]!) / total);
  return Tuple.of(array_from('histogram', shares).astype('float64'), made) as unknown as [NDArray, NDArray];
}

const NAN_TO_NUM_ARGUMENTS = signature<{
  x: ArrayArgument;
  nan?: number;
  posinf?: number | null;
  neginf?: number | null;
}>('nan_to_num', 'x: array_value, *, nan?: float, posinf?: float|None, neginf?: float|None');

/**
 * The array with numbers for NaN and infinities. Mirrors `numpy.nan_to_num`.
 * @param options - `nan`: default 0; `posinf` and `neginf`: default the largest and the least number of the type
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nan_to_num([NaN, 1.5], { nan: 2 }));
 * ```
 * ```python
 * import numpy as np
 * print(np.nan_to_num([float('nan'), 1.5], nan=2))
 * ```
 */
export function nan_to_num(
  x: ArrayArgument,
  options?: { nan?: number; posinf?: number | null; neginf?: number | null },
): NDArrayItem;
export function nan_to_num(...args: unknown[]): NDArrayItem {
  const { x, nan = 0, posinf = null, neginf = null } = NAN_TO_NUM_ARGUMENTS.read(args);
  const array = array_from('nan_to_num', x).copy();
  if (!is_inexact(array.dtype)) return outcome(array);
  const { max } = finfo(array.dtype);
  const change = (value: number): number =>
    Number.isNaN(value) ? nan : value === Infinity ? (posinf ?? max) : value === -Infinity ? (neginf ?? -max) : value;
  const found = allocate(array.shape, 'float64');
  numbers_of(array).forEach((value, i) => (found.data[i] = change(value)));
  return outcome(NDArray._of(found).astype(array.dtype));
}

/** The array with a number for NaN. */
function where_nan(array: NDArray, value: number): NDArray {
  if (!is_inexact(array.dtype)) return array;
  const found = array.copy();
  found.index_put_([found.ne(found)], value);
  return found;
}

/** NaN where no element was a number. */
function from_none(array: NDArray, found: NDArrayItem | number, axis: number | null): NDArrayItem {
  const none = array.eq(array).any({ axis });
  if (none === (true as unknown) || !is_inexact(array.dtype)) return found as NDArrayItem;
  if (none === (false as unknown)) return NaN as unknown as NDArrayItem;
  const filled = array_from('nanmax', found).copy();
  filled.index_put_([array_from('nanmax', none).eq(false) as NDArray], NaN);
  return filled as NDArrayItem;
}

function nan_variance(array: NDArray, axis: number | null): NDArrayItem {
  const known = array.eq(array).astype(array.dtype);
  const count = known.sum({ axis, keepdims: true }) as NDArray;
  const middle = (where_nan(array, 0).sum({ axis, keepdims: true }) as NDArray).div(count);
  const parts = where_nan(array.sub(middle), 0);
  return array_from('nanvar', parts.mul(parts).sum({ axis })).div(known.sum({ axis })) as NDArrayItem;
}

const NANSUM_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nansum',
  'a: array_value, axis?: int|None',
);

/**
 * The sum of the elements that are not NaN. Mirrors `numpy.nansum`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nansum([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nansum([1.25, float('nan'), 3.5]))
 * ```
 */
export function nansum(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nansum(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANSUM_ARGUMENTS.read(args);
  const array = array_from('nansum', a);
  return where_nan(array, 0).sum({ axis }) as NDArrayItem;
}

const NANMEAN_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nanmean',
  'a: array_value, axis?: int|None',
);

/**
 * The mean of the elements that are not NaN. Mirrors `numpy.nanmean`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nanmean([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nanmean([1.25, float('nan'), 3.5]))
 * ```
 */
export function nanmean(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nanmean(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANMEAN_ARGUMENTS.read(args);
  const array = float_array('nanmean', a);
  return array_from('nanmean', where_nan(array, 0).sum({ axis })).div(
    array.eq(array).astype(array.dtype).sum({ axis }),
  ) as NDArrayItem;
}

const NANMAX_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nanmax',
  'a: array_value, axis?: int|None',
);

/**
 * The largest of the elements that are not NaN. Mirrors `numpy.nanmax`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nanmax([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nanmax([1.25, float('nan'), 3.5]))
 * ```
 */
export function nanmax(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nanmax(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANMAX_ARGUMENTS.read(args);
  const array = array_from('nanmax', a);
  return from_none(array, where_nan(array, -Infinity).max({ axis }), axis) as NDArrayItem;
}

const NANMIN_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nanmin',
  'a: array_value, axis?: int|None',
);

/**
 * The least of the elements that are not NaN. Mirrors `numpy.nanmin`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nanmin([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nanmin([1.25, float('nan'), 3.5]))
 * ```
 */
export function nanmin(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nanmin(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANMIN_ARGUMENTS.read(args);
  const array = array_from('nanmin', a);
  return from_none(array, where_nan(array, Infinity).min({ axis }), axis) as NDArrayItem;
}

const NANSTD_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nanstd',
  'a: array_value, axis?: int|None',
);

/**
 * The standard deviation of the elements that are not NaN. Mirrors `numpy.nanstd`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nanstd([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nanstd([1.25, float('nan'), 3.5]))
 * ```
 */
export function nanstd(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nanstd(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANSTD_ARGUMENTS.read(args);
  const array = float_array('nanstd', a);
  return array_from('nanstd', nan_variance(array, axis)).pow(0.5) as NDArrayItem;
}

const NANVAR_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>(
  'nanvar',
  'a: array_value, axis?: int|None',
);

/**
 * The variance of the elements that are not NaN. Mirrors `numpy.nanvar`.
 * @param axis - default null: of all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nanvar([1.25, NaN, 3.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.nanvar([1.25, float('nan'), 3.5]))
 * ```
 */
export function nanvar(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArrayItem;
export function nanvar(...args: unknown[]): NDArrayItem {
  const { a, axis = null } = NANVAR_ARGUMENTS.read(args);
  const array = float_array('nanvar', a);
  return nan_variance(array, axis) as NDArrayItem;
}

const LOGSPACE_ARGUMENTS = signature<{ start: number; stop: number; num?: number; endpoint?: boolean; base?: number }>(
  'logspace',
  'start: float, stop: float, num?: int, endpoint?: bool, base?: float',
);

/**
 * Numbers whose logarithms have equal distances. Mirrors `numpy.logspace`.
 * @param num - how many; default 50
 * @param endpoint - whether `stop` is the last; default true
 * @param base - default 10
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.logspace(0, 2, 3));
 * ```
 * ```python
 * import numpy as np
 * print(np.logspace(0, 2, 3))
 * ```
 */
export function logspace(
  start: number,
  stop: number,
  ...args: Tail<[num: number, endpoint: boolean, base: number], { num?: number; endpoint?: boolean; base?: number }>
): NDArray;
export function logspace(...args: unknown[]): NDArray {
  const { start, stop, num = 50, endpoint = true, base = 10 } = LOGSPACE_ARGUMENTS.read(args);
  const exponents = numbers_of(linspace(start, stop, { num, endpoint }));
  const found = allocate([exponents.length], 'float64');
  exponents.forEach((exponent, i) => (found.data[i] = math.pow(base, exponent)));
  return NDArray._of(found);
}

const FLIPUD_ARGUMENTS = signature<{ m: ArrayArgument }>('flipud', 'm: array_value');

/**
 * A view with the rows in reverse order. Mirrors `numpy.flipud`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.flipud([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.flipud([[1, 2], [3, 4]]))
 * ```
 */
export function flipud(m: ArrayArgument): NDArray;
export function flipud(...args: unknown[]): NDArray {
  const { m } = FLIPUD_ARGUMENTS.read(args);
  const array = array_from('flipud', m);
  if (array.ndim < 1) throw new Error('Input must be >= 1-d.');
  return along(array, 0, '::-1');
}

const FLIPLR_ARGUMENTS = signature<{ m: ArrayArgument }>('fliplr', 'm: array_value');

/**
 * A view with the columns in reverse order. Mirrors `numpy.fliplr`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.fliplr([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.fliplr([[1, 2], [3, 4]]))
 * ```
 */
export function fliplr(m: ArrayArgument): NDArray;
export function fliplr(...args: unknown[]): NDArray {
  const { m } = FLIPLR_ARGUMENTS.read(args);
  const array = array_from('fliplr', m);
  if (array.ndim < 2) throw new Error('Input must be >= 2-d.');
  return along(array, 1, '::-1');
}

const ROT90_ARGUMENTS = signature<{ m: ArrayArgument; k?: number; axes?: readonly number[] }>(
  'rot90',
  'm: array_value, k?: int, axes?: int[]',
);

/**
 * The array turned by 90 degrees, `k` times. Mirrors `numpy.rot90`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.rot90([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.rot90([[1, 2], [3, 4]]))
 * ```
 */
export function rot90(
  m: ArrayArgument,
  ...args: Tail<[k: number, axes: readonly [number, number]], { k?: number; axes?: readonly [number, number] }>
): NDArray;
export function rot90(...args: unknown[]): NDArray {
  const { m, k = 1, axes = [0, 1] } = ROT90_ARGUMENTS.read(args);
  const array = array_from('rot90', m);
  const [first, second] = axes.map((axis) => dimension(axis, array.ndim)) as [number, number];
  if (axes.length !== 2 || first === second) throw new Error('len(axes) must be 2.');
  const times = remainder(k, 4);
  if (times === 0) return along(array, 0, ':');
  if (times === 2) return along(along(array, first, '::-1'), second, '::-1');
  return times === 1
    ? along(array, second, '::-1').swapaxes(first, second)
    : along(array.swapaxes(first, second), second, '::-1');
}

const INTERSECT1D_ARGUMENTS = signature<{ ar1: ArrayArgument; ar2: ArrayArgument }>(
  'intersect1d',
  'ar1: array_value, ar2: array_value',
);

/**
 * The sorted elements that are in both arrays, each once. Mirrors `numpy.intersect1d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.intersect1d([3, 1, 2], [2, 3, 5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.intersect1d([3, 1, 2], [2, 3, 5]))
 * ```
 */
export function intersect1d(ar1: ArrayArgument, ar2: ArrayArgument): NDArray;
export function intersect1d(...args: unknown[]): NDArray {
  const { ar1, ar2 } = INTERSECT1D_ARGUMENTS.read(args);
  const a = array_from('intersect1d', ar1);
  const found = unique(a);
  return found
    .index(isin(found, ar2, { invert: false }))
    .astype(promote(a.dtype, array_from('intersect1d', ar2).dtype));
}

const SETDIFF1D_ARGUMENTS = signature<{ ar1: ArrayArgument; ar2: ArrayArgument }>(
  'setdiff1d',
  'ar1: array_value, ar2: array_value',
);

/**
 * The sorted elements of the first array that are not in the second, each once. Mirrors `numpy.setdiff1d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.setdiff1d([3, 1, 2], [2, 3, 5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.setdiff1d([3, 1, 2], [2, 3, 5]))
 * ```
 */
export function setdiff1d(ar1: ArrayArgument, ar2: ArrayArgument): NDArray;
export function setdiff1d(...args: unknown[]): NDArray {
  const { ar1, ar2 } = SETDIFF1D_ARGUMENTS.read(args);
  const a = array_from('setdiff1d', ar1);
  const found = unique(a);
  return found.index(isin(found, ar2, { invert: true }));
}

const UNION1D_ARGUMENTS = signature<{ ar1: ArrayArgument; ar2: ArrayArgument }>(
  'union1d',
  'ar1: array_value, ar2: array_value',
);

/**
 * The sorted elements that are in one of two arrays, each once. Mirrors `numpy.union1d`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.union1d([3, 1, 2], [2, 5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.union1d([3, 1, 2], [2, 5]))
 * ```
 */
export function union1d(ar1: ArrayArgument, ar2: ArrayArgument): NDArray;
export function union1d(...args: unknown[]): NDArray {
  const { ar1, ar2 } = UNION1D_ARGUMENTS.read(args);
  return unique(append(ar1, ar2));
}

const DIGITIZE_ARGUMENTS = signature<{ x: ArrayArgument; bins: ArrayArgument; right?: boolean }>(
  'digitize',
  'x: array_value, bins: array_value, right?: bool',
);

/**
 * The number of the bin of each element. Mirrors `numpy.digitize`.
 * @param right - whether bins have their right edge; default false
 * @throws Error for edges that neither rise nor fall
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.digitize([0.2, 6.4, 3], [0, 1, 2.5, 4, 10]));
 * ```
 * ```python
 * import numpy as np
 * print(np.digitize([0.2, 6.4, 3], [0, 1, 2.5, 4, 10]))
 * ```
 */
export function digitize(x: ArrayArgument, bins: ArrayArgument, right?: boolean | { right?: boolean }): NDArrayItem;
export function digitize(...args: unknown[]): NDArrayItem {
  const { x, bins, right = false } = DIGITIZE_ARGUMENTS.read(args);
  const [array, edges] = [array_from('digitize', x), numbers_of(array_from('digitize', bins))];
  const falling = edges.length > 1 && edges[0]! > edges[edges.length - 1]!;
  if (edges.some((edge, i) => i > 0 && (falling ? edge > edges[i - 1]! : edge < edges[i - 1]!))) {
    throw new Error('bins must be monotonically increasing or decreasing');
  }
  const passed = (value: number, edge: number): boolean =>
    falling ? (right ? value <= edge : value < edge) : right ? value > edge : value >= edge;
  const found = numbers_of(array).map((value) => edges.filter((edge) => passed(value, edge)).length);
  const counted = int64(found).reshape([...array.shape]);
  return (array.ndim === 0 ? counted.item() : counted) as NDArrayItem;
}

const CONVOLVE_ARGUMENTS = signature<{ a: ArrayArgument; v: ArrayArgument; mode?: string }>(
  'convolve',
  'a: array_value, v: array_value, mode?: str',
);

/**
 * The convolution of two vectors. Mirrors `numpy.convolve`.
 * @param mode - `'full'` (default), `'same'` or `'valid'`
 * @throws Error for an empty vector, and for another mode
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.convolve([1, 2, 3], [0, 1, 0.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.convolve([1, 2, 3], [0, 1, 0.5]))
 * ```
 */
export function convolve(
  a: ArrayArgument,
  v: ArrayArgument,
  mode?: 'full' | 'same' | 'valid' | { mode?: 'full' | 'same' | 'valid' },
): NDArray;
export function convolve(...args: unknown[]): NDArray {
  const { a, v, mode = 'full' } = CONVOLVE_ARGUMENTS.read(args);
  const [x, y] = [array_from('convolve', a).ravel(), array_from('convolve', v).ravel()];
  if (x.size === 0) throw new Error('a cannot be empty');
  if (y.size === 0) throw new Error('v cannot be empty');
  const [long, short] = x.size >= y.size ? [x, y] : [y, x];
  const dtype = long.index(':1').mul(short.index(':1')).dtype;
  const full = NDArray._of(allocate([x.size + y.size - 1], dtype));
  for (let i = 0; i < short.size; i++) {
    const part = full.index(`${i}:${i + long.size}`) as NDArray;
    part.add_(long.astype(dtype).mul(short.astype(dtype).index(`${i}:${i + 1}`)));
  }
  if (mode === 'full') return full;
  if (mode === 'valid') return full.index(`${short.size - 1}:${long.size}`).copy();
  if (mode !== 'same') throw new Error(`mode must be one of 'valid', 'same', or 'full' (got '${mode}')`);
  const from = Math.floor((short.size - 1) / 2);
  return full.index(`${from}:${from + long.size}`).copy();
}

const ASCONTIGUOUSARRAY_ARGUMENTS = signature<{ a: ArrayArgument }>('ascontiguousarray', 'a: array_value');

/**
 * The array, or a copy of it in row-major order. Mirrors `numpy.ascontiguousarray`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ascontiguousarray([1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ascontiguousarray([1, 2]))
 * ```
 */
export function ascontiguousarray(a: ArrayArgument): NDArray;
export function ascontiguousarray(...args: unknown[]): NDArray {
  const { a } = ASCONTIGUOUSARRAY_ARGUMENTS.read(args);
  const array = atleast_1d(array_from('ascontiguousarray', a));
  return array.c_contiguous ? array : array.copy();
}

const COPY_ARGUMENTS = signature<{ a: ArrayArgument }>('copy', 'a: array_value');

/**
 * A copy of the array. Mirrors `numpy.copy`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.copy([1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.copy([1, 2]))
 * ```
 */
export function copy(a: ArrayArgument): NDArray;
export function copy(...args: unknown[]): NDArray {
  const { a } = COPY_ARGUMENTS.read(args);
  return array_from('copy', a).copy();
}

const SHAPE_ARGUMENTS = signature<{ a: ArrayArgument }>('shape', 'a: array_value');

/**
 * The size of each dimension. Mirrors `numpy.shape`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.shape([[1, 2]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.shape([[1, 2]]))
 * ```
 */
export function shape(a: ArrayArgument): readonly number[];
export function shape(...args: unknown[]): readonly number[] {
  const { a } = SHAPE_ARGUMENTS.read(args);
  return Tuple.from(array_from('shape', a).shape);
}

const NDIM_ARGUMENTS = signature<{ a: ArrayArgument }>('ndim', 'a: array_value');

/**
 * How many dimensions there are. Mirrors `numpy.ndim`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ndim([[1, 2]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ndim([[1, 2]]))
 * ```
 */
export function ndim(a: ArrayArgument): number;
export function ndim(...args: unknown[]): number {
  const { a } = NDIM_ARGUMENTS.read(args);
  return array_from('ndim', a).ndim;
}

const SIZE_ARGUMENTS = signature<{ a: ArrayArgument; axis?: number | null }>('size', 'a: array_value, axis?: int|None');

/**
 * How many elements there are, all or in a dimension. Mirrors `numpy.size`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.size([[1, 2]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.size([[1, 2]]))
 * ```
 */
export function size(a: ArrayArgument, axis?: number | null | { axis?: number | null }): number;
export function size(...args: unknown[]): number {
  const { a, axis = null } = SIZE_ARGUMENTS.read(args);
  const array = array_from('size', a);
  return axis === null ? array.size : array.shape[dimension(axis, array.ndim)]!;
}

const COV_ARGUMENTS = signature<{ m: ArrayArgument; rowvar?: boolean; bias?: boolean; ddof?: number | null }>(
  'cov',
  'm: array_value, *, rowvar?: bool, bias?: bool, ddof?: int|None',
);

/**
 * The covariance matrix of variables, each a row. Mirrors `numpy.cov`.
 * @param options - `rowvar`: default true; `bias`: divide by the number of observations, default false; `ddof`
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cov([[1, 2, 4], [2, 1, 0]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cov([[1, 2, 4], [2, 1, 0]]))
 * ```
 */
export function cov(m: ArrayArgument, options?: { rowvar?: boolean; bias?: boolean; ddof?: number | null }): NDArray;
export function cov(...args: unknown[]): NDArray {
  const { m, rowvar = true, bias = false, ddof = null } = COV_ARGUMENTS.read(args);
  let x = atleast_2d(float_array('cov', m));
  if (x.ndim > 2) throw new Error('m has more than 2 dimensions');
  if (!rowvar && x.shape[0] !== 1) x = x.T;
  const parts = x.sub(x.mean({ axis: 1, keepdims: true }) as NDArray);
  const count = x.shape[1]! - (ddof ?? (bias ? 0 : 1));
  const found = (dot(parts, parts.T) as NDArray).div(Math.max(count, 0));
  return found.squeeze();
}

const CORRCOEF_ARGUMENTS = signature<{ x: ArrayArgument; rowvar?: boolean }>(
  'corrcoef',
  'x: array_value, *, rowvar?: bool',
);

/**
 * The correlation coefficients of variables, each a row. Mirrors `numpy.corrcoef`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.corrcoef([[1, 2, 4], [2, 1, 0]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.corrcoef([[1, 2, 4], [2, 1, 0]]))
 * ```
 */
export function corrcoef(x: ArrayArgument, options?: { rowvar?: boolean }): NDArrayItem;
export function corrcoef(...args: unknown[]): NDArrayItem {
  const { x, rowvar = true } = CORRCOEF_ARGUMENTS.read(args);
  const c = cov(x, { rowvar });
  if (c.ndim === 0) return 1 as unknown as NDArrayItem;
  const deviation = diag(c).pow(0.5);
  return c.div(deviation.reshape(-1, 1)).div(deviation).clip(-1, 1) as NDArrayItem;
}

const APPLY_ALONG_AXIS_ARGUMENTS = signature<{
  func1d: (vector: NDArray) => NDArrayOperand;
  axis: number;
  arr: ArrayArgument;
}>('apply_along_axis', 'func1d: Callable, axis: int, arr: array_value');

/**
 * What a function returns for each vector along a dimension. Mirrors `numpy.apply_along_axis`.
 * @throws Error when there is no vector
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.apply_along_axis((row) => np.sum(row), 1, [[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.apply_along_axis(np.sum, 1, [[1, 2], [3, 4]]))
 * ```
 */
export function apply_along_axis(
  func1d: (vector: NDArray) => NDArrayOperand,
  axis: number,
  arr: ArrayArgument,
): NDArrayItem;
export function apply_along_axis(...args: unknown[]): NDArrayItem {
  const { func1d, axis, arr } = APPLY_ALONG_AXIS_ARGUMENTS.read(args);
  const array = array_from('apply_along_axis', arr);
  const dim = dimension(axis, array.ndim);
  const order = Array.from(array.shape, (_, i) => i).filter((i) => i !== dim);
  const rest = order.map((i) => array.shape[i]!);
  const rows = array.transpose([...order, dim]).reshape([-1, array.shape[dim]!]);
  if (rows.shape[0] === 0) throw new Error('Cannot apply_along_axis when any iteration dimensions are 0');
  const results = Array.from({ length: rows.shape[0]! }, (_, i) =>
    array_from('apply_along_axis', func1d(rows.index(i) as NDArray)),
  );
  const joined = stack(results);
  const inner = results[0]!.shape;
  const found = joined.reshape([...rest, ...inner]);
  return (
    inner.length === 0
      ? found
      : moveaxis(
          found,
          inner.map((_, i) => rest.length + i),
          inner.map((_, i) => dim + i),
        )
  ) as NDArrayItem;
}
