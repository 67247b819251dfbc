/** The functions of `torch.nn.functional` that resample images and volumes. */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import { Size, type Tensor } from '../../_tensor.js';
import type { IntOrSize } from './index.js';
import { kind_of, python_float, text_or_kind } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/** The algorithm of {@link interpolate}; some modes are for one number of dimensions only. */
export type InterpolationMode =
  | 'nearest'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'lanczos'
  | 'area'
  | 'nearest-exact';

/** The options of {@link upsample_nearest} and {@link upsample_bilinear}, which need one of the two. */
export interface UpsampleSizeOptions {
  /** Output size of the spatial dimensions. Default null. */
  size?: IntOrSize | null;
  /** Ratio of output size to input size. Default null. */
  scale_factor?: IntOrSize | null;
}

/** The options of {@link upsample}. */
export interface UpsampleOptions extends UpsampleSizeOptions {
  /** The algorithm. Default `'nearest'`. */
  mode?: InterpolationMode;
  /**
   * Align the centers of the corner pixels instead of their outer corners; for the modes `'linear'`, `'bilinear'`,
   * `'bicubic'` and `'trilinear'`. Default null: false.
   */
  align_corners?: boolean | null;
}

/** The options of {@link interpolate}. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Use the ratio of the integer sizes instead of `scale_factor` itself. Default null: false. */
  recompute_scale_factor?: boolean | null;
  /** Low-pass filter when downsampling; for `'bilinear'`, `'bicubic'` and `'lanczos'`. Default false. */
  antialias?: boolean;
}

interface InterpolateArguments extends InterpolateOptions {
  input: Tensor;
}

const SIZES = 'input: Tensor, size?: int|float[]|None, scale_factor?: float|float[]|None';

const INTERPOLATE = signature<InterpolateArguments>(
  'interpolate',
  `${SIZES}, mode?: str, align_corners?: bool|None, recompute_scale_factor?: bool|None, antialias?: bool`,
);

/** Exactly one of the two is an array, with one element for each spatial dimension. */
interface Target {
  size: readonly number[] | null;
  scales: readonly number[] | null;
}

type Resample = (input: Tensor, target: Target, align_corners: boolean) => Tensor;

type NearestOperator = (
  input: Tensor,
  output_size: readonly number[] | null,
  scale_factors: readonly number[] | null,
) => Tensor;

type SmoothOperator = (
  input: Tensor,
  output_size: readonly number[] | null,
  align_corners: boolean,
  scale_factors: readonly number[] | null,
) => Tensor;

const nearest =
  (operator: NearestOperator): Resample =>
  (input, { size, scales }) =>
    operator(input, size, scales);

const smooth =
  (operator: SmoothOperator): Resample =>
  (input, { size, scales }, align_corners) =>
    operator(input, size, align_corners, scales);

const mean =
  (operator: (input: Tensor, output_size: readonly number[]) => Tensor): Resample =>
  (input, { size }) =>
    operator(input, size!);

/** By mode, then by the number of dimensions of the input. */
const resamplers: Record<InterpolationMode, Partial<Record<number, Resample>>> = {
  nearest: {
    3: nearest(nn.upsample_nearest1d),
    4: nearest(nn.upsample_nearest2d),
    5: nearest(nn.upsample_nearest3d),
  },
  'nearest-exact': {
    3: nearest(nn._upsample_nearest_exact1d),
    4: nearest(nn._upsample_nearest_exact2d),
    5: nearest(nn._upsample_nearest_exact3d),
  },
  area: { 3: mean(ops.adaptive_avg_pool1d), 4: mean(nn.adaptive_avg_pool2d), 5: mean(nn.adaptive_avg_pool3d) },
  linear: { 3: smooth(nn.upsample_linear1d) },
  bilinear: { 4: smooth(nn.upsample_bilinear2d) },
  trilinear: { 5: smooth(nn.upsample_trilinear3d) },
  bicubic: { 4: smooth(nn.upsample_bicubic2d) },
  lanczos: { 4: lanczos_without_antialias },
};

/** As {@link resamplers}, for 4-d input with antialiasing. */
const antialiased: Partial<Record<InterpolationMode, Resample>> = {
  bilinear: smooth(nn._upsample_bilinear2d_aa),
  bicubic: smooth(nn._upsample_bicubic2d_aa),
  lanczos: antialiased_lanczos,
};

function refuse_aligned_lanczos(align_corners: boolean): void {
  if (align_corners) throw new Error('Lanczos mode does not support align_corners=True');
}

