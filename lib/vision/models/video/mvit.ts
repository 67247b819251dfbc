import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { arange, cat, repeat_interleave, zeros } from '../../../generated/functions.js';
import { einsum } from '../../../functional.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { make_layer, type LayerMaker, type NormLayer } from '../../ops/layer_maker.js';
import { MLP } from '../../ops/misc.js';
import { StochasticDepth } from '../../ops/stochastic_depth.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';

const F = nn.functional;

/** Frames, height and width. */
type Triple = readonly [number, number, number];

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const halves = (sizes: readonly number[]): number[] => sizes.map((size) => Math.floor(size / 2));

/** A size behind strides, of which there may be none. */
const strided = (size: Triple, strides: readonly number[]): Triple =>
  strides.length === 0 ? size : (size.map((each, i) => Math.floor(each / strides[i]!)) as unknown as Triple);

// ---- What a block is like -----------------------------------------------------------------------

interface BlockSetting {
  /** Number of heads of the attention. */
  num_heads: number;
  /** Features of the input. */
  input_channels: number;
  /** Features of the output. */
  output_channels: number;
  /** Kernel of the pooling of queries; empty for none. */
  kernel_q: readonly number[];
  /** Kernel of the pooling of keys and values; empty for none. */
  kernel_kv: readonly number[];
  /** Stride of the pooling of queries; empty for none. */
  stride_q: readonly number[];
  /** Stride of the pooling of keys and values; empty for none. */
  stride_kv: readonly number[];
}

const SETTING = signature<BlockSetting>(
  'MSBlockConfig',
  'num_heads: int, input_channels: int, output_channels: int, kernel_q: int[], kernel_kv: int[], stride_q: int[], ' +
    'stride_kv: int[]',
);

/**
 * What one block of {@link MViT} is like. Mirrors `torchvision.models.video.mvit.MSBlockConfig`.
 *
 * @param num_heads - number of heads of the attention
 * @param input_channels - features of the input
 * @param output_channels - features of the output
 * @param kernel_q - frames, height and width of the kernel that pools queries; empty for none
 * @param kernel_kv - that of keys and values
 * @param stride_q - stride with which queries are pooled; empty for none
 * @param stride_kv - that of keys and values
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const setting = new models.video.mvit.MSBlockConfig(1, 96, 192, [], [3, 3, 3], [], [1, 8, 8]);
 * print(setting.output_channels); // 192
 * ```
 */
export class MSBlockConfig {
  readonly num_heads: number;
  readonly input_channels: number;
  readonly output_channels: number;
  readonly kernel_q: readonly number[];
  readonly kernel_kv: readonly number[];
  readonly stride_q: readonly number[];
  readonly stride_kv: readonly number[];

  constructor(
    ...args: Arguments<
      [
        num_heads: number,
        input_channels: number,
        output_channels: number,
        kernel_q: readonly number[],
        kernel_kv: readonly number[],
        stride_q: readonly number[],
        stride_kv: readonly number[],
      ],
      BlockSetting,
      ['num_heads', 'input_channels', 'output_channels', 'kernel_q', 'kernel_kv', 'stride_q', 'stride_kv']
    >
  );
  constructor(...args: unknown[]) {
    const given = SETTING.read(args);
    this.num_heads = given.num_heads;
    this.input_channels = given.input_channels;
    this.output_channels = given.output_channels;
    this.kernel_q = [...given.kernel_q];
    this.kernel_kv = [...given.kernel_kv];
    this.stride_q = [...given.stride_q];
    this.stride_kv = [...given.stride_kv];
  }
}

// ---- Parts --------------------------------------------------------------------------------------

/** Pools the places of a sequence, but not its class token, which stands before them. */
class Pool extends nn.Module {
  declare pool: nn.Module;
  declare norm_act: nn.Sequential | null;

  constructor(pool: nn.Module, norm: nn.Module | null) {
    super();
    this.pool = pool;
    this.norm_act = norm === null ? null : new nn.Sequential(norm);
  }

