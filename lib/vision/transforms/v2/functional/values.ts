/** Functions of the values and the kind of inputs. */
import { as_tensor } from '../../../../creation.js';
import { NDArray } from '../../../../numpy/ndarray.js';
import { float32, type DType } from '../../../../types/dtype.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { BoundingBoxes, KeyPoints } from '../../../tv_tensors/boxes.js';
import { Image } from '../../../tv_tensors/images.js';
import { channels_first } from '../../functional/convert.js';
import { max_value } from '../../functional/image.js';
import { by_custom_kernel, dispatch } from './dispatch.js';

/** Bits of values that are not negative. */
const value_bits: Readonly<Record<string, number>> = { uint8: 8, int8: 7, int16: 15, uint16: 16, int32: 31, int64: 63 };

/** @throws TypeError for dtypes that are not of integers */
export function bits_of(dtype: DType): number {
  const bits = value_bits[dtype.name];
  if (bits === undefined) {
    throw new TypeError(`Number of value bits is only defined for integer dtypes, but got ${String(dtype)}.`);
  }
  return bits;
}

/** Values of another dtype, scaled to its range: by a factor to floating point, by bits between integers. */
export function scaled_to(image: Tensor, dtype: DType): Tensor {
  if (image.is_floating_point()) {
    if (dtype.is_floating_point) return image.to(dtype);
    const is_long = dtype.name === 'int64';
    if (
      (image.dtype === float32 && (is_long || dtype.name === 'int32')) ||
      (image.dtype.name === 'float64' && is_long)
    ) {
      throw new Error(`The conversion from ${String(image.dtype)} to ${String(dtype)} cannot be performed safely.`);
    }
    return image.mul(max_value(dtype) + 1 - 1e-3).to(dtype);
  }
  if (dtype.is_floating_point) return image.to(dtype).mul_(1 / max_value(image.dtype));
  const [from, to] = [bits_of(image.dtype), bits_of(dtype)];
  const shift = Math.abs(from - to);
  // There are no shifts of uint16.
  if (from > to) {
    return image.dtype.name === 'uint16'
      ? image
          .to(float32)
          .div(2 ** shift)
          .to(dtype)
      : image.bitwise_right_shift(shift).to(dtype);
  }
  return dtype.name === 'uint16' ? image.to(dtype).mul(2 ** shift) : image.to(dtype).bitwise_left_shift(shift);
}

interface ToDtypeArguments {
  inpt: Tensor;
  dtype?: DType;
  scale?: boolean;
}

export const TO_DTYPE = signature<ToDtypeArguments>('to_dtype', 'inpt: Tensor, dtype?: dtype, scale?: bool');

/** As {@link to_dtype}. */
export function with_dtype<T extends Tensor>(inpt: T, dtype: DType, scale: boolean): T {
  const custom = by_custom_kernel(['to_dtype', { dtype, scale }], inpt);
  if (custom !== undefined) return custom[0] as T;
  if (inpt.dtype === dtype) return inpt;
  const plain = (values: Tensor): Tensor => values.to(dtype);
  return dispatch(inpt, ['to_dtype', { dtype, scale }], {
    image: (image) => (scale ? scaled_to(image, dtype) : plain(image)),
    mask: plain,
    boxes: (values) => [plain(values)],
    points: (values) => [plain(values)],
  });
}

/**
 * Converts an input to a dtype. Mirrors `torchvision.transforms.v2.functional.to_dtype`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor
 * @param dtype - default float32
 * @param scale - scale the values of images and videos to the range of the dtype, [0, 1] for floating point; default false
 * @returns of the same class
 * @throws Error from float32 to int32 or int64, and from float64 to int64, with `scale`
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const image = torch.tensor([0, 51, 255], { dtype: torch.uint8 });
 * print(transforms.v2.functional.to_dtype(image, torch.float32, { scale: true })); // tensor([0.0000, 0.2000, 1.0000])
 * ```
 */
export function to_dtype<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, dtype?: DType, scale?: boolean],
    ToDtypeArguments & { inpt: T },
    ['inpt', 'dtype', 'scale']
  >
): T;
export function to_dtype(...args: unknown[]): Tensor {
  const { inpt, dtype = float32, scale = false } = TO_DTYPE.read(args);
  return with_dtype(inpt, dtype, scale);
}

