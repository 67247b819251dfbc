import { types } from 'node:util';

import { no_grad } from '../../autograd/grad_mode.js';
import { copy_fields, deepcopy, type DeepCopyable, type Memo } from '../../utils/copy.js';
import type { DeviceLike } from '../../types/device.js';
import { channels_last, channels_last_3d, DType, type TensorType, type MemoryFormat } from '../../types/dtype.js';
import { _has_compatible_shallow_copy_type, empty_like } from '../../generated/functions.js';
import {
  check_compile_options,
  COMPILE_KINDS,
  warn_that_nothing_is_compiled,
  type CompileOptions,
} from '../../_internal/compile_options.js';
import { run_hook, type RemovableHandle } from '../../_internal/hooks.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { ordered_dict } from '../../python/values.js';
import { arity_of, declared_arguments, in_order } from './forward_arguments.js';
import {
  call_with_hooks,
  global_hooks,
  ModuleHooks,
  type BackwardHookFunction,
  type BackwardPreHook,
  type ForwardHook,
  type ForwardHookWithKwargs,
  type ForwardPreHook,
  type ForwardPreHookWithKwargs,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  type StateDictPostHook,
  type StateDictPreHook,
} from './hooks.js';
import { Buffer, Parameter } from '../parameter.js';
import { registered } from './registration.js';
import { type MimeBundle, text_output } from '../../_internal/notebook.js';
import { indent_rest, kind_of } from '../../_internal/representation.js';
import { typename } from './typename.js';
import { is_lazy, with_handles } from '../uninitialized.js';
import { warn } from '../../_internal/warnings.js';
import { define_kind, method_signature, signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { same_sizes } from '../../_internal/sizes.js';

/**
 * What {@link Module.state_dict} returns: tensors by their dotted names, in Python's order. What a module's
 * `get_extra_state` returns is among them, under `..._extra_state`.
 */
export type StateDict = Record<string, Tensor>;

/**
 * Versions of the modules that wrote a state dict, by module path; a hidden property of the state dict, as in
 * Python.
 */
export type StateDictMetadata = Record<string, { version?: number }>;

/** Keyword arguments of {@link Module.load_state_dict}. */
export interface LoadStateDictOptions {
  /** The names must match exactly. Default true. */
  strict?: boolean;
  /** Use the given tensors themselves instead of copying their values. Default false. */
  assign?: boolean;
}

/** Keyword arguments of {@link Module.state_dict}. */
export interface StateDictOptions {
  /** The state dict to add to. */
  destination?: StateDict;
  /** Prefix of the names. Default `''`. */
  prefix?: string;
  /** Return the parameters themselves instead of detached tensors that share their memory. Default false. */
  keep_vars?: boolean;
}

/** Keyword arguments of `named_parameters` and `named_buffers`. */
export interface MembersOptions {
  /** Prefix of the names. Default `''`. */
  prefix?: string;
  /** Include those of the submodules. Default true. */
  recurse?: boolean;
  /** Return a tensor that has several names only once. Default true. */
  remove_duplicate?: boolean;
}

/** Keyword arguments of {@link Module.to}. */
export interface ModuleToOptions {
  /** The device. Default null: unchanged. */
  device?: DeviceLike | null;
  /** The dtype of floating-point and complex tensors. Default null: unchanged. */
  dtype?: DType | null;
  /** Copy asynchronously where possible. Default false. */
  non_blocking?: boolean;
  /** Memory format of the parameters and buffers with 4 or 5 dimensions. Default null: unchanged. */
  memory_format?: MemoryFormat | null;
}

/**
 * The keys that {@link Module.load_state_dict} could not match. Mirrors `torch.nn.IncompatibleKeys`.
 *
 * @param missing_keys - keys of the module that are not in the state dict
 * @param unexpected_keys - keys of the state dict that are not in the module
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * const keys = linear.load_state_dict({ weight: torch.ones(1, 2), scale: torch.ones(1) }, { strict: false });
 * print(keys);
 * print(keys.missing_keys, keys.unexpected_keys);
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * keys = linear.load_state_dict({'weight': torch.ones(1, 2), 'scale': torch.ones(1)}, strict=False)
 * print(keys)
 * print(keys.missing_keys, keys.unexpected_keys)
 * ```
 */
export class IncompatibleKeys {
  readonly missing_keys: string[];
  readonly unexpected_keys: string[];

  constructor(
    ...args: Arguments<
      [missing_keys: string[], unexpected_keys: string[]],
      Pick<IncompatibleKeys, 'missing_keys' | 'unexpected_keys'>,
      ['missing_keys', 'unexpected_keys']
    >
  );
  constructor(...args: unknown[]) {
    const { missing_keys, unexpected_keys } = INCOMPATIBLE_KEYS.read(args);
    this.missing_keys = missing_keys;
    this.unexpected_keys = unexpected_keys;
  }

  /** As Python prints it. */
  toString(): string {
    if (this.missing_keys.length === 0 && this.unexpected_keys.length === 0) return '<All keys matched successfully>';
    const list = (keys: string[]): string => `[${keys.map((key) => `'${key}'`).join(', ')}]`;
    return `_IncompatibleKeys(missing_keys=${list(this.missing_keys)}, unexpected_keys=${list(this.unexpected_keys)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

type Kind = 'parameter' | 'buffer' | 'module';

interface Slots {
  /** The Proxy that users have, which watches the fields. */
  readonly self: Module;
  /** The function behind the Proxy, with the same fields. */
  readonly fields: Fields;
  /** The kind of each member (parameter, buffer or submodule) by its name, in the order of registration. */
  readonly members: Map<string, Kind>;
  /** Names of buffers that are not part of the state dict; null before the first. */
  non_persistent: Set<string> | null;
  /** Null before the first hook. */
  hooks: ModuleHooks | null;
  /** The `forward` that was called last, and how many arguments it takes. */
  forward: unknown;
  most: number;
  /** How it reads keyword arguments, for the modules of this package. */
  takes: Signature<object> | null;
}

const SLOTS: unique symbol = Symbol('slots');
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const EXTRA_STATE = '_extra_state';

type Fields = Record<string, unknown>;
type Convert = (tensor: Tensor) => Tensor;

/**
 * The type of a module's own `forward`, which a call of the module runs. A plain `Module` takes and returns anything, as in
 * Python, whose annotation is `Callable[..., Any]`. With `unknown`, a module that takes a Tensor would not be assignable to
 * Module, and its result could not be used.
 */
// biome-ignore lint/suspicious/noExplicitAny: a method without parameter types takes anything, as in Python
type Forward<M> = M extends { forward(...args: infer A): infer R } ? (...args: A) => R : (...args: any[]) => any;

/** A module is a function: `module(x)` runs its hooks and its `forward`, typed by the latter. */
export interface Module {
  (...args: Parameters<Forward<this>>): ReturnType<Forward<this>>;
}

/**
 * Base class of all neural network modules. A subclass defines its submodules, parameters and {@link Buffer}s as class
 * fields, which are registered in the order in which they are assigned, and the computation as `forward`. Modules are
 * functions: `module(x)` runs the hooks and `forward(x)`. Mirrors `torch.nn.Module`.
 *
 * @throws TypeError when arguments are given that the class does not take
 * @throws Error on the call, when the class does not define `forward`
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(3, 4);
 *   out = new nn.Linear(4, 1);
 *   forward(x: torch.Tensor): torch.Tensor { return this.out(this.hidden(x).relu()); }
 * }
 * const net = new Net();
 * print(net);
 * print(net(torch.ones(2, 3)));
 * ```
 * ```python
 * class Net(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.hidden = nn.Linear(3, 4)
 *         self.out = nn.Linear(4, 1)
 *     def forward(self, x): return self.out(self.hidden(x).relu())
 * net = Net()
 * print(net)
 * print(net(torch.ones(2, 3)))
 * ```
 */
export class Module implements DeepCopyable {
  /** Whether the module is in training mode (see {@link Module.train}). */
  declare training: boolean;
  /** @internal */
  declare readonly [SLOTS]: Slots;

  constructor();
  constructor(...args: unknown[]) {
    if (args.length > 0) signature(new.target.name, '').read(args);
    return callable(new.target.prototype, true);
  }

  /** Version of the layout of this class's state, written into the metadata of a state dict. */
  get _version(): number {
    return 1;
  }

  // ---- Registration -----------------------------------------------------------------------------

  /**
   * Registers a buffer: a tensor that is part of the state of the module but is not trained.
   *
   * @param name - name of the field that holds it
   * @param tensor - the tensor, or null for a buffer that `state_dict` leaves out
   * @param persistent - whether `state_dict` contains it; default true
   * @throws TypeError when a value is of a wrong kind
   * @throws Error when the name is taken, empty or contains a dot
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear.register_buffer('calls', torch.tensor(0));
   * print([...linear.buffers()], linear.state_dict()['calls']);
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * linear.register_buffer('calls', torch.tensor(0))
   * print(list(linear.buffers()), linear.state_dict()['calls'])
   * ```
   */
  register_buffer(
    ...args: Arguments<
      [name: string, tensor: Tensor | null, persistent?: boolean],
      { name: string; tensor: Tensor | null; persistent?: boolean },
      ['name', 'tensor', 'persistent']
    >
  ): void;
  register_buffer(...args: unknown[]): void {
    const { name, tensor, persistent = true } = REGISTER_BUFFER.read(args);
    const slots = this[SLOTS];
    check_name('buffer', name);
    if (is_taken(slots, 'buffer', name)) throw new Error(`attribute '${name}' already exists`);
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new TypeError(
        `cannot assign '${typename(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    put_buffer(slots, name, tensor, persistent);
  }

  /**
   * Registers a parameter under a name that need not be a declared field.
   *
   * @param name - name of the field that holds it
   * @param param - the parameter, or null for one that `parameters()` and `state_dict()` leave out
   * @throws TypeError when a value is of a wrong kind
   * @throws Error when the name is taken, empty or contains a dot, or when the parameter is not a leaf
   * @example
   * ```ts
   * const module = new nn.Module();
   * module.register_parameter('scale', new nn.Parameter(torch.ones(2)));
   * print([...module.parameters()]);
   * ```
   * ```python
   * module = nn.Module()
   * module.register_parameter('scale', nn.Parameter(torch.ones(2)))
   * print(list(module.parameters()))
   * ```
   */
  register_parameter(
    ...args: Arguments<
      [name: string, param: Parameter | null],
      { name: string; param: Parameter | null },
      ['name', 'param']
    >
  ): void;
  register_parameter(...args: unknown[]): void {
    const { name, param } = REGISTER_PARAMETER.read(args);
    check_name('parameter', name);
    if (is_taken(this[SLOTS], 'parameter', name)) throw new Error(`attribute '${name}' already exists`);
    put_parameter(this[SLOTS], name, param);
  }

  /**
   * Registers a submodule under a name that need not be a declared field.
   *
   * @param name - name of the field that holds it
   * @param module - the submodule, or null
   * @throws TypeError when a value is of a wrong kind
   * @throws Error when the name is taken, empty or contains a dot
   * @example
   * ```ts
   * const module = new nn.Module();
   * module.add_module('linear', new nn.Linear(2, 1));
   * print(module);
   * ```
   * ```python
   * module = nn.Module()
   * module.add_module('linear', nn.Linear(2, 1))
   * print(module)
   * ```
   */
  add_module(
    ...args: Arguments<
      [name: string, module: Module | null],
      { name: string; module: Module | null },
      ['name', 'module']
    >
  ): void;
  add_module(...args: unknown[]): void {
    const { name, module } = ADD_MODULE.read(args);
    if (module !== null && !(module instanceof Module))
      throw new TypeError(`${typename(module)} is not a Module subclass`);
    if (typeof name !== 'string') throw new TypeError(`module name should be a string. Got ${typename(name)}`);
    if (is_taken(this[SLOTS], 'module', name)) throw new Error(`attribute '${name}' already exists`);
    if (name.includes('.')) throw new Error(`module name can't contain ".", got: ${name}`);
    if (name === '') throw new Error('module name can\'t be empty string ""');
    put_module(this[SLOTS], name, module);
  }

  /** Alias of {@link Module.add_module}. */
  register_module(...args: Parameters<Module['add_module']>): void;
  register_module(...args: unknown[]): void {
    const { name, module } = REGISTER_MODULE.read(args);
    this.add_module(name, module);
  }

  // ---- Access by path ---------------------------------------------------------------------------

  /**
   * Returns the submodule at a dotted path, such as `'encoder.0.linear'`, or the module itself for `''`.
   *
   * @param target - the path
   * @throws Error when a part of the path does not exist or is not a module
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU()));
   * print(net.get_submodule('0.1'));
   * ```
   * ```python
   * net = nn.Sequential(nn.Sequential(nn.Linear(2, 1), nn.ReLU()))
   * print(net.get_submodule('0.1'))
   * ```
   */
  get_submodule(target: string | { target: string }): Module;
  get_submodule(...args: unknown[]): Module {
    return submodule_at(this, GET_SUBMODULE.read(args).target);
  }

  /**
   * Sets the submodule at a dotted path; the module that holds it must exist.
   *
   * @param target - the path
   * @param module - the submodule
   * @param strict - only replace a submodule that exists; default false
   * @throws Error when the path is empty, when its parent does not exist, or, with `strict`, when the submodule does
   *   not exist
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU()));
   * net.set_submodule('0.1', new nn.Tanh());
   * print(net);
   * ```
   * ```python
   * net = nn.Sequential(nn.Sequential(nn.Linear(2, 1), nn.ReLU()))
   * net.set_submodule('0.1', nn.Tanh())
   * print(net)
   * ```
   */
  set_submodule(
    ...args: Arguments<
      [target: string, module: Module, strict?: boolean],
      { target: string; module: Module; strict?: boolean },
      ['target', 'module', 'strict']
    >
  ): void;
  set_submodule(...args: unknown[]): void {
    const { target, module, strict = false } = SET_SUBMODULE.read(args);
    if (target === '') throw new Error('Cannot set the submodule without a target name!');
    if (!(module instanceof Module)) throw new Error('`' + `module\` is not an nn.Module, found ${kind_of(module)}`);
    const [parent, name] = split_path(target);
    const holder = submodule_at(this, parent);
    const present = name in holder;
    if (!present && strict) throw new Error(`${holder._get_name()} has no attribute \`${name}\``);
    if (present && !(fields_of(holder)[name] instanceof Module)) {
      throw new Error(`\`${name}\` is not an nn.Module`);
    }
    fields_of(holder)[name] = module;
  }

  /**
   * Returns the parameter at a dotted path, such as `'rnn.weight_ih_l0'`.
   *
   * @param target - the path
   * @throws Error when the path does not exist or is not that of a parameter
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 1));
   * print(net.get_parameter('0.bias'));
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 1))
   * print(net.get_parameter('0.bias'))
   * ```
   */
  get_parameter(target: string | { target: string }): Parameter;
  get_parameter(...args: unknown[]): Parameter {
    const [holder, name] = attribute_at(this, GET_PARAMETER.read(args).target);
    const param = fields_of(holder)[name];
    if (!(param instanceof Parameter)) throw new Error(`\`${name}\` is not an nn.Parameter`);
    return param;
  }

  /**
   * Returns the buffer at a dotted path, such as `'norm.running_mean'`.
   *
   * @param target - the path
   * @throws Error when the path does not exist or is not that of a buffer
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.BatchNorm1d(2));
   * print(net.get_buffer('0.running_var'));
   * ```
   * ```python
   * net = nn.Sequential(nn.BatchNorm1d(2))
   * print(net.get_buffer('0.running_var'))
   * ```
   */
  get_buffer(target: string | { target: string }): Tensor;
  get_buffer(...args: unknown[]): Tensor {
    const [holder, name] = attribute_at(this, GET_BUFFER.read(args).target);
    const { members, fields } = holder[SLOTS];
    const buffer = fields[name];
    if (members.get(name) !== 'buffer' || !(buffer instanceof Tensor)) throw new Error(`\`${name}\` is not a buffer`);
    return buffer;
  }

  // ---- Walks ------------------------------------------------------------------------------------

  /**
   * Returns an iterator over the parameters, each once, as optimizers take them.
   *
   * @param recurse - include those of the submodules; default true
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
   * for (const parameter of net.parameters()) print(parameter.shape);
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
   * for parameter in net.parameters(): print(parameter.shape)
   * ```
   */
  parameters(recurse?: boolean | { recurse?: boolean }): IterableIterator<Parameter>;
  parameters(...args: unknown[]): IterableIterator<Parameter> {
    const { recurse = true } = PARAMETERS.read(args);
    return values_of(this.named_parameters('', recurse));
  }

  /**
   * Returns an iterator over pairs of the dotted names and the parameters.
   *
   * @param prefix - prefix of the names; default `''`
   * @param recurse - include those of the submodules; default true
   * @param remove_duplicate - return a parameter that has several names only once; default true
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
   * for (const [name, parameter] of net.named_parameters()) print(name, parameter.shape);
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
   * for name, parameter in net.named_parameters(): print(name, parameter.shape)
   * ```
   */
  named_parameters(...args: Members): IterableIterator<[string, Parameter]>;
  named_parameters(...args: unknown[]): IterableIterator<[string, Parameter]> {
    return named_members(this, own_parameters, NAMED_PARAMETERS.read(args));
  }

  /**
   * Returns an iterator over the buffers, each once.
   *
   * @param recurse - include those of the submodules; default true
   * @example
   * ```ts
   * for (const buffer of new nn.BatchNorm1d(2).buffers()) print(buffer);
   * ```
   * ```python
   * for buffer in nn.BatchNorm1d(2).buffers(): print(buffer)
   * ```
   */
  buffers(recurse?: boolean | { recurse?: boolean }): IterableIterator<Tensor>;
  buffers(...args: unknown[]): IterableIterator<Tensor> {
    const { recurse = true } = BUFFERS.read(args);
    return values_of(this.named_buffers('', recurse));
  }

  /**
   * Returns an iterator over pairs of the dotted names and the buffers.
   *
   * @param prefix - prefix of the names; default `''`
   * @param recurse - include those of the submodules; default true
   * @param remove_duplicate - return a buffer that has several names only once; default true
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.BatchNorm1d(2));
   * for (const [name, buffer] of net.named_buffers()) print(name, buffer);
   * ```
   * ```python
   * net = nn.Sequential(nn.BatchNorm1d(2))
   * for name, buffer in net.named_buffers(): print(name, buffer)
   * ```
   */
  named_buffers(...args: Members): IterableIterator<[string, Tensor]>;
  named_buffers(...args: unknown[]): IterableIterator<[string, Tensor]> {
    return named_members(this, own_buffers, NAMED_BUFFERS.read(args));
  }

  /**
   * Returns an iterator over the immediate submodules, each once.
   *
   * @example
   * ```ts
   * for (const child of new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU()).children()) print(child);
   * ```
   * ```python
   * for child in nn.Sequential(nn.Linear(2, 1), nn.ReLU()).children(): print(child)
   * ```
   */
  children(): IterableIterator<Module>;
  children(...args: unknown[]): IterableIterator<Module> {
    if (args.length > 0) CHILDREN.read(args);
    return values_of(this.named_children());
  }

  /**
   * Returns an iterator over pairs of the names and the immediate submodules, each once.
   *
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());
   * for (const [name, child] of net.named_children()) print(name, child);
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
   * for name, child in net.named_children(): print(name, child)
   * ```
   */
  named_children(): IterableIterator<[string, Module]>;
  named_children(...args: unknown[]): IterableIterator<[string, Module]> {
    if (args.length > 0) NAMED_CHILDREN.read(args);
    return each_child(this);
  }

  /**
   * Returns an iterator over the module and all its submodules, depth first.
   *
   * @param remove_duplicate - return a module that has several names only once; default true
   * @example
   * ```ts
   * for (const module of new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU()).modules()) print(module);
   * ```
   * ```python
   * for module in nn.Sequential(nn.Linear(2, 1), nn.ReLU()).modules(): print(module)
   * ```
   */
  modules(remove_duplicate?: boolean | { remove_duplicate?: boolean }): IterableIterator<Module>;
  modules(...args: unknown[]): IterableIterator<Module> {
    const { remove_duplicate = true } = MODULES.read(args);
    return values_of(this.named_modules(new Set(), '', remove_duplicate));
  }

  /**
   * Returns an iterator over pairs of the dotted names and the modules: this one, whose name is `prefix`, and all its
   * submodules, depth first.
   *
   * @param memo - modules that were returned before; default null
   * @param prefix - prefix of the names; default `''`
   * @param remove_duplicate - return a module that has several names only once; default true
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 1)));
   * for (const [name, module] of net.named_modules({ prefix: 'net' })) print(name, '->', module);
   * ```
   * ```python
   * net = nn.Sequential(nn.Sequential(nn.Linear(2, 1)))
   * for name, module in net.named_modules(prefix='net'): print(name, '->', module)
   * ```
   */
  named_modules(
    ...args: Arguments<
      [memo?: Set<Module> | null, prefix?: string, remove_duplicate?: boolean],
      { memo?: Set<Module> | null; prefix?: string; remove_duplicate?: boolean },
      ['memo', 'prefix', 'remove_duplicate']
    >
  ): IterableIterator<[string, Module]>;
  named_modules(...args: unknown[]): IterableIterator<[string, Module]> {
    const { memo, prefix = '', remove_duplicate = true } = NAMED_MODULES.read(args);
    return each_module(this, memo ?? new Set<Module>(), prefix, remove_duplicate);
  }

  // ---- Modes, devices, dtypes, gradients --------------------------------------------------------

  /**
   * Sets the module and all its submodules to training mode, or to evaluation mode, which dropout and batch
   * normalization depend on. The types are as loose as Python's, since many programs define a method
   * `train(loader, epochs)` of their own, which a narrower type would refuse.
   *
   * @param mode - true for training mode, false for evaluation mode; default true
   * @returns the module
   * @throws TypeError when `mode` is not a boolean
   * @example
   * ```ts
   * const dropout = new nn.Dropout(0.5);
   * dropout.train(false);
   * print(dropout.training, dropout(torch.ones(3)));
   * ```
   * ```python
   * dropout = nn.Dropout(0.5)
   * dropout.train(False)
   * print(dropout.training, dropout(torch.ones(3)))
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: any narrower type refuses methods of programs
  train(...mode: any[]): any;
  train(...args: unknown[]): this {
    const { mode = true } = TRAIN.read(args);
    if (typeof mode !== 'boolean') throw new TypeError('training mode is expected to be boolean');
    this.training = mode;
    for (const [, child] of each_child(this)) child.train(mode);
    return this;
  }

  /**
   * Sets the module and all its submodules to evaluation mode; the same as `train(false)`.
   *
   * @returns the module
   * @example
   * ```ts
   * print(new nn.Dropout(0.5).eval()(torch.ones(3)));
   * ```
   * ```python
   * print(nn.Dropout(0.5).eval()(torch.ones(3)))
   * ```
   */
  eval(): this;
  eval(...args: unknown[]): this {
    if (args.length > 0) EVAL.read(args);
    return this.train(false) as this;
  }

  /**
   * Sets whether autograd records operations on the parameters, in place; used to freeze a part of a model.
   *
   * @param requires_grad - whether it does; default true
   * @returns the module
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
   * net[0].requires_grad_(false);
   * print([...net.parameters()].map((parameter) => parameter.requires_grad));
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
   * net[0].requires_grad_(False)
   * print([parameter.requires_grad for parameter in net.parameters()])
   * ```
   */
  requires_grad_(requires_grad?: boolean | { requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    const { requires_grad = true } = REQUIRES_GRAD.read(args);
    for (const param of this.parameters()) param.requires_grad_(requires_grad);
    return this;
  }

  /**
   * Resets the gradients of all parameters.
   *
   * @param set_to_none - set them to null instead of zeros; default true
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear(torch.ones(2)).backward();
   * linear.zero_grad({ set_to_none: false });
   * print(linear.weight.grad);
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * linear(torch.ones(2)).backward()
   * linear.zero_grad(set_to_none=False)
   * print(linear.weight.grad)
   * ```
   */
  zero_grad(set_to_none?: boolean | { set_to_none?: boolean }): void;
  zero_grad(...args: unknown[]): void {
    const { set_to_none = true } = ZERO_GRAD.read(args);
    for (const param of this.parameters()) {
      if (set_to_none) {
        param.grad = null;
        continue;
      }
      const grad = param.grad;
      if (grad === null) continue;
      if (grad.grad_fn !== null) grad.detach_();
      else grad.requires_grad_(false);
      grad.zero_();
    }
  }

  /**
   * Calls a function with each submodule, innermost first, and with the module itself; used to initialize parameters.
   *
   * @param fn - the function, which must not be async
   * @returns the module
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());
   * net.apply((module) => {
   *   if (module instanceof nn.Linear) nn.init.ones_(module.weight);
   * });
   * print(net[0].weight);
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
   * def init(module):
   *     if isinstance(module, nn.Linear): nn.init.ones_(module.weight)
   * net.apply(init)
   * print(net[0].weight)
   * ```
   */
  apply(fn: ((module: Module) => unknown) | { fn: (module: Module) => unknown }): this;
  apply(...args: unknown[]): this {
    const { fn } = APPLY.read(args);
    for (const child of this.children()) child.apply(fn);
    const answer = fn(this);
    if (types.isPromise(answer)) {
      answer.catch(() => undefined);
      throw new TypeError("Module.apply(): argument 'fn' must not be async");
    }
    return this;
  }

  /**
   * Takes the arguments of Python's `Module.compile` and compiles nothing: the module runs as before, with the same results,
   * which a warning says once.
   * @throws Error for a backend or mode that Python does not have
   */
  compile(options?: CompileOptions): void;
  compile(...args: unknown[]): void {
    const options = COMPILE.read(args);
    if (options.disable) return;
    check_compile_options(options);
    warn_that_nothing_is_compiled();
  }

  /**
   * Moves and casts the parameters and buffers, in place: the parameters stay the same objects. Only floating-point and
   * complex tensors are cast.
   *
   * @param target - a device, a floating-point or complex dtype, a tensor whose device and dtype to use, or options:
   *   `device`, `dtype`, `non_blocking` (default false) and `memory_format` (for tensors with 4 or 5 dimensions)
   * @returns the module
   * @throws TypeError when the dtype is neither floating point nor complex
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1).to(torch.float64);
   * print(linear.weight);
   * ```
   * ```python
   * linear = nn.Linear(2, 1).to(torch.float64)
   * print(linear.weight)
   * ```
   */
  to(
    tensor: Tensor,
    ...args: Arguments<[non_blocking?: boolean], Omit<ModuleToOptions, 'device' | 'dtype'>, ['non_blocking']>
  ): this;
  to(
    dtype: DType,
    ...args: Arguments<[non_blocking?: boolean], Omit<ModuleToOptions, 'device' | 'dtype'>, ['non_blocking']>
  ): this;
  to(
    device: DeviceLike | null,
    ...args: Arguments<
      [dtype?: DType | null, non_blocking?: boolean],
      Omit<ModuleToOptions, 'device'>,
      ['dtype', 'non_blocking']
    >
  ): this;
  to(options: ModuleToOptions & { tensor?: Tensor }): this;
  to(...args: unknown[]): this {
    const { device, dtype, non_blocking, memory_format } = parse_to(args);
    if (dtype !== null && !dtype.is_floating_point && !dtype.is_complex) {
      throw new TypeError(
        `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${String(dtype)}`,
      );
    }
    return this._apply((tensor) => {
      const cast = tensor.is_floating_point() || tensor.is_complex() ? dtype : null;
      const format = has_format(tensor, memory_format) ? memory_format : null;
      try {
        return tensor.to({ device, dtype: cast, non_blocking, memory_format: format });
      } catch (error) {
        if (!(error as Error).message.endsWith(NO_DATA)) throw error;
        throw new Error(
          `${NO_DATA} Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to() when moving module ` +
            'from meta to a different device.',
          { cause: error },
        );
      }
    });
  }

  /**
   * Moves the parameters and buffers to a CUDA device.
   *
   * @param device - the device; default null: the current one
   * @returns the module
   */
  cuda(device?: DeviceLike | null | { device?: DeviceLike | null }): this;
  cuda(...args: unknown[]): this {
    const { device = null } = CUDA.read(args);
    return this._apply((tensor) => tensor.cuda(device));
  }

  /**
   * Moves the parameters and buffers to the CPU.
   *
   * @returns the module
   */
  cpu(): this;
  cpu(...args: unknown[]): this {
    if (args.length > 0) CPU.read(args);
    return this._apply((tensor) => tensor.cpu());
  }

  /**
   * Casts all parameters and buffers, those of integral dtypes included.
   *
   * @param dst_type - the dtype, or the name of a tensor type
   * @returns the module
   * @example
   * ```ts
   * print(new nn.BatchNorm1d(2).type(torch.float64).num_batches_tracked);
   * ```
   * ```python
   * print(nn.BatchNorm1d(2).type(torch.float64).num_batches_tracked)
   * ```
   */
  type(dst_type: DType | TensorType | string | { dst_type: DType | TensorType | string }): this;
  type(...args: unknown[]): this {
    const { dst_type } = TYPE.read(args);
    return this._apply((tensor) => tensor.type(dst_type));
  }

  /**
   * Casts the floating-point parameters and buffers to float32.
   *
   * @returns the module
   */
  float(): this;
  float(...args: unknown[]): this {
    if (args.length > 0) FLOAT.read(args);
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.float() : tensor));
  }

  /**
   * Casts the floating-point parameters and buffers to float64.
   *
   * @returns the module
   * @example
   * ```ts
   * print(new nn.Linear(2, 1).double().bias);
   * ```
   * ```python
   * print(nn.Linear(2, 1).double().bias)
   * ```
   */
  double(): this;
  double(...args: unknown[]): this {
    if (args.length > 0) DOUBLE.read(args);
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.double() : tensor));
  }

  /**
   * Casts the floating-point parameters and buffers to float16.
   *
   * @returns the module
   * @example
   * ```ts
   * print(new nn.Linear(2, 1).half().bias);
   * ```
   * ```python
   * print(nn.Linear(2, 1).half().bias)
   * ```
   */
  half(): this;
  half(...args: unknown[]): this {
    if (args.length > 0) HALF.read(args);
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.half() : tensor));
  }

  /**
   * Casts the floating-point parameters and buffers to bfloat16.
   *
   * @returns the module
   * @example
   * ```ts
   * print(new nn.Linear(2, 1).bfloat16().bias);
   * ```
   * ```python
   * print(nn.Linear(2, 1).bfloat16().bias)
   * ```
   */
  bfloat16(): this;
  bfloat16(...args: unknown[]): this {
    if (args.length > 0) BFLOAT16.read(args);
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.bfloat16() : tensor));
  }

  /**
   * Moves the parameters and buffers to a device without copying their values: the memory is uninitialized.
   *
   * @param options - `device`; `recurse`: include the submodules, default true
   * @returns the module
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1, { device: 'meta' }).to_empty({ device: 'cpu' });
   * linear.reset_parameters();
   * print(linear.weight);
   * ```
   * ```python
   * linear = nn.Linear(2, 1, device='meta').to_empty(device='cpu')
   * linear.reset_parameters()
   * print(linear.weight)
   * ```
   */
  to_empty(options: { device: DeviceLike | null; recurse?: boolean }): this;
  to_empty(...args: unknown[]): this {
    const { device, recurse = true } = TO_EMPTY.read(args);
    return this._apply((tensor) => empty_like(tensor, { device }), recurse);
  }

  /**
   * Moves the parameters and buffers to memory that other threads can use: see `torch.hand_over`.
   *
   * @returns the module
   */
  share_memory(): this;
  share_memory(...args: unknown[]): this {
    if (args.length > 0) SHARE_MEMORY.read(args);
    return this._apply((tensor) => tensor.share_memory_());
  }

  /** Replaces the data of all parameters and buffers by `fn` of it. */
  _apply(fn: Convert, recurse = true): this {
    if (recurse) for (const child of this.children()) child._apply(fn);
    const { fields } = this[SLOTS];
    for (const [name, param] of [...own_parameters(this)]) {
      const applied = no_grad(() => fn(param));
      const grad = param.grad;
      const grad_applied = grad === null ? null : no_grad(() => fn(grad));
      let target = param;
      if (can_hold(param, applied)) {
        param.data = applied;
      } else {
        target = new Parameter(applied, param.requires_grad);
        fields[name] = target;
      }
      if (grad === null || grad_applied === null) continue;
      if (target === param && can_hold(grad, grad_applied)) grad.data = grad_applied;
      else target.grad = grad_applied.requires_grad_(grad.requires_grad);
    }
    for (const [name, buffer] of [...own_buffers(this)]) fields[name] = fn(buffer);
    return this;
  }

  // ---- State ------------------------------------------------------------------------------------

  /**
   * Returns the parameters and the persistent buffers by their dotted names, in Python's order. They share memory with
   * the module, and are detached from the graph.
   *
   * @param options - `destination`: a state dict to add to; `prefix`: prefix of the names, default `''`; `keep_vars`:
   *   return the parameters themselves instead of detached tensors, default false
   * @example
   * ```ts
   * print(new nn.Linear(2, 1).state_dict());
   * ```
   * ```python
   * print(nn.Linear(2, 1).state_dict())
   * ```
   */
  state_dict(options?: StateDictOptions): StateDict;
  state_dict(...args: unknown[]): StateDict {
    const { destination: given = null, prefix = '', keep_vars = false } = STATE_DICT.read(args);
    const destination = given ?? new_state_dict();
    const metadata = metadata_of(destination);
    const local_metadata = { version: this._version };
    if (metadata !== undefined) metadata[prefix.slice(0, -1)] = local_metadata;
    const { hooks } = this[SLOTS];
    if (hooks !== null) for (const hook of hooks.state_dict_pre) run_hook(hook, this, prefix, keep_vars);
    this._save_to_state_dict(destination, prefix, keep_vars);
    for (const [name, module] of own_modules(this)) {
      module?.state_dict({ destination, prefix: `${prefix}${name}.`, keep_vars });
    }
    if (hooks !== null) {
      for (const hook of hooks.state_dict_post) {
        const answer: unknown = run_hook(hook, this, destination, prefix, local_metadata);
        if (answer !== undefined && answer !== null) throw new Error('state_dict post-hook must return None');
      }
    }
    return destination;
  }

  /** Puts this module's own tensors (not those of its submodules) into a state dict. */
  _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    for (const [name, param] of own_parameters(this)) {
      destination[prefix + name] = keep_vars || is_lazy(param) ? param : param.detach();
    }
    for (const [name, buffer, persistent] of own_buffers(this)) {
      if (persistent) destination[prefix + name] = keep_vars || is_lazy(buffer) ? buffer : buffer.detach();
    }
    if (this.get_extra_state !== Module.prototype.get_extra_state) {
      // The type of nearly all state dicts.
      destination[prefix + EXTRA_STATE] = this.get_extra_state() as Tensor;
    }
  }

  /**
   * Returns state besides parameters and buffers, which becomes part of the state dict. Subclasses define it, along
   * with {@link Module.set_extra_state}.
   *
   * @throws Error unless a subclass defines it
   */
  get_extra_state(): unknown {
    throw new Error('Reached a code path in Module.get_extra_state() that should never be called.');
  }

  /**
   * Restores the state that {@link Module.get_extra_state} returned.
   *
   * @param state - the state
   * @throws Error unless a subclass defines it
   */
  set_extra_state(state: unknown): void;
  set_extra_state(): void {
    throw new Error('Reached a code path in Module.set_extra_state() that should never be called.');
  }

  /**
   * Copies the tensors of a state dict into the parameters and buffers of the module and its submodules.
   *
   * @param state_dict - tensors by their dotted names: an object or a Map
   * @param strict - the names must match exactly; default true
   * @param assign - use the tensors themselves instead of copying their values; default false
   * @returns the names that did not match
   * @throws TypeError when `state_dict` is not an object or a Map
   * @throws Error with the missing and the unexpected names, and the tensors of a wrong shape
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * print(linear.load_state_dict({ weight: torch.ones(1, 2), bias: torch.zeros(1) }));
   * print(linear.weight);
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * print(linear.load_state_dict({'weight': torch.ones(1, 2), 'bias': torch.zeros(1)}))
   * print(linear.weight)
   * ```
   */
  load_state_dict(
    ...args: [
      state_dict: LoadableState,
      ...Arguments<[strict?: boolean, assign?: boolean], LoadStateDictOptions, ['strict', 'assign']>,
    ]
  ): IncompatibleKeys;
  load_state_dict(...args: unknown[]): IncompatibleKeys {
    const { state_dict, strict = true, assign = false } = LOAD_STATE_DICT.read(args);
    const source = types.isMap(state_dict) ? (Object.fromEntries(state_dict) as StateDict) : (state_dict as StateDict);
    if (typeof source !== 'object' || source === null || Array.isArray(source) || source instanceof Tensor) {
      throw new TypeError(`Expected state_dict to be dict-like, got <class '${typename(state_dict)}'>.`);
    }
    const report: LoadReport = { missing: [], unexpected: [], errors: [] };
    const incompatible_keys = new IncompatibleKeys(report.missing, report.unexpected);
    load(this, { ...source }, '', { metadata: metadata_of(source), assign, report, incompatible_keys });
    const { missing, unexpected, errors } = report;
    const quoted = (keys: string[]): string => keys.map((key) => `"${key}"`).join(', ');
    if (strict && unexpected.length > 0) errors.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
    if (strict && missing.length > 0) errors.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `);
    if (errors.length > 0) {
      throw new Error(`Error(s) in loading state_dict for ${this._get_name()}:\n\t${errors.join('\n\t')}`);
    }
    return incompatible_keys;
  }

  /** Takes this module's own tensors (not those of its submodules) from a state dict. */
  _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: LoadReport,
  ): void {
    for (const hook of this[SLOTS].hooks?.load_pre ?? []) {
      run_hook(hook, this, state_dict, prefix, local, true, report.missing, report.unexpected, report.errors);
    }
    const local_state = new Map<string, Tensor>(own_parameters(this));
    for (const [name, buffer, persistent] of own_buffers(this)) if (persistent) local_state.set(name, buffer);
    for (const [name, current] of local_state) {
      const key = prefix + name;
      if (!Object.hasOwn(state_dict, key)) report.missing.push(key);
      else load_tensor(this, name, current, key, state_dict[key], local.assign, report);
    }
    const extra_state = prefix + EXTRA_STATE;
    const has_extra_state = Object.hasOwn(state_dict, extra_state);
    if (this.set_extra_state === Module.prototype.set_extra_state) {
      if (has_extra_state) report.unexpected.push(extra_state);
    } else if (has_extra_state) {
      this.set_extra_state(state_dict[extra_state]);
    } else {
      report.missing.push(extra_state);
    }
    const children = new Set([...own_modules(this)].map(([name]) => name));
    for (const key of Object.keys(state_dict)) {
      if (!key.startsWith(prefix) || key === extra_state) continue;
      const rest = key.slice(prefix.length);
      const dot = rest.indexOf('.');
      if (dot >= 0 ? !children.has(rest.slice(0, dot)) : !local_state.has(rest)) report.unexpected.push(key);
    }
  }

  // ---- Hooks ------------------------------------------------------------------------------------

  /**
   * Registers a function that is called before each `forward`, with the module and the array of its arguments. What it
   * returns, unless undefined or null, replaces the arguments: an array, or a single argument.
   *
   * @param hook - the function
   * @param options - `prepend`: call it before the hooks that are registered already; `with_kwargs`: pass the trailing
   *   options object as a third argument, and expect `[args, kwargs]`; both default false
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1, { bias: false });
   * const handle = linear.register_forward_pre_hook((_module, [x]) => [(x as torch.Tensor).mul(0)]);
   * print(linear(torch.ones(2)));
   * handle.remove();
   * ```
   * ```python
   * linear = nn.Linear(2, 1, bias=False)
   * handle = linear.register_forward_pre_hook(lambda module, args: (args[0] * 0,))
   * print(linear(torch.ones(2)))
   * handle.remove()
   * ```
   */
  register_forward_pre_hook(
    hook: ForwardPreHook<this>,
    options?: { prepend?: boolean; with_kwargs?: false },
  ): RemovableHandle;
  register_forward_pre_hook(
    hook: ForwardPreHookWithKwargs<this>,
    options: { prepend?: boolean; with_kwargs: true },
  ): RemovableHandle;
  register_forward_pre_hook(...args: unknown[]): RemovableHandle {
    const { hook, prepend = false, with_kwargs = false } = REGISTER_FORWARD_PRE_HOOK.read(args);
    return hooks_of(this).forward_pre.add(
      with_kwargs
        ? { hook: hook as ForwardPreHookWithKwargs, with_kwargs }
        : { hook: hook as ForwardPreHook, with_kwargs },
      prepend,
    );
  }

  /**
   * Registers a function that is called after each `forward`, with the module, the array of its arguments and its
   * output. What it returns, unless undefined or null, replaces the output.
   *
   * @param hook - the function
   * @param options - `prepend`: call it before the hooks that are registered already; `with_kwargs`: pass the trailing
   *   options object before the output; `always_call`: call it even when `forward` throws; all default false
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
   * net[0].register_forward_hook((_module, _args, output) => print((output as torch.Tensor).shape));
   * net(torch.ones(1, 2));
   * ```
   * ```python
   * net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
   * net[0].register_forward_hook(lambda module, args, output: print(output.shape))
   * net(torch.ones(1, 2))
   * ```
   */
  register_forward_hook(
    hook: ForwardHook<this>,
    options?: { prepend?: boolean; with_kwargs?: false; always_call?: boolean },
  ): RemovableHandle;
  register_forward_hook(
    hook: ForwardHookWithKwargs<this>,
    options: { prepend?: boolean; with_kwargs: true; always_call?: boolean },
  ): RemovableHandle;
  register_forward_hook(...args: unknown[]): RemovableHandle {
    const { hook, prepend = false, with_kwargs = false, always_call = false } = REGISTER_FORWARD_HOOK.read(args);
    return hooks_of(this).forward.add(
      with_kwargs
        ? { hook: hook as ForwardHookWithKwargs, with_kwargs, always_call }
        : { hook: hook as ForwardHook, with_kwargs, always_call },
      prepend,
    );
  }

  /**
   * Registers a function that is called when the gradients with respect to the outputs of the module are computed, with
   * the module and these gradients. Gradients that it returns replace them.
   *
   * @param hook - the function
   * @param prepend - call it before the hooks that are registered already; default false
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear.register_full_backward_pre_hook((_module, grad_output) => print(grad_output[0]));
   * linear(torch.ones(1, 2)).sum().backward();
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * linear.register_full_backward_pre_hook(lambda module, grad_output: print(grad_output[0]))
   * linear(torch.ones(1, 2)).sum().backward()
   * ```
   */
  register_full_backward_pre_hook(
    hook: BackwardPreHook<this>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle;
  register_full_backward_pre_hook(...args: unknown[]): RemovableHandle {
    const { hook, prepend = false } = REGISTER_FULL_BACKWARD_PRE_HOOK.read(args);
    return hooks_of(this).backward_pre.add(hook as BackwardPreHook, prepend);
  }

  /**
   * Registers a function that is called when the gradients with respect to the inputs of the module are computed, with
   * the module, these gradients and those of the outputs; the gradient of what is not a tensor is null. Gradients that
   * it returns replace those of the inputs.
   *
   * @param hook - the function
   * @param prepend - call it before the hooks that are registered already; default false
   * @returns a handle whose `remove()` removes the hook
   * @throws Error when the module has backward hooks that are not full ones
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear.register_full_backward_hook((_module, grad_input, grad_output) => print(grad_input[0], grad_output[0]));
   * linear(torch.ones(1, 2, { requires_grad: true })).sum().backward();
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * linear.register_full_backward_hook(lambda module, grad_input, grad_output: print(grad_input[0], grad_output[0]))
   * linear(torch.ones(1, 2, requires_grad=True)).sum().backward()
   * ```
   */
  register_full_backward_hook(
    hook: BackwardHookFunction<this>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle;
  register_full_backward_hook(...args: unknown[]): RemovableHandle {
    const { hook, prepend = false } = REGISTER_FULL_BACKWARD_HOOK.read(args);
    hooks_of(this).set_full(true, 'on a single Module');
    return hooks_of(this).backward.add(hook as BackwardHookFunction, prepend);
  }

  /**
   * Registers a function that is called after the backward of the node that computed the output of the module, with the
   * gradients of that node only.
   *
   * @param hook - the function
   * @returns a handle whose `remove()` removes the hook
   * @deprecated use {@link Module.register_full_backward_hook}
   * @throws Error when the module has full backward hooks
   */
  register_backward_hook(hook: BackwardHookFunction<this>): RemovableHandle;
  register_backward_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_BACKWARD_HOOK.read(args);
    hooks_of(this).set_full(false, 'on a single Module');
    return hooks_of(this).backward.add(hook as BackwardHookFunction);
  }

  /**
   * Registers a function that is called before `state_dict()` reads the module, with the module, `prefix` and
   * `keep_vars`.
   *
   * @param hook - the function
   * @returns a handle whose `remove()` removes the hook
   */
  register_state_dict_pre_hook(hook: StateDictPreHook<this>): RemovableHandle;
  register_state_dict_pre_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_STATE_DICT_PRE_HOOK.read(args);
    return hooks_of(this).state_dict_pre.add(hook as StateDictPreHook);
  }

  /**
   * Registers a function that is called after `state_dict()` has read the module and its submodules, with the module,
   * the state dict, which it may change, `prefix` and the metadata of the module. It must not return a value.
   *
   * @param hook - the function
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear.register_state_dict_post_hook((_module, state_dict) => {
   *   delete state_dict['weight'];
   * });
   * print(linear.state_dict());
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * def hook(module, state_dict, prefix, local_metadata): del state_dict['weight']
   * linear.register_state_dict_post_hook(hook)
   * print(linear.state_dict())
   * ```
   */
  register_state_dict_post_hook(hook: StateDictPostHook<this>): RemovableHandle;
  register_state_dict_post_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_STATE_DICT_POST_HOOK.read(args);
    return hooks_of(this).state_dict_post.add(hook as StateDictPostHook);
  }

  /**
   * Registers a function that is called before the module reads its tensors from a state dict, with the module,
   * `state_dict`, `prefix`, `local_metadata`, `strict`, `missing_keys`, `unexpected_keys` and `error_msgs`, all of
   * which it may change.
   *
   * @param hook - the function
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1, { bias: false });
   * linear.register_load_state_dict_pre_hook((_module, state_dict, prefix) => {
   *   state_dict[`${prefix}weight`] = state_dict[`${prefix}kernel`]!;
   *   delete state_dict[`${prefix}kernel`];
   * });
   * print(linear.load_state_dict({ kernel: torch.ones(1, 2) }));
   * ```
   * ```python
   * linear = nn.Linear(2, 1, bias=False)
   * def hook(module, state_dict, prefix, *args): state_dict[f'{prefix}weight'] = state_dict.pop(f'{prefix}kernel')
   * linear.register_load_state_dict_pre_hook(hook)
   * print(linear.load_state_dict({'kernel': torch.ones(1, 2)}))
   * ```
   */
  register_load_state_dict_pre_hook(hook: LoadStateDictPreHook<this>): RemovableHandle;
  register_load_state_dict_pre_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_LOAD_STATE_DICT_PRE_HOOK.read(args);
    return hooks_of(this).load_pre.add(hook as LoadStateDictPreHook);
  }

  /**
   * Registers a function that is called after the module and its submodules have read their tensors from a state dict,
   * with the module and the names that did not match, which it may change. It must not return a value.
   *
   * @param hook - the function
   * @returns a handle whose `remove()` removes the hook
   * @example
   * ```ts
   * const linear = new nn.Linear(2, 1);
   * linear.register_load_state_dict_post_hook((_module, keys) => {
   *   keys.missing_keys.length = 0;
   * });
   * print(linear.load_state_dict({ weight: torch.ones(1, 2) }, { strict: false }));
   * ```
   * ```python
   * linear = nn.Linear(2, 1)
   * def hook(module, keys): keys.missing_keys.clear()
   * linear.register_load_state_dict_post_hook(hook)
   * print(linear.load_state_dict({'weight': torch.ones(1, 2)}, strict=False))
   * ```
   */
  register_load_state_dict_post_hook(hook: LoadStateDictPostHook<this>): RemovableHandle;
  register_load_state_dict_post_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_LOAD_STATE_DICT_POST_HOOK.read(args);
    return hooks_of(this).load_post.add(hook as LoadStateDictPostHook);
  }

  // ---- Copying ----------------------------------------------------------------------------------

  /** Returns a copy of the module and of all that it holds, its hooks included, as `deepcopy` needs it. */
  __deepcopy__(memo: Memo): Module {
    const { fields, members, non_persistent, hooks } = this[SLOTS];
    const copy = callable(Object.getPrototypeOf(this) as object, this.training);
    const slots = copy[SLOTS];
    memo.set(this, copy);
    for (const [name, kind] of members) slots.members.set(name, kind);
    slots.non_persistent = non_persistent && new Set(non_persistent);
    copy_fields(fields, slots.fields, memo, new Set([SLOTS]));
    slots.hooks = deepcopy(hooks, memo);
    return copy;
  }

  // ---- Printing ---------------------------------------------------------------------------------

  /** Returns the name of the class, as it is printed. */
  _get_name(): string {
    return (this.constructor as { name: string }).name;
  }

  /**
   * Returns the options between the parentheses of the printed module; for subclasses to define.
   *
   * @example
   * ```ts
   * class Scale extends nn.Module {
   *   override extra_repr(): string { return 'factor=2'; }
   * }
   * print(new Scale());
   * ```
   * ```python
   * class Scale(nn.Module):
   *     def extra_repr(self): return 'factor=2'
   * print(Scale())
   * ```
   */
  extra_repr(): string {
    return '';
  }

  /** Returns the text that Python prints for the module. */
  toString(): string {
    const extra = this.extra_repr();
    const extra_lines = extra === '' ? [] : extra.split('\n');
    const child_lines: string[] = [];
    for (const [name, module] of own_modules(this)) {
      child_lines.push(`(${name}): ${indent_rest(module === null ? 'None' : module.toString(), 2)}`);
    }
    const lines = [...extra_lines, ...child_lines];
    if (lines.length === 0) return `${this._get_name()}()`;
    if (extra_lines.length === 1 && child_lines.length === 0) return `${this._get_name()}(${extra_lines[0]})`;
    return `${this._get_name()}(\n  ${lines.join('\n  ')}\n)`;
  }

  [INSPECT](): string {
    return this.toString();
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    const parameters = [...this.parameters()];
    const count = (of: readonly Parameter[]): number => of.reduce((sum, each) => sum + each.numel(), 0);
    const known = parameters.filter((parameter) => !is_lazy(parameter));
    const facts = [this._get_name(), `${count(known)} parameter${count(known) === 1 ? '' : 's'}`];
    const trainable = count(known.filter((parameter) => parameter.requires_grad));
    if (trainable !== count(known)) facts.push(`${trainable} of them trainable`);
    if (known.length < parameters.length) facts.push(`${parameters.length - known.length} tensors without a shape yet`);
    return text_output(this.toString(), facts);
  }
}

