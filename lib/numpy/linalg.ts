/** Mirrors `numpy.linalg`, on libtorch's. */
import type { Tail } from '../_internal/arguments.js';
import { LinAlgError } from '../_C/linalg_error.js';
import { signature } from '../_internal/signature.js';
import { from_numpy } from '../creation.js';
import * as linear from '../linalg/index.js';
import type { Tensor } from '../_tensor.js';
import { Tuple } from '../python/values.js';
import { array_from, outcome, type ArrayArgument, type ShapeLike } from './arguments.js';
import type { NDArray, NDArrayItem } from './ndarray.js';
import { computed_in, tensor_of } from './tensors.js';
import { is_complex, is_inexact, promote } from './types.js';

export { LinAlgError };

/** The type in which `linalg` computes: floats as they are, the rest in float64. */
function float_of(callee: string, value: ArrayArgument): NDArray {
  const array = array_from(callee, value);
  if (array.dtype === 'float16') throw new TypeError('array type float16 is unsupported in linalg');
  return is_inexact(array.dtype) ? array : array.astype('float64');
}

/** What libtorch computes of matrices, with numpy's checks and texts. */
function of_matrices<R>(array: NDArray, square: boolean, singular: string, compute: (x: Tensor) => R): R {
  const [rows, columns] = array.shape.slice(-2);
  if (array.ndim < 2)
    throw new LinAlgError(`${array.ndim}-dimensional array given. Array must be at least two-dimensional`);
  if (square && rows !== columns) throw new LinAlgError('Last 2 dimensions of the array must be square');
  try {
    return compute(from_numpy(array.copy()));
  } catch (error) {
    if (error instanceof Error && /singular|positive-definite|not positive|converge/.test(error.message)) {
      throw new LinAlgError(singular, { cause: error });
    }
    throw error;
  }
}

const result = (tensor: Tensor): NDArrayItem => outcome(tensor.contiguous().numpy());
const arrays = (tensors: Iterable<Tensor>): Tuple<NDArray> =>
  Tuple.from([...tensors].map((each) => each.contiguous().numpy()));

const NORM_ARGUMENTS = signature<{
  x: ArrayArgument;
  ord?: number | string | null;
  axis?: ShapeLike | null;
  keepdims?: boolean;
}>('norm', 'x: array_value, ord?: float|str|None, axis?: int|int[]|None, keepdims?: bool');

/**
 * The norm of vectors or matrices. Mirrors `numpy.linalg.norm`.
 * @param ord - a number, Infinity, -Infinity, `'fro'` or `'nuc'`; default null, the square root of the sum of squares
 * @param axis - the dimension of vectors, or the two of matrices; default null, all
 * @throws Error for an order that there is not
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.norm([1, 2]), np.linalg.norm([[1, 2], [2, 4]], { axis: 1 }));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.norm([1, 2]), np.linalg.norm([[1, 2], [2, 4]], axis=1))
 * ```
 */
export function norm(
  x: ArrayArgument,
  ...args: Tail<
    [ord: number | 'fro' | 'nuc' | null, axis: ShapeLike | null, keepdims: boolean],
    { ord?: number | 'fro' | 'nuc' | null; axis?: ShapeLike | null; keepdims?: boolean }
  >
): NDArrayItem;
export function norm(...args: unknown[]): NDArrayItem {
  const { x, ord = null, axis = null, keepdims = false } = NORM_ARGUMENTS.read(args);
  const array = float_of('norm', x);
  const options = { dim: axis as number | null, keepdim: keepdims };
  return result(linear.norm(from_numpy(array.copy()), ord as number | null, options));
}

const INV_ARGUMENTS = signature<{ a: ArrayArgument }>('inv', 'a: array_value');

/**
 * Inverse matrices. Mirrors `numpy.linalg.inv`.
 * @throws LinAlgError for a singular matrix, and for one that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.inv([[2, 0], [0, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.inv([[2, 0], [0, 4]]))
 * ```
 */
export function inv(a: ArrayArgument): NDArray;
export function inv(...args: unknown[]): NDArray {
  const { a } = INV_ARGUMENTS.read(args);
  return of_matrices(float_of('inv', a), true, 'Singular matrix', (x) => linear.inv(x).contiguous().numpy());
}

const DET_ARGUMENTS = signature<{ a: ArrayArgument }>('det', 'a: array_value');

/**
 * Determinants. Mirrors `numpy.linalg.det`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.det([[1.5, 0], [0, 0.5]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.det([[1.5, 0], [0, 0.5]]))
 * ```
 */
