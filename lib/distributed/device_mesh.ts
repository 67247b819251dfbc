/** Processes in a grid: `torch.distributed.device_mesh`. */
import '../_internal/bundled.js';

import { python_size } from '../_internal/representation.js';
import { define_kind, method_signature, signature, type Arguments } from '../_internal/signature.js';
import { tensor as tensor_of } from '../creation.js';
import { Tensor } from '../_tensor.js';
import { int32 } from '../types/dtype.js';
import {
  default_group,
  get_rank,
  get_world_size,
  init_process_group,
  is_initialized,
  get_process_group_ranks,
  new_group,
  type ProcessGroup,
} from './process_group.js';

/** A number, or lists of numbers in which all are of one length. */
export type MeshRanks = number | readonly MeshRanks[];

/** A name or the names of dimensions of a {@link DeviceMesh}. */
export type MeshDimNames = string | readonly string[];

/** One dimension: how many there are, and how far one is from the next in the list of ranks. */
interface Axis {
  readonly size: number;
  readonly stride: number;
}

/** What slices of a mesh share with the mesh that they were cut out of. */
interface Root {
  readonly device_type: string;
  /** Global ranks, in the order of the whole mesh. */
  readonly ranks: readonly number[];
}

/** What a mesh is made of when it is not read from arguments. */
interface Parts {
  readonly root: Root;
  readonly axes: readonly Axis[];
  readonly names: readonly string[] | null;
  readonly groups: readonly ProcessGroup[];
}

class MeshParts {
  constructor(readonly parts: Parts) {}
}

const NUMBERS_OF_MESH = 'Tensor|any';

const DEVICE_MESH = signature<{
  device_type: string;
  mesh: Tensor | MeshRanks;
  mesh_dim_names?: readonly string[] | null;
}>('DeviceMesh', `device_type: str, mesh: ${NUMBERS_OF_MESH}, *, mesh_dim_names?: str[]|None`);

const METHODS = {
  size: method_signature<{ mesh_dim?: number | null }>('DeviceMesh.size', 'mesh_dim?: int|None'),
  get_group: method_signature<{ mesh_dim?: number | string | null }>('DeviceMesh.get_group', 'mesh_dim?: int|str|None'),
  get_all_groups: method_signature<object>('DeviceMesh.get_all_groups'),
  get_rank: method_signature<object>('DeviceMesh.get_rank'),
  get_local_rank: method_signature<{ mesh_dim?: number | string | null }>(
    'DeviceMesh.get_local_rank',
    'mesh_dim?: int|str|None',
  ),
  get_coordinate: method_signature<object>('DeviceMesh.get_coordinate'),
  get: method_signature<{ mesh_dim_names: MeshDimNames }>('DeviceMesh.get', 'mesh_dim_names: str|str[]'),
  equals: method_signature<{ other: unknown }>('DeviceMesh.equals', 'other: any'),
};

const quoted = (names: readonly string[]): string[] => names.map((name) => `'${name}'`);

function axes_of(sizes: readonly number[]): Axis[] {
  let stride = 1;
  const axes: Axis[] = [];
  for (const size of [...sizes].reverse()) {
    axes.unshift({ size, stride });
    stride *= size;
  }
  return axes;
}

/** Places in the list of ranks that a grid has, one after the other. */
function places_of(axes: readonly Axis[]): number[] {
  let places = [0];
  for (const { size, stride } of axes) {
    places = places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * stride));
  }
  return places;
}

/** Where in the list of ranks the grids of a mesh begin, of which each process is in one. */
function starts_of(axes: readonly Axis[], count: number): number[] {
  const seen = new Set<number>();
  const starts: number[] = [];
  const places = places_of(axes);
  for (let start = 0; start < count; start++) {
    if (seen.has(start)) continue;
    starts.push(start);
    for (const place of places) seen.add(start + place);
  }
  return starts;
}