// ---- Arguments of the methods --------------------------------------------------------------------

type Members = Arguments<
  [prefix?: string, recurse?: boolean, remove_duplicate?: boolean],
  MembersOptions,
  ['prefix', 'recurse', 'remove_duplicate']
>;

/** What {@link Module.load_state_dict} takes: tensors by their dotted names. */
export type LoadableState = Readonly<StateDict> | ReadonlyMap<string, Tensor>;

define_kind('Module', 'Module', (value) => value instanceof Module);
define_kind('Set', 'set', (value) => types.isSet(value));

// Python has its own error texts for wrong kinds in registrations, in `train` and in `load_state_dict`.
const REGISTER_BUFFER = method_signature<{ name: string; tensor: Tensor | null; persistent?: boolean }>(
  'Module.register_buffer',
  'name: value, tensor: value, persistent?: bool',
);
const REGISTER_PARAMETER = method_signature<{ name: string; param: Parameter | null }>(
  'Module.register_parameter',
  'name: value, param: value',
);
const ADD_MODULE = method_signature<{ name: string; module: Module | null }>(
  'Module.add_module',
  'name: value, module: value',
);
const REGISTER_MODULE = method_signature<{ name: string; module: Module | null }>(
  'Module.register_module',
  'name: value, module: value',
);
const GET_SUBMODULE = method_signature<{ target: string }>('Module.get_submodule', 'target: str');
const SET_SUBMODULE = method_signature<{ target: string; module: Module; strict?: boolean }>(
  'Module.set_submodule',
  'target: str, module: value, strict?: bool',
);
const GET_PARAMETER = method_signature<{ target: string }>('Module.get_parameter', 'target: str');
const GET_BUFFER = method_signature<{ target: string }>('Module.get_buffer', 'target: str');
const PARAMETERS = method_signature<{ recurse?: boolean }>('Module.parameters', 'recurse?: bool');
const BUFFERS = method_signature<{ recurse?: boolean }>('Module.buffers', 'recurse?: bool');
const NAMED_PARAMETERS = method_signature<MembersOptions>(
  'Module.named_parameters',
  'prefix?: str, recurse?: bool, remove_duplicate?: bool',
);
const NAMED_BUFFERS = method_signature<MembersOptions>(
  'Module.named_buffers',
  'prefix?: str, recurse?: bool, remove_duplicate?: bool',
);
const CHILDREN = method_signature('Module.children');
const NAMED_CHILDREN = method_signature('Module.named_children');
const MODULES = method_signature<{ remove_duplicate?: boolean }>('Module.modules', 'remove_duplicate?: bool');
const NAMED_MODULES = method_signature<{ memo?: Set<Module> | null; prefix?: string; remove_duplicate?: boolean }>(
  'Module.named_modules',
  'memo?: Set|None, prefix?: str, remove_duplicate?: bool',
);
const TRAIN = method_signature<{ mode?: unknown }>('Module.train', 'mode?: value');
const EVAL = method_signature('Module.eval');
const REQUIRES_GRAD = method_signature<{ requires_grad?: boolean }>('Module.requires_grad_', 'requires_grad?: bool');
const ZERO_GRAD = method_signature<{ set_to_none?: boolean }>('Module.zero_grad', 'set_to_none?: bool');
const APPLY = method_signature<{ fn: (module: Module) => unknown }>('Module.apply', 'fn: Callable');
const COMPILE = method_signature<CompileOptions>('Module.compile', COMPILE_KINDS);
const CUDA = method_signature<{ device?: DeviceLike | null }>('Module.cuda', 'device?: device|None');
const CPU = method_signature('Module.cpu');
const TYPE = method_signature<{ dst_type: DType | TensorType | string }>(
  'Module.type',
  'dst_type: dtype|TensorType|str',
);
const FLOAT = method_signature('Module.float');
const DOUBLE = method_signature('Module.double');
const HALF = method_signature('Module.half');
const BFLOAT16 = method_signature('Module.bfloat16');
const TO_EMPTY = method_signature<{ device: DeviceLike | null; recurse?: boolean }>(
  'Module.to_empty',
  '*, device: device|None, recurse?: bool',
);
const SHARE_MEMORY = method_signature('Module.share_memory');
const STATE_DICT = method_signature<{ destination?: StateDict | null; prefix?: string; keep_vars?: boolean }>(
  'Module.state_dict',
  '*, destination?: dict|None, prefix?: str, keep_vars?: bool',
);
const LOAD_STATE_DICT = method_signature<LoadStateDictOptions & { state_dict: LoadableState }>(
  'Module.load_state_dict',
  'state_dict: any, strict?: bool, assign?: bool',
);

