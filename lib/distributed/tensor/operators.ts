/**
 * What operators do with DTensors: a table of rules for how their results lie. An operator without a rule throws. Gradients are those of the
 * tensors of each process; where all have an operand of which a result is a piece, its gradient is summed over them.
 */
import { set_carrier, stands_for } from '../../_C/tensor_subclass.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { type DTensor, redistributed, wrapped_whole } from './dtensor.js';
import {
  cut_along,
  is_cut,
  Partial,
  Replicate,
  Shard,
  StridedShard,
  same_placements,
  without_strided,
  type Placement,
} from './placement_types.js';
import { SumOfGradients } from './redistribute.js';

type Call = (...args: unknown[]) => unknown;
export type Rule = (name: string, args: readonly unknown[], call: Call) => unknown;

export const rules = new Map<string, Rule>();

const words = (text: string): string[] => text.trim().split(/\s+/);

/** The DTensors among arguments, by place. @throws Error for ordinary tensors beside them, and for two meshes */
export function operands(name: string, args: readonly unknown[]): Map<number, DTensor> {
  const found = new Map<number, DTensor>();
  let first: DTensor | undefined;
  args.forEach((arg, place) => {
    if (stands_for(arg)) {
      const tensor = arg as unknown as DTensor;
      first ??= tensor;
      if (!tensor.device_mesh.equals(first.device_mesh)) {
        throw new Error(
          `${name}(): DTensors of different meshes: ${String(first.device_mesh)} and ${String(tensor.device_mesh)}`,
        );
      }
      found.set(place, tensor);
    } else if (arg instanceof Tensor && arg.ndim > 0) {
      throw new Error(
        `${name}(): got mixed torch.Tensor and DTensor, need to convert all torch.Tensor to DTensor before calling distributed operators!`,
      );
    } else if (Array.isArray(arg) && arg.some((item) => stands_for(item))) no_rule(name);
    else if (is_plain_object(arg) && Object.values(arg).some((item) => stands_for(item))) no_rule(name);
  });
  return found;
}

export function no_rule(name: string): never {
  throw new Error(
    `${name}(): DTensor has no sharding rule for this operator; call it on to_local() or full_tensor() (docs/distributed.md lists those with one)`,
  );
}

export const replicated = (placements: readonly Placement[]): Placement[] =>
  placements.map((placement) => (placement instanceof Partial ? new Replicate() : placement));

function broadcast_shape(name: string, shapes: readonly (readonly number[])[]): number[] {
  const ndim = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: ndim }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - ndim + shape.length] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) throw new Error(`${name}(): shapes of DTensors do not broadcast`);
    return sizes[0] ?? 1;
  });
}

/** Whether an operator of one DTensor and numbers keeps sums that have not been made. */
const linear = new Set(
  words('clone detach neg alias contiguous zeros_like empty_like ones_like full_like new_zeros new_empty'),
);
const linear_by_number = new Set(words('mul div mul_ div_ true_divide multiply divide'));

/** Element by element, with broadcasting. */
const pointwise: Rule = (name, args, call) => {
  const found = operands(name, args);
  const tensors = [...found.values()];
  const first = tensors[0]!;
  const mesh = first.device_mesh;
  const in_place = name.endsWith('_') && !name.endsWith('__');
  const shape = broadcast_shape(
    name,
    tensors.map((tensor) => tensor._spec.shape),
  );
  const by_number = linear_by_number.has(name) && found.size === 1 && found.has(0) && typeof args[1] === 'number';
  const keeps_partial =
    (found.size === 1 && linear.has(name)) ||
    by_number ||
    (/^(add|sub)_?$/.test(name) &&
      tensors.every((tensor) => same_placements(tensor.placements, first.placements)) &&
      found.size > 1);
  const out = first.placements.map((_, m): Placement => {
    if (in_place) return first.placements[m]!;
    for (const { _spec, placements } of tensors) {
      const placement = placements[m]!;
      if (placement instanceof Partial && keeps_partial) return placement;
      if (!is_cut(placement)) continue;
      const dim = placement.dim + shape.length - _spec.shape.length;
      if (_spec.shape[placement.dim] === shape[dim]) return cut_along(placement, dim);
    }
    return new Replicate();
  });
  if (in_place && !keeps_partial && out.some((placement) => placement instanceof Partial)) {
    throw new Error(`${name}(): in-place on a DTensor with Partial placements; redistribute() it first`);
  }
  const locals = args.map((arg, place) => {
    const tensor = found.get(place);
    if (tensor === undefined) return arg;
    const own = tensor._spec.shape;
    const summed: number[] = [];
    const target = out.map((placement, m): Placement => {
      if (placement instanceof Partial) return placement;
      if (is_cut(placement)) {
        const dim = placement.dim - shape.length + own.length;
        if (dim >= 0 && own[dim] === shape[placement.dim]) return cut_along(placement, dim);
        summed.push(m);
      }
      return new Replicate();
    });
    const local = redistributed(tensor, target)._local_tensor;
    return summed.length > 0 && local.requires_grad ? SumOfGradients.apply(local, mesh, summed) : local;
  });
  const result = call(...locals);
  if (in_place) return args[0];
  return wrapped_whole(result as Tensor, mesh, out, shape);
};

