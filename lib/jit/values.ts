/** JavaScript values and those of TorchScript; which type fits is decided in native/core/convert_tagged.cpp. */
import { types } from 'node:util';

import { Device } from '../types/device.js';
import { tagged } from '../_C/dispatch.js';
import { Kind } from '../generated/shared_numbers.js';
import type { DType, Layout, MemoryFormat } from '../types/dtype.js';
import type { Tagged, Wrapped } from '../_C/native.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_repr } from '../python/print.js';
import { Generator } from '../random.js';
import { Complex } from '../types/scalar.js';
import { wrap } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';

/**
 * What a script takes. Arrays are lists and tuples, plain objects and Maps dicts (and named tuples), null is None.
 */
export type ScriptValue =
  | Tensor
  | number
  | bigint
  | boolean
  | string
  | null
  | Complex
  | Device
  | DType
  | Layout
  | MemoryFormat
  | Generator
  | ScriptObject
  | readonly ScriptValue[]
  | ArrayBufferView
  | ReadonlyMap<ScriptValue, ScriptValue>
  | { readonly [name: string]: ScriptValue };

/**
 * A value that only scripts can use: an object of a script's class, an enum, a future. It can be given to a script.
 * @example
 * ```ts
 * interface Net { counter(start: number): torch.jit.ScriptObject; value(counter: torch.jit.ScriptObject): number }
 * const model = torch.jit.load<Net>('net.pt');
 * const counter = model.counter(2); // an object of a class of the script
 * print(model.value(counter));
 * ```
 * ```python
 * model = torch.jit.load('net.pt')
 * counter = model.counter(2)
 * print(model.value(counter))
 * ```
 */
export class ScriptObject {
  constructor(
    /** @internal */
    readonly _native: object,
    /** The name of its type, or of the member of an enum. */
    readonly description: string,
  ) {
    Object.defineProperty(this, '_native', { enumerable: false });
  }

  toString(): string {
    return `<torch.ScriptObject ${this.description}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * A tuple whose elements also have names.
 * @example
 * ```ts
 * interface Net { bounds(x: torch.Tensor): [low: torch.Tensor, high: torch.Tensor] & { low: torch.Tensor } }
 * const bounds = torch.jit.load<Net>('net.pt').bounds(torch.tensor([2.5, -1]));
 * const [, high] = bounds;
 * print(bounds, bounds.low, high);
 * ```
 * ```python
 * bounds = torch.jit.load('net.pt').bounds(torch.tensor([2.5, -1]))
 * _, high = bounds
 * print(bounds, bounds.low, high)
 * ```
 */
export class NamedTuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** @internal */
  static _of(values: readonly unknown[], [name, ...fields]: readonly string[]): NamedTuple {
    const tuple = new NamedTuple();
    tuple.push(...values);
    const text = (): string => `${name}(${fields.map((field, i) => `${field}=${python_repr(tuple[i])}`).join(', ')})`;
    Object.defineProperty(tuple, 'toString', { value: text });
    fields.forEach((field, i) => Object.defineProperty(tuple, field, { value: values[i] }));
    return tuple;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function dict_of(entries: Iterable<readonly [unknown, unknown]>): Tagged {
  const parts: Tagged[] = [];
  for (const [key, value] of entries) parts.push(to_tagged(key), to_tagged(value));
  return [Kind.dict, parts];
}

/** A value for the addon. */
export function to_tagged(value: unknown): Tagged {
  if (Array.isArray(value)) return [Kind.list, value.map(to_tagged)];
  if (ArrayBuffer.isView(value) && 'length' in value) {
    return [Kind.list, Array.from(value as unknown as ArrayLike<unknown>, to_tagged)];
  }
  if (types.isMap(value)) return dict_of(value as Map<unknown, unknown>);
  if (value instanceof ScriptObject) return [Kind.script_object, value._native];
  if (is_plain_object(value)) return dict_of(Object.entries(value));
  const [kind, payload] = tagged(value);
  return kind === Kind.other ? [kind, kind_of(value)] : [kind, payload];
}

/** The value of a result of the addon. */
export function from_tagged([kind, payload, about]: Tagged): unknown {
  switch (kind as Kind) {
    case Kind.tensor:
      return wrap(payload as Wrapped);
    case Kind.complex: {
      const { re, im } = payload as { re: number; im: number };
      return new Complex(re, im);
    }
    case Kind.device:
      return new Device(payload as string);
    case Kind.generator:
      return Generator._from_native(payload as object);
    case Kind.list:
      return (payload as Tagged[]).map(from_tagged);
    case Kind.tuple: {
      const values = (payload as Tagged[]).map(from_tagged);
      return about === undefined ? values : NamedTuple._of(values, about as string[]);
    }
    case Kind.dict: {
      const parts = (payload as Tagged[]).map(from_tagged);
      const entries = Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i], parts[2 * i + 1]] as const);
      return about === true ? Object.fromEntries(entries as [string, unknown][]) : new Map(entries);
    }
    case Kind.script_object:
      return new ScriptObject(payload as object, about as string);
    default:
      return payload;
  }
}
