import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { cat } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker } from '../ops/layer_maker.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';

/** Channels in an order in which those of all groups alternate. @internal */
export function channel_shuffle(x: Tensor, groups: number): Tensor {
  const [batch, channels, height, width] = x.shape as unknown as [number, number, number, number];
  const grouped = x.view(batch, groups, Math.floor(channels / groups), height, width);
  return grouped.transpose(1, 2).contiguous().view(batch, channels, height, width);
}

const depthwise = (channels: number, stride: number): nn.Conv2d =>
  new nn.Conv2d(channels, channels, 3, { stride, padding: 1, bias: false, groups: channels });
const pointwise = (inputs: number, outputs: number): nn.Conv2d => new nn.Conv2d(inputs, outputs, 1, { bias: false });
const relu = (): nn.ReLU => new nn.ReLU({ inplace: true });

/** A block of a {@link ShuffleNetV2}. @internal */
export class InvertedResidual extends nn.Module {
  declare stride: number;
  declare branch1: nn.Module;
  declare branch2: nn.Module;

  constructor(inputs: number, outputs: number, stride: number) {
    super();
    if (stride < 1 || stride > 3) throw new Error('illegal stride value');
    const half = Math.floor(outputs / 2);
    if (stride === 1 && inputs !== 2 * half) {
      throw new Error(
        `Invalid combination of stride ${stride}, inp ${inputs} and oup ${outputs} values. If stride == 1 then inp ` +
          'should be equal to oup // 2 << 1.',
      );
    }
    this.stride = stride;
    this.branch1 =
      stride > 1
        ? new nn.Sequential(
            depthwise(inputs, stride),
            new nn.BatchNorm2d(inputs),
            pointwise(inputs, half),
            new nn.BatchNorm2d(half),
            relu(),
          )
        : new nn.Sequential();
    this.branch2 = new nn.Sequential(
      pointwise(stride > 1 ? inputs : half, half),
      new nn.BatchNorm2d(half),
      relu(),
      depthwise(half, stride),
      new nn.BatchNorm2d(half),
      pointwise(half, half),
      new nn.BatchNorm2d(half),
      relu(),
    );
  }

  forward(x: Tensor): Tensor {
    if (this.stride > 1) return channel_shuffle(cat([this.branch1(x) as Tensor, this.branch2(x) as Tensor], 1), 2);
    const [kept, changed] = x.chunk(2, 1) as [Tensor, Tensor];
    return channel_shuffle(cat([kept, this.branch2(changed) as Tensor], 1), 2);
  }
}

/** Options of {@link ShuffleNetV2}. */
export interface ShuffleNetV2Options {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the blocks, of numbers of channels and a stride. Default: those of the paper. */
  inverted_residual?: LayerMaker<[inp: number, oup: number, stride: number]>;
}

/** @internal */
export const TAKES = 'num_classes?: int, inverted_residual?: Callable';
const SHUFFLENET = signature<
  ShuffleNetV2Options & { stages_repeats: readonly number[]; stages_out_channels: readonly number[] }
>('ShuffleNetV2', `stages_repeats: int[], stages_out_channels: int[], ${TAKES}`);

export interface ShuffleNetV2 {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * ShuffleNet v2 of "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design" (arXiv 1807.11164).
 * Mirrors `torchvision.models.ShuffleNetV2`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param stages_repeats - number of blocks in each of the three stages
 * @param stages_out_channels - channels of the first convolution, of the three stages, and of the last convolution
 * @param num_classes - number of classes; default 1000
 * @param inverted_residual - what makes the blocks; default: those of the paper
 * @throws Error for lists of other lengths
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.ShuffleNetV2([1, 1, 1], [8, 16, 32, 64, 128], { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class ShuffleNetV2 extends nn.Module {
  declare conv1: nn.Module;
  declare maxpool: nn.MaxPool2d;
  declare stage2: nn.Module;
  declare stage3: nn.Module;
  declare stage4: nn.Module;
  declare conv5: nn.Module;

  constructor(
    stages_repeats: readonly number[],
    stages_out_channels: readonly number[],
    ...options: Tail<
      [num_classes: number, inverted_residual: NonNullable<ShuffleNetV2Options['inverted_residual']>],
      ShuffleNetV2Options
    >
  );
  constructor(
    options: ShuffleNetV2Options & { stages_repeats: readonly number[]; stages_out_channels: readonly number[] },
  );
  constructor(...args: unknown[]) {
    super();
    const given = SHUFFLENET.read(args);
    const { stages_repeats, stages_out_channels, num_classes = 1000, inverted_residual = InvertedResidual } = given;
    if (stages_repeats.length !== 3) throw new Error('expected stages_repeats as list of 3 positive ints');
    if (stages_out_channels.length !== 5) throw new Error('expected stages_out_channels as list of 5 positive ints');
    const [first, , , , last] = stages_out_channels as [number, number, number, number, number];
    this.conv1 = new nn.Sequential(
      new nn.Conv2d(3, first, 3, 2, 1, { bias: false }),
      new nn.BatchNorm2d(first),
      relu(),
    );
    this.maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
    const stages = stages_repeats.map((repeats, i) => {
      const [inputs, outputs] = [stages_out_channels[i]!, stages_out_channels[i + 1]!];
      const blocks = [make_layer(inverted_residual as LayerMaker, inputs, outputs, 2)];
      for (let n = 1; n < repeats; n++) blocks.push(make_layer(inverted_residual as LayerMaker, outputs, outputs, 1));
      return new nn.Sequential(...blocks);
    });
    [this.stage2, this.stage3, this.stage4] = stages as nn.Module[] as [nn.Module, nn.Module, nn.Module];
    this.conv5 = new nn.Sequential(pointwise(stages_out_channels[3]!, last), new nn.BatchNorm2d(last), relu());
    this.fc = new nn.Linear(last, num_classes);
  }

  forward(x: Tensor): Tensor {
    const stages = [this.conv1, this.maxpool, this.stage2, this.stage3, this.stage4, this.conv5];
    const features = stages.reduce((value, stage) => stage(value) as Tensor, x);
    return this.fc(features.mean([2, 3]));
  }
}
forward_takes(ShuffleNetV2, 'x: Tensor');

function shufflenet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  repeats: readonly number[],
  channels: readonly number[],
): ModelBuilder<ShuffleNetV2, N, ShuffleNetV2Options> {
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: ShuffleNetV2Options) => new ShuffleNetV2(repeats, channels, config),
  });
}

