/** Transforms between kinds of images, as those of `torchvision.transforms`. */
import { NDArray } from '../../../numpy/ndarray.js';
import { no_arguments, signature } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import { Tensor } from '../../../_tensor.js';
import { float32, type DType } from '../../../types/dtype.js';
import { Image } from '../../tv_tensors/images.js';
import { plain_view } from '../../tv_tensors/tv_tensor.js';
import { channels_first, scaled, to_pil_image } from '../functional/convert.js';
import { without_pil } from '../functional/pil_image.js';
import { is_pure } from './functional/dispatch.js';
import { with_dtype } from './functional/values.js';
import { Transform } from './transform.js';

/** Whether a leaf is what PIL images and arrays are here. */
const is_picture = (leaf: unknown): boolean => leaf instanceof NDArray || (leaf instanceof Tensor && is_pure(leaf));

/**
 * Converts images to tensors of shape `(C, H, W)` of their own dtype: plain tensors, which stand for PIL images, of shape `(H, W)`
 * or `(C, H, W)`. Mirrors `torchvision.transforms.v2.PILToTensor`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.PILToTensor()(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[  0, 255]]], dtype=torch.uint8)
 * ```
 */
export class PILToTensor extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('PILToTensor', none);
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof Tensor && is_pure(leaf);
  }

  override transform(inpt: Tensor): Tensor {
    return without_pil(channels_first(inpt));
  }
}

const TO_PIL_IMAGE = signature<{ mode?: string | null }>('ToPILImage', 'mode?: str|None');

/**
 * Converts tensors, images and NDArrays to what PIL images are here, plain tensors of shape `(C, H, W)`: floating point numbers are
 * multiplied by 255 and become uint8. Mirrors `torchvision.transforms.v2.ToPILImage`.
 *
 * @param mode - a mode of PIL that fits the number of channels and the dtype, such as `'RGB'`; default null: by them
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.ToPILImage();
 * print(transform, transform(torch.tensor([[[0, 0.5, 1]]]))); // ToPILImage() tensor([[[  0, 127, 255]]], dtype=torch.uint8)
 * ```
 */
export class ToPILImage extends Transform {
  readonly mode: string | null;

  constructor(...args: [mode?: string | null] | [options: { mode?: string | null }]);
  constructor(...args: unknown[]) {
    super();
    this.mode = TO_PIL_IMAGE.read(args).mode ?? null;
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof Image || is_picture(leaf);
  }

  override transform(inpt: Tensor | NDArray): Tensor {
    return to_pil_image(inpt instanceof Tensor ? plain_view(inpt) : inpt, this.mode);
  }

  protected override _texts(): Record<string, string | null> {
    return { mode: this.mode };
  }
}

/**
 * Converts images to float tensors of shape `(C, H, W)` with values from 0 to 1. Mirrors `torchvision.transforms.v2.ToTensor`, which
 * is deprecated for `ToImage` and `ToDtype(torch.float32, { scale: true })`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.v2.ToTensor()(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[0., 1.]]])
 * ```
 */
export class ToTensor extends Transform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('ToTensor', none);
    warn(
      'The transform `ToTensor()` is deprecated and will be removed in a future release. Instead, please use ' +
        '`v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])`.Output is equivalent up to float precision.',
    );
  }

  protected override takes(leaf: unknown): boolean {
    return is_picture(leaf);
  }

  override transform(inpt: Tensor | NDArray): Tensor {
    return scaled(channels_first(inpt).contiguous());
  }
}

const CONVERT = signature<{ dtype?: DType }>('ConvertImageDtype', 'dtype?: dtype');

/**
 * Converts inputs to a dtype; the values of images and videos are scaled to its range. Mirrors
 * `torchvision.transforms.v2.ConvertImageDtype`, for which torchvision recommends `ToDtype` with `scale`.
 *
 * @param dtype - the dtype; default float32
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.ConvertImageDtype();
 * print(transform, transform(torch.tensor([0, 51], { dtype: torch.uint8 }))); // ConvertImageDtype() tensor([0.0000, 0.2000])
 * ```
 */
export class ConvertImageDtype extends Transform {
  readonly dtype: DType;

  constructor(...args: [dtype?: DType] | [options: { dtype?: DType }]);
  constructor(...args: unknown[]) {
    super();
    this.dtype = CONVERT.read(args).dtype ?? float32;
  }

  override transform(inpt: Tensor): Tensor {
    return with_dtype(inpt, this.dtype, true);
  }
}
