/** Transforms of images; mirrors `torchvision.transforms`. */
export {
  AugMix,
  AutoAugment,
  AutoAugmentPolicy,
  RandAugment,
  TrivialAugmentWide,
  type AugMixOptions,
  type AutoAugmentOptions,
  type RandAugmentOptions,
  type TrivialAugmentWideOptions,
} from './autoaugment.js';
export { ColorJitter, GaussianBlur, Grayscale, type ColorJitterOptions } from './colors.js';
export { Compose } from './compose.js';
export { RandomApply, RandomChoice, RandomOrder } from './containers.js';
export { ConvertImageDtype, LinearTransformation, PILToTensor, ToPILImage } from './conversions.js';
export * as functional from './functional/index.js';
export { InterpolationMode, type Interpolation } from './functional/index.js';
export { Lambda } from './lambda.js';
export { Normalize } from './normalize.js';
export {
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomGrayscale,
  RandomHorizontalFlip,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
  RandomVerticalFlip,
} from './random_choices.js';
export {
  RandomCrop,
  RandomResizedCrop,
  type RandomCropOptions,
  type RandomResizedCropOptions,
} from './random_crops.js';
export { RandomErasing, type RandomErasingOptions } from './random_erasing.js';
export {
  ElasticTransform,
  RandomAffine,
  RandomPerspective,
  RandomRotation,
  type ElasticTransformOptions,
  type RandomAffineOptions,
  type RandomPerspectiveOptions,
  type RandomRotationOptions,
} from './random_warps.js';
export { CenterCrop, FiveCrop, Pad, Resize, TenCrop } from './sizes.js';
export { ToTensor } from './to_tensor.js';
export * as v2 from './v2/index.js';
export { has_batched_form, Transform, type BatchedTransform } from './transform.js';
