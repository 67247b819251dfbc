/** Names of `torch.hub` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.hub.help`. */
export const help = absent('torch.hub.help');
/** Not in torch-node: `torch.hub.list`. */
export const list = absent('torch.hub.list');
/** Not in torch-node: `torch.hub.load`. */
export const load = absent('torch.hub.load');
