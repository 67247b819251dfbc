/** Fused modules in training: `torch.ao.nn.intrinsic.qat`. */
import { zeros, zeros_like, empty } from '../../../../generated/functions.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import * as F from '../../../../nn/functional/index.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../../../../nn/modules/batchnorm.js';
import {
  Conv1d as FloatConv1d,
  Conv2d as FloatConv2d,
  Conv3d as FloatConv3d,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvSizes,
} from '../../../../nn/modules/conv.js';
import { family, forward_takes } from '../../../../nn/modules/forward_arguments.js';
import { Linear as FloatLinear } from '../../../../nn/modules/linear.js';
import { ReLU } from '../../../../nn/modules/activation.js';
import type { Module } from '../../../../nn/modules/module.js';
import { _calculate_fan_in_and_fan_out, uniform_, zeros_ } from '../../../../nn/init.js';
import { Parameter } from '../../../../nn/parameter.js';
import { fuse_conv_bn_weights, fuse_linear_bn_weights } from '../../../../nn/utils/fusion.js';
import type { Tensor } from '../../../../_tensor.js';
import type { FakeQuantize } from '../../../quantization/fake_quantize.js';
import type { QConfig } from '../../../quantization/qconfig.js';
import {
  Conv1d,
  Conv2d,
  Conv3d,
  Linear,
  required,
  sizes_of,
  source_of,
  weight_fake_quant_of,
  type FloatClass,
  type QatConvArguments,
} from '../../qat/layers.js';
import * as intrinsic from '../fused.js';

type BatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;

/** A convolution or a linear layer with a normalization whose scale goes into the weight. */
interface Normalized extends Module {
  weight: Parameter;
  get bias(): Parameter;
  set bias(value: Parameter | null);
  bn: BatchNorm;
  freeze_bn: boolean;
  weight_fake_quant: FakeQuantize;
}

/** What all of them do after the constructor of the layer, in the order of Python's, whose random numbers they draw. */
function begin(
  layer: Normalized,
  bn: BatchNorm,
  channels: number,
  bias: boolean,
  freeze_bn: boolean,
  conv: boolean,
): void {
  layer.freeze_bn = freeze_bn;
  layer.bn = bn;
  layer.weight_fake_quant = weight_fake_quant_of(layer.qconfig!);
  layer.bias = bias ? new Parameter(empty([channels])) : null;
  reset_bn_parameters(layer, conv);
  if (freeze_bn) freeze(layer);
}

function reset_bn_parameters(layer: Normalized, conv: boolean): void {
  const bias = layer.bias as Parameter | null;
  layer.bn.reset_running_stats();
  uniform_(layer.bn.weight);
  zeros_(layer.bn.bias);
  if (!conv || bias === null) return;
  const [fan_in] = _calculate_fan_in_and_fan_out(layer.weight);
  const bound = 1 / Math.sqrt(fan_in);
  uniform_(bias, -bound, bound);
}

function freeze(layer: Normalized): void {
  layer.freeze_bn = true;
  layer.bn.training = false;
}

function unfreeze(layer: Normalized): void {
  layer.freeze_bn = false;
  layer.bn.training = true;
}

/** Sets the mode, but not that of a normalization that is frozen. */
function set_mode(layer: Normalized, mode: boolean): void {
  layer.training = mode;
  if (layer.freeze_bn) return;
  for (const child of layer.children()) child.train(mode);
}

/** The layer with the scale of the normalization in its weight, which is then taken out again, and the normalization. */
function normalized(layer: Normalized, run: (weight: Tensor, bias: Tensor) => Tensor): Tensor {
  const { bn, weight } = layer;
  const bias = layer.bias as Parameter | null;
  const scale = bn.weight.div(bn.running_var.add(bn.eps).sqrt());
  const ones = Array<number>(weight.dim() - 1).fill(1);
  const of_channels = (value: Tensor): Tensor => value.reshape([1, -1, ...ones.slice(1)]);
  const scaled = layer.weight_fake_quant(weight.mul(scale.reshape([-1, ...ones])));
  const no_bias = bias === null ? zeros([weight.size(0)], { device: scaled.device }) : zeros_like(bias);
  const plain = run(scaled, no_bias).div(of_channels(scale));
  return bn(bias === null ? plain : plain.add(of_channels(bias)));
}

