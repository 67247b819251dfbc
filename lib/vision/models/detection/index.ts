/** Models that detect objects; mirrors `torchvision.models.detection`. */
export {
  FasterRCNN,
  FasterRCNN_MobileNet_V3_Large_320_FPN_Weights,
  fasterrcnn_mobilenet_v3_large_320_fpn,
  FasterRCNN_MobileNet_V3_Large_FPN_Weights,
  fasterrcnn_mobilenet_v3_large_fpn,
  FasterRCNN_ResNet50_FPN_V2_Weights,
  fasterrcnn_resnet50_fpn_v2,
  FasterRCNN_ResNet50_FPN_Weights,
  fasterrcnn_resnet50_fpn,
  type FasterRCNNOptions,
} from './faster_rcnn.js';
export { FCOS, fcos_resnet50_fpn, FCOS_ResNet50_FPN_Weights, type FCOSOptions } from './fcos.js';
export {
  KeypointRCNN,
  KeypointRCNN_ResNet50_FPN_Weights,
  keypointrcnn_resnet50_fpn,
  type KeypointRCNNOptions,
} from './keypoint_rcnn.js';
export {
  MaskRCNN,
  MaskRCNN_ResNet50_FPN_V2_Weights,
  maskrcnn_resnet50_fpn_v2,
  MaskRCNN_ResNet50_FPN_Weights,
  maskrcnn_resnet50_fpn,
  type MaskRCNNOptions,
} from './mask_rcnn.js';
export {
  RetinaNet,
  RetinaNet_ResNet50_FPN_V2_Weights,
  retinanet_resnet50_fpn_v2,
  RetinaNet_ResNet50_FPN_Weights,
  retinanet_resnet50_fpn,
  type RetinaNetOptions,
} from './retinanet.js';
export { ssd300_vgg16, SSD300_VGG16_Weights } from './ssd.js';
export { ssdlite320_mobilenet_v3_large, SSDLite320_MobileNet_V3_Large_Weights } from './ssdlite.js';
export type { Detection, DetectionLosses, DetectionTarget } from './types.js';
export type { DetectionBuilderOptions } from './builder.js';

// The modules with the parts of models.
export * as _utils from './_utils.js';
export * as anchor_utils from './anchor_utils.js';
export * as backbone_utils from './backbone_utils.js';
export * as faster_rcnn from './faster_rcnn.js';
export * as fcos from './fcos.js';
export * as generalized_rcnn from './generalized_rcnn.js';
export * as image_list from './image_list.js';
export * as keypoint_rcnn from './keypoint_rcnn.js';
export * as mask_rcnn from './mask_rcnn.js';
export * as retinanet from './retinanet.js';
export * as roi_heads from './roi_heads.js';
export * as rpn from './rpn.js';
export * as ssd from './ssd.js';
export * as ssdlite from './ssdlite.js';
export * as transform from './transform.js';
