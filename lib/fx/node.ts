/** Nodes of a graph, and what their arguments are made of. Mirrors `torch.fx.node`. */
import { Slice as Slice_ } from '../_internal/slice.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { kind_of } from '../_internal/kind_of.js';
import { python_float } from '../_internal/representation.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { Tuple } from '../_internal/tuple.js';
import { python_repr, python_str } from '../python/print.js';
import { Float } from '../python/values.js';
import type { Graph } from './graph.js';
import { is_impure_function, printed_target, qualified_name } from './python_names.js';

/** What a node does. */
export type Op = 'placeholder' | 'get_attr' | 'call_function' | 'call_method' | 'call_module' | 'output' | 'root';

/** A function that a node calls. */
export type TargetFunction = (...args: never[]) => unknown;

/** What a node calls: a function, or the name of a method, of a module or of an attribute. */
export type Target = TargetFunction | string;

/** What a node takes: another node, a value, or a list, tuple, slice or record of those. */
export type Argument = unknown;

/** Arguments by name. */
export type KeywordArguments = Readonly<Record<string, Argument>>;

const OPS = new Set<string>([
  'placeholder',
  'get_attr',
  'call_function',
  'call_method',
  'call_module',
  'output',
  'root',
]);

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

const METHODS = {
  prepend: method_signature<{ x: Node }>('Node.prepend', 'x: FxNode'),
  append: method_signature<{ x: Node }>('Node.append', 'x: FxNode'),
  update_arg: method_signature<{ idx: number; arg: Argument }>('Node.update_arg', 'idx: int, arg: any'),
  insert_arg: method_signature<{ idx: number; arg: Argument }>('Node.insert_arg', 'idx: int, arg: any'),
  update_kwarg: method_signature<{ key: string; arg: Argument }>('Node.update_kwarg', 'key: str, arg: any'),
  replace_all_uses_with: method_signature<{
    replace_with: Node;
    delete_user_cb?: ((user: Node) => boolean) | null;
    propagate_meta?: boolean;
  }>('Node.replace_all_uses_with', 'replace_with: FxNode, delete_user_cb?: Callable|None, *, propagate_meta?: bool'),
  replace_input_with: method_signature<{ old_input: Node; new_input: Node }>(
    'Node.replace_input_with',
    'old_input: FxNode, new_input: FxNode',
  ),
  is_impure: method_signature<{ impure_random?: boolean }>('Node.is_impure', 'impure_random?: bool'),
};

/**
 * An operation of a {@link Graph}. Nodes are made by the methods of graphs. Mirrors `torch.fx.Node`.
 *
 * | `op` | `target` | `args` |
 * |---|---|---|
 * | `placeholder` | the name of an input | its default value, if any |
 * | `get_attr` | the path of a parameter or buffer | |
 * | `call_function` | a function | its arguments |
 * | `call_method` | the name of a method | the object and its arguments |
 * | `call_module` | the path of a module | its arguments |
 * | `output` | `'output'` | what the graph returns, alone |
 *
 * @example
 * ```ts
 * const { graph } = torch.fx.symbolic_trace((x: torch.Tensor) => torch.relu(x).neg());
 * for (const node of graph.nodes) print(node.op, node.name, node.args);
 * ```
 * ```python
 * graph = torch.fx.symbolic_trace(lambda x: torch.relu(x).neg()).graph
 * for node in graph.nodes:
 *     print(node.op, node.name, node.args)
 * ```
 */
export class Node {
  /** The graph of the node. */
  readonly graph: Graph;
  /** The name of what it computes, which no other node of the graph has. */
  name: string;
  readonly op: Op;
  /** What it calls. */
  target: Target;
  /** What annotates it in code; null for nothing. */
  type: unknown;
  /** What passes note about the node. */
  meta: Record<string, unknown> = {};
  /** The nodes that take what this one computes, in the order in which they began to. */
  readonly users = new Set<Node>();
  /** @internal */
  _prev: Node = this;
  /** @internal */
  _next: Node = this;
  /** @internal */
  _erased = false;
  /** @internal the nodes among the arguments */
  _input_nodes = new Set<Node>();
  private _args = new Tuple<Argument>();
  private _kwargs: Record<string, Argument> = {};
  [extra: string]: unknown;

