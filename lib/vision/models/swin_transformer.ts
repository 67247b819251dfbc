import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { arange, cat, flatten, meshgrid, roll, stack, zeros } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { float32 } from '../../types/dtype.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { MLP, Permute } from '../ops/misc.js';
import { StochasticDepth } from '../ops/stochastic_depth.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { init_perceptron } from './_utils.js';

const F = nn.functional;

type Pair = readonly [number, number];

/** Four images of half the size side by side in the channels; an odd row or column is padded. */
function merged_patches(x: Tensor): Tensor {
  const [height, width] = [x.size(-3), x.size(-2)];
  const even = F.pad(x, [0, 0, 0, width % 2, 0, height % 2]);
  const [rows, columns] = [even.size(-3), even.size(-2)];
  const second = (start: number, size: number): Tensor => arange(start, size, 2, { device: x.device });
  const part = (row: number, column: number): Tensor =>
    even.index_select(-3, second(row, rows)).index_select(-2, second(column, columns));
  return cat([part(0, 0), part(1, 0), part(0, 1), part(1, 1)], -1);
}

/** Halves the size of an image, with twice the features. @internal */
export class PatchMerging extends nn.Module {
  declare dim: number;
  declare reduction: nn.Linear;
  declare norm: nn.Module;

  constructor(dim: number, norm_layer: NormLayer) {
    super();
    this.dim = dim;
    this.reduction = new nn.Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = make_layer(norm_layer as LayerMaker, 4 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.reduction(this.norm(merged_patches(x)) as Tensor);
  }
}

class PatchMergingV2 extends nn.Module {
  declare dim: number;
  declare reduction: nn.Linear;
  declare norm: nn.Module;

