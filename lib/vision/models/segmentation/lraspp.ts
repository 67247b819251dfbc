import { signature } from '../../../_internal/signature.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { mobilenet_v3_large, MobileNet_V3_Large_Weights, type MobileNetV3 } from '../mobilenetv3.js';
import { channels_of, features_of, resized, segmentation_builder, stages_of } from './_utils.js';

class LRASPPHead extends nn.Module {
  declare cbr: nn.Sequential;
  declare scale: nn.Sequential;
  declare low_classifier: nn.Conv2d;
  declare high_classifier: nn.Conv2d;

  constructor(low: number, high: number, num_classes: number, inner: number) {
    super();
    this.cbr = new nn.Sequential(
      new nn.Conv2d(high, inner, 1, { bias: false }),
      new nn.BatchNorm2d(inner),
      new nn.ReLU({ inplace: true }),
    ) as nn.Sequential;
    this.scale = new nn.Sequential(
      new nn.AdaptiveAvgPool2d(1),
      new nn.Conv2d(high, inner, 1, { bias: false }),
      new nn.Sigmoid(),
    ) as nn.Sequential;
    this.low_classifier = new nn.Conv2d(low, num_classes, 1);
    this.high_classifier = new nn.Conv2d(inner, num_classes, 1);
  }

  forward(input: Record<string, Tensor>): Tensor {
    const { low, high } = input as { low: Tensor; high: Tensor };
    const scaled = this.cbr(high).mul(this.scale(high));
    return this.low_classifier(low).add(this.high_classifier(resized(scaled, low)));
  }
}

interface LRASPPArguments {
  backbone: nn.Module;
  low_channels: number;
  high_channels: number;
  num_classes: number;
  inter_channels?: number;
}

const LRASPP_ARGUMENTS = signature<LRASPPArguments>(
  'LRASPP',
  'backbone: Module, low_channels: int, high_channels: int, num_classes: int, inter_channels?: int',
);

/**
 * LR-ASPP of "Searching for MobileNetV3" (arXiv 1905.02244): segmentation by features of two sizes. Mirrors
 * `torchvision.models.segmentation.LRASPP`.
 *
 * Shapes: input `(N, 3, H, W)`, output a dict with `out` `(N, num_classes, H, W)`.
 *
 * @param backbone - returns the features by name: `low` and `high`
 * @param low_channels - channels of the features `low`
 * @param high_channels - channels of the features `high`
 * @param num_classes - number of classes
 * @param inter_channels - channels within the classifier; default 128
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const backbone = new models._utils.IntermediateLayerGetter(models.resnet18(), { layer1: 'low', layer4: 'high' });
 * const model = new models.segmentation.LRASPP(backbone, 64, 512, 2).eval();
 * print(model(torch.zeros(1, 3, 32, 32)).out.shape); // torch.Size([1, 2, 32, 32])
 * ```
 */
export class LRASPP extends nn.Module {
  declare backbone: nn.Module;
  declare classifier: nn.Module;

  constructor(
    backbone: nn.Module,
    low_channels: number,
    high_channels: number,
    num_classes: number,
    ...options: Tail<[inter_channels: number], { inter_channels?: number }>
  );
  constructor(options: LRASPPArguments);
  constructor(...args: unknown[]) {
    super();
    const { backbone, low_channels, high_channels, num_classes, inter_channels = 128 } = LRASPP_ARGUMENTS.read(args);
    this.backbone = backbone;
    this.classifier = new LRASPPHead(low_channels, high_channels, num_classes, inter_channels);
  }

  forward(input: Tensor): Record<'out', Tensor> {
    return { out: resized(this.classifier(this.backbone(input)) as Tensor, input) };
  }
}
forward_takes(LRASPP, 'input: Tensor');

function lraspp(mobilenet: MobileNetV3, num_classes: number): LRASPP {
  const { modules, places } = stages_of(mobilenet.features);
  const [low, high] = [places.at(-4)!, places.at(-1)!];
  const backbone = features_of(mobilenet.features, { [String(low)]: 'low', [String(high)]: 'high' });
  return new LRASPP(backbone, channels_of(modules[low]), channels_of(modules[high]), num_classes);
}

/**
 * The weights of {@link lraspp_mobilenet_v3_large}. Mirrors
 * `torchvision.models.segmentation.LRASPP_MobileNet_V3_Large_Weights`.
 */
export const LRASPP_MobileNet_V3_Large_Weights = known_weights('LRASPP_MobileNet_V3_Large_Weights');
export type LRASPP_MobileNet_V3_Large_Weights = WeightsEnum<'LRASPP_MobileNet_V3_Large_Weights'>;

/**
 * Makes an {@link LRASPP} with a large MobileNet v3. Mirrors `torchvision.models.segmentation.lraspp_mobilenet_v3_large`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes; default null: 21
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @throws Error when an option is not that of the weights, and for `aux_loss`, which this model does not have
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { lraspp_mobilenet_v3_large } = models.segmentation;
 * const model = lraspp_mobilenet_v3_large({ weights_backbone: null, num_classes: 5 }).eval();
 * print(model(torch.zeros(1, 3, 32, 32)).out.shape); // torch.Size([1, 5, 32, 32])
 * ```
 */
export const lraspp_mobilenet_v3_large = segmentation_builder<
  LRASPP,
  'LRASPP_MobileNet_V3_Large_Weights',
  'MobileNet_V3_Large_Weights'
>('lraspp_mobilenet_v3_large', {
  weights: LRASPP_MobileNet_V3_Large_Weights,
  weights_backbone: MobileNet_V3_Large_Weights,
  aux: false,
  make: (weights, num_classes) =>
    lraspp(mobilenet_v3_large({ weights: weights as MobileNet_V3_Large_Weights, dilated: true }), num_classes),
});
