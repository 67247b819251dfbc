/** SSDlite; mirrors `torchvision.models.detection.ssdlite`. */
import { signature } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { mobilenet_v3_large, MobileNet_V3_Large_Weights } from '../mobilenetv3.js';
import { channels_of } from '../segmentation/_utils.js';
import { DefaultBoxGenerator } from './anchor_utils.js';
import { frozen_features } from './backbones.js';
import { detection_builder } from './builder.js';
import { init_convolutions } from './heads.js';
import { SSD, type SSDOutputs } from './ssd.js';
import { SSD_TAKES, SSDScoringHead, type SSDOptions } from './ssd_parts.js';

const init_normal = (modules: Iterable<nn.Module>): void =>
  init_convolutions(modules, (weight) => nn.init.normal_(weight, { mean: 0, std: 0.03 }));

type AnyRow = new (...modules: nn.Module[]) => nn.Sequential;
const Row = nn.Sequential as unknown as AnyRow;

/** For each feature map a convolution of each channel, and one of all. */
function blocks(
  in_channels: readonly number[],
  num_anchors: readonly number[],
  columns: number,
  norm_layer: NormLayer,
): nn.ModuleList<nn.Module> {
  const list = new nn.ModuleList<nn.Module>();
  for (const [i, channels] of in_channels.entries()) {
    const options = { kernel_size: 3, groups: channels, norm_layer, activation_layer: nn.ReLU6 };
    const first = new Conv2dNormActivation(channels, channels, options);
    list.append(new Row(first as nn.Module, new nn.Conv2d(channels, columns * num_anchors[i]!, 1)));
  }
  init_normal(list.modules());
  return list;
}

class SSDLiteClassificationHead extends SSDScoringHead {
  constructor({ in_channels, num_anchors, num_classes, norm_layer }: HeadArguments) {
    super(blocks(in_channels, num_anchors, num_classes, norm_layer), num_classes);
  }
}

class SSDLiteRegressionHead extends SSDScoringHead {
  constructor({ in_channels, num_anchors, norm_layer }: HeadArguments) {
    super(blocks(in_channels, num_anchors, 4, norm_layer), 4);
  }
}

interface HeadArguments {
  in_channels: readonly number[];
  num_anchors: readonly number[];
  num_classes: number;
  norm_layer: NormLayer;
}

const HEAD = signature<HeadArguments>(
  'SSDLiteHead',
  'in_channels: int[], num_anchors: int[], num_classes: int, norm_layer: Callable',
);

export interface SSDLiteHead {
  (x: readonly Tensor[]): SSDOutputs;
}

/**
 * Gives classes and boxes at each place of feature maps, by convolutions of single channels. Mirrors
 * `torchvision.models.detection.ssdlite.SSDLiteHead`.
 *
 * Shapes: feature maps `(N, in_channels[i], H_i, W_i)`; returns `bbox_regression` `(N, A, 4)` and `cls_logits`
 * `(N, A, num_classes)` for the A boxes of all feature maps.
 *
 * @param in_channels - channels of each feature map
 * @param num_anchors - number of boxes at a place of each feature map
 * @param num_classes - number of classes, with the background
 * @param norm_layer - class of the normalization behind the first convolutions
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const head = new models.detection.ssdlite.SSDLiteHead([8], [4], 3, nn.BatchNorm2d);
 * print(head([torch.zeros(1, 8, 2, 2)]).cls_logits.shape); // torch.Size([1, 16, 3])
 * ```
 */
export class SSDLiteHead extends nn.Module {
  declare classification_head: SSDScoringHead;
  declare regression_head: SSDScoringHead;

  constructor(
    in_channels: readonly number[],
    num_anchors: readonly number[],
    num_classes: number,
    norm_layer: NormLayer,
  );
  constructor(options: HeadArguments);
  constructor(...args: unknown[]) {
    super();
    const given = HEAD.read(args);
    this.classification_head = new SSDLiteClassificationHead(given);
    this.regression_head = new SSDLiteRegressionHead(given);
  }

  forward(x: readonly Tensor[]): SSDOutputs {
    return {
      bbox_regression: this.regression_head(x as never) as Tensor,
      cls_logits: this.classification_head(x as never) as Tensor,
    };
  }
}
forward_takes(SSDLiteHead, 'x: Tensor[]');

/** Three convolutions, which halve the feature map. */
function extra_block(inputs: number, outputs: number, norm_layer: NormLayer): nn.Sequential {
  const inner = Math.floor(outputs / 2);
  const options = { norm_layer, activation_layer: nn.ReLU6 };
  const layers = [
    new Conv2dNormActivation(inputs, inner, { ...options, kernel_size: 1 }),
    new Conv2dNormActivation(inner, inner, { ...options, kernel_size: 3, stride: 2, groups: inner }),
    new Conv2dNormActivation(inner, outputs, { ...options, kernel_size: 1 }),
  ];
  return new Row(...(layers as nn.Module[]));
}

