import type { NDArray } from '../../numpy/ndarray.js';
import type { Tensor } from '../../_tensor.js';
import { no_arguments, signature } from '../../_internal/signature.js';
import { channels_first, scaled } from './functional/convert.js';
import { Transform, type BatchedTransform } from './transform.js';

const IMAGE = signature<{ image: Tensor | NDArray }>('ToTensor', 'image: Tensor|NDArray');

/**
 * Converts an image to a float tensor of shape `(C, H, W)`; uint8 is scaled from [0, 255] to [0, 1], other dtypes keep
 * their values. Mirrors `torchvision.transforms.ToTensor`: an NDArray has the shape `(H, W)` or `(H, W, C)`, a tensor,
 * which stands for a PIL image, `(H, W)` or `(C, H, W)`.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const image = torch.tensor([[0, 255]], { dtype: torch.uint8 });
 * print(new transforms.ToTensor()(image)); // tensor([[[0., 1.]]])
 * ```
 */
export class ToTensor extends Transform<Tensor | NDArray, Tensor> implements BatchedTransform {
  constructor();
  constructor(...none: unknown[]) {
    super();
    no_arguments('ToTensor', none);
  }

  /**
   * Converts an image.
   * @throws TypeError unless it is an image of 2 or 3 dimensions
   */
  forward(image: Tensor | NDArray): Tensor {
    return scaled(channels_first(IMAGE.read([image]).image).contiguous());
  }

  forward_batch(images: Tensor): Tensor {
    return scaled(images.dim() === 3 ? images.unsqueeze(1) : images);
  }
}
