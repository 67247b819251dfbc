import type { Tensor } from '../../../_tensor.js';
import { cat } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { mobilenet_v3_large, MobileNet_V3_Large_Weights, type MobileNetV3 } from '../mobilenetv3.js';
import { resnet101, ResNet101_Weights, resnet50, ResNet50_Weights, type ResNet } from '../resnet.js';
import { channels_of, DeepLabV3, features_of, resized, segmentation_builder, stages_of } from './_utils.js';
import { FCNHead } from './fcn.js';

type Row = new (...modules: nn.Module[]) => nn.Sequential;

class ASPPConv extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, outputs: number, dilation: number) {
    super(
      new nn.Conv2d(inputs, outputs, 3, { padding: dilation, dilation, bias: false }),
      new nn.BatchNorm2d(outputs),
      new nn.ReLU(),
    );
  }
}

class ASPPPooling extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, outputs: number) {
    super(
      new nn.AdaptiveAvgPool2d(1),
      new nn.Conv2d(inputs, outputs, 1, { bias: false }),
      new nn.BatchNorm2d(outputs),
      new nn.ReLU(),
    );
  }

  override forward(x: Tensor): Tensor {
    return resized(super.forward(x), x);
  }
}

class ASPP extends nn.Module {
  declare convs: nn.ModuleList;
  declare project: nn.Sequential;

  constructor(inputs: number, atrous_rates: readonly number[], outputs = 256) {
    super();
    const small = new nn.Sequential(
      new nn.Conv2d(inputs, outputs, 1, { bias: false }),
      new nn.BatchNorm2d(outputs),
      new nn.ReLU(),
    );
    const dilated = atrous_rates.map((rate) => new ASPPConv(inputs, outputs, rate));
    const branches: nn.Module[] = [small, ...dilated, new ASPPPooling(inputs, outputs)];
    this.convs = new nn.ModuleList(branches);
    this.project = new nn.Sequential(
      new nn.Conv2d(branches.length * outputs, outputs, 1, { bias: false }),
      new nn.BatchNorm2d(outputs),
      new nn.ReLU(),
      new nn.Dropout(0.5),
    ) as nn.Sequential;
  }

  forward(x: Tensor): Tensor {
    return this.project(
      cat(
        [...this.convs].map((conv) => conv(x) as Tensor),
        1,
      ),
    );
  }
}

class DeepLabHead extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, num_classes: number) {
    super(
      new ASPP(inputs, [12, 24, 36]),
      new nn.Conv2d(256, 256, 3, { padding: 1, bias: false }),
      new nn.BatchNorm2d(256),
      new nn.ReLU(),
      new nn.Conv2d(256, num_classes, 1),
    );
  }
}

function deeplab(resnet: ResNet, num_classes: number, aux: boolean): DeepLabV3 {
  const backbone = features_of(resnet, aux ? { layer4: 'out', layer3: 'aux' } : { layer4: 'out' });
  const aux_classifier = aux ? new FCNHead(1024, num_classes) : null;
  return new DeepLabV3(backbone, new DeepLabHead(2048, num_classes), aux_classifier);
}

function deeplab_mobile(mobilenet: MobileNetV3, num_classes: number, aux: boolean): DeepLabV3 {
  const { modules, places } = stages_of(mobilenet.features);
  const [out, middle] = [places.at(-1)!, places.at(-4)!];
  const backbone = features_of(
    mobilenet.features,
    aux ? { [String(out)]: 'out', [String(middle)]: 'aux' } : { [String(out)]: 'out' },
  );
  const aux_classifier = aux ? new FCNHead(channels_of(modules[middle]), num_classes) : null;
  return new DeepLabV3(backbone, new DeepLabHead(channels_of(modules[out]), num_classes), aux_classifier);
}

const replace_stride_with_dilation = [false, true, true];

