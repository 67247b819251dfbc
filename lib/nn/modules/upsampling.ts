/** Modules that scale images and volumes. */
import type { Tensor } from '../../_tensor.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_float, python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/** What {@link Upsample} takes by name: one of `size` and `scale_factor` must be there when it is called. */
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
 * Scales the spatial dimensions of (N, C, L), (N, C, H, W) or (N, C, D, H, W) to `size`, or by `scale_factor`. Mirrors
 * `torch.nn.Upsample`.
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
    const target = scale_factor === null ? `size=${python_size(size)}` : `scale_factor=${factors(scale_factor)}`;
    return `${target}, mode='${this.mode}'`;
  }
}

function factors(scale_factor: F.IntOrSize): string {
  if (typeof scale_factor === 'number') return python_float(scale_factor);
  const listed = scale_factor.map(python_float);
  return listed.length === 1 ? `(${listed[0]},)` : `(${listed.join(', ')})`;
}

/** Scales (N, C, H, W) by the nearest value. Mirrors `torch.nn.UpsamplingNearest2d`. */
export class UpsamplingNearest2d extends Upsample {
  constructor(...args: SizeArguments);
  constructor(...args: unknown[]) {
    super({ ...UPSAMPLE_2D.read(new.target, args), mode: 'nearest' });
  }
}

/** Scales (N, C, H, W), bilinear and with aligned corners. Mirrors `torch.nn.UpsamplingBilinear2d`. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: SizeArguments);
  constructor(...args: unknown[]) {
    super({ ...UPSAMPLE_2D.read(new.target, args), mode: 'bilinear', align_corners: true });
  }
}

forward_takes(Upsample, 'input: Tensor');
