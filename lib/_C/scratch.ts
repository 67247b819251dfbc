/** The memory in which the addon leaves a few numbers, instead of making an array for each call (native/core/scratch.h). */
import { native, type Handle } from './native.js';

/** What the last call has left; the next call overwrites it. */
export const scratch: Float64Array = native.scratch();

/** Appends integers that a call has given: their count when they are in {@link scratch}, else themselves. */
function append<T extends number[]>(to: T, given: number | number[]): T {
  if (typeof given !== 'number') to.push(...given);
  else for (let i = 0; i < given; i++) to.push(scratch[i]!);
  return to;
}

/** Appends the sizes of a tensor to a list, and returns it. */
export function append_sizes<T extends number[]>(to: T, handle: Handle): T {
  return append(to, native.shape(handle));
}

/** The strides of a tensor. */
export function strides_of(handle: Handle): number[] {
  return append([], native.strides(handle));
}
