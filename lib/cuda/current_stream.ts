/** The current streams of CUDA devices: what of `torch.cuda` selects streams. */
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { begin_scope, run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import type { Stream as AnyStream, StreamNumbers } from '../streams.js';
import type { DeviceLike } from '../types/device.js';
import { CUDA, index_of, lazy_init } from './device_index.js';
import { Stream } from './streams.js';

const CALLS = {
  current_stream: signature<{ device?: DeviceLike | null }>('current_stream', 'device?: device|None'),
  default_stream: signature<{ device?: DeviceLike | null }>('default_stream', 'device?: device|None'),
  get_stream_from_external: signature<{ data_ptr: number | bigint; device?: DeviceLike | null }>(
    'get_stream_from_external',
    'data_ptr: int, device?: device|None',
  ),
  set_stream: signature<{ stream: AnyStream | null }>('set_stream', 'stream: Stream|None'),
  stream: signature<{ stream: AnyStream | null; fn?: () => unknown }>('stream', 'stream: Stream|None, fn?: Callable'),
  context: signature<{ stream: AnyStream | null }>('StreamContext', 'stream: Stream|None'),
};

/**
 * The current stream of a device. Mirrors `torch.cuda.current_stream`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.current_stream().query() : 'no CUDA device');
 * ```
 * ```python
 * print(torch.cuda.current_stream().query() if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function current_stream(device?: DeviceLike | null): Stream;
export function current_stream(...args: unknown[]): Stream {
  const { device } = CALLS.current_stream.read(args);
  lazy_init();
  return Stream._of(native.accelerator_stream(index_of(device)));
}

/**
 * The default stream of a device. Mirrors `torch.cuda.default_stream`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.default_stream().stream_id : 0);
 * ```
 * ```python
 * print(torch.cuda.default_stream().stream_id if torch.cuda.is_available() else 0)
 * ```
 */
export function default_stream(device?: DeviceLike | null): Stream;
export function default_stream(...args: unknown[]): Stream {
  const { device } = CALLS.default_stream.read(args);
  lazy_init();
  return Stream._of([CUDA, index_of(device), 0]);
}

/**
 * A stream that another library made, as one of libtorch's. Mirrors `torch.cuda.get_stream_from_external`.
 * @param data_ptr - the `cudaStream_t` as a number
 * @param device - where it was made; default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * const pointer = torch.cuda.is_available() ? new torch.cuda.Stream().cuda_stream : 0;
 * print(torch.cuda.is_available() ? torch.cuda.get_stream_from_external(pointer).cuda_stream === pointer : true);
 * ```
 * ```python
 * pointer = torch.cuda.Stream().cuda_stream if torch.cuda.is_available() else 0
 * print(torch.cuda.get_stream_from_external(pointer).cuda_stream == pointer if torch.cuda.is_available() else True)
 * ```
 */
export function get_stream_from_external(data_ptr: number | bigint, device?: DeviceLike | null): Stream;
export function get_stream_from_external(...args: unknown[]): Stream {
  const { data_ptr, device } = CALLS.get_stream_from_external.read(args);
  lazy_init();
  return Stream._of([CUDA, index_of(device), data_ptr]);
}

/**
 * Makes a stream the current one of its device, and the device the current one. Mirrors `torch.cuda.set_stream`.
 * @param stream - null changes nothing
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * torch.cuda.set_stream(torch.cuda.is_available() ? new torch.cuda.Stream() : null);
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * torch.cuda.set_stream(torch.cuda.Stream() if torch.cuda.is_available() else None)
 * print(torch.cuda.is_available())
 * ```
 */
export function set_stream(stream: AnyStream | null): void;
export function set_stream(...args: unknown[]): void {
  const { stream } = CALLS.set_stream.read(args);
  if (stream === null) return;
  lazy_init();
  native.accelerator_set_stream(...stream._numbers);
}

type Before = [source: StreamNumbers, destination: StreamNumbers | null] | null;

/** A stream as the current one; of no stream, and without CUDA, nothing. */
function stream_mode(stream: AnyStream | null): Mode<Before> {
  return {
    enter: () => {
      if (stream === null || native.device_count('cuda') === 0) return null;
      lazy_init();
      const source = native.accelerator_stream(native.device_current('cuda'));
      const elsewhere = source[1] !== stream.device_index;
      const destination = elsewhere ? native.accelerator_stream(stream.device_index) : null;
      native.accelerator_set_stream(...stream._numbers);
      return [source, destination];
    },
    leave: (before) => {
      if (before === null) return;
      const [source, destination] = before;
      if (destination !== null) native.accelerator_set_stream(...destination);
      native.accelerator_set_stream(...source);
    },
  };
}

/**
 * What {@link stream} selects, as an object: `using _ = new torch.cuda.StreamContext(s)`. Mirrors `torch.cuda.StreamContext`.
 * @param stream - null, as any stream without CUDA, changes nothing
 * @example
 * ```ts
 * {
 *   using _ = new torch.cuda.StreamContext(null);
 *   print(torch.ones(2));
 * }
 * ```
 * ```python
 * with torch.cuda.StreamContext(None):
 *     print(torch.ones(2))
 * ```
 */
export class StreamContext {
  readonly stream: AnyStream | null;

  constructor(stream: AnyStream | null);
  constructor(options: { stream: AnyStream | null });
  constructor(...args: unknown[]) {
    this.stream = CALLS.context.read(args).stream;
  }

  /** `using _ = new StreamContext(s)` selects the stream until the end of the block. */
  get [Symbol.dispose](): () => void {
    return begin_scope('StreamContext', stream_mode(this.stream));
  }
}

/**
 * Selects a stream in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors `torch.cuda.stream`.
 * @param stream - null, as any stream without CUDA, changes nothing
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * const stream = torch.cuda.is_available() ? new torch.cuda.Stream() : null;
 * print(torch.cuda.stream(stream, () => torch.ones(2)));
 * ```
 * ```python
 * stream = torch.cuda.Stream() if torch.cuda.is_available() else None
 * with torch.cuda.stream(stream):
 *     print(torch.ones(2))
 * ```
 */
export function stream<T>(stream: AnyStream | null, fn: () => T): T;
export function stream(stream: AnyStream | null | { stream: AnyStream | null }): Guard;
export function stream(...args: unknown[]): unknown {
  const { stream: selected, fn } = CALLS.stream.read(args);
  return run_or_guard('stream', stream_mode(selected), fn);
}
