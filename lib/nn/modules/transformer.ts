import type { DeviceLike } from '../../types/device.js';
import type { DType } from '../../types/dtype.js';
import { is_autocast_enabled } from '../../amp/autocast_state.js';
import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { GELU, ReLU } from './activation.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { allow_fused_inference, MultiheadAttention } from './attention.js';
import { clones } from './clones.js';
import type { ModuleList } from './container.js';
import { Dropout } from './dropout.js';
import { get_fastpath_enabled } from '../../backends/mha.js';
import { family, forward_reads } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { xavier_uniform_ } from '../init.js';
import { Linear } from './linear.js';
import { has_forward_hooks, Module } from './module.js';
import { LayerNorm } from './normalization.js';
import { text_or_kind } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';

/** The function between the two linear layers of a Transformer layer. */
export type TransformerActivation = 'relu' | 'gelu' | ((input: Tensor) => Tensor);

/** Keyword arguments of the Transformer layers. */
export interface TransformerLayerOptions extends FactoryOptions {
  /** Features between the two linear layers. Default 2048. */
  dim_feedforward?: number;
  /** Probability of dropout, in training. Default 0.1. */
  dropout?: number;
  /** `'relu'`, `'gelu'` or a function. Default `'relu'`. */
  activation?: TransformerActivation;
  /** `eps` of the layer normalizations. Default 1e-5. */
  layer_norm_eps?: number;
  /** Tensors are `(N, L, E)` instead of `(L, N, E)`. Default false. */
  batch_first?: boolean;
  /** Normalize before attention and linear layers instead of after them. Default false. */
  norm_first?: boolean;
  /** Learn the biases. Default true. */
  bias?: boolean;
}

/** What a Transformer layer must be given. */
export interface TransformerLayerSizes {
  /** Features of the inputs. */
  d_model: number;
  /** Number of attention heads. */
  nhead: number;
}

type LayerArguments = Arguments<
  [
    d_model: number,
    nhead: number,
    dim_feedforward?: number,
    dropout?: number,
    activation?: TransformerActivation,
    layer_norm_eps?: number,
    batch_first?: boolean,
    norm_first?: boolean,
    bias?: boolean,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  TransformerLayerOptions & TransformerLayerSizes,
  [
    'd_model',
    'nhead',
    'dim_feedforward',
    'dropout',
    'activation',
    'layer_norm_eps',
    'batch_first',
    'norm_first',
    'bias',
    'device',
    'dtype',
  ]
>;

const LAYER = family<TransformerLayerOptions & TransformerLayerSizes>(
  ['TransformerEncoderLayer', 'TransformerDecoderLayer'],
  'd_model: int, nhead: int, dim_feedforward?: int, dropout?: float, activation?: str|Callable, layer_norm_eps?: float, ' +
    'batch_first?: bool, norm_first?: bool, bias?: bool, device?: device|None, dtype?: dtype|None',
);

/** Keyword arguments of the call of a {@link TransformerEncoderLayer}. */
export interface EncoderLayerForwardOptions {
  /** Mask `(L, L)` or `(N * nhead, L, L)` of pairs: true where attention is not allowed, or numbers added to the scores. */
  src_mask?: Tensor | null;
  /** Mask `(N, L)` or `(L)` of positions: true where attention is not allowed, or numbers added to the scores. */
  src_key_padding_mask?: Tensor | null;
  /** A hint that `src_mask` is the causal mask. Default false. */
  is_causal?: boolean;
}

/** Keyword arguments of the call of a decoder. */
export interface DecoderForwardOptions {
  /** Mask `(T, T)` or `(N * nhead, T, T)` of self-attention. Default null. */
  tgt_mask?: Tensor | null;
  /** Mask `(T, S)` or `(N * nhead, T, S)` of attention to the memory. Default null. */
  memory_mask?: Tensor | null;
  /** Mask `(N, T)` or `(T)` of the positions of the target. Default null. */
  tgt_key_padding_mask?: Tensor | null;
  /** Mask `(N, S)` or `(S)` of the positions of the memory. Default null. */
  memory_key_padding_mask?: Tensor | null;
  /** A hint that `tgt_mask` is the causal mask. Default null: a {@link TransformerDecoder} compares it with that. */
  tgt_is_causal?: boolean | null;
  /** A hint that `memory_mask` is the causal mask. Default false. */
  memory_is_causal?: boolean;
}

interface DecoderInput extends DecoderForwardOptions {
  tgt: Tensor;
  memory: Tensor;
}

type DecoderArguments = Arguments<
  [
    tgt: Tensor,
    memory: Tensor,
    tgt_mask?: Tensor | null,
    memory_mask?: Tensor | null,
    tgt_key_padding_mask?: Tensor | null,
    memory_key_padding_mask?: Tensor | null,
    tgt_is_causal?: boolean | null,
    memory_is_causal?: boolean,
  ],
  DecoderInput,
  [
    'tgt',
    'memory',
    'tgt_mask',
    'memory_mask',
    'tgt_key_padding_mask',
    'memory_key_padding_mask',
    'tgt_is_causal',
    'memory_is_causal',
  ]
>;

const MASKS_OF_DECODER =
  'tgt: Tensor, memory: Tensor, tgt_mask?: Tensor|None, memory_mask?: Tensor|None, ' +
  'tgt_key_padding_mask?: Tensor|None, memory_key_padding_mask?: Tensor|None, tgt_is_causal?: bool|None, ' +
  'memory_is_causal?: bool';
const DECODER_LAYER_FORWARD = method_signature<DecoderInput>('TransformerDecoderLayer.forward', MASKS_OF_DECODER);
const DECODER_FORWARD = method_signature<DecoderInput>('TransformerDecoder.forward', MASKS_OF_DECODER);

function activation_function(activation: TransformerActivation): (input: Tensor) => Tensor {
  if (typeof activation === 'function') return activation;
  if (activation === 'relu') return F.relu;
  if (activation === 'gelu') return F.gelu;
  throw new Error(`activation should be relu/gelu, not ${text_or_kind(activation)}`);
}

interface LayerParts {
  norm_first: boolean;
  activation: (input: Tensor) => Tensor;
  attention(): MultiheadAttention;
  linear1(): Linear;
  linear2(): Linear;
  norm(): LayerNorm;
  dropout(): Dropout;
}

/** What the layers are made of, from their arguments. */
function parts_of(target: abstract new (...args: never) => object, args: readonly unknown[]): LayerParts {
  const {
    d_model,
    nhead,
    dim_feedforward = 2048,
    dropout = 0.1,
    activation = 'relu',
    ...options
  } = LAYER.read(target, args);
  const {
    layer_norm_eps: eps = 1e-5,
    batch_first = false,
    norm_first = false,
    bias = true,
    device = null,
    dtype = null,
  } = options;
  return {
    norm_first,
    activation: activation_function(activation),
    attention: () => new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, device, dtype }),
    linear1: () => new Linear(d_model, dim_feedforward, { bias, device, dtype }),
    linear2: () => new Linear(dim_feedforward, d_model, { bias, device, dtype }),
    norm: () => new LayerNorm(d_model, { eps, bias, device, dtype }),
    dropout: () => new Dropout(dropout),
  };
}

