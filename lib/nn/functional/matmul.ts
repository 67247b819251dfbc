/** Products of matrices in groups and in scaled 8-bit floating point. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { operator_as } from '../../_C/dispatch.js';
import { bfloat16, type DType } from '../../types/dtype.js';
import type * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';

/** How many elements share a scale. Mirrors `torch.nn.functional.ScalingType`. */
export const ScalingType = {
  TensorWise: 0,
  RowWise: 1,
  BlockWise1x16: 2,
  BlockWise1x32: 3,
  BlockWise1x128: 4,
  BlockWise128x128: 5,
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

interface Matrices {
  mat_a: Tensor;
  mat_b: Tensor;
}

const GROUPED_MM = signature<Matrices & GroupedMmOptions>(
  'grouped_mm',
  'mat_a: Tensor, mat_b: Tensor, *, offs?: Tensor|None, bias?: Tensor|None, out_dtype?: dtype|None',
);

const _grouped_mm = operator_as('grouped_mm', 'aten::_grouped_mm', '') as typeof ops._grouped_mm;

/**
 * The products of groups of matrices: of (G, M, K) with (G, K, N), or of matrices that hold groups side by side, which
 * `offs` separates. Mirrors `torch.nn.functional.grouped_mm`.
 *
 * @throws Error when shapes or dtypes are not supported
 */
export function grouped_mm(
  ...args: Arguments<[mat_a: Tensor, mat_b: Tensor], Matrices & GroupedMmOptions, ['mat_a', 'mat_b']>
): Tensor {
  const { mat_a, mat_b, offs = null, bias = null, out_dtype = null } = GROUPED_MM.read(args);
  return _grouped_mm(mat_a, mat_b, offs, bias, out_dtype);
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

interface Scaled extends Matrices {
  scale_a: OneOrMore<Tensor>;
  scale_recipe_a: OneOrMore<ScalingType>;
  scale_b: OneOrMore<Tensor>;
  scale_recipe_b: OneOrMore<ScalingType>;
}

const SCALES =
  'mat_a: Tensor, mat_b: Tensor, scale_a: Tensor|Tensor[], scale_recipe_a: int|int[], ' +
  'scale_b: Tensor|Tensor[], scale_recipe_b: int|int[], swizzle_a?: int|int[]|None, swizzle_b?: int|int[]|None, ' +
  'bias?: Tensor|None, ';

const SCALED_MM = signature<Scaled & ScaledMmOptions>(
  'scaled_mm',
  `${SCALES}output_dtype?: dtype|None, contraction_dim?: int[], use_fast_accum?: bool`,
);

const _scaled_mm = operator_as('scaled_mm', 'aten::_scaled_mm_v2', '') as typeof ops._scaled_mm_v2;

const SCALED_GROUPED_MM = signature<Scaled & ScaledGroupedMmOptions>(
  'scaled_grouped_mm',
  `${SCALES}offs?: Tensor|None, output_dtype?: dtype|None, contraction_dim?: int[], use_fast_accum?: bool`,
);

const _scaled_grouped_mm = operator_as(
  'scaled_grouped_mm',
  'aten::_scaled_grouped_mm_v2',
  '',
) as typeof ops._scaled_grouped_mm_v2;

function listed<T>(value: OneOrMore<T> | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/**
 * The product of (M, K) and (K, N) in 8-bit floating point, each with its scales. Mirrors
 * `torch.nn.functional.scaled_mm`.
 *
 * @throws Error when the device does not support the dtypes and recipes
 */
export function scaled_mm(
  ...args: Arguments<
    [
      mat_a: Tensor,
      mat_b: Tensor,
      scale_a: OneOrMore<Tensor>,
      scale_recipe_a: OneOrMore<ScalingType>,
      scale_b: OneOrMore<Tensor>,
      scale_recipe_b: OneOrMore<ScalingType>,
      swizzle_a?: OneOrMore<SwizzleType> | null,
      swizzle_b?: OneOrMore<SwizzleType> | null,
      bias?: Tensor | null,
      output_dtype?: DType | null,
      contraction_dim?: readonly number[],
      use_fast_accum?: boolean,
    ],
    Scaled & ScaledMmOptions,
    [
      'mat_a',
      'mat_b',
      'scale_a',
      'scale_recipe_a',
      'scale_b',
      'scale_recipe_b',
      'swizzle_a',
      'swizzle_b',
      'bias',
      'output_dtype',
      'contraction_dim',
      'use_fast_accum',
    ]
  >
): Tensor {
  const given = SCALED_MM.read(args);
  const { mat_a, mat_b, scale_a, scale_recipe_a, scale_b, scale_recipe_b, swizzle_a, swizzle_b } = given;
  const { bias = null, output_dtype = bfloat16, contraction_dim = [], use_fast_accum = false } = given;
  return _scaled_mm(
    mat_a,
    mat_b,
    listed(scale_a),
    listed(scale_recipe_a),
    listed(swizzle_a),
    listed(scale_b),
    listed(scale_recipe_b),
    listed(swizzle_b),
    bias,
    output_dtype,
    contraction_dim,
    use_fast_accum,
  );
}

/**
 * As {@link grouped_mm}, in 8-bit floating point with scales. Mirrors `torch.nn.functional.scaled_grouped_mm`.
 *
 * @throws Error when the device does not support it: CPUs do not
 */
export function scaled_grouped_mm(
  ...args: Arguments<
    [
      mat_a: Tensor,
      mat_b: Tensor,
      scale_a: OneOrMore<Tensor>,
      scale_recipe_a: OneOrMore<ScalingType>,
      scale_b: OneOrMore<Tensor>,
      scale_recipe_b: OneOrMore<ScalingType>,
      swizzle_a?: OneOrMore<SwizzleType> | null,
      swizzle_b?: OneOrMore<SwizzleType> | null,
      bias?: Tensor | null,
      offs?: Tensor | null,
      output_dtype?: DType | null,
      contraction_dim?: readonly number[],
      use_fast_accum?: boolean,
    ],
    Scaled & ScaledGroupedMmOptions,
    [
      'mat_a',
      'mat_b',
      'scale_a',
      'scale_recipe_a',
      'scale_b',
      'scale_recipe_b',
      'swizzle_a',
      'swizzle_b',
      'bias',
      'offs',
      'output_dtype',
      'contraction_dim',
      'use_fast_accum',
    ]
  >
): Tensor {
  const given = SCALED_GROUPED_MM.read(args);
  const { mat_a, mat_b, scale_a, scale_recipe_a, scale_b, scale_recipe_b, swizzle_a, swizzle_b } = given;
  const { bias = null, offs = null, output_dtype = bfloat16, contraction_dim = [], use_fast_accum = false } = given;
  return _scaled_grouped_mm(
    mat_a,
    mat_b,
    listed(scale_a),
    listed(scale_recipe_a),
    listed(swizzle_a),
    listed(scale_b),
    listed(scale_recipe_b),
    listed(swizzle_b),
    offs,
    bias,
    output_dtype,
    contraction_dim,
    use_fast_accum,
  );
}
