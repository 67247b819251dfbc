/** Products of arrays: floats are computed by libtorch, integers too, with wrap-around as in numpy. */
import { signature } from '../_internal/signature.js';
import * as functional from '../functional.js';
import type { Tensor } from '../_tensor.js';
import { computed_in, tensor_of } from './tensors.js';
import { array_from, outcome, type ArrayArgument } from './arguments.js';
import type { NDArray, NDArrayItem } from './ndarray.js';
import { promote } from './types.js';

/** What libtorch computes of two arrays, in the type that they have in common. */
function computed(a: NDArray, b: NDArray, compute: (x: Tensor, y: Tensor) => Tensor): NDArray {
  const dtype = promote(a.dtype, b.dtype);
  const by = computed_in(dtype);
  return compute(tensor_of(a, by), tensor_of(b, by)).numpy().astype(dtype);
}

const tuple_text = (shape: readonly number[]): string => `(${shape.join(',')}${shape.length === 1 ? ',' : ''})`;

function not_aligned(a: NDArray, b: NDArray, dim: number): Error {
  const [n, m] = [a.ndim - 1, dim];
  return new Error(
    `shapes ${tuple_text(a.shape)} and ${tuple_text(b.shape)} not aligned: ${a.shape[n]} (dim ${n}) != ${b.shape[m]} (dim ${m})`,
  );
}

function dot_of(a: NDArray, b: NDArray): NDArray {
  if (a.ndim === 0 || b.ndim === 0) return computed(a, b, (x, y) => x.mul(y));
  const dim = Math.max(b.ndim - 2, 0);
  if (a.shape[a.ndim - 1] !== b.shape[dim]) throw not_aligned(a, b, dim);
  return computed(a, b, (x, y) => functional.tensordot(x, y, { dims: [[a.ndim - 1], [dim]] }));
}

function matmul_of(a: NDArray, b: NDArray): NDArray {
  for (const [i, array] of [a, b].entries()) {
    if (array.ndim > 0) continue;
    throw new Error(
      `matmul: Input operand ${i} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)`,
    );
  }
  const [k, found] = [a.shape[a.ndim - 1]!, b.shape[Math.max(b.ndim - 2, 0)]!];
  if (k !== found) {
    throw new Error(
      `matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size ${found} is different from ${k})`,
    );
  }
  return computed(a, b, (x, y) => x.matmul(y));
}

const DOT_ARGUMENTS = signature<{ a: ArrayArgument; b: ArrayArgument }>('dot', 'a: array_value, b: array_value');

/**
 * The product of matrices, the sum of products of vectors, and of more dimensions that over the last of `a` and the last but one of `b`. Mirrors `numpy.dot`.
 * @throws Error when the sizes differ
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.dot([1, 2], [3, 4]), np.dot([[1, 2], [3, 4]], [1, 1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.dot([1, 2], [3, 4]), np.dot([[1, 2], [3, 4]], [1, 1]))
 * ```
 */
export function dot(a: ArrayArgument, b: ArrayArgument): NDArrayItem;
export function dot(...args: unknown[]): NDArrayItem {
  const { a, b } = DOT_ARGUMENTS.read(args);
  return outcome(dot_of(array_from('dot', a), array_from('dot', b)));
}

const MATMUL_ARGUMENTS = signature<{ x1: ArrayArgument; x2: ArrayArgument }>(
  'matmul',
  'x1: array_value, x2: array_value',
);

/**
 * The product of matrices, or of stacks of them; `a @ b`. Mirrors `numpy.matmul`.
 * @throws Error when the sizes differ, and for numbers
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.matmul([[1, 2], [3, 4]], [[0.5], [2]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.matmul([[1, 2], [3, 4]], [[0.5], [2]]))
 * ```
 */
export function matmul(x1: ArrayArgument, x2: ArrayArgument): NDArrayItem;
export function matmul(...args: unknown[]): NDArrayItem {
  const { x1, x2 } = MATMUL_ARGUMENTS.read(args);
  return outcome(matmul_of(array_from('matmul', x1), array_from('matmul', x2)));
}

const OUTER_ARGUMENTS = signature<{ a: ArrayArgument; b: ArrayArgument }>('outer', 'a: array_value, b: array_value');

/**
 * The products of all pairs of elements. Mirrors `numpy.outer`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.outer([1, 2], [3, 4, 5]));
 * ```
 * ```python
 * import numpy as np
 * print(np.outer([1, 2], [3, 4, 5]))
 * ```
 */
