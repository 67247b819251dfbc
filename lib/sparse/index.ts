/** Functions for sparse tensors: `torch.sparse`. */
import { operator_as } from '../_C/dispatch.js';
import type { DType, Layout } from '../types/dtype.js';
import type { Tail } from '../_internal/arguments.js';
import type { Scalar } from '../types/scalar.js';
import type { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';

export { sampled_addmm } from '../generated/sparse.js';
export { check_sparse_tensor_invariants, type CheckSparseTensorInvariants } from './constructors.js';

/**
 * The product of a sparse matrix with a sparse or dense one; mirrors `torch.sparse.mm`. With `reduce` (`'sum'`, `'mean'`,
 * `'amax'` or `'amin'`), the first in CSR layout, products are combined in that way.
 */
export const mm = operator_as('sparse.mm', 'aten::_sparse_mm', '', 'reduce') as {
  (mat1: Tensor, mat2: Tensor): Tensor;
  (mat1: Tensor, mat2: Tensor, reduce: 'sum' | 'mean' | 'amax' | 'amin'): Tensor;
};

/** `beta * mat + alpha * mat1 @ mat2`, where `mat1` is sparse; mirrors `torch.sparse.addmm`. */
export const addmm = operator_as('sparse.addmm', 'aten::_sparse_addmm', '') as (
  mat: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  options?: { beta?: Scalar; alpha?: Scalar },
) => Tensor;

/** The softmax over what a COO tensor holds along `dim`; what it lacks counts as -inf. Mirrors `torch.sparse.softmax`. */
export const softmax = operator_as('sparse.softmax', 'aten::_sparse_softmax', 'int') as (
  input: Tensor,
  dim: number,
  options?: { dtype?: DType | null },
) => Tensor;

/** The logarithm of {@link softmax}; mirrors `torch.sparse.log_softmax`. */
export const log_softmax = operator_as('sparse.log_softmax', 'aten::_sparse_log_softmax', 'int') as (
  input: Tensor,
  dim: number,
  options?: { dtype?: DType | null },
) => Tensor;

/** A sparse matrix with given diagonals; mirrors `torch.sparse.spdiags`. */
export const spdiags = operator_as('sparse.spdiags', 'aten::_spdiags', '') as (
  diagonals: Tensor,
  offsets: Tensor,
  shape: readonly number[],
  layout?: Layout | null,
) => Tensor;

/** Solves `A X = B` for a CSR matrix; mirrors `torch.sparse.spsolve`. @throws Error where libtorch has no solver */
export const spsolve = operator_as('sparse.spsolve', 'aten::_spsolve', '') as (
  A: Tensor,
  B: Tensor,
  options?: { left?: boolean },
) => Tensor;

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
 * The sum of a COO tensor, of all elements or along dimensions; mirrors `torch.sparse.sum`.
 * @param args - `dim`: one or several dimensions; `dtype`: what to convert to before
 */
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
