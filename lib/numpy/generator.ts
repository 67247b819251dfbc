/** numpy's newer generator, `np.random.default_rng`, with numpy's numbers for the same seed. */
import { randomFillSync } from 'node:crypto';

import type { Tail } from '../_internal/arguments.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { array_from, shape_of, type ArrayArgument, type ShapeLike as Size } from './arguments.js';
import { distribution, of_generator, place_of, probabilities } from './chances.js';
import { NDArray, type NDArrayDTypeLike } from './ndarray.js';
import { lemire, PCG64, words_of } from './pcg64.js';
import { allocate, dtype_named, is_long, limits, product, type NDArrayDType, type Strided } from './types.js';
import { normal_number } from './ziggurat.js';
import { shuffle_in_place } from './shuffle.js';

type Seed = number | bigint | ArrayArgument | null;

const DEFAULT_RNG = signature<{ seed?: Seed | Generator }>(
  'default_rng',
  'seed?: int|numpy_array_like|NumpyGenerator|None',
);
const GENERATOR = signature<{ seed?: Seed }>('Generator', 'seed?: int|numpy_array_like|None');
const NORMAL = method_signature<{ loc?: number; scale?: number; size?: Size | null }>(
  'Generator.normal',
  'loc?: float, scale?: float, size?: int|int[]|None',
);
const UNIFORM = method_signature<{ low?: number; high?: number; size?: Size | null }>(
  'Generator.uniform',
  'low?: float, high?: float, size?: int|int[]|None',
);
const RANDOM = method_signature<{ size?: Size | null; dtype?: NDArrayDTypeLike }>(
  'Generator.random',
  'size?: int|int[]|None, dtype?: str',
);
const STANDARD_NORMAL = method_signature<{ size?: Size | null }>('Generator.standard_normal', 'size?: int|int[]|None');
const INTEGERS = method_signature<{
  low: number | bigint;
  high?: number | bigint | null;
  size?: Size | null;
  dtype?: NDArrayDTypeLike;
  endpoint?: boolean;
}>('Generator.integers', 'low: int, high?: int|None, size?: int|int[]|None, dtype?: str, endpoint?: bool');
const SHUFFLE = method_signature<{ x: NDArray | unknown[] }>('Generator.shuffle', 'x: numpy_array_like');
const PERMUTATION = method_signature<{ x: number | ArrayArgument }>('Generator.permutation', 'x: int|numpy_array_like');
const CHOICE = method_signature<{
  a: number | ArrayArgument;
  size?: Size | null;
  replace?: boolean;
  p?: ArrayArgument | null;
  shuffle?: boolean;
}>(
  'Generator.choice',
  'a: int|numpy_array_like, size?: int|int[]|None, replace?: bool, p?: numpy_array_like|None, *, shuffle?: bool',
);

/** The words of a seed. */
function entropy_of(seed: Seed): number[] {
  if (seed === null) return [...randomFillSync(new Uint32Array(4))];
  if (typeof seed === 'number' || typeof seed === 'bigint') return words_of(checked(BigInt(seed)));
  const list = array_from('default_rng', seed).tolist() as number | bigint | (number | bigint)[];
  return [list].flat().flatMap((word) => words_of(checked(BigInt(word))));
}

function checked(word: bigint): bigint {
  if (word < 0n) throw new Error('expected non-negative integer');
  return word;
}

/** A number of bits of words that are shared: the lowest are used first. */
function sharing(bits: number, word: () => number): () => number {
  let [buffer, left] = [0, 0];
  return () => {
    if (left === 0) [buffer, left] = [word(), 32 / bits];
    else buffer >>>= bits;
    left--;
    return buffer & (2 ** bits - 1);
  };
}

/**
 * A generator on PCG64, as {@link default_rng} makes it. Mirrors `numpy.random.Generator`.
 *
 * @param seed - an integer of any size that is not negative, or several; entropy of the system when left out
 * @throws Error for a negative seed
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const rng = np.random.default_rng(0);
 * print(rng.random(3), rng.standard_normal(2));
 * print(rng.permutation(5), rng.choice(10, 3, { replace: false }));
 * ```
 * ```python
 * import numpy as np
 * rng = np.random.default_rng(0)
 * print(rng.random(3), rng.standard_normal(2))
 * print(rng.permutation(5), rng.choice(10, 3, replace=False))
 * ```
 */
export class Generator {
  private readonly bits: PCG64;

