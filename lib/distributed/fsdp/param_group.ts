/** Parameters that are gathered and reduced together: what {@link fully_shard} makes of a module. */
import { no_grad } from '../../autograd/grad_mode.js';
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { cat, empty } from '../../generated/functions.js';
import type { Module } from '../../nn/modules/module.js';
import { Parameter } from '../../nn/parameter.js';
import type { Tensor } from '../../_tensor.js';
import { bfloat16, float32, uint8, type DType } from '../../types/dtype.js';
import { all_gather_single, all_reduce, reduce_scatter_single } from '../collectives.js';
import { DeviceMesh } from '../device_mesh.js';
import type { ProcessGroup } from '../process_group.js';
import { ReduceOp, type RedOpType } from '../reduce_op.js';
import { as_parameter, DTensor, wrapped, wrapped_whole, type Spec } from '../tensor/dtensor.js';
import { Replicate, Shard, StridedShard, type Placement } from '../tensor/placement_types.js';
import { chunk } from '../tensor/redistribute.js';
import type { MixedPrecisionPolicy } from './policies.js';

/** Where a parameter is. */
export interface Place {
  readonly module: Module;
  readonly name: string;
}

const numel_of = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function put(places: readonly Place[], param: Parameter): void {
  for (const { module, name } of places) (module as unknown as Record<string, Parameter>)[name] = param;
}

/** What this process has of a parameter. */
const local_of = (param: Parameter): Tensor =>
  param instanceof DTensor ? (param as unknown as DTensor)._local_tensor : param;

/** How pieces lie of what tensor parallelism has cut, when they are cut along their first dimension. */
function cut_further(cut: Spec, mesh: DeviceMesh, placements: readonly Placement[]): Omit<Spec, 'stride'> {
  const count = cut.placements.reduce((product, p, m) => (p.is_shard(0) ? product * cut.mesh.size(m) : product), 1);
  const further = count === 1 ? placements : placements.map((p) => (p.is_shard(0) ? new StridedShard(0, count) : p));
  return {
    mesh: DeviceMesh._concatenate([mesh, cut.mesh]),
    placements: [...further, ...cut.placements],
    shape: cut.shape,
  };
}

/** A parameter of which each process has a piece. */
class ShardedParam {
  readonly shape: readonly number[];
  readonly orig_dtype: DType;
  /** The shape of the piece of this process, and of the largest one. */
  readonly sharded_shape: readonly number[];
  readonly padded_shape: readonly number[];
  /** The piece of this process, with zeros where it is short. */
  readonly data: Tensor;
  sharded: Parameter;
  /** The whole; its memory is there between all_gather and reshard only. */
  unsharded: Parameter | null = null;
  /** How the parameter lay before it was sharded, where tensor parallelism has cut it. */
  private readonly cut: Spec | null;
  /** How the pieces lie. */
  private readonly spec: Omit<Spec, 'stride'>;
  /** The whole with its padding, of which `unsharded` is a part. */
  private flat: Tensor | null = null;
  /** Gradients of passes that were not reduced, in the dtype of reductions. */
  accumulated: Tensor | null = null;

  constructor(
    readonly param: Parameter,
    readonly places: readonly Place[],
    mesh: DeviceMesh,
    placements: readonly Placement[],
    rank: number,
    count: number,
  ) {
    if (param.ndim === 0) {
      throw new Error('fully_shard(): FSDP does not support scalar parameters; they need at least one dimension');
    }
    if (!param.is_contiguous()) throw new Error('fully_shard(): FSDP does not support non-contiguous parameters yet');
    this.cut = param instanceof DTensor ? (param as unknown as DTensor)._spec : null;
    this.spec =
      this.cut === null ? { mesh, placements, shape: [...param.shape] } : cut_further(this.cut, mesh, placements);
    const whole = local_of(param);
    this.shape = [...whole.shape];
    this.orig_dtype = param.dtype;
    const each = Math.ceil(this.shape[0]! / count);
    this.padded_shape = [each, ...this.shape.slice(1)];
    const [data, piece] = no_grad(() => {
      const own = chunk(whole.detach(), 0, count, rank);
      const padded = own.new_zeros([...this.padded_shape]);
      const narrowed = padded.narrow(0, 0, own.shape[0]!);
      narrowed.copy_(own);
      return [padded.view([-1]), narrowed];
    });
    this.data = data;
    this.sharded_shape = [...piece.shape];
    this.sharded = as_parameter(this.as_dtensor(piece), param.requires_grad);
    put(places, this.sharded);
  }

  /** A piece of a tensor of this shape. */
  as_dtensor(piece: Tensor): DTensor {
    const { mesh, placements, shape } = this.spec;
    return wrapped_whole(piece, mesh, placements, shape);
  }

  /** What a module was given instead, as by `load_state_dict` with `assign`, is copied into the memory that is gathered. */
  adopt(): void {
    const [{ module, name }] = this.places as [Place];
    const found = (module as unknown as Record<string, Tensor>)[name];
    if (found === undefined || found === this.sharded || found === this.unsharded || !(found instanceof DTensor))
      return;
    no_grad(() => (this.sharded as unknown as DTensor)._local_tensor.detach().copy_((found as DTensor)._local_tensor));
    put(this.places, this.sharded);
  }

