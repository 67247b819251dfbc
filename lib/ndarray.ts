/** What `Tensor.numpy()` gives: a small n-dimensional array that views a typed array, under numpy's names. */
import { array_repr, array_str } from './ndarray_printing.js';
import { Complex } from './scalar.js';
import { define_kind } from './_internal/signature.js';
import { typed_array_name, type TypedArrayName } from './_internal/typed_arrays.js';

// Structured clones would be arrays no more.
const CLONE = Symbol('an NDArray: send its data, or torch.hand_over(torch.from_numpy(array).clone())');

/** The memory of an {@link NDArray}. float16 is raw bits, bool is bytes, complex is pairs. */
export type NDArrayData =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array
  | Float32Array | Float64Array;

/** An element. int64 is a number when that is safe, else a bigint. */
export type NDArrayElement = number | bigint | boolean | Complex;

/** numpy's names of the types that an {@link NDArray} holds. */
export type NDArrayDType =
  | 'bool' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float16' | 'float32'
  | 'float64' | 'complex64' | 'complex128';

/** How an {@link NDArray} lies in its data. */
export interface NDArrayOptions {
  /** Elements to step for each dimension; row-major when left out. */
  strides?: readonly number[];
  /** The place of the first element in `data`. */
  offset?: number;
  /** The element type; that of `data` when left out. */
  dtype?: NDArrayDType;
  /** Kept alive as long as the array: the owner of the memory. */
  owner?: object | undefined;
}

interface NDArrayDataConstructor {
  new (length: number): NDArrayData;
  new (buffer: ArrayBuffer): NDArrayData;
}

/** The typed array behind each element type. @internal */
export const array_types: Record<NDArrayDType, NDArrayDataConstructor> = {
  bool: Uint8Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array,
  uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array, float16: Uint16Array, float32: Float32Array,
  float64: Float64Array, complex64: Float32Array, complex128: Float64Array,
};

const natural: Partial<Record<TypedArrayName, NDArrayDType>> = {
  Int8Array: 'int8', Uint8Array: 'uint8', Int16Array: 'int16', Uint16Array: 'uint16', Int32Array: 'int32',
  Uint32Array: 'uint32', BigInt64Array: 'int64', BigUint64Array: 'uint64', Float32Array: 'float32', Float64Array: 'float64',
};

function row_major(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] as number;
  }
  return strides;
}

const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

function half_to_number(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest float16 of a number, halves to even, as bits. */
function half_from_number(value: number): number {
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

function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The sizes that two shapes broadcast to. */
function broadcast(name: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(`${name}(): shapes (${a.join(', ')}) and (${b.join(', ')}) cannot be broadcast together`);
    }
    return x === 1 ? y : x;
  });
}

type Comparison = (a: number | bigint, b: number | bigint) => boolean;

/**
 * An n-dimensional array on a typed array, with numpy's names and printing. It may share its memory with a tensor:
 * writing to one changes the other.
 */
export class NDArray {
  /** @internal */
  readonly _clone = CLONE;
  readonly data: NDArrayData;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly dtype: NDArrayDType;
  private readonly owner: object | undefined;

  /**
   * @param data the memory
   * @param shape one dimension over all of `data` when left out
   * @throws RangeError when shape, strides and offset reach outside of the data
   */
  constructor(data: NDArrayData, shape?: readonly number[], options: NDArrayOptions = {}) {
    const array = typed_array_name(data);
    const dtype = options.dtype ?? natural[array as TypedArrayName];
    if (dtype === undefined || array === undefined || array !== array_types[dtype]?.name) {
      throw new TypeError(`NDArray(): argument 'data' must be a typed array that holds ${dtype ?? 'numbers'}`);
    }
    this.data = data;
    this.dtype = dtype;
    const elements = data.length / this.parts;
    this.shape = shape ?? [elements];
    this.strides = options.strides ?? row_major(this.shape);
    this.offset = options.offset ?? 0;
    this.owner = options.owner;
    let first = this.offset;
    let last = this.offset;
    this.shape.forEach((size, i) => {
      const reach = Math.max(0, size - 1) * (this.strides[i] ?? NaN);
      if (reach < 0) first += reach;
      else last += reach;
    });
    const inside = first >= 0 && last < elements && this.strides.length === this.shape.length;
    if (this.size > 0 && !inside) {
      throw new RangeError(
        `NDArray(): shape (${this.shape.join(', ')}) with strides (${this.strides.join(', ')}) from ${this.offset} ` +
          `does not fit in ${elements} elements`,
      );
    }
  }

