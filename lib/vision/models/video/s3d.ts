import { signature } from '../../../_internal/signature.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import { cat } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv3dNormActivation } from '../../ops/misc.js';
import { known_weights, model_builder, type WeightsEnum } from '../_api.js';

type Row = new (...modules: nn.Module[]) => nn.Sequential;

class TemporalSeparableConv extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, outputs: number, size: number, stride: number, norm_layer: NormLayer) {
    const padding = Math.floor(size / 2);
    super(
      new Conv3dNormActivation(inputs, outputs, {
        kernel_size: [1, size, size],
        stride: [1, stride, stride],
        padding: [0, padding, padding],
        bias: false,
        norm_layer,
      }),
      new Conv3dNormActivation(outputs, outputs, {
        kernel_size: [size, 1, 1],
        stride: [stride, 1, 1],
        padding: [padding, 0, 0],
        bias: false,
        norm_layer,
      }),
    );
  }
}

class SepInceptionBlock3D extends nn.Module {
  declare branch0: nn.Module;
  declare branch1: nn.Module;
  declare branch2: nn.Module;
  declare branch3: nn.Module;

  constructor(
    inputs: number,
    b0_out: number,
    b1_mid: number,
    b1_out: number,
    b2_mid: number,
    b2_out: number,
    b3_out: number,
    norm_layer: NormLayer,
  ) {
    super();
    const pointwise = (outputs: number): nn.Module =>
      new Conv3dNormActivation(inputs, outputs, { kernel_size: 1, stride: 1, norm_layer });
    this.branch0 = pointwise(b0_out);
    this.branch1 = new nn.Sequential(pointwise(b1_mid), new TemporalSeparableConv(b1_mid, b1_out, 3, 1, norm_layer));
    this.branch2 = new nn.Sequential(pointwise(b2_mid), new TemporalSeparableConv(b2_mid, b2_out, 3, 1, norm_layer));
    this.branch3 = new nn.Sequential(new nn.MaxPool3d([3, 3, 3], { stride: 1, padding: 1 }), pointwise(b3_out));
  }

  forward(x: Tensor): Tensor {
    return cat(
      [this.branch0, this.branch1, this.branch2, this.branch3].map((branch) => branch(x) as Tensor),
      1,
    );
  }
}

/** Options of {@link S3D}. */
export interface S3DOptions {
  /** Number of classes. Default 400. */
  num_classes?: number;
  /** Probability of the dropout before the classifier. Default 0.2. */
  dropout?: number;
  /** What makes the normalizations. Default null: `nn.BatchNorm3d` with `eps` and `momentum` 0.001. */
  norm_layer?: NormLayer | null;
}

const TAKES = 'num_classes?: int, dropout?: float, norm_layer?: Callable|None';
const S3D_ARGUMENTS = signature<S3DOptions>('S3D', TAKES);

/**
 * S3D of "Rethinking Spatiotemporal Feature Learning: Speed-Accuracy Trade-offs in Video Classification" (arXiv
 * 1712.04851). Mirrors `torchvision.models.video.S3D`.
 *
 * Shapes: input `(N, 3, T, H, W)` with `T` of at least 14 and `H` and `W` of at least 224, output `(N, num_classes)`.
 *
 * @param num_classes - number of classes; default 400
 * @param dropout - probability of the dropout before the classifier; default 0.2
 * @param norm_layer - what makes the normalizations; default null: `nn.BatchNorm3d` with `eps` and `momentum` 0.001
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(new models.video.S3D({ num_classes: 2 }).classifier[1]); // Conv3d(1024, 2, kernel_size=(1, 1, 1), stride=(1, 1, 1))
 * ```
 */
export class S3D extends nn.Module {
  declare features: nn.Sequential;
  declare avgpool: nn.AvgPool3d;
  declare classifier: nn.Sequential;

  constructor(...args: Tail<[num_classes: number, dropout: number, norm_layer: NormLayer | null], S3DOptions>);
  constructor(...args: unknown[]) {
    super();
    const { num_classes = 400, dropout = 0.2, norm_layer = null } = S3D_ARGUMENTS.read(args);
    const norm: NormLayer =
      norm_layer ?? ((channels: number) => new nn.BatchNorm3d(channels, { eps: 0.001, momentum: 0.001 }));
    const smaller = (): nn.Module => new nn.MaxPool3d([1, 3, 3], { stride: [1, 2, 2], padding: [0, 1, 1] });
    const block = (...sizes: [number, number, number, number, number, number, number]): nn.Module =>
      new SepInceptionBlock3D(...sizes, norm);
    const features: nn.Module[] = [
      new TemporalSeparableConv(3, 64, 7, 2, norm),
      smaller(),
      new Conv3dNormActivation(64, 64, { kernel_size: 1, stride: 1, norm_layer: norm }),
      new TemporalSeparableConv(64, 192, 3, 1, norm),
      smaller(),
      block(192, 64, 96, 128, 16, 32, 32),
      block(256, 128, 128, 192, 32, 96, 64),
      new nn.MaxPool3d([3, 3, 3], { stride: [2, 2, 2], padding: [1, 1, 1] }),
      block(480, 192, 96, 208, 16, 48, 64),
      block(512, 160, 112, 224, 24, 64, 64),
      block(512, 128, 128, 256, 24, 64, 64),
      block(512, 112, 144, 288, 32, 64, 64),
      block(528, 256, 160, 320, 32, 128, 128),
      new nn.MaxPool3d([2, 2, 2], { stride: [2, 2, 2], padding: [0, 0, 0] }),
      block(832, 256, 160, 320, 32, 128, 128),
      block(832, 384, 192, 384, 48, 128, 128),
    ];
    this.features = new nn.Sequential(...features);
    this.avgpool = new nn.AvgPool3d([2, 7, 7], { stride: 1 });
    this.classifier = new nn.Sequential(new nn.Dropout(dropout), new nn.Conv3d(1024, num_classes, 1)) as nn.Sequential;
  }

  forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x))).mean([2, 3, 4]);
  }
}
forward_takes(S3D, 'x: Tensor');

/** The weights of {@link s3d}. Mirrors `torchvision.models.video.S3D_Weights`. */
export const S3D_Weights = known_weights('S3D_Weights');
export type S3D_Weights = WeightsEnum<'S3D_Weights'>;

/**
 * Makes an {@link S3D}, whose options it takes. Mirrors `torchvision.models.video.s3d`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.video.s3d({ num_classes: 2 }).avgpool); // AvgPool3d(kernel_size=(2, 7, 7), stride=1, padding=0)
 * ```
 */
export const s3d = model_builder('s3d', S3D_Weights, {
  takes: TAKES,
  make: (config: S3DOptions) => new S3D(config),
});
