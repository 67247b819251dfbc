/** Images to look at; mirrors `torchvision.utils`. */
export {
  draw_bounding_boxes,
  draw_keypoints,
  draw_segmentation_masks,
  type DrawBoundingBoxesOptions,
  type DrawKeypointsOptions,
} from './draw.js';
export type { Color, Colors } from './colors.js';
export { flow_to_image } from './flow_to_image.js';
export { make_grid, type MakeGridOptions } from './make_grid.js';
export { save_image } from './save_image.js';
