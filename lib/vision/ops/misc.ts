/** Blocks that many networks for images are made of. Mirrors `torchvision.ops.misc`. */
import { as_operator } from '../../_internal/overriding.js';
import { ones, permute, zeros } from '../../generated/functions.js';
import { warn } from '../../_internal/warnings.js';
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { ReLU, Sigmoid } from '../../nn/modules/activation.js';
import { BatchNorm2d, BatchNorm3d } from '../../nn/modules/batchnorm.js';
import { Sequential } from '../../nn/modules/container.js';
import { Conv2d, Conv3d } from '../../nn/modules/conv.js';
import { Dropout } from '../../nn/modules/dropout.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Linear } from '../../nn/modules/linear.js';
import { Module, type StateDict } from '../../nn/modules/module.js';
import { AdaptiveAvgPool2d } from '../../nn/modules/pooling.js';
import type { Tensor } from '../../_tensor.js';
import { inplace_options, make_layer, type LayerMaker, type NormLayer } from './layer_maker.js';

export type { LayerMaker, NormLayer } from './layer_maker.js';

// ---- Batch normalization that does not learn ----------------------------------------------------

const FROZEN_BATCH_NORM = signature<{ num_features: number; eps?: number }>(
  'FrozenBatchNorm2d',
  'num_features: int, eps?: float',
);

/**
 * Batch normalization with fixed statistics and a fixed affine transformation:
 * `y = (x - running_mean) / sqrt(running_var + eps) * weight + bias`. All four are buffers, so nothing is trained, and
 * training and evaluation are the same. Mirrors `torchvision.ops.FrozenBatchNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)`. Buffers: `weight` and `running_var`, of ones, `bias` and `running_mean`, of
 * zeros, of shape `(C)`. A `num_batches_tracked` in a loaded state dict is left out. Dtypes: floating point.
 *
 * @param num_features - number of channels C
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const norm = new ops.FrozenBatchNorm2d(2, { eps: 0 });
 * norm.load_state_dict({ ...norm.state_dict(), running_mean: torch.tensor([1, 2]).float() });
 * print(norm); // FrozenBatchNorm2d(2, eps=0.0)
 * print(norm(torch.ones(1, 2, 1, 1)).flatten()); // tensor([ 0., -1.])
 * ```
 */
export class FrozenBatchNorm2d extends Module {
  declare eps: number;
  declare weight: Tensor;
  declare bias: Tensor;
  declare running_mean: Tensor;
  declare running_var: Tensor;

  constructor(
    ...args: Arguments<
      [num_features: number, eps?: number],
      { num_features: number; eps?: number },
      ['num_features', 'eps']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { num_features, eps = 1e-5 } = FROZEN_BATCH_NORM.read(args);
    this.eps = eps;
    this.register_buffer('weight', ones(num_features));
    this.register_buffer('bias', zeros(num_features));
    this.register_buffer('running_mean', zeros(num_features));
    this.register_buffer('running_var', ones(num_features));
  }

  /** Leaves out the counter of a BatchNorm2d, which has no meaning here. */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: Parameters<Module['_load_from_state_dict']>[3],
  ): void {
    delete state_dict[`${prefix}num_batches_tracked`];
    super._load_from_state_dict(state_dict, prefix, local, report);
  }

  forward(x: Tensor): Tensor {
    const by_channel = (values: Tensor): Tensor => values.reshape(1, -1, 1, 1);
    const scale = by_channel(this.weight).mul(by_channel(this.running_var).add(this.eps).rsqrt());
    const shift = by_channel(this.bias).sub(by_channel(this.running_mean).mul(scale));
    return x.mul(scale).add(shift);
  }

  override extra_repr(): string {
    return `${this.weight.size(0)}, eps=${python_float(this.eps)}`;
  }
}
forward_takes(FrozenBatchNorm2d, 'x: Tensor');

// ---- Convolution, normalization, activation -----------------------------------------------------

