/** Optimizers; mirrors `torch.optim`. */
export { Adam, type AdamOptions, type AdamState } from './adam.js';
export { AdamW, type AdamWOptions } from './adamw.js';
export { SGD, type SGDOptions, type SGDState } from './sgd.js';
export {
  Optimizer, register_optimizer_step_post_hook, register_optimizer_step_pre_hook, type AnyOptimizer, type HookHandle,
  type LoadableOptimizerStateDict, type OptimizerStateDict, type ParamGroup, type ParamGroupInit, type Params,
  type StepPostHook, type StepPreHook,
} from './optimizer.js';
