/** Pooling of regions from the level of a feature pyramid that fits their size. Mirrors `torchvision.ops.poolers`. */
import { tensor } from '../../creation.js';
import { cat, where, zeros } from '../../generated/functions.js';
import { python_int } from '../../_internal/representation.js';
import { signature } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { float32, int64 } from '../../types/dtype.js';
import { box_area } from './boxes.js';
import { entries_of, type FeatureMaps } from './feature_pyramid_network.js';
import { roi_align } from './roi_align.js';
import { pair, rois_of, type PooledSize } from './rois.js';

/** Which level of a pyramid a box belongs to: formula (1) of the paper on feature pyramids. */
class LevelMapper {
  constructor(
    private readonly k_min: number,
    private readonly k_max: number,
    private readonly canonical_scale: number,
    private readonly canonical_level: number,
  ) {}

  levels_of(boxes: readonly Tensor[]): Tensor {
    const sides = cat(
      boxes.map((each) => box_area(each)),
      0,
    ).sqrt();
    // So that a size right at the border belongs to the higher level whatever the rounding.
    const eps = tensor(1e-6, { dtype: sides.dtype });
    const levels = sides.div(this.canonical_scale).log2().add(this.canonical_level).add(eps).floor();
    return levels.clamp(this.k_min, this.k_max).to(int64).sub(this.k_min);
  }
}

/** The factor from images to a feature map, a power of two. */
function scale_of(map: Tensor, height: number): number {
  const exponent = tensor(map.size(-2) / height, { dtype: float32 })
    .log2()
    .round()
    .item() as number;
  return 2 ** exponent;
}

interface MultiScaleArguments {
  featmap_names: readonly string[];
  output_size: PooledSize;
  sampling_ratio: number;
  canonical_scale?: number;
  canonical_level?: number;
}

const MULTI_SCALE_ROI_ALIGN = signature<MultiScaleArguments>(
  'MultiScaleRoIAlign',
  'featmap_names: str[], output_size: int|int[], sampling_ratio: int, *, canonical_scale?: int, canonical_level?: int',
);

/** Keyword arguments of {@link MultiScaleRoIAlign}. */
export interface MultiScaleRoIAlignOptions {
  /** Side of a box that is pooled from `canonical_level`. Default 224. */
  canonical_scale?: number;
  /** The level for boxes of `canonical_scale`. Default 4. */
  canonical_level?: number;
}

export interface MultiScaleRoIAlign {
  (
    x: FeatureMaps,
    boxes: readonly Tensor[],
    image_shapes: readonly (readonly [height: number, width: number])[],
  ): Tensor;
}

/**
 * Pools each box from the feature map whose resolution fits its size, by {@link roi_align}. Mirrors
 * `torchvision.ops.MultiScaleRoIAlign`.
 *
 * Called with feature maps by name, the boxes of each image `(L, 4)`, and the size of each image; the first call infers
 * the scales of the feature maps, as powers of two. Shapes: output `(K, C, *output_size)` for K boxes in all.
 *
 * @param featmap_names - the names of the feature maps to pool from, others are left out
 * @param output_size - height and width of a pooled region
 * @param sampling_ratio - samples in each direction of a bin; not positive: as many as a bin has pixels
 * @param canonical_scale - side of a box that is pooled from `canonical_level`; default 224
 * @param canonical_level - the level for boxes of `canonical_scale`; default 4
 * @throws Error on the call, without images or feature maps
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const pool = new ops.MultiScaleRoIAlign(['fine', 'coarse'], 3, 2);
 * const maps = { fine: torch.ones(1, 5, 64, 64), coarse: torch.ones(1, 5, 16, 16) };
 * const boxes = torch.tensor([[0, 0, 100, 100], [0, 0, 500, 400]]).float();
 * print(pool(maps, [boxes], [[512, 512]]).shape); // torch.Size([2, 5, 3, 3])
 * print(pool); // MultiScaleRoIAlign(featmap_names=['fine', 'coarse'], output_size=(3, 3), sampling_ratio=2)
 * ```
 */
