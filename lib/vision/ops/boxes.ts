/** Functions of boxes. Mirrors `torchvision.ops.boxes`. */
import { no_grad } from '../../autograd/grad_mode.js';
import { unique } from '../../functional.js';
import { atan, empty, stack, where, zeros, zeros_like } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { bool, float32, float64, int32, int64 } from '../../types/dtype.js';
import { operator } from '../extension.js';
import {
  cxcywh_to_xyxy,
  cxcywhr_to_xywhr,
  xywh_to_xyxy,
  xywhr_to_cxcywhr,
  xywhr_to_xyxyxyxy,
  xyxy_to_cxcywh,
  xyxy_to_xywh,
  xyxyxyxy_to_xywhr,
  type AxisAlignedFormat,
  type RotatedFormat,
} from './box_convert.js';

export type { AxisAlignedFormat, RotatedFormat } from './box_convert.js';

/** A dtype in which products of coordinates do not overflow. */
function upcast(values: Tensor): Tensor {
  const { dtype } = values;
  if (values.is_floating_point()) return dtype === float32 || dtype === float64 ? values : values.float();
  return dtype === int32 || dtype === int64 ? values : values.int();
}

/** The first two of four coordinates. */
const first_two = (boxes: Tensor): Tensor => boxes.narrow(-1, 0, 2);
/** The last two of four coordinates. */
const last_two = (boxes: Tensor): Tensor => boxes.narrow(-1, 2, boxes.size(-1) - 2);
const at = (boxes: Tensor, coordinate: number): Tensor => boxes.select(-1, coordinate);

// ---- Suppression --------------------------------------------------------------------------------

const NMS = signature<{ boxes: Tensor; scores: Tensor; iou_threshold: number }>(
  'nms',
  'boxes: Tensor, scores: Tensor, iou_threshold: float',
);

/**
 * Non-maximum suppression: goes over the boxes from the highest score down, and leaves out each whose intersection over
 * union with one that was kept is greater than `iou_threshold`. Mirrors `torchvision.ops.nms`.
 *
 * Shapes: boxes `(N, 4)`, scores `(N)`. Dtypes: float32 and float64. The CPU computes it for other devices too.
 *
 * @param boxes - boxes as `x1, y1, x2, y2`, with `0 <= x1 < x2` and `0 <= y1 < y2`
 * @param scores - the score of each box
 * @param iou_threshold - the largest overlap of boxes that are both kept
 * @returns int64 indices of the boxes that are kept, by decreasing score
 * @throws Error for other shapes and dtypes
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30]]).float();
 * print(ops.nms(boxes, torch.tensor([0.5, 0.9, 0.7]), 0.5)); // tensor([1, 2])
 * ```
 */
export function nms(
  ...args: Arguments<
    [boxes: Tensor, scores: Tensor, iou_threshold: number],
    { boxes: Tensor; scores: Tensor; iou_threshold: number },
    ['boxes', 'scores', 'iou_threshold']
  >
): Tensor;
export function nms(...args: unknown[]): Tensor {
  return NMS.call(args, ({ boxes, scores, iou_threshold }) => operator('nms')(boxes, scores, iou_threshold) as Tensor);
}

interface BatchedNms {
  boxes: Tensor;
  scores: Tensor;
  idxs: Tensor;
  iou_threshold: number;
}

const BATCHED_NMS = signature<BatchedNms>(
  'batched_nms',
  'boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float',
);

/** Moves the boxes of each category to a place of its own, where they overlap no others. */
function suppress_apart({ boxes, scores, idxs, iou_threshold }: BatchedNms): Tensor {
  if (boxes.numel() === 0) return empty([0], { dtype: int64, device: boxes.device });
  const offsets = idxs.to(boxes).mul(boxes.max().add(1));
  return nms(boxes.add(offsets.unsqueeze(1)), scores, iou_threshold);
}

/** Suppresses category by category, which is faster for many boxes. */
function suppress_each({ boxes, scores, idxs, iou_threshold }: BatchedNms): Tensor {
  const keeps = zeros_like(scores, { dtype: bool });
  for (const category of unique(idxs) as Tensor) {
    const members = where(idxs.eq(category))[0]!;
    const kept = nms(boxes.index_select(0, members), scores.index_select(0, members), iou_threshold);
    keeps.index_fill_(0, members.index_select(0, kept), 1);
  }
  const kept = where(keeps)[0]!;
  return kept.index_select(0, scores.index_select(0, kept).argsort(-1, { descending: true }));
}

