/** Dicts, lists and values that processes share: `torch.multiprocessing.Manager`. They lie in memory that all map; there is no process that keeps them. */
import { ftruncateSync, readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

import { native } from '../_C/native.js';
import { kind_of } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';
import { python_repr } from '../python/print.js';
import { Tuple } from '../python/values.js';
import { forgotten, read_at, write_at } from './descriptors.js';
import {
  check_system,
  copy_of,
  shared_descriptor,
  shared_file,
  value_of_copy,
  Words,
  type FileState,
  type WordsState,
} from './process_memory.js';
import { JoinableQueue, Queue } from './queues.js';
import { subscripts } from './shared_values.js';
import { Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore } from './synchronize.js';

interface ManagedState {
  readonly words: WordsState;
  readonly file: FileState;
}

/** Whether a process has ended, though its parent may not have asked for its exit code. */
function has_ended(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return 'ZX'.includes(stat[stat.lastIndexOf(')') + 2]!);
  } catch {
    return true;
  }
}

/** How often it is looked whether the process that has the lock is alive, in milliseconds. */
const LOOK = 200;

// Words: the process that has the lock, and how many wait for it.
const OWNER = 0;
const WAITING = 1;

// A file begins with where the content is, and how long that is.
const HEADER = 16;

/** A value of V8 in a file without a name, with a lock. A process that dies at any time leaves both of use for the others. */
abstract class Managed<C> {
  /** @internal */
  _words: Words;
  /** @internal */
  _fd: number;

  /** @internal */
  constructor(content: C) {
    this._words = Words.zeros(2);
    this._words.managed = true;
    this._fd = native.memory_file();
    forgotten.register(this, this._fd);
    write_at(this._fd, new Uint8Array(HEADER), 0);
    this.write(content);
  }

  /** @internal */
  __getstate__(): ManagedState {
    const kind = this.constructor.name;
    return { words: this._words.state(kind), file: shared_descriptor(this._fd, kind, true) };
  }

  /** @internal */
  __setstate__({ words, file }: ManagedState): void {
    this._words = Words.of(words);
    this._fd = shared_file(file, this.constructor.name);
    forgotten.register(this, this._fd);
  }

  private place(): readonly [start: number, length: number] {
    const header = read_at(this._fd, HEADER, 0);
    return [header.readDoubleLE(0), header.readDoubleLE(8)];
  }

  private read(): C {
    const [start, length] = this.place();
    return deserialize(read_at(this._fd, length, start)) as C;
  }

  /** Writes beside what is there, which counts until the header, written at once, names the new place. */
  private write(content: C): void {
    const bytes = serialize(content);
    const [old_start, old_length] = this.place();
    const start = bytes.length <= old_start - HEADER ? HEADER : Math.max(HEADER, old_start + old_length);
    write_at(this._fd, bytes, start);
    const header = Buffer.alloc(HEADER);
    header.writeDoubleLE(start, 0);
    header.writeDoubleLE(bytes.length, 8);
    write_at(this._fd, header, 0);
    ftruncateSync(this._fd, start + bytes.length);
  }

  private take(): void {
    const words = this._words;
    for (;;) {
      const owner = words.load(OWNER);
      if (owner === 0) {
        if (words.exchange(OWNER, 0, process.pid)) return;
        continue;
      }
      words.add(WAITING, 1);
      words.wait(OWNER, owner, performance.now() + LOOK);
      words.add(WAITING, -1);
      if (words.load(OWNER) === owner && has_ended(owner) && words.exchange(OWNER, owner, process.pid)) return;
    }
  }

  private locked<T>(run: () => T): T {
    this.take();
    try {
      return run();
    } finally {
      this._words.store(OWNER, 0);
      if (this._words.load(WAITING) > 0) this._words.wake(OWNER, 1);
    }
  }

  /** @internal What it holds now. */
  _read<T>(run: (content: C) => T): T {
    return this.locked(() => run(this.read()));
  }

  /** @internal */
  _replace(content: C): void {
    this.locked(() => {
      this.write(content);
    });
  }

  /** @internal Changes what it holds, unless that throws. */
  _change<T>(run: (content: C) => T): T {
    return this.locked(() => {
      const content = this.read();
      const result = run(content);
      this.write(content);
      return result;
    });
  }
}

