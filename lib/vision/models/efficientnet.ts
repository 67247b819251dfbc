import { flatten } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.js';
import { StochasticDepth } from '../ops/stochastic_depth.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { make_divisible } from './_utils.js';
import { plus_ } from './operators.js';

const adjusted = (channels: number, width_mult: number): number => make_divisible(channels * width_mult, 8);

interface StageSizes {
  /** Channels of the middle for each of the input. */
  expand_ratio: number;
  /** Size of the kernel. */
  kernel: number;
  /** Stride of the first block. */
  stride: number;
  /** Channels of the input. */
  input_channels: number;
  /** Channels of the output. */
  out_channels: number;
  /** Number of blocks. */
  num_layers: number;
  /** What makes the blocks. Default null: those of the paper. */
  block?: LayerMaker | null;
}

interface ScaledStage extends StageSizes {
  /** Factor of the number of channels. Default 1. */
  width_mult?: number;
  /** Factor of the number of blocks. Default 1. */
  depth_mult?: number;
}

const SIZES =
  'expand_ratio: float, kernel: int, stride: int, input_channels: int, out_channels: int, num_layers: int, ';
const SCALED = signature<ScaledStage>(
  'MBConvConfig',
  `${SIZES}width_mult?: float, depth_mult?: float, block?: Callable|None`,
);
const FUSED = signature<StageSizes>('FusedMBConvConfig', `${SIZES}block?: Callable|None`);

/** The sizes of a stage. */
class StageConfig {
  readonly expand_ratio: number;
  readonly kernel: number;
  readonly stride: number;
  readonly input_channels: number;
  readonly out_channels: number;
  readonly num_layers: number;
  readonly block: LayerMaker;

  /** @internal */
  constructor(given: StageSizes, block: LayerMaker) {
    this.expand_ratio = given.expand_ratio;
    this.kernel = given.kernel;
    this.stride = given.stride;
    this.input_channels = given.input_channels;
    this.out_channels = given.out_channels;
    this.num_layers = given.num_layers;
    this.block = given.block ?? block;
  }
}

/**
 * The sizes of a stage of an {@link EfficientNet}. Mirrors `torchvision.models.efficientnet.MBConvConfig`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const config = new models.efficientnet.MBConvConfig(6, 3, 2, 16, 24, 2, { width_mult: 2, depth_mult: 1.1 });
 * print(config.input_channels, config.out_channels, config.num_layers); // 32 48 3
 * ```
 */
export class MBConvConfig extends StageConfig {
  constructor(
    ...args: Arguments<
      [
        expand_ratio: number,
        kernel: number,
        stride: number,
        input_channels: number,
        out_channels: number,
        num_layers: number,
        width_mult?: number,
        depth_mult?: number,
        block?: LayerMaker | null,
      ],
      ScaledStage,
      [
        'expand_ratio',
        'kernel',
        'stride',
        'input_channels',
        'out_channels',
        'num_layers',
        'width_mult',
        'depth_mult',
        'block',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const given = SCALED.read(args);
    const { width_mult = 1, depth_mult = 1 } = given;
    const scaled = {
      ...given,
      input_channels: adjusted(given.input_channels, width_mult),
      out_channels: adjusted(given.out_channels, width_mult),
      num_layers: Math.ceil(given.num_layers * depth_mult),
    };
    super(scaled, MBConv);
  }
}

/**
 * The sizes of a stage of an {@link EfficientNet} whose blocks begin with one convolution instead of two. Mirrors
 * `torchvision.models.efficientnet.FusedMBConvConfig`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const config = new models.efficientnet.FusedMBConvConfig(4, 3, 2, 24, 48, 4);
 * print(config.input_channels, config.out_channels, config.num_layers); // 24 48 4
 * ```
 */
export class FusedMBConvConfig extends StageConfig {
  constructor(
    ...args: Arguments<
      [
        expand_ratio: number,
        kernel: number,
        stride: number,
        input_channels: number,
        out_channels: number,
        num_layers: number,
        block?: LayerMaker | null,
      ],
      StageSizes,
      ['expand_ratio', 'kernel', 'stride', 'input_channels', 'out_channels', 'num_layers', 'block']
    >
  );
  constructor(...args: unknown[]) {
    super(FUSED.read(args), FusedMBConv);
  }
}

/** What the blocks of both kinds have in common. */
abstract class ResidualBlock extends nn.Module {
  declare use_res_connect: boolean;
  declare block: nn.Module;
  declare stochastic_depth: StochasticDepth;
  declare out_channels: number;

