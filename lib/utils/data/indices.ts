/** The indices that samplers give, and what loaders need beside them. */
import { int64 } from '../../types/dtype.js';
import { empty } from '../../generated/functions.js';
import { kind_of } from '../../_internal/representation.js';
import type { Generator } from '../../random.js';
import { is_tensor } from '../../_C/tensor_base.js';
import type { Tensor } from '../../_tensor.js';
import type { NDArray } from '../../numpy/ndarray.js';

/** Indices of items: an array, or a Tensor or NDArray with one dimension, such as `torch.randperm` returns. */
export type Indices = readonly number[] | Tensor | NDArray;

/** Numbers of items as an array. */
export function index_list(indices: Indices | Iterable<unknown>): readonly number[] {
  if (Array.isArray(indices)) return indices as number[];
  const { tolist } = indices as Partial<Tensor>;
  return typeof tolist === 'function'
    ? (tolist.call(indices) as number[])
    : Array.from(indices as Iterable<unknown>, index_number);
}

/**
 * What a dataset is asked for: the number of an item, which samplers may give as a Tensor without dimensions or a bigint. Other
 * keys, such as texts, are left as they are: a dataset may have any.
 */
export function index_number(index: unknown): number {
  if (typeof index === 'number') return index;
  return typeof index === 'bigint' || is_tensor(index) ? Number(index) : (index as number);
}

/** A 63-bit seed from the generator (the default one when null), drawn as Python draws it. */
export function draw_seed(generator: Generator | null): number | bigint {
  return empty([], { dtype: int64 }).random_({ generator }).item<number | bigint>();
}

/** The `length` of something that need not have one. @throws TypeError */
export function length_of(value: object): number {
  const { length } = value as { length?: unknown };
  if (typeof length !== 'number') throw new TypeError(`object of type '${kind_of(value)}' has no length`);
  return length;
}
