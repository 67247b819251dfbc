/** What `Tensor.numpy()` gives: an n-dimensional array that views a typed array, with numpy's names, types and digits. */
import { writeFileSync } from 'node:fs';

import { type MimeBundle, text_output } from '../_internal/notebook.js';
import { define_kind, signature } from '../_internal/signature.js';
import { Tuple } from '../_internal/tuple.js';
import { python_format } from '../python/format_spec.js';
import {
  absolute,
  assign_values,
  binary,
  binary_in_place,
  clipped,
  compare,
  type comparisons,
  inverted,
  negative,
  type Operand,
  type Operation,
  unary,
} from './arithmetic.js';
import { array_of_lists, gather, type NestedIndices, select } from './indexing.js';
import { array_repr, array_str } from './printing.js';
import {
  accumulate,
  arg_extreme,
  extreme,
  logical,
  mean,
  prod,
  type Reduction,
  sqrt_in_place,
  sum,
  sum_dtype,
  variance,
} from './reduction.js';
import {
  allocate,
  array_types,
  cast,
  dtype_named,
  fits,
  is_complex,
  is_inexact,
  is_long,
  is_python_int,
  is_unsigned,
  natural_dtype,
  type NDArrayData,
  type NDArrayDType,
  type NDArrayDTypeLike,
  type NDArrayElement,
  note_scalar,
  out_of_bounds,
  of_this_realm,
  places,
  product,
  promote,
  read_element,
  reshaped_strides,
  row_major,
  scalar_array,
  broadcast_view,
  type Strided,
  tuple_text,
  values_of,
  walking_order,
  write_element,
} from './types.js';
import { Complex } from '../types/scalar.js';

export { array_types };
export type { NDArrayData, NDArrayDType, NDArrayDTypeLike, NDArrayElement, NestedIndices };

// A structured clone would lose the class.
const CLONE = Symbol('an NDArray: send its data, or torch.hand_over(torch.from_numpy(array).clone())');

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

/** A slice with computed bounds. */
interface SliceLike {
  readonly start: number | bigint | null;
  readonly stop: number | bigint | null;
  readonly step: number | bigint | null;
}

/**
 * What numpy takes in brackets: an integer, a slice as text (`':2'`, `'::-1'`) or object, `'...'`, `null` (a new axis), a
 * boolean, a
 * mask or integers as NDArray or lists.
 */
export type NDArraySubscript = number | bigint | string | boolean | null | NDArray | SliceLike | NestedIndices;

/**
 * What an index with integers, a calculation or a reduction over an axis gives: an array, or when no dimension is left a
 * number. No type tells which, so that it goes as both.
 */
export type NDArrayItem = NDArray & number;

/** An array, or a number. */
export type NDArrayOperand = NDArray | NDArrayElement;

/** What can be assigned: broadcast to what is assigned to, and converted to its type. */
export type NDArrayValue = NDArrayOperand | NDArrayData | readonly unknown[] | { numpy(): NDArray };

type Axis = number | readonly number[];
type DType = NDArrayDTypeLike | null;

interface WholeOptions {
  axis?: null;
  keepdims?: false;
}

interface ReductionOptions {
  /** The dimension, or dimensions, to reduce; all of them when left out. */
  axis?: Axis | null;
  /** There is no array to write to. */
  out?: null;
  /** Whether reduced dimensions stay, with size 1. */
  keepdims?: boolean;
}

interface WithDType {
  /** The type of the result, and in which it is calculated. */
  dtype?: DType;
}

interface WithInitial {
  /** What the first element is combined with. */
  initial?: NDArrayElement;
}

interface WithDdof {
  /** What the number of elements is reduced by before the division: 1 for a sample. */
  ddof?: number;
}

type DTypeTail<O> = [options?: O] | [dtype?: DType, out?: null, keepdims?: boolean];
type PlainTail<O> = [options?: O] | [out?: null, keepdims?: boolean];

interface ReadReduction {
  axis?: Axis | null;
  dtype?: string | null;
  keepdims?: boolean;
  initial?: NDArrayElement;
  ddof?: number;
}

const AXIS = 'axis?: int|int[]|None';
const KEEPDIMS = 'out?: None, keepdims?: bool';
const ARITHMETIC_KINDS = 'NDArray|Number';

const reductions = {
  sum: signature<ReadReduction>('sum', `${AXIS}, dtype?: str|None, ${KEEPDIMS}, initial?: Number`),
  prod: signature<ReadReduction>('prod', `${AXIS}, dtype?: str|None, ${KEEPDIMS}, initial?: Number`),
  mean: signature<ReadReduction>('mean', `${AXIS}, dtype?: str|None, ${KEEPDIMS}`),
  var: signature<ReadReduction>('var', `${AXIS}, dtype?: str|None, out?: None, ddof?: float, keepdims?: bool`),
  std: signature<ReadReduction>('std', `${AXIS}, dtype?: str|None, out?: None, ddof?: float, keepdims?: bool`),
  max: signature<ReadReduction>('max', `${AXIS}, ${KEEPDIMS}, initial?: Number`),
  min: signature<ReadReduction>('min', `${AXIS}, ${KEEPDIMS}, initial?: Number`),
  ptp: signature<ReadReduction>('ptp', `${AXIS}, ${KEEPDIMS}`),
  all: signature<ReadReduction>('all', `${AXIS}, ${KEEPDIMS}`),
  any: signature<ReadReduction>('any', `${AXIS}, ${KEEPDIMS}`),
};
interface ReadPositions {
  axis?: number | null;
  dtype?: string | null;
  keepdims?: boolean;
}
const positions = {
  argmax: signature<ReadPositions>('argmax', 'axis?: int|None, out?: None, *, keepdims?: bool'),
  argmin: signature<ReadPositions>('argmin', 'axis?: int|None, out?: None, *, keepdims?: bool'),
};
const accumulations = {
  cumsum: signature<ReadPositions>('cumsum', 'axis?: int|None, dtype?: str|None, out?: None'),
  cumprod: signature<ReadPositions>('cumprod', 'axis?: int|None, dtype?: str|None, out?: None'),
};

const CONSTRUCTOR = signature<{ data: NDArrayData; shape?: readonly number[] } & NDArrayOptions>(
  'NDArray',
  'data: typed_array, shape?: int[], *, strides?: int[], offset?: int, dtype?: str, owner?: any',
);
const INDEX = signature<{ subscripts: unknown[] }>('index', '*subscripts: subscript');
const INDEX_PUT = signature<{ indices: unknown; values: unknown }>(
  'index_put_',
  'indices: subscript, values: array_value',
);
const GET = signature<{ indices: number[] }>('get', '*indices: int');
const SET = signature<{ indices: number[]; value: NDArrayElement }>('set', 'indices: int[], value: Number');
const ITEM = signature<{ args: (number | readonly number[])[] }>('item', '*args: int|int[]');
const TO_JSON = signature<object>('toJSON', 'key?: str');
const SQUEEZE = signature<{ axis?: Axis | null }>('squeeze', AXIS);
const TRANSPOSE = signature<{ axes: (number | readonly number[] | null)[] }>('transpose', '*axes: int|int[]|None');
const SWAPAXES = signature<{ axis1: number; axis2: number }>('swapaxes', 'axis1: int, axis2: int');
const RESHAPE = signature<{ shape: (number | readonly number[])[]; order?: string }>(
  'reshape',
  '*shape: int|int[], order?: str',
);
const ORDERED = {
  ravel: signature<{ order?: string }>('ravel', 'order?: str'),
  flatten: signature<{ order?: string }>('flatten', 'order?: str'),
  copy: signature<{ order?: string }>('copy', 'order?: str'),
};
const ASTYPE = signature<{ dtype: string; order?: string; casting?: string; subok?: boolean; copy?: boolean }>(
  'astype',
  'dtype: str, order?: str, casting?: str, subok?: bool, copy?: bool',
);
const TOFILE = signature<{ fid: string }>('tofile', 'fid: str');
const FILL = signature<{ value: NDArrayElement }>('fill', 'value: Number');
const ROUND = signature<{ decimals?: number }>('round', 'decimals?: int, out?: None');
interface Bounds {
  min?: NDArrayOperand | null;
  max?: NDArrayOperand | null;
}
const CLIP = signature<Bounds>('clip', `min?: ${ARITHMETIC_KINDS}|None, max?: ${ARITHMETIC_KINDS}|None, out?: None`);
interface Sorting {
  axis?: number | null;
  kind?: string | null;
}
const SORTING = {
  sort: signature<Sorting>('sort', 'axis?: int, kind?: str|None'),
  argsort: signature<Sorting>('argsort', 'axis?: int|None, kind?: str|None'),
};
const NO_ARGUMENTS = new Map<string, ReturnType<typeof signature<object>>>();
const OPERANDS = new Map<string, ReturnType<typeof signature<{ other: NDArrayOperand }>>>();

/** Reads the one operand of a method. */
function operand_of(method: string, args: readonly unknown[]): NDArrayOperand {
  const [other] = args;
  if (args.length === 1 && (other instanceof NDArray || typeof other === 'number')) return other;
  let read = OPERANDS.get(method);
  if (read === undefined) OPERANDS.set(method, (read = signature(method, `other: ${ARITHMETIC_KINDS}`)));
  return read.read(args).other;
}

/** Throws when a method without parameters gets arguments. */
function no_arguments(method: string, args: readonly unknown[]): void {
  if (args.length === 0) return;
  let read = NO_ARGUMENTS.get(method);
  if (read === undefined) NO_ARGUMENTS.set(method, (read = signature(method, '')));
  read.read(args);
}

