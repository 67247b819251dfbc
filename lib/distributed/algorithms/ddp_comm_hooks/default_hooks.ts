/** Hooks that average gradients: `torch.distributed.algorithms.ddp_comm_hooks.default_hooks`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import type { Future } from '../../../futures/index.js';
import { bfloat16, float16, type DType } from '../../../types/dtype.js';
import { all_reduce } from '../../collectives.js';
import type { CommHook, GradBucket } from '../../comm_hooks.js';
import { default_group, type Group } from '../../process_group.js';

const of_bucket = 'process_group: ProcessGroup|None, bucket: GradBucket';
const HOOKS = {
  allreduce_hook: signature<{ process_group: Group; bucket: GradBucket }>('allreduce_hook', of_bucket),
  fp16_compress_hook: signature<{ process_group: Group; bucket: GradBucket }>('fp16_compress_hook', of_bucket),
  bf16_compress_hook: signature<{ process_group: Group; bucket: GradBucket }>('bf16_compress_hook', of_bucket),
  fp16_compress_wrapper: signature<{ hook: CommHook<unknown> }>('fp16_compress_wrapper', 'hook: Callable'),
  bf16_compress_wrapper: signature<{ hook: CommHook<unknown> }>('bf16_compress_wrapper', 'hook: Callable'),
};

function summed(tensor: Tensor, group: Group): Future<Tensor[]> {
  return all_reduce(tensor, { group, async_op: true })!.get_future();
}

/** Divides first, as Python does: a sum of float16 might overflow. */
function compressed(dtype: DType, process_group: Group, bucket: GradBucket): Future<Tensor> {
  const group = process_group ?? default_group();
  const buffer = bucket.buffer();
  return summed(buffer.to(dtype).div_(group.size()), group).then((future) => buffer.copy_(future.value()[0]!));
}

/**
 * Averages gradients, as without a hook. Mirrors `torch.distributed.algorithms.ddp_comm_hooks.default_hooks.allreduce_hook`.
 *
 * @param process_group - the group; null for the default one
 * @param bucket - the gradients
 * @returns a future of the averaged gradients
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { default_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model.register_comm_hook(null, default_hooks.allreduce_hook);
 * model(torch.ones(1, 2)).sum().backward();
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * model.register_comm_hook(None, default_hooks.allreduce_hook)
 * model(torch.ones(1, 2)).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export function allreduce_hook(process_group: Group, bucket: GradBucket): Future<Tensor>;
export function allreduce_hook(...args: unknown[]): Future<Tensor> {
  const { process_group, bucket } = HOOKS.allreduce_hook.read(args);
  const group = process_group ?? default_group();
  return summed(bucket.buffer().div_(group.size()), group).then((future) => future.value()[0]!);
}

/**
 * Averages gradients in float16, which halves what is sent. Mirrors
 * `torch.distributed.algorithms.ddp_comm_hooks.default_hooks.fp16_compress_hook`.
 *
 * @param process_group - the group; null for the default one
 * @param bucket - the gradients
 * @returns a future of the averaged gradients, in their own dtype
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { default_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model.register_comm_hook(null, default_hooks.fp16_compress_hook);
 * model(torch.ones(1, 2)).sum().backward();
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * model.register_comm_hook(None, default_hooks.fp16_compress_hook)
 * model(torch.ones(1, 2)).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export function fp16_compress_hook(process_group: Group, bucket: GradBucket): Future<Tensor>;
export function fp16_compress_hook(...args: unknown[]): Future<Tensor> {
  const { process_group, bucket } = HOOKS.fp16_compress_hook.read(args);
  return compressed(float16, process_group, bucket);
}

/**
 * Averages gradients in bfloat16, which halves what is sent. Mirrors
 * `torch.distributed.algorithms.ddp_comm_hooks.default_hooks.bf16_compress_hook`. As in Python, `register_comm_hook` refuses
 * it without CUDA.
 *
 * @param process_group - the group; null for the default one
 * @param bucket - the gradients
 * @returns a future of the averaged gradients, in their own dtype
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { default_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * try {
 *   model.register_comm_hook(null, default_hooks.bf16_compress_hook);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * try:
 *     model.register_comm_hook(None, default_hooks.bf16_compress_hook)
 * except TypeError as error:
 *     print(error)
 * dist.destroy_process_group()
 * ```
 */
export function bf16_compress_hook(process_group: Group, bucket: GradBucket): Future<Tensor>;
export function bf16_compress_hook(...args: unknown[]): Future<Tensor> {
  const { process_group, bucket } = HOOKS.bf16_compress_hook.read(args);
  return compressed(bfloat16, process_group, bucket);
}

/**
 * Lets another hook send gradients in float16. Mirrors `torch.distributed.algorithms.ddp_comm_hooks.default_hooks.fp16_compress_wrapper`.
 *
 * @param hook - the other hook, which finds the gradients in float16 in its bucket
 * @returns a hook whose results are in the dtype of the gradients
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { default_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model.register_comm_hook(null, default_hooks.fp16_compress_wrapper(default_hooks.allreduce_hook));
 * model(torch.ones(1, 2)).sum().backward();
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * model.register_comm_hook(None, default_hooks.fp16_compress_wrapper(default_hooks.allreduce_hook))
 * model(torch.ones(1, 2)).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export function fp16_compress_wrapper<S>(hook: CommHook<S>): CommHook<S>;
export function fp16_compress_wrapper(...args: unknown[]): CommHook<unknown> {
  const { hook } = HOOKS.fp16_compress_wrapper.read(args);
  const fp16_compress_wrapper_hook: CommHook<unknown> = (state, bucket) => {
    bucket.set_buffer(bucket.buffer().to(float16));
    return hook(state, bucket).then((future) => bucket.buffer().copy_(future.value()));
  };
  return fp16_compress_wrapper_hook;
}

/**
 * Lets another hook send gradients in bfloat16. Mirrors `torch.distributed.algorithms.ddp_comm_hooks.default_hooks.bf16_compress_wrapper`. As in Python, `register_comm_hook` refuses
 * it without CUDA.
 *
 * @param hook - the other hook, which finds the gradients in bfloat16 in its bucket
 * @returns a hook whose results are in the dtype of the gradients
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { default_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * try {
 *   model.register_comm_hook(null, default_hooks.bf16_compress_wrapper(default_hooks.allreduce_hook));
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import default_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * try:
 *     model.register_comm_hook(None, default_hooks.bf16_compress_wrapper(default_hooks.allreduce_hook))
 * except TypeError as error:
 *     print(error)
 * dist.destroy_process_group()
 * ```
 */
export function bf16_compress_wrapper<S>(hook: CommHook<S>): CommHook<S>;
export function bf16_compress_wrapper(...args: unknown[]): CommHook<unknown> {
  const { hook } = HOOKS.bf16_compress_wrapper.read(args);
  const bf16_compress_wrapper_hook: CommHook<unknown> = (state, bucket) => {
    bucket.set_buffer(bucket.buffer().to(bfloat16));
    return hook(state, bucket).then((future) => bucket.buffer().copy_(future.value()));
  };
  return bf16_compress_wrapper_hook;
}
