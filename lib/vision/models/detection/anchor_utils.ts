/** The boxes from which detection models start; mirrors `torchvision.models.detection.anchor_utils`. */
import { meshgrid } from '../../../functional.js';
import { tensor } from '../../../creation.js';
import { arange, cat, stack } from '../../../generated/functions.js';
import { define_kind, signature } from '../../../_internal/signature.js';
import { python_repr } from '../../../python/print.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Module } from '../../../nn/modules/module.js';
import { float32, int32 } from '../../../types/dtype.js';
import type { ImageList } from './image_list.js';
import { float_list } from '../../transforms/representation.js';

/** Numbers of each feature map, or one for each. */
type PerLevel = readonly number[] | readonly (readonly number[])[];

interface AnchorArguments {
  sizes?: PerLevel;
  aspect_ratios?: PerLevel;
}

const ANCHORS = signature<AnchorArguments>('AnchorGenerator', 'sizes?: any[], aspect_ratios?: any[]');

const is_nested = (values: PerLevel): values is readonly (readonly number[])[] => Array.isArray(values[0]);

/** The places of a grid, row by row: x and y of each. */
function places(xs: Tensor, ys: Tensor): [x: Tensor, y: Tensor] {
  const [y, x] = meshgrid(ys, xs, { indexing: 'ij' }) as [Tensor, Tensor];
  return [x.reshape(-1), y.reshape(-1)];
}

export interface AnchorGenerator {
  (image_list: ImageList, feature_maps: readonly Tensor[]): Tensor[];
}

/**
 * Gives boxes of several sizes and shapes around each place of each feature map. Mirrors
 * `torchvision.models.detection.anchor_utils.AnchorGenerator`.
 *
 * Called with images and their feature maps `(N, C, H_i, W_i)`, returns for each image the boxes `(A, 4)`, as
 * `x1, y1, x2, y2`.
 *
 * @param sizes - for each feature map the sizes of boxes, or one size for each; default `[[128, 256, 512]]`
 * @param aspect_ratios - for each feature map the ratios of height to width, or the same for all; default `[[0.5, 1, 2]]`
 * @throws Error on a call, when there are not as many feature maps as sizes
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { anchor_utils, image_list } = models.detection;
 * const anchors = new anchor_utils.AnchorGenerator([[32]], [[0.5, 1]]);
 * const images = new image_list.ImageList(torch.zeros(1, 3, 64, 64), [[64, 64]]);
 * print(anchors.num_anchors_per_location()); // [2]
 * print(anchors(images, [torch.zeros(1, 8, 1, 2)])[0]!.index(0)); // tensor([-23., -11.,  23.,  11.])
 * ```
 */
export class AnchorGenerator extends Module {
  declare sizes: readonly (readonly number[])[];
  declare aspect_ratios: readonly (readonly number[])[];
  declare cell_anchors: Tensor[];

  constructor(...options: Tail<[sizes: PerLevel, aspect_ratios: PerLevel], AnchorArguments>);
  constructor(...args: unknown[]) {
    super();
    const { sizes = [[128, 256, 512]], aspect_ratios = [[0.5, 1, 2]] } = ANCHORS.read(args);
    this.sizes = is_nested(sizes) ? sizes : sizes.map((size) => [size]);
    this.aspect_ratios = is_nested(aspect_ratios) ? aspect_ratios : this.sizes.map(() => aspect_ratios);
    const levels = Math.min(this.sizes.length, this.aspect_ratios.length);
    this.cell_anchors = this.sizes.slice(0, levels).map((scales, i) => around_zero(scales, this.aspect_ratios[i]!));
  }

  /** The number of boxes at each place of each feature map. */
  num_anchors_per_location(): number[] {
    return this.cell_anchors.map((_, i) => this.sizes[i]!.length * this.aspect_ratios[i]!.length);
  }