export function det(a: ArrayArgument): NDArrayItem;
export function det(...args: unknown[]): NDArrayItem {
  const { a } = DET_ARGUMENTS.read(args);
  return of_matrices(float_of('det', a), true, 'Singular matrix', (x) => result(linear.det(x)));
}

const SLOGDET_ARGUMENTS = signature<{ a: ArrayArgument }>('slogdet', 'a: array_value');

/**
 * Signs of determinants, and logarithms of their absolute values. Mirrors `numpy.linalg.slogdet`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.round(np.linalg.slogdet([[2, 0], [0, 4]])[1], 6));
 * ```
 * ```python
 * import numpy as np
 * print(np.round(np.linalg.slogdet([[2, 0], [0, 4]])[1], 6))
 * ```
 */
export function slogdet(a: ArrayArgument): [sign: NDArrayItem, logabsdet: NDArrayItem];
export function slogdet(...args: unknown[]): [sign: NDArrayItem, logabsdet: NDArrayItem] {
  const { a } = SLOGDET_ARGUMENTS.read(args);
  return of_matrices(float_of('slogdet', a), true, 'Singular matrix', (x) => {
    const [sign, logabsdet] = linear.slogdet(x);
    return Tuple.of(result(sign), result(logabsdet)) as unknown as [NDArrayItem, NDArrayItem];
  });
}

const SOLVE_ARGUMENTS = signature<{ a: ArrayArgument; b: ArrayArgument }>('solve', 'a: array_value, b: array_value');

/**
 * Solves `a @ x = b`. Mirrors `numpy.linalg.solve`.
 * @throws LinAlgError for a singular matrix, and for one that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.solve([[2, 0], [0, 4]], [1, 2]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.solve([[2, 0], [0, 4]], [1, 2]))
 * ```
 */
export function solve(a: ArrayArgument, b: ArrayArgument): NDArray;
export function solve(...args: unknown[]): NDArray {
  const { a, b } = SOLVE_ARGUMENTS.read(args);
  const [x, y] = [float_of('solve', a), float_of('solve', b)];
  const dtype = promote(x.dtype, y.dtype);
  return of_matrices(x.astype(dtype), true, 'Singular matrix', (left) =>
    linear.solve(left, tensor_of(y, dtype)).contiguous().numpy(),
  );
}

const CHOLESKY_ARGUMENTS = signature<{ a: ArrayArgument }>('cholesky', 'a: array_value');

/**
 * The lower triangular factors of positive definite matrices. Mirrors `numpy.linalg.cholesky`.
 * @throws LinAlgError for a matrix that is not positive definite
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.cholesky([[4, 0], [0, 9]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.cholesky([[4, 0], [0, 9]]))
 * ```
 */
export function cholesky(a: ArrayArgument): NDArray;
export function cholesky(...args: unknown[]): NDArray {
  const { a } = CHOLESKY_ARGUMENTS.read(args);
  return of_matrices(float_of('cholesky', a), true, 'Matrix is not positive definite', (x) =>
    linear.cholesky(x).contiguous().numpy(),
  );
}

const EIGH_ARGUMENTS = signature<{ a: ArrayArgument }>('eigh', 'a: array_value');

/**
 * Eigenvalues of symmetric matrices, in rising order, and eigenvectors as columns. Mirrors `numpy.linalg.eigh`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.eigh([[2, 0], [0, 1]])[0]);
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.eigh([[2, 0], [0, 1]])[0])
 * ```
 */
export function eigh(a: ArrayArgument): [eigenvalues: NDArray, eigenvectors: NDArray];
export function eigh(...args: unknown[]): [eigenvalues: NDArray, eigenvectors: NDArray] {
  const { a } = EIGH_ARGUMENTS.read(args);
  return of_matrices(
    float_of('eigh', a),
    true,
    'Eigenvalues did not converge',
    (x) => arrays(linear.eigh(x)) as unknown as [NDArray, NDArray],
  );
}

const EIGVALSH_ARGUMENTS = signature<{ a: ArrayArgument }>('eigvalsh', 'a: array_value');

/**
 * Eigenvalues of symmetric matrices, in rising order. Mirrors `numpy.linalg.eigvalsh`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.eigvalsh([[2, 0], [0, 1]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.eigvalsh([[2, 0], [0, 1]]))
 * ```
 */
export function eigvalsh(a: ArrayArgument): NDArray;
export function eigvalsh(...args: unknown[]): NDArray {
  const { a } = EIGVALSH_ARGUMENTS.read(args);
  return of_matrices(float_of('eigvalsh', a), true, 'Eigenvalues did not converge', (x) =>
    linear.eigvalsh(x).contiguous().numpy(),
  );
}

const EIG_ARGUMENTS = signature<{ a: ArrayArgument }>('eig', 'a: array_value');

