/** The memory in which the addon leaves a few numbers, instead of making an array for each call (native/core/scratch.h). */
import { native, type Handle } from './native.js';

/** What the last call has left; the next call overwrites it. */
export const scratch: Float64Array = native.scratch();

/** Integers that a call has given: their count when they are in {@link scratch}, else themselves. */
function integers(given: number | number[]): number[] {
  if (typeof given !== 'number') return given;
  const found: number[] = [];
  for (let i = 0; i < given; i++) found.push(scratch[i]!);
  return found;
}

/** The sizes of a tensor. */
export function sizes_of(handle: Handle): number[] {
  return integers(native.shape(handle));
}

/** The strides of a tensor. */
export function strides_of(handle: Handle): number[] {
  return integers(native.strides(handle));
}
