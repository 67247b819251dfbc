import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { einsum } from '../../functional.js';
import { empty } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { float32 } from '../../types/dtype.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.js';
import { StochasticDepth } from '../ops/stochastic_depth.js';
import { as_many_classes, known_weights, model_builder, type WeightsEnum } from './_api.js';
import { overwrite_named_param } from './_utils.js';
import { relative_positions } from './swin_transformer.js';

type Pair = readonly [number, number];

/** The size of an image behind a convolution of 3 by 3 with a stride of 2. */
const halved = ([height, width]: Pair): Pair => [Math.floor((height - 1) / 2) + 1, Math.floor((width - 1) / 2) + 1];

interface LayerOptions {
  readonly squeeze_ratio: number;
  readonly expansion_ratio: number;
  readonly norm_layer: NormLayer;
  readonly activation_layer: LayerMaker;
  readonly head_dim: number;
  readonly mlp_ratio: number;
  readonly mlp_dropout: number;
  readonly attention_dropout: number;
  readonly partition_size: number;
}

class MBConv extends nn.Module {
  declare proj: nn.Module;
  declare stochastic_depth: nn.Module;
  declare layers: nn.Module;

  constructor(inputs: number, outputs: number, stride: number, probability: number, options: LayerOptions) {
    super();
    const { norm_layer, activation_layer, expansion_ratio, squeeze_ratio } = options;
    if (stride === 1 && inputs === outputs) {
      this.proj = new nn.Identity();
    } else {
      const wider = new nn.Conv2d(inputs, outputs, 1);
      const smaller = new nn.AvgPool2d(3, { stride, padding: 1 });
      this.proj = stride === 2 ? new nn.Sequential(smaller, wider) : new nn.Sequential(wider);
    }
    const middle = Math.trunc(outputs * expansion_ratio);
    const squeezed = Math.trunc(outputs * squeeze_ratio);
    this.stochastic_depth = probability === 0 ? new nn.Identity() : new StochasticDepth(probability, 'row');
    const layer = { activation_layer, norm_layer, inplace: null };
    const widen = { ...layer, kernel_size: 1, padding: 0 };
    const depthwise = { ...layer, kernel_size: 3, stride, padding: 1, groups: middle };
    this.layers = new nn.Sequential({
      pre_norm: make_layer(norm_layer as LayerMaker, inputs),
      conv_a: new Conv2dNormActivation(inputs, middle, widen),
      conv_b: new Conv2dNormActivation(middle, middle, depthwise),
      squeeze_excitation: new SqueezeExcitation(middle, squeezed, { activation: nn.SiLU }),
      conv_c: new nn.Conv2d(middle, outputs, 1),
    });
  }

  forward(x: Tensor): Tensor {
    const kept = this.proj(x) as Tensor;
    return kept.add(this.stochastic_depth(this.layers(x)) as Tensor);
  }
}

class RelativePositionalMultiHeadAttention extends nn.Module {
  declare n_heads: number;
  declare head_dim: number;
  declare size: number;
  declare max_seq_len: number;
  declare to_qkv: nn.Linear;
  declare scale_factor: number;
  declare merge: nn.Linear;
  declare relative_position_bias_table: nn.Parameter;
  declare relative_position_index: Tensor;

  constructor(features: number, head_dim: number, max_seq_len: number) {
    super();
    if (features % head_dim !== 0) {
      throw new Error(`feat_dim: ${features} must be divisible by head_dim: ${head_dim}`);
    }
    this.n_heads = features / head_dim;
    this.head_dim = head_dim;
    this.size = Math.trunc(Math.sqrt(max_seq_len));
    this.max_seq_len = max_seq_len;
    this.to_qkv = new nn.Linear(features, this.n_heads * head_dim * 3);
    this.scale_factor = features ** -0.5;
    this.merge = new nn.Linear(head_dim * this.n_heads, features);
    this.relative_position_bias_table = new nn.Parameter(
      empty([(2 * this.size - 1) ** 2, this.n_heads], { dtype: float32 }),
    );
    this.register_buffer('relative_position_index', relative_positions(this.size, this.size));
    nn.init.trunc_normal_(this.relative_position_bias_table, { std: 0.02 });
  }

