/** Collectives: what the processes of a group do together. `torch.distributed.all_reduce` and the like; they are c10d's of libtorch. */
import { native, type NativeGroup, type NativeWork } from '../_C/native.js';
import type { Handle } from '../_C/native.js';
import { kind_of } from '../_internal/kind_of.js';
import { name_operator } from '../_internal/operator_errors.js';
import { define_kind, signature, type Arguments } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Tensor } from '../_tensor.js';
import { view_as_real } from '../generated/functions.js';
import { complex64, float32, float64, sparse_coo, strided, type DType } from '../types/dtype.js';
import { default_pg_timeout, milliseconds } from './availability.js';
import {
  device_of_group,
  get_backend,
  get_global_rank,
  group_or_default,
  group_rank_of,
  is_outside,
  native_of,
  type Group,
  type ProcessGroup,
} from './process_group.js';
import { ReduceOp, supports_complex, type RedOpType } from './reduce_op.js';
import { Work } from './work.js';
import type { Future } from '../futures/index.js';

// ---- Checks, with Python's texts ----------------------------------------------------------------

const class_text = (value: unknown): string => `<class '${kind_of(value)}'>`;

/** Whether elements share memory, as those of `expand()`: Gloo would read and write beyond it. */
function overlaps(tensor: Tensor): boolean {
  if (tensor.layout !== strided) return false;
  const strides = tensor.stride();
  return tensor.shape.some((size, i) => size > 1 && strides[i] === 0);
}

/** What a process only sends. */
const inputs: readonly string[] = ['input', 'input_list', 'input_tensor', 'input_tensor_list', 'scatter_list'];
const sending: readonly string[] = ['gather', 'all_gather', 'isend', 'send'];

/** Gloo reads the memory of tensors as it is, and crashes where there is none or where it lies otherwise. */
function check_dense(callee: string, tensor: Tensor, name: string): void {
  const { layout, is_meta, is_quantized, is_nested } = tensor;
  if (layout === strided && !is_meta && !is_quantized && !is_nested) {
    if (inputs.includes(name) || (name === 'tensor' && sending.includes(callee)) || !overlaps(tensor)) return;
    throw new Error(`${callee}(): elements of argument '${name}' share memory: give its contiguous()`);
  }
  // Sums of sparse tensors are an operation of their own.
  if (layout === sparse_coo && callee === 'all_reduce' && !is_meta) return;
  const kind = is_meta ? 'a meta' : is_quantized ? 'a quantized' : is_nested ? 'a nested' : 'a sparse';
  throw new Error(`${callee}(): argument '${name}' must be a dense Tensor, not ${kind} one`);
}

function check_tensor(callee: string, param: unknown, name: string): void {
  if (param instanceof Tensor) {
    check_dense(callee, param, name);
    return;
  }
  throw new TypeError(
    `${callee}(): Invalid function argument. Expected parameter \`${name}\` of type torch.Tensor\n             but got ` +
      `${class_text(param)} instead.`,
  );
}

function check_tensors(callee: string, param: unknown, name: string): void {
  if (!Array.isArray(param)) {
    throw new TypeError(
      `${callee}(): Invalid function argument. Expected parameter \`${name}\` of type List[torch.Tensor]\n             but got ` +
        `${class_text(param)} instead.`,
    );
  }
  if (param.every((each) => each instanceof Tensor)) {
    for (const each of param as Tensor[]) check_dense(callee, each, name);
    return;
  }
  throw new TypeError(
    `${callee}(): Invalid function argument. Expected parameter \`${name}\` of type List[torch.Tensor]\n             but got ` +
      `${class_text(param)} with elements of type [${param.map(class_text).join(', ')}].`,
  );
}

/** Gloo reads the first size of each without asking whether there is one. */
function check_dimensions(callee: string, tensors: readonly Tensor[]): void {
  if (tensors.every(({ ndim }) => ndim > 0)) return;
  throw new Error(`${callee}(): tensors must have at least one dimension`);
}

/** Of complex numbers, the dtype of their parts. */
function part_dtype({ dtype }: Tensor): DType {
  if (!dtype.is_complex) return dtype;
  return dtype === complex64 ? float32 : float64;
}

function check_same_dtype(callee: string, tensors: readonly Tensor[]): void {
  const [first] = tensors;
  const other = tensors.find((tensor) => part_dtype(tensor) !== part_dtype(first!));
  if (other === undefined) return;
  throw new Error(
    `${callee}(): Invalid usage of tensors with different dtypesFound ${String(part_dtype(first!))} and  ${String(other.dtype)}`,
  );
}

function check_complex(callee: string, op: RedOpType): void {
  if (!supports_complex(op))
    throw new Error(`${callee}(): all_reduce does not support ${String(op)} on complex tensors`);
}

function check_other_rank(callee: string, of: ProcessGroup, rank: number, type: string): void {
  if (of.rank() !== rank) return;
  throw new Error(
    `${callee}(): Invalid ${type} rank: ${type} rank should not be the same as the rank of the current process.`,
  );
}

/** Gloo crashes for a rank that is not there. */
function check_peer(callee: string, of: ProcessGroup, rank: number, type: string): void {
  if (rank >= 0 && rank < of.size()) return;
  throw new Error(`${callee}(): Invalid ${type} rank: ${rank} is not one of the ${of.size()} ranks of the group.`);
}

/** A tensor as Gloo may read it. */
const separate = (tensor: Tensor): Tensor => (overlaps(tensor) ? tensor.contiguous() : tensor);
/** Gloo has no complex numbers: they go as pairs of reals, in the same memory. */
const as_real = (given: Tensor): Tensor => {
  const tensor = separate(given);
  return tensor.is_complex() ? view_as_real(tensor) : tensor;
};
const handles_of = (tensors: readonly Tensor[]): Handle[] => tensors.map((tensor) => separate(tensor)._h);

// ---- Running ------------------------------------------------------------------------------------

/** Starts a collective. */
function start(callee: string, of: ProcessGroup, run: (group: NativeGroup) => NativeWork | null): Work | null {
  try {
    const work = run(native_of(of));
    return work && new Work(work, callee);
  } catch (error) {
    throw name_operator(error, callee);
  }
}

