/** Modules of `torch.nn` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.nn.attention`. */
export const attention = absent_module('torch.nn.attention');
/** Not in torch-node: `torch.nn.intrinsic`. */
export const intrinsic = absent_module('torch.nn.intrinsic');
/** Not in torch-node: `torch.nn.qat`. */
export const qat = absent_module('torch.nn.qat');
/** Not in torch-node: `torch.nn.quantizable`. */
export const quantizable = absent_module('torch.nn.quantizable');
/** Not in torch-node: `torch.nn.quantized`. */
export const quantized = absent_module('torch.nn.quantized');
