/** Functions of boxes and points: formats, clamping, and which of them are left. */
import { stack } from '../../../../generated/functions.js';
import { from_nested } from '../../../../creation.js';
import { float32 } from '../../../../types/dtype.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import {
  BoundingBoxes,
  BoundingBoxFormat,
  box_format,
  checked_canvas,
  is_rotated,
  KeyPoints,
} from '../../../tv_tensors/boxes.js';
import type { BoxFormatLike, CanvasSize, ClampingMode } from '../../../tv_tensors/boxes.js';
import { plain_view } from '../../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../../tv_tensors/wrap.js';
import { clamped_rotated, converted_rotated, valid_rotated } from './rotated_boxes.js';

type Four = [Tensor, Tensor, Tensor, Tensor];

/** The columns of boxes. */
export const columns = (boxes: Tensor): Four => boxes.unbind(-1) as Four;
/** Boxes of columns. */
export const from_columns = (parts: readonly Tensor[]): Tensor => stack([...parts], -1);

/** Half of a size: rounded down for integers. */
const half = (size: Tensor): Tensor =>
  size.is_floating_point() ? size.div(2) : size.div(2, { rounding_mode: 'floor' });

/** To corners. Integers are computed with as float32 and cut off where the middle is given, as in torchvision. */
function to_corners(boxes: Tensor, format: BoundingBoxFormat): Tensor {
  if (format === BoundingBoxFormat.XYXY) return boxes;
  if (format === BoundingBoxFormat.XYWH) {
    const [x, y, width, height] = columns(boxes);
    return from_columns([x, y, width.add(x), height.add(y)]);
  }
  const [x, y, width, height] = columns(boxes.is_floating_point() ? boxes : boxes.to(float32));
  const [left, top] = [x.sub(width.div(2)), y.sub(height.div(2))];
  return from_columns([left, top, width.add(left), height.add(top)]).to(boxes.dtype);
}

/** From corners. */
function from_corners(boxes: Tensor, format: BoundingBoxFormat): Tensor {
  if (format === BoundingBoxFormat.XYXY) return boxes;
  const [left, top, right, bottom] = columns(boxes);
  const [width, height] = [right.sub(left), bottom.sub(top)];
  if (format === BoundingBoxFormat.XYWH) return from_columns([left, top, width, height]);
  const middle = (from: Tensor, size: Tensor): Tensor => half(from.mul(2).add(size));
  return from_columns([middle(left, width), middle(top, height), width, height]);
}

/** As {@link convert_bounding_box_format}. */
export function converted(boxes: Tensor, from: BoundingBoxFormat, to: BoundingBoxFormat): Tensor {
  if (from === to) return boxes;
  if (is_rotated(from) !== is_rotated(to)) {
    throw new Error('Cannot convert between rotated and unrotated bounding boxes.');
  }
  if (is_rotated(from)) return converted_rotated(boxes, from, to);
  if (from === BoundingBoxFormat.XYWH && to === BoundingBoxFormat.CXCYWH) {
    const [x, y, width, height] = columns(boxes);
    return from_columns([x.add(half(width)), y.add(half(height)), width, height]);
  }
  return from_corners(to_corners(boxes, from), to);
}

interface ConvertArguments {
  inpt: Tensor;
  old_format?: BoxFormatLike | null;
  new_format: BoxFormatLike;
  inplace?: boolean;
}

const FORMAT = 'BoundingBoxFormat|str';
const CONVERT = signature<ConvertArguments>(
  'convert_bounding_box_format',
  `inpt: Tensor, old_format?: ${FORMAT}|None, new_format: ${FORMAT}, inplace?: bool`,
);

/**
 * Converts boxes to another format. Mirrors `torchvision.transforms.v2.functional.convert_bounding_box_format`.
 *
 * @param inpt - boxes, or a plain tensor of shape `(..., K)`
 * @param old_format - the format of a plain tensor
 * @param new_format - the format of the result
 * @param inplace - change the given tensor; default false
 * @throws Error unless `old_format` is given for plain tensors, and for these alone
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const F2 = transforms.v2.functional;
 * print(F2.convert_bounding_box_format(torch.tensor([1, 2, 4, 8]), 'XYXY', 'XYWH')); // tensor([1, 2, 3, 6])
 * ```
 */
