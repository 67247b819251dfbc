/**
 * The Python names that files may mention, which are those of `torch.load(weights_only=True)`, and what they stand for
 * here; and the names that the user adds.
 */
import { Device } from '../types/device.js';
import { layout_of, tensor_type } from '../types/dtype.js';
import { Module } from '../nn/modules/module.js';
import { Parameter } from '../nn/parameter.js';
import { kind_of } from '../_internal/representation.js';
import { UninitializedBuffer, UninitializedParameter } from '../nn/uninitialized.js';
import { Complex } from '../types/scalar.js';
import { Size, Tensor } from '../_tensor.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';
import { dtype_named, storage_type } from './loaded_storage.js';
import {
  builtin_class,
  builtin_class_name,
  builtin_function,
  builtin_function_name,
  is_module_class,
  variable_functions,
  type FunctionName,
  type ModuleClass,
} from './module_classes.js';
import { BUCKET_CONFIG, JOIN_CONFIG } from './distributed_state.js';
import { Tuple } from '../python/values.js';
import { BoundMethod } from './python_objects.js';
import { rebuild_functions } from './rebuild.js';
import type { Restore } from './storage_location.js';
import {
  check_hashable,
  PickledClass,
  PickledDict,
  PickledFunction,
  PickledName,
  PickledOpaqueClass,
  type Unpickler,
} from './unpickler.js';

/** The counterpart of a Python name: a class of modules, or a function that is called instead. */
export type SafeCallable = ModuleClass | ((...args: never[]) => unknown);

/** A function or class with the full Python name of its counterpart: `[(x, y) => new Point(x, y), 'shapes.Point']`. */
export type SafeGlobal = readonly [callable: SafeCallable, name: string];

/** What `add_safe_globals` and `safe_globals` take: a pair, or a class or function that has a name in Python by itself. */
export type SafeEntry = SafeGlobal | SafeCallable;

let registered = new Map<string, SafeGlobal>();

const SAFE_GLOBALS = {
  add: signature<{ safe_globals: Iterable<SafeEntry> }>('add_safe_globals', 'safe_globals: Iterable'),
  get: signature<object>('get_safe_globals', ''),
  clear: signature<object>('clear_safe_globals', ''),
  within: signature<{ safe_globals: Iterable<SafeEntry>; fn?: () => unknown }>(
    'safe_globals',
    'safe_globals: Iterable, fn?: Callable',
  ),
};

/** Whether a value is a function with a name, and not a class: a class of one's own, called without `new`, would throw. */
function is_named_function(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function' && value.name !== '' && !/^class\b/.test(Function.prototype.toString.call(value));
}

function check_safe_globals(callee: string, safe_globals: Iterable<SafeEntry>): readonly SafeGlobal[] {
  return [...safe_globals].map((entry: unknown): SafeGlobal => {
    if (is_module_class(entry)) return [entry, builtin_class_name(entry) ?? `__main__.${entry.name}`];
    const known = builtin_function_name(entry);
    if (known !== undefined) return [entry as SafeCallable, `${known.module}.${known.name}`];
    if (is_named_function(entry)) return [entry, `__main__.${entry.name}`];
    const [callable, name] = Array.isArray(entry) && entry.length === 2 ? (entry as unknown[]) : [];
    if (typeof callable === 'function' && typeof name === 'string') return [callable as SafeCallable, name];
    throw new TypeError(
      `${callee}(): argument 'safe_globals' must be a list of classes of modules, of named functions and of pairs of a ` +
        `function or class and its full Python name, but found element of type ${kind_of(entry)}`,
    );
  });
}

/**
 * Registers what Python names in files stand for. Mirrors `torch.serialization.add_safe_globals`.
 *
 * - A pair of a class that extends `nn.Module` and its name in Python: files may contain modules of this class. They
 *   are created without the constructor and get the fields that they were saved with. A class alone stands for the
 *   one of the same name in the module `__main__`, where a script defines its classes.
 * - A pair of a function and a name: files may call the function, which for the class of an object creates the
 *   object. It receives the arguments that Python would pass; the state of the object is then assigned to its fields,
 *   or passed to its `__setstate__`.
 * - A function alone, such as `nn.functional.relu`, has its name in PyTorch; one of your own is that of the same name in
 *   `__main__`.
 *
 * @param safe_globals - classes, functions and pairs
 * @throws TypeError for other elements
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   fc = new nn.Linear(2, 1);
 * }
 * torch.serialization.add_safe_globals([Net]); // or [[Net, 'models.Net']]
 * const chunks: Uint8Array[] = [];
 * torch.save(new Net(), { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) });
 * print(torch.load(Buffer.concat(chunks), { weights_only: false })); // Net(
 * //   (fc): Linear(in_features=2, out_features=1, bias=True)
 * // )
 * ```
 */
