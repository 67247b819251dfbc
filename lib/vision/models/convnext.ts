import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { ones } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation, Permute } from '../ops/misc.js';
import { StochasticDepth } from '../ops/stochastic_depth.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { plus_, times } from './operators.js';

/** A layer normalization of the channels of images. */
class LayerNorm2d extends nn.LayerNorm {
  override forward(x: Tensor): Tensor {
    const last = x.permute(0, 2, 3, 1);
    const normal = nn.functional.layer_norm(last, this.normalized_shape, this.weight, this.bias, this.eps);
    return normal.permute(0, 3, 1, 2);
  }
}

class CNBlock extends nn.Module {
  declare block: nn.Module;
  declare layer_scale: nn.Parameter;
  declare stochastic_depth: StochasticDepth;

  constructor(dim: number, layer_scale: number, stochastic_depth_prob: number) {
    super();
    this.block = new nn.Sequential(
      new nn.Conv2d(dim, dim, 7, { padding: 3, groups: dim }),
      new Permute([0, 2, 3, 1]),
      new nn.LayerNorm(dim, { eps: 1e-6 }),
      new nn.Linear(dim, 4 * dim),
      new nn.GELU(),
      new nn.Linear(4 * dim, dim),
      new Permute([0, 3, 1, 2]),
    );
    this.layer_scale = new nn.Parameter(ones(dim, 1, 1).mul(layer_scale));
    this.stochastic_depth = new StochasticDepth(stochastic_depth_prob, 'row');
  }

  forward(input: Tensor): Tensor {
    return plus_(this.stochastic_depth(times(this.layer_scale, this.block(input) as Tensor)) as Tensor, input);
  }
}

interface StageSizes {
  /** Channels of the stage. */
  input_channels: number;
  /** Channels of the next stage; null for the last one. */
  out_channels: number | null;
  /** Number of blocks. */
  num_layers: number;
}

const CONFIG = signature<StageSizes>('CNBlockConfig', 'input_channels: int, out_channels: int|None, num_layers: int');

/**
 * The sizes of a stage of a {@link ConvNeXt}. Mirrors `torchvision.models.convnext.CNBlockConfig`.
 *
 * @param input_channels - channels of the stage
 * @param out_channels - channels of the next stage; null for the last one
 * @param num_layers - number of blocks
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(new models.convnext.CNBlockConfig(96, null, 3)); // CNBlockConfig(input_channels=96, out_channels=None, num_layers=3)
 * ```
 */
export class CNBlockConfig {
  readonly input_channels: number;
  readonly out_channels: number | null;
  readonly num_layers: number;

  constructor(
    ...args: Arguments<
      [input_channels: number, out_channels: number | null, num_layers: number],
      StageSizes,
      ['input_channels', 'out_channels', 'num_layers']
    >
  );
  constructor(...args: unknown[]) {
    const { input_channels, out_channels, num_layers } = CONFIG.read(args);
    this.input_channels = input_channels;
    this.out_channels = out_channels;
    this.num_layers = num_layers;
  }