  constructor(seed?: Seed);
  constructor(...args: unknown[]) {
    this.bits = new PCG64(entropy_of(GENERATOR.read(args).seed ?? null));
  }

  /** One number, or an array of them. */
  private filled(size: Size | null, draw: () => number, dtype: NDArrayDType = 'float64'): number | NDArray {
    if (size === null) return draw();
    const array = allocate(shape_of(size), dtype);
    for (let i = 0; i < array.data.length; i++) array.data[i] = draw();
    return NDArray._of(array);
  }

  /**
   * Floats in [0, 1). Mirrors `numpy.random.Generator.random`.
   * @param size - the shape; default null, one number
   * @param dtype - float64 or float32; default float64
   * @throws TypeError for other types
   */
  random(size?: null): number;
  random(size: Size, ...args: Tail<[dtype: NDArrayDTypeLike], { dtype?: NDArrayDTypeLike }>): NDArray;
  random(options: { size: Size; dtype?: NDArrayDTypeLike }): NDArray;
  random(...args: unknown[]): number | NDArray {
    const { size = null, dtype = 'float64' } = RANDOM.read(args);
    const type = dtype_named(dtype);
    if (type === 'float32') return this.filled(size, () => this.bits.single(), type);
    if (type !== 'float64') throw new TypeError(`Unsupported dtype dtype('${type}') for random`);
    return this.filled(size, () => this.bits.float());
  }

  /**
   * Floats in [low, high). Mirrors `numpy.random.Generator.uniform`.
   * @param low - default 0
   * @param high - default 1
   * @param size - the shape; default null, one number
   * @throws RangeError when the range is not finite
   * @throws Error when `high` is below `low`
   */
  uniform(low?: number, high?: number): number;
  uniform(options: { low?: number; high?: number; size?: null }): number;
  uniform(low: number, high: number, size: Size | { size: Size }): NDArray;
  uniform(low: number, options: { high?: number; size: Size }): NDArray;
  uniform(options: { low?: number; high?: number; size: Size }): NDArray;
  uniform(...args: unknown[]): number | NDArray {
    const { low = 0, high = 1, size = null } = UNIFORM.read(args);
    const range = high - low;
    if (!Number.isFinite(range)) throw new RangeError('high - low range exceeds valid bounds');
    if (range < 0) throw new Error('high - low < 0');
    return this.filled(size, () => low + range * this.bits.float());
  }

  /** Normal numbers. Mirrors `numpy.random.Generator.standard_normal`. @param size - the shape; default null, one number */
  standard_normal(size?: null): number;
  standard_normal(size: Size | { size: Size }): NDArray;
  standard_normal(...args: unknown[]): number | NDArray {
    return this.filled(STANDARD_NORMAL.read(args).size ?? null, () => normal_number(this.bits));
  }

  /**
   * Normal numbers. Mirrors `numpy.random.Generator.normal`.
   * @param loc - mean; default 0
   * @param scale - standard deviation; default 1
   * @param size - the shape; default null, one number
   * @throws Error when `scale` is negative
   */
  normal(loc?: number, scale?: number): number;
  normal(options: { loc?: number; scale?: number; size?: null }): number;
  normal(loc: number, scale: number, size: Size | { size: Size }): NDArray;
  normal(loc: number, options: { scale?: number; size: Size }): NDArray;
  normal(options: { loc?: number; scale?: number; size: Size }): NDArray;
  normal(...args: unknown[]): number | NDArray {
    const { loc = 0, scale = 1, size = null } = NORMAL.read(args);
    if (scale < 0) throw new Error('scale < 0');
    return this.filled(size, () => loc + scale * normal_number(this.bits));
  }

