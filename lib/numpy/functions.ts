/** The functions of numpy that programs use on small arrays: making, joining, choosing and reducing them. */
import type { Tail } from '../_internal/arguments.js';
import { signature } from '../_internal/signature.js';
import { native } from '../_C/native.js';
import { binary, compare, unary, type comparisons, type Operation } from './arithmetic.js';
import {
  array_from,
  dtype_or,
  operand_from,
  outcome,
  shape_of,
  type ArrayArgument,
  type DTypeOptions,
  type ShapeLike,
} from './arguments.js';
import { NDArray, type NDArrayDTypeLike, type NDArrayItem, type NDArrayOperand } from './ndarray.js';
import {
  allocate,
  bits_of,
  broadcast_shapes,
  cast,
  is_complex,
  is_inexact,
  limits,
  places,
  promote,
  promote_scalar,
  read_element,
  scalar_array,
  broadcast_view,
  write_element,
  type NDArrayDType,
  type NDArrayElement,
  type Strided,
} from './types.js';
import { dtype_named } from './types.js';
import { floats, of_one, type OfOne } from './elementwise.js';
import { TextArray } from './items.js';
import { Complex } from '../types/scalar.js';
import { Tuple } from '../python/values.js';

// --- names -----------------------------------------------------------------------------------------

/** pi. */
export const pi = Math.PI;
/** Euler's number. */
export const e = Math.E;
/** Infinity. */
export const inf = Infinity;
/** Not a number. */
export const nan = NaN;
/** A new dimension, in {@link NDArray.index}. */
export const newaxis = null;

/** The element type bool. */
export const bool_ = 'bool';
/** The element type int8. */
export const int8 = 'int8';
/** The element type uint8. */
export const uint8 = 'uint8';
/** The element type int16. */
export const int16 = 'int16';
/** The element type uint16. */
export const uint16 = 'uint16';
/** The element type int32. */
export const int32 = 'int32';
/** The element type uint32. */
export const uint32 = 'uint32';
/** The element type int64. */
export const int64 = 'int64';
/** The element type uint64. */
export const uint64 = 'uint64';
/** The element type float16. */
export const float16 = 'float16';
/** The element type float32. */
export const float32 = 'float32';
/** The element type float64. */
export const float64 = 'float64';
/** The element type complex64. */
export const complex64 = 'complex64';
/** The element type complex128. */
export const complex128 = 'complex128';

const OF_TYPE = {
  finfo: signature<{ dtype: string }>('finfo', 'dtype: str'),
  iinfo: signature<{ type: string }>('iinfo', 'type: str'),
};

/** The limits of a float type, as {@link finfo} gives them. */
export interface FloatLimits {
  readonly bits: number;
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  readonly tiny: number;
  readonly dtype: NDArrayDType;
}

/**
 * The limits of a float type. Mirrors `numpy.finfo`.
 * @throws Error for other types
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.finfo(np.float64).eps, np.finfo('float64').max);
 * ```
 * ```python
 * import numpy as np
 * print(np.finfo(np.float64).eps, np.finfo('float64').max)
 * ```
 */
export function finfo(dtype: NDArrayDTypeLike): FloatLimits;
export function finfo(...args: unknown[]): FloatLimits {
  const type = dtype_named(OF_TYPE.finfo.read(args).dtype);
  const [fraction, exponent] = { float16: [10, 15], float32: [23, 127], float64: [52, 1023] }[type as string] ?? [];
  if (fraction === undefined || exponent === undefined) throw new Error(`data type dtype('${type}') not inexact`);
  const max = (2 - 2 ** -fraction) * 2 ** exponent;
  return { bits: bits_of(type), eps: 2 ** -fraction, max, min: -max, tiny: 2 ** (1 - exponent), dtype: type };
}

/**
 * The limits of an integer type: `bits`, `min` and `max`. Mirrors `numpy.iinfo`.
 * @throws Error for other types
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.iinfo('int8').max);
 * ```
 * ```python
 * import numpy as np
 * print(np.iinfo('int8').max)
 * ```
 */
export function iinfo(type: NDArrayDTypeLike): {
  bits: number;
  min: number | bigint;
  max: number | bigint;
  dtype: NDArrayDType;
};
export function iinfo(...args: unknown[]): unknown {
  const dtype = dtype_named(OF_TYPE.iinfo.read(args).type);
  if (!/int/.test(dtype)) throw new Error(`Invalid integer data type '${dtype[0]}'.`);
  const [min, max] = limits(dtype).map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
  return { bits: bits_of(dtype), min, max, dtype };
}

// --- making ----------------------------------------------------------------------------------------

const ARRAY = {
  array: signature<{ object: ArrayArgument } & DTypeOptions>('array', 'object: array_value, dtype?: str|None'),
  asarray: signature<{ a: ArrayArgument } & DTypeOptions>('asarray', 'a: array_value, dtype?: str|None'),
};

/**
 * An array of numbers, nested lists, arrays or a tensor, always a copy. Mirrors `numpy.array`.
 *
 * @param object - what becomes the array
 * @param dtype - the element type; default: int64 for lists of integers, float64 for lists with other numbers
 * @throws RangeError when lists are ragged
 * @throws TypeError for what is not a number
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.array([[1, 2], [3, 4]], { dtype: np.float32 }));
 * ```
 * ```python
 * import numpy as np
 * print(np.array([[1, 2], [3, 4]], dtype=np.float32))
 * ```
 */
export function array(object: ArrayArgument, ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>): NDArray;
export function array(...args: unknown[]): NDArray {
  const { object, dtype } = ARRAY.array.read(args);
  const made = array_from('array', object);
  return made.astype(dtype_or(dtype, made.dtype), { copy: made === object || !Array.isArray(object) });
}

/**
 * As {@link array}, but an array of the type is returned as it is. Mirrors `numpy.asarray`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.asarray([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.asarray([[1, 2], [3, 4]]))
 * ```
 */
export function asarray(a: ArrayArgument, ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>): NDArray;
export function asarray(...args: unknown[]): NDArray {
  const { a, dtype } = ARRAY.asarray.read(args);
  const made = array_from('asarray', a);
  return made.astype(dtype_or(dtype, made.dtype), { copy: false });
}

/** The calls of functions that make arrays of a shape. */
type Making = (shape: ShapeLike, ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>) => NDArray;
/** The calls of functions that make arrays like another. */
type MakingLike = (a: ArrayArgument, ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>) => NDArray;

function filled(shape: ShapeLike, dtype: NDArrayDType, value: NDArrayElement): NDArray {
  const made = NDArray._of(allocate(shape_of(shape), dtype));
  if (value !== 0) made.fill(value);
  return made;
}

function making(name: string, value: number): Making {
  const read = signature<{ shape: ShapeLike } & DTypeOptions>(name, 'shape: int|int[], dtype?: str|None');
  return (...args: unknown[]) => {
    const { shape, dtype } = read.read(args);
    return filled(shape, dtype_or(dtype, 'float64'), value);
  };
}

function making_like(name: string, value: number): MakingLike {
  const read = signature<{ a: ArrayArgument } & DTypeOptions>(name, 'a: array_value, dtype?: str|None');
  return (...args: unknown[]) => {
    const { a, dtype } = read.read(args);
    const made = array_from(name, a);
    return filled(made.shape, dtype_or(dtype, made.dtype), value);
  };
}

/**
 * Zeros. Mirrors `numpy.zeros`. The element type is float64 by default.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.zeros([2, 3]), np.zeros(2, { dtype: 'int64' }));
 * ```
 * ```python
 * import numpy as np
 * print(np.zeros([2, 3]), np.zeros(2, dtype='int64'))
 * ```
 */
export const zeros = making('zeros', 0);
/**
 * Ones. Mirrors `numpy.ones`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ones([2, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ones([2, 3]))
 * ```
 */
export const ones = making('ones', 1);
/**
 * An array to be filled; it holds zeros. Mirrors `numpy.empty`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.empty([2, 3]).shape.length);
 * ```
 * ```python
 * import numpy as np
 * print(len(np.empty([2, 3]).shape))
 * ```
 */
