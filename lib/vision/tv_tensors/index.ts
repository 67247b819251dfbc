/** Tensors that say what they are; mirrors `torchvision.tv_tensors`. */
export {
  BoundingBoxes,
  BoundingBoxFormat,
  is_rotated_bounding_format,
  KeyPoints,
  type BoundingBoxesOptions,
  type BoxFormatLike,
  type CanvasSize,
  type ClampingMode,
} from './boxes.js';
export { Image, Mask, Video } from './images.js';
export { TVTensor, type TVTensorOptions } from './tv_tensor.js';
export { wrap } from './wrap.js';
