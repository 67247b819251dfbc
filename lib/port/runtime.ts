/**
 * torch-node/port: what programs that `npx torch-node port` wrote need at run time. `op` has Python's operators for values whose
 * type was not known, `py` its builtins and exceptions; the others are modules of its standard library.
 */
export * as op from './op.js';
export * as py from './py.js';
export { copy, functools, itertools, json, operator, os, string, sys } from './modules.js';
