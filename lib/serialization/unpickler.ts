/**
 * Python objects from pickles, without running anything: only names of an allow-list mean something, and what they mean
 * is code of this package or what the user has registered.
 */
import { types } from 'node:util';

import { bare_module, Module } from '../nn/modules/module.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import type { ModuleClass } from './module_classes.js';
import { JOIN_CONFIG } from './distributed_state.js';
import { PythonObject } from './python_objects.js';
import { Op, type PickleReader } from './pickle_opcodes.js';
import { ordered_dict, Tuple } from '../python/values.js';
import { as_foreign, is_foreign } from '../_internal/operator_errors.js';

/** A dictionary while it is read: whether it becomes an object or a Map depends on all its keys. */
export class PickledDict {
  readonly keys: unknown[] = [];
  readonly values: unknown[] = [];
  /** Attributes of an OrderedDict: `_metadata` of a state dict. */
  attributes: PickledDict | undefined;
  settled: object | undefined;
  filled = false;

  constructor(readonly ordered: boolean) {}

  set(key: unknown, value: unknown): void {
    if (this.settled !== undefined) throw new Error('a dictionary changes after a function was called with it');
    check_hashable(key);
    this.keys.push(key);
    this.values.push(value);
  }

  /** The value of a key; the last one when it occurs several times. */
  get(key: string): unknown {
    return this.values[this.keys.lastIndexOf(key)];
  }
}

/** A name that a file may call. */
export class PickledFunction {
  /**
   * @param name the full Python name
   * @param call takes the arguments of the call; `unpickler` counts what is made
   * @param registered whether the user has given it: then it gets final values instead of {@link PickledDict}s
   * @param itself what it is when it stands by itself, as a value
   */
  constructor(
    readonly name: string,
    readonly call: (args: readonly unknown[], unpickler: Unpickler) => unknown,
    readonly registered = false,
    readonly itself?: unknown,
  ) {}
}

/** A class of modules, whose objects are made without their constructor and then get their state. */
export class PickledClass {
  constructor(
    readonly name: string,
    readonly itself: ModuleClass,
  ) {}
}

/** A class of Python without a counterpart here, whose objects are parts of modules. */
export class PickledOpaqueClass {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** An object that gets its state after it is made, and is something else for the user. */
export abstract class PickledObject {
  /** Takes the state. @throws Error for one that does not fit */
  abstract set_state(state: unknown): void;
  /** What the user gets. */
  abstract made(): unknown;
}

/** A name that a file may mention, as an argument of the functions above. */
export class PickledName {
  constructor(readonly name: string) {}
}

/** What an Unpickler needs from the reader of the file. */
export interface Surroundings {
  /** The counterpart of a full Python name. @throws Error when it is not allowed */
  find(module: string, name: string): unknown;
  /** The storage that an id names. */
  storage(id: Tuple): unknown;
  /** The last conversion of a value, applied when its containers are complete. */
  finish(value: unknown): unknown;
  /** Gives modules their state, when all is read; left out where modules are only counted. */
  restore?(module: Module, state: unknown): void;
}

// What one file may hold, counted in values of 8 bytes: a guard against small files that fill the memory.
const most_values = 2 ** 26;
const cost = { mark: 4, list: 4, dict: 8, tensor: 8, module: 64 };

// The attributes of modules that hold their members.
const members = new Set(['_parameters', '_buffers', '_modules', '_keys']);

function python_kind(value: unknown): string {
  if (value instanceof PickledDict) return 'dict';
  if (value instanceof Set) return 'set';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return Array.isArray(Object.getPrototypeOf(value)) ? 'list' : kind_of(value);
  if (value instanceof PickledFunction || value instanceof PickledName || value instanceof PickledClass)
    return value.name;
  return kind_of(value);
}

/** @throws Error for what Python does not take for a key of a dictionary or an element of a set */
export function check_hashable(key: unknown): void {
  const kind = python_kind(key);
  if (['dict', 'set', 'list'].includes(kind)) throw new Error(`unhashable type: '${kind}'`);
}

export class Unpickler {
  private stack: unknown[] = [];
  private readonly marked: unknown[][] = [];
  private readonly memo = new Map<number, unknown>();
  /** All containers, which are converted once at the end, without recursion. */
  private readonly containers: (unknown[] | PickledDict)[] = [];
  private readonly made_by_user = new WeakSet<object>();
  /** Modules, and the states that are set on them at the end. */
  private readonly bare = new Set<Module>();
  private readonly states: [Module, unknown][] = [];
  private left = most_values;

