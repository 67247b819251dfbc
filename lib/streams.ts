/** Streams and events of any type of device: `torch.Stream` and `torch.Event`. */
import { hint_at_builds } from './_C/error_text.js';
import { native } from './_C/native.js';
import type { Mode } from './_internal/callbacks.js';
import { begin_scope } from './_internal/guards.js';
import { name_class } from './_internal/kind_of.js';
import { NotImplementedError } from './_internal/not_implemented.js';
import { define_kind, method_signature, signature } from './_internal/signature.js';
import { type Device, device_named, device_text, type DeviceLike } from './types/device.js';

declare const EVENT: unique symbol;

/** An event behind the addon. */
export interface NativeEvent {
  readonly [EVENT]: true;
}

/** A stream as the addon takes it. */
export type StreamNumbers = [device_type: number, device_index: number, stream_id: number | bigint];

// What native/core/streams.cpp exports about streams and events.
declare module './_C/native.js' {
  interface Native {
    stream_new(device: string | null, priority: number): StreamNumbers;
    stream_device(device_type: number, device_index: number): string;
    stream_query(...stream: StreamNumbers): boolean;
    stream_synchronize(...stream: StreamNumbers): void;
    stream_is_capturing(...stream: StreamNumbers): boolean;
    stream_native_handle(...stream: StreamNumbers): number | bigint;
    stream_wait_stream(...streams: [...StreamNumbers, ...StreamNumbers]): void;
    stream_enter(...stream: StreamNumbers): [stream: StreamNumbers, device_index: number] | null;
    event_new(device: string | null, enable_timing: boolean): NativeEvent;
    event_record(event: NativeEvent, ...stream: StreamNumbers | []): void;
    event_wait(event: NativeEvent, ...stream: StreamNumbers | []): void;
    event_query(event: NativeEvent): boolean;
    event_synchronize(event: NativeEvent): void;
    event_elapsed_time(event: NativeEvent, end: NativeEvent): number;
    event_facts(event: NativeEvent): [device: string, device_index: number, flag: number, id: number | bigint];
    accelerator_set_stream(...stream: StreamNumbers): void;
    accelerator_restore(index: number): void;
  }
}

// Structured clones would not have what is behind it.
const CLONE = Symbol('a torch.Stream or torch.Event: make it in the thread that uses it');

/** Runs what throws for a device that the build does not have; the error says how to get one that has it. */
function hinting<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw hint_at_builds(error);
  }
}

/** Options of {@link Stream}. */
export interface StreamOptions {
  /** Streams with a lower number come first, where the device has priorities. Default 0. */
  priority?: number | bigint;
}

/** A stream that exists, by its numbers. */
export interface StreamIdentity extends StreamOptions {
  stream_id: number | bigint;
  device_index: number;
  device_type: number;
}

const STREAM = {
  by_device: signature<{ device?: DeviceLike | null } & StreamOptions>(
    'Stream',
    'device?: device|None, *, priority?: int',
  ),
  by_numbers: signature<StreamIdentity>(
    'Stream',
    'stream_id: int, device_index: int, device_type: int, *, priority?: int',
  ),
  query: method_signature<object>('Stream.query'),
  synchronize: method_signature<object>('Stream.synchronize'),
  is_capturing: method_signature<object>('Stream.is_capturing'),
  wait_event: method_signature<{ event: Event }>('Stream.wait_event', 'event: Event'),
  wait_stream: method_signature<{ stream: Stream }>('Stream.wait_stream', 'stream: Stream'),
  record_event: method_signature<{ event?: Event | null }>('Stream.record_event', 'event?: Event|None'),
  equals: method_signature<{ other: unknown }>('Stream.equals', 'other: any'),
};

function names_numbers(args: readonly unknown[]): boolean {
  const [first] = args;
  const by_name = typeof first === 'object' && first !== null && 'stream_id' in first;
  return args.length >= 3 || by_name;
}

/**
 * A queue of work on a device: what is in one stream runs in order, and beside the work of other streams. Mirrors
 * `torch.Stream`. On the CPU, where work is done when the call returns, streams and events have no effect.
 *
 * `using _ = stream;` makes it the current stream of its device, and the device the current one, until the end of the block.
 *
 * @param device - the device of a new stream; default the accelerator, or the CPU where there is none
 * @param options - `priority`; with `stream_id`, `device_index` and `device_type` instead of a device, a stream that exists
 * @throws Error when libtorch does not have the device
 * @example
 * ```ts
 * const stream = new torch.Stream('cpu');
 * print(stream, stream.device, stream.query());
 * ```
 * ```python
 * stream = torch.Stream('cpu')
 * print(stream, stream.device, stream.query())
 * ```
 */
