/** Functions for sparse tensors: `torch.sparse`. */
import { operator_as } from '../_C/dispatch.js';
import type { DType, Layout } from '../types/dtype.js';
import type { Tail } from '../_internal/arguments.js';
import type { Scalar } from '../types/scalar.js';
import type { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';

export { sampled_addmm } from '../generated/sparse.js';
export { check_sparse_tensor_invariants } from './constructors.js';

type Operator = (...args: unknown[]) => Tensor;

const operators = {
  mm: operator_as('sparse.mm', 'aten::_sparse_mm', '', 'reduce') as Operator,
  addmm: operator_as('sparse.addmm', 'aten::_sparse_addmm', '') as Operator,
  softmax: operator_as('sparse.softmax', 'aten::_sparse_softmax', 'int') as Operator,
  log_softmax: operator_as('sparse.log_softmax', 'aten::_sparse_log_softmax', 'int') as Operator,
  spdiags: operator_as('sparse.spdiags', 'aten::_spdiags', '') as Operator,
  spsolve: operator_as('sparse.spsolve', 'aten::_spsolve', '') as Operator,
};

/**
 * The product of a sparse matrix with a sparse or dense one. Mirrors `torch.sparse.mm`.
 *
 * @param mat1 - sparse, `(n, m)`
 * @param mat2 - sparse or dense, `(m, p)`
 * @param reduce - `'sum'`, `'mean'`, `'amax'` or `'amin'`: how products are combined; for CSR `mat1`
 * @throws Error when shapes or layouts are not supported
 * @example
 * ```ts
 * const a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse();
 * print(torch.sparse.mm(a, torch.ones(2, 1)));
 * ```
 * ```python
 * a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse()
 * print(torch.sparse.mm(a, torch.ones(2, 1)))
 * ```
 */
export function mm(mat1: Tensor, mat2: Tensor, reduce?: 'sum' | 'mean' | 'amax' | 'amin'): Tensor;
export function mm(...args: unknown[]): Tensor {
  return operators.mm(...args);
}

/**
 * `beta * mat + alpha * mat1 @ mat2`, where `mat1` is sparse. Mirrors `torch.sparse.addmm`.
 *
 * @param mat - dense, `(n, p)`
 * @param mat1 - sparse, `(n, m)`
 * @param mat2 - dense, `(m, p)`
 * @param options - `beta` (default 1), `alpha` (default 1)
 * @throws Error when shapes or layouts are not supported
 * @example
 * ```ts
 * const a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse();
 * print(torch.sparse.addmm(torch.ones(2, 1), a, torch.ones(2, 1), { beta: 2 }));
 * ```
 * ```python
 * a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse()
 * print(torch.sparse.addmm(torch.ones(2, 1), a, torch.ones(2, 1), beta=2))
 * ```
 */
export function addmm(mat: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar; alpha?: Scalar }): Tensor;
export function addmm(...args: unknown[]): Tensor {
  return operators.addmm(...args);
}

/**
 * The softmax over the specified elements of a COO tensor along a dimension; unspecified elements count as minus
 * infinity. Mirrors `torch.sparse.softmax`.
 *
 * @param input - sparse COO
 * @param dim - dimension of the softmax
 * @param options - `dtype`: convert the input first; default null
 * @throws Error for other layouts
 * @example
 * ```ts
 * const a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse();
 * print(torch.sparse.softmax(a, 1).to_dense());
 * ```
 * ```python
 * a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse()
 * print(torch.sparse.softmax(a, 1).to_dense())
 * ```
 */
export function softmax(input: Tensor, dim: number, options?: { dtype?: DType | null }): Tensor;
export function softmax(...args: unknown[]): Tensor {
  return operators.softmax(...args);
}

/**
 * The logarithm of {@link softmax}. Mirrors `torch.sparse.log_softmax`.
 *
 * @param input - sparse COO
 * @param dim - dimension of the softmax
 * @param options - `dtype`: convert the input first; default null
 * @throws Error for other layouts
 * @example
 * ```ts
 * const a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse();
 * print(torch.sparse.log_softmax(a, 1).values());
 * ```
 * ```python
 * a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse()
 * print(torch.sparse.log_softmax(a, 1).values())
 * ```
 */
