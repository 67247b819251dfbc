/**
 * The CPU as a device: `torch.cpu`. Work is done when a call returns, so streams, events and waiting have no effect; they are
 * here for programs that do the same on each device.
 */
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { has_function, run_or_guard, type Guard } from '../_internal/guards.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import type { DeviceLike } from '../types/device.js';

export * as amp from './amp/index.js';

// What native/core/context.cpp exports about the processor.
declare module '../_C/native.js' {
  interface Native {
    cpu_capabilities(): Record<string, boolean | number | string> | null;
  }
}

const of_device = (callee: string) => signature<{ device?: DeviceLike | null }>(callee, 'device?: device|None');
const CURRENT_STREAM = of_device('current_stream');
const SYNCHRONIZE = of_device('synchronize');
const SET_DEVICE = signature<{ device: DeviceLike | null }>('set_device', 'device: device|None');
const NEW_STREAM = signature<{ priority?: number }>('Stream', 'priority?: int');
const NEW_EVENT = signature<object>('Event', '');
const STREAM = {
  run: signature<{ stream: Stream | null; fn: () => unknown }>('stream', 'stream: CPUStream|None, fn: Callable'),
  guard: signature<{ stream: Stream | null }>('stream', 'stream: CPUStream|None'),
};
const CALLS = {
  wait_stream: method_signature<{ stream: Stream }>('Stream.wait_stream', 'stream: CPUStream'),
  record_event: method_signature<object>('Stream.record_event'),
  wait_event: method_signature<{ event: Event }>('Stream.wait_event', 'event: CPUEvent'),
  query: method_signature<object>('Event.query'),
  record: method_signature<{ stream?: Stream | null }>('Event.record', 'stream?: CPUStream|None'),
  synchronize: method_signature<object>('Event.synchronize'),
  wait: method_signature<{ stream?: Stream | null }>('Event.wait', 'stream?: CPUStream|None'),
};

/**
 * A stream of the CPU, which has no effect. Mirrors `torch.cpu.Stream`.
 *
 * @param priority - without effect; default -1
 * @example
 * ```ts
 * const stream = new torch.cpu.Stream();
 * print(torch.cpu.stream(stream, () => torch.ones(2)));
 * ```
 * ```python
 * stream = torch.cpu.Stream()
 * with torch.cpu.stream(stream): print(torch.ones(2))
 * ```
 */
export class Stream {
  constructor(priority?: number | { priority?: number });
  constructor(...args: unknown[]) {
    NEW_STREAM.read(args);
  }

  /** Has no effect. */
  wait_stream(stream: Stream): void;
  wait_stream(...args: unknown[]): void {
    CALLS.wait_stream.read(args);
  }

  /** Has no effect. */
  record_event(...args: []): void {
    CALLS.record_event.read(args);
  }

  /** Has no effect. */
  wait_event(event: Event): void;
  wait_event(...args: unknown[]): void {
    CALLS.wait_event.read(args);
  }
}

/**
 * An event of the CPU, which is always done. Mirrors `torch.cpu.Event`.
 * @example
 * ```ts
 * const event = new torch.cpu.Event();
 * event.record();
 * print(event.query());
 * ```
 * ```python
 * event = torch.cpu.Event()
 * event.record()
 * print(event.query())
 * ```
 */
export class Event {
  constructor(...none: []) {
    NEW_EVENT.read(none);
  }

  /** Always true. */
  query(...args: []): boolean {
    CALLS.query.read(args);
    return true;
  }

  /** Has no effect. */
  record(stream?: Stream | null): void;
  record(...args: unknown[]): void {
    CALLS.record.read(args);
  }

  /** Has no effect. */
  synchronize(...args: []): void {
    CALLS.synchronize.read(args);
  }

  /** Has no effect. */
  wait(stream?: Stream | null): void;
  wait(...args: unknown[]): void {
    CALLS.wait.read(args);
  }
}

let current = new Stream();

/**
 * Makes a stream the current one in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.cpu.stream`.
 *
 * @param stream - a stream of the CPU; null changes nothing
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * const stream = new torch.cpu.Stream();
 * print(torch.cpu.stream(stream, () => torch.cpu.current_stream() === stream));
 * ```
 * ```python
 * stream = torch.cpu.Stream()
 * with torch.cpu.stream(stream): print(torch.cpu.current_stream() is stream)
 * ```
 */
