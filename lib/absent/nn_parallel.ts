/** Names of `torch.nn.parallel` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.nn.parallel.gather`. */
export const gather = absent('torch.nn.parallel.gather');
/** Not in torch-node: `torch.nn.parallel.parallel_apply`. */
export const parallel_apply = absent('torch.nn.parallel.parallel_apply');
/** Not in torch-node: `torch.nn.parallel.replicate`. */
export const replicate = absent('torch.nn.parallel.replicate');
/** Not in torch-node: `torch.nn.parallel.scatter`. */
export const scatter = absent('torch.nn.parallel.scatter');
