/**
 * numpy's `np.random`: the generator before `default_rng`, which `np.random.seed` seeds, with numpy's numbers for the same seed.
 */
import { randomFillSync } from 'node:crypto';

import type { Tail } from '../_internal/arguments.js';
import { MersenneTwister } from '../_internal/mt19937.js';
import { method_signature, signature } from '../_internal/signature.js';
import { log, sqrt } from '../python/math.js';
import { Tuple } from '../python/values.js';
import { array_from, shape_of, type ArrayArgument, type ShapeLike as Size } from './arguments.js';
import { distribution, of_random_state, place_of, probabilities } from './chances.js';
import { NDArray, type NDArrayDTypeLike } from './ndarray.js';
import { allocate, dtype_named, is_long, limits, product, write_element, type NDArrayDType } from './types.js';
import { beta_number, binomial_number, gamma_number, type Source } from './samples.js';
import { shuffle_in_place } from './shuffle.js';

const SEED = {
  made: signature<{ seed?: number | ArrayArgument | null }>('RandomState', 'seed?: int|numpy_array_like|None'),
  again: method_signature<{ seed?: number | ArrayArgument | null }>(
    'RandomState.seed',
    'seed?: int|numpy_array_like|None',
  ),
};
const DIMS = {
  rand: method_signature<{ dims: number[] }>('RandomState.rand', '*dims: int'),
  randn: method_signature<{ dims: number[] }>('RandomState.randn', '*dims: int'),
};
const sized = (name: string) =>
  method_signature<{ size?: Size | null }>(`RandomState.${name}`, 'size?: int|int[]|None');
const SIZED = {
  random: sized('random'),
  random_sample: sized('random_sample'),
  standard_normal: sized('standard_normal'),
  standard_exponential: sized('standard_exponential'),
};
const NORMAL = method_signature<{ loc?: number; scale?: number; size?: Size | null }>(
  'RandomState.normal',
  'loc?: float, scale?: float, size?: int|int[]|None',
);
const UNIFORM = method_signature<{ low?: number; high?: number; size?: Size | null }>(
  'RandomState.uniform',
  'low?: float, high?: float, size?: int|int[]|None',
);
const BINOMIAL = method_signature<{ n: number; p: number; size?: Size | null }>(
  'RandomState.binomial',
  'n: int, p: float, size?: int|int[]|None',
);
const STANDARD_GAMMA = method_signature<{ shape: number; size?: Size | null }>(
  'RandomState.standard_gamma',
  'shape: float, size?: int|int[]|None',
);
const GAMMA = method_signature<{ shape: number; scale?: number; size?: Size | null }>(
  'RandomState.gamma',
  'shape: float, scale?: float, size?: int|int[]|None',
);
const BETA = method_signature<{ a: number; b: number; size?: Size | null }>(
  'RandomState.beta',
  'a: float, b: float, size?: int|int[]|None',
);
const DIRICHLET = method_signature<{ alpha: readonly number[]; size?: Size | null }>(
  'RandomState.dirichlet',
  'alpha: float[], size?: int|int[]|None',
);
const EXPONENTIAL = method_signature<{ scale?: number; size?: Size | null }>(
  'RandomState.exponential',
  'scale?: float, size?: int|int[]|None',
);
const RANDINT = method_signature<{
  low: number | bigint;
  high?: number | bigint | null;
  size?: Size | null;
  dtype?: NDArrayDTypeLike;
}>('RandomState.randint', 'low: int, high?: int|None, size?: int|int[]|None, dtype?: str');
const SHUFFLE = method_signature<{ x: NDArray | unknown[] }>('RandomState.shuffle', 'x: numpy_array_like');
const PERMUTATION = method_signature<{ x: number | ArrayArgument }>(
  'RandomState.permutation',
  'x: int|numpy_array_like',
);
const CHOICE = method_signature<{
  a: number | ArrayArgument;
  size?: Size | null;
  replace?: boolean;
  p?: ArrayArgument | null;
}>('RandomState.choice', 'a: int|numpy_array_like, size?: int|int[]|None, replace?: bool, p?: numpy_array_like|None');
const NONE = { get_state: method_signature<object>('RandomState.get_state', '') };
const SET_STATE = method_signature<{ state: readonly unknown[] }>('RandomState.set_state', 'state: any[]');

