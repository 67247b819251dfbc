/** The error of matrices that have no solution. */

import { signature } from '../_internal/signature.js';

const LINALG_ERROR = signature<{ message?: string; cause?: unknown }>('LinAlgError', 'message?: str, *, cause?: any');

/** Raised when a matrix is singular, not positive definite or the like; mirrors `torch.linalg.LinAlgError`. */
export class LinAlgError extends Error {
  override readonly name = 'LinAlgError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = LINALG_ERROR.read(args);
    super(message, options);
  }
}
