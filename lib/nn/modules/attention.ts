import { device_type } from '../../types/device_types.js';
import { is_autocast_enabled } from '../../amp/autocast_state.js';
import { is_grad_enabled } from '../../autograd/grad_mode.js';
import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { get_fastpath_enabled } from '../../backends/mha.js';
import { _canonical_mask, multi_head_attention_forward } from '../functional/attention.js';
import { constant_, xavier_normal_, xavier_uniform_ } from '../init.js';
import { forward_reads } from './forward_arguments.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions extends FactoryOptions {
  /** Probability of dropout on the attention weights, in training. Default 0. */
  dropout?: number;
  /** Learn the biases of the projections. Default true. */
  bias?: boolean;
  /** Learn one more key and value, added to each sequence. Default false. */
  add_bias_kv?: boolean;
  /** Add one more key and value of zeros to each sequence. Default false. */
  add_zero_attn?: boolean;
  /** Features of the key. Default null: `embed_dim`. */
  kdim?: number | null;
  /** Features of the value. Default null: `embed_dim`. */
  vdim?: number | null;
  /** Tensors are `(N, L, E)` instead of `(L, N, E)`. Default false. */
  batch_first?: boolean;
}

/** Keyword arguments of the call of a {@link MultiheadAttention}. */
export interface AttentionOptions {
  /** Mask `(N, S)` or `(S)` of keys: true where attention is not allowed, or numbers that are added to the scores. */
  key_padding_mask?: Tensor | null;
  /** Return the attention weights as well; without them a faster kernel can be used. Default true. */
  need_weights?: boolean;
  /**
   * Mask `(L, S)` or `(N * num_heads, L, S)` of pairs: true where attention is not allowed, or numbers that are added to the
   * scores.
   */
  attn_mask?: Tensor | null;
  /** Return the mean of the weights over the heads. Default true. */
  average_attn_weights?: boolean;
  /** A hint that `attn_mask` is the causal mask. Default false. */
  is_causal?: boolean;
}

/** What a {@link MultiheadAttention} must be given. */
export interface MultiheadAttentionSizes {
  /** Features of query and output. */
  embed_dim: number;
  /** Number of heads, which divides `embed_dim`. */
  num_heads: number;
}

interface AttentionInput extends AttentionOptions {
  query: Tensor;
  key: Tensor;
  value: Tensor;
}

const MULTIHEAD = signature<MultiheadAttentionOptions & MultiheadAttentionSizes>(
  'MultiheadAttention',
  'embed_dim: int, num_heads: int, dropout?: float, bias?: bool, add_bias_kv?: bool, add_zero_attn?: bool, kdim?: int|None, ' +
    'vdim?: int|None, batch_first?: bool, device?: device|None, dtype?: dtype|None',
);
const FORWARD = method_signature<AttentionInput>(
  'MultiheadAttention.forward',
  'query: Tensor, key: Tensor, value: Tensor, ' +
    'key_padding_mask?: Tensor|None, need_weights?: bool, attn_mask?: Tensor|None, average_attn_weights?: bool, ' +
    'is_causal?: bool',
);

/**
 * A {@link Linear} that dynamic quantization leaves unchanged: the output projection of {@link MultiheadAttention}. Mirrors
 * `torch.nn.modules.linear.NonDynamicallyQuantizableLinear`.
 *
 * @param in_features - size of each input sample
 * @param out_features - size of each output sample
 * @param options - `bias`, `device`, `dtype`
 * @example
 * ```ts
 * print(new nn.MultiheadAttention(4, 2).out_proj);
 * print(new nn.modules.linear.NonDynamicallyQuantizableLinear(4, 2, { bias: false }));
 * ```
 * ```python
 * print(nn.MultiheadAttention(4, 2).out_proj)
 * print(nn.modules.linear.NonDynamicallyQuantizableLinear(4, 2, bias=False))
 * ```
 */
export class NonDynamicallyQuantizableLinear extends Linear {}

/** Whether the devices and gradients of tensors allow a fused kernel for inference. @internal */
export function allow_fused_inference(tensors: readonly (Tensor | null)[]): boolean {
  const present = tensors.filter((tensor) => tensor !== null);
  return (
    present.every(({ device }) => device_type(device.type)?.fused_inference) &&
    !(is_grad_enabled() && present.some((tensor) => tensor.requires_grad))
  );
}

export interface MultiheadAttention {
  /** The projections of query, key and value in one weight; null when their features differ. */
  get in_proj_weight(): Parameter;
  set in_proj_weight(value: Parameter | null);
  /** The biases of these projections; null when the module was made with `bias: false`. */
  get in_proj_bias(): Parameter;
  set in_proj_bias(value: Parameter | null);
}

