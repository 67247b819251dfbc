/** Names of `torch.multiprocessing` that are not here; a use throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.multiprocessing.Manager`. */
export const Manager = absent('torch.multiprocessing.Manager');