function checked_dtype(dtype: string | null | undefined): NDArrayDType | undefined {
  return dtype === undefined || dtype === null ? undefined : dtype_named(dtype);
}

/**
 * An n-dimensional array on a typed array, with the names, type promotion, digits and printing of numpy. Mirrors
 * `numpy.ndarray`.
 *
 * `Tensor.numpy()` returns one, which shares its memory with the tensor. Operators are methods, and brackets are
 * {@link NDArray.index}.
 *
 * @param data - the memory: a typed array
 * @param shape - sizes; default: one dimension over all of `data`
 * @param options - `strides` and `offset` in elements, `dtype`
 * @throws RangeError when shape, strides and offset reach outside of the data
 * @example
 * ```ts
 * const a = torch.arange(6).view(2, 3).numpy();
 * print(a.index(':', '1:').mul(2).sum({ axis: 1 }));
 * print(a.index(a.gt(2)));
 * for (const row of a) print(row);
 * ```
 * ```python
 * a = torch.arange(6).view(2, 3).numpy()
 * print((a[:, 1:] * 2).sum(axis=1))
 * print(a[a > 2])
 * for row in a:
 *     print(row)
 * ```
 */
export class NDArray implements Strided {
  /** @internal */
  readonly _clone = CLONE;
  readonly data: NDArrayData;
  private sizes: readonly number[];
  private steps: readonly number[];
  readonly offset: number;
  readonly dtype: NDArrayDType;
  private readonly owner: object | undefined;

  /**
   * @param data the memory
   * @param shape one dimension over all of `data` when left out
   * @throws RangeError when shape, strides and offset reach outside of the data
   */
  constructor(data: NDArrayData, shape?: readonly number[], options?: NDArrayOptions);
  constructor(...args: unknown[]) {
    const options = CONSTRUCTOR.read(args);
    const own = natural_dtype(options.data);
    const dtype = options.dtype === undefined ? own : dtype_named(options.dtype);
    const fitting = own !== undefined && dtype !== undefined && natural_dtype(new array_types[dtype](0)) === own;
    if (!fitting) {
      throw new TypeError(`NDArray(): argument 'data' must be a typed array that holds ${options.dtype ?? 'numbers'}`);
    }
    this.data = of_this_realm(options.data);
    this.dtype = dtype;
    const elements = this.data.length / (is_complex(dtype) ? 2 : 1);
    this.sizes = options.shape ?? [elements];
    this.steps = options.strides ?? row_major(this.shape);
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
    if (this.shape.some((size) => size < 0) || (this.size > 0 && !inside)) {
      throw new RangeError(
        `NDArray(): shape (${this.shape.join(', ')}) with strides (${this.strides.join(', ')}) from ${this.offset} ` +
          `does not fit in ${elements} elements`,
      );
    }
  }

  /** An array where a calculation left its result, or a view of another one. @internal */
  static _of(strided: Strided, owner?: object): NDArray {
    // Not through the constructor: what is made here needs no checking.
    return new MadeArray(strided, owner);
  }

  /** What can become an array. @internal */
  static _from_value(callee: string, value: unknown): Strided | undefined {
    if (value instanceof NDArray) return value;
    if (Array.isArray(value)) {
      const made = array_of_lists(callee, value);
      // An empty list stands for no indices.
      return value.length === 0 ? { ...made, data: new BigInt64Array(0), dtype: 'int64' } : made;
    }
    const natural = natural_dtype(value);
    if (natural !== undefined) return new NDArray(value as NDArrayData);
    const numpy = (value as { numpy?: unknown } | null)?.numpy;
    return typeof numpy === 'function' ? (value as { numpy(): NDArray }).numpy() : undefined;
  }

  /**
   * The size of each dimension: a tuple, as in numpy.
   * @example
   * ```ts
   * const a = torch.ones(2, 3).numpy();
   * print(a.shape, a.shape[1]);
   * ```
   * ```python
   * a = torch.ones(2, 3).numpy()
   * print(a.shape, a.shape[1])
   * ```
   */
  get shape(): readonly number[] {
    // Made when it is asked for: most arrays are intermediate results.
    if (!(this.sizes instanceof Tuple)) this.sizes = Tuple.from(this.sizes);
    return this.sizes;
  }

  /**
   * How far the next element of each dimension is, in elements; numpy's are in bytes.
   * @example
   * ```ts
   * const a = torch.ones(2, 3).numpy();
   * print(a.strides, a.T.strides); // (3, 1) (1, 3)
   * ```
   */
  get strides(): readonly number[] {
    if (!(this.steps instanceof Tuple)) this.steps = Tuple.from(this.steps);
    return this.steps;
  }

  /**
   * The number of dimensions.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.ndim);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.ndim)
   * ```
   */
  get ndim(): number {
    return this.shape.length;
  }

  /**
   * The number of elements.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.size);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.size)
   * ```
   */
  get size(): number {
    return product(this.shape);
  }

  /**
   * Bytes per element.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.itemsize);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.itemsize)
   * ```
   */
  get itemsize(): number {
    return this.data.BYTES_PER_ELEMENT * (is_complex(this.dtype) ? 2 : 1);
  }

  /**
   * Bytes of all elements.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.nbytes);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.nbytes)
   * ```
   */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /**
   * The size of the first dimension, as Python's `len`.
   * @throws TypeError for a 0-d array
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.length);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(len(a))
   * ```
   */
  get length(): number {
    const [first] = this.shape;
    if (first === undefined) throw new TypeError('len() of unsized object');
    return first;
  }

  /**
   * A view with all dimensions reversed; numpy's `T`.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.T);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.T)
   * ```
   */
  get T(): NDArray {
    return this.transpose();
  }

  /**
   * The real parts, as a view.
   * @example
   * ```ts
   * const a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy();
   * print(a.real);
   * ```
   * ```python
   * a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy()
   * print(a.real)
   * ```
   */
  get real(): NDArray {
    return this._part(0);
  }

  /**
   * The imaginary parts, as a view; zeros for an array of real numbers.
   * @example
   * ```ts
   * const a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy();
   * print(a.imag);
   * ```
   * ```python
   * a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy()
   * print(a.imag)
   * ```
   */
  get imag(): NDArray {
    return is_complex(this.dtype) ? this._part(1) : NDArray._of(allocate(this.shape, this.dtype));
  }

  private _part(which: 0 | 1): NDArray {
    if (!is_complex(this.dtype)) return this;
    const strides = this.strides.map((stride) => 2 * stride);
    const dtype = this.dtype === 'complex64' ? 'float32' : 'float64';
    const { buffer, byteOffset, length } = this.data;
    return NDArray._of(
      {
        data: new array_types[dtype](buffer, byteOffset, length),
        dtype,
        shape: this.shape,
        strides,
        offset: 2 * this.offset + which,
      },
      this,
    );
  }

  private _view(shape: readonly number[], strides: readonly number[], offset = this.offset): NDArray {
    return NDArray._of({ data: this.data, dtype: this.dtype, shape, strides, offset }, this.owner);
  }

  private *_elements(): Generator<NDArrayElement, void, undefined> {
    for (const place of places(this)) yield read_element(this, place);
  }

  private _normalized(name: string, index: number, dim: number): number {
    const size = this.shape[dim];
    if (size === undefined) {
      throw new RangeError(
        `${name}(): too many indices for array: array is ${this.ndim}-dimensional, but ${dim + 1} were indexed`,
      );
    }
    if (!Number.isInteger(index) || index < -size || index >= size) {
      throw new RangeError(`${name}(): index ${index} is out of bounds for axis ${dim} with size ${size}`);
    }
    return index < 0 ? index + size : index;
  }

  private _axis(name: string, axis: number): number {
    if (axis < -this.ndim || axis >= this.ndim) {
      throw new RangeError(`${name}(): axis ${axis} is out of bounds for array of dimension ${this.ndim}`);
    }
    return axis < 0 ? axis + this.ndim : axis;
  }

  /** `scalar_axis`: whether an array without dimensions has an axis 0, as most of numpy's reductions would have it. */
  private _axes(name: string, axis: Axis | null | undefined, scalar_axis: boolean): number[] {
    if (axis === undefined || axis === null || (this.ndim === 0 && scalar_axis && (axis === 0 || axis === -1))) {
      return [...this.shape.keys()];
    }
    const axes = (typeof axis === 'number' ? [axis] : [...axis]).map((one) => this._axis(name, one));
    if (new Set(axes).size !== axes.length) throw new RangeError(`${name}(): duplicate value in 'axis'`);
    return axes;
  }

  // --- elements ------------------------------------------------------------------------------------

  /** One element as numpy's scalar: `print` writes it with the digits of its type. */
  private _scalar(place: number): NDArrayElement {
    const value = read_element(this, place);
    note_scalar(value, this.dtype);
    return value;
  }

