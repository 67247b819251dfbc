import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';

type Triple = [number, number, number];

class Conv3DSimple extends nn.Conv3d {
  constructor(inputs: number, outputs: number, _middle: number, stride: number) {
    super(inputs, outputs, 3, { stride, padding: 1, bias: false });
  }
}

class Conv3DNoTemporal extends nn.Conv3d {
  constructor(inputs: number, outputs: number, _middle: number, stride: number) {
    super(inputs, outputs, [1, 3, 3], { stride: [1, stride, stride], padding: [0, 1, 1], bias: false });
  }
}

type Row = new (...modules: nn.Module[]) => nn.Sequential;

class Conv2Plus1D extends (nn.Sequential as unknown as Row) {
  constructor(inputs: number, outputs: number, middle: number, stride: number) {
    super(
      new nn.Conv3d(inputs, middle, [1, 3, 3], { stride: [1, stride, stride], padding: [0, 1, 1], bias: false }),
      new nn.BatchNorm3d(middle),
      new nn.ReLU({ inplace: true }),
      new nn.Conv3d(middle, outputs, [3, 1, 1], { stride: [stride, 1, 1], padding: [1, 0, 0], bias: false }),
    );
  }
}

class BasicStem extends (nn.Sequential as unknown as Row) {
  constructor() {
    super(
      new nn.Conv3d(3, 64, [3, 7, 7], { stride: [1, 2, 2], padding: [1, 3, 3], bias: false }),
      new nn.BatchNorm3d(64),
      new nn.ReLU({ inplace: true }),
    );
  }
}

class R2Plus1dStem extends (nn.Sequential as unknown as Row) {
  constructor() {
    super(
      new nn.Conv3d(3, 45, [1, 7, 7], { stride: [1, 2, 2], padding: [0, 3, 3], bias: false }),
      new nn.BatchNorm3d(45),
      new nn.ReLU({ inplace: true }),
      new nn.Conv3d(45, 64, [3, 1, 1], { padding: [1, 0, 0], bias: false }),
      new nn.BatchNorm3d(64),
      new nn.ReLU({ inplace: true }),
    );
  }
}

type Conv = new (inputs: number, outputs: number, middle: number, stride: number) => nn.Module;

class BasicBlock extends nn.Module {
  declare conv1: nn.Sequential;
  declare conv2: nn.Sequential;
  declare relu: nn.ReLU;
  declare downsample: nn.Module | null;
  declare stride: number;

  constructor(inputs: number, planes: number, conv: Conv, stride: number, downsample: nn.Module | null) {
    super();
    // As many parameters as one convolution of 3 by 3 by 3 has.
    const middle = Math.floor((inputs * planes * 27) / (inputs * 9 + 3 * planes));
    this.conv1 = new nn.Sequential(
      new conv(inputs, planes, middle, stride),
      new nn.BatchNorm3d(planes),
      new nn.ReLU({ inplace: true }),
    );
    this.conv2 = new nn.Sequential(new conv(planes, planes, middle, 1), new nn.BatchNorm3d(planes)) as nn.Sequential;
    this.relu = new nn.ReLU({ inplace: true });
    this.downsample = downsample;
    this.stride = stride;
  }

  forward(x: Tensor): Tensor {
    const out = this.conv2(this.conv1(x));
    const residual = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return this.relu(out.add_(residual));
  }
}

/** Options of {@link r3d_18}, {@link mc3_18} and {@link r2plus1d_18}. */
export interface VideoResNetOptions {
  /** Number of classes. Default 400. */
  num_classes?: number;
}

const KINDS = {
  r3d_18: [Conv3DSimple, Conv3DSimple, BasicStem],
  mc3_18: [Conv3DSimple, Conv3DNoTemporal, BasicStem],
  r2plus1d_18: [Conv2Plus1D, Conv2Plus1D, R2Plus1dStem],
} as const;

const VIDEO_RESNET = signature<VideoResNetOptions & { kind: string }>('VideoResNet', 'kind: str, num_classes?: int');

