/** What lazy modules have in common. */
import type { Tensor } from '../../_tensor.js';
import { remove_forward_pre_hook, type LoadReport, type Module, type StateDict } from './module.js';
import { is_lazy } from '../uninitialized.js';
import { signature } from '../../_internal/signature.js';

/** What a lazy module has until its first call. */
export interface LazyModule {
  /** Returns whether a parameter or buffer of this module has no shape yet. */
  has_uninitialized_params(): boolean;
  /** Initializes the parameters, with the arguments of the first call. */
  initialize_parameters(...args: never[]): void;
}

/** The class of a module. */
export type ModuleClass = new (...args: never) => Module;

/** The class that {@link LazyModuleMixin} returns. */
export type Lazy<B extends ModuleClass> = new (...args: ConstructorParameters<B>) => InstanceType<B> & LazyModule;

function* own_tensors(module: Module): Iterable<[string, Tensor]> {
  yield* module.named_parameters('', false);
  yield* module.named_buffers('', false);
}

/** The hook that lazy modules run before their first `forward`: afterwards they are of the ordinary class. @internal */
export function infer_parameters(module: Module, args: unknown[]): void {
  const lazy = module as Module & LazyModule & { cls_to_become: ModuleClass };
  (lazy.initialize_parameters as (...args: unknown[]) => void)(...args);
  if (lazy.has_uninitialized_params()) throw new Error(`module ${lazy._get_name()} has not been fully initialized`);
  remove_forward_pre_hook(module, infer_parameters);
  Object.setPrototypeOf(module, lazy.cls_to_become.prototype as object);
}

/**
 * Makes the base of a class whose modules are created without the shapes of their parameters, which are
 * {@link UninitializedParameter}s and {@link UninitializedBuffer}s. At the first call `initialize_parameters`, which
 * the class must define, gets the arguments and gives them their shapes; then the module becomes one of `base`. Mirrors
 * `torch.nn.modules.lazy.LazyModuleMixin`.
 *
 * @param base - the class that the modules become
 * @returns a class to extend
 * @example
 * ```ts
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(torch.ones(2));
 *   forward(x: torch.Tensor): torch.Tensor { return x.mul(this.factor); }
 * }
 * class LazyScale extends nn.modules.lazy.LazyModuleMixin(Scale) {
 *   override factor = new nn.UninitializedParameter();
 *   override initialize_parameters(x: torch.Tensor): void {
 *     this.factor.materialize([x.size(-1)]);
 *     nn.init.constant_(this.factor, 2);
 *   }
 * }
 * print(new LazyScale()(torch.ones(3)));
 * ```
 * ```python
 * class Scale(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.factor = nn.Parameter(torch.ones(2))
 *     def forward(self, x): return x * self.factor
 * class LazyScale(nn.modules.lazy.LazyModuleMixin, Scale):
 *     cls_to_become = Scale
 *     def __init__(self):
 *         super().__init__()
 *         self.factor = nn.UninitializedParameter()
 *     def initialize_parameters(self, x):
 *         self.factor.materialize([x.size(-1)])
 *         nn.init.constant_(self.factor, 2)
 * print(LazyScale()(torch.ones(3)))
 * ```
 */
export function LazyModuleMixin<B extends ModuleClass>(base: B): Lazy<B>;
export function LazyModuleMixin(...args: unknown[]): Lazy<ModuleClass> {
  const { base } = LAZY_MIXIN.read(args);
  class LazyBase extends (base as unknown as new (...args: unknown[]) => Module) {
    constructor(...args: unknown[]) {
      super(...args);
      this.register_forward_pre_hook(infer_parameters);
    }

    get cls_to_become(): ModuleClass {
      return base;
    }

    has_uninitialized_params(): boolean {
      for (const [, tensor] of own_tensors(this)) if (is_lazy(tensor)) return true;
      return false;
    }

    initialize_parameters(): void {
      throw new Error(`initialize_parameters is not implemented for ${this._get_name()}`);
    }

    override _load_from_state_dict(
      state_dict: StateDict,
      prefix: string,
      local: { version?: number; assign: boolean },
      report: LoadReport,
    ): void {
      for (const [name, tensor] of own_tensors(this)) {
        const given = Object.hasOwn(state_dict, prefix + name) ? state_dict[prefix + name]! : undefined;
        if (given !== undefined && is_lazy(tensor) && !is_lazy(given)) tensor.materialize(given.shape);
      }
      super._load_from_state_dict(state_dict, prefix, local, report);
    }
  }
  return LazyBase as unknown as Lazy<ModuleClass>;
}

const LAZY_MIXIN = signature<{ base: ModuleClass }>('LazyModuleMixin', 'base: Callable');
