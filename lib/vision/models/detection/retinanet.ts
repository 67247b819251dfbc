/** RetinaNet; mirrors `torchvision.models.detection.retinanet`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { full, where, zeros_like } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { StateDict } from '../../../nn/modules/module.js';
import { int64 } from '../../../types/dtype.js';
import { box_iou } from '../../ops/boxes.js';
import { entries_of, LastLevelP6P7 } from '../../ops/feature_pyramid_network.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { generalized_box_iou_loss, sigmoid_focal_loss } from '../../ops/losses.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { rename_keys } from '../_utils.js';
import { ResNet50_Weights } from '../resnet.js';
import { AnchorGenerator } from './anchor_utils.js';
import { detection_builder } from './builder.js';
import { BoxCoder } from './coders.js';
import { all_places, init_convolutions, sum_of } from './heads.js';
import type { ImageSize } from './image_list.js';
import { prepared } from './inputs.js';
import { Matcher } from './matchers.js';
import { IMAGE_TAKES, image_transform, out_channels_of, resnet50_fpn, type ImageOptions } from './rcnn_parts.js';
import { best_of_level, suppressed } from './single_stage.js';
import type { GeneralizedRCNNTransform } from './transform.js';
import { DetectionModel, type Detection, type DetectionLosses, type DetectionTarget } from './types.js';

/** What the heads predict: scores of classes `(N, A, C)` and changes of boxes `(N, A, 4)`. */
export type RetinaNetOutputs = Record<'cls_logits' | 'bbox_regression', Tensor>;

interface HeadArguments {
  in_channels: number;
  num_anchors: number;
  num_classes: number;
  norm_layer?: NormLayer | null;
}

const HEAD = signature<HeadArguments>(
  'RetinaNetHead',
  'in_channels: int, num_anchors: int, num_classes: int, norm_layer?: Callable|None',
);

/** The four convolutions before the predictions. */
function convolutions(channels: number, norm_layer: NormLayer | null): nn.Sequential {
  const layers = [0, 1, 2, 3].map(() => new Conv2dNormActivation(channels, channels, { norm_layer }));
  return new nn.Sequential(...(layers as nn.Module[])) as nn.Sequential;
}

const init_small = (weight: Tensor): unknown => nn.init.normal_(weight, { std: 0.01 });

/** The convolutions and predictions of one kind. */
abstract class Predictions extends nn.Module {
  declare conv: nn.Sequential;

  override get _version(): number {
    return 2;
  }

