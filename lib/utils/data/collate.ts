import { types } from 'node:util';

import { as_tensor, tensor, type TypedArray } from '../../creation.js';
import { bool, float64, int64, sparse_layouts } from '../../types/dtype.js';
import { stack } from '../../generated/functions.js';
import { kind_of } from '../../_internal/representation.js';
import { NDArray } from '../../numpy/ndarray.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import type { Tensor } from '../../_tensor.js';
import { Tensor as LegacyTensor } from '../../legacy_constructors.js';
import { define_kind, signature } from '../../_internal/signature.js';
import { python_repr } from '../../python/print.js';

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
    `default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '${kind_of(value)}'>`,
  );
}

/** What is given to a {@link CollateFunction} beside the batch. */
export interface CollateContext {
  /** The map by which items within the items are joined; null where there is none. */
  collate_fn_map: CollateMap | null;
}

/** Joins items of one type into a batch. */
export type CollateFunction = (batch: never[], context: CollateContext) => unknown;

/** A class, or `Number`, `BigInt`, `Boolean` or `String` for what is not an object. */
export type CollateType = (abstract new (...args: never[]) => unknown) | ((...args: never[]) => unknown);

/** Functions that join items, by the type of the items. */
export type CollateMap = Map<CollateType, CollateFunction>;

