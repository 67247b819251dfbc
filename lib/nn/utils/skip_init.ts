import { types } from 'node:util';

import type { DeviceLike } from '../../device.js';
import { is_plain_object } from '../../plain_object.js';
import { Module } from '../module.js';
import { kind_of } from '../representation.js';

/**
 * A module whose parameters and buffers are left as memory happens to be: it is made on the meta device, where nothing is
 * drawn, and then gets memory. Mirrors `torch.nn.utils.skip_init`.
 *
 * @param module_cls - a class whose constructor takes `device` by name
 * @param args - what its constructor takes
 * @throws Error when it is no module, or takes no `device`
 * @example
 * ```ts
 * const layer = nn.utils.skip_init(nn.Linear, 5, 1);
 * ```
 */
export function skip_init<M extends Module>(
  module_cls: { readonly prototype: M; readonly name: string }, ...args: unknown[]
): M {
  const { prototype, name = kind_of(module_cls) } = (module_cls ?? {}) as { prototype?: unknown; name?: string };
  if (!(prototype instanceof Module)) throw new Error(`Expected a Module; got ${name}`);
  const last = args[args.length - 1];
  const [positional, options] = is_plain_object(last) ? [args.slice(0, -1), last] : [args, {}];
  const create = module_cls as unknown as new (...args: unknown[]) => M;
  const { device = 'cpu' } = options as { device?: DeviceLike | null };
  return made(create, [...positional, { ...options, device: 'meta' }]).to_empty({ device });
}

function made<M extends Module>(create: new (...args: unknown[]) => M, args: unknown[]): M {
  try {
    return new create(...args);
  } catch (error) {
    if (!types.isNativeError(error) || !error.message.endsWith("unexpected keyword argument 'device'")) throw error;
    throw new Error("Module must support a 'device' arg to skip initialization", { cause: error });
  }
}
