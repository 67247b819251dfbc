/** Values as Python treats them: truth, length, equality, text, conversion, and the collections that JavaScript lacks. */
import { is_plain_object } from '../_internal/plain_object.js';
import { Size, Tensor } from '../_tensor.js';
import { NDArray } from '../numpy/ndarray.js';
import { format, python_repr, python_str } from '../python/print.js';
import { Float, Tuple } from '../python/values.js';
import { IndexError, KeyError, PyTypeError, ValueError, ZeroDivisionError } from './exceptions.js';

// biome-ignore lint/suspicious/noExplicitAny: a value of Python's, of which nothing is known
export type Any = any;

/** A key as Python hashes it: tuples and whole floats by their value. */
function hashed(key: unknown): unknown {
  if (Array.isArray(key)) return `(${key.map((item) => `${typeof item}:${String(hashed(item))}`).join()})`;
  return key instanceof Float ? key.value : key;
}

/** A dict whose keys may be tuples. */
export class Dict<K = Any, V = Any> extends Map<K, V> {
  declare private keys_of: Map<unknown, K>;

  constructor(entries: Iterable<readonly [K, V]> = []) {
    super();
    Object.defineProperty(this, 'keys_of', { value: new Map() });
    for (const [key, value] of entries) this.set(key, value);
  }

  private own(key: K): K {
    const hash = hashed(key);
    return typeof hash === 'string' && Array.isArray(key) && this.keys_of.has(hash) ? this.keys_of.get(hash)! : key;
  }

  override get(key: K): V | undefined {
    return super.get(this.own(key));
  }

  override has(key: K): boolean {
    return super.has(this.own(key));
  }

  override set(key: K, value: V): this {
    const own = this.own(key);
    if (Array.isArray(key)) this.keys_of.set(hashed(key), own);
    return super.set(own, value);
  }

  override delete(key: K): boolean {
    const own = this.own(key);
    if (Array.isArray(key)) this.keys_of.delete(hashed(key));
    return super.delete(own);
  }

  override clear(): void {
    this.keys_of.clear();
    super.clear();
  }
}

/** A set whose elements may be tuples. */
export class PySet<T = Any> extends Set<T> {
  declare private items_of: Map<unknown, T>;

  constructor(items: Iterable<T> = []) {
    super();
    Object.defineProperty(this, 'items_of', { value: new Map() });
    for (const item of items) this.add(item);
  }

  private own(item: T): T {
    return Array.isArray(item) && this.items_of.has(hashed(item)) ? this.items_of.get(hashed(item))! : item;
  }

  override has(item: T): boolean {
    return super.has(this.own(item));
  }

  override add(item: T): this {
    const own = this.own(item);
    if (Array.isArray(item)) this.items_of.set(hashed(item), own);
    return super.add(own);
  }

  override delete(item: T): boolean {
    const own = this.own(item);
    if (Array.isArray(item)) this.items_of.delete(hashed(item));
    return super.delete(own);
  }
}

/** Python's name of the type of a value. */
export function type_name(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'string') return 'str';
  // Modules and objects with `__call__` are functions of their class.
  if (typeof value === 'function')
    return /Function$/.test(value.constructor.name) ? 'function' : value.constructor.name;
  if (value instanceof Float) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Size) return 'Size';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map || is_plain_object(value)) return 'dict';
  if (value instanceof Set) return 'set';
  if (value instanceof Uint8Array) return 'bytes';
  return (value as object).constructor?.name ?? 'object';
}

/** `bool(value)`. */
export function bool(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'object') return typeof value === 'number' && Number.isNaN(value) ? true : Boolean(value);
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tensor) return Boolean(value.item());
  if (value instanceof NDArray) return Boolean(value.item());
  const own = value as { __bool__?: () => boolean; __len__?: () => number };
  if (typeof own.__bool__ === 'function') return own.__bool__();
  if (typeof own.__len__ === 'function') return own.__len__() > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (is_plain_object(value)) return Object.keys(value).length > 0;
  const length = (value as { length?: unknown }).length;
  return typeof length === 'number' ? length > 0 : true;
}

