/** `torch.ops`: every operator that libtorch's dispatcher knows, by its own name. */
import { resolve } from 'node:path';

import { callable, overloads_of, Packet } from './_C/dispatch.js';
import { native, open_library } from './_C/native.js';
import { is_tensor } from './_C/tensor_base.js';
import { is_plain_object } from './_internal/plain_object.js';
import { signature } from './_internal/signature.js';
import type { Tensor } from './_tensor.js';

/** An overload, such as `torch.ops.aten.add.Tensor`. It prints as `aten.add.Tensor`. */
export type Overload = ((...args: unknown[]) => unknown) & {
  readonly schema: string;
  /** As `'aten::add.Tensor'`. */
  readonly qualified: string;
};

/** An operator, callable itself, with its overloads as properties. It prints as `aten.add`. */
export type OverloadPacket = ((...args: unknown[]) => unknown) & {
  overloads(): string[];
  /** As `'aten::add'`. */
  readonly qualified: string;
} & { readonly [overload: string]: Overload };

/** Whether a value is an overload of `torch.ops`. @internal */
export const is_overload = (value: unknown): value is Overload =>
  typeof value === 'function' && overloads.get((value as Overload).qualified) === value;

/** Whether a value is an operator of `torch.ops`. @internal */
export const is_packet = (value: unknown): value is OverloadPacket =>
  typeof value === 'function' && packets.get((value as unknown as OverloadPacket).qualified) === value;

/** The operators of one library, such as `aten`. */
export type Namespace = { readonly [name: string]: OverloadPacket };

// Grows with each operator that is defined or forgotten.
let generation = 0;

/** Forgets what is known of operators: what did not exist may exist now, and what exists may have another schema. @internal */
export function forget_operators(): void {
  generation++;
  native.forget_names();
}

/** A function that is made again when operators have been defined: what it knows of their schemas would be wrong. @internal */
export function following(make: () => (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  let made = make();
  let at = generation;
  return (...args) => {
    if (at !== generation) {
      made = make();
      at = generation;
    }
    return made(...args);
  };
}

/** `add` of `aten::add`. */
function base_name(qualified: string): string {
  return qualified.slice(qualified.indexOf('::') + 2);
}

const qualified_overload = (qualified: string, name: string): string =>
  name === 'default' ? qualified : `${qualified}.${name}`;

/** A function that prints as its name in Python. */
function named<F extends object>(fn: F, printed: string): F {
  const print = (): string => printed;
  return Object.assign(fn, { toString: print, [Symbol.for('nodejs.util.inspect.custom')]: print });
}

/** @internal @throws Error for offsets that lead outside of the indices, which libtorch would read there */
export function check_bag_offsets(callee: string, offsets: Tensor, count: number): void {
  const places = offsets.flatten().tolist() as (number | bigint)[];
  if (places.every((place, i) => place >= (places[i - 1] ?? 0) && place <= count)) return;
  throw new Error(
    `${callee}(): offsets must not decrease, and lie between 0 and the ${count} indices, not [${places.join(', ')}]`,
  );
}

type AnyFunction = (...args: unknown[]) => unknown;

/** A call of an operator; of bags of quantized rows, the offsets are looked at before. */
function checked(qualified: string, call: AnyFunction): AnyFunction {
  if (!/^quantized::embedding_bag_(2bit|4bit|byte)(_rowwise_offsets)?$/.test(qualified)) return call;
  return (...args) => {
    const last = args.at(-1);
    const named = is_plain_object(last) ? last : {};
    const [indices, offsets] = [args[1], args[2]].map((value, i) =>
      is_tensor(value) ? value : named[i === 0 ? 'indices' : 'offsets'],
    );
    if (is_tensor(indices) && is_tensor(offsets) && indices.dim() === 1) {
      check_bag_offsets(base_name(qualified), offsets as Tensor, indices.numel());
    }
    return call(...args);
  };
}

function make_overload(qualified: string, name: string): Overload {
  const overload = name === 'default' ? '' : name;
  const call = checked(
    qualified,
    following(() => overloads_of(base_name(qualified), qualified, [overload])),
  );
  Object.defineProperties(call, {
    schema: { get: () => native.schema_of(qualified, overload) },
    qualified: { value: qualified_overload(qualified, name) },
  });
  return named(call as Overload, `${qualified.replace('::', '.')}.${name}`);
}

function make_packet(qualified: string): OverloadPacket {
  const call = checked(
    qualified,
    following(() => callable(new Packet(base_name(qualified), () => native.packet_of_all(qualified)))),
  );
  named(call, qualified.replace('::', '.'));
  return new Proxy(call, {
    get(target, name): unknown {
      if (typeof name !== 'string' || name === 'toString') return Reflect.get(target, name) as unknown;
      if (name === 'qualified') return qualified;
      if (name === 'overloads') return () => native.overloads_of(qualified).map((overload) => overload || 'default');
      const exists = native.schema_of(qualified, name === 'default' ? '' : name) !== null;
      return exists
        ? kept(overloads, qualified_overload(qualified, name), () => make_overload(qualified, name))
        : undefined;
    },
  }) as OverloadPacket;
}

// Each has one object for good, so that programs can compare them and keep them in lists.
const overloads = new Map<string, Overload>();
const packets = new Map<string, OverloadPacket>();

function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  let found = all.get(key);
  if (found === undefined) all.set(key, (found = make()));
  return found;
}

