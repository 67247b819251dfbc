/** Graphs of modules: libtorch's tracer records a call, and its operators become the nodes that TensorBoard draws. */
import { native } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { kind_of } from '../../_internal/kind_of.js';
import { python_repr, python_str } from '../../python/print.js';
import { Float } from '../../python/values.js';
import {
  described,
  from_traced,
  to_traced,
  warn_of_trace,
  with_scopes,
  type TracedCall,
  type TracedModule,
} from '../../jit/tracing.js';
import type { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { bytes, int, message, nested, repeated, text, type Field } from './protobuf.js';
import { shape_proto } from './summary.js';

type Sizes = readonly number[] | null | undefined;

interface TracedNode {
  readonly kind: string;
  readonly scope: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly sizes: readonly Sizes[];
  /** Whether the result is a module and not a tensor. */
  readonly is_module: boolean;
  readonly attributes: readonly (readonly [name: string, value: unknown])[];
}

interface TracedGraph {
  /** The inputs that are used. */
  readonly inputs: readonly { readonly name: string; readonly sizes: Sizes }[];
  readonly nodes: readonly TracedNode[];
  readonly outputs: readonly { readonly name: string; readonly sizes: Sizes }[];
  readonly warnings: readonly string[];
}

// What native/jit/trace.cpp exports for TensorBoard.
declare module '../../_C/native.js' {
  interface Native {
    trace(module: TracedModule, inputs: readonly number[], run: TracedCall, strict: boolean): TracedGraph;
  }
}

/** A node as TensorBoard has it. */
export interface GraphNode {
  name: string;
  readonly op: string;
  inputs: readonly string[];
  readonly sizes: Sizes;
  readonly attributes: string;
}

const refusal = (kind: string): Error =>
  new TypeError(`add_graph(): a traced module must return Tensors, or lists of them, not ${kind}`);

/** Traces one call of a module in evaluation mode. */
function traced(model: Module, inputs: readonly Tensor[], strict: boolean): TracedGraph {
  const { training } = model;
  model.train(false);
  try {
    const run: TracedCall = (given) =>
      to_traced((model as unknown as (...args: unknown[]) => unknown)(...given.map(from_traced)), refusal);
    const handles = inputs.map(({ _h }) => _h);
    const graph = with_scopes(model, () => native.trace(described(model), handles, run, strict));
    warn_of_trace(graph.warnings);
    return graph;
  } finally {
    model.train(training);
  }
}

/** The value of an attribute as `python_repr` takes it. */
function attribute_value(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(attribute_value);
  const { tensor, float } = (value ?? {}) as { tensor?: number; float?: number };
  if (tensor !== undefined) return wrap(tensor);
  return float === undefined ? value : new Float(float);
}

/** The attributes as Python writes a dict, without quotes, which TensorBoard does not take. */
const attributes_text = (attributes: TracedNode['attributes']): string =>
  python_repr(new Map(attributes.map(([name, value]) => [name, attribute_value(value)]))).replaceAll("'", ' ');

/** The scope of each node, by its first result: that of the module that reads a parameter, or of the call. */
function scopes_of(nodes: readonly TracedNode[]): (string | null)[] {
  const of_module = new Map<string, string>();
  const kinds = new Map(nodes.flatMap(({ kind, outputs }) => outputs.map((name) => [name, kind] as const)));
  return nodes.map(({ kind, scope, inputs, outputs, is_module, attributes }) => {
    if (kind !== 'prim::GetAttr') return scope;
    const name = python_str(attributes.find(([key]) => key === 'name')?.[1]);
    const [parent] = inputs as [string];
    const outer = kinds.get(parent) === 'prim::GetAttr' ? of_module.get(parent)! : null;
    const own = outer === null ? `__module.${name}` : `${outer}/${outer.split('/').pop()!}.${name}`;
    of_module.set(outputs[0]!, own);
    return is_module ? null : own;
  });
}

/** The name of each module: that of its class, and what its parent calls it. */
function module_names(model: Module): Map<string, string> {
  const names = new Map<string, string>();
  const walk = (module: Module, path: string): void => {
    names.set(path, `${kind_of(module)}[${path.slice(path.lastIndexOf('.') + 1)}]`);
    for (const [name, child] of module.named_children()) walk(child, `${path}.${name}`);
  };
  walk(model, '__module');
  return names;
}

/** The nodes of the graph of a call. */
export function graph_nodes(model: Module, inputs: readonly Tensor[], strict: boolean): GraphNode[] {
  const graph = traced(model, inputs, strict);
  const names = module_names(model);
  const root = kind_of(model);
  const scopes = scopes_of(graph.nodes).map((scope) => {
    if (scope === null) return null;
    const parts = scope.split('/').map((part) => names.get(part) ?? part.slice(part.lastIndexOf('.') + 1));
    return parts.some((part) => part !== '') ? `${root}/${parts.join('/')}` : root;
  });
  const full = new Map<string, string>();
  // A value that is only read has the scope of its last reader; others have that of the node that makes them.
  graph.nodes.forEach((node, i) => {
    if (scopes[i] !== null) for (const input of node.inputs) full.set(input, `${scopes[i]!}/${input}`);
  });
  for (const { name } of graph.inputs) full.set(name, `input/${name}`);
  const outputs = graph.outputs.map((_, i) => `output.${i + 1}`);
  for (const name of outputs) full.set(name, `output/${name}`);
  graph.nodes.forEach((node, i) => {
    if (scopes[i] !== null) for (const output of node.outputs) full.set(output, `${scopes[i]!}/${output}`);
  });
  const named = (name: string): string => full.get(name) ?? name;
  const outside = (name: string, sizes: Sizes, from: readonly string[]): GraphNode => ({
    ...{ name: named(name), op: 'IO Node', inputs: from.map(named), attributes: '' },
    sizes: sizes === undefined ? [1] : sizes,
  });
  return [
    ...graph.inputs.map(({ name, sizes }) => outside(name, sizes, [])),
    ...graph.outputs.map(({ name, sizes }, i) => outside(outputs[i]!, sizes, [name])),
    ...graph.nodes.flatMap((node, i) =>
      scopes[i] === null
        ? []
        : node.outputs.map((output, k) => ({
            ...{ name: named(output), op: node.kind, inputs: node.inputs.map(named), sizes: node.sizes[k] },
            attributes: attributes_text(node.attributes),
          })),
    ),
  ];
}

/** An entry of the map of attributes. */
const attribute = (name: string, value: Field): Field => nested(5, text(1, name), bytes(2, value));

function node_proto({ name, op, inputs, sizes, attributes }: GraphNode): Field {
  const shape =
    sizes === null || sizes === undefined ? [] : [attribute('_output_shapes', nested(1, bytes(7, shape_proto(sizes))))];
  return nested(
    1,
    ...[text(1, name), text(2, op), repeated(inputs, (input) => text(3, input, true))],
    ...[attribute('attr', text(2, attributes, true)), ...shape],
  );
}

/** `GraphDef`; the version of its producer is one that TensorBoard knows. */
export const graph_proto = (nodes: readonly GraphNode[]): Uint8Array =>
  message(...nodes.map(node_proto), nested(4, int(1, 22)));

/** `RunMetadata`, without times. */
export const run_metadata_proto = (): Uint8Array => nested(1, nested(1, text(1, '/device:CPU:0')));
