/** FCOS; mirrors `torchvision.models.detection.fcos`. */
import { signature } from '../../../_internal/signature.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import { full, stack, where, zeros_like } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { float32, int64 } from '../../../types/dtype.js';
import { entries_of, LastLevelP6P7 } from '../../ops/feature_pyramid_network.js';
import { generalized_box_iou_loss, sigmoid_focal_loss } from '../../ops/losses.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { ResNet50_Weights } from '../resnet.js';
import { AnchorGenerator } from './anchor_utils.js';
import { detection_builder } from './builder.js';
import { BoxLinearCoder } from './coders.js';
import { all_places, init_convolutions } from './heads.js';
import type { ImageSize } from './image_list.js';
import { prepared } from './inputs.js';
import { IMAGE_TAKES, image_transform, out_channels_of, resnet50_fpn, type ImageOptions } from './rcnn_parts.js';
import { best_of_level, suppressed } from './single_stage.js';
import type { GeneralizedRCNNTransform } from './transform.js';
import { DetectionModel, type Detection, type DetectionLosses, type DetectionTarget } from './types.js';

/** What the heads predict: scores of classes `(N, A, C)`, boxes `(N, A, 4)`, and how central a place is `(N, A, 1)`. */
export type FCOSOutputs = Record<'cls_logits' | 'bbox_regression' | 'bbox_ctrness', Tensor>;

/** The convolutions before the predictions, each with a normalization. */
function convolutions(channels: number, count: number): nn.Sequential {
  const layers = Array.from({ length: count }, (): nn.Module[] => [
    new nn.Conv2d(channels, channels, 3, { stride: 1, padding: 1 }),
    new nn.GroupNorm(32, channels),
    new nn.ReLU(),
  ]);
  return new nn.Sequential(...layers.flat()) as nn.Sequential;
}

const init_small = (weight: Tensor): unknown => nn.init.normal_(weight, { std: 0.01 });

class FCOSClassificationHead extends nn.Module {
  declare num_classes: number;
  declare conv: nn.Sequential;
  declare cls_logits: nn.Conv2d;

  constructor(channels: number, anchors: number, classes: number, count: number) {
    super();
    this.num_classes = classes;
    this.conv = convolutions(channels, count);
    init_convolutions(this.conv.children(), init_small);
    this.cls_logits = new nn.Conv2d(channels, anchors * classes, 3, { stride: 1, padding: 1 });
    init_small(this.cls_logits.weight);
    // So that each class has a probability of 0.01 before training.
    nn.init.constant_(this.cls_logits.bias!, -Math.log((1 - 0.01) / 0.01));
  }

  forward(x: readonly Tensor[]): Tensor {
    return all_places(
      x.map((map) => this.cls_logits(this.conv(map))),
      this.num_classes,
    );
  }
}

class FCOSRegressionHead extends nn.Module {
  declare conv: nn.Sequential;
  declare bbox_reg: nn.Conv2d;
  declare bbox_ctrness: nn.Conv2d;

  constructor(channels: number, anchors: number, count: number) {
    super();
    this.conv = convolutions(channels, count);
    this.bbox_reg = new nn.Conv2d(channels, anchors * 4, 3, { stride: 1, padding: 1 });
    this.bbox_ctrness = new nn.Conv2d(channels, anchors, 3, { stride: 1, padding: 1 });
    init_convolutions([this.bbox_reg, this.bbox_ctrness], init_small);
    init_convolutions(this.conv.children(), init_small);
  }

  forward(x: readonly Tensor[]): [boxes: Tensor, centerness: Tensor] {
    const features = x.map((map) => this.conv(map));
    const boxes = features.map((map) => this.bbox_reg(map).relu());
    const centerness = features.map((map) => this.bbox_ctrness(map));
    return [all_places(boxes, 4), all_places(centerness, 1)];
  }
}

interface HeadArguments {
  in_channels: number;
  num_anchors: number;
  num_classes: number;
  num_convs?: number;
}

const HEAD = signature<HeadArguments>(
  'FCOSHead',
  'in_channels: int, num_anchors: int, num_classes: int, num_convs?: int',
);

export interface FCOSHead {
  (x: readonly Tensor[]): FCOSOutputs;
}

/** How central boxes are for places with these distances to their sides, from 0 to 1. */
function centerness(distances: Tensor): Tensor {
  const part = (one: number, other: number): Tensor => {
    const pair = stack([distances.select(-1, one), distances.select(-1, other)], -1);
    return pair.min(-1)[0].div(pair.max(-1)[0]);
  };
  return part(0, 2).mul(part(1, 3)).sqrt();
}