export function log_softmax(input: Tensor, dim: number, options?: { dtype?: DType | null }): Tensor;
export function log_softmax(...args: unknown[]): Tensor {
  return operators.log_softmax(...args);
}

/**
 * A sparse matrix with given diagonals. Mirrors `torch.sparse.spdiags`.
 *
 * @param diagonals - a diagonal per row
 * @param offsets - the diagonal of each row: 0 the main one, positive above it
 * @param shape - the sizes of the result
 * @param layout - `torch.sparse_coo`, `torch.sparse_csr` or `torch.sparse_csc`; default null, COO
 * @throws Error when the offsets are not unique or do not fit
 * @example
 * ```ts
 * print(torch.sparse.spdiags(torch.ones(2, 3), torch.tensor([0, 1]), [3, 3]).to_dense());
 * ```
 * ```python
 * print(torch.sparse.spdiags(torch.ones(2, 3), torch.tensor([0, 1]), [3, 3]).to_dense())
 * ```
 */
export function spdiags(diagonals: Tensor, offsets: Tensor, shape: readonly number[], layout?: Layout | null): Tensor;
export function spdiags(...args: unknown[]): Tensor {
  return operators.spdiags(...args);
}

/**
 * Solves `A X = B` for a sparse CSR matrix. Mirrors `torch.sparse.spsolve`.
 *
 * @param A - sparse CSR, `(n, n)`
 * @param B - dense, `(n)`
 * @param options - `left`: default true
 * @throws Error where libtorch has no sparse solver, such as on the CPU
 * @example
 * ```ts
 * const a = torch.eye(2).to_sparse_csr();
 * try {
 *   print(torch.sparse.spsolve(a, torch.ones(2)));
 * } catch (error) {
 *   print((error as Error).message.match(/Could not .*? backend/)![0]); // without cuDSS
 * }
 * ```
 * ```python
 * import re
 * a = torch.eye(2).to_sparse_csr()
 * try:
 *     print(torch.sparse.spsolve(a, torch.ones(2)))
 * except NotImplementedError as error:
 *     print(re.search('Could not .*? backend', str(error))[0])
 * ```
 */
export function spsolve(A: Tensor, B: Tensor, options?: { left?: boolean }): Tensor;
export function spsolve(...args: unknown[]): Tensor {
  return operators.spsolve(...args);
}

const sums = {
  all: operator_as('sparse.sum', 'aten::_sparse_sum', '', 'dtype'),
  along: operator_as('sparse.sum', 'aten::_sparse_sum', 'dim', 'dim_dtype'),
};

type Dims = number | readonly number[] | null;

const SUM = signature<{ input: Tensor; dim?: Dims; dtype?: DType | null }>(
  'sum',
  'input: Tensor, dim?: int|int[]|None, dtype?: dtype|None',
);

/**
 * The sum of a sparse tensor, of all elements or along dimensions. Mirrors `torch.sparse.sum`.
 *
 * @param input - sparse COO
 * @param dim - dimension or dimensions; default null, all
 * @param dtype - convert the input to this dtype first; default null
 * @throws Error for dense tensors
 * @example
 * ```ts
 * const a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse();
 * print(torch.sparse.sum(a), torch.sparse.sum(a, 1).to_dense());
 * ```
 * ```python
 * a = torch.tensor([[0, 1.5], [2.5, 0]]).to_sparse()
 * print(torch.sparse.sum(a), torch.sparse.sum(a, 1).to_dense())
 * ```
 */
export function sum(
  input: Tensor,
  dim?: Dims,
  dtype?: DType | null,
  options?: { dim?: Dims; dtype?: DType | null },
): Tensor;
export function sum(
  input: Tensor,
  ...args: Tail<[dim: Dims, dtype: DType | null], { dim?: Dims; dtype?: DType | null }>
): Tensor;
export function sum(options: { input: Tensor; dim?: Dims; dtype?: DType | null }): Tensor;
export function sum(...args: unknown[]): Tensor {
  const { input, dim = null, dtype = null } = SUM.read(args);
  if (dim === null) return dtype ? sums.all(input, { dtype }) : sums.all(input);
  return dtype ? sums.along(input, dim, { dtype }) : sums.along(input, dim);
}
export * from '../absent/sparse.js';