  /**
   * Integers in [low, high), or in [0, low) without `high`. Mirrors `numpy.random.Generator.integers`.
   *
   * @param low - the lowest integer, or the end
   * @param high - the end; default null
   * @param size - the shape; default null, one number
   * @param dtype - the type of the array; default int64
   * @param endpoint - the end is drawn too; default false
   * @throws Error when there is no such integer, or the type does not hold them
   */
  integers(low: number | bigint, high?: number | bigint | null, options?: { endpoint?: boolean }): number;
  integers(
    low: number | bigint,
    high: number | bigint | null,
    size: Size,
    ...args: Tail<[dtype: NDArrayDTypeLike, endpoint: boolean], { dtype?: NDArrayDTypeLike; endpoint?: boolean }>
  ): NDArray;
  integers(
    low: number | bigint,
    high: number | bigint | null,
    options: { size: Size; dtype?: NDArrayDTypeLike; endpoint?: boolean },
  ): NDArray;
  integers(
    low: number | bigint,
    options: { high?: number | bigint | null; size: Size; dtype?: NDArrayDTypeLike; endpoint?: boolean },
  ): NDArray;
  integers(...args: unknown[]): number | NDArray {
    const { low, high = null, size = null, dtype = 'int64', endpoint = false } = INTEGERS.read(args);
    const type = dtype_named(dtype);
    const [first, end] = high === null ? [0n, BigInt(low)] : [BigInt(low), BigInt(high)];
    const draw = this.integer_of(type, first, endpoint ? end : end - 1n, endpoint);
    if (size === null) return Number(draw());
    const array = allocate(shape_of(size), type);
    for (let i = 0; i < array.data.length; i++) {
      const value = draw();
      array.data[i] = is_long(type) ? BigInt(value) : Number(value);
    }
    return NDArray._of(array);
  }

  /** Draws integers from `first` to `last`, with the bits that numpy uses for an array of the type. */
  private integer_of(dtype: NDArrayDType, first: bigint, last: bigint, endpoint: boolean): () => number | bigint {
    if (!/^u?int|^bool/.test(dtype)) throw new TypeError(`Unsupported dtype dtype('${dtype}') for integers`);
    const [lowest, highest] = dtype === 'bool' ? [0n, 1n] : limits(dtype);
    if (first < lowest) throw new Error(`low is out of bounds for ${dtype}`);
    if (last > highest) throw new Error(`high is out of bounds for ${dtype}`);
    if (first > last) {
      const open_end = first === 0n ? 'high <= 0' : 'low >= high';
      throw new Error(endpoint ? open_end.replace('=', '') : open_end);
    }
    const range = last - first;
    if (range === 0n) return () => first;
    const bits = dtype === 'bool' ? 1 : Number(/\d+$/.exec(dtype)![0]);
    if (bits >= 32) return () => first + this.bits.at_most_long(range);
    const part = sharing(bits, () => this.bits.word());
    if (range === (1n << BigInt(bits)) - 1n) return () => first + BigInt(part());
    return () => first + lemire(range, BigInt(bits), () => BigInt(part()));
  }

  /** Shuffles an array along its first dimension, or a list, in place. Mirrors `numpy.random.Generator.shuffle`. */
  shuffle(x: NDArray | unknown[]): void;
  shuffle(...args: unknown[]): void {
    const { x } = SHUFFLE.read(args);
    shuffle_in_place(x, (last) => this.place(last));
  }

  /**
   * A shuffled copy of an array, or of the integers below a number. Mirrors `numpy.random.Generator.permutation`.
   */
  permutation(x: number | ArrayArgument): NDArray;
  permutation(...args: unknown[]): NDArray {
    const { x } = PERMUTATION.read(args);
    const array = typeof x === 'number' ? null : array_from('permutation', x);
    const places = Array.from({ length: array === null ? Math.max(x as number, 0) : array.length }, (_, i) => i);
    this.shuffle(places);
    const indices = NDArray._of(as_indices(places));
    return array === null ? indices : array.index(indices);
  }

  /** An integer from 0 to `last`: bits that are as many as its own are drawn until they are not above it. */
  private place(last: number): number {
    const mask = 0xffffffff >>> Math.clz32(last);
    for (;;) {
      const value = (this.bits.word() & mask) >>> 0;
      if (value <= last) return value;
    }
  }

  /** The integers below `n`, of which those from the place `first` on are shuffled. */
  private permuted(n: number, first: number): number[] {
    return this.mixed(
      Array.from({ length: Math.max(n, 0) }, (_, i) => i),
      first,
    );
  }

  private mixed(places: number[], first: number): number[] {
    for (let i = places.length - 1; i >= first; i--) {
      const j = this.bits.at_most(i);
      [places[i], places[j]] = [places[j]!, places[i]!];
    }
    return places;
  }

