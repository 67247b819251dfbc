/** xz, which Node's zlib does not read: blocks of LZMA2, which is LZMA in chunks. */
import { createHash } from 'node:crypto';

import { crc32 } from '../../_internal/io/crc32.js';

type Fail = (reason: string) => never;

// ---- LZMA ---------------------------------------------------------------------------------------

/** Bytes that grow. */
class Output {
  bytes = new Uint8Array(1 << 16);
  length = 0;
  /** Where the dictionary begins: nothing before it is repeated. */
  start = 0;

  /** Makes room for more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}

const HALF = 1024;
const STATES = 12;
const POSITIONS = 16;

/** Reads bits by their probabilities, each of which is a number of 11 bits that adapts. */
class RangeDecoder {
  private range = 0xffffffff;
  private code = 0;
  private at = 5;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly fail: Fail,
  ) {
    if (bytes.length < 5 || bytes[0] !== 0) fail('a chunk does not begin as one');
    for (let i = 1; i < 5; i++) this.code = ((this.code << 8) | bytes[i]!) >>> 0;
  }

  /** Whether all was read. */
  get is_finished(): boolean {
    return this.at === this.bytes.length && this.code === 0;
  }

  private normalize(): void {
    if (this.range >= 0x1000000) return;
    if (this.at >= this.bytes.length) this.fail('a chunk ends too early');
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | this.bytes[this.at++]!) >>> 0;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index]!;
    const bound = (this.range >>> 11) * probability;
    if (this.code < bound) {
      this.range = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
      this.normalize();
      return 0;
    }
    this.range -= bound;
    this.code -= bound;
    probabilities[index] = probability - (probability >> 5);
    this.normalize();
    return 1;
  }

  /** Bits that are as probable as not, from the highest. */
  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit === 1) this.code -= this.range;
      value = value * 2 + bit;
      this.normalize();
    }
    return value;
  }

  /** A number of bits from the highest, whose probabilities form a tree. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = node * 2 + this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** A number of bits from the lowest, whose probabilities form a tree. */
  reverse_tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(probabilities, base + node);
      node = node * 2 + bit;
      value |= bit << i;
    }
    return value;
  }
}

const fresh = (length: number): Uint16Array => new Uint16Array(length).fill(HALF);

/** Lengths of repetitions. */
class Lengths {
  private readonly choices = fresh(2);
  private readonly low = fresh(POSITIONS * 8);
  private readonly middle = fresh(POSITIONS * 8);
  private readonly high = fresh(256);

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.choices, 0) === 0) return 2 + range.tree(this.low, position * 8, 3);
    if (range.bit(this.choices, 1) === 0) return 10 + range.tree(this.middle, position * 8, 3);
    return 18 + range.tree(this.high, 0, 8);
  }
}

/** How literals and positions take part in probabilities. */
interface Properties {
  readonly literal_context: number;
  readonly literal_position: number;
  readonly position: number;
}

/** The state of a stream of LZMA. */
class Lzma {
  private readonly is_match = fresh(STATES * POSITIONS);
  private readonly is_repeated = fresh(STATES);
  private readonly is_other = fresh(STATES * 3);
  private readonly is_long = fresh(STATES * POSITIONS);
  private readonly slots = fresh(4 * 64);
  private readonly special = fresh(128);
  private readonly align = fresh(16);
  private readonly literals: Uint16Array;
  private readonly match_lengths = new Lengths();
  private readonly repeat_lengths = new Lengths();
  private state = 0;
  private readonly distances: [number, number, number, number] = [0, 0, 0, 0];

  constructor(readonly properties: Properties) {
    this.literals = fresh(0x300 << (properties.literal_context + properties.literal_position));
  }

  /** Decodes a chunk into as many bytes. */
  decode(range: RangeDecoder, output: Output, count: number, fail: Fail): void {
    output.reserve(count);
    const end = output.length + count;
    const mask = (1 << this.properties.position) - 1;
    while (output.length < end) {
      const position = (output.length - output.start) & mask;
      if (range.bit(this.is_match, this.state * POSITIONS + position) === 0) {
        this.literal(range, output);
        continue;
      }
      const length = this.next_match(range, position);
      const distance = this.distances[0] + 1;
      if (distance > output.length - output.start) fail('it repeats what is not there');
      if (length > end - output.length) fail('a chunk is longer than it says');
      const { bytes } = output;
      for (let i = 0; i < length; i++, output.length++) bytes[output.length] = bytes[output.length - distance]!;
    }
    if (!range.is_finished) fail('a chunk is shorter than it says');
  }

