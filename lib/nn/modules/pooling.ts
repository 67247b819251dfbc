import type { Tensor } from '../../_tensor.js';
import { get_default_dtype } from '../../types/dtype.js';
import { ntuple } from '../../_internal/arguments.js';
import { family, forward_reads, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_bool, python_float, python_size } from '../../_internal/representation.js';
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';

/** What the max pooling modules take by name. */
export interface MaxPoolModuleOptions<I extends boolean = boolean> {
  /** Step of the window. Default null: the kernel size. */
  stride?: F.IntOrSize | null;
  /** Padding on both sides with minus infinity. Default 0. */
  padding?: F.IntOrSize;
  /** Distance between the elements of a window. Default 1. */
  dilation?: F.IntOrSize;
  /** Return the indices of the maxima as well. Default false. */
  return_indices?: I;
  /** Round the output size up instead of down. Default false. */
  ceil_mode?: boolean;
}

/** What max pooling returns: the maxima, and with `return_indices` a pair of them and their indices. */
export type MaxPoolOutput<I extends boolean> = I extends true ? [output: Tensor, indices: Tensor] : Tensor;

type MaxPoolArguments<I extends boolean> = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    dilation?: F.IntOrSize,
    return_indices?: I,
    ceil_mode?: boolean,
  ],
  MaxPoolModuleOptions<I> & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode']
>;

const WINDOW = 'kernel_size: int|int[], stride?: int|int[]|None, padding?: int|int[]';
const MAX_POOL = family<MaxPoolModuleOptions & { kernel_size: F.IntOrSize }>(
  ['MaxPool1d', 'MaxPool2d', 'MaxPool3d'],
  `${WINDOW}, dilation?: int|int[], return_indices?: bool, ceil_mode?: bool`,
);

abstract class MaxPoolNd<I extends boolean> extends Module {
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize;
  declare padding: F.IntOrSize;
  declare dilation: F.IntOrSize;
  declare return_indices: boolean;
  declare ceil_mode: boolean;

  constructor(...args: MaxPoolArguments<I>);
  constructor(...args: unknown[]) {
    super();
    const options = MAX_POOL.read(new.target, args);
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.return_indices = options.return_indices ?? false;
    this.ceil_mode = options.ceil_mode ?? false;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}, dilation=${python_size(this.dilation)}, ` +
      `ceil_mode=${python_bool(this.ceil_mode)}`
    );
  }
}

/**
 * Takes the maximum of each window of sequences: `y[n, c, i] = max_m x[n, c, stride * i + dilation * m - padding]`.
 * Mirrors `torch.nn.MaxPool1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with
 * `L_out = floor((L + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)`; with `return_indices` a pair of
 * the output and the indices of the maxima in the flattened sequence, int64 of the same shape. The output has the dtype
 * of the input. Dtypes: floating point.
 *
 * @param kernel_size - size of the window
 * @param stride - step of the window; default: `kernel_size`
 * @param padding - padding on both sides with minus infinity, at most half of the window; default 0
 * @param dilation - distance between the elements of a window; default 1
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool1d} takes them; default false
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.MaxPool1d(2, { stride: 1, return_indices: true });
 * const [output, indices] = pool(torch.arange(5, { dtype: torch.float32 }).reshape(1, 1, 5));
 * print(output);
 * print(indices);
 * ```
 * ```python
 * pool = nn.MaxPool1d(2, stride=1, return_indices=True)
 * output, indices = pool(torch.arange(5, dtype=torch.float32).reshape(1, 1, 5))
 * print(output)
 * print(indices)
 * ```
 */
export class MaxPool1d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * Takes the maximum of each window of images: `y[n, c, i] = max_m x[n, c, stride * i + dilation * m - padding]` in each
 * dimension. Mirrors `torch.nn.MaxPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `H_out = floor((H + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)` and likewise for the other
 * dimensions; with `return_indices` a pair of the output and the indices of the maxima in the flattened image, int64 of
 * the same shape. The output has the dtype of the input. Dtypes: floating point and integers.
 *
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding on both sides with minus infinity, at most half of the window; a number for all dimensions,
 *   or one for each; default 0
 * @param dilation - distance between the elements of a window; a number for all dimensions, or one for each; default 1
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool2d} takes them; default false
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.MaxPool2d(2, { stride: 1, return_indices: true });
 * const [output, indices] = pool(torch.arange(16, { dtype: torch.float32 }).reshape(1, 1, 4, 4));
 * print(output);
 * print(indices);
 * ```
 * ```python
 * pool = nn.MaxPool2d(2, stride=1, return_indices=True)
 * output, indices = pool(torch.arange(16, dtype=torch.float32).reshape(1, 1, 4, 4))
 * print(output)
 * print(indices)
 * ```
 */
export class MaxPool2d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * Takes the maximum of each window of volumes: `y[n, c, i] = max_m x[n, c, stride * i + dilation * m - padding]` in
 * each dimension. Mirrors `torch.nn.MaxPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `D_out = floor((D + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)` and likewise for the other
 * dimensions; with `return_indices` a pair of the output and the indices of the maxima in the flattened volume, int64
 * of the same shape. The output has the dtype of the input. Dtypes: floating point and integers.
 *
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding on both sides with minus infinity, at most half of the window; a number for all dimensions,
 *   or one for each; default 0
 * @param dilation - distance between the elements of a window; a number for all dimensions, or one for each; default 1
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool3d} takes them; default false
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.MaxPool3d(2, { stride: 1, return_indices: true });
 * const [output, indices] = pool(torch.arange(27, { dtype: torch.float32 }).reshape(1, 1, 3, 3, 3));
 * print(output);
 * print(indices);
 * ```
 * ```python
 * pool = nn.MaxPool3d(2, stride=1, return_indices=True)
 * output, indices = pool(torch.arange(27, dtype=torch.float32).reshape(1, 1, 3, 3, 3))
 * print(output)
 * print(indices)
 * ```
 */
export class MaxPool3d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** Keyword arguments of {@link AvgPool1d}. */
export interface AvgPool1dOptions {
  /** Step of the window. Default null: the kernel size. */
  stride?: F.IntOrSize | null;
  /** Padding on both sides with zeros. Default 0. */
  padding?: F.IntOrSize;
  /** Round the output size up instead of down. Default false. */
  ceil_mode?: boolean;
  /** Count the padding in the mean. Default true. */
  count_include_pad?: boolean;
}

/** What {@link AvgPool2d} and {@link AvgPool3d} take by name. */
export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divide by this instead of the size of the window. Default null. */
  divisor_override?: number | null;
}

abstract class AvgPoolNd extends Module {
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize;
  declare padding: F.IntOrSize;
  declare ceil_mode: boolean;
  declare count_include_pad: boolean;

  constructor(options: AvgPool1dOptions & { kernel_size: F.IntOrSize }) {
    super();
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.ceil_mode = options.ceil_mode ?? false;
    this.count_include_pad = options.count_include_pad ?? true;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}`
    );
  }
}

