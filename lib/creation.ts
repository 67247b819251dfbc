/** Tensors from JavaScript data, and JavaScript data from tensors. */
import { types } from 'node:util';

import { pin_buffer } from './_internal/pinned_buffer.js';
import { default_device } from './default_device.js';
import { device_text, type DeviceLike } from './device.js';
import * as dtypes from './dtype.js';
import { DType, get_default_dtype } from './dtype.js';
import { packed_elements } from './element_values.js';
import { native } from './native.js';
import { NDArray } from './ndarray.js';
import { options_argument } from './nn/arguments.js';
import { Complex, type Scalar } from './scalar.js';
import { Tensor, wrap } from './tensor.js';

/** The typed arrays that tensors are made from. */
export type TypedArray =
  | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array
  | Float64Array | BigInt64Array | BigUint64Array;

/** Nested arrays of numbers, a typed array, an NDArray, a tensor, or one number. */
export type TensorData = Scalar | Tensor | TypedArray | NDArray | readonly TensorData[];

/** What {@link tensor} takes by name. */
export interface TensorOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
}

function typed_array_dtype(array: TypedArray): DType {
  if (array instanceof Float32Array) return dtypes.float32;
  if (array instanceof Float64Array) return dtypes.float64;
  if (array instanceof Int8Array) return dtypes.int8;
  if (array instanceof Int16Array) return dtypes.int16;
  if (array instanceof Uint16Array) return dtypes.uint16;
  if (array instanceof Int32Array) return dtypes.int32;
  if (array instanceof Uint32Array) return dtypes.uint32;
  if (array instanceof BigInt64Array) return dtypes.int64;
  if (array instanceof BigUint64Array) return dtypes.uint64;
  return dtypes.uint8;
}

function is_typed_array(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

const enum Sort { none = 0, bool = 1, int = 2, float = 3, complex = 4 }

interface Leaves {
  values: Scalar[];
  shape: number[];
  sort: Sort;
  /** The dtype of a tensor or typed array among the leaves, when it decides. */
  dtype: DType | undefined;
}

function sort_of(value: Scalar): Sort {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? Sort.int : Sort.float;
  if (typeof value === 'boolean') return Sort.bool;
  if (typeof value === 'bigint') return Sort.int;
  return Sort.complex;
}

function sort_of_dtype(dtype: DType): Sort {
  if (dtype.is_complex) return Sort.complex;
  if (dtype.is_floating_point) return Sort.float;
  return dtype === dtypes.bool ? Sort.bool : Sort.int;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
}

function as_list(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (is_typed_array(value)) return Array.from(value as ArrayLike<number | bigint>);
  if (value instanceof NDArray || (value instanceof Tensor && value.dim() > 0)) return value.tolist() as unknown[];
  return undefined;
}

/** Walks nested arrays depth first; every level must have equal lengths. */
function collect(value: unknown, depth: number, leaves: Leaves): void {
  const list = as_list(value);
  if (list) {
    const expected = leaves.shape[depth];
    if (expected === undefined && leaves.values.length === 0) leaves.shape.push(list.length);
    else if (expected !== list.length) {
      throw new Error(
        `tensor(): expected sequence of length ${expected ?? 0} at dim ${depth} (got ${list.length})`,
      );
    }
    if (is_typed_array(value)) leaves.dtype ??= typed_array_dtype(value);
    for (const element of list) collect(element, depth + 1, leaves);
    return;
  }
  if (depth !== leaves.shape.length) {
    throw new TypeError(`tensor(): expected a sequence at dim ${depth}, but got ${describe(value)}`);
  }
  let leaf = value;
  if (value instanceof Tensor) {
    leaves.dtype ??= value.dtype;
    leaf = value.item<number | bigint | boolean | Complex>();
  }
  if (
    typeof leaf !== 'number' && typeof leaf !== 'bigint' && typeof leaf !== 'boolean' && !(leaf instanceof Complex)
  ) {
    throw new TypeError(`tensor(): argument 'data' must hold numbers, not ${describe(leaf)}`);
  }
  const sort = sort_of(leaf);
  if (sort > leaves.sort) leaves.sort = sort;
  leaves.values.push(leaf);
}

function inferred_dtype({ sort, values }: Leaves): DType {
  if (sort === Sort.complex) return get_default_dtype() === dtypes.float64 ? dtypes.complex128 : dtypes.complex64;
  if (sort === Sort.float || values.length === 0) return get_default_dtype();
  return sort === Sort.bool ? dtypes.bool : dtypes.int64;
}

/** Builds a tensor from nested data; behind `torch.tensor`, `new_tensor` and indexing with lists. @internal */
export function from_nested(data: TensorData, options: TensorOptions = {}, callee = 'tensor'): Tensor {
  const device = device_text(options.device ?? 'cpu');
  const requires_grad = options.requires_grad ?? false;
  if (device.startsWith('cuda') && !native.compiled_with_cuda()) {
    throw new Error('Torch not compiled with CUDA enabled');
  }
  if (data instanceof Tensor) {
    const copy = data.detach().to({ dtype: options.dtype ?? null, device: options.device ?? null, copy: true });
    return requires_grad ? copy.requires_grad_() : copy;
  }
  if (is_typed_array(data)) {
    const element = typed_array_dtype(data);
    const dtype = options.dtype ?? element;
    return wrap(native.from_data(data, [data.length], element.code, dtype.code, device, requires_grad));
  }
  if (data instanceof NDArray) {
    const source = from_numpy(data);
    const copy = source.to({ dtype: options.dtype ?? null, device, copy: true });
    return requires_grad ? copy.requires_grad_() : copy;
  }
  const leaves: Leaves = { values: [], shape: [], sort: Sort.none, dtype: undefined };
  collect(data, 0, leaves);
  const decided = leaves.dtype && sort_of_dtype(leaves.dtype) >= leaves.sort ? leaves.dtype : undefined;
  const dtype = options.dtype ?? decided ?? inferred_dtype(leaves);
  const [array, element] = packed_elements(callee, leaves.values, dtype);
  return wrap(native.from_data(array, leaves.shape, element.code, dtype.code, device, requires_grad));
}

/**
 * A tensor from nested arrays, numbers, typed arrays, an NDArray or a tensor; copies. Mirrors `torch.tensor`.
 *
 * Without `dtype`: safe integers give int64, other numbers the default dtype, booleans bool, complex numbers complex,
 * typed arrays their own type. JavaScript cannot tell `1.0` from `1`: name the dtype where it matters.
 * @throws Error when nested arrays differ in length; TypeError when an element is not a number
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  check_options('tensor', options);
  return from_nested(data, on_default_device(options));
}

function on_default_device<O extends { device?: DeviceLike | null }>(options: O): O {
  return { ...options, device: options.device ?? default_device() ?? null };
}

function check_options(name: string, options: TensorOptions): void {
  options_argument(name, options);
  if (options.dtype !== undefined && options.dtype !== null && !(options.dtype instanceof DType)) {
    throw new TypeError(`${name}(): argument 'dtype' must be torch.dtype, not ${describe(options.dtype)}`);
  }
}

/**
 * A tensor that shares memory with the data where that is possible (typed arrays, NDArrays and tensors of the wanted
 * dtype and device), else a copy. Mirrors `torch.as_tensor`.
 */
export function as_tensor(data: TensorData, options: { dtype?: DType | null; device?: DeviceLike | null } = {}): Tensor {
  check_options('as_tensor', options);
  const { dtype = null, device } = on_default_device(options);
  if (data instanceof Tensor) return data.to({ dtype, device });
  if (is_typed_array(data) || data instanceof NDArray) return from_numpy(data).to({ dtype, device });
  return from_nested(data, { dtype, device });
}

/** What {@link asarray} takes by name. */
export interface AsArrayOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  /** true: always a copy; false: never one; null: where it is needed. Default null. */
  copy?: boolean | null;
  requires_grad?: boolean;
}

