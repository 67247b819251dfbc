/** Tensors over several processes: `torch.distributed.tensor.DTensor`. */
import { bind_parameter_of } from '../../nn/parameter.js';
import { inner_handles_open, SubclassOperand } from '../../_C/tensor_subclass.js';
import { define_kind, method_signature, no_arguments, signature, type Arguments } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { Parameter } from '../../nn/parameter.js';
import { python_float } from '../../_internal/representation.js';
import { Size, Tensor } from '../../_tensor.js';
import type { DeviceMesh } from '../device_mesh.js';
import { stack } from '../../generated/functions.js';
import { vector_norm } from '../../generated/linalg.js';
import { all_reduce, broadcast } from '../collectives.js';
import { ReduceOp } from '../reduce_op.js';
import { get_global_rank } from '../process_group.js';
import {
  is_cut,
  Partial,
  Replicate,
  Shard,
  placements_text,
  same_placements,
  type Placement,
} from './placement_types.js';
import { moved, pieces_of, placements_of_gradient, Redistribute, ToLocal } from './redistribute.js';

/** How a {@link DTensor} lies on its mesh. */
export interface Spec {
  readonly mesh: DeviceMesh;
  readonly placements: readonly Placement[];
  /** The shape of the whole. */
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** Keyword arguments of {@link DTensor.from_local}. */
export interface FromLocalOptions {
  /** Give all processes the tensor of the first one where it is {@link Replicate}. Default false. */
  run_check?: boolean;
  /** The shape of the whole, which uneven pieces need; then `stride` too. Default null. */
  shape?: readonly number[] | null;
  /** The strides of the whole. Default null. */
  stride?: readonly number[] | null;
}

/** Keyword arguments of {@link DTensor.redistribute}. */
export interface RedistributeOptions {
  /** Must be null, or its own mesh. Default null. */
  device_mesh?: DeviceMesh | null;
  /** A placement for each dimension of the mesh. */
  placements?: readonly Placement[] | null;
}

const FROM_LOCAL = signature<
  FromLocalOptions & { local_tensor: Tensor; device_mesh: DeviceMesh; placements?: readonly Placement[] | null }
>(
  'DTensor.from_local',
  'local_tensor: Tensor, device_mesh: DeviceMesh, placements?: Placement[]|None, *, run_check?: bool, shape?: int[]|None, ' +
    'stride?: int[]|None',
);
const TO_LOCAL = method_signature<{ grad_placements?: readonly Placement[] | null }>(
  'DTensor.to_local',
  '*, grad_placements?: Placement[]|None',
);
const FULL_TENSOR = method_signature<{ grad_placements?: readonly Placement[] | null }>(
  'DTensor.full_tensor',
  '*, grad_placements?: Placement[]|None',
);
const REDISTRIBUTE = method_signature<RedistributeOptions>(
  'DTensor.redistribute',
  'device_mesh?: DeviceMesh|None, placements?: Placement[]|None',
);
const SIZE = method_signature<{ dim?: number | null }>('DTensor.size', 'dim?: int|None');
const STRIDE = method_signature<{ dim?: number | null }>('DTensor.stride', 'dim?: int|None');
const REQUIRES_GRAD_ = method_signature<{ requires_grad?: boolean }>('DTensor.requires_grad_', 'requires_grad?: bool');

const contiguous_strides = (shape: readonly number[]): number[] => {
  const strides: number[] = [];
  shape.reduceRight((step, size) => {
    strides.unshift(step);
    return step * Math.max(size, 1);
  }, 1);
  return strides;
};

/**
 * A tensor over the processes of a {@link DeviceMesh}: each of them has a piece, all of it, or a part of a sum. Mirrors
 * `torch.distributed.tensor.DTensor`. {@link distribute_tensor} and {@link DTensor.from_local} make them.
 *
 * `shape`, `size()` and the like are of the whole. Operators work on the pieces, and communicate where they must; one that has no rule is an
 * Error, and so is one of a DTensor and an ordinary tensor. Gradients come by `backward`, and are DTensors.
 *
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = dist.init_device_mesh('cpu', [1]);
 * const x = dist.tensor.DTensor.from_local(torch.ones(2), mesh, [new dist.tensor.Shard(0)]);
 * print(x.add(1), x.shape, x.placements[0]);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed.tensor
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.init_device_mesh('cpu', (1,))
 * x = dist.tensor.DTensor.from_local(torch.ones(2), mesh, [dist.tensor.Shard(0)])
 * print(x.add(1), x.shape, x.placements[0].__repr__())
 * dist.destroy_process_group()
 * ```
 */
export class DTensor extends Tensor {
  /** @internal the tensor of this process */
  declare readonly _local_tensor: Tensor;
  /** @internal */
  declare readonly _spec: Spec;

