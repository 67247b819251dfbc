/** Nested values as flat lists of leaves and back: `torch.utils._pytree`. */
import { types } from 'node:util';

import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { define_kind, signature } from '../_internal/signature.js';
import { is_ordered_dict, ordered_dict, Tuple } from '../python/values.js';
import { python_repr } from '../python/print.js';
import { Size } from '../_tensor.js';

/** What Node prints values by. */
const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A class: of nodes that {@link register_pytree_node} knows, or of leaves that a function is for. */
export type NodeClass = abstract new (...args: never[]) => unknown;

/** Whether a value is a leaf, although it might be taken apart. */
export type IsLeaf = (node: never) => boolean;

/** How the values of a class are taken apart and put together. */
interface NodeKind {
  /** As `treespec_dumps` writes it; null where a class was registered without a name. */
  readonly serialized: string | null;
  readonly name: string;
  readonly type: unknown;
  flatten(node: unknown): readonly [children: readonly unknown[], context: unknown];
  unflatten(children: readonly unknown[], context: unknown): unknown;
  /** What leads to each child. */
  entries?(node: unknown): readonly KeyEntry[];
  readonly dump?: (context: unknown) => unknown;
  readonly load?: (dumped: unknown) => unknown;
}

/** What leads from a node to one of its children. */
export interface KeyEntry {
  /** The child. */
  get(node: unknown): unknown;
  /** As it is written behind the node: `[0]`, `['name']`, `.name`. */
  toString(): string;
}

const SEQUENCE_KEY = signature<{ idx: number }>('SequenceKey', 'idx: int');
const MAPPING_KEY = signature<{ key: unknown }>('MappingKey', 'key: any');
const GET_ATTR_KEY = signature<{ name: string }>('GetAttrKey', 'name: str');

/**
 * The way to an element of an array. Mirrors `torch.utils._pytree.SequenceKey`.
 * @param idx - the index of the element
 * @example
 * ```ts
 * const key = new torch.utils._pytree.SequenceKey(1);
 * print(key, key.get(['a', 'b']));
 * ```
 * ```python
 * key = torch.utils._pytree.SequenceKey(1)
 * print(key, key.get(['a', 'b']))
 * ```
 */
export class SequenceKey implements KeyEntry {
  readonly idx: number;

  constructor(idx: number);
  constructor(...args: unknown[]) {
    this.idx = SEQUENCE_KEY.read(args).idx;
  }

  get(node: unknown): unknown {
    return (node as readonly unknown[])[this.idx];
  }

  toString(): string {
    return `[${this.idx}]`;
  }

  [inspect_custom](): string {
    return `SequenceKey(idx=${this.idx})`;
  }
}

/**
 * The way to a value of an object or a Map. Mirrors `torch.utils._pytree.MappingKey`.
 * @param key - the key of the value
 * @example
 * ```ts
 * const key = new torch.utils._pytree.MappingKey('a');
 * print(key, key.get({ a: 3 }));
 * ```
 * ```python
 * key = torch.utils._pytree.MappingKey('a')
 * print(key, key.get({'a': 3}))
 * ```
 */
export class MappingKey implements KeyEntry {
  readonly key: unknown;

  constructor(key: unknown);
  constructor(...args: unknown[]) {
    this.key = (args.length === 1 ? { key: args[0] } : MAPPING_KEY.read(args)).key;
  }

  get(node: unknown): unknown {
    return types.isMap(node) ? node.get(this.key) : (node as Record<string, unknown>)[this.key as string];
  }

  toString(): string {
    return `[${python_repr(this.key)}]`;
  }

  [inspect_custom](): string {
    return `MappingKey(key=${python_repr(this.key)})`;
  }
}

/**
 * The way to a field of an object of a registered class. Mirrors `torch.utils._pytree.GetAttrKey`.
 * @param name - the name of the field
 * @example
 * ```ts
 * const key = new torch.utils._pytree.GetAttrKey('shape');
 * print(key, key.get(torch.ones(2)));
 * ```
 * ```python
 * key = torch.utils._pytree.GetAttrKey('shape')
 * print(key, key.get(torch.ones(2)))
 * ```
 */
export class GetAttrKey implements KeyEntry {
  readonly name: string;

  constructor(name: string);
  constructor(...args: unknown[]) {
    this.name = GET_ATTR_KEY.read(args).name;
  }

  get(node: unknown): unknown {
    return (node as Record<string, unknown>)[this.name];
  }

  toString(): string {
    return `.${this.name}`;
  }

  [inspect_custom](): string {
    return `GetAttrKey(name=${python_repr(this.name)})`;
  }
}

const in_sequence = (node: unknown): KeyEntry[] => (node as readonly unknown[]).map((_, i) => new SequenceKey(i));

function sequence(
  name: string,
  serialized: string | null,
  type: unknown,
  make: (children: readonly unknown[]) => unknown,
): NodeKind {
  return {
    name,
    serialized,
    type,
    flatten: (node) => [node as readonly unknown[], null],
    unflatten: make,
    entries: in_sequence,
  };
}

const list = sequence('list', 'builtins.list', Array, (children) => [...children]);
const tuple = sequence('tuple', 'builtins.tuple', Tuple, (children) => Tuple.of(...children));
const size = sequence('Size', 'torch.Size', Size, (children) => Size.from(children as readonly number[]));

function mapping(
  name: string,
  serialized: string,
  type: unknown,
  keys_of: (node: unknown) => unknown[],
  make: (entries: [unknown, unknown][]) => unknown,
): NodeKind {
  return {
    name,
    serialized,
    type,
    flatten(node) {
      const keys = keys_of(node);
      return [keys.map((key) => new MappingKey(key).get(node)), keys];
    },
    unflatten: (children, context) => make((context as unknown[]).map((key, i) => [key, children[i]])),
    entries: (node) => keys_of(node).map((key) => new MappingKey(key)),
  };
}

