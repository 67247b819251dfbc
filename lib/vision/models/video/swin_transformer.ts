import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { arange, flatten, roll, stack, zeros } from '../../../generated/functions.js';
import { meshgrid } from '../../../functional.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../../ops/layer_maker.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import { PatchMerging, SwinTransformerBlock, type AttentionOptions } from '../swin_transformer.js';

const F = nn.functional;

type Triple = readonly [number, number, number];

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const triple = (make: (i: 0 | 1 | 2) => number): Triple => [make(0), make(1), make(2)];

/** What a size lacks to a multiple of that of a window. */
const missing = (size: Triple, window: Triple): Triple =>
  triple((i) => (window[i] - (size[i] % window[i])) % window[i]);

/** What keeps apart, in windows that a shift has put together, what was not side by side. */
function shift_mask(like: Tensor, size: Triple, window: Triple, shift: Triple): Tensor {
  const regions = like.new_zeros([...size]);
  const parts = (i: 0 | 1 | 2): readonly (readonly [number, number])[] => {
    const [from_window, from_shift] = [size[i] - window[i], size[i] - shift[i]];
    // As Python's slices from -0: the second is empty, and the third is all.
    if (shift[i] === 0)
      return [
        [0, from_window],
        [0, 0],
        [0, size[i]],
      ];
    return [
      [0, from_window],
      [from_window, from_shift],
      [from_shift, size[i]],
    ];
  };
  let count = 0;
  for (const [front, back] of parts(0)) {
    for (const [top, bottom] of parts(1)) {
      for (const [left, right] of parts(2)) {
        if (back > front && bottom > top && right > left) {
          const part = regions.narrow(0, front, back - front).narrow(1, top, bottom - top);
          part.narrow(2, left, right - left).fill_(count);
        }
        count += 1;
      }
    }
  }
  const [d, h, w] = triple((i) => Math.floor(size[i] / window[i]));
  const windows = regions
    .view(d, window[0], h, window[1], w, window[2])
    .permute(0, 2, 4, 1, 3, 5)
    .reshape(d * h * w, product(window));
  const difference = windows.unsqueeze(1).sub(windows.unsqueeze(2));
  return difference.masked_fill(difference.ne(0), -100).masked_fill(difference.eq(0), 0);
}

class ShiftedWindowAttention3d extends nn.Module {
  declare window_size: Triple;
  declare shift_size: Triple;
  declare num_heads: number;
  declare attention_dropout: number;
  declare dropout: number;
  declare qkv: nn.Linear;
  declare proj: nn.Linear;
  declare relative_position_bias_table: nn.Parameter;
  declare relative_position_index: Tensor;

  constructor(dim: number, window_size: Triple, shift_size: Triple, num_heads: number, options: AttentionOptions) {
    super();
    this.window_size = window_size;
    this.shift_size = shift_size;
    this.num_heads = num_heads;
    this.attention_dropout = options.attention_dropout;
    this.dropout = options.dropout;
    this.qkv = new nn.Linear(dim, dim * 3);
    this.proj = new nn.Linear(dim, dim);
    const spans = window_size.map((size) => 2 * size - 1) as [number, number, number];
    this.relative_position_bias_table = new nn.Parameter(zeros(product(spans), num_heads));
    nn.init.trunc_normal_(this.relative_position_bias_table, { std: 0.02 });
    const grid = meshgrid(...window_size.map((size) => arange(size)), { indexing: 'ij' });
    const places = flatten(stack(grid as Tensor[]), 1);
    const difference = places.unsqueeze(2).sub(places.unsqueeze(1));
    const [d, h, w] = window_size.map((size, i) => difference.select(0, i).add(size - 1)) as [Tensor, Tensor, Tensor];
    this.register_buffer(
      'relative_position_index',
      d
        .mul(spans[1] * spans[2])
        .add(h.mul(spans[2]))
        .add(w),
    );
  }

