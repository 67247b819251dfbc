/** Parameters that are functions of other parameters. Mirrors `torch.nn.utils.parametrize`. */
import type { Mode } from '../../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../../_internal/guards.js';
import { NotImplementedError } from '../../_internal/not_implemented.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { Tensor } from '../../_tensor.js';
import { ModuleDict, ModuleList } from '../modules/container.js';
import {
  fields_of,
  type Module,
  own_buffers,
  own_parameters,
  register_tensor,
  remove_member,
  tensor_of,
} from '../modules/module.js';
import { Parameter } from '../parameter.js';
import { kind_of } from '../../_internal/representation.js';

export { NotImplementedError };

/**
 * A module that computes a tensor from one or several tensors, and may define `right_inverse`, which finds these for a
 * given tensor.
 */
export interface Parametrization extends Module {
  forward(...originals: Tensor[]): Tensor;
  right_inverse?(value: Tensor): Tensor | readonly Tensor[];
}

/**
 * A module with parametrizations: its submodule `parametrizations`, a ModuleDict, holds them by the names of the
 * tensors.
 */
export interface Parametrized {
  readonly parametrizations: Readonly<Record<string, ParametrizationList>>;
}

let cache_users = 0;
let cache = new Map<Module, Map<string, Tensor>>();

const CACHED = signature<{ fn?: () => unknown }>('cached', 'fn?: Callable');
const caching: Mode<void> = {
  enter: () => {
    cache_users++;
  },
  leave: () => {
    cache_users--;
    if (cache_users === 0) cache = new Map();
  },
};

/**
 * Computes each parametrized tensor only once: in a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.nn.utils.parametrize.cached`.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an async function
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 1));
 * const same = nn.utils.parametrize.cached(() => linear.weight === linear.weight);
 * print(same);
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
 * with nn.utils.parametrize.cached():
 *     same = linear.weight is linear.weight
 * print(same)
 * ```
 */
export function cached(): Guard;
export function cached<T>(fn: (() => T) | { fn: () => T }): T;
export function cached(...args: unknown[]): unknown {
  return run_or_guard('cached', caching, CACHED.read(args).fn);
}

function value_of(module: Module, name: string): Tensor {
  const list = parametrizations_of(module).get(name);
  if (cache_users === 0) return list();
  let known = cache.get(module);
  if (known === undefined) cache.set(module, (known = new Map<string, Tensor>()));
  let tensor = known.get(name);
  if (tensor === undefined) known.set(name, (tensor = list()));
  return tensor;
}

interface ParametrizationListArguments {
  /** In the order in which they apply. */
  modules: Iterable<Parametrization>;
  /** The tensor to parametrize. */
  original: Tensor;
  /** Allow parametrizations that change shape or dtype. Default false. */
  unsafe?: boolean;
}

const PARAMETRIZATION_LIST = signature<ParametrizationListArguments>(
  'ParametrizationList',
  'modules: Iterable, original: Tensor, unsafe?: bool',
);

/**
 * Holds the parametrizations of one tensor, in the order in which they apply, and the tensor that they start from,
 * `original`, or the tensors, `original0`, `original1` and so on. Mirrors
 * `torch.nn.utils.parametrize.ParametrizationList`.
 *
 * @param modules - the parametrizations, at least one
 * @param original - the tensor to parametrize
 * @param unsafe - allow parametrizations that change shape or dtype; default false
 * @throws Error when the parametrizations change shape or dtype, unless `unsafe` is true
 * @example
 * ```ts
 * class Double extends nn.Module {
 *   forward(x: torch.Tensor): torch.Tensor { return x.mul(2); }
 * }
 * const linear = nn.utils.parametrize.register_parametrization(new nn.Linear(2, 1), 'weight', new Double());
 * print(linear.parametrizations.weight);
 * print(linear.parametrizations.weight.original);
 * ```
 * ```python
 * class Double(nn.Module):
 *     def forward(self, x): return x * 2
 * linear = nn.utils.parametrize.register_parametrization(nn.Linear(2, 1), 'weight', Double())
 * print(linear.parametrizations.weight)
 * print(linear.parametrizations.weight.original)
 * ```
 */