// ---- Masks --------------------------------------------------------------------------------------

function square_subsequent_mask(size: number, device: DeviceLike | null = null, dtype: DType | null = null): Tensor {
  return ops.triu(ops.full([size, size], -Infinity, { device, dtype }), 1);
}

function sequence_length(src: Tensor, batch_first: boolean): number | null {
  if (src.is_nested) return null;
  return src.size(src.ndim > 2 && batch_first ? 1 : 0);
}

/** What the attention of the first layer says. @throws Error when that has none */
function is_batch_first(layers: ModuleList<Module>): boolean {
  const first = layers.at(0);
  const { self_attn } = first as unknown as { self_attn?: { batch_first: boolean } };
  if (self_attn === undefined) throw new Error(`'${first._get_name()}' object has no attribute 'self_attn'`);
  return self_attn.batch_first;
}

/** Whether a mask is causal: as the caller says, or else by comparing it with the causal mask. */
function is_causal_mask(mask: Tensor | null, is_causal: boolean | null, size: number | null): boolean {
  if (is_causal !== null || mask === null) return is_causal === true;
  const length = size ?? mask.size(-2);
  if (String(mask.size()) !== `torch.Size([${length}, ${length}])`) return false;
  return mask
    .eq(square_subsequent_mask(length, mask.device, mask.dtype))
    .all()
    .item<boolean>();
}

// ---- Encoder ------------------------------------------------------------------------------------

/**
 * Applies self-attention and a feed-forward network, each with a residual connection and layer normalization:
 * `x = norm1(x + attention(x, x, x))` and `y = norm2(x + linear2(dropout(activation(linear1(x)))))`; with `norm_first`
 * the normalizations come before attention and linear layers. Mirrors `torch.nn.TransformerEncoderLayer`.
 *
 * Shapes: src `(L, N, d_model)`, with `N` first when `batch_first`, or `(L, d_model)`; output as src. `src_mask` is
 * `(L, L)` or `(N * nhead, L, L)`, and `src_key_padding_mask` `(N, L)` or `(L)`: true where attention is not allowed,
 * or numbers that are added to the scores. The input has the dtype of the parameters. In evaluation without gradients a
 * fused kernel is used where possible. Dtypes: floating point.
 *
 * @param d_model - features of the input
 * @param nhead - number of attention heads, which divides `d_model`
 * @param dim_feedforward - features between the two linear layers; default 2048
 * @param dropout - probability of dropout, in training; default 0.1
 * @param activation - `'relu'`, `'gelu'` or a function between the two linear layers; default `'relu'`
 * @param layer_norm_eps - `eps` of the layer normalizations; default 1e-5
 * @param batch_first - tensors are `(N, L, E)` instead of `(L, N, E)`; default false
 * @param norm_first - normalize before attention and linear layers instead of after them; default false
 * @param bias - learn the biases of the linear layers and normalizations; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `nhead` does not divide `d_model`, or for an unknown activation
 * @example
 * ```ts
 * const layer = new nn.TransformerEncoderLayer(4, 2, { dim_feedforward: 8, batch_first: true });
 * print(layer(torch.randn(1, 3, 4)));
 * ```
 * ```python
 * layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True)
 * print(layer(torch.randn(1, 3, 4)))
 * ```
 */
export class TransformerEncoderLayer extends Module {
  declare self_attn: MultiheadAttention;
  declare linear1: Linear;
  declare dropout: Dropout;
  declare linear2: Linear;
  declare norm_first: boolean;
  declare norm1: LayerNorm;
  declare norm2: LayerNorm;
  declare dropout1: Dropout;
  declare dropout2: Dropout;
  /** 1 for ReLU, 2 for GELU, which the fused kernel knows; 0 for anything else. */
  declare activation_relu_or_gelu: 0 | 1 | 2;
  declare activation: (input: Tensor) => Tensor;

