/** Devices by Metal, on Macs: `torch.mps`. Everything here answers on other builds too, with Python's texts. */
import { checked_seed, Generator } from './_C/generator.js';
import { native } from './_C/native.js';
import { run_or_guard, type Guard } from './_internal/guards.js';
import { name_class } from './_internal/kind_of.js';
import { python_float } from './_internal/representation.js';
import { define_kind, method_signature, no_arguments, signature } from './_internal/signature.js';
import type { Tensor } from './_tensor.js';
import type { DeviceLike } from './types/device.js';

declare const METAL_EVENT: unique symbol;

/** An event behind the addon. */
export interface NativeMetalEvent {
  readonly [METAL_EVENT]: true;
}

// What native/core/device_hooks.cpp exports about Metal.
declare module './_C/native.js' {
  interface Native {
    mps_built(): boolean;
    mps_available(): boolean;
    mps_on_macos(major: number, minor: number): boolean;
    mps_synchronize(): void;
    mps_empty_cache(): void;
    mps_memory(which: 'current' | 'driver' | 'recommended'): number;
    mps_set_memory_fraction(fraction: number): void;
    mps_generator(): NativeGenerator;
    mps_profiler_start(mode: string, wait_until_completed: boolean): void;
    mps_profiler_stop(): void;
    mps_event_new(enable_timing: boolean): NativeMetalEvent;
    mps_event_record(event: NativeMetalEvent): void;
    mps_event_wait(event: NativeMetalEvent): void;
    mps_event_query(event: NativeMetalEvent): boolean;
    mps_event_synchronize(event: NativeMetalEvent): void;
    mps_event_elapsed_time(event: NativeMetalEvent, end: NativeMetalEvent): number;
  }
}

const MANUAL_SEED = signature<{ seed: number | bigint }>('manual_seed', 'seed: int');
const GET_RNG_STATE = signature<{ device?: DeviceLike }>('get_rng_state', 'device?: device');
const SET_RNG_STATE = signature<{ new_state: Tensor; device?: DeviceLike }>(
  'set_rng_state',
  'new_state: Tensor, device?: device',
);
const SET_FRACTION = signature<{ fraction: number }>('set_per_process_memory_fraction', 'fraction: float');
const EVENT = {
  constructor: signature<{ enable_timing?: boolean }>('Event', 'enable_timing?: bool'),
  record: method_signature<object>('Event.record'),
  wait: method_signature<object>('Event.wait'),
  query: method_signature<object>('Event.query'),
  synchronize: method_signature<object>('Event.synchronize'),
  elapsed_time: method_signature<{ end_event: MetalEvent }>('Event.elapsed_time', 'end_event: MetalEvent'),
};
const PROFILE = 'mode?: str, wait_until_completed?: bool';
/** Options of {@link mps.profiler}. */
export interface ProfileOptions {
  mode?: string;
  wait_until_completed?: boolean;
}
const START = signature<ProfileOptions>('start', PROFILE);
const PROFILER = {
  run: signature<ProfileOptions & { fn: () => unknown }>('profile', `fn: Callable, ${PROFILE}`),
  guard: signature<ProfileOptions>('profile', PROFILE),
};

/**
 * A mark in the work of a device, to wait for and to measure time by. Mirrors `torch.mps.Event`.
 *
 * @param enable_timing - whether it measures time; default false
 * @throws Error with Python's text without Metal
 * @example
 * ```ts
 * print(torch.mps.is_available() ? new torch.mps.Event().query() : 'no Metal');
 * ```
 * ```python
 * print(torch.mps.Event().query() if torch.mps.is_available() else 'no Metal')
 * ```
 */
export class MetalEvent {
  /** @internal */
  readonly _event: NativeMetalEvent;

  constructor(enable_timing?: boolean | { enable_timing?: boolean });
  constructor(...args: unknown[]) {
    this._event = native.mps_event_new(EVENT.constructor.read(args).enable_timing ?? false);
  }

  /** Records the event in the default stream. */
  record(...args: []): void {
    EVENT.record.read(args);
    native.mps_event_record(this._event);
  }

  /** Lets later work of the default stream wait for the event. */
  wait(...args: []): void {
    EVENT.wait.read(args);
    native.mps_event_wait(this._event);
  }

  /** Whether the work before the event is done. */
  query(...args: []): boolean {
    EVENT.query.read(args);
    return native.mps_event_query(this._event);
  }

  /** Waits until the work before the event is done. */
  synchronize(...args: []): void {
    EVENT.synchronize.read(args);
    native.mps_event_synchronize(this._event);
  }

  /** The milliseconds from this event to another one. */
  elapsed_time(end_event: MetalEvent): number;
  elapsed_time(...args: unknown[]): number {
    return native.mps_event_elapsed_time(this._event, EVENT.elapsed_time.read(args).end_event._event);
  }
}

name_class(MetalEvent, 'torch.mps.Event');
define_kind('MetalEvent', 'torch.mps.Event', (value) => value instanceof MetalEvent);

