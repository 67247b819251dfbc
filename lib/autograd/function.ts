/** Differentiable functions of the user: `torch.autograd.Function`. */
import { not_recording, with_forward_enabled } from '../_C/modes.js';
import { native, type Wrapped } from '../_C/native.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { with_history, wrap } from '../_C/tensor_base.js';
import { refuse_async, refuse_promise, call_in_mode } from '../_internal/callbacks.js';
import { is_decoration, type AnyFunction, type MethodContext } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';

// What native/autograd/autograd_function.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    function_apply(
      name: string,
      inputs: number[],
      outputs: number[],
      not_differentiable: number[],
      dirty: number[],
      saved: number[],
      materialize: boolean,
      backward: (gradients: number[], saved: number[]) => number[],
      jvp: ((tangents: number[]) => number[]) | null,
    ): number[];
  }
}

const handle_of = (tensor: Tensor | null | undefined): number => (tensor ? tensor._h : -1);

/** Tensors, with null for what is left out. @param refusal - the text for a value that is neither, by its place and kind */
function tensors_or_null(
  values: readonly unknown[],
  refusal: (place: number, kind: string) => string,
): (Tensor | null)[] {
  return values.map((value, i) => {
    if (value === null || value === undefined || value instanceof Tensor) return value ?? null;
    throw new TypeError(refusal(i, kind_of(value)));
  });
}

const check_tensors = (callee: string, values: readonly unknown[]): (Tensor | null)[] =>
  tensors_or_null(values, (_, kind) => `${callee}(): expected Tensors or null, not ${kind}`);

const savable = (callee: string, values: readonly unknown[]): (Tensor | null)[] =>
  tensors_or_null(
    values,
    (place, kind) => `${callee} can only save variables, but argument ${place} is of type ${kind}`,
  );

const SET_MATERIALIZE_GRADS = signature<{ value: boolean }>('set_materialize_grads', 'value: bool');

/**
 * The context that a custom {@link Function} passes from `forward` to `backward`. Tensors go through
 * `save_for_backward`; other values may be stored as properties. Mirrors `torch.autograd.function.FunctionCtx`.
 * @example
 * ```ts
 * class Scale extends torch.autograd.Function {
 *   static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor, factor: number): torch.Tensor {
 *     ctx['factor'] = factor;
 *     return x.mul(factor);
 *   }
 *   static backward(ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor): [torch.Tensor, null] {
 *     return [gradient.mul(ctx['factor'] as number), null];
 *   }
 * }
 * const x = torch.ones(2, { requires_grad: true });
 * Scale.apply(x, 2.5).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * class Scale(torch.autograd.Function):
 *     @staticmethod
 *     def forward(ctx, x, factor):
 *         ctx.factor = factor
 *         return x.mul(factor)
 *     @staticmethod
 *     def backward(ctx, gradient):
 *         return gradient.mul(ctx.factor), None
 * x = torch.ones(2, requires_grad=True)
 * Scale.apply(x, 2.5).sum().backward()
 * print(x.grad)
 * ```
 */
export class FunctionCtx {
  /** Whether each argument of `forward` needs a gradient. */
  needs_input_grad: boolean[] = [];
  /** @internal */
  _to_save: (Tensor | null)[] = [];
  /** @internal */
  _to_save_forward: (Tensor | null)[] = [];
  /** @internal */
  _dirty: (Tensor | null)[] = [];
  /** @internal */
  _not_differentiable: (Tensor | null)[] = [];
  /** @internal */
  _materialize = true;
  /** @internal */
  _saved: (Tensor | null)[] | undefined;
  /** Any value that the function stores. */
  [name: string]: unknown;

  /**
   * Saves inputs and outputs for `backward`, which finds them in `saved_tensors`. Mirrors
   * `FunctionCtx.save_for_backward`.
   */
  save_for_backward(...tensors: (Tensor | null)[]): void {
    this._to_save = savable('save_for_backward', tensors);
  }

  /**
   * Saves inputs and outputs for `jvp`, which finds them in `saved_tensors`. Mirrors `FunctionCtx.save_for_forward`.
   */
  save_for_forward(...tensors: (Tensor | null)[]): void {
    this._to_save_forward = savable('save_for_forward', tensors);
  }

