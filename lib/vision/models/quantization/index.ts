/** Models that can be quantized. Mirrors `torchvision.models.quantization`. */
export { GoogLeNet_QuantizedWeights, googlenet, QuantizableGoogLeNet } from './googlenet.js';
export { Inception_V3_QuantizedWeights, inception_v3, QuantizableInception3 } from './inception.js';
export { MobileNet_V2_QuantizedWeights, mobilenet_v2, QuantizableMobileNetV2 } from './mobilenetv2.js';
export { MobileNet_V3_Large_QuantizedWeights, mobilenet_v3_large, QuantizableMobileNetV3 } from './mobilenetv3.js';
export {
  QuantizableResNet,
  ResNet18_QuantizedWeights,
  resnet18,
  ResNet50_QuantizedWeights,
  resnet50,
  ResNeXt101_32X8D_QuantizedWeights,
  resnext101_32x8d,
  ResNeXt101_64X4D_QuantizedWeights,
  resnext101_64x4d,
} from './resnet.js';
export {
  QuantizableShuffleNetV2,
  ShuffleNet_V2_X0_5_QuantizedWeights,
  shufflenet_v2_x0_5,
  ShuffleNet_V2_X1_0_QuantizedWeights,
  shufflenet_v2_x1_0,
  ShuffleNet_V2_X1_5_QuantizedWeights,
  shufflenet_v2_x1_5,
  ShuffleNet_V2_X2_0_QuantizedWeights,
  shufflenet_v2_x2_0,
} from './shufflenetv2.js';
export type { QuantizableOptions } from './_utils.js';
