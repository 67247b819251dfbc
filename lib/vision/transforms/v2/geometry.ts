/** Transforms of sizes, crops, borders and flips, of images and of all that is in them. */
import { rand } from '../../../generated/functions.js';
import { Tuple } from '../../../python/values.js';
import { python_bool, python_float } from '../../../_internal/representation.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { integer } from '../draws.js';
import { borders, check_padding, type PaddingMode } from '../functional/geometry.js';
import type { Fill } from '../functional/warp.js';
import {
  check_ranges,
  random_share,
  type Part,
  RandomCrop as CropOfImages,
  RandomResizedCrop as ResizedCropOfImages,
} from '../random_crops.js';
import { check_length } from '../random_warps.js';
import { float_list, number_text } from '../representation.js';
import { checked_size, type ImageSize } from '../sizes.js';
import {
  bordered,
  checked_sizes,
  horizontal_flip,
  middle_of,
  mode_name,
  part_of,
  resized,
  resized_part,
  vertical_flip,
  type InterpolationLike,
} from './functional/geometry.js';
import { query_size, RandomTransform, Transform } from './transform.js';
import { declare_cutting } from '../functional/unread_image.js';

/** Values of borders: of all inputs, or by class, such as `tv_tensors.Mask`, with `'others'` for the rest. */
export type FillLike = Fill | ReadonlyMap<unknown, Fill>;

/** The value for an input. */
export function fill_for(fill: FillLike, inpt: Tensor): Fill {
  if (!(fill instanceof Map)) return fill as Fill;
  return (fill.has(inpt.constructor) ? fill.get(inpt.constructor) : fill.get('others')) as Fill;
}

export const fill_text = (fill: FillLike): string | null =>
  fill === null || fill instanceof Map ? null : number_text(fill as number);
const FILL = 'fill?: float|float[]|None|ByClass';
const RESAMPLING = 'interpolation?: InterpolationMode|int|str, antialias?: bool|None';

/** How a transform resamples images. */
export interface ResamplingOptions {
  /** How pixels between pixels are computed. Default `'bilinear'`. */
  interpolation?: InterpolationLike;
  /** Low-pass filter when downsampling. Default true. */
  antialias?: boolean | null;
}

/** The texts of {@link ResamplingOptions}. */
const resampling_texts = ({
  interpolation,
  antialias,
}: Required<ResamplingOptions>): Record<string, string | null> => ({
  interpolation: String(interpolation),
  antialias: antialias === null ? null : python_bool(antialias),
});

/** A transform that resizes its inputs. */
abstract class Resizing extends Transform {
  declare readonly interpolation: InterpolationLike;
  declare readonly antialias: boolean | null;

  protected set_resampling({ interpolation = 'bilinear', antialias = true }: ResamplingOptions): void {
    mode_name(interpolation);
    Object.assign(this, { interpolation, antialias });
  }

  protected resize<T extends Tensor>(inpt: T, size: readonly number[] | null, max_size: number | null = null): T {
    const mode = mode_name(this.interpolation);
    return resized(inpt, { size, mode, max_size, antialias: this.antialias ?? false });
  }
}

interface ResizeArguments extends ResamplingOptions {
  size: ImageSize | null;
  max_size?: number | null;
}

const RESIZE = signature<ResizeArguments>(
  'Resize',
  'size: int|int[]|None, interpolation?: InterpolationMode|int|str, max_size?: int|None, antialias?: bool|None',
);

/**
 * Resizes inputs. Mirrors `torchvision.transforms.v2.Resize`.
 *
 * @param size - height and width, one number for the shorter edge, or null: the longer edge becomes `max_size`
 * @param interpolation - default `'bilinear'`; masks take the nearest pixels
 * @param max_size - the most that the longer edge may have; default null
 * @param antialias - low-pass filter when downsampling; default true
 * @throws Error for other sizes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.Resize(4);
 * print(transform, transform(torch.zeros(3, 8, 12)).shape); // Resize(size=[4], interpolation=bilinear, antialias=True) torch.Size([3, 4, 6])
 * ```
 */
export class Resize extends Resizing {
  readonly size: readonly number[] | null;
  readonly max_size: number | null;

