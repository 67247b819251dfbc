/** Graphs of operations that can be read, changed and run. Mirrors `torch.fx.graph`. */
import { is_plain_object } from '../_internal/plain_object.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Tuple } from '../_internal/tuple.js';
import { table_of_nodes } from '../export/graph.js';
import { Module } from '../nn/modules/module.js';
import { print } from '../python/print.js';
import type { Memo } from '../utils/copy.js';
import { code_of, type PythonCode } from './graph_code.js';
import type { GraphModule } from './graph_module.js';
import { Namespace, snake_case } from './names.js';
import { format_argument, map_arg, Node, type Argument, type KeywordArguments, type Op, type Target } from './node.js';
import { function_name, represented_target } from './python_names.js';

export type { PythonCode };

interface NodeCall {
  op: Op;
  target: Target;
  args?: readonly Argument[] | null;
  kwargs?: KeywordArguments | null;
  name?: string | null;
  type_expr?: unknown;
}

interface Call {
  args?: readonly Argument[] | null;
  kwargs?: KeywordArguments | null;
  type_expr?: unknown;
}

const CALL = 'args?: Iterable|None, kwargs?: dict|None, type_expr?: any';
const METHODS = {
  create_node: method_signature<NodeCall>(
    'Graph.create_node',
    'op: str, target: any, args?: Iterable|None, kwargs?: dict|None, name?: str|None, type_expr?: any',
  ),
  placeholder: method_signature<{ name: string; type_expr?: unknown; default_value?: unknown }>(
    'Graph.placeholder',
    'name: str, type_expr?: any, default_value?: any',
  ),
  get_attr: method_signature<{ qualified_name: string; type_expr?: unknown }>(
    'Graph.get_attr',
    'qualified_name: str, type_expr?: any',
  ),
  call_module: method_signature<Call & { module_name: string }>('Graph.call_module', `module_name: str, ${CALL}`),
  call_method: method_signature<Call & { method_name: string }>('Graph.call_method', `method_name: str, ${CALL}`),
  call_function: method_signature<Call & { the_function: Target; name?: string | null }>(
    'Graph.call_function',
    `the_function: Callable, ${CALL}, name?: str|None`,
  ),
  output: method_signature<{ result: Argument; type_expr?: unknown }>('Graph.output', 'result: any, type_expr?: any'),
  node_copy: method_signature<{ node: Node; arg_transform?: (node: Node) => Argument }>(
    'Graph.node_copy',
    'node: FxNode, arg_transform?: Callable',
  ),
  graph_copy: method_signature<{ g: Graph; val_map: Map<Node, Argument>; return_output_node?: boolean }>(
    'Graph.graph_copy',
    'g: Graph, val_map: dict, return_output_node?: bool',
  ),
  erase_node: method_signature<{ to_erase: Node }>('Graph.erase_node', 'to_erase: FxNode'),
  inserting_before: method_signature<{ n?: Node | null; fn?: () => unknown }>(
    'Graph.inserting_before',
    'n?: FxNode|None, fn?: Callable',
  ),
  inserting_after: method_signature<{ n?: Node | null; fn?: () => unknown }>(
    'Graph.inserting_after',
    'n?: FxNode|None, fn?: Callable',
  ),
  find_nodes: method_signature<{ op: string; target?: Target | null; sort?: boolean }>(
    'Graph.find_nodes',
    '*, op: str, target?: any, sort?: bool',
  ),
  eliminate_dead_code: method_signature<{ is_impure_node?: ((node: Node) => boolean) | null }>(
    'Graph.eliminate_dead_code',
    'is_impure_node?: Callable|None',
  ),
  python_code: method_signature<{ root_module: string; verbose?: boolean }>(
    'Graph.python_code',
    'root_module: str, *, verbose?: bool',
  ),
};
const GRAPH = signature<{ owning_module?: GraphModule | null; tracer_cls?: unknown }>(
  'Graph',
  'owning_module?: Module|None, tracer_cls?: any',
);

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** The nodes of a graph in the order in which they run; nodes may be erased and added meanwhile. */
export class NodeList implements Iterable<Node> {
  /** @internal */
  constructor(private readonly graph: Graph) {}

