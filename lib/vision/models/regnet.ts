import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { arange } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { make_divisible, round_half_even } from './_utils.js';
import { plus } from './operators.js';

class SimpleStemIN extends Conv2dNormActivation {
  constructor(inputs: number, outputs: number, norm_layer: NormLayer, activation_layer: LayerMaker) {
    super(inputs, outputs, { kernel_size: 3, stride: 2, norm_layer, activation_layer });
  }
}

interface BlockLayers {
  readonly norm_layer: NormLayer;
  readonly activation_layer: LayerMaker;
  readonly group_width: number;
  readonly bottleneck_multiplier: number;
  readonly se_ratio: number | null;
}

type Named = new (layers: Readonly<Record<string, nn.Module>>) => nn.Sequential;

class BottleneckTransform extends (nn.Sequential as unknown as Named) {
  constructor(inputs: number, outputs: number, stride: number, layers: BlockLayers) {
    const { norm_layer, activation_layer, group_width, bottleneck_multiplier, se_ratio } = layers;
    const width = round_half_even(outputs * bottleneck_multiplier);
    const groups = Math.floor(width / group_width);
    const layer = { norm_layer, activation_layer };
    const a = new Conv2dNormActivation(inputs, width, { ...layer, kernel_size: 1 });
    const b = new Conv2dNormActivation(width, width, { ...layer, kernel_size: 3, stride, groups });
    const squeezed = se_ratio === null || se_ratio === 0 ? null : round_half_even(se_ratio * inputs);
    const se = squeezed === null ? null : new SqueezeExcitation(width, squeezed, { activation: activation_layer });
    const c = new Conv2dNormActivation(width, outputs, { norm_layer, activation_layer: null, kernel_size: 1 });
    super(se === null ? { a, b, c } : { a, b, se, c });
  }
}

class ResBottleneckBlock extends nn.Module {
  declare proj: Conv2dNormActivation | null;
  declare f: BottleneckTransform;
  declare activation: nn.Module;

  constructor(inputs: number, outputs: number, stride: number, layers: BlockLayers) {
    super();
    const { norm_layer, activation_layer } = layers;
    this.proj = null;
    if (inputs !== outputs || stride !== 1) {
      this.proj = new Conv2dNormActivation(inputs, outputs, {
        kernel_size: 1,
        stride,
        norm_layer,
        activation_layer: null,
      });
    }
    this.f = new BottleneckTransform(inputs, outputs, stride, layers);
    this.activation = make_layer(activation_layer, { inplace: true });
  }

  forward(x: Tensor): Tensor {
    const kept = this.proj === null ? x : this.proj(x);
    return this.activation(plus(kept, this.f(x) as Tensor)) as Tensor;
  }
}

type Empty = new () => nn.Sequential;

class AnyStage extends (nn.Sequential as unknown as Empty) {
  constructor(inputs: number, outputs: number, stride: number, depth: number, layers: BlockLayers, index: number) {
    super();
    for (let i = 0; i < depth; i++) {
      const block = new ResBottleneckBlock(i === 0 ? inputs : outputs, outputs, i === 0 ? stride : 1, layers);
      this.add_module(`block${index}-${i}`, block);
    }
  }
}

interface BlockLists {
  /** Number of blocks in each stage. */
  depths: readonly number[];
  /** Channels of each stage. */
  widths: readonly number[];
  /** Channels of a group in each stage. */
  group_widths: readonly number[];
  /** Channels of the middle for each of the output, in each stage. */
  bottleneck_multipliers: readonly number[];
  /** Stride of each stage. */
  strides: readonly number[];
  /** Channels of squeeze-and-excitation for each of the input. Default null: none. */
  se_ratio?: number | null;
}

interface InitParams {
  /** Number of blocks. */
  depth: number;
  /** Channels of the first block. */
  w_0: number;
  /** How the number of channels grows. */
  w_a: number;
  /** Ratio of the numbers of channels of stages. */
  w_m: number;
  /** Channels of a group. */
  group_width: number;
  /** Channels of the middle for each of the output. Default 1. */
  bottleneck_multiplier?: number;
  /** Channels of squeeze-and-excitation for each of the input. Default null: none. */
  se_ratio?: number | null;
}