  private bias(): Tensor {
    const { max_seq_len } = this;
    const bias = this.relative_position_bias_table.index_select(0, this.relative_position_index.view(-1));
    return bias.view(max_seq_len, max_seq_len, -1).permute(2, 0, 1).contiguous().unsqueeze(0);
  }

  forward(x: Tensor): Tensor {
    const [batch, groups, places, features] = x.shape as unknown as [number, number, number, number];
    const heads = this.to_qkv(x)
      .chunk(3, -1)
      .map((part) => part.reshape(batch, groups, places, this.n_heads, this.head_dim).permute(0, 1, 3, 2, 4));
    const [q, k, v] = heads as [Tensor, Tensor, Tensor];
    const products = einsum('b g h i d, b g h j d -> b g h i j', q, k.mul(this.scale_factor));
    const weights = nn.functional.softmax(products.add(this.bias()), -1);
    const out = einsum('b g h i j, b g h j d -> b g h i d', weights, v);
    return this.merge(out.permute(0, 1, 3, 2, 4).reshape(batch, groups, places, features));
  }
}

class SwapAxes extends nn.Module {
  declare a: number;
  declare b: number;

  constructor(a: number, b: number) {
    super();
    this.a = a;
    this.b = b;
  }

  forward(x: Tensor): Tensor {
    return x.swapaxes(this.a, this.b);
  }
}

/** (N, C, H, W) as (N, windows, places, C). */
class WindowPartition extends nn.Module {
  forward(x: Tensor, p: number): Tensor {
    const [batch, channels, height, width] = x.shape as unknown as [number, number, number, number];
    const [down, across] = [Math.floor(height / p), Math.floor(width / p)];
    return x
      .reshape(batch, channels, down, p, across, p)
      .permute(0, 2, 4, 3, 5, 1)
      .reshape(batch, down * across, p * p, channels);
  }
}

/** (N, windows, places, C) as (N, C, H, W). */
class WindowDepartition extends nn.Module {
  forward(x: Tensor, p: number, down: number, across: number): Tensor {
    const [batch, , , channels] = x.shape as unknown as [number, number, number, number];
    return x
      .reshape(batch, down, across, p, p, channels)
      .permute(0, 5, 1, 3, 2, 4)
      .reshape(batch, channels, down * p, across * p);
  }
}

class PartitionAttentionLayer extends nn.Module {
  declare n_heads: number;
  declare head_dim: number;
  declare n_partitions: number;
  declare partition_type: 'grid' | 'window';
  declare grid_size: Pair;
  declare p: number;
  declare g: number;
  declare partition_op: WindowPartition;
  declare departition_op: WindowDepartition;
  declare partition_swap: nn.Module;
  declare departition_swap: nn.Module;
  declare attn_layer: nn.Module;
  declare mlp_layer: nn.Module;
  declare stochastic_dropout: StochasticDepth;

