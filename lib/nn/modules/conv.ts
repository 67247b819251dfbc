import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { ntuple, type FactoryOptions } from '../../_internal/arguments.js';
import { family, forward_reads, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { kaiming_uniform_ } from '../init.js';
import { init_bias, type HasBias } from './linear.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_int, python_size, text_or_kind } from '../../_internal/representation.js';
import { method_signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/**
 * How the borders of the input are padded: with zeros, its reflection, its outermost values, or the values of the other
 * end.
 */
export type ConvPaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

/** What the convolution modules take by name. */
export interface ConvOptions extends FactoryOptions {
  /** Step of the kernel. Default 1. */
  stride?: F.IntOrSize;
  /**
   * Padding on both sides; or `'valid'` for none, or `'same'` for an output of the size of the input. Default 0.
   */
  padding?: F.IntOrSize | 'same' | 'valid';
  /** Distance between the elements of the kernel. Default 1. */
  dilation?: F.IntOrSize;
  /** Number of groups of channels that are convolved separately. Default 1. */
  groups?: number;
  /** Learn a bias. Default true. */
  bias?: boolean;
  /** How the borders are padded. Default `'zeros'`. */
  padding_mode?: ConvPaddingMode;
}

/** What the transposed convolution modules take by name. */
export interface ConvTransposeOptions extends FactoryOptions {
  /** Step of the kernel in the output. Default 1. */
  stride?: F.IntOrSize;
  /** What is removed from both sides of the output. Default 0. */
  padding?: F.IntOrSize;
  /** Added to one side of the output. Default 0. */
  output_padding?: F.IntOrSize;
  /** Number of groups of channels that are convolved separately. Default 1. */
  groups?: number;
  /** Learn a bias. Default true. */
  bias?: boolean;
  /** Distance between the elements of the kernel. Default 1. */
  dilation?: F.IntOrSize;
  /** Only `'zeros'`. */
  padding_mode?: 'zeros';
}

/** What a convolution module must be given. */
export interface ConvSizes {
  /** Channels of the input. */
  in_channels: number;
  /** Channels of the output. */
  out_channels: number;
  /** Size of the kernel; a number for all dimensions, or one for each. */
  kernel_size: F.IntOrSize;
}

/** What convolutions take. */
export type ConvArguments = Arguments<
  [
    in_channels: number,
    out_channels: number,
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize,
    padding?: F.IntOrSize | 'same' | 'valid',
    dilation?: F.IntOrSize,
    groups?: number,
    bias?: boolean,
    padding_mode?: ConvPaddingMode,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  ConvSizes & ConvOptions,
  [
    'in_channels',
    'out_channels',
    'kernel_size',
    'stride',
    'padding',
    'dilation',
    'groups',
    'bias',
    'padding_mode',
    'device',
    'dtype',
  ]
>;

/** What transposed convolutions take. */
export type ConvTransposeArguments = Arguments<
  [
    in_channels: number,
    out_channels: number,
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize,
    padding?: F.IntOrSize,
    output_padding?: F.IntOrSize,
    groups?: number,
    bias?: boolean,
    dilation?: F.IntOrSize,
    padding_mode?: 'zeros',
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  ConvSizes & ConvTransposeOptions,
  [
    'in_channels',
    'out_channels',
    'kernel_size',
    'stride',
    'padding',
    'output_padding',
    'groups',
    'bias',
    'dilation',
    'padding_mode',
    'device',
    'dtype',
  ]
>;

const CHANNELS = 'in_channels: int, out_channels: int, ';
/** @internal */
export const CONV_TEXT =
  'kernel_size: int|int[], stride?: int|int[], padding?: int|int[]|str, dilation?: int|int[], ' +
  'groups?: int, ' +
  'bias?: bool, padding_mode?: str, device?: device|None, dtype?: dtype|None';
/** @internal */
export const CONV_TRANSPOSE_TEXT =
  'kernel_size: int|int[], stride?: int|int[], padding?: int|int[], output_padding?: int|int[], ' +
  'groups?: int, bias?: bool, dilation?: int|int[], padding_mode?: str, device?: device|None, dtype?: dtype|None';
const CONV = family<ConvSizes & ConvOptions>(['Conv1d', 'Conv2d', 'Conv3d'], CHANNELS + CONV_TEXT);
const CONV_TRANSPOSE = family<ConvSizes & ConvTransposeOptions>(
  ['ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'],
  CHANNELS + CONV_TRANSPOSE_TEXT,
);

const PADDING_MODES: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular'];

export interface ConvNd extends HasBias {}

/**
 * What all convolutions share. Mirrors `torch.nn.modules.conv._ConvNd`.
 *
 * @example
 * ```ts
 * print(new nn.Conv2d(1, 2, 3) instanceof nn.modules.conv._ConvNd);
 * ```
 * ```python
 * print(isinstance(nn.Conv2d(1, 2, 3), nn.modules.conv._ConvNd))
 * ```
 */
export abstract class ConvNd extends Module {
  declare in_channels: number;
  declare out_channels: number;
  declare kernel_size: readonly number[];
  declare stride: readonly number[];
  declare padding: readonly number[] | 'same' | 'valid';
  declare dilation: readonly number[];
  declare transposed: boolean;
  declare output_padding: readonly number[];
  declare groups: number;
  declare padding_mode: ConvPaddingMode;
  /** The padding as `F.pad` takes it. */
  declare _reversed_padding_repeated_twice: readonly number[];
  declare weight: Parameter;

  constructor(
    dimensions: number,
    transposed: boolean,
    options: ConvSizes & ConvOptions & { output_padding?: F.IntOrSize },
  ) {
    super();
    const {
      in_channels,
      out_channels,
      groups = 1,
      bias = true,
      padding_mode = 'zeros',
      device = null,
      dtype = null,
    } = options;
    const { padding = 0, output_padding = 0 } = options;
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = ntuple(options.kernel_size, dimensions);
    this.stride = ntuple(options.stride ?? 1, dimensions);
    this.padding = typeof padding === 'string' ? padding : ntuple(padding, dimensions);
    this.dilation = ntuple(options.dilation ?? 1, dimensions);
    this.transposed = transposed;
    this.output_padding = ntuple(output_padding, dimensions);
    this.groups = groups;
    this.padding_mode = padding_mode;
    check_convolution(this);
    this._reversed_padding_repeated_twice = reversed_padding(this);
    const channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
    this.weight = new Parameter(ops.empty([...channels, ...this.kernel_size], { device, dtype }));
    this.bias = bias ? new Parameter(ops.empty([out_channels], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the parameters, from `U(-sqrt(k), sqrt(k))` with `k = 1 / fan_in` of the weight. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    kaiming_uniform_(this.weight, Math.sqrt(5));
    init_bias(this.weight, this.bias);
  }

  override extra_repr(): string {
    let text =
      `${python_int(this.in_channels)}, ${python_int(this.out_channels)}, ` +
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}`;
    const { padding, dilation, output_padding } = this;
    if (typeof padding === 'string' || padding.some((size) => size !== 0)) text += `, padding=${python_size(padding)}`;
    if (dilation.some((size) => size !== 1)) text += `, dilation=${python_size(dilation)}`;
    if (output_padding.some((size) => size !== 0)) text += `, output_padding=${python_size(output_padding)}`;
    if (this.groups !== 1) text += `, groups=${python_int(this.groups)}`;
    if (this.bias === null) text += ', bias=False';
    if (this.padding_mode !== 'zeros') text += `, padding_mode=${this.padding_mode}`;
    return text;
  }

  /** Returns the input, padded unless with zeros, and the padding that the kernel applies. @internal */
  _padded(input: Tensor): [input: Tensor, padding: readonly number[] | 'same' | 'valid'] {
    if (this.padding_mode === 'zeros') return [input, this.padding];
    const bordered = F.pad(input, this._reversed_padding_repeated_twice, { mode: this.padding_mode });
    return [bordered, ntuple(0, this.kernel_size.length)];
  }
}

function check_convolution(conv: ConvNd): void {
  const { groups, in_channels, out_channels, padding, stride, padding_mode } = conv;
  if (groups <= 0) throw new Error('groups must be a positive integer');
  if (in_channels % groups !== 0) throw new Error('in_channels must be divisible by groups');
  if (out_channels % groups !== 0) throw new Error('out_channels must be divisible by groups');
  if (typeof padding === 'string' && padding !== 'same' && padding !== 'valid') {
    throw new Error(`Invalid padding string '${text_or_kind(padding)}', should be one of {'same', 'valid'}`);
  }
  if (padding === 'same' && stride.some((step) => step !== 1)) {
    throw new Error("padding='same' is not supported for strided convolutions");
  }
  if (!PADDING_MODES.includes(padding_mode)) {
    throw new Error(
      `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, ` +
        `but got padding_mode='${padding_mode}'`,
    );
  }
}

function reversed_padding({ padding, dilation, kernel_size }: ConvNd): number[] {
  if (padding === 'valid') return kernel_size.flatMap(() => [0, 0]);
  if (padding !== 'same') return [...padding].reverse().flatMap((size) => [size, size]);
  const sides = kernel_size.map((size, d) => {
    const total = dilation[d]! * (size - 1);
    const left = Math.floor(total / 2);
    return [left, total - left];
  });
  return sides.reverse().flat();
}

/**
 * Applies a 1D convolution, more exactly a cross-correlation, to sequences of several channels:
 * `y[n, c] = bias[c] + sum_k weight[c, k] * x[n, k]`, where `*` is the 1D cross-correlation and `k` runs over the input
 * channels of the group of `c`. Mirrors `torch.nn.Conv1d`.
 *
 * Shapes: input `(N, in_channels, L)` or `(in_channels, L)`, output `(N, out_channels, L_out)` or
 * `(out_channels, L_out)` with `L_out = floor((L + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)`.
 * Parameters: `weight` `(out_channels, in_channels / groups, *kernel_size)` and `bias` `(out_channels)`, both
 * initialized from `U(-sqrt(k), sqrt(k))` with `k = groups / (in_channels * prod(kernel_size))`. The input has the
 * dtype of the parameters. Dtypes: floating point and complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - step of the kernel; default 1
 * @param padding - padding on both sides; or `'valid'` for none, or `'same'` for an output of the size of the input,
 *   with stride 1 only; default 0
 * @param dilation - distance between the elements of the kernel; default 1
 * @param groups - number of groups of channels that are convolved separately; it divides both numbers of channels;
 *   default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for an unknown `padding` or `padding_mode`; on the call,
 *   when the input does not have `in_channels` channels or is smaller than the kernel
 * @example
 * ```ts
 * const conv = new nn.Conv1d(2, 3, 3, { padding: 1, stride: 2 });
 * const y = conv(torch.randn(1, 2, 5));
 * print(y);
 * print(conv.weight.shape);
 * ```
 * ```python
 * conv = nn.Conv1d(2, 3, 3, padding=1, stride=2)
 * y = conv(torch.randn(1, 2, 5))
 * print(y)
 * print(conv.weight.shape)
 * ```
 */
export class Conv1d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(1, false, CONV.read(new.target, args));
  }

  forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight, this.bias);
  }

  /** The convolution with another weight and bias. Mirrors `Conv1d._conv_forward`. */
  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    const [image, padding] = this._padded(input);
    const { stride, dilation, groups } = this;
    return typeof padding === 'string'
      ? F.conv1d(image, weight, bias, stride, padding, dilation, groups)
      : F.conv1d(image, weight, bias, stride, padding, dilation, groups);
  }
}

/**
 * Applies a 2D convolution, more exactly a cross-correlation, to images of several channels:
 * `y[n, c] = bias[c] + sum_k weight[c, k] * x[n, k]`, where `*` is the 2D cross-correlation and `k` runs over the input
 * channels of the group of `c`. Mirrors `torch.nn.Conv2d`.
 *
 * Shapes: input `(N, in_channels, H, W)` or `(in_channels, H, W)`, output `(N, out_channels, H_out, W_out)` or
 * `(out_channels, H_out, W_out)` with
 * `H_out = floor((H + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)` and likewise for the other
 * dimensions. Parameters: `weight` `(out_channels, in_channels / groups, *kernel_size)` and `bias` `(out_channels)`,
 * both initialized from `U(-sqrt(k), sqrt(k))` with `k = groups / (in_channels * prod(kernel_size))`. The input has the
 * dtype of the parameters. Dtypes: floating point and complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel; a number for all dimensions, or one for each
 * @param stride - step of the kernel; a number for all dimensions, or one for each; default 1
 * @param padding - padding on both sides; a number for all dimensions, or one for each; or `'valid'` for none, or
 *   `'same'` for an output of the size of the input, with stride 1 only; default 0
 * @param dilation - distance between the elements of the kernel; a number for all dimensions, or one for each; default
 *   1
 * @param groups - number of groups of channels that are convolved separately; it divides both numbers of channels;
 *   default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for an unknown `padding` or `padding_mode`; on the call,
 *   when the input does not have `in_channels` channels or is smaller than the kernel
 * @example
 * ```ts
 * const conv = new nn.Conv2d(1, 2, 3, { padding: 1, stride: 2 });
 * const y = conv(torch.randn(1, 1, 4, 4));
 * print(y);
 * print(conv.weight.shape);
 * ```
 * ```python
 * conv = nn.Conv2d(1, 2, 3, padding=1, stride=2)
 * y = conv(torch.randn(1, 1, 4, 4))
 * print(y)
 * print(conv.weight.shape)
 * ```
 */
export class Conv2d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(2, false, CONV.read(new.target, args));
  }

  forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight, this.bias);
  }

  /** The convolution with another weight and bias. Mirrors `Conv2d._conv_forward`. */
  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    const [image, padding] = this._padded(input);
    const { stride, dilation, groups } = this;
    return typeof padding === 'string'
      ? F.conv2d(image, weight, bias, stride, padding, dilation, groups)
      : F.conv2d(image, weight, bias, stride, padding, dilation, groups);
  }
}

/**
 * Applies a 3D convolution, more exactly a cross-correlation, to volumes of several channels:
 * `y[n, c] = bias[c] + sum_k weight[c, k] * x[n, k]`, where `*` is the 3D cross-correlation and `k` runs over the input
 * channels of the group of `c`. Mirrors `torch.nn.Conv3d`.
 *
 * Shapes: input `(N, in_channels, D, H, W)` or `(in_channels, D, H, W)`, output
 * `(N, out_channels, D_out, H_out, W_out)` or `(out_channels, D_out, H_out, W_out)` with
 * `D_out = floor((D + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)` and likewise for the other
 * dimensions. Parameters: `weight` `(out_channels, in_channels / groups, *kernel_size)` and `bias` `(out_channels)`,
 * both initialized from `U(-sqrt(k), sqrt(k))` with `k = groups / (in_channels * prod(kernel_size))`. The input has the
 * dtype of the parameters. Dtypes: floating point and complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel; a number for all dimensions, or one for each
 * @param stride - step of the kernel; a number for all dimensions, or one for each; default 1
 * @param padding - padding on both sides; a number for all dimensions, or one for each; or `'valid'` for none, or
 *   `'same'` for an output of the size of the input, with stride 1 only; default 0
 * @param dilation - distance between the elements of the kernel; a number for all dimensions, or one for each; default
 *   1
 * @param groups - number of groups of channels that are convolved separately; it divides both numbers of channels;
 *   default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for an unknown `padding` or `padding_mode`; on the call,
 *   when the input does not have `in_channels` channels or is smaller than the kernel
 * @example
 * ```ts
 * const conv = new nn.Conv3d(1, 2, 2, { padding: 1, stride: 2 });
 * const y = conv(torch.randn(1, 1, 3, 3, 3));
 * print(y.shape);
 * print(conv.weight.shape);
 * ```
 * ```python
 * conv = nn.Conv3d(1, 2, 2, padding=1, stride=2)
 * y = conv(torch.randn(1, 1, 3, 3, 3))
 * print(y.shape)
 * print(conv.weight.shape)
 * ```
 */
export class Conv3d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(3, false, CONV.read(new.target, args));
  }

  forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight, this.bias);
  }

  /** The convolution with another weight and bias. Mirrors `Conv3d._conv_forward`. */
  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    const [image, padding] = this._padded(input);
    const { stride, dilation, groups } = this;
    return typeof padding === 'string'
      ? F.conv3d(image, weight, bias, stride, padding, dilation, groups)
      : F.conv3d(image, weight, bias, stride, padding, dilation, groups);
  }
}

interface TransposedInput {
  input: Tensor;
  output_size?: readonly number[] | null;
}

type TransposedArguments = Arguments<
  [input: Tensor, output_size?: readonly number[] | null],
  TransposedInput,
  ['input', 'output_size']
>;

/**
 * What the transposed convolution modules have in common. Mirrors `torch.nn.modules.conv._ConvTransposeNd`.
 *
 * @example
 * ```ts
 * print(new nn.Conv2d(1, 2, 3) instanceof nn.modules.conv._ConvTransposeNd);
 * ```
 * ```python
 * print(isinstance(nn.Conv2d(1, 2, 3), nn.modules.conv._ConvTransposeNd))
 * ```
 */
export abstract class ConvTransposeNd extends ConvNd {
  declare padding: readonly number[];

  constructor(dimensions: number, options: ConvSizes & ConvTransposeOptions) {
    if ((options.padding_mode ?? 'zeros') !== 'zeros') {
      throw new Error(`Only "zeros" padding mode is supported for ${new.target.name}`);
    }
    super(dimensions, true, options);
  }

  /** Returns the `output_padding` that leads to the requested output size. */
  protected padding_for({ input, output_size = null }: TransposedInput): readonly number[] {
    if (output_size === null) return this.output_padding;
    const spatial = this.kernel_size.length;
    const sizes = input.shape;
    const leading = sizes.length === spatial + 2 ? 2 : 1;
    const wanted = output_size.length === leading + spatial ? output_size.slice(leading) : output_size;
    if (wanted.length !== spatial) {
      throw new Error(
        `ConvTranspose${spatial}D: for ${sizes.length}D input, output_size must have ${spatial} or ` +
          `${leading + spatial} elements (got ${output_size.length})`,
      );
    }
    const smallest = this.kernel_size.map(
      (size, d) =>
        (sizes[d + leading]! - 1) * this.stride[d]! - 2 * this.padding[d]! + this.dilation[d]! * (size - 1) + 1,
    );
    const largest = smallest.map((size, d) => size + this.stride[d]! - 1);
    if (wanted.some((size, d) => size < smallest[d]! || size > largest[d]!)) {
      throw new Error(
        `requested an output size of [${wanted.join(', ')}], but valid sizes range from ` +
          `[${smallest.join(', ')}] to [${largest.join(', ')}] (for an input of ` +
          `torch.Size([${sizes.slice(2).join(', ')}]))`,
      );
    }
    return wanted.map((size, d) => size - smallest[d]!);
  }
}

/**
 * Applies a 1D transposed convolution to sequences of several channels: the gradient of {@link Conv1d} with respect to
 * its input. Each input element adds the kernel, times its value, to the output:
 * `y[s * stride + t * dilation - padding] += x[s] * weight[t]`. Mirrors `torch.nn.ConvTranspose1d`.
 *
 * Shapes: input `(N, in_channels, L)` or `(in_channels, L)`, output `(N, out_channels, L_out)` or
 * `(out_channels, L_out)` with
 * `L_out = (L - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1`. Parameters: `weight`
 * `(in_channels, out_channels / groups, *kernel_size)` and `bias` `(out_channels)`, both initialized from
 * `U(-sqrt(k), sqrt(k))` with `k = groups / (out_channels * prod(kernel_size))`. The input has the dtype of the
 * parameters. The call takes `output_size`, the size of the output, as a second argument instead of `output_padding`.
 * Dtypes: floating point and complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - step of the kernel in the output; default 1
 * @param padding - what is removed from both sides of the output; default 0
 * @param output_padding - what is added to one side of the output; default 0
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param dilation - distance between the elements of the kernel; default 1
 * @param padding_mode - only `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for another `padding_mode`; on the call, when
 *   `output_size` cannot be reached
 * @example
 * ```ts
 * const upsample = new nn.ConvTranspose1d(2, 1, 3, { stride: 2, padding: 1 });
 * const x = torch.randn(1, 2, 2);
 * print(upsample(x));
 * print(upsample(x, [4]).shape);
 * ```
 * ```python
 * upsample = nn.ConvTranspose1d(2, 1, 3, stride=2, padding=1)
 * x = torch.randn(1, 2, 2)
 * print(upsample(x))
 * print(upsample(x, output_size=[4]).shape)
 * ```
 */
export class ConvTranspose1d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(1, CONV_TRANSPOSE.read(new.target, args));
  }

  forward(...args: TransposedArguments): Tensor;
  forward(...args: unknown[]): Tensor {
    const given = TRANSPOSED[0]!.read(args);
    const { weight, bias, stride, padding, groups, dilation } = this;
    const output_padding = this.padding_for(given);
    return F.conv_transpose1d(given.input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

/**
 * Applies a 2D transposed convolution to images of several channels: the gradient of {@link Conv2d} with respect to its
 * input. Each input element adds the kernel, times its value, to the output:
 * `y[s * stride + t * dilation - padding] += x[s] * weight[t]`. Mirrors `torch.nn.ConvTranspose2d`.
 *
 * Shapes: input `(N, in_channels, H, W)` or `(in_channels, H, W)`, output `(N, out_channels, H_out, W_out)` or
 * `(out_channels, H_out, W_out)` with
 * `H_out = (H - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1` and likewise for the
 * other dimensions. Parameters: `weight` `(in_channels, out_channels / groups, *kernel_size)` and `bias`
 * `(out_channels)`, both initialized from `U(-sqrt(k), sqrt(k))` with
 * `k = groups / (out_channels * prod(kernel_size))`. The input has the dtype of the parameters. The call takes
 * `output_size`, the size of the output, as a second argument instead of `output_padding`. Dtypes: floating point and
 * complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel; a number for all dimensions, or one for each
 * @param stride - step of the kernel in the output; a number for all dimensions, or one for each; default 1
 * @param padding - what is removed from both sides of the output; a number for all dimensions, or one for each; default
 *   0
 * @param output_padding - what is added to one side of the output; a number for all dimensions, or one for each;
 *   default 0
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param dilation - distance between the elements of the kernel; a number for all dimensions, or one for each; default
 *   1
 * @param padding_mode - only `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for another `padding_mode`; on the call, when
 *   `output_size` cannot be reached
 * @example
 * ```ts
 * const upsample = new nn.ConvTranspose2d(2, 1, 3, { stride: 2, padding: 1 });
 * const x = torch.randn(1, 2, 2, 2);
 * print(upsample(x).shape);
 * print(upsample(x, [4, 4]).shape);
 * ```
 * ```python
 * upsample = nn.ConvTranspose2d(2, 1, 3, stride=2, padding=1)
 * x = torch.randn(1, 2, 2, 2)
 * print(upsample(x).shape)
 * print(upsample(x, output_size=[4, 4]).shape)
 * ```
 */
export class ConvTranspose2d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(2, CONV_TRANSPOSE.read(new.target, args));
  }

  forward(...args: TransposedArguments): Tensor;
  forward(...args: unknown[]): Tensor {
    const given = TRANSPOSED[1]!.read(args);
    const { weight, bias, stride, padding, groups, dilation } = this;
    const output_padding = this.padding_for(given);
    return F.conv_transpose2d(given.input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

/**
 * Applies a 3D transposed convolution to volumes of several channels: the gradient of {@link Conv3d} with respect to
 * its input. Each input element adds the kernel, times its value, to the output:
 * `y[s * stride + t * dilation - padding] += x[s] * weight[t]`. Mirrors `torch.nn.ConvTranspose3d`.
 *
 * Shapes: input `(N, in_channels, D, H, W)` or `(in_channels, D, H, W)`, output
 * `(N, out_channels, D_out, H_out, W_out)` or `(out_channels, D_out, H_out, W_out)` with
 * `D_out = (D - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1` and likewise for the
 * other dimensions. Parameters: `weight` `(in_channels, out_channels / groups, *kernel_size)` and `bias`
 * `(out_channels)`, both initialized from `U(-sqrt(k), sqrt(k))` with
 * `k = groups / (out_channels * prod(kernel_size))`. The input has the dtype of the parameters. The call takes
 * `output_size`, the size of the output, as a second argument instead of `output_padding`. Dtypes: floating point and
 * complex.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel; a number for all dimensions, or one for each
 * @param stride - step of the kernel in the output; a number for all dimensions, or one for each; default 1
 * @param padding - what is removed from both sides of the output; a number for all dimensions, or one for each; default
 *   0
 * @param output_padding - what is added to one side of the output; a number for all dimensions, or one for each;
 *   default 0
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param dilation - distance between the elements of the kernel; a number for all dimensions, or one for each; default
 *   1
 * @param padding_mode - only `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `groups` does not divide the channels, or for another `padding_mode`; on the call, when
 *   `output_size` cannot be reached
 * @example
 * ```ts
 * const upsample = new nn.ConvTranspose3d(2, 1, 3, { stride: 2, padding: 1 });
 * const x = torch.randn(1, 2, 2, 2, 2);
 * print(upsample(x).shape);
 * print(upsample(x, [4, 4, 4]).shape);
 * ```
 * ```python
 * upsample = nn.ConvTranspose3d(2, 1, 3, stride=2, padding=1)
 * x = torch.randn(1, 2, 2, 2, 2)
 * print(upsample(x).shape)
 * print(upsample(x, output_size=[4, 4, 4]).shape)
 * ```
 */
export class ConvTranspose3d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(3, CONV_TRANSPOSE.read(new.target, args));
  }

  forward(...args: TransposedArguments): Tensor;
  forward(...args: unknown[]): Tensor {
    const given = TRANSPOSED[2]!.read(args);
    const { weight, bias, stride, padding, groups, dilation } = this;
    const output_padding = this.padding_for(given);
    return F.conv_transpose3d(given.input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

const TRANSPOSED = [1, 2, 3].map((d) =>
  method_signature<TransposedInput>(`ConvTranspose${d}d.forward`, 'input: Tensor, output_size?: int[]|None'),
);
for (const module of [Conv1d, Conv2d, Conv3d]) forward_takes(module, 'input: Tensor');
[ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].forEach((module, i) => forward_reads(module, TRANSPOSED[i]!));
