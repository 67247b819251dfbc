/** Modules of `torch.autograd` that are not here; using one throws an Error that says what to do instead. */
import { absent_module } from './absent.js';

/** Not in torch-node: `torch.autograd.anomaly_mode`. */
export const anomaly_mode = absent_module('torch.autograd.anomaly_mode');
const function_ = absent_module('torch.autograd.function');
/** Not in torch-node: `torch.autograd.grad_mode`. */
export const grad_mode = absent_module('torch.autograd.grad_mode');
/** Not in torch-node: `torch.autograd.variable`. */
export const variable = absent_module('torch.autograd.variable');

export {
  /** Not in torch-node: `torch.autograd.function`. */
  function_ as function,
};
