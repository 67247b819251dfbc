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

/** Rows behind the number of their filter, which is none. */
function plain_rows(pixels: Uint8Array, stride: number, height: number): Buffer {
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return rows;
}

/** The prediction of the Paeth filter: the one of three neighbours that is next to `left + up - corner`. */
function paeth(left: number, up: number, corner: number): number {
  const by_left = Math.abs(up - corner);
  const by_up = Math.abs(left - corner);
  const by_corner = Math.abs(left + up - 2 * corner);
  if (by_left <= by_up && by_left <= by_corner) return left;
  return by_up <= by_corner ? up : corner;
}

/** The predictions of the filters of PNG, by their numbers. */
const predictions: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/** Writes a row by one filter. Gives the sum of its bytes, as signed numbers without their signs. */
function filter_row(row: Uint8Array, above: Uint8Array, channels: number, filter: number, out: Uint8Array): number {
  const predict = predictions[filter]!;
  let sum = 0;
  out[0] = filter;
  for (let i = 0; i < row.length; i++) {
    const left = i < channels ? 0 : row[i - channels]!;
    const corner = i < channels ? 0 : above[i - channels]!;
    const rest = (row[i]! - predict(left, above[i]!, corner)) & 255;
    out[i + 1] = rest;
    sum += rest < 128 ? rest : 256 - rest;
  }
  return sum;
}

/** Rows with the filter each that leaves the least, which is what photographs need. */
function filtered_rows(pixels: Uint8Array, stride: number, height: number, channels: number): Buffer {
  const rows = Buffer.alloc((stride + 1) * height);
  const tried = new Uint8Array(stride + 1);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * stride, (y + 1) * stride);
    let least = Infinity;
    for (let filter = 0; filter < predictions.length; filter++) {
      const sum = filter_row(row, above, channels, filter, tried);
      if (sum >= least) continue;
      least = sum;
      rows.set(tried, y * (stride + 1));
    }
    above = row as Uint8Array<ArrayBuffer>;
  }
  return rows;
}

/** How {@link encode_png} compresses. */
export interface PngOptions {
  /** The level of zlib, from 0 to 9. Default 6. */
  readonly level?: number;
  /** Filter rows, which pays for photographs. Default false. */
  readonly filtered?: boolean;
}

/**
 * @param pixels rows from the top, with 1 to 4 bytes for each pixel
 * @throws RangeError for another number of channels, and when there are no pixels
 */
export function encode_png(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: number,
  { level = 6, filtered = false }: PngOptions = {},
): Buffer {
  const color_type = color_types[channels];
  if (color_type === undefined) throw new RangeError(`a PNG has 1 to 4 channels, not ${channels}`);
  if (width < 1 || height < 1) throw new RangeError(`a PNG needs pixels, and has ${width} x ${height} here`);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = color_type;
  const stride = width * channels;
  const rows = filtered ? filtered_rows(pixels, stride, height, channels) : plain_rows(pixels, stride, height);
  return Buffer.concat([
    file_signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