const generator = (): Generator => Generator._from_native(native.mps_generator());

function start_tracing({ mode = 'interval', wait_until_completed = false }: ProfileOptions): void {
  native.mps_profiler_start(mode.toLowerCase().replaceAll(' ', ''), wait_until_completed);
}

/**
 * Mirrors `torch.mps`: devices by Metal. Where libtorch has no Metal, there are no devices, and what needs one throws Python's
 * error.
 * @example
 * ```ts
 * const device = torch.mps.is_available() ? 'mps' : 'cpu';
 * print(torch.ones(2, { device }).cpu(), torch.mps.device_count() > 0 === torch.mps.is_available());
 * ```
 * ```python
 * device = 'mps' if torch.mps.is_available() else 'cpu'
 * print(torch.ones(2, device=device).cpu(), (torch.mps.device_count() > 0) == torch.mps.is_available())
 * ```
 */
export const mps = {
  Event: MetalEvent,

  /** Whether a device can be used now. */
  is_available(...none: []): boolean {
    no_arguments('is_available', none);
    return native.mps_available();
  },

  /** The number of devices: 1 or 0. */
  device_count(...none: []): number {
    no_arguments('device_count', none);
    return Number(native.mps_available());
  },

  /** Waits for all work on the device. */
  synchronize(...none: []): void {
    no_arguments('synchronize', none);
    native.mps_synchronize();
  },

  /** Releases memory that is cached and not in use. */
  empty_cache(...none: []): void {
    no_arguments('empty_cache', none);
    native.mps_empty_cache();
  },

  /** The bytes that tensors occupy. */
  current_allocated_memory(...none: []): number {
    no_arguments('current_allocated_memory', none);
    return native.mps_memory('current');
  },

  /** The bytes that Metal has allocated for the process, caches included. */
  driver_allocated_memory(...none: []): number {
    no_arguments('driver_allocated_memory', none);
    return native.mps_memory('driver');
  },

  /** The bytes that the process should not exceed. */
  recommended_max_memory(...none: []): number {
    no_arguments('recommended_max_memory', none);
    return native.mps_memory('recommended');
  },

  /** Limits memory to a fraction, from 0 to 2, of {@link mps.recommended_max_memory}; 0 is no limit. */
  set_per_process_memory_fraction(...args: [fraction: number] | [options: { fraction: number }]): void {
    const { fraction } = SET_FRACTION.read(args);
    if (!(fraction >= 0 && fraction <= 2))
      throw new Error(`Invalid fraction value: ${python_float(fraction)}. Allowed range: 0~2`);
    native.mps_set_memory_fraction(fraction);
  },

  /** Seeds the generator of the device; has no effect where there is none. */
  manual_seed(...args: [seed: number | bigint] | [options: { seed: number | bigint }]): void {
    const seed = checked_seed('manual_seed', MANUAL_SEED.read(args).seed);
    if (native.mps_available()) generator().manual_seed(seed);
  },

  /** Seeds the generator from the entropy of the system. */
  seed(...none: []): void {
    no_arguments('seed', none);
    generator().seed();
  },

  /** The state of the generator as a uint8 tensor. */
  get_rng_state(...args: [device?: DeviceLike] | [options: { device?: DeviceLike }]): Tensor {
    GET_RNG_STATE.read(args);
    return generator().get_state();
  },

  /** Sets the state of the generator. */
  set_rng_state(
    ...args:
      | [new_state: Tensor, device?: DeviceLike]
      | [new_state: Tensor, options: { device?: DeviceLike }]
      | [options: { new_state: Tensor; device?: DeviceLike }]
  ): void {
    const { new_state } = SET_RNG_STATE.read(args);
    generator().set_state(new_state.clone());
  },

  /** Mirrors `torch.mps.profiler`: signposts for Xcode's Instruments. */
  profiler: {
    /** Begins to write signposts; `mode` is `'interval'` (the default), `'event'` or `'interval,event'`. */
    start(
      ...args:
        | [mode?: string, wait_until_completed?: boolean]
        | [mode: string, options: ProfileOptions]
        | [ProfileOptions]
    ): void {
      start_tracing(START.read(args));
    },

    /** Ends what `mps.profiler.start()` began. */
    stop(...none: []): void {
      no_arguments('stop', none);
      native.mps_profiler_stop();
    },

    /** Writes signposts in a function, in a block of `using`, or in a method; see {@link Guard}. */
    profile: ((...args: unknown[]): unknown => {
      const [first] = args;
      const { fn, ...options } =
        typeof first === 'function' ? PROFILER.run.read(args) : { ...PROFILER.guard.read(args), fn: undefined };
      const mode = {
        enter: () => {
          start_tracing(options);
        },
        leave: () => {
          native.mps_profiler_stop();
        },
      };
      return run_or_guard('profile', mode, fn);
    }) as {
      (mode?: string, wait_until_completed?: boolean): Guard;
      (options: ProfileOptions): Guard;
      <T>(fn: () => T, mode?: string, wait_until_completed?: boolean): T;
    },
  },
};