  private bias(window: Triple): Tensor {
    const volume = product(window);
    const index = this.relative_position_index.narrow(0, 0, volume).narrow(1, 0, volume).flatten();
    const bias = this.relative_position_bias_table.index_select(0, index).view(volume, volume, -1);
    return bias.permute(2, 0, 1).contiguous().unsqueeze(0);
  }

  forward(input: Tensor): Tensor {
    const [batch, t, h, w, channels] = input.shape as unknown as [number, number, number, number, number];
    const { num_heads, training } = this;
    const size: Triple = [t, h, w];
    // A window that is not smaller than the video is as large as it, and is not shifted.
    const window = triple((i) => Math.min(this.window_size[i], size[i]));
    const shift = triple((i) => (size[i] <= this.window_size[i] ? 0 : this.shift_size[i]));
    const pad = missing(size, window);
    const full = triple((i) => size[i] + pad[i]);
    const counts = triple((i) => Math.floor(full[i] / window[i]));
    const [windows, volume] = [product(counts), product(window)];
    const shifted = shift.some((by) => by > 0);
    let x = F.pad(input, [0, 0, 0, pad[2], 0, pad[1], 0, pad[0]]);
    if (shifted)
      x = roll(
        x,
        shift.map((by) => -by),
        [1, 2, 3],
      );
    x = x
      .view(batch, counts[0], window[0], counts[1], window[1], counts[2], window[2], channels)
      .permute(0, 1, 3, 5, 2, 4, 6, 7)
      .reshape(batch * windows, volume, channels);
    const qkv = this.qkv(x)
      .reshape(x.size(0), volume, 3, num_heads, Math.floor(channels / num_heads))
      .permute(2, 0, 3, 1, 4);
    const q = qkv.select(0, 0).mul(Math.floor(channels / num_heads) ** -0.5);
    let weights = q.matmul(qkv.select(0, 1).transpose(-2, -1)).add(this.bias(window));
    if (shifted) {
      const mask = shift_mask(x, full, window, shift).unsqueeze(1).unsqueeze(0);
      weights = weights
        .view(Math.floor(x.size(0) / windows), windows, num_heads, volume, volume)
        .add(mask)
        .view(-1, num_heads, volume, volume);
    }
    weights = F.dropout(F.softmax(weights, -1), this.attention_dropout, training);
    x = weights.matmul(qkv.select(0, 2)).transpose(1, 2).reshape(x.size(0), volume, channels);
    x = F.dropout(this.proj(x), this.dropout, training)
      .view(batch, counts[0], counts[1], counts[2], window[0], window[1], window[2], channels)
      .permute(0, 1, 4, 2, 5, 3, 6, 7)
      .reshape(batch, full[0], full[1], full[2], channels);
    if (shifted) x = roll(x, [...shift], [1, 2, 3]);
    return x.narrow(1, 0, t).narrow(2, 0, h).narrow(3, 0, w).contiguous();
  }
}

/** A block whose windows have three dimensions; it goes by the name of the others. */
class Block3d extends SwinTransformerBlock<Triple> {
  protected override attention(
    ...args: [dim: number, window_size: Triple, shift_size: Triple, num_heads: number, options: AttentionOptions]
  ): nn.Module {
    return new ShiftedWindowAttention3d(...args);
  }
}
Object.defineProperty(Block3d, 'name', { value: 'SwinTransformerBlock' });

class PatchEmbed3d extends nn.Module {
  declare tuple_patch_size: Triple;
  declare proj: nn.Conv3d;
  declare norm: nn.Module;

  constructor(patch_size: Triple, embed_dim: number, norm_layer: NormLayer) {
    super();
    this.tuple_patch_size = patch_size;
    this.proj = new nn.Conv3d(3, embed_dim, patch_size, { stride: patch_size });
    this.norm = make_layer(norm_layer as LayerMaker, embed_dim);
  }

  forward(x: Tensor): Tensor {
    const pad = missing([x.size(2), x.size(3), x.size(4)], this.tuple_patch_size);
    const patches = this.proj(F.pad(x, [0, pad[2], 0, pad[1], 0, pad[0]]));
    return this.norm(patches.permute(0, 2, 3, 4, 1)) as Tensor;
  }
}

