/** Tensors from JavaScript data, and JavaScript data from tensors. */
import { types } from 'node:util';

import { pin_buffer } from './_internal/pinned_buffer.js';
import { default_device } from './types/default_device.js';
import { device_text, initialize_device, type DeviceLike } from './types/device.js';
import * as dtypes from './types/dtype.js';
import { type DType, dtype_of, get_default_dtype, type Layout } from './types/dtype.js';
import { packed_elements } from './types/element_values.js';
import { native } from './_C/native.js';
import { scratch } from './_C/scratch.js';
import { NDArray } from './numpy/ndarray.js';
import { Complex, type Scalar } from './types/scalar.js';
import type { Tensor } from './_tensor.js';
import { is_tensor, wrap } from './_C/tensor_base.js';
import { kind_of, name_class } from './_internal/kind_of.js';
import { define_kind, signature } from './_internal/signature.js';

/** The typed arrays that tensors are made from. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Nested arrays of numbers, a typed array, an NDArray, a tensor, or one number. */
export type TensorData = Scalar | Tensor | TypedArray | NDArray | readonly TensorData[];

/** The options of {@link tensor}. */
export interface TensorOptions {
  /** Dtype of the result. Default null: inferred from the data. */
  dtype?: DType | null | undefined;
  /** Device of the result. Default null: the default device. */
  device?: DeviceLike | null | undefined;
  /** Record autograd on the result. Default false. */
  requires_grad?: boolean;
  /** Allocate in page-locked memory. Default false. */
  pin_memory?: boolean;
}

// By name: a typed array of another realm (a vm context, a test runner's sandbox) is not an instance of this realm's class.
const array_dtypes: Readonly<Record<string, DType | undefined>> = {
  Float32Array: dtypes.float32,
  Float64Array: dtypes.float64,
  Int8Array: dtypes.int8,
  Uint8Array: dtypes.uint8,
  Uint8ClampedArray: dtypes.uint8,
  Int16Array: dtypes.int16,
  Uint16Array: dtypes.uint16,
  Int32Array: dtypes.int32,
  Uint32Array: dtypes.uint32,
  BigInt64Array: dtypes.int64,
  BigUint64Array: dtypes.uint64,
};

function typed_array_dtype(array: TypedArray): DType {
  const dtype = array_dtypes[array[Symbol.toStringTag]];
  if (dtype === undefined) throw new TypeError(`can't convert a ${array[Symbol.toStringTag]} to a tensor`);
  return dtype;
}

function is_typed_array(value: unknown): value is TypedArray {
  return types.isTypedArray(value);
}

name_class(NDArray, 'numpy.ndarray');
define_kind(
  'array_like',
  'array_like',
  (value) =>
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    Array.isArray(value) ||
    is_tensor(value) ||
    is_typed_array(value) ||
    value instanceof NDArray ||
    value instanceof Complex,
);
define_kind('ndarray', 'np.ndarray', (value) => is_typed_array(value) || value instanceof NDArray);

const enum Sort {
  none = 0,
  bool = 1,
  int = 2,
  float = 3,
  complex = 4,
}

interface Leaves {
  values: (Scalar | Tensor)[];
  shape: number[];
  sort: Sort;
  /** The dtype that the tensors and typed arrays among the leaves promote to. */
  dtype: DType | undefined;
}

function sort_of(value: Scalar): Sort {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? Sort.int : Sort.float;
  if (typeof value === 'boolean') return Sort.bool;
  if (typeof value === 'bigint') return Sort.int;
  return Sort.complex;
}

function promoted(a: DType | undefined, b: DType): DType {
  return a === undefined || a === b ? b : dtype_of(native.promote_types(a.code, b.code));
}

function as_list(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (is_typed_array(value)) return Array.from(value as ArrayLike<number | bigint>);
  if (value instanceof NDArray) return value.tolist() as unknown[];
  return undefined;
}

