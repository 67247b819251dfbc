/**
 * Memory that the addon sees too: where it leaves a few numbers instead of making an array for each call, and where a call
 * leaves its arguments (native/core/scratch.h).
 */
import { native, type Handle } from './native.js';

/** What the last call has left; the next call overwrites it. */
export const scratch: Float64Array = native.scratch();

/** Where a call leaves its arguments; lib/_C/dispatch.ts writes them. */
export const argument_slots: Float64Array = native.argument_memory();

const texts = new Map<string, number>();
const MOST_TEXTS = 1024;

/** The number that stands for a text among the arguments of a call; -1 when there are too many of them. */
export function number_of_text(text: string): number {
  const known = texts.get(text);
  if (known !== undefined) return known;
  // Options are few; what else is a text could be without end.
  if (texts.size >= MOST_TEXTS || text.length > 64) return -1;
  const number = native.intern(text);
  texts.set(text, number);
  return number;
}

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
