/** How much is pruned. */
import { python_int } from '../../_internal/representation.js';

/** A number of units (an integer), or a fraction of them (any other number). 1 is one unit. */
export type Amount = number;

/** @throws Error when `amount` is negative, or a fraction above 1 */
export function checked_amount(amount: Amount): Amount {
  if (Number.isInteger(amount) ? amount < 0 : !(amount >= 0 && amount <= 1)) {
    throw new Error(
      `amount=${python_int(amount)} should either be a float in the range [0, 1] or a non-negative integer`,
    );
  }
  return amount;
}

/** How many of `size` units are pruned. @throws Error when there are not so many */
export function pruned_count(amount: Amount, size: number): number {
  if (!Number.isInteger(amount)) return round_half_even(amount * size);
  if (amount > size) {
    throw new Error(`amount=${amount} should be smaller than the number of parameters to prune=${size}`);
  }
  return amount;
}

/** As Python's `round`. */
function round_half_even(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
