/** Modules of `torch.utils` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const benchmark = absent('torch.utils.benchmark', 'written_in_python');
const bundled_inputs = absent('torch.utils.bundled_inputs', 'tracing');
const cpp_extension = absent('torch.utils.cpp_extension', 'processes');
const flop_counter = absent('torch.utils.flop_counter', 'tracing');
const hooks = absent('torch.utils.hooks', 'inner');
const mobile_optimizer = absent('torch.utils.mobile_optimizer', 'written_in_python');
const model_zoo = absent('torch.utils.model_zoo', 'written_in_python');
const tensorboard = absent('torch.utils.tensorboard', 'written_in_python');

export {
  /** Not in torch-node: `torch.utils.benchmark`. */
  benchmark,
  /** Not in torch-node: `torch.utils.bundled_inputs`. */
  bundled_inputs,
  /** Not in torch-node: `torch.utils.cpp_extension`. */
  cpp_extension,
  /** Not in torch-node: `torch.utils.flop_counter`. */
  flop_counter,
  /** Not in torch-node: `torch.utils.hooks`. */
  hooks,
  /** Not in torch-node: `torch.utils.mobile_optimizer`. */
  mobile_optimizer,
  /** Not in torch-node: `torch.utils.model_zoo`. */
  model_zoo,
  /** Not in torch-node: `torch.utils.tensorboard`. */
  tensorboard,
};
