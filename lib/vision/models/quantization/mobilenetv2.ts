import { signature } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import { DeQuantStub, QuantStub } from '../../../ao/quantization/index.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import {
  InvertedResidual,
  MobileNet_V2_Weights,
  MobileNetV2,
  TAKES,
  type InvertedResidualOptions,
  type MobileNetV2Options,
} from '../mobilenetv2.js';
import { fuse_layers, is_qat_of, quantizable_builder } from './_utils.js';

class QuantizableInvertedResidual extends InvertedResidual {
  declare skip_add: FloatFunctional;

  constructor(inp: number, oup: number, stride: number, options: InvertedResidualOptions) {
    super(inp, oup, stride, options);
    this.skip_add = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    const out = this.conv(x) as Tensor;
    return this.use_res_connect ? this.skip_add.add(x, out) : out;
  }

  fuse_model(is_qat: boolean | null): void {
    [...this.conv.children()].forEach((layer, i) => {
      if (layer.constructor === nn.Conv2d) fuse_layers(this.conv, [`${i}`, `${i + 1}`], is_qat);
    });
  }
}

const QUANTIZABLE = signature<MobileNetV2Options>('QuantizableMobileNetV2', TAKES);

/**
 * A {@link MobileNetV2} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableMobileNetV2`, whose constructor
 * takes what that of `MobileNetV2` takes; {@link mobilenet_v2} gives it blocks that can be quantized.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.mobilenet_v2({ num_classes: 4, width_mult: 0.25 }).eval();
 * model.fuse_model();
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 4])
 * ```
 */
export class QuantizableMobileNetV2 extends MobileNetV2 {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(...args: ConstructorParameters<typeof MobileNetV2>) {
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
    for (const m of [...this.modules()]) {
      if (m instanceof Conv2dNormActivation) fuse_layers(m, ['0', '1', '2'], is_qat);
      if (m instanceof QuantizableInvertedResidual) m.fuse_model(is_qat);
    }
  }
}
forward_takes(QuantizableMobileNetV2, 'x: Tensor');

/** The quantized weights of {@link mobilenet_v2}. Mirrors `torchvision.models.quantization.MobileNet_V2_QuantizedWeights`. */
export const MobileNet_V2_QuantizedWeights = known_weights('MobileNet_V2_QuantizedWeights');
export type MobileNet_V2_QuantizedWeights = WeightsEnum<'MobileNet_V2_QuantizedWeights'>;

/**
 * Makes a {@link QuantizableMobileNetV2}, whose options it takes. Mirrors `torchvision.models.quantization.mobilenet_v2`.
 *
 * @param weights - pretrained weights: with `quantize` `MobileNet_V2_QuantizedWeights`, else `MobileNet_V2_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights, or the backend is not there
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.mobilenet_v2({ num_classes: 4, width_mult: 0.25, quantize: true, backend: 'fbgemm' });
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 4])
 * ```
 */
export const mobilenet_v2 = quantizable_builder('mobilenet_v2', MobileNet_V2_Weights, MobileNet_V2_QuantizedWeights, {
  takes: TAKES,
  backend: 'qnnpack',
  make: (config: MobileNetV2Options) => new QuantizableMobileNetV2({ block: QuantizableInvertedResidual, ...config }),
});