  constructor(channels: number, type: 'grid' | 'window', grid: Pair, probability: number, options: LayerOptions) {
    super();
    const { head_dim, partition_size, mlp_ratio, mlp_dropout, attention_dropout, activation_layer } = options;
    this.n_heads = Math.floor(channels / head_dim);
    this.head_dim = head_dim;
    this.n_partitions = Math.floor(grid[0] / partition_size);
    this.partition_type = type;
    this.grid_size = grid;
    [this.p, this.g] = type === 'window' ? [partition_size, this.n_partitions] : [this.n_partitions, partition_size];
    this.partition_op = new WindowPartition();
    this.departition_op = new WindowDepartition();
    this.partition_swap = type === 'grid' ? new SwapAxes(-2, -3) : new nn.Identity();
    this.departition_swap = type === 'grid' ? new SwapAxes(-2, -3) : new nn.Identity();
    this.attn_layer = new nn.Sequential(
      new nn.LayerNorm(channels),
      new RelativePositionalMultiHeadAttention(channels, head_dim, partition_size ** 2),
      new nn.Dropout(attention_dropout),
    );
    this.mlp_layer = new nn.Sequential(
      new nn.LayerNorm(channels),
      new nn.Linear(channels, channels * mlp_ratio),
      make_layer(activation_layer),
      new nn.Linear(channels * mlp_ratio, channels),
      new nn.Dropout(mlp_dropout),
    );
    this.stochastic_dropout = new StochasticDepth(probability, 'row');
  }

  forward(x: Tensor): Tensor {
    const { p, grid_size } = this;
    if (grid_size.some((size) => size % p !== 0)) {
      throw new Error(
        `Grid size must be divisible by partition size. Got grid size of (${grid_size.join(', ')}) and partition size of ${p}`,
      );
    }
    const [down, across] = [Math.floor(grid_size[0] / p), Math.floor(grid_size[1] / p)];
    let windows = this.partition_swap(this.partition_op(x, p)) as Tensor;
    windows = windows.add(this.stochastic_dropout(this.attn_layer(windows) as Tensor));
    windows = windows.add(this.stochastic_dropout(this.mlp_layer(windows) as Tensor));
    return this.departition_op(this.departition_swap(windows) as Tensor, p, down, across);
  }
}

class MaxVitLayer extends nn.Module {
  declare layers: nn.Sequential;

  constructor(inputs: number, outputs: number, stride: number, grid: Pair, probability: number, options: LayerOptions) {
    super();
    this.layers = new nn.Sequential({
      MBconv: new MBConv(inputs, outputs, stride, probability, options),
      window_attention: new PartitionAttentionLayer(outputs, 'window', grid, probability, options),
      grid_attention: new PartitionAttentionLayer(outputs, 'grid', grid, probability, options),
    }) as nn.Sequential;
  }

  forward(x: Tensor): Tensor {
    return this.layers(x);
  }
}

class MaxVitBlock extends nn.Module {
  declare layers: nn.ModuleList;
  declare grid_size: Pair;

  constructor(inputs: number, outputs: number, size: Pair, probabilities: readonly number[], options: LayerOptions) {
    super();
    this.layers = new nn.ModuleList();
    this.grid_size = halved(size);
    for (const [i, probability] of probabilities.entries()) {
      const [channels, stride] = i === 0 ? [inputs, 2] : [outputs, 1];
      this.layers.append(new MaxVitLayer(channels, outputs, stride, this.grid_size, probability, options));
    }
  }

  forward(x: Tensor): Tensor {
    let value = x;
    for (const layer of this.layers) value = layer(value) as Tensor;
    return value;
  }
}

/** Options of {@link MaxVit}. */
export interface MaxVitOptions {
  /** What makes the normalizations. Default null: `nn.BatchNorm2d` with `eps` 0.001 and `momentum` 0.01. */
  norm_layer?: NormLayer | null;
  /** What makes the activations. Default `nn.GELU`. */
  activation_layer?: LayerMaker;
  /** Channels of squeeze-and-excitation for each of the block. Default 0.25. */
  squeeze_ratio?: number;
  /** Channels in the middle of convolutions for each of the block. Default 4. */
  expansion_ratio?: number;
  /** Features within the perceptrons for each of their input. Default 4. */
  mlp_ratio?: number;
  /** Probability of the dropout of perceptrons. Default 0. */
  mlp_dropout?: number;
  /** Probability of the dropout behind attention. Default 0. */
  attention_dropout?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
}

