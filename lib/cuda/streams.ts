/** Streams and events of CUDA devices: `torch.cuda.streams`, whose classes are in `torch.cuda` too. */
import { cuda_native, type NativeCudaEvent } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { Event as AnyEvent, Stream as AnyStream, type StreamNumbers } from '../streams.js';
import { device_named, type Device, type DeviceLike } from '../types/device.js';
import { CUDA, index_of, lazy_init } from './device_index.js';

/** A pointer as Python writes it. */
const hex = (pointer: number | bigint): string => `0x${pointer.toString(16)}`;

/** Options of {@link Stream}. */
export interface CudaStreamOptions {
  /** Streams with a lower number come first. Default 0. */
  priority?: number | bigint;
}

/** A stream that exists, by its numbers. */
export interface CudaStreamIdentity extends CudaStreamOptions {
  stream_id: number | bigint;
  device_index: number;
  device_type: number;
}

const STREAM = {
  by_device: signature<{ device?: DeviceLike | null } & CudaStreamOptions>(
    'Stream',
    'device?: device|None, priority?: int',
  ),
  by_numbers: signature<CudaStreamIdentity>(
    'Stream',
    '*, stream_id: int, device_index: int, device_type: int, priority?: int',
  ),
  external: signature<{ stream_ptr: number | bigint; device?: DeviceLike | null }>(
    'ExternalStream',
    'stream_ptr: int, device?: device|None',
  ),
  priority_range: method_signature<object>('Stream.priority_range'),
  record_event: method_signature<{ event?: AnyEvent | null }>('Stream.record_event', 'event?: Event|None'),
  wait_event: method_signature<{ event: AnyEvent }>('Stream.wait_event', 'event: Event'),
  wait_stream: method_signature<{ stream: AnyStream }>('Stream.wait_stream', 'stream: Stream'),
};

/** The numbers of a new stream. @throws Error with Python's text where libtorch does not have CUDA */
function new_stream(args: readonly unknown[]): CudaStreamIdentity {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'stream_id' in first) {
    const numbers = STREAM.by_numbers.read(args);
    needs_cuda();
    return numbers;
  }
  const { device = null, priority = 0 } = STREAM.by_device.read(args);
  needs_cuda();
  lazy_init();
  const [device_type, device_index, stream_id] = native.stream_new(`cuda:${index_of(device)}`, Number(priority));
  return { device_type, device_index, stream_id };
}

function needs_cuda(): void {
  if (!native.device_built('cuda')) throw new Error('torch.cuda.Stream requires CUDA support');
}

/**
 * A queue of work on a CUDA device: what is in one stream runs in order, and beside the work of other streams. Mirrors
 * `torch.cuda.Stream`. `using _ = stream;` makes it the current one until the end of the block.
 *
 * @param device - the device of a new stream; default null, the current one
 * @param priority - streams with a lower number come first; default 0. With `stream_id`, `device_index` and `device_type`
 * in an object instead, a stream that exists
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const stream = new torch.cuda.Stream();
 *   torch.cuda.stream(stream, () => torch.ones(2, { device: 'cuda' }));
 *   torch.cuda.current_stream().wait_stream(stream);
 * }
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     stream = torch.cuda.Stream()
 *     with torch.cuda.stream(stream): torch.ones(2, device='cuda')
 *     torch.cuda.current_stream().wait_stream(stream)
 * print(torch.cuda.is_available())
 * ```
 */
export class Stream extends AnyStream {
  constructor(device?: DeviceLike | null, priority?: number | bigint);
  constructor(device: DeviceLike | null, options: CudaStreamOptions);
  constructor(options: ({ device?: DeviceLike | null } & CudaStreamOptions) | CudaStreamIdentity);
  constructor(...args: unknown[]) {
    super(new_stream(args));
  }

  /** The stream in CUDA's library: a `cudaStream_t`. */
  get cuda_stream(): number | bigint {
    return this.native_handle;
  }

  /** The priority that it has on its device. */
  get priority(): number {
    return cuda_native('Stream.priority').stream_priority(this.device_index, this.stream_id);
  }

  /** The lowest and the highest priority of the current device. */
  static priority_range(...args: []): [least: number, greatest: number] {
    STREAM.priority_range.read(args);
    lazy_init();
    return cuda_native('Stream.priority_range').priority_range();
  }

  /** Records an event in the stream. @param event - default null, a new one */
  override record_event(event?: AnyEvent | null): AnyEvent;
  override record_event(options: { event?: AnyEvent | null }): AnyEvent;
  override record_event(...args: unknown[]): AnyEvent {
    const event = STREAM.record_event.read(args).event ?? new Event();
    event.record(this);
    return event;
  }

