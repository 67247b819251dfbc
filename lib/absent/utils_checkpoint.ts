/** Names of `torch.utils.checkpoint` that are not here; using one throws an Error that says what to do instead. */
import { absent } from './absent.js';

/** Not in torch-node: `torch.utils.checkpoint.CheckpointPolicy`. */
export const CheckpointPolicy = absent('torch.utils.checkpoint.CheckpointPolicy');
/** Not in torch-node: `torch.utils.checkpoint.create_selective_checkpoint_contexts`. */
export const create_selective_checkpoint_contexts = absent(
  'torch.utils.checkpoint.create_selective_checkpoint_contexts',
);
/** Not in torch-node: `torch.utils.checkpoint.GraphExecGroup`. */
export const GraphExecGroup = absent('torch.utils.checkpoint.GraphExecGroup');
/** Not in torch-node: `torch.utils.checkpoint.SAC_IGNORED_OPS`. */
export const SAC_IGNORED_OPS = absent('torch.utils.checkpoint.SAC_IGNORED_OPS');
/** Not in torch-node: `torch.utils.checkpoint.SelectiveCheckpointContext`. */
export const SelectiveCheckpointContext = absent('torch.utils.checkpoint.SelectiveCheckpointContext');
/** Not in torch-node: `torch.utils.checkpoint.set_checkpoint_debug_enabled`. */
export const set_checkpoint_debug_enabled = absent('torch.utils.checkpoint.set_checkpoint_debug_enabled');
