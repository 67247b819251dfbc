/** Transforms between kinds of images. */
import type { NDArray } from '../../numpy/ndarray.js';

import type { DType } from '../../types/dtype.js';
import { no_arguments, signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { channels_first, convert_image_dtype, to_pil_image } from './functional/convert.js';
import { without_pil } from './functional/pil_image.js';
import { tensor_text } from './representation.js';
import { check_tensor, Transform } from './transform.js';

const IMAGE = signature<{ pic: Tensor | NDArray }>('PILToTensor', 'pic: Tensor|NDArray');

/**
 * Converts an image to a tensor of shape `(C, H, W)` of its own dtype. Mirrors `torchvision.transforms.PILToTensor`: an
 * NDArray has the shape `(H, W)` or `(H, W, C)`, a tensor, which stands for a PIL image, `(H, W)` or `(C, H, W)`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(new transforms.PILToTensor()(torch.tensor([[0, 255]], { dtype: torch.uint8 }))); // tensor([[[  0, 255]]], dtype=torch.uint8)
 * ```
 */
export class PILToTensor extends Transform<Tensor | NDArray, Tensor> {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('PILToTensor', none);
  }

  forward(pic: Tensor | NDArray): Tensor {
    return without_pil(channels_first(IMAGE.read([pic]).pic));
  }
}

const CONVERT = signature<{ dtype: DType }>('ConvertImageDtype', 'dtype: dtype');

/**
 * Converts images to a dtype and scales their values to its range. Mirrors `torchvision.transforms.ConvertImageDtype`.
 *
 * @param dtype - the dtype
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.ConvertImageDtype(torch.float32);
 * print(transform, transform(torch.tensor([0, 51], { dtype: torch.uint8 }))); // ConvertImageDtype() tensor([0.0000, 0.2000])
 * ```
 */
export class ConvertImageDtype extends Transform<Tensor, Tensor> {
  readonly dtype: DType;

  constructor(...args: [dtype: DType] | [options: { dtype: DType }]);
  constructor(...args: unknown[]) {
    super();
    this.dtype = CONVERT.read(args).dtype;
  }

  forward(image: Tensor): Tensor {
    check_tensor(this, image);
    return convert_image_dtype(image, this.dtype);
  }
}

const TO_PIL_IMAGE = signature<{ mode?: string | null }>('ToPILImage', 'mode?: str|None');
const PICTURE = signature<{ pic: Tensor | NDArray }>('ToPILImage', 'pic: Tensor|NDArray');

/**
 * Converts a tensor or NDArray to an image, which is a tensor of shape `(C, H, W)` here: floating point numbers are
 * multiplied by 255 and become uint8. Mirrors `torchvision.transforms.ToPILImage`.
 *
 * @param mode - a mode of PIL that fits the number of channels and the dtype, such as `'RGB'`; default null: by them
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.ToPILImage();
 * print(transform, transform(torch.tensor([[[0, 0.5, 1]]]))); // ToPILImage() tensor([[[  0, 127, 255]]], dtype=torch.uint8)
 * ```
 */
export class ToPILImage extends Transform<Tensor | NDArray, Tensor> {
  readonly mode: string | null;

  constructor(...args: [mode?: string | null] | [options: { mode?: string | null }]);
  constructor(...args: unknown[]) {
    super();
    this.mode = TO_PIL_IMAGE.read(args).mode ?? null;
  }

  forward(pic: Tensor | NDArray): Tensor {
    return to_pil_image(PICTURE.read([pic]).pic, this.mode);
  }

  override toString(): string {
    return `${this.constructor.name}(${this.mode === null ? '' : `mode=${this.mode}`})`;
  }
}

const LINEAR = signature<{ transformation_matrix: Tensor; mean_vector: Tensor }>(
  'LinearTransformation',
  'transformation_matrix: Tensor, mean_vector: Tensor',
);

/** @throws Error unless a matrix is square, and fits a vector of means */
export function check_linear(matrix: Tensor, mean: Tensor): void {
  const shape = `(${matrix.shape.join(', ')})`;
  if (matrix.dim() !== 2 || matrix.size(0) !== matrix.size(1)) {
    throw new Error(`transformation_matrix should be square. Got ${shape} rectangular matrix.`);
  }
  if (mean.size(0) !== matrix.size(0)) {
    throw new Error(
      `mean_vector should have the same length ${mean.size(0)}` +
        ` as any one of the dimensions of the transformation_matrix [${shape}]`,
    );
  }
  if (String(matrix.device) !== String(mean.device)) {
    throw new Error(
      `Input tensors should be on the same device. Got ${String(matrix.device)} and ${String(mean.device)}`,
    );
  }
  if (matrix.dtype !== mean.dtype) {
    throw new Error(`Input tensors should have the same dtype. Got ${String(matrix.dtype)} and ${String(mean.dtype)}`);
  }
}

/** Flattened images without a mean, times a matrix. @throws Error for images of other sizes */
export function linear_transformed(tensor: Tensor, matrix: Tensor, mean: Tensor): Tensor {
  const sizes = [tensor.size(-3), tensor.size(-2), tensor.size(-1)];
  const length = sizes.reduce((product, size) => product * size, 1);
  if (length !== matrix.size(0)) {
    throw new Error(
      'Input tensor and transformation matrix have incompatible shape.' + `[${sizes.join(' x ')}] != ${matrix.size(0)}`,
    );
  }
  if (tensor.device.type !== mean.device.type) {
    throw new Error(
      'Input tensor should be on the same device as transformation matrix and mean vector. ' +
        `Got ${String(tensor.device)} vs ${String(mean.device)}`,
    );
  }
  const flat = tensor.reshape(-1, length).sub(mean);
  return flat.mm(matrix.to(flat.dtype)).reshape([...tensor.shape]);
}

/**
 * Subtracts a mean from flattened images and multiplies them by a square matrix, as for whitening. Mirrors
 * `torchvision.transforms.LinearTransformation`.
 *
 * @param transformation_matrix - of shape `(D, D)`, where D is `C * H * W`
 * @param mean_vector - of shape `(D)`
 * @throws Error for other shapes, and for different dtypes or devices
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.LinearTransformation(torch.eye(2).mul(2), torch.ones(2));
 * print(transform, transform(torch.tensor([[[3, 4]]], { dtype: torch.float32 }))); // LinearTransformation(transformation_matrix=[[2.0, 0.0], [0.0, 2.0]], mean_vector=[1.0, 1.0]) tensor([[[4., 6.]]])
 * ```
 */
export class LinearTransformation extends Transform<Tensor, Tensor> {
  readonly transformation_matrix: Tensor;
  readonly mean_vector: Tensor;

  constructor(
    ...args:
      | [transformation_matrix: Tensor, mean_vector: Tensor]
      | [transformation_matrix: Tensor, options: { mean_vector: Tensor }]
      | [options: { transformation_matrix: Tensor; mean_vector: Tensor }]
  );
  constructor(...args: unknown[]) {
    super();
    const { transformation_matrix: matrix, mean_vector: mean } = LINEAR.read(args);
    check_linear(matrix, mean);
    this.transformation_matrix = matrix;
    this.mean_vector = mean;
  }

  forward(tensor: Tensor): Tensor {
    check_tensor(this, tensor);
    return linear_transformed(tensor, this.transformation_matrix, this.mean_vector);
  }

  override toString(): string {
    const matrix = tensor_text(this.transformation_matrix.tolist());
    return `${this.constructor.name}(transformation_matrix=${matrix}, mean_vector=${tensor_text(this.mean_vector.tolist())})`;
  }
}