type AvgPool1dArguments = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    ceil_mode?: boolean,
    count_include_pad?: boolean,
  ],
  AvgPool1dOptions & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad']
>;

type AvgPoolArguments = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    ceil_mode?: boolean,
    count_include_pad?: boolean,
    divisor_override?: number | null,
  ],
  AvgPoolOptions & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override']
>;

const AVG_POOL_1D = signature<AvgPool1dOptions & { kernel_size: F.IntOrSize }>(
  'AvgPool1d',
  `${WINDOW}, ceil_mode?: bool, count_include_pad?: bool`,
);
const AVG_POOL = family<AvgPoolOptions & { kernel_size: F.IntOrSize }>(
  ['AvgPool2d', 'AvgPool3d'],
  `${WINDOW}, ceil_mode?: bool, count_include_pad?: bool, divisor_override?: int|None`,
);

/**
 * Takes the mean of each window of sequences: `y[n, c, i] = sum_m x[n, c, stride * i + m - padding] / kernel_size`.
 * Mirrors `torch.nn.AvgPool1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with
 * `L_out = floor((L + 2 * padding - kernel_size) / stride + 1)`. The output has the dtype of the input.
 * Dtypes: floating point and int64.
 *
 * @param kernel_size - size of the window
 * @param stride - step of the window; default: `kernel_size`
 * @param padding - padding on both sides with zeros, at most half of the window; default 0
 * @param ceil_mode - round the output size up instead of down; default false
 * @param count_include_pad - count the padding in the mean; default true
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.AvgPool1d(2, { stride: 1 });
 * print(pool(torch.arange(5, { dtype: torch.float32 }).reshape(1, 1, 5)));
 * ```
 * ```python
 * pool = nn.AvgPool1d(2, stride=1)
 * print(pool(torch.arange(5, dtype=torch.float32).reshape(1, 1, 5)))
 * ```
 */
