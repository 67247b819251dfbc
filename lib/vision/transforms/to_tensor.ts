import { from_numpy } from '../../creation.js';
import { get_default_dtype, uint8 } from '../../types/dtype.js';
import { NDArray } from '../../numpy/ndarray.js';
import { kind_of } from '../../_internal/representation.js';
import { Tensor } from '../../_tensor.js';
import { no_arguments } from '../../_internal/signature.js';
import { Transform, type BatchedTransform } from './transform.js';

function scaled(image: Tensor): Tensor {
  return image.dtype === uint8 ? image.to({ dtype: get_default_dtype() }).div(255) : image;
}

/**
 * Converts an image of shape `(H, W)` or `(H, W, C)` to a tensor of shape `(C, H, W)`; uint8 is scaled from [0, 255]
 * to [0, 1], other dtypes keep their values. Mirrors `torchvision.transforms.ToTensor`, for tensors and NDArrays
 * instead of PIL images.
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
    const tensor = image instanceof NDArray ? from_numpy(image) : image;
    if (!(tensor instanceof Tensor)) {
      throw new TypeError(`ToTensor(): argument 'image' must be Tensor or NDArray, not ${kind_of(image)}`);
    }
    const rank = tensor.dim();
    if (rank !== 2 && rank !== 3) {
      throw new TypeError(`ToTensor(): an image must have 2 or 3 dimensions, not ${rank}`);
    }
    return scaled(rank === 2 ? tensor.unsqueeze(0) : tensor.permute(2, 0, 1).contiguous());
  }

  forward_batch(images: Tensor): Tensor {
    return scaled(images.dim() === 3 ? images.unsqueeze(1) : images.permute(0, 3, 1, 2).contiguous());
  }
}