  /**
   * Elements of an array of one dimension, or integers below a number. Mirrors `numpy.random.Generator.choice`.
   *
   * @param a - the array, or the number
   * @param size - the shape; default null, one element
   * @param replace - whether an element can be drawn again; default true
   * @param p - the probability of each element; default equal
   * @param shuffle - whether elements that are drawn once are shuffled; default true
   * @throws Error when there are too few elements, or `p` are not probabilities
   */
  choice(a: number | ArrayArgument, size?: null): number;
  choice(
    a: number | ArrayArgument,
    options: { size?: null; replace?: boolean; p?: ArrayArgument | null; shuffle?: boolean },
  ): number;
  choice(
    a: number | ArrayArgument,
    size: Size,
    ...args: Tail<
      [replace: boolean, p: ArrayArgument | null],
      { replace?: boolean; p?: ArrayArgument | null; shuffle?: boolean }
    >
  ): NDArray;
  choice(
    a: number | ArrayArgument,
    options: { size: Size; replace?: boolean; p?: ArrayArgument | null; shuffle?: boolean },
  ): NDArray;
  choice(...args: unknown[]): unknown {
    const { a, size = null, replace = true, p = null, shuffle = true } = CHOICE.read(args);
    const array = typeof a === 'number' ? null : array_from('choice', a);
    const shape = size === null ? null : shape_of(size);
    const count = shape === null ? 1 : product(shape);
    if (array !== null && array.ndim !== 1) throw new Error('a must be 1-dimensional');
    const n = array === null ? (a as number) : array.length;
    if (n <= 0 && count !== 0) {
      throw new Error(
        array === null
          ? 'a must be a positive integer unless no samples are taken'
          : 'a cannot be empty unless no samples are taken',
      );
    }
    const chances = p === null ? null : probabilities(p, n, of_generator);
    const chosen = replace ? this.with_replacement(n, count, chances) : this.without(n, count, chances, shuffle);
    if (shape === null) return array === null ? chosen[0] : array.index(chosen[0]!);
    const indices = NDArray._of(as_indices(chosen, shape));
    return array === null ? indices : array.index(indices);
  }

  private with_replacement(n: number, count: number, p: number[] | null): number[] {
    if (p === null) return Array.from({ length: count }, () => this.bits.at_most(n - 1));
    const shares = distribution(p);
    return Array.from({ length: count }, () => place_of(this.bits.float(), shares));
  }

  private without(n: number, count: number, p: number[] | null, shuffle: boolean): number[] {
    if (count > n) throw new Error('Cannot take a larger sample than population when replace is False');
    if (p !== null) return this.without_by_chances(count, p);
    // Many of many: the end of a shuffled list.
    if (n > 10_000 && count > Math.floor(n / (shuffle ? 50 : 20))) {
      return this.permuted(n, Math.max(n - count, 1)).slice(n - count);
    }
    // Few: Floyd's method, which draws each one once.
    const found = new Set<number>();
    for (let last = n - count; last < n; last++) {
      const drawn = this.bits.at_most(last);
      found.add(found.has(drawn) ? last : drawn);
    }
    return shuffle ? this.mixed([...found], 1) : [...found];
  }

  private without_by_chances(count: number, p: number[]): number[] {
    if (p.filter((value) => value > 0).length < count) throw new Error('Fewer non-zero entries in p than size');
    const found: number[] = [];
    const left = [...p];
    while (found.length < count) {
      const x = Array.from({ length: count - found.length }, () => this.bits.float());
      for (const place of found) left[place] = 0;
      const shares = distribution(left);
      found.push(...new Set(x.map((value) => place_of(value, shares))));
    }
    return found;
  }
}

define_kind('NumpyGenerator', 'numpy.random.Generator', (value) => value instanceof Generator);

/** Places as an array of indices. */
function as_indices(places: readonly number[], shape: readonly number[] = [places.length]): Strided {
  const array = allocate(shape, 'int64');
  places.forEach((place, i) => {
    array.data[i] = BigInt(place);
  });
  return array;
}

/**
 * Makes a {@link Generator}, which gives numpy's numbers for the same seed. Mirrors `numpy.random.default_rng`.
 *
 * @param seed - an integer of any size that is not negative, or several; a generator is returned as it is; entropy of the system when
 *   left out
 * @throws Error for a negative seed
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const rng = np.random.default_rng(42);
 * print(rng.integers(0, 10, 5), rng.normal(1, 2, 2));
 * ```
 * ```python
 * import numpy as np
 * rng = np.random.default_rng(42)
 * print(rng.integers(0, 10, 5), rng.normal(1, 2, 2))
 * ```
 */
export function default_rng(seed?: Seed | Generator): Generator;
export function default_rng(options: { seed?: Seed | Generator }): Generator;
export function default_rng(...args: unknown[]): Generator {
  const { seed = null } = DEFAULT_RNG.read(args);
  return seed instanceof Generator ? seed : new Generator(seed);
}