export class AvgPool1d extends AvgPoolNd {
  constructor(...args: AvgPool1dArguments);
  constructor(...args: unknown[]) {
    const { kernel_size, stride, padding = 0, ...rest } = AVG_POOL_1D.read(args);
    super({
      kernel_size: ntuple(kernel_size, 1),
      stride: ntuple(stride ?? kernel_size, 1),
      padding: ntuple(padding, 1),
      ...rest,
    });
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return F.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/**
 * Takes the mean of each window of images: `y[n, c, i] = sum_m x[n, c, stride * i + m - padding] / kernel_size` in each
 * dimension. Mirrors `torch.nn.AvgPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `H_out = floor((H + 2 * padding - kernel_size) / stride + 1)` and likewise for the other dimensions. The output has
 * the dtype of the input. Dtypes: floating point and int64.
 *
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding on both sides with zeros, at most half of the window; a number for all dimensions, or one
 *   for each; default 0
 * @param ceil_mode - round the output size up instead of down; default false
 * @param count_include_pad - count the padding in the mean; default true
 * @param divisor_override - divide by this instead of the size of the window; default null
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.AvgPool2d(2, { stride: 1 });
 * print(pool(torch.arange(16, { dtype: torch.float32 }).reshape(1, 1, 4, 4)));
 * ```
 * ```python
 * pool = nn.AvgPool2d(2, stride=1)
 * print(pool(torch.arange(16, dtype=torch.float32).reshape(1, 1, 4, 4)))
 * ```
 */
export class AvgPool2d extends AvgPoolNd {
  declare divisor_override: number | null;

  constructor(...args: AvgPoolArguments);
  constructor(...args: unknown[]) {
    const options = AVG_POOL.read(new.target, args);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

/**
 * Takes the mean of each window of volumes: `y[n, c, i] = sum_m x[n, c, stride * i + m - padding] / kernel_size` in
 * each dimension. Mirrors `torch.nn.AvgPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `D_out = floor((D + 2 * padding - kernel_size) / stride + 1)` and likewise for the other dimensions. The output
 * has the dtype of the input. Dtypes: float32, float64 and int64.
 *
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding on both sides with zeros, at most half of the window; a number for all dimensions, or one
 *   for each; default 0
 * @param ceil_mode - round the output size up instead of down; default false
 * @param count_include_pad - count the padding in the mean; default true
 * @param divisor_override - divide by this instead of the size of the window; default null
 * @throws Error on the call, when the output would be empty, or the padding too large
 * @example
 * ```ts
 * const pool = new nn.AvgPool3d(2, { stride: 1 });
 * print(pool(torch.arange(27, { dtype: torch.float32 }).reshape(1, 1, 3, 3, 3)));
 * ```
 * ```python
 * pool = nn.AvgPool3d(2, stride=1)
 * print(pool(torch.arange(27, dtype=torch.float32).reshape(1, 1, 3, 3, 3)))
 * ```
 */
export class AvgPool3d extends AvgPoolNd {
  declare divisor_override: number | null;

  constructor(...args: AvgPoolArguments);
  constructor(...args: unknown[]) {
    const options = AVG_POOL.read(new.target, args);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

abstract class AdaptivePoolNd<S extends F.IntOrSizeOrNull> extends Module {
  declare output_size: S;

  constructor(output_size: S | { output_size: S });
  constructor(...args: unknown[]) {
    super();
    this.output_size = ADAPTIVE_POOL.read(new.target, args).output_size as S;
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}`;
  }
}

const OUTPUT_SIZE = 'output_size: int|(int|None)[]|None';
const ADAPTIVE_POOL = family<{ output_size: F.IntOrSizeOrNull; return_indices?: boolean }>(
  ['AdaptiveAvgPool1d', 'AdaptiveAvgPool2d', 'AdaptiveAvgPool3d'],
  OUTPUT_SIZE,
);
const ADAPTIVE_MAX_POOL = family<{ output_size: F.IntOrSizeOrNull; return_indices?: boolean }>(
  ['AdaptiveMaxPool1d', 'AdaptiveMaxPool2d', 'AdaptiveMaxPool3d'],
  `${OUTPUT_SIZE}, return_indices?: bool`,
);

/**
 * Takes the mean of windows whose sizes and steps are chosen such that the output has a given size: window `i` of `n`
 * along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveAvgPool1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with the sizes of `output_size`. The
 * output has the dtype of the input. Dtypes: floating point.
 *
 * @param output_size - size of the output
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveAvgPool1d(2);
 * print(pool(torch.arange(5, { dtype: torch.float32 }).reshape(1, 1, 5)));
 * ```
 * ```python
 * pool = nn.AdaptiveAvgPool1d(2)
 * print(pool(torch.arange(5, dtype=torch.float32).reshape(1, 1, 5)))
 * ```
 */
export class AdaptiveAvgPool1d extends AdaptivePoolNd<F.IntOrSize> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size);
  }
}

/**
 * Takes the mean of windows whose sizes and steps are chosen such that the output has a given size: window `i` of `n`
 * along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveAvgPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with the sizes of
 * `output_size`. The output has the dtype of the input. Dtypes: floating point.
 *
 * @param output_size - size of the output; a number for all dimensions, or one for each; null keeps a size
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveAvgPool2d(2);
 * print(pool(torch.arange(16, { dtype: torch.float32 }).reshape(1, 1, 4, 4)));
 * ```
 * ```python
 * pool = nn.AdaptiveAvgPool2d(2)
 * print(pool(torch.arange(16, dtype=torch.float32).reshape(1, 1, 4, 4)))
 * ```
 */
export class AdaptiveAvgPool2d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size);
  }
}

/**
 * Takes the mean of windows whose sizes and steps are chosen such that the output has a given size: window `i` of `n`
 * along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveAvgPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with the sizes of `output_size`. The output has the dtype of the input. Dtypes: floating point.
 *
 * @param output_size - size of the output; a number for all dimensions, or one for each; null keeps a size
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveAvgPool3d(2);
 * print(pool(torch.arange(27, { dtype: torch.float32 }).reshape(1, 1, 3, 3, 3)));
 * ```
 * ```python
 * pool = nn.AdaptiveAvgPool3d(2)
 * print(pool(torch.arange(27, dtype=torch.float32).reshape(1, 1, 3, 3, 3)))
 * ```
 */
export class AdaptiveAvgPool3d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size);
  }
}