  /** Takes the names of version 1, in which the convolutions were not in blocks. @internal */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: Parameters<nn.Module['_load_from_state_dict']>[3],
  ): void {
    if (local.version === undefined || local.version < 2) {
      for (let i = 0; i < 4; i++) rename_keys(state_dict, prefix, { [`conv.${2 * i}`]: `conv.${i}.0` });
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

class RetinaNetClassificationHead extends Predictions {
  declare cls_logits: nn.Conv2d;
  declare num_classes: number;

  constructor(channels: number, anchors: number, classes: number, norm_layer: NormLayer | null) {
    super();
    this.conv = convolutions(channels, norm_layer);
    init_convolutions(this.conv.modules(), init_small);
    this.cls_logits = new nn.Conv2d(channels, anchors * classes, 3, { stride: 1, padding: 1 });
    init_small(this.cls_logits.weight);
    // So that each class has a probability of 0.01 before training.
    nn.init.constant_(this.cls_logits.bias!, -Math.log((1 - 0.01) / 0.01));
    this.num_classes = classes;
  }

  forward(x: readonly Tensor[]): Tensor {
    return all_places(
      x.map((map) => this.cls_logits(this.conv(map))),
      this.num_classes,
    );
  }
}

class RetinaNetRegressionHead extends Predictions {
  declare bbox_reg: nn.Conv2d;
  declare box_coder: BoxCoder;
  declare _loss_type: 'l1' | 'giou';

  constructor(channels: number, anchors: number, norm_layer: NormLayer | null) {
    super();
    this.conv = convolutions(channels, norm_layer);
    this.bbox_reg = new nn.Conv2d(channels, anchors * 4, 3, { stride: 1, padding: 1 });
    init_convolutions([this.bbox_reg], init_small);
    init_convolutions(this.conv.modules(), init_small);
    this.box_coder = new BoxCoder([1, 1, 1, 1]);
    this._loss_type = 'l1';
  }

  forward(x: readonly Tensor[]): Tensor {
    return all_places(
      x.map((map) => this.bbox_reg(this.conv(map))),
      4,
    );
  }
}

/** The loss of the classes of an image. */
function class_loss(logits: Tensor, matched: Tensor, labels: Tensor): Tensor {
  const objects = where(matched.ge(0))[0]!;
  const wanted = zeros_like(logits);
  wanted.index_put_([objects, labels.index(matched.index(objects))], 1);
  const valid = matched.ne(Matcher.BETWEEN_THRESHOLDS);
  const loss = sigmoid_focal_loss(logits.index(valid), wanted.index(valid), { reduction: 'sum' });
  return loss.div(Math.max(1, objects.numel()));
}

/** The loss of the boxes of an image. */
function box_loss(
  { box_coder, _loss_type }: RetinaNetRegressionHead,
  all: Tensor,
  all_anchors: Tensor,
  matched: Tensor,
  boxes: Tensor,
): Tensor {
  const objects = where(matched.ge(0))[0]!;
  const wanted = boxes.index(matched.index(objects));
  const [found, anchors] = [all.index(objects), all_anchors.index(objects)];
  const loss =
    _loss_type === 'l1'
      ? nn.functional.l1_loss(found, box_coder.encode_single(wanted, anchors), { reduction: 'sum' })
      : generalized_box_iou_loss(box_coder.decode_single(found, anchors), wanted, { reduction: 'sum', eps: 1e-7 });
  return loss.div(Math.max(1, objects.numel()));
}

export interface RetinaNetHead {
  (x: readonly Tensor[]): RetinaNetOutputs;
}

/**
 * Gives classes and boxes at each place of feature maps. Mirrors `torchvision.models.detection.retinanet.RetinaNetHead`.
 *
 * Shapes: feature maps `(N, in_channels, H_i, W_i)`; returns `cls_logits` `(N, A, num_classes)` and `bbox_regression`
 * `(N, A, 4)` for the A boxes of all feature maps.
 *
 * @param in_channels - channels of the feature maps
 * @param num_anchors - number of boxes at each place
 * @param num_classes - number of classes, with the background
 * @param norm_layer - class of the normalization behind the convolutions; default null: none
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { cls_logits, bbox_regression } = new models.detection.retinanet.RetinaNetHead(8, 3, 5)([torch.zeros(1, 8, 4, 4)]);
 * print(cls_logits.shape, bbox_regression.shape); // torch.Size([1, 48, 5]) torch.Size([1, 48, 4])
 * ```
 */
export class RetinaNetHead extends nn.Module {
  declare classification_head: RetinaNetClassificationHead;
  declare regression_head: RetinaNetRegressionHead;

  constructor(
    in_channels: number,
    num_anchors: number,
    num_classes: number,
    options?: { norm_layer?: NormLayer | null },
  );
  constructor(options: HeadArguments);
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_anchors, num_classes, norm_layer = null } = HEAD.read(args);
    this.classification_head = new RetinaNetClassificationHead(in_channels, num_anchors, num_classes, norm_layer);
    this.regression_head = new RetinaNetRegressionHead(in_channels, num_anchors, norm_layer);
  }

  /** @internal */
  compute_loss(
    targets: readonly DetectionTarget[],
    { cls_logits, bbox_regression }: RetinaNetOutputs,
    anchors: readonly Tensor[],
    matched: readonly Tensor[],
  ): DetectionLosses {
    const classes = targets.map(({ labels }, i) => class_loss(cls_logits.select(0, i), matched[i]!, labels!));
    const boxes = targets.map((target, i) =>
      box_loss(this.regression_head, bbox_regression.select(0, i), anchors[i]!, matched[i]!, target['boxes']!),
    );
    return {
      classification: sum_of(classes).div(targets.length),
      bbox_regression: sum_of(boxes).div(Math.max(1, targets.length)),
    };
  }

  forward(x: readonly Tensor[]): RetinaNetOutputs {
    return {
      cls_logits: this.classification_head(x as never) as Tensor,
      bbox_regression: this.regression_head(x as never) as Tensor,
    };
  }
}
forward_takes(RetinaNetHead, 'x: Tensor[]');

