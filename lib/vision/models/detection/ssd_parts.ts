/** What SSD and SSDlite have in common. */
import { no_grad } from '../../../autograd/grad_mode.js';
import { zeros } from '../../../generated/functions.js';
import { Tensor } from '../../../_tensor.js';
import type { ModuleList } from '../../../nn/modules/container.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Module } from '../../../nn/modules/module.js';
import { entries_of, type FeatureMaps } from '../../ops/feature_pyramid_network.js';
import { all_places } from './heads.js';
import type { DetectionTransformOptions } from './transform.js';

/** Keyword arguments of SSD. */
export interface SSDOptions extends Pick<DetectionTransformOptions, '_skip_resize'> {
  /** Mean of each channel. Default null: ImageNet's. */
  image_mean?: readonly number[] | null;
  /** Standard deviation of each channel. Default null: ImageNet's. */
  image_std?: readonly number[] | null;
  /** Gives classes and boxes. Default null: an `SSDHead`. */
  head?: Module | null;
  /** Least score of detections. Default 0.01. */
  score_thresh?: number;
  /** Largest overlap of detections of a class. Default 0.45. */
  nms_thresh?: number;
  /** Largest number of detections in an image. Default 200. */
  detections_per_img?: number;
  /** Least overlap of a box with an object, in training. Default 0.5. */
  iou_thresh?: number;
  /** Number of detections of each class before non-maximum suppression. Default 400. */
  topk_candidates?: number;
  /** Part of objects among the boxes that training learns classes from. Default 0.25. */
  positive_fraction?: number;
}

/** The options of SSD, as signatures write them. */
export const SSD_TAKES =
  'image_mean?: float[]|None, image_std?: float[]|None, head?: Module|None, score_thresh?: float, nms_thresh?: float, ' +
  'detections_per_img?: int, iou_thresh?: float, topk_candidates?: int, positive_fraction?: float';

/** Runs a module for each feature map. */
export abstract class SSDScoringHead extends Module {
  declare module_list: ModuleList;
  declare num_columns: number;

  /** @internal */
  constructor(module_list: ModuleList, num_columns: number) {
    super();
    this.module_list = module_list;
    this.num_columns = num_columns;
  }

  forward(x: readonly Tensor[]): Tensor {
    const modules = [...this.module_list];
    return all_places(
      x.map((map, i) => modules[i]!(map) as Tensor),
      this.num_columns,
    );
  }
}
forward_takes(SSDScoringHead, 'x: Tensor[]');

/** The channels of the feature maps of a backbone, of which an image of a size is run through it. */
export function retrieve_out_channels(model: Module, size: readonly [number, number]): number[] {
  const { training } = model;
  model.eval();
  const [parameter] = model.parameters();
  const image = zeros([1, 3, size[1], size[0]], { device: parameter!.device });
  const features = no_grad(() => model(image)) as Tensor | FeatureMaps;
  if (training) model.train();
  if (features instanceof Tensor) return [features.size(1)];
  return entries_of(features).map(([, map]) => map.size(1));
}
