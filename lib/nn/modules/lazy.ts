/** Modules that infer the number of their input features at the first call. */
import { no_grad } from '../../autograd/grad_mode.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  no_batches,
  NORM_FACTORY_TEXT,
  NORM_TEXT,
  type NormBase,
  type NormOptions,
} from './batchnorm.js';
import {
  Conv1d,
  Conv2d,
  Conv3d,
  CONV_TEXT,
  CONV_TRANSPOSE_TEXT,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvNd,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvTransposeOptions,
} from './conv.js';
import type { IntOrSize } from '../functional/index.js';
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './instancenorm.js';
import { LazyModuleMixin, type LazyModule } from './lazy_module.js';
import { Linear, type LinearOptions } from './linear.js';
import type { Module } from './module.js';
import { is_lazy, UninitializedBuffer, UninitializedParameter } from '../uninitialized.js';
import {
  method_signature,
  signature,
  type Arguments,
  type Signature,
  no_arguments,
} from '../../_internal/signature.js';

// ---- Linear -------------------------------------------------------------------------------------

/**
 * Applies an affine transformation, as {@link Linear} does, and infers `in_features` from the first input:
 * `y = x A^T + b`. At the first call it initializes its parameters and becomes a {@link Linear}. Mirrors
 * `torch.nn.LazyLinear`.
 *
 * Shapes: input `(*, in_features)`, output `(*, out_features)`. Parameters: as for {@link Linear}; until the first call
 * they are {@link UninitializedParameter}s.
 *
 * @param out_features - size of the last dimension of the output
 * @param bias - learn an additive bias; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @example
 * ```ts
 * const linear = new nn.LazyLinear(2);
 * print(linear);
 * print(linear(torch.ones(1, 3)));
 * print(linear);
 * ```
 * ```python
 * linear = nn.LazyLinear(2)
 * print(linear)
 * print(linear(torch.ones(1, 3)))
 * print(linear)
 * ```
 */
export class LazyLinear extends LazyModuleMixin(Linear) {
  constructor(
    ...args: Arguments<
      [out_features: number, bias?: boolean, device?: FactoryOptions['device'], dtype?: FactoryOptions['dtype']],
      LinearOptions & { out_features: number },
      ['out_features', 'bias', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { out_features, bias = true, device = null, dtype = null } = LAZY_LINEAR.read(args);
    super({ in_features: 0, out_features: 0, bias: false });
    this.weight = new UninitializedParameter({ device, dtype });
    this.out_features = out_features;
    if (bias) this.bias = new UninitializedParameter({ device, dtype });
  }

  override reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    if (!this.has_uninitialized_params() && this.in_features !== 0) super.reset_parameters();
  }

  override initialize_parameters(...args: unknown[]): void {
    const { input } = LAZY_LINEAR_INPUT.read(args);
    const features = input.size(-1);
    if (this.has_uninitialized_params()) {
      this.in_features = features;
      give_shape(this.weight, [this.out_features, features]);
      give_shape(this.bias, [this.out_features]);
      no_grad(() => this.reset_parameters());
    }
    // The weight came from a state dict.
    if (this.in_features === 0) {
      if (features !== this.weight.size(-1)) {
        throw new Error(
          `The in_features inferred from input: ${features} is not equal to in_features from ` +
            `self.weight: ${this.weight.size(-1)}`,
        );
      }
      this.in_features = features;
    }
  }
}

const LAZY_LINEAR = signature<LinearOptions & { out_features: number }>(
  'LazyLinear',
  'out_features: int, bias?: bool, device?: device|None, dtype?: dtype|None',
);

const LAZY_LINEAR_INPUT = method_signature<{ input: Tensor }>('LazyLinear.forward', 'input: Tensor');

function give_shape(tensor: Tensor | null, shape: readonly number[]): void {
  if (is_lazy(tensor)) tensor.materialize(shape);
}

// ---- Convolutions -------------------------------------------------------------------------------

type LazySizes = { out_channels: number; kernel_size: IntOrSize };

