/** Process groups, and the state of this process in them: `torch.distributed.init_process_group` and what asks about groups. */
import { createHash } from 'node:crypto';

import { native, type NativeGroup } from '../_C/native.js';
import { name_operator } from '../_internal/operator_errors.js';
import { define_kind, method_signature, no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Device, type DeviceLike } from '../types/device.js';
import { current_accelerator, is_available as has_accelerator } from '../accelerator/index.js';
import { check_available, default_pg_timeout, milliseconds } from './availability.js';
import { read_debug_level } from './debug.js';
import { default_pg_nccl_timeout, has_nccl, new_nccl_backend, type NCCLOptions } from './nccl.js';
import { rendezvous } from './rendezvous.js';
import { PrefixStore, type Store } from './store.js';
import { DistStoreError } from './errors.js';

/** What a {@link ProcessGroup} is made of. */
interface Parts {
  readonly native: NativeGroup | null;
  readonly rank: number;
  readonly size: number;
  readonly name: string;
  readonly description: string;
  /** What communicates, in the order of the devices; the first one's name is the group's. */
  readonly backends: readonly Served[];
  /** The only device of this process in it. */
  readonly bound: Device | null;
}

/** Which backend takes the tensors of a device. */
interface Served {
  readonly device: string;
  readonly backend: 'gloo' | 'nccl';
}

const METHODS = {
  rank: method_signature<object>('ProcessGroup.rank'),
  size: method_signature<object>('ProcessGroup.size'),
  name: method_signature<object>('ProcessGroup.name'),
  abort: method_signature<object>('ProcessGroup.abort'),
  set_timeout: method_signature<{ timeout: number }>('ProcessGroup.set_timeout', 'timeout: float'),
};

/**
 * Processes that communicate. Mirrors `torch.distributed.ProcessGroup`; {@link init_process_group} and {@link new_group} make them.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const group = dist.group.WORLD!;
 * print(group instanceof dist.ProcessGroup, group.rank(), group.size(), group.name(), group.group_desc);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * group = dist.group.WORLD
 * print(isinstance(group, dist.ProcessGroup), group.rank(), group.size(), group.name(), group.group_desc)
 * dist.destroy_process_group()
 * ```
 */
export class ProcessGroup {
  /** @internal */
  readonly _parts: Parts;

  /** @internal */
  constructor(parts: Parts) {
    this._parts = parts;
  }

  /** The number of this process within the group; -1 for one that is not a member. */
  rank(...args: []): number {
    METHODS.rank.read(args);
    return this._parts.rank;
  }

  /** How many processes there are. */
  size(...args: []): number {
    METHODS.size.read(args);
    return this._parts.size;
  }

  /** The name of the backend, `'gloo'` or `'nccl'`; of several, NCCL's. */
  name(...args: []): string {
    METHODS.name.read(args);
    return this._parts.native === null ? 'undefined' : default_backend_of(this._parts.backends);
  }

  /** The name under which the group's keys are in the store. */
  get group_name(): string {
    return this._parts.name;
  }

  /** What was given as `group_desc`. */
  get group_desc(): string {
    return this._parts.description;
  }

  /** The device that was given as `device_id`, or null. */
  get bound_device_id(): Device | null {
    return this._parts.bound;
  }

  /** Gives up all that the group does. */
  abort(...args: []): void {
    METHODS.abort.read(args);
    native.group_abort(native_of(this));
  }

  /** Sets how long collectives that are started from now on may take, in seconds. */
  set_timeout(...args: Arguments<[timeout: number], { timeout: number }, ['timeout']>): void {
    const { timeout } = METHODS.set_timeout.read(args);
    native.group_set_timeout(native_of(this), milliseconds('ProcessGroup.set_timeout', Number(timeout)));
  }
}
define_kind('ProcessGroup', 'ProcessGroup', (value) => value instanceof ProcessGroup);

/** A group, or null for the default one. */
export type Group = ProcessGroup | null;

const not_a_member = new ProcessGroup({
  native: null,
  rank: -1,
  size: -1,
  name: 'None',
  description: 'undefined',
  backends: [],
  bound: null,
});

/** What the process knows of its groups. */
interface Member {
  readonly backend: string;
  readonly backend_config: string;
  readonly store: Store;
  /** Global ranks, in the order of the ranks within the group. */
  readonly ranks: readonly number[];
}

const groups = new Map<ProcessGroup, Member>();
let world: ProcessGroup | null = null;
let group_count = 0;

/**
 * The default group, and what {@link new_group} gives to processes outside the new one. Mirrors `torch.distributed.GroupMember`.
 */
export const GroupMember = {
  /** The default group; null before {@link init_process_group}. */
  get WORLD(): ProcessGroup | null {
    return world;
  },
  /** What {@link new_group} gives to a process that is not in the group. Collectives on it warn and do nothing. */
  NON_GROUP_MEMBER: not_a_member,
};

/** The default group as `group.WORLD`. Mirrors `torch.distributed.group`. */
export const group = {
  /** The default group; null before {@link init_process_group}. */
  get WORLD(): ProcessGroup | null {
    return world;
  },
};

/** The default group. @throws Error before init_process_group */
export function default_group(): ProcessGroup {
  if (world === null) {
    throw new Error('Default process group has not been initialized, please make sure to call init_process_group.');
  }
  return world;
}

/** A group, or the default one. */
export function group_or_default(given: Group | undefined): ProcessGroup {
  return given ?? default_group();
}

/** The group with a name, or the first with these ranks; null where there is none. */
export function find_group(wanted: string | readonly number[]): ProcessGroup | null {
  const is_wanted = (of: ProcessGroup, { ranks }: Member): boolean =>
    typeof wanted === 'string'
      ? of.group_name === wanted
      : ranks.length === wanted.length && wanted.every((rank) => ranks.includes(rank));
  return [...groups].find(([of, member]) => is_wanted(of, member))?.[0] ?? null;
}

