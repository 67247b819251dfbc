/** What a port needs of Python's builtins, as `py.sorted(xs)`; the rules are those of Python. */
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

import { is_plain_object } from '../_internal/plain_object.js';
import { NDArray } from '../numpy/ndarray.js';
import { dot as array_dot } from '../numpy/products.js';
import { format } from '../python/print.js';
import { Float, Tuple } from '../python/values.js';
import {
  AttributeError,
  EOFError,
  FileNotFoundError,
  FrozenInstanceError,
  ImportError,
  PyTypeError,
  ValueError,
} from './exceptions.js';
import { add, number_pow } from './op.js';
import { type Any, dict, Dict, entries, floordiv, is_dict, iter, mod, str, type_name } from './values.js';

export { builtin_type, class_text, type_of } from './classes.js';
export { auto, Enum, IntEnum, members, StrEnum } from './enums.js';
export * from './exceptions.js';
export { all, any, call, max, min, reversed, sorted } from './methods.js';
export {
  bool,
  compare,
  dict,
  Dict,
  equal,
  float,
  floordiv,
  int,
  iter,
  iterator_of,
  len,
  list,
  mod,
  next,
  PySet,
  repr,
  round,
  set,
  slice,
  str,
  truediv,
  tuple,
  tuple_of,
  type_name,
} from './values.js';
export { number_pow as pow, Float, Tuple };

/** `sum(items, start)`, from left to right, as Python before 3.12 adds floats. */
export function sum(items: Any, start: Any = 0): Any {
  let total = start;
  for (const item of iter(items)) total = add(total, item);
  return total;
}

/** The fields of a `@dataclass(frozen=True)` can be read alone from here on. */
export function freeze(object: Any): void {
  for (const [name, value] of Object.entries(object)) {
    const refuse = (): never => {
      throw new FrozenInstanceError(`cannot assign to field '${name}'`);
    };
    Object.defineProperty(object, name, { get: () => value, set: refuse, enumerable: true, configurable: false });
  }
}

/** What `object.__dict__.update()` takes, by name. */
export function attributes_of(given: Any): Record<string, Any> {
  return Object.fromEntries(entries(given));
}

/** Arguments of a function with those that are given by name at their places. */
export function placed(given: Any[], names: readonly string[], by_name: Readonly<Record<string, Any>>): Any[] {
  const all = [...given];
  for (const [name, value] of Object.entries(by_name)) {
    const at = names.indexOf(name);
    if (at < given.length) throw new PyTypeError(`got multiple values for argument '${name}'`);
    while (all.length < at) all.push(undefined);
    all[at] = value;
  }
  return all;
}

/** What a function makes of a value, where an expression needs a name for it. */
export function given<T, R>(value: T, make: (value: T) => R): R {
  return make(value);
}

/** A decorator of the program for a method: to it the object is the first argument. */
export function method_decorator(decorate: Any): Any {
  return (method: Any): Any => {
    const plain_function = (self: Any, ...args: Any[]): Any => method.apply(self, args);
    const wrapped = decorate(Object.defineProperty(plain_function, 'name', { value: method.name }));
    return function (this: Any, ...args: Any[]): Any {
      return wrapped(this, ...args);
    };
  };
}

const identities = new WeakMap<object, number>();
let last_identity = 0;

/** `id(object)`: a number that no other object has, which is no address. */
export function id(value: Any): number {
  if (!may_be_key(value)) throw new PyTypeError(`id() of a ${type_name(value)} is not here`);
  let found = identities.get(value);
  if (found === undefined) identities.set(value, (found = ++last_identity * 16));
  return found;
}

const may_be_key = (value: Any): boolean =>
  value !== null && (typeof value === 'object' || typeof value === 'function');

/** `input(prompt)`: the next line of what is typed. */
export function input(prompt: unknown = ''): string {
  process.stdout.write(str(prompt));
  const bytes: number[] = [];
  const one = new Uint8Array(1);
  for (;;) {
    if (fs.readSync(0, one) === 0) {
      if (bytes.length === 0) throw new EOFError('EOF when reading a line');
      break;
    }
    if (one[0] === 10) break;
    bytes.push(one[0]!);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/\r$/, '');
}

