/**
 * Python's `random` module: the numbers of Python 3.11 for the same seed. Integers are exact: those that are not safe as numbers
 * are bigints.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { types } from 'node:util';

import type { Tail } from '../_internal/arguments.js';
import { MersenneTwister } from '../_internal/mt19937.js';
import { method_signature, define_kind, signature } from '../_internal/signature.js';
import { cos, e, exp, log, pow, sin, sqrt, type Integer } from './math.js';
import { Tuple } from './values.js';

/** What Python calls a sequence: an array, a text, or what iterates. */
export type Sequence<T> = ArrayLike<T> | Iterable<T>;

/** A list whose elements can be exchanged. */
interface Exchangeable {
  readonly length: number;
  [index: number]: unknown;
}

/** What {@link Random.getstate} returns: the version, the words of the generator and its place, and what `gauss` has kept. */
export type RandomState = Tuple<unknown>;

/** What can be a seed. */
export type RandomSeed = number | bigint | string | Uint8Array | boolean | null;

define_kind(
  'sequence',
  'a sequence',
  (value) =>
    typeof value === 'string' ||
    (typeof value === 'object' &&
      value !== null &&
      (typeof (value as { length?: unknown }).length === 'number' || Symbol.iterator in value)),
);
define_kind('list', 'a list', (value) => Array.isArray(value) || (types.isTypedArray(value) && !types.isProxy(value)));

const SEED = {
  seed: method_signature<{ a?: RandomSeed; version?: number }>(
    'Random.seed',
    'a?: int|float|str|bytes|bool|None, version?: int',
  ),
  made: signature<{ x?: RandomSeed }>('Random', 'x?: int|float|str|bytes|bool|None'),
};
const NONE = {
  random: method_signature<object>('Random.random', ''),
  getstate: method_signature<object>('Random.getstate', ''),
};
const SETSTATE = method_signature<{ state: readonly unknown[] }>('Random.setstate', 'state: any[]');
const GETRANDBITS = method_signature<{ k: Integer }>('Random.getrandbits', 'k: int');
const RANDBYTES = method_signature<{ n: number }>('Random.randbytes', 'n: int');
const RANDRANGE = method_signature<{ start: Integer; stop?: Integer | null; step?: Integer }>(
  'Random.randrange',
  'start: int, stop?: int|None, step?: int',
);
const RANDINT = method_signature<{ a: Integer; b: Integer }>('Random.randint', 'a: int, b: int');
const CHOICE = method_signature<{ seq: Sequence<unknown> }>('Random.choice', 'seq: sequence');
const SHUFFLE = method_signature<{ x: Exchangeable }>('Random.shuffle', 'x: list');
const SAMPLE = method_signature<{ population: Sequence<unknown>; k: number; counts?: Sequence<number> | null }>(
  'Random.sample',
  'population: sequence, k: int, *, counts?: sequence|None',
);
const CHOICES = method_signature<{
  population: Sequence<unknown>;
  weights?: Sequence<number> | null;
  cum_weights?: Sequence<number> | null;
  k?: number;
}>('Random.choices', 'population: sequence, weights?: sequence|None, *, cum_weights?: sequence|None, k?: int');

/** Signatures of the distributions, whose arguments are floats. */
function floats<P>(name: string, names: string): { read(args: readonly unknown[]): P } {
  return method_signature<P & object>(
    `Random.${name}`,
    names.replace(/\w+\??/g, (argument) => `${argument}: float`),
  );
}
const UNIFORM = floats<{ a: number; b: number }>('uniform', 'a, b');
const TRIANGULAR = floats<{ low?: number; high?: number; mode?: number }>('triangular', 'low?, high?, mode?');
const NORMALVARIATE = floats<{ mu?: number; sigma?: number }>('normalvariate', 'mu?, sigma?');
const GAUSS = floats<{ mu?: number; sigma?: number }>('gauss', 'mu?, sigma?');
const LOGNORMVARIATE = floats<{ mu: number; sigma: number }>('lognormvariate', 'mu, sigma');
const EXPOVARIATE = floats<{ lambd: number }>('expovariate', 'lambd');
const GAMMAVARIATE = floats<{ alpha: number; beta: number }>('gammavariate', 'alpha, beta');
const BETAVARIATE = floats<{ alpha: number; beta: number }>('betavariate', 'alpha, beta');
const PARETOVARIATE = floats<{ alpha: number }>('paretovariate', 'alpha');
const WEIBULLVARIATE = floats<{ alpha: number; beta: number }>('weibullvariate', 'alpha, beta');