function lanczos_without_antialias(_input: Tensor, _target: Target, align_corners: boolean): Tensor {
  refuse_aligned_lanczos(align_corners);
  throw new Error('Lanczos mode requires antialias=True');
}

function antialiased_lanczos(input: Tensor, { size, scales }: Target, align_corners: boolean): Tensor {
  refuse_aligned_lanczos(align_corners);
  return nn._upsample_lanczos2d_aa(input, size, align_corners, scales);
}

function listed(values: readonly number[], write: (value: number) => string = String): string {
  return values instanceof Size ? String(values) : `[${values.map(write).join(', ')}]`;
}

function ntuple(value: IntOrSize, spatial: number): readonly number[] {
  return typeof value === 'object' ? value : Array<number>(spatial).fill(value);
}

function check_size(size: readonly number[], spatial: readonly number[]): void {
  if (size.length !== spatial.length) {
    throw new Error(
      'Input and output must have the same number of spatial dimensions, but got input with spatial ' +
        `dimensions of ${listed(spatial)} and output size of ${listed(size)}. Please provide input tensor in ` +
        '(N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.',
    );
  }
  if (!size.every((length) => Number.isInteger(length))) {
    const kinds = size.map((length) => `<class '${kind_of(length)}'>`);
    throw new TypeError(
      'expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but ' +
        `got size with types [${kinds.join(', ')}]`,
    );
  }
}

function check_scales(scales: readonly number[], spatial: readonly number[]): void {
  if (scales.length === spatial.length) return;
  throw new Error(
    'Input and scale_factor must have the same number of spatial dimensions, but got input with spatial ' +
      `dimensions of ${listed(spatial)} and scale_factor of shape ${listed(scales, python_float)}. Please provide ` +
      'input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.',
  );
}

function target_of(input: Tensor, { size = null, scale_factor = null }: UpsampleSizeOptions): Target {
  const spatial = input.shape.slice(2);
  if (size !== null && scale_factor !== null) throw new Error('only one of size or scale_factor should be defined');
  if (size !== null) {
    if (typeof size === 'object') check_size(size, spatial);
    return { size: ntuple(size, spatial.length), scales: null };
  }
  if (scale_factor === null) throw new Error('either size or scale_factor should be defined');
  const scales = ntuple(scale_factor, spatial.length);
  check_scales(scales, spatial);
  return { size: null, scales };
}

function with_size(input: Tensor, { size, scales }: Target): Target {
  return { size: scales?.map((scale, i) => Math.trunc(input.size(i + 2) * scale)) ?? size, scales: null };
}

const rank_of_mode: ReadonlyMap<string, number> = new Map([
  ['linear', 3],
  ['bilinear', 4],
  ['trilinear', 5],
]);

function refuse_rank(ndim: number, mode: string): never {
  const rank = rank_of_mode.get(mode);
  if (rank !== undefined && ndim >= 3 && ndim <= 5) {
    throw new Error(`Got ${ndim}D input, but ${mode} mode needs ${rank}D input`);
  }
  throw new Error(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${ndim}D) for the modes: nearest | ` +
      `linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${text_or_kind(mode)})`,
  );
}

function resample(options: InterpolateArguments): Tensor {
  const { input } = options;
  const { mode = 'nearest', align_corners = null, recompute_scale_factor = null, antialias = false } = options;
  if (align_corners !== null && (mode === 'nearest' || mode === 'area' || mode === 'nearest-exact')) {
    throw new Error(
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | ' + 'trilinear',
    );
  }
  const given = target_of(input, options);
  if (recompute_scale_factor && given.size !== null) {
    throw new Error('recompute_scale_factor is not meaningful with an explicit size.');
  }
  const target = recompute_scale_factor || mode === 'area' ? with_size(input, given) : given;
  const ndim = input.ndim;
  if (antialias && !(Object.hasOwn(antialiased, mode) && ndim === 4)) {
    throw new Error(
      'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor ' + 'as input',
    );
  }
  const known = Object.hasOwn(resamplers, mode) ? resamplers[mode][ndim] : undefined;
  const run = antialias ? antialiased[mode] : known;
  return run ? run(input, target, align_corners ?? false) : refuse_rank(ndim, mode);
}

/**
 * Resizes the spatial dimensions, up or down. Mirrors `torch.nn.functional.interpolate`.
 *
 * @param input - of shape `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)`
 * @param size - output size of the spatial dimensions; default null
 * @param scale_factor - ratio of output size to input size, instead of `size`; default null
 * @param mode - `'nearest'` (the default), `'nearest-exact'`, `'linear'`, `'bilinear'`, `'bicubic'`, `'trilinear'`,
 * `'lanczos'` or `'area'`
 * @param align_corners - align the centers of the corner pixels; default null, false
 * @param recompute_scale_factor - use the ratio of the sizes instead of `scale_factor`; default null
 * @param antialias - low-pass filter when downsampling; default false
 * @returns a tensor of shape `(N, C, ...output size)`
 * @throws Error unless exactly one of `size` and `scale_factor` is given with a number per spatial dimension, and
 * when the mode does not fit the dimensions or the other options
 * @throws TypeError when `size` contains numbers that are not integers
 * @example
 * ```ts
 * const x = torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]]);
 * print(F.interpolate(x, { scale_factor: 2 }));
 * print(F.interpolate(x, [2, 3], { mode: 'bilinear' }));
 * ```
 * ```python
 * x = torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]])
 * print(F.interpolate(x, scale_factor=2))
 * print(F.interpolate(x, [2, 3], mode='bilinear'))
 * ```
 */
export function interpolate(
  input: Tensor,
  size?: IntOrSize | null,
  scale_factor?: IntOrSize | null,
  mode?: InterpolationMode,
  align_corners?: boolean | null,
  recompute_scale_factor?: boolean | null,
  antialias?: boolean,
): Tensor;
export function interpolate(
  ...args: Arguments<
    [
      input: Tensor,
      size?: IntOrSize | null,
      scale_factor?: IntOrSize | null,
      mode?: InterpolationMode,
      align_corners?: boolean | null,
      recompute_scale_factor?: boolean | null,
      antialias?: boolean,
    ],
    InterpolateArguments,
    ['input', 'size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias']
  >
): Tensor;
export function interpolate(...args: unknown[]): Tensor {
  return INTERPOLATE.call(args, resample);
}

function warn_deprecated(name: string): void {
  warn(`\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);
}

