/**
 * Collectives that leave their input as it is and return a tensor, through which gradients flow: `torch.distributed._functional_collectives`. The
 * backward pass of each is a collective too, so all processes must run it, in the same order.
 */
import { signature, type Arguments } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Tensor } from '../_tensor.js';
import { Function as AutogradFunction, type FunctionCtx } from '../autograd/function.js';
import { cat, chunk } from '../generated/functions.js';
import { contiguous_format } from '../types/dtype.js';
import * as collectives from './collectives.js';
import { DeviceMesh } from './device_mesh.js';
import { find_group, get_rank, get_world_size, ProcessGroup } from './process_group.js';
import { ReduceOp, type RedOpType } from './reduce_op.js';

/**
 * The processes of a collective: a group, a mesh of one dimension, a mesh and one of its dimensions, the name of a group, or the global ranks of a
 * group that is there.
 */
export type RankTypes = ProcessGroup | DeviceMesh | readonly [DeviceMesh, number] | readonly number[] | string;

function group_of(name: string, given: unknown, tag: string): ProcessGroup {
  if (given instanceof ProcessGroup) return given;
  if (given instanceof DeviceMesh) {
    if (given.ndim !== 1) {
      throw new Error(`${name}(): Only 1D mesh is supported, pass in (DeviceMesh, int) together if mesh > 1D`);
    }
    return given.get_group();
  }
  if (typeof given === 'string') {
    const found = find_group(given);
    if (found !== null) return found;
    throw new Error(`${name}(): Could not resolve the process group registered under the name ${given}`);
  }
  if (Array.isArray(given)) {
    const [mesh, dim] = given as unknown[];
    if (given.length === 2 && mesh instanceof DeviceMesh && typeof dim === 'number') return mesh.get_group(dim);
    if (given.every((rank) => typeof rank === 'number')) {
      const found = tag === '' ? find_group(given as number[]) : null;
      if (found !== null) return found;
      throw new Error(`${name}(): there is no group of the ranks [${given.join(', ')}]; new_group() makes one`);
    }
  }
  throw new TypeError(
    `${name}(): group must be a ProcessGroup, a DeviceMesh, [DeviceMesh, dimension], a list of ranks or the name of a group`,
  );
}

const operations = new Map<string, RedOpType>(Object.entries(ReduceOp).map(([name, op]) => [name.toLowerCase(), op]));

function operation_of(name: string, given: string): RedOpType {
  const op = operations.get(given.toLowerCase());
  if (op === undefined) throw new Error(`${name}(): Unrecognized reduce_op: ${given.toLowerCase()}`);
  return op;
}

/** What results are waited for, by the tensor that the collective writes to. */
const pending = new WeakMap<Tensor, Waiting>();

/** Waits for the collective that writes to a tensor. */
function settled(tensor: Tensor): Tensor {
  const work = pending.get(tensor);
  pending.delete(tensor);
  work?.wait();
  return tensor;
}

/**
 * The result of a functional collective: a tensor that waits for the collective before its elements are first used. Mirrors
 * `torch.distributed._functional_collectives.AsyncCollectiveTensor`. Its shape, dtype and device can be read before; a view of it waits, unlike in
 * Python.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const sum = dist._functional_collectives.all_reduce(torch.ones(2), 'sum', dist.group.WORLD!);
 * print(sum.shape, sum.add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * sum = dist._functional_collectives.all_reduce(torch.ones(2), 'sum', dist.group.WORLD)
 * print(sum.shape, sum.add(1))
 * dist.destroy_process_group()
 * ```
 */
export class AsyncCollectiveTensor extends Tensor {
  /** The tensor to which the collective writes. */
  declare readonly elem: Tensor;

  /** @internal functional collectives make these */
  constructor(elem: Tensor) {
    super(NEW.read([elem]).elem._h * 4);
    throw new TypeError('AsyncCollectiveTensor(): use a functional collective');
  }

  /** Whether the collective was waited for. */
  get completed(): boolean {
    return !pending.has(this.elem);
  }

  /** Waits for the collective, and returns the tensor itself. */
  wait(): Tensor {
    return settled(this.elem);
  }

  /** The same as {@link AsyncCollectiveTensor.wait}. */
  trigger_wait(): Tensor {
    return settled(this.elem);
  }

  /** As Python prints it. */
  override toString(): string {
    return `AsyncCollectiveTensor(${String(this.wait())})`;
  }
}
const NEW = signature<{ elem: Tensor }>('AsyncCollectiveTensor', 'elem: Tensor');