const PARAMS = signature<BlockLists>(
  'BlockParams',
  'depths: int[], widths: int[], group_widths: int[], bottleneck_multipliers: float[], strides: int[], ' +
    'se_ratio?: float|None',
);
const FROM_INIT = signature<InitParams>(
  'from_init_params',
  'depth: int, w_0: int, w_a: float, w_m: float, group_width: int, bottleneck_multiplier?: float, se_ratio?: float|None',
);

/**
 * The sizes of the stages of a {@link RegNet}. Mirrors `torchvision.models.regnet.BlockParams`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { depths, widths } = models.regnet.BlockParams.from_init_params(22, 24, 24.48, 2.54, 16);
 * print(depths, widths); // [1, 2, 7, 12] [32, 64, 160, 400]
 * ```
 */
export class BlockParams {
  readonly depths: readonly number[];
  readonly widths: readonly number[];
  readonly group_widths: readonly number[];
  readonly bottleneck_multipliers: readonly number[];
  readonly strides: readonly number[];
  readonly se_ratio: number | null;

  constructor(
    ...args: Arguments<
      [
        depths: readonly number[],
        widths: readonly number[],
        group_widths: readonly number[],
        bottleneck_multipliers: readonly number[],
        strides: readonly number[],
        se_ratio?: number | null,
      ],
      BlockLists,
      ['depths', 'widths', 'group_widths', 'bottleneck_multipliers', 'strides', 'se_ratio']
    >
  );
  constructor(...args: unknown[]) {
    const { depths, widths, group_widths, bottleneck_multipliers, strides, se_ratio = null } = PARAMS.read(args);
    this.depths = depths;
    this.widths = widths;
    this.group_widths = group_widths;
    this.bottleneck_multipliers = bottleneck_multipliers;
    this.strides = strides;
    this.se_ratio = se_ratio;
  }

  /**
   * The sizes by the paper's rule: the numbers of channels of the blocks lie near a line, at powers of `w_m`.
   *
   * @throws Error for settings that give no stages
   */
  static from_init_params(
    ...args: Arguments<
      [
        depth: number,
        w_0: number,
        w_a: number,
        w_m: number,
        group_width: number,
        bottleneck_multiplier?: number,
        se_ratio?: number | null,
      ],
      InitParams,
      ['depth', 'w_0', 'w_a', 'w_m', 'group_width', 'bottleneck_multiplier', 'se_ratio']
    >
  ): BlockParams;
  static from_init_params(...args: unknown[]): BlockParams {
    const { depth, w_0, w_a, w_m, group_width, bottleneck_multiplier = 1, se_ratio = null } = FROM_INIT.read(args);
    if (w_a < 0 || w_0 <= 0 || w_m <= 1 || w_0 % 8 !== 0) throw new Error('Invalid RegNet settings');
    // In single precision, as in Python: the rounding must be the same.
    const on_line = arange(depth, { device: 'cpu' }).mul(w_a).add(w_0);
    const powers = on_line.div(w_0).log().div(Math.log(w_m)).round();
    const widths = powers.mul(0).add(w_m).pow(powers).mul(w_0).div(8).round().mul(8).int().tolist() as number[];
    const stages: { width: number; depth: number }[] = [];
    for (const width of widths) {
      const stage = stages.at(-1);
      if (stage?.width === width) stage.depth += 1;
      else stages.push({ width, depth: 1 });
    }
    const bottlenecks = stages.map(({ width }) => Math.trunc(width * bottleneck_multiplier));
    const group_widths = bottlenecks.map((width) => Math.min(group_width, width));
    const divisible = bottlenecks.map((width, i) => make_divisible(width, group_widths[i]!));
    return new BlockParams({
      depths: stages.map((stage) => stage.depth),
      widths: divisible.map((width) => Math.trunc(width / bottleneck_multiplier)),
      group_widths,
      bottleneck_multipliers: stages.map(() => bottleneck_multiplier),
      strides: stages.map(() => 2),
      se_ratio,
    });
  }
}

define_kind('BlockParams', 'BlockParams', (value) => value instanceof BlockParams);