/** Whether this process is outside a group; warns with the name of the function, as Python does. */
export function is_outside(of: Group | undefined, callee: string): boolean {
  if (of !== not_a_member) return false;
  warn(
    `Running ${callee} on global rank ${world === null ? -1 : world.rank()} which does not belong to the given group.`,
  );
  return true;
}

/** The addon's side of a group. @throws Error for one that this process is not in, or that was destroyed */
export function native_of(of: ProcessGroup): NativeGroup {
  if (of._parts.native === null) throw new Error('Invalid process group specified');
  return of._parts.native;
}

function member_of(of: ProcessGroup): Member {
  const member = groups.get(of);
  if (member === undefined) {
    throw new Error(
      `Group ${of.group_name} is not registered, please create group with torch.distributed.new_group API`,
    );
  }
  return member;
}

/** A rank within a group from that, or from a global one. @throws Error unless one of them is given */
export function group_rank_of(of: ProcessGroup, global_rank: number | null, group_rank: number | null): number {
  if (group_rank !== null) {
    if (global_rank !== null) throw new Error("Can't specify both group_rank and global_rank");
    return group_rank;
  }
  if (global_rank === null) throw new Error('Must specify global_rank or group_rank');
  if (of === not_a_member) return -1;
  return get_group_rank(of, global_rank);
}

// ---- Backends -----------------------------------------------------------------------------------

const BACKEND_AVAILABLE = signature<{ backend: string }>('is_backend_available', 'backend: str');

/** The devices that a backend serves where none is named. */
const served_by: Readonly<Record<string, readonly string[]>> = {
  gloo: ['cpu', 'cuda'],
  nccl: ['cuda'],
};

/** Names of backends. Mirrors `torch.distributed.Backend`. */
export const Backend = {
  /** None was named. */
  UNDEFINED: 'undefined',
  /** Gloo, for the CPU and tensors of GPUs by way of it. */
  GLOO: 'gloo',
  /** NCCL, between GPUs, where libtorch is a CUDA build and the addon for CUDA is there. */
  NCCL: 'nccl',
  /** UCC, which is not here. */
  UCC: 'ucc',
  /** MPI, which is not here. */
  MPI: 'mpi',
  /** XCCL, which is not here. */
  XCCL: 'xccl',
} as const;

const built_in_names: Readonly<Record<string, string>> = { ucc: 'UCC', mpi: 'MPI', xccl: 'XCCL' };

/** The backend that Python takes where none is named: that of the accelerator, if there is one. */
function backend_of_machine(): Served {
  const found = has_accelerator() ? current_accelerator() : null;
  return found?.type === 'cuda' ? { device: 'cuda', backend: 'nccl' } : { device: 'cpu', backend: 'gloo' };
}

/** Who communicates in a group by its backend: `gloo`, or `cpu:gloo,cuda:nccl`. @throws Error for backends that are not here */
function backends_of(given: string): Served[] {
  if (given === 'undefined') return backends_of(pairs_of([backend_of_machine()]));
  const pairs = given.includes(':')
    ? given.split(',').map((pair) => pair.split(':'))
    : (served_by[given] ?? ['cpu']).map((device) => [device, given]);
  const backends = pairs.map((pair): Served => {
    const [device, backend] = pair;
    if (pair.length !== 2 || device === undefined || backend === undefined) {
      throw new Error(`Invalid device:backend pairing: ${pair.join(':')} in ${given}`);
    }
    if (backend in built_in_names)
      throw new Error(`Distributed package doesn't have ${built_in_names[backend]} built in`);
    if (backend === 'nccl' && !has_nccl()) {
      throw new Error(
        "Distributed package doesn't have NCCL built in: it needs a CUDA build of libtorch, and the addon for CUDA that " +
          '`npx torch-node build` makes where the headers of CUDA and nccl.h are at hand',
      );
    }
    if (backend !== 'gloo' && backend !== 'nccl') throw new Error(`Unknown c10d backend type ${backend.toUpperCase()}`);
    if (backend === 'nccl' && device !== 'cuda')
      throw new Error(`NCCL takes tensors of cuda, not of ${device}, in ${given}`);
    return { device, backend };
  });
  const twice = backends.find(({ device }, i) => backends.findIndex((other) => other.device === device) !== i);
  if (twice !== undefined) throw new Error(`Duplicate device type ${twice.device} in backend string: ${given}`);
  return backends;
}

/** As `cpu:gloo,cuda:nccl`. */
const pairs_of = (backends: readonly Served[]): string =>
  backends.map(({ device, backend }) => `${device}:${backend}`).join(',');

const default_backend_of = (backends: readonly Served[]): 'gloo' | 'nccl' =>
  backends.some(({ backend }) => backend === 'nccl') ? 'nccl' : 'gloo';

/** Where a group has what is not a tensor of the user's: the CPU, unless it has another device only. */
export function device_of_group(of: ProcessGroup): string {
  const { backends, bound } = of._parts;
  if (backends.length === 0 || backends.some(({ device }) => device === 'cpu')) return 'cpu';
  return bound === null ? backends[0]!.device : String(bound);
}

/** The seconds of a timeout, or what Python takes where none is given. */
const timeout_of = (given: number | null | undefined, backend: string): number =>
  Number(given ?? (backend === 'nccl' ? default_pg_nccl_timeout : default_pg_timeout));

/** The device of `device_id`. @throws Error for the CPU, and for a device without an index, as in Python */
function bound_device(callee: string, given: DeviceLike | null | undefined): Device | null {
  if (given == null) return null;
  const device = typeof given === 'number' ? new Device('cuda', given) : new Device(given);
  if (device.type === 'cpu' || device.index === null) {
    throw new Error(`${callee}(): device_id parameter must be an accelerator with an index, not ${String(given)}`);
  }
  return device;
}

/**
 * Whether Gloo is there. Mirrors `torch.distributed.is_gloo_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_gloo_available());
 * ```
 * ```python
 * print(torch.distributed.is_gloo_available())
 * ```
 */
