/**
 * Tensors that stand for others, as DTensor does for the shard of this process. They have no slot of the native table. An operator that
 * gets one is carried out by who defined the class; anything else that asks for the slot throws.
 */
import type { Tensor } from '../_tensor.js';
import { type TensorBase, is_tensor } from './tensor_base.js';

/** What is thrown by what takes the slot of such a tensor. */
export class SubclassOperand extends Error {}

/** Carries out an operator: its name, whether it is a method, and its arguments as the user gave them. */
type Carrier = (name: string, args: readonly unknown[], call: (...args: unknown[]) => unknown) => unknown;

let carrier: Carrier | null = null;

/** Sets what carries out operators on these tensors. */
export function set_carrier(of: Carrier): void {
  carrier = of;
}

/** What an operator gives whose classification threw. @throws what was thrown, when that is something else */
export function carried_out(
  error: unknown,
  name: string,
  args: readonly unknown[],
  call: (...args: unknown[]) => unknown,
): unknown {
  if (carrier === null || !(error instanceof SubclassOperand)) throw error;
  return carrier(name, args, call);
}

let open = 0;

/** Lets a function see the slots of the tensors that these stand for, as optimizers do, which work element by element. */
export function with_inner_handles<R>(fn: () => R): R {
  open++;
  try {
    return fn();
  } finally {
    open--;
  }
}

/** Whether slots may be seen. */
export const inner_handles_open = (): boolean => open > 0;

/** What such a class has: the tensor that it stands for, and what makes another one of the same kind. */
export interface StandsFor {
  readonly _local_tensor: Tensor;
  _with_local(local: Tensor): Tensor;
  /** The norm of several of them, of all their elements as one vector. */
  _norm_of(tensors: readonly Tensor[], norm_type: number): Tensor;
}

/** Whether a tensor stands for another. */
export function stands_for(value: unknown): value is Tensor & StandsFor {
  return is_tensor(value) && '_local_tensor' in (value as TensorBase);
}

/** A tensor for each element of another one: of its class, when that stands for one. */
export function as_class_of(model: Tensor, made: Tensor): Tensor {
  return stands_for(model) ? model._with_local(made) : made;
}