export const empty = making('empty', 0);
/**
 * Zeros in the shape and type of an array. Mirrors `numpy.zeros_like`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.zeros_like([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.zeros_like([[1, 2], [3, 4]]))
 * ```
 */
export const zeros_like = making_like('zeros_like', 0);
/**
 * Ones in the shape and type of an array. Mirrors `numpy.ones_like`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ones_like([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ones_like([[1, 2], [3, 4]]))
 * ```
 */
export const ones_like = making_like('ones_like', 1);
/**
 * An array to be filled, in the shape and type of another; it holds zeros. Mirrors `numpy.empty_like`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.empty_like([[1, 2], [3, 4]]).dtype);
 * ```
 * ```python
 * import numpy as np
 * print(np.empty_like([[1, 2], [3, 4]]).dtype)
 * ```
 */
export const empty_like = making_like('empty_like', 0);

const FULL = {
  full: signature<{ shape: ShapeLike; fill_value: NDArrayElement } & DTypeOptions>(
    'full',
    'shape: int|int[], fill_value: Number, dtype?: str|None',
  ),
  full_like: signature<{ a: ArrayArgument; fill_value: NDArrayElement } & DTypeOptions>(
    'full_like',
    'a: array_value, fill_value: Number, dtype?: str|None',
  ),
};

/**
 * One value everywhere, whose type is that of the array by default. Mirrors `numpy.full`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.full([2, 2], 7));
 * ```
 * ```python
 * import numpy as np
 * print(np.full([2, 2], 7))
 * ```
 */
export function full(
  shape: ShapeLike,
  fill_value: NDArrayElement,
  ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>
): NDArray;
export function full(...args: unknown[]): NDArray {
  const { shape, fill_value, dtype } = FULL.full.read(args);
  return filled(shape, dtype_or(dtype, array_from('full', fill_value).dtype), fill_value);
}

/**
 * One value in the shape and type of an array. Mirrors `numpy.full_like`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.full_like([1, 2], 7));
 * ```
 * ```python
 * import numpy as np
 * print(np.full_like([1, 2], 7))
 * ```
 */
export function full_like(
  a: ArrayArgument,
  fill_value: NDArrayElement,
  ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>
): NDArray;
export function full_like(...args: unknown[]): NDArray {
  const { a, fill_value, dtype } = FULL.full_like.read(args);
  const made = array_from('full_like', a);
  return filled(made.shape, dtype_or(dtype, made.dtype), fill_value);
}

const ARANGE = signature<{ start: number; stop?: number | null; step?: number } & DTypeOptions>(
  'arange',
  'start: float, stop?: float|None, step?: float, dtype?: str|None',
);
interface LinspaceOptions extends DTypeOptions {
  num?: number;
  endpoint?: boolean;
}
const LINSPACE = signature<{ start: number; stop: number } & LinspaceOptions>(
  'linspace',
  'start: float, stop: float, num?: int, endpoint?: bool, *, dtype?: str|None',
);

/** The array of numbers that a function of the place gives, calculated as floats. */
function by_place(count: number, dtype: NDArrayDType, value: (place: number) => number): NDArray {
  const made = allocate([Math.max(0, count)], dtype);
  for (let i = 0; i < count; i++) write_element(made, i, cast(value(i), 'float64', dtype));
  return NDArray._of(made);
}

/**
 * The numbers from `start` up to, not including, `stop`. Mirrors `numpy.arange`.
 *
 * @param start - the first number; with it alone, the end after 0
 * @param stop - the end, exclusive
 * @param step - default 1
 * @param dtype - default: int64 for integers, float64 otherwise
 * @throws Error when the step is 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.arange(3), np.arange(1, 2, 0.25), np.arange(3, { dtype: np.float32 }));
 * ```
 * ```python
 * import numpy as np
 * print(np.arange(3), np.arange(1, 2, 0.25), np.arange(3, dtype=np.float32))
 * ```
 */
export function arange(
  start: number,
  ...args: Tail<
    [stop: number | null, step: number, dtype: NDArrayDTypeLike | null],
    { stop?: number | null; step?: number } & DTypeOptions
  >
): NDArray;
export function arange(...args: unknown[]): NDArray {
  const { start, stop = null, step = 1, dtype } = ARANGE.read(args);
  const [first, end] = stop === null ? [0, start] : [start, stop];
  if (step === 0) throw new Error('Maximum allowed size exceeded');
  const whole = [first, end, step].every(Number.isSafeInteger);
  const type = dtype_or(dtype, whole ? 'int64' : 'float64');
  // numpy continues the difference of the first two elements, rounded as the type has them.
  const round = (value: number): number => (type === 'float32' ? Math.fround(value) : value);
  const difference = round(first + step) - round(first);
  return by_place(Math.ceil((end - first) / step), type, (i) => round(round(first) + round(i * difference)));
}

/**
 * `num` numbers at equal distances. Mirrors `numpy.linspace`.
 *
 * @param start - the first number
 * @param stop - the last number, or with `endpoint: false` the end
 * @param num - how many; default 50
 * @param options - `endpoint`: whether `stop` is the last number, default true; `dtype`: default float64
 * @throws Error when `num` is negative
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linspace(0, 1, 5), np.linspace(0, 1, 4, { endpoint: false }));
 * ```
 * ```python
 * import numpy as np
 * print(np.linspace(0, 1, 5), np.linspace(0, 1, 4, endpoint=False))
 * ```
 */
export function linspace(
  start: number,
  stop: number,
  ...args: Tail<[num: number, endpoint: boolean], LinspaceOptions>
): NDArray;
export function linspace(...args: unknown[]): NDArray {
  const { start, stop, num = 50, endpoint = true, dtype } = LINSPACE.read(args);
  if (num < 0) throw new Error(`Number of samples, ${num}, must be non-negative.`);
  const type = dtype_or(dtype, 'float64');
  const parts = endpoint ? num - 1 : num;
  const width = stop - start;
  const step = width / parts;
  const at = (i: number): number => {
    if (endpoint && i > 0 && i === num - 1) return stop;
    if (parts <= 0) return start;
    return (step === 0 ? (i / parts) * width : i * step) + start;
  };
  return by_place(num, type, is_inexact(type) ? at : (i) => Math.floor(at(i)));
}

const EYE = {
  eye: signature<{ N: number; M?: number | null; k?: number } & DTypeOptions>(
    'eye',
    'N: int, M?: int|None, k?: int, dtype?: str|None',
  ),
  identity: signature<{ n: number } & DTypeOptions>('identity', 'n: int, dtype?: str|None'),
};

/**
 * Ones on a diagonal. Mirrors `numpy.eye`. @param k - how far above the main diagonal; default 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.eye(2));
 * ```
 * ```python
 * import numpy as np
 * print(np.eye(2))
 * ```
 */
export function eye(
  N: number,
  ...args: Tail<
    [M: number | null, k: number, dtype: NDArrayDTypeLike | null],
    { M?: number | null; k?: number } & DTypeOptions
  >
): NDArray;
export function eye(...args: unknown[]): NDArray {
  const { N, M = null, k = 0, dtype } = EYE.eye.read(args);
  const columns = M ?? N;
  const made = allocate([N, columns], dtype_or(dtype, 'float64'));
  for (let i = 0; i < N; i++) if (i + k >= 0 && i + k < columns) write_element(made, i * columns + i + k, 1);
  return NDArray._of(made);
}

/**
 * Ones on the main diagonal of a square. Mirrors `numpy.identity`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.identity(2));
 * ```
 * ```python
 * import numpy as np
 * print(np.identity(2))
 * ```
 */
export function identity(n: number, ...args: Tail<[dtype: NDArrayDTypeLike | null], DTypeOptions>): NDArray;
export function identity(...args: unknown[]): NDArray {
  const { n, dtype } = EYE.identity.read(args);
  return eye(n, { dtype: dtype ?? null });
}

const MESHGRID = signature<{ xi: ArrayArgument[]; indexing?: string }>('meshgrid', '*xi: array_value, indexing?: str');

