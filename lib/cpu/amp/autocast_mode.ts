/** `torch.cpu.amp.autocast_mode`: names of `torch.amp`, deprecated. */
import type { Tail } from '../../_internal/arguments.js';
import { device_autocast, type DeviceAutocastOptions } from '../../amp/deprecated.js';
import type { Autocast } from '../../amp/autocast_mode.js';
import { bfloat16, type DType } from '../../types/dtype.js';

type Rest = Tail<[enabled: boolean, dtype: DType, cache_enabled: boolean], DeviceAutocastOptions>;

/**
 * As `torch.autocast('cpu', ...)`, with a warning, since it is deprecated. Mirrors `torch.cpu.amp.autocast`.
 *
 * @param enabled - whether operators cast their inputs; default true
 * @param dtype - the dtype of operators that run in lower precision; default `torch.bfloat16`
 * @param cache_enabled - keep the copies of parameters that were cast; default true
 * @returns what the function returned; a guard without one
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * print(torch.cpu.amp.autocast(() => torch.ones(1, 2).mm(torch.ones(2, 1))));
 * ```
 * ```python
 * with torch.cpu.amp.autocast(): print(torch.ones(1, 2).mm(torch.ones(2, 1)))
 * ```
 */
export function autocast(enabled?: boolean, dtype?: DType, cache_enabled?: boolean): Autocast;
export function autocast<T>(fn: () => T): T;
export function autocast<T>(options: DeviceAutocastOptions, fn: () => T): T;
export function autocast<T>(fn: () => T, ...args: Rest): T;
export function autocast(...args: Rest): Autocast;
export function autocast(...args: unknown[]): unknown {
  return device_autocast('cpu', bfloat16, args);
}