  private literal(range: RangeDecoder, output: Output): void {
    const { literal_context, literal_position } = this.properties;
    const place = output.length - output.start;
    const before = place > 0 ? output.bytes[output.length - 1]! : 0;
    const context = ((place & ((1 << literal_position) - 1)) << literal_context) + (before >> (8 - literal_context));
    const base = context * 0x300;
    let symbol = 1;
    if (this.state >= 7) {
      // Behind a repetition, the byte that it would have gone on with is expected not to come.
      let expected = output.bytes[output.length - this.distances[0] - 1]!;
      while (symbol < 0x100) {
        const wanted = (expected >> 7) & 1;
        expected <<= 1;
        const bit = range.bit(this.literals, base + ((1 + wanted) << 8) + symbol);
        symbol = symbol * 2 + bit;
        if (bit !== wanted) break;
      }
    }
    while (symbol < 0x100) symbol = symbol * 2 + range.bit(this.literals, base + symbol);
    output.bytes[output.length++] = symbol & 0xff;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** Reads the length of a repetition, and moves its distance to the front. */
  private next_match(range: RangeDecoder, position: number): number {
    const { state, distances } = this;
    if (range.bit(this.is_repeated, state) === 0) {
      distances.unshift(0);
      distances.pop();
      const length = this.match_lengths.read(range, position);
      this.state = state < 7 ? 7 : 10;
      distances[0] = this.distance(range, length);
      return length;
    }
    if (range.bit(this.is_other, state) === 0) {
      if (range.bit(this.is_long, state * POSITIONS + position) === 0) {
        this.state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      let which = 1;
      if (range.bit(this.is_other, STATES + state) === 1) which = 2 + range.bit(this.is_other, 2 * STATES + state);
      distances.unshift(...distances.splice(which, 1));
    }
    this.state = state < 7 ? 8 : 11;
    return this.repeat_lengths.read(range, position);
  }

  private distance(range: RangeDecoder, length: number): number {
    const slot = range.tree(this.slots, Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 + (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + range.reverse_tree(this.special, base - slot, bits);
    return base + range.direct(bits - 4) * 16 + range.reverse_tree(this.align, 0, 4);
  }
}

// ---- LZMA2 --------------------------------------------------------------------------------------

/** @throws by `fail` for properties that LZMA2 does not have */
function properties_of(byte: number, fail: Fail): Properties {
  const [literal_context, rest] = [byte % 9, Math.floor(byte / 9)];
  const [literal_position, position] = [rest % 5, Math.floor(rest / 5)];
  if (position > 4 || literal_context + literal_position > 4) fail('its properties are not those of LZMA2');
  return { literal_context, literal_position, position };
}

/** Decodes chunks up to the last one; where the bytes go on behind it. */
function unpack_chunks(bytes: Uint8Array, from: number, output: Output, fail: Fail): number {
  let at = from;
  let lzma: Lzma | null = null;
  let has_dictionary = false;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) fail('it ends too early');
    return bytes.subarray(at, (at += count));
  };
  const size = (): number => {
    const [high, low] = take(2) as unknown as [number, number];
    return high * 256 + low + 1;
  };
  for (;;) {
    const control = take(1)[0]!;
    if (control === 0) return at;
    if (control === 1 || control >= 0xe0) {
      output.start = output.length;
      has_dictionary = true;
    }
    if (!has_dictionary) fail('its first chunk does not reset the dictionary');
    if (control < 0x80) {
      if (control > 2) fail('a chunk is of an unknown kind');
      output.append(take(size()));
      continue;
    }
    const count = (control & 0x1f) * 65536 + size();
    const packed = size();
    if (control >= 0xc0) lzma = new Lzma(properties_of(take(1)[0]!, fail));
    else if (lzma === null) fail('its first chunk has no properties');
    else if (control >= 0xa0) lzma = new Lzma(lzma.properties);
    lzma!.decode(new RangeDecoder(take(packed), fail), output, count, fail);
  }
}

// ---- xz -----------------------------------------------------------------------------------------

/** The two halves of each entry of the table of CRC-64, lower and higher. */
const crc64_table = (() => {
  const table = new Uint32Array(512);
  for (let i = 0; i < 256; i++) {
    let [low, high] = [i, 0];
    for (let bit = 0; bit < 8; bit++) {
      const is_odd = (low & 1) === 1;
      low = ((low >>> 1) | (high << 31)) >>> 0;
      high >>>= 1;
      if (is_odd) [low, high] = [(low ^ 0xd7870f42) >>> 0, (high ^ 0xc96c5795) >>> 0];
    }
    table[2 * i] = low;
    table[2 * i + 1] = high;
  }
  return table;
})();

/** The CRC-64 of bytes, as they are stored. */
function crc64(bytes: Uint8Array): Uint8Array {
  let [low, high] = [0xffffffff, 0xffffffff];
  for (const byte of bytes) {
    const entry = 2 * ((low ^ byte) & 0xff);
    low = ((low >>> 8) | (high << 24)) ^ crc64_table[entry]!;
    high = (high >>> 8) ^ crc64_table[entry + 1]!;
  }
  const stored = new Uint8Array(8);
  const view = new DataView(stored.buffer);
  view.setUint32(0, ~low >>> 0, true);
  view.setUint32(4, ~high >>> 0, true);
  return stored;
}

function stored_crc32(bytes: Uint8Array): Uint8Array {
  const stored = new Uint8Array(4);
  new DataView(stored.buffer).setUint32(0, crc32(bytes), true);
  return stored;
}

/** The checks that blocks may end with, by their number. */
const checks: Readonly<Record<number, readonly [length: number, of: (bytes: Uint8Array) => Uint8Array]>> = {
  0: [0, () => new Uint8Array(0)],
  1: [4, stored_crc32],
  4: [8, crc64],
  10: [32, (bytes) => createHash('sha256').update(bytes).digest()],
};

const is_same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const MAGIC = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0);
const LZMA2 = 0x21;

/** Reads one stream; where the bytes go on behind it. */
function unpack_stream(bytes: Uint8Array, from: number, output: Output, fail: Fail): number {
  if (!is_same(bytes.subarray(from, from + 6), MAGIC)) fail('its first bytes are others');
  const flags = bytes.subarray(from + 6, from + 8);
  if (!is_same(stored_crc32(flags), bytes.subarray(from + 8, from + 12))) fail('its header is damaged');
  const check = checks[flags[1]!] ?? fail('its check is of an unknown kind');
  let at = from + 12;
  while (at < bytes.length && bytes[at] !== 0) at = unpack_block(bytes, at, check, output, fail);
  // The index, with the sizes of the blocks, and the footer, which says where the index begins.
  const next = (): number => bytes[at++] ?? fail('it ends too early');
  const start = at;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = next();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
      if (shift > 2 ** 49) fail('its index is damaged');
    }
  };
  next();
  for (let count = 2 * number(); count > 0; count--) number();
  at += (4 - ((at - start) % 4)) % 4;
  if (!is_same(stored_crc32(bytes.subarray(start, at)), bytes.subarray(at, at + 4))) fail('its index is damaged');
  at += 4;
  if (at + 12 > bytes.length || bytes[at + 10] !== 0x59 || bytes[at + 11] !== 0x5a) fail('it ends too early');
  return at + 12;
}

