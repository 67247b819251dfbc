/** Modules that scale images and volumes. */
import type { Tensor } from '../../_tensor.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_float, python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link Upsample}; one of `size` and `scale_factor` must be given. */
export interface UpsampleModuleOptions extends F.UpsampleOptions {
  /** Use the ratio of the sizes, which are integers, instead of `scale_factor` itself. */
  recompute_scale_factor?: boolean | null;
}

type SizeArguments = Arguments<
  [size?: F.IntOrSize | null, scale_factor?: F.IntOrSize | null],
  F.UpsampleSizeOptions,
  ['size', 'scale_factor']
>;

const SIZES = 'size?: int|int[]|None, scale_factor?: float|float[]|None';
const UPSAMPLE = signature<UpsampleModuleOptions>(
  'Upsample',
  `${SIZES}, mode?: str, align_corners?: bool|None, recompute_scale_factor?: bool|None`,
);
const UPSAMPLE_2D = family<F.UpsampleSizeOptions>(['UpsamplingNearest2d', 'UpsamplingBilinear2d'], SIZES);

/**
 * Resizes sequences, images or volumes to a size or by a factor, by interpolation between the input values. Mirrors
 * `torch.nn.Upsample`.
 *
 * Shapes: input `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)`, output the same with the spatial sizes `size`, or
 * `floor(input size * scale_factor)`. The output has the dtype of the input. Dtypes: floating point and uint8; with
 * the modes `'linear'` and `'trilinear'` floating point alone.
 *
 * @param size - spatial sizes of the output; a number for all; default null
 * @param scale_factor - output size divided by input size; a number for all, or one for each spatial dimension; default
 *   null
 * @param mode - `'nearest'`, `'nearest-exact'`, `'linear'` (3 dimensions), `'bilinear'` and `'bicubic'` (4 dimensions)
 *   or `'trilinear'` (5 dimensions); default `'nearest'`
 * @param align_corners - align the centers of the corner pixels instead of their corners; for the modes from `'linear'`
 *   on; default null: false
 * @param recompute_scale_factor - compute the factor of the interpolation from the two sizes instead of `scale_factor`;
 *   default null: false
 * @throws Error on the call, unless exactly one of `size` and `scale_factor` is given, or when the mode does not match
 *   the number of dimensions
 * @example
 * ```ts
 * const upsample = new nn.Upsample({ scale_factor: 2, mode: 'bilinear' });
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])));
 * ```
 * ```python
 * upsample = nn.Upsample(scale_factor=2, mode='bilinear')
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])))
 * ```
 */
export class Upsample extends Module {
  declare name: string;
  declare size: F.IntOrSize | null;
  declare scale_factor: F.IntOrSize | null;
  declare mode: F.InterpolationMode;
  declare align_corners: boolean | null;
  declare recompute_scale_factor: boolean | null;

  constructor(
    ...args: Arguments<
      [
        size?: F.IntOrSize | null,
        scale_factor?: F.IntOrSize | null,
        mode?: F.InterpolationMode,
        align_corners?: boolean | null,
        recompute_scale_factor?: boolean | null,
      ],
      UpsampleModuleOptions,
      ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const options = UPSAMPLE.read(args);
    this.name = this._get_name();
    this.size = options.size ?? null;
    this.scale_factor = options.scale_factor || null;
    this.mode = options.mode ?? 'nearest';
    this.align_corners = options.align_corners ?? null;
    this.recompute_scale_factor = options.recompute_scale_factor ?? null;
  }

  forward(input: Tensor): Tensor {
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this;
    return F.interpolate(input, { size, scale_factor, mode, align_corners, recompute_scale_factor });
  }

  override extra_repr(): string {
    const { size, scale_factor } = this;
    const target =
      scale_factor === null ? `size=${python_size(size)}` : `scale_factor=${scale_factor_repr(scale_factor)}`;
    return `${target}, mode='${this.mode}'`;
  }
}

function scale_factor_repr(scale_factor: F.IntOrSize): string {
  if (typeof scale_factor === 'number') return python_float(scale_factor);
  const listed = scale_factor.map(python_float);
  return listed.length === 1 ? `(${listed[0]},)` : `(${listed.join(', ')})`;
}

/**
 * Resizes images to a size or by a factor, with the nearest input value for each output pixel. Mirrors
 * `torch.nn.UpsamplingNearest2d`.
 *
 * Shapes: input `(N, C, H, W)`, output the same with the spatial sizes `size`, or `floor(input size * scale_factor)`,
 * in the dtype of the input. Dtypes: floating point and uint8.
 *
 * @param size - height and width of the output; a number for both; default null
 * @param scale_factor - output size divided by input size; a number for both, or one for each; default null
 * @throws Error on the call, unless exactly one of the two is given
 * @example
 * ```ts
 * const upsample = new nn.UpsamplingNearest2d({ scale_factor: 2 });
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])));
 * ```
 * ```python
 * upsample = nn.UpsamplingNearest2d(scale_factor=2)
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])))
 * ```
 */
export class UpsamplingNearest2d extends Upsample {
  constructor(...args: SizeArguments);
  constructor(...args: unknown[]) {
    super({ ...UPSAMPLE_2D.read(new.target, args), mode: 'nearest' });
  }
}

/**
 * Resizes images to a size or by a factor, by bilinear interpolation with aligned corners. Mirrors
 * `torch.nn.UpsamplingBilinear2d`.
 *
 * Shapes: input `(N, C, H, W)`, output the same with the spatial sizes `size`, or `floor(input size * scale_factor)`,
 * in the dtype of the input. Dtypes: floating point and uint8.
 *
 * @param size - height and width of the output; a number for both; default null
 * @param scale_factor - output size divided by input size; a number for both, or one for each; default null
 * @throws Error on the call, unless exactly one of the two is given
 * @example
 * ```ts
 * const upsample = new nn.UpsamplingBilinear2d({ size: [3, 3] });
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])));
 * ```
 * ```python
 * upsample = nn.UpsamplingBilinear2d(size=(3, 3))
 * print(upsample(torch.tensor([[[[1, 2], [3, 4.5]]]])))
 * ```
 */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: SizeArguments);
  constructor(...args: unknown[]) {
    super({ ...UPSAMPLE_2D.read(new.target, args), mode: 'bilinear', align_corners: true });
  }
}

forward_takes(Upsample, 'input: Tensor');