export interface VideoResNet {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * ResNet for videos of "A Closer Look at Spatiotemporal Convolutions for Action Recognition" (arXiv 1711.11248), with 18
 * layers. Mirrors `torchvision.models.video.VideoResNet`, with the kind of its convolutions instead of the arguments
 * `block`, `conv_makers`, `layers` and `stem`.
 *
 * Shapes: input `(N, 3, T, H, W)`, output `(N, num_classes)`.
 *
 * @param kind - `'r3d_18'`, `'mc3_18'` or `'r2plus1d_18'`
 * @param num_classes - number of classes; default 400
 * @throws Error for another kind
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.video.VideoResNet('mc3_18', { num_classes: 5 }).eval();
 * print(model(torch.zeros(1, 3, 4, 16, 16)).shape); // torch.Size([1, 5])
 * ```
 */
export class VideoResNet extends nn.Module {
  declare inplanes: number;
  declare stem: nn.Module;
  declare layer1: nn.Module;
  declare layer2: nn.Module;
  declare layer3: nn.Module;
  declare layer4: nn.Module;
  declare avgpool: nn.AdaptiveAvgPool3d;

  constructor(kind: keyof typeof KINDS, options?: VideoResNetOptions);
  constructor(options: VideoResNetOptions & { kind: keyof typeof KINDS });
  constructor(...args: unknown[]) {
    super();
    const { kind, num_classes = 400 } = VIDEO_RESNET.read(args);
    if (!Object.hasOwn(KINDS, kind)) throw new Error(`VideoResNet(): unknown kind '${kind}'`);
    const [first, others, stem] = KINDS[kind as keyof typeof KINDS];
    this.inplanes = 64;
    this.stem = new stem();
    this.layer1 = this.layer(first, 64, 1);
    this.layer2 = this.layer(others, 128, 2);
    this.layer3 = this.layer(others, 256, 2);
    this.layer4 = this.layer(others, 512, 2);
    this.avgpool = new nn.AdaptiveAvgPool3d([1, 1, 1]);
    this.fc = new nn.Linear(512, num_classes);
    for (const m of this.modules()) {
      if (m instanceof nn.Conv3d) {
        nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
        if (m.bias !== null) nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.BatchNorm3d) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      } else if (m instanceof nn.Linear) {
        nn.init.normal_(m.weight, 0, 0.01);
        nn.init.constant_(m.bias, 0);
      }
    }
  }

  private layer(conv: Conv, planes: number, stride: number): nn.Module {
    let downsample: nn.Module | null = null;
    if (stride !== 1 || this.inplanes !== planes) {
      const steps: Triple = [conv === Conv3DNoTemporal ? 1 : stride, stride, stride];
      downsample = new nn.Sequential(
        new nn.Conv3d(this.inplanes, planes, 1, { stride: steps, bias: false }),
        new nn.BatchNorm3d(planes),
      );
    }
    const first = new BasicBlock(this.inplanes, planes, conv, stride, downsample);
    this.inplanes = planes;
    return new nn.Sequential(first, new BasicBlock(planes, planes, conv, 1, null));
  }

  forward(x: Tensor): Tensor {
    const layers = [this.stem, this.layer1, this.layer2, this.layer3, this.layer4];
    const features = layers.reduce((value, layer) => layer(value) as Tensor, x);
    return this.fc(this.avgpool(features).flatten(1));
  }
}
forward_takes(VideoResNet, 'x: Tensor');

function video_resnet<N extends WeightsName>(
  name: keyof typeof KINDS,
  weights: WeightsEnumeration<N>,
): ModelBuilder<VideoResNet, N, VideoResNetOptions> {
  return model_builder(name, weights, {
    takes: 'num_classes?: int',
    make: (config: VideoResNetOptions) => new VideoResNet(name, config),
  });
}

/** The weights of {@link r3d_18}. Mirrors `torchvision.models.video.R3D_18_Weights`. */
export const R3D_18_Weights = known_weights('R3D_18_Weights');
export type R3D_18_Weights = WeightsEnum<'R3D_18_Weights'>;

/**
 * Makes a {@link VideoResNet} with convolutions of 3 by 3 by 3. Mirrors `torchvision.models.video.r3d_18`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.video.r3d_18({ num_classes: 2 }).fc); // Linear(in_features=512, out_features=2, bias=True)
 * ```
 */
export const r3d_18 = video_resnet('r3d_18', R3D_18_Weights);

/** The weights of {@link mc3_18}. Mirrors `torchvision.models.video.MC3_18_Weights`. */
export const MC3_18_Weights = known_weights('MC3_18_Weights');
export type MC3_18_Weights = WeightsEnum<'MC3_18_Weights'>;

/**
 * Makes a {@link VideoResNet} whose later convolutions look at one frame at a time. Mirrors
 * `torchvision.models.video.mc3_18`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const mc3_18 = video_resnet('mc3_18', MC3_18_Weights);

/** The weights of {@link r2plus1d_18}. Mirrors `torchvision.models.video.R2Plus1D_18_Weights`. */
export const R2Plus1D_18_Weights = known_weights('R2Plus1D_18_Weights');
export type R2Plus1D_18_Weights = WeightsEnum<'R2Plus1D_18_Weights'>;

/**
 * Makes a {@link VideoResNet} with convolutions over space and then over time. Mirrors
 * `torchvision.models.video.r2plus1d_18`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const r2plus1d_18 = video_resnet('r2plus1d_18', R2Plus1D_18_Weights);