  /** How many there are. */
  get length(): number {
    return this.graph._count;
  }

  *[Symbol.iterator](): Generator<Node, void, undefined> {
    const root = this.graph._root;
    for (let node = root._next; node !== root; node = node._next) if (!node._erased) yield node;
  }

  /** The nodes from the last one to the first. */
  *reversed(): Generator<Node, void, undefined> {
    const root = this.graph._root;
    for (let node = root._prev; node !== root; node = node._prev) if (!node._erased) yield node;
  }

  /** @internal */
  __reversed__(): Generator<Node, void, undefined> {
    return this.reversed();
  }

  /** @internal */
  __len__(): number {
    return this.length;
  }
}

/** Where nodes are inserted, until the end of a block of `using`. */
export interface InsertPoint {
  [Symbol.dispose](): void;
}

/**
 * A list of {@link Node | nodes}, each of which takes values of earlier ones. Mirrors `torch.fx.Graph`.
 *
 * What it prints is Python's text, so that graphs can be compared with those of Python.
 *
 * @example
 * ```ts
 * const graph = new torch.fx.Graph();
 * const x = graph.placeholder('x');
 * const relu = graph.call_function(torch.relu, [x]);
 * graph.output(relu);
 * print(graph);
 * print(new torch.fx.GraphModule(new nn.Module(), graph)(torch.tensor([-1, 2])));
 * ```
 * ```python
 * graph = torch.fx.Graph()
 * x = graph.placeholder('x')
 * relu = graph.call_function(torch.relu, (x,))
 * graph.output(relu)
 * print(graph)
 * print(torch.fx.GraphModule(nn.Module(), graph)(torch.tensor([-1, 2])))
 * ```
 */
export class Graph {
  /** The module that runs the graph; null for none. */
  owning_module: GraphModule | null;
  /** @internal */
  readonly _root: Node;
  /** @internal */
  _count = 0;
  /** @internal */
  readonly _tracer_cls: unknown;
  private readonly names = new Namespace();
  private insert: (node: Node) => void;

  /**
   * @param owning_module - the module that runs the graph; default null
   * @param tracer_cls - the class of the tracer that made it; default null
   */
  constructor(owning_module?: GraphModule | null, tracer_cls?: unknown);
  constructor(...args: unknown[]) {
    const { owning_module = null, tracer_cls = null } = GRAPH.read(args);
    this.owning_module = owning_module;
    this._tracer_cls = tracer_cls;
    this._root = new Node(this, '', 'root', '', [], {});
    this.insert = (node) => this._root._prepend(node);
    for (const field of ['names', 'insert', '_root', '_tracer_cls']) {
      Object.defineProperty(this, field, { enumerable: false });
    }
  }

  /** The nodes, in the order in which they run. */
  get nodes(): NodeList {
    return new NodeList(this);
  }

  /**
   * The node of what the graph returns. Mirrors `torch.fx.Graph.output_node`.
   *
   * @throws Error when the last node is another one
   */
  output_node(): Node {
    const last = this._root._prev;
    if (last.op !== 'output') throw new Error(`Expected output node, got op=${last.op}`);
    return last;
  }

  /**
   * The nodes that do something, in their order. Mirrors `torch.fx.Graph.find_nodes`.
   *
   * @param options - `op`, what they do, and `target`, what they call; default null, anything
   */
  find_nodes(options: { op: Op; target?: Target | null; sort?: boolean }): Node[];
  find_nodes(...args: unknown[]): Node[] {
    const { op, target = null } = METHODS.find_nodes.read(args);
    return [...this.nodes].filter((node) => node.op === op && (target === null || node.target === target));
  }

  /** @internal */
  _target_to_str(target: Target): string {
    if (typeof target === 'function') return snake_case(function_name(target));
    return snake_case(/^__.*__$/.test(target) ? target.slice(2, -2) : target);
  }