/**
 * Non-maximum suppression in which boxes of different categories do not suppress each other; see {@link nms}. Mirrors
 * `torchvision.ops.batched_nms`.
 *
 * Shapes: boxes `(N, 4)`, scores and idxs `(N)`. Dtypes: float32 and float64; idxs integers.
 *
 * @param boxes - boxes as `x1, y1, x2, y2`, with `0 <= x1 < x2` and `0 <= y1 < y2`
 * @param scores - the score of each box
 * @param idxs - the category of each box
 * @param iou_threshold - the largest overlap of boxes that are both kept
 * @returns int64 indices of the boxes that are kept, by decreasing score
 * @throws Error for other shapes and dtypes
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 10, 10], [1, 1, 11, 11], [0, 0, 10, 10]]).float();
 * print(ops.batched_nms(boxes, torch.tensor([0.5, 0.9, 0.7]), torch.tensor([0, 0, 1]), 0.5)); // tensor([1, 2])
 * ```
 */
export function batched_nms(
  ...args: Arguments<
    [boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: number],
    BatchedNms,
    ['boxes', 'scores', 'idxs', 'iou_threshold']
  >
): Tensor;
export function batched_nms(...args: unknown[]): Tensor {
  return BATCHED_NMS.call(args, (given) => {
    // The numbers of coordinates that torchvision measured.
    const many = given.boxes.device.type === 'cpu' ? 4000 : 100_000;
    return given.boxes.numel() > many ? suppress_each(given) : suppress_apart(given);
  });
}

// ---- Sizes --------------------------------------------------------------------------------------

const REMOVE_SMALL_BOXES = signature<{ boxes: Tensor; min_size: number }>(
  'remove_small_boxes',
  'boxes: Tensor, min_size: float',
);

/**
 * The boxes both of whose sides are at least `min_size` long. Mirrors `torchvision.ops.remove_small_boxes`.
 *
 * Shapes: boxes `(N, 4)`, as `x1, y1, x2, y2`.
 *
 * @param boxes - the boxes
 * @param min_size - the least length of a side
 * @returns int64 indices of the boxes that are large enough
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.remove_small_boxes(torch.tensor([[0, 0, 1, 9], [0, 0, 9, 9]]), 2)); // tensor([1])
 * ```
 */
export function remove_small_boxes(
  ...args: Arguments<[boxes: Tensor, min_size: number], { boxes: Tensor; min_size: number }, ['boxes', 'min_size']>
): Tensor;
export function remove_small_boxes(...args: unknown[]): Tensor {
  return REMOVE_SMALL_BOXES.call(args, ({ boxes, min_size }) => {
    const large = (low: number, high: number): Tensor => at(boxes, high).sub(at(boxes, low)).ge(min_size);
    return where(large(0, 2).logical_and(large(1, 3)))[0]!;
  });
}

const CLIP_BOXES = signature<{ boxes: Tensor; size: readonly [number, number] }>(
  'clip_boxes_to_image',
  'boxes: Tensor, size: int[]',
);

/**
 * Boxes with the parts cut off that lie outside of an image. Mirrors `torchvision.ops.clip_boxes_to_image`.
 *
 * Shapes: input and output `(*, 4)`, as `x1, y1, x2, y2`; the output has the dtype of the input.
 *
 * @param boxes - the boxes
 * @param size - height and width of the image
 * @throws Error unless `size` is a pair
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.clip_boxes_to_image(torch.tensor([[-2, 3, 40, 50]]), [20, 30])); // tensor([[ 0,  3, 30, 20]])
 * ```
 */
export function clip_boxes_to_image(
  ...args: Arguments<
    [boxes: Tensor, size: readonly [height: number, width: number]],
    { boxes: Tensor; size: readonly [number, number] },
    ['boxes', 'size']
  >
): Tensor;
export function clip_boxes_to_image(...args: unknown[]): Tensor {
  return CLIP_BOXES.call(args, ({ boxes, size }) => {
    if (size.length !== 2) {
      throw new Error(`clip_boxes_to_image(): argument 'size' must be a pair of numbers, not ${size.length}`);
    }
    const [height, width] = size;
    const last = boxes.size(-1);
    const every_second = (from: number): Tensor => boxes.unflatten(-1, [last / 2, 2]).select(-1, from);
    return stack([every_second(0).clamp(0, width), every_second(1).clamp(0, height)], boxes.dim()).reshape(boxes.shape);
  });
}

