import type { Tensor } from '../tensor.js';
import { bind, flag, type Tail } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';
import { python_bool, python_size } from './representation.js';

/** What the max poolings take by name. */
export interface MaxPoolModuleOptions<I extends boolean = boolean> {
  /** Default: the kernel size. */
  stride?: F.IntOrSize | null;
  padding?: F.IntOrSize;
  dilation?: F.IntOrSize;
  /** Give the places of the maxima as well. */
  return_indices?: I;
  /** Round the output size up. */
  ceil_mode?: boolean;
}

/** What a max pooling gives: the maxima, and their places when it was asked for them. */
export type MaxPoolOutput<I extends boolean> = I extends true ? [output: Tensor, indices: Tensor] : Tensor;

type MaxPoolTail<I extends boolean> = Tail<
  [stride: F.IntOrSize | null, padding: F.IntOrSize, dilation: F.IntOrSize, return_indices: I, ceil_mode: boolean],
  MaxPoolModuleOptions<I>>;

const MAX_POOL = ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'];

abstract class MaxPoolNd<I extends boolean> extends Module {
  kernel_size: F.IntOrSize;
  stride: F.IntOrSize;
  padding: F.IntOrSize;
  dilation: F.IntOrSize;
  return_indices: boolean;
  ceil_mode: boolean;

  constructor(kernel_size: F.IntOrSize, ...args: MaxPoolTail<I>);
  constructor(options: MaxPoolModuleOptions<I> & { kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    super();
    const options = bind<MaxPoolModuleOptions & { kernel_size: F.IntOrSize }>(this._get_name(), MAX_POOL, args, 1);
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.return_indices = options.return_indices ?? false;
    this.ceil_mode = options.ceil_mode ?? false;
  }

  override extra_repr(): string {
    return `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, `
      + `padding=${python_size(this.padding)}, dilation=${python_size(this.dilation)}, `
      + `ceil_mode=${python_bool(this.ceil_mode)}`;
  }
}

/** The maximum in each window of (N, C, L) or (C, L). Mirrors `torch.nn.MaxPool1d`. */
export class MaxPool1d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool1d(
      input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** The maximum in each window of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.MaxPool2d`. */
export class MaxPool2d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool2d(
      input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** The maximum in each window of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.MaxPool3d`. */
export class MaxPool3d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool3d(
      input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** What {@link AvgPool1d} takes by name. */
export interface AvgPool1dOptions {
  /** Default: the kernel size. */
  stride?: F.IntOrSize | null;
  padding?: F.IntOrSize;
  /** Round the output size up. */
  ceil_mode?: boolean;
  /** Let the padding count in the mean. Default true. */
  count_include_pad?: boolean;
}

/** What {@link AvgPool2d} and {@link AvgPool3d} take by name. */
export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divide by this instead of the size of the window. */
  divisor_override?: number | null;
}

const AVG_POOL = ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'];

abstract class AvgPoolNd extends Module {
  kernel_size: F.IntOrSize;
  stride: F.IntOrSize;
  padding: F.IntOrSize;
  ceil_mode: boolean;
  count_include_pad: boolean;

  constructor(options: AvgPool1dOptions & { kernel_size: F.IntOrSize }) {
    super();
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.ceil_mode = options.ceil_mode ?? false;
    this.count_include_pad = options.count_include_pad ?? true;
  }

  override extra_repr(): string {
    return `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, `
      + `padding=${python_size(this.padding)}`;
  }
}

function single(size: F.IntOrSize): readonly number[] {
  return typeof size === 'number' ? [size] : size;
}

type AvgPool1dTail = Tail<
  [stride: F.IntOrSize | null, padding: F.IntOrSize, ceil_mode: boolean, count_include_pad: boolean],
  AvgPool1dOptions>;

type AvgPoolTail = Tail<
  [stride: F.IntOrSize | null, padding: F.IntOrSize, ceil_mode: boolean, count_include_pad: boolean,
    divisor_override: number | null], AvgPoolOptions>;

/** The mean in each window of (N, C, L) or (C, L). Mirrors `torch.nn.AvgPool1d`. */
export class AvgPool1d extends AvgPoolNd {
  constructor(kernel_size: F.IntOrSize, ...args: AvgPool1dTail);
  constructor(options: AvgPool1dOptions & { kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    const { kernel_size, stride, padding = 0, ...rest } =
      bind<AvgPool1dOptions & { kernel_size: F.IntOrSize }>('AvgPool1d', AVG_POOL.slice(0, -1), args, 1);
    super({
      kernel_size: single(kernel_size), stride: single(stride ?? kernel_size), padding: single(padding), ...rest,
    });
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return F.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/** The mean in each window of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.AvgPool2d`. */
export class AvgPool2d extends AvgPoolNd {
  divisor_override: number | null;

  constructor(kernel_size: F.IntOrSize, ...args: AvgPoolTail);
  constructor(options: AvgPoolOptions & { kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    const options = bind<AvgPoolOptions & { kernel_size: F.IntOrSize }>('AvgPool2d', AVG_POOL, args, 1);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

/** The mean in each window of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.AvgPool3d`. */
export class AvgPool3d extends AvgPoolNd {
  divisor_override: number | null;

  constructor(kernel_size: F.IntOrSize, ...args: AvgPoolTail);
  constructor(options: AvgPoolOptions & { kernel_size: F.IntOrSize });
  constructor(...args: unknown[]) {
    const options = bind<AvgPoolOptions & { kernel_size: F.IntOrSize }>('AvgPool3d', AVG_POOL, args, 1);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

abstract class AdaptivePoolNd<S extends F.IntOrSizeOrNull> extends Module {
  output_size: S;

  constructor(output_size: S) {
    super();
    this.output_size = output_size;
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}`;
  }
}

/** The mean over windows chosen for a given output size. Mirrors `torch.nn.AdaptiveAvgPool1d`. */
export class AdaptiveAvgPool1d extends AdaptivePoolNd<F.IntOrSize> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size);
  }
}

/**
 * The mean over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveAvgPool2d`.
 */
export class AdaptiveAvgPool2d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size);
  }
}

/**
 * The mean over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveAvgPool3d`.
 */
export class AdaptiveAvgPool3d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size);
  }
}

abstract class AdaptiveMaxPoolNd<S extends F.IntOrSizeOrNull, I extends boolean> extends AdaptivePoolNd<S> {
  return_indices: boolean;

  constructor(output_size: S, return_indices: I | { return_indices?: I } = false as I) {
    super(output_size);
    this.return_indices =
      flag(this._get_name(), 'return_indices', return_indices as boolean | { return_indices?: boolean }, false);
  }
}

/** The maximum over windows chosen for a given output size. Mirrors `torch.nn.AdaptiveMaxPool1d`. */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSize, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * The maximum over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveMaxPool2d`.
 */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * The maximum over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveMaxPool3d`.
 */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}
