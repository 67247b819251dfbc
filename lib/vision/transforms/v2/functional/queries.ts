/** Functions that say how large inputs are, and of what kind. */
import { signature } from '../../../../_internal/signature.js';
import { warn } from '../../../../_internal/warnings.js';
import { Tensor } from '../../../../_tensor.js';
import { Image, Video } from '../../../tv_tensors/images.js';
import { dimensions } from '../../functional/image.js';
import { by_custom_kernel, is_pure } from './dispatch.js';
import { size_of } from './values.js';

/** @throws TypeError for anything but plain tensors, images and videos */
export function check_is_image(callee: string, inpt: Tensor): void {
  if (is_pure(inpt) || inpt instanceof Image || inpt instanceof Video) return;
  throw new TypeError(
    `${callee}() supports inputs of type Image, Video and plain tensors, but got ${inpt.constructor.name} instead.`,
  );
}

type Input = { inpt: Tensor };
type InputArguments = [inpt: Tensor] | [options: Input];
export const GET_DIMENSIONS = signature<Input>('get_dimensions', 'inpt: Tensor');
export const GET_NUM_CHANNELS = GET_DIMENSIONS.renamed('get_num_channels');
export const GET_NUM_FRAMES = GET_DIMENSIONS.renamed('get_num_frames');
const GET_IMAGE_SIZE = GET_DIMENSIONS.renamed('get_image_size');

/**
 * The number of channels, the height and the width of an image or a video; a tensor of two dimensions has one channel.
 * Mirrors `torchvision.transforms.v2.functional.get_dimensions`.
 *
 * @param inpt - an image, a video, or a plain tensor of shape `(..., H, W)`
 * @throws TypeError for other classes, and for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.get_dimensions(torch.zeros(3, 4, 5))); // [3, 4, 5]
 * ```
 */
export function get_dimensions(...args: InputArguments): [channels: number, height: number, width: number];
export function get_dimensions(...args: unknown[]): [number, number, number] {
  const { inpt } = GET_DIMENSIONS.read(args);
  const custom = by_custom_kernel(['get_dimensions'], inpt);
  if (custom !== undefined) return custom[0] as [number, number, number];
  check_is_image('get_dimensions', inpt);
  return dimensions(inpt);
}

/**
 * The number of channels of an image or a video. Mirrors `torchvision.transforms.v2.functional.get_num_channels`.
 *
 * @param inpt - an image, a video, or a plain tensor of shape `(..., H, W)`
 * @throws TypeError for other classes, and for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.get_num_channels(torch.zeros(3, 4, 5))); // 3
 * ```
 */
export function get_num_channels(...args: InputArguments): number;
export function get_num_channels(...args: unknown[]): number {
  const { inpt } = GET_NUM_CHANNELS.read(args);
  const custom = by_custom_kernel(['get_num_channels'], inpt);
  if (custom !== undefined) return custom[0] as number;
  check_is_image('get_num_channels', inpt);
  return dimensions(inpt)[0];
}

/**
 * The number of frames of a video. Mirrors `torchvision.transforms.v2.functional.get_num_frames`.
 *
 * @param inpt - a video, or a plain tensor of shape `(..., T, C, H, W)`
 * @throws TypeError for other classes; RangeError for fewer than four dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.get_num_frames(torch.zeros(7, 3, 4, 5))); // 7
 * ```
 */
export function get_num_frames(...args: InputArguments): number;
export function get_num_frames(...args: unknown[]): number {
  const { inpt } = GET_NUM_FRAMES.read(args);
  const custom = by_custom_kernel(['get_num_frames'], inpt);
  if (custom !== undefined) return custom[0] as number;
  if (!(is_pure(inpt) || inpt instanceof Video)) {
    throw new TypeError(
      `get_num_frames() supports inputs of type Video and plain tensors, but got ${inpt.constructor.name} instead.`,
    );
  }
  if (inpt.dim() < 4)
    throw new RangeError(`get_num_frames(): a video has at least 4 dimensions, but got ${inpt.dim()}`);
  return inpt.size(-4);
}

/**
 * The width and the height of an input, in this order. Mirrors `torchvision.transforms.v2.functional.get_image_size`, which is
 * deprecated for `get_size`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.get_image_size(torch.zeros(3, 4, 5))); // [5, 4]
 * ```
 */
export function get_image_size(...args: InputArguments): [width: number, height: number];
export function get_image_size(...args: unknown[]): [number, number] {
  const [height, width] = size_of(GET_IMAGE_SIZE.read(args).inpt);
  warn(
    'The function `get_image_size(...)` is deprecated and will be removed in a future release. Instead, please use ' +
      '`get_size(...)` which returns `[h, w]` instead of `[w, h]`.',
  );
  return [width, height];
}

const IS_PURE = signature<{ inpt: unknown }>('is_pure_tensor', 'inpt: any');

/**
 * Whether something is a tensor of no class of `tv_tensors`. Mirrors
 * `torchvision.transforms.v2.functional.is_pure_tensor`.
 *
 * @param inpt - anything
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const { is_pure_tensor } = transforms.v2.functional;
 * print(is_pure_tensor(torch.zeros(1)), is_pure_tensor(new tv_tensors.Mask([1]))); // True False
 * ```
 */
export function is_pure_tensor(inpt: unknown): boolean;
export function is_pure_tensor(...args: unknown[]): boolean {
  const { inpt } = IS_PURE.read(args);
  return inpt instanceof Tensor && is_pure(inpt);
}