// ---- Formats ------------------------------------------------------------------------------------

type BoxFormat = AxisAlignedFormat | RotatedFormat;
const formats: readonly string[] = ['xyxy', 'xywh', 'cxcywh', 'xywhr', 'cxcywhr', 'xyxyxyxy'];

const conversions: Readonly<Record<string, readonly ((boxes: Tensor) => Tensor)[]>> = {
  'xywh xyxy': [xywh_to_xyxy],
  'cxcywh xyxy': [cxcywh_to_xyxy],
  'xyxy xywh': [xyxy_to_xywh],
  'xyxy cxcywh': [xyxy_to_cxcywh],
  'xywh cxcywh': [xywh_to_xyxy, xyxy_to_cxcywh],
  'cxcywh xywh': [cxcywh_to_xyxy, xyxy_to_xywh],
  'cxcywhr xywhr': [cxcywhr_to_xywhr],
  'xywhr cxcywhr': [xywhr_to_cxcywhr],
  'cxcywhr xyxyxyxy': [cxcywhr_to_xywhr, xywhr_to_xyxyxyxy],
  'xyxyxyxy cxcywhr': [xyxyxyxy_to_xywhr, xywhr_to_cxcywhr],
  'xywhr xyxyxyxy': [xywhr_to_xyxyxyxy],
  'xyxyxyxy xywhr': [xyxyxyxy_to_xywhr],
};

const BOX_CONVERT = signature<{ boxes: Tensor; in_fmt: string; out_fmt: string }>(
  'box_convert',
  'boxes: Tensor, in_fmt: str, out_fmt: str',
);

/**
 * Converts boxes from one format to another. Mirrors `torchvision.ops.box_convert`.
 *
 * - `'xyxy'`: two corners, `x1, y1, x2, y2`; `'xywh'`: a corner, width and height; `'cxcywh'`: the center, width and
 *   height.
 * - `'xywhr'`, `'cxcywhr'`: with an angle in degrees, counterclockwise; `'xyxyxyxy'`: four corners, clockwise from the
 *   top left.
 *
 * Shapes: input `(*, K)` and output `(*, K')`, with 4, 5 or 8 coordinates. Integers become float32 in formats with
 * halves, or are rounded in those with an angle.
 *
 * @param boxes - the boxes
 * @param in_fmt - their format
 * @param out_fmt - the format of the result
 * @throws Error for a format that does not exist, or where one has an angle and the other has none
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.box_convert(torch.tensor([[1, 2, 3, 6]]), 'xyxy', 'cxcywh')); // tensor([[2., 4., 2., 4.]])
 * ```
 */
export function box_convert(
  ...args: Arguments<
    [boxes: Tensor, in_fmt: BoxFormat, out_fmt: BoxFormat],
    { boxes: Tensor; in_fmt: BoxFormat; out_fmt: BoxFormat },
    ['boxes', 'in_fmt', 'out_fmt']
  >
): Tensor;
export function box_convert(...args: unknown[]): Tensor {
  return BOX_CONVERT.call(args, ({ boxes, in_fmt, out_fmt }) => {
    const steps = conversions[`${in_fmt} ${out_fmt}`];
    const exist = formats.includes(in_fmt) && formats.includes(out_fmt);
    if (exist && in_fmt === out_fmt) return boxes.clone();
    if (!exist || steps === undefined) {
      throw new Error(`Unsupported Bounding Box Conversions for given in_fmt ${in_fmt} and out_fmt ${out_fmt}`);
    }
    return steps.reduce((converted, step) => step(converted), boxes);
  });
}

// ---- Areas and overlaps -------------------------------------------------------------------------

const BOX_AREA = signature<{ boxes: Tensor; fmt?: string }>('box_area', 'boxes: Tensor, fmt?: str');

/**
 * The areas of boxes. Mirrors `torchvision.ops.box_area`.
 *
 * Shapes: boxes `(*, 4)`, output `(*)`. Dtypes: the output of half precision is float32, that of small integers int32.
 *
 * @param boxes - the boxes
 * @param fmt - their format, `'xyxy'`, `'xywh'` or `'cxcywh'`; default `'xyxy'`
 * @throws Error for another format
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.box_area(torch.tensor([[0, 0, 2, 3], [1, 1, 2, 2]]))); // tensor([6, 1])
 * ```
 */
