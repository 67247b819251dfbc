/** Modules of `torch` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

const package_ = absent_module('torch.package');
/** Not in torch-node: `torch.quantization`. */
export const quantization = absent_module('torch.quantization');
/** Not in torch-node: `torch.return_types`. */
export const return_types = absent_module('torch.return_types');

export {
  /** Not in torch-node: `torch.package`. */
  package_ as package,
};