/** Keyword arguments of {@link Conv2dNormActivation} and {@link Conv3dNormActivation}. */
export interface ConvNormActivationOptions {
  /** Size of the kernel. Default 3. */
  kernel_size?: number | readonly number[];
  /** Stride of the convolution. Default 1. */
  stride?: number | readonly number[];
  /** Padding on both sides of each dimension. Default null: `(kernel_size - 1) / 2 * dilation`, rounded down. */
  padding?: number | readonly number[] | string | null;
  /** Number of groups of channels that the convolution keeps apart. Default 1. */
  groups?: number;
  /** The layer behind the convolution. Default: batch normalization; null for none. */
  norm_layer?: NormLayer | null;
  /** The layer behind that. Default `nn.ReLU`; null for none. */
  activation_layer?: LayerMaker | null;
  /** Spacing between the elements of the kernel. Default 1. */
  dilation?: number | readonly number[];
  /** `inplace` of the activation; null to give it none. Default true. */
  inplace?: boolean | null;
  /** Whether the convolution has a bias. Default null: where there is no `norm_layer`. */
  bias?: boolean | null;
}

type ConvNormActivationArguments = Arguments<
  [
    in_channels: number,
    out_channels: number,
    kernel_size?: number | readonly number[],
    stride?: number | readonly number[],
    padding?: number | readonly number[] | string | null,
    groups?: number,
    norm_layer?: NormLayer | null,
    activation_layer?: LayerMaker | null,
    dilation?: number | readonly number[],
    inplace?: boolean | null,
    bias?: boolean | null,
  ],
  ConvNormActivationOptions & { in_channels: number; out_channels: number },
  [
    'in_channels',
    'out_channels',
    'kernel_size',
    'stride',
    'padding',
    'groups',
    'norm_layer',
    'activation_layer',
    'dilation',
    'inplace',
    'bias',
  ]
>;

type ConvLayers = ConvNormActivationOptions & { in_channels: number; out_channels: number; conv_layer?: LayerMaker };

const CONV_ARGUMENTS =
  'in_channels: int, out_channels: int, kernel_size?: int|int[], stride?: int|int[], padding?: int|int[]|str|None, ' +
  'groups?: int, norm_layer?: Callable|None, activation_layer?: Callable|None, dilation?: int|int[], ' +
  'inplace?: bool|None, bias?: bool|None';
const CONV_NORM_ACTIVATION = signature<ConvLayers>('ConvNormActivation', `${CONV_ARGUMENTS}, conv_layer?: Callable`);
const CONV2D_NORM_ACTIVATION = signature<ConvLayers>('Conv2dNormActivation', CONV_ARGUMENTS);
const CONV3D_NORM_ACTIVATION = signature<ConvLayers>('Conv3dNormActivation', CONV_ARGUMENTS);

/** The padding that keeps the size of an image, for a kernel of an odd size and a stride of 1. */
function same_padding(
  kernel_size: number | readonly number[],
  dilation: number | readonly number[],
): number | number[] {
  const one = (kernel: number, spacing: number): number => Math.floor((kernel - 1) / 2) * spacing;
  if (typeof kernel_size === 'number' && typeof dilation === 'number') return one(kernel_size, dilation);
  const { length } = typeof kernel_size === 'number' ? (dilation as readonly number[]) : kernel_size;
  const at = (values: number | readonly number[], i: number): number =>
    typeof values === 'number' ? values : (values[i] ?? 1);
  return Array.from({ length }, (_, i) => one(at(kernel_size, i), at(dilation, i)));
}

function conv_layers(given: ConvLayers, by_default: { norm_layer: NormLayer; conv_layer: LayerMaker }): Module[] {
  const { in_channels, out_channels, kernel_size = 3, stride = 1, groups = 1, dilation = 1, inplace = true } = given;
  const { norm_layer = by_default.norm_layer, activation_layer = ReLU as LayerMaker } = given;
  const padding = given.padding ?? same_padding(kernel_size, dilation);
  const options = { dilation, groups, bias: given.bias ?? norm_layer === null };
  const conv_layer = given.conv_layer ?? by_default.conv_layer;
  const layers = [make_layer(conv_layer, in_channels, out_channels, kernel_size, stride, padding, options)];
  if (norm_layer !== null) layers.push(make_layer(norm_layer as LayerMaker, out_channels));
  if (activation_layer !== null) layers.push(make_layer(activation_layer, ...inplace_options(inplace)));
  return layers;
}

