/** Pictures of pictures; mirrors `torchvision.utils`. */
import { no_grad } from '../autograd.js';
import { cat, stack } from '../generated/functions.js';
import { kind_of } from '../nn/representation.js';
import { Tensor } from '../tensor.js';

/** What {@link make_grid} takes by name. */
export interface MakeGridOptions {
  /** Images in a row. Default 8. */
  nrow?: number;
  /** Pixels between images. Default 2. */
  padding?: number;
  /** Shift values to [0, 1]. Default false. */
  normalize?: boolean;
  /** What counts as 0 and 1; the least and largest value when left out. */
  value_range?: readonly [number, number] | null;
  /** Look for them in each image by itself. Default false. */
  scale_each?: boolean;
  /** The value between images. Default 0. */
  pad_value?: number;
}

function as_batch(images: Tensor | readonly Tensor[]): Tensor {
  let batch = images instanceof Tensor ? images : stack(images as Tensor[], 0);
  if (batch.dim() === 2) batch = batch.unsqueeze(0);
  if (batch.dim() === 3) {
    if (batch.size(0) === 1) batch = cat([batch, batch, batch], 0);
    batch = batch.unsqueeze(0);
  }
  return batch.dim() === 4 && batch.size(1) === 1 ? cat([batch, batch, batch], 1) : batch;
}

function normalize_(image: Tensor, range: readonly [number, number] | null): void {
  const [low, high] = range ?? [image.min().item(), image.max().item()];
  image.clamp_(low, high).sub_(low).div_(Math.max(high - low, 1e-5));
}

/**
 * One picture of many, in rows. Mirrors `torchvision.utils.make_grid`.
 * @param tensor - [B, C, H, W], or a list of images of one size; a single channel becomes three
 * @returns [C, H', W']
 */
export function make_grid(tensor: Tensor | readonly Tensor[], options: MakeGridOptions = {}): Tensor {
  if (!(tensor instanceof Tensor) && !(Array.isArray(tensor) && tensor.every((image) => image instanceof Tensor))) {
    throw new TypeError(`make_grid(): argument 'tensor' must be Tensor or a list of Tensors, not ${kind_of(tensor)}`);
  }
  const { nrow = 8, padding = 2, normalize = false, value_range = null, scale_each = false, pad_value = 0 } = options;
  return no_grad(() => {
    let images = as_batch(tensor);
    if (normalize) {
      images = images.clone();
      if (scale_each) for (const image of images) normalize_(image, value_range);
      else normalize_(images, value_range);
    }
    const count = images.size(0);
    if (count === 1) return images.squeeze(0);
    const columns = Math.min(nrow, count);
    const rows = Math.ceil(count / columns);
    const height = images.size(2) + padding;
    const width = images.size(3) + padding;
    const grid = images.new_full([images.size(1), height * rows + padding, width * columns + padding], pad_value);
    for (let i = 0; i < count; i++) {
      const top = Math.floor(i / columns) * height + padding;
      const left = (i % columns) * width + padding;
      grid.narrow(1, top, height - padding).narrow(2, left, width - padding).copy_(images.index(i));
    }
    return grid;
  });
}
