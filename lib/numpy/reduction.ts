/**
 * Sums, products, extremes along dimensions of NDArrays. Sums of floats are added in numpy's order, so that they have its
 * digits: along the dimension whose elements lie closest by pairs (in blocks of 128 with eight sums), and one after the other
 * along all others.
 */
import { rounding_of } from './arithmetic.js';
import {
  allocate,
  array_types,
  half_from_number,
  half_to_number,
  is_complex,
  is_float,
  is_inexact,
  is_long,
  is_unsigned,
  type NDArrayData,
  type NDArrayDType,
  type NDArrayElement,
  places,
  product,
  type Strided,
  type Values,
  values_for,
  values_of,
  walking_order,
  write_element,
} from './types.js';
import { Complex } from '../types/scalar.js';

/** Which dimensions a reduction is over, and how its result looks. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepdims: boolean;
  /** The type of the result, and in which it is calculated. */
  readonly dtype: NDArrayDType;
  readonly initial?: NDArrayElement | undefined;
}

/** The walk over an array: dimensions of one element left out, those that lie on merged ones put together. */
interface Walk {
  /** The outermost first. The last one is the inner loop. */
  readonly dims: readonly { size: number; stride: number; into: number; reduced: boolean }[];
  readonly result: Strided;
}

const block = 128;
/** How many elements numpy converts to another type at a time. */
const buffer_size = 8192;

function walk_of(a: Strided, { axes, keepdims, dtype }: Reduction): Walk {
  const reduced = new Set(axes);
  const order = walking_order(a.shape, [a.strides]);
  const kept = a.shape.map((_, dim) => dim).filter((dim) => !reduced.has(dim));
  const place_of = new Map(kept.map((dim, i) => [dim, i]));
  const compact = allocate(
    kept.map((dim) => a.shape[dim]!),
    dtype,
    order.flatMap((dim) => place_of.get(dim) ?? []),
  );
  const into = a.shape.map((_, dim) => (reduced.has(dim) ? 0 : compact.strides[place_of.get(dim)!]!));
  const dims: { size: number; stride: number; into: number; reduced: boolean }[] = [];
  for (const dim of order) {
    const size = a.shape[dim]!;
    const stride = a.strides[dim]!;
    const step = into[dim]!;
    if (size === 1) continue;
    const outer = dims[dims.length - 1];
    if (outer !== undefined && outer.stride === stride * size && outer.into === step * size) {
      dims[dims.length - 1] = { size: outer.size * size, stride, into: step, reduced: outer.reduced };
    } else dims.push({ size, stride, into: step, reduced: reduced.has(dim) });
  }
  // Of dimensions with one element nothing is known any more; a lone element is a reduced dimension of one.
  if (dims.length === 0) dims.push({ size: 1, stride: 0, into: 0, reduced: true });
  const result = keepdims
    ? { ...compact, shape: a.shape.map((size, dim) => (reduced.has(dim) ? 1 : size)), strides: into }
    : compact;
  return { dims, result };
}

/** All elements in the order of the walk, as values of a type. */
function walked_values(a: Strided, walk: Walk, dtype: NDArrayDType): Values {
  const shape = walk.dims.map(({ size }) => size);
  return values_of(
    { data: a.data, dtype: a.dtype, shape, strides: walk.dims.map(({ stride }) => stride), offset: a.offset },
    dtype,
  );
}

type Round = (value: number) => number;

/** numpy's pairwise sum of `count` numbers that are `step` apart. */
export function pairwise_sum(x: ArrayLike<number>, start: number, count: number, step: number, round: Round): number {
  if (count < 8) {
    let sum = -0;
    for (let i = 0; i < count; i++) sum = round(sum + x[start + i * step]!);
    return sum;
  }
  if (count <= block) {
    const sums = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => x[start + i * step]!) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    let i = 8;
    for (; i < count - (count % 8); i += 8) {
      for (let k = 0; k < 8; k++) sums[k] = round(sums[k]! + x[start + (i + k) * step]!);
    }
    let sum = round(
      round(round(sums[0] + sums[1]) + round(sums[2] + sums[3])) +
        round(round(sums[4] + sums[5]) + round(sums[6] + sums[7])),
    );
    for (; i < count; i++) sum = round(sum + x[start + i * step]!);
    return sum;
  }
  let half = Math.floor(count / 2);
  half -= half % 8;
  return round(
    pairwise_sum(x, start, half, step, round) + pairwise_sum(x, start + half * step, count - half, step, round),
  );
}

