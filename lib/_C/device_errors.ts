/**
 * Errors of devices: `torch.OutOfMemoryError` and `torch.AcceleratorError`. The addon throws Errors with these names, wherever
 * a device fails; they are instances of the classes by their name.
 */
import { types } from 'node:util';

import { signature } from '../_internal/signature.js';

const OUT_OF_MEMORY = signature<{ message?: string; cause?: unknown }>(
  'OutOfMemoryError',
  'message?: str, *, cause?: any',
);

const ACCELERATOR = signature<{ message?: string; cause?: unknown; error_code?: number }>(
  'AcceleratorError',
  'message?: str, *, cause?: any, error_code?: int',
);

/** Whether a value is an instance of `of`, which may be a subclass of the class that the addon's Errors belong to by name. */
function is_instance(value: unknown, of: { readonly prototype: object }, name: string | undefined): boolean {
  if (name === undefined) return Function.prototype[Symbol.hasInstance].call(of, value);
  return types.isNativeError(value) && value.name === name;
}

/**
 * The Error of a device whose memory is full: what is garbage has been freed by then, and the operator tried once more. Mirrors
 * `torch.OutOfMemoryError`. The memory of the CPU ends with an ordinary Error, as in Python.
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

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_instance(value, this, this === OutOfMemoryError ? 'OutOfMemoryError' : undefined);
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

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_instance(value, this, this === AcceleratorError ? 'AcceleratorError' : undefined);
  }
}

const FATAL = signature<{ message?: string; cause?: unknown }>('FatalError', 'message?: str, *, cause?: any');

/**
 * The Error of devices that cannot go on. Mirrors `torch.FatalError`; nothing of the CPU throws it.
 * @example
 * ```ts
 * print(new torch.FatalError('lost') instanceof Error);
 * ```
 * ```python
 * print(isinstance(torch.FatalError('lost'), Exception))
 * ```
 */
export class FatalError extends Error {
  override readonly name = 'FatalError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = FATAL.read(args);
    super(message, options);
  }
}
