import { signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { BoundingBoxes, box_format, boxes_of, checked_canvas, KeyPoints, points_of } from './boxes.js';
import type { BoxFields, BoxFormatLike, CanvasSize, ClampingMode } from './boxes.js';
import { plain_view, type TVTensor } from './tv_tensor.js';

interface WrapArguments<T extends TVTensor> {
  wrappee: Tensor;
  like: T;
  format?: BoxFormatLike;
  canvas_size?: CanvasSize;
  clamping_mode?: ClampingMode;
}

const WRAP = signature<WrapArguments<TVTensor>>(
  'wrap',
  'wrappee: Tensor, *, like: TVTensor, format?: BoundingBoxFormat|str, canvas_size?: int[], clamping_mode?: str|None',
);

/**
 * A tensor with the class and the fields of a tv_tensor. Mirrors `torchvision.tv_tensors.wrap`.
 *
 * @param wrappee - the tensor
 * @param options - `like`: the tv_tensor; `format`, `canvas_size` and `clamping_mode` instead of its own
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(tv_tensors.wrap(boxes.mul(2), { like: boxes, canvas_size: [20, 40] })); // BoundingBoxes([[2, 4, 6, 8]], format=BoundingBoxFormat.XYXY, canvas_size=(20, 40), clamping_mode=soft)
 * ```
 */
export function wrap<T extends TVTensor>(wrappee: Tensor, options: Omit<WrapArguments<T>, 'wrappee'>): T;
export function wrap<T extends TVTensor>(options: WrapArguments<T>): T;
export function wrap(...args: unknown[]): TVTensor {
  const { wrappee, like, format, canvas_size, clamping_mode } = WRAP.read(args);
  const size = canvas_size === undefined ? undefined : checked_canvas('wrap', canvas_size);
  return wrapped(wrappee, like, {
    ...(format === undefined ? {} : { format: box_format(format) }),
    ...(size === undefined ? {} : { canvas_size: size }),
    ...(clamping_mode === undefined ? {} : { clamping_mode }),
  });
}

/** As {@link wrap}, of checked arguments. */
export function wrapped(tensor: Tensor, like: TVTensor, fields: Partial<BoxFields> = {}): TVTensor {
  const own = plain_view(tensor);
  if (like instanceof BoundingBoxes) {
    const { format, canvas_size, clamping_mode } = like;
    return boxes_of(own, { format, canvas_size, clamping_mode, ...fields });
  }
  if (like instanceof KeyPoints) return points_of(own, fields.canvas_size ?? like.canvas_size);
  return like._give_class(own);
}