/**
 * A convolution, a normalization and an activation, one after the other; what {@link Conv2dNormActivation} and {@link
 * Conv3dNormActivation}, which programs use, have in common. Mirrors `torchvision.ops.misc.ConvNormActivation`.
 *
 * @param conv_layer - the class of the convolution; default `nn.Conv2d`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.ConvNormActivation(3, 4, { conv_layer: nn.Conv1d, norm_layer: nn.BatchNorm1d })(torch.ones(1, 3, 5)).shape); // torch.Size([1, 4, 5])
 * ```
 */
export class ConvNormActivation extends Sequential {
  declare out_channels: number;

  constructor(
    ...args:
      | ConvNormActivationArguments
      | [in_channels: number, out_channels: number, options: ConvNormActivationOptions & { conv_layer?: LayerMaker }]
  );
  constructor(...args: unknown[]) {
    const [first] = args;
    // A subclass gives its own layers, since its defaults are others.
    if (first instanceof Layers) {
      super(...first.layers);
      this.out_channels = first.out_channels;
      return;
    }
    const given = CONV_NORM_ACTIVATION.read(args);
    super(...conv_layers(given, { norm_layer: BatchNorm2d, conv_layer: Conv2d }));
    this.out_channels = given.out_channels;
    if (new.target === ConvNormActivation) {
      warn("Don't use ConvNormActivation directly, please use Conv2dNormActivation and Conv3dNormActivation instead.");
    }
  }
}

/** The layers of a subclass of ConvNormActivation. */
class Layers {
  constructor(
    readonly layers: readonly Module[],
    readonly out_channels: number,
  ) {}
}

function layers_of(given: ConvLayers, norm_layer: NormLayer, conv_layer: LayerMaker): never {
  return new Layers(conv_layers(given, { norm_layer, conv_layer }), given.out_channels) as never;
}

/**
 * A 2D convolution, a normalization and an activation, one after the other. Mirrors
 * `torchvision.ops.Conv2dNormActivation`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, out_channels, H_out, W_out)` as of `nn.Conv2d`; by default
 * `H_out = H` and `W_out = W`. Dtypes: floating point.
 *
 * @param in_channels - number of channels of the input
 * @param out_channels - number of channels of the output
 * @param kernel_size - size of the kernel; default 3
 * @param stride - stride of the convolution; default 1
 * @param padding - padding on both sides; default null: `(kernel_size - 1) / 2 * dilation`, rounded down
 * @param groups - number of groups of channels; default 1
 * @param norm_layer - class of the normalization, or a function of the number of channels; default `nn.BatchNorm2d`,
 *   null for none
 * @param activation_layer - class of the activation, or a function; default `nn.ReLU`, null for none
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param inplace - `inplace` of the activation; null to give it none; default true
 * @param bias - whether the convolution has a bias; default null: where there is no `norm_layer`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const block = new ops.Conv2dNormActivation(3, 8, { kernel_size: 5, stride: 2 });
 * print(block(torch.ones(1, 3, 6, 6)).shape); // torch.Size([1, 8, 3, 3])
 * print(block); // Conv2dNormActivation(
 * //   (0): Conv2d(3, 8, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2), bias=False)
 * //   (1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
 * //   (2): ReLU(inplace=True)
 * // )
 * ```
 */
export class Conv2dNormActivation extends ConvNormActivation {
  constructor(...args: ConvNormActivationArguments);
  constructor(...args: unknown[]) {
    super(layers_of(CONV2D_NORM_ACTIVATION.read(args), BatchNorm2d, Conv2d));
  }
}

/**
 * A 3D convolution, a normalization and an activation, one after the other. Mirrors
 * `torchvision.ops.Conv3dNormActivation`. The arguments are those of {@link Conv2dNormActivation}, with
 * `nn.BatchNorm3d` as the default of `norm_layer`.
 *
 * Shapes: input `(N, in_channels, D, H, W)`, output `(N, out_channels, D_out, H_out, W_out)` as of `nn.Conv3d`.
 * Dtypes: floating point.
 *
 * @param in_channels - number of channels of the input
 * @param out_channels - number of channels of the output
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const block = new ops.Conv3dNormActivation(3, 8, { activation_layer: nn.GELU, inplace: null });
 * print(block(torch.ones(1, 3, 2, 4, 4)).shape); // torch.Size([1, 8, 2, 4, 4])
 * ```
 */
