/** The functions of `torch.nn.functional` that resample images and volumes. */
import { signature, type Arguments } from '../../_internal/signature.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import { Size, type Tensor } from '../../_tensor.js';
import type { IntOrSize } from './index.js';
import { kind_of, python_float, shown } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/** How {@link interpolate} finds values between those of the input; some modes are for one rank only. */
export type InterpolationMode =
  | 'nearest'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'lanczos'
  | 'area'
  | 'nearest-exact';

/** What {@link upsample_nearest} and {@link upsample_bilinear} take by name: one of the two must be there. */
export interface UpsampleSizeOptions {
  /** Output size of the spatial dimensions. */
  size?: IntOrSize | null;
  /** Output size over input size. */
  scale_factor?: IntOrSize | null;
}

/** What {@link upsample} takes by name. */
export interface UpsampleOptions extends UpsampleSizeOptions {
  /** Default `'nearest'`. */
  mode?: InterpolationMode;
  /**
   * Align the centres of the corner pixels instead of their outer corners; for the modes `'linear'`, `'bilinear'`,
   * `'bicubic'` and `'trilinear'`.
   */
  align_corners?: boolean | null;
}

/** What {@link interpolate} takes by name. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Use the ratio of the sizes, which are integers, instead of `scale_factor` itself. */
  recompute_scale_factor?: boolean | null;
  /** Blur before scaling down; for `'bilinear'`, `'bicubic'` and `'lanczos'`. */
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

function each(value: IntOrSize, spatial: number): readonly number[] {
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
    return { size: each(size, spatial.length), scales: null };
  }
  if (scale_factor === null) throw new Error('either size or scale_factor should be defined');
  const scales = each(scale_factor, spatial.length);
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
      `linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${shown(mode)})`,
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
 * Scales the spatial dimensions of (N, C, L), (N, C, H, W) or (N, C, D, H, W) up or down to `size`, or by
 * `scale_factor`. Mirrors `torch.nn.functional.interpolate`.
 *
 * @throws Error unless exactly one of `size` and `scale_factor` is given with a number for each spatial dimension, and
 * when the mode does not go with the rank of the input or with the other options
 * @throws TypeError when `size` has numbers that are not integers
 */
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
): Tensor {
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
 * As {@link interpolate}, with fewer options. Mirrors `torch.nn.functional.upsample`.
 *
 * @deprecated use {@link interpolate}
 * @throws Error as {@link interpolate} does
 */
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
): Tensor {
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
 * {@link interpolate} by the nearest value. Mirrors `torch.nn.functional.upsample_nearest`.
 *
 * @deprecated use {@link interpolate}
 * @throws Error as {@link interpolate} does
 */
export function upsample_nearest(...args: UpsampleSizeCall): Tensor {
  return UPSAMPLE_NEAREST.call(args, (given) => {
    warn_deprecated('upsample_nearest');
    return resample(given);
  });
}

const UPSAMPLE_BILINEAR = signature<UpsampleSizeArguments>('upsample_bilinear', SIZES);

/**
 * {@link interpolate} of (N, C, H, W), bilinear and with aligned corners. Mirrors
 * `torch.nn.functional.upsample_bilinear`.
 *
 * @deprecated use {@link interpolate}
 * @throws Error as {@link interpolate} does
 */
export function upsample_bilinear(...args: UpsampleSizeCall): Tensor {
  return UPSAMPLE_BILINEAR.call(args, (given) => {
    warn_deprecated('upsample_bilinear');
    return resample({ ...given, mode: 'bilinear', align_corners: true });
  });
}

// ---- Sampling at the points of a grid -----------------------------------------------------------

/** How {@link grid_sample} finds values between those of the input; `'bilinear'` is trilinear for volumes. */
export type GridSampleMode = 'bilinear' | 'nearest' | 'bicubic';

/** What {@link grid_sample} finds outside the input. */
export type GridSamplePaddingMode = 'zeros' | 'border' | 'reflection';

/** What {@link grid_sample} takes by name. */
export interface GridSampleOptions {
  /** Default `'bilinear'`. */
  mode?: GridSampleMode;
  /** Default `'zeros'`. */
  padding_mode?: GridSamplePaddingMode;
  /** Let -1 and 1 be the centres of the corner pixels instead of their outer corners. */
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
 * Samples (N, C, H, W) at the (x, y) of a grid (N, H', W', 2), or (N, C, D, H, W) at the (x, y, z) of a grid
 * (N, D', H', W', 3). The input spans -1 to 1 in each direction. Mirrors `torch.nn.functional.grid_sample`.
 *
 * @throws Error for modes that do not exist, and as libtorch does for shapes that do not fit
 */
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
): Tensor {
  return GRID_SAMPLE.call(args, ({ input, grid, mode = 'bilinear', padding_mode = 'zeros', align_corners }) => {
    const mode_code = grid_modes.indexOf(mode);
    if (mode_code < 0) {
      throw new Error(
        "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: " +
          `'${shown(mode)}'`,
      );
    }
    const padding_code = grid_padding_modes.indexOf(padding_mode);
    if (padding_code < 0) {
      throw new Error(
        "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but " +
          `got: '${shown(padding_mode)}'`,
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
  /** Let -1 and 1 be the centres of the corner pixels instead of their outer corners. */
  align_corners?: boolean | null;
}

const AFFINE_GRID = signature<AffineGridArguments>(
  'affine_grid',
  'theta: Tensor, size: int[], align_corners?: bool|None',
);

/**
 * The grid (N, H, W, 2) or (N, D, H, W, 3) for {@link grid_sample} that maps an image of `size` (N, C, H, W) or
 * (N, C, D, H, W) by affine matrices `theta` (N, 2, 3) or (N, 3, 4). Mirrors `torch.nn.functional.affine_grid`.
 *
 * @throws Error when `theta` is not floating-point, or when `theta` and `size` are not as above
 */
export function affine_grid(
  ...args: Arguments<
    [theta: Tensor, size: readonly number[], align_corners?: boolean | null],
    AffineGridArguments,
    ['theta', 'size', 'align_corners']
  >
): Tensor {
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
