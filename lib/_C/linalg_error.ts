/** `torch.linalg.LinAlgError`. */

import { signature } from '../_internal/signature.js';

const LINALG_ERROR = signature<{ message?: string; cause?: unknown }>('LinAlgError', 'message?: str, *, cause?: any');

/**
 * The Error of linear algebra functions, such as for a singular matrix. Mirrors `torch.linalg.LinAlgError`.
 * @example
 * ```ts
 * try {
 *   torch.linalg.inv(torch.zeros(2, 2));
 * } catch (error) {
 *   print(error instanceof torch.linalg.LinAlgError);
 * }
 * ```
 * ```python
 * try:
 *     torch.linalg.inv(torch.zeros(2, 2))
 * except torch.linalg.LinAlgError as error:
 *     print(True)
 * ```
 */
export class LinAlgError extends Error {
  override readonly name = 'LinAlgError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = LINALG_ERROR.read(args);
    super(message, options);
  }
}
