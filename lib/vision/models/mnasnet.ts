import { signature } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import { python_float } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import type { LoadReport, StateDict } from '../../nn/modules/module.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { plus } from './operators.js';

// The paper's decay of 0.9997, as TensorFlow has it.
const MOMENTUM = 1 - 0.9997;

const relu = (): nn.ReLU => new nn.ReLU({ inplace: true });
const norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { momentum: MOMENTUM });

class _InvertedResidual extends nn.Module {
  declare apply_residual: boolean;
  declare layers: nn.Module;

  constructor(inputs: number, outputs: number, kernel_size: number, stride: number, expansion: number) {
    super();
    if (![1, 2].includes(stride)) throw new Error(`stride should be 1 or 2 instead of ${stride}`);
    if (![3, 5].includes(kernel_size)) throw new Error(`kernel_size should be 3 or 5 instead of ${kernel_size}`);
    const inner = inputs * expansion;
    const padding = Math.floor(kernel_size / 2);
    this.apply_residual = inputs === outputs && stride === 1;
    this.layers = new nn.Sequential(
      new nn.Conv2d(inputs, inner, 1, { bias: false }),
      norm(inner),
      relu(),
      new nn.Conv2d(inner, inner, kernel_size, { padding, stride, groups: inner, bias: false }),
      norm(inner),
      relu(),
      new nn.Conv2d(inner, outputs, 1, { bias: false }),
      norm(outputs),
    );
  }

  forward(input: Tensor): Tensor {
    const out = this.layers(input) as Tensor;
    return this.apply_residual ? plus(out, input) : out;
  }
}

function stack(
  inputs: number,
  outputs: number,
  kernel_size: number,
  stride: number,
  expansion: number,
  repeats: number,
): nn.Sequential {
  const blocks = [new _InvertedResidual(inputs, outputs, kernel_size, stride, expansion)];
  while (blocks.length < repeats) blocks.push(new _InvertedResidual(outputs, outputs, kernel_size, 1, expansion));
  return new nn.Sequential(...(blocks as nn.Module[]));
}

/** The next multiple of 8 that is not below 90 % of a value. */
function rounded(value: number): number {
  const near = Math.max(8, Math.floor(Math.trunc(value + 4) / 8) * 8);
  return near >= 0.9 * value ? near : near + 8;
}

const depths_of = (alpha: number): number[] =>
  [32, 16, 24, 40, 80, 96, 192, 320].map((depth) => rounded(depth * alpha));

/** The layers before the blocks, whose number of channels did not depend on `alpha` in the first version. */
function stem(first: number, second: number, third: number): nn.Module[] {
  return [
    new nn.Conv2d(3, first, 3, { padding: 1, stride: 2, bias: false }),
    norm(first),
    relu(),
    new nn.Conv2d(first, first, 3, { padding: 1, groups: first, bias: false }),
    norm(first),
    relu(),
    new nn.Conv2d(first, second, 1, { bias: false }),
    norm(second),
    stack(second, third, 3, 2, 3, 3),
  ];
}

/** Options of {@link MNASNet}. */
export interface MNASNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Probability of the dropout before the classifier. Default 0.2. */
  dropout?: number;
}

const TAKES = 'num_classes?: int, dropout?: float';
const MNASNET = signature<MNASNetOptions & { alpha: number }>('MNASNet', `alpha: float, ${TAKES}`);

