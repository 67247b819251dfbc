/** Faster R-CNN; mirrors `torchvision.models.detection.faster_rcnn`. */
import { signature } from '../../../_internal/signature.js';
import type * as nn from '../../../nn/index.js';
import type { MultiScaleRoIAlign } from '../../ops/poolers.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { mobilenet_v3_large, MobileNet_V3_Large_Weights } from '../mobilenetv3.js';
import { ResNet50_Weights } from '../resnet.js';
import { AnchorGenerator } from './anchor_utils.js';
import { mobilenet_features } from './backbones.js';
import { FastRCNNPredictor, TwoMLPHead } from './box_heads.js';
import { detection_builder, type DetectionParts } from './builder.js';
import { GeneralizedRCNN, type RCNNParts } from './generalized_rcnn.js';
import {
  default_anchors,
  IMAGE_TAKES,
  image_transform,
  out_channels_of,
  pool_to,
  RCNN_BUILDER_TAKES,
  RCNN_TAKES,
  resnet50_fpn,
  second_version,
  type ImageOptions,
} from './rcnn_parts.js';
import { RoIHeads } from './roi_heads.js';
import { RegionProposalNetwork, RPNHead } from './rpn.js';

export { FastRCNNConvFCHead, FastRCNNPredictor, TwoMLPHead } from './box_heads.js';

/** Keyword arguments of {@link FasterRCNN}. */
export interface FasterRCNNOptions extends ImageOptions {
  /** Gives the boxes to start from. Default null: of 5 sizes and 3 shapes. */
  rpn_anchor_generator?: AnchorGenerator | null;
  /** Gives the scores of proposals. Default null: an `RPNHead`. */
  rpn_head?: nn.Module | null;
  /** Number of proposals of each feature map before non-maximum suppression, in training. Default 2000. */
  rpn_pre_nms_top_n_train?: number;
  /** The same in evaluation. Default 1000. */
  rpn_pre_nms_top_n_test?: number;
  /** Number of proposals after non-maximum suppression, in training. Default 2000. */
  rpn_post_nms_top_n_train?: number;
  /** The same in evaluation. Default 1000. */
  rpn_post_nms_top_n_test?: number;
  /** Largest overlap of proposals. Default 0.7. */
  rpn_nms_thresh?: number;
  /** Least overlap of a proposal with an object. Default 0.7. */
  rpn_fg_iou_thresh?: number;
  /** Overlap below which a proposal is background. Default 0.3. */
  rpn_bg_iou_thresh?: number;
  /** Number of proposals of each image that training learns from. Default 256. */
  rpn_batch_size_per_image?: number;
  /** Largest part of objects among these. Default 0.5. */
  rpn_positive_fraction?: number;
  /** Least score of proposals. Default 0. */
  rpn_score_thresh?: number;
  /** Pools the features of boxes. Default null: to 7 by 7. */
  box_roi_pool?: MultiScaleRoIAlign | null;
  /** Makes features of pooled ones. Default null: a `TwoMLPHead`. */
  box_head?: nn.Module | null;
  /** Gives classes and boxes. Default null: a `FastRCNNPredictor`. */
  box_predictor?: nn.Module | null;
  /** Least score of detections. Default 0.05. */
  box_score_thresh?: number;
  /** Largest overlap of detections of a class. Default 0.5. */
  box_nms_thresh?: number;
  /** Largest number of detections in an image. Default 100. */
  box_detections_per_img?: number;
  /** Least overlap of a box with an object, in training. Default 0.5. */
  box_fg_iou_thresh?: number;
  /** Overlap below which a box is background, in training. Default 0.5. */
  box_bg_iou_thresh?: number;
  /** Number of boxes of each image that training learns from. Default 512. */
  box_batch_size_per_image?: number;
  /** Largest part of objects among these. Default 0.25. */
  box_positive_fraction?: number;
  /** Weights of the coordinates. Default null: `[10, 10, 5, 5]`. */
  bbox_reg_weights?: readonly number[] | null;
}

/** What the constructor takes by name. */
export interface FasterRCNNArguments extends FasterRCNNOptions {
  /** Returns feature maps by name, all with `out_channels` channels, which is a field of it. */
  backbone: nn.Module & { out_channels?: number };
  /** Number of classes, with the background; null with a `box_predictor`. */
  num_classes?: number | null;
}