export class ParametrizationList extends ModuleList<Parametrization> {
  /** The tensor that the parametrizations start from, when it is one. */
  declare original: Tensor;
  unsafe: boolean;
  /** Whether the parametrizations start from one tensor. */
  is_tensor: boolean;
  /** Number of originals. */
  ntensors: number;

  /** @throws Error when the parametrizations change shape or dtype, unless `unsafe` allows it */
  constructor(
    ...args: Arguments<
      [modules: Iterable<Parametrization>, original: Tensor, unsafe?: boolean],
      ParametrizationListArguments,
      ['modules', 'original', 'unsafe']
    >
  ) {
    const { modules, original, unsafe = false } = PARAMETRIZATION_LIST.read(args);
    const list = [...modules];
    if (list.length === 0) throw new Error('ParametrizationList requires one or more modules.');
    super(list);
    this.unsafe = unsafe;
    const [shape, dtype] = [String(original.shape), original.dtype];
    const start = no_grad(() => inverted([...this].reverse(), original));
    this.is_tensor = start instanceof Tensor;
    if (start instanceof Tensor) {
      this.ntensors = 1;
      this.take_one(original, start);
    } else {
      this.ntensors = start.length;
      start.forEach((tensor, i) => this.take(original, tensor, i));
    }
    if (!this.unsafe) this.check_value(shape, String(dtype));
  }

  private take_one(original: Tensor, start: Tensor): void {
    for (const what of ['dtype', 'device'] as const) {
      const [before, after] = [String(original[what]), String(start[what])];
      if (before === after) continue;
      throw new Error(
        `When \`right_inverse\` outputs one tensor, it may not change the ${what}.\n` +
          `original.${what}: ${before}\nright_inverse(original).${what}: ${after}`,
      );
    }
    // The tensor itself stays, so that an optimizer that has it keeps working.
    no_grad(() => original.set_(start));
    register_tensor(this, 'original', original);
  }

  private take(original: Tensor, tensor: unknown, i: number): void {
    if (!(tensor instanceof Tensor)) {
      throw new Error(
        "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " +
          `Got element ${i} of the sequence with type ${kind_of(tensor)}.`,
      );
    }
    const own = original instanceof Parameter ? new Parameter(tensor, original.requires_grad) : tensor;
    register_tensor(this, `original${i}`, own.requires_grad_(original.requires_grad));
  }

  private check_value(shape: string, dtype: string): void {
    const value = this.forward();
    if (!(value instanceof Tensor)) throw new Error(`A parametrization must return a tensor. Got ${kind_of(value)}.`);
    for (const [what, before, after] of [
      ['dtype', dtype, String(value.dtype)],
      ['shape', shape, String(value.shape)],
    ]) {
      if (before === after) continue;
      throw new Error(
        `Registering a parametrization may not change the ${what} of the tensor, unless \`unsafe\` flag is ` +
          `enabled.\nunparametrized ${what}: ${before}\nparametrized ${what}: ${after}`,
      );
    }
  }

  /** Returns the tensors that the parametrizations start from. */
  originals(): Tensor[] {
    const fields = fields_of(this) as Record<string, Tensor>;
    return this.is_tensor ? [this.original] : Array.from({ length: this.ntensors }, (_, i) => fields[`original${i}`]!);
  }

  /**
   * Sets the originals such that the parametrized tensor is `value`, as assigning to it does.
   *
   * @param value - the tensor
   * @throws Error when a parametrization does not define `right_inverse`, or when it returns another dtype or number of
   *   tensors
   */
  right_inverse(value: Tensor): void {
    no_grad(() => {
      let found: Tensor | readonly Tensor[] = value;
      for (const module of [...this].reverse()) {
        if (typeof module.right_inverse !== 'function') {
          throw new Error(`parametrization ${module._get_name()} does not implement right_inverse.`);
        }
        // One that is not the first must take what the one after it gives.
        found = module.right_inverse(found as Tensor);
      }
      if (this.is_tensor) this.set_one(found);
      else this.set_all(found);
    });
  }