  /** Takes `(B, heads, 1 + T * H * W, C)`, or without heads. */
  forward(x: Tensor, size: Triple): [pooled: Tensor, size: Triple] {
    const without_heads = x.dim() === 3;
    const sequences = without_heads ? x.unsqueeze(1) : x;
    const [batch, heads, , channels] = sequences.shape as unknown as [number, number, number, number];
    const token = sequences.narrow(2, 0, 1);
    const places = sequences.narrow(2, 1, sequences.size(2) - 1);
    const volume = places
      .reshape(batch * heads, ...size, channels)
      .permute(0, 4, 1, 2, 3)
      .contiguous();
    const pooled = this.pool(volume) as Tensor;
    const found = [...pooled.shape].slice(2) as unknown as Triple;
    const joined = cat([token, pooled.reshape(batch, heads, channels, -1).transpose(2, 3)], 2);
    const result = this.norm_act === null ? joined : this.norm_act(joined);
    return [without_heads ? result.squeeze(1) : result, found];
  }
}

/** As many embeddings as wanted, those between two of the table interpolated. */
function interpolated(embedding: Tensor, count: number): Tensor {
  if (embedding.size(0) === count) return embedding;
  const by_channel = embedding.permute(1, 0).unsqueeze(0);
  return F.interpolate(by_channel, { size: count, mode: 'linear' }).squeeze(0).permute(1, 0);
}

/** The embedding of the distance between each place of a query and each of a key, `(queries, keys, C)`. */
function by_distance(table: Tensor, queries: number, keys: number): Tensor {
  const embeddings = interpolated(table, 2 * Math.max(queries, keys) - 1);
  const query = arange(queries)
    .mul(Math.max(keys / queries, 1))
    .unsqueeze(1);
  const key = arange(keys)
    .add(1 - keys)
    .mul(Math.max(queries / keys, 1))
    .unsqueeze(0);
  const distances = query.sub(key).long().to(table.device);
  return embeddings.index_select(0, distances.flatten()).view(queries, keys, -1);
}

interface AttentionParts {
  readonly rel_pos_embed: boolean;
  readonly residual_pool: boolean;
  readonly residual_with_cls_embed: boolean;
  readonly dropout: number;
  readonly norm_layer: NormLayer;
}

class MultiscaleAttention extends nn.Module {
  declare output_dim: number;
  declare num_heads: number;
  declare head_dim: number;
  declare residual_pool: boolean;
  declare residual_with_cls_embed: boolean;
  declare qkv: nn.Linear;
  declare project: nn.Sequential;
  declare pool_q: Pool | null;
  declare pool_k: Pool | null;
  declare pool_v: Pool | null;
  declare rel_pos_h: nn.Parameter | null;
  declare rel_pos_w: nn.Parameter | null;
  declare rel_pos_t: nn.Parameter | null;

  constructor(input_size: Triple, output_dim: number, setting: MSBlockConfig, parts: AttentionParts) {
    super();
    const { num_heads, kernel_q, kernel_kv, stride_q, stride_kv } = setting;
    this.output_dim = output_dim;
    this.num_heads = num_heads;
    this.head_dim = Math.floor(output_dim / num_heads);
    this.residual_pool = parts.residual_pool;
    this.residual_with_cls_embed = parts.residual_with_cls_embed;
    this.qkv = new nn.Linear(setting.input_channels, 3 * output_dim);
    const layers: nn.Module[] = [new nn.Linear(output_dim, output_dim)];
    if (parts.dropout > 0) layers.push(new nn.Dropout(parts.dropout, { inplace: true }));
    this.project = new nn.Sequential(...layers);
    this.pool_q = this.pool(kernel_q, stride_q, parts.norm_layer);
    this.pool_k = this.pool(kernel_kv, stride_kv, parts.norm_layer);
    this.pool_v = this.pool(kernel_kv, stride_kv, parts.norm_layer);
    const [frames, height, width] = input_size;
    const side = (strides: readonly number[]): number =>
      strides.length === 0 ? Math.max(height, width) : Math.floor(Math.max(height, width) / strides[1]!);
    const spatial = 2 * Math.max(side(stride_q), side(stride_kv)) - 1;
    const table = (rows: number): nn.Parameter | null =>
      parts.rel_pos_embed ? new nn.Parameter(zeros(rows, this.head_dim)) : null;
    this.rel_pos_h = table(spatial);
    this.rel_pos_w = table(spatial);
    this.rel_pos_t = table(2 * frames - 1);
    for (const each of [this.rel_pos_h, this.rel_pos_w, this.rel_pos_t])
      if (each !== null) nn.init.trunc_normal_(each, { std: 0.02 });
  }

