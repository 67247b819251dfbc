/** Named ranges of a profile, for what the package itself names: steps of optimizers, and the like. */
import { native } from './native.js';

// What native/profiler/profiler.cpp exports.
declare module './native.js' {
  interface Native {
    profiler_prepare(config: ProfilerConfig, activities: readonly string[]): void;
    profiler_enable(config: ProfilerConfig, activities: readonly string[]): void;
    profiler_disable(): NativeProfile;
    profiler_toggle(enable: boolean, activities: readonly string[]): void;
    profiler_add_metadata(key: string, json: string): void;
    profiler_save(profile: NativeProfile, path: string): void;
    profiler_events(profile: NativeProfile): RawEvent[];
    range_enter(name: string, args: string | null): NativeRange;
    range_exit(range: NativeRange): void;
  }
}

/** What the profiler records. */
export interface ProfilerConfig {
  readonly record_shapes: boolean;
  readonly profile_memory: boolean;
  readonly with_stack: boolean;
  readonly with_flops: boolean;
  readonly with_modules: boolean;
  readonly verbose: boolean;
  readonly capture_overload_names: boolean;
  /** Times kernels by events of the device, where the library that traces them is missing. */
  readonly gpu_fallback: boolean;
  /** Marks ranges for NVIDIA's profilers instead of recording. */
  readonly nvtx?: boolean;
  /** Marks ranges for Intel's instead. */
  readonly itt?: boolean;
  readonly trace_id: string;
}

/** Opaque native result of the profiler. */
export type NativeProfile = object;
/** Opaque native range that has been entered. */
export type NativeRange = object;

/** An event as native/profiler/profiler.cpp gives it. Times are nanoseconds since the trace began. */
export type RawEvent = readonly [
  name: string,
  overload_name: string,
  start_thread: number,
  end_thread: number,
  fwd_thread: number,
  start_ns: number,
  end_ns: number,
  correlation_id: number,
  linked_correlation_id: number,
  sequence_nr: number,
  scope: number,
  device_type: number,
  device_index: number,
  device_resource_id: number,
  bytes: number,
  flops: number,
  activity_type: number,
  is_async: boolean,
  is_python_function: boolean,
  shapes: number[][],
  concrete_inputs: unknown[],
  kwinputs: Record<string, unknown>,
  dtypes: string[],
  stack: string[],
  structured_shapes: unknown[],
  structured_strides: unknown[],
  cuda_elapsed_us: number,
];

/** Whether a profiler of this thread is on. */
export const profiling = { on: false };

/** Runs a function in a range of the profile, when there is one. */
export function in_range<T>(name: string, run: () => T): T {
  if (!profiling.on) return run();
  const range = native.range_enter(name, null);
  try {
    return run();
  } finally {
    native.range_exit(range);
  }
}