export class MultiScaleRoIAlign extends Module {
  declare featmap_names: readonly string[];
  declare sampling_ratio: number;
  declare output_size: readonly [number, number];
  declare scales: readonly number[] | null;
  declare map_levels: LevelMapper | null;
  declare canonical_scale: number;
  declare canonical_level: number;

  constructor(
    featmap_names: readonly string[],
    output_size: PooledSize,
    sampling_ratio: number,
    options?: MultiScaleRoIAlignOptions,
  );
  constructor(
    featmap_names: readonly string[],
    output_size: PooledSize,
    options: MultiScaleRoIAlignOptions & { sampling_ratio: number },
  );
  constructor(options: MultiScaleArguments);
  constructor(...args: unknown[]) {
    super();
    const given = MULTI_SCALE_ROI_ALIGN.read(args);
    this.featmap_names = given.featmap_names;
    this.sampling_ratio = given.sampling_ratio;
    this.output_size = pair(given.output_size);
    this.scales = null;
    this.map_levels = null;
    this.canonical_scale = given.canonical_scale ?? 224;
    this.canonical_level = given.canonical_level ?? 4;
  }

  forward(
    x: FeatureMaps,
    boxes: readonly Tensor[],
    image_shapes: readonly (readonly [height: number, width: number])[],
  ): Tensor {
    const maps = entries_of(x)
      .filter(([name]) => this.featmap_names.includes(name))
      .map(([, map]) => map);
    if (maps.length === 0) throw new Error("MultiScaleRoIAlign(): argument 'x' has no feature map of featmap_names");
    const [scales, mapper] = this.scaled_by(maps, image_shapes);
    const rois = rois_of(boxes);
    const pool = (map: Tensor, regions: Tensor, spatial_scale: number): Tensor =>
      roi_align(map, regions, this.output_size, { spatial_scale, sampling_ratio: this.sampling_ratio });
    const [first] = maps as [Tensor];
    if (maps.length === 1) return pool(first, rois, scales[0]!);
    const levels = mapper.levels_of(boxes);
    const { dtype, device } = first;
    let result = zeros([rois.size(0), first.size(1), ...this.output_size], { dtype, device });
    for (const [level, map] of maps.entries()) {
      const members = where(levels.eq(level))[0]!;
      const pooled = pool(map, rois.index_select(0, members), scales[level]!);
      result = result.index_copy(0, members, pooled.to(dtype));
    }
    return result;
  }

  /** The scale of each feature map, and which of them a box belongs to; the first call finds them. */
  private scaled_by(
    maps: readonly Tensor[],
    image_shapes: readonly (readonly [height: number, width: number])[],
  ): [scales: readonly number[], mapper: LevelMapper] {
    if (this.scales !== null && this.map_levels !== null) return [this.scales, this.map_levels];
    if (image_shapes.length === 0) throw new Error('images list should not be empty');
    const height = Math.max(...image_shapes.map(([height]) => height));
    const scales = maps.map((map) => scale_of(map, height));
    const level = (scale: number): number => Math.trunc(-Math.log2(scale));
    const mapper = new LevelMapper(
      level(scales[0]!),
      level(scales[scales.length - 1]!),
      this.canonical_scale,
      this.canonical_level,
    );
    this.scales = scales;
    this.map_levels = mapper;
    return [scales, mapper];
  }

  override extra_repr(): string {
    const names = this.featmap_names.map((name) => `'${name}'`).join(', ');
    const size = this.output_size.map(python_int).join(', ');
    return `featmap_names=[${names}], output_size=(${size}), sampling_ratio=${this.sampling_ratio}`;
  }
}
forward_takes(MultiScaleRoIAlign, 'x: dict, boxes: Tensor[], image_shapes: any[]');