  constructor(dim: number, norm_layer: NormLayer) {
    super();
    this.dim = dim;
    this.reduction = new nn.Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = make_layer(norm_layer as LayerMaker, 2 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.norm(this.reduction(merged_patches(x))) as Tensor;
  }
}

/** Differences of the places of a window, as one number for each pair of them. @internal */
export function relative_positions(height: number, width: number): Tensor {
  const coordinates = flatten(stack(meshgrid([arange(height), arange(width)], { indexing: 'ij' })), 1);
  const difference = coordinates.unsqueeze(2).sub(coordinates.unsqueeze(1));
  const rows = difference.select(0, 0).add(height - 1);
  const columns = difference.select(0, 1).add(width - 1);
  return rows.mul(2 * width - 1).add(columns);
}

interface Attention {
  readonly qkv: nn.Linear;
  readonly proj: nn.Linear;
  readonly window_size: Pair;
  readonly shift_size: Pair;
  readonly num_heads: number;
  readonly attention_dropout: number;
  readonly dropout: number;
  readonly training: boolean;
  readonly logit_scale: Tensor | null;
}

/** What keeps apart, in windows that a shift has put together, what was not side by side. */
function shift_mask(like: Tensor, height: number, width: number, window: Pair, shift: Pair): Tensor {
  const regions = like.new_zeros([height, width]);
  const parts = (size: number, at: 0 | 1): [number, number][] => {
    const [from_window, from_shift] = [size - window[at], size - shift[at]];
    // A shift of 0 leaves an empty last part, as Python's slices from -0 do: [-w:0] is empty and [0:] is all.
    if (shift[at] === 0)
      return [
        [0, from_window],
        [0, 0],
        [0, size],
      ];
    return [
      [0, from_window],
      [from_window, from_shift],
      [from_shift, size],
    ];
  };
  let count = 0;
  for (const [top, bottom] of parts(height, 0)) {
    for (const [left, right] of parts(width, 1)) {
      if (bottom > top && right > left)
        regions
          .narrow(0, top, bottom - top)
          .narrow(1, left, right - left)
          .fill_(count);
      count += 1;
    }
  }
  const windows = regions
    .view(Math.floor(height / window[0]), window[0], Math.floor(width / window[1]), window[1])
    .permute(0, 2, 1, 3)
    .reshape(-1, window[0] * window[1]);
  const difference = windows.unsqueeze(1).sub(windows.unsqueeze(2));
  return difference.masked_fill(difference.ne(0), -100).masked_fill(difference.eq(0), 0);
}

/** The bias of queries, keys and values; that of keys is 0 for attention by cosines. */
function qkv_bias_of({ qkv, logit_scale }: Attention): Tensor | null {
  const bias = qkv.bias as Tensor | null;
  if (bias === null || logit_scale === null) return bias;
  const without = bias.clone();
  const length = Math.floor(bias.numel() / 3);
  without.narrow(0, length, length).zero_();
  return without;
}

/** Attention within windows of an image (N, H, W, C), which may be shifted. */
function shifted_window_attention(input: Tensor, bias: Tensor, attention: Attention): Tensor {
  const { window_size: window, num_heads, logit_scale, training } = attention;
  const [batch, height, width, channels] = input.shape as unknown as [number, number, number, number];
  const right = (window[1] - (width % window[1])) % window[1];
  const below = (window[0] - (height % window[0])) % window[0];
  let x = F.pad(input, [0, 0, 0, right, 0, below]);
  const [full_height, full_width] = [height + below, width + right];
  const shift: Pair = [
    window[0] >= full_height ? 0 : attention.shift_size[0],
    window[1] >= full_width ? 0 : attention.shift_size[1],
  ];
  const shifted = shift[0] + shift[1] > 0;
  if (shifted) x = roll(x, [-shift[0], -shift[1]], [1, 2]);
  const [down, across] = [Math.floor(full_height / window[0]), Math.floor(full_width / window[1])];
  const windows = down * across;
  const places = window[0] * window[1];
  x = x
    .view(batch, down, window[0], across, window[1], channels)
    .permute(0, 1, 3, 2, 4, 5)
    .reshape(batch * windows, places, channels);
  const qkv = F.linear(x, attention.qkv.weight, qkv_bias_of(attention))
    .reshape(x.size(0), places, 3, num_heads, Math.floor(channels / num_heads))
    .permute(2, 0, 3, 1, 4);
  const [q, k, v] = [qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2)];
  let weights: Tensor;
  if (logit_scale === null) {
    weights = q.mul(Math.floor(channels / num_heads) ** -0.5).matmul(k.transpose(-2, -1));
  } else {
    const cosines = F.normalize(q, { dim: -1 }).matmul(F.normalize(k, { dim: -1 }).transpose(-2, -1));
    weights = cosines.mul(logit_scale.clamp({ max: Math.log(100) }).exp());
  }
  weights = weights.add(bias);
  if (shifted) {
    const mask = shift_mask(x, full_height, full_width, window, shift);
    weights = weights
      .view(Math.floor(x.size(0) / windows), windows, num_heads, places, places)
      .add(mask.unsqueeze(1).unsqueeze(0))
      .view(-1, num_heads, places, places);
  }
  weights = F.dropout(F.softmax(weights, -1), attention.attention_dropout, training);
  x = weights.matmul(v).transpose(1, 2).reshape(x.size(0), places, channels);
  x = F.dropout(F.linear(x, attention.proj.weight, attention.proj.bias), attention.dropout, training);
  x = x
    .view(batch, down, across, window[0], window[1], channels)
    .permute(0, 1, 3, 2, 4, 5)
    .reshape(batch, full_height, full_width, channels);
  if (shifted) x = roll(x, [shift[0], shift[1]], [1, 2]);
  return x.narrow(1, 0, height).narrow(2, 0, width).contiguous();
}

/** @internal */
export interface AttentionOptions {
  readonly attention_dropout: number;
  readonly dropout: number;
}

class ShiftedWindowAttention extends nn.Module {
  declare window_size: Pair;
  declare shift_size: Pair;
  declare num_heads: number;
  declare attention_dropout: number;
  declare dropout: number;
  declare qkv: nn.Linear;
  declare proj: nn.Linear;
  declare relative_position_bias_table: nn.Parameter;
  declare relative_position_index: Tensor;

