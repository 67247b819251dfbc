/** Attention of several heads. */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { bool, type DType } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import type { Tensor } from '../../_tensor.js';
import { python_size } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/** The options of {@link multi_head_attention_forward}. */
export interface MultiHeadAttentionForwardOptions {
  /** Apply dropout to the weights. Default true. */
  training?: boolean;
  /** Keys `(N, S)` or `(S)` to ignore: true, or a value added to their scores. Default null. */
  key_padding_mask?: Tensor | null;
  /** Return the attention weights as well. Default true. */
  need_weights?: boolean;
  /** Pairs `(L, S)` or `(N * num_heads, L, S)` to ignore: true, or a value added to their scores. Default null. */
  attn_mask?: Tensor | null;
  /** Use `q_proj_weight`, `k_proj_weight` and `v_proj_weight` instead of `in_proj_weight`. Default false. */
  use_separate_proj_weight?: boolean;
  /** Projection of the query, `(E, E)`. Default null. */
  q_proj_weight?: Tensor | null;
  /** Projection of the keys, `(E, size of the keys)`. Default null. */
  k_proj_weight?: Tensor | null;
  /** Projection of the values, `(E, size of the values)`. Default null. */
  v_proj_weight?: Tensor | null;
  /** Keys `(N * num_heads, S, E / num_heads)` instead of the projected ones. Default null. */
  static_k?: Tensor | null;
  /** Values `(N * num_heads, S, E / num_heads)` instead of the projected ones. Default null. */
  static_v?: Tensor | null;
  /** Average the returned weights over the heads. Default true. */
  average_attn_weights?: boolean;
  /** Hint that `attn_mask` is causal, so that a faster path may skip it. Default false. */
  is_causal?: boolean;
}

/** The arguments of {@link multi_head_attention_forward}. */
export interface MultiHeadAttentionForwardArguments extends MultiHeadAttentionForwardOptions {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  /** Expected size of the embeddings. */
  embed_dim_to_check: number;
  num_heads: number;
  /** Projections of query, key and value, `(3 * E, E)`. */
  in_proj_weight: Tensor | null;
  /** Their biases, `(3 * E)`. */
  in_proj_bias: Tensor | null;
  /** A key `(1, 1, E)` to append. */
  bias_k: Tensor | null;
  /** A value `(1, 1, E)` to append. */
  bias_v: Tensor | null;
  /** Append a key and a value of zeros. */
  add_zero_attn: boolean;
  /** Probability of a weight to be zeroed. */
  dropout_p: number;
  /** Output projection, `(E, E)`. */
  out_proj_weight: Tensor;
  /** Its bias, `(E)`. */
  out_proj_bias: Tensor | null;
}

const MULTI_HEAD_ATTENTION_FORWARD = signature<MultiHeadAttentionForwardArguments>(
  'multi_head_attention_forward',
  'query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: int, num_heads: int, ' +
    'in_proj_weight: Tensor|None, in_proj_bias: Tensor|None, bias_k: Tensor|None, bias_v: Tensor|None, ' +
    'add_zero_attn: bool, dropout_p: float, out_proj_weight: Tensor, out_proj_bias: Tensor|None, training?: bool, ' +
    'key_padding_mask?: Tensor|None, need_weights?: bool, attn_mask?: Tensor|None, use_separate_proj_weight?: bool, ' +
    'q_proj_weight?: Tensor|None, k_proj_weight?: Tensor|None, v_proj_weight?: Tensor|None, static_k?: Tensor|None, ' +
    'static_v?: Tensor|None, average_attn_weights?: bool, is_causal?: bool',
);

type Triple = [query: Tensor, key: Tensor, value: Tensor];

type MaybeTensor = Tensor | null;

function has_shape(tensor: Tensor, shape: readonly number[]): boolean {
  return python_size(tensor.shape) === python_size(shape);
}

// ---- What goes in -------------------------------------------------------------------------------

/** What is expected of the other tensors beside a query with and without a batch dimension. */
const layouts = [
  { rank: 3, about: 'batched (3-D)' },
  { rank: 2, about: 'unbatched (2-D)' },
];