/**
 * Gives classes, boxes and how central a place is, at each place of feature maps. Mirrors
 * `torchvision.models.detection.fcos.FCOSHead`.
 *
 * Shapes: feature maps `(N, in_channels, H_i, W_i)`; returns `cls_logits` `(N, A, num_classes)`, `bbox_regression`
 * `(N, A, 4)` and `bbox_ctrness` `(N, A, 1)` for the A places of all feature maps.
 *
 * @param in_channels - channels of the feature maps, a multiple of 32
 * @param num_anchors - number of boxes at each place
 * @param num_classes - number of classes, with the background
 * @param num_convs - number of convolutions before the predictions; default 4
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const outputs = new models.detection.fcos.FCOSHead(32, 1, 5)([torch.zeros(1, 32, 4, 4)]);
 * print(outputs.cls_logits.shape, outputs.bbox_ctrness.shape); // torch.Size([1, 16, 5]) torch.Size([1, 16, 1])
 * ```
 */
export class FCOSHead extends nn.Module {
  declare box_coder: BoxLinearCoder;
  declare classification_head: FCOSClassificationHead;
  declare regression_head: FCOSRegressionHead;

  constructor(
    in_channels: number,
    num_anchors: number,
    num_classes: number,
    ...options: Tail<[num_convs: number], { num_convs?: number }>
  );
  constructor(options: HeadArguments);
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_anchors, num_classes, num_convs = 4 } = HEAD.read(args);
    this.box_coder = new BoxLinearCoder(true);
    this.classification_head = new FCOSClassificationHead(in_channels, num_anchors, num_classes, num_convs);
    this.regression_head = new FCOSRegressionHead(in_channels, num_anchors, num_convs);
  }

  /** The class of each place, -1 for background, and its box. */
  private wanted({ boxes, labels }: DetectionTarget, matched: Tensor): [classes: Tensor, boxes: Tensor] {
    const none = labels!.size(0) === 0;
    const objects = matched.clamp({ min: 0 });
    const classes = none ? labels!.new_zeros([matched.size(0)]) : labels!.index(objects);
    const its_boxes = none ? boxes!.new_zeros([matched.size(0), 4]) : boxes!.index(objects);
    return [classes.masked_fill(matched.lt(0), -1), its_boxes];
  }

  /** @internal */
  compute_loss(
    targets: readonly DetectionTarget[],
    { cls_logits, bbox_regression, bbox_ctrness }: FCOSOutputs,
    anchors: readonly Tensor[],
    matched: readonly Tensor[],
  ): DetectionLosses {
    const wanted = targets.map((target, i) => this.wanted(target, matched[i]!));
    const classes = stack(wanted.map(([each]) => each));
    const boxes = stack(wanted.map(([, each]) => each));
    const [images, places] = where(classes.ge(0)) as [Tensor, Tensor];
    const count = Math.max(1, images.numel());
    const of_objects = (values: Tensor): Tensor => values.index(images, places);
    const targets_of_classes = zeros_like(cls_logits);
    targets_of_classes.index_put_([images, places, of_objects(classes)], 1);
    const all = stack(anchors);
    const found = this.box_coder.decode(bbox_regression, all);
    const central = centerness(this.box_coder.encode(all, boxes));
    const sum = { reduction: 'sum' } as const;
    return {
      classification: sigmoid_focal_loss(cls_logits, targets_of_classes, sum).div(count),
      bbox_regression: generalized_box_iou_loss(of_objects(found), of_objects(boxes), sum).div(count),
      bbox_ctrness: nn.functional
        .binary_cross_entropy_with_logits(of_objects(bbox_ctrness.squeeze(2)), of_objects(central), sum)
        .div(count),
    };
  }

  forward(x: readonly Tensor[]): FCOSOutputs {
    const cls_logits = this.classification_head(x as never) as Tensor;
    const [bbox_regression, bbox_ctrness] = this.regression_head(x as never) as unknown as [Tensor, Tensor];
    return { cls_logits, bbox_regression, bbox_ctrness };
  }
}
forward_takes(FCOSHead, 'x: Tensor[]');

/** Keyword arguments of {@link FCOS}. */
export interface FCOSOptions extends ImageOptions {
  /** Gives the places to start from, one box each. Default null: of sizes from 8 to 128. */
  anchor_generator?: AnchorGenerator | null;
  /** Gives classes and boxes. Default null: an `FCOSHead`. */
  head?: nn.Module | null;
  /** Radius around the center of an object in which places belong to it, in strides. Default 1.5. */
  center_sampling_radius?: number;
  /** Least score of detections. Default 0.2. */
  score_thresh?: number;
  /** Largest overlap of detections of a class. Default 0.6. */
  nms_thresh?: number;
  /** Largest number of detections in an image. Default 100. */
  detections_per_img?: number;
  /** Number of detections of each feature map before non-maximum suppression. Default 1000. */
  topk_candidates?: number;
}