export function box_area(
  ...args: Arguments<
    [boxes: Tensor, fmt?: AxisAlignedFormat],
    { boxes: Tensor; fmt?: AxisAlignedFormat },
    ['boxes', 'fmt']
  >
): Tensor;
export function box_area(...args: unknown[]): Tensor {
  return BOX_AREA.call(args, ({ boxes: given, fmt = 'xyxy' }) => {
    if (!['xyxy', 'xywh', 'cxcywh'].includes(fmt)) {
      throw new Error(`Unsupported Bounding Box area for given format ${fmt}`);
    }
    const boxes = upcast(given);
    if (fmt !== 'xyxy') return at(boxes, 2).mul(at(boxes, 3));
    return at(boxes, 2)
      .sub(at(boxes, 0))
      .mul(at(boxes, 3).sub(at(boxes, 1)));
  });
}

/** The top left and the bottom right corners of boxes. */
function corners(boxes: Tensor, fmt: AxisAlignedFormat): [Tensor, Tensor] {
  const [first, last] = [first_two(boxes), last_two(boxes)];
  if (fmt === 'xyxy') return [first, last];
  if (fmt === 'xywh') return [first, first.add(last)];
  return [first.sub(last.div(2)), first.add(last.div(2))];
}

/** Pairs each of the first boxes with each of the second: `(*, N, 1, 2)` and `(*, 1, M, 2)`. */
const rows = (boxes: Tensor): Tensor => boxes.unsqueeze(-2);
const columns = (boxes: Tensor): Tensor => boxes.unsqueeze(-3);

const product_of_sides = (sides: Tensor): Tensor => at(sides, 0).mul(at(sides, 1));

/** Intersections and unions of all pairs. */
function intersect(boxes1: Tensor, boxes2: Tensor, fmt: AxisAlignedFormat): [intersection: Tensor, union: Tensor] {
  const [area1, area2] = [box_area(boxes1, fmt), box_area(boxes2, fmt)];
  const [top_left1, bottom_right1] = corners(boxes1, fmt);
  const [top_left2, bottom_right2] = corners(boxes2, fmt);
  const top_left = rows(top_left1).maximum(columns(top_left2));
  const bottom_right = rows(bottom_right1).minimum(columns(bottom_right2));
  const intersection = product_of_sides(upcast(bottom_right.sub(top_left)).clamp({ min: 0 }));
  return [intersection, area1.unsqueeze(-1).add(area2.unsqueeze(-2)).sub(intersection)];
}

/** The sides of the smallest boxes around all pairs. */
function enclosing_sides(boxes1: Tensor, boxes2: Tensor): Tensor {
  const top_left = rows(first_two(boxes1)).minimum(columns(first_two(boxes2)));
  const bottom_right = rows(last_two(boxes1)).maximum(columns(last_two(boxes2)));
  return upcast(bottom_right.sub(top_left)).clamp({ min: 0 });
}

const BOX_IOU = signature<{ boxes1: Tensor; boxes2: Tensor; fmt?: string }>(
  'box_iou',
  'boxes1: Tensor, boxes2: Tensor, fmt?: str',
);

/**
 * Intersection over union of all pairs of boxes. Mirrors `torchvision.ops.box_iou`.
 *
 * Shapes: boxes `(*, N, 4)` and `(*, M, 4)`, output `(*, N, M)`; with an angle `(N, K)` and `(M, K)`, see {@link
 * box_convert}. The CPU computes rotated boxes for other devices too, and there is no gradient of them.
 *
 * @param boxes1 - the first boxes
 * @param boxes2 - the second boxes
 * @param fmt - the format of both; default `'xyxy'`
 * @throws Error for a format that does not exist
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 2, 2], [1, 0, 3, 2]]).float();
 * print(ops.box_iou(boxes, boxes)); // tensor([[1.0000, 0.3333],
 * //         [0.3333, 1.0000]])
 * ```
 */
