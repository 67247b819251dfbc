/** Averages of regions, in which each bin has channels of its own. */
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { operator } from '../extension.js';
import { pair, rois_of, size_repr, type PooledSize, type Regions } from './rois.js';

interface PSRoIPoolArguments {
  input: Tensor;
  boxes: Regions;
  output_size: PooledSize;
  spatial_scale?: number;
}

const PS_ROI_POOL = signature<PSRoIPoolArguments>(
  'ps_roi_pool',
  'input: Tensor, boxes: Tensor|Tensor[], output_size: int|int[], spatial_scale?: float',
);

/**
 * Pools regions of feature maps to one size: each element is the average of its bin, in channels of the bin's own, as in
 * R-FCN. Mirrors `torchvision.ops.ps_roi_pool`.
 *
 * Shapes: input `(N, C, H, W)`, output `(K, C / (output_size[0] * output_size[1]), *output_size)` for K regions. Dtypes:
 * floating point, the same for boxes; bfloat16 only on other devices than the CPU. There is a gradient of the input, not
 * of the boxes. On other devices it copies the feature maps of the image of each region.
 *
 * @param input - the feature maps
 * @param boxes - `(K, 5)` with the index of the image, then `x1, y1, x2, y2`; or for each image a tensor `(L, 4)`
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input; default 1
 * @throws Error for other shapes and dtypes, and for the index of an image that there is not
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const input = torch.arange(4).float().view(1, 4, 1, 1).expand(1, 4, 6, 6);
 * print(ops.ps_roi_pool(input, [torch.tensor([[1, 1, 5, 5]]).float()], 2)); // tensor([[[[0., 1.],
 * //           [2., 3.]]]])
 * ```
 */
export function ps_roi_pool(
  ...args: Arguments<
    [input: Tensor, boxes: Regions, output_size: PooledSize, spatial_scale?: number],
    PSRoIPoolArguments,
    ['input', 'boxes', 'output_size', 'spatial_scale']
  >
): Tensor;
export function ps_roi_pool(...args: unknown[]): Tensor {
  return PS_ROI_POOL.call(args, ({ input, boxes, output_size, spatial_scale = 1 }) => {
    const rois = rois_of(boxes);
    return (operator('ps_roi_pool')(input, rois, spatial_scale, ...pair(output_size)) as Tensor[])[0]!;
  });
}

const PS_ROI_POOL_MODULE = signature<{ output_size: PooledSize; spatial_scale: number }>(
  'PSRoIPool',
  'output_size: int|int[], spatial_scale: float',
);

/**
 * Pools regions of feature maps to one size, each bin from channels of its own; see {@link ps_roi_pool}. Mirrors
 * `torchvision.ops.PSRoIPool`.
 *
 * Shapes: input `(N, C, H, W)` and regions, output `(K, C / (output_size[0] * output_size[1]), *output_size)`.
 *
 * @param output_size - height and width of a pooled region
 * @param spatial_scale - factor from the coordinates of the boxes to those of the input
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.PSRoIPool(7, 0.25)); // PSRoIPool(output_size=7, spatial_scale=0.25)
 * ```
 */
export class PSRoIPool extends Module {
  declare output_size: PooledSize;
  declare spatial_scale: number;

  constructor(
    ...args: Arguments<
      [output_size: PooledSize, spatial_scale: number],
      { output_size: PooledSize; spatial_scale: number },
      ['output_size', 'spatial_scale']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { output_size, spatial_scale } = PS_ROI_POOL_MODULE.read(args);
    this.output_size = output_size;
    this.spatial_scale = spatial_scale;
  }

  forward(input: Tensor, rois: Regions): Tensor {
    return ps_roi_pool(input, rois, this.output_size, this.spatial_scale);
  }

  override extra_repr(): string {
    return `output_size=${size_repr(this.output_size)}, spatial_scale=${python_float(this.spatial_scale)}`;
  }
}
forward_takes(PSRoIPool, 'input: Tensor, rois: Tensor|Tensor[]');