/** The dtype of what {@link as_list} makes a list of, where it has one. */
function list_dtype(value: unknown): DType | undefined {
  if (is_typed_array(value)) return typed_array_dtype(value);
  return value instanceof NDArray ? (dtypes as unknown as Record<string, DType | undefined>)[value.dtype] : undefined;
}

/** What functions call their data, if not `data`. */
const DATA_NAMES: Readonly<Record<string, string>> = {
  asarray: 'obj',
  nested_tensor: 'tensor_list',
  scalar_tensor: 's',
};

/**
 * Walks nested arrays depth first; every level must have equal lengths.
 * @param typed - within a typed array, whose elements have its dtype and not that of their values
 */
function collect(callee: string, value: unknown, depth: number, leaves: Leaves, typed = false): void {
  const list = as_list(value);
  if (list) {
    const expected = leaves.shape[depth];
    if (expected === undefined && leaves.values.length === 0) leaves.shape.push(list.length);
    else if (expected !== list.length) {
      throw new Error(`${callee}(): expected sequence of length ${expected ?? 0} at dim ${depth} (got ${list.length})`);
    }
    const dtype = list_dtype(value);
    if (dtype !== undefined) leaves.dtype = promoted(leaves.dtype, dtype);
    for (const element of list) collect(callee, element, depth + 1, leaves, typed || dtype !== undefined);
    return;
  }
  if (depth !== leaves.shape.length) {
    throw new TypeError(`${callee}(): expected a sequence at dim ${depth}, but got ${kind_of(value)}`);
  }
  if (is_tensor(value)) {
    // A tensor among numbers stands for the number that it holds, whatever its shape.
    leaves.dtype = promoted(leaves.dtype, value.dtype);
    leaves.values.push(value);
    return;
  }
  if (
    typeof value !== 'number' &&
    typeof value !== 'bigint' &&
    typeof value !== 'boolean' &&
    !(value instanceof Complex)
  ) {
    throw new TypeError(
      `${callee}(): argument '${DATA_NAMES[callee] ?? 'data'}' must hold numbers, not ${kind_of(value)}`,
    );
  }
  const sort = sort_of(value);
  if (!typed && sort > leaves.sort) leaves.sort = sort;
  leaves.values.push(value);
}

function inferred_dtype({ sort, dtype }: Leaves): DType {
  if (sort === Sort.none) return dtype ?? get_default_dtype();
  return promoted(dtype, dtype_of_sort(sort));
}

function dtype_of_sort(sort: Sort): DType {
  if (sort === Sort.complex) return get_default_dtype().to_complex();
  if (sort === Sort.float) return get_default_dtype();
  return sort === Sort.bool ? dtypes.bool : dtypes.int64;
}

/** The numbers that tensors among the leaves hold. @throws with Python's texts for one that holds none or several */
function numbers_of(values: readonly (Scalar | Tensor)[], target: DType): Scalar[] {
  return values.map((value) => {
    if (!is_tensor(value)) return value;
    if (value.numel() === 1) return value.item<number | bigint | boolean | Complex>();
    if (target.is_floating_point || target.is_complex) {
      throw new Error('only one element tensors can be converted to Python scalars');
    }
    throw new TypeError('only integer tensors of a single element can be converted to an index');
  });
}

/** Appends the elements of a list if all are plain numbers and few; which sort they are, or none. */
function append_numbers(to: number[], list: readonly unknown[]): Sort {
  if (list.length === 0 || list.length > scratch.length) return Sort.none;
  let sort = Sort.int;
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== 'number') return Sort.none;
    sort = Math.max(sort, sort_of(value));
    to.push(value);
  }
  return sort;
}

/** As {@link append_numbers}, of rows of equal length. */
function append_rows(to: number[], rows: readonly unknown[], columns: number): Sort {
  let sort = Sort.none;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const of_row = Array.isArray(row) && row.length === columns ? append_numbers(to, row) : Sort.none;
    if (of_row === Sort.none || to.length > scratch.length) return Sort.none;
    sort = Math.max(sort, of_row);
  }
  return sort;
}

