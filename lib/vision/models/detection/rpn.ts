/** Proposals of regions; mirrors `torchvision.models.detection.rpn`. */
import { signature } from '../../../_internal/signature.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import { cat, full, where, zeros } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { StateDict } from '../../../nn/modules/module.js';
import { float32, int64 } from '../../../types/dtype.js';
import { batched_nms, box_iou, clip_boxes_to_image, remove_small_boxes } from '../../ops/boxes.js';
import { entries_of, type FeatureMaps } from '../../ops/feature_pyramid_network.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import { rename_keys } from '../_utils.js';
import type { AnchorGenerator } from './anchor_utils.js';
import { BoxCoder } from './coders.js';
import { by_place, init_convolutions } from './heads.js';
import type { ImageList, ImageSize } from './image_list.js';
import { BalancedPositiveNegativeSampler, Matcher } from './matchers.js';
import type { DetectionLosses, DetectionTarget } from './types.js';

export { AnchorGenerator } from './anchor_utils.js';

interface HeadArguments {
  in_channels: number;
  num_anchors: number;
  conv_depth?: number;
}

const HEAD = signature<HeadArguments>('RPNHead', 'in_channels: int, num_anchors: int, conv_depth?: int');

export interface RPNHead {
  (x: readonly Tensor[]): [logits: Tensor[], bbox_reg: Tensor[]];
}

/**
 * Gives for each box at each place of feature maps a score, and how to change the box. Mirrors
 * `torchvision.models.detection.rpn.RPNHead`.
 *
 * Shapes: feature maps `(N, in_channels, H_i, W_i)`; returns for each `(N, num_anchors, H_i, W_i)` and
 * `(N, num_anchors * 4, H_i, W_i)`.
 *
 * @param in_channels - channels of the feature maps
 * @param num_anchors - number of boxes at each place
 * @param conv_depth - number of convolutions before the predictions; default 1
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const [scores, boxes] = new models.detection.rpn.RPNHead(8, 3)([torch.zeros(1, 8, 4, 5)]);
 * print(scores[0]!.shape, boxes[0]!.shape); // torch.Size([1, 3, 4, 5]) torch.Size([1, 12, 4, 5])
 * ```
 */
export class RPNHead extends nn.Module {
  declare conv: nn.Sequential;
  declare cls_logits: nn.Conv2d;
  declare bbox_pred: nn.Conv2d;

  constructor(
    in_channels: number,
    num_anchors: number,
    ...options: Tail<[conv_depth: number], { conv_depth?: number }>
  );
  constructor(options: HeadArguments);
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_anchors, conv_depth = 1 } = HEAD.read(args);
    const options = { kernel_size: 3, norm_layer: null };
    const convs = Array.from({ length: conv_depth }, () => new Conv2dNormActivation(in_channels, in_channels, options));
    this.conv = new nn.Sequential(...(convs as nn.Module[])) as nn.Sequential;
    this.cls_logits = new nn.Conv2d(in_channels, num_anchors, 1, 1);
    this.bbox_pred = new nn.Conv2d(in_channels, num_anchors * 4, 1, 1);
    init_convolutions(this.modules(), (weight) => nn.init.normal_(weight, { std: 0.01 }));
  }

  override get _version(): number {
    return 2;
  }

  /** Takes the names of version 1, which had one convolution. */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: Parameters<nn.Module['_load_from_state_dict']>[3],
  ): void {
    if (local.version === undefined || local.version < 2) rename_keys(state_dict, prefix, { conv: 'conv.0.0' });
    super._load_from_state_dict(state_dict, prefix, local, report);
  }

  forward(x: readonly Tensor[]): [logits: Tensor[], bbox_reg: Tensor[]] {
    const features = x.map((map) => this.conv(map));
    return [features.map((map) => this.cls_logits(map)), features.map((map) => this.bbox_pred(map))];
  }
}
forward_takes(RPNHead, 'x: Tensor[]');

/** A number for training, and one for evaluation. */
export type PerMode = Readonly<Record<'training' | 'testing', number>>;

interface RPNArguments {
  anchor_generator: AnchorGenerator;
  head: nn.Module;
  fg_iou_thresh: number;
  bg_iou_thresh: number;
  batch_size_per_image: number;
  positive_fraction: number;
  pre_nms_top_n: PerMode;
  post_nms_top_n: PerMode;
  nms_thresh: number;
  score_thresh?: number;
}

