/** Nested arrays and plain objects, whose leaves are tensors: what transformed functions take and give. */
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Tensor } from '../_tensor.js';

/** The leaves of a nested value, and the way back. */
export interface Flat<L = unknown> {
  readonly leaves: readonly L[];
  /** The same nesting with other leaves. */
  rebuild(leaves: readonly unknown[]): unknown;
}

function flatten_into(value: unknown, leaves: unknown[]): (next: () => unknown) => unknown {
  if (Array.isArray(value)) {
    const parts = value.map((item) => flatten_into(item, leaves));
    return (next) => parts.map((part) => part(next));
  }
  if (is_plain_object(value)) {
    const parts = Object.entries(value).map(([key, item]) => [key, flatten_into(item, leaves)] as const);
    return (next) => Object.fromEntries(parts.map(([key, part]) => [key, part(next)]));
  }
  leaves.push(value);
  return (next) => next();
}

/** Takes a nested value apart. */
export function flatten(value: unknown): Flat {
  const leaves: unknown[] = [];
  const build = flatten_into(value, leaves);
  return {
    leaves,
    rebuild(others) {
      let at = 0;
      return build(() => others[at++]);
    },
  };
}

/** A nested value of tensors only. @throws TypeError for another leaf */
export function flatten_tensors(callee: string, what: string, value: unknown): Flat<Tensor> {
  const flat = flatten(value);
  for (const leaf of flat.leaves) {
    if (!(leaf instanceof Tensor)) throw new TypeError(`${callee}(): ${what} must be Tensor, not ${kind_of(leaf)}`);
  }
  return flat as Flat<Tensor>;
}

/** Applies to every tensor; other leaves stay. */
export function map_tensors(value: unknown, apply: (tensor: Tensor) => unknown): unknown {
  const { leaves, rebuild } = flatten(value);
  return rebuild(leaves.map((leaf) => (leaf instanceof Tensor ? apply(leaf) : leaf)));
}

/**
 * One element of `given` for each leaf of `value`: `given` may stop higher up, and then counts for all below. Undefined when
 * it does not fit.
 */
export function broadcast_leaves(given: unknown, value: unknown): unknown[] | undefined {
  if (!Array.isArray(given) && !is_plain_object(given)) return flatten(value).leaves.map(() => given);
  const pairs =
    Array.isArray(given) && Array.isArray(value) && given.length === value.length
      ? given.map((item, i) => broadcast_leaves(item, value[i]))
      : is_plain_object(given) && is_plain_object(value) && Object.keys(given).length === Object.keys(value).length
        ? Object.keys(value).map((key) => (key in given ? broadcast_leaves(given[key], value[key]) : undefined))
        : [undefined];
  return pairs.some((part) => part === undefined) ? undefined : (pairs as unknown[][]).flat();
}
