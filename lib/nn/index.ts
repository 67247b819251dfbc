/** Mirrors `torch.nn`. */
export * from './activation.js';
export * from './adaptive.js';
export { MultiheadAttention, type AttentionOptions, type MultiheadAttentionOptions } from './attention.js';
export {
  BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm, type NormOptions, type SyncBatchNormOptions,
} from './batchnorm.js';
export * from './container.js';
export {
  Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, type ConvOptions, type ConvPaddingMode,
  type ConvSizes, type ConvTransposeOptions,
} from './conv.js';
export * from './cross_map_lrn.js';
export * from './distance.js';
export * from './dropout.js';
export * from './flatten.js';
export * from './fold.js';
export * as functional from './functional.js';
export type {
  BackwardHookFunction, BackwardPreHook, ForwardHook, ForwardHookWithKwargs, ForwardPreHook, ForwardPreHookWithKwargs,
  Gradients, KeywordArguments, LoadStateDictPostHook, LoadStateDictPreHook, StateDictPostHook, StateDictPreHook,
} from './hooks.js';
export type { RemovableHandle } from '../hooks.js';
export * as init from './init.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './instancenorm.js';
export * from './lazy.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js';
export {
  LinearCrossEntropyOptions, type AccumulationPolicy, type LinearCrossEntropyChoices,
} from './linear_cross_entropy.js';
export * from './loss.js';
export {
  IncompatibleKeys, Module, type LoadStateDictOptions, type MembersOptions, type ModuleToOptions, type StateDict,
  type StateDictMetadata, type StateDictOptions,
} from './module.js';
export * as modules from './modules.js';
export * from './normalization.js';
export * from './padding.js';
export * as parallel from './parallel/index.js';
export { DataParallel, type DataParallelOptions } from './parallel/index.js';
export { Buffer, Parameter } from './parameter.js';
export * from './pooling.js';
export type { LegacyReduction, Reduction } from './reduction.js';
export * from './rnn.js';
export * from './shuffle.js';
export * from './sparse.js';
export * from './transformer.js';
export {
  UninitializedBuffer, UninitializedParameter, type UninitializedBufferOptions, type UninitializedOptions,
} from './uninitialized.js';
export * from './upsampling.js';
export * as utils from './utils/index.js';
export * from '../absent/nn.js';