  forward(image_list: ImageList, feature_maps: readonly Tensor[]): Tensor[] {
    if (feature_maps.length !== this.cell_anchors.length) {
      throw new Error(
        'Anchors should be Tuple[Tuple[int]] because each feature map could potentially have different sizes and aspect ' +
          'ratios. There needs to be a match between the number of feature maps passed and the number of sizes / aspect ' +
          'ratios specified.',
      );
    }
    const { dtype, device } = feature_maps[0]!;
    const [height, width] = [image_list.tensors.size(-2), image_list.tensors.size(-1)];
    this.cell_anchors = this.cell_anchors.map((anchors) => anchors.to({ dtype, device }));
    const levels = feature_maps.map((map, i) => {
      const [rows, columns] = [map.size(-2), map.size(-1)];
      const steps = (count: number, length: number): Tensor =>
        arange(count, { dtype: int32, device }).mul(Math.floor(length / count));
      const [x, y] = places(steps(columns, width), steps(rows, height));
      return stack([x, y, x, y], 1)
        .view(-1, 1, 4)
        .add(this.cell_anchors[i]!.view(1, -1, 4))
        .reshape(-1, 4);
    });
    const all = cat(levels);
    return image_list.image_sizes.map(() => all);
  }
}
forward_takes(AnchorGenerator, 'image_list: any, feature_maps: Tensor[]');
define_kind('AnchorGenerator', 'AnchorGenerator', (value) => value instanceof AnchorGenerator);

/** Boxes around zero, of all sizes and shapes. */
function around_zero(scales: readonly number[], ratios: readonly number[]): Tensor {
  const options = { dtype: float32, device: 'cpu' } as const;
  const heights = tensor([...ratios], options).sqrt();
  const sides = (factors: Tensor): Tensor =>
    factors
      .unsqueeze(1)
      .mul(tensor([...scales], options).unsqueeze(0))
      .view(-1);
  const [w, h] = [sides(heights.reciprocal()), sides(heights)];
  return stack([w.neg(), h.neg(), w, h], 1).div(2).round();
}

/** Keyword arguments of {@link DefaultBoxGenerator}. */
export interface DefaultBoxOptions {
  /** Scale of the first feature map, where there are no `scales`. Default 0.15. */
  min_ratio?: number;
  /** Scale of the last feature map, where there are no `scales`. Default 0.9. */
  max_ratio?: number;
  /** Scales of the boxes of each feature map, and one more. Default null: evenly spaced. */
  scales?: readonly number[] | null;
  /** Pixels between the boxes of each feature map. Default null: the size of the image by that of the feature map. */
  steps?: readonly number[] | null;
  /** Clip sizes to those of the image. Default true. */
  clip?: boolean;
}

const DEFAULT_BOXES = signature<DefaultBoxOptions & { aspect_ratios: readonly (readonly number[])[] }>(
  'DefaultBoxGenerator',
  'aspect_ratios: any[], min_ratio?: float, max_ratio?: float, scales?: float[]|None, steps?: int[]|None, clip?: bool',
);

export interface DefaultBoxGenerator {
  (image_list: ImageList, feature_maps: readonly Tensor[]): Tensor[];
}

/**
 * Gives the default boxes of SSD around each place of each feature map. Mirrors
 * `torchvision.models.detection.anchor_utils.DefaultBoxGenerator`.
 *
 * Called with images and their feature maps `(N, C, H_i, W_i)`, returns for each image the boxes `(A, 4)`, as
 * `x1, y1, x2, y2`.
 *
 * @param aspect_ratios - for each feature map ratios of width to height besides 1; each gives two boxes
 * @param min_ratio - scale of the first feature map, where there are no `scales`; default 0.15
 * @param max_ratio - scale of the last feature map, where there are no `scales`; default 0.9
 * @param scales - scales of the boxes of each feature map, and one more; default null: evenly spaced
 * @param steps - pixels between the boxes of each feature map; default null: of the sizes
 * @param clip - clip sizes to those of the image; default true
 * @throws Error when there are not as many steps as feature maps
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { anchor_utils, image_list } = models.detection;
 * const boxes = new anchor_utils.DefaultBoxGenerator([[2]], { scales: [0.5, 0.5] });
 * print(boxes); // DefaultBoxGenerator(aspect_ratios=[[2]], clip=True, scales=[0.5, 0.5], steps=None)
 * const images = new image_list.ImageList(torch.zeros(1, 3, 64, 64), [[64, 64]]);
 * print(boxes(images, [torch.zeros(1, 8, 1, 1)])[0]!.index(0)); // tensor([16., 16., 48., 48.])
 * ```
 */
export class DefaultBoxGenerator extends Module {
  declare aspect_ratios: readonly (readonly number[])[];
  declare steps: readonly number[] | null;
  declare clip: boolean;
  declare scales: readonly number[];
  declare private readonly _wh_pairs: readonly Tensor[];

