/**
 * What autocast is set to in this thread, by type of device: `torch.is_autocast_enabled` and the functions beside it. libtorch holds
 * it; `torch.autocast` sets it for a region.
 */
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { dtype_of, type DType } from '../types/dtype.js';

// What native/core/autocast.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    autocast_available(device: string): boolean;
    autocast_enabled(device: string): boolean;
    set_autocast_enabled(device: string, enabled: boolean): void;
    autocast_dtype(device: string): number;
    set_autocast_dtype(device: string, dtype: number): void;
    autocast_cache_enabled(): boolean;
    set_autocast_cache_enabled(enabled: boolean): void;
    clear_autocast_cache(): void;
    /** Enters a region, or leaves one. @returns how many are open now */
    autocast_nesting(deeper: boolean): number;
  }
}

const IS_ENABLED = signature<{ device_type?: string }>('is_autocast_enabled', 'device_type?: str');
const SET_ENABLED = {
  of_device: signature<{ device_type: string; enabled: boolean }>(
    'set_autocast_enabled',
    'device_type: str, enabled: bool',
  ),
  of_cuda: signature<{ enabled: boolean }>('set_autocast_enabled', 'enabled: bool'),
};
const GET_DTYPE = signature<{ device_type: string }>('get_autocast_dtype', 'device_type: str');
const SET_DTYPE = signature<{ device_type: string; dtype: DType }>(
  'set_autocast_dtype',
  'device_type: str, dtype: dtype',
);
const SET_CACHE_ENABLED = signature<{ enabled: boolean }>('set_autocast_cache_enabled', 'enabled: bool');

/**
 * Whether autocast is enabled for a type of device, as in a region of `torch.autocast`. Mirrors `torch.is_autocast_enabled`.
 *
 * @param device_type - such as `'cpu'`; default `'cuda'`
 * @throws Error for what is not a device, and for a type of device without autocast
 * @example
 * ```ts
 * print(torch.is_autocast_enabled('cpu'), torch.is_autocast_enabled());
 * print(torch.autocast('cpu', () => torch.is_autocast_enabled('cpu')));
 * ```
 * ```python
 * print(torch.is_autocast_enabled('cpu'), torch.is_autocast_enabled())
 * with torch.autocast('cpu'): print(torch.is_autocast_enabled('cpu'))
 * ```
 */
export function is_autocast_enabled(device_type?: string): boolean;
export function is_autocast_enabled(options: { device_type?: string }): boolean;
export function is_autocast_enabled(...args: unknown[]): boolean {
  return native.autocast_enabled(IS_ENABLED.read(args).device_type ?? 'cuda');
}

/**
 * Enables or disables autocast for a type of device from now on; `torch.autocast` does so for a region. Mirrors
 * `torch.set_autocast_enabled`.
 *
 * @param device_type - such as `'cpu'`; `'cuda'` where it is left out: `torch.set_autocast_enabled(true)`
 * @param enabled - whether operators cast their inputs
 * @throws Error for what is not a device, and for a type of device without autocast
 * @example
 * ```ts
 * torch.set_autocast_enabled('cpu', true);
 * print(torch.ones(1, 2).mm(torch.ones(2, 1)));
 * torch.set_autocast_enabled('cpu', false);
 * ```
 * ```python
 * torch.set_autocast_enabled('cpu', True)
 * print(torch.ones(1, 2).mm(torch.ones(2, 1)))
 * torch.set_autocast_enabled('cpu', False)
 * ```
 */
export function set_autocast_enabled(device_type: string, enabled: boolean): void;
export function set_autocast_enabled(enabled: boolean): void;
export function set_autocast_enabled(device_type: string, options: { enabled: boolean }): void;
export function set_autocast_enabled(options: { device_type?: string; enabled: boolean }): void;
export function set_autocast_enabled(...args: unknown[]): void {
  const [first] = args;
  const of_cuda = typeof first === 'boolean' && args.length === 1;
  const { device_type, enabled } = of_cuda
    ? { device_type: 'cuda', ...SET_ENABLED.of_cuda.read(args) }
    : SET_ENABLED.of_device.read(args);
  native.set_autocast_enabled(device_type, enabled);
}