/** `len(value)`. */
export function len(value: Any): number {
  if (typeof value === 'string') return isAscii(value) ? value.length : [...value].length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
    if (typeof value.__len__ === 'function') return value.__len__();
    if (is_plain_object(value)) return Object.keys(value).length;
    if (typeof value.length === 'number' && typeof value !== 'function') return value.length;
    if (typeof value.size === 'number') return value.size;
    if (typeof value.length === 'number') return value.length;
  }
  throw new PyTypeError(`object of type '${type_name(value)}' has no len()`);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0xd800) return false;
  return true;
}

/** What a `for` goes through: the keys of dicts, the characters of texts. */
export function iter(value: Any): IterableIterator<Any> {
  if (value instanceof Map) return value.keys();
  if (value !== null && value !== undefined && typeof value[Symbol.iterator] === 'function')
    return value[Symbol.iterator]();
  if (value !== null && typeof value === 'object') {
    if (typeof value.__iter__ === 'function') return iter(value.__iter__());
    if (typeof value.__next__ === 'function') return steps(value);
    if (typeof value.__getitem__ === 'function') return items_by_index(value);
    if (is_plain_object(value)) return Object.keys(value)[Symbol.iterator]();
  }
  throw new PyTypeError(`'${type_name(value)}' object is not iterable`);
}

function* steps(value: { __next__(): Any }): Generator<Any, void, undefined> {
  for (;;) {
    let item: Any;
    try {
      item = value.__next__();
    } catch (error) {
      if ((error as Error | null)?.name === 'StopIteration') return;
      throw error;
    }
    yield item;
  }
}

function* items_by_index(value: { __getitem__(index: number): Any }): Generator<Any, void, undefined> {
  for (let i = 0; ; i++) {
    let item: Any;
    try {
      item = value.__getitem__(i);
    } catch (error) {
      if (error instanceof IndexError || error instanceof RangeError) return;
      throw error;
    }
    yield item;
  }
}

/** An object of the program with `__next__`, as an iterator of JavaScript. */
export function iterator_of(value: Any): IterableIterator<Any> {
  return steps(value);
}

/** `next(iterator)`, `next(iterator, default)`. */
export function next(value: Any, ...fallback: readonly [Any?]): Any {
  if (typeof value.__next__ === 'function') {
    try {
      return value.__next__();
    } catch (error) {
      if (fallback.length > 0 && (error as Error | null)?.name === 'StopIteration') return fallback[0];
      throw error;
    }
  }
  const step = value.next();
  if (!step.done) return step.value;
  if (fallback.length > 0) return fallback[0];
  const error = new PyTypeError('');
  error.name = 'StopIteration';
  throw error;
}

/** `list(value)`. */
export function list(value: Any = []): Any[] {
  return [...iter(value)];
}

/** `(a, b)`. */
export function tuple(...items: readonly Any[]): Any {
  return Tuple.from(items);
}

/** `tuple(value)`. */
export function tuple_of(value: Any = []): Any {
  return Tuple.from([...iter(value)]);
}

/** `set(value)`. */
export function set(value: Any = []): Set<Any> {
  return new PySet([...iter(value)]);
}

/** `dict(value)`, of a dict or of pairs. */
export function dict(value: Any = [], more: Record<string, Any> = {}): Map<Any, Any> {
  const found = new Dict<Any, Any>(
    value instanceof Map
      ? value
      : is_plain_object(value)
        ? Object.entries(value)
        : [...iter(value)].map((pair) => [...iter(pair)] as [Any, Any]),
  );
  for (const [key, one] of Object.entries(more)) found.set(key, one);
  return found;
}

const number_of = (value: unknown): unknown =>
  value instanceof Float ? value.value : typeof value === 'boolean' ? Number(value) : value;