  /**
   * Adds a node where the graph inserts, which is its end unless {@link Graph.inserting_before | inserting_before} or
   * {@link Graph.inserting_after | inserting_after} say otherwise. Mirrors `torch.fx.Graph.create_node`.
   *
   * @param op - what the node does
   * @param target - what it calls
   * @param args - its arguments by position; default none
   * @param kwargs - its arguments by name; default none
   * @param name - what to call it, with a number behind it where there is such a node; default a name made of the target's
   * @param type_expr - what annotates it in code; default null
   * @throws Error for a target of a wrong kind
   */
  create_node(
    op: Op,
    target: Target,
    args?: readonly Argument[] | null,
    kwargs?: KeywordArguments | null,
    name?: string | null,
    type_expr?: unknown,
  ): Node;
  create_node(...given: unknown[]): Node {
    const { op, target, args, kwargs, name, type_expr = null } = METHODS.create_node.read(given);
    const own = this.names.create_name(name ?? this._target_to_str(target), null);
    const node = new Node(this, own, op, target, [...(args ?? [])], kwargs ?? {}, type_expr);
    this.names.associate(own, node);
    this.insert(node);
    this._count++;
    return node;
  }

  /**
   * Adds an input. Mirrors `torch.fx.Graph.placeholder`.
   *
   * @param name - its name
   * @param type_expr - what annotates it in code; default null
   * @param default_value - what it is where nothing is given; by default something must be
   */
  placeholder(name: string, type_expr?: unknown, default_value?: unknown): Node;
  placeholder(...given: unknown[]): Node {
    const { name, type_expr = null, default_value } = METHODS.placeholder.read(given);
    return this.create_node(
      'placeholder',
      name,
      default_value === undefined ? [] : [default_value],
      {},
      null,
      type_expr,
    );
  }

  /**
   * Adds a node that reads a parameter, buffer or module. Mirrors `torch.fx.Graph.get_attr`.
   *
   * @param qualified_name - its path in the module
   * @param type_expr - what annotates it in code; default null
   */
  get_attr(qualified_name: string, type_expr?: unknown): Node;
  get_attr(...given: unknown[]): Node {
    const { qualified_name, type_expr = null } = METHODS.get_attr.read(given);
    if (this.owning_module !== null && attribute_at(this.owning_module, qualified_name) === undefined) {
      warn(
        'Attempted to insert a get_attr Node with no underlying reference in the owning GraphModule! Call ' +
          'GraphModule.add_submodule to add the necessary submodule, GraphModule.add_parameter to add the necessary ' +
          'Parameter, or nn.Module.register_buffer to add the necessary buffer',
      );
    }
    return this.create_node('get_attr', qualified_name, [], {}, null, type_expr);
  }

  /**
   * Adds a call of a module. Mirrors `torch.fx.Graph.call_module`.
   *
   * @param module_name - its path
   * @param args - its arguments by position; default none
   * @param kwargs - its arguments by name; default none
   * @param type_expr - what annotates it in code; default null
   */
  call_module(
    module_name: string,
    args?: readonly Argument[] | null,
    kwargs?: KeywordArguments | null,
    type_expr?: unknown,
  ): Node;
  call_module(...given: unknown[]): Node {
    const { module_name, args, kwargs, type_expr = null } = METHODS.call_module.read(given);
    this.owning_module?.get_submodule(module_name);
    return this.create_node('call_module', module_name, args, kwargs, null, type_expr);
  }

  /**
   * Adds a call of a method. Mirrors `torch.fx.Graph.call_method`.
   *
   * @param method_name - its name
   * @param args - the object, and the arguments by position
   * @param kwargs - the arguments by name; default none
   * @param type_expr - what annotates it in code; default null
   */
  call_method(
    method_name: string,
    args?: readonly Argument[] | null,
    kwargs?: KeywordArguments | null,
    type_expr?: unknown,
  ): Node;
  call_method(...given: unknown[]): Node {
    const { method_name, args, kwargs, type_expr = null } = METHODS.call_method.read(given);
    return this.create_node('call_method', method_name, args, kwargs, null, type_expr);
  }