export function is_gloo_available(): boolean;
export function is_gloo_available(...none: unknown[]): boolean {
  no_arguments('is_gloo_available', none);
  return native.distributed_available();
}

/**
 * Whether NCCL is there: with a CUDA build of libtorch and the addon for CUDA. Mirrors `torch.distributed.is_nccl_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_nccl_available());
 * ```
 * ```python
 * print(torch.distributed.is_nccl_available())
 * ```
 */
export function is_nccl_available(): boolean;
export function is_nccl_available(...none: unknown[]): boolean {
  no_arguments('is_nccl_available', none);
  return native.distributed_available() && has_nccl();
}

/**
 * Whether MPI is there: it is not. Mirrors `torch.distributed.is_mpi_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_mpi_available());
 * ```
 * ```python
 * print(torch.distributed.is_mpi_available())
 * ```
 */
export function is_mpi_available(): boolean;
export function is_mpi_available(...none: unknown[]): boolean {
  no_arguments('is_mpi_available', none);
  return false;
}

/**
 * Whether UCC is there: it is not. Mirrors `torch.distributed.is_ucc_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_ucc_available());
 * ```
 * ```python
 * print(torch.distributed.is_ucc_available())
 * ```
 */
export function is_ucc_available(): boolean;
export function is_ucc_available(...none: unknown[]): boolean {
  no_arguments('is_ucc_available', none);
  return false;
}

/**
 * Whether XCCL is there: it is not. Mirrors `torch.distributed.is_xccl_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_xccl_available());
 * ```
 * ```python
 * print(torch.distributed.is_xccl_available())
 * ```
 */
export function is_xccl_available(): boolean;
export function is_xccl_available(...none: unknown[]): boolean {
  no_arguments('is_xccl_available', none);
  return false;
}

/**
 * Whether a backend is there: `gloo` or `nccl`, alone or for each device. Mirrors `torch.distributed.is_backend_available`.
 * @example
 * ```ts
 * print(torch.distributed.is_backend_available('gloo'), torch.distributed.is_backend_available('mpi'));
 * ```
 * ```python
 * print(torch.distributed.is_backend_available('gloo'), torch.distributed.is_backend_available('mpi'))
 * ```
 */
export function is_backend_available(backend: string): boolean;
export function is_backend_available(options: { backend: string }): boolean;
export function is_backend_available(...args: unknown[]): boolean {
  const { backend } = BACKEND_AVAILABLE.read(args);
  const names = backend
    .toLowerCase()
    .split(',')
    .map((pair) => pair.split(':').pop());
  return native.distributed_available() && names.every((name) => name === 'gloo' || (name === 'nccl' && has_nccl()));
}

const DEFAULT_BACKEND = signature<{ device: DeviceLike }>('get_default_backend_for_device', 'device: device');

/**
 * The backend for a device. Mirrors `torch.distributed.get_default_backend_for_device`. @throws Error for devices without one
 * @example
 * ```ts
 * print(torch.distributed.get_default_backend_for_device('cpu'));
 * ```
 * ```python
 * print(torch.distributed.get_default_backend_for_device('cpu'))
 * ```
 */
export function get_default_backend_for_device(device: DeviceLike): string;
export function get_default_backend_for_device(options: { device: DeviceLike }): string;
export function get_default_backend_for_device(...args: unknown[]): string {
  const { device } = DEFAULT_BACKEND.read(args);
  const { type } = new Device(device);
  const backend = ({ cpu: 'gloo', cuda: 'nccl', xpu: 'xccl', mps: 'gloo' } as Record<string, string>)[type];
  if (backend === undefined) throw new Error(`Default backend not registered for device : ${String(device)}`);
  return backend;
}

// ---- Making groups ------------------------------------------------------------------------------

/** The keyword arguments of {@link init_process_group}. */
export interface InitProcessGroupOptions {
  /** `'gloo'`, `'nccl'`, or one for each device as in `'cpu:gloo,cuda:nccl'`. Default null: NCCL where there is a GPU, else Gloo. */
  backend?: string | null;
  /** Where processes meet: `env://`, `tcp://host:port` or `file:///path`. Default null: `env://`. */
  init_method?: string | null;
  /** How long collectives may take, in seconds. Default 1800, and 600 for NCCL. */
  timeout?: number | null;
  /** How many processes there are. Default -1: as the environment or the URL says. */
  world_size?: number;
  /** The number of this process. Default -1: as the environment or the URL says. */
  rank?: number;
  /** A store instead of `init_method`; then `world_size` and `rank` are required. */
  store?: Store | null;
  /** Not used, as in Python. */
  group_name?: string;
  /** How NCCL is used: `new ProcessGroupNCCL.Options()`. Default null. */
  pg_options?: NCCLOptions | null;
  /** The only GPU of this process in the group, with an index: NCCL then connects at once. Default null: the current one. */
  device_id?: DeviceLike | null;
}

const INIT = signature<InitProcessGroupOptions>(
  'init_process_group',
  'backend?: str|None, init_method?: str|None, timeout?: float|None, world_size?: int, rank?: int, store?: Store|None, ' +
    'group_name?: str, pg_options?: ProcessGroupNCCL.Options|None, device_id?: device|None',
);

interface Wanted {
  readonly rank: number;
  readonly size: number;
  readonly global_ranks: readonly number[];
  readonly backend: string;
  readonly store: Store;
  readonly name: string;
  readonly timeout: number;
  readonly description: string;
  readonly options: NCCLOptions | null;
  readonly bound: Device | null;
}