export function convert_bounding_box_format<T extends Tensor>(
  inpt: T,
  old_format: BoxFormatLike | null,
  new_format: BoxFormatLike,
  inplace?: boolean,
): T;
export function convert_bounding_box_format<T extends Tensor>(
  inpt: T,
  options: { old_format?: BoxFormatLike | null; new_format: BoxFormatLike; inplace?: boolean },
): T;
export function convert_bounding_box_format(options: ConvertArguments): Tensor;
export function convert_bounding_box_format(...args: unknown[]): Tensor {
  const { inpt, old_format = null, new_format, inplace = false } = CONVERT.read(args);
  const to = box_format(new_format);
  if (inpt instanceof BoundingBoxes) {
    if (old_format !== null) throw new Error('For bounding box tv_tensor inputs, `old_format` must not be passed.');
    const values = plain_view(inpt);
    const result = converted(values, inpt.format, to);
    return wrapped(in_place(inplace, values, result), inpt, { format: to });
  }
  if (old_format === null) throw new Error('For pure tensor inputs, `old_format` has to be passed.');
  const result = converted(inpt, box_format(old_format), to);
  return in_place(inplace, inpt, result);
}

/** The result in the memory of the input, which formats with another number of coordinates leave as it is. */
const in_place = (wanted: boolean, values: Tensor, result: Tensor): Tensor =>
  wanted && values.size(-1) === result.size(-1) ? values.copy_(result) : result;

/** Boxes cut off at the edges of an image; of integers in float32. */
export function clamped(
  boxes: Tensor,
  format: BoundingBoxFormat,
  [height, width]: CanvasSize,
  mode: ClampingMode,
): Tensor {
  if (mode === null) return boxes.clone();
  if (is_rotated(format)) return clamped_rotated(boxes, format, [height!, width!], mode);
  const values = boxes.is_floating_point() ? boxes : boxes.to(float32);
  const [left, top, right, bottom] = columns(converted(values, format, BoundingBoxFormat.XYXY));
  const [x, y] = [(part: Tensor) => part.clamp(0, width), (part: Tensor) => part.clamp(0, height)];
  const corners = from_columns([x(left), y(top), x(right), y(bottom)]);
  return converted(corners, BoundingBoxFormat.XYXY, format).to(boxes.dtype);
}

interface ClampArguments {
  inpt: Tensor;
  format?: BoxFormatLike | null;
  canvas_size?: CanvasSize | null;
  clamping_mode?: ClampingMode | 'auto';
}

const CLAMP = signature<ClampArguments>(
  'clamp_bounding_boxes',
  `inpt: Tensor, format?: ${FORMAT}|None, canvas_size?: int[]|None, clamping_mode?: str|None`,
);

/** @throws Error for other modes */
export function checked_mode(mode: string | null, permitted: readonly string[]): void {
  if (mode === null || permitted.includes(mode)) return;
  throw new Error(`clamping_mode must be ${permitted.join(', ')} or None, got ${mode}`);
}

/**
 * Cuts boxes off at the edges of the image. Mirrors `torchvision.transforms.v2.functional.clamp_bounding_boxes`.
 *
 * @param inpt - boxes, or a plain tensor of shape `(..., K)`
 * @param format - the format of a plain tensor
 * @param canvas_size - height and width of the image of a plain tensor
 * @param clamping_mode - `'soft'`, `'hard'`, null for none, or `'auto'`, the default: as the boxes say
 * @throws Error unless `format` and the like are given for plain tensors
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([-1, 2, 30, 8], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.clamp_bounding_boxes(boxes)); // BoundingBoxes([[ 0,  2, 20,  8]], format=BoundingBoxFormat.XYXY, canvas_size=(10, 20), clamping_mode=soft)
 * ```
 */
export function clamp_bounding_boxes<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, format?: BoxFormatLike | null, canvas_size?: CanvasSize | null, clamping_mode?: ClampingMode | 'auto'],
    ClampArguments & { inpt: T },
    ['inpt', 'format', 'canvas_size', 'clamping_mode']
  >
): T;
export function clamp_bounding_boxes(...args: unknown[]): Tensor {
  const { inpt, format = null, canvas_size = null, clamping_mode = 'auto' } = CLAMP.read(args);
  checked_mode(clamping_mode, ['soft', 'hard', 'auto']);
  if (inpt instanceof BoundingBoxes) {
    if (format !== null || canvas_size !== null) {
      throw new Error('For bounding box tv_tensor inputs, `format` and `canvas_size` must not be passed.');
    }
    const mode = clamping_mode === 'auto' ? inpt.clamping_mode : clamping_mode;
    return wrapped(clamped(plain_view(inpt), inpt.format, inpt.canvas_size, mode), inpt);
  }
  if (format === null || canvas_size === null || clamping_mode === 'auto') {
    throw new Error('For pure tensor inputs, `format`, `canvas_size` and `clamping_mode` have to be passed.');
  }
  return clamped(inpt, box_format(format), checked_canvas('clamp_bounding_boxes', canvas_size), clamping_mode);
}