/**
 * The dtype that autocast uses for a type of device where a region names none. Mirrors `torch.get_autocast_dtype`.
 *
 * @param device_type - such as `'cuda'`
 * @throws Error for what is not a device, and for a type of device without autocast
 * @example
 * ```ts
 * print(torch.get_autocast_dtype('cpu'), torch.get_autocast_dtype('cuda'));
 * ```
 * ```python
 * print(torch.get_autocast_dtype('cpu'), torch.get_autocast_dtype('cuda'))
 * ```
 */
export function get_autocast_dtype(device_type: string): DType;
export function get_autocast_dtype(options: { device_type: string }): DType;
export function get_autocast_dtype(...args: unknown[]): DType {
  return dtype_of(native.autocast_dtype(GET_DTYPE.read(args).device_type));
}

/**
 * Sets the dtype that autocast uses for a type of device where a region names none. Mirrors `torch.set_autocast_dtype`.
 *
 * @param device_type - such as `'cuda'`
 * @param dtype - usually `torch.float16` or `torch.bfloat16`
 * @throws Error for what is not a device
 * @example
 * ```ts
 * torch.set_autocast_dtype('cpu', torch.float16);
 * print(torch.autocast('cpu', () => torch.ones(1, 2).mm(torch.ones(2, 1))));
 * torch.set_autocast_dtype('cpu', torch.bfloat16);
 * ```
 * ```python
 * torch.set_autocast_dtype('cpu', torch.float16)
 * with torch.autocast('cpu'): print(torch.ones(1, 2).mm(torch.ones(2, 1)))
 * torch.set_autocast_dtype('cpu', torch.bfloat16)
 * ```
 */
export function set_autocast_dtype(device_type: string, dtype: DType): void;
export function set_autocast_dtype(device_type: string, options: { dtype: DType }): void;
export function set_autocast_dtype(options: { device_type: string; dtype: DType }): void;
export function set_autocast_dtype(...args: unknown[]): void {
  const { device_type, dtype } = SET_DTYPE.read(args);
  native.set_autocast_dtype(device_type, dtype.code);
}

/**
 * Whether a region of autocast keeps the copies of parameters that it has cast, instead of casting them at each use. Mirrors
 * `torch.is_autocast_cache_enabled`.
 *
 * @example
 * ```ts
 * print(torch.is_autocast_cache_enabled());
 * ```
 * ```python
 * print(torch.is_autocast_cache_enabled())
 * ```
 */
export function is_autocast_cache_enabled(): boolean;
export function is_autocast_cache_enabled(...none: unknown[]): boolean {
  no_arguments('is_autocast_cache_enabled', none);
  return native.autocast_cache_enabled();
}

/**
 * Sets whether regions of autocast keep the copies of parameters that they have cast. Mirrors
 * `torch.set_autocast_cache_enabled`.
 *
 * @param enabled - whether they are kept
 * @example
 * ```ts
 * torch.set_autocast_cache_enabled(false);
 * print(torch.is_autocast_cache_enabled());
 * torch.set_autocast_cache_enabled(true);
 * ```
 * ```python
 * torch.set_autocast_cache_enabled(False)
 * print(torch.is_autocast_cache_enabled())
 * torch.set_autocast_cache_enabled(True)
 * ```
 */
export function set_autocast_cache_enabled(enabled: boolean): void;
export function set_autocast_cache_enabled(...args: unknown[]): void {
  native.set_autocast_cache_enabled(SET_CACHE_ENABLED.read(args).enabled);
}