export function add_safe_globals(safe_globals: Iterable<SafeEntry>): void;
export function add_safe_globals(options: { safe_globals: Iterable<SafeEntry> }): void;
export function add_safe_globals(...args: unknown[]): void {
  const entries = check_safe_globals('add_safe_globals', SAFE_GLOBALS.add.read(args).safe_globals);
  for (const entry of entries) registered.set(entry[1], entry);
}

/**
 * The entries that {@link add_safe_globals} has registered. Mirrors `torch.serialization.get_safe_globals`.
 * @example
 * ```ts
 * torch.serialization.clear_safe_globals();
 * print(torch.serialization.get_safe_globals());
 * ```
 * ```python
 * torch.serialization.clear_safe_globals()
 * print(torch.serialization.get_safe_globals())
 * ```
 */
export function get_safe_globals(...args: []): SafeGlobal[] {
  SAFE_GLOBALS.get.read(args);
  return [...registered.values()];
}

/**
 * Removes all entries of {@link add_safe_globals}. Mirrors `torch.serialization.clear_safe_globals`.
 * @example
 * ```ts
 * torch.serialization.clear_safe_globals();
 * print(torch.serialization.get_safe_globals());
 * ```
 * ```python
 * torch.serialization.clear_safe_globals()
 * print(torch.serialization.get_safe_globals())
 * ```
 */
export function clear_safe_globals(...args: []): void {
  SAFE_GLOBALS.clear.read(args);
  registered.clear();
}

/**
 * Adds entries as {@link add_safe_globals} does: for a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.serialization.safe_globals`.
 *
 * @param safe_globals - classes, functions and pairs
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   fc = new nn.Linear(2, 1);
 * }
 * print(torch.serialization.safe_globals([Net], () => torch.serialization.get_safe_globals().length));
 * ```
 * ```python
 * class Net(nn.Module):
 *     pass
 * with torch.serialization.safe_globals([Net]):
 *     print(len(torch.serialization.get_safe_globals()))
 * ```
 */
export function safe_globals(safe_globals: Iterable<SafeEntry>): Guard;
export function safe_globals<T>(safe_globals: Iterable<SafeEntry>, fn: () => T): T;
export function safe_globals<T>(safe_globals: Iterable<SafeEntry>, options: { fn: () => T }): T;
export function safe_globals(...args: unknown[]): unknown {
  const { safe_globals: list, fn } = SAFE_GLOBALS.within.read(args);
  const added = check_safe_globals('safe_globals', list);
  const enter = (): typeof registered => {
    const before = registered;
    registered = new Map(before);
    for (const entry of added) registered.set(entry[1], entry);
    return before;
  };
  return run_or_guard(
    'safe_globals',
    {
      enter,
      leave: (before) => {
        registered = before;
      },
    },
    fn,
  );
}

/** The full Python name of a class of modules or a function; undefined when it is not registered. */
export function global_name_of(value: unknown): FunctionName | undefined {
  for (const [callable, full] of registered.values()) {
    if (callable !== value) continue;
    const dot = full.lastIndexOf('.');
    return { module: full.slice(0, Math.max(dot, 0)), name: full.slice(dot + 1), is_method: false };
  }
  const full = builtin_class_name(value);
  if (full === undefined) return builtin_function_name(value);
  const dot = full.lastIndexOf('.');
  return { module: full.slice(0, dot), name: full.slice(dot + 1), is_method: false };
}

// Never allowed, not even when the user registers it.
const blocked_modules = ['sys', 'os', 'posix', 'nt'];

const names = new Map<string, PickledName>(
  [
    'torch.Tensor',
    'torch.per_tensor_affine',
    'torch.per_tensor_symmetric',
    'torch.per_channel_affine',
    'torch.per_channel_symmetric',
    'torch.per_channel_affine_float_qparams',
    ...['torch.sparse', 'torch.cuda.sparse'].flatMap((module) =>
      ['BFloat16', 'Byte', 'Char', 'Double', 'Float', 'Half', 'Int', 'Long', 'Short'].map(
        (type) => `${module}.${type}Tensor`,
      ),
    ),
  ].map((name): [string, PickledName] => [name, new PickledName(name)]),
);

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
  // Python throws for the empty bytes that it writes itself.
  'builtins.bytes': bytearray,
  'builtins.set': set,
  'builtins.complex': complex,
  'torch.Size': size,
  'torch.device': (args) => new Device(...(args as [string, number?])),
  'torch.serialization._get_layout': layout,
  'torch.nn.parameter.Parameter': parameter,
};

// ---- Modules ------------------------------------------------------------------------------------

/** `getattr`, as far as modules need it: torch's own functions, and the method that lazy modules have as a hook. */
function getattr([of, name]: readonly unknown[]): unknown {
  if (of instanceof PickledName && of.name === variable_functions) {
    const found = builtin_function(`${variable_functions}.${String(name)}`);
    if (found !== undefined) return found;
  }
  if (of instanceof Module && (name === '_infer_parameters' || name === '_lazy_load_hook'))
    return new BoundMethod(of, name);
  throw new Error(
    `getattr(): '${String(name)}' of ${of instanceof PickledName ? of.name : kind_of(of)} is not allowed`,
  );
}