/**
 * Eigenvalues, and eigenvectors as columns; real where all are. Mirrors `numpy.linalg.eig`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.eig([[2, 0], [0, 1]])[0]);
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.eig([[2, 0], [0, 1]])[0])
 * ```
 */
export function eig(a: ArrayArgument): [eigenvalues: NDArray, eigenvectors: NDArray];
export function eig(...args: unknown[]): [eigenvalues: NDArray, eigenvectors: NDArray] {
  const { a } = EIG_ARGUMENTS.read(args);
  const array = float_of('eig', a);
  return of_matrices(array, true, 'Eigenvalues did not converge', (x) => {
    const [values, vectors] = arrays(linear.eig(x)) as unknown as [NDArray, NDArray];
    const real = !is_complex(array.dtype) && (values.imag.ravel().tolist() as number[]).every((part) => part === 0);
    return Tuple.of(...(real ? [values.real.copy(), vectors.real.copy()] : [values, vectors])) as unknown as [
      NDArray,
      NDArray,
    ];
  });
}

const SVD_ARGUMENTS = signature<{ a: ArrayArgument; full_matrices?: boolean; compute_uv?: boolean }>(
  'svd',
  'a: array_value, full_matrices?: bool, compute_uv?: bool',
);

/**
 * Singular values, with the matrices of vectors. Mirrors `numpy.linalg.svd`.
 * @param full_matrices - square matrices of vectors; default true
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.svd([[3, 0], [0, 2]])[1]);
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.svd([[3, 0], [0, 2]])[1])
 * ```
 */
export function svd(a: ArrayArgument, options: { full_matrices?: boolean; compute_uv: false }): NDArray;
export function svd(
  a: ArrayArgument,
  ...args: Tail<[full_matrices: boolean], { full_matrices?: boolean; compute_uv?: true }>
): [u: NDArray, s: NDArray, vh: NDArray];
export function svd(...args: unknown[]): NDArray | [NDArray, NDArray, NDArray] {
  const { a, full_matrices = true, compute_uv = true } = SVD_ARGUMENTS.read(args);
  return of_matrices(float_of('svd', a), false, 'SVD did not converge', (x) =>
    compute_uv
      ? (arrays(linear.svd(x, full_matrices)) as unknown as [NDArray, NDArray, NDArray])
      : linear.svdvals(x).contiguous().numpy(),
  );
}

const QR_ARGUMENTS = signature<{ a: ArrayArgument; mode?: string }>('qr', 'a: array_value, mode?: str');

/**
 * An orthogonal matrix and an upper triangular one, whose product is `a`. Mirrors `numpy.linalg.qr`.
 * @throws Error for another mode
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print([...np.linalg.qr([[1, 0], [0, 1]])[1].shape]);
 * ```
 * ```python
 * import numpy as np
 * print(list(np.linalg.qr([[1, 0], [0, 1]])[1].shape))
 * ```
 */
export function qr(
  a: ArrayArgument,
  mode?: 'reduced' | 'complete' | { mode?: 'reduced' | 'complete' },
): [q: NDArray, r: NDArray];
export function qr(...args: unknown[]): [q: NDArray, r: NDArray] {
  const { a, mode = 'reduced' } = QR_ARGUMENTS.read(args);
  if (mode !== 'reduced' && mode !== 'complete') throw new Error(`Unrecognized mode '${mode}'`);
  return of_matrices(
    float_of('qr', a),
    false,
    'QR failed',
    (x) => arrays(linear.qr(x, mode)) as unknown as [NDArray, NDArray],
  );
}

const PINV_ARGUMENTS = signature<{ a: ArrayArgument; rcond?: number | null }>(
  'pinv',
  'a: array_value, rcond?: float|None',
);

/**
 * Pseudo-inverses. Mirrors `numpy.linalg.pinv`.
 * @param rcond - singular values below this share of the largest count as zero; default 1e-15
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.pinv([[2.0, 0], [0, 4]]).round(6));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.pinv([[2.0, 0], [0, 4]]).round(6))
 * ```
 */
export function pinv(a: ArrayArgument, rcond?: number | null | { rcond?: number | null }): NDArray;
export function pinv(...args: unknown[]): NDArray {
  const { a, rcond = null } = PINV_ARGUMENTS.read(args);
  return of_matrices(float_of('pinv', a), false, 'SVD did not converge', (x) =>
    linear
      .pinv(x, { rtol: rcond ?? 1e-15 })
      .contiguous()
      .numpy(),
  );
}

const MATRIX_RANK_ARGUMENTS = signature<{ A: ArrayArgument; tol?: number | null }>(
  'matrix_rank',
  'A: array_value, tol?: float|None',
);

