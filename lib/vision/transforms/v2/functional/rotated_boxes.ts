/** What transforms do with rotated boxes: formats, clamping, mirrors, and rectangles of parallelograms. */
import { atan2, cat, ones_like, stack, where, zeros_like } from '../../../../generated/functions.js';
import { float32, float64, int64 } from '../../../../types/dtype.js';
import type { Tensor } from '../../../../_tensor.js';
import { BoundingBoxFormat, type CanvasSize, type ClampingMode } from '../../../tv_tensors/boxes.js';

type Five = [Tensor, Tensor, Tensor, Tensor, Tensor];
type Eight = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

const { XYWHR, CXCYWHR, XYXYXYXY } = BoundingBoxFormat;

const radians = (degrees: Tensor): Tensor => degrees.mul(Math.PI).div(180);
const length_of = (x: Tensor, y: Tensor): Tensor => x.pow(2).add(y.pow(2)).sqrt();

/** Runs in single precision at least. */
function upcast(boxes: Tensor, run: (values: Tensor) => Tensor): Tensor {
  if (boxes.dtype === float32 || boxes.dtype === float64) return run(boxes);
  return run(boxes.to(float32)).to(boxes.dtype);
}

/** The first corner, the size and the angle. */
function to_xywhr(boxes: Tensor, format: BoundingBoxFormat): Tensor {
  if (format === XYWHR) return boxes;
  if (format === CXCYWHR) {
    const [x, y, width, height, angle] = boxes.unbind(-1) as Five;
    const [cos, sin] = [radians(angle).cos(), radians(angle).sin()];
    const [across, down] = [width.div(2).abs(), height.div(2).abs()];
    const left = x.sub(across.mul(cos)).sub(down.mul(sin));
    return stack([left, y.add(across.mul(sin)).sub(down.mul(cos)), width, height, angle], -1);
  }
  return upcast(boxes, (values) => {
    const [x1, y1, x2, y2, x3, y3] = values.unbind(-1) as Eight;
    const angle = atan2(y1.sub(y2), x2.sub(x1)).div(Math.PI).mul(180);
    return stack([x1, y1, length_of(x2.sub(x1), y2.sub(y1)), length_of(x3.sub(x2), y3.sub(y2)), angle], -1);
  });
}

function from_xywhr(boxes: Tensor, format: BoundingBoxFormat): Tensor {
  if (format === XYWHR) return boxes;
  const [x, y, width, height, angle] = boxes.unbind(-1) as Five;
  const [cos, sin] = [radians(angle).cos(), radians(angle).sin()];
  if (format === CXCYWHR) {
    const [across, down] = [width.div(2).abs(), height.div(2).abs()];
    const middle = x.add(across.mul(cos)).add(down.mul(sin));
    return stack([middle, y.sub(across.mul(sin)).add(down.mul(cos)), width, height, angle], -1);
  }
  const corners = [
    [x, y],
    [x.add(width.mul(cos)), y.sub(width.mul(sin))],
    [x.add(width.mul(cos).add(height.mul(sin))), y.sub(width.mul(sin).sub(height.mul(cos)))],
    [x.add(height.mul(sin)), y.add(height.mul(cos))],
  ];
  return stack(corners.flat(), -1);
}

/** Rotated boxes in another format of such. */
export const converted_rotated = (boxes: Tensor, from: BoundingBoxFormat, to: BoundingBoxFormat): Tensor =>
  from === to ? boxes : from_xywhr(to_xywhr(boxes, from), to);

/** Rotated boxes seen in a mirror along an axis: 0 for x, 1 for y. */
export function mirrored_rotated(boxes: Tensor, format: BoundingBoxFormat, size: number, axis: 0 | 1): Tensor {
  const from_far_side = (place: Tensor): Tensor => place.sub(size).neg();
  const parts = boxes.unbind(-1);
  if (format === XYXYXYXY) {
    const moved = parts.map((part, i) => (i % 2 === axis ? from_far_side(part) : part));
    // The corners go around the other way.
    return stack(
      [2, 3, 0, 1, 6, 7, 4, 5].map((i) => moved[i]!),
      -1,
    );
  }
  const [x, y, width, height, angle] = parts as Five;
  const place = [x, y];
  if (format === XYWHR) {
    place[0] = x.add(width.mul(radians(angle).cos()));
    place[1] = y.sub(width.mul(radians(angle).sin()));
  }
  place[axis] = from_far_side(place[axis]!);
  return stack([...place, width, height, axis === 0 ? angle.neg() : angle.neg().add(180)], -1);
}

