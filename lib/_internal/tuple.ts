/** Python's tuple, which layers below `python/` make too: what is a tuple in Python prints as one. */

/**
 * A Python tuple: an array in every respect that prints as a tuple and is saved as one.
 * @example
 * ```ts
 * import { Tuple } from 'torch-node/python';
 * print(Tuple.of(0.9, 0.999), [0.9, 0.999]);
 * ```
 * ```python
 * print((0.9, 0.999), [0.9, 0.999])
 * ```
 */
export class Tuple<T = unknown> extends Array<T> {
  // map, filter and the like give plain arrays; `new Array(3)` would take a lone number for a length.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static override of<T>(...items: T[]): Tuple<T> {
    return Tuple.from(items);
  }

  static override from<T>(items: Iterable<T> | ArrayLike<T>): Tuple<T> {
    const tuple = new Tuple<T>();
    for (const item of Array.from(items)) tuple.push(item);
    return tuple;
  }
}