/** Starts a collective, and waits for it unless it is to run beside the program. */
function collective(
  callee: string,
  { group, async_op }: { group?: Group; async_op?: boolean },
  run: (group: NativeGroup, async_op: boolean) => NativeWork | null,
): Work | null {
  const later = async_op ?? false;
  const work = start(callee, group_or_default(group), (of) => run(of, later));
  if (later) return work;
  work?.wait();
  return null;
}

// ---- One tensor ---------------------------------------------------------------------------------

const ALL_REDUCE = signature<{ tensor: Tensor; op?: RedOpType; group?: Group; async_op?: boolean }>(
  'all_reduce',
  'tensor: value, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool',
);

/**
 * Combines a tensor of all processes, element by element, in place; all have the result. Mirrors `torch.distributed.all_reduce`.
 *
 * @param tensor - what this process gives, and the result
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.tensor([1.5, 2]);
 * dist.all_reduce(x, dist.ReduceOp.MAX);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.tensor([1.5, 2])
 * dist.all_reduce(x, dist.ReduceOp.MAX)
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_reduce(tensor: Tensor, op?: RedOpType, group?: Group, async_op?: boolean): Work | null;
export function all_reduce(
  ...args: Arguments<
    [tensor: Tensor, op?: RedOpType, group?: Group, async_op?: boolean],
    { tensor: Tensor; op?: RedOpType; group?: Group; async_op?: boolean },
    ['tensor', 'op', 'group', 'async_op']
  >
): Work | null;
export function all_reduce(...args: unknown[]): Work | null {
  const given = ALL_REDUCE.read(args);

  const { tensor, op = ReduceOp.SUM } = given;
  check_tensor('all_reduce', tensor, 'tensor');
  if (is_outside(given.group, 'all_reduce')) return null;
  if (tensor.is_complex()) check_complex('all_reduce', op);
  return collective('all_reduce', given, (group, later) =>
    native.group_allreduce(group, [as_real(tensor)._h], op.value, later),
  );
}

const BROADCAST = signature<{
  tensor: Tensor;
  src?: number | null;
  group?: Group;
  async_op?: boolean;
  group_src?: number | null;
}>('broadcast', 'tensor: value, src?: int|None, group?: ProcessGroup|None, async_op?: bool, group_src?: int|None');

/**
 * Sends a tensor of one process to all others, in place. Mirrors `torch.distributed.broadcast`.
 *
 * @param tensor - what is sent, or where it is received
 * @param src - the global rank that sends
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @param group_src - the rank within the group that sends, instead of `src`
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2);
 * dist.broadcast(x, { src: 0 });
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2)
 * dist.broadcast(x, src=0)
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function broadcast(
  tensor: Tensor,
  src?: number | null,
  group?: Group,
  async_op?: boolean,
  group_src?: number | null,
): Work | null;
export function broadcast(
  ...args: Arguments<
    [tensor: Tensor, src?: number | null, group?: Group, async_op?: boolean, group_src?: number | null],
    { tensor: Tensor; src?: number | null; group?: Group; async_op?: boolean; group_src?: number | null },
    ['tensor', 'src', 'group', 'async_op', 'group_src']
  >
): Work | null;
export function broadcast(...args: unknown[]): Work | null {
  const given = BROADCAST.read(args);

  const { tensor, src = null, group_src = null } = given;
  check_tensor('broadcast', tensor, 'tensor');
  const root = group_rank_of(group_or_default(given.group), src, group_src);
  if (is_outside(given.group, 'broadcast')) return null;
  return collective('broadcast', given, (group, later) =>
    native.group_broadcast(group, [as_real(tensor)._h], root, later),
  );
}

const REDUCE = signature<{
  tensor: Tensor;
  dst?: number | null;
  op?: RedOpType;
  group?: Group;
  async_op?: boolean;
  group_dst?: number | null;
}>(
  'reduce',
  'tensor: value, dst?: int|None, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool, group_dst?: int|None',
);

/**
 * Combines a tensor of all processes, element by element, in place; one process has the result. Mirrors `torch.distributed.reduce`.
 *
 * @param tensor - what this process gives; in process `dst`, the result. In others it may hold a part of it
 * @param dst - the global rank that gets the result
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @param group_dst - the rank within the group that gets it, instead of `dst`
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2);
 * dist.reduce(x, 0);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2)
 * dist.reduce(x, 0)
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function reduce(
  tensor: Tensor,
  dst?: number | null,
  op?: RedOpType,
  group?: Group,
  async_op?: boolean,
  group_dst?: number | null,
): Work | null;
export function reduce(
  ...args: Arguments<
    [tensor: Tensor, dst?: number | null, op?: RedOpType, group?: Group, async_op?: boolean, group_dst?: number | null],
    {
      tensor: Tensor;
      dst?: number | null;
      op?: RedOpType;
      group?: Group;
      async_op?: boolean;
      group_dst?: number | null;
    },
    ['tensor', 'dst', 'op', 'group', 'async_op', 'group_dst']
  >
): Work | null;
export function reduce(...args: unknown[]): Work | null {
  const given = REDUCE.read(args);

  const { tensor, dst = null, op = ReduceOp.SUM, group_dst = null } = given;
  check_tensor('reduce', tensor, 'tensor');
  const root = group_rank_of(group_or_default(given.group), dst, group_dst);
  if (is_outside(given.group, 'reduce')) return null;
  return collective('reduce', given, (group, later) => native.group_reduce(group, [tensor._h], root, op.value, later));
}

// ---- Lists of tensors ---------------------------------------------------------------------------

const ALL_GATHER = signature<{ tensor_list: readonly Tensor[]; tensor: Tensor; group?: Group; async_op?: boolean }>(
  'all_gather',
  'tensor_list: value, tensor: value, group?: ProcessGroup|None, async_op?: bool',
);

/**
 * Collects a tensor of all processes in all of them. Mirrors `torch.distributed.all_gather`.
 *
 * @param tensor_list - where the results go, one for each process; sizes may differ
 * @param tensor - what this process gives
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = [torch.zeros(2)];
 * dist.all_gather(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = [torch.zeros(2)]
 * dist.all_gather(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather(
  tensor_list: readonly Tensor[],
  tensor: Tensor,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function all_gather(
  ...args: Arguments<
    [tensor_list: readonly Tensor[], tensor: Tensor, group?: Group, async_op?: boolean],
    { tensor_list: readonly Tensor[]; tensor: Tensor; group?: Group; async_op?: boolean },
    ['tensor_list', 'tensor', 'group', 'async_op']
  >
): Work | null;
export function all_gather(...args: unknown[]): Work | null {
  const given = ALL_GATHER.read(args);

  const { tensor_list, tensor } = given;
  check_tensors('all_gather', tensor_list, 'tensor_list');
  check_tensor('all_gather', tensor, 'tensor');
  check_same_dtype('all_gather', [...tensor_list, tensor]);
  if (is_outside(given.group, 'all_gather')) return null;
  return collective('all_gather', given, (group, later) =>
    native.group_allgather(group, [handles_of(tensor_list.map(as_real))], [as_real(tensor)._h], later),
  );
}

const ALL_GATHER_SINGLE = signature<{ output_tensor: Tensor; input_tensor: Tensor; group?: Group; async_op?: boolean }>(
  'all_gather_single',
  'output_tensor: value, input_tensor: value, group?: ProcessGroup|None, async_op?: bool',
);

/**
 * Collects a tensor of all processes in one tensor, concatenated along the first dimension or stacked. Mirrors `torch.distributed.all_gather_single`.
 *
 * @param output_tensor - the result, with as many elements as all inputs
 * @param input_tensor - what this process gives
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.all_gather_single(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.all_gather_single(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_single(
  output_tensor: Tensor,
  input_tensor: Tensor,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function all_gather_single(
  ...args: Arguments<
    [output_tensor: Tensor, input_tensor: Tensor, group?: Group, async_op?: boolean],
    { output_tensor: Tensor; input_tensor: Tensor; group?: Group; async_op?: boolean },
    ['output_tensor', 'input_tensor', 'group', 'async_op']
  >
): Work | null;
export function all_gather_single(...args: unknown[]): Work | null {
  const given = ALL_GATHER_SINGLE.read(args);

  const { output_tensor, input_tensor } = given;
  check_tensor('all_gather_single', input_tensor, 'input_tensor');
  check_tensor('all_gather_single', output_tensor, 'output_tensor');
  if (is_outside(given.group, 'all_gather_single')) return null;
  return collective('all_gather_single', given, (group, later) =>
    native.group_allgather_single(group, as_real(output_tensor)._h, as_real(input_tensor)._h, later),
  );
}

const ALL_GATHER_INTO_TENSOR = signature<{
  output_tensor: Tensor;
  input_tensor: Tensor;
  group?: Group;
  async_op?: boolean;
}>('all_gather_into_tensor', 'output_tensor: value, input_tensor: value, group?: ProcessGroup|None, async_op?: bool');

/**
 * As {@link all_gather_single}, of which it is the older name. Mirrors `torch.distributed.all_gather_into_tensor`, which warns.
 *
 * @param output_tensor - the result, with as many elements as all inputs
 * @param input_tensor - what this process gives
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.all_gather_into_tensor(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.all_gather_into_tensor(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_into_tensor(
  output_tensor: Tensor,
  input_tensor: Tensor,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function all_gather_into_tensor(
  ...args: Arguments<
    [output_tensor: Tensor, input_tensor: Tensor, group?: Group, async_op?: boolean],
    { output_tensor: Tensor; input_tensor: Tensor; group?: Group; async_op?: boolean },
    ['output_tensor', 'input_tensor', 'group', 'async_op']
  >
): Work | null;
export function all_gather_into_tensor(...args: unknown[]): Work | null {
  const given = ALL_GATHER_INTO_TENSOR.read(args);

  const { output_tensor, input_tensor, ...options } = given;
  check_tensor('all_gather_into_tensor', input_tensor, 'input_tensor');
  check_tensor('all_gather_into_tensor', output_tensor, 'output_tensor');
  warn(
    '`torch.distributed.all_gather_into_tensor` is deprecated. Please use `torch.distributed.all_gather_single` instead.',
    'FutureWarning',
  );
  return all_gather_single(output_tensor, input_tensor, options);
}

const GATHER = signature<{
  tensor: Tensor;
  gather_list?: readonly Tensor[] | null;
  dst?: number | null;
  group?: Group;
  async_op?: boolean;
  group_dst?: number | null;
}>(
  'gather',
  'tensor: value, gather_list?: value|None, dst?: int|None, group?: ProcessGroup|None, async_op?: bool, group_dst?: int|None',
);

/**
 * Collects a tensor of all processes in one of them. Mirrors `torch.distributed.gather`.
 *
 * @param tensor - what this process gives
 * @param gather_list - in process `dst`, where the results go; null in others
 * @param dst - the global rank that collects; default 0
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @param group_dst - the rank within the group that collects, instead of `dst`
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = [torch.zeros(2)];
 * dist.gather(torch.ones(2), x);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = [torch.zeros(2)]
 * dist.gather(torch.ones(2), x)
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function gather(
  tensor: Tensor,
  gather_list?: readonly Tensor[] | null,
  dst?: number | null,
  group?: Group,
  async_op?: boolean,
  group_dst?: number | null,
): Work | null;
export function gather(
  ...args: Arguments<
    [
      tensor: Tensor,
      gather_list?: readonly Tensor[] | null,
      dst?: number | null,
      group?: Group,
      async_op?: boolean,
      group_dst?: number | null,
    ],
    {
      tensor: Tensor;
      gather_list?: readonly Tensor[] | null;
      dst?: number | null;
      group?: Group;
      async_op?: boolean;
      group_dst?: number | null;
    },
    ['tensor', 'gather_list', 'dst', 'group', 'async_op', 'group_dst']
  >
): Work | null;
export function gather(...args: unknown[]): Work | null {
  const given = GATHER.read(args);

  const { tensor, group_dst = null } = given;
  check_tensor('gather', tensor, 'tensor');
  const list = given.gather_list ?? [];
  check_tensors('gather', list, 'gather_list');
  check_same_dtype('gather', [tensor, ...list]);
  const of = group_or_default(given.group);
  if (is_outside(of, 'gather')) return null;
  const root = group_rank_of(of, given.dst ?? (group_dst === null ? 0 : null), group_dst);
  const mine = root === of.rank();
  check_list_of_rank('gather', mine, list, 'gather_list');
  return collective('gather', given, (group, later) =>
    native.group_gather(group, mine ? [handles_of(list)] : [], [separate(tensor)._h], root, later),
  );
}

/** A list that only the process with all results has. */
export function check_list_of_rank(callee: string, mine: boolean, list: readonly unknown[], name: string): void {
  if (mine && list.length === 0) {
    throw new Error(`${callee}(): Argument \`\`${name}\`\` must be specified on destination rank.`);
  }
  if (!mine && list.length > 0) {
    throw new Error(`${callee}(): Argument \`\`${name}\`\` must NOT be specified on non-destination ranks.`);
  }
}

