/** Names of `torch.masked` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.masked.as_masked_tensor`. */
export const as_masked_tensor = absent('torch.masked.as_masked_tensor');
/** Not in torch-node: `torch.masked.masked_tensor`. */
export const masked_tensor = absent('torch.masked.masked_tensor');
/** Not in torch-node: `torch.masked.MaskedTensor`. */
export const MaskedTensor = absent('torch.masked.MaskedTensor');