/** The parameters of a plain layer and of its normalization go into the one for training. */
function take(made: Normalized, layer: { weight: Parameter; bias: Parameter }, bn: BatchNorm): void {
  made.weight = layer.weight;
  made.bias = layer.bias;
  made.bn.weight = bn.weight;
  made.bn.bias = bn.bias;
  made.bn.running_mean = bn.running_mean;
  made.bn.running_var = bn.running_var;
  made.bn.num_batches_tracked = bn.num_batches_tracked;
}

/** The weight and the bias with the normalization in them. @internal */
export function folded({ weight, bias, bn }: Normalized, linear = false): [Parameter, Parameter] {
  const fuse = linear ? fuse_linear_bn_weights : fuse_conv_bn_weights;
  return fuse(weight, bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias);
}

interface NormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of a new batch in the running statistics. Default 0.1. */
  momentum?: number | null;
  /** Leave the running statistics as they are. Default false. */
  freeze_bn?: boolean;
}

type ConvBnOptions = Omit<QatConvArguments, 'bias'> & { bias?: boolean | null } & NormOptions;
type ConvBnArguments = Arguments<
  [
    in_channels: number,
    out_channels: number,
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize,
    padding?: F.IntOrSize,
    dilation?: F.IntOrSize,
    groups?: number,
    bias?: boolean | null,
    padding_mode?: ConvPaddingMode,
    eps?: number,
    momentum?: number | null,
    freeze_bn?: boolean,
    qconfig?: QConfig | null,
  ],
  ConvBnOptions,
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
    'eps',
    'momentum',
    'freeze_bn',
    'qconfig',
  ]
>;
const CONV_BN =
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[], dilation?: int|int[], ' +
  'groups?: int, bias?: bool|None, padding_mode?: str, eps?: float, momentum?: float|None, freeze_bn?: bool, qconfig?: QConfig|None';
const CONV_RELU =
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[]|str, ' +
  'dilation?: int|int[], groups?: int, bias?: bool, padding_mode?: str, qconfig?: QConfig|None';
type ConvReLUArguments = Arguments<
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
  ]
>;

const CONV_BN1D = family<ConvBnOptions>(['ConvBn1d', 'ConvBnReLU1d'], CONV_BN);

/**
 * A 1D convolution and its batch normalization, whose scale goes into the weight before that is quantized. `prepare_qat` makes it. Mirrors
 * `torch.ao.nn.intrinsic.qat.ConvBn1d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, `eps`, `momentum`, `freeze_bn` of the normalization, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBn1d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBn1d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3)), m)
 * ```
 */
export class ConvBn1d extends FloatConv1d {
  declare bn: BatchNorm1d;
  declare freeze_bn: boolean;
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvBnArguments);
  constructor(...args: unknown[]) {
    const {
      qconfig,
      eps = 1e-5,
      momentum = 0.1,
      freeze_bn = false,
      bias = null,
      ...sizes
    } = CONV_BN1D.read(new.target, args);
    super({ ...sizes, bias: false } as ConvSizes & ConvOptions);
    this.qconfig = required(qconfig);
    begin(this, new BatchNorm1d(sizes.out_channels, eps, momentum), sizes.out_channels, bias ?? false, freeze_bn, true);
  }

  override get _version(): number {
    return 2;
  }

  override forward(input: Tensor): Tensor {
    return normalized(this, (weight, bias) => this._conv_forward(input, weight, bias));
  }

  /** Leaves the running statistics as they are from now on. */
  freeze_bn_stats(): this {
    freeze(this);
    return this;
  }

  /** Updates the running statistics from now on. */
  update_bn_stats(): this {
    unfreeze(this);
    return this;
  }

  /** Resets the running statistics. */
  reset_running_stats(): void {
    this.bn.reset_running_stats();
  }

  override train(mode = true): this {
    set_mode(this, mode);
    return this;
  }

  /** A module for training with the parameters of plain ones, which have a `qconfig`. */
  static from_float(mod: intrinsic.ConvBn1d, use_precomputed_fake_quant?: boolean): ConvBn1d;
  static from_float(...args: unknown[]): ConvBn1d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const [conv, bn] = [...(mod as intrinsic.ConvBn1d)] as [FloatConv1d, BatchNorm1d];
    const { eps, momentum } = bn;
    const made = new this({ ...sizes_of(conv), eps, momentum, qconfig } as ConvBnOptions);
    take(made, conv, bn);
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return intrinsic.ConvBn1d;
  }

  /** A plain convolution with the normalization in its parameters. */
  to_float(): Module {
    const conv = new FloatConv1d(sizes_of(this));
    [conv.weight, conv.bias] = folded(this);
    conv.train(this.training);
    return conv;
  }
}
forward_takes(ConvBn1d, 'input: Tensor');