  private pool(kernel: readonly number[], stride: readonly number[], norm_layer: NormLayer): Pool | null {
    if (product(kernel) <= 1 && product(stride) <= 1) return null;
    const { head_dim } = this;
    const options = { stride: [...stride], padding: halves(kernel), groups: head_dim, bias: false };
    return new Pool(
      new nn.Conv3d(head_dim, head_dim, [...kernel], options),
      make_layer(norm_layer as LayerMaker, head_dim),
    );
  }

  /** What the distances between places add to the weights of attention. */
  private positions(q: Tensor, queries: Triple, keys: Triple): Tensor {
    const [batch, heads, , channels] = q.shape as unknown as [number, number, number, number];
    const places = q.narrow(2, 1, q.size(2) - 1).reshape(batch, heads, ...queries, channels);
    const by_height = einsum(
      'bythwc,hkc->bythwk',
      places,
      by_distance(this.rel_pos_h!, queries[1], keys[1]).to(places.dtype),
    );
    const by_width = einsum(
      'bythwc,wkc->bythwk',
      places,
      by_distance(this.rel_pos_w!, queries[2], keys[2]).to(places.dtype),
    );
    const rows = places.permute(2, 0, 1, 3, 4, 5).reshape(queries[0], -1, channels);
    const by_time = rows
      .matmul(by_distance(this.rel_pos_t!, queries[0], keys[0]).to(places.dtype).transpose(1, 2))
      .transpose(0, 1)
      .view(batch, heads, queries[1], queries[2], queries[0], keys[0])
      .permute(0, 1, 4, 2, 3, 5);
    return by_height
      .unsqueeze(-2)
      .unsqueeze(-1)
      .add(by_width.unsqueeze(-2).unsqueeze(-2))
      .add(by_time.unsqueeze(-1).unsqueeze(-1))
      .reshape(batch, heads, product(queries), product(keys));
  }

  forward(input: Tensor, size: Triple): [output: Tensor, size: Triple] {
    const [batch, length] = input.shape as unknown as [number, number];
    const parts = this.qkv(input).reshape(batch, length, 3, this.num_heads, this.head_dim).transpose(1, 3);
    const pooled = (pool: Pool | null, x: Tensor): [Tensor, Triple] =>
      pool === null ? [x, size] : (pool(x, size) as [Tensor, Triple]);
    const [k, keys] = pooled(this.pool_k, parts.select(2, 1));
    const [v] = pooled(this.pool_v, parts.select(2, 2));
    const [q, queries] = pooled(this.pool_q, parts.select(2, 0));
    const weights = q.mul(1 / Math.sqrt(this.head_dim)).matmul(k.transpose(2, 3));
    if (this.rel_pos_h !== null) {
      const [rows, columns] = [weights.size(2) - 1, weights.size(3) - 1];
      weights
        .narrow(2, 1, rows)
        .narrow(3, 1, columns)
        .add_(this.positions(q, queries, keys));
    }
    const x = weights.softmax(-1).matmul(v);
    if (this.residual_pool) {
      if (this.residual_with_cls_embed) x.add_(q);
      else x.narrow(2, 1, x.size(2) - 1).add_(q.narrow(2, 1, q.size(2) - 1));
    }
    return [this.project(x.transpose(1, 2).reshape(batch, -1, this.output_dim)), queries];
  }
}

interface BlockParts extends AttentionParts {
  readonly proj_after_attn: boolean;
  readonly stochastic_depth_prob: number;
}

