/** Names of `torch.utils.checkpoint` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.utils.checkpoint.GraphExecGroup`. */
export const GraphExecGroup = absent('torch.utils.checkpoint.GraphExecGroup');
