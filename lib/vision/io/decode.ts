/** Images from bytes and files. */
import { readFile } from 'node:fs/promises';

import { frombuffer } from '../../creation.js';
import { native } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { device as as_device, type DeviceLike } from '../../types/device.js';
import { uint16, uint8 } from '../../types/dtype.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { format_of, is_tiff, load_sharp, run_job, type Format, type Job, type Pixels } from './codec.js';
import { bytes_of, read_file } from './files.js';
import { ImageReadMode, read_mode, type ReadModeLike } from './image_read_mode.js';
import { run_waiting, with_callee } from './run_codec.js';

/** Pixels as a tensor `(C, H, W)`, of several images `(N, C, H, W)`; a view with the channels last, as torchvision's. */
function tensor_of({ data, width, height, channels, pages, depth }: Pixels): Tensor {
  const values = frombuffer(data, { dtype: depth === 16 ? uint16 : uint8 });
  return pages === 1
    ? values.view(height, width, channels).permute(2, 0, 1)
    : values.view(pages, height, width, channels).permute(0, 3, 1, 2);
}

type DecodeJob = Job & { what: 'decode' };

/**
 * The image of a JPEG file that the addon decodes in this thread; null for what is left to sharp, errors among it. Baseline files
 * it reads by itself, others by the library that sharp has loaded: by sharp itself, in another thread, a photo of 500 x 375
 * pixels takes twice as long as by that.
 */
function decoded_here({ callee, data, format, mode, orient }: DecodeJob, by_planes: boolean): Tensor | null {
  if (format !== 'jpeg' || orient || (mode !== 'RGB' && mode !== 'UNCHANGED')) return null;
  let handle = native.decode_jpeg(data, by_planes, null);
  if (handle === null) {
    load_sharp(callee);
    handle = native.decode_jpeg(data, by_planes, null);
  }
  if (handle === null) return null;
  const pixels = wrap(handle);
  return mode === 'RGB' && pixels.size(0) === 1 ? pixels.expand(3, -1, -1).contiguous() : pixels;
}

/** Decodes an image, and waits for it. @throws Error of the file */
const decoded = (job: DecodeJob, by_planes = false): Tensor =>
  decoded_here(job, by_planes) ?? tensor_of(run_waiting(job));

/** @throws Error for bytes of another format */
function job_of(
  callee: string,
  data: Uint8Array,
  format: Format | null,
  mode: ReadModeLike,
  orient: boolean,
): DecodeJob {
  const found = format_of(data);
  if (found === undefined || (format !== null && found !== format)) {
    throw new Error(
      format === null
        ? `${callee}(): Unsupported image file. Only jpeg, png, webp and gif are currently supported.`
        : `${callee}(): the input is not a ${format.toUpperCase()} file`,
    );
  }
  return { what: 'decode', callee, data, format: found, mode: read_mode(mode), orient };
}

/** The options of {@link decode_image}. */
export interface DecodeOptions {
  /** The channels of the result. Default `ImageReadMode.UNCHANGED`: those of the file. */
  mode?: ReadModeLike;
  /** Turn the image as its EXIF data say. Default false. */
  apply_exif_orientation?: boolean;
}

type DecodeArguments<I> = DecodeOptions & { input: I };
type DecodeImage = Arguments<
  [input: Tensor | string, mode?: ReadModeLike, apply_exif_orientation?: boolean],
  DecodeArguments<Tensor | string>,
  ['input', 'mode', 'apply_exif_orientation']
>;

const DECODE_IMAGE = signature<DecodeArguments<Tensor | string>>(
  'decode_image',
  'input: Tensor|str, mode?: ImageReadMode|str, apply_exif_orientation?: bool',
);
const DECODE_IMAGE_ASYNC = DECODE_IMAGE.renamed('decode_image_async');
const DECODE_PNG = signature<DecodeArguments<Tensor>>(
  'decode_png',
  'input: Tensor, mode?: ImageReadMode|str, apply_exif_orientation?: bool',
);

/**
 * Decodes a JPEG, PNG, WebP or GIF image, by the npm package `sharp`, which is to be installed beside this one; the usual JPEG
 * files, which are baseline ones in grey or in colors, without it. Mirrors `torchvision.io.decode_image`.
 *
 * The bytes are those of torchvision, but for `GRAY` of JPEG files, which may differ by 1 where colors were clipped, and
 * PNG files with a palette, which are RGB where torchvision gives the numbers of colors.
 *
 * @param input - the bytes of the image as a uint8 tensor, or the path of its file
 * @param mode - the channels of the result; default `ImageReadMode.UNCHANGED`: those of the file
 * @param apply_exif_orientation - turn the image as its EXIF data say; default false
 * @returns uint8, uint16 for PNG files with 16 bits, of shape `(C, H, W)`; `(N, 3, H, W)` for GIF files with several images
 * @throws Error for other bytes, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const png = io.encode_png(torch.full([3, 2, 2], 7, { dtype: torch.uint8 }));
 * print(io.decode_image(png).shape, io.decode_image(png, 'GRAY')); // torch.Size([3, 2, 2]) tensor([[[7, 7],
 * //          [7, 7]]], dtype=torch.uint8)
 * ```
 */