class MultiscaleBlock extends nn.Module {
  declare proj_after_attn: boolean;
  declare pool_skip: Pool | null;
  declare norm1: nn.Module;
  declare norm2: nn.Module;
  declare attn: MultiscaleAttention;
  declare mlp: MLP;
  declare stochastic_depth: StochasticDepth;
  declare project: nn.Linear | null;

  constructor(input_size: Triple, setting: MSBlockConfig, parts: BlockParts) {
    super();
    const { stride_q, input_channels, output_channels } = setting;
    this.proj_after_attn = parts.proj_after_attn;
    this.pool_skip = null;
    if (product(stride_q) > 1) {
      const kernel = stride_q.map((stride) => (stride > 1 ? stride + 1 : stride));
      this.pool_skip = new Pool(new nn.MaxPool3d(kernel, { stride: [...stride_q], padding: halves(kernel) }), null);
    }
    const width = parts.proj_after_attn ? output_channels : input_channels;
    this.norm1 = make_layer(parts.norm_layer as LayerMaker, input_channels);
    this.norm2 = make_layer(parts.norm_layer as LayerMaker, width);
    this.attn = new MultiscaleAttention(input_size, width, setting, parts);
    const options = { activation_layer: nn.GELU, dropout: parts.dropout, inplace: null };
    this.mlp = new MLP(width, [4 * width, output_channels], options);
    this.stochastic_depth = new StochasticDepth(parts.stochastic_depth_prob, 'row');
    this.project = input_channels === output_channels ? null : new nn.Linear(input_channels, output_channels);
  }

  /** Batch normalization wants the features before the places. */
  private normalized(norm: nn.Module, x: Tensor): Tensor {
    if (!(this.norm1 instanceof nn.BatchNorm1d)) return norm(x) as Tensor;
    return (norm(x.transpose(1, 2)) as Tensor).transpose(1, 2);
  }

  forward(input: Tensor, size: Triple): [output: Tensor, size: Triple] {
    const { project, proj_after_attn } = this;
    const normal = this.normalized(this.norm1, input);
    const [attended, found] = this.attn(normal, size) as [Tensor, Triple];
    const skipped = project !== null && proj_after_attn ? project(normal) : input;
    const shortcut = this.pool_skip === null ? skipped : (this.pool_skip(skipped, size) as [Tensor, Triple])[0];
    const x = shortcut.add(this.stochastic_depth(attended));
    const second = this.normalized(this.norm2, x);
    const rest = project !== null && !proj_after_attn ? project(second) : x;
    return [rest.add(this.stochastic_depth(this.mlp(second))), found];
  }
}

class PositionalEncoding extends nn.Module {
  declare size: Triple;
  declare class_token: nn.Parameter;
  declare spatial_pos: nn.Parameter | null;
  declare temporal_pos: nn.Parameter | null;
  declare class_pos: nn.Parameter | null;

  constructor(embed_size: number, size: Triple, rel_pos_embed: boolean) {
    super();
    this.size = size;
    this.class_token = new nn.Parameter(zeros(embed_size));
    const absolute = (...shape: number[]): nn.Parameter | null =>
      rel_pos_embed ? null : new nn.Parameter(zeros(...shape, embed_size));
    this.spatial_pos = absolute(size[1] * size[2]);
    this.temporal_pos = absolute(size[0]);
    this.class_pos = absolute();
  }

  forward(input: Tensor): Tensor {
    const token = this.class_token.expand(input.size(0), -1).unsqueeze(1);
    const x = cat([token, input], 1);
    const { spatial_pos, temporal_pos, class_pos } = this;
    if (spatial_pos === null || temporal_pos === null || class_pos === null) return x;
    const places = repeat_interleave(temporal_pos, spatial_pos.size(0), { dim: 0 });
    const positions = places.add(spatial_pos.repeat(temporal_pos.size(0), 1));
    return x.add_(cat([class_pos.unsqueeze(0), positions]).unsqueeze(0));
  }
}

// ---- The model ----------------------------------------------------------------------------------

