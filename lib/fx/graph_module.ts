/** Modules that run a graph. Mirrors `torch.fx.graph_module`. */
import { kind_of } from '../_internal/kind_of.js';
import { method_signature, signature } from '../_internal/signature.js';
import { indented } from '../export/graph.js';
import { Module } from '../nn/modules/module.js';
import { print } from '../python/print.js';
import type { Memo } from '../utils/copy.js';
import { assign, copy_attribute, type Holder } from './attributes.js';
import { attribute_at, Graph, type PythonCode } from './graph.js';
import { Program } from './running.js';

const GRAPH_MODULE = signature<{ root: Module | Record<string, unknown>; graph: Graph; class_name?: string }>(
  'GraphModule',
  'root: Module|dict, graph: Graph, class_name?: str',
);
const METHODS = {
  add_submodule: method_signature<{ target: string; m: Module }>('GraphModule.add_submodule', 'target: str, m: Module'),
  delete_submodule: method_signature<{ target: string }>('GraphModule.delete_submodule', 'target: str'),
  print_readable: method_signature<{ print_output?: boolean }>('GraphModule.print_readable', 'print_output?: bool'),
};

/**
 * A module that runs a {@link Graph}, with the parameters, buffers and modules that the graph names. Mirrors
 * `torch.fx.GraphModule`.
 *
 * What was changed in the graph runs after {@link GraphModule.recompile | recompile()}.
 *
 * @param root - a module, or a record of what the graph names by its paths
 * @param graph - the graph, which belongs to this module from now on
 * @param class_name - what the module is called when it is printed; default `'GraphModule'`
 * @throws Error when `root` does not have what the graph names
 * @example
 * ```ts
 * const traced = torch.fx.symbolic_trace((x: torch.Tensor) => torch.relu(x));
 * for (const node of traced.graph.nodes) if (node.target === torch.relu) node.target = torch.neg;
 * traced.recompile();
 * print(traced.code.trim(), traced(torch.ones(2)));
 * ```
 * ```python
 * traced = torch.fx.symbolic_trace(lambda x: torch.relu(x))
 * for node in traced.graph.nodes:
 *     if node.target is torch.relu:
 *         node.target = torch.neg
 * traced.recompile()
 * print(traced.code.strip(), traced(torch.ones(2)))
 * ```
 */
export class GraphModule extends Module {
  /** What passes note about the module. */
  declare meta: Record<string, unknown>;
  /** @internal */
  declare _graph: Graph;
  /** @internal */
  declare _class_name: string;
  /** @internal */
  declare _code: string;
  /** @internal */
  declare _program: Program;

  constructor(root: Module | Readonly<Record<string, unknown>>, graph: Graph, class_name?: string);
  constructor(...args: unknown[]) {
    super();
    const { root, graph, class_name = 'GraphModule' } = GRAPH_MODULE.read(args);
    for (const name of ['meta', '_graph', '_class_name', '_code', '_program']) {
      Object.defineProperty(this, name, { value: undefined, writable: true, configurable: true });
    }
    this._class_name = class_name;
    this.meta = {};
    if (root instanceof Module) this.training = root.training;
    const targets = [...graph.nodes].filter(({ op }) => op === 'get_attr' || op === 'call_module');
    const self = this as unknown as Holder;
    if (root instanceof Module) {
      for (const { target } of targets) copy_attribute(root, self, target as string);
    } else {
      const paths = targets.map((node) => {
        const path = node.target as string;
        if (!Object.hasOwn(root, path)) {
          throw new Error(
            `Node ${node.name} referenced target ${path} but that target was not provided in \`\`root\`\`!`,
          );
        }
        return path;
      });
      const depth = (path: string): number => path.split('.').length;
      for (const path of paths.sort((a, b) => depth(a) - depth(b))) assign(self, path, root[path]);
    }
    this.graph = graph;
  }

  /** The graph. Assigning another one lets the module run that. */
  get graph(): Graph {
    return this._graph;
  }

  set graph(graph: Graph) {
    if (!(graph instanceof Graph)) throw new TypeError(`Expected a Graph instance, but got ${kind_of(graph)}`);
    this._graph = graph;
    graph.owning_module = this;
    this.recompile();
  }

  /** The graph as the code of a function in Python, as of the last {@link GraphModule.recompile | recompile()}. */
  get code(): string {
    return this._code;
  }