/**
 * Grids of coordinates. Mirrors `numpy.meshgrid`.
 *
 * @param xi - the coordinates of each dimension, and at the end an object with `indexing`: `'xy'` (default) or `'ij'`
 * @throws Error for another `indexing`
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const [x, y] = np.meshgrid(np.arange(3), np.arange(2));
 * print(x, y);
 * ```
 * ```python
 * import numpy as np
 * x, y = np.meshgrid(np.arange(3), np.arange(2))
 * print(x, y)
 * ```
 */
export function meshgrid(...xi: (ArrayArgument | { indexing?: 'xy' | 'ij' })[]): Tuple<NDArray>;
export function meshgrid(...args: unknown[]): Tuple<NDArray> {
  const { xi, indexing = 'xy' } = MESHGRID.read(args);
  if (indexing !== 'xy' && indexing !== 'ij') throw new Error("Valid values for `indexing` are 'xy' and 'ij'.");
  const axes = xi.map((x) => array_from('meshgrid', x).ravel());
  const order = axes.map((_, i) => i);
  if (indexing === 'xy' && order.length > 1) [order[0], order[1]] = [1, 0];
  const shape = order.map((i) => axes[i]!.length);
  return Tuple.from(
    axes.map((axis, i) => {
      const own = axes.map((_, dim) => (order[dim] === i ? axis.length : 1));
      return NDArray._of(broadcast_view(axis.reshape(...own), shape)).copy();
    }),
  );
}

// --- arithmetic ------------------------------------------------------------------------------------

/** The calls of functions of two arrays. */
type OfTwo = (x1: ArrayArgument, x2: ArrayArgument) => NDArrayItem;

const TWO = 'x1: array_value, x2: array_value';

function pair_of(name: string, x1: unknown, x2: unknown): [NDArray | NDArrayElement, NDArray | NDArrayElement] {
  const [a, b] = [operand_from(name, x1), operand_from(name, x2)];
  // Of two numbers, each has a type of its own.
  return a instanceof NDArray || b instanceof NDArray ? [a, b] : [array_from(name, a), b];
}

function of_two(name: string, operation: Operation): OfTwo {
  const read = signature<{ x1: ArrayArgument; x2: ArrayArgument }>(name, TWO);
  return (...args: unknown[]) => {
    const { x1, x2 } = read.read(args);
    return outcome(binary(name, operation, ...pair_of(name, x1, x2)));
  };
}

/**
 * Sums. Mirrors `numpy.add`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.add([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.add([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const add = of_two('add', 'add');
/**
 * Differences. Mirrors `numpy.subtract`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.subtract([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.subtract([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const subtract = of_two('subtract', 'sub');
/**
 * Products. Mirrors `numpy.multiply`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.multiply([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.multiply([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const multiply = of_two('multiply', 'mul');
/**
 * Quotients. Mirrors `numpy.divide`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.divide([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.divide([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const divide = of_two('divide', 'div');
/**
 * Quotients, rounded down. Mirrors `numpy.floor_divide`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.floor_divide([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.floor_divide([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const floor_divide = of_two('floor_divide', 'floor_divide');
/**
 * Remainders, with the sign of the divisor. Mirrors `numpy.mod`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.mod([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.mod([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const mod = of_two('mod', 'mod');
/**
 * Powers. Mirrors `numpy.power`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.power([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.power([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const power = of_two('power', 'pow');
/**
 * The larger of two elements; NaN when one is. Mirrors `numpy.maximum`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.maximum([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.maximum([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const maximum = of_two('maximum', 'maximum');
/**
 * The smaller of two elements; NaN when one is. Mirrors `numpy.minimum`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.minimum([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.minimum([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const minimum = of_two('minimum', 'minimum');

const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

function comparing(name: string, method: keyof typeof comparisons): OfTwo {
  const read = signature<{ x1: ArrayArgument; x2: ArrayArgument }>(name, TWO);
  return (...args: unknown[]) => {
    const { x1, x2 } = read.read(args);
    const [a, b] = pair_of(name, x1, x2);
    return outcome(a instanceof NDArray ? compare(method, a, b) : compare(mirrored[method], b as NDArray, a));
  };
}

/**
 * Whether elements are equal. Mirrors `numpy.equal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.equal([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.equal([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const equal = comparing('equal', 'eq');
/**
 * Whether elements differ. Mirrors `numpy.not_equal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.not_equal([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.not_equal([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const not_equal = comparing('not_equal', 'ne');
/**
 * Whether elements are less. Mirrors `numpy.less`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.less([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.less([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const less = comparing('less', 'lt');
/**
 * Whether elements are less or equal. Mirrors `numpy.less_equal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.less_equal([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.less_equal([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const less_equal = comparing('less_equal', 'le');
/**
 * Whether elements are greater. Mirrors `numpy.greater`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.greater([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.greater([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const greater = comparing('greater', 'gt');
/**
 * Whether elements are greater or equal. Mirrors `numpy.greater_equal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.greater_equal([1, 7, 3], [2, 3, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.greater_equal([1, 7, 3], [2, 3, 3]))
 * ```
 */
export const greater_equal = comparing('greater_equal', 'ge');

const flags = (name: string, fn: (x: number) => boolean): OfOne =>
  of_one(name, (x) => {
    if (is_complex(x.dtype)) throw new TypeError(`${name}(): complex arrays are not supported`);
    return unary(x, 'bool', (values, result) => {
      for (let i = 0; i < result.length; i++) result[i] = Number(fn(Number(values[i])));
    });
  });

/** Floats rounded by a function; integers as they are. */
const whole = (name: string, fn: (x: number) => number): OfOne => {
  const rounding = floats(name, fn);
  const read = signature<{ x: ArrayArgument }>(name, 'x: array_value');
  return (...args: unknown[]) => {
    const x = array_from(name, read.read(args).x);
    return is_inexact(x.dtype) ? rounding(x) : outcome(x.copy());
  };
};

/**
 * Square roots. Mirrors `numpy.sqrt`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sqrt([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.sqrt([0.5, 2.25]))
 * ```
 */
export const sqrt = floats('sqrt', Math.sqrt);
/**
 * Powers of e. Mirrors `numpy.exp`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.exp([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.exp([0.5, 2.25]))
 * ```
 */
export const exp = floats('exp', (x) => native.math_exp(x));
/**
 * Powers of e, less 1. Mirrors `numpy.expm1`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.expm1([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.expm1([0.5, 2.25]))
 * ```
 */
export const expm1 = floats('expm1', (x) => native.math_expm1(x));
/**
 * Natural logarithms. Mirrors `numpy.log`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.log([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.log([0.5, 2.25]))
 * ```
 */
export const log = floats('log', (x) => native.math_log(x));
/**
 * Logarithms to base 2. Mirrors `numpy.log2`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.log2([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.log2([0.5, 2.25]))
 * ```
 */
export const log2 = floats('log2', (x) => native.math_log2(x));
/**
 * Logarithms to base 10. Mirrors `numpy.log10`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.log10([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.log10([0.5, 2.25]))
 * ```
 */
export const log10 = floats('log10', (x) => native.math_log10(x));
/**
 * Natural logarithms of x + 1. Mirrors `numpy.log1p`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.log1p([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.log1p([0.5, 2.25]))
 * ```
 */
export const log1p = floats('log1p', (x) => native.math_log1p(x));
/**
 * Sines. Mirrors `numpy.sin`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sin([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.sin([0.5, 2.25]))
 * ```
 */
export const sin = floats('sin', (x) => native.math_sin(x));
/**
 * Cosines. Mirrors `numpy.cos`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cos([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cos([0.5, 2.25]))
 * ```
 */
export const cos = floats('cos', (x) => native.math_cos(x));
/**
 * Tangents. Mirrors `numpy.tan`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.tan([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.tan([0.5, 2.25]))
 * ```
 */
export const tan = floats('tan', (x) => native.math_tan(x));
/**
 * Hyperbolic tangents. Mirrors `numpy.tanh`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.tanh([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.tanh([0.5, 2.25]))
 * ```
 */
export const tanh = floats('tanh', (x) => native.math_tanh(x));
/**
 * Largest integers that are not above. Mirrors `numpy.floor`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.floor([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.floor([0.5, 2.25]))
 * ```
 */