  constructor(...args: LayerArguments);
  constructor(...args: unknown[]) {
    const { norm_first, activation, attention, linear1, linear2, norm, dropout } = parts_of(new.target, args);
    super();
    this.self_attn = attention();
    this.linear1 = linear1();
    this.dropout = dropout();
    this.linear2 = linear2();
    this.norm_first = norm_first;
    this.norm1 = norm();
    this.norm2 = norm();
    this.dropout1 = dropout();
    this.dropout2 = dropout();
    const fn: unknown = activation;
    if (fn === F.relu || fn instanceof ReLU) this.activation_relu_or_gelu = 1;
    else if (fn === F.gelu || fn instanceof GELU) this.activation_relu_or_gelu = 2;
    else this.activation_relu_or_gelu = 0;
    this.activation = activation;
  }

  forward(
    ...args: Arguments<
      [src: Tensor, src_mask?: Tensor | null, src_key_padding_mask?: Tensor | null, is_causal?: boolean],
      EncoderLayerForwardOptions & { src: Tensor },
      ['src', 'src_mask', 'src_key_padding_mask', 'is_causal']
    >
  ): Tensor;
  forward(...args: unknown[]): Tensor {
    const { src, src_mask = null, src_key_padding_mask = null, is_causal = false } = ENCODER_LAYER_FORWARD.read(args);
    const padding = F._canonical_mask(
      src_key_padding_mask,
      'src_key_padding_mask',
      src_mask?.dtype ?? null,
      'src_mask',
      src.dtype,
    );
    const mask = F._canonical_mask(src_mask, 'src_mask', null, '', src.dtype);
    const weights = this.fused_weights(src, padding !== null || mask !== null);
    if (weights !== null && allow_fused_inference([src, ...weights])) return this.fused(src, mask, padding, weights);
    if (this.norm_first) {
      const attended = src.add(this._sa_block(this.norm1(src), mask, padding, is_causal));
      return attended.add(this._ff_block(this.norm2(attended)));
    }
    const attended = this.norm1(src.add(this._sa_block(src, mask, padding, is_causal)));
    return this.norm2(attended.add(this._ff_block(attended)));
  }

  /** Applies self-attention and dropout. */
  _sa_block(x: Tensor, attn_mask: Tensor | null, key_padding_mask: Tensor | null, is_causal = false): Tensor {
    const [attended] = this.self_attn(x, x, x, { attn_mask, key_padding_mask, need_weights: false, is_causal });
    return this.dropout1(attended);
  }

  /** Applies the two linear layers, with activation and dropout between them, and dropout. */
  _ff_block(x: Tensor): Tensor {
    return this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))));
  }

  /** What the fused kernel for inference needs; null when it cannot be used. */
  private fused_weights(src: Tensor, masked: boolean): FusedWeights | null {
    const { self_attn, norm1, norm2 } = this;
    if (!get_fastpath_enabled() || src.ndim !== 3 || this.training || !self_attn.batch_first) return null;
    if (!self_attn._qkv_same_embed_dim || this.activation_relu_or_gelu === 0 || norm1.eps !== norm2.eps) return null;
    if (self_attn.num_heads % 2 === 1 || (masked && src.is_nested) || is_autocast_enabled()) return null;
    if ([...this.modules()].some(has_forward_hooks)) return null;
    return weights_of(this);
  }

  private fused(src: Tensor, mask: Tensor | null, padding: Tensor | null, weights: FusedWeights): Tensor {
    const [qkv_weight, qkv_bias, proj_weight, proj_bias, ...others] = weights;
    const { self_attn } = this;
    const [merged, mask_type] = self_attn.merge_masks(mask, padding, src);
    return ops._transformer_encoder_layer_fwd(
      src,
      self_attn.embed_dim,
      self_attn.num_heads,
      qkv_weight,
      qkv_bias,
      proj_weight,
      proj_bias,
      this.activation_relu_or_gelu === 2,
      this.norm_first,
      this.norm1.eps,
      ...others,
      merged,
      mask_type,
    );
  }
}

const ENCODER_LAYER_FORWARD = method_signature<EncoderLayerForwardOptions & { src: Tensor }>(
  'TransformerEncoderLayer.forward',
  'src: Tensor, src_mask?: Tensor|None, src_key_padding_mask?: Tensor|None, is_causal?: bool',
);

type FusedWeights = [
  qkv_weight: Tensor,
  qkv_bias: Tensor,
  proj_weight: Tensor,
  proj_bias: Tensor,
  norm1_weight: Tensor,
  norm1_bias: Tensor,
  norm2_weight: Tensor,
  norm2_bias: Tensor,
  linear1_weight: Tensor,
  linear1_bias: Tensor,
  linear2_weight: Tensor,
  linear2_bias: Tensor,
];

/** The weights of a layer in the order of the fused kernel; null when one is missing. */
function weights_of({ self_attn, norm1, norm2, linear1, linear2 }: TransformerEncoderLayer): FusedWeights | null {
  const weights: FusedWeights = [
    self_attn.in_proj_weight,
    self_attn.in_proj_bias,
    self_attn.out_proj.weight,
    self_attn.out_proj.bias,
    norm1.weight,
    norm1.bias,
    norm2.weight,
    norm2.bias,
    linear1.weight,
    linear1.bias,
    linear2.weight,
    linear2.bias,
  ];
  const { dtype } = self_attn.in_proj_weight;
  // Layers that were replaced, such as quantized ones, may have others.
  return weights.some((weight: Tensor | null) => weight === null || weight.dtype !== dtype) ? null : weights;
}

