import { flatten } from '../../generated/functions.js';
import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { known_weights, model_builder, type WeightsEnum } from './_api.js';

/** Options of {@link AlexNet}. */
export interface AlexNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Probability of the dropout in the classifier. Default 0.5. */
  dropout?: number;
}

const TAKES = 'num_classes?: int, dropout?: float';
const ALEXNET = signature<AlexNetOptions>('AlexNet', TAKES);

/**
 * AlexNet in the form of "One weird trick for parallelizing convolutional neural networks" (arXiv 1404.5997): five
 * convolutions and three linear layers. Mirrors `torchvision.models.AlexNet`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 63, output `(N, num_classes)`.
 *
 * @param num_classes - number of classes; default 1000
 * @param dropout - probability of the dropout in the classifier; default 0.5
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.AlexNet({ num_classes: 10 });
 * print(model(torch.zeros(2, 3, 64, 64)).shape); // torch.Size([2, 10])
 * ```
 */
export class AlexNet extends nn.Module {
  declare features: nn.Sequential;
  declare avgpool: nn.Module;
  declare classifier: nn.Sequential;

  constructor(...args: Tail<[num_classes: number, dropout: number], AlexNetOptions>);
  constructor(...args: unknown[]) {
    super();
    const { num_classes = 1000, dropout = 0.5 } = ALEXNET.read(args);
    const relu = (): nn.ReLU => new nn.ReLU({ inplace: true });
    const pool = (): nn.MaxPool2d => new nn.MaxPool2d(3, { stride: 2 });
    this.features = new nn.Sequential(
      new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
      relu(),
      pool(),
      new nn.Conv2d(64, 192, 5, { padding: 2 }),
      relu(),
      pool(),
      new nn.Conv2d(192, 384, 3, { padding: 1 }),
      relu(),
      new nn.Conv2d(384, 256, 3, { padding: 1 }),
      relu(),
      new nn.Conv2d(256, 256, 3, { padding: 1 }),
      relu(),
      pool(),
    ) as nn.Sequential;
    this.avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(256 * 6 * 6, 4096),
      relu(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      relu(),
      new nn.Linear(4096, num_classes),
    ) as nn.Sequential;
  }

  forward(x: Tensor): Tensor {
    const features = this.avgpool(this.features(x)) as Tensor;
    return this.classifier(flatten(features, 1));
  }
}
forward_takes(AlexNet, 'x: Tensor');

/** The weights of {@link alexnet}. Mirrors `torchvision.models.AlexNet_Weights`. */
export const AlexNet_Weights = known_weights('AlexNet_Weights');
export type AlexNet_Weights = WeightsEnum<'AlexNet_Weights'>;

/**
 * Makes an {@link AlexNet}. Mirrors `torchvision.models.alexnet`.
 *
 * @param weights - pretrained weights; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.alexnet({ num_classes: 3 });
 * print(model.classifier.at(-1)); // Linear(in_features=4096, out_features=3, bias=True)
 * ```
 */
export const alexnet = model_builder('alexnet', AlexNet_Weights, {
  takes: TAKES,
  make: (config: AlexNetOptions) => new AlexNet(config),
});
