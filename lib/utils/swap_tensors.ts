/** Two tensors that exchange what they are: `torch.utils.swap_tensors`. */
import { native } from '../_C/native.js';
import { move_to_slot } from '../_C/tensor_base.js';
import { get_gradient_edge } from '../autograd/gradient_edge.js';
import { signature } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';

/** @throws Error unless the object of JavaScript, and for a leaf the node that accumulates its gradient, are the only owners */
function check_owners(tensor: Tensor, name: string): void {
  const count = native.use_count(tensor._h);
  if (count < 2) return;
  const refuse = (): never => {
    throw new Error(
      `Expected use_count of ${name} to be 1 or 2 with an AccumulateGrad node but got ${count} make sure you are not holding ` +
        'references to the tensor in other places.',
    );
  };
  if (count > 2 || !tensor.is_leaf || !tensor.requires_grad) refuse();
  const { node } = get_gradient_edge(tensor);
  // More owners now: there was no such node before, and the second owner is another one.
  if (native.use_count(tensor._h) !== 2) refuse();
  node.register_prehook(() => {
    throw new Error(
      'Trying to execute AccumulateGrad node that was poisoned by swap_tensors: a tensor was swapped between the forward and the ' +
        'backward pass that goes into it.',
    );
  });
}

/** Exchanges the properties that programs have put on two objects, and their classes. */
function swap_properties(a: object, b: object): void {
  const own = (object: object): PropertyDescriptorMap => {
    const { _h, _p, ...others } = Object.getOwnPropertyDescriptors(object) as PropertyDescriptorMap;
    return others;
  };
  const [of_a, of_b] = [own(a), own(b)];
  for (const key of Reflect.ownKeys(of_a)) Reflect.deleteProperty(a, key);
  for (const key of Reflect.ownKeys(of_b)) Reflect.deleteProperty(b, key);
  Object.defineProperties(a, of_b);
  Object.defineProperties(b, of_a);
  const class_of_a: unknown = Object.getPrototypeOf(a);
  Object.setPrototypeOf(a, Object.getPrototypeOf(b) as object);
  Object.setPrototypeOf(b, class_of_a as object);
}

const SWAP = signature<{ t1: Tensor; t2: Tensor }>('swap_tensors', 't1: Tensor, t2: Tensor');

/**
 * Exchanges two tensors: each object has the elements, the dtype, the gradient and the class of the other one from then on. Mirrors
 * `torch.utils.swap_tensors`.
 *
 * @param t1 - a tensor
 * @param t2 - another one
 * @throws Error when the graph, a view or another object holds one of them
 * @example
 * ```ts
 * const [a, b] = [torch.ones(2), torch.arange(3)];
 * torch.utils.swap_tensors(a, b);
 * print(a, b);
 * ```
 * ```python
 * a, b = torch.ones(2), torch.arange(3)
 * torch.utils.swap_tensors(a, b)
 * print(a, b)
 * ```
 */
export function swap_tensors(t1: Tensor, t2: Tensor): void;
export function swap_tensors(options: { t1: Tensor; t2: Tensor }): void;
export function swap_tensors(...args: unknown[]): void {
  const { t1, t2 } = SWAP.read(args);
  if (t1 === t2) return;
  check_owners(t1, 't1');
  check_owners(t2, 't2');
  const [of_t1, of_t2] = [native.same_tensor(t1._h), native.same_tensor(t2._h)];
  move_to_slot(t1, of_t2);
  move_to_slot(t2, of_t1);
  swap_properties(t1, t2);
}
