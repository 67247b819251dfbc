/** Hooks of all modules. Mirrors what `torch.nn.modules.module` has of the kind. */
import { check_hook, Hooks, run_hook, type Hook, type RemovableHandle } from '../hooks.js';
import type { Tensor } from '../tensor.js';
import { bind } from './arguments.js';
import {
  global_hooks, type BackwardHookFunction, type BackwardPreHook, type ForwardHook, type ForwardHookWithKwargs,
  type ForwardPreHook,
} from './hooks.js';
import type { Module } from './module.js';
import type { Parameter } from './parameter.js';

const NO_MIXTURE = 'as a global Module hook';

/** Runs `hook` before each `forward` of any module, before the module's own hooks. */
export function register_module_forward_pre_hook(hook: ForwardPreHook): RemovableHandle {
  check_hook('register_module_forward_pre_hook', hook);
  return global_hooks.forward_pre.add({ hook, with_kwargs: false });
}

/**
 * Runs `hook` after each `forward` of any module, before the module's own hooks.
 *
 * @param options - `with_kwargs`: give it the trailing options object apart; `always_call`: run it even when `forward`
 * throws
 */
export function register_module_forward_hook(
  hook: ForwardHook, options?: { with_kwargs?: false; always_call?: boolean }): RemovableHandle;
export function register_module_forward_hook(
  hook: ForwardHookWithKwargs, options: { with_kwargs: true; always_call?: boolean }): RemovableHandle;
export function register_module_forward_hook(
  hook: ForwardHook | ForwardHookWithKwargs, options: { with_kwargs?: boolean; always_call?: boolean } = {},
): RemovableHandle {
  const { with_kwargs = false, always_call = false } = bind<{ with_kwargs?: boolean; always_call?: boolean }>(
    'register_module_forward_hook', ['with_kwargs', 'always_call'], [options]);
  check_hook('register_module_forward_hook', hook);
  return global_hooks.forward.add(with_kwargs
    ? { hook: hook as ForwardHookWithKwargs, with_kwargs, always_call }
    : { hook: hook as ForwardHook, with_kwargs, always_call });
}

/** Runs `hook` whenever the gradients of any module's outputs are known. */
export function register_module_full_backward_pre_hook(hook: BackwardPreHook): RemovableHandle {
  check_hook('register_module_full_backward_pre_hook', hook);
  return global_hooks.backward_pre.add(hook);
}

/** Runs `hook` whenever the gradients of any module's inputs are known. @throws Error beside hooks that are not full */
export function register_module_full_backward_hook(hook: BackwardHookFunction): RemovableHandle {
  check_hook('register_module_full_backward_hook', hook);
  global_hooks.set_full(true, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

/**
 * Runs `hook` after the backward of the last node of any module; deprecated in favour of
 * {@link register_module_full_backward_hook}.
 * @throws Error beside full hooks
 */
export function register_module_backward_hook(hook: BackwardHookFunction): RemovableHandle {
  check_hook('register_module_backward_hook', hook);
  global_hooks.set_full(false, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

// ---- Registration of parameters, buffers and submodules ------------------------------------------

/** Runs when a module gets a member; what it returns, unless undefined or null, takes the member's place. */
export type RegistrationHook<T> = Hook<[module: Module, name: string, member: T], T | undefined | null | void>;

type Kind = 'parameter' | 'buffer' | 'module';

const registration_hooks: Record<Kind, Hooks<RegistrationHook<unknown>>> = {
  parameter: new Hooks(), buffer: new Hooks(), module: new Hooks(),
};

/**
 * Runs `hook` when a module gets a parameter: in `register_parameter`, and for class fields, which JavaScript assigns
 * unseen, before the module is first called or walked.
 */
export function register_module_parameter_registration_hook(hook: RegistrationHook<Parameter | null>): RemovableHandle {
  return add_registration_hook('parameter', hook);
}

/** As {@link register_module_parameter_registration_hook}, for buffers. */
export function register_module_buffer_registration_hook(hook: RegistrationHook<Tensor | null>): RemovableHandle {
  return add_registration_hook('buffer', hook);
}

/** As {@link register_module_parameter_registration_hook}, for submodules. */
export function register_module_module_registration_hook(hook: RegistrationHook<Module | null>): RemovableHandle {
  return add_registration_hook('module', hook);
}

function add_registration_hook<T>(kind: Kind, hook: RegistrationHook<T>): RemovableHandle {
  check_hook(`register_module_${kind}_registration_hook`, hook);
  return registration_hooks[kind].add(hook as RegistrationHook<unknown>);
}

/** Whether anybody wants to know of members. @internal */
export function registrations_are_watched(): boolean {
  return registration_hooks.parameter.size + registration_hooks.buffer.size + registration_hooks.module.size > 0;
}

/** The member after the hooks have seen it. @internal */
export function registered<T>(kind: Kind, module: Module, name: string, member: T): T {
  let result = member;
  for (const hook of registration_hooks[kind]) {
    const answer = run_hook(hook, module, name, result);
    if (answer !== undefined && answer !== null) result = answer as T;
  }
  return result;
}
