/** Products of matrices in groups and in scaled 8-bit floating point. */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { operator_as } from '../../_C/dispatch.js';
import { bfloat16, type DType } from '../../types/dtype.js';
import type * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';

/**
 * The number of elements that share a scale in {@link scaled_mm}. Mirrors `torch.nn.functional.ScalingType`.
 *
 * @example
 * ```ts
 * print(F.ScalingType.RowWise);
 * ```
 * ```python
 * print(F.ScalingType.RowWise.value)
 * ```
 */
export const ScalingType = {
  TensorWise: 0,
  RowWise: 1,
  BlockWise1x16: 2,
  BlockWise1x32: 3,
  BlockWise1x128: 4,
  BlockWise128x128: 5,
} as const;
export type ScalingType = (typeof ScalingType)[keyof typeof ScalingType];

/**
 * The memory layout of scales in {@link scaled_mm}. Mirrors `torch.nn.functional.SwizzleType`.
 *
 * @example
 * ```ts
 * print(F.SwizzleType.SWIZZLE_32_4_4);
 * ```
 * ```python
 * print(F.SwizzleType.SWIZZLE_32_4_4.value)
 * ```
 */
export const SwizzleType = { NO_SWIZZLE: 0, SWIZZLE_32_4_4: 1 } as const;
export type SwizzleType = (typeof SwizzleType)[keyof typeof SwizzleType];

type OneOrMore<T> = T | readonly T[];

