/** Between kinds of images: dtypes, ranges, the order of dimensions. */
import { as_tensor, from_numpy } from '../../../creation.js';
import { float32, get_default_dtype, uint8, type DType } from '../../../types/dtype.js';
import { NDArray } from '../../../numpy/ndarray.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { check_image, max_value } from './image.js';
import { as_pil_image, without_pil } from './pil_image.js';

const TO_TENSOR = signature<{ pic: Tensor | NDArray }>('to_tensor', 'pic: Tensor|NDArray');
const PIL_TO_TENSOR = TO_TENSOR.renamed('pil_to_tensor');

/** The dimensions of a picture in the order `(C, H, W)`. @throws Error unless it has 2 or 3 dimensions */
export function channels_first(pic: Tensor | NDArray): Tensor {
  const tensor = pic instanceof NDArray ? from_numpy(pic) : pic;
  const rank = tensor.dim();
  if (rank !== 2 && rank !== 3) throw new Error(`pic should be 2/3 dimensional. Got ${rank} dimensions.`);
  if (rank === 2) return tensor.unsqueeze(0);
  return pic instanceof NDArray ? tensor.permute(2, 0, 1) : tensor;
}

/** uint8 from [0, 255] to [0, 1]; other dtypes keep their values. */
export const scaled = (img: Tensor): Tensor => (img.dtype === uint8 ? img.to(get_default_dtype()).div_(255) : img);

/**
 * An image as floating point numbers: uint8 is scaled from [0, 255] to [0, 1], other dtypes keep their values. Mirrors
 * `torchvision.transforms.functional.to_tensor`, with tensors for PIL images.
 *
 * @param pic - a tensor of shape `(H, W)` or `(C, H, W)`, or an NDArray of shape `(H, W)` or `(H, W, C)`
 * @returns of shape `(C, H, W)`
 * @throws Error for other numbers of dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.to_tensor(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[0., 1.]]])
 * ```
 */
export function to_tensor(...args: [pic: Tensor | NDArray] | [options: { pic: Tensor | NDArray }]): Tensor;
export function to_tensor(...args: unknown[]): Tensor {
  return scaled(channels_first(TO_TENSOR.read(args).pic).contiguous());
}

/**
 * An image as a tensor of its own dtype. Mirrors `torchvision.transforms.functional.pil_to_tensor`, with tensors for PIL
 * images.
 *
 * @param pic - a tensor of shape `(H, W)` or `(C, H, W)`, or an NDArray of shape `(H, W)` or `(H, W, C)`
 * @returns of shape `(C, H, W)`
 * @throws Error for other numbers of dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.pil_to_tensor(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[  0, 255]]], dtype=torch.uint8)
 * ```
 */
export function pil_to_tensor(...args: [pic: Tensor | NDArray] | [options: { pic: Tensor | NDArray }]): Tensor;
export function pil_to_tensor(...args: unknown[]): Tensor {
  return without_pil(channels_first(PIL_TO_TENSOR.read(args).pic));
}

const CONVERT_IMAGE_DTYPE = signature<{ image: Tensor; dtype?: DType }>(
  'convert_image_dtype',
  'image: Tensor, dtype?: dtype',
);

/** A factor between ranges of integers, exact beyond 2**53. */
const whole = (value: number): number | bigint => (Number.isSafeInteger(value) ? value : BigInt(value));

/** As {@link convert_image_dtype}. */
export function convert_dtype(image: Tensor, dtype: DType): Tensor {
  if (image.dtype === dtype) return image;
  const from = max_value(image.dtype);
  const to = max_value(dtype);
  if (image.is_floating_point()) {
    if (dtype.is_floating_point) return image.to(dtype);
    const digits = image.dtype === float32 ? 2 ** 24 : 2 ** 53;
    const precise = image.dtype.itemsize >= 4;
    if (precise && ['int32', 'int64'].includes(dtype.name) && to > digits) {
      throw new Error(`The cast from ${String(image.dtype)} to ${String(dtype)} cannot be performed safely.`);
    }
    // With to * image only an exact 1 would become the largest value; this gives each value an equal share.
    return image.mul(to + 1 - 1e-3).to(dtype);
  }
  if (dtype.is_floating_point) return image.to(dtype).div(from);
  if (from > to) return image.div(whole(Math.floor((from + 1) / (to + 1))), { rounding_mode: 'floor' }).to(dtype);
  return image.to(dtype).mul(whole(Math.floor((to + 1) / (from + 1))));
}

/**
 * Converts an image to a dtype and scales its values to the range of it: [0, 1] for floating point, else up to the largest
 * integer. Mirrors `torchvision.transforms.functional.convert_image_dtype`.
 *
 * @param image - of any shape
 * @param dtype - default float32
 * @throws Error from float32 to int32 or int64, and from float64 to int64, which have values in between
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.convert_image_dtype(torch.tensor([0, 51, 255], { dtype: torch.uint8 }))); // tensor([0.0000, 0.2000, 1.0000])
 * ```
 */
export function convert_image_dtype(
  ...args: Arguments<[image: Tensor, dtype?: DType], { image: Tensor; dtype?: DType }, ['image', 'dtype']>
): Tensor;
export function convert_image_dtype(...args: unknown[]): Tensor {
  const { image, dtype = float32 } = CONVERT_IMAGE_DTYPE.read(args);
  return convert_dtype(image, dtype);
}