  /** @internal use the methods of a graph */
  constructor(
    graph: Graph,
    name: string,
    op: Op,
    target: Target,
    args: readonly Argument[],
    kwargs: KeywordArguments,
    type: unknown = null,
  ) {
    if (op === 'call_function' ? typeof target !== 'function' : typeof target !== 'string') {
      const expected = op === 'call_function' ? 'a Callable' : 'a str';
      throw new Error(
        `Node [graph = ${String(graph)}, name = '${name}'] target ${python_str(target)} has type ${kind_of(target)} but ${expected} is expected`,
      );
    }
    if (!OPS.has(op)) throw new Error(`op '${op}' is not in _legal_ops`);
    this.graph = graph;
    this.name = name;
    this.op = op;
    this.target = target;
    this.type = type;
    // Links are no fields of a record that prints.
    for (const field of ['graph', '_prev', '_next', '_input_nodes', '_erased', '_args', '_kwargs']) {
      Object.defineProperty(this, field, { enumerable: false });
    }
    this._update(args, kwargs);
  }

  /** The next node of the graph; after the last one the root of the list. */
  get next(): Node {
    return this._next;
  }

  /** The node before this one. */
  get prev(): Node {
    return this._prev;
  }

  /** The arguments by position. Assigning other ones changes the users of the nodes among them. */
  get args(): readonly Argument[] {
    return this._args;
  }

  set args(args: readonly Argument[]) {
    this._update(args, this._kwargs);
  }

  /** The arguments by name. Assigning other ones changes the users of the nodes among them. */
  get kwargs(): KeywordArguments {
    return this._kwargs;
  }

  set kwargs(kwargs: KeywordArguments) {
    this._update(this._args, kwargs);
  }

  /** The nodes among the arguments, each once, in their order. */
  get all_input_nodes(): Node[] {
    return [...this._input_nodes];
  }

  /** Where in a program the node comes from; null when that was not recorded. */
  get stack_trace(): string | null {
    return (this.meta['stack_trace'] as string | undefined) ?? null;
  }

  set stack_trace(trace: string | null) {
    this.meta['stack_trace'] = trace;
  }

  /** @internal */
  _update(args: readonly Argument[], kwargs: KeywordArguments): void {
    if (!Array.isArray(args)) throw new TypeError(`Node.args must be a list of arguments, not ${kind_of(args)}`);
    if (!is_plain_object(kwargs)) throw new TypeError(`Node.kwargs must be an object, not ${kind_of(kwargs)}`);
    const found = new Set<Node>();
    const note = (node: Node): Node => {
      found.add(node);
      return node;
    };
    const next_args = Tuple.from((args as readonly Argument[]).map((argument) => map_nodes(argument, note)));
    const next_kwargs = map_nodes(kwargs, note) as Record<string, Argument>;
    for (const node of this._input_nodes) if (!found.has(node)) node.users.delete(this);
    for (const node of found) node.users.add(this);
    this._input_nodes = found;
    this._args = next_args;
    this._kwargs = next_kwargs;
  }

  /** @internal */
  _remove_from_list(): void {
    this._prev._next = this._next;
    this._next._prev = this._prev;
  }

  /**
   * Moves a node before this one. Mirrors `torch.fx.Node.prepend`.
   *
   * @param x - a node of the same graph
   * @throws Error for a node of another graph
   */
  prepend(x: Node): void;
  prepend(...args: unknown[]): void {
    this._prepend(METHODS.prepend.read(args).x);
  }

  /** @internal */
  _prepend(x: Node): void {
    if (x.graph !== this.graph) throw new Error('Attempting to move a Node into a different Graph');
    if (x === this) return;
    x._remove_from_list();
    const before = this._prev;
    before._next = x;
    x._prev = before;
    x._next = this;
    this._prev = x;
  }

