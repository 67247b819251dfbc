/** Optimizers; mirrors `torch.optim`. */
export { Adadelta, type AdadeltaOptions, type AdadeltaState } from './adadelta.js';
export { Adafactor, type AdafactorOptions, type AdafactorState } from './adafactor.js';
export { Adagrad, type AdagradOptions, type AdagradState } from './adagrad.js';
export { Adam, type AdamOptions, type AdamState } from './adam.js';
export { Adamax, type AdamaxOptions, type AdamaxState } from './adamax.js';
export { AdamW, type AdamWOptions } from './adamw.js';
export { ASGD, type ASGDOptions, type ASGDState } from './asgd.js';
export { LBFGS, type LBFGSOptions, type LBFGSState } from './lbfgs.js';
export { Muon, type MuonOptions, type MuonState } from './muon.js';
export { NAdam, type NAdamOptions, type NAdamState } from './nadam.js';
export { RAdam, type RAdamOptions, type RAdamState } from './radam.js';
export { RMSprop, type RMSpropOptions, type RMSpropState } from './rmsprop.js';
export { Rprop, type RpropOptions, type RpropState } from './rprop.js';
export { SGD, type SGDOptions, type SGDState } from './sgd.js';
export { SparseAdam, type SparseAdamOptions, type SparseAdamState } from './sparse_adam.js';
export type { HowOptions } from './native_optimizer.js';
export {
  Optimizer,
  register_optimizer_step_post_hook,
  register_optimizer_step_pre_hook,
  type AnyOptimizer,
  type HookHandle,
  type LoadableOptimizerStateDict,
  type OptimizerStateDict,
  type ParamGroup,
  type ParamGroupInit,
  type Params,
  type StepPostHook,
  type StepPreHook,
} from './optimizer.js';
export { swap_in_optimizer_params_and_state } from './stateless.js';
export * as adadelta from './adadelta.js';
export * as adagrad from './adagrad.js';
export * as adam from './adam.js';
export * as adamax from './adamax.js';
export * as adamw from './adamw.js';
export * as asgd from './asgd.js';
export * as lbfgs from './lbfgs.js';
export * as nadam from './nadam.js';
export * as radam from './radam.js';
export * as rmsprop from './rmsprop.js';
export * as rprop from './rprop.js';
export * as sgd from './sgd.js';
export * as sparse_adam from './sparse_adam.js';
export * as optimizer from './optimizer.js';
export * as lr_scheduler from './lr_scheduler/index.js';
export * as swa_utils from './swa_utils.js';
