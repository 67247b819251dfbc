/** Transforms that cut a random part out of images. */
import { python_bool } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { from_nested } from '../../creation.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import { float32 } from '../../types/dtype.js';
import { integer, uniform } from './draws.js';
import {
  crop,
  pad,
  resized_crop,
  round_half_even,
  type PaddingMode,
  type ResizedCropOptions,
} from './functional/geometry.js';
import { dimensions } from './functional/image.js';
import { InterpolationMode, mode_of, type Interpolation } from './functional/interpolation_mode.js';
import { call_text, number_text, rounded_tuple } from './representation.js';
import { checked_size, type ImageSize } from './sizes.js';
import { check_tensor, Transform } from './transform.js';
import { declare_cutting } from './functional/unread_image.js';

/** Row and column of the upper left corner, height and width. */
export type Part = [top: number, left: number, height: number, width: number];

/** The options of {@link RandomCrop}. */
export interface RandomCropOptions {
  /** The border that images get first, as of `Pad`. Default null: none. */
  padding?: number | readonly number[] | null;
  /** Give smaller images a border, instead of an error. Default false. */
  pad_if_needed?: boolean;
  /** The value of a constant border, for images of PIL also one for each channel. Default 0. */
  fill?: number | readonly number[];
  /** What the border is. Default `'constant'`. */
  padding_mode?: PaddingMode;
}

type RandomCropArguments = RandomCropOptions & { size: ImageSize };

const RANDOM_CROP = signature<RandomCropArguments>(
  'RandomCrop',
  'size: int|int[], padding?: int|int[]|None, pad_if_needed?: bool, fill?: float|float[], padding_mode?: str',
);
const CROP_PARAMS = signature<{ img: Tensor; output_size: readonly number[] }>(
  'get_params',
  'img: Tensor, output_size: int[]',
);

/** A random part of a size. @throws Error when the image is smaller */
export function random_part([height, width]: readonly [number, number], size: readonly number[]): Part {
  const [rows, columns] = size as [number, number];
  if (height < rows || width < columns) {
    throw new Error(
      `Required crop size ${python_repr(Tuple.from(size))} is larger than input image size (${height}, ${width})`,
    );
  }
  if (width === columns && height === rows) return [0, 0, height, width];
  const top = integer(0, height - rows + 1);
  return [top, integer(0, width - columns + 1), rows, columns];
}

/**
 * Cuts a random part of a size out of images. Mirrors `torchvision.transforms.RandomCrop`.
 *
 * @param size - height and width, or one number for both
 * @param padding - the border that images get first, as of {@link Pad}; default null: none
 * @param pad_if_needed - give smaller images a border, instead of an error; default false
 * @param fill - the value of a constant border, for images of PIL also one for each channel; default 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomCrop(32, { padding: 4 });
 * print(transform, transform(torch.zeros(3, 32, 32)).shape); // RandomCrop(size=(32, 32), padding=4) torch.Size([3, 32, 32])
 * ```
 */
export class RandomCrop extends Transform<Tensor, Tensor> {
  readonly size: readonly number[];
  readonly padding: number | readonly number[] | null;
  readonly pad_if_needed: boolean;
  readonly fill: number | readonly number[];
  readonly padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<
      [
        size: ImageSize,
        padding?: number | readonly number[] | null,
        pad_if_needed?: boolean,
        fill?: number | readonly number[],
        padding_mode?: PaddingMode,
      ],
      RandomCropArguments,
      ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, padding = null, pad_if_needed = false, fill = 0, padding_mode = 'constant' } = RANDOM_CROP.read(args);
    this.size = Tuple.from(checked_size(size));
    this.padding = padding;
    this.pad_if_needed = pad_if_needed;
    this.fill = fill;
    this.padding_mode = padding_mode;
  }

  /**
   * A random part of an image.
   * @throws Error when the image is smaller
   */
  static get_params(
    ...args: Arguments<
      [img: Tensor, output_size: readonly number[]],
      { img: Tensor; output_size: readonly number[] },
      ['img', 'output_size']
    >
  ): Part;
  static get_params(...args: unknown[]): Part {
    const { img, output_size } = CROP_PARAMS.read(args);
    const [, height, width] = dimensions(img);
    return random_part([height, width], output_size);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const { fill, padding_mode } = this;
    let image = this.padding === null ? img : pad(img, this.padding, fill, padding_mode);
    const [, height, width] = dimensions(image);
    const [rows, columns] = this.size as [number, number];
    // Both sides get what is missing on one, as in torchvision.
    if (this.pad_if_needed && width < columns) image = pad(image, [columns - width, 0], fill, padding_mode);
    if (this.pad_if_needed && height < rows) image = pad(image, [0, rows - height], fill, padding_mode);
    return crop(image, ...RandomCrop.get_params(image, this.size));
  }

  override toString(): string {
    return call_text(this, { size: number_text(this.size), padding: number_text(this.padding) });
  }
}

/** The options of {@link RandomResizedCrop}. */
export interface RandomResizedCropOptions extends ResizedCropOptions {
  /** Least and most of the share of the image. Default (0.08, 1). */
  scale?: readonly number[];
  /** Least and most of width over height. Default (3/4, 4/3). */
  ratio?: readonly number[];
}

