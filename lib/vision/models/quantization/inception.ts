import { signature, type Arguments } from '../../../_internal/signature.js';
import { FloatFunctional } from '../../../ao/nn/quantized/modules.js';
import { DeQuantStub, QuantStub } from '../../../ao/quantization/index.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { as_many_classes, known_weights, type WeightsEnum } from '../_api.js';
import {
  BasicConv2d,
  Inception3,
  InceptionA,
  InceptionAux,
  InceptionB,
  InceptionC,
  InceptionD,
  InceptionE,
  Inception_V3_Weights,
  TAKES,
  type Inception3Options,
  type InceptionOutputs,
} from '../inception.js';
import { overwrite_named_param } from '../_utils.js';
import { fuse_layers, is_qat_of, quantizable_builder, quantize_model } from './_utils.js';

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

class QuantizableInceptionA extends InceptionA {
  declare myop: FloatFunctional;

  constructor(inputs: number, pool_features: number) {
    super(inputs, pool_features, QuantizableBasicConv2d);
    this.myop = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    return this.myop.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionB extends InceptionB {
  declare myop: FloatFunctional;

  constructor(inputs: number) {
    super(inputs, QuantizableBasicConv2d);
    this.myop = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    return this.myop.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionC extends InceptionC {
  declare myop: FloatFunctional;

  constructor(inputs: number, c7: number) {
    super(inputs, c7, QuantizableBasicConv2d);
    this.myop = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    return this.myop.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionD extends InceptionD {
  declare myop: FloatFunctional;

  constructor(inputs: number) {
    super(inputs, QuantizableBasicConv2d);
    this.myop = new FloatFunctional();
  }

  override forward(x: Tensor): Tensor {
    return this.myop.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionE extends InceptionE {
  declare myop1: FloatFunctional;
  declare myop2: FloatFunctional;
  declare myop3: FloatFunctional;

  constructor(inputs: number) {
    super(inputs, QuantizableBasicConv2d);
    this.myop1 = new FloatFunctional();
    this.myop2 = new FloatFunctional();
    this.myop3 = new FloatFunctional();
  }

  override join_single(parts: Tensor[]): Tensor {
    return this.myop1.cat(parts, 1);
  }

  override join_double(parts: Tensor[]): Tensor {
    return this.myop2.cat(parts, 1);
  }

  override forward(x: Tensor): Tensor {
    return this.myop3.cat(this.branches(x), 1);
  }
}

class QuantizableInceptionAux extends InceptionAux {
  constructor(inputs: number, num_classes: number) {
    super(inputs, num_classes, QuantizableBasicConv2d);
  }
}

const QUANTIZABLE_TAKES = TAKES.replace('inception_blocks?: any[]|None, ', '');
const QUANTIZABLE = signature<Omit<Inception3Options, 'inception_blocks'>>(
  'QuantizableInception3',
  QUANTIZABLE_TAKES.replace('init', '*, init'),
);

/**
 * An {@link Inception3} that can be quantized. Mirrors `torchvision.models.quantization.QuantizableInception3`, whose options are
 * those of `Inception3` without `inception_blocks`.
 *
 * Shapes: input `(N, 3, H, W)` with `H` and `W` of at least 75, output `(N, num_classes)`; while it is trained, as `Inception3`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.quantization.QuantizableInception3({ num_classes: 4, init_weights: false }).eval();
 * model.fuse_model();
 * print((model(torch.zeros(1, 3, 80, 80)) as torch.Tensor).shape); // torch.Size([1, 4])
 * ```
 */
export class QuantizableInception3 extends Inception3 {
  declare quant: nn.Module;
  declare dequant: nn.Module;

  constructor(
    ...args: Arguments<
      [num_classes?: number, aux_logits?: boolean, transform_input?: boolean],
      Omit<Inception3Options, 'inception_blocks'>,
      ['num_classes', 'aux_logits', 'transform_input']
    >
  );
  constructor(...args: unknown[]) {
    super({
      ...QUANTIZABLE.read(args),
      inception_blocks: [
        QuantizableBasicConv2d,
        QuantizableInceptionA,
        QuantizableInceptionB,
        QuantizableInceptionC,
        QuantizableInceptionD,
        QuantizableInceptionE,
        QuantizableInceptionAux,
      ],
    });
    this.quant = new QuantStub();
    this.dequant = new DeQuantStub();
  }

  override forward(x: Tensor): Tensor | InceptionOutputs {
    const [logits, aux] = this._forward(this.quant(this._transform_input(x)) as Tensor);
    return this._outputs(this.dequant(logits) as Tensor, aux);
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
forward_takes(QuantizableInception3, 'x: Tensor');

/** The quantized weights of {@link inception_v3}. Mirrors `torchvision.models.quantization.Inception_V3_QuantizedWeights`. */
export const Inception_V3_QuantizedWeights = known_weights('Inception_V3_QuantizedWeights');
export type Inception_V3_QuantizedWeights = WeightsEnum<'Inception_V3_QuantizedWeights'>;

/**
 * Makes a {@link QuantizableInception3}, whose options it takes. Mirrors `torchvision.models.quantization.inception_v3`.
 *
 * @param weights - pretrained weights: with `quantize` `Inception_V3_QuantizedWeights`, else `Inception_V3_Weights`; default null
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param quantize - return a quantized model, which can evaluate on the CPU only; default false
 * @throws Error when an option is not that of the weights, or the backend is not there
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.quantization.inception_v3({ num_classes: 2, init_weights: false }).dequant); // DeQuantStub()
 * ```
 */
export const inception_v3 = quantizable_builder('inception_v3', Inception_V3_Weights, Inception_V3_QuantizedWeights, {
  takes: QUANTIZABLE_TAKES,
  backend: 'fbgemm',
  make: (config: Omit<Inception3Options, 'inception_blocks'>) => new QuantizableInception3(config),
  prepare: (config, weights) => {
    const named = config as Record<string, unknown>;
    named['transform_input'] ??= true;
    overwrite_named_param(named, 'aux_logits', true);
    as_many_classes(config, weights);
  },
  fill: (model, { load, quantize, backend, has_weights, config: { aux_logits = false } }) => {
    const without = (): void => {
      model.aux_logits = false;
      model.AuxLogits = null;
    };
    if (quantize) quantize_model(model, backend);
    const removed = has_weights && !aux_logits;
    if (removed && quantize) without();
    load();
    if (removed && !quantize) without();
  },
});
