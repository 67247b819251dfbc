import { flatten } from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
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
import { init_for_mobile, make_divisible } from './_utils.js';
import { BUILDER_TAKES, InvertedResidualConfig, setting_of, TAKES } from './mobilenetv3_setting.js';
import { plus_ } from './operators.js';

export { InvertedResidualConfig } from './mobilenetv3_setting.js';

const squeeze_excitation = (channels: number, squeeze: number): SqueezeExcitation =>
  new SqueezeExcitation(channels, squeeze, { scale_activation: nn.Hardsigmoid });

/** A block of a {@link MobileNetV3}. @internal */
export class InvertedResidual extends nn.Module {
  declare use_res_connect: boolean;
  declare block: nn.Module;
  declare out_channels: number;
  declare _is_cn: boolean;

  constructor(config: InvertedResidualConfig, norm_layer: NormLayer, se_layer: LayerMaker = squeeze_excitation) {
    super();
    const { input_channels, expanded_channels, out_channels, kernel, stride, dilation } = config;
    if (stride < 1 || stride > 2) throw new Error('illegal stride value');
    this.use_res_connect = stride === 1 && input_channels === out_channels;
    const activation_layer: LayerMaker = config.use_hs ? nn.Hardswish : nn.ReLU;
    const layers: nn.Module[] = [];
    if (expanded_channels !== input_channels) {
      const options = { kernel_size: 1, norm_layer, activation_layer };
      layers.push(new Conv2dNormActivation(input_channels, expanded_channels, options));
    }
    layers.push(
      new Conv2dNormActivation(expanded_channels, expanded_channels, {
        kernel_size: kernel,
        stride: dilation > 1 ? 1 : stride,
        dilation,
        groups: expanded_channels,
        norm_layer,
        activation_layer,
      }),
    );
    if (config.use_se) {
      const squeeze = make_divisible(Math.floor(expanded_channels / 4), 8);
      layers.push(make_layer(se_layer, expanded_channels, squeeze));
    }
    const last = { kernel_size: 1, norm_layer, activation_layer: null };
    layers.push(new Conv2dNormActivation(expanded_channels, out_channels, last));
    this.block = new nn.Sequential(...layers);
    this.out_channels = out_channels;
    this._is_cn = stride > 1;
  }

  forward(input: Tensor): Tensor {
    const out = this.block(input) as Tensor;
    return this.use_res_connect ? plus_(out, input) : out;
  }
}

