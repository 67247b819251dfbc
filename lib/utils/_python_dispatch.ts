/** Modes that see every operator on its way to its kernel: `torch.utils._python_dispatch`. */
import { native, type SchemaArgument, type Tagged } from '../_C/native.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { make_guard, type AnyFunction, type Guard, type MethodContext } from '../_internal/guards.js';
import { method_signature, no_arguments } from '../_internal/signature.js';
import { call_user, find_operator, tagged_results, value_of, type Operator } from '../library/operators.js';
import { following, overload_named, type Overload } from '../_ops.js';

const METHODS = {
  run: method_signature<{ fn: () => unknown }>('TorchDispatchMode.run', 'fn: Callable'),
};

/** The operators that have been seen, forgotten when operators are defined. */
const seen = following(() => {
  const found = new Map<string, Operator>();
  return (qualified) => {
    const name = qualified as string;
    if (!found.has(name)) found.set(name, find_operator(name)!);
    return found.get(name);
  };
}) as (qualified: string) => Operator;

const same = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((element, i) => same(element, b[i]))
    : Object.is(a, b);

const is_default = (argument: SchemaArgument, tagged: Tagged): boolean =>
  argument.default !== undefined && same(argument.default, tagged);

/** The arguments of a call as Python gives them to a mode: without those at the end, and those by name, that are the defaults. */
function given_to_mode(
  { schema }: Operator,
  tagged: readonly Tagged[],
): [args: unknown[], kwargs: Record<string, unknown>] {
  const args: unknown[] = [];
  const kwargs: Record<string, unknown> = {};
  const positional = schema.arguments.filter(({ keyword_only }) => !keyword_only);
  let count = positional.length;
  while (count > 0 && is_default(positional[count - 1]!, tagged[count - 1]!)) count--;
  schema.arguments.forEach((argument, i) => {
    if (!argument.keyword_only) {
      if (i < count) args.push(value_of(argument, tagged[i]!));
    } else if (!is_default(argument, tagged[i]!)) kwargs[argument.name] = value_of(argument, tagged[i]!);
  });
  return [args, kwargs];
}

/** The modes of this thread, the innermost last. */
const stack: TorchDispatchMode[] = [];

/**
 * A mode in which each operator of this thread goes to {@link TorchDispatchMode.__torch_dispatch__} instead of its kernel, also those that
 * backward passes call, and those of which another one is made: below autograd, where `linear` is `addmm`. Mirrors
 * `torch.utils._python_dispatch.TorchDispatchMode`.
 *
 * The mode is on in a block of `using`, in a function that {@link TorchDispatchMode.run} gets, or in a decorated method. Modes may be nested;
 * what a mode calls goes to the one around it. Operators that take a storage or a stream, such as `set_`, go to their kernels unseen.
 *
 * @example
 * ```ts
 * import { TorchDispatchMode } from 'torch-node/utils/_python_dispatch';
 * class Logging extends TorchDispatchMode {
 *   __torch_dispatch__(func: (...args: unknown[]) => unknown, types: [], args: unknown[], kwargs: object): unknown {
 *     print(func);
 *     return func(...args, kwargs);
 *   }
 * }
 * const [x, w] = [torch.ones(2, 3), torch.ones(4, 3)];
 * {
 *   using _ = new Logging();
 *   nn.functional.linear(x, w).sum(1);
 * }
 * ```
 * ```python
 * from torch.utils._python_dispatch import TorchDispatchMode
 * class Logging(TorchDispatchMode):
 *     def __torch_dispatch__(self, func, types, args=(), kwargs=None):
 *         print(func)
 *         return func(*args, **(kwargs or {}))
 * x, w = torch.ones(2, 3), torch.ones(4, 3)
 * with Logging():
 *     nn.functional.linear(x, w).sum(1)
 * ```
 */
export abstract class TorchDispatchMode {
  /**
   * Does the work of an operator.
   *
   * @param func - the overload, such as `torch.ops.aten.add.Tensor`; called, it goes on to the next mode, or to the kernel
   * @param types - empty: there are no subclasses of tensors to dispatch to
   * @param args - the arguments by position, without those at the end that are the defaults
   * @param kwargs - the arguments by name that are not the defaults
   * @returns what the operator returns: a value, or an array of as many as it returns
   */
  abstract __torch_dispatch__(func: Overload, types: [], args: unknown[], kwargs: Record<string, unknown>): unknown;

  private readonly mode: Mode<void> = {
    enter: () => {
      this.on_enter();
      stack.push(this);
      native.dispatch_mode_push((qualified, tagged) => this.dispatch(qualified, tagged));
    },
    leave: () => {
      native.dispatch_mode_pop();
      stack.pop();
    },
  };
  private readonly guard: Guard = make_guard('TorchDispatchMode', this.mode);

  /** Called before the mode is switched on. @internal */
  protected on_enter(): void {}

  private dispatch(qualified: string, tagged: readonly Tagged[]): Tagged[] {
    const its = seen(qualified);
    const [args, kwargs] = given_to_mode(its, tagged);
    const popped = stack.pop();
    try {
      const result = call_user(
        () => this.__torch_dispatch__(overload_named(qualified), [], args, kwargs),
        `${this.constructor.name}.__torch_dispatch__`,
        [],
      );
      return tagged_results(its, result);
    } finally {
      if (popped !== undefined) stack.push(popped);
    }
  }

  /** Switches the mode on from where `using` asks for it to the end of its block. */
  get [Symbol.dispose](): () => void {
    return this.guard[Symbol.dispose];
  }

  /**
   * Runs a function in the mode.
   * @param fn - a synchronous function
   * @returns what it returned
   * @throws TypeError for an asynchronous function
   */
  run<T>(fn: () => T): T;
  run(...args: unknown[]): unknown {
    return run_in_mode('TorchDispatchMode', this.mode, METHODS.run.read(args).fn);
  }

  /**
   * A function, or below `@mode.decorate` a method, each of whose calls is in the mode.
   * @param fn - a synchronous function
   */
  decorate<F extends AnyFunction>(fn: F, context?: MethodContext): F;
  decorate(...args: unknown[]): AnyFunction {
    return (this.guard as (...args: unknown[]) => AnyFunction)(...args);
  }
}

/**
 * The mode that the next operator goes to, or null. Mirrors `torch.utils._python_dispatch._get_current_dispatch_mode`.
 * @example
 * ```ts
 * import { _get_current_dispatch_mode } from 'torch-node/utils/_python_dispatch';
 * print(_get_current_dispatch_mode());
 * ```
 * ```python
 * from torch.utils._python_dispatch import _get_current_dispatch_mode
 * print(_get_current_dispatch_mode())
 * ```
 */
export function _get_current_dispatch_mode(...none: []): TorchDispatchMode | null {
  no_arguments('_get_current_dispatch_mode', none);
  return stack.at(-1) ?? null;
}

/**
 * The modes that are on, the innermost last. Mirrors `torch.utils._python_dispatch._get_current_dispatch_mode_stack`.
 * @example
 * ```ts
 * import { _get_current_dispatch_mode_stack } from 'torch-node/utils/_python_dispatch';
 * print(_get_current_dispatch_mode_stack());
 * ```
 * ```python
 * from torch.utils._python_dispatch import _get_current_dispatch_mode_stack
 * print(_get_current_dispatch_mode_stack())
 * ```
 */
export function _get_current_dispatch_mode_stack(...none: []): TorchDispatchMode[] {
  no_arguments('_get_current_dispatch_mode_stack', none);
  return [...stack];
}
