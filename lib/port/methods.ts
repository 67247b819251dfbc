/** Methods of Python's texts, lists, dicts and sets, by the kind of the object at run time. */
import { is_plain_object } from '../_internal/plain_object.js';
import { format } from '../python/print.js';
import { Tuple } from '../python/values.js';
import { IndexError, KeyError, ValueError } from './exceptions.js';
import { type Any, bool, compare, entries, equal, is_dict, iter, PySet, slice_indices } from './values.js';

type Method = (self: Any, ...args: Any[]) => Any;

const STRING: Readonly<Record<string, Method>> = {
  capitalize: (self) => (self === '' ? '' : self[0].toUpperCase() + self.slice(1).toLowerCase()),
  casefold: (self) => self.toLowerCase(),
  center: (self, width: number, fill = ' ') => {
    const total = Math.max(0, width - self.length);
    const left = Math.floor(total / 2) + (total & width & 1);
    return fill.repeat(left) + self + fill.repeat(total - left);
  },
  count: (self, part: string, start: Bound = null, end: Bound = null) => {
    const within = part_of(self, start, end);
    if (within === null) return 0;
    return part === '' ? within.text.length + 1 : within.text.split(part).length - 1;
  },
  encode: (self) => new TextEncoder().encode(self),
  endswith: (self, part, start: Bound = null, end: Bound = null) =>
    [part].flat().some((one) => part_of(self, start, end)?.text.endsWith(one) ?? false),
  expandtabs: (self, size = 8) => {
    let column = 0;
    return self.replace(/[^\t]|\t/g, (one: string) => {
      if (one === '\n' || one === '\r') column = -1;
      const width = one === '\t' ? (size > 0 ? size - (column % size) : 0) : 1;
      column += width;
      return one === '\t' ? ' '.repeat(width) : one;
    });
  },
  find: (self, part, start: Bound = null, end: Bound = null) => found_at(self, part, start, end, 'indexOf'),
  format: (self, ...values) => format(self, ...values),
  index: (self, part, start: Bound = null, end: Bound = null) => {
    const found = found_at(self, part, start, end, 'indexOf');
    if (found < 0) throw new ValueError('substring not found');
    return found;
  },
  isalnum: (self) => /^[\p{L}\p{N}]+$/u.test(self),
  isalpha: (self) => /^\p{L}+$/u.test(self),
  isdigit: (self) => /^\p{Nd}+$/u.test(self),
  isnumeric: (self) => /^\p{N}+$/u.test(self),
  isdecimal: (self) => /^\p{Nd}+$/u.test(self),
  isidentifier: (self) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(self),
  islower: (self) => self === self.toLowerCase() && self !== self.toUpperCase(),
  isspace: (self) => /^\s+$/.test(self),
  isupper: (self) => self === self.toUpperCase() && self !== self.toLowerCase(),
  join: (self, items) => [...iter(items)].join(self),
  ljust: (self, width, fill = ' ') => self.padEnd(width, fill),
  lower: (self) => self.toLowerCase(),
  lstrip: (self, chars = null) => strip(self, chars, true, false),
  partition: (self, part) => {
    const at = self.indexOf(part);
    return at < 0 ? Tuple.of(self, '', '') : Tuple.of(self.slice(0, at), part, self.slice(at + part.length));
  },
  removeprefix: (self, part) => (self.startsWith(part) ? self.slice(part.length) : self),
  removesuffix: (self, part) => (part !== '' && self.endsWith(part) ? self.slice(0, -part.length) : self),
  replace: (self, from, to, count = -1) => {
    // Before each character and at the end.
    const parts = from === '' ? ['', ...self, ''] : self.split(from);
    if (count < 0) return parts.join(to);
    if (from === '') return [...parts.slice(0, count), parts.slice(count).join('')].join(to);
    const last = parts.slice(count).join(from);
    return [...parts.slice(0, count), last].join(to);
  },
  rfind: (self, part, start: Bound = null, end: Bound = null) => found_at(self, part, start, end, 'lastIndexOf'),
  rindex: (self, part, start: Bound = null, end: Bound = null) => {
    const found = found_at(self, part, start, end, 'lastIndexOf');
    if (found < 0) throw new ValueError('substring not found');
    return found;
  },
  rjust: (self, width, fill = ' ') => self.padStart(width, fill),
  rpartition: (self, part) => {
    const at = self.lastIndexOf(part);
    return at < 0 ? Tuple.of('', '', self) : Tuple.of(self.slice(0, at), part, self.slice(at + part.length));
  },
  rsplit: (self, separator = null, limit = -1) => {
    if (limit < 0) return split(self, separator, -1);
    if (separator === null) {
      const found: string[] = [];
      let left = self.trimEnd();
      for (; left !== '' && found.length < limit; left = left.trimEnd()) {
        const word = /\S+$/.exec(left)![0];
        found.unshift(word);
        left = left.slice(0, -word.length);
      }
      return left === '' ? found : [left, ...found];
    }
    const parts = split(self, separator, -1);
    const keep = parts.slice(Math.max(0, parts.length - limit));
    const rest = parts.slice(0, Math.max(0, parts.length - limit));
    return rest.length ? [rest.join(separator), ...keep] : keep;
  },
  rstrip: (self, chars = null) => strip(self, chars, false, true),
  split: (self, separator = null, limit = -1) => split(self, separator, limit),
  splitlines: (self, keepends: boolean | { keepends?: boolean } = false) => {
    const keeps = typeof keepends === 'object' ? (keepends.keepends ?? false) : keepends;
    const lines: string[] = self.match(/[^\r\n]*(\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
    return keeps ? lines : lines.map((line) => line.replace(/[\r\n]+$/, ''));
  },
  startswith: (self, part, start: Bound = null, end: Bound = null) =>
    [part].flat().some((one) => part_of(self, start, end)?.text.startsWith(one) ?? false),
  strip: (self, chars = null) => strip(self, chars, true, true),
  swapcase: (self) =>
    [...self].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join(''),
  title: (self) => self.toLowerCase().replace(/\p{L}+/gu, (word: string) => word[0]!.toUpperCase() + word.slice(1)),
  translate: (self, table: Map<number, unknown>) =>
    [...self]
      .map((one) => {
        const to = table.get(one.codePointAt(0)!);
        return to === undefined ? one : to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : to;
      })
      .join(''),
  upper: (self) => self.toUpperCase(),
  zfill: (self, width) =>
    /^[+-]/.test(self) ? self[0] + self.slice(1).padStart(width - 1, '0') : self.padStart(width, '0'),
};

type Bound = number | null;

/** What stands between two bounds and where; null where the first is behind the end. */
function part_of(text: string, start: Bound, end: Bound): { text: string; from: number } | null {
  const from = start === null ? 0 : start < 0 ? Math.max(0, start + text.length) : start;
  return from > text.length ? null : { text: text.slice(from, end ?? undefined), from };
}

function found_at(text: string, part: string, start: Bound, end: Bound, how: 'indexOf' | 'lastIndexOf'): number {
  const within = part_of(text, start, end);
  const found = within === null ? -1 : within.text[how](part);
  return found < 0 ? -1 : found + within!.from;
}

function strip(text: string, chars: string | null, left: boolean, right: boolean): string {
  let [start, end] = [0, text.length];
  const drops = (one: string): boolean => (chars === null ? /\s/.test(one) : chars.includes(one));
  if (left) while (start < end && drops(text[start]!)) start++;
  if (right) while (end > start && drops(text[end - 1]!)) end--;
  return text.slice(start, end);
}

function split(text: string, separator: string | null, limit: number): string[] {
  if (separator === '') throw new ValueError('empty separator');
  if (separator !== null) {
    const parts = text.split(separator);
    return limit < 0 || parts.length <= limit + 1
      ? parts
      : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
  }
  const found: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    if (limit >= 0 && found.length === limit) {
      found.push(rest.trimEnd());
      break;
    }
    const end = rest.search(/\s/);
    found.push(end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? '' : rest.slice(end).trimStart();
  }
  return found;
}

/** Sorts as Python does: by `key`, stable, also with `reverse`. */
export function sort_in_place(
  items: Any[],
  { key = null, reverse = false }: { key?: ((item: Any) => Any) | null; reverse?: boolean } = {},
): void {
  const keyed = items.map((item) => ({ item, key: key ? key(item) : item }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  for (const [i, { item }] of keyed.entries()) items[i] = item;
}

const LIST: Readonly<Record<string, Method>> = {
  append: (self, item) => {
    self.push(item);
    return null;
  },
  clear: (self) => {
    self.length = 0;
    return null;
  },
  copy: (self) => [...self],
  count: (self, item) => self.filter((one: Any) => equal(one, item)).length,
  extend: (self, items) => {
    for (const item of [...iter(items)]) self.push(item);
    return null;
  },
  index: (self, item, start = 0, end = self.length) => {
    const [from, to] = [start, end].map((bound) => (bound < 0 ? Math.max(0, bound + self.length) : bound));
    const found = self.findIndex((one: Any, i: number) => i >= from && i < to && equal(one, item));
    if (found < 0)
      throw new ValueError(self instanceof Tuple ? 'tuple.index(x): x not in tuple' : `${String(item)} is not in list`);
    return found;
  },
  insert: (self, at, item) => {
    self.splice(at, 0, item);
    return null;
  },
  pop: (self, at = -1) => {
    if (self.length === 0) throw new IndexError('pop from empty list');
    const place = at < 0 ? at + self.length : at;
    if (place < 0 || place >= self.length) throw new IndexError('pop index out of range');
    return self.splice(place, 1)[0];
  },
  remove: (self, item) => {
    const found = self.findIndex((one: Any) => equal(one, item));
    if (found < 0) throw new ValueError('list.remove(x): x not in list');
    self.splice(found, 1);
    return null;
  },
  reverse: (self) => {
    self.reverse();
    return null;
  },
  sort: (self, options = {}) => {
    sort_in_place(self, options);
    return null;
  },
};

const has = (self: Any, key: Any): boolean => (self instanceof Map ? self.has(key) : Object.hasOwn(self, key));
const read = (self: Any, key: Any): Any => (self instanceof Map ? self.get(key) : self[key]);
const write = (self: Any, key: Any, value: Any): void => {
  if (self instanceof Map) self.set(key, value);
  else self[key] = value;
};
const remove = (self: Any, key: Any): void => {
  if (self instanceof Map) self.delete(key);
  else delete self[key];
};

const DICT: Readonly<Record<string, Method>> = {
  clear: (self) => {
    for (const [key] of entries(self)) remove(self, key);
    return null;
  },
  copy: (self) => (self instanceof Map ? new (self.constructor as Any)(self) : { ...self }),
  get: (self, key, fallback = null) => (has(self, key) ? read(self, key) : fallback),
  items: (self) =>
    entries(self)
      .map(([key, value]) => Tuple.of(key, value))
      [Symbol.iterator](),
  keys: (self) =>
    entries(self)
      .map(([key]) => key)
      [Symbol.iterator](),
  pop: (self, key, ...fallback) => {
    if (has(self, key)) {
      const value = read(self, key);
      remove(self, key);
      return value;
    }
    if (fallback.length > 0) return fallback[0];
    throw new KeyError(key);
  },
  popitem: (self) => {
    const last = entries(self).at(-1);
    if (!last) throw new KeyError('popitem(): dictionary is empty');
    remove(self, last[0]);
    return Tuple.from(last);
  },
  setdefault: (self, key, value = null) => {
    if (!has(self, key)) write(self, key, value);
    return read(self, key);
  },
  update: (self, other = {}, more = {}) => {
    const pairs = is_dict(other) ? entries(other) : ([...iter(other)].map((pair) => [...iter(pair)]) as [Any, Any][]);
    for (const [key, value] of pairs) write(self, key, value);
    for (const [key, value] of Object.entries(more)) write(self, key, value);
    return null;
  },
  values: (self) =>
    entries(self)
      .map(([, value]) => value)
      [Symbol.iterator](),
};

const items_of = (others: Any[]): Any[] => others.flatMap((other) => [...iter(other)]);

const SET: Readonly<Record<string, Method>> = {
  add: (self, item) => {
    self.add(item);
    return null;
  },
  clear: (self) => {
    self.clear();
    return null;
  },
  copy: (self) => new PySet(self),
  difference: (self, ...others) => {
    const dropped = new PySet(items_of(others));
    return new PySet([...self].filter((item) => !dropped.has(item)));
  },
  discard: (self, item) => {
    self.delete(item);
    return null;
  },
  intersection: (self, ...others) => {
    const kept = others.map((other) => new PySet(iter(other)));
    return new PySet([...self].filter((item) => kept.every((one) => one.has(item))));
  },
  isdisjoint: (self, other) => [...iter(other)].every((item) => !self.has(item)),
  issubset: (self, other) => {
    const whole = new PySet(iter(other));
    return [...self].every((item) => whole.has(item));
  },
  issuperset: (self, other) => [...iter(other)].every((item) => self.has(item)),
  pop: (self) => {
    const [first] = self;
    if (self.size === 0) throw new KeyError('pop from an empty set');
    self.delete(first);
    return first;
  },
  remove: (self, item) => {
    if (!self.delete(item)) throw new KeyError(item);
    return null;
  },
  symmetric_difference: (self, other) => {
    const second = new PySet(iter(other));
    return new PySet([
      ...[...self].filter((item) => !second.has(item)),
      ...[...second].filter((item) => !self.has(item)),
    ]);
  },
  union: (self, ...others) => new PySet([...self, ...items_of(others)]),
  update: (self, ...others) => {
    for (const item of items_of(others)) self.add(item);
    return null;
  },
};

const BYTES: Readonly<Record<string, Method>> = {
  decode: (self) => new TextDecoder().decode(self),
  hex: (self) => Buffer.from(self).toString('hex'),
};

/** The names of all these methods. */
export const METHOD_NAMES: ReadonlySet<string> = new Set(
  [STRING, LIST, DICT, SET, BYTES].flatMap((table) => Object.keys(table)),
);

/** `self.name(...args)` of a text, list, dict or set, or of an object that has the method itself. */
export function call(self: Any, name: string, ...args: Any[]): Any {
  const table = table_of(self);
  const method = table && Object.hasOwn(table, name) ? table[name] : undefined;
  if (method) return method(self, ...args);
  return self[name](...args);
}

function table_of(self: unknown): Readonly<Record<string, Method>> | undefined {
  if (typeof self === 'string') return STRING;
  if (Array.isArray(self)) return LIST;
  // A defaultdict, a Counter and an OrderedDict are Maps with methods of their own.
  if (self instanceof Map) return self.constructor.name === 'Counter' ? undefined : DICT;
  if (self instanceof Set) return SET;
  if (self instanceof Uint8Array) return BYTES;
  return is_plain_object(self) ? DICT : undefined;
}

/** `sorted(items)`. */
export function sorted(items: Any, options: { key?: ((item: Any) => Any) | null; reverse?: boolean } = {}): Any[] {
  const found = [...iter(items)];
  sort_in_place(found, options);
  return found;
}

/** `reversed(items)`. */
export function reversed(items: Any): IterableIterator<Any> {
  return [...iter(items)].reverse()[Symbol.iterator]();
}

interface Extreme {
  key?: ((item: Any) => Any) | null;
  default?: Any;
}

function extreme(name: string, wins: (order: number) => boolean): (args: Any[], options: Extreme) => Any {
  return (args, options) => {
    const items = args.length === 1 ? [...iter(args[0])] : args;
    if (items.length === 0) {
      if ('default' in options) return options.default;
      throw new ValueError(`${name}() iterable argument is empty`);
    }
    const key = options.key ?? ((item: Any): Any => item);
    let best = items[0];
    let best_key = key(best);
    for (const item of items.slice(1)) {
      const other = key(item);
      if (wins(compare(other, best_key))) [best, best_key] = [item, other];
    }
    return best;
  };
}

const smallest = extreme('min', (order) => order < 0);
const largest = extreme('max', (order) => order > 0);

/** `min(items)`, `min(a, b)`. */
export function min(args: Any[], options: Extreme = {}): Any {
  return smallest(args, options);
}

/** `max(items)`, `max(a, b)`. */
export function max(args: Any[], options: Extreme = {}): Any {
  return largest(args, options);
}

/** `any(items)`. */
export function any(items: Any): boolean {
  for (const item of iter(items)) if (bool(item)) return true;
  return false;
}

/** `all(items)`. */
export function all(items: Any): boolean {
  for (const item of iter(items)) if (!bool(item)) return false;
  return true;
}

export { slice_indices };
