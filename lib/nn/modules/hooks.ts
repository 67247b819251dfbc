/** Hooks of modules: what kinds there are, and a call with them around `forward`. */
import { types } from 'node:util';

import { Hooks, run_hook, type Hook } from '../../_internal/hooks.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { BackwardHook, hook_last_node } from './backward_hooks.js';
import type { IncompatibleKeys, Module, StateDict } from './module.js';
import { kind_of } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';

/** What a module was given by name: the trailing options object of its call. */
export type KeywordArguments = Record<string, unknown>;

/** Called before `forward`; an array (or a single value) that it returns replaces the arguments. */
export type ForwardPreHook<M extends Module = Module> = Hook<[module: M, args: unknown[]], unknown>;

/** As {@link ForwardPreHook}, with the trailing options object apart; what it returns is `[args, kwargs]`. */
export type ForwardPreHookWithKwargs<M extends Module = Module> = Hook<
  [module: M, args: unknown[], kwargs: KeywordArguments],
  [unknown[], KeywordArguments] | undefined | null | void
>;

/** Called after `forward`; what it returns, unless undefined or null, replaces the output. */
export type ForwardHook<M extends Module = Module> = Hook<[module: M, args: unknown[], output: unknown], unknown>;

/** As {@link ForwardHook}, with the trailing options object apart. */
export type ForwardHookWithKwargs<M extends Module = Module> = Hook<
  [module: M, args: unknown[], kwargs: KeywordArguments, output: unknown],
  unknown
>;

/** Gradients by position; null for what has none. */
export type Gradients = readonly (import('../../_tensor.js').Tensor | null)[];

/** Called when the gradients with respect to the outputs are computed; gradients that it returns replace them. */
export type BackwardPreHook<M extends Module = Module> = Hook<
  [module: M, grad_output: Gradients],
  Gradients | undefined | null | void
>;

/** Called when the gradients with respect to the inputs are computed; gradients that it returns replace them. */
export type BackwardHookFunction<M extends Module = Module> = Hook<
  [module: M, grad_input: Gradients, grad_output: Gradients],
  Gradients | undefined | null | void
>;

/** Called before `state_dict()` reads a module. */
export type StateDictPreHook<M extends Module = Module> = Hook<[module: M, prefix: string, keep_vars: boolean], void>;

/** Called after `state_dict()` has read a module and its submodules; it may change the state dict. */
export type StateDictPostHook<M extends Module = Module> = Hook<
  [module: M, state_dict: StateDict, prefix: string, local_metadata: { version?: number }],
  void
>;

/** Called before a module reads its tensors from a state dict; it may change the state dict and the lists. */
export type LoadStateDictPreHook<M extends Module = Module> = Hook<
  [
    module: M,
    state_dict: StateDict,
    prefix: string,
    local_metadata: { version?: number },
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ],
  void
>;

/** Called after a module and its submodules have read their tensors; it may change the lists of keys. */
export type LoadStateDictPostHook<M extends Module = Module> = Hook<
  [module: M, incompatible_keys: IncompatibleKeys],
  void
>;

type Around =
  | { readonly hook: ForwardHook; readonly with_kwargs: false; readonly always_call: boolean }
  | { readonly hook: ForwardHookWithKwargs; readonly with_kwargs: true; readonly always_call: boolean };

type Before =
  | { readonly hook: ForwardPreHook; readonly with_kwargs: false }
  | { readonly hook: ForwardPreHookWithKwargs; readonly with_kwargs: true };

/** Takes the call of a module; `forward` makes it. @internal */
export type ModuleTracer = (module: Module, forward: (...args: unknown[]) => unknown, args: unknown[]) => unknown;

/** The hooks around calls, of one module or of all. @internal */
export class CallHooks {
  readonly forward_pre = new Hooks<Before>();
  readonly forward = new Hooks<Around>();
  readonly backward_pre = new Hooks<BackwardPreHook>();
  readonly backward = new Hooks<BackwardHookFunction>();
  /** Whether the backward hooks are full ones; null before the first. */
  full: boolean | null = null;
  /** Called instead of modules while a tracer records; for those of all modules. */
  tracer: ModuleTracer | null = null;

  /** Whether a call must look here. */
  get any(): boolean {
    return this.forward_pre.size + this.forward.size > 0 || this.any_backward || this.tracer !== null;
  }

  get any_backward(): boolean {
    return this.backward_pre.size + this.backward.size > 0;
  }