function make_groups(root: Root, axes: readonly Axis[], names: readonly string[] | null): ProcessGroup[] {
  if (!is_initialized()) init_process_group();
  const own = get_rank();
  const world_size = get_world_size();
  const { length } = root.ranks;
  if (length > world_size) {
    throw new Error(`Mesh should not be bigger than default world size ${world_size}, but found ${length} ranks!`);
  }
  const found: ProcessGroup[] = [];
  axes.forEach((axis, dim) => {
    if (axis.size === world_size) {
      found.push(default_group());
      return;
    }
    for (const start of starts_of([axis], length)) {
      const ranks = places_of([axis]).map((place) => root.ranks[start + place]!);
      const made = new_group(ranks, { group_desc: `mesh_${names?.[dim] ?? `dim_${dim}`}` });
      if (ranks.includes(own)) found.push(made);
    }
  });
  return found;
}

/**
 * Processes in a grid of one or more dimensions, with a process group along each. Mirrors `torch.distributed.device_mesh.DeviceMesh`. All
 * processes make the same meshes in the same order.
 *
 * `mesh.get('dp')` is what Python writes as `mesh['dp']`: the part of the mesh along dimensions with these names in which this process is.
 *
 * @param device_type - `'cpu'` or another type of device, without an index
 * @param mesh - global ranks in nested lists, or a tensor of integers
 * @param mesh_dim_names - by name only: a name for each dimension; default null
 * @throws Error when it has more ranks than there are processes, or a rank comes twice
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = new dist.DeviceMesh('cpu', [[0]], { mesh_dim_names: ['dp', 'tp'] });
 * print(mesh, mesh.ndim, mesh.size(), mesh.get_local_rank('tp'));
 * print(mesh.get('tp'));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.DeviceMesh('cpu', [[0]], mesh_dim_names=('dp', 'tp'))
 * print(mesh, mesh.ndim, mesh.size(), mesh.get_local_rank('tp'))
 * print(mesh['tp'])
 * dist.destroy_process_group()
 * ```
 */
export class DeviceMesh {
  /** @internal */
  readonly _parts: Parts;
  /** The place of this process along each dimension; null for one that is outside. */
  private readonly coordinate: readonly number[] | null;

  constructor(
    ...args: Arguments<
      [device_type: string, mesh: Tensor | MeshRanks],
      { device_type: string; mesh: Tensor | MeshRanks; mesh_dim_names?: readonly string[] | null },
      ['device_type', 'mesh']
    >
  );
  constructor(...args: unknown[]) {
    this._parts = args[0] instanceof MeshParts ? args[0].parts : read_parts(args);
    this.coordinate = this.find_coordinate();
  }

  private find_coordinate(): readonly number[] | null {
    const { root, axes } = this._parts;
    const own = root.ranks.indexOf(get_rank());
    if (own < 0) return null;
    const places = places_of(axes);
    for (const start of starts_of(axes, root.ranks.length)) {
      let index = places.indexOf(own - start);
      if (index < 0) continue;
      const coordinate: number[] = [];
      for (const { size } of [...axes].reverse()) {
        coordinate.unshift(index % size);
        index = Math.floor(index / size);
      }
      return coordinate;
    }
    return null;
  }

  /** The type of the devices, `'cpu'`. */
  get device_type(): string {
    return this._parts.root.device_type;
  }

  /** The names of the dimensions, or null. */
  get mesh_dim_names(): readonly string[] | null {
    return this._parts.names;
  }

  /** How many dimensions there are. */
  get ndim(): number {
    return this._parts.axes.length;
  }

  /** How many processes there are along each dimension. */
  get shape(): readonly number[] {
    return this._parts.axes.map(({ size }) => size);
  }

  /** The global ranks, an int32 tensor of this shape. @throws Error for a slice in which this process is not */
  get mesh(): Tensor {
    return tensor_of([...this.global_ranks()], { dtype: int32 }).reshape(this.shape);
  }

