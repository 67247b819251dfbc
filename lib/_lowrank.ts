/** Randomised decompositions of low rank: `torch.svd_lowrank`, `torch.pca_lowrank`. */
import { float32 } from './types/dtype.js';
import { ones, randn, sparse_coo_tensor, stack, zeros_like } from './generated/functions.js';
import * as linalg from './generated/linalg.js';
import type { Tensor } from './_tensor.js';
import { type Arguments, signature } from './_internal/signature.js';

/** Left singular vectors, singular values and right singular vectors. */
export type LowRank = [U: Tensor, S: Tensor, V: Tensor];

function product(a: Tensor, b: Tensor): Tensor {
  return a.is_sparse ? a.mm(b) : a.matmul(b);
}

/** `(a - mean) b` without forming the difference. */
function centered(a: Tensor, mean: Tensor | null, b: Tensor): Tensor {
  const result = product(a, b);
  return mean === null ? result : result.sub(product(mean, b));
}

/** An orthonormal basis of about the range of `a - mean`, of rank `q`. */
function approximate_basis(a: Tensor, q: number, niter: number, mean: Tensor | null): Tensor {
  const { dtype, device } = a;
  const floating = dtype.is_floating_point || dtype.is_complex ? dtype : float32;
  const start = randn([a.size(-1), q], { dtype: floating, device });
  const orthonormal = (x: Tensor): Tensor => linalg.qr(x).Q;
  let basis = orthonormal(centered(a, mean, start));
  for (let i = 0; i < niter; i++) {
    const other = orthonormal(centered(a.mH, mean?.mH ?? null, basis));
    basis = orthonormal(centered(a, mean, other));
  }
  return basis;
}

function decomposed(given: Tensor, q: number, niter: number, given_mean: Tensor | null): LowRank {
  const wide = given.size(-2) < given.size(-1);
  const mean = given_mean === null ? null : given_mean.broadcast_to(given.shape);
  const tall = wide ? given.mH : given;
  const tall_mean = wide ? (mean?.mH ?? null) : mean;
  const basis = approximate_basis(tall, q, niter, tall_mean);
  const reduced = product(basis.mH, tall);
  const { U, S, Vh } = linalg.svd(tall_mean === null ? reduced : reduced.sub(product(basis.mH, tall_mean)), false);
  const left = basis.matmul(U);
  return wide ? [Vh.mH, S, left] : [left, S, Vh.mH];
}

interface SvdOptions {
  A: Tensor;
  q?: number | null;
  niter?: number | null;
  M?: Tensor | null;
}

const SVD_LOWRANK = signature<SvdOptions>('svd_lowrank', 'A: Tensor, q?: int|None, niter?: int|None, M?: Tensor|None');

/**
 * An approximate truncated singular value decomposition by a randomized algorithm: `A - M = U diag(S) V^H`. Mirrors
 * `torch.svd_lowrank`.
 *
 * @param A - of shape `(*, m, n)`, dense or sparse
 * @param q - a slightly overestimated rank; default 6
 * @param niter - number of subspace iterations; default 2
 * @param M - matrix to subtract from `A`; default null
 * @returns `[U, S, V]` of shapes `(*, m, q)`, `(*, q)` and `(*, n, q)`
 * @throws Error when shapes do not fit
 * @example
 * ```ts
 * const [U, S, V] = torch.svd_lowrank(torch.diag(torch.tensor([3.5, 2.5, 0.5])), { q: 2 });
 * print(S, U.shape, V.shape);
 * ```
 * ```python
 * U, S, V = torch.svd_lowrank(torch.diag(torch.tensor([3.5, 2.5, 0.5])), q=2)
 * print(S, U.shape, V.shape)
 * ```
 */
export function svd_lowrank(A: Tensor, q?: number | null, niter?: number | null, M?: Tensor | null): LowRank;
export function svd_lowrank(
  ...args: Arguments<
    [A: Tensor, q?: number | null, niter?: number | null, M?: Tensor | null],
    SvdOptions,
    ['A', 'q', 'niter', 'M']
  >
): LowRank;
export function svd_lowrank(...args: unknown[]): LowRank {
  return SVD_LOWRANK.call(args, ({ A, q, niter, M = null }) => {
    return decomposed(A, q ?? 6, niter ?? 2, M);
  });
}

/** The mean of each column of a sparse matrix, in every row. */
function sparse_mean(a: Tensor): Tensor {
  const rows = a.size(0);
  const means = a.sum([0]).coalesce();
  const columns = means.indices().index(0);
  const column = sparse_coo_tensor(stack([columns, zeros_like(columns)]), means.values().div(rows), [a.size(1), 1]);
  return column.mm(ones([1, rows], { dtype: a.dtype, device: a.device })).mT;
}

interface PcaOptions {
  A: Tensor;
  q?: number | null;
  center?: boolean;
  niter?: number;
}

const PCA_LOWRANK = signature<PcaOptions>('pca_lowrank', 'A: Tensor, q?: int|None, center?: bool, niter?: int');

/**
 * An approximate principal component analysis of the rows of a matrix by a randomized algorithm. Mirrors
 * `torch.pca_lowrank`.
 *
 * @param A - of shape `(*, m, n)`, dense or sparse
 * @param q - number of components; default `min(6, m, n)`
 * @param center - subtract the mean of each column; default true
 * @param niter - number of subspace iterations; default 2
 * @returns `[U, S, V]`; the columns of V are the principal directions
 * @throws Error when `q` or `niter` is out of range
 * @example
 * ```ts
 * const [U, S, V] = torch.pca_lowrank(torch.diag(torch.tensor([3.5, 2.5, 0.5])), { q: 2 });
 * print(S, U.shape, V.shape);
 * ```
 * ```python
 * U, S, V = torch.pca_lowrank(torch.diag(torch.tensor([3.5, 2.5, 0.5])), q=2)
 * print(S, U.shape, V.shape)
 * ```
 */
export function pca_lowrank(A: Tensor, q?: number | null, center?: boolean, niter?: number): LowRank;
export function pca_lowrank(
  ...args: Arguments<
    [A: Tensor, q?: number | null, center?: boolean, niter?: number],
    PcaOptions,
    ['A', 'q', 'center', 'niter']
  >
): LowRank;
export function pca_lowrank(...args: unknown[]): LowRank {
  return PCA_LOWRANK.call(args, ({ A, q: wanted, center = true, niter = 2 }) => {
    const least = Math.min(A.size(-2), A.size(-1));
    const q = wanted ?? Math.min(6, least);
    if (!(q >= 0 && q <= least)) {
      throw new Error(`q(=${q}) must be non-negative integer and not greater than min(m, n)=${least}`);
    }
    if (!(niter >= 0)) throw new Error(`niter(=${niter}) must be non-negative integer`);
    if (!center) return decomposed(A, q, niter, null);
    if (!A.is_sparse) return decomposed(A.sub(A.mean([-2], true)), q, niter, null);
    if (A.dim() !== 2) throw new Error('pca_lowrank input is expected to be 2-dimensional tensor');
    return decomposed(A, q, niter, sparse_mean(A));
  });
}