/** Keyword arguments of {@link TransformerEncoder}. */
export interface TransformerEncoderOptions {
  /** Normalization of the output. Default null. */
  norm?: Module | null;
  /** In evaluation without gradients, skip the padding by means of nested tensors. Default true. */
  enable_nested_tensor?: boolean;
  /** Check first that the padding is at the end. Default true. */
  mask_check?: boolean;
}

/** Keyword arguments of the call of a {@link TransformerEncoder}. */
export interface EncoderForwardOptions {
  /** Mask `(L, L)` or `(N * nhead, L, L)` of pairs: true where attention is not allowed, or numbers added to the scores. */
  mask?: Tensor | null;
  /** Mask `(N, L)` or `(L)` of positions: true where attention is not allowed, or numbers added to the scores. */
  src_key_padding_mask?: Tensor | null;
  /** A hint that `mask` is the causal mask. Default null: it is compared with that. */
  is_causal?: boolean | null;
}

type Callable = (...args: unknown[]) => Tensor;

const run = (module: Module, ...args: unknown[]): Tensor => (module as unknown as Callable)(...args);

/** The reason why an encoder of such layers cannot skip padding; null when it can. */
function obstacle_to_nesting(layer: Module): string | null {
  if (!(layer instanceof TransformerEncoderLayer)) return 'encoder_layer was not TransformerEncoderLayer';
  const { self_attn, norm1, norm2 } = layer;
  if (layer.norm_first) return 'encoder_layer.norm_first was True';
  if (!self_attn.batch_first) {
    return 'encoder_layer.self_attn.batch_first was not True(use batch_first for better inference performance)';
  }
  if (!self_attn._qkv_same_embed_dim) return 'encoder_layer.self_attn._qkv_same_embed_dim was not True';
  if (self_attn.in_proj_bias === null) return 'encoder_layer.self_attn was passed bias=False';
  if (layer.activation_relu_or_gelu === 0) return 'encoder_layer.activation_relu_or_gelu was not True';
  if (norm1.eps !== norm2.eps) return 'encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps';
  if (self_attn.num_heads % 2 === 1) return 'encoder_layer.self_attn.num_heads is odd';
  return null;
}

/**
 * Applies a stack of encoder layers, which start as copies of one, and an optional normalization:
 * `y = norm(layer_n(...layer_1(x)))`. Mirrors `torch.nn.TransformerEncoder`.
 *
 * Shapes: as for {@link TransformerEncoderLayer}; the mask of the call is called `mask`. With `is_causal` left out, the
 * mask is compared with the causal one. Dtypes: floating point.
 *
 * @param encoder_layer - the layer that is copied
 * @param num_layers - number of layers
 * @param norm - normalization of the output; default null
 * @param enable_nested_tensor - in evaluation without gradients, skip the padding by means of nested tensors; default
 *   true
 * @param mask_check - check first that the padding is at the end; default true
 * @throws Error on the call, when the first layer has no `self_attn`
 * @example
 * ```ts
 * const layer = new nn.TransformerEncoderLayer(4, 2, { dim_feedforward: 8, batch_first: true });
 * const encoder = new nn.TransformerEncoder(layer, 2);
 * encoder.eval();
 * const src_key_padding_mask = torch.tensor([[false, false, true]]);
 * print(encoder(torch.randn(1, 3, 4), { src_key_padding_mask }).shape);
 * ```
 * ```python
 * layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True)
 * encoder = nn.TransformerEncoder(layer, num_layers=2)
 * encoder.eval()
 * src_key_padding_mask = torch.tensor([[False, False, True]])
 * print(encoder(torch.randn(1, 3, 4), src_key_padding_mask=src_key_padding_mask).shape)
 * ```
 */
export class TransformerEncoder<L extends Module = TransformerEncoderLayer> extends Module {
  declare layers: ModuleList<L>;
  declare num_layers: number;
  declare norm: Module | null;
  declare enable_nested_tensor: boolean;
  declare use_nested_tensor: boolean;
  declare mask_check: boolean;

  constructor(
    ...args: Arguments<
      [
        encoder_layer: L,
        num_layers: number,
        norm?: Module | null,
        enable_nested_tensor?: boolean,
        mask_check?: boolean,
      ],
      TransformerEncoderOptions & { encoder_layer: L; num_layers: number },
      ['encoder_layer', 'num_layers', 'norm', 'enable_nested_tensor', 'mask_check']
    >
  );
  constructor(...args: unknown[]) {
    const {
      encoder_layer,
      num_layers,
      norm = null,
      enable_nested_tensor = true,
      mask_check = true,
    } = ENCODER.read(args);
    super();
    this.layers = clones(encoder_layer as L, num_layers);
    this.num_layers = num_layers;
    this.norm = norm;
    this.enable_nested_tensor = enable_nested_tensor;
    const obstacle = enable_nested_tensor ? obstacle_to_nesting(encoder_layer) : null;
    if (obstacle !== null) {
      warn(`enable_nested_tensor is True, but self.use_nested_tensor is False because ${obstacle}`);
    }
    this.use_nested_tensor = enable_nested_tensor && obstacle === null;
    this.mask_check = mask_check;
  }

