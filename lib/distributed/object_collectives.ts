/**
 * Collectives of values instead of tensors: `torch.distributed.all_gather_object` and the like. Values go as pickles, which processes here and
 * in Python read. Python's are read as `torch.load` reads files by default: tensors, plain values, and what
 * `torch.serialization.add_safe_globals` names; nothing of them is run.
 */
import { native } from '../_C/native.js';
import { name_operator } from '../_internal/operator_errors.js';
import { signature, type Arguments } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';
import { from_numpy, tensor } from '../creation.js';
import { cat, empty, zeros } from '../generated/functions.js';
import { dumps, loads } from '../serialization/objects.js';
import type { DeviceLike } from '../types/device.js';
import { int64, uint8 } from '../types/dtype.js';
import { all_gather, broadcast, check_list_of_rank, gather, recv, scatter, send } from './collectives.js';
import {
  device_of_group,
  group_or_default,
  group_rank_of,
  is_outside,
  type Group,
  type ProcessGroup,
} from './process_group.js';

/** Where values go that a group sends. */
const device_of = (of: ProcessGroup, given: DeviceLike | null | undefined): DeviceLike => given ?? device_of_group(of);

/** A value as bytes. */
function to_bytes(callee: string, value: unknown, device: DeviceLike): Tensor {
  try {
    return from_numpy(dumps(value)).to(device);
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith('save(): '))
      (error as Error).message = message.replace('save(): cannot save', 'cannot send');
    throw name_operator(error, callee);
  }
}

/** The value in the first bytes of a tensor. */
function from_bytes(callee: string, bytes: Tensor, size: number): unknown {
  try {
    return loads(new Uint8Array(native.read(bytes.cpu()._h)).subarray(0, size));
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith('load(): ')) (error as Error).message = message.slice('load(): '.length);
    throw name_operator(error, callee);
  }
}

const sizes_of = (tensors: readonly Tensor[], device: DeviceLike): Tensor =>
  tensor(
    tensors.map((each) => each.numel()),
    { dtype: int64, device },
  );
const numbers = (sizes: Tensor): number[] => sizes.tolist() as number[];

/** Bytes with room for as many as the longest of all processes. */
const padded = (bytes: Tensor, size: number): Tensor => bytes.clone().resize_(size);

/** The sizes of what each process gives. */
function all_sizes(of: ProcessGroup, own: Tensor, device: DeviceLike): number[] {
  const all = zeros([of.size()], { dtype: int64, device });
  all_gather(
    Array.from({ length: of.size() }, (_, i) => all.narrow(0, i, 1)),
    sizes_of([own], device),
    { group: of },
  );
  return numbers(all);
}

function parts_of(all: Tensor, size: number, count: number): Tensor[] {
  return Array.from({ length: count }, (_, i) => all.narrow(0, i * size, size));
}

/** Values one after the other in a tensor. */
function unpacked(callee: string, list: unknown[], all: Tensor, sizes: readonly number[]): void {
  let offset = 0;
  sizes.forEach((size, i) => {
    list[i] = from_bytes(callee, all.narrow(0, offset, size), size);
    offset += size;
  });
}

const ALL_GATHER_OBJECT = signature<{ object_list: unknown[]; obj: unknown; group?: Group }>(
  'all_gather_object',
  'object_list: any[], obj: any, group?: ProcessGroup|None',
);

