import { types } from 'node:util';

import { is_plain_object } from '../plain_object.js';
import { Tensor } from '../tensor.js';
import { INTEGER_LIKE, Module, own_modules } from './module.js';
import { Parameter } from './parameter.js';
import { indent_rest, kind_of } from './representation.js';
import { warn } from './warnings.js';

/** Values by name: an object, a Map, or a list of pairs. */
export type Named<T> = Readonly<Record<string, T>> | Iterable<readonly [string, T]>;

function entries_of<T>(named: Named<T>): Iterable<readonly [string, T]> {
  return is_plain_object(named) ? Object.entries(named as Record<string, T>) : named as Iterable<readonly [string, T]>;
}

function place(index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new RangeError(`index ${index} is out of range`);
  }
  return index < 0 ? index + length : index;
}

/**
 * A module with the given modules as fields. Mirrors `torch.nn.Container`.
 *
 * @deprecated {@link Module} does all that it does
 */
export class Container extends Module {
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    warn('`nn.Container` is deprecated. All of its functionality is now implemented in `nn.Module`. '
      + 'Subclass that instead.', 'FutureWarning');
    super();
    for (const [name, module] of Object.entries(modules)) this.add_module(name, module);
  }
}

/** Modules in a row, each the field of a container. */
abstract class ModuleSequence<T extends Module> extends Module {
  /** The modules by their places, as long as they are numbered: `layers[0]`. */
  readonly [index: number]: T;

  /** How many modules there are. */
  override get length(): number {
    return names_in(this).length;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of own_modules(this)) yield module as T;
  }

  /** The module at a place, from the end when negative. @throws RangeError when there is none */
  at(index: number): T {
    const modules = [...this];
    return modules[place(index, modules.length)]!;
  }

  /** Puts a module in the place of another. @throws RangeError when there is none */
  set(index: number, module: T): void {
    const names = names_in(this);
    this.add_module(names[place(index, names.length)]!, module);
  }

  /** Adds a module at the end. */
  append(module: T): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<T>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** Adds a module before the one at `index`. @throws RangeError when that is beyond the end */
  insert(index: number, module: T): this {
    const modules = [...this];
    if (!Number.isInteger(index) || index < -modules.length || index > modules.length) {
      throw new RangeError(`Index out of range: ${index}`);
    }
    modules.splice(index, 0, module);
    return this.renumber(modules);
  }

  /** Takes a module out. @throws RangeError when there is none */
  delete(index: number): void {
    const modules = [...this];
    modules.splice(place(index, modules.length), 1);
    this.renumber(modules);
  }

  /** Takes a module out and gives it. @throws RangeError when there is none */
  pop(index = -1): T {
    const module = this.at(index);
    this.delete(index);
    return module;
  }

  private renumber(modules: readonly T[]): this {
    for (const name of names_in(this)) Reflect.deleteProperty(this, name);
    modules.forEach((module, i) => this.add_module(String(i), module));
    return this;
  }
}

function names_in(container: Module): string[] {
  return [...own_modules(container)].map(([name]) => name);
}

/**
 * Modules that run one after the other. Mirrors `torch.nn.Sequential`.
 *
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(28, 64), new nn.ReLU(), new nn.Linear(64, 10));
 * const named = new nn.Sequential({ hidden: new nn.Linear(28, 64), out: new nn.Linear(64, 10) });
 * net(torch.randn(5, 28));
 * ```
 */
export class Sequential extends ModuleSequence<Module> {
  constructor(...modules: Module[]);
  constructor(named: Readonly<Record<string, Module>> | ReadonlyMap<string, Module>);
  constructor(...args: (Module | Readonly<Record<string, Module>> | ReadonlyMap<string, Module>)[]) {
    super();
    const [first] = args;
    if (args.length === 1 && (types.isMap(first) || is_plain_object(first))) {
      for (const [name, module] of entries_of(first as Named<Module>)) this.add_module(name, module);
    } else {
      args.forEach((module, i) => this.add_module(String(i), module as Module));
    }
  }

  /** The modules from `start` to before `end`, under the names that they have here. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(new Map([...own_modules(this)].slice(start, end) as [string, Module][]));
  }

  forward(input: Tensor): Tensor {
    let value: unknown = input;
    for (const module of this) value = (module as unknown as (input: unknown) => unknown)(value);
    return value as Tensor;
  }
}

/** Modules in a list: found as submodules, called by hand. Mirrors `torch.nn.ModuleList`. */
export class ModuleList<T extends Module = Module> extends ModuleSequence<T> {
  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }

  /** The modules from `start` to before `end`, numbered anew. */
  slice(start?: number, end?: number): ModuleList<T> {
    return new ModuleList([...this].slice(start, end));
  }

  /** This list and other modules, in a new list. */
  concat(other: Iterable<T>): ModuleList<T> {
    return new ModuleList([...this, ...other]);
  }

  /** As Python prints it: runs of modules that print the same are printed once, with their number. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = [];
    [...this].forEach((module, i) => {
      const text = module.toString();
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

/** Modules by name. Mirrors `torch.nn.ModuleDict`; like Python's, iterating gives the names. */
export class ModuleDict<T extends Module = Module> extends Module {
  constructor(modules: Named<T> = []) {
    super();
    this.update(modules);
  }

  /** How many modules there are. */
  get size(): number {
    return names_in(this).length;
  }

  /** The module of that name. @throws Error when there is none */
  get(name: string): T {
    for (const [key, module] of this.items()) if (key === name) return module;
    throw new Error(`'${name}'`);
  }

  /** Adds or replaces a module. */
  set(name: string, module: T): this {
    this.add_module(name, module);
    return this;
  }

