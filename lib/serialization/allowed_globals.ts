/**
 * The Python names that files may mention, which are those of `torch.load(weights_only=True)`, and what they stand for
 * here; and the names that the user adds.
 */
import { Device } from '../device.js';
import { layout_of, tensor_type } from '../dtype.js';
import { Parameter } from '../nn/parameter.js';
import { function_argument, iterable_argument } from '../nn/arguments.js';
import { kind_of } from '../nn/representation.js';
import { Complex } from '../scalar.js';
import { Size, Tensor } from '../tensor.js';
import { dtype_named, storage_type } from './loaded_storage.js';
import { rebuild_functions } from './rebuild.js';
import type { Restore } from './storage_location.js';
import { check_hashable, PickledDict, PickledFunction, PickledName, type Unpickler } from './unpickler.js';

/** A function and the full Python name that it stands for: `[(x, y) => new Point(x, y), 'shapes.Point']`. */
export type SafeGlobal = readonly [callable: (...args: never[]) => unknown, name: string];

let registered = new Map<string, SafeGlobal>();

function checked(safe_globals: Iterable<SafeGlobal>): readonly SafeGlobal[] {
  iterable_argument('add_safe_globals', 'safe_globals', safe_globals);
  const list = [...safe_globals];
  for (const entry of list) {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[1] !== 'string') {
      throw new TypeError('add_safe_globals(): expected pairs of a function and its full Python name');
    }
    function_argument('add_safe_globals', 'callable', entry[0]);
  }
  return list;
}

/**
 * Lets files call a function under a Python name: for the class of an object it makes the object. It gets the arguments
 * that Python would give; the object's state is then put into its fields, or given to its `__setstate__`. Mirrors
 * `torch.serialization.add_safe_globals`.
 */
export function add_safe_globals(safe_globals: Iterable<SafeGlobal>): void {
  for (const entry of checked(safe_globals)) registered.set(entry[1], entry);
}

/** What {@link add_safe_globals} has added; mirrors `torch.serialization.get_safe_globals`. */
export function get_safe_globals(): SafeGlobal[] {
  return [...registered.values()];
}

/** Takes back all of {@link add_safe_globals}; mirrors `torch.serialization.clear_safe_globals`. */
export function clear_safe_globals(): void {
  registered.clear();
}

/** {@link add_safe_globals} while `fn` runs; mirrors `with torch.serialization.safe_globals(...)`. */
export function safe_globals<T>(list: Iterable<SafeGlobal>, fn: () => T): T {
  const before = new Map(registered);
  add_safe_globals(list);
  try {
    return fn();
  } finally {
    registered = before;
  }
}

// Never allowed, whoever asks for it.
const blocked_modules = ['sys', 'os', 'posix', 'nt'];

const names = new Map<string, PickledName>([
  'torch.Tensor', 'torch.per_tensor_affine', 'torch.per_tensor_symmetric', 'torch.per_channel_affine',
  'torch.per_channel_symmetric', 'torch.per_channel_affine_float_qparams',
  ...['torch.sparse', 'torch.cuda.sparse'].flatMap((module) =>
    ['BFloat16', 'Byte', 'Char', 'Double', 'Float', 'Half', 'Int', 'Long', 'Short'].map((type) => `${module}.${type}Tensor`)),
].map((name): [string, PickledName] => [name, new PickledName(name)]));

// ---- Plain Python objects -----------------------------------------------------------------------

const bytes_per_value = 16;