export const floor = whole('floor', Math.floor);
/**
 * Smallest integers that are not below. Mirrors `numpy.ceil`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ceil([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ceil([0.5, 2.25]))
 * ```
 */
export const ceil = whole('ceil', Math.ceil);
/**
 * Integers towards 0. Mirrors `numpy.trunc`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.trunc([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.trunc([0.5, 2.25]))
 * ```
 */
export const trunc = whole('trunc', Math.trunc);
/**
 * Whether elements are NaN. Mirrors `numpy.isnan`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.isnan([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.isnan([0.5, 2.25]))
 * ```
 */
export const isnan = flags('isnan', Number.isNaN);
/**
 * Whether elements are infinite. Mirrors `numpy.isinf`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.isinf([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.isinf([0.5, 2.25]))
 * ```
 */
export const isinf = flags('isinf', (x) => x === Infinity || x === -Infinity);
/**
 * Whether elements are finite. Mirrors `numpy.isfinite`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.isfinite([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.isfinite([0.5, 2.25]))
 * ```
 */
export const isfinite = flags('isfinite', Number.isFinite);
/**
 * Whether elements are zero. Mirrors `numpy.logical_not`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.logical_not([true, false]));
 * ```
 * ```python
 * import numpy as np
 * print(np.logical_not([True, False]))
 * ```
 */
export const logical_not = flags('logical_not', (x) => x === 0);
/**
 * Absolute values. Mirrors `numpy.abs`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.abs([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.abs([0.5, 2.25]))
 * ```
 */
export const abs = of_one('abs', (x) => x.abs());
/** Absolute values. Mirrors `numpy.absolute`. */
export const absolute = abs;
/**
 * Elements with the other sign. Mirrors `numpy.negative`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.negative([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.negative([0.5, 2.25]))
 * ```
 */
export const negative = of_one('negative', (x) => x.neg());
/**
 * Squares. Mirrors `numpy.square`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.square([0.5, 2.25]));
 * ```
 * ```python
 * import numpy as np
 * print(np.square([0.5, 2.25]))
 * ```
 */
export const square = of_one('square', (x) => x.mul(x));

const truth = (name: string, operation: Operation): OfTwo => {
  const read = signature<{ x1: ArrayArgument; x2: ArrayArgument }>(name, TWO);
  return (...args: unknown[]) => {
    const { x1, x2 } = read.read(args);
    const [a, b] = [x1, x2].map((x) => compare('ne', array_from(name, x), 0)) as [Strided, Strided];
    return outcome(binary(name, operation, a, b));
  };
};
/**
 * Whether both elements are not zero. Mirrors `numpy.logical_and`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.logical_and([true, false, true], [true, true, false]));
 * ```
 * ```python
 * import numpy as np
 * print(np.logical_and([True, False, True], [True, True, False]))
 * ```
 */
export const logical_and = truth('logical_and', 'bitwise_and');
/**
 * Whether one of the elements is not zero. Mirrors `numpy.logical_or`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.logical_or([true, false, true], [true, true, false]));
 * ```
 * ```python
 * import numpy as np
 * print(np.logical_or([True, False, True], [True, True, False]))
 * ```
 */
export const logical_or = truth('logical_or', 'bitwise_or');
/**
 * Whether exactly one of the elements is not zero. Mirrors `numpy.logical_xor`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.logical_xor([true, false, true], [true, true, false]));
 * ```
 * ```python
 * import numpy as np
 * print(np.logical_xor([True, False, True], [True, True, False]))
 * ```
 */
export const logical_xor = truth('logical_xor', 'bitwise_xor');

// --- choosing --------------------------------------------------------------------------------------

const WHERE = signature<{ condition: ArrayArgument; x?: ArrayArgument; y?: ArrayArgument }>(
  'where',
  'condition: array_value, x?: array_value, y?: array_value',
);

/**
 * Elements of `x` where a condition holds, of `y` elsewhere; with the condition alone the places where it holds, an array
 * for each dimension. Mirrors `numpy.where`.
 *
 * @throws Error when only one of `x` and `y` is given
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const a = np.array([-1.5, 2, 0.5]);
 * print(np.where(a.gt(0), a, 0), np.where(a.gt(0)));
 * ```
 * ```python
 * import numpy as np
 * a = np.array([-1.5, 2, 0.5])
 * print(np.where(a > 0, a, 0), np.where(a > 0))
 * ```
 */
export function where(condition: ArrayArgument): Tuple<NDArray>;
export function where(condition: ArrayArgument, x: ArrayArgument, y: ArrayArgument): NDArray;
export function where(condition: ArrayArgument, options: { x: ArrayArgument; y: ArrayArgument }): NDArray;
export function where(...args: unknown[]): NDArray | Tuple<NDArray> {
  const { condition, x, y } = WHERE.read(args);
  const chosen = array_from('where', condition);
  if (x === undefined && y === undefined) return Tuple.from(chosen.nonzero());
  if (x === undefined || y === undefined) throw new Error('either both or neither of x and y should be given');
  const [a, b] = [operand_from('where', x), operand_from('where', y)];
  const dtype = common_dtype(a, b);
  const sides = [a, b].map((side) => (side instanceof NDArray ? side : scalar_array(side, dtype)));
  const shape = broadcast_shapes('where', chosen.shape, ...sides.map((side) => side.shape));
  const result = allocate(shape, dtype);
  const [flags_at, x_at, y_at] = [chosen, ...sides].map((side) => places(broadcast_view(side, shape)));
  for (const place of places(result)) {
    const flag = truthy(read_element(chosen, flags_at!.next().value as number));
    const [from_x, from_y] = [x_at!.next().value as number, y_at!.next().value as number];
    write_element(result, place, flag ? read_element(sides[0]!, from_x) : read_element(sides[1]!, from_y));
  }
  return NDArray._of(result);
}

const truthy = (value: NDArrayElement): boolean =>
  value instanceof Complex ? value.re !== 0 || value.im !== 0 : Boolean(value);

function common_dtype(a: NDArray | NDArrayElement, b: NDArray | NDArrayElement): NDArrayDType {
  if (a instanceof NDArray) return b instanceof NDArray ? promote(a.dtype, b.dtype) : promote_scalar(a.dtype, b);
  return b instanceof NDArray ? promote_scalar(b.dtype, a) : promote_scalar(array_from('where', a).dtype, b);
}

// --- joining ---------------------------------------------------------------------------------------

const JOIN = {
  concatenate: signature<{ arrays: Iterable<ArrayArgument>; axis?: number | null } & DTypeOptions>(
    'concatenate',
    'arrays: Iterable, axis?: int|None, *, dtype?: str|None',
  ),
  stack: signature<{ arrays: Iterable<ArrayArgument>; axis?: number } & DTypeOptions>(
    'stack',
    'arrays: Iterable, axis?: int, *, dtype?: str|None',
  ),
  vstack: signature<{ tup: Iterable<ArrayArgument> } & DTypeOptions>('vstack', 'tup: Iterable, *, dtype?: str|None'),
  hstack: signature<{ tup: Iterable<ArrayArgument> } & DTypeOptions>('hstack', 'tup: Iterable, *, dtype?: str|None'),
};

function joined(parts: readonly NDArray[], axis: number, dtype: string | null | undefined): NDArray {
  const [first] = parts;
  if (first === undefined) throw new Error('need at least one array to concatenate');
  if (first.ndim === 0) throw new Error('zero-dimensional arrays cannot be concatenated');
  if (axis < -first.ndim || axis >= first.ndim) {
    throw new RangeError(`axis ${axis} is out of bounds for array of dimension ${first.ndim}`);
  }
  const along = axis < 0 ? axis + first.ndim : axis;
  parts.forEach((part, i) => {
    if (part.ndim !== first.ndim) {
      throw new Error(
        'all the input arrays must have same number of dimensions, but the array at index 0 has ' +
          `${first.ndim} dimension(s) and the array at index ${i} has ${part.ndim} dimension(s)`,
      );
    }
    const other = first.shape.findIndex((size, dim) => dim !== along && size !== part.shape[dim]);
    if (other >= 0) {
      throw new Error(
        'all the input array dimensions except for the concatenation axis must match exactly, but along dimension ' +
          `${other}, the array at index 0 has size ${first.shape[other]} and the array at index ${i} has size ${part.shape[other]}`,
      );
    }
  });
  const shared = dtype_or(
    dtype,
    parts.map((part) => part.dtype).reduce((a, b) => promote(a, b)),
  );
  const shape = [...first.shape];
  shape[along] = parts.reduce((sum, part) => sum + part.shape[along]!, 0);
  const result = NDArray._of(allocate(shape, shared));
  const before = Array<string>(along).fill(':');
  let start = 0;
  for (const part of parts) {
    const end = start + part.shape[along]!;
    if (end > start) result.index_put_([...before, `${start}:${end}`], part);
    start = end;
  }
  return result;
}