  constructor(
    ...args: Arguments<
      [size: ImageSize | null, interpolation?: InterpolationLike, max_size?: number | null, antialias?: boolean | null],
      ResizeArguments,
      ['size', 'interpolation', 'max_size', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, max_size = null, ...resampling } = RESIZE.read(args);
    this.size = checked_sizes(size, max_size);
    this.max_size = max_size;
    this.set_resampling(resampling);
  }

  override transform(inpt: Tensor): Tensor {
    return this.resize(inpt, this.size, this.max_size);
  }

  protected override _texts(): Record<string, string | null> {
    const { interpolation, antialias } = resampling_texts(this);
    return {
      size: this.size && number_text(this.size),
      interpolation: interpolation!,
      max_size: this.max_size === null ? null : String(this.max_size),
      antialias: antialias!,
    };
  }
}

const CENTER_CROP = signature<{ size: ImageSize }>('CenterCrop', 'size: int|int[]');

/**
 * Cuts the middle out of inputs; smaller images get a border of zeros. Mirrors
 * `torchvision.transforms.v2.CenterCrop`.
 *
 * @param size - height and width, or one number for both
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.CenterCrop(2);
 * print(transform, transform(torch.arange(16).view(1, 4, 4)).flatten()); // CenterCrop(size=(2, 2)) tensor([ 5,  6,  9, 10])
 * ```
 */
export class CenterCrop extends Transform {
  readonly size: readonly number[];

  constructor(...args: [size: ImageSize] | [options: { size: ImageSize }]);
  constructor(...args: unknown[]) {
    super();
    this.size = checked_size(CENTER_CROP.read(args).size);
  }

  override transform(inpt: Tensor): Tensor {
    return middle_of(inpt, this.size);
  }

  protected override _texts(): Record<string, string> {
    return { size: number_text(this.size) };
  }
}

interface PadArguments {
  padding: number | readonly number[];
  fill?: FillLike;
  padding_mode?: PaddingMode;
}

const PAD = signature<PadArguments>('Pad', `padding: int|int[], ${FILL}, padding_mode?: str`);

/**
 * Adds a border to inputs. Mirrors `torchvision.transforms.v2.Pad`.
 *
 * @param padding - of all sides, of left/right and top/bottom, or of left, top, right and bottom
 * @param fill - the value of a constant border, of all channels or of each, or a Map of values by class; default 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`; boxes and points take the first
 * @throws Error for other lengths and modes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.Pad(1, { fill: 9 });
 * print(transform, transform(torch.zeros(1, 1, 1))); // Pad(padding=1, fill=9, padding_mode=constant) tensor([[[9., 9., 9.],
 * //          [9., 0., 9.],
 * //          [9., 9., 9.]]])
 * ```
 */
export class Pad extends Transform {
  readonly padding: number | readonly number[];
  readonly fill: FillLike;
  readonly padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<
      [padding: number | readonly number[], fill?: FillLike, padding_mode?: PaddingMode],
      PadArguments,
      ['padding', 'fill', 'padding_mode']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { padding, fill = 0, padding_mode = 'constant' } = PAD.read(args);
    check_padding(padding, padding_mode);
    this.padding = padding;
    this.fill = fill;
    this.padding_mode = padding_mode;
  }

  override transform(inpt: Tensor): Tensor {
    return bordered(inpt, borders(this.padding), fill_for(this.fill, inpt), this.padding_mode);
  }

  protected override _texts(): Record<string, string | null> {
    return { padding: number_text(this.padding), fill: fill_text(this.fill), padding_mode: this.padding_mode };
  }
}

type OnlyP = [p?: number] | [options: { p?: number }];
const HORIZONTAL = signature<{ p?: number }>('RandomHorizontalFlip', 'p?: float');
const VERTICAL = HORIZONTAL.renamed('RandomVerticalFlip');

/**
 * Flips some inputs from left to right. Mirrors `torchvision.transforms.v2.RandomHorizontalFlip`.
 *
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomHorizontalFlip(1);
 * print(transform, transform(torch.tensor([[[1, 2]]]))); // RandomHorizontalFlip(p=1.0) tensor([[[2, 1]]])
 * ```
 */
export class RandomHorizontalFlip extends RandomTransform {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(HORIZONTAL.read(args).p ?? 0.5);
  }

  override transform(inpt: Tensor): Tensor {
    return horizontal_flip(inpt);
  }

  protected override _texts(): Record<string, string> {
    return { p: python_float(this.p) };
  }
}