/**
 * Collects a value of all processes in all of them. Mirrors `torch.distributed.all_gather_object`.
 *
 * @param object_list - where the values go, one for each process
 * @param obj - what this process gives: what `torch.save` can save
 * @param group - the group; default null, the default one
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const values: unknown[] = [null];
 * dist.all_gather_object(values, { a: [1, 'text'] });
 * print(values);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * values = [None]
 * dist.all_gather_object(values, {'a': [1, 'text']})
 * print(values)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_object(object_list: unknown[], obj: unknown, group?: Group): void;
export function all_gather_object(
  ...args: Arguments<
    [object_list: unknown[], obj: unknown, group?: Group],
    { object_list: unknown[]; obj: unknown; group?: Group },
    ['object_list', 'obj', 'group']
  >
): void;
export function all_gather_object(...args: unknown[]): void {
  const given = ALL_GATHER_OBJECT.read(args);

  const { object_list, obj } = given;
  if (is_outside(given.group, 'all_gather_object')) return;
  const of = group_or_default(given.group);
  const device = device_of(of, null);
  const own = to_bytes('all_gather_object', obj, device);
  const sizes = all_sizes(of, own, device);
  const size = Math.max(...sizes);
  const parts = parts_of(empty([size * of.size()], { dtype: uint8, device }), size, of.size());
  all_gather(parts, padded(own, size), { group: of });
  parts.forEach((part, i) => {
    object_list[i] = from_bytes('all_gather_object', part, sizes[i]!);
  });
}

const GATHER_OBJECT = signature<{
  obj: unknown;
  object_gather_list?: unknown[] | null;
  dst?: number | null;
  group?: Group;
  group_dst?: number | null;
}>(
  'gather_object',
  'obj: any, object_gather_list?: any[]|None, dst?: int|None, group?: ProcessGroup|None, group_dst?: int|None',
);

/**
 * Collects a value of all processes in one of them. Mirrors `torch.distributed.gather_object`.
 *
 * @param obj - what this process gives
 * @param object_gather_list - in process `dst`, where the values go; null in others
 * @param dst - the global rank that collects; default 0
 * @param group - the group; default null, the default one
 * @param group_dst - the rank within the group, instead of `dst`
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 *
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const list: unknown[] = [null];
 * dist.gather_object('text', list);
 * print(list);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * list = [None]
 * dist.gather_object('text', list)
 * print(list)
 * dist.destroy_process_group()
 * ```
 */
export function gather_object(
  obj: unknown,
  object_gather_list?: unknown[] | null,
  dst?: number | null,
  group?: Group,
  group_dst?: number | null,
): void;
export function gather_object(
  ...args: Arguments<
    [
      obj: unknown,
      object_gather_list?: unknown[] | null,
      dst?: number | null,
      group?: Group,
      group_dst?: number | null,
    ],
    {
      obj: unknown;
      object_gather_list?: unknown[] | null;
      dst?: number | null;
      group?: Group;
      group_dst?: number | null;
    },
    ['obj', 'object_gather_list', 'dst', 'group', 'group_dst']
  >
): void;
export function gather_object(...args: unknown[]): void {
  const given = GATHER_OBJECT.read(args);

  const { obj, group_dst = null } = given;
  const list = given.object_gather_list ?? [];
  const of = group_or_default(given.group);
  if (is_outside(of, 'gather_object')) return;
  const root = group_rank_of(of, given.dst ?? (group_dst === null ? 0 : null), group_dst);
  const mine = root === of.rank();
  check_list_of_rank('gather_object', mine, list, 'gather_list');
  const device = device_of(of, null);
  const own = to_bytes('gather_object', obj, device);
  const sizes = all_sizes(of, own, device);
  const size = Math.max(...sizes);
  const parts = mine ? parts_of(empty([size * of.size()], { dtype: uint8, device }), size, of.size()) : null;
  gather(padded(own, size), { gather_list: parts, group_dst: root, group: of });
  parts?.forEach((part, i) => {
    list[i] = from_bytes('gather_object', part, sizes[i]!);
  });
}

const BROADCAST_OBJECT_LIST = signature<{
  object_list: unknown[];
  src?: number | null;
  group?: Group;
  device?: DeviceLike | null;
  group_src?: number | null;
}>(
  'broadcast_object_list',
  'object_list: any[], src?: int|None, group?: ProcessGroup|None, device?: device|None, group_src?: int|None',
);

/**
 * Sends values of one process to all others. Mirrors `torch.distributed.broadcast_object_list`.
 *
 * @param object_list - what is sent, or where the values go; of one length in all processes
 * @param src - the global rank that sends; default 0
 * @param group - the group; default null, the default one
 * @param device - where the bytes are meanwhile; default null, what suits the group
 * @param group_src - the rank within the group, instead of `src`
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 *
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const list = [{ a: 1 }, 'text'];
 * dist.broadcast_object_list(list);
 * print(list);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * list = [{'a': 1}, 'text']
 * dist.broadcast_object_list(list)
 * print(list)
 * dist.destroy_process_group()
 * ```
 */
