/** What a program takes and returns as nested values: the trees in which `torch.export` writes them. */
import { types } from 'node:util';

import { is_plain_object } from '../_internal/plain_object.js';
import { NamedTuple } from '../jit/values.js';
import { python_repr } from '../python/print.js';
import { ordered_dict } from '../python/values.js';
import { Size } from '../_tensor.js';
import { tree_structure, treespec_loads, type TreeSpec } from '../utils/_pytree.js';

interface Written {
  readonly type: string | null;
  readonly context: string | null;
  readonly children_spec: readonly Written[];
}

const version = 1;
const deepest = 200;
const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** The number of leaves that a tree may have; more is not a signature. */
const most_leaves = 100_000;

const sequences = new Map([
  ['builtins.tuple', 'tuple'],
  ['builtins.list', 'list'],
  ['collections.deque', 'deque'],
  ['torch.Size', 'Size'],
]);
const dicts = new Map([
  ['builtins.dict', 'dict'],
  ['collections.OrderedDict', 'OrderedDict'],
  ['collections.defaultdict', 'defaultdict'],
]);

type Key = string | number;

function json_of(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error('load(): the description of arguments is not JSON', { cause: error });
  }
}

/** The structure of what a program takes or returns. It prints as Python's `TreeSpec`. */
export class CallTree {
  readonly num_leaves: number;

  private constructor(
    private readonly kind: 'leaf' | 'sequence' | 'dict' | 'named tuple' | 'registered',
    /** Python's name of its class. */
    private readonly name: string,
    readonly children: readonly CallTree[],
    /** Of a dict, and of a named tuple. */
    readonly keys: readonly Key[],
    private readonly context: string,
    private readonly spec: TreeSpec | null = null,
  ) {
    this.num_leaves =
      kind === 'leaf' ? 1 : (spec?.num_leaves ?? children.reduce((sum, { num_leaves }) => sum + num_leaves, 0));
  }

  /**
   * Reads a tree as it is in a program.
   * @param fields the names of the fields of named tuples, by their classes
   * @throws Error for what is no tree, and for classes that are not known here
   */
  static parse(text: string, fields: ReadonlyMap<string, { field_names: readonly string[] }>): CallTree {
    const parsed = json_of(text);
    if (!Array.isArray(parsed) || parsed.length !== 2)
      throw new Error('load(): the description of arguments is damaged');
    if (parsed[0] !== version) {
      throw new Error(
        `load(): the description of arguments has version ${python_repr(parsed[0])}; known is ${version}`,
      );
    }
    const tree = CallTree.read(parsed[1], fields, 0);
    if (tree.num_leaves > most_leaves)
      throw new Error(`load(): a program with ${tree.num_leaves} inputs or outputs is refused`);
    return tree;
  }

  private static read(
    value: unknown,
    fields: ReadonlyMap<string, { field_names: readonly string[] }>,
    depth: number,
  ): CallTree {
    const written = value as Written;
    if (!is_plain_object(value) || !Array.isArray(written.children_spec) || depth > deepest) {
      throw new Error('load(): the description of arguments is damaged');
    }
    const { type } = written;
    if (type === null) return new CallTree('leaf', '*', [], [], '');
    if (typeof type !== 'string') throw new Error('load(): the description of arguments is damaged');
    // Of a named tuple the context is the name of its class; of others it is JSON.
    const is_named = type === 'collections.namedtuple';
    const context = typeof written.context !== 'string' || is_named ? written.context : json_of(written.context);
    const children = (): CallTree[] =>
      written.children_spec.map((child) => CallTree.read(child as unknown, fields, depth + 1));
    const sequence = sequences.get(type);
    if (sequence !== undefined) return new CallTree('sequence', sequence, children(), [], 'None');
    const dict = dicts.get(type);
    if (dict !== undefined) {
      const keys = Array.isArray(context)
        ? (context as unknown[])
        : (context as { dict_context?: unknown } | null)?.dict_context;
      const good = Array.isArray(keys) && keys.every((key) => typeof key === 'string' || typeof key === 'number');
      if (!good || keys.length !== written.children_spec.length) throw new Error(`load(): a ${type} without its keys`);
      return new CallTree('dict', dict, children(), keys as Key[], python_repr(keys));
    }
    if (is_named) {
      const name = String(context);
      const names = fields.get(name)?.field_names ?? written.children_spec.map((_, i) => `_${i}`);
      if (names.length !== written.children_spec.length)
        throw new Error(`load(): the named tuple ${name} has no such fields`);
      return new CallTree('named tuple', name, children(), names, `<class '${name}'>`);
    }
    const spec = treespec_loads(JSON.stringify([version, written]));
    return new CallTree('registered', type, [], [], '', spec);
  }

  is_leaf(): boolean {
    return this.kind === 'leaf';
  }