/** Options of {@link RegNet}. */
export interface RegNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Channels of the first convolution. Default 32. */
  stem_width?: number;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
  /** What makes the activations. Default null: `nn.ReLU`. */
  activation?: LayerMaker | null;
}

const TAKES = 'num_classes?: int, stem_width?: int, norm_layer?: Callable|None, activation?: Callable|None';
const REGNET = signature<RegNetOptions & { block_params: BlockParams }>(
  'RegNet',
  'block_params: BlockParams, num_classes?: int, stem_width?: int, *, norm_layer?: Callable|None, activation?: Callable|None',
);

export interface RegNet {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * RegNet of "Designing Network Design Spaces" (arXiv 2003.13678). Mirrors `torchvision.models.RegNet`, without its
 * arguments `stem_type` and `block_type`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param block_params - the sizes of the stages
 * @param num_classes - number of classes; default 1000
 * @param stem_width - channels of the first convolution; default 32
 * @param norm_layer - what makes the normalizations; default null: `nn.BatchNorm2d`
 * @param activation - what makes the activations; default null: `nn.ReLU`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const params = new models.regnet.BlockParams([1, 1], [16, 32], [8, 8], [1, 1], [2, 2]);
 * const model = new models.RegNet(params, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class RegNet extends nn.Module {
  declare stem: nn.Module;
  declare trunk_output: nn.Sequential;
  declare avgpool: nn.AdaptiveAvgPool2d;

  constructor(block_params: BlockParams, ...options: Tail<[num_classes: number, stem_width: number], RegNetOptions>);
  constructor(options: RegNetOptions & { block_params: BlockParams });
  constructor(...args: unknown[]) {
    super();
    const { block_params, num_classes = 1000, stem_width = 32, ...given } = REGNET.read(args);
    const norm_layer = given.norm_layer ?? nn.BatchNorm2d;
    const activation_layer: LayerMaker = given.activation ?? nn.ReLU;
    const { widths, strides, depths, group_widths, bottleneck_multipliers, se_ratio } = block_params;
    this.stem = new SimpleStemIN(3, stem_width, norm_layer, activation_layer);
    let channels = stem_width;
    const stages = widths.map((width, i): [string, nn.Module] => {
      const layers = {
        norm_layer,
        activation_layer,
        group_width: group_widths[i]!,
        bottleneck_multiplier: bottleneck_multipliers[i]!,
        se_ratio,
      };
      const stage = new AnyStage(channels, width, strides[i]!, depths[i]!, layers, i + 1);
      channels = width;
      return [`block${i + 1}`, stage];
    });
    this.trunk_output = new nn.Sequential(new Map(stages));
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.fc = new nn.Linear(channels, num_classes);
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) {
        const [height, width] = m.kernel_size as [number, number];
        nn.init.normal_(m.weight, 0, Math.sqrt(2 / (height * width * m.out_channels)));
      } else if (m instanceof nn.BatchNorm2d) {
        nn.init.ones_(m.weight);
        nn.init.zeros_(m.bias);
      } else if (m instanceof nn.Linear) {
        nn.init.normal_(m.weight, 0, 0.01);
        nn.init.zeros_(m.bias);
      }
    }
  }

  forward(x: Tensor): Tensor {
    return this.fc(this.avgpool(this.trunk_output(this.stem(x) as Tensor)).flatten({ start_dim: 1 }));
  }
}
forward_takes(RegNet, 'x: Tensor');

function regnet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  depth: number,
  w_0: number,
  w_a: number,
  w_m: number,
  group_width: number,
): ModelBuilder<RegNet, N, RegNetOptions> {
  const se_ratio = name.startsWith('regnet_y') ? 0.25 : null;
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: RegNetOptions) =>
      new RegNet(BlockParams.from_init_params({ depth, w_0, w_a, w_m, group_width, se_ratio }), config),
  });
}

/** The weights of {@link regnet_y_400mf}. Mirrors `torchvision.models.RegNet_Y_400MF_Weights`. */
export const RegNet_Y_400MF_Weights = known_weights('RegNet_Y_400MF_Weights');
export type RegNet_Y_400MF_Weights = WeightsEnum<'RegNet_Y_400MF_Weights'>;

