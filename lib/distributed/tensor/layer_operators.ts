/** Rules of the operators that layers are made of: `linear`, `layer_norm`, `embedding`, attention, shapes, and the loss of sharded logits. */
import { is_plain_object } from '../../_internal/plain_object.js';
import type { Tensor } from '../../_tensor.js';
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { zeros_like } from '../../generated/functions.js';
import { all_reduce } from '../collectives.js';
import type { DeviceMesh } from '../device_mesh.js';
import { ReduceOp, type RedOpType } from '../reduce_op.js';
import { DTensor, redistributed, wrapped_whole } from './dtensor.js';
import { no_rule, operands, replicated, rules, type Rule } from './operators.js';
import { Partial, placements_text, Replicate, Shard, type Placement } from './placement_types.js';
import { chunk_of, moved, SumOfGradients } from './redistribute.js';

interface OfGather extends FunctionCtx {
  gather?: { shape: readonly number[]; mesh: DeviceMesh; from: readonly Placement[]; to: readonly Placement[] };
}

/** Passes on what was gathered of the pieces of processes; the gradient, of which each has a part, is summed and cut at once. */
class Gathered extends AutogradFunction {
  static forward(ctx: OfGather, _piece: Tensor, whole: Tensor, gather: Required<OfGather>['gather']): Tensor {
    ctx.gather = gather;
    return whole.view_as(whole);
  }

  static backward(ctx: OfGather, gradient: Tensor): (Tensor | null)[] {
    const { shape, mesh, from, to } = ctx.gather!;
    return [no_grad(() => moved(gradient.contiguous(), shape, mesh, from, to)), null, null];
  }
}

/** What sums the gradients of a tensor: where several layers take it, their parts add up before they are sent, as in Python. */
const summing = new WeakMap<DTensor, Map<string, Tensor>>();

function summed_later(tensor: DTensor, target: readonly Placement[], summed: readonly number[]): Tensor {
  const { mesh, shape, placements } = tensor._spec;
  const origin = tensor._gathered_of;
  if (origin !== undefined && summed.every((m) => origin.placements[m] instanceof Shard)) {
    const from = placements.map((placement, m) => (summed.includes(m) ? new Partial() : placement));
    const gather = { shape, mesh, from, to: origin.placements };
    return Gathered.apply(origin._local_tensor, tensor._local_tensor.detach(), gather);
  }
  return SumOfGradients.apply(redistributed(tensor, target)._local_tensor, mesh, summed);
}

/** The tensor of this process with other placements; its gradient is summed along dimensions of the mesh where each has a part. */
function local_of(tensor: DTensor, target: readonly Placement[], summed: readonly number[]): Tensor {
  const local = tensor._local_tensor;
  if (!local.requires_grad || summed.length === 0) return redistributed(tensor, target)._local_tensor;
  // A leaf lives longer than the graph.
  if (local.is_leaf) return summed_later(tensor, target, summed);
  const key = `${target.map(String).join(' ')} ${summed.join(' ')}`;
  const made = summing.get(tensor) ?? new Map<string, Tensor>();
  summing.set(tensor, made);
  const there = made.get(key) ?? summed_later(tensor, target, summed);
  made.set(key, there);
  return there;
}

