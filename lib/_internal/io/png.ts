/** Writes PNG files: rows of bytes, compressed by Node's zlib. */
import { deflateSync } from 'node:zlib';

import { crc32 } from './crc32.js';

const file_signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The type of pixels by their number of bytes: grey, grey and alpha, RGB, RGBA. */
const color_types: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 2, 4: 6 };

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

/**
 * @param pixels rows from the top, with 1 to 4 bytes for each pixel
 * @throws RangeError for another number of channels, and when there are no pixels
 */
export function encode_png(pixels: Uint8Array, width: number, height: number, channels: number): Buffer {
  const color_type = color_types[channels];
  if (color_type === undefined) throw new RangeError(`a PNG has 1 to 4 channels, not ${channels}`);
  if (width < 1 || height < 1) throw new RangeError(`a PNG needs pixels, and has ${width} x ${height} here`);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = color_type;
  // Each row begins with its filter; Paeth and the like pay for photographs only.
  const stride = width * channels;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([
    file_signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
