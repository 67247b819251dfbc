/** Which device of the accelerator is meant. */
import { native } from '../_C/native.js';
import { Device, type DeviceLike } from '../types/device.js';
import { with_build_hint } from '../types/device_types.js';
import { accelerator } from '../types/device.js';

// What native/core/streams.cpp exports about the accelerator.
declare module '../_C/native.js' {
  interface Native {
    accelerator_type(): string | null;
    accelerator_index(): number;
    accelerator_set_index(index: number): void;
    accelerator_exchange(index: number): number;
    accelerator_stream(index: number): [device_type: number, device_index: number, stream_id: number | bigint];
    accelerator_synchronize(index: number): void;
    accelerator_dtypes(index: number): number[];
    accelerator_allocator_ready(): boolean;
    accelerator_empty_cache(): void;
    accelerator_empty_host_cache(): void;
    accelerator_memory(index: number): [available: number, total: number];
    accelerator_memory_stats(index: number): Record<string, number>;
    accelerator_reset_stats(index: number, which: 'peak' | 'accumulated'): void;
  }
}

/** The name of the accelerator that libtorch was built with. @throws Error with Python's text when there is none */
export function required_accelerator(): string {
  const type = native.accelerator_type();
  if (type !== null) return type;
  throw new Error(with_build_hint('Cannot access accelerator device when none is available.', accelerator()));
}

/** The index of the current device. @throws Error with Python's text when there is no accelerator */
export function current_index(): number {
  required_accelerator();
  return native.accelerator_index();
}

/**
 * The index of a device of the accelerator.
 * @param optional - whether the current device is meant where none is given
 * @throws Error with Python's text for a device of another type
 */
export function index_of(device: DeviceLike | null | undefined, optional: boolean): number {
  if (typeof device === 'number') {
    required_accelerator();
    return device;
  }
  let index: number | null = null;
  if (device !== null && device !== undefined) {
    const wanted = new Device(device);
    const type = native.accelerator_type();
    if (type === null) throw new Error(with_build_hint('Accelerator expected', accelerator()));
    if (type !== wanted.type) throw new Error(`${wanted.type} doesn't match the current accelerator ${type}.`);
    index = wanted.index;
  }
  if (index !== null) return index;
  if (optional) return current_index();
  throw new Error(
    `Expected a torch.device with a specified index or an integer, but got:${device === null || device === undefined ? 'None' : String(device)}`,
  );
}