const CLAMP_POINTS = signature<{ inpt: Tensor; canvas_size?: CanvasSize | null }>(
  'clamp_keypoints',
  'inpt: Tensor, canvas_size?: int[]|None',
);

/**
 * Moves points outside of the image to its edges. Mirrors `torchvision.transforms.v2.functional.clamp_keypoints`.
 *
 * @param inpt - points, or a plain tensor of shape `(..., 2)`
 * @param canvas_size - height and width of the image of a plain tensor
 * @throws Error unless `canvas_size` is given for plain tensors, and for these alone
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([[-1, 2], [30, 8]], { canvas_size: [10, 20] });
 * print(transforms.v2.functional.clamp_keypoints(points)); // KeyPoints([[ 0,  2],
 * //            [19,  8]], canvas_size=(10, 20))
 * ```
 */
export function clamp_keypoints<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, canvas_size?: CanvasSize | null],
    { inpt: T; canvas_size?: CanvasSize | null },
    ['inpt', 'canvas_size']
  >
): T;
export function clamp_keypoints(...args: unknown[]): Tensor {
  const { inpt, canvas_size = null } = CLAMP_POINTS.read(args);
  const clamp = (points: Tensor, [height, width]: CanvasSize): Tensor => {
    const [x, y] = (points.is_floating_point() ? points : points.to(float32)).unbind(-1) as [Tensor, Tensor];
    return from_columns([x.clamp(0, width! - 1), y.clamp(0, height! - 1)]).to(points.dtype);
  };
  if (inpt instanceof KeyPoints) {
    if (canvas_size !== null) throw new Error('For keypoints tv_tensor inputs, `canvas_size` must not be passed.');
    return wrapped(clamp(plain_view(inpt), inpt.canvas_size), inpt);
  }
  if (canvas_size === null) throw new Error('For pure tensor inputs, `canvas_size` has to be passed.');
  return clamp(inpt, checked_canvas('clamp_keypoints', canvas_size));
}

/** Which boxes are large enough and within the image. */
export function valid_boxes(
  boxes: Tensor,
  format: BoundingBoxFormat,
  [height, width]: CanvasSize,
  min_size: number,
  min_area: number,
): Tensor {
  if (is_rotated(format)) return valid_rotated(boxes, format, [height!, width!], min_size, min_area);
  const corners = converted(boxes, format, BoundingBoxFormat.XYXY);
  const [left, top, right, bottom] = columns(corners);
  const [across, down] = [right.sub(left), bottom.sub(top)];
  const large = across.ge(min_size).logical_and(down.ge(min_size)).logical_and(across.mul(down).ge(min_area));
  const within = [left.le(width!), right.le(width!), top.le(height!), bottom.le(height!)];
  return within.reduce((all, one) => all.logical_and(one), large.logical_and(corners.ge(0).all(-1)));
}

interface SanitizeArguments {
  bounding_boxes: Tensor;
  format?: BoxFormatLike | null;
  canvas_size?: CanvasSize | null;
  min_size?: number;
  min_area?: number;
}

const SANITIZE = signature<SanitizeArguments>(
  'sanitize_bounding_boxes',
  `bounding_boxes: Tensor, format?: ${FORMAT}|None, canvas_size?: int[]|None, min_size?: float, min_area?: float`,
);

/**
 * Removes boxes that are too small or not within the image. Mirrors
 * `torchvision.transforms.v2.functional.sanitize_bounding_boxes`.
 *
 * @param bounding_boxes - boxes, or a plain tensor of shape `(N, K)`
 * @param format - the format of a plain tensor
 * @param canvas_size - height and width of the image of a plain tensor
 * @param min_size - the least width and height; default 1
 * @param min_area - the least area; default 1
 * @returns the boxes that are left, and for each box whether it is
 * @throws Error unless `format` and `canvas_size` are given for plain tensors, and for these alone
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([[1, 2, 3, 4], [5, 5, 5, 9]], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.sanitize_bounding_boxes(boxes)[1]); // tensor([ True, False])
 * ```
 */