function encode([text = '', encoding = 'utf-8']: readonly unknown[], unpickler: Unpickler): Uint8Array {
  if (typeof text !== 'string') throw new Error(`_codecs.encode(): expected a str, not ${kind_of(text)}`);
  unpickler.spend(Math.ceil(text.length / bytes_per_value));
  if (encoding === 'utf-8') return new Uint8Array(Buffer.from(text, 'utf8'));
  if (encoding !== 'latin1') throw new Error(`_codecs.encode(): unknown encoding ${kind_of(encoding)}`);
  if (/[^\u0000-\u00ff]/.test(text)) throw new Error('_codecs.encode(): a character is not latin1');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function bytearray(args: readonly unknown[], unpickler: Unpickler): Uint8Array {
  const [source] = args;
  if (!(source instanceof Uint8Array)) return encode(args, unpickler);
  unpickler.spend(Math.ceil(source.length / bytes_per_value));
  return source.slice();
}

function dict(ordered: boolean, [source]: readonly unknown[], unpickler: Unpickler): PickledDict {
  const made = unpickler.new_dict(ordered);
  if (source === undefined) return made;
  if (source instanceof PickledDict) {
    unpickler.spend(source.keys.length * 2);
    source.keys.forEach((key, i) => made.set(key, source.values[i]));
    return made;
  }
  for (const pair of list('OrderedDict', source)) {
    const [key, value] = list('OrderedDict', pair);
    unpickler.spend(2);
    made.set(key, value);
  }
  return made;
}

function list(callee: string, source: unknown): readonly unknown[] {
  if (Array.isArray(source)) return source as unknown[];
  throw new Error(`${callee}(): expected a list, not ${kind_of(source)}`);
}

function set([source = []]: readonly unknown[]): Set<unknown> {
  const elements = list('set', source);
  elements.forEach(check_hashable);
  return new Set(elements);
}

function complex([re = 0, im = 0]: readonly unknown[]): Complex {
  if (typeof re !== 'number' || typeof im !== 'number') throw new Error('complex(): expected two floats');
  return new Complex(re, im);
}

function size([source = []]: readonly unknown[]): Size {
  const sizes = list('torch.Size', source).map((element) => {
    if (typeof element !== 'number' || !Number.isSafeInteger(element)) {
      throw new Error(`torch.Size() takes an iterable of 'int', not ${kind_of(element)}`);
    }
    return element;
  });
  return Size.from(sizes) as Size;
}

function layout([name]: readonly unknown[]): unknown {
  for (let code = 0; code < 8; code++) {
    if (String(layout_of(code)) === name) return layout_of(code);
  }
  throw new Error(`_get_layout(): unknown layout ${typeof name === 'string' ? name : kind_of(name)}`);
}

function parameter([data, requires_grad = true]: readonly unknown[]): Parameter {
  if (!(data instanceof Tensor)) throw new Error(`Parameter(): expected a Tensor, not ${kind_of(data)}`);
  return new Parameter(data, requires_grad === true);
}

const plain: Record<string, PickledFunction['call']> = {
  'collections.OrderedDict': (args, unpickler) => dict(true, args, unpickler),
  'collections.Counter': (args, unpickler) => dict(false, args, unpickler),
  '_codecs.encode': encode,
  'builtins.bytearray': bytearray,
  // Python refuses the empty bytes that it writes itself.
  'builtins.bytes': bytearray,
  'builtins.set': set,
  'builtins.complex': complex,
  'torch.Size': size,
  'torch.device': (args) => new Device(...(args as [string, number?])),
  'torch.serialization._get_layout': layout,
  'torch.nn.parameter.Parameter': parameter,
};

// ---- The list -----------------------------------------------------------------------------------

/** What a Python name stands for; undefined when files may not mention it. */
export type FindGlobal = (module: string, name: string) => unknown;

/** The list for one file, whose tensors go where `restore` brings them. */
export function allowed_globals(restore: Restore): FindGlobal {
  const functions = new Map<string, PickledFunction>(
    [...Object.entries(plain).map(([name, call]) => new PickledFunction(name, call)), ...rebuild_functions(restore)]
      .map((made) => [made.name, made]));
  return (module, name) => {
    const full = `${module}.${name}`;
    const user = blocked_modules.includes(module) ? undefined : registered.get(full);
    return functions.get(full) ?? names.get(full) ?? storage_type(module, name)
      ?? (module === 'torch' ? dtype_named(name) : undefined) ?? tensor_type(full)
      ?? (user && new PickledFunction(full, (args) => user[0](...(args as never[])), true));
  };
}

/** @throws Error always: says that a file mentions a name, and that nothing of it was run */
export function refuse(module: string, name: string): never {
  const full = `${module}.${name}`;
  if (blocked_modules.includes(module)) {
    throw new Error(`Trying to load unsupported GLOBAL ${full} whose module ${module} is blocked. Nothing of it was run`);
  }
  throw new Error(
    `Unsupported global: GLOBAL ${full} was not an allowed global by default. Nothing of it was run. If you trust the ` +
      `file, torch.serialization.add_safe_globals([[callable, '${full}']]) says what the name stands for`);
}