const in_range = (seed: number): boolean => seed >= 0 && seed <= 0xffffffff;

/**
 * A generator of its own. Mirrors `numpy.random.RandomState`.
 *
 * @param seed - an integer from 0 to 2^32 - 1, or several; entropy of the system when left out
 * @throws Error for other seeds
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * const rng = new np.random.RandomState(0);
 * print(rng.rand(3));
 * print(rng.randint(10, { size: [2, 3] }));
 * ```
 * ```python
 * import numpy as np
 * rng = np.random.RandomState(0)
 * print(rng.rand(3))
 * print(rng.randint(10, size=(2, 3)))
 * ```
 */
export class RandomState {
  private readonly twister = new MersenneTwister();
  private next_gauss: number | null = null;

  constructor(seed?: number | ArrayArgument | null);
  constructor(...args: unknown[]) {
    this.start(SEED.made.read(args).seed ?? null);
  }

  private start(seed: number | ArrayArgument | null): void {
    if (seed === null) this.twister.seed_by_words(randomFillSync(new Uint32Array(624)));
    else if (typeof seed === 'number') {
      if (!in_range(seed)) throw new Error('Seed must be between 0 and 2**32 - 1');
      this.twister.seed(seed);
    } else {
      const words = array_from('seed', seed);
      if (words.size === 0) throw new Error('Seed must be non-empty');
      if (words.ndim !== 1) throw new Error('Seed array must be 1-d');
      const list = (words.tolist() as (number | bigint)[]).map(Number);
      if (!list.every(in_range)) throw new Error('Seed must be between 0 and 2**32 - 1');
      this.twister.seed_by_words(list);
    }
    this.next_gauss = null;
  }

  /** Seeds the generator. Mirrors `numpy.random.seed`. @throws Error for a seed that the constructor does not take */
  seed(seed?: number | ArrayArgument | null): void;
  seed(...args: unknown[]): void {
    this.start(SEED.again.read(args).seed ?? null);
  }

  /** The state, for {@link RandomState.set_state}. Mirrors `numpy.random.get_state`. */
  get_state(...args: []): Tuple<unknown> {
    NONE.get_state.read(args);
    const [words, position] = this.twister.state;
    const [has, next] = this.next_gauss === null ? [0, 0] : [1, this.next_gauss];
    return Tuple.of<unknown>('MT19937', new NDArray(words), position, has, next);
  }

  /**
   * Restores a state. Mirrors `numpy.random.set_state`.
   * @param state - what {@link RandomState.get_state} returned
   * @throws Error when it is not such a state
   */
  set_state(state: readonly unknown[]): void;
  set_state(...args: unknown[]): void {
    const [name, words, position, has = 0, next = 0] = SET_STATE.read(args).state;
    if (name !== 'MT19937') throw new Error('set_state can only be used with legacy MT19937 state instances.');
    const list = array_from('set_state', words).tolist() as number[];
    if (list.length !== 624) throw new Error('state vector must have 624 words');
    this.twister.state = [list, Number(position)];
    this.next_gauss = has === 0 ? null : Number(next);
  }

  /** One number, or an array of them. */
  private filled(size: Size | null, draw: () => number, dtype: 'float64' | 'int64' = 'float64'): number | NDArray {
    if (size === null) return draw();
    const array = allocate(shape_of(size), dtype);
    for (let i = 0; i < array.data.length; i++) write_element(array, i, draw());
    return NDArray._of(array);
  }

  private readonly uniform_number = (): number => this.twister.float();

  private readonly normal_number = (): number => {
    const kept = this.next_gauss;
    if (kept !== null) {
      this.next_gauss = null;
      return kept;
    }
    for (;;) {
      const x1 = 2 * this.twister.float() - 1;
      const x2 = 2 * this.twister.float() - 1;
      const r2 = x1 * x1 + x2 * x2;
      if (r2 >= 1 || r2 === 0) continue;
      const factor = sqrt((-2 * log(r2)) / r2);
      this.next_gauss = factor * x1;
      return factor * x2;
    }
  };

  private readonly exponential_number = (): number => -log(1 - this.twister.float());

