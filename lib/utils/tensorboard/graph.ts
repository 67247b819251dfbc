/** Graphs of modules: libtorch's tracer records a call, and its operators become the nodes that TensorBoard draws. */
import { native } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { kind_of } from '../../_internal/kind_of.js';
import { python_repr, python_str } from '../../python/print.js';
import { Float } from '../../python/values.js';
import { register_module_forward_hook, register_module_forward_pre_hook } from '../../nn/modules/global_hooks.js';
import type { Module } from '../../nn/modules/module.js';
import { Tensor } from '../../_tensor.js';
import { bytes, int, message, nested, repeated, text, type Field } from './protobuf.js';
import { shape_proto } from './summary.js';

type Sizes = readonly number[] | null | undefined;
type Nested = number | readonly Nested[];

/** A module as the tracer takes it. */
interface Traced {
  readonly name: string;
  readonly tensors: readonly (readonly [name: string, handle: number, is_buffer: boolean])[];
  readonly children: readonly (readonly [name: string, module: Traced])[];
}

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
}

// What native/jit/trace.cpp exports.
declare module '../../_C/native.js' {
  interface Native {
    trace(
      module: Traced,
      inputs: readonly number[],
      run: (inputs: readonly number[]) => Nested,
      strict: boolean,
    ): TracedGraph;
    trace_push_scope(name: string): void;
    trace_pop_scope(): void;
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

function described(module: Module): Traced {
  const own = { recurse: false };
  return {
    name: kind_of(module).replace(/\W/g, '_'),
    tensors: [
      ...[...module.named_parameters(own)].map(([name, { _h }]) => [name, _h, false] as const),
      ...[...module.named_buffers(own)].map(([name, { _h }]) => [name, _h, true] as const),
    ],
    children: [...module.named_children()].map(([name, child]) => [name, described(child)] as const),
  };
}

/** The handles of nested results. @throws TypeError for what is not a tensor */
function handles_of(value: unknown): Nested {
  if (value instanceof Tensor) return value._h;
  if (Array.isArray(value)) return value.map(handles_of);
  throw new TypeError(`add_graph(): a traced module must return Tensors, or lists of them, not ${kind_of(value)}`);
}

/** Traces one call of a module in evaluation mode. */
function traced(model: Module, inputs: readonly Tensor[], strict: boolean): TracedGraph {
  const scopes = new Map<object, string>();
  const name_children = (module: Module, prefix: string): void => {
    for (const [name, child] of module.named_children()) {
      scopes.set(child, `${prefix}.${name}`);
      name_children(child, `${prefix}.${name}`);
    }
  };
  name_children(model, '__module');
  const pre = register_module_forward_pre_hook((module) => {
    const scope = scopes.get(module);
    if (scope !== undefined) native.trace_push_scope(scope);
  });
  const post = register_module_forward_hook((module) => {
    if (scopes.has(module)) native.trace_pop_scope();
  });
  const { training } = model;
  model.train(false);
  try {
    const run = (given: readonly number[]): Nested =>
      handles_of((model as unknown as (...args: Tensor[]) => unknown)(...given.map(wrap)));
    return native.trace(
      described(model),
      inputs.map(({ _h }) => _h),
      run,
      strict,
    );
  } finally {
    model.train(training);
    pre.remove();
    post.remove();
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
