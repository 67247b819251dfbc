/** Layers of quantized tensors: `torch.ao.nn.quantized`. */
import { tensor } from '../../../creation.js';
import { _empty_affine_quantized, zeros } from '../../../generated/functions.js';
import { ntuple, type FactoryOptions } from '../../../_internal/arguments.js';
import { python_float, python_int, python_size } from '../../../_internal/representation.js';
import { method_signature, type Arguments } from '../../../_internal/signature.js';
import * as F from '../../../nn/functional/index.js';
import {
  Conv1d as FloatConv1d,
  Conv2d as FloatConv2d,
  Conv3d as FloatConv3d,
  type ConvNd as FloatConv,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvSizes,
} from '../../../nn/modules/conv.js';
import { family, forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Linear as FloatLinear } from '../../../nn/modules/linear.js';
import { Module, type StateDict } from '../../../nn/modules/module.js';
import type { Parameter } from '../../../nn/parameter.js';
import { float32, int64, qint8, type DType } from '../../../types/dtype.js';
import type { Tensor } from '../../../_tensor.js';
import * as intrinsic from '../intrinsic/fused.js';
import * as intrinsic_qat from '../intrinsic/qat/fused.js';
import * as qat from '../qat/layers.js';
import { LinearPackedParams } from './dynamic/linear.js';
import { call_packed, type PackedParams } from './packed.js';
import { check_source, module_of, quantize_layer } from './weights.js';

type LoadArguments = Parameters<Module['_load_from_state_dict']>;
type ModuleClass = { readonly prototype: Module; readonly name: string };

/** Puts the scale and the zero point of the results into a state dict. */
function save_numbers(layer: { scale: number; zero_point: number }, destination: StateDict, prefix: string): void {
  destination[`${prefix}scale`] = tensor(layer.scale, { dtype: float32 });
  destination[`${prefix}zero_point`] = tensor(layer.zero_point, { dtype: int64 });
}

/** Takes them out of it. */
function load_numbers(layer: { scale: number; zero_point: number }, state_dict: StateDict, prefix: string): void {
  layer.scale = (state_dict[`${prefix}scale`] as Tensor).item();
  layer.zero_point = (state_dict[`${prefix}zero_point`] as Tensor).item();
  delete state_dict[`${prefix}scale`];
  delete state_dict[`${prefix}zero_point`];
}

interface LinearArguments {
  in_features: number;
  out_features: number;
  bias_?: boolean;
  dtype?: DType;
}
const LINEAR = family<LinearArguments>(
  ['Linear', 'LinearReLU'],
  'in_features: int, out_features: int, bias_?: bool, dtype?: dtype',
);
const SET_WEIGHT_BIAS = method_signature<{ w: Tensor; b: Tensor | null }>(
  'set_weight_bias',
  'w: Tensor, b: Tensor|None',
);

