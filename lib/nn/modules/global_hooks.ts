/** Hooks for all modules. Mirrors those of `torch.nn.modules.module`. */
import type { RemovableHandle } from '../../_internal/hooks.js';
import type { Tensor } from '../../_tensor.js';
import {
  global_hooks,
  type BackwardHookFunction,
  type BackwardPreHook,
  type ForwardHook,
  type ForwardHookWithKwargs,
  type ForwardPreHook,
} from './hooks.js';
import type { Module } from './module.js';
import type { Parameter } from '../parameter.js';
import { registration_hooks, type RegistrationHook, type RegistrationKind } from './registration.js';
import { signature } from '../../_internal/signature.js';

interface GivenHook<H> {
  hook: H;
  with_kwargs?: boolean;
  always_call?: boolean;
}

export type { RegistrationHook };

const NO_MIXTURE = 'as a global Module hook';

const FORWARD_PRE_HOOK = signature<GivenHook<ForwardPreHook>>('register_module_forward_pre_hook', 'hook: hook');
const FORWARD_HOOK = signature<GivenHook<unknown>>(
  'register_module_forward_hook',
  'hook: hook, *, with_kwargs?: bool, always_call?: bool',
);
const FULL_BACKWARD_PRE_HOOK = signature<GivenHook<BackwardPreHook>>(
  'register_module_full_backward_pre_hook',
  'hook: hook',
);
const FULL_BACKWARD_HOOK = signature<GivenHook<BackwardHookFunction>>(
  'register_module_full_backward_hook',
  'hook: hook',
);
const BACKWARD_HOOK = signature<GivenHook<BackwardHookFunction>>('register_module_backward_hook', 'hook: hook');
const REGISTRATION_HOOKS = {
  parameter: signature<GivenHook<RegistrationHook<unknown>>>(
    'register_module_parameter_registration_hook',
    'hook: hook',
  ),
  buffer: signature<GivenHook<RegistrationHook<unknown>>>('register_module_buffer_registration_hook', 'hook: hook'),
  module: signature<GivenHook<RegistrationHook<unknown>>>('register_module_module_registration_hook', 'hook: hook'),
};

/**
 * Registers a function that is called before each `forward` of any module, before the module's own hooks. What it
 * returns, unless undefined or null, replaces the arguments. Mirrors
 * `torch.nn.modules.module.register_module_forward_pre_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_forward_pre_hook((module) => print(module));
 * new nn.Linear(2, 1)(torch.ones(2));
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_forward_pre_hook(lambda module, args: print(module))
 * nn.Linear(2, 1)(torch.ones(2))
 * handle.remove()
 * ```
 */
export function register_module_forward_pre_hook(hook: ForwardPreHook): RemovableHandle;
export function register_module_forward_pre_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FORWARD_PRE_HOOK.read(args);
  return global_hooks.forward_pre.add({ hook, with_kwargs: false });
}

/**
 * Registers a function that is called after each `forward` of any module, before the module's own hooks. What it
 * returns, unless undefined or null, replaces the output. Mirrors
 * `torch.nn.modules.module.register_module_forward_hook`.
 *
 * @param hook - the function
 * @param options - `with_kwargs`: pass the trailing options object before the output; `always_call`: call it even when
 *   `forward` throws; both default false
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_forward_hook((_module, _args, output) => print(output));
 * new nn.ReLU()(torch.tensor([-1, 0.5]));
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_forward_hook(lambda module, args, output: print(output))
 * nn.ReLU()(torch.tensor([-1, 0.5]))
 * handle.remove()
 * ```
 */
export function register_module_forward_hook(
  hook: ForwardHook,
  options?: { with_kwargs?: false; always_call?: boolean },
): RemovableHandle;
export function register_module_forward_hook(
  hook: ForwardHookWithKwargs,
  options: { with_kwargs: true; always_call?: boolean },
): RemovableHandle;
export function register_module_forward_hook(...args: unknown[]): RemovableHandle {
  const { hook, with_kwargs = false, always_call = false } = FORWARD_HOOK.read(args);
  return global_hooks.forward.add(
    with_kwargs
      ? { hook: hook as ForwardHookWithKwargs, with_kwargs, always_call }
      : { hook: hook as ForwardHook, with_kwargs, always_call },
  );
}

/**
 * Registers a function that is called whenever the gradients with respect to the outputs of any module are computed.
 * Mirrors `torch.nn.modules.module.register_module_full_backward_pre_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_full_backward_pre_hook((_module, grad_output) => print(grad_output[0]));
 * new nn.Linear(2, 1)(torch.ones(1, 2)).sum().backward();
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_full_backward_pre_hook(lambda module, grad_output: print(grad_output[0]))
 * nn.Linear(2, 1)(torch.ones(1, 2)).sum().backward()
 * handle.remove()
 * ```
 */
