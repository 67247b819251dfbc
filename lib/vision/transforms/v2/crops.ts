/** Transforms that cut several parts out of images. */
import { signature, type Arguments } from '../../../_internal/signature.js';
import { python_bool } from '../../../_internal/representation.js';
import { warn } from '../../../_internal/warnings.js';
import type { Tensor } from '../../../_tensor.js';
import { BoundingBoxes, KeyPoints } from '../../tv_tensors/boxes.js';
import { Mask } from '../../tv_tensors/images.js';
import { number_text } from '../representation.js';
import { five_parts, ten_parts, type Five } from './functional/crops.js';
import { two_sizes } from './functional/geometry.js';
import { Transform } from './transform.js';

type ImageSize = number | readonly number[];

/** What transforms that cut several parts out of images have in common. */
abstract class Crops extends Transform {
  readonly size: readonly number[];

  constructor(size: ImageSize) {
    super();
    this.size = two_sizes(size);
  }

  /** @throws TypeError for boxes and masks */
  override check_inputs(flat_inputs: readonly unknown[]): void {
    const { name } = this.constructor;
    if (flat_inputs.some((leaf) => leaf instanceof BoundingBoxes || leaf instanceof Mask)) {
      throw new TypeError(`BoundingBoxes'es and Mask's are not supported by ${name}()`);
    }
  }

  protected override takes(leaf: unknown): boolean {
    if (!(leaf instanceof KeyPoints)) return super.takes(leaf);
    warn(
      `${this.constructor.name}() is currently passing through inputs of type tv_tensors.KeyPoints. This will likely ` +
        'change in the future.',
    );
    return false;
  }
}

const FIVE_CROP = signature<{ size: ImageSize }>('FiveCrop', 'size: int|int[]');

/** A function of an image or a video, or of a sample, in which each is replaced by the five parts. */
export interface FiveCrop {
  <T extends Tensor>(inpt: T): Five<T>;
  <T extends Readonly<Record<string, unknown>>>(
    sample: T,
  ): {
    [key in keyof T]: T[key] extends Tensor ? T[key] | Five<T[key]> : T[key];
  };
}

/**
 * The four corners of images and videos, and their middle. Mirrors `torchvision.transforms.v2.FiveCrop`.
 *
 * @param size - height and width of the parts, or one number for both
 * @throws Error for more than two numbers; TypeError for samples with boxes or masks
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = new transforms.v2.FiveCrop(1)(torch.arange(9).view(1, 3, 3));
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4]
 * ```
 */
export class FiveCrop extends Crops {
  constructor(...args: [size: ImageSize] | [options: { size: ImageSize }]);
  constructor(...args: unknown[]) {
    super(FIVE_CROP.read(args).size);
  }

  override transform(inpt: Tensor): Five<Tensor> {
    return five_parts(inpt, this.size);
  }

  protected override _texts(): Record<string, string> {
    return { size: number_text(this.size) };
  }
}

const TEN_CROP = signature<{ size: ImageSize; vertical_flip?: boolean }>(
  'TenCrop',
  'size: int|int[], vertical_flip?: bool',
);

/** A function of an image or a video, or of a sample, in which each is replaced by the ten parts. */
export interface TenCrop {
  <T extends Tensor>(inpt: T): [...Five<T>, ...Five<T>];
  <T extends Readonly<Record<string, unknown>>>(
    sample: T,
  ): {
    [key in keyof T]: T[key] extends Tensor ? T[key] | [...Five<T[key]>, ...Five<T[key]>] : T[key];
  };
}

/**
 * The four corners of images and videos and their middle, and those of the flipped ones. Mirrors
 * `torchvision.transforms.v2.TenCrop`.
 *
 * @param size - height and width of the parts, or one number for both
 * @param vertical_flip - flip upside down instead of from left to right; default false
 * @throws Error for more than two numbers; TypeError for samples with boxes or masks
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = new transforms.v2.TenCrop(1)(torch.arange(9).view(1, 3, 3));
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4, 2, 0, 8, 6, 4]
 * ```
 */
export class TenCrop extends Crops {
  readonly vertical_flip: boolean;

  constructor(
    ...args: Arguments<
      [size: ImageSize, vertical_flip?: boolean],
      { size: ImageSize; vertical_flip?: boolean },
      ['size', 'vertical_flip']
    >
  );
  constructor(...args: unknown[]) {
    const { size, vertical_flip = false } = TEN_CROP.read(args);
    super(size);
    this.vertical_flip = vertical_flip;
  }

  override transform(inpt: Tensor): [...Five<Tensor>, ...Five<Tensor>] {
    return ten_parts(inpt, this.size, this.vertical_flip);
  }

  protected override _texts(): Record<string, string> {
    return { size: number_text(this.size), vertical_flip: python_bool(this.vertical_flip) };
  }
}
