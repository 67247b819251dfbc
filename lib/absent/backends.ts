/** Modules of `torch.backends` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.backends.cusparselt`. */
export const cusparselt = absent_module('torch.backends.cusparselt');
/** Not in torch-node: `torch.backends.miopen`. */
export const miopen = absent_module('torch.backends.miopen');
/** Not in torch-node: `torch.backends.mps`. */
export const mps = absent_module('torch.backends.mps');
/** Not in torch-node: `torch.backends.opt_einsum`. */
export const opt_einsum = absent_module('torch.backends.opt_einsum');
/** Not in torch-node: `torch.backends.quantized`. */
export const quantized = absent_module('torch.backends.quantized');
/** Not in torch-node: `torch.backends.xnnpack`. */
export const xnnpack = absent_module('torch.backends.xnnpack');