export function decode_image(...args: DecodeImage): Tensor;
export function decode_image(...args: unknown[]): Tensor {
  const { input, mode = ImageReadMode.UNCHANGED, apply_exif_orientation: orient = false } = DECODE_IMAGE.read(args);
  const bytes = bytes_of('decode_image', typeof input === 'string' ? read_file(input) : input);
  return decoded(job_of('decode_image', bytes, null, mode, orient));
}

/**
 * An image of a dataset, of which TIFF files are, too, in the order in which transforms compute with it; null for bytes of no
 * known format.
 */
export function decode_any(callee: string, data: Uint8Array, mode: ReadModeLike): Tensor | null {
  const format = is_tiff(data) ? 'tiff' : format_of(data);
  if (format === undefined) return null;
  return decoded({ what: 'decode', callee, data, format, mode: read_mode(mode), orient: false }, true);
}

/** Does a job in the threads of libuv. */
async function run_awaited(job: Job): Promise<Tensor> {
  try {
    return tensor_of(await run_job(job));
  } catch (error) {
    throw new Error(with_callee(job, (error as Error).message), { cause: error });
  }
}

/**
 * {@link decode_image} without waiting: images that are decoded at once use several cores. Python has no such function.
 *
 * @param input - the bytes of the image as a uint8 tensor, or the path of its file
 * @param mode - the channels of the result; default `ImageReadMode.UNCHANGED`: those of the file
 * @param apply_exif_orientation - turn the image as its EXIF data say; default false
 * @returns a promise of the image
 * @throws Error, by the promise, for other bytes, and when `sharp` is not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const png = io.encode_png(torch.full([3, 2, 2], 7, { dtype: torch.uint8 }));
 * const images = await Promise.all([io.decode_image_async(png), io.decode_image_async(png, 'GRAY')]);
 * print(images.map((image) => image.shape)); // [torch.Size([3, 2, 2]), torch.Size([1, 2, 2])]
 * ```
 */
export function decode_image_async(...args: DecodeImage): Promise<Tensor>;
export async function decode_image_async(...args: unknown[]): Promise<Tensor> {
  const {
    input,
    mode = ImageReadMode.UNCHANGED,
    apply_exif_orientation: orient = false,
  } = DECODE_IMAGE_ASYNC.read(args);
  const bytes = typeof input === 'string' ? await readFile(input) : bytes_of('decode_image_async', input);
  return run_awaited(job_of('decode_image_async', bytes, null, mode, orient));
}

type ReadArguments = DecodeOptions & { path: string };
const READ_IMAGE = signature<ReadArguments>(
  'read_image',
  'path: str, mode?: ImageReadMode|str, apply_exif_orientation?: bool',
);

/**
 * Reads a JPEG, PNG, WebP or GIF file. Mirrors `torchvision.io.read_image`; see {@link decode_image}.
 *
 * @param path - the file
 * @param mode - the channels of the result; default `ImageReadMode.UNCHANGED`: those of the file
 * @param apply_exif_orientation - turn the image as its EXIF data say; default false
 * @returns uint8, of shape `(C, H, W)`
 * @throws Error for other files, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { io } from 'torch-node/vision';
 * const path = join(mkdtempSync(join(tmpdir(), 'io-')), 'image.png');
 * io.write_png(torch.full([3, 2, 2], 7, { dtype: torch.uint8 }), path);
 * print(io.read_image(path, { mode: io.ImageReadMode.GRAY })); // tensor([[[7, 7],
 * //          [7, 7]]], dtype=torch.uint8)
 * ```
 */
export function read_image(
  ...args: Arguments<
    [path: string, mode?: ReadModeLike, apply_exif_orientation?: boolean],
    ReadArguments,
    ['path', 'mode', 'apply_exif_orientation']
  >
): Tensor;
export function read_image(...args: unknown[]): Tensor {
  const { path, mode = ImageReadMode.UNCHANGED, apply_exif_orientation = false } = READ_IMAGE.read(args);
  return decode_image(read_file(path), mode, apply_exif_orientation);
}

/**
 * Decodes a PNG image. Mirrors `torchvision.io.decode_png`; see {@link decode_image}.
 *
 * @param input - the bytes of the image, uint8
 * @param mode - the channels of the result; default `ImageReadMode.UNCHANGED`: those of the file
 * @param apply_exif_orientation - turn the image as its EXIF data say; default false
 * @returns uint8, or uint16 for 16 bits, of shape `(C, H, W)`
 * @throws Error for other bytes, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const png = io.encode_png(torch.full([1, 1, 2], 7, { dtype: torch.uint8 }));
 * print(io.decode_png(png)); // tensor([[[7, 7]]], dtype=torch.uint8)
 * ```
 */
