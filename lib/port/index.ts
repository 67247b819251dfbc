/**
 * torch-node/port: what programs that `npx torch-node port` wrote need at run time. `op` has Python's operators for values whose
 * type was not known, `py` its builtins and exceptions; the others are modules of its standard library.
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import '../index.js';

export {
  ast,
  copy,
  functools,
  inspect,
  io,
  itertools,
  json,
  operator,
  os,
  re,
  shutil,
  string,
  sys,
  tempfile,
} from './modules.js';
export { datetime } from './datetime.js';
export { glob, pathlib } from './pathlib.js';
export { pickle } from './pickle.js';
export { Image, pil } from './pil.js';
export * as op from './op.js';
export * as py from './py.js';