/**
 * Flips some inputs upside down. Mirrors `torchvision.transforms.v2.RandomVerticalFlip`.
 *
 * @param p - probability, default 0.5
 * @throws Error for other probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomVerticalFlip(1);
 * print(transform, transform(torch.tensor([[[1], [2]]])).flatten()); // RandomVerticalFlip(p=1.0) tensor([2, 1])
 * ```
 */
export class RandomVerticalFlip extends RandomTransform {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(VERTICAL.read(args).p ?? 0.5);
  }

  override transform(inpt: Tensor): Tensor {
    return vertical_flip(inpt);
  }

  protected override _texts(): Record<string, string> {
    return { p: python_float(this.p) };
  }
}

interface RandomCropArguments {
  size: ImageSize;
  padding?: number | readonly number[] | null;
  pad_if_needed?: boolean;
  fill?: FillLike;
  padding_mode?: PaddingMode;
}

const RANDOM_CROP = signature<RandomCropArguments>(
  'RandomCrop',
  `size: int|int[], padding?: int|int[]|None, pad_if_needed?: bool, ${FILL}, padding_mode?: str`,
);

/** What a random crop does: a border, a part, both or none. */
interface CropParams {
  readonly sides: readonly number[] | null;
  readonly part: Part | null;
}

/**
 * Cuts a random part of a size out of inputs. Mirrors `torchvision.transforms.v2.RandomCrop`.
 *
 * @param size - height and width, or one number for both
 * @param padding - the border that inputs get first, as of {@link Pad}; default null: none
 * @param pad_if_needed - give smaller images a border, instead of an error; default false
 * @param fill - the value of a constant border, or a Map of values by class; default 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomCrop(32, { padding: 4 });
 * print(transform, transform(torch.zeros(3, 32, 32)).shape); // RandomCrop(size=(32, 32), padding=[4, 4, 4, 4], pad_if_needed=False, fill=0, padding_mode=constant) torch.Size([3, 32, 32])
 * ```
 */
export class RandomCrop extends Transform {
  /** Draws random parameters, as `RandomCrop.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof CropOfImages.get_params = CropOfImages.get_params;

  readonly size: readonly number[];
  /** Left, right, top and bottom, as torchvision prints it. */
  readonly padding: readonly number[] | null;
  readonly pad_if_needed: boolean;
  readonly fill: FillLike;
  readonly padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<
      [
        size: ImageSize,
        padding?: number | readonly number[] | null,
        pad_if_needed?: boolean,
        fill?: FillLike,
        padding_mode?: PaddingMode,
      ],
      RandomCropArguments,
      ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, padding = null, pad_if_needed = false, fill = 0, padding_mode = 'constant' } = RANDOM_CROP.read(args);
    this.size = checked_size(size);
    check_padding(padding ?? 0, padding_mode);
    const [left, top, right, bottom] = borders(padding ?? 0);
    this.padding = padding === null || padding === 0 ? null : [left, right, top, bottom];
    this.pad_if_needed = pad_if_needed;
    this.fill = fill;
    this.padding_mode = padding_mode;
  }

  override make_params(flat_inputs: readonly unknown[]): CropParams {
    const [height, width] = query_size(flat_inputs);
    const [rows, columns] = this.size as [number, number];
    let [left, right, top, bottom] = (this.padding ?? [0, 0, 0, 0]) as [number, number, number, number];
    const missing = (size: number, wanted: number): number => (this.pad_if_needed ? Math.max(wanted - size, 0) : 0);
    // Both sides get what is missing on one, as in torchvision.
    const above = missing(height + top + bottom, rows);
    const beside = missing(width + left + right, columns);
    [left, right, top, bottom] = [left + beside, right + beside, top + above, bottom + above];
    const [full_height, full_width] = [height + top + bottom, width + left + right];
    if (full_height < rows || full_width < columns) {
      throw new Error(
        `Required crop size (${rows}, ${columns}) is larger than ${this.padding === null ? '' : 'padded '}input image ` +
          `size (${full_height}, ${full_width}).`,
      );
    }
    const [free_rows, free_columns] = [full_height - rows, full_width - columns];
    const from_top = free_rows > 0 ? integer(0, free_rows + 1) : 0;
    const from_left = free_columns > 0 ? integer(0, free_columns + 1) : 0;
    const sides = [left, top, right, bottom];
    return {
      sides: sides.some((side) => side !== 0) ? sides : null,
      part: free_rows > 0 || free_columns > 0 ? [from_top, from_left, rows, columns] : null,
    };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { sides, part } = params as CropParams;
    const whole = sides === null ? inpt : bordered(inpt, sides, fill_for(this.fill, inpt), this.padding_mode);
    return part === null ? whole : part_of(whole, ...part);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      size: number_text(this.size),
      padding: this.padding === null ? null : number_text(this.padding),
      pad_if_needed: python_bool(this.pad_if_needed),
      fill: fill_text(this.fill),
      padding_mode: this.padding_mode,
    };
  }
}