/** `dataclasses.asdict(object)`: the fields of a dataclass, and of those within them. */
export function asdict(value: Any): Any {
  if (Array.isArray(value)) return value instanceof Tuple ? Tuple.from(value.map(asdict)) : value.map(asdict);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, asdict(one)]));
  if (is_plain_object(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asdict(one)]));
  const types = value?.constructor?.__dataclass_fields__ as Readonly<Record<string, string>> | undefined;
  if (types === undefined) return value;
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, typed(asdict(value[name]), type)]));
}

/** What stands for an import, a function or a class that was left out: whatever is done with it throws, with the reason. */
export function absent(reason: string): Any {
  const refuse = (): never => {
    throw new ImportError(reason);
  };
  const get = (_: unknown, key: string | symbol): unknown => (typeof key === 'symbol' ? undefined : refuse());
  return new Proxy(class {}, { get, apply: refuse, construct: refuse, set: refuse, has: refuse });
}

/** A copy of the fields of an object, of which some are known to be floats or tuples. */
export function typed_fields(fields: Record<string, Any>, types: Readonly<Record<string, string>>): Any {
  for (const [name, type] of Object.entries(types)) if (name in fields) fields[name] = typed(fields[name], type);
  return fields;
}

/** The number of a float that is marked as one. */
export function unmarked(value: Any): Any {
  return value instanceof Float ? value.value : value;
}

/** `np.uint8(array)`: what is not an array is refused, because NumPy would make a scalar of it. */
export function cast_array(value: Any, dtype: string): Any {
  if (value instanceof NDArray) return value.astype(dtype as 'uint8');
  throw new PyTypeError(`numpy.${dtype}() of what is not an array is not here`);
}

/** What an order of two objects raises that have none. */
export function unordered(sign: string, a: Any, b: Any): never {
  throw new PyTypeError(`'${sign}' not supported between instances of '${type_name(a)}' and '${type_name(b)}'`);
}

/** `divmod(a, b)`. */
export function divmod(a: number, b: number): Any {
  return Tuple.of(floordiv(a, b), mod(a, b));
}

/** `range(...)` as a list, which can be asked for its elements more than once. */
export function range_list(...bounds: number[]): number[] {
  const [first = 0, second, step = 1] = bounds;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const found: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) found.push(i);
  return found;
}

/** `abs(value)`. */
export function abs(value: Any): Any {
  if (typeof value === 'number') return Math.abs(value);
  if (value instanceof Float) return new Float(Math.abs(value.value));
  return typeof value?.__abs__ === 'function' ? value.__abs__() : value.abs();
}

/** `ord(text)`. */
export function ord(text: string): number {
  return text.codePointAt(0)!;
}

/** `chr(code)`. */
export function chr(code: number): string {
  return String.fromCodePoint(code);
}

const in_base =
  (prefix: string, base: number) =>
  (number: number): string =>
    (number < 0 ? '-' : '') + prefix + Math.abs(number).toString(base);
export const hex = in_base('0x', 16);
export const bin = in_base('0b', 2);
export const oct = in_base('0o', 8);

/** `getattr(object, name)`, `getattr(object, name, default)`. */
export function getattr(object: Any, name: string, ...fallback: readonly [Any?]): Any {
  if (object !== null && object !== undefined && name in Object(object)) {
    const found = object[name];
    return typeof found === 'function' &&
      !/^class\b/.test(Function.prototype.toString.call(found)) &&
      typeof object !== 'function' &&
      !('forward' in found)
      ? found.bind(object)
      : found;
  }
  if (fallback.length > 0) return fallback[0];
  throw new AttributeError(`'${(object as object)?.constructor?.name}' object has no attribute '${name}'`);
}

/** `hasattr(object, name)`. */
export function hasattr(object: Any, name: string): boolean {
  return object !== null && object !== undefined && name in Object(object) && object[name] !== undefined;
}

/** `format(value, spec)`. */
export function format_value(value: Any, spec: string): string {
  if (spec === '') return str(value);
  if (typeof value?.__format__ === 'function') return value.__format__(spec);
  return format(
    `{:${spec}}`,
    value !== null && typeof value === 'object' && typeof value.__str__ === 'function' ? str(value) : value,
  );
}

