import { signature } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import { DeQuantStub, QuantStub } from '../../../ao/quantization/index.js';
import type { Tensor } from '../../../_tensor.js';
import type * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import {
  known_weights,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import {
  channel_shuffle,
  InvertedResidual,
  ShuffleNet_V2_X0_5_Weights,
  ShuffleNet_V2_X1_0_Weights,
  ShuffleNet_V2_X1_5_Weights,
  ShuffleNet_V2_X2_0_Weights,
  ShuffleNetV2,
  TAKES,
  type ShuffleNetV2Options,
} from '../shufflenetv2.js';
import { fuse_layers, is_qat_of, quantizable_builder, type QuantizableOptions } from './_utils.js';

class QuantizableInvertedResidual extends InvertedResidual {
  declare cat: FloatFunctional;

  constructor(inputs: number, outputs: number, stride: number) {
    super(inputs, outputs, stride);
    this.cat = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    const [kept, changed] = this.stride === 1 ? (x.chunk(2, 1) as [Tensor, Tensor]) : [this.branch1(x) as Tensor, x];
    return channel_shuffle(this.cat.cat([kept, this.branch2(changed) as Tensor], 1), 2);
  }

  fuse_model(is_qat: boolean | null): void {
    const groups = (module: nn.Module, names: string[][]): void => {
      for (const each of names) fuse_layers(module, each, is_qat);
    };
    if ([...this.branch1.children()].length > 0)
      groups(this.branch1, [
        ['0', '1'],
        ['2', '3', '4'],
      ]);
    groups(this.branch2, [
      ['0', '1', '2'],
      ['3', '4'],
      ['5', '6', '7'],
    ]);
  }
}

const QUANTIZABLE_TAKES = TAKES.replace(', inverted_residual?: Callable', '');
const QUANTIZABLE = signature<
  Omit<ShuffleNetV2Options, 'inverted_residual'> & {
    stages_repeats: readonly number[];
    stages_out_channels: readonly number[];
  }
>('QuantizableShuffleNetV2', `stages_repeats: int[], stages_out_channels: int[], ${QUANTIZABLE_TAKES}`);

/**
 * A {@link ShuffleNetV2} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableShuffleNetV2`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param stages_repeats - number of blocks in each of the three stages
 * @param stages_out_channels - channels of the first convolution, of the three stages, and of the last convolution
 * @param num_classes - number of classes; default 1000
 * @throws Error for lists of other lengths
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.quantization.QuantizableShuffleNetV2([1, 1, 1], [8, 16, 32, 64, 128], { num_classes: 10 }).eval();
 * model.fuse_model();
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * ```
 */
export class QuantizableShuffleNetV2 extends ShuffleNetV2 {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(
    stages_repeats: readonly number[],
    stages_out_channels: readonly number[],
    options?: Omit<ShuffleNetV2Options, 'inverted_residual'>,
  );
  constructor(...args: unknown[]) {
    super({ ...QUANTIZABLE.read(args), inverted_residual: QuantizableInvertedResidual });
    this.quant = new QuantStub();
    this.dequant = new DeQuantStub();
  }

  override forward(x: Tensor): Tensor {
    return this.dequant(super.forward(this.quant(x) as Tensor)) as Tensor;
  }

  /** Puts convolutions, normalizations and ReLUs together: for training as `is_qat` says, or by default as the mode does. */
  fuse_model(is_qat?: boolean | null): void;
  fuse_model(...args: unknown[]): void {
    const is_qat = is_qat_of(args);
    for (const m of [this.conv1, this.conv5]) fuse_layers(m, ['0', '1', '2'], is_qat);
    for (const m of [...this.modules()]) if (m instanceof QuantizableInvertedResidual) m.fuse_model(is_qat);
  }
}
forward_takes(QuantizableShuffleNetV2, 'x: Tensor');

function shufflenet<N extends WeightsName, Q extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  quantized_weights: WeightsEnumeration<Q>,
  channels: readonly number[],
): ModelBuilder<QuantizableShuffleNetV2, N | Q, Omit<ShuffleNetV2Options, 'inverted_residual'> & QuantizableOptions> {
  return quantizable_builder(name, weights, quantized_weights, {
    takes: QUANTIZABLE_TAKES,
    backend: 'fbgemm',
    make: (config: Omit<ShuffleNetV2Options, 'inverted_residual'>) =>
      new QuantizableShuffleNetV2([4, 8, 4], channels, config),
  });
}

