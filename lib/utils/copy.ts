/** Deep copies, as Python's `copy.deepcopy` makes them. */
import { types } from 'node:util';

import { Device } from '../types/device.js';
import { DType, Layout, MemoryFormat, TensorType } from '../types/dtype.js';
import { QScheme } from '../types/qscheme.js';
import { kind_of } from '../_internal/representation.js';

/** The originals that a deep copy has copied already, with their copies. */
export type Memo = Map<unknown, unknown>;

/** An object that defines how it is copied. */
export interface DeepCopyable {
  __deepcopy__(memo: Memo): unknown;
}

// Objects that are what they are: compared by identity, or without a content that could be copied.
const ATOMIC = [
  Device,
  DType,
  Layout,
  MemoryFormat,
  QScheme,
  TensorType,
  WeakMap,
  WeakSet,
  WeakRef,
  Promise,
  SharedArrayBuffer,
];

/**
 * A deep copy of a value: tensors (with their storages), parameters, modules, optimizers, arrays, maps, sets, typed
 * arrays, and objects of any class. Mirrors Python's `copy.deepcopy`.
 *
 * What is shared within the value is shared within the copy, so tied parameters stay tied. Functions are not copied.
 * A class with private `#fields` needs a method `__deepcopy__(memo)` that makes the copy.
 *
 * @param x - any value
 * @param memo - originals with their copies, for calls from within `__deepcopy__`
 * @throws Error for a tensor with a history: only leaves can be copied
 * @throws TypeError when `memo` is not a Map
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const copy = torch.deepcopy(model);
 * torch.no_grad(() => model.weight.zero_());
 * print(copy.weight.detach());
 * ```
 * ```python
 * from copy import deepcopy
 * model = nn.Linear(2, 1)
 * copy = deepcopy(model)
 * with torch.no_grad():
 *     model.weight.zero_()
 * print(copy.weight.detach())
 * ```
 */
export function deepcopy<T>(x: T, memo: Memo = new Map()): T {
  if ((typeof x !== 'object' && typeof x !== 'function') || x === null) return x;
  if (!types.isMap(memo)) throw new TypeError(`deepcopy(): argument 'memo' must be Map, not ${kind_of(memo)}`);
  if (memo.has(x)) return memo.get(x) as T;
  const copy = copy_object(x, memo);
  if (copy !== x) memo.set(x, copy);
  return copy as T;
}

function copy_object(value: object, memo: Memo): object {
  const { __deepcopy__ } = value as Partial<DeepCopyable>;
  if (typeof __deepcopy__ === 'function') return __deepcopy__.call(value, memo) as object;
  if (typeof value === 'function' || ATOMIC.some((kind) => value instanceof kind)) return value;
  if (types.isDate(value)) return new Date(value);
  if (types.isRegExp(value)) return new RegExp(value);
  if (types.isArrayBuffer(value)) return value.slice(0);
  if (ArrayBuffer.isView(value)) return copy_view(value, memo);
  return copy_fields(value, empty_like(value), memo);
}

function copy_view(view: ArrayBufferView, memo: Memo): ArrayBufferView {
  // A Node Buffer is a small part of a pool.
  if (Buffer.isBuffer(view)) return Buffer.from(view);
  const kind = view.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;
  const length = 'length' in view ? (view.length as number) : view.byteLength;
  return new kind(deepcopy(view.buffer, memo), view.byteOffset, length);
}

function empty_like(value: object): object {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (Array.isArray(value)) return Object.setPrototypeOf(new Array(value.length), prototype) as object;
  if (types.isMap(value)) return Object.setPrototypeOf(new Map(), prototype) as object;
  if (types.isSet(value)) return Object.setPrototypeOf(new Set(), prototype) as object;
  return Object.create(prototype) as object;
}

/**
 * Puts copies of all that `value` holds into `copy`, which stands for it from then on.
 *
 * @param skip - fields to leave out
 * @internal
 */
export function copy_fields<T extends object>(
  value: object,
  copy: T,
  memo: Memo,
  skip: ReadonlySet<string | symbol> = new Set(),
): T {
  memo.set(value, copy);
  if (types.isMap(value)) {
    const map = copy as unknown as Map<unknown, unknown>;
    for (const [key, item] of value) map.set(deepcopy(key, memo), deepcopy(item, memo));
  } else if (types.isSet(value)) {
    for (const item of value) (copy as unknown as Set<unknown>).add(deepcopy(item, memo));
  }
  for (const key of Reflect.ownKeys(value)) {
    if (skip.has(key) || (Array.isArray(value) && key === 'length')) continue;
    const field = Object.getOwnPropertyDescriptor(value, key)!;
    if ('value' in field) field.value = deepcopy(field.value as unknown, memo);
    Object.defineProperty(copy, key, field);
  }
  return copy;
}