  /** Appends the leaves of a value; false when it does not have this structure. */
  flatten(value: unknown, leaves: unknown[]): boolean {
    const { children, keys } = this;
    switch (this.kind) {
      case 'leaf':
        leaves.push(value);
        return !Array.isArray(value) && !is_plain_object(value) && !types.isMap(value);
      case 'sequence':
        return (
          Array.isArray(value) &&
          value.length === children.length &&
          children.every((child, i) => child.flatten(value[i], leaves))
        );
      case 'dict': {
        if (types.isMap(value)) {
          return (
            value.size === keys.length &&
            keys.every((key, i) => value.has(key) && children[i]!.flatten(value.get(key), leaves))
          );
        }
        if (!is_plain_object(value) || Object.keys(value).length !== keys.length) return false;
        return keys.every((key, i) => Object.hasOwn(value, key) && children[i]!.flatten(value[key], leaves));
      }
      case 'named tuple': {
        const parts = Array.isArray(value)
          ? (value as unknown[])
          : keys.map((key) => (value as Record<string, unknown> | null)?.[key]);
        return parts.length === children.length && children.every((child, i) => child.flatten(parts[i], leaves));
      }
      case 'registered':
        try {
          leaves.push(...this.spec!.flatten_up_to(value));
          return true;
        } catch {
          return false;
        }
    }
  }

  /** The value with this structure: tuples and lists are arrays, dicts objects, or Maps where keys are numbers. */
  unflatten(leaves: readonly unknown[]): unknown {
    let next = 0;
    const build = (tree: CallTree): unknown => {
      if (tree.kind === 'leaf') return leaves[next++];
      if (tree.kind === 'registered') {
        const start = next;
        next += tree.num_leaves;
        return tree.spec!.unflatten(leaves.slice(start, next));
      }
      const values = tree.children.map(build);
      switch (tree.kind) {
        case 'sequence':
          return tree.name === 'Size' ? Size.from(values as number[]) : values;
        case 'named tuple':
          return NamedTuple._of(values, [tree.name.slice(tree.name.lastIndexOf('.') + 1), ...(tree.keys as string[])]);
        case 'dict': {
          const entries = tree.keys.map((key, i) => [key, values[i]] as const);
          if (!tree.keys.every((key) => typeof key === 'string')) return new Map(entries);
          const object = Object.fromEntries(entries);
          return tree.name === 'OrderedDict' ? ordered_dict(object) : object;
        }
      }
    };
    return build(this);
  }

  /** What leads to each leaf: `[0]`, `['name']`, `.field`. */
  paths(): string[] {
    const found: string[] = [];
    const walk = (tree: CallTree, path: string): void => {
      if (tree.kind === 'leaf') found.push(path);
      else if (tree.kind === 'registered') for (let i = 0; i < tree.num_leaves; i++) found.push(`${path}.<leaf ${i}>`);
      else {
        tree.children.forEach((child, i) => {
          if (tree.kind === 'dict') walk(child, `${path}[${python_repr(tree.keys[i])}]`);
          else walk(child, tree.kind === 'named tuple' ? `${path}.${tree.keys[i]}` : `${path}[${i}]`);
        });
      }
    };
    walk(this, '');
    return found;
  }

  /** The structure of a value as Python would print it, which has tuples where this has them. */
  printed_structure(value: unknown): string {
    return shown(value, this, 0);
  }

  /** @internal for texts that have it within a tree */
  _printed(indent: number): string {
    if (this.kind === 'leaf') return '*';
    if (this.spec !== null) return this.spec.toString(indent);
    return node_text(
      this.name,
      this.context,
      this.children.map((child) => child._printed(indent + 2)),
      indent,
    );
  }

  toString(): string {
    return this._printed(0);
  }

  [inspect_custom](): string {
    return this.toString();
  }

  /** @internal */
  static _shown(value: unknown, tree: CallTree | undefined, indent: number): string {
    if (Array.isArray(value) && (tree === undefined || tree.kind === 'sequence' || tree.kind === 'leaf')) {
      const parts = (value as unknown[]).map((element, i) => shown(element, tree?.children[i], indent + 2));
      return node_text(tree?.kind === 'sequence' ? tree.name : 'list', 'None', parts, indent);
    }
    if (is_plain_object(value) || types.isMap(value)) {
      const entries = types.isMap(value) ? [...(value as Map<unknown, unknown>)] : Object.entries(value);
      const parts = entries.map(([key, element]) =>
        shown(element, tree?.children[tree.keys.indexOf(key as Key)], indent + 2),
      );
      return node_text(
        tree?.kind === 'dict' ? tree.name : 'dict',
        python_repr(entries.map(([key]) => key)),
        parts,
        indent,
      );
    }
    return tree_structure(value).toString(indent);
  }
}

function shown(value: unknown, tree: CallTree | undefined, indent: number): string {
  return CallTree._shown(value, tree, indent);
}

function node_text(name: string, context: string, children: readonly string[], indent: number): string {
  return `TreeSpec(${name}, ${context}, [${children.join(`,\n${' '.repeat(indent + 2)}`)}])`;
}
