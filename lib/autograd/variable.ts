/** `torch.autograd.variable`. */
export { Variable } from '../python/builtins.js';
