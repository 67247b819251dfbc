/** Switches of libtorch as a whole: deterministic algorithms, precision, warnings, default types. */
import { set_default_device } from '../types/default_device.js';
import { set_default_dtype, tensor_type, TensorType } from '../types/dtype.js';
import { native } from '../_C/native.js';
import { text_or_kind } from '../_internal/representation.js';
import { no_arguments, signature } from '../_internal/signature.js';

// What native/core/context.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    switch_get(name: string): boolean;
    switch_set(name: string, on: boolean): void;
    deterministic(): number;
    set_deterministic(mode: number): void;
    matmul_precision(): string;
    set_matmul_precision(precision: string): void;
    set_flush_denormal(on: boolean): boolean;
    cpu_capability(): string;
    built_with(): string[];
  }
}

// The order is that of native/core/context.cpp.
const debug_modes = ['default', 'warn', 'error'] as const;

type DebugMode = (typeof debug_modes)[number] | 0 | 1 | 2;

const USE_DETERMINISTIC = signature<{ mode: boolean; warn_only?: boolean }>(
  'use_deterministic_algorithms',
  'mode: bool, *, warn_only?: bool',
);
const DEBUG_MODE = signature<{ debug_mode: DebugMode }>('set_deterministic_debug_mode', 'debug_mode: int|str');
const MATMUL_PRECISION = signature<{ precision: string }>('set_float32_matmul_precision', 'precision: str');
const FLUSH_DENORMAL = signature<{ mode: boolean }>('set_flush_denormal', 'mode: bool');
const WARN_ALWAYS = signature<{ b: boolean }>('set_warn_always', 'b: bool');
const TENSOR_TYPE = signature<{ t: TensorType | string }>('set_default_tensor_type', 't: TensorType|str');

/**
 * Requires operators to use deterministic algorithms; those without one throw, or warn with `warn_only`. Mirrors
 * `torch.use_deterministic_algorithms`.
 *
 * @param mode - whether to require them
 * @param options - `warn_only`: warn instead of throwing; default false
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * torch.use_deterministic_algorithms(true);
 * print(torch.are_deterministic_algorithms_enabled());
 * torch.use_deterministic_algorithms(false);
 * ```
 * ```python
 * torch.use_deterministic_algorithms(True)
 * print(torch.are_deterministic_algorithms_enabled())
 * torch.use_deterministic_algorithms(False)
 * ```
 */
export function use_deterministic_algorithms(mode: boolean, options?: { warn_only?: boolean }): void;
export function use_deterministic_algorithms(options: { mode: boolean; warn_only?: boolean }): void;
export function use_deterministic_algorithms(...args: unknown[]): void {
  const { mode, warn_only = false } = USE_DETERMINISTIC.read(args);
  native.set_deterministic(mode ? (warn_only ? 1 : 2) : 0);
}

/**
 * Whether deterministic algorithms are required. Mirrors `torch.are_deterministic_algorithms_enabled`.
 * @example
 * ```ts
 * print(torch.are_deterministic_algorithms_enabled());
 * ```
 * ```python
 * print(torch.are_deterministic_algorithms_enabled())
 * ```
 */
export function are_deterministic_algorithms_enabled(): boolean;
export function are_deterministic_algorithms_enabled(...none: unknown[]): boolean {
  no_arguments('are_deterministic_algorithms_enabled', none);
  return native.deterministic() !== 0;
}

/**
 * Whether operators without a deterministic algorithm only warn. Mirrors
 * `torch.is_deterministic_algorithms_warn_only_enabled`.
 * @example
 * ```ts
 * print(torch.is_deterministic_algorithms_warn_only_enabled());
 * ```
 * ```python
 * print(torch.is_deterministic_algorithms_warn_only_enabled())
 * ```
 */
export function is_deterministic_algorithms_warn_only_enabled(): boolean;
export function is_deterministic_algorithms_warn_only_enabled(...none: unknown[]): boolean {
  no_arguments('is_deterministic_algorithms_warn_only_enabled', none);
  return native.deterministic() === 1;
}

/**
 * Sets the requirement of deterministic algorithms by one word or number. Mirrors
 * `torch.set_deterministic_debug_mode`.
 *
 * @param debug_mode - `'default'` (0), `'warn'` (1) or `'error'` (2)
 * @throws Error for another mode
 * @example
 * ```ts
 * torch.set_deterministic_debug_mode('warn');
 * print(torch.get_deterministic_debug_mode());
 * torch.set_deterministic_debug_mode('default');
 * ```
 * ```python
 * torch.set_deterministic_debug_mode('warn')
 * print(torch.get_deterministic_debug_mode())
 * torch.set_deterministic_debug_mode('default')
 * ```
 */
export function set_deterministic_debug_mode(debug_mode: DebugMode): void;
export function set_deterministic_debug_mode(...args: unknown[]): void {
  const { debug_mode } = DEBUG_MODE.read(args);
  const mode = typeof debug_mode === 'string' ? debug_modes.indexOf(debug_mode) : Number(debug_mode);
  if (debug_modes[mode] !== undefined) return native.set_deterministic(mode);
  const expected = typeof debug_mode === 'number' ? '0, 1, or 2' : '`default`, `warn`, `error`';
  throw new Error(`invalid value of debug_mode, expected ${expected}, but got ${String(debug_mode)}`);
}

