/** Keypoint R-CNN; mirrors `torchvision.models.detection.keypoint_rcnn`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { MultiScaleRoIAlign } from '../../ops/poolers.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { overwrite_named_param } from '../_utils.js';
import { ResNet50_Weights } from '../resnet.js';
import { detection_builder } from './builder.js';
import { FasterRCNN, type FasterRCNNArguments, type FasterRCNNOptions } from './faster_rcnn.js';
import { init_convolutions } from './heads.js';
import { IMAGE_TAKES, out_channels_of, pool_to, RCNN_TAKES, resnet50_fpn } from './rcnn_parts.js';

/** Keyword arguments of {@link KeypointRCNN}; `min_size` is by default one of 640, 672, 704, 736, 768 and 800. */
export interface KeypointRCNNOptions extends FasterRCNNOptions {
  /** Pools the features of boxes for keypoints. Default null: to 14 by 14. */
  keypoint_roi_pool?: MultiScaleRoIAlign | null;
  /** Makes features of pooled ones. Default null: a `KeypointRCNNHeads`. */
  keypoint_head?: nn.Module | null;
  /** Gives maps of keypoints. Default null: a `KeypointRCNNPredictor`. */
  keypoint_predictor?: nn.Module | null;
  /** Number of keypoints. Default null: 17. */
  num_keypoints?: number | null;
}

type KeypointRCNNArguments = FasterRCNNArguments & KeypointRCNNOptions;

const TAKES =
  'keypoint_roi_pool?: MultiScaleRoIAlign|None, keypoint_head?: Module|None, keypoint_predictor?: Module|None, ' +
  'num_keypoints?: int|None';
const KEYPOINT_RCNN = signature<KeypointRCNNArguments>(
  'KeypointRCNN',
  `backbone: Module, num_classes?: int|None, ${RCNN_TAKES}, ${TAKES}, *, ${IMAGE_TAKES.named}`,
);

/**
 * Keypoint R-CNN of "Mask R-CNN" (arXiv 1703.06870). Mirrors `torchvision.models.detection.KeypointRCNN`.
 *
 * Called as a {@link FasterRCNN}; in evaluation each image has also `keypoints` `(N, K, 3)` as `x, y, visible` and
 * `keypoints_scores` `(N, K)`, and in training each target needs `keypoints` `(N, K, 3)`, and there is also `loss_keypoint`.
 *
 * @param backbone - returns feature maps by name; its field `out_channels` is the number of their channels
 * @param num_classes - number of classes, with the background; null with a `box_predictor`
 * @param keypoint_roi_pool - pools the features of boxes for keypoints; default null: to 14 by 14
 * @param keypoint_head - makes features of pooled ones; default null: a `KeypointRCNNHeads`
 * @param keypoint_predictor - gives maps of keypoints; default null: a `KeypointRCNNPredictor`
 * @param num_keypoints - number of keypoints; default null: 17
 * @throws Error for both `num_keypoints` and `keypoint_predictor`
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.detection.keypointrcnn_resnet50_fpn({ weights_backbone: null, num_keypoints: 5 });
 * print(model instanceof models.detection.KeypointRCNN, model.roi_heads.has_keypoint()); // True True
 * ```
 */
export class KeypointRCNN extends FasterRCNN {
  constructor(
    backbone: nn.Module & { out_channels?: number },
    num_classes: number | null,
    options?: KeypointRCNNOptions,
  );
  constructor(backbone: nn.Module & { out_channels?: number }, options: Omit<KeypointRCNNArguments, 'backbone'>);
  constructor(options: KeypointRCNNArguments);
  constructor(...args: unknown[]) {
    const { keypoint_roi_pool, keypoint_head, keypoint_predictor, num_keypoints, ...given } = KEYPOINT_RCNN.read(args);
    if ((num_keypoints ?? null) !== null && (keypoint_predictor ?? null) !== null) {
      throw new Error('num_keypoints should be None when keypoint_predictor is specified');
    }
    const layers = Array<number>(8).fill(512);
    // Made before the other heads, as in Python, which so draws their weights first.
    const head = keypoint_head ?? new KeypointRCNNHeads(out_channels_of(given.backbone), layers);
    const predictor = keypoint_predictor ?? new KeypointRCNNPredictor(512, num_keypoints ?? 17);
    super({ ...given, min_size: given.min_size ?? [640, 672, 704, 736, 768, 800] });
    this.roi_heads.keypoint_roi_pool = keypoint_roi_pool ?? pool_to(14);
    this.roi_heads.keypoint_head = head;
    this.roi_heads.keypoint_predictor = predictor;
  }
}

interface HeadsArguments {
  in_channels: number;
  layers: readonly number[];
}

const HEADS = signature<HeadsArguments>('KeypointRCNNHeads', 'in_channels: int, layers: int[]');

function head_layers({ in_channels, layers }: HeadsArguments): nn.Module[] {
  const inputs = [in_channels, ...layers];
  return layers.flatMap((channels, i) => [
    new nn.Conv2d(inputs[i]!, channels, 3, { stride: 1, padding: 1 }),
    new nn.ReLU({ inplace: true }),
  ]);
}

