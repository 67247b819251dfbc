/** Nodes of the graph of gradients: `x.grad_fn`. */
import { native } from './native.js';
import { wrap, type Tensor } from './tensor.js';

// What native/graph.cpp exports. A path leads from the node that made a tensor along edges.
declare module './native.js' {
  interface Native {
    grad_fn_name(handle: Handle): string | null;
    node_edges(handle: Handle, path: readonly number[]): (string | number | null)[];
    node_sequence_nr(handle: Handle, path: readonly number[]): number;
    node_variable(handle: Handle, path: readonly number[]): Wrapped;
    increment_version(handle: Handle): void;
  }
}

/** A node of the graph of gradients; mirrors `torch.autograd.graph.Node`. */
export class GradFn {
  /** @internal */
  constructor(
    /** `'AddBackward0'`, as it is printed. */
    readonly name: string,
    private readonly tensor: Tensor,
    private readonly path: readonly number[],
  ) {}

  /**
   * The nodes that get this one's gradients, each with the number of the input that it is; null where there is no gradient.
   * Mirrors `Node.next_functions`.
   */
  get next_functions(): [node: GradFn | null, input_nr: number][] {
    const edges = native.node_edges(this.tensor._h, this.path);
    return Array.from({ length: edges.length / 2 }, (_, i) => {
      const name = edges[2 * i] as string | null;
      return [name === null ? null : new GradFn(name, this.tensor, [...this.path, i]), edges[2 * i + 1] as number];
    });
  }

  /** The leaf whose gradient an `AccumulateGrad` node sums up; undefined for other nodes. */
  get variable(): Tensor | undefined {
    const wrapped = native.node_variable(this.tensor._h, this.path);
    return wrapped < 0 ? undefined : wrap(wrapped);
  }

  /** Nodes that were made later have larger numbers; mirrors `Node._sequence_nr`. */
  _sequence_nr(): number {
    return native.node_sequence_nr(this.tensor._h, this.path);
  }

  toString(): string {
    return `<${this.name}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The node that made a tensor. @internal */
export function grad_fn_of(tensor: Tensor): GradFn | null {
  const name = native.grad_fn_name(tensor._h);
  return name === null ? null : new GradFn(name, tensor, []);
}
