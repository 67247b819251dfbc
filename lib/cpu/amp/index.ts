/** `torch.cpu.amp`: names of `torch.amp`, deprecated. */
export { autocast } from './autocast_mode.js';
export { GradScaler } from './grad_scaler.js';
export type { DeviceAutocastOptions, DeviceGradScalerOptions } from '../../amp/deprecated.js';
export * as autocast_mode from './autocast_mode.js';
export * as grad_scaler from './grad_scaler.js';
