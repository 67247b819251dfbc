/** numpy's brackets: integers, slices, new axes, masks and lists of integers, for reading and for writing. */
import {
  allocate,
  fits,
  is_complex,
  is_python_int,
  type NDArrayDType,
  type NDArrayElement,
  places,
  product,
  type Strided,
  values_of,
  walking_order,
  write_element,
} from './types.js';
import { Complex } from '../types/scalar.js';

/** Python's `slice`. */
interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;
}

/** Lists of integers or booleans, nested as deep as the array that they stand for. */
export type NestedIndices = readonly (number | bigint | boolean | NestedIndices)[];

type Part =
  | { readonly kind: 'integer'; readonly index: number; readonly from_array?: boolean }
  | { readonly kind: 'slice'; readonly slice: Slice }
  | { readonly kind: 'new axis' }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'array'; readonly array: Strided };

const advice =
  'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices';
const everything: Slice = { start: null, stop: null, step: 1 };
const slices = new Map<string, Part>();

function parse_bound(callee: string, text: string, whole: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'None') return null;
  if (!/^[+-]?\d+$/.test(trimmed)) {
    throw new RangeError(`${callee}(): '${whole}' is not an index: ${advice}`);
  }
  return Number(trimmed);
}

function parse_text(callee: string, text: string): Part {
  const known = slices.get(text);
  if (known !== undefined) return known;
  const trimmed = text.trim();
  let part: Part;
  if (trimmed === '...') part = { kind: 'ellipsis' };
  else if (trimmed === 'None') part = { kind: 'new axis' };
  else {
    const pieces = trimmed.split(':');
    if (pieces.length > 3 || trimmed === '') throw new RangeError(`${callee}(): '${text}' is not an index: ${advice}`);
    const [start, stop, step] = [0, 1, 2].map((i) => parse_bound(callee, pieces[i] ?? '', text)) as [
      number | null,
      number | null,
      number | null,
    ];
    part =
      pieces.length === 1
        ? { kind: 'integer', index: start! }
        : { kind: 'slice', slice: { start, stop, step: step ?? 1 } };
  }
  if (slices.size < 10_000) slices.set(text, part);
  return part;
}

type Bound = number | bigint | null;

function is_slice(value: object): value is { start: Bound; stop: Bound; step: Bound } {
  return 'start' in value && 'stop' in value && 'step' in value;
}

/** Reads one subscript. `strided` gives the memory of arrays and of what can become one. */
function parse_subscript(callee: string, subscript: unknown, strided: (value: unknown) => Strided | undefined): Part {
  switch (typeof subscript) {
    case 'string':
      return parse_text(callee, subscript);
    case 'boolean':
      return { kind: 'boolean', value: subscript };
    case 'bigint':
      return { kind: 'integer', index: Number(subscript) };
    case 'number':
      if (!Number.isInteger(subscript)) throw new RangeError(`${callee}(): ${subscript} is not an index: ${advice}`);
      return { kind: 'integer', index: subscript };
    case 'object': {
      if (subscript === null) return { kind: 'new axis' };
      const array = strided(subscript);
      if (array !== undefined) {
        if (array.dtype === 'bool') {
          return array.shape.length === 0
            ? { kind: 'boolean', value: Boolean(values_of(array)[0]) }
            : { kind: 'array', array };
        }
        if (/^u?int/.test(array.dtype)) {
          return array.shape.length === 0
            ? { kind: 'integer', index: Number(values_of(array)[0]), from_array: true }
            : { kind: 'array', array };
        }
        throw new RangeError(`${callee}(): arrays used as indices must be of integer (or boolean) type`);
      }
      if (is_slice(subscript)) {
        const [start, stop, step] = [subscript.start, subscript.stop, subscript.step].map((bound) =>
          bound === null ? null : Number(bound),
        );
        return { kind: 'slice', slice: { start: start!, stop: stop!, step: step ?? 1 } };
      }
    }
  }
  throw new RangeError(`${callee}(): ${advice}`);
}

/** Where a slice begins, its step and how many elements it has, as Python's `slice.indices`. */
function slice_indices(
  callee: string,
  { start, stop, step }: Slice,
  size: number,
): { first: number; step: number; count: number } {
  if (step === 0) throw new RangeError(`${callee}(): slice step cannot be zero`);
  const clamp = (value: number | null, otherwise: number): number => {
    if (value === null) return otherwise;
    const from_start = value < 0 ? value + size : value;
    return step > 0 ? Math.min(Math.max(from_start, 0), size) : Math.min(Math.max(from_start, -1), size - 1);
  };
  const first = clamp(start, step > 0 ? 0 : size - 1);
  const end = clamp(stop, step > 0 ? size : -1);
  return { first, step, count: Math.max(0, Math.ceil((end - first) / step)) };
}

