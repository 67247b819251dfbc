/**
 * The accelerator of this machine, whatever its type: `torch.accelerator`. Programs that ask here for the device run on each
 * machine as they are.
 */
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { has_function, run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Stream } from '../streams.js';
import { Device, type DeviceLike } from '../types/device.js';
import { dtype_of, type DType } from '../types/dtype.js';
import { current_index, index_of, required_accelerator } from './device_index.js';

export * as memory from './memory.js';
export * from './memory.js';

const CURRENT_ACCELERATOR = signature<{ check_available?: boolean }>('current_accelerator', 'check_available?: bool');
const GET_DEVICE_CAPABILITY = signature<{ device?: DeviceLike | null }>(
  'get_device_capability',
  'device?: device|None',
);
const SET_DEVICE_INDEX = signature<{ device: DeviceLike | null }>('set_device_index', 'device: device|None');
const SET_DEVICE_IDX = SET_DEVICE_INDEX.renamed('set_device_idx');
const CURRENT_STREAM = signature<{ device?: DeviceLike | null }>('current_stream', 'device?: device|None');
const SET_STREAM = signature<{ stream: Stream }>('set_stream', 'stream: Stream');
const SYNCHRONIZE = signature<{ device?: DeviceLike | null }>('synchronize', 'device?: device|None');
const DEVICE_INDEX = {
  run: signature<{ device: number | null; fn: () => unknown }>('device_index', 'device: int|None, fn: Callable'),
  guard: signature<{ device: number | null }>('device_index', 'device: int|None'),
};

/**
 * The number of devices of the accelerator; 0 when there is none. Mirrors `torch.accelerator.device_count`.
 * @example
 * ```ts
 * print(torch.accelerator.device_count() > 0 === torch.accelerator.is_available());
 * ```
 * ```python
 * print((torch.accelerator.device_count() > 0) == torch.accelerator.is_available())
 * ```
 */
export function device_count(...none: []): number {
  no_arguments('device_count', none);
  const type = native.accelerator_type();
  return type === null ? 0 : native.device_count(type);
}

/**
 * Whether there is an accelerator that can be used now. Mirrors `torch.accelerator.is_available`.
 * @example
 * ```ts
 * const device = torch.accelerator.is_available() ? torch.accelerator.current_accelerator()!.type : 'cpu';
 * print(torch.ones(2, { device }).cpu());
 * ```
 * ```python
 * device = torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else 'cpu'
 * print(torch.ones(2, device=device).cpu())
 * ```
 */
export function is_available(...none: []): boolean {
  no_arguments('is_available', none);
  return device_count() > 0;
}

/**
 * The accelerator that libtorch was built with, without an index; null when there is none. Mirrors
 * `torch.accelerator.current_accelerator`.
 *
 * @param check_available - whether to return null also when the machine has no device of it; default false
 * @example
 * ```ts
 * print(torch.accelerator.current_accelerator(true) === null || torch.accelerator.is_available());
 * ```
 * ```python
 * print(torch.accelerator.current_accelerator(True) is None or torch.accelerator.is_available())
 * ```
 */
export function current_accelerator(check_available?: boolean | { check_available?: boolean }): Device | null;
export function current_accelerator(...args: unknown[]): Device | null {
  const { check_available = false } = CURRENT_ACCELERATOR.read(args);
  const type = native.accelerator_type();
  return type === null || (check_available && !is_available()) ? null : new Device(type);
}

/**
 * The index of the current device of the accelerator. Mirrors `torch.accelerator.current_device_index`.
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.current_device_index() : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.current_device_index() if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function current_device_index(...none: []): number {
  no_arguments('current_device_index', none);
  return current_index();
}

/**
 * The former name of {@link current_device_index}. Mirrors `torch.accelerator.current_device_idx`.
 * @deprecated in favor of {@link current_device_index}
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.current_device_idx() : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.current_device_idx() if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function current_device_idx(...none: []): number {
  no_arguments('current_device_idx', none);
  warn('Use `current_device_index` instead.', 'FutureWarning');
  return current_index();
}

/**
 * What a device of the accelerator can do: `supported_dtypes`, the dtypes that it can store. Mirrors
 * `torch.accelerator.get_device_capability`.
 *
 * @param device - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * const { accelerator } = torch;
 * print(accelerator.is_available() ? accelerator.get_device_capability().supported_dtypes.has(torch.float32) : true);
 * ```
 * ```python
 * accelerator = torch.accelerator
 * print(torch.float32 in accelerator.get_device_capability()['supported_dtypes'] if accelerator.is_available() else True)
 * ```
 */