function is_batched([query, key, value]: Triple, padding: MaybeTensor, mask: MaybeTensor, num_heads: number): boolean {
  const layout = layouts.find(({ rank }) => rank === query.ndim);
  if (layout === undefined) {
    throw new Error(`query should be unbatched 2D or batched 3D tensor but received ${query.ndim}-D query tensor`);
  }
  const { rank, about } = layout;
  if (key.ndim !== rank || value.ndim !== rank) {
    throw new Error(
      `For ${about} \`query\`, expected \`key\` and \`value\` to be ${rank}-D but found ${key.ndim}-D ` +
        `and ${value.ndim}-D tensors respectively`,
    );
  }
  if (padding !== null && padding.ndim !== rank - 1) {
    throw new Error(
      `For ${about} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${rank - 1}-D but found ` +
        `${padding.ndim}-D tensor instead`,
    );
  }
  if (mask !== null && mask.ndim !== 2 && mask.ndim !== 3) {
    throw new Error(
      `For ${about} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ` +
        `${mask.ndim}-D tensor instead`,
    );
  }
  if (rank === 2 && mask?.ndim === 3) check_unbatched_mask(mask, [num_heads, query.size(0), key.size(0)]);
  return rank === 3;
}

function check_unbatched_mask(mask: Tensor, expected: readonly number[]): void {
  if (has_shape(mask, expected)) return;
  throw new Error(`Expected \`attn_mask\` shape to be ${python_size(expected)} but got ${String(mask.shape)}`);
}

/**
 * A mask in additive form: minus infinity where a boolean mask is true. Mirrors
 * `torch.nn.functional._canonical_mask`.
 *
 * @param other_type - dtype of the mask `other_name`, which should be the same; null when there is none
 * @param target_type - dtype of the scores
 * @throws Error when the mask is neither boolean nor floating point
 * @internal
 */
export function _canonical_mask(
  mask: Tensor | null,
  mask_name: string,
  other_type: DType | null,
  other_name: string,
  target_type: DType,
): Tensor | null {
  if (mask === null) return null;
  const is_float = mask.is_floating_point();
  if (mask.dtype !== bool && !is_float) throw new Error(`only bool and floating types of ${mask_name} are supported`);
  if (other_type !== null && mask.dtype !== other_type) {
    warn(`Support for mismatched ${mask_name} and ${other_name} is deprecated. Use same type for both instead.`);
  }
  return is_float ? mask : ops.zeros_like(mask, { dtype: target_type }).masked_fill_(mask, -Infinity);
}

function check_embedding(query: Tensor, expected: number, num_heads: number): void {
  const embed_dim = query.size(2);
  if (embed_dim !== expected) throw new Error(`was expecting embedding dimension of ${expected}, but got ${embed_dim}`);
  if (Math.floor(embed_dim / num_heads) * num_heads !== embed_dim) {
    throw new Error(`embed_dim ${embed_dim} not divisible by num_heads ${num_heads}`);
  }
}

function first_two(tensor: Tensor): string {
  return `torch.Size([${tensor.shape.slice(0, 2).join(', ')}])`;
}

function check_source([, key, value]: Triple, separate: boolean): void {
  if (separate && first_two(key) !== first_two(value)) {
    throw new Error(`key's sequence and batch dims ${first_two(key)} do not match value's ${first_two(value)}`);
  }
  if (!separate && !has_shape(key, value.shape)) {
    throw new Error(`key shape ${String(key.shape)} does not match value shape ${String(value.shape)}`);
  }
}

function with_three_dims(mask: MaybeTensor, batch: number, target: number, source: number): MaybeTensor {
  if (mask === null) return null;
  const expected = mask.ndim === 2 ? [target, source] : [batch, target, source];
  if (!has_shape(mask, expected)) {
    throw new Error(
      `The shape of the ${mask.ndim}D attn_mask is ${String(mask.shape)}, but should be ` + `${python_size(expected)}.`,
    );
  }
  return mask.ndim === 2 ? mask.unsqueeze(0) : mask;
}

// ---- Projections --------------------------------------------------------------------------------

/** One projection for several tensors at once, each in memory of its own. */
function project_together(input: Tensor, weight: Tensor, bias: MaybeTensor, count: number): Tensor[] {
  const projected = nn.linear(input, weight, bias).unflatten(-1, [count, input.size(-1)]);
  return projected.unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous().unbind(0);
}

function project_packed([query, key, value]: Triple, weight: Tensor, bias: MaybeTensor): Triple {
  if (key === value && query === key) return project_together(query, weight, bias, 3) as Triple;
  if (key === value) {
    const size = query.size(-1);
    const [query_weight, source_weight] = weight.split([size, 2 * size]) as [Tensor, Tensor];
    const [query_bias = null, source_bias = null] = bias?.split([size, 2 * size]) ?? [];
    const [k, v] = project_together(key, source_weight, source_bias, 2) as [Tensor, Tensor];
    return [nn.linear(query, query_weight, query_bias), k, v];
  }
  return project_each([query, key, value], weight.chunk(3) as Triple, bias);
}

