/** Mask R-CNN; mirrors `torchvision.models.detection.mask_rcnn`. */
import { signature } from '../../../_internal/signature.js';
import * as nn from '../../../nn/index.js';
import type { StateDict } from '../../../nn/modules/module.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv2dNormActivation } from '../../ops/misc.js';
import type { MultiScaleRoIAlign } from '../../ops/poolers.js';
import { known_weights, type WeightsEnum } from '../_api.js';
import { rename_keys } from '../_utils.js';
import { ResNet50_Weights } from '../resnet.js';
import { detection_builder } from './builder.js';
import { FasterRCNN, type FasterRCNNArguments, type FasterRCNNOptions } from './faster_rcnn.js';
import { init_convolutions } from './heads.js';
import { IMAGE_TAKES, out_channels_of, pool_to, RCNN_TAKES, resnet50_fpn, second_version } from './rcnn_parts.js';

/** Keyword arguments of {@link MaskRCNN}. */
export interface MaskRCNNOptions extends FasterRCNNOptions {
  /** Pools the features of boxes for masks. Default null: to 14 by 14. */
  mask_roi_pool?: MultiScaleRoIAlign | null;
  /** Makes features of pooled ones. Default null: a `MaskRCNNHeads`. */
  mask_head?: nn.Module | null;
  /** Gives masks. Default null: a `MaskRCNNPredictor`. */
  mask_predictor?: nn.Module | null;
}

type MaskRCNNArguments = FasterRCNNArguments & MaskRCNNOptions;

const TAKES = 'mask_roi_pool?: MultiScaleRoIAlign|None, mask_head?: Module|None, mask_predictor?: Module|None';
const MASK_RCNN = signature<MaskRCNNArguments>(
  'MaskRCNN',
  `backbone: Module, num_classes?: int|None, ${RCNN_TAKES}, ${TAKES}, *, ${IMAGE_TAKES.named}`,
);

/**
 * Mask R-CNN of "Mask R-CNN" (arXiv 1703.06870). Mirrors `torchvision.models.detection.MaskRCNN`.
 *
 * Called as a {@link FasterRCNN}; in evaluation each image has also `masks` `(N, 1, H, W)` of probabilities, and in training
 * each target needs `masks` `(N, H, W)` of zeros and ones, and there is also `loss_mask`.
 *
 * @param backbone - returns feature maps by name; its field `out_channels` is the number of their channels
 * @param num_classes - number of classes, with the background; null with `box_predictor` and `mask_predictor`
 * @param mask_roi_pool - pools the features of boxes for masks; default null: to 14 by 14
 * @param mask_head - makes features of pooled ones; default null: a `MaskRCNNHeads`
 * @param mask_predictor - gives masks; default null: a `MaskRCNNPredictor`
 * @throws Error for both `num_classes` and a predictor
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.detection.maskrcnn_resnet50_fpn({ weights_backbone: null, num_classes: 3 });
 * print(model instanceof models.detection.MaskRCNN, model.roi_heads.has_mask()); // True True
 * ```
 */
export class MaskRCNN extends FasterRCNN {
  constructor(backbone: nn.Module & { out_channels?: number }, num_classes: number | null, options?: MaskRCNNOptions);
  constructor(backbone: nn.Module & { out_channels?: number }, options: Omit<MaskRCNNArguments, 'backbone'>);
  constructor(options: MaskRCNNArguments);
  constructor(...args: unknown[]) {
    const { mask_roi_pool, mask_head, mask_predictor, ...given } = MASK_RCNN.read(args);
    const { backbone, num_classes = null } = given;
    if (num_classes !== null && (mask_predictor ?? null) !== null) {
      throw new Error('num_classes should be None when mask_predictor is specified');
    }
    if (num_classes === null && (mask_predictor ?? null) === null) {
      throw new Error('num_classes should not be None when mask_predictor is not specified');
    }
    // Made before the other heads, as in Python, which so draws their weights first.
    const head = mask_head ?? new MaskRCNNHeads(out_channels_of(backbone), [256, 256, 256, 256], 1);
    const predictor = mask_predictor ?? new MaskRCNNPredictor(256, 256, num_classes!);
    super(given);
    this.roi_heads.mask_roi_pool = mask_roi_pool ?? pool_to(14);
    this.roi_heads.mask_head = head;
    this.roi_heads.mask_predictor = predictor;
  }
}