  constructor(
    private readonly reader: PickleReader,
    private readonly surroundings: Surroundings,
  ) {}

  /** Counts values that are made. @throws Error when they are too many */
  spend(values: number): void {
    this.left -= values;
    if (this.left < 0) throw new Error(`it holds more than ${most_values} values`);
  }

  /** The next object of the pickle. */
  load(): unknown {
    try {
      for (;;) {
        const op = this.reader.next();
        if (op === Op.STOP) break;
        this.run(op);
      }
      return this.settle_all(this.pop());
    } catch (error) {
      if (!types.isNativeError(error) || is_foreign(error) || error.message.startsWith('load(): ')) throw error;
      throw new Error(`load(): ${error.message} (at byte ${this.reader.start} of the pickle)`, { cause: error });
    }
  }

  private push(value: unknown): void {
    this.spend(1);
    this.stack.push(value);
  }

  private pop(): unknown {
    if (this.stack.length === 0) throw this.reader.fail('it takes a value from an empty stack');
    return this.stack.pop();
  }

  private top(): unknown {
    if (this.stack.length === 0) throw this.reader.fail('it looks at an empty stack');
    return this.stack[this.stack.length - 1];
  }

  private pop_mark(): unknown[] {
    const items = this.stack;
    const before = this.marked.pop();
    if (before === undefined) throw this.reader.fail('it returns to a mark that was never set');
    this.stack = before;
    return items;
  }

  private push_tuple(items: Iterable<unknown>): void {
    const tuple = Tuple.from(items);
    this.spend(cost.list + tuple.length);
    this.containers.push(tuple);
    this.push(tuple);
  }

  private push_list(list: unknown[]): void {
    this.spend(cost.list + list.length);
    this.containers.push(list);
    this.push(list);
  }