const all_from = (callee: string, arrays: Iterable<ArrayArgument>): NDArray[] =>
  Array.from(arrays, (each) => array_from(callee, each));

/**
 * Arrays joined along a dimension that they have. Mirrors `numpy.concatenate`.
 *
 * @param arrays - the arrays
 * @param axis - the dimension, default 0; null joins the flattened arrays
 * @throws Error when their shapes do not fit
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const a = np.ones([2, 2]);
 * print(np.concatenate([a, np.zeros([1, 2])]), np.stack([a, a]));
 * ```
 * ```python
 * import numpy as np
 * a = np.ones([2, 2])
 * print(np.concatenate([a, np.zeros([1, 2])]), np.stack([a, a]))
 * ```
 */
export function concatenate(
  arrays: Iterable<ArrayArgument>,
  ...args: Tail<[axis: number | null], { axis?: number | null } & DTypeOptions>
): NDArray;
export function concatenate(...args: unknown[]): NDArray {
  const { arrays, axis = 0, dtype } = JOIN.concatenate.read(args);
  const parts = all_from('concatenate', arrays);
  return axis === null
    ? joined(
        parts.map((part) => part.ravel()),
        0,
        dtype,
      )
    : joined(parts, axis, dtype);
}

/**
 * Arrays of one shape joined along a new dimension. Mirrors `numpy.stack`. @param axis - default 0
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.stack([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.stack([[1, 2], [3, 4]]))
 * ```
 */
export function stack(
  arrays: Iterable<ArrayArgument>,
  ...args: Tail<[axis: number], { axis?: number } & DTypeOptions>
): NDArray;
export function stack(...args: unknown[]): NDArray {
  const { arrays, axis = 0, dtype } = JOIN.stack.read(args);
  const parts = all_from('stack', arrays);
  if (parts.length === 0) throw new Error('need at least one array to stack');
  if (parts.some(({ shape }) => String(shape) !== String(parts[0]!.shape))) {
    throw new Error('all input arrays must have the same shape');
  }
  return joined(
    parts.map((part) => expand_dims(part, axis)),
    axis,
    dtype,
  );
}

/**
 * Arrays joined row by row. Mirrors `numpy.vstack`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.vstack([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.vstack([[1, 2], [3, 4]]))
 * ```
 */
export function vstack(tup: Iterable<ArrayArgument>, options?: DTypeOptions): NDArray;
export function vstack(...args: unknown[]): NDArray {
  const { tup, dtype } = JOIN.vstack.read(args);
  return joined(
    all_from('vstack', tup).map((part) => (part.ndim > 1 ? part : part.reshape(1, part.size))),
    0,
    dtype,
  );
}

/**
 * Arrays joined column by column; those of one dimension one after the other. Mirrors `numpy.hstack`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.hstack([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.hstack([[1, 2], [3, 4]]))
 * ```
 */
export function hstack(tup: Iterable<ArrayArgument>, options?: DTypeOptions): NDArray;
export function hstack(...args: unknown[]): NDArray {
  const { tup, dtype } = JOIN.hstack.read(args);
  const parts = all_from('hstack', tup).map((part) => (part.ndim > 0 ? part : part.reshape(1)));
  return joined(parts, parts[0]?.ndim === 1 ? 0 : 1, dtype);
}

// --- shapes ----------------------------------------------------------------------------------------

const SHAPE = {
  reshape: signature<{ a: ArrayArgument; shape: ShapeLike }>('reshape', 'a: array_value, shape: int|int[]'),
  ravel: signature<{ a: ArrayArgument }>('ravel', 'a: array_value'),
  transpose: signature<{ a: ArrayArgument; axes?: readonly number[] | null }>(
    'transpose',
    'a: array_value, axes?: int[]|None',
  ),
  squeeze: signature<{ a: ArrayArgument; axis?: ShapeLike | null }>('squeeze', 'a: array_value, axis?: int|int[]|None'),
  expand_dims: signature<{ a: ArrayArgument; axis: ShapeLike }>('expand_dims', 'a: array_value, axis: int|int[]'),
  broadcast_to: signature<{ array: ArrayArgument; shape: ShapeLike }>(
    'broadcast_to',
    'array: array_value, shape: int|int[]',
  ),
  flip: signature<{ m: ArrayArgument; axis?: ShapeLike | null }>('flip', 'm: array_value, axis?: int|int[]|None'),
  repeat: signature<{ a: ArrayArgument; repeats: number; axis?: number | null }>(
    'repeat',
    'a: array_value, repeats: int, axis?: int|None',
  ),
};

/**
 * The elements in another shape, of which one size may be -1. Mirrors `numpy.reshape`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.reshape([1, 2, 3, 4], [2, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.reshape([1, 2, 3, 4], [2, 2]))
 * ```
 */
export function reshape(a: ArrayArgument, shape: ShapeLike | { shape: ShapeLike }): NDArray;
export function reshape(...args: unknown[]): NDArray {
  const { a, shape } = SHAPE.reshape.read(args);
  return array_from('reshape', a).reshape(...shape_of(shape));
}

/**
 * The elements in one dimension. Mirrors `numpy.ravel`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ravel([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.ravel([[1, 2], [3, 4]]))
 * ```
 */
export function ravel(a: ArrayArgument): NDArray;
export function ravel(...args: unknown[]): NDArray {
  return array_from('ravel', SHAPE.ravel.read(args).a).ravel();
}

/**
 * A view with dimensions in another order, reversed by default. Mirrors `numpy.transpose`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.transpose([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.transpose([[1, 2], [3, 4]]))
 * ```
 */
export function transpose(
  a: ArrayArgument,
  axes?: readonly number[] | null | { axes?: readonly number[] | null },
): NDArray;
export function transpose(...args: unknown[]): NDArray {
  const { a, axes = null } = SHAPE.transpose.read(args);
  return array_from('transpose', a).transpose(axes);
}

/**
 * A view without dimensions of size 1, all or those given. Mirrors `numpy.squeeze`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.squeeze([[1, 2]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.squeeze([[1, 2]]))
 * ```
 */
export function squeeze(a: ArrayArgument, axis?: ShapeLike | null | { axis?: ShapeLike | null }): NDArray;
export function squeeze(...args: unknown[]): NDArray {
  const { a, axis = null } = SHAPE.squeeze.read(args);
  return array_from('squeeze', a).squeeze(axis);
}

/**
 * A view with new dimensions of size 1. Mirrors `numpy.expand_dims`. @param axis - where they are in the result
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.expand_dims([1, 2], 0));
 * ```
 * ```python
 * import numpy as np
 * print(np.expand_dims([1, 2], 0))
 * ```
 */
export function expand_dims(a: ArrayArgument, axis: ShapeLike | { axis: ShapeLike }): NDArray;
export function expand_dims(...args: unknown[]): NDArray {
  const { a, axis } = SHAPE.expand_dims.read(args);
  const array = array_from('expand_dims', a);
  const given = shape_of(axis);
  const rank = array.ndim + given.length;
  const added = given.map((dim) => {
    if (dim < -rank || dim >= rank) {
      throw new RangeError(`axis ${dim} is out of bounds for array of dimension ${rank}`);
    }
    return dim < 0 ? dim + rank : dim;
  });
  if (new Set(added).size < added.length) throw new Error('repeated axis');
  const sizes = [...array.shape];
  return array.reshape(...Array.from({ length: rank }, (_, dim) => (added.includes(dim) ? 1 : sizes.shift()!)));
}

