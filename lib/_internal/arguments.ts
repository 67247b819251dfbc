import type { DeviceLike } from '../types/device.js';
import type { DType } from '../types/dtype.js';
import { Tuple } from './tuple.js';

/**
 * The optional part of a call as PyTorch users write it: any number of the positional arguments in `P`, in
 * order, and then at most one options object instead of Python's keyword arguments.
 */
export type Tail<P extends unknown[], O> =
  | [options?: O]
  | (P extends [unknown, ...infer R] ? (P extends [...infer H, ...R] ? [...H, ...Tail<R, O>] : never) : never);

/** Arguments of each layer with parameters: device and dtype. */
export interface FactoryOptions {
  /** Device of the parameters; the current default when left out. */
  device?: DeviceLike | null | undefined;
  /** Data type of the parameters; `torch.get_default_dtype()` when left out. */
  dtype?: DType | null | undefined;
}

/** One number for each dimension, from one for all of them or one for each: a tuple, as in Python. */
export function ntuple(value: number | readonly number[], dimensions: number): number[] {
  return Tuple.from(typeof value === 'number' ? Array<number>(dimensions).fill(value) : value);
}

/** The index of a row, from the end when negative. @throws Error when it is out of range */
export function checked_padding_idx(padding_idx: number | null, rows: number, name = 'Padding_idx'): number | null {
  if (padding_idx === null) return null;
  if (padding_idx >= rows && padding_idx > 0) throw new Error(`${name} must be within num_embeddings`);
  if (padding_idx < -rows) throw new Error(`${name} must be within num_embeddings`);
  return padding_idx < 0 ? rows + padding_idx : padding_idx;
}