/**
 * Frees the copies of parameters that regions of autocast keep; the end of the outermost region does it too. Mirrors
 * `torch.clear_autocast_cache`.
 *
 * @example
 * ```ts
 * const w = torch.ones(2, 1, { requires_grad: true });
 * {
 *   using _ = torch.autocast('cpu');
 *   print(torch.ones(1, 2).mm(w));
 *   torch.no_grad(() => w.add_(1));
 *   print(torch.ones(1, 2).mm(w)); // with the copy of before
 *   torch.clear_autocast_cache();
 *   print(torch.ones(1, 2).mm(w));
 * }
 * ```
 * ```python
 * w = torch.ones(2, 1, requires_grad=True)
 * with torch.autocast('cpu'):
 *     print(torch.ones(1, 2).mm(w))
 *     with torch.no_grad(): w.add_(1)
 *     print(torch.ones(1, 2).mm(w))
 *     torch.clear_autocast_cache()
 *     print(torch.ones(1, 2).mm(w))
 * ```
 */
export function clear_autocast_cache(): void;
export function clear_autocast_cache(...none: unknown[]): void {
  no_arguments('clear_autocast_cache', none);
  native.clear_autocast_cache();
}

/**
 * Counts one more open region of autocast, as `torch.autocast` does at its beginning. Mirrors `torch.autocast_increment_nesting`.
 *
 * @returns how many are open now
 * @example
 * ```ts
 * print(torch.autocast_increment_nesting(), torch.autocast_decrement_nesting());
 * ```
 * ```python
 * print(torch.autocast_increment_nesting(), torch.autocast_decrement_nesting())
 * ```
 */
export function autocast_increment_nesting(): number;
export function autocast_increment_nesting(...none: unknown[]): number {
  no_arguments('autocast_increment_nesting', none);
  return native.autocast_nesting(true);
}

/**
 * Counts one open region of autocast less; where none is left, {@link clear_autocast_cache} is due. Mirrors
 * `torch.autocast_decrement_nesting`.
 *
 * @returns how many are open now
 * @example
 * ```ts
 * print(torch.autocast_increment_nesting(), torch.autocast_decrement_nesting());
 * ```
 * ```python
 * print(torch.autocast_increment_nesting(), torch.autocast_decrement_nesting())
 * ```
 */
export function autocast_decrement_nesting(): number;
export function autocast_decrement_nesting(...none: unknown[]): number {
  no_arguments('autocast_decrement_nesting', none);
  return native.autocast_nesting(false);
}

// ---- The names of before, one for each type of device -------------------------------------------

function deprecated(name: string, argument: string, instead: string): void {
  warn(`torch.${name}(${argument}) is deprecated. Please use torch.${instead} instead.`, 'DeprecationWarning');
}

/**
 * As `torch.get_autocast_dtype('cpu')`. Deprecated. Mirrors `torch.get_autocast_cpu_dtype`.
 *
 * @example
 * ```ts
 * print(torch.get_autocast_cpu_dtype());
 * ```
 * ```python
 * print(torch.get_autocast_cpu_dtype())
 * ```
 */
export function get_autocast_cpu_dtype(): DType;
export function get_autocast_cpu_dtype(...none: unknown[]): DType {
  no_arguments('get_autocast_cpu_dtype', none);
  deprecated('get_autocast_cpu_dtype', '', "get_autocast_dtype('cpu')");
  return dtype_of(native.autocast_dtype('cpu'));
}

const SET_CPU_DTYPE = signature<{ dtype: DType }>('set_autocast_cpu_dtype', 'dtype: dtype');

/**
 * As `torch.set_autocast_dtype('cpu', dtype)`. Deprecated. Mirrors `torch.set_autocast_cpu_dtype`.
 *
 * @param dtype - the dtype of regions that name none
 * @example
 * ```ts
 * const before = torch.get_autocast_dtype('cpu');
 * torch.set_autocast_cpu_dtype(torch.float16);
 * print(torch.get_autocast_dtype('cpu'));
 * torch.set_autocast_cpu_dtype(before);
 * ```
 * ```python
 * before = torch.get_autocast_dtype('cpu')
 * torch.set_autocast_cpu_dtype(torch.float16)
 * print(torch.get_autocast_dtype('cpu'))
 * torch.set_autocast_cpu_dtype(before)
 * ```
 */