const init_weights = (weight: Tensor): unknown =>
  nn.init.kaiming_normal_(weight, { mode: 'fan_out', nonlinearity: 'relu' });

type Row = new (...modules: nn.Module[]) => nn.Sequential;

/**
 * Convolutions of pooled features, for keypoints. Mirrors
 * `torchvision.models.detection.keypoint_rcnn.KeypointRCNNHeads`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, layers.at(-1), H, W)`.
 *
 * @param in_channels - channels of the input
 * @param layers - channels of the convolutions
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const heads = new models.detection.keypoint_rcnn.KeypointRCNNHeads(4, [6, 8]);
 * print(heads(torch.zeros(2, 4, 14, 14)).shape); // torch.Size([2, 8, 14, 14])
 * ```
 */
export class KeypointRCNNHeads extends (nn.Sequential as unknown as Row) {
  constructor(in_channels: number, layers: readonly number[] | { layers: readonly number[] });
  constructor(options: HeadsArguments);
  constructor(...args: unknown[]) {
    super(...head_layers(HEADS.read(args)));
    init_convolutions(this.children(), init_weights);
  }
}

interface PredictorArguments {
  in_channels: number;
  num_keypoints: number;
}

const PREDICTOR = signature<PredictorArguments>('KeypointRCNNPredictor', 'in_channels: int, num_keypoints: int');

/**
 * Gives a map for each keypoint, of four times the size. Mirrors
 * `torchvision.models.detection.keypoint_rcnn.KeypointRCNNPredictor`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, num_keypoints, 4 * H, 4 * W)`.
 *
 * @param in_channels - channels of the input
 * @param num_keypoints - number of keypoints
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const predictor = new models.detection.keypoint_rcnn.KeypointRCNNPredictor(4, 17);
 * print((predictor(torch.zeros(2, 4, 14, 14)) as torch.Tensor).shape); // torch.Size([2, 17, 56, 56])
 * ```
 */
export class KeypointRCNNPredictor extends nn.Module {
  declare kps_score_lowres: nn.ConvTranspose2d;
  declare up_scale: number;
  declare out_channels: number;

  constructor(in_channels: number, num_keypoints: number | { num_keypoints: number });
  constructor(options: PredictorArguments);
  constructor(...args: unknown[]) {
    super();
    const { in_channels, num_keypoints } = PREDICTOR.read(args);
    this.kps_score_lowres = new nn.ConvTranspose2d(in_channels, num_keypoints, 4, { stride: 2, padding: 1 });
    init_weights(this.kps_score_lowres.weight);
    nn.init.constant_(this.kps_score_lowres.bias!, 0);
    this.up_scale = 2;
    this.out_channels = num_keypoints;
  }

  forward(x: Tensor): Tensor {
    return nn.functional.interpolate(this.kps_score_lowres(x), {
      scale_factor: this.up_scale,
      mode: 'bilinear',
      align_corners: false,
      recompute_scale_factor: false,
    });
  }
}
forward_takes(KeypointRCNNPredictor, 'x: Tensor');

/** The weights of {@link keypointrcnn_resnet50_fpn}. Mirrors `torchvision.models.detection.KeypointRCNN_ResNet50_FPN_Weights`. */
export const KeypointRCNN_ResNet50_FPN_Weights = known_weights('KeypointRCNN_ResNet50_FPN_Weights');
export type KeypointRCNN_ResNet50_FPN_Weights = WeightsEnum<'KeypointRCNN_ResNet50_FPN_Weights'>;

/**
 * Makes a {@link KeypointRCNN} with a ResNet-50 and a feature pyramid, whose options it takes. Mirrors
 * `torchvision.models.detection.keypointrcnn_resnet50_fpn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 2
 * @param num_keypoints - number of keypoints; default null: 17
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { KeypointRCNN_ResNet50_FPN_Weights } = models.detection;
 * const { meta } = KeypointRCNN_ResNet50_FPN_Weights.DEFAULT;
 * print(meta.categories, (meta['keypoint_names'] as string[])[0]); // ['no person', 'person'] nose
 * ```
 */
export const keypointrcnn_resnet50_fpn = detection_builder<
  KeypointRCNN,
  KeypointRCNNOptions,
  'KeypointRCNN_ResNet50_FPN_Weights',
  'ResNet50_Weights'
>('keypointrcnn_resnet50_fpn', {
  weights: KeypointRCNN_ResNet50_FPN_Weights,
  weights_backbone: ResNet50_Weights,
  num_classes: 2,
  without_eps: true,
  takes: `${RCNN_TAKES}, ${TAKES}, ${IMAGE_TAKES.named}`,
  prepare: (options, weights) => {
    const names = weights.meta['keypoint_names'] as readonly string[];
    overwrite_named_param(options as Record<string, unknown>, 'num_keypoints', names.length);
  },
  make: (parts, options) => new KeypointRCNN(resnet50_fpn(parts), parts.num_classes, options),
});
