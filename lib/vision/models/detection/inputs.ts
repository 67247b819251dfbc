/** What detection models do with their inputs before they look at them. */
import { python_repr } from '../../../python/print.js';
import { kind_of } from '../../../_internal/representation.js';
import { Tensor } from '../../../_tensor.js';
import { where } from '../../../generated/functions.js';
import type { Module } from '../../../nn/modules/module.js';
import type { FeatureMaps } from '../../ops/feature_pyramid_network.js';
import type { ImageList, ImageSize } from './image_list.js';
import type { GeneralizedRCNNTransform } from './transform.js';
import type { DetectionTarget } from './types.js';

/** Throws unless there are targets with boxes. */
function check_targets(targets: readonly DetectionTarget[] | null): void {
  if (targets === null) throw new Error('targets should not be none when in training mode');
  for (const { boxes } of targets) {
    if (!(boxes instanceof Tensor)) {
      throw new TypeError(`Expected target boxes to be of type Tensor, got ${kind_of(boxes)}.`);
    }
    if (boxes.dim() !== 2 || boxes.size(-1) !== 4) {
      throw new Error(`Expected target boxes to be a tensor of shape [N, 4], got ${python_repr(boxes.shape)}.`);
    }
  }
}

/** Throws for boxes without a size. */
function check_sizes(targets: readonly DetectionTarget[]): void {
  for (const [i, { boxes }] of targets.entries()) {
    const empty = boxes!
      .narrow(1, 2, 2)
      .le(boxes!.narrow(1, 0, 2))
      .any(1);
    const first = where(empty)[0]!;
    if (first.numel() === 0) continue;
    const box = boxes!.index(first.select(0, 0)).tolist() as number[];
    throw new Error(
      'All bounding boxes should have positive height and width. Found invalid box ' +
        `${python_repr(box)} for target at index ${i}.`,
    );
  }
}

/** Images that went through the transform of a model, and their features. */
export interface PreparedInputs {
  images: ImageList;
  targets: DetectionTarget[] | null;
  original_image_sizes: ImageSize[];
  features: FeatureMaps;
}

/** Checks the inputs of a model, transforms them, and runs the backbone. */
export function prepared(
  model: { training: boolean; transform: GeneralizedRCNNTransform; backbone: Module },
  given: readonly Tensor[],
  given_targets: readonly DetectionTarget[] | null,
): PreparedInputs {
  if (model.training) check_targets(given_targets);
  const original_image_sizes = given.map((image): ImageSize => [image.size(-2), image.size(-1)]);
  const [images, targets] = model.transform(given, given_targets);
  if (targets !== null) check_sizes(targets);
  const features = model.backbone(images.tensors) as Tensor | FeatureMaps;
  return { images, targets, original_image_sizes, features: features instanceof Tensor ? { 0: features } : features };
}