export function box_iou(
  ...args: Arguments<
    [boxes1: Tensor, boxes2: Tensor, fmt?: BoxFormat],
    { boxes1: Tensor; boxes2: Tensor; fmt?: BoxFormat },
    ['boxes1', 'boxes2', 'fmt']
  >
): Tensor;
export function box_iou(...args: unknown[]): Tensor {
  return BOX_IOU.call(args, ({ boxes1, boxes2, fmt = 'xyxy' }) => {
    if (['xyxy', 'xywh', 'cxcywh'].includes(fmt)) {
      const [intersection, union] = intersect(boxes1, boxes2, fmt as AxisAlignedFormat);
      return intersection.div(union);
    }
    if (!['cxcywhr', 'xywhr', 'xyxyxyxy'].includes(fmt)) {
      throw new Error(
        `Unsupported format '${fmt}'. Supported axis-aligned formats: ('xyxy', 'xywh', 'cxcywh'). ` +
          "Supported rotated formats: ('cxcywhr', 'xywhr', 'xyxyxyxy').",
      );
    }
    const centered = (boxes: Tensor): Tensor => box_convert(boxes, fmt as RotatedFormat, 'cxcywhr');
    const both = fmt === 'cxcywhr' ? [boxes1, boxes2] : [centered(boxes1), centered(boxes2)];
    return operator('box_iou_rotated')(...both) as Tensor;
  });
}

interface Pair {
  boxes1: Tensor;
  boxes2: Tensor;
  eps?: number;
}

const GENERALIZED_BOX_IOU = signature<Pair>('generalized_box_iou', 'boxes1: Tensor, boxes2: Tensor');

/**
 * Generalized intersection over union of all pairs of boxes: `IoU - (C - U) / C`, where C is the area of the smallest box
 * around both, and U that of their union. Mirrors `torchvision.ops.generalized_box_iou`.
 *
 * Shapes: boxes `(*, N, 4)` and `(*, M, 4)`, as `x1, y1, x2, y2`, output `(*, N, M)`.
 *
 * @param boxes1 - the first boxes
 * @param boxes2 - the second boxes
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.generalized_box_iou(torch.tensor([[0, 0, 1, 1]]).float(), torch.tensor([[2, 0, 3, 1]]).float())); // tensor([[-0.3333]])
 * ```
 */
export function generalized_box_iou(
  ...args: Arguments<[boxes1: Tensor, boxes2: Tensor], Omit<Pair, 'eps'>, ['boxes1', 'boxes2']>
): Tensor;
export function generalized_box_iou(...args: unknown[]): Tensor {
  return GENERALIZED_BOX_IOU.call(args, ({ boxes1, boxes2 }) => {
    const [intersection, union] = intersect(boxes1, boxes2, 'xyxy');
    const enclosing = product_of_sides(enclosing_sides(boxes1, boxes2));
    return intersection.div(union).sub(enclosing.sub(union).div(enclosing));
  });
}

/** The distance IoU, and the IoU. */
function distance_iou(boxes1: Tensor, boxes2: Tensor, eps: number): [Tensor, Tensor] {
  const iou = box_iou(boxes1, boxes2);
  const sides = enclosing_sides(boxes1, boxes2);
  const diagonal = at(sides, 0).pow(2).add(at(sides, 1).pow(2)).add(eps);
  const center = (boxes: Tensor, low: number): Tensor =>
    at(boxes, low)
      .add(at(boxes, low + 2))
      .div(2);
  const apart = (low: number): Tensor =>
    upcast(center(boxes1, low).unsqueeze(-1).sub(center(boxes2, low).unsqueeze(-2))).pow(2);
  return [iou.sub(apart(0).add(apart(1)).div(diagonal)), iou];
}

const DISTANCE_BOX_IOU = signature<Pair>('distance_box_iou', 'boxes1: Tensor, boxes2: Tensor, eps?: float');
const COMPLETE_BOX_IOU = signature<Pair>('complete_box_iou', 'boxes1: Tensor, boxes2: Tensor, eps?: float');

type PairArguments = Arguments<[boxes1: Tensor, boxes2: Tensor, eps?: number], Pair, ['boxes1', 'boxes2', 'eps']>;