  /** Floats in [0, 1) of the shape that is given; one number without. Mirrors `numpy.random.rand`. */
  rand(): number;
  rand(...dims: number[]): NDArray;
  rand(...args: unknown[]): number | NDArray {
    const { dims } = DIMS.rand.read(args);
    return this.filled(dims.length === 0 ? null : dims, this.uniform_number);
  }

  /** Normal numbers of the shape that is given; one number without. Mirrors `numpy.random.randn`. */
  randn(): number;
  randn(...dims: number[]): NDArray;
  randn(...args: unknown[]): number | NDArray {
    const { dims } = DIMS.randn.read(args);
    return this.filled(dims.length === 0 ? null : dims, this.normal_number);
  }

  /** Floats in [0, 1). Mirrors `numpy.random.random`. @param size - the shape; default null, one number */
  random(size?: null): number;
  random(size: Size | { size: Size }): NDArray;
  random(...args: unknown[]): number | NDArray {
    return this.filled(SIZED.random.read(args).size ?? null, this.uniform_number);
  }

  /** Floats in [0, 1). Mirrors `numpy.random.random_sample`. @param size - the shape; default null, one number */
  random_sample(size?: null): number;
  random_sample(size: Size | { size: Size }): NDArray;
  random_sample(...args: unknown[]): number | NDArray {
    return this.filled(SIZED.random_sample.read(args).size ?? null, this.uniform_number);
  }

  /** Normal numbers. Mirrors `numpy.random.standard_normal`. @param size - the shape; default null, one number */
  standard_normal(size?: null): number;
  standard_normal(size: Size | { size: Size }): NDArray;
  standard_normal(...args: unknown[]): number | NDArray {
    return this.filled(SIZED.standard_normal.read(args).size ?? null, this.normal_number);
  }

  /** Exponential numbers. Mirrors `numpy.random.standard_exponential`. @param size - the shape; default null, one number */
  standard_exponential(size?: null): number;
  standard_exponential(size: Size | { size: Size }): NDArray;
  standard_exponential(...args: unknown[]): number | NDArray {
    return this.filled(SIZED.standard_exponential.read(args).size ?? null, this.exponential_number);
  }

  /**
   * Normal numbers. Mirrors `numpy.random.normal`.
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
    return this.filled(size, () => loc + scale * this.normal_number());
  }

  /**
   * Floats in [low, high). Mirrors `numpy.random.uniform`.
   * @param low - default 0
   * @param high - default 1
   * @param size - the shape; default null, one number
   * @throws RangeError when the range is not finite
   */
  uniform(low?: number, high?: number): number;
  uniform(options: { low?: number; high?: number; size?: null }): number;
  uniform(low: number, high: number, size: Size | { size: Size }): NDArray;
  uniform(low: number, options: { high?: number; size: Size }): NDArray;
  uniform(options: { low?: number; high?: number; size: Size }): NDArray;
  uniform(...args: unknown[]): number | NDArray {
    const { low = 0, high = 1, size = null } = UNIFORM.read(args);
    const range = high - low;
    if (!Number.isFinite(range)) throw new RangeError('Range exceeds valid bounds');
    return this.filled(size, () => low + range * this.twister.float());
  }

  /**
   * Exponential numbers. Mirrors `numpy.random.exponential`.
   * @param scale - mean; default 1
   * @param size - the shape; default null, one number
   * @throws Error when `scale` is negative
   */
  exponential(scale?: number): number;
  exponential(scale: number, size: Size | { size: Size }): NDArray;
  exponential(options: { scale?: number; size: Size }): NDArray;
  exponential(...args: unknown[]): number | NDArray {
    const { scale = 1, size = null } = EXPONENTIAL.read(args);
    if (scale < 0) throw new Error('scale < 0');
    return this.filled(size, () => scale * this.exponential_number());
  }

  private readonly source: Source = {
    uniform: () => this.twister.float(),
    normal: this.normal_number,
    exponential: this.exponential_number,
  };

  /**
   * How many of `n` attempts succeed. Mirrors `numpy.random.binomial`.
   * @param n - attempts
   * @param p - the probability of each to succeed
   * @param size - the shape; default null, one number
   * @throws Error for negative `n`, and for `p` outside of 0 to 1
   */
  binomial(n: number, p: number): number;
  binomial(n: number, p: number, size: Size | { size: Size }): NDArray;
  binomial(options: { n: number; p: number; size: Size }): NDArray;
  binomial(...args: unknown[]): number | NDArray {
    const { n, p, size = null } = BINOMIAL.read(args);
    if (n < 0) throw new Error('n < 0');
    if (!(p >= 0 && p <= 1)) throw new Error('p < 0, p > 1 or p is NaN');
    return this.filled(size, () => binomial_number(Number(n), p, this.source), 'int64');
  }

