/** What datasets with images and targets have in common: the transforms of both. */
import type { Tensor } from '../../_tensor.js';
import { VisionDataset } from './vision_dataset.js';

/** A transform of an image and its target together. */
export type JointTransform<T, I, L> = (image: Tensor, target: T) => readonly [I, L];

/** Keyword arguments of datasets: the transforms of images and targets. */
export interface TransformOptions<T = number, I = Tensor, L = T> {
  /** Transform of each image. Default null. */
  transform?: ((image: Tensor) => I) | null;
  /** Transform of each target. Default null. */
  target_transform?: ((target: T) => L) | null;
}

/** Keyword arguments of datasets that may also be transformed image and target together. */
export interface JointTransformOptions<T = number, I = Tensor, L = T> extends TransformOptions<T, I, L> {
  /** Transform of each image and its target, instead of the two others. Default null. */
  transforms?: JointTransform<T, I, L> | null;
}

/** A dataset whose items are an image and a target. `T` is the type of a target, `I` and `L` are those of transformed ones. */
export abstract class TransformedDataset<T, I = Tensor, L = T> extends VisionDataset<[I, L]> {
  transform: ((image: Tensor) => I) | null;
  target_transform: ((target: T) => L) | null;
  override transforms: JointTransform<T, I, L> | null;

  /** @throws Error when both kinds of transforms are given */
  constructor(root: string, options: JointTransformOptions<T, I, L>) {
    super(root);
    const { transform = null, target_transform = null, transforms = null } = options;
    if (transforms !== null && (transform !== null || target_transform !== null)) {
      throw new Error('Only transforms or transform/target_transform can be passed as argument');
    }
    this.transform = transform;
    this.target_transform = target_transform;
    this.transforms = transforms;
  }

  /** An item, transformed. */
  protected item(image: Tensor, target: T): [I, L] {
    if (this.transforms !== null) {
      const [both_image, both_target] = this.transforms(image, target);
      return [both_image, both_target];
    }
    return [
      this.transform === null ? (image as I) : this.transform(image),
      this.target_transform === null ? (target as unknown as L) : this.target_transform(target),
    ];
  }
}

/** An index of an item, from the end when negative. @throws RangeError when there is none */
export function checked_index(
  dataset: { readonly length: number; readonly constructor: { readonly name: string } },
  index: number,
): number {
  const { length } = dataset;
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new RangeError(`${dataset.constructor.name}: index ${index} is out of range`);
  }
  return index < 0 ? index + length : index;
}

/** The names of classes with their numbers. */
export function numbered(classes: readonly string[]): Record<string, number> {
  return Object.fromEntries(classes.map((name, i) => [name, i]));
}

/** @throws Error as torchvision's where files are missing */
export function not_found(corrupted = true): never {
  throw new Error(`Dataset not found${corrupted ? ' or corrupted' : ''}. You can use download=True to download it`);
}