/**
 * A linear layer of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.Linear`.
 *
 * Shapes: input `(*, in_features)` in `torch.quint8`, output `(*, out_features)`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param bias_ - whether there is a bias; default true
 * @param dtype - `torch.qint8`
 * @throws Error for another dtype
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Linear(3, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Linear(3, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class Linear extends Module {
  declare in_features: number;
  declare out_features: number;
  /** The scale of the results. */
  declare scale: number;
  /** The zero point of the results. */
  declare zero_point: number;
  /** @internal */
  declare _packed_params: LinearPackedParams;

  constructor(
    ...args: Arguments<
      [in_features: number, out_features: number, bias_?: boolean, dtype?: DType],
      LinearArguments,
      ['in_features', 'out_features', 'bias_', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { in_features, out_features, bias_ = true, dtype = qint8 } = LINEAR.read(new.target, args);
    super();
    if (dtype !== qint8) throw new Error('Unsupported dtype specified for quantized Linear!');
    this.in_features = in_features;
    this.out_features = out_features;
    const weight = _empty_affine_quantized([out_features, in_features], { scale: 1, zero_point: 0, dtype: qint8 });
    this._packed_params = new LinearPackedParams(dtype, weight, bias_ ? zeros([out_features]) : null);
    this.scale = 1;
    this.zero_point = 0;
  }

  override get _version(): number {
    return 3;
  }

  forward(x: Tensor): Tensor {
    return this.run('quantized::linear', x);
  }

  /** Calls an operator with the weight. @internal */
  run(operator: string, x: Tensor): Tensor {
    return call_packed(operator, x, this._packed_params._packed_params, this.scale, this.zero_point)[0] as Tensor;
  }

  /** The quantized weight, unpacked. */
  weight(): Tensor {
    return this._packed_params.weight_bias()[0];
  }

  /** The bias, or null. */
  bias(): Tensor | null {
    return this._packed_params.weight_bias()[1];
  }

  /** Packs a weight that is quantized already, and a bias. */
  set_weight_bias(w: Tensor, b: Tensor | null): void;
  set_weight_bias(...args: unknown[]): void {
    const { w, b } = SET_WEIGHT_BIAS.read(args);
    this._packed_params = new LinearPackedParams(qint8, w, b);
  }

  /** A quantized layer with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Linear;
  static from_float(...args: unknown[]): Linear {
    const mod = module_of(args);
    check_source('Linear', mod, this.prototype.sources());
    if (mod instanceof intrinsic_qat.LinearBn1d) [mod.weight, mod.bias] = intrinsic_qat.folded(mod, true);
    const layer = (mod instanceof intrinsic.FusedModule ? mod[0] : mod) as FloatLinear;
    const { weight, scale, zero_point } = quantize_layer(mod, layer);
    const made = new this(layer.in_features, layer.out_features);
    const bias = layer.bias as Parameter | null;
    made.set_weight_bias(weight, bias);
    made.scale = scale;
    made.zero_point = zero_point;
    return made;
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatLinear, qat.Linear, intrinsic_qat.LinearBn1d];
  }

  override _get_name(): string {
    return 'QuantizedLinear';
  }

  override extra_repr(): string {
    const { in_features, out_features, scale, zero_point } = this;
    return (
      `in_features=${python_int(in_features)}, out_features=${python_int(out_features)}, scale=${python_float(scale)}, ` +
      `zero_point=${python_int(zero_point)}, qscheme=${String(this.weight().qscheme())}`
    );
  }

  /** Without the packed weights. */
  override toString(): string {
    return `${this._get_name()}(${this.extra_repr()})`;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    save_numbers(this, destination, prefix);
  }

  override _load_from_state_dict(...args: LoadArguments): void {
    load_numbers(this, args[0], args[1]);
    super._load_from_state_dict(...args);
  }
}
forward_takes(Linear, 'x: Tensor');