  forward(
    ...args: Arguments<
      [src: Tensor, mask?: Tensor | null, src_key_padding_mask?: Tensor | null, is_causal?: boolean | null],
      EncoderForwardOptions & { src: Tensor },
      ['src', 'mask', 'src_key_padding_mask', 'is_causal']
    >
  ): Tensor;
  forward(...args: unknown[]): Tensor {
    const { src, mask: given = null, src_key_padding_mask = null, is_causal = null } = ENCODER_FORWARD.read(args);
    const padding = F._canonical_mask(
      src_key_padding_mask,
      'src_key_padding_mask',
      given?.dtype ?? null,
      'mask',
      src.dtype,
    );
    const mask = F._canonical_mask(given, 'mask', null, '', src.dtype);
    const present = padding !== null && mask === null ? this.unpadded(src, padding) : null;
    const causal = is_causal_mask(mask, is_causal, sequence_length(src, is_batch_first(this.layers)));
    let output = present ?? src;
    for (const layer of this.layers) {
      output = run(layer, output, {
        src_mask: mask,
        is_causal: causal,
        src_key_padding_mask: present === null ? padding : null,
      });
    }
    if (present !== null) output = output.to_padded_tensor(0, src.size());
    return this.norm === null ? output : run(this.norm, output);
  }

  /** The positions without the padding, as a nested tensor; null where the layers cannot work on one. */
  private unpadded(src: Tensor, padding: Tensor): Tensor | null {
    const first = this.layers.at(0);
    if (!get_fastpath_enabled() || !this.use_nested_tensor || first.training || src.ndim !== 3) return null;
    if (!(first instanceof TransformerEncoderLayer)) return null;
    const counts = padding.logical_not();
    if (this.mask_check && !ops._nested_tensor_from_mask_left_aligned(src, counts)) return null;
    if (src.is_nested || is_autocast_enabled()) return null;
    const weights = weights_of(first);
    if (weights === null || !allow_fused_inference([src, ...weights])) return null;
    return ops._nested_tensor_from_mask(src, counts, false);
  }
}

const ENCODER = signature<TransformerEncoderOptions & { encoder_layer: Module; num_layers: number }>(
  'TransformerEncoder',
  'encoder_layer: Module, num_layers: int, norm?: Module|None, enable_nested_tensor?: bool, mask_check?: bool',
);
const ENCODER_FORWARD = method_signature<EncoderForwardOptions & { src: Tensor }>(
  'TransformerEncoder.forward',
  'src: Tensor, mask?: Tensor|None, src_key_padding_mask?: Tensor|None, is_causal?: bool|None',
);

// ---- Decoder ------------------------------------------------------------------------------------

/**
 * Applies self-attention, attention to the output of an encoder, and a feed-forward network, each with a residual
 * connection and layer normalization: `x = norm1(x + self_attn(x, x, x))`,
 * `x = norm2(x + multihead_attn(x, memory, memory))` and `y = norm3(x + linear2(dropout(activation(linear1(x)))))`;
 * with `norm_first` the normalizations come before attention and linear layers. Mirrors
 * `torch.nn.TransformerDecoderLayer`.
 *
 * Shapes: tgt `(T, N, d_model)` and memory `(S, N, d_model)`, with `N` first when `batch_first`, or without `N`; output
 * as tgt. `tgt_mask` is `(T, T)` or `(N * nhead, T, T)`, `memory_mask` `(T, S)` or `(N * nhead, T, S)`,
 * `tgt_key_padding_mask` `(N, T)` or `(T)`, and `memory_key_padding_mask` `(N, S)` or `(S)`: true where attention is
 * not allowed, or numbers that are added to the scores. The inputs have the dtype of the parameters. Dtypes: floating
 * point.
 *
 * @param d_model - features of the input
 * @param nhead - number of attention heads, which divides `d_model`
 * @param dim_feedforward - features between the two linear layers; default 2048
 * @param dropout - probability of dropout, in training; default 0.1
 * @param activation - `'relu'`, `'gelu'` or a function between the two linear layers; default `'relu'`
 * @param layer_norm_eps - `eps` of the layer normalizations; default 1e-5
 * @param batch_first - tensors are `(N, L, E)` instead of `(L, N, E)`; default false
 * @param norm_first - normalize before attention and linear layers instead of after them; default false
 * @param bias - learn the biases of the linear layers and normalizations; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `nhead` does not divide `d_model`, or for an unknown activation
 * @example
 * ```ts
 * const layer = new nn.TransformerDecoderLayer(4, 2, { dim_feedforward: 8, batch_first: true });
 * const [tgt, memory] = [torch.randn(1, 2, 4), torch.randn(1, 3, 4)];
 * const tgt_mask = nn.Transformer.generate_square_subsequent_mask(2);
 * print(layer(tgt, memory, { tgt_mask, tgt_is_causal: true }));
 * ```
 * ```python
 * layer = nn.TransformerDecoderLayer(4, 2, dim_feedforward=8, batch_first=True)
 * tgt, memory = torch.randn(1, 2, 4), torch.randn(1, 3, 4)
 * tgt_mask = nn.Transformer.generate_square_subsequent_mask(2)
 * print(layer(tgt, memory, tgt_mask=tgt_mask, tgt_is_causal=True))
 * ```
 */