  /** Records the kind of the backward hooks. @throws Error when there are hooks of the other kind */
  set_full(full: boolean, where: string): void {
    if (this.full === !full) {
      throw new Error(
        `Cannot use both regular backward hooks and full backward hooks ${where}. Please use only one of them.`,
      );
    }
    this.full = full;
  }
}

/** All hooks of one module. @internal */
export class ModuleHooks extends CallHooks {
  readonly state_dict_pre = new Hooks<StateDictPreHook>();
  readonly state_dict_post = new Hooks<StateDictPostHook>();
  readonly load_pre = new Hooks<LoadStateDictPreHook>();
  readonly load_post = new Hooks<LoadStateDictPostHook>();
}

/** The hooks of all modules. @internal */
export const global_hooks = new CallHooks();

/** The arguments by position and those by name. @internal */
export function split_kwargs(args: unknown[]): [unknown[], KeywordArguments] {
  const last = args[args.length - 1];
  return is_plain_object(last) ? [args.slice(0, -1), last] : [args, {}];
}

function join_kwargs(args: readonly unknown[], kwargs: KeywordArguments): unknown[] {
  return Object.keys(kwargs).length === 0 ? [...args] : [...args, kwargs];
}

function present<T>(value: T | undefined | null | void): value is T {
  return value !== undefined && value !== null;
}

/** The arguments after the hooks that run before `forward`. */
function before_forward(module: Module, hooks: Iterable<Before>, given: unknown[]): unknown[] {
  let args = given;
  for (const entry of hooks) {
    if (!entry.with_kwargs) {
      const replaced = run_hook(entry.hook, module, args);
      if (present(replaced)) args = Array.isArray(replaced) ? replaced : [replaced];
      continue;
    }
    const replaced: unknown = run_hook(entry.hook, module, ...split_kwargs(args));
    if (!present(replaced)) continue;
    if (!Array.isArray(replaced) || replaced.length !== 2) {
      throw new Error(
        `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${kind_of(replaced)}.`,
      );
    }
    args = join_kwargs(replaced[0] as unknown[], replaced[1] as KeywordArguments);
  }
  return args;
}

function run_after(entry: Around, module: Module, args: unknown[], result: unknown): unknown {
  const replaced = entry.with_kwargs
    ? run_hook(entry.hook, module, ...split_kwargs(args), result)
    : run_hook(entry.hook, module, args, result);
  return present(replaced) ? replaced : result;
}

/** Calls `forward` with all hooks, those of all modules first. @internal */
export function call_with_hooks(
  module: Module,
  own: CallHooks,
  forward: (...args: unknown[]) => unknown,
  given: unknown[],
): unknown {
  const of_all = [...global_hooks.forward];
  const after = [...of_all, ...own.forward];
  let called = 0;
  let args = given;
  let result: unknown = null;
  try {
    if (global_hooks.forward_pre.size + own.forward_pre.size > 0) {
      args = before_forward(module, [...global_hooks.forward_pre, ...own.forward_pre], args);
    }
    const backward_hook = backward_hook_for(module, own);
    if (backward_hook !== null) {
      const [positional, kwargs] = split_kwargs(args);
      args = join_kwargs(backward_hook.hook_inputs(positional), kwargs);
    }
    result = forward.apply(module, args);
    for (const entry of after) {
      called++;
      result = run_after(entry, module, args, result);
    }
    if (backward_hook !== null) result = backward_hook.hook_outputs(result);
    if (global_hooks.full === false) hook_last_node(module, [...global_hooks.backward], args, result);
    if (own.full === false) hook_last_node(module, [...own.backward], args, result);
    return result;
  } catch (error) {
    for (const [i, entry] of after.entries()) {
      if (!entry.always_call || i < called) continue;
      const whose = i < of_all.length ? 'global module' : 'module';
      try {
        result = run_after(entry, module, args, result);
      } catch (second) {
        warn(
          `${whose} forward hook with \`\`always_call=True\`\` raised an exception that was silenced as another error ` +
            `was raised in forward: ${types.isNativeError(second) ? second.message : String(second)}`,
        );
      }
    }
    throw error;
  }
}

function backward_hook_for(module: Module, own: CallHooks): BackwardHook | null {
  if (!global_hooks.any_backward && !own.any_backward) return null;
  const before = [...global_hooks.backward_pre, ...own.backward_pre];
  const after = [global_hooks, own].flatMap((hooks) => (hooks.full === true ? [...hooks.backward] : []));
  return before.length + after.length === 0 ? null : new BackwardHook(module, after, before);
}