  /**
   * Declares inputs that `forward` changes in place; they must be among its outputs. Mirrors
   * `FunctionCtx.mark_dirty`.
   */
  mark_dirty(...tensors: Tensor[]): void {
    this._dirty = check_tensors('mark_dirty', tensors);
  }

  /** Declares outputs without a gradient. Mirrors `FunctionCtx.mark_non_differentiable`. */
  mark_non_differentiable(...tensors: Tensor[]): void {
    this._not_differentiable = check_tensors('mark_non_differentiable', tensors);
  }

  /**
   * Whether missing gradients are passed as zeros (the default) or as null. Mirrors
   * `FunctionCtx.set_materialize_grads`.
   */
  set_materialize_grads(value: boolean): void;
  set_materialize_grads(...args: unknown[]): void {
    this._materialize = SET_MATERIALIZE_GRADS.read(args).value;
  }

  /** The tensors of `save_for_backward`, or in `jvp` of `save_for_forward`. @throws Error elsewhere */
  get saved_tensors(): Tensor[] {
    if (!this._saved) throw new Error('saved_tensors: they can be read in backward and jvp only');
    // Where null was saved, null is returned; hardly any program saves it.
    return this._saved as Tensor[];
  }
}

type Derivatives = Tensor | null | undefined | readonly (Tensor | null | undefined)[];

interface FunctionDerivatives {
  readonly name: string;
  /** Maps a gradient per result (null for those that are not tensors) to a gradient or null per argument. */
  backward?(ctx: FunctionCtx, ...grad_outputs: never[]): Derivatives;
  /** Alias of `backward`. */
  vjp?(ctx: FunctionCtx, ...grad_outputs: never[]): Derivatives;
  /** For forward mode: maps a tangent or null per argument to one per result. */
  jvp?(ctx: FunctionCtx, ...tangents: never[]): Derivatives;
}

/** The static side of a {@link Function}. */
export interface FunctionClass<A extends unknown[], R> extends FunctionDerivatives {
  forward(ctx: FunctionCtx, ...args: A): R;
}

/** A {@link FunctionClass} whose `forward` takes no context; `setup_context` fills it afterwards. */
export interface FunctionClassWithSetup<A extends unknown[], R> extends FunctionDerivatives {
  forward(...args: A): R;
  setup_context(ctx: FunctionCtx, inputs: A, output: R): void;
}

type AnyFunctionClass = FunctionClass<unknown[], unknown> &
  Partial<Pick<FunctionClassWithSetup<unknown[], unknown>, 'setup_context'>>;

/** Neither history nor tangents: the Function has its own. */
function without_derivatives<T>(fn: () => T): T {
  return call_in_mode(not_recording, () => with_forward_enabled(false, fn));
}

/** The gradients of the tensors among the arguments, from what `backward` returned for all of them. */
function input_gradients(name: string, answer: unknown, are_tensors: readonly boolean[]): number[] {
  const list: unknown[] = Array.isArray(answer) ? answer : [answer];
  const count = are_tensors.length;
  if (list.length < count || list.slice(count).some((extra) => extra !== null && extra !== undefined)) {
    throw new Error(
      `function ${name} returned an incorrect number of gradients (expected ${count}, got ${list.length})`,
    );
  }
  const gradients = check_tensors(name, list);
  return are_tensors.flatMap((is_tensor, i) => {
    if (is_tensor) return [handle_of(gradients[i])];
    if (!gradients[i]) return [];
    throw new Error(
      `function ${name} returned a gradient different than null at position ${i + 1}, but the corresponding ` +
        'forward input was not a Tensor',
    );
  });
}

/**
 * What the addon calls in a backward pass. The graph keeps it alive, and so all that it can see: made where the arguments
 * are in sight, it would keep them, their page and thereby the graph itself alive forever.
 */
