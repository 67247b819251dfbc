/** What models of one stage have in common. */
import { cat, where } from '../../../generated/functions.js';
import type { Tensor } from '../../../_tensor.js';
import { batched_nms, clip_boxes_to_image } from '../../ops/boxes.js';
import type { ImageSize } from './image_list.js';
import type { Detection } from './types.js';

/** Limits of what is detected. */
export interface DetectionLimits {
  score_thresh: number;
  nms_thresh: number;
  detections_per_img: number;
  topk_candidates: number;
}

/** Boxes with scores and labels. */
export interface Candidates {
  boxes: Tensor;
  scores: Tensor;
  labels: Tensor;
}

/** The boxes that are left when those that overlap better ones of their class are removed. */
export function suppressed(
  found: readonly Candidates[],
  { nms_thresh, detections_per_img }: Pick<DetectionLimits, 'nms_thresh' | 'detections_per_img'>,
): Detection {
  const all = (part: keyof Candidates): Tensor => cat(found.map((each) => each[part]));
  const [boxes, scores, labels] = [all('boxes'), all('scores'), all('labels')];
  const kept = batched_nms(boxes, scores, labels, nms_thresh);
  const best = kept.narrow(0, 0, Math.min(detections_per_img, kept.numel()));
  return { boxes: boxes.index(best), scores: scores.index(best), labels: labels.index(best) };
}

/** The best boxes of a level: of scores `(A, C)` of classes. */
export function best_of_level(
  scores: Tensor,
  decode: (anchors: Tensor) => Tensor,
  size: ImageSize,
  { score_thresh, topk_candidates }: Pick<DetectionLimits, 'score_thresh' | 'topk_candidates'>,
): Candidates {
  const classes = scores.size(-1);
  const flat = scores.flatten();
  const likely = where(flat.gt(score_thresh))[0]!;
  const [best, order] = flat.index(likely).topk(Math.min(topk_candidates, likely.size(0)));
  const places = likely.index(order);
  const boxes = decode(places.div(classes, { rounding_mode: 'floor' }));
  return { boxes: clip_boxes_to_image(boxes, size), scores: best, labels: places.remainder(classes) };
}
