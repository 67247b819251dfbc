/** What the inputs of detection models go through; mirrors `torchvision.models.detection.transform`. */
import { signature } from '../../../_internal/signature.js';
import { python_repr } from '../../../python/print.js';
import { Tuple } from '../../../python/values.js';
import { as_tensor } from '../../../creation.js';
import { empty, stack } from '../../../generated/functions.js';
import type { Tensor } from '../../../_tensor.js';
import { interpolate } from '../../../nn/functional/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Module } from '../../../nn/modules/module.js';
import { uint8 } from '../../../types/dtype.js';
import { float_list } from '../../transforms/representation.js';
import { ImageList, type ImageSize } from './image_list.js';
import { paste_masks_in_image } from './masks.js';
import type { Detection, DetectionTarget } from './types.js';

/** Keyword arguments of {@link GeneralizedRCNNTransform}. */
export interface DetectionTransformOptions {
  /** Height and width of the padded images are multiples of this. Default 32. */
  size_divisible?: number;
  /** Height and width to resize all images to. Default null: by the sizes of their sides. */
  fixed_size?: readonly [number, number] | null;
  /** Leave images as they are in training. Default false. */
  _skip_resize?: boolean;
}

interface TransformArguments extends DetectionTransformOptions {
  min_size: number | readonly number[];
  max_size: number;
  image_mean: readonly number[];
  image_std: readonly number[];
}

const TRANSFORM = signature<TransformArguments>(
  'GeneralizedRCNNTransform',
  'min_size: int|int[], max_size: int, image_mean: float[], image_std: float[], size_divisible?: int, ' +
    'fixed_size?: int[]|None, _skip_resize?: bool',
);

const size_of = (image: Tensor): ImageSize => [image.size(-2), image.size(-1)];

/** The factors of y and x from one size to another, in single precision as Python has them. */
const ratios = (from: ImageSize, to: ImageSize): [y: number, x: number] => [
  Math.fround(to[0] / from[0]),
  Math.fround(to[1] / from[1]),
];

function resize_boxes(boxes: Tensor, from: ImageSize, to: ImageSize): Tensor {
  const [y, x] = ratios(from, to);
  return stack(
    boxes.unbind(1).map((side, i) => side.mul(i % 2 === 0 ? x : y)),
    1,
  );
}

function resize_keypoints(keypoints: Tensor, from: ImageSize, to: ImageSize): Tensor {
  const [y, x] = ratios(from, to);
  const resized = keypoints.clone();
  resized.select(-1, 0).mul_(x);
  resized.select(-1, 1).mul_(y);
  return resized;
}

export interface GeneralizedRCNNTransform {
  (
    images: readonly Tensor[],
    targets?: readonly DetectionTarget[] | null,
  ): [images: ImageList, targets: DetectionTarget[] | null];
}

/**
 * Normalizes images, resizes them and what is to be found in them, and pads them to one size. Mirrors
 * `torchvision.models.detection.transform.GeneralizedRCNNTransform`.
 *
 * Shapes: images `(C, H, W)` of floating point, each of its own size; targets with `boxes` `(N, 4)`, and where there are
 * `masks` `(N, H, W)` and `keypoints` `(N, K, 3)`. Returns an `ImageList` and the targets.
 *
 * @param min_size - length of the shorter side; of several, training draws one, and evaluation takes the last
 * @param max_size - largest length of the longer side
 * @param image_mean - mean of each channel
 * @param image_std - standard deviation of each channel
 * @param size_divisible - height and width of the padded images are multiples of this; default 32
 * @param fixed_size - height and width to resize all images to; default null
 * @throws Error for images of another number of dimensions; TypeError for integers
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { GeneralizedRCNNTransform } = models.detection.transform;
 * const transform = new GeneralizedRCNNTransform(40, 60, [0.5, 0.5, 0.5], [1, 1, 1]).eval();
 * const [images] = transform([torch.zeros(3, 20, 25), torch.zeros(3, 30, 20)]);
 * print(images.tensors.shape, images.image_sizes); // torch.Size([2, 3, 64, 64]) [[40, 50], [60, 40]]
 * ```
 */
export class GeneralizedRCNNTransform extends Module {
  declare min_size: readonly number[];
  declare max_size: number;
  declare image_mean: readonly number[];
  declare image_std: readonly number[];
  declare size_divisible: number;
  declare fixed_size: readonly [number, number] | null;
  declare _skip_resize: boolean;