const INCOMPATIBLE_KEYS = signature<{ missing_keys: string[]; unexpected_keys: string[] }>(
  'IncompatibleKeys',
  'missing_keys: str[], unexpected_keys: str[]',
);

interface GivenHook<H> {
  hook: H;
  prepend?: boolean;
  with_kwargs?: boolean;
  always_call?: boolean;
}

const REGISTER_FORWARD_PRE_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_forward_pre_hook',
  'hook: hook, *, prepend?: bool, with_kwargs?: bool',
);
const REGISTER_FORWARD_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_forward_hook',
  'hook: hook, *, prepend?: bool, with_kwargs?: bool, always_call?: bool',
);
const REGISTER_FULL_BACKWARD_PRE_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_full_backward_pre_hook',
  'hook: hook, prepend?: bool',
);
const REGISTER_FULL_BACKWARD_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_full_backward_hook',
  'hook: hook, prepend?: bool',
);
const REGISTER_BACKWARD_HOOK = method_signature<GivenHook<unknown>>('Module.register_backward_hook', 'hook: hook');
const REGISTER_STATE_DICT_PRE_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_state_dict_pre_hook',
  'hook: hook',
);
const REGISTER_STATE_DICT_POST_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_state_dict_post_hook',
  'hook: hook',
);
const REGISTER_LOAD_STATE_DICT_PRE_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_load_state_dict_pre_hook',
  'hook: hook',
);
const REGISTER_LOAD_STATE_DICT_POST_HOOK = method_signature<GivenHook<unknown>>(
  'Module.register_load_state_dict_post_hook',
  'hook: hook',
);