  /**
   * Adds a call of a function. Mirrors `torch.fx.Graph.call_function`.
   *
   * @param the_function - the function
   * @param args - its arguments by position; default none
   * @param kwargs - its arguments by name; default none
   * @param type_expr - what annotates it in code; default null
   * @param name - what to call the node; default a name made of the function's
   */
  call_function(
    the_function: Target,
    args?: readonly Argument[] | null,
    kwargs?: KeywordArguments | null,
    type_expr?: unknown,
    name?: string | null,
  ): Node;
  call_function(...given: unknown[]): Node {
    const { the_function, args, kwargs, type_expr = null, name = null } = METHODS.call_function.read(given);
    return this.create_node('call_function', the_function, args, kwargs, name, type_expr);
  }

  /**
   * Adds what the graph returns. Mirrors `torch.fx.Graph.output`.
   *
   * @param result - a node, or a list or record of nodes and values
   * @param type_expr - what annotates it in code; default null
   */
  output(result: Argument, type_expr?: unknown): Node;
  output(...given: unknown[]): Node {
    // A record is what is returned, no object with options.
    const { result, type_expr = null } = is_plain_object(given[0])
      ? { result: given[0], type_expr: given[1] ?? null }
      : METHODS.output.read(given.length > 0 && given[0] === undefined ? [null] : given);
    return this.create_node('output', 'output', [result], {}, null, type_expr);
  }

  /**
   * Adds a copy of a node, of another graph perhaps. Mirrors `torch.fx.Graph.node_copy`.
   *
   * @param node - the node
   * @param arg_transform - gives for each node among its arguments that of this graph; default the same
   * @example
   * ```ts
   * const { graph } = torch.fx.symbolic_trace((x: torch.Tensor) => torch.relu(x));
   * const copy = new torch.fx.Graph();
   * const nodes = new Map<torch.fx.Node, torch.fx.Node>();
   * for (const node of graph.nodes) nodes.set(node, copy.node_copy(node, (n) => nodes.get(n)));
   * print(copy);
   * ```
   * ```python
   * graph = torch.fx.symbolic_trace(lambda x: torch.relu(x)).graph
   * copy = torch.fx.Graph()
   * nodes = {}
   * for node in graph.nodes:
   *     nodes[node] = copy.node_copy(node, lambda n: nodes[n])
   * print(copy)
   * ```
   */
  node_copy(node: Node, arg_transform?: (node: Node) => Argument): Node;
  node_copy(...given: unknown[]): Node {
    const { node, arg_transform = (same: Node): Node => same } = METHODS.node_copy.read(given);
    const args = map_arg(node.args, arg_transform);
    const kwargs = map_arg(node.kwargs, arg_transform);
    const copy = this.create_node(node.op, node.target, args, kwargs, node.name, node.type);
    copy.meta = { ...node.meta };
    return copy;
  }

  /**
   * Adds copies of all nodes of a graph but its output. Mirrors `torch.fx.Graph.graph_copy`.
   *
   * @param g - the graph
   * @param val_map - nodes of that graph with those of this one; what it has is not copied, and copies are added to it
   * @param return_output_node - return also the output node of that graph; default false
   * @returns what that graph returns, in nodes of this one; null when it returns nothing
   */
  graph_copy(g: Graph, val_map: Map<Node, Argument>, return_output_node?: boolean): Argument;
  graph_copy(...given: unknown[]): Argument {
    const { g, val_map, return_output_node = false } = METHODS.graph_copy.read(given);
    const mapped = (node: Node): Argument => {
      if (!val_map.has(node)) throw new Error(`graph_copy(): there is no copy of the node ${node.name}`);
      return val_map.get(node);
    };
    for (const node of g.nodes) {
      if (val_map.has(node)) continue;
      if (node.op === 'output') {
        const result = map_arg(node.args[0] ?? null, mapped);
        return return_output_node ? Tuple.of<unknown>(result, node) : result;
      }
      val_map.set(node, this.node_copy(node, mapped));
    }
    return null;
  }

  /** @internal */
  __deepcopy__(memo: Memo): Graph {
    const copy = new Graph(null, this._tracer_cls);
    memo.set(this, copy);
    const nodes = new Map<Node, Argument>();
    const found = copy.graph_copy(this, nodes, true) as [Argument, Node] | null;
    if (found !== null) copy.output(found[0], found[1].type).meta = { ...found[1].meta };
    return copy;
  }