/**
 * A view of an array stretched to a shape. Mirrors `numpy.broadcast_to`.
 * @throws RangeError when it does not fit
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.broadcast_to([1, 2], [2, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.broadcast_to([1, 2], [2, 2]))
 * ```
 */
export function broadcast_to(array: ArrayArgument, shape: ShapeLike | { shape: ShapeLike }): NDArray;
export function broadcast_to(...args: unknown[]): NDArray {
  const { array: given, shape } = SHAPE.broadcast_to.read(args);
  const source = array_from('broadcast_to', given);
  const sizes = shape_of(shape);
  if (String(broadcast_shapes('broadcast_to', source.shape, sizes)) !== String(sizes)) {
    throw new RangeError(
      `broadcast_to(): an array of shape (${source.shape.join(', ')}) does not fit (${sizes.join(', ')})`,
    );
  }
  return NDArray._of(broadcast_view(source, sizes), source);
}

/**
 * A view with elements in reverse order along dimensions, all by default. Mirrors `numpy.flip`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.flip([1, 2, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.flip([1, 2, 3]))
 * ```
 */
export function flip(m: ArrayArgument, axis?: ShapeLike | null | { axis?: ShapeLike | null }): NDArray;
export function flip(...args: unknown[]): NDArray {
  const { m, axis = null } = SHAPE.flip.read(args);
  const array = array_from('flip', m);
  const dims =
    axis === null ? array.shape.map((_, dim) => dim) : shape_of(axis).map((dim) => (dim < 0 ? dim + array.ndim : dim));
  return array.ndim === 0 ? array : array.index(...array.shape.map((_, dim) => (dims.includes(dim) ? '::-1' : ':')));
}

/**
 * Each element, or each row along a dimension, several times. Mirrors `numpy.repeat`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.repeat([1, 2], 2));
 * ```
 * ```python
 * import numpy as np
 * print(np.repeat([1, 2], 2))
 * ```
 */
export function repeat(
  a: ArrayArgument,
  repeats: number,
  ...args: Tail<[axis: number | null], { axis?: number | null }>
): NDArray;
export function repeat(...args: unknown[]): NDArray {
  const { a, repeats, axis = null } = SHAPE.repeat.read(args);
  const given = array_from('repeat', a);
  const array = axis === null ? given.ravel() : given;
  const along = axis === null ? 0 : axis < 0 ? axis + array.ndim : axis;
  const rows = array.shape[along];
  if (rows === undefined)
    throw new RangeError(`axis ${String(axis)} is out of bounds for array of dimension ${array.ndim}`);
  const chosen = Array.from({ length: rows * repeats }, (_, i) => Math.floor(i / repeats));
  return array.index(...Array<string>(along).fill(':'), new NDArray(BigInt64Array.from(chosen, BigInt)));
}

// --- reductions ------------------------------------------------------------------------------------

interface Whole {
  axis?: null;
  keepdims?: false;
}
interface Along {
  axis?: ShapeLike | null;
  keepdims?: boolean;
}
/** The calls of reductions: of all elements, or along dimensions. */
interface Reducing<O, R = number> {
  (a: ArrayArgument, options?: Whole & O): R;
  (a: ArrayArgument, options: Along & O): NDArrayItem;
  (a: ArrayArgument, axis: ShapeLike | null, options?: { keepdims?: boolean } & O): NDArrayItem;
}

type ReductionName =
  | 'sum'
  | 'prod'
  | 'mean'
  | 'var'
  | 'std'
  | 'max'
  | 'min'
  | 'ptp'
  | 'all'
  | 'any'
  | 'argmax'
  | 'argmin';

function reducing<O, R = number>(name: ReductionName, more: string, named: string = name): Reducing<O, R> {
  const read = signature<{ a: ArrayArgument } & Record<string, unknown>>(named, `a: array_value, ${more}`);
  return ((...args: unknown[]) => {
    const { a, ...options } = read.read(args);
    return (array_from(named, a)[name] as (options: object) => unknown).call(array_from(named, a), options);
  }) as Reducing<O, R>;
}

const AXES = 'axis?: int|int[]|None';
/**
 * Sums, in numpy's order. Mirrors `numpy.sum`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sum([[3, 1], [2, 4]]), np.sum([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.sum([[3, 1], [2, 4]]), np.sum([[3, 1], [2, 4]], 1))
 * ```
 */
export const sum = reducing<DTypeOptions>('sum', `${AXES}, dtype?: str|None, out?: None, keepdims?: bool`);
/**
 * Products. Mirrors `numpy.prod`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.prod([[3, 1], [2, 4]]), np.prod([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.prod([[3, 1], [2, 4]]), np.prod([[3, 1], [2, 4]], 1))
 * ```
 */
export const prod = reducing<DTypeOptions>('prod', `${AXES}, dtype?: str|None, out?: None, keepdims?: bool`);
/**
 * Means. Mirrors `numpy.mean`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.mean([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.mean([[3, 1], [2, 4]], 1))
 * ```
 */
export const mean = reducing<DTypeOptions>('mean', `${AXES}, dtype?: str|None, out?: None, keepdims?: bool`);
const variance = reducing<DTypeOptions & { ddof?: number }>(
  'var',
  `${AXES}, dtype?: str|None, out?: None, ddof?: int, keepdims?: bool`,
);
export {
  /**
   * Variances. Mirrors `numpy.var`, a reserved word in JavaScript.
   * @example
   * ```ts
   * import * as np from 'torch-node/numpy';
   * print(np.var([[3, 1], [2, 4]], 1));
   * ```
   * ```python
   * import numpy as np
   * print(np.var([[3, 1], [2, 4]], 1))
   * ```
   */
  variance as var,
};
/**
 * Standard deviations. Mirrors `numpy.std`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.std([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.std([[3, 1], [2, 4]], 1))
 * ```
 */
export const std = reducing<DTypeOptions & { ddof?: number }>(
  'std',
  `${AXES}, dtype?: str|None, out?: None, ddof?: int, keepdims?: bool`,
);
/**
 * Largest elements. Mirrors `numpy.max`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.max([[3, 1], [2, 4]]), np.max([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.max([[3, 1], [2, 4]]), np.max([[3, 1], [2, 4]], 1))
 * ```
 */
export const max = reducing<object>('max', `${AXES}, out?: None, keepdims?: bool`);
/**
 * Smallest elements. Mirrors `numpy.min`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.min([[3, 1], [2, 4]]), np.min([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.min([[3, 1], [2, 4]]), np.min([[3, 1], [2, 4]], 1))
 * ```
 */
export const min = reducing<object>('min', `${AXES}, out?: None, keepdims?: bool`);
/**
 * Largest elements. Mirrors `numpy.amax`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.amax([[3, 1], [2, 4]]), np.amax([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.amax([[3, 1], [2, 4]]), np.amax([[3, 1], [2, 4]], 1))
 * ```
 */
export const amax = reducing<object>('max', `${AXES}, out?: None, keepdims?: bool`, 'amax');
/**
 * Smallest elements. Mirrors `numpy.amin`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.amin([[3, 1], [2, 4]]), np.amin([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.amin([[3, 1], [2, 4]]), np.amin([[3, 1], [2, 4]], 1))
 * ```
 */
export const amin = reducing<object>('min', `${AXES}, out?: None, keepdims?: bool`, 'amin');
/**
 * Differences of the largest and the smallest element. Mirrors `numpy.ptp`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.ptp([[3, 1], [2, 4]]), np.ptp([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.ptp([[3, 1], [2, 4]]), np.ptp([[3, 1], [2, 4]], 1))
 * ```
 */
export const ptp = reducing<object>('ptp', `${AXES}, out?: None, keepdims?: bool`);
/**
 * Whether all elements are not zero. Mirrors `numpy.all`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.all([[true, false], [true, true]], 0));
 * ```
 * ```python
 * import numpy as np
 * print(np.all([[True, False], [True, True]], 0))
 * ```
 */
export const all = reducing<object, boolean>('all', `${AXES}, out?: None, keepdims?: bool`);
/**
 * Whether some element is not zero. Mirrors `numpy.any`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.any([[true, false], [true, true]], 0));
 * ```
 * ```python
 * import numpy as np
 * print(np.any([[True, False], [True, True]], 0))
 * ```
 */
