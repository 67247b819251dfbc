/** Functions that cut several parts out of images and videos. */
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { five_crops } from '../../functional/geometry.js';
import { plain_view, TVTensor } from '../../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../../tv_tensors/wrap.js';
import { check_is_image } from './queries.js';
import { by_custom_kernel } from './dispatch.js';
import { flipped, two_sizes } from './geometry.js';

/** Five of a kind: top left, top right, bottom left, bottom right, and the middle. */
export type Five<T> = [top_left: T, top_right: T, bottom_left: T, bottom_right: T, center: T];

/** As {@link five_crop}. */
export function five_parts<T extends Tensor>(inpt: T, size: readonly number[]): Five<T> {
  const custom = by_custom_kernel(['five_crop', { size }], inpt);
  if (custom !== undefined) return custom[0] as Five<T>;
  check_is_image('five_crop', inpt);
  const like: Tensor = inpt;
  if (!(like instanceof TVTensor)) return five_crops(like, size) as Five<Tensor> as Five<T>;
  const parts = five_crops(plain_view(like), size);
  return parts.map((part) => wrapped(part, like)) as Tensor[] as Five<T>;
}

/** As {@link ten_crop}. */
export function ten_parts<T extends Tensor>(
  inpt: T,
  size: readonly number[],
  vertical_flip: boolean,
): [...Five<T>, ...Five<T>] {
  const custom = by_custom_kernel(['ten_crop', { size, vertical_flip }], inpt);
  if (custom !== undefined) return custom[0] as [...Five<T>, ...Five<T>];
  check_is_image('ten_crop', inpt);
  return [...five_parts(inpt, size), ...five_parts(flipped(inpt, vertical_flip ? 1 : 0), size)];
}

type SizeOf = { inpt: Tensor; size: number | readonly number[] };
export const FIVE_CROP = signature<SizeOf>('five_crop', 'inpt: Tensor, size: int|int[]');

/**
 * The four corners of an image or a video, and its middle. Mirrors `torchvision.transforms.v2.functional.five_crop`.
 *
 * @param inpt - an image, a video, or a plain tensor of shape `(..., C, H, W)`
 * @param size - height and width of the parts, or one number for both
 * @returns top left, top right, bottom left, bottom right and the middle, of the same class
 * @throws Error for parts that are larger than the image; TypeError for other classes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = transforms.v2.functional.five_crop(torch.arange(9).view(1, 3, 3), 1);
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4]
 * ```
 */
export function five_crop<T extends Tensor>(
  ...args: Arguments<[inpt: T, size: number | readonly number[]], SizeOf & { inpt: T }, ['inpt', 'size']>
): Five<T>;
export function five_crop(...args: unknown[]): Five<Tensor> {
  const { inpt, size } = FIVE_CROP.read(args);
  return five_parts(inpt, two_sizes(size));
}

type TenCropArguments = SizeOf & { vertical_flip?: boolean };
export const TEN_CROP = signature<TenCropArguments>('ten_crop', 'inpt: Tensor, size: int|int[], vertical_flip?: bool');

/**
 * {@link five_crop} of an image or a video, and of the flipped one. Mirrors
 * `torchvision.transforms.v2.functional.ten_crop`.
 *
 * @param inpt - an image, a video, or a plain tensor of shape `(..., C, H, W)`
 * @param size - height and width of the parts, or one number for both
 * @param vertical_flip - flip upside down instead of from left to right; default false
 * @returns ten parts of the same class
 * @throws Error for parts that are larger than the image; TypeError for other classes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const parts = transforms.v2.functional.ten_crop(torch.arange(9).view(1, 3, 3), 1);
 * print(parts.map((part) => part.item())); // [0, 2, 6, 8, 4, 2, 0, 8, 6, 4]
 * ```
 */
export function ten_crop<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, size: number | readonly number[], vertical_flip?: boolean],
    TenCropArguments & { inpt: T },
    ['inpt', 'size', 'vertical_flip']
  >
): [...Five<T>, ...Five<T>];
export function ten_crop(...args: unknown[]): [...Five<Tensor>, ...Five<Tensor>] {
  const { inpt, size, vertical_flip = false } = TEN_CROP.read(args);
  return ten_parts(inpt, two_sizes(size), vertical_flip);
}
