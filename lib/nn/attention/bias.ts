/** Mirrors `torch.nn.attention.bias`: causal masks that attention knows by what they are. */
import { constant_pad_nd, ones } from '../../generated/functions.js';
import { scaled_dot_product_attention } from '../../generated/nn_functions.js';
import { can_use_efficient_attention, can_use_flash_attention, SDPAParams } from '../../backends/sdp.js';
import { operator } from '../../_C/dispatch.js';
import { native } from '../../_C/native.js';
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import { bool } from '../../types/dtype.js';
import type { DeviceLike } from '../../types/device.js';
import { Tensor } from '../../_tensor.js';
import { check_inputs } from './inputs.js';

/**
 * The corner that a causal mask is aligned to. Mirrors `torch.nn.attention.bias.CausalVariant`.
 * @example
 * ```ts
 * print(nn.attention.bias.CausalVariant.LOWER_RIGHT);
 * ```
 * ```python
 * from torch.nn.attention.bias import CausalVariant
 * print(CausalVariant.LOWER_RIGHT)
 * ```
 */
export const CausalVariant = {
  /** A query attends to the keys up to its own place. */
  UPPER_LEFT: 1,
  /** The last query attends to all keys. */
  LOWER_RIGHT: 2,
} as const;
export type CausalVariant = (typeof CausalVariant)[keyof typeof CausalVariant];

define_kind('CausalVariant', 'CausalVariant', (value) => value === 1 || value === 2);
const CAUSAL_BIAS = signature<{ variant: CausalVariant; seq_len_q: number; seq_len_kv: number }>(
  'CausalBias',
  'variant: CausalVariant, seq_len_q: int, seq_len_kv: int',
);
const flash = operator('aten::_scaled_dot_product_flash_attention', '');
const efficient = operator('aten::_efficient_attention_forward', '');

function mask(variant: CausalVariant, queries: number, keys: number, device?: DeviceLike): Tensor {
  const all = ones([queries, keys], { dtype: bool, ...(device === undefined ? {} : { device }) });
  return all.tril(variant === CausalVariant.LOWER_RIGHT ? keys - queries : 0);
}

/** The arguments of attention beside the tensors and the mask. */
export interface AttentionChoices {
  dropout_p?: number;
  is_causal?: boolean;
  scale?: number | null;
  enable_gqa?: boolean;
}

/**
 * A causal mask as an `attn_mask` of `nn.functional.scaled_dot_product_attention`, which then takes a kernel that knows
 * causality instead of reading the mask. As a tensor it is that mask. Mirrors `torch.nn.attention.bias.CausalBias`.
 *
 * @param variant - the corner, of {@link CausalVariant}
 * @param seq_len_q - number of queries
 * @param seq_len_kv - number of keys
 * @throws TypeError for what is not a variant
 * @example
 * ```ts
 * const { CausalBias, CausalVariant } = nn.attention.bias;
 * const q = torch.randn(1, 1, 3, 8);
 * const bias = new CausalBias(CausalVariant.UPPER_LEFT, 3, 3);
 * print(bias, F.scaled_dot_product_attention(q, q, q, bias));
 * ```
 * ```python
 * from torch.nn.attention.bias import CausalBias, CausalVariant
 * q = torch.randn(1, 1, 3, 8)
 * bias = CausalBias(CausalVariant.UPPER_LEFT, 3, 3)
 * print(bias, F.scaled_dot_product_attention(q, q, q, bias))
 * ```
 */
export class CausalBias extends Tensor {
  declare readonly variant: CausalVariant;
  declare readonly seq_len_q: number;
  declare readonly seq_len_kv: number;

  constructor(
    ...args: Arguments<
      [variant: CausalVariant, seq_len_q: number, seq_len_kv: number],
      { variant: CausalVariant; seq_len_q: number; seq_len_kv: number },
      ['variant', 'seq_len_q', 'seq_len_kv']
    >
  );
  constructor(...args: unknown[]) {
    const { variant, seq_len_q, seq_len_kv } = CAUSAL_BIAS.read(args);
    super(native.alias_detached(mask(variant, seq_len_q, seq_len_kv)._h));
    for (const [name, value] of Object.entries({ variant, seq_len_q, seq_len_kv })) {
      Object.defineProperty(this, name, { value });
    }
    if (seq_len_q > seq_len_kv && variant === CausalVariant.LOWER_RIGHT) {
      warn('Lower right causal bias will produce NaNs in the output when seq_len_q > seq_len_kv!');
    }
  }