// What is known before the collective is done.
for (const name of [
  'shape',
  'dtype',
  'device',
  'layout',
  'requires_grad',
  'ndim',
  'is_leaf',
  'grad_fn',
  'length',
] as const) {
  Object.defineProperty(AsyncCollectiveTensor.prototype, name, {
    configurable: true,
    get(this: AsyncCollectiveTensor): unknown {
      return this.elem[name];
    },
  });
}
for (const name of ['size', 'dim', 'numel', 'stride'] as const) {
  Object.defineProperty(AsyncCollectiveTensor.prototype, name, {
    configurable: true,
    value(this: AsyncCollectiveTensor, ...args: unknown[]): unknown {
      return (this.elem[name] as (...args: unknown[]) => unknown)(...args);
    },
  });
}
// All else that takes the tensor asks for its slot.
Object.defineProperties(AsyncCollectiveTensor.prototype, {
  _h: {
    configurable: true,
    get(this: AsyncCollectiveTensor): number {
      return settled(this.elem)._h;
    },
  },
  _p: {
    configurable: true,
    get(this: AsyncCollectiveTensor): object {
      return this.elem._p;
    },
  },
});

function waiting(elem: Tensor): Tensor {
  const result = Object.create(AsyncCollectiveTensor.prototype) as { -readonly [K in 'elem']: Tensor };
  result.elem = elem;
  return result as unknown as Tensor;
}

type Kept<T> = FunctionCtx & Partial<T>;
type Gradients = (Tensor | null)[];

/** What is waited for: a work, or the future of several. */
interface Waiting {
  wait(): unknown;
}

/** A collective that was started: it writes to its results, one for each input. */
interface Started {
  readonly results: Tensor[];
  readonly works: readonly (Waiting | null)[];
}

/** The works of the forward pass that runs: autograd returns other objects than the tensors that it got. */
let works_of_forward: readonly (Waiting | null)[] = [];

/** What a forward pass returns: tensors of their own, for Gloo copies into its when it is waited for, which autograd must not see. */
function started({ results, works }: Started): Tensor[] {
  works_of_forward = works;
  return results.map((result) => result.detach());
}

/** Runs a forward pass, and makes its results wait. */
function run(forward: () => Tensor[]): Tensor[] {
  const results = forward();
  results.forEach((result, i) => {
    const work = works_of_forward[i] ?? null;
    if (work !== null) pending.set(result, work);
  });
  return results;
}

const copied = (tensor: Tensor): Tensor => tensor.clone({ memory_format: contiguous_format });

function start_all_reduce(tensors: readonly Tensor[], op: RedOpType, group: ProcessGroup): Started {
  const results = tensors.map(copied);
  if (results.length === 1) {
    return { results, works: [collectives.all_reduce(results[0]!, { op, group, async_op: true })] };
  }
  // One collective of all, as Gloo adds up in other places then.
  const work = collectives.all_reduce_coalesced(results, { op, group, async_op: true });
  return { results, works: results.map(() => work) };
}

function start_all_gather(tensors: readonly Tensor[], group: ProcessGroup): Started {
  const size = get_world_size(group);
  const inputs = tensors.map((each) => each.contiguous());
  const results = inputs.map((each) => each.new_empty([(each.shape[0] ?? 1) * size, ...each.shape.slice(1)]));
  return {
    results,
    works: results.map((each, i) => collectives.all_gather_single(each, inputs[i]!, { group, async_op: true })),
  };
}

function start_reduce_scatter(tensors: readonly Tensor[], op: RedOpType, group: ProcessGroup): Started {
  const size = get_world_size(group);
  const inputs = tensors.map((each) => each.contiguous());
  const results = inputs.map((each) => each.new_empty([Math.trunc(each.shape[0]! / size), ...each.shape.slice(1)]));
  return {
    results,
    works: results.map((each, i) => collectives.reduce_scatter_single(each, inputs[i]!, { op, group, async_op: true })),
  };
}

function start_all_to_all(
  tensor: Tensor,
  received: readonly number[],
  sent: readonly number[],
  group: ProcessGroup,
): Started {
  const result = tensor.new_empty([received.reduce((sum, each) => sum + each, 0), ...tensor.shape.slice(1)]);
  const options = { output_split_sizes: received, input_split_sizes: sent, group, async_op: true };
  return { results: [result], works: [collectives.all_to_all_single(result, tensor.contiguous(), options)] };
}

const finished = ({ results, works }: Started): Tensor[] => {
  for (const work of works) work?.wait();
  return results;
};

interface OfReduction {
  name: string;
  op: RedOpType;
  group: ProcessGroup;
}

function only_sums({ op, name }: Partial<OfReduction>): void {
  if (op !== ReduceOp.SUM) {
    const given = [...operations].find(([, each]) => each === op)?.[0];
    throw new Error(`${name} backward only supports 'sum' reduction, got '${given}'`);
  }
}

