/** Probabilities of elements, for the generators of numpy. */
import { sqrt } from '../python/math.js';
import { array_from, type ArrayArgument } from './arguments.js';

/** The sum of probabilities with the rounding errors taken back, as numpy checks it. */
function careful_sum(p: readonly number[]): number {
  let [sum, lost] = [p[0] ?? 0, 0];
  for (const value of p.slice(1)) {
    const term = value - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum;
}

/** The share of each element and those before it. */
export function distribution(p: readonly number[]): number[] {
  let total = 0;
  const sums = p.map((value) => (total += value));
  return sums.map((sum) => sum / total);
}

/** The first place whose number is above `x`; numpy's `searchsorted(x, side='right')`. */
export function place_of(x: number, rising: readonly number[]): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the two generators say about probabilities. */
interface Texts {
  readonly dimensions: string;
  readonly sizes: string;
  readonly nan: string;
  readonly negative: string;
  readonly sum: string;
}
export const of_random_state: Texts = {
  dimensions: "'p' must be 1-dimensional",
  sizes: "'a' and 'p' must have same size",
  nan: 'probabilities contain NaN',
  negative: 'probabilities are not non-negative',
  sum: 'probabilities do not sum to 1',
};
export const of_generator: Texts = {
  dimensions: 'p must be 1-dimensional',
  sizes: 'a and p must have same size',
  nan: 'Probabilities contain NaN',
  negative: 'Probabilities are not non-negative',
  sum: 'Probabilities do not sum to 1. See Notes section of docstring for more information.',
};

/** The probabilities of `n` elements. */
export function probabilities(p: ArrayArgument, n: number, texts: Texts): number[] {
  const array = array_from('choice', p);
  if (array.ndim !== 1) throw new Error(texts.dimensions);
  if (array.size !== n) throw new Error(texts.sizes);
  const list = (array.tolist() as (number | bigint)[]).map(Number);
  const sum = careful_sum(list);
  if (Number.isNaN(sum)) throw new Error(texts.nan);
  if (list.some((value) => value < 0)) throw new Error(texts.negative);
  if (Math.abs(sum - 1) > sqrt(Number.EPSILON)) throw new Error(texts.sum);
  return list;
}
