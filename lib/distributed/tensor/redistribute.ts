/** Changes how a tensor lies on a mesh: the collectives between placements, with gradients. */
import { no_grad } from '../../autograd/grad_mode.js';
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { cat } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { all_gather, all_reduce, reduce_scatter_single } from '../collectives.js';
import type { DeviceMesh } from '../device_mesh.js';
import { ReduceOp, type RedOpType } from '../reduce_op.js';
import { Partial, Replicate, Shard, StridedShard, without_strided, type Placement } from './placement_types.js';

/** How much of `size` elements the process with a number has, and where it begins, as `torch.chunk` cuts them. */
export function chunk_of(size: number, count: number, index: number): { length: number; offset: number } {
  const each = Math.ceil(size / count);
  const offset = Math.min(size, each * index);
  return { length: Math.min(size, offset + each) - offset, offset };
}

/** The piece of a tensor that a process has. */
export function chunk(tensor: Tensor, dim: number, count: number, index: number): Tensor {
  const { length, offset } = chunk_of(tensor.shape[dim]!, count, index);
  return tensor.narrow(dim, offset, length);
}

/** The pieces of a tensor that all processes have, one for each. @internal */
export function pieces_of(tensor: Tensor, placement: Shard | StridedShard, count: number): Tensor[] {
  const { dim } = placement;
  if (placement instanceof Shard) return Array.from({ length: count }, (_, i) => chunk(tensor, dim, count, i));
  const before = Array.from({ length: placement.split_factor }, (_, k) =>
    chunk(tensor, dim, placement.split_factor, k),
  );
  return Array.from({ length: count }, (_, i) =>
    cat(
      before.map((part) => chunk(part, dim, count, i)),
      dim,
    ),
  );
}

/** The shape of the piece of this process, and where it begins in the whole. */
export function local_part(
  shape: readonly number[],
  mesh: DeviceMesh,
  placements: readonly Placement[],
): { shape: number[]; offset: number[] } {
  const coordinate = mesh.get_coordinate();
  if (coordinate === null) return { shape: [0], offset: [0] };
  const sizes = [...shape];
  const offsets = shape.map(() => 0);
  const cut = (placement: Shard | StridedShard, m: number): void => {
    const { length, offset } = chunk_of(sizes[placement.dim]!, mesh.size(m), coordinate[m]!);
    sizes[placement.dim] = length;
    offsets[placement.dim]! += offset;
  };
  placements.forEach((placement, m) => placement instanceof Shard && cut(placement, m));
  placements.forEach((placement, m) => placement instanceof StridedShard && cut(placement, m));
  return { shape: sizes, offset: offsets };
}

/** With zeros behind, so that it is as long as others are. */
export function padded(tensor: Tensor, dim: number, length: number): Tensor {
  const missing = length - tensor.shape[dim]!;
  if (missing === 0) return tensor.contiguous();
  const shape = [...tensor.shape];
  shape[dim] = missing;
  return cat([tensor, tensor.new_zeros(shape)], dim);
}

/** All pieces together: `size` elements along `dim`. */
function gathered(local: Tensor, dim: number, size: number, mesh: DeviceMesh, m: number): Tensor {
  const count = mesh.size(m);
  if (count === 1) return local;
  const mine = padded(local, dim, Math.ceil(size / count));
  const pieces = Array.from({ length: count }, () => mine.new_empty([...mine.shape]));
  all_gather(pieces, mine, mesh.get_group(m));
  return cat(
    pieces.map((piece, i) => piece.narrow(dim, 0, chunk_of(size, count, i).length)),
    dim,
  );
}

const operations: Readonly<Record<string, RedOpType>> = {
  sum: ReduceOp.SUM,
  avg: ReduceOp.AVG,
  product: ReduceOp.PRODUCT,
  max: ReduceOp.MAX,
  min: ReduceOp.MIN,
};

