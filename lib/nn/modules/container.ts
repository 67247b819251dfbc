import { types } from 'node:util';

import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import { Module, own_modules, REFUSE_PLACE } from './module.js';
import { Parameter } from '../parameter.js';
import { indent_rest, kind_of } from '../../_internal/representation.js';
import { typename } from './typename.js';
import { warn } from '../../_internal/warnings.js';
import { method_signature, signature } from '../../_internal/signature.js';

/** Values by name: an object, a Map, or a list of pairs. */
export type Named<T> = Readonly<Record<string, T>> | Iterable<readonly [string, T]>;

type Fields = Record<string, unknown>;

/** The pairs of a mapping or of a list of pairs, with Python's complaints about anything else. */
function pairs_of<T>(callee: string, what: string, named: unknown): Iterable<readonly [string, T]> {
  if (is_plain_object(named)) return Object.entries(named as Record<string, T>);
  if (!is_iterable(named)) {
    throw new TypeError(
      `${callee}.update should be called with an iterable of key/value pairs, but got ${python_kind(named)}`,
    );
  }
  if (types.isMap(named)) return named as Map<string, T>;
  const pairs = [...named];
  pairs.forEach((pair, i) => {
    if (!is_iterable(pair)) {
      throw new TypeError(`${what} update sequence element #${i} should be Iterable; is${python_kind(pair)}`);
    }
    const { length } = [...pair];
    if (length !== 2) throw new Error(`${what} update sequence element #${i} has length ${length}; 2 is required`);
  });
  return pairs as (readonly [string, T])[];
}

function is_iterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === 'function';
}

/** The mapping of a call: an object may be the mapping itself, or name it, when what it has under that name is one. */
function mapping_of(name: string, args: readonly unknown[], bound: Readonly<Record<string, unknown>>): unknown {
  const [given] = args;
  const value = bound[name];
  return is_plain_object(given) && (value instanceof Tensor || value instanceof Module) ? given : value;
}

/** The name of a value's class, as Python has it. */
function python_kind(value: unknown): string {
  return value instanceof Tensor || value instanceof Module ? kind_of(value) : typename(value);
}

function place(index: number, length: number): number {
  if (index < -length || index >= length) throw new RangeError(`index ${index} is out of range`);
  return index < 0 ? index + length : index;
}

/**
 * Holds the given modules as submodules, under their names. Mirrors `torch.nn.Container`.
 *
 * @param modules - modules by name; default: none
 * @deprecated subclass {@link Module} instead
 * @example
 * ```ts
 * const container = new nn.Container({ linear: new nn.Linear(2, 3) });
 * print(container);
 * ```
 * ```python
 * container = nn.Container(linear=nn.Linear(2, 3))
 * print(container)
 * ```
 */
export class Container extends Module {
  constructor(modules?: Readonly<Record<string, Module>>);
  constructor(...args: unknown[]) {
    warn(
      '`nn.Container` is deprecated. All of its functionality is now implemented in `nn.Module`. ' +
        'Subclass that instead.',
      'FutureWarning',
    );
    super();
    const { modules = {} } = CONTAINER.read(args);
    for (const [name, module] of Object.entries(modules)) this.add_module(name, module);
  }
}

const CONTAINER = signature<{ modules?: Readonly<Record<string, Module>> }>('Container', 'modules?: dict');

// ---- Modules in a row ---------------------------------------------------------------------------

/** A sequence of modules, each a field of its container. */
abstract class ModuleSequence<T extends Module> extends Module {
  /** The modules by index, as long as they are numbered: `layers[0]`, which can be assigned. */
  [index: number]: T;

  /** Another number than those of its modules would name one more, behind the others. @internal */
  [REFUSE_PLACE](name: string): void {
    if (!/^-?\d+$/.test(name)) return;
    throw new RangeError(
      `index ${name} is out of range: there are ${this.length} modules. append() adds one, and set(-1, module) counts from the end`,
    );
  }

