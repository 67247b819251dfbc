/**
 * Outputs of the nodes of a model, by name. Mirrors `torchvision.models.feature_extraction`. Models are traced by `torch.fx`; of those that
 * cannot be traced, hooks give the outputs of submodules.
 */
import { kind_of } from '../../_internal/representation.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { Tracer, type ConcreteArgs } from '../../fx/_symbolic_trace.js';
import type { Graph } from '../../fx/graph.js';
import { copy_attribute } from '../../fx/attributes.js';
import { GraphModule } from '../../fx/graph_module.js';
import type { KeywordArguments, Node as GraphNode } from '../../fx/node.js';
import type { Proxy } from '../../fx/proxy.js';
import { Module } from '../../nn/modules/module.js';
import * as ops from '../ops/index.js';

type ModuleClass = abstract new (...args: never[]) => Module;

/** What {@link create_feature_extractor} and {@link get_graph_node_names} give the tracer. */
export interface TracerKwargs {
  /** Classes of modules that are nodes, beside those of `torch.nn` and of `torch-node/vision`'s `ops`. */
  leaf_modules?: readonly ModuleClass[];
  /** Whether shapes of parameters are values. Default false. */
  param_shapes_constant?: boolean;
}

const TRACER_KWARGS = signature<TracerKwargs>(
  'tracer_kwargs',
  '*, leaf_modules?: Callable[], param_shapes_constant?: bool',
);

let classes_of_ops: readonly ModuleClass[] | undefined;

/** The modules of `ops`, which are nodes. */
function leaves_of_ops(): readonly ModuleClass[] {
  const is_module = (value: unknown): value is ModuleClass =>
    typeof value === 'function' && (value as { prototype: unknown }).prototype instanceof Module;
  return (classes_of_ops ??= Object.values(ops as Readonly<Record<string, unknown>>).filter(is_module));
}

type Called = (...args: unknown[]) => unknown;

/** Traces a model and names its nodes: by the path of a module, or of the module that calls an operator and the name of that. */
class NodePathTracer extends Tracer {
  readonly names = new Map<GraphNode, string>();
  private readonly leaves: readonly ModuleClass[];
  private caller = '';

  constructor({ leaf_modules = [], param_shapes_constant = false }: TracerKwargs) {
    super({ param_shapes_constant });
    this.leaves = [...leaf_modules, ...leaves_of_ops()];
  }

  override is_leaf_module(m: Module, module_qualified_name: string): boolean {
    return this.leaves.some((type) => m instanceof type) || super.is_leaf_module(m, module_qualified_name);
  }

  override call_module(m: Module, forward: Called, args: readonly unknown[], kwargs: KeywordArguments): unknown {
    const before = this.caller;
    this.caller = this.path_of_module(m);
    try {
      return super.call_module(m, forward, args, kwargs);
    } finally {
      this.caller = before;
    }
  }

  override create_proxy(...given: Parameters<Tracer['create_proxy']>): Proxy {
    const made = super.create_proxy(...given);
    this.names.set(made.node, this.name_of(made.node));
    return made;
  }

  private name_of(node: GraphNode): string {
    const parts = node.op === 'call_module' ? [this.caller] : [this.caller, node.name];
    // The tracer numbers nodes of the whole graph, names count those of a module.
    const name = parts
      .filter((part) => part !== '')
      .join('.')
      .replace(/(.)_\d+$/s, '$1');
    let last: string | undefined;
    for (const known of this.names.values()) {
      if (known === name || (known.startsWith(`${name}_`) && /^_\d+$/.test(known.slice(name.length)))) last = known;
    }
    if (last === undefined) return name;
    return `${name}_${last === name ? 1 : Number(last.slice(name.length + 1)) + 1}`;
  }
}

interface Traced {
  readonly graph: Graph;
  readonly names: ReadonlyMap<GraphNode, string>;
}

