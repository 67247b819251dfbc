/** Which kernels of matrix products are fastest, found by trying: `torch.cuda.tunable`. */
import { readFileSync } from 'node:fs';
import { cuda_native, type CudaNative } from '../_C/cuda_native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { current_device } from './devices.js';
import { require_cuda_build } from './device_index.js';

const of_switch = (callee: string) => signature<{ val?: boolean }>(callee, 'val?: bool');
const CALLS = {
  enable: of_switch('enable'),
  tuning_enable: of_switch('tuning_enable'),
  record_untuned_enable: of_switch('record_untuned_enable'),
  set_max_tuning_duration: signature<{ duration: number }>('set_max_tuning_duration', 'duration: int'),
  set_max_tuning_iterations: signature<{ iterations: number }>('set_max_tuning_iterations', 'iterations: int'),
  set_filename: signature<{ filename: string; insert_device_ordinal?: boolean }>(
    'set_filename',
    'filename: str, insert_device_ordinal?: bool',
  ),
  read_file: signature<{ filename?: string | null }>('read_file', 'filename?: str|None'),
  tune_gemm_in_file: signature<{ filename: string }>('tune_gemm_in_file', 'filename: str'),
  set_rotating_buffer_size: signature<{ buffer_size: number }>('set_rotating_buffer_size', 'buffer_size: int'),
  set_numerical_check_tolerances: signature<{ enable: boolean; atol?: number; rtol?: number }>(
    'set_numerical_check_tolerances',
    'enable: bool, atol?: float, rtol?: float',
  ),
};

/** What tunes. @throws Error when libtorch does not have CUDA */
function tuner(callee: string): CudaNative {
  require_cuda_build();
  return cuda_native(callee);
}

/**
 * Turns tuned kernels on or off. Mirrors `torch.cuda.tunable.enable`.
 * @param val - default true
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.enable(false);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.is_enabled() : false);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.enable(False)
 * print(torch.cuda.tunable.is_enabled() if torch.cuda.is_available() else False)
 * ```
 */
export function enable(val?: boolean): void;
export function enable(...args: unknown[]): void {
  const { val = true } = CALLS.enable.read(args);
  tuner('enable').tunable_set('enable', val);
}

/**
 * Whether tuned kernels are used. Mirrors `torch.cuda.tunable.is_enabled`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.is_enabled() : false);
 * ```
 * ```python
 * print(torch.cuda.tunable.is_enabled() if torch.cuda.is_available() else False)
 * ```
 */
export function is_enabled(...none: []): boolean {
  no_arguments('is_enabled', none);
  return tuner('is_enabled').tunable_get('enable') as boolean;
}

/**
 * Turns the search for kernels on or off; without it only known ones are used. Mirrors `torch.cuda.tunable.tuning_enable`.
 * @param val - default true
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.tuning_enable(true);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.tuning_is_enabled() : true);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.tuning_enable(True)
 * print(torch.cuda.tunable.tuning_is_enabled() if torch.cuda.is_available() else True)
 * ```
 */
export function tuning_enable(val?: boolean): void;
export function tuning_enable(...args: unknown[]): void {
  const { val = true } = CALLS.tuning_enable.read(args);
  tuner('tuning_enable').tunable_set('tuning', val);
}

/**
 * Whether kernels are searched for. Mirrors `torch.cuda.tunable.tuning_is_enabled`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.tuning_is_enabled() : true);
 * ```
 * ```python
 * print(torch.cuda.tunable.tuning_is_enabled() if torch.cuda.is_available() else True)
 * ```
 */
export function tuning_is_enabled(...none: []): boolean {
  no_arguments('tuning_is_enabled', none);
  return tuner('tuning_is_enabled').tunable_get('tuning') as boolean;
}

/**
 * Turns on or off that products without a known kernel are written to a file. Mirrors `torch.cuda.tunable.record_untuned_enable`.
 * @param val - default true
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.record_untuned_enable(false);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.record_untuned_is_enabled() : false);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.record_untuned_enable(False)
 * print(torch.cuda.tunable.record_untuned_is_enabled() if torch.cuda.is_available() else False)
 * ```
 */
export function record_untuned_enable(val?: boolean): void;
export function record_untuned_enable(...args: unknown[]): void {
  const { val = true } = CALLS.record_untuned_enable.read(args);
  tuner('record_untuned_enable').tunable_set('record_untuned', val);
}

/**
 * Whether products without a known kernel are written to a file. Mirrors `torch.cuda.tunable.record_untuned_is_enabled`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.record_untuned_is_enabled() : false);
 * ```
 * ```python
 * print(torch.cuda.tunable.record_untuned_is_enabled() if torch.cuda.is_available() else False)
 * ```
 */
