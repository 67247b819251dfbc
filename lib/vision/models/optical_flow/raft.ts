import { signature } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import { cat } from '../../../generated/functions.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import {
  BottleneckBlock,
  coordinates,
  CorrBlock,
  FeatureEncoder,
  MaskPredictor,
  RecurrentUpdate,
  ResidualBlock,
  upsampled,
  type EncoderLayers,
  type UpdateSizes,
} from './raft_parts.js';

/** A module that gives what two feature maps have in common: `corr_block` of a {@link RAFT}. */
export type CorrelationPyramid = nn.Module & {
  /** Takes the features of the two images, `(N, C, H, W)`. */
  build_pyramid(fmap1: Tensor, fmap2: Tensor): void;
  /** The correlations around places of the second image, of which there is one for each pixel of the first. */
  index_pyramid(centroids_coords: Tensor): Tensor;
  /** Number of correlations for each pixel. */
  readonly out_channels: number;
};

/** A module that gives the next hidden state and what the flow changes by: `update_block` of a {@link RAFT}. */
export type UpdateBlock = nn.Module & {
  /** Number of channels of the hidden state. */
  readonly hidden_state_size: number;
};

/** What a {@link RAFT} is made of. */
export interface RAFTParts {
  /** Features of images, which are compared: of an eighth of their height and width. */
  feature_encoder: nn.Module;
  /** Features of the first image: the hidden state in the beginning, and what stays the same. */
  context_encoder: nn.Module;
  /** The correlations of features. */
  corr_block: CorrelationPyramid;
  /** What changes the flow. */
  update_block: UpdateBlock;
  /** How neighbors count when the flow is enlarged. Default null: it is interpolated. */
  mask_predictor?: nn.Module | null;
}

/** Options of {@link raft_small} and {@link raft_large}: parts instead of their own. */
export type RAFTOptions = { [part in keyof RAFTParts]?: RAFTParts[part] | null };

const RAFT_PARTS = signature<RAFTParts>(
  'RAFT',
  '*, feature_encoder: Module, context_encoder: Module, corr_block: Module, update_block: Module, ' +
    'mask_predictor?: Module|None',
);
const OPTIONS =
  'feature_encoder?: Module|None, context_encoder?: Module|None, corr_block?: Module|None, ' +
  'update_block?: Module|None, mask_predictor?: Module|None';

function check_sizes(image1: Tensor, image2: Tensor): void {
  const [first, second] = [image1, image2].map((image) => [image.size(-2), image.size(-1)].join(', ')) as [
    string,
    string,
  ];
  if (first !== second) {
    throw new Error(`input images should have the same shape, instead got (${first}) != (${second})`);
  }
  const [height, width] = [image1.size(-2), image1.size(-1)];
  if (height % 8 !== 0 || width % 8 !== 0) {
    throw new Error(`input image H and W should be divisible by 8, instead got ${height} (h) and ${width} (w)`);
  }
}

/**
 * Estimates the optical flow between two images by repeated updates (arXiv 2003.12039): where in the second image each pixel
 * of the first one is. Mirrors `torchvision.models.optical_flow.RAFT`.
 *
 * Shapes: two inputs `(N, 3, H, W)`, H and W multiples of 8 and at least 128, with values from -1 to 1, as the transforms of the
 * weights give them; output a list of `num_flow_updates` flows `(N, 2, H, W)`, each better than the one before it: columns, then
 * rows, in pixels. `num_flow_updates` is 12 by default.
 *
 * @param feature_encoder - features of images, which are compared
 * @param context_encoder - features of the first image
 * @param corr_block - the correlations of features
 * @param update_block - what changes the flow
 * @param mask_predictor - how neighbors count when the flow is enlarged; default null: it is interpolated
 * @throws Error without `hidden_state_size` of `update_block`; on the call, for images of different or other sizes
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.optical_flow.raft_small().eval();
 * const [before, after] = [torch.zeros(1, 3, 128, 128), torch.ones(1, 3, 128, 128)];
 * const flows = torch.no_grad(() => model(before, after, { num_flow_updates: 2 }));
 * print(flows.length, flows[1].shape); // 2 torch.Size([1, 2, 128, 128])
 * ```
 */
export class RAFT extends nn.Module {
  declare feature_encoder: nn.Module;
  declare context_encoder: nn.Module;
  declare corr_block: CorrelationPyramid;
  declare update_block: UpdateBlock;
  declare mask_predictor: nn.Module | null;

  constructor(parts: RAFTParts);
  constructor(...args: unknown[]) {
    super();
    const given = RAFT_PARTS.read(args);
    this.feature_encoder = given.feature_encoder;
    this.context_encoder = given.context_encoder;
    this.corr_block = given.corr_block;
    this.update_block = given.update_block;
    this.mask_predictor = given.mask_predictor ?? null;
    if (typeof this.update_block.hidden_state_size !== 'number') {
      throw new Error('The update_block parameter should expose its hidden_state_size attribute.');
    }
  }

  /** The hidden state in the beginning, and the context. */
  private contexts(image: Tensor, height: number, width: number): [hidden: Tensor, context: Tensor] {
    const out = this.context_encoder(image) as Tensor;
    if (out.size(-2) !== height || out.size(-1) !== width) {
      throw new Error('The context encoder should downsample H and W by 8');
    }
    const { hidden_state_size } = this.update_block;
    const rest = out.size(1) - hidden_state_size;
    if (rest <= 0) {
      throw new Error(
        `The context encoder outputs ${out.size(1)} channels, but it should have at strictly more than ` +
          `hidden_state=${hidden_state_size} channels`,
      );
    }
    return [out.narrow(1, 0, hidden_state_size).tanh(), out.narrow(1, hidden_state_size, rest).relu()];
  }