/** Options of {@link MobileNetV3}. */
export interface MobileNetV3Options {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the blocks, of an {@link InvertedResidualConfig} and what makes normalizations. Default null: the paper's. */
  block?: LayerMaker<[config: InvertedResidualConfig, norm_layer: NormLayer]> | null;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d` with `eps` 0.001 and `momentum` 0.01. */
  norm_layer?: NormLayer | null;
  /** Probability of the dropout in the classifier. Default 0.2. */
  dropout?: number;
}

/** Options of {@link mobilenet_v3_large} and {@link mobilenet_v3_small}. */
export interface MobileNetV3BuilderOptions extends MobileNetV3Options {
  /** Factor of the number of channels. Default 1. */
  width_mult?: number;
  /** Half as many channels in the last blocks. Default false. */
  reduced_tail?: boolean;
  /** Dilation instead of a stride in the last blocks. Default false. */
  dilated?: boolean;
}

const MOBILENET = signature<
  MobileNetV3Options & { inverted_residual_setting: readonly unknown[]; last_channel: number }
>('MobileNetV3', `inverted_residual_setting: any[], last_channel: int, ${TAKES}`);

/**
 * MobileNet v3 of "Searching for MobileNetV3" (arXiv 1905.02244). Mirrors `torchvision.models.MobileNetV3`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param inverted_residual_setting - the sizes of the blocks
 * @param last_channel - features of the layer before the last
 * @param num_classes - number of classes; default 1000
 * @param block - what makes the blocks; default null: those of the paper
 * @param norm_layer - what makes the normalizations; default null: `nn.BatchNorm2d` with `eps` 0.001 and `momentum` 0.01
 * @param dropout - probability of the dropout in the classifier; default 0.2
 * @throws Error for a setting without blocks
 * @throws TypeError for a setting of anything else
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { InvertedResidualConfig } = models.mobilenetv3;
 * const setting = [new InvertedResidualConfig(16, 3, 16, 16, true, 'RE', 2, 1, 1)];
 * const model = new models.MobileNetV3(setting, 64, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class MobileNetV3 extends nn.Module {
  declare features: nn.Sequential;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare classifier: nn.Sequential;

  constructor(
    inverted_residual_setting: readonly InvertedResidualConfig[],
    last_channel: number,
    ...options: Tail<
      [
        num_classes: number,
        block: NonNullable<MobileNetV3Options['block']> | null,
        norm_layer: NormLayer | null,
        dropout: number,
      ],
      MobileNetV3Options
    >
  );
  constructor(
    options: MobileNetV3Options & {
      inverted_residual_setting: readonly InvertedResidualConfig[];
      last_channel: number;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const given = MOBILENET.read(args);
    const { last_channel, num_classes = 1000, dropout = 0.2 } = given;
    const setting = given.inverted_residual_setting;
    if (setting.length === 0) throw new Error('The inverted_residual_setting should not be empty');
    if (!setting.every((config): config is InvertedResidualConfig => config instanceof InvertedResidualConfig)) {
      throw new TypeError('The inverted_residual_setting should be List[InvertedResidualConfig]');
    }
    const block = (given.block ?? InvertedResidual) as LayerMaker;
    const norm_layer =
      given.norm_layer ?? ((channels: number) => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.01 }));
    const layer = { norm_layer, activation_layer: nn.Hardswish };
    const inputs = setting.at(-1)!.out_channels;
    const outputs = 6 * inputs;
    this.features = new nn.Sequential(
      new Conv2dNormActivation(3, setting[0]!.input_channels, { ...layer, kernel_size: 3, stride: 2 }) as nn.Module,
      ...setting.map((config) => make_layer(block, config, norm_layer)),
      new Conv2dNormActivation(inputs, outputs, { ...layer, kernel_size: 1 }),
    );
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.classifier = new nn.Sequential(
      new nn.Linear(outputs, last_channel),
      new nn.Hardswish({ inplace: true }),
      new nn.Dropout({ p: dropout, inplace: true }),
      new nn.Linear(last_channel, num_classes),
    ) as nn.Sequential;
    init_for_mobile(this);
  }

  forward(x: Tensor): Tensor {
    return this.classifier(flatten(this.avgpool(this.features(x)), 1));
  }
}
forward_takes(MobileNetV3, 'x: Tensor');

function mobilenet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
): ModelBuilder<MobileNetV3, N, MobileNetV3BuilderOptions> {
  return model_builder(name, weights, {
    takes: BUILDER_TAKES,
    make: (config: MobileNetV3BuilderOptions) => {
      const { width_mult: _, reduced_tail: __, dilated: ___, ...options } = config;
      return new MobileNetV3(...setting_of(name, config), options);
    },
  });
}

/** The weights of {@link mobilenet_v3_large}. Mirrors `torchvision.models.MobileNet_V3_Large_Weights`. */
export const MobileNet_V3_Large_Weights = known_weights('MobileNet_V3_Large_Weights');
export type MobileNet_V3_Large_Weights = WeightsEnum<'MobileNet_V3_Large_Weights'>;

/**
 * Makes the large MobileNet v3, an instance of {@link MobileNetV3}, whose options it takes. Mirrors
 * `torchvision.models.mobilenet_v3_large`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.mobilenet_v3_large({ num_classes: 2 }).classifier[3]); // Linear(in_features=1280, out_features=2, bias=True)
 * ```
 */
export const mobilenet_v3_large = mobilenet('mobilenet_v3_large', MobileNet_V3_Large_Weights);

/** The weights of {@link mobilenet_v3_small}. Mirrors `torchvision.models.MobileNet_V3_Small_Weights`. */
export const MobileNet_V3_Small_Weights = known_weights('MobileNet_V3_Small_Weights');
export type MobileNet_V3_Small_Weights = WeightsEnum<'MobileNet_V3_Small_Weights'>;

/**
 * Makes the small MobileNet v3, an instance of {@link MobileNetV3}, whose options it takes. Mirrors
 * `torchvision.models.mobilenet_v3_small`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const mobilenet_v3_small = mobilenet('mobilenet_v3_small', MobileNet_V3_Small_Weights);