function in_range(callee: string, index: number, dim: number, size: number): number {
  if (index < -size || index >= size) {
    throw new RangeError(`${callee}(): index ${index} is out of bounds for axis ${dim} with size ${size}`);
  }
  return index < 0 ? index + size : index;
}

/** What brackets select: a view, or with lists and masks an array of places. Integers that are arrays ask for a copy. */
export type Selection = { readonly view: Strided; readonly copied: boolean; readonly element: boolean } | Places;

/** The places of elements in row-major order of `shape`, and in which order numpy lays the dimensions, the outermost first. */
interface Places {
  readonly shape: readonly number[];
  readonly places: Float64Array;
  readonly order: readonly number[];
}

/** One list of the advanced kind: for each of its elements an offset in the array. */
interface Advanced {
  readonly shape: readonly number[];
  readonly offsets: Float64Array;
}

/** The coordinates of the true elements of a mask, a list for each of its dimensions. */
function true_coordinates(mask: Strided): number[][] {
  const lists: number[][] = mask.shape.map(() => []);
  const rank = mask.shape.length;
  const values = values_of(mask);
  for (let flat = 0; flat < values.length; flat++) {
    if (!values[flat]) continue;
    let rest = flat;
    for (let dim = rank - 1; dim >= 0; dim--) {
      const size = mask.shape[dim]!;
      lists[dim]!.push(rest % size);
      rest = Math.floor(rest / size);
    }
  }
  return lists;
}

function advanced_of(callee: string, part: Part, array: Strided, dim: number): Advanced[] {
  if (part.kind === 'integer') {
    const index = in_range(callee, part.index, dim, array.shape[dim]!);
    return [{ shape: [], offsets: Float64Array.of(index * array.strides[dim]!) }];
  }
  if (part.kind === 'boolean') return [{ shape: [part.value ? 1 : 0], offsets: new Float64Array(part.value ? 1 : 0) }];
  if (part.kind !== 'array') return [];
  const list = part.array;
  if (list.dtype !== 'bool') {
    const indices = values_of(list);
    const offsets = Float64Array.from(
      indices as unknown as number[],
      (index) => in_range(callee, Number(index), dim, array.shape[dim]!) * array.strides[dim]!,
    );
    return [{ shape: list.shape, offsets }];
  }
  list.shape.forEach((size, i) => {
    const own = array.shape[dim + i]!;
    if (size === own) return;
    throw new RangeError(
      `${callee}(): boolean index did not match indexed array along axis ${dim + i}; size of axis is ${own} but ` +
        `size of corresponding boolean axis is ${size}`,
    );
  });
  return true_coordinates(list).map((coordinates, i) => ({
    shape: [coordinates.length],
    offsets: Float64Array.from(coordinates, (index) => index * array.strides[dim + i]!),
  }));
}

/** How many dimensions of the array a subscript is for. */
function width_of(part: Part): number {
  if (part.kind === 'array' && part.array.dtype === 'bool') return part.array.shape.length;
  return part.kind === 'integer' || part.kind === 'slice' || part.kind === 'array' ? 1 : 0;
}

/** The offsets of lists that are broadcast together. */
function combined(callee: string, lists: readonly Advanced[]): Advanced {
  const rank = Math.max(...lists.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, i) => {
    const sizes = lists.map((list) => list.shape[i - rank + list.shape.length] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) {
      const listed = lists
        .map((list) => (list.shape.length === 1 ? `(${list.shape[0]},)` : `(${list.shape.join(',')})`))
        .join(' ');
      throw new RangeError(
        `${callee}(): shape mismatch: indexing arrays could not be broadcast together with shapes ${listed}`,
      );
    }
    return sizes[0] ?? 1;
  });
  const offsets = new Float64Array(product(shape));
  for (const list of lists) {
    let step = 1;
    const strides = new Array<number>(rank).fill(0);
    for (let i = list.shape.length - 1; i >= 0; i--) {
      const size = list.shape[i]!;
      strides[i + rank - list.shape.length] = size === 1 ? 0 : step;
      step *= size;
    }
    let at = 0;
    for (const place of places({ shape, strides, offset: 0 })) offsets[at++]! += list.offsets[place]!;
  }
  return { shape, offsets };
}

