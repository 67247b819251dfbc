import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { flatten, cat } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { namedtuple } from '../../python/collections.js';
import type { Tuple } from '../../python/values.js';
import { as_many_classes, known_weights, model_builder, type WeightsEnum } from './_api.js';
import { normalized_again, overwrite_named_param } from './_utils.js';

const F = nn.functional;

/** What {@link GoogLeNet} returns while it is trained with its auxiliary classifiers. */
export type GoogLeNetOutputs = Tuple<Tensor> & {
  readonly logits: Tensor;
  readonly aux_logits2: Tensor;
  readonly aux_logits1: Tensor;
};

const GoogLeNetOutputs = namedtuple('GoogLeNetOutputs', ['logits', 'aux_logits2', 'aux_logits1']);

/** A convolution without a bias, a batch normalization, and a ReLU. */
export class BasicConv2d extends nn.Module {
  declare conv: nn.Conv2d;
  declare bn: nn.BatchNorm2d;

  constructor(
    inputs: number,
    outputs: number,
    kernel_size: number,
    options: { stride?: number; padding?: number } = {},
  ) {
    super();
    this.conv = new nn.Conv2d(inputs, outputs, kernel_size, { ...options, bias: false });
    this.bn = new nn.BatchNorm2d(outputs, { eps: 0.001 });
  }

  forward(x: Tensor): Tensor {
    return F.relu(this.bn(this.conv(x)), { inplace: true });
  }
}

type ConvBlock = new (...args: ConstructorParameters<typeof BasicConv2d>) => BasicConv2d;

/** Four branches, one behind the other in the channels. */
export class Inception extends nn.Module {
  declare branch1: BasicConv2d;
  declare branch2: nn.Module;
  declare branch3: nn.Module;
  declare branch4: nn.Module;