  private get parts(): 1 | 2 {
    return this.dtype.startsWith('complex') ? 2 : 1;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return product(this.shape);
  }

  /** The size of the first dimension, as Python's `len`. @throws TypeError for a 0-d array */
  get length(): number {
    const [first] = this.shape;
    if (first === undefined) throw new TypeError('len() of unsized object');
    return first;
  }

  /** A view with all dimensions reversed; numpy's `T`. */
  get T(): NDArray {
    return this.transpose();
  }

  private view(shape: readonly number[], strides: readonly number[], offset = this.offset): NDArray {
    return new NDArray(this.data, shape, { strides, offset, dtype: this.dtype, owner: this.owner });
  }

  private at(place: number): NDArrayElement {
    if (this.parts === 2) return new Complex(this.data[2 * place] as number, this.data[2 * place + 1] as number);
    const value = this.data[place] as number | bigint;
    if (typeof value === 'bigint') return safe(value);
    if (this.dtype === 'bool') return value !== 0;
    return this.dtype === 'float16' ? half_to_number(value) : value;
  }

  private put(place: number, value: NDArrayElement): void {
    const { data } = this;
    if (this.parts === 2) {
      data[2 * place] = value instanceof Complex ? value.re : Number(value);
      data[2 * place + 1] = value instanceof Complex ? value.im : 0;
      return;
    }
    if (value instanceof Complex) throw new TypeError(`can't convert complex to ${this.dtype}`);
    if (this.dtype === 'int64' || this.dtype === 'uint64') {
      (data as BigInt64Array)[place] = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
    } else if (this.dtype === 'bool') data[place] = Number(value) !== 0 ? 1 : 0;
    else if (this.dtype === 'float16') data[place] = half_from_number(Number(value));
    else data[place] = Number(value);
  }

  /** The places of all elements, row by row. */
  private *places(): Generator<number, void, undefined> {
    const { shape, strides } = this;
    const rank = shape.length;
    if (this.size === 0) return;
    const index = new Array<number>(rank).fill(0);
    let place = this.offset;
    for (;;) {
      yield place;
      let dim = rank - 1;
      for (; dim >= 0; dim--) {
        const stride = strides[dim] as number;
        index[dim] = (index[dim] as number) + 1;
        place += stride;
        if ((index[dim] as number) < (shape[dim] as number)) break;
        place -= stride * (shape[dim] as number);
        index[dim] = 0;
      }
      if (dim < 0) return;
    }
  }

  private *elements(): Generator<NDArrayElement, void, undefined> {
    for (const place of this.places()) yield this.at(place);
  }

  private normalized(name: string, index: number, dim: number): number {
    const size = this.shape[dim];
    if (size === undefined) {
      throw new RangeError(`${name}(): too many indices: array is ${this.ndim}-dimensional`);
    }
    if (!Number.isInteger(index) || index < -size || index >= size) {
      throw new RangeError(`${name}(): index ${index} is out of bounds for axis ${dim} with size ${size}`);
    }
    return index < 0 ? index + size : index;
  }

  private axis(name: string, axis: number): number {
    if (!Number.isInteger(axis) || axis < -this.ndim || axis >= this.ndim) {
      throw new RangeError(`${name}(): axis ${axis} is out of bounds for array of dimension ${this.ndim}`);
    }
    return axis < 0 ? axis + this.ndim : axis;
  }

  /** What Python writes `a[i, j]`: an element when all dimensions are given, else a view. @throws RangeError */
  index(...indices: number[]): NDArray | NDArrayElement {
    let place = this.offset;
    indices.forEach((index, dim) => {
      place += this.normalized('index', index, dim) * (this.strides[dim] as number);
    });
    if (indices.length === this.ndim) return this.at(place);
    return this.view(this.shape.slice(indices.length), this.strides.slice(indices.length), place);
  }

  /** One element. @throws RangeError unless there is an index in range for each dimension */
  get(...indices: number[]): NDArrayElement {
    if (indices.length !== this.ndim) {
      throw new RangeError(`get(): expected ${this.ndim} indices, got ${indices.length}`);
    }
    return this.index(...indices) as NDArrayElement;
  }