const SCATTER = signature<{
  tensor: Tensor;
  scatter_list?: readonly Tensor[] | null;
  src?: number | null;
  group?: Group;
  async_op?: boolean;
  group_src?: number | null;
}>(
  'scatter',
  'tensor: value, scatter_list?: value|None, src?: int|None, group?: ProcessGroup|None, async_op?: bool, group_src?: int|None',
);

/**
 * Sends each process one tensor of a list. Mirrors `torch.distributed.scatter`.
 *
 * @param tensor - where this process receives
 * @param scatter_list - in process `src`, what is sent to each; null in others
 * @param src - the global rank that sends; default 0
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @param group_src - the rank within the group that sends, instead of `src`
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.scatter(x, [torch.ones(2)]);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.scatter(x, [torch.ones(2)])
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function scatter(
  tensor: Tensor,
  scatter_list?: readonly Tensor[] | null,
  src?: number | null,
  group?: Group,
  async_op?: boolean,
  group_src?: number | null,
): Work | null;
export function scatter(
  ...args: Arguments<
    [
      tensor: Tensor,
      scatter_list?: readonly Tensor[] | null,
      src?: number | null,
      group?: Group,
      async_op?: boolean,
      group_src?: number | null,
    ],
    {
      tensor: Tensor;
      scatter_list?: readonly Tensor[] | null;
      src?: number | null;
      group?: Group;
      async_op?: boolean;
      group_src?: number | null;
    },
    ['tensor', 'scatter_list', 'src', 'group', 'async_op', 'group_src']
  >
): Work | null;
export function scatter(...args: unknown[]): Work | null {
  const given = SCATTER.read(args);

  const { tensor, group_src = null } = given;
  check_tensor('scatter', tensor, 'tensor');
  const list = given.scatter_list ?? [];
  check_tensors('scatter', list, 'scatter_list');
  check_same_dtype('scatter', [tensor, ...list]);
  const of = group_or_default(given.group);
  if (is_outside(of, 'scatter')) return null;
  const root = group_rank_of(of, given.src ?? (group_src === null ? 0 : null), group_src);
  const mine = root === of.rank();
  if (mine && list.length === 0) {
    throw new Error('scatter(): Argument ``scatter_list`` must be specified on source rank.');
  }
  if (!mine && list.length > 0) {
    throw new Error('scatter(): Argument ``scatter_list`` must NOT be specified on non-source ranks.');
  }
  return collective('scatter', given, (group, later) =>
    native.group_scatter(group, [as_real(tensor)._h], mine ? [handles_of(list.map(as_real))] : [], root, later),
  );
}

const REDUCE_SCATTER = signature<{
  output: Tensor;
  input_list: readonly Tensor[];
  op?: RedOpType;
  group?: Group;
  async_op?: boolean;
}>('reduce_scatter', 'output: value, input_list: value, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool');

/**
 * Combines lists of tensors of all processes; each has one tensor of the result. Mirrors `torch.distributed.reduce_scatter`.
 *
 * @param output - where the result goes
 * @param input_list - what this process gives, one for each process
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.reduce_scatter(x, [torch.ones(2)]);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.reduce_scatter(x, [torch.ones(2)])
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter(
  output: Tensor,
  input_list: readonly Tensor[],
  op?: RedOpType,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function reduce_scatter(
  ...args: Arguments<
    [output: Tensor, input_list: readonly Tensor[], op?: RedOpType, group?: Group, async_op?: boolean],
    { output: Tensor; input_list: readonly Tensor[]; op?: RedOpType; group?: Group; async_op?: boolean },
    ['output', 'input_list', 'op', 'group', 'async_op']
  >
): Work | null;
export function reduce_scatter(...args: unknown[]): Work | null {
  const given = REDUCE_SCATTER.read(args);

  const { output, input_list, op = ReduceOp.SUM } = given;
  check_tensor('reduce_scatter', output, 'output');
  check_tensors('reduce_scatter', input_list, 'input_list');
  check_same_dtype('reduce_scatter', [output, ...input_list]);
  if (is_outside(given.group, 'reduce_scatter')) return null;
  return collective('reduce_scatter', given, (group, later) =>
    native.group_reduce_scatter(group, [output._h], [handles_of(input_list)], op.value, later),
  );
}

const REDUCE_SCATTER_SINGLE = signature<{
  output: Tensor;
  input: Tensor;
  op?: RedOpType;
  group?: Group;
  async_op?: boolean;
}>('reduce_scatter_single', 'output: value, input: value, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool');

/**
 * Combines a tensor of all processes; each has a part of the result. Mirrors `torch.distributed.reduce_scatter_single`.
 *
 * @param output - where the result goes
 * @param input - what this process gives, with as many elements as all outputs
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.reduce_scatter_single(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.reduce_scatter_single(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter_single(
  output: Tensor,
  input: Tensor,
  op?: RedOpType,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function reduce_scatter_single(
  ...args: Arguments<
    [output: Tensor, input: Tensor, op?: RedOpType, group?: Group, async_op?: boolean],
    { output: Tensor; input: Tensor; op?: RedOpType; group?: Group; async_op?: boolean },
    ['output', 'input', 'op', 'group', 'async_op']
  >
): Work | null;
export function reduce_scatter_single(...args: unknown[]): Work | null {
  const given = REDUCE_SCATTER_SINGLE.read(args);

  const { output, input, op = ReduceOp.SUM } = given;
  check_tensor('reduce_scatter_single', output, 'output');
  check_tensor('reduce_scatter_single', input, 'input');
  check_dimensions('reduce_scatter_single', [output, input]);
  if (is_outside(given.group, 'reduce_scatter_single')) return null;
  return collective('reduce_scatter_single', given, (group, later) =>
    native.group_reduce_scatter_single(group, output._h, separate(input)._h, op.value, later),
  );
}

const REDUCE_SCATTER_TENSOR = signature<{
  output: Tensor;
  input: Tensor;
  op?: RedOpType;
  group?: Group;
  async_op?: boolean;
}>('reduce_scatter_tensor', 'output: value, input: value, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool');

/**
 * As {@link reduce_scatter_single}, of which it is the older name. Mirrors `torch.distributed.reduce_scatter_tensor`, which warns.
 *
 * @param output - where the result goes
 * @param input - what this process gives, with as many elements as all outputs
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.reduce_scatter_tensor(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.reduce_scatter_tensor(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter_tensor(
  output: Tensor,
  input: Tensor,
  op?: RedOpType,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function reduce_scatter_tensor(
  ...args: Arguments<
    [output: Tensor, input: Tensor, op?: RedOpType, group?: Group, async_op?: boolean],
    { output: Tensor; input: Tensor; op?: RedOpType; group?: Group; async_op?: boolean },
    ['output', 'input', 'op', 'group', 'async_op']
  >
): Work | null;
export function reduce_scatter_tensor(...args: unknown[]): Work | null {
  const given = REDUCE_SCATTER_TENSOR.read(args);

  const { output, input, ...options } = given;
  check_tensor('reduce_scatter_tensor', output, 'output');
  check_tensor('reduce_scatter_tensor', input, 'input');
  warn(
    '`torch.distributed.reduce_scatter_tensor` is deprecated. Please use `torch.distributed.reduce_scatter_single` instead.',
    'FutureWarning',
  );
  return reduce_scatter_single(output, input, options);
}

const ALL_TO_ALL = signature<{
  output_tensor_list: readonly Tensor[];
  input_tensor_list: readonly Tensor[];
  group?: Group;
  async_op?: boolean;
}>('all_to_all', 'output_tensor_list: value, input_tensor_list: value, group?: ProcessGroup|None, async_op?: bool');

/**
 * Sends one tensor to each process, and receives one from each. Mirrors `torch.distributed.all_to_all`; Gloo has it where libtorch does.
 *
 * @param output_tensor_list - where the results go, one from each process
 * @param input_tensor_list - what is sent to each
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = [torch.zeros(2)];
 * dist.all_to_all(x, [torch.ones(2)]);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = [torch.zeros(2)]
 * dist.all_to_all(x, [torch.ones(2)])
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_to_all(
  output_tensor_list: readonly Tensor[],
  input_tensor_list: readonly Tensor[],
  group?: Group,
  async_op?: boolean,
): Work | null;
export function all_to_all(
  ...args: Arguments<
    [output_tensor_list: readonly Tensor[], input_tensor_list: readonly Tensor[], group?: Group, async_op?: boolean],
    { output_tensor_list: readonly Tensor[]; input_tensor_list: readonly Tensor[]; group?: Group; async_op?: boolean },
    ['output_tensor_list', 'input_tensor_list', 'group', 'async_op']
  >
): Work | null;
export function all_to_all(...args: unknown[]): Work | null {
  const given = ALL_TO_ALL.read(args);

  const { output_tensor_list: outputs, input_tensor_list: inputs } = given;
  check_tensors('all_to_all', outputs, 'output_tensor_list');
  check_tensors('all_to_all', inputs, 'input_tensor_list');
  check_same_dtype('all_to_all', [...outputs, ...inputs]);
  if (is_outside(given.group, 'all_to_all')) return null;
  return collective('all_to_all', given, (group, later) =>
    native.group_alltoall(group, handles_of(outputs.map(as_real)), handles_of(inputs.map(as_real)), later),
  );
}

const ALL_TO_ALL_SINGLE = signature<{
  output: Tensor;
  input: Tensor;
  output_split_sizes?: readonly number[] | null;
  input_split_sizes?: readonly number[] | null;
  group?: Group;
  async_op?: boolean;
}>(
  'all_to_all_single',
  'output: value, input: value, output_split_sizes?: int[]|None, input_split_sizes?: int[]|None, group?: ProcessGroup|None, async_op?: bool',
);

/**
 * Sends a part of a tensor to each process, and receives one from each. Mirrors `torch.distributed.all_to_all_single`.
 *
 * @param output - the parts that are received, concatenated along the first dimension
 * @param input - what is sent, divided along the first dimension
 * @param output_split_sizes - the sizes of the parts; default null, all the same
 * @param input_split_sizes - the sizes of the parts; default null, all the same
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.zeros(2);
 * dist.all_to_all_single(x, torch.ones(2));
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.zeros(2)
 * dist.all_to_all_single(x, torch.ones(2))
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_to_all_single(
  output: Tensor,
  input: Tensor,
  output_split_sizes?: readonly number[] | null,
  input_split_sizes?: readonly number[] | null,
  group?: Group,
  async_op?: boolean,
): Work | null;
export function all_to_all_single(
  ...args: Arguments<
    [
      output: Tensor,
      input: Tensor,
      output_split_sizes?: readonly number[] | null,
      input_split_sizes?: readonly number[] | null,
      group?: Group,
      async_op?: boolean,
    ],
    {
      output: Tensor;
      input: Tensor;
      output_split_sizes?: readonly number[] | null;
      input_split_sizes?: readonly number[] | null;
      group?: Group;
      async_op?: boolean;
    },
    ['output', 'input', 'output_split_sizes', 'input_split_sizes', 'group', 'async_op']
  >
): Work | null;
export function all_to_all_single(...args: unknown[]): Work | null {
  const given = ALL_TO_ALL_SINGLE.read(args);

  const { output, input } = given;
  check_tensor('all_to_all_single', output, 'output');
  check_tensor('all_to_all_single', input, 'input');
  check_same_dtype('all_to_all_single', [output, input]);
  if (is_outside(given.group, 'all_to_all_single')) return null;
  const sizes = [given.output_split_sizes ?? [], given.input_split_sizes ?? []] as const;
  return collective('all_to_all_single', given, (group, later) =>
    native.group_alltoall_single(group, as_real(output)._h, as_real(input)._h, ...sizes, later),
  );
}

// ---- Barriers -----------------------------------------------------------------------------------

interface BarrierArguments {
  group?: Group;
  async_op?: boolean;
  device_ids?: readonly number[] | null;
  timeout?: number | null;
}

const BARRIER = signature<BarrierArguments>(
  'barrier',
  'group?: ProcessGroup|None, async_op?: bool, device_ids?: int[]|None, timeout?: float|None',
);

/**
 * Waits until all processes of a group have come here. Mirrors `torch.distributed.barrier`.
 *
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @param device_ids - for NCCL, the index of this process's GPU in a list; default null, the current one
 * @param timeout - in seconds; default null, that of the group
 * @returns with `async_op`, the {@link Work}; null otherwise, and in a process that is not in the group
 * @throws Error when a process does not come in time
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.barrier());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist.barrier())
 * dist.destroy_process_group()
 * ```
 */