  /**
   * What Python writes `a[...]`: `a.index(1, -1)`, `a.index(':', '::2')`, `a.index('...', null)`, `a.index(mask)`,
   * `a.index([0, 2])`. Integers and slices give a view, lists and masks a copy; integers for all dimensions give the element.
   * @throws RangeError for what is out of bounds, or not an index
   * @example
   * ```ts
   * const a = torch.arange(6).view(2, 3).numpy();
   * print(a.index(1, -1), a.index(':', '::2'));
   * print(a.index([1, 0]), a.index(a.gt(3)));
   * ```
   * ```python
   * a = torch.arange(6).view(2, 3).numpy()
   * print(a[1, -1], a[:, ::2])
   * print(a[[1, 0]], a[a > 3])
   * ```
   */
  index(...subscripts: (number | bigint)[]): NDArrayItem;
  index(...subscripts: NDArraySubscript[]): NDArray;
  index(...args: unknown[]): NDArray | NDArrayElement {
    // Integers alone, by far the most common, need no parsing.
    if (args.length <= this.ndim && args.every((arg) => Number.isInteger(arg))) {
      const place = this._place('index', args as number[]);
      if (args.length === this.ndim) return this._scalar(place);
      return this._view(this.shape.slice(args.length), this.strides.slice(args.length), place);
    }
    const { subscripts } = INDEX.read(args);
    const selected = select('index', this, subscripts, (value) => NDArray._from_value('index', value));
    if ('places' in selected) return NDArray._of(gather(this, selected));
    const { view, copied, element } = selected;
    if (element) return this._scalar(view.offset);
    const viewed = this._view(view.shape, view.strides, view.offset);
    return copied ? viewed.copy('K') : viewed;
  }

  /**
   * What Python writes `a[...] = value`: `a.index_put_([':', 0], 1)`, `a.index_put_(mask, 0)`. Subscripts as in
   * {@link NDArray.index}; one subscript needs no list around it unless it is a list. The value is broadcast and converted.
   * @throws RangeError for indices out of bounds and values whose shape does not fit
   * @example
   * ```ts
   * const a = torch.arange(6).view(2, 3).numpy();
   * a.index_put_([':', 0], 9);
   * a.index_put_(a.lt(3), -1);
   * print(a);
   * ```
   * ```python
   * a = torch.arange(6).view(2, 3).numpy()
   * a[:, 0] = 9
   * a[a < 3] = -1
   * print(a)
   * ```
   */
  index_put_(indices: NDArraySubscript | readonly NDArraySubscript[], values: NDArrayValue): this;
  index_put_(options: { indices: NDArraySubscript | readonly NDArraySubscript[]; values: NDArrayValue }): this;
  index_put_(...args: unknown[]): this {
    const { indices, values } = INDEX_PUT.read(args);
    const subscripts = Array.isArray(indices) ? indices : [indices];
    const selected = select('index_put_', this, subscripts, (value) => NDArray._from_value('index_put_', value));
    const shape = 'places' in selected ? selected.shape : selected.view.shape;
    const source = this._assignable('index_put_', values);
    const sequence = values instanceof NDArray || Array.isArray(values) || natural_dtype(values) !== undefined;
    const one = this.dtype === 'bool' && product(source.shape) === 1;
    if ('element' in selected && selected.element && sequence && source.shape.length > 0 && !one) {
      throw is_complex(this.dtype)
        ? new TypeError('index_put_(): only 0-dimensional arrays can be converted to Python scalars')
        : new RangeError('index_put_(): setting an array element with a sequence.');
    }
    const [longer, shorter] = [source.shape, shape];
    // Leading dimensions of one element do not count.
    const extra = Math.max(0, longer.length - shorter.length);
    const trimmed = longer.slice(extra);
    const fits_in =
      longer.slice(0, extra).every((size) => size === 1) &&
      trimmed.every((size, i) => size === 1 || size === shape[shape.length - trimmed.length + i]);
    if (!fits_in) {
      const [from, into] = [source.shape, shape].map((sizes) => tuple_text(sizes).replaceAll(' ', ''));
      throw new RangeError(
        'places' in selected
          ? `index_put_(): shape mismatch: value array of shape ${from} could not be broadcast to indexing result of ` +
              `shape ${into}`
          : `index_put_(): could not broadcast input array from shape ${from} into shape ${into}`,
      );
    }
    const values_in_order = values_of(
      broadcast_view({ ...view_of(source), shape: trimmed, strides: source.strides.slice(extra) }, shape),
    );
    const target: Strided = 'places' in selected ? allocate(shape, this.dtype) : selected.view;
    assign_values(target, values_in_order, source.dtype);
    if ('places' in selected) {
      const wide = is_complex(this.dtype) ? 2 : 1;
      const data = this.data as (number | bigint)[] & NDArrayData;
      selected.places.forEach((place, i) => {
        for (let k = 0; k < wide; k++) data[wide * place + k] = target.data[wide * i + k]!;
      });
    }
    return this;
  }

  /** A value that is assigned, as an array of numbers that this array's type takes. */
  private _assignable(name: string, value: unknown): Strided {
    const array = NDArray._from_value(name, value);
    if (array !== undefined) {
      if (is_complex(array.dtype) && !is_complex(this.dtype)) return NDArray._of(array).real;
      return array;
    }
    const accepted = this._accepted(name, value as NDArrayElement);
    return scalar_array(accepted, this._scalar_dtype(accepted));
  }

  /** The type in which a number is written, without loss. */
  private _scalar_dtype(value: NDArrayElement): NDArrayDType {
    if (value instanceof Complex) return 'complex128';
    if (is_python_int(value) && !is_inexact(this.dtype)) return this.dtype === 'uint64' ? 'uint64' : 'int64';
    return typeof value === 'boolean' ? 'bool' : 'float64';
  }

  /** A number that this array's type can hold. @throws RangeError and TypeError as numpy */
  private _accepted(name: string, value: NDArrayElement): NDArrayElement {
    if (is_python_int(value) && !fits(value, this.dtype))
      throw new RangeError(`${name}(): ${out_of_bounds(value, this.dtype)}`);
    if (typeof value === 'number' && !is_inexact(this.dtype) && this.dtype !== 'bool') {
      if (Number.isNaN(value)) throw new TypeError(`${name}(): cannot convert float NaN to integer`);
      if (!Number.isFinite(value)) throw new RangeError(`${name}(): cannot convert float infinity to integer`);
      // numpy makes a Python integer of a float, which has to fit.
      const whole = BigInt(Math.trunc(value));
      if (!fits(whole, this.dtype)) throw new RangeError(`${name}(): ${out_of_bounds(whole, this.dtype)}`);
      return whole;
    }
    if (value instanceof Complex && !is_complex(this.dtype)) {
      if (this.dtype === 'bool') return value.re !== 0 || value.im !== 0;
      throw new TypeError(`${name}(): can't convert complex to ${this.dtype}`);
    }
    return value;
  }

  /**
   * One element, as Python's number.
   * @throws RangeError unless there is an index in range for each dimension
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.get(0, 1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a[0, 1].item())
   * ```
   */
  get(...indices: number[]): NDArrayElement;
  get(...args: unknown[]): NDArrayElement {
    const { indices } = GET.read(args);
    if (indices.length !== this.ndim) {
      throw new RangeError(`get(): expected ${this.ndim} indices, got ${indices.length}`);
    }
    return this._element('get', indices);
  }

  private _element(name: string, indices: readonly number[]): NDArrayElement {
    const value = read_element(this, this._place(name, indices));
    note_scalar(value);
    return value;
  }

  private _place(name: string, indices: readonly number[]): number {
    return indices.reduce(
      (total, index, dim) => total + this._normalized(name, index, dim) * this.strides[dim]!,
      this.offset,
    );
  }

  /**
   * Writes one element: `a.set([i, j], value)`.
   * @throws RangeError as {@link get}
   * @example
   * ```ts
   * const a = torch.zeros(2, 2).numpy();
   * a.set([0, 1], 2.5);
   * print(a);
   * ```
   * ```python
   * a = torch.zeros(2, 2).numpy()
   * a[0, 1] = 2.5
   * print(a)
   * ```
   */
  set(indices: readonly number[], value: NDArrayElement): void;
  set(options: { indices: readonly number[]; value: NDArrayElement }): void;
  set(...args: unknown[]): void {
    const { indices, value } = SET.read(args);
    if (indices.length !== this.ndim) {
      throw new RangeError(`set(): expected ${this.ndim} indices, got ${indices.length}`);
    }
    write_element(this, this._place('set', indices), this._accepted('set', value));
  }

  /**
   * Sets all elements.
   * @example
   * ```ts
   * const a = torch.zeros(2, 2).numpy();
   * a.fill(0.5);
   * print(a);
   * ```
   * ```python
   * a = torch.zeros(2, 2).numpy()
   * a.fill(0.5)
   * print(a)
   * ```
   */
  fill(value: NDArrayElement | { value: NDArrayElement }): void;
  fill(...args: unknown[]): void {
    const value = this._accepted('fill', FILL.read(args).value);
    for (const place of places(this)) write_element(this, place, value);
  }

  /**
   * One element as Python's number: that of an array with one element, or the one at a flat index, or at indices.
   * @throws Error when there are more elements or none, RangeError for an index out of bounds
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.item(2), a.item(1, 1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.item(2), a.item(1, 1))
   * ```
   */
  item(...args: number[] | [indices: readonly number[]]): NDArrayElement;
  item(...args: unknown[]): NDArrayElement {
    const indices = ITEM.read(args).args.flat();
    let flat = 0;
    if (indices.length === 0) {
      if (this.size !== 1) throw new Error('can only convert an array of size 1 to a Python scalar');
    } else if (indices.length > 1 || this.ndim === 1) {
      if (indices.length !== this.ndim) throw new RangeError('item(): incorrect number of indices for array');
      return this._element('item', indices);
    } else {
      const [index] = indices as [number];
      if (index < -this.size || index >= this.size)
        throw new RangeError(`item(): index ${index} is out of bounds for size ${this.size}`);
      flat = index < 0 ? index + this.size : index;
    }
    let place = this.offset;
    for (let dim = this.ndim - 1; dim >= 0; dim--) {
      place += (flat % this.shape[dim]!) * this.strides[dim]!;
      flat = Math.floor(flat / this.shape[dim]!);
    }
    const value = read_element(this, place);
    note_scalar(value);
    return value;
  }