export function decode_png(
  ...args: Arguments<
    [input: Tensor, mode?: ReadModeLike, apply_exif_orientation?: boolean],
    DecodeArguments<Tensor>,
    ['input', 'mode', 'apply_exif_orientation']
  >
): Tensor;
export function decode_png(...args: unknown[]): Tensor {
  const { input, mode = ImageReadMode.UNCHANGED, apply_exif_orientation: orient = false } = DECODE_PNG.read(args);
  return tensor_of(run_waiting(job_of('decode_png', bytes_of('decode_png', input), 'png', mode, orient)));
}

type DecodeJpegArguments<I> = DecodeArguments<I> & { device?: DeviceLike };
const DECODE_JPEG = signature<DecodeJpegArguments<Tensor | readonly Tensor[]>>(
  'decode_jpeg',
  'input: Tensor|Tensor[], mode?: ImageReadMode|str, device?: device|str, apply_exif_orientation?: bool',
);

type DecodeJpeg<I> = Arguments<
  [input: I, mode?: ReadModeLike, device?: DeviceLike, apply_exif_orientation?: boolean],
  DecodeJpegArguments<I>,
  ['input', 'mode', 'device', 'apply_exif_orientation']
>;

/**
 * Decodes a JPEG image, or a list of them. Mirrors `torchvision.io.decode_jpeg`; see {@link decode_image}. Images are
 * decoded on the CPU, and go from there to another device.
 *
 * @param input - the bytes of the image, uint8, or a list of such tensors
 * @param mode - the channels of the result; default `ImageReadMode.UNCHANGED`: those of the file
 * @param device - where the result is; default `'cpu'`
 * @param apply_exif_orientation - turn the image as its EXIF data say; default false
 * @returns uint8, of shape `(C, H, W)`, or a list of such tensors
 * @throws Error for other bytes, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const jpeg = io.encode_jpeg(torch.full([3, 8, 8], 50, { dtype: torch.uint8 }));
 * print(io.decode_jpeg(jpeg).shape, io.decode_jpeg(jpeg).float().mean()); // torch.Size([3, 8, 8]) tensor(50.)
 * ```
 */
export function decode_jpeg(...args: DecodeJpeg<Tensor>): Tensor;
export function decode_jpeg(...args: DecodeJpeg<readonly Tensor[]>): Tensor[];
export function decode_jpeg(...args: unknown[]): Tensor | Tensor[] {
  const {
    input,
    mode = ImageReadMode.UNCHANGED,
    device = 'cpu',
    apply_exif_orientation: orient = false,
  } = DECODE_JPEG.read(args);
  const target = as_device(device);
  const one = (image: Tensor): Tensor => {
    const job = job_of('decode_jpeg', bytes_of('decode_jpeg', image), 'jpeg', mode, orient);
    const result = decoded(job);
    return target.type === 'cpu' ? result : result.to(target);
  };
  if (input instanceof Tensor) return one(input);
  if (input.length === 0) throw new Error('Input list must contain at least one element');
  return input.map(one);
}

const DECODE_WEBP = signature<{ input: Tensor; mode?: ReadModeLike }>(
  'decode_webp',
  'input: Tensor, mode?: ImageReadMode|str',
);

/**
 * Decodes a WebP image. Mirrors `torchvision.io.decode_webp`; see {@link decode_image}.
 *
 * @param input - the bytes of the image, uint8
 * @param mode - `RGB`, `RGB_ALPHA`, or, as all others, the channels of the file; default `ImageReadMode.UNCHANGED`
 * @returns uint8, of shape `(C, H, W)`
 * @throws Error for other bytes, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const bytes = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
 * print(io.decode_webp(torch.frombuffer(bytes, { dtype: torch.uint8 })).shape); // torch.Size([4, 1, 1])
 * ```
 */
export function decode_webp(
  ...args: Arguments<[input: Tensor, mode?: ReadModeLike], { input: Tensor; mode?: ReadModeLike }, ['input', 'mode']>
): Tensor;
export function decode_webp(...args: unknown[]): Tensor {
  const { input, mode = ImageReadMode.UNCHANGED } = DECODE_WEBP.read(args);
  return tensor_of(run_waiting(job_of('decode_webp', bytes_of('decode_webp', input), 'webp', mode, false)));
}

const DECODE_GIF = signature<{ input: Tensor }>('decode_gif', 'input: Tensor');

/**
 * Decodes a GIF image. Mirrors `torchvision.io.decode_gif`; see {@link decode_image}.
 *
 * @param input - the bytes of the image, uint8
 * @returns uint8, of shape `(3, H, W)`, or `(N, 3, H, W)` for several images
 * @throws Error for other bytes, and when `sharp` is needed and not there
 * @example
 * ```ts
 * import { io } from 'torch-node/vision';
 * const bytes = Buffer.from('R0lGODdhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
 * print(io.decode_gif(torch.frombuffer(bytes, { dtype: torch.uint8 })).flatten()); // tensor([255, 255, 255], dtype=torch.uint8)
 * ```
 */
export function decode_gif(...args: [input: Tensor] | [options: { input: Tensor }]): Tensor;
export function decode_gif(...args: unknown[]): Tensor {
  const { input } = DECODE_GIF.read(args);
  return tensor_of(run_waiting(job_of('decode_gif', bytes_of('decode_gif', input), 'gif', 'UNCHANGED', false)));
}
