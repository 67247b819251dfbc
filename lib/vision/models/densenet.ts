import { Tuple } from '../../_internal/tuple.js';
import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import { Tensor } from '../../_tensor.js';
import { flatten, cat } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import type { StateDict } from '../../nn/modules/module.js';
import { checkpoint } from '../../utils/checkpoint.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';

interface LayerOptions {
  readonly growth_rate: number;
  readonly bn_size: number;
  readonly drop_rate: number;
  readonly memory_efficient: boolean;
}

class _DenseLayer extends nn.Module {
  declare norm1: nn.BatchNorm2d;
  declare relu1: nn.ReLU;
  declare conv1: nn.Conv2d;
  declare norm2: nn.BatchNorm2d;
  declare relu2: nn.ReLU;
  declare conv2: nn.Conv2d;
  declare drop_rate: number;
  declare memory_efficient: boolean;

  constructor(inputs: number, { growth_rate, bn_size, drop_rate, memory_efficient }: LayerOptions) {
    super();
    this.norm1 = new nn.BatchNorm2d(inputs);
    this.relu1 = new nn.ReLU({ inplace: true });
    this.conv1 = new nn.Conv2d(inputs, bn_size * growth_rate, 1, { bias: false });
    this.norm2 = new nn.BatchNorm2d(bn_size * growth_rate);
    this.relu2 = new nn.ReLU({ inplace: true });
    this.conv2 = new nn.Conv2d(bn_size * growth_rate, growth_rate, 3, { padding: 1, bias: false });
    this.drop_rate = drop_rate;
    this.memory_efficient = memory_efficient;
  }

  private bottleneck(features: readonly Tensor[]): Tensor {
    return this.conv1(this.relu1(this.norm1(cat(features, 1))));
  }

  forward(input: Tensor | readonly Tensor[]): Tensor {
    const features = input instanceof Tensor ? [input] : input;
    const again = this.memory_efficient && features.some((tensor) => tensor.requires_grad);
    const bottleneck = again
      ? checkpoint((...tensors: Tensor[]) => this.bottleneck(tensors), ...features, { use_reentrant: false })
      : this.bottleneck(features);
    const out = this.conv2(this.relu2(this.norm2(bottleneck as Tensor)));
    return this.drop_rate > 0 ? nn.functional.dropout(out, this.drop_rate, this.training) : out;
  }
}

type EmptyDict = new () => nn.ModuleDict;

class _DenseBlock extends (nn.ModuleDict as unknown as EmptyDict) {
  constructor(layers: number, inputs: number, options: LayerOptions) {
    super();
    for (let i = 0; i < layers; i++) {
      this.add_module(`denselayer${i + 1}`, new _DenseLayer(inputs + i * options.growth_rate, options));
    }
  }

  override get _version(): number {
    return 2;
  }

  forward(input: Tensor): Tensor {
    const features = [input];
    for (const layer of this.values()) features.push(layer(features) as Tensor);
    return cat(features, 1);
  }
}

type EmptyRow = new () => nn.Sequential;

class _Transition extends (nn.Sequential as unknown as EmptyRow) {
  declare norm: nn.BatchNorm2d;
  declare relu: nn.ReLU;
  declare conv: nn.Conv2d;
  declare pool: nn.AvgPool2d;

  constructor(inputs: number, outputs: number) {
    super();
    this.norm = new nn.BatchNorm2d(inputs);
    this.relu = new nn.ReLU({ inplace: true });
    this.conv = new nn.Conv2d(inputs, outputs, 1, { bias: false });
    this.pool = new nn.AvgPool2d(2, { stride: 2 });
  }
}

/** Options of {@link densenet121} and the like. */
export interface DenseNetOptions {
  /** Channels of the bottleneck for each new channel. Default 4. */
  bn_size?: number;
  /** Probability of the dropout behind each layer. Default 0. */
  drop_rate?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Compute parts again in the backward pass instead of keeping them. Default false. */
  memory_efficient?: boolean;
}

interface DenseNetSizes {
  /** New channels in each layer. Default 32. */
  growth_rate?: number;
  /** Number of layers in each block. Default `[6, 12, 24, 16]`. */
  block_config?: readonly number[];
  /** Channels of the first convolution. Default 64. */
  num_init_features?: number;
}

const TAKES = 'bn_size?: int, drop_rate?: float, num_classes?: int, memory_efficient?: bool';
const DENSENET = signature<DenseNetSizes & DenseNetOptions>(
  'DenseNet',
  `growth_rate?: int, block_config?: int[], num_init_features?: int, ${TAKES}`,
);

export interface DenseNet {
  /** The last layer, which another module may replace. */
  get classifier(): nn.Linear;
  set classifier(value: nn.Module);
}

