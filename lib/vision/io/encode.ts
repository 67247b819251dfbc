/** Bytes and files from images. */
import { encode_png as png_of } from '../../_internal/io/png.js';
import { uint8 } from '../../types/dtype.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { tensor_of_bytes, write_bytes } from './files.js';
import { run_waiting } from './run_codec.js';

/** Pixels of an image `(C, H, W)` in the order of rows, columns and channels. */
interface Image {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** @throws Error unless it is a uint8 image with 1 or 3 channels */
function pixels_of(callee: string, input: Tensor): Image {
  if (input.dtype !== uint8) throw new Error(`${callee}(): Input tensor dtype should be uint8`);
  if (input.dim() !== 3) throw new Error(`${callee}(): Input data should be a 3-dimensional tensor`);
  const [channels, height, width] = input.shape as unknown as [number, number, number];
  if (channels !== 1 && channels !== 3) {
    throw new Error(`${callee}(): The number of channels should be 1 or 3, got: ${channels}`);
  }
  if (height === 0 || width === 0) throw new Error(`${callee}(): the image has no pixels`);
  const rows = input.cpu().permute(1, 2, 0).contiguous();
  return { data: new Uint8Array(rows.numpy().data as Uint8Array), width, height, channels };
}

interface PngArguments {
  input: Tensor;
  compression_level?: number;
}

const ENCODE_PNG = signature<PngArguments>('encode_png', 'input: Tensor, compression_level?: int');

function encoded_png(callee: string, input: Tensor, level: number): Uint8Array {
  if (level < 0 || level > 9) throw new Error(`${callee}(): Compression level should be between 0 and 9`);
  const { data, width, height, channels } = pixels_of(callee, input);
  return png_of(data, width, height, channels, { level, filtered: true });
}

/**
 * Encodes an image as PNG. Mirrors `torchvision.io.encode_png`. The pixels are the same, the bytes are not: Node's zlib
 * compresses them.
 *
 * @param input - uint8, of shape `(C, H, W)` with 1 or 3 channels
 * @param compression_level - from 0 to 9; default 6
 * @returns uint8, of one dimension
 * @throws Error for other images and levels
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const png = io.encode_png(torch.zeros([3, 2, 2], { dtype: torch.uint8 }));
 * print(png.narrow(0, 0, 4)); // tensor([137,  80,  78,  71], dtype=torch.uint8)
 * ```
 */
export function encode_png(
  ...args: Arguments<[input: Tensor, compression_level?: number], PngArguments, ['input', 'compression_level']>
): Tensor;
export function encode_png(...args: unknown[]): Tensor {
  const { input, compression_level = 6 } = ENCODE_PNG.read(args);
  return tensor_of_bytes(encoded_png('encode_png', input, compression_level));
}

const WRITE_PNG = signature<PngArguments & { filename: string }>(
  'write_png',
  'input: Tensor, filename: str, compression_level?: int',
);

/**
 * Writes an image to a PNG file. Mirrors `torchvision.io.write_png`; see {@link encode_png}.
 *
 * @param input - uint8, of shape `(C, H, W)` with 1 or 3 channels
 * @param filename - the file
 * @param compression_level - from 0 to 9; default 6
 * @throws Error for other images and levels, and for a file that cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'io-')), 'image.png');
 * io.write_png(torch.zeros([3, 2, 2], { dtype: torch.uint8 }), path);
 * print(io.read_image(path).shape); // torch.Size([3, 2, 2])
 * ```
 */
export function write_png(
  ...args: Arguments<
    [input: Tensor, filename: string, compression_level?: number],
    PngArguments & { filename: string },
    ['input', 'filename', 'compression_level']
  >
): void;
export function write_png(...args: unknown[]): void {
  const { input, filename, compression_level = 6 } = WRITE_PNG.read(args);
  write_bytes('write_png', filename, encoded_png('write_png', input, compression_level));
}

interface JpegArguments<I> {
  input: I;
  quality?: number;
}

const ENCODE_JPEG = signature<JpegArguments<Tensor | readonly Tensor[]>>(
  'encode_jpeg',
  'input: Tensor|Tensor[], quality?: int',
);

function encoded_jpeg(callee: string, input: Tensor, quality: number): Uint8Array {
  return run_waiting({ what: 'encode_jpeg', callee, quality, ...pixels_of(callee, input) }).data;
}

/** @throws Error for other numbers than 1 to 100 */
function check_quality(quality: number): void {
  if (quality < 1 || quality > 100) throw new Error('Image quality should be a positive number between 1 and 100');
}

type EncodeJpeg<I> = Arguments<[input: I, quality?: number], JpegArguments<I>, ['input', 'quality']>;

/**
 * Encodes an image, or a list of them, as JPEG, by the npm package `sharp`, which is to be installed beside this one: the
 * bytes are those of torchvision. Mirrors `torchvision.io.encode_jpeg`.
 *
 * @param input - uint8, of shape `(C, H, W)` with 1 or 3 channels, or a list of such tensors
 * @param quality - from 1 to 100; default 75
 * @returns uint8, of one dimension, or a list of such tensors
 * @throws Error for other images and qualities, and when `sharp` is not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const jpeg = io.encode_jpeg(torch.zeros([3, 8, 8], { dtype: torch.uint8 }), 90);
 * print(jpeg.narrow(0, 0, 4)); // tensor([255, 216, 255, 224], dtype=torch.uint8)
 * ```
 */
export function encode_jpeg(...args: EncodeJpeg<Tensor>): Tensor;
export function encode_jpeg(...args: EncodeJpeg<readonly Tensor[]>): Tensor[];
export function encode_jpeg(...args: unknown[]): Tensor | Tensor[] {
  const { input, quality = 75 } = ENCODE_JPEG.read(args);
  check_quality(quality);
  const one = (image: Tensor): Tensor => tensor_of_bytes(encoded_jpeg('encode_jpeg', image, quality));
  if (input instanceof Tensor) return one(input);
  if (input.length === 0) {
    throw new Error('encode_jpeg requires at least one input tensor when a list is passed');
  }
  return input.map(one);
}

const WRITE_JPEG = signature<JpegArguments<Tensor> & { filename: string }>(
  'write_jpeg',
  'input: Tensor, filename: str, quality?: int',
);

/**
 * Writes an image to a JPEG file. Mirrors `torchvision.io.write_jpeg`; see {@link encode_jpeg}.
 *
 * @param input - uint8, of shape `(C, H, W)` with 1 or 3 channels
 * @param filename - the file
 * @param quality - from 1 to 100; default 75
 * @throws Error for other images and qualities, and for a file that cannot be written
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'io-')), 'image.jpg');
 * io.write_jpeg(torch.zeros([3, 8, 8], { dtype: torch.uint8 }), path);
 * print(io.read_image(path).shape); // torch.Size([3, 8, 8])
 * ```
 */
export function write_jpeg(
  ...args: Arguments<
    [input: Tensor, filename: string, quality?: number],
    JpegArguments<Tensor> & { filename: string },
    ['input', 'filename', 'quality']
  >
): void;
export function write_jpeg(...args: unknown[]): void {
  const { input, filename, quality = 75 } = WRITE_JPEG.read(args);
  check_quality(quality);
  write_bytes('write_jpeg', filename, encoded_jpeg('write_jpeg', input, quality));
}
