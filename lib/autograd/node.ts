/** Nodes of the graph of gradients: `x.grad_fn`. */
import { define_kind, signature } from '../_internal/signature.js';
import { handle_of_hook, type RemovableHandle } from '../_internal/hooks.js';
import { native, type Handle, type Wrapped } from '../_C/native.js';
import { scratch } from '../_C/scratch.js';
import { wrap } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';

// What native/autograd/graph.cpp exports. A path leads from the node that made a tensor along edges.
declare module '../_C/native.js' {
  interface Native {
    grad_fn_name(handle: Handle): string | null;
    grad_fn_key(handle: Handle): boolean;
    node_edges(handle: Handle, path: readonly number[]): (string | number | null)[];
    node_sequence_nr(handle: Handle, path: readonly number[]): number;
    node_variable(handle: Handle, path: readonly number[]): Wrapped;
    node_metadata(handle: Handle, path: readonly number[]): Record<string, unknown>;
    add_node_hook(
      handle: Handle,
      path: readonly number[],
      before: boolean,
      hook: (...gradients: Wrapped[][]) => Handle[] | undefined,
    ): number;
    remove_node_hook(handle: Handle, path: readonly number[], before: boolean, id: number): void;
    increment_version(handle: Handle): void;
    // edges.cpp
    keep_accumulator(handle: Handle): object;
  }
}

/** Gradients of a node; null where there is none. */
export type Gradients = (Tensor | null)[];
/** A hook of {@link GradFn.register_hook}. */
export type NodeHook = (
  grad_inputs: Gradients,
  grad_outputs: Gradients,
) => readonly (Tensor | null)[] | null | undefined | void;
/** A hook of {@link GradFn.register_prehook}. */
export type NodePreHook = (grad_outputs: Gradients) => readonly (Tensor | null)[] | null | undefined | void;
type Hook = (...gradients: Gradients[]) => readonly (Tensor | null)[] | null | undefined | void;

const NAME = signature<object>('name', '');
const REGISTER_HOOK = signature<{ fn: NodeHook }>('register_hook', 'fn: Callable');
const REGISTER_PREHOOK = signature<{ fn: NodePreHook }>('register_prehook', 'fn: Callable');

/** What the addon calls for a hook; apart, so that the graph holds nothing else. */
function hook_caller(fn: Hook): (...gradients: Wrapped[][]) => Handle[] | undefined {
  return (...gradients) => {
    const answer = fn(...gradients.map((list) => list.map(wrap)));
    return answer?.map((gradient) => gradient?._h ?? -1);
  };
}

/**
 * A node of the autograd graph, as `tensor.grad_fn` returns it. Mirrors `torch.autograd.graph.Node`.
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * const node = x.mul(2).sum().grad_fn!;
 * print(node.name(), node.next_functions[0]![0]!.name());
 * const handle = node.register_prehook((grad_outputs) => print(grad_outputs[0]));
 * x.mul(2).sum().grad_fn!.register_hook(() => undefined);
 * handle.remove();
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * node = x.mul(2).sum().grad_fn
 * print(node.name(), node.next_functions[0][0].name())
 * handle = node.register_prehook(lambda grad_outputs: print(grad_outputs[0]))
 * x.mul(2).sum().grad_fn.register_hook(lambda inputs, outputs: None)
 * handle.remove()
 * ```
 */
export class GradFn {
  /** @internal */
  constructor(
    private readonly its_name: string,
    private readonly tensor: Tensor,
    private readonly path: readonly number[],
    /** The nodes that were reached from the tensor, by their addresses: one that is met again is the same object. */
    private readonly known: Map<number, GradFn>,
    /** What keeps the accumulator of a leaf alive, which belongs to no graph yet. */
    private readonly kept?: object,
  ) {}

  /** Where the addon finds the node. @internal */
  _place(): readonly [handle: Handle, path: readonly number[]] {
    void this.kept;
    return [this.tensor._h, this.path];
  }

  /**
   * The name of the node, such as `'AddBackward0'`. Mirrors `Node.name`.
   * @example
   * ```ts
   * print(torch.ones(2, { requires_grad: true }).mul(3).grad_fn!.name());
   * ```
   * ```python
   * print((torch.ones(2, requires_grad=True) * 3).grad_fn.name())
   * ```
   */
  name(): string;
  name(...args: unknown[]): string {
    NAME.read(args);
    return this.its_name;
  }