class AllReduce extends AutogradFunction {
  static forward(
    ctx: Kept<OfReduction>,
    name: string,
    op: RedOpType,
    group: ProcessGroup,
    ...tensors: Tensor[]
  ): Tensor[] {
    Object.assign(ctx, { name, op, group });
    return started(start_all_reduce(tensors, op, group));
  }

  static backward(ctx: Kept<OfReduction>, ...gradients: Tensor[]): Gradients {
    only_sums(ctx);
    return [null, null, null, ...finished(start_all_reduce(gradients, ReduceOp.SUM, ctx.group!))];
  }
}

class AllGather extends AutogradFunction {
  static forward(ctx: Kept<OfReduction>, group: ProcessGroup, ...tensors: Tensor[]): Tensor[] {
    Object.assign(ctx, { group });
    return started(start_all_gather(tensors, group));
  }

  static backward(ctx: Kept<OfReduction>, ...gradients: Tensor[]): Gradients {
    return [null, ...finished(start_reduce_scatter(gradients, ReduceOp.SUM, ctx.group!))];
  }
}

class ReduceScatter extends AutogradFunction {
  static forward(
    ctx: Kept<OfReduction>,
    name: string,
    op: RedOpType,
    group: ProcessGroup,
    ...tensors: Tensor[]
  ): Tensor[] {
    Object.assign(ctx, { name, op, group });
    return started(start_reduce_scatter(tensors, op, group));
  }

  static backward(ctx: Kept<OfReduction>, ...gradients: Tensor[]): Gradients {
    only_sums(ctx);
    return [null, null, null, ...finished(start_all_gather(gradients, ctx.group!))];
  }
}

interface OfParts {
  group: ProcessGroup;
  received: readonly number[];
  sent: readonly number[];
}

class AllToAll extends AutogradFunction {
  static forward(
    ctx: Kept<OfParts>,
    received: readonly number[],
    sent: readonly number[],
    group: ProcessGroup,
    tensor: Tensor,
  ): Tensor[] {
    Object.assign(ctx, { received, sent, group });
    return started(start_all_to_all(tensor, received, sent, group));
  }

  static backward(ctx: Kept<OfParts>, gradient: Tensor): Gradients {
    const { received, sent, group } = ctx as OfParts;
    return [null, null, null, ...finished(start_all_to_all(gradient, sent, received, group))];
  }
}

function deprecated(name: string, instead: string): void {
  warn(
    `\`torch.distributed._functional_collectives.${name}\` is deprecated. ` +
      `Please use \`torch.distributed._functional_collectives.${instead}\` instead.`,
    'FutureWarning',
  );
}

/** A tensor whose collective is done, or the tensor itself. */
const plain = (tensor: Tensor): Tensor => (tensor instanceof AsyncCollectiveTensor ? tensor.wait() : tensor);

const WAIT_TENSOR = signature<{ tensor: Tensor }>('wait_tensor', 'tensor: Tensor');

/**
 * Waits for the functional collective that made a tensor. Mirrors `torch.distributed._functional_collectives.wait_tensor`.
 *
 * @param tensor - what a functional collective returned; another tensor is returned as it is
 * @returns the tensor with the result
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { all_reduce, wait_tensor } = dist._functional_collectives;
 * print(wait_tensor(all_reduce(torch.ones(2), 'sum', [0])));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed._functional_collectives import all_reduce, wait_tensor
 * print(wait_tensor(all_reduce(torch.ones(2), 'sum', [0])))
 * dist.destroy_process_group()
 * ```
 */
export function wait_tensor(tensor: Tensor): Tensor;
export function wait_tensor(options: { tensor: Tensor }): Tensor;
export function wait_tensor(...args: unknown[]): Tensor {
  return plain(WAIT_TENSOR.read(args).tensor);
}

interface Common {
  self: Tensor;
  group: RankTypes;
  tag?: string;
}

const BROADCAST = signature<Common & { src: number }>('broadcast', 'self: Tensor, src: int, group: any, tag?: str');

/**
 * The tensor of one process. No gradients flow through it. Mirrors `torch.distributed._functional_collectives.broadcast`.
 *
 * @param self - what is sent, or a tensor of the same size
 * @param src - the rank within the group that sends
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist._functional_collectives.broadcast(torch.ones(2), 0, [0]).add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist._functional_collectives.broadcast(torch.ones(2), 0, [0]).add(1))
 * dist.destroy_process_group()
 * ```
 */
export function broadcast(self: Tensor, src: number, group: RankTypes, tag?: string): Tensor;
export function broadcast(
  ...args: Arguments<
    [self: Tensor, src: number, group: RankTypes, tag?: string],
    Common & { src: number },
    ['self', 'src', 'group', 'tag']
  >
): Tensor;
export function broadcast(...args: unknown[]): Tensor {
  const { self, src, group: given, tag = '' } = BROADCAST.read(args);
  const group = group_of('broadcast', given, tag);
  const result = copied(plain(self).detach());
  const work = collectives.broadcast(result, { group_src: src, group, async_op: true });
  if (work !== null) pending.set(result, work);
  return waiting(result);
}

