/** Names of `torch.jit` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.jit.script`. */
export const script = absent('torch.jit.script');
