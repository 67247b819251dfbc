/** Products of matrices in groups and in scaled 8-bit floating point. */
import { bfloat16, type DType } from '../dtype.js';
import * as ops from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, options_argument, tensor_arguments, type Tail } from './arguments.js';

/** How many elements share a scale. Mirrors `torch.nn.functional.ScalingType`. */
export const ScalingType = {
  TensorWise: 0, RowWise: 1, BlockWise1x16: 2, BlockWise1x32: 3, BlockWise1x128: 4, BlockWise128x128: 5,
} as const;
export type ScalingType = (typeof ScalingType)[keyof typeof ScalingType];

/** How scales are laid out in memory. Mirrors `torch.nn.functional.SwizzleType`. */
export const SwizzleType = { NO_SWIZZLE: 0, SWIZZLE_32_4_4: 1 } as const;
export type SwizzleType = (typeof SwizzleType)[keyof typeof SwizzleType];

type OneOrMore<T> = T | readonly T[];

/** What {@link grouped_mm} takes by name. */
export interface GroupedMmOptions {
  /** Where each group ends, int32, when a matrix holds groups side by side. */
  offs?: Tensor | null;
  /** Must be null for now, as in PyTorch. */
  bias?: Tensor | null;
  out_dtype?: DType | null;
}

/**
 * The products of groups of matrices: of (G, M, K) with (G, K, N), or of matrices that hold groups side by side, which
 * `offs` separates. Mirrors `torch.nn.functional.grouped_mm`.
 *
 * @throws Error when shapes or dtypes are not supported
 */
export function grouped_mm(mat_a: Tensor, mat_b: Tensor, options: GroupedMmOptions = {}): Tensor {
  const { offs = null, bias = null, out_dtype = null } = bind<GroupedMmOptions>(
    'grouped_mm', ['offs', 'bias', 'out_dtype'], [options_argument('grouped_mm', options)]);
  tensor_arguments('grouped_mm', { mat_a, mat_b }, { offs, bias });
  return ops._grouped_mm(mat_a, mat_b, offs, bias, out_dtype);
}

/** What {@link scaled_mm} takes by name. */
export interface ScaledMmOptions {
  swizzle_a?: OneOrMore<SwizzleType> | null;
  swizzle_b?: OneOrMore<SwizzleType> | null;
  bias?: Tensor | null;
  /** Default `torch.bfloat16`. */
  output_dtype?: DType | null;
  /** Dimensions that go, where a dtype packs two elements. */
  contraction_dim?: readonly number[];
  /** Add up with less precision, where the device can. */
  use_fast_accum?: boolean;
}

/** What {@link scaled_grouped_mm} takes by name. */
export interface ScaledGroupedMmOptions extends ScaledMmOptions {
  /** Where each group ends, int32, when a matrix holds groups side by side. */
  offs?: Tensor | null;
}

const SCALED = ['swizzle_a', 'swizzle_b', 'bias', 'output_dtype', 'contraction_dim', 'use_fast_accum'];
const SCALED_GROUPED = ['swizzle_a', 'swizzle_b', 'bias', 'offs', 'output_dtype', 'contraction_dim', 'use_fast_accum'];

function listed<T>(value: OneOrMore<T> | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}

/**
 * The product of (M, K) and (K, N) in 8-bit floating point, each with its scales. Mirrors
 * `torch.nn.functional.scaled_mm`.
 *
 * @throws Error when the device does not support the dtypes and recipes
 */
export function scaled_mm(
  mat_a: Tensor, mat_b: Tensor, scale_a: OneOrMore<Tensor>, scale_recipe_a: OneOrMore<ScalingType>,
  scale_b: OneOrMore<Tensor>, scale_recipe_b: OneOrMore<ScalingType>,
  ...args: Tail<[swizzle_a: OneOrMore<SwizzleType> | null, swizzle_b: OneOrMore<SwizzleType> | null,
    bias: Tensor | null, output_dtype: DType | null, contraction_dim: readonly number[], use_fast_accum: boolean],
    ScaledMmOptions>
): Tensor {
  const { swizzle_a, swizzle_b, bias = null, output_dtype = bfloat16, contraction_dim = [], use_fast_accum = false } =
    bind<ScaledMmOptions>('scaled_mm', SCALED, args);
  tensor_arguments('scaled_mm', { mat_a, mat_b }, { bias });
  return ops._scaled_mm_v2(
    mat_a, mat_b, listed(scale_a), listed(scale_recipe_a), listed(swizzle_a), listed(scale_b), listed(scale_recipe_b),
    listed(swizzle_b), bias, output_dtype, contraction_dim, use_fast_accum);
}

/**
 * As {@link grouped_mm}, in 8-bit floating point with scales. Mirrors `torch.nn.functional.scaled_grouped_mm`.
 *
 * @throws Error when the device does not support it: CPUs do not
 */
export function scaled_grouped_mm(
  mat_a: Tensor, mat_b: Tensor, scale_a: OneOrMore<Tensor>, scale_recipe_a: OneOrMore<ScalingType>,
  scale_b: OneOrMore<Tensor>, scale_recipe_b: OneOrMore<ScalingType>,
  ...args: Tail<[swizzle_a: OneOrMore<SwizzleType> | null, swizzle_b: OneOrMore<SwizzleType> | null,
    bias: Tensor | null, offs: Tensor | null, output_dtype: DType | null, contraction_dim: readonly number[],
    use_fast_accum: boolean], ScaledGroupedMmOptions>
): Tensor {
  const options = bind<ScaledGroupedMmOptions>('scaled_grouped_mm', SCALED_GROUPED, args);
  const { swizzle_a, swizzle_b, bias = null, offs = null, output_dtype = bfloat16 } = options;
  const { contraction_dim = [], use_fast_accum = false } = options;
  tensor_arguments('scaled_grouped_mm', { mat_a, mat_b }, { bias, offs });
  return ops._scaled_grouped_mm_v2(
    mat_a, mat_b, listed(scale_a), listed(scale_recipe_a), listed(swizzle_a), listed(scale_b), listed(scale_recipe_b),
    listed(swizzle_b), offs, bias, output_dtype, contraction_dim, use_fast_accum);
}
