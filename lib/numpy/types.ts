/** The element types of NDArrays: how elements lie in memory, and numpy's promotion of types (NEP 50). */
import { typed_array_name } from '../_internal/typed_arrays.js';
import { Complex } from '../types/scalar.js';

/** The memory of an NDArray. float16 is raw bits, bool is bytes, complex is pairs. */
export type NDArrayData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** An element. int64 is a number when that is safe, else a bigint. */
export type NDArrayElement = number | bigint | boolean | Complex;

/** numpy's names of the types that an NDArray holds. */
export type NDArrayDType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128';

interface NDArrayDataConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NDArrayData;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): NDArrayData;
}

/** The typed array behind each element type. */
export const array_types: Record<NDArrayDType, NDArrayDataConstructor> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

const natural: Record<string, NDArrayDType> = {
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** The element type that a typed array has by itself. */
export function natural_dtype(value: unknown): NDArrayDType | undefined {
  const name = typed_array_name(value);
  return name === undefined ? undefined : natural[name];
}

/** A typed array of another realm as one of this realm, on the same memory. */
export function of_this_realm(data: NDArrayData): NDArrayData {
  const name = typed_array_name(data);
  const View = name === 'Uint8ClampedArray' ? Uint8Array : array_types[natural[name ?? ''] ?? 'uint8'];
  return data instanceof View ? data : new View(data.buffer, data.byteOffset, data.length);
}

/** Where the elements of an array lie. */
export interface Strided {
  readonly data: NDArrayData;
  readonly dtype: NDArrayDType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

export function row_major(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The strides of another shape over the same elements in row-major order, or null when no strides say it. */
export function reshaped_strides(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): number[] | null {
  if (product(shape) === 0) return row_major(wanted);
  const dims = [...shape.keys()].filter((dim) => shape[dim] !== 1);
  const result = new Array<number>(wanted.length).fill(1);
  let [old_start, new_start] = [0, 0];
  while (old_start < dims.length && new_start < wanted.length) {
    // The smallest runs of dimensions with as many elements on both sides; within such a run memory must be in order.
    let [old_end, new_end] = [old_start + 1, new_start + 1];
    let [had, has] = [shape[dims[old_start]!]!, wanted[new_start]!];
    while (had !== has) {
      if (has < had) has *= wanted[new_end++]!;
      else had *= shape[dims[old_end++]!]!;
    }
    for (let i = old_start; i < old_end - 1; i++) {
      if (strides[dims[i]!] !== shape[dims[i + 1]!]! * strides[dims[i + 1]!]!) return null;
    }
    result[new_end - 1] = strides[dims[old_end - 1]!]!;
    for (let i = new_end - 1; i > new_start; i--) result[i - 1] = result[i]! * wanted[i]!;
    [old_start, new_start] = [old_end, new_end];
  }
  // What is left has size 1.
  for (let i = new_start; i < wanted.length; i++) result[i] = result[new_start - 1] ?? 1;
  return result;
}

export const is_complex = (dtype: NDArrayDType): boolean => dtype === 'complex64' || dtype === 'complex128';
export const is_float = (dtype: NDArrayDType): boolean => dtype.startsWith('float');
export const is_inexact = (dtype: NDArrayDType): boolean => is_float(dtype) || is_complex(dtype);
export const is_long = (dtype: NDArrayDType): dtype is 'int64' | 'uint64' => dtype === 'int64' || dtype === 'uint64';
export const is_unsigned = (dtype: NDArrayDType): boolean => dtype.startsWith('uint');
/** Bits per element. */
export const bits_of = (dtype: NDArrayDType): number => Number(/\d+$/.exec(dtype)?.[0] ?? 8);

// --- float16 ---------------------------------------------------------------------------------------

export function half_to_number(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest float16 of a number, halves to even, as bits. */
export function half_from_number(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const scaled = size / 2 ** (exponent - 10);
  let whole = Math.floor(scaled);
  if (scaled - whole > 0.5 || (scaled - whole === 0.5 && whole % 2 === 1)) whole++;
  // A carry out of the fraction goes into the exponent by itself.
  return sign | (whole < 1024 ? whole : ((exponent + 14) << 10) + whole);
}

// --- elements --------------------------------------------------------------------------------------

export function to_safe_number(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function read_element({ data, dtype }: Pick<Strided, 'data' | 'dtype'>, place: number): NDArrayElement {
  if (is_complex(dtype)) return new Complex(data[2 * place] as number, data[2 * place + 1] as number);
  const value = data[place] as number | bigint;
  if (typeof value === 'bigint') return to_safe_number(value);
  if (dtype === 'bool') return value !== 0;
  return dtype === 'float16' ? half_to_number(value) : value;
}

export function write_element(target: Pick<Strided, 'data' | 'dtype'>, place: number, value: NDArrayElement): void {
  const { dtype } = target;
  const data = target.data as (number | bigint)[] & NDArrayData;
  if (is_complex(dtype)) {
    data[2 * place] = value instanceof Complex ? value.re : Number(value);
    data[2 * place + 1] = value instanceof Complex ? value.im : 0;
    return;
  }
  if (value instanceof Complex) throw new TypeError(`can't convert complex to ${dtype}`);
  if (is_long(dtype)) data[place] = BigInt(value);
  else if (dtype === 'bool') data[place] = Number(value) !== 0 ? 1 : 0;
  else if (dtype === 'float16') data[place] = half_from_number(Number(value));
  else data[place] = typeof value === 'bigint' && !is_float(dtype) ? Number(BigInt.asIntN(32, value)) : Number(value);
}

/** The places of all elements, row by row. */
export function* places({
  shape,
  strides,
  offset,
}: Pick<Strided, 'shape' | 'strides' | 'offset'>): Generator<number, void, undefined> {
  if (product(shape) === 0) return;
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let place = offset;
  for (;;) {
    yield place;
    let dim = rank - 1;
    for (; dim >= 0; dim--) {
      index[dim]!++;
      place += strides[dim]!;
      if (index[dim]! < shape[dim]!) break;
      place -= strides[dim]! * shape[dim]!;
      index[dim] = 0;
    }
    if (dim < 0) return;
  }
}

/** Calls `row` with the first place of each run along the last dimension, in row-major order. */
export function each_row(
  { shape, strides, offset }: Pick<Strided, 'shape' | 'strides' | 'offset'>,
  row: (place: number) => void,
): void {
  if (product(shape) === 0) return;
  const outer = { shape: shape.slice(0, -1), strides: strides.slice(0, -1), offset };
  for (const place of places(outer)) row(place);
}

/** Values to calculate with: a number an element, a bigint for 64-bit integers, a pair of numbers for complex. */
export type Values = Float64Array | BigInt64Array | BigUint64Array;

/** How `values_of` gives the elements of a type. */
export const values_for = (dtype: NDArrayDType, length: number): Values =>
  is_complex(dtype)
    ? new Float64Array(2 * length)
    : dtype === 'int64'
      ? new BigInt64Array(length)
      : dtype === 'uint64'
        ? new BigUint64Array(length)
        : new Float64Array(length);

/** The elements in row-major order as values of `dtype`, which must hold them (as promotion gives it). */
export function values_of(source: Strided, dtype: NDArrayDType = source.dtype): Values {
  const values = values_for(dtype, product(source.shape)) as (number | bigint)[] & Values;
  const step = source.shape.length === 0 ? 0 : source.strides[source.strides.length - 1]!;
  const count = source.shape.length === 0 ? 1 : source.shape[source.shape.length - 1]!;
  const data = source.data as (number | bigint)[] & NDArrayData;
  const from_long = is_long(source.dtype);
  const to_long = is_long(dtype);
  const half = source.dtype === 'float16';
  const parts = is_complex(source.dtype) ? 2 : 1;
  const wide = is_complex(dtype) ? 2 : 1;
  let at = 0;
  each_row(source, (first) => {
    for (let i = 0, place = first; i < count; i++, place += step, at += wide) {
      if (parts === 2) {
        values[at] = data[2 * place]!;
        if (wide === 2) values[at + 1] = data[2 * place + 1]!;
      } else if (from_long === to_long) values[at] = half ? half_to_number(data[place] as number) : data[place]!;
      else if (to_long) values[at] = BigInt(Math.trunc(Number(data[place])));
      else values[at] = Number(data[place]);
    }
  });
  return values;
}

/** Stores a value of {@link Values} form as an element, wrapped and rounded as the type needs. */
export function store(target: Strided, place: number, values: Values, at: number): void {
  const data = target.data as (number | bigint)[] & NDArrayData;
  const { dtype } = target;
  if (is_complex(dtype)) {
    data[2 * place] = values[2 * at]!;
    data[2 * place + 1] = values[2 * at + 1]!;
  } else if (dtype === 'float16') data[place] = half_from_number(values[at] as number);
  else if (dtype === 'bool') data[place] = Number(values[at]) === 0 ? 0 : 1;
  else data[place] = values[at]!;
}

// --- casts -----------------------------------------------------------------------------------------

/**
 * A float as C casts it to an integer type on x86-64, where what has no place in the wider type that the processor converts to
 * (64 bits, or 32 for the types that fit in these) becomes the smallest number of that type.
 */
function truncated(value: number, dtype: NDArrayDType): number | bigint {
  const whole = Math.trunc(value);
  if (!is_long(dtype) && dtype !== 'uint32') return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : -(2 ** 31);
  if (whole >= -(2 ** 63) && whole < 2 ** 63) return BigInt(whole);
  if (dtype !== 'uint64') return -(2n ** 63n);
  // The processor has signed conversions only; above their range compilers convert what is left after subtracting 2^63.
  return whole >= 2 ** 63 ? (whole < 2 ** 64 ? BigInt(whole) : 0n) : 2n ** 63n;
}

/** An element as `astype` converts it: complex to its real part, floats truncated. */
export function cast(value: NDArrayElement, from: NDArrayDType, dtype: NDArrayDType): NDArrayElement {
  if (is_complex(dtype) || !is_inexact(from)) return value;
  if (value instanceof Complex && dtype === 'bool') return value.re !== 0 || value.im !== 0;
  const real = value instanceof Complex ? value.re : (value as number);
  return is_float(dtype) || dtype === 'bool' ? real : truncated(real, dtype);
}

// --- names -----------------------------------------------------------------------------------------

const other_names: Record<string, NDArrayDType> = {
  int: 'int64',
  float: 'float64',
  complex: 'complex128',
  half: 'float16',
  single: 'float32',
  double: 'float64',
  long: 'int64',
  intp: 'int64',
  uintp: 'uint64',
  uint: 'uint64',
  byte: 'int8',
  ubyte: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  intc: 'int32',
  uintc: 'uint32',
  longlong: 'int64',
  ulonglong: 'uint64',
  csingle: 'complex64',
  cdouble: 'complex128',
  bool_: 'bool',
  '?': 'bool',
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int64',
  L: 'uint64',
  q: 'int64',
  Q: 'uint64',
  e: 'float16',
  f: 'float32',
  d: 'float64',
  F: 'complex64',
  D: 'complex128',
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
};

/** What is written as a type: numpy's names, `'float'` and `'int'` among them, and codes such as `'f4'`. */
export type NDArrayDTypeLike = NDArrayDType | 'int' | 'float' | 'complex' | (string & {});

/** The type of a name. @throws TypeError with numpy's text for what is not one */
export function dtype_named(name: string): NDArrayDType {
  const plain = name.replace(/^[<=|](?=[a-z]\d)/, '');
  const found = Object.hasOwn(array_types, plain)
    ? (plain as NDArrayDType)
    : Object.hasOwn(other_names, plain)
      ? other_names[plain]
      : undefined;
  if (found === undefined) throw new TypeError(`data type '${name}' not understood`);
  return found;
}

// --- promotion -------------------------------------------------------------------------------------

const signed = (bits: number): NDArrayDType => `int${bits}` as NDArrayDType;

/** numpy's `result_type` of two types. */
export function promote(a: NDArrayDType, b: NDArrayDType): NDArrayDType {
  if (a === b || b === 'bool') return a;
  if (a === 'bool') return b;
  if (is_inexact(a) || is_inexact(b)) {
    const precision = Math.max(precision_of(a), precision_of(b));
    return is_complex(a) || is_complex(b)
      ? precision > 32
        ? 'complex128'
        : 'complex64'
      : (`float${precision}` as NDArrayDType);
  }
  if (is_unsigned(a) === is_unsigned(b)) return bits_of(a) > bits_of(b) ? a : b;
  const [whole, natural_number] = is_unsigned(a) ? [b, a] : [a, b];
  if (bits_of(whole) > bits_of(natural_number)) return whole;
  return natural_number === 'uint64' ? 'float64' : signed(2 * bits_of(natural_number));
}

/** The bits of the smallest float type that a type goes to when it meets floats. */
function precision_of(dtype: NDArrayDType): number {
  if (is_complex(dtype)) return bits_of(dtype) / 2;
  if (is_float(dtype)) return bits_of(dtype);
  return Math.min(64, 2 * bits_of(dtype));
}

/** Numbers that Python would have as int. */
export const is_python_int = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));

/** The type in which an array of type `dtype` meets a number, which is weak: it only counts by its kind. */
export function promote_scalar(dtype: NDArrayDType, value: NDArrayElement): NDArrayDType {
  if (typeof value === 'boolean') return dtype;
  if (value instanceof Complex) return is_inexact(dtype) ? promote(dtype, 'complex64') : 'complex128';
  if (is_python_int(value)) return dtype === 'bool' ? 'int64' : dtype;
  return is_inexact(dtype) ? dtype : 'float64';
}

/** The smallest and the largest integer of a type. */
export const limits = (dtype: NDArrayDType): [bigint, bigint] => {
  const range = 2n ** BigInt(bits_of(dtype));
  return is_unsigned(dtype) ? [0n, range - 1n] : [-range / 2n, range / 2n - 1n];
};

/** Whether an integer is one that a type can hold. */
export function fits(value: number | bigint, dtype: NDArrayDType): boolean {
  if (dtype === 'bool' || is_inexact(dtype)) return true;
  const [least, most] = limits(dtype);
  return BigInt(value) >= least && BigInt(value) <= most;
}

/** numpy's text for an integer that a type cannot hold. */
export function out_of_bounds(value: number | bigint, dtype: NDArrayDType): string {
  const long = dtype === 'uint64' || dtype === 'uint32' ? (value < 0 ? 'int64' : 'uint64') : 'int64';
  return fits(value, long)
    ? `Python integer ${value} out of bounds for ${dtype}`
    : 'Python int too large to convert to C long';
}

/** A number as an array without dimensions. @throws RangeError when an integer does not fit */
export function scalar_array(value: NDArrayElement, dtype: NDArrayDType): Strided {
  if (is_python_int(value) && !fits(value, dtype)) {
    throw new RangeError(out_of_bounds(value, dtype));
  }
  const array: Strided = {
    data: new array_types[dtype](is_complex(dtype) ? 2 : 1),
    dtype,
    shape: [],
    strides: [],
    offset: 0,
  };
  write_element(array, 0, value);
  return array;
}

/** A shape as Python writes a tuple: `(3,)`. */
export const tuple_text = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;

/** The sizes that shapes broadcast to. @throws RangeError with numpy's text */
export function broadcast_shapes(name: string, ...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[i - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) {
        const listed = shapes.map((one) => tuple_text(one).replaceAll(', ', ',')).join(' ');
        throw new RangeError(`${name}(): operands could not be broadcast together with shapes ${listed}`);
      }
      size = own;
    }
    return size;
  });
}