  /**
   * Removes a node that has no users. Mirrors `torch.fx.Graph.erase_node`.
   *
   * @param to_erase - the node
   * @throws Error for a node that has users, or of another graph
   */
  erase_node(to_erase: Node): void;
  erase_node(...given: unknown[]): void {
    const { to_erase } = METHODS.erase_node.read(given);
    const { users } = to_erase;
    if (users.size > 0) {
      const listed = [...users].map((user) => `${user.name}: None`).join(', ');
      throw new Error(
        `Tried to erase Node ${to_erase.name} but it still had ${users.size} users in the graph: {${listed}}!`,
      );
    }
    if (to_erase.graph !== this) throw new Error(`Attempting to remove ${to_erase.name} from wrong graph!`);
    if (to_erase._erased) {
      warn(`erase_node(${to_erase.name}) on an already erased node`);
      return;
    }
    to_erase._remove_from_list();
    to_erase._erased = true;
    this._count--;
    to_erase._update(
      map_arg(to_erase.args, () => null),
      map_arg(to_erase.kwargs, () => null),
    );
  }

  /**
   * Inserts nodes before one: in a function, or until the end of the block of `using _ = graph.inserting_before(n)`. Mirrors
   * `torch.fx.Graph.inserting_before`.
   *
   * @param n - the node; default null, the first one
   * @param fn - a function that adds nodes
   * @returns what `fn` returned; without `fn` a guard
   * @throws Error for a node of another graph
   * @example
   * ```ts
   * const { graph } = torch.fx.symbolic_trace((x: torch.Tensor) => torch.relu(x));
   * const [, relu] = graph.nodes;
   * graph.inserting_before(relu!, () => relu!.args = [graph.call_function(torch.neg, relu!.args)]);
   * print(graph);
   * ```
   * ```python
   * graph = torch.fx.symbolic_trace(lambda x: torch.relu(x)).graph
   * _, relu, _ = graph.nodes
   * with graph.inserting_before(relu):
   *     relu.args = (graph.call_function(torch.neg, relu.args),)
   * print(graph)
   * ```
   */
  inserting_before(n?: Node | null): InsertPoint;
  inserting_before<T>(n: Node | null, fn: () => T): T;
  inserting_before(...given: unknown[]): unknown {
    const { n = null, fn } = METHODS.inserting_before.read(given);
    return this.inserting(n === null ? this._root._next : this.own(n, 'before'), fn, n === null);
  }

  /**
   * Inserts nodes after one: in a function, or until the end of the block of `using _ = graph.inserting_after(n)`. Each goes directly
   * behind it. Mirrors `torch.fx.Graph.inserting_after`.
   *
   * @param n - the node; default null, the last one
   * @param fn - a function that adds nodes
   * @returns what `fn` returned; without `fn` a guard
   * @throws Error for a node of another graph
   */
  inserting_after(n?: Node | null): InsertPoint;
  inserting_after<T>(n: Node | null, fn: () => T): T;
  inserting_after(...given: unknown[]): unknown {
    const { n = null, fn } = METHODS.inserting_after.read(given);
    if (n === null) return this.insert_with((node) => this._root._prepend(node), fn);
    const after = this.own(n, 'after');
    return this.insert_with((node) => after._next._prepend(node), fn);
  }

  private own(node: Node, where: string): Node {
    if (node.graph !== this) throw new Error(`Node to insert ${where} is not in graph.`);
    return node;
  }

  private inserting(node: Node, fn: (() => unknown) | undefined, first: boolean): unknown {
    return this.insert_with((added) => (first ? this._root._next : node)._prepend(added), fn);
  }

  private insert_with(insert: (node: Node) => void, fn: (() => unknown) | undefined): unknown {
    const before = this.insert;
    this.insert = insert;
    const end = (): void => {
      this.insert = before;
    };
    if (fn === undefined) return { [Symbol.dispose]: end };
    try {
      return fn();
    } finally {
      end();
    }
  }