export function record_untuned_is_enabled(...none: []): boolean {
  no_arguments('record_untuned_is_enabled', none);
  return tuner('record_untuned_is_enabled').tunable_get('record_untuned') as boolean;
}

/**
 * Sets the longest time that one kernel is tried, in milliseconds. Mirrors `torch.cuda.tunable.set_max_tuning_duration`.
 * @param duration - in milliseconds
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.set_max_tuning_duration(30);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_max_tuning_duration() : 30);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.set_max_tuning_duration(30)
 * print(torch.cuda.tunable.get_max_tuning_duration() if torch.cuda.is_available() else 30)
 * ```
 */
export function set_max_tuning_duration(duration: number): void;
export function set_max_tuning_duration(...args: unknown[]): void {
  const { duration } = CALLS.set_max_tuning_duration.read(args);
  tuner('set_max_tuning_duration').tunable_set('max_tuning_duration', duration);
}

/**
 * The longest time that one kernel is tried, in milliseconds. Mirrors `torch.cuda.tunable.get_max_tuning_duration`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_max_tuning_duration() > 0 : true);
 * ```
 * ```python
 * print(torch.cuda.tunable.get_max_tuning_duration() > 0 if torch.cuda.is_available() else True)
 * ```
 */
export function get_max_tuning_duration(...none: []): number {
  no_arguments('get_max_tuning_duration', none);
  return tuner('get_max_tuning_duration').tunable_get('max_tuning_duration') as number;
}

/**
 * Sets how often one kernel is tried at most. Mirrors `torch.cuda.tunable.set_max_tuning_iterations`.
 * @param iterations - the number of times
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.set_max_tuning_iterations(100);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_max_tuning_iterations() : 100);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.set_max_tuning_iterations(100)
 * print(torch.cuda.tunable.get_max_tuning_iterations() if torch.cuda.is_available() else 100)
 * ```
 */
export function set_max_tuning_iterations(iterations: number): void;
export function set_max_tuning_iterations(...args: unknown[]): void {
  const { iterations } = CALLS.set_max_tuning_iterations.read(args);
  tuner('set_max_tuning_iterations').tunable_set('max_tuning_iterations', iterations);
}

/**
 * How often one kernel is tried at most. Mirrors `torch.cuda.tunable.get_max_tuning_iterations`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_max_tuning_iterations() > 0 : true);
 * ```
 * ```python
 * print(torch.cuda.tunable.get_max_tuning_iterations() > 0 if torch.cuda.is_available() else True)
 * ```
 */
export function get_max_tuning_iterations(...none: []): number {
  no_arguments('get_max_tuning_iterations', none);
  return tuner('get_max_tuning_iterations').tunable_get('max_tuning_iterations') as number;
}

/**
 * Sets the file of results. Mirrors `torch.cuda.tunable.set_filename`.
 * @param filename - the file
 * @param insert_device_ordinal - whether the index of the device is put into the name; default false
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.set_filename('tuned.csv');
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_filename() : 'tuned.csv');
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.set_filename('tuned.csv')
 * print(torch.cuda.tunable.get_filename() if torch.cuda.is_available() else 'tuned.csv')
 * ```
 */
export function set_filename(filename: string, insert_device_ordinal?: boolean): void;
export function set_filename(filename: string, options: { insert_device_ordinal?: boolean }): void;
export function set_filename(...args: unknown[]): void {
  const { filename, insert_device_ordinal = false } = CALLS.set_filename.read(args);
  tuner('set_filename').tunable_set_filename(filename, insert_device_ordinal);
}

/**
 * The file of results. Mirrors `torch.cuda.tunable.get_filename`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_filename().length >= 0 : true);
 * ```
 * ```python
 * print(len(torch.cuda.tunable.get_filename()) >= 0 if torch.cuda.is_available() else True)
 * ```
 */
export function get_filename(...none: []): string {
  no_arguments('get_filename', none);
  return tuner('get_filename').tunable_get('filename') as string;
}

/** One product with the kernel that was fastest, and its time in milliseconds. */
export type TunedKernel = [operator: string, parameters: string, kernel: string, milliseconds: number];

/**
 * All results. Mirrors `torch.cuda.tunable.get_results`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_results().length : 0);
 * ```
 * ```python
 * print(len(torch.cuda.tunable.get_results()) if torch.cuda.is_available() else 0)
 * ```
 */
export function get_results(...none: []): TunedKernel[] {
  no_arguments('get_results', none);
  return tuner('get_results').tunable_results();
}