  constructor(config: StageSizes, stochastic_depth_prob: number, layers: readonly nn.Module[]) {
    super();
    const { stride, input_channels, out_channels } = config;
    this.use_res_connect = stride === 1 && input_channels === out_channels;
    this.block = new nn.Sequential(...layers);
    this.stochastic_depth = new StochasticDepth(stochastic_depth_prob, 'row');
    this.out_channels = out_channels;
  }

  forward(input: Tensor): Tensor {
    const out = this.block(input) as Tensor;
    return this.use_res_connect ? plus_(this.stochastic_depth(out) as Tensor, input) : out;
  }
}

function check_stride(stride: number): void {
  if (stride < 1 || stride > 2) throw new Error('illegal stride value');
}

class MBConv extends ResidualBlock {
  constructor(config: StageSizes, stochastic_depth_prob: number, norm_layer: NormLayer) {
    const { input_channels, out_channels, stride, kernel } = config;
    check_stride(stride);
    const expanded = adjusted(input_channels, config.expand_ratio);
    const layer = { norm_layer, activation_layer: nn.SiLU };
    const layers: nn.Module[] = [];
    if (expanded !== input_channels) {
      layers.push(new Conv2dNormActivation(input_channels, expanded, { ...layer, kernel_size: 1 }));
    }
    const activation = (): nn.Module => new nn.SiLU({ inplace: true });
    layers.push(
      new Conv2dNormActivation(expanded, expanded, { ...layer, kernel_size: kernel, stride, groups: expanded }),
      new SqueezeExcitation(expanded, Math.max(1, Math.floor(input_channels / 4)), { activation }),
      new Conv2dNormActivation(expanded, out_channels, { kernel_size: 1, norm_layer, activation_layer: null }),
    );
    super(config, stochastic_depth_prob, layers);
  }
}

class FusedMBConv extends ResidualBlock {
  constructor(config: StageSizes, stochastic_depth_prob: number, norm_layer: NormLayer) {
    const { input_channels, out_channels, stride, kernel } = config;
    check_stride(stride);
    const expanded = adjusted(input_channels, config.expand_ratio);
    const first = { norm_layer, activation_layer: nn.SiLU, kernel_size: kernel, stride };
    const last = { norm_layer, activation_layer: null, kernel_size: 1 };
    const layers =
      expanded === input_channels
        ? [new Conv2dNormActivation(input_channels, out_channels, first)]
        : [
            new Conv2dNormActivation(input_channels, expanded, first),
            new Conv2dNormActivation(expanded, out_channels, last),
          ];
    super(config, stochastic_depth_prob, layers);
  }
}

/** Options of {@link EfficientNet}. */
export interface EfficientNetOptions {
  /** Probability of leaving out the last block; that of others grows up to it. Default 0.2. */
  stochastic_depth_prob?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
  /** Channels of the last convolution. Default null: four times those before it. */
  last_channel?: number | null;
}

/** Options of {@link efficientnet_b0} and the like. */
export interface EfficientNetBuilderOptions {
  /** Probability of leaving out the last block; that of others grows up to it. Default 0.2. */
  stochastic_depth_prob?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the normalizations, for the models b0 to b4. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
  /** Probability of the dropout before the classifier. Default: that of the model. */
  dropout?: number;
}

const EFFICIENTNET = signature<
  EfficientNetOptions & { inverted_residual_setting: readonly unknown[]; dropout: number }
>(
  'EfficientNet',
  'inverted_residual_setting: any[], dropout: float, stochastic_depth_prob?: float, num_classes?: int, ' +
    'norm_layer?: Callable|None, last_channel?: int|None',
);

/**
 * EfficientNet (arXiv 1905.11946), and EfficientNet v2 (arXiv 2104.00298) with its fused blocks. Mirrors
 * `torchvision.models.EfficientNet`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param inverted_residual_setting - the sizes of the stages
 * @param dropout - probability of the dropout before the classifier
 * @param stochastic_depth_prob - probability of leaving out the last block; that of others grows up to it; default 0.2
 * @param num_classes - number of classes; default 1000
 * @param norm_layer - what makes the normalizations; default null: `nn.BatchNorm2d`
 * @param last_channel - channels of the last convolution; default null: four times those before it
 * @throws Error for a setting without stages
 * @throws TypeError for a setting of anything else
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { MBConvConfig } = models.efficientnet;
 * const setting = [new MBConvConfig(1, 3, 1, 32, 16, 1), new MBConvConfig(6, 3, 2, 16, 24, 1)];
 * const model = new models.EfficientNet(setting, 0.2, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class EfficientNet extends nn.Module {
  declare features: nn.Sequential;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare classifier: nn.Sequential;

  constructor(
    inverted_residual_setting: readonly (MBConvConfig | FusedMBConvConfig)[],
    dropout: number,
    ...options: Tail<
      [stochastic_depth_prob: number, num_classes: number, norm_layer: NormLayer | null, last_channel: number | null],
      EfficientNetOptions
    >
  );
  constructor(
    options: EfficientNetOptions & {
      inverted_residual_setting: readonly (MBConvConfig | FusedMBConvConfig)[];
      dropout: number;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const given = EFFICIENTNET.read(args);
    const { dropout, stochastic_depth_prob = 0.2, num_classes = 1000, last_channel = null } = given;
    const setting = given.inverted_residual_setting;
    if (setting.length === 0) throw new Error('The inverted_residual_setting should not be empty');
    if (!setting.every((config): config is StageConfig => config instanceof StageConfig)) {
      throw new TypeError('The inverted_residual_setting should be List[MBConvConfig]');
    }
    const norm_layer = given.norm_layer ?? nn.BatchNorm2d;
    const layer = { norm_layer, activation_layer: nn.SiLU };
    const total = setting.reduce((sum, { num_layers }) => sum + num_layers, 0);
    const layers: nn.Module[] = [
      new Conv2dNormActivation(3, setting[0]!.input_channels, { ...layer, kernel_size: 3, stride: 2 }),
    ];
    let place = 0;
    for (const config of setting) {
      const stage: nn.Module[] = [];
      for (let i = 0; i < config.num_layers; i++) {
        const sizes = i === 0 ? config : { ...config, input_channels: config.out_channels, stride: 1 };
        stage.push(make_layer(config.block, sizes, (stochastic_depth_prob * place) / total, norm_layer));
        place += 1;
      }
      layers.push(new nn.Sequential(...stage));
    }
    const inputs = setting.at(-1)!.out_channels;
    const outputs = last_channel ?? 4 * inputs;
    layers.push(new Conv2dNormActivation(inputs, outputs, { ...layer, kernel_size: 1 }));
    this.features = new nn.Sequential(...layers);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.classifier = new nn.Sequential(
      new nn.Dropout({ p: dropout, inplace: true }),
      new nn.Linear(outputs, num_classes),
    ) as nn.Sequential;
    this.init_weights();
  }

  private init_weights(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(m.weight, { mode: 'fan_out' });
        if (m.bias !== null) nn.init.zeros_(m.bias);
      } else if (m instanceof nn.BatchNorm2d || m instanceof nn.GroupNorm) {
        nn.init.ones_(m.weight);
        nn.init.zeros_(m.bias);
      } else if (m instanceof nn.Linear) {
        const range = 1 / Math.sqrt(m.out_features);
        nn.init.uniform_(m.weight, -range, range);
        nn.init.zeros_(m.bias);
      }
    }
  }

  forward(x: Tensor): Tensor {
    return this.classifier(flatten(this.avgpool(this.features(x)), 1));
  }
}
forward_takes(EfficientNet, 'x: Tensor');

type Sizes = [
  expand_ratio: number,
  kernel: number,
  stride: number,
  input_channels: number,
  out_channels: number,
  num_layers: number,
];

const V1: Sizes[] = [
  [1, 3, 1, 32, 16, 1],
  [6, 3, 2, 16, 24, 2],
  [6, 5, 2, 24, 40, 2],
  [6, 3, 2, 40, 80, 3],
  [6, 5, 1, 80, 112, 3],
  [6, 5, 2, 112, 192, 4],
  [6, 3, 1, 192, 320, 1],
];

// The stages with fused blocks, and the others.
const V2: Readonly<Record<string, readonly [fused: Sizes[], others: Sizes[]]>> = {
  efficientnet_v2_s: [
    [
      [1, 3, 1, 24, 24, 2],
      [4, 3, 2, 24, 48, 4],
      [4, 3, 2, 48, 64, 4],
    ],
    [
      [4, 3, 2, 64, 128, 6],
      [6, 3, 1, 128, 160, 9],
      [6, 3, 2, 160, 256, 15],
    ],
  ],
  efficientnet_v2_m: [
    [
      [1, 3, 1, 24, 24, 3],
      [4, 3, 2, 24, 48, 5],
      [4, 3, 2, 48, 80, 5],
    ],
    [
      [4, 3, 2, 80, 160, 7],
      [6, 3, 1, 160, 176, 14],
      [6, 3, 2, 176, 304, 18],
      [6, 3, 1, 304, 512, 5],
    ],
  ],
  efficientnet_v2_l: [
    [
      [1, 3, 1, 32, 32, 4],
      [4, 3, 2, 32, 64, 7],
      [4, 3, 2, 64, 96, 7],
    ],
    [
      [4, 3, 2, 96, 192, 10],
      [6, 3, 1, 192, 224, 19],
      [6, 3, 2, 224, 384, 25],
      [6, 3, 1, 384, 640, 7],
    ],
  ],
};

const BUILDER_TAKES = 'dropout?: float, stochastic_depth_prob?: float, num_classes?: int, norm_layer?: Callable|None';
// Those with a normalization of their own do not take another.
const TAKES_NO_NORM = 'dropout?: float, stochastic_depth_prob?: float, num_classes?: int';

function efficientnet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  { dropout, scale, norm }: { dropout: number; scale?: [width_mult: number, depth_mult: number]; norm?: NormLayer },
): ModelBuilder<EfficientNet, N, EfficientNetBuilderOptions> {
  const setting = (): (MBConvConfig | FusedMBConvConfig)[] => {
    if (scale !== undefined) return V1.map((sizes) => new MBConvConfig(...sizes, ...scale));
    const [fused, others] = V2[name]!;
    return [
      ...fused.map((sizes) => new FusedMBConvConfig(...sizes)),
      ...others.map((sizes) => new MBConvConfig(...sizes)),
    ];
  };
  return model_builder(name, weights, {
    takes: norm === undefined ? BUILDER_TAKES : TAKES_NO_NORM,
    make: ({ dropout: given = dropout, norm_layer = norm ?? null, ...options }: EfficientNetBuilderOptions) =>
      new EfficientNet(setting(), given, {
        ...options,
        norm_layer,
        last_channel: scale === undefined ? 1280 : null,
      }),
  });
}

const norm_of_large = (channels: number): nn.Module => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.01 });
const norm_of_v2 = (channels: number): nn.Module => new nn.BatchNorm2d(channels, { eps: 0.001 });

/** The weights of {@link efficientnet_b0}. Mirrors `torchvision.models.EfficientNet_B0_Weights`. */
export const EfficientNet_B0_Weights = known_weights('EfficientNet_B0_Weights');
export type EfficientNet_B0_Weights = WeightsEnum<'EfficientNet_B0_Weights'>;

/**
 * Makes EfficientNet B0, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b0`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.efficientnet_b0({ num_classes: 2 }).classifier[1]); // Linear(in_features=1280, out_features=2, bias=True)
 * ```
 */
export const efficientnet_b0 = efficientnet('efficientnet_b0', EfficientNet_B0_Weights, {
  dropout: 0.2,
  scale: [1, 1],
});

/** The weights of {@link efficientnet_b1}. Mirrors `torchvision.models.EfficientNet_B1_Weights`. */
export const EfficientNet_B1_Weights = known_weights('EfficientNet_B1_Weights');
export type EfficientNet_B1_Weights = WeightsEnum<'EfficientNet_B1_Weights'>;

/**
 * Makes EfficientNet B1, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b1`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b1 = efficientnet('efficientnet_b1', EfficientNet_B1_Weights, {
  dropout: 0.2,
  scale: [1, 1.1],
});

/** The weights of {@link efficientnet_b2}. Mirrors `torchvision.models.EfficientNet_B2_Weights`. */
export const EfficientNet_B2_Weights = known_weights('EfficientNet_B2_Weights');
export type EfficientNet_B2_Weights = WeightsEnum<'EfficientNet_B2_Weights'>;

/**
 * Makes EfficientNet B2, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b2 = efficientnet('efficientnet_b2', EfficientNet_B2_Weights, {
  dropout: 0.3,
  scale: [1.1, 1.2],
});

/** The weights of {@link efficientnet_b3}. Mirrors `torchvision.models.EfficientNet_B3_Weights`. */
export const EfficientNet_B3_Weights = known_weights('EfficientNet_B3_Weights');
export type EfficientNet_B3_Weights = WeightsEnum<'EfficientNet_B3_Weights'>;

/**
 * Makes EfficientNet B3, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b3`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b3 = efficientnet('efficientnet_b3', EfficientNet_B3_Weights, {
  dropout: 0.3,
  scale: [1.2, 1.4],
});

/** The weights of {@link efficientnet_b4}. Mirrors `torchvision.models.EfficientNet_B4_Weights`. */
export const EfficientNet_B4_Weights = known_weights('EfficientNet_B4_Weights');
export type EfficientNet_B4_Weights = WeightsEnum<'EfficientNet_B4_Weights'>;

/**
 * Makes EfficientNet B4, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b4`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b4 = efficientnet('efficientnet_b4', EfficientNet_B4_Weights, {
  dropout: 0.4,
  scale: [1.4, 1.8],
});

/** The weights of {@link efficientnet_b5}. Mirrors `torchvision.models.EfficientNet_B5_Weights`. */
export const EfficientNet_B5_Weights = known_weights('EfficientNet_B5_Weights');
export type EfficientNet_B5_Weights = WeightsEnum<'EfficientNet_B5_Weights'>;

/**
 * Makes EfficientNet B5, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b5`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b5 = efficientnet('efficientnet_b5', EfficientNet_B5_Weights, {
  dropout: 0.4,
  scale: [1.6, 2.2],
  norm: norm_of_large,
});

/** The weights of {@link efficientnet_b6}. Mirrors `torchvision.models.EfficientNet_B6_Weights`. */
export const EfficientNet_B6_Weights = known_weights('EfficientNet_B6_Weights');
export type EfficientNet_B6_Weights = WeightsEnum<'EfficientNet_B6_Weights'>;

/**
 * Makes EfficientNet B6, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b6`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b6 = efficientnet('efficientnet_b6', EfficientNet_B6_Weights, {
  dropout: 0.5,
  scale: [1.8, 2.6],
  norm: norm_of_large,
});

/** The weights of {@link efficientnet_b7}. Mirrors `torchvision.models.EfficientNet_B7_Weights`. */
export const EfficientNet_B7_Weights = known_weights('EfficientNet_B7_Weights');
export type EfficientNet_B7_Weights = WeightsEnum<'EfficientNet_B7_Weights'>;

/**
 * Makes EfficientNet B7, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_b7`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_b7 = efficientnet('efficientnet_b7', EfficientNet_B7_Weights, {
  dropout: 0.5,
  scale: [2, 3.1],
  norm: norm_of_large,
});

/** The weights of {@link efficientnet_v2_s}. Mirrors `torchvision.models.EfficientNet_V2_S_Weights`. */
export const EfficientNet_V2_S_Weights = known_weights('EfficientNet_V2_S_Weights');
export type EfficientNet_V2_S_Weights = WeightsEnum<'EfficientNet_V2_S_Weights'>;

/**
 * Makes the small EfficientNet v2, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_v2_s`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_v2_s = efficientnet('efficientnet_v2_s', EfficientNet_V2_S_Weights, {
  dropout: 0.2,
  norm: norm_of_v2,
});

/** The weights of {@link efficientnet_v2_m}. Mirrors `torchvision.models.EfficientNet_V2_M_Weights`. */
export const EfficientNet_V2_M_Weights = known_weights('EfficientNet_V2_M_Weights');
export type EfficientNet_V2_M_Weights = WeightsEnum<'EfficientNet_V2_M_Weights'>;

/**
 * Makes the medium EfficientNet v2, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_v2_m`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_v2_m = efficientnet('efficientnet_v2_m', EfficientNet_V2_M_Weights, {
  dropout: 0.3,
  norm: norm_of_v2,
});

/** The weights of {@link efficientnet_v2_l}. Mirrors `torchvision.models.EfficientNet_V2_L_Weights`. */
export const EfficientNet_V2_L_Weights = known_weights('EfficientNet_V2_L_Weights');
export type EfficientNet_V2_L_Weights = WeightsEnum<'EfficientNet_V2_L_Weights'>;

/**
 * Makes the large EfficientNet v2, an instance of {@link EfficientNet}, whose options it takes. Mirrors
 * `torchvision.models.efficientnet_v2_l`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const efficientnet_v2_l = efficientnet('efficientnet_v2_l', EfficientNet_V2_L_Weights, {
  dropout: 0.4,
  norm: norm_of_v2,
});