type ConvArguments = Arguments<
  [
    in_channels: number,
    out_channels: number,
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize,
    padding?: F.IntOrSize,
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
const CONV =
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[], dilation?: int|int[], ' +
  'groups?: int, bias?: bool, padding_mode?: str, device?: device|None, dtype?: dtype|None';

/** How a convolution packs its weight. */
interface Packing {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly dims: 1 | 2 | 3;
}

/** What the convolutions share. */
export abstract class ConvNd extends Module {
  declare in_channels: number;
  declare out_channels: number;
  declare kernel_size: readonly number[];
  declare stride: readonly number[];
  declare padding: readonly number[];
  declare dilation: readonly number[];
  declare output_padding: readonly number[];
  declare groups: number;
  declare padding_mode: ConvPaddingMode;
  /** The scale of the results. */
  declare scale: number;
  /** The zero point of the results. */
  declare zero_point: number;
  /** @internal */
  declare _packed_params: PackedParams;

  /** @param transposed - the `output_padding` of a transposed convolution; null for another one */
  constructor(
    private readonly dims: 1 | 2 | 3,
    given: ConvSizes & ConvOptions,
    transposed: F.IntOrSize | null = null,
  ) {
    super();
    const { in_channels, out_channels, groups = 1, bias = true, padding_mode = 'zeros' } = given;
    if (out_channels <= 0) throw new Error(`out_channels must be greater than 0, got ${out_channels}`);
    if (in_channels % groups !== 0) throw new Error('in_channels must be divisible by groups');
    if (out_channels % groups !== 0) throw new Error('out_channels must be divisible by groups');
    if (padding_mode !== 'zeros' && padding_mode !== 'reflect') {
      throw new Error(`'padding_mode' ${padding_mode} is not supported by quantized convolution`);
    }
    this.dims = dims;
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = ntuple(given.kernel_size, dims);
    this.stride = ntuple(given.stride ?? 1, dims);
    this.padding = ntuple((given.padding ?? 0) as F.IntOrSize, dims);
    this.dilation = ntuple(given.dilation ?? 1, dims);
    this.output_padding = ntuple(transposed ?? 0, dims);
    this.groups = groups;
    this.padding_mode = padding_mode;
    const [first, second] = transposed === null ? [out_channels, in_channels] : [in_channels, out_channels];
    const size = [first, second / groups, ...this.kernel_size];
    const weight = _empty_affine_quantized(size, { scale: 1, zero_point: 0, dtype: qint8 });
    this.set_weight_bias(weight, bias ? zeros([out_channels]) : null);
    this.scale = 1;
    this.zero_point = 0;
  }

  forward(input: Tensor): Tensor {
    return this.run(this.dims === 1 ? 'quantized::conv1d' : `quantized::conv${this.dims}d.new`, input);
  }

  /** Calls an operator with the weight. @internal */
  run(operator: string, input: Tensor): Tensor {
    if (input.dim() !== this.dims + 2) {
      throw new Error(`Input shape must be \`(N, C, ${['L', 'H, W', 'D, H, W'][this.dims - 1]})\`!`);
    }
    const sides = [...this.padding].reverse().flatMap((size) => [size, size]);
    const image = this.padding_mode === 'zeros' ? input : F.pad(input, sides, { mode: this.padding_mode });
    return call_packed(operator, image, this._packed_params, this.scale, this.zero_point)[0] as Tensor;
  }

  /** What was packed. @internal */
  protected weight_bias(): [weight: Tensor, bias: Tensor | null] {
    return call_packed(`quantized::conv${this.dims}d_unpack`, this._packed_params) as [Tensor, Tensor | null];
  }

  /** The quantized weight, unpacked. */
  weight(): Tensor {
    return this.weight_bias()[0];
  }

  /** The bias, or null. */
  bias(): Tensor | null {
    return this.weight_bias()[1];
  }

  /** Packs a weight that is quantized already, and a bias. */
  set_weight_bias(w: Tensor, b: Tensor | null): void;
  set_weight_bias(...args: unknown[]): void {
    const { w, b } = SET_WEIGHT_BIAS.read(args);
    const padding = this.padding_mode === 'zeros' ? this.padding : ntuple(0, this.dims);
    const { stride, dilation, groups, dims } = this;
    this._packed_params = this.pack(w, b, { stride, padding, dilation, groups, dims });
  }

  /** Packs a weight for the operator. @internal */
  protected pack(w: Tensor, b: Tensor | null, { stride, padding, dilation, groups, dims }: Packing): PackedParams {
    return call_packed(`quantized::conv${dims}d_prepack`, w, b, stride, padding, dilation, groups)[0] as PackedParams;
  }

  /** Takes the parameters of a prepared convolution. @internal */
  take(mod: Module, layer: FloatConv): this {
    const { weight, scale, zero_point } = quantize_layer(mod, layer);
    const bias = layer.bias as Parameter | null;
    this.set_weight_bias(weight, bias);
    this.scale = scale;
    this.zero_point = zero_point;
    return this;
  }

  override extra_repr(): string {
    const { padding, dilation, groups } = this;
    let text =
      `${python_int(this.in_channels)}, ${python_int(this.out_channels)}, kernel_size=${python_size(this.kernel_size)}, ` +
      `stride=${python_size(this.stride)}, scale=${python_float(this.scale)}, zero_point=${python_int(this.zero_point)}`;
    if (padding.some((size) => size !== 0)) text += `, padding=${python_size(padding)}`;
    if (dilation.some((size) => size !== 1)) text += `, dilation=${python_size(dilation)}`;
    if (this.output_padding.some((size) => size !== 0)) text += `, output_padding=${python_size(this.output_padding)}`;
    if (groups !== 1) text += `, groups=${python_int(groups)}`;
    return this.bias() === null ? `${text}, bias=False` : text;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    const [weight, bias] = this.weight_bias();
    destination[`${prefix}weight`] = weight;
    (destination as Record<string, unknown>)[`${prefix}bias`] = bias;
    save_numbers(this, destination, prefix);
  }

  override _load_from_state_dict(...args: LoadArguments): void {
    const [state_dict, prefix] = args;
    this.set_weight_bias(
      state_dict[`${prefix}weight`] as Tensor,
      (state_dict[`${prefix}bias`] as Tensor | null) ?? null,
    );
    delete state_dict[`${prefix}weight`];
    delete state_dict[`${prefix}bias`];
    load_numbers(this, state_dict, prefix);
    super._load_from_state_dict(...args);
  }
}

/** The convolution in a prepared module, with a normalization in its parameters. */
function convolution_in(mod: Module): FloatConv {
  const { ConvBn1d, ConvBn2d, ConvBn3d } = intrinsic_qat;
  if (mod instanceof ConvBn1d || mod instanceof ConvBn2d || mod instanceof ConvBn3d) {
    [mod.weight, mod.bias] = intrinsic_qat.folded(mod);
  }
  return (mod instanceof intrinsic.FusedModule ? mod[0] : mod) as FloatConv;
}

const CONV1D = family<ConvSizes & ConvOptions>(['Conv1d', 'ConvReLU1d'], CONV);

/**
 * A 1D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.Conv1d`.
 *
 * Shapes: input `(N, in_channels, L)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `dilation`, `groups`, `bias`, `padding_mode`
 * @throws Error for a `padding_mode` other than `zeros` and `reflect`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Conv1d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Conv1d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class Conv1d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(1, CONV1D.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Conv1d;
  static from_float(...args: unknown[]): Conv1d {
    const mod = module_of(args);
    check_source('Conv1d', mod, this.prototype.sources());
    const layer = convolution_in(mod);
    return new this(qat.sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConv1d, qat.Conv1d, intrinsic_qat.ConvBn1d];
  }

  override _get_name(): string {
    return 'QuantizedConv1d';
  }
}
forward_takes(Conv1d, 'input: Tensor');

const CONV2D = family<ConvSizes & ConvOptions>(['Conv2d', 'ConvReLU2d'], CONV);

/**
 * A 2D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.Conv2d`.
 *
 * Shapes: input `(N, in_channels, H, W)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `dilation`, `groups`, `bias`, `padding_mode`
 * @throws Error for a `padding_mode` other than `zeros` and `reflect`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Conv2d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Conv2d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class Conv2d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(2, CONV2D.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Conv2d;
  static from_float(...args: unknown[]): Conv2d {
    const mod = module_of(args);
    check_source('Conv2d', mod, this.prototype.sources());
    const layer = convolution_in(mod);
    return new this(qat.sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConv2d, qat.Conv2d, intrinsic_qat.ConvBn2d];
  }

  override _get_name(): string {
    return 'QuantizedConv2d';
  }
}
forward_takes(Conv2d, 'input: Tensor');

const CONV3D = family<ConvSizes & ConvOptions>(['Conv3d', 'ConvReLU3d'], CONV);

/**
 * A 3D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.Conv3d`.
 *
 * Shapes: input `(N, in_channels, D, H, W)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `dilation`, `groups`, `bias`, `padding_mode`
 * @throws Error for a `padding_mode` other than `zeros` and `reflect`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Conv3d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Conv3d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class Conv3d extends ConvNd {
  constructor(...args: ConvArguments);
  constructor(...args: unknown[]) {
    super(3, CONV3D.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Conv3d;
  static from_float(...args: unknown[]): Conv3d {
    const mod = module_of(args);
    check_source('Conv3d', mod, this.prototype.sources());
    const layer = convolution_in(mod);
    return new this(qat.sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConv3d, qat.Conv3d, intrinsic_qat.ConvBn3d];
  }

  override _get_name(): string {
    return 'QuantizedConv3d';
  }
}
forward_takes(Conv3d, 'input: Tensor');