  constructor(
    aspect_ratios: readonly (readonly number[])[],
    ...options: Tail<
      [
        min_ratio: number,
        max_ratio: number,
        scales: readonly number[] | null,
        steps: readonly number[] | null,
        clip: boolean,
      ],
      DefaultBoxOptions
    >
  );
  constructor(options: DefaultBoxOptions & { aspect_ratios: readonly (readonly number[])[] });
  constructor(...args: unknown[]) {
    super();
    const given = DEFAULT_BOXES.read(args);
    const { aspect_ratios, min_ratio = 0.15, max_ratio = 0.9, scales = null, steps = null, clip = true } = given;
    const levels = aspect_ratios.length;
    if (steps !== null && levels !== steps.length) {
      throw new Error('aspect_ratios and steps should have the same length');
    }
    this.aspect_ratios = aspect_ratios;
    this.steps = steps;
    this.clip = clip;
    this.scales = scales ?? spaced(levels, min_ratio, max_ratio);
    Object.defineProperty(this, '_wh_pairs', { value: aspect_ratios.map((_, i) => this.sizes_of(i)) });
  }

  /** Width and height of the boxes at a place of a feature map. */
  private sizes_of(level: number): Tensor {
    const scale = this.scales[level]!;
    const between = Math.sqrt(scale * this.scales[level + 1]!);
    const shapes = this.aspect_ratios[level]!.flatMap((ratio) => {
      const [w, h] = [scale * Math.sqrt(ratio), scale / Math.sqrt(ratio)];
      return [
        [w, h],
        [h, w],
      ];
    });
    return tensor([[scale, scale], [between, between], ...shapes], { dtype: float32, device: 'cpu' });
  }

  /** The number of boxes at each place of each feature map. */
  num_anchors_per_location(): number[] {
    return this.aspect_ratios.map((ratios) => 2 + 2 * ratios.length);
  }

  /** Centers and sizes of the boxes of a feature map, in parts of the image. */
  private boxes_of(level: number, map: Tensor, [height, width]: readonly [number, number]): Tensor {
    const [rows, columns] = [map.size(-2), map.size(-1)];
    const step = this.steps?.[level];
    const [down, across] = step === undefined ? [rows, columns] : [height / step, width / step];
    const centers = (count: number, length: number): Tensor => arange(count).add(0.5).div(length).to(map.dtype);
    const [x, y] = places(centers(columns, across), centers(rows, down));
    const sizes = this._wh_pairs[level]!;
    const pairs = Array.from({ length: sizes.size(0) }, () => [x, y]).flat();
    const clipped = this.clip ? sizes.clamp(0, 1) : sizes;
    return cat([stack(pairs, -1).reshape(-1, 2), clipped.repeat(rows * columns, 1)], 1);
  }

  forward(image_list: ImageList, feature_maps: readonly Tensor[]): Tensor[] {
    const { device } = feature_maps[0]!;
    const size = [image_list.tensors.size(-2), image_list.tensors.size(-1)] as const;
    const boxes = cat(feature_maps.map((map, i) => this.boxes_of(i, map, size))).to(device);
    const [centers, half] = [boxes.narrow(1, 0, 2), boxes.narrow(1, 2, 2).mul(0.5)];
    const pixels = tensor([size[1], size[0]], { device });
    const found = cat([centers.sub(half).mul(pixels), centers.add(half).mul(pixels)], -1);
    return image_list.image_sizes.map(() => found);
  }

  override toString(): string {
    const steps = this.steps === null ? 'None' : python_repr(this.steps);
    return (
      `DefaultBoxGenerator(aspect_ratios=${python_repr(this.aspect_ratios)}, clip=${this.clip ? 'True' : 'False'}, ` +
      `scales=${float_list(this.scales)}, steps=${steps})`
    );
  }
}
forward_takes(DefaultBoxGenerator, 'image_list: any, feature_maps: Tensor[]');
define_kind('DefaultBoxGenerator', 'DefaultBoxGenerator', (value) => value instanceof DefaultBoxGenerator);

/** Scales from one to the other, and 1 behind them. */
function spaced(levels: number, from: number, to: number): number[] {
  if (levels <= 1) return [from, to];
  const range = to - from;
  return [...Array.from({ length: levels }, (_, k) => from + (range * k) / (levels - 1)), 1];
}
