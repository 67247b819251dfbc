/** `torch.ops`: every operator that libtorch's dispatcher knows, by its own name. */
import { resolve } from 'node:path';

import { callable, overloads_of, Packet } from './_C/dispatch.js';
import { native, open_library } from './_C/native.js';
import { signature } from './_internal/signature.js';

/** An overload, such as `torch.ops.aten.add.Tensor`. It prints as `aten.add.Tensor`. */
export type Overload = ((...args: unknown[]) => unknown) & {
  readonly schema: string;
  /** As `'aten::add.Tensor'`. */
  readonly qualified: string;
};

/** An operator, callable itself, with its overloads as properties. */
export type OverloadPacket = ((...args: unknown[]) => unknown) & {
  overloads(): string[];
} & { readonly [overload: string]: Overload };

/** The operators of one library, such as `aten`. */
export type Namespace = { readonly [name: string]: OverloadPacket };

// Grows with each operator that is defined or forgotten.
let generation = 0;

/** Forgets what is known of operators: what did not exist may exist now, and what exists may have another schema. @internal */
export function forget_operators(): void {
  generation++;
  native.forget_names();
  libraries.clear();
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

function make_overload(qualified: string, name: string): Overload | undefined {
  const schema = native.schema_of(qualified, name === 'default' ? '' : name);
  if (schema === null) return undefined;
  const overload = following(() => overloads_of(base_name(qualified), qualified, [name === 'default' ? '' : name]));
  const printed = `${qualified.replace('::', '.')}.${name}`;
  return Object.assign(overload, {
    schema,
    qualified: name === 'default' ? qualified : `${qualified}.${name}`,
    toString: () => printed,
    [Symbol.for('nodejs.util.inspect.custom')]: () => printed,
  });
}

function make_packet(qualified: string): OverloadPacket | undefined {
  const names = native.overloads_of(qualified);
  if (names.length === 0) return undefined;
  const call = following(() => callable(new Packet(base_name(qualified), () => native.packet_of_all(qualified))));
  const made = new Map<string, Overload | undefined>();
  return new Proxy(call, {
    get(target, name): unknown {
      if (typeof name !== 'string') return Reflect.get(target, name) as unknown;
      if (name === 'overloads') return () => names.map((overload) => overload || 'default');
      if (name === 'toString') return () => qualified.replace('::', '.');
      if (!made.has(name)) made.set(name, make_overload(qualified, name));
      return made.get(name);
    },
  }) as OverloadPacket;
}

function make_namespace(library: string): Namespace {
  const made = new Map<string, OverloadPacket | undefined>();
  return new Proxy({} as Namespace, {
    get(_target, name): unknown {
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (!made.has(name)) made.set(name, make_packet(`${library}::${name}`));
      return made.get(name);
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
      let library = libraries.get(name);
      if (!library) libraries.set(name, (library = make_namespace(name)));
      return library;
    },
  },
);