  forward(image1: Tensor, image2: Tensor, num_flow_updates = 12): Tensor[] {
    check_sizes(image1, image2);
    const batch = image1.size(0);
    const [height, width] = [image1.size(-2) / 8, image1.size(-1) / 8];
    const features = this.feature_encoder(cat([image1, image2])) as Tensor;
    if (features.size(-2) !== height || features.size(-1) !== width) {
      throw new Error('The feature encoder should downsample H and W by 8');
    }
    this.corr_block.build_pyramid(features.narrow(0, 0, batch), features.narrow(0, batch, batch));
    const [initial, context] = this.contexts(image1, height, width);
    let hidden = initial;
    const start = coordinates(batch, height, width, hidden);
    let places = start;
    const flows: Tensor[] = [];
    for (let i = 0; i < num_flow_updates; i++) {
      // No gradient flows through the places of an update into those before it.
      places = places.detach();
      const correlations = this.corr_block.index_pyramid(places);
      const [next, change] = this.update_block(hidden, context, correlations, places.sub(start)) as [Tensor, Tensor];
      hidden = next;
      places = places.add(change);
      const mask = this.mask_predictor === null ? null : (this.mask_predictor(hidden) as Tensor);
      flows.push(upsampled(places.sub(start), mask));
    }
    return flows;
  }
}
forward_takes(RAFT, 'image1: Tensor, image2: Tensor, num_flow_updates?: int');

export interface RAFT {
  (image1: Tensor, image2: Tensor, num_flow_updates?: number): Tensor[];
  (image1: Tensor, image2: Tensor, options: { num_flow_updates?: number }): Tensor[];
  (options: { image1: Tensor; image2: Tensor; num_flow_updates?: number }): Tensor[];
}

interface Sizes {
  readonly block: typeof ResidualBlock | typeof BottleneckBlock;
  readonly features: EncoderLayers;
  readonly contexts: EncoderLayers;
  readonly context_norm: NormLayer | null;
  readonly radius: number;
  readonly update: UpdateSizes;
  /** Channels within the predictor of masks; 0 for none. */
  readonly mask: number;
}

const LARGE: Sizes = {
  block: ResidualBlock,
  features: [64, 64, 96, 128, 256],
  contexts: [64, 64, 96, 128, 256],
  context_norm: nn.BatchNorm2d,
  radius: 4,
  update: {
    corr_layers: [256, 192],
    flow_layers: [128, 64],
    motion: 128,
    hidden: 128,
    context: 128,
    kernels: [
      [1, 5],
      [5, 1],
    ],
    head: 256,
  },
  mask: 256,
};

const SMALL: Sizes = {
  block: BottleneckBlock,
  features: [32, 32, 64, 96, 128],
  contexts: [32, 32, 64, 96, 160],
  context_norm: null,
  radius: 3,
  update: {
    corr_layers: [96],
    flow_layers: [64, 32],
    motion: 82,
    hidden: 96,
    context: 64,
    kernels: [[3, 3]],
    head: 128,
  },
  mask: 0,
};

function raft<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  sizes: Sizes,
): ModelBuilder<RAFT, N, RAFTOptions> {
  const { block, features, contexts, context_norm, radius, update, mask } = sizes;
  return model_builder(name, weights, {
    takes: OPTIONS,
    make: (given: RAFTOptions) => {
      const feature_encoder = given.feature_encoder ?? new FeatureEncoder(block, features, nn.InstanceNorm2d);
      const context_encoder = given.context_encoder ?? new FeatureEncoder(block, contexts, context_norm);
      const corr_block = given.corr_block ?? new CorrBlock(4, radius);
      const update_block = given.update_block ?? new RecurrentUpdate(corr_block.out_channels, update);
      const own_mask = mask > 0 ? () => new MaskPredictor(update.hidden, mask) : () => null;
      const mask_predictor = given.mask_predictor ?? own_mask();
      return new RAFT({ feature_encoder, context_encoder, corr_block, update_block, mask_predictor });
    },
  });
}

/** The weights of {@link raft_large}. Mirrors `torchvision.models.optical_flow.Raft_Large_Weights`. */
export const Raft_Large_Weights = known_weights('Raft_Large_Weights');
export type Raft_Large_Weights = WeightsEnum<'Raft_Large_Weights'>;

/**
 * Makes the large {@link RAFT}, whose parts it takes. Mirrors `torchvision.models.optical_flow.raft_large`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.optical_flow.raft_large().update_block.hidden_state_size); // 128
 * ```
 */
export const raft_large = raft('raft_large', Raft_Large_Weights, LARGE);

/** The weights of {@link raft_small}. Mirrors `torchvision.models.optical_flow.Raft_Small_Weights`. */
export const Raft_Small_Weights = known_weights('Raft_Small_Weights');
export type Raft_Small_Weights = WeightsEnum<'Raft_Small_Weights'>;

/**
 * Makes the small {@link RAFT}, whose parts it takes. Mirrors `torchvision.models.optical_flow.raft_small`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.optical_flow.raft_small().update_block.hidden_state_size); // 96
 * ```
 */
export const raft_small = raft('raft_small', Raft_Small_Weights, SMALL);