interface RandomResizedCropArguments extends ResamplingOptions {
  size: ImageSize;
  scale?: readonly number[];
  ratio?: readonly number[];
}

const RANDOM_RESIZED_CROP = signature<RandomResizedCropArguments>(
  'RandomResizedCrop',
  `size: int|int[], scale?: float[], ratio?: float[], ${RESAMPLING}`,
);

/**
 * Cuts a random part of a random size out of inputs, and resizes it. Mirrors
 * `torchvision.transforms.v2.RandomResizedCrop`.
 *
 * @param size - height and width of the result, or one number for both
 * @param scale - least and most of the share of the image; default (0.08, 1)
 * @param ratio - least and most of width over height; default (3/4, 4/3)
 * @param interpolation - default `'bilinear'`; masks take the nearest pixels
 * @param antialias - low-pass filter when downsampling; default true
 * @throws Error for more than two numbers of a size; TypeError for other ranges
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomResizedCrop(224);
 * print(transform(torch.zeros(3, 300, 400)).shape); // torch.Size([3, 224, 224])
 * ```
 */
export class RandomResizedCrop extends Resizing {
  /** Draws random parameters, as `RandomResizedCrop.get_params` of `torchvision.transforms` does. */
  static readonly get_params: typeof ResizedCropOfImages.get_params = ResizedCropOfImages.get_params;

  readonly size: readonly number[];
  readonly scale: readonly number[];
  readonly ratio: readonly number[];

  constructor(
    ...args: Arguments<
      [
        size: ImageSize,
        scale?: readonly number[],
        ratio?: readonly number[],
        interpolation?: InterpolationLike,
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
      ...resampling
    } = RANDOM_RESIZED_CROP.read(args);
    this.size = checked_size(size);
    if (scale.length !== 2) throw new TypeError('Scale should be a sequence of two floats.');
    if (ratio.length !== 2) throw new TypeError('Ratio should be a sequence of two floats.');
    check_ranges(scale, ratio);
    this.scale = scale;
    this.ratio = ratio;
    this.set_resampling(resampling);
  }

  override make_params(flat_inputs: readonly unknown[]): { part: Part } {
    return { part: random_share(query_size(flat_inputs), this.scale, this.ratio) };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const mode = mode_name(this.interpolation);
    const how = { size: this.size, mode, max_size: null, antialias: this.antialias ?? false };
    return resized_part(inpt, (params as { part: Part }).part, how);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      size: number_text(this.size),
      scale: float_list(this.scale),
      ratio: float_list(this.ratio),
      ...resampling_texts(this),
    };
  }
}

declare_cutting(RandomResizedCrop);

interface RandomZoomOutArguments {
  fill?: FillLike;
  side_range?: readonly number[];
  p?: number;
}

const RANDOM_ZOOM_OUT = signature<RandomZoomOutArguments>('RandomZoomOut', `${FILL}, side_range?: float[], p?: float`);

/**
 * Puts some inputs somewhere on a larger image. Mirrors `torchvision.transforms.v2.RandomZoomOut`.
 *
 * @param fill - the value around the image, of all channels or of each, or a Map of values by class; default 0
 * @param side_range - least and most of the factor of the size; default (1, 4)
 * @param p - probability, default 0.5
 * @throws Error for other ranges and probabilities
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomZoomOut({ side_range: [2, 2], p: 1 });
 * print(transform, transform(torch.zeros(1, 4, 4)).shape); // RandomZoomOut(p=1.0, fill=0, side_range=[2.0, 2.0]) torch.Size([1, 8, 8])
 * ```
 */