  /** Number of modules. */
  override get length(): number {
    return own_modules(this).length;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of own_modules(this)) yield module as T;
  }

  /** Returns the module at an index, counted from the end when negative. @throws RangeError when the index is out of range */
  at(index: number): T;
  at(...args: unknown[]): T {
    const { index } = AT.read(args);
    const modules = own_modules(this);
    return modules[place(index, modules.length)]![1] as T;
  }

  /** Replaces the module at an index. @throws RangeError when the index is out of range */
  set(index: number, module: T): void;
  set(...args: unknown[]): void {
    const { index, module } = SET.read(args);
    const modules = own_modules(this);
    this.add_module(modules[place(index, modules.length)]![0], module);
  }

  /** Appends a module and returns the container. @throws TypeError when it is not a module */
  append(module: T): this;
  append(...args: unknown[]): this {
    const { module } = APPEND.read(args);
    this.add_module(String(this.length), module);
    return this;
  }

  /** Appends modules and returns the container. @throws TypeError when one is not a module */
  extend(modules: Iterable<T>): this;
  extend(...args: unknown[]): this {
    const { modules } = EXTEND.read(args);
    if (!is_iterable(modules)) {
      throw new TypeError(`ModuleList.extend should be called with an iterable, but got ${python_kind(modules)}`);
    }
    for (const module of [...modules]) this.append(module as T);
    return this;
  }

  /** Inserts a module before an index. @throws RangeError when the index is out of range */
  insert(index: number, module: T): this;
  insert(...args: unknown[]): this {
    const { index, module } = INSERT.read(args);
    const modules = [...this];
    if (index < -modules.length || index > modules.length) throw new RangeError(`Index out of range: ${index}`);
    modules.splice(index, 0, module as T);
    return this.renumber(modules);
  }

  /** Removes the module at an index. @throws RangeError when the index is out of range */
  delete(index: number): void;
  delete(...args: unknown[]): void {
    const { index } = DELETE.read(args);
    const modules = [...this];
    modules.splice(place(index, modules.length), 1);
    this.renumber(modules);
  }

  /** Removes the module at an index, by default the last one, and returns it. @throws RangeError when the index is out of range */
  pop(key?: number): T;
  pop(...args: unknown[]): T {
    const { key = -1 } = POP.read(args);
    const module = this.at(key);
    this.delete(key);
    return module;
  }

  private renumber(modules: readonly T[]): this {
    for (const [name] of own_modules(this)) Reflect.deleteProperty(this, name);
    modules.forEach((module, i) => this.add_module(String(i), module));
    return this;
  }
}

// What is not a module has texts of Python's own, and so has what cannot be iterated over.
const AT = method_signature<{ index: number }>('ModuleList.at', 'index: int');
const SET = method_signature<{ index: number; module: Module }>('ModuleList.set', 'index: int, module: value');
const APPEND = method_signature<{ module: Module }>('ModuleList.append', 'module: value');
const EXTEND = method_signature<{ modules: unknown }>('ModuleList.extend', 'modules: value');
const INSERT = method_signature<{ index: number; module: Module }>('ModuleList.insert', 'index: int, module: Module');
const DELETE = method_signature<{ index: number }>('ModuleList.delete', 'index: int');
const POP = method_signature<{ key?: number }>('ModuleList.pop', 'key?: int');
const SLICE = method_signature<{ start?: number; end?: number }>('ModuleList.slice', 'start?: int, end?: int');
const CONCAT = method_signature<{ other: Iterable<Module> }>('ModuleList.concat', 'other: Iterable');

class SequentialModules extends ModuleSequence<Module> {
  constructor(...args: unknown[]) {
    super();
    const [first] = args;
    if (args.length === 1 && (types.isMap(first) || is_plain_object(first))) {
      for (const [name, module] of pairs_of<Module>('Sequential', 'Sequential', first)) this.add_module(name, module);
    } else {
      args.forEach((module, i) => this.add_module(String(i), module as Module));
    }
  }

  /** Returns the modules from `start` up to `end`, exclusive, with their names, as a new module. */
  slice(start?: number, end?: number): Sequential;
  slice(...args: unknown[]): Sequential {
    const { start, end } = SLICE.read(args);
    return new Sequential(new Map(own_modules(this).slice(start, end) as [string, Module][]));
  }

  /** Returns a new module that runs the modules of both: Python's `a + b`. */
  concat(other: Iterable<Module>): Sequential;
  concat(...args: unknown[]): Sequential {
    return new Sequential(...this, ...CONCAT.read(args).other);
  }

  forward(input: Tensor): Tensor {
    let value: unknown = input;
    for (const [, module] of own_modules(this)) value = (module as Module)(value);
    // What the last module returns: whoever puts one there that returns something else knows.
    return value as Tensor;
  }
}
Object.defineProperty(SequentialModules, 'name', { value: 'Sequential' });
forward_takes(SequentialModules, 'input: any');

/** The modules of a list by index: `net[0]` is a Linear when the first module is. */
type AtPlaces<M extends readonly Module[]> = { -readonly [I in keyof M as I extends `${number}` ? I : never]: M[I] };

/** A {@link Sequential} of modules of these types. */
export type Sequential<M extends readonly Module[] = Module[]> = SequentialModules & AtPlaces<M>;

/** The constructor of {@link Sequential}. */
export interface SequentialConstructor {
  new <M extends readonly [Module, ...Module[]]>(...modules: M): Sequential<M>;
  new <R extends Readonly<Record<string, Module>>>(named: R): Sequential & Readonly<R>;
  new (...modules: Module[]): Sequential;
  new (named: Readonly<Record<string, Module>> | ReadonlyMap<string, Module>): Sequential;
  readonly prototype: Sequential;
}