function project_each(inputs: Triple, weights: Triple, bias: MaybeTensor): Triple {
  const biases = bias?.chunk(3) ?? [];
  return inputs.map((input, i) => nn.linear(input, weights[i]!, biases[i] ?? null)) as Triple;
}

const roles = ['query', 'key', 'value'];

function check_separate(inputs: Triple, weights: Triple, bias: MaybeTensor): void {
  const size = inputs[0].size(-1);
  weights.forEach((weight, i) => {
    const expected = [size, inputs[i]!.size(-1)];
    if (has_shape(weight, expected)) return;
    throw new Error(`expecting ${roles[i]} weights shape of ${python_size(expected)}, but got ${String(weight.shape)}`);
  });
  bias?.chunk(3).forEach((part, i) => {
    if (has_shape(part, [size])) return;
    throw new Error(`expecting ${roles[i]} bias shape of ${python_size([size])}, but got ${String(part.shape)}`);
  });
}

function present(separate: boolean, name: string, weight: MaybeTensor | undefined): Tensor {
  if (weight) return weight;
  throw new Error(`use_separate_proj_weight is ${separate ? 'True' : 'False'} but ${name} is None`);
}

function project(
  inputs: Triple,
  packed: MaybeTensor,
  bias: MaybeTensor,
  options: MultiHeadAttentionForwardOptions,
): Triple {
  if (!options.use_separate_proj_weight) {
    return project_packed(inputs, present(false, 'in_proj_weight', packed), bias);
  }
  const weights: Triple = [
    present(true, 'q_proj_weight', options.q_proj_weight),
    present(true, 'k_proj_weight', options.k_proj_weight),
    present(true, 'v_proj_weight', options.v_proj_weight),
  ];
  check_separate(inputs, weights, bias);
  return project_each(inputs, weights, bias);
}

// ---- Keys and values ----------------------------------------------------------------------------

/** What is attended to, with what is added to its scores. */
interface Source {
  key: Tensor;
  value: Tensor;
  mask: MaybeTensor;
  padding: MaybeTensor;
}

/** With one more position, which no mask hides. */
function append({ key, value, mask, padding }: Source, more_key: Tensor, more_value: Tensor, dim: number): Source {
  const widened = (old: MaybeTensor): MaybeTensor => old && nn.pad(old, [0, 1]);
  return {
    key: ops.cat([key, more_key], dim),
    value: ops.cat([value, more_value], dim),
    mask: widened(mask),
    padding: widened(padding),
  };
}

function append_biases(
  source: Source,
  bias_k: MaybeTensor,
  bias_v: MaybeTensor,
  options: MultiHeadAttentionForwardOptions,
): Source {
  if (bias_k === null && bias_v === null) return source;
  if (bias_v === null) throw new Error('bias_k is set but bias_v is None');
  if (bias_k === null) throw new Error('bias_v is set but bias_k is None');
  if (options.static_k) throw new Error('bias cannot be added to static key.');
  if (options.static_v) throw new Error('bias cannot be added to static value.');
  const batch = source.key.size(1);
  return append(source, bias_k.repeat([1, batch, 1]), bias_v.repeat([1, batch, 1]), 0);
}

function append_zeros(source: Source): Source {
  const { key, value } = source;
  const shape = [key.size(0), 1, key.size(2)];
  const zeros = (like: Tensor): Tensor => ops.zeros(shape, { dtype: like.dtype, device: like.device });
  return append(source, zeros(key), zeros(value), 1);
}

/** (length, batch, embedding) as (batch * heads, length, head_dim). */
function split_heads(tensor: Tensor, batch: number, head_dim: number): Tensor {
  return tensor.view([tensor.size(0), batch, head_dim]).transpose(0, 1);
}

function static_or_split(
  fixed: MaybeTensor | undefined,
  name: string,
  tensor: Tensor,
  batch: number,
  head_dim: number,
): Tensor {
  if (!fixed) return split_heads(tensor, batch, head_dim);
  if (fixed.size(0) !== batch) throw new Error(`expecting ${name}.size(0) of ${batch}, but got ${fixed.size(0)}`);
  if (fixed.size(2) !== head_dim) throw new Error(`expecting ${name}.size(2) of ${head_dim}, but got ${fixed.size(2)}`);
  return fixed;
}

/** Both masks in one, (1 or batch * heads, 1 or target, source). */
function merged_mask({ key, mask, padding }: Source, batch: number, heads: number): MaybeTensor {
  if (padding === null) return mask;
  const source = key.size(1);
  [batch, source].forEach((expected, dim) => {
    if (padding.size(dim) === expected) return;
    throw new Error(`Expected key_padded_mask.shape[${dim}] to be ${expected}, but got ${padding.size(dim)}`);
  });
  const of_heads = padding
    .view([batch, 1, 1, source])
    .expand([-1, heads, -1, -1])
    .reshape([batch * heads, 1, source]);
  return mask === null ? of_heads : mask.add(of_heads);
}