  constructor(
    min_size: number | readonly number[],
    max_size: number,
    image_mean: readonly number[],
    image_std: readonly number[],
    options?: DetectionTransformOptions,
  );
  constructor(options: TransformArguments);
  constructor(...args: unknown[]) {
    super();
    const given = TRANSFORM.read(args);
    const { min_size } = given;
    this.min_size = typeof min_size === 'number' ? Tuple.from([min_size]) : min_size;
    this.max_size = given.max_size;
    this.image_mean = given.image_mean;
    this.image_std = given.image_std;
    this.size_divisible = given.size_divisible ?? 32;
    this.fixed_size = given.fixed_size ?? null;
    this._skip_resize = given._skip_resize ?? false;
  }

  forward(
    images: readonly Tensor[],
    targets: readonly DetectionTarget[] | null = null,
  ): [images: ImageList, targets: DetectionTarget[] | null] {
    const pairs = images.map((image, i): [Tensor, DetectionTarget | null] => {
      if (image.dim() !== 3) {
        throw new Error(
          `images is expected to be a list of 3d tensors of shape [C, H, W], got ${python_repr(image.shape)}`,
        );
      }
      return this.resize(this.normalize(image), targets?.[i] ?? null);
    });
    const resized = pairs.map(([image]) => image);
    const list = new ImageList(this.batch_images(resized), resized.map(size_of));
    return [list, targets === null ? null : pairs.map(([, target]) => target!)];
  }

  private normalize(image: Tensor): Tensor {
    if (!image.is_floating_point()) {
      throw new TypeError(
        `Expected input images to be of floating type (in range [0, 1]), but found type ${String(image.dtype)} instead`,
      );
    }
    const { dtype, device } = image;
    const channels = (values: readonly number[]): Tensor => as_tensor([...values], { dtype, device }).view(-1, 1, 1);
    return image.sub(channels(this.image_mean)).div(channels(this.image_std));
  }

  /** The length of the shorter side: one of those given. */
  private side(): number {
    const sides = this.min_size;
    if (!this.training) return sides[sides.length - 1]!;
    return sides[Math.trunc(empty(1).uniform_(0, sides.length).item())]!;
  }

  private resize(image: Tensor, target: DetectionTarget | null): [Tensor, DetectionTarget | null] {
    if (this.training && this._skip_resize) return [image, target];
    const from = size_of(image);
    const scale = Math.min(this.side() / Math.min(...from), this.max_size / Math.max(...from));
    const how =
      this.fixed_size === null
        ? { scale_factor: scale, recompute_scale_factor: true }
        : { size: [this.fixed_size[1], this.fixed_size[0]] };
    const resized = interpolate(image.unsqueeze(0), { ...how, mode: 'bilinear', align_corners: false }).squeeze(0);
    if (target === null) return [resized, null];
    const to = size_of(resized);
    const changed = { ...target };
    const { boxes, masks, keypoints } = target;
    if (masks !== undefined) changed['masks'] = interpolate(masks.unsqueeze(1).float(), how).squeeze(1).to(uint8);
    changed['boxes'] = resize_boxes(boxes!, from, to);
    if (keypoints !== undefined) changed['keypoints'] = resize_keypoints(keypoints, from, to);
    return [resized, changed];
  }

  /** Images padded with zeros to one size. */
  private batch_images(images: readonly Tensor[]): Tensor {
    const largest = (dim: number): number => Math.max(...images.map((image) => image.size(dim)));
    const padded = (dim: number): number => Math.ceil(largest(dim) / this.size_divisible) * this.size_divisible;
    const batch = images[0]!.new_full([images.length, largest(0), padded(1), padded(2)], 0);
    for (const [i, image] of images.entries()) {
      const [channels, height, width] = image.shape as unknown as [number, number, number];
      batch.select(0, i).narrow(0, 0, channels).narrow(1, 0, height).narrow(2, 0, width).copy_(image);
    }
    return batch;
  }

  /** Detections in the original sizes of the images. @internal */
  postprocess(
    result: readonly Detection[],
    image_shapes: readonly ImageSize[],
    original_image_sizes: readonly ImageSize[],
  ): Detection[] {
    if (this.training) return [...result];
    return result.map((found, i) => {
      const [from, to] = [image_shapes[i]!, original_image_sizes[i]!];
      const boxes = resize_boxes(found.boxes, from, to);
      const changed: Detection = { ...found, boxes };
      if (found.masks !== undefined) changed.masks = paste_masks_in_image(found.masks, boxes, to);
      if (found.keypoints !== undefined) changed.keypoints = resize_keypoints(found.keypoints, from, to);
      return changed;
    });
  }

  override toString(): string {
    return (
      `GeneralizedRCNNTransform(\n    Normalize(mean=${float_list(this.image_mean)}, std=${float_list(this.image_std)})` +
      `\n    Resize(min_size=${python_repr(this.min_size)}, max_size=${this.max_size}, mode='bilinear')\n)`
    );
  }
}
forward_takes(GeneralizedRCNNTransform, 'images: Tensor[], targets?: dict[]|None');
