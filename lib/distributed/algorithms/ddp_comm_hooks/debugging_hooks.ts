/** Hooks that send nothing: `torch.distributed.algorithms.ddp_comm_hooks.debugging_hooks`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { Future } from '../../../futures/index.js';
import type { GradBucket } from '../../comm_hooks.js';

const NOOP = signature<{ bucket: GradBucket }>('noop_hook', '_: any, bucket: GradBucket');

/**
 * Sends nothing: each process keeps its own gradients. Mirrors `torch.distributed.algorithms.ddp_comm_hooks.debugging_hooks.noop_hook`; it shows
 * how long training takes without communication.
 *
 * @param _ - not used
 * @param bucket - the gradients
 * @returns a future of the gradients
 * @example
 * ```ts
 * const dist = torch.distributed;
 * const { debugging_hooks } = dist.algorithms.ddp_comm_hooks;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.parallel.DistributedDataParallel(new nn.Linear(2, 1));
 * model.register_comm_hook(null, debugging_hooks.noop_hook);
 * model(torch.ones(1, 2)).sum().backward();
 * print(model.module.weight.grad);
 * dist.destroy_process_group();
 * ```
 * ```python
 * from torch.distributed.algorithms.ddp_comm_hooks import debugging_hooks
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
 * model.register_comm_hook(None, debugging_hooks.noop_hook)
 * model(torch.ones(1, 2)).sum().backward()
 * print(model.module.weight.grad)
 * dist.destroy_process_group()
 * ```
 */
export function noop_hook(_: unknown, bucket: GradBucket): Future<Tensor>;
export function noop_hook(...args: unknown[]): Future<Tensor> {
  const { bucket } = NOOP.read(args);
  const future = new Future<Tensor>();
  future.set_result(bucket.buffer());
  return future;
}
