/** Images, videos and masks. */
import type { TensorData } from '../../creation.js';
import { define_kind, signature } from '../../_internal/signature.js';
import { as_class, handle_of, tensor_of_data, TV_OPTIONS, TVTensor, type TVTensorOptions } from './tv_tensor.js';

type Data = TVTensorOptions & { data: TensorData };
type DataArguments = [data: TensorData, options?: TVTensorOptions] | [options: Data];

const IMAGE = signature<Data>('Image', `data: array_like, *, ${TV_OPTIONS}`);
const VIDEO = IMAGE.renamed('Video');
const MASK = IMAGE.renamed('Mask');

/**
 * An image, of shape `(..., C, H, W)`. Mirrors `torchvision.tv_tensors.Image`.
 *
 * @param data - a tensor, or what `torch.as_tensor` takes; of two dimensions it becomes `(1, H, W)`
 * @throws Error for fewer than two dimensions
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(new tv_tensors.Image(torch.zeros(1, 2))); // Image([[[0., 0.]]], )
 * ```
 */
export class Image extends TVTensor {
  declare private readonly _is_image: true;

  constructor(...args: DataArguments);
  constructor(...args: unknown[]) {
    const { data, ...options } = IMAGE.read(args);
    const tensor = tensor_of_data(data, options);
    super(handle_of(tensor));
    if (tensor.dim() < 2) throw new Error(`Tensor must be 2D or higher, got ${tensor.dim()}D tensor.`);
    return as_class(tensor.dim() === 2 ? tensor.unsqueeze(0) : tensor, new.target);
  }

  /** @internal */
  protected override _metadata(): string {
    return '';
  }
}

/**
 * A video, of shape `(..., T, C, H, W)`. Mirrors `torchvision.tv_tensors.Video`.
 *
 * @param data - a tensor, or what `torch.as_tensor` takes
 * @throws Error for fewer than four dimensions
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(new tv_tensors.Video(torch.zeros(5, 3, 2, 2)).shape); // torch.Size([5, 3, 2, 2])
 * ```
 */
export class Video extends TVTensor {
  declare private readonly _is_video: true;

  constructor(...args: DataArguments);
  constructor(...args: unknown[]) {
    const { data, ...options } = VIDEO.read(args);
    const tensor = tensor_of_data(data, options);
    super(handle_of(tensor));
    if (tensor.dim() < 4) throw new Error(`Expected a tensor with at least 4 dimensions, got ${tensor.dim()}`);
    return as_class(tensor, new.target);
  }

  /** @internal */
  protected override _metadata(): string {
    return '';
  }
}

/**
 * A segmentation or detection mask, of shape `(..., H, W)`. Mirrors `torchvision.tv_tensors.Mask`.
 *
 * @param data - a tensor, or what `torch.as_tensor` takes
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * print(new tv_tensors.Mask([[true, false]])); // Mask([[ True, False]])
 * ```
 */
export class Mask extends TVTensor {
  declare private readonly _is_mask: true;

  constructor(...args: DataArguments);
  constructor(...args: unknown[]) {
    const { data, ...options } = MASK.read(args);
    const tensor = tensor_of_data(data, options);
    super(handle_of(tensor));
    return as_class(tensor, new.target);
  }
}

define_kind('TVTensor', 'TVTensor', (value) => value instanceof TVTensor);
