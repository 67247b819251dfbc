/** Modules of `torch.autograd` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const anomaly_mode = absent('torch.autograd.anomaly_mode', 'inner');
const function_ = absent('torch.autograd.function', 'inner');
const grad_mode = absent('torch.autograd.grad_mode', 'inner');
const profiler = absent('torch.autograd.profiler', 'yet');
const variable = absent('torch.autograd.variable', 'inner');

export {
  /** Not in torch-node: `torch.autograd.anomaly_mode`. */
  anomaly_mode,
  /** Not in torch-node: `torch.autograd.function`. */
  function_ as function,
  /** Not in torch-node: `torch.autograd.grad_mode`. */
  grad_mode,
  /** Not in torch-node: `torch.autograd.profiler`. */
  profiler,
  /** Not in torch-node: `torch.autograd.variable`. */
  variable,
};