export function sanitize_bounding_boxes<T extends Tensor>(
  ...args: Arguments<
    [
      bounding_boxes: T,
      format?: BoxFormatLike | null,
      canvas_size?: CanvasSize | null,
      min_size?: number,
      min_area?: number,
    ],
    SanitizeArguments & { bounding_boxes: T },
    ['bounding_boxes', 'format', 'canvas_size', 'min_size', 'min_area']
  >
): [bounding_boxes: T, valid: Tensor];
export function sanitize_bounding_boxes(...args: unknown[]): [Tensor, Tensor] {
  const { bounding_boxes: boxes, format = null, canvas_size = null, min_size = 1, min_area = 1 } = SANITIZE.read(args);
  if (boxes instanceof BoundingBoxes) {
    if (format !== null || canvas_size !== null) {
      throw new Error(
        'format and canvas_size must be None when bounding_boxes is a tv_tensors.BoundingBoxes instance. ' +
          'Leave those to None or pass bounding_boxes as a pure tensor.',
      );
    }
    const values = plain_view(boxes);
    const valid = valid_boxes(values, boxes.format, boxes.canvas_size, min_size, min_area);
    return [wrapped(values.index(valid), boxes), valid];
  }
  if (format === null || canvas_size === null) {
    throw new Error(
      'format and canvas_size cannot be None if bounding_boxes is a pure tensor. Set those to appropriate values or ' +
        'pass bounding_boxes as a tv_tensors.BoundingBoxes object.',
    );
  }
  const size = checked_canvas('sanitize_bounding_boxes', canvas_size);
  const valid = valid_boxes(boxes, box_format(format), size, min_size, min_area);
  return [boxes.index(valid), valid];
}

/** Which points, or groups of points, are within the image. */
export function valid_points(points: Tensor, [height, width]: CanvasSize): Tensor {
  const [x, y] = points.unbind(-1) as [Tensor, Tensor];
  const within = x.ge(0).logical_and(x.lt(width!)).logical_and(y.ge(0)).logical_and(y.lt(height!));
  return within.dim() > 1 ? within.flatten(1).all(1) : within;
}

type SanitizePoints = { key_points: Tensor; canvas_size?: CanvasSize | null };
const SANITIZE_POINTS = signature<SanitizePoints>('sanitize_keypoints', 'key_points: Tensor, canvas_size?: int[]|None');

/**
 * Removes points that are not within the image: of groups of points, those with a point outside. Mirrors
 * `torchvision.transforms.v2.functional.sanitize_keypoints`.
 *
 * @param key_points - points, or a plain tensor of shape `(N, ..., 2)`
 * @param canvas_size - height and width of the image of a plain tensor
 * @returns the points that are left, and for each point or group whether it is
 * @throws Error unless `canvas_size` is given for plain tensors, and for these alone
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const points = torch.tensor([[1, 2], [30, 2]]);
 * print(transforms.v2.functional.sanitize_keypoints(points, [10, 20])); // [tensor([[1, 2]]), tensor([ True, False])]
 * ```
 */
export function sanitize_keypoints<T extends Tensor>(
  ...args: Arguments<
    [key_points: T, canvas_size?: CanvasSize | null],
    SanitizePoints & { key_points: T },
    ['key_points', 'canvas_size']
  >
): [key_points: T, valid: Tensor];
export function sanitize_keypoints(...args: unknown[]): [Tensor, Tensor] {
  const { key_points: points, canvas_size = null } = SANITIZE_POINTS.read(args);
  if (points instanceof KeyPoints) {
    if (canvas_size !== null) {
      throw new Error(
        'canvas_size must be None when key_points is a tv_tensors.KeyPoints instance. ' +
          `Got canvas_size=(${canvas_size.join(', ')}). Leave it to None or pass key_points as a pure tensor.`,
      );
    }
    const valid = valid_points(plain_view(points), points.canvas_size);
    return [wrapped(plain_view(points).index(valid), points), valid];
  }
  if (canvas_size === null) {
    throw new Error(
      'canvas_size cannot be None if key_points is a pure tensor. Set it to an appropriate value or pass key_points as ' +
        'a tv_tensors.KeyPoints object.',
    );
  }
  const valid = valid_points(points, checked_canvas('sanitize_keypoints', canvas_size));
  return [points.index(valid), valid];
}

/** Numbers of the dtype and device of boxes or points. */
export const numbers_like = (like: Tensor, values: readonly number[]): Tensor =>
  from_nested(values as number[], { dtype: like.dtype }, 'transforms').to(like.device);

/** By what boxes are moved when the image is moved by `left` and `top`. */
export function shift_of(values: Tensor, format: BoundingBoxFormat, left: number, top: number): Tensor {
  const both = [left, top];
  if (format === BoundingBoxFormat.XYXY) return numbers_like(values, [...both, ...both]);
  if (format === BoundingBoxFormat.XYXYXYXY) return numbers_like(values, [...both, ...both, ...both, ...both]);
  return numbers_like(values, [...both, 0, 0, ...(is_rotated(format) ? [0] : [])]);
}
