/** Pictures of pictures; mirrors `torchvision.utils`. */
import { no_grad } from '../autograd/grad_mode.js';
import { cat, stack } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';

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
  let batch = images instanceof Tensor ? images : stack(images, 0);
  if (batch.dim() === 2) batch = batch.unsqueeze(0);
  if (batch.dim() === 3) {
    if (batch.size(0) === 1) batch = cat([batch, batch, batch], 0);
    batch = batch.unsqueeze(0);
  }
  return batch.dim() === 4 && batch.size(1) === 1 ? cat([batch, batch, batch], 1) : batch;
}

function normalize_(image: Tensor, range: readonly [number, number] | null): void {
  const [low, high] = range ?? [image.min().item(), image.max().item()];
  image
    .clamp_(low, high)
    .sub_(low)
    .div_(Math.max(high - low, 1e-5));
}

const MAKE_GRID = signature<MakeGridOptions & { tensor: Tensor | readonly Tensor[] }>(
  'make_grid',
  'tensor: Tensor|Tensor[], nrow?: int, padding?: int, normalize?: bool, value_range?: float[]|None, scale_each?: bool, pad_value?: float',
);

/**
 * One picture of many, in rows. Mirrors `torchvision.utils.make_grid`.
 * @param tensor - [B, C, H, W], or a list of images of one size; a single channel becomes three
 * @returns [C, H', W']
 */
export function make_grid(
  tensor: Tensor | readonly Tensor[],
  ...options: Tail<
    [
      nrow: number,
      padding: number,
      normalize: boolean,
      value_range: readonly [number, number] | null,
      scale_each: boolean,
      pad_value: number,
    ],
    MakeGridOptions
  >
): Tensor;
export function make_grid(options: MakeGridOptions & { tensor: Tensor | readonly Tensor[] }): Tensor;
export function make_grid(...args: unknown[]): Tensor {
  const {
    tensor,
    nrow = 8,
    padding = 2,
    normalize = false,
    value_range = null,
    scale_each = false,
    pad_value = 0,
  } = MAKE_GRID.read(args);
  if (value_range !== null && value_range.length !== 2) {
    throw new TypeError('value_range has to be a tuple (min, max) if specified. min and max are numbers');
  }
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
      grid
        .narrow(1, top, height - padding)
        .narrow(2, left, width - padding)
        .copy_(images.index(i));
    }
    return grid;
  });
}
