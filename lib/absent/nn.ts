/** Modules of `torch.nn` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const attention = absent('torch.nn.attention', 'written_in_python');
const intrinsic = absent('torch.nn.intrinsic', 'tracing');
const qat = absent('torch.nn.qat', 'tracing');
const quantizable = absent('torch.nn.quantizable', 'tracing');
const quantized = absent('torch.nn.quantized', 'written_in_python');

export {
  /** Not in torch-node: `torch.nn.attention`. */
  attention,
  /** Not in torch-node: `torch.nn.intrinsic`. */
  intrinsic,
  /** Not in torch-node: `torch.nn.qat`. */
  qat,
  /** Not in torch-node: `torch.nn.quantizable`. */
  quantizable,
  /** Not in torch-node: `torch.nn.quantized`. */
  quantized,
};
