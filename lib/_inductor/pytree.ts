/** Nested arguments and results as flat lists and back, by the descriptions that `torch.export` writes (its pytrees). */
import { types } from 'node:util';

import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';

/** The shape of a nested value. */
export interface Tree {
  /** Null for a leaf. */
  readonly type: string | null;
  /** Of a dict: its keys. Of a named tuple: its fields. */
  readonly keys: readonly (string | number)[] | null;
  readonly children: readonly Tree[];
}

interface Written {
  type: string | null;
  context: string | null;
  children_spec: Written[];
}

const version = 1;
const dicts = new Set(['builtins.dict', 'collections.OrderedDict', 'collections.defaultdict']);
const lists = new Set(['builtins.tuple', 'builtins.list', 'collections.deque']);

function read({ type, context, children_spec }: Written): Tree {
  const children = children_spec.map(read);
  if (type === null || lists.has(type)) return { type, keys: null, children };
  if (dicts.has(type)) {
    const written = JSON.parse(context ?? 'null') as unknown;
    const keys = Array.isArray(written) ? written : (written as { dict_context?: unknown[] } | null)?.dict_context;
    if (keys?.length !== children.length) throw new Error(`a ${type} without its keys: ${context}`);
    return { type, keys: keys as (string | number)[], children };
  }
  throw new Error(`a model with arguments or results of type ${type} cannot be called from JavaScript`);
}

/** Reads a description. @throws Error for what JavaScript has no value for */
export function parse_tree(text: string): Tree {
  const [found, written] = JSON.parse(text) as [number, Written];
  if (found !== version) throw new Error(`the description of arguments has version ${found}; known is ${version}`);
  return read(written);
}

/**
 * Appends the leaves of a value to a list.
 * @param path - names the value in error texts
 * @throws TypeError when the value does not have the shape
 */
export function flatten(value: unknown, tree: Tree, path: string, leaves: unknown[]): void {
  if (tree.type === null) {
    leaves.push(value);
    return;
  }
  const { keys, children } = tree;
  const wrong = (wanted: string): TypeError => new TypeError(`${path}: expected ${wanted}, found ${kind_of(value)}`);
  if (keys === null) {
    if (!Array.isArray(value)) throw wrong('an array');
    if (value.length !== children.length) {
      throw new TypeError(`${path}: expected ${children.length} elements, found ${value.length}`);
    }
    children.forEach((child, i) => flatten(value[i], child, `${path}[${i}]`, leaves));
    return;
  }
  if (!is_plain_object(value) && !types.isMap(value)) throw wrong('an object');
  const entries = new Map<unknown, unknown>(types.isMap(value) ? value : Object.entries(value));
  const texts = !types.isMap(value);
  if (entries.size !== keys.length) {
    throw new TypeError(`${path}: expected the keys ${keys.join(', ')}, found ${[...entries.keys()].join(', ')}`);
  }
  keys.forEach((key, i) => {
    const name = texts ? String(key) : key;
    if (!entries.has(name)) throw new TypeError(`${path}: there is no key '${key}'`);
    flatten(entries.get(name), children[i]!, `${path}['${key}']`, leaves);
  });
}

/** Builds the value of which `leaves` are the leaves. Dicts whose keys are all texts are objects, others Maps. */
export function unflatten(leaves: readonly unknown[], tree: Tree): unknown {
  let next = 0;
  const build = ({ type, keys, children }: Tree): unknown => {
    if (type === null) return leaves[next++];
    const values = children.map(build);
    if (keys === null) return values;
    const entries = keys.map((key, i) => [key, values[i]] as const);
    return keys.every((key) => typeof key === 'string') ? Object.fromEntries(entries) : new Map(entries);
  };
  return build(tree);
}
