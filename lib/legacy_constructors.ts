/**
 * The constructors of old: `torch.Tensor(3, 4)`, `torch.FloatTensor([1, 2])`, ... with and without `new`. They are all that
 * users can construct: the class behind every tensor takes a slot of the native table, and is not public.
 */
import { is_plain_object } from './_internal/plain_object.js';
import { from_nested, type TensorData } from './creation.js';
import { device_text, type DeviceLike } from './types/device.js';
import { bind_tensor_types, get_default_dtype, type DType } from './types/dtype.js';
import { operator } from './_C/dispatch.js';
import { empty } from './generated/functions.js';
import { device_type, with_build_hint } from './types/device_types.js';
import { native } from './_C/native.js';
import { NDArray } from './numpy/ndarray.js';
import { kind_of } from './_internal/representation.js';
import { UntypedStorage } from './storage.js';
import { Size, Tensor as TensorClass } from './_tensor.js';
import { wrap } from './_C/tensor_base.js';

/** The options of the legacy constructors. */
export interface LegacyOptions {
  /** Device of the tensor; must be that of the type. */
  device?: DeviceLike | null;
}

/** The call and construct signatures of `torch.Tensor`, `torch.FloatTensor` and their like. */
export interface LegacyConstructor {
  /** An empty tensor of no elements. */
  new (options?: LegacyOptions): TensorClass;
  /** An uninitialized tensor of the given sizes. */
  new (size: number, ...sizes: [...number[], LegacyOptions] | number[]): TensorClass;
  /** A tensor of the given values; of a `torch.Size`, an uninitialized one of that size; of a tensor, one on its memory. */
  new (data: TensorData | Size | TensorClass | UntypedStorage | Iterable<number>, options?: LegacyOptions): TensorClass;
  (options?: LegacyOptions): TensorClass;
  (size: number, ...sizes: [...number[], LegacyOptions] | number[]): TensorClass;
  (data: TensorData | Size | TensorClass | UntypedStorage | Iterable<number>, options?: LegacyOptions): TensorClass;
}

interface Kind {
  /** `Tensor`, `FloatTensor`: what error texts call it. */
  readonly callee: string;
  readonly dtype: DType;
  readonly device: string;
  /** Whether tensors of another dtype throw. */
  readonly strict: boolean;
}

const alias = operator('aten::alias', '');
const NAMES = ['device', 'data', 'size', 'other', 'storage'];

/** Splits a call into what is given and the options, and checks the device. */
function given_to({ callee, device }: Kind, args: readonly unknown[]): unknown[] {
  const last = args[args.length - 1];
  if (!is_plain_object(last)) return [...args];
  const values = args.slice(0, -1);
  for (const name in last) {
    if (!NAMES.includes(name)) throw new TypeError(`${callee}() got an unexpected keyword argument '${name}'`);
    if (name === 'device' || last[name] === undefined) continue;
    if (values.length > 0) throw new TypeError(`${callee}() got multiple values for argument '${name}'`);
    values.push(name === 'size' ? Size.from(last[name] as number[]) : last[name]);
  }
  const place = last['device'] ?? null;
  if (place === null) return values;
  const type = native.device_parse(device_text(place as DeviceLike)).type;
  if (type !== device)
    throw new Error(`legacy constructor expects device type: ${device} but device type: ${type} was passed`);
  return values;
}

function empty_of_sizes({ callee, dtype, device }: Kind, sizes: readonly unknown[]): TensorClass {
  sizes.forEach((size, i) => {
    if (typeof size === 'bigint' || Number.isInteger(size)) return;
    throw new TypeError(
      `${callee}(): argument 'size' failed to unpack the object at pos ${i + 1} with error ` +
        `"type must be tuple of ints,but got ${kind_of(size)}"`,
    );
  });
  return empty([...sizes] as number[], { dtype, device });
}

function over_storage(storage: UntypedStorage, { dtype }: Kind): TensorClass {
  const count = Math.floor(storage.nbytes() / dtype.itemsize);
  const whole = storage._bytes;
  return wrap(native.over_storage(whole._h, dtype.code, 0, [count], [1]));
}

function of_data(kind: Kind, data: unknown): TensorClass {
  const { callee, dtype, device } = kind;
  if (data instanceof TensorClass) {
    if (kind.strict && data.dtype !== dtype) {
      throw new TypeError(`${callee}(): expected a tensor of ${String(dtype)} (got ${String(data.dtype)})`);
    }
    return alias(data) as TensorClass;
  }
  if (data instanceof UntypedStorage) return over_storage(data, kind);
  if (data instanceof Size) return empty_of_sizes(kind, data);
  if (typeof data === 'string') throw new TypeError(`${callee}(): invalid data type 'str'`);
  if (data instanceof NDArray || ArrayBuffer.isView(data) || Array.isArray(data)) {
    return from_nested(data as TensorData, { dtype, device }, callee);
  }
  if (typeof (data as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] === 'function') {
    return from_nested([...(data as Iterable<number>)], { dtype, device }, callee);
  }
  throw new TypeError(`${callee}(): data must be a sequence (got ${kind_of(data)})`);
}

function construct(kind: Kind, args: readonly unknown[]): TensorClass {
  const row = device_type(kind.device);
  if (row?.accelerator && !native.device_built(row.name)) {
    const text = `type ${row.module}.${kind.callee} not available. Torch not compiled with ${row.title} enabled.`;
    throw new TypeError(with_build_hint(text, row));
  }
  const given = given_to(kind, args);
  if (given.length === 0) return empty_of_sizes(kind, [0]);
  const [first] = given;
  if (given.length > 1 || typeof first === 'bigint' || Number.isInteger(first)) return empty_of_sizes(kind, given);
  return of_data(kind, first);
}

bind_tensor_types(({ callee, dtype, device_type }, args) =>
  construct({ callee, dtype, device: device_type, strict: true }, args),
);

function legacy_tensor(...args: unknown[]): TensorClass {
  const made = construct({ callee: 'Tensor', dtype: get_default_dtype(), device: 'cpu', strict: false }, args);
  if (new.target !== undefined && new.target !== (legacy_tensor as unknown)) {
    Object.setPrototypeOf(made, new.target.prototype as object);
  }
  return made;
}

Object.defineProperties(legacy_tensor, {
  name: { value: 'Tensor' },
  prototype: { value: TensorClass.prototype, writable: false },
});
Object.defineProperty(TensorClass.prototype, 'constructor', {
  value: legacy_tensor,
  writable: true,
  configurable: true,
});

/**
 * A multi-dimensional array with a dtype, a device and optionally a history for automatic differentiation. Mirrors
 * `torch.Tensor`.
 *
 * `torch.tensor(...)` makes tensors of data; the constructor is the legacy one: sizes give an uninitialized tensor of
 * the default dtype, data one with these values in the default dtype.
 *
 * @param data - sizes, or nested arrays
 * @throws TypeError for data that is not a sequence, and for sizes that are not integers
 * @example
 * ```ts
 * print(torch.Tensor([1, 2]), torch.Tensor(2, 3).shape);
 * ```
 * ```python
 * print(torch.Tensor([1, 2]), torch.Tensor(2, 3).shape)
 * ```
 */
export const Tensor = legacy_tensor as unknown as LegacyConstructor & { readonly prototype: TensorClass };
/** The type of every tensor. */
export type Tensor = TensorClass;