  private set_one(value: unknown): void {
    if (!(value instanceof Tensor)) throw new Error(`\`right_inverse\` should return a tensor. Got ${kind_of(value)}`);
    if (value.dtype !== this.original.dtype) {
      throw new Error(
        `The tensor returned by \`right_inverse\` has dtype ${String(value.dtype)} while \`original\` has ` +
          `dtype ${String(this.original.dtype)}`,
      );
    }
    this.original.set_(value);
  }

  private set_all(values: unknown): void {
    if (!Array.isArray(values)) {
      throw new Error(`'right_inverse' must return a sequence of tensors. Got ${kind_of(values)}.`);
    }
    if (values.length !== this.ntensors) {
      throw new Error(
        `'right_inverse' must return a sequence of tensors of length ${this.ntensors}. ` +
          `Got a sequence of length ${values.length}.`,
      );
    }
    const originals = this.originals();
    values.forEach((value: unknown, i) => {
      const original = originals[i]!;
      if (!(value instanceof Tensor)) {
        throw new Error(
          `'right_inverse' must return a sequence of tensors. Got element ${i} of type ${kind_of(value)}.`,
        );
      }
      if (value.dtype !== original.dtype) {
        throw new Error(
          `Tensor ${i} returned by \`right_inverse\` has dtype ${String(value.dtype)} while \`original${i}\` ` +
            `has dtype ${String(original.dtype)}`,
        );
      }
      original.set_(value);
    });
  }

  /** Computes the parametrized tensor. */
  forward(): Tensor {
    const [first, ...others] = this;
    let value = first!(...this.originals());
    for (const module of others) value = module(value);
    return value;
  }
}

/** What the parametrizations, last first, would have to start from. */
function inverted(modules: readonly Parametrization[], value: Tensor): Tensor | readonly Tensor[] {
  let found: Tensor | readonly Tensor[] = value;
  for (const module of modules) {
    if (typeof module.right_inverse !== 'function') continue;
    try {
      // As in ParametrizationList.right_inverse, a list goes to one that takes lists.
      found = module.right_inverse(found as Tensor);
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
    }
  }
  if (found instanceof Tensor || Array.isArray(found)) return found;
  throw new Error(
    "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " + `Got ${kind_of(found)}`,
  );
}

/** Classes made for parametrized modules, with those that they were made from. */
const plain_classes = new WeakMap<object, object>();

/** Changes the class of a module to its own one, called `Parametrized...`. */
function change_class(module: Module): void {
  const before = module.constructor as new () => Module;
  const after = class extends before {};
  Object.defineProperty(after, 'name', { value: `Parametrized${before.name}` });
  plain_classes.set(after, before);
  Object.setPrototypeOf(module, after.prototype as object);
}

/** Makes a tensor a property: it is computed when it is read, and its originals change when it is assigned. */
function make_property(module: Module, name: string): void {
  Object.defineProperty(module, name, {
    configurable: true,
    enumerable: false,
    get(this: Module) {
      return value_of(this, name);
    },
    set(this: Module, value: Tensor) {
      parametrizations_of(this).get(name).right_inverse(value);
    },
  });
}

function parametrizations_of(module: Module): ModuleDict<ParametrizationList> {
  return fields_of(module)['parametrizations'] as ModuleDict<ParametrizationList>;
}

