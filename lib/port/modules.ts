/** Modules of Python's standard library that have no place of their own in the package: what training scripts use of them. */
import * as fs from 'node:fs';
import * as node_os from 'node:os';
import * as node_path from 'node:path';

import { is_plain_object } from '../_internal/plain_object.js';
import { signatures } from '../_internal/signature.js';
import { Float, Tuple } from '../python/values.js';
import { deepcopy } from '../utils/copy.js';
import { SystemExit, ValueError } from './exceptions.js';
import * as operators from './op.js';
import { type Any, dict, entries, is_dict, iter, str } from './values.js';

/** `os` and `os.path`. */
export const os = {
  sep: '/',
  devnull: node_os.devNull,
  name: 'posix',
  linesep: '\n',
  get environ(): Record<string, string | undefined> {
    return process.env;
  },
  getenv: (name: string, fallback: string | null = null): string | null => process.env[name] ?? fallback,
  getcwd: (): string => process.cwd(),
  getpid: (): number => process.pid,
  cpu_count: (): number => node_os.cpus().length,
  listdir: (folder = '.'): string[] => fs.readdirSync(folder),
  mkdir: (folder: string): void => fs.mkdirSync(folder),
  makedirs: (folder: string, options: boolean | number | { exist_ok?: boolean } = {}): void => {
    const exist_ok = typeof options === 'object' && options.exist_ok === true;
    if (!exist_ok && fs.existsSync(folder)) {
      throw Object.assign(new Error(`[Errno 17] File exists: '${folder}'`), { code: 'EEXIST' });
    }
    fs.mkdirSync(folder, { recursive: true });
  },
  remove: (file: string): void => fs.unlinkSync(file),
  unlink: (file: string): void => fs.unlinkSync(file),
  rmdir: (folder: string): void => fs.rmdirSync(folder),
  rename: (from: string, to: string): void => fs.renameSync(from, to),
  path: {
    sep: '/',
    abspath: (path: string): string => node_path.resolve(path),
    realpath: (path: string): string => fs.realpathSync(path),
    basename: (path: string): string => path.slice(path.lastIndexOf('/') + 1),
    dirname: (path: string): string => {
      const head = path.slice(0, path.lastIndexOf('/') + 1);
      return /^\/+$/.test(head) ? head : head.replace(/\/+$/, '');
    },
    exists: (path: string): boolean => fs.existsSync(path),
    expanduser: (path: string): string => path.replace(/^~(?=\/|$)/, node_os.homedir()),
    getsize: (path: string): number => fs.statSync(path).size,
    isabs: (path: string): boolean => path.startsWith('/'),
    isdir: (path: string): boolean => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    isfile: (path: string): boolean => fs.statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
    join: (first: string, ...others: string[]): string => {
      let path = first;
      for (const other of others) {
        if (other.startsWith('/')) path = other;
        else path += path === '' || path.endsWith('/') ? other : `/${other}`;
      }
      return path;
    },
    normpath: (path: string): string => node_path.posix.normalize(path).replace(/(?<=.)\/$/, ''),
    relpath: (path: string, start = '.'): string => node_path.relative(start, path) || '.',
    split: (path: string): Any => Tuple.of(os.path.dirname(path), os.path.basename(path)),
    splitext: (path: string): Any => {
      const name = os.path.basename(path);
      const dot = name.replace(/^\.+/, (dots) => '_'.repeat(dots.length)).lastIndexOf('.');
      const extension = dot < 0 ? '' : name.slice(dot);
      return Tuple.of(path.slice(0, path.length - extension.length), extension);
    },
  },
};

/** `sys`. */
export const sys = {
  get argv(): string[] {
    return process.argv.slice(1);
  },
  stdout: {
    write: (text: string): number => {
      process.stdout.write(text);
      return text.length;
    },
    flush: (): void => undefined,
  },
  stderr: {
    write: (text: string): number => {
      process.stderr.write(text);
      return text.length;
    },
    flush: (): void => undefined,
  },
  maxsize: Number.MAX_SAFE_INTEGER,
  float_info: { epsilon: Number.EPSILON, max: Number.MAX_VALUE, min: 2.2250738585072014e-308 },
  platform: process.platform as string,
  exit: (code: unknown = null): never => {
    process.exitCode = typeof code === 'number' ? code : code === null ? 0 : 1;
    if (typeof code === 'string') process.stderr.write(`${code}\n`);
    throw new SystemExit(code);
  },
};