/** `a < b < c` and `x if c else y` and the like need no function; `a or b` of values that are no booleans does. */
export function either(a: Any, truth: (value: Any) => boolean, b: () => Any): Any {
  return truth(a) ? a : b();
}

export function both(a: Any, truth: (value: Any) => boolean, b: () => Any): Any {
  return truth(a) ? b() : a;
}

/**
 * Marks numbers as floats, and arrays as tuples, where the type of a value in Python is known and its text is asked for.
 * @param value any value
 * @param type its type, such as `list[float]` or `tuple[int, float]`
 */
export function typed(value: Any, type: string): Any {
  return mark(value, parse_type(type));
}

/** A float of Python's, whole or not: prints as `1.0`. */
export function as_float(value: Any): Any {
  if (Array.isArray(value)) return value.map(as_float);
  return typeof value === 'number' ? new Float(value) : value;
}

interface Shape {
  readonly name: string;
  readonly inner: readonly Shape[];
}

const shapes = new Map<string, Shape>();

function parse_type(text: string): Shape {
  const known = shapes.get(text);
  if (known) return known;
  let at = 0;
  const read = (): Shape => {
    const name = /^[^[\],]*/.exec(text.slice(at))![0];
    at += name.length;
    const inner: Shape[] = [];
    if (text[at] === '[') {
      do {
        at++;
        inner.push(read());
      } while (text[at] === ',');
      at++;
    }
    return { name: name.trim(), inner };
  };
  const shape = read();
  shapes.set(text, shape);
  return shape;
}

function mark(value: Any, { name, inner }: Shape): Any {
  const [first, second] = inner;
  switch (name) {
    case 'float':
      return as_float(value);
    case 'list':
      return Array.isArray(value) && first ? value.map((item) => mark(item, first)) : value;
    case 'tuple': {
      // Results of the package that have names print as such.
      if (!Array.isArray(value) || (value.constructor !== Array && !(value instanceof Tuple))) return value;
      return Tuple.from(
        value.map((item, i) => (inner.length === 0 ? item : mark(item, inner[inner.length === 1 ? 0 : i]!))),
      );
    }
    case 'set':
      return value instanceof Set && first ? new Set([...value].map((item) => mark(item, first))) : value;
    case 'dict': {
      if (!is_dict(value) || !first || !second) return value;
      if (value instanceof Map)
        return value.constructor === Map || value instanceof Dict
          ? new Map([...value].map(([key, one]) => [mark(key, first), mark(one, second)]))
          : value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mark(one, second)]));
    }
    default:
      return value;
  }
}

/** The keyword arguments of a call, which are the plain object at its end: it is taken off the list. */
export function keywords(args: Any[]): Record<string, Any> {
  return is_plain_object(args.at(-1)) ? (args.pop() as Record<string, Any>) : {};
}

/** Keyword arguments as an argument, or none where there are none. */
export function options(given: Record<string, Any>): Record<string, Any>[] {
  return Object.keys(given).length > 0 ? [given] : [];
}

/** Arguments by position, with undefined for those that are not given. */
export function filled(args: Any[], count: number): Any[] {
  return args.length >= count ? args : [...args, ...new Array(count - args.length).fill(undefined)];
}

/** An object that can be called: `__call__` of its class says what that does. */
export class Callable {
  constructor() {
    const self = (...args: Any[]): Any => (self as Any).__call__(...args);
    // An object that can be called is a function.
    Object.setPrototypeOf(self, new.target.prototype);
    return self as unknown as Callable;
  }
}

