/** libtorch's functorch layers: entering, leaving, and tensors inside of them. */
import { recording } from '../_C/modes.js';
import { native } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { call_in_mode } from '../_internal/callbacks.js';
import { map_tensors } from './structure.js';

// What native/autograd/functorch.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    vmap_enter(batch_size: number, randomness: number): number;
    grad_enter(): number;
    jvp_enter(): number;
    layer_exit(): void;
    batch_dim_add(handle: number, dim: number, level: number): number;
    batch_dim_remove(handle: number, level: number, batch_size: number, dim: number): number;
    grad_wrap(handle: number, level: number): number;
    grad_unwrap(handle: number, level: number): number;
  }
}

/** Runs `body` inside of a layer of gradients. */
export function within_grad_layer<T>(body: (level: number) => T): T {
  const level = native.grad_enter();
  try {
    return call_in_mode(recording, () => body(level));
  } finally {
    native.layer_exit();
  }
}

/** Every tensor of a nested value as a layer sees it. */
export function wrapped<T>(value: T, level: number): T {
  return map_tensors(value, (tensor) => wrap(native.grad_wrap(tensor._h, level))) as T;
}

/** Every tensor of a nested value as it is outside of a layer. */
export function unwrapped<T>(value: T, level: number): T {
  return map_tensors(value, (tensor) => wrap(native.grad_unwrap(tensor._h, level))) as T;
}

/** The numbers of the chosen arguments, counted from the front. @throws RangeError when one is not there */
export function places(callee: string, argnums: number | readonly number[], count: number): number[] {
  return (typeof argnums === 'number' ? [argnums] : [...argnums]).map((place) => {
    if (!Number.isInteger(place) || place < -count || place >= count) {
      throw new RangeError(`${callee}(): Got argnum=${place}, but only ${count} positional inputs`);
    }
    return place < 0 ? place + count : place;
  });
}

/** The chosen arguments: one by itself, or a list of several. */
export function select_args(
  argnums: number | readonly number[],
  at: readonly number[],
  args: readonly unknown[],
): unknown {
  return typeof argnums === 'number' ? args[at[0] as number] : at.map((place) => args[place]);
}

/** The arguments with others instead of the chosen ones. */
export function replace_args(
  args: readonly unknown[],
  argnums: number | readonly number[],
  at: readonly number[],
  value: unknown,
): unknown[] {
  const all = [...args];
  at.forEach((place, i) => {
    all[place] = typeof argnums === 'number' ? value : (value as unknown[])[i];
  });
  return all;
}

/** The output of a function with `has_aux`, and the auxiliary data. @throws TypeError unless it returned a pair */
export function split_aux(callee: string, answer: unknown, has_aux: boolean): [value: unknown, aux: unknown] {
  if (!has_aux) return [answer, undefined];
  if (Array.isArray(answer) && answer.length === 2) return answer as unknown as [unknown, unknown];
  throw new TypeError(`${callee}(): output of function should be a tuple: (output, aux) if has_aux is True`);
}

/** Which argument a transform is about: as TypeScript sees it. */
export type Chosen<A extends unknown[], N> = N extends readonly number[]
  ? { -readonly [K in keyof N]: Chosen<A, N[K]> }
  : `${N & number}` extends keyof A
    ? A[`${N & number}` & keyof A]
    : A[number];

/** Whatever a user may transform. */
export type AnyFunction = (...args: never[]) => unknown;

/** A function that hands something through beside its result. */
export type WithAux = (...args: never[]) => readonly [unknown, unknown];