interface NormalizeArguments {
  tensor: Tensor;
  mean: readonly number[];
  std: readonly number[];
  inplace?: boolean;
}

const NORMALIZE = signature<NormalizeArguments>(
  'normalize',
  'tensor: Tensor, mean: float[], std: float[], inplace?: bool',
);

/**
 * Normalizes each channel: `(x - mean) / std`. Mirrors `torchvision.transforms.functional.normalize`.
 *
 * @param tensor - floating point, of shape `(..., C, H, W)`
 * @param mean - mean of each channel
 * @param std - standard deviation of each channel
 * @param inplace - change the given tensor; default false
 * @throws TypeError for other dtypes; Error for fewer than three dimensions, or a standard deviation of 0
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.normalize(torch.ones(1, 1, 2), [0.5], [0.25])); // tensor([[[2., 2.]]])
 * ```
 */
export function normalize(
  ...args: Arguments<
    [tensor: Tensor, mean: readonly number[], std: readonly number[], inplace?: boolean],
    NormalizeArguments,
    ['tensor', 'mean', 'std', 'inplace']
  >
): Tensor;
export function normalize(...args: unknown[]): Tensor {
  const { tensor, mean, std, inplace = false } = NORMALIZE.read(args);
  check_image(tensor);
  if (!tensor.is_floating_point()) {
    throw new TypeError(`Input tensor should be a float tensor. Got ${String(tensor.dtype)}.`);
  }
  if (tensor.dim() < 3) {
    throw new Error(
      `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = ${String(tensor.shape)}`,
    );
  }
  const { dtype, device } = tensor;
  const by_channel = (values: readonly number[]): Tensor => as_tensor(values, { dtype, device }).view(-1, 1, 1);
  const divisor = by_channel(std);
  if (std.some((value) => Math.abs(value) < 1e-7) && divisor.eq(0).any().item<boolean>()) {
    throw new Error(`std evaluated to zero after conversion to ${String(dtype)}, leading to division by zero.`);
  }
  return (inplace ? tensor.sub_(by_channel(mean)) : tensor.sub(by_channel(mean))).div_(divisor);
}

/** Modes of PIL by the number of channels. */
const pil_modes: Readonly<Record<number, readonly string[]>> = {
  2: ['LA'],
  3: ['RGB', 'YCbCr', 'HSV'],
  4: ['RGBA', 'CMYK', 'RGBX'],
};
/** Modes of PIL with one channel, by the dtype. */
const gray_modes: Readonly<Record<string, string>> = { uint8: 'L', int16: 'I;16', int32: 'I', float32: 'F' };

const TO_PIL_IMAGE = signature<{ pic: Tensor | NDArray; mode?: string | null }>(
  'to_pil_image',
  'pic: Tensor|NDArray, mode?: str|None',
);

/** @throws Error for a mode that does not fit an image */
function check_pil_mode(image: Tensor, mode: string | null): void {
  const channels = image.size(0);
  const by_dtype = gray_modes[image.dtype.name];
  if (channels === 1 && mode !== null && mode !== by_dtype) {
    throw new Error(
      `Incorrect mode (${mode}) supplied for input type ${String(image.dtype)}. Should be ${by_dtype ?? 'None'}`,
    );
  }
  const permitted = pil_modes[channels];
  if (permitted !== undefined && mode !== null && !permitted.includes(mode)) {
    const shown = permitted.map((each) => `'${each}'`).join(', ');
    throw new Error(`Only modes [${shown}] are supported for ${channels}D inputs`);
  }
  if (channels === 1 ? by_dtype === undefined : image.dtype !== uint8 && mode === null) {
    throw new TypeError(`Input type ${image.dtype.name} is not supported`);
  }
}

/**
 * Converts a tensor or NDArray to an image, which is a tensor of shape `(C, H, W)` here: floating point numbers are
 * multiplied by 255 and become uint8. Mirrors `torchvision.transforms.functional.to_pil_image`.
 *
 * @param pic - a tensor of shape `(H, W)` or `(C, H, W)`, or an NDArray of shape `(H, W)` or `(H, W, C)`
 * @param mode - a mode of PIL that fits the number of channels and the dtype, such as `'RGB'`; default null: by them
 * @throws Error for another number of dimensions or channels, and for modes that do not fit; TypeError for other dtypes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.to_pil_image(torch.tensor([[[0, 0.5, 1]]]))); // tensor([[[  0, 127, 255]]], dtype=torch.uint8)
 * ```
 */
export function to_pil_image(
  ...args: Arguments<
    [pic: Tensor | NDArray, mode?: string | null],
    { pic: Tensor | NDArray; mode?: string | null },
    ['pic', 'mode']
  >
): Tensor;
export function to_pil_image(...args: unknown[]): Tensor {
  const { pic, mode = null } = TO_PIL_IMAGE.read(args);
  const image = channels_first(pic);
  if (image.size(0) > 4) throw new Error(`pic should not have > 4 channels. Got ${image.size(0)} channels.`);
  const converted = image.is_floating_point() && mode !== 'F' ? image.mul(255).to(uint8) : image;
  check_pil_mode(converted, mode);
  const made = converted.contiguous();
  return as_pil_image(made === pic ? made.clone() : made);
}