  private add_items(items: readonly unknown[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw this.reader.fail(`Can only add items to sets, but got ${python_kind(set)}`);
    this.spend(items.length);
    for (const item of items) {
      check_hashable(item);
      set.add(item);
    }
  }

  private stack_global(): void {
    const name = this.pop();
    const module = this.pop();
    if (typeof name !== 'string' || typeof module !== 'string') throw this.reader.fail('STACK_GLOBAL requires str');
    this.push(this.surroundings.find(module, name));
  }

  private pop_arguments(): Tuple {
    const args = this.pop();
    if (!(args instanceof Tuple)) {
      throw this.reader.fail(`arguments of a call must be a tuple, not ${python_kind(args)}`);
    }
    return args;
  }

  private run(op: Op): void {
    const { argument, name } = this.reader;
    switch (op) {
      case Op.PROTO:
        break;
      case Op.NONE:
        this.push(null);
        break;
      case Op.NEWTRUE:
        this.push(true);
        break;
      case Op.NEWFALSE:
        this.push(false);
        break;
      case Op.BININT:
      case Op.BININT1:
      case Op.BININT2:
      case Op.BINFLOAT:
      case Op.LONG1:
      case Op.BINUNICODE:
      case Op.INT:
      case Op.LONG:
      case Op.FLOAT:
      case Op.UNICODE:
      case Op.LONG4:
      case Op.SHORT_BINUNICODE:
      case Op.BINUNICODE8:
        this.push(argument);
        break;
      case Op.SHORT_BINSTRING:
      case Op.STRING:
      case Op.BINSTRING:
      case Op.BINBYTES:
      case Op.SHORT_BINBYTES:
      case Op.BINBYTES8:
      case Op.BYTEARRAY8:
        if (argument instanceof Uint8Array) this.spend(Math.ceil(argument.length / 8));
        this.push(argument);
        break;
      case Op.POP:
        if (this.stack.length === 0) this.pop_mark();
        else this.stack.pop();
        break;
      case Op.POP_MARK:
        this.pop_mark();
        break;
      case Op.DUP:
        this.push(this.top());
        break;
      case Op.MARK:
        this.spend(cost.mark);
        this.marked.push(this.stack);
        this.stack = [];
        break;
      case Op.EMPTY_LIST:
        this.push_list([]);
        break;
      case Op.LIST:
        this.push_list(this.pop_mark());
        break;
      case Op.EMPTY_DICT:
        this.push(this.new_dict(false));
        break;
      case Op.DICT: {
        const items = this.pop_mark();
        this.push(this.new_dict(false));
        this.set_items(items);
        break;
      }
      case Op.EMPTY_SET:
        this.push(new Set());
        break;
      case Op.ADDITEMS:
        this.add_items(this.pop_mark());
        break;
      case Op.FROZENSET: {
        const items = this.pop_mark();
        this.push(new Set());
        this.add_items(items);
        break;
      }
      case Op.EMPTY_TUPLE:
        this.push_tuple([]);
        break;
      case Op.TUPLE:
        this.push_tuple(this.pop_mark());
        break;
      case Op.TUPLE1:
        this.push_tuple(this.pop_last(1));
        break;
      case Op.TUPLE2:
        this.push_tuple(this.pop_last(2));
        break;
      case Op.TUPLE3:
        this.push_tuple(this.pop_last(3));
        break;
      case Op.APPEND:
        this.append([this.pop()]);
        break;
      case Op.APPENDS:
        this.append(this.pop_mark());
        break;
      case Op.SETITEM:
        this.set_items(this.pop_last(2));
        break;
      case Op.SETITEMS:
        this.set_items(this.pop_mark());
        break;
      case Op.BINPUT:
      case Op.LONG_BINPUT:
      case Op.PUT:
        this.memo.set(argument as number, this.top());
        break;
      case Op.MEMOIZE:
        this.memo.set(this.memo.size, this.top());
        break;
      case Op.BINGET:
      case Op.LONG_BINGET:
      case Op.GET:
        if (!this.memo.has(argument as number))
          throw this.reader.fail(`nothing is remembered under ${String(argument)}`);
        this.push(this.memo.get(argument as number));
        break;
      case Op.GLOBAL:
        this.push(this.surroundings.find(argument as string, name));
        break;
      case Op.STACK_GLOBAL:
        this.stack_global();
        break;
      case Op.REDUCE:
        this.reduce();
        break;
      case Op.NEWOBJ:
        this.new_object();
        break;
      case Op.NEWOBJ_EX: {
        const named = this.pop();
        if (!(named instanceof PickledDict) || named.keys.length > 0) {
          throw this.reader.fail('objects whose class takes arguments by name are not supported');
        }
        this.new_object();
        break;
      }
      case Op.INST: {
        const args = Tuple.from(this.pop_mark());
        this.push(this.call(this.surroundings.find(argument as string, name), args));
        break;
      }
      case Op.OBJ: {
        const [callee, ...args] = this.pop_mark();
        this.push(this.call(callee, Tuple.from(args)));
        break;
      }
      case Op.PERSID:
        throw this.reader.fail('protocol 0 cannot hold tensors');
      case Op.FRAME:
        break;
      case Op.BUILD:
        this.build();
        break;
      case Op.BINPERSID:
        this.persistent_load();
        break;
      case Op.STOP:
        break;
    }
  }

  /** A dictionary that is settled at the end. */
  new_dict(ordered: boolean): PickledDict {
    const dict = new PickledDict(ordered);
    this.spend(cost.dict);
    this.containers.push(dict);
    return dict;
  }

  private pop_last(count: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.pop());
    return items;
  }