const TWO_PI = 2 * Math.PI;
const NORMAL_FACTOR = (4 * exp(-0.5)) / sqrt(2);
const LOG4 = log(4);
const GAMMA_FACTOR = 1 + log(4.5);

const safe = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
function listed<T>(values: Sequence<T>): ArrayLike<T> {
  if (Array.isArray(values) || ArrayBuffer.isView(values)) return values as unknown as ArrayLike<T>;
  return Symbol.iterator in Object(values) ? [...(values as Iterable<T>)] : (values as ArrayLike<T>);
}

/** The words of a non-negative integer, the lowest first. */
function words_of(value: bigint): number[] {
  const words: number[] = [];
  for (let rest = value; rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words;
}

/** Python's hash of a float that is not an integer, as unsigned 64 bits. */
function hash_of_float(value: number): bigint {
  const signed = (hash: bigint): bigint => BigInt.asUintN(64, value < 0 ? -hash : hash);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 0n : signed(314159n);
  const modulus = (1n << 61n) - 1n;
  // The float is `whole` / 2^`down`, and 2^61 is 1 modulo 2^61 - 1.
  let whole = Math.abs(value);
  let down = 0;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    down++;
  }
  const up = BigInt((61 - (down % 61)) % 61);
  return signed(((BigInt(whole) % modulus) << up) % modulus);
}

function integer_of_seed(seed: number | bigint | string | boolean | Uint8Array): bigint {
  if (typeof seed === 'string' || ArrayBuffer.isView(seed)) {
    const bytes = Buffer.from(seed as string);
    const whole = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]);
    return BigInt(`0x${whole.toString('hex')}`);
  }
  if (typeof seed === 'number' && !Number.isInteger(seed)) return hash_of_float(seed);
  const value = BigInt(seed);
  return value < 0n ? -value : value;
}

