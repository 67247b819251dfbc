import { Tuple } from '../../_internal/tuple.js';
import { flatten } from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation } from '../ops/misc.js';
import { known_weights, model_builder, type WeightsEnum } from './_api.js';
import { init_for_mobile, make_divisible, round_half_even } from './_utils.js';
import { plus } from './operators.js';

/** Options of the blocks of a {@link MobileNetV2}. */
export interface InvertedResidualOptions {
  /** Channels of the middle for each of the input. */
  expand_ratio: number;
  /** What makes the normalizations. */
  norm_layer?: NormLayer | null;
}

/** A block of a {@link MobileNetV2}. @internal */
export class InvertedResidual extends nn.Module {
  declare stride: number;
  declare use_res_connect: boolean;
  declare conv: nn.Module;
  declare out_channels: number;
  declare _is_cn: boolean;

  constructor(inp: number, oup: number, stride: number, { expand_ratio, norm_layer }: InvertedResidualOptions) {
    super();
    if (stride !== 1 && stride !== 2) throw new Error(`stride should be 1 or 2 instead of ${stride}`);
    const norm = norm_layer ?? nn.BatchNorm2d;
    const hidden = round_half_even(inp * expand_ratio);
    const layer = { norm_layer: norm, activation_layer: nn.ReLU6 };
    this.stride = stride;
    this.use_res_connect = stride === 1 && inp === oup;
    const layers: nn.Module[] = [];
    if (expand_ratio !== 1) layers.push(new Conv2dNormActivation(inp, hidden, { ...layer, kernel_size: 1 }));
    layers.push(
      new Conv2dNormActivation(hidden, hidden, { ...layer, stride, groups: hidden }),
      new nn.Conv2d(hidden, oup, 1, 1, 0, { bias: false }),
      make_layer(norm as LayerMaker, oup),
    );
    this.conv = new nn.Sequential(...layers);
    this.out_channels = oup;
    this._is_cn = stride > 1;
  }

  forward(x: Tensor): Tensor {
    const out = this.conv(x) as Tensor;
    return this.use_res_connect ? plus(x, out) : out;
  }
}

/** Options of {@link MobileNetV2}. */
export interface MobileNetV2Options {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Factor of the number of channels. Default 1. */
  width_mult?: number;
  /** For each stage: expansion, channels, number of blocks, stride. Default null: those of the paper. */
  inverted_residual_setting?: readonly (readonly number[])[] | null;
  /** The number of channels is a multiple of this. Default 8. */
  round_nearest?: number;
  /** What makes the blocks. Default null: those of the paper. */
  block?: LayerMaker<[inp: number, oup: number, stride: number, options: InvertedResidualOptions]> | null;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
  /** Probability of the dropout before the classifier. Default 0.2. */
  dropout?: number;
}

/** @internal */
export const TAKES =
  'num_classes?: int, width_mult?: float, inverted_residual_setting?: Iterable|None, round_nearest?: int, ' +
  'block?: Callable|None, norm_layer?: Callable|None, dropout?: float';
const MOBILENET = signature<MobileNetV2Options>('MobileNetV2', TAKES);

const SETTING = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/**
 * MobileNet v2 of "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (arXiv 1801.04381). Mirrors
 * `torchvision.models.MobileNetV2`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param num_classes - number of classes; default 1000
 * @param width_mult - factor of the number of channels; default 1
 * @param inverted_residual_setting - for each stage: expansion, channels, number of blocks, stride; default null: those
 *   of the paper
 * @param round_nearest - the number of channels is a multiple of this; default 8
 * @param block - what makes the blocks; default null: those of the paper
 * @param norm_layer - what makes the normalizations; default null: `nn.BatchNorm2d`
 * @param dropout - probability of the dropout before the classifier; default 0.2
 * @throws Error for a setting without stages, or with others than four numbers in each
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.MobileNetV2({ num_classes: 10, width_mult: 0.25 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class MobileNetV2 extends nn.Module {
  declare last_channel: number;
  declare features: nn.Sequential;
  declare classifier: nn.Sequential;

  constructor(
    ...args: Tail<
      [
        num_classes: number,
        width_mult: number,
        inverted_residual_setting: readonly (readonly number[])[] | null,
        round_nearest: number,
        block: NonNullable<MobileNetV2Options['block']> | null,
        norm_layer: NormLayer | null,
        dropout: number,
      ],
      MobileNetV2Options
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = MOBILENET.read(args);
    const { num_classes = 1000, width_mult = 1, round_nearest = 8, dropout = 0.2 } = given;
    const block = (given.block ?? InvertedResidual) as LayerMaker;
    const norm_layer = given.norm_layer ?? nn.BatchNorm2d;
    const setting = [...(given.inverted_residual_setting ?? SETTING)];
    if (setting[0]?.length !== 4) {
      throw new Error(
        'inverted_residual_setting should be non-empty or a 4-element list, got ' +
          `[${setting.map((stage) => `[${stage.join(', ')}]`).join(', ')}]`,
      );
    }
    let channels = make_divisible(32 * width_mult, round_nearest);
    this.last_channel = make_divisible(1280 * Math.max(1, width_mult), round_nearest);
    const layer = { norm_layer, activation_layer: nn.ReLU6 };
    const features: nn.Module[] = [new Conv2dNormActivation(3, channels, { ...layer, stride: 2 })];
    for (const [expand_ratio, size, blocks, stride] of setting as [number, number, number, number][]) {
      const outputs = make_divisible(size * width_mult, round_nearest);
      for (let i = 0; i < blocks; i++) {
        features.push(make_layer(block, channels, outputs, i === 0 ? stride : 1, { expand_ratio, norm_layer }));
        channels = outputs;
      }
    }
    features.push(new Conv2dNormActivation(channels, this.last_channel, { ...layer, kernel_size: 1 }));
    this.features = new nn.Sequential(...features);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(this.last_channel, num_classes),
    ) as nn.Sequential;
    init_for_mobile(this);
  }

  forward(x: Tensor): Tensor {
    return this.classifier(flatten(nn.functional.adaptive_avg_pool2d(this.features(x), Tuple.of(1, 1)), 1));
  }
}
forward_takes(MobileNetV2, 'x: Tensor');

/** The weights of {@link mobilenet_v2}. Mirrors `torchvision.models.MobileNet_V2_Weights`. */
export const MobileNet_V2_Weights = known_weights('MobileNet_V2_Weights');
export type MobileNet_V2_Weights = WeightsEnum<'MobileNet_V2_Weights'>;

/**
 * Makes a {@link MobileNetV2}, whose options it takes. Mirrors `torchvision.models.mobilenet_v2`.
 *
 * @param weights - pretrained weights; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.mobilenet_v2({ num_classes: 2 }).classifier[1]); // Linear(in_features=1280, out_features=2, bias=True)
 * ```
 */
export const mobilenet_v2 = model_builder('mobilenet_v2', MobileNet_V2_Weights, {
  takes: TAKES,
  make: (config: MobileNetV2Options) => new MobileNetV2(config),
});
