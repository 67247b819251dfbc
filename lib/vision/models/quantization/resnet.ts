import { signature } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import { DeQuantStub, QuantStub } from '../../../ao/quantization/index.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import {
  known_weights,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import {
  BasicBlock,
  Bottleneck,
  ResNet,
  ResNet18_Weights,
  ResNet50_Weights,
  ResNeXt101_32X8D_Weights,
  ResNeXt101_64X4D_Weights,
  type ResNetBlock,
  type ResNetOptions,
} from '../resnet.js';
import { RESNET_TAKES } from '../resnet_arguments.js';
import { overwrite_named_param } from '../_utils.js';
import { fuse_layers, is_qat_of, quantizable_builder, type QuantizableOptions } from './_utils.js';

function fuse_downsample(downsample: nn.Module | null, is_qat: boolean | null): void {
  if (downsample !== null) fuse_layers(downsample, ['0', '1'], is_qat);
}

class QuantizableBasicBlock extends BasicBlock {
  declare add_relu: FloatFunctional;

  constructor(...args: ConstructorParameters<typeof BasicBlock>) {
    super(...args);
    this.add_relu = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    const inner = this.relu(this.bn1(this.conv1(x)) as Tensor);
    const out = this.bn2(this.conv2(inner)) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return this.add_relu.add_relu(out, identity);
  }

  fuse_model(is_qat: boolean | null): void {
    fuse_layers(this, ['conv1', 'bn1', 'relu'], is_qat);
    fuse_layers(this, ['conv2', 'bn2'], is_qat);
    fuse_downsample(this.downsample, is_qat);
  }
}

class QuantizableBottleneck extends Bottleneck {
  declare skip_add_relu: FloatFunctional;
  declare relu1: nn.ReLU;
  declare relu2: nn.ReLU;

  constructor(...args: ConstructorParameters<typeof Bottleneck>) {
    super(...args);
    this.skip_add_relu = new FloatFunctional();
    this.relu1 = new nn.ReLU();
    this.relu2 = new nn.ReLU();
  }

  override forward(x: Tensor): Tensor {
    const first = this.relu1(this.bn1(this.conv1(x)) as Tensor);
    const second = this.relu2(this.bn2(this.conv2(first)) as Tensor);
    const out = this.bn3(this.conv3(second)) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return this.skip_add_relu.add_relu(out, identity);
  }

  fuse_model(is_qat: boolean | null): void {
    fuse_layers(this, ['conv1', 'bn1', 'relu1'], is_qat);
    fuse_layers(this, ['conv2', 'bn2', 'relu2'], is_qat);
    fuse_layers(this, ['conv3', 'bn3'], is_qat);
    fuse_downsample(this.downsample, is_qat);
  }
}

const QUANTIZABLE = signature<ResNetOptions & { block: ResNetBlock; layers: readonly number[] }>(
  'QuantizableResNet',
  `block: Callable, layers: int[], ${RESNET_TAKES}`,
);

/**
 * A {@link ResNet} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableResNet`, whose constructor takes what
 * that of `ResNet` takes; the functions that make it give it blocks that can be quantized.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.resnet18({ num_classes: 4 }).eval();
 * model.fuse_model();
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 4])
 * ```
 */
export class QuantizableResNet extends ResNet {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(block: ResNetBlock, layers: readonly number[], options?: ResNetOptions);
  constructor(...args: unknown[]) {
    super(QUANTIZABLE.read(args));
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
    fuse_layers(this, ['conv1', 'bn1', 'relu'], is_qat);
    for (const m of [...this.modules()]) {
      if (m instanceof QuantizableBottleneck || m instanceof QuantizableBasicBlock) m.fuse_model(is_qat);
    }
  }
}
forward_takes(QuantizableResNet, 'x: Tensor');

function resnet<N extends WeightsName, Q extends WeightsName>(
  name: string,
  [weights, quantized_weights]: readonly [WeightsEnumeration<N>, WeightsEnumeration<Q>],
  block: ResNetBlock,
  layers: readonly number[],
  fixed: ResNetOptions = {},
): ModelBuilder<QuantizableResNet, N | Q, ResNetOptions & QuantizableOptions> {
  return quantizable_builder(name, weights, quantized_weights, {
    takes: RESNET_TAKES,
    backend: 'fbgemm',
    make: (config: ResNetOptions) => {
      const all: Record<string, unknown> = { ...config };
      for (const [key, value] of Object.entries(fixed)) overwrite_named_param(all, key, value);
      return new QuantizableResNet(block, layers, all as ResNetOptions);
    },
  });
}