  constructor(dim: number, window_size: Pair, shift_size: Pair, num_heads: number, options: AttentionOptions) {
    super();
    this.window_size = window_size;
    this.shift_size = shift_size;
    this.num_heads = num_heads;
    this.attention_dropout = options.attention_dropout;
    this.dropout = options.dropout;
    this.qkv = new nn.Linear(dim, dim * 3);
    this.proj = new nn.Linear(dim, dim);
    this.define_bias_table();
    const [height, width] = window_size;
    this.register_buffer('relative_position_index', relative_positions(height, width).flatten());
  }

  protected define_bias_table(): void {
    const [height, width] = this.window_size;
    this.relative_position_bias_table = new nn.Parameter(zeros((2 * height - 1) * (2 * width - 1), this.num_heads));
    nn.init.trunc_normal_(this.relative_position_bias_table, { std: 0.02 });
  }

  protected bias(): Tensor {
    return this.bias_from(this.relative_position_bias_table);
  }

  protected bias_from(table: Tensor): Tensor {
    const places = this.window_size[0] * this.window_size[1];
    const bias = table.index_select(0, this.relative_position_index).view(places, places, -1);
    return bias.permute(2, 0, 1).contiguous().unsqueeze(0);
  }

  protected scale(): Tensor | null {
    return null;
  }

  forward(x: Tensor): Tensor {
    const { qkv, proj, window_size, shift_size, num_heads, attention_dropout, dropout, training } = this;
    return shifted_window_attention(x, this.bias(), {
      qkv,
      proj,
      window_size,
      shift_size,
      num_heads,
      attention_dropout,
      dropout,
      training,
      logit_scale: this.scale(),
    });
  }
}

class ShiftedWindowAttentionV2 extends ShiftedWindowAttention {
  declare relative_coords_table: Tensor;
  declare logit_scale: nn.Parameter;
  declare cpb_mlp: nn.Module;

  constructor(dim: number, window_size: Pair, shift_size: Pair, num_heads: number, options: AttentionOptions) {
    super(dim, window_size, shift_size, num_heads, options);
    this.logit_scale = new nn.Parameter(zeros(num_heads, 1, 1).add(10).log());
    this.cpb_mlp = new nn.Sequential(
      new nn.Linear(2, 512),
      new nn.ReLU({ inplace: true }),
      new nn.Linear(512, num_heads, { bias: false }),
    );
    const { bias } = this.qkv;
    const length = Math.floor(bias.numel() / 3);
    bias.data.narrow(0, length, length).zero_();
  }

  protected override define_bias_table(): void {
    const [height, width] = this.window_size;
    const offsets = (size: number): Tensor => arange(-(size - 1), size, { dtype: float32 });
    const grid = meshgrid([offsets(height), offsets(width)], { indexing: 'ij' });
    const [rows, columns] = grid as unknown as [Tensor, Tensor];
    const scaled = stack([rows.div(height - 1), columns.div(width - 1)], -1)
      .unsqueeze(0)
      .mul(8);
    // Absolute values without `abs`, which the device 'meta' does not have.
    const signs = scaled.sign();
    const table = signs.mul(scaled.mul(signs).add(1).log2()).div(3);
    this.register_buffer('relative_coords_table', table);
  }

  protected override bias(): Tensor {
    const table = this.cpb_mlp(this.relative_coords_table) as Tensor;
    return this.bias_from(table.view(-1, this.num_heads)).sigmoid().mul(16);
  }

  protected override scale(): Tensor {
    return this.logit_scale;
  }
}

/** @internal */
export interface BlockOptions extends AttentionOptions {
  readonly mlp_ratio: number;
  readonly stochastic_depth_prob: number;
  readonly norm_layer: NormLayer;
}

/** Attention within windows of two or three dimensions, and a perceptron. @internal */
export class SwinTransformerBlock<Size extends readonly number[] = Pair> extends nn.Module {
  declare norm1: nn.Module;
  declare attn: nn.Module;
  declare stochastic_depth: StochasticDepth;
  declare norm2: nn.Module;
  declare mlp: MLP;