/** The weights of {@link shufflenet_v2_x0_5}. Mirrors `torchvision.models.ShuffleNet_V2_X0_5_Weights`. */
export const ShuffleNet_V2_X0_5_Weights = known_weights('ShuffleNet_V2_X0_5_Weights');
export type ShuffleNet_V2_X0_5_Weights = WeightsEnum<'ShuffleNet_V2_X0_5_Weights'>;

/**
 * Makes ShuffleNet v2 with 0.5 times the channels, an instance of {@link ShuffleNetV2}, whose options it takes.
 * Mirrors `torchvision.models.shufflenet_v2_x0_5`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.shufflenet_v2_x0_5({ num_classes: 2 }).fc); // Linear(in_features=1024, out_features=2, bias=True)
 * ```
 */
export const shufflenet_v2_x0_5 = shufflenet(
  'shufflenet_v2_x0_5',
  ShuffleNet_V2_X0_5_Weights,
  [4, 8, 4],
  [24, 48, 96, 192, 1024],
);

/** The weights of {@link shufflenet_v2_x1_0}. Mirrors `torchvision.models.ShuffleNet_V2_X1_0_Weights`. */
export const ShuffleNet_V2_X1_0_Weights = known_weights('ShuffleNet_V2_X1_0_Weights');
export type ShuffleNet_V2_X1_0_Weights = WeightsEnum<'ShuffleNet_V2_X1_0_Weights'>;

/**
 * Makes ShuffleNet v2 with 1.0 times the channels, an instance of {@link ShuffleNetV2}, whose options it takes.
 * Mirrors `torchvision.models.shufflenet_v2_x1_0`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const shufflenet_v2_x1_0 = shufflenet(
  'shufflenet_v2_x1_0',
  ShuffleNet_V2_X1_0_Weights,
  [4, 8, 4],
  [24, 116, 232, 464, 1024],
);

/** The weights of {@link shufflenet_v2_x1_5}. Mirrors `torchvision.models.ShuffleNet_V2_X1_5_Weights`. */
export const ShuffleNet_V2_X1_5_Weights = known_weights('ShuffleNet_V2_X1_5_Weights');
export type ShuffleNet_V2_X1_5_Weights = WeightsEnum<'ShuffleNet_V2_X1_5_Weights'>;

/**
 * Makes ShuffleNet v2 with 1.5 times the channels, an instance of {@link ShuffleNetV2}, whose options it takes.
 * Mirrors `torchvision.models.shufflenet_v2_x1_5`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const shufflenet_v2_x1_5 = shufflenet(
  'shufflenet_v2_x1_5',
  ShuffleNet_V2_X1_5_Weights,
  [4, 8, 4],
  [24, 176, 352, 704, 1024],
);

/** The weights of {@link shufflenet_v2_x2_0}. Mirrors `torchvision.models.ShuffleNet_V2_X2_0_Weights`. */
export const ShuffleNet_V2_X2_0_Weights = known_weights('ShuffleNet_V2_X2_0_Weights');
export type ShuffleNet_V2_X2_0_Weights = WeightsEnum<'ShuffleNet_V2_X2_0_Weights'>;

/**
 * Makes ShuffleNet v2 with 2.0 times the channels, an instance of {@link ShuffleNetV2}, whose options it takes.
 * Mirrors `torchvision.models.shufflenet_v2_x2_0`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const shufflenet_v2_x2_0 = shufflenet(
  'shufflenet_v2_x2_0',
  ShuffleNet_V2_X2_0_Weights,
  [4, 8, 4],
  [24, 244, 488, 976, 2048],
);
