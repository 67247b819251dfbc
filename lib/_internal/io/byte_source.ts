/** Bytes that are read from any place: of a file, or of memory. */
import * as fs from 'node:fs';
import type { NodeBuffer } from '../node_types.js';

export interface ByteSource {
  readonly size: number;
  /** Bytes from a place on. @throws Error when there are not as many */
  read(position: number, length: number): NodeBuffer;
  /** Fills `target` with the bytes from a place on. @throws Error when there are not as many */
  read_into(target: Uint8Array, position: number): void;
  close(): void;
}

// More than a Buffer holds would be asked for only by a damaged file.
const most_at_once = 2 ** 31 - 1;

function check_range(source: ByteSource, position: number, length: number): void {
  if (position >= 0 && length >= 0 && position + length <= source.size) return;
  throw new Error(`the file has ${source.size} bytes, and bytes ${position} to ${position + length} were wanted`);
}

/** A file that is read piece by piece. @throws Error with the system's reason when it cannot be opened */
export class FileSource implements ByteSource {
  readonly size: number;
  private readonly file: number;

  constructor(readonly path: string) {
    this.file = fs.openSync(path, 'r');
    const stat = fs.fstatSync(this.file);
    this.size = stat.size;
    if (stat.isFile()) return;
    this.close();
    throw new Error(`${path} is not a regular file`);
  }

  read(position: number, length: number): NodeBuffer {
    check_range(this, position, length);
    if (length > most_at_once) throw new Error(`${length} bytes are too many to be read at once`);
    const bytes = Buffer.allocUnsafe(length);
    this.read_into(bytes, position);
    return bytes;
  }

  read_into(target: Uint8Array, position: number): void {
    check_range(this, position, target.length);
    for (let at = 0; at < target.length; ) {
      const count = fs.readSync(this.file, target, at, Math.min(target.length - at, most_at_once), position + at);
      if (count === 0) throw new Error(`${this.path} became shorter while it was read`);
      at += count;
    }
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

/** Bytes that are in memory already. */
export class MemorySource implements ByteSource {
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.length;
  }

  read(position: number, length: number): NodeBuffer {
    check_range(this, position, length);
    return this.bytes.subarray(position, position + length);
  }

  read_into(target: Uint8Array, position: number): void {
    target.set(this.read(position, target.length));
  }

  close(): void {}
}
