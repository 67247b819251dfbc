/** Operators as ranges that other profilers show: `torch.autograd.profiler.emit_nvtx` and `emit_itt`. */
import { profiling } from '../_C/ranges.js';
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import { initialize_device } from '../types/device.js';
import { with_function_by_name } from './profile.js';

/** The options of {@link emit_nvtx} and {@link emit_itt}. */
export interface EmitOptions {
  /** Default true; without it nothing happens. */
  enabled?: boolean;
  /** The sizes of the arguments in the names of the ranges. Default false. */
  record_shapes?: boolean;
}

interface Emitter {
  readonly callee: 'emit_nvtx' | 'emit_itt';
  /** What reentrance is said of. */
  readonly title: string;
  readonly kind: { readonly nvtx?: true; readonly itt?: true };
  /** Waits for what runs on the device. */
  synchronize(): void;
}

const nothing_else = {
  profile_memory: false,
  with_stack: false,
  with_flops: false,
  with_modules: false,
  verbose: false,
  capture_overload_names: false,
  gpu_fallback: false,
  trace_id: '',
} as const;

function emitting(emitter: Emitter, { enabled = true, record_shapes = false }: EmitOptions): Mode<boolean> {
  let entered = false;
  return {
    enter() {
      if (!enabled) return false;
      if (entered) throw new Error(`${emitter.title} annotation context manager is not reentrant`);
      entered = true;
      emitter.synchronize();
      native.profiler_enable({ ...nothing_else, ...emitter.kind, record_shapes }, []);
      profiling.on = true;
      return true;
    },
    leave(began) {
      if (!began) return;
      emitter.synchronize();
      native.profiler_disable();
      profiling.on = false;
    },
  };
}

type Given = EmitOptions & { fn?: () => unknown };
const OPTIONS = 'enabled?: bool, record_shapes?: bool, fn?: Callable';
const EMIT_NVTX = signature<Given>('emit_nvtx', OPTIONS);
const EMIT_ITT = signature<Given>('emit_itt', OPTIONS);

const nvtx: Emitter = {
  callee: 'emit_nvtx',
  title: 'NVTX',
  kind: { nvtx: true },
  synchronize() {
    initialize_device('cuda');
    native.device_synchronize('cuda');
  },
};

const itt: Emitter = {
  callee: 'emit_itt',
  title: 'ITT',
  kind: { itt: true },
  synchronize() {
    // It marks what runs on the CPU.
  },
};

function emit(emitter: Emitter, { fn, ...options }: Given): unknown {
  return run_or_guard(emitter.callee, emitting(emitter, options), fn);
}

/**
 * Makes each operator a range that NVIDIA's profilers show, in a block of `using`, a function or a method; see {@link Guard}. Mirrors
 * `torch.autograd.profiler.emit_nvtx`. One guard is for one use.
 *
 * @param enabled - default true; without it nothing happens
 * @param record_shapes - the sizes of the arguments in the names of the ranges; default false
 * @param fn - a synchronous function to run
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error where CUDA is not there, and for a guard that is used again
 * @example
 * ```ts
 * const { emit_nvtx } = torch.autograd.profiler;
 * print(emit_nvtx({ enabled: torch.cuda.is_available() }, () => torch.ones(2).add(1)));
 * ```
 * ```python
 * with torch.autograd.profiler.emit_nvtx(enabled=torch.cuda.is_available()):
 *     print(torch.ones(2).add(1))
 * ```
 */
export function emit_nvtx(enabled?: boolean, record_shapes?: boolean): Guard;
export function emit_nvtx(options: EmitOptions): Guard;
export function emit_nvtx<T>(fn: () => T): T;
export function emit_nvtx<T>(options: EmitOptions, fn: () => T): T;
export function emit_nvtx<T>(enabled: boolean, options: Omit<EmitOptions, 'enabled'>, fn: () => T): T;
export function emit_nvtx(...args: unknown[]): unknown {
  return emit(nvtx, EMIT_NVTX.read(with_function_by_name(args)));
}

/**
 * Makes each operator a range that Intel's profilers show, such as VTune; as {@link emit_nvtx}. Mirrors `torch.autograd.profiler.emit_itt`.
 *
 * @param enabled - default true; without it nothing happens
 * @param record_shapes - the sizes of the arguments in the names of the ranges; default false
 * @param fn - a synchronous function to run
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error for a guard that is used again, and where libtorch was built without ITT
 * @example
 * ```ts
 * const { emit_itt } = torch.autograd.profiler;
 * print(emit_itt({ enabled: false }, () => torch.ones(2).add(1)));
 * ```
 * ```python
 * with torch.autograd.profiler.emit_itt(enabled=False):
 *     print(torch.ones(2).add(1))
 * ```
 */
export function emit_itt(enabled?: boolean, record_shapes?: boolean): Guard;
export function emit_itt(options: EmitOptions): Guard;
export function emit_itt<T>(fn: () => T): T;
export function emit_itt<T>(options: EmitOptions, fn: () => T): T;
export function emit_itt<T>(enabled: boolean, options: Omit<EmitOptions, 'enabled'>, fn: () => T): T;
export function emit_itt(...args: unknown[]): unknown {
  return emit(itt, EMIT_ITT.read(with_function_by_name(args)));
}