/**
 * The tensor of a number, or of few in a list or in rows, which reach the addon without an array of their own; undefined
 * for other data and dtypes.
 */
function from_few_numbers(data: unknown, dtype: DType | null | undefined, requires_grad: boolean): Tensor | undefined {
  // Read into a list first: a getter among the elements may call what overwrites the scratch memory.
  const numbers: number[] = [];
  let sort = Sort.none;
  let [first, second] = [-1, -1];
  if (typeof data === 'number') {
    sort = append_numbers(numbers, [data]);
  } else if (Array.isArray(data)) {
    const [head] = data as unknown[];
    first = data.length;
    second = Array.isArray(head) ? head.length : -1;
    sort = second < 0 ? append_numbers(numbers, data) : append_rows(numbers, data, second);
  }
  if (sort === Sort.none || numbers.length !== Math.abs(first * second)) return undefined;
  const target = dtype ?? dtype_of_sort(sort);
  const floating = target === dtypes.float32 || target === dtypes.float64;
  if (!floating && !(target === dtypes.int64 && sort === Sort.int)) return undefined;
  for (let i = 0; i < numbers.length; i++) scratch[i] = numbers[i]!;
  return wrap(native.from_scratch(first, second, target.code, requires_grad));
}

/**
 * Builds a tensor from nested data; behind `torch.tensor`, `new_tensor` and indexing with lists.
 * @param callee - what error texts call the function
 * @internal
 */
