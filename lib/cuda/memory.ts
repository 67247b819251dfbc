/** Memory of CUDA devices: `torch.cuda.memory`, whose functions are in `torch.cuda` too. */
import { cuda_native, type NativeAllocator, type NativePool, type PoolNumbers } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Stream as AnyStream } from '../streams.js';
import type { DeviceLike } from '../types/device.js';
import { exchange_device, given_index, index_of, is_ready, lazy_init, require_cuda_build } from './device_index.js';
import { memory_table } from './memory_table.js';
import { nvml_processes } from './nvml.js';
import { current_stream } from './current_stream.js';

type OfDevice = { device?: DeviceLike | null };

const of_device = (callee: string) => signature<OfDevice>(callee, 'device?: device|None');

const CALLS = {
  memory_stats: of_device('memory_stats'),
  memory_stats_as_nested_dict: of_device('memory_stats_as_nested_dict'),
  reset_accumulated_memory_stats: of_device('reset_accumulated_memory_stats'),
  reset_peak_memory_stats: of_device('reset_peak_memory_stats'),
  reset_max_memory_allocated: of_device('reset_max_memory_allocated'),
  reset_max_memory_cached: of_device('reset_max_memory_cached'),
  memory_allocated: of_device('memory_allocated'),
  max_memory_allocated: of_device('max_memory_allocated'),
  memory_reserved: of_device('memory_reserved'),
  max_memory_reserved: of_device('max_memory_reserved'),
  memory_cached: of_device('memory_cached'),
  max_memory_cached: of_device('max_memory_cached'),
  mem_get_info: of_device('mem_get_info'),
  list_gpu_processes: of_device('list_gpu_processes'),
  get_fraction: of_device('get_per_process_memory_fraction'),
  set_fraction: signature<{ fraction: number } & OfDevice>(
    'set_per_process_memory_fraction',
    'fraction: float, device?: device|None',
  ),
  memory_summary: signature<OfDevice & { abbreviated?: boolean }>(
    'memory_summary',
    'device?: device|None, abbreviated?: bool',
  ),
  memory_snapshot: signature<{ mempool_id?: PoolNumbers | null; include_traces?: boolean }>(
    'memory_snapshot',
    'mempool_id?: int[]|None, include_traces?: bool',
  ),
  alloc: signature<{ size: number; stream?: AnyStream | number | bigint | null } & OfDevice>(
    'caching_allocator_alloc',
    'size: int, device?: device|None, stream?: Stream|int|None',
  ),
  release: signature<{ mem_ptr: number | bigint }>('caching_allocator_delete', 'mem_ptr: int'),
  enable: signature<{ value?: boolean }>('caching_allocator_enable', 'value?: bool'),
  disabled: signature<{ fn?: () => unknown }>('caching_allocator_disabled', 'fn?: Callable'),
  change: signature<{ allocator: CUDAPluggableAllocator }>('change_current_allocator', 'allocator: CUDAAllocator'),
  pluggable: signature<{ path_to_so_file: string; alloc_fn_name: string; free_fn_name: string }>(
    'CUDAPluggableAllocator',
    'path_to_so_file: str, alloc_fn_name: str, free_fn_name: str',
  ),
  pool: signature<MemPoolOptions>('MemPool', 'allocator?: CUDAAllocator|None, use_on_oom?: bool, no_split?: bool'),
  use_mem_pool: signature<{ pool: MemPool; fn?: () => unknown } & OfDevice>(
    'use_mem_pool',
    'pool: MemPool, device?: device|None, fn?: Callable',
  ),
  use_count: method_signature<object>('MemPool.use_count'),
  snapshot: method_signature<{ include_traces?: boolean }>('MemPool.snapshot', 'include_traces?: bool'),
  allocator: method_signature<object>('CUDAPluggableAllocator.allocator'),
};

/** Statistics as they are nested in Python: numbers, or more statistics. */
export interface NestedStats {
  [name: string]: number | NestedStats;
}