interface NormalizeArguments {
  inpt: Tensor;
  mean: readonly number[];
  std: readonly number[];
  inplace?: boolean;
}

export const NORMALIZE = signature<NormalizeArguments>(
  'normalize',
  'inpt: Tensor, mean: float[], std: float[], inplace?: bool',
);

/**
 * Normalizes each channel: `(x - mean) / std`; other inputs than images and videos are returned as they are. Mirrors
 * `torchvision.transforms.v2.functional.normalize`.
 *
 * @param inpt - a floating point image or video, or a plain tensor of shape `(..., C, H, W)`
 * @param mean - mean of each channel
 * @param std - standard deviation of each channel
 * @param inplace - change the given tensor; default false
 * @throws TypeError for other dtypes; Error for fewer than three dimensions, or a standard deviation of 0
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const image = new tv_tensors.Image(torch.ones(1, 1, 2));
 * print(transforms.v2.functional.normalize(image, [0.5], [0.25])); // Image([[[2., 2.]]], )
 * ```
 */
export function normalize<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, mean: readonly number[], std: readonly number[], inplace?: boolean],
    NormalizeArguments & { inpt: T },
    ['inpt', 'mean', 'std', 'inplace']
  >
): T;
export function normalize(...args: unknown[]): Tensor {
  const { inpt, mean, std, inplace = false } = NORMALIZE.read(args);
  return dispatch(inpt, ['normalize', { mean, std, inplace }], {
    image: (image) => {
      const { dtype, device } = image;
      if (!dtype.is_floating_point) {
        throw new TypeError(`Input tensor should be a float tensor. Got ${String(dtype)}.`);
      }
      if (image.dim() < 3) {
        throw new Error(`Expected tensor to be a tensor image of size (..., C, H, W). Got ${String(image.shape)}.`);
      }
      if (std.some((value) => value === 0)) throw new Error('std evaluated to zero, leading to division by zero.');
      const by_channel = (values: readonly number[]): Tensor => as_tensor(values, { dtype, device }).view(-1, 1, 1);
      const shifted = inplace ? image.sub_(by_channel(mean)) : image.sub(by_channel(mean));
      return shifted.div_(by_channel(std));
    },
  });
}

const TO_IMAGE = signature<{ inpt: Tensor | NDArray }>('to_image', 'inpt: Tensor|NDArray');

/**
 * A tensor or NDArray as an image. Mirrors `torchvision.transforms.v2.functional.to_image`.
 *
 * @param inpt - a tensor of shape `(..., C, H, W)` or `(H, W)`, or an NDArray of shape `(H, W)` or `(H, W, C)`
 * @throws Error for other numbers of dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.to_image(torch.zeros(1, 2, 2).numpy()).shape); // torch.Size([2, 1, 2])
 * ```
 */
export function to_image(...args: [inpt: Tensor | NDArray] | [options: { inpt: Tensor | NDArray }]): Image;
export function to_image(...args: unknown[]): Image {
  const { inpt } = TO_IMAGE.read(args);
  return new Image(inpt instanceof NDArray ? channels_first(inpt).contiguous() : inpt);
}

export const GET_SIZE = signature<{ inpt: Tensor }>('get_size', 'inpt: Tensor');

/** As {@link get_size}. */
export function size_of(inpt: Tensor): [height: number, width: number] {
  if (inpt instanceof BoundingBoxes || inpt instanceof KeyPoints) {
    return [inpt.canvas_size[0]!, inpt.canvas_size[1]!];
  }
  if (inpt.dim() < 2) throw new TypeError(`Input tensor should have at least two dimensions, but got ${inpt.dim()}`);
  return [inpt.size(-2), inpt.size(-1)];
}

/**
 * Height and width of an input; of boxes and points those of their image. Mirrors
 * `torchvision.transforms.v2.functional.get_size`.
 *
 * @param inpt - an image, video, mask, boxes, points, or a plain tensor
 * @throws TypeError for fewer than two dimensions
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.functional.get_size(boxes)); // [10, 20]
 * ```
 */
export function get_size(...args: [inpt: Tensor] | [options: { inpt: Tensor }]): [height: number, width: number];
export function get_size(...args: unknown[]): [number, number] {
  const { inpt } = GET_SIZE.read(args);
  const custom = by_custom_kernel(['get_size'], inpt);
  return custom === undefined ? size_of(inpt) : (custom[0] as [number, number]);
}