export function barrier(
  group?: Group,
  async_op?: boolean,
  device_ids?: readonly number[] | null,
  timeout?: number | null,
): Work | null;
export function barrier(
  ...args: Arguments<
    [group?: Group, async_op?: boolean, device_ids?: readonly number[] | null, timeout?: number | null],
    BarrierArguments,
    ['group', 'async_op', 'device_ids', 'timeout']
  >
): Work | null;
export function barrier(...args: unknown[]): Work | null {
  const given = BARRIER.read(args);

  const of = group_or_default(given.group);
  if (is_outside(of, 'barrier')) return null;
  const timeout = given.timeout == null ? null : milliseconds('barrier', Number(given.timeout));
  const index = given.device_ids?.[0];
  if (given.device_ids != null && of.name() !== 'nccl') {
    throw new Error(
      `barrier(): Function argument device_ids not supported for the selected backend ${get_backend(of)}`,
    );
  }
  const device = index === undefined ? device_of_group(of) : `cuda:${index}`;
  return collective('barrier', given, (group, later) => native.group_barrier(group, timeout, device, later));
}

const MONITORED_BARRIER = signature<{ group?: Group; timeout?: number | null; wait_all_ranks?: boolean }>(
  'monitored_barrier',
  'group?: ProcessGroup|None, timeout?: float|None, wait_all_ranks?: bool',
);