  /** @internal of which pieces the tensor was gathered */
  declare readonly _gathered_of?: DTensor;

  /** @internal use `DTensor.from_local(...)` and `distribute_tensor(...)` */
  constructor(...none: unknown[]) {
    super(refused(none));
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Tensor && '_local_tensor' in value;
  }

  /** The mesh that it is on. */
  get device_mesh(): DeviceMesh {
    return this._spec.mesh;
  }

  /** How it lies along each dimension of the mesh. */
  get placements(): readonly Placement[] {
    return this._spec.placements;
  }

  override get shape(): Size {
    return new Size([...this._spec.shape]);
  }

  override size(): Size;
  override size(dim: number | { dim: number }): number;
  override size(...args: unknown[]): Size | number {
    const { dim = null } = SIZE.read(args);
    return dim === null ? this.shape : at(this._spec.shape, dim, 'size');
  }

  override stride(): number[];
  override stride(dim: number | { dim: number }): number;
  override stride(...args: unknown[]): number[] | number {
    const { dim = null } = STRIDE.read(args);
    return dim === null ? [...this._spec.stride] : at(this._spec.stride, dim, 'stride');
  }

  override dim(): number {
    return this._spec.shape.length;
  }

  override ndimension(): number {
    return this._spec.shape.length;
  }

  override get ndim(): number {
    return this._spec.shape.length;
  }

  override numel(): number {
    return this._spec.shape.reduce((a, b) => a * b, 1);
  }

  override nelement(): number {
    return this.numel();
  }

  override get length(): number {
    if (this.ndim === 0) throw new TypeError('len() of a 0-d tensor');
    return this._spec.shape[0]!;
  }

  override get grad(): Tensor {
    const { grad } = this._local_tensor;
    if (grad === null) return grad;
    return wrapped(grad, { ...this._spec, placements: placements_of_gradient(this.placements) });
  }

  override set grad(value: Tensor | null | undefined) {
    if (value === null || value === undefined) {
      this._local_tensor.grad = null;
      return;
    }
    if (!(value instanceof DTensor)) throw new TypeError('DTensor.grad must be a DTensor or None');
    const wanted = placements_of_gradient(this.placements);
    const found = value as DTensor;
    const { mesh, shape } = found._spec;
    this._local_tensor.grad = no_grad(() => moved(found._local_tensor, shape, mesh, found.placements, wanted));
  }

  override requires_grad_(requires_grad?: boolean | { requires_grad?: boolean }): this;
  override requires_grad_(...args: unknown[]): this {
    this._local_tensor.requires_grad_(REQUIRES_GRAD_.read(args).requires_grad ?? true);
    return this;
  }

  override get data(): Tensor {
    return wrapped(this._local_tensor.data, this._spec);
  }

  override set data(value: Tensor) {
    if (!(value instanceof DTensor)) throw new TypeError('DTensor.data must be a DTensor');
    if (!same_placements((value as DTensor).placements, this.placements)) {
      throw new Error('DTensor.data: the placements differ; use redistribute()');
    }
    this._local_tensor.data = (value as DTensor)._local_tensor;
  }

