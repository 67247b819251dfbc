/** Mirrors `torch.nn`. */
export * from './modules/activation.js';
export * from './modules/adaptive.js';
export * as attention from './attention/index.js';
export { MultiheadAttention, type AttentionOptions, type MultiheadAttentionOptions } from './modules/attention.js';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  SyncBatchNorm,
  type NormOptions,
  type SyncBatchNormOptions,
} from './modules/batchnorm.js';
export * from './modules/container.js';
export {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvSizes,
  type ConvTransposeOptions,
} from './modules/conv.js';
export * from './modules/cross_map_lrn.js';
export * from './modules/distance.js';
export * from './modules/dropout.js';
export * from './modules/flatten.js';
export * from './modules/fold.js';
export * as functional from './functional/index.js';
export type {
  BackwardHookFunction,
  BackwardPreHook,
  ForwardHook,
  ForwardHookWithKwargs,
  ForwardPreHook,
  ForwardPreHookWithKwargs,
  Gradients,
  KeywordArguments,
  LoadStateDictPostHook,
  LoadStateDictPreHook,
  StateDictPostHook,
  StateDictPreHook,
} from './modules/hooks.js';
export type { RemovableHandle } from '../_internal/hooks.js';
export * as grad from './grad.js';
export * as init from './init.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './modules/instancenorm.js';
export * from './modules/lazy.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './modules/linear.js';
export {
  LinearCrossEntropyOptions,
  type AccumulationPolicy,
  type LinearCrossEntropyChoices,
} from './functional/linear_cross_entropy.js';
export * from './modules/loss.js';
export {
  IncompatibleKeys,
  Module,
  type LoadStateDictOptions,
  type MembersOptions,
  type ModuleToOptions,
  type StateDict,
  type StateDictMetadata,
  type StateDictOptions,
} from './modules/module.js';
export * as modules from './modules/index.js';
export * from './modules/normalization.js';
export * from './modules/padding.js';
export * as parallel from './parallel/index.js';
export { DataParallel, type DataParallelOptions } from './parallel/index.js';
export * as parameter from './paths/parameter.js';
export { Buffer, Parameter } from './parameter.js';
export * from './modules/pooling.js';
export type { LegacyReduction, Reduction } from './functional/reduction.js';
export * from './modules/rnn.js';
export * from './modules/pixelshuffle.js';
export * from './modules/sparse.js';
export * from './modules/transformer.js';
export {
  UninitializedBuffer,
  UninitializedParameter,
  type UninitializedBufferOptions,
  type UninitializedOptions,
} from './uninitialized.js';
export * from './modules/upsampling.js';
export * as utils from './utils/index.js';
export * from '../absent/nn.js';