// ---- Attention ----------------------------------------------------------------------------------

/** The softmax of the scores, after dropout. */
function attention_weights(query: Tensor, key: Tensor, mask: MaybeTensor, dropout_p: number): Tensor {
  const scaled = query.mul(Math.sqrt(1 / query.size(2)));
  const keys = key.transpose(-2, -1);
  const weights = (mask === null ? scaled.bmm(keys) : ops.baddbmm(mask, scaled, keys)).softmax(-1);
  return dropout_p > 0 ? ops.dropout(weights, dropout_p, true) : weights;
}

/** The attended values (target, batch * heads, head_dim), without their weights. */
function fused_attention(
  query: Tensor,
  { key, value }: Source,
  mask: MaybeTensor,
  [batch, heads]: readonly [number, number],
  dropout_p: number,
  is_causal: boolean,
): Tensor {
  const by_head = (tensor: Tensor): Tensor => tensor.view([batch, heads, tensor.size(1), tensor.size(2)]);
  const shared = mask?.size(0) === 1;
  const by_head_mask = mask && (shared ? mask.unsqueeze(0) : mask.view([batch, heads, -1, key.size(1)]));
  const attended = nn.scaled_dot_product_attention(
    by_head(query),
    by_head(key),
    by_head(value),
    by_head_mask,
    dropout_p,
    is_causal,
  );
  return attended.permute([2, 0, 1, 3]);
}

/**
 * Multi-head attention: `concat(heads) @ out_proj_weight.T + out_proj_bias`, where a head is `softmax(q k^T / sqrt(E
 * / num_heads)) v` of the projected query, keys and values. Mirrors
 * `torch.nn.functional.multi_head_attention_forward`.
 *
 * `nn.MultiheadAttention` is the module. Arguments and options are those of {@link
 * MultiHeadAttentionForwardArguments}.
 *
 * @param query - of shape `(L, N, E)` or `(L, E)`
 * @param key - of shape `(S, N, E)` or `(S, E)`
 * @param value - of the shape of the keys
 * @returns the output, of the shape of the query, and the weights: `(N, L, S)` or `(L, S)`, with a dimension
 * `num_heads` before L when they are not averaged; null when they are not needed
 * @throws Error when shapes do not fit, masks are neither boolean nor floating point, or arguments that belong
 * together are incomplete
 * @example
 * ```ts
 * const x = torch.randn(3, 1, 4);
 * const [in_proj, out_proj] = [torch.randn(12, 4), torch.eye(4)];
 * const [output, weights] = F.multi_head_attention_forward(
 *   x, x, x, 4, 2, in_proj, null, null, null, false, 0, out_proj, null,
 * );
 * print(output, weights);
 * ```
 * ```python
 * x = torch.randn(3, 1, 4)
 * in_proj, out_proj = torch.randn(12, 4), torch.eye(4)
 * output, weights = F.multi_head_attention_forward(
 *     x, x, x, 4, 2, in_proj, None, None, None, False, 0, out_proj, None,
 * )
 * print(output, weights)
 * ```
 */