export function broadcast_object_list(
  object_list: unknown[],
  src?: number | null,
  group?: Group,
  device?: DeviceLike | null,
  group_src?: number | null,
): void;
export function broadcast_object_list(
  ...args: Arguments<
    [object_list: unknown[], src?: number | null, group?: Group, device?: DeviceLike | null, group_src?: number | null],
    {
      object_list: unknown[];
      src?: number | null;
      group?: Group;
      device?: DeviceLike | null;
      group_src?: number | null;
    },
    ['object_list', 'src', 'group', 'device', 'group_src']
  >
): void;
export function broadcast_object_list(...args: unknown[]): void {
  const given = BROADCAST_OBJECT_LIST.read(args);

  const { object_list, group_src = null } = given;
  const of = group_or_default(given.group);
  if (is_outside(of, 'broadcast_object_list')) return;
  const root = group_rank_of(of, given.src ?? (group_src === null ? 0 : null), group_src);
  const device = device_of(of, given.device);
  if (root === of.rank()) {
    const sent = object_list.map((each) => to_bytes('broadcast_object_list', each, device));
    broadcast(sizes_of(sent, device), { group_src: root, group: of });
    broadcast(cat(sent), { group_src: root, group: of });
    return;
  }
  const sizes = empty([object_list.length], { dtype: int64, device });
  broadcast(sizes, { group_src: root, group: of });
  const all = empty([sizes.sum().item() as number], { dtype: uint8, device });
  broadcast(all, { group_src: root, group: of });
  unpacked('broadcast_object_list', object_list, all, numbers(sizes));
}

const SCATTER_OBJECT_LIST = signature<{
  scatter_object_output_list: unknown[];
  scatter_object_input_list?: readonly unknown[] | null;
  src?: number | null;
  group?: Group;
  group_src?: number | null;
}>(
  'scatter_object_list',
  'scatter_object_output_list: any[], scatter_object_input_list?: any[]|None, src?: int|None, group?: ProcessGroup|None, group_src?: int|None',
);

/**
 * Sends each process one value of a list. Mirrors `torch.distributed.scatter_object_list`.
 *
 * @param scatter_object_output_list - its first element becomes the value that this process receives
 * @param scatter_object_input_list - in process `src`, what is sent to each; null in others
 * @param src - the global rank that sends; default 0
 * @param group - the group; default null, the default one
 * @param group_src - the rank within the group, instead of `src`
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 *
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const list: unknown[] = [null];
 * dist.scatter_object_list(list, ['text']);
 * print(list);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * list = [None]
 * dist.scatter_object_list(list, ['text'])
 * print(list)
 * dist.destroy_process_group()
 * ```
 */
export function scatter_object_list(
  scatter_object_output_list: unknown[],
  scatter_object_input_list?: readonly unknown[] | null,
  src?: number | null,
  group?: Group,
  group_src?: number | null,
): void;
export function scatter_object_list(
  ...args: Arguments<
    [
      scatter_object_output_list: unknown[],
      scatter_object_input_list?: readonly unknown[] | null,
      src?: number | null,
      group?: Group,
      group_src?: number | null,
    ],
    {
      scatter_object_output_list: unknown[];
      scatter_object_input_list?: readonly unknown[] | null;
      src?: number | null;
      group?: Group;
      group_src?: number | null;
    },
    ['scatter_object_output_list', 'scatter_object_input_list', 'src', 'group', 'group_src']
  >
): void;
export function scatter_object_list(...args: unknown[]): void {
  const given = SCATTER_OBJECT_LIST.read(args);

  const { scatter_object_output_list: outputs, scatter_object_input_list: inputs = null, group_src = null } = given;
  const of = group_or_default(given.group);
  if (is_outside(of, 'scatter_object_list')) return;
  const root = group_rank_of(of, given.src ?? (group_src === null ? 0 : null), group_src);
  if (outputs.length < 1) {
    throw new Error(
      'scatter_object_list(): Expected argument scatter_object_output_list to be a list of size at least 1.',
    );
  }
  const device = device_of(of, null);
  const mine = root === of.rank();
  if (mine && inputs === null) {
    throw new Error('scatter_object_list(): source rank must provide non-None scatter_object_input_list');
  }
  const sent = mine ? inputs!.map((each) => to_bytes('scatter_object_list', each, device)) : null;
  const most = tensor([sent === null ? 0 : Math.max(...sent.map((each) => each.numel()))], { dtype: int64, device });
  broadcast(most, { group_src: root, group: of });
  const size = most.item() as number;
  const received = empty([size], { dtype: uint8, device });
  scatter(received, { scatter_list: sent?.map((each) => padded(each, size)) ?? null, group_src: root, group: of });
  const length = zeros([1], { dtype: int64, device });
  scatter(length, { scatter_list: sent?.map((each) => sizes_of([each], device)) ?? null, group_src: root, group: of });
  outputs[0] = from_bytes('scatter_object_list', received, length.item() as number);
}

