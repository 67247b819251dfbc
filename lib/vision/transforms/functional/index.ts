/** Functions of images; mirrors `torchvision.transforms.functional`, on tensors of shape `(..., C, H, W)`. */
export { convert_image_dtype, normalize, pil_to_tensor, to_pil_image, to_tensor } from './convert.js';
export {
  adjust_brightness,
  adjust_contrast,
  adjust_gamma,
  adjust_hue,
  adjust_saturation,
  autocontrast,
  equalize,
  invert,
  posterize,
  rgb_to_grayscale,
  solarize,
  to_grayscale,
} from './color.js';
export { adjust_sharpness, gaussian_blur } from './filter.js';
export {
  center_crop,
  crop,
  erase,
  five_crop,
  hflip,
  pad,
  resize,
  resized_crop,
  ten_crop,
  vflip,
  type FiveCrops,
  type PaddingMode,
  type PadOptions,
  type ResizedCropOptions,
  type ResizeOptions,
} from './geometry.js';
export { get_dimensions, get_image_num_channels, get_image_size } from './image.js';
export { InterpolationMode, type Interpolation } from './interpolation_mode.js';
export {
  affine,
  elastic_transform,
  perspective,
  rotate,
  type AffineOptions,
  type Corners,
  type Fill,
  type PerspectiveOptions,
  type RotateOptions,
} from './warp.js';
