/** Modules that find the number of their input features at the first call. */
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

/** A {@link Linear} that finds `in_features` at the first call. Mirrors `torch.nn.LazyLinear`. */
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

/** A {@link Conv1d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConv1d`. */
export class LazyConv1d extends lazy_conv<Conv1d>(Conv1d, 1) {}

/** A {@link Conv2d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConv2d`. */
export class LazyConv2d extends lazy_conv<Conv2d>(Conv2d, 2) {}

/** A {@link Conv3d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConv3d`. */
export class LazyConv3d extends lazy_conv<Conv3d>(Conv3d, 3) {}

/** A {@link ConvTranspose1d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConvTranspose1d`. */
export class LazyConvTranspose1d extends lazy_conv_transpose<ConvTranspose1d>(ConvTranspose1d, 1) {}

/** A {@link ConvTranspose2d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConvTranspose2d`. */
export class LazyConvTranspose2d extends lazy_conv_transpose<ConvTranspose2d>(ConvTranspose2d, 2) {}

/** A {@link ConvTranspose3d} that finds `in_channels` at the first call. Mirrors `torch.nn.LazyConvTranspose3d`. */
export class LazyConvTranspose3d extends lazy_conv_transpose<ConvTranspose3d>(ConvTranspose3d, 3) {}

// ---- Normalisations -----------------------------------------------------------------------------

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

/** A {@link BatchNorm1d} that finds `num_features` at the first call. Mirrors `torch.nn.LazyBatchNorm1d`. */
export class LazyBatchNorm1d extends lazy_norm<BatchNorm1d>('LazyBatchNorm1d', BatchNorm1d) {}

/** A {@link BatchNorm2d} that finds `num_features` at the first call. Mirrors `torch.nn.LazyBatchNorm2d`. */
export class LazyBatchNorm2d extends lazy_norm<BatchNorm2d>('LazyBatchNorm2d', BatchNorm2d) {}

/** A {@link BatchNorm3d} that finds `num_features` at the first call. Mirrors `torch.nn.LazyBatchNorm3d`. */
export class LazyBatchNorm3d extends lazy_norm<BatchNorm3d>('LazyBatchNorm3d', BatchNorm3d) {}

/**
 * An {@link InstanceNorm1d} that finds `num_features` at the first call; unlike there, `affine` and
 * `track_running_stats` are true unless told otherwise. Mirrors `torch.nn.LazyInstanceNorm1d`.
 */
export class LazyInstanceNorm1d extends lazy_norm<InstanceNorm1d>('LazyInstanceNorm1d', InstanceNorm1d) {}

/** As {@link LazyInstanceNorm1d}, for an {@link InstanceNorm2d}. Mirrors `torch.nn.LazyInstanceNorm2d`. */
export class LazyInstanceNorm2d extends lazy_norm<InstanceNorm2d>('LazyInstanceNorm2d', InstanceNorm2d) {}

/** As {@link LazyInstanceNorm1d}, for an {@link InstanceNorm3d}. Mirrors `torch.nn.LazyInstanceNorm3d`. */
export class LazyInstanceNorm3d extends lazy_norm<InstanceNorm3d>('LazyInstanceNorm3d', InstanceNorm3d) {}