/** What further parametrizations of a tensor must leave as it is. */
function check_further(module: Module, name: string, parametrization: Parametrization): void {
  const before = tensor_of(module, name);
  const value: unknown = parametrization(before);
  if (!(value instanceof Tensor)) throw new Error(`A parametrization must return a tensor. Got ${kind_of(value)}.`);
  for (const what of ['dtype', 'shape'] as const) {
    const [old, now] = [String(before[what]), String(value[what])];
    if (old === now) continue;
    throw new Error(
      `Registering a parametrization may not change the ${what} of the tensor, unless the \`unsafe\` flag is ` +
        `enabled.\nmodule.${name}.${what}: ${old}\nparametrization(module.${name}).${what}: ${now}`,
    );
  }
  if (typeof parametrization.right_inverse !== 'function') return;
  const inverse = inverse_of(parametrization, value);
  if (inverse === null) return;
  if (!(inverse instanceof Tensor)) {
    throw new Error(`parametrization.right_inverse must return a tensor. Got: ${kind_of(inverse)}`);
  }
  for (const what of ['dtype', 'shape'] as const) {
    const [old, now] = [String(before[what]), String(inverse[what])];
    if (old === now) continue;
    throw new Error(
      `The tensor returned by parametrization.right_inverse must have the same ${what} as module.${name}, ` +
        `unless the \`unsafe\` flag is enabled.\nmodule.${name}.${what}: ${old}\nreturned ${what}: ${now}`,
    );
  }
}

function inverse_of(parametrization: Parametrization, value: Tensor): Tensor | readonly Tensor[] | null {
  try {
    return parametrization.right_inverse!(value);
  } catch (error) {
    if (error instanceof NotImplementedError) return null;
    throw error;
  }
}

interface RegisterArguments<M> {
  module: M;
  /** Name of the parameter or buffer. */
  tensor_name: string;
  parametrization: Parametrization;
  /** Allow parametrizations that change shape or dtype. Default false. */
  unsafe?: boolean;
}

const REGISTER_PARAMETRIZATION = signature<RegisterArguments<Module>>(
  'register_parametrization',
  'module: Module, tensor_name: str, parametrization: Module, *, unsafe?: bool',
);

/**
 * Parametrizes a parameter or a buffer of a module: reading it computes it from its original, which moves to
 * `module.parametrizations[tensor_name].original`. Further parametrizations apply to the result of those before.
 * Assigning to the tensor calls `right_inverse`. Mirrors `torch.nn.utils.parametrize.register_parametrization`.
 *
 * @param module - the module, which is changed; its class becomes `Parametrized...`
 * @param tensor_name - name of the parameter or buffer
 * @param parametrization - a module with `forward`, and perhaps `right_inverse`
 * @param unsafe - allow parametrizations that change shape or dtype; by name only; default false
 * @returns the module
 * @throws Error when the tensor does not exist, or when its shape or dtype would change
 * @example
 * ```ts
 * class Symmetric extends nn.Module {
 *   forward(x: torch.Tensor): torch.Tensor { return x.triu().add(x.triu(1).mT); }
 * }
 * const linear = nn.utils.parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
 * print(linear.weight);
 * print(linear);
 * ```
 * ```python
 * class Symmetric(nn.Module):
 *     def forward(self, x): return x.triu() + x.triu(1).mT
 * linear = nn.utils.parametrize.register_parametrization(nn.Linear(2, 2), 'weight', Symmetric())
 * print(linear.weight)
 * print(linear)
 * ```
 */
export function register_parametrization<M extends Module>(
  module: M,
  tensor_name: string,
  parametrization: Parametrization,
  options?: { unsafe?: boolean },
): M & Parametrized;
export function register_parametrization<M extends Module>(
  ...args: Arguments<
    [module: M, tensor_name: string, parametrization: Parametrization],
    RegisterArguments<M>,
    ['module', 'tensor_name', 'parametrization']
  >
): M & Parametrized;
export function register_parametrization<M extends Module>(...args: unknown[]): M & Parametrized {
  const { module, tensor_name, parametrization, unsafe = false } = REGISTER_PARAMETRIZATION.read(args);
  parametrization.train(module.training);
  const names = [...own_parameters(module), ...own_buffers(module)].map(([name]) => name);
  if (parametrized(module, tensor_name)) {
    if (!unsafe) check_further(module, tensor_name, parametrization);
    const list = parametrizations_of(module).get(tensor_name);
    list.append(parametrization);
    list.unsafe ||= unsafe;
  } else if (names.includes(tensor_name)) {
    const original = tensor_of(module, tensor_name);
    // First of all, since it may throw.
    const list = new ParametrizationList([parametrization], original, unsafe);
    remove_member(module, tensor_name);
    if (!parametrized(module)) {
      change_class(module);
      module.register_module('parametrizations', new ModuleDict());
    }
    make_property(module, tensor_name);
    parametrizations_of(module).set(tensor_name, list);
  } else {
    throw new Error(
      `Module '${String(module)}' does not have a parameter, a buffer, or a parametrized element with name ` +
        `'${tensor_name}'`,
    );
  }
  return module as M & Parametrized;
}