/**
 * {@link ConvBn1d} with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.qat.ConvBnReLU1d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of {@link ConvBn1d}
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBnReLU1d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBnReLU1d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3)), m)
 * ```
 */
export class ConvBnReLU1d extends ConvBn1d {
  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvBnReLU1d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU1d(super.to_float() as FloatConv1d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvBnReLU1d, 'input: Tensor');

const CONV_RELU1D = signature<QatConvArguments>('ConvReLU1d', CONV_RELU);

/**
 * A 1D convolution with a ReLU behind it, which quantizes its weight in training. Mirrors `torch.ao.nn.intrinsic.qat.ConvReLU1d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvReLU1d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvReLU1d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3)), m)
 * ```
 */
export class ConvReLU1d extends Conv1d {
  constructor(...args: ConvReLUArguments);
  constructor(...args: unknown[]) {
    super(CONV_RELU1D.read(args));
  }

  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvReLU1d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU1d(super.to_float() as FloatConv1d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvReLU1d, 'input: Tensor');

const CONV_BN2D = family<ConvBnOptions>(['ConvBn2d', 'ConvBnReLU2d'], CONV_BN);

/**
 * A 2D convolution and its batch normalization, whose scale goes into the weight before that is quantized. `prepare_qat` makes it. Mirrors
 * `torch.ao.nn.intrinsic.qat.ConvBn2d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, `eps`, `momentum`, `freeze_bn` of the normalization, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBn2d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBn2d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3)), m)
 * ```
 */
export class ConvBn2d extends FloatConv2d {
  declare bn: BatchNorm2d;
  declare freeze_bn: boolean;
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvBnArguments);
  constructor(...args: unknown[]) {
    const {
      qconfig,
      eps = 1e-5,
      momentum = 0.1,
      freeze_bn = false,
      bias = null,
      ...sizes
    } = CONV_BN2D.read(new.target, args);
    super({ ...sizes, bias: false } as ConvSizes & ConvOptions);
    this.qconfig = required(qconfig);
    begin(this, new BatchNorm2d(sizes.out_channels, eps, momentum), sizes.out_channels, bias ?? false, freeze_bn, true);
  }

  override get _version(): number {
    return 2;
  }

  override forward(input: Tensor): Tensor {
    return normalized(this, (weight, bias) => this._conv_forward(input, weight, bias));
  }

  /** Leaves the running statistics as they are from now on. */
  freeze_bn_stats(): this {
    freeze(this);
    return this;
  }

  /** Updates the running statistics from now on. */
  update_bn_stats(): this {
    unfreeze(this);
    return this;
  }

  /** Resets the running statistics. */
  reset_running_stats(): void {
    this.bn.reset_running_stats();
  }

  override train(mode = true): this {
    set_mode(this, mode);
    return this;
  }

