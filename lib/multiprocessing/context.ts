/** How processes start and share memory: contexts, start methods, sharing strategies. */
import { no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { active_children, cpu_count, current_process, parent_process } from './process.js';
import { Manager } from './managers.js';
import { JoinableQueue, Pipe, Queue, SimpleQueue } from './queues.js';
import { Array_, RawArray, RawValue, Value } from './shared_values.js';
import { SpawnProcess } from './spawn.js';
import { check_start_method } from './start_methods.js';
import { Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore } from './synchronize.js';

const SET_START_METHOD = signature<{ method: string | null; force?: boolean }>(
  'set_start_method',
  'method: str|None, force?: bool',
);
const GET_START_METHOD = signature<{ allow_none?: boolean }>('get_start_method', 'allow_none?: bool');
const GET_CONTEXT = signature<{ method?: string | null }>('get_context', 'method?: str|None');
const SET_SHARING_STRATEGY = signature<{ new_strategy: string }>('set_sharing_strategy', 'new_strategy: str');

let chosen = false;

/**
 * Says how child processes start, once in a program. Mirrors `torch.multiprocessing.set_start_method`.
 *
 * @param method - `'spawn'`, which is the only one: a copy of a process of Node (`'fork'`) would lack the threads of V8
 * @param force - allow it more than once; default false
 * @throws Error for another method, and when it has been said before
 * @example
 * ```ts
 * torch.multiprocessing.set_start_method('spawn', { force: true });
 * print(torch.multiprocessing.get_start_method()); // spawn
 * ```
 */
export function set_start_method(method: string | null, force?: boolean): void;
export function set_start_method(
  ...args: Arguments<
    [method: string | null, force?: boolean],
    { method: string | null; force?: boolean },
    ['method', 'force']
  >
): void;
export function set_start_method(...args: unknown[]): void {
  const { method, force = false } = SET_START_METHOD.read(args);
  if (chosen && !force) throw new Error('context has already been set');
  if (method !== null) check_start_method('set_start_method', method);
  chosen = method !== null;
}

/**
 * How child processes start: `'spawn'`. Mirrors `torch.multiprocessing.get_start_method`.
 *
 * @param allow_none - return null until `set_start_method` was called; default false
 * @example
 * ```ts
 * print(torch.multiprocessing.get_start_method()); // spawn
 * ```
 */
export function get_start_method(allow_none?: boolean): 'spawn' | null;
export function get_start_method(
  ...args: Arguments<[allow_none?: boolean], { allow_none?: boolean }, ['allow_none']>
): 'spawn' | null;
export function get_start_method(...args: unknown[]): 'spawn' | null {
  const { allow_none = false } = GET_START_METHOD.read(args);
  if (allow_none && !chosen) return null;
  chosen = true;
  return 'spawn';
}

/**
 * The start methods that there are. Mirrors `torch.multiprocessing.get_all_start_methods`.
 * @example
 * ```ts
 * print(torch.multiprocessing.get_all_start_methods()); // ['spawn']
 * ```
 */
export function get_all_start_methods(): 'spawn'[];
export function get_all_start_methods(...none: unknown[]): 'spawn'[] {
  no_arguments('get_all_start_methods', none);
  return ['spawn'];
}

const members = {
  ...{ Process: SpawnProcess, active_children, cpu_count, current_process, parent_process },
  ...{ JoinableQueue, Manager, Pipe, Queue, SimpleQueue },
  ...{ Array: Array_, RawArray, RawValue, Value },
  ...{ Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore },
  ...{ get_context, get_start_method, set_start_method },
};

/** What {@link get_context} returns: the classes and functions of `torch.multiprocessing`. */
export type Context = Readonly<typeof members>;

/**
 * The classes and functions of a start method. Mirrors `torch.multiprocessing.get_context`.
 *
 * @param method - `'spawn'`, which is the only one; default null: the same
 * @throws Error for another method
 * @example
 * ```ts
 * const context = torch.multiprocessing.get_context('spawn');
 * const queue = new context.Queue<number>();
 * queue.put(1);
 * print(queue.get());
 * ```
 * ```python
 * context = torch.multiprocessing.get_context('spawn')
 * queue = context.Queue()
 * queue.put(1)
 * print(queue.get())
 * ```
 */
export function get_context(method?: string | null): Context;
export function get_context(
  ...args: Arguments<[method?: string | null], { method?: string | null }, ['method']>
): Context;
export function get_context(...args: unknown[]): Context {
  const { method = null } = GET_CONTEXT.read(args);
  if (method !== null) check_start_method('get_context', method);
  return members;
}

/**
 * Does nothing, as Python's outside frozen programs of Windows. Mirrors `torch.multiprocessing.freeze_support`.
 * @example
 * ```ts
 * print(torch.multiprocessing.freeze_support());
 * ```
 * ```python
 * print(torch.multiprocessing.freeze_support())
 * ```
 */
export function freeze_support(): null;
export function freeze_support(...none: unknown[]): null {
  no_arguments('freeze_support', none);
  return null;
}

const strategies = ['file_descriptor', 'file_system'];
let strategy = 'file_descriptor';

/**
 * The names of the strategies by which Python shares memory. Mirrors `torch.multiprocessing.get_all_sharing_strategies`.
 * @example
 * ```ts
 * print([...torch.multiprocessing.get_all_sharing_strategies()].sort());
 * ```
 * ```python
 * print(sorted(torch.multiprocessing.get_all_sharing_strategies()))
 * ```
 */
export function get_all_sharing_strategies(): Set<string>;
export function get_all_sharing_strategies(...none: unknown[]): Set<string> {
  no_arguments('get_all_sharing_strategies', none);
  return new Set(strategies);
}

/**
 * The strategy that was set. Mirrors `torch.multiprocessing.get_sharing_strategy`.
 * @example
 * ```ts
 * print(torch.multiprocessing.get_sharing_strategy());
 * ```
 * ```python
 * print(torch.multiprocessing.get_sharing_strategy())
 * ```
 */
export function get_sharing_strategy(): string;
export function get_sharing_strategy(...none: unknown[]): string {
  no_arguments('get_sharing_strategy', none);
  return strategy;
}

/**
 * Takes the name of a strategy; memory goes by descriptors with each of them, so that nothing is left behind in the file system. Mirrors
 * `torch.multiprocessing.set_sharing_strategy`.
 *
 * @throws Error for a name that Python does not have
 * @example
 * ```ts
 * torch.multiprocessing.set_sharing_strategy('file_system');
 * print(torch.multiprocessing.get_sharing_strategy());
 * ```
 * ```python
 * torch.multiprocessing.set_sharing_strategy('file_system')
 * print(torch.multiprocessing.get_sharing_strategy())
 * ```
 */
export function set_sharing_strategy(new_strategy: string): void;
export function set_sharing_strategy(options: { new_strategy: string }): void;
export function set_sharing_strategy(...args: unknown[]): void {
  const { new_strategy } = SET_SHARING_STRATEGY.read(args);
  if (!strategies.includes(new_strategy)) {
    const known = strategies.map((name) => `'${name}'`).join(', ');
    throw new Error(`invalid sharing strategy '${new_strategy}', expected one of {${known}}`);
  }
  strategy = new_strategy;
}