/** Statistics by names with dots, in the order of the names. */
function sorted(stats: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Statistics whose names have dots, one object for each part of a name. */
function nested(stats: Record<string, number>): NestedStats {
  const whole: NestedStats = {};
  for (const [name, value] of Object.entries(stats)) {
    const parts = name.split('.');
    const last = parts.pop()!;
    let inside = whole;
    for (const part of parts) inside = (inside[part] ??= {}) as NestedStats;
    inside[last] = value;
  }
  return whole;
}

function stats_of(device: DeviceLike | null | undefined): Record<string, number> {
  return is_ready() ? sorted(native.accelerator_memory_stats(index_of(device))) : {};
}

/**
 * What the allocator of a device has counted, by names such as `allocated_bytes.all.peak`. Mirrors `torch.cuda.memory_stats`.
 *
 * @param device - default null, the current device
 * @returns an empty object while CUDA has not been used
 * @example
 * ```ts
 * print(torch.cuda.memory_stats()['allocated_bytes.all.current'] ?? 0);
 * ```
 * ```python
 * print(torch.cuda.memory_stats().get('allocated_bytes.all.current', 0))
 * ```
 */
export function memory_stats(device?: DeviceLike | null): Record<string, number>;
export function memory_stats(...args: unknown[]): Record<string, number> {
  return stats_of(CALLS.memory_stats.read(args).device);
}

/**
 * What {@link memory_stats} returns, nested: `stats.allocated_bytes.all.peak`. Mirrors `torch.cuda.memory_stats_as_nested_dict`.
 *
 * @param device - default null, the current device
 * @returns an empty object while CUDA has not been used
 * @example
 * ```ts
 * print(Object.keys(torch.cuda.memory_stats_as_nested_dict()).length > 0 === torch.cuda.is_initialized());
 * ```
 * ```python
 * print((len(torch.cuda.memory_stats_as_nested_dict()) > 0) == torch.cuda.is_initialized())
 * ```
 */
export function memory_stats_as_nested_dict(device?: DeviceLike | null): NestedStats;
export function memory_stats_as_nested_dict(...args: unknown[]): NestedStats {
  const { device } = CALLS.memory_stats_as_nested_dict.read(args);
  return is_ready() ? nested(native.accelerator_memory_stats(index_of(device))) : {};
}

/**
 * Resets what {@link memory_stats} has summed up over time. Mirrors `torch.cuda.reset_accumulated_memory_stats`.
 *
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_accumulated_memory_stats();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_accumulated_memory_stats()
 * print(torch.cuda.is_available())
 * ```
 */
export function reset_accumulated_memory_stats(device?: DeviceLike | null): void;
export function reset_accumulated_memory_stats(...args: unknown[]): void {
  const { device } = CALLS.reset_accumulated_memory_stats.read(args);
  lazy_init();
  native.accelerator_reset_stats(index_of(device), 'accumulated');
}

/**
 * Resets the peaks of {@link memory_stats} to the values of now. Mirrors `torch.cuda.reset_peak_memory_stats`.
 *
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_peak_memory_stats();
 * print(torch.cuda.max_memory_allocated() === torch.cuda.memory_allocated());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_peak_memory_stats()
 * print(torch.cuda.max_memory_allocated() == torch.cuda.memory_allocated())
 * ```
 */
export function reset_peak_memory_stats(device?: DeviceLike | null): void;
export function reset_peak_memory_stats(...args: unknown[]): void {
  reset_peak(CALLS.reset_peak_memory_stats.read(args).device);
}

function reset_peak(device: DeviceLike | null | undefined): void {
  lazy_init();
  native.accelerator_reset_stats(index_of(device), 'peak');
}

const resets_all = (name: string): string =>
  `torch.cuda.${name} now calls torch.cuda.reset_peak_memory_stats, which resets /all/ peak memory stats.`;

/**
 * The same as {@link reset_peak_memory_stats}. Mirrors `torch.cuda.reset_max_memory_allocated`.
 * @deprecated in favor of {@link reset_peak_memory_stats}
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_max_memory_allocated();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_max_memory_allocated()
 * print(torch.cuda.is_available())
 * ```
 */
export function reset_max_memory_allocated(device?: DeviceLike | null): void;
export function reset_max_memory_allocated(...args: unknown[]): void {
  const { device } = CALLS.reset_max_memory_allocated.read(args);
  warn(resets_all('reset_max_memory_allocated'), 'FutureWarning');
  reset_peak(device);
}

/**
 * The same as {@link reset_peak_memory_stats}. Mirrors `torch.cuda.reset_max_memory_cached`.
 * @deprecated in favor of {@link reset_peak_memory_stats}
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_max_memory_cached();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_max_memory_cached()
 * print(torch.cuda.is_available())
 * ```
 */
export function reset_max_memory_cached(device?: DeviceLike | null): void;
export function reset_max_memory_cached(...args: unknown[]): void {
  const { device } = CALLS.reset_max_memory_cached.read(args);
  warn(resets_all('reset_max_memory_cached'), 'FutureWarning');
  reset_peak(device);
}

/**
 * What the allocator of page-locked memory has counted, by names such as `allocated_bytes.peak`. Mirrors
 * `torch.cuda.host_memory_stats`.
 * @returns an empty object while CUDA has not been used
 * @throws Error where the addon for CUDA was not built
 * @example
 * ```ts
 * print(Object.keys(torch.cuda.host_memory_stats()).length > 0 === torch.cuda.is_initialized());
 * ```
 * ```python
 * print((len(torch.cuda.host_memory_stats()) > 0) == torch.cuda.is_initialized())
 * ```
 */
export function host_memory_stats(...none: []): Record<string, number> {
  no_arguments('host_memory_stats', none);
  return is_ready() ? sorted(cuda_native('host_memory_stats').host_stats()) : {};
}

/**
 * What {@link host_memory_stats} returns, nested: `stats.allocated_bytes.peak`. Mirrors
 * `torch.cuda.host_memory_stats_as_nested_dict`.
 * @returns an empty object while CUDA has not been used
 * @throws Error where the addon for CUDA was not built
 * @example
 * ```ts
 * print(Object.keys(torch.cuda.host_memory_stats_as_nested_dict()).length > 0 === torch.cuda.is_initialized());
 * ```
 * ```python
 * print((len(torch.cuda.host_memory_stats_as_nested_dict()) > 0) == torch.cuda.is_initialized())
 * ```
 */
export function host_memory_stats_as_nested_dict(...none: []): NestedStats {
  no_arguments('host_memory_stats_as_nested_dict', none);
  return is_ready() ? nested(cuda_native('host_memory_stats_as_nested_dict').host_stats()) : {};
}

/**
 * Resets what {@link host_memory_stats} has summed up over time. Mirrors `torch.cuda.reset_accumulated_host_memory_stats`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_accumulated_host_memory_stats();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_accumulated_host_memory_stats()
 * print(torch.cuda.is_available())
 * ```
 */
export function reset_accumulated_host_memory_stats(...none: []): void {
  no_arguments('reset_accumulated_host_memory_stats', none);
  lazy_init();
  cuda_native('reset_accumulated_host_memory_stats').reset_host_stats('accumulated');
}

/**
 * Resets the peaks of {@link host_memory_stats} to the values of now. Mirrors `torch.cuda.reset_peak_host_memory_stats`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.reset_peak_host_memory_stats();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.reset_peak_host_memory_stats()
 * print(torch.cuda.is_available())
 * ```
 */
export function reset_peak_host_memory_stats(...none: []): void {
  no_arguments('reset_peak_host_memory_stats', none);
  lazy_init();
  cuda_native('reset_peak_host_memory_stats').reset_host_stats('peak');
}

/**
 * The bytes that tensors of a device occupy. Mirrors `torch.cuda.memory_allocated`.
 *
 * @param device - default null, the current device
 * @returns 0 while CUDA has not been used
 * @example
 * ```ts
 * print(torch.cuda.memory_allocated() >= 0);
 * ```
 * ```python
 * print(torch.cuda.memory_allocated() >= 0)
 * ```
 */
export function memory_allocated(device?: DeviceLike | null): number;
export function memory_allocated(...args: unknown[]): number {
  return stats_of(CALLS.memory_allocated.read(args).device)['allocated_bytes.all.current'] ?? 0;
}

/**
 * The most bytes that tensors of a device have occupied. Mirrors `torch.cuda.max_memory_allocated`.
 *
 * @param device - default null, the current device
 * @returns 0 while CUDA has not been used
 * @example
 * ```ts
 * print(torch.cuda.max_memory_allocated() >= torch.cuda.memory_allocated());
 * ```
 * ```python
 * print(torch.cuda.max_memory_allocated() >= torch.cuda.memory_allocated())
 * ```
 */
export function max_memory_allocated(device?: DeviceLike | null): number;
export function max_memory_allocated(...args: unknown[]): number {
  return stats_of(CALLS.max_memory_allocated.read(args).device)['allocated_bytes.all.peak'] ?? 0;
}

/**
 * The bytes of a device that the allocator holds, in use or cached. Mirrors `torch.cuda.memory_reserved`.
 *
 * @param device - default null, the current device
 * @returns 0 while CUDA has not been used
 * @example
 * ```ts
 * print(torch.cuda.memory_reserved() >= torch.cuda.memory_allocated());
 * ```
 * ```python
 * print(torch.cuda.memory_reserved() >= torch.cuda.memory_allocated())
 * ```
 */
export function memory_reserved(device?: DeviceLike | null): number;
export function memory_reserved(...args: unknown[]): number {
  return stats_of(CALLS.memory_reserved.read(args).device)['reserved_bytes.all.current'] ?? 0;
}

/**
 * The most bytes of a device that the allocator has held. Mirrors `torch.cuda.max_memory_reserved`.
 *
 * @param device - default null, the current device
 * @returns 0 while CUDA has not been used
 * @example
 * ```ts
 * print(torch.cuda.max_memory_reserved() >= torch.cuda.memory_reserved());
 * ```
 * ```python
 * print(torch.cuda.max_memory_reserved() >= torch.cuda.memory_reserved())
 * ```
 */
export function max_memory_reserved(device?: DeviceLike | null): number;
export function max_memory_reserved(...args: unknown[]): number {
  return stats_of(CALLS.max_memory_reserved.read(args).device)['reserved_bytes.all.peak'] ?? 0;
}

const renamed = (before: string, now: string): string =>
  `\`torch.cuda.${before}\` has been renamed to \`torch.cuda.${now}\``;

/**
 * The former name of {@link memory_reserved}. Mirrors `torch.cuda.memory_cached`.
 * @deprecated in favor of {@link memory_reserved}
 * @param device - default null, the current device
 * @example
 * ```ts
 * print(torch.cuda.memory_cached() === torch.cuda.memory_reserved());
 * ```
 * ```python
 * print(torch.cuda.memory_cached() == torch.cuda.memory_reserved())
 * ```
 */
export function memory_cached(device?: DeviceLike | null): number;
export function memory_cached(...args: unknown[]): number {
  const { device } = CALLS.memory_cached.read(args);
  warn(renamed('memory_cached', 'memory_reserved'), 'FutureWarning');
  return stats_of(device)['reserved_bytes.all.current'] ?? 0;
}

/**
 * The former name of {@link max_memory_reserved}. Mirrors `torch.cuda.max_memory_cached`.
 * @deprecated in favor of {@link max_memory_reserved}
 * @param device - default null, the current device
 * @example
 * ```ts
 * print(torch.cuda.max_memory_cached() === torch.cuda.max_memory_reserved());
 * ```
 * ```python
 * print(torch.cuda.max_memory_cached() == torch.cuda.max_memory_reserved())
 * ```
 */
export function max_memory_cached(device?: DeviceLike | null): number;
export function max_memory_cached(...args: unknown[]): number {
  const { device } = CALLS.max_memory_cached.read(args);
  warn(renamed('max_memory_cached', 'max_memory_reserved'), 'FutureWarning');
  return stats_of(device)['reserved_bytes.all.peak'] ?? 0;
}

/**
 * Releases memory that is cached and not in use; without effect while CUDA has not been used. Mirrors `torch.cuda.empty_cache`.
 * @example
 * ```ts
 * print(torch.cuda.empty_cache());
 * ```
 * ```python
 * print(torch.cuda.empty_cache())
 * ```
 */
export function empty_cache(...none: []): void {
  no_arguments('empty_cache', none);
  if (is_ready()) native.accelerator_empty_cache();
}

/**
 * The free and the total bytes of a device. Mirrors `torch.cuda.mem_get_info`.
 *
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.mem_get_info().length : 'no CUDA device');
 * ```
 * ```python
 * print(len(torch.cuda.mem_get_info()) if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function mem_get_info(device?: DeviceLike | null): [free: number, total: number];
export function mem_get_info(...args: unknown[]): [free: number, total: number] {
  const { device } = CALLS.mem_get_info.read(args);
  lazy_init();
  return native.accelerator_memory(index_of(device));
}

/**
 * What {@link memory_stats} counted, as a table to print. Mirrors `torch.cuda.memory_summary`.
 *
 * @param device - default null, the current device
 * @param abbreviated - whether to leave out the large and the small pool; default false
 * @throws Error while CUDA has not been used, as in Python
 * @example
 * ```ts
 * print(torch.cuda.is_initialized() ? torch.cuda.memory_summary(null, true).split('\n').length > 9 : true);
 * ```
 * ```python
 * print(len(torch.cuda.memory_summary(None, True).split('\n')) > 9 if torch.cuda.is_initialized() else True)
 * ```
 */
export function memory_summary(device?: DeviceLike | null, abbreviated?: boolean): string;
export function memory_summary(device: DeviceLike | null, options: { abbreviated?: boolean }): string;
export function memory_summary(options: OfDevice & { abbreviated?: boolean }): string;
export function memory_summary(...args: unknown[]): string {
  const { device, abbreviated = false } = CALLS.memory_summary.read(args);
  lazy_init();
  const index = index_of(device);
  return memory_table(native.accelerator_memory_stats(index), index, abbreviated);
}

/**
 * The processes that compute on a device, with the memory that each uses, as a text. Mirrors `torch.cuda.list_gpu_processes`.
 *
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.list_gpu_processes();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.list_gpu_processes()
 * print(torch.cuda.is_available())
 * ```
 */
export function list_gpu_processes(device?: DeviceLike | null): string;
export function list_gpu_processes(...args: unknown[]): string {
  return nvml_processes(CALLS.list_gpu_processes.read(args).device);
}

/**
 * Bounds the share of a device's memory that the allocator may take; beyond it tensors throw as out of memory. Mirrors
 * `torch.cuda.set_per_process_memory_fraction`.
 *
 * @param fraction - from 0 to 1
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used, or for another fraction
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.set_per_process_memory_fraction(0.5);
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.set_per_process_memory_fraction(0.5)
 * print(torch.cuda.is_available())
 * ```
 */
export function set_per_process_memory_fraction(fraction: number, device?: DeviceLike | null): void;
export function set_per_process_memory_fraction(...args: unknown[]): void {
  const { fraction, device } = CALLS.set_fraction.read(args);
  lazy_init();
  const index = index_of(device);
  if (!(fraction >= 0 && fraction <= 1)) throw new Error(`Invalid fraction value: ${fraction}. Allowed range: 0~1`);
  cuda_native('set_per_process_memory_fraction').set_memory_fraction(fraction, index);
}

/**
 * The share of a device's memory that the allocator may take. Mirrors `torch.cuda.get_per_process_memory_fraction`.
 *
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.get_per_process_memory_fraction();
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.get_per_process_memory_fraction()
 * print(torch.cuda.is_available())
 * ```
 */
export function get_per_process_memory_fraction(device?: DeviceLike | null): number;
export function get_per_process_memory_fraction(...args: unknown[]): number {
  const { device } = CALLS.get_fraction.read(args);
  lazy_init();
  return cuda_native('get_per_process_memory_fraction').memory_fraction(index_of(device));
}

/** A block of a {@link MemorySegment}. */
export interface MemoryBlock {
  address: number;
  size: number;
  requested_size: number;
  state: 'active_allocated' | 'active_pending_free' | 'inactive';
}

/** A piece of memory that the allocator holds. */
export interface MemorySegment {
  device: number;
  address: number;
  total_size: number;
  allocated_size: number;
  active_size: number;
  requested_size: number;
  stream: number;
  segment_type: 'large' | 'small';
  segment_pool_id: PoolNumbers;
  is_expandable: boolean;
  blocks: MemoryBlock[];
}

function segments(pool: PoolNumbers, include_traces: boolean): MemorySegment[] {
  const [first, second] = pool;
  require_cuda_build();
  return cuda_native('memory_snapshot').snapshot(first, second, include_traces)['segments'] as MemorySegment[];
}

/**
 * The memory that the allocator holds on all devices, segment by segment. Mirrors `torch.cuda.memory_snapshot`.
 *
 * @param mempool_id - the pool, `MemPool.id`; default null, all
 * @param include_traces - whether the trace is read, which is recorded where that was asked for; default true
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.memory_snapshot().length >= 0 : true);
 * ```
 * ```python
 * print(len(torch.cuda.memory_snapshot()) >= 0 if torch.cuda.is_available() else True)
 * ```
 */
export function memory_snapshot(mempool_id?: PoolNumbers | null, include_traces?: boolean): MemorySegment[];
export function memory_snapshot(options: {
  mempool_id?: PoolNumbers | null;
  include_traces?: boolean;
}): MemorySegment[];
export function memory_snapshot(...args: unknown[]): MemorySegment[] {
  const { mempool_id, include_traces = true } = CALLS.memory_snapshot.read(args);
  return segments(mempool_id ?? [0, 0], include_traces);
}

/**
 * Allocates memory of a device, for another library. Mirrors `torch.cuda.caching_allocator_alloc`.
 *
 * @param size - the number of bytes
 * @param device - default null, the current device
 * @param stream - where it is used, or its `cudaStream_t` as a number; default null, the current stream
 * @returns the pointer
 * @throws Error when CUDA cannot be used, or there is not as much memory
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   torch.cuda.caching_allocator_delete(torch.cuda.caching_allocator_alloc(1024));
 * }
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     torch.cuda.caching_allocator_delete(torch.cuda.caching_allocator_alloc(1024))
 * print(torch.cuda.is_available())
 * ```
 */
export function caching_allocator_alloc(
  size: number,
  device?: DeviceLike | null,
  stream?: AnyStream | number | bigint | null,
): bigint;
export function caching_allocator_alloc(...args: unknown[]): bigint {
  const { size, device, stream } = CALLS.alloc.read(args);
  lazy_init();
  const index = index_of(device);
  const queue = stream ?? current_stream(index);
  const pointer = queue instanceof AnyStream ? queue.native_handle : queue;
  const before = exchange_device(index);
  try {
    return cuda_native('caching_allocator_alloc').raw_alloc(size, BigInt(pointer));
  } finally {
    exchange_device(before);
  }
}

/**
 * Releases memory that {@link caching_allocator_alloc} returned. Mirrors `torch.cuda.caching_allocator_delete`.
 *
 * @param mem_ptr - the pointer
 * @throws Error when CUDA cannot be used, or the memory is not the allocator's
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   torch.cuda.caching_allocator_delete(torch.cuda.caching_allocator_alloc(16));
 * }
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     torch.cuda.caching_allocator_delete(torch.cuda.caching_allocator_alloc(16))
 * print(torch.cuda.is_available())
 * ```
 */
export function caching_allocator_delete(mem_ptr: number | bigint): void;
export function caching_allocator_delete(...args: unknown[]): void {
  const { mem_ptr } = CALLS.release.read(args);
  lazy_init();
  cuda_native('caching_allocator_delete').raw_delete(BigInt(mem_ptr));
}

function enable_caching(on: boolean): void {
  if (is_ready()) cuda_native('caching_allocator_enable').allocator_enable(on);
}

/**
 * Turns caching of memory on or off; without effect while CUDA has not been used. Mirrors `torch.cuda.caching_allocator_enable`.
 *
 * @param value - default true
 * @throws Error where the addon for CUDA was not built
 * @example
 * ```ts
 * print(torch.cuda.caching_allocator_enable(true));
 * ```
 * ```python
 * print(torch.cuda.caching_allocator_enable(True))
 * ```
 */
export function caching_allocator_enable(value?: boolean): void;
export function caching_allocator_enable(...args: unknown[]): void {
  enable_caching(CALLS.enable.read(args).value ?? true);
}

/**
 * Turns caching of memory off in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.cuda.memory.caching_allocator_disabled`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.caching_allocator_disabled(() => torch.ones(2, { device: 'cuda' }));
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     with torch.cuda.memory.caching_allocator_disabled(): torch.ones(2, device='cuda')
 * print(torch.cuda.is_available())
 * ```
 */
export function caching_allocator_disabled<T>(fn: () => T): T;
export function caching_allocator_disabled(): Guard;
export function caching_allocator_disabled(...args: unknown[]): unknown {
  const mode: Mode<boolean> = {
    enter: () => {
      lazy_init();
      const before = cuda_native('caching_allocator_disabled').allocator_enabled();
      enable_caching(false);
      return before;
    },
    leave: enable_caching,
  };
  return run_or_guard('caching_allocator_disabled', mode, CALLS.disabled.read(args).fn);
}

/**
 * The allocator in use: `'native'` or `'cudaMallocAsync'`. Mirrors `torch.cuda.get_allocator_backend`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.get_allocator_backend() : 'native');
 * ```
 * ```python
 * print(torch.cuda.get_allocator_backend() if torch.cuda.is_available() else 'native')
 * ```
 */
export function get_allocator_backend(...none: []): string {
  no_arguments('get_allocator_backend', none);
  require_cuda_build();
  return cuda_native('get_allocator_backend').allocator_name();
}

/**
 * An allocator of a shared library: two functions of C, which allocate and release memory of a device. Mirrors
 * `torch.cuda.CUDAPluggableAllocator`.
 *
 * @param path_to_so_file - the library
 * @param alloc_fn_name - the name of its `void* (size_t size, int device, cudaStream_t stream)`
 * @param free_fn_name - the name of its `void (void* pointer, size_t size, int device, cudaStream_t stream)`
 * @throws Error when CUDA cannot be used, or the library lacks them
 * @example
 * ```ts
 * try {
 *   new torch.cuda.CUDAPluggableAllocator('missing.so', 'allocate', 'release');
 * } catch (error) {
 *   print('no such allocator');
 * }
 * ```
 * ```python
 * try:
 *     torch.cuda.CUDAPluggableAllocator('missing.so', 'allocate', 'release')
 * except Exception as error:
 *     print('no such allocator')
 * ```
 */
export class CUDAPluggableAllocator {
  /** @internal */
  readonly _native: NativeAllocator;

  constructor(path_to_so_file: string, alloc_fn_name: string, free_fn_name: string);
  constructor(options: { path_to_so_file: string; alloc_fn_name: string; free_fn_name: string });
  constructor(...args: unknown[]) {
    const { path_to_so_file, alloc_fn_name, free_fn_name } = CALLS.pluggable.read(args);
    lazy_init();
    this._native = cuda_native('CUDAPluggableAllocator').custom_allocator(path_to_so_file, alloc_fn_name, free_fn_name);
  }

  /** The allocator itself, which {@link MemPool} takes. */
  allocator(...args: []): this {
    CALLS.allocator.read(args);
    return this;
  }
}

/**
 * Allocates memory of CUDA devices by another allocator from now on. It must come before the first tensor on a device. Mirrors
 * `torch.cuda.memory.change_current_allocator`.
 *
 * @param allocator - the allocator
 * @throws Error when CUDA cannot be used, or the allocator has been used
 * @example
 * ```ts
 * print(typeof torch.cuda.memory.change_current_allocator);
 * ```
 * ```python
 * print(type(torch.cuda.memory.change_current_allocator).__name__)
 * ```
 */
export function change_current_allocator(allocator: CUDAPluggableAllocator): void;
export function change_current_allocator(...args: unknown[]): void {
  const { allocator } = CALLS.change.read(args);
  cuda_native('change_current_allocator').change_allocator(allocator._native);
}

/** Options of {@link MemPool}. */
export interface MemPoolOptions {
  /** What allocates its memory; default null, the allocator of all. */
  allocator?: CUDAPluggableAllocator | null;
  /** Whether other tensors may use what is free in it when memory is short. Default false. */
  use_on_oom?: boolean;
  /** Whether its segments stay whole. Default false. */
  no_split?: boolean;
}

/**
 * A pool of memory of its own, which {@link use_mem_pool} selects. Mirrors `torch.cuda.MemPool`.
 *
 * @param allocator - what allocates its memory; default null, the allocator of all
 * @param use_on_oom - whether other tensors may use what is free in it when memory is short; default false
 * @param no_split - whether its segments stay whole; default false
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const pool = new torch.cuda.MemPool();
 *   torch.cuda.use_mem_pool(pool, { fn: () => torch.ones(2, { device: 'cuda' }) });
 * }
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     pool = torch.cuda.MemPool()
 *     with torch.cuda.use_mem_pool(pool): torch.ones(2, device='cuda')
 * print(torch.cuda.is_available())
 * ```
 */
export class MemPool {
  /** @internal */
  readonly _native: NativePool;

  constructor(allocator?: CUDAPluggableAllocator | null, use_on_oom?: boolean, no_split?: boolean);
  constructor(options: MemPoolOptions);
  constructor(...args: unknown[]) {
    const { allocator = null, use_on_oom = false, no_split = false } = CALLS.pool.read(args);
    if (!native.device_built('cuda')) throw new Error('Tried to instantiate dummy base class MemPool');
    lazy_init();
    this._native = cuda_native('MemPool').pool_new(allocator?._native ?? null, use_on_oom, no_split);
  }

  /** The two numbers that name it. */
  get id(): PoolNumbers {
    return cuda_native('MemPool').pool_id(this._native);
  }

  /** How many use it. */
  use_count(...args: []): number {
    CALLS.use_count.read(args);
    return cuda_native('MemPool').pool_use_count(this._native);
  }

  /** Its memory, segment by segment; see {@link memory_snapshot}. */
  snapshot(include_traces?: boolean): MemorySegment[];
  snapshot(options: { include_traces?: boolean }): MemorySegment[];
  snapshot(...args: unknown[]): MemorySegment[] {
    return segments(this.id, CALLS.snapshot.read(args).include_traces ?? true);
  }
}

define_kind('CUDAAllocator', 'CUDAPluggableAllocator', (value) => value instanceof CUDAPluggableAllocator);
define_kind('MemPool', 'MemPool', (value) => value instanceof MemPool);

/**
 * Takes the memory of new tensors from a pool in a function, in a block of `using`, or in a method; see {@link Guard}. Mirrors
 * `torch.cuda.use_mem_pool`.
 *
 * @param pool - the pool
 * @param device - default null, the current device
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when it begins and CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   torch.cuda.use_mem_pool(new torch.cuda.MemPool(), null, () => torch.ones(2, { device: 'cuda' }));
 * }
 * print(torch.cuda.is_available());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     with torch.cuda.use_mem_pool(torch.cuda.MemPool()): torch.ones(2, device='cuda')
 * print(torch.cuda.is_available())
 * ```
 */
export function use_mem_pool<T>(pool: MemPool, device: DeviceLike | null, fn: () => T): T;
export function use_mem_pool<T>(pool: MemPool, options: OfDevice & { fn: () => T }): T;
export function use_mem_pool(pool: MemPool, device?: DeviceLike | null | OfDevice): Guard;
export function use_mem_pool(...args: unknown[]): unknown {
  const { pool, device, fn } = CALLS.use_mem_pool.read(args);
  const mode: Mode<number> = {
    enter: () => {
      const index = device === null || device === undefined ? index_of(null) : given_index(device);
      cuda_native('use_mem_pool').pool_begin(index, ...pool.id);
      return index;
    },
    leave: (index) => {
      cuda_native('use_mem_pool').pool_end(index, ...pool.id);
    },
  };
  return run_or_guard('use_mem_pool', mode, fn);
}
