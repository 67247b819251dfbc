/** Programs whose linear layers have weights of 8 bits: each call of `linear` becomes the operators of a quantized layer. */
import type { Tensor } from '../_tensor.js';
import type { Argument, Graph, InputSpecification, Node, WrittenProgram } from './schema.js';

/** What a weight becomes. */
export interface QuantizedWeight {
  readonly weight: Tensor;
  /** One number for each output feature. */
  readonly scale: Tensor;
}

export interface QuantizingRequest {
  readonly program: WrittenProgram;
  /** Whether inputs are quantized while the program runs: products of integers. */
  readonly dynamic: boolean;
  /** The least scale, as that of weights. */
  readonly least_scale: number;
  /** The quantized weight of a layer by its dotted name, for the parameter of that name; null where it stays. */
  readonly quantize: (layer: string, parameter: string) => QuantizedWeight | null;
}

/** The program, and the parameters that it has no more with what there is instead. */
export interface QuantizedProgram {
  readonly program: WrittenProgram;
  readonly weights: ReadonlyMap<string, QuantizedWeight>;
}

const LINEAR = 'torch.ops.aten.linear.default';
// Numbers of dtypes in programs.
const CHAR = 2;
const FLOAT = 7;

const tensor = (name: string): Argument => ({ type: 'as_tensor', value: { name } });
const int = (value: number): Argument => ({ type: 'as_int', value });
const float = (value: number): Argument => ({ type: 'as_float', value });
const scalar_type = (value: number): Argument => ({ type: 'as_scalar_type', value });

function tensor_of(node: Node, name: string): string | null {
  const found = node.inputs.find((input) => input.name === name)?.arg;
  return found?.type === 'as_tensor' ? found.value.name : null;
}

/** How often each tensor is used. */
export function uses_of(graph: Graph): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (argument: Argument): void => {
    if (argument.type === 'as_tensor') uses.set(argument.value.name, (uses.get(argument.value.name) ?? 0) + 1);
    if (argument.type === 'as_tensors') for (const { name } of argument.value) count(tensor(name));
    if (argument.type === 'as_optional_tensors') {
      for (const element of argument.value) if (element.type === 'as_tensor') count(tensor(element.value.name));
    }
  };
  for (const node of graph.nodes) for (const { arg } of node.inputs) count(arg);
  for (const output of graph.outputs) count(output);
  return uses;
}

/** Adds the nodes of one layer. */
class Layer {
  readonly nodes: Node[] = [];

  constructor(
    private readonly node: Node,
    private readonly output: string,
  ) {}

  add(target: string, inputs: Readonly<Record<string, Argument>>): string {
    const name = `${this.output}_int8_${this.nodes.length}`;
    this.push(target, inputs, tensor(name));
    return name;
  }

  size(of: string, dim: number): string {
    const name = `${this.output}_size_${dim}`;
    const output: Argument = { type: 'as_sym_int', value: { type: 'as_name', value: name } };
    this.push('sym_size.int', { self: tensor(of), dim: int(dim) }, output);
    return name;
  }

  /** The nodes, the last of which gives the layer's result. */
  finished(): Node[] {
    return [...this.nodes.slice(0, -1), { ...this.nodes.at(-1)!, outputs: [tensor(this.output)] }];
  }

  private push(target: string, inputs: Readonly<Record<string, Argument>>, output: Argument): void {
    this.nodes.push({
      ...this.node,
      target: `torch.ops.aten.${target}`,
      inputs: Object.entries(inputs).map(([name, arg]) => ({ name, arg, kind: 1 })),
      outputs: [output],
      name: null,
    });
  }
}

interface LinearCall {
  readonly node: Node;
  readonly graph: Graph;
  readonly weight: string;
  readonly scale: string;
  readonly features: readonly [output: number, input: number];
  readonly dynamic: boolean;
  readonly least_scale: number;
}

/** The rows of the input as integers, and the scale of each. */
function quantized_rows(layer: Layer, rows: string, least_scale: number): [integers: string, scale: string] {
  const last: Argument = { type: 'as_ints', value: [-1] };
  const keep: Argument = { type: 'as_bool', value: true };
  const [smallest, largest] = ['amin', 'amax'].map((name) =>
    layer.add(`${name}.default`, { self: tensor(rows), dim: last, keepdim: keep }),
  ) as [string, string];
  const zero = tensor(layer.add('zeros_like.default', { self: tensor(smallest) }));
  const below = layer.add('minimum.default', { self: tensor(smallest), other: zero });
  const reach = layer.add('maximum.default', {
    self: tensor(layer.add('neg.default', { self: tensor(below) })),
    other: tensor(layer.add('maximum.default', { self: tensor(largest), other: zero })),
  });
  const step = layer.add('div.Tensor', { self: tensor(reach), other: float(127.5) });
  const enough = layer.add('clamp.default', { self: tensor(step), min: float(least_scale) });
  const scale = layer.add('to.dtype', { self: tensor(enough), dtype: scalar_type(FLOAT) });
  const inverse = layer.add('reciprocal.default', { self: tensor(scale) });
  const scaled = layer.add('mul.Tensor', { self: tensor(rows), other: tensor(inverse) });
  const rounded = layer.add('round.default', { self: tensor(scaled) });
  const clamped = layer.add('clamp.default', { self: tensor(rounded), min: int(-128), max: int(127) });
  return [layer.add('to.dtype', { self: tensor(clamped), dtype: scalar_type(CHAR) }), scale];
}