  /**
   * The elements as nested arrays of Python's numbers; the value itself for a 0-d array.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.tolist());
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.tolist())
   * ```
   */
  tolist(...args: []): unknown;
  tolist(...args: unknown[]): unknown {
    no_arguments('tolist', args);
    const values = this._elements();
    const nest = (depth: number): unknown => {
      if (depth === this.ndim) {
        const { value } = values.next();
        note_scalar(value);
        return value;
      }
      return Array.from({ length: this.shape[depth] as number }, () => nest(depth + 1));
    };
    return nest(0);
  }

  /**
   * What `JSON.stringify` writes: nested lists, as {@link NDArray.tolist}.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(JSON.stringify({ a })); // {"a":[[3,1],[2,4]]}
   * ```
   */
  toJSON(key?: string): unknown;
  toJSON(...args: unknown[]): unknown {
    TO_JSON.read(args);
    return this.tolist();
  }

  // --- shape ---------------------------------------------------------------------------------------

  /**
   * Without the dimensions of size 1, or without those named.
   * @throws Error when one of these has another size
   * @example
   * ```ts
   * const a = torch.arange(2).view(1, 2, 1).numpy();
   * print(a.squeeze(), a.squeeze(0));
   * ```
   * ```python
   * a = torch.arange(2).view(1, 2, 1).numpy()
   * print(a.squeeze(), a.squeeze(0))
   * ```
   */
  squeeze(axis?: Axis | null | { axis?: Axis | null }): NDArray;
  squeeze(...args: unknown[]): NDArray {
    const { axis } = SQUEEZE.read(args);
    const dropped =
      axis === undefined || axis === null
        ? this._axes('squeeze', axis, true).filter((dim) => this.shape[dim] === 1)
        : this._axes('squeeze', axis, true);
    if (dropped.some((dim) => this.shape[dim] !== 1)) {
      throw new Error('squeeze(): cannot select an axis to squeeze out which has size not equal to one');
    }
    const kept = [...this.shape.keys()].filter((dim) => !dropped.includes(dim));
    return this._view(
      kept.map((dim) => this.shape[dim]!),
      kept.map((dim) => this.strides[dim]!),
    );
  }

  /**
   * The dimensions in another order, reversed when none is given.
   * @example
   * ```ts
   * const a = torch.arange(6).view(1, 2, 3).numpy();
   * print(a.transpose(2, 0, 1));
   * ```
   * ```python
   * a = torch.arange(6).view(1, 2, 3).numpy()
   * print(a.transpose(2, 0, 1))
   * ```
   */
  transpose(...axes: number[] | [axes: readonly number[] | null]): NDArray;
  transpose(...args: unknown[]): NDArray {
    const { axes } = TRANSPOSE.read(args);
    const listed = axes.flat().filter((axis): axis is number => axis !== null);
    const order =
      axes.length === 0 || axes[0] === null
        ? this.shape.map((_, dim) => this.ndim - 1 - dim)
        : listed.map((axis) => this._axis('transpose', axis));
    if (order.length !== this.ndim) throw new Error("transpose(): axes don't match array");
    if (new Set(order).size !== this.ndim) throw new Error('transpose(): repeated axis in transpose');
    return this._view(
      order.map((dim) => this.shape[dim]!),
      order.map((dim) => this.strides[dim]!),
    );
  }

  /**
   * A view with two dimensions exchanged.
   * @throws RangeError for an axis that there is not
   * @example
   * ```ts
   * const a = torch.arange(6).view(2, 3).numpy();
   * print(a.swapaxes(0, 1));
   * ```
   * ```python
   * a = torch.arange(6).view(2, 3).numpy()
   * print(a.swapaxes(0, 1))
   * ```
   */
  swapaxes(axis1: number, axis2: number): NDArray;
  swapaxes(options: { axis1: number; axis2: number }): NDArray;
  swapaxes(...args: unknown[]): NDArray {
    const { axis1, axis2 } = SWAPAXES.read(args);
    const [first, second] = [this._axis('swapaxes', axis1), this._axis('swapaxes', axis2)];
    const order = [...this.shape.keys()];
    [order[first], order[second]] = [second, first];
    return this.transpose(...order);
  }

  /**
   * Whether the elements lie one after the other, in row-major order; numpy's `flags.c_contiguous`.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.c_contiguous, a.T.c_contiguous);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.flags.c_contiguous, a.T.flags.c_contiguous)
   * ```
   */
  get c_contiguous(): boolean {
    const strides = row_major(this.shape);
    return this.size === 0 || this.shape.every((size, dim) => size === 1 || this.strides[dim] === strides[dim]);
  }

  /**
   * The same elements in another shape; one size may be -1. A view where strides can say it, else a copy. With
   * `{ order: 'F' }` elements are read and placed column by column.
   * @throws Error when the sizes do not multiply to the number of elements
   * @example
   * ```ts
   * const a = torch.arange(6).numpy();
   * print(a.reshape(2, -1));
   * print(a.reshape([3, 2], { order: 'F' }));
   * ```
   * ```python
   * a = torch.arange(6).numpy()
   * print(a.reshape(2, -1))
   * print(a.reshape((3, 2), order='F'))
   * ```
   */
  reshape(
    ...shape:
      | number[]
      | [...sizes: number[], options: { order?: 'C' | 'F' | 'A' }]
      | [shape: readonly number[], options?: { order?: 'C' | 'F' | 'A' }]
  ): NDArray;
  reshape(...args: unknown[]): NDArray {
    const { shape, order = 'C' } = RESHAPE.read(args);
    const wanted = shape.flat();
    if (wanted.length === this.ndim && wanted.every((size, dim) => size === this.shape[dim])) {
      return this._view(this.shape, this.strides);
    }
    if (this._column_major('reshape', order)) return this.transpose().reshape(wanted.reverse()).transpose();
    const unknown = wanted.indexOf(-1);
    if (unknown !== wanted.lastIndexOf(-1)) throw new Error('reshape(): can only specify one unknown dimension');
    if (unknown >= 0) wanted[unknown] = this.size / product(wanted.filter((_, i) => i !== unknown));
    if (product(wanted) !== this.size || !wanted.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new Error(
        `reshape(): cannot reshape array of size ${this.size} into shape ${tuple_text(shape.flat()).replaceAll(', ', ',')}`,
      );
    }
    if (this.c_contiguous) return this._view(wanted, row_major(wanted));
    const strides = reshaped_strides(this.shape, this.strides, wanted);
    return strides === null ? this.copy()._view(wanted, row_major(wanted)) : this._view(wanted, strides);
  }

  private _column_major(name: string, order: string): boolean {
    if (!['C', 'F', 'A', 'K'].includes(order))
      throw new RangeError(`${name}(): order must be one of 'C', 'F', 'A', or 'K' (got '${order}')`);
    return order === 'F' || (order === 'A' && !this.c_contiguous && this.transpose().c_contiguous);
  }

  /**
   * All elements in one dimension.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.ravel(), a.ravel('F'));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.ravel(), a.ravel('F'))
   * ```
   */
  ravel(options?: { order?: 'C' | 'F' | 'A' | 'K' } | string): NDArray;
  ravel(...args: unknown[]): NDArray {
    const { order = 'C' } = ORDERED.ravel.read(args);
    if (order === 'K') return this._as_it_lies().ravel();
    if (this._column_major('ravel', order)) return this.transpose().ravel();
    return this.c_contiguous ? this.reshape(-1) : this.copy().reshape(-1);
  }

  private _as_it_lies(): NDArray {
    return this.transpose(...walking_order(this.shape, [this.strides]));
  }

  /**
   * As {@link ravel}, always a copy.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.flatten());
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.flatten())
   * ```
   */
  flatten(options?: { order?: 'C' | 'F' | 'A' | 'K' } | string): NDArray;
  flatten(...args: unknown[]): NDArray {
    const { order = 'C' } = ORDERED.flatten.read(args);
    return this.ravel(order).copy();
  }

  /**
   * A copy in new memory, row-major unless `order` says otherwise.
   * @example
   * ```ts
   * const a = torch.zeros(2).numpy();
   * const b = a.copy();
   * b.fill(1);
   * print(a, b);
   * ```
   * ```python
   * a = torch.zeros(2).numpy()
   * b = a.copy()
   * b.fill(1)
   * print(a, b)
   * ```
   */
  copy(options?: { order?: 'C' | 'F' | 'A' | 'K' } | string): NDArray;
  copy(...args: unknown[]): NDArray {
    const { order = 'C' } = ORDERED.copy.read(args);
    const dims = [...this.shape.keys()];
    const laid =
      order === 'K'
        ? walking_order(this.shape, [this.strides])
        : this._column_major('copy', order)
          ? dims.reverse()
          : dims;
    return this._converted(this.dtype, laid);
  }

  private _converted(dtype: NDArrayDType, order: readonly number[]): NDArray {
    const result = allocate(this.shape, dtype, order);
    if (dtype === this.dtype) {
      const wide = is_complex(dtype) ? 2 : 1;
      const data = result.data as (number | bigint)[] & NDArrayData;
      const sources = places(this);
      for (const place of places(result)) {
        const from = sources.next().value as number;
        for (let k = 0; k < wide; k++) data[wide * place + k] = this.data[wide * from + k]!;
      }
      return NDArray._of(result);
    }
    const targets = places(result);
    for (const value of this._elements()) {
      write_element(result, targets.next().value as number, cast(value, this.dtype, dtype));
    }
    return NDArray._of(result);
  }

