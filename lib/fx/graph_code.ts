/** Graphs as the code of a function in Python. */
import { last_uses, name_of_dtype, operator_code, place_of } from '../export/graph.js';
import { is_tensor } from '../_C/tensor_base.js';
import { python_repr } from '../python/print.js';
import type { Graph } from './graph.js';
import { Namespace } from './names.js';
import { format_argument, type Node, type Argument, type KeywordArguments, type TargetFunction } from './node.js';
import { is_from_torch, operator_name, qualified_name } from './python_names.js';

/** The code of a graph. Mirrors `torch.fx.graph.PythonCode`. */
export interface PythonCode {
  /** The text of the function. */
  readonly src: string;
  /** What its text names: functions of the program. */
  readonly globals: Readonly<Record<string, unknown>>;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** What every graph's code may name. */
const KNOWN = ['inf', 'nan', 'NoneType', 'torch', 'device', 'fx_pytree', 'pytree'];

function attribute_path(base: string, target: string): string {
  let path = base;
  for (const name of target.split('.'))
    path = IDENTIFIER.test(name) ? `${path}.${name}` : `getattr(${path}, "${name}")`;
  return path;
}

/** Writes the code of a graph. */
class CodeWriter {
  private readonly namespace = new Namespace();
  private readonly globals: Record<string, unknown> = {};
  private readonly wrapped = new Set<string>();
  private readonly parameters = ['self'];
  private readonly body: string[] = [];
  private result_type = '';

  constructor(
    private readonly graph: Graph,
    private readonly root: string,
    private readonly verbose: boolean,
  ) {
    for (const name of KNOWN) this.namespace.create_name(name, {}, true);
  }

  write(): PythonCode {
    const deleted = last_uses(this.graph.nodes.reversed());
    let summary = '';
    for (const node of this.graph.nodes) {
      if (this.verbose && node.op !== 'placeholder' && node.op !== 'output') {
        const its = `\n# ${place_of(node.stack_trace ?? undefined)}\n`;
        if (its !== summary) this.body.push(its);
        summary = its;
      }
      this.emit(node, deleted.get(node) ?? []);
    }
    if (this.body.length === 0) this.body.push('pass\n');
    let wraps = '';
    if (this.wrapped.size > 0) {
      wraps = [...this.wrapped].map((name) => `torch.fx._symbolic_trace.wrap("${name}")`).join('\n');
    }
    const lines = this.body.join('').replace(/^\n+/, '').split('\n');
    const code = lines.map((line) => `    ${line}`).join('\n');
    const prologue = `def forward(${this.parameters.join(', ')})${this.result_type}:`;
    return { src: `\n${wraps}\n\n${prologue}\n${code}`, globals: this.globals };
  }

  private readonly name_of = (node: Node): string => this.namespace.create_name(node.name, node);

  private text(argument: Argument): string {
    if (is_tensor(argument)) {
      const { name } = argument.dtype;
      return `torch.Tensor(size=${python_repr([...argument.shape])}, dtype=${name})`;
    }
    if (typeof argument === 'function') return this.global(argument as TargetFunction);
    return format_argument(argument, 'repr', this.name_of);
  }

  private arguments_text(args: readonly Argument[], kwargs: KeywordArguments): string {
    const named = Object.entries(kwargs).map(([name, value]) => `${name} = ${this.text(value)}`);
    return [...Array.from(args, (argument) => this.text(argument)), ...named].join(', ');
  }

  /** The name of a function in the code. */
  private global(fn: TargetFunction): string {
    const name = qualified_name(fn);
    if (is_from_torch(fn)) return name;
    const own = this.namespace.create_name(name, fn, name === 'getattr');
    this.globals[own] = fn;
    return own;
  }

  private emit(node: Node, unused: readonly Node[]): void {
    if (node.op === 'placeholder') {
      this.placeholder(node);
      return;
    }
    if (node.op === 'output') {
      if (node.type !== null && node.type !== undefined) this.result_type = ` -> ${String(node.type)}`;
      this.body.push(`return ${this.text(node.args[0])}`, '\n');
      return;
    }
    if (node.op === 'call_function' && operator_name(node.target as TargetFunction) === 'setitem') {
      const [object, key, value] = Array.from(node.args, (argument) => this.text(argument));
      this.body.push(`${object}[${key}] = ${value};  `);
      this.body.push(`${this.name_of(node)}${this.annotation(node)} = ${object}`);
    } else this.body.push(`${this.name_of(node)}${this.annotation(node)} = ${this.expression(node)}`);
    const gone = node.users.size === 0 ? [...unused, node] : unused;
    this.body.push(gone.length === 0 ? '\n' : `;  ${[...gone.map(this.name_of), 'None'].join(' = ')}\n`);
  }

  private annotation(node: Node): string {
    const meta = (node.meta['val'] ?? node.meta['tensor_meta'] ?? node.meta['example_value']) as
      | { shape?: readonly number[]; dtype?: { name: string } }
      | undefined;
    if (this.verbose && meta?.shape !== undefined && meta.dtype !== undefined) {
      return `: "${name_of_dtype(meta.dtype.name)}[${[...meta.shape].join(', ')}]"`;
    }
    return node.type === null || node.type === undefined ? '' : ` : ${String(node.type)}`;
  }

  private placeholder(node: Node): void {
    const target = node.target as string;
    const fallback = node.args.length > 0 ? ` = ${this.text(node.args[0])}` : '';
    this.parameters.push(`${target}${this.annotation(node)}${fallback}`);
    const bare = target.replaceAll('*', '');
    const name = this.name_of(node);
    if (bare !== name) this.body.push(`${name} = ${bare}\n`);
  }

  private expression(node: Node): string {
    const { args, kwargs, target } = node;
    switch (node.op) {
      case 'get_attr':
        return attribute_path(this.root, target as string);
      case 'call_module':
        return `${attribute_path(this.root, target as string)}(${this.arguments_text(args, kwargs)})`;
      case 'call_method':
        return `${attribute_path(this.text(args[0]), target as string)}(${this.arguments_text(args.slice(1), kwargs)})`;
      default:
        return this.call(node, target as TargetFunction);
    }
  }

  private call(node: Node, target: TargetFunction): string {
    const { args, kwargs } = node;
    const operator = operator_name(target);
    const texts = Array.from(args, (argument) => this.text(argument));
    const written = operator === undefined ? undefined : operator_code(operator, texts);
    if (written !== undefined) return written;
    const name = this.global(target);
    const [, attribute] = args;
    if (name === 'getattr' && args.length === 2 && typeof attribute === 'string' && IDENTIFIER.test(attribute)) {
      return `${texts[0]}.${attribute}`;
    }
    if (node.meta['is_wrapped'] === true) this.wrapped.add(name);
    return `${name}(${this.arguments_text(args, kwargs)})`;
  }
}

/** The code of a graph; `verbose` with places in the sources and shapes. */
export function code_of(graph: Graph, root: string, verbose: boolean): PythonCode {
  return new CodeWriter(graph, root, verbose).write();
}
