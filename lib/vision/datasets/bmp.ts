/** Windows bitmaps, which sharp does not read. */
import type { NodeBuffer } from '../../_internal/node_types.js';

/** Pixels in the order of rows, columns and red, green and blue. */
export interface Bitmap {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
/** Red, green and blue in 32 bits, as writers have them. */
const MASKS = [0xff0000, 0xff00, 0xff];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly top_down: boolean;
  readonly depth: number;
  /** Where the pixels begin, and the colors of a palette. */
  readonly pixels: number;
  readonly palette: number;
}

function header_of(bytes: NodeBuffer, fail: (reason: string) => never): Header {
  if (bytes.length < 54) return fail('it is truncated');
  const size = bytes.readUInt32LE(14);
  if (size < 40) return fail('its header is that of OS/2');
  const [width, height] = [bytes.readInt32LE(18), bytes.readInt32LE(22)];
  const [depth, compression] = [bytes.readUInt16LE(28), bytes.readUInt32LE(30)];
  if (width <= 0 || height === 0) return fail(`its size is ${width} x ${Math.abs(height)}`);
  if (compression !== UNCOMPRESSED && compression !== BIT_FIELDS) return fail('it is compressed');
  const has_masks = compression === BIT_FIELDS;
  if (has_masks && (bytes.length < 66 || MASKS.some((mask, i) => bytes.readUInt32LE(54 + 4 * i) !== mask))) {
    return fail('its colors have other bits');
  }
  if (![1, 4, 8, 24, 32].includes(depth)) return fail(`it has ${depth} bits for each pixel`);
  const [pixels, palette] = [bytes.readUInt32LE(10), 14 + size];
  return { width, height: Math.abs(height), top_down: height < 0, depth, pixels, palette };
}

/**
 * The pixels of a bitmap of 1, 4, 8, 24 or 32 bits.
 * @param fail - throws the error of a file that is broken, or of another kind
 */
export function read_bmp(bytes: NodeBuffer, fail: (reason: string) => never): Bitmap {
  const { width, height, top_down, depth, pixels, palette } = header_of(bytes, fail);
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (bytes.length - pixels < stride * height) return fail('it is truncated');
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = pixels + stride * (top_down ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const value = (bytes[row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
      const color = depth > 8 ? row + (bit >> 3) : palette + 4 * value;
      // Blue comes first.
      for (let k = 0; k < 3; k++) data[(y * width + x) * 3 + k] = bytes[color + 2 - k]!;
    }
  }
  return { data, width, height };
}
