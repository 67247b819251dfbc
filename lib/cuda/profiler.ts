/** What NVIDIA's profilers record: `torch.cuda.profiler`. */
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { check_error, open_runtime } from './runtime.js';

const PROFILE = signature<{ fn?: () => unknown }>('profile', 'fn?: Callable');

function begin(callee: string): void {
  check_error(open_runtime(callee).cudaProfilerStart());
}

function end(callee: string): void {
  check_error(open_runtime(callee).cudaProfilerStop());
}

/**
 * Lets the profiler record from now on. Mirrors `torch.cuda.profiler.start`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.profiler.start();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.profiler.start()
 * print(torch.cuda.is_available())
 * ```
 */
export function start(...none: []): void {
  no_arguments('start', none);
  begin('start');
}

/**
 * Lets the profiler record no longer. Mirrors `torch.cuda.profiler.stop`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.profiler.stop();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.profiler.stop()
 * print(torch.cuda.is_available())
 * ```
 */
export function stop(...none: []): void {
  no_arguments('stop', none);
  end('stop');
}

/**
 * Lets the profiler record a function, a block of `using`, or a method; see {@link Guard}. Mirrors `torch.cuda.profiler.profile`.
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.profiler.profile(() => 1) : 1);
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     with torch.cuda.profiler.profile(): print(1)
 * else:
 *     print(1)
 * ```
 */
export function profile<T>(fn: () => T): T;
export function profile(): Guard;
export function profile(...args: unknown[]): unknown {
  const mode: Mode<void> = {
    enter: () => {
      begin('profile');
    },
    leave: () => {
      end('profile');
    },
  };
  return run_or_guard('profile', mode, PROFILE.read(args).fn);
}
