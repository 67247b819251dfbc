/** Running graphs node by node, so that each can be done otherwise. Mirrors `torch.fx.interpreter`. */
import { types } from 'node:util';

import { method_signature, signature } from '../_internal/signature.js';
import type { Module } from '../nn/modules/module.js';
import { Graph } from './graph.js';
import { last_uses } from '../export/graph.js';
import { GraphModule } from './graph_module.js';
import {
  map_aggregate,
  map_arg,
  type Argument,
  type KeywordArguments,
  type Node,
  type TargetFunction,
} from './node.js';
import { is_proxy, Proxy } from './proxy.js';
import { fetch_attribute, run_function, run_method, run_module } from './running.js';
import { Tracer } from './_symbolic_trace.js';

const INTERPRETER = signature<{ module: Module; garbage_collect_values?: boolean; graph?: Graph | null }>(
  'Interpreter',
  'module: Module, garbage_collect_values?: bool, graph?: Graph|None',
);
const TRANSFORMER = signature<{ module: GraphModule }>('Transformer', 'module: Module');
const ATTR = method_signature<{ target: string }>('Interpreter.fetch_attr', 'target: str');
const RUN_NODE = method_signature<{ n: Node }>('Interpreter.run_node', 'n: FxNode');

/**
 * Runs a graph node by node; a subclass does something else for some of them, or notes what they give. Mirrors
 * `torch.fx.Interpreter`.
 *
 * @param module - the module whose parameters and modules the graph names
 * @param garbage_collect_values - let go of values that are not needed any more; default true
 * @param graph - the graph; default null, that of the module
 * @example
 * ```ts
 * class Negative extends torch.fx.Interpreter {
 *   override call_function(target: torch.fx.Target, args: readonly unknown[], kwargs: torch.fx.KeywordArguments): unknown {
 *     return target === torch.sigmoid ? torch.neg(args[0] as torch.Tensor) : super.call_function(target, args, kwargs);
 *   }
 * }
 * const traced = torch.fx.symbolic_trace((x: torch.Tensor) => torch.sigmoid(x).add(1));
 * print(new Negative(traced).run(torch.ones(2)));
 * ```
 * ```python
 * class Negative(torch.fx.Interpreter):
 *     def call_function(self, target, args, kwargs):
 *         return torch.neg(args[0]) if target is torch.sigmoid else super().call_function(target, args, kwargs)
 * traced = torch.fx.symbolic_trace(lambda x: torch.sigmoid(x).add(1))
 * print(Negative(traced).run(torch.ones(2)))
 * ```
 */
export class Interpreter {
  /** The module. */
  module: Module;
  /** The modules in it by their paths. */
  readonly submodules: Record<string, Module>;
  /** The graph. */
  graph: Graph;
  /** What nodes have given. */
  env = new Map<Node, unknown>();
  /** Whether values go that are not needed any more. */
  garbage_collect_values: boolean;
  /** Whether errors name the node. */
  extra_traceback = true;
  /** @internal */
  args_iter: Iterator<unknown> = [][Symbol.iterator]();
  private readonly uses: Map<Node, Node[]>;

  constructor(module: Module, garbage_collect_values?: boolean, graph?: Graph | null);
  constructor(...args: unknown[]) {
    const { module, garbage_collect_values = true, graph = null } = INTERPRETER.read(args);
    const own = graph ?? (module as unknown as { graph?: unknown }).graph;
    if (!(own instanceof Graph)) throw new TypeError(`'${module._get_name()}' object has no attribute 'graph'`);
    this.module = module;
    this.submodules = Object.fromEntries(module.named_modules());
    this.graph = own;
    this.garbage_collect_values = garbage_collect_values;
    this.uses = garbage_collect_values ? last_uses(own.nodes.reversed()) : new Map<Node, Node[]>();
  }

  /**
   * Runs the graph. Mirrors `torch.fx.Interpreter.run`.
   *
   * @param args - its inputs
   * @returns what the graph returns
   * @throws Error for a missing input; errors of nodes say which node it was
   */
  run(...args: unknown[]): unknown {
    return this.run_from(new Map(), args);
  }

  /**
   * As {@link Interpreter.run | run()}, with a list of inputs that is emptied. Mirrors `torch.fx.Interpreter.boxed_run`.
   *
   * @param args_list - an input for each placeholder
   * @throws Error when there are more or fewer
   */
  boxed_run(args_list: unknown[]): unknown {
    const inputs = [...this.graph.nodes].filter(({ op }) => op === 'placeholder');
    if (args_list.length !== inputs.length) {
      const detail = args_list.length > inputs.length ? 'extra arguments' : 'missing arguments';
      throw new Error(
        `Interpreter.boxed_run expected ${inputs.length} arguments for placeholders but received ${args_list.length} (${detail})`,
      );
    }
    const values = args_list.splice(0);
    return this.run_from(new Map(inputs.map((node, i) => [node, values[i]])), []);
  }

  private run_from(env: Map<Node, unknown>, args: readonly unknown[]): unknown {
    this.env = env;
    this.args_iter = args[Symbol.iterator]();
    for (const node of this.graph.nodes) {
      if (env.has(node)) continue;
      try {
        env.set(node, this.run_node(node));
      } catch (error) {
        if (this.extra_traceback && types.isNativeError(error) && !error.message.includes('\n\nWhile executing ')) {
          error.message += `\n\nWhile executing ${node.format_node()}\nOriginal traceback:\n${node.stack_trace ?? 'None'}`;
        }
        throw error;
      }
      for (const unused of this.uses.get(node) ?? []) env.delete(unused);
      if (node.op === 'output') return env.get(node);
    }
    return null;
  }

