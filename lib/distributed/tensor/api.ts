/** What makes distributed tensors: `torch.distributed.tensor.distribute_tensor` and `distribute_module`. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import type { Module } from '../../nn/modules/module.js';

import type { Tensor } from '../../_tensor.js';
import { empty_like } from '../../generated/functions.js';
import { broadcast, scatter } from '../collectives.js';
import type { DeviceMesh } from '../device_mesh.js';
import { as_parameter, DTensor, piece_of, placements_for, wrapped } from './dtensor.js';
import { is_cut, placements_text, Replicate, same_placements, type Placement } from './placement_types.js';
import { padded, pieces_of } from './redistribute.js';
import './layer_operators.js';
import './operators.js';

/** Keyword arguments of {@link distribute_tensor}. */
export interface DistributeTensorOptions {
  /** The process along each dimension whose values all take; null: each its own. Default 0. */
  src_data_rank?: number | null;
}

/** What a process gets of the tensor of one of them, along a dimension of the mesh. */
function spread(tensor: Tensor, mesh: DeviceMesh, m: number, placement: Placement, group_src: number): Tensor {
  const [group, count] = [mesh.get_group(m), mesh.size(m)];
  if (!is_cut(placement)) {
    const all = tensor.contiguous().clone();
    broadcast(all, { group, group_src });
    return placement.is_partial('sum') ? all.div(count) : all;
  }
  const { dim } = placement;
  const pieces = pieces_of(tensor, placement, count);
  const lengths = pieces.map((piece) => piece.shape[dim]!);
  const even = pieces.map((piece) => padded(piece, dim, Math.max(...lengths)));
  const own = empty_like(even[0]!);
  scatter(own, { scatter_list: group.rank() === group_src ? even : null, group, group_src });
  return own.narrow(dim, 0, lengths[group.rank()]!).contiguous();
}

const DISTRIBUTE_TENSOR = signature<
  DistributeTensorOptions & {
    tensor: Tensor;
    device_mesh?: DeviceMesh | null;
    placements?: readonly Placement[] | null;
  }
>(
  'distribute_tensor',
  'tensor: Tensor, device_mesh?: DeviceMesh|None, placements?: Placement[]|None, *, src_data_rank?: int|None',
);

/**
 * Distributes a tensor that all processes have over a mesh. Mirrors `torch.distributed.tensor.distribute_tensor`. All take the values of the first
 * process along each dimension.
 *
 * @param tensor - a leaf
 * @param device_mesh - the mesh
 * @param placements - a placement for each dimension of the mesh; default null, {@link Replicate}
 * @param src_data_rank - by name only: the process along each dimension whose values all take, or null, where each has the same values
 *   already; default 0
 * @throws Error for a tensor that is not a leaf, and for a DTensor with other placements
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = dist.init_device_mesh('cpu', [1]);
 * const x = dist.tensor.distribute_tensor(torch.arange(4), mesh, [new dist.tensor.Shard(0)]);
 * print(x, x.full_tensor());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed.tensor
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.init_device_mesh('cpu', (1,))
 * x = dist.tensor.distribute_tensor(torch.arange(4), mesh, [dist.tensor.Shard(0)])
 * print(x, x.full_tensor())
 * dist.destroy_process_group()
 * ```
 */
export function distribute_tensor(
  tensor: Tensor,
  device_mesh: DeviceMesh,
  placements?: readonly Placement[] | null,
  options?: DistributeTensorOptions,
): DTensor;
export function distribute_tensor(
  ...args: Arguments<
    [tensor: Tensor, device_mesh: DeviceMesh, placements?: readonly Placement[] | null],
    DistributeTensorOptions & { tensor: Tensor; device_mesh: DeviceMesh; placements?: readonly Placement[] | null },
    ['tensor', 'device_mesh', 'placements']
  >
): DTensor;
export function distribute_tensor(...args: unknown[]): DTensor {
  const {
    tensor,
    device_mesh: mesh = null,
    placements: given = null,
    src_data_rank = 0,
  } = DISTRIBUTE_TENSOR.read(args);
  if (mesh === null) throw new Error('distribute_tensor(): No device mesh is currently active!');
  if (!tensor.is_leaf) {
    throw new Error('`distribute_tensor` should be used to distribute leaf tensors! but found non-leaf tensor!');
  }
  const placements = placements_for(
    mesh,
    given ?? Array.from({ length: mesh.ndim }, () => new Replicate()),
    tensor.ndim,
  );
  if (tensor instanceof DTensor) {
    const there = tensor as DTensor;
    if (!there.device_mesh.equals(mesh)) {
      throw new Error(
        `Cannot distribute a DTensor with device mesh ${String(there.device_mesh)} to a different device mesh ${String(mesh)}.`,
      );
    }
    if (!same_placements(there.placements, placements)) {
      throw new Error(
        `Cannot distribute a DTensor with placements ${placements_text(there.placements)} to a different placements ` +
          `[${placements.map(String).join(', ')}]. do you want to call \`redistribute\` instead?`,
      );
    }
    return there;
  }
  const { requires_grad } = tensor;
  const local = no_grad(() => {
    const all = tensor.detach();
    if (src_data_rank !== null && mesh.size() > 1 && mesh.get_coordinate() !== null) {
      return placements.reduce((rest, placement, m) => spread(rest, mesh, m, placement, src_data_rank), all);
    }
    const piece = piece_of(all, mesh, placements);
    return piece === all ? piece : piece.contiguous().clone();
  });
  if (requires_grad) local.requires_grad_(true);
  return wrapped(local, { mesh, placements, shape: [...tensor.shape], stride: tensor.stride() });
}

