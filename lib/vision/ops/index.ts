/** Operators and blocks for images; mirrors `torchvision.ops`. */
export {
  batched_nms,
  box_area,
  box_convert,
  box_iou,
  clip_boxes_to_image,
  complete_box_iou,
  distance_box_iou,
  generalized_box_iou,
  masks_to_boxes,
  nms,
  remove_small_boxes,
  type AxisAlignedFormat,
  type RotatedFormat,
} from './boxes.js';
export {
  deform_conv2d,
  DeformConv2d,
  type DeformConv2dFunctionOptions,
  type DeformConv2dOptions,
} from './deform_conv.js';
export { drop_block2d, drop_block3d, DropBlock2d, DropBlock3d, type DropBlockOptions } from './drop_block.js';
export {
  ExtraFPNBlock,
  FeaturePyramidNetwork,
  LastLevelMaxPool,
  LastLevelP6P7,
  type FeatureMaps,
} from './feature_pyramid_network.js';
export {
  complete_box_iou_loss,
  distance_box_iou_loss,
  generalized_box_iou_loss,
  sigmoid_focal_loss,
  type LossReduction,
} from './losses.js';
export {
  Conv2dNormActivation,
  Conv3dNormActivation,
  ConvNormActivation,
  FrozenBatchNorm2d,
  MLP,
  Permute,
  SqueezeExcitation,
  type ConvNormActivationOptions,
  type LayerMaker,
  type MLPOptions,
  type NormLayer,
} from './misc.js';
export { MultiScaleRoIAlign, type MultiScaleRoIAlignOptions } from './poolers.js';
export { ps_roi_align, PSRoIAlign, type PSRoIAlignOptions } from './ps_roi_align.js';
export { ps_roi_pool, PSRoIPool } from './ps_roi_pool.js';
export { roi_align, RoIAlign, type RoIAlignOptions } from './roi_align.js';
export { roi_pool, RoIPool } from './roi_pool.js';
export type { PooledSize, Regions } from './rois.js';
export { stochastic_depth, StochasticDepth } from './stochastic_depth.js';