/**
 * Runs modules one after the other, each on the output of the one before: `y = m_n(...m_2(m_1(x)))`. Mirrors
 * `torch.nn.Sequential`.
 *
 * Shapes: the input as the first module takes it, the output as the last one returns it. Besides indices (`net[0]`,
 * `net.at(-1)`), it has `set`, `append`, `extend`, `insert`, `delete`, `pop`, `slice` and `concat`. Its types know
 * which module is where.
 *
 * @param modules - the modules, or one object or Map of modules by name
 * @throws TypeError when a value is not a module
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 1));
 * print(net(torch.randn(2, 3)));
 * print(net[0].weight.shape, net.length);
 * const named = new nn.Sequential({ hidden: new nn.Linear(3, 4), out: new nn.Linear(4, 1) });
 * print(named.out.bias);
 * print(named);
 * ```
 * ```python
 * from collections import OrderedDict
 * net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
 * print(net(torch.randn(2, 3)))
 * print(net[0].weight.shape, len(net))
 * named = nn.Sequential(OrderedDict(hidden=nn.Linear(3, 4), out=nn.Linear(4, 1)))
 * print(named.out.bias)
 * print(named)
 * ```
 */
export const Sequential = SequentialModules as unknown as SequentialConstructor;

/**
 * Holds modules in a list, as submodules that its own module calls by hand: their parameters are found, but it cannot
 * be called itself. Mirrors `torch.nn.ModuleList`.
 *
 * Besides indices (`layers[0]`, `layers.at(-1)`), it can be iterated over and has `set`, `append`, `extend`, `insert`,
 * `delete`, `pop`, `slice` and `concat`.
 *
 * @param modules - the modules; default null: none
 * @throws TypeError when a value is not a module, or when the modules cannot be iterated over
 * @typeParam T - type of the modules
 * @example
 * ```ts
 * const layers = new nn.ModuleList<nn.Module>([new nn.Linear(2, 2), new nn.Linear(2, 2)]);
 * layers.append(new nn.ReLU());
 * let x = torch.ones(1, 2);
 * for (const layer of layers) x = layer(x);
 * print(x);
 * print(layers);
 * ```
 * ```python
 * layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
 * layers.append(nn.ReLU())
 * x = torch.ones(1, 2)
 * for layer in layers: x = layer(x)
 * print(x)
 * print(layers)
 * ```
 */
export class ModuleList<T extends Module = Module> extends ModuleSequence<T> {
  constructor(modules?: Iterable<T> | null | { modules?: Iterable<T> | null });
  constructor(...args: unknown[]) {
    super();
    const { modules = null } = MODULE_LIST.read(args);
    if (modules !== null) this.extend(modules as Iterable<T>);
  }

  /** Returns the modules from `start` up to `end`, exclusive, as a new list. */
  slice(start?: number, end?: number): ModuleList<T>;
  slice(...args: unknown[]): ModuleList<T> {
    const { start, end } = SLICE.read(args);
    return new ModuleList([...this].slice(start, end));
  }

  /** Returns a new list of the modules of this list and others. */
  concat(other: Iterable<T>): ModuleList<T>;
  concat(...args: unknown[]): ModuleList<T> {
    return new ModuleList([...this, ...(CONCAT.read(args).other as Iterable<T>)]);
  }

  /** As Python prints it: runs of modules that print the same are printed once, with their number. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = [];
    [...(this as Iterable<T | null>)].forEach((module, i) => {
      const text = module === null ? 'None' : module.toString();
      const run = runs[runs.length - 1];
      if (run?.text === text) run.last = i;
      else runs.push({ first: i, last: i, text });
    });
    if (runs.length === 0) return `${this._get_name()}()`;
    const lines = runs.map(({ first, last, text }) => {
      const label = first === last ? `(${first}): ` : `(${first}-${last}): ${last - first + 1} x `;
      return indent_rest(label + text, 2);
    });
    return `${this._get_name()}(\n  ${lines.join('\n  ')}\n)`;
  }
}

const MODULE_LIST = signature<{ modules?: unknown }>('ModuleList', 'modules?: value');

// ---- Modules by name ----------------------------------------------------------------------------

class NamedModules<T extends Module> extends Module {
  constructor(modules?: Named<T> | null | { modules: Named<T> | null });
  constructor(...args: unknown[]) {
    super();
    const modules = mapping_of('modules', args, MODULE_DICT.read(args)) ?? null;
    if (modules !== null) this.update(modules as Named<T>);
  }

  /** Number of modules. */
  get size(): number {
    return own_modules(this).length;
  }

