/** Functions over batches: `torch.vmap`. */
import { cat, tensor_split } from '../generated/functions.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of, text_or_kind } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { refuse_async, refuse_promise } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';
import { flatten, broadcast_leaves, type Flat } from './structure.js';

// Shared with c10's RandomnessType.
const randomness_codes = { error: 0, same: 1, different: 2 };

/**
 * What random functions do within `vmap`: throw, draw once for the whole batch, or draw separately for each element.
 */
export type Randomness = keyof typeof randomness_codes;

/** The batch dimension (null: none) of all tensors of an argument or result, or nested as that one is. */
export type Dims = number | null | readonly Dims[] | { readonly [key: string]: Dims };

/** The options of {@link vmap}. */
export interface VmapOptions {
  /** Where the batch is in each argument: one number for all, or one for each; null where there is none. Default 0. */
  in_dims?: Dims;
  /** Where it goes in each result: one number for all, or one for each; null leaves out the batch. Default 0. */
  out_dims?: Dims;
  /** What random functions do. Default `'error'`. */
  randomness?: Randomness;
  /** How many elements of the batch are computed at once; all when null. Default null. */
  chunk_size?: number | null;
}

/** The tensors of the arguments, with the place of the batch in each. */
interface Batched extends Flat {
  readonly dims: readonly (number | null)[];
  readonly size: number;
}

function normalized(dim: number, tensor: Tensor): number {
  const rank = tensor.dim();
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new RangeError(
      `vmap(): Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${rank} so ` +
        `expected in_dim to satisfy -${rank} <= in_dim < ${rank}.`,
    );
  }
  return dim < 0 ? dim + rank : dim;
}

function checked_dim(dim: unknown, leaf: unknown): number | null {
  if (dim === null || dim === undefined) return null;
  if (leaf instanceof Tensor) return normalized(dim as number, leaf);
  // A number for all arguments skips those that are not tensors; Python throws.
  throw new TypeError(
    `vmap(): Got in_dim=${String(dim)} for an input but the input is of type ${kind_of(leaf)}. We cannot vmap ` +
      'over non-Tensor arguments, please use null as the respective in_dim',
  );
}

function batch_of(args: readonly unknown[], in_dims: Dims): Batched {
  const flat = flatten(args);
  const given = broadcast_leaves(in_dims, args);
  if (!given) {
    throw new TypeError(
      'vmap(): in_dims is not compatible with the structure of the inputs: it has ' +
        `${Array.isArray(in_dims) ? in_dims.length : Object.keys(in_dims as object).length} elements for ${args.length} inputs`,
    );
  }
  const dims = flat.leaves.map((leaf, i) => checked_dim(given[i], leaf));
  const sizes = new Set<number>();
  flat.leaves.forEach((leaf, i) => {
    const dim = dims[i]!;
    if (dim !== null && leaf instanceof Tensor) sizes.add(leaf.size(dim));
  });
  if (sizes.size === 0) throw new Error('vmap(): at least one argument must be a Tensor with a batch dimension');
  if (sizes.size > 1) {
    throw new Error(
      `vmap(): Expected all tensors to have the same size in the mapped dimension, got sizes [${[...sizes].join(', ')}] for the mapped dimension`,
    );
  }
  return { ...flat, dims, size: [...sizes][0] as number };
}

/** The tensors of a result, and where the batch goes in each. */
function places_of_result(out_dims: Dims, result: unknown): Flat<Tensor> & { dims: (number | null)[] } {
  const { leaves, rebuild } = flatten(result);
  const tensors = leaves.map((leaf) => {
    if (leaf instanceof Tensor) return leaf;
    throw new TypeError(`vmap(): the function must return Tensors, not ${kind_of(leaf)}`);
  });
  // A list for a single result is a list of one.
  const wanted =
    Array.isArray(out_dims) && !Array.isArray(result) && out_dims.length === 1 ? (out_dims[0] as Dims) : out_dims;
  const dims = broadcast_leaves(wanted, result);
  if (!dims) throw new TypeError('vmap(): out_dims is not compatible with the structure of the outputs');
  return { leaves: tensors, rebuild, dims: dims as (number | null)[] };
}