function make_group(callee: string, wanted: Wanted): ProcessGroup {
  read_debug_level();
  const { rank, size, name, description, global_ranks, bound } = wanted;
  const backends = backends_of(wanted.backend);
  const store = new PrefixStore(`${name}/`, wanted.store);
  const timeout = milliseconds(callee, wanted.timeout);
  let made: NativeGroup;
  try {
    made = native.group_new(store._store, rank, size, default_backend_of(backends));
    if (bound !== null) native.group_bind(made, String(bound));
    // One that serves several devices is made once, and meets under the name of the first.
    const kinds = new Set(backends.map(({ backend }) => backend));
    const served = kinds.size === 1 ? [backends] : backends.map((each) => [each]);
    for (const [first, ...more] of served) {
      const devices = [first!, ...more].map(({ device }) => device);
      const backend_store = new PrefixStore(`${devices[0]!}/`, store);
      const helper_store = new PrefixStore(`pg_wrapper:${name}`, backend_store)._store;
      if (first!.backend === 'gloo') {
        native.group_add_gloo(made, backend_store._store, helper_store, devices, timeout, name, global_ranks);
      } else {
        const device = bound?.index ?? null;
        const parts = {
          store: backend_store,
          rank,
          size,
          timeout,
          name,
          global_ranks,
          options: wanted.options,
          device,
        };
        native.group_add_backend(made, 'nccl', new_nccl_backend(callee, parts), helper_store, devices, timeout);
      }
    }
    native.group_set_name(made, name, description);
  } catch (error) {
    throw name_operator(error, callee);
  }
  const created = new ProcessGroup({ native: made, rank, size, name, description, backends, bound });
  const ranks = global_ranks.length > 0 ? global_ranks : Array.from({ length: size }, (_, i) => i);
  groups.set(created, { backend: wanted.backend, backend_config: pairs_of(backends), store, ranks });
  return created;
}

/** Waits in the store until all processes have made the group, where `TORCH_DIST_INIT_BARRIER` is 1. */
function barrier_after_init(store: Store, of: ProcessGroup, count: number, timeout: number): void {
  if ((process.env['TORCH_DIST_INIT_BARRIER'] ?? '0') !== '1') return;
  const key = `store_based_barrier_key:${of.group_name}`;
  const last = `${key}:last_worker`;
  store.add(key, 1);
  if (store.add(key, 0) === count) store.set(last, '1');
  try {
    store.wait([last], timeout);
  } catch (error) {
    if (!(error instanceof DistStoreError)) throw error;
    throw new DistStoreError(
      `Timed out initializing process group in store based barrier on rank ${default_group().rank()}, for key: ${key} ` +
        `(world_size=${count}, num_workers_joined=${store.add(key, 0)}, timeout=${timeout})`,
      { cause: error },
    );
  }
}

/**
 * Makes the default group, of all processes. Mirrors `torch.distributed.init_process_group`; processes here and in Python can be in one group.
 * The call blocks until the processes have met, as in Python.
 *
 * With `env://`, the environment has `RANK`, `WORLD_SIZE`, `MASTER_ADDR` and `MASTER_PORT`, as `npx torch-node run` and `torchrun` set them. A
 * worker_thread may be a process of a group: each has groups of its own.
 *
 * @param backend - `'gloo'`, `'nccl'`, or one for each device as in `'cpu:gloo,cuda:nccl'`; default null, NCCL for the GPU where there is one, else
 *   Gloo for the CPU
 * @param init_method - `env://`, `tcp://host:port` or `file:///path`; default null, `env://`
 * @param timeout - how long collectives may take, in seconds; default 1800, and 600 for NCCL
 * @param world_size - how many processes there are; default -1, as `init_method` says
 * @param rank - the number of this process; default -1, as `init_method` says
 * @param store - a store instead of `init_method`; default null
 * @param group_name - not used, as in Python
 * @param pg_options - how NCCL is used, `new ProcessGroupNCCL.Options()`; default null
 * @param device_id - the only GPU of this process in the group, with an index, to which NCCL then connects at once; default null, the current one
 * @throws Error when there is a default group already, or the backend is not there, or `init_method` lacks something; a DistError when the
 *   processes do not meet in time
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.tensor([1, 2]);
 * dist.all_reduce(x);
 * print(dist.get_rank(), dist.get_world_size(), x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.tensor([1, 2])
 * dist.all_reduce(x)
 * print(dist.get_rank(), dist.get_world_size(), x)
 * dist.destroy_process_group()
 * ```
 */
export function init_process_group(
  backend?: string | null,
  init_method?: string | null,
  timeout?: number | null,
  world_size?: number,
  rank?: number,
  store?: Store | null,
  group_name?: string,
  pg_options?: NCCLOptions | null,
  device_id?: DeviceLike | null,
): void;
export function init_process_group(
  ...args: Arguments<
    [
      backend?: string | null,
      init_method?: string | null,
      timeout?: number | null,
      world_size?: number,
      rank?: number,
      store?: Store | null,
      group_name?: string,
      pg_options?: NCCLOptions | null,
      device_id?: DeviceLike | null,
    ],
    InitProcessGroupOptions,
    ['backend', 'init_method', 'timeout', 'world_size', 'rank', 'store', 'group_name', 'pg_options', 'device_id']
  >
): void;
export function init_process_group(...args: unknown[]): void {
  const given = INIT.read(args);
  check_available('init_process_group');
  if (world !== null) throw new Error('trying to initialize the default process group twice!');
  let { rank = -1, world_size = -1 } = given;
  const backend = (given.backend ?? 'undefined').toLowerCase();
  const timeout = timeout_of(given.timeout, backend);
  const bound = bound_device('init_process_group', given.device_id);
  backends_of(backend);
  let store: Store;
  if (given.store != null) {
    if (given.init_method != null) throw new Error('Cannot specify both init_method and store.');
    if (world_size <= 0) throw new Error('world_size must be positive if using store');
    if (rank < 0) throw new Error('rank must be non-negative if using store');
    store = given.store;
  } else {
    const met = rendezvous(given.init_method ?? 'env://', rank, world_size, timeout);
    ({ rank, world_size } = met);
    met.store.set_timeout(timeout);
    store = new PrefixStore('default_pg', met.store);
  }
  const name = String(group_count);
  world = make_group('init_process_group', {
    rank,
    size: world_size,
    global_ranks: [],
    backend,
    store,
    name,
    timeout,
    description: 'default_pg',
    options: given.pg_options ?? null,
    bound,
  });
  group_count++;
  barrier_after_init(store, world, world_size, timeout);
}