  /** Lets later work in the stream wait for an event. */
  override wait_event(event: AnyEvent): void;
  override wait_event(options: { event: AnyEvent }): void;
  override wait_event(...args: unknown[]): void {
    STREAM.wait_event.read(args).event.wait(this);
  }

  /** Lets later work in the stream wait for all that another stream has been given so far. */
  override wait_stream(stream: AnyStream): void;
  override wait_stream(options: { stream: AnyStream }): void;
  override wait_stream(...args: unknown[]): void {
    STREAM.wait_stream.read(args).stream.record_event().wait(this);
  }

  override toString(): string {
    return `<torch.cuda.Stream device=${String(this.device)} cuda_stream=${hex(this.cuda_stream)}>`;
  }

  /** The current stream of the current device. @internal */
  static _current(): Stream {
    lazy_init();
    return Stream._of(native.accelerator_stream(native.device_current('cuda')));
  }

  /** @internal */
  static _of(numbers: StreamNumbers): Stream {
    const [device_type, device_index, stream_id] = numbers;
    return new Stream({ device_type, device_index, stream_id });
  }
}

/**
 * A stream that another library made. It must stay open as long as it is used here. Mirrors `torch.cuda.ExternalStream`.
 *
 * @param stream_ptr - the `cudaStream_t` as a number
 * @param device - where it was made; default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const theirs = new torch.cuda.Stream();
 *   print(new torch.cuda.ExternalStream(theirs.cuda_stream).cuda_stream === theirs.cuda_stream);
 * } else print(true);
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     theirs = torch.cuda.Stream()
 *     print(torch.cuda.ExternalStream(theirs.cuda_stream).cuda_stream == theirs.cuda_stream)
 * else:
 *     print(True)
 * ```
 */
export class ExternalStream extends Stream {
  constructor(stream_ptr: number | bigint, device?: DeviceLike | null);
  constructor(options: { stream_ptr: number | bigint; device?: DeviceLike | null });
  constructor(...args: unknown[]) {
    const { stream_ptr, device } = STREAM.external.read(args);
    needs_cuda();
    // The number of a stream that libtorch did not make is its pointer.
    super({ device_type: CUDA, device_index: index_of(device), stream_id: stream_ptr });
  }
}

/** Options of {@link Event}. */
export interface CudaEventOptions {
  /** Whether it measures time, for {@link Event.elapsed_time}. Default false. */
  enable_timing?: boolean;
  /** Whether a thread that waits for it sleeps. Default false. */
  blocking?: boolean;
  /** Whether other processes may use it. Default false. */
  interprocess?: boolean;
  /** Whether it synchronizes with work outside of the graph that captures it. Default false. */
  external?: boolean;
}

const EVENT = {
  constructor: signature<CudaEventOptions>(
    'Event',
    'enable_timing?: bool, blocking?: bool, interprocess?: bool, external?: bool',
  ),
  record: method_signature<{ stream?: AnyStream | null }>('Event.record', 'stream?: Stream|None'),
  wait: method_signature<{ stream?: AnyStream | null }>('Event.wait', 'stream?: Stream|None'),
  query: method_signature<object>('Event.query'),
  synchronize: method_signature<object>('Event.synchronize'),
  elapsed_time: method_signature<{ end_event: Event }>('Event.elapsed_time', 'end_event: CudaEvent'),
  ipc_handle: method_signature<object>('Event.ipc_handle'),
  from_ipc_handle: method_signature<{ device: DeviceLike; handle: Uint8Array }>(
    'Event.from_ipc_handle',
    'device: device, handle: bytes',
  ),
};

/** cudaEventBlockingSync, cudaEventDisableTiming and cudaEventInterprocess. */
const FLAGS = { blocking: 1, no_timing: 2, interprocess: 4 } as const;

/**
 * A mark in a stream, which other streams and the program can wait for, and between which time is measured. Mirrors
 * `torch.cuda.Event`.
 *
 * @param enable_timing - whether it measures time; default false
 * @param blocking - whether a thread that waits for it sleeps; default false
 * @param interprocess - whether other processes may use it; default false
 * @param external - whether it synchronizes with work outside of the graph that captures it; default false
 * @throws Error when CUDA cannot be used; `blocking`, `interprocess` and `external` need the addon for CUDA
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const [start, end] = [new torch.cuda.Event(true), new torch.cuda.Event(true)];
 *   start.record();
 *   torch.ones(1000, 1000, { device: 'cuda' }).sum();
 *   end.record();
 *   torch.cuda.synchronize();
 *   print(start.elapsed_time(end) >= 0);
 * } else print(true);
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     start, end = torch.cuda.Event(True), torch.cuda.Event(True)
 *     start.record()
 *     torch.ones(1000, 1000, device='cuda').sum()
 *     end.record()
 *     torch.cuda.synchronize()
 *     print(start.elapsed_time(end) >= 0)
 * else:
 *     print(True)
 * ```
 */
