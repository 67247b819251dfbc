/** The error of matrices that have no solution. */

/** Raised when a matrix is singular, not positive definite or the like; mirrors `torch.linalg.LinAlgError`. */
export class LinAlgError extends Error {
  override readonly name = 'LinAlgError';
}
