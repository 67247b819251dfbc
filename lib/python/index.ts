/**
 * torch-node/python: what scripts use of Python itself. `math` has Python's digits, from the system's C library; V8's own
 * `Math.sin` and `Math.cos` differ in the last bit on about one input in a hundred.
 *
 * @example
 * ```ts
 * import { math, enumerate, f, print, range } from 'torch-node/python';
 * for (const [i, x] of enumerate(range(3))) print(f`${i}: ${math.sin(x)}:.4f`);
 * ```
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/bundled.js';
import '../index.js';

export { enumerate, range, zip } from './builtins.js';
export { f, format, print, type PrintSettings, python_repr } from './print.js';
export { Tuple } from './values.js';
export * as math from './math.js';