// ---- Fields -------------------------------------------------------------------------------------

/**
 * A function that calls `forward`, with the given prototype, whose fields are watched: parameters, buffers and submodules are
 * registered when they are assigned, in the order of assignment, and cannot be replaced by anything else. Reading a field
 * does not pass through the watch.
 */
function callable(prototype: object, training: boolean): Module {
  const bare = ((...args: unknown[]) => call(slots, args)) as unknown as Module;
  // A function's own name and length would hide fields of those names.
  delete (bare as { name?: unknown }).name;
  delete (bare as { length?: unknown }).length;
  Object.setPrototypeOf(bare, prototype);
  const self = new Proxy(bare, WATCH);
  const slots: Slots = {
    self,
    fields: bare as unknown as Fields,
    members: new Map(),
    non_persistent: null,
    hooks: null,
    forward: undefined,
    most: Infinity,
    takes: null,
  };
  HIDDEN.value = training;
  Object.defineProperty(bare, 'training', HIDDEN);
  HIDDEN.value = slots;
  Object.defineProperty(bare, SLOTS, HIDDEN);
  HIDDEN.value = undefined;
  return self;
}

const HIDDEN: PropertyDescriptor = { value: undefined, writable: true, enumerable: false, configurable: true };

/** Whether a value becomes part of the module that it is assigned to. */
function is_member(value: unknown): boolean {
  if (typeof value === 'function') return value instanceof Module;
  return typeof value === 'object' && (value instanceof Parameter || value instanceof Buffer);
}

