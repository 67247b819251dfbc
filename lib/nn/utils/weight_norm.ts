/** Weight normalization by a hook before each call: the older way. Mirrors `torch.nn.utils.weight_norm`. */
import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { _weight_norm, norm_except_dim } from '../../generated/functions.js';
import type { HookObject } from '../../_internal/hooks.js';
import { Tensor } from '../../_tensor.js';
import { fields_of, hooks_of, remove_member, type Module } from '../modules/module.js';
import { Parameter } from '../parameter.js';
import { warn } from '../../_internal/warnings.js';
import type { RemoveNormArguments } from './spectral_norm.js';

/** The hook that computes a weight from its norm and its direction. */
export class WeightNorm implements HookObject<[module: Module, args: unknown[]], undefined> {
  constructor(
    readonly name: string,
    readonly dim: number,
  ) {}

  /** Returns the weight from `name_g` and `name_v`. */
  compute_weight(module: Module): Tensor {
    const fields = fields_of(module) as Record<string, Tensor>;
    return _weight_norm(fields[`${this.name}_v`]!, fields[`${this.name}_g`]!, this.dim);
  }

  /** Replaces the weight by a parameter with its current value. */
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

/** What {@link weight_norm} and `parametrizations.weight_norm` take by name. */
export interface WeightNormArguments<M> {
  /** The module, which is changed. */
  module: M;
  /** Name of the parameter. Default `'weight'`. */
  name?: string;
  /** Dimension with a norm for each index; null for one norm of the whole tensor. Default 0. */
  dim?: number | null;
}

/** How both functions called `weight_norm` are called. */
export type WeightNormCall<M> = Arguments<
  [module: M, name?: string, dim?: number | null],
  WeightNormArguments<M>,
  ['module', 'name', 'dim']
>;

/** The arguments of both functions called `weight_norm`. @internal */
export const WEIGHT_NORM: Signature<WeightNormArguments<Module>> = signature(
  'weight_norm',
  'module: Module, name?: str, dim?: int|None',
);

/**
 * Applies weight normalization to a parameter of a module: before each call
 * `weight = weight_g * weight_v / ||weight_v||`, with the norm over all dimensions but `dim`; `weight_g` and `weight_v`
 * are trained. Mirrors `torch.nn.utils.weight_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @param dim - dimension with a norm for each index; null for one norm of the whole tensor; default 0
 * @returns the module
 * @deprecated use `nn.utils.parametrizations.weight_norm`
 * @throws Error when the parameter is normalized already
 * @example
 * ```ts
 * const linear = nn.utils.weight_norm(new nn.Linear(2, 3));
 * for (const [name, parameter] of linear.named_parameters()) print(name, parameter.shape);
 * ```
 * ```python
 * linear = nn.utils.weight_norm(nn.Linear(2, 3))
 * for name, parameter in linear.named_parameters(): print(name, parameter.shape)
 * ```
 */
export function weight_norm<M extends Module>(module: M, name?: string, dim?: number | null): M;
export function weight_norm<M extends Module>(...args: WeightNormCall<M>): M;
export function weight_norm<M extends Module>(...args: unknown[]): M {
  return WEIGHT_NORM.call(args, ({ module, name = 'weight', dim = 0 }) => {
    warn(
      '`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.',
      'FutureWarning',
    );
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
  }) as M;
}

const REMOVE_WEIGHT_NORM = signature<RemoveNormArguments<Module>>('remove_weight_norm', 'module: Module, name?: str');

/**
 * Removes {@link weight_norm} from a parameter of a module, which keeps its current value. Mirrors
 * `torch.nn.utils.remove_weight_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @returns the module
 * @throws Error when the parameter is not normalized
 * @example
 * ```ts
 * const linear = nn.utils.weight_norm(new nn.Linear(2, 3));
 * print([...nn.utils.remove_weight_norm(linear).named_parameters()].map(([name]) => name));
 * ```
 * ```python
 * linear = nn.utils.weight_norm(nn.Linear(2, 3))
 * print([name for name, _ in nn.utils.remove_weight_norm(linear).named_parameters()])
 * ```
 */
export function remove_weight_norm<M extends Module>(module: M, name?: string): M;
export function remove_weight_norm<M extends Module>(
  ...args: Arguments<[module: M, name?: string], RemoveNormArguments<M>, ['module', 'name']>
): M;
export function remove_weight_norm<M extends Module>(...args: unknown[]): M {
  return REMOVE_WEIGHT_NORM.call(args, ({ module, name = 'weight' }) => {
    const hook = find(module, name);
    if (hook === undefined) throw new Error(`weight_norm of '${name}' not found in ${String(module)}`);
    hook.remove(module);
    hooks_of(module).forward_pre.remove_if((entry) => entry.hook === hook);
    return module;
  }) as M;
}
