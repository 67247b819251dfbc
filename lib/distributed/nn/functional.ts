/**
 * Collectives through which gradients flow: `torch.distributed.nn.functional`. The backward pass of each is a collective too, so all processes must
 * run it, in the same order.
 */
import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { Function as AutogradFunction, type FunctionCtx } from '../../autograd/function.js';
import { empty, empty_like, stack, zeros_like } from '../../generated/functions.js';
import { contiguous_format } from '../../types/dtype.js';
import * as collectives from '../collectives.js';
import { get_rank, get_world_size, type Group } from '../process_group.js';
import { ReduceOp, type RedOpType } from '../reduce_op.js';

/** What a forward pass leaves for its backward pass. */
type Kept<T> = FunctionCtx & Partial<T>;
type Gradients = (Tensor | null)[];

interface OfRoot {
  root: number;
  group: Group;
}

const each_rank = <T>(group: Group, make: (rank: number) => T): T[] =>
  Array.from({ length: get_world_size(group) }, (_, rank) => make(rank));

class Broadcast extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, src: number, group: Group, tensor: Tensor): Tensor {
    Object.assign(ctx, { root: src, group });
    const sent = tensor.clone();
    collectives.broadcast(sent, { src, group });
    return sent;
  }

  static backward(ctx: Kept<OfRoot>, gradient: Tensor): Gradients {
    const { root, group } = ctx as OfRoot;
    const sum = Reduce.apply(root, ReduceOp.SUM, group, gradient);
    // Of the other processes the tensor was not used.
    if (root !== get_rank(group)) sum.zero_();
    return [null, null, sum];
  }
}

class Gather extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, dst: number, group: Group, tensor: Tensor): Tensor[] {
    Object.assign(ctx, { root: dst, group });
    const list = each_rank(group, () => zeros_like(tensor));
    const gather_list = get_rank(group) === dst ? list : null;
    collectives.gather(tensor.contiguous(), { gather_list, dst, group });
    return list;
  }

  static backward(ctx: Kept<OfRoot>, ...gradients: Tensor[]): Gradients {
    const { root, group } = ctx as OfRoot;
    return [null, null, Scatter.apply(root, group, ...gradients)];
  }
}

class Scatter extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, src: number, group: Group, ...tensors: Tensor[]): Tensor {
    Object.assign(ctx, { root: src, group });
    const shape = String(tensors[0]!.shape);
    if (tensors.some((tensor) => String(tensor.shape) !== shape))
      throw new Error('scatter(): the tensors differ in size');
    const output = zeros_like(tensors[0]!);
    const scatter_list = get_rank(group) === src ? tensors.map((each) => each.contiguous()) : null;
    collectives.scatter(output, { scatter_list, src, group });
    return output;
  }

  static backward(ctx: Kept<OfRoot>, gradient: Tensor): Gradients {
    const { root, group } = ctx as OfRoot;
    return [null, null, ...Gather.apply(root, group, gradient)];
  }
}

class Reduce extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, dst: number, op: RedOpType, group: Group, tensor: Tensor): Tensor {
    Object.assign(ctx, { root: dst, group });
    const sum = tensor.clone();
    collectives.reduce(sum, { dst, op, group });
    return sum;
  }

  static backward(ctx: Kept<OfRoot>, gradient: Tensor): Gradients {
    const { root, group } = ctx as OfRoot;
    return [null, null, null, Broadcast.apply(root, group, gradient)];
  }
}

class ReduceScatter extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, op: RedOpType, group: Group, output: Tensor, ...inputs: Tensor[]): Tensor {
    Object.assign(ctx, { group });
    const result = output.contiguous();
    collectives.reduce_scatter(
      result,
      inputs.map((input) => input.contiguous()),
      { op, group },
    );
    return result;
  }

  static backward(ctx: Kept<OfRoot>, gradient: Tensor): Gradients {
    const { group } = ctx as OfRoot;
    return [null, null, null, ...AllGather.apply(group, gradient)];
  }
}

