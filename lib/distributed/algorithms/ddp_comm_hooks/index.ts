/** `torch.distributed.algorithms.ddp_comm_hooks`: hooks for `DistributedDataParallel.register_comm_hook`. */
export * as debugging_hooks from './debugging_hooks.js';
export * as default_hooks from './default_hooks.js';
export * as powerSGD_hook from './powerSGD_hook.js';