/** The keyword arguments of {@link new_group}. */
export interface NewGroupOptions {
  /** Global ranks of the members. Default null: all. */
  ranks?: readonly number[] | null;
  /** How long its collectives may take, in seconds. Default null: 1800. */
  timeout?: number | null;
  /** Default null: that of the default group. */
  backend?: string | null;
  /** How NCCL is used. Default null. */
  pg_options?: NCCLOptions | null;
  /** Let only the members call it. Default false: all processes call it, in the same order. */
  use_local_synchronization?: boolean;
  /** A description. Default null. */
  group_desc?: string | null;
  /** Must be null. */
  device_id?: null;
  /** Sort `ranks`. Default true. */
  sort_ranks?: boolean;
}

const NEW_GROUP = signature<NewGroupOptions>(
  'new_group',
  'ranks?: int[]|None, timeout?: float|None, backend?: str|None, pg_options?: ProcessGroupNCCL.Options|None, use_local_synchronization?: bool, ' +
    'group_desc?: str|None, device_id?: None, sort_ranks?: bool',
);

/**
 * Makes a group of some processes. Mirrors `torch.distributed.new_group`. All processes of the default group call it, in the same order.
 *
 * @param ranks - global ranks of the members; default null, all
 * @param timeout - how long its collectives may take, in seconds; default 1800
 * @param backend - default null, that of the default group
 * @param pg_options - how NCCL is used; default null
 * @param use_local_synchronization - let only the members call it; default false
 * @param group_desc - a description; default null
 * @param device_id - must be null
 * @param sort_ranks - sort `ranks`; default true
 * @returns the group; `GroupMember.NON_GROUP_MEMBER` in a process that is not in it
 * @throws Error for ranks that are not there, or that come twice
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const group = dist.new_group([0]);
 * print(dist.get_process_group_ranks(group), dist.get_rank(group), group.size());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * group = dist.new_group([0])
 * print(dist.get_process_group_ranks(group), dist.get_rank(group), group.size())
 * dist.destroy_process_group()
 * ```
 */
export function new_group(
  ranks?: readonly number[] | null,
  timeout?: number | null,
  backend?: string | null,
  pg_options?: NCCLOptions | null,
  use_local_synchronization?: boolean,
  group_desc?: string | null,
  device_id?: null,
  sort_ranks?: boolean,
): ProcessGroup;
export function new_group(
  ...args: Arguments<
    [
      ranks?: readonly number[] | null,
      timeout?: number | null,
      backend?: string | null,
      pg_options?: NCCLOptions | null,
      use_local_synchronization?: boolean,
      group_desc?: string | null,
      device_id?: null,
      sort_ranks?: boolean,
    ],
    NewGroupOptions,
    ['ranks', 'timeout', 'backend', 'pg_options', 'use_local_synchronization', 'group_desc', 'device_id', 'sort_ranks']
  >
): ProcessGroup;
export function new_group(...args: unknown[]): ProcessGroup {
  const given = NEW_GROUP.read(args);
  const parent = default_group();
  const { store, ...of_parent } = member_of(parent);
  const backend = (given.backend ?? of_parent.backend).toLowerCase();
  const timeout = timeout_of(given.timeout, backend);
  const local = given.use_local_synchronization ?? false;
  const size = parent.size();
  let ranks = Array.from({ length: size }, (_, i) => i);
  if (given.ranks != null) {
    if (local && !given.ranks.includes(parent.rank())) return not_a_member;
    ranks = given.ranks.map(Number);
    if (given.sort_ranks ?? true) ranks.sort((a, b) => a - b);
    if (new Set(ranks).size !== ranks.length) {
      throw new Error(`ranks list must not contain duplicate entries, got [${ranks.join(', ')}]`);
    }
    const stranger = ranks.find((rank) => rank < 0 || rank >= size);
    if (stranger !== undefined) {
      throw new Error(`Rank ${stranger} is out of range. Valid ranks are 0 to ${size - 1} (world_size=${size})`);
    }
  }
  // Python counts groups in processes that are not members too.
  const name = local ? hashed_name(ranks) : String(group_count++);
  const rank = ranks.indexOf(parent.rank());
  if (rank < 0) return not_a_member;
  const made = make_group('new_group', {
    rank,
    size: ranks.length,
    global_ranks: ranks,
    backend,
    store,
    name,
    timeout,
    description: given.group_desc ?? 'undefined',
    options: given.pg_options ?? null,
    bound: parent.bound_device_id,
  });
  const barrier_store = local ? member_of(made).store : store;
  barrier_after_init(barrier_store, made, local ? ranks.length : size, timeout);
  return made;
}

/** The name that Python gives to a group which only its members make. */
function hashed_name(ranks: readonly number[]): string {
  return createHash('sha1')
    .update([ranks.join('_'), String(groups.size)].join('_'))
    .digest('hex');
}

/** The keyword arguments of {@link new_subgroups}. */
export interface NewSubgroupsOptions {
  /** Members of each. */
  group_size?: number | null;
  /** The group that is divided. Default null: the default one. */
  group?: Group;
  /** How long their collectives may take, in seconds. */
  timeout?: number | null;
  /** Default null: that of the default group. */
  backend?: string | null;
  /** Must be null. */
  pg_options?: null;
  /** A description. Default null. */
  group_desc?: string | null;
}

const NEW_SUBGROUPS = signature<NewSubgroupsOptions>(
  'new_subgroups',
  'group_size?: int|None, group?: ProcessGroup|None, timeout?: float|None, backend?: str|None, pg_options?: ProcessGroupNCCL.Options|None, group_desc?: str|None',
);

