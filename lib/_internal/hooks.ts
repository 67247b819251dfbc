/** Hooks of modules and optimizers. */
import { kind_of } from './representation.js';
import { define_kind } from './signature.js';

/** Undoes the registration of a hook. */
export interface RemovableHandle {
  remove(): void;
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

let last = 0;

/** Hooks in the order in which they run. */
export class Hooks<F> {
  private readonly hooks = new Map<number, F>();

  /** Adds a hook at the end, or with `prepend` before all others. */
  add(hook: F, prepend = false): RemovableHandle {
    const id = ++last;
    const before = prepend ? [...this.hooks] : [];
    if (prepend) this.hooks.clear();
    this.hooks.set(id, hook);
    for (const [other, its] of before) this.hooks.set(other, its);
    return { remove: () => void this.hooks.delete(id) };
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
