/** Which CUDA devices there are, and what they are: what of `torch.cuda` asks about devices and selects them. */
import { cuda_native, has_cuda_native } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { tensor } from '../creation.js';
import { Generator } from '../random.js';
import type { UntypedStorage } from '../storage.js';
import type { TypedStorage } from '../typed_storage.js';
import type { Tensor } from '../_tensor.js';
import type { DeviceLike } from '../types/device.js';
import { bfloat16 } from '../types/dtype.js';
import { count, device_mode, given_index, index_of, is_ready, lazy_init, present_index } from './device_index.js';

type OfDevice = { device?: DeviceLike | null };
const of_device = (callee: string) => signature<OfDevice>(callee, 'device?: device|None');

const CALLS = {
  get_device_name: of_device('get_device_name'),
  get_device_capability: of_device('get_device_capability'),
  get_device_properties: of_device('get_device_properties'),
  synchronize: of_device('synchronize'),
  set_device: signature<{ device: DeviceLike | null }>('set_device', 'device: device|None'),
  device: signature<{ device: DeviceLike | null; fn?: () => unknown }>('device', 'device: device|None, fn?: Callable'),
  device_of: signature<{ obj: Tensor | TypedStorage | UntypedStorage; fn?: () => unknown }>(
    'device_of',
    'obj: Tensor|TypedStorage|UntypedStorage, fn?: Callable',
  ),
  is_bf16_supported: signature<{ including_emulation?: boolean }>('is_bf16_supported', 'including_emulation?: bool'),
  can_device_access_peer: signature<{ device: DeviceLike | null; peer_device: DeviceLike | null }>(
    'can_device_access_peer',
    'device: device|None, peer_device: device|None',
  ),
  set_sync_debug_mode: signature<{ debug_mode: number | string }>('set_sync_debug_mode', 'debug_mode: int|str'),
};

/** Whether libtorch computes in half precision; always true. Mirrors `torch.cuda.has_half`. */
export const has_half = true;

/** Whether libtorch was built with MAGMA. Mirrors `torch.cuda.has_magma`. */
export const has_magma: boolean = native.show_config().includes('Magma');

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
  return count();
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
  return count() > 0;
}

/**
 * Whether CUDA has been initialized, which the first use of a device does. Mirrors `torch.cuda.is_initialized`.
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.init();
 * print(torch.cuda.is_initialized() === torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.init()
 * print(torch.cuda.is_initialized() == torch.cuda.is_available())
 * ```
 */
export function is_initialized(): boolean;
export function is_initialized(...none: unknown[]): boolean {
  no_arguments('is_initialized', none);
  return is_ready();
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
  lazy_init();
}

/** What CUDA says about a device: see {@link get_device_properties}. */
export interface CudaDeviceProperties {
  /** Such as `NVIDIA H100 80GB HBM3`. */
  readonly name: string;
  /** The first number of the compute capability. */
  readonly major: number;
  /** The second number of the compute capability. */
  readonly minor: number;
  /** In bytes. */
  readonly total_memory: number;
  readonly multi_processor_count: number;
  readonly max_threads_per_multi_processor: number;
  readonly max_threads_per_block: number;
  readonly regs_per_multiprocessor: number;
  readonly warp_size: number;
  readonly shared_memory_per_block: number;
  readonly shared_memory_per_block_optin: number;
  readonly shared_memory_per_multiprocessor: number;
  readonly L2_cache_size: number;
  /** In kHz. */
  readonly clock_rate: number;
  /** In kHz. */
  readonly memory_clock_rate: number;
  /** In bits. */
  readonly memory_bus_width: number;
  readonly is_integrated: number;
  readonly is_multi_gpu_board: number;
  readonly pci_bus_id: number;
  readonly pci_device_id: number;
  readonly pci_domain_id: number;
  /** As nvidia-smi writes it, without `GPU-`. */
  readonly uuid: string;
}

const properties = new Map<number, CudaDeviceProperties>();