interface UpsampleArguments extends UpsampleOptions {
  input: Tensor;
}

const UPSAMPLE = signature<UpsampleArguments>('upsample', `${SIZES}, mode?: str, align_corners?: bool|None`);

/**
 * {@link interpolate} with fewer options. Mirrors `torch.nn.functional.upsample`.
 *
 * @deprecated use {@link interpolate}
 * @param input - of shape `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)`
 * @param size - output size of the spatial dimensions; default null
 * @param scale_factor - ratio of output size to input size, instead of `size`; default null
 * @param mode - the algorithm; default `'nearest'`
 * @param align_corners - align the centers of the corner pixels; default null, false
 * @throws Error as {@link interpolate}
 * @example
 * ```ts
 * print(F.upsample(torch.tensor([[[0.5, 1.5]]]), { size: 3, mode: 'linear' }));
 * ```
 * ```python
 * print(F.upsample(torch.tensor([[[0.5, 1.5]]]), size=3, mode='linear'))
 * ```
 */
export function upsample(
  input: Tensor,
  size?: IntOrSize | null,
  scale_factor?: IntOrSize | null,
  mode?: InterpolationMode,
  align_corners?: boolean | null,
): Tensor;
export function upsample(
  ...args: Arguments<
    [
      input: Tensor,
      size?: IntOrSize | null,
      scale_factor?: IntOrSize | null,
      mode?: InterpolationMode,
      align_corners?: boolean | null,
    ],
    UpsampleArguments,
    ['input', 'size', 'scale_factor', 'mode', 'align_corners']
  >
): Tensor;
export function upsample(...args: unknown[]): Tensor {
  return UPSAMPLE.call(args, (given) => {
    warn_deprecated('upsample');
    return resample(given);
  });
}

interface UpsampleSizeArguments extends UpsampleSizeOptions {
  input: Tensor;
}

type UpsampleSizeCall = Arguments<
  [input: Tensor, size?: IntOrSize | null, scale_factor?: IntOrSize | null],
  UpsampleSizeArguments,
  ['input', 'size', 'scale_factor']
>;

const UPSAMPLE_NEAREST = signature<UpsampleSizeArguments>('upsample_nearest', SIZES);

/**
 * {@link interpolate} with mode `'nearest'`. Mirrors `torch.nn.functional.upsample_nearest`.
 *
 * @deprecated use {@link interpolate}
 * @param input - of shape `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)`
 * @param size - output size of the spatial dimensions; default null
 * @param scale_factor - ratio of output size to input size, instead of `size`; default null
 * @throws Error as {@link interpolate}
 * @example
 * ```ts
 * print(F.upsample_nearest(torch.tensor([[[0.5, 1.5]]]), { scale_factor: 2 }));
 * ```
 * ```python
 * print(F.upsample_nearest(torch.tensor([[[0.5, 1.5]]]), scale_factor=2))
 * ```
 */
