/** Learning rate schedulers; mirrors `torch.optim.lr_scheduler`. */
export { ChainedScheduler, SequentialLR, type ChainedSchedulerOptions } from './composite.js';
export {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingLROptions,
  type CosineAnnealingWarmRestartsOptions,
} from './cosine.js';
export {
  CyclicLR,
  OneCycleLR,
  type CycleMomentumOptions,
  type CyclicLROptions,
  type OneCycleLROptions,
} from './cyclic.js';
export {
  ConstantLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  PolynomialLR,
  StepLR,
  type ConstantLROptions,
  type LinearLROptions,
  type LRLambda,
  type PolynomialLROptions,
  type StepLROptions,
} from './decay.js';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau.js';
export { _LRScheduler, LRScheduler, type LastEpoch, type ScheduledGroup, type SchedulerState } from './scheduler.js';