export function stream<T>(stream: Stream | null, fn: () => T): T;
export function stream(stream: Stream | null | { stream: Stream | null }): Guard;
export function stream(...args: unknown[]): unknown {
  const by_name = args.length === 1 && has_function(args);
  const given = args.length > 1 || by_name ? STREAM.run.read(args) : { ...STREAM.guard.read(args), fn: undefined };
  const mode: Mode<Stream> = {
    enter: () => {
      const before = current;
      if (given.stream !== null) current = given.stream;
      return before;
    },
    leave: (before) => {
      current = before;
    },
  };
  return run_or_guard('stream', mode, given.fn);
}

/** What {@link stream} returns; Python's class of the name. */
export { stream as StreamContext };

/**
 * The current stream of the CPU. Mirrors `torch.cpu.current_stream`.
 * @param device - without effect
 * @example
 * ```ts
 * print(torch.cpu.current_stream() === torch.cpu.current_stream());
 * ```
 * ```python
 * print(torch.cpu.current_stream() is torch.cpu.current_stream())
 * ```
 */
export function current_stream(device?: DeviceLike | null): Stream;
export function current_stream(...args: unknown[]): Stream {
  CURRENT_STREAM.read(args);
  return current;
}

/**
 * The current device, which is always `'cpu'`. Mirrors `torch.cpu.current_device`.
 * @example
 * ```ts
 * print(torch.cpu.current_device());
 * ```
 * ```python
 * print(torch.cpu.current_device())
 * ```
 */
export function current_device(...none: []): string {
  no_arguments('current_device', none);
  return 'cpu';
}

/**
 * The number of devices, which is always 1. Mirrors `torch.cpu.device_count`.
 * @example
 * ```ts
 * print(torch.cpu.device_count());
 * ```
 * ```python
 * print(torch.cpu.device_count())
 * ```
 */
export function device_count(...none: []): number {
  no_arguments('device_count', none);
  return 1;
}

/**
 * What the processor can do, by name: instruction sets, sizes of caches, cores. Mirrors `torch.cpu.get_capabilities`.
 * @throws Error with a libtorch before 2.13, which does not tell
 * @example
 * ```ts
 * print(torch.cpu.get_capabilities()['architecture']);
 * ```
 * ```python
 * print(torch.cpu.get_capabilities()['architecture'])
 * ```
 */
export function get_capabilities(...none: []): Readonly<Record<string, boolean | number | string>> {
  no_arguments('get_capabilities', none);
  const found = native.cpu_capabilities();
  if (found === null)
    throw new Error('get_capabilities(): this version of libtorch does not tell what the processor can do');
  return Object.freeze(found);
}

/**
 * Whether the CPU can be used, which is always true. Mirrors `torch.cpu.is_available`.
 * @example
 * ```ts
 * print(torch.cpu.is_available());
 * ```
 * ```python
 * print(torch.cpu.is_available())
 * ```
 */
export function is_available(...none: []): boolean {
  no_arguments('is_available', none);
  return true;
}

/**
 * Whether the CPU is initialized, which is always true. Mirrors `torch.cpu.is_initialized`.
 * @example
 * ```ts
 * print(torch.cpu.is_initialized());
 * ```
 * ```python
 * print(torch.cpu.is_initialized())
 * ```
 */
export function is_initialized(...none: []): boolean {
  no_arguments('is_initialized', none);
  return true;
}

/**
 * Has no effect, since there is one device. Mirrors `torch.cpu.set_device`.
 * @param device - any device
 * @example
 * ```ts
 * torch.cpu.set_device('cpu');
 * print(torch.cpu.current_device());
 * ```
 * ```python
 * torch.cpu.set_device('cpu')
 * print(torch.cpu.current_device())
 * ```
 */
export function set_device(device: DeviceLike): void;
export function set_device(...args: unknown[]): void {
  SET_DEVICE.read(args);
}

/**
 * Has no effect, since work is done when a call returns. Mirrors `torch.cpu.synchronize`.
 * @param device - without effect
 * @example
 * ```ts
 * print(torch.cpu.synchronize());
 * ```
 * ```python
 * print(torch.cpu.synchronize())
 * ```
 */
export function synchronize(device?: DeviceLike | null): void;
export function synchronize(...args: unknown[]): void {
  SYNCHRONIZE.read(args);
}

name_class(Stream, 'torch.cpu.Stream');
name_class(Event, 'torch.cpu.Event');
define_kind('CPUStream', 'torch.cpu.Stream', (value) => value instanceof Stream);
define_kind('CPUEvent', 'torch.cpu.Event', (value) => value instanceof Event);
