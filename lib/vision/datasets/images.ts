/** Images of files as uint8 tensors `(C, H, W)`. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

import { native } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { from_numpy } from '../../creation.js';
import type { NodeBuffer } from '../../_internal/node_types.js';
import type { PilKind } from '../../_internal/pil_kind.js';
import { signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { int32, uint16, uint8 } from '../../types/dtype.js';
import { read_bmp } from './bmp.js';
import { as_pil_image } from '../transforms/functional/pil_image.js';
import { unread_image } from '../transforms/functional/unread_image.js';

const from_bytes = (bytes: Uint8Array, ...shape: number[]): Tensor => from_numpy(bytes).view(shape);

// ---- Netpbm -------------------------------------------------------------------------------------

/** An image of netpbm's binary formats, grey or RGB, with one byte for each element. */
function read_netpbm(bytes: NodeBuffer, path: string): Tensor {
  const fail = (reason: string): never => {
    throw new Error(`${path}: broken netpbm image: ${reason}`);
  };
  let at = 2;
  const number = (): number => {
    const header = /^(?:\s|#[^\n]*\n)*(\d{1,9})/.exec(bytes.toString('latin1', at, at + 1024));
    if (header === null) return fail('a size is missing');
    at += header[0].length;
    return Number(header[1]);
  };
  const [width, height, most] = [number(), number(), number()];
  if (most !== 255) return fail(`the largest value is ${most}, not 255`);
  const channels = bytes[1] === 0x36 ? 3 : 1;
  at++;
  if (bytes.length - at < width * height * channels) return fail('it is truncated');
  const pixels = Uint8Array.from(bytes.subarray(at, at + width * height * channels));
  return from_bytes(pixels, height, width, channels).permute(2, 0, 1).contiguous();
}

// ---- PNG, as it is stored -----------------------------------------------------------------------

const png_signature = '\x89PNG\r\n\x1a\n';

interface PngHeader {
  width: number;
  height: number;
  depth: number;
  color: number;
  interlaced: boolean;
}

/** Undoes the filter of a row, in place. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  if (filter > 4) return false;
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    const up = above[i]!;
    const corner = i < step ? 0 : above[i - step]!;
    let guess = 0;
    if (filter === 1) guess = left;
    else if (filter === 2) guess = up;
    else if (filter === 3) guess = (left + up) >> 1;
    else if (filter === 4) {
      const estimate = left + up - corner;
      const [by_left, by_up, by_corner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
        number,
        number,
        number,
      ];
      guess = by_left <= by_up && by_left <= by_corner ? left : by_up <= by_corner ? up : corner;
    }
    row[i] = row[i]! + guess;
  }
  return true;
}

/** What images of PIL are by the color type of a PNG: grey ones, and those with a palette. */
const png_kinds: Readonly<Record<number, PilKind>> = { 0: 'pixels', 3: 'palette' };

/**
 * The pixels of a PNG with a palette, as indices, or of a grey one: masks of segmentation are such. uint8, `(1, H, W)`.
 * @throws Error when the file is damaged, or has colors
 */
export function read_png_indices(path: string): Tensor {
  const bytes: NodeBuffer = readFileSync(path);
  const fail = (reason: string): never => {
    throw new Error(`${path}: not a mask that can be read here: ${reason}`);
  };
  if (bytes.toString('latin1', 0, 8) !== png_signature) return fail('it is not a PNG file');
  let header: PngHeader | undefined;
  const packed: NodeBuffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length) return fail('it is truncated');
    if (type === 'IHDR' && length >= 13) {
      const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
      header = { width, height, depth: data[8]!, color: data[9]!, interlaced: data[12] !== 0 };
    }
    if (type === 'IDAT') packed.push(data);
    if (type === 'IEND') break;
    at += length + 12;
  }
  if (header === undefined) return fail('it has no header');
  const { width, height, depth, color, interlaced } = header;
  const kind = png_kinds[color];
  if (kind === undefined) return fail('it has colors, not a palette or grey values');
  if (interlaced || ![1, 2, 4, 8].includes(depth)) return fail('it is interlaced, or has 16 bits for each pixel');
  const stride = Math.ceil((width * depth) / 8);
  if (width * height > 2 ** 30) return fail('it is too large');
  let rows: Uint8Array;
  try {
    rows = inflateSync(Buffer.concat(packed), { maxOutputLength: Math.max(1, (stride + 1) * height) });
  } catch (error) {
    return fail((error as Error).message);
  }
  if (rows.length !== (stride + 1) * height) return fail('it is truncated');
  const pixels = new Uint8Array(width * height);
  let above: Uint8Array = new Uint8Array(stride);
  // A grey value of fewer bits stands for one of 0 to 255.
  const factor = color === 0 ? 255 / (2 ** depth - 1) : 1;
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    if (!unfilter(rows[y * (stride + 1)]!, row, above, 1)) return fail('the filter of a row is unknown');
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const value = (row[bit >> 3]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
      pixels[y * width + x] = value * factor;
    }
    above = row;
  }
  return as_pil_image(from_bytes(pixels, 1, height, width), kind);
}