/**
 * Distance intersection over union of all pairs of boxes: the IoU less the squared distance of the centers, as a part of
 * the squared diagonal of the smallest box around both. Mirrors `torchvision.ops.distance_box_iou`.
 *
 * Shapes: boxes `(*, N, 4)` and `(*, M, 4)`, as `x1, y1, x2, y2`, output `(*, N, M)`.
 *
 * @param boxes1 - the first boxes
 * @param boxes2 - the second boxes
 * @param eps - added to the squared diagonal; default 1e-7
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.distance_box_iou(torch.tensor([[0, 0, 1, 1]]).float(), torch.tensor([[2, 0, 3, 1]]).float())); // tensor([[-0.4000]])
 * ```
 */
export function distance_box_iou(...args: PairArguments): Tensor;
export function distance_box_iou(...args: unknown[]): Tensor {
  return DISTANCE_BOX_IOU.call(
    args,
    ({ boxes1, boxes2, eps = 1e-7 }) => distance_iou(upcast(boxes1), upcast(boxes2), eps)[0],
  );
}

/**
 * Complete intersection over union of all pairs of boxes: the distance IoU less a term for different aspect ratios.
 * Mirrors `torchvision.ops.complete_box_iou`.
 *
 * Shapes: boxes `(*, N, 4)` and `(*, M, 4)`, as `x1, y1, x2, y2`, output `(*, N, M)`.
 *
 * @param boxes1 - the first boxes
 * @param boxes2 - the second boxes
 * @param eps - added to denominators; default 1e-7
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.complete_box_iou(torch.tensor([[0, 0, 1, 1]]).float(), torch.tensor([[2, 0, 3, 1]]).float())); // tensor([[-0.4000]])
 * ```
 */
export function complete_box_iou(...args: PairArguments): Tensor;
export function complete_box_iou(...args: unknown[]): Tensor {
  return COMPLETE_BOX_IOU.call(args, ({ boxes1: given1, boxes2: given2, eps = 1e-7 }) => {
    const [boxes1, boxes2] = [upcast(given1), upcast(given2)];
    const [diou, iou] = distance_iou(boxes1, boxes2, eps);
    const ratio = (boxes: Tensor): Tensor => {
      const [width, height] = [at(boxes, 2).sub(at(boxes, 0)), at(boxes, 3).sub(at(boxes, 1))];
      return atan(width.div(height));
    };
    const difference = ratio(boxes1).unsqueeze(-1).sub(ratio(boxes2).unsqueeze(-2));
    const v = difference.pow(2).mul(4 / Math.PI ** 2);
    const alpha = no_grad(() => v.div(iou.neg().add(1).add(v).add(eps)));
    return diou.sub(alpha.mul(v));
  });
}

// ---- Masks --------------------------------------------------------------------------------------

const MASKS_TO_BOXES = signature<{ masks: Tensor }>('masks_to_boxes', 'masks: Tensor');

/**
 * The smallest box around each mask, as `x1, y1, x2, y2`; zeros for an empty mask. Mirrors
 * `torchvision.ops.masks_to_boxes`.
 *
 * Shapes: masks `(N, H, W)`, output `(N, 4)`, of float32.
 *
 * @param masks - what is not zero belongs to the mask
 * @throws Error unless the masks have three dimensions
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const mask = torch.zeros(1, 5, 6);
 * mask.narrow(1, 1, 2).narrow(2, 3, 3).fill_(1);
 * print(ops.masks_to_boxes(mask)); // tensor([[3., 1., 5., 2.]])
 * ```
 */
export function masks_to_boxes(masks: Tensor | { masks: Tensor }): Tensor;
export function masks_to_boxes(...args: unknown[]): Tensor {
  return MASKS_TO_BOXES.call(args, ({ masks }) => {
    if (masks.numel() === 0) return zeros([0, 4], { device: masks.device, dtype: float32 });
    if (masks.dim() !== 3) {
      throw new Error(`masks_to_boxes(): argument 'masks' must have 3 dimensions, not ${masks.dim()}`);
    }
    const [, height, width] = masks.shape as readonly number[] as [number, number, number];
    const inside = masks.bool();
    const [in_rows, in_columns] = [inside.any(2), inside.any(1)];
    const first = (line: Tensor): Tensor => line.float().argmax(1);
    const last = (line: Tensor, length: number): Tensor =>
      first(line.flip([1]))
        .neg()
        .add(length - 1);
    const boxes = stack([first(in_columns), first(in_rows), last(in_columns, width), last(in_rows, height)], 1);
    return boxes.float().masked_fill_(in_rows.any(1).logical_not().unsqueeze(1), 0);
  });
}
