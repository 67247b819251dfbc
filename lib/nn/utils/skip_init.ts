import { types } from 'node:util';

import { signature } from '../../_internal/signature.js';
import type { DeviceLike } from '../../types/device.js';
import { Module } from '../modules/module.js';

interface SkipInitArguments {
  module_cls: { readonly prototype: unknown; readonly name: string };
  args: readonly unknown[];
  kwargs: Record<string, unknown>;
}

const SKIP_INIT = signature<SkipInitArguments>('skip_init', 'module_cls: Callable, *args: any, **kwargs: any');

/**
 * Creates a module without initializing its parameters and buffers: it is created on the meta device, where
 * initialization costs nothing, and then gets uninitialized memory on its own device. Mirrors
 * `torch.nn.utils.skip_init`.
 *
 * @param module_cls - a class whose constructor takes `device` by name
 * @param args - arguments of the constructor
 * @throws Error when the class is not one of modules, or does not take `device`
 * @example
 * ```ts
 * const linear = nn.utils.skip_init(nn.Linear, 5, 1);
 * print(linear, linear.weight.shape);
 * ```
 * ```python
 * linear = nn.utils.skip_init(nn.Linear, 5, 1)
 * print(linear, linear.weight.shape)
 * ```
 */
export function skip_init<M extends Module>(
  module_cls: { readonly prototype: M; readonly name: string },
  ...args: unknown[]
): M;
export function skip_init<M extends Module>(
  options: { module_cls: { readonly prototype: M; readonly name: string } } & Record<string, unknown>,
): M;
export function skip_init(...given: unknown[]): Module {
  const { module_cls, args, kwargs } = SKIP_INIT.read(given);
  const { prototype, name } = module_cls;
  if (!(prototype instanceof Module)) throw new Error(`Expected a Module; got ${name}`);
  const create = module_cls as unknown as new (...args: unknown[]) => Module;
  const { device = 'cpu' } = kwargs as { device?: DeviceLike | null };
  return made(create, [...args, { ...kwargs, device: 'meta' }]).to_empty({ device });
}

function made<M extends Module>(create: new (...args: unknown[]) => M, args: unknown[]): M {
  try {
    return new create(...args);
  } catch (error) {
    if (!types.isNativeError(error) || !error.message.endsWith("unexpected keyword argument 'device'")) throw error;
    throw new Error("Module must support a 'device' arg to skip initialization", { cause: error });
  }
}
