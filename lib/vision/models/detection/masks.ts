/** Masks and keypoints of objects, from and to the small maps that models predict. */
import { arange, cat, stack, where, zeros } from '../../../generated/functions.js';
import type { Tensor } from '../../../_tensor.js';
import * as F from '../../../nn/functional/index.js';
import { int64, uint8 } from '../../../types/dtype.js';
import { roi_align } from '../../ops/roi_align.js';
import type { ImageSize } from './image_list.js';

// ---- Masks --------------------------------------------------------------------------------------

/** The probabilities of the masks of these classes, from the scores of all. */
export function mask_probabilities(logits: Tensor, labels: readonly Tensor[]): Tensor[] {
  const counts = labels.map((each) => each.size(0));
  const masks = arange(logits.size(0), { device: logits.device });
  return logits.sigmoid().index(masks, cat(labels)).unsqueeze(1).split(counts, 0);
}

/** The parts of masks that are within boxes, `(N, size, size)`. */
function masks_in_boxes(masks: Tensor, boxes: Tensor, matched: Tensor, size: number): Tensor {
  const rois = cat([matched.to(boxes).unsqueeze(1), boxes], 1);
  return roi_align(masks.unsqueeze(1).to(rois), rois, [size, size], { spatial_scale: 1 }).select(1, 0);
}

/** The loss of masks. */
export function mask_loss(
  logits: Tensor,
  proposals: readonly Tensor[],
  masks: readonly Tensor[],
  labels: readonly Tensor[],
  matched: readonly Tensor[],
): Tensor {
  const size = logits.size(-1);
  const classes = cat(labels.map((each, i) => each.index(matched[i]!)));
  const wanted = cat(masks.map((each, i) => masks_in_boxes(each, proposals[i]!, matched[i]!, size)));
  if (wanted.numel() === 0) return logits.sum().mul(0);
  const which = arange(classes.size(0), { device: classes.device });
  return F.binary_cross_entropy_with_logits(logits.index(which, classes), wanted);
}

/** Boxes around the same centers, of larger sides. */
function larger(boxes: Tensor, scale: number): Tensor {
  const [x1, y1, x2, y2] = boxes.unbind(1) as [Tensor, Tensor, Tensor, Tensor];
  const [w, h] = [x2.sub(x1).mul(0.5).mul(scale), y2.sub(y1).mul(0.5).mul(scale)];
  const [x, y] = [x2.add(x1).mul(0.5), y2.add(y1).mul(0.5)];
  return stack([x.sub(w), y.sub(h), x.add(w), y.add(h)], 1);
}

/** A mask of a whole image. */
function pasted(mask: Tensor, [x1, y1, x2, y2]: readonly number[], [height, width]: ImageSize): Tensor {
  const size = [Math.max(y2! - y1! + 1, 1), Math.max(x2! - x1! + 1, 1)];
  const scaled = F.interpolate(mask.view(1, 1, mask.size(0), mask.size(1)), {
    size,
    mode: 'bilinear',
    align_corners: false,
  });
  const image = zeros([height, width], { dtype: mask.dtype, device: mask.device });
  const [left, right] = [Math.max(x1!, 0), Math.min(x2! + 1, width)];
  const [top, bottom] = [Math.max(y1!, 0), Math.min(y2! + 1, height)];
  if (right <= left || bottom <= top) return image;
  const part = scaled
    .index(0, 0)
    .narrow(0, top - y1!, bottom - top)
    .narrow(1, left - x1!, right - left);
  image
    .narrow(0, top, bottom - top)
    .narrow(1, left, right - left)
    .copy_(part);
  return image;
}

/** Masks `(N, 1, H, W)` of whole images, from small ones of boxes. */
export function paste_masks_in_image(masks: Tensor, boxes: Tensor, size: ImageSize, padding = 1): Tensor {
  const side = masks.size(-1);
  const padded = F.pad(masks, [padding, padding, padding, padding]);
  const places = larger(boxes, (side + 2 * padding) / side)
    .to(int64)
    .tolist() as number[][];
  if (places.length === 0) return masks.new_zeros([0, 1, ...size]);
  return stack(places.map((place, i) => pasted(padded.index(i, 0), place, size))).unsqueeze(1);
}

