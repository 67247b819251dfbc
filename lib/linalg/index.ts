/** `torch.linalg`: the operators of linear algebra, and their error. */
export * from '../generated/linalg.js';
export { LinAlgError } from '../_C/linalg_error.js';
