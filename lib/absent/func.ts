/** Names of `torch.func` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.func.functionalize`. */
export const functionalize = absent('torch.func.functionalize');
