/** The modes that say whether operators record a graph: `torch.no_grad` and the like. */
import { not_recording, recording } from '../_C/modes.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import {
  has_function,
  is_decoration,
  make_guard,
  run_or_set,
  type AnyFunction,
  type Guard,
  type MethodContext,
} from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';

/** A mode without arguments: `f(fn)`, `using _ = f()`, `@f()` and, as Python allows, `@f`. */
function simple_mode(callee: string, mode: Mode<boolean>): (args: readonly unknown[]) => unknown {
  const call = signature<{ fn?: () => unknown }>(callee, 'fn?: Callable');
  const guard = make_guard(callee, mode);
  return (args) => {
    const [first] = args;
    if (args.length === 1 && typeof first === 'function') return run_in_mode(callee, mode, first as () => unknown);
    if (is_decoration(args)) return guard(...args);
    const { fn } = call.read(args);
    return fn === undefined ? guard : run_in_mode(callee, mode, fn);
  };
}

const without_grad = simple_mode('no_grad', not_recording);
const with_grad = simple_mode('enable_grad', recording);

/**
 * Does not record a graph: in the function that it is given, in the block of `using _ = torch.no_grad()`, or in the method
 * below `@torch.no_grad()`; see {@link Guard}. Mirrors `torch.no_grad`.
 *
 * Of a generator function, every step runs without recording.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function, since the mode would end at its first `await`
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.no_grad(() => x.mul(2)));
 * class Model {
 *   @torch.no_grad()
 *   predict(x: torch.Tensor) {
 *     return x.mul(3);
 *   }
 * }
 * print(new Model().predict(x));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.no_grad():
 *     print(x.mul(2))
 * class Model:
 *     @torch.no_grad()
 *     def predict(self, x):
 *         return x.mul(3)
 * print(Model().predict(x))
 * ```
 */
export function no_grad(): Guard;
export function no_grad<T>(fn: () => T): T;
export function no_grad<F extends AnyFunction>(method: F, context: MethodContext): F;
export function no_grad(...args: unknown[]): unknown {
  return without_grad(args);
}

/**
 * Records a graph, also within {@link no_grad}: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.enable_grad`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.no_grad(() => torch.enable_grad(() => x.mul(2))));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.no_grad():
 *     with torch.enable_grad():
 *         print(x.mul(2))
 * ```
 */
export function enable_grad(): Guard;
export function enable_grad<T>(fn: () => T): T;
export function enable_grad<F extends AnyFunction>(method: F, context: MethodContext): F;
export function enable_grad(...args: unknown[]): unknown {
  return with_grad(args);
}

const SET_GRAD_ENABLED = signature<{ mode: boolean; fn?: () => unknown }>(
  'set_grad_enabled',
  'mode: bool, fn?: Callable',
);

/**
 * Enables or disables recording: from now on, while a function runs, until the end of a block of `using`, or in a method; see
 * {@link Guard}. Mirrors `torch.set_grad_enabled`.
 *
 * @param mode - whether operators record a graph
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * print(torch.set_grad_enabled(false, () => x.mul(2)));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * with torch.set_grad_enabled(False):
 *     print(x.mul(2))
 * ```
 */
export function set_grad_enabled(mode: boolean): Guard;
export function set_grad_enabled<T>(mode: boolean, fn: () => T): T;
export function set_grad_enabled(options: { mode: boolean }): Guard;
export function set_grad_enabled(...args: unknown[]): unknown {
  const { mode, fn } = SET_GRAD_ENABLED.read(args);
  return run_or_set('set_grad_enabled', mode ? recording : not_recording, fn);
}

/**
 * Whether operators currently record a graph. Mirrors `torch.is_grad_enabled`.
 * @example
 * ```ts
 * print(torch.is_grad_enabled(), torch.no_grad(() => torch.is_grad_enabled()));
 * ```
 * ```python
 * print(torch.is_grad_enabled(), torch.no_grad()(torch.is_grad_enabled)())
 * ```
 */
export function is_grad_enabled(): boolean;
export function is_grad_enabled(...none: unknown[]): boolean {
  no_arguments('is_grad_enabled', none);
  return native.grad_enabled();
}

// What native/autograd/passes.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    multithreading_enabled(): boolean;
    set_multithreading_enabled(enabled: boolean): boolean;
    // edges.cpp
    set_grad_layout_policy(enabled: boolean): boolean;
  }
}

const SET_MULTITHREADING = signature<{ mode: boolean; fn?: () => unknown }>(
  'set_multithreading_enabled',
  'mode: bool, fn?: Callable',
);

/**
 * Whether backward passes on accelerators use a thread for each device; set at once, or for a function, a block of `using` or a
 * method; see {@link Guard}. Passes on the CPU use the calling thread in any case. Mirrors
 * `torch.autograd.grad_mode.set_multithreading_enabled`.
 *
 * @param mode - use threads
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { is_multithreading_enabled, set_multithreading_enabled } = torch.autograd;
 * print(set_multithreading_enabled(false, () => is_multithreading_enabled()), is_multithreading_enabled());
 * ```
 * ```python
 * from torch.autograd import is_multithreading_enabled, set_multithreading_enabled
 * with set_multithreading_enabled(False):
 *     inside = is_multithreading_enabled()
 * print(inside, is_multithreading_enabled())
 * ```
 */