export class RandomZoomOut extends RandomTransform {
  readonly fill: FillLike;
  readonly side_range: readonly number[];

  constructor(
    ...args: Arguments<
      [fill?: FillLike, side_range?: readonly number[], p?: number],
      RandomZoomOutArguments,
      ['fill', 'side_range', 'p']
    >
  );
  constructor(...args: unknown[]) {
    const { fill = 0, side_range = Tuple.of(1, 4), p = 0.5 } = RANDOM_ZOOM_OUT.read(args);
    super(p);
    check_length('side_range', side_range, [2]);
    if (side_range[0]! < 1 || side_range[0]! > side_range[1]!) {
      throw new Error(`Invalid side range provided ${float_list(side_range)}.`);
    }
    this.fill = fill;
    this.side_range = side_range;
  }

  override make_params(flat_inputs: readonly unknown[]): { sides: number[] } {
    const [height, width] = query_size(flat_inputs);
    const [least, most] = this.side_range as [number, number];
    const factor = rand(1)
      .mul(most - least)
      .add(least);
    const whole = (size: Tensor): number => Math.trunc(size.item<number>());
    const [full_width, full_height] = [whole(factor.mul(width)), whole(factor.mul(height))];
    const [across, down] = rand(2).unbind(0) as [Tensor, Tensor];
    const left = whole(across.mul(full_width - width));
    const top = whole(down.mul(full_height - height));
    return { sides: [left, top, full_width - left - width, full_height - top - height] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return bordered(inpt, (params as { sides: number[] }).sides, fill_for(this.fill, inpt), 'constant');
  }

  protected override _texts(): Record<string, string | null> {
    return { p: python_float(this.p), fill: fill_text(this.fill), side_range: float_list(this.side_range) };
  }
}

interface ScaleJitterArguments extends ResamplingOptions {
  target_size: readonly number[];
  scale_range?: readonly number[];
}

const SCALE_JITTER = signature<ScaleJitterArguments>(
  'ScaleJitter',
  `target_size: int[], scale_range?: float[], ${RESAMPLING}`,
);

interface SizeParams {
  readonly size: readonly number[];
}

/**
 * Resizes inputs to a size, times a random factor. Mirrors `torchvision.transforms.v2.ScaleJitter`.
 *
 * @param target_size - the size for the factor 1, which inputs fit into
 * @param scale_range - least and most of the factor; default (0.1, 2)
 * @param interpolation - default `'bilinear'`; masks take the nearest pixels
 * @param antialias - low-pass filter when downsampling; default true
 * @throws Error for ranges of other than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.ScaleJitter([8, 8], { scale_range: [1, 1] });
 * print(transform, transform(torch.zeros(1, 4, 4)).shape); // ScaleJitter(target_size=[8, 8], scale_range=[1.0, 1.0], interpolation=bilinear, antialias=True) torch.Size([1, 8, 8])
 * ```
 */
export class ScaleJitter extends Resizing {
  readonly target_size: readonly number[];
  readonly scale_range: readonly number[];

