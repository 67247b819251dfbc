/** CUDA devices: `torch.cuda`. Everything here answers on a CPU build too. */
import { Device, device_text, initialize_device, type DeviceLike } from '../types/device.js';
import { native } from '../_C/native.js';
import { Generator } from '../random.js';
import type { Tensor } from '../_tensor.js';
import { no_arguments, signature } from '../_internal/signature.js';

const of_device = (callee: string) => signature<{ device?: DeviceLike | null }>(callee, 'device?: device|None');
const of_seed = (callee: string) => signature<{ seed: number | bigint }>(callee, 'seed: float');

const GET_DEVICE_NAME = of_device('get_device_name');
const SET_DEVICE = signature<{ device: DeviceLike | null }>('set_device', 'device: device|None');
const SYNCHRONIZE = of_device('synchronize');
const GET_RNG_STATE = of_device('get_rng_state');
const SET_RNG_STATE = signature<{ new_state: Tensor; device?: DeviceLike | null }>(
  'set_rng_state',
  'new_state: Tensor, device?: device|None',
);
const MANUAL_SEED = of_seed('manual_seed');
const MANUAL_SEED_ALL = of_seed('manual_seed_all');

/** How many CUDA devices there are; 0 without a driver or on a CPU build; mirrors `torch.cuda.device_count`. */
export function device_count(): number;
export function device_count(...none: unknown[]): number {
  no_arguments('device_count', none);
  return native.device_count('cuda');
}

/** Whether there is a CUDA device to work on; mirrors `torch.cuda.is_available`. */
export function is_available(): boolean;
export function is_available(...none: unknown[]): boolean {
  no_arguments('is_available', none);
  return device_count() > 0;
}

/** Makes CUDA ready; mirrors `torch.cuda.init`. @throws Error with PyTorch's message when CUDA cannot be used */
export function init(): void;
export function init(...none: unknown[]): void {
  no_arguments('init', none);
  initialize_device('cuda');
}

function index_of(device: DeviceLike | null | undefined): number {
  if (typeof device === 'number') return device;
  const index = device === null || device === undefined ? null : new Device(device).index;
  return index ?? native.device_current('cuda');
}

/** The name of a device, e.g. `NVIDIA H100 80GB HBM3`; mirrors `torch.cuda.get_device_name`. */
export function get_device_name(device?: DeviceLike | null): string;
export function get_device_name(...args: unknown[]): string {
  const { device } = GET_DEVICE_NAME.read(args);
  init();
  return native.cuda_device_name(index_of(device));
}

/** The index of the selected device; mirrors `torch.cuda.current_device`. */
export function current_device(): number;
export function current_device(...none: unknown[]): number {
  no_arguments('current_device', none);
  init();
  return native.device_current('cuda');
}

/** Selects a device; mirrors `torch.cuda.set_device`. */
export function set_device(device: DeviceLike): void;
export function set_device(...args: unknown[]): void {
  const { device } = SET_DEVICE.read(args);
  init();
  native.device_set_current(`cuda:${index_of(device)}`);
}

/** Waits until the work on a device is done; mirrors `torch.cuda.synchronize`. */
export function synchronize(device?: DeviceLike | null): void;
export function synchronize(...args: unknown[]): void {
  const { device } = SYNCHRONIZE.read(args);
  init();
  native.device_synchronize(device === null || device === undefined ? 'cuda' : device_text(device));
}

function generator_of(device: DeviceLike | null | undefined): Generator {
  init();
  return Generator._from_native(native.generator_default(`cuda:${index_of(device)}`));
}

/** Seeds the generator of the selected device; without CUDA it does nothing; mirrors `torch.cuda.manual_seed`. */
export function manual_seed(seed: number | bigint): void;
export function manual_seed(...args: unknown[]): void {
  const { seed } = MANUAL_SEED.read(args);
  if (is_available()) generator_of(null).manual_seed(seed);
}

/** Seeds the generators of all devices; mirrors `torch.cuda.manual_seed_all`. */
export function manual_seed_all(seed: number | bigint): void;
export function manual_seed_all(...args: unknown[]): void {
  const { seed } = MANUAL_SEED_ALL.read(args);
  for (let i = 0; i < device_count(); i++) generator_of(i).manual_seed(seed);
}

/** The state of a device's generator as a uint8 tensor; mirrors `torch.cuda.get_rng_state`. */
export function get_rng_state(device?: DeviceLike | null): Tensor;
export function get_rng_state(...args: unknown[]): Tensor {
  return generator_of(GET_RNG_STATE.read(args).device).get_state();
}

/** Sets the state of a device's generator; mirrors `torch.cuda.set_rng_state`. @throws Error when it does not fit */
export function set_rng_state(new_state: Tensor, device?: DeviceLike | null): void;
export function set_rng_state(...args: unknown[]): void {
  const { new_state, device } = SET_RNG_STATE.read(args);
  generator_of(device).set_state(new_state);
}
export * from '../absent/cuda.js';