  /**
   * The nodes that receive the gradients of this one, each with the index of the input; null where there is no
   * gradient. Mirrors `Node.next_functions`.
   * @example
   * ```ts
   * const x = torch.ones(2, { requires_grad: true });
   * for (const [node, input_nr] of x.mul(3).add(x.exp()).grad_fn!.next_functions) print(node!.name(), input_nr);
   * ```
   * ```python
   * x = torch.ones(2, requires_grad=True)
   * for node, input_nr in (x * 3 + x.exp()).grad_fn.next_functions: print(node.name(), input_nr)
   * ```
   */
  get next_functions(): [node: GradFn | null, input_nr: number][] {
    const edges = native.node_edges(this.tensor._h, this.path);
    return Array.from({ length: edges.length / 3 }, (_, i) => {
      const [name, input_nr, address] = edges.slice(3 * i) as [string | null, number, number];
      if (name === null) return [null, input_nr];
      let node = this.known.get(address);
      if (node === undefined)
        this.known.set(address, (node = new GradFn(name, this.tensor, [...this.path, i], this.known)));
      return [node, input_nr];
    });
  }

  /** The leaf into whose `.grad` an `AccumulateGrad` node accumulates; undefined for other nodes. */
  get variable(): Tensor | undefined {
    const wrapped = native.node_variable(this.tensor._h, this.path);
    return wrapped < 0 ? undefined : wrap(wrapped);
  }

  /** A number that is larger for nodes created later. Mirrors `Node._sequence_nr`. */
  _sequence_nr(): number {
    return native.node_sequence_nr(this.tensor._h, this.path);
  }

  /**
   * Calls `fn` after the backward of the node with its input and output gradients, null where there is none; an array
   * that it returns replaces the former. Mirrors `Node.register_hook`.
   * @throws TypeError when `fn` is not a function; backward throws when an array of another length is returned
   * @example
   * ```ts
   * const x = torch.ones(2, { requires_grad: true });
   * const y = x.mul(3);
   * const handle = y.grad_fn!.register_hook((grad_inputs, grad_outputs) => print(grad_inputs[0], grad_outputs[0]));
   * y.sum().backward();
   * handle.remove();
   * ```
   * ```python
   * x = torch.ones(2, requires_grad=True)
   * y = x * 3
   * handle = y.grad_fn.register_hook(lambda grad_inputs, grad_outputs: print(grad_inputs[0], grad_outputs[0]))
   * y.sum().backward()
   * handle.remove()
   * ```
   */
  register_hook(fn: NodeHook | { fn: NodeHook }): RemovableHandle;
  register_hook(...args: unknown[]): RemovableHandle {
    return this.add_hook(false, REGISTER_HOOK.read(args).fn as Hook);
  }

  /**
   * Calls `fn` before the backward of the node with the output gradients, null where there is none; an array that it
   * returns replaces them. Mirrors `Node.register_prehook`.
   * @throws TypeError when `fn` is not a function; backward throws when an array of another length is returned
   * @example
   * ```ts
   * const x = torch.ones(2, { requires_grad: true });
   * const y = x.mul(3);
   * y.grad_fn!.register_prehook(([grad_output]) => [grad_output!.mul(10)]);
   * y.sum().backward();
   * print(x.grad);
   * ```
   * ```python
   * x = torch.ones(2, requires_grad=True)
   * y = x * 3
   * y.grad_fn.register_prehook(lambda grad_outputs: (grad_outputs[0] * 10,))
   * y.sum().backward()
   * print(x.grad)
   * ```
   */
  register_prehook(fn: NodePreHook | { fn: NodePreHook }): RemovableHandle;
  register_prehook(...args: unknown[]): RemovableHandle {
    return this.add_hook(true, REGISTER_PREHOOK.read(args).fn as Hook);
  }

  /** Values of the user that live as long as the node. Mirrors `Node.metadata`. */
  get metadata(): Record<string, unknown> {
    return native.node_metadata(this.tensor._h, this.path);
  }

  private add_hook(before: boolean, fn: Hook): RemovableHandle {
    const id = native.add_node_hook(this.tensor._h, this.path, before, hook_caller(fn));
    return handle_of_hook(() => {
      native.remove_node_hook(this.tensor._h, this.path, before, id);
    });
  }

  toString(): string {
    return `<${this.its_name}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const roots = new WeakMap<Tensor, { readonly address: number; readonly sequence_nr: number; readonly node: GradFn }>();

/** The node that made a tensor; the same object as long as it is the same node. @internal */
export function grad_fn_of(tensor: Tensor): GradFn | null {
  if (!native.grad_fn_key(tensor._h)) return null;
  const [address, sequence_nr] = [scratch[0]!, scratch[1]!];
  const root = roots.get(tensor);
  // A later node may get the address of one that is gone.
  if (root?.address === address && root.sequence_nr === sequence_nr) return root.node;
  const known = new Map<number, GradFn>();
  const node = new GradFn(native.grad_fn_name(tensor._h)!, tensor, [], known);
  known.set(address, node);
  roots.set(tensor, { address, sequence_nr, node });
  return node;
}

/** The node that accumulates the gradient of a leaf. @internal */
export function accumulator_of(leaf: Tensor): GradFn {
  return new GradFn('AccumulateGrad', leaf, [], new Map(), native.keep_accumulator(leaf._h));
}

define_kind('Node', 'Node', (value) => value instanceof GradFn);
