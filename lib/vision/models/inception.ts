import { signature, type Arguments } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import { cat } from '../../generated/functions.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { namedtuple } from '../../python/collections.js';
import type { Tuple } from '../../python/values.js';
import { as_many_classes, known_weights, model_builder, type WeightsEnum } from './_api.js';
import { normalized_again, overwrite_named_param } from './_utils.js';

const F = nn.functional;

/** What {@link Inception3} returns while it is trained with its auxiliary classifier. */
export type InceptionOutputs = Tuple<Tensor> & { readonly logits: Tensor; readonly aux_logits: Tensor };

const InceptionOutputs = namedtuple('InceptionOutputs', ['logits', 'aux_logits']);

type Size = number | readonly [number, number];

/** A convolution without a bias, a batch normalization, and a ReLU. */
export class BasicConv2d extends nn.Module {
  declare conv: nn.Conv2d;
  declare bn: nn.BatchNorm2d;

  constructor(inputs: number, outputs: number, kernel_size: Size, options: { stride?: number; padding?: Size } = {}) {
    super();
    this.conv = new nn.Conv2d(inputs, outputs, kernel_size, { ...options, bias: false });
    this.bn = new nn.BatchNorm2d(outputs, { eps: 0.001 });
  }

  forward(x: Tensor): Tensor {
    return F.relu(this.bn(this.conv(x)), { inplace: true });
  }
}

type ConvBlock = new (...args: ConstructorParameters<typeof BasicConv2d>) => BasicConv2d;

// Convolutions along one dimension, with the padding that keeps the size.
const ROW_7 = [[1, 7], { padding: [0, 3] }] as const;
const COLUMN_7 = [[7, 1], { padding: [3, 0] }] as const;
const ROW_3 = [[1, 3], { padding: [0, 1] }] as const;
const COLUMN_3 = [[3, 1], { padding: [1, 0] }] as const;
const SAME_3 = [3, { padding: 1 }] as const;
const HALF_3 = [3, { stride: 2 }] as const;

const averaged = (x: Tensor): Tensor => F.avg_pool2d(x, 3, { stride: 1, padding: 1 });

/** A block of branches, one behind the other in the channels. */
export class InceptionA extends nn.Module {
  declare branch1x1: BasicConv2d;
  declare branch5x5_1: BasicConv2d;
  declare branch5x5_2: BasicConv2d;
  declare branch3x3dbl_1: BasicConv2d;
  declare branch3x3dbl_2: BasicConv2d;
  declare branch3x3dbl_3: BasicConv2d;
  declare branch_pool: BasicConv2d;