/** The first place in rising numbers whose number is above `x`; Python's `bisect`. */
function bisect(rising: ArrayLike<number>, x: number, end: number): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < rising[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function accumulated(values: Sequence<number>): number[] {
  let total = 0;
  return Array.from(listed(values), (value) => (total += value));
}

/**
 * A generator of Python's random numbers, apart from the one that the functions of the module share. Mirrors
 * `random.Random`.
 *
 * @param x - the seed, as for {@link Random.seed}; entropy of the system when left out
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * const rng = new random.Random(42);
 * print(rng.random(), rng.randint(1, 6), rng.gauss(0, 1));
 * ```
 * ```python
 * import random
 * rng = random.Random(42)
 * print(rng.random(), rng.randint(1, 6), rng.gauss(0, 1))
 * ```
 */
export class Random {
  private readonly twister = new MersenneTwister();
  private gauss_next: number | null = null;

  constructor(x?: RandomSeed);
  constructor(...args: unknown[]) {
    this.seed(SEED.made.read(args).x ?? null);
  }

  /**
   * Seeds the generator. Mirrors `random.seed`.
   *
   * @param a - an integer, a float, a text or bytes; entropy of the system with null
   * @param version - how texts become seeds; must be 2
   */
  seed(a?: RandomSeed, ...version: Tail<[version: number], { version?: number }>): void;
  seed(...args: unknown[]): void {
    const { a = null, version = 2 } = SEED.seed.read(args);
    if (version !== 2) throw new Error("seed(): argument 'version' must be 2, as the older way is not in torch-node");
    this.gauss_next = null;
    this.twister.seed_by_words(a === null ? randomFillSync(new Uint32Array(624)) : words_of(integer_of_seed(a)));
  }

  /** The state of the generator, for {@link Random.setstate}. Mirrors `random.getstate`. */
  getstate(...args: []): RandomState {
    NONE.getstate.read(args);
    const [words, position] = this.twister.state;
    return Tuple.of<unknown>(3, Tuple.of(...words, position), this.gauss_next);
  }

  /**
   * Restores a state. Mirrors `random.setstate`.
   * @param state - what {@link Random.getstate} returned
   * @throws Error when it is not such a state
   */
  setstate(state: readonly unknown[]): void;
  setstate(...args: unknown[]): void {
    const [version, words, gauss_next] = SETSTATE.read(args).state;
    // Version 2 is that of 32-bit systems, of which the words below are the same.
    if (version !== 2 && version !== 3) {
      throw new Error(`state with version ${String(version)} passed to Random.setstate() of version 3`);
    }
    if (!Array.isArray(words) || words.length !== 625) throw new Error('state vector is the wrong size');
    this.twister.state = [words.slice(0, 624) as number[], words[624] as number];
    this.gauss_next = gauss_next as number | null;
  }

  /** A float in [0, 1). Mirrors `random.random`. */
  random(...args: []): number {
    NONE.random.read(args);
    return this.twister.float();
  }

  /**
   * An integer of `k` random bits. Mirrors `random.getrandbits`.
   * @throws Error when `k` is negative
   */
  getrandbits(k: number): number | bigint;
  getrandbits(...args: unknown[]): number | bigint {
    const k = Number(GETRANDBITS.read(args).k);
    if (k < 0) throw new Error('number of bits must be non-negative');
    return k <= 32 ? this.bits(k) : safe(this.many_bits(k));
  }

  private bits(k: number): number {
    return k === 0 ? 0 : this.twister.word() >>> (32 - k);
  }

  private many_bits(k: number): bigint {
    let value = 0n;
    for (let place = 0; place < k; place += 32) {
      value |= BigInt(this.bits(Math.min(32, k - place))) << BigInt(place);
    }
    return value;
  }

  /** `n` random bytes. Mirrors `random.randbytes`. */
  randbytes(n: number): Uint8Array;
  randbytes(...args: unknown[]): Uint8Array {
    const { n } = RANDBYTES.read(args);
    if (n < 0) throw new Error('number of bits must be non-negative');
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i += 4) {
      const word = this.bits(Math.min(32, 8 * (n - i)));
      for (let k = i; k < Math.min(n, i + 4); k++) bytes[k] = word >>> (8 * (k - i));
    }
    return bytes;
  }

  /** An integer in [0, n), for n above 0. */
  private below(n: number): number {
    if (n > 0xffffffff) return Number(this.below_big(BigInt(n)));
    const k = 32 - Math.clz32(n);
    for (;;) {
      const value = this.bits(k);
      if (value < n) return value;
    }
  }

  private below_big(n: bigint): bigint {
    const k = n.toString(2).length;
    for (;;) {
      const value = this.many_bits(k);
      if (value < n) return value;
    }
  }

  /**
   * An integer of `range(start, stop, step)`. Mirrors `random.randrange`.
   *
   * @param start - the first integer; with it alone, the end after 0
   * @param stop - the end, exclusive
   * @param step - default 1
   * @throws Error when the range is empty
   */
  randrange(start: Integer, stop?: Integer | null, ...step: Tail<[step: Integer], { step?: Integer }>): number;
  randrange(...args: unknown[]): number | bigint {
    const { start, stop = null, step = 1 } = RANDRANGE.read(args);
    const [first, by] = [BigInt(start), BigInt(step)];
    if (stop === null) {
      if (by !== 1n) throw new TypeError('Missing a non-None stop argument');
      if (first <= 0n) throw new Error('empty range for randrange()');
      return safe(this.below_any(first));
    }
    const width = BigInt(stop) - first;
    if (by === 1n) {
      if (width > 0n) return safe(first + this.below_any(width));
      throw new Error(`empty range for randrange() (${first}, ${BigInt(stop)}, ${width})`);
    }
    if (by === 0n) throw new Error('zero step for randrange()');
    // Rounded down, as Python divides; what is not above 0 is an empty range either way.
    const count = by > 0n ? (width + by - 1n) / by : (width + by + 1n) / by;
    if (count <= 0n) throw new Error('empty range for randrange()');
    return safe(first + by * this.below_any(count));
  }

  private below_any(n: bigint): bigint {
    return n <= 0xffffffffn ? BigInt(this.below(Number(n))) : this.below_big(n);
  }

  /** An integer between `a` and `b`, both inclusive. Mirrors `random.randint`. @throws Error when there is none */
  randint(a: Integer, b: Integer | { b: Integer }): number;
  randint(...args: unknown[]): number {
    const { a, b } = RANDINT.read(args);
    return this.randrange(a, BigInt(b) + 1n);
  }

  /** One element of a sequence. Mirrors `random.choice`. @throws RangeError when it is empty */
  choice<T>(seq: Sequence<T>): T;
  choice(...args: unknown[]): unknown {
    const list = listed(CHOICE.read(args).seq);
    if (list.length === 0) throw new RangeError('Cannot choose from an empty sequence');
    return list[this.below(list.length)];
  }

  /** Shuffles a list, or a typed array, in place. Mirrors `random.shuffle`. */
  shuffle(x: Exchangeable): void;
  shuffle(...args: unknown[]): void {
    const { x } = SHUFFLE.read(args);
    for (let i = x.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [x[i], x[j]] = [x[j], x[i]];
    }
  }

  /**
   * `k` different elements of a sequence, in random order. Mirrors `random.sample`.
   *
   * @param population - the sequence
   * @param k - how many
   * @param options - `counts`: how often each element is there; default once
   * @throws Error when there are fewer
   */
  sample<T>(population: Sequence<T>, k: number | { k: number; counts?: Sequence<number> | null }): T[];
  sample<T>(population: Sequence<T>, k: number, options?: { counts?: Sequence<number> | null }): T[];
  sample(...args: unknown[]): unknown[] {
    const { population, k, counts = null } = SAMPLE.read(args);
    const list = listed(population);
    if (counts === null) return this.places(list.length, k).map((place) => list[place]);
    const ends = accumulated(counts);
    if (ends.length !== list.length) throw new Error('The number of counts does not match the population');
    const total = ends.pop() ?? 0;
    if (!Number.isInteger(total)) throw new TypeError('Counts must be integers');
    if (total <= 0) throw new Error('Total of counts must be greater than zero');
    return this.places(total, k).map((place) => list[bisect(ends, place, ends.length)]);
  }

  /** `k` different places below `n`. */
  private places(n: number, k: number): number[] {
    if (k < 0 || k > n) throw new Error('Sample larger than population or is negative');
    // As Python decides between a list of the places and a set of those that it has drawn.
    const set_size = 21 + (k > 5 ? 4 ** Math.ceil(log(k * 3, 4)) : 0);
    if (n <= set_size) {
      const pool = Array.from({ length: n }, (_, i) => i);
      return Array.from({ length: k }, (_, i) => {
        const j = this.below(n - i);
        const place = pool[j]!;
        pool[j] = pool[n - i - 1]!;
        return place;
      });
    }
    const drawn = new Set<number>();
    while (drawn.size < k) drawn.add(this.below(n));
    return [...drawn];
  }

  /**
   * `k` elements of a sequence, each drawn from all. Mirrors `random.choices`.
   *
   * @param population - the sequence
   * @param weights - relative weights of the elements; default equal
   * @param options - `cum_weights`: the weights accumulated; `k`: how many, default 1
   * @throws Error when there are not as many weights as elements, or their sum is not positive and finite
   */
  choices<T>(
    population: Sequence<T>,
    ...args: Tail<
      [weights: Sequence<number> | null],
      { weights?: Sequence<number> | null; cum_weights?: Sequence<number> | null; k?: number }
    >
  ): T[];
  choices(...args: unknown[]): unknown[] {
    const { population, weights = null, cum_weights = null, k = 1 } = CHOICES.read(args);
    const list = listed(population);
    const n = list.length;
    const draw = (place: () => number): unknown[] => Array.from({ length: k }, () => list[place()]);
    if (weights === null && cum_weights === null) return draw(() => Math.floor(this.twister.float() * n));
    if (weights !== null && cum_weights !== null) {
      throw new TypeError('Cannot specify both weights and cumulative weights');
    }
    const ends = weights === null ? listed(cum_weights!) : accumulated(weights);
    if (ends.length !== n) throw new Error('The number of weights does not match the population');
    const total = Number(ends[n - 1]);
    if (total <= 0) throw new Error('Total of weights must be greater than zero');
    if (!Number.isFinite(total)) throw new Error('Total of weights must be finite');
    return draw(() => bisect(ends, this.twister.float() * total, n - 1));
  }

  /** A float between `a` and `b`. Mirrors `random.uniform`. */
  uniform(a: number, b: number | { b: number }): number;
  uniform(...args: unknown[]): number {
    const { a, b } = UNIFORM.read(args);
    return a + (b - a) * this.twister.float();
  }

  /** Of the triangular distribution; `low` 0, `high` 1, `mode` in the middle by default. Mirrors `random.triangular`. */
  triangular(
    ...args: Tail<[low: number, high: number, mode: number], { low?: number; high?: number; mode?: number }>
  ): number;
  triangular(...args: unknown[]): number {
    const { low = 0, high = 1, mode } = TRIANGULAR.read(args);
    const u = this.twister.float();
    if (high === low) return low;
    const c = mode === undefined ? 0.5 : (mode - low) / (high - low);
    const [from, to, share, turn] = u > c ? [high, low, 1 - u, 1 - c] : [low, high, u, c];
    return from + (to - from) * sqrt(share * turn);
  }

  /** Of the normal distribution; mean 0 and standard deviation 1 by default. Mirrors `random.normalvariate`. */
  normalvariate(...args: Tail<[mu: number, sigma: number], { mu?: number; sigma?: number }>): number;
  normalvariate(...args: unknown[]): number {
    const { mu = 0, sigma = 1 } = NORMALVARIATE.read(args);
    return this.normal(mu, sigma);
  }

  private normal(mu: number, sigma: number): number {
    for (;;) {
      const u1 = this.twister.float();
      const u2 = 1 - this.twister.float();
      const z = (NORMAL_FACTOR * (u1 - 0.5)) / u2;
      if ((z * z) / 4 <= -log(u2)) return mu + z * sigma;
    }
  }

  /** Of the normal distribution, two numbers for two draws. Mirrors `random.gauss`. */
  gauss(...args: Tail<[mu: number, sigma: number], { mu?: number; sigma?: number }>): number;
  gauss(...args: unknown[]): number {
    const { mu = 0, sigma = 1 } = GAUSS.read(args);
    let z = this.gauss_next;
    this.gauss_next = null;
    if (z === null) {
      const angle = this.twister.float() * TWO_PI;
      const radius = sqrt(-2 * log(1 - this.twister.float()));
      z = cos(angle) * radius;
      this.gauss_next = sin(angle) * radius;
    }
    return mu + z * sigma;
  }

  /** The exponential of a normal number. Mirrors `random.lognormvariate`. */
  lognormvariate(mu: number, sigma: number | { sigma: number }): number;
  lognormvariate(...args: unknown[]): number {
    const { mu, sigma } = LOGNORMVARIATE.read(args);
    return exp(this.normal(mu, sigma));
  }

  /** Of the exponential distribution with mean 1 / `lambd`. Mirrors `random.expovariate`. */
  expovariate(lambd: number): number;
  expovariate(...args: unknown[]): number {
    return -log(1 - this.twister.float()) / EXPOVARIATE.read(args).lambd;
  }

  /** Of the gamma distribution. Mirrors `random.gammavariate`. @throws Error unless both are positive */
  gammavariate(alpha: number, beta: number | { beta: number }): number;
  gammavariate(...args: unknown[]): number {
    const { alpha, beta } = GAMMAVARIATE.read(args);
    return this.gamma(alpha, beta);
  }

  private gamma(alpha: number, beta: number): number {
    if (alpha <= 0 || beta <= 0) throw new Error('gammavariate: alpha and beta must be > 0.0');
    if (alpha > 1) return this.gamma_above_one(alpha) * beta;
    if (alpha === 1) return -log(1 - this.twister.float()) * beta;
    for (;;) {
      const b = (e + alpha) / e;
      const p = b * this.twister.float();
      const x = p <= 1 ? pow(p, 1 / alpha) : -log((b - p) / alpha);
      const u = this.twister.float();
      if (p > 1 ? u <= pow(x, alpha - 1) : u <= exp(-x)) return x * beta;
    }
  }

  private gamma_above_one(alpha: number): number {
    const root = sqrt(2 * alpha - 1);
    const b = alpha - LOG4;
    const c = alpha + root;
    for (;;) {
      const u1 = this.twister.float();
      if (u1 <= 1e-7 || u1 >= 0.9999999) continue;
      const u2 = 1 - this.twister.float();
      const v = log(u1 / (1 - u1)) / root;
      const x = alpha * exp(v);
      const z = u1 * u1 * u2;
      const r = b + c * v - x;
      if (r + GAMMA_FACTOR - 4.5 * z >= 0 || r >= log(z)) return x;
    }
  }

  /** Of the beta distribution. Mirrors `random.betavariate`. @throws Error unless both are positive */
  betavariate(alpha: number, beta: number | { beta: number }): number;
  betavariate(...args: unknown[]): number {
    const { alpha, beta } = BETAVARIATE.read(args);
    const y = this.gamma(alpha, 1);
    return y === 0 ? 0 : y / (y + this.gamma(beta, 1));
  }

  /** Of the Pareto distribution. Mirrors `random.paretovariate`. */
  paretovariate(alpha: number): number;
  paretovariate(...args: unknown[]): number {
    const { alpha } = PARETOVARIATE.read(args);
    return pow(1 - this.twister.float(), -1 / alpha);
  }

  /** Of the Weibull distribution. Mirrors `random.weibullvariate`. */
  weibullvariate(alpha: number, beta: number | { beta: number }): number;
  weibullvariate(...args: unknown[]): number {
    const { alpha, beta } = WEIBULLVARIATE.read(args);
    return alpha * pow(-log(1 - this.twister.float()), 1 / beta);
  }
}