abstract class AdaptiveMaxPoolNd<S extends F.IntOrSizeOrNull, I extends boolean> extends Module {
  declare output_size: S;
  declare return_indices: boolean;

  constructor(
    ...args: Arguments<
      [output_size: S, return_indices?: I],
      { output_size: S; return_indices?: I },
      ['output_size', 'return_indices']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { output_size, return_indices = false } = ADAPTIVE_MAX_POOL.read(new.target, args);
    this.output_size = output_size as S;
    this.return_indices = return_indices;
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}`;
  }
}

/**
 * Takes the maximum of windows whose sizes and steps are chosen such that the output has a given size: window `i` of
 * `n` along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveMaxPool1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with the sizes of `output_size`; with
 * `return_indices` a pair of the output and the indices of the maxima. The output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param output_size - size of the output
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool1d} takes them; default false
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveMaxPool1d(2);
 * print(pool(torch.arange(5, { dtype: torch.float32 }).reshape(1, 1, 5)));
 * ```
 * ```python
 * pool = nn.AdaptiveMaxPool1d(2)
 * print(pool(torch.arange(5, dtype=torch.float32).reshape(1, 1, 5)))
 * ```
 */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSize, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * Takes the maximum of windows whose sizes and steps are chosen such that the output has a given size: window `i` of
 * `n` along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveMaxPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with the sizes of
 * `output_size`; with `return_indices` a pair of the output and the indices of the maxima. The output has the dtype of
 * the input. Dtypes: floating point.
 *
 * @param output_size - size of the output; a number for all dimensions, or one for each; null keeps a size
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool2d} takes them; default false
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveMaxPool2d(2);
 * print(pool(torch.arange(16, { dtype: torch.float32 }).reshape(1, 1, 4, 4)));
 * ```
 * ```python
 * pool = nn.AdaptiveMaxPool2d(2)
 * print(pool(torch.arange(16, dtype=torch.float32).reshape(1, 1, 4, 4)))
 * ```
 */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * Takes the maximum of windows whose sizes and steps are chosen such that the output has a given size: window `i` of
 * `n` along a dimension of size `s` reaches from `floor(i * s / n)` to `ceil((i + 1) * s / n)`. Mirrors
 * `torch.nn.AdaptiveMaxPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with the sizes of `output_size`; with `return_indices` a pair of the output and the indices of the maxima. The output
 * has the dtype of the input. Dtypes: floating point.
 *
 * @param output_size - size of the output; a number for all dimensions, or one for each; null keeps a size
 * @param return_indices - return the indices of the maxima as well, as {@link MaxUnpool3d} takes them; default false
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const pool = new nn.AdaptiveMaxPool3d(2);
 * print(pool(torch.arange(27, { dtype: torch.float32 }).reshape(1, 1, 3, 3, 3)));
 * ```
 * ```python
 * pool = nn.AdaptiveMaxPool3d(2)
 * print(pool(torch.arange(27, dtype=torch.float32).reshape(1, 1, 3, 3, 3)))
 * ```
 */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

// ---- Unpooling, fractional and power-average pooling --------------------------------------------

/** What the max unpooling modules take by name. */
export interface MaxUnpoolModuleOptions {
  /** Step of the window. Default null: the kernel size. */
  stride?: F.IntOrSize | null;
  /** Padding that the input of the pooling had. Default 0. */
  padding?: F.IntOrSize;
}

abstract class MaxUnpoolNd extends Module {
  declare kernel_size: readonly number[];
  declare stride: readonly number[];
  declare padding: readonly number[];

  constructor(
    dimensions: number,
    { kernel_size, stride, padding = 0 }: MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize },
  ) {
    super();
    this.kernel_size = ntuple(kernel_size, dimensions);
    this.stride = ntuple(stride ?? kernel_size, dimensions);
    this.padding = ntuple(padding, dimensions);
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}`
    );
  }
}

