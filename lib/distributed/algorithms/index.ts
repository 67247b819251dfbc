/** `torch.distributed.algorithms`: uneven inputs, and hooks that send gradients. */
import '../../_internal/bundled.js';

export * as ddp_comm_hooks from './ddp_comm_hooks/index.js';
export * as model_averaging from './model_averaging/index.js';
export * as join from './join.js';
export { Join, Joinable, JoinHook, type JoinOptions } from './join.js';
