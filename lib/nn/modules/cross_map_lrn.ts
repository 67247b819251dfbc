import { Function, type FunctionCtx } from '../../autograd/function.js';
import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import type { LocalResponseNormOptions } from '../functional/index.js';
import { Module } from './module.js';
import { python_float, python_int } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/** Local response normalization, with its own gradient. */
class CrossMapResponse extends Function {
  static forward(ctx: FunctionCtx, input: Tensor, size: number, alpha: number, beta: number, k: number): Tensor {
    if (input.ndim !== 4) throw new Error(`CrossMapLRN2d: Expected input to be 4D, got ${input.ndim}D instead.`);
    const scale = sums_of_neighbors(input.pow(2), size)
      .mul_(alpha / size)
      .add_(k);
    const output = scale.pow(-beta).mul_(input);
    ctx.save_for_backward(input, output, scale);
    Object.assign(ctx, { size, alpha, beta });
    return output;
  }

  static backward(ctx: FunctionCtx, grad_output: Tensor): (Tensor | null)[] {
    const [input, output, scale] = ctx.saved_tensors as [Tensor, Tensor, Tensor];
    const { size, alpha, beta } = ctx as unknown as { size: number; alpha: number; beta: number };
    const grad_input = scale.pow(-beta).mul_(grad_output);
    const ratios = grad_output.mul(output).div_(scale);
    const before = Math.trunc(size - (size - 1) / 2);
    const [batch, channels, height, width] = input.shape as readonly number[] as [number, number, number, number];
    const padded = input.new_zeros([batch, channels + size - 1, height, width]);
    padded.narrow(1, before, channels).copy_(ratios);
    const sum = padded.narrow(1, 0, size - 1).sum(1);
    for (let c = 0; c < channels; c++) {
      sum.add_(padded.select(1, c + size - 1));
      grad_input.select(1, c).addcmul_(input.select(1, c), sum, { value: -((2 * alpha * beta) / size) });
      sum.sub_(padded.select(1, c));
    }
    return [grad_input, null, null, null, null];
  }
}

/** For each channel the sum over the `size` channels around it, each computed from the one before. */
function sums_of_neighbors(squares: Tensor, size: number): Tensor {
  const channels = squares.size(1);
  const reach = Math.trunc((size - 1) / 2 + 1);
  const sums = ops.zeros_like(squares);
  const first = sums.select(1, 0);
  for (let c = 0; c < Math.min(reach, channels); c++) first.add_(squares.select(1, c));
  for (let c = 1; c < channels; c++) {
    const sum = sums.select(1, c).copy_(sums.select(1, c - 1));
    if (c < channels - reach + 1) sum.add_(squares.select(1, c + reach - 1));
    if (c > reach) sum.sub_(squares.select(1, c - reach));
  }
  return sums;
}

/**
 * Divides each value of images by a power of the mean square of the `size` channels around it:
 * `y[c] = x[c] * (k + alpha / size * sum_i x[i]^2)^(-beta)`. {@link LocalResponseNorm} computes the same for any number
 * of dimensions. Mirrors `torch.nn.CrossMapLRN2d`.
 *
 * Shapes: input and output `(N, C, H, W)`. Dtypes: floating point and complex.
 *
 * @param size - number of channels in the window, greater than 0
 * @param alpha - factor of the mean square; default 1e-4
 * @param beta - the exponent; default 0.75
 * @param k - added to the mean square; default 1
 * @throws Error unless `size` is greater than 0; on the call, when the input does not have 4 dimensions
 * @example
 * ```ts
 * const norm = new nn.CrossMapLRN2d(3, { alpha: 1 });
 * print(norm(torch.tensor([[[[1]], [[2]], [[3.5]]]])));
 * ```
 * ```python
 * norm = nn.CrossMapLRN2d(3, alpha=1)
 * print(norm(torch.tensor([[[[1]], [[2]], [[3.5]]]])))
 * ```
 */
export class CrossMapLRN2d extends Module {
  declare size: number;
  declare alpha: number;
  declare beta: number;
  declare k: number;

  constructor(
    ...args: Arguments<
      [size: number, alpha?: number, beta?: number, k?: number],
      LocalResponseNormOptions & { size: number },
      ['size', 'alpha', 'beta', 'k']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, alpha = 1e-4, beta = 0.75, k = 1 } = CROSS_MAP.read(args);
    if (size <= 0) throw new Error(`CrossMapLRN2d(): argument 'size' must be positive, not ${size}`);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(input: Tensor): Tensor {
    return CrossMapResponse.apply(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return (
      `${python_int(this.size)}, alpha=${python_float(this.alpha)}, beta=${python_float(this.beta)}, ` +
      `k=${python_int(this.k)}`
    );
  }
}

const CROSS_MAP = signature<LocalResponseNormOptions & { size: number }>(
  'CrossMapLRN2d',
  'size: int, alpha?: float, beta?: float, k?: float',
);
forward_takes(CrossMapLRN2d, 'input: Tensor');