interface DumpOptions {
  indent?: number | string | null;
  sort_keys?: boolean;
  ensure_ascii?: boolean;
  separators?: readonly [string, string] | null;
}

function json_text(value: Any, options: DumpOptions, depth: number): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return number_text(value);
  if (typeof value === 'string') return string_text(value, options.ensure_ascii ?? true);
  const indent = typeof options.indent === 'number' ? ' '.repeat(options.indent) : options.indent;
  const open = indent === null || indent === undefined ? '' : `\n${indent.repeat(depth + 1)}`;
  const close = open === '' ? '' : `\n${indent!.repeat(depth)}`;
  const [between, colon] = options.separators ?? [open === '' ? ', ' : ',', ': '];
  if (is_dict(value)) {
    let pairs = entries(value).map(
      ([key, one]) => [typeof key === 'string' ? key : json_text(key, {}, 0), one] as const,
    );
    if (options.sort_keys) pairs = pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    if (pairs.length === 0) return '{}';
    const texts = pairs.map(
      ([key, one]) => string_text(key, options.ensure_ascii ?? true) + colon + json_text(one, options, depth + 1),
    );
    return `{${open}${texts.join(between + open)}${close}}`;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${open}${value.map((item) => json_text(item, options, depth + 1)).join(between + open)}${close}]`;
  }
  throw new TypeError(`Object of type ${(value as object).constructor.name} is not JSON serializable`);
}

function number_text(value: number | bigint | Float): string {
  if (typeof value === 'bigint') return String(value);
  const number = Number(value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? 'Infinity' : '-Infinity';
  return str(value);
}

function string_text(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  return ascii
    ? quoted.replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted;
}

/** `json`. */
export const json = {
  dumps: (value: unknown, options: DumpOptions = {}): string => json_text(value, options, 0),
  dump: (value: unknown, file: { write(text: string): unknown }, options: DumpOptions = {}): void => {
    file.write(json_text(value, options, 0));
  },
  loads: (text: string): Any => JSON.parse(text),
  load: (file: { read(): string }): Any => JSON.parse(file.read()),
};

const LITERAL =
  /\s*(?:([-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)|('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(True|False|None)\b|([[\](){},:]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\n': '' };

/** The value of a literal: numbers, texts, `True`, `False`, `None`, and lists, tuples and dicts of them. */
function literal_eval(text: string): Any {
  let at = 0;
  let depth = 0;
  const refuse = (): never => {
    if (/^\s*[A-Za-z_][\w.]*(\(.*\))?\s*$/s.test(text))
      throw new ValueError(`malformed node or string: ${text.trim()}`);
    throw new SyntaxError('invalid syntax');
  };
  const token = (): RegExpExecArray => {
    LITERAL.lastIndex = at;
    const found = LITERAL.exec(text) ?? refuse();
    at = LITERAL.lastIndex;
    return found;
  };
  const next_is = (sign: string): boolean => {
    const before = at;
    if (at < text.length && /\S/.test(text.slice(at)) && token()[4] === sign) return true;
    at = before;
    return false;
  };
  const items = (close: string, read: () => Any): { found: Any[]; comma: boolean } => {
    const found: Any[] = [];
    let comma = false;
    while (!next_is(close)) {
      if (found.length > 0 && !comma) refuse();
      found.push(read());
      comma = next_is(',');
    }
    return { found, comma };
  };
  const value = (): Any => {
    const [, number, quoted, word, sign] = token();
    if (number !== undefined) {
      const digits = number.replaceAll('_', '');
      if (/^[-+]?0\d/.test(digits) && !/[.eE]/.test(digits) && /[1-9]/.test(digits)) refuse();
      const read = Number(digits);
      if (Number.isInteger(read) && !Number.isSafeInteger(read) && !/[.eE]/.test(digits))
        throw new ValueError('integers beyond 2^53 are not here');
      return read;
    }
    if (quoted !== undefined) {
      if (/\\[^ntr0'"\\\n]/.test(quoted)) throw new ValueError('this escape of a text is not here');
      return quoted.slice(1, -1).replace(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? one);
    }
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    if (++depth > 100) throw new ValueError('brackets are nested too deeply');
    let made: Any;
    if (sign === '[') made = items(']', value).found;
    else if (sign === '(') {
      const { found, comma } = items(')', value);
      made = found.length === 1 && !comma ? found[0] : Tuple.from(found);
    } else if (sign === '{') {
      made = dict(
        items('}', () => {
          const key = value();
          if (!next_is(':')) throw new ValueError('sets are not here');
          return [key, value()];
        }).found,
      );
    } else refuse();
    depth--;
    return made;
  };
  const first = value();
  if (!/^\s*$/.test(text.slice(at))) {
    if (!next_is(',')) refuse();
    const rest: Any[] = [];
    while (/\S/.test(text.slice(at))) {
      rest.push(value());
      if (/\S/.test(text.slice(at)) && !next_is(',')) refuse();
    }
    return Tuple.of(first, ...rest);
  }
  return first;
}

/** `ast`. */
export const ast = { literal_eval };

/** `copy`. */
export const copy = {
  copy: (value: Any): Any => {
    if (Array.isArray(value)) return value instanceof Tuple ? value : [...value];
    if (value instanceof Map || value instanceof Set) return new (value.constructor as Any)(value);
    if (is_plain_object(value)) return { ...value };
    if (value === null || typeof value !== 'object') return value;
    if (typeof value.__copy__ === 'function') return value.__copy__();
    if (typeof value.clone === 'function') return value.clone();
    return Object.assign(Object.create(Object.getPrototypeOf(value)), value);
  },
  deepcopy: (value: Any): Any => deepcopy(value),
};

const as_tuples = (items: readonly Any[][]): Any[] => items.map((item) => Tuple.from(item));

function choose(items: readonly Any[], count: number, start = 0): Any[][] {
  if (count === 0) return [[]];
  const found: Any[][] = [];
  for (let i = start; i <= items.length - count; i++) {
    for (const rest of choose(items, count - 1, i + 1)) found.push([items[i], ...rest]);
  }
  return found;
}

function arrange(items: readonly Any[], count: number): Any[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) =>
    arrange([...items.slice(0, i), ...items.slice(i + 1)], count - 1).map((rest) => [item, ...rest]),
  );
}

/** `itertools`. */
export const itertools = {
  *chain(...parts: Any[]): Generator<Any, void, undefined> {
    for (const part of parts) yield* iter(part);
  },
  chain_from_iterable: (parts: Any): Generator<Any, void, undefined> => itertools.chain(...iter(parts)),
  *count(start = 0, step = 1): Generator<number, void, undefined> {
    for (let i = start; ; i += step) yield i;
  },
  *cycle(items: Any): Generator<Any, void, undefined> {
    const kept = [...iter(items)];
    while (kept.length > 0) yield* kept;
  },
  *repeat(item: Any, times: number | null = null): Generator<Any, void, undefined> {
    for (let i = 0; times === null || i < times; i++) yield item;
  },
  *islice(items: Any, first: number, stop?: number | null, step: number | null = 1): Generator<Any, void, undefined> {
    const [from, to] = stop === undefined ? [0, first] : [first ?? 0, stop];
    let i = 0;
    let next = from;
    if (to !== null && from >= to) return;
    for (const item of { [Symbol.iterator]: () => iter(items) }) {
      if (i === next) {
        yield item;
        next += step ?? 1;
      }
      i++;
      if (to !== null && i >= to) return;
    }
  },
  *product(...given: Any[]): Generator<Any, void, undefined> {
    const options = is_plain_object(given.at(-1)) ? (given.pop() as { repeat?: number }) : {};
    const lists = given.map((one) => [...iter(one)]);
    const all = Array.from({ length: options.repeat ?? 1 }, () => lists).flat();
    yield* as_tuples(
      all.reduce<Any[][]>((rows, items) => rows.flatMap((row) => items.map((item) => [...row, item])), [[]]),
    );
  },
  *permutations(items: Any, count: number | null = null): Generator<Any, void, undefined> {
    const kept = [...iter(items)];
    yield* as_tuples(arrange(kept, count ?? kept.length));
  },
  *combinations(items: Any, count: number): Generator<Any, void, undefined> {
    yield* as_tuples(choose([...iter(items)], count));
  },
  *accumulate(items: Any, fn: (a: Any, b: Any) => Any = operators.add): Generator<Any, void, undefined> {
    let total: Any;
    let first = true;
    for (const item of iter(items)) {
      total = first ? item : fn(total, item);
      first = false;
      yield total;
    }
  },
  *zip_longest(...given: Any[]): Generator<Any, void, undefined> {
    const options = is_plain_object(given.at(-1)) ? (given.pop() as { fillvalue?: unknown }) : {};
    const lists = given.map((one) => [...iter(one)]);
    const length = Math.max(0, ...lists.map((one) => one.length));
    for (let i = 0; i < length; i++)
      yield Tuple.from(lists.map((one) => (i < one.length ? one[i] : (options.fillvalue ?? null))));
  },
  *takewhile(test: (item: Any) => Any, items: Any): Generator<Any, void, undefined> {
    for (const item of iter(items)) {
      if (!test(item)) return;
      yield item;
    }
  },
  *dropwhile(test: (item: Any) => Any, items: Any): Generator<Any, void, undefined> {
    let dropping = true;
    for (const item of iter(items)) {
      if (dropping && test(item)) continue;
      dropping = false;
      yield item;
    }
  },
};

/** `functools`. */
export const functools = {
  reduce: (fn: (a: Any, b: Any) => Any, items: Any, ...start: Any[]): Any => {
    const all = [...start, ...iter(items)];
    if (all.length === 0) throw new TypeError('reduce() of empty iterable with no initial value');
    return all.reduce((total, item) => fn(total, item));
  },
  partial: (fn: Any, ...fixed: Any[]): Any => {
    const options = is_plain_object(fixed.at(-1)) ? fixed.pop() : undefined;
    return (...args: Any[]) => {
      const last = is_plain_object(args.at(-1)) ? args.pop() : undefined;
      const named = options || last ? [{ ...options, ...last }] : [];
      return fn(...fixed, ...args, ...named);
    };
  },
  lru_cache: (): ((fn: Any) => Any) => functools.cache,
  cache: (fn: Any): Any => {
    const kept = new Map<string, Any>();
    return (...args: Any[]) => {
      const key = args.map((arg) => `${typeof arg}:${str(arg)}`).join();
      if (!kept.has(key)) kept.set(key, fn(...args));
      return kept.get(key);
    };
  },
  wraps:
    (fn: Any): ((wrapper: Any) => Any) =>
    (wrapper) =>
      Object.defineProperty(wrapper, 'name', { value: fn?.name ?? wrapper.name }),
  cmp_to_key: (): never => {
    throw new ValueError('functools.cmp_to_key is not in torch-node');
  },
};

/** Bytes as a file that is nowhere. */
class BytesIO {
  private at = 0;

  constructor(private bytes: Uint8Array = new Uint8Array(0)) {
    this.bytes = Uint8Array.from(bytes);
  }

  write(given: ArrayBufferView): number {
    const more = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    const end = Math.max(this.bytes.length, this.at + more.length);
    const all = new Uint8Array(end);
    all.set(this.bytes);
    all.set(more, this.at);
    [this.bytes, this.at] = [all, this.at + more.length];
    return more.length;
  }

  read(count = -1): Uint8Array {
    const from = this.at;
    this.at = count < 0 ? this.bytes.length : Math.min(from + count, this.bytes.length);
    return this.bytes.slice(from, this.at);
  }

  seek(offset: number, whence = 0): number {
    this.at = offset + (whence === 2 ? this.bytes.length : whence === 1 ? this.at : 0);
    return this.at;
  }

  tell(): number {
    return this.at;
  }

  getvalue(): Uint8Array {
    return this.bytes;
  }

  getbuffer(): Uint8Array {
    return this.bytes;
  }

  close(): void {
    this.bytes = new Uint8Array(0);
  }
}

/** A text as a file that is nowhere, which is read from its beginning and written at its end. */
class StringIO {
  private at = 0;

  constructor(private text = '') {}

  write(more: string): number {
    this.text += more;
    return more.length;
  }

  read(): string {
    const rest = this.text.slice(this.at);
    this.at = this.text.length;
    return rest;
  }

  readline(): string {
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at, end < 0 ? undefined : end + 1);
    this.at += line.length;
    return line;
  }

  seek(offset: number): number {
    this.at = offset;
    return offset;
  }

  getvalue(): string {
    return this.text;
  }

  close(): void {
    this.text = '';
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (let line = this.readline(); line !== ''; line = this.readline()) yield line;
  }
}

/** `io`. */
export const io = { BytesIO, StringIO };

/** `inspect`: which parameters a function, method or class of the package has. */
export const inspect = {
  /** @param names - the parameters of a function of the program */
  signature: (
    fn: { readonly name: string },
    names?: readonly string[],
  ): { parameters: Map<string, { name: string }> } => {
    if (names) return { parameters: new Map(names.map((name) => [name, { name }])) };
    const found = signatures.filter(({ callee }) => callee === fn.name);
    if (found.length !== 1) throw new ValueError(`inspect.signature: the parameters of ${fn.name} are not known here`);
    const { parameters, rest, others } = found[0]!.parsed;
    const all = [...parameters.map(({ name }) => name), ...(rest ? [rest.name] : []), ...(others ? [others] : [])];
    return inspect.signature(fn, all);
  },
};

/** `operator`. */
export const operator = {
  ...operators,
  itemgetter:
    (...keys: Any[]) =>
    (item: Any): Any =>
      keys.length === 1
        ? operators.getitem(item, keys[0])
        : Tuple.from(keys.map((key) => operators.getitem(item, key))),
  attrgetter:
    (name: string) =>
    (item: Any): Any =>
      name.split('.').reduce((value, part) => value[part], item),
};

const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** `string`. */
export const string = {
  ascii_lowercase: lowercase,
  ascii_uppercase: lowercase.toUpperCase(),
  ascii_letters: lowercase + lowercase.toUpperCase(),
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  punctuation,
  whitespace: ' \t\n\r\x0b\x0c',
  printable: `0123456789${lowercase}${lowercase.toUpperCase()}${punctuation} \t\n\r\x0b\x0c`,
};

/** A pattern of Python's as one of JavaScript's. */
function pattern_of(pattern: string | RegExp, flags = 0): RegExp {
  if (pattern instanceof RegExp) return pattern;
  const source = pattern
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\Z', '$')
    .replaceAll('\\A', '^');
  return new RegExp(
    source,
    `gu${flags & 2 ? 'i' : ''}${flags & 8 ? 'm' : ''}${flags & 16 ? 's' : ''}`.replace(
      'u',
      /[^\x00-\x7f]/.test(source) ? 'u' : '',
    ),
  );
}

function match_of(found: RegExpExecArray | null): Any {
  if (!found) return null;
  const group = (key: number | string = 0): Any => (typeof key === 'number' ? found[key] : found.groups?.[key]) ?? null;
  return {
    group,
    groups: () => Tuple.from(found.slice(1).map((one) => one ?? null)),
    groupdict: () => ({ ...found.groups }),
    start: () => found.index,
    end: () => found.index + found[0].length,
    span: () => Tuple.of(found.index, found.index + found[0].length),
  };
}

function replaced(pattern: RegExp, to: string | ((match: Any) => string), text: string): string {
  return text.replace(new RegExp(pattern.source, pattern.flags), (...args) => {
    const groups = typeof args.at(-1) === 'object' ? args.at(-1) : undefined;
    const all = args.slice(
      0,
      args.findIndex((one) => typeof one === 'number'),
    );
    if (typeof to === 'function')
      return to(match_of(Object.assign(all, { index: 0, input: text, groups }) as unknown as RegExpExecArray));
    return to.replace(
      /\\(?:(\d)|g<(\w+)>)/g,
      (_, digit?: string, name?: string) =>
        (digit ? all[Number(digit)] : /^\d+$/.test(name!) ? all[Number(name)] : groups?.[name!]) ?? '',
    );
  });
}

/** `re`, for patterns that mean the same in both languages. */
export const re = {
  IGNORECASE: 2,
  I: 2,
  MULTILINE: 8,
  M: 8,
  DOTALL: 16,
  S: 16,
  compile: (pattern: string, flags = 0): Any => {
    const made = pattern_of(pattern, flags);
    return {
      pattern,
      match: (text: string) => re.match(made, text),
      fullmatch: (text: string) => re.fullmatch(made, text),
      search: (text: string) => re.search(made, text),
      findall: (text: string) => re.findall(made, text),
      split: (text: string) => re.split(made, text),
      sub: (to: string, text: string) => re.sub(made, to, text),
    };
  },
  search: (pattern: string | RegExp, text: string, flags = 0): Any =>
    match_of(new RegExp(pattern_of(pattern, flags)).exec(text)),
  match: (pattern: string | RegExp, text: string, flags = 0): Any => {
    const made = pattern_of(pattern, flags);
    return match_of(new RegExp(`^(?:${made.source})`, made.flags.replace('g', '')).exec(text));
  },
  fullmatch: (pattern: string | RegExp, text: string, flags = 0): Any => {
    const made = pattern_of(pattern, flags);
    return match_of(new RegExp(`^(?:${made.source})$`, made.flags.replace('g', '')).exec(text));
  },
  findall: (pattern: string | RegExp, text: string, flags = 0): Any[] =>
    [...text.matchAll(pattern_of(pattern, flags))].map((found) =>
      found.length === 1
        ? found[0]
        : found.length === 2
          ? (found[1] ?? '')
          : Tuple.from(found.slice(1).map((one) => one ?? '')),
    ),
  split: (pattern: string | RegExp, text: string): string[] => text.split(pattern_of(pattern)),
  sub: (pattern: string | RegExp, to: string | ((match: Any) => string), text: string): string =>
    replaced(pattern_of(pattern), to, text),
  escape: (text: string): string => text.replace(/[^\w]/g, '\\$&'),
};

/** `tempfile`. */
export const tempfile = {
  gettempdir: (): string => node_os.tmpdir(),
  mkdtemp: (suffix: string | null = null, prefix: string | null = null): string =>
    fs.mkdtempSync(node_path.join(node_os.tmpdir(), prefix ?? 'tmp')) + (suffix ?? ''),
  TemporaryDirectory: class TemporaryDirectory {
    readonly name: string = fs.mkdtempSync(node_path.join(node_os.tmpdir(), 'tmp'));

    __enter__(): string {
      return this.name;
    }

    __exit__(): void {
      this.cleanup();
    }

    [Symbol.dispose](): void {
      this.cleanup();
    }

    cleanup(): void {
      fs.rmSync(this.name, { recursive: true, force: true });
    }
  },
};

/** `shutil`. */
export const shutil = {
  copy: (from: string, to: string): string => shutil.copyfile(from, to),
  copyfile: (from: string, to: string): string => {
    fs.copyFileSync(from, to);
    return to;
  },
  move: (from: string, to: string): string => {
    fs.renameSync(from, to);
    return to;
  },
  rmtree: (folder: string, options: boolean | { ignore_errors?: boolean } = {}): void => {
    const force = options === true || (typeof options === 'object' && options.ignore_errors === true);
    fs.rmSync(folder, { recursive: true, force });
  },
};
