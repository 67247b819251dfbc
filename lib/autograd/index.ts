/** Automatic differentiation: `torch.autograd`. */
export { detect_anomaly, is_anomaly_enabled, set_detect_anomaly } from './anomaly_mode.js';
export { backward, grad, type BackwardAllOptions, type GradOptions } from './gradients.js';
export {
  enable_grad,
  enforce_grad_layout_policy,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  is_multithreading_enabled,
  no_grad,
  set_grad_enabled,
  set_multithreading_enabled,
} from './grad_mode.js';
export { Function, FunctionCtx, type FunctionClass, type FunctionClassWithSetup } from './function.js';
export * as anomaly_mode from './anomaly_mode.js';
export * as function from './function.js';
export * as grad_mode from './grad_mode.js';
export * as variable from './variable.js';
export * as forward_ad from './forward_ad.js';
export * as functional from './functional.js';
export { gradcheck, GradcheckError, gradgradcheck, type GradcheckOptions } from './gradcheck.js';
export * as graph from './graph.js';
export * as profiler from './profiler.js';
export * as profiler_util from './profiler_util.js';
export { Variable } from '../python/builtins.js';