/** Keyword arguments of {@link RetinaNet}. */
export interface RetinaNetOptions extends ImageOptions {
  /** Gives the boxes to start from. Default null: of 15 sizes and 3 shapes. */
  anchor_generator?: AnchorGenerator | null;
  /** Gives classes and boxes. Default null: a `RetinaNetHead`. */
  head?: nn.Module | null;
  /** Assigns objects to boxes, in training. Default null: a `Matcher` of the two thresholds. */
  proposal_matcher?: Matcher | null;
  /** Least score of detections. Default 0.05. */
  score_thresh?: number;
  /** Largest overlap of detections of a class. Default 0.5. */
  nms_thresh?: number;
  /** Largest number of detections in an image. Default 300. */
  detections_per_img?: number;
  /** Least overlap of a box with an object, in training. Default 0.5. */
  fg_iou_thresh?: number;
  /** Overlap below which a box is background, in training. Default 0.4. */
  bg_iou_thresh?: number;
  /** Number of detections of each feature map before non-maximum suppression. Default 1000. */
  topk_candidates?: number;
}

interface RetinaNetArguments extends RetinaNetOptions {
  backbone: nn.Module & { out_channels?: number };
  num_classes: number;
}

const TAKES =
  `${IMAGE_TAKES.positional}, anchor_generator?: AnchorGenerator|None, head?: Module|None, ` +
  'proposal_matcher?: Callable|None, score_thresh?: float, nms_thresh?: float, detections_per_img?: int, ' +
  'fg_iou_thresh?: float, bg_iou_thresh?: float, topk_candidates?: int';
const RETINANET = signature<RetinaNetArguments>(
  'RetinaNet',
  `backbone: Module, num_classes: int, ${TAKES}, *, ${IMAGE_TAKES.named}`,
);

function default_anchors(): AnchorGenerator {
  const sizes = [32, 64, 128, 256, 512].map((size) => [
    size,
    Math.trunc(size * 2 ** (1 / 3)),
    Math.trunc(size * 2 ** (2 / 3)),
  ]);
  return new AnchorGenerator(
    sizes,
    sizes.map(() => [0.5, 1, 2]),
  );
}

/**
 * RetinaNet of "Focal Loss for Dense Object Detection" (arXiv 1708.02002). Mirrors
 * `torchvision.models.detection.RetinaNet`.
 *
 * Called in evaluation with images `(3, H, W)` of values from 0 to 1, each of its own size, returns for each image `boxes`
 * `(N, 4)` as `x1, y1, x2, y2`, `scores` `(N)` and `labels` `(N)`. Called in training with images and for each of them a
 * target of `boxes` and int64 `labels`, returns the losses `classification` and `bbox_regression`.
 *
 * @param backbone - returns feature maps by name; its field `out_channels` is the number of their channels
 * @param num_classes - number of classes, with the background
 * @param min_size - length of the shorter side of an image; default 800
 * @param max_size - largest length of the longer side; default 1333
 * @param score_thresh - least score of detections; default 0.05
 * @param nms_thresh - largest overlap of detections of a class; default 0.5
 * @param detections_per_img - largest number of detections in an image; default 300
 * @param topk_candidates - number of detections of each feature map before non-maximum suppression; default 1000
 * @throws Error for a backbone without `out_channels`, and in training without targets
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { RetinaNet, anchor_utils } = models.detection;
 * const backbone = Object.assign(new nn.Conv2d(3, 8, 3, 8), { out_channels: 8 });
 * const anchor_generator = new anchor_utils.AnchorGenerator([[16, 32]], [[1]]);
 * const model = new RetinaNet(backbone, 2, { min_size: 32, anchor_generator });
 * const target = { boxes: torch.tensor([[4, 4, 20, 20]]).float(), labels: torch.tensor([1]) };
 * print(Object.keys(model([torch.zeros(3, 32, 32)], [target]))); // ['classification', 'bbox_regression']
 * print(Object.keys(model.eval()([torch.zeros(3, 32, 32)])[0]!)); // ['boxes', 'scores', 'labels']
 * ```
 */