/** The graphs of a model for training and evaluation; a text that says why where it cannot be traced. */
function traced(
  callee: string,
  model: Module,
  tracer_kwargs: TracerKwargs | null,
  concrete_args: ConcreteArgs | null,
): { train: Traced; eval: Traced } | string {
  const given = TRACER_KWARGS.renamed(`${callee}(): tracer_kwargs`).read([tracer_kwargs ?? {}]);
  const { training } = model;
  const trace = (mode: boolean): Traced => {
    model.train(mode);
    const tracer = new NodePathTracer(given);
    const graph = tracer.trace(model, concrete_args);
    // Which nodes are used for nothing but what they do, the modules say.
    new GraphModule(model, graph, model._get_name());
    return { graph, names: tracer.names };
  };
  try {
    return { train: trace(true), eval: trace(false) };
  } catch (error) {
    return (error as Error).message;
  } finally {
    model.train(training);
  }
}

const is_subsequence = (some: readonly string[], all: readonly string[]): boolean => {
  let at = 0;
  for (const name of all) if (name === some[at]) at++;
  return at === some.length;
};

function warn_of_differences(train: readonly string[], evaluation: readonly string[]): void {
  if (train.length === evaluation.length && train.every((name, i) => name === evaluation[i])) return;
  const nodes = (mode: string): string => `The nodes obtained by tracing the model in ${mode} mode`;
  let text = `${nodes('train')} are different to those obtained in eval mode. `;
  if (is_subsequence(evaluation, train)) {
    text = `NOTE: ${nodes('eval')} are a subsequence of those obtained in train mode. `;
  } else if (is_subsequence(train, evaluation)) {
    text = `NOTE: ${nodes('train')} are a subsequence of those obtained in eval mode. `;
  }
  warn(
    `${text}When choosing nodes for feature extraction, you may need to specify output nodes for train and eval mode separately.`,
  );
}

/** Keyword arguments of {@link get_graph_node_names}. */
export interface NodeNamesOptions {
  /** What the tracer is given. Default null. */
  tracer_kwargs?: TracerKwargs | null;
  /** Do not warn where training and evaluation have different nodes. Default false. */
  suppress_diff_warning?: boolean;
  /** Inputs that are values instead of proxies, by the names of parameters. Default null. */
  concrete_args?: ConcreteArgs | null;
}

const NODE_NAMES = signature<NodeNamesOptions & { model: Module }>(
  'get_graph_node_names',
  'model: Module, tracer_kwargs?: dict|None, suppress_diff_warning?: bool, concrete_args?: dict|None',
);

/** The names of the submodules without submodules, in order; a name that Python would not give an output stays out. */
function leaves_of(model: Module): string[] {
  return [...model.named_modules()].flatMap(([name, module]) =>
    name === '' || [...module.children()].length > 0 ? [] : [name],
  );
}

/**
 * The names of the nodes that {@link create_feature_extractor} takes, for training and for evaluation, in the order in which they run:
 * paths of modules of `torch.nn` and of `ops`, and names of operators behind the path of the module that calls them. Mirrors
 * `torchvision.models.feature_extraction.get_graph_node_names`. What runs several times has `_1`, `_2` and so on behind its name.
 *
 * Of a model that `torch.fx` cannot trace, where Python throws, they are the submodules that have none themselves.
 *
 * @param model - the model
 * @param tracer_kwargs - what the tracer is given: `leaf_modules`, `param_shapes_constant`; default null
 * @param suppress_diff_warning - do not warn where training and evaluation have different nodes; default false
 * @param concrete_args - inputs that are values instead of proxies, by the names of parameters; default null
 * @returns the names for training and for evaluation
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const [train_nodes, eval_nodes] = models.feature_extraction.get_graph_node_names(models.resnet18());
 * print(train_nodes.slice(5, 12)); // ['layer1.0.conv1', 'layer1.0.bn1', 'layer1.0.relu', 'layer1.0.conv2', 'layer1.0.bn2', 'layer1.0.add', 'layer1.0.relu_1']
 * print(eval_nodes.slice(-2)); // ['flatten', 'fc']
 * ```
 */
