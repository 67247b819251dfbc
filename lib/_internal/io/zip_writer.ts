/** Writes zip archives of stored or deflated records, with the sizes behind the contents, as PyTorch's writer does. */
import { deflateRawSync } from 'node:zlib';

import { crc32 } from './crc32.js';
import type { Sink } from './durable_file.js';
import { signature } from './zip_reader.js';

interface Entry {
  readonly name: Buffer;
  readonly header: number;
  readonly deflated: boolean;
  size: number;
  packed_size: number;
  crc: number;
}

const all_ones = 0xffff_ffff;
// Sizes follow the content (bit 3), names are UTF-8 (bit 11).
const flags = 0x0808;
const version = 45;

const wide = (value: number): boolean => value >= all_ones;
const narrowed = (value: number): number => (wide(value) ? all_ones : value);

/** Fields of a header, little-endian, one after the other. */
function fields(...values: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((length, [bytes]) => length + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, bytes);
    at += bytes;
  }
  return buffer;
}

export class ZipWriter {
  private position = 0;
  private readonly entries: Entry[] = [];

  /**
   * @param sink takes the archive
   * @param options - `alignment`: contents begin at multiples of it, by a padded extra field as PyTorch writes it
   */
  constructor(
    private readonly sink: Sink,
    private readonly options: { alignment?: number } = {},
  ) {}

  private put(bytes: Uint8Array): void {
    this.sink.write(bytes);
    this.position += bytes.length;
  }

  private padding(header_size: number): Buffer {
    const { alignment } = this.options;
    if (alignment === undefined) return Buffer.alloc(0);
    const used = this.position + header_size + 4;
    const length = (alignment - (used % alignment)) % alignment;
    return Buffer.concat([Buffer.from('FB'), fields([2, length]), Buffer.alloc(length, 'Z')]);
  }

  /** Adds a record of some pieces; with `deflate` they are packed. */
  add(name: string, pieces: Iterable<Uint8Array>, { deflate = false }: { deflate?: boolean } = {}): void {
    const entry: Entry = {
      name: Buffer.from(name),
      header: this.position,
      deflated: deflate,
      size: 0,
      packed_size: 0,
      crc: 0,
    };
    const padding = this.padding(30 + entry.name.length);
    this.put(
      fields(
        [4, signature.local],
        [2, version],
        [2, flags],
        [2, deflate ? 8 : 0],
        [4, 0],
        [4, 0],
        [4, 0],
        [4, 0],
        [2, entry.name.length],
        [2, padding.length],
      ),
    );
    this.put(entry.name);
    this.put(padding);
    for (const piece of deflate ? [Buffer.concat([...pieces])] : pieces) {
      entry.crc = crc32(piece, entry.crc);
      entry.size += piece.length;
      const packed = deflate ? deflateRawSync(piece) : piece;
      entry.packed_size += packed.length;
      this.put(packed);
    }
    // PyTorch computes where records lie without looking: nothing follows an empty one.
    if (entry.size > 0 || deflate) this.put(this.descriptor(entry));
    this.entries.push(entry);
  }

  private descriptor({ crc, size, packed_size, header }: Entry): Buffer {
    const bytes = wide(size) || wide(packed_size) || wide(header) ? 8 : 4;
    return fields([4, signature.descriptor], [4, crc], [bytes, packed_size], [bytes, size]);
  }

  /** Writes the directory. */
  finish(): void {
    const start = this.position;
    for (const { name, header, deflated, size, packed_size, crc } of this.entries) {
      const wides = [size, packed_size, header].filter(wide).map((value): [8, number] => [8, value]);
      const extra = wides.length === 0 ? Buffer.alloc(0) : fields([2, 1], [2, wides.length * 8], ...wides);
      this.put(
        fields(
          [4, signature.central],
          [2, version],
          [2, version],
          [2, flags],
          [2, deflated ? 8 : 0],
          [4, 0],
          [4, crc],
          [4, narrowed(packed_size)],
          [4, narrowed(size)],
          [2, name.length],
          [2, extra.length],
          [2, 0],
          [2, 0],
          [2, 0],
          [4, 0],
          [4, narrowed(header)],
        ),
      );
      this.put(name);
      this.put(extra);
    }
    const size = this.position - start;
    const end64 = this.position;
    const count = this.entries.length;
    this.put(
      fields(
        [4, signature.end64],
        [8, 44],
        [2, version],
        [2, version],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, size],
        [8, start],
      ),
    );
    this.put(fields([4, signature.locator64], [4, 0], [8, end64], [4, 1]));
    const counted = Math.min(count, 0xffff);
    this.put(
      fields(
        [4, signature.end],
        [2, 0],
        [2, 0],
        [2, counted],
        [2, counted],
        [4, narrowed(size)],
        [4, narrowed(start)],
        [2, 0],
      ),
    );
  }
}