export class Conv3dNormActivation extends ConvNormActivation {
  constructor(...args: ConvNormActivationArguments);
  constructor(...args: unknown[]) {
    super(layers_of(CONV3D_NORM_ACTIVATION.read(args), BatchNorm3d, Conv3d));
  }
}

// ---- Squeeze and excitation ---------------------------------------------------------------------

interface SqueezeExcitationArguments {
  input_channels: number;
  squeeze_channels: number;
  activation?: LayerMaker;
  scale_activation?: LayerMaker;
}

const SQUEEZE_EXCITATION = signature<SqueezeExcitationArguments>(
  'SqueezeExcitation',
  'input_channels: int, squeeze_channels: int, activation?: Callable, scale_activation?: Callable',
);

/**
 * Scales each channel by a factor that two 1x1 convolutions compute from the means of all channels:
 * `y = x * scale_activation(fc2(activation(fc1(mean(x)))))`. Mirrors `torchvision.ops.SqueezeExcitation`.
 *
 * Shapes: input and output `(N, input_channels, H, W)`. Dtypes: floating point.
 *
 * @param input_channels - number of channels of the input
 * @param squeeze_channels - number of channels between the two convolutions
 * @param activation - class of the layer between them, or a function; default `nn.ReLU`
 * @param scale_activation - class of the layer that makes the factors, or a function; default `nn.Sigmoid`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const block = new ops.SqueezeExcitation(4, 2, { scale_activation: nn.Hardsigmoid });
 * print(block(torch.zeros(1, 4, 2, 2)).shape); // torch.Size([1, 4, 2, 2])
 * print(block); // SqueezeExcitation(
 * //   (avgpool): AdaptiveAvgPool2d(output_size=1)
 * //   (fc1): Conv2d(4, 2, kernel_size=(1, 1), stride=(1, 1))
 * //   (fc2): Conv2d(2, 4, kernel_size=(1, 1), stride=(1, 1))
 * //   (activation): ReLU()
 * //   (scale_activation): Hardsigmoid()
 * // )
 * ```
 */
export class SqueezeExcitation extends Module {
  declare avgpool: AdaptiveAvgPool2d;
  declare fc1: Conv2d;
  declare fc2: Conv2d;
  declare activation: Module;
  declare scale_activation: Module;

  constructor(
    ...args: Arguments<
      [input_channels: number, squeeze_channels: number, activation?: LayerMaker, scale_activation?: LayerMaker],
      SqueezeExcitationArguments,
      ['input_channels', 'squeeze_channels', 'activation', 'scale_activation']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      input_channels,
      squeeze_channels,
      activation = ReLU as LayerMaker,
      scale_activation = Sigmoid as LayerMaker,
    } = SQUEEZE_EXCITATION.read(args);
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.fc1 = new Conv2d(input_channels, squeeze_channels, 1);
    this.fc2 = new Conv2d(squeeze_channels, input_channels, 1);
    this.activation = make_layer(activation);
    this.scale_activation = make_layer(scale_activation);
  }

  /** The factors of an input, `(N, input_channels, 1, 1)`. */
  _scale(input: Tensor): Tensor {
    const squeezed = this.activation(this.fc1(this.avgpool(input))) as Tensor;
    return this.scale_activation(this.fc2(squeezed)) as Tensor;
  }

  forward(input: Tensor): Tensor {
    const scale = this._scale(input);
    return as_operator('mul', scale, input, () => scale.mul(input));
  }
}
forward_takes(SqueezeExcitation, 'input: Tensor');

// ---- Perceptron ---------------------------------------------------------------------------------

/** Keyword arguments of {@link MLP}. */
export interface MLPOptions {
  /** The layer behind each but the last linear layer. Default null: none. */
  norm_layer?: NormLayer | null;
  /** The layer behind that. Default `nn.ReLU`. */
  activation_layer?: LayerMaker;
  /** `inplace` of the activations and of the dropout; null to give them none. Default null. */
  inplace?: boolean | null;
  /** Whether the linear layers have a bias. Default true. */
  bias?: boolean;
  /** Probability of the dropout. Default 0. */
  dropout?: number;
}

