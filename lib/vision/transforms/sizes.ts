/** Transforms of the size of images that draw no random numbers. */
import { python_bool } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import {
  center_crop,
  check_padding,
  five_crop,
  height_and_width,
  pad,
  resize,
  ten_crop,
  type FiveCrops,
  type PaddingMode,
  type PadOptions,
  type ResizeOptions,
} from './functional/geometry.js';
import { InterpolationMode, mode_of, type Interpolation } from './functional/interpolation_mode.js';
import { call_text, number_text } from './representation.js';
import { check_tensor, Transform } from './transform.js';

/** A number, or a list of one or two. */
export type ImageSize = number | readonly number[];

/** Height and width. @throws Error for more than two numbers */
export function checked_size(
  size: ImageSize,
  message = 'Please provide only two dimensions (h, w) for size.',
): readonly number[] {
  const both = height_and_width(size);
  if (both.length !== 2) throw new Error(message);
  return both;
}

type ResizeArguments = ResizeOptions & { size: ImageSize };

const RESIZE = signature<ResizeArguments>(
  'Resize',
  'size: int|int[], interpolation?: InterpolationMode|int, max_size?: int|None, antialias?: bool|None',
);

/**
 * Resizes images. Mirrors `torchvision.transforms.Resize`.
 *
 * @param size - height and width, or one number for the shorter edge
 * @param interpolation - default `InterpolationMode.BILINEAR`
 * @param max_size - the most that the longer edge may have, where `size` is one number; default null
 * @param antialias - low-pass filter when downsampling, for bilinear and bicubic; default true
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.Resize(4);
 * print(transform, transform(torch.zeros(3, 8, 12)).shape); // Resize(size=4, interpolation=bilinear, max_size=None, antialias=True) torch.Size([3, 4, 6])
 * ```
 */
export class Resize extends Transform<Tensor, Tensor> {
  readonly size: ImageSize;
  readonly interpolation: InterpolationMode;
  readonly max_size: number | null;
  readonly antialias: boolean | null;

  constructor(
    ...args: Arguments<
      [size: ImageSize, interpolation?: Interpolation, max_size?: number | null, antialias?: boolean | null],
      ResizeArguments,
      ['size', 'interpolation', 'max_size', 'antialias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, interpolation = InterpolationMode.BILINEAR, max_size = null, antialias = true } = RESIZE.read(args);
    if (typeof size !== 'number' && size.length !== 1 && size.length !== 2) {
      throw new Error('If size is a sequence, it should have 1 or 2 values');
    }
    this.size = size;
    this.interpolation = mode_of(interpolation);
    this.max_size = max_size;
    this.antialias = antialias;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return resize(img, this.size, this.interpolation, this.max_size, this.antialias);
  }

  override toString(): string {
    return call_text(this, {
      size: number_text(this.size),
      interpolation: this.interpolation.value,
      max_size: number_text(this.max_size),
      antialias: this.antialias === null ? 'None' : python_bool(this.antialias),
    });
  }
}

const CENTER_CROP = signature<{ size: ImageSize }>('CenterCrop', 'size: int|int[]');

/**
 * Cuts the middle out of images; smaller ones get a border of zeros. Mirrors `torchvision.transforms.CenterCrop`.
 *
 * @param size - height and width, or one number for both
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.CenterCrop(2);
 * print(transform, transform(torch.arange(16).view(1, 4, 4)).flatten()); // CenterCrop(size=(2, 2)) tensor([ 5,  6,  9, 10])
 * ```
 */
export class CenterCrop extends Transform<Tensor, Tensor> {
  readonly size: readonly number[];

  constructor(...args: [size: ImageSize] | [options: { size: ImageSize }]);
  constructor(...args: unknown[]) {
    super();
    this.size = checked_size(CENTER_CROP.read(args).size);
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return center_crop(img, this.size);
  }

