/** Layers that quantize their weights in training: `torch.ao.nn.qat`. */
import type { FactoryOptions } from '../../../_internal/arguments.js';
import { method_signature, signature, type Arguments } from '../../../_internal/signature.js';
import * as F from '../../../nn/functional/index.js';
import {
  Conv1d as FloatConv1d,
  Conv2d as FloatConv2d,
  Conv3d as FloatConv3d,
  type ConvNd,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvSizes,
} from '../../../nn/modules/conv.js';
import { Linear as FloatLinear } from '../../../nn/modules/linear.js';
import { family, forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { Module } from '../../../nn/modules/module.js';
import { Parameter } from '../../../nn/parameter.js';
import type { Tensor } from '../../../_tensor.js';
import { make_observer } from '../../quantization/factories.js';
import type { FakeQuantize } from '../../quantization/fake_quantize.js';
import { qconfig_of, type QConfig } from '../../quantization/qconfig.js';
import { FusedModule } from '../intrinsic/fused.js';
import '../../quantization/stubs.js';

/** A class, by its name in error texts. */
export type FloatClass = { readonly prototype: Module; readonly name: string };

const FROM_FLOAT = method_signature<{ mod: Module; use_precomputed_fake_quant?: boolean }>(
  'from_float',
  'mod: Module, use_precomputed_fake_quant?: bool',
);

/** The module and the qconfig of a call of `from_float`. @throws Error for a module of another class, or without a qconfig @internal */
export function source_of(
  name: string,
  float: FloatClass,
  args: readonly unknown[],
): { mod: Module; qconfig: QConfig } {
  const { mod } = FROM_FLOAT.read(args);
  const its = mod.constructor as unknown as FloatClass;
  if (its !== float) throw new Error(`qat.${name}.from_float only works for ${float.name}, got ${its.name}`);
  const qconfig = qconfig_of(mod);
  if (qconfig === undefined) throw new Error('Input float module must have qconfig defined');
  if (qconfig === null) throw new Error('Input float module must have a valid qconfig');
  return { mod, qconfig };
}

/** The qconfig of a layer for training. @throws Error when there is none @internal */
export function required(qconfig: QConfig | null | undefined): QConfig {
  if (qconfig) return qconfig;
  throw new Error('qconfig must be provided for QAT module');
}

/** What watches a weight. @internal */
export const weight_fake_quant_of = (qconfig: QConfig): FakeQuantize => make_observer(qconfig.weight) as FakeQuantize;

/** The sizes and options of a convolution, to make another one of them. @internal */
export function sizes_of(conv: ConvNd): ConvSizes & ConvOptions {
  const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode } = conv;
  const bias = (conv.bias as Parameter | null) !== null;
  return { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode, bias };
}

/** A copy without a history, as a parameter. @internal */
export const fresh = (value: Tensor): Parameter => new Parameter(value.detach());

interface LinearArguments extends FactoryOptions {
  in_features: number;
  out_features: number;
  bias?: boolean;
  qconfig?: QConfig | null;
}
const LINEAR = family<LinearArguments>(
  ['Linear', 'LinearReLU'],
  'in_features: int, out_features: int, bias?: bool, qconfig?: QConfig|None, device?: device|None, dtype?: dtype|None',
);

/**
 * A linear layer that quantizes its weight in training. `prepare_qat` makes it. Mirrors `torch.ao.nn.qat.Linear`.
 *
 * Shapes: input `(*, in_features)`, output `(*, out_features)`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param bias - whether there is a bias; default true
 * @param qconfig - how to quantize; required
 * @param device - the device of the parameters; default null
 * @param dtype - the dtype of the parameters; default null
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.Linear(2, 1, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.ones(1, 2)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.qat.Linear(2, 1, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.ones(1, 2)), m)
 * ```
 */
export class Linear extends FloatLinear {
  declare weight_fake_quant: FakeQuantize;

