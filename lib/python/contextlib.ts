/** What training scripts use of Python's `contextlib`. */
import { refuse_async, refuse_promise, type Mode } from '../_internal/callbacks.js';
import { make_guard, type AnyFunction, type Guard, type MethodContext } from '../_internal/guards.js';
import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';

/** What {@link nullcontext} returns. */
export interface NullContext<T = undefined> extends Guard {
  /** The value that it was given. */
  readonly enter_result: T;
}

/** What `using` disposes of: a guard, a tensor, or any object with such a method. */
interface Disposed {
  [Symbol.dispose](): void;
}

const nothing: Mode<void> = { enter: () => undefined, leave: () => undefined };
const NULLCONTEXT = signature<{ enter_result?: unknown }>('nullcontext', 'enter_result?: any');

/**
 * A context manager that switches nothing, where another one depends on a condition; see {@link Guard}. Mirrors
 * `contextlib.nullcontext`.
 *
 * @param enter_result - a value that it keeps as `enter_result`; default undefined
 * @example
 * ```ts
 * import { contextlib } from 'torch-node/python';
 * const device = 'cpu';
 * for (const low of [false, true]) {
 *   using _ = low ? torch.autocast(device, torch.bfloat16) : contextlib.nullcontext();
 *   print(torch.ones(1, 2).mm(torch.ones(2, 1)));
 * }
 * ```
 * ```python
 * from contextlib import nullcontext
 * device = 'cpu'
 * for low in [False, True]:
 *     with torch.autocast(device, torch.bfloat16) if low else nullcontext():
 *         print(torch.ones(1, 2).mm(torch.ones(2, 1)))
 * ```
 */
export function nullcontext(): NullContext;
export function nullcontext<T>(enter_result: T): NullContext<T>;
export function nullcontext(...args: unknown[]): NullContext<unknown> {
  const { enter_result } = NULLCONTEXT.read(args);
  const guard = Object.assign(make_guard('nullcontext', nothing), { enter_result });
  // Nothing is switched, so that its block may contain an await.
  return Object.defineProperty(guard, Symbol.dispose, { value: () => undefined });
}

/** A class of errors. */
type ErrorClass = abstract new (...args: never[]) => Error;

const is_error_class = (value: AnyFunction | ErrorClass): value is ErrorClass =>
  typeof value.prototype === 'object' && value.prototype !== null && 'message' in (value.prototype as object);

/** What {@link suppress} returns without a function: a decorator, and what gives a function that does not throw. */
export type Suppressor = <A extends unknown[], R>(
  fn: (...args: A) => R,
  context?: MethodContext,
) => (...args: A) => R | undefined;

const SUPPRESS = signature<{ exceptions: (AnyFunction | ErrorClass)[] }>('suppress', '*exceptions: Callable');

/**
 * Runs a function, and goes on after errors of some classes. Mirrors `contextlib.suppress`; the block of a `using` cannot be left by
 * an error that is not thrown on, so that this takes a function, or decorates one: `suppress(RangeError)(fn)`.
 *
 * @param exceptions - classes of errors, and at the end the function
 * @returns what the function returned, or undefined after an error; without a function, a decorator
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * import { contextlib } from 'torch-node/python';
 * const x = torch.ones(2);
 * contextlib.suppress(RangeError, () => {
 *   print(x.index(1));
 *   print(x.index(2));
 * });
 * ```
 * ```python
 * from contextlib import suppress
 * x = torch.ones(2)
 * with suppress(IndexError):
 *     print(x[1])
 *     print(x[2])
 * ```
 */
