/**
 * Decodes and encodes images by the npm package sharp, as torchvision's libraries do: bytes to bytes, without tensors, so that
 * a thread that has nothing else can run it.
 */
import { optional_package } from '../../_internal/optional_package.js';

/** The channels that a decoded image is to have. */
export type ReadMode = 'UNCHANGED' | 'GRAY' | 'GRAY_ALPHA' | 'RGB' | 'RGB_ALPHA';
export type Format = 'jpeg' | 'png' | 'webp' | 'gif';

/** Pixels in the order of rows, columns and channels; 16-bit ones in the order of the machine. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** How many images of this size there are. */
  readonly pages: number;
  /** Bits of a value: 8 or 16. */
  readonly depth: number;
}

/** What is to be done, as it goes to another thread. */
export type Job =
  | {
      readonly what: 'decode';
      readonly callee: string;
      readonly data: Uint8Array;
      readonly format: Format | 'tiff';
      readonly mode: ReadMode;
      readonly orient: boolean;
    }
  | {
      readonly what: 'encode_jpeg';
      readonly callee: string;
      readonly data: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly channels: number;
      readonly quality: number;
    };

/** What is used of an image of sharp. Its own types would be needed where it is not installed. */
interface Sharp {
  metadata(): Promise<{ space?: string; channels?: number; hasAlpha?: boolean; depth?: string }>;
  rotate(): Sharp;
  removeAlpha(): Sharp;
  ensureAlpha(): Sharp;
  pipelineColourspace(space: string): Sharp;
  toColourspace(space: string): Sharp;
  raw(options: { depth: string }): Sharp;
  jpeg(options: Readonly<Record<string, unknown>>): Sharp;
  toBuffer(): Promise<Uint8Array>;
  toBuffer(options: { resolveWithObject: true }): Promise<{
    data: Uint8Array;
    info: { width: number; height: number; channels: number; pages?: number };
  }>;
}

type SharpModule = (input: Uint8Array, options?: Readonly<Record<string, unknown>>) => Sharp;

/** Sharp, when it is installed. @throws Error that says how to install it */
export const load_sharp = (callee: string): SharpModule => optional_package<SharpModule>('sharp', `${callee}()`);

const signatures: readonly (readonly [Format, (bytes: Uint8Array) => boolean])[] = [
  ['jpeg', (bytes) => begins(bytes, [0xff, 0xd8, 0xff])],
  ['png', (bytes) => begins(bytes, [0x89, 0x50, 0x4e, 0x47])],
  ['gif', (bytes) => begins(bytes, [0x47, 0x49, 0x46, 0x38])],
  ['webp', (bytes) => begins(bytes, [0x52, 0x49, 0x46, 0x46]) && begins(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50])],
];