  constructor(
    ...args: Arguments<
      [
        in_features: number,
        out_features: number,
        bias?: boolean,
        qconfig?: QConfig | null,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      LinearArguments,
      ['in_features', 'out_features', 'bias', 'qconfig', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = LINEAR.read(new.target, args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = weight_fake_quant_of(this.qconfig);
  }

  override forward(input: Tensor): Tensor {
    return F.linear(input, this.weight_fake_quant(this.weight), this.bias);
  }

  /** A layer for training with the parameters of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatLinear, use_precomputed_fake_quant?: boolean): Linear;
  static from_float(...args: unknown[]): Linear {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const linear = (mod instanceof FusedModule ? mod[0] : mod) as FloatLinear;
    const { in_features, out_features } = linear;
    const bias = (linear.bias as Parameter | null) !== null;
    const made = new this({ in_features, out_features, bias, qconfig });
    made.weight = linear.weight;
    made.bias = linear.bias;
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return FloatLinear;
  }

  /** A plain layer with the same parameters. */
  to_float(): Module {
    const bias = (this.bias as Parameter | null) !== null;
    const linear = new FloatLinear(this.in_features, this.out_features, { bias });
    linear.weight = fresh(this.weight);
    if (bias) linear.bias = fresh(this.bias);
    linear.train(this.training);
    return linear;
  }
}
forward_takes(Linear, 'input: Tensor');

/** What the convolutions take. */
export type QatConvArguments = ConvSizes & ConvOptions & { qconfig?: QConfig | null };

type ConvArguments = Arguments<
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
    qconfig?: QConfig | null,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  QatConvArguments,
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
    'qconfig',
    'device',
    'dtype',
  ]
>;

const CONV =
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[]|str, ' +
  'dilation?: int|int[], groups?: int, bias?: bool, padding_mode?: str, qconfig?: QConfig|None, device?: device|None, ' +
  'dtype?: dtype|None';

const CONV1D = signature<QatConvArguments>('Conv1d', CONV);

/**
 * A 1D convolution that quantizes its weight in training. `prepare_qat` makes it. Mirrors `torch.ao.nn.qat.Conv1d`.
 *
 * Shapes: input `(N, in_channels, L)`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the plain convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.Conv1d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.ones(1, 1, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.qat.Conv1d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.ones(1, 1, 3)), m)
 * ```
 */
export class Conv1d extends FloatConv1d {
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = CONV1D.read(args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = weight_fake_quant_of(this.qconfig);
  }

  override forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight_fake_quant(this.weight), this.bias);
  }

  /** A convolution for training with the parameters of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatConv1d, use_precomputed_fake_quant?: boolean): Conv1d;
  static from_float(...args: unknown[]): Conv1d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const conv = (mod instanceof FusedModule ? mod[0] : mod) as FloatConv1d;
    const made = new this({ ...sizes_of(conv), qconfig });
    made.weight = conv.weight;
    made.bias = conv.bias;
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return FloatConv1d;
  }

  /** A plain convolution with the same parameters. */
  to_float(): Module {
    const sizes = sizes_of(this);
    const conv = new FloatConv1d(sizes);
    conv.weight = fresh(this.weight);
    if (sizes.bias) conv.bias = fresh(this.bias);
    return conv;
  }
}
forward_takes(Conv1d, 'input: Tensor');

const CONV2D = signature<QatConvArguments>('Conv2d', CONV);

/**
 * A 2D convolution that quantizes its weight in training. `prepare_qat` makes it. Mirrors `torch.ao.nn.qat.Conv2d`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the plain convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.Conv2d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.ones(1, 1, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.qat.Conv2d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.ones(1, 1, 3, 3)), m)
 * ```
 */
export class Conv2d extends FloatConv2d {
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = CONV2D.read(args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = weight_fake_quant_of(this.qconfig);
  }

  override forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight_fake_quant(this.weight), this.bias);
  }

  /** A convolution for training with the parameters of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatConv2d, use_precomputed_fake_quant?: boolean): Conv2d;
  static from_float(...args: unknown[]): Conv2d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const conv = (mod instanceof FusedModule ? mod[0] : mod) as FloatConv2d;
    const made = new this({ ...sizes_of(conv), qconfig });
    made.weight = conv.weight;
    made.bias = conv.bias;
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return FloatConv2d;
  }

  /** A plain convolution with the same parameters. */
  to_float(): Module {
    const sizes = sizes_of(this);
    const conv = new FloatConv2d(sizes);
    conv.weight = fresh(this.weight);
    if (sizes.bias) conv.bias = fresh(this.bias);
    return conv;
  }
}
forward_takes(Conv2d, 'input: Tensor');

const CONV3D = signature<QatConvArguments>('Conv3d', CONV);

/**
 * A 3D convolution that quantizes its weight in training. `prepare_qat` makes it. Mirrors `torch.ao.nn.qat.Conv3d`.
 *
 * Shapes: input `(N, in_channels, D, H, W)`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the plain convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.Conv3d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.ones(1, 1, 3, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.qat.Conv3d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.ones(1, 1, 3, 3, 3)), m)
 * ```
 */
export class Conv3d extends FloatConv3d {
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = CONV3D.read(args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = weight_fake_quant_of(this.qconfig);
  }

  override forward(input: Tensor): Tensor {
    return this._conv_forward(input, this.weight_fake_quant(this.weight), this.bias);
  }

  /** A convolution for training with the parameters of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatConv3d, use_precomputed_fake_quant?: boolean): Conv3d;
  static from_float(...args: unknown[]): Conv3d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const conv = (mod instanceof FusedModule ? mod[0] : mod) as FloatConv3d;
    const made = new this({ ...sizes_of(conv), qconfig });
    made.weight = conv.weight;
    made.bias = conv.bias;
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return FloatConv3d;
  }

  /** A plain convolution with the same parameters. */
  to_float(): Module {
    const sizes = sizes_of(this);
    const conv = new FloatConv3d(sizes);
    conv.weight = fresh(this.weight);
    if (sizes.bias) conv.bias = fresh(this.bias);
    return conv;
  }
}
forward_takes(Conv3d, 'input: Tensor');
