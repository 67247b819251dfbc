/** What is in proposed regions; mirrors `torchvision.models.detection.roi_heads`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { arange, cat, where, zeros } from '../../../generated/functions.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Module } from '../../../nn/modules/module.js';
import * as F from '../../../nn/functional/index.js';
import { float16, float32, float64, int64 } from '../../../types/dtype.js';
import { batched_nms, box_iou, clip_boxes_to_image, remove_small_boxes } from '../../ops/boxes.js';
import type { FeatureMaps } from '../../ops/feature_pyramid_network.js';
import { BoxCoder } from './coders.js';
import type { ImageSize } from './image_list.js';
import { keypoint_loss, keypoints_from, mask_loss, mask_probabilities } from './masks.js';
import { BalancedPositiveNegativeSampler, Matcher } from './matchers.js';
import type { Detection, DetectionLosses, DetectionTarget } from './types.js';

interface RoIHeadsOptions {
  mask_roi_pool?: Module | null;
  mask_head?: Module | null;
  mask_predictor?: Module | null;
  keypoint_roi_pool?: Module | null;
  keypoint_head?: Module | null;
  keypoint_predictor?: Module | null;
}

interface RoIHeadsArguments extends RoIHeadsOptions {
  box_roi_pool: Module;
  box_head: Module;
  box_predictor: Module;
  fg_iou_thresh: number;
  bg_iou_thresh: number;
  batch_size_per_image: number;
  positive_fraction: number;
  bbox_reg_weights: readonly number[] | null;
  score_thresh: number;
  nms_thresh: number;
  detections_per_img: number;
}

const ROI_HEADS = signature<RoIHeadsArguments>(
  'RoIHeads',
  'box_roi_pool: Module, box_head: Module, box_predictor: Module, fg_iou_thresh: float, bg_iou_thresh: float, ' +
    'batch_size_per_image: int, positive_fraction: float, bbox_reg_weights: float[]|None, score_thresh: float, ' +
    'nms_thresh: float, detections_per_img: int, mask_roi_pool?: Module|None, mask_head?: Module|None, ' +
    'mask_predictor?: Module|None, keypoint_roi_pool?: Module|None, keypoint_head?: Module|None, ' +
    'keypoint_predictor?: Module|None',
);

/** Regions that training learns from: their boxes, objects, labels, and what is to be predicted. */
interface Samples {
  proposals: Tensor[];
  matched: Tensor[];
  labels: Tensor[];
  targets: Tensor[];
}

/** Throws unless the targets have what training needs. */
function check_targets(
  targets: readonly DetectionTarget[] | null,
  mask: boolean,
): asserts targets is readonly DetectionTarget[] {
  if (targets === null) throw new Error('targets should not be None');
  for (const key of ['boxes', 'labels', ...(mask ? ['masks'] : [])]) {
    if (targets.some((target) => target[key] === undefined)) {
      throw new Error(`Every element of targets should have a ${key} key`);
    }
  }
}

/** Throws for targets of other dtypes. */
function check_dtypes(targets: readonly DetectionTarget[], keypoint: boolean): void {
  const refuse = (what: string, wanted: string, found: Tensor | undefined): never => {
    throw new TypeError(`target ${what} must of ${wanted} type, instead got ${String(found?.dtype)}`);
  };
  for (const { boxes, labels, keypoints } of targets) {
    if (boxes?.dtype !== float32 && boxes?.dtype !== float64 && boxes?.dtype !== float16)
      refuse('boxes', 'float', boxes);
    if (labels?.dtype !== int64) refuse('labels', 'int64', labels);
    if (keypoint && keypoints?.dtype !== float32) refuse('keypoints', 'float', keypoints);
  }
}