const object_of = (entries: [unknown, unknown][]): object => Object.fromEntries(entries as [string, unknown][]);
const dict = mapping('dict', 'builtins.dict', Object, (node) => Object.keys(node as object), object_of);
const map = mapping(
  'dict',
  'builtins.dict',
  Map,
  (node) => [...(node as Map<unknown, unknown>).keys()],
  (entries) => new Map(entries),
);
const ordered = mapping(
  'OrderedDict',
  'collections.OrderedDict',
  ordered_dict,
  (node) => Object.keys(node as object),
  (entries) => ordered_dict(object_of(entries)),
);
const standard_dicts: ReadonlySet<NodeKind> = new Set([dict, map, ordered]);

const registered = new Map<unknown, NodeKind>();

/** How a value is taken apart; undefined for a leaf. */
function kind_of_node(value: unknown): NodeKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value instanceof Tuple) return tuple;
    if (value instanceof Size) return size;
    return registered.get(value.constructor) ?? array_kind(value);
  }
  if (is_plain_object(value)) return is_ordered_dict(value) ? ordered : dict;
  if (types.isMap(value)) return map;
  return registered.get(value.constructor);
}

const results = new WeakMap<object, NodeKind>();

/** An array, or what an operator with named results returns: an array whose names are in its prototype. */
function array_kind(value: readonly unknown[]): NodeKind {
  // Arrays of other realms are arrays too.
  if (value.constructor.name === 'Array') return list;
  const prototype = Object.getPrototypeOf(value) as object;
  let kind = results.get(prototype);
  if (kind === undefined) {
    const make = (children: readonly unknown[]): unknown => Object.setPrototypeOf([...children], prototype);
    kind = sequence(value.constructor.name, null, value.constructor, make);
    results.set(prototype, kind);
  }
  return kind;
}

function flat(value: unknown, is_leaf: IsLeaf | null, leaves: unknown[]): TreeSpec {
  const kind = is_leaf?.(value as never) ? undefined : kind_of_node(value);
  if (kind === undefined) {
    leaves.push(value);
    return leaf_spec;
  }
  const [children, context] = kind.flatten(value);
  return new TreeSpec(
    kind,
    context,
    Array.from(children, (child) => flat(child, is_leaf, leaves)),
  );
}

/** The type of a leaf or a node in an error text. */
const shown_type = (kind: NodeKind | undefined, value: unknown): string => `<class '${kind?.name ?? kind_of(value)}'>`;

/**
 * The structure of a nested value, without its leaves. Mirrors `torch.utils._pytree.TreeSpec`; {@link tree_structure} makes one.
 * @example
 * ```ts
 * const spec = torch.utils._pytree.tree_structure({ a: [1, 2], b: 3 });
 * print(spec);
 * print(spec.num_leaves, spec.num_nodes, spec.num_children);
 * ```
 * ```python
 * spec = torch.utils._pytree.tree_structure({'a': [1, 2], 'b': 3})
 * print(spec)
 * print(spec.num_leaves, spec.num_nodes, spec.num_children)
 * ```
 */
export class TreeSpec {
  readonly num_nodes: number;
  readonly num_leaves: number;
  readonly num_children: number;
  /** @internal */
  readonly _kind: NodeKind | null;
  private readonly specs: readonly TreeSpec[];

  /** @internal */
  constructor(
    kind: NodeKind | null,
    /** The keys of a dict; null for a list; what `flatten_fn` of a registered class returned. */
    readonly context: unknown,
    children_specs: readonly TreeSpec[],
  ) {
    this._kind = kind;
    this.specs = children_specs;
    this.num_children = children_specs.length;
    this.num_nodes = children_specs.reduce((sum, { num_nodes }) => sum + num_nodes, 1);
    this.num_leaves = kind === null ? 1 : children_specs.reduce((sum, { num_leaves }) => sum + num_leaves, 0);
  }

  /** The class of the node: `Array`, `Object`, `Map`, or a registered class; null for a leaf. */
  get type(): unknown {
    return this._kind?.type ?? null;
  }

  /** The structures of the children. */
  children(): TreeSpec[] {
    return [...this.specs];
  }

  /** The structure of a child. */
  child(index: number): TreeSpec {
    return this.specs.at(index)!;
  }

  /** Whether this is the structure of a leaf. */
  is_leaf(): boolean {
    return this._kind === null;
  }

  /** The parts of a value that stand where this structure has leaves. @throws Error when the value has another structure */
  flatten_up_to(tree: unknown): unknown[] {
    const found: unknown[] = [];
    this.walk(tree, found);
    return found;
  }

  private walk(node: unknown, found: unknown[]): void {
    const own = this._kind;
    if (own === null) {
      found.push(node);
      return;
    }
    const kind = kind_of_node(node);
    const dicts = standard_dicts.has(own) && kind !== undefined && standard_dicts.has(kind);
    if (kind === undefined || (!dicts && kind.type !== own.type)) {
      throw new Error(`Node type mismatch; expected ${shown_type(own, null)}, but got ${shown_type(kind, node)}.`);
    }
    const [children, context] = kind.flatten(node);
    if (children.length !== this.num_children) {
      throw new Error(`Node arity mismatch; expected ${this.num_children}, but got ${children.length}.`);
    }
    if (dicts) {
      const keys = this.context as unknown[];
      const [missing, extra] = [without(keys, context as unknown[]), without(context as unknown[], keys)];
      if (missing.length > 0 || extra.length > 0) {
        throw new Error(`Node keys mismatch; missing key(s): ${set_repr(missing)}; extra key(s): ${set_repr(extra)}.`);
      }
      this.specs.forEach((spec, i) => spec.walk(new MappingKey(keys[i]).get(node), found));
      return;
    }
    if (!equal_contexts(context, this.context)) {
      throw new Error(`Node context mismatch for custom node type ${shown_type(own, null)}.`);
    }
    this.specs.forEach((spec, i) => spec.walk(children[i], found));
  }

