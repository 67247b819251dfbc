/** What `torch.compile` makes of a module. */
import { name_class } from '../_internal/kind_of.js';
import { signature } from '../_internal/signature.js';
import { Module } from '../nn/modules/module.js';
import { deepcopy, type Memo } from '../utils/copy.js';

const OPTIMIZED_MODULE = signature<{ mod: Module }>('OptimizedModule', 'mod: Module');

/** Names that are looked up in the original module alone. */
const FROM_ORIGINAL = new Set<unknown>(['training']);

/** Fields that the module does not have are those of the original one, as with Python's `__getattr__`. */
const FORWARDED: ProxyHandler<OptimizedModule> = {
  get(target, name, receiver) {
    if (typeof name === 'symbol' || (name in target && !FROM_ORIGINAL.has(name)))
      return Reflect.get(target, name, receiver) as unknown;
    return Reflect.get(target._orig_mod, name) as unknown;
  },
  set(target, name, value) {
    if (typeof name === 'symbol' || name === '_orig_mod') return Reflect.set(target, name, value);
    return Reflect.set(target._orig_mod, name, value);
  },
  has: (target, name) => name in target || name in target._orig_mod,
  deleteProperty: (target, name) => Reflect.deleteProperty(target._orig_mod, name),
};

/**
 * A module that `torch.compile` has returned: it runs the original one, `_orig_mod`, and has its fields. Mirrors
 * `torch._dynamo.OptimizedModule`.
 *
 * @param mod - the original module
 * @example
 * ```ts
 * const model = torch.compile(new nn.Linear(2, 1), { backend: 'eager' });
 * print(model);
 * print(Object.keys(model.state_dict()), model.in_features);
 * ```
 * ```python
 * model = torch.compile(nn.Linear(2, 1), backend='eager')
 * print(model)
 * print(list(model.state_dict()), model.in_features)
 * ```
 */
export class OptimizedModule<M extends Module = Module> extends Module {
  declare _orig_mod: M;

  constructor(mod: M | { mod: M }) {
    super();
    this._orig_mod = OPTIMIZED_MODULE.read([mod]).mod as M;
    return new Proxy(this, FORWARDED as ProxyHandler<this>);
  }

  forward(...args: Parameters<M>): ReturnType<M> {
    return (this._orig_mod as unknown as (...args: unknown[]) => ReturnType<M>)(...args);
  }

  /** @internal */
  override __deepcopy__(memo: Memo): Module {
    return new OptimizedModule(deepcopy(this._orig_mod, memo));
  }
}

name_class(OptimizedModule, 'torch._dynamo.eval_frame.OptimizedModule');