  /**
   * Numbers of the gamma distribution with scale 1. Mirrors `numpy.random.standard_gamma`.
   * @param shape - of the distribution
   * @param size - the shape of the array; default null, one number
   * @throws Error when `shape` is negative
   */
  standard_gamma(shape: number): number;
  standard_gamma(shape: number, size: Size | { size: Size }): NDArray;
  standard_gamma(options: { shape: number; size: Size }): NDArray;
  standard_gamma(...args: unknown[]): number | NDArray {
    const { shape, size = null } = STANDARD_GAMMA.read(args);
    if (!(shape >= 0)) throw new Error('shape < 0');
    return this.filled(size, () => gamma_number(shape, this.source));
  }

  /**
   * Numbers of the gamma distribution. Mirrors `numpy.random.gamma`.
   * @param shape - of the distribution
   * @param scale - default 1
   * @param size - the shape of the array; default null, one number
   * @throws Error when `shape` or `scale` is negative
   */
  gamma(shape: number, scale?: number): number;
  gamma(shape: number, scale: number, size: Size | { size: Size }): NDArray;
  gamma(options: { shape: number; scale?: number; size: Size }): NDArray;
  gamma(shape: number, options: { scale?: number; size: Size }): NDArray;
  gamma(...args: unknown[]): number | NDArray {
    const { shape, scale = 1, size = null } = GAMMA.read(args);
    if (!(shape >= 0)) throw new Error('shape < 0');
    if (!(scale >= 0)) throw new Error('scale < 0');
    return this.filled(size, () => scale * gamma_number(shape, this.source));
  }

  /**
   * Numbers of the beta distribution. Mirrors `numpy.random.beta`.
   * @param a - alpha, above 0
   * @param b - beta, above 0
   * @param size - the shape; default null, one number
   * @throws Error when `a` or `b` is not above 0
   */
  beta(a: number, b: number): number;
  beta(a: number, b: number, size: Size | { size: Size }): NDArray;
  beta(options: { a: number; b: number; size: Size }): NDArray;
  beta(...args: unknown[]): number | NDArray {
    const { a, b, size = null } = BETA.read(args);
    if (!(a > 0)) throw new Error('a <= 0');
    if (!(b > 0)) throw new Error('b <= 0');
    return this.filled(size, () => beta_number(a, b, this.source));
  }

  /**
   * Vectors of shares that are 1 in sum. Mirrors `numpy.random.dirichlet`.
   * @param alpha - the concentration of each share, above 0
   * @param size - the shape of the vectors; default null, one vector
   * @throws Error when one of `alpha` is not above 0
   */
  dirichlet(alpha: readonly number[], size?: Size | null | { size?: Size | null }): NDArray;
  dirichlet(...args: unknown[]): NDArray {
    const { alpha, size = null } = DIRICHLET.read(args);
    if (!alpha.every((each) => each > 0)) throw new Error('alpha <= 0');
    const array = allocate([...(size === null ? [] : shape_of(size)), alpha.length], 'float64');
    for (let row = 0; row < array.data.length; row += alpha.length) {
      const parts = alpha.map((each) => gamma_number(each, this.source));
      const share = 1 / parts.reduce((sum, each) => sum + each, 0);
      parts.forEach((each, i) => {
        array.data[row + i] = each * share;
      });
    }
    return NDArray._of(array);
  }