  override dispose(...none: []): void {
    this._local_tensor.dispose(...none);
  }

  override contiguous(...args: Parameters<Tensor['contiguous']>): Tensor {
    const local = this._local_tensor.contiguous(...args);
    return local === this._local_tensor
      ? this
      : wrapped(local, { ...this._spec, stride: contiguous_strides(this.shape) });
  }

  override is_contiguous(...args: Parameters<Tensor['is_contiguous']>): boolean {
    return this._local_tensor.is_contiguous(...args);
  }

  override item<T = number>(): T {
    return this.full_tensor().item() as T;
  }

  /**
   * The tensor of this process. Its gradient comes back as one of this tensor.
   * @param grad_placements - by name: how the gradient of the result lies; default null, as this tensor, replicated where it is partial
   */
  to_local(options?: { grad_placements?: readonly Placement[] | null }): Tensor;
  to_local(...args: unknown[]): Tensor {
    const { grad_placements = null } = TO_LOCAL.read(args);
    const local = this._local_tensor;
    if (!local.requires_grad) return local;
    const { mesh, shape, placements } = this._spec;
    const given = placements_for(mesh, grad_placements ?? placements_of_gradient(placements), shape.length);
    return ToLocal.apply(local, shape, mesh, placements, given);
  }

  /**
   * The whole tensor, in each process.
   * @param grad_placements - by name: how the gradient of the result lies; default null, replicated
   */
  full_tensor(options?: { grad_placements?: readonly Placement[] | null }): Tensor;
  full_tensor(...args: unknown[]): Tensor {
    const { grad_placements = null } = FULL_TENSOR.read(args);
    const everywhere = this.placements.map(() => new Replicate());
    return this.redistribute({ placements: everywhere }).to_local({ grad_placements });
  }

  /**
   * The same tensor with other placements, by the collectives that are needed: all_gather from {@link Shard} to {@link Replicate}, all_reduce
   * from {@link Partial} to {@link Replicate}, reduce_scatter from {@link Partial} to {@link Shard}. Gradients go the way back.
   *
   * @param device_mesh - null, or its own mesh; default null
   * @param placements - a placement for each dimension of the mesh
   * @throws Error for another mesh, or when `placements` has another length
   */
  redistribute(
    ...args: Arguments<
      [device_mesh?: DeviceMesh | null, placements?: readonly Placement[] | null],
      RedistributeOptions,
      ['device_mesh', 'placements']
    >
  ): DTensor;
  redistribute(...args: unknown[]): DTensor {
    const { device_mesh = null, placements = null } = REDISTRIBUTE.read(args);
    const { mesh, shape } = this._spec;
    if (device_mesh !== null && !device_mesh.equals(mesh)) {
      throw new Error('DTensor.redistribute(): Cross device mesh comm not supported yet!');
    }
    if (placements === null) throw new Error('DTensor.redistribute(): placements is needed for redistribute!');
    const target = placements_for(mesh, placements, shape.length);
    target.forEach((placement, m) => {
      if (placement instanceof Partial && !this.placements[m]!.equals(placement)) {
        throw new Error(
          `DTensor.redistribute(): Can not redistribute from ${String(this.placements[m])} to ${String(placement)}, ` +
            'redistributing to Partial is for internal use only!',
        );
      }
    });
    return redistributed(this, target);
  }

  /** @internal Another tensor with such pieces. */
  _with_local(local: Tensor): DTensor {
    return wrapped(local, this._spec);
  }

  /** @internal The norm of all elements of several, replicated. */
  _norm_of(tensors: readonly Tensor[], norm_type: number): Tensor {
    return no_grad(() => norm_of(tensors as readonly DTensor[], norm_type));
  }

