/** Mirrors `torch.nn.modules`, as far as it has more than `torch.nn`. */
export * as lazy from './lazy_module.js';
export * as module from './global_hooks.js';