interface HeadsArguments {
  in_channels: number;
  layers: readonly number[];
  dilation: number;
  norm_layer?: NormLayer | null;
}

const HEADS = signature<HeadsArguments>(
  'MaskRCNNHeads',
  'in_channels: int, layers: int[], dilation: int, norm_layer?: Callable|None',
);

function head_layers({ in_channels, layers, dilation, norm_layer = null }: HeadsArguments): nn.Module[] {
  const inputs = [in_channels, ...layers];
  const options = { kernel_size: 3, stride: 1, padding: dilation, dilation, norm_layer };
  return layers.map((channels, i) => new Conv2dNormActivation(inputs[i]!, channels, options));
}

const init_weights = (weight: Parameters<typeof nn.init.kaiming_normal_>[0]): unknown =>
  nn.init.kaiming_normal_(weight as never, { mode: 'fan_out', nonlinearity: 'relu' });

type Row = new (...modules: nn.Module[]) => nn.Sequential;

/**
 * Convolutions of pooled features, for masks. Mirrors `torchvision.models.detection.mask_rcnn.MaskRCNNHeads`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, layers.at(-1), H, W)`.
 *
 * @param in_channels - channels of the input
 * @param layers - channels of the convolutions
 * @param dilation - spacing between the elements of the kernels
 * @param norm_layer - class of the normalization behind the convolutions; default null: none
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const heads = new models.detection.mask_rcnn.MaskRCNNHeads(4, [6, 8], 1);
 * print(heads(torch.zeros(2, 4, 14, 14)).shape); // torch.Size([2, 8, 14, 14])
 * ```
 */
export class MaskRCNNHeads extends (nn.Sequential as unknown as Row) {
  constructor(
    in_channels: number,
    layers: readonly number[],
    dilation: number,
    options?: { norm_layer?: NormLayer | null },
  );
  constructor(options: HeadsArguments);
  constructor(...args: unknown[]) {
    super(...head_layers(HEADS.read(args)));
    init_convolutions(this.modules(), init_weights);
  }

  override get _version(): number {
    return 2;
  }

  /** Takes the names of version 1, in which the convolutions were not in blocks. */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: Parameters<nn.Module['_load_from_state_dict']>[3],
  ): void {
    if (local.version === undefined || local.version < 2) {
      const names = Array.from({ length: this.length }, (_, i) => [`mask_fcn${i + 1}`, `${i}.0`]);
      rename_keys(state_dict, prefix, Object.fromEntries(names) as Record<string, string>);
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }
}

interface PredictorArguments {
  in_channels: number;
  dim_reduced: number;
  num_classes: number;
}

const PREDICTOR = signature<PredictorArguments>(
  'MaskRCNNPredictor',
  'in_channels: int, dim_reduced: int, num_classes: int',
);

type Named = new (modules: Readonly<Record<string, nn.Module>>) => nn.Sequential;

/**
 * Gives a mask for each class, of twice the size. Mirrors `torchvision.models.detection.mask_rcnn.MaskRCNNPredictor`.
 *
 * Shapes: input `(N, in_channels, H, W)`, output `(N, num_classes, 2 * H, 2 * W)`.
 *
 * @param in_channels - channels of the input
 * @param dim_reduced - channels in the middle
 * @param num_classes - number of classes, with the background
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const predictor = new models.detection.mask_rcnn.MaskRCNNPredictor(4, 6, 3);
 * print(predictor(torch.zeros(2, 4, 14, 14)).shape); // torch.Size([2, 3, 28, 28])
 * ```
 */