const ALL_REDUCE = signature<Common & { reduceOp: string }>(
  'all_reduce',
  'self: Tensor, reduceOp: str, group: any, tag?: str',
);

/**
 * Combines a tensor of all processes; all have the result. Mirrors `torch.distributed._functional_collectives.all_reduce`.
 *
 * @param self - what this process gives
 * @param reduceOp - how to combine the elements: `'sum'`, `'avg'`, `'product'`, `'min'`, `'max'`, ...; gradients flow through sums
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist._functional_collectives.all_reduce(x, 'sum', [0]).mul(3).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist._functional_collectives.all_reduce(x, 'sum', [0]).mul(3).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function all_reduce(self: Tensor, reduceOp: string, group: RankTypes, tag?: string): Tensor;
export function all_reduce(
  ...args: Arguments<
    [self: Tensor, reduceOp: string, group: RankTypes, tag?: string],
    Common & { reduceOp: string },
    ['self', 'reduceOp', 'group', 'tag']
  >
): Tensor;
export function all_reduce(...args: unknown[]): Tensor {
  const { self, reduceOp, group: given, tag = '' } = ALL_REDUCE.read(args);
  const group = group_of('all_reduce', given, tag);
  const op = operation_of('all_reduce', reduceOp);
  return waiting(run(() => AllReduce.apply('all_reduce', op, group, plain(self)))[0]!);
}

interface Gathering extends Common {
  gather_dim: number;
}

type GatherArguments = Arguments<
  [self: Tensor, gather_dim: number, group: RankTypes, tag?: string],
  Gathering,
  ['self', 'gather_dim', 'group', 'tag']
>;

const OF_GATHER = 'self: Tensor, gather_dim: int, group: any, tag?: str';
const ALL_GATHER = {
  all_gather_single: signature<Gathering>('all_gather_single', OF_GATHER),
  all_gather_single_autograd: signature<Gathering>('all_gather_single_autograd', OF_GATHER),
  all_gather_tensor: signature<Gathering>('all_gather_tensor', OF_GATHER),
  all_gather_tensor_autograd: signature<Gathering>('all_gather_tensor_autograd', OF_GATHER),
};

function gather(name: keyof typeof ALL_GATHER, args: readonly unknown[]): Tensor {
  const { self, gather_dim, group: given, tag = '' } = ALL_GATHER[name].read(args);
  const group = group_of(name, given, tag);
  const result = waiting(run(() => AllGather.apply(group, plain(self)))[0]!);
  return Number(gather_dim) === 0 ? result : cat(chunk(plain(result), get_world_size(group), 0), Number(gather_dim));
}

/**
 * The tensors of all processes, one after the other along a dimension. Gradients flow back. Mirrors
 * `torch.distributed._functional_collectives.all_gather_single`.
 *
 * @param self - what this process gives
 * @param gather_dim - the dimension
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}, or for another dimension than 0 a tensor that was waited for
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist._functional_collectives.all_gather_single(torch.ones(2), 0, [0]).add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist._functional_collectives.all_gather_single(torch.ones(2), 0, [0]).add(1))
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_single(self: Tensor, gather_dim: number, group: RankTypes, tag?: string): Tensor;
export function all_gather_single(...args: GatherArguments): Tensor;
export function all_gather_single(...args: unknown[]): Tensor {
  return gather('all_gather_single', args);
}

/** The same as {@link all_gather_single}. Mirrors `torch.distributed._functional_collectives.all_gather_single_autograd`. */
export function all_gather_single_autograd(self: Tensor, gather_dim: number, group: RankTypes, tag?: string): Tensor;
export function all_gather_single_autograd(...args: GatherArguments): Tensor;
export function all_gather_single_autograd(...args: unknown[]): Tensor {
  return gather('all_gather_single_autograd', args);
}

/** An older name of {@link all_gather_single}, with a warning. Mirrors `torch.distributed._functional_collectives.all_gather_tensor`. */
export function all_gather_tensor(self: Tensor, gather_dim: number, group: RankTypes, tag?: string): Tensor;
export function all_gather_tensor(...args: GatherArguments): Tensor;
export function all_gather_tensor(...args: unknown[]): Tensor {
  deprecated('all_gather_tensor', 'all_gather_single');
  return gather('all_gather_tensor', args);
}

