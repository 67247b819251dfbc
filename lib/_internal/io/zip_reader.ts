/**
 * Zip archives, as far as PyTorch's and numpy's files go: stored and deflated records, zip64. Nothing is taken on
 * trust: sizes are compared with what is there before memory is asked for, and checksums with what was read.
 */
import { inflateRawSync } from 'node:zlib';

import type { ByteSource } from './byte_source.js';
import { crc32 } from './crc32.js';
import type { NodeBuffer } from '../node_types.js';

/** A file in an archive. */
export interface ZipRecord {
  readonly name: string;
  /** Unpacked. */
  readonly size: number;
  readonly packed_size: number;
  readonly deflated: boolean;
  readonly crc: number;
  readonly header: number;
}

export const signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  descriptor: 0x08074b50,
};
const end_size = 22;
const locator_size = 20;
const end64_size = 56;
const central_size = 46;
const local_size = 30;
const most_comment = 65_535;
const all_ones = 0xffff_ffff;
const zip64_extra = 1;
// The largest ratio that Deflate reaches.
const most_deflated = 1032;

function safe_uint64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`a size or offset of ${value} bytes`);
  return Number(value);
}

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/**
 * The directory, from the record that ends the archive: the last one that leads to a directory, since bytes may follow it (as
 * PyTorch's and Python's readers allow).
 */
function find_directory(source: ByteSource): Directory {
  const tail_size = Math.min(source.size, end_size + most_comment);
  const tail = source.read(source.size - tail_size, tail_size);
  let reason: unknown;
  for (let at = tail_size - end_size; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signature.end || at + end_size + tail.readUInt16LE(at + 20) > tail_size) continue;
    try {
      return read_end(source, tail, at, source.size - tail_size + at);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason ?? new Error('failed finding central directory');
}

function read_end(source: ByteSource, tail: Buffer, at: number, end: number): Directory {
  const [count, size, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const wide = count === 0xffff || size === all_ones || start === all_ones;
  const directory = wide ? find_directory64(source, end) : { count, size, start };
  if (directory.start + directory.size > end) throw new Error('failed finding central directory');
  if (directory.count > 0 && source.read(directory.start, 4).readUInt32LE(0) !== signature.central) {
    throw new Error('the central directory is damaged');
  }
  return directory;
}

function find_directory64(source: ByteSource, end: number): Directory {
  const locator = end < locator_size ? undefined : source.read(end - locator_size, locator_size);
  if (locator?.readUInt32LE(0) !== signature.locator64) throw new Error('failed finding the zip64 directory');
  const record = source.read(safe_uint64(locator, 8), end64_size);
  if (record.readUInt32LE(0) !== signature.end64) throw new Error('failed finding the zip64 directory');
  return { count: safe_uint64(record, 32), size: safe_uint64(record, 40), start: safe_uint64(record, 48) };
}

/** Sizes and offset that do not fit 32 bits, from the extra field of an entry. */
function widen(extra: Buffer, values: number[]): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === zip64_extra) {
      const field = extra.subarray(at + 4, at + 4 + length);
      let from = 0;
      values.forEach((value, i) => {
        if (value !== all_ones) return;
        values[i] = safe_uint64(field, from);
        from += 8;
      });
      return;
    }
    at += 4 + length;
  }
}

/** The entry of a directory at a place, and where the next one begins. */
function read_entry(directory: Buffer, at: number): [ZipRecord, next: number] {
  if (directory.length - at < central_size || directory.readUInt32LE(at) !== signature.central) {
    throw new Error('the central directory is damaged');
  }
  const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
  const name_end = at + central_size + directory.readUInt16LE(at + 28);
  const extra_end = name_end + directory.readUInt16LE(at + 30);
  const next = extra_end + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw new Error('the central directory is damaged');
  const name = directory.subarray(at + central_size, name_end).toString('utf8');
  const sizes = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
  widen(directory.subarray(name_end, extra_end), sizes);
  const [size = 0, packed_size = 0, header = 0] = sizes;
  if (flags & 1) throw new Error(`record ${name} is encrypted`);
  if (method !== 0 && method !== 8) throw new Error(`record ${name} is packed by the unknown method ${method}`);
  if (method === 0 && size !== packed_size) throw new Error(`record ${name} is stored, and its two sizes differ`);
  if (size > packed_size * most_deflated) throw new Error(`record ${name} cannot unpack to ${size} bytes`);
  return [{ name, size, packed_size, header, deflated: method === 8, crc: directory.readUInt32LE(at + 16) }, next];
}

