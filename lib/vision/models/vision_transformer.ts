import { signature, type Arguments } from '../../_internal/signature.js';
import { kind_of } from '../../_internal/representation.js';
import type { Tensor } from '../../_tensor.js';
import { cat, empty, zeros } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import type { LoadReport, StateDict } from '../../nn/modules/module.js';
import { make_layer, type LayerMaker, type NormLayer } from '../ops/layer_maker.js';
import { Conv2dNormActivation, MLP } from '../ops/misc.js';
import {
  as_many_classes,
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { init_perceptron, overwrite_named_param } from './_utils.js';

interface StemSizes {
  /** Channels of the output. */
  out_channels: number;
  /** Size of the kernel. */
  kernel_size: number;
  /** Stride of the convolution. */
  stride: number;
  /** What makes the normalization. Default `nn.BatchNorm2d`. */
  norm_layer?: NormLayer;
  /** What makes the activation. Default `nn.ReLU`. */
  activation_layer?: LayerMaker;
}

const STEM = signature<StemSizes>(
  'ConvStemConfig',
  'out_channels: int, kernel_size: int, stride: int, norm_layer?: Callable, activation_layer?: Callable',
);

/**
 * A convolution before a {@link VisionTransformer}. Mirrors `torchvision.models.vision_transformer.ConvStemConfig`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(new models.vision_transformer.ConvStemConfig(64, 3, 2).out_channels); // 64
 * ```
 */
export class ConvStemConfig {
  readonly out_channels: number;
  readonly kernel_size: number;
  readonly stride: number;
  readonly norm_layer: NormLayer;
  readonly activation_layer: LayerMaker;

  constructor(
    ...args: Arguments<
      [
        out_channels: number,
        kernel_size: number,
        stride: number,
        norm_layer?: NormLayer,
        activation_layer?: LayerMaker,
      ],
      StemSizes,
      ['out_channels', 'kernel_size', 'stride', 'norm_layer', 'activation_layer']
    >
  );
  constructor(...args: unknown[]) {
    const given = STEM.read(args);
    this.out_channels = given.out_channels;
    this.kernel_size = given.kernel_size;
    this.stride = given.stride;
    this.norm_layer = given.norm_layer ?? nn.BatchNorm2d;
    this.activation_layer = given.activation_layer ?? nn.ReLU;
  }
}

class MLPBlock extends MLP {
  constructor(inputs: number, hidden: number, dropout: number) {
    super(inputs, [hidden, inputs], { activation_layer: nn.GELU, inplace: null, dropout });
    init_perceptron(this);
  }

  /** 2 since the layers have numbers instead of names. */
  override get _version(): number {
    return 2;
  }

  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: LoadReport,
  ): void {
    if ((local.version ?? 0) < 2) {
      for (const [i, member] of [0, 1].flatMap((at) => ['weight', 'bias'].map((name) => [at, name] as const))) {
        const old = `${prefix}linear_${i + 1}.${member}`;
        if (!Object.hasOwn(state_dict, old)) continue;
        state_dict[`${prefix}${3 * i}.${member}`] = state_dict[old]!;
        delete state_dict[old];
      }
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

interface BlockSizes {
  readonly num_heads: number;
  readonly hidden_dim: number;
  readonly mlp_dim: number;
  readonly dropout: number;
  readonly attention_dropout: number;
  readonly norm_layer: NormLayer;
}

function check_rank(input: Tensor): void {
  if (input.dim() === 3) return;
  throw new Error(`Expected (batch_size, seq_length, hidden_dim) got ${String(input.shape)}`);
}

class EncoderBlock extends nn.Module {
  declare num_heads: number;
  declare ln_1: nn.Module;
  declare self_attention: nn.MultiheadAttention;
  declare dropout: nn.Dropout;
  declare ln_2: nn.Module;
  declare mlp: MLPBlock;

  constructor({ num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer }: BlockSizes) {
    super();
    this.num_heads = num_heads;
    this.ln_1 = make_layer(norm_layer as LayerMaker, hidden_dim);
    const options = { dropout: attention_dropout, batch_first: true };
    this.self_attention = new nn.MultiheadAttention(hidden_dim, num_heads, options);
    this.dropout = new nn.Dropout(dropout);
    this.ln_2 = make_layer(norm_layer as LayerMaker, hidden_dim);
    this.mlp = new MLPBlock(hidden_dim, mlp_dim, dropout);
  }

  forward(input: Tensor): Tensor {
    check_rank(input);
    const normal = this.ln_1(input) as Tensor;
    const [attended] = this.self_attention(normal, normal, normal, { need_weights: false });
    const x = this.dropout(attended).add(input);
    return x.add(this.mlp(this.ln_2(x) as Tensor));
  }
}

class Encoder extends nn.Module {
  declare pos_embedding: nn.Parameter;
  declare dropout: nn.Dropout;
  declare layers: nn.Sequential;
  declare ln: nn.Module;

  constructor(seq_length: number, num_layers: number, sizes: BlockSizes) {
    super();
    const { hidden_dim, dropout, norm_layer } = sizes;
    this.pos_embedding = new nn.Parameter(empty(1, seq_length, hidden_dim).normal_(0, 0.02));
    this.dropout = new nn.Dropout(dropout);
    const layers = new Map<string, nn.Module>();
    for (let i = 0; i < num_layers; i++) layers.set(`encoder_layer_${i}`, new EncoderBlock(sizes));
    this.layers = new nn.Sequential(layers);
    this.ln = make_layer(norm_layer as LayerMaker, hidden_dim);
  }

  forward(input: Tensor): Tensor {
    check_rank(input);
    return this.ln(this.layers(this.dropout(input.add(this.pos_embedding)))) as Tensor;
  }
}

/** Options of {@link VisionTransformer}. */
export interface VisionTransformerOptions {
  /** Probability of the dropout. Default 0. */
  dropout?: number;
  /** Probability of the dropout of attention weights. Default 0. */
  attention_dropout?: number;
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Features of a layer before the last; default null: there is none. */
  representation_size?: number | null;
  /** What makes the normalizations. Default: of layers, with `eps` 1e-6. */
  norm_layer?: NormLayer;
  /** Convolutions instead of one with the size of a patch. Default null. */
  conv_stem_configs?: readonly ConvStemConfig[] | null;
}

interface VisionTransformerSizes {
  /** Height and width of the images. */
  image_size: number;
  /** Height and width of a patch. */
  patch_size: number;
  /** Number of layers. */
  num_layers: number;
  /** Number of heads. */
  num_heads: number;
  /** Features of a patch. */
  hidden_dim: number;
  /** Features within the perceptrons. */
  mlp_dim: number;
}

/** Options of {@link vit_b_16} and the like. */
export interface VisionTransformerBuilderOptions extends VisionTransformerOptions {
  /** Height and width of the images. Default 224, with weights theirs. */
  image_size?: number;
}

const TAKES =
  'dropout?: float, attention_dropout?: float, num_classes?: int, representation_size?: int|None, ' +
  'norm_layer?: Callable, conv_stem_configs?: any[]|None';
const VIT = signature<VisionTransformerOptions & VisionTransformerSizes>(
  'VisionTransformer',
  `image_size: int, patch_size: int, num_layers: int, num_heads: int, hidden_dim: int, mlp_dim: int, ${TAKES}`,
);

const layer_norm = (features: number): nn.Module => new nn.LayerNorm(features, { eps: 1e-6 });

/** The convolutions before the transformer. */
function convolutions(configs: readonly ConvStemConfig[], hidden_dim: number): nn.Sequential {
  const row = new nn.Sequential() as nn.Sequential;
  let channels = 3;
  for (const [i, { out_channels, kernel_size, stride, norm_layer, activation_layer }] of configs.entries()) {
    const options = { kernel_size, stride, norm_layer, activation_layer };
    row.add_module(`conv_bn_relu_${i}`, new Conv2dNormActivation(channels, out_channels, options));
    channels = out_channels;
  }
  row.add_module('conv_last', new nn.Conv2d(channels, hidden_dim, 1));
  return row;
}

/**
 * Vision transformer of "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale" (arXiv 2010.11929).
 * Mirrors `torchvision.models.VisionTransformer`.
 *
 * Shapes: input `(N, 3, image_size, image_size)`, output `(N, num_classes)`.
 *
 * @param image_size - height and width of the images, a multiple of `patch_size`
 * @param patch_size - height and width of a patch
 * @param num_layers - number of layers
 * @param num_heads - number of heads
 * @param hidden_dim - features of a patch
 * @param mlp_dim - features within the perceptrons
 * @param dropout - probability of the dropout; default 0
 * @param attention_dropout - probability of the dropout of attention weights; default 0
 * @param num_classes - number of classes; default 1000
 * @param representation_size - features of a layer before the last; default null: there is none
 * @param norm_layer - what makes the normalizations; default: of layers, with `eps` 1e-6
 * @param conv_stem_configs - convolutions instead of one with the size of a patch; default null
 * @throws Error when patches do not cover the images, and on the call for images of another size
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.VisionTransformer(32, 8, 2, 2, 16, 32, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class VisionTransformer extends nn.Module {
  declare image_size: number;
  declare patch_size: number;
  declare hidden_dim: number;
  declare mlp_dim: number;
  declare attention_dropout: number;
  declare dropout: number;
  declare num_classes: number;
  declare representation_size: number | null;
  declare norm_layer: NormLayer;
  declare conv_proj: nn.Module;
  declare class_token: nn.Parameter;
  declare encoder: Encoder;
  declare seq_length: number;
  declare heads: nn.Sequential & { head: nn.Module };

  constructor(
    ...args: Arguments<
      [
        image_size: number,
        patch_size: number,
        num_layers: number,
        num_heads: number,
        hidden_dim: number,
        mlp_dim: number,
        dropout?: number,
        attention_dropout?: number,
        num_classes?: number,
        representation_size?: number | null,
        norm_layer?: NormLayer,
        conv_stem_configs?: readonly ConvStemConfig[] | null,
      ],
      VisionTransformerOptions & VisionTransformerSizes,
      [
        'image_size',
        'patch_size',
        'num_layers',
        'num_heads',
        'hidden_dim',
        'mlp_dim',
        'dropout',
        'attention_dropout',
        'num_classes',
        'representation_size',
        'norm_layer',
        'conv_stem_configs',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = VIT.read(args);
    const { image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim, dropout = 0 } = given;
    const { attention_dropout = 0, num_classes = 1000, representation_size = null, norm_layer = layer_norm } = given;
    const stem = given.conv_stem_configs ?? null;
    if (image_size % patch_size !== 0) throw new Error('Input shape indivisible by patch size!');
    for (const config of stem ?? []) {
      if (!(config instanceof ConvStemConfig)) {
        throw new TypeError(
          `VisionTransformer(): argument 'conv_stem_configs' must be a list of ConvStemConfigs, not ${kind_of(config)}`,
        );
      }
    }
    this.image_size = image_size;
    this.patch_size = patch_size;
    this.hidden_dim = hidden_dim;
    this.mlp_dim = mlp_dim;
    this.attention_dropout = attention_dropout;
    this.dropout = dropout;
    this.num_classes = num_classes;
    this.representation_size = representation_size;
    this.norm_layer = norm_layer;
    this.conv_proj =
      stem === null ? new nn.Conv2d(3, hidden_dim, patch_size, { stride: patch_size }) : convolutions(stem, hidden_dim);
    this.class_token = new nn.Parameter(zeros(1, 1, hidden_dim));
    this.seq_length = Math.floor(image_size / patch_size) ** 2 + 1;
    const sizes = { num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer };
    this.encoder = new Encoder(this.seq_length, num_layers, sizes);
    const heads: Record<string, nn.Module> =
      representation_size === null
        ? { head: new nn.Linear(hidden_dim, num_classes) }
        : {
            pre_logits: new nn.Linear(hidden_dim, representation_size),
            act: new nn.Tanh(),
            head: new nn.Linear(representation_size, num_classes),
          };
    this.heads = new nn.Sequential(heads) as unknown as nn.Sequential & { head: nn.Module };
    this.init_weights();
  }

  private init_weights(): void {
    const { conv_proj } = this;
    if (conv_proj instanceof nn.Conv2d) {
      const [height, width] = conv_proj.kernel_size as [number, number];
      nn.init.trunc_normal_(conv_proj.weight, { std: Math.sqrt(1 / (conv_proj.in_channels * height * width)) });
      if (conv_proj.bias !== null) nn.init.zeros_(conv_proj.bias);
    } else {
      const last = conv_proj.get_submodule('conv_last') as nn.Conv2d;
      nn.init.normal_(last.weight, 0, Math.sqrt(2 / last.out_channels));
      if (last.bias !== null) nn.init.zeros_(last.bias);
    }
    const { pre_logits, head } = this.heads as unknown as { pre_logits?: nn.Linear; head: nn.Linear };
    if (pre_logits !== undefined) {
      nn.init.trunc_normal_(pre_logits.weight, { std: Math.sqrt(1 / pre_logits.in_features) });
      nn.init.zeros_(pre_logits.bias);
    }
    nn.init.zeros_(head.weight);
    nn.init.zeros_(head.bias);
  }

  private patches_of(x: Tensor): Tensor {
    const [n, , height, width] = x.shape as unknown as [number, number, number, number];
    const { image_size, patch_size } = this;
    if (height !== image_size) throw new Error(`Wrong image height! Expected ${image_size} but got ${height}!`);
    if (width !== image_size) throw new Error(`Wrong image width! Expected ${image_size} but got ${width}!`);
    const patches = Math.floor(height / patch_size) * Math.floor(width / patch_size);
    return (this.conv_proj(x) as Tensor).reshape(n, this.hidden_dim, patches).permute(0, 2, 1);
  }

  forward(x: Tensor): Tensor {
    const patches = this.patches_of(x);
    const token = this.class_token.expand(patches.size(0), -1, -1);
    return this.heads(this.encoder(cat([token, patches], 1)).select(1, 0));
  }
}
forward_takes(VisionTransformer, 'x: Tensor');

interface InterpolateOptions {
  /** How embeddings are interpolated. Default `'bicubic'`. */
  interpolation_mode?: nn.functional.InterpolationMode;
  /** Leave out the heads, when the size changes. Default false. */
  reset_heads?: boolean;
}

interface InterpolateArguments extends InterpolateOptions {
  image_size: number;
  patch_size: number;
  model_state: StateDict;
}

const INTERPOLATE = signature<InterpolateArguments>(
  'interpolate_embeddings',
  'image_size: int, patch_size: int, model_state: dict, interpolation_mode?: str, reset_heads?: bool',
);

/**
 * The state dict of a {@link VisionTransformer} for images of another size: the embeddings of positions are interpolated.
 * Mirrors `torchvision.models.vision_transformer.interpolate_embeddings`.
 *
 * @param image_size - the new height and width of images
 * @param patch_size - the height and width of patches
 * @param model_state - the state dict
 * @param interpolation_mode - how embeddings are interpolated; default `'bicubic'`
 * @param reset_heads - leave out the heads, when the size changes; default false
 * @returns the same state dict, or without heads a new one
 * @throws Error for embeddings of another shape
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.VisionTransformer(32, 8, 1, 2, 16, 32);
 * const state = models.vision_transformer.interpolate_embeddings(64, 8, model.state_dict());
 * print(state['encoder.pos_embedding']?.shape); // torch.Size([1, 65, 16])
 * ```
 */
export function interpolate_embeddings(
  image_size: number,
  patch_size: number,
  model_state: StateDict,
  interpolation_mode?: nn.functional.InterpolationMode,
  reset_heads?: boolean,
): StateDict;
export function interpolate_embeddings(
  ...args: Arguments<
    [
      image_size: number,
      patch_size: number,
      model_state: StateDict,
      interpolation_mode?: nn.functional.InterpolationMode,
      reset_heads?: boolean,
    ],
    InterpolateArguments,
    ['image_size', 'patch_size', 'model_state', 'interpolation_mode', 'reset_heads']
  >
): StateDict;
export function interpolate_embeddings(...args: unknown[]): StateDict {
  const given = INTERPOLATE.read(args);
  const { image_size, patch_size, model_state, interpolation_mode = 'bicubic', reset_heads = false } = given;
  const embedding = model_state['encoder.pos_embedding'];
  if (embedding === undefined) throw new Error("KeyError: 'encoder.pos_embedding'");
  const [n, length, hidden_dim] = embedding.shape as unknown as [number, number, number];
  if (n !== 1) throw new Error(`Unexpected position embedding shape: ${String(embedding.shape)}`);
  const side = Math.floor(image_size / patch_size);
  if (side ** 2 + 1 === length) return model_state;
  const old_side = Math.floor(Math.sqrt(length - 1));
  if (old_side ** 2 !== length - 1) {
    throw new Error(
      `seq_length is not a perfect square! Instead got seq_length_1d * seq_length_1d = ${old_side ** 2} and ` +
        `seq_length = ${length - 1}`,
    );
  }
  const token = embedding.narrow(1, 0, 1);
  const places = embedding
    .narrow(1, 1, length - 1)
    .permute(0, 2, 1)
    .reshape(1, hidden_dim, old_side, old_side);
  const resized = nn.functional.interpolate(places, {
    size: side,
    mode: interpolation_mode,
    align_corners: true,
  });
  model_state['encoder.pos_embedding'] = cat([token, resized.reshape(1, hidden_dim, side ** 2).permute(0, 2, 1)], 1);
  if (!reset_heads) return model_state;
  return Object.fromEntries(Object.entries(model_state).filter(([key]) => !key.startsWith('heads')));
}

function vit<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  sizes: Omit<VisionTransformerSizes, 'image_size'>,
): ModelBuilder<VisionTransformer, N, VisionTransformerBuilderOptions> {
  return model_builder(name, weights, {
    takes: `${TAKES}, image_size?: int`,
    make: ({ image_size = 224, ...options }: VisionTransformerBuilderOptions) =>
      new VisionTransformer({ ...options, ...sizes, image_size }),
    prepare: (config, given) => {
      as_many_classes(config, given);
      overwrite_named_param(config as Record<string, unknown>, 'image_size', given.meta.min_size?.[0]);
    },
  });
}

const sizes_of = (
  patch_size: number,
  num_layers: number,
  num_heads: number,
  hidden_dim: number,
  mlp_dim: number,
): Omit<VisionTransformerSizes, 'image_size'> => ({ patch_size, num_layers, num_heads, hidden_dim, mlp_dim });

/** The weights of {@link vit_b_16}. Mirrors `torchvision.models.ViT_B_16_Weights`. */
export const ViT_B_16_Weights = known_weights('ViT_B_16_Weights');
export type ViT_B_16_Weights = WeightsEnum<'ViT_B_16_Weights'>;

/**
 * Makes the base vision transformer for patches of 16 by 16, an instance of {@link VisionTransformer}, whose options
 * it takes. Mirrors `torchvision.models.vit_b_16`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.vit_b_16({ num_classes: 2 }).heads.head); // Linear(in_features=768, out_features=2, bias=True)
 * ```
 */
export const vit_b_16 = vit('vit_b_16', ViT_B_16_Weights, sizes_of(16, 12, 12, 768, 3072));

/** The weights of {@link vit_b_32}. Mirrors `torchvision.models.ViT_B_32_Weights`. */
export const ViT_B_32_Weights = known_weights('ViT_B_32_Weights');
export type ViT_B_32_Weights = WeightsEnum<'ViT_B_32_Weights'>;

/**
 * Makes the base vision transformer for patches of 32 by 32, an instance of {@link VisionTransformer}, whose options
 * it takes. Mirrors `torchvision.models.vit_b_32`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vit_b_32 = vit('vit_b_32', ViT_B_32_Weights, sizes_of(32, 12, 12, 768, 3072));

/** The weights of {@link vit_l_16}. Mirrors `torchvision.models.ViT_L_16_Weights`. */
export const ViT_L_16_Weights = known_weights('ViT_L_16_Weights');
export type ViT_L_16_Weights = WeightsEnum<'ViT_L_16_Weights'>;

/**
 * Makes the large vision transformer for patches of 16 by 16, an instance of {@link VisionTransformer}, whose options
 * it takes. Mirrors `torchvision.models.vit_l_16`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vit_l_16 = vit('vit_l_16', ViT_L_16_Weights, sizes_of(16, 24, 16, 1024, 4096));

/** The weights of {@link vit_l_32}. Mirrors `torchvision.models.ViT_L_32_Weights`. */
export const ViT_L_32_Weights = known_weights('ViT_L_32_Weights');
export type ViT_L_32_Weights = WeightsEnum<'ViT_L_32_Weights'>;

/**
 * Makes the large vision transformer for patches of 32 by 32, an instance of {@link VisionTransformer}, whose options
 * it takes. Mirrors `torchvision.models.vit_l_32`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vit_l_32 = vit('vit_l_32', ViT_L_32_Weights, sizes_of(32, 24, 16, 1024, 4096));

/** The weights of {@link vit_h_14}. Mirrors `torchvision.models.ViT_H_14_Weights`. */
export const ViT_H_14_Weights = known_weights('ViT_H_14_Weights');
export type ViT_H_14_Weights = WeightsEnum<'ViT_H_14_Weights'>;

/**
 * Makes the huge vision transformer for patches of 14 by 14, an instance of {@link VisionTransformer}, whose options
 * it takes. Mirrors `torchvision.models.vit_h_14`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vit_h_14 = vit('vit_h_14', ViT_H_14_Weights, sizes_of(14, 32, 16, 1280, 5120));
