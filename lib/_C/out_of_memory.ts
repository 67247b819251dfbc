/** `torch.OutOfMemoryError`. */
import { types } from 'node:util';

import { signature } from '../_internal/signature.js';

const OUT_OF_MEMORY_ERROR = signature<{ message?: string; cause?: unknown }>(
  'OutOfMemoryError',
  'message?: str, *, cause?: any',
);

/**
 * The Error of a device whose memory is full: what is garbage has been freed by then, and the operator tried once more. Mirrors
 * `torch.OutOfMemoryError`.
 *
 * The memory of the CPU ends with an ordinary Error, as in Python.
 * @example
 * ```ts
 * try {
 *   throw new torch.OutOfMemoryError('CUDA out of memory.');
 * } catch (error) {
 *   print(error instanceof torch.OutOfMemoryError, (error as Error).message);
 * }
 * ```
 * ```python
 * try:
 *     raise torch.OutOfMemoryError('CUDA out of memory.')
 * except torch.OutOfMemoryError as error:
 *     print(True, error)
 * ```
 */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = OUT_OF_MEMORY_ERROR.read(args);
    super(message, options);
  }

  /** The addon throws an Error with this name, wherever a device is out of memory. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== OutOfMemoryError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return types.isNativeError(value) && value.name === 'OutOfMemoryError';
  }
}