/** What subscripts select of an array. @throws RangeError with numpy's texts */
export function select(
  callee: string,
  array: Strided,
  subscripts: readonly unknown[],
  strided: (value: unknown) => Strided | undefined,
): Selection {
  const parts = subscripts.map((subscript) => parse_subscript(callee, subscript, strided));
  const rank = array.shape.length;
  const consumed = parts.reduce((sum, part) => sum + width_of(part), 0);
  if (consumed > rank) {
    throw new RangeError(
      `${callee}(): too many indices for array: array is ${rank}-dimensional, but ${consumed} were indexed`,
    );
  }
  const dots = parts.filter(({ kind }) => kind === 'ellipsis').length;
  if (dots > 1) throw new RangeError(`${callee}(): an index can only have a single ellipsis ('...')`);
  if (dots === 0) parts.push({ kind: 'ellipsis' });
  const advanced = parts.some(({ kind }) => kind === 'array' || kind === 'boolean');

  const shape: number[] = [];
  const strides: number[] = [];
  let { offset } = array;
  let dim = 0;
  const lists: Advanced[] = [];
  /** Before which of the other dimensions the lists stand, and whether anything stands between them. */
  let lists_at: number | undefined;
  let last_list = -1;
  let apart = false;
  const add = (size: number, stride: number): void => {
    shape.push(size);
    strides.push(stride);
  };
  const add_slice = (slice: Slice): void => {
    const { first, step, count } = slice_indices(callee, slice, array.shape[dim]!);
    if (count > 0) offset += first * array.strides[dim]!;
    add(count, step * array.strides[dim]!);
    dim++;
  };
  parts.forEach((part, i) => {
    if (part.kind === 'slice') add_slice(part.slice);
    else if (part.kind === 'new axis') add(1, 0);
    else if (part.kind === 'ellipsis') for (let n = rank - consumed; n > 0; n--) add_slice(everything);
    else if (part.kind === 'integer' && !advanced) {
      offset += in_range(callee, part.index, dim, array.shape[dim]!) * array.strides[dim]!;
      dim++;
    } else {
      if (lists_at === undefined) lists_at = shape.length;
      else if (last_list !== i - 1) apart = true;
      last_list = i;
      lists.push(...advanced_of(callee, part, array, dim));
      dim += width_of(part);
    }
  });
  const view: Strided = { data: array.data, dtype: array.dtype, shape, strides, offset };
  if (!advanced) {
    return {
      view,
      copied: parts.some((part) => part.kind === 'integer' && part.from_array === true),
      element: shape.length === 0 && dots === 0,
    };
  }
  const position = apart ? 0 : lists_at!;
  const list = combined(callee, lists);
  const before = { shape: shape.slice(0, position), strides: strides.slice(0, position), offset };
  const after = { shape: shape.slice(position), strides: strides.slice(position) };
  const whole = [...before.shape, ...list.shape, ...after.shape];
  const found = new Float64Array(product(whole));
  let at = 0;
  for (const start of places(before)) {
    for (const step of list.offsets) {
      for (const place of places({ ...after, offset: start + step })) found[at++] = place;
    }
  }
  // The dimensions of the lists are the outermost ones in memory, wherever they stand; the others lie as in the array.
  const listed = list.shape.map((_, i) => position + i);
  const others = walking_order(shape, [strides]).map((dim) => (dim < position ? dim : dim + list.shape.length));
  return { shape: whole, places: found, order: [...listed, ...others] };
}

/** The elements at places, in memory of their own. */
export function gather(array: Strided, { shape, places: found, order }: Places): Strided {
  const wide = is_complex(array.dtype) ? 2 : 1;
  const result = allocate(shape, array.dtype, order);
  const data = result.data as (number | bigint)[] & Strided['data'];
  let at = 0;
  for (const target of places(result)) {
    const place = found[at++]!;
    for (let k = 0; k < wide; k++) data[wide * target + k] = array.data[wide * place + k]!;
  }
  return result;
}

/** Nested lists as an array. @throws RangeError when they are ragged, TypeError for what is not a number */
export function array_of_lists(callee: string, lists: readonly unknown[]): Strided {
  const shape: number[] = [];
  for (let level: unknown = lists; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: NDArrayElement[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      if (value.length !== shape[depth])
        throw new RangeError(`${callee}(): setting an array element with a sequence. The lists differ in length`);
      for (const element of value) walk(element, depth + 1);
      return;
    }
    if (depth !== shape.length)
      throw new RangeError(`${callee}(): setting an array element with a sequence. The lists differ in depth`);
    if (!(['number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Complex)) {
      throw new TypeError(`${callee}(): an element must be a number, not ${value === null ? 'None' : typeof value}`);
    }
    flat.push(value as NDArrayElement);
  };
  walk(lists, 0);
  const dtype: NDArrayDType = flat.some((value) => value instanceof Complex)
    ? 'complex128'
    : flat.some((value) => typeof value === 'number' && !Number.isSafeInteger(value)) || flat.length === 0
      ? 'float64'
      : flat.every((value) => typeof value === 'boolean')
        ? 'bool'
        : 'int64';
  const result = allocate(shape, dtype);
  flat.forEach((value, i) => {
    if (is_python_int(value) && !fits(value, dtype))
      throw new RangeError(`${callee}(): Python integer ${value} out of bounds for ${dtype}`);
    write_element(result, i, value);
  });
  return result;
}
