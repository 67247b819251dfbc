/**
 * Zip archives, as far as PyTorch's and numpy's files go: stored and deflated records, zip64. The directory is read, and
 * distrusted, by scripts/install/zip.js; checksums are compared here with what was read.
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

interface ZipDirectory {
  readonly signature: Record<'local' | 'central' | 'end' | 'end64' | 'locator64' | 'descriptor', number>;
  content_offset(source: ByteSource, record: ZipRecord): number;
  read_directory(source: ByteSource): Map<string, ZipRecord>;
}

const { content_offset, read_directory, signature } = require('../../../scripts/install/zip.js') as ZipDirectory;

export { signature };

/** Whether bytes start like a zip archive. */
export function is_zip(source: ByteSource): boolean {
  return source.size >= 4 && source.read(0, 4).readUInt32LE(0) === signature.local;
}

/** An archive whose directory has been read. */
export class ZipReader {
  /** The records in the order of the directory. */
  readonly records: ReadonlyMap<string, ZipRecord>;

  /**
   * @param source the archive
   * @param what what the archive is called in error texts
   * @throws Error when the directory is missing or damaged
   */
  constructor(
    private readonly source: ByteSource,
    private readonly what: string,
  ) {
    this.records = this.guarded(() => read_directory(source));
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
    return this.guarded(() => content_offset(this.source, record));
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