export class Stream {
  /** Which stream of the device it is. */
  readonly stream_id: number | bigint;
  /** The index of the device; -1 where it has none. */
  readonly device_index: number;
  /** The number of the type of device; 0 is the CPU, 1 is CUDA. */
  readonly device_type: number;
  /** @internal */
  readonly _clone = CLONE;

  constructor(device?: DeviceLike | null, options?: StreamOptions);
  constructor(options: ({ device?: DeviceLike | null } & StreamOptions) | StreamIdentity);
  constructor(stream_id: number | bigint, device_index: number, device_type: number, options?: StreamOptions);
  constructor(...args: unknown[]) {
    if (names_numbers(args)) {
      const { stream_id, device_index, device_type } = STREAM.by_numbers.read(args);
      native.stream_device(device_type, device_index); // throws for numbers that no device has
      [this.stream_id, this.device_index, this.device_type] = [stream_id, device_index, device_type];
      return;
    }
    const { device = null, priority = 0 } = STREAM.by_device.read(args);
    const text = device === null ? null : device_text(device);
    [this.device_type, this.device_index, this.stream_id] = hinting(() => native.stream_new(text, Number(priority)));
  }

  /** @internal */
  static _from_numbers([device_type, device_index, stream_id]: StreamNumbers): Stream {
    return new Stream({ stream_id, device_index, device_type });
  }

  /** @internal */
  get _numbers(): StreamNumbers {
    return [this.device_type, this.device_index, this.stream_id];
  }

  /** The device of the stream. */
  get device(): Device {
    return device_named(native.stream_device(this.device_type, this.device_index));
  }

  /** The handle of the stream in the library of the device. @throws Error where the device has none, as the CPU */
  get native_handle(): number | bigint {
    return native.stream_native_handle(...this._numbers);
  }

  /** Whether all work in the stream is done. */
  query(...args: []): boolean {
    STREAM.query.read(args);
    return native.stream_query(...this._numbers);
  }

  /** Waits until all work in the stream is done. */
  synchronize(...args: []): void {
    STREAM.synchronize.read(args);
    native.stream_synchronize(...this._numbers);
  }

  /** Whether work in the stream is being captured into a graph. */
  is_capturing(...args: []): boolean {
    STREAM.is_capturing.read(args);
    return native.stream_is_capturing(...this._numbers);
  }

  /** Lets later work in the stream wait for an event. */
  wait_event(event: Event): void;
  wait_event(options: { event: Event }): void;
  wait_event(...args: unknown[]): void {
    STREAM.wait_event.read(args).event.wait(this);
  }

  /**
   * Lets later work in the stream wait for all that another stream has been given so far.
   * @throws Error where the device has no events, as the CPU
   */
  wait_stream(stream: Stream): void;
  wait_stream(options: { stream: Stream }): void;
  wait_stream(...args: unknown[]): void {
    native.stream_wait_stream(...this._numbers, ...STREAM.wait_stream.read(args).stream._numbers);
  }

  /**
   * Records an event in the stream.
   * @param event - default null, a new one
   * @throws Error where the device has no events, as the CPU
   */
  record_event(event?: Event | null): Event;
  record_event(options: { event?: Event | null }): Event;
  record_event(...args: unknown[]): Event {
    const event = STREAM.record_event.read(args).event ?? new Event(this.device.type);
    event.record(this);
    return event;
  }

  /** Whether both are the same stream; Python's `==`. */
  equals(other: unknown): boolean;
  equals(...args: unknown[]): boolean {
    const { other } = STREAM.equals.read(args);
    return (
      other instanceof Stream &&
      other.stream_id === this.stream_id &&
      other.device_index === this.device_index &&
      other.device_type === this.device_type
    );
  }

  /** The stream as the current one. @internal */
  _mode(): Mode<[stream: StreamNumbers, device_index: number] | null> {
    return {
      enter: () => native.stream_enter(...this._numbers),
      leave: (before) => {
        if (before === null) return;
        native.accelerator_set_stream(...before[0]);
        native.accelerator_restore(before[1]);
      },
    };
  }

  /** `using _ = stream;` makes it the current one until the end of the block. */
  get [Symbol.dispose](): () => void {
    return begin_scope('Stream', this._mode());
  }

