/** The checksum of zip archives: Node's own, which versions before 20.15 lack, or the same in JavaScript. */
import * as zlib from 'node:zlib';

/** The remainders of all single bytes. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** As Node's `crc32`, byte by byte. */
export function crc32_of_bytes(data: Uint8Array, before = 0): number {
  let rest = ~before;
  for (const byte of data) rest = (rest >>> 8) ^ (table[(rest ^ byte) & 0xff] as number);
  return ~rest >>> 0;
}

/** The CRC-32 of bytes; `before` is that of what came before them. */
export const crc32: (data: Uint8Array, before?: number) => number =
  (zlib as Partial<typeof zlib>).crc32 ?? crc32_of_bytes;
