/** Hooks of all modules. Mirrors what `torch.nn.modules.module` has of the kind. */
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

/** Runs `hook` before each `forward` of any module, before the module's own hooks. */
export function register_module_forward_pre_hook(hook: ForwardPreHook): RemovableHandle;
export function register_module_forward_pre_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FORWARD_PRE_HOOK.read(args);
  return global_hooks.forward_pre.add({ hook, with_kwargs: false });
}

/**
 * Runs `hook` after each `forward` of any module, before the module's own hooks.
 *
 * @param options - `with_kwargs`: give it the trailing options object apart; `always_call`: run it even when `forward`
 * throws
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

/** Runs `hook` whenever the gradients of any module's outputs are known. */
export function register_module_full_backward_pre_hook(hook: BackwardPreHook): RemovableHandle;
export function register_module_full_backward_pre_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FULL_BACKWARD_PRE_HOOK.read(args);
  return global_hooks.backward_pre.add(hook);
}

/** Runs `hook` whenever the gradients of any module's inputs are known. @throws Error beside hooks that are not full */
export function register_module_full_backward_hook(hook: BackwardHookFunction): RemovableHandle;
export function register_module_full_backward_hook(...args: unknown[]): RemovableHandle {
  const { hook } = FULL_BACKWARD_HOOK.read(args);
  global_hooks.set_full(true, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

/**
 * Runs `hook` after the backward of the last node of any module; deprecated in favour of
 * {@link register_module_full_backward_hook}.
 * @throws Error beside full hooks
 */
export function register_module_backward_hook(hook: BackwardHookFunction): RemovableHandle;
export function register_module_backward_hook(...args: unknown[]): RemovableHandle {
  const { hook } = BACKWARD_HOOK.read(args);
  global_hooks.set_full(false, NO_MIXTURE);
  return global_hooks.backward.add(hook);
}

// ---- Registration of parameters, buffers and submodules ------------------------------------------

/** Runs `hook` when a module gets a parameter: in `register_parameter`, and when a field is assigned or defined. */
export function register_module_parameter_registration_hook(hook: RegistrationHook<Parameter | null>): RemovableHandle;
export function register_module_parameter_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('parameter', args);
}

/** As {@link register_module_parameter_registration_hook}, for buffers. */
export function register_module_buffer_registration_hook(hook: RegistrationHook<Tensor | null>): RemovableHandle;
export function register_module_buffer_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('buffer', args);
}

/** As {@link register_module_parameter_registration_hook}, for submodules. */
export function register_module_module_registration_hook(hook: RegistrationHook<Module | null>): RemovableHandle;
export function register_module_module_registration_hook(...args: unknown[]): RemovableHandle {
  return add_registration_hook('module', args);
}

function add_registration_hook(kind: RegistrationKind, args: readonly unknown[]): RemovableHandle {
  const { hook } = REGISTRATION_HOOKS[kind].read(args);
  return registration_hooks[kind].add(hook);
}
