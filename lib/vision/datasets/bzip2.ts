/** bzip2, which Node's zlib does not read: Huffman codes, move-to-front, and the Burrows-Wheeler transform undone. */

/** Reads bits from the highest of each byte down. */
class Bits {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly fail: (reason: string) => never,
  ) {}

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) return this.fail('it ends too early');
      value = value * 2 + ((byte >> (7 - (this.at & 7))) & 1);
      this.at++;
    }
    return value;
  }

  /** Goes on at the next whole byte; whether there is one. */
  align(): boolean {
    this.at = (this.at + 7) & ~7;
    return this.at >> 3 < this.bytes.length;
  }
}

/** A Huffman code by the lengths of its symbols. */
class Code {
  private readonly by_length: { first: number; index: number; count: number }[] = [];
  private readonly symbols: number[] = [];

  constructor(lengths: readonly number[]) {
    let code = 0;
    for (let length = 1; length <= 20; length++) {
      const members = lengths.flatMap((its, symbol) => (its === length ? [symbol] : []));
      this.by_length.push({ first: code, index: this.symbols.length, count: members.length });
      this.symbols.push(...members);
      code = (code + members.length) * 2;
    }
  }

  read(bits: Bits, fail: (reason: string) => never): number {
    let code = 0;
    for (const { first, index, count } of this.by_length) {
      code = code * 2 + bits.take(1);
      if (code - first < count && code >= first) return this.symbols[index + code - first]!;
    }
    return fail('a code is not one');
  }
}

const block_magic = [0x314159, 0x265359];
const end_magic = [0x177245, 0x385090];

const crc_table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function crc_of(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ crc_table[((crc >>> 24) ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

/** The codes of a block, and which of them each group of 50 symbols has. */
function read_codes(
  bits: Bits,
  symbols: number,
  fail: (reason: string) => never,
): { codes: Code[]; selectors: number[] } {
  const groups = bits.take(3);
  const count = bits.take(15);
  if (groups < 2 || groups > 6 || count < 1) return fail('a block has no codes');
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors: number[] = [];
  for (let i = 0; i < count; i++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= groups) return fail('a selector is out of range');
    const [chosen] = order.splice(place, 1) as [number];
    order.unshift(chosen);
    selectors.push(chosen);
  }
  const codes: Code[] = [];
  for (let group = 0; group < groups; group++) {
    let length = bits.take(5);
    const lengths: number[] = [];
    for (let symbol = 0; symbol < symbols; symbol++) {
      while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
      if (length < 1 || length > 20) return fail('the length of a code is out of range');
      lengths.push(length);
    }
    codes.push(new Code(lengths));
  }
  return { codes, selectors };
}

/** The bytes that occur in a block. */
function read_alphabet(bits: Bits): number[] {
  const used = bits.take(16);
  const alphabet: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (((used >> (15 - row)) & 1) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column++) {
      if (((columns >> (15 - column)) & 1) === 1) alphabet.push(row * 16 + column);
    }
  }
  return alphabet;
}

/** A block as it was sorted. */
function read_sorted(bits: Bits, most: number, fail: (reason: string) => never): Uint8Array {
  const front = read_alphabet(bits);
  if (front.length === 0) return fail('a block has no bytes');
  const end_of_block = front.length + 1;
  const { codes, selectors } = read_codes(bits, front.length + 2, fail);
  const sorted = new Uint8Array(most);
  let length = 0;
  let run = 0;
  let weight = 1;
  const put = (byte: number, times: number): void => {
    if (length + times > most) fail('a block is too long');
    sorted.fill(byte, length, length + times);
    length += times;
  };
  for (let read = 0; ; read++) {
    const selector = selectors[Math.floor(read / 50)];
    if (selector === undefined) return fail('a block has more symbols than selectors');
    const symbol = codes[selector]!.read(bits, fail);
    if (symbol <= 1) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > most) return fail('a run is too long');
      continue;
    }
    put(front[0]!, run);
    run = 0;
    weight = 1;
    if (symbol === end_of_block) return sorted.subarray(0, length);
    const [byte] = front.splice(symbol - 1, 1) as [number];
    front.unshift(byte);
    put(byte, 1);
  }
}

/** Undoes the sorting, and then the runs of more than four bytes. */
function unsorted(sorted: Uint8Array, origin: number, fail: (reason: string) => never): Uint8Array {
  if (origin >= sorted.length) return fail('a block begins behind its end');
  const starts = new Uint32Array(257);
  for (const byte of sorted) starts[byte + 1]!++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!;
  const next = new Uint32Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) next[starts[sorted[i]!]!++] = i;
  const bytes: number[] = [];
  let at = next[origin]!;
  let same = 0;
  let before = -1;
  for (let i = 0; i < sorted.length; i++) {
    const byte = sorted[at]!;
    at = next[at]!;
    if (same === 4) {
      for (let j = 0; j < byte; j++) bytes.push(before);
      same = 0;
      before = -1;
      continue;
    }
    same = byte === before ? same + 1 : 1;
    before = byte;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** The blocks of one stream, whose first two letters were read. */
function read_stream(bits: Bits, parts: Uint8Array[], fail: (reason: string) => never): void {
  if (bits.take(8) !== 0x68) fail('it is not of this version');
  const level = bits.take(8) - 0x30;
  if (level < 1 || level > 9) fail('the size of its blocks is unknown');
  let combined = 0;
  for (;;) {
    const [first, second] = [bits.take(24), bits.take(24)];
    const crc = bits.take(32);
    if (first === end_magic[0] && second === end_magic[1]) {
      if (crc !== combined) fail('its checksum is wrong');
      return;
    }
    if (first !== block_magic[0] || second !== block_magic[1]) fail('a block does not begin as one');
    if (bits.take(1) === 1) fail('its blocks are randomized, which no program has done for long');
    const origin = bits.take(24);
    const block = unsorted(read_sorted(bits, level * 100_000, fail), origin, fail);
    if (crc_of(block) !== crc) fail('the checksum of a block is wrong');
    combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
    parts.push(block);
  }
}

/**
 * The content of bzip2 bytes.
 * @param source - what error texts call the bytes
 * @throws Error when they are damaged
 */
export function unpack_bzip2(bytes: Uint8Array, source: string): Uint8Array {
  const fail = (reason: string): never => {
    throw new Error(`${source}: broken bzip2: ${reason}`);
  };
  const bits = new Bits(bytes, fail);
  const parts: Uint8Array[] = [];
  do {
    if (bits.take(16) !== 0x425a) fail('it does not begin as one');
    read_stream(bits, parts, fail);
  } while (bits.align());
  return Buffer.concat(parts);
}