for (const name of words(`
  clone detach alias neg abs sign exp log log1p expm1 sqrt rsqrt reciprocal square relu gelu silu sigmoid tanh sin cos pow floor ceil round
  softplus leaky_relu elu hardtanh relu6 isnan isinf isfinite logical_not nan_to_num
  add sub mul div true_divide multiply divide maximum minimum eq ne lt le gt ge where lerp addcmul addcdiv clamp clamp_min clamp_max
  detach_ neg_ abs_ exp_ log_ sqrt_ relu_ sigmoid_ tanh_ add_ sub_ mul_ div_ lerp_ addcmul_ addcdiv_ clamp_ clamp_min_ clamp_max_
  copy_ zero_ fill_ pow_ square_ reciprocal_ rsqrt_
  zeros_like ones_like empty_like full_like
`)) {
  rules.set(name, pointwise);
}

// What is of the local tensors alone.
for (const name of words('is_floating_point is_complex is_signed')) {
  rules.set(name, (_, args, call) => call((args[0] as DTensor)._local_tensor));
}

const OF_DIMS = new Set(['dim', 'keepdim', 'dtype']);

/** `sum`, `mean`, `amax` and `amin`, over all dimensions or some. */
const reduction: Rule = (name, args, call) => {
  const tensor = [...operands(name, args).values()][0]!;
  const { shape, mesh } = tensor._spec;
  const last = args.at(-1);
  const named = (is_plain_object(last) ? last : {}) as { dim?: number | number[] | null; keepdim?: boolean };
  if (Object.keys(named).some((key) => !OF_DIMS.has(key))) no_rule(name);
  const positional = is_plain_object(args[1]) ? undefined : (args[1] as number | number[] | undefined);
  const given = positional ?? named.dim ?? [];
  const list = (Array.isArray(given) ? given : [given]).map((dim) => (dim < 0 ? dim + shape.length : dim));
  const dims = new Set(list.length > 0 ? list : shape.map((_, dim) => dim));
  const keepdim = named.keepdim ?? (typeof args[2] === 'boolean' ? args[2] : false);
  const pending = { sum: 'sum', mean: 'avg', amax: 'max', amin: 'min' }[name]!;
  // Partial sums may be summed further; what else is pending is done first.
  let source = redistributed(
    tensor,
    tensor.placements.map((p) =>
      p instanceof Partial && !(p.reduce_op === 'sum' && name !== 'amax' && name !== 'amin') ? new Replicate() : p,
    ),
  );
  // A mean of means is one where the pieces are of one size.
  const uneven = source.placements.map(
    (p, m) => name === 'mean' && p instanceof Shard && dims.has(p.dim) && shape[p.dim]! % mesh.size(m) !== 0,
  );
  if (
    name !== 'sum' &&
    (uneven.includes(true) || source.placements.some((p, m) => p instanceof Shard && shape[p.dim]! < mesh.size(m)))
  ) {
    source = redistributed(
      source,
      source.placements.map((p) => (p instanceof Shard ? new Replicate() : p)),
    );
  }
  const kept = shape.map((_, dim) => dim).filter((dim) => keepdim || !dims.has(dim));
  const out = source.placements.map((p): Placement => {
    if (!(p instanceof Shard)) return p;
    return dims.has(p.dim) ? new Partial(pending) : new Shard(kept.indexOf(p.dim));
  });
  const result = call(source._local_tensor, ...args.slice(1)) as Tensor;
  const out_shape = kept.map((dim) => (dims.has(dim) ? 1 : shape[dim]!));
  return wrapped_whole(averaged(result, source, out, name), mesh, out, out_shape);
};