  constructor(inputs: number, pool_features: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.branch1x1 = new Conv(inputs, 64, 1);
    this.branch5x5_1 = new Conv(inputs, 48, 1);
    this.branch5x5_2 = new Conv(48, 64, 5, { padding: 2 });
    this.branch3x3dbl_1 = new Conv(inputs, 64, 1);
    this.branch3x3dbl_2 = new Conv(64, 96, ...SAME_3);
    this.branch3x3dbl_3 = new Conv(96, 96, ...SAME_3);
    this.branch_pool = new Conv(inputs, pool_features, 1);
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    return [
      this.branch1x1(x),
      this.branch5x5_2(this.branch5x5_1(x)),
      this.branch3x3dbl_3(this.branch3x3dbl_2(this.branch3x3dbl_1(x))),
      this.branch_pool(averaged(x)),
    ];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A block of branches, one behind the other in the channels. */
export class InceptionB extends nn.Module {
  declare branch3x3: BasicConv2d;
  declare branch3x3dbl_1: BasicConv2d;
  declare branch3x3dbl_2: BasicConv2d;
  declare branch3x3dbl_3: BasicConv2d;

  constructor(inputs: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.branch3x3 = new Conv(inputs, 384, ...HALF_3);
    this.branch3x3dbl_1 = new Conv(inputs, 64, 1);
    this.branch3x3dbl_2 = new Conv(64, 96, ...SAME_3);
    this.branch3x3dbl_3 = new Conv(96, 96, ...HALF_3);
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    const single = this.branch3x3(x);
    const double = this.branch3x3dbl_3(this.branch3x3dbl_2(this.branch3x3dbl_1(x)));
    return [single, double, F.max_pool2d(x, 3, { stride: 2 })];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A block of branches, one behind the other in the channels. */
export class InceptionC extends nn.Module {
  declare branch1x1: BasicConv2d;
  declare branch7x7_1: BasicConv2d;
  declare branch7x7_2: BasicConv2d;
  declare branch7x7_3: BasicConv2d;
  declare branch7x7dbl_1: BasicConv2d;
  declare branch7x7dbl_2: BasicConv2d;
  declare branch7x7dbl_3: BasicConv2d;
  declare branch7x7dbl_4: BasicConv2d;
  declare branch7x7dbl_5: BasicConv2d;
  declare branch_pool: BasicConv2d;

  constructor(inputs: number, c7: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.branch1x1 = new Conv(inputs, 192, 1);
    this.branch7x7_1 = new Conv(inputs, c7, 1);
    this.branch7x7_2 = new Conv(c7, c7, ...ROW_7);
    this.branch7x7_3 = new Conv(c7, 192, ...COLUMN_7);
    this.branch7x7dbl_1 = new Conv(inputs, c7, 1);
    this.branch7x7dbl_2 = new Conv(c7, c7, ...COLUMN_7);
    this.branch7x7dbl_3 = new Conv(c7, c7, ...ROW_7);
    this.branch7x7dbl_4 = new Conv(c7, c7, ...COLUMN_7);
    this.branch7x7dbl_5 = new Conv(c7, 192, ...ROW_7);
    this.branch_pool = new Conv(inputs, 192, 1);
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    const one = this.branch1x1(x);
    const single = this.branch7x7_3(this.branch7x7_2(this.branch7x7_1(x)));
    const double = this.branch7x7dbl_3(this.branch7x7dbl_2(this.branch7x7dbl_1(x)));
    return [one, single, this.branch7x7dbl_5(this.branch7x7dbl_4(double)), this.branch_pool(averaged(x))];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A block of branches, one behind the other in the channels. */
export class InceptionD extends nn.Module {
  declare branch3x3_1: BasicConv2d;
  declare branch3x3_2: BasicConv2d;
  declare branch7x7x3_1: BasicConv2d;
  declare branch7x7x3_2: BasicConv2d;
  declare branch7x7x3_3: BasicConv2d;
  declare branch7x7x3_4: BasicConv2d;

  constructor(inputs: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.branch3x3_1 = new Conv(inputs, 192, 1);
    this.branch3x3_2 = new Conv(192, 320, ...HALF_3);
    this.branch7x7x3_1 = new Conv(inputs, 192, 1);
    this.branch7x7x3_2 = new Conv(192, 192, ...ROW_7);
    this.branch7x7x3_3 = new Conv(192, 192, ...COLUMN_7);
    this.branch7x7x3_4 = new Conv(192, 192, ...HALF_3);
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    const short = this.branch3x3_2(this.branch3x3_1(x));
    const long = this.branch7x7x3_4(this.branch7x7x3_3(this.branch7x7x3_2(this.branch7x7x3_1(x))));
    return [short, long, F.max_pool2d(x, 3, { stride: 2 })];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A block of branches, one behind the other in the channels. */
export class InceptionE extends nn.Module {
  declare branch1x1: BasicConv2d;
  declare branch3x3_1: BasicConv2d;
  declare branch3x3_2a: BasicConv2d;
  declare branch3x3_2b: BasicConv2d;
  declare branch3x3dbl_1: BasicConv2d;
  declare branch3x3dbl_2: BasicConv2d;
  declare branch3x3dbl_3a: BasicConv2d;
  declare branch3x3dbl_3b: BasicConv2d;
  declare branch_pool: BasicConv2d;

  constructor(inputs: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.branch1x1 = new Conv(inputs, 320, 1);
    this.branch3x3_1 = new Conv(inputs, 384, 1);
    this.branch3x3_2a = new Conv(384, 384, ...ROW_3);
    this.branch3x3_2b = new Conv(384, 384, ...COLUMN_3);
    this.branch3x3dbl_1 = new Conv(inputs, 448, 1);
    this.branch3x3dbl_2 = new Conv(448, 384, ...SAME_3);
    this.branch3x3dbl_3a = new Conv(384, 384, ...ROW_3);
    this.branch3x3dbl_3b = new Conv(384, 384, ...COLUMN_3);
    this.branch_pool = new Conv(inputs, 192, 1);
  }

  join_single(parts: Tensor[]): Tensor {
    return cat(parts, 1);
  }

  join_double(parts: Tensor[]): Tensor {
    return cat(parts, 1);
  }

  /** What the branches give. */
  branches(x: Tensor): Tensor[] {
    const one = this.branch1x1(x);
    const single = this.branch3x3_1(x);
    const joined = this.join_single([this.branch3x3_2a(single), this.branch3x3_2b(single)]);
    const double = this.branch3x3dbl_2(this.branch3x3dbl_1(x));
    return [
      one,
      joined,
      this.join_double([this.branch3x3dbl_3a(double), this.branch3x3dbl_3b(double)]),
      this.branch_pool(averaged(x)),
    ];
  }

  forward(x: Tensor): Tensor {
    return cat(this.branches(x), 1);
  }
}

/** A classifier on features from the middle. */
export class InceptionAux extends nn.Module {
  declare conv0: BasicConv2d;
  declare conv1: BasicConv2d;
  declare fc: nn.Linear;

  constructor(inputs: number, num_classes: number, Conv: ConvBlock = BasicConv2d) {
    super();
    this.conv0 = new Conv(inputs, 128, 1);
    this.conv1 = new Conv(128, 768, 5);
    this.fc = new nn.Linear(768, num_classes);
  }

  forward(x: Tensor): Tensor {
    const features = this.conv1(this.conv0(F.avg_pool2d(x, 5, { stride: 3 })));
    return this.fc(F.adaptive_avg_pool2d(features, [1, 1]).flatten(1));
  }
}

type Made<C extends abstract new (...args: never) => unknown> = new (
  ...args: ConstructorParameters<C>
) => InstanceType<C>;

/** The classes of the parts of an {@link Inception3}: convolutions, blocks A to E, the auxiliary classifier. */
export type InceptionBlocks = readonly [
  ConvBlock,
  Made<typeof InceptionA>,
  Made<typeof InceptionB>,
  Made<typeof InceptionC>,
  Made<typeof InceptionD>,
  Made<typeof InceptionE>,
  Made<typeof InceptionAux>,
];

const BLOCKS: InceptionBlocks = [BasicConv2d, InceptionA, InceptionB, InceptionC, InceptionD, InceptionE, InceptionAux];

/** Options of {@link Inception3}. */
export interface Inception3Options {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Have an auxiliary classifier in the middle, for training. Default true. */
  aux_logits?: boolean;
  /** Normalize inputs again, from ImageNet's mean and deviation to 0.5 and 0.5. Default false, with weights true. */
  transform_input?: boolean;
  /** The classes of convolutions, blocks A to E and the auxiliary classifier. Default null: those of the paper. */
  inception_blocks?: InceptionBlocks | null;
  /** Draw the weights from truncated normal distributions. Default null: true, with a warning. */
  init_weights?: boolean | null;
  /** Probability of the dropout before the classifier. Default 0.5. */
  dropout?: number;
}

/** @internal */
export const TAKES =
  'num_classes?: int, aux_logits?: bool, transform_input?: bool, inception_blocks?: any[]|None, ' +
  'init_weights?: bool|None, dropout?: float';
const INCEPTION3 = signature<Inception3Options>('Inception3', TAKES.replace('inception', '*, inception'));

export interface Inception3 {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * Inception v3 of "Rethinking the Inception Architecture for Computer Vision" (arXiv 1512.00567). Mirrors
 * `torchvision.models.Inception3`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 75, and 299 while it is trained with `aux_logits`; output
 * `(N, num_classes)`. While it is trained with
 * `aux_logits`, it returns a named tuple of `logits` and `aux_logits`.
 *
 * @param num_classes - number of classes; default 1000
 * @param aux_logits - have an auxiliary classifier in the middle, for training; default true
 * @param transform_input - normalize inputs again, from ImageNet's mean and deviation to 0.5 and 0.5; default false
 * @param inception_blocks - the classes of convolutions, blocks A to E and the auxiliary classifier; default null: those of
 *   the paper
 * @param init_weights - draw the weights from truncated normal distributions; default null: true, with a warning
 * @param dropout - probability of the dropout before the classifier; default 0.5
 * @throws TypeError for an argument of a wrong type
 * @throws Error for other than seven `inception_blocks`
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.Inception3({ num_classes: 10, init_weights: false }).eval();
 * const y = model(torch.zeros(1, 3, 80, 80)) as torch.Tensor;
 * print(y.shape); // torch.Size([1, 10])
 * ```
 */
export class Inception3 extends nn.Module {
  declare aux_logits: boolean;
  declare transform_input: boolean;
  declare Conv2d_1a_3x3: BasicConv2d;
  declare Conv2d_2a_3x3: BasicConv2d;
  declare Conv2d_2b_3x3: BasicConv2d;
  declare maxpool1: nn.MaxPool2d;
  declare Conv2d_3b_1x1: BasicConv2d;
  declare Conv2d_4a_3x3: BasicConv2d;
  declare maxpool2: nn.MaxPool2d;
  declare Mixed_5b: InceptionA;
  declare Mixed_5c: InceptionA;
  declare Mixed_5d: InceptionA;
  declare Mixed_6a: InceptionB;
  declare Mixed_6b: InceptionC;
  declare Mixed_6c: InceptionC;
  declare Mixed_6d: InceptionC;
  declare Mixed_6e: InceptionC;
  declare AuxLogits: InceptionAux | null;
  declare Mixed_7a: InceptionD;
  declare Mixed_7b: InceptionE;
  declare Mixed_7c: InceptionE;
  declare avgpool: nn.AdaptiveAvgPool2d;
  declare dropout: nn.Dropout;

  constructor(
    ...args: Arguments<
      [num_classes?: number, aux_logits?: boolean, transform_input?: boolean],
      Inception3Options,
      ['num_classes', 'aux_logits', 'transform_input']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = INCEPTION3.read(args);
    const { num_classes = 1000, aux_logits = true, transform_input = false, init_weights = null } = given;
    if (init_weights === null) {
      warn(
        'The default weight initialization of inception_v3 will be changed in future releases of torchvision. If you ' +
          'wish to keep the old behavior (which leads to long initialization times due to scipy/scipy#11299), please ' +
          'set init_weights=True.',
        'FutureWarning',
      );
    }
    const blocks: readonly unknown[] = given.inception_blocks ?? BLOCKS;
    if (blocks.length !== 7) {
      throw new Error(`length of inception_blocks should be 7 instead of ${blocks.length}`);
    }
    const [Conv, A, B, C, D, E, Aux] = blocks as unknown as InceptionBlocks;
    this.aux_logits = aux_logits;
    this.transform_input = transform_input;
    this.Conv2d_1a_3x3 = new Conv(3, 32, ...HALF_3);
    this.Conv2d_2a_3x3 = new Conv(32, 32, 3);
    this.Conv2d_2b_3x3 = new Conv(32, 64, ...SAME_3);
    this.maxpool1 = new nn.MaxPool2d(3, { stride: 2 });
    this.Conv2d_3b_1x1 = new Conv(64, 80, 1);
    this.Conv2d_4a_3x3 = new Conv(80, 192, 3);
    this.maxpool2 = new nn.MaxPool2d(3, { stride: 2 });
    this.Mixed_5b = new A(192, 32);
    this.Mixed_5c = new A(256, 64);
    this.Mixed_5d = new A(288, 64);
    this.Mixed_6a = new B(288);
    this.Mixed_6b = new C(768, 128);
    this.Mixed_6c = new C(768, 160);
    this.Mixed_6d = new C(768, 160);
    this.Mixed_6e = new C(768, 192);
    this.AuxLogits = aux_logits ? new Aux(768, num_classes) : null;
    this.Mixed_7a = new D(768);
    this.Mixed_7b = new E(1280);
    this.Mixed_7c = new E(2048);
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.dropout = new nn.Dropout(given.dropout ?? 0.5);
    this.fc = new nn.Linear(2048, num_classes);
    if (init_weights ?? true) this.init_weights();
  }

  private init_weights(): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d || m instanceof nn.Linear) {
        // The deviation of the paper's for the auxiliary classifier; in Python an attribute of its layers, which the
        // convolution inside of conv1 does not have.
        const std = m === (this.AuxLogits as InceptionAux | null)?.fc ? 0.001 : 0.1;
        nn.init.trunc_normal_(m.weight, { mean: 0, std, a: -2, b: 2 });
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

  /** What the classifier gives, and the auxiliary one while it is trained. @internal */
  _forward(input: Tensor): [logits: Tensor, aux: Tensor | null] {
    const stem = this.maxpool1(this.Conv2d_2b_3x3(this.Conv2d_2a_3x3(this.Conv2d_1a_3x3(input))));
    const first = this.Mixed_5b(this.maxpool2(this.Conv2d_4a_3x3(this.Conv2d_3b_1x1(stem))));
    const middle = this.Mixed_6b(this.Mixed_6a(this.Mixed_5d(this.Mixed_5c(first))));
    const features = this.Mixed_6e(this.Mixed_6d(this.Mixed_6c(middle)));
    const aux = this.AuxLogits !== null && this.training ? this.AuxLogits(features) : null;
    const last = this.Mixed_7c(this.Mixed_7b(this.Mixed_7a(features)));
    return [this.fc(this.dropout(this.avgpool(last)).flatten(1)), aux];
  }

  /** What is returned. @internal */
  _outputs(logits: Tensor, aux: Tensor | null): Tensor | InceptionOutputs {
    return this.training && this.aux_logits ? (InceptionOutputs(logits, aux) as unknown as InceptionOutputs) : logits;
  }

  forward(x: Tensor): Tensor | InceptionOutputs {
    return this._outputs(...this._forward(this._transform_input(x)));
  }
}
forward_takes(Inception3, 'x: Tensor');

/** The weights of {@link inception_v3}. Mirrors `torchvision.models.Inception_V3_Weights`. */
export const Inception_V3_Weights = known_weights('Inception_V3_Weights');
export type Inception_V3_Weights = WeightsEnum<'Inception_V3_Weights'>;

/**
 * Makes an {@link Inception3}, whose options it takes. Mirrors `torchvision.models.inception_v3`.
 *
 * @param weights - pretrained weights; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.inception_v3({ num_classes: 2, init_weights: false }).fc); // Linear(in_features=2048, out_features=2, bias=True)
 * ```
 */
export const inception_v3 = model_builder('inception_v3', Inception_V3_Weights, {
  takes: TAKES,
  make: (config: Inception3Options) => new Inception3(config),
  prepare: (config, weights) => {
    const named = config as Record<string, unknown>;
    named['transform_input'] ??= true;
    overwrite_named_param(named, 'aux_logits', true);
    overwrite_named_param(named, 'init_weights', false);
    as_many_classes(config, weights);
  },
  finish: (model, { aux_logits = true }) => {
    if (aux_logits) return;
    model.aux_logits = false;
    model.AuxLogits = null;
  },
});