  /** Global ranks of the grid in which this process is, row by row. */
  private global_ranks(): readonly number[] {
    const { root, axes } = this._parts;
    const starts = starts_of(axes, root.ranks.length);
    const places = places_of(axes);
    const rank = get_rank();
    const all = starts.map((start) => places.map((place) => root.ranks[start + place]!));
    const mine = all.length === 1 ? all[0] : all.find((ranks) => ranks.includes(rank));
    if (mine !== undefined) return mine;
    throw new Error(
      'In order to get the mesh Tensor of a DeviceMesh it needs to either have all its original dimensions (e.g., no slicing) or ' +
        'it needs to contain the local rank',
    );
  }

  /**
   * How many processes there are.
   * @param mesh_dim - along one dimension; default null, all
   */
  size(mesh_dim?: number | null): number;
  size(options: { mesh_dim?: number | null }): number;
  size(...args: unknown[]): number {
    const { mesh_dim = null } = METHODS.size.read(args);
    const { shape } = this;
    if (mesh_dim === null) return shape.reduce((a, b) => a * b, 1);
    const size = shape.at(mesh_dim);
    if (size === undefined || mesh_dim >= shape.length)
      throw new RangeError(
        `DeviceMesh.size(): Dimension out of range (expected to be in range of [${-shape.length}, ${shape.length - 1}], but got ${mesh_dim})`,
      );
    return size;
  }

  private dim_of(name: number | string): number {
    const { names, axes } = this._parts;
    if (typeof name === 'number') {
      if (name >= -axes.length && name < axes.length) return name < 0 ? name + axes.length : name;
      throw new RangeError(`DeviceMesh: dimension ${name} is out of range of a mesh of ${axes.length} dimensions`);
    }
    if (names === null) throw new Error('No `mesh_dim_names` found.');
    const found = names.indexOf(name);
    if (found >= 0) return found;
    throw new Error(
      `Mesh dimension '${name}' does not exist. Available mesh dimensions are: mesh_dim_names=${python_size(quoted(names))}`,
    );
  }

  /**
   * The process group along a dimension.
   * @param mesh_dim - the dimension or its name; default null, the only one
   * @throws Error for null where there are several, and for a dimension that is not there
   */
  get_group(mesh_dim?: number | string | null): ProcessGroup;
  get_group(options: { mesh_dim?: number | string | null }): ProcessGroup;
  get_group(...args: unknown[]): ProcessGroup {
    const { mesh_dim = null } = METHODS.get_group.read(args);
    const { ndim } = this;
    if (ndim > 1 && mesh_dim === null) {
      throw new Error(
        `Found the DeviceMesh have ${ndim} dimensions. Optional kwarg \`mesh_dim\` needs to be specified when device_mesh.ndim > 1. ` +
          'If you want to get the list of all the ProcessGroups in the DeviceMesh, please use `get_all_groups()` instead.',
      );
    }
    const found = this._parts.groups[this.dim_of(mesh_dim ?? 0)];
    if (found === undefined) throw new Error('DeviceMesh process groups not initialized!');
    return found;
  }

  /** The process groups along all dimensions. */
  get_all_groups(...args: []): ProcessGroup[] {
    METHODS.get_all_groups.read(args);
    return this._parts.axes.map((_, dim) => this.get_group(dim));
  }

  /** The global rank of this process. */
  get_rank(...args: []): number {
    METHODS.get_rank.read(args);
    return get_rank();
  }

  /**
   * The place of this process along a dimension.
   * @param mesh_dim - the dimension or its name; default null, the only one
   * @throws Error for null where there are several, and for a dimension that is not there
   */
  get_local_rank(mesh_dim?: number | string | null): number;
  get_local_rank(options: { mesh_dim?: number | string | null }): number;
  get_local_rank(...args: unknown[]): number {
    const { mesh_dim = null } = METHODS.get_local_rank.read(args);
    const { ndim } = this;
    if (ndim > 1 && mesh_dim === null) {
      throw new Error(
        `Found the DeviceMesh have ${ndim} dimensions. Optional kwarg \`mesh_dim\` needs to be specified when device_mesh.ndim > 1.`,
      );
    }
    return this.get_group(mesh_dim ?? 0).rank();
  }

