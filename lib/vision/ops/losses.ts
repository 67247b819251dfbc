/** Losses of detectors. Mirrors `sigmoid_focal_loss` and the losses of overlaps of `torchvision.ops`. */
import { no_grad } from '../../autograd/grad_mode.js';
import { atan, sigmoid, where, zeros_like } from '../../generated/functions.js';
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { binary_cross_entropy_with_logits } from '../../nn/functional/index.js';
import type { Tensor } from '../../_tensor.js';
import { float32, float64 } from '../../types/dtype.js';
import { coordinates } from './box_convert.js';

/** How a loss is summed up. */
export type LossReduction = 'none' | 'mean' | 'sum';

function reduced(loss: Tensor, reduction: string, empty_is_zero: boolean): Tensor {
  if (reduction === 'none') return loss;
  if (reduction === 'sum') return loss.sum();
  if (reduction === 'mean') return empty_is_zero && loss.numel() === 0 ? loss.sum().mul(0) : loss.mean();
  throw new Error(
    `Invalid Value for arg 'reduction': '${reduction} \n Supported reduction modes: 'none', 'mean', 'sum'`,
  );
}

// ---- Focal loss ---------------------------------------------------------------------------------

interface FocalLossArguments {
  inputs: Tensor;
  targets: Tensor;
  alpha?: number;
  gamma?: number;
  reduction?: LossReduction;
}

const SIGMOID_FOCAL_LOSS = signature<FocalLossArguments>(
  'sigmoid_focal_loss',
  'inputs: Tensor, targets: Tensor, alpha?: float, gamma?: float, reduction?: str',
);

/**
 * The focal loss of RetinaNet, which weighs down what is classified well: `alpha_t (1 - p_t)^gamma CE`, where `p_t` is the
 * probability of the right class. Mirrors `torchvision.ops.sigmoid_focal_loss`.
 *
 * Shapes: inputs and targets `(*)`; the output has their shape, or none with a reduction. Dtypes: floating point.
 *
 * @param inputs - predictions, before the sigmoid
 * @param targets - 0 or 1 for each
 * @param alpha - weight of the positive class, between 0 and 1; -1 for none; default 0.25
 * @param gamma - exponent; default 2
 * @param reduction - `'none'`, `'mean'` or `'sum'`; default `'none'`
 * @throws Error for another `alpha` or `reduction`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.sigmoid_focal_loss(torch.tensor([0, 2]).float(), torch.tensor([1, 1]).float())); // tensor([0.0433, 0.0005])
 * ```
 */
export function sigmoid_focal_loss(
  ...args: Arguments<
    [inputs: Tensor, targets: Tensor, alpha?: number, gamma?: number, reduction?: LossReduction],
    FocalLossArguments,
    ['inputs', 'targets', 'alpha', 'gamma', 'reduction']
  >
): Tensor;
export function sigmoid_focal_loss(...args: unknown[]): Tensor {
  return SIGMOID_FOCAL_LOSS.call(args, ({ inputs, targets, alpha = 0.25, gamma = 2, reduction = 'none' }) => {
    if (!(alpha >= 0 && alpha <= 1) && alpha !== -1) {
      throw new Error(
        `Invalid alpha value: ${python_float(alpha)}. alpha must be in the range [0,1] or -1 for ignore.`,
      );
    }
    const opposite = (values: Tensor): Tensor => values.neg().add(1);
    const p = sigmoid(inputs);
    const cross_entropy = binary_cross_entropy_with_logits(inputs, targets, { reduction: 'none' });
    const p_t = p.mul(targets).add(opposite(p).mul(opposite(targets)));
    let loss = cross_entropy.mul(opposite(p_t).pow(gamma));
    if (alpha >= 0)
      loss = targets
        .mul(alpha)
        .add(opposite(targets).mul(1 - alpha))
        .mul(loss);
    return reduced(loss, reduction, false);
  });
}