interface FCOSArguments extends FCOSOptions {
  backbone: nn.Module & { out_channels?: number };
  num_classes: number;
}

const TAKES =
  `${IMAGE_TAKES.positional}, anchor_generator?: AnchorGenerator|None, head?: Module|None, ` +
  'center_sampling_radius?: float, score_thresh?: float, nms_thresh?: float, detections_per_img?: int, topk_candidates?: int';
const FCOS_ARGUMENTS = signature<FCOSArguments>(
  'FCOS',
  `backbone: Module, num_classes: int, ${TAKES}, *, ${IMAGE_TAKES.named}`,
);

function default_anchors(): AnchorGenerator {
  const sizes = [[8], [16], [32], [64], [128]];
  return new AnchorGenerator(
    sizes,
    sizes.map(() => [1]),
  );
}

const middle = (boxes: Tensor): Tensor =>
  boxes
    .narrow(1, 0, 2)
    .add(boxes.narrow(1, 2, 2))
    .div(2);

/**
 * FCOS of "FCOS: Fully Convolutional One-Stage Object Detection" (arXiv 1904.01355). Mirrors
 * `torchvision.models.detection.FCOS`.
 *
 * Called in evaluation with images `(3, H, W)` of values from 0 to 1, each of its own size, returns for each image `boxes`
 * `(N, 4)` as `x1, y1, x2, y2`, `scores` `(N)` and `labels` `(N)`. Called in training with images and for each of them a
 * target of `boxes` and int64 `labels`, returns the losses `classification`, `bbox_regression` and `bbox_ctrness`.
 *
 * @param backbone - returns feature maps by name; its field `out_channels` is the number of their channels
 * @param num_classes - number of classes, with the background
 * @param min_size - length of the shorter side of an image; default 800
 * @param max_size - largest length of the longer side; default 1333
 * @param center_sampling_radius - radius around the center of an object in which places belong to it; default 1.5
 * @param score_thresh - least score of detections; default 0.2
 * @param nms_thresh - largest overlap of detections of a class; default 0.6
 * @param detections_per_img - largest number of detections in an image; default 100
 * @param topk_candidates - number of detections of each feature map before non-maximum suppression; default 1000
 * @throws Error for a backbone without `out_channels`, for more than one box at a place, and in training without targets
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { FCOS, anchor_utils } = models.detection;
 * const backbone = Object.assign(new nn.Conv2d(3, 32, 3, 8), { out_channels: 32 });
 * const anchor_generator = new anchor_utils.AnchorGenerator([[8]], [[1]]);
 * const model = new FCOS(backbone, 2, { min_size: 32, anchor_generator });
 * const target = { boxes: torch.tensor([[4, 4, 20, 20]]).float(), labels: torch.tensor([1]) };
 * print(Object.keys(model([torch.zeros(3, 32, 32)], [target]))); // ['classification', 'bbox_regression', 'bbox_ctrness']
 * print(Object.keys(model.eval()([torch.zeros(3, 32, 32)])[0]!)); // ['boxes', 'scores', 'labels']
 * ```
 */
export class FCOS extends DetectionModel {
  declare backbone: nn.Module;
  declare anchor_generator: AnchorGenerator;
  declare head: FCOSHead;
  declare box_coder: BoxLinearCoder;
  declare transform: GeneralizedRCNNTransform;
  declare center_sampling_radius: number;
  declare score_thresh: number;
  declare nms_thresh: number;
  declare detections_per_img: number;
  declare topk_candidates: number;

  constructor(backbone: nn.Module & { out_channels?: number }, num_classes: number, options?: FCOSOptions);
  constructor(options: FCOSArguments);
  constructor(...args: unknown[]) {
    super();
    const given = FCOS_ARGUMENTS.read(args);
    const channels = out_channels_of(given.backbone);
    this.backbone = given.backbone;
    this.anchor_generator = given.anchor_generator ?? default_anchors();
    const anchors = this.anchor_generator.num_anchors_per_location()[0]!;
    if (anchors !== 1) {
      throw new Error(`anchor_generator.num_anchors_per_location()[0] should be 1 instead of ${anchors}`);
    }
    this.head = (given.head ?? new FCOSHead(channels, anchors, given.num_classes)) as FCOSHead;
    this.box_coder = new BoxLinearCoder(true);
    this.transform = image_transform(given);
    this.center_sampling_radius = given.center_sampling_radius ?? 1.5;
    this.score_thresh = given.score_thresh ?? 0.2;
    this.nms_thresh = given.nms_thresh ?? 0.6;
    this.detections_per_img = given.detections_per_img ?? 100;
    this.topk_candidates = given.topk_candidates ?? 1000;
  }

