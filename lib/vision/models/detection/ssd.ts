/** SSD; mirrors `torchvision.models.detection.ssd`. */
import { signature } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import type { Tensor } from '../../../_tensor.js';
import { full, full_like, ones, stack, where, zeros } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Parameter } from '../../../nn/parameter.js';
import { int64 } from '../../../types/dtype.js';
import { box_iou, clip_boxes_to_image } from '../../ops/boxes.js';
import { entries_of } from '../../ops/feature_pyramid_network.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { vgg16, VGG16_Weights, type VGG } from '../vgg.js';
import { DefaultBoxGenerator } from './anchor_utils.js';
import { freeze } from './backbones.js';
import { detection_builder } from './builder.js';
import { BoxCoder } from './coders.js';
import { init_convolutions } from './heads.js';
import type { ImageSize } from './image_list.js';
import { prepared } from './inputs.js';
import { SSDMatcher } from './matchers.js';
import { image_transform } from './rcnn_parts.js';
import { suppressed } from './single_stage.js';
import { retrieve_out_channels, SSD_TAKES, SSDScoringHead, type SSDOptions } from './ssd_parts.js';
import type { GeneralizedRCNNTransform } from './transform.js';
import { DetectionModel, type Detection, type DetectionLosses, type DetectionTarget } from './types.js';

export type { SSDOptions } from './ssd_parts.js';

const init_xavier = (modules: Iterable<nn.Module>): void => init_convolutions(modules, nn.init.xavier_uniform_);

/** What the heads predict: changes of boxes `(N, A, 4)` and scores of classes `(N, A, C)`. */
export type SSDOutputs = Record<'bbox_regression' | 'cls_logits', Tensor>;

/** A convolution for each feature map. */
function convolutions(
  in_channels: readonly number[],
  num_anchors: readonly number[],
  columns: number,
): nn.ModuleList<nn.Module> {
  const list = new nn.ModuleList<nn.Module>();
  for (const [i, channels] of in_channels.entries()) {
    list.append(new nn.Conv2d(channels, columns * num_anchors[i]!, 3, { padding: 1 }));
  }
  init_xavier(list.modules());
  return list;
}

class SSDClassificationHead extends SSDScoringHead {
  constructor(in_channels: readonly number[], num_anchors: readonly number[], num_classes: number) {
    super(convolutions(in_channels, num_anchors, num_classes), num_classes);
  }
}

class SSDRegressionHead extends SSDScoringHead {
  constructor(in_channels: readonly number[], num_anchors: readonly number[]) {
    super(convolutions(in_channels, num_anchors, 4), 4);
  }
}

interface HeadArguments {
  in_channels: readonly number[];
  num_anchors: readonly number[];
  num_classes: number;
}

const HEAD = signature<HeadArguments>('SSDHead', 'in_channels: int[], num_anchors: int[], num_classes: int');

export interface SSDHead {
  (x: readonly Tensor[]): SSDOutputs;
}

/**
 * Gives classes and boxes at each place of feature maps. Mirrors `torchvision.models.detection.ssd.SSDHead`.
 *
 * Shapes: feature maps `(N, in_channels[i], H_i, W_i)`; returns `bbox_regression` `(N, A, 4)` and `cls_logits`
 * `(N, A, num_classes)` for the A boxes of all feature maps.
 *
 * @param in_channels - channels of each feature map
 * @param num_anchors - number of boxes at a place of each feature map
 * @param num_classes - number of classes, with the background
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { cls_logits } = new models.detection.ssd.SSDHead([8], [4], 3)([torch.zeros(1, 8, 2, 2)]);
 * print(cls_logits.shape); // torch.Size([1, 16, 3])
 * ```
 */
export class SSDHead extends nn.Module {
  declare classification_head: SSDScoringHead;
  declare regression_head: SSDScoringHead;

  constructor(
    in_channels: readonly number[],
    num_anchors: readonly number[],
    num_classes: number | { num_classes: number },
  );
  constructor(options: HeadArguments);
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_anchors, num_classes } = HEAD.read(args);
    this.classification_head = new SSDClassificationHead(in_channels, num_anchors, num_classes);
    this.regression_head = new SSDRegressionHead(in_channels, num_anchors);
  }

  forward(x: readonly Tensor[]): SSDOutputs {
    return {
      bbox_regression: this.regression_head(x as never) as Tensor,
      cls_logits: this.classification_head(x as never) as Tensor,
    };
  }
}
forward_takes(SSDHead, 'x: Tensor[]');