/**
 * MNASNet (B1) of "MnasNet: Platform-Aware Neural Architecture Search for Mobile" (arXiv 1807.11626). Mirrors
 * `torchvision.models.MNASNet`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param alpha - factor of the number of channels, greater than 0
 * @param num_classes - number of classes; default 1000
 * @param dropout - probability of the dropout before the classifier; default 0.2
 * @throws Error unless `alpha` is greater than 0
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.MNASNet(0.5, { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class MNASNet extends nn.Module {
  declare alpha: number;
  declare num_classes: number;
  declare layers: nn.Sequential;
  declare classifier: nn.Sequential;
  declare private version: number;

  constructor(alpha: number, ...options: Tail<[num_classes: number, dropout: number], MNASNetOptions>);
  constructor(options: MNASNetOptions & { alpha: number });
  constructor(...args: unknown[]) {
    super();
    const { alpha, num_classes = 1000, dropout = 0.2 } = MNASNET.read(args);
    if (alpha <= 0) throw new Error(`alpha should be greater than 0.0 instead of ${python_float(alpha)}`);
    this.version = 2;
    this.alpha = alpha;
    this.num_classes = num_classes;
    const depths = depths_of(alpha) as [number, number, number, number, number, number, number, number];
    this.layers = new nn.Sequential(
      ...stem(depths[0], depths[1], depths[2]),
      stack(depths[2], depths[3], 5, 2, 3, 3),
      stack(depths[3], depths[4], 5, 2, 6, 3),
      stack(depths[4], depths[5], 3, 1, 6, 2),
      stack(depths[5], depths[6], 5, 2, 6, 4),
      stack(depths[6], depths[7], 3, 1, 6, 1),
      new nn.Conv2d(depths[7], 1280, 1, { bias: false }),
      norm(1280),
      relu(),
    );
    this.classifier = new nn.Sequential(
      new nn.Dropout({ p: dropout, inplace: true }),
      new nn.Linear(1280, num_classes),
    ) as nn.Sequential;
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
        if (m.bias !== null) nn.init.zeros_(m.bias);
      } else if (m instanceof nn.BatchNorm2d) {
        nn.init.ones_(m.weight);
        nn.init.zeros_(m.bias);
      } else if (m instanceof nn.Linear) {
        nn.init.kaiming_uniform_(m.weight, { mode: 'fan_out', nonlinearity: 'sigmoid' });
        nn.init.zeros_(m.bias);
      }
    }
  }

  /** 2 since the number of channels of the first layers depends on `alpha`. */
  override get _version(): number {
    return this.version;
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.layers(x).mean([2, 3]));
  }

  /** Brings back the first layers as they were for a state dict of version 1. */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: LoadReport,
  ): void {
    const { version } = local;
    if (version !== 1 && version !== 2) {
      throw new Error(`version should be set to 1 or 2 instead of ${version === undefined ? 'None' : String(version)}`);
    }
    if (version === 1 && this.alpha !== 1) {
      stem(32, 16, depths_of(this.alpha)[2]!).forEach((layer, i) => {
        this.layers.set(i, layer);
      });
      this.version = 1;
      warn(
        'A new version of MNASNet model has been implemented. Your checkpoint was saved using the previous version. ' +
          'This checkpoint will load and work as before, but you may want to upgrade by training a newer model or ' +
          'transfer learning from an updated ImageNet checkpoint.',
      );
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}
forward_takes(MNASNet, 'x: Tensor');

function mnasnet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  alpha: number,
): ModelBuilder<MNASNet, N, MNASNetOptions> {
  return model_builder(name, weights, {
    takes: TAKES,
    make: (config: MNASNetOptions) => new MNASNet(alpha, config),
  });
}

/** The weights of {@link mnasnet0_5}. Mirrors `torchvision.models.MNASNet0_5_Weights`. */
export const MNASNet0_5_Weights = known_weights('MNASNet0_5_Weights');
export type MNASNet0_5_Weights = WeightsEnum<'MNASNet0_5_Weights'>;

/**
 * Makes MNASNet with 0.5 times the channels, an instance of {@link MNASNet}, whose options it takes. Mirrors
 * `torchvision.models.mnasnet0_5`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.mnasnet0_5({ num_classes: 2 }).classifier[1]); // Linear(in_features=1280, out_features=2, bias=True)
 * ```
 */
export const mnasnet0_5 = mnasnet('mnasnet0_5', MNASNet0_5_Weights, 0.5);

/** The weights of {@link mnasnet0_75}. Mirrors `torchvision.models.MNASNet0_75_Weights`. */
export const MNASNet0_75_Weights = known_weights('MNASNet0_75_Weights');
export type MNASNet0_75_Weights = WeightsEnum<'MNASNet0_75_Weights'>;

/**
 * Makes MNASNet with 0.75 times the channels, an instance of {@link MNASNet}, whose options it takes. Mirrors
 * `torchvision.models.mnasnet0_75`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const mnasnet0_75 = mnasnet('mnasnet0_75', MNASNet0_75_Weights, 0.75);

/** The weights of {@link mnasnet1_0}. Mirrors `torchvision.models.MNASNet1_0_Weights`. */
export const MNASNet1_0_Weights = known_weights('MNASNet1_0_Weights');
export type MNASNet1_0_Weights = WeightsEnum<'MNASNet1_0_Weights'>;

/**
 * Makes MNASNet with 1.0 times the channels, an instance of {@link MNASNet}, whose options it takes. Mirrors
 * `torchvision.models.mnasnet1_0`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const mnasnet1_0 = mnasnet('mnasnet1_0', MNASNet1_0_Weights, 1);

/** The weights of {@link mnasnet1_3}. Mirrors `torchvision.models.MNASNet1_3_Weights`. */
export const MNASNet1_3_Weights = known_weights('MNASNet1_3_Weights');
export type MNASNet1_3_Weights = WeightsEnum<'MNASNet1_3_Weights'>;

/**
 * Makes MNASNet with 1.3 times the channels, an instance of {@link MNASNet}, whose options it takes. Mirrors
 * `torchvision.models.mnasnet1_3`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const mnasnet1_3 = mnasnet('mnasnet1_3', MNASNet1_3_Weights, 1.3);
