/** `torch.compile`, which compiles nothing: models run as they are. */
import {
  check_compile_options,
  COMPILE_KINDS,
  warn_that_nothing_is_compiled,
  type CompileOptions,
} from '../_internal/compile_options.js';
import { is_decoration, type AnyFunction, type MethodContext } from '../_internal/guards.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { signature } from '../_internal/signature.js';
import { Module } from '../nn/modules/module.js';
import { OptimizedModule } from './optimized_module.js';

export type { CompileOptions } from '../_internal/compile_options.js';

/** A module after {@link compile}: what it was, with the original one as `_orig_mod`. */
export type Compiled<M extends Module> = M & { readonly _orig_mod: M };

/** What {@link compile} returns without a model. */
export interface CompileDecorator {
  <M extends Module>(model: M, context?: MethodContext): Compiled<M>;
  <F extends AnyFunction>(model: F, context?: MethodContext): F;
}

const COMPILE = {
  model: signature<{ model: AnyFunction } & CompileOptions>('compile', `model: Callable, ${COMPILE_KINDS}`),
  options: signature<{ model?: null } & CompileOptions>('compile', `model?: None, ${COMPILE_KINDS}`),
};

const is_class = (fn: AnyFunction): boolean => /^class\b/.test(Function.prototype.toString.call(fn));

/** A function that calls another one, and looks like it. */
export function wrapped<F extends AnyFunction>(fn: F): F {
  const calling = function (this: unknown, ...args: never[]): unknown {
    return fn.apply(this, args);
  };
  for (const name of ['name', 'length'] as const) {
    Object.defineProperty(calling, name, { value: fn[name], configurable: true });
  }
  return calling as F;
}

/** The same model, ready to be called instead of the original. */
export function eager(model: AnyFunction): AnyFunction {
  if (model instanceof Module) return new OptimizedModule(model) as unknown as AnyFunction;
  return is_class(model) ? model : wrapped(model);
}

function compile_with(model: AnyFunction, options: CompileOptions): AnyFunction {
  if (options.disable) return model;
  check_compile_options(options);
  warn_that_nothing_is_compiled();
  return eager(model);
}

/**
 * Takes the arguments of Python's `torch.compile` and compiles nothing: the model runs as it is, with the same results, which a
 * warning says once. A module comes back as an `OptimizedModule`, whose state dict has the prefix `_orig_mod.`, as in
 * Python; a function as a function. Mirrors `torch.compile`.
 *
 * It decorates methods too: `@torch.compile` and `@torch.compile({ mode: 'max-autotune' })`.
 *
 * @param model - a module or function; without it, a decorator is returned
 * @param options - see {@link CompileOptions}
 * @throws Error for a backend or mode that Python does not have, and for a mode together with options
 * @throws TypeError for a model that cannot be called
 * @example
 * ```ts
 * const model = torch.compile(new nn.Linear(2, 1), { backend: 'eager' });
 * print(model(torch.ones(1, 2)));
 * const double = torch.compile((x: torch.Tensor) => x.mul(2), { backend: 'eager' });
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * model = torch.compile(nn.Linear(2, 1), backend='eager')
 * print(model(torch.ones(1, 2)))
 * double = torch.compile(lambda x: x.mul(2), backend='eager')
 * print(double(torch.ones(2)))
 * ```
 */
export function compile<M extends Module>(model: M, options?: CompileOptions): Compiled<M>;
export function compile<F extends AnyFunction>(model: F, options?: CompileOptions): F;
export function compile<F extends AnyFunction>(model: F, context: MethodContext): F;
export function compile<F extends AnyFunction>(options: { model: F } & CompileOptions): F;
export function compile(options?: ({ model?: null } & CompileOptions) | null): CompileDecorator;
export function compile(...args: unknown[]): unknown {
  if (is_decoration(args)) return compile_with(args[0], {});
  const [first] = args;
  const has_model = !(args.length === 0 || first === null || first === undefined || is_options(first));
  if (has_model) {
    const { model, ...options } = COMPILE.model.read(args);
    return compile_with(model, options);
  }
  const { model: _, ...options } = COMPILE.options.read(args);
  return (...decorated: unknown[]): unknown => {
    const given = is_decoration(decorated) ? decorated.slice(0, 1) : decorated;
    return compile_with(COMPILE.model.read(given).model, options);
  };
}

/** Whether options come without a model. */
function is_options(value: unknown): boolean {
  return is_plain_object(value) && (!('model' in value) || value['model'] === null);
}