/** Options of {@link MViT}, which {@link mvit_v1_b} and {@link mvit_v2_s} take too. */
export interface MViTOptions {
  /** Probability of the dropout before the last layer. Default 0.5. */
  dropout?: number;
  /** Probability of the dropout within blocks. Default 0. */
  attention_dropout?: number;
  /** Probability of leaving out the last block; that of others grows up to it. Default 0; of the functions, 0.2. */
  stochastic_depth_prob?: number;
  /** Number of classes. Default 400. */
  num_classes?: number;
  /** What makes the normalizations. Default null: of layers, with `eps` 1e-6. */
  norm_layer?: NormLayer | null;
  /** Frames, height and width of a patch. Default `[3, 7, 7]`. */
  patch_embed_kernel?: readonly [number, number, number];
  /** Spacing of patches. Default `[2, 4, 4]`. */
  patch_embed_stride?: readonly [number, number, number];
  /** Padding around the video. Default `[1, 3, 3]`. */
  patch_embed_padding?: readonly [number, number, number];
}

interface MViTParts {
  /** Height and width of videos. */
  spatial_size: readonly [number, number];
  /** Number of frames of videos. */
  temporal_size: number;
  /** What each block is like. */
  block_setting: readonly MSBlockConfig[];
  /** Whether attention adds the pooled queries to its output. */
  residual_pool: boolean;
  /** Whether it adds that of the class token too. */
  residual_with_cls_embed: boolean;
  /** Whether positions are relative, within the attention, instead of absolute, before the blocks. */
  rel_pos_embed: boolean;
  /** Whether a block changes the number of features behind its attention, instead of behind its perceptron. */
  proj_after_attn: boolean;
}

const OPTIONS =
  'dropout?: float, attention_dropout?: float, stochastic_depth_prob?: float, num_classes?: int, ' +
  'norm_layer?: Callable|None, patch_embed_kernel?: int[], patch_embed_stride?: int[], patch_embed_padding?: int[]';
const MVIT = signature<MViTOptions & MViTParts>(
  'MViT',
  'spatial_size: int[], temporal_size: int, block_setting: list, residual_pool: bool, residual_with_cls_embed: bool, ' +
    `rel_pos_embed: bool, proj_after_attn: bool, ${OPTIONS}`,
);

/**
 * Multiscale vision transformer (arXiv 2104.11227, 2112.01526): blocks pool space and time while features become more.
 * Mirrors `torchvision.models.video.MViT`, without its argument `block`.
 *
 * Shapes: input `(N, 3, temporal_size, *spatial_size)`, or without N; output `(N, num_classes)`.
 *
 * @param spatial_size - height and width of videos
 * @param temporal_size - number of frames of videos
 * @param block_setting - what each block is like
 * @param residual_pool - whether attention adds the pooled queries to its output
 * @param residual_with_cls_embed - whether it adds that of the class token too
 * @param rel_pos_embed - whether positions are relative, within the attention, instead of absolute, before the blocks
 * @param proj_after_attn - whether a block changes the number of features behind its attention, instead of behind its perceptron
 * @param dropout - probability of the dropout before the last layer; default 0.5
 * @param attention_dropout - probability of the dropout within blocks; default 0
 * @param stochastic_depth_prob - probability of leaving out the last block; that of others grows up to it; default 0
 * @param num_classes - number of classes; default 400
 * @param norm_layer - what makes the normalizations; default null: of layers, with `eps` 1e-6
 * @param patch_embed_kernel - frames, height and width of a patch; default `[3, 7, 7]`
 * @param patch_embed_stride - spacing of patches; default `[2, 4, 4]`
 * @param patch_embed_padding - padding around the video; default `[1, 3, 3]`
 * @throws Error for an empty `block_setting`, or one of something else than {@link MSBlockConfig}
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { MSBlockConfig } = models.video.mvit;
 * const setting = new MSBlockConfig(2, 16, 32, [3, 3, 3], [3, 3, 3], [1, 2, 2], [1, 2, 2]);
 * const last = new MSBlockConfig(4, 32, 32, [3, 3, 3], [3, 3, 3], [1, 1, 1], [1, 1, 1]);
 * const model = new models.video.MViT([32, 32], 4, [setting, last], true, true, true, true, { num_classes: 5 });
 * print(model(torch.zeros(1, 3, 4, 32, 32)).shape); // torch.Size([1, 5])
 * ```
 */