/** An older name of {@link all_gather_single}, with a warning. Mirrors `torch.distributed._functional_collectives.all_gather_tensor_autograd`. */
export function all_gather_tensor_autograd(self: Tensor, gather_dim: number, group: RankTypes, tag?: string): Tensor;
export function all_gather_tensor_autograd(...args: GatherArguments): Tensor;
export function all_gather_tensor_autograd(...args: unknown[]): Tensor {
  deprecated('all_gather_tensor_autograd', 'all_gather_single_autograd');
  return gather('all_gather_tensor_autograd', args);
}

interface Scattering extends Common {
  reduceOp: string;
  scatter_dim: number;
}

type ScatterArguments = Arguments<
  [self: Tensor, reduceOp: string, scatter_dim: number, group: RankTypes, tag?: string],
  Scattering,
  ['self', 'reduceOp', 'scatter_dim', 'group', 'tag']
>;

const OF_SCATTER = 'self: Tensor, reduceOp: str, scatter_dim: int, group: any, tag?: str';
const REDUCE_SCATTER = {
  reduce_scatter_single: signature<Scattering>('reduce_scatter_single', OF_SCATTER),
  reduce_scatter_single_autograd: signature<Scattering>('reduce_scatter_single_autograd', OF_SCATTER),
  reduce_scatter_tensor: signature<Scattering>('reduce_scatter_tensor', OF_SCATTER),
  reduce_scatter_tensor_autograd: signature<Scattering>('reduce_scatter_tensor_autograd', OF_SCATTER),
};

/** The chunks along a dimension, one after the other along the first. */
const to_front = (tensor: Tensor, dim: number, count: number): Tensor =>
  dim === 0 ? tensor : cat(chunk(tensor, count, dim), 0);

function scatter(name: keyof typeof REDUCE_SCATTER, args: readonly unknown[]): Tensor {
  const { self, reduceOp, scatter_dim, group: given, tag = '' } = REDUCE_SCATTER[name].read(args);
  const group = group_of(name, given, tag);
  const [tensor, dim, size] = [plain(self), Number(scatter_dim), get_world_size(group)];
  if (tensor.size(dim) % size !== 0) {
    throw new Error(`${name}(): input dimension 0 (${tensor.size(0)} must be a multiple of group_size ${size})`);
  }
  const op = operation_of(name, reduceOp);
  return waiting(run(() => ReduceScatter.apply('reduce_scatter_tensor', op, group, to_front(tensor, dim, size)))[0]!);
}

/**
 * Combines a tensor of all processes; each has a chunk of the result. Mirrors
 * `torch.distributed._functional_collectives.reduce_scatter_single`.
 *
 * @param self - what this process gives
 * @param reduceOp - how to combine the elements: `'sum'`, `'avg'`, `'product'`, `'min'`, `'max'`, ...; gradients flow through sums
 * @param scatter_dim - the dimension that is cut
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}
 * @throws Error when the size along the dimension is not a multiple of that of the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist._functional_collectives.reduce_scatter_single(torch.ones(2), 'sum', 0, [0]).add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist._functional_collectives.reduce_scatter_single(torch.ones(2), 'sum', 0, [0]).add(1))
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter_single(
  self: Tensor,
  reduceOp: string,
  scatter_dim: number,
  group: RankTypes,
  tag?: string,
): Tensor;
export function reduce_scatter_single(...args: ScatterArguments): Tensor;
export function reduce_scatter_single(...args: unknown[]): Tensor {
  return scatter('reduce_scatter_single', args);
}

/** The same as {@link reduce_scatter_single}. Mirrors `torch.distributed._functional_collectives.reduce_scatter_single_autograd`. */
export function reduce_scatter_single_autograd(
  self: Tensor,
  reduceOp: string,
  scatter_dim: number,
  group: RankTypes,
  tag?: string,
): Tensor;
export function reduce_scatter_single_autograd(...args: ScatterArguments): Tensor;
export function reduce_scatter_single_autograd(...args: unknown[]): Tensor {
  return scatter('reduce_scatter_single_autograd', args);
}

/** An older name of {@link reduce_scatter_single}, with a warning. Mirrors `torch.distributed._functional_collectives.reduce_scatter_tensor`. */
export function reduce_scatter_tensor(
  self: Tensor,
  reduceOp: string,
  scatter_dim: number,
  group: RankTypes,
  tag?: string,
): Tensor;
export function reduce_scatter_tensor(...args: ScatterArguments): Tensor;
export function reduce_scatter_tensor(...args: unknown[]): Tensor {
  deprecated('reduce_scatter_tensor', 'reduce_scatter_single');
  return scatter('reduce_scatter_tensor', args);
}

/**
 * An older name of {@link reduce_scatter_single}, with a warning. Mirrors
 * `torch.distributed._functional_collectives.reduce_scatter_tensor_autograd`.
 */