/** The gradient of an average over processes goes to each of them whole: they divide it. */
function averaged(result: Tensor, source: DTensor, out: readonly Placement[], name: string): Tensor {
  if (name !== 'mean' || !result.requires_grad) return result;
  const count = out.reduce(
    (product, p, m) =>
      p instanceof Partial && source.placements[m] instanceof Shard ? product * source.device_mesh.size(m) : product,
    1,
  );
  if (count > 1) result.register_hook((gradient) => gradient.div(count));
  return result;
}
for (const name of ['sum', 'mean', 'amax', 'amin']) rules.set(name, reduction);

/** `t` and `transpose`. */
const transposed: Rule = (name, args, call) => {
  const tensor = [...operands(name, args).values()][0]!;
  const { shape, mesh } = tensor._spec;
  const at = (dim: unknown): number => (Number(dim) < 0 ? Number(dim) + shape.length : Number(dim));
  const [a, b] = name === 't' ? [0, shape.length - 1] : [at(args[1]), at(args[2])];
  const swapped = (dim: number): number => (dim === a ? b : dim === b ? a : dim);
  const out = tensor.placements.map((p) => (p instanceof Shard ? new Shard(swapped(p.dim)) : p));
  const local = call(tensor._local_tensor, ...args.slice(1)) as Tensor;
  return wrapped_whole(
    local,
    mesh,
    out,
    shape.map((_, dim) => shape[swapped(dim)]!),
  );
};
rules.set('t', transposed);
rules.set('transpose', transposed);

/** `mm` and `matmul` of two dimensions each. */
const product: Rule = (name, args, call) => {
  const found = operands(name, args);
  const [a, b] = [found.get(0), found.get(1)];
  if (a === undefined || b === undefined || a.ndim !== 2 || b.ndim !== 2) no_rule(name);
  const mesh = a.device_mesh;
  const into: [Placement[], Placement[]] = [[], []];
  const summed: [number[], number[]] = [[], []];
  const out = replicated(a.placements).map((left, m): Placement => {
    const right = replicated(b.placements)[m]!;
    const [one, all] = [(p: Placement) => p, new Replicate()];
    if (left.is_shard(1) || (right.is_shard(0) && !left.is_shard(0))) {
      into[0].push(new Shard(1));
      into[1].push(new Shard(0));
      return new Partial();
    }
    if (left.is_shard(0)) {
      into[0].push(one(left));
      into[1].push(all);
      summed[1].push(m);
      return new Shard(0);
    }
    into[0].push(all);
    into[1].push(right);
    if (!right.is_shard(1)) return all;
    summed[0].push(m);
    return new Shard(1);
  });
  const locals = [a, b].map((tensor, i) => {
    const local = redistributed(tensor, into[i]!)._local_tensor;
    return summed[i]!.length > 0 && local.requires_grad ? SumOfGradients.apply(local, mesh, summed[i]!) : local;
  });
  return wrapped_whole(call(...locals) as Tensor, mesh, out, [a.shape[0]!, b.shape[1]!]);
};
rules.set('mm', product);
rules.set('matmul', product);

/** Rules but those of operators element by element know nothing of pieces that were cut last. */
function put_together(arg: unknown): unknown {
  if (!stands_for(arg)) return arg;
  const tensor = arg as unknown as DTensor;
  return tensor.placements.some((placement) => placement instanceof StridedShard)
    ? redistributed(tensor, without_strided(tensor.placements))
    : arg;
}

set_carrier((name, args, call) => {
  const rule = rules.get(name);
  if (rule === undefined) return no_rule(name);
  return rule(name, rule === pointwise ? args : args.map(put_together), call);
});