  toString(): string {
    const { input_channels, out_channels, num_layers } = this;
    return `CNBlockConfig(input_channels=${input_channels}, out_channels=${out_channels ?? 'None'}, num_layers=${num_layers})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Options of {@link ConvNeXt}. */
export interface ConvNeXtOptions {
  /** Probability of leaving out the last block; that of others grows up to it. Default 0, of the models their own. */
  stochastic_depth_prob?: number;
  /** Initial scale of the blocks. Default 1e-6. */
  layer_scale?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the blocks, of channels, scale and probability. Default null: those of the paper. */
  block?: LayerMaker<[dim: number, layer_scale: number, stochastic_depth_prob: number]> | null;
  /** What makes the normalizations between stages. Default null: of layers, over the channels. */
  norm_layer?: NormLayer | null;
}

const TAKES =
  'stochastic_depth_prob?: float, layer_scale?: float, num_classes?: int, block?: Callable|None, norm_layer?: Callable|None';
const CONVNEXT = signature<ConvNeXtOptions & { block_setting: readonly unknown[] }>(
  'ConvNeXt',
  `block_setting: any[], ${TAKES}`,
);

/**
 * ConvNeXt of "A ConvNet for the 2020s" (arXiv 2201.03545). Mirrors `torchvision.models.ConvNeXt`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 32, output `(N, num_classes)`.
 *
 * @param block_setting - the sizes of the stages
 * @param stochastic_depth_prob - probability of leaving out the last block; that of others grows up to it; default 0
 * @param layer_scale - initial scale of the blocks; default 1e-6
 * @param num_classes - number of classes; default 1000
 * @param block - what makes the blocks; default null: those of the paper
 * @param norm_layer - what makes the normalizations between stages; default null: of layers, over the channels
 * @throws Error for a setting without stages
 * @throws TypeError for a setting of anything else
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { CNBlockConfig } = models.convnext;
 * const model = new models.ConvNeXt([new CNBlockConfig(8, 16, 1), new CNBlockConfig(16, null, 1)], { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class ConvNeXt extends nn.Module {
  declare features: nn.Sequential;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare classifier: nn.Sequential;

  constructor(
    block_setting: readonly CNBlockConfig[],
    ...options: Tail<
      [
        stochastic_depth_prob: number,
        layer_scale: number,
        num_classes: number,
        block: NonNullable<ConvNeXtOptions['block']> | null,
        norm_layer: NormLayer | null,
      ],
      ConvNeXtOptions
    >
  );
  constructor(options: ConvNeXtOptions & { block_setting: readonly CNBlockConfig[] });
  constructor(...args: unknown[]) {
    super();
    const given = CONVNEXT.read(args);
    const { block_setting, stochastic_depth_prob = 0, layer_scale = 1e-6, num_classes = 1000 } = given;
    if (block_setting.length === 0) throw new Error('The block_setting should not be empty');
    if (!block_setting.every((config): config is CNBlockConfig => config instanceof CNBlockConfig)) {
      throw new TypeError('The block_setting should be List[CNBlockConfig]');
    }
    const block = (given.block ?? CNBlock) as LayerMaker;
    const norm_layer = given.norm_layer ?? ((channels: number) => new LayerNorm2d(channels, { eps: 1e-6 }));
    const layers: nn.Module[] = [
      new Conv2dNormActivation(3, block_setting[0]!.input_channels, {
        kernel_size: 4,
        stride: 4,
        padding: 0,
        norm_layer,
        activation_layer: null,
        bias: true,
      }),
    ];
    const total = block_setting.reduce((sum, { num_layers }) => sum + num_layers, 0);
    let place = 0;
    for (const { input_channels, out_channels, num_layers } of block_setting) {
      const stage: nn.Module[] = [];
      for (let i = 0; i < num_layers; i++) {
        stage.push(make_layer(block, input_channels, layer_scale, (stochastic_depth_prob * place) / (total - 1)));
        place += 1;
      }
      layers.push(new nn.Sequential(...stage));
      if (out_channels === null) continue;
      const smaller = new nn.Conv2d(input_channels, out_channels, 2, { stride: 2 });
      layers.push(new nn.Sequential(make_layer(norm_layer as LayerMaker, input_channels), smaller));
    }
    this.features = new nn.Sequential(...layers);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    const last = block_setting.at(-1)!;
    const channels = last.out_channels ?? last.input_channels;
    this.classifier = new nn.Sequential(
      make_layer(norm_layer as LayerMaker, channels),
      new nn.Flatten(1),
      new nn.Linear(channels, num_classes),
    );
    for (const m of this.modules()) {
      if (!(m instanceof nn.Conv2d || m instanceof nn.Linear)) continue;
      nn.init.trunc_normal_(m.weight, { std: 0.02 });
      if (m.bias !== null) nn.init.zeros_(m.bias);
    }
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)));
  }
}
forward_takes(ConvNeXt, 'x: Tensor');

function convnext<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  channels: number,
  blocks: readonly number[],
  probability: number,
): ModelBuilder<ConvNeXt, N, ConvNeXtOptions> {
  const setting = (): CNBlockConfig[] =>
    blocks.map((num_layers, i) => {
      const inputs = channels * 2 ** i;
      return new CNBlockConfig(inputs, i === blocks.length - 1 ? null : 2 * inputs, num_layers);
    });
  return model_builder(name, weights, {
    takes: TAKES,
    make: ({ stochastic_depth_prob = probability, ...options }: ConvNeXtOptions) =>
      new ConvNeXt(setting(), { ...options, stochastic_depth_prob }),
  });
}

/** The weights of {@link convnext_tiny}. Mirrors `torchvision.models.ConvNeXt_Tiny_Weights`. */
export const ConvNeXt_Tiny_Weights = known_weights('ConvNeXt_Tiny_Weights');
export type ConvNeXt_Tiny_Weights = WeightsEnum<'ConvNeXt_Tiny_Weights'>;

/**
 * Makes the tiny ConvNeXt, an instance of {@link ConvNeXt}, whose options it takes. Mirrors
 * `torchvision.models.convnext_tiny`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.convnext_tiny({ num_classes: 2 }).classifier[2]); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const convnext_tiny = convnext('convnext_tiny', ConvNeXt_Tiny_Weights, 96, [3, 3, 9, 3], 0.1);

/** The weights of {@link convnext_small}. Mirrors `torchvision.models.ConvNeXt_Small_Weights`. */
export const ConvNeXt_Small_Weights = known_weights('ConvNeXt_Small_Weights');
export type ConvNeXt_Small_Weights = WeightsEnum<'ConvNeXt_Small_Weights'>;

/**
 * Makes the small ConvNeXt, an instance of {@link ConvNeXt}, whose options it takes. Mirrors
 * `torchvision.models.convnext_small`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const convnext_small = convnext('convnext_small', ConvNeXt_Small_Weights, 96, [3, 3, 27, 3], 0.4);

/** The weights of {@link convnext_base}. Mirrors `torchvision.models.ConvNeXt_Base_Weights`. */
export const ConvNeXt_Base_Weights = known_weights('ConvNeXt_Base_Weights');
export type ConvNeXt_Base_Weights = WeightsEnum<'ConvNeXt_Base_Weights'>;

/**
 * Makes the base ConvNeXt, an instance of {@link ConvNeXt}, whose options it takes. Mirrors
 * `torchvision.models.convnext_base`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const convnext_base = convnext('convnext_base', ConvNeXt_Base_Weights, 128, [3, 3, 27, 3], 0.5);

/** The weights of {@link convnext_large}. Mirrors `torchvision.models.ConvNeXt_Large_Weights`. */
export const ConvNeXt_Large_Weights = known_weights('ConvNeXt_Large_Weights');
export type ConvNeXt_Large_Weights = WeightsEnum<'ConvNeXt_Large_Weights'>;

/**
 * Makes the large ConvNeXt, an instance of {@link ConvNeXt}, whose options it takes. Mirrors
 * `torchvision.models.convnext_large`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const convnext_large = convnext('convnext_large', ConvNeXt_Large_Weights, 192, [3, 3, 27, 3], 0.5);