  /**
   * Moves a node behind this one. Mirrors `torch.fx.Node.append`.
   *
   * @param x - a node of the same graph
   * @throws Error for a node of another graph
   */
  append(x: Node): void;
  append(...args: unknown[]): void {
    this._next._prepend(METHODS.append.read(args).x);
  }

  /**
   * Replaces an argument by position. Mirrors `torch.fx.Node.update_arg`.
   *
   * @param idx - its place
   * @param arg - the new one
   * @throws RangeError when there is no such argument
   */
  update_arg(idx: number, arg: Argument): void;
  update_arg(...args: unknown[]): void {
    const { idx, arg } = METHODS.update_arg.read(args);
    const place = idx < 0 ? idx + this._args.length : idx;
    if (!(place in this._args)) throw new RangeError('list assignment index out of range');
    this.args = this._args.map((old, i) => (i === place ? (arg ?? null) : old));
  }

  /**
   * Inserts an argument by position. Mirrors `torch.fx.Node.insert_arg`.
   *
   * @param idx - its place
   * @param arg - the argument
   * @throws RangeError when the place is not within the arguments
   */
  insert_arg(idx: number, arg: Argument): void;
  insert_arg(...args: unknown[]): void {
    const { idx, arg } = METHODS.insert_arg.read(args);
    if (idx < 0 || idx > this._args.length) {
      throw new RangeError(`insert_args index must be between 0 and len(self.args), got ${idx}`);
    }
    this.args = [...this._args.slice(0, idx), arg ?? null, ...this._args.slice(idx)];
  }

  /**
   * Replaces or adds an argument by name. Mirrors `torch.fx.Node.update_kwarg`.
   *
   * @param key - its name
   * @param arg - the argument
   */
  update_kwarg(key: string, arg: Argument): void;
  update_kwarg(...args: unknown[]): void {
    const { key, arg } = METHODS.update_kwarg.read(args);
    this.kwargs = { ...this._kwargs, [key]: arg };
  }

  /**
   * Lets all users of this node take another one. Mirrors `torch.fx.Node.replace_all_uses_with`.
   *
   * @param replace_with - the other node
   * @param delete_user_cb - which users to change; default all
   * @param propagate_meta - copy `meta` to the other node, which has none; default false
   * @returns the users that were changed
   */
  replace_all_uses_with(
    replace_with: Node,
    delete_user_cb?: ((user: Node) => boolean) | null,
    options?: { propagate_meta?: boolean },
  ): Node[];
  replace_all_uses_with(...args: unknown[]): Node[] {
    const { replace_with, delete_user_cb = null, propagate_meta = false } = METHODS.replace_all_uses_with.read(args);
    if (propagate_meta) {
      if (Object.keys(replace_with.meta).length > 0) {
        throw new Error(
          'Called node.replace_all_uses_with(replace_with, propagate_meta=True), but replace_with already has .meta keys',
        );
      }
      Object.assign(replace_with.meta, this.meta);
    }
    const changed = [...this.users].filter((user) => delete_user_cb === null || delete_user_cb(user));
    for (const user of changed) user._replace_input(this, replace_with);
    return changed;
  }

  /**
   * Lets this node take another one instead of one of its arguments. Mirrors `torch.fx.Node.replace_input_with`.
   *
   * @param old_input - the node among the arguments
   * @param new_input - the node instead
   */
  replace_input_with(old_input: Node, new_input: Node): void;
  replace_input_with(...args: unknown[]): void {
    const { old_input, new_input } = METHODS.replace_input_with.read(args);
    this._replace_input(old_input, new_input);
  }

  private _replace_input(before: Node, after: Node): void {
    const replaced = (node: Node): Node => (node === before ? after : node);
    this._update(map_nodes(this._args, replaced) as Argument[], map_nodes(this._kwargs, replaced) as KeywordArguments);
  }

