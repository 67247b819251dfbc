import { types } from 'node:util';

import { no_grad } from '../autograd.js';
import { copy_fields, deepcopy, type DeepCopyable, type Memo } from '../copy.js';
import { Device, type DeviceLike } from '../device.js';
import { channels_last, channels_last_3d, DType, type MemoryFormat, type TensorType } from '../dtype.js';
import { empty_like } from '../generated/functions.js';
import { check_hook, run_hook, type RemovableHandle } from '../hooks.js';
import { is_plain_object } from '../plain_object.js';
import { Tensor } from '../tensor.js';
import { bind, flag, type Tail } from './arguments.js';
import { registered, registrations_are_watched } from './global_hooks.js';
import {
  call_with_hooks, global_hooks, ModuleHooks, type BackwardHookFunction, type BackwardPreHook, type ForwardHook,
  type ForwardHookWithKwargs, type ForwardPreHook, type ForwardPreHookWithKwargs, type LoadStateDictPostHook,
  type LoadStateDictPreHook, type StateDictPostHook, type StateDictPreHook,
} from './hooks.js';
import { Buffer, Parameter } from './parameter.js';
import { indent_rest, kind_of } from './representation.js';
import { is_lazy } from './uninitialized.js';
import { warn } from './warnings.js';
import { define_kind } from '../_internal/signature.js';

/**
 * What `state_dict()` gives: tensors by their dotted names, in Python's order. What a module's `get_extra_state` gives is
 * among them, under `..._extra_state`, whatever it is.
 */
export type StateDict = Record<string, Tensor>;

/**
 * Versions of the modules that wrote a state dict, by module path; a hidden property of the state dict, as in
 * Python.
 */
export type StateDictMetadata = Record<string, { version?: number }>;

/** What to do with {@link Module.load_state_dict}. */
export interface LoadStateDictOptions {
  /** Refuse missing and unexpected keys. Default true. */
  strict?: boolean;
  /** Put the given tensors into the module instead of copying their values. Default false. */
  assign?: boolean;
}

/** What {@link Module.state_dict} takes by name. */
export interface StateDictOptions {
  /** The state dict to add to. */
  destination?: StateDict;
  /** Put before each key. */
  prefix?: string;
  /** Give the parameters themselves instead of detached tensors that share their memory. */
  keep_vars?: boolean;
}

/** What the walks over parameters and buffers take by name. */
export interface MembersOptions {
  /** Put before each name. */
  prefix?: string;
  /** Walk the submodules as well. Default true. */
  recurse?: boolean;
  /** Give a tensor that has several names only once. Default true. */
  remove_duplicate?: boolean;
}

/** Where to and as what {@link Module.to} moves a module. */
export interface ModuleToOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
  non_blocking?: boolean;
  /** How parameters and buffers with 4 or 5 dimensions lie in memory. */
  memory_format?: MemoryFormat | null;
}

/** The keys that {@link Module.load_state_dict} could not match. */
export class IncompatibleKeys {
  constructor(readonly missing_keys: string[], readonly unexpected_keys: string[]) {}

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

interface Slots {
  /** Names given to register_buffer, with their persistence. */
  readonly buffers: Map<string, boolean>;
  /** Names given to register_parameter and add_module, so that an empty slot still has its kind. */
  readonly kinds: Map<string, 'parameter' | 'module'>;
  /**
   * All names in the order of their definition; kept only once an integer-like name, which JavaScript sorts,
   * is in.
   */
  order: string[] | null;
  /** Members that registration hooks have seen; null for a module that was made when there were none. */
  readonly seen: Map<string, unknown> | null;
  /** Null before the first hook. */
  hooks: ModuleHooks | null;
}

const SLOTS: unique symbol = Symbol('slots');
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const EXTRA_STATE = '_extra_state';

type Fields = Record<string, unknown>;
type Convert = (tensor: Tensor) => Tensor;

/** The type of a module's own `forward`, which is what calling the module means. */
type Forward<M> =
  M extends { forward(...args: infer A): infer R } ? (...args: A) => R : (...args: never) => unknown;

/** A module is a function: `module(x)` runs its hooks and its `forward`, typed by the latter. */
export interface Module {
  (...args: Parameters<Forward<this>>): ReturnType<Forward<this>>;
}

/**
 * The base of all neural network modules. Mirrors `torch.nn.Module`.
 *
 * Submodules, parameters and {@link Buffer}s are plain class fields, found in the order of their definition.
 * Instances are callable: `module(x)` runs `forward(x)`.
 *
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(28, 64);
 *   out = new nn.Linear(64, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.out(this.hidden(x).relu());
 *   }
 * }
 * const net = new Net();
 * net(torch.randn(5, 28));
 * ```
 */
export class Module implements DeepCopyable {
  /** Whether the module is in training mode (see {@link Module.train}). */
  declare training: boolean;
  /** @internal */
  declare readonly [SLOTS]: Slots;