  constructor(dim: number, num_heads: number, window_size: Size, shift_size: Size, options: BlockOptions) {
    super();
    const { norm_layer, stochastic_depth_prob, mlp_ratio, dropout } = options;
    this.norm1 = make_layer(norm_layer as LayerMaker, dim);
    this.attn = this.attention(dim, window_size, shift_size, num_heads, options);
    this.stochastic_depth = new StochasticDepth(stochastic_depth_prob, 'row');
    this.norm2 = make_layer(norm_layer as LayerMaker, dim);
    this.mlp = new MLP(dim, [Math.trunc(dim * mlp_ratio), dim], {
      activation_layer: nn.GELU,
      inplace: null,
      dropout,
    });
    init_perceptron(this.mlp);
  }

  protected attention(
    ...args: [dim: number, window_size: Size, shift_size: Size, num_heads: number, options: AttentionOptions]
  ): nn.Module {
    const [dim, window_size, shift_size, num_heads, options] = args;
    return new ShiftedWindowAttention(
      dim,
      window_size as readonly number[] as Pair,
      shift_size as readonly number[] as Pair,
      num_heads,
      options,
    );
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.stochastic_depth(this.attn(this.norm1(x)) as Tensor));
    return attended.add(this.stochastic_depth(this.mlp(this.norm2(attended) as Tensor)));
  }
}

class SwinTransformerBlockV2 extends SwinTransformerBlock {
  protected override attention(
    ...args: [dim: number, window_size: Pair, shift_size: Pair, num_heads: number, options: AttentionOptions]
  ): nn.Module {
    return new ShiftedWindowAttentionV2(...args);
  }

  override forward(x: Tensor): Tensor {
    const attended = x.add(this.stochastic_depth(this.norm1(this.attn(x)) as Tensor));
    return attended.add(this.stochastic_depth(this.norm2(this.mlp(attended)) as Tensor));
  }
}

/** Options of {@link SwinTransformer}. */
export interface SwinTransformerOptions {
  /** Features within the perceptrons for each of their input. Default 4. */
  mlp_ratio?: number;
  /** Probability of the dropout. Default 0. */
  dropout?: number;
  /** Probability of the dropout of attention weights. Default 0. */
  attention_dropout?: number;
  /** Probability of leaving out the last block; that of others grows up to it. Default 0.1, of the models their own. */
  stochastic_depth_prob?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** What makes the normalizations. Default null: of layers, with `eps` 1e-5. */
  norm_layer?: NormLayer | null;
}

interface SwinTransformerSizes {
  /** Height and width of a patch. */
  patch_size: readonly number[];
  /** Features of a patch. */
  embed_dim: number;
  /** Number of blocks in each stage. */
  depths: readonly number[];
  /** Number of heads in each stage. */
  num_heads: readonly number[];
  /** Height and width of a window. */
  window_size: readonly number[];
  /** 2 for the blocks of Swin Transformer v2. Default 1. */
  version?: 1 | 2;
}

const TAKES =
  'mlp_ratio?: float, dropout?: float, attention_dropout?: float, stochastic_depth_prob?: float, num_classes?: int, ' +
  'norm_layer?: Callable|None';
const SWIN = signature<SwinTransformerOptions & SwinTransformerSizes>(
  'SwinTransformer',
  `patch_size: int[], embed_dim: int, depths: int[], num_heads: int[], window_size: int[], ${TAKES}, *, version?: int`,
);

export interface SwinTransformer {
  /** The last layer, which another module may replace. */
  get head(): nn.Linear;
  set head(value: nn.Module);
}

