/** Processes that share tensors: `torch.multiprocessing`. */
import '../_internal/bundled.js';

export {
  freeze_support,
  get_all_sharing_strategies,
  get_all_start_methods,
  get_context,
  get_sharing_strategy,
  get_start_method,
  set_sharing_strategy,
  set_start_method,
  type Context,
} from './context.js';
export { Manager, type DictProxy, type Key, type ListProxy, type SyncManager, type ValueProxy } from './managers.js';
export { Pool, type AsyncResult, type PoolOptions } from './pool.js';
export {
  active_children,
  cpu_count,
  current_process,
  parent_process,
  Process,
  type ParentProcess,
  type ProcessOptions,
} from './process.js';
export { JoinableQueue, Pipe, Queue, SimpleQueue, type Connection } from './queues.js';
export {
  Array_ as Array,
  RawArray,
  RawValue,
  Value,
  type SimpleArray,
  type SimpleValue,
  type Synchronized,
  type SynchronizedArray,
  type TypeCode,
} from './shared_values.js';
export { ProcessContext, ProcessExitedException, ProcessRaisedException, spawn, start_processes } from './spawn.js';
export {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  type BrokenBarrierError,
} from './synchronize.js';