// ---- Losses of overlaps -------------------------------------------------------------------------

interface BoxLossArguments {
  boxes1: Tensor;
  boxes2: Tensor;
  reduction?: LossReduction;
  eps?: number;
}

type BoxLossCall = Arguments<
  [boxes1: Tensor, boxes2: Tensor, reduction?: LossReduction, eps?: number],
  BoxLossArguments,
  ['boxes1', 'boxes2', 'reduction', 'eps']
>;

const ARGUMENTS = 'boxes1: Tensor, boxes2: Tensor, reduction?: str, eps?: float';
const GENERALIZED_BOX_IOU_LOSS = signature<BoxLossArguments>('generalized_box_iou_loss', ARGUMENTS);
const DISTANCE_BOX_IOU_LOSS = signature<BoxLossArguments>('distance_box_iou_loss', ARGUMENTS);
const COMPLETE_BOX_IOU_LOSS = signature<BoxLossArguments>('complete_box_iou_loss', ARGUMENTS);

const upcast = (boxes: Tensor): Tensor => (boxes.dtype === float32 || boxes.dtype === float64 ? boxes : boxes.float());

/** What two boxes have in common, and the box around both. */
function compared(
  boxes1: Tensor,
  boxes2: Tensor,
): {
  intersection: Tensor;
  union: Tensor;
  width: Tensor;
  height: Tensor;
} {
  const [x1, y1, x2, y2] = coordinates(boxes1, 4);
  const [x1g, y1g, x2g, y2g] = coordinates(boxes2, 4);
  const shared_width = x2.minimum(x2g).sub(x1.maximum(x1g));
  const shared_height = y2.minimum(y2g).sub(y1.maximum(y1g));
  // Where there is nothing in common, no gradient goes back.
  const overlaps = shared_width.gt(0).logical_and(shared_height.gt(0));
  const intersection = where(overlaps, shared_width.mul(shared_height), zeros_like(x1));
  const area1 = x2.sub(x1).mul(y2.sub(y1));
  const area2 = x2g.sub(x1g).mul(y2g.sub(y1g));
  return {
    intersection,
    union: area1.add(area2).sub(intersection),
    width: x2.maximum(x2g).sub(x1.minimum(x1g)),
    height: y2.maximum(y2g).sub(y1.minimum(y1g)),
  };
}

/** The distance loss, and the IoU. */
function distance_loss(boxes1: Tensor, boxes2: Tensor, eps: number): [loss: Tensor, iou: Tensor] {
  const { intersection, union, width, height } = compared(boxes1, boxes2);
  const iou = intersection.div(union.add(eps));
  const [x1, y1, x2, y2] = coordinates(boxes1, 4);
  const [x1g, y1g, x2g, y2g] = coordinates(boxes2, 4);
  const apart = (low: Tensor, high: Tensor, low_g: Tensor, high_g: Tensor): Tensor =>
    high.add(low).div(2).sub(low_g.add(high_g).div(2)).pow(2);
  const distance = apart(x1, x2, x1g, x2g).add(apart(y1, y2, y1g, y2g));
  const diagonal = width.pow(2).add(height.pow(2)).add(eps);
  return [iou.neg().add(1).add(distance.div(diagonal)), iou];
}

/**
 * 1 less the generalized IoU of each pair of boxes; see {@link generalized_box_iou}. Mirrors
 * `torchvision.ops.generalized_box_iou_loss`.
 *
 * Shapes: boxes `(N, 4)` or `(4)`, as `x1, y1, x2, y2`; output `(N)`, or no dimensions with a reduction.
 *
 * @param boxes1 - the first box of each pair
 * @param boxes2 - the second box of each pair
 * @param reduction - `'none'`, `'mean'` or `'sum'`; default `'none'`
 * @param eps - added to denominators; default 1e-7
 * @throws Error for another `reduction`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 1, 1]]).float();
 * print(ops.generalized_box_iou_loss(boxes, boxes.add(2), { reduction: 'mean' })); // tensor(1.7778)
 * ```
 */