  /**
   * What `deepcopy` makes of an array.
   * @example
   * ```ts
   * const a = torch.zeros(2).numpy();
   * const b = torch.deepcopy(a);
   * b.fill(1);
   * print(a, b);
   * ```
   * ```python
   * from copy import deepcopy
   * a = torch.zeros(2).numpy()
   * b = deepcopy(a)
   * b.fill(1)
   * print(a, b)
   * ```
   */
  __deepcopy__(): NDArray {
    return this.copy();
  }

  /**
   * A copy with another type, truncated and wrapped as numpy does. Types go by numpy's names: `'float32'`, `'int'`, `'f4'`.
   * @throws TypeError for an unknown type, and for conversions that `casting` forbids
   * @example
   * ```ts
   * const a = torch.tensor([1.7, -1.7]).numpy();
   * print(a.astype('int64'), a.astype('float16').dtype);
   * ```
   * ```python
   * a = torch.tensor([1.7, -1.7]).numpy()
   * print(a.astype('int64'), a.astype('float16').dtype)
   * ```
   */
  astype(
    dtype: NDArrayDTypeLike,
    options?: {
      order?: 'C' | 'F' | 'A' | 'K';
      casting?: 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe';
      subok?: boolean;
      copy?: boolean;
    },
  ): NDArray;
  astype(options: {
    dtype: NDArrayDTypeLike;
    order?: 'C' | 'F' | 'A' | 'K';
    casting?: 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe';
    subok?: boolean;
    copy?: boolean;
  }): NDArray;
  astype(...args: unknown[]): NDArray {
    const { dtype: name, order = 'K', casting = 'unsafe', copy = true } = ASTYPE.read(args);
    const dtype = dtype_named(name);
    if (!can_cast(this.dtype, dtype, casting)) {
      throw new TypeError(
        `Cannot cast array data from dtype('${this.dtype}') to dtype('${dtype}') according to the rule '${casting}'`,
      );
    }
    if (!copy && dtype === this.dtype) return this;
    const dims = [...this.shape.keys()];
    return this._converted(
      dtype,
      order === 'K'
        ? walking_order(this.shape, [this.strides])
        : this._column_major('astype', order)
          ? dims.reverse()
          : dims,
    );
  }

  /** The parts along the first dimension: rows as views, numbers for a 1-d array. @throws TypeError for a 0-d array */
  [Symbol.iterator](): IterableIterator<NDArrayItem> {
    if (this.ndim === 0) throw new TypeError('iteration over a 0-d array');
    return this._parts();
  }