export function set_autocast_cpu_dtype(dtype: DType): void;
export function set_autocast_cpu_dtype(...args: unknown[]): void {
  const { dtype } = SET_CPU_DTYPE.read(args);
  deprecated('set_autocast_cpu_dtype', 'dtype', "set_autocast_dtype('cpu', dtype)");
  native.set_autocast_dtype('cpu', dtype.code);
}

/**
 * As `torch.is_autocast_enabled('cpu')`. Deprecated. Mirrors `torch.is_autocast_cpu_enabled`.
 *
 * @example
 * ```ts
 * print(torch.is_autocast_cpu_enabled());
 * ```
 * ```python
 * print(torch.is_autocast_cpu_enabled())
 * ```
 */
export function is_autocast_cpu_enabled(): boolean;
export function is_autocast_cpu_enabled(...none: unknown[]): boolean {
  no_arguments('is_autocast_cpu_enabled', none);
  deprecated('is_autocast_cpu_enabled', '', "is_autocast_enabled('cpu')");
  return native.autocast_enabled('cpu');
}

const SET_CPU_ENABLED = signature<{ enabled: boolean }>('set_autocast_cpu_enabled', 'enabled: bool');

/**
 * As `torch.set_autocast_enabled('cpu', enabled)`. Deprecated. Mirrors `torch.set_autocast_cpu_enabled`.
 *
 * @param enabled - whether operators cast their inputs
 * @example
 * ```ts
 * torch.set_autocast_cpu_enabled(true);
 * print(torch.is_autocast_enabled('cpu'));
 * torch.set_autocast_cpu_enabled(false);
 * ```
 * ```python
 * torch.set_autocast_cpu_enabled(True)
 * print(torch.is_autocast_enabled('cpu'))
 * torch.set_autocast_cpu_enabled(False)
 * ```
 */
export function set_autocast_cpu_enabled(enabled: boolean): void;
export function set_autocast_cpu_enabled(...args: unknown[]): void {
  const { enabled } = SET_CPU_ENABLED.read(args);
  deprecated('set_autocast_cpu_enabled', 'enabled', "set_autocast_enabled('cpu', enabled)");
  native.set_autocast_enabled('cpu', enabled);
}

/**
 * As `torch.get_autocast_dtype('cuda')`. Deprecated. Mirrors `torch.get_autocast_gpu_dtype`.
 *
 * @example
 * ```ts
 * print(torch.get_autocast_gpu_dtype());
 * ```
 * ```python
 * print(torch.get_autocast_gpu_dtype())
 * ```
 */
export function get_autocast_gpu_dtype(): DType;
export function get_autocast_gpu_dtype(...none: unknown[]): DType {
  no_arguments('get_autocast_gpu_dtype', none);
  deprecated('get_autocast_gpu_dtype', '', "get_autocast_dtype('cuda')");
  return dtype_of(native.autocast_dtype('cuda'));
}

const SET_GPU_DTYPE = signature<{ dtype: DType }>('set_autocast_gpu_dtype', 'dtype: dtype');

/**
 * As `torch.set_autocast_dtype('cuda', dtype)`. Deprecated. Mirrors `torch.set_autocast_gpu_dtype`.
 *
 * @param dtype - the dtype of regions that name none
 * @example
 * ```ts
 * const before = torch.get_autocast_dtype('cuda');
 * torch.set_autocast_gpu_dtype(torch.float16);
 * print(torch.get_autocast_dtype('cuda'));
 * torch.set_autocast_gpu_dtype(before);
 * ```
 * ```python
 * before = torch.get_autocast_dtype('cuda')
 * torch.set_autocast_gpu_dtype(torch.float16)
 * print(torch.get_autocast_dtype('cuda'))
 * torch.set_autocast_gpu_dtype(before)
 * ```
 */
