/** `torch.linalg`: the operators of linear algebra, and their error. */
export * from './generated/linalg.js';
export { LinAlgError } from './linalg_error.js';