/**
 * Applies scaled dot-product attention in several heads: `y = concat(head_1, ..., head_h) W_o + b_o` with
 * `head_i = softmax(Q_i K_i^T / sqrt(embed_dim / num_heads)) V_i`, where `Q_i`, `K_i` and `V_i` are linear projections
 * of query, key and value. Mirrors `torch.nn.MultiheadAttention`.
 *
 * Shapes: query `(L, N, embed_dim)`, key `(S, N, kdim)` and value `(S, N, vdim)`, with `N` first when `batch_first`, or
 * without `N`; the result is the pair of the output, of the shape of the query, and the weights `(N, L, S)`,
 * `(N, num_heads, L, S)` with `average_attn_weights: false`, or null with `need_weights: false`. `key_padding_mask` is
 * `(N, S)` or `(S)`, and `attn_mask` `(L, S)` or `(N * num_heads, L, S)`: true where attention is not allowed, or
 * numbers that are added to the scores. Parameters: `in_proj_weight` `(3 * embed_dim, embed_dim)`, or `q_proj_weight`,
 * `k_proj_weight` and `v_proj_weight` when the features differ, initialized by {@link xavier_uniform_}; `in_proj_bias`
 * `(3 * embed_dim)`, initialized with zeros; `out_proj`, a {@link Linear}. The inputs have the dtype of the parameters.
 * Dtypes: floating point.
 *
 * @param embed_dim - features of query and output
 * @param num_heads - number of heads, which divides `embed_dim`
 * @param dropout - probability of dropout on the attention weights, in training; default 0
 * @param bias - learn the biases of the projections; default true
 * @param add_bias_kv - learn one more key and value, added to each sequence; default false
 * @param add_zero_attn - add one more key and value of zeros to each sequence; default false
 * @param kdim - features of the key; default null: `embed_dim`
 * @param vdim - features of the value; default null: `embed_dim`
 * @param batch_first - tensors are `(N, L, E)` instead of `(L, N, E)`; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when a size is not positive, or when `num_heads` does not divide `embed_dim`; on the call, when the
 *   shapes or dtypes do not match
 * @example
 * ```ts
 * const attention = new nn.MultiheadAttention(4, 2, { batch_first: true });
 * const x = torch.randn(1, 3, 4);
 * const key_padding_mask = torch.tensor([[false, false, true]]);
 * const [output, weights] = attention(x, x, x, { key_padding_mask });
 * print(output);
 * print(weights);
 * ```
 * ```python
 * attention = nn.MultiheadAttention(4, 2, batch_first=True)
 * x = torch.randn(1, 3, 4)
 * key_padding_mask = torch.tensor([[False, False, True]])
 * output, weights = attention(x, x, x, key_padding_mask=key_padding_mask)
 * print(output)
 * print(weights)
 * ```
 */
export class MultiheadAttention extends Module {
  declare embed_dim: number;
  declare kdim: number;
  declare vdim: number;
  declare _qkv_same_embed_dim: boolean;
  declare num_heads: number;
  declare dropout: number;
  declare batch_first: boolean;
  declare head_dim: number;
  declare q_proj_weight: Parameter | null;
  declare k_proj_weight: Parameter | null;
  declare v_proj_weight: Parameter | null;
  declare out_proj: Linear;
  declare bias_k: Parameter | null;
  declare bias_v: Parameter | null;
  declare add_zero_attn: boolean;

