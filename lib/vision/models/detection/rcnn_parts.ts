/** What the models that propose regions, and those with one stage, are made of. */
import { define_kind } from '../../../_internal/signature.js';
import * as nn from '../../../nn/index.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { MultiScaleRoIAlign } from '../../ops/poolers.js';
import { resnet50, type ResNet50_Weights } from '../resnet.js';
import { AnchorGenerator } from './anchor_utils.js';
import { resnet_fpn, type BackboneWithFPN, type Levels } from './backbones.js';
import { FastRCNNConvFCHead } from './box_heads.js';
import type { DetectionParts } from './builder.js';
import { RPNHead } from './rpn.js';
import { GeneralizedRCNNTransform, type DetectionTransformOptions } from './transform.js';

define_kind('MultiScaleRoIAlign', 'MultiScaleRoIAlign', (value) => value instanceof MultiScaleRoIAlign);

/** Options of what images go through. */
export interface ImageOptions extends DetectionTransformOptions {
  /** Length of the shorter side of an image; of several, training draws one. Default 800. */
  min_size?: number | readonly number[];
  /** Largest length of the longer side. Default 1333. */
  max_size?: number;
  /** Mean of each channel. Default null: ImageNet's. */
  image_mean?: readonly number[] | null;
  /** Standard deviation of each channel. Default null: ImageNet's. */
  image_std?: readonly number[] | null;
}

/** Options of what images go through, as signatures write them: the first by position, the others by name. */
export const IMAGE_TAKES = {
  positional: 'min_size?: int|int[]|None, max_size?: int, image_mean?: float[]|None, image_std?: float[]|None',
  named: 'size_divisible?: int, fixed_size?: int[]|None, _skip_resize?: bool',
};

/** Options of R-CNNs, as signatures write them. */
export const RCNN_TAKES =
  `${IMAGE_TAKES.positional}, rpn_anchor_generator?: AnchorGenerator|None, rpn_head?: Module|None, ` +
  'rpn_pre_nms_top_n_train?: int, rpn_pre_nms_top_n_test?: int, rpn_post_nms_top_n_train?: int, ' +
  'rpn_post_nms_top_n_test?: int, rpn_nms_thresh?: float, rpn_fg_iou_thresh?: float, rpn_bg_iou_thresh?: float, ' +
  'rpn_batch_size_per_image?: int, rpn_positive_fraction?: float, rpn_score_thresh?: float, ' +
  'box_roi_pool?: MultiScaleRoIAlign|None, box_head?: Module|None, box_predictor?: Module|None, ' +
  'box_score_thresh?: float, box_nms_thresh?: float, box_detections_per_img?: int, box_fg_iou_thresh?: float, ' +
  'box_bg_iou_thresh?: float, box_batch_size_per_image?: int, box_positive_fraction?: float, bbox_reg_weights?: float[]|None';

/** The number of channels of a backbone. */
export function out_channels_of(backbone: nn.Module & { out_channels?: number }): number {
  const { out_channels } = backbone;
  if (typeof out_channels === 'number') return out_channels;
  throw new Error(
    'backbone should contain an attribute out_channels specifying the number of output channels (assumed to be the same ' +
      'for all the levels)',
  );
}

/** What images go through, with ImageNet's mean and deviation. */
export function image_transform(given: ImageOptions): GeneralizedRCNNTransform {
  const { min_size = 800, max_size = 1333, image_mean, image_std, size_divisible, fixed_size, _skip_resize } = given;
  return new GeneralizedRCNNTransform(
    min_size,
    max_size,
    image_mean ?? [0.485, 0.456, 0.406],
    image_std ?? [0.229, 0.224, 0.225],
    { size_divisible: size_divisible ?? 32, fixed_size: fixed_size ?? null, _skip_resize: _skip_resize ?? false },
  );
}

/** Pools the features of boxes of all levels to squares. */
export const pool_to = (side: number): MultiScaleRoIAlign => new MultiScaleRoIAlign(['0', '1', '2', '3'], side, 2);

export function default_anchors(): AnchorGenerator {
  const sizes = [[32], [64], [128], [256], [512]];
  return new AnchorGenerator(
    sizes,
    sizes.map(() => [0.5, 1, 2]),
  );
}

/** The options of builders, as signatures write them. */
export const RCNN_BUILDER_TAKES = `${RCNN_TAKES}, ${IMAGE_TAKES.named}`;

/** A ResNet-50 with a feature pyramid. */
export function resnet50_fpn(parts: DetectionParts, levels: Levels = {}): BackboneWithFPN {
  const { weights_backbone, progress, norm_layer, trainable } = parts;
  return resnet_fpn(
    resnet50({ weights: weights_backbone as ResNet50_Weights, progress, norm_layer }),
    trainable,
    levels,
  );
}

/** The parts of an R-CNN of the second version: a backbone and heads with normalizations. */
export function second_version(parts: DetectionParts): {
  backbone: BackboneWithFPN;
  rpn_anchor_generator: AnchorGenerator;
  rpn_head: RPNHead;
  box_head: FastRCNNConvFCHead;
} {
  const norm_layer: NormLayer = nn.BatchNorm2d;
  const backbone = resnet50_fpn({ ...parts, norm_layer }, { norm_layer });
  const rpn_anchor_generator = default_anchors();
  const rpn_head = new RPNHead(backbone.out_channels, rpn_anchor_generator.num_anchors_per_location()[0]!, 2);
  const size = [backbone.out_channels, 7, 7];
  const box_head = new FastRCNNConvFCHead(size, [256, 256, 256, 256], [1024], { norm_layer });
  return { backbone, rpn_anchor_generator, rpn_head, box_head };
}