interface MaxVitSizes {
  /** Height and width of the images. */
  input_size: readonly number[];
  /** Channels of the first convolutions. */
  stem_channels: number;
  /** Height and width of a window. */
  partition_size: number;
  /** Channels of each block. */
  block_channels: readonly number[];
  /** Number of layers in each block. */
  block_layers: readonly number[];
  /** Features of a head. */
  head_dim: number;
  /** Probability of leaving out the last layer; that of others grows up to it. */
  stochastic_depth_prob: number;
}

/** Options of {@link maxvit_t}. */
export interface MaxVitBuilderOptions extends MaxVitOptions {
  /** Height and width of the images. Default `[224, 224]`. */
  input_size?: readonly number[];
}

const TAKES =
  'norm_layer?: Callable|None, activation_layer?: Callable, squeeze_ratio?: float, expansion_ratio?: float, ' +
  'mlp_ratio?: int, mlp_dropout?: float, attention_dropout?: float, num_classes?: int';
const MAXVIT = signature<MaxVitOptions & MaxVitSizes>(
  'MaxVit',
  'input_size: int[], stem_channels: int, partition_size: int, block_channels: int[], block_layers: int[], ' +
    `head_dim: int, stochastic_depth_prob: float, ${TAKES}`,
);

const tuple = (size: Pair): string => `(${size[0]}, ${size[1]})`;

/** As many numbers from 0 to `last`, as numpy spaces them. */
function evenly(last: number, count: number): number[] {
  const step = last / (count - 1);
  return Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? last : count === 1 ? 0 : i * step));
}