interface IsParametrizedArguments {
  module: Module;
  /** The tensor; any when left out. */
  tensor_name?: string | null;
}

const IS_PARAMETRIZED = signature<IsParametrizedArguments>('is_parametrized', 'module: Module, tensor_name?: str|None');

/**
 * Returns whether a module, or one tensor of it, is parametrized. Mirrors `torch.nn.utils.parametrize.is_parametrized`.
 *
 * @param module - the module
 * @param tensor_name - name of the tensor; default null: any
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 1));
 * print(nn.utils.parametrize.is_parametrized(linear));
 * print(nn.utils.parametrize.is_parametrized(linear, 'bias'));
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
 * print(nn.utils.parametrize.is_parametrized(linear))
 * print(nn.utils.parametrize.is_parametrized(linear, 'bias'))
 * ```
 */
export function is_parametrized<M extends Module>(
  module: M,
  tensor_name?: string | null | Pick<IsParametrizedArguments, 'tensor_name'>,
): module is M & Parametrized;
/** Returns whether a module, or one tensor of it, is parametrized. */
export function is_parametrized(options: IsParametrizedArguments): boolean;
export function is_parametrized(...args: unknown[]): boolean {
  const { module, tensor_name = null } = IS_PARAMETRIZED.read(args);
  return parametrized(module, tensor_name);
}

function parametrized(module: Module, tensor_name: string | null = null): boolean {
  const { parametrizations } = fields_of(module);
  if (!(parametrizations instanceof ModuleDict)) return false;
  return tensor_name === null ? parametrizations.size > 0 : parametrizations.has(tensor_name);
}

interface RemoveArguments<M> {
  module: M;
  /** The parametrized tensor. */
  tensor_name: string;
  /** Keep the parametrized value instead of that of the original. Default true. */
  leave_parametrized?: boolean;
}

const REMOVE_PARAMETRIZATIONS = signature<RemoveArguments<Module>>(
  'remove_parametrizations',
  'module: Module, tensor_name: str, leave_parametrized?: bool',
);

/**
 * Removes the parametrizations of a tensor, which becomes an ordinary parameter or buffer again. Mirrors
 * `torch.nn.utils.parametrize.remove_parametrizations`.
 *
 * @param module - the module, which is changed
 * @param tensor_name - name of the tensor
 * @param leave_parametrized - keep the parametrized value, instead of that of the original; default true
 * @returns the module
 * @throws Error when the tensor is not parametrized, or when several originals are to be left
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 1));
 * nn.utils.parametrize.remove_parametrizations(linear, 'weight');
 * print(linear);
 * print(linear.weight);
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
 * nn.utils.parametrize.remove_parametrizations(linear, 'weight')
 * print(linear)
 * print(linear.weight)
 * ```
 */
export function remove_parametrizations<M extends Module>(
  module: M,
  tensor_name: string,
  leave_parametrized?: boolean,
): M;
export function remove_parametrizations<M extends Module>(
  ...args: Arguments<
    [module: M, tensor_name: string, leave_parametrized?: boolean],
    RemoveArguments<M>,
    ['module', 'tensor_name', 'leave_parametrized']
  >
): M;
export function remove_parametrizations<M extends Module>(...args: unknown[]): M {
  const { module, tensor_name, leave_parametrized: keep_value = true } = REMOVE_PARAMETRIZATIONS.read(args);
  if (!parametrized(module, tensor_name)) {
    throw new Error(`Module ${String(module)} does not have a parametrization on ${tensor_name}`);
  }
  const list = parametrizations_of(module).get(tensor_name);
  if (!list.is_tensor && !keep_value) {
    throw new Error(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a ' +
        'sequence of tensors.',
    );
  }
  const original = list.is_tensor ? list.original : value_of(module, tensor_name);
  if (list.is_tensor && keep_value) no_grad(() => original.set_(value_of(module, tensor_name)));
  remove_member(module, tensor_name);
  parametrizations_of(module).delete(tensor_name);
  register_tensor(module, tensor_name, !list.is_tensor && original.requires_grad ? new Parameter(original) : original);
  if (parametrizations_of(module).size > 0) return module as M;
  remove_member(module, 'parametrizations');
  const plain = plain_classes.get(module.constructor) as { prototype: object };
  return Object.setPrototypeOf(module, plain.prototype) as M;
}

