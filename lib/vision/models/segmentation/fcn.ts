import * as nn from '../../../nn/index.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { resnet101, ResNet101_Weights, resnet50, ResNet50_Weights, type ResNet } from '../resnet.js';
import { FCN, features_of, segmentation_builder } from './_utils.js';

type Row = new (...modules: nn.Module[]) => nn.Sequential;

/** The classifier of an FCN. @internal */
export class FCNHead extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, channels: number) {
    const inner = Math.floor(inputs / 4);
    super(
      new nn.Conv2d(inputs, inner, 3, { padding: 1, bias: false }),
      new nn.BatchNorm2d(inner),
      new nn.ReLU(),
      new nn.Dropout(0.1),
      new nn.Conv2d(inner, channels, 1),
    );
  }
}

function fcn(resnet: ResNet, num_classes: number, aux: boolean): FCN {
  const backbone = features_of(resnet, aux ? { layer4: 'out', layer3: 'aux' } : { layer4: 'out' });
  const aux_classifier = aux ? new FCNHead(1024, num_classes) : null;
  return new FCN(backbone, new FCNHead(2048, num_classes), aux_classifier);
}

const replace_stride_with_dilation = [false, true, true];

/** The weights of {@link fcn_resnet50}. Mirrors `torchvision.models.segmentation.FCN_ResNet50_Weights`. */
export const FCN_ResNet50_Weights = known_weights('FCN_ResNet50_Weights');
export type FCN_ResNet50_Weights = WeightsEnum<'FCN_ResNet50_Weights'>;

/**
 * Makes an {@link FCN} with a ResNet-50. Mirrors `torchvision.models.segmentation.fcn_resnet50`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes; default null: 21
 * @param aux_loss - have an auxiliary classifier, for training; default null: none, with weights true
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { fcn_resnet50 } = models.segmentation;
 * const model = fcn_resnet50({ weights_backbone: null, num_classes: 2, aux_loss: true });
 * const { out, aux } = model(torch.zeros(2, 3, 32, 32));
 * print(out.shape, aux?.shape); // torch.Size([2, 2, 32, 32]) torch.Size([2, 2, 32, 32])
 * ```
 */
export const fcn_resnet50 = segmentation_builder<FCN, 'FCN_ResNet50_Weights', 'ResNet50_Weights'>('fcn_resnet50', {
  weights: FCN_ResNet50_Weights,
  weights_backbone: ResNet50_Weights,
  aux: true,
  make: (weights, num_classes, aux) =>
    fcn(resnet50({ weights: weights as ResNet50_Weights, replace_stride_with_dilation }), num_classes, aux),
});

/** The weights of {@link fcn_resnet101}. Mirrors `torchvision.models.segmentation.FCN_ResNet101_Weights`. */
export const FCN_ResNet101_Weights = known_weights('FCN_ResNet101_Weights');
export type FCN_ResNet101_Weights = WeightsEnum<'FCN_ResNet101_Weights'>;

/**
 * Makes an {@link FCN} with a ResNet-101. Mirrors `torchvision.models.segmentation.fcn_resnet101`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes; default null: 21
 * @param aux_loss - have an auxiliary classifier, for training; default null: none, with weights true
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @throws Error when an option is not that of the weights
 */
export const fcn_resnet101 = segmentation_builder<FCN, 'FCN_ResNet101_Weights', 'ResNet101_Weights'>('fcn_resnet101', {
  weights: FCN_ResNet101_Weights,
  weights_backbone: ResNet101_Weights,
  aux: true,
  make: (weights, num_classes, aux) =>
    fcn(resnet101({ weights: weights as ResNet101_Weights, replace_stride_with_dilation }), num_classes, aux),
});