  /** Returns the module of a name: Python's `modules[key]`. @throws Error when it does not exist */
  get(key: string): T;
  get(...args: unknown[]): T {
    const { key } = MODULE_DICT_GET.read(args);
    for (const [name, module] of own_modules(this)) if (name === key) return module as T;
    throw new Error(`'${key}'`);
  }

  /** Adds or replaces a module. @throws TypeError when it is not a module */
  set(key: string, module: T): this;
  set(...args: unknown[]): this {
    const { key, module } = MODULE_DICT_SET.read(args);
    this.add_module(key, module);
    return this;
  }

  /** Returns whether a module of a name exists. */
  has(key: string): boolean;
  has(...args: unknown[]): boolean {
    const { key } = MODULE_DICT_HAS.read(args);
    return own_modules(this).some(([name]) => name === key);
  }

  /** Removes the module of a name, and returns whether it existed. */
  delete(key: string): boolean;
  delete(...args: unknown[]): boolean {
    const { key } = MODULE_DICT_DELETE.read(args);
    return this.has(key) && Reflect.deleteProperty(this, key);
  }

  /** Removes the module of a name, and returns it. @throws Error when it does not exist */
  pop(key: string): T;
  pop(...args: unknown[]): T {
    const { key } = MODULE_DICT_POP.read(args);
    const module = this.get(key);
    this.delete(key);
    return module;
  }

  /** Removes all modules. */
  clear(): void;
  clear(...args: unknown[]): void {
    if (args.length > 0) MODULE_DICT_CLEAR.read(args);
    for (const [name] of own_modules(this)) this.delete(name);
  }

  /** Adds or replaces modules. @throws TypeError when they are not pairs of names and modules */
  update(modules: Named<T>): void;
  update(...args: unknown[]): void {
    const modules = mapping_of('modules', args, MODULE_DICT_UPDATE.read(args));
    const pairs =
      modules instanceof NamedModules ? modules.items() : pairs_of<Module>('ModuleDict', 'ModuleDict', modules);
    for (const [name, module] of pairs) this.add_module(name, module);
  }

  /** Returns an iterator over the names. */
  keys(): IterableIterator<string>;
  keys(...args: unknown[]): IterableIterator<string> {
    if (args.length > 0) MODULE_DICT_KEYS.read(args);
    return own_modules(this)
      .map(([name]) => name)
      .values();
  }

  /** Returns an iterator over the modules. */
  values(): IterableIterator<T>;
  values(...args: unknown[]): IterableIterator<T> {
    if (args.length > 0) MODULE_DICT_VALUES.read(args);
    return own_modules(this)
      .map(([, module]) => module as T)
      .values();
  }

