/** Functions of images, videos, masks, boxes and points; mirrors `torchvision.transforms.v2.functional`. */
export {
  clamp_bounding_boxes,
  clamp_keypoints,
  convert_bounding_box_format,
  sanitize_bounding_boxes,
  sanitize_keypoints,
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
export { convert_image_dtype, to_tensor } from './conversions.js';
export { five_crop, ten_crop, type Five } from './crops.js';
export { InterpolationMode } from '../../functional/interpolation_mode.js';
export { pil_to_tensor, to_pil_image } from '../../functional/convert.js';
export {
  get_dimensions,
  get_image_size,
  get_num_channels,
  get_num_channels as get_image_num_channels,
  get_num_frames,
  is_pure_tensor,
} from './queries.js';
export { erase, gaussian_blur, gaussian_noise, jpeg } from './filter.js';
export { uniform_temporal_subsample } from './temporal.js';
export { affine, elastic, elastic as elastic_transform, perspective, rotate } from './warp.js';
export { get_size, normalize, to_dtype, to_image } from './values.js';
export * from './kernels.js';
export { register_kernel } from './register_kernel.js';
