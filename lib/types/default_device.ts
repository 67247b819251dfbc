/** The device of new tensors that name none: `torch.set_default_device`. */
import { Device, device_text, is_accelerator, type DeviceLike } from './device.js';
import { native } from '../_C/native.js';
import { default_device, default_device_mode } from './device_mode.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { run_or_set, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';

/**
 * The functions that the default device is for: those of PyTorch that make tensors from nothing. `lib/creation.ts` and
 * `lib/nested/index.ts` ask by themselves.
 */
export const factories: ReadonlySet<string> = new Set([
  'arange',
  'bartlett_window',
  'blackman_window',
  'empty',
  'empty_permuted',
  'empty_quantized',
  'empty_strided',
  'eye',
  'full',
  'hamming_window',
  'hann_window',
  'kaiser_window',
  'linspace',
  'logspace',
  'ones',
  'rand',
  'randint',
  'randn',
  'randperm',
  'range',
  'sparse_bsc_tensor',
  'sparse_bsr_tensor',
  'sparse_compressed_tensor',
  'sparse_coo_tensor',
  'sparse_csc_tensor',
  'sparse_csr_tensor',
  'tril_indices',
  'triu_indices',
  'zeros',
  'fftfreq',
  'rfftfreq',
]);

export { default_device } from './device_mode.js';

/** The arguments of a factory, with the default device where they name none. @internal */
export function with_default_device(args: unknown[]): unknown[] {
  const current = default_device();
  if (current === undefined) return args;
  const last = args[args.length - 1];
  if (!is_plain_object(last)) return [...args, { device: current }];
  if (last['device'] !== undefined && last['device'] !== null) return args;
  return [...args.slice(0, -1), { ...last, device: current }];
}

const SET_DEFAULT_DEVICE = signature<{ device: DeviceLike | null; fn?: () => unknown }>(
  'set_default_device',
  'device: device|None, fn?: Callable',
);

/**
 * Sets the default device of new tensors: from now on, while a function runs, until the end of a block of `using`, or in a
 * method; see {@link Guard}. Mirrors `torch.set_default_device`, and Python's `with torch.device(...)`.
 *
 * @param device - the device; null for that of libtorch, the CPU
 * @param fn - a synchronous function that runs with this default, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws Error when libtorch does not know or have the device
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.set_default_device('meta', () => torch.ones(2));
 * print(x.device, torch.ones(2).device);
 * ```
 * ```python
 * with torch.device('meta'):
 *     x = torch.ones(2)
 * print(x.device, torch.ones(2).device)
 * ```
 */
export function set_default_device(device: DeviceLike | null): Guard;
export function set_default_device<T>(device: DeviceLike | null, fn: () => T): T;
export function set_default_device(options: { device: DeviceLike | null }): Guard;
export function set_default_device(...args: unknown[]): unknown {
  const { device, fn } = SET_DEFAULT_DEVICE.read(args);
  const mode = device === null ? default_device_mode(null) : new Device(device_text(device))._mode();
  return run_or_set('set_default_device', mode, fn);
}

/**
 * The default device of new tensors. Mirrors `torch.get_default_device`.
 * @example
 * ```ts
 * print(torch.get_default_device());
 * ```
 * ```python
 * print(torch.get_default_device())
 * ```
 */
export function get_default_device(): Device;
export function get_default_device(...none: unknown[]): Device {
  no_arguments('get_default_device', none);
  const device = new Device(default_device() ?? 'cpu');
  if (device.index !== null || !is_accelerator(device.type)) return device;
  return new Device(device.type, native.device_current(device.type));
}