  toString(): string {
    const type = native.stream_device(this.device_type, -1);
    return `torch.Stream device_type=${type}, device_index=${this.device_index}, stream_id=${this.stream_id}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Options of {@link Event}. */
export interface EventOptions {
  /** Whether it measures time, for {@link Event.elapsed_time}. Default false. */
  enable_timing?: boolean;
  /** Whether waiting for it blocks the thread. Default false; without effect, as in Python. */
  blocking?: boolean;
  /** Whether other processes may use it. Default false; without effect, as in Python. */
  interprocess?: boolean;
}

const EVENT_CALLS = {
  constructor: signature<{ device?: DeviceLike | null } & EventOptions>(
    'Event',
    'device?: device|None, *, enable_timing?: bool, blocking?: bool, interprocess?: bool',
  ),
  record: method_signature<{ stream?: Stream | null }>('Event.record', 'stream?: Stream|None'),
  wait: method_signature<{ stream?: Stream | null }>('Event.wait', 'stream?: Stream|None'),
  query: method_signature<object>('Event.query'),
  synchronize: method_signature<object>('Event.synchronize'),
  elapsed_time: method_signature<{ end_event: Event }>('Event.elapsed_time', 'end_event: Event'),
  ipc_handle: method_signature<object>('Event.ipc_handle'),
  from_ipc_handle: method_signature<{ device: DeviceLike; ipc_handle: Uint8Array }>(
    'Event.from_ipc_handle',
    'device: device, ipc_handle: bytes',
  ),
};

const NO_IPC = 'torch.Event ipc is not supported yet, please open an issue if you need this!';

/**
 * A mark in a stream, which other streams and the program can wait for. Mirrors `torch.Event`. Events of the CPU cannot be
 * recorded, as in Python, and count as done.
 *
 * @param device - the type of device; default the accelerator, or the CPU where there is none
 * @param options - `enable_timing`, `blocking`, `interprocess`; see {@link EventOptions}
 * @throws Error when libtorch does not have the device
 * @example
 * ```ts
 * const event = new torch.Event('cpu', { enable_timing: true });
 * print(event, event.query());
 * ```
 * ```python
 * event = torch.Event('cpu', enable_timing=True)
 * print(event, event.query())
 * ```
 */
export class Event {
  /** @internal */
  readonly _clone = CLONE;
  /** @internal */
  readonly _native: NativeEvent;

  constructor(device?: DeviceLike | null, options?: EventOptions);
  constructor(options: { device?: DeviceLike | null } & EventOptions);
  constructor(...args: unknown[]) {
    const { device = null, enable_timing = false } = EVENT_CALLS.constructor.read(args);
    const text = device === null ? null : device_text(device);
    this._native = hinting(() => native.event_new(text, enable_timing));
  }

  /** The device of the event, which it has once it was recorded. */
  get device(): Device {
    return device_named(native.event_facts(this._native)[0]);
  }

  /** The number of the event in the library of the device; 0 until it is recorded. */
  get event_id(): number | bigint {
    return native.event_facts(this._native)[3];
  }

  /**
   * Records the event in a stream.
   * @param stream - default null, the current stream
   * @throws Error where the device has no events, as the CPU
   */
  record(stream?: Stream | null): void;
  record(options: { stream?: Stream | null }): void;
  record(...args: unknown[]): void {
    native.event_record(this._native, ...(EVENT_CALLS.record.read(args).stream?._numbers ?? []));
  }

  /** Lets later work in a stream, by default the current one, wait for the event. */
  wait(stream?: Stream | null): void;
  wait(options: { stream?: Stream | null }): void;
  wait(...args: unknown[]): void {
    native.event_wait(this._native, ...(EVENT_CALLS.wait.read(args).stream?._numbers ?? []));
  }

  /** Whether the work before the event is done; true when it was never recorded. */
  query(...args: []): boolean {
    EVENT_CALLS.query.read(args);
    return native.event_query(this._native);
  }

  /** Waits until the work before the event is done. */
  synchronize(...args: []): void {
    EVENT_CALLS.synchronize.read(args);
    native.event_synchronize(this._native);
  }

  /**
   * The milliseconds from this event to another one.
   * @throws Error unless both measure time and were recorded
   */
  elapsed_time(end_event: Event): number;
  elapsed_time(options: { end_event: Event }): number;
  elapsed_time(...args: unknown[]): number {
    return native.event_elapsed_time(this._native, EVENT_CALLS.elapsed_time.read(args).end_event._native);
  }

  /** @throws NotImplementedError always, as in Python */
  ipc_handle(...args: []): Uint8Array {
    EVENT_CALLS.ipc_handle.read(args);
    throw new NotImplementedError(NO_IPC);
  }

  /** @throws NotImplementedError always, as in Python */
  static from_ipc_handle(device: DeviceLike, ipc_handle: Uint8Array): Event;
  static from_ipc_handle(...args: unknown[]): Event {
    EVENT_CALLS.from_ipc_handle.read(args);
    throw new NotImplementedError(NO_IPC);
  }

  toString(): string {
    const [device, index, flag, id] = native.event_facts(this._native);
    const type = device.replace(/:.*/, '');
    return `torch.Event device_type=${type}, device_index=${index}, event_flag=${flag}, event_id=${id}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

name_class(Stream, 'torch.Stream');
name_class(Event, 'torch.Event');
define_kind('Stream', 'torch.Stream', (value) => value instanceof Stream);
define_kind('Event', 'torch.Event', (value) => value instanceof Event);