/** The quantized weights of {@link resnet18}. Mirrors `torchvision.models.quantization.ResNet18_QuantizedWeights`. */
export const ResNet18_QuantizedWeights = known_weights('ResNet18_QuantizedWeights');
export type ResNet18_QuantizedWeights = WeightsEnum<'ResNet18_QuantizedWeights'>;

/**
 * Makes ResNet-18, a {@link QuantizableResNet}, whose options it takes. Mirrors `torchvision.models.quantization.resnet18`.
 *
 * @param weights - pretrained weights: with `quantize` `ResNet18_QuantizedWeights`, else `ResNet18_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.resnet18({ num_classes: 4, quantize: true });
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 4])
 * ```
 */
export const resnet18 = resnet(
  'resnet18',
  [ResNet18_Weights, ResNet18_QuantizedWeights],
  QuantizableBasicBlock,
  [2, 2, 2, 2],
);

/** The quantized weights of {@link resnet50}. Mirrors `torchvision.models.quantization.ResNet50_QuantizedWeights`. */
export const ResNet50_QuantizedWeights = known_weights('ResNet50_QuantizedWeights');
export type ResNet50_QuantizedWeights = WeightsEnum<'ResNet50_QuantizedWeights'>;

/**
 * Makes ResNet-50, a {@link QuantizableResNet}, whose options it takes. Mirrors `torchvision.models.quantization.resnet50`.
 *
 * @param weights - pretrained weights: with `quantize` `ResNet50_QuantizedWeights`, else `ResNet50_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const resnet50 = resnet(
  'resnet50',
  [ResNet50_Weights, ResNet50_QuantizedWeights],
  QuantizableBottleneck,
  [3, 4, 6, 3],
);

/** The quantized weights of {@link resnext101_32x8d}. Mirrors `torchvision.models.quantization.ResNeXt101_32X8D_QuantizedWeights`. */
export const ResNeXt101_32X8D_QuantizedWeights = known_weights('ResNeXt101_32X8D_QuantizedWeights');
export type ResNeXt101_32X8D_QuantizedWeights = WeightsEnum<'ResNeXt101_32X8D_QuantizedWeights'>;

/**
 * Makes ResNeXt-101 32x8d, a {@link QuantizableResNet}, whose options it takes. Mirrors `torchvision.models.quantization.resnext101_32x8d`.
 *
 * @param weights - pretrained weights: with `quantize` `ResNeXt101_32X8D_QuantizedWeights`, else `ResNeXt101_32X8D_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const resnext101_32x8d = resnet(
  'resnext101_32x8d',
  [ResNeXt101_32X8D_Weights, ResNeXt101_32X8D_QuantizedWeights],
  QuantizableBottleneck,
  [3, 4, 23, 3],
  {
    groups: 32,
    width_per_group: 8,
  },
);

/** The quantized weights of {@link resnext101_64x4d}. Mirrors `torchvision.models.quantization.ResNeXt101_64X4D_QuantizedWeights`. */
export const ResNeXt101_64X4D_QuantizedWeights = known_weights('ResNeXt101_64X4D_QuantizedWeights');
export type ResNeXt101_64X4D_QuantizedWeights = WeightsEnum<'ResNeXt101_64X4D_QuantizedWeights'>;

/**
 * Makes ResNeXt-101 64x4d, a {@link QuantizableResNet}, whose options it takes. Mirrors `torchvision.models.quantization.resnext101_64x4d`.
 *
 * @param weights - pretrained weights: with `quantize` `ResNeXt101_64X4D_QuantizedWeights`, else `ResNeXt101_64X4D_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 */
export const resnext101_64x4d = resnet(
  'resnext101_64x4d',
  [ResNeXt101_64X4D_Weights, ResNeXt101_64X4D_QuantizedWeights],
  QuantizableBottleneck,
  [3, 4, 23, 3],
  {
    groups: 64,
    width_per_group: 4,
  },
);