const linear: Rule = (name, args, call) => {
  const found = operands(name, args);
  const [x, weight, bias] = [found.get(0), found.get(1), found.get(2)];
  if (x === undefined || weight === undefined || weight.ndim !== 2 || args.length > 3) return no_rule(name);
  const { mesh } = x._spec;
  const last = x.ndim - 1;
  const into: Record<'x' | 'weight' | 'bias', Placement[]> = { x: [], weight: [], bias: [] };
  const summed: Record<'x' | 'weight', number[]> = { x: [], weight: [] };
  const [of_x, of_weight] = [replicated(x.placements), replicated(weight.placements)];
  const out = of_x.map((left, m): Placement => {
    const right = of_weight[m]!;
    const add = (a: Placement, b: Placement, c: Placement): void => {
      into.x.push(a);
      into.weight.push(b);
      into.bias.push(c);
    };
    if (right.is_shard(0)) {
      add(new Replicate(), right, new Shard(0));
      summed.x.push(m);
      return new Shard(last);
    }
    if (right.is_shard(1) || left.is_shard(last)) {
      add(new Shard(last), new Shard(1), new Partial());
      return new Partial();
    }
    add(left, new Replicate(), new Replicate());
    if (left instanceof Shard) summed.weight.push(m);
    return left;
  });
  const locals = [local_of(x, into.x, summed.x), local_of(weight, into.weight, summed.weight)];
  // What is a part of a sum has a part of the bias; the gradient of the bias is whole.
  if (bias !== undefined) locals.push(local_of(bias, into.bias, summed.weight));
  const shape = [...x._spec.shape.slice(0, -1), weight._spec.shape[0]!];
  return wrapped_whole(call(...locals) as Tensor, mesh, out, shape);
};
rules.set('linear', linear);

/** `layer_norm` and `rms_norm`: what is normalized together is in one process. */
const norm: Rule = (name, args, call) => {
  const found = operands(name, args);
  const x = found.get(0);
  if (x === undefined) return no_rule(name);
  const { mesh, shape } = x._spec;
  const first = shape.length - (args[1] as readonly number[]).length;
  const out = x.placements.map((p) => (p instanceof Shard && p.dim < first ? p : new Replicate()));
  const summed = out.flatMap((p, m) => (p instanceof Shard ? [m] : []));
  const everywhere = out.map(() => new Replicate());
  const locals = args.map((arg, place) => {
    const tensor = found.get(place);
    if (tensor === undefined) return arg;
    return place === 0 ? local_of(tensor, out, []) : local_of(tensor, everywhere, summed);
  });
  return wrapped_whole(call(...locals) as Tensor, mesh, out, shape);
};
rules.set('layer_norm', norm);
rules.set('rms_norm', norm);

/** Softmax along a dimension that is in one process. */
const along_dim: Rule = (name, args, call) => {
  const x = operands(name, args).get(0);
  if (x === undefined || typeof args[1] !== 'number') return no_rule(name);
  const { mesh, shape } = x._spec;
  const dim = args[1] < 0 ? args[1] + shape.length : args[1];
  const out = replicated(x.placements).map((p) => (p.is_shard(dim) ? new Replicate() : p));
  return wrapped_whole(call(local_of(x, out, []), ...args.slice(1)) as Tensor, mesh, out, shape);
};
rules.set('softmax', along_dim);
rules.set('log_softmax', along_dim);

/** Attention over batches and heads that are in one process each. */
const attention: Rule = (name, args, call) => {
  const found = operands(name, args);
  const parts = [0, 1, 2].map((i) => found.get(i));
  const [query] = parts;
  if (query === undefined || found.size !== 3 || parts.includes(undefined)) return no_rule(name);
  const { mesh } = query._spec;
  const out = query.placements.map((p) => (p instanceof Shard && p.dim < query.ndim - 2 ? p : new Replicate()));
  const locals = parts.map((part) => local_of(part!, out, []));
  const shape = [...query._spec.shape.slice(0, -1), parts[2]!._spec.shape.at(-1)!];
  return wrapped_whole(call(...locals, ...args.slice(3)) as Tensor, mesh, out, shape);
};
rules.set('scaled_dot_product_attention', attention);

/** What indices mean for rows of which this process has some: those of others are masked, and are the first row meanwhile. */
function masked_indices(indices: Tensor, count: number, mesh: DeviceMesh, m: number): [mask: Tensor, own: Tensor] {
  const { length, offset } = chunk_of(count, mesh.size(m), mesh.get_local_rank(m));
  const mask = indices.lt(offset).logical_or(indices.ge(offset + length));
  return [mask, indices.sub(offset).masked_fill(mask, 0)];
}