export function suppress(...exceptions: ErrorClass[]): Suppressor;
export function suppress<T>(exception: ErrorClass, fn: () => T): T | undefined;
export function suppress<T>(...exceptions_and_fn: [...ErrorClass[], () => T]): T | undefined;
export function suppress(...args: unknown[]): unknown {
  const given = SUPPRESS.read(args).exceptions;
  const classes = given.filter(is_error_class);
  const run = (fn: () => unknown): unknown => {
    try {
      return refuse_promise('suppress', fn());
    } catch (error) {
      if (!classes.some((its_class) => error instanceof its_class)) throw error;
      return undefined;
    }
  };
  const last = given[given.length - 1];
  if (classes.length === given.length || last === undefined) {
    return (fn: AnyFunction) => {
      refuse_async('suppress', fn);
      return function (this: unknown, ...its: never[]): unknown {
        return run(() => fn.apply(this, its));
      };
    };
  }
  if (classes.length < given.length - 1 || is_error_class(last)) {
    throw new TypeError('suppress(): expected classes of errors, and the function behind them');
  }
  refuse_async('suppress', last);
  return run(last as () => unknown);
}

define_kind(
  'Disposable',
  'a context manager',
  // Reading the method of a guard begins its scope.
  (value) => ((typeof value === 'object' && value !== null) || typeof value === 'function') && Symbol.dispose in value,
);
const ENTER_CONTEXT = method_signature<{ cm: Disposed }>('ExitStack.enter_context', 'cm: Disposable');
const CALLBACK = method_signature<{ callback: (...args: unknown[]) => unknown; args: unknown[] }>(
  'ExitStack.callback',
  'callback: Callable, *args: any',
);
const NEW = signature<object>('ExitStack', '');

/**
 * Context managers that are entered one after the other and end together, last first. Mirrors `contextlib.ExitStack`.
 *
 * @example
 * ```ts
 * import { contextlib } from 'torch-node/python';
 * const x = torch.ones(1, 2, { requires_grad: true });
 * {
 *   using stack = new contextlib.ExitStack();
 *   stack.callback(print, 'the end');
 *   for (const guard of [torch.no_grad(), torch.autocast('cpu')]) stack.enter_context(guard);
 *   print(x.mm(x.t()));
 * }
 * print(x.mm(x.t()));
 * ```
 * ```python
 * from contextlib import ExitStack
 * x = torch.ones(1, 2, requires_grad=True)
 * with ExitStack() as stack:
 *     stack.callback(print, 'the end')
 *     for guard in [torch.no_grad(), torch.autocast('cpu')]: stack.enter_context(guard)
 *     print(x.mm(x.t()))
 * print(x.mm(x.t()))
 * ```
 */
export class ExitStack {
  private ends: (() => unknown)[] = [];

  constructor(...none: []) {
    NEW.read(none);
  }

  /**
   * Enters a context manager, which ends with the stack. Mirrors `ExitStack.enter_context`.
   * @param cm - a guard, or any object that `using` takes
   * @returns the context manager; of a {@link nullcontext} its value
   */
  enter_context<T>(cm: NullContext<T>): T;
  enter_context<C extends Disposed>(cm: C): C;
  enter_context(...args: unknown[]): unknown {
    const { cm } = ENTER_CONTEXT.read(args);
    const end = cm[Symbol.dispose];
    this.ends.push(() => end.call(cm));
    return 'enter_result' in cm ? cm.enter_result : cm;
  }

  /**
   * Calls a function with its arguments when the stack ends. Mirrors `ExitStack.callback`.
   * @returns the function
   */
  callback<A extends unknown[], F extends (...args: A) => unknown>(callback: F, ...args: A): F;
  callback(...given: unknown[]): unknown {
    const { callback, args } = CALLBACK.read(given);
    this.ends.push(() => callback(...args));
    return callback;
  }

  /** Hands over what is to be ended to a new stack. Mirrors `ExitStack.pop_all`. */
  pop_all(...none: []): ExitStack {
    no_arguments('ExitStack.pop_all', none);
    const other = new ExitStack();
    other.ends = this.ends;
    this.ends = [];
    return other;
  }

  /** Ends all, last first. Mirrors `ExitStack.close`. @throws the last error that one of them throws */
  close(...none: []): void {
    no_arguments('ExitStack.close', none);
    const errors: unknown[] = [];
    for (let end = this.ends.pop(); end !== undefined; end = this.ends.pop()) {
      try {
        end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[errors.length - 1];
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
