import { flatten } from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import {
  as_many_classes,
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';

/** Options of {@link VGG}. */
export interface VGGOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Initialize the weights as the paper's authors do. Default true. */
  init_weights?: boolean;
  /** Probability of the dropout in the classifier. Default 0.5. */
  dropout?: number;
}

const TAKES = 'num_classes?: int, init_weights?: bool, dropout?: float';
const VGG_ARGUMENTS = signature<VGGOptions & { features: nn.Module }>('VGG', `features: Module, ${TAKES}`);

/**
 * VGG of "Very Deep Convolutional Networks for Large-Scale Image Recognition" (arXiv 1409.1556): convolutions of 3 by 3,
 * and a classifier of three linear layers. Mirrors `torchvision.models.VGG`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 32, output `(N, num_classes)`.
 *
 * @param features - the module before the classifier, with 512 channels
 * @param num_classes - number of classes; default 1000
 * @param init_weights - draw the weights from normal distributions; default true, otherwise those of the layers stay
 * @param dropout - probability of the dropout in the classifier; default 0.5
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.VGG(new nn.Conv2d(3, 512, 3), { num_classes: 2, init_weights: false });
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 2])
 * ```
 */
export class VGG extends nn.Module {
  declare features: nn.Module;
  declare avgpool: nn.Module;
  declare classifier: nn.Sequential;

  constructor(
    features: nn.Module,
    ...options: Tail<[num_classes: number, init_weights: boolean, dropout: number], VGGOptions>
  );
  constructor(options: VGGOptions & { features: nn.Module });
  constructor(...args: unknown[]) {
    super();
    const { features, num_classes = 1000, init_weights = true, dropout = 0.5 } = VGG_ARGUMENTS.read(args);
    this.features = features;
    this.avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
    this.classifier = new nn.Sequential(
      new nn.Linear(512 * 7 * 7, 4096),
      new nn.ReLU(true),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(true),
      new nn.Dropout(dropout),
      new nn.Linear(4096, num_classes),
    ) as nn.Sequential;
    if (init_weights) this.init_weights();
  }

  private init_weights(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
        if (m.bias !== null) nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.BatchNorm2d) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.Linear) {
        nn.init.normal_(m.weight, 0, 0.01);
        nn.init.constant_(m.bias, 0);
      }
    }
  }

  forward(x: Tensor): Tensor {
    const features = this.avgpool(this.features(x)) as Tensor;
    return this.classifier(flatten(features, 1));
  }
}
forward_takes(VGG, 'x: Tensor');

// The channels of the convolutions; 'M' is a maximum over 2 by 2.
const CONFIGURATIONS = {
  A: [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
  B: [64, 64, 'M', 128, 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
  D: [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M'],
  E: [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 256, 'M', 512, 512, 512, 512, 'M', 512, 512, 512, 512, 'M'],
} as const;

function convolutions(configuration: readonly (number | 'M')[], batch_norm: boolean): nn.Sequential {
  const layers: nn.Module[] = [];
  let channels = 3;
  for (const item of configuration) {
    if (item === 'M') {
      layers.push(new nn.MaxPool2d(2, { stride: 2 }));
      continue;
    }
    layers.push(new nn.Conv2d(channels, item, 3, { padding: 1 }));
    if (batch_norm) layers.push(new nn.BatchNorm2d(item));
    layers.push(new nn.ReLU({ inplace: true }));
    channels = item;
  }
  return new nn.Sequential(...layers);
}

function vgg<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  configuration: keyof typeof CONFIGURATIONS,
): ModelBuilder<VGG, N, VGGOptions> {
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: VGGOptions) => new VGG(convolutions(CONFIGURATIONS[configuration], name.endsWith('_bn')), config),
    prepare: (config, given) => {
      config.init_weights = false;
      as_many_classes(config, given);
    },
  });
}

/** The weights of {@link vgg11}. Mirrors `torchvision.models.VGG11_Weights`. */
export const VGG11_Weights = known_weights('VGG11_Weights');
export type VGG11_Weights = WeightsEnum<'VGG11_Weights'>;