export function reduce_scatter_tensor_autograd(
  self: Tensor,
  reduceOp: string,
  scatter_dim: number,
  group: RankTypes,
  tag?: string,
): Tensor;
export function reduce_scatter_tensor_autograd(...args: ScatterArguments): Tensor;
export function reduce_scatter_tensor_autograd(...args: unknown[]): Tensor {
  deprecated('reduce_scatter_tensor_autograd', 'reduce_scatter_single_autograd');
  return scatter('reduce_scatter_tensor_autograd', args);
}

type SplitSizes = readonly number[] | null;

interface Splitting extends Common {
  output_split_sizes: SplitSizes;
  input_split_sizes: SplitSizes;
}

type SplitArguments = Arguments<
  [self: Tensor, output_split_sizes: SplitSizes, input_split_sizes: SplitSizes, group: RankTypes, tag?: string],
  Splitting,
  ['self', 'output_split_sizes', 'input_split_sizes', 'group', 'tag']
>;

const OF_SPLIT = 'self: Tensor, output_split_sizes: int[]|None, input_split_sizes: int[]|None, group: any, tag?: str';
const ALL_TO_ALL = {
  all_to_all_single: signature<Splitting>('all_to_all_single', OF_SPLIT),
  all_to_all_single_autograd: signature<Splitting>('all_to_all_single_autograd', OF_SPLIT),
};

function exchange(name: keyof typeof ALL_TO_ALL, args: readonly unknown[]): Tensor {
  const { self, output_split_sizes, input_split_sizes, group: given, tag = '' } = ALL_TO_ALL[name].read(args);
  const group = group_of(name, given, tag);
  const tensor = plain(self);
  if ((output_split_sizes === null) !== (input_split_sizes === null)) {
    throw new Error(
      `${name}(): output_split_sizes and input_split_sizes must either be specified together or both set to None`,
    );
  }
  const size = get_world_size(group);
  const even = Array.from({ length: size }, () => Math.trunc((tensor.shape[0] ?? 0) / size));
  const [received, sent] = [output_split_sizes ?? even, input_split_sizes ?? even];
  return waiting(run(() => AllToAll.apply(received.map(Number), sent.map(Number), group, tensor))[0]!);
}

/**
 * Sends a part of a tensor to each process, and returns what all sent to this one. Gradients flow back. Mirrors
 * `torch.distributed._functional_collectives.all_to_all_single`.
 *
 * @param self - what is sent, cut along the first dimension
 * @param output_split_sizes - the sizes of the parts that come; null, all the same
 * @param input_split_sizes - the sizes of the parts that go; null, all the same
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}
 * @throws Error when one list of sizes is null, and the other is not
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist._functional_collectives.all_to_all_single(torch.ones(2), null, null, [0]).add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist._functional_collectives.all_to_all_single(torch.ones(2), None, None, [0]).add(1))
 * dist.destroy_process_group()
 * ```
 */
export function all_to_all_single(
  self: Tensor,
  output_split_sizes: SplitSizes,
  input_split_sizes: SplitSizes,
  group: RankTypes,
  tag?: string,
): Tensor;
export function all_to_all_single(...args: SplitArguments): Tensor;
export function all_to_all_single(...args: unknown[]): Tensor {
  return exchange('all_to_all_single', args);
}

/** The same as {@link all_to_all_single}. Mirrors `torch.distributed._functional_collectives.all_to_all_single_autograd`. */
export function all_to_all_single_autograd(
  self: Tensor,
  output_split_sizes: SplitSizes,
  input_split_sizes: SplitSizes,
  group: RankTypes,
  tag?: string,
): Tensor;
export function all_to_all_single_autograd(...args: SplitArguments): Tensor;
export function all_to_all_single_autograd(...args: unknown[]): Tensor {
  return exchange('all_to_all_single_autograd', args);
}

const PERMUTE = signature<Common & { src_dst: readonly number[] }>(
  'permute_tensor',
  'self: Tensor, src_dst: int[], group: any, tag?: str',
);

/**
 * Sends the tensor of each process to another one. Mirrors `torch.distributed._functional_collectives.permute_tensor`.
 *
 * @param self - what this process sends, of one dimension
 * @param src_dst - the rank to which each rank sends
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor}
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * print(dist._functional_collectives.permute_tensor(torch.ones(2), [0], [0]).add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * import torch.distributed._functional_collectives
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * print(dist._functional_collectives.permute_tensor(torch.ones(2), [0], [0]).add(1))
 * dist.destroy_process_group()
 * ```
 */