/**
 * Swin Transformer (arXiv 2103.14030) and its version 2 (arXiv 2111.09883): attention within windows, which every second
 * block shifts. Mirrors `torchvision.models.SwinTransformer`; instead of its arguments `block` and `downsample_layer` it
 * takes the version.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param patch_size - height and width of a patch
 * @param embed_dim - features of a patch
 * @param depths - number of blocks in each stage
 * @param num_heads - number of heads in each stage
 * @param window_size - height and width of a window
 * @param mlp_ratio - features within the perceptrons for each of their input; default 4
 * @param dropout - probability of the dropout; default 0
 * @param attention_dropout - probability of the dropout of attention weights; default 0
 * @param stochastic_depth_prob - probability of leaving out the last block; that of others grows up to it; default 0.1
 * @param num_classes - number of classes; default 1000
 * @param norm_layer - what makes the normalizations; default null: of layers, with `eps` 1e-5
 * @param version - 2 for the blocks of Swin Transformer v2; default 1
 * @throws Error unless `window_size` has two elements
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.SwinTransformer([4, 4], 16, [1, 1], [2, 4], [4, 4], { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class SwinTransformer extends nn.Module {
  declare num_classes: number;
  declare features: nn.Sequential;
  declare norm: nn.Module;
  declare permute: Permute;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare flatten: nn.Flatten;

  constructor(
    ...args: Arguments<
      [
        patch_size: readonly number[],
        embed_dim: number,
        depths: readonly number[],
        num_heads: readonly number[],
        window_size: readonly number[],
        mlp_ratio?: number,
        dropout?: number,
        attention_dropout?: number,
        stochastic_depth_prob?: number,
        num_classes?: number,
        norm_layer?: NormLayer | null,
      ],
      SwinTransformerOptions & SwinTransformerSizes,
      [
        'patch_size',
        'embed_dim',
        'depths',
        'num_heads',
        'window_size',
        'mlp_ratio',
        'dropout',
        'attention_dropout',
        'stochastic_depth_prob',
        'num_classes',
        'norm_layer',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = SWIN.read(args);
    const { patch_size, embed_dim, depths, num_heads, num_classes = 1000, version = 1 } = given;
    const { mlp_ratio = 4, dropout = 0, attention_dropout = 0, stochastic_depth_prob = 0.1 } = given;
    if (given.window_size.length !== 2) throw new Error('window_size and shift_size must be of length 2');
    const window = given.window_size as Pair;
    const norm_layer = given.norm_layer ?? ((features: number) => new nn.LayerNorm(features, { eps: 1e-5 }));
    const norm = (features: number): nn.Module => make_layer(norm_layer as LayerMaker, features);
    const Block = version === 2 ? SwinTransformerBlockV2 : SwinTransformerBlock;
    const Merging = version === 2 ? PatchMergingV2 : PatchMerging;
    const patch: Pair = [patch_size[0]!, patch_size[1]!];
    this.num_classes = num_classes;
    const layers: nn.Module[] = [
      new nn.Sequential(
        new nn.Conv2d(3, embed_dim, patch, { stride: patch }),
        new Permute([0, 2, 3, 1]),
        norm(embed_dim),
      ),
    ];
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    const half: Pair = [Math.floor(window[0] / 2), Math.floor(window[1] / 2)];
    let place = 0;
    for (const [i, depth] of depths.entries()) {
      const dim = embed_dim * 2 ** i;
      const stage: nn.Module[] = [];
      for (let j = 0; j < depth; j++) {
        const probability = (stochastic_depth_prob * place) / (total - 1);
        const options = { mlp_ratio, dropout, attention_dropout, stochastic_depth_prob: probability, norm_layer };
        stage.push(new Block(dim, num_heads[i]!, window, j % 2 === 0 ? [0, 0] : half, options));
        place += 1;
      }
      layers.push(new nn.Sequential(...stage));
      if (i < depths.length - 1) layers.push(new Merging(dim, norm_layer));
    }
    this.features = new nn.Sequential(...layers);
    const features = embed_dim * 2 ** (depths.length - 1);
    this.norm = norm(features);
    this.permute = new Permute([0, 3, 1, 2]);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.flatten = new nn.Flatten(1);
    this.head = new nn.Linear(features, num_classes);
    for (const m of this.modules()) {
      if (!(m instanceof nn.Linear)) continue;
      nn.init.trunc_normal_(m.weight, { std: 0.02 });
      if (m.bias !== null) nn.init.zeros_(m.bias);
    }
  }

  forward(x: Tensor): Tensor {
    const features = this.norm(this.features(x)) as Tensor;
    return this.head(this.flatten(this.avgpool(this.permute(features))));
  }
}
forward_takes(SwinTransformer, 'x: Tensor');

function swin<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  version: 1 | 2,
  embed_dim: number,
  depth: number,
  probability: number,
): ModelBuilder<SwinTransformer, N, SwinTransformerOptions> {
  const heads = embed_dim / 32;
  const window = version === 1 ? 7 : 8;
  return model_builder(name, weights, {
    takes: TAKES,
    make: ({ stochastic_depth_prob = probability, ...options }: SwinTransformerOptions) =>
      new SwinTransformer({
        ...options,
        patch_size: [4, 4],
        embed_dim,
        depths: [2, 2, depth, 2],
        num_heads: [heads, 2 * heads, 4 * heads, 8 * heads],
        window_size: [window, window],
        stochastic_depth_prob,
        version,
      }),
  });
}

/** The weights of {@link swin_t}. Mirrors `torchvision.models.Swin_T_Weights`. */
export const Swin_T_Weights = known_weights('Swin_T_Weights');
export type Swin_T_Weights = WeightsEnum<'Swin_T_Weights'>;

