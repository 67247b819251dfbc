/** Python's `collections`: deque, namedtuple, defaultdict, Counter, OrderedDict. */
import { signature, method_signature } from '../_internal/signature.js';
import { kind_of } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_repr } from './print.js';
import { ordered_dict, Tuple } from './values.js';

const inspect = Symbol.for('nodejs.util.inspect.custom');

// --- deque -----------------------------------------------------------------------------------------

const DEQUE = {
  made: signature<{ iterable?: Iterable<unknown>; maxlen?: number | null }>(
    'deque',
    'iterable?: Iterable, maxlen?: int|None',
  ),
  append: method_signature<{ x: unknown }>('deque.append', 'x: any'),
  appendleft: method_signature<{ x: unknown }>('deque.appendleft', 'x: any'),
  extend: method_signature<{ iterable: Iterable<unknown> }>('deque.extend', 'iterable: Iterable'),
  extendleft: method_signature<{ iterable: Iterable<unknown> }>('deque.extendleft', 'iterable: Iterable'),
  rotate: method_signature<{ n?: number }>('deque.rotate', 'n?: int'),
  at: method_signature<{ index: number }>('deque.at', 'index: int'),
};

/**
 * A list that is changed at both ends; with `maxlen`, what is beyond it falls out at the other end. Mirrors
 * `collections.deque`.
 *
 * Elements are read by `at(index)` and by iteration; `length` is Python's `len`.
 *
 * @param iterable - the first elements
 * @param maxlen - how many it keeps; default null, all
 * @throws Error when `maxlen` is negative
 * @example
 * ```ts
 * import { collections } from 'torch-node/python';
 * const rewards = new collections.deque([1, 2, 3], { maxlen: 3 });
 * rewards.append(4);
 * print(rewards, rewards.length, rewards.at(-1));
 * ```
 * ```python
 * import collections
 * rewards = collections.deque([1, 2, 3], maxlen=3)
 * rewards.append(4)
 * print(rewards, len(rewards), rewards[-1])
 * ```
 */
export class deque<T = unknown> implements Iterable<T> {
  // A ring: `first` is the place of the first element.
  private items: (T | undefined)[] = new Array<T | undefined>(8);
  private first = 0;
  private count = 0;
  /** How many elements it keeps; null when all. */
  readonly maxlen: number | null;

  constructor(iterable?: Iterable<T>, maxlen?: number | null | { maxlen?: number | null });
  constructor(options: { maxlen: number | null });
  constructor(...args: unknown[]) {
    const { iterable = [], maxlen = null } = DEQUE.made.read(args);
    if (maxlen !== null && maxlen < 0) throw new Error('maxlen must be non-negative');
    this.maxlen = maxlen;
    for (const item of iterable as Iterable<T>) this.append(item);
  }

  /** The number of elements. */
  get length(): number {
    return this.count;
  }

  private place(index: number): number {
    return (this.first + index) % this.items.length;
  }

  private grow(): void {
    if (this.count < this.items.length) return;
    const items = [...this];
    items.length *= 2;
    this.items = items;
    this.first = 0;
  }

  /** Adds an element at the end. */
  append(x: T): void;
  append(...args: unknown[]): void {
    const { x } = args.length === 1 ? { x: args[0] } : DEQUE.append.read(args);
    if (this.maxlen === 0) return;
    if (this.count === this.maxlen) this.popleft();
    this.grow();
    this.items[this.place(this.count++)] = x as T;
  }

  /** Adds an element at the beginning. */
  appendleft(x: T): void;
  appendleft(...args: unknown[]): void {
    const { x } = args.length === 1 ? { x: args[0] } : DEQUE.appendleft.read(args);
    if (this.maxlen === 0) return;
    if (this.count === this.maxlen) this.pop();
    this.grow();
    this.first = (this.first + this.items.length - 1) % this.items.length;
    this.items[this.first] = x as T;
    this.count++;
  }