  /** Copies what was gathered to where the whole parameter is. */
  fill(gathered: Tensor, dtype: DType): void {
    const bytes = gathered.numel() * dtype.itemsize;
    if (this.flat === null) {
      this.flat = empty([gathered.numel()], { dtype, device: gathered.device });
    } else {
      const storage = this.flat.untyped_storage();
      if (storage.nbytes() !== bytes) storage.resize_(bytes);
    }
    const flat = this.flat;
    // `data` has a version of its own: what autograd saved of the whole parameter is the same again.
    no_grad(() => flat.data.copy_(gathered));
    const whole = flat.data.narrow(0, 0, numel_of(this.shape)).view([...this.shape]);
    if (this.unsharded !== null) local_of(this.unsharded).data = whole;
    else if (this.cut === null) this.unsharded = new Parameter(whole, this.sharded.requires_grad);
    else this.unsharded = as_parameter(wrapped(whole, this.cut), this.sharded.requires_grad);
  }

  /** The gradient of the whole, as far as this process has it. */
  get grad(): Tensor | null {
    return this.unsharded === null ? null : local_of(this.unsharded).grad;
  }

  set grad(value: Tensor | null) {
    if (this.unsharded !== null) local_of(this.unsharded).grad = value;
  }

  to_unsharded(): void {
    const whole = this.unsharded!;
    if (whole.requires_grad !== this.sharded.requires_grad) whole.requires_grad_(this.sharded.requires_grad);
    put(this.places, whole);
  }

  /** Frees the memory of the whole. A program that kept the parameter finds it empty. */
  to_sharded(): void {
    put(this.places, this.sharded);
    if (this.unsharded !== null) {
      const whole = local_of(this.unsharded);
      whole.data = whole.data.new_empty([0]);
    }
    this.flat?.untyped_storage().resize_(0);
  }
}

/** What groups of one model share. */
export interface Shared {
  /** Groups in the order in which their modules have run. */
  readonly post_forward_order: ParamGroup[];
}

type TrainingState = 'forward' | 'pre_backward' | 'post_backward' | 'idle';

/** Parameters that are gathered and reduced together. */
export class ParamGroup {
  readonly params: readonly ShardedParam[];
  state: TrainingState = 'idle';
  reduce_grads = true;
  reshard_after_backward = true;
  /** Set by the root when it runs first. */
  shared: Shared = { post_forward_order: [] };
  reshard_after_forward: boolean;
  private is_unsharded = false;
  private gathered: Tensor | null = null;
  private readonly post_forward_indices: number[] = [];
  private readonly shard_group: ProcessGroup;
  private readonly replicate_group: ProcessGroup | null;
  private readonly count: number;

  constructor(
    params: readonly (readonly [Parameter, readonly Place[]])[],
    mesh: DeviceMesh,
    reshard_after_forward: boolean,
    private readonly policy: MixedPrecisionPolicy,
  ) {
    const hybrid = mesh.ndim === 2;
    this.shard_group = mesh.get_group(hybrid ? 1 : 0);
    this.replicate_group = hybrid ? mesh.get_group(0) : null;
    this.count = this.shard_group.size();
    this.reshard_after_forward = reshard_after_forward;
    const placements = hybrid ? [new Replicate(), new Shard(0)] : [new Shard(0)];
    const rank = this.shard_group.rank();
    this.params = params.map(([param, places]) => new ShardedParam(param, places, mesh, placements, rank, this.count));
  }

  private param_dtype({ orig_dtype }: ShardedParam): DType {
    const { param_dtype } = this.policy;
    return param_dtype !== null && orig_dtype.is_floating_point ? param_dtype : orig_dtype;
  }

  /** Starts to gather the parameters, unless they are there. */
  unshard(): void {
    if (this.gathered !== null || this.is_unsharded || this.params.length === 0) return;
    for (const param of this.params) param.adopt();
    this.gathered = no_grad(() => {
      const pieces = this.params.map((param) => param.data.to(this.param_dtype(param)));
      const mixed = pieces.some(({ dtype }) => dtype !== pieces[0]!.dtype);
      const input = cat(mixed ? pieces.map((piece) => piece.view(uint8)) : pieces);
      if (this.count === 1) return input;
      const output = input.new_empty([input.numel() * this.count]);
      all_gather_single(output, input, this.shard_group);
      return output;
    });
  }

  /** Puts what was gathered into the modules. */
  wait_for_unshard(): void {
    const { gathered } = this;
    if (gathered === null) return;
    const rows = gathered.view([this.count, -1]);
    let offset = 0;
    for (const param of this.params) {
      const dtype = this.param_dtype(param);
      const size = gathered.dtype === dtype ? param.data.numel() : param.data.numel() * dtype.itemsize;
      const part = rows.narrow(1, offset, size).reshape([-1]);
      param.fill(part.dtype === dtype ? part : part.view(dtype), dtype);
      offset += size;
    }
    this.gathered = null;
    for (const param of this.params) param.to_unsharded();
    this.is_unsharded = true;
  }

