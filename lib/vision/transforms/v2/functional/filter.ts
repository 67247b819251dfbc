/** Blurring, noise, erasing and compression of images and videos; other inputs are returned as they are. */
import { linspace, randn_like } from '../../../../generated/functions.js';
import { pad } from '../../../../nn/functional/index.js';
import { float32, int16, uint8 } from '../../../../types/dtype.js';
import { python_float } from '../../../../_internal/representation.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { decode_jpeg, encode_jpeg } from '../../../io/index.js';
import { bells, filtered } from '../../functional/filter.js';
import { erase as erased } from '../../functional/geometry.js';
import { working_dtype } from '../../functional/image.js';
import { dispatch, flattened } from './dispatch.js';

interface GaussianBlurArguments {
  inpt: Tensor;
  kernel_size: number | readonly number[];
  sigma?: number | readonly number[] | null;
}

export const GAUSSIAN_BLUR = signature<GaussianBlurArguments>(
  'gaussian_blur',
  'inpt: Tensor, kernel_size: int|int[], sigma?: float|float[]|None',
);

/**
 * Blurs an image with a Gaussian kernel; the edges are reflected. Mirrors
 * `torchvision.transforms.v2.functional.gaussian_blur`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param kernel_size - odd size of the kernel, of both directions or of x and y
 * @param sigma - standard deviation in pixels, of both directions or of x and y; default null: `0.15 * size + 0.35`
 * @returns of the same class
 * @throws Error for even sizes, and for a `sigma` that is not positive
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.gaussian_blur(torch.eye(3).unsqueeze(0), 3).diagonal(0, 1, 2)); // tensor([[0.5010, 0.3867, 0.5010]])
 * ```
 */
export function gaussian_blur<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, kernel_size: number | readonly number[], sigma?: number | readonly number[] | null],
    GaussianBlurArguments & { inpt: T },
    ['inpt', 'kernel_size', 'sigma']
  >
): T;
export function gaussian_blur(...args: unknown[]): Tensor {
  const { inpt, kernel_size, sigma = null } = GAUSSIAN_BLUR.read(args);
  const [sizes, sigmas] = bells(kernel_size, sigma);
  return dispatch(inpt, ['gaussian_blur', { kernel_size: sizes, sigma }], {
    image: (image) => {
      if (image.numel() === 0) return image;
      const dtype = working_dtype(image);
      const bell = (i: 0 | 1): Tensor => {
        const half = (sizes[i]! - 1) / (2 * Math.SQRT2);
        const places = linspace(-half, half, sizes[i]!, { dtype, device: image.device });
        return places.div(sigmas[i]!).pow(2).neg().softmax(0);
      };
      const kernel = bell(1).unsqueeze(-1).mul(bell(0));
      const [across, down] = sizes.map((size) => Math.floor(size / 2)) as [number, number];
      const bordered = (batch: Tensor): Tensor => pad(batch, [across, across, down, down], 'reflect');
      return flattened(image, (batch) => filtered(batch, kernel, bordered));
    },
  });
}

interface GaussianNoiseArguments {
  inpt: Tensor;
  mean?: number;
  sigma?: number;
  clip?: boolean;
}

export const GAUSSIAN_NOISE = signature<GaussianNoiseArguments>(
  'gaussian_noise',
  'inpt: Tensor, mean?: float, sigma?: float, clip?: bool',
);

/**
 * Adds normally distributed noise to an image whose values are in [0, 1], or uint8. Mirrors
 * `torchvision.transforms.v2.functional.gaussian_noise`.
 *
 * @param inpt - an image, video, or a plain tensor
 * @param mean - of the noise, where white is 1; default 0
 * @param sigma - standard deviation of the noise, where white is 1; default 0.1
 * @param clip - cut values off at black and white; default true
 * @returns of the same class
 * @throws Error for other dtypes, and for a negative `sigma`
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.gaussian_noise(torch.zeros(1, 1, 2), { mean: 0.5, sigma: 0 })); // tensor([[[0.5000, 0.5000]]])
 * ```
 */