  /** Adds elements at the end. */
  extend(iterable: Iterable<T>): void;
  extend(...args: unknown[]): void {
    for (const x of [...(DEQUE.extend.read(args).iterable as Iterable<T>)]) this.append(x);
  }

  /** Adds elements at the beginning, one by one, so that the last comes first. */
  extendleft(iterable: Iterable<T>): void;
  extendleft(...args: unknown[]): void {
    for (const x of [...(DEQUE.extendleft.read(args).iterable as Iterable<T>)]) this.appendleft(x);
  }

  /** Takes the last element away. @throws RangeError when there is none */
  pop(...args: []): T;
  pop(...args: unknown[]): T {
    none('deque.pop', args);
    if (this.count === 0) throw new RangeError('pop from an empty deque');
    return this.taken(this.place(--this.count));
  }

  /** Takes the first element away. @throws RangeError when there is none */
  popleft(...args: []): T;
  popleft(...args: unknown[]): T {
    none('deque.popleft', args);
    if (this.count === 0) throw new RangeError('pop from an empty deque');
    const place = this.first;
    this.first = this.place(1);
    this.count--;
    return this.taken(place);
  }

  private taken(place: number): T {
    const x = this.items[place] as T;
    this.items[place] = undefined;
    return x;
  }

  /** Takes all elements away. */
  clear(...args: []): void;
  clear(...args: unknown[]): void {
    none('deque.clear', args);
    this.items = new Array<T | undefined>(8);
    this.first = 0;
    this.count = 0;
  }

  /** Moves elements from the end to the beginning; default 1, and the other way when negative. */
  rotate(n?: number): void;
  rotate(...args: unknown[]): void {
    const { n = 1 } = DEQUE.rotate.read(args);
    if (this.count === 0) return;
    const items = [...this];
    const by = ((n % items.length) + items.length) % items.length;
    this.clear();
    for (const x of [...items.slice(items.length - by), ...items.slice(0, items.length - by)]) this.append(x);
  }

