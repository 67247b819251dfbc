/**
 * What models of Python say to TorchScript: marks of functions, and questions that always have the same answer where nothing is
 * scripted. They leave functions as they are.
 */
import { is_decoration, type AnyFunction, type MethodContext } from '../_internal/guards.js';
import { name_class } from '../_internal/kind_of.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Future } from '../futures/index.js';

const ANNOTATE = signature<{ the_type: unknown; the_value: unknown }>('annotate', 'the_type: any, the_value: any');
const marking = (callee: string) => signature<{ fn: AnyFunction }>(callee, 'fn: Callable');
const EXPORT = marking('export');
const UNUSED = marking('unused');
const SCRIPT_IF_TRACING = marking('script_if_tracing');
const INTERFACE = signature<{ obj: AnyFunction }>('interface', 'obj: Callable');
const IGNORE = signature<{ drop?: boolean | AnyFunction }>('ignore', 'drop?: bool|Callable');
const ISINSTANCE = signature<{ obj: unknown; target_type: TypeLike }>('isinstance', 'obj: any, target_type: any');
const FORK = signature<{ func: AnyFunction; args: unknown[] }>('fork', 'func: Callable, *args: any');
const WAIT = signature<{ future: Future }>('wait', 'future: Future');
const ATTRIBUTE = signature<{ value: unknown; type: unknown }>('Attribute', 'value: any, type: any');

const decorated = (args: readonly unknown[]): readonly unknown[] => (is_decoration(args) ? args.slice(0, 1) : args);

/** Mirrors `torch.jit.Final`, an annotation: a field that does not change. */
export type Final<T> = T;

/** A type as a value: a class. */
type TypeLike = abstract new (...args: never[]) => unknown;

/**
 * Says what type a value has: returns the value. Mirrors `torch.jit.annotate`.
 *
 * @param the_type - a class; without effect
 * @param the_value - any value
 * @example
 * ```ts
 * print(torch.jit.annotate(Number, 5));
 * ```
 * ```python
 * print(torch.jit.annotate(int, 5))
 * ```
 */
export function annotate<T>(the_type: unknown, the_value: T): T;
export function annotate(...args: unknown[]): unknown {
  return ANNOTATE.read(args).the_value;
}

/**
 * Marks a method that TorchScript would leave to Python: returns it as it is. As a decorator it is `@torch.jit.ignore` or
 * `@torch.jit.ignore({ drop: true })`. Mirrors `torch.jit.ignore`.
 *
 * @param drop - the function, or whether to drop calls of it; default false
 * @throws TypeError for what is neither a function nor a bool
 * @example
 * ```ts
 * const double = torch.jit.ignore((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * @torch.jit.ignore
 * def double(x): return x.mul(2)
 * print(double(torch.ones(2)))
 * ```
 */
export function ignore<F extends AnyFunction>(drop: F, context?: MethodContext): F;
export function ignore(
  drop?: boolean | { drop?: boolean },
): <F extends AnyFunction>(fn: F, context?: MethodContext) => F;
export function ignore(...args: unknown[]): unknown {
  const { drop = false } = IGNORE.read(decorated(args));
  if (typeof drop === 'function') return drop;
  if (drop) {
    warn(
      'ignore(True) has been deprecated. TorchScript will now drop the function call on compilation. Use torch.jit.unused now. {}',
      'FutureWarning',
    );
  }
  return (fn: unknown): unknown => fn;
}

/**
 * Marks a method that TorchScript would not compile: returns it as it is. Mirrors `torch.jit.unused`.
 *
 * @param fn - a function or method
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.jit.unused((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * @torch.jit.unused
 * def double(x): return x.mul(2)
 * print(double(torch.ones(2)))
 * ```
 */
export function unused<F extends AnyFunction>(fn: F, context?: MethodContext): F;
export function unused(...args: unknown[]): unknown {
  return UNUSED.read(decorated(args)).fn;
}

function export_<F extends AnyFunction>(fn: F, context?: MethodContext): F;
function export_(...args: unknown[]): unknown {
  return EXPORT.read(decorated(args)).fn;
}

function interface_<C extends abstract new (...args: never[]) => unknown>(
  obj: C,
  context?: ClassDecoratorContext<C>,
): C;
function interface_(...args: unknown[]): unknown {
  return INTERFACE.read(args.slice(0, args.length === 2 && is_class_context(args[1]) ? 1 : 2)).obj;
}

const is_class_context = (value: unknown): boolean => (value as { kind?: unknown } | null)?.kind === 'class';

export {
  /**
   * Marks a method that TorchScript would compile: returns it as it is. Mirrors `torch.jit.export`.
   *
   * @param fn - a function or method
   * @throws TypeError for what is not a function
   * @example
   * ```ts
   * const double = torch.jit.export((x: torch.Tensor) => x.mul(2));
   * print(double(torch.ones(2)));
   * ```
   * ```python
   * @torch.jit.export
   * def double(x): return x.mul(2)
   * print(double(torch.ones(2)))
   * ```
   */
  export_ as export,
  /**
   * Marks a class as an interface of modules: returns it as it is. Mirrors `torch.jit.interface`.
   *
   * @param obj - a class
   * @throws TypeError for what is not a class
   * @example
   * ```ts
   * const Shape = torch.jit.interface(class Shape {});
   * print(Shape.name); // Shape
   * ```
   */
  interface_ as interface,
};