/** Options of {@link SwinTransformer3d}. */
export interface SwinTransformer3dOptions {
  /** Features within the perceptrons for each of their input. Default 4. */
  mlp_ratio?: number;
  /** Probability of the dropout. Default 0. */
  dropout?: number;
  /** Probability of the dropout of attention weights. Default 0. */
  attention_dropout?: number;
  /** Probability of leaving out the last block; that of others grows up to it. Default 0.1. */
  stochastic_depth_prob?: number;
  /** Number of classes. Default 400. */
  num_classes?: number;
  /** What makes the normalizations. Default null: of layers, with `eps` 1e-5. */
  norm_layer?: NormLayer | null;
}

interface SwinTransformer3dSizes {
  /** Frames, height and width of a patch. */
  patch_size: readonly number[];
  /** Features of a patch. */
  embed_dim: number;
  /** Number of blocks in each stage. */
  depths: readonly number[];
  /** Number of heads in each stage. */
  num_heads: readonly number[];
  /** Frames, height and width of a window. */
  window_size: readonly number[];
}

const TAKES =
  'mlp_ratio?: float, dropout?: float, attention_dropout?: float, stochastic_depth_prob?: float, num_classes?: int, ' +
  'norm_layer?: Callable|None';
const SWIN3D = signature<SwinTransformer3dOptions & SwinTransformer3dSizes>(
  'SwinTransformer3d',
  `patch_size: int[], embed_dim: int, depths: int[], num_heads: int[], window_size: int[], ${TAKES}`,
);

export interface SwinTransformer3d {
  /** The last layer, which another module may replace. */
  get head(): nn.Linear;
  set head(value: nn.Module);
}

/**
 * Video Swin Transformer (arXiv 2106.13230): attention within windows of space and time. Mirrors
 * `torchvision.models.video.SwinTransformer3d`, without its arguments `block`, `downsample_layer` and `patch_embed`.
 *
 * Shapes: input `(N, 3, T, H, W)`, output `(N, num_classes)`.
 *
 * @param patch_size - frames, height and width of a patch
 * @param embed_dim - features of a patch
 * @param depths - number of blocks in each stage
 * @param num_heads - number of heads in each stage
 * @param window_size - frames, height and width of a window
 * @param mlp_ratio - features within the perceptrons for each of their input; default 4
 * @param dropout - probability of the dropout; default 0
 * @param attention_dropout - probability of the dropout of attention weights; default 0
 * @param stochastic_depth_prob - probability of leaving out the last block; that of others grows up to it; default 0.1
 * @param num_classes - number of classes; default 400
 * @param norm_layer - what makes the normalizations; default null: of layers, with `eps` 1e-5
 * @throws Error unless `window_size` and `patch_size` have three elements
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.video.SwinTransformer3d([2, 4, 4], 16, [1, 1], [2, 4], [2, 4, 4], { num_classes: 5 });
 * print(model(torch.zeros(1, 3, 4, 32, 32)).shape); // torch.Size([1, 5])
 * ```
 */