export function set_multithreading_enabled(mode: boolean): Guard;
export function set_multithreading_enabled<T>(mode: boolean, fn: () => T): T;
export function set_multithreading_enabled(options: { mode: boolean }): Guard;
export function set_multithreading_enabled(...args: unknown[]): unknown {
  const { mode, fn } = SET_MULTITHREADING.read(args);
  const threads: Mode<boolean> = {
    enter: () => native.set_multithreading_enabled(mode),
    leave: (before) => {
      native.set_multithreading_enabled(before);
    },
  };
  return run_or_set('set_multithreading_enabled', threads, fn);
}

/**
 * Whether backward passes on accelerators use a thread for each device. Mirrors `torch.autograd.is_multithreading_enabled`.
 * @example
 * ```ts
 * print(torch.autograd.is_multithreading_enabled());
 * ```
 * ```python
 * print(torch.autograd.is_multithreading_enabled())
 * ```
 */
export function is_multithreading_enabled(): boolean;
export function is_multithreading_enabled(...none: unknown[]): boolean {
  no_arguments('is_multithreading_enabled', none);
  return native.multithreading_enabled();
}

const LAYOUT_POLICY = signature<{ enable?: boolean; fn?: () => unknown }>(
  'enforce_grad_layout_policy',
  'enable?: bool, fn?: Callable',
);

/**
 * Whether gradients that are accumulated get the strides of their leaves; set at once, or for a function, a block of `using` or a
 * method; see {@link Guard}. Libtorch before 2.13 has no such setting, and always copies them so. Mirrors
 * `torch.autograd.enforce_grad_layout_policy`.
 *
 * @param enable - copy a gradient whose strides differ; default true
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const p = torch.ones(2, 3, { requires_grad: true });
 * torch.autograd.enforce_grad_layout_policy(false, () => p.t().mul(2).sum().backward());
 * print(p.grad);
 * ```
 * ```python
 * p = torch.ones(2, 3, requires_grad=True)
 * with torch.autograd.enforce_grad_layout_policy(False):
 *     (p.t() * 2).sum().backward()
 * print(p.grad)
 * ```
 */
export function enforce_grad_layout_policy(enable?: boolean): Guard;
export function enforce_grad_layout_policy<T>(enable: boolean, fn: () => T): T;
export function enforce_grad_layout_policy(options: { enable?: boolean }): Guard;
export function enforce_grad_layout_policy(...args: unknown[]): unknown {
  const { enable = true, fn } = LAYOUT_POLICY.read(args);
  const policy: Mode<boolean> = {
    enter: () => native.set_grad_layout_policy(enable),
    leave: (before) => {
      native.set_grad_layout_policy(before);
    },
  };
  return run_or_set('enforce_grad_layout_policy', policy, fn);
}

const INFERENCE_MODE = {
  run: signature<{ fn: () => unknown; mode?: boolean }>('inference_mode', 'fn: Callable, mode?: bool'),
  guard: signature<{ mode?: boolean }>('inference_mode', 'mode?: bool'),
};

const inference = (enabled: boolean): Mode<void> => ({
  enter: () => {
    native.inference_mode_enter(enabled);
  },
  leave: () => {
    native.inference_mode_exit();
  },
});
const inferring = inference(true);
const not_inferring = inference(false);

/**
 * Inference mode, which records no graph and no version counters: in a function, a block of `using`, or a method; see
 * {@link Guard}. Mirrors `torch.inference_mode`.
 *
 * @param fn - a synchronous function
 * @param mode - whether to use the mode; default true
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const y = torch.inference_mode(() => model(torch.ones(1, 2)));
 * print(y, y.is_inference());
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * with torch.inference_mode():
 *     y = model(torch.ones(1, 2))
 * print(y, y.is_inference())
 * ```
 */
export function inference_mode<T>(fn: () => T, mode?: boolean, options?: { mode?: boolean }): T;
export function inference_mode(...args: Tail<[mode: boolean], { mode?: boolean }>): Guard;
export function inference_mode<T>(fn: () => T, ...args: Tail<[mode: boolean], { mode?: boolean }>): T;
export function inference_mode<F extends AnyFunction>(method: F, context: MethodContext): F;
export function inference_mode(...args: unknown[]): unknown {
  if (is_decoration(args)) return make_guard('inference_mode', inferring)(...args);
  if (has_function(args)) {
    const { fn, mode = true } = INFERENCE_MODE.run.read(args);
    return run_in_mode('inference_mode', mode ? inferring : not_inferring, fn);
  }
  const { mode = true } = INFERENCE_MODE.guard.read(args);
  return make_guard('inference_mode', mode ? inferring : not_inferring);
}

/**
 * Whether the code runs in {@link inference_mode}. Mirrors `torch.is_inference_mode_enabled`.
 * @example
 * ```ts
 * print(torch.is_inference_mode_enabled());
 * ```
 * ```python
 * print(torch.is_inference_mode_enabled())
 * ```
 */
export function is_inference_mode_enabled(): boolean;
export function is_inference_mode_enabled(...none: unknown[]): boolean {
  no_arguments('is_inference_mode_enabled', none);
  return native.inference_mode_enabled();
}
