/** Names of `torch.autograd.profiler` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.autograd.profiler.load_nvprof`. */
export const load_nvprof = absent('torch.autograd.profiler.load_nvprof');