/**
 * A tensor from any data: it shares memory where it can, unless `copy` says otherwise, and keeps the history of a tensor
 * unless `requires_grad` is false. Mirrors `torch.asarray`.
 * @throws Error when `copy` is false and a copy is needed
 */
export function asarray(obj: TensorData, options: AsArrayOptions = {}): Tensor {
  check_options('asarray', options as TensorOptions);
  const { copy = null, requires_grad, dtype = null, device } = on_default_device(options);
  const shares = obj instanceof Tensor || is_typed_array(obj) || obj instanceof NDArray;
  const source = shares && !(obj instanceof Tensor) ? from_numpy(obj) : obj;
  const place = { dtype, device };
  const made = source instanceof Tensor ? source.to({ ...place, copy: copy === true }) : from_nested(source as TensorData, place);
  if (copy === false && made !== source) {
    throw new Error(shares
      ? `asarray(): can't alias a tensor of ${String((source as Tensor).dtype)} on ${String((source as Tensor).device)} as ${String(made.dtype)} on ${String(made.device)}`
      : "asarray(): can't alias arbitrary sequence into a tensor.");
  }
  if (requires_grad === undefined || requires_grad === made.requires_grad) return made;
  return requires_grad ? made.requires_grad_() : made.detach();
}

/** What {@link frombuffer} takes by name. */
export interface FromBufferOptions {
  dtype: DType;
  /** How many elements; -1 for all. Default -1. */
  count?: number;
  /** Bytes to leave out at the start. Default 0. */
  offset?: number;
  requires_grad?: boolean;
}

/**
 * A one-dimensional tensor on the memory of a buffer: writing to one changes the other. Mirrors `torch.frombuffer`.
 * @throws Error when the buffer is empty or too short, or its rest is no multiple of the element size
 */