/** The properties as Python prints them. */
function properties_text(of: CudaDeviceProperties): string {
  const megabytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));
  return (
    `_CudaDeviceProperties(name='${of.name}', major=${of.major}, minor=${of.minor}, ` +
    `total_memory=${megabytes(of.total_memory)}MB, multi_processor_count=${of.multi_processor_count}, ` +
    `uuid=${of.uuid}, pci_bus_id=${of.pci_bus_id}, pci_device_id=${of.pci_device_id}, ` +
    `pci_domain_id=${of.pci_domain_id}, L2_cache_size=${megabytes(of.L2_cache_size)}MB)`
  );
}

function properties_of(callee: string, device: DeviceLike | null | undefined): CudaDeviceProperties {
  const index = present_index(device);
  let found = properties.get(index);
  if (found === undefined) {
    found = cuda_native(callee).properties(index) as unknown as CudaDeviceProperties;
    const text = properties_text(found);
    Object.defineProperties(found, {
      toString: { value: () => text },
      [Symbol.for('nodejs.util.inspect.custom')]: { value: () => text },
    });
    properties.set(index, Object.freeze(found));
  }
  return found;
}

/**
 * What CUDA says about a device: its name, memory, multiprocessors and so on. Mirrors `torch.cuda.get_device_properties`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used, or there is no such device
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.get_device_properties().warp_size : 32);
 * ```
 * ```python
 * print(torch.cuda.get_device_properties().warp_size if torch.cuda.is_available() else 32)
 * ```
 */
export function get_device_properties(device?: DeviceLike | null): CudaDeviceProperties;
export function get_device_properties(...args: unknown[]): CudaDeviceProperties {
  return properties_of('get_device_properties', CALLS.get_device_properties.read(args).device);
}

/**
 * The name of a device, such as `NVIDIA H100 80GB HBM3`. Mirrors `torch.cuda.get_device_name`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used, or there is no such device
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
  const { device } = CALLS.get_device_name.read(args);
  const index = present_index(device);
  // The driver knows the name too, where the addon for CUDA was not built.
  return has_cuda_native() ? properties_of('get_device_name', index).name : native.cuda_device_name(index);
}

/**
 * The compute capability of a device. Mirrors `torch.cuda.get_device_capability`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used, or there is no such device
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.get_device_capability().length : 2);
 * ```
 * ```python
 * print(len(torch.cuda.get_device_capability()) if torch.cuda.is_available() else 2)
 * ```
 */
export function get_device_capability(device?: DeviceLike | null): [major: number, minor: number];
export function get_device_capability(...args: unknown[]): [major: number, minor: number] {
  const { major, minor } = properties_of('get_device_capability', CALLS.get_device_capability.read(args).device);
  return [major, minor];
}

/** What libtorch's configuration says it was compiled for, as in `arch=compute_90,code=sm_90`. */
const COMPILED_FOR = /code=((?:sm|compute)_\w+)/g;

function architectures(): string[] {
  const line = native
    .show_config()
    .split('\n')
    .find((text) => text.includes('NVCC architecture flags'));
  return [...(line ?? '').matchAll(COMPILED_FOR)].map(([, name]) => name!);
}

/**
 * The architectures that this libtorch was compiled for, such as `sm_90`; none on a CPU build. Mirrors `torch.cuda.get_arch_list`.
 * @example
 * ```ts
 * print(torch.cuda.get_arch_list().length > 0 === torch.backends.cuda.is_built());
 * ```
 * ```python
 * print((len(torch.cuda.get_arch_list()) > 0) == torch.backends.cuda.is_built())
 * ```
 */
export function get_arch_list(...none: []): string[] {
  no_arguments('get_arch_list', none);
  return architectures();
}

/**
 * The flags of NVIDIA's compiler for the architectures that this libtorch was compiled for. Mirrors `torch.cuda.get_gencode_flags`.
 * @example
 * ```ts
 * print(torch.cuda.get_gencode_flags().startsWith('-gencode') === torch.backends.cuda.is_built());
 * ```
 * ```python
 * print(torch.cuda.get_gencode_flags().startswith('-gencode') == torch.backends.cuda.is_built())
 * ```
 */
export function get_gencode_flags(...none: []): string {
  no_arguments('get_gencode_flags', none);
  return architectures()
    .map((name) => name.split('_') as [string, string])
    .map(([kind, number]) => `-gencode compute=compute_${number},code=${kind}_${number}`)
    .join(' ');
}