/**
 * Divides a group into groups of one size. Mirrors `torch.distributed.new_subgroups`.
 *
 * @param group_size - members of each; required, as the default counts CUDA devices
 * @param group - the group that is divided; default null, the default one
 * @param timeout - how long their collectives may take, in seconds; default 1800
 * @param backend - default null, that of the default group
 * @param pg_options - must be null
 * @param group_desc - a description; default null
 * @returns the group of this process, and all
 * @throws Error when the size does not divide that of the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const [own, all] = dist.new_subgroups(1);
 * print(own!.size(), all.length);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * own, all = dist.new_subgroups(1)
 * print(own.size(), len(all))
 * dist.destroy_process_group()
 * ```
 */
export function new_subgroups(
  group_size?: number | null,
  group?: Group,
  timeout?: number | null,
  backend?: string | null,
  pg_options?: NCCLOptions | null,
  group_desc?: string | null,
): [ProcessGroup | null, ProcessGroup[]];
export function new_subgroups(
  ...args: Arguments<
    [
      group_size?: number | null,
      group?: Group,
      timeout?: number | null,
      backend?: string | null,
      pg_options?: NCCLOptions | null,
      group_desc?: string | null,
    ],
    NewSubgroupsOptions,
    ['group_size', 'group', 'timeout', 'backend', 'pg_options', 'group_desc']
  >
): [ProcessGroup | null, ProcessGroup[]];
export function new_subgroups(...args: unknown[]): [ProcessGroup | null, ProcessGroup[]] {
  const { group_size = null, group = null, ...options } = NEW_SUBGROUPS.read(args);
  const size = group_size ?? native.device_count('cuda');
  if (group_size === null && size === 0) {
    throw new Error(
      'Default group size only takes effect when CUDA is available.If your subgroup using a backend that does not depend on CUDA,' +
        "please pass in 'group_size' correctly.",
    );
  }
  if (size <= 0) throw new Error(`The arg 'group_size' (${size}) must be positive`);
  const all = get_process_group_ranks(group);
  if (all.length < size) {
    throw new Error(`The arg 'group_size' (${size}) must not exceed the world size (${all.length})`);
  }
  if (all.length % size !== 0) {
    throw new Error(`The world size (${all.length}) must be divisible by 'group_size=${size}'`);
  }
  const lists: number[][] = [];
  for (let i = 0; i < all.length; i += size) lists.push(all.slice(i, i + size));
  return new_subgroups_by_enumeration(lists, options);
}

/** The keyword arguments of {@link new_subgroups_by_enumeration}. */
export type NewSubgroupsByEnumerationOptions = Omit<NewSubgroupsOptions, 'group_size' | 'group'>;

const NEW_SUBGROUPS_BY = signature<
  NewSubgroupsByEnumerationOptions & { ranks_per_subgroup_list: readonly (readonly number[])[] }
>(
  'new_subgroups_by_enumeration',
  'ranks_per_subgroup_list: any[], timeout?: float|None, backend?: str|None, pg_options?: ProcessGroupNCCL.Options|None, group_desc?: str|None',
);

/**
 * Divides processes into groups by lists of global ranks. Mirrors `torch.distributed.new_subgroups_by_enumeration`.
 *
 * @param ranks_per_subgroup_list - the ranks of each group
 * @param timeout - how long their collectives may take, in seconds; default 1800
 * @param backend - default null, that of the default group
 * @param pg_options - must be null
 * @param group_desc - a description; default null
 * @returns the group of this process, or null, and all
 * @throws Error when a rank comes twice
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const [own, all] = dist.new_subgroups_by_enumeration([[0]]);
 * print(own!.size(), all.length);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * own, all = dist.new_subgroups_by_enumeration([[0]])
 * print(own.size(), len(all))
 * dist.destroy_process_group()
 * ```
 */
export function new_subgroups_by_enumeration(
  ranks_per_subgroup_list: readonly (readonly number[])[],
  timeout?: number | null,
  backend?: string | null,
  pg_options?: NCCLOptions | null,
  group_desc?: string | null,
): [ProcessGroup | null, ProcessGroup[]];
export function new_subgroups_by_enumeration(
  ...args: Arguments<
    [
      ranks_per_subgroup_list: readonly (readonly number[])[],
      timeout?: number | null,
      backend?: string | null,
      pg_options?: NCCLOptions | null,
      group_desc?: string | null,
    ],
    NewSubgroupsByEnumerationOptions & { ranks_per_subgroup_list: readonly (readonly number[])[] },
    ['ranks_per_subgroup_list', 'timeout', 'backend', 'pg_options', 'group_desc']
  >
): [ProcessGroup | null, ProcessGroup[]];
export function new_subgroups_by_enumeration(...args: unknown[]): [ProcessGroup | null, ProcessGroup[]] {
  const { ranks_per_subgroup_list: lists, ...options } = NEW_SUBGROUPS_BY.read(args);
  if (lists.length === 0) throw new Error("The arg 'ranks_per_subgroup_list' cannot be empty");
  const own = default_group().rank();
  const seen = new Map<number, readonly number[]>();
  let mine: ProcessGroup | null = null;
  const made: ProcessGroup[] = [];
  for (const ranks of lists) {
    const created = new_group(ranks, options);
    made.push(created);
    for (const rank of ranks) {
      const before = seen.get(rank);
      if (before !== undefined) {
        throw new Error(`Rank ${rank} has appeared in both subgroup [${before.join(', ')}] and [${ranks.join(', ')}]`);
      }
      seen.set(rank, ranks);
      if (rank === own) mine = created;
    }
  }
  return [mine, made];
}

/** The keyword arguments of {@link split_group}. */
export interface SplitGroupOptions {
  /** The group that is divided. Default null: the default one. */
  parent_pg?: Group;
  /** Ranks within the group, for each part. */
  split_ranks?: readonly (readonly number[])[] | null;
  /** How long collectives of the parts may take, in seconds. */
  timeout?: number | null;
  /** Must be null. */
  pg_options?: null;
  /** A description. Default null. */
  group_desc?: string | null;
  /** Which backends the parts have. Default null: those of the group. */
  backend?: string | null;
}

