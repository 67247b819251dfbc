import { no_grad } from '../../autograd/grad_mode.js';
import { from_nested } from '../../creation.js';
import { atan2, stack } from '../../generated/functions.js';
import { float32, int64, uint8 } from '../../types/dtype.js';
import { signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';

const FLOW_TO_IMAGE = signature<{ flow: Tensor }>('flow_to_image', 'flow: Tensor');

/** Parts of the color wheel: how many steps, which channel changes, and whether it rises; one other is full. */
const arcs: readonly (readonly [steps: number, changes: number, rises: boolean, full: number])[] = [
  [15, 1, true, 0],
  [6, 0, false, 1],
  [4, 2, true, 1],
  [11, 1, false, 2],
  [13, 0, true, 2],
  [6, 2, false, 0],
];

/** Colors around the circle, of Baker et al., "A Database and Evaluation Methodology for Optical Flow" (2007). */
const wheel: readonly (readonly number[])[] = arcs.flatMap(([steps, changes, rises, full]) =>
  Array.from({ length: steps }, (_, i) => {
    const value = Math.floor((255 * i) / steps);
    const color = [0, 0, 0];
    color[full] = 255;
    color[changes] = rises ? value : 255 - value;
    return color;
  }),
);

/**
 * Shows optical flow by colors: the hue is its direction, the saturation its length. Mirrors
 * `torchvision.utils.flow_to_image`.
 *
 * @param flow - float32, of shape `(2, H, W)` or `(N, 2, H, W)`
 * @returns uint8, of shape `(3, H, W)` or `(N, 3, H, W)`
 * @throws Error for other dtypes and shapes
 * @example
 * ```ts
 * import { utils } from 'torch-node/vision';
 * print(utils.flow_to_image(torch.tensor([[[1, 0]], [[0, 0]]], { dtype: torch.float32 }))); // tensor([[[255, 255]],
 * //
 * //         [[  0, 255]],
 * //
 * //         [[  0, 255]]], dtype=torch.uint8)
 * ```
 */
export function flow_to_image(...args: [flow: Tensor] | [options: { flow: Tensor }]): Tensor;
export function flow_to_image(...args: unknown[]): Tensor {
  const { flow } = FLOW_TO_IMAGE.read(args);
  if (flow.dtype !== float32) throw new Error(`Flow should be of dtype torch.float, got ${String(flow.dtype)}.`);
  const batch = flow.dim() === 3 ? flow.unsqueeze(0) : flow;
  if (batch.dim() !== 4 || batch.size(1) !== 2) {
    throw new Error(`Input flow should have shape (2, H, W) or (N, 2, H, W), got ${String(flow.shape)}.`);
  }
  return no_grad(() => {
    const length_of = (vectors: Tensor): Tensor => vectors.pow(2).sum(1).sqrt();
    const normalized = batch.div(
      length_of(batch)
        .max()
        .add(2 ** -23),
    );
    const [x, y] = normalized.unbind(1) as [Tensor, Tensor];
    const length = length_of(normalized);
    const place = atan2(y.neg(), x.neg())
      .div(Math.PI)
      .add(1)
      .div(2)
      .mul(wheel.length - 1);
    const first = place.floor().to(int64);
    const next = first.add(1);
    const second = next.masked_fill(next.eq(wheel.length), 0);
    const share = place.sub(first);
    const rest = (values: Tensor): Tensor => values.neg().add(1);
    const planes = [0, 1, 2].map((channel) => {
      const colors = from_nested(
        wheel.map((color) => color[channel]!),
        { dtype: float32 },
        'flow_to_image',
      ).to(flow.device);
      const at = (places: Tensor): Tensor => colors.index(places).div(255);
      const color = rest(share)
        .mul(at(first))
        .add(share.mul(at(second)));
      return rest(length.mul(rest(color)))
        .mul(255)
        .floor();
    });
    const image = stack(planes, 1).to(uint8);
    return flow.dim() === 3 ? image.select(0, 0) : image;
  });
}
