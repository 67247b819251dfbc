/** The bits behind numpy's `default_rng`: seeds that are spread over a pool of words, and the generator PCG64 (XSL-RR). */

const POOL = 4;
const WORD = 32n;
const LONG = (1n << 64n) - 1n;
const WIDE = (1n << 128n) - 1n;
const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;

const shifted = (value: number): number => (value ^ (value >>> 16)) >>> 0;

/** A hash whose constant changes with each word. */
function hashing(first: number, multiplier: number): (value: number) => number {
  let constant = first;
  return (value) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, multiplier) >>> 0;
    return shifted(Math.imul(mixed, constant) >>> 0);
  };
}

const mix = (x: number, y: number): number => shifted((Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0);

/** Words of 64 bits that depend on all words of a seed, as `numpy.random.SeedSequence` makes them. */
function spread(entropy: readonly number[], count: number): bigint[] {
  const hash = hashing(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  }
  for (const word of entropy.slice(POOL)) for (let to = 0; to < POOL; to++) pool[to] = mix(pool[to]!, hash(word));
  const second = hashing(0x8b51f9dd, 0x58f38ded);
  const words = Array.from({ length: 2 * count }, (_, i) => BigInt(second(pool[i % POOL]!)));
  return Array.from({ length: count }, (_, i) => words[2 * i]! | (words[2 * i + 1]! << WORD));
}

/** The words of an integer, the lowest first. */
export function words_of(seed: bigint): number[] {
  const words = [Number(seed & 0xffffffffn)];
  for (let rest = seed >> WORD; rest > 0n; rest >>= WORD) words.push(Number(rest & 0xffffffffn));
  return words;
}

/** PCG64: a linear congruential generator of 128 bits whose state is folded and rotated. */
export class PCG64 {
  private state = 0n;
  private readonly increment: bigint;
  /** The upper half of a word of which the lower half was used. */
  private half: number | null = null;

  /** @param entropy - words of a seed */
  constructor(entropy: readonly number[]) {
    const [high, low, sequence_high, sequence_low] = spread(entropy, 4) as [bigint, bigint, bigint, bigint];
    this.increment = ((((sequence_high << 64n) | sequence_low) << 1n) | 1n) & WIDE;
    this.step();
    this.state = (this.state + ((high << 64n) | low)) & WIDE;
    this.step();
  }

  private step(): void {
    this.state = (this.state * MULTIPLIER + this.increment) & WIDE;
  }

  /** 64 bits. */
  long(): bigint {
    this.step();
    const folded = (this.state >> 64n) ^ (this.state & LONG);
    const turn = this.state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & LONG;
  }

  /** 32 bits: the lower half of a word first, then its upper one. */
  word(): number {
    const kept = this.half;
    if (kept !== null) {
      this.half = null;
      return kept;
    }
    const long = this.long();
    this.half = Number(long >> WORD);
    return Number(long & 0xffffffffn);
  }

  /** A float in [0, 1) of 53 bits. */
  float(): number {
    return Number(this.long() >> 11n) / 2 ** 53;
  }

  /** A float in [0, 1) of 24 bits. */
  single(): number {
    return (this.word() >>> 8) / 2 ** 24;
  }

  /** An integer from 0 to `last`, of 32 bits, by Lemire's method. */
  at_most(last: number): number {
    if (last === 0) return 0;
    if (last === 0xffffffff) return this.word();
    return Number(lemire(BigInt(last), WORD, () => BigInt(this.word())));
  }

  /** An integer from 0 to `last`, of 64 bits. */
  at_most_long(last: bigint): bigint {
    if (last <= 0xffffffffn) return BigInt(this.at_most(Number(last)));
    return last === LONG ? this.long() : lemire(last, 64n, () => this.long());
  }
}

/** An integer from 0 to `last` from words of some bits: the upper half of a product, where the lower one does not favor some. */
export function lemire(last: bigint, bits: bigint, word: () => bigint): bigint {
  const count = last + 1n;
  const mask = (1n << bits) - 1n;
  let product = word() * count;
  if ((product & mask) < count) {
    const threshold = (mask - last) % count;
    while ((product & mask) < threshold) product = word() * count;
  }
  return product >> bits;
}