const RPN = signature<RPNArguments>(
  'RegionProposalNetwork',
  'anchor_generator: Module, head: Module, fg_iou_thresh: float, bg_iou_thresh: float, batch_size_per_image: int, ' +
    'positive_fraction: float, pre_nms_top_n: dict, post_nms_top_n: dict, nms_thresh: float, score_thresh?: float',
);

export interface RegionProposalNetwork {
  (
    images: ImageList,
    features: FeatureMaps,
    targets?: readonly DetectionTarget[] | null,
  ): [boxes: Tensor[], losses: DetectionLosses];
}

/**
 * Proposes regions in which there may be objects. Mirrors `torchvision.models.detection.rpn.RegionProposalNetwork`.
 *
 * Called with an `ImageList`, feature maps by name, and in training targets, returns the boxes `(K, 4)` of each image, and
 * in training `loss_objectness` and `loss_rpn_box_reg`.
 *
 * @param anchor_generator - gives the boxes to start from
 * @param head - gives scores, and how to change the boxes
 * @param fg_iou_thresh - least overlap with an object for a box to be one, in training
 * @param bg_iou_thresh - overlap below which a box is background, in training
 * @param batch_size_per_image - number of boxes of each image that training learns from
 * @param positive_fraction - largest part of objects among these
 * @param pre_nms_top_n - number of boxes of each feature map before non-maximum suppression, `training` and `testing`
 * @param post_nms_top_n - number of boxes of each image after it, `training` and `testing`
 * @param nms_thresh - largest overlap of boxes that are kept
 * @param score_thresh - least score of boxes; default 0
 * @throws Error in training without targets
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { rpn, image_list } = models.detection;
 * const top = { training: 20, testing: 10 };
 * const anchors = new rpn.AnchorGenerator([[16]], [[1]]);
 * const model = new rpn.RegionProposalNetwork(anchors, new rpn.RPNHead(4, 1), 0.7, 0.3, 8, 0.5, top, top, 1).eval();
 * const [boxes, losses] = model(new image_list.ImageList(torch.zeros(1, 3, 32, 32), [[32, 32]]), { 0: torch.zeros(1, 4, 2, 2) });
 * print(boxes[0]!.shape, losses); // torch.Size([4, 4]) {}
 * ```
 */
export class RegionProposalNetwork extends nn.Module {
  declare anchor_generator: AnchorGenerator;
  declare head: RPNHead;
  declare nms_thresh: number;
  declare score_thresh: number;
  declare min_size: number;
  declare box_coder: BoxCoder;
  declare proposal_matcher: Matcher;
  declare fg_bg_sampler: BalancedPositiveNegativeSampler;
  declare _pre_nms_top_n: PerMode;
  declare _post_nms_top_n: PerMode;

  constructor(
    anchor_generator: AnchorGenerator,
    head: nn.Module,
    fg_iou_thresh: number,
    bg_iou_thresh: number,
    batch_size_per_image: number,
    positive_fraction: number,
    pre_nms_top_n: PerMode,
    post_nms_top_n: PerMode,
    nms_thresh: number,
    ...options: Tail<[score_thresh: number], { score_thresh?: number }>
  );
  constructor(options: RPNArguments);
  constructor(...args: unknown[]) {
    super();
    const given = RPN.read(args);
    this.anchor_generator = given.anchor_generator;
    this.head = given.head as RPNHead;
    this.box_coder = new BoxCoder([1, 1, 1, 1]);
    this.proposal_matcher = new Matcher(given.fg_iou_thresh, given.bg_iou_thresh, true);
    this.fg_bg_sampler = new BalancedPositiveNegativeSampler(given.batch_size_per_image, given.positive_fraction);
    this._pre_nms_top_n = given.pre_nms_top_n;
    this._post_nms_top_n = given.post_nms_top_n;
    this.nms_thresh = given.nms_thresh;
    this.score_thresh = given.score_thresh ?? 0;
    this.min_size = 1e-3;
  }

  /** Whether each box is an object (1), background (0) or neither (-1), and the box of the object. */
  private assign_targets(anchors: Tensor, { boxes }: DetectionTarget): [labels: Tensor, matched: Tensor] {
    const { device } = anchors;
    if (boxes!.numel() === 0) {
      const options = { dtype: float32, device };
      return [zeros([anchors.size(0)], options), zeros(anchors.shape, options)];
    }
    const matches = this.proposal_matcher(box_iou(boxes!, anchors));
    const labels = matches.ge(0).to(float32).masked_fill(matches.eq(Matcher.BETWEEN_THRESHOLDS), -1);
    return [labels, boxes!.index(matches.clamp({ min: 0 }))];
  }

