/** Functions of images, videos, masks, boxes and points; mirrors `torchvision.transforms.v2.functional`. */
export {
  clamp_bounding_boxes,
  clamp_keypoints,
  convert_bounding_box_format,
  sanitize_bounding_boxes,
} from './boxes.js';
export {
  center_crop,
  crop,
  horizontal_flip,
  horizontal_flip as hflip,
  pad,
  resize,
  resized_crop,
  vertical_flip,
  vertical_flip as vflip,
  type InterpolationLike,
} from './geometry.js';
export {
  adjust_brightness,
  adjust_contrast,
  adjust_gamma,
  adjust_hue,
  adjust_saturation,
  adjust_sharpness,
  autocontrast,
  equalize,
  grayscale_to_rgb,
  invert,
  permute_channels,
  posterize,
  rgb_to_grayscale,
  rgb_to_grayscale as to_grayscale,
  solarize,
} from './color.js';
export { erase, gaussian_blur, gaussian_noise, jpeg } from './filter.js';
export { uniform_temporal_subsample } from './temporal.js';
export { affine, elastic, elastic as elastic_transform, perspective, rotate } from './warp.js';
export { get_size, normalize, to_dtype, to_image } from './values.js';