export function set_autocast_gpu_dtype(dtype: DType): void;
export function set_autocast_gpu_dtype(...args: unknown[]): void {
  const { dtype } = SET_GPU_DTYPE.read(args);
  deprecated('set_autocast_gpu_dtype', 'dtype', "set_autocast_dtype('cuda', dtype)");
  native.set_autocast_dtype('cuda', dtype.code);
}

/**
 * As `torch.get_autocast_dtype('ipu')`. Deprecated. Mirrors `torch.get_autocast_ipu_dtype`.
 *
 * @example
 * ```ts
 * print(torch.get_autocast_ipu_dtype());
 * ```
 * ```python
 * print(torch.get_autocast_ipu_dtype())
 * ```
 */
export function get_autocast_ipu_dtype(): DType;
export function get_autocast_ipu_dtype(...none: unknown[]): DType {
  no_arguments('get_autocast_ipu_dtype', none);
  deprecated('get_autocast_ipu_dtype', '', "get_autocast_dtype('ipu')");
  return dtype_of(native.autocast_dtype('ipu'));
}

const SET_IPU_DTYPE = signature<{ dtype: DType }>('set_autocast_ipu_dtype', 'dtype: dtype');

/**
 * As `torch.set_autocast_dtype('ipu', dtype)`. Deprecated. Mirrors `torch.set_autocast_ipu_dtype`.
 *
 * @param dtype - the dtype of regions that name none
 * @example
 * ```ts
 * const before = torch.get_autocast_dtype('ipu');
 * torch.set_autocast_ipu_dtype(torch.float16);
 * print(torch.get_autocast_dtype('ipu'));
 * torch.set_autocast_ipu_dtype(before);
 * ```
 * ```python
 * before = torch.get_autocast_dtype('ipu')
 * torch.set_autocast_ipu_dtype(torch.float16)
 * print(torch.get_autocast_dtype('ipu'))
 * torch.set_autocast_ipu_dtype(before)
 * ```
 */
export function set_autocast_ipu_dtype(dtype: DType): void;
export function set_autocast_ipu_dtype(...args: unknown[]): void {
  const { dtype } = SET_IPU_DTYPE.read(args);
  deprecated('set_autocast_ipu_dtype', 'dtype', "set_autocast_dtype('ipu', dtype)");
  native.set_autocast_dtype('ipu', dtype.code);
}

/**
 * As `torch.is_autocast_enabled('ipu')`. Deprecated. Mirrors `torch.is_autocast_ipu_enabled`.
 *
 * @example
 * ```ts
 * print(torch.is_autocast_ipu_enabled());
 * ```
 * ```python
 * print(torch.is_autocast_ipu_enabled())
 * ```
 */
export function is_autocast_ipu_enabled(): boolean;
export function is_autocast_ipu_enabled(...none: unknown[]): boolean {
  no_arguments('is_autocast_ipu_enabled', none);
  deprecated('is_autocast_ipu_enabled', '', "is_autocast_enabled('ipu')");
  return native.autocast_enabled('ipu');
}

const SET_IPU_ENABLED = signature<{ enabled: boolean }>('set_autocast_ipu_enabled', 'enabled: bool');

/**
 * As `torch.set_autocast_enabled('ipu', enabled)`. Deprecated. Mirrors `torch.set_autocast_ipu_enabled`.
 *
 * @param enabled - whether operators cast their inputs
 * @example
 * ```ts
 * torch.set_autocast_ipu_enabled(true);
 * print(torch.is_autocast_enabled('ipu'));
 * torch.set_autocast_ipu_enabled(false);
 * ```
 * ```python
 * torch.set_autocast_ipu_enabled(True)
 * print(torch.is_autocast_enabled('ipu'))
 * torch.set_autocast_ipu_enabled(False)
 * ```
 */
