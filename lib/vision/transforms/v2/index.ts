/** Transforms of images together with masks, boxes and points; mirrors `torchvision.transforms.v2`, of which it has a part. */
export { InterpolationMode } from '../functional/index.js';
export { Compose, RandomApply, RandomChoice, RandomOrder } from './containers.js';
export * as functional from './functional/index.js';
export {
  CenterCrop,
  Pad,
  RandomCrop,
  RandomHorizontalFlip,
  RandomResize,
  RandomResizedCrop,
  RandomShortestSize,
  RandomVerticalFlip,
  RandomZoomOut,
  Resize,
  ScaleJitter,
  type FillLike,
  type ResamplingOptions,
} from './geometry.js';
export {
  ClampBoundingBoxes,
  ClampKeyPoints,
  ConvertBoundingBoxFormat,
  Identity,
  Normalize,
  SetClampingMode,
  ToDtype,
  ToImage,
  ToPureTensor,
  type DTypes,
} from './kinds.js';
export { CutMix, MixUp, RandomIoUCrop, SanitizeBoundingBoxes, type LabelsGetter, type MixOptions } from './samples.js';
export { Transform } from './transform.js';