  /** The mask itself, as Python prints it. */
  override toString(): string {
    return mask(this.variant, this.seq_len_q, this.seq_len_kv).toString();
  }

  /** Attention with this mask. @internal */
  _attend(query: Tensor, key: Tensor, value: Tensor, choices: AttentionChoices): Tensor {
    const { dropout_p = 0, is_causal = false, scale = null, enable_gqa = false } = choices;
    if (is_causal) throw new Error('CausalBias should not be used with causal=True');
    const { variant, seq_len_q, seq_len_kv } = this;
    if (seq_len_q === seq_len_kv || variant === CausalVariant.UPPER_LEFT) {
      return scaled_dot_product_attention(query, key, value, null, dropout_p, true, { scale, enable_gqa });
    }
    check_inputs(query, key, value);
    const params = new SDPAParams(query, key, value, null, dropout_p, false, enable_gqa);
    if (can_use_flash_attention(params)) return attend_by_flash(query, key, value, dropout_p, scale);
    if (can_use_efficient_attention(params)) {
      const graph = [query, key, value].some(({ requires_grad }) => requires_grad);
      const [q, k, v] = [query, key, value].map((tensor) => tensor.transpose(1, 2)) as [Tensor, Tensor, Tensor];
      const given = [q, k, v, null, null, null, null, null, dropout_p, variant, graph] as const;
      return efficient(...given, { scale })[0].transpose(1, 2);
    }
    const whole = mask(variant, seq_len_q, seq_len_kv, query.device);
    return scaled_dot_product_attention(query, key, value, whole, dropout_p, false, { scale, enable_gqa });
  }
}

/** FlashAttention takes heads of multiples of eight numbers, and `is_causal` for this operator means the lower right corner. */
function attend_by_flash(query: Tensor, key: Tensor, value: Tensor, dropout_p: number, scale: number | null): Tensor {
  const size = query.size(-1);
  const missing = (8 - (size % 8)) % 8;
  const padded = (tensor: Tensor): Tensor => (missing === 0 ? tensor : constant_pad_nd(tensor, [0, missing]));
  const [result] = flash(padded(query), padded(key), padded(value), dropout_p, true, false, {
    scale: scale ?? 1 / Math.sqrt(size),
  });
  return missing === 0 ? result : result.narrow(-1, 0, size);
}

type Sizes = readonly [seq_len_q: number, seq_len_kv: number];
const UPPER_LEFT = signature<{ size: Sizes }>('causal_upper_left', '*size: int');
const LOWER_RIGHT = signature<{ size: Sizes }>('causal_lower_right', '*size: int');

function two_sizes(callee: string, size: readonly number[]): Sizes {
  if (size.length !== 2) throw new Error(`${callee} only supports 2D tensors`);
  return size as unknown as Sizes;
}

/**
 * A causal mask that is aligned to the upper left corner: each query attends to the keys up to its own place. Mirrors
 * `torch.nn.attention.bias.causal_upper_left`.
 *
 * @param size - numbers of queries and keys
 * @throws Error unless there are two sizes
 * @example
 * ```ts
 * print(nn.attention.bias.causal_upper_left(3, 4));
 * ```
 * ```python
 * from torch.nn.attention.bias import causal_upper_left
 * print(causal_upper_left(3, 4))
 * ```
 */
export function causal_upper_left(...size: [seq_len_q: number, seq_len_kv: number]): CausalBias;
export function causal_upper_left(...args: unknown[]): CausalBias {
  const sizes = two_sizes('causal_upper_left', UPPER_LEFT.read(args).size);
  return new CausalBias(CausalVariant.UPPER_LEFT, ...sizes);
}

/**
 * A causal mask that is aligned to the lower right corner: the last query attends to all keys. Mirrors
 * `torch.nn.attention.bias.causal_lower_right`.
 *
 * @param size - numbers of queries and keys
 * @throws Error unless there are two sizes
 * @example
 * ```ts
 * print(nn.attention.bias.causal_lower_right(3, 4));
 * ```
 * ```python
 * from torch.nn.attention.bias import causal_lower_right
 * print(causal_lower_right(3, 4))
 * ```
 */
export function causal_lower_right(...size: [seq_len_q: number, seq_len_kv: number]): CausalBias;
export function causal_lower_right(...args: unknown[]): CausalBias {
  const sizes = two_sizes('causal_lower_right', LOWER_RIGHT.read(args).size);
  return new CausalBias(CausalVariant.LOWER_RIGHT, ...sizes);
}
