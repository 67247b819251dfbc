/** The device of new tensors that name none: `torch.set_default_device`. */
import { Device, device_text, initialize_device, type DeviceLike } from './device.js';
import { device_type } from './device_types.js';
import { native } from '../_C/native.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { no_arguments, signature } from '../_internal/signature.js';

let current: string | null = null;

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

/** The default device as an argument; undefined when there is none but libtorch's own. @internal */
export function default_device(): string | undefined {
  return current ?? undefined;
}

/** The arguments of a factory, with the default device where they name none. @internal */
export function placed(args: unknown[]): unknown[] {
  if (current === null) return args;
  const last = args[args.length - 1];
  if (!is_plain_object(last)) return [...args, { device: current }];
  if (last['device'] !== undefined && last['device'] !== null) return args;
  return [...args.slice(0, -1), { ...last, device: current }];
}

const SET_DEFAULT_DEVICE = signature<{ device: DeviceLike | null; fn?: () => unknown }>(
  'set_default_device',
  'device: device|None, fn?: Callable',
);

function default_device_mode(device: string | null): Mode<string | null> {
  return {
    enter: () => {
      const before = current;
      current = device;
      return before;
    },
    leave: (before) => {
      current = before;
    },
  };
}

/**
 * Sets the default device of new tensors, permanently or while a function runs (Python's `with torch.device(...)`).
 * Mirrors `torch.set_default_device`.
 *
 * @param device - the device; null for that of libtorch, the CPU
 * @param fn - a synchronous function that runs with this default, which is restored afterwards
 * @returns what `fn` returned
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
export function set_default_device(device: DeviceLike | null): void;
export function set_default_device<T>(device: DeviceLike | null, fn: () => T): T;
export function set_default_device(options: { device: DeviceLike | null }): void;
export function set_default_device(...args: unknown[]): unknown {
  const { device, fn } = SET_DEFAULT_DEVICE.read(args);
  const wanted = device === null ? null : new Device(device_text(device)).toString();
  if (wanted !== null && device_type(wanted)?.accelerator) initialize_device(wanted);
  if (fn) return run_in_mode('set_default_device', default_device_mode(wanted), fn);
  current = wanted;
  return undefined;
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
  const device = new Device(current ?? 'cpu');
  if (device.index !== null || !device_type(device.type)?.accelerator) return device;
  return new Device(device.type, native.device_current(device.type));
}
