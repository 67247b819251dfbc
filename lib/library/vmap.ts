/** Operators whose kernels are JavaScript, over batches. */
import { native, type Tagged } from '../_C/native.js';
import { is_tensor, wrap } from '../_C/tensor_base.js';
import type { Tensor } from '../_tensor.js';
import { arguments_of, call_user, given_to, tagged_results, type Operator } from './operators.js';

/** The place of the batch in a value, null where there is none; of a list, in each of its tensors. */
export type BatchDims = number | null | readonly BatchDims[];

/** What a function for batches is told about them. */
export interface VmapInfo {
  readonly batch_size: number;
  readonly randomness: 'error' | 'same' | 'different';
}

/**
 * Computes an operator over a batch: gets `info`, the place of the batch in each argument, and the arguments; returns the result and
 * the place of the batch in it.
 */
export type VmapFunction = (
  info: VmapInfo,
  in_dims: readonly BatchDims[],
  ...args: never[]
) => readonly [unknown, unknown];

const randomness_names = ['error', 'same', 'different'] as const;

/** A value without the batch of a level, and the place of the batch. */
function unwrapped(value: unknown, level: number): [value: unknown, dims: BatchDims] {
  if (is_tensor(value)) {
    const inside = native.batch_unwrap(value._h, level);
    return inside === null ? [value, null] : [wrap(inside[0]), inside[1]];
  }
  if (!Array.isArray(value) || !value.some((item) => is_tensor(item))) return [value, null];
  const parts = value.map((item) => unwrapped(item, level));
  return [parts.map(([inside]) => inside), parts.map(([, dims]) => dims)];
}

function wrapped(value: unknown, dims: unknown, level: number): unknown {
  if (Array.isArray(value)) return value.map((item, i) => wrapped(item, Array.isArray(dims) ? dims[i] : dims, level));
  if (typeof dims !== 'number') return value;
  return wrap(native.batch_dim_add((value as Tensor)._h, dims, level));
}

const is_batched = (dims: BatchDims): boolean => (Array.isArray(dims) ? dims.some(is_batched) : dims !== null);

/** The kernel for calls within `torch.vmap`. */
export function batched_kernel(its: Operator, fn: () => VmapFunction): (tagged: readonly Tagged[]) => Tagged[] {
  return (tagged) => {
    const { positional, named } = given_to(its, tagged);
    const [level, batch_size, randomness] = native.layer_lower();
    let result: unknown;
    let out_dims: unknown = null;
    try {
      const parts = positional.map((value) => unwrapped(value, level));
      const args = arguments_of({ positional: parts.map(([value]) => value), named });
      const in_dims = parts.map(([, dims]) => dims);
      if (in_dims.some(is_batched)) {
        const info: VmapInfo = { batch_size, randomness: randomness_names[randomness]! };
        const answer = call_user(fn(), its.qualified, [info, in_dims, ...args]);
        if (!Array.isArray(answer) || answer.length !== 2) {
          throw new TypeError(`${its.qualified}(): the function for vmap must return [result, out_dims]`);
        }
        [result, out_dims] = answer as [unknown, unknown];
      } else result = its.call(...args);
    } finally {
      native.layer_raise();
    }
    return tagged_results(its, wrapped(result, out_dims, level));
  };
}
