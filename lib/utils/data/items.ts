/** What datasets of any kind have in common: items by their numbers. */
import { tensor } from '../../creation.js';
import { int64 } from '../../types/dtype.js';
import { Tensor } from '../../_tensor.js';
import { NDArray } from '../../numpy/ndarray.js';
import type { Collated } from './collate.js';

/** What a loader reads by index: a `Dataset`, or an object with the same methods. */
export interface MapDataset<T> {
  /** The item with this index. */
  get(index: number): T;
  readonly length: number;
  /**
   * The items with these indices, joined as `default_collate` would, or undefined when they cannot be joined at once.
   * A loader without its own `collate_fn` calls it, so that a batch takes a few operators instead of many.
   */
  get_batch?(indices: readonly number[]): Collated<T> | undefined;
  /** The items with these indices, where reading several at once is faster; mirrors `Dataset.__getitems__`. */
  __getitems__?(indices: readonly number[]): T[];
}

/** Anything with indexed items: an array, a {@link MapDataset}, or the rows of a Tensor or NDArray. */
export type Items<T> = MapDataset<T> | readonly T[] | ((Tensor | NDArray) & Iterable<T>);

/** The item with this number. @throws RangeError when an array has no such item */
export function item_of<T>(dataset: Items<T>, index: number): T {
  if (dataset instanceof Tensor) return dataset.index(index) as T;
  if (dataset instanceof NDArray) return dataset.index(index) as T;
  if (!Array.isArray(dataset)) return (dataset as MapDataset<T>).get(index);
  if (index < 0 || index >= dataset.length) {
    throw new RangeError(`dataset index ${index} is out of range of ${dataset.length} items`);
  }
  return dataset[index] as T;
}

/** The items with these numbers. @throws Error when `__getitems__` gives another number of them */
export function items_of<T>(dataset: Items<T>, indices: readonly number[]): T[] {
  const all_at_once = (dataset as Partial<MapDataset<T>>).__getitems__;
  if (typeof all_at_once !== 'function') return indices.map((index) => item_of(dataset, index));
  return all_at_once.call(dataset, indices);
}

/** The rows with these numbers (negative ones count from the end) as one tensor. @throws RangeError */
export function rows_of(source: Tensor, indices: readonly number[]): Tensor {
  const length = source.size(0);
  const numbers = new BigInt64Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if (!(index >= -length && index < length)) {
      throw new RangeError(`index ${index} is out of bounds for dimension 0 with size ${length}`);
    }
    numbers[i] = BigInt(index < 0 ? index + length : index);
  }
  return source.index_select(0, tensor(numbers, { dtype: int64, device: source.device }));
}

/** Whether a value has numbered items. */
export function is_dataset(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Tensor ||
    value instanceof NDArray ||
    (typeof value === 'object' && value !== null && typeof (value as Partial<MapDataset<unknown>>).get === 'function')
  );
}