  to_sharded(): void {
    if (!this.is_unsharded) return;
    for (const param of this.params) param.to_sharded();
    this.is_unsharded = false;
  }

  reshard(): void {
    if (this.state === 'forward' && !this.reshard_after_forward) return;
    this.to_sharded();
  }

  post_forward(): void {
    this.reshard();
    this.post_forward_indices.push(this.shared.post_forward_order.length);
    this.shared.post_forward_order.push(this);
    this.state = 'idle';
  }

  pre_backward(): void {
    if (this.state === 'pre_backward') return;
    this.state = 'pre_backward';
    this.unshard();
    this.wait_for_unshard();
    // The next one is gathered before the gradients of this one are reduced, in Python's order.
    const index = this.post_forward_indices.pop();
    if (index !== undefined && index > 0) this.shared.post_forward_order[index - 1]!.unshard();
  }

  /** Reduces the gradients. Does nothing where no backward has run. */
  post_backward(): void {
    this.state = 'post_backward';
    no_grad(() => {
      for (const param of this.params) this.accumulate(param);
      if (!this.reduce_grads) {
        for (const param of this.params) this.keep_gradient(param);
        if (this.reshard_after_backward) this.reshard();
        return;
      }
      const params: ShardedParam[] = [];
      const grads: Tensor[] = [];
      for (const param of this.params) {
        const grad = param.accumulated ?? param.grad;
        if (grad === null) continue;
        params.push(param);
        grads.push(grad);
        param.accumulated = null;
        param.grad = null;
      }
      if (this.reshard_after_backward) this.reshard();
      if (params.length > 0) this.reduce(params, grads);
    });
  }

  private accumulate(param: ShardedParam): void {
    const { grad } = param;
    if (param.accumulated === null || grad === null) return;
    param.accumulated.add_(grad);
    param.grad = null;
  }

  private keep_gradient(param: ShardedParam): void {
    const { reduce_dtype } = this.policy;
    const { grad } = param;
    if (reduce_dtype === null || grad === null || grad.dtype === reduce_dtype) return;
    param.grad = null;
    param.accumulated = grad.to(reduce_dtype);
  }

  private reduce(params: readonly ShardedParam[], grads: readonly Tensor[]): void {
    if (grads.some(({ dtype }) => dtype !== grads[0]!.dtype)) {
      throw new Error('FSDP reduce-scatter expects uniform gradient dtype');
    }
    const dtype = this.policy.reduce_dtype ?? grads[0]!.dtype;
    const rows = grads.map((grad, i) => {
      const rest = params[i]!.padded_shape[0]! * this.count - grad.shape[0]!;
      const padding = rest > 0 ? [grad.new_zeros([rest, ...grad.shape.slice(1)])] : [];
      return cat([grad, ...padding]).reshape([this.count, -1]);
    });
    const input = cat(rows, 1).reshape([-1]).to(dtype);
    const { before, after, op } = this.factors(dtype);
    if (before !== 1) input.div_(before);
    let output = input;
    if (this.count > 1) {
      output = input.new_empty([input.numel() / this.count]);
      reduce_scatter_single(output, input, op, this.shard_group);
    }
    if (this.replicate_group !== null && this.replicate_group.size() > 1) {
      all_reduce(output, op, this.replicate_group);
    }
    if (after !== 1) output.div_(after);
    output = output.to(params[0]!.orig_dtype);
    let offset = 0;
    for (const param of params) {
      const piece = output.narrow(0, offset, numel_of(param.sharded_shape)).view([...param.sharded_shape]);
      offset += numel_of(param.padded_shape);
      const before_this = (param.sharded as unknown as DTensor)._local_tensor;
      if (before_this.grad === null) before_this.grad = piece;
      else before_this.grad.add_(piece);
    }
  }

  /** How sums become averages: as an operation of the backend, or where sums might overflow by two divisions. */
  private factors(dtype: DType): { before: number; after: number; op: RedOpType } {
    const size = this.count * (this.replicate_group?.size() ?? 1);
    if (dtype === float32 || dtype === bfloat16) {
      return { before: 1, after: 1, op: size === 1 ? ReduceOp.SUM : ReduceOp.AVG };
    }
    let before = 1;
    while (size % before === 0 && size / before > before) before *= 2;
    return { before, after: size / before, op: ReduceOp.SUM };
  }

  finish(): void {
    this.gathered = null;
    this.post_forward_indices.length = 0;
  }
}

/** Passes inputs of a module on; its backward is the last of the module. */
export class PostBackward extends AutogradFunction {
  static forward(ctx: FunctionCtx & { group?: ParamGroup }, group: ParamGroup, ...inputs: Tensor[]): Tensor[] {
    ctx.set_materialize_grads(false);
    ctx.group = group;
    return inputs.map((input) => input.view_as(input));
  }

  static backward(ctx: FunctionCtx & { group?: ParamGroup }, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    ctx.group!.post_backward();
    return [null, ...gradients];
  }
}
