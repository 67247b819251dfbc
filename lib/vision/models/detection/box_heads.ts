/** Heads of R-CNNs for boxes. */
import { signature } from '../../../_internal/signature.js';
import { python_repr } from '../../../python/print.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import { init_convolutions } from './heads.js';

const TWO_MLP = signature<{ in_channels: number; representation_size: number }>(
  'TwoMLPHead',
  'in_channels: int, representation_size: int',
);

/**
 * Two linear layers with ReLUs. Mirrors `torchvision.models.detection.faster_rcnn.TwoMLPHead`.
 *
 * Shapes: input `(N, *)` with `in_channels` numbers each, output `(N, representation_size)`.
 *
 * @param in_channels - number of features of the input
 * @param representation_size - number of features of the output
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const head = new models.detection.faster_rcnn.TwoMLPHead(18, 4);
 * print(head(torch.zeros(5, 2, 3, 3)).shape); // torch.Size([5, 4])
 * ```
 */
export class TwoMLPHead extends nn.Module {
  declare fc6: nn.Linear;
  declare fc7: nn.Linear;

  constructor(in_channels: number, representation_size: number | { representation_size: number });
  constructor(options: { in_channels: number; representation_size: number });
  constructor(...args: unknown[]) {
    super();
    const { in_channels, representation_size } = TWO_MLP.read(args);
    this.fc6 = new nn.Linear(in_channels, representation_size);
    this.fc7 = new nn.Linear(representation_size, representation_size);
  }

  forward(x: Tensor): Tensor {
    return this.fc7(this.fc6(x.flatten(1)).relu()).relu();
  }
}
forward_takes(TwoMLPHead, 'x: Tensor');

interface ConvFCArguments {
  input_size: readonly number[];
  conv_layers: readonly number[];
  fc_layers: readonly number[];
  norm_layer?: NormLayer | null;
}

const CONV_FC = signature<ConvFCArguments>(
  'FastRCNNConvFCHead',
  'input_size: int[], conv_layers: int[], fc_layers: int[], norm_layer?: Callable|None',
);

function conv_fc_layers({ input_size, conv_layers, fc_layers, norm_layer = null }: ConvFCArguments): nn.Module[] {
  const [first, height, width] = input_size as [number, number, number];
  let channels = first;
  const layers: nn.Module[] = [];
  for (const next of conv_layers) {
    layers.push(new Conv2dNormActivation(channels, next, { norm_layer }));
    channels = next;
  }
  layers.push(new nn.Flatten());
  channels *= height * width;
  for (const next of fc_layers) {
    layers.push(new nn.Linear(channels, next), new nn.ReLU({ inplace: true }));
    channels = next;
  }
  return layers;
}

type Row = new (...modules: nn.Module[]) => nn.Sequential;

/**
 * Convolutions and then linear layers. Mirrors `torchvision.models.detection.faster_rcnn.FastRCNNConvFCHead`.
 *
 * Shapes: input `(N, *input_size)`, output `(N, fc_layers.at(-1))`.
 *
 * @param input_size - channels, height and width of the input
 * @param conv_layers - channels of the convolutions
 * @param fc_layers - features of the linear layers
 * @param norm_layer - class of the normalization behind the convolutions; default null: none
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const head = new models.detection.faster_rcnn.FastRCNNConvFCHead([2, 3, 3], [4], [6]);
 * print(head(torch.zeros(5, 2, 3, 3)).shape); // torch.Size([5, 6])
 * ```
 */
export class FastRCNNConvFCHead extends (nn.Sequential as unknown as Row) {
  constructor(
    input_size: readonly number[],
    conv_layers: readonly number[],
    fc_layers: readonly number[],
    options?: { norm_layer?: NormLayer | null },
  );
  constructor(options: ConvFCArguments);
  constructor(...args: unknown[]) {
    super(...conv_fc_layers(CONV_FC.read(args)));
    init_convolutions(this.modules(), (weight) =>
      nn.init.kaiming_normal_(weight, { mode: 'fan_out', nonlinearity: 'relu' }),
    );
  }
}

const PREDICTOR = signature<{ in_channels: number; num_classes: number }>(
  'FastRCNNPredictor',
  'in_channels: int, num_classes: int',
);

export interface FastRCNNPredictor {
  (x: Tensor): [scores: Tensor, bbox_deltas: Tensor];
}

/**
 * Gives the scores of classes, and how to change boxes for each of them. Mirrors
 * `torchvision.models.detection.faster_rcnn.FastRCNNPredictor`.
 *
 * Shapes: input `(N, in_channels)`, output `(N, num_classes)` and `(N, num_classes * 4)`.
 *
 * @param in_channels - number of features
 * @param num_classes - number of classes, with the background
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const [scores, boxes] = new models.detection.faster_rcnn.FastRCNNPredictor(6, 3)(torch.zeros(5, 6));
 * print(scores.shape, boxes.shape); // torch.Size([5, 3]) torch.Size([5, 12])
 * ```
 */
export class FastRCNNPredictor extends nn.Module {
  declare cls_score: nn.Linear;
  declare bbox_pred: nn.Linear;

  constructor(in_channels: number, num_classes: number | { num_classes: number });
  constructor(options: { in_channels: number; num_classes: number });
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_classes } = PREDICTOR.read(args);
    this.cls_score = new nn.Linear(in_channels, num_classes);
    this.bbox_pred = new nn.Linear(in_channels, num_classes * 4);
  }

  forward(x: Tensor): [scores: Tensor, bbox_deltas: Tensor] {
    if (x.dim() === 4 && (x.size(2) !== 1 || x.size(3) !== 1)) {
      const size = python_repr([...x.shape].slice(2));
      throw new Error(`x has the wrong shape, expecting the last two dimensions to be [1,1] instead of ${size}`);
    }
    const flat = x.flatten(1);
    return [this.cls_score(flat), this.bbox_pred(flat)];
  }
}
forward_takes(FastRCNNPredictor, 'x: Tensor');