const SPLIT_GROUP = signature<SplitGroupOptions>(
  'split_group',
  'parent_pg?: ProcessGroup|None, split_ranks?: any[]|None, timeout?: float|None, pg_options?: None, group_desc?: str|None, backend?: str|None',
);

/**
 * Divides a group whose backend can be divided: NCCL's. Gloo's cannot, so this throws here as Python does with Gloo; {@link new_group} and
 * {@link new_subgroups_by_enumeration} make such groups. Mirrors `torch.distributed.split_group`.
 *
 * @param parent_pg - the group that is divided; default null, the default one
 * @param split_ranks - ranks within the group, for each part
 * @param timeout - how long collectives of the parts may take, in seconds
 * @param pg_options - must be null
 * @param group_desc - a description; default null
 * @param backend - which backends the parts have; default null, those of the group
 * @throws Error always: without `split_ranks`, without a default group, or since the group has no device
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * try {
 *   dist.split_group(null, [[0]]);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * try:
 *     dist.split_group(None, [[0]])
 * except RuntimeError as error:
 *     print(error)
 * dist.destroy_process_group()
 * ```
 */
export function split_group(
  parent_pg?: Group,
  split_ranks?: readonly (readonly number[])[] | null,
  timeout?: number | null,
  pg_options?: null,
  group_desc?: string | null,
  backend?: string | null,
): ProcessGroup | null;
export function split_group(
  ...args: Arguments<
    [
      parent_pg?: Group,
      split_ranks?: readonly (readonly number[])[] | null,
      timeout?: number | null,
      pg_options?: null,
      group_desc?: string | null,
      backend?: string | null,
    ],
    SplitGroupOptions,
    ['parent_pg', 'split_ranks', 'timeout', 'pg_options', 'group_desc', 'backend']
  >
): ProcessGroup | null;
export function split_group(...args: unknown[]): ProcessGroup | null {
  const { split_ranks = null } = SPLIT_GROUP.read(args);
  if (split_ranks === null || split_ranks.length === 0) throw new Error('split_ranks cannot be None or empty');
  default_group();
  throw new Error('No device associated with the default pg, not safe to split any process groups');
}

const DESTROY = signature<{ group?: Group }>('destroy_process_group', 'group?: ProcessGroup|None');

/**
 * Ends a group, and with the default one all groups. Mirrors `torch.distributed.destroy_process_group`. It waits for collectives that were started.
 *
 * @param group - default null, the default one
 * @throws Error when there is no such group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.is_initialized());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.is_initialized())
 * dist.destroy_process_group()
 * ```
 */
export function destroy_process_group(group?: Group): void;
export function destroy_process_group(options: { group?: Group }): void;
export function destroy_process_group(...args: unknown[]): void {
  const { group = null } = DESTROY.read(args);
  if (group === not_a_member) return;
  const ended = group ?? world;
  if (ended === null) throw new Error('Process group cannot be None');
  if (!groups.has(ended)) throw new Error('Invalid process group specified');
  if (ended !== world) {
    native.group_destroy(native_of(ended));
    groups.delete(ended);
    return;
  }
  for (const each of [...groups.keys()].sort((a, b) => (a.group_name < b.group_name ? 1 : -1))) {
    native.group_destroy(native_of(each));
  }
  groups.clear();
  world = null;
  group_count = 0;
}

// ---- Asking about groups ------------------------------------------------------------------------

const OF_GROUP = {
  get_rank: signature<{ group?: Group }>('get_rank', 'group?: ProcessGroup|None'),
  get_world_size: signature<{ group?: Group }>('get_world_size', 'group?: ProcessGroup|None'),
  get_backend: signature<{ group?: Group }>('get_backend', 'group?: ProcessGroup|None'),
  get_backend_config: signature<{ group?: Group }>('get_backend_config', 'group?: ProcessGroup|None'),
  get_process_group_ranks: signature<{ group: Group }>('get_process_group_ranks', 'group: ProcessGroup|None'),
  get_group_rank: signature<{ group: ProcessGroup; global_rank: number }>(
    'get_group_rank',
    'group: ProcessGroup, global_rank: int',
  ),
  get_global_rank: signature<{ group: ProcessGroup; group_rank: number }>(
    'get_global_rank',
    'group: ProcessGroup, group_rank: int',
  ),
  get_node_local_rank: signature<{ fallback_rank?: number | null }>('get_node_local_rank', 'fallback_rank?: int|None'),
};

/**
 * Whether there is a default group. Mirrors `torch.distributed.is_initialized`.
 * @example
 * ```ts
 * print(torch.distributed.is_initialized());
 * ```
 * ```python
 * print(torch.distributed.is_initialized())
 * ```
 */
export function is_initialized(): boolean;
export function is_initialized(...none: unknown[]): boolean {
  no_arguments('is_initialized', none);
  return world !== null;
}

/**
 * Whether `torchrun`, or `npx torch-node run`, started this process. Mirrors `torch.distributed.is_torchelastic_launched`.
 * @example
 * ```ts
 * print(torch.distributed.is_torchelastic_launched());
 * ```
 * ```python
 * print(torch.distributed.is_torchelastic_launched())
 * ```
 */
export function is_torchelastic_launched(): boolean;
export function is_torchelastic_launched(...none: unknown[]): boolean {
  no_arguments('is_torchelastic_launched', none);
  return process.env['TORCHELASTIC_RUN_ID'] !== undefined;
}

/**
 * How many groups were made. Mirrors `torch.distributed.get_pg_count`.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * dist.new_group([0]);
 * print(dist.get_pg_count());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * dist.new_group([0])
 * print(dist.get_pg_count())
 * dist.destroy_process_group()
 * ```
 */