function quantized_call({ node, graph, weight, scale, features, dynamic, least_scale }: LinearCall): Node[] {
  const [out_features, in_features] = features;
  const x = tensor_of(node, 'input')!;
  const bias = tensor_of(node, 'bias');
  const [result] = node.outputs;
  const meta = graph.tensor_values.get(x);
  if (result?.type !== 'as_tensor' || meta === undefined) throw new Error('the sizes of its input are not known');
  const { sizes } = meta;
  const dtype = meta.dtype as number;
  const layer = new Layer(node, result.value.name);
  let found: string;
  if (dynamic) {
    const flat = sizes.length === 2;
    const shape: Argument = { type: 'as_ints', value: [-1, in_features] };
    const rows = flat ? x : layer.add('reshape.default', { self: tensor(x), shape });
    const [integers, row_scale] = quantized_rows(layer, rows, least_scale);
    const columns = layer.add('t.default', { self: tensor(weight) });
    const sums = layer.add('_int_mm.default', { self: tensor(integers), mat2: tensor(columns) });
    const scaled = layer.add('mul.Tensor', { self: tensor(sums), other: tensor(row_scale) });
    const cast = layer.add('to.dtype', { self: tensor(scaled), dtype: scalar_type(dtype) });
    found = layer.add('mul.Tensor', { self: tensor(cast), other: tensor(scale) });
    if (!flat) {
      const all = sizes
        .slice(0, -1)
        .map((size, dim) =>
          size.type === 'as_int'
            ? { type: 'as_int' as const, value: Number(size.value) }
            : { type: 'as_name' as const, value: layer.size(x, dim) },
        );
      found = layer.add('reshape.default', {
        self: tensor(found),
        shape: { type: 'as_sym_ints', value: [...all, { type: 'as_int', value: out_features }] },
      });
    }
  } else {
    const cast = layer.add('to.dtype', { self: tensor(weight), dtype: scalar_type(dtype) });
    const product = layer.add('linear.default', { input: tensor(x), weight: tensor(cast) });
    const factor = dtype === FLOAT ? scale : layer.add('to.dtype', { self: tensor(scale), dtype: scalar_type(dtype) });
    found = layer.add('mul.Tensor', { self: tensor(product), other: tensor(factor) });
  }
  if (bias !== null) found = layer.add('add.Tensor', { self: tensor(found), other: tensor(bias) });
  layer.add('to.dtype', { self: tensor(found), dtype: scalar_type(dtype) });
  return layer.finished();
}

/**
 * The program with quantized linear layers: those whose weight is a parameter that nothing else takes.
 * @throws Error when there are none
 */
export function quantized_program(request: QuantizingRequest): QuantizedProgram {
  const { program, dynamic, least_scale, quantize } = request;
  const { graph, signature } = program.graph_module;
  const parameters = new Map(
    signature.input_specs.flatMap((spec) =>
      spec.type === 'parameter' ? [[spec.value.arg.name, spec.value.parameter_name] as const] : [],
    ),
  );
  const uses = uses_of(graph);
  const calls = new Map<string, number>();
  for (const node of graph.nodes) {
    const weight = node.target === LINEAR ? tensor_of(node, 'weight') : null;
    if (weight !== null) calls.set(weight, (calls.get(weight) ?? 0) + 1);
  }
  const weights = new Map<string, QuantizedWeight>();
  const layers = new Map<string, string>();
  for (const [name, count] of calls) {
    const parameter = parameters.get(name);
    if (parameter?.endsWith('weight') !== true || uses.get(name) !== count) continue;
    const found = quantize(parameter.replace(/\.?weight$/, ''), parameter);
    if (found === null) continue;
    weights.set(parameter, found);
    layers.set(name, parameter);
  }
  if (weights.size === 0) throw new Error('quantize_(): the program has no linear layer that can be quantized');
  const scale_name = (name: string): string => `${name}_scale`;
  const input_specs = signature.input_specs.flatMap((spec): InputSpecification[] => {
    if (spec.type !== 'parameter' || !weights.has(spec.value.parameter_name)) return [spec];
    const { arg, parameter_name } = spec.value;
    const scale = parameter_name.replace(/weight$/, 'scale');
    return [
      { type: 'buffer', value: { arg, buffer_name: parameter_name, persistent: true } },
      { type: 'buffer', value: { arg: { name: scale_name(arg.name) }, buffer_name: scale, persistent: true } },
    ];
  });
  const inputs = graph.inputs.flatMap((input) =>
    input.type === 'as_tensor' && layers.has(input.value.name)
      ? [input, tensor(scale_name(input.value.name))]
      : [input],
  );
  const nodes = graph.nodes.flatMap((node) => {
    const weight = node.target === LINEAR ? tensor_of(node, 'weight') : null;
    const parameter = weight === null ? undefined : layers.get(weight);
    if (weight === null || parameter === undefined) return [node];
    const [output, input] = weights.get(parameter)!.weight.shape as unknown as [number, number];
    return quantized_call({
      node,
      graph,
      weight,
      scale: scale_name(weight),
      features: [output, input],
      dynamic,
      least_scale,
    });
  });
  return {
    program: {
      ...program,
      graph_module: {
        ...program.graph_module,
        graph: { ...graph, inputs, nodes },
        signature: { ...signature, input_specs },
      },
    },
    weights,
  };
}