/** An array stretched to a shape that its own broadcasts to. */
export function broadcast_view(array: Strided, shape: readonly number[]): Strided {
  const added = shape.length - array.shape.length;
  const strides = shape.map((size, dim) => (array.shape[dim - added] === size ? array.strides[dim - added]! : 0));
  return { ...array, data: array.data, dtype: array.dtype, offset: array.offset, shape, strides };
}

/**
 * The order in which numpy walks the dimensions of arrays of one shape, the outermost first: by strides, row-major where
 * they leave it open. Sums depend on it in their last bits.
 */
export function walking_order(shape: readonly number[], operands: readonly (readonly number[])[]): number[] {
  const inner_first: number[] = [];
  const strides_of = (dim: number): number[] =>
    operands.map((strides) => (shape[dim] === 1 ? 0 : Math.abs(strides[dim]!)));
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const mine = strides_of(dim);
    let position = inner_first.length;
    for (let i = inner_first.length - 1; i >= 0; i--) {
      const others = strides_of(inner_first[i]!);
      const compared = mine.flatMap((stride, k) => (stride !== 0 && others[k] !== 0 ? [others[k]! > stride] : []));
      if (compared.length === 0) continue;
      // In a conflict between operands row-major order wins.
      if (!compared.every(Boolean)) break;
      position = i;
    }
    inner_first.splice(position, 0, dim);
  }
  return inner_first.reverse();
}

