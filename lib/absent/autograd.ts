/** Modules of `torch.autograd` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.autograd.profiler`. */
export const profiler = absent_module('torch.autograd.profiler');