/** The function that pickles before protocol 2 call for new objects. */
function reconstructor([kind]: readonly unknown[], unpickler: Unpickler): unknown {
  if (!(kind instanceof PickledClass))
    throw new Error(`copyreg._reconstructor(): expected a class, not ${kind_of(kind)}`);
  return unpickler.new_module(kind);
}

const of_modules: Record<string, PickledFunction['call']> = {
  'builtins.getattr': getattr,
  'copyreg._reconstructor': reconstructor,
  'torch.nn.parameter.UninitializedParameter': ([requires_grad = true]) =>
    new UninitializedParameter(requires_grad === true),
  'torch.nn.parameter.UninitializedBuffer': ([requires_grad = false]) =>
    new UninitializedBuffer(requires_grad === true),
  [JOIN_CONFIG]: (args) => Tuple.from(args),
};

const opaque = new Set(['torch.utils.hooks.RemovableHandle', 'torch.nn.modules.module._WrappedHook', BUCKET_CONFIG]);

/** Arrays of numpy in files, which few have: what is for them is read when it is needed. */
export const numpy_arrays = () => require('./numpy_arrays.js') as typeof import('./numpy_arrays.js');

const find_of_numpy = (full: string): PickledFunction | PickledName | undefined =>
  full.startsWith('numpy.') ? numpy_arrays().find_of_numpy(full) : undefined;

/** The counterpart of a name in a file of whole modules. */
function find_for_modules(module: string, name: string): unknown {
  const full = `${module}.${name}`;
  const call = of_modules[full];
  if (call !== undefined) return new PickledFunction(full, call);
  if (full === variable_functions || full === 'builtins.object') return new PickledName(full);
  if (opaque.has(full)) return new PickledOpaqueClass(module, name);
  const of_numpy = find_of_numpy(full);
  if (of_numpy !== undefined) return of_numpy;
  const its_class = builtin_class(full);
  return its_class === undefined ? builtin_function(full) : new PickledClass(full, its_class);
}

function of_user([callable, name]: SafeGlobal): PickledClass | PickledFunction {
  if (is_module_class(callable)) return new PickledClass(name, callable);
  return new PickledFunction(name, (args) => callable(...(args as never[])), true, callable);
}

// ---- The list -----------------------------------------------------------------------------------

/** The counterpart of a Python name; undefined when files may not mention it. */
export type FindGlobal = (module: string, name: string) => unknown;

/**
 * The list for one file, whose tensors go where `restore` brings them.
 * @param weights_only whether modules of torch.nn throw
 */
export function allowed_globals(restore: Restore, weights_only: boolean): FindGlobal {
  const functions = new Map<string, PickledFunction>(
    [
      ...Object.entries(plain).map(([name, call]) => new PickledFunction(name, call)),
      ...rebuild_functions(restore),
    ].map((made) => [made.name, made]),
  );
  return (module, name) => {
    const full = `${module}.${name}`;
    const user = blocked_modules.includes(module) ? undefined : registered.get(full);
    return (
      functions.get(full) ??
      names.get(full) ??
      storage_type(module, name) ??
      (module === 'torch' ? dtype_named(name) : undefined) ??
      tensor_type(full) ??
      (user && of_user(user)) ??
      (weights_only ? undefined : find_for_modules(module, name))
    );
  };
}

/** @throws Error always: says that a file mentions a name, and that nothing of it was run */
export function throw_unsafe_global(module: string, name: string, weights_only: boolean): never {
  const full = `${module}.${name}`;
  if (blocked_modules.includes(module)) {
    throw new Error(
      `Trying to load unsupported GLOBAL ${full} whose module ${module} is blocked. Nothing of it was run`,
    );
  }
  if (!weights_only) {
    throw new Error(
      `Can't get attribute '${name}' on <module '${module}'>: no class or function is known under this name. Nothing of the ` +
        `file was run. For a class of modules, torch.serialization.add_safe_globals([[${name}, '${full}']]) says which one it is ` +
        'here; for anything else, a function in its place makes the object',
    );
  }
  const makes =
    builtin_class(full) !== undefined
      ? 'modules of torch.nn and of the classes that were added there'
      : find_of_numpy(full) !== undefined
        ? 'arrays of numpy'
        : undefined;
  const instead =
    makes === undefined ? '' : `, or use weights_only: false, which makes ${makes}, and runs nothing else`;
  throw new Error(
    `Unsupported global: GLOBAL ${full} was not an allowed global by default. Nothing of it was run. If you trust ` +
      `the file, torch.serialization.add_safe_globals([[callable, '${full}']]) says what the name stands for${instead}`,
  );
}