  /** Returns an iterator over pairs of the names and the modules. */
  items(): IterableIterator<[string, T]>;
  items(...args: unknown[]): IterableIterator<[string, T]> {
    if (args.length > 0) MODULE_DICT_ITEMS.read(args);
    return (own_modules(this) as [string, T][]).values();
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
}

Object.defineProperty(NamedModules, 'name', { value: 'ModuleDict' });

/** The record, when its names are known. */
type Known<R> = string extends keyof R ? object : R;

/** A {@link ModuleDict} of modules of type `T`, of which those in `R` are known by name. */
export type ModuleDict<T extends Module = Module, R extends object = object> = {
  /** Returns the module of a name: Python's `modules[key]`. @throws Error when it does not exist */
  get<K extends keyof R & string>(key: K): R[K];
  /** Removes the module of a name, and returns it. @throws Error when it does not exist */
  pop<K extends keyof R & string>(key: K): R[K];
} & NamedModules<T> &
  Readonly<R>;

/** The constructor of {@link ModuleDict}. */
export interface ModuleDictConstructor {
  new <K extends string, R extends Readonly<Record<K, Module>>>(
    modules: R,
  ): ModuleDict<Extract<R[keyof R], Module>, Known<R>>;
  new <K extends string, R extends Readonly<Record<K, Module>>>(options: {
    modules: R;
  }): ModuleDict<Extract<R[keyof R], Module>, Known<R>>;
  new <T extends Module = Module>(modules?: Named<T> | null | { modules: Named<T> | null }): ModuleDict<T>;
  readonly prototype: ModuleDict;
}

/**
 * Holds modules by name, as submodules that its own module calls by hand; as in Python, iterating gives the names.
 * Mirrors `torch.nn.ModuleDict`.
 *
 * It has `get`, `set`, `has`, `delete`, `pop`, `clear`, `update`, `keys`, `values` and `items`; the modules are fields
 * as well. Of those that the constructor was given in an object, the types know which is which.
 *
 * @param modules - modules by name: an object, a Map, a list of pairs, or another ModuleDict; default null: none
 * @throws TypeError when a value is not a module, or when the modules are not pairs of names and values
 * @example
 * ```ts
 * const layers = new nn.ModuleDict({ conv: new nn.Conv2d(1, 8, 3), head: new nn.Linear(8, 2) });
 * print(layers.get('conv').weight.shape);
 * print(layers.has('head'));
 * for (const [name, layer] of layers.items()) print(name, layer);
 * ```
 * ```python
 * layers = nn.ModuleDict({'conv': nn.Conv2d(1, 8, 3), 'head': nn.Linear(8, 2)})
 * print(layers['conv'].weight.shape)
 * print('head' in layers)
 * for name, layer in layers.items(): print(name, layer)
 * ```
 */
export const ModuleDict = NamedModules as unknown as ModuleDictConstructor;

const MODULE_DICT = signature<Fields>('ModuleDict', 'modules?: any');
const MODULE_DICT_GET = method_signature<{ key: string }>('ModuleDict.get', 'key: str');
const MODULE_DICT_SET = method_signature<{ key: string; module: Module }>(
  'ModuleDict.set',
  'key: value, module: value',
);
const MODULE_DICT_HAS = method_signature<{ key: string }>('ModuleDict.has', 'key: str');
const MODULE_DICT_DELETE = method_signature<{ key: string }>('ModuleDict.delete', 'key: str');
const MODULE_DICT_POP = method_signature<{ key: string }>('ModuleDict.pop', 'key: str');
const MODULE_DICT_CLEAR = method_signature('ModuleDict.clear');
const MODULE_DICT_UPDATE = method_signature<Fields>('ModuleDict.update', 'modules: any');
const MODULE_DICT_KEYS = method_signature('ModuleDict.keys');
const MODULE_DICT_VALUES = method_signature('ModuleDict.values');
const MODULE_DICT_ITEMS = method_signature('ModuleDict.items');

// ---- Parameters ---------------------------------------------------------------------------------

function as_parameter(value: unknown): unknown {
  return value instanceof Tensor && !(value instanceof Parameter) ? new Parameter(value) : value;
}

function describe(key: string, value: unknown, kind: (tensor: Tensor) => string): string {
  if (!(value instanceof Tensor)) return `  (${key}): Object of type: ${python_kind(value)}`;
  const where = value.is_cuda ? ` (${String(value.device)})` : '';
  const what = value instanceof Parameter ? 'Parameter' : 'Tensor';
  return `  (${key}): ${what} containing: [${kind(value)} of size ${value.shape.join('x')}${where}]`;
}

const INTEGER_LIKE = /^(0|[1-9]\d*)$/;

/**
 * Holds parameters in a list; tensors that are not parameters become parameters, other values are kept as they are. It
 * cannot be called. Mirrors `torch.nn.ParameterList`.
 *
 * @param values - the tensors; default null: none
 * @throws TypeError when the values cannot be iterated over
 * @typeParam E - type of the values that are not tensors
 * @example
 * ```ts
 * const parameters = new nn.ParameterList([torch.ones(2), torch.zeros(3)]);
 * parameters.append(torch.ones(1, 2));
 * print(parameters);
 * print(parameters[0]);
 * ```
 * ```python
 * parameters = nn.ParameterList([torch.ones(2), torch.zeros(3)])
 * parameters.append(torch.ones(1, 2))
 * print(parameters)
 * print(parameters[0])
 * ```
 */
export class ParameterList<E = never> extends Module {
  /** The parameters by index: `list[0]`, which can be assigned. */
  [index: number]: Parameter | E;

  /** The next number appends. @internal */
  [REFUSE_PLACE](name: string): void {
    if (!/^-?\d+$/.test(name) || name === String(this.length)) return;
    throw new RangeError(`index ${name} is out of range: there are ${this.length} parameters`);
  }

  constructor(values?: Iterable<Tensor> | null | { values?: Iterable<Tensor> | null });
  constructor(values: Iterable<Tensor | E> | { values: Iterable<Tensor | E> });
  constructor(...args: unknown[]) {
    super();
    const { values = null } = PARAMETER_LIST.read(args);
    if (values !== null) this.extend(values as Iterable<Tensor | E>);
  }

  /** Number of parameters. */
  override get length(): number {
    return Object.keys(this).filter((name) => INTEGER_LIKE.test(name)).length;
  }

  *[Symbol.iterator](): IterableIterator<Parameter | E> {
    for (let i = 0; i < this.length; i++) yield this[i]!;
  }

  /** Returns the parameter at an index, counted from the end when negative. @throws RangeError when the index is out of range */
  at(index: number): Parameter | E;
  at(...args: unknown[]): Parameter | E {
    return this[place(PARAMETER_LIST_AT.read(args).index, this.length)]!;
  }

