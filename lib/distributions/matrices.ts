/** Linear algebra of multivariate normal distributions. */
import { eye } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import type { Tensor } from '../_tensor.js';

/** Refuses what has fewer than two dimensions. @throws Error with Python's text */
export function check_matrix(matrix: Tensor, name: string): void {
  if (matrix.dim() < 2)
    throw new Error(`${name} must be at least two-dimensional, with optional leading batch dimensions`);
}

/** The lower Cholesky factor of the inverse of matrices, without the inverse. */
export function precision_to_scale_tril(precision: Tensor): Tensor {
  const flipped = linalg.cholesky(precision.flip([-2, -1]));
  const inverse_factor = flipped.flip([-2, -1]).transpose(-2, -1);
  const identity = eye(precision.size(-1), { dtype: precision.dtype, device: precision.device });
  return linalg.solve_triangular(inverse_factor, identity, { upper: false });
}

/**
 * The squared Mahalanobis distance `x^T (L L^T)^-1 x`. The batch of `x` may be an expansion of that of the factor, which is solved
 * once for all.
 */
export function batch_mahalanobis(factor: Tensor, x: Tensor): Tensor {
  const n = x.size(-1);
  const batch = x.shape.slice(0, -1);
  const of_factor = factor.dim() - 2;
  const outer = batch.length - of_factor;
  // Each dimension of the batch is split into how often the factor is repeated, and the factor's own.
  const split = batch.slice(0, outer);
  factor.shape.slice(0, -2).forEach((size, i) => {
    split.push(Math.floor(batch[outer + i]! / size), size);
  });
  const count = outer + 2 * of_factor;
  const range = (from: number, to: number, step = 1): number[] => {
    const list: number[] = [];
    for (let i = from; i < to; i += step) list.push(i);
    return list;
  };
  const permuted = x
    .reshape([...split, n])
    .permute([...range(0, outer), ...range(outer, count, 2), ...range(outer + 1, count, 2), count]);
  const flat_factor = factor.reshape(-1, n, n);
  const flat_x = permuted.reshape(-1, flat_factor.size(0), n).permute([1, 2, 0]);
  const squares = linalg.solve_triangular(flat_factor, flat_x, { upper: false }).pow(2).sum(-2);
  const back = range(0, outer);
  for (let i = 0; i < of_factor; i++) back.push(outer + i, outer + of_factor + i);
  return squares.t().reshape(permuted.shape.slice(0, -1)).permute(back).reshape(batch);
}

/** The Cholesky factor of the capacitance matrix `I + W^T D^-1 W`. */
export function batch_capacitance_tril(factor: Tensor, diag: Tensor): Tensor {
  const m = factor.size(-1);
  const capacitance = factor.mT.div(diag.unsqueeze(-2)).matmul(factor).contiguous();
  capacitance
    .view([-1, m * m])
    .index(':', `::${m + 1}`)
    .add_(1);
  return linalg.cholesky(capacitance);
}

/** The logarithm of the determinant of `W W^T + D`, by the matrix determinant lemma. */
export function batch_lowrank_logdet(diag: Tensor, capacitance_tril: Tensor): Tensor {
  const of_capacitance = capacitance_tril.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1).mul(2);
  return of_capacitance.add(diag.log().sum(-1));
}

/** The squared Mahalanobis distance for the covariance `W W^T + D`, by the Woodbury identity. */
export function batch_lowrank_mahalanobis(factor: Tensor, diag: Tensor, x: Tensor, capacitance_tril: Tensor): Tensor {
  const scaled = factor.mT.div(diag.unsqueeze(-2)).matmul(x.unsqueeze(-1)).squeeze(-1);
  const of_diag = x.pow(2).div(diag).sum(-1);
  return of_diag.sub(batch_mahalanobis(capacitance_tril, scaled));
}