export class MViT extends nn.Module {
  declare conv_proj: nn.Conv3d;
  declare pos_encoding: PositionalEncoding;
  declare blocks: nn.ModuleList;
  declare norm: nn.Module;
  declare head: nn.Sequential;

  constructor(
    ...args: Arguments<
      [
        spatial_size: readonly [number, number],
        temporal_size: number,
        block_setting: readonly MSBlockConfig[],
        residual_pool: boolean,
        residual_with_cls_embed: boolean,
        rel_pos_embed: boolean,
        proj_after_attn: boolean,
        dropout?: number,
        attention_dropout?: number,
        stochastic_depth_prob?: number,
        num_classes?: number,
        norm_layer?: NormLayer | null,
        patch_embed_kernel?: readonly [number, number, number],
        patch_embed_stride?: readonly [number, number, number],
        patch_embed_padding?: readonly [number, number, number],
      ],
      MViTOptions & MViTParts,
      [
        'spatial_size',
        'temporal_size',
        'block_setting',
        'residual_pool',
        'residual_with_cls_embed',
        'rel_pos_embed',
        'proj_after_attn',
        'dropout',
        'attention_dropout',
        'stochastic_depth_prob',
        'num_classes',
        'norm_layer',
        'patch_embed_kernel',
        'patch_embed_stride',
        'patch_embed_padding',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = MVIT.read(args);
    const { block_setting, spatial_size, temporal_size, num_classes = 400, stochastic_depth_prob = 0 } = given;
    const { dropout = 0.5, attention_dropout = 0, norm_layer: wanted } = given;
    if ((spatial_size as readonly number[]).length !== 2) {
      throw new Error(`MViT(): argument 'spatial_size' must have 2 elements, but got ${String(spatial_size)}`);
    }
    if (block_setting.length === 0) throw new Error("The configuration parameter can't be empty.");
    for (const setting of block_setting as readonly unknown[]) {
      if (!(setting instanceof MSBlockConfig))
        throw new TypeError("MViT(): argument 'block_setting' must hold MSBlockConfig");
    }
    const norm_layer = wanted ?? ((features: number) => new nn.LayerNorm(features, { eps: 1e-6 }));
    const [first, last] = [block_setting[0]!, block_setting.at(-1)!];
    const stride = given.patch_embed_stride ?? [2, 4, 4];
    this.conv_proj = new nn.Conv3d(3, first.input_channels, given.patch_embed_kernel ?? [3, 7, 7], {
      stride,
      padding: given.patch_embed_padding ?? [1, 3, 3],
    });
    let size = strided([temporal_size, ...spatial_size], stride);
    this.pos_encoding = new PositionalEncoding(first.input_channels, size, given.rel_pos_embed);
    this.blocks = new nn.ModuleList();
    for (const [i, setting] of block_setting.entries()) {
      this.blocks.append(
        new MultiscaleBlock(size, setting, {
          residual_pool: given.residual_pool,
          residual_with_cls_embed: given.residual_with_cls_embed,
          rel_pos_embed: given.rel_pos_embed,
          proj_after_attn: given.proj_after_attn,
          dropout: attention_dropout,
          stochastic_depth_prob: (stochastic_depth_prob * i) / Math.max(block_setting.length - 1, 1),
          norm_layer,
        }),
      );
      size = strided(size, setting.stride_q);
    }
    this.norm = make_layer(norm_layer as LayerMaker, last.output_channels);
    this.head = new nn.Sequential(
      new nn.Dropout(dropout, { inplace: true }),
      new nn.Linear(last.output_channels, num_classes),
    ) as nn.Sequential;
    this.initialize();
  }

  private initialize(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Linear) {
        nn.init.trunc_normal_(m.weight, { std: 0.02 });
        if (m.bias !== null) nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.LayerNorm) {
        if (m.weight !== null) nn.init.constant_(m.weight, 1);
        if (m.bias !== null) nn.init.constant_(m.bias, 0);
      } else if (m instanceof PositionalEncoding) {
        for (const weights of m.parameters()) nn.init.trunc_normal_(weights, { std: 0.02 });
      }
    }
  }

  forward(x: Tensor): Tensor {
    const videos = x.dim() === 4 ? x.unsqueeze(0) : x;
    let features = this.pos_encoding(this.conv_proj(videos).flatten(2).transpose(1, 2));
    let size = this.pos_encoding.size;
    for (const block of this.blocks) [features, size] = block(features, size) as [Tensor, Triple];
    return this.head((this.norm(features) as Tensor).select(1, 0));
  }
}
forward_takes(MViT, 'x: Tensor');

