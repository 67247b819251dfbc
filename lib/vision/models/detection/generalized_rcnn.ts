/** Models that propose regions, and look at these; mirrors `torchvision.models.detection.generalized_rcnn`. */
import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { Module } from '../../../nn/modules/module.js';
import { prepared } from './inputs.js';
import type { RegionProposalNetwork } from './rpn.js';
import type { RoIHeads } from './roi_heads.js';
import type { GeneralizedRCNNTransform } from './transform.js';
import { DetectionModel, type Detection, type DetectionLosses, type DetectionTarget } from './types.js';

/** The parts of a {@link GeneralizedRCNN}. */
export interface RCNNParts {
  backbone: Module;
  rpn: RegionProposalNetwork;
  roi_heads: RoIHeads;
  transform: GeneralizedRCNNTransform;
}

const PARTS = signature<RCNNParts>(
  'GeneralizedRCNN',
  'backbone: Module, rpn: Module, roi_heads: Module, transform: Module',
);

/**
 * The base class of models that propose regions, and say what is in them. Mirrors
 * `torchvision.models.detection.generalized_rcnn.GeneralizedRCNN`.
 *
 * @param backbone - returns feature maps by name
 * @param rpn - proposes regions
 * @param roi_heads - says what is in them
 * @param transform - what images and targets go through
 * @throws Error in training without targets
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.detection.fasterrcnn_mobilenet_v3_large_fpn({ weights_backbone: null, num_classes: 2 });
 * const { GeneralizedRCNN } = models.detection.generalized_rcnn;
 * const { backbone, rpn, roi_heads, transform } = model;
 * print(Object.keys(new GeneralizedRCNN(backbone, rpn, roi_heads, transform).eval()([torch.zeros(3, 32, 32)])[0]!));
 * // ['boxes', 'labels', 'scores']
 * ```
 */
export class GeneralizedRCNN extends DetectionModel {
  declare transform: GeneralizedRCNNTransform;
  declare backbone: Module;
  declare rpn: RegionProposalNetwork;
  declare roi_heads: RoIHeads;

  constructor(backbone: Module, rpn: RegionProposalNetwork, roi_heads: RoIHeads, transform: GeneralizedRCNNTransform);
  constructor(options: RCNNParts);
  constructor(...args: unknown[]) {
    super();
    const { backbone, rpn, roi_heads, transform } = PARTS.read(args);
    this.transform = transform;
    this.backbone = backbone;
    this.rpn = rpn;
    this.roi_heads = roi_heads;
  }

  forward(images: readonly Tensor[], targets: readonly DetectionTarget[] | null = null): DetectionLosses | Detection[] {
    const given = prepared(this, images, targets);
    const { image_sizes } = given.images;
    const [proposals, proposal_losses] = this.rpn(given.images, given.features, given.targets);
    const [found, losses] = this.roi_heads(given.features, proposals, image_sizes, given.targets);
    if (this.training) return { ...losses, ...proposal_losses };
    return this.transform.postprocess(found, image_sizes, given.original_image_sizes);
  }
}
forward_takes(GeneralizedRCNN, 'images: Tensor[], targets?: dict[]|None');
