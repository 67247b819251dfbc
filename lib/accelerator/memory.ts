/** Memory of the accelerator: `torch.accelerator.memory`, whose functions are in `torch.accelerator` too. */
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import type { DeviceLike } from '../types/device.js';
import { index_of, required_accelerator } from './device_index.js';

const of_index = (callee: string) =>
  signature<{ device_index?: DeviceLike | null }>(callee, 'device_index?: device|None');

const MEMORY_STATS = of_index('memory_stats');
const MEMORY_ALLOCATED = of_index('memory_allocated');
const MAX_MEMORY_ALLOCATED = of_index('max_memory_allocated');
const MEMORY_RESERVED = of_index('memory_reserved');
const MAX_MEMORY_RESERVED = of_index('max_memory_reserved');
const RESET_ACCUMULATED = of_index('reset_accumulated_memory_stats');
const RESET_PEAK = of_index('reset_peak_memory_stats');
const GET_MEMORY_INFO = of_index('get_memory_info');

/** Whether the allocator of the accelerator has been used. @throws Error when there is no accelerator */
function allocator_is_ready(): boolean {
  required_accelerator();
  return native.accelerator_allocator_ready();
}

function stats_of(device: DeviceLike | null | undefined): Record<string, number> {
  if (!allocator_is_ready()) return {};
  const stats = native.accelerator_memory_stats(index_of(device, true));
  return Object.fromEntries(Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Releases memory of the accelerator that is cached and not in use. Mirrors `torch.accelerator.empty_cache`.
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.empty_cache();
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.empty_cache()
 * print(torch.accelerator.is_available())
 * ```
 */
export function empty_cache(...none: []): void {
  no_arguments('empty_cache', none);
  if (allocator_is_ready()) native.accelerator_empty_cache();
}

/**
 * Releases pinned memory of the host that is cached and not in use. Mirrors `torch.accelerator.empty_host_cache`.
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.empty_host_cache();
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.empty_host_cache()
 * print(torch.accelerator.is_available())
 * ```
 */
export function empty_host_cache(...none: []): void {
  no_arguments('empty_host_cache', none);
  required_accelerator();
  native.accelerator_empty_host_cache();
}

/**
 * What the allocator of a device has counted, by names such as `allocated_bytes.all.peak`. Mirrors
 * `torch.accelerator.memory_stats`.
 *
 * @param device_index - default null, the current device
 * @returns an empty object while the allocator has not been used
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * const stats = torch.accelerator.is_available() ? torch.accelerator.memory_stats() : {};
 * print(Object.keys(stats).length >= 0);
 * ```
 * ```python
 * stats = torch.accelerator.memory_stats() if torch.accelerator.is_available() else {}
 * print(len(stats) >= 0)
 * ```
 */
export function memory_stats(device_index?: DeviceLike | null): Record<string, number>;
export function memory_stats(...args: unknown[]): Record<string, number> {
  return stats_of(MEMORY_STATS.read(args).device_index);
}

/**
 * The bytes that tensors of a device occupy. Mirrors `torch.accelerator.memory_allocated`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.memory_allocated() >= 0 : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.memory_allocated() >= 0 if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function memory_allocated(device_index?: DeviceLike | null): number;
export function memory_allocated(...args: unknown[]): number {
  return stats_of(MEMORY_ALLOCATED.read(args).device_index)['allocated_bytes.all.current'] ?? 0;
}

/**
 * The most bytes that tensors of a device have occupied. Mirrors `torch.accelerator.max_memory_allocated`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.max_memory_allocated() >= 0 : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.max_memory_allocated() >= 0 if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function max_memory_allocated(device_index?: DeviceLike | null): number;
export function max_memory_allocated(...args: unknown[]): number {
  return stats_of(MAX_MEMORY_ALLOCATED.read(args).device_index)['allocated_bytes.all.peak'] ?? 0;
}

/**
 * The bytes of a device that the allocator holds, in use or cached. Mirrors `torch.accelerator.memory_reserved`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.memory_reserved() >= 0 : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.memory_reserved() >= 0 if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function memory_reserved(device_index?: DeviceLike | null): number;
export function memory_reserved(...args: unknown[]): number {
  return stats_of(MEMORY_RESERVED.read(args).device_index)['reserved_bytes.all.current'] ?? 0;
}

/**
 * The most bytes of a device that the allocator has held. Mirrors `torch.accelerator.max_memory_reserved`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.max_memory_reserved() >= 0 : 'no accelerator');
 * ```
 * ```python
 * print(torch.accelerator.max_memory_reserved() >= 0 if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function max_memory_reserved(device_index?: DeviceLike | null): number;
export function max_memory_reserved(...args: unknown[]): number {
  return stats_of(MAX_MEMORY_RESERVED.read(args).device_index)['reserved_bytes.all.peak'] ?? 0;
}

/**
 * Resets what {@link memory_stats} has summed up over time. Mirrors `torch.accelerator.reset_accumulated_memory_stats`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.reset_accumulated_memory_stats();
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.reset_accumulated_memory_stats()
 * print(torch.accelerator.is_available())
 * ```
 */
export function reset_accumulated_memory_stats(device_index?: DeviceLike | null): void;
export function reset_accumulated_memory_stats(...args: unknown[]): void {
  const { device_index } = RESET_ACCUMULATED.read(args);
  if (allocator_is_ready()) native.accelerator_reset_stats(index_of(device_index, true), 'accumulated');
}

/**
 * Resets the peaks of {@link memory_stats} to the values of now. Mirrors `torch.accelerator.reset_peak_memory_stats`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * if (torch.accelerator.is_available()) torch.accelerator.reset_peak_memory_stats();
 * print(torch.accelerator.is_available());
 * ```
 * ```python
 * if torch.accelerator.is_available(): torch.accelerator.reset_peak_memory_stats()
 * print(torch.accelerator.is_available())
 * ```
 */
export function reset_peak_memory_stats(device_index?: DeviceLike | null): void;
export function reset_peak_memory_stats(...args: unknown[]): void {
  const { device_index } = RESET_PEAK.read(args);
  if (allocator_is_ready()) native.accelerator_reset_stats(index_of(device_index, true), 'peak');
}

/**
 * The free and the total bytes of a device. Mirrors `torch.accelerator.get_memory_info`.
 *
 * @param device_index - default null, the current device
 * @throws Error when there is no accelerator
 * @example
 * ```ts
 * print(torch.accelerator.is_available() ? torch.accelerator.get_memory_info().length : 'no accelerator');
 * ```
 * ```python
 * print(len(torch.accelerator.get_memory_info()) if torch.accelerator.is_available() else 'no accelerator')
 * ```
 */
export function get_memory_info(device_index?: DeviceLike | null): [free: number, total: number];
export function get_memory_info(...args: unknown[]): [free: number, total: number] {
  return native.accelerator_memory(index_of(GET_MEMORY_INFO.read(args).device_index, true));
}
