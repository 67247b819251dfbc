/** Errors of stores and process groups. The addon throws Errors with these names; they are instances of the classes by their name. */
import { types } from 'node:util';

import { signature } from '../_internal/signature.js';

interface ErrorArguments {
  message?: string;
  cause?: unknown;
}

/** Makes a class of errors whose instances are known by their names, those of its subclasses included. */
function is_named(value: unknown, of: { readonly prototype: object }, names: readonly string[]): boolean {
  if (Function.prototype[Symbol.hasInstance].call(of, value)) return true;
  return types.isNativeError(value) && names.includes(value.name);
}

const MESSAGE = signature<ErrorArguments>('DistError', 'message?: str, *, cause?: any');

/**
 * An Error of a store, a process group or the network between processes. Mirrors `torch.distributed.DistError`.
 * @example
 * ```ts
 * const store = new torch.distributed.HashStore();
 * try {
 *   store.wait(['missing'], 0.01);
 * } catch (error) {
 *   print(error instanceof torch.distributed.DistError, (error as Error).message);
 * }
 * ```
 * ```python
 * import datetime
 * store = torch.distributed.HashStore()
 * try:
 *     store.wait(['missing'], datetime.timedelta(seconds=0.01))
 * except RuntimeError as error:
 *     print(isinstance(error, torch.distributed.DistError), 'Store.wait(): ' + str(error))
 * ```
 */
export class DistError extends Error {
  override name = 'DistError';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = MESSAGE.renamed(new.target.name).read(args);
    super(message, options);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const names = ['DistError', 'DistBackendError', 'DistNetworkError', 'DistStoreError', 'QueueEmptyError'];
    return is_named(value, this, this === DistError ? names : []);
  }
}

/**
 * An Error of the backend that runs collectives. Mirrors `torch.distributed.DistBackendError`.
 * @example
 * ```ts
 * print(new torch.distributed.DistBackendError('text') instanceof torch.distributed.DistError);
 * ```
 * ```python
 * print(isinstance(torch.distributed.DistBackendError('text'), torch.distributed.DistError))
 * ```
 */
export class DistBackendError extends DistError {
  override name = 'DistBackendError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_named(value, this, this === DistBackendError ? ['DistBackendError'] : []);
  }
}

/**
 * An Error of the network, such as a store that does not answer. Mirrors `torch.distributed.DistNetworkError`.
 * @example
 * ```ts
 * try {
 *   new torch.distributed.TCPStore('127.0.0.1', 1, { timeout: 0.1 });
 * } catch (error) {
 *   print(error instanceof torch.distributed.DistNetworkError);
 * }
 * ```
 * ```python
 * import datetime
 * try:
 *     torch.distributed.TCPStore('127.0.0.1', 1, timeout=datetime.timedelta(seconds=0.1))
 * except RuntimeError as error:
 *     print(isinstance(error, torch.distributed.DistNetworkError))
 * ```
 */
export class DistNetworkError extends DistError {
  override name = 'DistNetworkError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_named(value, this, this === DistNetworkError ? ['DistNetworkError'] : []);
  }
}

/**
 * An Error of a store, such as a key that did not come within the timeout. Mirrors `torch.distributed.DistStoreError`.
 * @example
 * ```ts
 * const store = new torch.distributed.HashStore();
 * store.set_timeout(0.01);
 * try {
 *   store.get('missing');
 * } catch (error) {
 *   print(error instanceof torch.distributed.DistStoreError);
 * }
 * ```
 * ```python
 * import datetime
 * store = torch.distributed.HashStore()
 * store.set_timeout(datetime.timedelta(seconds=0.01))
 * try:
 *     store.get('missing')
 * except RuntimeError as error:
 *     print(isinstance(error, torch.distributed.DistStoreError))
 * ```
 */
export class DistStoreError extends DistError {
  override name = 'DistStoreError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_named(value, this, this === DistStoreError ? ['DistStoreError', 'QueueEmptyError'] : []);
  }
}

/**
 * The Error of `queue_pop` without waiting, on a queue that has nothing. Mirrors `torch.distributed.QueueEmptyError`.
 * @example
 * ```ts
 * const store = new torch.distributed.HashStore();
 * try {
 *   store.queue_pop('queue', false);
 * } catch (error) {
 *   print(error instanceof torch.distributed.QueueEmptyError);
 * }
 * ```
 * ```python
 * store = torch.distributed.HashStore()
 * try:
 *     store.queue_pop('queue', False)
 * except RuntimeError as error:
 *     print(isinstance(error, torch.distributed.QueueEmptyError))
 * ```
 */
export class QueueEmptyError extends DistStoreError {
  override name = 'QueueEmptyError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return is_named(value, this, this === QueueEmptyError ? ['QueueEmptyError'] : []);
  }
}