function reduced(local: Tensor, op: string, mesh: DeviceMesh, m: number): Tensor {
  if (mesh.size(m) === 1) return local;
  const sum = local.contiguous().clone();
  all_reduce(sum, operations[op]!, mesh.get_group(m));
  return sum;
}

/** Reduces, and keeps the piece of this process. */
function reduce_scattered(local: Tensor, op: string, dim: number, mesh: DeviceMesh, m: number): Tensor {
  const count = mesh.size(m);
  if (count === 1) return local;
  const size = local.shape[dim]!;
  const each = Math.ceil(size / count);
  const pieces = Array.from({ length: count }, (_, i) => padded(chunk(local, dim, count, i), dim, each));
  const output = pieces[0]!.new_empty([...pieces[0]!.shape]);
  const all = cat(pieces.map((piece) => piece.reshape([-1])));
  const flat = output.reshape([-1]);
  reduce_scatter_single(flat, all, operations[op]!, mesh.get_group(m));
  return flat.reshape(output.shape).narrow(dim, 0, chunk_of(size, count, mesh.get_local_rank(m)).length);
}

/** What summed gives back the value, in each process. */
function partitioned(local: Tensor, op: string, count: number): Tensor {
  if (op === 'sum') return local.div(count);
  if (op === 'product') throw new Error('redistribute(): Replicate() cannot become Partial(product)');
  return local;
}

/** The dimensions of the mesh whose pieces must be put together, the innermost first: those that change, and those cut within them. */
function to_gather(from: readonly Placement[], to: readonly Placement[]): Set<number> {
  const changed = new Set<number>();
  from.forEach((placement, m) => {
    const target = to[m]!;
    if (placement instanceof Shard && !placement.equals(target)) changed.add(m);
    else if (placement instanceof Shard) {
      const { dim } = placement;
      const around = from.findIndex(
        (outer, k) => k < m && !outer.equals(to[k]) && (outer.is_shard(dim) || to[k]!.is_shard(dim)),
      );
      if (around >= 0) changed.add(m);
    }
  });
  return changed;
}

/** Whether a piece that was cut last is cut in the same way before and after. */
const stays = (m: number, from: readonly Placement[], to: readonly Placement[]): boolean => {
  const { dim } = from[m] as StridedShard;
  return from.every((each, k) => each.equals(to[k]) || (k !== m && !each.is_shard(dim) && !to[k]!.is_shard(dim)));
};

/** What was cut last is put together first, and what is to be cut last is cut at the end. */
function moved_strided(
  local: Tensor,
  shape: readonly number[],
  mesh: DeviceMesh,
  from: readonly Placement[],
  to: readonly Placement[],
): Tensor {
  const coordinate = mesh.get_coordinate()!;
  const [before, after] = [without_strided(from), without_strided(to)];
  let result = local;
  from.forEach((placement, m) => {
    if (!(placement instanceof StridedShard) || stays(m, from, to)) return;
    const size = local_part(shape, mesh, before).shape[placement.dim]!;
    result = gathered(result, placement.dim, size, mesh, m);
  });
  result = moved(result, shape, mesh, before, after);
  to.forEach((placement, m) => {
    if (!(placement instanceof StridedShard) || (placement.equals(from[m]) && stays(m, from, to))) return;
    result = chunk(result, placement.dim, mesh.size(m), coordinate[m]!).clone();
  });
  return result;
}

