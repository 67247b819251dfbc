/** Names of `torch.nested` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.nested.nested_tensor_from_jagged`. */
export const nested_tensor_from_jagged = absent('torch.nested.nested_tensor_from_jagged');