  /**
   * Integers in [low, high), or in [0, low) without `high`. Mirrors `numpy.random.randint`.
   *
   * @param low - the lowest integer, or the end
   * @param high - the end, exclusive; default null
   * @param size - the shape; default null, one number
   * @param dtype - the type of the array; default int64
   * @throws Error when there is no such integer, or the type does not hold them
   */
  randint(low: number | bigint, high?: number | bigint | null): number;
  randint(low: number | bigint, high: number | bigint | null, size: Size, dtype?: NDArrayDTypeLike): NDArray;
  randint(
    low: number | bigint,
    high: number | bigint | null,
    options: { size: Size; dtype?: NDArrayDTypeLike },
  ): NDArray;
  randint(
    low: number | bigint,
    options: { high?: number | bigint | null; size: Size; dtype?: NDArrayDTypeLike },
  ): NDArray;
  randint(...args: unknown[]): number | NDArray {
    const { low, high = null, size = null, dtype = 'int64' } = RANDINT.read(args);
    const type = dtype_named(dtype);
    const [first, end] = high === null ? [0n, BigInt(low)] : [BigInt(low), BigInt(high)];
    const draw = this.integers(type, first, end - 1n);
    if (size === null) return Number(draw());
    const array = allocate(shape_of(size), type);
    for (let i = 0; i < array.data.length; i++) {
      const value = draw();
      array.data[i] = is_long(type) ? BigInt(value) : Number(value);
    }
    return NDArray._of(array);
  }

  /** Draws integers from `first` to `last`, with the words that numpy uses for an array of the type. */
  private integers(dtype: NDArrayDType, first: bigint, last: bigint): () => number | bigint {
    if (!/^u?int|^bool/.test(dtype)) throw new TypeError(`Unsupported dtype dtype('${dtype}') for randint`);
    const [lowest, highest] = dtype === 'bool' ? [0n, 1n] : limits(dtype);
    if (first < lowest) throw new Error(`low is out of bounds for ${dtype}`);
    if (last > highest) throw new Error(`high is out of bounds for ${dtype}`);
    if (first > last) throw new Error(first === 0n ? 'high <= 0' : 'low >= high');
    const { twister } = this;
    const range = last - first;
    const bits = dtype === 'bool' ? 1 : Number(/\d+$/.exec(dtype)![0]);
    if (range === 0n) return () => first;
    if (bits < 32) return this.pieces(bits, Number(first), Number(range));
    if (range <= 0xffffffffn) {
      const offset = first;
      return () => offset + BigInt(twister.at_most(Number(range)));
    }
    const mask = (1n << BigInt(range.toString(2).length)) - 1n;
    return () => {
      for (;;) {
        const value = ((BigInt(twister.word()) << 32n) | BigInt(twister.word())) & mask;
        if (value <= range) return first + value;
      }
    };
  }

  /** Small integers share a word: the lowest bits are used first. */
  private pieces(bits: number, first: number, range: number): () => number {
    const mask = 0xffffffff >>> Math.clz32(range);
    const whole = 2 ** bits - 1;
    let [word, left] = [0, 0];
    return () => {
      for (;;) {
        if (left === 0) [word, left] = [this.twister.word(), 32 / bits];
        else word >>>= bits;
        left--;
        const value = word & whole & mask;
        if (value <= range) return first + value;
      }
    };
  }

  /** Shuffles an array along its first dimension, or a list, in place. Mirrors `numpy.random.shuffle`. */
  shuffle(x: NDArray | unknown[]): void;
  shuffle(...args: unknown[]): void {
    const { x } = SHUFFLE.read(args);
    shuffle_in_place(x, (last) => this.twister.at_most(last));
  }

  /**
   * A shuffled copy of an array, or of the integers below a number. Mirrors `numpy.random.permutation`.
   */
  permutation(x: number | ArrayArgument): NDArray;
  permutation(...args: unknown[]): NDArray {
    const { x } = PERMUTATION.read(args);
    if (typeof x === 'number') return NDArray._of(this.permuted_places(x));
    const array = array_from('permutation', x);
    return array.index(NDArray._of(this.permuted_places(array.length)));
  }

  private permuted_places(n: number) {
    const places = allocate([Math.max(n, 0)], 'int64');
    const data = places.data as BigInt64Array;
    for (let i = 0; i < n; i++) data[i] = BigInt(i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.twister.at_most(i);
      [data[i], data[j]] = [data[j]!, data[i]!];
    }
    return places;
  }