/** The tensor of this process after it was brought from one list of placements to another. No gradients. */
export function moved(
  local: Tensor,
  shape: readonly number[],
  mesh: DeviceMesh,
  from: readonly Placement[],
  to: readonly Placement[],
): Tensor {
  const coordinate = mesh.get_coordinate();
  if (coordinate === null) return local;
  if ([...from, ...to].some((placement) => placement instanceof StridedShard)) {
    return moved_strided(local, shape, mesh, from, to);
  }
  const gather = to_gather(from, to);
  const now: Placement[] = [...from];
  let result = local;
  for (let m = mesh.ndim - 1; m >= 0; m--) {
    const placement = now[m]!;
    if (!gather.has(m) || !(placement instanceof Shard)) continue;
    // What is cut further in has been put together already.
    const size = local_part(shape, mesh, now.slice(0, m)).shape[placement.dim]!;
    result = gathered(result, placement.dim, size, mesh, m);
    now[m] = new Replicate();
  }
  for (let m = 0; m < mesh.ndim; m++) {
    const [placement, target] = [now[m]!, to[m]!];
    if (placement.equals(target)) continue;
    if (placement instanceof Partial) {
      result =
        target instanceof Shard
          ? reduce_scattered(result, placement.reduce_op, target.dim, mesh, m)
          : reduced(result, placement.reduce_op, mesh, m);
      if (target instanceof Partial) result = partitioned(result, target.reduce_op, mesh.size(m));
    } else if (target instanceof Shard) result = chunk(result, target.dim, mesh.size(m), coordinate[m]!).clone();
    else if (target instanceof Partial) result = partitioned(result, target.reduce_op, mesh.size(m));
  }
  return result;
}

/** How gradients lie of what lies so: those of partial sums are the same everywhere. */
export const placements_of_gradient = (placements: readonly Placement[]): Placement[] =>
  placements.map((placement) => (placement instanceof Partial ? new Replicate() : placement));

interface Moving extends FunctionCtx {
  move?: { shape: readonly number[]; mesh: DeviceMesh; from: readonly Placement[]; to: readonly Placement[] };
}

/** {@link moved}, with gradients, which go the way back. */
export class Redistribute extends AutogradFunction {
  static forward(
    ctx: Moving,
    local: Tensor,
    shape: readonly number[],
    mesh: DeviceMesh,
    from: readonly Placement[],
    to: readonly Placement[],
  ): Tensor {
    ctx.move = { shape, mesh, from: placements_of_gradient(from), to: placements_of_gradient(to) };
    const result = no_grad(() => moved(local, shape, mesh, from, to));
    return result === local ? local.view_as(local) : result;
  }

  static backward(ctx: Moving, gradient: Tensor): (Tensor | null)[] {
    const { shape, mesh, from, to } = ctx.move!;
    return [moved(gradient.contiguous(), shape, mesh, to, from), null, null, null, null];
  }
}

/** Passes a tensor on that all processes have; the gradient is the sum of theirs, each of which has seen a piece of the work. */
export class SumOfGradients extends AutogradFunction {
  static forward(
    ctx: FunctionCtx & { along?: [DeviceMesh, readonly number[]] },
    local: Tensor,
    mesh: DeviceMesh,
    dims: readonly number[],
  ): Tensor {
    ctx.along = [mesh, dims];
    return local.view_as(local);
  }

  static backward(ctx: FunctionCtx & { along?: [DeviceMesh, readonly number[]] }, gradient: Tensor): (Tensor | null)[] {
    const [mesh, dims] = ctx.along!;
    return [dims.reduce((sum, m) => reduced(sum, 'sum', mesh, m), gradient), null, null];
  }
}

/** {@link Redistribute} for the gradients alone: they come as `given` says, and leave as those of `placements`. */
export class ToLocal extends AutogradFunction {
  static forward(
    ctx: Moving,
    local: Tensor,
    shape: readonly number[],
    mesh: DeviceMesh,
    placements: readonly Placement[],
    given: readonly Placement[],
  ): Tensor {
    ctx.move = { shape, mesh, from: given, to: placements_of_gradient(placements) };
    return local.view_as(local);
  }

  static backward(ctx: Moving, gradient: Tensor): (Tensor | null)[] {
    const { shape, mesh, from, to } = ctx.move!;
    return [moved(gradient.contiguous(), shape, mesh, from, to), null, null, null, null];
  }
}
