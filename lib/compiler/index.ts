/** What programs ask and tell Python's compiler: `torch.compiler`. There is none here; programs run as they are. */
import {
  backend_names,
  get_default,
  set_default,
  settings,
  type CompileOptions,
  type Settings,
} from '../_internal/compile_options.js';
import { is_decoration, run_or_set, type AnyFunction, type Guard, type MethodContext } from '../_internal/guards.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { eager, wrapped } from './compile.js';

export { compile } from './compile.js';

type Backend = NonNullable<CompileOptions['backend']>;

const DISABLE = signature<{ fn?: AnyFunction | null; recursive?: boolean; reason?: string | null }>(
  'disable',
  'fn?: Callable|None, recursive?: bool, *, reason?: str|None',
);
const ALLOW_IN_GRAPH = signature<{ fn: AnyFunction | readonly AnyFunction[] }>(
  'allow_in_graph',
  'fn: Callable|Callable[]',
);
const ASSUME_CONSTANT_RESULT = signature<{ fn: AnyFunction }>('assume_constant_result', 'fn: Callable');
const LIST_BACKENDS = signature<{ exclude_tags?: Iterable<string> | null }>(
  'list_backends',
  'exclude_tags?: Iterable|None',
);
const SET_DEFAULT_BACKEND = signature<{ backend: Backend | null }>('set_default_backend', 'backend: str|Callable|None');
const STANCE = 'stance?: str, *, skip_guard_eval_unsafe?: bool, force_backend?: str|Callable|None';
const SET_STANCE = {
  guard: signature<StanceOptions>('set_stance', STANCE),
  run: signature<StanceOptions & { fn: () => unknown }>('set_stance', `fn: Callable, ${STANCE}`),
};
const WRAP_NUMPY = signature<{ fn: AnyFunction }>('wrap_numpy', 'fn: Callable');
const SET_GUARD_COLLECTIVES = signature<{ enabled: boolean }>('set_enable_guard_collectives', 'enabled: bool');
const SUBSTITUTE = signature<{ original_fn: AnyFunction }>(
  'substitute_in_graph',
  'original_fn: Callable, *, can_constant_fold_through?: bool, skip_signature_check?: bool',
);
const NESTED_REGION = signature<{ fn?: AnyFunction | null }>(
  'nested_compile_region',
  'fn?: Callable|None, *, options?: any, max_reuse_entries?: int, reuse_hash_fn?: Callable|None',
);

/** Settings of Python's `torch.compiler.config`; they are kept and have no effect. */
export const config: Settings<{ job_id: string | null; cache_key_tag: string; force_disable_caches: boolean }> =
  settings({
    job_id: null as string | null,
    cache_key_tag: '',
    force_disable_caches: false,
  });

/**
 * Whether the program is being compiled, which it never is here. Mirrors `torch.compiler.is_compiling`.
 * @example
 * ```ts
 * print(torch.compiler.is_compiling());
 * ```
 * ```python
 * print(torch.compiler.is_compiling())
 * ```
 */
export function is_compiling(...none: []): boolean {
  no_arguments('is_compiling', none);
  return false;
}

/**
 * Whether the program is being compiled by Dynamo, which it never is here. Mirrors `torch.compiler.is_dynamo_compiling`.
 * @example
 * ```ts
 * print(torch.compiler.is_dynamo_compiling());
 * ```
 * ```python
 * print(torch.compiler.is_dynamo_compiling())
 * ```
 */
export function is_dynamo_compiling(...none: []): boolean {
  no_arguments('is_dynamo_compiling', none);
  return false;
}

/**
 * Whether the program is being exported, which it never is here. Mirrors `torch.compiler.is_exporting`.
 * @example
 * ```ts
 * print(torch.compiler.is_exporting());
 * ```
 * ```python
 * print(torch.compiler.is_exporting())
 * ```
 */
export function is_exporting(...none: []): boolean {
  no_arguments('is_exporting', none);
  return false;
}

/**
 * Keeps a function from being compiled: returns it, or without it a decorator. A module comes back as with `torch.compile`, as in
 * Python. Mirrors `torch.compiler.disable`.
 *
 * @param fn - a function or module
 * @param recursive - without effect; default true
 * @param options - `reason`, without effect
 * @throws TypeError for what cannot be called
 * @example
 * ```ts
 * const double = torch.compiler.disable((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * double = torch.compiler.disable(lambda x: x.mul(2))
 * print(double(torch.ones(2)))
 * ```
 */
