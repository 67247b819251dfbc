/** Transforms of images together with masks, boxes and points; mirrors `torchvision.transforms.v2`. */
export { AutoAugmentPolicy } from '../autoaugment.js';
export { InterpolationMode } from '../functional/index.js';
export {
  AugMix,
  AutoAugment,
  RandAugment,
  TrivialAugmentWide,
  type AugMixV2Options,
  type AutoAugmentV2Options,
  type PolicyOptions,
  type RandAugmentV2Options,
  type TrivialAugmentWideV2Options,
} from './autoaugment.js';
export {
  ColorJitter,
  GaussianBlur,
  GaussianNoise,
  Grayscale,
  JPEG,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomChannelPermutation,
  RandomEqualize,
  RandomErasing,
  RandomGrayscale,
  RandomInvert,
  RandomPhotometricDistort,
  RandomPosterize,
  RandomSolarize,
  RGB,
  type ColorJitterV2Options,
  type PhotometricDistortOptions,
} from './colors.js';
export { Compose, RandomApply, RandomChoice, RandomOrder } from './containers.js';
export { ConvertImageDtype, PILToTensor, ToPILImage, ToTensor } from './conversions.js';
export { FiveCrop, TenCrop } from './crops.js';
export * as functional from './functional/index.js';
export { Lambda, LinearTransformation, UniformTemporalSubsample } from './functions.js';
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
export { SanitizeKeyPoints } from './keypoints.js';
export {
  check_type,
  get_bounding_boxes,
  get_keypoints,
  has_all,
  has_any,
  query_chw,
  query_size,
  type Kind,
  type KindOrCheck,
} from './queries.js';
export { CutMix, MixUp, RandomIoUCrop, SanitizeBoundingBoxes, type LabelsGetter, type MixOptions } from './samples.js';
export { Transform } from './transform.js';
export {
  ElasticTransform,
  RandomAffine,
  RandomPerspective,
  RandomRotation,
  type ElasticTransformV2Options,
  type RandomAffineV2Options,
  type RandomPerspectiveV2Options,
  type RandomRotationV2Options,
  type WarpOptions,
} from './warps.js';