/** A method of lists: throws for the name of a place that they do not have. @internal */
export const REFUSE_PLACE = Symbol('refuse_place');

interface WithPlaces {
  [REFUSE_PLACE]?(name: string): void;
}

const WATCH: ProxyHandler<Module> = {
  /** `module.name = value` */
  set(target, name, value: unknown, receiver) {
    const slots = target[SLOTS];
    if (receiver !== slots.self) return Reflect.set(target, name, value, receiver);
    const { fields } = slots;
    const key = name as string;
    const own = Reflect.getOwnPropertyDescriptor(target, name);
    if (own === undefined ? has_setter(target, name) : own.writable !== true)
      return Reflect.set(target, name, value, receiver);
    if (own === undefined && typeof name === 'string') (target as WithPlaces)[REFUSE_PLACE]?.(name);
    if (typeof name === 'string' && (slots.members.has(name) || is_member(value))) assign(slots, name, value);
    else fields[key] = value;
    return true;
  },

  /** Class fields, which are defined, not assigned; and `Object.defineProperty`. */
  defineProperty(target, name, descriptor) {
    const slots = target[SLOTS];
    if (typeof name !== 'string') return Reflect.defineProperty(target, name, descriptor);
    const known = slots.members.has(name);
    const { value } = descriptor as { value: unknown };
    const is_field = descriptor.enumerable === true && descriptor.writable === true && 'value' in descriptor;
    if (is_field && (known || is_member(value))) {
      // Declared again by a subclass without `declare`: an annotation, as in Python.
      if (known && value === undefined) return true;
      assign(slots, name, value);
      return true;
    }
    // A property that replaces a member stays one: those of a ScriptModule are kept elsewhere.
    if (known && 'value' in descriptor) unregister(slots, name);
    return Reflect.defineProperty(target, name, descriptor);
  },

  /** `delete module.name` */
  deleteProperty(target, name) {
    if (typeof name === 'string') unregister(target[SLOTS], name);
    return Reflect.deleteProperty(target, name);
  },
};