/** The quantized weights of {@link shufflenet_v2_x0_5}. Mirrors `torchvision.models.quantization.ShuffleNet_V2_X0_5_QuantizedWeights`. */
export const ShuffleNet_V2_X0_5_QuantizedWeights = known_weights('ShuffleNet_V2_X0_5_QuantizedWeights');
export type ShuffleNet_V2_X0_5_QuantizedWeights = WeightsEnum<'ShuffleNet_V2_X0_5_QuantizedWeights'>;

/**
 * Makes ShuffleNet v2 with 0.5 times the channels, a {@link QuantizableShuffleNetV2}. Mirrors
 * `torchvision.models.quantization.shufflenet_v2_x0_5`.
 *
 * @param weights - pretrained weights: with `quantize` `ShuffleNet_V2_X0_5_QuantizedWeights`, else `ShuffleNet_V2_X0_5_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.shufflenet_v2_x0_5({ num_classes: 4, quantize: true });
 * print(model(torch.zeros(1, 3, 64, 64)).shape); // torch.Size([1, 4])
 * ```
 */
export const shufflenet_v2_x0_5 = shufflenet(
  'shufflenet_v2_x0_5',
  ShuffleNet_V2_X0_5_Weights,
  ShuffleNet_V2_X0_5_QuantizedWeights,
  [24, 48, 96, 192, 1024],
);

/** The quantized weights of {@link shufflenet_v2_x1_0}. Mirrors `torchvision.models.quantization.ShuffleNet_V2_X1_0_QuantizedWeights`. */
export const ShuffleNet_V2_X1_0_QuantizedWeights = known_weights('ShuffleNet_V2_X1_0_QuantizedWeights');
export type ShuffleNet_V2_X1_0_QuantizedWeights = WeightsEnum<'ShuffleNet_V2_X1_0_QuantizedWeights'>;

/**
 * Makes ShuffleNet v2 with 1.0 times the channels, a {@link QuantizableShuffleNetV2}. Mirrors
 * `torchvision.models.quantization.shufflenet_v2_x1_0`.
 *
 * @param weights - pretrained weights: with `quantize` `ShuffleNet_V2_X1_0_QuantizedWeights`, else `ShuffleNet_V2_X1_0_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const shufflenet_v2_x1_0 = shufflenet(
  'shufflenet_v2_x1_0',
  ShuffleNet_V2_X1_0_Weights,
  ShuffleNet_V2_X1_0_QuantizedWeights,
  [24, 116, 232, 464, 1024],
);

/** The quantized weights of {@link shufflenet_v2_x1_5}. Mirrors `torchvision.models.quantization.ShuffleNet_V2_X1_5_QuantizedWeights`. */
export const ShuffleNet_V2_X1_5_QuantizedWeights = known_weights('ShuffleNet_V2_X1_5_QuantizedWeights');
export type ShuffleNet_V2_X1_5_QuantizedWeights = WeightsEnum<'ShuffleNet_V2_X1_5_QuantizedWeights'>;

/**
 * Makes ShuffleNet v2 with 1.5 times the channels, a {@link QuantizableShuffleNetV2}. Mirrors
 * `torchvision.models.quantization.shufflenet_v2_x1_5`.
 *
 * @param weights - pretrained weights: with `quantize` `ShuffleNet_V2_X1_5_QuantizedWeights`, else `ShuffleNet_V2_X1_5_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const shufflenet_v2_x1_5 = shufflenet(
  'shufflenet_v2_x1_5',
  ShuffleNet_V2_X1_5_Weights,
  ShuffleNet_V2_X1_5_QuantizedWeights,
  [24, 176, 352, 704, 1024],
);

/** The quantized weights of {@link shufflenet_v2_x2_0}. Mirrors `torchvision.models.quantization.ShuffleNet_V2_X2_0_QuantizedWeights`. */
export const ShuffleNet_V2_X2_0_QuantizedWeights = known_weights('ShuffleNet_V2_X2_0_QuantizedWeights');
export type ShuffleNet_V2_X2_0_QuantizedWeights = WeightsEnum<'ShuffleNet_V2_X2_0_QuantizedWeights'>;

/**
 * Makes ShuffleNet v2 with 2.0 times the channels, a {@link QuantizableShuffleNetV2}. Mirrors
 * `torchvision.models.quantization.shufflenet_v2_x2_0`.
 *
 * @param weights - pretrained weights: with `quantize` `ShuffleNet_V2_X2_0_QuantizedWeights`, else `ShuffleNet_V2_X2_0_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const shufflenet_v2_x2_0 = shufflenet(
  'shufflenet_v2_x2_0',
  ShuffleNet_V2_X2_0_Weights,
  ShuffleNet_V2_X2_0_QuantizedWeights,
  [24, 244, 488, 976, 2048],
);