export class SwinTransformer3d extends nn.Module {
  declare num_classes: number;
  declare patch_embed: PatchEmbed3d;
  declare pos_drop: nn.Dropout;
  declare features: nn.Sequential;
  declare num_features: number;
  declare norm: nn.Module;
  declare avgpool: nn.AdaptiveAvgPool3d;

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
      SwinTransformer3dOptions & SwinTransformer3dSizes,
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
    const given = SWIN3D.read(args);
    const { embed_dim, depths, num_heads, num_classes = 400 } = given;
    const { mlp_ratio = 4, dropout = 0, attention_dropout = 0, stochastic_depth_prob = 0.1 } = given;
    if (given.window_size.length !== 3) throw new Error('window_size and shift_size must be of length 3');
    if (given.patch_size.length !== 3) throw new Error('patch_size must be of length 3');
    const [window, patch] = [given.window_size as Triple, given.patch_size as Triple];
    const norm_layer = given.norm_layer ?? ((features: number) => new nn.LayerNorm(features, { eps: 1e-5 }));
    this.num_classes = num_classes;
    this.patch_embed = new PatchEmbed3d(patch, embed_dim, norm_layer);
    this.pos_drop = new nn.Dropout(dropout);
    const half = triple((i) => Math.floor(window[i] / 2));
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    const layers: nn.Module[] = [];
    let place = 0;
    for (const [i, depth] of depths.entries()) {
      const dim = embed_dim * 2 ** i;
      const stage: nn.Module[] = [];
      for (let j = 0; j < depth; j++) {
        const probability = (stochastic_depth_prob * place) / (total - 1);
        const options = { mlp_ratio, dropout, attention_dropout, stochastic_depth_prob: probability, norm_layer };
        stage.push(new Block3d(dim, num_heads[i]!, window, j % 2 === 0 ? [0, 0, 0] : half, options));
        place += 1;
      }
      layers.push(new nn.Sequential(...stage));
      if (i < depths.length - 1) layers.push(new PatchMerging(dim, norm_layer));
    }
    this.features = new nn.Sequential(...layers);
    this.num_features = embed_dim * 2 ** (depths.length - 1);
    this.norm = make_layer(norm_layer as LayerMaker, this.num_features);
    this.avgpool = new nn.AdaptiveAvgPool3d(1);
    this.head = new nn.Linear(this.num_features, num_classes);
    for (const m of this.modules()) {
      if (!(m instanceof nn.Linear)) continue;
      nn.init.trunc_normal_(m.weight, { std: 0.02 });
      if (m.bias !== null) nn.init.zeros_(m.bias);
    }
  }

  forward(x: Tensor): Tensor {
    const features = this.norm(this.features(this.pos_drop(this.patch_embed(x)))) as Tensor;
    return this.head(this.avgpool(features.permute(0, 4, 1, 2, 3)).flatten(1));
  }
}
forward_takes(SwinTransformer3d, 'x: Tensor');

function swin3d<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  embed_dim: number,
  depth: number,
): ModelBuilder<SwinTransformer3d, N, SwinTransformer3dOptions> {
  const heads = embed_dim / 32;
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: SwinTransformer3dOptions) =>
      new SwinTransformer3d({
        ...config,
        patch_size: [2, 4, 4],
        embed_dim,
        depths: [2, 2, depth, 2],
        num_heads: [heads, 2 * heads, 4 * heads, 8 * heads],
        window_size: [8, 7, 7],
      }),
  });
}

/** The weights of {@link swin3d_t}. Mirrors `torchvision.models.video.Swin3D_T_Weights`. */
export const Swin3D_T_Weights = known_weights('Swin3D_T_Weights');
export type Swin3D_T_Weights = WeightsEnum<'Swin3D_T_Weights'>;

/**
 * Makes the tiny {@link SwinTransformer3d}, whose options it takes. Mirrors `torchvision.models.video.swin3d_t`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.video.swin3d_t({ num_classes: 2 }).head); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const swin3d_t = swin3d('swin3d_t', Swin3D_T_Weights, 96, 6);

/** The weights of {@link swin3d_s}. Mirrors `torchvision.models.video.Swin3D_S_Weights`. */
export const Swin3D_S_Weights = known_weights('Swin3D_S_Weights');
export type Swin3D_S_Weights = WeightsEnum<'Swin3D_S_Weights'>;

/**
 * Makes the small {@link SwinTransformer3d}, whose options it takes. Mirrors `torchvision.models.video.swin3d_s`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin3d_s = swin3d('swin3d_s', Swin3D_S_Weights, 96, 18);

/** The weights of {@link swin3d_b}. Mirrors `torchvision.models.video.Swin3D_B_Weights`. */
export const Swin3D_B_Weights = known_weights('Swin3D_B_Weights');
export type Swin3D_B_Weights = WeightsEnum<'Swin3D_B_Weights'>;

/**
 * Makes the base {@link SwinTransformer3d}, whose options it takes. Mirrors `torchvision.models.video.swin3d_b`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const swin3d_b = swin3d('swin3d_b', Swin3D_B_Weights, 128, 18);
