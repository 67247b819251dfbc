/** Names of `torch.random` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.random.fork_rng`. */
export const fork_rng = absent('torch.random.fork_rng');