  /** A module for training with the parameters of plain ones, which have a `qconfig`. */
  static from_float(mod: intrinsic.ConvBn2d, use_precomputed_fake_quant?: boolean): ConvBn2d;
  static from_float(...args: unknown[]): ConvBn2d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const [conv, bn] = [...(mod as intrinsic.ConvBn2d)] as [FloatConv2d, BatchNorm2d];
    const { eps, momentum } = bn;
    const made = new this({ ...sizes_of(conv), eps, momentum, qconfig } as ConvBnOptions);
    take(made, conv, bn);
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return intrinsic.ConvBn2d;
  }

  /** A plain convolution with the normalization in its parameters. */
  to_float(): Module {
    const conv = new FloatConv2d(sizes_of(this));
    [conv.weight, conv.bias] = folded(this);
    conv.train(this.training);
    return conv;
  }
}
forward_takes(ConvBn2d, 'input: Tensor');

/**
 * {@link ConvBn2d} with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.qat.ConvBnReLU2d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of {@link ConvBn2d}
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBnReLU2d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBnReLU2d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3)), m)
 * ```
 */
export class ConvBnReLU2d extends ConvBn2d {
  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvBnReLU2d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU2d(super.to_float() as FloatConv2d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvBnReLU2d, 'input: Tensor');

const CONV_RELU2D = signature<QatConvArguments>('ConvReLU2d', CONV_RELU);

/**
 * A 2D convolution with a ReLU behind it, which quantizes its weight in training. Mirrors `torch.ao.nn.intrinsic.qat.ConvReLU2d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvReLU2d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvReLU2d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3)), m)
 * ```
 */
export class ConvReLU2d extends Conv2d {
  constructor(...args: ConvReLUArguments);
  constructor(...args: unknown[]) {
    super(CONV_RELU2D.read(args));
  }

  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvReLU2d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU2d(super.to_float() as FloatConv2d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvReLU2d, 'input: Tensor');

const CONV_BN3D = family<ConvBnOptions>(['ConvBn3d', 'ConvBnReLU3d'], CONV_BN);

/**
 * A 3D convolution and its batch normalization, whose scale goes into the weight before that is quantized. `prepare_qat` makes it. Mirrors
 * `torch.ao.nn.intrinsic.qat.ConvBn3d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, `eps`, `momentum`, `freeze_bn` of the normalization, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBn3d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBn3d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3, 3)), m)
 * ```
 */
export class ConvBn3d extends FloatConv3d {
  declare bn: BatchNorm3d;
  declare freeze_bn: boolean;
  declare weight_fake_quant: FakeQuantize;

  constructor(...args: ConvBnArguments);
  constructor(...args: unknown[]) {
    const {
      qconfig,
      eps = 1e-5,
      momentum = 0.1,
      freeze_bn = false,
      bias = null,
      ...sizes
    } = CONV_BN3D.read(new.target, args);
    super({ ...sizes, bias: false } as ConvSizes & ConvOptions);
    this.qconfig = required(qconfig);
    begin(this, new BatchNorm3d(sizes.out_channels, eps, momentum), sizes.out_channels, bias ?? false, freeze_bn, true);
  }

  override get _version(): number {
    return 2;
  }

  override forward(input: Tensor): Tensor {
    return normalized(this, (weight, bias) => this._conv_forward(input, weight, bias));
  }

  /** Leaves the running statistics as they are from now on. */
  freeze_bn_stats(): this {
    freeze(this);
    return this;
  }

  /** Updates the running statistics from now on. */
  update_bn_stats(): this {
    unfreeze(this);
    return this;
  }

  /** Resets the running statistics. */
  reset_running_stats(): void {
    this.bn.reset_running_stats();
  }

  override train(mode = true): this {
    set_mode(this, mode);
    return this;
  }