/** `a == b` of values that are no tensors and arrays. */
export function equal(a: Any, b: Any): boolean {
  const [x, y] = [number_of(a), number_of(b)];
  if (x === y) return true;
  if ((x ?? null) === null || (y ?? null) === null) return (x ?? null) === (y ?? null);
  if (typeof x !== 'object' || typeof y !== 'object') return false;
  if (typeof a.__eq__ === 'function') return bool(a.__eq__(b));
  if (typeof b.__eq__ === 'function') return bool(b.__eq__(a));
  if (a instanceof Tensor || b instanceof Tensor) {
    const result = a instanceof Tensor ? a.eq(b) : (b as Tensor).eq(a);
    return bool(result);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const kinds =
      a.constructor === Array || b.constructor === Array ? a.constructor === b.constructor || sizes(a, b) : true;
    return kinds && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (is_dict(a) && is_dict(b)) {
    const [left, right] = [entries(a), entries(b)];
    const other = new Dict<Any, Any>(right);
    return left.length === right.length && left.every(([key, value]) => other.has(key) && equal(value, other.get(key)));
  }
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((item) => b.has(item));
  return typeof a.equals === 'function' ? a.equals(b) : false;
}

/** A `torch.Size` equals a tuple, and an array that stands for one. */
function sizes(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.constructor.name === 'Size' || b.constructor.name === 'Size';
}

export function is_dict(value: unknown): value is Map<Any, Any> | Record<string, Any> {
  return value instanceof Map || is_plain_object(value);
}

/** The entries of a dict of either kind. */
export function entries(value: Map<Any, Any> | Record<string, Any>): [Any, Any][] {
  return value instanceof Map ? [...value.entries()] : Object.entries(value);
}

/** -1, 0 or 1, as `<` and `>` of Python say. */
export function compare(a: Any, b: Any): number {
  const [x, y] = [number_of(a), number_of(b)] as [Any, Any];
  if (Array.isArray(x) && Array.isArray(y)) {
    for (let i = 0; i < Math.min(x.length, y.length); i++) if (!equal(x[i], y[i])) return compare(x[i], y[i]);
    return x.length - y.length;
  }
  if (typeof x === 'string' && typeof y === 'string') return by_code_points(x, y);
  const numbers = (typeof x === 'number' || typeof x === 'bigint') && (typeof y === 'number' || typeof y === 'bigint');
  if (numbers) return x < y ? -1 : x > y ? 1 : Number(x) === Number(y) ? 0 : Number.NaN;
  if (x instanceof Tensor) return compare(x.item(), y);
  if (y instanceof Tensor) return compare(x, y.item());
  if (typeof x?.__lt__ === 'function')
    return bool(x.__lt__(y)) ? -1 : typeof y?.__lt__ === 'function' && bool(y.__lt__(x)) ? 1 : 0;
  if (typeof y?.__gt__ === 'function') return bool(y.__gt__(x)) ? -1 : 1;
  throw new PyTypeError(`'<' not supported between instances of '${type_name(a)}' and '${type_name(b)}'`);
}

function by_code_points(a: string, b: string): number {
  if (isAscii(a) && isAscii(b)) return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** `str(value)`. */
export function str(value: Any = ''): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return error_text(value);
  // Objects that can be called are functions.
  if (may_have_methods(value) && typeof value.__str__ === 'function') return value.__str__();
  if (may_have_methods(value) && typeof value.__repr__ === 'function') return value.__repr__();
  return python_str(value);
}

/** What `str` of an exception gives: a `KeyError` shows its key. */
function error_text(error: Error): string {
  const args = (error as { args?: unknown }).args;
  if (error instanceof KeyError && error.args.length === 1) return python_repr(error.args[0]);
  return Array.isArray(args) && args.length > 1 ? python_repr(args) : error.message;
}

/** `repr(value)`. */
export function repr(value: Any): string {
  if (value instanceof Error)
    return `${value.name}(${((value as { args?: Any[] }).args ?? [value.message]).map(repr).join(', ')})`;
  return may_have_methods(value) ? text_of(value) : python_repr(value);
}

const may_have_methods = (value: Any): boolean =>
  value !== null && (typeof value === 'object' || typeof value === 'function');

function text_of(value: Any): string {
  if (may_have_methods(value) && typeof value.__repr__ === 'function') return value.__repr__();
  return python_repr(value);
}

/** `int(value)`, `int(text, base)`. */
export function int(value: Any = 0, base = 10): number {
  if (typeof value === 'string') {
    const text = value.trim().replaceAll('_', '').toLowerCase();
    const digits =
      base === 16 ? text.replace(/^([+-]?)0x/, '$1') : base === 2 ? text.replace(/^([+-]?)0b/, '$1') : text;
    const found = Number.parseInt(digits, base);
    const valid =
      /^[+-]?[0-9a-z]+$/.test(digits) &&
      found.toString(base) ===
        digits
          .replace(/^\+/, '')
          .replace(/^(-?)0+(?=.)/, '$1')
          .replace(/^-0$/, '0');
    if (!valid) throw new ValueError(`invalid literal for int() with base ${base}: ${python_repr(value)}`);
    return found;
  }
  if (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value instanceof Float ||
    value instanceof Tensor ||
    value instanceof NDArray
  ) {
    const number = value instanceof Tensor || value instanceof NDArray ? Number(value.item()) : Number(value);
    if (Number.isNaN(number)) throw new ValueError('cannot convert float NaN to integer');
    return Math.trunc(number) + 0;
  }
  if (typeof value === 'bigint') return Number(value);
  if (typeof value?.__int__ === 'function') return value.__int__();
  throw new PyTypeError(
    `int() argument must be a string, a bytes-like object or a real number, not '${type_name(value)}'`,
  );
}

/** `float(value)`. */
export function float(value: Any = 0): number {
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase().replaceAll('_', '');
    const special: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: Number.NaN };
    const named = special[text.replace(/^[+-]/, '')];
    if (named !== undefined) return text.startsWith('-') ? -named : named;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text))
      throw new ValueError(`could not convert string to float: ${python_repr(value)}`);
    return Number(text);
  }
  if (value instanceof Tensor || value instanceof NDArray) return Number(value.item());
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Float)
    return Number(value);
  if (typeof value?.__float__ === 'function') return value.__float__();
  throw new PyTypeError(`float() argument must be a string or a real number, not '${type_name(value)}'`);
}

