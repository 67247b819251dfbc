/** `scaled_dot_product_attention`: libtorch's, except for masks that say by themselves how they are applied. */
import { overridable_exports } from '../../_internal/overriding.js';
import { scaled_dot_product_attention as attend } from '../../generated/nn_functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { CausalBias, type AttentionChoices } from '../attention/bias.js';

interface Given extends AttentionChoices {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  attn_mask: CausalBias;
}

const ATTENTION = signature<Given>(
  'scaled_dot_product_attention',
  'query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor|None, dropout_p?: float, is_causal?: bool, *, ' +
    'scale?: float|None, enable_gqa?: bool',
);

function has_bias(args: readonly unknown[]): boolean {
  if (args.length > 3 && args[3] instanceof CausalBias) return true;
  const last = args[args.length - 1];
  return typeof last === 'object' && last !== null && 'attn_mask' in last && last.attn_mask instanceof CausalBias;
}

/**
 * Computes softmax(Q Kᵀ / √d) V, the scaled dot product attention. Mirrors
 * `torch.nn.functional.scaled_dot_product_attention`.
 *
 * Shapes: `query` `(*, l, d)`, `key` `(*, s, d)`, `value` `(*, s, dv)`, output `(*, l, dv)`; `attn_mask` broadcasts to
 * `(*, l, s)`.
 *
 * @param query - the queries, `(*, l, d)`
 * @param key - the keys, `(*, s, d)`
 * @param value - the values, `(*, s, dv)`
 * @param attn_mask - what each query may attend to: a bool tensor (true takes part), a float tensor that is added to the
 *   scores, or a {@link CausalBias}; default null
 * @param dropout_p - the probability of a score to be dropped; default 0
 * @param is_causal - whether a query attends to no later key; default false
 * @param options - `scale`: the factor of the scores, 1 / √d by default; `enable_gqa`: whether heads of keys and values are
 *   shared by groups of queries, default false
 * @example
 * ```ts
 * const query = torch.randn(1, 2, 4);
 * const key = torch.randn(1, 3, 4);
 * const value = torch.randn(1, 3, 2);
 * print(F.scaled_dot_product_attention(query, key, value));
 * ```
 * ```python
 * query = torch.randn(1, 2, 4)
 * key = torch.randn(1, 3, 4)
 * value = torch.randn(1, 3, 2)
 * print(F.scaled_dot_product_attention(query, key, value))
 * ```
 */
export function scaled_dot_product_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  attn_mask?: Tensor | null,
  dropout_p?: number,
  is_causal?: boolean,
  options?: { scale?: number | null; enable_gqa?: boolean },
): Tensor;
export function scaled_dot_product_attention(
  ...args: Arguments<
    [query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor | null, dropout_p?: number, is_causal?: boolean],
    AttentionChoices & { query: Tensor; key: Tensor; value: Tensor; attn_mask?: Tensor | null },
    ['query', 'key', 'value', 'attn_mask', 'dropout_p', 'is_causal']
  >
): Tensor;
export function scaled_dot_product_attention(...args: unknown[]): Tensor {
  if (!has_bias(args)) return (attend as (...args: unknown[]) => Tensor)(...args);
  const { query, key, value, attn_mask, ...choices } = ATTENTION.read(args);
  return attn_mask._attend(query, key, value, choices);
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