export function from_nested(data: TensorData, options: TensorOptions = {}, callee = 'tensor'): Tensor {
  const requires_grad = options.requires_grad ?? false;
  const { device: place = null } = options;
  if (place === null || place === 'cpu') {
    const few = from_few_numbers(data, options.dtype, requires_grad);
    if (few !== undefined) return few;
  }
  const device = device_text(place ?? 'cpu');
  initialize_device(device);
  if (is_tensor(data)) {
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
  collect(callee, data, 0, leaves);
  const dtype = options.dtype ?? inferred_dtype(leaves);
  const [array, element] = packed_elements(callee, numbers_of(leaves.values, dtype), dtype);
  return wrap(native.from_data(array, leaves.shape, element.code, dtype.code, device, requires_grad));
}

const TENSOR = signature<{ data: TensorData } & TensorOptions>(
  'tensor',
  'data: array_like, *, dtype?: dtype|None, device?: device|None, requires_grad?: bool, pin_memory?: bool',
);

/**
 * A tensor with a copy of the given data. Mirrors `torch.tensor`.
 *
 * Without `dtype`, safe integers give int64, other numbers the default dtype, booleans bool, complex numbers complex,
 * and typed arrays their own type. JavaScript cannot distinguish `1.0` from `1`: give the dtype where it matters.
 *
 * @param data - nested arrays, a number, a typed array, an NDArray or a tensor; a tensor with one element may stand
 * among numbers
 * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`; see {@link TensorOptions}
 * @throws Error when nested arrays differ in length, or a tensor among numbers has several elements
 * @throws TypeError when an element is not a number
 * @example
 * ```ts
 * print(torch.tensor([[0.5, 1], [2, 3]]));
 * print(torch.tensor([1, 2], { dtype: torch.float64 }));
 * ```
 * ```python
 * print(torch.tensor([[0.5, 1], [2, 3]]))
 * print(torch.tensor([1, 2], dtype=torch.float64))
 * ```
 */
export function tensor(data: TensorData, options?: TensorOptions): Tensor;
export function tensor(options: { data: TensorData } & TensorOptions): Tensor;
export function tensor(...args: unknown[]): Tensor {
  const given = TENSOR.read(args);
  const made = from_nested(given.data, default_device() === undefined ? given : on_default_device(given));
  return given.pin_memory ? made.pin_memory() : made;
}

function on_default_device<O extends { device?: DeviceLike | null | undefined }>(
  options: O,
): O & { device: DeviceLike | null } {
  return { ...options, device: options.device ?? default_device() ?? null };
}

interface AsTensorOptions {
  dtype?: DType | null | undefined;
  device?: DeviceLike | null | undefined;
}

const AS_TENSOR = signature<{ data: TensorData } & AsTensorOptions>(
  'as_tensor',
  'data: array_like, *, dtype?: dtype|None, device?: device|None',
);

/**
 * A tensor of the given data, without a copy where dtype and device allow it. Mirrors `torch.as_tensor`.
 *
 * @param data - as in {@link tensor}; typed arrays, NDArrays and tensors share memory
 * @param options - `dtype` (default null, that of the data), `device` (default null)
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const data = new Float32Array([0.5, 1.5]);
 * const x = torch.as_tensor(data);
 * data[0] = 9.5;
 * print(x);
 * ```
 * ```python
 * import numpy
 * data = numpy.array([0.5, 1.5], dtype=numpy.float32)
 * x = torch.as_tensor(data)
 * data[0] = 9.5
 * print(x)
 * ```
 */
export function as_tensor(data: TensorData, options?: AsTensorOptions): Tensor;
export function as_tensor(options: { data: TensorData } & AsTensorOptions): Tensor;
export function as_tensor(...args: unknown[]): Tensor {
  return AS_TENSOR.call(args, ({ data, ...options }) => {
    const { dtype = null, device } = on_default_device(options);
    if (is_tensor(data)) return data.to({ dtype, device });
    if (is_typed_array(data) || data instanceof NDArray) return from_numpy(data).to({ dtype, device });
    return from_nested(data, { dtype, device }, 'as_tensor');
  });
}

/** The options of {@link asarray}. */
export interface AsArrayOptions {
  /** Dtype of the result. Default null: that of the data. */
  dtype?: DType | null | undefined;
  /** Device of the result. Default null: that of the data. */
  device?: DeviceLike | null | undefined;
  /** true: always copy; false: never; null (the default): where needed. */
  copy?: boolean | null;
  /** Record autograd on the result. Default null: as the data does. */
  requires_grad?: boolean | null;
}

const ASARRAY = signature<{ obj: TensorData } & AsArrayOptions>(
  'asarray',
  'obj: array_like, *, dtype?: dtype|None, device?: device|None, copy?: bool|None, requires_grad?: bool|None',
);

/**
 * Converts data to a tensor, sharing memory where possible; a tensor keeps its history unless `requires_grad` is
 * false. Mirrors `torch.asarray`.
 *
 * @param obj - as the data of {@link tensor}
 * @param options - `dtype`, `device`, `copy`, `requires_grad`; see {@link AsArrayOptions}
 * @throws Error when `copy` is false and a copy is needed
 * @example
 * ```ts
 * const x = torch.zeros(2);
 * const [shared, copy] = [torch.asarray(x), torch.asarray(x, { copy: true })];
 * x.fill_(0.5);
 * print(shared, copy);
 * ```
 * ```python
 * x = torch.zeros(2)
 * shared, copy = torch.asarray(x), torch.asarray(x, copy=True)
 * x.fill_(0.5)
 * print(shared, copy)
 * ```
 */
export function asarray(obj: TensorData, options?: AsArrayOptions): Tensor;
export function asarray(options: { obj: TensorData } & AsArrayOptions): Tensor;
export function asarray(...args: unknown[]): Tensor {
  return ASARRAY.call(args, ({ obj, ...options }) => {
    const { copy = null, dtype = null, device } = on_default_device(options);
    const requires_grad = options.requires_grad ?? undefined;
    const shares = is_tensor(obj) || is_typed_array(obj) || obj instanceof NDArray;
    const source = shares && !is_tensor(obj) ? from_numpy(obj) : obj;
    const place = { dtype, device };
    const made = is_tensor(source)
      ? source.to({ ...place, copy: copy === true })
      : from_nested(source as TensorData, place, 'asarray');
    if (copy === false && made !== source) {
      throw new Error(
        is_tensor(source)
          ? `asarray(): can't alias a tensor of ${String(source.dtype)} on ${String(source.device)} as ${String(made.dtype)} on ${String(made.device)}`
          : "asarray(): can't alias arbitrary sequence into a tensor.",
      );
    }
    if (requires_grad === undefined || requires_grad === made.requires_grad) return made;
    return requires_grad ? made.requires_grad_() : made.detach();
  });
}

/** The options of {@link frombuffer}. */
export interface FromBufferOptions {
  /** Dtype of the elements. */
  dtype: DType;
  /** Number of elements. Default -1: all. */
  count?: number;
  /** Number of bytes to skip at the start. Default 0. */
  offset?: number;
  /** Record autograd on the result. Default false. */
  requires_grad?: boolean;
}

type BufferLike = ArrayBufferLike | ArrayBufferView;

const FROMBUFFER = signature<{ buffer: BufferLike } & FromBufferOptions>(
  'frombuffer',
  'buffer: bytes, *, dtype: dtype, count?: int, offset?: int, requires_grad?: bool',
);

/**
 * A 1-D tensor that shares the memory of a buffer. Mirrors `torch.frombuffer`.
 *
 * @param buffer - an ArrayBuffer, or a view of one such as a Node Buffer
 * @param options - `dtype`, `count`, `offset`, `requires_grad`; see {@link FromBufferOptions}
 * @throws Error when the buffer is empty or too short, or not a multiple of the element size
 * @example
 * ```ts
 * print(torch.frombuffer(new Uint8Array([1, 0, 2, 0]), { dtype: torch.int16 }));
 * print(torch.frombuffer(new Uint8Array([1, 2, 3]), { dtype: torch.uint8, offset: 1 }));
 * ```
 * ```python
 * print(torch.frombuffer(bytearray([1, 0, 2, 0]), dtype=torch.int16))
 * print(torch.frombuffer(bytearray([1, 2, 3]), dtype=torch.uint8, offset=1))
 * ```
 */
export function frombuffer(buffer: BufferLike, options: FromBufferOptions): Tensor;
export function frombuffer(options: { buffer: BufferLike } & FromBufferOptions): Tensor;
export function frombuffer(...args: unknown[]): Tensor {
  const { buffer, dtype, count = -1, offset = 0, requires_grad = false } = FROMBUFFER.read(args);
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const size = bytes.byteLength;
  if (size === 0 || count === 0) throw new Error(`both buffer length (${size}) and count (${count}) must not be 0`);
  if (offset < 0 || offset >= size) {
    throw new Error(
      `offset (${offset} bytes) must be non-negative and no greater than buffer length (${size} bytes) minus 1`,
    );
  }
  const rest = size - offset;
  if (count < 0 && rest % dtype.itemsize !== 0) {
    throw new Error(
      `buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${dtype.itemsize})`,
    );
  }
  const elements = count < 0 ? rest / dtype.itemsize : count;
  if (elements * dtype.itemsize > rest) {
    throw new Error(
      `requested buffer length (${elements} * ${dtype.itemsize} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${size} bytes)`,
    );
  }
  // Another dtype over the same bytes, which need not be aligned for it: neither libtorch nor V8 asks for that.
  const made = from_numpy(bytes.subarray(offset, offset + elements * dtype.itemsize));
  const tensor = dtype === dtypes.uint8 ? made : made.view(dtype);
  return requires_grad ? tensor.requires_grad_() : tensor;
}

const FROM_NUMPY = signature<{ ndarray: TypedArray | NDArray }>('from_numpy', 'ndarray: ndarray');

/**
 * A tensor that shares the memory of an array. Mirrors `torch.from_numpy`.
 *
 * The buffer of the array can no longer be transferred to another thread.
 *
 * @param ndarray - a typed array, or an NDArray of `torch-node/numpy`
 * @throws TypeError for other values, and for resizable buffers
 * @example
 * ```ts
 * const array = new Float64Array([0.5, 1.5]);
 * const x = torch.from_numpy(array);
 * x.mul_(2);
 * print(x, array[0]! + 0.5);
 * ```
 * ```python
 * import numpy
 * array = numpy.array([0.5, 1.5])
 * x = torch.from_numpy(array)
 * x.mul_(2)
 * print(x, float(array[0]) + 0.5)
 * ```
 */
export function from_numpy(ndarray: TypedArray | NDArray): Tensor;
export function from_numpy(...args: unknown[]): Tensor {
  return FROM_NUMPY.call(args, ({ ndarray: array }) => {
    const data = array instanceof NDArray ? (array.data as TypedArray) : array;
    const buffer = data.buffer as ArrayBuffer & { resizable?: boolean; growable?: boolean };
    if (buffer.resizable || buffer.growable) throw new TypeError('from_numpy(): the buffer must not be resizable');
    if (types.isArrayBuffer(buffer)) pin_buffer(buffer, false);
    if (!(array instanceof NDArray)) {
      return wrap(native.share_data(data, [data.length], [1], 0, typed_array_dtype(data).code));
    }
    const dtype = (dtypes as unknown as Record<string, DType | undefined>)[array.dtype];
    if (!(dtype instanceof dtypes.DType)) {
      throw new TypeError(`from_numpy(): can't convert an array of type ${array.dtype}`);
    }
    return wrap(native.share_data(data, [...array.shape], [...array.strides], array.offset, dtype.code));
  });
}

/** The options of {@link scalar_tensor}. */
interface ScalarTensorOptions extends TensorOptions {
  layout?: Layout | null;
}

const SCALAR_TENSOR = signature<{ s: Scalar } & ScalarTensorOptions>(
  'scalar_tensor',
  's: Number, *, dtype?: dtype|None, layout?: layout|None, device?: device|None, pin_memory?: bool, requires_grad?: bool',
);

/**
 * A 0-d tensor, of the default dtype unless another is given. Mirrors `torch.scalar_tensor`.
 *
 * @param s - the value
 * @param options - `dtype`, `layout`, `device`, `pin_memory`, `requires_grad`
 * @throws Error for layouts other than `torch.strided`
 * @example
 * ```ts
 * print(torch.scalar_tensor(3), torch.scalar_tensor(3, { dtype: torch.int64 }));
 * ```
 * ```python
 * print(torch.scalar_tensor(3), torch.scalar_tensor(3, dtype=torch.int64))
 * ```
 */
export function scalar_tensor(s: Scalar, options?: ScalarTensorOptions): Tensor;
export function scalar_tensor(options: { s: Scalar } & ScalarTensorOptions): Tensor;
export function scalar_tensor(...args: unknown[]): Tensor {
  return SCALAR_TENSOR.call(args, ({ s, layout, pin_memory, ...options }) => {
    if (layout !== undefined && layout !== null && layout !== dtypes.strided) {
      throw new Error(`scalar_tensor(): layout ${String(layout)} is not supported`);
    }
    const made = from_nested(
      s,
      { ...on_default_device(options), dtype: options.dtype ?? get_default_dtype() },
      'scalar_tensor',
    );
    return pin_memory ? made.pin_memory() : made;
  });
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
    case dtypes.float64:
      return Array.from(new Float64Array(buffer));
    case dtypes.int64:
      return Array.from(new BigInt64Array(buffer), safe_number);
    case dtypes.uint64:
      return Array.from(new BigUint64Array(buffer), safe_number);
    case dtypes.int32:
      return Array.from(new Int32Array(buffer));
    case dtypes.uint32:
      return Array.from(new Uint32Array(buffer));
    case dtypes.int16:
      return Array.from(new Int16Array(buffer));
    case dtypes.uint16:
      return Array.from(new Uint16Array(buffer));
    case dtypes.int8:
      return Array.from(new Int8Array(buffer));
    case dtypes.uint8:
      return Array.from(new Uint8Array(buffer));
    case dtypes.bool:
      return Array.from(new Uint8Array(buffer), (value) => value !== 0);
    default:
      return Array.from(new Float32Array(buffer));
  }
}

function safe_number(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