/** The weights of {@link deeplabv3_resnet50}. Mirrors `torchvision.models.segmentation.DeepLabV3_ResNet50_Weights`. */
export const DeepLabV3_ResNet50_Weights = known_weights('DeepLabV3_ResNet50_Weights');
export type DeepLabV3_ResNet50_Weights = WeightsEnum<'DeepLabV3_ResNet50_Weights'>;

/**
 * Makes a {@link DeepLabV3} with a ResNet-50. Mirrors `torchvision.models.segmentation.deeplabv3_resnet50`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes; default null: 21
 * @param aux_loss - have an auxiliary classifier, for training; default null: none, with weights true
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @throws Error when an option is not that of the weights
 */
export const deeplabv3_resnet50 = segmentation_builder<DeepLabV3, 'DeepLabV3_ResNet50_Weights', 'ResNet50_Weights'>(
  'deeplabv3_resnet50',
  {
    weights: DeepLabV3_ResNet50_Weights,
    weights_backbone: ResNet50_Weights,
    aux: true,
    make: (weights, num_classes, aux) =>
      deeplab(resnet50({ weights: weights as ResNet50_Weights, replace_stride_with_dilation }), num_classes, aux),
  },
);

/** The weights of {@link deeplabv3_resnet101}. Mirrors `torchvision.models.segmentation.DeepLabV3_ResNet101_Weights`. */
export const DeepLabV3_ResNet101_Weights = known_weights('DeepLabV3_ResNet101_Weights');
export type DeepLabV3_ResNet101_Weights = WeightsEnum<'DeepLabV3_ResNet101_Weights'>;

/**
 * Makes a {@link DeepLabV3} with a ResNet-101. Mirrors `torchvision.models.segmentation.deeplabv3_resnet101`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes; default null: 21
 * @param aux_loss - have an auxiliary classifier, for training; default null: none, with weights true
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @throws Error when an option is not that of the weights
 */
export const deeplabv3_resnet101 = segmentation_builder<DeepLabV3, 'DeepLabV3_ResNet101_Weights', 'ResNet101_Weights'>(
  'deeplabv3_resnet101',
  {
    weights: DeepLabV3_ResNet101_Weights,
    weights_backbone: ResNet101_Weights,
    aux: true,
    make: (weights, num_classes, aux) =>
      deeplab(resnet101({ weights: weights as ResNet101_Weights, replace_stride_with_dilation }), num_classes, aux),
  },
);

/**
 * The weights of {@link deeplabv3_mobilenet_v3_large}. Mirrors
 * `torchvision.models.segmentation.DeepLabV3_MobileNet_V3_Large_Weights`.
 */
export const DeepLabV3_MobileNet_V3_Large_Weights = known_weights('DeepLabV3_MobileNet_V3_Large_Weights');
export type DeepLabV3_MobileNet_V3_Large_Weights = WeightsEnum<'DeepLabV3_MobileNet_V3_Large_Weights'>;

/**
 * Makes a {@link DeepLabV3} with a large MobileNet v3. Mirrors
 * `torchvision.models.segmentation.deeplabv3_mobilenet_v3_large`.
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
 * const { deeplabv3_mobilenet_v3_large } = models.segmentation;
 * const model = deeplabv3_mobilenet_v3_large({ weights_backbone: null, num_classes: 5 }).eval();
 * print(model(torch.zeros(1, 3, 32, 32)).out.shape); // torch.Size([1, 5, 32, 32])
 * ```
 */
export const deeplabv3_mobilenet_v3_large = segmentation_builder<
  DeepLabV3,
  'DeepLabV3_MobileNet_V3_Large_Weights',
  'MobileNet_V3_Large_Weights'
>('deeplabv3_mobilenet_v3_large', {
  weights: DeepLabV3_MobileNet_V3_Large_Weights,
  weights_backbone: MobileNet_V3_Large_Weights,
  aux: true,
  make: (weights, num_classes, aux) =>
    deeplab_mobile(
      mobilenet_v3_large({ weights: weights as MobileNet_V3_Large_Weights, dilated: true }),
      num_classes,
      aux,
    ),
});
