/** Names and modules of `torch` that are not here; using one throws an Error that says what to do instead. */
import { absent, absent_module } from './absent.js';

/** Not in torch-node: `torch.amp`. */
export const amp = absent_module('torch.amp');
/** Not in torch-node: `torch.autocast`. */
export const autocast = absent('torch.autocast');
/** Not in torch-node: `torch.distributed`. */
export const distributed = absent_module('torch.distributed');
const export_ = absent_module('torch.export');
/** Not in torch-node: `torch.fx`. */
export const fx = absent_module('torch.fx');
/** Not in torch-node: `torch.get_autocast_dtype`. */
export const get_autocast_dtype = absent('torch.get_autocast_dtype');
/** Not in torch-node: `torch.get_autocast_gpu_dtype`. */
export const get_autocast_gpu_dtype = absent('torch.get_autocast_gpu_dtype');
/** Not in torch-node: `torch.GradScaler`. */
export const GradScaler = absent('torch.GradScaler');
/** Not in torch-node: `torch.is_autocast_enabled`. */
export const is_autocast_enabled = absent('torch.is_autocast_enabled');
/** Not in torch-node: `torch.monitor`. */
export const monitor = absent_module('torch.monitor');
/** Not in torch-node: `torch.multiprocessing`. */
export const multiprocessing = absent_module('torch.multiprocessing');
/** Not in torch-node: `torch.onnx`. */
export const onnx = absent_module('torch.onnx');
/** Not in torch-node: `torch.OutOfMemoryError`. */
export const OutOfMemoryError = absent('torch.OutOfMemoryError');
const package_ = absent_module('torch.package');
/** Not in torch-node: `torch.quantization`. */
export const quantization = absent_module('torch.quantization');
/** Not in torch-node: `torch.return_types`. */
export const return_types = absent_module('torch.return_types');
/** Not in torch-node: `torch.set_autocast_dtype`. */
export const set_autocast_dtype = absent('torch.set_autocast_dtype');
/** Not in torch-node: `torch.set_autocast_enabled`. */
export const set_autocast_enabled = absent('torch.set_autocast_enabled');

export {
  /** Not in torch-node: `torch.export`. */
  export_ as export,
  /** Not in torch-node: `torch.package`. */
  package_ as package,
};
