/** Automatic mixed precision: `torch.amp`. */
export {
  autocast,
  custom_bwd,
  custom_fwd,
  is_autocast_available,
  type Autocast,
  type AutocastOptions,
  type CustomFwdOptions,
  type FunctionDecorator,
} from './autocast_mode.js';
export { GradScaler, type GradScalerOptions, type GradScalerState, type ScaledOptimizer } from './grad_scaler.js';
export * as autocast_mode from './autocast_mode.js';
export * as grad_scaler from './grad_scaler.js';