  /** Replaces the parameter at an index. @throws RangeError when the index is out of range */
  set(index: number, param: Tensor | E): void;
  set(...args: unknown[]): void {
    const { index, param } = PARAMETER_LIST_SET.read(args);
    (this as unknown as Fields)[place(index, this.length)] = as_parameter(param);
  }

  /** Appends a parameter and returns the list. */
  append(value: Tensor | E): this;
  append(...args: unknown[]): this {
    const { value } = PARAMETER_LIST_APPEND.read(args);
    (this as unknown as Fields)[this.length] = as_parameter(value);
    return this;
  }

  /** Appends parameters and returns the list. @throws TypeError when the values cannot be iterated over, or are one tensor */
  extend(values: Iterable<Tensor | E>): this;
  extend(...args: unknown[]): this {
    const { values } = PARAMETER_LIST_EXTEND.read(args);
    if (values instanceof Tensor || !is_iterable(values)) {
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${python_kind(values)}`);
    }
    for (const value of [...values]) this.append(value as E);
    return this;
  }

  /** Returns the parameters from `start` up to `end`, exclusive, as a new list. */
  slice(start?: number, end?: number): ParameterList<E>;
  slice(...args: unknown[]): ParameterList<E> {
    const { start, end } = PARAMETER_LIST_SLICE.read(args);
    return new ParameterList<E>([...this].slice(start, end));
  }

  /** @throws Error always */
  forward(..._args: unknown[]): never {
    throw new Error('ParameterList should not be called.');
  }

  override extra_repr(): string {
    return [...this].map((value, i) => describe(String(i), value, (tensor) => String(tensor.dtype))).join('\n');
  }
}

const PARAMETER_LIST = signature<{ values?: unknown }>('ParameterList', 'values?: value');
const PARAMETER_LIST_AT = method_signature<{ index: number }>('ParameterList.at', 'index: int');
const PARAMETER_LIST_SET = method_signature<{ index: number; param: unknown }>(
  'ParameterList.set',
  'index: int, param: any',
);
const PARAMETER_LIST_APPEND = method_signature<{ value: unknown }>('ParameterList.append', 'value: any');
const PARAMETER_LIST_EXTEND = method_signature<{ values: unknown }>('ParameterList.extend', 'values: value');
const PARAMETER_LIST_SLICE = method_signature<{ start?: number; end?: number }>(
  'ParameterList.slice',
  'start?: int, end?: int',
);

class NamedParameters<E> extends Module {
  /** The names, in the order of insertion. */
  declare private readonly _keys: Set<string>;

  constructor(parameters?: Named<Tensor> | null | { parameters: Named<Tensor> | null });
  constructor(parameters: Named<Tensor | E> | { parameters: Named<Tensor | E> });
  constructor(...args: unknown[]) {
    super();
    Object.defineProperty(this, '_keys', { value: new Set<string>() });
    const parameters = mapping_of('parameters', args, PARAMETER_DICT.read(args)) ?? null;
    if (parameters !== null) this.update(parameters as Named<Tensor | E>);
  }

  /** Number of parameters. */
  get size(): number {
    return this._keys.size;
  }

  /** Returns the parameter of a name: Python's `parameters[key]`. @throws Error when it does not exist */
  at(key: string): Parameter | E;
  at(...args: unknown[]): Parameter | E {
    const { key } = PARAMETER_DICT_AT.read(args);
    if (!this._keys.has(key)) throw new Error(`'ParameterDict' object has no attribute '${key}'`);
    return (this as unknown as Record<string, Parameter | E>)[key]!;
  }

  /** Returns the parameter of a name, or `default` (default null) when it does not exist. */
  get(key: string): Parameter | E | null;
  get<D>(key: string, default_: D): Parameter | E | D;
  get<D>(key: string, options: { default: D }): Parameter | E | D;
  get(...args: unknown[]): unknown {
    const { key, default: otherwise = null } = PARAMETER_DICT_GET.read(args);
    return this._keys.has(key) ? this.at(key) : otherwise;
  }

  /** Adds or replaces a parameter. */
  set(key: string, value: Tensor | E): this;
  set(...args: unknown[]): this {
    const { key, value } = PARAMETER_DICT_SET.read(args);
    if (typeof key !== 'string') {
      throw new TypeError(
        `Index given to ParameterDict cannot be used as a key as it is not a string (type is '${python_kind(
          key,
        )}'). Open an issue on github if you need non-string keys.`,
      );
    }
    (this as unknown as Fields)[key] = as_parameter(value);
    this._keys.add(key);
    return this;
  }

  /** Returns the parameter of a name; when it does not exist, adds `default` under the name first. */
  setdefault(key: string): Parameter | E | null;
  setdefault(key: string, default_: Tensor | E | null): Parameter | E;
  setdefault(key: string, options: { default: Tensor | E | null }): Parameter | E;
  setdefault(...args: unknown[]): unknown {
    const { key, default: otherwise = null } = PARAMETER_DICT_SETDEFAULT.read(args);
    if (!this._keys.has(key)) this.set(key, otherwise as E);
    return this.at(key);
  }

  /** Returns whether a parameter of a name exists. */
  has(key: string): boolean;
  has(...args: unknown[]): boolean {
    return this._keys.has(PARAMETER_DICT_HAS.read(args).key);
  }

  /** Removes the parameter of a name, and returns whether it existed. */
  delete(key: string): boolean;
  delete(...args: unknown[]): boolean {
    const { key } = PARAMETER_DICT_DELETE.read(args);
    return this._keys.delete(key) && Reflect.deleteProperty(this, key);
  }

  /** Removes the parameter of a name, and returns it. @throws Error when it does not exist */
  pop(key: string): Parameter | E;
  pop(...args: unknown[]): Parameter | E {
    const { key } = PARAMETER_DICT_POP.read(args);
    const parameter = this.at(key);
    this.delete(key);
    return parameter;
  }

  /** Removes the last inserted parameter, and returns it with its name. @throws Error when the dictionary is empty */
  popitem(): [string, Parameter | E];
  popitem(...args: unknown[]): [string, Parameter | E] {
    if (args.length > 0) PARAMETER_DICT_POPITEM.read(args);
    const last = [...this._keys].pop();
    if (last === undefined) throw new Error("'popitem(): dictionary is empty'");
    return [last, this.pop(last)];
  }

  /** Removes all parameters. */
  clear(): void;
  clear(...args: unknown[]): void {
    if (args.length > 0) PARAMETER_DICT_CLEAR.read(args);
    for (const key of [...this._keys]) this.delete(key);
  }

  /** Returns a new ParameterDict with the same parameters. */
  copy(): ParameterDict<E>;
  copy(...args: unknown[]): NamedParameters<E> {
    if (args.length > 0) PARAMETER_DICT_COPY.read(args);
    return new NamedParameters<E>(new Map<string, Parameter | E>(this.items()));
  }

  /** Returns a new ParameterDict with `default` under each of the names. */
  fromkeys<D = null>(
    keys: Iterable<string>,
    default_?: D | { default?: D },
  ): ParameterDict<D extends Tensor ? never : D>;
  fromkeys(...args: unknown[]): NamedParameters<unknown> {
    const { keys, default: value = null } = PARAMETER_DICT_FROMKEYS.read(args);
    return new NamedParameters<unknown>([...keys].map((key): [string, unknown] => [key, value]));
  }

  /** Adds or replaces parameters. @throws TypeError when they are not pairs of names and values */
  update(parameters: Named<Tensor | E>): void;
  update(...args: unknown[]): void {
    const parameters = mapping_of('parameters', args, PARAMETER_DICT_UPDATE.read(args));
    const pairs =
      parameters instanceof NamedParameters
        ? [...parameters.items()]
        : [...pairs_of<unknown>('ParametersDict', 'ParameterDict', parameters)];
    if (is_plain_object(parameters)) pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, value] of pairs) this.set(key, value);
  }

  /** Returns an iterator over the names. */
  keys(): IterableIterator<string>;
  keys(...args: unknown[]): IterableIterator<string> {
    if (args.length > 0) PARAMETER_DICT_KEYS.read(args);
    return this._keys.values();
  }

  /** Returns an iterator over the parameters. */
  values(): IterableIterator<Parameter | E>;
  values(...args: unknown[]): IterableIterator<Parameter | E> {
    if (args.length > 0) PARAMETER_DICT_VALUES.read(args);
    return [...this._keys].map((key) => this.at(key)).values();
  }

  /** Returns an iterator over pairs of the names and the parameters. */
  items(): IterableIterator<[string, Parameter | E]>;
  items(...args: unknown[]): IterableIterator<[string, Parameter | E]> {
    if (args.length > 0) PARAMETER_DICT_ITEMS.read(args);
    return [...this._keys].map((key): [string, Parameter | E] => [key, this.at(key)]).values();
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  /** @throws Error always */
  forward(..._args: unknown[]): never {
    throw new Error('ParameterDict should not be called.');
  }

  override extra_repr(): string {
    return [...this.items()].map(([name, value]) => describe(name, value, (tensor) => tensor.type())).join('\n');
  }
}

