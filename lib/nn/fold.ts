/** Modules that cut images into windows and put them together again. */
import type { Tensor } from '../tensor.js';
import { bind, type Tail } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';
import { python_size } from './representation.js';

type WindowTail = Tail<[dilation: F.IntOrSize, padding: F.IntOrSize, stride: F.IntOrSize], F.FoldOptions>;

const WINDOW = ['kernel_size', 'dilation', 'padding', 'stride'];

abstract class Windows extends Module {
  kernel_size: F.IntOrSize;
  dilation: F.IntOrSize;
  padding: F.IntOrSize;
  stride: F.IntOrSize;

  constructor({ kernel_size, dilation = 1, padding = 0, stride = 1 }: F.FoldOptions & { kernel_size: F.IntOrSize }) {
    super();
    this.kernel_size = kernel_size;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override extra_repr(): string {
    return `kernel_size=${python_size(this.kernel_size)}, dilation=${python_size(this.dilation)}, `
      + `padding=${python_size(this.padding)}, stride=${python_size(this.stride)}`;
  }
}

/**
 * Adds windows, one a column, up to images. Mirrors `torch.nn.Fold`.
 *
 * Shapes: input (N, C * kernel size, L) or (C * kernel size, L), output (N, C, ...output_size) or (C, ...output_size).
 */
export class Fold extends Windows {
  output_size: F.IntOrSize;

  constructor(output_size: F.IntOrSize, kernel_size: F.IntOrSize, ...args: WindowTail);
  constructor(options: F.FoldOptions & { output_size: F.IntOrSize; kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    const options = bind<F.FoldOptions & { output_size: F.IntOrSize; kernel_size: F.IntOrSize }>(
      'Fold', ['output_size', ...WINDOW], args, 2);
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
  constructor(kernel_size: F.IntOrSize, ...args: WindowTail);
  constructor(options: F.FoldOptions & { kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    super(bind<F.FoldOptions & { kernel_size: F.IntOrSize }>('Unfold', WINDOW, args, 1));
  }

  forward(input: Tensor): Tensor {
    return F.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }
}
