/**
 * torch-node/python: what scripts use of Python itself: builtins, `argparse`, `collections`, `contextlib`, `csv`, `logging`, `math`, `queue`,
 * `random` and `time`. `math` has the digits of Python, from the C library of the system;
 * `Math.sin` and `Math.cos` of V8 differ in the last bit on about one input in a hundred.
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import '../index.js';

export { enumerate, range, zip } from './builtins.js';
export { f, format, print, type PrintSettings, python_repr } from './print.js';
export { Tuple } from './values.js';
export * as argparse from './argparse.js';
export * as collections from './collections.js';
export * as contextlib from './contextlib.js';
export * as csv from './csv.js';
export * as logging from './logging.js';
export * as math from './math.js';
export * as queue from './queue.js';
export * as random from './random.js';
export * as time from './time.js';
