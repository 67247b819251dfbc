/** Names of `torch.jit` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.jit.script`. */
export const script = absent('torch.jit.script');
/** Not in torch-node: `torch.jit.trace`. */
export const trace = absent('torch.jit.trace');
/** Not in torch-node: `torch.jit.trace_module`. */
export const trace_module = absent('torch.jit.trace_module');