/** Reads one block; where the bytes go on behind it. */
function unpack_block(
  bytes: Uint8Array,
  from: number,
  [check_length, check_of]: readonly [number, (bytes: Uint8Array) => Uint8Array],
  output: Output,
  fail: Fail,
): number {
  const header = bytes.subarray(from, from + (bytes[from]! + 1) * 4);
  const content = header.subarray(0, -4);
  if (!is_same(stored_crc32(content), header.subarray(-4))) fail('the header of a block is damaged');
  const flags = content[1]!;
  let at = 2;
  // The sizes, which LZMA2 has too.
  for (let sizes = ((flags >> 6) & 1) + (flags >> 7); sizes > 0; sizes--) while (content[at++]! >= 0x80);
  if ((flags & 3) !== 0 || content[at] !== LZMA2) fail('it has filters other than LZMA2');
  const first = output.length;
  let end = unpack_chunks(bytes, from + header.length, output, fail);
  end += (4 - ((end - from) % 4)) % 4;
  const check = bytes.subarray(end, end + check_length);
  if (!is_same(check_of(output.bytes.subarray(first, output.length)), check)) fail('a block has another check');
  return end + check_length;
}

/** The content of the bytes of a file `.xz`. @throws Error that names `source` */
export function unpack_xz(bytes: Uint8Array, source: string): Uint8Array {
  const fail = (reason: string): never => {
    throw new Error(`${source}: broken xz: ${reason}`);
  };
  const output = new Output();
  let at = 0;
  while (at === 0 || at < bytes.length) {
    at = unpack_stream(bytes, at, output, fail);
    while (bytes[at] === 0) at++;
  }
  return output.bytes.subarray(0, output.length);
}