const FASTER_RCNN = signature<FasterRCNNArguments>(
  'FasterRCNN',
  `backbone: Module, num_classes?: int|None, ${RCNN_TAKES}, *, ${IMAGE_TAKES.named}`,
);

const DEFAULTS = {
  rpn_pre_nms_top_n_train: 2000,
  rpn_pre_nms_top_n_test: 1000,
  rpn_post_nms_top_n_train: 2000,
  rpn_post_nms_top_n_test: 1000,
  rpn_nms_thresh: 0.7,
  rpn_fg_iou_thresh: 0.7,
  rpn_bg_iou_thresh: 0.3,
  rpn_batch_size_per_image: 256,
  rpn_positive_fraction: 0.5,
  rpn_score_thresh: 0,
  box_score_thresh: 0.05,
  box_nms_thresh: 0.5,
  box_detections_per_img: 100,
  box_fg_iou_thresh: 0.5,
  box_bg_iou_thresh: 0.5,
  box_batch_size_per_image: 512,
  box_positive_fraction: 0.25,
};

/** The parts of a model, made in the order in which Python makes them. */
function parts_of(arguments_given: FasterRCNNArguments): RCNNParts {
  const given = { ...DEFAULTS, ...arguments_given };
  const { backbone, num_classes = null, box_predictor = null } = given;
  const channels = out_channels_of(backbone);
  if (num_classes !== null && box_predictor !== null) {
    throw new Error('num_classes should be None when box_predictor is specified');
  }
  if (num_classes === null && box_predictor === null) {
    throw new Error('num_classes should not be None when box_predictor is not specified');
  }
  const anchors = given.rpn_anchor_generator ?? default_anchors();
  const rpn = new RegionProposalNetwork({
    anchor_generator: anchors,
    head: given.rpn_head ?? new RPNHead(channels, anchors.num_anchors_per_location()[0]!),
    fg_iou_thresh: given.rpn_fg_iou_thresh,
    bg_iou_thresh: given.rpn_bg_iou_thresh,
    batch_size_per_image: given.rpn_batch_size_per_image,
    positive_fraction: given.rpn_positive_fraction,
    pre_nms_top_n: { training: given.rpn_pre_nms_top_n_train, testing: given.rpn_pre_nms_top_n_test },
    post_nms_top_n: { training: given.rpn_post_nms_top_n_train, testing: given.rpn_post_nms_top_n_test },
    nms_thresh: given.rpn_nms_thresh,
    score_thresh: given.rpn_score_thresh,
  });
  const box_roi_pool = given.box_roi_pool ?? pool_to(7);
  const box_head = given.box_head ?? new TwoMLPHead(channels * box_roi_pool.output_size[0] ** 2, 1024);
  const roi_heads = new RoIHeads({
    box_roi_pool,
    box_head,
    box_predictor: box_predictor ?? new FastRCNNPredictor(1024, num_classes!),
    fg_iou_thresh: given.box_fg_iou_thresh,
    bg_iou_thresh: given.box_bg_iou_thresh,
    batch_size_per_image: given.box_batch_size_per_image,
    positive_fraction: given.box_positive_fraction,
    bbox_reg_weights: given.bbox_reg_weights ?? null,
    score_thresh: given.box_score_thresh,
    nms_thresh: given.box_nms_thresh,
    detections_per_img: given.box_detections_per_img,
  });
  return { backbone, rpn, roi_heads, transform: image_transform(given) };
}

