/** Descriptors of files: what is written to one at a place, what is read there, and those that nothing uses any more. */
import { closeSync, readSync, writeSync } from 'node:fs';

/** Closes what an object without owner had open. */
export const forgotten = new FinalizationRegistry<number>((fd) => {
  closeSync(fd);
});

/** So many bytes of a file. @throws Error where it ends before */
export function read_at(fd: number, length: number, position: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const count = readSync(fd, bytes, at, length - at, position + at);
    if (count === 0) throw new Error('memory that processes share ends too early');
    at += count;
  }
  return bytes;
}

/** Writes all of some bytes into a file. */
export function write_at(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}
