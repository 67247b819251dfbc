/** The graph of a program, to read and to print: the nodes of `torch.fx` as Python has them after `torch.export.load`. */
import { is_plain_object } from '../_internal/plain_object.js';
import { python_float } from '../_internal/representation.js';
import { print, python_repr } from '../python/print.js';
import { constant_value, name_of } from './compile.js';
import { printed_expression } from './expressions.js';
import { dtype_of_code, layout_of_code, memory_format_of_code } from './numbers.js';
import type {
  Argument,
  Graph,
  Node,
  SymBool,
  SymFloat,
  SymInt,
  TensorMeta,
  WrittenDevice,
  WrittenProgram,
} from './schema.js';

/** A value that an argument of a node is, as Python writes it, such as `torch.float32`. */
export class Written {
  /** @internal */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.text;
  }
}

/** What a node takes: another node, a plain value, or a list of those. */
export type NodeArgument = GraphNode | Written | number | bigint | boolean | string | null | readonly NodeArgument[];

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A node of a program's graph. Mirrors what of `torch.fx.Node` is for reading. */
export class GraphNode {
  /** The nodes that take this one. */
  readonly users: GraphNode[] = [];

  /** @internal */
  constructor(
    readonly op: 'placeholder' | 'get_attr' | 'call_function' | 'output',
    readonly name: string,
    /** Of a call: the function, such as `torch.ops.aten.add.Tensor`. */
    readonly target: string,
    readonly args: readonly NodeArgument[],
    readonly kwargs: Readonly<Record<string, NodeArgument>>,
    /** `stack_trace`, `nn_module_stack` and the like, as texts. */
    readonly meta: Readonly<Record<string, string>>,
    /** @internal its type, as in `f32[3, 4]`; empty for what has none */
    readonly _type: string,
  ) {
    for (const node of this.all_input_nodes) node.users.push(this);
  }

  /** The nodes that this one takes. */
  get all_input_nodes(): GraphNode[] {
    const found = new Set<GraphNode>();
    const walk = (argument: NodeArgument): void => {
      if (argument instanceof GraphNode) found.add(argument);
      else if (Array.isArray(argument)) for (const element of argument as readonly NodeArgument[]) walk(element);
    };
    for (const argument of [...this.args, ...Object.values(this.kwargs)]) walk(argument);
    return [...found];
  }

  /** As a line of `print(graph)`. */
  format_node(): string {
    const users = `%${this.name} : [num_users=${this.users.length}] = `;
    if (this.op === 'output') return `return ${shown(this.args[0]!, plain_name)}`;
    if (this.op !== 'call_function') return `${users}${this.op}[target=${this.target}]`;
    const target = this.target.replace(/^_operator\./, 'operator.');
    const args = tuple_text(this.args.map((argument) => shown(argument, marked_name)));
    const kwargs = Object.entries(this.kwargs).map(([name, value]) => `${name}: ${shown(value, marked_name)}`);
    return `${users}call_function[target=${target}](args = ${args}, kwargs = {${kwargs.join(', ')}})`;
  }

  toString(): string {
    return this.name;
  }

  [inspect_custom](): string {
    return this.name;
  }
}

const plain_name = (node: GraphNode): string => node.name;
const marked_name = (node: GraphNode): string => `%${node.name}`;
/** In Python's code a node cannot have the name of a builtin. */
const code_name = (node: GraphNode): string => (taken_names.has(node.name) ? `${node.name}_1` : node.name);