Object.defineProperty(NamedParameters, 'name', { value: 'ParameterDict' });

/** The type of a value in a dictionary of parameters. */
type Entry<V> = V extends Tensor ? Parameter : V;

/** A {@link ParameterDict} that holds values of type `E` besides parameters, of which those in `R` are known by name. */
export type ParameterDict<E = never, R extends object = object> = {
  /** Returns the parameter of a name: Python's `parameters[key]`. @throws Error when it does not exist */
  at<K extends keyof R & string>(key: K): Entry<R[K]>;
  /** Returns the parameter of a name, or `default` (default null) when it does not exist. */
  get<K extends keyof R & string>(key: K): Entry<R[K]>;
  /** Removes the parameter of a name, and returns it. @throws Error when it does not exist */
  pop<K extends keyof R & string>(key: K): Entry<R[K]>;
} & NamedParameters<E> & { readonly [K in keyof R]: Entry<R[K]> };

/** The constructor of {@link ParameterDict}. */
export interface ParameterDictConstructor {
  new <K extends string, R extends Readonly<Record<K, unknown>>>(
    parameters: R & (R extends Iterable<unknown> | { parameters: object | null } ? never : unknown),
  ): ParameterDict<Exclude<R[keyof R], Tensor>, Known<R>>;
  new (parameters?: Named<Tensor> | null | { parameters: Named<Tensor> | null }): ParameterDict;
  new <E = never>(parameters: Named<Tensor | E> | null | { parameters: Named<Tensor | E> | null }): ParameterDict<E>;
  readonly prototype: ParameterDict<unknown>;
}