/**
 * Makes RegNetY of 400 MFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_400mf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.regnet_y_400mf({ num_classes: 2 }).fc); // Linear(in_features=440, out_features=2, bias=True)
 * ```
 */
export const regnet_y_400mf = regnet('regnet_y_400mf', RegNet_Y_400MF_Weights, 16, 48, 27.89, 2.09, 8);

/** The weights of {@link regnet_y_800mf}. Mirrors `torchvision.models.RegNet_Y_800MF_Weights`. */
export const RegNet_Y_800MF_Weights = known_weights('RegNet_Y_800MF_Weights');
export type RegNet_Y_800MF_Weights = WeightsEnum<'RegNet_Y_800MF_Weights'>;

/**
 * Makes RegNetY of 800 MFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_800mf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_800mf = regnet('regnet_y_800mf', RegNet_Y_800MF_Weights, 14, 56, 38.84, 2.4, 16);

/** The weights of {@link regnet_y_1_6gf}. Mirrors `torchvision.models.RegNet_Y_1_6GF_Weights`. */
export const RegNet_Y_1_6GF_Weights = known_weights('RegNet_Y_1_6GF_Weights');
export type RegNet_Y_1_6GF_Weights = WeightsEnum<'RegNet_Y_1_6GF_Weights'>;

/**
 * Makes RegNetY of 1.6 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_1_6gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_1_6gf = regnet('regnet_y_1_6gf', RegNet_Y_1_6GF_Weights, 27, 48, 20.71, 2.65, 24);

/** The weights of {@link regnet_y_3_2gf}. Mirrors `torchvision.models.RegNet_Y_3_2GF_Weights`. */
export const RegNet_Y_3_2GF_Weights = known_weights('RegNet_Y_3_2GF_Weights');
export type RegNet_Y_3_2GF_Weights = WeightsEnum<'RegNet_Y_3_2GF_Weights'>;

/**
 * Makes RegNetY of 3.2 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_3_2gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_3_2gf = regnet('regnet_y_3_2gf', RegNet_Y_3_2GF_Weights, 21, 80, 42.63, 2.66, 24);

/** The weights of {@link regnet_y_8gf}. Mirrors `torchvision.models.RegNet_Y_8GF_Weights`. */
export const RegNet_Y_8GF_Weights = known_weights('RegNet_Y_8GF_Weights');
export type RegNet_Y_8GF_Weights = WeightsEnum<'RegNet_Y_8GF_Weights'>;

/**
 * Makes RegNetY of 8 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_8gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_8gf = regnet('regnet_y_8gf', RegNet_Y_8GF_Weights, 17, 192, 76.82, 2.19, 56);

/** The weights of {@link regnet_y_16gf}. Mirrors `torchvision.models.RegNet_Y_16GF_Weights`. */
export const RegNet_Y_16GF_Weights = known_weights('RegNet_Y_16GF_Weights');
export type RegNet_Y_16GF_Weights = WeightsEnum<'RegNet_Y_16GF_Weights'>;

/**
 * Makes RegNetY of 16 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_16gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_16gf = regnet('regnet_y_16gf', RegNet_Y_16GF_Weights, 18, 200, 106.23, 2.48, 112);

/** The weights of {@link regnet_y_32gf}. Mirrors `torchvision.models.RegNet_Y_32GF_Weights`. */
export const RegNet_Y_32GF_Weights = known_weights('RegNet_Y_32GF_Weights');
export type RegNet_Y_32GF_Weights = WeightsEnum<'RegNet_Y_32GF_Weights'>;

/**
 * Makes RegNetY of 32 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_32gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_32gf = regnet('regnet_y_32gf', RegNet_Y_32GF_Weights, 20, 232, 115.89, 2.53, 232);

/** The weights of {@link regnet_y_128gf}. Mirrors `torchvision.models.RegNet_Y_128GF_Weights`. */
export const RegNet_Y_128GF_Weights = known_weights('RegNet_Y_128GF_Weights');
export type RegNet_Y_128GF_Weights = WeightsEnum<'RegNet_Y_128GF_Weights'>;