function collate_tensors(batch: readonly Tensor[]): Tensor {
  const first = batch[0]!;
  const kind = first.is_nested ? 'nested' : sparse_layouts.includes(first.layout) ? 'sparse' : undefined;
  if (kind !== undefined) {
    throw new Error(
      `Batches of ${kind} tensors are not currently supported by the default collate_fn; ` +
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

function collate_arrays(batch: readonly (NDArray | TypedArray)[]): Tensor {
  return collate_tensors(batch.map((item) => as_tensor(item)));
}

/** What programs know as `torch.Tensor`. */
const Tensors = LegacyTensor as unknown as CollateType;

/** What all typed arrays extend. */
const TypedArrays = Object.getPrototypeOf(Uint8Array) as CollateType;

/**
 * How `default_collate` joins items, by their type: `Tensor`, `NDArray` and typed arrays, `Number`, `BigInt`, `Boolean`, `String`.
 * What is set here holds for all loaders. Mirrors `torch.utils.data._utils.collate.default_collate_fn_map`.
 *
 * A function gets the batch, and a context with the map itself.
 *
 * @example
 * ```ts
 * class Point {
 *   constructor(public x: number, public y: number) {}
 * }
 * const { default_collate_fn_map } = torch.utils.data._utils.collate;
 * default_collate_fn_map.set(Point, (batch: Point[]) => torch.tensor(batch.map(({ x, y }) => [x, y])));
 * print(torch.utils.data.default_collate([new Point(1, 2), new Point(3, 4)]));
 * ```
 * ```python
 * class Point:
 *     def __init__(self, x, y): self.x, self.y = x, y
 * from torch.utils.data._utils.collate import default_collate_fn_map
 * default_collate_fn_map[Point] = lambda batch, *, collate_fn_map: torch.tensor([[p.x, p.y] for p in batch])
 * print(torch.utils.data.default_collate([Point(1, 2), Point(3, 4)]))
 * ```
 */
export const default_collate_fn_map: CollateMap = new Map<CollateType, CollateFunction>([
  [Tensors, collate_tensors],
  [NDArray, collate_arrays],
  [TypedArrays, collate_arrays],
  [Number, collate_numbers],
  [BigInt, collate_numbers],
  [Boolean, (batch: boolean[]) => tensor(batch, { dtype: bool })],
  [String, (batch: string[]) => [...batch]],
]);

/** Whether tensors are joined as they are when no program has said otherwise: whole batches of rows may then be read at once. */
export function joins_tensors_by_default(): boolean {
  return default_collate_fn_map.get(Tensors) === collate_tensors;
}

function type_of(value: unknown): CollateType | undefined {
  switch (typeof value) {
    case 'number':
      return Number;
    case 'bigint':
      return BigInt;
    case 'boolean':
      return Boolean;
    case 'string':
      return String;
    case 'object':
      if (value === null) return undefined;
      return is_typed_array(value) ? TypedArrays : (value.constructor as CollateType | undefined);
    default:
      return undefined;
  }
}

function function_for(value: unknown, map: CollateMap): CollateFunction | undefined {
  const type = type_of(value);
  const own = type === undefined ? undefined : map.get(type);
  if (own !== undefined) return own;
  if (typeof value !== 'object' && typeof value !== 'function') return undefined;
  for (const [base, fn] of map) if (value instanceof base) return fn;
  return undefined;
}

function joined(batch: readonly unknown[], map: CollateMap | null): unknown {
  const first = batch[0];
  const fn = map === null ? undefined : function_for(first, map);
  if (fn !== undefined) return fn(batch as never[], { collate_fn_map: map });
  if (Array.isArray(first)) return join_lists(batch as unknown[][], map);
  if (types.isMap(first)) {
    return new Map(
      [...first.keys()].map((key) => [
        key,
        joined(
          batch.map((item) => value_in(item, key)),
          map,
        ),
      ]),
    );
  }
  if (!is_plain_object(first)) throw_uncollatable(first);
  return Object.fromEntries(
    Object.keys(first).map((key) => [
      key,
      joined(
        batch.map((item) => value_at(item, key)),
        map,
      ),
    ]),
  );
}

function join_lists(batch: readonly (readonly unknown[])[], map: CollateMap | null): unknown[] {
  const first = batch[0] as readonly unknown[];
  if (batch.some((list) => !Array.isArray(list) || list.length !== first.length)) {
    throw new Error('each element in list of batch should be of equal size');
  }
  return first.map((_, i) =>
    joined(
      batch.map((list) => list[i]),
      map,
    ),
  );
}

define_kind('CollateMap', 'a Map of functions by type', types.isMap);

const COLLATE = signature<{ batch: readonly unknown[]; collate_fn_map?: CollateMap | null }>(
  'collate',
  'batch: any[], *, collate_fn_map?: CollateMap|None',
);

/**
 * Joins items into a batch by the functions of a map: the one for the type of the first item, or for a class that it extends. Arrays,
 * Maps and plain objects that the map does not have are joined field by field. Mirrors `torch.utils.data._utils.collate.collate`.
 *
 * @param batch - the items, all of one kind
 * @param options - `collate_fn_map`: functions by type; default null, no functions
 * @throws TypeError for items that are neither in the map nor arrays, Maps or plain objects
 * @example
 * ```ts
 * const sums = new Map([[torch.Tensor, (batch: torch.Tensor[]) => torch.stack(batch).sum(0)]]);
 * print(torch.utils.data._utils.collate.collate([[torch.ones(2)], [torch.ones(2)]], { collate_fn_map: sums }));
 * ```
 * ```python
 * sums = {torch.Tensor: lambda batch, *, collate_fn_map: torch.stack(batch).sum(0)}
 * print(torch.utils.data._utils.collate.collate([[torch.ones(2)], [torch.ones(2)]], collate_fn_map=sums))
 * ```
 */
export function collate(batch: readonly unknown[], options?: { collate_fn_map?: CollateMap | null }): unknown;
export function collate(...args: unknown[]): unknown {
  const { batch, collate_fn_map = null } = COLLATE.read(args);
  return joined(batch, collate_fn_map);
}

const DEFAULT_COLLATE = signature<{ batch: readonly unknown[] }>('default_collate', 'batch: any[]');
const DEFAULT_CONVERT = signature<{ data: unknown }>('default_convert', 'data: any');

/**
 * Joins items into a batch with a new first dimension. Mirrors `torch.utils.data.default_collate`.
 *
 * Tensors and NDArrays are stacked; numbers become an int64 tensor when all are safe integers and a float64 tensor
 * otherwise; booleans become a bool tensor; arrays, objects and Maps are joined field by field; strings
 * remain an array. Types of your own are set in `torch.utils.data._utils.collate.default_collate_fn_map`.
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
  return joined(DEFAULT_COLLATE.read(args).batch, default_collate_fn_map);
}

function value_at(item: unknown, key: string): unknown {
  if (typeof item === 'object' && item !== null && Object.hasOwn(item, key))
    return (item as Record<string, unknown>)[key];
  throw new Error(`default_collate: an element of the batch has no '${key}', which the first one has`);
}

function value_in(item: unknown, key: unknown): unknown {
  if (types.isMap(item) && item.has(key)) return item.get(key);
  throw new Error(`default_collate: an element of the batch has no ${python_repr(key)}, which the first one has`);
}

/**
 * Converts NDArrays and typed arrays within an item to tensors, and returns all else unchanged: what a loader without
 * batches applies to each item. Mirrors `torch.utils.data.default_convert`.
 *
 * @param data - an item: also an array, object or Map, whose fields are converted
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
  if (types.isMap(data)) return new Map([...data].map(([key, value]) => [key, convert_item(value)]));
  if (!is_plain_object(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, convert_item(value)]));
}
