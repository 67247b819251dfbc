/** Functions between kinds of images, as those of `torchvision.transforms.functional`. */
import type { NDArray } from '../../../../numpy/ndarray.js';
import { signature } from '../../../../_internal/signature.js';
import { warn } from '../../../../_internal/warnings.js';
import type { Tensor } from '../../../../_tensor.js';
import { float32, type DType } from '../../../../types/dtype.js';
import { channels_first, scaled } from '../../functional/convert.js';
import { scaled_to } from './values.js';

type ConvertArguments = { image: Tensor; dtype?: DType };
const CONVERT = signature<ConvertArguments>('convert_image_dtype', 'image: Tensor, dtype?: dtype');

/**
 * Converts an image to a dtype, whose range its values are scaled to. Mirrors
 * `torchvision.transforms.v2.functional.convert_image_dtype`.
 *
 * @param image - the image
 * @param dtype - default float32
 * @throws Error from float32 to int32 or int64, and from float64 to int64
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const image = torch.tensor([0, 51, 255], { dtype: torch.uint8 });
 * print(transforms.v2.functional.convert_image_dtype(image)); // tensor([0.0000, 0.2000, 1.0000])
 * ```
 */
export function convert_image_dtype(image: Tensor, dtype?: DType): Tensor;
export function convert_image_dtype(image: Tensor, options: { dtype?: DType }): Tensor;
export function convert_image_dtype(options: ConvertArguments): Tensor;
export function convert_image_dtype(...args: unknown[]): Tensor {
  const { image, dtype = float32 } = CONVERT.read(args);
  return image.dtype === dtype ? image : scaled_to(image, dtype);
}

type Picture = { inpt: Tensor | NDArray };
const TO_TENSOR = signature<Picture>('to_tensor', 'inpt: Tensor|NDArray');

/**
 * Converts an image to a float tensor of shape `(C, H, W)`, uint8 with values from 0 to 1. Mirrors
 * `torchvision.transforms.v2.functional.to_tensor`, which is deprecated for `to_image` and `to_dtype`.
 *
 * @param inpt - an NDArray of shape `(H, W)` or `(H, W, C)`, or a tensor of shape `(H, W)` or `(C, H, W)`
 * @throws TypeError for other numbers of dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.to_tensor(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[0., 1.]]])
 * ```
 */
export function to_tensor(...args: [inpt: Tensor | NDArray] | [options: Picture]): Tensor;
export function to_tensor(...args: unknown[]): Tensor {
  const { inpt } = TO_TENSOR.read(args);
  warn(
    'The function `to_tensor(...)` is deprecated and will be removed in a future release. Instead, please use ' +
      '`to_image(...)` followed by `to_dtype(..., dtype=torch.float32, scale=True)`.',
  );
  return scaled(channels_first(inpt).contiguous());
}
