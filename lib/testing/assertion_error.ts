/** The error of assertions. */
import { signature } from '../_internal/signature.js';

const ASSERTION_ERROR = signature<{ message?: string }>('AssertionError', 'message?: str');

/**
 * The Error of a failed assertion, as Python's `AssertionError`; test runners recognize it by its name and code.
 *
 * @param message - the text
 * @example
 * ```ts
 * import { AssertionError } from 'torch-node/testing';
 * try {
 *   torch.testing.assert_close(torch.ones(2), torch.zeros(2));
 * } catch (error) {
 *   print(error instanceof AssertionError);
 * }
 * ```
 * ```python
 * try:
 *     torch.testing.assert_close(torch.ones(2), torch.zeros(2))
 * except AssertionError as error:
 *     print(True)
 * ```
 */
export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AssertionError', configurable: true, writable: true });
  }

  constructor(message?: string | { message?: string }) {
    super(ASSERTION_ERROR.read([message]).message);
  }
}