function backward_of(
  its: AnyFunctionClass,
  ctx: FunctionCtx,
  are_tensors: readonly boolean[],
  outputs_are_tensors: readonly boolean[],
): (gradients: number[], saved: number[]) => number[] {
  return (gradients, saved) => {
    ctx._saved = saved.map(wrap);
    try {
      const name = its.backward ? 'backward' : 'vjp';
      if (its.backward && its.vjp) {
        throw new Error(
          "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement " +
            'one of them.',
        );
      }
      if (!its[name]) {
        throw new Error(
          'You must implement either the backward or vjp method for your custom autograd.Function to use it with ' +
            'backward mode AD.',
        );
      }
      let next = 0;
      const given = outputs_are_tensors.map((is_tensor) => (is_tensor ? wrap(gradients[next++] as number) : null));
      const answer = refuse_promise(`${its.name}.${name}`, its[name](ctx, ...(given as never[])));
      return input_gradients(`${its.name}Backward`, answer, are_tensors);
    } finally {
      ctx._saved = undefined;
    }
  };
}

/**
 * The base class of custom differentiable functions. Mirrors `torch.autograd.Function`.
 *
 * A subclass has a static `forward(ctx, ...args)` and a static `backward(ctx, ...gradients)`, which returns a
 * gradient or null per argument of `forward`; call it through `apply`. A static `jvp(ctx, ...tangents)` supports
 * forward mode.
 * @example
 * ```ts
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
 *     const result = x.exp();
 *     ctx.save_for_backward(result);
 *     return result;
 *   }
 *   static backward(ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor): torch.Tensor {
 *     return gradient.mul(ctx.saved_tensors[0]!);
 *   }
 * }
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * Exp.apply(x).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * class Exp(torch.autograd.Function):
 *     @staticmethod
 *     def forward(ctx, x):
 *         result = x.exp()
 *         ctx.save_for_backward(result)
 *         return result
 *     @staticmethod
 *     def backward(ctx, gradient):
 *         return gradient.mul(ctx.saved_tensors[0])
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * Exp.apply(x).sum().backward()
 * print(x.grad)
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: torch.autograd.Function is a class that is never an object
export abstract class Function {
  /**
   * Runs `forward` and records the function in the history of the tensors among its results; other results are
   * returned unchanged. Mirrors `Function.apply`.
   * @throws Error when there is no static `forward`
   */
  static apply<A extends unknown[], R>(this: FunctionClassWithSetup<A, R>, ...args: A): R;
  static apply<A extends unknown[], R>(this: FunctionClass<A, R>, ...args: A): R;
  static apply(this: AnyFunctionClass, ...args: unknown[]): unknown {
    const { name } = this;
    if (typeof this.forward !== 'function') {
      throw new Error('You must implement the forward function for custom autograd.Function.');
    }
    const ctx = new FunctionCtx();
    const inputs = args.filter((arg): arg is Tensor => arg instanceof Tensor);
    const recording = native.grad_enabled();
    ctx.needs_input_grad = args.map((arg) => arg instanceof Tensor && arg.requires_grad && recording);
    const output = without_derivatives(() => {
      const callee = `${name}.forward`;
      if (!this.setup_context) return refuse_promise(callee, this.forward(ctx, ...args));
      const result = refuse_promise(
        callee,
        (this as unknown as FunctionClassWithSetup<unknown[], unknown>).forward(...args),
      );
      this.setup_context(ctx, args, result);
      return result;
    });
    const all: readonly unknown[] = Array.isArray(output) ? output : [output];
    const outputs_are_tensors = all.map((item) => item instanceof Tensor);
    const outputs = all.filter((item): item is Tensor => item instanceof Tensor);
    if (outputs.length === 0) return output;
    const are_tensors = args.map((arg) => arg instanceof Tensor);
    const backward = backward_of(this, ctx, are_tensors, outputs_are_tensors);
    const jvp = (tangents: number[]): number[] => {
      let next = 0;
      const given = are_tensors.map((is_tensor) => (is_tensor ? wrap(tangents[next++] as number) : null));
      ctx._saved = ctx._to_save_forward;
      try {
        const answer = (this.jvp as NonNullable<typeof this.jvp>)(ctx, ...(given as never[]));
        const list: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
        const mixed = list.length === outputs_are_tensors.length;
        return check_tensors(`${name}.jvp`, mixed ? list.filter((_, i) => outputs_are_tensors[i]) : list).map(
          handle_of,
        );
      } finally {
        ctx._saved = undefined;
      }
    };
    const results = native.function_apply(
      `${name}Backward`,
      inputs.map(handle_of),
      outputs.map(handle_of),
      ctx._not_differentiable.map(handle_of),
      ctx._dirty.map(handle_of),
      ctx._to_save.map(handle_of),
      ctx._materialize,
      backward,
      this.jvp ? jvp : null,
    );
    const dirty = new Set(ctx._dirty);
    // Held by the node from here on; the context must not hold them too.
    ctx._to_save = [];
    ctx._to_save_forward = [];
    ctx._dirty = [];
    ctx._not_differentiable = [];
    let next = 0;
    const returned = all.map((item) => {
      if (!(item instanceof Tensor)) return item;
      const result = results[next++] as Wrapped;
      // What was changed in place is what it was, with another history; what was made is it, too.
      return result < 0 || dirty.has(item) ? with_history(item) : wrap(result);
    });
    return Array.isArray(output) ? returned : returned[0];
  }
}