// ---- All others ---------------------------------------------------------------------------------

/** 16-bit values of a PNG as PIL gives them: its grey ones are clipped, colors lose their lower bits. */
function in_8_bits(image: Tensor, png: Uint8Array): Tensor {
  const wide = image.to(int32);
  return (png[25] === 0 ? wide.clamp({ max: 255 }) : wide.bitwise_right_shift(8)).to(uint8);
}

/** Decodes by the package sharp. */
function decoded(bytes: NodeBuffer, path: string, mode: 'RGB' | 'UNCHANGED'): Tensor {
  // Only where an image is read: a dataset in memory needs no decoder.
  const { decode_any } = require('../io/decode.js') as typeof import('../io/decode.js');
  let image: Tensor | null;
  try {
    image = decode_any('default_loader', bytes, mode);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
  if (image === null) {
    throw new Error(`${path}: not an image that can be read here: JPEG, PNG, WebP, GIF, TIFF, BMP, PPM or PGM`);
  }
  // The first image of several.
  if (image.dim() === 4) image = image.select(0, 0);
  return mode === 'RGB' && image.dtype === uint16 ? in_8_bits(image, bytes) : image;
}

/** Reads an image of any format that `torch-node/vision`'s `io` decodes, TIFF, BMP, and netpbm's. */
export const read_image_file = (path: string, mode: 'RGB' | 'UNCHANGED'): Tensor =>
  image_of(readFileSync(path), path, mode);

const image_of = (bytes: NodeBuffer, path: string, mode: 'RGB' | 'UNCHANGED'): Tensor =>
  as_pil_image(pixels_of(bytes, path, mode));

function pixels_of(bytes: NodeBuffer, path: string, mode: 'RGB' | 'UNCHANGED'): Tensor {
  const kind = bytes.toString('latin1', 0, 2);
  if (kind === 'P5' || kind === 'P6') {
    const image = read_netpbm(bytes, path);
    return mode === 'RGB' && image.size(0) === 1 ? image.expand(3, -1, -1).contiguous() : image;
  }
  if (kind !== 'BM') return decoded(bytes, path, mode);
  const { data, width, height } = read_bmp(bytes, (reason) => {
    throw new Error(`${path}: not a bitmap that can be read here: ${reason}`);
  });
  return from_bytes(data, height, width, 3).permute(2, 0, 1).contiguous();
}

/** As {@link default_loader}, for what cuts a part out of the image first: of JPEG files only that is decoded. */
export function read_for_part(path: string): Tensor {
  const bytes: NodeBuffer = readFileSync(path);
  const size = native.jpeg_size(bytes);
  const whole = (): Tensor => image_of(bytes, path, 'RGB');
  if (size === null) return whole();
  return unread_image(size, (part) => {
    const handle = native.decode_jpeg(bytes, true, part);
    const [top, left, height, width] = part;
    if (handle === null) return as_pil_image(whole().narrow(1, top, height).narrow(2, left, width));
    const pixels = wrap(handle);
    return as_pil_image(pixels.size(0) === 1 ? pixels.expand(3, -1, -1) : pixels);
  });
}

const LOADER = signature<{ path: string }>('default_loader', 'path: str');

/**
 * Reads an image as RGB. Mirrors `torchvision.datasets.folder.default_loader`, which gives PIL images: this one gives uint8
 * tensors `(3, H, W)`.
 *
 * @param path - the file: JPEG, PNG and WebP as `io.decode_image` reads them, the first image of a GIF, TIFF, BMP, PPM and PGM;
 * 16-bit PNG files get 8 bits, as PIL gives them
 * @throws Error with the path, when it cannot be read, or is not an image
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x.ppm`, Buffer.from('P6 1 1 255 abc'));
 * print(datasets.default_loader(`${folder}/x.ppm`).flatten()); // tensor([97, 98, 99], dtype=torch.uint8)
 * rmSync(folder, { recursive: true });
 * ```
 */
export function default_loader(path: string): Tensor;
export function default_loader(...args: unknown[]): Tensor {
  return read_image_file(LOADER.read(args).path, 'RGB');
}