  /** As Python prints it. */
  override toString(): string {
    const local = no_grad(() => this._local_tensor.detach());
    let text = String(local);
    if (local.ndim === 0 && !local.is_meta) {
      const value: unknown = local.item();
      text = typeof value === 'number' && local.dtype.is_floating_point ? python_float(value) : String(value);
    }
    return `DTensor(local_tensor=${text}, device_mesh=${String(this.device_mesh)}, placements=${placements_text(this.placements)})`;
  }

  override __deepcopy__(): Tensor {
    const { requires_grad } = this;
    const copy = wrapped(
      no_grad(() => this._local_tensor.detach().clone()),
      this._spec,
    );
    return this instanceof Parameter ? as_parameter(copy, requires_grad) : copy.requires_grad_(requires_grad);
  }

  /**
   * Makes a tensor of the pieces that the processes have. Mirrors `DTensor.from_local`.
   *
   * @param local_tensor - the piece of this process
   * @param device_mesh - the mesh
   * @param placements - a placement for each dimension of the mesh; default null, {@link Replicate}
   * @param run_check - by name: give all processes the tensor of the first one where it is {@link Replicate}; default false
   * @param shape - by name: the shape of the whole, which uneven pieces need; default null
   * @param stride - by name: the strides of the whole; default null
   */
  static from_local(
    local_tensor: Tensor,
    device_mesh: DeviceMesh,
    placements?: readonly Placement[] | null,
    options?: FromLocalOptions,
  ): DTensor;
  static from_local(local_tensor: Tensor, device_mesh: DeviceMesh, options: FromLocalOptions): DTensor;
  static from_local(...args: unknown[]): DTensor {
    const given = FROM_LOCAL.read(args);
    const { device_mesh: mesh, local_tensor, run_check = false, shape = null, stride = null } = given;
    const { ndim } = local_tensor;
    const placements = placements_for(
      mesh,
      given.placements ?? Array.from({ length: mesh.ndim }, () => new Replicate()),
      ndim,
    );
    if ((shape === null) !== (stride === null)) {
      throw new Error('DTensor.from_local(): Please pass both shape and stride at the same time.');
    }
    let local = local_tensor;
    if (run_check) {
      local = no_grad(() => local_tensor.detach().contiguous().clone()).requires_grad_(local_tensor.requires_grad);
      placements.forEach((placement, m) => {
        if (!(placement instanceof Replicate) || mesh.size(m) === 1) return;
        const group = mesh.get_group(m);
        broadcast(local.detach(), { src: get_global_rank(group, 0), group });
      });
    }
    const whole = [...(shape ?? local.shape)].map(Number);
    if (shape === null) {
      placements.forEach((placement, m) => {
        if (is_cut(placement)) whole[placement.dim]! *= mesh.size(m);
      });
    }
    const shown = local.requires_grad ? local.view_as(local) : local.detach();
    return wrapped(shown, { mesh, placements, shape: whole, stride: stride ?? contiguous_strides(whole) });
  }
}

/** A parameter that is a DTensor: a {@link Parameter} with the members of one. */
class DTensorParameter extends Parameter {}

function refused(args: unknown[]): never {
  no_arguments('DTensor', args);
  throw new TypeError('DTensor(): use DTensor.from_local() or distribute_tensor()');
}

function at(list: readonly number[], dim: number, name: string): number {
  const found = list.at(dim);
  if (found !== undefined && dim < list.length) return found;
  const most = Math.max(list.length, 1);
  throw new RangeError(
    `${name}(): Dimension out of range (expected to be in range of [${-most}, ${most - 1}], but got ${dim})`,
  );
}

/** The norm of the norms of all, which are reduced together along the dimensions of the mesh that have cut any of them. */
function norm_of(tensors: readonly DTensor[], p: number): DTensor {
  const mesh = tensors[0]!.device_mesh;
  const found = tensors.map((tensor) => {
    if (!(tensor instanceof DTensor) || !tensor.device_mesh.equals(mesh)) {
      throw new Error('clip_grad_norm_(): gradients must be DTensors of one mesh');
    }
    const placements = placements_of_gradient(tensor.placements);
    return { placements, norm: vector_norm(redistributed(tensor, placements)._local_tensor, p) };
  });
  const powers = Number.isFinite(p) && p !== 0;
  const op = p === Infinity ? ReduceOp.MAX : p === -Infinity ? ReduceOp.MIN : ReduceOp.SUM;
  const everywhere = mesh.shape.map(() => new Replicate());
  const cut = everywhere.flatMap((_, m) =>
    mesh.size(m) > 1 && found.some(({ placements }) => is_cut(placements[m])) ? [m] : [],
  );
  // What each process has whole is a part in each, so that the sum has it once.
  const shares = found.map(({ placements, norm }) =>
    cut.reduce((share, m) => {
      if (is_cut(placements[m]) || !Number.isFinite(p)) return share;
      return share.div(powers ? mesh.size(m) ** (1 / p) : mesh.size(m));
    }, norm),
  );
  const norms = cut.reduce((each, m) => {
    const sum = powers ? each.pow(p) : each.clone();
    all_reduce(sum, { op, group: mesh.get_group(m) });
    return powers ? sum.pow(1 / p) : sum;
  }, stack(shares));
  return wrapped_whole(vector_norm(norms, p), mesh, everywhere, []);
}

/** Placements with dimensions from the front. @throws Error when there are too many, or a dimension that is not there */
export function placements_for(mesh: DeviceMesh, placements: readonly Placement[], ndim: number): Placement[] {
  if (placements.length !== mesh.ndim) {
    throw new Error(
      '`placements` must have the same length as `device_mesh.ndim`! ' +
        `Found placements length: ${placements.length}, and device_mesh.ndim: ${mesh.ndim}.`,
    );
  }
  return placements.map((placement) => {
    if (!(placement instanceof Shard)) return placement;
    const dim = placement.dim < 0 ? placement.dim + ndim : placement.dim;
    if (dim < 0 || dim >= ndim) {
      throw new Error(`Sharding dim ${placement.dim} greater than or equal to tensor ndim ${ndim}`);
    }
    return dim === placement.dim ? placement : new Shard(dim);
  });
}

/** A DTensor with these pieces. */
export function wrapped(local: Tensor, spec: Spec, prototype: object = DTensor.prototype): DTensor {
  const made = Object.create(prototype) as { -readonly [K in '_local_tensor' | '_spec']: DTensor[K] };
  made._local_tensor = local;
  made._spec = spec;
  return made as unknown as DTensor;
}

/** The same, with strides of a contiguous tensor. */
export const wrapped_whole = (
  local: Tensor,
  mesh: DeviceMesh,
  placements: readonly Placement[],
  shape: readonly number[],
): DTensor => wrapped(local, { mesh, placements, shape, stride: contiguous_strides(shape) });

/** A DTensor with other placements, {@link Partial} among them. */
export function redistributed(tensor: DTensor, target: readonly Placement[]): DTensor {
  const { mesh, placements, shape } = tensor._spec;
  if (same_placements(placements, target)) return tensor;
  const local = tensor._local_tensor;
  const moved_there = Redistribute.apply(local, shape, mesh, placements, target);
  const result = wrapped(moved_there, { ...tensor._spec, placements: target });
  const gathers = placements.every(
    (from, m) => from.equals(target[m]) || (from instanceof Shard && target[m] instanceof Replicate),
  );
  if (gathers && local.requires_grad) (result as { _gathered_of?: DTensor })._gathered_of = tensor;
  return result;
}

/** A parameter of a DTensor; it shares memory with it, and is a leaf. */
export function as_parameter(tensor: DTensor, requires_grad: boolean): Parameter {
  const local = no_grad(() => tensor._local_tensor.detach()).requires_grad_(requires_grad);
  return wrapped(local, tensor._spec, DTensorParameter.prototype) as unknown as Parameter;
}

// Members that are those of the tensor of this process.
const of_local = [
  'dtype',
  'device',
  'layout',
  'requires_grad',
  'is_leaf',
  'grad_fn',
  'retains_grad',
  'is_cuda',
  'is_cpu',
  'is_meta',
  'is_sparse',
  'is_sparse_csr',
  'is_quantized',
  'is_nested',
  'is_mps',
  'is_xpu',
  'itemsize',
  '_version',
];
const methods_of_local = [
  'element_size',
  'is_floating_point',
  'is_complex',
  'is_signed',
  'register_hook',
  'retain_grad',
  'get_device',
];

for (const name of of_local) {
  Object.defineProperty(DTensor.prototype, name, {
    configurable: true,
    get(this: DTensor): unknown {
      return (this._local_tensor as unknown as Record<string, unknown>)[name];
    },
    ...(name === 'requires_grad' && {
      set(this: DTensor, flag: boolean): void {
        this._local_tensor.requires_grad = flag;
      },
    }),
  });
}
for (const name of methods_of_local) {
  Object.defineProperty(DTensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: DTensor, ...args: unknown[]): unknown {
      return (this._local_tensor as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    },
  });
}
Object.defineProperties(DTensor.prototype, {
  _h: {
    configurable: true,
    get(this: DTensor): number {
      if (inner_handles_open()) return this._local_tensor._h;
      throw new SubclassOperand('not for DTensor: use to_local() or full_tensor()');
    },
  },
  to: {
    configurable: true,
    writable: true,
    value(this: DTensor, ...args: Parameters<Tensor['to']>): Tensor {
      const local = this._local_tensor.to(...args);
      return local === this._local_tensor ? this : wrapped(local, this._spec);
    },
  },
  nbytes: {
    configurable: true,
    get(this: DTensor): number {
      return this.numel() * this._local_tensor.itemsize;
    },
  },
  backward: {
    configurable: true,
    writable: true,
    value(this: DTensor, ...args: Parameters<Tensor['backward']>): void {
      const [first, ...others] = args as unknown[];
      const gradient =
        first instanceof DTensor
          ? redistributed(first as DTensor, placements_of_gradient(this.placements))._local_tensor
          : first;
      const call = this._local_tensor.backward.bind(this._local_tensor) as (...args: unknown[]) => void;
      call(...(args.length === 0 ? [] : [gradient, ...others]));
    },
  },
  register_post_accumulate_grad_hook: {
    configurable: true,
    writable: true,
    value(this: DTensor, hook: (tensor: Tensor) => void): unknown {
      return this._local_tensor.register_post_accumulate_grad_hook(() => hook(this));
    },
  },
});
for (const name of Reflect.ownKeys(DTensor.prototype)) {
  if (name === 'constructor') continue;
  Object.defineProperty(DTensorParameter.prototype, name, Object.getOwnPropertyDescriptor(DTensor.prototype, name)!);
}

define_kind('DTensor', 'DTensor', (value) => value instanceof DTensor);
bind_parameter_of((tensor, requires_grad) =>
  tensor instanceof DTensor ? as_parameter(tensor as DTensor, requires_grad) : null,
);

/** The piece of this process of a tensor that all have. */
export function piece_of(tensor: Tensor, mesh: DeviceMesh, placements: readonly Placement[]): Tensor {
  const coordinate = mesh.get_coordinate();
  if (coordinate === null) return tensor.new_empty([0]);
  return placements.reduce(
    (rest, placement, m) =>
      is_cut(placement)
        ? pieces_of(rest, placement, mesh.size(m))[coordinate[m]!]!
        : placement instanceof Partial && placement.reduce_op === 'sum'
          ? rest.div(mesh.size(m))
          : rest,
    tensor,
  );
}
