/**
 * torch-node/python: what scripts use of Python itself. `math` has the digits of Python, from the C library of the system;
 * `Math.sin` and `Math.cos` of V8 differ in the last bit on about one input in a hundred.
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/bundled.js';
import '../index.js';

export { enumerate, range, zip } from './builtins.js';
export { f, format, print, type PrintSettings, python_repr } from './print.js';
export { Tuple } from './values.js';
export * as math from './math.js';
export * as random from './random.js';