  /** Writes one element: `a.set([i, j], value)`. @throws RangeError as {@link get} */
  set(indices: readonly number[], value: NDArrayElement): void {
    if (indices.length !== this.ndim) {
      throw new RangeError(`set(): expected ${this.ndim} indices, got ${indices.length}`);
    }
    const place = indices.reduce(
      (sum, index, dim) => sum + this.normalized('set', index, dim) * (this.strides[dim] as number), this.offset,
    );
    this.put(place, value);
  }

  /** The value of an array with one element. @throws Error when there are more or none */
  item(): NDArrayElement {
    if (this.size !== 1) throw new Error('can only convert an array of size 1 to a Python scalar');
    const [value] = this.elements();
    return value as NDArrayElement;
  }

  /** The elements as nested arrays; the value itself for a 0-d array. */
  tolist(): unknown {
    const values = this.elements();
    const nest = (depth: number): unknown => {
      if (depth === this.ndim) return values.next().value;
      return Array.from({ length: this.shape[depth] as number }, () => nest(depth + 1));
    };
    return nest(0);
  }

  /** Without the dimensions of size 1, or without the one named. @throws Error when that one has another size */
  squeeze(axis?: number): NDArray {
    const dropped = axis === undefined ? undefined : this.axis('squeeze', axis);
    if (dropped !== undefined && this.shape[dropped] !== 1) {
      throw new Error('squeeze(): cannot select an axis to squeeze out which has size not equal to one');
    }
    const kept = this.shape.flatMap((size, dim) => ((dropped === undefined ? size === 1 : dim === dropped) ? [] : [dim]));
    return this.view(kept.map((dim) => this.shape[dim] as number), kept.map((dim) => this.strides[dim] as number));
  }

  /** The dimensions in another order, reversed when none is given. */
  transpose(...axes: number[]): NDArray {
    const order = axes.length === 0
      ? this.shape.map((_, dim) => this.ndim - 1 - dim)
      : axes.map((axis) => this.axis('transpose', axis));
    if (new Set(order).size !== this.ndim) throw new Error("transpose(): axes don't match array");
    return this.view(order.map((dim) => this.shape[dim] as number), order.map((dim) => this.strides[dim] as number));
  }

  /** Whether the elements lie one after the other, in row-major order; numpy's `flags.c_contiguous`. */
  get c_contiguous(): boolean {
    const strides = row_major(this.shape);
    return this.size === 0 || this.shape.every((size, dim) => size === 1 || this.strides[dim] === strides[dim]);
  }

  /** The same elements in another shape; one size may be -1. A view when the memory is in order, else a copy. */
  reshape(...sizes: number[] | [readonly number[]]): NDArray {
    const wanted = [...(Array.isArray(sizes[0]) ? (sizes[0] as readonly number[]) : (sizes as number[]))];
    const unknown = wanted.indexOf(-1);
    if (unknown >= 0) wanted[unknown] = this.size / product(wanted.filter((_, i) => i !== unknown));
    if (product(wanted) !== this.size || !wanted.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new Error(`reshape(): cannot reshape array of size ${this.size} into shape (${sizes.join(', ')})`);
    }
    const source = this.c_contiguous ? this : this.copy();
    return source.view(wanted, row_major(wanted));
  }

  /** All elements in one dimension. */
  ravel(): NDArray {
    return this.reshape(-1);
  }

  /** As {@link ravel}, always a copy. */
  flatten(): NDArray {
    return this.copy().ravel();
  }

  /** The same values in memory of their own. */
  copy(): NDArray {
    return this.astype(this.dtype);
  }

  /** What `deepcopy` makes of an array. */
  __deepcopy__(): NDArray {
    return this.copy();
  }

  /** A copy with another type, truncated and wrapped as numpy does. */
  astype(dtype: NDArrayDType): NDArray {
    const Data = array_types[dtype];
    if (!Data) throw new TypeError(`astype(): data type '${String(dtype)}' not understood`);
    const parts = dtype.startsWith('complex') ? 2 : 1;
    const result = new NDArray(new Data(this.size * parts), this.shape, { dtype });
    let place = 0;
    for (const value of this.elements()) result.put(place++, value instanceof Complex && parts === 1 ? value.re : value);
    return result;
  }

  [Symbol.iterator](): Iterator<NDArray | NDArrayElement> {
    return Array.from({ length: this.length }, (_, i) => this.index(i))[Symbol.iterator]();
  }