/**
 * The requirement of deterministic algorithms: 0 (none), 1 (warn) or 2 (error). Mirrors
 * `torch.get_deterministic_debug_mode`.
 * @example
 * ```ts
 * print(torch.get_deterministic_debug_mode());
 * ```
 * ```python
 * print(torch.get_deterministic_debug_mode())
 * ```
 */
export function get_deterministic_debug_mode(): number;
export function get_deterministic_debug_mode(...none: unknown[]): number {
  no_arguments('get_deterministic_debug_mode', none);
  return native.deterministic();
}

/**
 * Sets the precision of float32 matrix products, where the hardware offers a choice. Mirrors
 * `torch.set_float32_matmul_precision`.
 *
 * @param precision - `'highest'`, `'high'` or `'medium'`
 * @throws Error for another word
 * @example
 * ```ts
 * torch.set_float32_matmul_precision('high');
 * print(torch.get_float32_matmul_precision());
 * torch.set_float32_matmul_precision('highest');
 * ```
 * ```python
 * torch.set_float32_matmul_precision('high')
 * print(torch.get_float32_matmul_precision())
 * torch.set_float32_matmul_precision('highest')
 * ```
 */
export function set_float32_matmul_precision(precision: 'highest' | 'high' | 'medium'): void;
export function set_float32_matmul_precision(...args: unknown[]): void {
  const { precision } = MATMUL_PRECISION.read(args);
  if (!['highest', 'high', 'medium'].includes(precision)) {
    throw new Error(
      `set_float32_matmul_precision(): argument 'precision' must be 'highest', 'high' or 'medium', not '${text_or_kind(precision)}'`,
    );
  }
  native.set_matmul_precision(precision);
}

/**
 * The precision of float32 matrix products. Mirrors `torch.get_float32_matmul_precision`.
 * @example
 * ```ts
 * print(torch.get_float32_matmul_precision());
 * ```
 * ```python
 * print(torch.get_float32_matmul_precision())
 * ```
 */
export function get_float32_matmul_precision(): string;
export function get_float32_matmul_precision(...none: unknown[]): string {
  no_arguments('get_float32_matmul_precision', none);
  return native.matmul_precision();
}

/**
 * Sets whether denormal numbers are flushed to zero on the CPU. Mirrors `torch.set_flush_denormal`.
 *
 * @param mode - whether to flush
 * @returns whether the CPU supports it
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.set_flush_denormal(false));
 * ```
 * ```python
 * print(torch.set_flush_denormal(False))
 * ```
 */
export function set_flush_denormal(mode: boolean): boolean;
export function set_flush_denormal(...args: unknown[]): boolean {
  const { mode } = FLUSH_DENORMAL.read(args);
  return native.set_flush_denormal(mode);
}

/**
 * Sets whether warnings that libtorch gives once come every time. Mirrors `torch.set_warn_always`.
 *
 * @param b - whether they come every time
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * torch.set_warn_always(false);
 * print(torch.is_warn_always_enabled());
 * ```
 * ```python
 * torch.set_warn_always(False)
 * print(torch.is_warn_always_enabled())
 * ```
 */
export function set_warn_always(b: boolean): void;
export function set_warn_always(...args: unknown[]): void {
  const { b } = WARN_ALWAYS.read(args);
  native.switch_set('warn_always', b);
}

/**
 * Whether warnings come every time. Mirrors `torch.is_warn_always_enabled`.
 * @example
 * ```ts
 * print(torch.is_warn_always_enabled());
 * ```
 * ```python
 * print(torch.is_warn_always_enabled())
 * ```
 */
export function is_warn_always_enabled(): boolean;
export function is_warn_always_enabled(...none: unknown[]): boolean {
  no_arguments('is_warn_always_enabled', none);
  return native.switch_get('warn_always');
}

/**
 * Sets the default dtype and device of new tensors by a legacy type such as `torch.DoubleTensor`. Mirrors
 * `torch.set_default_tensor_type`; `set_default_dtype` and `set_default_device` are preferable.
 *
 * @param t - a tensor type, or its name
 * @throws TypeError when the type is unknown, or not of a floating point dtype
 * @example
 * ```ts
 * torch.set_default_tensor_type(torch.DoubleTensor);
 * print(torch.get_default_dtype());
 * torch.set_default_tensor_type(torch.FloatTensor);
 * ```
 * ```python
 * torch.set_default_tensor_type(torch.DoubleTensor)
 * print(torch.get_default_dtype())
 * torch.set_default_tensor_type(torch.FloatTensor)
 * ```
 */
export function set_default_tensor_type(t: TensorType | string): void;
export function set_default_tensor_type(...args: unknown[]): void {
  const { t } = TENSOR_TYPE.read(args);
  const type = typeof t === 'string' ? tensor_type(t) : t;
  if (!(type instanceof TensorType)) {
    throw new TypeError(`set_default_tensor_type(): invalid type object: '${String(t)}'`);
  }
  set_default_dtype(type.dtype);
  set_default_device(type.device_type === 'cpu' ? null : type.device_type);
}
