/** Averages of interpolated samples of regions, in which each bin has channels of its own. */
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { operator } from '../extension.js';
import { pair, rois_of, size_repr, type PooledSize, type Regions } from './rois.js';

/** Keyword arguments of {@link ps_roi_align}. */
export interface PSRoIAlignOptions {
  /** Factor from the coordinates of the boxes to those of the input. Default 1. */
  spatial_scale?: number;
  /** Samples in each direction of a bin; not positive: as many as a bin has pixels. Default -1. */
  sampling_ratio?: number;
}

type PSRoIAlignArguments = PSRoIAlignOptions & { input: Tensor; boxes: Regions; output_size: PooledSize };

const PS_ROI_ALIGN = signature<PSRoIAlignArguments>(
  'ps_roi_align',
  'input: Tensor, boxes: Tensor|Tensor[], output_size: int|int[], spatial_scale?: float, sampling_ratio?: int',
);

/**
 * As {@link roi_align} with `aligned`, but each bin is pooled from channels of its own, as in Light-Head R-CNN. Mirrors
 * `torchvision.ops.ps_roi_align`.
 *
 * Shapes: input `(N, C, H, W)`, output `(K, C / (output_size[0] * output_size[1]), *output_size)` for K regions. Dtypes:
 * floating point, the same for boxes; bfloat16 only on other devices than the CPU. There is a gradient of the input, not
 * of the boxes. On other devices it copies the feature maps of the image of each region.
 *
 * @param input - the feature maps
 * @param boxes - `(K, 5)` with the index of the image, then `x1, y1, x2, y2`; or for each image a tensor `(L, 4)`
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input; default 1
 * @param sampling_ratio - samples in each direction of a bin; not positive: as many as a bin has pixels; default -1
 * @throws Error for other shapes and dtypes, and for the index of an image that there is not
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const input = torch.arange(4).float().view(1, 4, 1, 1).expand(1, 4, 6, 6);
 * print(ops.ps_roi_align(input, [torch.tensor([[1, 1, 5, 5]]).float()], 2)); // tensor([[[[0., 1.],
 * //           [2., 3.]]]])
 * ```
 */
export function ps_roi_align(
  ...args: Arguments<
    [input: Tensor, boxes: Regions, output_size: PooledSize, spatial_scale?: number, sampling_ratio?: number],
    PSRoIAlignArguments,
    ['input', 'boxes', 'output_size', 'spatial_scale', 'sampling_ratio']
  >
): Tensor;
export function ps_roi_align(...args: unknown[]): Tensor {
  return PS_ROI_ALIGN.call(args, ({ input, boxes, output_size, spatial_scale = 1, sampling_ratio = -1 }) => {
    const rois = rois_of(boxes);
    const size = pair(output_size);
    return (operator('ps_roi_align')(input, rois, spatial_scale, ...size, sampling_ratio) as Tensor[])[0]!;
  });
}

interface PSRoIAlignModule {
  output_size: PooledSize;
  spatial_scale: number;
  sampling_ratio: number;
}

const PS_ROI_ALIGN_MODULE = signature<PSRoIAlignModule>(
  'PSRoIAlign',
  'output_size: int|int[], spatial_scale: float, sampling_ratio: int',
);

/**
 * Pools regions of feature maps to one size, each bin from channels of its own; see {@link ps_roi_align}. Mirrors
 * `torchvision.ops.PSRoIAlign`.
 *
 * Shapes: input `(N, C, H, W)` and regions, output `(K, C / (output_size[0] * output_size[1]), *output_size)`.
 *
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input
 * @param sampling_ratio - samples in each direction of a bin; not positive: as many as a bin has pixels
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.PSRoIAlign(7, 0.25, 2)); // PSRoIAlign(output_size=7, spatial_scale=0.25, sampling_ratio=2)
 * ```
 */
export class PSRoIAlign extends Module {
  declare output_size: PooledSize;
  declare spatial_scale: number;
  declare sampling_ratio: number;

  constructor(
    ...args: Arguments<
      [output_size: PooledSize, spatial_scale: number, sampling_ratio: number],
      PSRoIAlignModule,
      ['output_size', 'spatial_scale', 'sampling_ratio']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { output_size, spatial_scale, sampling_ratio } = PS_ROI_ALIGN_MODULE.read(args);
    this.output_size = output_size;
    this.spatial_scale = spatial_scale;
    this.sampling_ratio = sampling_ratio;
  }

  forward(input: Tensor, rois: Regions): Tensor {
    return ps_roi_align(input, rois, this.output_size, this.spatial_scale, this.sampling_ratio);
  }

  override extra_repr(): string {
    const { output_size, spatial_scale, sampling_ratio } = this;
    return (
      `output_size=${size_repr(output_size)}, spatial_scale=${python_float(spatial_scale)}, ` +
      `sampling_ratio=${sampling_ratio}`
    );
  }
}
forward_takes(PSRoIAlign, 'input: Tensor, rois: Tensor|Tensor[]');
