/** Edges of the graph of gradients, which backward passes take where they take tensors. */
import { native } from '../_C/native.js';
import { signature } from '../_internal/signature.js';
import { Tensor } from '../_tensor.js';
import { accumulator_of, type GradFn, grad_fn_of } from './node.js';

/** A node by a tensor and a path of edges from what made it, and an index: as the addon takes an edge. */
export type EdgePlace = readonly [handle: number, path: readonly number[], index: number];

// What native/autograd/edges.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    gradients_of_edges(
      roots: readonly EdgePlace[],
      gradients: readonly number[],
      retain_graph: boolean | undefined,
      create_graph: boolean,
      inputs: readonly EdgePlace[],
      accumulate: boolean,
      allow_unused: boolean,
    ): number[];
    same_tensor(handle: number): number;
    use_count(handle: number): number;
  }
}

const EDGE = signature<{ node: GradFn; output_nr: number; ownership_token?: GradFn | null }>(
  'GradientEdge',
  'node: Node, output_nr: int, ownership_token?: Node|None',
);

/**
 * A place in the graph where a gradient is computed: an input of the node's backward. `torch.autograd.grad` and
 * `torch.autograd.backward` take it instead of the tensor. Mirrors `torch.autograd.graph.GradientEdge`.
 *
 * @param node - a node, such as `tensor.grad_fn`
 * @param output_nr - which of its outputs
 * @param ownership_token - has no effect: a node keeps its graph alive
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * const y = x.mul(3);
 * const edge = torch.autograd.graph.get_gradient_edge(y);
 * print(edge.node.name(), edge.output_nr);
 * print(torch.autograd.grad(y.square().sum(), edge));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * y = x * 3
 * edge = torch.autograd.graph.get_gradient_edge(y)
 * print(edge.node.name(), edge.output_nr)
 * print(list(torch.autograd.grad(y.square().sum(), edge)))
 * ```
 */
export class GradientEdge {
  readonly node: GradFn;
  readonly output_nr: number;
  readonly ownership_token: GradFn | null;

  constructor(node: GradFn, output_nr: number, ownership_token?: GradFn | null);
  constructor(options: { node: GradFn; output_nr: number; ownership_token?: GradFn | null });
  constructor(...args: unknown[]) {
    const { node, output_nr, ownership_token = null } = EDGE.read(args);
    this.node = node;
    this.output_nr = output_nr;
    this.ownership_token = ownership_token;
  }

  /** The node, the index and the token, as the fields of Python's tuple. */
  *[Symbol.iterator](): IterableIterator<GradFn | number | null> {
    yield this.node;
    yield this.output_nr;
    yield this.ownership_token;
  }

  toString(): string {
    const { node, output_nr, ownership_token } = this;
    return `GradientEdge(node=${node.toString()}, output_nr=${output_nr}, ownership_token=${ownership_token?.toString() ?? 'None'})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const GET_EDGE = signature<{ tensor: Tensor }>('get_gradient_edge', 'tensor: Tensor');

/**
 * Where the gradient of a tensor is computed: `grad(loss, x)` and `grad(loss, get_gradient_edge(x))` are the same. Mirrors
 * `torch.autograd.graph.get_gradient_edge`.
 *
 * @param tensor - a tensor that requires a gradient
 * @throws Error for one that does not
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * const loss = x.square().sum();
 * print(torch.autograd.grad(loss, torch.autograd.graph.get_gradient_edge(x)));
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * loss = x.square().sum()
 * print(list(torch.autograd.grad(loss, torch.autograd.graph.get_gradient_edge(x))))
 * ```
 */
export function get_gradient_edge(tensor: Tensor | { tensor: Tensor }): GradientEdge;
export function get_gradient_edge(...args: unknown[]): GradientEdge {
  const { tensor } = GET_EDGE.read(args);
  if (!tensor.requires_grad) {
    throw new Error('It is not possible to get the gradient edge for a Tensor that does not require gradients');
  }
  return new GradientEdge(grad_fn_of(tensor) ?? accumulator_of(tensor), native.output_nr(tensor._h));
}

/** An edge, or the one of a tensor, as the addon takes it. */
export function place_of(value: Tensor | GradientEdge): EdgePlace {
  if (value instanceof Tensor) return [value._h, [], native.output_nr(value._h)];
  return [...value.node._place(), value.output_nr];
}
