/** Transposed convolutions of quantized tensors: `torch.ao.nn.quantized.ConvTranspose1d` and its kin. */
import type { FactoryOptions } from '../../../_internal/arguments.js';
import type { Arguments } from '../../../_internal/signature.js';
import type * as F from '../../../nn/functional/index.js';
import {
  ConvTranspose1d as FloatConvTranspose1d,
  ConvTranspose2d as FloatConvTranspose2d,
  ConvTranspose3d as FloatConvTranspose3d,
  type ConvSizes,
  type ConvTransposeNd as FloatConvTranspose,
  type ConvTransposeOptions,
} from '../../../nn/modules/conv.js';
import { family, forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { Module } from '../../../nn/modules/module.js';
import type { Parameter } from '../../../nn/parameter.js';
import type { Tensor } from '../../../_tensor.js';
import { ConvNd } from './layers.js';
import { call_packed, type PackedParams } from './packed.js';
import { check_source, module_of } from './weights.js';

type ModuleClass = { readonly prototype: Module; readonly name: string };

type ConvTransposeArguments = Arguments<
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
const CONV_TRANSPOSE = family<ConvSizes & ConvTransposeOptions>(
  ['ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'],
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[], ' +
    'output_padding?: int|int[], groups?: int, bias?: bool, dilation?: int|int[], padding_mode?: str, device?: device|None, ' +
    'dtype?: dtype|None',
);

/** What the transposed convolutions share. */
abstract class ConvTransposeNd extends ConvNd {
  constructor(
    private readonly spatial: 1 | 2 | 3,
    given: ConvSizes & ConvTransposeOptions,
  ) {
    if ((given.padding_mode ?? 'zeros') !== 'zeros') {
      throw new Error(`Only "zeros" padding mode is supported for ${new.target.name}`);
    }
    super(spatial, given, given.output_padding ?? 0);
    this.spatial = spatial;
  }

  override forward(input: Tensor): Tensor {
    return this.run(`quantized::conv_transpose${this.spatial}d`, input);
  }

  /** @internal */
  protected override pack(w: Tensor, b: Tensor | null, how: Parameters<ConvNd['pack']>[2]): PackedParams {
    const { stride, padding, dilation, groups, dims } = how;
    const operator = `quantized::conv_transpose${dims}d_prepack`;
    return call_packed(operator, w, b, stride, padding, this.output_padding, dilation, groups)[0] as PackedParams;
  }

  protected override weight_bias(): [weight: Tensor, bias: Tensor | null] {
    const operator =
      this.spatial === 1 ? 'quantized::conv_transpose1d_unpack' : `quantized::conv${this.spatial}d_unpack`;
    return call_packed(operator, this._packed_params) as [Tensor, Tensor | null];
  }
}

/** What `from_float` reads of a prepared layer. */
function sizes_of(layer: FloatConvTranspose): ConvSizes & ConvTransposeOptions {
  const { in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, dilation } = layer;
  const bias = (layer.bias as Parameter | null) !== null;
  return { in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation };
}

/**
 * A transposed 1D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.ConvTranspose1d`.
 * Weights must be quantized by one scale, as those of `default_qconfig` are.
 *
 * Shapes: input `(N, in_channels, L)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `output_padding`, `groups`, `bias`, `dilation`
 * @throws Error for a `padding_mode` other than `zeros`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.ConvTranspose1d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.ConvTranspose1d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class ConvTranspose1d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(1, CONV_TRANSPOSE.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): ConvTranspose1d;
  static from_float(...args: unknown[]): ConvTranspose1d {
    const mod = module_of(args);
    check_source('ConvTranspose1d', mod, this.prototype.sources());
    const layer = mod as FloatConvTranspose;
    return new this(sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConvTranspose1d];
  }

  override _get_name(): string {
    return 'QuantizedConvTranspose1d';
  }
}
forward_takes(ConvTranspose1d, 'input: Tensor');

/**
 * A transposed 2D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.ConvTranspose2d`.
 * Weights must be quantized by one scale, as those of `default_qconfig` are.
 *
 * Shapes: input `(N, in_channels, H, W)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `output_padding`, `groups`, `bias`, `dilation`
 * @throws Error for a `padding_mode` other than `zeros`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.ConvTranspose2d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.ConvTranspose2d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class ConvTranspose2d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(2, CONV_TRANSPOSE.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): ConvTranspose2d;
  static from_float(...args: unknown[]): ConvTranspose2d {
    const mod = module_of(args);
    check_source('ConvTranspose2d', mod, this.prototype.sources());
    const layer = mod as FloatConvTranspose;
    return new this(sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConvTranspose2d];
  }

  override _get_name(): string {
    return 'QuantizedConvTranspose2d';
  }
}
forward_takes(ConvTranspose2d, 'input: Tensor');

/**
 * A transposed 3D convolution of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.ConvTranspose3d`.
 * Weights must be quantized by one scale, as those of `default_qconfig` are.
 *
 * Shapes: input `(N, in_channels, D, H, W)` in `torch.quint8`, output `(N, out_channels, ...)`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - `stride`, `padding`, `output_padding`, `groups`, `bias`, `dilation`
 * @throws Error for a `padding_mode` other than `zeros`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.ConvTranspose3d(1, 2, 2);
 * const x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8);
 * print(m, m(x).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.ConvTranspose3d(1, 2, 2)
 * x = torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8)
 * print(m, m(x).shape)
 * ```
 */
export class ConvTranspose3d extends ConvTransposeNd {
  constructor(...args: ConvTransposeArguments);
  constructor(...args: unknown[]) {
    super(3, CONV_TRANSPOSE.read(new.target, args));
  }

  /** A quantized convolution with the weights of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): ConvTranspose3d;
  static from_float(...args: unknown[]): ConvTranspose3d {
    const mod = module_of(args);
    check_source('ConvTranspose3d', mod, this.prototype.sources());
    const layer = mod as FloatConvTranspose;
    return new this(sizes_of(layer)).take(mod, layer);
  }

  /** The classes that `from_float` takes. @internal */
  sources(): readonly ModuleClass[] {
    return [FloatConvTranspose3d];
  }

  override _get_name(): string {
    return 'QuantizedConvTranspose3d';
  }
}
forward_takes(ConvTranspose3d, 'input: Tensor');