interface UnpoolInput {
  input: Tensor;
  indices: Tensor;
  output_size?: readonly number[] | null;
}

type UnpoolArguments = Arguments<
  [input: Tensor, indices: Tensor, output_size?: readonly number[] | null],
  UnpoolInput,
  ['input', 'indices', 'output_size']
>;

interface MaxUnpool extends MaxUnpoolNd {
  forward(...args: UnpoolArguments): Tensor;
}

type MaxUnpoolClass = new (
  ...args: Arguments<
    [kernel_size: F.IntOrSize, stride?: F.IntOrSize | null, padding?: F.IntOrSize],
    MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize },
    ['kernel_size', 'stride', 'padding']
  >
) => MaxUnpool;

function max_unpool_class(dimensions: number, unpool: F.MaxUnpoolFunction): MaxUnpoolClass {
  const takes = signature<MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize }>(`MaxUnpool${dimensions}d`, WINDOW);
  const forward_arguments = method_signature<UnpoolInput>(
    `MaxUnpool${dimensions}d.forward`,
    'input: Tensor, indices: Tensor, output_size?: int[]|None',
  );
  const made = class extends MaxUnpoolNd {
    constructor(...args: unknown[]) {
      super(dimensions, takes.read(args));
    }

    forward(...args: unknown[]): Tensor {
      const { input, indices, output_size = null } = forward_arguments.read(args);
      return unpool(input, indices, this.kernel_size, this.stride, this.padding, output_size);
    }
  };
  forward_reads(made, forward_arguments);
  return made as unknown as MaxUnpoolClass;
}

/**
 * Computes a partial inverse of {@link MaxPool1d}: puts each maximum where its index says, and zeros elsewhere. Mirrors
 * `torch.nn.MaxUnpool1d`.
 *
 * Shapes: input and indices `(N, C, L)` or `(C, L)`, as {@link MaxPool1d} returns them; output `(N, C, L_out)` or
 * `(C, L_out)` with `L_out = (L - 1) * stride - 2 * padding + kernel_size`, or the `output_size` of the call. The
 * output has the dtype of the input; the indices are int64. Dtypes: floating point.
 *
 * @param kernel_size - size of the windows
 * @param stride - step of the windows; default: `kernel_size`
 * @param padding - padding that the input of the pooling had; default 0
 * @throws Error on the call, when `output_size` cannot be reached, or when an index lies outside of the output
 * @example
 * ```ts
 * const pool = new nn.MaxPool1d(2, { return_indices: true });
 * const unpool = new nn.MaxUnpool1d(2);
 * const x = torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4);
 * const [output, indices] = pool(x);
 * print(unpool(output, indices));
 * ```
 * ```python
 * pool = nn.MaxPool1d(2, return_indices=True)
 * unpool = nn.MaxUnpool1d(2)
 * x = torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)
 * output, indices = pool(x)
 * print(unpool(output, indices))
 * ```
 */
export class MaxUnpool1d extends max_unpool_class(1, F.max_unpool1d) {}

/**
 * Computes a partial inverse of {@link MaxPool2d}: puts each maximum where its index says, and zeros elsewhere. Mirrors
 * `torch.nn.MaxUnpool2d`.
 *
 * Shapes: input and indices `(N, C, H, W)` or `(C, H, W)`, as {@link MaxPool2d} returns them; output
 * `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with `H_out = (H - 1) * stride - 2 * padding + kernel_size` and
 * likewise for the other dimensions, or the `output_size` of the call. The output has the dtype of the input; the
 * indices are int64. Dtypes: floating point.
 *
 * @param kernel_size - size of the windows; a number for all dimensions, or one for each
 * @param stride - step of the windows; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding that the input of the pooling had; a number for all dimensions, or one for each; default 0
 * @throws Error on the call, when `output_size` cannot be reached, or when an index lies outside of the output
 * @example
 * ```ts
 * const pool = new nn.MaxPool2d(2, { return_indices: true });
 * const unpool = new nn.MaxUnpool2d(2);
 * const x = torch.arange(16, { dtype: torch.float32 }).reshape(1, 1, 4, 4);
 * const [output, indices] = pool(x);
 * print(unpool(output, indices));
 * ```
 * ```python
 * pool = nn.MaxPool2d(2, return_indices=True)
 * unpool = nn.MaxUnpool2d(2)
 * x = torch.arange(16, dtype=torch.float32).reshape(1, 1, 4, 4)
 * output, indices = pool(x)
 * print(unpool(output, indices))
 * ```
 */