export function gaussian_noise<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, mean?: number, sigma?: number, clip?: boolean],
    GaussianNoiseArguments & { inpt: T },
    ['inpt', 'mean', 'sigma', 'clip']
  >
): T;
export function gaussian_noise(...args: unknown[]): Tensor {
  const { inpt, mean = 0, sigma = 0.1, clip = true } = GAUSSIAN_NOISE.read(args);
  return dispatch(inpt, ['gaussian_noise', { mean, sigma, clip }], {
    image: (image) => {
      if (sigma < 0) throw new Error(`sigma shouldn't be negative. Got ${python_float(sigma)}`);
      if (image.is_floating_point()) {
        const noisy = image.add(randn_like(image).mul(sigma).add(mean));
        return clip ? noisy.clamp(0, 1) : noisy;
      }
      if (image.dtype !== uint8) {
        throw new Error(`Input tensor is expected to be in uint8 or float dtype, got dtype=${String(image.dtype)}`);
      }
      const noise = randn_like(image, { dtype: float32 })
        .mul(sigma * 255)
        .add(mean * 255)
        .to(int16);
      const noisy = image.add(noise);
      return (clip ? noisy.clamp(0, 255) : noisy).to(uint8);
    },
  });
}

interface EraseArguments {
  inpt: Tensor;
  i: number;
  j: number;
  h: number;
  w: number;
  v: Tensor;
  inplace?: boolean;
}

export const ERASE = signature<EraseArguments>(
  'erase',
  'inpt: Tensor, i: int, j: int, h: int, w: int, v: Tensor, inplace?: bool',
);

/**
 * Writes over a part of an image. Mirrors `torchvision.transforms.v2.functional.erase`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param i - row of the upper edge
 * @param j - column of the left edge
 * @param h - number of rows
 * @param w - number of columns
 * @param v - what is to be there
 * @param inplace - change the given tensor; default false
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.erase(torch.ones(1, 2, 2), 0, 1, 2, 1, torch.zeros(1))); // tensor([[[1., 0.],
 * //          [1., 0.]]])
 * ```
 */
export function erase<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, i: number, j: number, h: number, w: number, v: Tensor, inplace?: boolean],
    EraseArguments & { inpt: T },
    ['inpt', 'i', 'j', 'h', 'w', 'v', 'inplace']
  >
): T;
export function erase(...args: unknown[]): Tensor {
  const { inpt, i, j, h, w, v, inplace = false } = ERASE.read(args);
  return dispatch(inpt, ['erase', { i, j, h, w, v, inplace }], {
    image: (image) => erased(image, i, j, h, w, v, inplace),
  });
}

type JpegArguments = { inpt: Tensor; quality: number };
export const JPEG = signature<JpegArguments>('jpeg', 'inpt: Tensor, quality: int');

/**
 * Compresses uint8 images as JPEG, and decodes them. Mirrors `torchvision.transforms.v2.functional.jpeg`.
 *
 * @param inpt - an image, video, or a plain tensor, uint8 of shape `(..., 1 or 3, H, W)`
 * @param quality - from 1 to 100
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.full([3, 8, 8], 100, { dtype: torch.uint8 });
 * print(transforms.v2.functional.jpeg(img, 50).shape); // torch.Size([3, 8, 8])
 * ```
 */
export function jpeg<T extends Tensor>(
  ...args: Arguments<[inpt: T, quality: number], JpegArguments & { inpt: T }, ['inpt', 'quality']>
): T;
export function jpeg(...args: unknown[]): Tensor {
  const { inpt, quality } = JPEG.read(args);
  return dispatch(inpt, ['jpeg', { quality }], {
    image: (image) => {
      const one = (each: Tensor): Tensor => decode_jpeg(encode_jpeg(each, quality));
      if (image.dim() <= 3) return one(image);
      const result = image.clone();
      const parts = result.view([-1, ...image.shape.slice(-3)]);
      parts.unbind(0).forEach((each) => each.copy_(one(each)));
      return result;
    },
  });
}