/**
 * Makes RegNetY of 128 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_y_128gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_y_128gf = regnet('regnet_y_128gf', RegNet_Y_128GF_Weights, 27, 456, 160.83, 2.52, 264);

/** The weights of {@link regnet_x_400mf}. Mirrors `torchvision.models.RegNet_X_400MF_Weights`. */
export const RegNet_X_400MF_Weights = known_weights('RegNet_X_400MF_Weights');
export type RegNet_X_400MF_Weights = WeightsEnum<'RegNet_X_400MF_Weights'>;

/**
 * Makes RegNetX of 400 MFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_400mf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_400mf = regnet('regnet_x_400mf', RegNet_X_400MF_Weights, 22, 24, 24.48, 2.54, 16);

/** The weights of {@link regnet_x_800mf}. Mirrors `torchvision.models.RegNet_X_800MF_Weights`. */
export const RegNet_X_800MF_Weights = known_weights('RegNet_X_800MF_Weights');
export type RegNet_X_800MF_Weights = WeightsEnum<'RegNet_X_800MF_Weights'>;

/**
 * Makes RegNetX of 800 MFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_800mf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_800mf = regnet('regnet_x_800mf', RegNet_X_800MF_Weights, 16, 56, 35.73, 2.28, 16);

/** The weights of {@link regnet_x_1_6gf}. Mirrors `torchvision.models.RegNet_X_1_6GF_Weights`. */
export const RegNet_X_1_6GF_Weights = known_weights('RegNet_X_1_6GF_Weights');
export type RegNet_X_1_6GF_Weights = WeightsEnum<'RegNet_X_1_6GF_Weights'>;

/**
 * Makes RegNetX of 1.6 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_1_6gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_1_6gf = regnet('regnet_x_1_6gf', RegNet_X_1_6GF_Weights, 18, 80, 34.01, 2.25, 24);

/** The weights of {@link regnet_x_3_2gf}. Mirrors `torchvision.models.RegNet_X_3_2GF_Weights`. */
export const RegNet_X_3_2GF_Weights = known_weights('RegNet_X_3_2GF_Weights');
export type RegNet_X_3_2GF_Weights = WeightsEnum<'RegNet_X_3_2GF_Weights'>;

/**
 * Makes RegNetX of 3.2 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_3_2gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_3_2gf = regnet('regnet_x_3_2gf', RegNet_X_3_2GF_Weights, 25, 88, 26.31, 2.25, 48);

/** The weights of {@link regnet_x_8gf}. Mirrors `torchvision.models.RegNet_X_8GF_Weights`. */
export const RegNet_X_8GF_Weights = known_weights('RegNet_X_8GF_Weights');
export type RegNet_X_8GF_Weights = WeightsEnum<'RegNet_X_8GF_Weights'>;

/**
 * Makes RegNetX of 8 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_8gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_8gf = regnet('regnet_x_8gf', RegNet_X_8GF_Weights, 23, 80, 49.56, 2.88, 120);

/** The weights of {@link regnet_x_16gf}. Mirrors `torchvision.models.RegNet_X_16GF_Weights`. */
export const RegNet_X_16GF_Weights = known_weights('RegNet_X_16GF_Weights');
export type RegNet_X_16GF_Weights = WeightsEnum<'RegNet_X_16GF_Weights'>;

/**
 * Makes RegNetX of 16 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_16gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_16gf = regnet('regnet_x_16gf', RegNet_X_16GF_Weights, 22, 216, 55.59, 2.1, 128);

/** The weights of {@link regnet_x_32gf}. Mirrors `torchvision.models.RegNet_X_32GF_Weights`. */
export const RegNet_X_32GF_Weights = known_weights('RegNet_X_32GF_Weights');
export type RegNet_X_32GF_Weights = WeightsEnum<'RegNet_X_32GF_Weights'>;

/**
 * Makes RegNetX of 32 GFLOPs, an instance of {@link RegNet}, whose options it takes. Mirrors
 * `torchvision.models.regnet_x_32gf`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const regnet_x_32gf = regnet('regnet_x_32gf', RegNet_X_32GF_Weights, 23, 320, 69.86, 2, 168);
