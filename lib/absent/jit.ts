/** Names of `torch.jit` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.jit.annotate`. */
export const annotate = absent('torch.jit.annotate');
const export_ = absent('torch.jit.export');
/** Not in torch-node: `torch.jit.fork`. */
export const fork = absent('torch.jit.fork');
/** Not in torch-node: `torch.jit.ignore`. */
export const ignore = absent('torch.jit.ignore');
const interface_ = absent('torch.jit.interface');
/** Not in torch-node: `torch.jit.script`. */
export const script = absent('torch.jit.script');
/** Not in torch-node: `torch.jit.script_if_tracing`. */
export const script_if_tracing = absent('torch.jit.script_if_tracing');
/** Not in torch-node: `torch.jit.trace`. */
export const trace = absent('torch.jit.trace');
/** Not in torch-node: `torch.jit.trace_module`. */
export const trace_module = absent('torch.jit.trace_module');
/** Not in torch-node: `torch.jit.unused`. */
export const unused = absent('torch.jit.unused');
/** Not in torch-node: `torch.jit.wait`. */
export const wait = absent('torch.jit.wait');

export {
  /** Not in torch-node: `torch.jit.interface`. */
  interface_ as interface,
  /** Not in torch-node: `torch.jit.export`. */
  export_ as export,
};