function box_losses(logits: Tensor, regression: Tensor, { labels: each, targets }: Samples): DetectionLosses {
  const labels = cat(each);
  const objects = where(labels.gt(0))[0]!;
  const boxes = regression.reshape(logits.size(0), Math.floor(regression.size(-1) / 4), 4);
  const options = { beta: 1 / 9, reduction: 'sum' } as const;
  const found = boxes.index(objects, labels.index(objects));
  return {
    loss_classifier: F.cross_entropy(logits, labels),
    loss_box_reg: F.smooth_l1_loss(found, cat(targets).index(objects), options).div(labels.numel()),
  };
}

export interface RoIHeads {
  (
    features: FeatureMaps,
    proposals: readonly Tensor[],
    image_shapes: readonly ImageSize[],
    targets?: readonly DetectionTarget[] | null,
  ): [result: Detection[], losses: DetectionLosses];
}

/**
 * Says what is in proposed regions: classes and boxes, and with the heads for them masks or keypoints. Mirrors
 * `torchvision.models.detection.roi_heads.RoIHeads`.
 *
 * Called with feature maps by name, the boxes of each image, the sizes of the images, and in training targets, returns the
 * detections and the losses, of which one is empty.
 *
 * @param box_roi_pool - pools the features of boxes
 * @param box_head - makes features of pooled ones
 * @param box_predictor - returns scores of the classes, and how to change the boxes for each class
 * @param fg_iou_thresh - least overlap with an object for a box to be one, in training
 * @param bg_iou_thresh - overlap below which a box is background, in training
 * @param batch_size_per_image - number of boxes of each image that training learns from
 * @param positive_fraction - largest part of objects among these
 * @param bbox_reg_weights - weights of the `BoxCoder`; null: `[10, 10, 5, 5]`
 * @param score_thresh - least score of detections
 * @param nms_thresh - largest overlap of detections of a class
 * @param detections_per_img - largest number of detections in an image
 * @param mask_roi_pool - pools the features for masks; default null, as the others of masks and keypoints
 * @throws Error in training without targets; TypeError for targets of other dtypes
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.detection.fasterrcnn_resnet50_fpn({ weights_backbone: null, num_classes: 3 });
 * model.roi_heads.box_predictor = new models.detection.faster_rcnn.FastRCNNPredictor(1024, 5);
 * print(model.roi_heads instanceof models.detection.roi_heads.RoIHeads); // True
 * print(model.roi_heads.detections_per_img); // 100
 * ```
 */
export class RoIHeads extends Module {
  declare box_coder: BoxCoder;
  declare proposal_matcher: Matcher;
  declare fg_bg_sampler: BalancedPositiveNegativeSampler;
  declare box_roi_pool: Module;
  declare box_head: Module;
  declare box_predictor: Module;
  declare score_thresh: number;
  declare nms_thresh: number;
  declare detections_per_img: number;
  declare mask_roi_pool: Module | null;
  declare mask_head: Module | null;
  declare mask_predictor: Module | null;
  declare keypoint_roi_pool: Module | null;
  declare keypoint_head: Module | null;
  declare keypoint_predictor: Module | null;

  constructor(
    box_roi_pool: Module,
    box_head: Module,
    box_predictor: Module,
    fg_iou_thresh: number,
    bg_iou_thresh: number,
    batch_size_per_image: number,
    positive_fraction: number,
    bbox_reg_weights: readonly number[] | null,
    score_thresh: number,
    nms_thresh: number,
    detections_per_img: number,
    options?: RoIHeadsOptions,
  );
  constructor(options: RoIHeadsArguments);
  constructor(...args: unknown[]) {
    super();
    const given = ROI_HEADS.read(args);
    this.proposal_matcher = new Matcher(given.fg_iou_thresh, given.bg_iou_thresh);
    this.fg_bg_sampler = new BalancedPositiveNegativeSampler(given.batch_size_per_image, given.positive_fraction);
    this.box_coder = new BoxCoder(given.bbox_reg_weights ?? [10, 10, 5, 5]);
    this.box_roi_pool = given.box_roi_pool;
    this.box_head = given.box_head;
    this.box_predictor = given.box_predictor;
    this.score_thresh = given.score_thresh;
    this.nms_thresh = given.nms_thresh;
    this.detections_per_img = given.detections_per_img;
    this.mask_roi_pool = given.mask_roi_pool ?? null;
    this.mask_head = given.mask_head ?? null;
    this.mask_predictor = given.mask_predictor ?? null;
    this.keypoint_roi_pool = given.keypoint_roi_pool ?? null;
    this.keypoint_head = given.keypoint_head ?? null;
    this.keypoint_predictor = given.keypoint_predictor ?? null;
  }