  /** The place of this process along all dimensions; null in a process that is outside. */
  get_coordinate(...args: []): number[] | null {
    METHODS.get_coordinate.read(args);
    return this.coordinate === null ? null : [...this.coordinate];
  }

  /**
   * The part of the mesh along dimensions with these names, in which this process is: Python's `mesh['dp']` and `mesh['dp', 'tp']`.
   * @param mesh_dim_names - a name, or several in the order of the mesh
   * @throws Error for names that are not there, or are in another order
   */
  get(mesh_dim_names: MeshDimNames): DeviceMesh;
  get(options: { mesh_dim_names: MeshDimNames }): DeviceMesh;
  get(...args: unknown[]): DeviceMesh {
    const { mesh_dim_names: wanted } = METHODS.get.read(args);
    const { names, root, axes, groups } = this._parts;
    if (names === null) throw new Error('Cannot slice a DeviceMesh without mesh_dim_names!');
    const list = typeof wanted === 'string' ? [wanted] : wanted;
    if (list.length === names.length && list.every((name, i) => name === names[i])) return this;
    const dims = list.map((name) => names.indexOf(name));
    if (dims.includes(-1)) {
      throw new Error(
        `Invalid mesh_dim_names ${python_size(quoted(list))} specified. Valid mesh_dim_names are [${quoted(names).join(', ')}].`,
      );
    }
    if (dims.some((dim, i) => i > 0 && dim <= dims[i - 1]!)) {
      throw new Error(
        `Invalid mesh_dim_names ${python_size(quoted(list))} specified. Mesh dim indices should be in ascending order.`,
      );
    }
    return sliced({
      root,
      axes: dims.map((dim) => axes[dim]!),
      names: list,
      groups: groups.length === 0 ? [] : dims.map((dim) => groups[dim]!),
    });
  }

  /** Whether another mesh has the same devices, ranks and names: Python's `==`. */
  equals(other: unknown): boolean;
  equals(...args: unknown[]): boolean {
    const { other } = METHODS.equals.read(args);
    if (!(other instanceof DeviceMesh)) return false;
    const said = ({ root, axes, names }: Parts): string => JSON.stringify([root.device_type, root.ranks, axes, names]);
    return this === other || said(this._parts) === said(other._parts);
  }

