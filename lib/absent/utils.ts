/** Modules of `torch.utils` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.utils.bundled_inputs`. */
export const bundled_inputs = absent_module('torch.utils.bundled_inputs');
/** Not in torch-node: `torch.utils.cpp_extension`. */
export const cpp_extension = absent_module('torch.utils.cpp_extension');
/** Not in torch-node: `torch.utils.mobile_optimizer`. */
export const mobile_optimizer = absent_module('torch.utils.mobile_optimizer');
