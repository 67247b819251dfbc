/** Hooks of modules and optimizers. */
import { types } from 'node:util';

import { kind_of } from './kind_of.js';
import type {} from './node_types.js';
import { is_plain_object } from './plain_object.js';
import { define_kind, signature } from './signature.js';

type HooksDict = Map<number, unknown> | Record<number, unknown>;

const REMOVABLE_HANDLE = signature<{ hooks_dict: HooksDict; extra_dict?: HooksDict | HooksDict[] | null }>(
  'RemovableHandle',
  'hooks_dict: dict, *, extra_dict?: dict|dict[]|None',
);

function remove_from(dict: HooksDict, id: number): void {
  if (types.isMap(dict)) dict.delete(id);
  else delete dict[id];
}

/**
 * Undoes the registration of a hook: by `remove()`, or at the end of the block of `using handle = module.register_forward_hook(fn)`.
 * Mirrors `torch.utils.hooks.RemovableHandle`.
 *
 * @param hooks_dict - where the hook is registered under `handle.id`: a Map or an object
 * @param options - `extra_dict`: one more of these, or several, from which the id is removed too
 * @example
 * ```ts
 * const hooks = new Map<number, () => void>();
 * const handle = new torch.utils.hooks.RemovableHandle(hooks);
 * hooks.set(handle.id, () => print('called'));
 * for (const hook of hooks.values()) hook();
 * handle.remove();
 * print(hooks.size);
 * ```
 * ```python
 * from collections import OrderedDict
 * hooks = OrderedDict()
 * handle = torch.utils.hooks.RemovableHandle(hooks)
 * hooks[handle.id] = lambda: print('called')
 * for hook in hooks.values(): hook()
 * handle.remove()
 * print(len(hooks))
 * ```
 */
export class RemovableHandle {
  /** The id of the handle that is made next. */
  static next_id = 0;

  readonly id = RemovableHandle.next_id++;
  /** @internal */
  protected readonly dicts: readonly HooksDict[];

  constructor(
    hooks_dict: Map<number, unknown> | Record<number, unknown>,
    options?: { extra_dict?: HooksDict | HooksDict[] | null },
  );
  constructor(...args: unknown[]) {
    // An empty object is a dict, too.
    const { hooks_dict, extra_dict = null } =
      args.length === 1 && is_plain_object(args[0])
        ? { hooks_dict: args[0] as HooksDict }
        : REMOVABLE_HANDLE.read(args);
    this.dicts = [hooks_dict, ...(extra_dict === null ? [] : Array.isArray(extra_dict) ? extra_dict : [extra_dict])];
  }

  /** Removes the hook; does nothing the second time. */
  remove(): void {
    for (const dict of this.dicts) remove_from(dict, this.id);
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** A handle of a hook that is registered elsewhere than in a dict. */
class HandleOf extends RemovableHandle {
  constructor(private readonly undo: () => void) {
    super(new Map());
  }

  override remove(): void {
    this.undo();
  }
}

/** The handle of a hook that a function removes. */
export function handle_of_hook(undo: () => void): RemovableHandle {
  return new HandleOf(undo);
}

/** A hook that is an object: what Python calls by `__call__`. Deep copies of a module have copies of such hooks. */
export interface HookObject<A extends unknown[], R> {
  __call__(...args: A): R;
}

/** A hook: a function, or an object with a method `__call__`. */
export type Hook<A extends unknown[], R> = ((...args: A) => R) | HookObject<A, R>;

/** Runs a hook. */
export function run_hook<A extends unknown[], R>(hook: Hook<A, R>, ...args: A): R {
  return typeof hook === 'function' ? hook(...args) : hook.__call__(...args);
}

const is_hook = (value: unknown): boolean =>
  typeof value === 'function' || typeof (value as { __call__?: unknown } | null | undefined)?.__call__ === 'function';

define_kind('hook', 'a function', is_hook);

/** Throws unless a value can be called. @throws TypeError */
export function check_hook(callee: string, hook: unknown): void {
  if (is_hook(hook)) return;
  throw new TypeError(`${callee}(): argument 'hook' must be a function, not ${kind_of(hook)}`);
}

/** Hooks in the order in which they run. */
export class Hooks<F> {
  private readonly hooks = new Map<number, F>();

  /** Adds a hook at the end, or with `prepend` before all others. */
  add(hook: F, prepend = false): RemovableHandle {
    const handle = new RemovableHandle(this.hooks);
    const before = prepend ? [...this.hooks] : [];
    if (prepend) this.hooks.clear();
    this.hooks.set(handle.id, hook);
    for (const [other, its] of before) this.hooks.set(other, its);
    return handle;
  }

  get size(): number {
    return this.hooks.size;
  }

  /** Removes the hooks for which `unwanted` is true. */
  remove_if(unwanted: (hook: F) => boolean): void {
    for (const [id, hook] of this.hooks) if (unwanted(hook)) this.hooks.delete(id);
  }

  /** The current hooks: a hook that adds or removes others changes only the next run. */
  [Symbol.iterator](): IterableIterator<F> {
    return [...this.hooks.values()].values();
  }
}