export class MaxUnpool2d extends max_unpool_class(2, F.max_unpool2d) {}

/**
 * Computes a partial inverse of {@link MaxPool3d}: puts each maximum where its index says, and zeros elsewhere. Mirrors
 * `torch.nn.MaxUnpool3d`.
 *
 * Shapes: input and indices `(N, C, D, H, W)` or `(C, D, H, W)`, as {@link MaxPool3d} returns them; output
 * `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)` with
 * `D_out = (D - 1) * stride - 2 * padding + kernel_size` and likewise for the other dimensions, or the `output_size` of
 * the call. The output has the dtype of the input; the indices are int64. Dtypes: floating point.
 *
 * @param kernel_size - size of the windows; a number for all dimensions, or one for each
 * @param stride - step of the windows; a number for all dimensions, or one for each; default: `kernel_size`
 * @param padding - padding that the input of the pooling had; a number for all dimensions, or one for each; default 0
 * @throws Error on the call, when `output_size` cannot be reached, or when an index lies outside of the output
 * @example
 * ```ts
 * const pool = new nn.MaxPool3d(2, { return_indices: true });
 * const unpool = new nn.MaxUnpool3d(2);
 * const x = torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2);
 * const [output, indices] = pool(x);
 * print(unpool(output, indices));
 * ```
 * ```python
 * pool = nn.MaxPool3d(2, return_indices=True)
 * unpool = nn.MaxUnpool3d(2)
 * x = torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)
 * output, indices = pool(x)
 * print(unpool(output, indices))
 * ```
 */
export class MaxUnpool3d extends max_unpool_class(3, F.max_unpool3d) {}

/**
 * What the fractional max pooling modules take by name; exactly one of `output_size` and `output_ratio` must be given.
 */
export interface FractionalMaxPoolModuleOptions<I extends boolean = boolean> {
  /** Size of the output. Default null. */
  output_size?: F.IntOrSize | null;
  /** Size of the output divided by that of the input, in (0, 1). Default null. */
  output_ratio?: F.IntOrSize | null;
  /** Return the indices of the maxima as well. Default false. */
  return_indices?: I;
  /** Numbers in [0, 1) of shape `(N, C, spatial dimensions)` that determine the positions of the windows. Default null: random. */
  _random_samples?: Tensor | null;
}

type FractionalArguments<I extends boolean> = Arguments<
  [
    kernel_size: F.IntOrSize,
    output_size?: F.IntOrSize | null,
    output_ratio?: F.IntOrSize | null,
    return_indices?: I,
    _random_samples?: Tensor | null,
  ],
  FractionalMaxPoolModuleOptions<I> & { kernel_size: F.IntOrSize },
  ['kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples']
>;

const FRACTIONAL_MAX_POOL = family<FractionalMaxPoolModuleOptions & { kernel_size: F.IntOrSize }>(
  ['FractionalMaxPool2d', 'FractionalMaxPool3d'],
  'kernel_size: int|int[], output_size?: int|int[]|None, ' +
    'output_ratio?: float|float[]|None, return_indices?: bool, _random_samples?: Tensor|None',
);

abstract class FractionalMaxPoolNd<I extends boolean> extends Module {
  declare kernel_size: readonly number[];
  declare return_indices: boolean;
  declare _random_samples: Tensor | null;
  declare output_size: readonly number[] | null;
  declare output_ratio: readonly number[] | null;

  constructor(dimensions: number, options: FractionalMaxPoolModuleOptions & { kernel_size: F.IntOrSize }) {
    super();
    const name = this._get_name();
    const { kernel_size, output_size = null, output_ratio = null, return_indices = false } = options;
    this.kernel_size = ntuple(kernel_size, dimensions);
    if (dimensions === 3 && this.kernel_size.some((size) => size <= 0)) {
      throw new Error(`kernel_size must be greater than 0, but got ${python_size(kernel_size)}`);
    }
    this.return_indices = return_indices;
    this.register_buffer('_random_samples', options._random_samples ?? null);
    this.output_size = output_size === null ? null : ntuple(output_size, dimensions);
    this.output_ratio = output_ratio === null ? null : ntuple(output_ratio, dimensions);
    if (output_size === null && output_ratio === null) {
      throw new Error(`${name} requires specifying either an output size, or a pooling ratio`);
    }
    if (output_size !== null && output_ratio !== null) {
      throw new Error('only one of output_size and output_ratio may be specified');
    }
    if (this.output_ratio?.some((ratio) => !(ratio > 0 && ratio < 1))) {
      throw new Error(`output_ratio must be between 0 and 1 (got ${python_size(output_ratio!)})`);
    }
  }