  /** Runs one node. Mirrors `torch.fx.Interpreter.run_node`. */
  run_node(n: Node): unknown;
  run_node(...given: unknown[]): unknown {
    const { n } = RUN_NODE.read(given);
    const { args, kwargs } = this.fetch_args_kwargs_from_env(n);
    const { target, op } = n;
    if (op === 'root') throw new Error('root is no operation');
    return this[op](target as never, args, kwargs);
  }

  /** The value of an input. */
  placeholder(target: string, args: readonly unknown[], _kwargs: KeywordArguments): unknown {
    if (target.startsWith('*')) return [...{ [Symbol.iterator]: () => this.args_iter }];
    const next = this.args_iter.next();
    if (next.done !== true) return next.value;
    if (args.length > 0) return args[0];
    throw new Error(`Expected positional argument for parameter ${target}, but one was not passed in!`);
  }

  /** A parameter or buffer. */
  get_attr(target: string, _args: readonly unknown[], _kwargs: KeywordArguments): unknown {
    return this.fetch_attr(target);
  }

  /** Calls a function. */
  call_function(target: TargetFunction | string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    return run_function(target as TargetFunction, args, kwargs);
  }

  /** Calls a method of the first argument. */
  call_method(target: TargetFunction | string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    return run_method(target as string, args, kwargs);
  }

  /** Calls a module. */
  call_module(target: TargetFunction | string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    return run_module(this.fetch_attr(target as string), args, kwargs);
  }

  /** What the graph returns. */
  output(_target: string, args: readonly unknown[], _kwargs: KeywordArguments): unknown {
    return args[0];
  }

  /**
   * What a path in the module leads to. Mirrors `torch.fx.Interpreter.fetch_attr`.
   *
   * @throws Error when there is nothing
   */
  fetch_attr(target: string): unknown;
  fetch_attr(...given: unknown[]): unknown {
    return fetch_attribute(this.module, ATTR.read(given).target);
  }

  /** The arguments of a node, with the values of the nodes among them. */
  fetch_args_kwargs_from_env(n: Node): { args: readonly unknown[]; kwargs: KeywordArguments } {
    return { args: this.map_nodes_to_values(n.args, n), kwargs: this.map_nodes_to_values(n.kwargs, n) };
  }

  /** An argument with the values of the nodes in it. @throws Error for a node that has not run */
  map_nodes_to_values<A>(args: A, n: Node): A {
    return map_arg(args, (node) => {
      if (!this.env.has(node)) {
        throw new Error(
          `Node ${n.name} referenced nonexistent value ${node.name}! Run Graph.lint() to diagnose such issues`,
        );
      }
      return this.env.get(node);
    });
  }
}

/** Adds what a transformer does to its graph. */
class TransformerTracer extends Tracer {
  constructor(graph: Graph, root: Module) {
    super();
    this.graph = graph;
    this.root = root;
  }

  override is_leaf_module(): boolean {
    return true;
  }
}

/**
 * An interpreter that makes another graph: methods return proxies, and what is done with them is recorded. Mirrors
 * `torch.fx.Transformer`.
 *
 * @param module - the module with the graph
 * @example
 * ```ts
 * class Swap extends torch.fx.Transformer {
 *   override call_function(target: torch.fx.Target, args: readonly unknown[], kwargs: torch.fx.KeywordArguments): unknown {
 *     return super.call_function(target === torch.sigmoid ? torch.tanh : target, args, kwargs);
 *   }
 * }
 * print(new Swap(torch.fx.symbolic_trace((x: torch.Tensor) => torch.sigmoid(x))).transform().code.trim());
 * ```
 * ```python
 * class Swap(torch.fx.Transformer):
 *     def call_function(self, target, args, kwargs):
 *         return super().call_function(torch.tanh if target is torch.sigmoid else target, args, kwargs)
 * print(Swap(torch.fx.symbolic_trace(lambda x: torch.sigmoid(x))).transform().code.strip())
 * ```
 */
export class Transformer extends Interpreter {
  /** The graph that is made. */
  readonly new_graph = new Graph();
  /** What records. */
  readonly tracer: Tracer;

  constructor(module: GraphModule);
  constructor(...args: unknown[]) {
    const { module } = TRANSFORMER.read(args);
    super(module);
    this.tracer = new TransformerTracer(this.new_graph, module);
  }

  override placeholder(target: string, args: readonly unknown[], _kwargs: KeywordArguments): unknown {
    return new Proxy(this.new_graph.placeholder(target, null, args[0]), this.tracer);
  }

  override get_attr(target: string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    return this.tracer.create_proxy('get_attr', target, args, kwargs);
  }

  override call_function(target: TargetFunction | string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    return this.tracer.create_proxy('call_function', target, args, kwargs);
  }

  override call_module(target: TargetFunction | string, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    const module = this.fetch_attr(target as string) as Module;
    return this.tracer.call_module(module, (...given) => run_module(module, given, {}), args, kwargs);
  }

  /**
   * Makes the graph. Mirrors `torch.fx.Transformer.transform`.
   *
   * @returns a module that runs it
   */
  transform(): GraphModule {
    const result = this.run();
    const output = this.new_graph.output(
      map_aggregate(result, (value: Argument) => (is_proxy(value) ? value.node : value)),
    );
    Object.assign(output.meta, this.graph.output_node().meta);
    return new GraphModule(this.module, this.new_graph);
  }
}
