/** Functions that choose among pixels, or add some: sizes, crops, borders, flips. */
import { from_nested } from '../../../creation.js';
import { interpolate, pad as pad_border, type InterpolateOptions } from '../../../nn/functional/index.js';
import { python_repr } from '../../../python/print.js';
import { Tuple } from '../../../python/values.js';
import { float32, float64, int64, uint8 } from '../../../types/dtype.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { check_image, dimensions, through_batch } from './image.js';
import { InterpolationMode, mode_of, type Interpolation } from './interpolation_mode.js';
import { is_computed_as_pillow, of_same_kind, resized_as_pillow } from './pil_image.js';
import { padded_as_pillow } from './pil_warps.js';
import { part_of_unread } from './unread_image.js';

/** The borders that {@link pad} adds: one value, the edge pixel, or the image mirrored without or with its edge. */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

/** Python's `round`: halves to the even number. */
export function round_half_even(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The size of a resized image. `size` null, of v2 alone, makes the longer edge `max_size`.
 * @throws Error for what torchvision refuses
 */
export function resized_size(
  [height, width]: readonly [number, number],
  size: readonly number[] | null,
  max_size: number | null,
): [height: number, width: number] {
  if (size !== null && size.length === 2) return [size[0]!, size[1]!];
  const [shorter, longer] = width <= height ? [width, height] : [height, width];
  let [short, long] = [0, 0];
  if (size === null) {
    [short, long] = [Math.trunc((max_size! * shorter) / longer), max_size!];
  } else {
    short = size[0]!;
    long = Math.trunc((short * longer) / shorter);
    if (max_size !== null) {
      if (max_size <= short) {
        throw new Error(
          `max_size = ${max_size} must be strictly greater than the requested ` +
            `size for the smaller edge size = ${python_repr(size)}`,
        );
      }
      if (long > max_size) [short, long] = [Math.trunc((max_size * short) / long), max_size];
    }
  }
  return width <= height ? [long, short] : [short, long];
}

/** Resamples an image to a size. */
export function resample(img: Tensor, size: readonly [number, number], mode: string, antialias: boolean): Tensor {
  if (is_computed_as_pillow(img)) return resized_as_pillow(img, size, mode);
  const smooth = mode === 'bilinear' || mode === 'bicubic';
  const options: InterpolateOptions = {
    size,
    mode: mode as InterpolateOptions['mode'] & string,
    align_corners: smooth ? false : null,
    antialias: antialias && smooth,
  };
  return through_batch(img, [float32, float64], (batch) => {
    const resampled = interpolate(batch, options);
    // Cubic interpolation overshoots.
    return mode === 'bicubic' && img.dtype === uint8 ? resampled.clamp(0, 255) : resampled;
  });
}

/** The options of {@link resize}. */
export interface ResizeOptions {
  /** How pixels between pixels are computed. Default `InterpolationMode.BILINEAR`. */
  interpolation?: Interpolation;
  /** The most that the longer edge may have, where `size` is one number. Default null. */
  max_size?: number | null;
  /** Low-pass filter when downsampling, for bilinear and bicubic. Default true. */
  antialias?: boolean | null;
}

interface ResizeArguments extends ResizeOptions {
  img: Tensor;
  size: number | readonly number[];
}

const RESIZE = signature<ResizeArguments>(
  'resize',
  'img: Tensor, size: int|int[], interpolation?: InterpolationMode|int, max_size?: int|None, antialias?: bool|None',
);

function resized(
  img: Tensor,
  size: number | readonly number[],
  interpolation: Interpolation,
  max_size: number | null,
  antialias: boolean | null,
): Tensor {
  const mode = mode_of(interpolation);
  if (typeof size !== 'number') {
    if (size.length !== 1 && size.length !== 2) {
      throw new Error(`Size must be an int or a 1 or 2 element tuple/list, not a ${size.length} element tuple/list`);
    }
    if (max_size !== null && size.length !== 1) {
      throw new Error(
        'max_size should only be passed if size specifies the length of the smaller edge, ' +
          'i.e. size should be an int or a sequence of length 1 in torchscript mode.',
      );
    }
  }
  const [, height, width] = dimensions(img);
  const target = resized_size([height, width], typeof size === 'number' ? [size] : size, max_size);
  if (target[0] === height && target[1] === width) return img;
  return resample(img, target, mode.value, antialias ?? false);
}

/**
 * Resizes an image. Mirrors `torchvision.transforms.functional.resize`.
 *
 * @param img - of shape `(..., C, H, W)`; integers are computed with as float32 and rounded. What datasets and `to_pil_image` give stands for an
 *   image of PIL, and gets the bytes of Pillow
 * @param size - height and width, or one number for the shorter edge
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param max_size - the most that the longer edge may have, where `size` is one number; default null
 * @param antialias - low-pass filter when downsampling, for bilinear and bicubic; default true
 * @throws Error for a `max_size` not above `size`, and for modes of PIL images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.arange(16, { dtype: torch.uint8 }).view(1, 4, 4);
 * print(transforms.functional.resize(img, 2)); // tensor([[[ 4,  5],
 * //          [10, 11]]], dtype=torch.uint8)
 * ```
 */
export function resize(
  ...args: Arguments<
    [
      img: Tensor,
      size: number | readonly number[],
      interpolation?: Interpolation,
      max_size?: number | null,
      antialias?: boolean | null,
    ],
    ResizeArguments,
    ['img', 'size', 'interpolation', 'max_size', 'antialias']
  >
): Tensor;
export function resize(...args: unknown[]): Tensor {
  const {
    img,
    size,
    interpolation = InterpolationMode.BILINEAR,
    max_size = null,
    antialias = true,
  } = RESIZE.read(args);
  return resized(img, size, interpolation, max_size, antialias);
}

/** Left, top, right and bottom of a border. */
export function borders(padding: number | readonly number[]): [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  const [left, top = left, right = left, bottom = top] = padding as [number, number?, number?, number?];
  return [left, top, right, bottom];
}

/** The places of `size` pixels with a mirrored border on both sides, which repeats the edge. */
function mirrored(size: number, before: number, after: number): Tensor {
  const places: number[] = [];
  for (let i = before - 1; i >= 0; i--) places.push(i);
  for (let i = 0; i < size; i++) places.push(i);
  for (let i = 1; i <= after; i++) places.push(size - i);
  return from_nested(places, { dtype: int64 }, 'pad');
}

function pad_symmetric(img: Tensor, [left, top, right, bottom]: readonly number[]): Tensor {
  const cut = (side: number): number => Math.max(-side, 0);
  const added = (side: number): number => Math.max(side, 0);
  const height = img.size(-2) - cut(top!) - cut(bottom!);
  const width = img.size(-1) - cut(left!) - cut(right!);
  return img
    .narrow(-2, cut(top!), height)
    .narrow(-1, cut(left!), width)
    .index_select(-2, mirrored(height, added(top!), added(bottom!)).to(img.device))
    .index_select(-1, mirrored(width, added(left!), added(right!)).to(img.device));
}

/** As {@link pad}, of checked arguments. */
export function padded(img: Tensor, sides: readonly number[], fill: number, mode: PaddingMode): Tensor {
  return of_same_kind(img, bordered(img, sides, fill, mode));
}

function bordered(img: Tensor, sides: readonly number[], fill: number, mode: PaddingMode): Tensor {
  if (mode === 'symmetric') return pad_symmetric(img, sides);
  const [left, top, right, bottom] = sides as [number, number, number, number];
  const pads = [left, right, top, bottom];
  if (mode === 'constant') return pad_border(img, pads, 'constant', fill);
  const place = mode === 'edge' ? 'replicate' : 'reflect';
  // Kernels of these borders are for floating point; integers come back as they went, so there is nothing to round.
  return through_batch(img, [float32, float64], (batch) => pad_border(batch, pads, place));
}

/** @throws Error for what torchvision refuses */
export function check_padding(padding: number | readonly number[], padding_mode: string): void {
  if (typeof padding !== 'number' && ![1, 2, 4].includes(padding.length)) {
    throw new Error(`Padding must be an int or a 1, 2, or 4 element tuple, not a ${padding.length} element tuple`);
  }
  if (!['constant', 'edge', 'reflect', 'symmetric'].includes(padding_mode)) {
    throw new Error('Padding mode should be either constant, edge, reflect or symmetric');
  }
}

/** The options of {@link pad}. */
export interface PadOptions {
  /** The value of the border, where `padding_mode` is `'constant'`; for images of PIL also one for each channel. Default 0. */
  fill?: number | readonly number[] | null;
  /** What the border is. Default `'constant'`. */
  padding_mode?: PaddingMode;
}

interface PadArguments extends PadOptions {
  img: Tensor;
  padding: number | readonly number[];
}

const PAD = signature<PadArguments>(
  'pad',
  'img: Tensor, padding: int|int[], fill?: float|float[]|None, padding_mode?: str',
);

/**
 * Adds a border to an image; a negative border is cut off. Mirrors `torchvision.transforms.functional.pad`.
 *
 * @param img - of shape `(..., H, W)`
 * @param padding - of all sides, of left/right and top/bottom, or of left, top, right and bottom
 * @param fill - the value of a constant border, for images of PIL also one for each channel; default 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`
 * @throws Error for other lengths and modes; TypeError for several values of a tensor that is not an image of PIL
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.pad(torch.tensor([[[1, 2, 3]]]), [2, 0], { padding_mode: 'symmetric' })); // tensor([[[2, 1, 1, 2, 3, 3, 2]]])
 * ```
 */
export function pad(
  ...args: Arguments<
    [
      img: Tensor,
      padding: number | readonly number[],
      fill?: number | readonly number[] | null,
      padding_mode?: PaddingMode,
    ],
    PadArguments,
    ['img', 'padding', 'fill', 'padding_mode']
  >
): Tensor;
export function pad(...args: unknown[]): Tensor {
  const { img, padding, fill = 0, padding_mode = 'constant' } = PAD.read(args);
  check_image(img);
  check_padding(padding, padding_mode);
  if (is_computed_as_pillow(img)) return padded_as_pillow(img, borders(padding), fill, padding_mode);
  if (typeof fill === 'object' && fill !== null) throw new TypeError('Got inappropriate fill arg');
  return padded(img, borders(padding), fill ?? 0, padding_mode);
}

/** A part of an image, with zeros where it leaves the image. */
export function cropped(img: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const [, full_height, full_width] = dimensions(img);
  const read = part_of_unread(img, [top, left, height, width]);
  if (read !== undefined) return read;
  const span = (from: number, length: number, size: number): [start: number, count: number] => {
    const start = Math.min(Math.max(from, 0), size);
    return [start, Math.max(Math.min(from + length, size) - start, 0)];
  };
  const [y, rows] = span(top, height, full_height);
  const [x, columns] = span(left, width, full_width);
  const inside = img.narrow(-2, y, rows).narrow(-1, x, columns);
  if (rows === height && columns === width) return of_same_kind(img, inside);
  const before = (from: number, length: number): number => Math.min(Math.max(-from, 0), Math.max(length, 0));
  const [above, beside] = [before(top, height), before(left, width)];
  const sides = [beside, above, width - columns - beside, height - rows - above];
  return padded(of_same_kind(img, inside), sides, 0, 'constant');
}

interface CropArguments {
  img: Tensor;
  top: number;
  left: number;
  height: number;
  width: number;
}

const CROP = signature<CropArguments>('crop', 'img: Tensor, top: int, left: int, height: int, width: int');

/**
 * Cuts a part out of an image; outside of the image there are zeros. Mirrors `torchvision.transforms.functional.crop`.
 *
 * @param img - of shape `(..., H, W)`
 * @param top - row of the upper edge
 * @param left - column of the left edge
 * @param height - number of rows
 * @param width - number of columns
 * @returns a view where the part lies within the image
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.arange(16).view(1, 4, 4);
 * print(transforms.functional.crop(img, 1, 2, 2, 3)); // tensor([[[ 6,  7,  0],
 * //          [10, 11,  0]]])
 * ```
 */
export function crop(
  ...args: Arguments<
    [img: Tensor, top: number, left: number, height: number, width: number],
    CropArguments,
    ['img', 'top', 'left', 'height', 'width']
  >
): Tensor;
export function crop(...args: unknown[]): Tensor {
  const { img, top, left, height, width } = CROP.read(args);
  return cropped(img, top, left, height, width);
}

/** A height and a width of one number, a list of one, or both. */
export function height_and_width(size: number | readonly number[]): readonly number[] {
  if (typeof size === 'number') return Tuple.of(size, size);
  return size.length === 1 ? Tuple.of(size[0]!, size[0]!) : size;
}

/** As {@link center_crop}. */
export function center_cropped(img: Tensor, [height, width]: readonly [number, number]): Tensor {
  let image = img;
  let [, full_height, full_width] = dimensions(image);
  if (width > full_width || height > full_height) {
    const [missing_rows, missing_columns] = [Math.max(height - full_height, 0), Math.max(width - full_width, 0)];
    const sides = [
      Math.floor(missing_columns / 2),
      Math.floor(missing_rows / 2),
      Math.ceil(missing_columns / 2),
      Math.ceil(missing_rows / 2),
    ];
    image = padded(image, sides, 0, 'constant');
    [, full_height, full_width] = dimensions(image);
  }
  if (height === full_height && width === full_width) return image;
  const top = round_half_even((full_height - height) / 2);
  const left = round_half_even((full_width - width) / 2);
  return cropped(image, top, left, height, width);
}

const CENTER_CROP = signature<{ img: Tensor; output_size: number | readonly number[] }>(
  'center_crop',
  'img: Tensor, output_size: int|int[]',
);

/** @throws Error unless there are two */
function pair_of(size: readonly number[], message: string): [number, number] {
  if (size.length !== 2) throw new Error(message);
  return [size[0]!, size[1]!];
}

const TWO_DIMENSIONS = 'Please provide only two dimensions (h, w) for size.';

/**
 * Cuts the middle out of an image; a smaller image gets a border of zeros. Mirrors
 * `torchvision.transforms.functional.center_crop`.
 *
 * @param img - of shape `(..., H, W)`
 * @param output_size - height and width, or one number for both
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.center_crop(torch.arange(16).view(1, 4, 4), 2)); // tensor([[[ 5,  6],
 * //          [ 9, 10]]])
 * ```
 */
export function center_crop(
  ...args: Arguments<
    [img: Tensor, output_size: number | readonly number[]],
    { img: Tensor; output_size: number | readonly number[] },
    ['img', 'output_size']
  >
): Tensor;
export function center_crop(...args: unknown[]): Tensor {
  const { img, output_size } = CENTER_CROP.read(args);
  return center_cropped(img, pair_of(height_and_width(output_size), TWO_DIMENSIONS));
}

/** The options of {@link resized_crop}. */
export interface ResizedCropOptions {
  /** How pixels between pixels are computed. Default `InterpolationMode.BILINEAR`. */
  interpolation?: Interpolation;
  /** Low-pass filter when downsampling, for bilinear and bicubic. Default true. */
  antialias?: boolean | null;
}

interface ResizedCropArguments extends ResizedCropOptions, CropArguments {
  size: number | readonly number[];
}

const RESIZED_CROP = signature<ResizedCropArguments>(
  'resized_crop',
  'img: Tensor, top: int, left: int, height: int, width: int, size: int|int[], ' +
    'interpolation?: InterpolationMode|int, antialias?: bool|None',
);

/**
 * Cuts a part out of an image and resizes it: {@link crop}, then {@link resize}. Mirrors
 * `torchvision.transforms.functional.resized_crop`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param top - row of the upper edge
 * @param left - column of the left edge
 * @param height - number of rows
 * @param width - number of columns
 * @param size - height and width of the result, or one number for the shorter edge
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param antialias - low-pass filter when downsampling, for bilinear and bicubic; default true
 * @throws Error for modes of PIL images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.arange(16, { dtype: torch.uint8 }).view(1, 4, 4);
 * print(transforms.functional.resized_crop(img, 0, 0, 2, 2, [1, 4])); // tensor([[[2, 2, 3, 3]]], dtype=torch.uint8)
 * ```
 */
export function resized_crop(
  ...args: Arguments<
    [
      img: Tensor,
      top: number,
      left: number,
      height: number,
      width: number,
      size: number | readonly number[],
      interpolation?: Interpolation,
      antialias?: boolean | null,
    ],
    ResizedCropArguments,
    ['img', 'top', 'left', 'height', 'width', 'size', 'interpolation', 'antialias']
  >
): Tensor;
export function resized_crop(...args: unknown[]): Tensor {
  const {
    img,
    top,
    left,
    height,
    width,
    size,
    interpolation = InterpolationMode.BILINEAR,
    antialias = true,
  } = RESIZED_CROP.read(args);
  return resized(cropped(img, top, left, height, width), size, interpolation, null, antialias);
}

const HFLIP = signature<{ img: Tensor }>('hflip', 'img: Tensor');
const VFLIP = HFLIP.renamed('vflip');

function flipped(img: Tensor, dim: number): Tensor {
  check_image(img);
  return of_same_kind(img, img.flip(dim));
}

/**
 * Flips an image from left to right. Mirrors `torchvision.transforms.functional.hflip`.
 *
 * @param img - of shape `(..., H, W)`
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.hflip(torch.tensor([[[1, 2], [3, 4]]]))); // tensor([[[2, 1],
 * //          [4, 3]]])
 * ```
 */
export function hflip(...args: [img: Tensor] | [options: { img: Tensor }]): Tensor;
export function hflip(...args: unknown[]): Tensor {
  return flipped(HFLIP.read(args).img, -1);
}

/**
 * Flips an image upside down. Mirrors `torchvision.transforms.functional.vflip`.
 *
 * @param img - of shape `(..., H, W)`
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.vflip(torch.tensor([[[1, 2], [3, 4]]]))); // tensor([[[3, 4],
 * //          [1, 2]]])
 * ```
 */
export function vflip(...args: [img: Tensor] | [options: { img: Tensor }]): Tensor;
export function vflip(...args: unknown[]): Tensor {
  return flipped(VFLIP.read(args).img, -2);
}

/** The four corners of an image and its middle. */
export type FiveCrops = [
  top_left: Tensor,
  top_right: Tensor,
  bottom_left: Tensor,
  bottom_right: Tensor,
  center: Tensor,
];

const FIVE_CROP = signature<{ img: Tensor; size: number | readonly number[] }>(
  'five_crop',
  'img: Tensor, size: int|int[]',
);

/** As {@link five_crop}. */
export function five_crops(img: Tensor, size: number | readonly number[]): FiveCrops {
  const [height, width] = pair_of(height_and_width(size), TWO_DIMENSIONS);
  const [, full_height, full_width] = dimensions(img);
  if (width > full_width || height > full_height) {
    const shown = python_repr(height_and_width(size));
    throw new Error(`Requested crop size ${shown} is bigger than input size (${full_height}, ${full_width})`);
  }
  const [bottom, right] = [full_height - height, full_width - width];
  const at = (top: number, left: number): Tensor => cropped(img, top, left, height, width);
  const center = center_cropped(img, [height, width]);
  return [at(0, 0), at(0, right), at(bottom, 0), at(bottom, right), center];
}

/**
 * The four corners of an image and its middle. Mirrors `torchvision.transforms.functional.five_crop`.
 *
 * @param img - of shape `(..., H, W)`
 * @param size - height and width of the parts, or one number for both
 * @throws Error for a size above that of the image
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = transforms.functional.five_crop(torch.arange(9).view(1, 3, 3), 1);
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4]
 * ```
 */
export function five_crop(
  ...args: Arguments<
    [img: Tensor, size: number | readonly number[]],
    { img: Tensor; size: number | readonly number[] },
    ['img', 'size']
  >
): FiveCrops;
export function five_crop(...args: unknown[]): FiveCrops {
  const { img, size } = FIVE_CROP.read(args);
  return five_crops(img, size);
}

interface TenCropArguments {
  img: Tensor;
  size: number | readonly number[];
  vertical_flip?: boolean;
}

const TEN_CROP = signature<TenCropArguments>('ten_crop', 'img: Tensor, size: int|int[], vertical_flip?: bool');

/**
 * {@link five_crop} of an image and of the flipped image. Mirrors `torchvision.transforms.functional.ten_crop`.
 *
 * @param img - of shape `(..., H, W)`
 * @param size - height and width of the parts, or one number for both
 * @param vertical_flip - flip upside down instead of from left to right; default false
 * @throws Error for a size above that of the image
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = transforms.functional.ten_crop(torch.arange(9).view(1, 3, 3), 1);
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4, 2, 0, 8, 6, 4]
 * ```
 */
export function ten_crop(
  ...args: Arguments<
    [img: Tensor, size: number | readonly number[], vertical_flip?: boolean],
    TenCropArguments,
    ['img', 'size', 'vertical_flip']
  >
): [...FiveCrops, ...FiveCrops];
export function ten_crop(...args: unknown[]): [...FiveCrops, ...FiveCrops] {
  const { img, size, vertical_flip = false } = TEN_CROP.read(args);
  return [...five_crops(img, size), ...five_crops(flipped(img, vertical_flip ? -2 : -1), size)];
}

interface EraseArguments {
  img: Tensor;
  i: number;
  j: number;
  h: number;
  w: number;
  v: Tensor;
  inplace?: boolean;
}

const ERASE = signature<EraseArguments>(
  'erase',
  'img: Tensor, i: int, j: int, h: int, w: int, v: Tensor, inplace?: bool',
);

/** A slice from a place on, as far as the dimension goes. */
function up_to(img: Tensor, dim: number, from: number, length: number): Tensor {
  const size = img.size(dim);
  const place = (index: number): number => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
  const start = place(from);
  return img.narrow(dim, start, Math.max(place(from + length) - start, 0));
}

/**
 * Writes values over a part of an image. Mirrors `torchvision.transforms.functional.erase`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param i - row of the upper edge
 * @param j - column of the left edge
 * @param h - number of rows
 * @param w - number of columns
 * @param v - the values, of a shape that broadcasts to the part
 * @param inplace - change the given tensor; default false
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.erase(torch.ones(1, 3, 3), 1, 1, 2, 2, torch.tensor(0))); // tensor([[[1., 1., 1.],
 * //          [1., 0., 0.],
 * //          [1., 0., 0.]]])
 * ```
 */
export function erase(
  ...args: Arguments<
    [img: Tensor, i: number, j: number, h: number, w: number, v: Tensor, inplace?: boolean],
    EraseArguments,
    ['img', 'i', 'j', 'h', 'w', 'v', 'inplace']
  >
): Tensor;
export function erase(...args: unknown[]): Tensor {
  const { img, i, j, h, w, v, inplace = false } = ERASE.read(args);
  check_image(img);
  const result = inplace ? img : img.clone();
  up_to(up_to(result, -2, i, h), -1, j, w).copy_(v);
  return result;
}