type LazyConvArguments = Arguments<
  [
    out_channels: number,
    kernel_size: IntOrSize,
    stride?: IntOrSize,
    padding?: IntOrSize | 'same' | 'valid',
    dilation?: IntOrSize,
    groups?: number,
    bias?: boolean,
    padding_mode?: ConvPaddingMode,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  ConvOptions & LazySizes,
  ['out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', 'device', 'dtype']
>;

type LazyConvTransposeArguments = Arguments<
  [
    out_channels: number,
    kernel_size: IntOrSize,
    stride?: IntOrSize,
    padding?: IntOrSize,
    output_padding?: IntOrSize,
    groups?: number,
    bias?: boolean,
    dilation?: IntOrSize,
    padding_mode?: 'zeros',
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  ConvTransposeOptions & LazySizes,
  [
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

type LazyConvClass<M, A extends unknown[]> = new (...args: A) => M & LazyModule;

type ConvClass<O> = new (options: O & LazySizes & { in_channels: number }) => ConvNd;

function lazy_convolution<M extends ConvNd, A extends unknown[], O extends ConvOptions | ConvTransposeOptions>(
  base: ConvClass<O>,
  takes: Signature<O & LazySizes>,
  dimensions: number,
): LazyConvClass<M, A> {
  const takes_input = method_signature<{ input: Tensor }>(`${takes.callee}.forward`, 'input: Tensor');
  class LazyConv extends LazyModuleMixin(base) {
    constructor(...args: unknown[]) {
      const options = takes.read(args);
      super(Object.assign({}, options, { in_channels: 0, out_channels: 0, bias: false }));
      const { out_channels, bias = true, device = null, dtype = null } = options;
      this.weight = new UninitializedParameter({ device, dtype });
      this.out_channels = out_channels;
      if (bias) this.bias = new UninitializedParameter({ device, dtype });
    }

    override reset_parameters(...none: []): void {
      no_arguments('reset_parameters', none);
      if (!this.has_uninitialized_params() && this.in_channels !== 0) super.reset_parameters();
    }

    override initialize_parameters(...args: unknown[]): void {
      const { input } = takes_input.read(args);
      if (!this.has_uninitialized_params()) return;
      this.in_channels = channels_of(this, input, dimensions);
      const { in_channels, out_channels, groups, transposed, kernel_size } = this;
      if (in_channels % groups !== 0) throw new Error('in_channels must be divisible by groups');
      const channels = transposed
        ? [in_channels, Math.floor(out_channels / groups)]
        : [out_channels, Math.floor(in_channels / groups)];
      give_shape(this.weight, [...channels, ...kernel_size]);
      give_shape(this.bias, [out_channels]);
      this.reset_parameters();
    }
  }
  return LazyConv as unknown as LazyConvClass<M, A>;
}

function channels_of(module: Module, input: Tensor, dimensions: number): number {
  const rank = input.ndim;
  if (rank === dimensions + 2) return input.size(1);
  if (rank === dimensions + 1) return input.size(0);
  throw new Error(
    `Expected ${dimensions + 1}D (unbatched) or ${dimensions + 2}D (batched) input to ` +
      `${module._get_name()}, but got input of size: ${String(input.shape)}`,
  );
}

const lazy_conv = <M extends ConvNd>(
  base: ConvClass<ConvOptions>,
  dimensions: number,
): LazyConvClass<M, LazyConvArguments> =>
  lazy_convolution(base, signature(`LazyConv${dimensions}d`, `out_channels: int, ${CONV_TEXT}`), dimensions);

const lazy_conv_transpose = <M extends ConvNd>(
  base: ConvClass<ConvTransposeOptions>,
  dimensions: number,
): LazyConvClass<M, LazyConvTransposeArguments> =>
  lazy_convolution(
    base,
    signature(`LazyConvTranspose${dimensions}d`, `out_channels: int, ${CONV_TRANSPOSE_TEXT}`),
    dimensions,
  );

/**
 * Applies a 1D convolution, as {@link Conv1d} does, and infers `in_channels` from the first input. At the first call it
 * initializes its parameters and becomes a {@link Conv1d}, whose formula, shapes and options it has. Mirrors
 * `torch.nn.LazyConv1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output and parameters as for {@link Conv1d} with `in_channels = C`.
 *
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - step of the kernel; default 1
 * @param padding - padding on both sides, or `'valid'` or `'same'`; default 0
 * @param dilation - distance between the elements of the kernel; default 1
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error for the options that {@link Conv1d} does not take; on the first call, when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConv1d(1, 3);
 * const y = conv(torch.ones(1, 2, 4));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConv1d(1, 3)
 * y = conv(torch.ones(1, 2, 4))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConv1d extends lazy_conv<Conv1d>(Conv1d, 1) {}

/**
 * Applies a 2D convolution, as {@link Conv2d} does, and infers `in_channels` from the first input. At the first call it
 * initializes its parameters and becomes a {@link Conv2d}, whose formula, shapes and options it has. Mirrors
 * `torch.nn.LazyConv2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output and parameters as for {@link Conv2d} with `in_channels = C`.
 *
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - step of the kernel; default 1
 * @param padding - padding on both sides, or `'valid'` or `'same'`; default 0
 * @param dilation - distance between the elements of the kernel; default 1
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error for the options that {@link Conv2d} does not take; on the first call, when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConv2d(1, 3);
 * const y = conv(torch.ones(1, 2, 4, 4));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConv2d(1, 3)
 * y = conv(torch.ones(1, 2, 4, 4))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConv2d extends lazy_conv<Conv2d>(Conv2d, 2) {}

/**
 * Applies a 3D convolution, as {@link Conv3d} does, and infers `in_channels` from the first input. At the first call it
 * initializes its parameters and becomes a {@link Conv3d}, whose formula, shapes and options it has. Mirrors
 * `torch.nn.LazyConv3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output and parameters as for {@link Conv3d} with
 * `in_channels = C`.
 *
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - step of the kernel; default 1
 * @param padding - padding on both sides, or `'valid'` or `'same'`; default 0
 * @param dilation - distance between the elements of the kernel; default 1
 * @param groups - number of groups of channels that are convolved separately; default 1
 * @param bias - learn a bias for each output channel; default true
 * @param padding_mode - `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`; default `'zeros'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error for the options that {@link Conv3d} does not take; on the first call, when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConv3d(1, 3);
 * const y = conv(torch.ones(1, 2, 4, 4, 4));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConv3d(1, 3)
 * y = conv(torch.ones(1, 2, 4, 4, 4))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConv3d extends lazy_conv<Conv3d>(Conv3d, 3) {}

/**
 * Applies a 1D transposed convolution, as {@link ConvTranspose1d} does, and infers `in_channels` from the first input.
 * At the first call it initializes its parameters and becomes a {@link ConvTranspose1d}, whose formula, shapes and
 * options it has. Mirrors `torch.nn.LazyConvTranspose1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output and parameters as for {@link ConvTranspose1d} with `in_channels = C`.
 *
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
 * @throws Error for the options that {@link ConvTranspose1d} does not take; on the first call, when the input has
 *   another number of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConvTranspose1d(1, 3);
 * const y = conv(torch.ones(1, 2, 2));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConvTranspose1d(1, 3)
 * y = conv(torch.ones(1, 2, 2))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConvTranspose1d extends lazy_conv_transpose<ConvTranspose1d>(ConvTranspose1d, 1) {}

/**
 * Applies a 2D transposed convolution, as {@link ConvTranspose2d} does, and infers `in_channels` from the first input.
 * At the first call it initializes its parameters and becomes a {@link ConvTranspose2d}, whose formula, shapes and
 * options it has. Mirrors `torch.nn.LazyConvTranspose2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output and parameters as for {@link ConvTranspose2d} with
 * `in_channels = C`.
 *
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
 * @throws Error for the options that {@link ConvTranspose2d} does not take; on the first call, when the input has
 *   another number of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConvTranspose2d(1, 3);
 * const y = conv(torch.ones(1, 2, 2, 2));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConvTranspose2d(1, 3)
 * y = conv(torch.ones(1, 2, 2, 2))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConvTranspose2d extends lazy_conv_transpose<ConvTranspose2d>(ConvTranspose2d, 2) {}

/**
 * Applies a 3D transposed convolution, as {@link ConvTranspose3d} does, and infers `in_channels` from the first input.
 * At the first call it initializes its parameters and becomes a {@link ConvTranspose3d}, whose formula, shapes and
 * options it has. Mirrors `torch.nn.LazyConvTranspose3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output and parameters as for {@link ConvTranspose3d} with
 * `in_channels = C`.
 *
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
 * @throws Error for the options that {@link ConvTranspose3d} does not take; on the first call, when the input has
 *   another number of dimensions
 * @example
 * ```ts
 * const conv = new nn.LazyConvTranspose3d(1, 3);
 * const y = conv(torch.ones(1, 2, 2, 2, 2));
 * print(y.shape);
 * print(conv);
 * ```
 * ```python
 * conv = nn.LazyConvTranspose3d(1, 3)
 * y = conv(torch.ones(1, 2, 2, 2, 2))
 * print(y.shape)
 * print(conv)
 * ```
 */
export class LazyConvTranspose3d extends lazy_conv_transpose<ConvTranspose3d>(ConvTranspose3d, 3) {}

// ---- Normalizations -----------------------------------------------------------------------------

type LazyNormClass<M> = new (
  ...args: Arguments<
    [
      eps?: number,
      momentum?: number | null,
      affine?: boolean,
      track_running_stats?: boolean,
      device?: FactoryOptions['device'],
      dtype?: FactoryOptions['dtype'],
    ],
    NormOptions,
    ['eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype']
  >
) => M & LazyModule;

function lazy_norm<M extends NormBase>(
  name: string,
  base: new (options: NormOptions & { num_features: number }) => NormBase,
): LazyNormClass<M> {
  const takes = signature<NormOptions>(name, `${NORM_TEXT}, ${NORM_FACTORY_TEXT}`);
  const takes_input = method_signature<{ input: Tensor }>(`${name}.forward`, 'input: Tensor');
  class LazyNorm extends LazyModuleMixin(base) {
    constructor(...args: unknown[]) {
      const options = takes.read(args);
      super({ ...options, num_features: 0, affine: false, track_running_stats: false });
      const { affine = true, track_running_stats = true, bias = true, device = null, dtype = null } = options;
      this.affine = affine;
      this.track_running_stats = track_running_stats;
      if (affine) this.weight = new UninitializedParameter({ device, dtype });
      if (affine && bias) this.bias = new UninitializedParameter({ device, dtype });
      if (!track_running_stats) return;
      this.running_mean = new UninitializedBuffer({ device, dtype });
      this.running_var = new UninitializedBuffer({ device, dtype });
      this.num_batches_tracked = no_batches(device);
    }

    override reset_parameters(...none: []): void {
      no_arguments('reset_parameters', none);
      if (!this.has_uninitialized_params() && this.num_features !== 0) super.reset_parameters();
    }

    override initialize_parameters(...args: unknown[]): void {
      const { input } = takes_input.read(args);
      if (!this.has_uninitialized_params()) return;
      this.num_features = input.shape[1]!;
      for (const tensor of [this.weight, this.bias, this.running_mean, this.running_var]) {
        give_shape(tensor, [this.num_features]);
      }
      this.reset_parameters();
    }
  }
  return LazyNorm as unknown as LazyNormClass<M>;
}

/**
 * Normalizes channels, as {@link BatchNorm1d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes a
 * {@link BatchNorm1d}. Mirrors `torch.nn.LazyBatchNorm1d`.
 *
 * Shapes: input and output `(N, C, L)` or `(N, C)`; parameters and buffers as for {@link BatchNorm1d} with
 * `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyBatchNorm1d();
 * print(norm(torch.randn(2, 3, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyBatchNorm1d()
 * print(norm(torch.randn(2, 3, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyBatchNorm1d extends lazy_norm<BatchNorm1d>('LazyBatchNorm1d', BatchNorm1d) {}

/**
 * Normalizes channels, as {@link BatchNorm2d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes a
 * {@link BatchNorm2d}. Mirrors `torch.nn.LazyBatchNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)`; parameters and buffers as for {@link BatchNorm2d} with `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyBatchNorm2d();
 * print(norm(torch.randn(2, 3, 2, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyBatchNorm2d()
 * print(norm(torch.randn(2, 3, 2, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyBatchNorm2d extends lazy_norm<BatchNorm2d>('LazyBatchNorm2d', BatchNorm2d) {}

/**
 * Normalizes channels, as {@link BatchNorm3d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes a
 * {@link BatchNorm3d}. Mirrors `torch.nn.LazyBatchNorm3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)`; parameters and buffers as for {@link BatchNorm3d} with
 * `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyBatchNorm3d();
 * print(norm(torch.randn(2, 3, 2, 2, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyBatchNorm3d()
 * print(norm(torch.randn(2, 3, 2, 2, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyBatchNorm3d extends lazy_norm<BatchNorm3d>('LazyBatchNorm3d', BatchNorm3d) {}

/**
 * Normalizes channels, as {@link InstanceNorm1d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes an
 * {@link InstanceNorm1d}. Unlike there, `affine` and `track_running_stats` are true by default. Mirrors
 * `torch.nn.LazyInstanceNorm1d`.
 *
 * Shapes: input and output `(N, C, L)`; parameters and buffers as for {@link InstanceNorm1d} with `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyInstanceNorm1d();
 * print(norm(torch.randn(2, 3, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyInstanceNorm1d()
 * print(norm(torch.randn(2, 3, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyInstanceNorm1d extends lazy_norm<InstanceNorm1d>('LazyInstanceNorm1d', InstanceNorm1d) {}

/**
 * Normalizes channels, as {@link InstanceNorm2d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes an
 * {@link InstanceNorm2d}. Unlike there, `affine` and `track_running_stats` are true by default. Mirrors
 * `torch.nn.LazyInstanceNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)`; parameters and buffers as for {@link InstanceNorm2d} with
 * `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyInstanceNorm2d();
 * print(norm(torch.randn(2, 3, 2, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyInstanceNorm2d()
 * print(norm(torch.randn(2, 3, 2, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyInstanceNorm2d extends lazy_norm<InstanceNorm2d>('LazyInstanceNorm2d', InstanceNorm2d) {}

/**
 * Normalizes channels, as {@link InstanceNorm3d} does, and infers `num_features` from the first input:
 * `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`. At the first call it initializes its parameters and becomes an
 * {@link InstanceNorm3d}. Unlike there, `affine` and `track_running_stats` are true by default. Mirrors
 * `torch.nn.LazyInstanceNorm3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)`; parameters and buffers as for {@link InstanceNorm3d} with
 * `num_features = C`.
 *
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param momentum - weight of a new batch in the running statistics,
 *   `running = (1 - momentum) * running + momentum * batch`; null for the cumulative average; default 0.1
 * @param affine - learn a scale and a shift for each channel; default true
 * @param track_running_stats - keep running statistics and use them in evaluation; default true
 * @param device - device of the parameters and buffers; default: the default device
 * @param dtype - dtype of the parameters and buffers; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @example
 * ```ts
 * const norm = new nn.LazyInstanceNorm3d();
 * print(norm(torch.randn(2, 3, 2, 2, 2)).shape);
 * print(norm);
 * ```
 * ```python
 * norm = nn.LazyInstanceNorm3d()
 * print(norm(torch.randn(2, 3, 2, 2, 2)).shape)
 * print(norm)
 * ```
 */
export class LazyInstanceNorm3d extends lazy_norm<InstanceNorm3d>('LazyInstanceNorm3d', InstanceNorm3d) {}