  /** Whether masks are predicted. */
  has_mask(): boolean {
    return this.mask_roi_pool !== null && this.mask_head !== null && this.mask_predictor !== null;
  }

  /** Whether keypoints are predicted. */
  has_keypoint(): boolean {
    return this.keypoint_roi_pool !== null && this.keypoint_head !== null && this.keypoint_predictor !== null;
  }

  /** The object of each region, and its label: 0 for background, -1 for neither. */
  private assign_targets(proposals: Tensor, boxes: Tensor, labels: Tensor): [matched: Tensor, labels: Tensor] {
    if (boxes.numel() === 0) {
      const none = zeros([proposals.size(0)], { dtype: int64, device: proposals.device });
      return [none, none];
    }
    const matches = this.proposal_matcher(box_iou(boxes, proposals));
    const matched = matches.clamp({ min: 0 });
    const its = labels.index(matched).to(int64);
    return [
      matched,
      its
        .masked_fill(matches.eq(Matcher.BELOW_LOW_THRESHOLD), 0)
        .masked_fill(matches.eq(Matcher.BETWEEN_THRESHOLDS), -1),
    ];
  }

  private select_training_samples(given: readonly Tensor[], targets: readonly DetectionTarget[] | null): Samples {
    check_targets(targets, this.has_mask());
    const { dtype, device } = given[0]!;
    const objects = targets.map(({ boxes }) => boxes!.to(dtype));
    const regions = given.map((boxes, i) => cat([boxes, objects[i]!]));
    const assigned = regions.map((boxes, i) => this.assign_targets(boxes, objects[i]!, targets[i]!['labels']!));
    const [positive, negative] = this.fg_bg_sampler.sample(assigned.map(([, labels]) => labels));
    const sampled = positive.map((mask, i) => where(mask.bitwise_or(negative[i]!))[0]!);
    const of_sampled = (values: readonly Tensor[]): Tensor[] => values.map((each, i) => each.index(sampled[i]!));
    const proposals = of_sampled(regions);
    const matched = of_sampled(assigned.map(([each]) => each));
    const wanted = objects.map((boxes, i) =>
      (boxes.numel() === 0 ? zeros([1, 4], { dtype, device }) : boxes).index(matched[i]!),
    );
    return {
      proposals,
      matched,
      labels: of_sampled(assigned.map(([, labels]) => labels)),
      targets: this.box_coder.encode(wanted, proposals),
    };
  }

  /** The detections in an image, of boxes `(K, C, 4)` and scores `(K, C)` of all classes. */
  private detections(all: Tensor, all_scores: Tensor, size: ImageSize): Detection {
    const classes = all_scores.size(-1);
    const ids = arange(classes, { device: all.device }).view(1, -1).expand_as(all_scores);
    // Without those of the background, one below the other.
    const of_objects = (values: Tensor): Tensor => values.narrow(1, 1, classes - 1);
    const every_box = of_objects(clip_boxes_to_image(all, size)).reshape(-1, 4);
    const every_score = of_objects(all_scores).reshape(-1);
    const likely = where(every_score.gt(this.score_thresh))[0]!;
    const large = likely.index(remove_small_boxes(every_box.index(likely), 1e-2));
    const [boxes, scores] = [every_box.index(large), every_score.index(large)];
    const labels = of_objects(ids).reshape(-1).index(large);
    const kept = batched_nms(boxes, scores, labels, this.nms_thresh);
    const best = kept.narrow(0, 0, Math.min(this.detections_per_img, kept.numel()));
    return { boxes: boxes.index(best), labels: labels.index(best), scores: scores.index(best) };
  }