export function outer(a: ArrayArgument, b: ArrayArgument): NDArray;
export function outer(...args: unknown[]): NDArray {
  const { a, b } = OUTER_ARGUMENTS.read(args);
  return array_from('outer', a).reshape(-1, 1).mul(array_from('outer', b).ravel());
}

const INNER_ARGUMENTS = signature<{ a: ArrayArgument; b: ArrayArgument }>('inner', 'a: array_value, b: array_value');

/**
 * The sums of products over the last dimensions. Mirrors `numpy.inner`.
 * @throws Error when the sizes differ
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.inner([1, 2, 3], [4, 5, 6]));
 * ```
 * ```python
 * import numpy as np
 * print(np.inner([1, 2, 3], [4, 5, 6]))
 * ```
 */
export function inner(a: ArrayArgument, b: ArrayArgument): NDArrayItem;
export function inner(...args: unknown[]): NDArrayItem {
  const { a, b } = INNER_ARGUMENTS.read(args);
  const [x, y] = [array_from('inner', a), array_from('inner', b)];
  if (x.ndim === 0 || y.ndim === 0) return outcome(dot_of(x, y));
  if (x.shape[x.ndim - 1] !== y.shape[y.ndim - 1]) throw not_aligned(x, y, y.ndim - 1);
  return outcome(computed(x, y, (p, q) => functional.tensordot(p, q, { dims: [[-1], [-1]] })));
}

const TENSORDOT_ARGUMENTS = signature<{
  a: ArrayArgument;
  b: ArrayArgument;
  axes?: number | readonly (number | readonly number[])[];
}>('tensordot', 'a: array_value, b: array_value, axes?: int|any[]');

/**
 * Sums of products over the dimensions `axes`: as many at the end of `a` and the start of `b`, or those that two lists name. Mirrors `numpy.tensordot`.
 * @param axes - default 2
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]], 1));
 * ```
 * ```python
 * import numpy as np
 * print(np.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]], 1))
 * ```
 */
export function tensordot(
  a: ArrayArgument,
  b: ArrayArgument,
  axes?: number | readonly (number | readonly number[])[] | { axes?: number | readonly (number | readonly number[])[] },
): NDArrayItem;
export function tensordot(...args: unknown[]): NDArrayItem {
  const { a, b, axes = 2 } = TENSORDOT_ARGUMENTS.read(args);
  const dims = typeof axes === 'number' ? axes : axes.map((each) => [each].flat() as number[]);
  return outcome(
    computed(array_from('tensordot', a), array_from('tensordot', b), (x, y) =>
      functional.tensordot(x, y, { dims: dims as number }),
    ),
  );
}

const EINSUM_ARGUMENTS = signature<{ subscripts: string; operands: ArrayArgument[] }>(
  'einsum',
  'subscripts: str, *operands: array_value',
);

/**
 * Sums of products by Einstein's notation. Mirrors `numpy.einsum`.
 * @throws Error for subscripts that do not fit the operands
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.einsum('ij,j->i', [[1, 2], [3, 4]], [10, 1]));
 * ```
 * ```python
 * import numpy as np
 * print(np.einsum('ij,j->i', [[1, 2], [3, 4]], [10, 1]))
 * ```
 */
export function einsum(subscripts: string, ...operands: ArrayArgument[]): NDArrayItem;
export function einsum(...args: unknown[]): NDArrayItem {
  const { subscripts, operands } = EINSUM_ARGUMENTS.read(args);
  const given = operands.map((operand) => array_from('einsum', operand));
  const dtype = given.map((array) => array.dtype).reduce((a, b) => promote(a, b), given[0]?.dtype ?? 'float64');
  const by = computed_in(dtype);
  return outcome(
    functional
      .einsum(subscripts, ...given.map((array) => tensor_of(array, by)))
      .numpy()
      .astype(dtype),
  );
}

const TRACE_ARGUMENTS = signature<{ a: ArrayArgument; offset?: number }>('trace', 'a: array_value, offset?: int');

/**
 * The sum of the diagonal. Mirrors `numpy.trace`.
 * @throws Error for an array that does not have two dimensions
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.trace([[1, 2], [3, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.trace([[1, 2], [3, 4]]))
 * ```
 */
export function trace(a: ArrayArgument, offset?: number | { offset?: number }): NDArrayItem;
export function trace(...args: unknown[]): NDArrayItem {
  const { a, offset = 0 } = TRACE_ARGUMENTS.read(args);
  const array = array_from('trace', a);
  if (array.ndim !== 2) throw new Error('diag requires an array of at least two dimensions');
  const found = tensor_of(array, computed_in(array.dtype)).diagonal({ offset }).contiguous().numpy();
  return found.astype(array.dtype).sum() as NDArrayItem;
}
