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
export { get_size, normalize, to_dtype, to_image } from './values.js';