interface SSDArguments extends SSDOptions {
  backbone: nn.Module & { out_channels?: readonly number[] };
  anchor_generator: DefaultBoxGenerator;
  size: readonly [number, number];
  num_classes: number;
}

const SSD_ARGUMENTS = signature<SSDArguments>(
  'SSD',
  `backbone: Module, anchor_generator: DefaultBoxGenerator, size: int[], num_classes: int, ${SSD_TAKES}, *, _skip_resize?: bool`,
);

/**
 * SSD of "SSD: Single Shot MultiBox Detector" (arXiv 1512.02325). Mirrors `torchvision.models.detection.ssd.SSD`.
 *
 * Called in evaluation with images `(3, H, W)` of values from 0 to 1, which are resized to `size`, returns for each image
 * `boxes` `(N, 4)` as `x1, y1, x2, y2`, `scores` `(N)` and `labels` `(N)`. Called in training with images and for each of
 * them a target of `boxes` and int64 `labels`, returns the losses `bbox_regression` and `classification`.
 *
 * @param backbone - returns feature maps by name
 * @param anchor_generator - gives the boxes to start from
 * @param size - width and height that images are resized to
 * @param num_classes - number of classes, with the background
 * @param score_thresh - least score of detections; default 0.01
 * @param nms_thresh - largest overlap of detections of a class; default 0.45
 * @param detections_per_img - largest number of detections in an image; default 200
 * @throws Error when there are not as many feature maps as the boxes are for, and in training without targets
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { ssd, anchor_utils } = models.detection;
 * const backbone = Object.assign(new nn.Sequential(new nn.Conv2d(3, 8, 3, 8)), { out_channels: [8] });
 * const model = new ssd.SSD(backbone, new anchor_utils.DefaultBoxGenerator([[2]]), [32, 32], 2);
 * const target = { boxes: torch.tensor([[4, 4, 20, 20]]).float(), labels: torch.tensor([1]) };
 * print(Object.keys(model([torch.zeros(3, 32, 32)], [target]))); // ['bbox_regression', 'classification']
 * print(Object.keys(model.eval()([torch.zeros(3, 32, 32)])[0]!)); // ['boxes', 'scores', 'labels']
 * ```
 */
export class SSD extends DetectionModel {
  declare backbone: nn.Module;
  declare anchor_generator: DefaultBoxGenerator;
  declare box_coder: BoxCoder;
  declare head: SSDHead;
  declare proposal_matcher: SSDMatcher;
  declare transform: GeneralizedRCNNTransform;
  declare score_thresh: number;
  declare nms_thresh: number;
  declare detections_per_img: number;
  declare topk_candidates: number;
  declare neg_to_pos_ratio: number;

  constructor(
    backbone: nn.Module & { out_channels?: readonly number[] },
    anchor_generator: DefaultBoxGenerator,
    size: readonly [width: number, height: number],
    num_classes: number,
    options?: SSDOptions,
  );
  constructor(options: SSDArguments);
  constructor(...args: unknown[]) {
    super();
    const given = SSD_ARGUMENTS.read(args);
    const { backbone, anchor_generator, size, num_classes, positive_fraction = 0.25 } = given;
    this.backbone = backbone;
    this.anchor_generator = anchor_generator;
    this.box_coder = new BoxCoder([10, 10, 5, 5]);
    this.head = (given.head ?? default_head(given, num_classes)) as SSDHead;
    this.proposal_matcher = new SSDMatcher(given.iou_thresh ?? 0.5);
    this.transform = image_transform({
      min_size: Math.min(...size),
      max_size: Math.max(...size),
      image_mean: given.image_mean ?? null,
      image_std: given.image_std ?? null,
      size_divisible: 1,
      fixed_size: size,
      _skip_resize: given._skip_resize ?? false,
    });
    this.score_thresh = given.score_thresh ?? 0.01;
    this.nms_thresh = given.nms_thresh ?? 0.45;
    this.detections_per_img = given.detections_per_img ?? 200;
    this.topk_candidates = given.topk_candidates ?? 400;
    this.neg_to_pos_ratio = (1 - positive_fraction) / positive_fraction;
  }