/** The same of complex numbers, in whose blocks real and imaginary parts lie side by side. */
function pairwise_pairs(x: Float64Array, start: number, count: number, round: Round): [re: number, im: number] {
  if (count < 4) {
    let [re, im] = [-0, -0];
    for (let i = 0; i < count; i++) {
      re = round(re + x[start + 2 * i]!);
      im = round(im + x[start + 2 * i + 1]!);
    }
    return [re, im];
  }
  if (2 * count <= block) {
    const sums = Array.from(x.subarray(start, start + 8));
    let i = 8;
    for (; i < 2 * count - ((2 * count) % 8); i += 8) {
      for (let k = 0; k < 8; k++) sums[k] = round(sums[k]! + x[start + i + k]!);
    }
    let re = round(round(sums[0]! + sums[2]!) + round(sums[4]! + sums[6]!));
    let im = round(round(sums[1]! + sums[3]!) + round(sums[5]! + sums[7]!));
    for (; i < 2 * count; i += 2) {
      re = round(re + x[start + i]!);
      im = round(im + x[start + i + 1]!);
    }
    return [re, im];
  }
  let half = Math.floor((2 * count) / 2);
  half -= half % 8;
  const [re, im] = pairwise_pairs(x, start, half / 2, round);
  const [more_re, more_im] = pairwise_pairs(x, start + half, count - half / 2, round);
  return [round(re + more_re), round(im + more_im)];
}

/**
 * Calls `inner` for each run of the innermost dimension, or of the innermost few: where it begins among the walked values, and
 * where in the result.
 */
function each_run({ dims }: Walk, inner: (from: number, into: number) => void, depth = 1): void {
  const outer = dims.slice(0, -depth);
  const size = product(dims.slice(-depth).map((dim) => dim.size));
  let from = 0;
  for (const into of places({
    shape: outer.map((dim) => dim.size),
    strides: outer.map((dim) => dim.into),
    offset: 0,
  })) {
    inner(from, into);
    from += size;
  }
}

/**
 * How numpy adds along reduced dimensions: runs of the innermost `depth` of them, of which so many elements at a time go into a
 * pairwise sum as are whole rows in its buffer.
 */
function runs_of({ dims }: Walk, converted: boolean): { depth: number; length: number; chunk: number } {
  const innermost = dims[dims.length - 1]!.size;
  if (innermost > buffer_size) return { depth: 1, length: innermost, chunk: converted ? buffer_size : innermost };
  let [core, depth] = [1, 0];
  const at = (n: number): { size: number; reduced: boolean } | undefined => dims[dims.length - 1 - n];
  while (at(depth)?.reduced && core * at(depth)!.size <= buffer_size) core *= at(depth++)!.size;
  const chunk = Math.floor(buffer_size / core) * core;
  const next = at(depth);
  return next?.reduced ? { depth: depth + 1, length: core * next.size, chunk } : { depth, length: core, chunk };
}

/** Where a result is calculated: a float16 in its own precision between steps, as numpy stores it. */
function accumulator(result: Strided): { data: NDArrayData; finish: () => void } {
  if (result.dtype !== 'float16') return { data: result.data, finish: () => undefined };
  const data = new Float32Array(result.data.length);
  return {
    data,
    finish: () => {
      data.forEach((value, i) => {
        result.data[i] = half_from_number(value);
      });
    },
  };
}

