/** Marks and ranges for NVIDIA's profilers: `torch.cuda.nvtx`. */
import { cuda_native, type CudaNative } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';

const of_message = (callee: string) => signature<{ msg: string }>(callee, 'msg: str');
const CALLS = {
  range_push: of_message('range_push'),
  range_start: of_message('range_start'),
  mark: of_message('mark'),
  range_end: signature<{ range_id: number | bigint }>('range_end', 'range_id: int'),
  range: signature<{ msg: string; fn?: () => unknown }>('range', 'msg: str, fn?: Callable'),
};

/** What marks things. @throws Error with Python's text where libtorch does not have CUDA */
function marks(callee: string): CudaNative {
  if (native.device_built('cuda')) return cuda_native(callee);
  throw new Error('NVTX functions not installed. Are you sure you have a CUDA build?');
}

/**
 * Begins a range within those that are open. Mirrors `torch.cuda.nvtx.range_push`.
 * @param msg - the name that the profiler shows
 * @returns how many ranges were open before
 * @throws Error where libtorch does not have CUDA
 * @example
 * ```ts
 * const { nvtx } = torch.cuda;
 * print(torch.cuda.is_available() ? [nvtx.range_push('step'), nvtx.range_pop()].length : 2);
 * ```
 * ```python
 * nvtx = torch.cuda.nvtx
 * print(len([nvtx.range_push('step'), nvtx.range_pop()]) if torch.cuda.is_available() else 2)
 * ```
 */
export function range_push(msg: string): number;
export function range_push(...args: unknown[]): number {
  const { msg } = CALLS.range_push.read(args);
  return marks('range_push').nvtx_push(msg);
}

/**
 * Ends the innermost range. Mirrors `torch.cuda.nvtx.range_pop`.
 * @returns how many ranges are still open
 * @throws Error where libtorch does not have CUDA
 * @example
 * ```ts
 * const { nvtx } = torch.cuda;
 * print(torch.cuda.is_available() ? [nvtx.range_push('step'), nvtx.range_pop()].length : 2);
 * ```
 * ```python
 * nvtx = torch.cuda.nvtx
 * print(len([nvtx.range_push('step'), nvtx.range_pop()]) if torch.cuda.is_available() else 2)
 * ```
 */
export function range_pop(...none: []): number {
  no_arguments('range_pop', none);
  return marks('range_pop').nvtx_pop();
}

/**
 * Begins a range that ends anywhere, by {@link range_end}. Mirrors `torch.cuda.nvtx.range_start`.
 * @param msg - the name that the profiler shows
 * @returns the number of the range
 * @throws Error where libtorch does not have CUDA
 * @example
 * ```ts
 * const { nvtx } = torch.cuda;
 * if (torch.cuda.is_available()) nvtx.range_end(nvtx.range_start('load'));
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * nvtx = torch.cuda.nvtx
 * if torch.cuda.is_available(): nvtx.range_end(nvtx.range_start('load'))
 * print(torch.cuda.is_available())
 * ```
 */
export function range_start(msg: string): bigint;
export function range_start(...args: unknown[]): bigint {
  const { msg } = CALLS.range_start.read(args);
  return marks('range_start').nvtx_start(msg);
}

/**
 * Ends a range that {@link range_start} began. Mirrors `torch.cuda.nvtx.range_end`.
 * @param range_id - the number of the range
 * @throws Error where libtorch does not have CUDA
 * @example
 * ```ts
 * const { nvtx } = torch.cuda;
 * if (torch.cuda.is_available()) nvtx.range_end(nvtx.range_start('load'));
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * nvtx = torch.cuda.nvtx
 * if torch.cuda.is_available(): nvtx.range_end(nvtx.range_start('load'))
 * print(torch.cuda.is_available())
 * ```
 */
export function range_end(range_id: number | bigint): void;
export function range_end(...args: unknown[]): void {
  const { range_id } = CALLS.range_end.read(args);
  marks('range_end').nvtx_end(BigInt(range_id));
}

/**
 * Marks a moment. Mirrors `torch.cuda.nvtx.mark`.
 * @param msg - the name that the profiler shows
 * @throws Error where libtorch does not have CUDA
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.nvtx.mark('epoch');
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.nvtx.mark('epoch')
 * print(torch.cuda.is_available())
 * ```
 */
export function mark(msg: string): void;
export function mark(...args: unknown[]): void {
  const { msg } = CALLS.mark.read(args);
  marks('mark').nvtx_mark(msg);
}

/**
 * A range around a function, a block of `using`, or a method; see {@link Guard}. Mirrors `torch.cuda.nvtx.range`.
 * @param msg - the name that the profiler shows; a template fills in what Python's arguments would
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and libtorch does not have CUDA
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.nvtx.range('step', () => 1) : 1);
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     with torch.cuda.nvtx.range('step'): print(1)
 * else:
 *     print(1)
 * ```
 */
export function range<T>(msg: string, fn: () => T): T;
export function range(msg: string | { msg: string }): Guard;
export function range(...args: unknown[]): unknown {
  const { msg, fn } = CALLS.range.read(args);
  const mode: Mode<void> = {
    enter: () => {
      marks('range').nvtx_push(msg);
    },
    leave: () => {
      marks('range').nvtx_pop();
    },
  };
  return run_or_guard('range', mode, fn);
}