  constructor() {
    const self = callable(new.target.prototype);
    Object.defineProperty(self, 'training', { value: true, writable: true, configurable: true });
    Object.defineProperty(self, SLOTS, { value: new_slots() });
    return self;
  }

  /** Version of the layout of this class's state, written into the metadata of a state dict. */
  get _version(): number {
    return 1;
  }

  // ---- Registration -----------------------------------------------------------------------------

  /**
   * Adds a tensor that is part of the module's state but not trained.
   *
   * @param name - name of the field that holds it
   * @param tensor - the tensor, or null for a slot that stays out of `state_dict`
   * @param options - `persistent`: whether `state_dict` holds it
   * @throws TypeError for a wrong kind, Error for a name that is taken, empty or has a dot
   */
  register_buffer(
    name: string, tensor: Tensor | null, persistent: boolean | { persistent?: boolean } = true,
  ): void {
    const slots = this[SLOTS];
    check_name('buffer', name);
    if (name in this && !slots.buffers.has(name) && !is_vacant(this, name)) {
      throw new Error(`attribute '${name}' already exists`);
    }
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new TypeError(
        `cannot assign '${kind_of(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    slots.buffers.set(name, flag('register_buffer', 'persistent', persistent, true));
    register(this, 'buffer', name, tensor);
  }

  /**
   * Adds a parameter under a name that need not be a declared field.
   *
   * @param name - name of the field that holds it
   * @param param - the parameter, or null for a slot that stays out of `parameters()` and `state_dict`
   * @throws TypeError for a wrong kind, Error for a name that is taken, empty or has a dot, or for a non-leaf
   */
  register_parameter(name: string, param: Parameter | null): void {
    check_name('parameter', name);
    const current = fields_of(this)[name];
    if (name in this && !(current instanceof Parameter) && !is_vacant(this, name)) {
      throw new Error(`attribute '${name}' already exists`);
    }
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${kind_of(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    if (param !== null && param.grad_fn !== null) {
      throw new Error(
        `Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly. `
        + `To express '${name}' as a function of another Tensor, compute the value in the forward() method.`,
      );
    }
    this[SLOTS].kinds.set(name, 'parameter');
    register(this, 'parameter', name, param);
  }

  /**
   * Adds a submodule under a name that need not be a declared field.
   *
   * @throws TypeError for a wrong kind, Error for a name that is taken, empty or has a dot
   */
  add_module(name: string, module: Module | null): void {
    if (module !== null && !(module instanceof Module)) {
      throw new TypeError(`${kind_of(module)} is not a Module subclass`);
    }
    if (typeof name !== 'string') throw new TypeError(`module name should be a string. Got ${kind_of(name)}`);
    if (name in this && !(fields_of(this)[name] instanceof Module) && !is_vacant(this, name)) {
      throw new Error(`attribute '${name}' already exists`);
    }
    if (name.includes('.')) throw new Error(`module name can't contain ".", got: ${name}`);
    if (name === '') throw new Error('module name can\'t be empty string ""');
    this[SLOTS].kinds.set(name, 'module');
    register(this, 'module', name, module);
  }

  /** The same as {@link Module.add_module}. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  // ---- Access by path ---------------------------------------------------------------------------

  /**
   * The submodule at a dotted path, such as `'encoder.0.linear'`; the module itself for `''`.
   *
   * @throws Error when a part of the path is missing or no module
   */
  get_submodule(target: string): Module {
    if (target === '') return this;
    let module: Module = this;
    for (const part of target.split('.')) {
      if (!(part in module)) throw new Error(`${module._get_name()} has no attribute \`${part}\``);
      const next = fields_of(module)[part];
      if (!(next instanceof Module)) throw new Error(`\`${part}\` is not an nn.Module`);
      module = next;
    }
    return module;
  }

  /**
   * Puts `module` at a dotted path; the module that holds it must exist.
   *
   * @throws Error when the path is empty, its parent is missing, or (with `strict`) nothing is there to
   * replace
   */
  set_submodule(target: string, module: Module, strict: boolean | { strict?: boolean } = false): void {
    if (target === '') throw new Error('Cannot set the submodule without a target name!');
    if (!(module instanceof Module)) throw new Error('`' + `module\` is not an nn.Module, found ${kind_of(module)}`);
    const [parent, name] = split_path(target);
    const holder = this.get_submodule(parent);
    const present = name in holder;
    if (!present && flag('set_submodule', 'strict', strict, false)) {
      throw new Error(`${holder._get_name()} has no attribute \`${name}\``);
    }
    if (present && !(fields_of(holder)[name] instanceof Module)) {
      throw new Error(`\`${name}\` is not an nn.Module`);
    }
    define(holder, name, module);
  }

  /**
   * The parameter at a dotted path, such as `'rnn.weight_ih_l0'`.
   *
   * @throws Error when the path leads to no parameter
   */
  get_parameter(target: string): Parameter {
    const [parent, name] = split_path(target);
    const holder = this.get_submodule(parent);
    if (!(name in holder)) throw new Error(`${holder._get_name()} has no attribute \`${name}\``);
    const param = fields_of(holder)[name];
    if (!(param instanceof Parameter)) throw new Error(`\`${name}\` is not an nn.Parameter`);
    return param;
  }

  /**
   * The buffer at a dotted path, such as `'norm.running_mean'`.
   *
   * @throws Error when the path leads to no buffer
   */
  get_buffer(target: string): Tensor {
    const [parent, name] = split_path(target);
    const holder = this.get_submodule(parent);
    if (!(name in holder)) throw new Error(`${holder._get_name()} has no attribute \`${name}\``);
    for (const [buffer_name, buffer] of own_buffers(holder)) if (buffer_name === name) return buffer;
    throw new Error(`\`${name}\` is not a buffer`);
  }

  // ---- Walks ------------------------------------------------------------------------------------

  /** All parameters; what an optimizer takes. Give `false` for those of this module alone. */
  *parameters(recurse: boolean | { recurse?: boolean } = true): IterableIterator<Parameter> {
    for (const [, param] of this.named_parameters('', flag('parameters', 'recurse', recurse, true))) yield param;
  }

  /** All parameters with their dotted names. */
  *named_parameters(
    ...args: Tail<[prefix: string, recurse: boolean, remove_duplicate: boolean], MembersOptions>
  ): IterableIterator<[string, Parameter]> {
    yield* named_members(this, own_parameters, bind<MembersOptions>('named_parameters', MEMBERS, args));
  }

  /** All buffers. Give `false` for those of this module alone. */
  *buffers(recurse: boolean | { recurse?: boolean } = true): IterableIterator<Tensor> {
    for (const [, buffer] of this.named_buffers('', flag('buffers', 'recurse', recurse, true))) yield buffer;
  }

  /** All buffers with their dotted names. */
  *named_buffers(
    ...args: Tail<[prefix: string, recurse: boolean, remove_duplicate: boolean], MembersOptions>
  ): IterableIterator<[string, Tensor]> {
    yield* named_members(this, own_buffers, bind<MembersOptions>('named_buffers', MEMBERS, args));
  }

  /** The submodules one level below, each once. */
  *children(): IterableIterator<Module> {
    for (const [, module] of this.named_children()) yield module;
  }

  /** The submodules one level below with their names, each once. */
  *named_children(): IterableIterator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, module] of own_modules(this)) {
      if (module === null || seen.has(module)) continue;
      seen.add(module);
      yield [name, module];
    }
  }

  /** This module and all below it, depth first. */
  *modules(remove_duplicate: boolean | { remove_duplicate?: boolean } = true): IterableIterator<Module> {
    const once = flag('modules', 'remove_duplicate', remove_duplicate, true);
    for (const [, module] of this.named_modules(new Set(), '', once)) yield module;
  }

  /** This module and all below it with their dotted names, depth first; its own name is `prefix`. */
  *named_modules(
    ...args: Tail<[memo: Set<Module> | null, prefix: string, remove_duplicate: boolean],
      { memo?: Set<Module> | null; prefix?: string; remove_duplicate?: boolean }>
  ): IterableIterator<[string, Module]> {
    const { memo, prefix = '', remove_duplicate = true } =
      bind<{ memo?: Set<Module> | null; prefix?: string; remove_duplicate?: boolean }>(
        'named_modules', ['memo', 'prefix', 'remove_duplicate'], args);
    const seen = memo ?? new Set<Module>();
    if (seen.has(this)) return;
    if (remove_duplicate) seen.add(this);
    yield [prefix, this];
    for (const [name, module] of own_modules(this)) {
      if (module !== null) yield* module.named_modules(seen, join_path(prefix, name), remove_duplicate);
    }
  }

  // ---- Modes, devices, dtypes, gradients --------------------------------------------------------

  /** Puts this module and all below it into training mode (`false`: evaluation mode), which dropout and batch
   * normalisation heed. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new TypeError('training mode is expected to be boolean');
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }

  /** Puts this module and all below it into evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Makes autograd record (or not) what is done with each parameter. */
  requires_grad_(requires_grad = true): this {
    for (const param of this.parameters()) param.requires_grad_(requires_grad);
    return this;
  }

  /** Forgets the gradients of all parameters, or fills them with zeros when `set_to_none` is false. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const drop = flag('zero_grad', 'set_to_none', set_to_none, true);
    for (const param of this.parameters()) {
      if (drop) {
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

  /** Calls `fn` with each module below this one, innermost first, and then with this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /**
   * Moves and casts all parameters and buffers in place: the parameters stay the same objects. Integer
   * tensors keep their dtype.
   *
   * @param target - a device, a floating-point or complex dtype, a tensor to follow in both, or options
   * @throws TypeError when the dtype is neither floating-point nor complex
   */
  to(tensor: Tensor, non_blocking?: boolean): this;
  to(dtype: DType, non_blocking?: boolean): this;
  to(device: DeviceLike, dtype?: DType | null, non_blocking?: boolean): this;
  to(options: ModuleToOptions): this;
  to(
    target: Tensor | DType | DeviceLike | ModuleToOptions, ...rest: (DType | boolean | null | undefined)[]
  ): this {
    const { device, dtype, non_blocking, memory_format } = parse_to(target, rest);
    if (dtype !== undefined && !dtype.is_floating_point && !dtype.is_complex) {
      throw new TypeError(
        `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${String(dtype)}`,
      );
    }
    return this._apply((tensor) => {
      const cast = tensor.is_floating_point() || tensor.is_complex() ? dtype : undefined;
      const format = has_format(tensor, memory_format) ? memory_format : undefined;
      return tensor.to({ device, dtype: cast, non_blocking, memory_format: format });
    });
  }

  /** Moves all parameters and buffers to a CUDA device, by default the current one. */
  cuda(device?: DeviceLike): this {
    return this._apply((tensor) => tensor.cuda(device ?? null));
  }

  /** Moves all parameters and buffers to the CPU. */
  cpu(): this {
    return this._apply((tensor) => tensor.cpu());
  }

  /** Casts all parameters and buffers to `dst_type`, whatever they are. */
  type(dst_type: DType | TensorType | string): this {
    return this._apply((tensor) => tensor.type(dst_type));
  }

  /** Casts all floating-point parameters and buffers to float32. */
  float(): this {
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.float() : tensor));
  }

  /** Casts all floating-point parameters and buffers to float64. */
  double(): this {
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.double() : tensor));
  }

  /** Casts all floating-point parameters and buffers to float16. */
  half(): this {
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.half() : tensor));
  }

  /** Casts all floating-point parameters and buffers to bfloat16. */
  bfloat16(): this {
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.bfloat16() : tensor));
  }

  /** Moves all parameters and buffers to a device without copying their values. */
  to_empty(options: { device: DeviceLike | null; recurse?: boolean }): this {
    const { device, recurse = true } =
      bind<{ device: DeviceLike | null; recurse?: boolean }>('to_empty', ['device', 'recurse'], [options], 1);
    return this._apply((tensor) => empty_like(tensor, { device: device ?? undefined }), recurse);
  }

  /**
   * Moves parameters and buffers, where needed, into memory that any thread may use: see `torch.hand_over`. Mirrors
   * `Module.share_memory`.
   */
  share_memory(): this {
    return this._apply((tensor) => tensor.share_memory_());
  }

  /** Replaces what all parameters and buffers hold by `fn` of it. @internal */
  _apply(fn: Convert, recurse = true): this {
    if (recurse) for (const child of this.children()) child._apply(fn);
    for (const [name, param] of [...own_parameters(this)]) {
      const applied = no_grad(() => fn(param));
      const grad = param.grad;
      const grad_applied = grad === null ? null : no_grad(() => fn(grad));
      let target = param;
      if (can_hold(param, applied)) {
        param.data = applied;
      } else {
        target = new Parameter(applied, param.requires_grad);
        fields_of(this)[name] = target;
      }
      if (grad === null || grad_applied === null) continue;
      if (target === param && can_hold(grad, grad_applied)) grad.data = grad_applied;
      else target.grad = grad_applied.requires_grad_(grad.requires_grad);
    }
    for (const [name, buffer] of [...own_buffers(this)]) {
      fields_of(this)[name] = fn(buffer);
    }
    return this;
  }

  // ---- State ------------------------------------------------------------------------------------

  /**
   * All parameters and persistent buffers by their dotted names, in Python's order. The tensors share memory
   * with the module; they are detached from the graph unless `keep_vars` is true.
   */
  state_dict(options: StateDictOptions = {}): StateDict {
    const { destination = new_state_dict(), prefix = '', keep_vars = false } =
      bind<StateDictOptions>('state_dict', ['destination', 'prefix', 'keep_vars'], [options]);
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

  /** Puts this module's own tensors (not those of its submodules) into a state dict. @internal */
  _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    for (const [name, param] of own_parameters(this)) {
      destination[prefix + name] = keep_vars || is_lazy(param) ? param : param.detach();
    }
    for (const [name, buffer, persistent] of own_buffers(this)) {
      if (persistent) destination[prefix + name] = keep_vars || is_lazy(buffer) ? buffer : buffer.detach();
    }
    if (this.get_extra_state !== Module.prototype.get_extra_state) {
      destination[prefix + EXTRA_STATE] = this.get_extra_state() as Tensor;
    }
  }

  /**
   * State beside parameters and buffers, for subclasses to define along with {@link Module.set_extra_state}: it becomes
   * part of the state dict.
   *
   * @throws Error unless a subclass defines it
   */
  get_extra_state(): unknown {
    throw new Error('Reached a code path in Module.get_extra_state() that should never be called.');
  }

  /** Takes back what {@link Module.get_extra_state} gave. @throws Error unless a subclass defines it */
  set_extra_state(_state: unknown): void {
    throw new Error('Reached a code path in Module.set_extra_state() that should never be called.');
  }

  /**
   * Copies the tensors of a state dict into this module and those below it.
   *
   * @param state_dict - tensors by dotted names: an object or a Map
   * @param options - `strict`: refuse missing and unexpected keys; `assign`: take the tensors themselves
   * @returns the keys that did not match
   * @throws Error that lists the missing and the unexpected keys and the tensors of another shape
   */
  load_state_dict(
    state_dict: Readonly<StateDict> | ReadonlyMap<string, Tensor>,
    ...args: Tail<[strict: boolean, assign: boolean], LoadStateDictOptions>
  ): IncompatibleKeys {
    const { strict = true, assign = false } = bind<LoadStateDictOptions>('load_state_dict', ['strict', 'assign'], args);
    const source = types.isMap(state_dict) ? Object.fromEntries(state_dict) as StateDict : state_dict as StateDict;
    if (typeof source !== 'object' || source === null || Array.isArray(source) || source instanceof Tensor) {
      throw new TypeError(`Expected state_dict to be dict-like, got ${kind_of(state_dict)}.`);
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

  /** Takes this module's own tensors (not those of its submodules) from a state dict. @internal */
  _load_from_state_dict(
    state_dict: StateDict, prefix: string, local: { version?: number; assign: boolean }, report: LoadReport,
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
   * Adds a function that runs before each `forward`, with the module and the array of its arguments. What it
   * returns, unless undefined or null, takes the place of the arguments (a value that is no array: of a
   * single argument).
   *
   * @param options - `prepend`: run it before the hooks that are there; `with_kwargs`: give it the trailing options
   * object apart, as a third argument, and take `[args, kwargs]` from it
   */
  register_forward_pre_hook(
    hook: ForwardPreHook<this>, options?: { prepend?: boolean; with_kwargs?: false }): RemovableHandle;
  register_forward_pre_hook(
    hook: ForwardPreHookWithKwargs<this>, options: { prepend?: boolean; with_kwargs: true }): RemovableHandle;
  register_forward_pre_hook(
    hook: ForwardPreHook<this> | ForwardPreHookWithKwargs<this>,
    options: { prepend?: boolean; with_kwargs?: boolean } = {},
  ): RemovableHandle {
    const { prepend = false, with_kwargs = false } = bind<{ prepend?: boolean; with_kwargs?: boolean }>(
      'register_forward_pre_hook', ['prepend', 'with_kwargs'], [options]);
    check_hook('register_forward_pre_hook', hook);
    return hooks_of(this).forward_pre.add(with_kwargs
      ? { hook: hook as ForwardPreHookWithKwargs, with_kwargs }
      : { hook: hook as ForwardPreHook, with_kwargs }, prepend);
  }

  /**
   * Adds a function that runs after each `forward`, with the module, the array of its arguments and its
   * output. What it returns, unless undefined or null, takes the place of the output.
   *
   * @param options - `prepend`: run it before the hooks that are there; `with_kwargs`: give it the trailing options
   * object apart, before the output; `always_call`: run it even when `forward` throws
   */
  register_forward_hook(
    hook: ForwardHook<this>, options?: { prepend?: boolean; with_kwargs?: false; always_call?: boolean }): RemovableHandle;
  register_forward_hook(
    hook: ForwardHookWithKwargs<this>, options: { prepend?: boolean; with_kwargs: true; always_call?: boolean },
  ): RemovableHandle;
  register_forward_hook(
    hook: ForwardHook<this> | ForwardHookWithKwargs<this>,
    options: { prepend?: boolean; with_kwargs?: boolean; always_call?: boolean } = {},
  ): RemovableHandle {
    const { prepend = false, with_kwargs = false, always_call = false } =
      bind<{ prepend?: boolean; with_kwargs?: boolean; always_call?: boolean }>(
        'register_forward_hook', ['prepend', 'with_kwargs', 'always_call'], [options]);
    check_hook('register_forward_hook', hook);
    return hooks_of(this).forward.add(with_kwargs
      ? { hook: hook as ForwardHookWithKwargs, with_kwargs, always_call }
      : { hook: hook as ForwardHook, with_kwargs, always_call }, prepend);
  }

  /**
   * Adds a function that runs when the gradients of the module's outputs are known, with the module and these
   * gradients; gradients that it returns take their place.
   *
   * @param options - `prepend`: run it before the hooks that are there
   */
  register_full_backward_pre_hook(hook: BackwardPreHook<this>, options: { prepend?: boolean } = {}): RemovableHandle {
    const { prepend = false } = bind<{ prepend?: boolean }>('register_full_backward_pre_hook', ['prepend'], [options]);
    check_hook('register_full_backward_pre_hook', hook);
    return hooks_of(this).backward_pre.add(hook as BackwardPreHook, prepend);
  }

  /**
   * Adds a function that runs when the gradients of the module's inputs are known, with the module, these gradients
   * and those of the outputs; gradients that it returns take the place of the former. What is no tensor has the
   * gradient null.
   *
   * @param options - `prepend`: run it before the hooks that are there
   * @throws Error when the module has backward hooks that are not full
   */
  register_full_backward_hook(hook: BackwardHookFunction<this>, options: { prepend?: boolean } = {}): RemovableHandle {
    const { prepend = false } = bind<{ prepend?: boolean }>('register_full_backward_hook', ['prepend'], [options]);
    check_hook('register_full_backward_hook', hook);
    hooks_of(this).set_full(true, 'on a single Module');
    return hooks_of(this).backward.add(hook as BackwardHookFunction, prepend);
  }

  /**
   * Adds a function that runs after the backward of the node that made the module's output, and sees that node's
   * gradients only; deprecated in favour of {@link Module.register_full_backward_hook}.
   *
   * @throws Error when the module has full backward hooks
   */
  register_backward_hook(hook: BackwardHookFunction<this>): RemovableHandle {
    check_hook('register_backward_hook', hook);
    hooks_of(this).set_full(false, 'on a single Module');
    return hooks_of(this).backward.add(hook as BackwardHookFunction);
  }

  /** Adds a function that runs before `state_dict()` reads this module, with the module, `prefix` and `keep_vars`. */
  register_state_dict_pre_hook(hook: StateDictPreHook<this>): RemovableHandle {
    check_hook('register_state_dict_pre_hook', hook);
    return hooks_of(this).state_dict_pre.add(hook as StateDictPreHook);
  }

  /**
   * Adds a function that runs when `state_dict()` has read this module and those below it, with the module, the state
   * dict, which it may change, `prefix` and the module's metadata. It returns nothing.
   */
  register_state_dict_post_hook(hook: StateDictPostHook<this>): RemovableHandle {
    check_hook('register_state_dict_post_hook', hook);
    return hooks_of(this).state_dict_post.add(hook as StateDictPostHook);
  }

  /**
   * Adds a function that runs before this module takes its tensors from a state dict, with the module, `state_dict`,
   * `prefix`, `local_metadata`, `strict`, `missing_keys`, `unexpected_keys` and `error_msgs`, all of which it may change.
   */
  register_load_state_dict_pre_hook(hook: LoadStateDictPreHook<this>): RemovableHandle {
    check_hook('register_load_state_dict_pre_hook', hook);
    return hooks_of(this).load_pre.add(hook as LoadStateDictPreHook);
  }

  /**
   * Adds a function that runs when this module and those below it have taken their tensors from a state dict, with the
   * module and the keys that did not match, which it may change. It returns nothing.
   */
  register_load_state_dict_post_hook(hook: LoadStateDictPostHook<this>): RemovableHandle {
    check_hook('register_load_state_dict_post_hook', hook);
    return hooks_of(this).load_post.add(hook as LoadStateDictPostHook);
  }

  // ---- Copying ----------------------------------------------------------------------------------

  /** A copy of the module and of all that it holds, its hooks included; what `deepcopy` makes of it. */
  __deepcopy__(memo: Memo): Module {
    const copy = callable(Object.getPrototypeOf(this) as object);
    const { buffers, kinds, order, seen, hooks } = this[SLOTS];
    const slots: Slots = {
      buffers: new Map(buffers), kinds: new Map(kinds), order: order && [...order], seen: seen && new Map(), hooks: null,
    };
    Object.defineProperty(copy, SLOTS, { value: slots });
    copy_fields(this, copy, memo, new Set([SLOTS]));
    slots.hooks = deepcopy(hooks, memo);
    return copy;
  }

  // ---- Printing ---------------------------------------------------------------------------------

  /** The name of the class, as it is printed. */
  _get_name(): string {
    return (this.constructor as { name: string }).name;
  }

  /** What stands between the brackets when the module is printed; for subclasses to define. */
  extra_repr(): string {
    return '';
  }

  /** As Python prints the module. */
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
}

const MEMBERS = ['prefix', 'recurse', 'remove_duplicate'];

function new_slots(): Slots {
  const seen = registrations_are_watched() ? new Map<string, unknown>() : null;
  return { buffers: new Map(), kinds: new Map(), order: null, seen, hooks: null };
}

/** A function that calls `forward`, with the given prototype. */
function callable(prototype: object): Module {
  const self = ((...args: unknown[]) => call(self, args)) as unknown as Module;
  // A function's own name and length would hide fields of those names.
  delete (self as { name?: unknown }).name;
  delete (self as { length?: unknown }).length;
  return Object.setPrototypeOf(self, prototype) as Module;
}

/** The hooks of a module, made when they are first asked for. @internal */
export function hooks_of(module: Module): ModuleHooks {
  return (module[SLOTS].hooks ??= new ModuleHooks());
}

/** The fields of a module by any name. @internal */
export function fields_of(module: Module): Fields {
  return module as unknown as Fields;
}

function is_vacant(module: Module, name: string): boolean {
  const value = fields_of(module)[name];
  return Object.hasOwn(module, name) && (value === undefined || value === null);
}

function check_name(what: 'buffer' | 'parameter', name: string): void {
  if (typeof name !== 'string') throw new TypeError(`${what} name should be a string. Got ${kind_of(name)}`);
  if (name.includes('.')) throw new Error(`${what} name can't contain "."`);
  if (name === '') throw new Error(`${what} name can't be empty string ""`);
}

/** Names that JavaScript sorts before all others. @internal */
export const INTEGER_LIKE = /^(0|[1-9]\d*)$/;

/** Makes a field as a class field would be made, and remembers its place when JavaScript would not. */
function define(module: Module, name: string, value: unknown): void {
  const slots = module[SLOTS];
  if (slots.order === null && INTEGER_LIKE.test(name)) slots.order = [];
  if (slots.order !== null) {
    slots.order = slots.order.filter((key) => Object.hasOwn(module, key));
    const known = new Set(slots.order);
    for (const key of Object.keys(module)) if (!known.has(key)) slots.order.push(key);
    if (!Object.hasOwn(module, name)) slots.order.push(name);
  }
  Object.defineProperty(module, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Makes a field that registration hooks have seen. */
function register(module: Module, kind: 'parameter' | 'buffer' | 'module', name: string, member: unknown): void {
  const result = registrations_are_watched() ? registered(kind, module, name, member) : member;
  module[SLOTS].seen?.set(name, result);
  define(module, name, result);
}

/** Takes a field out, as if it had never been a parameter, a buffer or a submodule; Python's `delattr`. @internal */
export function remove_member(module: Module, name: string): void {
  Reflect.deleteProperty(module, name);
  const { buffers, kinds, seen } = module[SLOTS];
  for (const map of [buffers, kinds, seen]) map?.delete(name);
}

/** Puts a parameter or, of any other tensor, a buffer into a module. @internal */
export function register_tensor(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) module.register_parameter(name, tensor);
  else module.register_buffer(name, tensor);
}

/** Shows registration hooks what class fields have brought. */
function show_fields(module: Module, seen: Map<string, unknown>): void {
  const fields = fields_of(module);
  for (const name of names_of(module)) {
    const member = fields[name];
    if (seen.get(name) === member) continue;
    const kind = member instanceof Parameter ? 'parameter'
      : member instanceof Module ? 'module'
        : member instanceof Buffer || (member instanceof Tensor && module[SLOTS].buffers.has(name)) ? 'buffer' : null;
    if (kind === null) continue;
    // Before the hooks run: they may walk the module.
    seen.set(name, member);
    fields[name] = registered(kind, module, name, member);
    seen.set(name, fields[name]);
  }
}

/** The names of all fields, after registration hooks have seen those of a module that was made under their eyes. */
function watched_names_of(module: Module): string[] {
  const { seen } = module[SLOTS];
  if (seen !== null) show_fields(module, seen);
  return names_of(module);
}

/** The names of all fields in the order of their definition. */
function names_of(module: Module): string[] {
  const keys = Object.keys(module);
  const order = module[SLOTS].order;
  if (order === null) return keys;
  const first = order.filter((name) => Object.hasOwn(module, name));
  const known = new Set(first);
  return [...first, ...keys.filter((name) => !known.has(name))];
}

/** The parameters of a module itself. @internal */
export function* own_parameters(module: Module): Iterable<[string, Parameter]> {
  const fields = fields_of(module);
  for (const name of watched_names_of(module)) {
    const value = fields[name];
    if (value instanceof Parameter) yield [name, value];
  }
}

/** The buffers of a module itself. @internal */
export function* own_buffers(module: Module): Iterable<[string, Tensor, persistent: boolean]> {
  const { buffers } = module[SLOTS];
  const fields = fields_of(module);
  for (const name of watched_names_of(module)) {
    const value = fields[name];
    if (!(value instanceof Tensor) || value instanceof Parameter) continue;
    // A field that has held a Buffer stays one when a plain tensor takes its place.
    if (value instanceof Buffer && !buffers.has(name)) buffers.set(name, value.persistent);
    const persistent = buffers.get(name);
    if (persistent !== undefined) yield [name, value, persistent];
  }
}

/** The slots of a module that hold, or could hold, submodules; duplicates included. @internal */
export function* own_modules(module: Module): Iterable<[string, Module | null]> {
  const { kinds } = module[SLOTS];
  const fields = fields_of(module);
  for (const name of watched_names_of(module)) {
    const value = fields[name];
    if (typeof value === 'function' && value instanceof Module) yield [name, value];
    else if (value === null && kinds.get(name) === 'module') yield [name, null];
  }
}

function* named_members<T extends Tensor>(
  root: Module, own: (module: Module) => Iterable<readonly [string, T, ...unknown[]]>, options: MembersOptions,
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

function call(module: Module, args: unknown[]): unknown {
  const { hooks, seen } = module[SLOTS];
  const { forward } = module as unknown as { forward?: (...args: unknown[]) => unknown };
  if (forward === undefined) {
    throw new Error(`Module [${module._get_name()}] is missing the required "forward" function`);
  }
  if (seen !== null) show_fields(module, seen);
  if (!hooks?.any && !global_hooks.any) return forward.apply(module, args);
  return call_with_hooks(module, hooks ?? NO_HOOKS, forward, args);
}

const NO_HOOKS = new ModuleHooks();

/** Takes a function out of those that run before `forward`. @internal */
export function remove_forward_pre_hook(module: Module, hook: ForwardPreHook): void {
  module[SLOTS].hooks?.forward_pre.remove_if((entry) => entry.hook === hook);
}

/** Whether functions run before or after `forward`. @internal */
export function has_forward_hooks(module: Module): boolean {
  const { hooks } = module[SLOTS];
  return hooks !== null && hooks.forward_pre.size + hooks.forward.size > 0;
}

// ---- Moving -------------------------------------------------------------------------------------

function parse_to(
  target: unknown, rest: readonly unknown[],
): { device?: DeviceLike; dtype?: DType; non_blocking: boolean; memory_format?: MemoryFormat } {
  if (target instanceof Tensor) {
    return { device: target.device, dtype: target.dtype, non_blocking: rest[0] === true };
  }
  if (target instanceof DType) return { dtype: target, non_blocking: rest[0] === true };
  if (target instanceof Device || typeof target === 'string' || typeof target === 'number') {
    const [dtype, non_blocking] = rest;
    return { device: target, dtype: dtype instanceof DType ? dtype : undefined, non_blocking: non_blocking === true };
  }
  if (!is_plain_object(target)) {
    throw new TypeError(
      `to() received an invalid argument: expected Tensor, dtype, device or options, not ${kind_of(target)}`,
    );
  }
  const { device, dtype, non_blocking = false, memory_format } =
    bind<ModuleToOptions>('to', ['device', 'dtype', 'non_blocking', 'memory_format'], [target]);
  return {
    device: device ?? undefined, dtype: dtype ?? undefined, non_blocking, memory_format: memory_format ?? undefined,
  };
}

/** Whether a memory format is one for tensors with that many dimensions. */
function has_format(tensor: Tensor, format: MemoryFormat | undefined): boolean {
  if (format === channels_last) return tensor.ndim === 4;
  if (format === channels_last_3d) return tensor.ndim === 5;
  return format !== undefined && (tensor.ndim === 4 || tensor.ndim === 5);
}

/**
 * Whether `tensor.data = applied` is possible: libtorch swaps contents only between dense tensors, or like
 * with like.
 */
function can_hold(tensor: Tensor, applied: Tensor): boolean {
  return tensor.is_meta === applied.is_meta && tensor.is_sparse === applied.is_sparse;
}

// ---- State dicts --------------------------------------------------------------------------------

/** What goes wrong while a state dict is loaded. @internal */
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
  return Object.defineProperty({}, '_metadata', { value: {}, writable: true, configurable: true });
}

function metadata_of(state_dict: StateDict): StateDictMetadata | undefined {
  const found = Object.getOwnPropertyDescriptor(state_dict, '_metadata');
  return found !== undefined && !found.enumerable ? found.value as StateDictMetadata : undefined;
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
    throw new Error('Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, if '
      + 'incompatible_keys need to be modified, it should be done inplace.');
  }
}

function load_tensor(
  module: Module, name: string, current: Tensor, key: string, given: unknown, assign: boolean, report: LoadReport,
): void {
  if (!(given instanceof Tensor)) {
    report.errors.push(`While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from `
      + `checkpoint but received ${kind_of(given)}`);
    return;
  }
  // A scalar was written with one dimension before PyTorch 0.4.
  const value = current.ndim === 0 && given.ndim === 1 && given.size(0) === 1 ? given.select(0, 0) : given;
  if (!is_lazy(current) && !same_shape(value, current)) {
    report.errors.push(`size mismatch for ${key}: copying a param with shape ${String(value.shape)} from checkpoint, `
      + `the shape in current model is ${String(current.shape)}.`);
    return;
  }
  if (current.is_meta && !value.is_meta && !assign) {
    warn(`for ${key}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, `
      + 'which is a no-op. (Did you mean to pass `assign=True` to assign items in the state dictionary to their '
      + 'corresponding key in the module instead of copying them in place?)');
  }
  try {
    if (assign) assign_tensor(module, name, current, value);
    else no_grad(() => current.copy_(value));
  } catch (error) {
    const message = types.isNativeError(error) ? error.message : String(error);
    report.errors.push(`While copying the parameter named "${key}", whose dimensions in the model are `
      + `${String(current.size())} and whose dimensions in the checkpoint are ${String(value.size())}, `
      + `an exception occurred : ('${message}',).`);
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

function same_shape(a: Tensor, b: Tensor): boolean {
  const [left, right] = [a.shape, b.shape];
  return left.length === right.length && left.every((size, i) => size === right[i]);
}

define_kind('Module', 'Module', (value) => value instanceof Module);