  /**
   * Elements of an array of one dimension, or integers below a number. Mirrors `numpy.random.choice`.
   *
   * @param a - the array, or the number
   * @param size - the shape; default null, one element
   * @param replace - whether an element can be drawn again; default true
   * @param p - the probability of each element; default equal
   * @throws Error when there are too few elements, or `p` are not probabilities
   */
  choice(a: number | ArrayArgument, size?: null): number;
  choice(a: number | ArrayArgument, options: { size?: null; replace?: boolean; p?: ArrayArgument | null }): number;
  choice(
    a: number | ArrayArgument,
    size: Size,
    ...args: Tail<[replace: boolean, p: ArrayArgument | null], { replace?: boolean; p?: ArrayArgument | null }>
  ): NDArray;
  choice(a: number | ArrayArgument, options: { size: Size; replace?: boolean; p?: ArrayArgument | null }): NDArray;
  choice(...args: unknown[]): unknown {
    const { a, size = null, replace = true, p = null } = CHOICE.read(args);
    const array = typeof a === 'number' ? null : array_from('choice', a);
    const shape = size === null ? null : shape_of(size);
    const count = shape === null ? 1 : product(shape);
    if (array !== null && array.ndim !== 1) throw new Error('a must be 1-dimensional');
    const n = array === null ? (a as number) : array.length;
    if (n <= 0 && count !== 0) {
      throw new Error(
        array === null
          ? 'a must be greater than 0 unless no samples are taken'
          : "'a' cannot be empty unless no samples are taken",
      );
    }
    const chosen = this.places(n, count, replace, p === null ? null : probabilities(p, n, of_random_state));
    if (shape === null) return array === null ? chosen[0] : array.index(chosen[0]!);
    const places = allocate(shape, 'int64');
    chosen.forEach((place, i) => {
      places.data[i] = BigInt(place);
    });
    const indices = NDArray._of(places);
    return array === null ? indices : array.index(indices);
  }

  private places(n: number, count: number, replace: boolean, p: number[] | null): number[] {
    const times = <T>(k: number, draw: () => T): T[] => Array.from({ length: k }, draw);
    if (replace) {
      if (p === null) return times(count, () => this.twister.at_most(n - 1));
      const shares = distribution(p);
      return times(count, () => place_of(this.twister.float(), shares));
    }
    if (count > n) throw new Error("Cannot take a larger sample than population when 'replace=False'");
    if (p === null) return Array.from(this.permuted_places(n).data as BigInt64Array, Number).slice(0, count);
    if (p.filter((value) => value > 0).length < count) throw new Error('Fewer non-zero entries in p than size');
    const found: number[] = [];
    const left = [...p];
    while (found.length < count) {
      const x = times(count - found.length, this.uniform_number);
      for (const place of found) left[place] = 0;
      const shares = distribution(left);
      const drawn = x.map((value) => place_of(value, shares));
      found.push(...new Set(drawn));
    }
    return found;
  }
}

// What the functions of the module draw from.
const shared = new RandomState();
/**
 * {@link RandomState.seed} of the shared generator. Mirrors `numpy.random.seed`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.rand(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.rand(2))
 * ```
 */
export const seed = shared.seed.bind(shared);
/**
 * {@link RandomState.get_state} of the shared generator. Mirrors `numpy.random.get_state`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * const state = np.random.get_state();
 * print(np.random.rand(2));
 * np.random.set_state(state);
 * print(np.random.rand(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * state = np.random.get_state()
 * print(np.random.rand(2))
 * np.random.set_state(state)
 * print(np.random.rand(2))
 * ```
 */
export const get_state = shared.get_state.bind(shared);
/**
 * {@link RandomState.set_state} of the shared generator. Mirrors `numpy.random.set_state`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * const state = np.random.get_state();
 * print(np.random.rand(2));
 * np.random.set_state(state);
 * print(np.random.rand(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * state = np.random.get_state()
 * print(np.random.rand(2))
 * np.random.set_state(state)
 * print(np.random.rand(2))
 * ```
 */
export const set_state = shared.set_state.bind(shared);
/**
 * {@link RandomState.rand} of the shared generator. Mirrors `numpy.random.rand`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.rand(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.rand(2))
 * ```
 */
export const rand = shared.rand.bind(shared);
/**
 * {@link RandomState.randn} of the shared generator. Mirrors `numpy.random.randn`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.randn(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.randn(2))
 * ```
 */
export const randn = shared.randn.bind(shared);
/**
 * {@link RandomState.random} of the shared generator. Mirrors `numpy.random.random`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.random(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.random(2))
 * ```
 */