  /** As Python prints it. */
  toString(): string {
    const { axes, names, root } = this._parts;
    const sizes = axes.map(({ size }) => size);
    const shape = names === null ? python_size(sizes) : `(${names.map((name, i) => `${name}=${sizes[i]}`).join(', ')})`;
    // Python keeps no stride of a dimension of one.
    const strides = python_size(axes.map(({ size, stride }) => (size === 1 ? '()' : stride)));
    const detail =
      process.env['TORCH_DISTRIBUTED_DEBUG'] === 'DETAIL' ? `, Mesh: ${nested_text(this.global_ranks(), sizes)}` : '';
    return `DeviceMesh(${shape}, '${root.device_type}', stride=${strides}${detail})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * A mesh of groups that are there already.
   * @param group - the group of a mesh of one dimension, or one for each dimension
   * @param device_type - `'cpu'` or another type of device
   * @param options - `mesh`: the global ranks, which several groups need; `mesh_dim_names`: a name for each dimension
   * @throws Error when the ranks of the groups and the mesh differ
   */
  static from_group(
    group: ProcessGroup | readonly ProcessGroup[],
    device_type: string,
    options?: { mesh?: Tensor | MeshRanks | null; mesh_dim_names?: readonly string[] | null },
  ): DeviceMesh;
  static from_group(...args: unknown[]): DeviceMesh {
    const { group, device_type, mesh = null, mesh_dim_names = null } = FROM_GROUP.read(args);
    if (!Array.isArray(group)) {
      const ranks = get_process_group_ranks(group as ProcessGroup);
      if (mesh !== null && JSON.stringify(ranks_of(mesh).ranks) !== JSON.stringify(ranks)) {
        throw new Error(
          `Invalid mesh ${JSON.stringify(ranks_of(mesh).ranks)} for ProcessGroup with ranks [${ranks.join(', ')}]`,
        );
      }
      return sliced({
        root: { device_type, ranks },
        axes: axes_of([ranks.length]),
        names: mesh_dim_names,
        groups: [group as ProcessGroup],
      });
    }
    const groups = group as ProcessGroup[];
    if (groups.length === 0) throw new Error('Expects at least one ProcessGroup to be passed');
    if (mesh === null) throw new Error('Must pass mesh if passing multiple ProcessGroups');
    if (mesh_dim_names === null) throw new Error('Must pass mesh_dim_names if passing multiple ProcessGroups');
    const { ranks, sizes } = ranks_of(mesh);
    if (sizes.length !== groups.length) {
      throw new Error(
        `Expects mesh with ndim equal to number of ProcessGroups but got mesh ${JSON.stringify(ranks)} and ${groups.length} ProcessGroups`,
      );
    }
    return sliced({ root: { device_type, ranks }, axes: axes_of(sizes), names: mesh_dim_names, groups });
  }

  /** A mesh of the dimensions of several, which are slices of one. @throws Error for slices of different meshes, or without names @internal */
  static _concatenate(meshes: readonly DeviceMesh[]): DeviceMesh {
    const parts = meshes.map(({ _parts }) => _parts);
    const [{ root }] = parts as [Parts];
    if (parts.some((each) => JSON.stringify(each.root.ranks) !== JSON.stringify(root.ranks))) {
      throw new Error('Cannot concatenate DeviceMeshes derived from different device meshs');
    }
    const axes = parts.flatMap((each) => each.axes);
    const places = places_of(axes);
    if (new Set(places).size !== places.length) {
      throw new Error(`Cannot concatenate overlapping meshes: [${meshes.map(String).join(', ')}]`);
    }
    if (parts.some(({ names }) => names === null)) throw new Error('Cannot concatenate meshes without mesh_dim_names!');
    const names = parts.flatMap((each) => each.names!);
    return sliced({ root, axes, names, groups: parts.flatMap((each) => each.groups) });
  }
}
define_kind('DeviceMesh', 'DeviceMesh', (value) => value instanceof DeviceMesh);

const FROM_GROUP = signature<{
  group: unknown;
  device_type: string;
  mesh?: Tensor | MeshRanks | null;
  mesh_dim_names?: readonly string[] | null;
}>(
  'DeviceMesh.from_group',
  'group: ProcessGroup|ProcessGroup[], device_type: str, mesh?: Tensor|any, *, mesh_dim_names?: str[]|None',
);

const sliced = (parts: Parts): DeviceMesh =>
  new (DeviceMesh as unknown as new (parts: MeshParts) => DeviceMesh)(new MeshParts(parts));

/** The numbers of a grid, and its sizes. @throws TypeError for what is not one */
function ranks_of(mesh: Tensor | MeshRanks): { ranks: number[]; sizes: number[] } {
  let given: Tensor;
  if (mesh instanceof Tensor) given = mesh.detach().cpu().to(int32).contiguous();
  else {
    if (typeof mesh !== 'number' && !Array.isArray(mesh)) {
      throw new TypeError("DeviceMesh(): argument 'mesh' must be a Tensor or lists of ints");
    }
    given = tensor_of(mesh as number[], { dtype: int32 });
  }
  return { ranks: given.reshape([-1]).tolist() as number[], sizes: [...given.shape] };
}

function read_parts(args: unknown[]): Parts {
  const { device_type, mesh, mesh_dim_names = null } = DEVICE_MESH.read(args);
  const { ranks, sizes } = ranks_of(mesh);
  if (new Set(ranks).size !== ranks.length) throw new Error('DeviceMesh(): a rank comes twice in the mesh');
  const names = mesh_dim_names === null || mesh_dim_names.length === 0 ? null : [...mesh_dim_names];
  if (names !== null && names.length !== sizes.length) {
    throw new Error(`DeviceMesh(): a mesh of ${sizes.length} dimensions has ${names.length} mesh_dim_names`);
  }
  const root = { device_type, ranks };
  const axes = axes_of(sizes);
  return { root, axes, names, groups: make_groups(root, axes, names) };
}

function nested_text(ranks: readonly number[], sizes: readonly number[]): string {
  if (sizes.length <= 1) return `[${ranks.join(', ')}]`;
  const each = ranks.length / sizes[0]!;
  const rows = Array.from({ length: sizes[0]! }, (_, i) =>
    nested_text(ranks.slice(i * each, (i + 1) * each), sizes.slice(1)),
  );
  return `[${rows.join(', ')}]`;
}

/** The keyword arguments of {@link init_device_mesh}. */
export interface InitDeviceMeshOptions {
  /** A name for each dimension, each of them once. Default null. */
  mesh_dim_names?: readonly string[] | null;
}

const INIT_DEVICE_MESH = signature<InitDeviceMeshOptions & { device_type: string; mesh_shape: readonly number[] }>(
  'init_device_mesh',
  'device_type: str, mesh_shape: int[], *, mesh_dim_names?: str[]|None',
);

/**
 * Puts the processes into a grid, in the order of their ranks. Mirrors `torch.distributed.init_device_mesh`. Makes the default group where there is
 * none.
 *
 * @param device_type - `'cpu'` or another type of device, without an index
 * @param mesh_shape - how many processes there are along each dimension
 * @param mesh_dim_names - by name only: a name for each dimension; default null
 * @throws Error for names that come twice or are too many, for a device with an index, and when there are not so many processes
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = dist.init_device_mesh('cpu', [1, 1], { mesh_dim_names: ['dp', 'tp'] });
 * print(mesh, mesh.mesh, mesh.get_coordinate());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.init_device_mesh('cpu', (1, 1), mesh_dim_names=('dp', 'tp'))
 * print(mesh, mesh.mesh, list(mesh.get_coordinate()))
 * dist.destroy_process_group()
 * ```
 */
export function init_device_mesh(
  device_type: string,
  mesh_shape: readonly number[],
  options?: InitDeviceMeshOptions,
): DeviceMesh;
export function init_device_mesh(
  options: InitDeviceMeshOptions & { device_type: string; mesh_shape: readonly number[] },
): DeviceMesh;
export function init_device_mesh(...args: unknown[]): DeviceMesh {
  const { device_type, mesh_shape, mesh_dim_names: names = null } = INIT_DEVICE_MESH.read(args);
  if (names !== null) {
    if (new Set(names).size !== names.length) {
      throw new Error(
        `Each mesh_dim_name must be unique. Found repeated mesh_dim_name in mesh_dim_names ${python_size(quoted(names))}`,
      );
    }
    if (names.length !== mesh_shape.length) {
      throw new Error(
        'mesh_shape and mesh_dim_names should have same length! ' +
          `Found len(mesh_dim_names): ${names.length} and len(mesh_shape):${mesh_shape.length}.`,
      );
    }
  }
  if (!/^[a-z]*$/i.test(device_type)) {
    throw new Error(
      `Device type with index is not supported but got ${device_type}. If you maintained a 'torch.device' object, it's recommended to ` +
        "pass in 'device.type'.",
    );
  }
  if (mesh_shape.some((size) => size < 1)) throw new Error('init_device_mesh(): sizes must be positive');
  const ranks = Array.from({ length: mesh_shape.reduce((a, b) => a * Number(b), 1) }, (_, i) => i);
  const root = { device_type, ranks };
  const axes = axes_of(mesh_shape.map(Number));
  const kept = names === null || names.length === 0 ? null : [...names];
  return sliced({ root, axes, names: kept, groups: make_groups(root, axes, kept) });
}