// What the functions of the module draw from; like Python's it is seeded from the entropy of the system.
const shared = new Random();
/**
 * {@link Random.seed} of the shared generator. Mirrors `random.seed`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.random());
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.random())
 * ```
 */
export const seed = shared.seed.bind(shared);
/**
 * {@link Random.getstate} of the shared generator. Mirrors `random.getstate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * const state = random.getstate();
 * print(random.random());
 * random.setstate(state);
 * print(random.random());
 * ```
 * ```python
 * import random
 * random.seed(1)
 * state = random.getstate()
 * print(random.random())
 * random.setstate(state)
 * print(random.random())
 * ```
 */
export const getstate = shared.getstate.bind(shared);
/**
 * {@link Random.setstate} of the shared generator. Mirrors `random.setstate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * const state = random.getstate();
 * print(random.random());
 * random.setstate(state);
 * print(random.random());
 * ```
 * ```python
 * import random
 * random.seed(1)
 * state = random.getstate()
 * print(random.random())
 * random.setstate(state)
 * print(random.random())
 * ```
 */
export const setstate = shared.setstate.bind(shared);
/**
 * {@link Random.random} of the shared generator. Mirrors `random.random`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.random());
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.random())
 * ```
 */
export const random = shared.random.bind(shared);
/**
 * {@link Random.getrandbits} of the shared generator. Mirrors `random.getrandbits`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.getrandbits(8));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.getrandbits(8))
 * ```
 */
