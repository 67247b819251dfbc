import { signature } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import * as ao from '../../../ao/quantization/index.js';
import type { Tensor } from '../../../_tensor.js';
import { tensor } from '../../../creation.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { int32 } from '../../../types/dtype.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv2dNormActivation, SqueezeExcitation } from '../../ops/misc.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import {
  InvertedResidual,
  MobileNet_V3_Large_Weights,
  MobileNetV3,
  type InvertedResidualConfig,
  type MobileNetV3BuilderOptions,
  type MobileNetV3Options,
} from '../mobilenetv3.js';
import { BUILDER_TAKES, setting_of, TAKES } from '../mobilenetv3_setting.js';
import { fuse_layers, is_qat_of, quantizable_builder } from './_utils.js';

class QuantizableSqueezeExcitation extends SqueezeExcitation {
  declare skip_mul: FloatFunctional;

  constructor(input_channels: number, squeeze_channels: number) {
    super(input_channels, squeeze_channels, { scale_activation: nn.Hardsigmoid });
    this.skip_mul = new FloatFunctional();
  }

  /** 2 since the factors are quantized. */
  override get _version(): number {
    return 2;
  }

  override forward(input: Tensor): Tensor {
    return this.skip_mul.mul(this._scale(input), input);
  }

  fuse_model(is_qat: boolean | null): void {
    fuse_layers(this, ['fc1', 'activation'], is_qat);
  }

  override _load_from_state_dict(...args: Parameters<nn.Module['_load_from_state_dict']>): void {
    const [state_dict, prefix, { version = 0 }] = args;
    if (this.qconfig !== undefined && version < 2) {
      const observer = `${prefix}scale_activation.activation_post_process.`;
      const older = {
        scale: tensor([1.0]).float(),
        'activation_post_process.scale': tensor([1.0]).float(),
        zero_point: tensor([0], { dtype: int32 }),
        'activation_post_process.zero_point': tensor([0], { dtype: int32 }),
        fake_quant_enabled: tensor([1]),
        observer_enabled: tensor([1]),
      };
      for (const [key, value] of Object.entries(older)) state_dict[observer + key] ??= value;
    }
    super._load_from_state_dict(...args);
  }
}

const squeeze_excitation = (channels: number, squeeze: number): SqueezeExcitation =>
  new QuantizableSqueezeExcitation(channels, squeeze);

class QuantizableInvertedResidual extends InvertedResidual {
  declare skip_add: FloatFunctional;

  constructor(config: InvertedResidualConfig, norm_layer: NormLayer) {
    super(config, norm_layer, squeeze_excitation);
    this.skip_add = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    const out = this.block(x) as Tensor;
    return this.use_res_connect ? this.skip_add.add(x, out) : out;
  }
}

const QUANTIZABLE = signature<
  MobileNetV3Options & { inverted_residual_setting: readonly InvertedResidualConfig[]; last_channel: number }
>('QuantizableMobileNetV3', `inverted_residual_setting: any[], last_channel: int, ${TAKES}`);

/**
 * A {@link MobileNetV3} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableMobileNetV3`, whose constructor
 * takes what that of `MobileNetV3` takes; {@link mobilenet_v3_large} gives it blocks that can be quantized.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.quantization.mobilenet_v3_large({ num_classes: 4, width_mult: 0.25 }).eval();
 * model.fuse_model();
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 4])
 * ```
 */
export class QuantizableMobileNetV3 extends MobileNetV3 {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(
    inverted_residual_setting: readonly InvertedResidualConfig[],
    last_channel: number,
    options?: MobileNetV3Options,
  );
  constructor(...args: unknown[]) {
    super(QUANTIZABLE.read(args));
    this.quant = new ao.QuantStub();
    this.dequant = new ao.DeQuantStub();
  }

  override forward(x: Tensor): Tensor {
    return this.dequant(super.forward(this.quant(x) as Tensor)) as Tensor;
  }

  /** Puts convolutions, normalizations and ReLUs together: for training as `is_qat` says, or by default as the mode does. */
  fuse_model(is_qat?: boolean | null): void;
  fuse_model(...args: unknown[]): void {
    const is_qat = is_qat_of(args);
    for (const m of [...this.modules()]) {
      if (m instanceof QuantizableSqueezeExcitation) m.fuse_model(is_qat);
      else if (m instanceof Conv2dNormActivation) {
        const with_relu = [...m.children()][2]?.constructor === nn.ReLU;
        fuse_layers(m, with_relu ? ['0', '1', '2'] : ['0', '1'], is_qat);
      }
    }
  }
}
forward_takes(QuantizableMobileNetV3, 'x: Tensor');

/**
 * The quantized weights of {@link mobilenet_v3_large}. Mirrors
 * `torchvision.models.quantization.MobileNet_V3_Large_QuantizedWeights`.
 */
export const MobileNet_V3_Large_QuantizedWeights = known_weights('MobileNet_V3_Large_QuantizedWeights');
export type MobileNet_V3_Large_QuantizedWeights = WeightsEnum<'MobileNet_V3_Large_QuantizedWeights'>;

/**
 * Makes a {@link QuantizableMobileNetV3}, whose options it takes. Mirrors `torchvision.models.quantization.mobilenet_v3_large`. Its
 * weights are those of a model prepared for quantization, into which they are loaded before it is quantized.
 *
 * @param weights - pretrained weights: with `quantize` `MobileNet_V3_Large_QuantizedWeights`, else `MobileNet_V3_Large_Weights`;
 *   default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.quantization.mobilenet_v3_large({ num_classes: 4 }).quant); // QuantStub()
 * ```
 */
export const mobilenet_v3_large = quantizable_builder(
  'mobilenet_v3_large',
  MobileNet_V3_Large_Weights,
  MobileNet_V3_Large_QuantizedWeights,
  {
    takes: BUILDER_TAKES,
    backend: 'qnnpack',
    make: (config: MobileNetV3BuilderOptions) => {
      const { width_mult: _, reduced_tail: __, dilated: ___, ...options } = config;
      const [setting, last_channel] = setting_of('mobilenet_v3_large', config);
      return new QuantizableMobileNetV3(setting, last_channel, { block: QuantizableInvertedResidual, ...options });
    },
    fill: (model, { load, quantize, backend }) => {
      if (quantize) {
        model.fuse_model(true);
        model.qconfig = ao.get_default_qat_qconfig(backend);
        ao.prepare_qat(model, { inplace: true });
      }
      load();
      if (!quantize) return;
      ao.convert(model, null, true);
      model.eval();
    },
  },
);