export function permute_tensor(self: Tensor, src_dst: readonly number[], group: RankTypes, tag?: string): Tensor;
export function permute_tensor(
  ...args: Arguments<
    [self: Tensor, src_dst: readonly number[], group: RankTypes, tag?: string],
    Common & { src_dst: readonly number[] },
    ['self', 'src_dst', 'group', 'tag']
  >
): Tensor;
export function permute_tensor(...args: unknown[]): Tensor {
  const { self, src_dst, group: given, tag = '' } = PERMUTE.read(args);
  const group = group_of('permute_tensor', given, tag);
  const [own, size] = [get_rank(group), get_world_size(group)];
  const received = Array.from({ length: size }, (_, src) => (Number(src_dst[src]) === own ? self.numel() : 0));
  const sent = Array.from({ length: size }, (_, dst) => (Number(src_dst[own]) === dst ? self.numel() : 0));
  return all_to_all_single(self, received, sent, group, tag);
}

interface Coalesced {
  self: readonly Tensor[];
  reduceOp: string;
  group: RankTypes;
  tag?: string;
}

const ALL_REDUCE_COALESCED = signature<Coalesced>(
  'all_reduce_coalesced',
  'self: Tensor[], reduceOp: str, group: any, tag?: str',
);

/**
 * {@link all_reduce} of several tensors. Mirrors `torch.distributed._functional_collectives.all_reduce_coalesced`.
 *
 * @param self - what this process gives
 * @param reduceOp - how to combine the elements; gradients flow through sums
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor} for each
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * for (const x of dist._functional_collectives.all_reduce_coalesced([torch.ones(2), torch.ones(1)], 'sum', [0])) print(x.add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * import torch.distributed._functional_collectives
 * for x in dist._functional_collectives.all_reduce_coalesced([torch.ones(2), torch.ones(1)], 'sum', [0]):
 *     print(x.add(1))
 * dist.destroy_process_group()
 * ```
 */
export function all_reduce_coalesced(
  self: readonly Tensor[],
  reduceOp: string,
  group: RankTypes,
  tag?: string,
): Tensor[];
export function all_reduce_coalesced(
  ...args: Arguments<
    [self: readonly Tensor[], reduceOp: string, group: RankTypes, tag?: string],
    Coalesced,
    ['self', 'reduceOp', 'group', 'tag']
  >
): Tensor[];
export function all_reduce_coalesced(...args: unknown[]): Tensor[] {
  const { self, reduceOp, group: given, tag = '' } = ALL_REDUCE_COALESCED.read(args);
  const group = group_of('all_reduce_coalesced', given, tag);
  const op = operation_of('all_reduce_coalesced', reduceOp);
  return run(() => AllReduce.apply('all_reduce_coalesced', op, group, ...self.map(plain))).map(waiting);
}

interface GatheringCoalesced {
  self: readonly Tensor[];
  group: RankTypes;
  tag?: string;
}

type GatherCoalescedArguments = Arguments<
  [self: readonly Tensor[], group: RankTypes, tag?: string],
  GatheringCoalesced,
  ['self', 'group', 'tag']
>;

const ALL_GATHER_COALESCED = {
  all_gather_single_coalesced: signature<GatheringCoalesced>(
    'all_gather_single_coalesced',
    'self: Tensor[], group: any, tag?: str',
  ),
  all_gather_into_tensor_coalesced: signature<GatheringCoalesced>(
    'all_gather_into_tensor_coalesced',
    'self: Tensor[], group: any, tag?: str',
  ),
};

function gather_several(name: keyof typeof ALL_GATHER_COALESCED, args: readonly unknown[]): Tensor[] {
  const { self, group: given, tag = '' } = ALL_GATHER_COALESCED[name].read(args);
  const group = group_of(name, given, tag);
  return run(() => AllGather.apply(group, ...self.map(plain))).map(waiting);
}

/**
 * {@link all_gather_single} of several tensors along the first dimension. Mirrors
 * `torch.distributed._functional_collectives.all_gather_single_coalesced`.
 *
 * @param self - what this process gives
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor} for each
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * for (const x of dist._functional_collectives.all_gather_single_coalesced([torch.ones(2), torch.ones(1)], [0])) print(x.add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * import torch.distributed._functional_collectives
 * for x in dist._functional_collectives.all_gather_single_coalesced([torch.ones(2), torch.ones(1)], [0]):
 *     print(x.add(1))
 * dist.destroy_process_group()
 * ```
 */
export function all_gather_single_coalesced(self: readonly Tensor[], group: RankTypes, tag?: string): Tensor[];
export function all_gather_single_coalesced(...args: GatherCoalescedArguments): Tensor[];
export function all_gather_single_coalesced(...args: unknown[]): Tensor[] {
  return gather_several('all_gather_single_coalesced', args);
}

/**
 * An older name of {@link all_gather_single_coalesced}, with a warning. Mirrors
 * `torch.distributed._functional_collectives.all_gather_into_tensor_coalesced`.
 */
