import { as_tensor } from '../../creation.js';
import { kind_of, python_float } from '../../_internal/representation.js';
import type { Tail } from '../../_internal/arguments.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { Transform, type BatchedTransform } from './transform.js';

const sequence = (values: readonly number[]): string => `[${values.map(python_float).join(', ')}]`;

const NORMALIZE = signature<{ mean: readonly number[]; std: readonly number[]; inplace?: boolean }>(
  'Normalize',
  'mean: float[], std: float[], inplace?: bool',
);

/**
 * Normalizes each channel: `(x - mean) / std`. Mirrors `torchvision.transforms.Normalize`; for float tensors of shape
 * `(..., C, H, W)`.
 *
 * @param mean - mean of each channel
 * @param std - standard deviation of each channel
 * @param inplace - change the given tensor; default false
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const normalize = new transforms.Normalize([0.5], [0.25]);
 * print(normalize(torch.ones(1, 1, 2))); // tensor([[[2., 2.]]])
 * ```
 */
export class Normalize extends Transform<Tensor, Tensor> implements BatchedTransform {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly inplace: boolean;

  constructor(
    mean: readonly number[],
    std: readonly number[],
    ...options: Tail<[inplace: boolean], { inplace?: boolean }>
  );
  constructor(mean: readonly number[], options: { std: readonly number[]; inplace?: boolean });
  constructor(options: { mean: readonly number[]; std: readonly number[]; inplace?: boolean });
  constructor(...args: unknown[]) {
    super();
    const { mean, std, inplace = false } = NORMALIZE.read(args);
    this.mean = mean;
    this.std = std;
    this.inplace = inplace;
  }

  /**
   * Normalizes an image.
   * @throws TypeError for other dtypes; Error for fewer than three dimensions, or a standard deviation of 0
   */
  forward(tensor: Tensor): Tensor {
    if (!(tensor instanceof Tensor)) {
      throw new TypeError(`Normalize(): argument 'tensor' must be Tensor, not ${kind_of(tensor)}`);
    }
    if (!tensor.is_floating_point()) {
      throw new TypeError(`Normalize(): input tensor should be a float tensor. Got ${String(tensor.dtype)}.`);
    }
    if (tensor.dim() < 3) {
      throw new Error(
        `Normalize(): expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = ${String(tensor.shape)}`,
      );
    }
    const result = this.inplace ? tensor : tensor.clone();
    const { dtype, device } = result;
    const std = as_tensor(this.std, { dtype, device });
    if (std.eq(0).any().item<boolean>()) {
      throw new Error(
        `Normalize(): std evaluated to zero after conversion to ${String(dtype)}, leading to division by zero.`,
      );
    }
    const by_channel = (values: Tensor): Tensor => (values.dim() === 1 ? values.view(-1, 1, 1) : values);
    return result.sub_(by_channel(as_tensor(this.mean, { dtype, device }))).div_(by_channel(std));
  }

  forward_batch(images: Tensor): Tensor {
    return this.forward(images);
  }

  override toString(): string {
    return `Normalize(mean=${sequence(this.mean)}, std=${sequence(this.std)})`;
  }
}