export function generalized_box_iou_loss(...args: BoxLossCall): Tensor;
export function generalized_box_iou_loss(...args: unknown[]): Tensor {
  return GENERALIZED_BOX_IOU_LOSS.call(args, ({ boxes1, boxes2, reduction = 'none', eps = 1e-7 }) => {
    const { intersection, union, width, height } = compared(upcast(boxes1), upcast(boxes2));
    const iou = intersection.div(union.add(eps));
    const enclosing = width.mul(height);
    const generalized = iou.sub(enclosing.sub(union).div(enclosing.add(eps)));
    return reduced(generalized.neg().add(1), reduction, true);
  });
}

/**
 * 1 less the distance IoU of each pair of boxes; see {@link distance_box_iou}. Mirrors
 * `torchvision.ops.distance_box_iou_loss`.
 *
 * Shapes: boxes `(N, 4)` or `(4)`, as `x1, y1, x2, y2`; output `(N)`, or no dimensions with a reduction.
 *
 * @param boxes1 - the first box of each pair
 * @param boxes2 - the second box of each pair
 * @param reduction - `'none'`, `'mean'` or `'sum'`; default `'none'`
 * @param eps - added to denominators; default 1e-7
 * @throws Error for another `reduction`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 1, 1]]).float();
 * print(ops.distance_box_iou_loss(boxes, boxes.add(2), { reduction: 'mean' })); // tensor(1.4444)
 * ```
 */
export function distance_box_iou_loss(...args: BoxLossCall): Tensor;
export function distance_box_iou_loss(...args: unknown[]): Tensor {
  return DISTANCE_BOX_IOU_LOSS.call(args, ({ boxes1, boxes2, reduction = 'none', eps = 1e-7 }) =>
    reduced(distance_loss(upcast(boxes1), upcast(boxes2), eps)[0], reduction, true),
  );
}

/**
 * 1 less the complete IoU of each pair of boxes; see {@link complete_box_iou}. Mirrors
 * `torchvision.ops.complete_box_iou_loss`.
 *
 * Shapes: boxes `(N, 4)` or `(4)`, as `x1, y1, x2, y2`; output `(N)`, or no dimensions with a reduction.
 *
 * @param boxes1 - the first box of each pair
 * @param boxes2 - the second box of each pair
 * @param reduction - `'none'`, `'mean'` or `'sum'`; default `'none'`
 * @param eps - added to the denominator of the term for aspect ratios; default 1e-7
 * @throws Error for another `reduction`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const boxes = torch.tensor([[0, 0, 1, 1]]).float();
 * print(ops.complete_box_iou_loss(boxes, boxes.add(2), { reduction: 'mean' })); // tensor(1.4444)
 * ```
 */
export function complete_box_iou_loss(...args: BoxLossCall): Tensor;
export function complete_box_iou_loss(...args: unknown[]): Tensor {
  return COMPLETE_BOX_IOU_LOSS.call(args, ({ boxes1: given1, boxes2: given2, reduction = 'none', eps = 1e-7 }) => {
    const [boxes1, boxes2] = [upcast(given1), upcast(given2)];
    // As in torchvision, eps does not go into the distance.
    const [loss, iou] = distance_loss(boxes1, boxes2, 1e-7);
    const angle = (boxes: Tensor): Tensor => {
      const [x1, y1, x2, y2] = coordinates(boxes, 4);
      return atan(x2.sub(x1).div(y2.sub(y1)));
    };
    const v = angle(boxes2)
      .sub(angle(boxes1))
      .pow(2)
      .mul(4 / Math.PI ** 2);
    const alpha = no_grad(() => v.div(iou.neg().add(1).add(v).add(eps)));
    return reduced(loss.add(alpha.mul(v)), reduction, true);
  });
}
