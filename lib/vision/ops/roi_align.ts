/** Averages of interpolated samples of regions. */
import { python_bool, python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { operator } from '../extension.js';
import { pair, rois_of, size_repr, type PooledSize, type Regions } from './rois.js';

/** Keyword arguments of {@link roi_align}. */
export interface RoIAlignOptions {
  /** Factor from the coordinates of the boxes to those of the input. Default 1. */
  spatial_scale?: number;
  /** Samples in each direction of a bin; not positive: as many as a bin has pixels. Default -1. */
  sampling_ratio?: number;
  /** Whether coordinates are moved by half a pixel, so that they are those of corners of pixels. Default false. */
  aligned?: boolean;
}

type RoIAlignArguments = RoIAlignOptions & { input: Tensor; boxes: Regions; output_size: PooledSize };

const ROI_ALIGN = signature<RoIAlignArguments>(
  'roi_align',
  'input: Tensor, boxes: Tensor|Tensor[], output_size: int|int[], spatial_scale?: float, sampling_ratio?: int, aligned?: bool',
);

/**
 * Pools regions of feature maps to one size: each element is the average of bilinearly interpolated samples in its bin.
 * Mirrors `torchvision.ops.roi_align`.
 *
 * Shapes: input `(N, C, H, W)`, output `(K, C, *output_size)` for K regions. Dtypes: floating point, the same for boxes;
 * bfloat16 only on other devices than the CPU. There is a gradient of the input, not of the boxes.
 *
 * The CPU has a kernel of its own. On other devices it is composed of products of matrices, which copy the feature maps of
 * the image of each region.
 *
 * @param input - the feature maps
 * @param boxes - `(K, 5)` with the index of the image, then `x1, y1, x2, y2`; or for each image a tensor `(L, 4)`
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input; default 1
 * @param sampling_ratio - samples in each direction of a bin; not positive: as many as a bin has pixels; at most 1024; default -1
 * @param aligned - whether coordinates are moved by half a pixel; default false
 * @throws Error for other shapes and dtypes, and for the index of an image that there is not
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const input = torch.arange(16).float().view(1, 1, 4, 4);
 * print(ops.roi_align(input, [torch.tensor([[0, 0, 4, 4]]).float()], 2)); // tensor([[[[ 5.0000,  6.7500],
 * //           [12.0000, 13.7500]]]])
 * ```
 */
export function roi_align(
  ...args: Arguments<
    [
      input: Tensor,
      boxes: Regions,
      output_size: PooledSize,
      spatial_scale?: number,
      sampling_ratio?: number,
      aligned?: boolean,
    ],
    RoIAlignArguments,
    ['input', 'boxes', 'output_size', 'spatial_scale', 'sampling_ratio', 'aligned']
  >
): Tensor;
export function roi_align(...args: unknown[]): Tensor {
  return ROI_ALIGN.call(
    args,
    ({ input, boxes, output_size, spatial_scale = 1, sampling_ratio = -1, aligned = false }) => {
      const rois = rois_of(boxes);
      const size = pair(output_size);
      return operator('roi_align')(input, rois, spatial_scale, ...size, sampling_ratio, aligned) as Tensor;
    },
  );
}

interface RoIAlignModule {
  output_size: PooledSize;
  spatial_scale: number;
  sampling_ratio: number;
  aligned?: boolean;
}

const ROI_ALIGN_MODULE = signature<RoIAlignModule>(
  'RoIAlign',
  'output_size: int|int[], spatial_scale: float, sampling_ratio: int, aligned?: bool',
);

/**
 * Pools regions of feature maps to one size; see {@link roi_align}. Mirrors `torchvision.ops.RoIAlign`.
 *
 * Shapes: input `(N, C, H, W)` and regions, output `(K, C, *output_size)`.
 *
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input
 * @param sampling_ratio - samples in each direction of a bin; not positive: as many as a bin has pixels
 * @param aligned - whether coordinates are moved by half a pixel; default false
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.RoIAlign([7, 7], 0.25, 2)); // RoIAlign(output_size=(7, 7), spatial_scale=0.25, sampling_ratio=2, aligned=False)
 * ```
 */
export class RoIAlign extends Module {
  declare output_size: PooledSize;
  declare spatial_scale: number;
  declare sampling_ratio: number;
  declare aligned: boolean;

  constructor(
    ...args: Arguments<
      [output_size: PooledSize, spatial_scale: number, sampling_ratio: number, aligned?: boolean],
      RoIAlignModule,
      ['output_size', 'spatial_scale', 'sampling_ratio', 'aligned']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { output_size, spatial_scale, sampling_ratio, aligned = false } = ROI_ALIGN_MODULE.read(args);
    this.output_size = output_size;
    this.spatial_scale = spatial_scale;
    this.sampling_ratio = sampling_ratio;
    this.aligned = aligned;
  }

  forward(input: Tensor, rois: Regions): Tensor {
    return roi_align(input, rois, this.output_size, this.spatial_scale, this.sampling_ratio, this.aligned);
  }

  override extra_repr(): string {
    return (
      `output_size=${size_repr(this.output_size)}, spatial_scale=${python_float(this.spatial_scale)}, ` +
      `sampling_ratio=${this.sampling_ratio}, aligned=${python_bool(this.aligned)}`
    );
  }
}
forward_takes(RoIAlign, 'input: Tensor, rois: Tensor|Tensor[]');