  /**
   * Checks that nodes take values of earlier nodes of this graph, and that what they name is there. Mirrors `torch.fx.Graph.lint`.
   *
   * @throws Error for the first fault
   */
  lint(): void {
    const names = new Set<string>();
    const values = new Set<Node>();
    for (const node of this.nodes) {
      for (const argument of node._input_nodes) {
        const where = `Argument '${argument.name}' of Node '${node.name}' `;
        if (argument.graph !== this) {
          throw new Error(
            `${where}does not belong to this Graph, but was used as an argument! If you are copying nodes from another graph, ` +
              `make sure to use \`\`arg_transform\`\` on node_copy() to remap values\n${String(this)}`,
          );
        }
        if (!values.has(argument)) {
          throw new Error(
            `${where}was used before it has been defined! Please check that Nodes in the graph are topologically ordered\n${String(this)}`,
          );
        }
      }
      values.add(node);
      if (names.has(node.name)) throw new Error(`Node redefined name ${node.name}!`);
      names.add(node.name);
      if (this.owning_module !== null && (node.op === 'get_attr' || node.op === 'call_module')) {
        check_target(node, this.owning_module);
      }
    }
  }

  /**
   * Erases the nodes without users that do nothing else. Mirrors `torch.fx.Graph.eliminate_dead_code`.
   *
   * @param is_impure_node - which nodes do something else; default {@link Node.is_impure}
   * @returns whether there were any
   */
  eliminate_dead_code(is_impure_node?: ((node: Node) => boolean) | null): boolean;
  eliminate_dead_code(...given: unknown[]): boolean {
    const { is_impure_node = null } = METHODS.eliminate_dead_code.read(given);
    this.lint();
    const count = this._count;
    for (const node of this.nodes.reversed()) {
      const impure = is_impure_node === null ? node.is_impure() : is_impure_node(node);
      if (!impure && node.users.size === 0) this.erase_node(node);
    }
    return this._count < count;
  }

  /**
   * The graph as the code of a function in Python. Mirrors `torch.fx.Graph.python_code`.
   *
   * @param root_module - what the module is called in it, `'self'`
   * @param options - `verbose`: with places in the sources and shapes; default false
   * @returns the text as `src`, and what it names of the program as `globals`
   */
  python_code(root_module: string, options?: { verbose?: boolean }): PythonCode;
  python_code(...given: unknown[]): PythonCode {
    const { root_module, verbose = false } = METHODS.python_code.read(given);
    return code_of(this, root_module, verbose);
  }

  /**
   * Prints a table of the nodes, with the columns opcode, name, target, args and kwargs. Mirrors `torch.fx.Graph.print_tabular`;
   * functions are printed without their addresses.
   *
   * @example
   * ```ts
   * torch.fx.symbolic_trace((x: torch.Tensor) => x.neg()).graph.print_tabular();
   * ```
   * ```python
   * torch.fx.symbolic_trace(lambda x: x.neg()).graph.print_tabular()
   * ```
   */
  print_tabular(): void {
    const rows = [...this.nodes].map((node) => [
      node.op,
      node.name,
      represented_target(node.target),
      format_argument(node.args, 'repr'),
      format_argument(node.kwargs, 'repr'),
    ]);
    print(table_of_nodes(rows));
  }

  /** One line for each node, as Python prints it. */
  toString(): string {
    return ['graph():', ...[...this.nodes].map((node) => `    ${node.format_node()}`)].join('\n');
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

define_kind('Graph', 'Graph', (value) => value instanceof Graph);

/** What a path in a module leads to; undefined for nothing. @internal */
export function attribute_at(module: unknown, path: string): unknown {
  let at: unknown = module;
  for (const name of path.split('.')) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || !(name in at)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function check_target(node: Node, root: object): void {
  let at: unknown = root;
  const names = String(node.target).split('.');
  for (const [i, name] of names.entries()) {
    const of = names.slice(0, i).join('.');
    at = attribute_at(at, name) ?? null;
    if (at === null) {
      throw new Error(
        `Node ${node.name} target ${String(node.target)} references nonexistent attribute ${name} of ${of}`,
      );
    }
    if (node.op === 'call_module' && !(at instanceof Module)) {
      throw new Error(
        `Node ${node.name} target ${String(node.target)} ${name} of ${of} does not reference an nn.Module`,
      );
    }
  }
}
