/** The Mersenne Twister, of which Python's `random` and numpy's `RandomState` draw. Knows nothing of torch. */

const SIZE = 624;
const SHIFT = 397;

/** A generator of 32-bit words. */
export class MersenneTwister {
  private readonly key = new Uint32Array(SIZE);
  private position = SIZE;

  /** Seeds with one word. */
  seed(word: number): void {
    const { key } = this;
    key[0] = word;
    for (let i = 1; i < SIZE; i++) {
      const before = key[i - 1]!;
      key[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    this.position = SIZE;
  }

  /** Seeds with any number of words, of which there must be one at least. */
  seed_by_words(words: ArrayLike<number>): void {
    const { key } = this;
    this.seed(19650218);
    let i = 1;
    const step = (): void => {
      if (++i < SIZE) return;
      key[0] = key[SIZE - 1]!;
      i = 1;
    };
    for (let count = Math.max(SIZE, words.length), j = 0; count > 0; count--) {
      const before = key[i - 1]!;
      key[i] = (key[i]! ^ Math.imul(before ^ (before >>> 30), 1664525)) + words[j]! + j;
      step();
      if (++j >= words.length) j = 0;
    }
    for (let count = SIZE - 1; count > 0; count--) {
      const before = key[i - 1]!;
      key[i] = (key[i]! ^ Math.imul(before ^ (before >>> 30), 1566083941)) - i;
      step();
    }
    key[0] = 0x80000000;
  }

  private refill(): void {
    const { key } = this;
    for (let i = 0; i < SIZE; i++) {
      const bits = (key[i]! & 0x80000000) | (key[(i + 1) % SIZE]! & 0x7fffffff);
      key[i] = key[(i + SHIFT) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  /** The next word. */
  word(): number {
    if (this.position >= SIZE) this.refill();
    let y = this.key[this.position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A float in [0, 1) of 53 bits. */
  float(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An integer in [0, max], by bits that are drawn again while they are above it; both at most 2^32 - 1. */
  at_most(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const value = (this.word() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /** The words of the state, and the place of the next one. */
  get state(): [words: Uint32Array, position: number] {
    return [this.key.slice(), this.position];
  }

  set state([words, position]: readonly [words: ArrayLike<number>, position: number]) {
    this.key.set(words);
    this.position = position;
  }
}