export function frombuffer(buffer: ArrayBufferLike | ArrayBufferView, options: FromBufferOptions): Tensor {
  options_argument('frombuffer', options);
  const { dtype, count = -1, offset = 0, requires_grad = false } = options;
  if (!(dtype instanceof DType)) throw new TypeError(`frombuffer(): argument 'dtype' must be torch.dtype, not ${describe(dtype)}`);
  const view = ArrayBuffer.isView(buffer);
  if (!view && !(buffer instanceof ArrayBuffer) && !(buffer instanceof SharedArrayBuffer)) {
    throw new TypeError(`frombuffer(): argument 'buffer' must be an ArrayBuffer or a view of one, not ${describe(buffer)}`);
  }
  const bytes = view ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
  const size = bytes.byteLength;
  if (size === 0 || count === 0) throw new Error(`both buffer length (${size}) and count (${count}) must not be 0`);
  if (!Number.isInteger(offset) || offset < 0 || offset >= size) {
    throw new Error(`offset (${offset} bytes) must be non-negative and no greater than buffer length (${size} bytes) minus 1`);
  }
  const rest = size - offset;
  if (count < 0 && rest % dtype.itemsize !== 0) {
    throw new Error(`buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${dtype.itemsize})`);
  }
  const elements = count < 0 ? rest / dtype.itemsize : count;
  if (!Number.isInteger(elements) || elements * dtype.itemsize > rest) {
    throw new Error(`requested buffer length (${elements} * ${dtype.itemsize} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${size} bytes)`);
  }
  const part = bytes.subarray(offset, offset + elements * dtype.itemsize);
  const made = from_numpy(part);
  // Another dtype over the same bytes; memory that is not aligned for it cannot be viewed as it.
  if (part.byteOffset % dtype.itemsize !== 0) {
    throw new Error(`frombuffer(): the data starts at byte ${part.byteOffset} of its buffer, which is not aligned for ${String(dtype)}`);
  }
  const tensor = dtype === dtypes.uint8 ? made : made.view(dtype);
  return requires_grad ? tensor.requires_grad_() : tensor;
}

/**
 * A tensor on the memory of a typed array or NDArray: writing to one changes the other. Mirrors `torch.from_numpy`.
 * The array's buffer can no longer be transferred to another thread.
 * @throws TypeError for anything else, and for resizable buffers
 */
export function from_numpy(array: TypedArray | NDArray): Tensor {
  const data = array instanceof NDArray ? (array.data as TypedArray) : array;
  if (!is_typed_array(data)) {
    throw new TypeError(`from_numpy(): expected a typed array or NDArray (got ${describe(array)})`);
  }
  const buffer = data.buffer as ArrayBuffer & { resizable?: boolean; growable?: boolean };
  if (buffer.resizable || buffer.growable) throw new TypeError('from_numpy(): the buffer must not be resizable');
  if (types.isArrayBuffer(buffer)) pin_buffer(buffer, false);
  if (!(array instanceof NDArray)) {
    return wrap(native.share_data(data, [data.length], [1], 0, typed_array_dtype(data).code));
  }
  const dtype = (dtypes as unknown as Record<string, DType | undefined>)[array.dtype];
  if (!(dtype instanceof DType)) {
    throw new TypeError(`from_numpy(): can't convert an array of type ${array.dtype}`);
  }
  return wrap(native.share_data(data, [...array.shape], [...array.strides], array.offset, dtype.code));
}

/** A 0-d tensor; mirrors `torch.scalar_tensor`. */
export function scalar_tensor(s: Scalar, options: TensorOptions = {}): Tensor {
  check_options('scalar_tensor', options);
  return from_nested(s, { ...on_default_device(options), dtype: options.dtype ?? get_default_dtype() });
}

/** The elements in row-major order as JavaScript values. @internal */
export function data_of(tensor: Tensor): unknown[] {
  const buffer = native.read(tensor._h);
  const { dtype } = tensor;
  if (dtype.is_complex) {
    const parts = dtype === dtypes.complex128 ? new Float64Array(buffer) : new Float32Array(buffer);
    return Array.from({ length: parts.length / 2 }, (_, i) => new Complex(parts[2 * i] ?? 0, parts[2 * i + 1] ?? 0));
  }
  switch (dtype) {
    case dtypes.float64: return Array.from(new Float64Array(buffer));
    case dtypes.int64: return Array.from(new BigInt64Array(buffer), safe_number);
    case dtypes.uint64: return Array.from(new BigUint64Array(buffer), safe_number);
    case dtypes.int32: return Array.from(new Int32Array(buffer));
    case dtypes.uint32: return Array.from(new Uint32Array(buffer));
    case dtypes.int16: return Array.from(new Int16Array(buffer));
    case dtypes.uint16: return Array.from(new Uint16Array(buffer));
    case dtypes.int8: return Array.from(new Int8Array(buffer));
    case dtypes.uint8: return Array.from(new Uint8Array(buffer));
    case dtypes.bool: return Array.from(new Uint8Array(buffer), (value) => value !== 0);
    default: return Array.from(new Float32Array(buffer));
  }
}

function safe_number(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
