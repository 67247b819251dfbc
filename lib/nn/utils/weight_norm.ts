/** Weight normalisation by a hook before each call: the old way. Mirrors `torch.nn.utils.weight_norm`. */
import { _weight_norm, norm_except_dim } from '../../generated/functions.js';
import type { HookObject } from '../../hooks.js';
import { Tensor } from '../../tensor.js';
import { bind, type Tail } from '../arguments.js';
import { fields_of, hooks_of, remove_member, type Module } from '../module.js';
import { Parameter } from '../parameter.js';
import { warn } from '../warnings.js';

/** The hook that makes a weight from its norm and its direction. */
export class WeightNorm implements HookObject<[module: Module, args: unknown[]], undefined> {
  constructor(readonly name: string, readonly dim: number) {}

  /** The weight from `name_g` and `name_v`. */
  compute_weight(module: Module): Tensor {
    const fields = fields_of(module) as Record<string, Tensor>;
    return _weight_norm(fields[`${this.name}_v`]!, fields[`${this.name}_g`]!, this.dim);
  }

  /** Leaves the weight as it is now as a parameter. */
  remove(module: Module): void {
    const weight = this.compute_weight(module);
    for (const suffix of ['', '_g', '_v']) remove_member(module, this.name + suffix);
    module.register_parameter(this.name, new Parameter(weight.data));
  }

  __call__(module: Module): undefined {
    fields_of(module)[this.name] = this.compute_weight(module);
  }
}

function find(module: Module, name: string): WeightNorm | undefined {
  for (const { hook } of hooks_of(module).forward_pre) {
    if (hook instanceof WeightNorm && hook.name === name) return hook;
  }
  return undefined;
}

/**
 * Makes a parameter the product of its norm, `name_g`, and its direction, `name_v`, computed anew before each call. Mirrors
 * `torch.nn.utils.weight_norm`; deprecated in favour of `parametrizations.weight_norm`.
 *
 * @param module - the module that has the parameter; it is changed
 * @param args - `name`, default `'weight'`; `dim`: the dimension that keeps norms of its own, default 0, null for one norm
 * @throws Error when the parameter is normalised already
 */
export function weight_norm<M extends Module>(
  module: M, ...args: Tail<[name: string, dim: number | null], { name?: string; dim?: number | null }>
): M {
  const { name = 'weight', dim = 0 } =
    bind<{ name?: string; dim?: number | null }>('weight_norm', ['name', 'dim'], args);
  warn('`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.',
    'FutureWarning');
  if (find(module, name) !== undefined) {
    throw new Error(`Cannot register two weight_norm hooks on the same parameter ${name}`);
  }
  const fields = fields_of(module);
  const weight = fields[name];
  if (!(weight instanceof Tensor)) throw new Error(`'${module._get_name()}' object has no attribute '${name}'`);
  const hook = new WeightNorm(name, dim ?? -1);
  remove_member(module, name);
  module.register_parameter(`${name}_g`, new Parameter(norm_except_dim(weight, 2, hook.dim).data));
  module.register_parameter(`${name}_v`, new Parameter(weight.data));
  fields[name] = hook.compute_weight(module);
  module.register_forward_pre_hook(hook);
  return module;
}

/**
 * Undoes {@link weight_norm}. Mirrors `torch.nn.utils.remove_weight_norm`.
 *
 * @throws Error when the parameter is not normalised
 */
export function remove_weight_norm<M extends Module>(module: M, name = 'weight'): M {
  const hook = find(module, name);
  if (hook === undefined) throw new Error(`weight_norm of '${name}' not found in ${String(module)}`);
  hook.remove(module);
  hooks_of(module).forward_pre.remove_if((entry) => entry.hook === hook);
  return module;
}