/** One pass through the function with all of `leaves` at once. */
function run(
  func: (...args: never[]) => unknown,
  batch: Batched,
  leaves: readonly unknown[],
  size: number,
  randomness: number,
  out_dims: Dims,
): { result: Flat<Tensor>; dims: (number | null)[] } {
  const level = native.vmap_enter(size, randomness);
  try {
    const seen = leaves.map((leaf, i) => {
      const dim = batch.dims[i]!;
      return dim !== null && leaf instanceof Tensor ? wrap(native.batch_dim_add(leaf._h, dim, level)) : leaf;
    });
    const answer = refuse_promise('vmap', func(...(batch.rebuild(seen) as never[])));
    const { leaves: inner, rebuild, dims } = places_of_result(out_dims, answer);
    const whole = inner.map((tensor, i) => {
      const dim = dims[i] as number | null;
      const removed = wrap(native.batch_dim_remove(tensor._h, level, size, dim ?? 0));
      return dim === null ? removed.select(0, 0) : removed;
    });
    return { result: { leaves: whole, rebuild }, dims };
  } finally {
    native.layer_exit();
  }
}

const VMAP = signature<VmapOptions & { func: (...args: never[]) => unknown }>(
  'vmap',
  'func: Callable, in_dims?: int|any[]|None, out_dims?: int|dict|any[]|None, randomness?: str, *, chunk_size?: int|None',
);

/**
 * Vectorizes a function: the returned function maps it over a batch dimension, in batched operators. Mirrors
 * `torch.vmap`.
 *
 * @param func - a function of tensors, or arrays and plain objects of them
 * @param in_dims - batch dimension of each argument; default 0
 * @param out_dims - batch dimension of the results; default 0
 * @param randomness - `'error'` (the default), `'same'` or `'different'`: what random functions do
 * @param chunk_size - number of elements computed at once; default null, all
 * @returns the batched function
 * @throws Error when the batches differ in size, or the function does what cannot be batched, such as reading values
 * @example
 * ```ts
 * const dots = torch.vmap((a: torch.Tensor, b: torch.Tensor) => a.dot(b));
 * print(dots(torch.tensor([[0.5, 1], [1.5, 2]]), torch.ones(2, 2)));
 * print(torch.vmap((x: torch.Tensor) => x.sum(), { in_dims: 1 })(torch.ones(2, 3)));
 * ```
 * ```python
 * dots = torch.vmap(lambda a, b: a.dot(b))
 * print(dots(torch.tensor([[0.5, 1], [1.5, 2]]), torch.ones(2, 2)))
 * print(torch.vmap(lambda x: x.sum(), in_dims=1)(torch.ones(2, 3)))
 * ```
 */
export function vmap<A extends unknown[], R>(
  func: (...args: A) => R,
  in_dims?: Dims,
  out_dims?: Dims,
  randomness?: Randomness,
  options?: VmapOptions,
): (...args: A) => R;
export function vmap<A extends unknown[], R>(
  func: (...args: A) => R,
  ...options: Tail<[in_dims: Dims, out_dims: Dims, randomness: Randomness], VmapOptions>
): (...args: A) => R;
export function vmap<A extends unknown[], R>(options: VmapOptions & { func: (...args: A) => R }): (...args: A) => R;
export function vmap(...given: unknown[]): (...args: unknown[]) => unknown {
  const { func, in_dims = 0, out_dims = 0, randomness = 'error', chunk_size = null } = VMAP.read(given);
  refuse_async('vmap', func);
  const code = randomness_codes[randomness];
  if (code === undefined) {
    throw new Error(
      `vmap(): Only allowed values for randomness are 'error', 'different', or 'same'. Got ${text_or_kind(randomness)}`,
    );
  }
  if (chunk_size !== null && !(Number.isInteger(chunk_size) && chunk_size > 0)) {
    throw new Error(`vmap(): chunk_size should be null or greater than 0. (got ${String(chunk_size)})`);
  }
  return (...args) => {
    const batch = batch_of(args, in_dims);
    if (chunk_size === null || chunk_size >= batch.size) {
      const { result } = run(func, batch, batch.leaves, batch.size, code, out_dims);
      return result.rebuild(result.leaves);
    }
    const bounds = Array.from({ length: Math.ceil(batch.size / chunk_size) - 1 }, (_, i) => (i + 1) * chunk_size);
    const pieces = batch.leaves.map((leaf, i) => {
      const dim = batch.dims[i]!;
      return dim !== null && leaf instanceof Tensor ? tensor_split(leaf, bounds, dim) : undefined;
    });
    const parts = [...bounds, batch.size].map((end, k) => {
      const leaves = batch.leaves.map((leaf, i) => pieces[i]?.[k] ?? leaf);
      return run(func, batch, leaves, end - k * chunk_size, code, out_dims);
    });
    const { result, dims } = parts[0] as (typeof parts)[number];
    return result.rebuild(
      dims.map((dim, i) =>
        dim === null
          ? result.leaves[i]
          : cat(
              parts.map((part) => part.result.leaves[i]!),
              dim,
            ),
      ),
    );
  };
}
