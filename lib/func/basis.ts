/** Unit vectors over all elements of several tensors, of which Jacobians are made. */
import { eye, zeros } from '../generated/functions.js';
import type { Tensor } from '../_tensor.js';

/** A batch of unit vectors, one for each element of all tensors together: for each tensor [total, ...its shape]. */
export function basis_of(tensors: readonly Tensor[]): Tensor[] {
  const counts = tensors.map((tensor) => tensor.numel());
  const total = counts.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return tensors.map((tensor, i) => {
    const count = counts[i] as number;
    const options = { dtype: tensor.dtype, device: tensor.device };
    const start = before;
    before += count;
    const whole = count === total ? eye(count, options) : zeros([total, count], options);
    if (count !== total) whole.diagonal(-start).fill_(1);
    return whole.view([total, ...tensor.shape]);
  });
}

/** Cuts batches of [total, ...] into the parts that belong to each tensor: `[tensor][batch]`. */
export function columns_of(
  tensors: readonly Tensor[],
  batches: readonly Tensor[],
  shape: (part: Tensor, tensor: Tensor, batch: number) => Tensor,
): Tensor[][] {
  let before = 0;
  return tensors.map((tensor) => {
    const start = before;
    before += tensor.numel();
    return batches.map((batch, j) => shape(batch.narrow(0, start, tensor.numel()), tensor, j));
  });
}