export class TransformerDecoderLayer extends Module {
  declare self_attn: MultiheadAttention;
  declare multihead_attn: MultiheadAttention;
  declare linear1: Linear;
  declare dropout: Dropout;
  declare linear2: Linear;
  declare norm_first: boolean;
  declare norm1: LayerNorm;
  declare norm2: LayerNorm;
  declare norm3: LayerNorm;
  declare dropout1: Dropout;
  declare dropout2: Dropout;
  declare dropout3: Dropout;
  declare activation: (input: Tensor) => Tensor;

  constructor(...args: LayerArguments);
  constructor(...args: unknown[]) {
    const { norm_first, activation, attention, linear1, linear2, norm, dropout } = parts_of(new.target, args);
    super();
    this.self_attn = attention();
    this.multihead_attn = attention();
    this.linear1 = linear1();
    this.dropout = dropout();
    this.linear2 = linear2();
    this.norm_first = norm_first;
    this.norm1 = norm();
    this.norm2 = norm();
    this.norm3 = norm();
    this.dropout1 = dropout();
    this.dropout2 = dropout();
    this.dropout3 = dropout();
    this.activation = activation;
  }

  forward(...args: DecoderArguments): Tensor;
  forward(...args: unknown[]): Tensor {
    const { tgt, memory, ...options } = DECODER_LAYER_FORWARD.read(args);
    const { tgt_mask = null, memory_mask = null, tgt_key_padding_mask = null } = options;
    const { memory_key_padding_mask = null, memory_is_causal = false } = options;
    const tgt_is_causal = options.tgt_is_causal ?? false;
    const to_self = (x: Tensor): Tensor => this._sa_block(x, tgt_mask, tgt_key_padding_mask, tgt_is_causal);
    const to_memory = (x: Tensor): Tensor =>
      this._mha_block(x, memory, memory_mask, memory_key_padding_mask, memory_is_causal);
    if (this.norm_first) {
      const attended = tgt.add(to_self(this.norm1(tgt)));
      const informed = attended.add(to_memory(this.norm2(attended)));
      return informed.add(this._ff_block(this.norm3(informed)));
    }
    const attended = this.norm1(tgt.add(to_self(tgt)));
    const informed = this.norm2(attended.add(to_memory(attended)));
    return this.norm3(informed.add(this._ff_block(informed)));
  }

  /** Applies self-attention and dropout. */
  _sa_block(x: Tensor, attn_mask: Tensor | null, key_padding_mask: Tensor | null, is_causal = false): Tensor {
    const [attended] = this.self_attn(x, x, x, { attn_mask, key_padding_mask, is_causal, need_weights: false });
    return this.dropout1(attended);
  }

  /** Applies attention to the output of the encoder, and dropout. */
  _mha_block(
    x: Tensor,
    mem: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    is_causal = false,
  ): Tensor {
    const [attended] = this.multihead_attn(x, mem, mem, {
      attn_mask,
      key_padding_mask,
      is_causal,
      need_weights: false,
    });
    return this.dropout2(attended);
  }

  /** Applies the two linear layers, with activation and dropout between them, and dropout. */
  _ff_block(x: Tensor): Tensor {
    return this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))));
  }
}

/**
 * Applies a stack of decoder layers, which start as copies of one, and an optional normalization:
 * `y = norm(layer_n(...layer_1(x, memory), memory))`. Mirrors `torch.nn.TransformerDecoder`.
 *
 * Shapes: as for {@link TransformerDecoderLayer}. With `tgt_is_causal` left out, `tgt_mask` is compared with the causal
 * one. Dtypes: floating point.
 *
 * @param decoder_layer - the layer that is copied
 * @param num_layers - number of layers
 * @param norm - normalization of the output; default null
 * @throws Error on the call, when the first layer has no `self_attn`
 * @example
 * ```ts
 * const layer = new nn.TransformerDecoderLayer(4, 2, { dim_feedforward: 8, batch_first: true });
 * const decoder = new nn.TransformerDecoder(layer, 2, new nn.LayerNorm(4));
 * print(decoder(torch.randn(1, 2, 4), torch.randn(1, 3, 4)));
 * ```
 * ```python
 * layer = nn.TransformerDecoderLayer(4, 2, dim_feedforward=8, batch_first=True)
 * decoder = nn.TransformerDecoder(layer, num_layers=2, norm=nn.LayerNorm(4))
 * print(decoder(torch.randn(1, 2, 4), torch.randn(1, 3, 4)))
 * ```
 */
export class TransformerDecoder<L extends Module = TransformerDecoderLayer> extends Module {
  declare layers: ModuleList<L>;
  declare num_layers: number;
  declare norm: Module | null;

  constructor(
    ...args: Arguments<
      [decoder_layer: L, num_layers: number, norm?: Module | null],
      { decoder_layer: L; num_layers: number; norm?: Module | null },
      ['decoder_layer', 'num_layers', 'norm']
    >
  );
  constructor(...args: unknown[]) {
    const { decoder_layer, num_layers, norm = null } = DECODER.read(args);
    super();
    this.layers = clones(decoder_layer as L, num_layers);
    this.num_layers = num_layers;
    this.norm = norm;
  }

  forward(...args: DecoderArguments): Tensor;
  forward(...args: unknown[]): Tensor {
    const { tgt, memory, ...options } = DECODER_FORWARD.read(args);
    const tgt_is_causal = is_causal_mask(
      options.tgt_mask ?? null,
      options.tgt_is_causal ?? null,
      sequence_length(tgt, is_batch_first(this.layers)),
    );
    let output = tgt;
    for (const layer of this.layers) output = run(layer, output, memory, { ...options, tgt_is_causal });
    return this.norm === null ? output : run(this.norm, output);
  }
}