const MLP_ARGUMENTS = signature<MLPOptions & { in_channels: number; hidden_channels: readonly number[] }>(
  'MLP',
  'in_channels: int, hidden_channels: int[], norm_layer?: Callable|None, activation_layer?: Callable, ' +
    'inplace?: bool|None, bias?: bool, dropout?: float',
);

function perceptron_layers(given: MLPOptions & { in_channels: number; hidden_channels: readonly number[] }): Module[] {
  const { norm_layer = null, activation_layer = ReLU as LayerMaker, inplace = null, bias = true, dropout = 0 } = given;
  const { hidden_channels } = given;
  if (hidden_channels.length === 0) throw new RangeError("MLP(): argument 'hidden_channels' must not be empty");
  const options = inplace_options(inplace);
  const layers: Module[] = [];
  let channels = given.in_channels;
  for (const [i, hidden] of hidden_channels.entries()) {
    layers.push(new Linear(channels, hidden, { bias }));
    if (i < hidden_channels.length - 1) {
      if (norm_layer !== null) layers.push(make_layer(norm_layer as LayerMaker, hidden));
      layers.push(make_layer(activation_layer, ...options));
    }
    layers.push(new Dropout(dropout, ...options));
    channels = hidden;
  }
  return layers;
}

/**
 * A multilayer perceptron: linear layers, each but the last with a normalization and an activation, and all with a
 * dropout. Mirrors `torchvision.ops.MLP`.
 *
 * Shapes: input `(*, in_channels)`, output `(*, hidden_channels.at(-1))`. Dtypes: floating point.
 *
 * @param in_channels - number of features of the input
 * @param hidden_channels - number of features behind each linear layer
 * @param norm_layer - class of the normalizations, or a function of the number of features; default null: none
 * @param activation_layer - class of the activations, or a function; default `nn.ReLU`
 * @param inplace - `inplace` of the activations and of the dropout; null to give them none; default null
 * @param bias - whether the linear layers have a bias; default true
 * @param dropout - probability of the dropout; default 0
 * @throws TypeError for an argument of a wrong type; RangeError without `hidden_channels`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.MLP(4, [8, 2], { activation_layer: nn.GELU })); // MLP(
 * //   (0): Linear(in_features=4, out_features=8, bias=True)
 * //   (1): GELU(approximate='none')
 * //   (2): Dropout(p=0.0, inplace=False)
 * //   (3): Linear(in_features=8, out_features=2, bias=True)
 * //   (4): Dropout(p=0.0, inplace=False)
 * // )
 * ```
 */
export class MLP extends Sequential {
  constructor(
    ...args: Arguments<
      [
        in_channels: number,
        hidden_channels: readonly number[],
        norm_layer?: NormLayer | null,
        activation_layer?: LayerMaker,
        inplace?: boolean | null,
        bias?: boolean,
        dropout?: number,
      ],
      MLPOptions & { in_channels: number; hidden_channels: readonly number[] },
      ['in_channels', 'hidden_channels', 'norm_layer', 'activation_layer', 'inplace', 'bias', 'dropout']
    >
  );
  constructor(...args: unknown[]) {
    super(...perceptron_layers(MLP_ARGUMENTS.read(args)));
  }
}

// ---- Permutation --------------------------------------------------------------------------------

const PERMUTE = signature<{ dims: readonly number[] }>('Permute', 'dims: int[]');

/**
 * A view of the input with its dimensions in another order. Mirrors `torchvision.ops.Permute`.
 *
 * @param dims - the dimensions in the new order
 * @throws TypeError for an argument of a wrong type; Error on the call, when `dims` does not name each dimension once
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.Permute([0, 2, 3, 1])(torch.ones(1, 3, 4, 5)).shape); // torch.Size([1, 4, 5, 3])
 * ```
 */
export class Permute extends Module {
  declare dims: readonly number[];

  constructor(dims: readonly number[] | { dims: readonly number[] });
  constructor(...args: unknown[]) {
    super();
    this.dims = PERMUTE.read(args).dims;
  }

  forward(x: Tensor): Tensor {
    return permute(x, this.dims);
  }
}
forward_takes(Permute, 'x: Tensor');
