/** The error of assertions. */
import { signature } from '../_internal/signature.js';

const ASSERTION_ERROR = signature<{ message?: string }>('AssertionError', 'message?: str');

/** What a failed assertion throws, as Python's `AssertionError`; test runners know it by its name and code. */
export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AssertionError', configurable: true, writable: true });
  }

  constructor(message?: string | { message?: string }) {
    super(ASSERTION_ERROR.read([message]).message);
  }
}