export const getrandbits = shared.getrandbits.bind(shared);
/**
 * {@link Random.randbytes} of the shared generator. Mirrors `random.randbytes`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.randbytes(2).length);
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(len(random.randbytes(2)))
 * ```
 */
export const randbytes = shared.randbytes.bind(shared);
/**
 * {@link Random.randrange} of the shared generator. Mirrors `random.randrange`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.randrange(10));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.randrange(10))
 * ```
 */
export const randrange = shared.randrange.bind(shared);
/**
 * {@link Random.randint} of the shared generator. Mirrors `random.randint`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.randint(1, 6));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.randint(1, 6))
 * ```
 */
export const randint = shared.randint.bind(shared);
/**
 * {@link Random.choice} of the shared generator. Mirrors `random.choice`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.choice(['a', 'b', 'c']));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.choice(['a', 'b', 'c']))
 * ```
 */
export const choice = shared.choice.bind(shared);
/**
 * {@link Random.shuffle} of the shared generator. Mirrors `random.shuffle`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * const x = [1, 2, 3, 4];
 * random.shuffle(x);
 * print(x);
 * ```
 * ```python
 * import random
 * random.seed(1)
 * x = [1, 2, 3, 4]
 * random.shuffle(x)
 * print(x)
 * ```
 */
export const shuffle = shared.shuffle.bind(shared);
/**
 * {@link Random.sample} of the shared generator. Mirrors `random.sample`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.sample([1, 2, 3, 4], 2));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.sample([1, 2, 3, 4], 2))
 * ```
 */
