/** Modules of `torch.backends` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.backends.cusparselt`. */
export const cusparselt = absent_module('torch.backends.cusparselt');