/** The sum along dimensions. */
export function sum(a: Strided, reduction: Reduction): Strided {
  const { dtype } = reduction;
  const walk = walk_of(a, reduction);
  const { dims, result } = walk;
  if (reduction.initial !== undefined)
    for (const place of all_places(result)) write_element(result, place, reduction.initial);
  if (product(a.shape) === 0) return result;
  const x = walked_values(a, walk, dtype);
  const { size, reduced, into: step } = dims[dims.length - 1]!;
  const runs = reduced ? runs_of(walk, a.dtype !== dtype) : { depth: 1, length: size, chunk: size };
  if (is_complex(dtype)) {
    const round = rounding_of(dtype);
    const data = result.data as Float64Array;
    each_run(
      walk,
      (from, into) => {
        if (reduced) {
          for (let at = 0; at < runs.length; at += runs.chunk) {
            const [re, im] = pairwise_pairs(
              x as Float64Array,
              2 * (from + at),
              Math.min(runs.chunk, runs.length - at),
              round,
            );
            data[2 * into] = data[2 * into]! + re;
            data[2 * into + 1] = data[2 * into + 1]! + im;
          }
          return;
        }
        for (let i = 0; i < size; i++) {
          data[2 * (into + i * step)] = data[2 * (into + i * step)]! + (x[2 * (from + i)] as number);
          data[2 * (into + i * step) + 1] = data[2 * (into + i * step) + 1]! + (x[2 * (from + i) + 1] as number);
        }
      },
      runs.depth,
    );
    return result;
  }
  const { data, finish } = accumulator(result);
  if (!is_float(dtype)) {
    const values = x as (number | bigint)[] & Values;
    const sums = data as (number | bigint)[] & NDArrayData;
    each_run(
      walk,
      (from, into) => {
        for (let i = 0; i < runs.length; i++, into += step)
          sums[into] = (sums[into]! as number) + (values[from + i] as number);
      },
      runs.depth,
    );
    return result;
  }
  // Within a block float16 is added in single precision; each sum is rounded.
  const round = dtype === 'float16' ? Math.fround : rounding_of(dtype);
  const store = rounding_of(dtype);
  const sums = data as Float64Array;
  const numbers = x as Float64Array;
  each_run(
    walk,
    (from, into) => {
      if (reduced) {
        for (let at = 0; at < runs.length; at += runs.chunk) {
          sums[into] = store(
            sums[into]! + pairwise_sum(numbers, from + at, Math.min(runs.chunk, runs.length - at), 1, round),
          );
        }
      } else for (let i = 0; i < size; i++, into += step) sums[into] = store(sums[into]! + numbers[from + i]!);
    },
    runs.depth,
  );
  finish();
  return result;
}

/** All places of the memory of a result, each once. */
function* all_places(result: Strided): Generator<number, void, undefined> {
  for (let i = 0; i < result.data.length / (is_complex(result.dtype) ? 2 : 1); i++) yield i;
}

/**
 * Combines elements one after the other, the first one as it is unless there is an initial value. What a run along a reduced
 * dimension gave is rounded by `store`, and so is each step along another one.
 */
function fold<T extends number | bigint>(
  a: Strided,
  reduction: Reduction,
  combine: (so_far: T, value: T) => T,
  store: (value: T) => T = (value) => value,
): Strided {
  const walk = walk_of(a, reduction);
  const { dims, result } = walk;
  const x = walked_values(a, walk, reduction.dtype) as unknown as T[];
  const { size, into: step, reduced } = dims[dims.length - 1]!;
  const values = values_for(reduction.dtype, result.data.length) as unknown as T[];
  const begun = new Uint8Array(values.length);
  if (reduction.initial !== undefined) {
    const first = { data: new array_types[reduction.dtype](1), dtype: reduction.dtype };
    write_element(first, 0, reduction.initial);
    const [initial] = values_of({ ...first, shape: [], strides: [], offset: 0 }) as unknown as T[];
    values.fill(initial!);
    begun.fill(1);
  }
  if (product(a.shape) > 0) {
    each_run(walk, (from, into) => {
      for (let i = 0; i < size; i++, into += step) {
        const value = begun[into] ? combine(values[into]!, x[from + i]!) : x[from + i]!;
        values[into] = reduced ? value : store(value);
        begun[into] = 1;
      }
      if (reduced) values[into] = store(values[into]!);
    });
  }
  const stored = result.data as unknown as T[];
  for (let i = 0; i < begun.length; i++)
    stored[i] = (result.dtype === 'float16' ? half_from_number(values[i] as number) : values[i]!) as T;
  return result;
}

const times = (dtype: NDArrayDType, round = rounding_of(dtype)): ((x: never, y: never) => number | bigint) => {
  if (is_long(dtype)) {
    return (x: bigint, y: bigint) => (dtype === 'uint64' ? BigInt.asUintN(64, x * y) : BigInt.asIntN(64, x * y));
  }
  return is_inexact(dtype) ? (x: number, y: number) => round(x * y) : (x: number, y: number) => Math.imul(x, y);
};

