/** Replacing parts of graphs. Mirrors `torch.fx.subgraph_rewriter`. */
import { signature } from '../_internal/signature.js';
import { Module } from '../nn/modules/module.js';
import { deepcopy } from '../utils/copy.js';
import { attribute_at, Graph } from './graph.js';
import { GraphModule } from './graph_module.js';
import { Matcher, type Found } from './matching.js';
import { Node, type Argument } from './node.js';
import { symbolic_trace } from './_symbolic_trace.js';

type AnyFunction = (...args: never[]) => unknown;

/** A place where a pattern was found. Mirrors `torch.fx.subgraph_rewriter.Match`. */
export interface Match {
  /** The node of the pattern from which it was looked for. */
  readonly anchor: Node;
  /** Nodes of the pattern with those of the graph. */
  readonly nodes_map: ReadonlyMap<Node, Argument>;
}

/** What {@link replace_pattern_with_filters} did. Mirrors `torch.fx.subgraph_rewriter.ReplacedPatterns`. */
export interface ReplacedPatterns extends Match {
  /** The nodes that were added. */
  readonly replacements: readonly Node[];
}

type Pattern = AnyFunction | GraphModule | Graph;
/** Whether a place counts. */
export type MatchFilter = (match: Match, original_graph: Graph, pattern_graph: Graph) => boolean;

interface Replacing {
  gm: GraphModule;
  pattern: Pattern;
  replacement?: Pattern | null;
  match_filters?: readonly MatchFilter[] | null;
  ignore_literals?: boolean;
  replacement_callback?: ((match: Match, original_graph: Graph, pattern_graph: Graph) => Graph) | null;
}

const REPLACE_PATTERN = signature<{ gm: GraphModule; pattern: Pattern; replacement: Pattern }>(
  'replace_pattern',
  'gm: Module, pattern: Callable|Graph, replacement: Callable|Graph',
);
const WITH_FILTERS = signature<Replacing>(
  'replace_pattern_with_filters',
  'gm: Module, pattern: Callable|Graph, replacement?: Callable|Graph|None, match_filters?: Iterable|None, ' +
    'ignore_literals?: bool, replacement_callback?: Callable|None',
);

function graph_of(pattern: Pattern): Graph {
  if (pattern instanceof Graph) return pattern;
  return (pattern instanceof GraphModule ? pattern : symbolic_trace(pattern)).graph;
}

/**
 * Replaces each part of a graph that does what a function does by what another function does. Parts do not overlap, and are compared by
 * what they compute, not by names. Mirrors `torch.fx.replace_pattern`.
 *
 * @param gm - the module with the graph, which is changed and recompiled
 * @param pattern - the function to look for, or a module with its graph
 * @param replacement - the function instead, with the same parameters
 * @returns the places that were found
 * @throws Error when the functions have different numbers of parameters, or the pattern has nodes without users
 * @example
 * ```ts
 * const traced = torch.fx.symbolic_trace((x: torch.Tensor) => torch.neg(torch.relu(x)));
 * torch.fx.replace_pattern(traced, (a: torch.Tensor) => torch.neg(torch.relu(a)), (a: torch.Tensor) => torch.tanh(a));
 * print(traced.code.trim());
 * ```
 * ```python
 * traced = torch.fx.symbolic_trace(lambda x: torch.neg(torch.relu(x)))
 * torch.fx.replace_pattern(traced, lambda a: torch.neg(torch.relu(a)), lambda a: torch.tanh(a))
 * print(traced.code.strip())
 * ```
 */
export function replace_pattern(gm: GraphModule, pattern: Pattern, replacement: Pattern): Match[];
export function replace_pattern(...args: unknown[]): Match[] {
  const { gm, pattern, replacement } = REPLACE_PATTERN.read(args);
  return replaced({ gm, pattern, replacement }).map(({ anchor, nodes_map }) => ({ anchor, nodes_map }));
}

/**
 * As {@link replace_pattern}, of the places that filters let pass. Mirrors `torch.fx.subgraph_rewriter.replace_pattern_with_filters`.
 *
 * @param gm - the module with the graph
 * @param pattern - what to look for
 * @param replacement - what comes instead; default null, what `replacement_callback` gives for each place
 * @param match_filters - which places count; default null, all
 * @param ignore_literals - numbers and texts may differ; default false
 * @param replacement_callback - gives the graph that comes instead
 * @example
 * ```ts
 * const { replace_pattern_with_filters } = torch.fx.subgraph_rewriter;
 * const traced = torch.fx.symbolic_trace((x: torch.Tensor) => torch.neg(torch.relu(torch.neg(x))));
 * const neg = (a: torch.Tensor): torch.Tensor => torch.neg(a);
 * const abs = (a: torch.Tensor): torch.Tensor => torch.abs(a);
 * replace_pattern_with_filters(traced, neg, abs, [(match) => [...match.nodes_map.values()].some((node) => String(node) === 'neg_1')]);
 * print(traced.code.trim());
 * ```
 * ```python
 * from torch.fx.subgraph_rewriter import replace_pattern_with_filters
 * traced = torch.fx.symbolic_trace(lambda x: torch.neg(torch.relu(torch.neg(x))))
 * named = lambda match, original, pattern: any(str(node) == "neg_1" for node in match.nodes_map.values())
 * replace_pattern_with_filters(traced, lambda a: torch.neg(a), lambda a: torch.abs(a), [named])
 * print(traced.code.strip())
 * ```
 */