const embedding: Rule = (name, args, call) => {
  const found = operands(name, args);
  const [weight, indices] = [found.get(0), found.get(1)];
  if (weight === undefined || indices === undefined) return no_rule(name);
  const { mesh } = weight._spec;
  const into: [Placement[], Placement[]] = [[], []];
  const summed: number[] = [];
  let masked_along: number | undefined;
  const out = weight.placements.map((p, m): Placement => {
    const given = indices.placements[m]!;
    if (p.is_shard(0)) {
      if (masked_along !== undefined) no_rule(name);
      masked_along = m;
      into[0].push(p);
      into[1].push(new Replicate());
      return new Partial();
    }
    if (p.is_shard(1)) {
      into[0].push(p);
      into[1].push(new Replicate());
      return new Shard(indices.ndim);
    }
    into[0].push(new Replicate());
    into[1].push(given instanceof Partial ? new Replicate() : given);
    if (!(given instanceof Shard)) return new Replicate();
    summed.push(m);
    return given;
  });
  const rows = redistributed(indices, into[1])._local_tensor;
  const table = local_of(weight, into[0], summed);
  const shape = [...indices._spec.shape, weight._spec.shape[1]!];
  if (masked_along === undefined) {
    return wrapped_whole(call(table, rows, ...args.slice(2)) as Tensor, mesh, out, shape);
  }
  if (Number(args[2] ?? -1) >= 0) return no_rule(name);
  const [mask, own] = masked_indices(rows, weight._spec.shape[0]!, mesh, masked_along);
  const found_rows = call(table, own, ...args.slice(2)) as Tensor;
  return wrapped_whole(found_rows.masked_fill(mask.unsqueeze(-1), 0), mesh, out, shape);
};
rules.set('embedding', embedding);

/** The sizes of a view, one of which may be -1. */
function sizes_of(name: string, args: readonly unknown[], count: number): number[] {
  const given = (Array.isArray(args[1]) ? args[1] : args.slice(1)) as unknown[];
  if (!given.every((size) => typeof size === 'number')) return no_rule(name);
  const sizes = given as number[];
  const rest = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return sizes.map((size) => (size === -1 ? count / rest : size));
}

const product_of = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);

/** A dimension that is cut stays the first of those of which it is made, or which are made of it; else it is put together before. */
function reshaped(x: DTensor, sizes: readonly number[]): DTensor {
  const { mesh, shape } = x._spec;
  const local_sizes = [...sizes];
  const into: Placement[] = [];
  const out = x.placements.map((p, m): Placement => {
    if (!(p instanceof Shard)) {
      into.push(p);
      return p;
    }
    const before = product_of(shape.slice(0, p.dim));
    const dim = sizes.findIndex((size, i) => product_of(sizes.slice(0, i)) === before && size % mesh.size(m) === 0);
    if (dim < 0 || shape[p.dim]! % mesh.size(m) !== 0 || local_sizes[dim] !== sizes[dim]) {
      into.push(new Replicate());
      return new Replicate();
    }
    into.push(p);
    local_sizes[dim] = sizes[dim]! / mesh.size(m);
    return new Shard(dim);
  });
  return wrapped_whole(local_of(x, into, []).reshape(local_sizes), mesh, out, sizes);
}

const reshape: Rule = (name, args) => {
  const x = operands(name, args).get(0);
  return x === undefined ? no_rule(name) : reshaped(x, sizes_of(name, args, x.numel()));
};
rules.set('view', reshape);
rules.set('reshape', reshape);