/**
 * MaxViT of "MaxViT: Multi-Axis Vision Transformer" (arXiv 2204.01697): convolutions, then attention within windows and
 * across them. Mirrors `torchvision.models.MaxVit`.
 *
 * Shapes: input `(N, 3, *input_size)`, output `(N, num_classes)`.
 *
 * @param input_size - height and width of the images
 * @param stem_channels - channels of the first convolutions
 * @param partition_size - height and width of a window, of which the size of each block is a multiple
 * @param block_channels - channels of each block
 * @param block_layers - number of layers in each block
 * @param head_dim - features of a head
 * @param stochastic_depth_prob - probability of leaving out the last layer; that of others grows up to it
 * @param num_classes - number of classes; default 1000
 * @throws Error when windows do not cover the images of a block
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.MaxVit([32, 32], 8, 2, [8, 16], [1, 1], 4, 0.1, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class MaxVit extends nn.Module {
  declare stem: nn.Module;
  declare partition_size: number;
  declare blocks: nn.ModuleList;
  declare classifier: nn.Sequential;

  constructor(
    input_size: readonly number[],
    stem_channels: number,
    partition_size: number,
    block_channels: readonly number[],
    block_layers: readonly number[],
    head_dim: number,
    stochastic_depth_prob: number,
    ...options: Tail<
      [
        norm_layer: NormLayer | null,
        activation_layer: LayerMaker,
        squeeze_ratio: number,
        expansion_ratio: number,
        mlp_ratio: number,
        mlp_dropout: number,
        attention_dropout: number,
        num_classes: number,
      ],
      MaxVitOptions
    >
  );
  constructor(options: MaxVitOptions & MaxVitSizes);
  constructor(...args: unknown[]) {
    super();
    const given = MAXVIT.read(args);
    const { stem_channels, partition_size, block_channels, block_layers, head_dim, stochastic_depth_prob } = given;
    const { num_classes = 1000 } = given;
    const norm_layer =
      given.norm_layer ?? ((channels: number) => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.01 }));
    const activation_layer: LayerMaker = given.activation_layer ?? nn.GELU;
    let size = halved([given.input_size[0]!, given.input_size[1]!]);
    check_sizes(size, block_channels.length, partition_size);
    const options = {
      squeeze_ratio: given.squeeze_ratio ?? 0.25,
      expansion_ratio: given.expansion_ratio ?? 4,
      norm_layer,
      activation_layer,
      head_dim,
      mlp_ratio: given.mlp_ratio ?? 4,
      mlp_dropout: given.mlp_dropout ?? 0,
      attention_dropout: given.attention_dropout ?? 0,
      partition_size,
    };
    this.stem = new nn.Sequential(
      new Conv2dNormActivation(3, stem_channels, {
        kernel_size: 3,
        stride: 2,
        norm_layer,
        activation_layer,
        bias: false,
        inplace: null,
      }),
      new Conv2dNormActivation(stem_channels, stem_channels, {
        kernel_size: 3,
        norm_layer: null,
        activation_layer: null,
        bias: true,
      }),
    );
    this.partition_size = partition_size;
    this.blocks = new nn.ModuleList();
    const total = block_layers.reduce((sum, layers) => sum + layers, 0);
    const probabilities = evenly(stochastic_depth_prob, total);
    let channels = stem_channels;
    for (const [i, outputs] of block_channels.entries()) {
      const its = probabilities.splice(0, block_layers[i]);
      const block = new MaxVitBlock(channels, outputs, size, its, options);
      this.blocks.append(block);
      size = block.grid_size;
      channels = outputs;
    }
    this.classifier = new nn.Sequential(
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.LayerNorm(channels),
      new nn.Linear(channels, channels),
      new nn.Tanh(),
      new nn.Linear(channels, num_classes, { bias: false }),
    ) as nn.Sequential;
    this.init_weights();
  }

  private init_weights(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d || m instanceof nn.Linear) {
        nn.init.normal_(m.weight, { std: 0.02 });
        if (m.bias !== null) nn.init.zeros_(m.bias);
      } else if (m instanceof nn.BatchNorm2d) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      }
    }
  }

  forward(x: Tensor): Tensor {
    let features = this.stem(x) as Tensor;
    for (const block of this.blocks) features = block(features) as Tensor;
    return this.classifier(features);
  }
}
forward_takes(MaxVit, 'x: Tensor');

/** Throws unless windows cover the images of each block. */
function check_sizes(stem: Pair, blocks: number, partition_size: number): void {
  const sizes: Pair[] = [];
  for (let i = 0; i < blocks; i++) sizes.push(halved(sizes[i - 1] ?? stem));
  for (const [i, size] of sizes.entries()) {
    if (size.every((side) => side % partition_size === 0)) continue;
    throw new Error(
      `Input size ${tuple(size)} of block ${i} is not divisible by partition size ${partition_size}. Consider changing ` +
        'the partition size or the input size.\nCurrent configuration yields the following block input sizes: ' +
        `[${sizes.map(tuple).join(', ')}].`,
    );
  }
}

/** The weights of {@link maxvit_t}. Mirrors `torchvision.models.MaxVit_T_Weights`. */
export const MaxVit_T_Weights = known_weights('MaxVit_T_Weights');
export type MaxVit_T_Weights = WeightsEnum<'MaxVit_T_Weights'>;

/**
 * Makes the tiny {@link MaxVit}, whose options it takes. Mirrors `torchvision.models.maxvit_t`.
 *
 * @param weights - pretrained weights; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` or `input_size` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.maxvit_t({ num_classes: 2 }).classifier.at(-1)); // Linear(in_features=512, out_features=2, bias=False)
 * ```
 */
export const maxvit_t = model_builder('maxvit_t', MaxVit_T_Weights, {
  takes: `${TAKES}, input_size?: int[]`,
  make: ({ input_size = [224, 224], ...options }: MaxVitBuilderOptions) =>
    new MaxVit({
      ...options,
      stem_channels: 64,
      block_channels: [64, 128, 256, 512],
      block_layers: [2, 2, 5, 2],
      head_dim: 32,
      stochastic_depth_prob: 0.2,
      partition_size: 7,
      input_size,
    }),
  prepare: (config, weights) => {
    as_many_classes(config, weights);
    overwrite_named_param(config as Record<string, unknown>, 'input_size', weights.meta.min_size);
  },
});
