/** Modules that cut images into windows and put them together again. */
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
 * Adds windows, one a column, up to images. Mirrors `torch.nn.Fold`.
 *
 * Shapes: input (N, C * kernel size, L) or (C * kernel size, L), output (N, C, ...output_size) or (C, ...output_size).
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
 * Cuts images into sliding windows, one a column. Mirrors `torch.nn.Unfold`.
 *
 * Shapes: input (N, C, H, W) or (C, H, W), output (N, C * kernel size, L) or (C * kernel size, L).
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