export const sample = shared.sample.bind(shared);
/**
 * {@link Random.choices} of the shared generator. Mirrors `random.choices`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.choices(['a', 'b'], { k: 3 }));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.choices(['a', 'b'], k=3))
 * ```
 */
export const choices = shared.choices.bind(shared);
/**
 * {@link Random.uniform} of the shared generator. Mirrors `random.uniform`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.uniform(1, 2));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.uniform(1, 2))
 * ```
 */
export const uniform = shared.uniform.bind(shared);
/**
 * {@link Random.triangular} of the shared generator. Mirrors `random.triangular`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.triangular(0, 1, 0.5));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.triangular(0, 1, 0.5))
 * ```
 */
export const triangular = shared.triangular.bind(shared);
/**
 * {@link Random.normalvariate} of the shared generator. Mirrors `random.normalvariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.normalvariate(0, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.normalvariate(0, 1))
 * ```
 */
export const normalvariate = shared.normalvariate.bind(shared);
/**
 * {@link Random.gauss} of the shared generator. Mirrors `random.gauss`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.gauss(0, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.gauss(0, 1))
 * ```
 */
export const gauss = shared.gauss.bind(shared);
/**
 * {@link Random.lognormvariate} of the shared generator. Mirrors `random.lognormvariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.lognormvariate(0, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.lognormvariate(0, 1))
 * ```
 */
