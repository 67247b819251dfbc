/** Names of `torch.library` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.library.get_ctx`. */
export const get_ctx = absent('torch.library.get_ctx');
/** Not in torch-node: `torch.library.get_kernel`. */
export const get_kernel = absent('torch.library.get_kernel');
/** Not in torch-node: `torch.library.impl_abstract`. */
export const impl_abstract = absent('torch.library.impl_abstract');
/** Not in torch-node: `torch.library.infer_schema`. */
export const infer_schema = absent('torch.library.infer_schema');
/** Not in torch-node: `torch.library.register_torch_dispatch`. */
export const register_torch_dispatch = absent('torch.library.register_torch_dispatch');
/** Not in torch-node: `torch.library.triton_op`. */
export const triton_op = absent('torch.library.triton_op');
/** Not in torch-node: `torch.library.wrap_triton`. */
export const wrap_triton = absent('torch.library.wrap_triton');