export class RetinaNet extends DetectionModel {
  declare backbone: nn.Module;
  declare anchor_generator: AnchorGenerator;
  declare head: RetinaNetHead;
  declare proposal_matcher: Matcher;
  declare box_coder: BoxCoder;
  declare transform: GeneralizedRCNNTransform;
  declare score_thresh: number;
  declare nms_thresh: number;
  declare detections_per_img: number;
  declare topk_candidates: number;

  constructor(backbone: nn.Module & { out_channels?: number }, num_classes: number, options?: RetinaNetOptions);
  constructor(options: RetinaNetArguments);
  constructor(...args: unknown[]) {
    super();
    const given = RETINANET.read(args);
    const channels = out_channels_of(given.backbone);
    this.backbone = given.backbone;
    this.anchor_generator = given.anchor_generator ?? default_anchors();
    const anchors = this.anchor_generator.num_anchors_per_location()[0]!;
    this.head = (given.head ?? new RetinaNetHead(channels, anchors, given.num_classes)) as RetinaNetHead;
    this.proposal_matcher =
      given.proposal_matcher ?? new Matcher(given.fg_iou_thresh ?? 0.5, given.bg_iou_thresh ?? 0.4, true);
    this.box_coder = new BoxCoder([1, 1, 1, 1]);
    this.transform = image_transform(given);
    this.score_thresh = given.score_thresh ?? 0.05;
    this.nms_thresh = given.nms_thresh ?? 0.5;
    this.detections_per_img = given.detections_per_img ?? 300;
    this.topk_candidates = given.topk_candidates ?? 1000;
  }

  private losses(
    targets: readonly DetectionTarget[],
    outputs: RetinaNetOutputs,
    anchors: readonly Tensor[],
  ): DetectionLosses {
    const matched = anchors.map((each, i) => {
      const { boxes } = targets[i]!;
      if (boxes!.numel() === 0) return full([each.size(0)], -1, { dtype: int64, device: each.device });
      return this.proposal_matcher(box_iou(boxes!, each));
    });
    return this.head.compute_loss(targets, outputs, anchors, matched);
  }

  /** The detections in an image: `outputs` and `anchors` of each feature map. */
  private detections(
    logits: readonly Tensor[],
    regression: readonly Tensor[],
    anchors: readonly Tensor[],
    size: ImageSize,
  ): Detection {
    const found = logits.map((each, level) => {
      const decode = (which: Tensor): Tensor =>
        this.box_coder.decode_single(regression[level]!.index(which), anchors[level]!.index(which));
      return best_of_level(each.sigmoid(), decode, size, this);
    });
    return suppressed(found, this);
  }

  forward(
    given: readonly Tensor[],
    given_targets: readonly DetectionTarget[] | null = null,
  ): DetectionLosses | Detection[] {
    const { images, targets, original_image_sizes, features } = prepared(this, given, given_targets);
    const maps = entries_of(features).map(([, map]) => map);
    const outputs = this.head(maps);
    const anchors = this.anchor_generator(images, maps);
    if (this.training) return this.losses(targets!, outputs, anchors);
    const places = maps.map((map) => map.size(2) * map.size(3));
    const per_place = outputs.cls_logits.size(1) / places.reduce((sum, count) => sum + count, 0);
    const counts = places.map((count) => count * Math.floor(per_place));
    const of_image = (values: Tensor, i: number): Tensor[] => values.select(0, i).split(counts, 0);
    const found = images.image_sizes.map((size, i) =>
      this.detections(
        of_image(outputs.cls_logits, i),
        of_image(outputs.bbox_regression, i),
        anchors[i]!.split(counts, 0),
        size,
      ),
    );
    return this.transform.postprocess(found, images.image_sizes, original_image_sizes);
  }
}
forward_takes(RetinaNet, 'images: Tensor[], targets?: dict[]|None');