  constructor(
    ...args: Arguments<
      [
        target_size: readonly number[],
        scale_range?: readonly number[],
        interpolation?: InterpolationLike,
        antialias?: boolean | null,
      ],
      ScaleJitterArguments,
      ['target_size', 'scale_range', 'interpolation', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { target_size, scale_range = Tuple.of(0.1, 2), ...resampling } = SCALE_JITTER.read(args);
    check_length('target_size', target_size, [2]);
    check_length('scale_range', scale_range, [2]);
    this.target_size = target_size;
    this.scale_range = scale_range;
    this.set_resampling(resampling);
  }

  override make_params(flat_inputs: readonly unknown[]): SizeParams {
    const [height, width] = query_size(flat_inputs);
    const [least, most] = this.scale_range as [number, number];
    const fitting = Math.min(this.target_size[1]! / height, this.target_size[0]! / width);
    const factor = rand(1)
      .mul(most - least)
      .add(least)
      .mul(fitting);
    const whole = (size: number): number => Math.trunc(factor.mul(size).item<number>());
    return { size: [whole(height), whole(width)] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return this.resize(inpt, (params as SizeParams).size);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      target_size: number_text(this.target_size),
      scale_range: float_list(this.scale_range),
      ...resampling_texts(this),
    };
  }
}

interface ShortestSizeArguments extends ResamplingOptions {
  min_size: number | readonly number[];
  max_size?: number | null;
}

const SHORTEST_SIZE = signature<ShortestSizeArguments>(
  'RandomShortestSize',
  `min_size: int|int[], max_size?: int|None, ${RESAMPLING}`,
);

/**
 * Resizes inputs so that the shorter edge has one of some sizes. Mirrors
 * `torchvision.transforms.v2.RandomShortestSize`.
 *
 * @param min_size - the size of the shorter edge, or a list to choose from
 * @param max_size - the most that the longer edge may have; default null
 * @param interpolation - default `'bilinear'`; masks take the nearest pixels
 * @param antialias - low-pass filter when downsampling; default true
 * @throws Error for an empty list
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomShortestSize(8, { max_size: 12 });
 * print(transform, transform(torch.zeros(1, 4, 8)).shape); // RandomShortestSize(min_size=[8], max_size=12, interpolation=bilinear, antialias=True) torch.Size([1, 6, 12])
 * ```
 */
export class RandomShortestSize extends Resizing {
  readonly min_size: readonly number[];
  readonly max_size: number | null;

  constructor(
    ...args: Arguments<
      [
        min_size: number | readonly number[],
        max_size?: number | null,
        interpolation?: InterpolationLike,
        antialias?: boolean | null,
      ],
      ShortestSizeArguments,
      ['min_size', 'max_size', 'interpolation', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { min_size, max_size = null, ...resampling } = SHORTEST_SIZE.read(args);
    this.min_size = typeof min_size === 'number' ? [min_size] : [...min_size];
    if (this.min_size.length === 0) throw new Error('RandomShortestSize(): min_size has no sizes');
    this.max_size = max_size;
    this.set_resampling(resampling);
  }

  override make_params(flat_inputs: readonly unknown[]): SizeParams {
    const [height, width] = query_size(flat_inputs);
    const shortest = this.min_size[integer(0, this.min_size.length)]! / Math.min(height, width);
    const factor = this.max_size === null ? shortest : Math.min(shortest, this.max_size / Math.max(height, width));
    return { size: [Math.trunc(height * factor), Math.trunc(width * factor)] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return this.resize(inpt, (params as SizeParams).size);
  }

  protected override _texts(): Record<string, string | null> {
    return {
      min_size: number_text(this.min_size),
      max_size: this.max_size === null ? null : String(this.max_size),
      ...resampling_texts(this),
    };
  }
}

interface RandomResizeArguments extends ResamplingOptions {
  min_size: number;
  max_size: number;
}

const RANDOM_RESIZE = signature<RandomResizeArguments>('RandomResize', `min_size: int, max_size: int, ${RESAMPLING}`);

/**
 * Resizes inputs so that the shorter edge has a random size. Mirrors `torchvision.transforms.v2.RandomResize`.
 *
 * @param min_size - the least size
 * @param max_size - one more than the largest size
 * @param interpolation - default `'bilinear'`; masks take the nearest pixels
 * @param antialias - low-pass filter when downsampling; default true
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomResize(8, 9);
 * print(transform, transform(torch.zeros(1, 4, 8)).shape); // RandomResize(min_size=8, max_size=9, interpolation=bilinear, antialias=True) torch.Size([1, 8, 16])
 * ```
 */
export class RandomResize extends Resizing {
  readonly min_size: number;
  readonly max_size: number;

  constructor(
    ...args: Arguments<
      [min_size: number, max_size: number, interpolation?: InterpolationLike, antialias?: boolean | null],
      RandomResizeArguments,
      ['min_size', 'max_size', 'interpolation', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { min_size, max_size, ...resampling } = RANDOM_RESIZE.read(args);
    this.min_size = min_size;
    this.max_size = max_size;
    this.set_resampling(resampling);
  }

  override make_params(): SizeParams {
    return { size: [integer(this.min_size, this.max_size)] };
  }

  override transform(inpt: Tensor, params: object): Tensor {
    return this.resize(inpt, (params as SizeParams).size);
  }

  protected override _texts(): Record<string, string | null> {
    return { min_size: String(this.min_size), max_size: String(this.max_size), ...resampling_texts(this) };
  }
}