export function multi_head_attention_forward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embed_dim_to_check: number,
  num_heads: number,
  in_proj_weight: Tensor | null,
  in_proj_bias: Tensor | null,
  bias_k: Tensor | null,
  bias_v: Tensor | null,
  add_zero_attn: boolean,
  dropout_p: number,
  out_proj_weight: Tensor,
  out_proj_bias: Tensor | null,
  training?: boolean,
  key_padding_mask?: Tensor | null,
  need_weights?: boolean,
  attn_mask?: Tensor | null,
  use_separate_proj_weight?: boolean,
  q_proj_weight?: Tensor | null,
  k_proj_weight?: Tensor | null,
  v_proj_weight?: Tensor | null,
  static_k?: Tensor | null,
  static_v?: Tensor | null,
  average_attn_weights?: boolean,
  is_causal?: boolean,
): [attn_output: Tensor, attn_output_weights: Tensor | null];
export function multi_head_attention_forward(
  ...args: Arguments<
    [
      query: Tensor,
      key: Tensor,
      value: Tensor,
      embed_dim_to_check: number,
      num_heads: number,
      in_proj_weight: Tensor | null,
      in_proj_bias: Tensor | null,
      bias_k: Tensor | null,
      bias_v: Tensor | null,
      add_zero_attn: boolean,
      dropout_p: number,
      out_proj_weight: Tensor,
      out_proj_bias: Tensor | null,
      training?: boolean,
      key_padding_mask?: Tensor | null,
      need_weights?: boolean,
      attn_mask?: Tensor | null,
      use_separate_proj_weight?: boolean,
      q_proj_weight?: Tensor | null,
      k_proj_weight?: Tensor | null,
      v_proj_weight?: Tensor | null,
      static_k?: Tensor | null,
      static_v?: Tensor | null,
      average_attn_weights?: boolean,
      is_causal?: boolean,
    ],
    MultiHeadAttentionForwardArguments,
    [
      'query',
      'key',
      'value',
      'embed_dim_to_check',
      'num_heads',
      'in_proj_weight',
      'in_proj_bias',
      'bias_k',
      'bias_v',
      'add_zero_attn',
      'dropout_p',
      'out_proj_weight',
      'out_proj_bias',
      'training',
      'key_padding_mask',
      'need_weights',
      'attn_mask',
      'use_separate_proj_weight',
      'q_proj_weight',
      'k_proj_weight',
      'v_proj_weight',
      'static_k',
      'static_v',
      'average_attn_weights',
      'is_causal',
    ]
  >
): [attn_output: Tensor, attn_output_weights: Tensor | null];
export function multi_head_attention_forward(
  ...args: unknown[]
): [attn_output: Tensor, attn_output_weights: Tensor | null] {
  return MULTI_HEAD_ATTENTION_FORWARD.call(args, attend);
}

function attend(
  options: MultiHeadAttentionForwardArguments,
): [attn_output: Tensor, attn_output_weights: Tensor | null] {
  const { query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v } = options;
  const { add_zero_attn, dropout_p, out_proj_weight, out_proj_bias } = options;
  const { training = true, key_padding_mask = null, need_weights = true, attn_mask = null } = options;
  const { average_attn_weights = true, is_causal = false, use_separate_proj_weight = false } = options;
  const given: Triple = [query, key, value];
  const batched = is_batched(given, key_padding_mask, attn_mask, num_heads);
  const inputs = batched ? given : (given.map((tensor) => tensor.unsqueeze(1)) as Triple);
  const [target, batch, embed_dim] = inputs[0].shape as readonly number[] as [number, number, number];

  const padding = _canonical_mask(
    batched ? key_padding_mask : (key_padding_mask?.unsqueeze(0) ?? null),
    'key_padding_mask',
    attn_mask?.dtype ?? null,
    'attn_mask',
    query.dtype,
  );
  if (is_causal && attn_mask === null) {
    throw new Error(
      'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method ' +
        '`generate_square_subsequent_mask` to create this mask.',
    );
  }
  // The hint replaces the mask only where nothing else needs the mask.
  const hinted = is_causal && padding === null && !need_weights;
  const given_mask = hinted ? null : _canonical_mask(attn_mask, 'attn_mask', null, '', query.dtype);

  check_embedding(inputs[0], embed_dim_to_check, num_heads);
  check_source(inputs, use_separate_proj_weight);
  const [q, k, v] = project(inputs, in_proj_weight, in_proj_bias, options);
  const all_heads = batch * num_heads;
  const head_dim = embed_dim / num_heads;
  const mask = with_three_dims(given_mask, all_heads, target, inputs[1].size(0));
  const long = append_biases({ key: k, value: v, mask, padding }, bias_k, bias_v, options);
  const queries = split_heads(q, all_heads, head_dim);
  const split: Source = {
    ...long,
    key: static_or_split(options.static_k, 'static_k', long.key, all_heads, head_dim),
    value: static_or_split(options.static_v, 'static_v', long.value, all_heads, head_dim),
  };
  const source = add_zero_attn ? append_zeros(split) : split;
  const full_mask = merged_mask(source, batch, num_heads);

  const dropped = training ? dropout_p : 0;
  const weights = need_weights ? attention_weights(queries, source.key, full_mask, dropped) : null;
  const attended =
    weights === null
      ? fused_attention(queries, source, full_mask, [batch, num_heads], dropped, hinted)
      : weights.bmm(source.value).transpose(0, 1);
  const projected = nn.linear(attended.reshape([target * batch, embed_dim]), out_proj_weight, out_proj_bias);
  const output = projected.view([target, batch, projected.size(1)]);

  const by_head = weights?.view([batch, num_heads, target, source.key.size(1)]) ?? null;
  const shown = by_head && average_attn_weights ? by_head.mean(1) : by_head;
  return batched ? [output, shown] : [output.squeeze(1), shown?.squeeze(0) ?? null];
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