/**
 * Makes VGG-11, an instance of {@link VGG}, whose options it takes. Mirrors `torchvision.models.vgg11`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.vgg11({ num_classes: 2 }).classifier.at(-1)); // Linear(in_features=4096, out_features=2, bias=True)
 * ```
 */
export const vgg11 = vgg('vgg11', VGG11_Weights, 'A');

/** The weights of {@link vgg11_bn}. Mirrors `torchvision.models.VGG11_BN_Weights`. */
export const VGG11_BN_Weights = known_weights('VGG11_BN_Weights');
export type VGG11_BN_Weights = WeightsEnum<'VGG11_BN_Weights'>;

/**
 * Makes VGG-11 with batch normalization, an instance of {@link VGG}, whose options it takes. Mirrors
 * `torchvision.models.vgg11_bn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg11_bn = vgg('vgg11_bn', VGG11_BN_Weights, 'A');

/** The weights of {@link vgg13}. Mirrors `torchvision.models.VGG13_Weights`. */
export const VGG13_Weights = known_weights('VGG13_Weights');
export type VGG13_Weights = WeightsEnum<'VGG13_Weights'>;

/**
 * Makes VGG-13, an instance of {@link VGG}, whose options it takes. Mirrors `torchvision.models.vgg13`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg13 = vgg('vgg13', VGG13_Weights, 'B');

/** The weights of {@link vgg13_bn}. Mirrors `torchvision.models.VGG13_BN_Weights`. */
export const VGG13_BN_Weights = known_weights('VGG13_BN_Weights');
export type VGG13_BN_Weights = WeightsEnum<'VGG13_BN_Weights'>;

/**
 * Makes VGG-13 with batch normalization, an instance of {@link VGG}, whose options it takes. Mirrors
 * `torchvision.models.vgg13_bn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg13_bn = vgg('vgg13_bn', VGG13_BN_Weights, 'B');

/** The weights of {@link vgg16}. Mirrors `torchvision.models.VGG16_Weights`. */
export const VGG16_Weights = known_weights('VGG16_Weights');
export type VGG16_Weights = WeightsEnum<'VGG16_Weights'>;

/**
 * Makes VGG-16, an instance of {@link VGG}, whose options it takes. Mirrors `torchvision.models.vgg16`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg16 = vgg('vgg16', VGG16_Weights, 'D');

/** The weights of {@link vgg16_bn}. Mirrors `torchvision.models.VGG16_BN_Weights`. */
export const VGG16_BN_Weights = known_weights('VGG16_BN_Weights');
export type VGG16_BN_Weights = WeightsEnum<'VGG16_BN_Weights'>;

/**
 * Makes VGG-16 with batch normalization, an instance of {@link VGG}, whose options it takes. Mirrors
 * `torchvision.models.vgg16_bn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg16_bn = vgg('vgg16_bn', VGG16_BN_Weights, 'D');

/** The weights of {@link vgg19}. Mirrors `torchvision.models.VGG19_Weights`. */
export const VGG19_Weights = known_weights('VGG19_Weights');
export type VGG19_Weights = WeightsEnum<'VGG19_Weights'>;

/**
 * Makes VGG-19, an instance of {@link VGG}, whose options it takes. Mirrors `torchvision.models.vgg19`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg19 = vgg('vgg19', VGG19_Weights, 'E');

/** The weights of {@link vgg19_bn}. Mirrors `torchvision.models.VGG19_BN_Weights`. */
export const VGG19_BN_Weights = known_weights('VGG19_BN_Weights');
export type VGG19_BN_Weights = WeightsEnum<'VGG19_BN_Weights'>;

/**
 * Makes VGG-19 with batch normalization, an instance of {@link VGG}, whose options it takes. Mirrors
 * `torchvision.models.vgg19_bn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const vgg19_bn = vgg('vgg19_bn', VGG19_BN_Weights, 'E');