  private *_parts(): Generator<NDArrayItem, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.index(i);
  }

  // --- arithmetic ----------------------------------------------------------------------------------

  // As in numpy, what is calculated of arrays without dimensions is a scalar; only what is assigned in place stays an array.

  private _calculated(method: string, operation: Operation, args: readonly unknown[]): NDArrayItem {
    return this._outcome(binary(method, operation, this, operand_of(method, args) as Operand)) as NDArrayItem;
  }

  private _calculated_in_place(method: string, operation: Operation, args: readonly unknown[]): this {
    binary_in_place(method, operation, this, operand_of(method, args) as Operand);
    return this;
  }

  /**
   * `a + b`, with broadcasting and numpy's common type, in which a plain number does not count but by its kind.
   * @throws RangeError unless the shapes broadcast
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.add(2), a.add(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a + 2, a + a)
   * ```
   */
  add(other: NDArrayOperand): NDArrayItem;
  add(...args: unknown[]): NDArrayItem {
    return this._calculated('add', 'add', args);
  }
  /**
   * `a - b`
   * @throws TypeError for booleans
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.sub(2), a.sub(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a - 2, a - a)
   * ```
   */
  sub(other: NDArrayOperand): NDArrayItem;
  sub(...args: unknown[]): NDArrayItem {
    return this._calculated('sub', 'sub', args);
  }
  /**
   * `a * b`
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.mul(2), a.mul(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a * 2, a * a)
   * ```
   */
  mul(other: NDArrayOperand): NDArrayItem;
  mul(...args: unknown[]): NDArrayItem {
    return this._calculated('mul', 'mul', args);
  }
  /**
   * `a / b`; of integers it is float64.
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.div(2), a.div(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a / 2, a / a)
   * ```
   */
  div(other: NDArrayOperand): NDArrayItem;
  div(...args: unknown[]): NDArrayItem {
    return this._calculated('div', 'div', args);
  }
  /**
   * `a // b`; 0 where integers are divided by zero.
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.floor_divide(2), a.floor_divide(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a // 2, a // a)
   * ```
   */
  floor_divide(other: NDArrayOperand): NDArrayItem;
  floor_divide(...args: unknown[]): NDArrayItem {
    return this._calculated('floor_divide', 'floor_divide', args);
  }
  /**
   * `a % b`, with the sign of `b`.
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.mod(2), a.mod(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a % 2, a % a)
   * ```
   */
  mod(other: NDArrayOperand): NDArrayItem;
  mod(...args: unknown[]): NDArrayItem {
    return this._calculated('mod', 'mod', args);
  }
  /**
   * `a ** b`
   * @throws RangeError for integers to negative integer powers
   * @example
   * ```ts
   * const a = torch.tensor([3, 5]).numpy();
   * print(a.pow(2), a.pow(a));
   * ```
   * ```python
   * a = torch.tensor([3, 5]).numpy()
   * print(a ** 2, a ** a)
   * ```
   */
  pow(other: NDArrayOperand): NDArrayItem;
  pow(...args: unknown[]): NDArrayItem {
    return this._calculated('pow', 'pow', args);
  }
  /**
   * `a & b`
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([3, 6]).numpy();
   * print(a.bitwise_and(2));
   * ```
   * ```python
   * a = torch.tensor([3, 6]).numpy()
   * print(a & 2)
   * ```
   */
  bitwise_and(other: NDArrayOperand): NDArrayItem;
  bitwise_and(...args: unknown[]): NDArrayItem {
    return this._calculated('bitwise_and', 'bitwise_and', args);
  }
  /**
   * `a | b`
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([3, 6]).numpy();
   * print(a.bitwise_or(2));
   * ```
   * ```python
   * a = torch.tensor([3, 6]).numpy()
   * print(a | 2)
   * ```
   */
  bitwise_or(other: NDArrayOperand): NDArrayItem;
  bitwise_or(...args: unknown[]): NDArrayItem {
    return this._calculated('bitwise_or', 'bitwise_or', args);
  }
  /**
   * `a ^ b`
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([3, 6]).numpy();
   * print(a.bitwise_xor(2));
   * ```
   * ```python
   * a = torch.tensor([3, 6]).numpy()
   * print(a ^ 2)
   * ```
   */
  bitwise_xor(other: NDArrayOperand): NDArrayItem;
  bitwise_xor(...args: unknown[]): NDArrayItem {
    return this._calculated('bitwise_xor', 'bitwise_xor', args);
  }
  /**
   * `a << b`
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([3, 6]).numpy();
   * print(a.left_shift(2));
   * ```
   * ```python
   * a = torch.tensor([3, 6]).numpy()
   * print(a << 2)
   * ```
   */
  left_shift(other: NDArrayOperand): NDArrayItem;
  left_shift(...args: unknown[]): NDArrayItem {
    return this._calculated('left_shift', 'left_shift', args);
  }
  /**
   * `a >> b`
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([3, 6]).numpy();
   * print(a.right_shift(2));
   * ```
   * ```python
   * a = torch.tensor([3, 6]).numpy()
   * print(a >> 2)
   * ```
   */
  right_shift(other: NDArrayOperand): NDArrayItem;
  right_shift(...args: unknown[]): NDArrayItem {
    return this._calculated('right_shift', 'right_shift', args);
  }

  /**
   * `a += b`
   * @throws TypeError when the result is of a kind that this array cannot hold
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.add_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a += 2
   * print(a)
   * ```
   */
  add_(other: NDArrayOperand): this;
  add_(...args: unknown[]): this {
    return this._calculated_in_place('add_', 'add', args);
  }
  /**
   * `a -= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.sub_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a -= 2
   * print(a)
   * ```
   */
  sub_(other: NDArrayOperand): this;
  sub_(...args: unknown[]): this {
    return this._calculated_in_place('sub_', 'sub', args);
  }
  /**
   * `a *= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.mul_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a *= 2
   * print(a)
   * ```
   */
  mul_(other: NDArrayOperand): this;
  mul_(...args: unknown[]): this {
    return this._calculated_in_place('mul_', 'mul', args);
  }
  /**
   * `a /= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.div_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a /= 2
   * print(a)
   * ```
   */
  div_(other: NDArrayOperand): this;
  div_(...args: unknown[]): this {
    return this._calculated_in_place('div_', 'div', args);
  }
  /**
   * `a //= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.floor_divide_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a //= 2
   * print(a)
   * ```
   */
  floor_divide_(other: NDArrayOperand): this;
  floor_divide_(...args: unknown[]): this {
    return this._calculated_in_place('floor_divide_', 'floor_divide', args);
  }
  /**
   * `a %= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.mod_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a %= 2
   * print(a)
   * ```
   */
  mod_(other: NDArrayOperand): this;
  mod_(...args: unknown[]): this {
    return this._calculated_in_place('mod_', 'mod', args);
  }
  /**
   * `a **= b`
   * @throws TypeError as {@link NDArray.add_}
   * @example
   * ```ts
   * const a = torch.tensor([3, 5.5]).numpy();
   * a.pow_(2);
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([3, 5.5]).numpy()
   * a **= 2
   * print(a)
   * ```
   */
  pow_(other: NDArrayOperand): this;
  pow_(...args: unknown[]): this {
    return this._calculated_in_place('pow_', 'pow', args);
  }

  /**
   * `-a`
   * @throws TypeError for booleans
   * @example
   * ```ts
   * const a = torch.tensor([3, -5]).numpy();
   * print(a.neg());
   * ```
   * ```python
   * a = torch.tensor([3, -5]).numpy()
   * print(-a)
   * ```
   */
  neg(...args: []): NDArrayItem;
  neg(...args: unknown[]): NDArrayItem {
    no_arguments('neg', args);
    return this._outcome(negative(this)) as NDArrayItem;
  }

  /**
   * `abs(a)`; of complex numbers their size.
   * @example
   * ```ts
   * const a = torch.tensor([3, -5]).numpy();
   * print(a.abs());
   * ```
   * ```python
   * a = torch.tensor([3, -5]).numpy()
   * print(abs(a))
   * ```
   */
  abs(...args: []): NDArrayItem;
  abs(...args: unknown[]): NDArrayItem {
    no_arguments('abs', args);
    return this._outcome(absolute(this)) as NDArrayItem;
  }

  /**
   * `~a`: of booleans "not", of integers all bits.
   * @throws TypeError for floats
   * @example
   * ```ts
   * const a = torch.tensor([true, false]).numpy();
   * print(a.bitwise_not());
   * ```
   * ```python
   * a = torch.tensor([True, False]).numpy()
   * print(~a)
   * ```
   */
  bitwise_not(...args: []): NDArrayItem;
  bitwise_not(...args: unknown[]): NDArrayItem {
    no_arguments('bitwise_not', args);
    return this._outcome(inverted(this)) as NDArrayItem;
  }

  /**
   * The complex conjugate of each element; the array itself where it holds real numbers.
   * @example
   * ```ts
   * const a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy();
   * print(a.conj());
   * ```
   * ```python
   * a = torch.complex(torch.tensor([1, 3.5]), torch.tensor([2, -4.5])).numpy()
   * print(a.conj())
   * ```
   */
  conj(...args: []): NDArray;
  conj(...args: unknown[]): NDArray {
    no_arguments('conj', args);
    if (!is_complex(this.dtype)) return this;
    return this._outcome(
      unary(this, this.dtype, (x, result) => {
        for (let i = 0; i < x.length; i++) result[i] = i % 2 === 1 ? -x[i]! : x[i]!;
      }),
    ) as NDArrayItem;
  }

  /**
   * Rounded to a number of decimals, halves to even; integers are rounded for negative numbers of decimals.
   * @example
   * ```ts
   * const a = torch.tensor([0.5, 1.25, 2.66]).numpy();
   * print(a.round(), a.round(1));
   * ```
   * ```python
   * a = torch.tensor([0.5, 1.25, 2.66]).numpy()
   * print(a.round(), a.round(1))
   * ```
   */
  round(decimals?: number | { decimals?: number }): NDArrayItem;
  round(...args: unknown[]): NDArrayItem {
    return this._outcome(this._rounded(ROUND.read(args).decimals ?? 0)) as NDArrayItem;
  }

  private _rounded(decimals: number): Strided {
    if (this.dtype === 'bool') {
      if (decimals === 0) return this.astype('float16');
      throw new TypeError(
        `Cannot cast ufunc '${decimals > 0 ? 'multiply' : 'divide'}' output from dtype('float64') to dtype('bool') with casting ` +
          "rule 'same_kind'",
      );
    }
    if (is_complex(this.dtype)) {
      const result = this.copy('K');
      result.real.index_put_('...', NDArray._of((this.real as NDArray)._rounded(decimals)));
      result.imag.index_put_('...', NDArray._of((this.imag as NDArray)._rounded(decimals)));
      return result;
    }
    if (!is_inexact(this.dtype)) {
      if (decimals >= 0) return this.copy('K');
      const unit = 10 ** -decimals;
      return unary(this, this.dtype, (x, result) => {
        for (let i = 0; i < x.length; i++) {
          const rounded = half_even(Number(x[i]) / unit) * unit;
          result[i] = is_long(this.dtype) ? BigInt(rounded) : rounded;
        }
      });
    }
    if (decimals === 0)
      return unary(this, this.dtype, (x, result) => {
        for (let i = 0; i < x.length; i++) result[i] = half_even(x[i] as number);
      });
    // numpy multiplies, rounds and divides, each in the array's own type.
    const power = 10 ** Math.abs(decimals);
    const scaled = NDArray._of(binary('round', decimals > 0 ? 'mul' : 'div', this, power));
    return binary('round', decimals > 0 ? 'div' : 'mul', scaled._rounded(0), power);
  }

  /**
   * No smaller than `min`, no larger than `max`.
   * @example
   * ```ts
   * const a = torch.tensor([0.5, 1.5, 2.5]).numpy();
   * print(a.clip(1, 2));
   * ```
   * ```python
   * a = torch.tensor([0.5, 1.5, 2.5]).numpy()
   * print(a.clip(1, 2))
   * ```
   */
  clip(min?: NDArrayOperand | null, max?: NDArrayOperand | null): NDArrayItem;
  clip(options: Bounds): NDArrayItem;
  clip(...args: unknown[]): NDArrayItem {
    const { min = null, max = null } = CLIP.read(args);
    return this._outcome(clipped(this, min as Operand | null, max as Operand | null)) as NDArrayItem;
  }

  // --- comparison ----------------------------------------------------------------------------------

  private _compared(method: keyof typeof comparisons, args: readonly unknown[]): NDArray & boolean {
    return this._outcome(compare(method, this, operand_of(method, args) as Operand)) as NDArray & boolean;
  }

  /**
   * `a == b`, element by element; `b` may be a number.
   * @throws RangeError unless the shapes broadcast
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.eq(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a == 2)
   * ```
   */
  eq(other: NDArrayOperand): NDArray & boolean;
  eq(...args: unknown[]): NDArray & boolean {
    return this._compared('eq', args);
  }
  /**
   * `a != b`
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.ne(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a != 2)
   * ```
   */
  ne(other: NDArrayOperand): NDArray & boolean;
  ne(...args: unknown[]): NDArray & boolean {
    return this._compared('ne', args);
  }
  /**
   * `a < b`
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.lt(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a < 2)
   * ```
   */
  lt(other: NDArrayOperand): NDArray & boolean;
  lt(...args: unknown[]): NDArray & boolean {
    return this._compared('lt', args);
  }
  /**
   * `a <= b`
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.le(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a <= 2)
   * ```
   */
  le(other: NDArrayOperand): NDArray & boolean;
  le(...args: unknown[]): NDArray & boolean {
    return this._compared('le', args);
  }
  /**
   * `a > b`
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.gt(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a > 2)
   * ```
   */
  gt(other: NDArrayOperand): NDArray & boolean;
  gt(...args: unknown[]): NDArray & boolean {
    return this._compared('gt', args);
  }
  /**
   * `a >= b`
   * @example
   * ```ts
   * const a = torch.tensor([1, 2, 3]).numpy();
   * print(a.ge(2));
   * ```
   * ```python
   * a = torch.tensor([1, 2, 3]).numpy()
   * print(a >= 2)
   * ```
   */
  ge(other: NDArrayOperand): NDArray & boolean;
  ge(...args: unknown[]): NDArray & boolean {
    return this._compared('ge', args);
  }

  // --- reduction -----------------------------------------------------------------------------------

  private _reduced<T>(
    name: keyof typeof reductions,
    args: readonly unknown[],
    reduce: (
      axes: readonly number[],
      options: Omit<ReadReduction, 'dtype'> & { dtype: NDArrayDType | undefined; keepdims: boolean },
    ) => Strided,
  ): T {
    const options = reductions[name].read(args);
    const axes = this._axes(name, options.axis, name !== 'mean' && name !== 'var' && name !== 'std');
    const result = reduce(axes, {
      ...options,
      dtype: checked_dtype(options.dtype),
      keepdims: options.keepdims ?? false,
    });
    return this._outcome(result) as T;
  }

  /** A result: numpy's scalar when no dimension is left. */
  private _outcome(result: Strided): NDArray | NDArrayElement {
    if (result.shape.length > 0) return result instanceof NDArray ? result : NDArray._of(result);
    const value = read_element(result, result.offset);
    note_scalar(value, result.dtype);
    return value;
  }

  /**
   * The sum of all elements, or along dimensions, in the array's type (integers and booleans: 64 bits) with numpy's digits. An
   * integer that is not safe as a number is a bigint.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.sum(), a.sum(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.sum(), a.sum(1))
   * ```
   */
  sum(options?: WholeOptions & WithDType & WithInitial): number;
  sum(options: ReductionOptions & WithDType & WithInitial): NDArrayItem;
  sum(axis: Axis | null, ...tail: DTypeTail<ReductionOptions & WithDType & WithInitial>): NDArrayItem;
  sum(...args: unknown[]): NDArrayItem {
    return this._reduced('sum', args, (axes, { dtype = sum_dtype(this.dtype), keepdims, initial }) =>
      sum(this, { axes, keepdims, dtype, initial }),
    );
  }

  /**
   * The product of all elements, or along dimensions; types as in {@link NDArray.sum}.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.prod(), a.prod(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.prod(), a.prod(1))
   * ```
   */
  prod(options?: WholeOptions & WithDType & WithInitial): number;
  prod(options: ReductionOptions & WithDType & WithInitial): NDArrayItem;
  prod(axis: Axis | null, ...tail: DTypeTail<ReductionOptions & WithDType & WithInitial>): NDArrayItem;
  prod(...args: unknown[]): NDArrayItem {
    return this._reduced('prod', args, (axes, { dtype = sum_dtype(this.dtype), keepdims, initial }) =>
      prod(this, { axes, keepdims, dtype, initial }),
    );
  }

  /**
   * The mean of all elements, or along dimensions, with numpy's digits; float64 for integers, NaN when there are none.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.mean(), a.mean(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.mean(), a.mean(1))
   * ```
   */
  mean(options?: WholeOptions & WithDType): number;
  mean(options: ReductionOptions & WithDType): NDArrayItem;
  mean(axis: Axis | null, ...tail: DTypeTail<ReductionOptions & WithDType>): NDArrayItem;
  mean(...args: unknown[]): NDArrayItem {
    return this._reduced('mean', args, (axes, { dtype, keepdims }) => mean(this, { axes, keepdims, dtype }));
  }

  /**
   * The variance of all elements, or along dimensions; divided by the number of elements less `ddof` (0 when left out).
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.var(), a.var(1, { ddof: 1 }));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.var(), a.var(1, ddof=1))
   * ```
   */
  var(options?: WholeOptions & WithDType & WithDdof): number;
  var(options: ReductionOptions & WithDType & WithDdof): NDArrayItem;
  var(
    axis: Axis | null,
    ...tail:
      | [options?: ReductionOptions & WithDType & WithDdof]
      | [dtype?: DType, out?: null, ddof?: number, keepdims?: boolean]
  ): NDArrayItem;
  var(...args: unknown[]): NDArrayItem {
    return this._reduced('var', args, (axes, { dtype, keepdims, ddof = 0 }) =>
      variance(this, { axes, keepdims, dtype, ddof }),
    );
  }

  /**
   * The standard deviation of all elements, or along dimensions: the root of {@link NDArray.var}.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.std(), a.std(1, { ddof: 1 }));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.std(), a.std(1, ddof=1))
   * ```
   */
  std(options?: WholeOptions & WithDType & WithDdof): number;
  std(options: ReductionOptions & WithDType & WithDdof): NDArrayItem;
  std(
    axis: Axis | null,
    ...tail:
      | [options?: ReductionOptions & WithDType & WithDdof]
      | [dtype?: DType, out?: null, ddof?: number, keepdims?: boolean]
  ): NDArrayItem;
  std(...args: unknown[]): NDArrayItem {
    return this._reduced('std', args, (axes, { dtype, keepdims, ddof = 0 }) =>
      sqrt_in_place(variance(this, { axes, keepdims, dtype, ddof })),
    );
  }

  /**
   * The largest element, or the largest ones along dimensions; NaN where there is one.
   * @throws RangeError when there is none
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.max(), a.max(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.max(), a.max(1))
   * ```
   */
  max(options?: WholeOptions & WithInitial): number;
  max(options: ReductionOptions & WithInitial): NDArrayItem;
  max(axis: Axis | null, ...tail: PlainTail<ReductionOptions & WithInitial>): NDArrayItem;
  max(...args: unknown[]): NDArrayItem {
    return this._reduced('max', args, (axes, { keepdims, initial }) =>
      extreme('maximum', this, this._reduction(axes, keepdims, initial)),
    );
  }

  /**
   * The smallest element, or the smallest ones along dimensions; NaN where there is one.
   * @throws RangeError when there is none
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.min(), a.min(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.min(), a.min(1))
   * ```
   */
  min(options?: WholeOptions & WithInitial): number;
  min(options: ReductionOptions & WithInitial): NDArrayItem;
  min(axis: Axis | null, ...tail: PlainTail<ReductionOptions & WithInitial>): NDArrayItem;
  min(...args: unknown[]): NDArrayItem {
    return this._reduced('min', args, (axes, { keepdims, initial }) =>
      extreme('minimum', this, this._reduction(axes, keepdims, initial)),
    );
  }

  private _reduction(axes: readonly number[], keepdims: boolean, initial?: NDArrayElement): Reduction {
    return { axes, keepdims, dtype: this.dtype, initial };
  }

  /**
   * The largest less the smallest element, or along dimensions; `numpy.ptp`.
   * @throws RangeError when there is none
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.ptp(), a.ptp(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * import numpy as np
   * print(np.ptp(a), np.ptp(a, 1))
   * ```
   */
  ptp(options?: WholeOptions): number;
  ptp(options: ReductionOptions): NDArrayItem;
  ptp(axis: Axis | null, ...tail: PlainTail<ReductionOptions>): NDArrayItem;
  ptp(...args: unknown[]): NDArrayItem {
    return this._reduced('ptp', args, (axes, { keepdims }) =>
      binary(
        'ptp',
        'sub',
        extreme('maximum', this, this._reduction(axes, keepdims)),
        extreme('minimum', this, this._reduction(axes, keepdims)),
      ),
    );
  }

  /**
   * Whether all elements are true, or all along dimensions.
   * @example
   * ```ts
   * const a = torch.tensor([[true, false], [true, true]]).numpy();
   * print(a.all(), a.all(0));
   * ```
   * ```python
   * a = torch.tensor([[True, False], [True, True]]).numpy()
   * print(a.all(), a.all(0))
   * ```
   */
  all(options?: WholeOptions): boolean;
  all(options: ReductionOptions): NDArray & boolean;
  all(axis: Axis | null, ...tail: PlainTail<ReductionOptions>): NDArray & boolean;
  all(...args: unknown[]): NDArray & boolean {
    return this._reduced('all', args, (axes, { keepdims }) => logical('all', this, { axes, keepdims, dtype: 'bool' }));
  }

  /**
   * Whether any element is true, or any along dimensions.
   * @example
   * ```ts
   * const a = torch.tensor([[true, false], [true, true]]).numpy();
   * print(a.any(), a.any(0));
   * ```
   * ```python
   * a = torch.tensor([[True, False], [True, True]]).numpy()
   * print(a.any(), a.any(0))
   * ```
   */
  any(options?: WholeOptions): boolean;
  any(options: ReductionOptions): NDArray & boolean;
  any(axis: Axis | null, ...tail: PlainTail<ReductionOptions>): NDArray & boolean;
  any(...args: unknown[]): NDArray & boolean {
    return this._reduced('any', args, (axes, { keepdims }) => logical('any', this, { axes, keepdims, dtype: 'bool' }));
  }

  private _position(name: keyof typeof positions, args: readonly unknown[]): NDArrayItem {
    const { axis, keepdims = false } = positions[name].read(args);
    if (axis !== undefined && axis !== null && this.ndim === 0) return this.reshape(1)._position(name, [{ axis }]);
    if (axis !== undefined && axis !== null) {
      return this._outcome(arg_extreme(name, this, this._axis(name, axis), keepdims)) as NDArrayItem;
    }
    const result = arg_extreme(name, this.ravel(), 0, false);
    return this._outcome(
      keepdims ? { ...result, shape: this.shape.map(() => 1), strides: this.shape.map(() => 1) } : result,
    ) as NDArrayItem;
  }

  /**
   * Where the largest element is in the flattened array, or along an axis; the first one of several.
   * @throws RangeError when there is none
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.argmax(), a.argmax(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.argmax(), a.argmax(1))
   * ```
   */
  argmax(options?: { axis?: null; keepdims?: false }): number;
  argmax(options: { axis?: number | null; out?: null; keepdims?: boolean }): NDArrayItem;
  argmax(axis: number | null, options?: { out?: null; keepdims?: boolean }): NDArrayItem;
  argmax(...args: unknown[]): NDArrayItem {
    return this._position('argmax', args);
  }

  /**
   * Where the smallest element is in the flattened array, or along an axis; the first one of several.
   * @throws RangeError when there is none
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.argmin(), a.argmin(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.argmin(), a.argmin(1))
   * ```
   */
  argmin(options?: { axis?: null; keepdims?: false }): number;
  argmin(options: { axis?: number | null; out?: null; keepdims?: boolean }): NDArrayItem;
  argmin(axis: number | null, options?: { out?: null; keepdims?: boolean }): NDArrayItem;
  argmin(...args: unknown[]): NDArrayItem {
    return this._position('argmin', args);
  }

  private _accumulated(name: keyof typeof accumulations, args: readonly unknown[]): NDArray {
    const { axis, dtype } = accumulations[name].read(args);
    const flat = axis === undefined || axis === null;
    const source = flat ? this.ravel() : this.ndim === 0 ? this.reshape(1) : this;
    return NDArray._of(
      accumulate(name, source, flat ? 0 : source._axis(name, axis), checked_dtype(dtype) ?? sum_dtype(this.dtype)),
    );
  }

  /**
   * The sums up to each element, of the flattened array or along an axis.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.cumsum(), a.cumsum(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.cumsum(), a.cumsum(1))
   * ```
   */
  cumsum(options?: { axis?: number | null; dtype?: DType; out?: null }): NDArray;
  cumsum(axis: number | null, options?: { dtype?: DType; out?: null } | DType): NDArray;
  cumsum(...args: unknown[]): NDArray {
    return this._accumulated('cumsum', args);
  }

  /**
   * The products up to each element, of the flattened array or along an axis.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.cumprod(), a.cumprod(1));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.cumprod(), a.cumprod(1))
   * ```
   */
  cumprod(options?: { axis?: number | null; dtype?: DType; out?: null }): NDArray;
  cumprod(axis: number | null, options?: { dtype?: DType; out?: null } | DType): NDArray;
  cumprod(...args: unknown[]): NDArray {
    return this._accumulated('cumprod', args);
  }

  // --- order ---------------------------------------------------------------------------------------

  /**
   * Sorts along an axis (the last one when left out), in place; NaN goes to the end.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * a.sort();
   * print(a);
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * a.sort()
   * print(a)
   * ```
   */
  sort(axis?: number | { axis?: number; kind?: string | null }): void;
  sort(...args: unknown[]): void {
    const { axis = -1 } = SORTING.sort.read(args);
    const moved = this._last('sort', axis as number);
    for (const row of moved._rows()) {
      const elements = [...row._elements()].sort(in_order);
      const targets = places(row);
      for (const element of elements) write_element(row, targets.next().value as number, element);
    }
  }

  /**
   * The indices that sort along an axis (the last one when left out, all elements for null), equal elements in their order.
   * @example
   * ```ts
   * const a = torch.tensor([[3, 1], [2, 4]]).numpy();
   * print(a.argsort(), a.argsort(null));
   * ```
   * ```python
   * a = torch.tensor([[3, 1], [2, 4]]).numpy()
   * print(a.argsort(), a.argsort(None))
   * ```
   */
  argsort(axis?: number | null | { axis?: number | null; kind?: string | null }): NDArray;
  argsort(...args: unknown[]): NDArray {
    const { axis = -1 } = SORTING.argsort.read(args);
    const source = axis === null ? this.ravel() : this.ndim === 0 ? this.reshape(1) : this;
    const result = NDArray._of(allocate(source.shape, 'int64'));
    const targets = result._last('argsort', axis ?? -1);
    const rows = targets._rows();
    for (const row of source._last('argsort', axis ?? -1)._rows()) {
      const elements = [...row._elements()];
      const order = [...elements.keys()].sort((i, j) => in_order(elements[i]!, elements[j]!));
      const target = rows.next().value as NDArray;
      const found = places(target);
      for (const index of order) write_element(target, found.next().value as number, index);
    }
    return result;
  }

  private _last(name: string, axis: number): NDArray {
    const dim = this._axis(name, axis);
    return this.transpose(...[...this.shape.keys()].filter((other) => other !== dim), dim);
  }

  private *_rows(): Generator<NDArray, void, undefined> {
    const outer = { shape: this.shape.slice(0, -1), strides: this.strides.slice(0, -1), offset: this.offset };
    for (const place of places(outer)) yield this._view(this.shape.slice(-1), this.strides.slice(-1), place);
  }

  /**
   * The indices of the elements that are not zero, an array for each dimension.
   * @example
   * ```ts
   * const a = torch.tensor([[0, 1], [2, 0]]).numpy();
   * print(a.nonzero());
   * ```
   * ```python
   * a = torch.tensor([[0, 1], [2, 0]]).numpy()
   * print(a.nonzero())
   * ```
   */
  nonzero(...args: []): Tuple<NDArray>;
  nonzero(...args: unknown[]): Tuple<NDArray> {
    no_arguments('nonzero', args);
    const flags = is_complex(this.dtype) ? NDArray._of(compare('ne', this, 0)) : this;
    const found: number[][] = this.shape.map(() => []);
    let flat = 0;
    for (const value of flags._elements()) {
      if (value) {
        let rest = flat;
        for (let dim = this.ndim - 1; dim >= 0; dim--) {
          found[dim]!.push(rest % this.shape[dim]!);
          rest = Math.floor(rest / this.shape[dim]!);
        }
      }
      flat++;
    }
    return Tuple.from(found.map((indices) => new NDArray(BigInt64Array.from(indices, BigInt))));
  }

  /**
   * Writes the elements to a file, row by row and without a header. Mirrors `numpy.ndarray.tofile`.
   * @param fid - a path
   * @example
   * ```ts
   * import * as np from 'torch-node/numpy';
   * import { rmSync } from 'node:fs';
   * np.arange(3).tofile('x.bin');
   * print(np.fromfile('x.bin', 'int64'));
   * rmSync('x.bin');
   * ```
   * ```python
   * import numpy as np
   * import os
   * np.arange(3).tofile('x.bin')
   * print(np.fromfile('x.bin', 'int64'))
   * os.remove('x.bin')
   * ```
   */
  tofile(fid: string): void;
  tofile(...args: unknown[]): void {
    const { fid } = TOFILE.read(args);
    const { data, offset } = this.c_contiguous ? this : this.copy();
    const from = data.byteOffset + offset * this.itemsize;
    writeFileSync(fid, new Uint8Array(data.buffer, from, this.nbytes));
  }

  // --- text and numbers ----------------------------------------------------------------------------

  /**
   * numpy's `str(a)`.
   * @example
   * ```ts
   * const a = torch.tensor([0.5, 1.25]).numpy();
   * print(a.toString());
   * ```
   * ```python
   * a = torch.tensor([0.5, 1.25]).numpy()
   * print(str(a))
   * ```
   */
  toString(...args: []): string;
  toString(...args: unknown[]): string {
    no_arguments('toString', args);
    return array_str(this);
  }

  /**
   * numpy's `repr(a)`.
   * @example
   * ```ts
   * const a = torch.tensor([0.5, 1.25]).numpy();
   * print(a.repr());
   * ```
   * ```python
   * a = torch.tensor([0.5, 1.25]).numpy()
   * print(repr(a))
   * ```
   */
  repr(...args: []): string;
  repr(...args: unknown[]): string {
    no_arguments('repr', args);
    return array_repr(this);
  }

  /**
   * What Python's `format` and f-strings print; a format spec takes an array without dimensions.
   * @throws TypeError otherwise
   * @example
   * ```ts
   * import { format } from 'torch-node/python';
   * const loss = torch.tensor(0.125).numpy();
   * print(format(loss, '.2f'));
   * ```
   * ```python
   * loss = torch.tensor(0.125).numpy()
   * print(format(loss, '.2f'))
   * ```
   */
  __format__(spec: string): string {
    if (spec === '') return this.toString();
    if (this.ndim > 0) throw new TypeError('unsupported format string passed to numpy.ndarray.__format__');
    return python_format(read_element(this, this.offset), spec, is_inexact(this.dtype));
  }

  /**
   * `Number(a)` and arithmetic with an array that has no dimensions.
   * @throws TypeError for all others: JavaScript has no operators for arrays
   */
  [Symbol.toPrimitive](hint: string): string | number | bigint {
    if (hint === 'string') return this.toString();
    if (this.ndim > 0) {
      throw new TypeError(
        'only 0-dimensional arrays can be converted to numbers; arithmetic and comparison of arrays are methods: ' +
          'add(), mul(), neg(), gt(), eq()',
      );
    }
    const value = read_element(this, this.offset);
    if (value instanceof Complex) throw new TypeError('cannot convert complex to a number');
    return typeof value === 'boolean' ? Number(value) : value;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr();
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    return text_output(this.repr(), ['ndarray', `shape [${this.shape.join(', ')}]`, this.dtype]);
  }
}

