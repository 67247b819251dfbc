import { types } from 'node:util';

import { as_tensor, tensor, type TypedArray } from '../../creation.js';
import { bool, float64, int64 } from '../../types/dtype.js';
import { stack } from '../../generated/functions.js';
import { kind_of } from '../../_internal/representation.js';
import { NDArray } from '../../numpy/ndarray.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';

/** What a batch of items of type `T` becomes: `[Tensor, number]` becomes `[Tensor, Tensor]`. */
export type Collated<T> = T extends Tensor | number | bigint | boolean | NDArray | TypedArray
  ? Tensor
  : T extends string
    ? string[]
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : T extends object
        ? { [K in keyof T]: Collated<T[K]> }
        : unknown;

function is_typed_array(value: unknown): value is TypedArray {
  return types.isTypedArray(value);
}

function throw_uncollatable(value: unknown): never {
  throw new TypeError(
    'default_collate: batch must contain tensors, arrays, numbers, strings or objects; found ' + kind_of(value),
  );
}

function collate_tensors(batch: readonly Tensor[]): Tensor {
  const first = batch[0]!;
  if (first.is_sparse) {
    throw new Error(
      'Batches of sparse tensors are not currently supported by the default collate_fn; ' +
        'please provide a custom collate_fn to handle them appropriately.',
    );
  }
  return stack(batch, 0);
}

function collate_numbers(batch: readonly (number | bigint)[]): Tensor {
  const integers = batch.every(
    (value) => typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0)),
  );
  return tensor(batch, { dtype: integers ? int64 : float64 });
}

function collate_lists(batch: readonly (readonly unknown[])[]): unknown[] {
  const first = batch[0] as readonly unknown[];
  if (batch.some((list) => !Array.isArray(list) || list.length !== first.length)) {
    throw new Error('each element in list of batch should be of equal size');
  }
  return first.map((_, i) => collated(batch.map((list) => list[i])));
}

const DEFAULT_COLLATE = signature<{ batch: readonly unknown[] }>('default_collate', 'batch: any[]');
const DEFAULT_CONVERT = signature<{ data: unknown }>('default_convert', 'data: any');

/**
 * Joins items into a batch with a new first dimension. Mirrors `torch.utils.data.default_collate`.
 *
 * Tensors and NDArrays are stacked; numbers become an int64 tensor when all are safe integers and a float64 tensor
 * otherwise; booleans become a bool tensor; arrays and objects are joined field by field; strings remain an array.
 *
 * @param batch - the items, all of one kind
 * @throws TypeError for values of other kinds; Error when arrays differ in length, tensors in shape, or an object
 * lacks a key of the first one
 * @example
 * ```ts
 * print(torch.utils.data.default_collate([[0.5, 1], [1.5, 0]]));
 * print(torch.utils.data.default_collate([{ x: torch.zeros(2), y: 1 }, { x: torch.ones(2), y: 0 }]));
 * ```
 * ```python
 * print(torch.utils.data.default_collate([[0.5, 1], [1.5, 0]]))
 * print(torch.utils.data.default_collate([{'x': torch.zeros(2), 'y': 1}, {'x': torch.ones(2), 'y': 0}]))
 * ```
 */
export function default_collate<T>(batch: readonly T[]): Collated<T>;
export function default_collate(...args: unknown[]): unknown {
  return collated(DEFAULT_COLLATE.read(args).batch);
}

function collated(batch: readonly unknown[]): unknown {
  const first = batch[0];
  // `stack` throws for a batch that mixes tensors and other values.
  if (first instanceof Tensor) return collate_tensors(batch as Tensor[]);
  switch (typeof first) {
    case 'number':
    case 'bigint':
      return collate_numbers(batch as number[]);
    case 'boolean':
      return tensor(batch as boolean[], { dtype: bool });
    case 'string':
      return [...batch];
    case 'object':
      break;
    default:
      throw_uncollatable(first);
  }
  if (Array.isArray(first)) return collate_lists(batch as unknown[][]);
  if (first instanceof NDArray || is_typed_array(first)) {
    return collate_tensors(batch.map((item) => as_tensor(item as NDArray | TypedArray)));
  }
  if (!is_plain_object(first)) throw_uncollatable(first);
  return Object.fromEntries(Object.keys(first).map((key) => [key, collated(batch.map((item) => value_at(item, key)))]));
}

function value_at(item: unknown, key: string): unknown {
  if (typeof item === 'object' && item !== null && Object.hasOwn(item, key))
    return (item as Record<string, unknown>)[key];
  throw new Error(`default_collate: an element of the batch has no '${key}', which the first one has`);
}

/**
 * Converts NDArrays and typed arrays within an item to tensors, and returns all else unchanged: what a loader without
 * batches applies to each item. Mirrors `torch.utils.data.default_convert`.
 *
 * @param data - an item: also an array or object, whose fields are converted
 * @example
 * ```ts
 * print(torch.utils.data.default_convert({ x: torch.ones(2).numpy(), name: 'a' }));
 * ```
 * ```python
 * print(torch.utils.data.default_convert({'x': torch.ones(2).numpy(), 'name': 'a'}))
 * ```
 */
export function default_convert(data: unknown): unknown;
export function default_convert(...args: unknown[]): unknown {
  // An object is data, whatever its keys are.
  return convert_item(args.length === 1 ? args[0] : DEFAULT_CONVERT.read(args).data);
}

function convert_item(data: unknown): unknown {
  if (data instanceof NDArray || is_typed_array(data)) return as_tensor(data);
  if (Array.isArray(data)) return data.map(convert_item);
  if (!is_plain_object(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, convert_item(value)]));
}