/**
 * Waits until all processes of a group have come here; rank 0 says which have not. Mirrors `torch.distributed.monitored_barrier`.
 *
 * @param group - the group; default null, the default one
 * @param timeout - in seconds; default null, 1800
 * @param wait_all_ranks - let rank 0 name all ranks that are missing, instead of the first; default false
 * @throws Error with the ranks that did not come in time
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist.monitored_barrier({ timeout: 5 }));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * import datetime
 * print(dist.monitored_barrier(timeout=datetime.timedelta(seconds=5)))
 * dist.destroy_process_group()
 * ```
 */
export function monitored_barrier(group?: Group, timeout?: number | null, wait_all_ranks?: boolean): void;
export function monitored_barrier(
  ...args: Arguments<
    [group?: Group, timeout?: number | null, wait_all_ranks?: boolean],
    { group?: Group; timeout?: number | null; wait_all_ranks?: boolean },
    ['group', 'timeout', 'wait_all_ranks']
  >
): void;
export function monitored_barrier(...args: unknown[]): void {
  const given = MONITORED_BARRIER.read(args);

  if (is_outside(given.group, 'monitored_barrier')) return;
  const of = group_or_default(given.group);
  const timeout = milliseconds('monitored_barrier', Number(given.timeout ?? default_pg_timeout));
  start('monitored_barrier', of, (group) => {
    native.group_monitored_barrier(group, timeout, given.wait_all_ranks ?? false);
    return null;
  });
}