  constructor(
    ...args: Arguments<
      [
        embed_dim: number,
        num_heads: number,
        dropout?: number,
        bias?: boolean,
        add_bias_kv?: boolean,
        add_zero_attn?: boolean,
        kdim?: number | null,
        vdim?: number | null,
        batch_first?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      MultiheadAttentionOptions & MultiheadAttentionSizes,
      [
        'embed_dim',
        'num_heads',
        'dropout',
        'bias',
        'add_bias_kv',
        'add_zero_attn',
        'kdim',
        'vdim',
        'batch_first',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const options = MULTIHEAD.read(args);
    const {
      embed_dim,
      num_heads,
      dropout = 0,
      bias = true,
      add_bias_kv = false,
      device = null,
      dtype = null,
    } = options;
    if (embed_dim <= 0 || num_heads <= 0) {
      throw new Error(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embed_dim} and ` +
          `num_heads=${num_heads} instead`,
      );
    }
    super();
    this.embed_dim = embed_dim;
    this.kdim = options.kdim ?? embed_dim;
    this.vdim = options.vdim ?? embed_dim;
    this._qkv_same_embed_dim = this.kdim === embed_dim && this.vdim === embed_dim;
    this.num_heads = num_heads;
    this.dropout = dropout;
    this.batch_first = options.batch_first ?? false;
    this.head_dim = Math.floor(embed_dim / num_heads);
    if (this.head_dim * num_heads !== embed_dim) throw new Error('embed_dim must be divisible by num_heads');
    const parameter = (...shape: number[]): Parameter => new Parameter(ops.empty(shape, { device, dtype }));
    if (this._qkv_same_embed_dim) {
      this.in_proj_weight = parameter(3 * embed_dim, embed_dim);
      for (const name of ['q_proj_weight', 'k_proj_weight', 'v_proj_weight']) this.register_parameter(name, null);
    } else {
      this.q_proj_weight = parameter(embed_dim, embed_dim);
      this.k_proj_weight = parameter(embed_dim, this.kdim);
      this.v_proj_weight = parameter(embed_dim, this.vdim);
      this.register_parameter('in_proj_weight', null);
    }
    if (bias) this.in_proj_bias = parameter(3 * embed_dim);
    else this.register_parameter('in_proj_bias', null);
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, { bias, device, dtype });
    this.bias_k = add_bias_kv ? parameter(1, 1, embed_dim) : null;
    this.bias_v = add_bias_kv ? parameter(1, 1, embed_dim) : null;
    this.add_zero_attn = options.add_zero_attn ?? false;
    this._reset_parameters();
  }

  /** Reinitializes the parameters. */
  _reset_parameters(): void {
    const { in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, in_proj_bias, bias_k, bias_v } = this;
    for (const weight of [in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight]) {
      if (weight !== null) xavier_uniform_(weight);
    }
    if (in_proj_bias !== null) constant_(in_proj_bias, 0);
    if (in_proj_bias !== null && this.out_proj.bias !== null) constant_(this.out_proj.bias, 0);
    if (bias_k !== null) xavier_normal_(bias_k);
    if (bias_v !== null) xavier_normal_(bias_v);
  }

  forward(
    ...args: Arguments<
      [
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask?: Tensor | null,
        need_weights?: boolean,
        attn_mask?: Tensor | null,
        average_attn_weights?: boolean,
        is_causal?: boolean,
      ],
      AttentionInput,
      ['query', 'key', 'value', 'key_padding_mask', 'need_weights', 'attn_mask', 'average_attn_weights', 'is_causal']
    >
  ): [attn_output: Tensor, attn_output_weights: Tensor | null];
  forward(...args: unknown[]): [attn_output: Tensor, attn_output_weights: Tensor | null] {
    const { query, key, value, ...options } = FORWARD.read(args);
    const { key_padding_mask = null, need_weights = true, attn_mask = null } = options;
    const { average_attn_weights = true, is_causal = false } = options;
    const has_float_mask = [attn_mask, key_padding_mask].some((mask) => mask?.is_floating_point());
    const padding = _canonical_mask(
      key_padding_mask,
      'key_padding_mask',
      attn_mask?.dtype ?? null,
      'attn_mask',
      query.dtype,
    );
    const mask = _canonical_mask(attn_mask, 'attn_mask', null, '', query.dtype);

    const {
      in_proj_weight,
      in_proj_bias,
      out_proj: { weight: out_weight, bias: out_bias },
    } = this as NullableWeights;
    const obstacle = has_float_mask
      ? 'floating-point masks are not supported for fast path.'
      : (obstacle_to_fast_path(this, [query, key, value], padding !== null || mask !== null) ??
        obstacle_in_tensors([query, key, value, in_proj_weight, in_proj_bias, out_weight, out_bias]));
    if (obstacle === null && in_proj_bias !== null && in_proj_weight !== null && out_bias !== null) {
      const [merged, mask_type] = this.merge_masks(mask, padding, query);
      const [output, weights] = ops._native_multi_head_attention(
        query,
        key,
        value,
        this.embed_dim,
        this.num_heads,
        in_proj_weight,
        in_proj_bias,
        out_weight,
        out_bias,
        merged,
        need_weights,
        average_attn_weights,
        mask_type,
      );
      return [output, need_weights ? weights : null];
    }
    refuse_nested([query, key, value], obstacle ?? '');
    const swaps = this.batch_first && query.ndim === 3;
    const inputs = swaps ? positions_first(query, key, value) : ([query, key, value] as const);
    const [output, weights] = multi_head_attention_forward(
      ...inputs,
      this.embed_dim,
      this.num_heads,
      in_proj_weight,
      in_proj_bias,
      this.bias_k,
      this.bias_v,
      this.add_zero_attn,
      this.dropout,
      out_weight,
      out_bias,
      {
        training: this.training,
        key_padding_mask: padding,
        need_weights,
        attn_mask: mask,
        use_separate_proj_weight: !this._qkv_same_embed_dim,
        q_proj_weight: this.q_proj_weight,
        k_proj_weight: this.k_proj_weight,
        v_proj_weight: this.v_proj_weight,
        average_attn_weights,
        is_causal,
      },
    );
    return [swaps ? output.transpose(1, 0) : output, weights];
  }

  /**
   * Combines both masks into one, as the fused kernels take it.
   *
   * @param attn_mask - mask of pairs, or null
   * @param key_padding_mask - mask of keys, or null
   * @param query - the query, whose batch size and length the mask gets
   * @returns the mask, and its type: 1 for a mask of keys, 2 for one of pairs
   */
  merge_masks(
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    query: Tensor,
  ): [merged_mask: Tensor | null, mask_type: number | null] {
    if (attn_mask === null) return [key_padding_mask, key_padding_mask === null ? null : 1];
    const [batch, length] = query.shape as readonly number[] as [number, number];
    const pairs =
      attn_mask.ndim === 3
        ? attn_mask.view([batch, -1, length, length])
        : attn_mask.view([1, 1, length, length]).expand([batch, this.num_heads, -1, -1]);
    if (key_padding_mask === null) return [pairs, 2];
    return [pairs.add(key_padding_mask.view([batch, 1, 1, length]).expand([-1, this.num_heads, -1, -1])), 2];
  }
}

interface NullableWeights {
  in_proj_weight: Parameter | null;
  in_proj_bias: Parameter | null;
  out_proj: { weight: Parameter; bias: Parameter | null };
}

type Triple = readonly [query: Tensor, key: Tensor, value: Tensor];

/** The reason why the fused kernel cannot be used; null when it can. */
function obstacle_to_fast_path(
  attention: MultiheadAttention,
  [query, key, value]: Triple,
  masked: boolean,
): string | null {
  const { in_proj_bias, in_proj_weight } = attention as NullableWeights;
  const dtype = String(query.dtype);
  if (!get_fastpath_enabled()) return 'torch.backends.mha.get_fastpath_enabled() was not True';
  if (query.ndim !== 3) return `input not batched; expected query.dim() of 3 but got ${query.ndim}`;
  if (query !== key || key !== value) {
    return 'non-self attention was used (query, key, and value are not the same Tensor)';
  }
  if (in_proj_bias !== null && query.dtype !== in_proj_bias.dtype) {
    return `dtypes of query (${dtype}) and self.in_proj_bias (${String(in_proj_bias.dtype)}) don't match`;
  }
  if (in_proj_weight === null) return 'in_proj_weight was None';
  if (query.dtype !== in_proj_weight.dtype) {
    return `dtypes of query (${dtype}) and self.in_proj_weight (${String(in_proj_weight.dtype)}) don't match`;
  }
  if (attention.training) return 'training is enabled';
  if (attention.num_heads % 2 !== 0) return 'self.num_heads is not even';
  if (!attention.batch_first) return 'batch_first was not True';
  if (attention.bias_k !== null) return 'self.bias_k was not None';
  if (attention.bias_v !== null) return 'self.bias_v was not None';
  if (attention.add_zero_attn) return 'add_zero_attn was enabled';
  if (masked && query.is_nested) {
    return 'supplying both src_key_padding_mask and src_mask at the same time is not supported with NestedTensor input';
  }
  if (is_autocast_enabled()) return 'autocast is enabled';
  return null;
}

function obstacle_in_tensors(tensors: readonly (Tensor | null)[]): string | null {
  if (allow_fused_inference(tensors)) return null;
  return 'grad is enabled and at least one of query or the input/output projection weights or biases requires_grad';
}

function refuse_nested(inputs: Triple, obstacle: string): void {
  if (!inputs.some((input) => input.is_nested)) return;
  throw new Error(
    'MultiheadAttention does not support NestedTensor outside of its fast path. ' +
      `The fast path was not hit because ${obstacle}`,
  );
}

/** (batch, position, feature) as (position, batch, feature); tensors that are the same stay the same. */
function positions_first(query: Tensor, key: Tensor, value: Tensor): Triple {
  const turned = new Map<Tensor, Tensor>();
  const turn = (tensor: Tensor): Tensor => {
    const known = turned.get(tensor) ?? tensor.transpose(1, 0);
    turned.set(tensor, known);
    return known;
  };
  return [turn(query), turn(key), turn(value)];
}

forward_reads(MultiheadAttention, FORWARD);