  /**
   * Whether the node does more than to compute its value, so that it is needed without users. Mirrors
   * `torch.fx.Node.is_impure`.
   *
   * @param impure_random - operators with random numbers count; default true
   * @throws Error for a `call_module` node of a graph without a module
   */
  is_impure(impure_random?: boolean): boolean;
  is_impure(...args: unknown[]): boolean {
    METHODS.is_impure.read(args);
    if (this.op === 'placeholder' || this.op === 'output') return true;
    if (this.op === 'call_module') {
      const { owning_module } = this.graph;
      if (owning_module === null) throw new Error('self.graph.owning_module not set for purity check');
      const module = owning_module.get_submodule(this.target as string);
      return Boolean((module as unknown as { _is_impure?: boolean })._is_impure);
    }
    return this.op === 'call_function' && is_impure_function(this.target as TargetFunction);
  }

  /**
   * The node as a line of `print(graph)`. Mirrors `torch.fx.Node.format_node`.
   *
   * @example
   * ```ts
   * const { graph } = torch.fx.symbolic_trace((x: torch.Tensor) => torch.relu(x));
   * print([...graph.nodes][1]!.format_node());
   * // %relu : [num_users=1] = call_function[target=torch.relu](args = (%x,), kwargs = {})
   * ```
   */
  format_node(): string {
    const typed = this.type === null || this.type === undefined ? '' : `${String(this.type)} `;
    const begin = `%${this.name} : ${typed}[num_users=${this.users.size}] = ${this.op}`;
    switch (this.op) {
      case 'placeholder': {
        const fallback = this._args.length > 0 ? `(default=${format_argument(this._args[0], 'str')})` : '';
        return `${begin}[target=${String(this.target)}]${fallback}`;
      }
      case 'get_attr':
        return `${begin}[target=${String(this.target)}]`;
      case 'output':
        return `return ${format_argument(this._args[0], 'str')}`;
      default:
        return (
          `${begin}[target=${printed_target(this.target)}](args = ${format_argument(this._args, 'line')}, ` +
          `kwargs = ${format_argument(this._kwargs, 'line')})`
        );
    }
  }

  /** The name. */
  toString(): string {
    return this.name;
  }

  /** @internal */
  __repr__(): string {
    return this.name;
  }

  [inspect_custom](): string {
    return this.name;
  }
}

define_kind('FxNode', 'Node', (value) => value instanceof Node);