const SEND_OBJECT_LIST = signature<{
  object_list: unknown[];
  dst?: number | null;
  group?: Group;
  device?: DeviceLike | null;
  group_dst?: number | null;
  use_batch?: boolean;
}>(
  'send_object_list',
  'object_list: any[], dst?: int|None, group?: ProcessGroup|None, device?: device|None, group_dst?: int|None, use_batch?: bool',
);

/**
 * Sends values to one process. Mirrors `torch.distributed.send_object_list`.
 *
 * @param object_list - what is sent
 * @param dst - the global rank that receives
 * @param group - the group; default null, the default one
 * @param device - where the bytes are meanwhile; default null, what suits the group
 * @param group_dst - the rank within the group, instead of `dst`
 * @param use_batch - as in Python, where it matters for NCCL; default false
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 *
 */
export function send_object_list(
  object_list: unknown[],
  dst?: number | null,
  group?: Group,
  device?: DeviceLike | null,
  group_dst?: number | null,
  use_batch?: boolean,
): void;
export function send_object_list(
  ...args: Arguments<
    [
      object_list: unknown[],
      dst?: number | null,
      group?: Group,
      device?: DeviceLike | null,
      group_dst?: number | null,
      use_batch?: boolean,
    ],
    {
      object_list: unknown[];
      dst?: number | null;
      group?: Group;
      device?: DeviceLike | null;
      group_dst?: number | null;
      use_batch?: boolean;
    },
    ['object_list', 'dst', 'group', 'device', 'group_dst', 'use_batch']
  >
): void;
export function send_object_list(...args: unknown[]): void {
  const given = SEND_OBJECT_LIST.read(args);

  const of = group_or_default(given.group);
  const receiver = group_rank_of(of, given.dst ?? null, given.group_dst ?? null);
  if (is_outside(of, 'send_object_list')) return;
  const device = device_of(of, given.device);
  const sent = given.object_list.map((each) => to_bytes('send_object_list', each, device));
  send(sizes_of(sent, device), { group_dst: receiver, group: of });
  send(cat(sent), { group_dst: receiver, group: of });
}

const RECV_OBJECT_LIST = signature<{
  object_list: unknown[];
  src?: number | null;
  group?: Group;
  device?: DeviceLike | null;
  group_src?: number | null;
  use_batch?: boolean;
}>(
  'recv_object_list',
  'object_list: any[], src?: int|None, group?: ProcessGroup|None, device?: device|None, group_src?: int|None, use_batch?: bool',
);

/**
 * Receives values from one process. Mirrors `torch.distributed.recv_object_list`.
 *
 * @param object_list - where the values go, as many as are sent
 * @param src - the global rank that sends
 * @param group - the group; default null, the default one
 * @param device - where the bytes are meanwhile; default null, what suits the group
 * @param group_src - the rank within the group, instead of `src`
 * @param use_batch - as in Python, where it matters for NCCL; default false
 * @returns the global rank that sent; -1 in a process that is not in the group
 * @throws TypeError for what cannot be sent; Error for what must not be read, and when it fails or takes too long
 */
export function recv_object_list(
  object_list: unknown[],
  src?: number | null,
  group?: Group,
  device?: DeviceLike | null,
  group_src?: number | null,
  use_batch?: boolean,
): number;
export function recv_object_list(
  ...args: Arguments<
    [
      object_list: unknown[],
      src?: number | null,
      group?: Group,
      device?: DeviceLike | null,
      group_src?: number | null,
      use_batch?: boolean,
    ],
    {
      object_list: unknown[];
      src?: number | null;
      group?: Group;
      device?: DeviceLike | null;
      group_src?: number | null;
      use_batch?: boolean;
    },
    ['object_list', 'src', 'group', 'device', 'group_src', 'use_batch']
  >
): number;
export function recv_object_list(...args: unknown[]): number {
  const given = RECV_OBJECT_LIST.read(args);

  const of = group_or_default(given.group);
  const sender = group_rank_of(of, given.src ?? null, given.group_src ?? null);
  if (is_outside(of, 'recv_object_list')) return -1;
  const device = device_of(of, given.device);
  const sizes = empty([given.object_list.length], { dtype: int64, device });
  recv(sizes, { group_src: sender, group: of });
  const all = empty([sizes.sum().item() as number], { dtype: uint8, device });
  const from = recv(all, { group_src: sender, group: of });
  unpacked('recv_object_list', given.object_list, all, numbers(sizes));
  return from;
}
