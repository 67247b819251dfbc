/** Functions of the surroundings of pixels: blurring and sharpening. */
import { linspace, ones } from '../../../generated/functions.js';
import { conv2d, pad } from '../../../nn/functional/index.js';
import { python_repr } from '../../../python/print.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import type { DType } from '../../../types/dtype.js';
import type { Device } from '../../../types/device.js';
import { blend, check_channels, check_factor, check_image, through_batch, working_dtype } from './image.js';
import { sharpness_as_pillow } from './pil_colors.js';
import { is_computed_as_pillow } from './pil_image.js';

/** A convolution of each channel with the same kernel, of the dtype that the image is computed with. */
export function filtered(img: Tensor, kernel: Tensor, prepare: (batch: Tensor) => Tensor = (batch) => batch): Tensor {
  return through_batch(img, [kernel.dtype], (batch) => {
    const channels = batch.size(-3);
    const weight = kernel.expand(channels, 1, kernel.size(0), kernel.size(1));
    return conv2d(prepare(batch), weight, { groups: channels });
  });
}

/** A bell of `size` numbers with sum 1. */
function gaussian(size: number, sigma: number, dtype: DType, device: Device): Tensor {
  const half = (size - 1) * 0.5;
  const bell = linspace(-half, half, size, { dtype, device }).div(sigma).pow(2).mul(-0.5).exp();
  return bell.div(bell.sum());
}

interface GaussianBlurArguments {
  img: Tensor;
  kernel_size: number | readonly number[];
  sigma?: number | readonly number[] | null;
}

const GAUSSIAN_BLUR = signature<GaussianBlurArguments>(
  'gaussian_blur',
  'img: Tensor, kernel_size: int|int[], sigma?: float|float[]|None',
);

/** Size and width of the bell, in x and y. @throws Error for what torchvision refuses */
export function bells(
  kernel_size: number | readonly number[],
  sigma: number | readonly number[] | null,
): [number[], number[]] {
  const sizes = typeof kernel_size === 'number' ? [kernel_size, kernel_size] : [...kernel_size];
  if (sizes.length !== 2) {
    throw new Error(`If kernel_size is a sequence its length should be 2. Got ${sizes.length}`);
  }
  if (sizes.some((size) => size % 2 === 0 || size < 0)) {
    throw new Error(`kernel_size should have odd and positive integers. Got ${python_repr(sizes)}`);
  }
  let sigmas: number[];
  if (sigma === null) sigmas = sizes.map((size) => size * 0.15 + 0.35);
  else if (typeof sigma === 'number') sigmas = [sigma, sigma];
  else sigmas = sigma.length === 1 ? [sigma[0]!, sigma[0]!] : [...sigma];
  if (sigmas.length !== 2) throw new Error(`If sigma is a sequence, its length should be 2. Got ${sigmas.length}`);
  if (sigmas.some((value) => value <= 0)) {
    throw new Error(`sigma should have positive values. Got ${python_repr(sigmas)}`);
  }
  return [sizes, sigmas];
}

/**
 * Blurs an image with a Gaussian kernel; the edges are reflected. Mirrors
 * `torchvision.transforms.functional.gaussian_blur`.
 *
 * @param img - of shape `(..., C, H, W)`
 * @param kernel_size - odd size of the kernel, of both directions or of x and y
 * @param sigma - standard deviation in pixels, of both directions or of x and y; default null: `0.15 * size + 0.35`
 * @throws Error for even sizes, and for a `sigma` that is not positive
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.gaussian_blur(torch.eye(3).unsqueeze(0), 3)); // tensor([[[0.5010, 0.3743, 0.2285],
 * //          [0.3743, 0.3867, 0.3743],
 * //          [0.2285, 0.3743, 0.5010]]])
 * ```
 */
export function gaussian_blur(
  ...args: Arguments<
    [img: Tensor, kernel_size: number | readonly number[], sigma?: number | readonly number[] | null],
    GaussianBlurArguments,
    ['img', 'kernel_size', 'sigma']
  >
): Tensor;
export function gaussian_blur(...args: unknown[]): Tensor {
  const { img, kernel_size, sigma = null } = GAUSSIAN_BLUR.read(args);
  const [sizes, sigmas] = bells(kernel_size, sigma);
  check_image(img);
  const dtype = working_dtype(img);
  const [x, y] = sizes.map((size, i) => gaussian(size, sigmas[i]!, dtype, img.device)) as [Tensor, Tensor];
  const [across, down] = sizes.map((size) => Math.floor(size / 2)) as [number, number];
  return filtered(img, y.unsqueeze(1).mm(x.unsqueeze(0)), (batch) =>
    pad(batch, [across, across, down, down], 'reflect'),
  );
}

const ADJUST_SHARPNESS = signature<{ img: Tensor; sharpness_factor: number }>(
  'adjust_sharpness',
  'img: Tensor, sharpness_factor: float',
);

/** The image, but for its border smoothed by a kernel with 5 in the middle and 1 around it. */
function smoothed(img: Tensor): Tensor {
  const kernel = ones([3, 3], { dtype: working_dtype(img), device: img.device });
  kernel.select(0, 1).select(0, 1).fill_(5);
  const inner = filtered(img, kernel.div(kernel.sum()));
  const result = img.clone();
  result
    .narrow(-2, 1, img.size(-2) - 2)
    .narrow(-1, 1, img.size(-1) - 2)
    .copy_(inner);
  return result;
}

/**
 * Moves an image away from, or to, a smoothed copy of it. Mirrors `torchvision.transforms.functional.adjust_sharpness`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`; smaller than 3 x 3 it is returned as it is
 * @param sharpness_factor - 0 gives the smoothed image, 1 the image itself, 2 twice the sharpness
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.adjust_sharpness(torch.eye(3).mul(100).to(torch.uint8).unsqueeze(0), 0)); // tensor([[[100,   0,   0],
 * //          [  0,  54,   0],
 * //          [  0,   0, 100]]], dtype=torch.uint8)
 * ```
 */
export function adjust_sharpness(
  ...args: Arguments<
    [img: Tensor, sharpness_factor: number],
    { img: Tensor; sharpness_factor: number },
    ['img', 'sharpness_factor']
  >
): Tensor;
export function adjust_sharpness(...args: unknown[]): Tensor {
  const { img, sharpness_factor } = ADJUST_SHARPNESS.read(args);
  if (is_computed_as_pillow(img)) return sharpness_as_pillow(img, sharpness_factor);
  check_factor('sharpness_factor', sharpness_factor);
  check_channels(img, [1, 3]);
  if (img.size(-1) <= 2 || img.size(-2) <= 2) return img;
  return blend(img, smoothed(img), sharpness_factor);
}