/**
 * Faster R-CNN of "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks" (arXiv 1506.01497).
 * Mirrors `torchvision.models.detection.FasterRCNN`.
 *
 * Called in evaluation with images `(3, H, W)` of values from 0 to 1, each of its own size, returns for each image `boxes`
 * `(N, 4)` as `x1, y1, x2, y2`, `labels` `(N)` and `scores` `(N)`. Called in training with images and for each of them a
 * target of `boxes` and int64 `labels`, returns `loss_classifier`, `loss_box_reg`, `loss_objectness` and `loss_rpn_box_reg`.
 *
 * @param backbone - returns feature maps by name; its field `out_channels` is the number of their channels
 * @param num_classes - number of classes, with the background; null with a `box_predictor`
 * @param min_size - length of the shorter side of an image; default 800
 * @param max_size - largest length of the longer side; default 1333
 * @param box_score_thresh - least score of detections; default 0.05
 * @param box_nms_thresh - largest overlap of detections of a class; default 0.5
 * @param box_detections_per_img - largest number of detections in an image; default 100
 * @throws Error for a backbone without `out_channels`, and for both or neither of `num_classes` and `box_predictor`
 * @example
 * ```ts
 * import { models, ops } from 'torch-node/vision';
 * const { FasterRCNN, anchor_utils } = models.detection;
 * const backbone = Object.assign(new nn.Conv2d(3, 8, 3, 8), { out_channels: 8 });
 * const model = new FasterRCNN(backbone, 2, {
 *   min_size: 32,
 *   rpn_anchor_generator: new anchor_utils.AnchorGenerator([[16, 32]], [[1]]),
 *   box_roi_pool: new ops.MultiScaleRoIAlign(['0'], 3, 2),
 * });
 * const target = { boxes: torch.tensor([[4, 4, 20, 20]]).float(), labels: torch.tensor([1]) };
 * print(Object.keys(model([torch.zeros(3, 32, 32)], [target])));
 * // ['loss_classifier', 'loss_box_reg', 'loss_objectness', 'loss_rpn_box_reg']
 * print(Object.keys(model.eval()([torch.zeros(3, 32, 32)])[0]!)); // ['boxes', 'labels', 'scores']
 * ```
 */
export class FasterRCNN extends GeneralizedRCNN {
  constructor(backbone: nn.Module & { out_channels?: number }, num_classes: number | null, options?: FasterRCNNOptions);
  constructor(backbone: nn.Module & { out_channels?: number }, options: Omit<FasterRCNNArguments, 'backbone'>);
  constructor(options: FasterRCNNArguments);
  constructor(...args: unknown[]) {
    super(parts_of(FASTER_RCNN.read(args)));
  }
}

// ---- Functions that make models -----------------------------------------------------------------

/** The weights of {@link fasterrcnn_resnet50_fpn}. Mirrors `torchvision.models.detection.FasterRCNN_ResNet50_FPN_Weights`. */
export const FasterRCNN_ResNet50_FPN_Weights = known_weights('FasterRCNN_ResNet50_FPN_Weights');
export type FasterRCNN_ResNet50_FPN_Weights = WeightsEnum<'FasterRCNN_ResNet50_FPN_Weights'>;

/**
 * Makes a {@link FasterRCNN} with a ResNet-50 and a feature pyramid, whose options it takes. Mirrors
 * `torchvision.models.detection.fasterrcnn_resnet50_fpn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { fasterrcnn_resnet50_fpn, faster_rcnn } = models.detection;
 * const model = fasterrcnn_resnet50_fpn({ weights_backbone: null, num_classes: 91 });
 * // For a data set of 2 classes and the background:
 * model.roi_heads.box_predictor = new faster_rcnn.FastRCNNPredictor(1024, 3);
 * print(model.roi_heads.box_predictor); // FastRCNNPredictor(
 * //   (cls_score): Linear(in_features=1024, out_features=3, bias=True)
 * //   (bbox_pred): Linear(in_features=1024, out_features=12, bias=True)
 * // )
 * ```
 */
export const fasterrcnn_resnet50_fpn = detection_builder<
  FasterRCNN,
  FasterRCNNOptions,
  'FasterRCNN_ResNet50_FPN_Weights',
  'ResNet50_Weights'
>('fasterrcnn_resnet50_fpn', {
  weights: FasterRCNN_ResNet50_FPN_Weights,
  weights_backbone: ResNet50_Weights,
  without_eps: true,
  takes: RCNN_BUILDER_TAKES,
  make: (parts, options) => new FasterRCNN(resnet50_fpn(parts), parts.num_classes, options),
});

/**
 * The weights of {@link fasterrcnn_resnet50_fpn_v2}. Mirrors
 * `torchvision.models.detection.FasterRCNN_ResNet50_FPN_V2_Weights`.
 */
export const FasterRCNN_ResNet50_FPN_V2_Weights = known_weights('FasterRCNN_ResNet50_FPN_V2_Weights');
export type FasterRCNN_ResNet50_FPN_V2_Weights = WeightsEnum<'FasterRCNN_ResNet50_FPN_V2_Weights'>;

/**
 * Makes a {@link FasterRCNN} with a ResNet-50 and normalizations in its heads, whose options it takes. Mirrors
 * `torchvision.models.detection.fasterrcnn_resnet50_fpn_v2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default null: none
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 */
export const fasterrcnn_resnet50_fpn_v2 = detection_builder<
  FasterRCNN,
  FasterRCNNOptions,
  'FasterRCNN_ResNet50_FPN_V2_Weights',
  'ResNet50_Weights'
