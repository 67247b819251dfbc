/**
 * Python's context managers. What a guard switches, it switches in a scope of `using`, in a method that it decorates, or in
 * a function that it is called with. Knows nothing of torch.
 */
import { in_mode, run_in_mode, type Mode } from './callbacks.js';
import { kind_of } from './kind_of.js';
import type {} from './node_types.js';
import { is_plain_object } from './plain_object.js';
import { open_scope } from './scopes.js';

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

/** The context that TypeScript passes to the decorator of a method, a getter or a setter. */
export type MethodContext = ClassMethodDecoratorContext | ClassGetterDecoratorContext | ClassSetterDecoratorContext;

/**
 * What is a context manager and a decorator in Python, such as `torch.no_grad()`.
 *
 * - `using _ = torch.no_grad();` switches until the end of the block, also when an exception leaves it. The block must not
 *   contain an `await`: there the mode ends, and the end of the block throws an Error. Guards end in reverse order; one that
 *   is still open when a guard around it ends is ended too, and throws when it is disposed.
 * - `@torch.no_grad()` above a method switches in each call of it; of a generator method, in each step.
 * - `torch.no_grad()(fn)` returns `fn` decorated.
 *
 * A guard that is not used switches nothing. It can be used any number of times.
 */
export interface Guard {
  /** Ends the scope, which begins when `using` reads this property. */
  [Symbol.dispose](): void;
  /**
   * The function with the mode in each call.
   * @throws TypeError for an asynchronous function, and for what is not a function
   */
  <F extends AnyFunction>(fn: F, context?: MethodContext): F;
}

const decorated_kinds: readonly unknown[] = ['method', 'getter', 'setter'];

/** Whether a call is that of a decorator: `@torch.no_grad` without parentheses. */
export function is_decoration(args: readonly unknown[]): args is [AnyFunction, MethodContext] {
  const context = args[1] as Partial<MethodContext> | undefined;
  return (
    args.length === 2 &&
    typeof args[0] === 'function' &&
    decorated_kinds.includes(context?.kind) &&
    typeof context?.addInitializer === 'function'
  );
}

/** Whether a call has the function to run: first, or by name. */
export function has_function(args: readonly unknown[]): boolean {
  const [first] = args;
  return typeof first === 'function' || (args.length === 1 && is_plain_object(first) && 'fn' in first);
}

function decorate<S>(callee: string, mode: Mode<S>, args: readonly unknown[]): AnyFunction {
  const [fn] = args;
  if (typeof fn !== 'function') {
    throw new TypeError(`${callee}(): decorates methods and functions, not ${kind_of(fn)}`);
  }
  if (args.length > 1 && !is_decoration(args)) {
    const { kind } = (args[1] ?? {}) as { kind?: unknown };
    throw new TypeError(
      typeof kind === 'string'
        ? `${callee}(): decorates methods and functions, not a ${kind}`
        : `${callee}(): is a decorator as ECMAScript has them; leave "experimentalDecorators" out of tsconfig.json`,
    );
  }
  const wrapped = in_mode(callee, mode, fn as AnyFunction);
  for (const name of ['name', 'length']) {
    Object.defineProperty(wrapped, name, { value: fn[name as 'name' | 'length'], configurable: true });
  }
  return wrapped;
}

/** A mode that takes effect when its guard is made, as with `torch.set_grad_enabled(False)`. */
interface InForce<S> {
  readonly before: S;
}

/** Enters a mode for a scope. @returns what ends the scope */
export function begin_scope<S>(callee: string, mode: Mode<S>, in_force?: InForce<S>): () => void {
  const entered = mode.enter();
  const before = in_force === undefined ? entered : in_force.before;
  return open_scope(callee, () => {
    mode.leave(before);
  });
}

const BEGIN = Symbol('begin');

/** The prototype of guards. JavaScript has no hook for the beginning of a scope, where `using` reads the method once. */
const guard_prototype = Object.create(Function.prototype, {
  [Symbol.dispose]: {
    get(this: { [BEGIN]: () => () => void }) {
      return this[BEGIN]();
    },
  },
}) as object;

/**
 * A guard for a mode.
 * @param callee the function that returns it, for messages
 * @param in_force given when the mode is active already: the state to restore at its end
 */
export function make_guard<S>(callee: string, mode: Mode<S>, in_force?: InForce<S>): Guard {
  const guard = (...args: unknown[]): AnyFunction => {
    if (in_force !== undefined) mode.leave(in_force.before);
    return decorate(callee, mode, args);
  };
  const begin = (): (() => void) => begin_scope(callee, mode, in_force);
  return Object.setPrototypeOf(Object.assign(guard, { [BEGIN]: begin }), guard_prototype) as Guard;
}

/** Whether a value is a guard. */
export function is_guard(value: unknown): value is Guard {
  return typeof value === 'function' && BEGIN in value;
}

/** Runs the function when there is one, or returns a guard. */
export function run_or_guard<S>(callee: string, mode: Mode<S>, fn: (() => unknown) | undefined): unknown {
  return fn === undefined ? make_guard(callee, mode) : run_in_mode(callee, mode, fn);
}

/** Runs the function when there is one; or enters the mode, and returns the guard that ends it. */
export function run_or_set<S>(callee: string, mode: Mode<S>, fn: (() => unknown) | undefined): unknown {
  return fn === undefined ? make_guard(callee, mode, { before: mode.enter() }) : run_in_mode(callee, mode, fn);
}
