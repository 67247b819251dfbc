/** Which kernel of a function is for which class. */
import { BoundingBoxes, KeyPoints } from '../../../tv_tensors/boxes.js';
import { Mask } from '../../../tv_tensors/images.js';
import { plain_view, TVTensor } from '../../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../../tv_tensors/wrap.js';
import type { CanvasSize } from '../../../tv_tensors/boxes.js';
import type { Tensor } from '../../../../_tensor.js';

/** A kernel's result for boxes and points: the values, and the size of the image, when it has changed. */
export type Placed = readonly [values: Tensor, canvas_size?: CanvasSize];

/** Kernels of a function by what they are for; a class without one is returned as it is. */
export interface Kernels {
  /** Of images, videos and plain tensors. */
  readonly image: (image: Tensor) => Tensor;
  readonly mask?: (mask: Tensor) => Tensor;
  readonly boxes?: (values: Tensor, boxes: BoundingBoxes) => Placed;
  readonly points?: (values: Tensor, points: KeyPoints) => Placed;
}

/** Whether it is a tensor of no class of tv_tensors. */
export const is_pure = (tensor: Tensor): boolean => !(tensor instanceof TVTensor);

/** Runs the kernel for the class of the input, and gives the result this class. */
export function dispatch<T extends Tensor>(inpt: T, kernels: Kernels): T {
  const like: Tensor = inpt;
  if (!(like instanceof TVTensor)) return kernels.image(like) as T;
  const values = plain_view(like);
  let placed: Placed | undefined;
  if (like instanceof BoundingBoxes) placed = kernels.boxes?.(values, like);
  else if (like instanceof KeyPoints) placed = kernels.points?.(values, like);
  else if (like instanceof Mask) placed = kernels.mask && [kernels.mask(values)];
  else placed = [kernels.image(values)];
  if (placed === undefined) return inpt;
  const [result, canvas_size] = placed;
  return wrapped(result, like, canvas_size === undefined ? {} : { canvas_size }) as Tensor as T;
}

/** Runs a kernel of images `(N, C, H, W)` for any number of dimensions, as `(T, C, H, W)` of videos. */
export function flattened(image: Tensor, run: (batch: Tensor) => Tensor): Tensor {
  const leading = image.shape.slice(0, -3);
  if (leading.length <= 1) return run(image);
  const result = run(image.reshape([-1, ...image.shape.slice(-3)]));
  return result.reshape([...leading, ...result.shape.slice(-3)]);
}