const DECODER = signature<{ decoder_layer: Module; num_layers: number; norm?: Module | null }>(
  'TransformerDecoder',
  'decoder_layer: Module, num_layers: int, norm?: Module|None',
);

// ---- Both ---------------------------------------------------------------------------------------

/** Keyword arguments of {@link Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions, Partial<TransformerLayerSizes> {
  /** Number of encoder layers. Default 6. */
  num_encoder_layers?: number;
  /** Number of decoder layers. Default 6. */
  num_decoder_layers?: number;
  /** A module instead of a {@link TransformerEncoder}. Default null. */
  custom_encoder?: Module | null;
  /** A module instead of a {@link TransformerDecoder}. Default null. */
  custom_decoder?: Module | null;
}

/** Keyword arguments of the call of a {@link Transformer}. */
export interface TransformerForwardOptions extends DecoderForwardOptions {
  /** Mask `(S, S)` or `(N * nhead, S, S)` of self-attention in the encoder. Default null. */
  src_mask?: Tensor | null;
  /** Mask `(N, S)` or `(S)` of the positions of the source. Default null. */
  src_key_padding_mask?: Tensor | null;
  /** A hint that `src_mask` is the causal mask. Default null: it is compared with that. */
  src_is_causal?: boolean | null;
}

interface TransformerInput extends TransformerForwardOptions {
  src: Tensor;
  tgt: Tensor;
}

type TransformerCall = Arguments<
  [
    src: Tensor,
    tgt: Tensor,
    src_mask?: Tensor | null,
    tgt_mask?: Tensor | null,
    memory_mask?: Tensor | null,
    src_key_padding_mask?: Tensor | null,
    tgt_key_padding_mask?: Tensor | null,
    memory_key_padding_mask?: Tensor | null,
    src_is_causal?: boolean | null,
    tgt_is_causal?: boolean | null,
    memory_is_causal?: boolean,
  ],
  TransformerInput,
  [
    'src',
    'tgt',
    'src_mask',
    'tgt_mask',
    'memory_mask',
    'src_key_padding_mask',
    'tgt_key_padding_mask',
    'memory_key_padding_mask',
    'src_is_causal',
    'tgt_is_causal',
    'memory_is_causal',
  ]
>;

const TRANSFORMER = signature<TransformerOptions>(
  'Transformer',
  'd_model?: int, nhead?: int, num_encoder_layers?: int, ' +
    'num_decoder_layers?: int, dim_feedforward?: int, dropout?: float, activation?: str|Callable, custom_encoder?: Module|None, ' +
    'custom_decoder?: Module|None, layer_norm_eps?: float, batch_first?: bool, norm_first?: bool, bias?: bool, ' +
    'device?: device|None, dtype?: dtype|None',
);
const TRANSFORMER_FORWARD = method_signature<TransformerInput>(
  'Transformer.forward',
  'src: Tensor, tgt: Tensor, src_mask?: Tensor|None, ' +
    'tgt_mask?: Tensor|None, memory_mask?: Tensor|None, src_key_padding_mask?: Tensor|None, tgt_key_padding_mask?: Tensor|None, ' +
    'memory_key_padding_mask?: Tensor|None, src_is_causal?: bool|None, tgt_is_causal?: bool|None, memory_is_causal?: bool',
);
const SUBSEQUENT_MASK = method_signature<FactoryOptions & { sz: number }>(
  'Transformer.generate_square_subsequent_mask',
  'sz: int, device?: device|None, dtype?: dtype|None',
);

/** A {@link Transformer} is called with the sequences to encode and to decode, and masks. */
export interface Transformer {
  (...args: TransformerCall): Tensor;
}

/**
 * Applies an encoder to a source sequence and a decoder to a target sequence, which attends to the output of the
 * encoder: `y = decoder(tgt, encoder(src))`. Mirrors `torch.nn.Transformer`.
 *
 * Shapes: src `(S, N, d_model)` and tgt `(T, N, d_model)`, with `N` first when `batch_first`, or without `N`; output as
 * tgt. The masks are those of {@link TransformerEncoder}, with the prefix `src_`, and of {@link TransformerDecoder}.
 * Parameters with more than one dimension are initialized by {@link xavier_uniform_}. The inputs have the dtype of the
 * parameters. Dtypes: floating point.
 *
 * @param d_model - features of both sequences; default 512
 * @param nhead - number of attention heads, which divides `d_model`; default 8
 * @param num_encoder_layers - number of encoder layers; default 6
 * @param num_decoder_layers - number of decoder layers; default 6
 * @param dim_feedforward - features between the two linear layers of each layer; default 2048
 * @param dropout - probability of dropout, in training; default 0.1
 * @param activation - `'relu'`, `'gelu'` or a function between the two linear layers; default `'relu'`
 * @param custom_encoder - a module instead of a {@link TransformerEncoder}; default null
 * @param custom_decoder - a module instead of a {@link TransformerDecoder}; default null
 * @param layer_norm_eps - `eps` of the layer normalizations; default 1e-5
 * @param batch_first - tensors are `(N, L, E)` instead of `(L, N, E)`; default false
 * @param norm_first - normalize before attention and linear layers instead of after them; default false
 * @param bias - learn the biases of the linear layers and normalizations; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `nhead` does not divide `d_model`, or for an unknown activation; on the call, when batch sizes or
 *   features do not match
 * @example
 * ```ts
 * const model = new nn.Transformer({
 *   d_model: 4, nhead: 2, num_encoder_layers: 1, num_decoder_layers: 1, dim_feedforward: 8, batch_first: true,
 * });
 * const [src, tgt] = [torch.randn(1, 3, 4), torch.randn(1, 2, 4)];
 * const tgt_mask = nn.Transformer.generate_square_subsequent_mask(2);
 * print(model(src, tgt, { tgt_mask, tgt_is_causal: true }));
 * ```
 * ```python
 * model = nn.Transformer(
 *     d_model=4, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=8, batch_first=True)
 * src, tgt = torch.randn(1, 3, 4), torch.randn(1, 2, 4)
 * tgt_mask = nn.Transformer.generate_square_subsequent_mask(2)
 * print(model(src, tgt, tgt_mask=tgt_mask, tgt_is_causal=True))
 * ```
 */