  /** Whether there is a module of that name. */
  has(name: string): boolean {
    return names_in(this).includes(name);
  }

  /** Takes a module out; gives whether there was one. */
  delete(name: string): boolean {
    return this.has(name) && Reflect.deleteProperty(this, name);
  }

  /** Takes a module out and gives it. @throws Error when there is none */
  pop(name: string): T {
    const module = this.get(name);
    this.delete(name);
    return module;
  }

  /** Takes all modules out. */
  clear(): void {
    for (const name of names_in(this)) this.delete(name);
  }

  /** Adds or replaces modules. */
  update(modules: Named<T>): void {
    const pairs = modules instanceof ModuleDict ? modules.items() as Iterable<[string, T]> : entries_of(modules);
    for (const [name, module] of pairs) this.set(name, module);
  }

  /** The names of the modules. */
  keys(): IterableIterator<string> {
    return names_in(this).values();
  }

  *values(): IterableIterator<T> {
    for (const [, module] of this.items()) yield module;
  }

  *items(): IterableIterator<[string, T]> {
    yield* own_modules(this) as Iterable<[string, T]>;
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
}

function as_parameter(value: unknown): unknown {
  return value instanceof Tensor && !(value instanceof Parameter) ? new Parameter(value) : value;
}

function describe(key: string, value: unknown, kind: (tensor: Tensor) => string): string {
  if (!(value instanceof Tensor)) return `  (${key}): Object of type: ${kind_of(value)}`;
  const where = value.is_cuda ? ` (${String(value.device)})` : '';
  const what = value instanceof Parameter ? 'Parameter' : 'Tensor';
  return `  (${key}): ${what} containing: [${kind(value)} of size ${value.shape.join('x')}${where}]`;
}

/**
 * Parameters in a list; tensors that are none become parameters. Mirrors `torch.nn.ParameterList`.
 * It cannot be called.
 */
export class ParameterList extends Module {
  /** The parameters by their places: `list[0]`. */
  readonly [index: number]: Parameter;

  constructor(values: Iterable<Tensor> = []) {
    super();
    this.extend(values);
  }

  /** How many parameters there are. */
  override get length(): number {
    return Object.keys(this).filter((name) => INTEGER_LIKE.test(name)).length;
  }

  *[Symbol.iterator](): IterableIterator<Parameter> {
    for (let i = 0; i < this.length; i++) yield this[i]!;
  }

  /** The parameter at a place, from the end when negative. @throws RangeError when there is none */
  at(index: number): Parameter {
    return this[place(index, this.length)]!;
  }

  /** Puts a parameter in the place of another. @throws RangeError when there is none */
  set(index: number, value: Tensor): void {
    const fields = this as unknown as Record<string, unknown>;
    fields[place(index, this.length)] = as_parameter(value);
  }

  /** Adds a parameter at the end. */
  append(value: Tensor): this {
    const fields = this as unknown as Record<string, unknown>;
    fields[this.length] = as_parameter(value);
    return this;
  }

  /** Adds parameters at the end. */
  extend(values: Iterable<Tensor>): this {
    if (values instanceof Tensor || typeof values?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${kind_of(values)}`);
    }
    for (const value of [...values]) this.append(value);
    return this;
  }

  /** @throws Error always */
  forward(): never {
    throw new Error('ParameterList should not be called.');
  }

  override extra_repr(): string {
    return [...this].map((value, i) => describe(String(i), value, (tensor) => String(tensor.dtype))).join('\n');
  }
}

/**
 * Parameters by name; tensors that are none become parameters. Mirrors `torch.nn.ParameterDict`: the entries
 * of a plain object are sorted by name, those of a Map keep their order. It cannot be called.
 */
export class ParameterDict extends Module {
  constructor(parameters: Named<Tensor> = []) {
    super();
    this.update(parameters);
  }

  /** How many parameters there are. */
  get size(): number {
    return Object.keys(this).length;
  }

  /** The parameter of that name. @throws Error when there is none */
  get(name: string): Parameter {
    if (!this.has(name)) throw new Error(`'${name}'`);
    return (this as unknown as Record<string, Parameter>)[name]!;
  }

  /** Adds or replaces a parameter. */
  set(name: string, value: Tensor): this {
    this.register_parameter(name, as_parameter(value) as Parameter);
    return this;
  }

  /** Whether there is a parameter of that name. */
  has(name: string): boolean {
    return Object.keys(this).includes(name);
  }

  /** Takes a parameter out; gives whether there was one. */
  delete(name: string): boolean {
    return this.has(name) && Reflect.deleteProperty(this, name);
  }

  /** Takes a parameter out and gives it. @throws Error when there is none */
  pop(name: string): Parameter {
    const parameter = this.get(name);
    this.delete(name);
    return parameter;
  }

  /** Takes all parameters out. */
  clear(): void {
    for (const name of Object.keys(this)) this.delete(name);
  }

  /** Adds or replaces parameters. */
  update(parameters: Named<Tensor>): void {
    const pairs = parameters instanceof ParameterDict
      ? [...parameters.items()]
      : [...entries_of(parameters)];
    if (is_plain_object(parameters)) pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, value] of pairs) this.set(name, value);
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.named_parameters()) yield name;
  }

  *values(): IterableIterator<Parameter> {
    yield* this.parameters();
  }

  *items(): IterableIterator<[string, Parameter]> {
    yield* this.named_parameters('', true, false);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  /** @throws Error always */
  forward(): never {
    throw new Error('ParameterDict should not be called.');
  }

  override extra_repr(): string {
    return [...this.items()].map(([name, value]) => describe(name, value, (tensor) => tensor.type())).join('\n');
  }
}