  private postprocess(
    logits: Tensor,
    regression: Tensor,
    proposals: readonly Tensor[],
    image_shapes: readonly ImageSize[],
  ): Detection[] {
    const counts = proposals.map((boxes) => boxes.size(0));
    const boxes = this.box_coder.decode(regression, proposals).split(counts, 0);
    const scores = F.softmax(logits, -1).split(counts, 0);
    return image_shapes.map((size, i) => this.detections(boxes[i]!, scores[i]!, size));
  }

  /** Predicts masks or keypoints, of the objects in training, else of what was found. */
  private of_objects(
    part: 'mask' | 'keypoint',
    features: FeatureMaps,
    image_shapes: readonly ImageSize[],
    found: readonly Detection[],
    samples: Samples | null,
  ): { logits: Tensor; boxes: Tensor[]; matched: Tensor[] } {
    const objects = samples?.labels.map((labels) => where(labels.gt(0))[0]!) ?? [];
    const boxes = samples?.proposals.map((each, i) => each.index(objects[i]!)) ?? found.map((each) => each.boxes);
    const matched = samples?.matched.map((each, i) => each.index(objects[i]!)) ?? [];
    const pooled = this[`${part}_roi_pool`]!(features, boxes, image_shapes);
    const logits = this[`${part}_predictor`]!(this[`${part}_head`]!(pooled)) as Tensor;
    return { logits, boxes, matched };
  }

  forward(
    features: FeatureMaps,
    proposals: readonly Tensor[],
    image_shapes: readonly ImageSize[],
    targets: readonly DetectionTarget[] | null = null,
  ): [result: Detection[], losses: DetectionLosses] {
    if (targets !== null) check_dtypes(targets, this.has_keypoint());
    const samples = this.training ? this.select_training_samples(proposals, targets) : null;
    const regions = samples?.proposals ?? proposals;
    const pooled = this.box_roi_pool(features, regions, image_shapes);
    const [logits, regression] = this.box_predictor(this.box_head(pooled)) as [Tensor, Tensor];
    const losses = samples === null ? {} : box_losses(logits, regression, samples);
    const result = samples === null ? this.postprocess(logits, regression, regions, image_shapes) : [];
    if (this.has_mask()) {
      const { logits: masks, boxes, matched } = this.of_objects('mask', features, image_shapes, result, samples);
      if (samples !== null) {
        const [given, labels] = [targets!.map((each) => each['masks']!), targets!.map((each) => each['labels']!)];
        Object.assign(losses, { loss_mask: mask_loss(masks, boxes, given, labels, matched) });
      } else {
        const probabilities = mask_probabilities(
          masks,
          result.map((each) => each.labels),
        );
        for (const [i, each] of result.entries()) each.masks = probabilities[i]!;
      }
    }
    if (this.has_keypoint()) {
      const { logits: maps, boxes, matched } = this.of_objects('keypoint', features, image_shapes, result, samples);
      if (samples !== null) {
        const given = targets!.map((each) => each['keypoints']!);
        Object.assign(losses, { loss_keypoint: keypoint_loss(maps, boxes, given, matched) });
      } else {
        for (const [i, [keypoints, scores]] of keypoints_from(maps, boxes).entries()) {
          Object.assign(result[i]!, { keypoints, keypoints_scores: scores });
        }
      }
    }
    return [result, losses];
  }
}
forward_takes(RoIHeads, 'features: dict, proposals: Tensor[], image_shapes: any[], targets?: dict[]|None');