/**
 * Makes the tiny Swin Transformer, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_t`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.swin_t({ num_classes: 2 }).head); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const swin_t = swin('swin_t', Swin_T_Weights, 1, 96, 6, 0.2);

/** The weights of {@link swin_s}. Mirrors `torchvision.models.Swin_S_Weights`. */
export const Swin_S_Weights = known_weights('Swin_S_Weights');
export type Swin_S_Weights = WeightsEnum<'Swin_S_Weights'>;

/**
 * Makes the small Swin Transformer, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_s`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin_s = swin('swin_s', Swin_S_Weights, 1, 96, 18, 0.3);

/** The weights of {@link swin_b}. Mirrors `torchvision.models.Swin_B_Weights`. */
export const Swin_B_Weights = known_weights('Swin_B_Weights');
export type Swin_B_Weights = WeightsEnum<'Swin_B_Weights'>;

/**
 * Makes the base Swin Transformer, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_b`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin_b = swin('swin_b', Swin_B_Weights, 1, 128, 18, 0.5);

/** The weights of {@link swin_v2_t}. Mirrors `torchvision.models.Swin_V2_T_Weights`. */
export const Swin_V2_T_Weights = known_weights('Swin_V2_T_Weights');
export type Swin_V2_T_Weights = WeightsEnum<'Swin_V2_T_Weights'>;

/**
 * Makes the tiny Swin Transformer v2, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_v2_t`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin_v2_t = swin('swin_v2_t', Swin_V2_T_Weights, 2, 96, 6, 0.2);

/** The weights of {@link swin_v2_s}. Mirrors `torchvision.models.Swin_V2_S_Weights`. */
export const Swin_V2_S_Weights = known_weights('Swin_V2_S_Weights');
export type Swin_V2_S_Weights = WeightsEnum<'Swin_V2_S_Weights'>;

/**
 * Makes the small Swin Transformer v2, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_v2_s`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin_v2_s = swin('swin_v2_s', Swin_V2_S_Weights, 2, 96, 18, 0.3);

/** The weights of {@link swin_v2_b}. Mirrors `torchvision.models.Swin_V2_B_Weights`. */
export const Swin_V2_B_Weights = known_weights('Swin_V2_B_Weights');
export type Swin_V2_B_Weights = WeightsEnum<'Swin_V2_B_Weights'>;

/**
 * Makes the base Swin Transformer v2, an instance of {@link SwinTransformer}, whose options it takes. Mirrors
 * `torchvision.models.swin_v2_b`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin_v2_b = swin('swin_v2_b', Swin_V2_B_Weights, 2, 128, 18, 0.5);