/** Distributes the parameters of a module itself, not those of its submodules. */
export type PartitionFunction = (name: string, module: Module, device_mesh: DeviceMesh) => void;
/** Changes what goes into the module. */
export type DistributeInput = (module: Module, inputs: unknown[], device_mesh: DeviceMesh) => unknown;
/** Changes what comes out of the module. */
export type DistributeOutput = (module: Module, outputs: unknown, device_mesh: DeviceMesh) => unknown;

interface DistributeModuleArguments<M extends Module> {
  module: M;
  device_mesh?: DeviceMesh | null;
  partition_fn?: PartitionFunction | null;
  input_fn?: DistributeInput | null;
  output_fn?: DistributeOutput | null;
}

const DISTRIBUTE_MODULE = signature<DistributeModuleArguments<Module>>(
  'distribute_module',
  'module: Module, device_mesh?: DeviceMesh|None, partition_fn?: Callable|None, input_fn?: Callable|None, output_fn?: Callable|None',
);

/**
 * Makes the parameters and buffers of a module DTensors, in place. Mirrors `torch.distributed.tensor.distribute_module`.
 *
 * @param module - the module
 * @param device_mesh - the mesh
 * @param partition_fn - is called with the name of each submodule, the submodule and the mesh, and may distribute its parameters; what it leaves is
 *   replicated; default null
 * @param input_fn - is called with the module, its arguments and the mesh before `forward`; returns the arguments; default null
 * @param output_fn - is called with the module, its output and the mesh after `forward`; returns the output; default null
 * @returns the module
 * @throws Error when it has been distributed already
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const linear = dist.tensor.distribute_module(new nn.Linear(2, 1), dist.init_device_mesh('cpu', [1]));
 * print(linear.weight instanceof dist.tensor.DTensor, linear.weight.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed.tensor
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * linear = dist.tensor.distribute_module(nn.Linear(2, 1), dist.init_device_mesh('cpu', (1,)))
 * print(isinstance(linear.weight, dist.tensor.DTensor), linear.weight.shape)
 * dist.destroy_process_group()
 * ```
 */
export function distribute_module<M extends Module>(
  module: M,
  device_mesh: DeviceMesh,
  partition_fn?: PartitionFunction | null,
  input_fn?: DistributeInput | null,
  output_fn?: DistributeOutput | null,
): M;
export function distribute_module<M extends Module>(
  ...args: Arguments<
    [
      module: M,
      device_mesh: DeviceMesh,
      partition_fn?: PartitionFunction | null,
      input_fn?: DistributeInput | null,
      output_fn?: DistributeOutput | null,
    ],
    DistributeModuleArguments<M>,
    ['module', 'device_mesh', 'partition_fn', 'input_fn', 'output_fn']
  >
): M;
export function distribute_module(...args: unknown[]): Module {
  const {
    module,
    device_mesh: mesh = null,
    partition_fn = null,
    input_fn = null,
    output_fn = null,
  } = DISTRIBUTE_MODULE.read(args);
  if (mesh === null) throw new Error('distribute_module(): No device mesh is currently active!');
  if (distributed.has(module)) {
    throw new Error(
      'distribute_module should only be called once on a module, but it has already been called on this module!',
    );
  }
  for (const [name, submodule] of [...module.named_modules()]) {
    partition_fn?.(name, submodule, mesh);
    for (const [key, parameter] of [...submodule.named_parameters('', false)]) {
      if (parameter instanceof DTensor) continue;
      submodule.register_parameter(
        key,
        as_parameter(distribute_tensor(parameter.detach(), mesh), parameter.requires_grad),
      );
    }
    for (const [key, buffer] of [...submodule.named_buffers('', false)]) {
      if (!(buffer instanceof DTensor))
        (submodule as unknown as Record<string, Tensor>)[key] = distribute_tensor(buffer, mesh);
    }
  }
  if (input_fn !== null) {
    module.register_forward_pre_hook((of, inputs) => input_fn(of, inputs, mesh) as unknown[]);
  }
  if (output_fn !== null) module.register_forward_hook((of, _inputs, outputs) => output_fn(of, outputs, mesh));
  distributed.add(module);
  return module;
}

const distributed = new WeakSet<Module>();