  /** The value with this structure and these leaves. @throws Error when their number differs */
  unflatten(leaves: Iterable<unknown>): unknown {
    const given = [...leaves];
    if (given.length !== this.num_leaves) {
      throw new Error(
        `treespec.unflatten(leaves): \`leaves\` has length ${given.length} but the spec refers to a pytree that holds ` +
          `${this.num_leaves} items (${String(this)}).`,
      );
    }
    let next = 0;
    const build = (spec: TreeSpec): unknown =>
      spec._kind === null ? given[next++] : spec._kind.unflatten(spec.specs.map(build), spec.context);
    return build(this);
  }

  /** Whether another structure is the same; Python's `==`. */
  equals(other: TreeSpec): boolean {
    return (
      this.type === other.type &&
      this.num_children === other.num_children &&
      equal_contexts(this.context, other.context) &&
      this.specs.every((spec, i) => spec.equals(other.specs[i]!))
    );
  }

  toString(indent = 0): string {
    if (this._kind === null) return '*';
    const inner = indent + 2;
    const children = this.specs.map((spec) => spec.toString(inner)).join(`,\n${' '.repeat(inner)}`);
    const context = typeof this.context === 'string' ? this.context : python_repr(this.context);
    return `TreeSpec(${this._kind.name}, ${context}, [${children}])`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

const leaf_spec = new TreeSpec(null, null, []);

/**
 * The structure of a leaf. Mirrors `torch.utils._pytree.LeafSpec`.
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_structure(3).equals(new torch.utils._pytree.LeafSpec()));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_structure(3) == torch.utils._pytree.LeafSpec())
 * ```
 */
export class LeafSpec extends TreeSpec {
  constructor(...none: []);
  constructor(...none: unknown[]) {
    NO_ARGUMENTS.read(none);
    super(null, null, []);
  }
}

const NO_ARGUMENTS = signature<object>('LeafSpec', '');

function without(keys: readonly unknown[], others: readonly unknown[]): unknown[] {
  return keys.filter((key) => !others.includes(key));
}

const set_repr = (keys: readonly unknown[]): string =>
  keys.length === 0 ? 'set()' : `{${keys.map((key) => python_repr(key)).join(', ')}}`;

function equal_contexts(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((key, i) => equal_contexts(key, b[i]));
  if (is_plain_object(a) && is_plain_object(b)) return python_repr(a) === python_repr(b);
  return Object.is(a, b);
}

define_kind('TreeSpec', 'TreeSpec', (value) => value instanceof TreeSpec);

/** Whether a function is a class: the prototype of a class cannot be assigned. */
function is_class(value: unknown): value is NodeClass {
  return typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}

define_kind('NodeClass', 'a class', is_class);

interface TreeOptions {
  is_leaf?: IsLeaf | null;
}
type TreeArguments = TreeOptions & { tree: unknown };

/** Signatures of functions of one tree. A single object is the tree, whatever its keys are. */
function reader<T extends object = TreeArguments>(callee: string): (args: readonly unknown[]) => T {
  const declared = signature<T>(callee, 'tree: any, is_leaf?: Callable|None');
  return (args) => (args.length === 1 && args[0] !== undefined ? ({ tree: args[0] } as T) : declared.read(args));
}

const READ = {
  tree_flatten: reader('tree_flatten'),
  tree_leaves: reader('tree_leaves'),
  tree_iter: reader('tree_iter'),
  tree_structure: reader('tree_structure'),
  tree_is_leaf: reader('tree_is_leaf'),
  tree_flatten_with_path: reader('tree_flatten_with_path'),
  tree_leaves_with_path: reader('tree_leaves_with_path'),
};

/** The options object that may follow `tree`. */
type LeafTail = [is_leaf?: IsLeaf | null | TreeOptions];

/**
 * The leaves of a nested value, and its structure. Arrays, plain objects, Maps, tuples and registered classes are nodes; all else,
 * null too, is a leaf. Mirrors `torch.utils._pytree.tree_flatten`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * const [leaves, spec] = torch.utils._pytree.tree_flatten({ a: [1, 2], b: null });
 * print(leaves);
 * print(spec);
 * ```
 * ```python
 * leaves, spec = torch.utils._pytree.tree_flatten({'a': [1, 2], 'b': None})
 * print(leaves)
 * print(spec)
 * ```
 */
export function tree_flatten(tree: unknown, ...is_leaf: LeafTail): [leaves: unknown[], treespec: TreeSpec];
export function tree_flatten(...args: unknown[]): [leaves: unknown[], treespec: TreeSpec] {
  const { tree, is_leaf = null } = READ.tree_flatten(args);
  const leaves: unknown[] = [];
  const spec = flat(tree, is_leaf, leaves);
  return [leaves, spec];
}

const TREE_UNFLATTEN = signature<{ leaves: Iterable<unknown>; treespec: TreeSpec }>(
  'tree_unflatten',
  'leaves: Iterable, treespec: TreeSpec',
);

/**
 * The nested value with a structure and its leaves. Mirrors `torch.utils._pytree.tree_unflatten`.
 *
 * @param leaves - as many as the structure has
 * @param treespec - what {@link tree_flatten} returned
 * @throws Error when the number of leaves differs
 * @example
 * ```ts
 * const [leaves, spec] = torch.utils._pytree.tree_flatten({ a: [1, 2], b: 3 });
 * print(torch.utils._pytree.tree_unflatten(leaves.map((leaf) => (leaf as number) * 10), spec));
 * ```
 * ```python
 * leaves, spec = torch.utils._pytree.tree_flatten({'a': [1, 2], 'b': 3})
 * print(torch.utils._pytree.tree_unflatten([leaf * 10 for leaf in leaves], spec))
 * ```
 */
export function tree_unflatten(leaves: Iterable<unknown>, treespec: TreeSpec): unknown;
export function tree_unflatten(...args: unknown[]): unknown {
  const { leaves, treespec } = TREE_UNFLATTEN.read(args);
  return treespec.unflatten(leaves);
}

/**
 * The leaves of a nested value. Mirrors `torch.utils._pytree.tree_leaves`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_leaves({ a: [1, 2], b: [[3]] }));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_leaves({'a': [1, 2], 'b': [[3]]}))
 * ```
 */
export function tree_leaves(tree: unknown, ...is_leaf: LeafTail): unknown[];
export function tree_leaves(...args: unknown[]): unknown[] {
  const { tree, is_leaf = null } = READ.tree_leaves(args);
  const leaves: unknown[] = [];
  flat(tree, is_leaf, leaves);
  return leaves;
}

/**
 * The leaves of a nested value, one by one. Mirrors `torch.utils._pytree.tree_iter`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * for (const leaf of torch.utils._pytree.tree_iter({ a: [1, 2] })) print(leaf);
 * ```
 * ```python
 * for leaf in torch.utils._pytree.tree_iter({'a': [1, 2]}):
 *     print(leaf)
 * ```
 */
export function tree_iter(tree: unknown, ...is_leaf: LeafTail): IterableIterator<unknown>;
export function tree_iter(...args: unknown[]): IterableIterator<unknown> {
  const { tree, is_leaf = null } = READ.tree_iter(args);
  return leaves_of(tree, is_leaf);
}

function* leaves_of(value: unknown, is_leaf: IsLeaf | null): Generator<unknown, void, undefined> {
  const kind = is_leaf?.(value as never) ? undefined : kind_of_node(value);
  if (kind === undefined) yield value;
  else for (const child of kind.flatten(value)[0]) yield* leaves_of(child, is_leaf);
}

/**
 * The structure of a nested value. Mirrors `torch.utils._pytree.tree_structure`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_structure([1, { a: 2 }]));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_structure([1, {'a': 2}]))
 * ```
 */
export function tree_structure(tree: unknown, ...is_leaf: LeafTail): TreeSpec;
export function tree_structure(...args: unknown[]): TreeSpec {
  const { tree, is_leaf = null } = READ.tree_structure(args);
  return flat(tree, is_leaf, []);
}

/**
 * Whether a value is a leaf. Mirrors `torch.utils._pytree.tree_is_leaf`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_is_leaf(torch.ones(1)), torch.utils._pytree.tree_is_leaf([1]));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_is_leaf(torch.ones(1)), torch.utils._pytree.tree_is_leaf([1]))
 * ```
 */
export function tree_is_leaf(tree: unknown, ...is_leaf: LeafTail): boolean;
export function tree_is_leaf(...args: unknown[]): boolean {
  const { tree, is_leaf = null } = READ.tree_is_leaf(args);
  return is_leaf?.(tree as never) === true || kind_of_node(tree) === undefined;
}

type LeafFunction = (leaf: never, ...others: never[]) => unknown;
type MapArguments = TreeOptions & { func: LeafFunction; tree: unknown; rests: unknown[] };
const map_signature = (callee: string): ReturnType<typeof signature<MapArguments>> =>
  signature<MapArguments>(callee, 'func: Callable, tree: any, *rests: any, is_leaf?: Callable|None');
const TREE_MAP = map_signature('tree_map');
const TREE_MAP_ = map_signature('tree_map_');
const TREE_MAP_WITH_PATH = map_signature('tree_map_with_path');

function mapped({ func, tree, rests, is_leaf = null }: MapArguments): { results: unknown[]; spec: TreeSpec } {
  const leaves: unknown[] = [];
  const spec = flat(tree, is_leaf, leaves);
  const others = rests.map((rest) => spec.flatten_up_to(rest));
  const call = func as (...args: unknown[]) => unknown;
  return { results: leaves.map((leaf, i) => call(leaf, ...others.map((column) => column[i]))), spec };
}

/**
 * A nested value with the results of a function for its leaves. Mirrors `torch.utils._pytree.tree_map`.
 *
 * @param func - from a leaf, and what stands there in each of `rests`, to a new leaf
 * @param tree - any value
 * @param rests - values with the same structure; after them perhaps `{ is_leaf }`
 * @throws Error when one of `rests` has another structure
 * @example
 * ```ts
 * const { tree_map } = torch.utils._pytree;
 * print(tree_map((x: torch.Tensor) => x.mul(2), { a: torch.ones(2), b: [torch.zeros(1)] }));
 * print(tree_map((a: number, b: number) => a + b, [1, [2]], [10, [20]]));
 * ```
 * ```python
 * from torch.utils._pytree import tree_map
 * print(tree_map(lambda x: x.mul(2), {'a': torch.ones(2), 'b': [torch.zeros(1)]}))
 * print(tree_map(lambda a, b: a + b, [1, [2]], [10, [20]]))
 * ```
 */
export function tree_map<T>(func: LeafFunction, tree: T, ...rests: unknown[]): T;
export function tree_map(...args: unknown[]): unknown {
  const { results, spec } = mapped(TREE_MAP.read(args));
  return spec.unflatten(results);
}

/**
 * Calls a function for the leaves of a nested value, which stays as it is. Mirrors `torch.utils._pytree.tree_map_`.
 *
 * @param func - called with a leaf, and what stands there in each of `rests`
 * @param tree - any value
 * @param rests - values with the same structure; after them perhaps `{ is_leaf }`
 * @returns `tree`
 * @throws Error when one of `rests` has another structure
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_map_((x: torch.Tensor) => x.add_(1), [torch.ones(2)]));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_map_(lambda x: x.add_(1), [torch.ones(2)]))
 * ```
 */
export function tree_map_<T>(func: LeafFunction, tree: T, ...rests: unknown[]): T;
export function tree_map_(...args: unknown[]): unknown {
  const given = TREE_MAP_.read(args);
  mapped(given);
  return given.tree;
}

/** Which leaves a function is for: those of a class or of several, or what a function says. */
export type LeafFilter = NodeClass | readonly NodeClass[] | ((leaf: never) => boolean);

type OnlyArguments = TreeOptions & { filter: LeafFilter; func: (leaf: never) => unknown; tree: unknown };
const only_signature = (callee: string, func: string): ReturnType<typeof signature<OnlyArguments>> =>
  signature<OnlyArguments>(
    callee,
    `filter: Callable|NodeClass[], ${func}: Callable, tree: any, is_leaf?: Callable|None`,
  );
const TREE_MAP_ONLY = only_signature('tree_map_only', 'func');
const TREE_MAP_ONLY_ = only_signature('tree_map_only_', 'func');
const TREE_ALL_ONLY = only_signature('tree_all_only', 'func');
const TREE_ANY_ONLY = only_signature('tree_any_only', 'func');

const primitives = new Map<string, unknown>([
  ['number', Number],
  ['bigint', BigInt],
  ['boolean', Boolean],
  ['string', String],
]);

function filter_of(filter: LeafFilter): (leaf: unknown) => boolean {
  if (typeof filter === 'function' && !is_class(filter)) return filter as (leaf: unknown) => boolean;
  const classes = (Array.isArray(filter) ? filter : [filter]) as readonly NodeClass[];
  return (leaf) => {
    const primitive = primitives.get(typeof leaf);
    return classes.some((type) => type === primitive || (primitive === undefined && leaf instanceof type));
  };
}

function only({ filter, func }: OnlyArguments): LeafFunction {
  const accepts = filter_of(filter);
  return ((leaf: unknown) => (accepts(leaf) ? func(leaf as never) : leaf)) as LeafFunction;
}

/**
 * As {@link tree_map}, for leaves of some classes; others stay. Mirrors `torch.utils._pytree.tree_map_only`.
 *
 * @param filter - a class, several, or a function that says whether a leaf is meant; `Number`, `String` and the like are classes too
 * @param func - from a leaf to a new leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_map_only(torch.Tensor, (x: torch.Tensor) => x.shape, [torch.ones(2, 3), 'a']));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_map_only(torch.Tensor, lambda x: x.shape, [torch.ones(2, 3), 'a']))
 * ```
 */
export function tree_map_only<T>(filter: LeafFilter, func: (leaf: never) => unknown, tree: T, ...is_leaf: LeafTail): T;
export function tree_map_only(...args: unknown[]): unknown {
  const given = TREE_MAP_ONLY.read(args);
  const { results, spec } = mapped({ ...given, func: only(given), rests: [] });
  return spec.unflatten(results);
}

/**
 * As {@link tree_map_}, for leaves of some classes. Mirrors `torch.utils._pytree.tree_map_only_`.
 *
 * @param filter - a class, several, or a function that says whether a leaf is meant
 * @param func - called with a leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @returns `tree`
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_map_only_(torch.Tensor, (x: torch.Tensor) => x.zero_(), [torch.ones(2), 'a']));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_map_only_(torch.Tensor, lambda x: x.zero_(), [torch.ones(2), 'a']))
 * ```
 */
export function tree_map_only_<T>(filter: LeafFilter, func: (leaf: never) => unknown, tree: T, ...is_leaf: LeafTail): T;
export function tree_map_only_(...args: unknown[]): unknown {
  const given = TREE_MAP_ONLY_.read(args);
  mapped({ ...given, func: only(given), rests: [] });
  return given.tree;
}

type PredicateArguments = TreeOptions & { pred: (leaf: never) => boolean; tree: unknown };
const TREE_ALL = signature<PredicateArguments>('tree_all', 'pred: Callable, tree: any, is_leaf?: Callable|None');
const TREE_ANY = signature<PredicateArguments>('tree_any', 'pred: Callable, tree: any, is_leaf?: Callable|None');

function some_leaf(tree: unknown, is_leaf: IsLeaf | null | undefined, holds: (leaf: unknown) => boolean): boolean {
  for (const leaf of leaves_of(tree, is_leaf ?? null)) if (holds(leaf)) return true;
  return false;
}

/**
 * Whether something holds for all leaves of a nested value. Mirrors `torch.utils._pytree.tree_all`.
 *
 * @param pred - what is to hold for a leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_all((x: number) => x > 0, [1, [2, 3]]));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_all(lambda x: x > 0, [1, [2, 3]]))
 * ```
 */
export function tree_all(pred: (leaf: never) => boolean, tree: unknown, ...is_leaf: LeafTail): boolean;
export function tree_all(...args: unknown[]): boolean {
  const { pred, tree, is_leaf } = TREE_ALL.read(args);
  return !some_leaf(tree, is_leaf, (leaf) => !pred(leaf as never));
}

/**
 * Whether something holds for one of the leaves of a nested value. Mirrors `torch.utils._pytree.tree_any`.
 *
 * @param pred - what is to hold for a leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_any((x: number) => x > 2, [1, [2, 3]]));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_any(lambda x: x > 2, [1, [2, 3]]))
 * ```
 */
export function tree_any(pred: (leaf: never) => boolean, tree: unknown, ...is_leaf: LeafTail): boolean;
export function tree_any(...args: unknown[]): boolean {
  const { pred, tree, is_leaf } = TREE_ANY.read(args);
  return some_leaf(tree, is_leaf, (leaf) => pred(leaf as never));
}

/**
 * Whether something holds for all leaves of some classes. Mirrors `torch.utils._pytree.tree_all_only`.
 *
 * @param filter - a class or several
 * @param func - what is to hold for a leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_all_only(torch.Tensor, (x: torch.Tensor) => x.dim() === 1, [torch.ones(2), 'a']));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_all_only(torch.Tensor, lambda x: x.dim() == 1, [torch.ones(2), 'a']))
 * ```
 */
export function tree_all_only(
  filter: LeafFilter,
  func: (leaf: never) => boolean,
  tree: unknown,
  ...is_leaf: LeafTail
): boolean;
export function tree_all_only(...args: unknown[]): boolean {
  const { filter, func, tree, is_leaf } = TREE_ALL_ONLY.read(args);
  const accepts = filter_of(filter);
  return !some_leaf(tree, is_leaf, (leaf) => accepts(leaf) && !func(leaf as never));
}

/**
 * Whether something holds for one of the leaves of some classes. Mirrors `torch.utils._pytree.tree_any_only`.
 *
 * @param filter - a class or several
 * @param func - what is to hold for a leaf
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @example
 * ```ts
 * print(torch.utils._pytree.tree_any_only(torch.Tensor, (x: torch.Tensor) => x.dim() === 2, [torch.ones(2), 'a']));
 * ```
 * ```python
 * print(torch.utils._pytree.tree_any_only(torch.Tensor, lambda x: x.dim() == 2, [torch.ones(2), 'a']))
 * ```
 */
export function tree_any_only(
  filter: LeafFilter,
  func: (leaf: never) => boolean,
  tree: unknown,
  ...is_leaf: LeafTail
): boolean;
export function tree_any_only(...args: unknown[]): boolean {
  const { filter, func, tree, is_leaf } = TREE_ANY_ONLY.read(args);
  const accepts = filter_of(filter);
  return some_leaf(tree, is_leaf, (leaf) => accepts(leaf) && func(leaf as never) === true);
}

/** The way to a leaf, from the outside. */
export type KeyPath = readonly KeyEntry[];

function with_paths(value: unknown, is_leaf: IsLeaf | null, path: KeyPath, found: [KeyPath, unknown][]): void {
  const kind = is_leaf?.(value as never) ? undefined : kind_of_node(value);
  if (kind === undefined) {
    found.push([Tuple.of(...path) as KeyPath, value]);
    return;
  }
  if (kind.entries === undefined) {
    throw new Error(
      `Did not find a flatten_with_keys_fn for type: ${shown_type(kind, value)}. Please pass a flatten_with_keys_fn argument to ` +
        'register_pytree_node.',
    );
  }
  const entries = kind.entries(value);
  Array.from(kind.flatten(value)[0]).forEach((child, i) => {
    with_paths(child, is_leaf, [...path, entries[i]!], found);
  });
}

/**
 * As {@link tree_flatten}, with the way to each leaf before it. Mirrors `torch.utils._pytree.tree_flatten_with_path`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @throws Error for a registered class without `flatten_with_keys_fn`
 * @example
 * ```ts
 * const { keystr, tree_flatten_with_path } = torch.utils._pytree;
 * for (const [path, leaf] of tree_flatten_with_path({ a: [1, 2], b: 3 })[0]) print(keystr(path), leaf);
 * ```
 * ```python
 * from torch.utils._pytree import keystr, tree_flatten_with_path
 * for path, leaf in tree_flatten_with_path({'a': [1, 2], 'b': 3})[0]:
 *     print(keystr(path), leaf)
 * ```
 */
export function tree_flatten_with_path(
  tree: unknown,
  ...is_leaf: LeafTail
): [leaves: [path: KeyPath, leaf: unknown][], treespec: TreeSpec];
export function tree_flatten_with_path(...args: unknown[]): [[KeyPath, unknown][], TreeSpec] {
  const { tree, is_leaf = null } = READ.tree_flatten_with_path(args);
  const found: [KeyPath, unknown][] = [];
  with_paths(tree, is_leaf, [], found);
  return [found, flat(tree, is_leaf, [])];
}

/**
 * The leaves of a nested value, each with the way to it. Mirrors `torch.utils._pytree.tree_leaves_with_path`.
 *
 * @param tree - any value
 * @param is_leaf - whether a node is to be a leaf; default null
 * @throws Error for a registered class without `flatten_with_keys_fn`
 * @example
 * ```ts
 * const { keystr, tree_leaves_with_path } = torch.utils._pytree;
 * print(tree_leaves_with_path({ a: [1, 2] }).map(([path]) => keystr(path)));
 * ```
 * ```python
 * from torch.utils._pytree import keystr, tree_leaves_with_path
 * print([keystr(path) for path, _ in tree_leaves_with_path({'a': [1, 2]})])
 * ```
 */
export function tree_leaves_with_path(tree: unknown, ...is_leaf: LeafTail): [path: KeyPath, leaf: unknown][];
export function tree_leaves_with_path(...args: unknown[]): [KeyPath, unknown][] {
  const { tree, is_leaf = null } = READ.tree_leaves_with_path(args);
  const found: [KeyPath, unknown][] = [];
  with_paths(tree, is_leaf, [], found);
  return found;
}

/**
 * As {@link tree_map}, with the way to the leaf as first argument of the function. Mirrors
 * `torch.utils._pytree.tree_map_with_path`.
 *
 * @param func - from the way to a leaf, the leaf, and what stands there in each of `rests` to a new leaf
 * @param tree - any value
 * @param rests - values with the same structure; after them perhaps `{ is_leaf }`
 * @throws Error when one of `rests` has another structure, and for a registered class without `flatten_with_keys_fn`
 * @example
 * ```ts
 * const { keystr, tree_map_with_path } = torch.utils._pytree;
 * type Path = torch.utils._pytree.KeyPath;
 * print(tree_map_with_path((path: Path, x: number) => `${keystr(path)}=${x}`, { a: [1, 2] }));
 * ```
 * ```python
 * from torch.utils._pytree import keystr, tree_map_with_path
 * print(tree_map_with_path(lambda path, x: f'{keystr(path)}={x}', {'a': [1, 2]}))
 * ```
 */
export function tree_map_with_path(func: LeafFunction, tree: unknown, ...rests: unknown[]): unknown;
export function tree_map_with_path(...args: unknown[]): unknown {
  const { func, tree, rests, is_leaf = null } = TREE_MAP_WITH_PATH.read(args);
  const found: [KeyPath, unknown][] = [];
  with_paths(tree, is_leaf, [], found);
  const spec = flat(tree, is_leaf, []);
  const others = rests.map((rest) => spec.flatten_up_to(rest));
  const call = func as (...given: unknown[]) => unknown;
  return spec.unflatten(found.map(([path, leaf], i) => call(path, leaf, ...others.map((column) => column[i]))));
}

const KEYSTR = signature<{ kp: KeyPath }>('keystr', 'kp: any[]');
const KEY_GET = signature<{ obj: unknown; kp: KeyPath }>('key_get', 'obj: any, kp: any[]');

/**
 * The way to a leaf as text. Mirrors `torch.utils._pytree.keystr`.
 *
 * @param kp - what {@link tree_flatten_with_path} gives
 * @example
 * ```ts
 * const { keystr, MappingKey, SequenceKey } = torch.utils._pytree;
 * print(keystr([new MappingKey('a'), new SequenceKey(0)]));
 * ```
 * ```python
 * from torch.utils._pytree import keystr, MappingKey, SequenceKey
 * print(keystr((MappingKey('a'), SequenceKey(0))))
 * ```
 */
export function keystr(kp: KeyPath): string;
export function keystr(...args: unknown[]): string {
  return KEYSTR.read(args).kp.map(String).join('');
}

/**
 * What stands at the end of a way. Mirrors `torch.utils._pytree.key_get`.
 *
 * @param obj - the nested value
 * @param kp - the way
 * @example
 * ```ts
 * const { key_get, MappingKey, SequenceKey } = torch.utils._pytree;
 * print(key_get({ a: [10, 20] }, [new MappingKey('a'), new SequenceKey(1)]));
 * ```
 * ```python
 * from torch.utils._pytree import key_get, MappingKey, SequenceKey
 * print(key_get({'a': [10, 20]}, (MappingKey('a'), SequenceKey(1))))
 * ```
 */
export function key_get(obj: unknown, kp: KeyPath): unknown;
export function key_get(...args: unknown[]): unknown {
  const { obj, kp } = KEY_GET.read(args);
  return kp.reduce<unknown>((node, entry) => entry.get(node), obj);
}

/** The options of {@link register_pytree_node}. */
export interface RegisterOptions<T> {
  /** The name by which `treespec_dumps` and `treespec_loads` know the class. Default null: they throw. */
  serialized_type_name?: string | null;
  /** What `treespec_dumps` writes of the context. Default null: the context itself. */
  to_dumpable_context?: ((context: never) => unknown) | null;
  /** The context, of what was written. */
  from_dumpable_context?: ((dumped: never) => unknown) | null;
  /** As `flatten_fn`, with the way to each child before it. Default null: there are no ways through this class. */
  flatten_with_keys_fn?: ((node: T) => readonly [readonly (readonly [KeyEntry, unknown])[], unknown]) | null;
}

interface Registration extends RegisterOptions<unknown> {
  cls: NodeClass;
  flatten_fn: (node: unknown) => readonly [readonly unknown[], unknown];
  unflatten_fn: (children: readonly unknown[], context: unknown) => unknown;
}

const REGISTER = signature<Registration>(
  'register_pytree_node',
  'cls: NodeClass, flatten_fn: Callable, unflatten_fn: Callable, *, serialized_type_name?: str|None, ' +
    'to_dumpable_context?: Callable|None, from_dumpable_context?: Callable|None, flatten_with_keys_fn?: Callable|None',
);

/**
 * Makes the objects of a class nodes, whose children are what a function says. Mirrors
 * `torch.utils._pytree.register_pytree_node`.
 *
 * @param cls - the class; its subclasses stay leaves
 * @param flatten_fn - from an object to its children and a context, which is what else there is in it
 * @param unflatten_fn - from children and a context to an object
 * @param options - `serialized_type_name`, `to_dumpable_context`, `from_dumpable_context`, `flatten_with_keys_fn`; see
 * {@link RegisterOptions}
 * @throws Error when the class is registered already
 * @example
 * ```ts
 * class Pair {
 *   constructor(public a: unknown, public b: unknown) {}
 * }
 * const { register_pytree_node, tree_leaves, tree_structure } = torch.utils._pytree;
 * register_pytree_node(Pair, ({ a, b }) => [[a, b], null], ([a, b]) => new Pair(a, b));
 * print(tree_leaves([new Pair(1, [2]), 3]));
 * print(tree_structure(new Pair(1, [2])));
 * ```
 * ```python
 * class Pair:
 *     def __init__(self, a, b): self.a, self.b = a, b
 * from torch.utils._pytree import register_pytree_node, tree_leaves, tree_structure
 * register_pytree_node(Pair, lambda p: ([p.a, p.b], None), lambda children, _: Pair(*children))
 * print(tree_leaves([Pair(1, [2]), 3]))
 * print(tree_structure(Pair(1, [2])))
 * ```
 */
export function register_pytree_node<T>(
  cls: abstract new (...args: never[]) => T,
  flatten_fn: (node: T) => readonly [children: readonly unknown[], context: unknown],
  unflatten_fn: (children: readonly unknown[], context: never) => T,
  options?: RegisterOptions<T>,
): void;
export function register_pytree_node(...args: unknown[]): void {
  const given = REGISTER.read(args);
  const { cls, flatten_fn, unflatten_fn, flatten_with_keys_fn } = given;
  const built_in: readonly unknown[] = [Array, Object, Map, Tuple, Size];
  if (registered.has(cls) || built_in.includes(cls)) {
    throw new Error(`<class '${cls.name}'> is already registered as pytree node.`);
  }
  if (!given.to_dumpable_context !== !given.from_dumpable_context) {
    throw new Error(
      `Both to_dumpable_context and from_dumpable_context for <class '${cls.name}'> must be None or registered.`,
    );
  }
  registered.set(cls, {
    name: cls.name,
    serialized: given.serialized_type_name ?? null,
    type: cls,
    flatten: flatten_fn,
    unflatten: unflatten_fn,
    ...(flatten_with_keys_fn
      ? { entries: (node: unknown) => flatten_with_keys_fn(node)[0].map(([entry]) => entry) }
      : {}),
    ...(given.to_dumpable_context ? { dump: given.to_dumpable_context as (context: unknown) => unknown } : {}),
    ...(given.from_dumpable_context ? { load: given.from_dumpable_context as (dumped: unknown) => unknown } : {}),
  });
}

const protocol = 1;

interface Written {
  type: string | null;
  context: string | null;
  children_spec: Written[];
}

/** JSON as Python writes it. */
function python_json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(python_json).join(', ')}]`;
  if (is_plain_object(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${python_json(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}

function written(spec: TreeSpec): Written {
  const kind = spec._kind;
  if (kind === null) return { type: null, context: null, children_spec: [] };
  if (kind.serialized === null) {
    throw new Error(
      `No registered serialization name for ${shown_type(kind, null)} found. Please update your _register_pytree_node call with a ` +
        '`serialized_type_name` kwarg.',
    );
  }
  const context = kind.dump === undefined ? spec.context : kind.dump(spec.context);
  return { type: kind.serialized, context: python_json(context), children_spec: spec.children().map(written) };
}

const TREESPEC_DUMPS = signature<{ treespec: TreeSpec; protocol?: number | null }>(
  'treespec_dumps',
  'treespec: TreeSpec, protocol?: int|None',
);
const TREESPEC_LOADS = signature<{ serialized: string }>('treespec_loads', 'serialized: str');
const TREESPEC_PPRINT = signature<{ treespec: TreeSpec }>('treespec_pprint', 'treespec: TreeSpec');

/**
 * A structure as text, which {@link treespec_loads} and Python read. Mirrors `torch.utils._pytree.treespec_dumps`.
 *
 * @param treespec - the structure
 * @param protocol - the version of the format: 1, the default
 * @throws Error for another version, and for a class that was registered without a name
 * @example
 * ```ts
 * const { tree_structure, treespec_dumps } = torch.utils._pytree;
 * print(treespec_dumps(tree_structure({ a: 1 })));
 * ```
 * ```python
 * from torch.utils._pytree import tree_structure, treespec_dumps
 * print(treespec_dumps(tree_structure({'a': 1})))
 * ```
 */
export function treespec_dumps(treespec: TreeSpec, protocol?: number | null): string;
export function treespec_dumps(...args: unknown[]): string {
  const { treespec, protocol: wanted } = TREESPEC_DUMPS.read(args);
  if ((wanted ?? protocol) !== protocol) {
    throw new Error(`Unknown protocol ${String(wanted)}. Available protocols: [${protocol}]`);
  }
  return python_json([protocol, written(treespec)]);
}

function read_spec({ type, context, children_spec }: Written): TreeSpec {
  if (type === null) return leaf_spec;
  const kind = [list, tuple, size, dict, ordered, ...registered.values()].find(({ serialized }) => serialized === type);
  if (kind === undefined) throw new Error(`Deserializing ${type} in pytree is not registered.`);
  const dumped = JSON.parse(context ?? 'null') as unknown;
  // Keys that are not texts are those of a Map.
  const found = kind === dict && (dumped as unknown[]).some((key) => typeof key !== 'string') ? map : kind;
  return new TreeSpec(found, kind.load === undefined ? dumped : kind.load(dumped), children_spec.map(read_spec));
}

/**
 * The structure that a text describes. Mirrors `torch.utils._pytree.treespec_loads`.
 *
 * @param serialized - what {@link treespec_dumps} or Python's wrote
 * @throws Error for another version, and for classes that are not known here
 * @example
 * ```ts
 * const { tree_structure, treespec_dumps, treespec_loads } = torch.utils._pytree;
 * print(treespec_loads(treespec_dumps(tree_structure({ a: [1, 2] }))));
 * ```
 * ```python
 * from torch.utils._pytree import tree_structure, treespec_dumps, treespec_loads
 * print(treespec_loads(treespec_dumps(tree_structure({'a': [1, 2]}))))
 * ```
 */
export function treespec_loads(serialized: string): TreeSpec;
export function treespec_loads(...args: unknown[]): TreeSpec {
  const [version, spec] = JSON.parse(TREESPEC_LOADS.read(args).serialized) as [number, Written];
  if (version !== protocol) throw new Error(`Unknown protocol ${String(version)}. Available protocols: [${protocol}]`);
  return read_spec(spec);
}

/** Stands for a leaf where a structure is printed as a value. */
class Asterisk {
  toString(): string {
    return '*';
  }
}

/**
 * A structure as the value that it is of, with asterisks for the leaves. Mirrors `torch.utils._pytree.treespec_pprint`.
 *
 * @param treespec - the structure
 * @example
 * ```ts
 * const { tree_structure, treespec_pprint } = torch.utils._pytree;
 * print(treespec_pprint(tree_structure({ a: [1, 2], b: 3 })));
 * ```
 * ```python
 * from torch.utils._pytree import tree_structure, treespec_pprint
 * print(treespec_pprint(tree_structure({'a': [1, 2], 'b': 3})))
 * ```
 */
export function treespec_pprint(treespec: TreeSpec): string;
export function treespec_pprint(...args: unknown[]): string {
  const { treespec } = TREESPEC_PPRINT.read(args);
  return python_repr(treespec.unflatten(Array<unknown>(treespec.num_leaves).fill(new Asterisk())));
}
