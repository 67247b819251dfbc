/** Typed arrays of any realm: `instanceof` knows only those of this one, and a vm context or a test runner has its own. */
import { types } from 'node:util';

/** The names of the classes of typed arrays. */
export type TypedArrayName =
  | 'Int8Array'
  | 'Uint8Array'
  | 'Uint8ClampedArray'
  | 'Int16Array'
  | 'Uint16Array'
  | 'Int32Array'
  | 'Uint32Array'
  | 'Float16Array'
  | 'Float32Array'
  | 'Float64Array'
  | 'BigInt64Array'
  | 'BigUint64Array';

// The getter reads the object itself, so that subclasses (Buffer, say) have the name of the class behind them.
const { get: name_of } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
) as { get(this: unknown): TypedArrayName | undefined };

/** The class of a typed array, whatever its realm; undefined for anything else. */
export function typed_array_name(value: unknown): TypedArrayName | undefined {
  return types.isTypedArray(value) ? name_of.call(value) : undefined;
}