  /** A module for training with the parameters of plain ones, which have a `qconfig`. */
  static from_float(mod: intrinsic.ConvBn3d, use_precomputed_fake_quant?: boolean): ConvBn3d;
  static from_float(...args: unknown[]): ConvBn3d {
    const { mod, qconfig } = source_of(this.name, this.prototype.float_class(), args);
    const [conv, bn] = [...(mod as intrinsic.ConvBn3d)] as [FloatConv3d, BatchNorm3d];
    const { eps, momentum } = bn;
    const made = new this({ ...sizes_of(conv), eps, momentum, qconfig } as ConvBnOptions);
    take(made, conv, bn);
    return made;
  }

  /** The class that `from_float` takes. @internal */
  float_class(): FloatClass {
    return intrinsic.ConvBn3d;
  }

  /** A plain convolution with the normalization in its parameters. */
  to_float(): Module {
    const conv = new FloatConv3d(sizes_of(this));
    [conv.weight, conv.bias] = folded(this);
    conv.train(this.training);
    return conv;
  }
}
forward_takes(ConvBn3d, 'input: Tensor');

/**
 * {@link ConvBn3d} with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.qat.ConvBnReLU3d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of {@link ConvBn3d}
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvBnReLU3d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvBnReLU3d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3, 3)), m)
 * ```
 */
export class ConvBnReLU3d extends ConvBn3d {
  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvBnReLU3d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU3d(super.to_float() as FloatConv3d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvBnReLU3d, 'input: Tensor');

const CONV_RELU3D = signature<QatConvArguments>('ConvReLU3d', CONV_RELU);

/**
 * A 3D convolution with a ReLU behind it, which quantizes its weight in training. Mirrors `torch.ao.nn.intrinsic.qat.ConvReLU3d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.ConvReLU3d(1, 2, 2, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.randn(2, 1, 3, 3, 3)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.ConvReLU3d(1, 2, 2, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.randn(2, 1, 3, 3, 3)), m)
 * ```
 */
export class ConvReLU3d extends Conv3d {
  constructor(...args: ConvReLUArguments);
  constructor(...args: unknown[]) {
    super(CONV_RELU3D.read(args));
  }

  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.ConvReLU3d;
  }

  override to_float(): Module {
    const fused = new intrinsic.ConvReLU3d(super.to_float() as FloatConv3d, new ReLU());
    fused.train(this.training);
    return fused;
  }
}
forward_takes(ConvReLU3d, 'input: Tensor');

/**
 * A linear layer with a ReLU behind it, which quantizes its weight in training. Mirrors `torch.ao.nn.intrinsic.qat.LinearReLU`.
 *
 * Shapes: input `(*, in_features)`, output `(*, out_features)`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param options - `bias`, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { get_default_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.intrinsic.qat.LinearReLU(2, 3, { qconfig: get_default_qat_qconfig('x86') });
 * print(m(torch.ones(1, 2)), m);
 * ```
 * ```python
 * from torch.ao.quantization import get_default_qat_qconfig
 * m = torch.ao.nn.intrinsic.qat.LinearReLU(2, 3, qconfig=get_default_qat_qconfig('x86'))
 * print(m(torch.ones(1, 2)), m)
 * ```
 */
export class LinearReLU extends Linear {
  override forward(input: Tensor): Tensor {
    return F.relu(super.forward(input));
  }

  override float_class(): FloatClass {
    return intrinsic.LinearReLU;
  }