function tuple_text(parts: readonly string[]): string {
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`;
}

/** An argument as Python writes it. */
function shown(argument: NodeArgument, named: (node: GraphNode) => string): string {
  if (argument instanceof GraphNode) return named(argument);
  if (argument instanceof Tuple) return tuple_text(argument.elements.map((element) => shown(element, named)));
  if (argument instanceof Written) return argument.text;
  if (Array.isArray(argument))
    return `[${(argument as NodeArgument[]).map((element) => shown(element, named)).join(', ')}]`;
  return python_repr(argument);
}

/** What a graph returns: a tuple, where lists are written otherwise. */
class Tuple extends Array<NodeArgument> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  get elements(): NodeArgument[] {
    return Array.from(this);
  }
}

const dtype_names: Readonly<Record<string, string>> = {
  bfloat16: 'bf16',
  float64: 'f64',
  float32: 'f32',
  float16: 'f16',
  float8_e4m3fn: 'f8e4m3fn',
  float8_e5m2: 'f8e5m2',
  float8_e4m3fnuz: 'f8e4m3fnuz',
  float8_e5m2fnuz: 'f8e5m2fnuz',
  float8_e8m0fnu: 'f8e8m0fnu',
  complex32: 'c32',
  complex64: 'c64',
  complex128: 'c128',
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  bool: 'b8',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  uint64: 'u64',
};

/** The short name of a dtype, as in `f32[3, 4]`. @internal */
export function name_of_dtype(name: string): string {
  return dtype_names[name] ?? name;
}

const binary_operators: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  floordiv: '//',
  truediv: '/',
  mod: '%',
  pow: '**',
  lshift: '<<',
  rshift: '>>',
  and_: '&',
  or_: '|',
  xor: '^',
  matmul: '@',
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
};
const unary_operators: Readonly<Record<string, string>> = { pos: '+', neg: '-', invert: '~' };

/** A call of a function of Python's module `operator` as code has it; undefined for one that has no sign. @internal */
export function operator_code(name: string, [a, b]: readonly string[]): string | undefined {
  if (Object.hasOwn(binary_operators, name)) return `${a} ${binary_operators[name]} ${b}`;
  if (Object.hasOwn(unary_operators, name)) return `${unary_operators[name]}${a}`;
  return name === 'getitem' ? `${a}[${b}]` : undefined;
}

/** After which node each one is not needed any more. @internal */
export function last_uses<N extends { readonly all_input_nodes: readonly N[] }>(backwards: Iterable<N>): Map<N, N[]> {
  const seen = new Set<N>();
  const found = new Map<N, N[]>();
  for (const user of backwards) {
    const last = user.all_input_nodes.filter((node) => !seen.has(node));
    for (const node of last) seen.add(node);
    if (last.length > 0) found.set(user, last);
  }
  return found;
}

/** Names that Python has taken: no node is called so. @internal */
export const taken_names = new Set(
  `False None True abs aiter all and anext any as ascii assert async await bin bool break breakpoint bytearray
    bytes callable chr class classmethod compile complex continue copyright credits def del delattr device dict dir
    divmod elif else enumerate eval except exec exit filter finally float for format from frozenset fx_pytree
    getattr global globals hasattr hash help hex id if import in inf input int is isinstance issubclass iter lambda
    len license list locals map max memoryview min nan next nonlocal not object oct open or ord pass pow print
    property pytree quit raise range repr return reversed round set setattr slice sorted staticmethod str sum super
    torch try tuple type vars while with yield zip`.split(/\s+/),
);

function device_text({ type, index }: WrittenDevice): Written {
  return new Written(index === null ? `device(type='${type}')` : `device(type='${type}', index=${index})`);
}

function complex_text(real: number, imag: number): string {
  const part = (value: number): string =>
    Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : python_float(value);
  if (real === 0 && !Object.is(real, -0)) return `${part(imag)}j`;
  return `(${part(real)}${imag < 0 ? '' : '+'}${part(imag)}j)`;
}

function size_text(size: SymInt | SymFloat | SymBool): string {
  return size.type === 'as_expr' ? printed_expression(size.value.expr_str) : String(size.value);
}

/** A graph, to read. Mirrors what of `torch.fx.Graph` is for reading. */
export class ExportedGraph {
  /** The nodes, in the order in which they run. */
  readonly nodes: readonly GraphNode[];
  /** The graphs of higher-order operators, by the names that `get_attr` nodes have. */
  readonly subgraphs: ReadonlyMap<string, ExportedGraph>;

  /** @internal */
  constructor(graph: Graph, input_names: readonly string[]) {
    const reader = new GraphReader(graph, input_names);
    this.nodes = reader.nodes;
    this.subgraphs = reader.subgraphs;
  }

  /** @internal */
  static _of({ graph, signature }: WrittenProgram['graph_module']): ExportedGraph {
    const names = signature.input_specs.map((spec) => (spec.type === 'constant_input' ? spec.value.name : ''));
    return new ExportedGraph(graph, names);
  }

  /** The graph as the code of a class in Python, with the places in the sources that it comes from. */
  print_readable(name = 'GraphModule'): string {
    const code = `class ${name}(torch.nn.Module):\n${this.written_code(true)}`;
    const inner = ['', ...Array.from(this.subgraphs, ([its, graph]) => graph.print_readable(its))].join('\n');
    return indented(code) + indented(inner);
  }

  /**
   * The graph as the code of a function in Python, as `GraphModule.code` is in Python.
   *
   * Mirrors `torch.fx.GraphModule.code`.
   *
   * @example
   * ```ts
   * import torch, { nn, print } from 'torch-node';
   * const program = torch.export.export(new nn.ReLU(), [torch.ones(2)]);
   * print(program.graph.code.trim());
   * // def forward(self, input):
   * //     input_1 = input
   * //     relu = torch.ops.aten.relu.default(input_1);  input_1 = None
   * //     return (relu,)
   * ```
   */
  get code(): string {
    return `\n\n\n${this.written_code(false)}`;
  }

  /**
   * Prints a table of the nodes, with the columns opcode, name, target, args and kwargs.
   *
   * Mirrors `torch.fx.Graph.print_tabular`.
   *
   * @example
   * ```ts
   * torch.export.export(new nn.ReLU(), [torch.ones(2)]).graph.print_tabular();
   * ```
   * ```python
   * torch.export.export(torch.nn.ReLU(), (torch.ones(2),)).graph.print_tabular()
   * ```
   */
  print_tabular(): void {
    const rows = this.nodes.map((node) => [
      node.op,
      node.name,
      target_text(node),
      tuple_text(node.args.map((argument) => shown(argument, plain_name))),
      `{${Object.entries(node.kwargs)
        .map(([name, value]) => `'${name}': ${shown(value, plain_name)}`)
        .join(', ')}}`,
    ]);
    print(table_of_nodes(rows));
  }

  private written_code(readable: boolean): string {
    const deleted = last_uses(this.nodes.toReversed());
    const body: string[] = [];
    let summary = '';
    for (const node of this.nodes) {
      if (node.op === 'placeholder') {
        if (code_name(node) !== node.target) body.push(`${code_name(node)} = ${node.target}\n`);
        continue;
      }
      if (node.op === 'output') {
        body.push(`return ${shown(node.args[0]!, code_name)}\n`);
        continue;
      }
      const its = `\n#${annotation_of(node.meta['custom'])} ${place_of(node.meta['stack_trace'])}\n`;
      if (readable && its !== summary) body.push(its);
      summary = its;
      const type = !readable || node._type === '' ? '' : `: "${node._type}"`;
      const gone = [...(deleted.get(node) ?? []), ...(node.users.length === 0 ? [node] : [])];
      const deletion = gone.length === 0 ? '' : `;  ${[...gone.map(code_name), 'None'].join(' = ')}`;
      body.push(`${code_name(node)}${type} = ${expression(node)}${deletion}\n`);
    }
    const parameters = this.nodes
      .filter(({ op }) => op === 'placeholder')
      .map(({ target, _type }) => (!readable || _type === '' ? target : `${target}: "${_type}"`));
    const lines = body.join('').replace(/^\n+/, '').split('\n');
    // Python indents the empty line at the end of a function's code.
    if (!readable) lines[lines.length - 1] = '    ';
    return `def forward(${['self', ...parameters].join(', ')}):\n${lines.map((line) => (line.trim() === '' ? line : `    ${line}`)).join('\n')}`;
  }

  toString(): string {
    return ['graph():', ...this.nodes.map((node) => `    ${node.format_node()}`)].join('\n');
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** Nodes as a table; a row has opcode, name, target, args and kwargs. @internal */
export function table_of_nodes(rows: readonly (readonly string[])[]): string {
  const headers = ['opcode', 'name', 'target', 'args', 'kwargs'];
  // Headers have two places more, as in the tables of Python's package tabulate.
  const widths = headers.map((header, i) => Math.max(header.length + 2, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return [line(headers), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Indents the lines of code but the first and empty ones. @internal */
export function indented(text: string): string {
  return text.replace(/\n(?!\n|$)/g, '\n    ');
}

const longest_annotation = 40;

/** What programs have noted beside a node, long values shortened. */
function annotation_of(json: string | undefined): string {
  if (json === undefined) return '';
  let noted: unknown;
  try {
    noted = JSON.parse(json) as unknown;
  } catch {
    return '';
  }
  if (!is_plain_object(noted) || Object.keys(noted).length === 0) return '';
  const short = Object.entries(noted).map(([key, value]) => {
    const text = typeof value === 'string' ? value : python_repr(value);
    return [key, text.length > longest_annotation ? `${text.slice(0, longest_annotation)}...` : value] as const;
  });
  return ` Annotation: ${python_repr(Object.fromEntries(short))}`;
}

/** The innermost place of a stack trace. @internal */
export function place_of(trace: string | undefined): string {
  const lines = trace?.trim().split('\n') ?? [];
  for (let i = lines.length - 2; i >= 0; i--) {
    const match = /^File "(.+)", line (\d+), in (.+)$/.exec(lines[i]!.trim());
    if (match !== null) return `File: ${match[1]}:${match[2]} in ${match[3]}, code: ${lines[i + 1]!.trim()}`;
  }
  return 'No stacktrace found for following nodes';
}

function expression(node: GraphNode): string {
  if (node.op === 'get_attr') return `self.${node.target}`;
  const args = node.args.map((argument) => shown(argument, code_name));
  const operator = /^_operator\.(\w+)$/.exec(node.target)?.[1];
  const written = operator === undefined ? undefined : operator_code(operator, args);
  if (written !== undefined) return written;
  const named = Object.entries(node.kwargs).map(([name, value]) => `${name} = ${shown(value, code_name)}`);
  const target = node.target.startsWith('torch.') ? node.target : node.target.replaceAll('.', '_');
  return `${target}(${[...args, ...named].join(', ')})`;
}

/** What a node calls, as Python prints it. */
function target_text({ op, target }: GraphNode): string {
  if (op !== 'call_function') return target;
  if (target.startsWith('_operator.')) return `<built-in function ${target.slice('_operator.'.length)}>`;
  return target.replace(/^torch\.ops\.(?:higher_order\.)?/, '');
}

/** From the graph of a program to nodes. */
class GraphReader {
  readonly nodes: GraphNode[] = [];
  readonly subgraphs = new Map<string, ExportedGraph>();
  private readonly by_name = new Map<string, GraphNode>();

  constructor(
    private readonly graph: Graph,
    input_names: readonly string[],
  ) {
    graph.inputs.forEach((input, i) => {
      const name = name_of(input) ?? (input_names[i] || `arg${i}`);
      this.add('placeholder', name, name, [], {}, {});
    });
    for (const node of graph.nodes) this.call(node);
    const outputs = graph.outputs.map((output) => this.argument(output));
    const result = graph.is_single_tensor_return ? outputs[0]! : Tuple.from(outputs);
    this.add('output', 'output', 'output', [result], {}, {});
  }

  private add(
    op: GraphNode['op'],
    name: string,
    target: string,
    args: readonly NodeArgument[],
    kwargs: Readonly<Record<string, NodeArgument>>,
    meta: Readonly<Record<string, string>>,
  ): GraphNode {
    const node = new GraphNode(op, name, target, args, kwargs, meta, op === 'get_attr' ? '' : this.type_of(name));
    this.nodes.push(node);
    this.by_name.set(name, node);
    return node;
  }

  private type_of(name: string): string {
    const tensor = this.graph.tensor_values.get(name);
    if (tensor !== undefined) return tensor_text(tensor);
    const symbol =
      this.graph.sym_int_values.get(name) ??
      this.graph.sym_float_values.get(name) ??
      this.graph.sym_bool_values.get(name);
    return symbol?.type === 'as_expr' ? `Sym(${size_text(symbol)})` : '';
  }

  private call(node: Node): void {
    const args: NodeArgument[] = [];
    const kwargs: Record<string, NodeArgument> = {};
    const meta = Object.fromEntries(node.metadata);
    const keyword = 2;
    for (const { name, arg, kind } of node.inputs) {
      const value = arg.type === 'as_graph' ? this.subgraph(arg.value, meta) : this.argument(arg);
      if (kind === keyword && name !== '') kwargs[name] = value;
      else args.push(value);
    }
    const [first] = node.outputs;
    const higher_order = node.target.startsWith('torch.ops.higher_order.');
    const listed = higher_order && node.is_hop_single_tensor_return === false;
    const single = node.outputs.length === 1 && !listed ? name_of(first!) : undefined;
    const called = this.add('call_function', single ?? this.name_for(node), node.target, args, kwargs, meta);
    if (single !== undefined || first?.type === 'as_none') return;
    const parts =
      node.outputs.length === 1 && first?.type === 'as_tensors'
        ? first.value.map(({ name }) => name)
        : node.outputs.map(name_of);
    parts.forEach((name, i) => {
      if (name === undefined) return;
      this.add('call_function', name, '_operator.getitem', [called, i], {}, meta);
    });
  }

  private name_for({ name, target, outputs }: Node): string {
    const parts = target.split('.');
    const operator = /^torch\.ops\.(?!higher_order)/.test(target) ? parts.slice(-2).join('_') : parts.at(-1)!;
    if (outputs.length === 1 && outputs[0]!.type === 'as_none') return `${operator}_unused`;
    return name ?? operator;
  }

  private subgraph({ name, graph }: { name: string; graph: Graph }, meta: Readonly<Record<string, string>>): GraphNode {
    this.subgraphs.set(name, new ExportedGraph(graph, []));
    return this.add('get_attr', name, name, [], {}, meta);
  }

  private node(name: string): GraphNode {
    const found = this.by_name.get(name);
    if (found === undefined) throw new Error(`load(): there is no value '${name}'`);
    return found;
  }

  private symbolic(argument: {
    readonly type: string;
    readonly value: string | number | bigint | boolean;
  }): NodeArgument {
    if (argument.type === 'as_name') return this.node(argument.value as string);
    return argument.type === 'as_float' ? new Written(python_float(argument.value as number)) : argument.value;
  }

  private argument(argument: Argument): NodeArgument {
    const name = name_of(argument);
    if (name !== undefined) return this.node(name);
    const where = 'load(): an argument';
    switch (argument.type) {
      case 'as_tensors':
        return argument.value.map((one) => this.node(one.name));
      case 'as_nested_tensors':
        return argument.value.map((inner) => inner.map((one) => this.node(one.name)));
      case 'as_optional_tensors':
        return argument.value.map((one) => (one.type === 'as_tensor' ? this.node(one.value.name) : null));
      case 'as_ints':
      case 'as_bools':
      case 'as_strings':
        return argument.value;
      case 'as_int_lists':
        return argument.value.map((inner) => Tuple.from(inner));
      case 'as_float':
        return new Written(python_float(argument.value));
      case 'as_floats':
        return argument.value.map((value) => new Written(python_float(value)));
      case 'as_float_lists':
        return argument.value.map((inner) => inner.map((value) => new Written(python_float(value))));
      case 'as_complex':
        return new Written(complex_text(argument.value.real, argument.value.imag));
      case 'as_scalar_type':
        return new Written(String(dtype_of_code(argument.value, where)));
      case 'as_layout':
        return new Written(String(layout_of_code(argument.value, where)));
      case 'as_memory_format':
        return new Written(String(memory_format_of_code(argument.value, where)));
      case 'as_device':
        return device_text(argument.value);
      case 'as_operator':
        return new Written(argument.value);
      case 'as_sym_ints':
      case 'as_sym_floats':
      case 'as_sym_bools':
        return argument.value.map((element) => this.symbolic(element));
      case 'as_string_to_argument':
        return new Written(
          `{${Array.from(argument.value, ([key, value]) => `${python_repr(key)}: ${shown(this.argument(value), code_name)}`).join(', ')}}`,
        );
      default:
        return constant_value(argument, where);
    }
  }
}

function tensor_text({ dtype, sizes }: TensorMeta): string {
  const { name } = dtype_of_code(dtype, 'load(): a tensor');
  return `${name_of_dtype(name)}[${sizes.map(size_text).join(', ')}]`;
}