class AllGather extends AutogradFunction {
  static forward(ctx: Kept<OfRoot>, group: Group, tensor: Tensor): Tensor[] {
    Object.assign(ctx, { group });
    const given = tensor.contiguous();
    const list = each_rank(group, () => empty_like(given));
    collectives.all_gather(list, given, { group });
    return list;
  }

  static backward(ctx: Kept<OfRoot>, ...gradients: Tensor[]): Gradients {
    const { group } = ctx as OfRoot;
    const received = AllToAll.apply(
      group,
      gradients.map((each) => empty_like(each)),
      ...gradients,
    );
    return [null, stack(received).sum(0)];
  }
}

interface OfSizes {
  group: Group;
  sizes: readonly number[][];
}

class AllToAll extends AutogradFunction {
  static forward(ctx: Kept<OfSizes>, group: Group, outputs: readonly Tensor[], ...tensors: Tensor[]): Tensor[] {
    Object.assign(ctx, { group, sizes: each_rank(group, (rank) => [...tensors[rank]!.shape]) });
    const own = get_rank(group);
    // As Python does with Gloo: each process scatters in turn.
    each_rank(group, (rank) => {
      const scatter_list = rank === own ? tensors.map((each) => each.contiguous()) : null;
      collectives.scatter(outputs[rank]!, { scatter_list, group, group_src: rank });
    });
    return [...outputs];
  }

  static backward(ctx: Kept<OfSizes>, ...gradients: Tensor[]): Gradients {
    const { group, sizes } = ctx as OfSizes;
    const { device, dtype } = gradients[0]!;
    const received = sizes.map((size) => empty(size, { device, dtype }));
    return [null, null, ...AllToAll.apply(group, received, ...gradients)];
  }
}

type Sizes = readonly number[] | null;

interface OfParts {
  group: Group;
  size: readonly number[];
  received: Sizes;
  sent: Sizes;
}

class AllToAllSingle extends AutogradFunction {
  static forward(
    ctx: Kept<OfParts>,
    group: Group,
    output: Tensor,
    output_split_sizes: Sizes,
    input_split_sizes: Sizes,
    input: Tensor,
  ): Tensor {
    Object.assign(ctx, { group, size: [...input.shape], received: input_split_sizes, sent: output_split_sizes });
    collectives.all_to_all_single(output, input, { output_split_sizes, input_split_sizes, group });
    return output;
  }

  static backward(ctx: Kept<OfParts>, gradient: Tensor): Gradients {
    const { group, size, received, sent } = ctx as OfParts;
    const { device, dtype } = gradient;
    const output = empty(size, { device, dtype });
    return [null, null, null, null, AllToAllSingle.apply(group, output, received, sent, gradient.contiguous())];
  }
}

class AllReduce extends AutogradFunction {
  static forward(ctx: Kept<{ op: RedOpType; group: Group }>, op: RedOpType, group: Group, tensor: Tensor): Tensor {
    Object.assign(ctx, { op, group });
    const sum = tensor.clone({ memory_format: contiguous_format });
    collectives.all_reduce(sum, { op, group });
    return sum;
  }

  static backward(ctx: Kept<{ op: RedOpType; group: Group }>, gradient: Tensor): Gradients {
    return [null, null, AllReduce.apply(ctx.op!, ctx.group ?? null, gradient)];
  }
}

function deprecated(name: string, suggestion = name): void {
  warn(
    `torch.distributed.nn.functional.${name} is deprecated, use torch.distributed._functional_collectives.${suggestion} instead.`,
    'FutureWarning',
  );
}

const BROADCAST = signature<{ tensor: Tensor; src: number; group?: Group }>(
  'broadcast',
  'tensor: Tensor, src: int, group?: ProcessGroup|None',
);

