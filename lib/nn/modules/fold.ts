/** Modules that extract sliding windows of images, and combine them. */
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

abstract class Windows extends Module {
  declare kernel_size: F.IntOrSize;
  declare dilation: F.IntOrSize;
  declare padding: F.IntOrSize;
  declare stride: F.IntOrSize;

  constructor({ kernel_size, dilation = 1, padding = 0, stride = 1 }: F.FoldOptions & { kernel_size: F.IntOrSize }) {
    super();
    this.kernel_size = kernel_size;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, dilation=${python_size(this.dilation)}, ` +
      `padding=${python_size(this.padding)}, stride=${python_size(this.stride)}`
    );
  }
}

/**
 * Combines sliding windows, one in each column, into images, adding up the values where they overlap: the inverse of
 * {@link Unfold}, but for the overlaps. Mirrors `torch.nn.Fold`.
 *
 * Shapes: input `(N, C * prod(kernel_size), L)` or `(C * prod(kernel_size), L)`, output `(N, C, *output_size)` or
 * `(C, *output_size)`, where
 * `L = prod_d floor((output_size[d] + 2 * padding[d] - dilation[d] * (kernel_size[d] - 1) - 1) / stride[d] + 1)` is the
 * number of windows. The output has the dtype of the input. Dtypes: floating point, complex and bool.
 *
 * @param output_size - height and width of the output; a number for both
 * @param kernel_size - size of the windows; a number for both dimensions
 * @param dilation - distance between the elements of a window; default 1
 * @param padding - padding with zeros that the image had on both sides; default 0
 * @param stride - step of the windows; default 1
 * @throws Error on the call, when the sizes do not match
 * @example
 * ```ts
 * const fold = new nn.Fold([2, 3], 2);
 * print(fold(torch.ones(1, 4, 2)));
 * ```
 * ```python
 * fold = nn.Fold(output_size=(2, 3), kernel_size=2)
 * print(fold(torch.ones(1, 4, 2)))
 * ```
 */
export class Fold extends Windows {
  declare output_size: F.IntOrSize;

  constructor(
    ...args: Arguments<
      [
        output_size: F.IntOrSize,
        kernel_size: F.IntOrSize,
        dilation?: F.IntOrSize,
        padding?: F.IntOrSize,
        stride?: F.IntOrSize,
      ],
      F.FoldOptions & { output_size: F.IntOrSize; kernel_size: F.IntOrSize },
      ['output_size', 'kernel_size', 'dilation', 'padding', 'stride']
    >
  );
  constructor(...args: unknown[]) {
    const options = FOLD.read(args);
    super(options);
    this.output_size = options.output_size;
  }

  forward(input: Tensor): Tensor {
    return F.fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}, ${super.extra_repr()}`;
  }
}

/**
 * Extracts sliding windows of images, one in each column: column `l` of the output has the values of window `l`,
 * channel by channel. Mirrors `torch.nn.Unfold`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C * prod(kernel_size), L)` or `(C * prod(kernel_size), L)`,
 * where `L` is the number of windows, as for {@link Fold}. The output has the dtype of the input. Dtypes: floating
 * point, complex and bool.
 *
 * @param kernel_size - size of the windows; a number for both dimensions
 * @param dilation - distance between the elements of a window; default 1
 * @param padding - padding with zeros on both sides; default 0
 * @param stride - step of the windows; default 1
 * @throws Error on the call, when the input is smaller than a window
 * @example
 * ```ts
 * const unfold = new nn.Unfold(2);
 * print(unfold(torch.arange(6, { dtype: torch.float32 }).reshape(1, 1, 2, 3)));
 * ```
 * ```python
 * unfold = nn.Unfold(kernel_size=2)
 * print(unfold(torch.arange(6, dtype=torch.float32).reshape(1, 1, 2, 3)))
 * ```
 */
export class Unfold extends Windows {
  constructor(
    ...args: Arguments<
      [kernel_size: F.IntOrSize, dilation?: F.IntOrSize, padding?: F.IntOrSize, stride?: F.IntOrSize],
      F.FoldOptions & { kernel_size: F.IntOrSize },
      ['kernel_size', 'dilation', 'padding', 'stride']
    >
  );
  constructor(...args: unknown[]) {
    super(UNFOLD.read(args));
  }

  forward(input: Tensor): Tensor {
    return F.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }
}

const WINDOW = 'kernel_size: int|int[], dilation?: int|int[], padding?: int|int[], stride?: int|int[]';
const FOLD = signature<F.FoldOptions & { output_size: F.IntOrSize; kernel_size: F.IntOrSize }>(
  'Fold',
  `output_size: int|int[], ${WINDOW}`,
);
const UNFOLD = signature<F.FoldOptions & { kernel_size: F.IntOrSize }>('Unfold', WINDOW);
for (const module of [Fold, Unfold]) forward_takes(module, 'input: Tensor');
