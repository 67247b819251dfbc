/** Grids of images. */
import { no_grad } from '../../autograd/grad_mode.js';
import { cat, stack } from '../../generated/functions.js';
import type { Tail } from '../../_internal/arguments.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';

/** The options of {@link make_grid}. */
export interface MakeGridOptions {
  /** Number of images per row. Default 8. */
  nrow?: number;
  /** Number of pixels between images. Default 2. */
  padding?: number;
  /** Scale values to [0, 1]. Default false. */
  normalize?: boolean;
  /** The values that become 0 and 1. Default null: the minimum and the maximum. */
  value_range?: readonly [number, number] | null;
  /** Scale each image separately. Default false. */
  scale_each?: boolean;
  /** Value of the pixels between images. Default 0. */
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
 * Arranges images in a grid. Mirrors `torchvision.utils.make_grid`.
 *
 * @param tensor - of shape `(B, C, H, W)`, or a list of images of one size; a single channel is repeated to three
 * @param options - `nrow`, `padding`, `normalize`, `value_range`, `scale_each`, `pad_value`; see {@link
 * MakeGridOptions}
 * @returns an image of shape `(C, H', W')`
 * @throws TypeError for a `value_range` that is not a pair
 * @example
 * ```ts
 * import { utils } from 'torch-node/vision';
 * print(utils.make_grid(torch.ones(4, 1, 2, 2), { nrow: 2, padding: 1 }).select(0, 0)); // tensor([[0., 0., 0., 0., 0., 0., 0.],
 * //         [0., 1., 1., 0., 1., 1., 0.],
 * //         [0., 1., 1., 0., 1., 1., 0.],
 * //         [0., 0., 0., 0., 0., 0., 0.],
 * //         [0., 1., 1., 0., 1., 1., 0.],
 * //         [0., 1., 1., 0., 1., 1., 0.],
 * //         [0., 0., 0., 0., 0., 0., 0.]])
 * ```
 */
export function make_grid(
  tensor: Tensor | readonly Tensor[],
  nrow?: number,
  padding?: number,
  normalize?: boolean,
  value_range?: readonly [number, number] | null,
  scale_each?: boolean,
  pad_value?: number,
  options?: MakeGridOptions,
): Tensor;
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
