/** Mirrors `torch.nn`. */
export * from './activation.js';
export * from './batchnorm.js';
export * from './container.js';
export * from './conv.js';
export * from './dropout.js';
export * from './flatten.js';
export * as functional from './functional.js';
export type {
  BackwardHookFunction, BackwardPreHook, ForwardHook, ForwardHookWithKwargs, ForwardPreHook, ForwardPreHookWithKwargs,
  Gradients, KeywordArguments, LoadStateDictPostHook, LoadStateDictPreHook, StateDictPostHook, StateDictPreHook,
} from './hooks.js';
export type { RemovableHandle } from '../hooks.js';
export * as init from './init.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js';
export * from './loss.js';
export {
  IncompatibleKeys, Module, type LoadStateDictOptions, type MembersOptions, type ModuleToOptions, type StateDict,
  type StateDictMetadata, type StateDictOptions,
} from './module.js';
export * as modules from './modules.js';
export * from './normalization.js';
export * from './parameter.js';
export * from './pooling.js';
export type { LegacyReduction, Reduction } from './reduction.js';
export * from './rnn.js';
export * from './sparse.js';
export * as utils from './utils/index.js';