/** What cannot be differentiated: its backward throws. */
class DelayedError extends Function {
  static forward(_ctx: FunctionCtx, ...tensors: (Tensor | null)[]): (Tensor | null)[] {
    return tensors.map((tensor) => tensor?.detach() ?? null);
  }

  static backward(): never {
    throw new Error('trying to differentiate twice a function that was marked with @once_differentiable');
  }
}

/** The gradients with a history that throws, so that a second derivative cannot be taken for zero. */
function cut_off(outputs: unknown): unknown {
  const leaf = (output: Tensor | null | undefined): Tensor | null => output?.detach().requires_grad_(true) ?? null;
  const list = Array.isArray(outputs) ? (outputs as (Tensor | null)[]) : [outputs as Tensor | null];
  const marked = DelayedError.apply(...list.map(leaf)) as (Tensor | null)[];
  return Array.isArray(outputs) ? marked : marked[0];
}

const ONCE_DIFFERENTIABLE = signature<{ fn: AnyFunction }>('once_differentiable', 'fn: Callable');

/**
 * Declares a `backward` that computes without a graph, such as one that leaves libtorch: it runs without gradients, and a second
 * derivative throws. A function, or a decorator above a static method. Mirrors `torch.autograd.function.once_differentiable`.
 *
 * @param fn - `backward(ctx, ...gradients)`
 * @returns the function with this behaviour
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
 *     ctx.save_for_backward(x.exp());
 *     return x.exp();
 *   }
 *   static backward = torch.autograd.function.once_differentiable((ctx: torch.autograd.FunctionCtx, g: torch.Tensor) =>
 *     g.mul(ctx.saved_tensors[0]!));
 * }
 * const x = torch.tensor([0.5], { requires_grad: true });
 * print(torch.autograd.grad(Exp.apply(x), x));
 * ```
 * ```python
 * class Exp(torch.autograd.Function):
 *     @staticmethod
 *     def forward(ctx, x):
 *         ctx.save_for_backward(x.exp())
 *         return x.exp()
 *     @staticmethod
 *     @torch.autograd.function.once_differentiable
 *     def backward(ctx, g):
 *         return g * ctx.saved_tensors[0]
 * x = torch.tensor([0.5], requires_grad=True)
 * print(list(torch.autograd.grad(Exp.apply(x), x)))
 * ```
 */
export function once_differentiable<F extends AnyFunction>(fn: F): F;
export function once_differentiable<F extends AnyFunction>(fn: F, context: MethodContext): F;
export function once_differentiable(...args: unknown[]): unknown {
  const fn = is_decoration(args) ? args[0] : ONCE_DIFFERENTIABLE.read(args).fn;
  refuse_async('once_differentiable', fn);
  return function (this: unknown, ...given: unknown[]): unknown {
    const outputs = call_in_mode(not_recording, () =>
      refuse_promise('once_differentiable', (fn as (...args: unknown[]) => unknown).apply(this, given)),
    );
    const again = given.some((value) => value instanceof Tensor && value.requires_grad);
    return native.grad_enabled() && again ? cut_off(outputs) : outputs;
  };
}
