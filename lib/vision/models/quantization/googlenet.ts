import { signature, type Arguments } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import { DeQuantStub, QuantStub } from '../../../ao/quantization/index.js';
import { warn } from '../../../_internal/warnings.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { as_many_classes, known_weights, type WeightsEnum } from '../_api.js';
import {
  BasicConv2d,
  GoogLeNet,
  GoogLeNet_Weights,
  Inception,
  InceptionAux,
  TAKES,
  type GoogLeNetOptions,
  type GoogLeNetOutputs,
} from '../googlenet.js';
import { overwrite_named_param } from '../_utils.js';
import { fuse_layers, is_qat_of, quantizable_builder, quantize_model } from './_utils.js';

const F = nn.functional;

class QuantizableBasicConv2d extends BasicConv2d {
  declare relu: nn.ReLU;

  constructor(...args: ConstructorParameters<typeof BasicConv2d>) {
    super(...args);
    this.relu = new nn.ReLU();
  }

  override forward(x: Tensor): Tensor {
    return this.relu(this.bn(this.conv(x)));
  }
}

type Sizes = [number, number, number, number, number, number, number];

class QuantizableInception extends Inception {
  declare cat: FloatFunctional;

  constructor(...sizes: Sizes) {
    super(...sizes, QuantizableBasicConv2d);
    this.cat = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    return this.cat.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionAux extends InceptionAux {
  declare relu: nn.ReLU;

  constructor(inputs: number, num_classes: number, dropout: number) {
    super(inputs, num_classes, dropout, QuantizableBasicConv2d);
    this.relu = new nn.ReLU();
  }

  override forward(x: Tensor): Tensor {
    const features = this.conv(F.adaptive_avg_pool2d(x, [4, 4])).flatten(1);
    return this.fc2(this.dropout(this.relu(this.fc1(features))));
  }
}

const QUANTIZABLE_TAKES = TAKES.replace('blocks?: any[]|None, ', '');
const QUANTIZABLE = signature<Omit<GoogLeNetOptions, 'blocks'>>(
  'QuantizableGoogLeNet',
  QUANTIZABLE_TAKES.replace('init', '*, init'),
);

/**
 * A {@link GoogLeNet} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableGoogLeNet`, whose options are those
 * of `GoogLeNet` without `blocks`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 15, output `(N, num_classes)`; while it is trained, as `GoogLeNet`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.quantization.QuantizableGoogLeNet({ num_classes: 4, init_weights: false }).eval();
 * model.fuse_model();
 * print((model(torch.zeros(1, 3, 32, 32)) as torch.Tensor).shape); // torch.Size([1, 4])
 * ```
 */
export class QuantizableGoogLeNet extends GoogLeNet {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(
    ...args: Arguments<
      [num_classes?: number, aux_logits?: boolean, transform_input?: boolean],
      Omit<GoogLeNetOptions, 'blocks'>,
      ['num_classes', 'aux_logits', 'transform_input']
    >
  );
  constructor(...args: unknown[]) {
    super({
      ...QUANTIZABLE.read(args),
      blocks: [QuantizableBasicConv2d, QuantizableInception, QuantizableInceptionAux],
    });
    this.quant = new QuantStub();
    this.dequant = new DeQuantStub();
  }

  override forward(x: Tensor): Tensor | GoogLeNetOutputs {
    const [logits, ...aux] = this._forward(this.quant(this._transform_input(x)) as Tensor);
    return this._outputs(this.dequant(logits) as Tensor, ...aux);
  }

  /** Puts convolutions, normalizations and ReLUs together: for training as `is_qat` says, or by default as the mode does. */
  fuse_model(is_qat?: boolean | null): void;
  fuse_model(...args: unknown[]): void {
    const is_qat = is_qat_of(args);
    for (const m of [...this.modules()]) {
      if (m instanceof QuantizableBasicConv2d) fuse_layers(m, ['conv', 'bn', 'relu'], is_qat);
    }
  }
}
forward_takes(QuantizableGoogLeNet, 'x: Tensor');

/** The quantized weights of {@link googlenet}. Mirrors `torchvision.models.quantization.GoogLeNet_QuantizedWeights`. */
export const GoogLeNet_QuantizedWeights = known_weights('GoogLeNet_QuantizedWeights');
export type GoogLeNet_QuantizedWeights = WeightsEnum<'GoogLeNet_QuantizedWeights'>;

/**
 * Makes a {@link QuantizableGoogLeNet}, whose options it takes. Mirrors `torchvision.models.quantization.googlenet`.
 *
 * @param weights - pretrained weights: with `quantize` `GoogLeNet_QuantizedWeights`, else `GoogLeNet_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when an option is not that of the weights, or the backend is not there
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.quantization.googlenet({ num_classes: 2, init_weights: false }).dequant); // DeQuantStub()
 * ```
 */
export const googlenet = quantizable_builder('googlenet', GoogLeNet_Weights, GoogLeNet_QuantizedWeights, {
  takes: QUANTIZABLE_TAKES,
  backend: 'fbgemm',
  make: (config: Omit<GoogLeNetOptions, 'blocks'>) => new QuantizableGoogLeNet(config),
  prepare: (config, weights) => {
    const named = config as Record<string, unknown>;
    named['transform_input'] ??= true;
    overwrite_named_param(named, 'aux_logits', true);
    overwrite_named_param(named, 'init_weights', false);
    as_many_classes(config, weights);
  },
  fill: (model, { load, has_weights, quantize, backend, config: { aux_logits = false } }) => {
    if (quantize) quantize_model(model, backend);
    load();
    if (!has_weights) return;
    if (aux_logits) {
      warn('auxiliary heads in the pretrained googlenet model are NOT pretrained, so make sure to train them');
      return;
    }
    model.aux_logits = false;
    model.aux1 = null;
    model.aux2 = null;
  },
});