export function get_graph_node_names(
  ...args: Arguments<
    [
      model: Module,
      tracer_kwargs?: TracerKwargs | null,
      suppress_diff_warning?: boolean,
      concrete_args?: ConcreteArgs | null,
    ],
    NodeNamesOptions & { model: Module },
    ['model', 'tracer_kwargs', 'suppress_diff_warning', 'concrete_args']
  >
): [train: string[], evaluation: string[]];
export function get_graph_node_names(...args: unknown[]): [train: string[], evaluation: string[]] {
  const { model, tracer_kwargs = null, suppress_diff_warning = false, concrete_args = null } = NODE_NAMES.read(args);
  const found = traced('get_graph_node_names', model, tracer_kwargs, concrete_args);
  if (typeof found === 'string') {
    const names = leaves_of(model);
    return [names, [...names]];
  }
  const [train, evaluation] = [[...found.train.names.values()], [...found.eval.names.values()]];
  if (!suppress_diff_warning) warn_of_differences(train, evaluation);
  return [train, evaluation];
}

/** Names of nodes, or new names by names of nodes. */
export type ReturnNodes = readonly string[] | Readonly<Record<string, string>>;

/** Keyword arguments of {@link create_feature_extractor}. */
export interface FeatureExtractorOptions extends NodeNamesOptions {
  /** The nodes, for training and evaluation. */
  return_nodes?: ReturnNodes | null;
  /** The nodes for training, with `eval_return_nodes` instead of `return_nodes`. */
  train_return_nodes?: ReturnNodes | null;
  /** The nodes for evaluation, with `train_return_nodes` instead of `return_nodes`. */
  eval_return_nodes?: ReturnNodes | null;
}

const EXTRACTOR = signature<FeatureExtractorOptions & { model: Module }>(
  'create_feature_extractor',
  'model: Module, return_nodes?: str[]|dict|None, train_return_nodes?: str[]|dict|None, eval_return_nodes?: str[]|dict|None, tracer_kwargs?: dict|None, suppress_diff_warning?: bool, concrete_args?: dict|None',
);

/** A call of a submodule, whose output is wanted. */
interface Node {
  readonly module: string;
  /** How many calls of the submodule come before. */
  readonly call: number;
  /** The name of the output. */
  readonly as: string;
}

/** The call that a node names: `relu` is the first one of a submodule, `relu_1` the second. */
function call_of(name: string, known: ReadonlyMap<string, Module>): Omit<Node, 'as'> | null {
  if (name === '') return null;
  if (known.has(name)) return { module: name, call: 0 };
  const [, module = '', call = ''] = /^(.+)_(\d+)$/.exec(name) ?? [];
  return module !== '' && known.has(module) ? { module, call: Number(call) } : null;
}

/** Names of nodes with the names of outputs. @throws TypeError for what is not a name */
function pairs_of(given: ReturnNodes): (readonly [node: string, as: string])[] {
  const pairs = is_plain_object(given)
    ? Object.entries(given as Readonly<Record<string, string>>)
    : (given as readonly string[]).map((name) => [name, name] as const);
  for (const [, as] of pairs) {
    if (typeof as !== 'string') {
      throw new TypeError(`create_feature_extractor(): new names must be str, not ${kind_of(as)}`);
    }
  }
  return pairs;
}

function not_present(name: string, reason = ''): never {
  throw new Error(
    `node: '${name}' is not present in model. Hint: use \`get_graph_node_names\` to make sure the \`return_nodes\` you ` +
      'specified are present. It may even be that you need to specify `train_return_nodes` and `eval_return_nodes` ' +
      `separately.${reason}`,
  );
}

/** The calls that nodes name. @throws Error for a name that the model does not have */
function calls_of(model: Module, given: ReturnNodes, reason: string): Node[] {
  const known = new Map(model.named_modules());
  return pairs_of(given).map(([name, as]) => {
    const call = call_of(name, known);
    if (call !== null) return { ...call, as };
    return not_present(name, ` The model has no nodes for operators, since it cannot be traced: ${reason}`);
  });
}

