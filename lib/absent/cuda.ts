/** Modules of `torch.cuda` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.cuda.amp`. */
export const amp = absent_module('torch.cuda.amp');