  /** The indices of the boxes with the highest scores of each level, `(N, K)`. */
  private top_of_levels(objectness: Tensor, counts: readonly number[]): Tensor {
    const most = this._pre_nms_top_n[this.training ? 'training' : 'testing'];
    let offset = 0;
    const found = objectness.split([...counts], 1).map((scores, level) => {
      const [, best] = scores.topk(Math.min(most, scores.size(1)), 1);
      const indices = best.add(offset);
      offset += counts[level]!;
      return indices;
    });
    return cat(found, 1);
  }

  private filter_proposals(
    proposals: Tensor,
    objectness: Tensor,
    image_shapes: readonly ImageSize[],
    counts: readonly number[],
  ): Tensor[] {
    const scores = objectness.detach().reshape(proposals.size(0), -1);
    const { device } = proposals;
    const levels = cat(counts.map((count, level) => full([count], level, { dtype: int64, device })));
    const best = this.top_of_levels(scores, counts);
    const probabilities = scores.gather(1, best).sigmoid();
    return image_shapes.map((size, i) => {
      const which = best.select(0, i);
      return this.suppressed(
        proposals.select(0, i).index(which),
        probabilities.select(0, i),
        levels.index(which),
        size,
      );
    });
  }

  /** The boxes of an image that are left. */
  private suppressed(all: Tensor, all_scores: Tensor, all_levels: Tensor, size: ImageSize): Tensor {
    const clipped = clip_boxes_to_image(all, size);
    const large = remove_small_boxes(clipped, this.min_size);
    const likely = large.index(where(all_scores.index(large).ge(this.score_thresh))[0]!);
    const boxes = clipped.index(likely);
    const kept = batched_nms(boxes, all_scores.index(likely), all_levels.index(likely), this.nms_thresh);
    const most = this._post_nms_top_n[this.training ? 'training' : 'testing'];
    return boxes.index(kept.narrow(0, 0, Math.min(most, kept.numel())));
  }

  private losses(
    scores: Tensor,
    deltas: Tensor,
    labels: readonly Tensor[],
    wanted: readonly Tensor[],
  ): DetectionLosses {
    const [positive, negative] = this.fg_bg_sampler.sample(labels).map((masks) => where(cat(masks))[0]!) as [
      Tensor,
      Tensor,
    ];
    const sampled = cat([positive, negative]);
    const options = { beta: 1 / 9, reduction: 'sum' } as const;
    const box = nn.functional.smooth_l1_loss(deltas.index(positive), cat(wanted).index(positive), options);
    return {
      loss_objectness: nn.functional.binary_cross_entropy_with_logits(
        scores.flatten().index(sampled),
        cat(labels).index(sampled),
      ),
      loss_rpn_box_reg: box.div(sampled.numel()),
    };
  }

  forward(
    images: ImageList,
    features: FeatureMaps,
    targets: readonly DetectionTarget[] | null = null,
  ): [boxes: Tensor[], losses: DetectionLosses] {
    const maps = entries_of(features).map(([, map]) => map);
    const [scores, changes] = this.head(maps);
    const anchors = this.anchor_generator(images, maps);
    const counts = scores.map((map) => map.numel() / map.size(0));
    const objectness = cat(
      scores.map((map, i) => by_place(map, Math.floor(map.size(1) / Math.floor(changes[i]!.size(1) / 4)))),
      1,
    ).flatten(0, -2);
    const deltas = cat(
      changes.map((map) => by_place(map, 4)),
      1,
    ).reshape(-1, 4);
    const proposals = this.box_coder.decode(deltas.detach(), anchors).view(anchors.length, -1, 4);
    const boxes = this.filter_proposals(proposals, objectness, images.image_sizes, counts);
    if (!this.training) return [boxes, {}];
    if (targets === null) throw new Error('targets should not be None');
    const assigned = anchors.map((each, i) => this.assign_targets(each, targets[i]!));
    const wanted = this.box_coder.encode(
      assigned.map(([, matched]) => matched),
      anchors,
    );
    const labels = assigned.map(([each]) => each);
    return [boxes, this.losses(objectness, deltas, labels, wanted)];
  }
}
forward_takes(RegionProposalNetwork, 'images: any, features: dict, targets?: dict[]|None');