  /** An element; Python's `d[index]`. @throws RangeError when there is none */
  at(index: number): T;
  at(...args: unknown[]): T {
    const { index } = DEQUE.at.read(args);
    if (index < -this.count || index >= this.count) throw new RangeError('deque index out of range');
    return this.items[this.place(index < 0 ? index + this.count : index)] as T;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let i = 0; i < this.count; i++) yield this.items[this.place(i)] as T;
  }

  /** Python's `repr`. */
  toString(): string {
    const maxlen = this.maxlen === null ? '' : `, maxlen=${this.maxlen}`;
    return `deque(${python_repr([...this])}${maxlen})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

const empty = new Map<string, ReturnType<typeof method_signature<object>>>();

function none(callee: string, args: readonly unknown[]): void {
  if (args.length === 0) return;
  let read = empty.get(callee);
  if (read === undefined) empty.set(callee, (read = method_signature(callee, '')));
  read.read(args);
}

// --- namedtuple ------------------------------------------------------------------------------------

/** A tuple whose elements have names too. */
export type NamedTuple<F extends string, T extends readonly unknown[]> = Tuple<T[number]> & {
  readonly [K in F]: T[number];
} & {
  readonly _fields: readonly F[];
  /** The elements by name. */
  _asdict(): Record<F, T[number]>;
  /** A copy with other elements. */
  _replace(changes: Partial<Record<F, T[number]>>): NamedTuple<F, T>;
};

/** A class of tuples with named elements, which is called with or without `new`. */
export interface NamedTupleClass<F extends string> {
  new <T extends unknown[]>(...values: T): NamedTuple<F, T>;
  <T extends unknown[]>(...values: T): NamedTuple<F, T>;
  <T>(values: Readonly<Record<F, T>>): NamedTuple<F, T[]>;
  readonly _fields: readonly F[];
  /** One from as many elements. */
  _make<T>(iterable: Iterable<T>): NamedTuple<F, T[]>;
}

const NAMEDTUPLE = signature<{
  typename: string;
  field_names: string | readonly string[];
  defaults?: readonly unknown[] | null;
}>('namedtuple', 'typename: str, field_names: str|str[], *, defaults?: any[]|None');

/** The elements of a call: by position, and by name in a trailing object that has only names of elements. */
function elements_of(
  typename: string,
  fields: readonly string[],
  defaults: readonly unknown[],
  args: readonly unknown[],
): unknown[] {
  const last = args[args.length - 1];
  const named =
    is_plain_object(last) && Object.keys(last).length > 0 && Object.keys(last).every((key) => fields.includes(key));
  const by_name = (named ? last : {}) as Record<string, unknown>;
  const values = named ? args.slice(0, -1) : args;
  if (values.length > fields.length) {
    throw new TypeError(
      `${typename}.__new__() takes ${fields.length + 1} positional arguments but ${values.length + 1} were given`,
    );
  }
  const missing: string[] = [];
  const all = fields.map((field, i) => {
    if (i < values.length) {
      if (Object.hasOwn(by_name, field))
        throw new TypeError(`${typename}.__new__() got multiple values for argument '${field}'`);
      return values[i];
    }
    if (Object.hasOwn(by_name, field)) return by_name[field];
    const from_end = i - fields.length + defaults.length;
    if (from_end < 0) missing.push(`'${field}'`);
    return defaults[from_end];
  });
  if (missing.length > 0) {
    const listed =
      missing.length < 3
        ? missing.join(' and ')
        : `${missing.slice(0, -1).join(', ')}, and ${missing[missing.length - 1]}`;
    throw new TypeError(
      `${typename}.__new__() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${listed}`,
    );
  }
  return all;
}

/**
 * A class of tuples whose elements have names. Mirrors `collections.namedtuple`.
 *
 * @param typename - the name of the class
 * @param field_names - the names of the elements: a list, or one text with spaces or commas between them
 * @param options - `defaults`: of the last elements
 * @throws Error for a name that is used twice, begins with `_`, or is not an identifier
 * @example
 * ```ts
 * import { collections } from 'torch-node/python';
 * const Transition = collections.namedtuple('Transition', ['state', 'action', 'reward']);
 * const t = Transition(1, 0, 0.5);
 * const [state, action] = t;
 * print(t, t.reward, state, action);
 * ```
 * ```python
 * import collections
 * Transition = collections.namedtuple('Transition', ['state', 'action', 'reward'])
 * t = Transition(1, 0, 0.5)
 * state, action, _ = t
 * print(t, t.reward, state, action)
 * ```
 */
export function namedtuple<const F extends string>(
  typename: string,
  field_names: readonly F[],
  options?: { defaults?: readonly unknown[] | null },
): NamedTupleClass<F>;
export function namedtuple(
  typename: string,
  field_names: string,
  options?: { defaults?: readonly unknown[] | null },
): NamedTupleClass<string>;
export function namedtuple(...args: unknown[]): NamedTupleClass<string> {
  const { typename, field_names, defaults } = NAMEDTUPLE.read(args);
  const fields =
    typeof field_names === 'string' ? field_names.replaceAll(',', ' ').split(/\s+/).filter(Boolean) : [...field_names];
  fields.forEach((field, i) => {
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(field)) {
      throw new Error(`Type names and field names must be valid identifiers: ${python_repr(field)}`);
    }
    if (field.startsWith('_')) throw new Error(`Field names cannot start with an underscore: ${python_repr(field)}`);
    if (fields.indexOf(field) < i) throw new Error(`Encountered duplicate field name: ${python_repr(field)}`);
  });
  const last = defaults ?? [];
  if (last.length > fields.length) throw new TypeError('Got more default values than field names');

  const written = function (this: readonly unknown[]): string {
    return `${typename}(${fields.map((field, i) => `${field}=${python_repr(this[i])}`).join(', ')})`;
  };
  const prototype = Object.create(Tuple.prototype, {
    _fields: { value: Tuple.from(fields) },
    _asdict: {
      value(this: readonly unknown[]) {
        return Object.fromEntries(fields.map((field, i) => [field, this[i]]));
      },
    },
    _replace: {
      value(this: readonly unknown[], changes: Readonly<Record<string, unknown>>) {
        const unknown = Object.keys(changes).filter((key) => !fields.includes(key));
        if (unknown.length > 0) throw new Error(`Got unexpected field names: ${python_repr(unknown)}`);
        return made(fields.map((field, i) => (Object.hasOwn(changes, field) ? changes[field] : this[i])));
      },
    },
    toString: { value: written },
    [inspect]: { value: written },
    ...Object.fromEntries(
      fields.map((field, i) => [
        field,
        {
          get(this: readonly unknown[]) {
            return this[i];
          },
        },
      ]),
    ),
  }) as object;
  const made = (values: readonly unknown[]): Tuple => Object.setPrototypeOf(Tuple.from(values), prototype) as Tuple;

  function its_class(...values: unknown[]): Tuple {
    return made(elements_of(typename, fields, last, values));
  }
  its_class.prototype = prototype;
  Object.defineProperty(prototype, 'constructor', { value: its_class });
  Object.defineProperty(its_class, 'name', { value: typename });
  return Object.assign(its_class, {
    _fields: Tuple.from(fields),
    _make(iterable: Iterable<unknown>): Tuple {
      const values = [...iterable];
      if (values.length !== fields.length)
        throw new TypeError(`Expected ${fields.length} arguments, got ${values.length}`);
      return made(values);
    },
  }) as unknown as NamedTupleClass<string>;
}

// --- dictionaries ----------------------------------------------------------------------------------

/** What a dictionary is made of: a Map, an object, or pairs. */
export type Entries<K, V> = Iterable<readonly [K, V]> | Readonly<Record<string, V>>;

function entries_of(callee: string, given: unknown): [unknown, unknown][] {
  if (given === undefined || given === null) return [];
  if (is_plain_object(given)) return Object.entries(given);
  if (typeof (given as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
    throw new TypeError(`${callee}(): '${kind_of(given)}' object is not iterable`);
  }
  return [...(given as Iterable<[unknown, unknown]>)];
}

/**
 * A Map that makes what is missing when it is asked for. Mirrors `collections.defaultdict`: `d.get(key)` is Python's `d[key]`.
 *
 * @param default_factory - makes the value of a new key; null makes it an error
 * @param entries - a Map, an object or pairs to begin with
 * @example
 * ```ts
 * import { collections } from 'torch-node/python';
 * const groups = new collections.defaultdict<string, number[]>(() => []);
 * groups.get('a').push(1);
 * groups.get('a').push(2);
 * print(groups.get('a'), groups.has('b'));
 * ```
 * ```python
 * import collections
 * groups = collections.defaultdict(list)
 * groups['a'].append(1)
 * groups['a'].append(2)
 * print(groups['a'], 'b' in groups)
 * ```
 */
export class defaultdict<K = unknown, V = unknown> extends Map<K, V> {
  readonly default_factory: (() => V) | null;

  constructor(default_factory?: (() => V) | null, entries?: Entries<K, V>);
  constructor(...args: unknown[]) {
    const { default_factory = null, entries } = DEFAULTDICT.read(args);
    super();
    this.default_factory = default_factory as (() => V) | null;
    for (const [key, value] of entries_of('defaultdict', entries)) this.set(key as K, value as V);
  }

  /** The value of a key, made when it is missing. @throws RangeError when nothing makes it */
  override get(key: K): V {
    if (!this.has(key)) {
      if (this.default_factory === null) throw new RangeError(python_repr(key));
      this.set(key, this.default_factory());
    }
    return super.get(key) as V;
  }

  /** The pairs, in the order in which the keys came. */
  items(...args: []): IterableIterator<[K, V]>;
  items(...args: unknown[]): IterableIterator<[K, V]> {
    none('defaultdict.items', args);
    return this.entries();
  }

  /** Python's `repr`. */
  override toString(): string {
    return `defaultdict(${python_repr(this.default_factory)}, ${python_repr(new Map(this))})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

const DEFAULTDICT = signature<{ default_factory?: (() => unknown) | null; entries?: unknown }>(
  'defaultdict',
  'default_factory?: Callable|None, entries?: any',
);
const COUNTER = {
  made: signature<{ iterable?: unknown }>('Counter', 'iterable?: any'),
  update: method_signature<{ iterable?: unknown }>('Counter.update', 'iterable?: any'),
  subtract: method_signature<{ iterable?: unknown }>('Counter.subtract', 'iterable?: any'),
  most_common: method_signature<{ n?: number | null }>('Counter.most_common', 'n?: int|None'),
};

/** Each key of a Map as often as its count says. */
function* repeat<K>(counts: ReadonlyMap<K, number>): Generator<K, void, undefined> {
  for (const [key, count] of counts) for (let i = 0; i < count; i++) yield key;
}

/** How often each element is there. */
function counts_in(callee: string, given: unknown): [unknown, number][] {
  if (given instanceof Map || is_plain_object(given)) return entries_of(callee, given) as [unknown, number][];
  if (given === undefined || given === null) return [];
  if (typeof (given as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
    throw new TypeError(`'${kind_of(given)}' object is not iterable`);
  }
  return Array.from(given as Iterable<unknown>, (element) => [element, 1]);
}

/**
 * A Map of how often elements are there; those that are not are there 0 times. Mirrors `collections.Counter`.
 *
 * @param iterable - elements to count; or a Map or an object of counts
 * @example
 * ```ts
 * import { collections } from 'torch-node/python';
 * const words = new collections.Counter('a b a c a b'.split(' '));
 * print(words.most_common(2), words.get('z'));
 * ```
 * ```python
 * import collections
 * words = collections.Counter('a b a c a b'.split(' '))
 * print(words.most_common(2), words['z'])
 * ```
 */
export class Counter<K = unknown> extends Map<K, number> {
  constructor(iterable?: Iterable<K> | ReadonlyMap<K, number> | Readonly<Record<string, number>> | null);
  constructor(...args: unknown[]) {
    const { iterable } = COUNTER.made.read(args);
    super();
    for (const [key, count] of counts_in('Counter', iterable)) this.set(key as K, this.get(key as K) + count);
  }

  /** How often an element is there. */
  override get(key: K): number {
    return super.get(key) ?? 0;
  }

  /** Counts more elements, or adds counts. */
  update(iterable?: Iterable<K> | ReadonlyMap<K, number> | Readonly<Record<string, number>> | null): void;
  update(...args: unknown[]): void {
    for (const [key, count] of counts_in('Counter.update', COUNTER.update.read(args).iterable)) {
      this.set(key as K, this.get(key as K) + count);
    }
  }

  /** Subtracts elements, or counts. */
  subtract(iterable?: Iterable<K> | ReadonlyMap<K, number> | Readonly<Record<string, number>> | null): void;
  subtract(...args: unknown[]): void {
    for (const [key, count] of counts_in('Counter.subtract', COUNTER.subtract.read(args).iterable)) {
      this.set(key as K, this.get(key as K) - count);
    }
  }

  /** The elements and their counts, the most frequent first, those of one count in their order. @param n - default all */
  most_common(n?: number | null): Tuple<K | number>[];
  most_common(...args: unknown[]): Tuple<K | number>[] {
    const { n = null } = COUNTER.most_common.read(args);
    const sorted = [...this].sort(([, a], [, b]) => b - a);
    return sorted
      .slice(0, n === null ? undefined : Math.max(0, n))
      .map(([key, count]) => Tuple.of<K | number>(key, count));
  }

  /** Each element as often as it is there. */
  elements(...args: []): Generator<K, void, undefined>;
  elements(...args: unknown[]): Generator<K, void, undefined> {
    none('Counter.elements', args);
    return repeat(this);
  }

  /** The sum of all counts. */
  total(...args: []): number;
  total(...args: unknown[]): number {
    none('Counter.total', args);
    let sum = 0;
    for (const count of this.values()) sum += count;
    return sum;
  }

  /** The pairs, in the order in which the elements came. */
  items(...args: []): IterableIterator<[K, number]>;
  items(...args: unknown[]): IterableIterator<[K, number]> {
    none('Counter.items', args);
    return this.entries();
  }

  /** Python's `repr`. */
  override toString(): string {
    if (this.size === 0) return 'Counter()';
    const counts = this.most_common().map(([key, count]) => `${python_repr(key)}: ${String(count)}`);
    return `Counter({${counts.join(', ')}})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

const ORDERED = {
  made: signature<{ entries?: unknown }>('OrderedDict', 'entries?: any'),
  move_to_end: method_signature<{ key: unknown; last?: boolean }>('OrderedDict.move_to_end', 'key: any, last?: bool'),
  popitem: method_signature<{ last?: boolean }>('OrderedDict.popitem', 'last?: bool'),
};

/**
 * A Map, which keeps the order of its keys, that prints and is saved as Python's. Mirrors `collections.OrderedDict`.
 *
 * @param entries - a Map, an object or pairs to begin with
 * @example
 * ```ts
 * import { collections } from 'torch-node/python';
 * const layers = new collections.OrderedDict([['a', 1], ['b', 2]]);
 * layers.move_to_end('a');
 * print(layers);
 * ```
 * ```python
 * import collections
 * layers = collections.OrderedDict([('a', 1), ('b', 2)])
 * layers.move_to_end('a')
 * print(layers)
 * ```
 */
export class OrderedDict<K = unknown, V = unknown> extends Map<K, V> {
  constructor(entries?: Entries<K, V>);
  constructor(...args: unknown[]) {
    const { entries } = ORDERED.made.read(args);
    super();
    for (const [key, value] of entries_of('OrderedDict', entries)) this.set(key as K, value as V);
    ordered_dict(this);
  }

  /** Moves a key to the end, or with `last` false to the beginning. @throws RangeError when there is none */
  move_to_end(key: K, last?: boolean | { last?: boolean }): void;
  move_to_end(...args: unknown[]): void {
    const { key, last = true } = ORDERED.move_to_end.read(args);
    if (!this.has(key as K)) throw new RangeError(python_repr(key));
    const value = this.get(key as K) as V;
    const others = [...this].filter(([other]) => other !== key);
    this.clear();
    if (!last) this.set(key as K, value);
    for (const [other, its] of others) this.set(other, its);
    if (last) this.set(key as K, value);
  }

  /** Takes the last pair away, or with `last` false the first. @throws RangeError when there is none */
  popitem(last?: boolean | { last?: boolean }): Tuple<K | V>;
  popitem(...args: unknown[]): Tuple<K | V> {
    const { last = true } = ORDERED.popitem.read(args);
    const pairs = [...this];
    const pair = last ? pairs[pairs.length - 1] : pairs[0];
    if (pair === undefined) throw new RangeError('dictionary is empty');
    this.delete(pair[0]);
    return Tuple.of<K | V>(...pair);
  }

  /** The pairs, in order. */
  items(...args: []): IterableIterator<[K, V]>;
  items(...args: unknown[]): IterableIterator<[K, V]> {
    none('OrderedDict.items', args);
    return this.entries();
  }
}
