/** Regions of interest as the pooling operators take them. */
import { cat, full_like } from '../../generated/functions.js';
import { Tensor } from '../../_tensor.js';

/** Regions: `(K, 5)` with the index of an image in front, or for each image its boxes, `(L, 4)`. */
export type Regions = Tensor | readonly Tensor[];

/** The size of a pooled region: height and width, or one number for both. */
export type PooledSize = number | readonly [height: number, width: number];

/** Regions with the index of their image in front. @throws Error for other shapes */
export function rois_of(boxes: Regions): Tensor {
  const columns = (tensor: Tensor): number => (tensor.dim() < 2 ? 0 : tensor.size(1));
  if (boxes instanceof Tensor) {
    if (columns(boxes) !== 5) throw new Error('The boxes tensor shape is not correct as Tensor[K, 5]');
    return boxes;
  }
  if (boxes.some((tensor) => columns(tensor) !== 4)) {
    throw new Error('The shape of the tensor in the boxes list is not correct as List[Tensor[L, 4]]');
  }
  if (boxes.length === 0) throw new Error('boxes is expected to be a Tensor[L, 5] or a List[Tensor[K, 4]]');
  return cat(
    boxes.map((tensor, image) => cat([full_like(tensor.narrow(1, 0, 1), image), tensor], 1)),
    0,
  );
}

/** Height and width. @throws Error unless there are two */
export function pair(size: PooledSize, name = 'output_size'): [height: number, width: number] {
  if (typeof size === 'number') return [size, size];
  if (size.length !== 2)
    throw new Error(`argument '${name}' must be a number or a pair, not ${String(size.length)} numbers`);
  return [size[0], size[1]];
}

/** A size as Python prints it. */
export function size_repr(size: PooledSize): string {
  return typeof size === 'number' ? String(size) : `(${size.join(', ')})`;
}