/** What the keys of a {@link DictProxy} may be. */
export type Key = string | number | bigint | boolean | null;

type Pairs<V> = Iterable<readonly [Key, V]> | Readonly<Record<string, V>>;

function key_of(key: unknown): Key {
  if (key === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof key)) return key as Key;
  throw new TypeError('DictProxy: a key must be a string, a number, a boolean or null');
}

function pairs_of(callee: string, given: unknown): [Key, unknown][] {
  if (is_plain_object(given)) return Object.entries(given);
  if (typeof (given as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') {
    return [...(given as Iterable<unknown>)].map((pair, i) => {
      if (Array.isArray(pair) && pair.length === 2) return [key_of(pair[0]), pair[1] as unknown];
      throw new TypeError(`${callee}(): element #${i} must be a pair of a key and a value, not ${kind_of(pair)}`);
    });
  }
  throw new TypeError(`${callee}(): expected a dict, a Map or pairs of keys and values`);
}

const one_key = (callee: string) => method_signature<{ key: unknown }>(`DictProxy.${callee}`, 'key: any');
const key_and_default = (callee: string) =>
  method_signature<{ key: unknown; default?: unknown }>(`DictProxy.${callee}`, 'key: any, default?: any');
const DICT = {
  get: key_and_default('get'),
  pop: key_and_default('pop'),
  setdefault: key_and_default('setdefault'),
  has: one_key('has'),
  delete: one_key('delete'),
  set: method_signature<{ key: unknown; value: unknown }>('DictProxy.set', 'key: any, value: any'),
  update: method_signature<{ other: unknown }>('DictProxy.update', 'other: any'),
};

const missing = (key: unknown): Error => Object.assign(new Error(python_repr(key)), { name: 'KeyError' });

/**
 * A dict that processes share, as {@link SyncManager.dict} makes it: each call takes a lock, and values are copied in and out. Python's `d[key]` is
 * `d.get(key)`, `d[key] = value` is `d.set(key, value)`, `key in d` is `d.has(key)`, `del d[key]` is `d.delete(key)` and `len(d)` is `d.size`.
 */
export class DictProxy<V = unknown> extends Managed<Map<Key, Uint8Array>> implements Iterable<Key> {
  /** @internal */
  constructor(pairs: readonly (readonly [Key, unknown])[]) {
    super(new Map(pairs.map(([key, value]) => [key, copy_of(value)])));
  }

  /** A value; `default`, by default null, where the key is not there. */
  get<D = null>(key: Key, ...by_default: [default_?: D]): V | D;
  get(...args: unknown[]): unknown {
    const { key, default: otherwise = null } = DICT.get.read(args);
    const found = this._read((content) => content.get(key_of(key)));
    return found === undefined ? otherwise : value_of_copy(found);
  }

  /** Sets a value. */
  set(key: Key, value: V): this;
  set(...args: unknown[]): this {
    if (args.length !== 2) DICT.set.read(args);
    const [key, copy] = [key_of(args[0]), copy_of(args[1])];
    this._change((content) => content.set(key, copy));
    return this;
  }

  /** Whether a key is there. */
  has(key: Key): boolean;
  has(...args: unknown[]): boolean {
    const key = key_of(DICT.has.read(args).key);
    return this._read((content) => content.has(key));
  }

  /** Removes a key, and says whether it was there. */
  delete(key: Key): boolean;
  delete(...args: unknown[]): boolean {
    const key = key_of(DICT.delete.read(args).key);
    return this._change((content) => content.delete(key));
  }

  /** How many keys there are. */
  get size(): number {
    return this._read(({ size }) => size);
  }

  /** Removes a key, and returns its value. @throws Error named KeyError where it is not there, and no `default` is given */
  pop<D>(key: Key, ...by_default: [default_?: D]): V | D;
  pop(...args: unknown[]): unknown {
    const { key, default: otherwise } = DICT.pop.read(args);
    const found = this._change((content) => {
      const copy = content.get(key_of(key));
      content.delete(key as Key);
      return copy;
    });
    if (found !== undefined) return value_of_copy(found);
    if (args.length < 2) throw missing(key);
    return otherwise;
  }

  /** Removes the last key, and returns it with its value. @throws Error named KeyError where there is none */
  popitem(...none: []): [Key, V] {
    no_arguments('popitem', none);
    const [key, copy] = this._change((content) => {
      const last = [...content].at(-1);
      if (last === undefined) throw missing('popitem(): dictionary is empty');
      content.delete(last[0]);
      return last;
    });
    return Tuple.from<Key | V>([key, value_of_copy(copy) as V]) as unknown as [Key, V];
  }

  /** The value of a key, which gets one where it has none. */
  setdefault(key: Key, default_?: V): V;
  setdefault(...args: unknown[]): V {
    const { key, default: otherwise = null } = DICT.setdefault.read(args);
    const copy = copy_of(otherwise);
    const found = this._change((content) => {
      const there = content.get(key_of(key)) ?? copy;
      content.set(key as Key, there);
      return there;
    });
    return value_of_copy(found) as V;
  }

  /** Sets the values of another dict, or of pairs. */
  update(other: Pairs<V>): void;
  update(...args: unknown[]): void {
    const pairs = pairs_of('DictProxy.update', DICT.update.read(args).other).map(
      ([key, value]) => [key, copy_of(value)] as const,
    );
    this._change((content) => {
      for (const [key, copy] of pairs) content.set(key, copy);
    });
  }

  /** Removes all. */
  clear(...none: []): void {
    no_arguments('clear', none);
    this._change((content) => {
      content.clear();
    });
  }

  /** What it holds, as a Map of this process. */
  copy(...none: []): Map<Key, V> {
    no_arguments('copy', none);
    return new Map(this.items());
  }

  /** The keys. */
  keys(...none: []): Key[] {
    no_arguments('keys', none);
    return this._read((content) => [...content.keys()]);
  }

  /** The values. */
  values(...none: []): V[] {
    no_arguments('values', none);
    return this.items().map(([, value]) => value);
  }

  /** Keys with values. */
  items(...none: []): [Key, V][] {
    no_arguments('items', none);
    return this._read((content) => [...content]).map(
      ([key, copy]) => Tuple.from<Key | V>([key, value_of_copy(copy) as V]) as unknown as [Key, V],
    );
  }

  [Symbol.iterator](): IterableIterator<Key> {
    return this.keys()[Symbol.iterator]();
  }

  /** As Python prints it. */
  override toString(): string {
    return python_repr(this.copy());
  }
}

const LIST = {
  append: method_signature<{ obj: unknown }>('ListProxy.append', 'obj: any'),
  extend: method_signature<{ iterable: Iterable<unknown> }>('ListProxy.extend', 'iterable: Iterable'),
  insert: method_signature<{ index: number; obj: unknown }>('ListProxy.insert', 'index: int, obj: any'),
  pop: method_signature<{ index?: number }>('ListProxy.pop', 'index?: int'),
};

function place_in(content: readonly unknown[], index: number, text: string): number {
  const place = index < 0 ? index + content.length : index;
  if (place < 0 || place >= content.length) throw new RangeError(text);
  return place;
}

/**
 * A list that processes share, as {@link SyncManager.list} makes it: each call takes a lock, and values are copied in and out. `list[0]`, `list[-1]`,
 * `list.length`; `list[:]` is `list.tolist()`.
 */
export class ListProxy<T = unknown> extends Managed<Uint8Array[]> implements Iterable<T> {
  [index: number]: T;

  /** @internal */
  constructor(items: readonly unknown[]) {
    super(items.map(copy_of));
  }

  /** @internal */
  _get(index: number): T {
    const found = this._read((content) => content[place_in(content, index, 'list index out of range')]!);
    return value_of_copy(found) as T;
  }

  /** @internal */
  _set(index: number, value: unknown): void {
    const copy = copy_of(value);
    this._change((content) => {
      content[place_in(content, index, 'list assignment index out of range')] = copy;
    });
  }

  /** How many there are. */
  get length(): number {
    return this._read(({ length }) => length);
  }

  /** Appends a value. */
  append(obj: T): void;
  append(...args: unknown[]): void {
    if (args.length !== 1) LIST.append.read(args);
    const copy = copy_of(args[0]);
    this._change((content) => content.push(copy));
  }

  /** Appends values. */
  extend(iterable: Iterable<T>): void;
  extend(...args: unknown[]): void {
    const copies = [...LIST.extend.read(args).iterable].map(copy_of);
    this._change((content) => content.push(...copies));
  }

  /** Puts a value before another one. */
  insert(index: number, obj: T): void;
  insert(...args: unknown[]): void {
    const { index } = LIST.insert.read(args.length > 1 ? [args[0], null, ...args.slice(2)] : args);
    const copy = copy_of(args[1]);
    this._change((content) => content.splice(Number(index), 0, copy));
  }

  /** Removes a value, by default the last one, and returns it. @throws RangeError where there is none */
  pop(index?: number): T;
  pop(...args: unknown[]): T {
    const { index = -1 } = LIST.pop.read(args);
    const copy = this._change((content) => {
      const text = content.length === 0 ? 'pop from empty list' : 'pop index out of range';
      return content.splice(place_in(content, Number(index), text), 1)[0]!;
    });
    return value_of_copy(copy) as T;
  }

  /** Turns the order around. */
  reverse(...none: []): void {
    no_arguments('reverse', none);
    this._change((content) => {
      content.reverse();
    });
  }

  /** All values, as `list[:]` in Python. */
  tolist(...none: []): T[] {
    no_arguments('tolist', none);
    return this._read((content) => content).map((copy) => value_of_copy(copy) as T);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.tolist()[Symbol.iterator]();
  }

  /** As Python prints it. */
  override toString(): string {
    return python_repr(this.tolist());
  }
}
Object.setPrototypeOf(ListProxy.prototype, subscripts(Managed.prototype));

/** A value that processes share, as {@link SyncManager.Value} makes it. Python's `v.value += 1` is two steps, here too. */
export class ValueProxy<T = unknown> extends Managed<Uint8Array> {
  /** @internal */
  constructor(
    /** @internal */
    readonly _typecode: string,
    value: unknown,
  ) {
    super(copy_of(value));
  }

  /** @internal */
  override __getstate__(): ManagedState & { typecode: string } {
    return { ...super.__getstate__(), typecode: this._typecode };
  }

  /** @internal */
  override __setstate__({ typecode, ...state }: ManagedState & { typecode: string }): void {
    super.__setstate__(state);
    Object.assign(this, { _typecode: typecode });
  }

  /** The value. */
  get value(): T {
    return value_of_copy(this._read((content) => content)) as T;
  }

  set value(value: T) {
    this.set(value);
  }

  /** The value. */
  get(...none: []): T {
    no_arguments('get', none);
    return this.value;
  }

  /** Sets the value. */
  set(value: T): void;
  set(...args: unknown[]): void {
    if (args.length !== 1) SET.read(args);
    this._replace(copy_of(args[0]));
  }

  /** As Python prints it. */
  override toString(): string {
    return `Value(${python_repr(this._typecode)}, ${python_repr(this.value)})`;
  }
}
const SET = method_signature<{ value: unknown }>('ValueProxy.set', 'value: any');

const CALLS = {
  Manager: signature<object>('Manager', ''),
  Value: method_signature<{ typecode: string; value: unknown }>('SyncManager.Value', 'typecode: str, value: any'),
  list: method_signature<{ sequence?: Iterable<unknown> }>('SyncManager.list', 'sequence?: Iterable'),
};

/** Marks what synchronizes, so that it goes to processes that run too. */
function managed<T extends { _words: Words }>(made: T): T {
  made._words.managed = true;
  return made;
}

function managed_queue<T extends Queue>(queue: T): T {
  queue._open().words.managed = true;
  return queue;
}

/** What {@link Manager} returns. Mirrors `multiprocessing.managers.SyncManager`. */
export class SyncManager {
  private is_open = true;

  /** @internal use {@link Manager} */
  constructor(...none: unknown[]) {
    no_arguments('SyncManager', none);
    check_system('Manager');
  }

  private check(): void {
    if (!this.is_open) throw new Error('Manager: it has been shut down');
  }

  /** A dict: of an object, a Map or pairs, or an empty one. */
  dict<V = unknown>(...args: [pairs?: Pairs<V>]): DictProxy<V> {
    this.check();
    if (args.length > 1) DICT.update.read(args);
    return new DictProxy<V>(args.length === 0 ? [] : pairs_of('SyncManager.dict', args[0]));
  }

  /** A list: of values, or an empty one. */
  list<T = unknown>(...args: [sequence?: Iterable<T>]): ListProxy<T> {
    this.check();
    return new ListProxy<T>([...(CALLS.list.read(args).sequence ?? [])]);
  }

  /** A value of any kind; the letter for its type is kept and not used, as in Python. */
  Value<T = unknown>(typecode: string, value: T): ValueProxy<T>;
  Value(...args: unknown[]): ValueProxy {
    this.check();
    const { typecode } = CALLS.Value.read([args[0], ...(args.length > 1 ? [null] : []), ...args.slice(2)]);
    return new ValueProxy(typecode, args[1]);
  }

  /** As {@link Queue}, for processes that run too, such as those of a `Pool`. Tensors are copied. */
  Queue<T = unknown>(...args: ConstructorParameters<typeof Queue>): Queue<T> {
    this.check();
    return managed_queue(new Queue<T>(...args));
  }

  /** As {@link JoinableQueue}, for processes that run too. */
  JoinableQueue<T = unknown>(...args: ConstructorParameters<typeof JoinableQueue>): JoinableQueue<T> {
    this.check();
    return managed_queue(new JoinableQueue<T>(...args));
  }

  /** As {@link Lock}, for processes that run too. */
  Lock(...args: []): Lock {
    this.check();
    return managed(new Lock(...args));
  }

  /** As {@link RLock}, for processes that run too. */
  RLock(...args: []): RLock {
    this.check();
    return managed(new RLock(...args));
  }

  /** As {@link Event}, for processes that run too. */
  Event(...args: []): Event {
    this.check();
    return managed(new Event(...args));
  }

  /** As {@link Semaphore}, for processes that run too. */
  Semaphore(...args: ConstructorParameters<typeof Semaphore>): Semaphore {
    this.check();
    return managed(new Semaphore(...args));
  }

  /** As {@link BoundedSemaphore}, for processes that run too. */
  BoundedSemaphore(...args: ConstructorParameters<typeof BoundedSemaphore>): BoundedSemaphore {
    this.check();
    return managed(new BoundedSemaphore(...args));
  }

  /** As {@link Condition}, for processes that run too, on a lock of this manager. */
  Condition(...args: ConstructorParameters<typeof Condition>): Condition {
    this.check();
    const made = managed(new Condition(...args));
    managed(made._lock);
    return made;
  }

  /** As {@link Barrier}, for processes that run too. */
  Barrier(parties: number, action?: (() => void) | null, timeout?: number | null): Barrier;
  Barrier(...args: unknown[]): Barrier {
    this.check();
    const made = managed(new Barrier(...(args as [number])));
    managed(managed(made._condition)._lock);
    return made;
  }

  /** Ends the manager; it makes no more objects. Those that are there can be used. */
  shutdown(...none: []): void {
    no_arguments('shutdown', none);
    this.is_open = false;
  }

  [Symbol.dispose](): void {
    this.shutdown();
  }
}

/**
 * Makes dicts, lists, values, queues and locks that processes share, and that may be sent to processes that run, as those of a `Pool`. Mirrors
 * `torch.multiprocessing.Manager`. Python keeps them in a process of their own; here they lie in shared memory, and the process that
 * sends one must keep it until it has been received. Values are copied, tensors too. A call takes some microseconds for a few values; it reads and
 * writes the whole dict or list, so that one of thousands of values is better a `Queue` or a tensor.
 *
 * @returns a {@link SyncManager}; `using manager = Manager()` is Python's `with`
 * @example
 * ```ts
 * using manager = torch.multiprocessing.Manager();
 * const results = manager.dict<number | torch.Tensor>({ a: 1 });
 * const losses = manager.list([0.5]);
 * results.set('b', torch.ones(2));
 * losses.append(0.25);
 * print(results, losses, losses[-1], results.size);
 * ```
 * ```python
 * manager = torch.multiprocessing.Manager()
 * results = manager.dict({'a': 1})
 * losses = manager.list([0.5])
 * results['b'] = torch.ones(2)
 * losses.append(0.25)
 * print(results, losses, losses[-1], len(results))
 * ```
 */
export function Manager(): SyncManager;
export function Manager(...args: unknown[]): SyncManager {
  CALLS.Manager.read(args);
  return new SyncManager();
}