export const any = reducing<object, boolean>('any', `${AXES}, out?: None, keepdims?: bool`);
/**
 * Where the largest element is. Mirrors `numpy.argmax`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.argmax([[3, 1], [2, 4]]), np.argmax([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.argmax([[3, 1], [2, 4]]), np.argmax([[3, 1], [2, 4]], 1))
 * ```
 */
export const argmax = reducing<object>('argmax', 'axis?: int|None, out?: None, keepdims?: bool');
/**
 * Where the smallest element is. Mirrors `numpy.argmin`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.argmin([[3, 1], [2, 4]]), np.argmin([[3, 1], [2, 4]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.argmin([[3, 1], [2, 4]]), np.argmin([[3, 1], [2, 4]], 1))
 * ```
 */
export const argmin = reducing<object>('argmin', 'axis?: int|None, out?: None, keepdims?: bool');

const ALONG = {
  cumsum: signature<{ a: ArrayArgument; axis?: number | null } & DTypeOptions>(
    'cumsum',
    'a: array_value, axis?: int|None, dtype?: str|None',
  ),
  sort: signature<{ a: ArrayArgument; axis?: number | null }>('sort', 'a: array_value, axis?: int|None'),
  argsort: signature<{ a: ArrayArgument; axis?: number | null }>('argsort', 'a: array_value, axis?: int|None'),
  nonzero: signature<{ a: ArrayArgument }>('nonzero', 'a: array_value'),
  count_nonzero: signature<{ a: ArrayArgument }>('count_nonzero', 'a: array_value'),
  bincount: signature<{ x: ArrayArgument; minlength?: number }>('bincount', 'x: array_value, *, minlength?: int'),
  median: signature<{ a: ArrayArgument }>('median', 'a: array_value'),
  round: signature<{ a: ArrayArgument; decimals?: number }>('round', 'a: array_value, decimals?: int'),
  clip: signature<{ a: ArrayArgument; a_min?: NDArrayOperand | null; a_max?: NDArrayOperand | null }>(
    'clip',
    'a: array_value, a_min?: array_value|None, a_max?: array_value|None',
  ),
};

/**
 * Sums up to each element. Mirrors `numpy.cumsum`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.cumsum([1, 2, 3]));
 * ```
 * ```python
 * import numpy as np
 * print(np.cumsum([1, 2, 3]))
 * ```
 */
export function cumsum(
  a: ArrayArgument,
  ...args: Tail<[axis: number | null, dtype: NDArrayDTypeLike | null], { axis?: number | null } & DTypeOptions>
): NDArray;
export function cumsum(...args: unknown[]): NDArray {
  const { a, axis = null, dtype = null } = ALONG.cumsum.read(args);
  return array_from('cumsum', a).cumsum({ axis, dtype });
}

/**
 * A sorted copy, NaN at the end. Mirrors `numpy.sort`. @param axis - default the last; null sorts all elements
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.sort([3, 1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.sort([3, 1, 2]))
 * ```
 */