  override to_float(): Module {
    return new intrinsic.LinearReLU(super.to_float() as FloatLinear, new ReLU());
  }
}
forward_takes(LinearReLU, 'input: Tensor');

interface LinearBnOptions extends NormOptions {
  in_features: number;
  out_features: number;
  bias?: boolean;
  qconfig?: QConfig | null;
}
const LINEAR_BN = signature<LinearBnOptions>(
  'LinearBn1d',
  'in_features: int, out_features: int, bias?: bool, eps?: float, momentum?: float|None, freeze_bn?: bool, qconfig?: QConfig|None',
);

/**
 * A linear layer and its batch normalization, whose scale goes into the weight before that is quantized. Mirrors
 * `torch.ao.nn.intrinsic.qat.LinearBn1d`.
 *
 * Shapes: input `(N, in_features)`, output `(N, out_features)`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param options - `bias`, `eps`, `momentum`, `freeze_bn`, and `qconfig`: how to quantize, required
 * @throws Error without a qconfig
 * @example
 * ```ts
 * const { default_qat_qconfig } = torch.ao.quantization;
 * const linear = new nn.Linear(2, 3);
 * const m = new torch.ao.nn.intrinsic.LinearBn1d(linear, new nn.BatchNorm1d(3));
 * m.qconfig = default_qat_qconfig;
 * print(torch.ao.nn.intrinsic.qat.LinearBn1d.from_float(m)(torch.randn(4, 2)));
 * ```
 * ```python
 * from torch.ao.quantization import default_qat_qconfig
 * linear = nn.Linear(2, 3)
 * m = torch.ao.nn.intrinsic.LinearBn1d(linear, nn.BatchNorm1d(3))
 * m.qconfig = default_qat_qconfig
 * print(torch.ao.nn.intrinsic.qat.LinearBn1d.from_float(m)(torch.randn(4, 2)))
 * ```
 */
export class LinearBn1d extends FloatLinear {
  declare bn: BatchNorm1d;
  declare freeze_bn: boolean;
  declare weight_fake_quant: FakeQuantize;

  constructor(
    ...args: Arguments<
      [
        in_features: number,
        out_features: number,
        bias?: boolean,
        eps?: number,
        momentum?: number | null,
        freeze_bn?: boolean,
        qconfig?: QConfig | null,
      ],
      LinearBnOptions,
      ['in_features', 'out_features', 'bias', 'eps', 'momentum', 'freeze_bn', 'qconfig']
    >
  );
  constructor(...args: unknown[]) {
    const given = LINEAR_BN.read(args);
    const { in_features, out_features, bias = true, eps = 1e-5, momentum = 0.1, freeze_bn = false } = given;
    super(in_features, out_features, { bias });
    this.qconfig = required(given.qconfig);
    begin(this, new BatchNorm1d(out_features, eps, momentum), out_features, bias, freeze_bn, false);
  }

  override forward(input: Tensor): Tensor {
    return normalized(this, (weight, bias) => F.linear(input, weight, bias));
  }

  /** Leaves the running statistics as they are from now on. */
  freeze_bn_stats(): this {
    freeze(this);
    return this;
  }

  /** Updates the running statistics from now on. */
  update_bn_stats(): this {
    unfreeze(this);
    return this;
  }

  /** Resets the running statistics. */
  reset_running_stats(): void {
    this.bn.reset_running_stats();
  }

  override train(mode = true): this {
    set_mode(this, mode);
    return this;
  }

  /** A module for training with the parameters of plain ones, which have a `qconfig`. */
  static from_float(mod: intrinsic.LinearBn1d, use_precomputed_fake_quant?: boolean): LinearBn1d;
  static from_float(...args: unknown[]): LinearBn1d {
    const { mod, qconfig } = source_of(this.name, intrinsic.LinearBn1d, args);
    const [linear, bn] = [...(mod as intrinsic.LinearBn1d)] as [FloatLinear, BatchNorm1d];
    const { in_features, out_features } = linear;
    const bias = (linear.bias as Parameter | null) !== null;
    const made = new this({ in_features, out_features, bias, eps: bn.eps, momentum: bn.momentum, qconfig });
    take(made, linear, bn);
    return made;
  }

  /** A plain layer with the normalization in its parameters. */
  to_float(): Module {
    const linear = new FloatLinear(this.in_features, this.out_features);
    [linear.weight, linear.bias] = folded(this, true);
    return linear;
  }
}
forward_takes(LinearBn1d, 'input: Tensor');

/** Whether a module for training stands for several. @internal */
export function is_fused(module: Module): boolean {
  return [
    intrinsic.FusedModule,
    ConvBn1d,
    ConvBn2d,
    ConvBn3d,
    ConvReLU1d,
    ConvReLU2d,
    ConvReLU3d,
    LinearReLU,
    LinearBn1d,
  ].some((each) => module instanceof each);
}
