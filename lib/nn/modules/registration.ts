/** Hooks that run when a module gets a parameter, a buffer or a submodule. */
import { Hooks, run_hook, type Hook } from '../../_internal/hooks.js';
import type { Module } from './module.js';

/** Called when a member is registered; what it returns, unless undefined or null, replaces the member. */
export type RegistrationHook<T> = Hook<[module: Module, name: string, member: T], T | undefined | null | void>;

/** What a member is. @internal */
export type RegistrationKind = 'parameter' | 'buffer' | 'module';

/** @internal */
export const registration_hooks: Record<RegistrationKind, Hooks<RegistrationHook<unknown>>> = {
  parameter: new Hooks(),
  buffer: new Hooks(),
  module: new Hooks(),
};

/** The member after the hooks have seen it. @internal */
export function registered<T>(kind: RegistrationKind, module: Module, name: string, member: T): T {
  let result = member;
  if (registration_hooks[kind].size === 0) return result;
  for (const hook of registration_hooks[kind]) {
    const answer = run_hook(hook, module, name, result);
    if (answer !== undefined && answer !== null) result = answer as T;
  }
  return result;
}