/**
 * Lets a graph return the outputs of nodes: of several with a name that begins so, that of the last one.
 * @throws Error for a name that the model does not have
 */
function return_nodes_of({ graph, names }: Traced, given: ReturnNodes): void {
  const wanted = new Map(pairs_of(given));
  for (const name of wanted.keys()) {
    const is_there = [...names.values()].some((known) => known === name || known.startsWith(`${name}.`));
    if (!is_there) not_present(name);
  }
  const found: [string, GraphNode][] = [];
  for (const node of [...graph.nodes].reverse()) {
    const path = node.op === 'output' ? undefined : names.get(node)?.split('.');
    if (path === undefined) continue;
    for (const [name, as] of wanted) {
      if (path.slice(0, name.split('.').length).join('.') !== name) continue;
      found.unshift([as, node]);
      wanted.delete(name);
      break;
    }
  }
  graph.erase_node(graph.output_node());
  graph.output(Object.fromEntries(found));
  graph.eliminate_dead_code();
}

/** Runs one graph for training and another one for evaluation, with the modules of both. */
class DualGraphModule extends GraphModule {
  declare private readonly by_mode: { train: Graph; eval: Graph };

  constructor(model: Module, train: Graph, evaluation: Graph) {
    super(model, train, model._get_name());
    Object.defineProperty(this, 'by_mode', { value: { train, eval: evaluation } });
    for (const { op, target } of evaluation.nodes) {
      if (op === 'get_attr' || op === 'call_module') copy_attribute(model, this, target as string);
    }
    this.train(model.training);
  }

  override train(mode = true): this {
    const graph = mode ? this.by_mode.train : this.by_mode.eval;
    if (this.graph !== graph) this.graph = graph;
    return super.train(mode);
  }
}

/** Thrown, and caught again, when all outputs are there: what comes after them need not run. */
class AllFound extends Error {}

/** What {@link create_feature_extractor} returns. */
export interface FeatureExtractor extends Module {
  forward(...inputs: unknown[]): Record<string, Tensor>;
}

/** The submodules and parameters of a model under their own names, and its outputs. */
class Extractor extends Module {
  declare private readonly run: { model: Module; train: readonly Node[]; eval: readonly Node[] };

  constructor(model: Module, train: readonly Node[], evaluation: readonly Node[]) {
    super();
    for (const [name, parameter] of model.named_parameters({ recurse: false }))
      this.register_parameter(name, parameter);
    for (const [name, buffer] of model.named_buffers({ recurse: false })) this.register_buffer(name, buffer);
    for (const [name, child] of model.named_children()) this.add_module(name, child);
    // In an object, so that the model is not a submodule itself.
    this.run = { model, train, eval: evaluation };
    this.training = model.training;
  }

  override train(mode?: boolean): this {
    this.run.model.train(mode);
    return super.train(mode);
  }

  forward(...inputs: unknown[]): Record<string, Tensor> {
    const { model } = this.run;
    const nodes = this.training ? this.run.train : this.run.eval;
    const found = new Map<Node, unknown>();
    const calls = new Map<string, number>();
    const handles = [...new Set(nodes.map(({ module }) => module))].map((name) =>
      model.get_submodule(name).register_forward_hook((_module, _args, output) => {
        const call = calls.get(name) ?? 0;
        calls.set(name, call + 1);
        for (const node of nodes) if (node.module === name && node.call === call) found.set(node, output);
        if (found.size === nodes.length) throw new AllFound();
      }),
    );
    try {
      Reflect.apply(model as unknown as (...args: unknown[]) => unknown, undefined, inputs);
    } catch (error) {
      if (!(error instanceof AllFound)) throw error;
    } finally {
      for (const handle of handles) handle.remove();
    }
    return Object.fromEntries(
      nodes.map((node) => {
        if (!found.has(node)) throw new Error(`node '${node.module}': there was no call ${node.call + 1} of it`);
        return [node.as, found.get(node) as Tensor];
      }),
    );
  }
}