/**
 * How many singular values are not zero. Mirrors `numpy.linalg.matrix_rank`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.matrix_rank([[1, 2], [2, 4]]));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.matrix_rank([[1, 2], [2, 4]]))
 * ```
 */
export function matrix_rank(A: ArrayArgument, tol?: number | null | { tol?: number | null }): NDArrayItem;
export function matrix_rank(...args: unknown[]): NDArrayItem {
  const { A, tol = null } = MATRIX_RANK_ARGUMENTS.read(args);
  return of_matrices(float_of('matrix_rank', A), false, 'SVD did not converge', (x) =>
    result(tol === null ? linear.matrix_rank(x) : linear.matrix_rank(x, { atol: tol, rtol: 0 })),
  );
}

/** Powers by squaring, which integers take too. */
function power_of(x: Tensor, n: number): Tensor {
  if (n < 0) return power_of(linear.inv(x), -n);
  if (n === 0) {
    const unit = x.new_zeros(x.shape);
    unit.diagonal({ dim1: -2, dim2: -1 }).fill_(1);
    return unit;
  }
  const half = power_of(x, Math.floor(n / 2));
  const even = n === 1 ? null : half.matmul(half);
  if (even === null) return x;
  return n % 2 === 0 ? even : even.matmul(x);
}

const MATRIX_POWER_ARGUMENTS = signature<{ a: ArrayArgument; n: number }>('matrix_power', 'a: array_value, n: int');

/**
 * Powers of matrices; of their inverses for negative exponents. Mirrors `numpy.linalg.matrix_power`.
 * @throws LinAlgError for a matrix that is not square
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.matrix_power([[1, 1], [0, 1]], 3));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.matrix_power([[1, 1], [0, 1]], 3))
 * ```
 */
export function matrix_power(a: ArrayArgument, n: number): NDArray;
export function matrix_power(...args: unknown[]): NDArray {
  const { a, n } = MATRIX_POWER_ARGUMENTS.read(args);
  const array = array_from('matrix_power', a);
  const given = n < 0 && !is_inexact(array.dtype) ? array.astype('float64') : array;
  const by = computed_in(given.dtype);
  return of_matrices(given.astype(by), true, 'Singular matrix', (x) =>
    power_of(x, n).contiguous().numpy().astype(given.dtype),
  );
}

const LSTSQ_ARGUMENTS = signature<{ a: ArrayArgument; b: ArrayArgument }>('lstsq', 'a: array_value, b: array_value');

/**
 * The least squares solution of `a @ x = b`: it, the sums of squared residuals, the rank of `a`, and its singular values. Mirrors `numpy.linalg.lstsq`.
 * @throws LinAlgError when the numbers of rows differ
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * print(np.linalg.lstsq([[1, 0], [0, 2]], [3, 4])[0].round(6));
 * ```
 * ```python
 * import numpy as np
 * print(np.linalg.lstsq([[1, 0], [0, 2]], [3, 4])[0].round(6))
 * ```
 */
export function lstsq(a: ArrayArgument, b: ArrayArgument): [x: NDArray, residuals: NDArray, rank: number, s: NDArray];
export function lstsq(...args: unknown[]): [x: NDArray, residuals: NDArray, rank: number, s: NDArray] {
  const { a, b } = LSTSQ_ARGUMENTS.read(args);
  const [x, y] = [float_of('lstsq', a), float_of('lstsq', b)];
  if (x.ndim !== 2) throw new LinAlgError(`${x.ndim}-dimensional array given. Array must be two-dimensional`);
  if (x.shape[0] !== y.shape[0]) throw new LinAlgError('Incompatible dimensions');
  const dtype = promote(x.dtype, y.dtype);
  const [p, q] = [tensor_of(x, dtype), tensor_of(y, dtype)];
  const found = linear.lstsq(p, y.ndim === 1 ? q.unsqueeze(1) : q, { driver: 'gelsd' });
  const columns = found.solution;
  const rank = found.rank.item() as number;
  const residuals = p
    .matmul(columns)
    .sub(y.ndim === 1 ? q.unsqueeze(1) : q)
    .square()
    .sum(0);
  const has = rank === x.shape[1] && x.shape[0]! > x.shape[1]!;
  return Tuple.of<unknown>(
    (y.ndim === 1 ? columns.squeeze(1) : columns).contiguous().numpy(),
    (has ? residuals : residuals.narrow(0, 0, 0)).numpy(),
    rank,
    linear.svdvals(p).contiguous().numpy(),
  ) as unknown as [NDArray, NDArray, number, NDArray];
}