/**
 * Marks a function that tracing would script: returns it as it is. Mirrors `torch.jit.script_if_tracing`.
 *
 * @param fn - a function
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.jit.script_if_tracing((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * @torch.jit.script_if_tracing
 * def double(x): return x.mul(2)
 * print(double(torch.ones(2)))
 * ```
 */
export function script_if_tracing<F extends AnyFunction>(fn: F, context?: MethodContext): F;
export function script_if_tracing(...args: unknown[]): unknown {
  return SCRIPT_IF_TRACING.read(decorated(args)).fn;
}

/** @internal */
export { script_if_tracing as _script_if_tracing };

/**
 * Whether the program is TorchScript, which it never is here. Mirrors `torch.jit.is_scripting`.
 * @example
 * ```ts
 * print(torch.jit.is_scripting());
 * ```
 * ```python
 * print(torch.jit.is_scripting())
 * ```
 */
export function is_scripting(...none: []): boolean {
  no_arguments('is_scripting', none);
  return false;
}

/**
 * Whether a value is of a class, where `Number`, `String` and `Boolean` stand for Python's numbers, texts and bools. Mirrors
 * `torch.jit.isinstance`.
 *
 * @param obj - any value
 * @param target_type - a class
 * @throws TypeError for what is not a class
 * @example
 * ```ts
 * print(torch.jit.isinstance(torch.ones(1), torch.Tensor), torch.jit.isinstance(1, String));
 * ```
 * ```python
 * print(torch.jit.isinstance(torch.ones(1), torch.Tensor), torch.jit.isinstance(1, str))
 * ```
 */
export function isinstance<T>(obj: unknown, target_type: abstract new (...args: never[]) => T): obj is T;
export function isinstance(...args: unknown[]): boolean {
  const { obj, target_type } = ISINSTANCE.read(args);
  if (typeof target_type !== 'function') {
    throw new TypeError("isinstance(): argument 'target_type' must be a class");
  }
  const own = target_type as unknown;
  if (own === Number) return typeof obj === 'number';
  if (own === String) return typeof obj === 'string';
  if (own === Boolean) return typeof obj === 'boolean';
  return obj instanceof target_type;
}

/**
 * Calls a function, and returns a future of its result. TorchScript would run it beside the program; here, as in Python's eager
 * code, it has run when `fork` returns. Mirrors `torch.jit.fork`.
 *
 * @param func - the function, called with the arguments behind it
 * @throws what the function throws
 * @example
 * ```ts
 * const future = torch.jit.fork((x: torch.Tensor) => x.mul(2), torch.ones(2));
 * print(torch.jit.wait(future));
 * ```
 * ```python
 * future = torch.jit.fork(lambda x: x.mul(2), torch.ones(2))
 * print(torch.jit.wait(future))
 * ```
 */
export function fork<A extends unknown[], R>(func: (...args: A) => R, ...func_args: A): Future<R>;
export function fork(...args: unknown[]): Future {
  const { func } = FORK.read(args.slice(0, 1));
  const future = new Future();
  future.set_result((func as (...args: unknown[]) => unknown)(...args.slice(1)));
  return future;
}

/**
 * The result of a future. Mirrors `torch.jit.wait`.
 *
 * @param future - what {@link fork} returned
 * @throws what the future failed with
 * @example
 * ```ts
 * const future = torch.jit.fork((x: torch.Tensor) => x.mul(2), torch.ones(2));
 * print(torch.jit.wait(future));
 * ```
 * ```python
 * future = torch.jit.fork(lambda x: x.mul(2), torch.ones(2))
 * print(torch.jit.wait(future))
 * ```
 */
export function wait<T>(future: Future<T>): T;
export function wait(...args: unknown[]): unknown {
  return WAIT.read(args).future.wait();
}

/**
 * A value with its type, which a scripted module would have as an attribute. Mirrors `torch.jit.Attribute`.
 *
 * @param value - the value
 * @param type - its type
 * @example
 * ```ts
 * const attribute = new torch.jit.Attribute(5, Number);
 * print(attribute.value);
 * ```
 * ```python
 * attribute = torch.jit.Attribute(5, int)
 * print(attribute.value)
 * ```
 */
export class Attribute<T = unknown> {
  readonly value: T;
  readonly type: unknown;

  constructor(value: T, type: unknown);
  constructor(options: { value: T; type: unknown });
  constructor(...args: unknown[]) {
    const { value, type } = ATTRIBUTE.read(args);
    this.value = value as T;
    this.type = type;
  }
}

name_class(Attribute, 'torch.jit.Attribute');
