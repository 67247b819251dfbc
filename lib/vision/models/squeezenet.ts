import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import { flatten, cat } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';

/** Few channels of 1 by 1, expanded by convolutions of 1 by 1 and of 3 by 3. */
class Fire extends nn.Module {
  declare inplanes: number;
  declare squeeze: nn.Conv2d;
  declare squeeze_activation: nn.ReLU;
  declare expand1x1: nn.Conv2d;
  declare expand1x1_activation: nn.ReLU;
  declare expand3x3: nn.Conv2d;
  declare expand3x3_activation: nn.ReLU;

  constructor(inplanes: number, squeeze: number, expand: number) {
    super();
    this.inplanes = inplanes;
    this.squeeze = new nn.Conv2d(inplanes, squeeze, 1);
    this.squeeze_activation = new nn.ReLU({ inplace: true });
    this.expand1x1 = new nn.Conv2d(squeeze, expand, 1);
    this.expand1x1_activation = new nn.ReLU({ inplace: true });
    this.expand3x3 = new nn.Conv2d(squeeze, expand, 3, { padding: 1 });
    this.expand3x3_activation = new nn.ReLU({ inplace: true });
  }

  forward(x: Tensor): Tensor {
    const squeezed = this.squeeze_activation(this.squeeze(x));
    const small = this.expand1x1_activation(this.expand1x1(squeezed));
    const large = this.expand3x3_activation(this.expand3x3(squeezed));
    return cat([small, large], 1);
  }
}

/** Options of {@link SqueezeNet}. */
export interface SqueezeNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Probability of the dropout in the classifier. Default 0.5. */
  dropout?: number;
}

const TAKES = 'num_classes?: int, dropout?: float';
const SQUEEZENET = signature<SqueezeNetOptions & { version?: string }>('SqueezeNet', `version?: str, ${TAKES}`);

const pool = (): nn.MaxPool2d => new nn.MaxPool2d(3, { stride: 2, ceil_mode: true });

const FEATURES: Readonly<Record<string, () => nn.Module[]>> = {
  '1_0': () => [
    new nn.Conv2d(3, 96, 7, { stride: 2 }),
    new nn.ReLU({ inplace: true }),
    pool(),
    new Fire(96, 16, 64),
    new Fire(128, 16, 64),
    new Fire(128, 32, 128),
    pool(),
    new Fire(256, 32, 128),
    new Fire(256, 48, 192),
    new Fire(384, 48, 192),
    new Fire(384, 64, 256),
    pool(),
    new Fire(512, 64, 256),
  ],
  '1_1': () => [
    new nn.Conv2d(3, 64, 3, { stride: 2 }),
    new nn.ReLU({ inplace: true }),
    pool(),
    new Fire(64, 16, 64),
    new Fire(128, 16, 64),
    pool(),
    new Fire(128, 32, 128),
    new Fire(256, 32, 128),
    pool(),
    new Fire(256, 48, 192),
    new Fire(384, 48, 192),
    new Fire(384, 64, 256),
    new Fire(512, 64, 256),
  ],
};

/**
 * SqueezeNet of "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size" (arXiv 1602.07360).
 * Mirrors `torchvision.models.SqueezeNet`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 21 (version 1_0) or 17 (version 1_1), output
 * `(N, num_classes)`.
 *
 * @param version - `'1_0'` or `'1_1'`, which has the same accuracy with less computation; default `'1_0'`
 * @param num_classes - number of classes; default 1000
 * @param dropout - probability of the dropout in the classifier; default 0.5
 * @throws Error for another version
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.SqueezeNet('1_1', { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class SqueezeNet extends nn.Module {
  declare num_classes: number;
  declare features: nn.Sequential;
  declare classifier: nn.Sequential;

  constructor(
    ...args: Tail<
      [version: '1_0' | '1_1', num_classes: number, dropout: number],
      SqueezeNetOptions & { version?: '1_0' | '1_1' }
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { version = '1_0', num_classes = 1000, dropout = 0.5 } = SQUEEZENET.read(args);
    const features = Object.hasOwn(FEATURES, version) ? FEATURES[version] : undefined;
    if (features === undefined) throw new Error(`Unsupported SqueezeNet version ${version}: 1_0 or 1_1 expected`);
    this.num_classes = num_classes;
    this.features = new nn.Sequential(...features());
    const last = new nn.Conv2d(512, num_classes, 1);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      last,
      new nn.ReLU({ inplace: true }),
      new nn.AdaptiveAvgPool2d([1, 1]),
    ) as nn.Sequential;
    for (const m of this.modules()) {
      if (!(m instanceof nn.Conv2d)) continue;
      if (m === last) nn.init.normal_(m.weight, 0, 0.01);
      else nn.init.kaiming_uniform_(m.weight);
      if (m.bias !== null) nn.init.constant_(m.bias, 0);
    }
  }

  forward(x: Tensor): Tensor {
    return flatten(this.classifier(this.features(x)), 1);
  }
}
forward_takes(SqueezeNet, 'x: Tensor');

function squeezenet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  version: '1_0' | '1_1',
): ModelBuilder<SqueezeNet, N, SqueezeNetOptions> {
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: SqueezeNetOptions) => new SqueezeNet(version, config),
  });
}

/** The weights of {@link squeezenet1_0}. Mirrors `torchvision.models.SqueezeNet1_0_Weights`. */
export const SqueezeNet1_0_Weights = known_weights('SqueezeNet1_0_Weights');
export type SqueezeNet1_0_Weights = WeightsEnum<'SqueezeNet1_0_Weights'>;

/**
 * Makes SqueezeNet 1.0, an instance of {@link SqueezeNet}, whose options it takes. Mirrors
 * `torchvision.models.squeezenet1_0`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.squeezenet1_0({ num_classes: 2 }).classifier[1]); // Conv2d(512, 2, kernel_size=(1, 1), stride=(1, 1))
 * ```
 */
export const squeezenet1_0 = squeezenet('squeezenet1_0', SqueezeNet1_0_Weights, '1_0');

/** The weights of {@link squeezenet1_1}. Mirrors `torchvision.models.SqueezeNet1_1_Weights`. */
export const SqueezeNet1_1_Weights = known_weights('SqueezeNet1_1_Weights');
export type SqueezeNet1_1_Weights = WeightsEnum<'SqueezeNet1_1_Weights'>;

/**
 * Makes SqueezeNet 1.1, an instance of {@link SqueezeNet}, whose options it takes. Mirrors
 * `torchvision.models.squeezenet1_1`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const squeezenet1_1 = squeezenet('squeezenet1_1', SqueezeNet1_1_Weights, '1_1');