rules.set('flatten', (name, args) => {
  const x = operands(name, args).get(0);
  if (x === undefined) return no_rule(name);
  const named = (is_plain_object(args.at(-1)) ? args.at(-1) : {}) as { start_dim?: number; end_dim?: number };
  const at = (dim: unknown, by_default: number): number => {
    const given = typeof dim === 'number' ? dim : by_default;
    return given < 0 ? given + x.ndim : given;
  };
  const [first, last] = [
    at(args[1] ?? named.start_dim, named.start_dim ?? 0),
    at(args[2] ?? named.end_dim, named.end_dim ?? -1),
  ];
  const { shape } = x._spec;
  return reshaped(x, [...shape.slice(0, first), product_of(shape.slice(first, last + 1)), ...shape.slice(last + 1)]);
});

let loss_is_parallel = false;

/** Lets cross entropies of sharded logits be made without gathering these; returns what ends that. */
export function open_parallel_loss(): () => void {
  const before = loss_is_parallel;
  loss_is_parallel = true;
  return () => {
    loss_is_parallel = before;
  };
}

const NONE = 0;
const MEAN = 1;

interface OfLoss extends FunctionCtx {
  kept?: {
    log_probabilities: Tensor;
    target: Tensor;
    weight: Tensor | null;
    total: Tensor;
    given: LossArguments;
    dtype: Tensor['dtype'];
  };
}

interface LossArguments {
  readonly reduction: number;
  readonly ignore_index: number;
  readonly classes: number;
  readonly mesh: DeviceMesh;
  readonly m: number;
}

function summed_over(tensor: Tensor, mesh: DeviceMesh, m: number, op: RedOpType = ReduceOp.SUM): Tensor {
  const sum = tensor.contiguous().clone();
  all_reduce(sum, { op, group: mesh.get_group(m) });
  return sum;
}

/** A weight for each class, along the dimension of classes. */
const along_classes = (weight: Tensor, ndim: number, dim: number): Tensor =>
  weight.view(Array.from({ length: ndim }, (_, i) => (i === dim ? weight.shape[0]! : 1)));

/** The cross entropy of logits, of which each process has those of some classes. */
class ParallelCrossEntropy extends AutogradFunction {
  static forward(
    ctx: OfLoss,
    logits: Tensor,
    target: Tensor,
    weight: Tensor | null,
    own_weight: Tensor | null,
    given: LossArguments,
  ): Tensor {
    const { reduction, ignore_index, classes, mesh, m } = given;
    const dim = logits.ndim < 2 ? 0 : 1;
    const wide = logits.dtype.itemsize < 4 ? logits.float() : logits;
    const shifted = wide.sub(summed_over(wide.amax(dim, true), mesh, m, ReduceOp.MAX));
    const sum = summed_over(shifted.exp().sum(dim, true), mesh, m);
    const log_probabilities = shifted.sub(sum.log()).to(logits.dtype);
    const weighted =
      own_weight === null ? log_probabilities : log_probabilities.mul(along_classes(own_weight, logits.ndim, dim));
    const counts = target.ne(ignore_index);
    const safe = target.where(counts, 0).unsqueeze(dim);
    const [mask, own] = masked_indices(safe, classes, mesh, m);
    const picked = summed_over(weighted.gather(dim, own).masked_fill(mask, 0), mesh, m);
    let result = picked.squeeze(dim).neg().where(counts, 0);
    let total = counts.sum().to(logits.dtype);
    if (weight !== null) {
      const sizes = logits.shape.map((size, i) => (i === dim ? -1 : size));
      const of_target = along_classes(weight, logits.ndim, dim).expand(sizes).gather(dim, safe).squeeze(dim);
      total = of_target.where(counts, 0).sum();
    }
    if (reduction !== NONE || logits.ndim < 2) {
      if (reduction === MEAN) result = result.sum().div(total);
      else if (reduction !== NONE) result = result.sum();
    }
    ctx.kept = { log_probabilities, target, weight, total, given, dtype: logits.dtype };
    return result;
  }

