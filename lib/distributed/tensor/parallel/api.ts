/** Cuts modules over processes by a plan: `torch.distributed.tensor.parallel`. */
import { fnmatch } from '../../../_internal/fnmatch.js';
import { run_or_guard, type Guard } from '../../../_internal/guards.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import type { Module } from '../../../nn/modules/module.js';
import type { DeviceMesh } from '../../device_mesh.js';
import { open_parallel_loss } from '../layer_operators.js';
import { ParallelStyle } from './style.js';

/** A style, or styles by the names of submodules, in which `*`, `?` and `[abc]` stand for characters. */
export type ParallelizePlan = ParallelStyle | Readonly<Record<string, ParallelStyle>>;

interface ParallelizeArguments<M extends Module = Module> {
  module: M;
  device_mesh?: DeviceMesh | null;
  parallelize_plan?: ParallelizePlan | null;
  src_data_rank?: number | null;
}

const PARALLELIZE = signature<ParallelizeArguments>(
  'parallelize_module',
  'module: Module, device_mesh?: DeviceMesh|None, parallelize_plan?: any, *, src_data_rank?: int|None',
);

function parallelize(module: Module, mesh: DeviceMesh, plan: ParallelizePlan, src_data_rank: number | null): Module {
  if (plan instanceof ParallelStyle) {
    plan.src_data_rank = src_data_rank;
    return plan._apply(module, mesh);
  }
  for (const [path, style] of Object.entries(plan)) {
    if (path === '') {
      parallelize(module, mesh, style, src_data_rank);
      continue;
    }
    const [token, ...rest] = path.split('.') as [string, ...string[]];
    const children = [...module.named_children()].filter(([name]) => fnmatch(name, token));
    if (children.length === 0) {
      warn(
        `Parallelize plan key '${path}' could not be resolved: no submodule matching token '${token}' in module ` +
          `${String(module)}, skipping this plan entry.`,
      );
    }
    for (const [, child] of children) {
      parallelize(child, mesh, rest.length > 0 ? { [rest.join('.')]: style } : style, src_data_rank);
    }
  }
  return module;
}

/**
 * Cuts the parameters of a module, or of its submodules, over the processes of a mesh of one dimension, in place. Mirrors
 * `torch.distributed.tensor.parallel.parallelize_module`.
 *
 * @param module - the module
 * @param device_mesh - the mesh, of one dimension: `mesh.get('tp')` of one with more
 * @param parallelize_plan - a style, or styles by the names of submodules, in which `*`, `?` and `[abc]` stand for characters; default null, which
 *   does nothing and warns
 * @param src_data_rank - by name: the process whose values all others get; null: each keeps its own; default 0
 * @returns the module
 * @throws TypeError for another plan; Error for a module that its style does not take
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { parallelize_module, ColwiseParallel, RowwiseParallel } = dist.tensor.parallel;
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
 * parallelize_module(model, dist.init_device_mesh('cpu', [1]), { 0: new ColwiseParallel(), 2: new RowwiseParallel() });
 * print(model(torch.ones(3, 4)).shape, (model[0] as torch.nn.Linear).weight.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.tensor.parallel import parallelize_module, ColwiseParallel, RowwiseParallel
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
 * parallelize_module(model, dist.init_device_mesh('cpu', (1,)), {'0': ColwiseParallel(), '2': RowwiseParallel()})
 * print(model(torch.ones(3, 4)).shape, model[0].weight.shape)
 * dist.destroy_process_group()
 * ```
 */
export function parallelize_module<M extends Module>(
  module: M,
  device_mesh: DeviceMesh,
  parallelize_plan?: ParallelizePlan | null,
  options?: { src_data_rank?: number | null },
): M;
export function parallelize_module<M extends Module>(
  ...args: Arguments<
    [module: M, device_mesh?: DeviceMesh | null, parallelize_plan?: ParallelizePlan | null],
    ParallelizeArguments<M>,
    ['module', 'device_mesh', 'parallelize_plan']
  >
): M;
export function parallelize_module(...args: unknown[]): Module {
  const { module, device_mesh = null, parallelize_plan: plan = null, src_data_rank = 0 } = PARALLELIZE.read(args);
  if (device_mesh === null) throw new Error('parallelize_module(): No device mesh is currently active!');
  if (plan === null) {
    warn(
      'No parallelize_plan is provided and auto-parallel is not supported at the moment, so this parallelize_module call will do nothing.',
    );
    return module;
  }
  const is_plan =
    plan instanceof ParallelStyle ||
    (typeof plan === 'object' && Object.values(plan).every((style) => style instanceof ParallelStyle));
  if (!is_plan) {
    throw new TypeError('parallelize_module(): parallelize_plan must be a ParallelStyle, or an object of them');
  }
  if (device_mesh.ndim !== 1) {
    throw new Error(
      `parallelize_module(): the mesh must have one dimension, not ${device_mesh.ndim}; take mesh.get('name of one')`,
    );
  }
  return parallelize(module, device_mesh, plan, src_data_rank);
}

const LOSS_PARALLEL = signature<{ fn?: (() => unknown) | null }>('loss_parallel', 'fn?: Callable|None');

/**
 * Makes cross entropies of logits that are cut along the classes, without gathering them. Mirrors
 * `torch.distributed.tensor.parallel.loss_parallel`. The backward pass may run outside of it.
 *
 * @param fn - what runs with it; without it, `using _ = loss_parallel()`
 * @returns what `fn` returns
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { DTensor, Shard, parallel } = dist.tensor;
 * const logits = DTensor.from_local(torch.ones(2, 4), dist.init_device_mesh('cpu', [1]), [new Shard(1)]);
 * print(parallel.loss_parallel(() => F.cross_entropy(logits, torch.tensor([0, 3]))).item());
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.tensor import DTensor, Shard, parallel
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * logits = DTensor.from_local(torch.ones(2, 4), dist.init_device_mesh('cpu', (1,)), [Shard(1)])
 * with parallel.loss_parallel():
 *     print(F.cross_entropy(logits, torch.tensor([0, 3])).item())
 * dist.destroy_process_group()
 * ```
 */
export function loss_parallel(): Guard;
export function loss_parallel<R>(fn: () => R): R;
export function loss_parallel(...args: unknown[]): unknown {
  const { fn } = LOSS_PARALLEL.read(args);
  const mode = { enter: open_parallel_loss, leave: (close: () => void) => close() };
  return run_or_guard('loss_parallel', mode, fn ?? undefined);
}