export const random = shared.random.bind(shared);
/**
 * {@link RandomState.random_sample} of the shared generator. Mirrors `numpy.random.random_sample`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.random_sample(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.random_sample(2))
 * ```
 */
export const random_sample = shared.random_sample.bind(shared);
/**
 * {@link RandomState.standard_normal} of the shared generator. Mirrors `numpy.random.standard_normal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.standard_normal(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.standard_normal(2))
 * ```
 */
export const standard_normal = shared.standard_normal.bind(shared);
/**
 * {@link RandomState.standard_exponential} of the shared generator. Mirrors `numpy.random.standard_exponential`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.standard_exponential(2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.standard_exponential(2))
 * ```
 */
export const standard_exponential = shared.standard_exponential.bind(shared);
/**
 * {@link RandomState.normal} of the shared generator. Mirrors `numpy.random.normal`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.normal(0, 2, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.normal(0, 2, 2))
 * ```
 */
export const normal = shared.normal.bind(shared);
/**
 * {@link RandomState.uniform} of the shared generator. Mirrors `numpy.random.uniform`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.uniform(1, 2, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.uniform(1, 2, 2))
 * ```
 */
export const uniform = shared.uniform.bind(shared);
/**
 * {@link RandomState.binomial} of the shared generator. Mirrors `numpy.random.binomial`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.binomial(10, 0.5, 4));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.binomial(10, 0.5, 4))
 * ```
 */
export const binomial = shared.binomial.bind(shared);
/**
 * {@link RandomState.standard_gamma} of the shared generator. Mirrors `numpy.random.standard_gamma`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.standard_gamma(2.5, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.standard_gamma(2.5, 2))
 * ```
 */
export const standard_gamma = shared.standard_gamma.bind(shared);
/**
 * {@link RandomState.gamma} of the shared generator. Mirrors `numpy.random.gamma`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.gamma(2, 1.5, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.gamma(2, 1.5, 2))
 * ```
 */
export const gamma = shared.gamma.bind(shared);
/**
 * {@link RandomState.beta} of the shared generator. Mirrors `numpy.random.beta`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.beta(0.5, 2, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.beta(0.5, 2, 2))
 * ```
 */
export const beta = shared.beta.bind(shared);
/**
 * {@link RandomState.dirichlet} of the shared generator. Mirrors `numpy.random.dirichlet`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.dirichlet([1, 2, 3]));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.dirichlet([1, 2, 3]))
 * ```
 */
export const dirichlet = shared.dirichlet.bind(shared);
/**
 * {@link RandomState.exponential} of the shared generator. Mirrors `numpy.random.exponential`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.exponential(2, 2));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.exponential(2, 2))
 * ```
 */
export const exponential = shared.exponential.bind(shared);
/**
 * {@link RandomState.randint} of the shared generator. Mirrors `numpy.random.randint`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.randint(0, 9, 3));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.randint(0, 9, 3))
 * ```
 */
export const randint = shared.randint.bind(shared);
/**
 * {@link RandomState.shuffle} of the shared generator. Mirrors `numpy.random.shuffle`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * const x = np.arange(4);
 * np.random.shuffle(x);
 * print(x);
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * x = np.arange(4)
 * np.random.shuffle(x)
 * print(x)
 * ```
 */
export const shuffle = shared.shuffle.bind(shared);
/**
 * {@link RandomState.permutation} of the shared generator. Mirrors `numpy.random.permutation`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.permutation(4));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.permutation(4))
 * ```
 */
export const permutation = shared.permutation.bind(shared);
/**
 * {@link RandomState.choice} of the shared generator. Mirrors `numpy.random.choice`.
 * @example
 * ```ts
 * import * as np from 'torch-node/numpy';
 * np.random.seed(1);
 * print(np.random.choice(5, 3));
 * ```
 * ```python
 * import numpy as np
 * np.random.seed(1)
 * print(np.random.choice(5, 3))
 * ```
 */
export const choice = shared.choice.bind(shared);
/** {@link RandomState.random_sample} of the shared generator. Mirrors `numpy.random.ranf`. */
export const ranf = random_sample;
/** {@link RandomState.random_sample} of the shared generator. Mirrors `numpy.random.sample`. */
export const sample = random_sample;

export { default_rng, Generator } from './generator.js';