/** `round(value, digits)`: halves go to even numbers, and digits are those of the exact decimal value. */
export function round(value: Any, digits: number | null = null): number {
  const number = float(value);
  if (digits === null) {
    const floor = Math.floor(number);
    const rest = number - floor;
    return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  }
  if (!Number.isFinite(number)) return number;
  if (digits < 0) {
    const scale = 10 ** -digits;
    return round(number / scale) * scale;
  }
  return Number(format(`{:.${digits}f}`, number));
}

/** `a // b` of numbers. */
export function floordiv(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('integer division or modulo by zero');
  if (Number.isInteger(a) && Number.isInteger(b)) return (a - mod(a, b)) / b;
  return Math.floor((a - mod(a, b)) / b + 0.5);
}

/** `a % b` of numbers: the sign is that of `b`. */
export function mod(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('integer modulo by zero');
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

/** `a / b` of numbers. */
export function truediv(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('division by zero');
  return a / b;
}

/** The elements of a slice. */
export function slice<T>(
  value: readonly T[] | string,
  lower: number | null,
  upper: number | null = null,
  step: number | null = null,
): Any {
  const items: readonly Any[] = typeof value === 'string' ? [...value] : value;
  const found: Any[] = slice_indices(items.length, lower, upper, step).map((i) => items[i]);
  if (typeof value === 'string') return found.join('');
  if (value instanceof Size) return Size.from(found);
  return value instanceof Tuple ? Tuple.from(found) : found;
}

export function slice_indices(
  length: number,
  lower: number | null,
  upper: number | null,
  step: number | null,
): number[] {
  const by = step ?? 1;
  if (by === 0) throw new ValueError('slice step cannot be zero');
  const bound = (at: number | null, fallback: number): number => {
    if (at === null) return fallback;
    const from = at < 0 ? at + length : at;
    return by > 0 ? Math.min(Math.max(from, 0), length) : Math.min(Math.max(from, -1), length - 1);
  };
  const [start, stop] = by > 0 ? [bound(lower, 0), bound(upper, length)] : [bound(lower, length - 1), bound(upper, -1)];
  const found: number[] = [];
  for (let i = start; by > 0 ? i < stop : i > stop; i += by) found.push(i);
  return found;
}
