/** Hooks: `torch.utils.hooks`. */
export { RemovableHandle } from '../_internal/hooks.js';
