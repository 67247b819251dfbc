/** `torch.nn.modules.instancenorm`. */
export { InstanceNorm as _InstanceNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from '../instancenorm.js';
export { LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d } from '../lazy.js';
