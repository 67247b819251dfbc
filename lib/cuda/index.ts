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

/**
 * The number of CUDA devices; 0 without a driver or on a CPU build. Mirrors `torch.cuda.device_count`.
 * @example
 * ```ts
 * print(torch.cuda.device_count() >= 0);
 * ```
 * ```python
 * print(torch.cuda.device_count() >= 0)
 * ```
 */
export function device_count(): number;
export function device_count(...none: unknown[]): number {
  no_arguments('device_count', none);
  return native.device_count('cuda');
}

/**
 * Whether there is a usable CUDA device. Mirrors `torch.cuda.is_available`.
 * @example
 * ```ts
 * const device = torch.cuda.is_available() ? 'cuda' : 'cpu';
 * print(torch.ones(2).to(device).cpu());
 * ```
 * ```python
 * device = 'cuda' if torch.cuda.is_available() else 'cpu'
 * print(torch.ones(2).to(device).cpu())
 * ```
 */
export function is_available(): boolean;
export function is_available(...none: unknown[]): boolean {
  no_arguments('is_available', none);
  return device_count() > 0;
}

/**
 * Initializes CUDA. Mirrors `torch.cuda.init`.
 * @throws Error with the message of PyTorch when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   torch.cuda.init();
 *   print(torch.cuda.current_device());
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     torch.cuda.init()
 *     print(torch.cuda.current_device())
 * except Exception as error:
 *     print(error)
 * ```
 */
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

/**
 * The name of a device, such as `NVIDIA H100 80GB HBM3`. Mirrors `torch.cuda.get_device_name`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   print(torch.cuda.get_device_name(0));
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     print(torch.cuda.get_device_name(0))
 * except Exception as error:
 *     print(error)
 * ```
 */
export function get_device_name(device?: DeviceLike | null): string;
export function get_device_name(...args: unknown[]): string {
  const { device } = GET_DEVICE_NAME.read(args);
  init();
  return native.cuda_device_name(index_of(device));
}

/**
 * The index of the current device. Mirrors `torch.cuda.current_device`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   print(torch.cuda.current_device());
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     print(torch.cuda.current_device())
 * except Exception as error:
 *     print(error)
 * ```
 */
export function current_device(): number;
export function current_device(...none: unknown[]): number {
  no_arguments('current_device', none);
  init();
  return native.device_current('cuda');
}

/**
 * Sets the current device. Mirrors `torch.cuda.set_device`.
 * @param device - the device, or its index
 * @throws Error when CUDA cannot be used, or there is no such device
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.set_device(torch.cuda.device_count() - 1);
 * print(torch.cuda.is_available() ? torch.ones(2, { device: 'cuda' }).device : 'no CUDA device');
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.set_device(torch.cuda.device_count() - 1)
 * print(torch.ones(2, device='cuda').device if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function set_device(device: DeviceLike): void;
export function set_device(...args: unknown[]): void {
  const { device } = SET_DEVICE.read(args);
  init();
  native.device_set_current(`cuda:${index_of(device)}`);
}

/**
 * Waits for all work on a device. Mirrors `torch.cuda.synchronize`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   print(torch.cuda.synchronize());
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     print(torch.cuda.synchronize())
 * except Exception as error:
 *     print(error)
 * ```
 */
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

/**
 * Seeds the generator of the current device; without CUDA it has no effect. Mirrors `torch.cuda.manual_seed`.
 *
 * @param seed - an integer
 * @throws RangeError when the seed does not fit 64 bits
 * @example
 * ```ts
 * torch.cuda.manual_seed(0);
 * print(torch.initial_seed());
 * ```
 * ```python
 * torch.cuda.manual_seed(0)
 * print(torch.initial_seed())
 * ```
 */
export function manual_seed(seed: number | bigint): void;
export function manual_seed(...args: unknown[]): void {
  const { seed } = MANUAL_SEED.read(args);
  if (is_available()) generator_of(null).manual_seed(seed);
}

/**
 * Seeds the generators of all devices. Mirrors `torch.cuda.manual_seed_all`.
 *
 * @param seed - an integer
 * @throws RangeError when the seed does not fit 64 bits
 * @example
 * ```ts
 * torch.cuda.manual_seed_all(0);
 * print(torch.initial_seed());
 * ```
 * ```python
 * torch.cuda.manual_seed_all(0)
 * print(torch.initial_seed())
 * ```
 */
export function manual_seed_all(seed: number | bigint): void;
export function manual_seed_all(...args: unknown[]): void {
  const { seed } = MANUAL_SEED_ALL.read(args);
  for (let i = 0; i < device_count(); i++) generator_of(i).manual_seed(seed);
}

/**
 * The state of the generator of a device as a uint8 tensor. Mirrors `torch.cuda.get_rng_state`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   print(torch.cuda.get_rng_state());
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     print(torch.cuda.get_rng_state())
 * except Exception as error:
 *     print(error)
 * ```
 */
export function get_rng_state(device?: DeviceLike | null): Tensor;
export function get_rng_state(...args: unknown[]): Tensor {
  return generator_of(GET_RNG_STATE.read(args).device).get_state();
}

/**
 * Sets the state of the generator of a device. Mirrors `torch.cuda.set_rng_state`.
 * @param new_state - what {@link get_rng_state} returned
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used, or the state does not fit
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const state = torch.cuda.get_rng_state();
 *   print(torch.rand(2, { device: 'cuda' }));
 *   torch.cuda.set_rng_state(state); // the same numbers again
 *   print(torch.rand(2, { device: 'cuda' }));
 * } else print('no CUDA device');
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     state = torch.cuda.get_rng_state()
 *     print(torch.rand(2, device='cuda'))
 *     torch.cuda.set_rng_state(state)
 *     print(torch.rand(2, device='cuda'))
 * else:
 *     print('no CUDA device')
 * ```
 */
export function set_rng_state(new_state: Tensor, device?: DeviceLike | null): void;
export function set_rng_state(...args: unknown[]): void {
  const { new_state, device } = SET_RNG_STATE.read(args);
  generator_of(device).set_state(new_state);
}
export * as amp from './amp/index.js';
export * from '../absent/cuda.js';