export function get_pg_count(): number;
export function get_pg_count(...none: unknown[]): number {
  no_arguments('get_pg_count', none);
  return group_count;
}

/**
 * The number of this process within a group; -1 in a process that is not in it. Mirrors `torch.distributed.get_rank`.
 * @param group - default null, the default one
 * @throws Error before {@link init_process_group}
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_rank());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_rank())
 * dist.destroy_process_group()
 * ```
 */
export function get_rank(group?: Group): number;
export function get_rank(options: { group?: Group }): number;
export function get_rank(...args: unknown[]): number {
  const { group = null } = OF_GROUP.get_rank.read(args);
  if (group === not_a_member) return -1;
  const { rank } = default_group()._parts;
  return group === null || group === world ? rank : get_group_rank(group, rank);
}

/**
 * How many processes a group has; -1 in a process that is not in it. Mirrors `torch.distributed.get_world_size`.
 * @param group - default null, the default one
 * @throws Error before {@link init_process_group}
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_world_size());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_world_size())
 * dist.destroy_process_group()
 * ```
 */
export function get_world_size(group?: Group): number;
export function get_world_size(options: { group?: Group }): number;
export function get_world_size(...args: unknown[]): number {
  const { group = null } = OF_GROUP.get_world_size.read(args);
  return group === not_a_member ? -1 : group_or_default(group).size();
}

/**
 * The name of a group's backend. Mirrors `torch.distributed.get_backend`.
 * @param group - default null, the default one
 * @throws Error for a group that is not there
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_backend());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_backend())
 * dist.destroy_process_group()
 * ```
 */
export function get_backend(group?: Group): string;
export function get_backend(options: { group?: Group }): string;
export function get_backend(...args: unknown[]): string {
  const of = group_or_default(OF_GROUP.get_backend.read(args).group);
  if (of === not_a_member) throw new Error('Invalid process group specified');
  return member_of(of).backend;
}

/**
 * The backend of each device of a group, `'cpu:gloo,cuda:gloo'`. Mirrors `torch.distributed.get_backend_config`.
 * @param group - default null, the default one
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_backend_config());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_backend_config())
 * dist.destroy_process_group()
 * ```
 */
export function get_backend_config(group?: Group): string;
export function get_backend_config(options: { group?: Group }): string;
export function get_backend_config(...args: unknown[]): string {
  const of = group_or_default(OF_GROUP.get_backend_config.read(args).group);
  if (of === not_a_member) throw new Error('Invalid process group specified');
  return member_of(of).backend_config;
}

/**
 * The global ranks of a group, in the order of its own ranks. Mirrors `torch.distributed.get_process_group_ranks`.
 * @param group - null for the default one
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_process_group_ranks(null));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_process_group_ranks(None))
 * dist.destroy_process_group()
 * ```
 */
export function get_process_group_ranks(group: Group): number[];
export function get_process_group_ranks(options: { group: Group }): number[];
export function get_process_group_ranks(...args: unknown[]): number[] {
  return [...member_of(group_or_default(OF_GROUP.get_process_group_ranks.read(args).group)).ranks];
}

/**
 * The rank within a group of a global rank. Mirrors `torch.distributed.get_group_rank`. @throws Error when it is not in the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_group_rank(dist.new_group([0]), 0));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_group_rank(dist.new_group([0]), 0))
 * dist.destroy_process_group()
 * ```
 */
export function get_group_rank(group: ProcessGroup, global_rank: number): number;
export function get_group_rank(options: { group: ProcessGroup; global_rank: number }): number;
export function get_group_rank(group: ProcessGroup, options: { global_rank: number }): number;
export function get_group_rank(...args: unknown[]): number {
  const { group, global_rank } = OF_GROUP.get_group_rank.read(args);
  if (group === world) return global_rank;
  const found = member_of(group).ranks.indexOf(global_rank);
  if (found < 0) throw new Error(`Global rank ${global_rank} is not part of group ${group.group_name}`);
  return found;
}

/**
 * The global rank of a rank within a group. Mirrors `torch.distributed.get_global_rank`. @throws Error when it is not in the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.get_global_rank(dist.new_group([0]), 0));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.get_global_rank(dist.new_group([0]), 0))
 * dist.destroy_process_group()
 * ```
 */
export function get_global_rank(group: ProcessGroup, group_rank: number): number;
export function get_global_rank(options: { group: ProcessGroup; group_rank: number }): number;
export function get_global_rank(group: ProcessGroup, options: { group_rank: number }): number;
export function get_global_rank(...args: unknown[]): number {
  const { group, group_rank } = OF_GROUP.get_global_rank.read(args);
  if (group === world) return group_rank;
  const found = member_of(group).ranks[group_rank];
  if (found === undefined) throw new Error(`Group rank ${group_rank} is not part of group ${group.group_name}`);
  return found;
}

/**
 * The number of this process on its machine, from `LOCAL_RANK`. Mirrors `torch.distributed.get_node_local_rank`.
 * @param fallback_rank - what to return without `LOCAL_RANK`; default null
 * @throws Error without both
 * @example
 * ```ts
 * print(torch.distributed.get_node_local_rank(0));
 * ```
 * ```python
 * print(torch.distributed.get_node_local_rank(0))
 * ```
 */
export function get_node_local_rank(fallback_rank?: number | null): number;
export function get_node_local_rank(options: { fallback_rank?: number | null }): number;
export function get_node_local_rank(...args: unknown[]): number {
  const { fallback_rank = null } = OF_GROUP.get_node_local_rank.read(args);
  const local = process.env['LOCAL_RANK'];
  if (local !== undefined) return Number(local);
  if (fallback_rank !== null) return fallback_rank;
  throw new Error(
    'LOCAL_RANK is not in the environment. Consider passing fallback_rank to allow `get_node_local_rank` to work, assuming you are ' +
      'not running in a multi-device context and want the code to run locally instead.',
  );
}