export class Event extends AnyEvent {
  /** The event of CUDA's own, where libtorch's for any device does not have what was asked for. @internal */
  _own: NativeCudaEvent | undefined;

  constructor(enable_timing?: boolean, blocking?: boolean, interprocess?: boolean, external?: boolean);
  constructor(options: CudaEventOptions);
  constructor(...args: unknown[]) {
    const { enable_timing = false, blocking, interprocess, external = false } = EVENT.constructor.read(args);
    if (!native.device_built('cuda')) throw new Error('Tried to instantiate dummy base class Event');
    super('cuda', { enable_timing });
    const flags =
      (enable_timing ? 0 : FLAGS.no_timing) | (blocking ? FLAGS.blocking : 0) | (interprocess ? FLAGS.interprocess : 0);
    const special = (flags & ~FLAGS.no_timing) !== 0 || external;
    this._own = special ? cuda_native('Event').event_new(flags, external) : undefined;
  }

  /** The event in CUDA's library, a `cudaEvent_t`; 0 until it is recorded. */
  get cuda_event(): number | bigint {
    return this._own === undefined ? this.event_id : cuda_native('Event').event_handle(this._own);
  }

  override get device(): Device {
    if (this._own === undefined) return super.device;
    return device_named(`cuda:${cuda_native('Event').event_device(this._own)}`);
  }

  /** Records the event in a stream. @param stream - default null, the current one */
  override record(stream?: AnyStream | null): void;
  override record(options: { stream?: AnyStream | null }): void;
  override record(...args: unknown[]): void {
    const stream = EVENT.record.read(args).stream ?? Stream._current();
    if (this._own === undefined) super.record(stream);
    else cuda_native('Event').event_record(this._own, stream.device_index, stream.stream_id);
  }

  /** Lets later work in a stream, by default the current one, wait for the event. */
  override wait(stream?: AnyStream | null): void;
  override wait(options: { stream?: AnyStream | null }): void;
  override wait(...args: unknown[]): void {
    const stream = EVENT.wait.read(args).stream ?? Stream._current();
    if (this._own === undefined) super.wait(stream);
    else cuda_native('Event').event_block(this._own, stream.device_index, stream.stream_id);
  }

  /** Whether the work before the event is done; true when it was never recorded. */
  override query(...args: []): boolean {
    EVENT.query.read(args);
    return this._own === undefined ? super.query() : cuda_native('Event').event_query(this._own);
  }

  /** Waits until the work before the event is done. */
  override synchronize(...args: []): void {
    EVENT.synchronize.read(args);
    if (this._own === undefined) super.synchronize();
    else cuda_native('Event').event_synchronize(this._own);
  }

  /** The milliseconds from this event to another one. @throws Error unless both measure time and were recorded */
  override elapsed_time(end_event: AnyEvent): number;
  override elapsed_time(options: { end_event: AnyEvent }): number;
  override elapsed_time(...args: unknown[]): number {
    const { end_event } = EVENT.elapsed_time.read(args);
    if (this._own === undefined && end_event._own === undefined) return super.elapsed_time(end_event);
    if (this._own === undefined || end_event._own === undefined) {
      throw new Error('elapsed_time(): both events must be made with the same options');
    }
    return cuda_native('Event').event_elapsed_time(this._own, end_event._own);
  }

  /**
   * What another process opens the event by. @throws Error unless the event was made with `interprocess`
   */
  override ipc_handle(...args: []): Uint8Array {
    EVENT.ipc_handle.read(args);
    if (this._own === undefined) throw new Error('ipc_handle(): the event must be made with interprocess: true');
    return cuda_native('Event').event_ipc_handle(this._own);
  }

  /** The event of another process. @param handle - what its `ipc_handle()` returned there */
  static override from_ipc_handle(device: DeviceLike, handle: Uint8Array): Event;
  static override from_ipc_handle(...args: unknown[]): Event {
    const { device, handle } = EVENT.from_ipc_handle.read(args);
    lazy_init();
    const event = new Event();
    event._own = cuda_native('Event').event_from_ipc_handle(index_of(device), handle);
    return event;
  }

  override toString(): string {
    const pointer = this.cuda_event;
    return Number(pointer) === 0 ? '<torch.cuda.Event uninitialized>' : `<torch.cuda.Event ${hex(pointer)}>`;
  }
}

name_class(Stream, 'torch.cuda.Stream');
name_class(Event, 'torch.cuda.Event');
define_kind('CudaEvent', 'torch.cuda.Event', (value) => value instanceof Event);