/**
 * Holds parameters by name; tensors that are not parameters become parameters, other values are kept as they are. It
 * cannot be called. The entries of a plain object are sorted by name, those of a Map keep their order, as in Python.
 * Mirrors `torch.nn.ParameterDict`.
 *
 * It has `at` (Python's `parameters[key]`), `get`, `set`, `setdefault`, `has`, `delete`, `pop`, `popitem`, `clear`,
 * `copy`, `fromkeys`, `update`, `keys`, `values` and `items`; the parameters are fields as well. Of those that the
 * constructor was given in an object, the types know which is which.
 *
 * @param parameters - tensors by name: an object, a Map, a list of pairs, or another ParameterDict; default null: none
 * @throws TypeError when the values are not pairs of names and values, or when a name is not a string
 * @typeParam E - type of the values that are not tensors
 * @example
 * ```ts
 * const parameters = new nn.ParameterDict({ scale: torch.ones(3), shift: torch.zeros(3) });
 * print(parameters.at('scale').requires_grad);
 * print(parameters.has('shift'));
 * for (const [name, parameter] of parameters.items()) print(name, parameter);
 * ```
 * ```python
 * parameters = nn.ParameterDict({'scale': torch.ones(3), 'shift': torch.zeros(3)})
 * print(parameters['scale'].requires_grad)
 * print('shift' in parameters)
 * for name, parameter in parameters.items(): print(name, parameter)
 * ```
 */
export const ParameterDict = NamedParameters as unknown as ParameterDictConstructor;

const PARAMETER_DICT = signature<Fields>('ParameterDict', 'parameters?: any');
const PARAMETER_DICT_AT = method_signature<{ key: string }>('ParameterDict.at', 'key: str');
const PARAMETER_DICT_GET = method_signature<{ key: string; default?: unknown }>(
  'ParameterDict.get',
  'key: str, default?: any',
);
const PARAMETER_DICT_SET = method_signature<{ key: string; value: unknown }>(
  'ParameterDict.set',
  'key: value, value: any',
);
const PARAMETER_DICT_SETDEFAULT = method_signature<{ key: string; default?: unknown }>(
  'ParameterDict.setdefault',
  'key: str, default?: any',
);
const PARAMETER_DICT_HAS = method_signature<{ key: string }>('ParameterDict.has', 'key: str');
const PARAMETER_DICT_DELETE = method_signature<{ key: string }>('ParameterDict.delete', 'key: str');
const PARAMETER_DICT_POP = method_signature<{ key: string }>('ParameterDict.pop', 'key: str');
const PARAMETER_DICT_POPITEM = method_signature('ParameterDict.popitem');
const PARAMETER_DICT_CLEAR = method_signature('ParameterDict.clear');
const PARAMETER_DICT_COPY = method_signature('ParameterDict.copy');
const PARAMETER_DICT_FROMKEYS = method_signature<{ keys: Iterable<string>; default?: unknown }>(
  'ParameterDict.fromkeys',
  'keys: Iterable, default?: any',
);
const PARAMETER_DICT_UPDATE = method_signature<Fields>('ParameterDict.update', 'parameters: any');
const PARAMETER_DICT_KEYS = method_signature('ParameterDict.keys');
const PARAMETER_DICT_VALUES = method_signature('ParameterDict.values');
const PARAMETER_DICT_ITEMS = method_signature('ParameterDict.items');