/**
 * What must be the same for results of a file to be taken: versions of libraries, the GPU. Mirrors
 * `torch.cuda.tunable.get_validators`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_validators().length > 0 : true);
 * ```
 * ```python
 * print(len(torch.cuda.tunable.get_validators()) > 0 if torch.cuda.is_available() else True)
 * ```
 */
export function get_validators(...none: []): [name: string, value: string][] {
  no_arguments('get_validators', none);
  return tuner('get_validators').tunable_validators();
}

/**
 * Reads results from a file. Mirrors `torch.cuda.tunable.read_file`.
 * @param filename - default null, the file that {@link set_filename} set
 * @returns whether they could be taken
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.read_file('missing.csv') : false);
 * ```
 * ```python
 * print(torch.cuda.tunable.read_file('missing.csv') if torch.cuda.is_available() else False)
 * ```
 */
export function read_file(filename?: string | null): boolean;
export function read_file(...args: unknown[]): boolean {
  const { filename = null } = CALLS.read_file.read(args);
  return tuner('read_file').tunable_read_file(filename);
}

/**
 * Carries out the products that a file of {@link record_untuned_enable} lists, with operands of their shapes, so that their kernels are
 * found and written to {@link get_filename}. Mirrors `torch.cuda.tunable.tune_gemm_in_file`.
 * @param filename - the file, such as `tunableop_untuned0.csv`
 * @throws Error when CUDA cannot be used, tuned kernels or the search for them are off, or the file cannot be read
 * @example
 * ```ts
 * try {
 *   torch.cuda.tunable.tune_gemm_in_file('missing.csv');
 * } catch {
 *   print('not tuned');
 * }
 * ```
 * ```python
 * try: torch.cuda.tunable.tune_gemm_in_file('missing.csv')
 * except (AttributeError, AssertionError, OSError): print('not tuned')
 * ```
 */
export function tune_gemm_in_file(filename: string): void;
export function tune_gemm_in_file(...args: unknown[]): void {
  const { filename } = CALLS.tune_gemm_in_file.read(args);
  if (!is_enabled()) throw new Error('TunableOp is not enabled');
  if (!tuning_is_enabled()) throw new Error('Tuning is not enabled');
  // Only where products are tuned.
  const { is_product, multiply } = require('./recorded_products.js') as typeof import('./recorded_products.js');
  const device = `cuda:${current_device()}`;
  for (const line of readFileSync(filename, 'utf8').split('\n')) if (is_product(line)) multiply(line, device);
}

/**
 * Sets the memory through which operands rotate, so that none is in the cache when a kernel is tried. Mirrors
 * `torch.cuda.tunable.set_rotating_buffer_size`.
 * @param buffer_size - in MiB
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.set_rotating_buffer_size(16);
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_rotating_buffer_size() : 16);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.set_rotating_buffer_size(16)
 * print(torch.cuda.tunable.get_rotating_buffer_size() if torch.cuda.is_available() else 16)
 * ```
 */
export function set_rotating_buffer_size(buffer_size: number): void;
export function set_rotating_buffer_size(...args: unknown[]): void {
  const { buffer_size } = CALLS.set_rotating_buffer_size.read(args);
  tuner('set_rotating_buffer_size').tunable_set('rotating_buffer_size', buffer_size);
}

/**
 * The memory through which operands rotate, in MiB. Mirrors `torch.cuda.tunable.get_rotating_buffer_size`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.tunable.get_rotating_buffer_size() >= 0 : true);
 * ```
 * ```python
 * print(torch.cuda.tunable.get_rotating_buffer_size() >= 0 if torch.cuda.is_available() else True)
 * ```
 */
export function get_rotating_buffer_size(...none: []): number {
  no_arguments('get_rotating_buffer_size', none);
  return tuner('get_rotating_buffer_size').tunable_get('rotating_buffer_size') as number;
}

/**
 * Lets kernels be compared with the default one, and left out where they differ. Mirrors
 * `torch.cuda.tunable.set_numerical_check_tolerances`.
 * @param enable - whether to compare
 * @param atol - the absolute tolerance; default 1e-5
 * @param rtol - the relative tolerance; default 1e-5
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.tunable.set_numerical_check_tolerances(false);
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.tunable.set_numerical_check_tolerances(False)
 * print(torch.cuda.is_available())
 * ```
 */
export function set_numerical_check_tolerances(enable: boolean, atol?: number, rtol?: number): void;
export function set_numerical_check_tolerances(enable: boolean, options: { atol?: number; rtol?: number }): void;
export function set_numerical_check_tolerances(...args: unknown[]): void {
  const { enable: on, atol = 1e-5, rtol = 1e-5 } = CALLS.set_numerical_check_tolerances.read(args);
  tuner('set_numerical_check_tolerances').tunable_set_tolerances(on, atol, rtol);
}
