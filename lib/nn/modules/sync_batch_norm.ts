/** The passes of `torch.nn.SyncBatchNorm` over the processes of a group: statistics are gathered forward, and summed backward. */
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { all_gather, all_gather_single, all_reduce } from '../../distributed/collectives.js';
import { get_backend, type ProcessGroup } from '../../distributed/process_group.js';
import { ReduceOp } from '../../distributed/reduce_op.js';
import {
  batch_norm_backward_elemt,
  batch_norm_backward_reduce,
  batch_norm_elemt,
  batch_norm_gather_stats_with_counts,
  batch_norm_stats,
  cat,
  empty,
  empty_like,
  full,
  split,
  stack,
  zeros,
} from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { channels_last, channels_last_3d, int32 } from '../../types/dtype.js';

interface Kept {
  group: ProcessGroup;
  has_weight: boolean;
}

/** As it is where channels are last, which the kernels have forms for. */
const dense = (x: Tensor): Tensor =>
  x.is_contiguous({ memory_format: channels_last }) || x.is_contiguous({ memory_format: channels_last_3d })
    ? x
    : x.contiguous();

/** What each process has, one below the other. */
function gathered(row: Tensor, group: ProcessGroup, size: number): Tensor {
  if (get_backend(group) === 'gloo') {
    const rows = Array.from({ length: size }, () => empty_like(row));
    all_gather(rows, row, { group });
    return stack(rows);
  }
  const all = empty(size * row.numel(), { dtype: row.dtype, device: row.device });
  all_gather_single(all, row, { group });
  return all.view(size, -1);
}

/** @internal normalizes by the mean and the variance over the inputs of all processes */
export class SyncBatchNormFunction extends AutogradFunction {
  static forward(
    ctx: FunctionCtx & Partial<Kept>,
    given: Tensor,
    weight: Tensor | null,
    bias: Tensor | null,
    running_mean: Tensor | null,
    running_var: Tensor | null,
    eps: number,
    momentum: number,
    group: ProcessGroup,
    size: number,
  ): Tensor {
    const input = dense(given);
    const scale = weight?.contiguous() ?? null;
    const channels = input.size(1);
    const count = input.numel() / channels;
    const { dtype, device } = input;
    let row: Tensor;
    if (count > 0) {
      const [mean, invstd] = batch_norm_stats(input, eps);
      row = cat([mean, invstd, full([1], count, { dtype: mean.dtype, device })]);
    } else row = zeros(2 * channels + 1, { dtype, device });
    const all = gathered(row, group, size);
    // Processes without a value have no statistics.
    const counted = all.select(1, -1).ge(1).nonzero().squeeze(1);
    const [means, invstds, counts] = split(all.index_select(0, counted), channels, 1) as [Tensor, Tensor, Tensor];
    const [mean, invstd] = batch_norm_gather_stats_with_counts(
      input,
      means,
      invstds,
      running_mean,
      running_var,
      momentum,
      eps,
      counts.reshape(-1).to(running_mean?.dtype ?? counts.dtype),
    );
    ctx.save_for_backward(input, scale, mean, invstd, counts.to(int32));
    ctx.group = group;
    ctx.has_weight = weight !== null;
    return count > 0 ? batch_norm_elemt(input, scale, bias, mean, invstd, eps) : empty_like(input);
  }

  static backward(ctx: FunctionCtx & Partial<Kept>, given: Tensor): (Tensor | null)[] {
    const gradient = dense(given);
    const [input, weight, mean, invstd, counts] = ctx.saved_tensors as [Tensor, Tensor | null, Tensor, Tensor, Tensor];
    const { group, has_weight } = ctx as Kept;
    const [of_input, of_weight, of_bias] = ctx.needs_input_grad as [boolean, boolean, boolean];
    const rest = [null, null, null, null, null, null];
    const options = { op: ReduceOp.SUM, group };
    if (input.numel() === 0) {
      // The others wait for its sums.
      const { dtype, device } = input;
      if (of_input) all_reduce(zeros(2 * input.size(1), { dtype, device }), options);
      return [null, null, null, ...rest];
    }
    const [sum_dy, sum_dy_xmu, grad_weight, grad_bias] = batch_norm_backward_reduce(
      gradient,
      input,
      mean,
      invstd,
      weight,
      of_input,
      of_weight,
      of_bias,
    );
    let grad_input: Tensor | null = null;
    if (of_input) {
      const sums = cat([sum_dy, sum_dy_xmu]);
      all_reduce(sums, options);
      const [dy, dy_xmu] = split(sums, sum_dy.size(0)) as [Tensor, Tensor];
      const scale = weight?.to(mean.dtype) ?? null;
      grad_input = batch_norm_backward_elemt(gradient, input, mean, invstd, scale, dy, dy_xmu, counts);
    }
    // Those of the parameters are summed by what trains in several processes.
    return [
      grad_input,
      has_weight && of_weight ? grad_weight : null,
      has_weight && of_bias ? grad_bias : null,
      ...rest,
    ];
  }
}