// ---- From process to process --------------------------------------------------------------------

const ISEND = signature<{
  tensor: Tensor;
  dst?: number | null;
  group?: Group;
  tag?: number;
  group_dst?: number | null;
}>('isend', 'tensor: value, dst?: int|None, group?: ProcessGroup|None, tag?: int, group_dst?: int|None');

/**
 * Begins to send a tensor to one process. Mirrors `torch.distributed.isend`. The tensor must not change until the work is done.
 *
 * @param tensor - what is sent
 * @param dst - the global rank that receives
 * @param group - the group; default null, the default one
 * @param tag - a number that the receiver names too; default 0
 * @param group_dst - the rank within the group, instead of `dst`
 * @returns the {@link Work}; null in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 */
export function isend(
  tensor: Tensor,
  dst?: number | null,
  group?: Group,
  tag?: number,
  group_dst?: number | null,
): Work | null;
export function isend(
  ...args: Arguments<
    [tensor: Tensor, dst?: number | null, group?: Group, tag?: number, group_dst?: number | null],
    { tensor: Tensor; dst?: number | null; group?: Group; tag?: number; group_dst?: number | null },
    ['tensor', 'dst', 'group', 'tag', 'group_dst']
  >
): Work | null;
export function isend(...args: unknown[]): Work | null {
  const given = ISEND.read(args);

  return started_send('isend', given);
}

interface Sending {
  tensor: Tensor;
  dst?: number | null;
  group?: Group;
  tag?: number;
  group_dst?: number | null;
}

function started_send(
  callee: string,
  { tensor, dst = null, group = null, tag = 0, group_dst = null }: Sending,
): Work | null {
  check_tensor(callee, tensor, 'tensor');
  const of = group_or_default(group);
  const receiver = group_rank_of(of, dst, group_dst);
  if (is_outside(of, callee)) return null;
  check_peer(callee, of, receiver, 'destination');
  return start(callee, of, (to) => native.group_send(to, [as_real(tensor)._h], receiver, tag));
}

const IRECV = signature<{
  tensor: Tensor;
  src?: number | null;
  group?: Group;
  tag?: number;
  group_src?: number | null;
}>('irecv', 'tensor: value, src?: int|None, group?: ProcessGroup|None, tag?: int, group_src?: int|None');

/**
 * Begins to receive a tensor. Mirrors `torch.distributed.irecv`.
 *
 * @param tensor - where it is received
 * @param src - the global rank that sends; default null, any
 * @param group - the group; default null, the default one
 * @param tag - the number that the sender names; default 0
 * @param group_src - the rank within the group, instead of `src`
 * @returns the {@link Work}; null in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 */
export function irecv(
  tensor: Tensor,
  src?: number | null,
  group?: Group,
  tag?: number,
  group_src?: number | null,
): Work | null;
export function irecv(
  ...args: Arguments<
    [tensor: Tensor, src?: number | null, group?: Group, tag?: number, group_src?: number | null],
    { tensor: Tensor; src?: number | null; group?: Group; tag?: number; group_src?: number | null },
    ['tensor', 'src', 'group', 'tag', 'group_src']
  >
): Work | null;
export function irecv(...args: unknown[]): Work | null {
  const given = IRECV.read(args);

  return started_recv('irecv', given);
}

interface Receiving {
  tensor: Tensor;
  src?: number | null;
  group?: Group;
  tag?: number;
  group_src?: number | null;
}

