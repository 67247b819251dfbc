/** Models of semantic segmentation; mirrors `torchvision.models.segmentation`. */
export { DeepLabV3, FCN, type SegmentationOptions, type SegmentationOutput } from './_utils.js';
export {
  DeepLabV3_MobileNet_V3_Large_Weights,
  DeepLabV3_ResNet101_Weights,
  DeepLabV3_ResNet50_Weights,
  deeplabv3_mobilenet_v3_large,
  deeplabv3_resnet101,
  deeplabv3_resnet50,
} from './deeplabv3.js';
export { FCN_ResNet101_Weights, FCN_ResNet50_Weights, fcn_resnet101, fcn_resnet50 } from './fcn.js';
export { LRASPP, LRASPP_MobileNet_V3_Large_Weights, lraspp_mobilenet_v3_large } from './lraspp.js';
