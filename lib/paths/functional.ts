/** `torch.functional`: what is in `torch` too. */
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  block_diag,
  broadcast_shapes,
  broadcast_tensors,
  cartesian_prod,
  cdist,
  chain_matmul,
  einsum,
  lu,
  meshgrid,
  norm,
  split,
  tensordot,
  unique,
  unique_consecutive,
  unravel_index,
} from '../functional.js';
export { istft, stft } from '../generated/public_functions.js';
export { pca_lowrank, svd_lowrank } from '../_lowrank.js';
