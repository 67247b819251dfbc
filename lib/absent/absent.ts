/** Names of PyTorch that are not here: using one throws an Error that says what to do instead. */
import { modules, names } from './instead.js';

declare const INSTEAD: unique symbol;

/**
 * The type of names that PyTorch has and torch-node does not. `Instead` says what to do; editors show it, and so does
 * the compiler where a program calls the name or reads a property of it. At run time that throws an Error with the
 * same text. No value is an instance of an absent class: `model instanceof nn.parallel.DistributedDataParallel` is
 * false.
 *
 * ```ts
 * torch.jit.script(f); // Type 'Absent<"trace with torch.jit.trace(), or ...">' has no call signatures.
 * ```
 */
export interface Absent<Instead extends string = string> {
  readonly [INSTEAD]: Instead;
  [Symbol.hasInstance](value: unknown): value is never;
}

// What tools ask any object for, to find out what it is.
const probes = new Set([
  'then',
  'toJSON',
  'toString',
  'valueOf',
  'constructor',
  'prototype',
  'default',
  '__esModule',
  '$$typeof',
  'nodeType',
  'asymmetricMatch',
  'hasOwnProperty',
]);

const all = new WeakSet<object>();

/** Whether a value stands for something that is not here. */
export function is_absent(value: unknown): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && all.has(value);
}

function thrower_of(path: string, instead: string): () => never {
  return () => {
    throw new Error(`${path} is not in torch-node: ${instead}`);
  };
}

function make_absent<Instead extends string>(target: object, handler: ProxyHandler<object>): Absent<Instead> {
  const proxy: unknown = new Proxy(target, handler);
  all.add(proxy as object);
  return proxy as Absent<Instead>;
}

/**
 * A module that is not here.
 * @param path - its name in Python
 * @returns an object of which every property throws an Error that says what to do instead
 */
export function absent_module<Path extends keyof typeof modules>(path: Path): Absent<(typeof modules)[Path]> {
  const refuse = thrower_of(path, modules[path]);
  return make_absent(Object.create(null) as object, {
    get: (_, name) => (typeof name === 'symbol' || probes.has(name) ? undefined : refuse()),
    set: refuse,
  });
}

const never_an_instance = (): boolean => false;

/**
 * A function or class that is not here.
 * @param path - its name in Python
 * @returns what throws an Error that says what to do instead when it is called, constructed, extended or asked for a property
 */
export function absent<Path extends keyof typeof names>(path: Path): Absent<(typeof names)[Path]> {
  const refuse = thrower_of(path, names[path]);
  const own = path.slice(path.lastIndexOf('.') + 1);
  // Extending a class reads its prototype.
  const known = (name: string): boolean => name !== 'prototype' && probes.has(name);
  return make_absent(class {}, {
    apply: refuse,
    construct: refuse,
    set: refuse,
    get(_, name) {
      if (name === Symbol.hasInstance) return never_an_instance;
      if (name === 'name') return own;
      return typeof name === 'symbol' || known(name) ? undefined : refuse();
    },
  });
}