/**
 * Sends a tensor of one process to all others; gradients add up in that process. Mirrors `torch.distributed.nn.functional.broadcast`.
 *
 * @param tensor - what is sent, or one of the same size
 * @param src - the global rank that sends
 * @param group - the group; default null, the default one
 * @returns a tensor of its own, through which gradients flow back
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.broadcast(x, 0).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.broadcast(x, 0).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function broadcast(tensor: Tensor, src: number, group?: Group): Tensor;
export function broadcast(
  ...args: Arguments<
    [tensor: Tensor, src: number, group?: Group],
    { tensor: Tensor; src: number; group?: Group },
    ['tensor', 'src', 'group']
  >
): Tensor;
export function broadcast(...args: unknown[]): Tensor {
  const given = BROADCAST.read(args);

  deprecated('broadcast');
  return Broadcast.apply(given.src, given.group ?? null, given.tensor);
}

const GATHER = signature<{ tensor: Tensor; dst?: number; group?: Group }>(
  'gather',
  'tensor: Tensor, dst?: int, group?: ProcessGroup|None',
);

/**
 * Collects a tensor of all processes in one of them; in others the results are zeros. Mirrors `torch.distributed.nn.functional.gather`.
 *
 * @param tensor - what this process gives
 * @param dst - the global rank that collects; default 0
 * @param group - the group; default null, the default one
 * @returns one tensor for each process
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.gather(x)[0]!.mul(torch.tensor([1, 2])).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.gather(x)[0].mul(torch.tensor([1, 2])).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function gather(tensor: Tensor, dst?: number, group?: Group): Tensor[];
export function gather(
  ...args: Arguments<
    [tensor: Tensor, dst?: number, group?: Group],
    { tensor: Tensor; dst?: number; group?: Group },
    ['tensor', 'dst', 'group']
  >
): Tensor[];
export function gather(...args: unknown[]): Tensor[] {
  const given = GATHER.read(args);

  return Gather.apply(given.dst ?? 0, given.group ?? null, given.tensor);
}

const SCATTER = signature<{ tensors: readonly Tensor[]; src?: number; group?: Group }>(
  'scatter',
  'tensors: Tensor[], src?: int, group?: ProcessGroup|None',
);

/**
 * Sends each process one tensor of a list. Mirrors `torch.distributed.nn.functional.scatter`.
 *
 * @param tensors - what is sent, of one size; in other processes, tensors of the same sizes
 * @param src - the global rank that sends; default 0
 * @param group - the group; default null, the default one
 * @returns a tensor of its own, through which gradients flow back
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.scatter([x]).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.scatter([x]).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function scatter(tensors: readonly Tensor[], src?: number, group?: Group): Tensor;
export function scatter(
  ...args: Arguments<
    [tensors: readonly Tensor[], src?: number, group?: Group],
    { tensors: readonly Tensor[]; src?: number; group?: Group },
    ['tensors', 'src', 'group']
  >
): Tensor;
export function scatter(...args: unknown[]): Tensor {
  const given = SCATTER.read(args);

  if (given.tensors.length === 0) throw new Error('scatter(): there are no tensors');
  return Scatter.apply(given.src ?? 0, given.group ?? null, ...given.tensors);
}

const REDUCE = signature<{ tensor: Tensor; dst: number; op?: RedOpType; group?: Group }>(
  'reduce',
  'tensor: Tensor, dst: int, op?: ReduceOp, group?: ProcessGroup|None',
);

/**
 * Combines a tensor of all processes; one has the result. Mirrors `torch.distributed.nn.functional.reduce`.
 *
 * @param tensor - what this process gives
 * @param dst - the global rank that gets the result
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @returns a tensor of its own, through which gradients flow back
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.reduce(x, 0).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.reduce(x, 0).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function reduce(tensor: Tensor, dst: number, op?: RedOpType, group?: Group): Tensor;
export function reduce(
  ...args: Arguments<
    [tensor: Tensor, dst: number, op?: RedOpType, group?: Group],
    { tensor: Tensor; dst: number; op?: RedOpType; group?: Group },
    ['tensor', 'dst', 'op', 'group']
  >
): Tensor;
export function reduce(...args: unknown[]): Tensor {
  const given = REDUCE.read(args);

  return Reduce.apply(given.dst, given.op ?? ReduceOp.SUM, given.group ?? null, given.tensor);
}

const REDUCE_SCATTER = signature<{ output: Tensor; input_list: readonly Tensor[]; op?: RedOpType; group?: Group }>(
  'reduce_scatter',
  'output: Tensor, input_list: Tensor[], op?: ReduceOp, group?: ProcessGroup|None',
);

/**
 * Combines lists of tensors of all processes; each has one tensor of the result. Mirrors `torch.distributed.nn.functional.reduce_scatter`.
 *
 * @param output - where the result goes
 * @param input_list - what this process gives, one for each process
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @returns `output`
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.reduce_scatter(torch.zeros(2), [x]).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.reduce_scatter(torch.zeros(2), [x]).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function reduce_scatter(output: Tensor, input_list: readonly Tensor[], op?: RedOpType, group?: Group): Tensor;
export function reduce_scatter(
  ...args: Arguments<
    [output: Tensor, input_list: readonly Tensor[], op?: RedOpType, group?: Group],
    { output: Tensor; input_list: readonly Tensor[]; op?: RedOpType; group?: Group },
    ['output', 'input_list', 'op', 'group']
  >
): Tensor;
export function reduce_scatter(...args: unknown[]): Tensor {
  const given = REDUCE_SCATTER.read(args);

  deprecated('reduce_scatter', 'reduce_scatter_single');
  return ReduceScatter.apply(given.op ?? ReduceOp.SUM, given.group ?? null, given.output, ...given.input_list);
}

const ALL_GATHER = signature<{ tensor: Tensor; group?: Group }>(
  'all_gather',
  'tensor: Tensor, group?: ProcessGroup|None',
);

/**
 * Collects a tensor of all processes in all of them. Mirrors `torch.distributed.nn.functional.all_gather`.
 *
 * @param tensor - what this process gives
 * @param group - the group; default null, the default one
 * @returns one tensor for each process
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.all_gather(x)[0]!.mul(torch.tensor([1, 2])).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.all_gather(x)[0].mul(torch.tensor([1, 2])).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function all_gather(tensor: Tensor, group?: Group): Tensor[];
export function all_gather(
  ...args: Arguments<[tensor: Tensor, group?: Group], { tensor: Tensor; group?: Group }, ['tensor', 'group']>
): Tensor[];
export function all_gather(...args: unknown[]): Tensor[] {
  const given = ALL_GATHER.read(args);

  deprecated('all_gather', 'all_gather_single');
  return AllGather.apply(given.group ?? null, given.tensor);
}

const ALL_TO_ALL = signature<{
  output_tensor_list: readonly Tensor[];
  input_tensor_list: readonly Tensor[];
  group?: Group;
}>('all_to_all', 'output_tensor_list: Tensor[], input_tensor_list: Tensor[], group?: ProcessGroup|None');

/**
 * Sends one tensor to each process, and receives one from each. Mirrors `torch.distributed.nn.functional.all_to_all`.
 *
 * @param output_tensor_list - where the results go, one from each process
 * @param input_tensor_list - what is sent to each
 * @param group - the group; default null, the default one
 * @returns `output_tensor_list`
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.all_to_all([torch.zeros(2)], [x])[0]!.mul(torch.tensor([1, 2])).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.all_to_all([torch.zeros(2)], [x])[0].mul(torch.tensor([1, 2])).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function all_to_all(
  output_tensor_list: readonly Tensor[],
  input_tensor_list: readonly Tensor[],
  group?: Group,
): Tensor[];
export function all_to_all(
  ...args: Arguments<
    [output_tensor_list: readonly Tensor[], input_tensor_list: readonly Tensor[], group?: Group],
    { output_tensor_list: readonly Tensor[]; input_tensor_list: readonly Tensor[]; group?: Group },
    ['output_tensor_list', 'input_tensor_list', 'group']
  >
): Tensor[];
export function all_to_all(...args: unknown[]): Tensor[] {
  const given = ALL_TO_ALL.read(args);

  const { output_tensor_list: outputs, input_tensor_list: inputs, group = null } = given;
  const count = get_world_size(group);
  if (outputs.length !== count || inputs.length !== count) {
    throw new Error(`all_to_all(): each list must have ${count} tensors, one for each process`);
  }
  return AllToAll.apply(group, outputs, ...inputs);
}

const ALL_TO_ALL_SINGLE = signature<{
  output: Tensor;
  input: Tensor;
  output_split_sizes?: readonly number[] | null;
  input_split_sizes?: readonly number[] | null;
  group?: Group;
}>(
  'all_to_all_single',
  'output: Tensor, input: Tensor, output_split_sizes?: int[]|None, input_split_sizes?: int[]|None, group?: ProcessGroup|None',
);

/**
 * Sends a part of a tensor to each process, and receives one from each. Mirrors `torch.distributed.nn.functional.all_to_all_single`.
 *
 * @param output - where the parts go
 * @param input - what is sent, divided along the first dimension
 * @param output_split_sizes - the sizes of the parts; default null, all the same
 * @param input_split_sizes - the sizes of the parts; default null, all the same
 * @param group - the group; default null, the default one
 * @returns `output`
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.all_to_all_single(torch.zeros(2), x).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.all_to_all_single(torch.zeros(2), x).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function all_to_all_single(
  output: Tensor,
  input: Tensor,
  output_split_sizes?: readonly number[] | null,
  input_split_sizes?: readonly number[] | null,
  group?: Group,
): Tensor;
export function all_to_all_single(
  ...args: Arguments<
    [
      output: Tensor,
      input: Tensor,
      output_split_sizes?: readonly number[] | null,
      input_split_sizes?: readonly number[] | null,
      group?: Group,
    ],
    {
      output: Tensor;
      input: Tensor;
      output_split_sizes?: readonly number[] | null;
      input_split_sizes?: readonly number[] | null;
      group?: Group;
    },
    ['output', 'input', 'output_split_sizes', 'input_split_sizes', 'group']
  >
): Tensor;
export function all_to_all_single(...args: unknown[]): Tensor {
  const given = ALL_TO_ALL_SINGLE.read(args);

  deprecated('all_to_all_single');
  const { output, input, output_split_sizes = null, input_split_sizes = null, group = null } = given;
  return AllToAllSingle.apply(group, output, output_split_sizes, input_split_sizes, input);
}

const ALL_REDUCE = signature<{ tensor: Tensor; op?: RedOpType; group?: Group }>(
  'all_reduce',
  'tensor: Tensor, op?: ReduceOp, group?: ProcessGroup|None',
);

/**
 * Combines a tensor of all processes; all have the result. Mirrors `torch.distributed.nn.functional.all_reduce`.
 *
 * @param tensor - what this process gives
 * @param op - how to combine the elements; default `ReduceOp.SUM`
 * @param group - the group; default null, the default one
 * @returns a tensor of its own, through which gradients flow back
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2, { requires_grad: true });
 * dist.nn.functional.all_reduce(x).sum().backward();
 * print(x.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * import torch.distributed.nn
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2, requires_grad=True)
 * dist.nn.functional.all_reduce(x).sum().backward()
 * print(x.grad)
 * dist.destroy_process_group()
 * ```
 */
export function all_reduce(tensor: Tensor, op?: RedOpType, group?: Group): Tensor;
export function all_reduce(
  ...args: Arguments<
    [tensor: Tensor, op?: RedOpType, group?: Group],
    { tensor: Tensor; op?: RedOpType; group?: Group },
    ['tensor', 'op', 'group']
  >
): Tensor;
export function all_reduce(...args: unknown[]): Tensor {
  const given = ALL_REDUCE.read(args);

  deprecated('all_reduce');
  return AllReduce.apply(given.op ?? ReduceOp.SUM, given.group ?? null, given.tensor);
}