export function upsample_nearest(input: Tensor, size?: IntOrSize | null, scale_factor?: IntOrSize | null): Tensor;
export function upsample_nearest(...args: UpsampleSizeCall): Tensor;
export function upsample_nearest(...args: unknown[]): Tensor {
  return UPSAMPLE_NEAREST.call(args, (given) => {
    warn_deprecated('upsample_nearest');
    return resample(given);
  });
}

const UPSAMPLE_BILINEAR = signature<UpsampleSizeArguments>('upsample_bilinear', SIZES);

/**
 * {@link interpolate} with mode `'bilinear'` and aligned corners. Mirrors `torch.nn.functional.upsample_bilinear`.
 *
 * @deprecated use {@link interpolate}
 * @param input - of shape `(N, C, H, W)`
 * @param size - output size of the spatial dimensions; default null
 * @param scale_factor - ratio of output size to input size, instead of `size`; default null
 * @throws Error as {@link interpolate}
 * @example
 * ```ts
 * print(F.upsample_bilinear(torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]]), [2, 3]));
 * ```
 * ```python
 * print(F.upsample_bilinear(torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]]), [2, 3]))
 * ```
 */
export function upsample_bilinear(input: Tensor, size?: IntOrSize | null, scale_factor?: IntOrSize | null): Tensor;
export function upsample_bilinear(...args: UpsampleSizeCall): Tensor;
export function upsample_bilinear(...args: unknown[]): Tensor {
  return UPSAMPLE_BILINEAR.call(args, (given) => {
    warn_deprecated('upsample_bilinear');
    return resample({ ...given, mode: 'bilinear', align_corners: true });
  });
}

// ---- Sampling at the points of a grid -----------------------------------------------------------

/** The interpolation of {@link grid_sample}; `'bilinear'` is trilinear for volumes. */
export type GridSampleMode = 'bilinear' | 'nearest' | 'bicubic';

/** The values that {@link grid_sample} takes outside the input. */
export type GridSamplePaddingMode = 'zeros' | 'border' | 'reflection';

/** The options of {@link grid_sample}. */
export interface GridSampleOptions {
  /** Interpolation. Default `'bilinear'`. */
  mode?: GridSampleMode;
  /** Values outside the input: zeros (the default), the border, or reflected at the border. */
  padding_mode?: GridSamplePaddingMode;
  /**
   * -1 and 1 are the centers of the corner pixels instead of their outer corners. Default null: false, with a
   * warning.
   */
  align_corners?: boolean | null;
}

const grid_modes: readonly string[] = ['bilinear', 'nearest', 'bicubic'];
const grid_padding_modes: readonly string[] = ['zeros', 'border', 'reflection'];

function meant_alignment(align_corners: boolean | null | undefined): boolean {
  if (typeof align_corners === 'boolean') return align_corners;
  warn(
    'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify ' +
      'align_corners=True if the old behavior is desired. See the documentation of grid_sample for details.',
  );
  return false;
}

interface GridSampleArguments extends GridSampleOptions {
  input: Tensor;
  grid: Tensor;
}

const GRID_SAMPLE = signature<GridSampleArguments>(
  'grid_sample',
  'input: Tensor, grid: Tensor, mode?: str, padding_mode?: str, align_corners?: bool|None',
);

/**
 * Samples an image or volume at the points of a grid, whose coordinates span -1 to 1. Mirrors
 * `torch.nn.functional.grid_sample`.
 *
 * @param input - of shape `(N, C, H, W)` or `(N, C, D, H, W)`
 * @param grid - coordinates (x, y), `(N, H', W', 2)`, or (x, y, z), `(N, D', H', W', 3)`
 * @param mode - `'bilinear'` (the default), `'nearest'` or `'bicubic'`
 * @param padding_mode - `'zeros'` (the default), `'border'` or `'reflection'`
 * @param align_corners - -1 and 1 are the centers of the corner pixels; default null, false with a warning
 * @returns a tensor of shape `(N, C, ...spatial sizes of the grid)`
 * @throws Error for unknown modes, and for shapes that do not fit
 * @example
 * ```ts
 * const input = torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]]);
 * const grid = torch.tensor([[[[-0.5, -0.5], [0, 0], [0.5, -0.5]]]]);
 * print(F.grid_sample(input, grid, { align_corners: false }));
 * ```
 * ```python
 * input = torch.tensor([[[[0.5, 1.5], [2.5, 3.5]]]])
 * grid = torch.tensor([[[[-0.5, -0.5], [0, 0], [0.5, -0.5]]]])
 * print(F.grid_sample(input, grid, align_corners=False))
 * ```
 */