export class MaskRCNNPredictor extends (nn.Sequential as unknown as Named) {
  constructor(in_channels: number, dim_reduced: number, num_classes: number | { num_classes: number });
  constructor(options: PredictorArguments);
  constructor(...args: unknown[]) {
    const { in_channels, dim_reduced, num_classes } = PREDICTOR.read(args);
    super({
      conv5_mask: new nn.ConvTranspose2d(in_channels, dim_reduced, 2, 2, 0),
      relu: new nn.ReLU({ inplace: true }),
      mask_fcn_logits: new nn.Conv2d(dim_reduced, num_classes, 1, 1, 0),
    });
    for (const [name, parameter] of this.named_parameters()) if (name.includes('weight')) init_weights(parameter);
  }
}

const BUILDER_TAKES = `${RCNN_TAKES}, ${TAKES}, ${IMAGE_TAKES.named}`;

/** The weights of {@link maskrcnn_resnet50_fpn}. Mirrors `torchvision.models.detection.MaskRCNN_ResNet50_FPN_Weights`. */
export const MaskRCNN_ResNet50_FPN_Weights = known_weights('MaskRCNN_ResNet50_FPN_Weights');
export type MaskRCNN_ResNet50_FPN_Weights = WeightsEnum<'MaskRCNN_ResNet50_FPN_Weights'>;

/**
 * Makes a {@link MaskRCNN} with a ResNet-50 and a feature pyramid, whose options it takes. Mirrors
 * `torchvision.models.detection.maskrcnn_resnet50_fpn`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default those of ImageNet
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { maskrcnn_resnet50_fpn, mask_rcnn } = models.detection;
 * const model = maskrcnn_resnet50_fpn({ weights_backbone: null, num_classes: 91 });
 * // For a data set of 2 classes and the background:
 * model.roi_heads.mask_predictor = new mask_rcnn.MaskRCNNPredictor(256, 256, 3);
 * print(model.roi_heads.has_mask()); // True
 * ```
 */
export const maskrcnn_resnet50_fpn = detection_builder<
  MaskRCNN,
  MaskRCNNOptions,
  'MaskRCNN_ResNet50_FPN_Weights',
  'ResNet50_Weights'
>('maskrcnn_resnet50_fpn', {
  weights: MaskRCNN_ResNet50_FPN_Weights,
  weights_backbone: ResNet50_Weights,
  without_eps: true,
  takes: BUILDER_TAKES,
  make: (parts, options) => new MaskRCNN(resnet50_fpn(parts), parts.num_classes, options),
});

/** The weights of {@link maskrcnn_resnet50_fpn_v2}. Mirrors `torchvision.models.detection.MaskRCNN_ResNet50_FPN_V2_Weights`. */
export const MaskRCNN_ResNet50_FPN_V2_Weights = known_weights('MaskRCNN_ResNet50_FPN_V2_Weights');
export type MaskRCNN_ResNet50_FPN_V2_Weights = WeightsEnum<'MaskRCNN_ResNet50_FPN_V2_Weights'>;

/**
 * Makes a {@link MaskRCNN} with a ResNet-50 and normalizations in its heads, whose options it takes. Mirrors
 * `torchvision.models.detection.maskrcnn_resnet50_fpn_v2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @param num_classes - number of classes, with the background; default null: 91
 * @param weights_backbone - weights of the backbone, unless there are weights of the whole model; default null: none
 * @param trainable_backbone_layers - number of stages of the backbone that are trained; default null: 3, without weights all
 * @throws Error when an option is not that of the weights
 */
export const maskrcnn_resnet50_fpn_v2 = detection_builder<
  MaskRCNN,
  MaskRCNNOptions,
  'MaskRCNN_ResNet50_FPN_V2_Weights',
  'ResNet50_Weights'
>('maskrcnn_resnet50_fpn_v2', {
  weights: MaskRCNN_ResNet50_FPN_V2_Weights,
  weights_backbone: ResNet50_Weights,
  default_backbone: null,
  takes: BUILDER_TAKES,
  make: (parts, options) => {
    const made = second_version(parts);
    const norm_layer: NormLayer = nn.BatchNorm2d;
    const mask_head = new MaskRCNNHeads(made.backbone.out_channels, [256, 256, 256, 256], 1, { norm_layer });
    return new MaskRCNN({ ...made, mask_head, num_classes: parts.num_classes, ...options });
  },
});