/** The product along dimensions, one factor after the other. */
export function prod(a: Strided, reduction: Reduction): Strided {
  if (is_complex(reduction.dtype)) return complex_prod(a, reduction);
  const initial = reduction.initial ?? 1;
  const { dtype } = reduction;
  // A run of float16 is multiplied in single precision.
  if (dtype === 'float16')
    return fold<number>(a, { ...reduction, initial }, (x, y) => Math.fround(x * y), rounding_of(dtype));
  return fold<number>(a, { ...reduction, initial }, times(dtype) as (x: number, y: number) => number);
}

function complex_prod(a: Strided, reduction: Reduction): Strided {
  const walk = walk_of(a, reduction);
  const { dims, result } = walk;
  const x = walked_values(a, walk, reduction.dtype) as Float64Array;
  const { size, into: step } = dims[dims.length - 1]!;
  const data = result.data as Float64Array;
  const round = rounding_of(reduction.dtype);
  for (const place of all_places(result)) write_element(result, place, reduction.initial ?? 1);
  if (product(a.shape) === 0) return result;
  each_run(walk, (from, into) => {
    for (let i = 0; i < size; i++, into += step) {
      const [re, im, other_re, other_im] = [
        data[2 * into]!,
        data[2 * into + 1]!,
        x[2 * (from + i)]!,
        x[2 * (from + i) + 1]!,
      ];
      data[2 * into] = round(re * other_re) - round(im * other_im);
      data[2 * into + 1] = round(re * other_im) + round(im * other_re);
    }
  });
  return result;
}

/**
 * The largest or smallest along dimensions; NaN where there is one.
 * @throws RangeError when there are no elements and no initial value
 */
export function extreme(which: 'maximum' | 'minimum', a: Strided, reduction: Reduction): Strided {
  const empty = reduction.axes.some((dim) => a.shape[dim] === 0);
  if (empty && reduction.initial === undefined) {
    throw new RangeError(`zero-size array to reduction operation ${which} which has no identity`);
  }
  if (is_complex(a.dtype)) return complex_extreme(which, a, reduction);
  if (is_long(a.dtype)) {
    return fold<bigint>(a, reduction, which === 'maximum' ? (x, y) => (x > y ? x : y) : (x, y) => (x < y ? x : y));
  }
  return fold<number>(a, reduction, which === 'maximum' ? Math.max : Math.min);
}

/** By the real parts first; a NaN in either part wins. */
function is_more_extreme(which: 'maximum' | 'minimum', x: Complex, best: Complex): boolean {
  const nan = (value: Complex): boolean => Number.isNaN(value.re) || Number.isNaN(value.im);
  if (nan(best)) return false;
  if (nan(x)) return true;
  const [less, more] = which === 'maximum' ? [best, x] : [x, best];
  return less.re < more.re || (less.re === more.re && less.im < more.im);
}

function complex_extreme(which: 'maximum' | 'minimum', a: Strided, reduction: Reduction): Strided {
  const walk = walk_of(a, reduction);
  const { dims, result } = walk;
  const x = walked_values(a, walk, reduction.dtype) as Float64Array;
  const { size, into: step } = dims[dims.length - 1]!;
  const best: (Complex | undefined)[] = [];
  each_run(walk, (from, into) => {
    for (let i = 0; i < size; i++, into += step) {
      const value = new Complex(x[2 * (from + i)]!, x[2 * (from + i) + 1]!);
      const so_far = best[into];
      if (so_far === undefined || is_more_extreme(which, value, so_far)) best[into] = value;
    }
  });
  best.forEach((value, place) => {
    if (value !== undefined) write_element(result, place, value);
  });
  return result;
}

/** Whether all, or any, elements along dimensions are true. */
export function logical(which: 'all' | 'any', a: Strided, reduction: Reduction): Strided {
  const walk = walk_of(a, reduction);
  const { dims, result } = walk;
  const initial = which === 'all' ? 1 : 0;
  result.data.fill(initial as never);
  if (product(a.shape) === 0) return result;
  const wide = is_complex(a.dtype) ? 2 : 1;
  const x = walked_values(a, walk, a.dtype);
  const { size, into: step } = dims[dims.length - 1]!;
  each_run(walk, (from, into) => {
    for (let i = 0; i < size; i++, into += step) {
      const at = wide * (from + i);
      const truth =
        Boolean(x[at]) || Number.isNaN(x[at]) || (wide === 2 && (Boolean(x[at + 1]) || Number.isNaN(x[at + 1])));
      if (truth !== (initial === 1)) result.data[into] = 1 - initial;
    }
  });
  return result;
}

