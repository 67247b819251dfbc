import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import type { Module } from '../../../nn/modules/module.js';
import type { Tail } from '../../../_internal/arguments.js';
import {
  builder_signature,
  register_builder,
  type BuilderOptions,
  type WeightsArgument,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import { overwrite_value_param } from '../_utils.js';
import { BACKBONE_TAKES, weights_of_call, type GivenWeights } from '../backbone_weights.js';
import { IntermediateLayerGetter } from '../intermediate_layer_getter.js';

/** The scores of the classes at each pixel: `out`, and `aux` of a model with an auxiliary classifier. */
export type SegmentationOutput = Record<'out', Tensor> & Partial<Record<'aux', Tensor>>;

interface SegmentationArguments {
  backbone: Module;
  classifier: Module;
  aux_classifier?: Module | null;
}

const TEXT = 'backbone: Module, classifier: Module, aux_classifier?: Module|None';
const DEEPLAB = signature<SegmentationArguments>('DeepLabV3', TEXT);
const FCN_ARGUMENTS = signature<SegmentationArguments>('FCN', TEXT);

/** Scores of the size of an input. */
export function resized(scores: Tensor, like: Tensor): Tensor {
  return nn.functional.interpolate(scores, {
    size: [like.size(-2), like.size(-1)],
    mode: 'bilinear',
    align_corners: false,
  });
}

/** A backbone with classifiers of its features. */
export abstract class SimpleSegmentationModel extends nn.Module {
  declare backbone: Module;
  declare classifier: Module;
  declare aux_classifier: Module | null;

  /** @internal */
  constructor({ backbone, classifier, aux_classifier = null }: SegmentationArguments) {
    super();
    this.backbone = backbone;
    this.classifier = classifier;
    this.aux_classifier = aux_classifier;
  }

  forward(x: Tensor): SegmentationOutput {
    const features = this.backbone(x) as Record<string, Tensor>;
    const result: SegmentationOutput = { out: resized(this.classifier(features['out']) as Tensor, x) };
    if (this.aux_classifier !== null) result.aux = resized(this.aux_classifier(features['aux']) as Tensor, x);
    return result;
  }
}

/**
 * DeepLabV3 of "Rethinking Atrous Convolution for Semantic Image Segmentation" (arXiv 1706.05587). Mirrors
 * `torchvision.models.segmentation.DeepLabV3`.
 *
 * Shapes: input `(N, 3, H, W)`, output a dict with `out` `(N, num_classes, H, W)`, and `aux` of the same shape with an
 * auxiliary classifier.
 *
 * @param backbone - returns the features by name: `out`, and `aux` for an auxiliary classifier
 * @param classifier - returns scores of the features `out`
 * @param aux_classifier - returns scores of the features `aux`; default null
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.segmentation.deeplabv3_mobilenet_v3_large({ weights_backbone: null, num_classes: 2 }).eval();
 * print(model instanceof models.segmentation.DeepLabV3); // True
 * print(model(torch.zeros(1, 3, 32, 32)).out.shape); // torch.Size([1, 2, 32, 32])
 * ```
 */
export class DeepLabV3 extends SimpleSegmentationModel {
  constructor(
    backbone: Module,
    classifier: Module,
    ...options: Tail<[Module | null], { aux_classifier?: Module | null }>
  );
  constructor(options: SegmentationArguments);
  constructor(...args: unknown[]) {
    super(DEEPLAB.read(args));
  }
}

/**
 * FCN of "Fully Convolutional Networks for Semantic Segmentation" (arXiv 1411.4038). Mirrors
 * `torchvision.models.segmentation.FCN`.
 *
 * Shapes: input `(N, 3, H, W)`, output a dict with `out` `(N, num_classes, H, W)`, and `aux` of the same shape with an
 * auxiliary classifier.
 *
 * @param backbone - returns the features by name: `out`, and `aux` for an auxiliary classifier
 * @param classifier - returns scores of the features `out`
 * @param aux_classifier - returns scores of the features `aux`; default null
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { IntermediateLayerGetter } = models._utils;
 * const backbone = new IntermediateLayerGetter(models.resnet18(), { layer4: 'out' });
 * const model = new models.segmentation.FCN(backbone, new nn.Conv2d(512, 2, 1)).eval();
 * print(model(torch.zeros(1, 3, 32, 32)).out.shape); // torch.Size([1, 2, 32, 32])
 * ```
 */
export class FCN extends SimpleSegmentationModel {
  constructor(
    backbone: Module,
    classifier: Module,
    ...options: Tail<[Module | null], { aux_classifier?: Module | null }>
  );
  constructor(options: SegmentationArguments);
  constructor(...args: unknown[]) {
    super(FCN_ARGUMENTS.read(args));
  }
}

/** The places of the stages in the features of a MobileNet v3: the first, those with a stride, and the last. */
export function stages_of(features: Module): { modules: Module[]; places: number[] } {
  const modules = [...features.children()];
  const strided = modules.flatMap((module, i) => ((module as { _is_cn?: boolean })._is_cn === true ? [i] : []));
  return { modules, places: [0, ...strided, modules.length - 1] };
}

/** The channels of the output of a block. */
export const channels_of = (module: Module | undefined): number =>
  (module as unknown as { out_channels: number }).out_channels;

/** A backbone that returns features by name. */
export function features_of(backbone: Module, layers: Readonly<Record<string, string>>): IntermediateLayerGetter {
  return new IntermediateLayerGetter(backbone, layers);
}

/** Options of the functions that make models of segmentation. */
export interface SegmentationOptions<N extends WeightsName> {
  /** Number of classes. Default null: 21, with weights as many as they have. */
  num_classes?: number | null;
  /** Have an auxiliary classifier, for training. Default null: none, with weights true. */
  aux_loss?: boolean | null;
  /** Weights of the backbone, unless there are weights of the whole model. Default those of ImageNet. */
  weights_backbone?: WeightsArgument<N>;
}

interface Recipe<M extends Module> {
  readonly weights: WeightsEnumeration<WeightsName>;
  readonly weights_backbone: WeightsEnumeration<WeightsName>;
  /** Whether there may be an auxiliary classifier. */
  readonly aux: boolean;
  make(weights_backbone: WeightsEnum | null, num_classes: number, aux_loss: boolean): M;
}

interface Given extends GivenWeights {
  progress?: boolean;
  aux_loss?: boolean | null;
}

/** Declares a function that makes a model of segmentation. */
export function segmentation_builder<M extends Module, N extends WeightsName, B extends WeightsName>(
  name: string,
  { weights: of_model, weights_backbone: of_backbone, aux, make }: Recipe<M>,
): (options?: BuilderOptions<N> & SegmentationOptions<B>) => M {
  const takes = builder_signature<Given>(name, `${BACKBONE_TAKES}, aux_loss?: bool|None`);
  const defaults = { weights: of_model, weights_backbone: of_backbone, num_classes: 21 };
  const build = (...args: unknown[]): M => {
    const given = takes.read(args);
    if (!aux && given.aux_loss === true) throw new Error('This model does not use auxiliary loss');
    const { weights, weights_backbone, num_classes } = weights_of_call(name, defaults, given);
    let { aux_loss = null } = given;
    if (weights !== null && aux) aux_loss = overwrite_value_param('aux_loss', aux_loss, true);
    const model = make(weights_backbone, num_classes, aux_loss ?? false);
    if (weights !== null)
      model.load_state_dict(weights.get_state_dict({ progress: given.progress ?? true, check_hash: true }));
    return model;
  };
  return register_builder(name, of_model, build as never) as (
    options?: BuilderOptions<N> & SegmentationOptions<B>,
  ) => M;
}
