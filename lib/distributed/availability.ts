/** Whether this libtorch can let processes communicate, and times as its functions take them. */
import { native } from '../_C/native.js';
import { no_arguments } from '../_internal/signature.js';

/**
 * Whether libtorch was built with `torch.distributed`; without, all else in it throws. Mirrors `torch.distributed.is_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_available());
 * ```
 * ```python
 * print(torch.distributed.is_available())
 * ```
 */
export function is_available(): boolean;
export function is_available(...none: unknown[]): boolean {
  no_arguments('is_available', none);
  return native.distributed_available();
}

/** @throws Error where libtorch has no `torch.distributed` */
export function check_available(callee: string): void {
  if (native.distributed_available()) return;
  throw new Error(
    `${callee}(): this libtorch was built without torch.distributed (USE_DISTRIBUTED=0); torch.distributed.is_available() is false`,
  );
}

/** The default timeout of process groups in seconds, half an hour. Mirrors `torch.distributed.default_pg_timeout`. */
export const default_pg_timeout = 1800;

/** Seconds, as functions take them, in the milliseconds of libtorch. @throws RangeError for what is not a time */
export function milliseconds(callee: string, seconds: number): number {
  if (Number.isNaN(seconds) || seconds < 0 || seconds > 9e12) {
    throw new RangeError(
      `${callee}(): argument 'timeout' must be a number of seconds from 0 to 9e12, but is ${seconds}`,
    );
  }
  return Math.round(seconds * 1000);
}