function started_recv(
  callee: string,
  { tensor, src = null, group = null, tag = 0, group_src = null }: Receiving,
): Work | null {
  check_tensor(callee, tensor, 'tensor');
  if (is_outside(group, callee)) return null;
  const of = group_or_default(group);
  const sender = src === null && group_src === null ? null : group_rank_of(of, src, group_src);
  if (sender !== null) check_peer(callee, of, sender, 'source');
  return start(callee, of, (from) => native.group_recv(from, [as_real(tensor)._h], sender, tag));
}

const SEND = signature<{ tensor: Tensor; dst?: number | null; group?: Group; tag?: number; group_dst?: number | null }>(
  'send',
  'tensor: value, dst?: int|None, group?: ProcessGroup|None, tag?: int, group_dst?: int|None',
);

/**
 * Sends a tensor to one process. Mirrors `torch.distributed.send`.
 *
 * @param tensor - what is sent
 * @param dst - the global rank that receives
 * @param group - the group; default null, the default one
 * @param tag - a number that the receiver names too; default 0
 * @param group_dst - the rank within the group, instead of `dst`
 * @throws Error for the rank of this process
 * @throws Error when it fails or takes too long
 */
export function send(tensor: Tensor, dst?: number | null, group?: Group, tag?: number, group_dst?: number | null): void;
export function send(
  ...args: Arguments<
    [tensor: Tensor, dst?: number | null, group?: Group, tag?: number, group_dst?: number | null],
    { tensor: Tensor; dst?: number | null; group?: Group; tag?: number; group_dst?: number | null },
    ['tensor', 'dst', 'group', 'tag', 'group_dst']
  >
): void;
export function send(...args: unknown[]): void {
  const given = SEND.read(args);

  check_tensor('send', given.tensor, 'tensor');
  const of = group_or_default(given.group);
  const receiver = group_rank_of(of, given.dst ?? null, given.group_dst ?? null);
  check_other_rank('send', of, receiver, 'destination');
  started_send('send', { tensor: given.tensor, group: of, tag: given.tag ?? 0, group_dst: receiver })?.wait();
}

const RECV = signature<{ tensor: Tensor; src?: number | null; group?: Group; tag?: number; group_src?: number | null }>(
  'recv',
  'tensor: value, src?: int|None, group?: ProcessGroup|None, tag?: int, group_src?: int|None',
);

/**
 * Receives a tensor. Mirrors `torch.distributed.recv`.
 *
 * @param tensor - where it is received
 * @param src - the global rank that sends; default null, any
 * @param group - the group; default null, the default one
 * @param tag - the number that the sender names; default 0
 * @param group_src - the rank within the group, instead of `src`
 * @returns the global rank that sent; -1 in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 */
export function recv(
  tensor: Tensor,
  src?: number | null,
  group?: Group,
  tag?: number,
  group_src?: number | null,
): number;
export function recv(
  ...args: Arguments<
    [tensor: Tensor, src?: number | null, group?: Group, tag?: number, group_src?: number | null],
    { tensor: Tensor; src?: number | null; group?: Group; tag?: number; group_src?: number | null },
    ['tensor', 'src', 'group', 'tag', 'group_src']
  >
): number;
export function recv(...args: unknown[]): number {
  const given = RECV.read(args);

  const work = started_recv('recv', given);
  if (work === null) return -1;
  work.wait();
  if (given.src != null) return given.src;
  const of = group_or_default(given.group);
  return get_global_rank(of, given.group_src ?? work.source_rank());
}

/** What {@link P2POp} does. */
export type PointToPoint = typeof isend | typeof irecv;

interface P2POpArguments {
  op: PointToPoint;
  tensor: Tensor;
  peer?: number | null;
  group?: Group;
  tag?: number;
  group_peer?: number | null;
}

const P2P_OP = signature<P2POpArguments>(
  'P2POp',
  'op: value, tensor: value, peer?: int|None, group?: ProcessGroup|None, tag?: int, group_peer?: int|None',
);

/**
 * A send or a receive for {@link batch_isend_irecv}. Mirrors `torch.distributed.P2POp`.
 *
 * @param op - {@link isend} or {@link irecv}
 * @param tensor - what is sent, or where it is received
 * @param peer - the global rank of the other process
 * @param group - the group; default null, the default one
 * @param tag - a number that both name; default 0
 * @param group_peer - the rank within the group, instead of `peer`
 * @throws TypeError for another function, or what is not a tensor
 */
export class P2POp {
  readonly op: PointToPoint;
  readonly tensor: Tensor;
  readonly group: ProcessGroup;
  /** The global rank of the other process. */
  readonly peer: number;
  readonly tag: number;
  /** Its rank within the group. */
  readonly group_peer: number;

  constructor(
    ...args: Arguments<
      [op: PointToPoint, tensor: Tensor, peer?: number | null, group?: Group, tag?: number, group_peer?: number | null],
      P2POpArguments,
      ['op', 'tensor', 'peer', 'group', 'tag', 'group_peer']
    >
  ) {
    const { op, tensor, peer = null, group = null, tag = 0, group_peer = null } = P2P_OP.read(args);
    if (op !== isend && op !== irecv) {
      throw new TypeError(
        'P2POp(): Invalid ``op``. Expected ``op`` to be of type ``torch.distributed.isend`` or ``torch.distributed.irecv``.',
      );
    }
    check_tensor('P2POp', tensor, 'tensor');
    this.op = op;
    this.tensor = tensor;
    this.group = group_or_default(group);
    this.group_peer = group_rank_of(this.group, peer, group_peer);
    this.peer = peer ?? get_global_rank(this.group, this.group_peer);
    this.tag = tag;
  }
}
define_kind('P2POp', 'P2POp', (value) => value instanceof P2POp);

const BATCH_ISEND_IRECV = signature<{ p2p_op_list: readonly P2POp[] }>('batch_isend_irecv', 'p2p_op_list: P2POp[]');

/**
 * Begins several sends and receives. Mirrors `torch.distributed.batch_isend_irecv`.
 *
 * @param p2p_op_list - the sends and receives, all of one group
 * @returns the {@link Work} of each
 * @throws Error when the groups differ
 */
