/** `torch.nn.modules.batchnorm`: programs ask `instanceof _BatchNorm` for all kinds of batch normalization at once. */
export {
  BatchNorm as _BatchNorm,
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  NormBase as _NormBase,
  SyncBatchNorm,
  type NormOptions,
  type SyncBatchNormOptions,
} from '../batchnorm.js';
export { LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d } from '../lazy.js';
