/** Products with weights of 8 bits: `DequantizeLinear` and `MatMulInteger`. */
import { uses_of } from '../export/quantizing.js';
import type { Graph, Node } from '../export/schema.js';
import type { Operators } from './call.js';

const target = 'torch.ops.aten._weight_int8pack_mm.default';

const input_of = (node: Node | undefined, name: string): string | undefined => {
  const found = node?.inputs.find((input) => input.name === name)?.arg;
  return found?.type === 'as_tensor' ? found.value.name : undefined;
};

/**
 * The graph with `mm(x, weight.t().to(x.dtype)) * scale`, or `linear(x, weight.to(x.dtype)) * scale`, as one operator, where the weight
 * is a tensor of 8 bits of the module: ONNX has both in one node.
 */
export function with_quantized_products(graph: Graph, is_weight: (name: string) => boolean): Graph {
  const makers = new Map(
    graph.nodes.flatMap((node) => {
      const [output] = node.outputs;
      return output?.type === 'as_tensor' ? [[output.value.name, node] as const] : [];
    }),
  );
  const made = (name: string | undefined, operator: string): Node | undefined => {
    const node = name === undefined ? undefined : makers.get(name);
    return node?.target.startsWith(`torch.ops.aten.${operator}.`) === true ? node : undefined;
  };
  const uses = uses_of(graph);

  const rewritten = (node: Node): Node => {
    if (node.target !== 'torch.ops.aten.mul.Tensor') return node;
    const product = input_of(node, 'self');
    const is_used_once = uses.get(product ?? '') === 1;
    const mm = is_used_once ? made(product, 'mm') : undefined;
    const linear = is_used_once ? made(product, 'linear') : undefined;
    const transposed = made(input_of(made(input_of(mm, 'mat2'), 'to'), 'self'), 't');
    const weight =
      linear === undefined || input_of(linear, 'bias') !== undefined
        ? input_of(transposed, 'self')
        : input_of(made(input_of(linear, 'weight'), 'to'), 'self');
    const cast = made(input_of(node, 'other'), 'to');
    const scale = cast === undefined ? input_of(node, 'other') : input_of(cast, 'self');
    const x = input_of(mm, 'self') ?? input_of(linear, 'input');
    if (weight === undefined || scale === undefined || x === undefined || !is_weight(weight)) return node;
    const sizes = graph.tensor_values.get(scale)?.sizes.length;
    const same = graph.tensor_values.get(scale)?.dtype === graph.tensor_values.get(x)?.dtype;
    if (sizes !== 1 || !same) return node;
    const inputs = [
      ['self', x],
      ['mat2', weight],
      ['scales', scale],
    ] as const;
    return {
      ...node,
      target,
      inputs: inputs.map(([name, value]) => ({ name, arg: { type: 'as_tensor', value: { name: value } }, kind: 1 })),
    };
  };
  return { ...graph, nodes: graph.nodes.map(rewritten) };
}

export const quantized: Operators = {
  _weight_int8pack_mm: (call) => {
    const { graph } = call;
    const weight = graph.node('DequantizeLinear', [call.tensor('mat2').name, call.tensor('scales').name], { axis: 0 });
    return graph.node('MatMul', [call.tensor('self').name, graph.node('Transpose', [weight], { perm: [1, 0] })]);
  },
  _int_mm: (call) => call.graph.node('MatMulInteger', [call.tensor('self').name, call.tensor('mat2').name]),
};