>('fasterrcnn_resnet50_fpn_v2', {
  weights: FasterRCNN_ResNet50_FPN_V2_Weights,
  weights_backbone: ResNet50_Weights,
  default_backbone: null,
  takes: RCNN_BUILDER_TAKES,
  make: (parts, options) => new FasterRCNN({ ...second_version(parts), num_classes: parts.num_classes, ...options }),
});

function with_mobilenet(parts: DetectionParts, options: FasterRCNNOptions): FasterRCNN {
  const { weights_backbone, progress, norm_layer, trainable, num_classes } = parts;
  const weights = weights_backbone as MobileNet_V3_Large_Weights;
  const backbone = mobilenet_features(mobilenet_v3_large({ weights, progress, norm_layer }), true, trainable);
  const sizes = [0, 1, 2].map(() => [32, 64, 128, 256, 512]);
  const rpn_anchor_generator = new AnchorGenerator(
    sizes,
    sizes.map(() => [0.5, 1, 2]),
  );
  return new FasterRCNN(backbone, num_classes, { rpn_anchor_generator, ...options });
}

/**
 * The weights of {@link fasterrcnn_mobilenet_v3_large_fpn}. Mirrors
 * `torchvision.models.detection.FasterRCNN_MobileNet_V3_Large_FPN_Weights`.
 */
export const FasterRCNN_MobileNet_V3_Large_FPN_Weights = known_weights('FasterRCNN_MobileNet_V3_Large_FPN_Weights');
export type FasterRCNN_MobileNet_V3_Large_FPN_Weights = WeightsEnum<'FasterRCNN_MobileNet_V3_Large_FPN_Weights'>;

/**
 * Makes a {@link FasterRCNN} with a large MobileNet v3, for images of high resolution, whose options it takes. Mirrors
 * `torchvision.models.detection.fasterrcnn_mobilenet_v3_large_fpn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 */
export const fasterrcnn_mobilenet_v3_large_fpn = detection_builder<
  FasterRCNN,
  FasterRCNNOptions,
  'FasterRCNN_MobileNet_V3_Large_FPN_Weights',
  'MobileNet_V3_Large_Weights'
>('fasterrcnn_mobilenet_v3_large_fpn', {
  weights: FasterRCNN_MobileNet_V3_Large_FPN_Weights,
  weights_backbone: MobileNet_V3_Large_Weights,
  stages: [6, 3],
  takes: RCNN_BUILDER_TAKES,
  defaults: { rpn_score_thresh: 0.05 },
  make: with_mobilenet,
});

/**
 * The weights of {@link fasterrcnn_mobilenet_v3_large_320_fpn}. Mirrors
 * `torchvision.models.detection.FasterRCNN_MobileNet_V3_Large_320_FPN_Weights`.
 */
export const FasterRCNN_MobileNet_V3_Large_320_FPN_Weights = known_weights(
  'FasterRCNN_MobileNet_V3_Large_320_FPN_Weights',
);
export type FasterRCNN_MobileNet_V3_Large_320_FPN_Weights =
  WeightsEnum<'FasterRCNN_MobileNet_V3_Large_320_FPN_Weights'>;

/**
 * Makes a {@link FasterRCNN} with a large MobileNet v3, for small images, whose options it takes. Mirrors
 * `torchvision.models.detection.fasterrcnn_mobilenet_v3_large_320_fpn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 */
export const fasterrcnn_mobilenet_v3_large_320_fpn = detection_builder<
  FasterRCNN,
  FasterRCNNOptions,
  'FasterRCNN_MobileNet_V3_Large_320_FPN_Weights',
  'MobileNet_V3_Large_Weights'
>('fasterrcnn_mobilenet_v3_large_320_fpn', {
  weights: FasterRCNN_MobileNet_V3_Large_320_FPN_Weights,
  weights_backbone: MobileNet_V3_Large_Weights,
  stages: [6, 3],
  takes: RCNN_BUILDER_TAKES,
  defaults: {
    min_size: 320,
    max_size: 640,
    rpn_pre_nms_top_n_test: 150,
    rpn_post_nms_top_n_test: 150,
    rpn_score_thresh: 0.05,
  },
  make: with_mobilenet,
});