export function get_device_capability(device?: DeviceLike | null): { supported_dtypes: Set<DType> };
export function get_device_capability(...args: unknown[]): { supported_dtypes: Set<DType> } {
  const index = index_of(GET_DEVICE_CAPABILITY.read(args).device, true);
  return { supported_dtypes: new Set(native.accelerator_dtypes(index).map(dtype_of)) };
}

/**
 * Sets the current device of the accelerator. Mirrors `torch.accelerator.set_device_index`.
 *
 * @param device - a device with an index, or the index; a negative one changes nothing
 * @throws Error when there is no accelerator, no index, or no such device
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.set_device_index(0);
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.set_device_index(0)
 * print(torch.accelerator.is_available())
 * ```
 */
export function set_device_index(device: DeviceLike): void;
export function set_device_index(...args: unknown[]): void {
  native.accelerator_set_index(index_of(SET_DEVICE_INDEX.read(args).device, false));
}

/**
 * The former name of {@link set_device_index}. Mirrors `torch.accelerator.set_device_idx`.
 * @deprecated in favor of {@link set_device_index}
 * @throws Error when there is no accelerator, no index, or no such device
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.set_device_idx(0);
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.set_device_idx(0)
 * print(torch.accelerator.is_available())
 * ```
 */
export function set_device_idx(device: DeviceLike): void;
export function set_device_idx(...args: unknown[]): void {
  const { device } = SET_DEVICE_IDX.read(args);
  warn('Use `set_device_index` instead.', 'FutureWarning');
  native.accelerator_set_index(index_of(device, false));
}

/**
 * The current stream of a device of the accelerator. Mirrors `torch.accelerator.current_stream`.
 *
 * @param device - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.current_stream().query() : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.current_stream().query() if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function current_stream(device?: DeviceLike | null): Stream;
export function current_stream(...args: unknown[]): Stream {
  return Stream._from_numbers(native.accelerator_stream(index_of(CURRENT_STREAM.read(args).device, true)));
}

/**
 * Makes a stream the current one of its device, and the device the current one. Mirrors `torch.accelerator.set_stream`.
 *
 * @param stream - a stream of the accelerator
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.set_stream(new torch.Stream());
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.set_stream(torch.Stream())
 * print(torch.accelerator.is_available())
 * ```
 */
export function set_stream(stream: Stream | { stream: Stream }): void;
export function set_stream(...args: unknown[]): void {
  const { stream } = SET_STREAM.read(args);
  required_accelerator();
  native.accelerator_set_stream(...stream._numbers);
}

/**
 * Waits for all work on a device of the accelerator. Mirrors `torch.accelerator.synchronize`.
 *
 * @param device - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.synchronize();
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.synchronize()
 * print(torch.accelerator.is_available())
 * ```
 */
export function synchronize(device?: DeviceLike | null): void;
export function synchronize(...args: unknown[]): void {
  native.accelerator_synchronize(index_of(SYNCHRONIZE.read(args).device, true));
}

/**
 * Selects a device of the accelerator in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.accelerator.device_index`.
 *
 * @param device - the index of the device; null changes nothing
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.device_index(torch.accelerator.is_available() ? 0 : null, () => torch.ones(2)));
 * ```
 * ```python
 * with torch.accelerator.device_index(0 if torch.accelerator.is_available() else None):
 *     print(torch.ones(2))
 * ```
 */
export function device_index<T>(device: number | null, fn: () => T): T;
export function device_index(device: number | null | { device: number | null }): Guard;
export function device_index(...args: unknown[]): unknown {
  const { device, fn } =
    has_function(args.slice(1)) || has_function(args)
      ? DEVICE_INDEX.run.read(args)
      : { ...DEVICE_INDEX.guard.read(args), fn: undefined };
  const mode: Mode<number | null> = {
    enter: () => {
      if (device === null) return null;
      required_accelerator();
      return native.accelerator_exchange(device);
    },
    leave: (before) => {
      if (before !== null) native.accelerator_restore(before);
    },
  };
  return run_or_guard('device_index', mode, fn);
}