  static backward(ctx: OfLoss, gradient: Tensor): (Tensor | null)[] {
    const { log_probabilities: x, target: flat, weight, total, given, dtype } = ctx.kept!;
    const { reduction, ignore_index, classes, mesh, m } = given;
    const dim = x.ndim < 2 ? 0 : 1;
    let upper = reduction === MEAN ? gradient.div(total) : gradient;
    const target = flat.unsqueeze(dim);
    const counts = target.ne(ignore_index);
    const [mask, own] = masked_indices(target.where(counts, 0), classes, mesh, m);
    const ones = zeros_like(x).scatter_(dim, own, mask.to(x.dtype).sub(1));
    if (x.ndim > upper.ndim && upper.ndim > 0) upper = upper.unsqueeze(dim);
    if (weight !== null) {
      const sizes = x.shape.map((size, i) => (i === dim ? -1 : size));
      upper = upper.mul(along_classes(weight, x.ndim, dim).expand(sizes).gather(dim, target.where(counts, 0)));
    }
    upper = upper.where(counts, 0);
    return [ones.add(x.exp()).mul(upper).to(dtype), null, null, null, null];
  }
}

const as_local = (value: unknown, placements: readonly Placement[]): Tensor =>
  value instanceof DTensor ? redistributed(value as DTensor, placements)._local_tensor : (value as Tensor);

const cross_entropy: Rule = (name, args, call) => {
  const [x, target, weight = null, reduction, ignore_index, smoothing = 0] = args;
  if (!(x instanceof DTensor)) return no_rule(name);
  const logits = x as DTensor;
  const { mesh, shape } = logits._spec;
  const dim = shape.length < 2 ? 0 : 1;
  const along = logits.placements.flatMap((p, m) => (p.is_shard(dim) ? [m] : []));
  const everywhere = logits.placements.map(() => new Replicate());
  if (!loss_is_parallel) {
    if (!(target instanceof DTensor)) operands(name, args);
    const locals = [x, target, weight].map((arg) =>
      arg instanceof DTensor ? local_of(arg as DTensor, everywhere, []) : arg,
    );
    const result = call(...locals, ...args.slice(3)) as Tensor;
    return wrapped_whole(result, mesh, everywhere, [...result.shape]);
  }
  const [m] = along;
  if (m === undefined || along.length > 1) {
    throw new Error(
      `loss_parallel() requires exactly one mesh dim to shard tensor dimension ${dim}, but got placements ` +
        `${placements_text(logits.placements)} with ${along.length} such mesh dim(s).`,
    );
  }
  if (logits.placements.some((p) => p instanceof Partial)) {
    throw new Error('loss_parallel() expects non-TP mesh dims to be Shard or Replicate');
  }
  if (reduction === MEAN && mesh.ndim > 1) {
    throw new Error(
      `loss_parallel() with reduction='mean' is only supported on one-dimensional DeviceMesh; got mesh with ndim=${mesh.ndim}. Use reduction='sum' or 'none' instead.`,
    );
  }
  if (smoothing !== 0) throw new Error('loss_parallel(): label_smoothing is not supported');
  // The dimension of classes goes.
  const of_target = logits.placements.map((p): Placement => {
    if (!(p instanceof Shard) || p.dim === dim) return new Replicate();
    return p.dim > dim ? new Shard(p.dim - 1) : p;
  });
  const out = reduction === NONE ? of_target : of_target.map((p) => (p instanceof Shard ? new Partial() : p));
  const whole_weight = weight === null ? null : as_local(weight, everywhere);
  const { length, offset } = chunk_of(shape[dim]!, mesh.size(m), mesh.get_local_rank(m));
  const result = ParallelCrossEntropy.apply(
    logits._local_tensor,
    as_local(target, of_target),
    whole_weight,
    whole_weight === null ? null : whole_weight.narrow(0, offset, length),
    { reduction: Number(reduction), ignore_index: Number(ignore_index), classes: shape[dim]!, mesh, m },
  );
  return wrapped_whole(result, mesh, out, reduction === NONE ? shape.filter((_, i) => i !== dim) : []);
};
rules.set('cross_entropy', cross_entropy);