  /** Applies a pooling function. */
  protected pooled(pool: F.FractionalMaxPoolFunction, input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    return pool(input, { kernel_size, output_size, output_ratio, return_indices, _random_samples }) as MaxPoolOutput<I>;
  }
}

/**
 * Takes the maximum of windows of images whose positions are drawn at random such that the output has a given size or
 * ratio to the input; the ratio of the sizes need not be an integer. Mirrors `torch.nn.FractionalMaxPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with the sizes of
 * `output_size`, or `floor(H * output_ratio)` and likewise for the other dimensions; with `return_indices` a pair of
 * the output and the indices of the maxima, int64 of the same shape. The output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param kernel_size - size of the windows; a number for all dimensions, or one for each
 * @param output_size - size of the output; a number for all dimensions, or one for each; default null
 * @param output_ratio - size of the output divided by that of the input, between 0 and 1; a number for all dimensions,
 *   or one for each; default null
 * @param return_indices - return the indices of the maxima as well; default false
 * @param _random_samples - numbers in [0, 1) of shape `(N, C, 2)` that determine the positions of the windows; default
 *   null: drawn on each call
 * @throws Error unless exactly one of `output_size` and `output_ratio` is given, or when a ratio is not between 0 and 1
 * @example
 * ```ts
 * const pool = new nn.FractionalMaxPool2d(2, { output_size: 2 });
 * print(pool(torch.arange(25, { dtype: torch.float32 }).reshape(1, 1, 5, 5)));
 * ```
 * ```python
 * pool = nn.FractionalMaxPool2d(2, output_size=2)
 * print(pool(torch.arange(25, dtype=torch.float32).reshape(1, 1, 5, 5)))
 * ```
 */
export class FractionalMaxPool2d<I extends boolean = false> extends FractionalMaxPoolNd<I> {
  constructor(...args: FractionalArguments<I>);
  constructor(...args: unknown[]) {
    super(2, FRACTIONAL_MAX_POOL.read(new.target, args));
  }

  forward(input: Tensor): MaxPoolOutput<I> {
    return this.pooled(F.fractional_max_pool2d, input);
  }
}

/**
 * Takes the maximum of windows of volumes whose positions are drawn at random such that the output has a given size or
 * ratio to the input; the ratio of the sizes need not be an integer. Mirrors `torch.nn.FractionalMaxPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with the sizes of `output_size`, or `floor(D * output_ratio)` and likewise for the other dimensions; with
 * `return_indices` a pair of the output and the indices of the maxima, int64 of the same shape. The output has the
 * dtype of the input. Dtypes: floating point.
 *
 * @param kernel_size - size of the windows; a number for all dimensions, or one for each
 * @param output_size - size of the output; a number for all dimensions, or one for each; default null
 * @param output_ratio - size of the output divided by that of the input, between 0 and 1; a number for all dimensions,
 *   or one for each; default null
 * @param return_indices - return the indices of the maxima as well; default false
 * @param _random_samples - numbers in [0, 1) of shape `(N, C, 3)` that determine the positions of the windows; default
 *   null: drawn on each call
 * @throws Error unless exactly one of `output_size` and `output_ratio` is given, or when a ratio is not between 0 and 1
 * @example
 * ```ts
 * const pool = new nn.FractionalMaxPool3d(2, { output_size: 2 });
 * print(pool(torch.arange(64, { dtype: torch.float32 }).reshape(1, 1, 4, 4, 4)));
 * ```
 * ```python
 * pool = nn.FractionalMaxPool3d(2, output_size=2)
 * print(pool(torch.arange(64, dtype=torch.float32).reshape(1, 1, 4, 4, 4)))
 * ```
 */
export class FractionalMaxPool3d<I extends boolean = false> extends FractionalMaxPoolNd<I> {
  constructor(...args: FractionalArguments<I>);
  constructor(...args: unknown[]) {
    super(3, FRACTIONAL_MAX_POOL.read(new.target, args));
  }

  forward(input: Tensor): MaxPoolOutput<I> {
    return this.pooled(F.fractional_max_pool3d, input);
  }
}

/** What a power-average pooling module must be given. */
export interface LPPoolSizes {
  /** Order of the norm. */
  norm_type: number;
  /** Size of the window. */
  kernel_size: F.IntOrSize;
}

abstract class LPPoolNd extends Module {
  declare norm_type: number;
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize | null;
  declare ceil_mode: boolean;

  constructor({ norm_type, kernel_size, stride = null, ceil_mode = false }: F.LPPoolOptions & LPPoolSizes) {
    super();
    this.norm_type = norm_type;
    this.kernel_size = kernel_size;
    this.stride = stride;
    this.ceil_mode = ceil_mode;
  }