/** The array with one dimension last, the others before it. */
function with_axis_last(a: Strided, axis: number): Strided {
  const order = [...a.shape.keys()].filter((dim) => dim !== axis);
  order.push(axis);
  return {
    ...a,
    data: a.data,
    dtype: a.dtype,
    offset: a.offset,
    shape: order.map((dim) => a.shape[dim]!),
    strides: order.map((dim) => a.strides[dim]!),
  };
}

/**
 * Where the largest or smallest element is along a dimension; the first NaN where there is one.
 * @throws RangeError when it is empty
 */
export function arg_extreme(which: 'argmax' | 'argmin', a: Strided, axis: number, keepdims: boolean): Strided {
  const count = a.shape[axis]!;
  if (count === 0) throw new RangeError(`attempt to get ${which} of an empty sequence`);
  const moved = with_axis_last(a, axis);
  const x = values_of(moved);
  const shape = keepdims ? a.shape.map((size, dim) => (dim === axis ? 1 : size)) : moved.shape.slice(0, -1);
  const result = allocate(shape, 'int64');
  const direction = which === 'argmax' ? 'maximum' : 'minimum';
  const pairs = is_complex(a.dtype);
  for (let row = 0; row < result.data.length; row++) {
    let best = 0;
    for (let i = 1; i < count; i++) {
      const [at, so_far] = [row * count + i, row * count + best];
      if (pairs) {
        const value = (k: number): Complex => new Complex(x[2 * k] as number, x[2 * k + 1] as number);
        if (is_more_extreme(direction, value(at), value(so_far))) best = i;
        continue;
      }
      const [value, most] = [x[at]!, x[so_far]!];
      if (most !== most) break;
      if (value !== value || (direction === 'maximum' ? value > most : value < most)) best = i;
    }
    result.data[row] = BigInt(best);
  }
  return result;
}

/** Sums or products of all elements up to each one, along a dimension. */
export function accumulate(which: 'cumsum' | 'cumprod', a: Strided, axis: number, dtype: NDArrayDType): Strided {
  const moved = with_axis_last(a, axis);
  const x = values_of(moved, dtype);
  const count = a.shape[axis]!;
  const result = allocate(a.shape, dtype, walking_order(a.shape, [a.strides]));
  const round = rounding_of(dtype);
  const values = x as (number | bigint)[] & Values;
  const multiply = times(dtype) as (x: number, y: number) => number;
  const wide = is_complex(dtype) ? 2 : 1;
  for (let i = 0; i < x.length / wide; i++) {
    if (i % count === 0) continue;
    if (wide === 2) {
      const [re, im, other_re, other_im] = [x[2 * i - 2], x[2 * i - 1], x[2 * i], x[2 * i + 1]] as [
        number,
        number,
        number,
        number,
      ];
      values[2 * i] = which === 'cumsum' ? round(re + other_re) : round(round(re * other_re) - round(im * other_im));
      values[2 * i + 1] =
        which === 'cumsum' ? round(im + other_im) : round(round(re * other_im) + round(im * other_re));
    } else if (which === 'cumprod') values[i] = multiply(values[i - 1] as number, values[i] as number);
    else
      values[i] = is_inexact(dtype)
        ? round((values[i - 1] as number) + (values[i] as number))
        : (values[i - 1] as number) + (values[i] as number);
  }
  let at = 0;
  const target = with_axis_last(result, axis);
  for (const place of places(target)) {
    if (wide === 2) {
      target.data[2 * place] = x[2 * at] as number;
      target.data[2 * place + 1] = x[2 * at + 1] as number;
    } else
      (target.data as (number | bigint)[] & NDArrayData)[place] =
        dtype === 'float16' ? half_from_number(x[at] as number) : x[at]!;
    at++;
  }
  return result;
}

/** The type of sums and products of a type: integers as wide as the platform's. */
export function sum_dtype(dtype: NDArrayDType): NDArrayDType {
  if (is_inexact(dtype)) return dtype;
  return is_unsigned(dtype) ? 'uint64' : 'int64';
}

/** How many elements go into one of the result. */
export const count_of = (a: Strided, axes: readonly number[]): number => product(axes.map((axis) => a.shape[axis]!));