function check_name(name: string): void {
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0') || name.split('/').includes('..')) {
    throw new Error(`a record has the unsafe name ${JSON.stringify(name)}`);
  }
}

/** Records that overlap would make much out of few bytes. */
function check_layout(records: Iterable<ZipRecord>, end: number): void {
  const sorted = [...records].sort((a, b) => a.header - b.header);
  let from = 0;
  for (const { name, header, packed_size } of sorted) {
    if (header < from) throw new Error(`record ${name} overlaps another`);
    from = header + local_size + packed_size;
    if (from > end) throw new Error(`record ${name} is cut off`);
  }
}

/** Whether bytes start like a zip archive. */
export function is_zip(source: ByteSource): boolean {
  return source.size >= 4 && source.read(0, 4).readUInt32LE(0) === signature.local;
}

/** An archive whose directory has been read. */
export class ZipReader {
  /** The records in the order of the directory. */
  readonly records = new Map<string, ZipRecord>();

  /**
   * @param source the archive
   * @param what what the archive is called in error texts
   * @throws Error when the directory is missing or damaged
   */
  constructor(
    private readonly source: ByteSource,
    private readonly what: string,
  ) {
    this.guarded(() => {
      const { start, size, count } = find_directory(source);
      const directory = source.read(start, size);
      let at = 0;
      for (let i = 0; i < count; i++) {
        const [record, next] = read_entry(directory, at);
        check_name(record.name);
        if (this.records.has(record.name)) throw new Error(`there are two records ${record.name}`);
        this.records.set(record.name, record);
        at = next;
      }
      check_layout(this.records.values(), start);
    });
  }

  private guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.what} is not a whole zip archive: ${reason}`, { cause: error });
    }
  }

  /** Where the content of a record begins. */
  content_offset(record: ZipRecord): number {
    return this.guarded(() => {
      const local = this.source.read(record.header, local_size);
      if (local.readUInt32LE(0) !== signature.local) throw new Error(`record ${record.name} has no header`);
      const start = record.header + local_size + local.readUInt16LE(26) + local.readUInt16LE(28);
      if (start + record.packed_size > this.source.size) throw new Error(`record ${record.name} is cut off`);
      return start;
    });
  }

  /** The content of a record, checked. @throws Error when it is damaged */
  read(record: ZipRecord): NodeBuffer {
    const packed = this.guarded(() => this.source.read(this.content_offset(record), record.packed_size));
    const content = record.deflated ? this.inflated(record, packed) : packed;
    this.check_crc(record, crc32(content));
    return content;
  }

  private inflated(record: ZipRecord, packed: Buffer): Buffer {
    return this.guarded(() => {
      const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, record.size) });
      if (content.length !== record.size) {
        throw new Error(`record ${record.name} unpacks to ${content.length} bytes, not ${record.size}`);
      }
      return content;
    });
  }

  /** Fills pieces of memory with the content of a record from its beginning, and checks it. */
  read_into(record: ZipRecord, pieces: Iterable<Uint8Array>): void {
    if (record.deflated) {
      const content = this.read(record);
      let at = 0;
      for (const piece of pieces) {
        piece.set(content.subarray(at, at + piece.length));
        at += piece.length;
      }
      return;
    }
    let position = this.content_offset(record);
    const end = position + record.size;
    let crc = 0;
    for (const piece of pieces) {
      this.guarded(() => this.source.read_into(piece, position));
      crc = crc32(piece, crc);
      position += piece.length;
    }
    if (position === end) this.check_crc(record, crc);
  }

  private check_crc(record: ZipRecord, found: number): void {
    if (found === record.crc) return;
    throw new Error(
      `${this.what} is damaged: the CRC-32 of record ${record.name} is ${hex(found)}, not ${hex(record.crc)}`,
    );
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