/**
 * DenseNet of "Densely Connected Convolutional Networks" (arXiv 1608.06993): each layer of a block sees the outputs of all
 * before it. Mirrors `torchvision.models.DenseNet`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 29, output `(N, num_classes)`.
 *
 * @param growth_rate - new channels in each layer; default 32
 * @param block_config - number of layers in each block; default `[6, 12, 24, 16]`
 * @param num_init_features - channels of the first convolution; default 64
 * @param bn_size - channels of the bottleneck for each new channel; default 4
 * @param drop_rate - probability of the dropout behind each layer; default 0
 * @param num_classes - number of classes; default 1000
 * @param memory_efficient - compute parts again in the backward pass instead of keeping them; default false
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.DenseNet(8, [2, 2], 16, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class DenseNet extends nn.Module {
  declare features: nn.Sequential;

  constructor(
    ...args: Tail<
      [
        growth_rate: number,
        block_config: readonly number[],
        num_init_features: number,
        bn_size: number,
        drop_rate: number,
        num_classes: number,
        memory_efficient: boolean,
      ],
      DenseNetSizes & DenseNetOptions
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = DENSENET.read(args);
    const { growth_rate = 32, block_config = [6, 12, 24, 16], num_init_features = 64, num_classes = 1000 } = given;
    const { bn_size = 4, drop_rate = 0, memory_efficient = false } = given;
    const features: nn.Sequential = new nn.Sequential({
      conv0: new nn.Conv2d(3, num_init_features, 7, { stride: 2, padding: 3, bias: false }),
      norm0: new nn.BatchNorm2d(num_init_features),
      relu0: new nn.ReLU({ inplace: true }),
      pool0: new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
    });
    let channels = num_init_features;
    block_config.forEach((layers, i) => {
      const options = { growth_rate, bn_size, drop_rate, memory_efficient };
      features.add_module(`denseblock${i + 1}`, new _DenseBlock(layers, channels, options));
      channels += layers * growth_rate;
      if (i === block_config.length - 1) return;
      const half = Math.floor(channels / 2);
      features.add_module(`transition${i + 1}`, new _Transition(channels, half));
      channels = half;
    });
    features.add_module('norm5', new nn.BatchNorm2d(channels));
    this.features = features;
    this.classifier = new nn.Linear(channels, num_classes);
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) nn.init.kaiming_normal_(m.weight);
      else if (m instanceof nn.BatchNorm2d) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.Linear) nn.init.constant_(m.bias, 0);
    }
  }

  forward(x: Tensor): Tensor {
    const features = nn.functional.relu(this.features(x), { inplace: true });
    return this.classifier(flatten(nn.functional.adaptive_avg_pool2d(features, Tuple.of(1, 1)), 1));
  }
}
forward_takes(DenseNet, 'x: Tensor');

// The files name the parts of a layer `norm.1`, which no module can be called today.
const OLD_NAME = /^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$/;

function with_new_names(state_dict: StateDict): StateDict {
  for (const [key, value] of Object.entries(state_dict)) {
    const name = key.replace(OLD_NAME, '$1$2');
    if (name === key) continue;
    state_dict[name] = value;
    delete state_dict[key];
  }
  return state_dict;
}

function densenet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  growth_rate: number,
  block_config: readonly number[],
  num_init_features: number,
): ModelBuilder<DenseNet, N, DenseNetOptions> {
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: DenseNetOptions) => new DenseNet(growth_rate, block_config, num_init_features, config),
    convert: with_new_names,
  });
}

/** The weights of {@link densenet121}. Mirrors `torchvision.models.DenseNet121_Weights`. */
export const DenseNet121_Weights = known_weights('DenseNet121_Weights');
export type DenseNet121_Weights = WeightsEnum<'DenseNet121_Weights'>;

/**
 * Makes DenseNet-121, an instance of {@link DenseNet}, whose options it takes. Mirrors
 * `torchvision.models.densenet121`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.densenet121({ num_classes: 2 }).classifier); // Linear(in_features=1024, out_features=2, bias=True)
 * ```
 */
export const densenet121 = densenet('densenet121', DenseNet121_Weights, 32, [6, 12, 24, 16], 64);

/** The weights of {@link densenet161}. Mirrors `torchvision.models.DenseNet161_Weights`. */
export const DenseNet161_Weights = known_weights('DenseNet161_Weights');
export type DenseNet161_Weights = WeightsEnum<'DenseNet161_Weights'>;

/**
 * Makes DenseNet-161, an instance of {@link DenseNet}, whose options it takes. Mirrors
 * `torchvision.models.densenet161`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const densenet161 = densenet('densenet161', DenseNet161_Weights, 48, [6, 12, 36, 24], 96);

/** The weights of {@link densenet169}. Mirrors `torchvision.models.DenseNet169_Weights`. */
export const DenseNet169_Weights = known_weights('DenseNet169_Weights');
export type DenseNet169_Weights = WeightsEnum<'DenseNet169_Weights'>;

/**
 * Makes DenseNet-169, an instance of {@link DenseNet}, whose options it takes. Mirrors
 * `torchvision.models.densenet169`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const densenet169 = densenet('densenet169', DenseNet169_Weights, 32, [6, 12, 32, 32], 64);

/** The weights of {@link densenet201}. Mirrors `torchvision.models.DenseNet201_Weights`. */
export const DenseNet201_Weights = known_weights('DenseNet201_Weights');
export type DenseNet201_Weights = WeightsEnum<'DenseNet201_Weights'>;

/**
 * Makes DenseNet-201, an instance of {@link DenseNet}, whose options it takes. Mirrors
 * `torchvision.models.densenet201`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const densenet201 = densenet('densenet201', DenseNet201_Weights, 32, [6, 12, 48, 32], 64);