const BUILDER_TAKES = `${TAKES}, ${IMAGE_TAKES.named}`;

/** The weights of {@link retinanet_resnet50_fpn}. Mirrors `torchvision.models.detection.RetinaNet_ResNet50_FPN_Weights`. */
export const RetinaNet_ResNet50_FPN_Weights = known_weights('RetinaNet_ResNet50_FPN_Weights');
export type RetinaNet_ResNet50_FPN_Weights = WeightsEnum<'RetinaNet_ResNet50_FPN_Weights'>;

/**
 * Makes a {@link RetinaNet} with a ResNet-50 and a feature pyramid, whose options it takes. Mirrors
 * `torchvision.models.detection.retinanet_resnet50_fpn`.
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
 * const model = models.detection.retinanet_resnet50_fpn({ weights_backbone: null, num_classes: 4, min_size: 64 });
 * print(model.head.classification_head.cls_logits);
 * // Conv2d(256, 36, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
 * ```
 */
export const retinanet_resnet50_fpn = detection_builder<
  RetinaNet,
  RetinaNetOptions,
  'RetinaNet_ResNet50_FPN_Weights',
  'ResNet50_Weights'
>('retinanet_resnet50_fpn', {
  weights: RetinaNet_ResNet50_FPN_Weights,
  weights_backbone: ResNet50_Weights,
  without_eps: true,
  takes: BUILDER_TAKES,
  make: (parts, options) => {
    const levels = { returned_layers: [2, 3, 4], extra_blocks: () => new LastLevelP6P7(256, 256) };
    return new RetinaNet(resnet50_fpn(parts, levels), parts.num_classes, options);
  },
});

/** The weights of {@link retinanet_resnet50_fpn_v2}. Mirrors `torchvision.models.detection.RetinaNet_ResNet50_FPN_V2_Weights`. */
export const RetinaNet_ResNet50_FPN_V2_Weights = known_weights('RetinaNet_ResNet50_FPN_V2_Weights');
export type RetinaNet_ResNet50_FPN_V2_Weights = WeightsEnum<'RetinaNet_ResNet50_FPN_V2_Weights'>;

/**
 * Makes a {@link RetinaNet} with a ResNet-50 and normalizations in its head, whose options it takes. Mirrors
 * `torchvision.models.detection.retinanet_resnet50_fpn_v2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default null: none
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 */
export const retinanet_resnet50_fpn_v2 = detection_builder<
  RetinaNet,
  RetinaNetOptions,
  'RetinaNet_ResNet50_FPN_V2_Weights',
  'ResNet50_Weights'
>('retinanet_resnet50_fpn_v2', {
  weights: RetinaNet_ResNet50_FPN_V2_Weights,
  weights_backbone: ResNet50_Weights,
  default_backbone: null,
  takes: BUILDER_TAKES,
  make: (parts, options) => {
    const levels = { returned_layers: [2, 3, 4], extra_blocks: () => new LastLevelP6P7(2048, 256) };
    const backbone = resnet50_fpn({ ...parts, norm_layer: nn.BatchNorm2d }, levels);
    const anchor_generator = default_anchors();
    const anchors = anchor_generator.num_anchors_per_location()[0]!;
    const norm_layer: NormLayer = (channels: number) => new nn.GroupNorm(32, channels);
    const head = new RetinaNetHead(backbone.out_channels, anchors, parts.num_classes, { norm_layer });
    head.regression_head._loss_type = 'giou';
    return new RetinaNet(backbone, parts.num_classes, { anchor_generator, head, ...options });
  },
});
