/** What training scripts use of Python's `time`. */
import { no_arguments, signature } from '../_internal/signature.js';
import { time_text } from './strftime.js';

/** Seconds since 1970, as a float. Mirrors `time.time`. */
export function time(): number;
export function time(...none: unknown[]): number {
  no_arguments('time', none);
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** Nanoseconds since 1970. Mirrors `time.time_ns`. */
export function time_ns(): bigint;
export function time_ns(...none: unknown[]): bigint {
  no_arguments('time_ns', none);
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}

/**
 * Seconds of a clock that never goes back; only differences have a meaning. Mirrors `time.perf_counter`.
 * @example
 * ```ts
 * import { time } from 'torch-node/python';
 * const start = time.perf_counter();
 * print(time.perf_counter() >= start);
 * ```
 * ```python
 * import time
 * start = time.perf_counter()
 * print(time.perf_counter() >= start)
 * ```
 */
export function perf_counter(): number;
export function perf_counter(...none: unknown[]): number {
  no_arguments('perf_counter', none);
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Nanoseconds of the clock of {@link perf_counter}. Mirrors `time.perf_counter_ns`. */
export function perf_counter_ns(): bigint;
export function perf_counter_ns(...none: unknown[]): bigint {
  no_arguments('perf_counter_ns', none);
  return process.hrtime.bigint();
}

/** Seconds of a clock that never goes back. Mirrors `time.monotonic`. */
export function monotonic(): number;
export function monotonic(...none: unknown[]): number {
  no_arguments('monotonic', none);
  return Number(process.hrtime.bigint()) / 1e9;
}

/** Seconds that the process has used processors for. Mirrors `time.process_time`. */
export function process_time(): number;
export function process_time(...none: unknown[]): number {
  no_arguments('process_time', none);
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const SLEEP = signature<{ seconds: number }>('sleep', 'seconds: float');

/**
 * Stops the thread, event loop and all, as Python does. Mirrors `time.sleep`. To wait while other code runs:
 * `await setTimeout(1000)` of `node:timers/promises`.
 *
 * @param seconds - how long
 * @throws Error when it is negative
 */
export function sleep(seconds: number): void;
export function sleep(...args: unknown[]): void {
  const { seconds } = SLEEP.read(args);
  if (seconds < 0) throw new Error('sleep length must be non-negative');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

const STRFTIME = signature<{ format: string; t?: Date }>('strftime', 'format: str, t?: any');

/**
 * A time as text, in English and in the time zone of the machine. Mirrors `time.strftime`.
 *
 * @param format - `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%a`, `%b`, `%p`, `%j` and the like
 * @param t - a Date; default: now
 * @throws Error for another conversion
 */
export function strftime(format: string, t?: Date | { t?: Date }): string;
export function strftime(...args: unknown[]): string {
  const { format, t = new Date() } = STRFTIME.read(args);
  if (!(t instanceof Date)) throw new TypeError("strftime(): argument 't' must be Date");
  return time_text(format, t);
}