  /**
   * Lets the module run the graph as it is now. Mirrors `torch.fx.GraphModule.recompile`.
   *
   * @returns the code
   */
  recompile(): PythonCode {
    const code = this._graph.python_code('self');
    this._code = code.src;
    this._program = new Program(this._graph);
    for (const child of this.children()) if (child instanceof GraphModule) child.recompile();
    return code;
  }

  /** Runs the graph. */
  forward(...args: unknown[]): unknown {
    return this._program.run(this, args);
  }

  /**
   * Adds a module, and empty modules on the way to it. Mirrors `torch.fx.GraphModule.add_submodule`.
   *
   * @param target - its path
   * @param m - the module
   * @returns false when something on the way is not a module
   */
  add_submodule(target: string, m: Module): boolean;
  add_submodule(...args: unknown[]): boolean {
    const { target, m } = METHODS.add_submodule.read(args);
    const names = target.split('.');
    const field = names.pop()!;
    let at = this as unknown as Holder;
    for (const name of names) {
      if (at[name] === undefined) at[name] = new Module();
      if (!(at[name] instanceof Module)) return false;
      at = at[name] as Holder;
    }
    at.add_module(field, m);
    return true;
  }

  /**
   * Removes a module. Mirrors `torch.fx.GraphModule.delete_submodule`.
   *
   * @param target - its path
   * @returns false when there is no such module
   */
  delete_submodule(target: string): boolean;
  delete_submodule(...args: unknown[]): boolean {
    const { target } = METHODS.delete_submodule.read(args);
    const names = target.split('.');
    const field = names.pop()!;
    const parent = names.length === 0 ? this : attribute_at(this, names.join('.'));
    if (!(parent instanceof Module) || !((parent as Holder)[field] instanceof Module)) return false;
    return Reflect.deleteProperty(parent, field);
  }

  /** Removes the modules that the graph does not name. Mirrors `torch.fx.GraphModule.delete_all_unused_submodules`. */
  delete_all_unused_submodules(): void {
    const used = new Set<string>(['']);
    for (const { op, target } of this._graph.nodes) {
      if (op !== 'call_module' && op !== 'get_attr') continue;
      const names = String(target).split('.');
      for (let i = 1; i <= names.length; i++) used.add(names.slice(0, i).join('.'));
      const module = op === 'call_module' ? attribute_at(this, String(target)) : undefined;
      if (module instanceof Module) for (const [name] of module.named_modules()) used.add(`${String(target)}.${name}`);
    }
    for (const name of [...this.named_modules()].map(([path]) => path))
      if (!used.has(name)) this.delete_submodule(name);
  }

  /**
   * Prints the graph as the code of a class in Python, with shapes where nodes have them. Mirrors
   * `torch.fx.GraphModule.print_readable`.
   *
   * @param print_output - print the text; default true
   * @returns the text
   */
  print_readable(print_output?: boolean): string;
  print_readable(...args: unknown[]): string {
    const { print_output = true } = METHODS.print_readable.read(args);
    const text = readable(this, this._get_name());
    if (print_output) print(text);
    return text;
  }

  /** Not here, since what it writes are classes of Python. @throws Error */
  to_folder(): never {
    throw new Error(
      'GraphModule.to_folder() is not in torch-node, since what it writes are classes of Python: save the state_dict(), or ' +
        'write the module with torch.export.save()',
    );
  }

  override _get_name(): string {
    return this._class_name;
  }

  /** @internal */
  override __deepcopy__(memo: Memo): Module {
    const graph = this._graph.__deepcopy__(new Map());
    memo.set(this._graph, graph);
    memo.set(this._program, null);
    const copy = super.__deepcopy__(memo) as GraphModule;
    copy.graph = graph;
    return copy;
  }

  /** The modules, and the code. */
  override toString(): string {
    const reminder = '# To see more debug info, please use `graph_module.print_readable()`';
    return [super.toString(), this._code, reminder].join('\n');
  }
}

function readable(module: GraphModule, name: string): string {
  const code = module.graph.python_code('self', { verbose: true }).src.replace(/^\n+|(?<=\n) +(?=\n|$)/g, '');
  const inner = [...module.named_children()].flatMap(([path, child]) =>
    child instanceof GraphModule ? [readable(child, path)] : [],
  );
  return indented(`class ${name}(torch.nn.Module):\n${code}`) + indented(['', ...inner].join('\n'));
}