  private losses(
    targets: readonly DetectionTarget[],
    { bbox_regression, cls_logits }: SSDOutputs,
    anchors: readonly Tensor[],
  ): DetectionLosses {
    let count = 0;
    const parts = targets.map(({ boxes, labels }, i): [box_loss: Tensor, classes: Tensor] => {
      const its = anchors[i]!;
      const matched =
        boxes!.numel() === 0
          ? full([its.size(0)], -1, { dtype: int64, device: its.device })
          : this.proposal_matcher(box_iou(boxes!, its));
      const places = where(matched.ge(0))[0]!;
      const objects = matched.index(places);
      count += objects.numel();
      const wanted = this.box_coder.encode_single(boxes!.index(objects), its.index(places));
      const found = bbox_regression.select(0, i).index(places);
      const classes = zeros([cls_logits.size(1)], { dtype: labels!.dtype, device: labels!.device });
      classes.index_put_([places], labels!.index(objects));
      return [nn.functional.smooth_l1_loss(found, wanted, { reduction: 'sum' }), classes];
    });
    const classes = stack(parts.map(([, each]) => each));
    const flat = cls_logits.reshape(-1, cls_logits.size(-1));
    const loss = nn.functional.cross_entropy(flat, classes.view(-1), { reduction: 'none' }).view(classes.shape);
    const objects = classes.gt(0);
    // Of the background, those with the greatest loss.
    const wanted = objects.sum(1, true).mul(this.neg_to_pos_ratio);
    const [, order] = loss.masked_fill(objects, -Infinity).sort(1, true);
    const background = order.sort(1)[1].lt(wanted);
    const total = Math.max(1, count);
    return {
      bbox_regression: stack(parts.map(([each]) => each))
        .sum()
        .div(total),
      classification: loss.index(objects).sum().add(loss.index(background).sum()).div(total),
    };
  }