type Row = readonly [heads: number, inputs: number, outputs: number, stride_q: number, stride_kv: number];

/** Rows that are alike. */
const repeated = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);

/** The settings of rows; a stride of queries that is 0 is none. */
const settings = (rows: readonly Row[]): MSBlockConfig[] =>
  rows.map(([heads, inputs, outputs, stride_q, stride_kv]) => {
    const pooled = stride_q > 0;
    const kernel_q = pooled ? [3, 3, 3] : [];
    const strides = pooled ? [1, stride_q, stride_q] : [];
    return new MSBlockConfig(heads, inputs, outputs, kernel_q, [3, 3, 3], strides, [1, stride_kv, stride_kv]);
  });

const SETTINGS = {
  v1_b: settings([
    [1, 96, 192, 0, 8],
    [2, 192, 192, 2, 4],
    [2, 192, 384, 0, 4],
    [4, 384, 384, 2, 2],
    ...repeated(9, [4, 384, 384, 0, 2]),
    [4, 384, 768, 0, 2],
    [8, 768, 768, 2, 1],
    [8, 768, 768, 0, 1],
  ]),
  v2_s: settings([
    [1, 96, 96, 1, 8],
    [2, 96, 192, 2, 4],
    [2, 192, 192, 1, 4],
    [4, 192, 384, 2, 2],
    ...repeated(10, [4, 384, 384, 1, 2]),
    [8, 384, 768, 2, 1],
    [8, 768, 768, 1, 1],
  ]),
};

function mvit<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  block_setting: readonly MSBlockConfig[],
  version_2: boolean,
): ModelBuilder<MViT, N, MViTOptions> {
  return model_builder(name, weights, {
    takes: OPTIONS,
    make: (config: MViTOptions) =>
      new MViT({
        stochastic_depth_prob: 0.2,
        ...config,
        spatial_size: [224, 224],
        temporal_size: 16,
        block_setting,
        residual_pool: version_2,
        residual_with_cls_embed: false,
        rel_pos_embed: version_2,
        proj_after_attn: version_2,
      }),
  });
}

/** The weights of {@link mvit_v1_b}. Mirrors `torchvision.models.video.MViT_V1_B_Weights`. */
export const MViT_V1_B_Weights = known_weights('MViT_V1_B_Weights');
export type MViT_V1_B_Weights = WeightsEnum<'MViT_V1_B_Weights'>;

/**
 * Makes the base {@link MViT} of version 1, whose options it takes. Mirrors `torchvision.models.video.mvit_v1_b`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.video.mvit_v1_b({ num_classes: 2 }).head[1]); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const mvit_v1_b = mvit('mvit_v1_b', MViT_V1_B_Weights, SETTINGS.v1_b, false);

/** The weights of {@link mvit_v2_s}. Mirrors `torchvision.models.video.MViT_V2_S_Weights`. */
export const MViT_V2_S_Weights = known_weights('MViT_V2_S_Weights');
export type MViT_V2_S_Weights = WeightsEnum<'MViT_V2_S_Weights'>;

/**
 * Makes the small {@link MViT} of version 2, whose options it takes. Mirrors `torchvision.models.video.mvit_v2_s`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.video.mvit_v2_s({ num_classes: 2 }).head[1]); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const mvit_v2_s = mvit('mvit_v2_s', MViT_V2_S_Weights, SETTINGS.v2_s, true);
