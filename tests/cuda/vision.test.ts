/** The operators of `torchvision.ops` on a GPU, where they are composed of libtorch's, beside the kernels of the CPU. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { ops } from 'torch-node/vision';
import { beforeAll, describe, expect, it } from 'vitest';

type Operator = (input: Tensor, rois: Tensor) => Tensor;

// Bins whose edges are whole pixels: 14 pixels in 7 bins, 9 in 3.
const regions = (): Tensor =>
  torch.tensor([
    [0, 0, 0, 13, 13],
    [1, 2, 4, 22, 24],
    [0, 3, 3, 11, 11],
    [1, 0.5, 1.5, 27.5, 29.5],
  ]);

describe('regions of feature maps on a GPU', () => {
  let input: Tensor;
  beforeAll(() => {
    torch.manual_seed(0);
    input = torch.randn(2, 18, 32, 32);
  });

  it.each<[string, Operator]>([
    ['roi_align', (x, rois) => ops.roi_align(x, rois, [7, 7], 1, 2, true)],
    ['roi_align without a sampling ratio', (x, rois) => ops.roi_align(x, rois, [7, 7], 0.5)],
    ['roi_pool', (x, rois) => ops.roi_pool(x, rois, [7, 7], 1)],
    ['roi_pool at half the size', (x, rois) => ops.roi_pool(x, rois, [7, 7], 0.5)],
    ['ps_roi_align', (x, rois) => ops.ps_roi_align(x, rois, [3, 3], 1, 2)],
    ['ps_roi_pool', (x, rois) => ops.ps_roi_pool(x, rois, [3, 3], 1)],
  ])('are pooled as on the CPU: %s', (_, pool) => {
    const [here, there] = ['cpu', 'cuda'].map((device) => pool(input.to(device), regions().to(device)).cpu());
    expect(here!.sub(there!).abs().max().item()).toBeLessThan(1e-4);
  });
});