/** Whether a class defines a setter for a name. */
function has_setter(target: object, name: string | symbol): boolean {
  if (!(name in target)) return false;
  for (
    let prototype: object | null = target;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const found = Reflect.getOwnPropertyDescriptor(prototype, name);
    if (found !== undefined) return !('value' in found);
  }
  return false;
}

/** What Python's `Module.__setattr__` does. */
function assign(slots: Slots, name: string, value: unknown): void {
  const kind = slots.members.get(name);
  if (value instanceof Parameter) {
    refuse_inherited(slots, name);
    put_parameter(slots, name, value);
  } else if (kind === 'parameter') {
    if (value !== null) {
      throw new TypeError(
        `cannot assign '${typename(value)}' as parameter '${name}' (torch.nn.Parameter or None expected)`,
      );
    }
    put_parameter(slots, name, value);
  } else if (value instanceof Module || kind === 'module') {
    if (value !== null && !(value instanceof Module)) {
      throw new TypeError(
        `cannot assign '${typename(value)}' as child module '${name}' (torch.nn.Module or None expected)`,
      );
    }
    put_module(slots, name, value);
  } else {
    if (value !== null && !(value instanceof Tensor)) {
      throw new TypeError(
        `cannot assign '${typename(value)}' as buffer '${name}' (torch.nn.Buffer, torch.Tensor or None expected)`,
      );
    }
    if (is_taken(slots, 'buffer', name)) throw new Error(`attribute '${name}' already exists`);
    put_buffer(slots, name, value, value instanceof Buffer ? value.persistent : !is_transient(slots, name));
  }
}