export function replace_pattern_with_filters(
  gm: GraphModule,
  pattern: Pattern,
  replacement?: Pattern | null,
  match_filters?: readonly MatchFilter[] | null,
  ignore_literals?: boolean,
  replacement_callback?: Replacing['replacement_callback'],
): ReplacedPatterns[];
export function replace_pattern_with_filters(...args: unknown[]): ReplacedPatterns[] {
  return replaced(WITH_FILTERS.read(args));
}

function replaced(given: Replacing): ReplacedPatterns[] {
  const { gm, replacement = null, match_filters, ignore_literals = false, replacement_callback = null } = given;
  const original = gm.graph;
  const pattern = graph_of(given.pattern);
  const matcher = new Matcher(pattern, ignore_literals);
  const filters = [...(match_filters ?? [])];
  const matches = matcher
    .match(original)
    .map((found) => ({ found, match: { anchor: found.anchors[0]!, nodes_map: found.nodes_map } }))
    .filter(({ match }) => filters.every((filter) => filter(match, original, pattern)));
  const common = replacement === null ? null : graph_of(replacement);
  if (common === null && replacement_callback === null) {
    throw new Error('Must provide either a replacement GraphModule or a replacement callback');
  }
  const changed = new Map<Node, Node>();
  const done = matches.map(({ found, match }) => {
    const graph = replacement_callback?.(match, original, pattern) ?? common!;
    return { ...match, replacements: replace_one(original, pattern, graph, found, changed) };
  });
  gm.recompile();
  if (replacement instanceof Module) copy_attributes(gm, replacement);
  return done;
}

function replace_one(
  original: Graph,
  pattern: Graph,
  replacement: Graph,
  match: Found,
  changed: Map<Node, Node>,
): Node[] {
  const inputs = [...replacement.nodes].filter(({ op }) => op === 'placeholder');
  if (inputs.length !== match.placeholder_nodes.length) {
    throw new Error(`Placeholder count mismatch: ${match.placeholder_nodes.length} vs ${inputs.length}`);
  }
  const values = new Map<Node, Argument>();
  for (const [i, input] of inputs.entries()) {
    const node = match.placeholder_nodes[i];
    const now = node instanceof Node ? (changed.get(node) ?? node) : node;
    if (now !== node) {
      match.placeholder_nodes[i] = now;
      for (const [key, value] of match.nodes_map) if (value === node) match.nodes_map.set(key, now);
    }
    values.set(input, now);
  }
  const copied = original.inserting_before(place_for(original, match), () => original.graph_copy(replacement, values));
  const returned = copied instanceof Node ? [copied] : [...(copied as Node[])];
  if (returned.length !== match.returning_nodes.length) {
    throw new Error(`Returning nodes count mismatch: ${match.returning_nodes.length} vs ${returned.length}`);
  }
  for (const [i, node] of match.returning_nodes.entries()) {
    node.replace_all_uses_with(returned[i]!);
    changed.set(node, returned[i]!);
  }
  for (const node of pattern.nodes.reversed()) {
    if (node.op !== 'placeholder' && node.op !== 'output') original.erase_node(match.nodes_map.get(node) as Node);
  }
  return [...values.values()].filter(
    (value): value is Node => value instanceof Node && !match.placeholder_nodes.includes(value),
  );
}

/** The node before which a replacement goes: the first that takes what the part gives. */
function place_for(graph: Graph, { returning_nodes }: Found): Node {
  const users = new Set(returning_nodes.flatMap((node) => [...node.users]));
  let next: Node | null = null;
  if (users.size > 0) for (const node of graph.nodes) if (users.has(node)) return node;
  for (const node of graph.nodes.reversed()) {
    if (returning_nodes.includes(node)) break;
    next = node;
  }
  if (next === null) throw new Error("The insert point can't be None");
  return next;
}

/** Gives a module what the nodes of its replacement name. */
function copy_attributes(gm: GraphModule, replacement: Module): void {
  gm.delete_all_unused_submodules();
  if (replacement instanceof GraphModule) replacement.graph.lint();
  for (const { op, target } of gm.graph.nodes) {
    if (op !== 'call_module' && op !== 'get_attr') continue;
    const path = target as string;
    if (attribute_at(gm, path) !== undefined) continue;
    const value = attribute_at(replacement, path);
    if (value === undefined) {
      throw new Error(
        `Attempted to create a "${op}" node during subgraph rewriting with target ${path}, but the referenced attribute does ` +
          'not exist in the replacement GraphModule',
      );
    }
    const copy = deepcopy(value);
    if (copy instanceof Module) gm.add_submodule(path, copy);
    else (gm as unknown as Record<string, unknown>)[path] = copy;
  }
  gm.graph.lint();
}