// ---- Keypoints ----------------------------------------------------------------------------------

/** The places of keypoints in maps of boxes, as indices, and whether they are visible and within. */
function heatmap_places(keypoints: Tensor, rois: Tensor, size: number): [places: Tensor, valid: Tensor] {
  const place = (axis: number): Tensor => {
    const [low, high] = [rois.select(1, axis), rois.select(1, axis + 2)];
    const at = keypoints.select(-1, axis);
    const scale = high.sub(low).reciprocal().mul(size);
    const found = at.sub(low.unsqueeze(1)).mul(scale.unsqueeze(1)).floor().to(int64);
    return found.masked_fill(at.eq(high.unsqueeze(1)), size - 1);
  };
  const [x, y] = [place(0), place(1)];
  const within = x.ge(0).logical_and(y.ge(0)).logical_and(x.lt(size)).logical_and(y.lt(size));
  const valid = within.logical_and(keypoints.select(-1, 2).gt(0)).to(int64);
  return [y.mul(size).add(x).mul(valid), valid];
}

/** The loss of keypoints. */
export function keypoint_loss(
  logits: Tensor,
  proposals: readonly Tensor[],
  keypoints: readonly Tensor[],
  matched: readonly Tensor[],
): Tensor {
  const [n, k, height, width] = logits.shape as unknown as [number, number, number, number];
  if (height !== width) {
    throw new Error(
      'keypoint_logits height and width (last two elements of shape) should be equal. Instead got ' +
        `H = ${height} and W = ${width}`,
    );
  }
  const found = proposals.map((boxes, i) => heatmap_places(keypoints[i]!.index(matched[i]!), boxes, height));
  const targets = cat(found.map(([places]) => places.view(-1)));
  const valid = where(cat(found.map(([, each]) => each.view(-1))).to(uint8))[0]!;
  if (targets.numel() === 0 || valid.numel() === 0) return logits.sum().mul(0);
  return F.cross_entropy(logits.view(n * k, height * width).index(valid), targets.index(valid));
}

/** The keypoints `(N, K, 3)` of boxes from maps `(N, K, size, size)`, and their scores `(N, K)`. */
function keypoints_of(maps: Tensor, rois: Tensor): [keypoints: Tensor, scores: Tensor] {
  const count = maps.size(1);
  const points = zeros([rois.size(0), 3, count], { device: maps.device });
  const scores = zeros([rois.size(0), count], { device: maps.device });
  const sides = (axis: number): Tensor =>
    rois
      .select(1, axis + 2)
      .sub(rois.select(1, axis))
      .clamp({ min: 1 });
  const [widths, heights] = [sides(0), sides(1)];
  const [columns, rows] = [widths.ceil().tolist() as number[], heights.ceil().tolist() as number[]];
  for (let i = 0; i < rois.size(0); i++) {
    const [width, height] = [columns[i]!, rows[i]!];
    const options = { size: [height, width], mode: 'bicubic', align_corners: false } as const;
    const map = F.interpolate(maps.index(i).unsqueeze(1), options).squeeze(1);
    const best = map.reshape(count, -1).argmax(1);
    const x = best.remainder(width);
    const y = best.sub(x).div(width, { rounding_mode: 'floor' });
    const place = (at: Tensor, size: Tensor, cells: number, from: Tensor): Tensor =>
      at.float().add(0.5).mul(size.select(0, i).div(cells)).add(from.select(0, i));
    points.index_put_([i, 0], place(x, widths, width, rois.select(1, 0)));
    points.index_put_([i, 1], place(y, heights, height, rois.select(1, 1)));
    points.index_put_([i, 2], 1);
    scores.index_put_([i], map.index(arange(count, { device: map.device }), y, x));
  }
  return [points.permute(0, 2, 1), scores];
}

/** The keypoints of each image, and their scores. */
export function keypoints_from(logits: Tensor, boxes: readonly Tensor[]): [keypoints: Tensor, scores: Tensor][] {
  const counts = boxes.map((each) => each.size(0));
  return logits.split(counts, 0).map((maps, i) => keypoints_of(maps, boxes[i]!));
}