export function grid_sample(
  input: Tensor,
  grid: Tensor,
  mode?: GridSampleMode,
  padding_mode?: GridSamplePaddingMode,
  align_corners?: boolean | null,
): Tensor;
export function grid_sample(
  ...args: Arguments<
    [
      input: Tensor,
      grid: Tensor,
      mode?: GridSampleMode,
      padding_mode?: GridSamplePaddingMode,
      align_corners?: boolean | null,
    ],
    GridSampleArguments,
    ['input', 'grid', 'mode', 'padding_mode', 'align_corners']
  >
): Tensor;
export function grid_sample(...args: unknown[]): Tensor {
  return GRID_SAMPLE.call(args, ({ input, grid, mode = 'bilinear', padding_mode = 'zeros', align_corners }) => {
    const mode_code = grid_modes.indexOf(mode);
    if (mode_code < 0) {
      throw new Error(
        "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: " +
          `'${text_or_kind(mode)}'`,
      );
    }
    const padding_code = grid_padding_modes.indexOf(padding_mode);
    if (padding_code < 0) {
      throw new Error(
        "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but " +
          `got: '${text_or_kind(padding_mode)}'`,
      );
    }
    return ops.grid_sampler(input, grid, mode_code, padding_code, meant_alignment(align_corners));
  });
}

function check_affine(theta: Tensor, size: readonly number[]): void {
  if (!theta.is_floating_point()) {
    throw new Error(`Expected theta to have floating point type, but got ${String(theta.dtype)}`);
  }
  const spatial = size.length - 2;
  if (spatial !== 2 && spatial !== 3) {
    throw new Error(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got ' +
        `size ${listed(size)}.`,
    );
  }
  const shape = theta.shape;
  if (shape.length === 3 && shape[1] === spatial && shape[2] === spatial + 1) return;
  throw new Error(
    `Expected a batch of ${spatial}D affine matrices of shape Nx${spatial}x${spatial + 1} for size ` +
      `${listed(size)}. Got ${String(shape)}.`,
  );
}

interface AffineGridArguments {
  theta: Tensor;
  size: readonly number[];
  /**
   * -1 and 1 are the centers of the corner pixels instead of their outer corners. Default null: false, with a
   * warning.
   */
  align_corners?: boolean | null;
}

const AFFINE_GRID = signature<AffineGridArguments>(
  'affine_grid',
  'theta: Tensor, size: int[], align_corners?: bool|None',
);

/**
 * The grid for {@link grid_sample} that applies affine transformations. Mirrors `torch.nn.functional.affine_grid`.
 *
 * @param theta - affine matrices, `(N, 2, 3)` for images or `(N, 3, 4)` for volumes, floating point
 * @param size - size of the output image, `(N, C, H, W)` or `(N, C, D, H, W)`
 * @param align_corners - -1 and 1 are the centers of the corner pixels; default null, false with a warning
 * @returns a grid of shape `(N, H, W, 2)` or `(N, D, H, W, 3)`
 * @throws Error when `theta` is not floating point, or `theta` and `size` do not fit
 * @example
 * ```ts
 * const theta = torch.tensor([[[1, 0, 0.5], [0, 1, 0]]]);
 * print(F.affine_grid(theta, [1, 1, 2, 2], { align_corners: false }));
 * ```
 * ```python
 * theta = torch.tensor([[[1, 0, 0.5], [0, 1, 0]]])
 * print(F.affine_grid(theta, [1, 1, 2, 2], align_corners=False))
 * ```
 */
export function affine_grid(theta: Tensor, size: readonly number[], align_corners?: boolean | null): Tensor;
export function affine_grid(
  ...args: Arguments<
    [theta: Tensor, size: readonly number[], align_corners?: boolean | null],
    AffineGridArguments,
    ['theta', 'size', 'align_corners']
  >
): Tensor;
export function affine_grid(...args: unknown[]): Tensor {
  return AFFINE_GRID.call(args, ({ theta, size, align_corners: given }) => {
    const align_corners = meant_alignment(given);
    check_affine(theta, size);
    if (align_corners && Math.min(...size.slice(2)) === 1) {
      warn(
        'Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is ' +
          'not an intended use case of affine_grid. See the documentation of affine_grid for details.',
      );
    } else if (Math.min(...size) <= 0) {
      throw new Error(`Expected non-zero, positive output size. Got ${listed(size)}`);
    }
    return ops.affine_grid_generator(theta, size, align_corners);
  });
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