interface ModuleArgument {
  module: Module;
}

const TYPE_BEFORE = signature<ModuleArgument>('type_before_parametrizations', 'module: Module');

/**
 * Returns the class of a module before it was parametrized. Mirrors
 * `torch.nn.utils.parametrize.type_before_parametrizations`.
 *
 * @param module - the module
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 1));
 * print(nn.utils.parametrize.type_before_parametrizations(linear).name);
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
 * print(nn.utils.parametrize.type_before_parametrizations(linear).__name__)
 * ```
 */
export function type_before_parametrizations(module: Module): abstract new (...args: never[]) => Module;
export function type_before_parametrizations(
  ...args: Arguments<[module: Module], ModuleArgument, ['module']>
): abstract new (
  ...args: never[]
) => Module;
export function type_before_parametrizations(...args: unknown[]): abstract new (...args: never[]) => Module {
  const now = TYPE_BEFORE.read(args).module.constructor as abstract new (...args: never[]) => Module;
  return (plain_classes.get(now) as typeof now | undefined) ?? now;
}

interface TransferArguments<M> {
  from_module: Module;
  to_module: M;
  /** The tensor to transfer; all when left out. */
  tensor_name?: string | null;
}

const TRANSFER = signature<TransferArguments<Module>>(
  'transfer_parametrizations_and_params',
  'from_module: Module, to_module: Module, tensor_name?: str|None',
);

/**
 * Transfers the parametrizations of a module, and their originals, to another module. Mirrors
 * `torch.nn.utils.parametrize.transfer_parametrizations_and_params`.
 *
 * @param from_module - the module that has them
 * @param to_module - the module that gets them
 * @param tensor_name - name of the tensor; default null: all
 * @returns the second module
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 1));
 * const other = nn.utils.parametrize.transfer_parametrizations_and_params(linear, new nn.Linear(2, 1));
 * print(other);
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
 * other = nn.utils.parametrize.transfer_parametrizations_and_params(linear, nn.Linear(2, 1))
 * print(other)
 * ```
 */
export function transfer_parametrizations_and_params<M extends Module>(
  from_module: Module,
  to_module: M,
  tensor_name?: string | null,
): M;
export function transfer_parametrizations_and_params<M extends Module>(
  ...args: Arguments<
    [from_module: Module, to_module: M, tensor_name?: string | null],
    TransferArguments<M>,
    ['from_module', 'to_module', 'tensor_name']
  >
): M;
export function transfer_parametrizations_and_params<M extends Module>(...args: unknown[]): M {
  const { from_module, to_module, tensor_name = null } = TRANSFER.read(args);
  if (!parametrized(from_module)) return to_module as M;
  const from = parametrizations_of(from_module);
  for (const name of tensor_name === null ? [...from.keys()] : [tensor_name]) {
    if (!(name in to_module)) {
      to_module.register_parameter(name, new Parameter(tensor_of(from_module, name)));
    }
    const source = from.get(name);
    for (const parametrization of source) register_parametrization(to_module, name, parametrization);
    const target = fields_of(parametrizations_of(to_module).get(name));
    if (source.is_tensor) target['original'] = source.original;
    else
      source.originals().forEach((original, i) => {
        target[`original${i}`] = original;
      });
  }
  return to_module as M;
}
