/** Errors of devices: `torch.OutOfMemoryError` and `torch.AcceleratorError`. */

import { signature } from '../_internal/signature.js';

const OUT_OF_MEMORY = signature<{ message?: string; cause?: unknown }>(
  'OutOfMemoryError',
  'message?: str, *, cause?: any',
);

const ACCELERATOR = signature<{ message?: string; cause?: unknown; error_code?: number }>(
  'AcceleratorError',
  'message?: str, *, cause?: any, error_code?: int',
);

/**
 * The Error where a device has no memory left for a tensor. Mirrors `torch.OutOfMemoryError`.
 * @example
 * ```ts
 * try {
 *   if (torch.cuda.is_available()) torch.empty(2 ** 50, { device: 'cuda' });
 * } catch (error) {
 *   if (!(error instanceof torch.OutOfMemoryError)) throw error;
 * }
 * print(torch.OutOfMemoryError === torch.cuda.OutOfMemoryError);
 * ```
 * ```python
 * try:
 *     if torch.cuda.is_available(): torch.empty(2 ** 50, device='cuda')
 * except torch.OutOfMemoryError as error:
 *     pass
 * print(torch.OutOfMemoryError is torch.cuda.OutOfMemoryError)
 * ```
 */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = OUT_OF_MEMORY.read(args);
    super(message, options);
  }
}

/**
 * The Error of a call into the library of a device, such as CUDA's. Mirrors `torch.AcceleratorError`.
 * @example
 * ```ts
 * print(torch.AcceleratorError === torch.cuda.AcceleratorError);
 * ```
 * ```python
 * print(torch.AcceleratorError is torch.cuda.AcceleratorError)
 * ```
 */
export class AcceleratorError extends Error {
  override readonly name = 'AcceleratorError';
  /** What the call returned. */
  readonly error_code: number;

  constructor(message?: string, options?: ErrorOptions & { error_code?: number });
  constructor(...args: unknown[]) {
    const { message, error_code = 0, ...options } = ACCELERATOR.read(args);
    super(message, options);
    this.error_code = error_code;
  }
}