export function set_autocast_ipu_enabled(enabled: boolean): void;
export function set_autocast_ipu_enabled(...args: unknown[]): void {
  const { enabled } = SET_IPU_ENABLED.read(args);
  deprecated('set_autocast_ipu_enabled', 'enabled', "set_autocast_enabled('ipu', enabled)");
  native.set_autocast_enabled('ipu', enabled);
}

/**
 * As `torch.get_autocast_dtype('xla')`. Deprecated. Mirrors `torch.get_autocast_xla_dtype`.
 *
 * @example
 * ```ts
 * print(torch.get_autocast_xla_dtype());
 * ```
 * ```python
 * print(torch.get_autocast_xla_dtype())
 * ```
 */
export function get_autocast_xla_dtype(): DType;
export function get_autocast_xla_dtype(...none: unknown[]): DType {
  no_arguments('get_autocast_xla_dtype', none);
  deprecated('get_autocast_xla_dtype', '', "get_autocast_dtype('xla')");
  return dtype_of(native.autocast_dtype('xla'));
}

const SET_XLA_DTYPE = signature<{ dtype: DType }>('set_autocast_xla_dtype', 'dtype: dtype');

/**
 * As `torch.set_autocast_dtype('xla', dtype)`. Deprecated. Mirrors `torch.set_autocast_xla_dtype`.
 *
 * @param dtype - the dtype of regions that name none
 * @example
 * ```ts
 * const before = torch.get_autocast_dtype('xla');
 * torch.set_autocast_xla_dtype(torch.float16);
 * print(torch.get_autocast_dtype('xla'));
 * torch.set_autocast_xla_dtype(before);
 * ```
 * ```python
 * before = torch.get_autocast_dtype('xla')
 * torch.set_autocast_xla_dtype(torch.float16)
 * print(torch.get_autocast_dtype('xla'))
 * torch.set_autocast_xla_dtype(before)
 * ```
 */
export function set_autocast_xla_dtype(dtype: DType): void;
export function set_autocast_xla_dtype(...args: unknown[]): void {
  const { dtype } = SET_XLA_DTYPE.read(args);
  deprecated('set_autocast_xla_dtype', 'dtype', "set_autocast_dtype('xla', dtype)");
  native.set_autocast_dtype('xla', dtype.code);
}

/**
 * As `torch.is_autocast_enabled('xla')`. Deprecated. Mirrors `torch.is_autocast_xla_enabled`.
 *
 * @example
 * ```ts
 * print(torch.is_autocast_xla_enabled());
 * ```
 * ```python
 * print(torch.is_autocast_xla_enabled())
 * ```
 */
export function is_autocast_xla_enabled(): boolean;
export function is_autocast_xla_enabled(...none: unknown[]): boolean {
  no_arguments('is_autocast_xla_enabled', none);
  deprecated('is_autocast_xla_enabled', '', "is_autocast_enabled('xla')");
  return native.autocast_enabled('xla');
}

const SET_XLA_ENABLED = signature<{ enabled: boolean }>('set_autocast_xla_enabled', 'enabled: bool');

/**
 * As `torch.set_autocast_enabled('xla', enabled)`. Deprecated. Mirrors `torch.set_autocast_xla_enabled`.
 *
 * @param enabled - whether operators cast their inputs
 * @example
 * ```ts
 * torch.set_autocast_xla_enabled(true);
 * print(torch.is_autocast_enabled('xla'));
 * torch.set_autocast_xla_enabled(false);
 * ```
 * ```python
 * torch.set_autocast_xla_enabled(True)
 * print(torch.is_autocast_enabled('xla'))
 * torch.set_autocast_xla_enabled(False)
 * ```
 */
export function set_autocast_xla_enabled(enabled: boolean): void;
export function set_autocast_xla_enabled(...args: unknown[]): void {
  const { enabled } = SET_XLA_ENABLED.read(args);
  deprecated('set_autocast_xla_enabled', 'enabled', "set_autocast_enabled('xla', enabled)");
  native.set_autocast_enabled('xla', enabled);
}