export function batch_isend_irecv(p2p_op_list: readonly P2POp[]): Work[];
export function batch_isend_irecv(
  ...args: Arguments<[p2p_op_list: readonly P2POp[]], { p2p_op_list: readonly P2POp[] }, ['p2p_op_list']>
): Work[];
export function batch_isend_irecv(...args: unknown[]): Work[] {
  const given = BATCH_ISEND_IRECV.read(args);

  const { p2p_op_list: ops } = given;
  if (ops.some((op) => op.group !== ops[0]!.group))
    throw new Error('batch_isend_irecv(): All ops need to use the same group.');
  const first = ops[0];
  const type = first?.tensor.device.type ?? 'cpu';
  // NCCL must know of all before it begins with one.
  const coalesced =
    first !== undefined &&
    !is_outside(first.group, 'batch_isend_irecv') &&
    native.group_coalesces(native_of(first.group), type);
  if (coalesced) native.group_start_coalescing(native_of(first.group), type);
  let together: NativeWork | null = null;
  let works: Work[];
  try {
    works = ops.flatMap(({ op, tensor, group, tag, group_peer }) => {
      const work =
        op === isend
          ? started_send('batch_isend_irecv', { tensor, group, tag, group_dst: group_peer })
          : started_recv('batch_isend_irecv', { tensor, group, tag, group_src: group_peer });
      return work === null ? [] : [work];
    });
  } finally {
    if (coalesced) together = native.group_end_coalescing(native_of(first.group), type);
  }
  return together === null ? works : [new Work(together, 'batch_isend_irecv')];
}

// ---- Several tensors at once --------------------------------------------------------------------

const ALL_REDUCE_COALESCED = signature<{
  tensors: readonly Tensor[];
  op?: RedOpType;
  group?: Group;
  async_op?: boolean;
}>('all_reduce_coalesced', 'tensors: value, op?: ReduceOp, group?: ProcessGroup|None, async_op?: bool');

/**
 * Combines several tensors of all processes at once, in place. Mirrors `torch.distributed.all_reduce_coalesced`.
 *
 * @param tensors - what this process gives, and the results; of one dtype
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, a future of the tensors; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = [torch.ones(2), torch.zeros(1)];
 * dist.all_reduce_coalesced(x);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = [torch.ones(2), torch.zeros(1)]
 * dist.all_reduce_coalesced(x)
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_reduce_coalesced(
  tensors: readonly Tensor[],
  op?: RedOpType,
  group?: Group,
  async_op?: boolean,
): Future<Tensor[]> | null;
export function all_reduce_coalesced(
  ...args: Arguments<
    [tensors: readonly Tensor[], op?: RedOpType, group?: Group, async_op?: boolean],
    { tensors: readonly Tensor[]; op?: RedOpType; group?: Group; async_op?: boolean },
    ['tensors', 'op', 'group', 'async_op']
  >
): Future<Tensor[]> | null;
export function all_reduce_coalesced(...args: unknown[]): Future<Tensor[]> | null {
  const given = ALL_REDUCE_COALESCED.read(args);

  const { tensors, op = ReduceOp.SUM } = given;
  check_tensors('all_reduce_coalesced', tensors, 'tensors');
  check_same_dtype('all_reduce_coalesced', tensors);
  if (is_outside(given.group, 'all_reduce_coalesced')) return null;
  if (tensors.some((tensor) => tensor.is_complex())) check_complex('all_reduce_coalesced', op);
  const work = collective('all_reduce_coalesced', given, (group, later) =>
    native.group_allreduce_coalesced(group, handles_of(tensors.map(as_real)), op.value, later),
  );
  return work?.get_future() ?? null;
}

const ALL_GATHER_COALESCED = signature<{
  output_tensor_lists: readonly (readonly Tensor[])[];
  input_tensor_list: readonly Tensor[];
  group?: Group;
  async_op?: boolean;
}>(
  'all_gather_coalesced',
  'output_tensor_lists: value, input_tensor_list: value, group?: ProcessGroup|None, async_op?: bool',
);

/**
 * Collects several tensors of all processes at once. Mirrors `torch.distributed.all_gather_coalesced`.
 *
 * @param output_tensor_lists - for each process, where its tensors go
 * @param input_tensor_list - what this process gives
 * @param group - the group; default null, the default one
 * @param async_op - do not wait, and return a {@link Work}; default false
 * @returns with `async_op`, a future of the tensors; null otherwise, and in a process that is not in the group
 * @throws TypeError for what is not a tensor; Error of the collective when it fails or takes too long
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = [[torch.zeros(2), torch.zeros(1)]];
 * dist.all_gather_coalesced(x, [torch.ones(2), torch.ones(1)]);
 * print(x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = [[torch.zeros(2), torch.zeros(1)]]
 * dist.all_gather_coalesced(x, [torch.ones(2), torch.ones(1)])
 * print(x)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_coalesced(
  output_tensor_lists: readonly (readonly Tensor[])[],
  input_tensor_list: readonly Tensor[],
  group?: Group,
  async_op?: boolean,
): Future<Tensor[]> | null;
export function all_gather_coalesced(
  ...args: Arguments<
    [
      output_tensor_lists: readonly (readonly Tensor[])[],
      input_tensor_list: readonly Tensor[],
      group?: Group,
      async_op?: boolean,
    ],
    {
      output_tensor_lists: readonly (readonly Tensor[])[];
      input_tensor_list: readonly Tensor[];
      group?: Group;
      async_op?: boolean;
    },
    ['output_tensor_lists', 'input_tensor_list', 'group', 'async_op']
  >
): Future<Tensor[]> | null;
export function all_gather_coalesced(...args: unknown[]): Future<Tensor[]> | null {
  const given = ALL_GATHER_COALESCED.read(args);

  const { output_tensor_lists: lists, input_tensor_list: inputs } = given;
  check_tensors('all_gather_coalesced', inputs, 'input_tensor_list');
  check_same_dtype('all_gather_coalesced', inputs);
  if (!Array.isArray(lists)) {
    throw new TypeError('all_gather_coalesced(): Invalid function argument: output_tensor_lists should be a list');
  }
  for (const list of lists as unknown[]) check_tensors('all_gather_coalesced', list, 'output_tensor_lists');
  if (is_outside(given.group, 'all_gather_coalesced')) return null;
  const work = collective('all_gather_coalesced', given, (group, later) =>
    native.group_allgather_coalesced(
      group,
      (lists as Tensor[][]).map((list) => handles_of(list.map(as_real))),
      handles_of(inputs.map(as_real)),
      later,
    ),
  );
  return work?.get_future() ?? null;
}
