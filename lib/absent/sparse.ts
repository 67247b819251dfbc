/** Names of `torch.sparse` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.sparse.to_sparse_semi_structured`. */
export const to_sparse_semi_structured = absent('torch.sparse.to_sparse_semi_structured');