class SSDLiteFeatureExtractorMobileNet extends nn.Module {
  declare features: nn.Sequential;
  declare extra: nn.ModuleList<nn.Module>;
  declare out_channels: readonly number[];

  constructor(modules: readonly nn.Module[], place: number, norm_layer: NormLayer) {
    super();
    const split = modules[place] as nn.Module & { use_res_connect: boolean; block: nn.Sequential };
    if (split.use_res_connect) throw new Error('backbone[c4_pos].use_res_connect should be False');
    const [first] = split.block.children();
    this.features = new Row(
      new Row(...modules.slice(0, place), first!),
      new Row(split.block.slice(1), ...modules.slice(place + 1)),
    );
    const extra = new nn.ModuleList<nn.Module>();
    const sizes = [channels_of(modules[modules.length - 1]), 512, 256, 256, 128];
    for (let i = 0; i < 4; i++) extra.append(extra_block(sizes[i]!, sizes[i + 1]!, norm_layer));
    init_normal(extra.modules());
    this.extra = extra;
    // What Python finds by running an image through it.
    this.out_channels = [channels_of(first), ...sizes];
  }

  forward(x: Tensor): Record<string, Tensor> {
    const maps: Record<string, Tensor> = {};
    let features = x;
    for (const [i, block] of [...this.features, ...this.extra].entries()) {
      features = block(features) as Tensor;
      maps[String(i)] = features;
    }
    return maps;
  }
}
forward_takes(SSDLiteFeatureExtractorMobileNet, 'x: Tensor');

/** Keyword arguments of {@link ssdlite320_mobilenet_v3_large}. */
export interface SSDLiteOptions extends SSDOptions {
  /** Class of the normalization. Default null: `nn.BatchNorm2d` with `eps` 0.001 and `momentum` 0.03. */
  norm_layer?: NormLayer | null;
}

/** The weights of {@link ssdlite320_mobilenet_v3_large}. Mirrors `torchvision.models.detection.SSDLite320_MobileNet_V3_Large_Weights`. */
export const SSDLite320_MobileNet_V3_Large_Weights = known_weights('SSDLite320_MobileNet_V3_Large_Weights');
export type SSDLite320_MobileNet_V3_Large_Weights = WeightsEnum<'SSDLite320_MobileNet_V3_Large_Weights'>;

/**
 * Makes an SSDlite with a large MobileNet v3, for images of 320 by 320: an `SSD`, whose options it takes. Mirrors
 * `torchvision.models.detection.ssdlite320_mobilenet_v3_large`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: all
 * @param norm_layer - class of the normalization; default null: `nn.BatchNorm2d` with `eps` 0.001 and `momentum` 0.03
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.detection.ssdlite320_mobilenet_v3_large({ weights_backbone: null, num_classes: 3 }).eval();
 * print(model([torch.zeros(3, 40, 60)])[0]!.boxes.size(1)); // 4
 * ```
 */
export const ssdlite320_mobilenet_v3_large = detection_builder<
  SSD,
  SSDLiteOptions,
  'SSDLite320_MobileNet_V3_Large_Weights',
  'MobileNet_V3_Large_Weights'
>('ssdlite320_mobilenet_v3_large', {
  weights: SSDLite320_MobileNet_V3_Large_Weights,
  weights_backbone: MobileNet_V3_Large_Weights,
  stages: [6, 6],
  takes: `${SSD_TAKES}, norm_layer?: Callable|None, size?: any, _skip_resize?: bool`,
  defaults: {
    score_thresh: 0.001,
    nms_thresh: 0.55,
    detections_per_img: 300,
    topk_candidates: 300,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  },
  make: ({ weights_backbone, progress, num_classes, trainable }, options) => {
    const { size, norm_layer: given, ...others } = options as SSDLiteOptions & { size?: unknown };
    if (size !== undefined) warn('The size of the model is already fixed; ignoring the parameter.');
    const norm_layer: NormLayer =
      given ?? ((channels: number) => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.03 }));
    const weights = weights_backbone as MobileNet_V3_Large_Weights;
    const mobilenet = mobilenet_v3_large({ weights, progress, norm_layer, reduced_tail: weights_backbone === null });
    if (weights_backbone === null) init_normal(mobilenet.modules());
    const { modules, places } = frozen_features(mobilenet, trainable);
    const backbone = new SSDLiteFeatureExtractorMobileNet(modules, places.at(-2)!, norm_layer);
    const boxes = new DefaultBoxGenerator(
      Array.from({ length: 6 }, () => [2, 3]),
      { min_ratio: 0.2, max_ratio: 0.95 },
    );
    const head = new SSDLiteHead(backbone.out_channels, boxes.num_anchors_per_location(), num_classes, norm_layer);
    return new SSD(backbone as never, boxes, [320, 320], num_classes, { head, ...others });
  },
});