export class Transformer extends Module {
  declare encoder: Module;
  declare decoder: Module;
  declare d_model: number;
  declare nhead: number;
  declare batch_first: boolean;

  constructor(
    ...args: Arguments<
      [
        d_model?: number,
        nhead?: number,
        num_encoder_layers?: number,
        num_decoder_layers?: number,
        dim_feedforward?: number,
        dropout?: number,
        activation?: TransformerActivation,
        custom_encoder?: Module | null,
        custom_decoder?: Module | null,
        layer_norm_eps?: number,
        batch_first?: boolean,
        norm_first?: boolean,
        bias?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      TransformerOptions,
      [
        'd_model',
        'nhead',
        'num_encoder_layers',
        'num_decoder_layers',
        'dim_feedforward',
        'dropout',
        'activation',
        'custom_encoder',
        'custom_decoder',
        'layer_norm_eps',
        'batch_first',
        'norm_first',
        'bias',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const options = TRANSFORMER.read(args);
    const { d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6, custom_encoder = null } = options;
    const { custom_decoder = null, layer_norm_eps: eps = 1e-5, bias = true, device = null, dtype = null } = options;
    const { dim_feedforward = 2048, dropout = 0.1, activation = 'relu' } = options;
    const { batch_first = false, norm_first = false } = options;
    super();
    const layer = {
      d_model,
      nhead,
      dim_feedforward,
      dropout,
      activation,
      layer_norm_eps: eps,
      batch_first,
      norm_first,
      bias,
      device,
      dtype,
    };
    const norm = (): LayerNorm => new LayerNorm(d_model, { eps, bias, device, dtype });
    this.encoder =
      custom_encoder ?? new TransformerEncoder(new TransformerEncoderLayer(layer), num_encoder_layers, norm());
    this.decoder =
      custom_decoder ?? new TransformerDecoder(new TransformerDecoderLayer(layer), num_decoder_layers, norm());
    this._reset_parameters();
    this.d_model = d_model;
    this.nhead = nhead;
    this.batch_first = batch_first;
  }

  /** What a call of the module runs; its types are loose, so that a subclass may take other arguments. */
  forward(...args: unknown[]): Tensor {
    const { src, tgt, src_mask, src_key_padding_mask, src_is_causal, ...of_decoder } = TRANSFORMER_FORWARD.read(args);
    const batch = this.batch_first ? 0 : 1;
    if (src.ndim === 3 && src.size(batch) !== tgt.size(batch)) {
      throw new Error('the batch number of src and tgt must be equal');
    }
    if (src.size(-1) !== this.d_model || tgt.size(-1) !== this.d_model) {
      throw new Error('the feature number of src and tgt must be equal to d_model');
    }
    const memory = run(this.encoder, src, { mask: src_mask, src_key_padding_mask, is_causal: src_is_causal });
    return run(this.decoder, tgt, memory, of_decoder);
  }

  /**
   * Returns the causal mask `(sz, sz)`, which hides from each position those after it: minus infinity above the
   * diagonal, else 0.
   *
   * @param sz - length of the sequence
   * @param device - device of the mask; default: the default device
   * @param dtype - dtype of the mask; default: the default dtype
   * @example
   * ```ts
   * print(nn.Transformer.generate_square_subsequent_mask(3));
   * ```
   * ```python
   * print(nn.Transformer.generate_square_subsequent_mask(3))
   * ```
   */
  static generate_square_subsequent_mask(
    ...args: Arguments<
      [sz: number, device?: DeviceLike | null, dtype?: DType | null],
      FactoryOptions & { sz: number },
      ['sz', 'device', 'dtype']
    >
  ): Tensor;
  static generate_square_subsequent_mask(...args: unknown[]): Tensor {
    const { sz, device = null, dtype = null } = SUBSEQUENT_MASK.read(args);
    return square_subsequent_mask(sz, device, dtype);
  }

  /** Reinitializes the parameters with more than one dimension, by {@link xavier_uniform_}. */
  _reset_parameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavier_uniform_(parameter);
  }
}

forward_reads(TransformerEncoderLayer, ENCODER_LAYER_FORWARD);
forward_reads(TransformerEncoder, ENCODER_FORWARD);
forward_reads(TransformerDecoderLayer, DECODER_LAYER_FORWARD);
forward_reads(TransformerDecoder, DECODER_FORWARD);
forward_reads(Transformer, TRANSFORMER_FORWARD);