  override toString(): string {
    return call_text(this, { size: number_text(this.size) });
  }
}

type PadArguments = PadOptions & { padding: number | readonly number[] };

const PAD = signature<PadArguments>('Pad', 'padding: int|int[], fill?: float|float[], padding_mode?: str');

/**
 * Adds a border to images. Mirrors `torchvision.transforms.Pad`.
 *
 * @param padding - of all sides, of left/right and top/bottom, or of left, top, right and bottom
 * @param fill - the value of a constant border, for images of PIL also one for each channel; default 0
 * @param padding_mode - `'constant'`, the default, `'edge'`, `'reflect'` or `'symmetric'`
 * @throws Error for other lengths and modes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.Pad(1, { fill: 9 });
 * print(transform, transform(torch.zeros(1, 1, 1))); // Pad(padding=1, fill=9, padding_mode=constant) tensor([[[9., 9., 9.],
 * //          [9., 0., 9.],
 * //          [9., 9., 9.]]])
 * ```
 */
export class Pad extends Transform<Tensor, Tensor> {
  readonly padding: number | readonly number[];
  readonly fill: number | readonly number[];
  readonly padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<
      [padding: number | readonly number[], fill?: number | readonly number[], padding_mode?: PaddingMode],
      PadArguments,
      ['padding', 'fill', 'padding_mode']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { padding, fill = 0, padding_mode = 'constant' } = PAD.read(args);
    check_padding(padding, padding_mode);
    this.padding = padding;
    this.fill = fill ?? 0;
    this.padding_mode = padding_mode;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return pad(img, this.padding, this.fill, this.padding_mode);
  }

  override toString(): string {
    return call_text(this, {
      padding: number_text(this.padding),
      fill: number_text(this.fill),
      padding_mode: this.padding_mode,
    });
  }
}

const FIVE_CROP = signature<{ size: ImageSize }>('FiveCrop', 'size: int|int[]');

/**
 * The four corners of images and their middle. Mirrors `torchvision.transforms.FiveCrop`.
 *
 * @param size - height and width of the parts, or one number for both
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = new transforms.FiveCrop(1)(torch.arange(9).view(1, 3, 3));
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4]
 * ```
 */
export class FiveCrop extends Transform<Tensor, FiveCrops> {
  readonly size: readonly number[];

  constructor(...args: [size: ImageSize] | [options: { size: ImageSize }]);
  constructor(...args: unknown[]) {
    super();
    this.size = checked_size(FIVE_CROP.read(args).size);
  }

  forward(img: Tensor): FiveCrops {
    check_tensor(this, img);
    return five_crop(img, this.size);
  }

  override toString(): string {
    return call_text(this, { size: number_text(this.size) });
  }
}

const TEN_CROP = signature<{ size: ImageSize; vertical_flip?: boolean }>(
  'TenCrop',
  'size: int|int[], vertical_flip?: bool',
);

/**
 * The four corners of images and their middle, of the flipped images as well. Mirrors `torchvision.transforms.TenCrop`.
 *
 * @param size - height and width of the parts, or one number for both
 * @param vertical_flip - flip upside down instead of from left to right; default false
 * @throws Error for more than two numbers
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = new transforms.TenCrop(1)(torch.arange(9).view(1, 3, 3));
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4, 2, 0, 8, 6, 4]
 * ```
 */
export class TenCrop extends Transform<Tensor, [...FiveCrops, ...FiveCrops]> {
  readonly size: readonly number[];
  readonly vertical_flip: boolean;

  constructor(
    ...args: Arguments<
      [size: ImageSize, vertical_flip?: boolean],
      { size: ImageSize; vertical_flip?: boolean },
      ['size', 'vertical_flip']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, vertical_flip = false } = TEN_CROP.read(args);
    this.size = checked_size(size);
    this.vertical_flip = vertical_flip;
  }

  forward(img: Tensor): [...FiveCrops, ...FiveCrops] {
    check_tensor(this, img);
    return ten_crop(img, this.size, this.vertical_flip);
  }

  override toString(): string {
    return call_text(this, { size: number_text(this.size), vertical_flip: python_bool(this.vertical_flip) });
  }
}