/** Memory for an array whose dimensions lie in the given order, the outermost first. */
export function allocate(
  shape: readonly number[],
  dtype: NDArrayDType,
  order: readonly number[] = shape.map((_, dim) => dim),
): Strided {
  const strides = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (const dim of [...order].reverse()) {
    strides[dim] = step;
    step *= shape[dim]!;
  }
  return {
    data: new array_types[dtype](product(shape) * (is_complex(dtype) ? 2 : 1)),
    dtype,
    shape,
    strides,
    offset: 0,
  };
}

// --- remembered scalars ----------------------------------------------------------------------------

const remembered = 4096;
const recent = new Float64Array(remembered).fill(NaN);
const recent_types: (NDArrayDType | undefined)[] = new Array<NDArrayDType | undefined>(remembered).fill(undefined);
let newest = 0;

/**
 * Notes which type a number had that leaves an array as numpy's scalar (`max()`, `mean()`, an element): JavaScript's number
 * itself cannot tell, and `print` writes a float32 with fewer digits than a float. Numbers that leave as Python's float
 * (`item()`) are noted without a type.
 */
export function note_scalar(value: unknown, dtype?: NDArrayDType): void {
  if (typeof value !== 'number') return;
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== undefined) return;
  newest = (newest + 1) % remembered;
  recent[newest] = value;
  recent_types[newest] = dtype;
}

/** The type under which a number last left an array, when that was recent and of less precision than a float. */
export function scalar_dtype(value: number): NDArrayDType | undefined {
  if (!Number.isFinite(value) || Number.isInteger(value) || Math.fround(value) !== value) return undefined;
  for (let i = 0, at = newest; i < remembered; i++, at = at === 0 ? remembered - 1 : at - 1) {
    if (recent[at] === value) return recent_types[at];
  }
  return undefined;
}