export function register_module_full_backward_pre_hook(hook: BackwardPreHook): RemovableHandle;
export function register_module_full_backward_pre_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FULL_BACKWARD_PRE_HOOK.read(args);
  return global_hooks.backward_pre.add(hook);
}

/**
 * Registers a function that is called whenever the gradients with respect to the inputs of any module are computed.
 * Mirrors `torch.nn.modules.module.register_module_full_backward_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @throws Error when there are backward hooks that are not full ones
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_full_backward_hook((_module, grad_input) => print(grad_input[0]));
 * new nn.ReLU()(torch.tensor([-1, 0.5], { requires_grad: true })).sum().backward();
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_full_backward_hook(lambda module, grad_input, grad_output: print(grad_input[0]))
 * nn.ReLU()(torch.tensor([-1, 0.5], requires_grad=True)).sum().backward()
 * handle.remove()
 * ```
 */
export function register_module_full_backward_hook(hook: BackwardHookFunction): RemovableHandle;
export function register_module_full_backward_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FULL_BACKWARD_HOOK.read(args);
  global_hooks.set_full(true, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

/**
 * Registers a function that is called after the backward of the last node of any module. Mirrors
 * `torch.nn.modules.module.register_module_backward_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @deprecated use {@link register_module_full_backward_hook}
 * @throws Error when there are full backward hooks
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_full_backward_hook(() => undefined);
 * try {
 *   nn.modules.module.register_module_backward_hook(() => undefined);
 * } catch (error) {
 *   print((error as Error).message); // one kind or the other
 * }
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_full_backward_hook(lambda module, grad_input, grad_output: None)
 * try:
 *     nn.modules.module.register_module_backward_hook(lambda module, grad_input, grad_output: None)
 * except RuntimeError as error:
 *     print(error)
 * handle.remove()
 * ```
 */
export function register_module_backward_hook(hook: BackwardHookFunction): RemovableHandle;
export function register_module_backward_hook(...args: unknown[]): RemovableHandle {
  const { hook } = BACKWARD_HOOK.read(args);
  global_hooks.set_full(false, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

// ---- Registration of parameters, buffers and submodules ------------------------------------------

/**
 * Registers a function that is called when a parameter of any module is registered: in `register_parameter`, and when a
 * field is assigned or defined. What it returns, unless undefined or null, replaces the parameter. Mirrors
 * `torch.nn.modules.module.register_module_parameter_registration_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_parameter_registration_hook((_module, name) => print(name));
 * new nn.Linear(2, 1);
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_parameter_registration_hook(lambda module, name, param: print(name))
 * nn.Linear(2, 1)
 * handle.remove()
 * ```
 */
export function register_module_parameter_registration_hook(hook: RegistrationHook<Parameter | null>): RemovableHandle;
export function register_module_parameter_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('parameter', args);
}

/**
 * Registers a function that is called when a buffer of any module is registered. What it returns, unless undefined or
 * null, replaces the buffer. Mirrors `torch.nn.modules.module.register_module_buffer_registration_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_buffer_registration_hook((_module, name, buffer) => print(name, buffer));
 * new nn.BatchNorm1d(2);
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_buffer_registration_hook(lambda module, name, buffer: print(name, buffer))
 * nn.BatchNorm1d(2)
 * handle.remove()
 * ```
 */
export function register_module_buffer_registration_hook(hook: RegistrationHook<Tensor | null>): RemovableHandle;
export function register_module_buffer_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('buffer', args);
}

/**
 * Registers a function that is called when a submodule of any module is registered. What it returns, unless undefined
 * or null, replaces the submodule. Mirrors `torch.nn.modules.module.register_module_module_registration_hook`.
 *
 * @param hook - the function
 * @returns a handle whose `remove()` removes the hook
 * @example
 * ```ts
 * const handle = nn.modules.module.register_module_module_registration_hook((_module, name, submodule) => print(name, submodule));
 * new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());
 * handle.remove();
 * ```
 * ```python
 * handle = nn.modules.module.register_module_module_registration_hook(lambda module, name, submodule: print(name, submodule))
 * nn.Sequential(nn.Linear(2, 1), nn.ReLU())
 * handle.remove()
 * ```
 */
export function register_module_module_registration_hook(hook: RegistrationHook<Module | null>): RemovableHandle;
export function register_module_module_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('module', args);
}

function add_registration_hook(kind: RegistrationKind, args: readonly unknown[]): RemovableHandle {
  const { hook } = REGISTRATION_HOOKS[kind].read(args);
  return registration_hooks[kind].add(hook);
}