/**
 * Whether the current device computes in bfloat16. Mirrors `torch.cuda.is_bf16_supported`.
 * @param including_emulation - whether it may emulate it; default true
 * @example
 * ```ts
 * print(torch.cuda.is_bf16_supported() ? torch.cuda.is_available() : true);
 * ```
 * ```python
 * print(torch.cuda.is_available() if torch.cuda.is_bf16_supported() else True)
 * ```
 */
export function is_bf16_supported(including_emulation?: boolean): boolean;
export function is_bf16_supported(options: { including_emulation?: boolean }): boolean;
export function is_bf16_supported(...args: unknown[]): boolean {
  return computes_in_bfloat16('is_bf16_supported', CALLS.is_bf16_supported.read(args).including_emulation ?? true);
}

function computes_in_bfloat16(callee: string, including_emulation: boolean): boolean {
  if (count() === 0) return false;
  if (properties_of(callee, null).major >= 8) return true;
  if (!including_emulation) return false;
  try {
    tensor([1], { dtype: bfloat16, device: 'cuda' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the current device multiplies matrices in TF32. Mirrors `torch.cuda.is_tf32_supported`.
 * @example
 * ```ts
 * print(torch.cuda.is_tf32_supported() ? torch.cuda.is_available() : true);
 * ```
 * ```python
 * print(torch.cuda.is_available() if torch.cuda.is_tf32_supported() else True)
 * ```
 */
export function is_tf32_supported(...none: []): boolean {
  no_arguments('is_tf32_supported', none);
  return computes_in_bfloat16('is_tf32_supported', false);
}

/**
 * Whether a device can read the memory of another one. Mirrors `torch.cuda.can_device_access_peer`.
 * @param device - the device that reads; null is the current one
 * @param peer_device - the other device
 * @throws Error when CUDA cannot be used, or there is no such device
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.can_device_access_peer(0, 0) : false);
 * ```
 * ```python
 * print(torch.cuda.can_device_access_peer(0, 0) if torch.cuda.is_available() else False)
 * ```
 */
export function can_device_access_peer(device: DeviceLike | null, peer_device: DeviceLike): boolean;
export function can_device_access_peer(...args: unknown[]): boolean {
  const { device, peer_device } = CALLS.can_device_access_peer.read(args);
  const index = present_index(device);
  const peer = present_index(given_index(peer_device), 'Invalid peer device id');
  return cuda_native('can_device_access_peer').can_access_peer(index, peer);
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
  lazy_init();
  return native.device_current('cuda');
}

/**
 * Sets the current device. Mirrors `torch.cuda.set_device`.
 * @param device - the device, or its index; a negative one changes nothing
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
  const index = given_index(CALLS.set_device.read(args).device);
  if (index < 0) return;
  lazy_init();
  native.device_set_current(`cuda:${index}`);
}

/**
 * Selects a device in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors `torch.cuda.device`.
 * @param device - the device, or its index; a negative one changes nothing
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.device(-1, () => torch.ones(2)));
 * ```
 * ```python
 * with torch.cuda.device(-1):
 *     print(torch.ones(2))
 * ```
 */
export function device<T>(device: DeviceLike | null, fn: () => T): T;
export function device(device: DeviceLike | null | { device: DeviceLike | null }): Guard;
export function device(...args: unknown[]): unknown {
  const { device: selected, fn } = CALLS.device.read(args);
  return run_or_guard(
    'device',
    device_mode(() => index_of(selected)),
    fn,
  );
}

/**
 * Selects the device of a tensor or a storage in a function, in a block of `using`, or in a method; see {@link Guard}. What is not
 * on a CUDA device changes nothing. Mirrors `torch.cuda.device_of`.
 * @param obj - the tensor or storage
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @example
 * ```ts
 * print(torch.cuda.device_of(torch.ones(2), () => torch.zeros(2)));
 * ```
 * ```python
 * with torch.cuda.device_of(torch.ones(2)):
 *     print(torch.zeros(2))
 * ```
 */
export function device_of<T>(obj: Tensor | TypedStorage | UntypedStorage, fn: () => T): T;
export function device_of(
  obj: Tensor | TypedStorage | UntypedStorage | { obj: Tensor | TypedStorage | UntypedStorage },
): Guard;
export function device_of(...args: unknown[]): unknown {
  const { obj, fn } = CALLS.device_of.read(args);
  return run_or_guard(
    'device_of',
    device_mode(() => (obj.device.type === 'cuda' ? (obj.device.index ?? 0) : -1)),
    fn,
  );
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
  const { device } = CALLS.synchronize.read(args);
  lazy_init();
  native.device_synchronize(`cuda:${index_of(device)}`);
}

/**
 * Releases memory that other processes had been given and no longer use. Tensors of CUDA devices do not go to other processes here,
 * so that there is nothing to release. Mirrors `torch.cuda.ipc_collect`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.ipc_collect();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.ipc_collect()
 * print(torch.cuda.is_available())
 * ```
 */
export function ipc_collect(...none: []): void {
  no_arguments('ipc_collect', none);
  lazy_init();
}

/**
 * The handle of cuBLAS for the current stream: a `cublasHandle_t` as a number. Mirrors `torch.cuda.current_blas_handle`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.current_blas_handle() > 0 : true);
 * ```
 * ```python
 * print(torch.cuda.current_blas_handle() > 0 if torch.cuda.is_available() else True)
 * ```
 */
export function current_blas_handle(...none: []): bigint {
  no_arguments('current_blas_handle', none);
  lazy_init();
  return cuda_native('current_blas_handle').blas_handle();
}

/**
 * The handle of cuSOLVER for the current stream: a `cusolverDnHandle_t` as a number. Mirrors `torch.cuda.current_solver_handle`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.current_solver_handle() > 0 : true);
 * ```
 * ```python
 * print(torch.cuda.current_solver_handle() > 0 if torch.cuda.is_available() else True)
 * ```
 */
export function current_solver_handle(...none: []): bigint {
  no_arguments('current_solver_handle', none);
  lazy_init();
  return cuda_native('current_solver_handle').solver_handle();
}

const SYNC_MODES = ['default', 'warn', 'error'];

/**
 * Lets operators that wait for the device warn or throw, to find them. Mirrors `torch.cuda.set_sync_debug_mode`.
 * @param debug_mode - `'default'` (0), `'warn'` (1) or `'error'` (2)
 * @throws Error for another mode, or when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.set_sync_debug_mode('default');
 * print(torch.cuda.is_available() ? torch.cuda.get_sync_debug_mode() : 0);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.set_sync_debug_mode('default')
 * print(torch.cuda.get_sync_debug_mode() if torch.cuda.is_available() else 0)
 * ```
 */
export function set_sync_debug_mode(debug_mode: number | 'default' | 'warn' | 'error'): void;
export function set_sync_debug_mode(...args: unknown[]): void {
  const { debug_mode } = CALLS.set_sync_debug_mode.read(args);
  lazy_init();
  const mode = typeof debug_mode === 'string' ? SYNC_MODES.indexOf(debug_mode) : debug_mode;
  if (SYNC_MODES[mode] === undefined) {
    throw new Error('invalid value of debug_mode, expected one of `default`, `warn`, `error`');
  }
  cuda_native('set_sync_debug_mode').set_sync_debug_mode(mode);
}

/**
 * What operators that wait for the device do: 0 (nothing), 1 (warn) or 2 (throw). Mirrors `torch.cuda.get_sync_debug_mode`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.get_sync_debug_mode() : 0);
 * ```
 * ```python
 * print(torch.cuda.get_sync_debug_mode() if torch.cuda.is_available() else 0)
 * ```
 */
export function get_sync_debug_mode(...none: []): number {
  no_arguments('get_sync_debug_mode', none);
  lazy_init();
  return cuda_native('get_sync_debug_mode').sync_debug_mode();
}

/** The generators of all devices, in their order. Mirrors `torch.cuda.default_generators`. */
export const default_generators: readonly Generator[] = new Proxy<Generator[]>([], {
  // Devices are counted at the first question only: a program that uses none opens no driver.
  get(target, name) {
    for (let i = target.length; i < count(); i++) {
      target.push(Generator._from_native(native.generator_default(`cuda:${i}`)));
    }
    return Reflect.get(target, name) as unknown;
  },
});
