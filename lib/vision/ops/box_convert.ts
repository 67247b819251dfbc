/** Formats of boxes, and how one becomes another. */
import { atan2, stack } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';

/** Formats of boxes whose sides lie along the axes. */
export type AxisAlignedFormat = 'xyxy' | 'xywh' | 'cxcywh';

/** Formats of boxes at an angle. */
export type RotatedFormat = 'xywhr' | 'cxcywhr' | 'xyxyxyxy';

/** The last dimension of boxes, one tensor for each coordinate. @throws Error unless there are `count` */
export function coordinates<N extends 4 | 5 | 8>(boxes: Tensor, count: N): CoordinatesOf<N> {
  const found = boxes.dim() === 0 ? 0 : boxes.size(-1);
  if (found !== count) {
    throw new Error(
      found > count
        ? `too many values to unpack (expected ${count})`
        : `not enough values to unpack (expected ${count}, got ${found})`,
    );
  }
  return [...boxes.unbind(-1)] as unknown as CoordinatesOf<N>;
}

type Four = [Tensor, Tensor, Tensor, Tensor];
type CoordinatesOf<N extends 4 | 5 | 8> = N extends 4 ? Four : N extends 5 ? [...Four, Tensor] : [...Four, ...Four];

const joined = (parts: readonly Tensor[]): Tensor => stack(parts, -1);

export function cxcywh_to_xyxy(boxes: Tensor): Tensor {
  const [cx, cy, w, h] = coordinates(boxes, 4);
  const [half_w, half_h] = [w.mul(0.5), h.mul(0.5)];
  return joined([cx.sub(half_w), cy.sub(half_h), cx.add(half_w), cy.add(half_h)]);
}

export function xyxy_to_cxcywh(boxes: Tensor): Tensor {
  const [x1, y1, x2, y2] = coordinates(boxes, 4);
  return joined([x1.add(x2).div(2), y1.add(y2).div(2), x2.sub(x1), y2.sub(y1)]);
}

export function xywh_to_xyxy(boxes: Tensor): Tensor {
  const [x, y, w, h] = coordinates(boxes, 4);
  return joined([x, y, x.add(w), y.add(h)]);
}

export function xyxy_to_xywh(boxes: Tensor): Tensor {
  const [x1, y1, x2, y2] = coordinates(boxes, 4);
  return joined([x1, y1, x2.sub(x1), y2.sub(y1)]);
}

/** Coordinates of integers are rounded to integers again. */
function as_given(parts: readonly Tensor[], boxes: Tensor): Tensor {
  const result = joined(parts);
  return boxes.is_floating_point() ? result : result.round_().to(boxes.dtype);
}

/** The cosine and the sine of angles in degrees. */
function directions(degrees: Tensor): [cos: Tensor, sin: Tensor] {
  const radians = degrees.mul(Math.PI).div(180);
  return [radians.cos(), radians.sin()];
}

export function cxcywhr_to_xywhr(boxes: Tensor): Tensor {
  const [cx, cy, w, h, r] = coordinates(boxes, 5);
  const [cos, sin] = directions(r);
  const x = cx.sub(w.div(2).mul(cos)).sub(h.div(2).mul(sin));
  const y = cy.sub(h.div(2).mul(cos)).add(w.div(2).mul(sin));
  return as_given([x, y, w, h, r], boxes);
}

export function xywhr_to_cxcywhr(boxes: Tensor): Tensor {
  const [x, y, w, h, r] = coordinates(boxes, 5);
  const [cos, sin] = directions(r);
  const cx = x.add(w.div(2).mul(cos)).add(h.div(2).mul(sin));
  const cy = y.sub(w.div(2).mul(sin)).add(h.div(2).mul(cos));
  return as_given([cx, cy, w, h, r], boxes);
}

export function xywhr_to_xyxyxyxy(boxes: Tensor): Tensor {
  const [x1, y1, w, h, r] = coordinates(boxes, 5);
  const [cos, sin] = directions(r);
  const [x2, y2] = [x1.add(w.mul(cos)), y1.sub(w.mul(sin))];
  const [down_x, down_y] = [h.mul(sin), h.mul(cos)];
  return as_given([x1, y1, x2, y2, x2.add(down_x), y2.add(down_y), x1.add(down_x), y1.add(down_y)], boxes);
}

export function xyxyxyxy_to_xywhr(boxes: Tensor): Tensor {
  const [x1, y1, x2, y2, x3, y3] = coordinates(boxes, 8);
  const r = atan2(y1.sub(y2), x2.sub(x1)).mul(180).div(Math.PI);
  const length = (x: Tensor, y: Tensor): Tensor => x.pow(2).add(y.pow(2)).sqrt();
  return as_given([x1, y1, length(x2.sub(x1), y1.sub(y2)), length(x3.sub(x2), y3.sub(y2)), r], boxes);
}