export const lognormvariate = shared.lognormvariate.bind(shared);
/**
 * {@link Random.expovariate} of the shared generator. Mirrors `random.expovariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.expovariate(2));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.expovariate(2))
 * ```
 */
export const expovariate = shared.expovariate.bind(shared);
/**
 * {@link Random.gammavariate} of the shared generator. Mirrors `random.gammavariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.gammavariate(2, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.gammavariate(2, 1))
 * ```
 */
export const gammavariate = shared.gammavariate.bind(shared);
/**
 * {@link Random.betavariate} of the shared generator. Mirrors `random.betavariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.betavariate(2, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.betavariate(2, 1))
 * ```
 */
export const betavariate = shared.betavariate.bind(shared);
/**
 * {@link Random.paretovariate} of the shared generator. Mirrors `random.paretovariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.paretovariate(2));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.paretovariate(2))
 * ```
 */
export const paretovariate = shared.paretovariate.bind(shared);
/**
 * {@link Random.weibullvariate} of the shared generator. Mirrors `random.weibullvariate`.
 * @example
 * ```ts
 * import { random } from 'torch-node/python';
 * random.seed(1);
 * print(random.weibullvariate(2, 1));
 * ```
 * ```python
 * import random
 * random.seed(1)
 * print(random.weibullvariate(2, 1))
 * ```
 */
export const weibullvariate = shared.weibullvariate.bind(shared);
