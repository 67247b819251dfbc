/** Backbones of detection models; mirrors `torchvision.models.detection.backbone_utils`. */
import { signature } from '../../../_internal/signature.js';
import type * as nn from '../../../nn/index.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { FrozenBatchNorm2d } from '../../ops/misc.js';
import { get_model, type WeightsEnum } from '../_api.js';
import type { MobileNetV3 } from '../mobilenetv3.js';
import type { ResNet } from '../resnet.js';
import { mobilenet_features, resnet_fpn, type BackboneOptions, type BackboneWithFPN } from './backbones.js';

export { BackboneWithFPN } from './backbones.js';

/** What functions that make backbones take. */
export interface BackboneBuilderOptions extends BackboneOptions {
  /** Name of the function that makes the model. */
  backbone_name: string;
  /** Pretrained weights of the model; null: drawn at random. */
  weights: WeightsEnum | string | null;
  /** Class of the normalization in the model. Default `ops.FrozenBatchNorm2d`. */
  norm_layer?: NormLayer;
  /** Number of stages that are trained, from the last one. Default 3, of a MobileNet 2. */
  trainable_layers?: number;
  /** The stages whose outputs are levels. Default null: all of a ResNet, the last two of a MobileNet. */
  returned_layers?: readonly number[] | null;
}

const RESNET_BACKBONE = signature<BackboneBuilderOptions>(
  'resnet_fpn_backbone',
  '*, backbone_name: str, weights: any, norm_layer?: Callable, trainable_layers?: int, returned_layers?: int[]|None, ' +
    'extra_blocks?: Module|None',
);
const MOBILENET_BACKBONE = signature<BackboneBuilderOptions & { fpn: boolean }>(
  'mobilenet_backbone',
  '*, backbone_name: str, weights: any, fpn: bool, norm_layer?: Callable, trainable_layers?: int, ' +
    'returned_layers?: int[]|None, extra_blocks?: Module|None',
);

/** The model of a name, with its normalization. */
function named_model(family: RegExp, { backbone_name, weights, norm_layer }: BackboneBuilderOptions): nn.Module {
  if (!family.test(backbone_name)) throw new Error(`Unknown backbone ${backbone_name}`);
  return get_model(backbone_name, { weights, norm_layer: norm_layer ?? FrozenBatchNorm2d });
}

/**
 * Makes a feature pyramid of a ResNet. Mirrors `torchvision.models.detection.backbone_utils.resnet_fpn_backbone`.
 *
 * @param backbone_name - name of the function that makes the ResNet
 * @param weights - pretrained weights of the ResNet; null: drawn at random
 * @param norm_layer - class of the normalization; default `ops.FrozenBatchNorm2d`
 * @param trainable_layers - number of stages that are trained, from the last one; default 3
 * @param returned_layers - the stages whose outputs are levels; default null: `[1, 2, 3, 4]`
 * @param extra_blocks - adds levels; default null: a `LastLevelMaxPool`
 * @throws Error for numbers of stages that there are not
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { resnet_fpn_backbone } = models.detection.backbone_utils;
 * const backbone = resnet_fpn_backbone({ backbone_name: 'resnet18', weights: null });
 * print(Object.keys(backbone(torch.zeros(1, 3, 64, 64)))); // ['0', '1', '2', '3', 'pool']
 * ```
 */
export function resnet_fpn_backbone(options: BackboneBuilderOptions): BackboneWithFPN;
export function resnet_fpn_backbone(...args: unknown[]): BackboneWithFPN {
  const given = RESNET_BACKBONE.read(args);
  const resnet = named_model(/^(wide_)?res(net|next)/, given) as ResNet;
  const { trainable_layers = 3, returned_layers = null, extra_blocks = null } = given;
  return resnet_fpn(resnet, trainable_layers, { returned_layers, extra_blocks });
}

/**
 * Makes a backbone of a MobileNet. Mirrors `torchvision.models.detection.backbone_utils.mobilenet_backbone`.
 *
 * @param backbone_name - name of the function that makes the MobileNet
 * @param weights - pretrained weights of the MobileNet; null: drawn at random
 * @param fpn - whether to make a feature pyramid; otherwise there is one map of 256 channels
 * @param norm_layer - class of the normalization; default `ops.FrozenBatchNorm2d`
 * @param trainable_layers - number of stages that are trained, from the last one; default 2
 * @param returned_layers - the stages whose outputs are levels; default null: the last two
 * @param extra_blocks - adds levels; default null: a `LastLevelMaxPool`
 * @throws Error for numbers of stages that there are not
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { mobilenet_backbone } = models.detection.backbone_utils;
 * const backbone = mobilenet_backbone({ backbone_name: 'mobilenet_v2', weights: null, fpn: false });
 * print((backbone(torch.zeros(1, 3, 64, 64)) as torch.Tensor).shape); // torch.Size([1, 256, 2, 2])
 * ```
 */
export function mobilenet_backbone(options: BackboneBuilderOptions & { fpn: boolean }): nn.Module;
export function mobilenet_backbone(...args: unknown[]): nn.Module {
  const given = MOBILENET_BACKBONE.read(args);
  const mobilenet = named_model(/^mobilenet_v[23]/, given) as MobileNetV3;
  const { fpn, trainable_layers = 2, returned_layers = null, extra_blocks = null } = given;
  return mobilenet_features(mobilenet, fpn, trainable_layers, { returned_layers, extra_blocks });
}
