/** What all functions on images ask of a tensor: its size, its channels, the range of its dtype. */
import { float32, get_default_dtype, type DType } from '../../../types/dtype.js';
import { python_float } from '../../../_internal/representation.js';
import { define_kind, signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { of_same_kind } from './pil_image.js';

// A place, or a pair of numbers.
define_kind(
  'Corner',
  'list of ints',
  (value) => Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number'),
);

/** The largest value of a pixel: 1 for floating point. */
const largest: Readonly<Record<string, number>> = {
  uint8: 255,
  int8: 127,
  int16: 32767,
  uint16: 65535,
  int32: 2147483647,
  // Rounded, as the float that torchvision computes with.
  int64: 9223372036854775807,
};

/** The value of a white pixel of a dtype. */
export const max_value = (dtype: DType): number => largest[dtype.name] ?? 1;

/** @throws TypeError for a tensor of less than two dimensions */
export function check_image(img: Tensor): void {
  if (img.dim() < 2) throw new TypeError('Tensor is not a torch image.');
}

/** @throws TypeError for a tensor without a dimension of channels */
export function check_has_channels(img: Tensor): void {
  if (img.dim() < 3) {
    throw new TypeError(`Input image tensor should have at least 3 dimensions, but found ${img.dim()}`);
  }
}

/** @throws TypeError when an image has another number of channels */
export function check_channels(img: Tensor, permitted: readonly number[]): void {
  const [channels] = dimensions(img);
  if (permitted.includes(channels)) return;
  throw new TypeError(
    `Input image tensor permitted channel values are [${permitted.join(', ')}], but found ${channels}`,
  );
}

/** Channels, height and width. */
export function dimensions(img: Tensor): [channels: number, height: number, width: number] {
  check_image(img);
  return [img.dim() === 2 ? 1 : img.size(-3), img.size(-2), img.size(-1)];
}

/** The dtype in which an image is computed with. */
export const working_dtype = (img: Tensor): DType => (img.is_floating_point() ? img.dtype : float32);

/** An image as floating point numbers, of the default dtype unless it has them already: what it is times a float. */
export const as_float = (img: Tensor): Tensor => (img.is_floating_point() ? img : img.to(get_default_dtype()));

/**
 * Runs an operation on batches `(N, C, H, W)` of a dtype, for images of fewer dimensions and other dtypes as well: integers
 * are rounded on the way back.
 */
export function through_batch(img: Tensor, dtypes: readonly DType[], run: (batch: Tensor) => Tensor): Tensor {
  const rank = img.dim();
  const cast = !dtypes.includes(img.dtype);
  let batch = img;
  for (let i = rank; i < 4; i++) batch = batch.unsqueeze(0);
  let result = run(cast ? batch.to(dtypes[0]!) : batch);
  for (let i = rank; i < 4; i++) result = result.squeeze(0);
  if (!cast) return of_same_kind(img, result);
  return of_same_kind(img, (img.is_floating_point() ? result : result.round()).to(img.dtype));
}

/** `ratio * first + (1 - ratio) * second`, within the range of the dtype. */
export function blend(first: Tensor, second: Tensor, ratio: number): Tensor {
  const mixed = as_float(first)
    .mul(ratio)
    .add(as_float(second).mul(1 - ratio));
  return of_same_kind(first, mixed.clamp(0, max_value(first.dtype)).to(first.dtype));
}

/** @throws Error for a negative factor */
export function check_factor(name: string, factor: number): void {
  if (factor < 0) throw new Error(`${name} (${python_float(factor)}) is not non-negative.`);
}

const GET_DIMENSIONS = signature<{ img: Tensor }>('get_dimensions', 'img: Tensor');
const GET_IMAGE_SIZE = GET_DIMENSIONS.renamed('get_image_size');
const GET_IMAGE_NUM_CHANNELS = GET_DIMENSIONS.renamed('get_image_num_channels');

/**
 * The number of channels, the height and the width of an image; a tensor of two dimensions has one channel. Mirrors
 * `torchvision.transforms.functional.get_dimensions`.
 *
 * @param img - of shape `(..., H, W)`
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.get_dimensions(torch.zeros(3, 4, 5))); // [3, 4, 5]
 * ```
 */
export function get_dimensions(
  ...args: [img: Tensor] | [options: { img: Tensor }]
): [channels: number, height: number, width: number];
export function get_dimensions(...args: unknown[]): [number, number, number] {
  return dimensions(GET_DIMENSIONS.read(args).img);
}

/**
 * The width and the height of an image, in this order. Mirrors `torchvision.transforms.functional.get_image_size`.
 *
 * @param img - of shape `(..., H, W)`
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.get_image_size(torch.zeros(3, 4, 5))); // [5, 4]
 * ```
 */
export function get_image_size(...args: [img: Tensor] | [options: { img: Tensor }]): [width: number, height: number];
export function get_image_size(...args: unknown[]): [number, number] {
  const [, height, width] = dimensions(GET_IMAGE_SIZE.read(args).img);
  return [width, height];
}

/**
 * The number of channels of an image. Mirrors `torchvision.transforms.functional.get_image_num_channels`.
 *
 * @param img - of shape `(..., H, W)`
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.get_image_num_channels(torch.zeros(3, 4, 5))); // 3
 * ```
 */
export function get_image_num_channels(...args: [img: Tensor] | [options: { img: Tensor }]): number;
export function get_image_num_channels(...args: unknown[]): number {
  return dimensions(GET_IMAGE_NUM_CHANNELS.read(args).img)[0];
}