const begins = (bytes: Uint8Array, start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** The format of a file, by its first bytes. */
export const format_of = (bytes: Uint8Array): Format | undefined => signatures.find(([, is]) => is(bytes))?.[0];

/** TIFF files of datasets, which torchvision reads by PIL: `decode_image` refuses them. */
export const is_tiff = (bytes: Uint8Array): boolean =>
  begins(bytes, [0x49, 0x49, 42, 0]) || begins(bytes, [0x4d, 0x4d, 0, 42]);

/** Raw pixels of an image that sharp reads. */
async function raw(image: Sharp, depth: number): Promise<Pixels> {
  const { data, info } = await image
    .raw({ depth: depth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pages = info.pages ?? 1;
  return { data, width: info.width, height: info.height / pages, channels: info.channels, pages, depth };
}

type Values = Uint8Array | Uint16Array;

const values_of = ({ data, depth }: Pixels): Values =>
  depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;

/** Pixels that are computed one by one from those of an image. */
function computed(
  pixels: Pixels,
  channels: number,
  compute: (from: Values, at: number, to: Values, i: number) => void,
): Pixels {
  const from = values_of(pixels);
  const count = pixels.width * pixels.height * pixels.pages;
  const data = new Uint8Array((count * channels * pixels.depth) / 8);
  const result = { ...pixels, data, channels };
  const to = values_of(result);
  for (let i = 0; i < count; i++) compute(from, i * pixels.channels, to, i * channels);
  return result;
}

type Luminance = (red: number, green: number, blue: number) => number;

/**
 * Luminance of a PNG as libpng computes it with the weights that torchvision gives: rounded for 16 bits, and not for 8.
 */
const png_gray =
  (depth: number): Luminance =>
  (red, green, blue) => {
    if (red === green && red === blue) return red;
    return Math.floor((9794 * red + 19234 * green + 3740 * blue + (depth === 16 ? 16384 : 0)) / 32768);
  };

/** Luminance of a JPEG, which has it in its first channel: from that, RGB was computed. */
const jpeg_gray = (red: number, green: number, blue: number): number =>
  (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;

/** One channel, or two with alpha, of an image with three or four. */
const to_gray = (pixels: Pixels, alpha: boolean, luminance: Luminance): Pixels =>
  computed(pixels, alpha ? 2 : 1, (from, at, to, i) => {
    to[i] = luminance(from[at]!, from[at + 1]!, from[at + 2]!);
    if (alpha) to[i + 1] = from[at + 3]!;
  });

/** What is left of a color under black ink; CMYK of JPEG files has 255 for no ink. */
function under_black(color: number, black: number): number {
  const product = black * (255 - color) + 128;
  return Math.min(Math.max(black - (((product >> 8) + product) >> 8), 0), 255);
}

async function decode_cmyk(image: Sharp, mode: ReadMode): Promise<Pixels> {
  const inked = await raw(image.pipelineColourspace('cmyk').toColourspace('cmyk'), 8);
  const cmyk = computed(inked, 4, (from, at, to, i) => {
    for (let k = 0; k < 4; k++) to[i + k] = 255 - from[at + k]!;
  });
  if (mode === 'UNCHANGED') return cmyk;
  const rgb = computed(cmyk, 3, (from, at, to, i) => {
    for (let k = 0; k < 3; k++) to[i + k] = under_black(from[at + k]!, from[at + 3]!);
  });
  return mode === 'GRAY' ? to_gray(rgb, false, jpeg_gray) : rgb;
}

/** The channels of a mode, where `UNCHANGED` is decided by the file. */
function mode_of(mode: ReadMode, gray: boolean, alpha: boolean): Exclude<ReadMode, 'UNCHANGED'> {
  if (mode !== 'UNCHANGED') return mode;
  if (gray) return alpha ? 'GRAY_ALPHA' : 'GRAY';
  return alpha ? 'RGB_ALPHA' : 'RGB';
}

/**
 * Whether a GIF file has all of its blocks. libvips gives the images that there are of one that ends early; others throw.
 */
function gif_is_whole(bytes: Uint8Array): boolean {
  /** The bytes of a table of colors, whose size is in the lowest bits. */
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + table(bytes[10] ?? 0);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === 0x3b) return true;
    at += kind === 0x2c ? 11 + table(bytes[at + 9] ?? 0) : 2;
    // Pieces of up to 255 bytes, behind their length.
    while ((bytes[at] ?? 0) > 0) at += 1 + bytes[at]!;
    at++;
  }
  return false;
}

/** WebP has no shades of gray; torchvision gives the colors of the file for these modes. */
function decode_webp(image: Sharp, mode: ReadMode, has_alpha: boolean): Promise<Pixels> {
  const wanted = mode === 'RGB' || mode === 'RGB_ALPHA' ? mode : mode_of('UNCHANGED', false, has_alpha);
  return raw(wanted === 'RGB' ? image.removeAlpha() : image.ensureAlpha(), 8);
}

/** An image of which the file may have shades of gray, or 16 bits. */
async function decode_channels(
  image: Sharp,
  wanted: Exclude<ReadMode, 'UNCHANGED'>,
  gray: boolean,
  depth: number,
  luminance: Luminance,
): Promise<Pixels> {
  const alpha = wanted === 'GRAY_ALPHA' || wanted === 'RGB_ALPHA';
  const kept = alpha ? image.ensureAlpha() : image.removeAlpha();
  if (wanted === 'GRAY' && gray) return raw(kept.toColourspace(depth === 16 ? 'grey16' : 'b-w'), depth);
  const colors = await raw(kept.toColourspace(depth === 16 ? 'rgb16' : 'srgb'), depth);
  return wanted === 'RGB' || wanted === 'RGB_ALPHA' ? colors : to_gray(colors, alpha, luminance);
}

async function decode({ callee, data, format, mode, orient }: Job & { what: 'decode' }): Promise<Pixels> {
  if (format === 'gif' && !gif_is_whole(data)) throw new Error(`${callee}(): the GIF file ends early`);
  if (format === 'jpeg' && (mode === 'GRAY_ALPHA' || mode === 'RGB_ALPHA')) {
    throw new Error(`${callee}(): The provided mode is not supported for JPEG files`);
  }
  const sharp = load_sharp(callee);
  // Colors are those of the file: a profile is not applied, and a broken file is an error.
  const options = { ignoreIcc: true, animated: format === 'gif', failOn: 'error', limitInputPixels: false };
  const plain = sharp(data, options);
  const { space, channels = 3, hasAlpha = false, depth: kind } = await plain.metadata();
  const image = orient ? plain.rotate() : plain;
  if (format === 'gif' || format === 'tiff') return raw(image.removeAlpha().toColourspace('srgb'), 8);
  if (format === 'webp') return decode_webp(image, mode, hasAlpha);
  if (space === 'cmyk') return decode_cmyk(image, mode);
  const depth = kind === 'ushort' ? 16 : 8;
  const gray = channels <= 2;
  const luminance = format === 'png' ? png_gray(depth) : jpeg_gray;
  return decode_channels(image, mode_of(mode, gray, hasAlpha), gray, depth, luminance);
}

/** What libjpeg writes behind the first marker, and libvips does not: version 1.1, no density. */
const jfif = Uint8Array.of(0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);

async function encode_jpeg(job: Job & { what: 'encode_jpeg' }): Promise<Pixels> {
  const { width, height, channels, quality } = job;
  const sharp = load_sharp(job.callee);
  const image = sharp(job.data, { raw: { width, height, channels }, limitInputPixels: false });
  const bytes = await (channels === 1 ? image.toColourspace('b-w') : image)
    .jpeg({ quality, chromaSubsampling: '4:2:0', optimiseCoding: false, mozjpeg: false, quantisationTable: 0 })
    .toBuffer();
  const data = Buffer.concat([bytes.subarray(0, 2), jfif, bytes.subarray(2)]);
  return { data, width: data.length, height: 1, channels: 1, pages: 1, depth: 8 };
}

/** Does a job in this thread. */
export const run_job = (job: Job): Promise<Pixels> => (job.what === 'decode' ? decode(job) : encode_jpeg(job));