/** The rectangles whose diagonals are the longer ones of parallelograms, of boxes XYXYXYXY. */
export function rectangles_of(parallelograms: Tensor): Tensor {
  return upcast(parallelograms, (values) => {
    const [x1, y1, x2, y2, x3, y3, x4, y4] = values.unbind(-1) as Eight;
    const [cx, cy] = [x1.add(x3).div(2), y1.add(y3).div(2)];
    const [across, down] = [length_of(x2.sub(x1), y2.sub(y1)), length_of(x4.sub(x1), y4.sub(y1))];
    const [first, second] = [atan2(y1.sub(y2), x2.sub(x1)), atan2(y1.sub(y4), x4.sub(x1))];
    const between = first.sub(second);
    const sign = where(between.gt(Math.PI / 2), -1, 1);
    const [cos, sin] = [between.cos(), between.sin()];
    const width = where(across.lt(down), across.mul(sin), across.add(down.mul(cos).mul(sign)));
    const height = where(across.gt(down), down.mul(sin), down.add(across.mul(cos).mul(sign)));
    const angle = where(down.gt(across), second.add(Math.PI / 2), first);
    const [c, s] = [angle.cos(), angle.sin()];
    const [wc, ws, hc, hs] = [width.div(2).mul(c), width.div(2).mul(s), height.div(2).mul(c), height.div(2).mul(s)];
    const corners = [
      [cx.sub(wc).sub(hs), cy.sub(hc).add(ws)],
      [cx.add(wc).sub(hs), cy.sub(hc).sub(ws)],
      [cx.add(wc).add(hs), cy.add(hc).sub(ws)],
      [cx.sub(wc).add(hs), cy.add(hc).add(ws)],
    ];
    return stack(corners.flat(), -1);
  });
}

// ---- Clamping -----------------------------------------------------------------------------------

/** The x and the y of four corners, each `(N, 4)`. */
const corners_of = (boxes: Tensor): [Tensor, Tensor] => boxes.view(-1, 4, 2).unbind(-1) as [Tensor, Tensor];

/** Which coordinates come first to last when a box begins with its leftmost corner. */
function leftmost_first(boxes: Tensor): Tensor {
  const [x, y] = corners_of(boxes);
  const scaled = (values: Tensor): Tensor => values.div(values.abs().amax(1, true));
  const first = scaled(y).add(scaled(x).mul(100)).argmin(1).mul(2).to(boxes.dtype).unsqueeze(1);
  const steps = ones_like(boxes).narrow(1, 0, 7);
  return cat([first, steps], 1).cumsum(1).remainder(8).to(int64);
}

/** Slopes, and where lines cut the y-axis, of the four sides. */
function lines_of(boxes: Tensor): [slopes: Tensor, intercepts: Tensor] {
  const [x, y] = corners_of(boxes);
  const step = (values: Tensor): Tensor => values.diff(1, -1, null, values.narrow(1, 0, 1));
  const slopes = step(y).div(step(x));
  return [slopes, y.sub(slopes.mul(x))];
}

function meeting_points(slopes: Tensor, intercepts: Tensor): Tensor {
  const step = (values: Tensor): Tensor => values.diff(1, -1, values.narrow(1, 3, 1), null);
  const x = step(intercepts).neg().div(step(slopes));
  return stack([x, slopes.mul(x).add(intercepts)], -1).view(-1, 8);
}

type Sides = [Tensor, Tensor, Tensor, Tensor];