  constructor(
    inputs: number,
    ch1x1: number,
    ch3x3red: number,
    ch3x3: number,
    ch5x5red: number,
    ch5x5: number,
    pool_proj: number,
    Conv: ConvBlock = BasicConv2d,
  ) {
    super();
    this.branch1 = new Conv(inputs, ch1x1, 1);
    this.branch2 = new nn.Sequential(new Conv(inputs, ch3x3red, 1), new Conv(ch3x3red, ch3x3, 3, { padding: 1 }));
    // 3 by 3, not 5 by 5 as in the paper: so the weights were trained (pytorch/vision issue 906).
    this.branch3 = new nn.Sequential(new Conv(inputs, ch5x5red, 1), new Conv(ch5x5red, ch5x5, 3, { padding: 1 }));
    this.branch4 = new nn.Sequential(
      new nn.MaxPool2d(3, { stride: 1, padding: 1, ceil_mode: true }),
      new Conv(inputs, pool_proj, 1),
    );
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    return [this.branch1(x), ...[this.branch2, this.branch3, this.branch4].map((m) => m(x) as Tensor)];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A classifier on features from the middle. */
export class InceptionAux extends nn.Module {
  declare conv: BasicConv2d;
  declare fc1: nn.Linear;
  declare fc2: nn.Linear;
  declare dropout: nn.Dropout;

  constructor(inputs: number, num_classes: number, dropout: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.conv = new Conv(inputs, 128, 1);
    this.fc1 = new nn.Linear(2048, 1024);
    this.fc2 = new nn.Linear(1024, num_classes);
    this.dropout = new nn.Dropout(dropout);
  }

  forward(x: Tensor): Tensor {
    const features = flatten(this.conv(F.adaptive_avg_pool2d(x, [4, 4])), 1);
    return this.fc2(this.dropout(F.relu(this.fc1(features), { inplace: true })));
  }
}

/** The classes of the parts of a {@link GoogLeNet}: convolutions, blocks, auxiliary classifiers. */
export type GoogLeNetBlocks = readonly [
  ConvBlock,
  new (...args: ConstructorParameters<typeof Inception>) => Inception,
  new (...args: ConstructorParameters<typeof InceptionAux>) => InceptionAux,
];

/** Options of {@link GoogLeNet}. */
export interface GoogLeNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Have auxiliary classifiers in the middle, for training. Default true, with weights false. */
  aux_logits?: boolean;
  /** Normalize inputs again, from ImageNet's mean and deviation to 0.5 and 0.5. Default false, with weights true. */
  transform_input?: boolean;
  /** Draw the weights from truncated normal distributions. Default null: true, with a warning. */
  init_weights?: boolean | null;
  /** The classes of convolutions, blocks and auxiliary classifiers. Default null: those of the paper. */
  blocks?: GoogLeNetBlocks | null;
  /** Probability of the dropout before the classifier. Default 0.2. */
  dropout?: number;
  /** Probability of the dropout in the auxiliary classifiers. Default 0.7. */
  dropout_aux?: number;
}

/** @internal */
export const TAKES =
  'num_classes?: int, aux_logits?: bool, transform_input?: bool, init_weights?: bool|None, blocks?: any[]|None, ' +
  'dropout?: float, dropout_aux?: float';
const GOOGLENET = signature<GoogLeNetOptions>('GoogLeNet', TAKES.replace('init', '*, init'));

export interface GoogLeNet {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * GoogLeNet (Inception v1) of "Going Deeper with Convolutions" (arXiv 1409.4842), with batch normalization. Mirrors
 * `torchvision.models.GoogLeNet`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 15, output `(N, num_classes)`. While it is trained with
 * `aux_logits`, it returns a named tuple of `logits`, `aux_logits2` and `aux_logits1`.
 *
 * @param num_classes - number of classes; default 1000
 * @param aux_logits - have auxiliary classifiers in the middle, for training; default true
 * @param transform_input - normalize inputs again, from ImageNet's mean and deviation to 0.5 and 0.5; default false
 * @param init_weights - draw the weights from truncated normal distributions; default null: true, with a warning
 * @param blocks - the classes of convolutions, blocks and auxiliary classifiers; default null: those of the paper
 * @param dropout - probability of the dropout before the classifier; default 0.2
 * @param dropout_aux - probability of the dropout in the auxiliary classifiers; default 0.7
 * @throws TypeError for an argument of a wrong type
 * @throws Error for other than three `blocks`
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.GoogLeNet({ num_classes: 10, init_weights: false });
 * const y = model(torch.zeros(2, 3, 64, 64)) as models.GoogLeNetOutputs;
 * print(y.logits.shape, y.aux_logits1.shape); // torch.Size([2, 10]) torch.Size([2, 10])
 * ```
 */
export class GoogLeNet extends nn.Module {
  declare aux_logits: boolean;
  declare transform_input: boolean;
  declare conv1: BasicConv2d;
  declare maxpool1: nn.MaxPool2d;
  declare conv2: BasicConv2d;
  declare conv3: BasicConv2d;
  declare maxpool2: nn.MaxPool2d;
  declare inception3a: Inception;
  declare inception3b: Inception;
  declare maxpool3: nn.MaxPool2d;
  declare inception4a: Inception;
  declare inception4b: Inception;
  declare inception4c: Inception;
  declare inception4d: Inception;
  declare inception4e: Inception;
  declare maxpool4: nn.MaxPool2d;
  declare inception5a: Inception;
  declare inception5b: Inception;
  declare aux1: InceptionAux | null;
  declare aux2: InceptionAux | null;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare dropout: nn.Dropout;

  constructor(
    ...args: Arguments<
      [num_classes?: number, aux_logits?: boolean, transform_input?: boolean],
      GoogLeNetOptions,
      ['num_classes', 'aux_logits', 'transform_input']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = GOOGLENET.read(args);
    const { num_classes = 1000, aux_logits = true, transform_input = false, init_weights = null } = given;
    const { dropout = 0.2, dropout_aux = 0.7 } = given;
    if (init_weights === null) {
      warn(
        'The default weight initialization of GoogleNet will be changed in future releases of torchvision. If you wish ' +
          'to keep the old behavior (which leads to long initialization times due to scipy/scipy#11299), please set ' +
          'init_weights=True.',
        'FutureWarning',
      );
    }
    const blocks: readonly unknown[] = given.blocks ?? [BasicConv2d, Inception, InceptionAux];
    if (blocks.length !== 3) throw new Error(`blocks length should be 3 instead of ${blocks.length}`);
    const [Conv, Block, Aux] = blocks as unknown as GoogLeNetBlocks;
    const pool = (size: number): nn.MaxPool2d => new nn.MaxPool2d(size, { stride: 2, ceil_mode: true });
    this.aux_logits = aux_logits;
    this.transform_input = transform_input;
    this.conv1 = new Conv(3, 64, 7, { stride: 2, padding: 3 });
    this.maxpool1 = pool(3);
    this.conv2 = new Conv(64, 64, 1);
    this.conv3 = new Conv(64, 192, 3, { padding: 1 });
    this.maxpool2 = pool(3);
    this.inception3a = new Block(192, 64, 96, 128, 16, 32, 32);
    this.inception3b = new Block(256, 128, 128, 192, 32, 96, 64);
    this.maxpool3 = pool(3);
    this.inception4a = new Block(480, 192, 96, 208, 16, 48, 64);
    this.inception4b = new Block(512, 160, 112, 224, 24, 64, 64);
    this.inception4c = new Block(512, 128, 128, 256, 24, 64, 64);
    this.inception4d = new Block(512, 112, 144, 288, 32, 64, 64);
    this.inception4e = new Block(528, 256, 160, 320, 32, 128, 128);
    this.maxpool4 = pool(2);
    this.inception5a = new Block(832, 256, 160, 320, 32, 128, 128);
    this.inception5b = new Block(832, 384, 192, 384, 48, 128, 128);
    this.aux1 = aux_logits ? new Aux(512, num_classes, dropout_aux) : null;
    this.aux2 = aux_logits ? new Aux(528, num_classes, dropout_aux) : null;
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(1024, num_classes);
    if (init_weights ?? true) this.init_weights();
  }

  private init_weights(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d || m instanceof nn.Linear) {
        nn.init.trunc_normal_(m.weight, { mean: 0, std: 0.01, a: -2, b: 2 });
      } else if (m instanceof nn.BatchNorm2d) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      }
    }
  }

  /** An input as the first layer takes it. @internal */
  _transform_input(x: Tensor): Tensor {
    return this.transform_input ? normalized_again(x) : x;
  }

  /** What the classifier gives, and the auxiliary ones while they are trained. @internal */
  _forward(input: Tensor): [logits: Tensor, aux1: Tensor | null, aux2: Tensor | null] {
    const stem = this.maxpool2(this.conv3(this.conv2(this.maxpool1(this.conv1(input)))));
    const first = this.inception4a(this.maxpool3(this.inception3b(this.inception3a(stem))));
    const aux1 = this.aux1 !== null && this.training ? this.aux1(first) : null;
    const middle = this.inception4d(this.inception4c(this.inception4b(first)));
    const aux2 = this.aux2 !== null && this.training ? this.aux2(middle) : null;
    const last = this.inception5b(this.inception5a(this.maxpool4(this.inception4e(middle))));
    return [this.fc(this.dropout(flatten(this.avgpool(last), 1))), aux1, aux2];
  }

  /** What is returned. @internal */
  _outputs(logits: Tensor, aux1: Tensor | null, aux2: Tensor | null): Tensor | GoogLeNetOutputs {
    if (!this.training || !this.aux_logits) return logits;
    return GoogLeNetOutputs(logits, aux2, aux1) as unknown as GoogLeNetOutputs;
  }

  forward(x: Tensor): Tensor | GoogLeNetOutputs {
    return this._outputs(...this._forward(this._transform_input(x)));
  }
}
forward_takes(GoogLeNet, 'x: Tensor');

/** The weights of {@link googlenet}. Mirrors `torchvision.models.GoogLeNet_Weights`. */
export const GoogLeNet_Weights = known_weights('GoogLeNet_Weights');
export type GoogLeNet_Weights = WeightsEnum<'GoogLeNet_Weights'>;

/**
 * Makes a {@link GoogLeNet}, whose options it takes. Mirrors `torchvision.models.googlenet`.
 *
 * @param weights - pretrained weights; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.googlenet({ num_classes: 2, init_weights: false }).fc); // Linear(in_features=1024, out_features=2, bias=True)
 * ```
 */
export const googlenet = model_builder('googlenet', GoogLeNet_Weights, {
  takes: TAKES,
  make: (config: GoogLeNetOptions) => new GoogLeNet(config),
  prepare: (config, weights) => {
    const named = config as Record<string, unknown>;
    named['transform_input'] ??= true;
    overwrite_named_param(named, 'aux_logits', true);
    overwrite_named_param(named, 'init_weights', false);
    as_many_classes(config, weights);
  },
  finish: (model, { aux_logits = false }) => {
    if (aux_logits) {
      warn('auxiliary heads in the pretrained googlenet model are NOT pretrained, so make sure to train them');
      return;
    }
    model.aux_logits = false;
    model.aux1 = null;
    model.aux2 = null;
  },
});
