/** Modules of `torch.backends` that are not here; each property of them throws an Error with the reason. */
import { absent } from './absent.js';

const cusparselt = absent('torch.backends.cusparselt', 'yet');
const miopen = absent('torch.backends.miopen', 'device');
const mps = absent('torch.backends.mps', 'device');
const opt_einsum = absent('torch.backends.opt_einsum', 'written_in_python');
const quantized = absent('torch.backends.quantized', 'yet');
const xnnpack = absent('torch.backends.xnnpack', 'yet');

export {
  /** Not in torch-node: `torch.backends.cusparselt`. */
  cusparselt,
  /** Not in torch-node: `torch.backends.miopen`. */
  miopen,
  /** Not in torch-node: `torch.backends.mps`. */
  mps,
  /** Not in torch-node: `torch.backends.opt_einsum`. */
  opt_einsum,
  /** Not in torch-node: `torch.backends.quantized`. */
  quantized,
  /** Not in torch-node: `torch.backends.xnnpack`. */
  xnnpack,
};
