/**
 * Outputs of the submodules of a model, by name. Mirrors `torchvision.models.feature_extraction`, which traces models by
 * `torch.fx`; here hooks on submodules do it, so nodes are submodules, and not single operators between them.
 */
import { kind_of } from '../../_internal/representation.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { Module } from '../../nn/modules/module.js';

const NODE_NAMES = signature<{ model: Module }>('get_graph_node_names', 'model: Module');

/** The names of the submodules without submodules, in order; a name that Python would not give an output stays out. */
function leaves_of(model: Module): string[] {
  return [...model.named_modules()].flatMap(([name, module]) =>
    name === '' || [...module.children()].length > 0 ? [] : [name],
  );
}

/**
 * The names of the nodes that {@link create_feature_extractor} takes, for training and for evaluation: those of all
 * submodules that have none themselves, in the order in which they are registered. Names of others, such as `layer1` of a
 * ResNet, can be given too. Mirrors `torchvision.models.feature_extraction.get_graph_node_names`, which also has nodes for
 * single operators, such as `add` and `flatten`. Of a submodule that runs several times, `relu` is the first call and
 * `relu_1` the second.
 *
 * @param model - the model
 * @returns the names for training and for evaluation, which are the same here
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const [train_nodes, eval_nodes] = models.feature_extraction.get_graph_node_names(models.resnet18());
 * print(train_nodes.slice(0, 6)); // ['conv1', 'bn1', 'relu', 'maxpool', 'layer1.0.conv1', 'layer1.0.bn1']
 * print(eval_nodes.at(-1)); // fc
 * ```
 */
export function get_graph_node_names(model: Module | { model: Module }): [train: string[], evaluation: string[]];
export function get_graph_node_names(...args: unknown[]): [train: string[], evaluation: string[]] {
  const names = leaves_of(NODE_NAMES.read(args).model);
  return [names, [...names]];
}

/** Names of nodes, or new names by names of nodes. */
export type ReturnNodes = readonly string[] | Readonly<Record<string, string>>;

/** Keyword arguments of {@link create_feature_extractor}. */
export interface FeatureExtractorOptions {
  /** The nodes, for training and evaluation. */
  return_nodes?: ReturnNodes | null;
  /** The nodes for training, with `eval_return_nodes` instead of `return_nodes`. */
  train_return_nodes?: ReturnNodes | null;
  /** The nodes for evaluation, with `train_return_nodes` instead of `return_nodes`. */
  eval_return_nodes?: ReturnNodes | null;
}

const EXTRACTOR = signature<FeatureExtractorOptions & { model: Module }>(
  'create_feature_extractor',
  'model: Module, return_nodes?: str[]|dict|None, train_return_nodes?: str[]|dict|None, eval_return_nodes?: str[]|dict|None',
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

/** The calls that nodes name. @throws Error for a name that the model does not have */
function nodes_of(model: Module, given: ReturnNodes): Node[] {
  const pairs = is_plain_object(given)
    ? Object.entries(given as Readonly<Record<string, string>>)
    : (given as readonly string[]).map((name) => [name, name] as const);
  const known = new Map(model.named_modules());
  return pairs.map(([name, as]) => {
    if (typeof as !== 'string') {
      throw new TypeError(`create_feature_extractor(): new names must be str, not ${kind_of(as)}`);
    }
    const call = call_of(name, known);
    if (call !== null) return { ...call, as };
    throw new Error(
      `node: '${name}' is not present in model. Hint: use \`get_graph_node_names\` to make sure the \`return_nodes\` you ` +
        'specified are present. It may even be that you need to specify `train_return_nodes` and `eval_return_nodes` ' +
        'separately.',
    );
  });
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
 * A module that returns the outputs of submodules of a model, by name. What comes after the last of them does not run.
 * Mirrors `torchvision.models.feature_extraction.create_feature_extractor`; the nodes are submodules, see
 * {@link get_graph_node_names}. The new module has the submodules and parameters of the model itself, under the same names.
 *
 * @param model - the model
 * @param return_nodes - names of submodules, or new names by these
 * @param train_return_nodes - those for training, with `eval_return_nodes` instead of `return_nodes`
 * @param eval_return_nodes - those for evaluation
 * @throws Error for a name that the model does not have
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { create_feature_extractor } = models.feature_extraction;
 * const extract = create_feature_extractor(models.resnet18(), { layer1: 'low', 'layer3.1.conv2': 'high' });
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
    ],
    FeatureExtractorOptions & { model: Module },
    ['model', 'return_nodes', 'train_return_nodes', 'eval_return_nodes']
  >
): FeatureExtractor;
export function create_feature_extractor(...args: unknown[]): FeatureExtractor {
  const { model, return_nodes = null, train_return_nodes = null, eval_return_nodes = null } = EXTRACTOR.read(args);
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
  return new Extractor(
    model,
    nodes_of(model, (return_nodes ?? train)!),
    nodes_of(model, (return_nodes ?? evaluation)!),
  );
}