/** The options of {@link grouped_mm}. */
export interface GroupedMmOptions {
  /** End of each group, int32, when a matrix contains the groups side by side. Default null. */
  offs?: Tensor | null;
  /** Must be null (the default), as in PyTorch for now. */
  bias?: Tensor | null;
  /** Dtype of the result. Default null: that of the inputs. */
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
 * The matrix products of groups: `(G, M, K)` with `(G, K, N)`, or of matrices that contain the groups side by side.
 * Mirrors `torch.nn.functional.grouped_mm`.
 *
 * @param mat_a - the left matrices, bfloat16, float16 or float32
 * @param mat_b - the right matrices, of the same dtype
 * @param offs - end of each group, int32, for matrices that contain the groups side by side; default null
 * @param bias - must be null
 * @param out_dtype - dtype of the result; default null, that of the inputs
 * @throws Error when shapes or dtypes are not supported
 * @example
 * ```ts
 * const a = torch.randn(2, 2, 8, { dtype: torch.bfloat16 });
 * const b = torch.randn(2, 8, 8, { dtype: torch.bfloat16 });
 * print(F.grouped_mm(a, b).narrow(2, 0, 2));
 * ```
 * ```python
 * a = torch.randn(2, 2, 8, dtype=torch.bfloat16)
 * b = torch.randn(2, 8, 8, dtype=torch.bfloat16)
 * print(F.grouped_mm(a, b).narrow(2, 0, 2))
 * ```
 */
export function grouped_mm(mat_a: Tensor, mat_b: Tensor, options?: GroupedMmOptions): Tensor;
export function grouped_mm(
  ...args: Arguments<[mat_a: Tensor, mat_b: Tensor], Matrices & GroupedMmOptions, ['mat_a', 'mat_b']>
): Tensor;
export function grouped_mm(...args: unknown[]): Tensor {
  const { mat_a, mat_b, offs = null, bias = null, out_dtype = null } = GROUPED_MM.read(args);
  return _grouped_mm(mat_a, mat_b, offs, bias, out_dtype);
}

/** The options of {@link scaled_mm}. */
export interface ScaledMmOptions {
  /** Layout of the scales of `mat_a`. Default null: no swizzle. */
  swizzle_a?: OneOrMore<SwizzleType> | null;
  /** Layout of the scales of `mat_b`. Default null: no swizzle. */
  swizzle_b?: OneOrMore<SwizzleType> | null;
  /** Bias added to the product. Default null. */
  bias?: Tensor | null;
  /** Dtype of the result. Default `torch.bfloat16`. */
  output_dtype?: DType | null;
  /** Dimensions to contract, for dtypes that pack two elements. Default `[]`. */
  contraction_dim?: readonly number[];
  /** Accumulate with less precision, where the device can. Default false. */
  use_fast_accum?: boolean;
}

/** The options of {@link scaled_grouped_mm}. */
export interface ScaledGroupedMmOptions extends ScaledMmOptions {
  /** End of each group, int32, when a matrix contains the groups side by side. Default null. */
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
 * The product of matrices in 8-bit floating point with their scales: `(scale_a * mat_a) @ (scale_b * mat_b)`. Mirrors
 * `torch.nn.functional.scaled_mm`.
 *
 * @param mat_a - the left matrix, of an 8-bit floating point dtype
 * @param mat_b - the right matrix, likewise
 * @param scale_a - scale or scales of `mat_a`, float32
 * @param scale_recipe_a - how many elements share a scale
 * @param scale_b - scale or scales of `mat_b`
 * @param scale_recipe_b - how many elements share a scale
 * @param options - `swizzle_a`, `swizzle_b`, `bias`, `output_dtype`, `contraction_dim`, `use_fast_accum`; see {@link
 * ScaledMmOptions}
 * @throws Error when the device does not support the dtypes and recipes
 * @example
 * ```ts
 * const a = torch.randn(16, 32).to(torch.float8_e4m3fn);
 * const b = torch.randn(16, 32).to(torch.float8_e4m3fn).t();
 * const [scale, { TensorWise }] = [torch.tensor(0.5), F.ScalingType];
 * print(F.scaled_mm(a, b, scale, TensorWise, scale, TensorWise, { output_dtype: torch.float32 }).narrow(0, 0, 1));
 * ```
 * ```python
 * a = torch.randn(16, 32).to(torch.float8_e4m3fn)
 * b = torch.randn(16, 32).to(torch.float8_e4m3fn).t()
 * scale, TensorWise = torch.tensor(0.5), F.ScalingType.TensorWise
 * print(F.scaled_mm(a, b, scale, TensorWise, scale, TensorWise, output_dtype=torch.float32).narrow(0, 0, 1))
 * ```
 */
export function scaled_mm(
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
): Tensor;
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
): Tensor;
export function scaled_mm(...args: unknown[]): Tensor {
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
 * {@link grouped_mm} in 8-bit floating point with scales. Mirrors `torch.nn.functional.scaled_grouped_mm`.
 *
 * CPUs do not support it.
 *
 * @param mat_a - the left matrix, of an 8-bit floating point dtype
 * @param mat_b - the right matrix, likewise
 * @param scale_a - scale or scales of `mat_a`, float32
 * @param scale_recipe_a - how many elements share a scale
 * @param scale_b - scale or scales of `mat_b`
 * @param scale_recipe_b - how many elements share a scale
 * @param options - those of {@link scaled_mm} and `offs`; see {@link ScaledGroupedMmOptions}
 * @throws Error when the device does not support it
 * @example
 * ```ts
 * const a = torch.ones(2, 16, 16).to(torch.float8_e4m3fn);
 * const [scales, { RowWise }] = [torch.ones(2, 16), F.ScalingType];
 * try {
 *   F.scaled_grouped_mm(a, a, scales, RowWise, scales, RowWise);
 * } catch {
 *   print('not supported on CPU');
 * }
 * ```
 * ```python
 * a = torch.ones(2, 16, 16).to(torch.float8_e4m3fn)
 * scales, RowWise = torch.ones(2, 16), F.ScalingType.RowWise
 * try:
 *     F.scaled_grouped_mm(a, a, scales, RowWise, scales, RowWise)
 * except (RuntimeError, NotImplementedError):
 *     print('not supported on CPU')
 * ```
 */
export function scaled_grouped_mm(
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
): Tensor;
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
): Tensor;
export function scaled_grouped_mm(...args: unknown[]): Tensor {
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

declare const exports: Record<string, unknown>;
overridable_exports(exports);