export function disable<F extends AnyFunction>(fn: F, recursive?: boolean, options?: { reason?: string | null }): F;
export function disable<F extends AnyFunction>(fn: F, context: MethodContext): F;
export function disable<F extends AnyFunction>(fn: F, options: { recursive?: boolean; reason?: string | null }): F;
export function disable(
  options?: { recursive?: boolean; reason?: string | null } | null,
): <F extends AnyFunction>(fn: F, context?: MethodContext) => F;
export function disable(...args: unknown[]): unknown {
  const { fn = null, recursive = true } = DISABLE.read(is_decoration(args) ? args.slice(0, 1) : args);
  const disabled = (given: AnyFunction): AnyFunction => (recursive ? eager(given) : wrapped(given));
  if (fn !== null) return disabled(fn);
  return (...decorated: unknown[]): unknown => {
    const given = DISABLE.read(is_decoration(decorated) ? decorated.slice(0, 1) : decorated).fn;
    return disabled(given!);
  };
}

/**
 * Clears what a compiler keeps; there is nothing to clear. Mirrors `torch.compiler.reset`.
 * @example
 * ```ts
 * print(torch.compiler.reset());
 * ```
 * ```python
 * print(torch.compiler.reset())
 * ```
 */
export function reset(...none: []): void {
  no_arguments('reset', none);
}

/**
 * Marks functions as parts of a graph: returns them as they are. Mirrors `torch.compiler.allow_in_graph`.
 *
 * @param fn - a function, or a list of them
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.compiler.allow_in_graph((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * double = torch.compiler.allow_in_graph(lambda x: x.mul(2))
 * print(double(torch.ones(2)))
 * ```
 */
export function allow_in_graph<F extends AnyFunction | readonly AnyFunction[]>(fn: F): F;
export function allow_in_graph(...args: unknown[]): unknown {
  return ALLOW_IN_GRAPH.read(is_decoration(args) ? args.slice(0, 1) : args).fn;
}

/**
 * Marks a function whose result is a constant: returns it as it is. Mirrors `torch.compiler.assume_constant_result`.
 *
 * @param fn - a function
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const size = torch.compiler.assume_constant_result(() => 3);
 * print(size());
 * ```
 * ```python
 * size = torch.compiler.assume_constant_result(lambda: 3)
 * print(size())
 * ```
 */
export function assume_constant_result<F extends AnyFunction>(fn: F): F;
export function assume_constant_result(...args: unknown[]): unknown {
  return ASSUME_CONSTANT_RESULT.read(is_decoration(args) ? args.slice(0, 1) : args).fn;
}

/**
 * Marks the beginning of a step for CUDA graphs, of which there are none here. Mirrors
 * `torch.compiler.cudagraph_mark_step_begin`.
 * @example
 * ```ts
 * print(torch.compiler.cudagraph_mark_step_begin());
 * ```
 * ```python
 * print(torch.compiler.cudagraph_mark_step_begin())
 * ```
 */
export function cudagraph_mark_step_begin(...none: []): void {
  no_arguments('cudagraph_mark_step_begin', none);
}

/**
 * The names of backends that `torch.compile` takes; they are Python's, and each runs the model as it is. Mirrors
 * `torch.compiler.list_backends`.
 *
 * @param exclude_tags - which to leave out; default `['debug', 'experimental']`
 * @example
 * ```ts
 * print(torch.compiler.list_backends());
 * ```
 * ```python
 * print(torch.compiler.list_backends())
 * ```
 */
export function list_backends(exclude_tags?: Iterable<string> | null): string[];
export function list_backends(...args: unknown[]): string[] {
  const { exclude_tags = ['debug', 'experimental'] } = LIST_BACKENDS.read(args);
  return backend_names(exclude_tags);
}

/**
 * The backend that `torch.compile` means where none is given. Mirrors `torch.compiler.get_default_backend`.
 * @example
 * ```ts
 * print(torch.compiler.get_default_backend());
 * ```
 * ```python
 * print(torch.compiler.get_default_backend())
 * ```
 */
export function get_default_backend(...none: []): Backend {
  no_arguments('get_default_backend', none);
  return get_default();
}

/**
 * Sets the backend that `torch.compile` means where none is given. Mirrors `torch.compiler.set_default_backend`.
 *
 * @param backend - a name or a function; null is `'inductor'`
 * @example
 * ```ts
 * torch.compiler.set_default_backend('eager');
 * print(torch.compiler.get_default_backend());
 * torch.compiler.set_default_backend(null);
 * ```
 * ```python
 * torch.compiler.set_default_backend('eager')
 * print(torch.compiler.get_default_backend())
 * torch.compiler.set_default_backend(None)
 * ```
 */
export function set_default_backend(backend: Backend | null | { backend: Backend | null }): void;
export function set_default_backend(...args: unknown[]): void {
  set_default(SET_DEFAULT_BACKEND.read(args).backend);
}

/** The arguments of {@link set_stance}. */
export interface StanceOptions {
  /** `'default'`, `'force_eager'`, `'eager_on_recompile'`, `'fail_on_recompile'`, ... Default `'default'`. */
  stance?: string;
  skip_guard_eval_unsafe?: boolean;
  force_backend?: Backend | null;
}