  // --- comparison ----------------------------------------------------------------------------------

  private compare(name: string, other: NDArray | NDArrayElement, test: Comparison): NDArray {
    const right = other instanceof NDArray ? other : scalar_array(name, other);
    if (this.parts === 2 || right.parts === 2) throw new TypeError(`${name}(): complex arrays cannot be compared`);
    const shape = broadcast(name, this.shape, right.shape);
    const result = new NDArray(new Uint8Array(product(shape)), shape, { dtype: 'bool' });
    const mine = this.stretched(shape).elements();
    const others = right.stretched(shape).elements();
    for (let i = 0; i < result.data.length; i++) {
      const a = mine.next().value as number | bigint;
      result.data[i] = test(a, others.next().value as number | bigint) ? 1 : 0;
    }
    return result;
  }

  private stretched(shape: readonly number[]): NDArray {
    const added = shape.length - this.ndim;
    const strides = shape.map((size, dim) => (this.shape[dim - added] === size ? (this.strides[dim - added] as number) : 0));
    return this.view(shape, strides);
  }

  /** `a == b`, element by element; `b` may be a number. @throws RangeError unless the shapes broadcast */
  eq(other: NDArray | NDArrayElement): NDArray { return this.compare('eq', other, (a, b) => a == b); }
  /** `a != b` */
  ne(other: NDArray | NDArrayElement): NDArray { return this.compare('ne', other, (a, b) => a != b); }
  /** `a < b` */
  lt(other: NDArray | NDArrayElement): NDArray { return this.compare('lt', other, (a, b) => a < b); }
  /** `a <= b` */
  le(other: NDArray | NDArrayElement): NDArray { return this.compare('le', other, (a, b) => a <= b); }
  /** `a > b` */
  gt(other: NDArray | NDArrayElement): NDArray { return this.compare('gt', other, (a, b) => a > b); }
  /** `a >= b` */
  ge(other: NDArray | NDArrayElement): NDArray { return this.compare('ge', other, (a, b) => a >= b); }

  // --- reduction -----------------------------------------------------------------------------------

  private numbers(name: string): (number | bigint)[] {
    if (this.parts === 2) throw new TypeError(`${name}(): not supported for ${this.dtype}`);
    return Array.from(this.elements(), (value) => (typeof value === 'bigint' ? value : Number(value)));
  }

  /** The sum of all elements, in double precision; of booleans, how many are true. */
  sum(): number {
    return this.numbers('sum').reduce<number>((sum, value) => sum + Number(value), 0);
  }

  /** The mean of all elements; NaN when there are none. */
  mean(): number {
    return this.sum() / this.size;
  }

  /** The largest element. @throws Error when there is none */
  max(): number | bigint {
    return this.extreme('max', (value, best) => value > best);
  }

  /** The smallest element. @throws Error when there is none */
  min(): number | bigint {
    return this.extreme('min', (value, best) => value < best);
  }

  /** Where the largest element is in the flattened array. @throws Error when there is none */
  argmax(): number {
    const best = this.max();
    return this.numbers('argmax').findIndex((value) => Object.is(value, best) || value === best);
  }

  private extreme(name: string, better: Comparison): number | bigint {
    const [first, ...rest] = this.numbers(name);
    if (first === undefined) throw new Error(`${name}(): zero-size array has no identity`);
    return rest.reduce<number | bigint>((best, value) => (value !== value || better(value, best) ? value : best), first);
  }

  /** Whether all elements are true. */
  all(): boolean {
    return this.numbers('all').every((value) => Boolean(value));
  }

  /** Whether any element is true. */
  any(): boolean {
    return this.numbers('any').some((value) => Boolean(value));
  }

  // --- text ----------------------------------------------------------------------------------------

  /** numpy's `str(a)`. */
  toString(): string {
    return array_str(this);
  }

  /** numpy's `repr(a)`. */
  repr(): string {
    return array_repr(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr();
  }
}

function scalar_array(name: string, value: NDArrayElement): NDArray {
  if (typeof value === 'bigint') return new NDArray(BigInt64Array.of(value), []);
  if (typeof value === 'number' || typeof value === 'boolean') return new NDArray(Float64Array.of(Number(value)), []);
  throw new TypeError(`${name}(): cannot compare with ${value === null ? 'null' : typeof value}`);
}

define_kind('NDArray', 'NDArray', (value) => value instanceof NDArray);