type RandomResizedCropArguments = RandomResizedCropOptions & { size: ImageSize };

const RANDOM_RESIZED_CROP = signature<RandomResizedCropArguments>(
  'RandomResizedCrop',
  'size: int|int[], scale?: float[], ratio?: float[], interpolation?: InterpolationMode|int, antialias?: bool|None',
);
const RESIZED_PARAMS = signature<{ img: Tensor; scale: readonly number[]; ratio: readonly number[] }>(
  'get_params',
  'img: Tensor, scale: float[], ratio: float[]',
);

/** Logarithms as float32, from which a ratio is drawn. */
export const log_range = (ratio: readonly number[]): [number, number] =>
  from_nested(ratio, { dtype: float32 }, 'get_params').log().tolist() as [number, number];

/** `exp` of a number drawn from a range of logarithms, in float32. */
export const drawn_ratio = ([low, high]: readonly [number, number]): number =>
  from_nested([uniform(low, high)], { dtype: float32 }, 'get_params')
    .exp()
    .item<number>();

/** Warns when a range goes from high to low. */
export function check_ranges(scale: readonly number[], ratio: readonly number[]): void {
  if (scale[0]! > scale[1]! || ratio[0]! > ratio[1]!) warn('Scale and ratio should be of kind (min, max)');
}

/** A random part with a share and a ratio of the ranges; the middle when ten tries fail. */
export function random_share(
  [height, width]: readonly [number, number],
  scale: readonly number[],
  ratio: readonly number[],
): Part {
  const area = height * width;
  const logarithms = log_range(ratio);
  for (let i = 0; i < 10; i++) {
    const wanted = area * uniform(scale[0]!, scale[1]!);
    const aspect = drawn_ratio(logarithms);
    const columns = round_half_even(Math.sqrt(wanted * aspect));
    const rows = round_half_even(Math.sqrt(wanted / aspect));
    if (columns > 0 && columns <= width && rows > 0 && rows <= height) {
      const top = integer(0, height - rows + 1);
      return [top, integer(0, width - columns + 1), rows, columns];
    }
  }
  const [least, most] = [Math.min(...ratio), Math.max(...ratio)];
  let [rows, columns] = [height, width];
  if (width / height < least) rows = round_half_even(columns / least);
  else if (width / height > most) columns = round_half_even(rows * most);
  return [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2), rows, columns];
}

/**
 * Cuts a random part of a random size out of images, and resizes it. Mirrors
 * `torchvision.transforms.RandomResizedCrop`.
 *
 * @param size - height and width of the result, or one number for both
 * @param scale - least and most of the share of the image; default (0.08, 1)
 * @param ratio - least and most of width over height; default (3/4, 4/3)
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param antialias - low-pass filter when downsampling, for bilinear and bicubic; default true
 * @throws Error for more than two numbers of a size
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomResizedCrop(224);
 * print(transform); // RandomResizedCrop(size=(224, 224), scale=(0.08, 1.0), ratio=(0.75, 1.3333), interpolation=bilinear, antialias=True)
 * print(transform(torch.zeros(3, 300, 400)).shape); // torch.Size([3, 224, 224])
 * ```
 */
export class RandomResizedCrop extends Transform<Tensor, Tensor> {
  readonly size: readonly number[];
  readonly scale: readonly number[];
  readonly ratio: readonly number[];
  readonly interpolation: InterpolationMode;
  readonly antialias: boolean | null;

  constructor(
    ...args: Arguments<
      [
        size: ImageSize,
        scale?: readonly number[],
        ratio?: readonly number[],
        interpolation?: Interpolation,
        antialias?: boolean | null,
      ],
      RandomResizedCropArguments,
      ['size', 'scale', 'ratio', 'interpolation', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      size,
      scale = Tuple.of(0.08, 1),
      ratio = Tuple.of(3 / 4, 4 / 3),
      interpolation = InterpolationMode.BILINEAR,
      antialias = true,
    } = RANDOM_RESIZED_CROP.read(args);
    this.size = checked_size(size);
    check_ranges(scale, ratio);
    this.scale = scale;
    this.ratio = ratio;
    this.interpolation = mode_of(interpolation);
    this.antialias = antialias;
  }

  /** A random part of an image; the middle of it when ten tries do not fit. */
  static get_params(
    ...args: Arguments<
      [img: Tensor, scale: readonly number[], ratio: readonly number[]],
      { img: Tensor; scale: readonly number[]; ratio: readonly number[] },
      ['img', 'scale', 'ratio']
    >
  ): Part;
  static get_params(...args: unknown[]): Part {
    const { img, scale, ratio } = RESIZED_PARAMS.read(args);
    const [, height, width] = dimensions(img);
    return random_share([height, width], scale, ratio);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const part = RandomResizedCrop.get_params(img, this.scale, this.ratio);
    return resized_crop(img, ...part, this.size, this.interpolation, this.antialias);
  }

  override toString(): string {
    return call_text(this, {
      size: number_text(this.size),
      scale: rounded_tuple(this.scale),
      ratio: rounded_tuple(this.ratio),
      interpolation: this.interpolation.value,
      antialias: this.antialias === null ? 'None' : python_bool(this.antialias),
    });
  }
}

declare_cutting(RandomResizedCrop);