/**
 * Says how to compile, from now on, or in a function, a block of `using` or a method; see {@link Guard}. It has no effect, since
 * models run as they are. Mirrors `torch.compiler.set_stance`.
 *
 * @param stance - `'default'`, `'force_eager'`, ...
 * @param options - `skip_guard_eval_unsafe`, `force_backend`
 * @example
 * ```ts
 * print(torch.compiler.set_stance(() => torch.ones(2), 'force_eager'));
 * ```
 * ```python
 * with torch.compiler.set_stance('force_eager'): print(torch.ones(2))
 * ```
 */
export function set_stance(stance?: string, options?: Omit<StanceOptions, 'stance'>): Guard;
export function set_stance(options: StanceOptions): Guard;
export function set_stance<T>(fn: () => T, stance?: string, options?: Omit<StanceOptions, 'stance'>): T;
export function set_stance(...args: unknown[]): unknown {
  const fn = typeof args[0] === 'function' ? SET_STANCE.run.read(args).fn : undefined;
  if (fn === undefined) SET_STANCE.guard.read(args);
  return run_or_set('set_stance', { enter: () => undefined, leave: () => undefined }, fn);
}

/**
 * Marks a function that computes with arrays of numpy: returns it as it is. Mirrors `torch.compiler.wrap_numpy`.
 *
 * @param fn - a function
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.compiler.wrap_numpy((x: number) => 2 * x);
 * print(double(2));
 * ```
 * ```python
 * double = torch.compiler.wrap_numpy(lambda x: 2 * x)
 * print(double(2))
 * ```
 */
export function wrap_numpy<F extends AnyFunction>(fn: F): F;
export function wrap_numpy(...args: unknown[]): unknown {
  return WRAP_NUMPY.read(is_decoration(args) ? args.slice(0, 1) : args).fn;
}

/**
 * Names a function that stands for another one when a program is compiled: returns a decorator that leaves the function as it is.
 * Mirrors `torch.compiler.substitute_in_graph`.
 *
 * @param original_fn - the function that is stood for
 * @param options - `can_constant_fold_through`, `skip_signature_check`, without effect
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.compiler.substitute_in_graph(Math.abs)((x: number) => (x < 0 ? -x : x));
 * print(double(-2));
 * ```
 * ```python
 * import operator
 * @torch.compiler.substitute_in_graph(operator.indexOf, skip_signature_check=True)
 * def double(x): return -x if x < 0 else x
 * print(double(-2))
 * ```
 */
export function substitute_in_graph(
  original_fn: AnyFunction,
  options?: { can_constant_fold_through?: boolean; skip_signature_check?: boolean },
): <F extends AnyFunction>(fn: F, context?: MethodContext) => F;
export function substitute_in_graph(...args: unknown[]): unknown {
  SUBSTITUTE.read(args);
  return (fn: unknown): unknown => fn;
}

/**
 * Marks a function to be compiled once for all its calls: returns it as it is, or without it a decorator. Mirrors
 * `torch.compiler.nested_compile_region`.
 *
 * @param fn - a function
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.compiler.nested_compile_region((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * double = torch.compiler.nested_compile_region(lambda x: x.mul(2))
 * print(double(torch.ones(2)))
 * ```
 */
export function nested_compile_region<F extends AnyFunction>(fn: F): F;
export function nested_compile_region(fn?: null): <F extends AnyFunction>(fn: F, context?: MethodContext) => F;
export function nested_compile_region(...args: unknown[]): unknown {
  const { fn = null } = NESTED_REGION.read(is_decoration(args) ? args.slice(0, 1) : args);
  return fn ?? ((given: unknown): unknown => given);
}

let guard_collectives = false;

/**
 * Sets whether processes agree on what to compile, which has no effect here. Mirrors
 * `torch.compiler.set_enable_guard_collectives`.
 *
 * @param enabled - whether they do
 * @returns what it was
 * @example
 * ```ts
 * print(torch.compiler.set_enable_guard_collectives(false));
 * ```
 * ```python
 * print(torch.compiler.set_enable_guard_collectives(False))
 * ```
 */
export function set_enable_guard_collectives(enabled: boolean | { enabled: boolean }): boolean;
export function set_enable_guard_collectives(...args: unknown[]): boolean {
  const before = guard_collectives;
  guard_collectives = SET_GUARD_COLLECTIVES.read(args).enabled;
  return before;
}

/**
 * What was compiled, to be loaded by another process: null, since nothing was. Mirrors `torch.compiler.save_cache_artifacts`.
 * @example
 * ```ts
 * print(torch.compiler.save_cache_artifacts());
 * ```
 * ```python
 * print(torch.compiler.save_cache_artifacts())
 * ```
 */
export function save_cache_artifacts(...none: []): null {
  no_arguments('save_cache_artifacts', none);
  return null;
}