/** Where the sides of clamped boxes cut the y-axis; hard boxes are within the image, soft ones around what is within it. */
function clamped_intercepts(boxes: Tensor, original: Tensor, [height, width]: CanvasSize, hard: boolean): Tensor {
  const [slopes, intercepts] = lines_of(boxes);
  const [a1, a2, a3, a4] = slopes.unbind(-1) as Sides;
  let [b1, b2, b3, b4] = intercepts.unbind(-1) as Sides;
  const [low1, low2, high3, high4] = lines_of(original)[1].unbind(-1) as Sides;
  b1 = b2.clamp(b1, b3).clamp(0, height!);
  b4 = b3.clamp(b2, b4).clamp(0, height!);
  if (!hard) {
    const sides = [b1.clamp(low1, high3), b2.clamp(low2, high4), b3.clamp(low1, high3), b4.clamp(low2, high4)];
    return stack(sides, -1);
  }
  const middle = b1.add(b4).div(2);
  const lows = [
    middle.mul(a2).div(a1),
    b3.mul(a2).div(a3),
    a1.sub(a2).mul(width!).add(middle),
    a3.sub(a2).mul(width!).add(b3),
  ];
  b2 = stack(lows, 1).amax(1).minimum(b2);
  const [ratio34, ratio32] = [a3.div(a4), a3.div(a2)];
  const highs = [
    ratio34.neg().add(1).mul(height!).add(middle.mul(a3).div(a4)),
    ratio32.neg().add(1).mul(height!).add(b2.mul(a3).div(a2)),
    a2.sub(a3).mul(width!).add(b2),
    a4.sub(a3).mul(width!).add(middle),
  ];
  b3 = stack(highs, 1).amin(1).maximum(b3);
  const both = middle.clamp(low1, high3).clamp(low2, high4);
  return stack([both, b2.clamp(low2, high4), b3.clamp(low1, high3), both], -1);
}

/** Boxes that begin with their leftmost corner, cut off at the left edge. */
function clamped_at_left(boxes: Tensor, original: Tensor, canvas_size: CanvasSize, hard: boolean): Tensor {
  const [slopes] = lines_of(boxes);
  const [x1, y1, x2, y2, x3, y3, x4, y4] = boxes.unbind(-1) as Eight;
  const moved = meeting_points(slopes, clamped_intercepts(boxes, original, canvas_size, hard));
  const upright = stack([x1.clamp(0), y1, x2, y2, x3, y3, x4.clamp(0), y4], -1);
  const vertical = y1.isclose(y2).logical_or(y3.isclose(y4));
  const outside = [x1, x2, x3, x4].map((x) => x.le(0)).reduce((all, one) => all.logical_and(one));
  const flat = y1
    .isclose(y4)
    .logical_or(y2.isclose(y3))
    .logical_or(vertical.logical_and(x1.isclose(x2)));
  const cases: [Tensor, Tensor][] = [
    [x1.lt(0).logical_and(moved.isnan().any(-1).logical_not()), moved],
    [vertical, upright],
    [outside.logical_or(flat), zeros_like(boxes)],
  ];
  return cases.reduce((found, [is, values]) => where(is.unsqueeze(1), values, found), boxes);
}

/** Rotated boxes cut off at the edges of an image, by torchvision's algorithm: at the left edge, then turned by 90 degrees, four times. */
export function clamped_rotated(
  boxes: Tensor,
  format: BoundingBoxFormat,
  canvas_size: CanvasSize,
  mode: NonNullable<ClampingMode>,
): Tensor {
  let size = canvas_size;
  let found = converted_rotated(boxes, format, XYXYXYXY).reshape(-1, 8);
  let original = found;
  for (let side = 0; side < 4; side++) {
    const order = leftmost_first(found);
    const before = original.gather(1, order);
    const clamped = clamped_at_left(found.gather(1, order), before, size, mode === 'hard');
    const width = size[1]!;
    const turned = (values: Tensor): Tensor => {
      const [x, y] = corners_of(values.gather(1, order));
      return stack([y, x.neg().add(width)], -1).view(-1, 8);
    };
    found = turned(clamped);
    original = turned(before);
    size = [width, size[0]!];
  }
  return converted_rotated(found, XYXYXYXY, format).reshape([...boxes.shape]);
}

/** Which rotated boxes are large enough and within the image; sizes are those that torchvision measures. */
export function valid_rotated(
  boxes: Tensor,
  format: BoundingBoxFormat,
  [height, width]: CanvasSize,
  min_size: number,
  min_area: number,
): Tensor {
  const corners = converted_rotated(boxes, format, XYXYXYXY);
  const [x1, y1, x2, y2, x3, y3, x4, y4] = corners.unbind(-1) as Eight;
  // The second one mixes x and y in torchvision, too.
  const [across, down] = [length_of(x1.sub(x2), y1.sub(y2)), length_of(y2.sub(y3), x3.sub(x4))];
  const large = across.ge(min_size).logical_and(down.ge(min_size)).logical_and(across.mul(down).ge(min_area));
  const within = [...[x1, x2, x3, x4].map((x) => x.le(width!)), ...[y1, y2, y3, y4].map((y) => y.le(height!))];
  return within.reduce((all, one) => all.logical_and(one), large.logical_and(corners.ge(0).all(-1)));
}