export function sort(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArray;
export function sort(...args: unknown[]): NDArray {
  const { a, axis = -1 } = ALONG.sort.read(args);
  const given = array_from('sort', a);
  const copy = axis === null ? given.flatten() : given.copy();
  copy.sort(axis ?? -1);
  return copy;
}

/**
 * The places that sort, equal elements in their order. Mirrors `numpy.argsort`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.argsort([3, 1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.argsort([3, 1, 2]))
 * ```
 */
export function argsort(a: ArrayArgument, axis?: number | null | { axis?: number | null }): NDArray;
export function argsort(...args: unknown[]): NDArray {
  const { a, axis = -1 } = ALONG.argsort.read(args);
  return array_from('argsort', a).argsort(axis);
}

/**
 * The places of the elements that are not zero, an array for each dimension. Mirrors `numpy.nonzero`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.nonzero([0, 1, 2])[0]);
 * ```
 * ```python
 * import numpy as np
 * print(np.nonzero([0, 1, 2])[0])
 * ```
 */
export function nonzero(a: ArrayArgument): Tuple<NDArray>;
export function nonzero(...args: unknown[]): Tuple<NDArray> {
  return Tuple.from(array_from('nonzero', ALONG.nonzero.read(args).a).nonzero());
}

/**
 * How many elements are not zero. Mirrors `numpy.count_nonzero`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.count_nonzero([0, 1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.count_nonzero([0, 1, 2]))
 * ```
 */
export function count_nonzero(a: ArrayArgument): number;
export function count_nonzero(...args: unknown[]): number {
  const array = array_from('count_nonzero', ALONG.count_nonzero.read(args).a);
  return array.ndim === 0 ? Number(truthy(array.item())) : array.ravel().nonzero()[0]!.length;
}

/**
 * How often each integer is there. Mirrors `numpy.bincount`.
 * @throws Error for negative numbers
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.bincount([0, 1, 1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.bincount([0, 1, 1]))
 * ```
 */
export function bincount(x: ArrayArgument, options?: { minlength?: number }): NDArray;
export function bincount(...args: unknown[]): NDArray {
  const { x, minlength = 0 } = ALONG.bincount.read(args);
  const array = array_from('bincount', x);
  if (array.ndim !== 1) throw new Error('object too deep for desired array');
  const values = (array.tolist() as (number | bigint)[]).map(Number);
  if (values.some((value) => value < 0)) throw new Error("'list' argument must have no negative elements");
  const counts = new BigInt64Array(values.reduce((most, value) => Math.max(most, value + 1), minlength));
  for (const value of values) counts[value]!++;
  return new NDArray(counts);
}

/**
 * The median of all elements. Mirrors `numpy.median`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.median([3, 1, 2, 4]));
 * ```
 * ```python
 * import numpy as np
 * print(np.median([3, 1, 2, 4]))
 * ```
 */
export function median(a: ArrayArgument): number;
export function median(...args: unknown[]): number {
  const sorted = sort(ALONG.median.read(args).a, null);
  const n = sorted.size;
  if (n === 0 || (is_inexact(sorted.dtype) && Number.isNaN(sorted.get(n - 1)))) return NaN;
  return sorted.index(n % 2 === 0 ? `${n / 2 - 1}:${n / 2 + 1}` : `${(n - 1) / 2}:${(n + 1) / 2}`).mean();
}

/**
 * Elements rounded to decimals, halves to even. Mirrors `numpy.round`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.round([0.5, 1.26], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.round([0.5, 1.26], 1))
 * ```
 */
export function round(a: ArrayArgument, decimals?: number | { decimals?: number }): NDArrayItem;
export function round(...args: unknown[]): NDArrayItem {
  const { a, decimals = 0 } = ALONG.round.read(args);
  return array_from('round', a).round(decimals) as NDArrayItem;
}

/**
 * Elements within bounds. Mirrors `numpy.clip`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.clip([1, 5, 9], 2, 6));
 * ```
 * ```python
 * import numpy as np
 * print(np.clip([1, 5, 9], 2, 6))
 * ```
 */
export function clip(
  a: ArrayArgument,
  a_min: NDArrayOperand | null | { a_min?: NDArrayOperand | null; a_max?: NDArrayOperand | null },
  a_max?: NDArrayOperand | null,
): NDArrayItem;
export function clip(...args: unknown[]): NDArrayItem {
  const { a, a_min = null, a_max = null } = ALONG.clip.read(args);
  return outcome(array_from('clip', a).clip(a_min, a_max));
}

// --- sets and comparisons --------------------------------------------------------------------------

interface UniqueOptions {
  /** Also where each first is. */
  return_index?: boolean;
  /** Also which of them each element is. */
  return_inverse?: boolean;
  /** Also how often each is there. */
  return_counts?: boolean;
}
const UNIQUE_TEXTS = signature<{ ar: ArrayArgument | TextArray } & UniqueOptions>(
  'unique',
  'ar: any, return_index?: bool, return_inverse?: bool, return_counts?: bool',
);
const UNIQUE = signature<{ ar: ArrayArgument } & UniqueOptions>(
  'unique',
  'ar: array_value, return_index?: bool, return_inverse?: bool, return_counts?: bool',
);

/** The elements of an array in their order: the places, what tells elements apart, and a choice of them. */
interface Sorted {
  readonly shape: readonly number[];
  readonly order: readonly number[];
  readonly key: (place: number) => unknown;
  readonly at: (places: NDArray) => NDArray | TextArray;
}

function sorted_numbers(array: NDArray): Sorted {
  const flat = array.ravel();
  return {
    shape: array.shape,
    order: (flat.argsort().tolist() as number[]).map(Number),
    key: (place) => {
      const value = read_element(flat, flat.offset + place * flat.strides[0]!);
      return value instanceof Complex ? `${value.re},${value.im}` : Object.is(value, -0) ? 0 : value;
    },
    at: (places) => flat.index(places),
  };
}

/** Texts in the order of their code points, as numpy has them; JavaScript compares halves of pairs. */
function sorted_texts(array: TextArray): Sorted {
  const flat = array.ravel();
  const items = [...flat].map(String);
  const points = items.map((item) => Array.from(item, (character) => character.codePointAt(0)!));
  const compared = (a: number, b: number): number => {
    const [p, q] = [points[a]!, points[b]!];
    const differing = p.findIndex((point, i) => point !== q[i]);
    if (differing < 0) return p.length - q.length;
    return p[differing]! - (q[differing] ?? -1);
  };
  return {
    shape: array.shape,
    order: items.map((_, place) => place).sort(compared),
    key: (place) => items[place],
    at: (places) => flat.index(places),
  };
}

/**
 * The different elements, sorted. Mirrors `numpy.unique`.
 *
 * @returns the elements, or a tuple of them and what is asked for: `return_index`, `return_inverse`, `return_counts`
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.unique([3, 1, 3, 2]), np.unique([3, 1, 3, 2], { return_counts: true }));
 * ```
 * ```python
 * import numpy as np
 * print(np.unique([3, 1, 3, 2]), np.unique([3, 1, 3, 2], return_counts=True))
 * ```
 */
export function unique(ar: ArrayArgument): NDArray;
export function unique(ar: ArrayArgument, options: UniqueOptions): Tuple<NDArray>;
export function unique(ar: TextArray): TextArray;
export function unique(ar: TextArray, options: UniqueOptions): [values: TextArray, ...NDArray[]];
export function unique(...args: unknown[]): unknown {
  const read = args[0] instanceof TextArray ? UNIQUE_TEXTS : UNIQUE;
  const { ar, return_index = false, return_inverse = false, return_counts = false } = read.read(args);
  const { shape, order, key, at } =
    ar instanceof TextArray ? sorted_texts(ar) : sorted_numbers(array_from('unique', ar));
  const first: number[] = [];
  const counts: number[] = [];
  const inverse = new Array<number>(order.length);
  let last: unknown;
  for (const place of order) {
    const value = key(place);
    if (first.length === 0 || !Object.is(value, last)) {
      first.push(place);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[place] = first.length - 1;
    last = value;
  }
  const integers = (values: readonly number[]): NDArray => new NDArray(BigInt64Array.from(values, BigInt));
  const values = at(integers(first));
  if (!return_index && !return_inverse && !return_counts) return values;
  const result = [values];
  if (return_index) result.push(integers(first));
  if (return_inverse) result.push(integers(inverse).reshape(...shape));
  if (return_counts) result.push(integers(counts));
  return Tuple.from(result);
}

const SEARCH = signature<{ a: ArrayArgument; v: ArrayArgument; side?: string }>(
  'searchsorted',
  'a: array_value, v: array_value, side?: str',
);

/**
 * Where elements would go into a sorted array. Mirrors `numpy.searchsorted`.
 * @param side - `'left'` (default): before equal elements; `'right'`: behind them
 * @throws Error for another side
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.searchsorted([1, 3, 5], [2, 4]));
 * ```
 * ```python
 * import numpy as np
 * print(np.searchsorted([1, 3, 5], [2, 4]))
 * ```
 */
export function searchsorted(
  a: ArrayArgument,
  v: ArrayArgument,
  side?: 'left' | 'right' | { side?: 'left' | 'right' },
): NDArrayItem;
export function searchsorted(...args: unknown[]): NDArrayItem {
  const { a, v, side = 'left' } = SEARCH.read(args);
  if (side !== 'left' && side !== 'right') throw new Error(`search side must be 'left' or 'right' (got '${side}')`);
  const [sorted, wanted] = [array_from('searchsorted', a), array_from('searchsorted', v)];
  if (sorted.ndim !== 1) throw new Error('object of too small depth for desired array');
  const list = sorted.tolist() as (number | bigint)[];
  const result = allocate(wanted.shape, 'int64');
  const targets = places(result);
  for (const place of places(wanted)) {
    const value = read_element(wanted, place) as number | bigint;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const before = side === 'left' ? list[middle]! < value : list[middle]! <= value;
      if (before || (Number.isNaN(value) && !Number.isNaN(list[middle]))) low = middle + 1;
      else high = middle;
    }
    write_element(result, targets.next().value as number, low);
  }
  return outcome(result);
}

interface CloseOptions {
  rtol?: number;
  atol?: number;
  equal_nan?: boolean;
}
const close = (name: string) =>
  signature<{ a: ArrayArgument; b: ArrayArgument } & CloseOptions>(
    name,
    'a: array_value, b: array_value, rtol?: float, atol?: float, equal_nan?: bool',
  );
const CLOSE = {
  isclose: close('isclose'),
  allclose: close('allclose'),
  array_equal: signature<{ a1: ArrayArgument; a2: ArrayArgument }>('array_equal', 'a1: array_value, a2: array_value'),
};
type CloseTail = Tail<[rtol: number, atol: number, equal_nan: boolean], CloseOptions>;

function closeness({
  a,
  b,
  rtol = 1e-5,
  atol = 1e-8,
  equal_nan = false,
}: { a: ArrayArgument; b: ArrayArgument } & CloseOptions): NDArray {
  const [x, y] = [array_from('isclose', a), array_from('isclose', b)];
  const shape = broadcast_shapes('isclose', x.shape, y.shape);
  const result = allocate(shape, 'bool');
  const [xs, ys] = [places(broadcast_view(x, shape)), places(broadcast_view(y, shape))];
  for (const place of places(result)) {
    const p = Number(read_element(x, xs.next().value as number));
    const q = Number(read_element(y, ys.next().value as number));
    const near = p === q || (Number.isFinite(q) && Math.abs(p - q) <= atol + rtol * Math.abs(q));
    write_element(result, place, near || (equal_nan && Number.isNaN(p) && Number.isNaN(q)));
  }
  return NDArray._of(result);
}

/**
 * Whether elements are equal within a tolerance. Mirrors `numpy.isclose`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.isclose([1, 2], [1, 2.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.isclose([1, 2], [1, 2.5]))
 * ```
 */
export function isclose(a: ArrayArgument, b: ArrayArgument, ...args: CloseTail): NDArrayItem;
export function isclose(...args: unknown[]): NDArrayItem {
  return outcome(closeness(CLOSE.isclose.read(args)));
}

/**
 * Whether all elements are equal within a tolerance. Mirrors `numpy.allclose`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.allclose([1, 2], [1, 2.5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.allclose([1, 2], [1, 2.5]))
 * ```
 */
export function allclose(a: ArrayArgument, b: ArrayArgument, ...args: CloseTail): boolean;
export function allclose(...args: unknown[]): boolean {
  return closeness(CLOSE.allclose.read(args)).all();
}

/**
 * Whether arrays have one shape and equal elements. Mirrors `numpy.array_equal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.array_equal([1, 2], [1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.array_equal([1, 2], [1, 2]))
 * ```
 */
export function array_equal(a1: ArrayArgument, a2: ArrayArgument): boolean;
export function array_equal(...args: unknown[]): boolean {
  const { a1, a2 } = CLOSE.array_equal.read(args);
  const [x, y] = [array_from('array_equal', a1), array_from('array_equal', a2)];
  return String(x.shape) === String(y.shape) && x.eq(y).all();
}