  /** The object that each place belongs to, or -1: the smallest of those around it that its level is for. */
  private matches(anchors: Tensor, boxes: Tensor, counts: readonly number[]): Tensor {
    if (boxes.numel() === 0) return full([anchors.size(0)], -1, { dtype: int64, device: anchors.device });
    const centers = middle(anchors);
    const sizes = anchors.select(1, 2).sub(anchors.select(1, 0));
    const apart = centers.unsqueeze(1).sub(middle(boxes).unsqueeze(0)).abs().max(2)[0];
    const near = apart.lt(sizes.unsqueeze(1).mul(this.center_sampling_radius));
    const [x, y] = centers.unsqueeze(2).unbind(1) as [Tensor, Tensor];
    const [x0, y0, x1, y1] = boxes.unsqueeze(0).unbind(2) as [Tensor, Tensor, Tensor, Tensor];
    const distances = stack([x.sub(x0), y.sub(y0), x1.sub(x), y1.sub(y)], 2);
    const within = distances.min(2)[0].gt(0);
    // The first level is for all that is smaller, too, and the last for all that is larger.
    const lower = sizes.mul(4);
    lower.narrow(0, 0, counts[0]!).fill_(0);
    const upper = sizes.mul(8);
    const last = counts[counts.length - 1]!;
    upper.narrow(0, upper.size(0) - last, last).fill_(Infinity);
    const farthest = distances.max(2)[0];
    const fitting = farthest.gt(lower.unsqueeze(1)).logical_and(farthest.lt(upper.unsqueeze(1)));
    const areas = boxes
      .select(1, 2)
      .sub(boxes.select(1, 0))
      .mul(boxes.select(1, 3).sub(boxes.select(1, 1)));
    const all = near.logical_and(within).logical_and(fitting).to(float32);
    const [best, object] = all.mul(areas.neg().add(1e8).unsqueeze(0)).max(1);
    return object.masked_fill(best.lt(1e-5), -1);
  }

  /** The detections in an image. */
  private detections(
    outputs: FCOSOutputs,
    anchors: Tensor,
    i: number,
    counts: readonly number[],
    size: ImageSize,
  ): Detection {
    const levels = (values: Tensor): Tensor[] => values.split([...counts], 0);
    const [classes, boxes, central] = (['cls_logits', 'bbox_regression', 'bbox_ctrness'] as const).map((part) =>
      levels(outputs[part].select(0, i)),
    ) as [Tensor[], Tensor[], Tensor[]];
    const each_anchors = levels(anchors);
    const found = classes.map((logits, level) => {
      const scores = logits.sigmoid().mul(central[level]!.sigmoid()).sqrt();
      const decode = (which: Tensor): Tensor =>
        this.box_coder.decode(boxes[level]!.index(which), each_anchors[level]!.index(which));
      return best_of_level(scores, decode, size, this);
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
    const counts = maps.map((map) => map.size(2) * map.size(3));
    if (this.training) {
      const matched = anchors.map((each, i) => this.matches(each, targets![i]!['boxes']!, counts));
      return this.head.compute_loss(targets!, outputs, anchors, matched);
    }
    const found = images.image_sizes.map((size, i) => this.detections(outputs, anchors[i]!, i, counts, size));
    return this.transform.postprocess(found, images.image_sizes, original_image_sizes);
  }
}
forward_takes(FCOS, 'images: Tensor[], targets?: dict[]|None');

/** The weights of {@link fcos_resnet50_fpn}. Mirrors `torchvision.models.detection.FCOS_ResNet50_FPN_Weights`. */
export const FCOS_ResNet50_FPN_Weights = known_weights('FCOS_ResNet50_FPN_Weights');
export type FCOS_ResNet50_FPN_Weights = WeightsEnum<'FCOS_ResNet50_FPN_Weights'>;

/**
 * Makes an {@link FCOS} with a ResNet-50 and a feature pyramid, whose options it takes. Mirrors
 * `torchvision.models.detection.fcos_resnet50_fpn`.
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
 * const model = models.detection.fcos_resnet50_fpn({ weights_backbone: null, num_classes: 4 });
 * print(model.head.classification_head.cls_logits);
 * // Conv2d(256, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
 * ```
 */
export const fcos_resnet50_fpn = detection_builder<FCOS, FCOSOptions, 'FCOS_ResNet50_FPN_Weights', 'ResNet50_Weights'>(
  'fcos_resnet50_fpn',
  {
    weights: FCOS_ResNet50_FPN_Weights,
    weights_backbone: ResNet50_Weights,
    takes: `${TAKES}, ${IMAGE_TAKES.named}`,
    make: (parts, options) => {
      const levels = { returned_layers: [2, 3, 4], extra_blocks: () => new LastLevelP6P7(256, 256) };
      return new FCOS(resnet50_fpn(parts, levels), parts.num_classes, options);
    },
  },
);