  /** The detections in an image. */
  private detections(changes: Tensor, scores: Tensor, anchors: Tensor, size: ImageSize): Detection {
    const boxes = clip_boxes_to_image(this.box_coder.decode_single(changes, anchors), size);
    const found = Array.from({ length: scores.size(-1) - 1 }, (_, i) => {
      const its = scores.select(1, i + 1);
      const likely = where(its.gt(this.score_thresh))[0]!;
      const [best, order] = its.index(likely).topk(Math.min(this.topk_candidates, likely.size(0)));
      const labels = full_like(best, i + 1, { dtype: int64 });
      return { boxes: boxes.index(likely.index(order)), scores: best, labels };
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
    const scores = nn.functional.softmax(outputs.cls_logits, -1);
    const found = images.image_sizes.map((size, i) =>
      this.detections(outputs.bbox_regression.select(0, i), scores.select(0, i), anchors[i]!, size),
    );
    return this.transform.postprocess(found, images.image_sizes, original_image_sizes);
  }
}
forward_takes(SSD, 'images: Tensor[], targets?: dict[]|None');

function default_head({ backbone, anchor_generator, size }: SSDArguments, num_classes: number): SSDHead {
  const channels = backbone.out_channels ?? retrieve_out_channels(backbone, size);
  const levels = anchor_generator.aspect_ratios.length;
  if (channels.length !== levels) {
    throw new Error(
      `The length of the output channels from the backbone (${channels.length}) do not match the length of the anchor ` +
        `generator aspect ratios (${levels})`,
    );
  }
  return new SSDHead(channels, anchor_generator.num_anchors_per_location(), num_classes);
}

type AnyRow = new (...modules: nn.Module[]) => nn.Sequential;
const Row = nn.Sequential as unknown as AnyRow;

/** Two convolutions, which halve the feature map or cut off its border. */
function extra_block(
  channels: number,
  inner: number,
  outer: number,
  options: { kernel_size?: number; padding?: number; stride?: number },
): nn.Sequential {
  const { kernel_size = 3, ...others } = options;
  return new Row(
    new nn.Conv2d(channels, inner, 1),
    new nn.ReLU({ inplace: true }),
    new nn.Conv2d(inner, outer, kernel_size, others),
    new nn.ReLU({ inplace: true }),
  );
}

class SSDFeatureExtractorVGG extends nn.Module {
  declare scale_weight: Parameter;
  declare features: nn.Sequential;
  declare extra: nn.ModuleList<nn.Module>;
  declare out_channels: readonly number[];

  constructor(backbone: nn.Sequential) {
    super();
    const layers = [...backbone.children()];
    const pools = layers.flatMap((layer, i) => (layer instanceof nn.MaxPool2d ? [i] : []));
    const [third, fourth] = [pools[2]!, pools[3]!];
    (layers[third] as nn.MaxPool2d & { ceil_mode: boolean }).ceil_mode = true;
    this.scale_weight = new Parameter(ones(512).mul(20));
    this.features = new Row(...layers.slice(0, fourth));
    const halving = { padding: 1, stride: 2 };
    const extra = new nn.ModuleList<nn.Module>();
    extra.append(extra_block(1024, 256, 512, halving));
    extra.append(extra_block(512, 128, 256, halving));
    extra.append(extra_block(256, 128, 256, {}));
    extra.append(extra_block(256, 128, 256, {}));
    init_xavier(extra.modules());
    const fc = new Row(
      new nn.MaxPool2d(3, { stride: 1, padding: 1, ceil_mode: false }),
      new nn.Conv2d(512, 1024, 3, { padding: 6, dilation: 6 }),
      new nn.ReLU({ inplace: true }),
      new nn.Conv2d(1024, 1024, 1),
      new nn.ReLU({ inplace: true }),
    );
    init_xavier(fc.modules());
    extra.insert(0, new Row(...layers.slice(fourth, -1), fc));
    this.extra = extra;
    // What Python finds by running an image through it.
    this.out_channels = [512, 1024, 512, 256, 256, 256];
  }

  forward(x: Tensor): Record<string, Tensor> {
    let features = this.features(x);
    const scaled = this.scale_weight.view(1, -1, 1, 1).mul(nn.functional.normalize(features));
    const maps = [scaled];
    for (const block of this.extra) {
      features = block(features) as Tensor;
      maps.push(features);
    }
    return Object.fromEntries(maps.map((map, i) => [String(i), map]));
  }
}
forward_takes(SSDFeatureExtractorVGG, 'x: Tensor');

/** A VGG as a backbone, of whose stages only the last are trained. */
function vgg_features({ features }: VGG, trainable_layers: number): SSDFeatureExtractorVGG {
  const layers = [...features.children()];
  const pools = layers.flatMap((layer, i) => (layer instanceof nn.MaxPool2d ? [i] : []));
  const stages = [0, ...pools.slice(0, -1)];
  freeze(layers.slice(0, trainable_layers === 0 ? layers.length : stages[stages.length - trainable_layers]!));
  return new SSDFeatureExtractorVGG(features as nn.Sequential);
}

/** The weights of {@link ssd300_vgg16}. Mirrors `torchvision.models.detection.SSD300_VGG16_Weights`. */
export const SSD300_VGG16_Weights = known_weights('SSD300_VGG16_Weights');
export type SSD300_VGG16_Weights = WeightsEnum<'SSD300_VGG16_Weights'>;

/**
 * Makes an {@link SSD} with a VGG-16, for images of 300 by 300, whose options it takes. Mirrors
 * `torchvision.models.detection.ssd300_vgg16`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 4, without weights all
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.detection.SSD300_VGG16_Weights.DEFAULT.meta.num_params); // 35641826
 * ```
 */
export const ssd300_vgg16 = detection_builder<SSD, SSDOptions, 'SSD300_VGG16_Weights', 'VGG16_Weights'>(
  'ssd300_vgg16',
  {
    weights: SSD300_VGG16_Weights,
    weights_backbone: VGG16_Weights,
    default_backbone: VGG16_Weights.IMAGENET1K_FEATURES,
    stages: [5, 4],
    takes: `${SSD_TAKES}, size?: any, _skip_resize?: bool`,
    defaults: { image_mean: [0.48235, 0.45882, 0.40784], image_std: [1 / 255, 1 / 255, 1 / 255] },
    make: ({ weights_backbone, progress, num_classes, trainable }, options) => {
      const { size, ...others } = options as SSDOptions & { size?: unknown };
      if (size !== undefined) warn('The size of the model is already fixed; ignoring the parameter.');
      const backbone = vgg_features(vgg16({ weights: weights_backbone as VGG16_Weights, progress }), trainable);
      const boxes = new DefaultBoxGenerator([[2], [2, 3], [2, 3], [2, 3], [2], [2]], {
        scales: [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps: [8, 16, 32, 64, 100, 300],
      });
      return new SSD(backbone as never, boxes, [300, 300], num_classes, others);
    },
  },
);