function make_namespace(library: string): Namespace {
  /** Which names are operators. */
  const known = new Map<string, boolean>();
  let at = generation;
  return new Proxy({} as Namespace, {
    get(_target, name): unknown {
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (at !== generation) known.clear();
      at = generation;
      const qualified = `${library}::${name}`;
      const exists = kept(known, name, () => native.overloads_of(qualified).length > 0);
      return exists ? kept(packets, qualified, () => make_packet(qualified)) : undefined;
    },
    ownKeys: () => [...new Set(all_names(library))],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

function all_names(library: string): string[] {
  const prefix = `${library}::`;
  return native
    .overloads_of('')
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).split('.')[0] as string);
}

const libraries = new Map<string, Namespace>();
const LOAD_LIBRARY = signature<{ path: string }>('load_library', 'path: str');

/**
 * Opens a library of operators: afterwards they are found as `torch.ops.<name>.<operator>`. Mirrors
 * `torch.ops.load_library`.
 * @param path - of a shared library that was built against the same libtorch
 * @throws Error with the system's reason when it cannot be opened
 */
function load_library(path: string | { path: string }): void;
function load_library(...args: unknown[]): void {
  const { path } = LOAD_LIBRARY.read(args);
  // Should it be torchvision's own, it would find the names of its operators taken.
  const had_vision = native.vision_withdraw();
  try {
    open_library(resolve(path));
  } catch (error) {
    throw new Error(`load_library(): ${(error as Error).message}`);
  } finally {
    if (had_vision) native.vision_register();
    forget_operators();
  }
}

/** The properties of {@link ops} besides the libraries. */
export interface Ops {
  readonly aten: Namespace;
  readonly load_library: typeof load_library;
}

/**
 * All operators of all libraries: `torch.ops.aten.add(x, y)`, `torch.ops.aten.add.Tensor(x, y)`. Mirrors `torch.ops`.
 * An operator that does not exist is undefined; `Object.keys(torch.ops.aten)` lists the names.
 * @example
 * ```ts
 * print(torch.ops['aten']!['add']!['Tensor']!(torch.ones(2), torch.ones(2)));
 * ```
 * ```python
 * print(torch.ops.aten.add.Tensor(torch.ones(2), torch.ones(2)))
 * ```
 */
export const ops: Ops & { readonly [library: string]: Namespace } = new Proxy(
  {} as Ops & { readonly [library: string]: Namespace },
  {
    get(_target, name): unknown {
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (name === 'load_library') return load_library;
      return kept(libraries, name, () => make_namespace(name));
    },
  },
);

/** The overload that {@link ops} has for a name such as `aten::add.Tensor`. @internal */
export function overload_named(qualified: string): Overload {
  const [namespace, name] = qualified.split('::') as [string, string];
  const [base, overload = 'default'] = name.split('.') as [string, string?];
  return ops[namespace]![base]![overload]!;
}