/**
 * A module that returns the outputs of nodes of a model, by name. What they do not need does not run, and is not a part of the new module;
 * its other submodules and parameters are those of the model, under the same names. Mirrors
 * `torchvision.models.feature_extraction.create_feature_extractor`.
 *
 * A name stands for the last node whose name begins with it: `layer1` for all of a ResNet's first layer. See
 * {@link get_graph_node_names}. Of a model that `torch.fx` cannot trace, where Python throws, nodes are its submodules.
 *
 * @param model - the model
 * @param return_nodes - names of nodes, or new names by these
 * @param train_return_nodes - those for training, with `eval_return_nodes` instead of `return_nodes`
 * @param eval_return_nodes - those for evaluation
 * @param tracer_kwargs - what the tracer is given: `leaf_modules`, `param_shapes_constant`; default null
 * @param suppress_diff_warning - do not warn where training and evaluation have different nodes; default false
 * @param concrete_args - inputs that are values instead of proxies, by the names of parameters; default null
 * @throws Error for a name that the model does not have
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { create_feature_extractor } = models.feature_extraction;
 * const extract = create_feature_extractor(models.resnet18(), { layer1: 'low', 'layer3.1.add': 'high' });
 * const features = extract(torch.zeros(1, 3, 64, 64));
 * for (const [name, x] of Object.entries(features)) print(name, x.shape);
 * // low torch.Size([1, 64, 16, 16])
 * // high torch.Size([1, 256, 4, 4])
 * ```
 */
export function create_feature_extractor(
  ...args: Arguments<
    [
      model: Module,
      return_nodes?: ReturnNodes | null,
      train_return_nodes?: ReturnNodes | null,
      eval_return_nodes?: ReturnNodes | null,
      tracer_kwargs?: TracerKwargs | null,
      suppress_diff_warning?: boolean,
      concrete_args?: ConcreteArgs | null,
    ],
    FeatureExtractorOptions & { model: Module },
    [
      'model',
      'return_nodes',
      'train_return_nodes',
      'eval_return_nodes',
      'tracer_kwargs',
      'suppress_diff_warning',
      'concrete_args',
    ]
  >
): FeatureExtractor;
export function create_feature_extractor(...args: unknown[]): FeatureExtractor {
  const {
    model,
    return_nodes = null,
    train_return_nodes = null,
    eval_return_nodes = null,
    ...how
  } = EXTRACTOR.read(args);
  const [train, evaluation] = [train_return_nodes, eval_return_nodes];
  if (return_nodes === null && (train === null || evaluation === null)) {
    throw new Error(
      'Either `return_nodes` or `train_return_nodes` and `eval_return_nodes` together, should be specified',
    );
  }
  if ((train === null) !== (evaluation === null)) {
    throw new Error(
      'If any of `train_return_nodes` and `eval_return_nodes` are specified, then both should be specified',
    );
  }
  if (return_nodes !== null && train !== null) {
    throw new Error('If `train_return_nodes` and `eval_return_nodes` are specified, then both should be specified');
  }
  const [for_training, for_evaluation] = [(return_nodes ?? train)!, (return_nodes ?? evaluation)!];
  const found = traced('create_feature_extractor', model, how.tracer_kwargs ?? null, how.concrete_args ?? null);
  if (typeof found === 'string') {
    return new Extractor(model, calls_of(model, for_training, found), calls_of(model, for_evaluation, found));
  }
  const names = [[...found.train.names.values()], [...found.eval.names.values()]] as const;
  return_nodes_of(found.train, for_training);
  return_nodes_of(found.eval, for_evaluation);
  if (how.suppress_diff_warning !== true) warn_of_differences(...names);
  return new DualGraphModule(model, found.train.graph, found.eval.graph) as unknown as FeatureExtractor;
}
