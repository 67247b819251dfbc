/** Hooks for the gradients of several tensors: `torch.autograd.graph.register_multi_grad_hook`. */
import { handle_of_hook, type RemovableHandle } from '../_internal/hooks.js';
import { text_or_kind } from '../_internal/representation.js';
import { define_kind, signature } from '../_internal/signature.js';
import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';

// What native/autograd/passes.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    pass_id(): number;
    gradient_places(handles: number[]): object;
    places_in_pass(places: object): number;
  }
}

define_kind('Tensors', 'list of Tensors', (value) => Array.isArray(value) && value.every(is_tensor));

type AllHook = (grads: (Tensor | null)[]) => void;
type AnyHook = (grad: Tensor) => void;

const MULTI_GRAD_HOOK = signature<{ tensors: readonly Tensor[]; fn: AllHook | AnyHook; mode?: string }>(
  'register_multi_grad_hook',
  'tensors: Tensors, fn: Callable, *, mode?: str',
);

/** What a pass has brought so far. */
interface Pass {
  readonly wanted: number;
  count: number;
  readonly grads: (Tensor | null)[];
}

// The hooks are made where the tensors are out of sight: the graph holds the hooks, and would hold itself.

/** The hook of the tensor with a number, of those that wait for each other. */
function waiting_hooks(places: object, length: number, fn: AllHook): (index: number) => (grad: Tensor) => void {
  const passes = new Map<number, Pass>();
  return (index) => (grad) => {
    const id = native.pass_id();
    let pass = passes.get(id);
    if (pass === undefined) {
      pass = { wanted: native.places_in_pass(places), count: 0, grads: Array<Tensor | null>(length).fill(null) };
      passes.set(id, pass);
    }
    pass.grads[index] = grad;
    if (++pass.count !== pass.wanted) return;
    passes.delete(id);
    fn(pass.grads);
  };
}

/** A hook that runs once in each pass. */
function first_hook(fn: AnyHook): (grad: Tensor) => void {
  let last = -1;
  return (grad) => {
    const id = native.pass_id();
    if (id <= last) return;
    last = id;
    fn(grad);
  };
}

/**
 * Registers a hook for the gradients of several tensors. Mirrors `torch.autograd.graph.register_multi_grad_hook`.
 *
 * With mode `'all'`, `fn` is called once in a backward pass, when the gradients of all the tensors that the pass reaches are
 * there: with an array of them, null for the other tensors. With `'any'` it is called with the first of these gradients.
 *
 * @param tensors - tensors that require gradients
 * @param fn - a synchronous function that does not change its arguments
 * @param options - `mode`: `'all'` (the default) or `'any'`
 * @returns a handle whose `remove()` removes the hook
 * @throws Error for another mode, and for a tensor that does not require a gradient with `'all'`
 * @example
 * ```ts
 * const a = torch.ones(2, { requires_grad: true });
 * const b = torch.ones(2, { requires_grad: true });
 * const [c, d] = [a.mul(b), a.mul(b)];
 * torch.autograd.graph.register_multi_grad_hook([a, b, c, d], (grads) => print(grads.map((grad) => grad !== null)));
 * c.sum().backward({ retain_graph: true });
 * c.sum().backward({ inputs: [a], retain_graph: true });
 * ```
 * ```python
 * a = torch.ones(2, requires_grad=True)
 * b = torch.ones(2, requires_grad=True)
 * c, d = a.mul(b), a.mul(b)
 * torch.autograd.graph.register_multi_grad_hook([a, b, c, d], lambda grads: print([grad is not None for grad in grads]))
 * c.sum().backward(retain_graph=True)
 * c.sum().backward(inputs=[a], retain_graph=True)
 * ```
 */
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: AllHook,
  options?: { mode?: 'all' },
): RemovableHandle;
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: AnyHook,
  options: { mode: 'any' },
): RemovableHandle;
export function register_multi_grad_hook(...args: unknown[]): RemovableHandle {
  const { tensors, fn, mode = 'all' } = MULTI_GRAD_HOOK.read(args);
  if (mode !== 'all' && mode !== 'any') {
    throw new Error(`Expects mode to be one of ('all', 'any') but got ${text_or_kind(mode)}`);
  }
  const handles = mode === 'all' ? register_all(tensors, fn as AllHook) : register_any(tensors, fn as AnyHook);
  return handle_of_hook(() => {
    for (const handle of handles) handle.remove();
  });
}

function register_all(tensors: readonly Tensor[], fn: AllHook): RemovableHandle[] {
  const hook_of = waiting_hooks(native.gradient_places(tensors.map(({ _h }) => _h)), tensors.length, fn);
  return tensors.map((tensor, i) => tensor.register_hook(hook_of(i)));
}

function register_any(tensors: readonly Tensor[], fn: AnyHook): RemovableHandle[] {
  const hook = first_hook(fn);
  return tensors.filter(({ requires_grad }) => requires_grad).map((tensor) => tensor.register_hook(hook));
}