  override extra_repr(): string {
    return (
      `norm_type=${python_float(this.norm_type)}, kernel_size=${python_size(this.kernel_size)}, ` +
      `stride=${python_size(this.stride)}, ceil_mode=${python_bool(this.ceil_mode)}`
    );
  }
}

interface LPPool extends LPPoolNd {
  forward(input: Tensor): Tensor;
}

type LPPoolClass = new (
  ...args: Arguments<
    [norm_type: number, kernel_size: F.IntOrSize, stride?: F.IntOrSize | null, ceil_mode?: boolean],
    F.LPPoolOptions & LPPoolSizes,
    ['norm_type', 'kernel_size', 'stride', 'ceil_mode']
  >
) => LPPool;

function lp_pool_class(dimensions: number, pool: F.LPPoolFunction): LPPoolClass {
  const takes = signature<F.LPPoolOptions & LPPoolSizes>(
    `LPPool${dimensions}d`,
    'norm_type: float, kernel_size: int|int[], stride?: int|int[]|None, ceil_mode?: bool',
  );
  const made = class extends LPPoolNd {
    constructor(...args: unknown[]) {
      super(takes.read(args));
    }

    forward(input: Tensor): Tensor {
      // Python raises to a float here, which makes floating point numbers of integers; an infinite norm takes the maximum.
      const raised = this.norm_type !== Infinity && !input.is_floating_point() && !input.is_complex();
      const given = raised ? input.to(get_default_dtype()) : input;
      return pool(given, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
    }
  };
  forward_takes(made, 'input: Tensor', `LPPool${dimensions}d.forward`);
  return made as unknown as LPPoolClass;
}

/**
 * Takes the power-average of each window of sequences: `y = (sum_(x in window) x^p)^(1/p)` with `p = norm_type`. With
 * `p = 1` it is the sum; as `p` grows it approaches the maximum. Mirrors `torch.nn.LPPool1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with
 * `L_out = floor((L - kernel_size) / stride + 1)`. The output has the dtype of the input, or the default dtype when
 * that is integral or bool. Where the sum of the powers is zero, the gradient is set to zero. Dtypes: floating point,
 * integers and bool.
 *
 * @param norm_type - the exponent `p`, not 0
 * @param kernel_size - size of the window
 * @param stride - step of the window; default: `kernel_size`
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty
 * @example
 * ```ts
 * const pool = new nn.LPPool1d(2, 2, { stride: 1 });
 * print(pool(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * pool = nn.LPPool1d(2, 2, stride=1)
 * print(pool(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class LPPool1d extends lp_pool_class(1, F.lp_pool1d) {}

/**
 * Takes the power-average of each window of images: `y = (sum_(x in window) x^p)^(1/p)` with `p = norm_type`. With
 * `p = 1` it is the sum; as `p` grows it approaches the maximum. Mirrors `torch.nn.LPPool2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `H_out = floor((H - kernel_size) / stride + 1)` and likewise for the other dimensions. The output has the dtype of
 * the input, or the default dtype when that is integral or bool. Where the sum of the powers is zero, the gradient is
 * set to zero. Dtypes: floating point, integers and bool.
 *
 * @param norm_type - the exponent `p`, not 0
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty
 * @example
 * ```ts
 * const pool = new nn.LPPool2d(2, 2, { stride: 1 });
 * print(pool(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * pool = nn.LPPool2d(2, 2, stride=1)
 * print(pool(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class LPPool2d extends lp_pool_class(2, F.lp_pool2d) {}

/**
 * Takes the power-average of each window of volumes: `y = (sum_(x in window) x^p)^(1/p)` with `p = norm_type`. With
 * `p = 1` it is the sum; as `p` grows it approaches the maximum. Mirrors `torch.nn.LPPool3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `D_out = floor((D - kernel_size) / stride + 1)` and likewise for the other dimensions. The output has the dtype
 * of the input, or the default dtype when that is integral or bool. Where the sum of the powers is zero, the gradient
 * is set to zero. Dtypes: integers, float32, float64 and bool.
 *
 * @param norm_type - the exponent `p`, not 0
 * @param kernel_size - size of the window; a number for all dimensions, or one for each
 * @param stride - step of the window; a number for all dimensions, or one for each; default: `kernel_size`
 * @param ceil_mode - round the output size up instead of down; default false
 * @throws Error on the call, when the output would be empty
 * @example
 * ```ts
 * const pool = new nn.LPPool3d(2, 2, { stride: 1 });
 * print(pool(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)));
 * ```
 * ```python
 * pool = nn.LPPool3d(2, 2, stride=1)
 * print(pool(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)))
 * ```
 */
export class LPPool3d extends lp_pool_class(3, F.lp_pool3d) {}

for (const module of [
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  FractionalMaxPool2d,
  FractionalMaxPool3d,
])
  forward_takes(module, 'input: Tensor');