/** Removes a name from those of parameters, buffers and submodules. */
function unregister({ members, non_persistent }: Slots, name: string): void {
  if (members.delete(name)) non_persistent?.delete(name);
}

/** Whether a module has something else under a name. A field that is only declared, and so undefined, does not count. */
function is_taken({ fields, members }: Slots, kind: Kind, name: string): boolean {
  if (members.get(name) === kind) return false;
  // Python's Module has a forward, which throws.
  if (name === 'forward') return true;
  if (!(name in fields)) return false;
  return !Object.hasOwn(fields, name) || fields[name] !== undefined;
}

/** Throws for names of methods, which a parameter or a buffer would hide. */
function refuse_inherited({ fields }: Slots, name: string): void {
  if (name in fields && !Object.hasOwn(fields, name)) throw new Error(`attribute '${name}' already exists`);
}

function put_parameter(slots: Slots, name: string, param: Parameter | null): void {
  if (param !== null && !(param instanceof Parameter)) {
    throw new TypeError(
      `cannot assign '${typename(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
    );
  }
  if (param === null) {
    define(slots, 'parameter', name, null);
    return;
  }
  if (param.grad_fn !== null) {
    throw new Error(
      `Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly. ` +
        `To express '${name}' as a function of another Tensor, compute the value in the forward() method.`,
    );
  }
  define(slots, 'parameter', name, registered('parameter', slots.self, name, param));
}

function put_module(slots: Slots, name: string, module: Module | null): void {
  define(slots, 'module', name, registered('module', slots.self, name, module));
}

function put_buffer(slots: Slots, name: string, tensor: Tensor | null, persistent: boolean): void {
  define(slots, 'buffer', name, registered('buffer', slots.self, name, tensor));
  if (!persistent) (slots.non_persistent ??= new Set()).add(name);
  else slots.non_persistent?.delete(name);
}

function is_transient({ non_persistent }: Slots, name: string): boolean {
  return non_persistent?.has(name) === true;
}

/** Defines a field as a class field is defined, and removes a member of another kind with the same name. */
function define(slots: Slots, kind: Kind, name: string, value: unknown): void {
  const { fields, members } = slots;
  const before = members.get(name);
  if (before !== kind) {
    if (before !== undefined) unregister(slots, name);
    members.set(name, kind);
  }
  if (Object.hasOwn(fields, name) || !(name in fields)) fields[name] = value;
  else Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The hooks of a module, made when they are first asked for. @internal */
export function hooks_of(module: Module): ModuleHooks {
  return (module[SLOTS].hooks ??= new ModuleHooks());
}

/** The fields of a module by any name. @internal */
export function fields_of(module: Module): Fields {
  return module as unknown as Fields;
}

/** The parameter, buffer or other tensor that the caller knows to be in a field. @internal */
export function tensor_of(module: Module, name: string): Tensor {
  return fields_of(module)[name] as Tensor;
}

function check_name(what: 'buffer' | 'parameter', name: string): void {
  if (typeof name !== 'string') throw new TypeError(`${what} name should be a string. Got ${typename(name)}`);
  if (name.includes('.')) throw new Error(`${what} name can't contain "."`);
  if (name === '') throw new Error(`${what} name can't be empty string ""`);
}

/** Deletes a field: Python's `delattr`. @internal */
export function remove_member(module: Module, name: string): void {
  Reflect.deleteProperty(module, name);
}

/**
 * Replaces a parameter or a buffer temporarily by another tensor, which then counts as a parameter or a buffer.
 * Returns the previous value; undefined when there was none. @internal
 */
export function swap_member(module: Module, name: string, value: unknown): unknown {
  const { members, fields } = module[SLOTS];
  const before = module[SLOTS].fields[name];
  if (value === undefined) remove_member(module, name);
  else if (members.has(name)) fields[name] = value;
  else fields_of(module)[name] = value;
  return before;
}

/** Adds a Parameter as a parameter, or any other tensor as a buffer. @internal */
export function register_tensor(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) module.register_parameter(name, tensor);
  else module.register_buffer(name, tensor);
}

/** The parameters of a module itself. @internal */
export function own_parameters(module: Module): Iterable<[string, Parameter]> {
  const { members, fields } = module[SLOTS];
  const found: [string, Parameter][] = [];
  for (const [name, kind] of members) {
    if (kind !== 'parameter') continue;
    const param = fields[name] as Parameter | null;
    if (param !== null) found.push([name, param]);
  }
  return found;
}

/** The tensor that a slot for buffers holds: {@link Slots.members} says which slots these are. */
function buffer_in(fields: Fields, name: string): Tensor | null {
  return fields[name] as Tensor | null;
}

/** The buffers of a module itself. @internal */
export function own_buffers(module: Module): Iterable<[string, Tensor, persistent: boolean]> {
  const slots = module[SLOTS];
  const { members, fields } = slots;
  const found: [string, Tensor, boolean][] = [];
  for (const [name, kind] of members) {
    if (kind !== 'buffer') continue;
    const buffer = buffer_in(fields, name);
    if (buffer !== null) found.push([name, buffer, !is_transient(slots, name)]);
  }
  return found;
}

/** The slots of a module that hold, or could hold, submodules; duplicates included. @internal */
export function own_modules(module: Module): [string, Module | null][] {
  const { members, fields } = module[SLOTS];
  const found: [string, Module | null][] = [];
  for (const [name, kind] of members) if (kind === 'module') found.push([name, fields[name] as Module | null]);
  return found;
}

function* values_of<T>(pairs: Iterable<readonly [string, T]>): IterableIterator<T> {
  for (const [, value] of pairs) yield value;
}

function* each_child(module: Module): IterableIterator<[string, Module]> {
  const seen = new Set<Module>();
  for (const [name, child] of own_modules(module)) {
    if (child === null || seen.has(child)) continue;
    seen.add(child);
    yield [name, child];
  }
}

function* each_module(
  module: Module,
  seen: Set<Module>,
  prefix: string,
  remove_duplicate: boolean,
): IterableIterator<[string, Module]> {
  if (seen.has(module)) return;
  if (remove_duplicate) seen.add(module);
  yield [prefix, module];
  for (const [name, child] of own_modules(module)) {
    if (child !== null) yield* child.named_modules(seen, join_path(prefix, name), remove_duplicate);
  }
}

function submodule_at(root: Module, target: string): Module {
  if (target === '') return root;
  let module = root;
  for (const part of target.split('.')) {
    if (!(part in module)) throw new Error(`${module._get_name()} has no attribute \`${part}\``);
    const next = fields_of(module)[part];
    if (!(next instanceof Module)) throw new Error(`\`${part}\` is not an nn.Module`);
    module = next;
  }
  return module;
}

/** A module and the name of a member of it, from a path. */
function attribute_at(root: Module, target: string): [holder: Module, name: string] {
  const [parent, name] = split_path(target);
  const holder = root.get_submodule(parent);
  if (!(name in holder)) throw new Error(`${holder._get_name()} has no attribute \`${name}\``);
  return [holder, name];
}

function* named_members<T extends Tensor>(
  root: Module,
  own: (module: Module) => Iterable<readonly [string, T, ...unknown[]]>,
  options: MembersOptions,
): IterableIterator<[string, T]> {
  const { prefix = '', recurse = true, remove_duplicate = true } = options;
  const seen = new Set<T>();
  const modules: Iterable<[string, Module]> = recurse
    ? root.named_modules(new Set(), prefix, remove_duplicate)
    : [[prefix, root]];
  for (const [path, module] of modules) {
    for (const [name, member] of own(module)) {
      if (seen.has(member)) continue;
      if (remove_duplicate) seen.add(member);
      yield [join_path(path, name), member];
    }
  }
}

function join_path(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function split_path(target: string): [parent: string, name: string] {
  const dot = target.lastIndexOf('.');
  return [dot < 0 ? '' : target.slice(0, dot), target.slice(dot + 1)];
}

// ---- Calling ------------------------------------------------------------------------------------

function call(slots: Slots, args: unknown[]): unknown {
  const { self, hooks } = slots;
  const { forward } = slots.fields as { forward?: Forwarder };
  if (forward === undefined) {
    throw new Error(`Module [${self._get_name()}] is missing the required "forward" function`);
  }
  if (!hooks?.any && !global_hooks.any) return run_forward(slots, forward, args);
  const called = (...given: unknown[]): unknown =>
    call_with_hooks(self, hooks ?? NO_HOOKS, (...now) => run_forward(slots, forward, now), given);
  return global_hooks.tracer === null ? called(...args) : global_hooks.tracer(self, called, args);
}

type Forwarder = (...args: unknown[]) => unknown;

function run_forward(slots: Slots, forward: Forwarder, args: unknown[]): unknown {
  if (slots.forward !== forward) look_at_forward(slots, forward);
  const { self, takes } = slots;
  if (args.length > slots.most) {
    if (takes === null) throw surplus_error(self, forward, slots.most, args.length);
    return forward.apply(self, in_order(takes, args));
  }
  if (takes !== null) {
    const last = args[args.length - 1];
    // With keyword arguments, or with an argument missing.
    if (!(last instanceof Tensor) && (last === undefined || is_plain_object(last))) args = in_order(takes, args);
  }
  return forward.apply(self, args);
}

function look_at_forward(slots: Slots, forward: Forwarder): void {
  if (typeof forward !== 'function') throw new TypeError(`'${kind_of(forward)}' object is not callable`);
  const takes = declared_arguments(slots.self, forward);
  slots.forward = forward;
  slots.takes = takes;
  slots.most = takes === null ? arity_of(forward) : takes.parsed.positional;
}

/** Python's TypeError, which counts `self`. */
function surplus_error(module: Module, forward: Forwarder, most: number, given: number): TypeError {
  const least = Math.min(forward.length, most);
  const range = least === most ? String(most + 1) : `from ${least + 1} to ${most + 1}`;
  const noun = most === 0 ? 'argument' : 'arguments';
  return new TypeError(
    `${owner_of(module, forward)}.forward() takes ${range} positional ${noun} but ${given + 1} were given`,
  );
}

/** The name of the class that defines a method. */
function owner_of(module: Module, forward: Forwarder): string {
  for (let prototype = Object.getPrototypeOf(module) as object | null; prototype !== null; ) {
    const value: unknown = Reflect.getOwnPropertyDescriptor(prototype, 'forward')?.value;
    if (value === forward) return (prototype.constructor as { name: string }).name;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return module._get_name();
}

const NO_HOOKS = new ModuleHooks();
const NO_DATA = 'Cannot copy out of meta tensor; no data!';

/** Removes a forward pre-hook. @internal */
export function remove_forward_pre_hook(module: Module, hook: ForwardPreHook): void {
  module[SLOTS].hooks?.forward_pre.remove_if((entry) => entry.hook === hook);
}

/** Whether there are forward hooks or pre-hooks. @internal */
export function has_forward_hooks(module: Module): boolean {
  const { hooks } = module[SLOTS];
  return hooks !== null && hooks.forward_pre.size + hooks.forward.size > 0;
}

/** Whether there are hooks around calls: forward or backward ones. @internal */
export function has_call_hooks(module: Module): boolean {
  return module[SLOTS].hooks?.any ?? false;
}

// ---- Moving -------------------------------------------------------------------------------------

interface MoveTo {
  device: DeviceLike | null;
  dtype: DType | null;
  non_blocking: boolean;
  memory_format: MemoryFormat | null;
}

const TO_TENSOR = method_signature<{ tensor: Tensor; non_blocking?: boolean; memory_format?: MemoryFormat }>(
  'Module.to',
  'tensor: Tensor, non_blocking?: bool, *, memory_format?: memory_format|None',
);
const TO_DTYPE = method_signature<ModuleToOptions>(
  'Module.to',
  'dtype: dtype, non_blocking?: bool, *, memory_format?: memory_format|None',
);
const TO_DEVICE = method_signature<ModuleToOptions>(
  'Module.to',
  'device?: device|None, dtype?: dtype|None, non_blocking?: bool, *, memory_format?: memory_format|None',
);

function parse_to(args: readonly unknown[]): MoveTo {
  const [first] = args;
  if (first instanceof Tensor || (is_plain_object(first) && 'tensor' in first)) {
    const { tensor, non_blocking = false, memory_format } = TO_TENSOR.read(args);
    return { device: tensor.device, dtype: tensor.dtype, non_blocking, memory_format: memory_format ?? null };
  }
  if (args.every((arg) => arg === undefined)) {
    throw new TypeError(
      'Module.to(): to() received an invalid combination of arguments: expected a tensor, dtype, ' +
        'device or options',
    );
  }
  const {
    device,
    dtype,
    non_blocking = false,
    memory_format,
  } = (first instanceof DType ? TO_DTYPE : TO_DEVICE).read(args);
  return {
    device: device ?? null,
    dtype: dtype ?? null,
    non_blocking,
    memory_format: memory_format ?? null,
  };
}

/** Whether a memory format is one for tensors with that many dimensions. */
function has_format(tensor: Tensor, format: MemoryFormat | null): boolean {
  if (format === channels_last) return tensor.ndim === 4;
  if (format === channels_last_3d) return tensor.ndim === 5;
  return format !== null && (tensor.ndim === 4 || tensor.ndim === 5);
}

/**
 * Whether `tensor.data = applied` is possible: libtorch swaps contents only between dense tensors, or like
 * with like.
 */
function can_hold(tensor: Tensor, applied: Tensor): boolean {
  return with_handles(() => _has_compatible_shallow_copy_type(tensor, applied));
}

// ---- State dicts --------------------------------------------------------------------------------

/** The errors of loading a state dict. */
export interface LoadReport {
  readonly missing: string[];
  readonly unexpected: string[];
  readonly errors: string[];
}

interface Loading {
  readonly metadata: StateDictMetadata | undefined;
  readonly assign: boolean;
  readonly report: LoadReport;
  readonly incompatible_keys: IncompatibleKeys;
}

function new_state_dict(): StateDict {
  const metadata = { value: ordered_dict({}), writable: true, configurable: true };
  return ordered_dict(Object.defineProperty({}, '_metadata', metadata));
}

function metadata_of(state_dict: StateDict): StateDictMetadata | undefined {
  const found = Object.getOwnPropertyDescriptor(state_dict, '_metadata');
  return found !== undefined && !found.enumerable ? (found.value as StateDictMetadata) : undefined;
}

function load(module: Module, state_dict: StateDict, prefix: string, loading: Loading): void {
  const local_metadata = { ...loading.metadata?.[prefix.slice(0, -1)], assign: loading.assign };
  module._load_from_state_dict(state_dict, prefix, local_metadata, loading.report);
  for (const [name, child] of own_modules(module)) {
    if (child === null) continue;
    const child_prefix = `${prefix}${name}.`;
    const child_entries = Object.entries(state_dict).filter(([key]) => key.startsWith(child_prefix));
    load(child, Object.fromEntries(child_entries), child_prefix, loading);
  }
  for (const hook of module[SLOTS].hooks?.load_post ?? []) {
    const answer: unknown = run_hook(hook, module, loading.incompatible_keys);
    if (answer === undefined || answer === null) continue;
    throw new Error(
      'Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, if ' +
        'incompatible_keys need to be modified, it should be done inplace.',
    );
  }
}

function load_tensor(
  module: Module,
  name: string,
  current: Tensor,
  key: string,
  given: unknown,
  assign: boolean,
  report: LoadReport,
): void {
  if (!(given instanceof Tensor)) {
    report.errors.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from ` +
        `checkpoint but received <class '${kind_of(given)}'>`,
    );
    return;
  }
  // A scalar was written with one dimension before PyTorch 0.4.
  const value = current.ndim === 0 && given.ndim === 1 && given.size(0) === 1 ? given.select(0, 0) : given;
  if (!is_lazy(current) && !same_sizes(value.shape, current.shape)) {
    report.errors.push(
      `size mismatch for ${key}: copying a param with shape ${String(value.shape)} from checkpoint, ` +
        `the shape in current model is ${String(current.shape)}.`,
    );
    return;
  }
  if (current.is_meta && !value.is_meta && !assign) {
    warn(
      `for ${key}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, ` +
        'which is a no-op. (Did you mean to pass `assign=True` to assign items in the state dictionary to their ' +
        'corresponding key in the module instead of copying them in place?)',
    );
  }
  try {
    if (assign) assign_tensor(module, name, current, value);
    else no_grad(() => current.copy_(value));
  } catch (error) {
    const message = types.isNativeError(error) ? error.message : String(error);
    report.errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ` +
        `${String(current.size())} and whose dimensions in the checkpoint are ${String(value.size())}, ` +
        `an exception occurred : ('${message}',).`,
    );
  }
}

function assign_tensor(module: Module, name: string, current: Tensor, value: Tensor): void {
  if (!(current instanceof Parameter)) {
    fields_of(module)[name] = value;
  } else if (value instanceof Parameter) {
    fields_of(module)[name] = value.requires_grad_(current.requires_grad);
  } else {
    fields_of(module)[name] = new Parameter(value, current.requires_grad);
  }
}

// ---- Files --------------------------------------------------------------------------------------

/** The members and fields of a module, with empty slots as null, as files contain them. @internal */
export interface ModuleMembers {
  readonly training: boolean;
  readonly parameters: readonly (readonly [name: string, Parameter | null])[];
  readonly buffers: readonly (readonly [name: string, Tensor | null, persistent: boolean])[];
  readonly modules: readonly (readonly [name: string, Module | null])[];
  /** All other fields. */
  readonly attributes: readonly (readonly [name: string, unknown])[];
}

/** The members of a module. @internal */
export function members_of(module: Module): ModuleMembers {
  const slots = module[SLOTS];
  const { members, fields } = slots;
  const parameters: [string, Parameter | null][] = [];
  const buffers: [string, Tensor | null, boolean][] = [];
  for (const [name, kind] of members) {
    if (kind === 'parameter') parameters.push([name, fields[name] as Parameter | null]);
    else if (kind === 'buffer') buffers.push([name, buffer_in(fields, name), !is_transient(slots, name)]);
  }
  const attributes = Object.entries(fields).filter(([name, value]) => !members.has(name) && value !== undefined);
  return { training: module.training, parameters, buffers, modules: own_modules(module), attributes };
}

/** A module of a class whose constructor has not run, for {@link set_members}. @internal */
export function bare_module(prototype: object): Module {
  return callable(prototype, true);
}

/** Sets the members and fields of a module. @internal */
export function set_members(module: Module, members: ModuleMembers): void {
  const slots = module[SLOTS];
  module.training = members.training;
  for (const [name, value] of members.attributes) {
    Object.defineProperty(slots.fields, name, { value, writable: true, enumerable: true, configurable: true });
  }
  for (const [name, parameter] of members.parameters) put_parameter(slots, name, parameter);
  for (const [name, buffer, persistent] of members.buffers) put_buffer(slots, name, buffer, persistent);
  for (const [name, child] of members.modules) put_module(slots, name, child);
}

/** The hooks of a module; null when it never had any. @internal */
export function present_hooks_of(module: Module): ModuleHooks | null {
  return module[SLOTS].hooks;
}

/**
 * Lets parameters and buffers of a module be read through a function.
 * @returns what ends that
 * @internal
 */
export function read_members_by(module: Module, read: (value: Tensor) => unknown): () => void {
  const { members, fields } = module[SLOTS];
  const before: [name: string, descriptor: PropertyDescriptor][] = [];
  for (const [name, kind] of members) {
    const descriptor = Object.getOwnPropertyDescriptor(fields, name);
    const value: unknown = descriptor?.value;
    if (descriptor === undefined || kind === 'module' || !(value instanceof Tensor)) continue;
    before.push([name, descriptor]);
    Object.defineProperty(fields, name, { get: () => read(value), enumerable: true, configurable: true });
  }
  return () => {
    for (const [name, descriptor] of before) Object.defineProperty(fields, name, descriptor);
  };
}