  private append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || python_kind(list) !== 'list') {
      throw this.reader.fail(`Can only append to lists, but got ${python_kind(list)}`);
    }
    this.spend(items.length);
    for (const item of items) list.push(item);
  }

  private set_items(items: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof PickledDict)) {
      throw this.reader.fail(
        `Can only set items of dict, collections.OrderedDict, collections.Counter, but got ${python_kind(dict)}`,
      );
    }
    if (items.length % 2 !== 0) throw this.reader.fail('a key of a dictionary has no value');
    this.spend(items.length);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  private persistent_load(): void {
    const id = this.pop();
    if (!(id instanceof Tuple)) {
      throw this.reader.fail(`persistent_load id must be a tuple, but got ${python_kind(id)}`);
    }
    if (id[0] === 'module' && (id[1] instanceof PickledClass || id[1] instanceof PickledFunction)) {
      // The format before zip archives has a class with its source, which is ignored.
      this.push(id[1]);
      return;
    }
    if (id[0] !== 'storage') {
      throw this.reader.fail(
        'Only persistent_load of storage is allowed, but got ' +
          (typeof id[0] === 'string' ? id[0] : python_kind(id[0])),
      );
    }
    this.spend(cost.tensor);
    this.push(this.surroundings.storage(id));
  }

  private call(callee: unknown, args: Tuple): unknown {
    if (!(callee instanceof PickledFunction)) {
      throw this.reader.fail(`Trying to call reduce for unrecognized function ${python_kind(callee)}`);
    }
    const result = callee.registered
      ? as_foreign(() => callee.call(this.settled(args) as Tuple, this))
      : callee.call(args, this);
    if (result instanceof Tensor) this.spend(cost.tensor);
    if (callee.registered && typeof result === 'object' && result !== null) this.made_by_user.add(result);
    if (Array.isArray(result) || result instanceof Set) this.spend(Array.isArray(result) ? result.length : result.size);
    return result;
  }

  private reduce(): void {
    const args = this.pop_arguments();
    this.push(this.call(this.pop(), args));
  }

  private new_object(): void {
    const args = this.pop_arguments();
    const kind = this.pop();
    if (kind instanceof PickledClass && args.length === 0) {
      this.push(this.new_module(kind));
      return;
    }
    if (kind instanceof PickledOpaqueClass && args.length === 0) {
      this.spend(cost.dict);
      this.push(new PythonObject(kind.module, kind.name, null));
      return;
    }
    const is_class =
      kind instanceof PickledFunction &&
      (kind.registered || kind.name === 'torch.nn.parameter.Parameter' || kind.name === JOIN_CONFIG);
    if (!is_class) {
      throw this.reader.fail(
        'Can only create new object for nn.Parameter or classes allowlisted via add_safe_globals but got ' +
          python_kind(kind),
      );
    }
    this.push(this.call(kind, args));
  }

  /** A module of a class; its state follows. */
  new_module(kind: PickledClass): Module {
    this.spend(cost.module);
    const module = bare_module(kind.itself.prototype as object);
    this.bare.add(module);
    return module;
  }

  private build(): void {
    const state = this.pop();
    const object = this.top();
    if (object instanceof PythonObject) return;
    if (object instanceof PickledObject) {
      object.set_state(state);
      return;
    }
    if (object instanceof Module && this.bare.delete(object)) {
      this.states.push([object, state]);
      return;
    }
    if (object instanceof PickledDict && object.ordered) {
      if (state instanceof PickledDict) object.attributes = state;
      else if (state !== null) throw this.reader.fail(`attributes must be a dict, but got ${python_kind(state)}`);
      return;
    }
    if (typeof object !== 'object' || object === null || !this.made_by_user.has(object)) {
      throw this.reader.fail(
        `Can only build OrderedDict or types allowlisted via add_safe_globals, but got ${python_kind(object)}`,
      );
    }
    set_state(object, this.settled(state));
  }

  // ---- Final values -----------------------------------------------------------------------------

  /** The value as the user gets it. */
  private final(value: unknown): unknown {
    if (value instanceof PickledDict) return value.settled;
    if (value instanceof PickledClass) return value.itself;
    if (value instanceof PickledObject) return value.made();
    if (value instanceof PickledFunction && value.itself !== undefined) return value.itself;
    if (value instanceof PickledFunction || value instanceof PickledName || value instanceof PickledOpaqueClass) {
      throw new Error(`the Python object ${value.name} stands by itself in the file; there is nothing like it here`);
    }
    return this.surroundings.finish(value);
  }

  private settle_all(result: unknown): unknown {
    for (const container of this.containers) {
      if (container instanceof PickledDict) container.settled ??= new_settled(container);
    }
    for (const container of this.containers) this.fill(container);
    this.containers.length = 0;
    // Submodules are complete before the modules that contain them, except in cycles.
    for (const [module, state] of this.states) this.surroundings.restore?.(module, this.state_of(state));
    return this.final(result);
  }

  /** The state of a module: dictionaries of members as Maps, since objects would sort names that are numbers. */
  private state_of(state: unknown): unknown {
    if (!(state instanceof PickledDict)) return this.final(state);
    const entries = state.keys.map((key, i): [unknown, unknown] => {
      const value = state.values[i];
      const ordered = value instanceof PickledDict && typeof key === 'string' && members.has(key);
      return [
        this.final(key),
        ordered
          ? new Map(value.keys.map((name, j): [unknown, unknown] => [this.final(name), this.final(value.values[j])]))
          : this.final(value),
      ];
    });
    return new Map(entries);
  }

  private fill(container: unknown[] | PickledDict): void {
    if (container instanceof PickledDict) {
      if (container.filled) return;
      container.filled = true;
      const settled = container.settled as object;
      container.keys.forEach((key, i) => put(settled, this.final(key), this.final(container.values[i])));
      const { attributes } = container;
      attributes?.keys.forEach((key, i) => {
        if (typeof key !== 'string' || Object.hasOwn(settled, key)) return;
        const value = this.final(attributes.values[i]);
        Object.defineProperty(settled, key, { value, writable: true, configurable: true });
      });
      return;
    }
    for (let i = 0; i < container.length; i++) {
      const item = container[i];
      // Tuples of arguments hold names and functions, which are not for the user.
      if (container instanceof Tuple && (item instanceof PickledFunction || item instanceof PickledName)) continue;
      container[i] = this.final(item);
    }
  }

  /** The final form of a value before the end: for a function of the user, or for attributes of a tensor. */
  settled(value: unknown): unknown {
    this.settle(value);
    return this.final(value);
  }

  private settle(root: unknown): void {
    const waiting: unknown[] = [root];
    const reached = new Set<unknown[] | PickledDict>();
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (!Array.isArray(value) && !(value instanceof PickledDict)) continue;
      if (reached.has(value)) continue;
      reached.add(value);
      const inner = value instanceof PickledDict ? [...value.keys, ...value.values, value.attributes] : value;
      this.spend(inner.length);
      for (const item of inner) waiting.push(item);
    }
    const dicts = [...reached].filter((value): value is PickledDict => value instanceof PickledDict);
    for (const dict of dicts) dict.settled ??= new_settled(dict);
    for (const value of reached) this.fill(value);
  }
}

/** An object when all keys are texts, else a Map. */
function new_settled(dict: PickledDict): object {
  const settled = dict.keys.every((key) => typeof key === 'string') ? {} : new Map<unknown, unknown>();
  return dict.ordered ? ordered_dict(settled) : settled;
}

function put(settled: object, key: unknown, value: unknown): void {
  if (settled instanceof Map) settled.set(key, value);
  else if (key === '__proto__') {
    Object.defineProperty(settled, key, { value, writable: true, enumerable: true, configurable: true });
  } else (settled as Record<string, unknown>)[key as string] = value;
}

function set_state(object: object, state: unknown): void {
  const { __setstate__ } = object as { __setstate__?: unknown };
  if (typeof __setstate__ === 'function') {
    as_foreign(() => {
      (__setstate__ as (state: unknown) => void).call(object, state);
    });
    return;
  }
  const parts = state instanceof Tuple && state.length === 2 ? state : [state];
  for (const part of parts) {
    if (part === null) continue;
    if (typeof part !== 'object') throw new Error(`the state of an object must be a dict, but got ${kind_of(part)}`);
    const entries = part instanceof Map ? [...part] : Object.entries(part as object);
    for (const [key, value] of entries) put(object, String(key), value);
  }
}