function tuple_text(parts: readonly string[]): string {
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`;
}

/** Python's text of a value that is no node and holds none. */
function value_text(value: unknown, quoted: boolean): string {
  if (value instanceof Float) return python_float(value.value);
  if (typeof value === 'function') return qualified_name(value as TargetFunction);
  return quoted ? python_repr(value) : python_str(value);
}

/**
 * An argument as Python writes it: as `repr` does, as `str` does (texts without quotes, when alone), or as in a line of a printed
 * graph (nodes with `%`, texts without quotes). @internal
 */
export function format_argument(
  argument: Argument,
  style: 'repr' | 'str' | 'line',
  name_of: (node: Node) => string = (node) => node.name,
): string {
  const inner = (value: Argument): string => format_argument(value, style === 'line' ? 'line' : 'repr', name_of);
  if (argument instanceof Node) return style === 'line' ? `%${argument.name}` : name_of(argument);
  if (argument instanceof Tuple) return tuple_text([...argument].map(inner));
  if (Array.isArray(argument) && (argument.constructor as unknown) === Array) {
    return `[${(argument as Argument[]).map(inner).join(', ')}]`;
  }
  const slice = slice_parts(argument);
  if (slice !== null) {
    return `slice(${slice.map((bound) => format_argument(bound, 'repr', name_of)).join(', ')})`;
  }
  if (is_plain_object(argument)) {
    const key = (name: string): string => (style === 'line' ? name : python_repr(name));
    return `{${Object.entries(argument)
      .map(([name, value]) => `${key(name)}: ${inner(value)}`)
      .join(', ')}}`;
  }
  return value_text(argument, style === 'repr');
}

/** A slice among arguments, whose bounds may be nodes. */
export class SliceOf {
  constructor(
    readonly start: Argument,
    readonly stop: Argument,
    readonly step: Argument,
  ) {}

  toString(): string {
    return format_argument(this, 'repr');
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** The bounds of what is a slice: of torch, of a port, or with nodes in it. @internal */
export function slice_parts(value: unknown): [start: unknown, stop: unknown, step: unknown] | null {
  if (value instanceof SliceOf || value instanceof Slice_) return [value.start, value.stop, value.step];
  if (typeof value !== 'object' || value === null) return null;
  if (value.constructor.name !== 'Slice' || !('lower' in value)) return null;
  const { lower, upper, step } = value as { lower: unknown; upper: unknown; step: unknown };
  return [lower, upper, step];
}

function map_nodes(argument: Argument, fn: (node: Node) => Argument): Argument {
  return map_values(argument, (value) => (value instanceof Node ? fn(value) : value));
}

function map_values(argument: Argument, fn: (value: Argument) => Argument): Argument {
  if (argument instanceof Tuple) return Tuple.from([...argument].map((value) => map_values(value, fn)));
  if (Array.isArray(argument) && (argument.constructor as unknown) === Array) {
    return (argument as Argument[]).map((value) => map_values(value, fn));
  }
  if (is_plain_object(argument)) {
    return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, map_values(value, fn)]));
  }
  const slice = slice_parts(argument);
  if (slice !== null) {
    const [start, stop, step] = slice.map((bound) => map_values(bound, fn));
    return new SliceOf(start, stop, step);
  }
  return fn(argument ?? null);
}

const MAP_ARG = signature<{ a: Argument; fn: (node: Node) => Argument }>('map_arg', 'a: any, fn: Callable');
const MAP_AGGREGATE = signature<{ a: Argument; fn: (value: Argument) => Argument }>(
  'map_aggregate',
  'a: any, fn: Callable',
);

/**
 * Replaces the nodes in an argument, which may be a list, tuple, slice or record. Mirrors `torch.fx.node.map_arg`.
 *
 * @param a - the argument
 * @param fn - gives for each node what is instead of it
 * @returns a new argument
 * @example
 * ```ts
 * const { graph } = torch.fx.symbolic_trace((x: torch.Tensor) => torch.cat([x, x]));
 * const [, cat] = graph.nodes;
 * print(torch.fx.node.map_arg(cat!.args, (node) => node.name));
 * ```
 * ```python
 * graph = torch.fx.symbolic_trace(lambda x: torch.cat([x, x])).graph
 * _, cat, _ = graph.nodes
 * print(torch.fx.node.map_arg(cat.args, lambda node: node.name))
 * ```
 */
export function map_arg<A>(a: A, fn: (node: Node) => Argument): A;
export function map_arg(...args: unknown[]): unknown {
  const { a, fn } = MAP_ARG.read(positional(args));
  return map_nodes(a, fn);
}

/**
 * Replaces all values in an argument, which may be a list, tuple, slice or record. Mirrors `torch.fx.node.map_aggregate`.
 *
 * @param a - the argument
 * @param fn - gives for each value what is instead of it
 * @returns a new argument
 * @example
 * ```ts
 * print(torch.fx.node.map_aggregate([1, [2, 3]], (value) => Number(value) * 2));
 * ```
 * ```python
 * print(torch.fx.node.map_aggregate([1, [2, 3]], lambda value: value * 2))
 * ```
 */
export function map_aggregate<A>(a: A, fn: (value: Argument) => Argument): A;
export function map_aggregate(...args: unknown[]): unknown {
  const { a, fn } = MAP_AGGREGATE.read(positional(args));
  return map_values(a, fn);
}

/** A record of arguments is no object with options. */
function positional(args: readonly unknown[]): readonly unknown[] {
  return args.length === 2 ? [args[0] === undefined ? null : args[0], args[1]] : args;
}
