/** How numpy's generators, old and new, shuffle. */
import type { NDArray } from './ndarray.js';

/** Shuffles an array along its first dimension, or a list, in place; `place` draws an integer from 0 to `last`. */
export function shuffle_in_place(x: NDArray | unknown[], place: (last: number) => number): void {
  for (let i = x.length - 1; i > 0; i--) {
    const j = place(i);
    if (Array.isArray(x)) [x[i], x[j]] = [x[j], x[i]];
    else if (i !== j) {
      const row = x.index([i]);
      x.index_put_(i, x.index(j));
      x.index_put_([[j]], row);
    }
  }
}