/** Makes an array without the checks of the constructor. */
const MadeArray = function (this: Record<string, unknown>, strided: Strided, owner?: object): void {
  this['_clone'] = CLONE;
  this['data'] = strided.data;
  this['dtype'] = strided.dtype;
  this['sizes'] = strided.shape;
  this['steps'] = strided.strides;
  this['offset'] = strided.offset;
  this['owner'] = owner;
} as unknown as new (
  strided: Strided,
  owner?: object,
) => NDArray;
(MadeArray as { prototype: NDArray }).prototype = NDArray.prototype;

const view_of = (array: Strided): Strided => ({
  data: array.data,
  dtype: array.dtype,
  shape: array.shape,
  strides: array.strides,
  offset: array.offset,
});

function half_even(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  const rounded = rest < 0.5 ? floor : floor + 1;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

/** numpy's order of elements: complex numbers by their real parts first, NaN last. */
function in_order(x: NDArrayElement, y: NDArrayElement): number {
  if (x instanceof Complex || y instanceof Complex) {
    const [a, b] = [x as Complex, y as Complex];
    return in_order(a.re, b.re) || in_order(a.im, b.im);
  }
  if (x < y) return -1;
  if (x > y) return 1;
  return Number(x !== x) - Number(y !== y);
}

function can_cast(from: NDArrayDType, to: NDArrayDType, casting: string): boolean {
  switch (casting) {
    case 'unsafe':
      return true;
    case 'no':
    case 'equiv':
      return from === to;
    case 'safe':
      return promote(from, to) === to;
    case 'same_kind':
      return promote(from, to) === to || kind(from) <= kind(to);
    default:
      throw new RangeError(
        `astype(): casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '${casting}')`,
      );
  }
}

const kind = (dtype: NDArrayDType): number =>
  dtype === 'bool' ? 0 : is_complex(dtype) ? 4 : is_inexact(dtype) ? 3 : is_unsigned(dtype) ? 1 : 2;

define_kind('NDArray', 'NDArray', (value) => value instanceof NDArray);
define_kind('typed_array', 'a typed array', (value) => natural_dtype(value) !== undefined);
define_kind(
  'array_value',
  'NDArray, Tensor, Number, typed array or list',
  (value) =>
    ['number', 'bigint', 'boolean'].includes(typeof value) ||
    (typeof value === 'object' &&
      value !== null &&
      (value instanceof NDArray ||
        value instanceof Complex ||
        Array.isArray(value) ||
        natural_dtype(value) !== undefined ||
        typeof (value as { numpy?: unknown }).numpy === 'function')),
);
define_kind(
  'subscript',
  "an integer, a slice, '...', null, or an integer or boolean array",
  (value) =>
    value === null ||
    ['number', 'bigint', 'boolean', 'string'].includes(typeof value) ||
    (typeof value === 'object' &&
      (value instanceof NDArray ||
        Array.isArray(value) ||
        natural_dtype(value) !== undefined ||
        typeof (value as { numpy?: unknown }).numpy === 'function' ||
        ('start' in value && 'stop' in value && 'step' in value))),
);
