/** Finding the parts of a graph that do what another graph does. */
import { Tuple } from '../_internal/tuple.js';
import { Tensor } from '../_tensor.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Float } from '../python/values.js';
import { attribute_at, type Graph } from './graph.js';
import { Node, type Argument } from './node.js';

/** A place where a pattern is. */
export interface Found {
  readonly anchors: readonly Node[];
  /** Nodes of the pattern with what they are in the graph. */
  nodes_map: Map<Node, Argument>;
  /** What the inputs of the pattern are. */
  placeholder_nodes: Argument[];
  /** What the pattern returns. */
  returning_nodes: Node[];
}

/** Finds a pattern in graphs. */
export class Matcher {
  private readonly inputs: Node[];
  private readonly results: Node[];
  private readonly anchors: Node[];

  constructor(
    pattern: Graph,
    private readonly ignore_literals: boolean,
  ) {
    if (pattern.nodes.length === 0) throw new Error('SubgraphMatcher cannot be initialized with an empty pattern');
    for (const node of pattern.nodes) {
      if (node.op !== 'output' && node.op !== 'placeholder' && node.users.size === 0 && !node.is_impure()) {
        throw new Error('SubgraphMatcher cannot be initialized with an pattern with dead code');
      }
    }
    this.inputs = [...pattern.nodes].filter(({ op }) => op === 'placeholder');
    this.results = pattern.output_node().all_input_nodes;
    this.anchors = this.results.filter(({ users }) => users.size === 1);
  }

  /** The places in a graph, which do not overlap. */
  match(graph: Graph): Found[] {
    const candidates = this.anchors.map((anchor) => [...graph.nodes].filter((node) => same_operation(anchor, node)));
    const all: Found[] = [];
    const search = (place: number, map: ReadonlyMap<Node, Argument>): void => {
      if (place === candidates.length) {
        all.push({
          anchors: this.anchors,
          nodes_map: new Map(map),
          placeholder_nodes: this.inputs.map((node) => map.get(node)),
          returning_nodes: this.results.map((node) => map.get(node) as Node),
        });
        return;
      }
      for (const node of candidates[place]!) {
        const extended = new Map(map);
        if (this.match_nodes(this.anchors[place]!, node, extended)) search(place + 1, extended);
      }
    };
    if (candidates.length > 0 && candidates.every((nodes) => nodes.length > 0)) search(0, new Map());
    const used = new Set<unknown>();
    return all.filter((found) => {
      const nodes = inner_nodes(found);
      if (!this.is_contained(found.nodes_map) || !runs_at_once(nodes) || nodes.some((node) => used.has(node)))
        return false;
      for (const node of nodes) used.add(node);
      return true;
    });
  }

  /** Whether nothing outside takes what only the inside of a place computes. */
  private is_contained(map: ReadonlyMap<Node, Argument>): boolean {
    const pattern_of = new Map<Argument, Node>();
    for (const [pattern, node] of map) if (pattern.op !== 'placeholder') pattern_of.set(node, pattern);
    for (const [node, pattern] of pattern_of) {
      if (this.results.includes(pattern)) continue;
      for (const user of (node as Node).users) if (!pattern_of.has(user)) return false;
    }
    return true;
  }

  private match_nodes(pattern: Node, node: Node, map: Map<Node, Argument>): boolean {
    if (map.has(pattern)) return map.get(pattern) === node;
    if ([...map.values()].includes(node)) return false;
    if (pattern.op !== 'placeholder' && !same_operation(pattern, node)) return false;
    const before = new Map(map);
    map.set(pattern, node);
    if (pattern.op === 'placeholder') return true;
    const names = Object.keys(pattern.kwargs);
    const same_names = names.join() === Object.keys(node.kwargs).join();
    const values = (of: Node): Argument[] => [...of.args, ...names.map((name) => of.kwargs[name])];
    if (same_names && this.match_lists(values(pattern), values(node), map)) return true;
    map.clear();
    for (const [key, value] of before) map.set(key, value);
    return false;
  }

  private match_lists(patterns: readonly Argument[], values: readonly Argument[], map: Map<Node, Argument>): boolean {
    if (patterns.length !== values.length) return false;
    return patterns.every((pattern, i) => {
      const value = values[i];
      if (pattern instanceof Node && value instanceof Node) return this.match_nodes(pattern, value, map);
      if (Array.isArray(pattern) && Array.isArray(value)) {
        return this.match_lists(pattern as Argument[], value as Argument[], map);
      }
      return match_values(pattern, value, map) || this.ignore_literals;
    });
  }
}

function inner_nodes({ nodes_map }: Found): Node[] {
  return [...nodes_map].filter(([{ op }]) => op !== 'placeholder' && op !== 'output').map(([, node]) => node as Node);
}

/** Whether nodes can be one step: none takes, by way of a node outside, what another one gives. */
function runs_at_once(nodes: readonly Node[]): boolean {
  const inside = new Set(nodes);
  const waiting = nodes.flatMap((node) => [...node.users].filter((user) => !inside.has(user)));
  const seen = new Set<Node>();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (inside.has(node)) return false;
    if (seen.has(node)) continue;
    seen.add(node);
    waiting.push(...node.users);
  }
  return true;
}

function same_operation(pattern: Node, node: Node): boolean {
  if (pattern.op !== node.op) return false;
  if (pattern.op !== 'get_attr') return pattern.op === 'output' || pattern.target === node.target;
  const [a, b] = [pattern, node].map(({ graph, target }) =>
    graph.owning_module === null ? undefined : attribute_at(graph.owning_module, target as string),
  );
  return a instanceof Tensor && b instanceof Tensor && a.constructor === b.constructor;
}

/** Whether a value is what a pattern has at its place: an input of the pattern may be a value. */
function match_values(pattern: Argument, value: Argument, map: Map<Node, Argument>): boolean {
  if (pattern instanceof Node) {
    if (pattern.op !== 'placeholder') return false;
    if (map.has(pattern)) return same_value(map.get(pattern), value);
    map.set(pattern, value);
    return true;
  }
  return !(value instanceof Node) && same_value(pattern, value);
}

function same_value(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Float && b instanceof Float) return a.value === b.value;
  if (Array.isArray(a) && Array.isArray(b)) {
    const kinds = a instanceof Tuple === b instanceof Tuple;
    return kinds && a.length === b.length && (a as unknown[]).every((each, i) => same_value(each, (b as unknown[])[i]));
  }
  if (is_plain_object(a) && is_plain_object(b)) {
    const keys = Object.keys(a);
    return keys.join() === Object.keys(b).join() && keys.every((key) => same_value(a[key], b[key]));
  }
  return false;
}
