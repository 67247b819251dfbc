/** What the tests of torch.nn compare with Python, in the form in which tests/reference/nn_*.py reports it. */
import { type nn, Tensor } from 'torch-node';

import { hex_of } from '../reference.js';

export interface Told {
  shape: number[];
  dtype: string;
  hex: string;
}

/** The bytes of the elements. */
export function hexed(tensor: Tensor): string {
  return hex_of(tensor.detach().clone().contiguous().numpy().data as unknown as ArrayBufferView);
}

/** Shape, dtype and bytes of a tensor. */
export function told(tensor: Tensor): Told {
  return { shape: [...tensor.shape], dtype: String(tensor.dtype), hex: hexed(tensor) };
}

/** All tensors in nested arrays. */
export function flat(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  return [...(value as Iterable<unknown>)].flatMap(flat);
}

/** The state of a module as names and bytes. */
export function state_of(module: nn.Module): [string, string][] {
  return Object.entries(module.state_dict()).map(([name, tensor]) => [name, hexed(tensor)]);
}

/** The sum of all floating-point tensors, as Python's `sum` adds them up. */
export function total(tensors: readonly Tensor[]): Tensor {
  const sums = tensors.filter((tensor) => tensor.is_floating_point()).map((tensor) => tensor.sum());
  return sums.reduce((sum, next) => sum.add(next));
}

/** Calls a module whatever it is. */
export function call(module: nn.Module, ...args: unknown[]): unknown {
  return (module as unknown as (...args: unknown[]) => unknown)(...args);
}

/** What calls give, or the texts of their errors. */
export function answers(runs: readonly (() => unknown)[]): unknown[] {
  return runs.map((run) => {
    try {
      return run();
    } catch (error) {
      return (error as Error).message;
    }
  });
}