export function all_gather_into_tensor_coalesced(self: readonly Tensor[], group: RankTypes, tag?: string): Tensor[];
export function all_gather_into_tensor_coalesced(...args: GatherCoalescedArguments): Tensor[];
export function all_gather_into_tensor_coalesced(...args: unknown[]): Tensor[] {
  deprecated('all_gather_into_tensor_coalesced', 'all_gather_single_coalesced');
  return gather_several('all_gather_into_tensor_coalesced', args);
}

interface ScatteringCoalesced {
  inputs: readonly Tensor[];
  reduceOp: string;
  scatter_dim: readonly number[];
  group: RankTypes;
  tag?: string;
}

type ScatterCoalescedArguments = Arguments<
  [inputs: readonly Tensor[], reduceOp: string, scatter_dim: readonly number[], group: RankTypes, tag?: string],
  ScatteringCoalesced,
  ['inputs', 'reduceOp', 'scatter_dim', 'group', 'tag']
>;

const OF_SCATTERS = 'inputs: Tensor[], reduceOp: str, scatter_dim: int[], group: any, tag?: str';
const REDUCE_SCATTER_COALESCED = {
  reduce_scatter_single_coalesced: signature<ScatteringCoalesced>('reduce_scatter_single_coalesced', OF_SCATTERS),
  reduce_scatter_tensor_coalesced: signature<ScatteringCoalesced>('reduce_scatter_tensor_coalesced', OF_SCATTERS),
};

function scatter_several(name: keyof typeof REDUCE_SCATTER_COALESCED, args: readonly unknown[]): Tensor[] {
  const { inputs, reduceOp, scatter_dim, group: given, tag = '' } = REDUCE_SCATTER_COALESCED[name].read(args);
  const group = group_of(name, given, tag);
  const size = get_world_size(group);
  if (scatter_dim.length !== inputs.length) {
    throw new Error(
      `${name}(): Length of scatter_dim (${scatter_dim.length}) must equal length of inputs (${inputs.length})`,
    );
  }
  const op = operation_of(name, reduceOp);
  const cut = inputs.map((input, i) => {
    const [tensor, dim] = [plain(input), Number(scatter_dim[i])];
    if (tensor.size(dim) % size !== 0) {
      throw new Error(
        `${name}(): input dimension ${dim} (${tensor.size(dim)} must be a multiple of group_size ${size} for tensor at index ${i}`,
      );
    }
    return to_front(tensor, dim, size);
  });
  return run(() => ReduceScatter.apply('reduce_scatter_tensor_coalesced', op, group, ...cut)).map(waiting);
}

/**
 * {@link reduce_scatter_single} of several tensors. Mirrors `torch.distributed._functional_collectives.reduce_scatter_single_coalesced`.
 *
 * @param inputs - what this process gives
 * @param reduceOp - how to combine the elements; gradients flow through sums
 * @param scatter_dim - the dimension that is cut, for each
 * @param group - the processes, see {@link RankTypes}
 * @param tag - for a list of ranks: must be `''`, the default
 * @returns an {@link AsyncCollectiveTensor} for each
 * @throws Error when a size is not a multiple of that of the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * for (const x of dist._functional_collectives.reduce_scatter_single_coalesced([torch.ones(2), torch.ones(1)], 'sum', [0, 0], [0])) print(x.add(1));
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * import torch.distributed._functional_collectives
 * for x in dist._functional_collectives.reduce_scatter_single_coalesced([torch.ones(2), torch.ones(1)], 'sum', [0, 0], [0]):
 *     print(x.add(1))
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter_single_coalesced(
  inputs: readonly Tensor[],
  reduceOp: string,
  scatter_dim: readonly number[],
  group: RankTypes,
  tag?: string,
): Tensor[];
export function reduce_scatter_single_coalesced(...args: ScatterCoalescedArguments): Tensor[];
export function reduce_scatter_single_coalesced(...args: unknown[]): Tensor[] {
  return scatter_several('reduce_scatter_single_coalesced', args);
}

/**
 * An older name of {@link reduce_scatter_single_coalesced}, with a warning. Mirrors
 * `torch.distributed._functional_collectives.reduce_scatter_tensor_coalesced`.
 */
export function reduce_scatter_tensor_coalesced(
  inputs: readonly Tensor[],
  reduceOp: string,
  scatter_dim: readonly number[],
  group: RankTypes,
  tag?: string,
): Tensor[];
export function reduce_scatter_tensor_coalesced(...args: ScatterCoalescedArguments): Tensor[];
export function reduce_scatter_tensor_coalesced(...args: unknown[]): Tensor[] {
  deprecated('reduce_scatter_tensor_coalesced', 'reduce_scatter_single_coalesced');
  return scatter_several('reduce_scatter_tensor_coalesced', args);
}