/** Divides all elements of a fresh result, in double precision, and rounds. */
export function divide_by(result: Strided, count: number): Strided {
  const data = result.data as Float64Array;
  if (result.dtype === 'float16') {
    for (let i = 0; i < data.length; i++) data[i] = half_from_number(half_to_number(data[i]!) / count);
  } else if (is_complex(result.dtype)) {
    // numpy's quotient of complex numbers multiplies by a reciprocal.
    const scale = 1 / count;
    for (let i = 0; i < data.length; i += 2) {
      // What looks like nothing makes NaN of infinities, and decides about the sign of zero.
      const [re, im] = [data[i]!, data[i + 1]!];
      data[i] = (re + im * 0) * scale;
      data[i + 1] = (im - re * 0) * scale;
    }
  } else for (let i = 0; i < data.length; i++) data[i] = data[i]! / count;
  return result;
}

/** The mean along dimensions; NaN where there are no elements. */
export function mean(a: Strided, reduction: Omit<Reduction, 'dtype'> & { dtype?: NDArrayDType | undefined }): Strided {
  const own = is_inexact(a.dtype) ? a.dtype : 'float64';
  const dtype = reduction.dtype ?? own;
  // A float16 is summed in single precision.
  const inner = reduction.dtype === undefined && a.dtype === 'float16' ? 'float32' : dtype;
  const result = divide_by(sum(a, { ...reduction, dtype: inner }), count_of(a, reduction.axes));
  return inner === dtype ? result : astype_of(result, dtype);
}

/** The same elements with another type of float, in the same places. */
export function astype_of(a: Strided, dtype: NDArrayDType): Strided {
  const result = { ...a, shape: a.shape, data: new array_types[dtype](a.data.length), dtype };
  for (let i = 0; i < a.data.length; i++) write_element(result, i, a.data[i] as number);
  return result;
}

/** The variance along dimensions, of `count - ddof` degrees of freedom. */
export function variance(
  a: Strided,
  { axes, keepdims, dtype, ddof }: Omit<Reduction, 'dtype'> & { dtype?: NDArrayDType | undefined; ddof: number },
): Strided {
  const own = is_inexact(a.dtype) ? a.dtype : 'float64';
  const wanted = dtype ?? own;
  const count = count_of(a, axes);
  const center = divide_by(sum(a, { axes, keepdims: true, dtype: wanted }), count);
  const squares = squared_distances(a, center);
  const result = divide_by(
    sum(squares, { axes, keepdims, dtype: is_complex(wanted) ? squares.dtype : wanted }),
    Math.max(count - ddof, 0),
  );
  const final = is_complex(wanted) ? squares.dtype : wanted;
  return result.dtype === final ? result : astype_of(result, final);
}

/** `|a - center| ** 2`, laid out like `a`. */
function squared_distances(a: Strided, center: Strided): Strided {
  const common =
    is_complex(a.dtype) || is_complex(center.dtype)
      ? a.dtype === 'complex64' && center.dtype === 'complex64'
        ? 'complex64'
        : 'complex128'
      : center.dtype === 'float32' && ['float32', 'float16'].includes(a.dtype)
        ? 'float32'
        : center.dtype === 'float16' && a.dtype === 'float16'
          ? 'float16'
          : 'float64';
  const dtype: NDArrayDType = common === 'complex64' ? 'float32' : common === 'complex128' ? 'float64' : common;
  const round = rounding_of(dtype);
  const result = allocate(a.shape, dtype, walking_order(a.shape, [a.strides]));
  const x = values_of(a, is_complex(common) ? common : 'float64') as Float64Array;
  const strides = center.strides.map((stride, dim) => (center.shape[dim] === 1 ? 0 : stride));
  const y = values_of({ ...center, shape: a.shape, strides }, is_complex(common) ? common : 'float64') as Float64Array;
  let at = 0;
  for (const place of places(result)) {
    const distance = round(x[at]! - y[at]!);
    let square = round(distance * distance);
    if (is_complex(common)) {
      const imaginary = round(x[at + 1]! - y[at + 1]!);
      square = round(square + round(imaginary * imaginary));
      at++;
    }
    result.data[place] = dtype === 'float16' ? half_from_number(square) : square;
    at++;
  }
  return result;
}

/** The square root of each element of a fresh result, in place. */
export function sqrt_in_place(result: Strided): Strided {
  const data = result.data as Float64Array;
  for (let i = 0; i < data.length; i++) {
    data[i] =
      result.dtype === 'float16'
        ? half_from_number(Math.fround(Math.sqrt(half_to_number(data[i]!))))
        : Math.sqrt(data[i]!);
  }
  return result;
}