/** Makes attributes of a class those of its instances, until an instance assigns its own. */
export function share(cls: Any, ...names: string[]): void {
  for (const name of names) {
    Object.defineProperty(cls.prototype, name, {
      configurable: true,
      get(this: object) {
        return (this.constructor as Any)[name];
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }
}

/** What `with` enters: `__exit__` runs at the end of the block, or what the object disposes itself. */
export function enter(manager: Any): { readonly value: Any; [Symbol.dispose](): void } {
  if (typeof manager?.__enter__ === 'function') {
    const value = manager.__enter__();
    return { value, [Symbol.dispose]: () => manager.__exit__(null, null, null) };
  }
  // A guard of the package begins where this is read.
  const end = manager?.[Symbol.dispose];
  return { value: manager, [Symbol.dispose]: () => end?.call(manager) };
}

/** The elements of `a, *b, c = value`: the list stands where the star is. */
export function unpack(value: Any, before: number, after: number): Any[] {
  const all = [...iter(value)];
  if (all.length < before + after) {
    throw new ValueError(`not enough values to unpack (expected at least ${before + after}, got ${all.length})`);
  }
  const end = all.length - after;
  return [...all.slice(0, before), all.slice(before, end), ...all.slice(end)];
}

/** `value.dot(other)`, which arrays of NumPy have as a function here. */
export function dot(value: Any, other: Any): Any {
  return value instanceof NDArray ? array_dot(value, other) : value.dot(other);
}

/** `value.item()` of a tensor, or of a number that is no object here. */
export function item(value: Any): Any {
  return typeof value === 'number' ? value : value.item();
}

/** `.flat`, `.ravel()` and `.flatten()`: also of the rows of `plt.subplots(2, 2)`. */
export function flat(value: Any, name: 'flat' | 'ravel' | 'flatten', ...args: Any[]): Any {
  if (Array.isArray(value)) return value.flat(Number.POSITIVE_INFINITY);
  return name === 'flat' ? value.flat : value[name](...args);
}

/** Calls what may be a function or a class. */
export function create(callee: Any, ...args: Any[]): Any {
  return /^class\b/.test(Function.prototype.toString.call(callee)) ? new callee(...args) : callee(...args);
}

/** Decorators of functions, the last of which is nearest to the function. */
export function decorate(fn: Any, ...decorators: readonly ((fn: Any) => Any)[]): Any {
  return decorators.reduceRight((inner, decorator) => decorator(inner), fn);
}

/**
 * A decorator of a class. What it returns stands for the class: another class, or a function that makes instances, which `new` calls.
 */
export function class_decorator(decorator: (cls: Any) => Any): (cls: Any, context: unknown) => Any {
  return (cls) => {
    const found = decorator(cls);
    if (typeof found !== 'function' || is_class(found)) return found;
    return new Proxy(cls, {
      construct: (_, args) => found(...args),
      apply: (_, __, args) => found(...args),
    });
  };
}

const is_class = (value: Any): boolean => /^class\b/.test(Function.prototype.toString.call(value));

/** The classes that have the methods of another one, whose instances are its own to `instanceof`. */
const mixed_into = new WeakMap<object, Any[]>();

/** A class that extends `base` and has the methods of others, the last of which go over the first and over `base`. */
export function mixed(base: Any, ...others: readonly Any[]): Any {
  const cls = class extends base {};
  Object.defineProperty(cls, 'name', { value: base.name });
  for (const other of others) {
    for (const [from, to] of [
      [other.prototype, cls.prototype],
      [other, cls],
    ]) {
      for (const key of Reflect.ownKeys(from)) {
        if (
          key === 'constructor' ||
          key === 'prototype' ||
          key === 'length' ||
          key === 'name' ||
          key === Symbol.hasInstance
        )
          continue;
        Object.defineProperty(to, key, Object.getOwnPropertyDescriptor(from, key)!);
      }
    }
    const users = mixed_into.get(other);
    if (users) users.push(cls);
    else {
      const all: Any[] = [cls];
      mixed_into.set(other, all);
      Object.defineProperty(other, Symbol.hasInstance, {
        configurable: true,
        value: (instance: Any): boolean =>
          Function.prototype[Symbol.hasInstance].call(other, instance) || all.some((one) => instance instanceof one),
      });
    }
  }
  return cls;
}

/** Whether a sequence pattern of `match` may fit: lists and tuples, no texts. */
export function is_sequence(value: Any): boolean {
  return Array.isArray(value);
}

/** What `**rest` of a mapping pattern takes. */
export function rest_of(value: Any, ...keys: readonly Any[]): Map<Any, Any> {
  const found = dict(value);
  for (const key of keys) found.delete(key);
  return found;
}

/** `__name__ == '__main__'` of a module that others import: whether it is the one that Node was started with. */
export function is_main(url: string): boolean {
  const started = process.argv[1];
  return isMainThread && started !== undefined && fs.realpathSync(started) === fs.realpathSync(fileURLToPath(url));
}

/** `asyncio.sleep(seconds)`. */
export function sleep(seconds: number): Promise<null> {
  return new Promise((resolve) => {
    if (seconds <= 0) setImmediate(() => resolve(null));
    else setTimeout(() => resolve(null), seconds * 1000);
  });
}

/** `isinstance(value, str)` and the other types that are no classes of JavaScript. */
export function is_type(value: Any, ...types: readonly string[]): boolean {
  return types.some((type) => {
    switch (type) {
      case 'str':
        return typeof value === 'string';
      case 'bool':
        return typeof value === 'boolean';
      case 'int':
        return typeof value === 'boolean' || typeof value === 'bigint' || Number.isInteger(value);
      case 'float':
        return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
      case 'list':
        return Array.isArray(value) && value.constructor === Array;
      case 'tuple':
        return Array.isArray(value) && value.constructor !== Array;
      case 'dict':
        return is_dict(value);
      case 'set':
        return value instanceof Set;
      case 'bytes':
        return value instanceof Uint8Array;
      case 'callable':
        return typeof value === 'function';
      default:
        return false;
    }
  });
}

/** A file that `open` gave. */
class File {
  private at = 0;
  private readonly content: string | Uint8Array;
  private readonly writes: boolean;
  private readonly descriptor: number | null;
  closed = false;

  constructor(
    readonly name: string,
    readonly mode: string,
  ) {
    this.writes = /[wax]/.test(mode);
    if (/x/.test(mode) && fs.existsSync(name))
      throw Object.assign(new Error(`[Errno 17] File exists: '${name}'`), { code: 'EEXIST' });
    this.descriptor = this.writes ? fs.openSync(name, mode.replace(/[bt]/g, '')) : null;
    this.content = this.writes ? '' : read(name, mode);
  }

  read(): Any {
    const rest = this.content.slice(this.at);
    this.at = this.content.length;
    return rest;
  }

  readline(): string {
    const text = this.content as string;
    const end = text.indexOf('\n', this.at);
    const line = text.slice(this.at, end < 0 ? undefined : end + 1);
    this.at += line.length;
    return line;
  }

  readlines(): string[] {
    return [...this];
  }

  write(text: string | Uint8Array): number {
    if (!this.writes) throw new ValueError('not writable');
    if (typeof text === 'string') fs.writeSync(this.descriptor!, text);
    else fs.writeSync(this.descriptor!, text);
    return text.length;
  }

  tell(): number {
    return this.at;
  }

  seek(offset: number, whence = 0): number {
    this.at = whence === 2 ? this.content.length + offset : whence === 1 ? this.at + offset : offset;
    return this.at;
  }

  writelines(lines: Iterable<string>): void {
    for (const line of lines) this.write(line);
  }

  flush(): void {
    // What is written is in the file at once.
  }

  close(): void {
    if (this.descriptor !== null && !this.closed) fs.closeSync(this.descriptor);
    this.closed = true;
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (let line = this.readline(); line !== ''; line = this.readline()) yield line;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function read(name: string, mode: string): string | Uint8Array {
  try {
    return mode.includes('b')
      ? new Uint8Array(fs.readFileSync(name))
      : fs.readFileSync(name, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') {
      throw new FileNotFoundError(`[Errno 2] No such file or directory: '${name}'`);
    }
    throw error;
  }
}

/** `open(name, mode)`. */
export function open(
  name: string | { toString(): string },
  mode: string | { mode?: string; encoding?: string } = 'r',
  options: { encoding?: string; newline?: string } = {},
): File {
  const encoding = options.encoding ?? (typeof mode === 'string' ? undefined : mode.encoding);
  if (encoding !== undefined && !/^(utf-?8|ascii)$/i.test(encoding))
    throw new ValueError(`the encoding ${encoding} is not here`);
  return new File(String(name), typeof mode === 'string' ? mode : (mode.mode ?? 'r'));
}
