import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { normalize } from './functional/convert.js';
import { float_list } from './representation.js';
import { check_tensor, Transform, type BatchedTransform } from './transform.js';

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
    check_tensor(this, tensor);
    return normalize(tensor, this.mean, this.std, this.inplace);
  }

  forward_batch(images: Tensor): Tensor {
    return this.forward(images);
  }

  override toString(): string {
    return `Normalize(mean=${float_list(this.mean)}, std=${float_list(this.std)})`;
  }
}
