/** Which CUDA device is meant, and CUDA made ready for it. */
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { Device, initialize_device, type DeviceLike } from '../types/device.js';

/** The number of CUDA in libtorch's list of types of devices, as streams have it. */
export const CUDA = 1;

/** Initializes CUDA. @throws Error with the message of PyTorch when it cannot be used */
export function lazy_init(): void {
  initialize_device('cuda');
}

/** Throws unless libtorch has CUDA: for what PyTorch answers without initializing it, also where there is no driver. */
export function require_cuda_build(): void {
  if (!native.device_built('cuda')) lazy_init();
}

/** The number of devices that can be used now. */
export const count = (): number => native.device_count('cuda');

/** Whether CUDA has been initialized: by {@link lazy_init}, or by the first tensor. */
export const is_ready = (): boolean => native.device_built('cuda') && native.accelerator_allocator_ready();

/** A device of CUDA, or null for no device. @throws Error with Python's text for a device of another type */
function cuda_device(device: DeviceLike | null | undefined): Device | null {
  if (device === null || device === undefined) return null;
  const wanted = new Device(device);
  if (wanted.type !== 'cuda') throw new Error(`Expected a cuda device, but got: ${String(wanted)}`);
  return wanted;
}

/** The index of a device; of none, or one without an index, that of the current device, for which CUDA is initialized. */
export function index_of(device: DeviceLike | null | undefined): number {
  if (typeof device === 'number') return device;
  const index = cuda_device(device)?.index ?? null;
  if (index !== null) return index;
  lazy_init();
  return native.device_current('cuda');
}

/** The index of a device that must have one. @throws Error with Python's text otherwise */
export function given_index(device: DeviceLike | null | undefined): number {
  if (typeof device === 'number') return device;
  const index = cuda_device(device)?.index ?? null;
  if (index !== null) return index;
  const got = device === null || device === undefined ? 'None' : String(new Device(device));
  throw new Error(`Expected a torch.device with a specified index or an integer, but got:${got}`);
}

/** The index of a device that is there. @throws Error with Python's text otherwise, or when CUDA cannot be used */
export function present_index(device: DeviceLike | null | undefined, refusal = 'Invalid device id'): number {
  lazy_init();
  const index = index_of(device);
  if (index < 0 || index >= count()) throw new Error(refusal);
  return index;
}

/** Makes a device the current one; a negative index changes nothing. @returns the index before, or -1 */
export function exchange_device(index: number): number {
  if (index < 0) return -1;
  if (!native.device_built('cuda')) throw new Error('PyTorch was compiled without CUDA support');
  lazy_init();
  const before = native.device_current('cuda');
  native.device_set_current(`cuda:${index}`);
  return before;
}

/** A device as the current one; a negative index changes nothing. */
export function device_mode(index: () => number): Mode<number> {
  return {
    enter: () => exchange_device(index()),
    leave: (before) => {
      if (before >= 0) native.device_set_current(`cuda:${before}`);
    },
  };
}
