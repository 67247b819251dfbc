/** The parts of RAFT: encoders of images, the pyramid of their correlations, and what updates the flow. */
import type { Tensor } from '../../../_tensor.js';
import { arange, cat, linspace, stack } from '../../../generated/functions.js';
import { meshgrid } from '../../../functional.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { Conv2dNormActivation } from '../../ops/misc.js';

const F = nn.functional;

/** A convolution with a bias, a normalization where there is one, and a ReLU unless it is left out. */
function convolution(
  inputs: number,
  outputs: number,
  kernel_size: number,
  norm_layer: NormLayer | null,
  { stride = 1, relu = true } = {},
): Conv2dNormActivation {
  const options = { kernel_size, stride, bias: true, norm_layer };
  return new Conv2dNormActivation(inputs, outputs, relu ? options : { ...options, activation_layer: null });
}

/** What lets a shortcut have the size of its block. */
const shortcut = (inputs: number, outputs: number, norm_layer: NormLayer | null, stride: number): nn.Module =>
  stride === 1 ? new nn.Identity() : convolution(inputs, outputs, 1, norm_layer, { stride, relu: false });

type Block = new (inputs: number, outputs: number, norm_layer: NormLayer | null, stride: number) => nn.Module;

/** Two convolutions beside a shortcut. */
export class ResidualBlock extends nn.Module {
  declare convnormrelu1: nn.Module;
  declare convnormrelu2: nn.Module;
  declare downsample: nn.Module;
  declare relu: nn.ReLU;

  constructor(inputs: number, outputs: number, norm_layer: NormLayer | null, stride: number) {
    super();
    this.convnormrelu1 = convolution(inputs, outputs, 3, norm_layer, { stride });
    this.convnormrelu2 = convolution(outputs, outputs, 3, norm_layer);
    this.downsample = shortcut(inputs, outputs, norm_layer, stride);
    this.relu = new nn.ReLU({ inplace: true });
  }

  forward(x: Tensor): Tensor {
    const y = this.convnormrelu2(this.convnormrelu1(x)) as Tensor;
    return this.relu((this.downsample(x) as Tensor).add(y));
  }
}

/** Three convolutions, of which that in the middle has fewer channels, beside a shortcut. */
export class BottleneckBlock extends nn.Module {
  declare convnormrelu1: nn.Module;
  declare convnormrelu2: nn.Module;
  declare convnormrelu3: nn.Module;
  declare relu: nn.ReLU;
  declare downsample: nn.Module;

  constructor(inputs: number, outputs: number, norm_layer: NormLayer | null, stride: number) {
    super();
    const middle = Math.floor(outputs / 4);
    this.convnormrelu1 = convolution(inputs, middle, 1, norm_layer);
    this.convnormrelu2 = convolution(middle, middle, 3, norm_layer, { stride });
    this.convnormrelu3 = convolution(middle, outputs, 1, norm_layer);
    this.relu = new nn.ReLU({ inplace: true });
    this.downsample = shortcut(inputs, outputs, norm_layer, stride);
  }

  forward(x: Tensor): Tensor {
    const y = this.convnormrelu3(this.convnormrelu2(this.convnormrelu1(x))) as Tensor;
    return this.relu((this.downsample(x) as Tensor).add(y));
  }
}

/** The channels behind the stem, the three stages and the last convolution. */
export type EncoderLayers = readonly [number, number, number, number, number];

/** Features of an image, of an eighth of its height and width. */
export class FeatureEncoder extends nn.Module {
  declare convnormrelu: nn.Module;
  declare layer1: nn.Module;
  declare layer2: nn.Module;
  declare layer3: nn.Module;
  declare conv: nn.Conv2d;

  constructor(block: Block, layers: EncoderLayers, norm_layer: NormLayer | null) {
    super();
    const [stem, first, second, third, last] = layers;
    const stage = (inputs: number, outputs: number, stride: number): nn.Module =>
      new nn.Sequential(new block(inputs, outputs, norm_layer, stride), new block(outputs, outputs, norm_layer, 1));
    this.convnormrelu = convolution(3, stem, 7, norm_layer, { stride: 2 });
    this.layer1 = stage(stem, first, 1);
    this.layer2 = stage(first, second, 2);
    this.layer3 = stage(second, third, 2);
    this.conv = new nn.Conv2d(third, last, 1);
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      else if (m instanceof nn.BatchNorm2d) {
        if (m.weight !== null) nn.init.constant_(m.weight, 1);
        if (m.bias !== null) nn.init.constant_(m.bias, 0);
      }
    }
  }

  forward(x: Tensor): Tensor {
    const features = this.layer3(this.layer2(this.layer1(this.convnormrelu(x)))) as Tensor;
    return this.conv(features);
  }
}

// ---- Correlations -------------------------------------------------------------------------------

/** The places of pixels, `(N, 2, H, W)`: columns, then rows. */
export function coordinates(batch: number, height: number, width: number, like: Tensor): Tensor {
  const { device } = like;
  const [rows, columns] = meshgrid(arange(height, { device }), arange(width, { device }), {
    indexing: 'ij',
  }) as [Tensor, Tensor];
  return stack([columns, rows]).float().unsqueeze(0).repeat(batch, 1, 1, 1);
}

/** What images have at places between their pixels. */
function sampled(images: Tensor, places: Tensor): Tensor {
  const [height, width] = [images.size(-2), images.size(-1)];
  const normal = (values: Tensor, size: number): Tensor =>
    size > 1
      ? values
          .mul(2)
          .div(size - 1)
          .sub(1)
      : values;
  const grid = stack([normal(places.select(-1, 0), width), normal(places.select(-1, 1), height)], -1);
  return F.grid_sample(images, grid, { mode: 'bilinear', align_corners: true });
}

/** The correlations of all pixels of two images, and means of these over squares, of which a neighborhood is looked up. */
export class CorrBlock extends nn.Module {
  declare num_levels: number;
  declare radius: number;
  declare out_channels: number;
  /** The correlations, then their means; tensors of the last call, which no state dict has. */
  private pyramid: Tensor[] | null;

  constructor(num_levels: number, radius: number) {
    super();
    this.num_levels = num_levels;
    this.radius = radius;
    this.out_channels = num_levels * (2 * radius + 1) ** 2;
    this.pyramid = null;
  }

  build_pyramid(fmap1: Tensor, fmap2: Tensor): void {
    const shape = `(${fmap1.shape.join(', ')})`;
    if (!fmap1.shape.every((size, i) => size === fmap2.size(i)) || fmap1.dim() !== fmap2.dim()) {
      throw new Error(
        `Input feature maps should have the same shape, instead got ${shape} (fmap1.shape) != ` +
          `(${fmap2.shape.join(', ')}) (fmap2.shape)`,
      );
    }
    const least = 2 ** this.num_levels;
    const [batch, channels, height, width] = fmap1.shape as unknown as [number, number, number, number];
    if (height < least || width < least) {
      throw new Error(
        'Feature maps are too small to be down-sampled by the correlation pyramid. H and W of feature maps should be ' +
          `at least ${least}; got: ${shape}. Remember that input images to the model are downsampled by 8, so that ` +
          `means their dimensions should be at least 8 * ${least} = ${8 * least}.`,
      );
    }
    const correlations = fmap1
      .view(batch, channels, height * width)
      .transpose(1, 2)
      .matmul(fmap2.view(batch, channels, height * width))
      .div(Math.sqrt(channels));
    this.pyramid = [correlations.reshape(batch * height * width, 1, height, width)];
    while (this.pyramid.length < this.num_levels)
      this.pyramid.push(F.avg_pool2d(this.pyramid.at(-1)!, 2, { stride: 2 }));
  }

  index_pyramid(centroids_coords: Tensor): Tensor {
    const { radius, pyramid } = this;
    if (pyramid === null) throw new Error('CorrBlock.index_pyramid(): build_pyramid() has not been called');
    const side = 2 * radius + 1;
    const steps = linspace(-radius, radius, side, { device: centroids_coords.device });
    const around = stack(meshgrid(steps, steps, { indexing: 'ij' }) as Tensor[], -1).view(1, side, side, 2);
    const [batch, , height, width] = centroids_coords.shape as unknown as [number, number, number, number];
    const centers = centroids_coords.permute(0, 2, 3, 1).reshape(batch * height * width, 1, 1, 2);
    const found = pyramid.map((level, i) =>
      sampled(level, centers.div(2 ** i).add(around)).view(batch, height, width, -1),
    );
    return cat(found, -1).permute(0, 3, 1, 2).contiguous();
  }
}

// ---- Updates of the flow ------------------------------------------------------------------------

/** Features of the flow and of the correlations. */
class MotionEncoder extends nn.Module {
  declare convcorr1: nn.Module;
  declare convcorr2: nn.Module;
  declare convflow1: nn.Module;
  declare convflow2: nn.Module;
  declare conv: nn.Module;

  constructor(in_channels: number, corr_layers: readonly number[], flow_layers: readonly number[], outputs: number) {
    super();
    const [corr, last_corr] = [corr_layers[0]!, corr_layers.at(-1)!];
    const [flow, last_flow] = [flow_layers[0]!, flow_layers.at(-1)!];
    this.convcorr1 = convolution(in_channels, corr, 1, null);
    this.convcorr2 = corr_layers.length === 2 ? convolution(corr, last_corr, 3, null) : new nn.Identity();
    this.convflow1 = convolution(2, flow, 7, null);
    this.convflow2 = convolution(flow, last_flow, 3, null);
    // The flow itself is two more.
    this.conv = convolution(last_corr + last_flow, outputs - 2, 3, null);
  }

  forward(flow: Tensor, corr_features: Tensor): Tensor {
    const corr = this.convcorr2(this.convcorr1(corr_features)) as Tensor;
    const features = this.convflow2(this.convflow1(flow)) as Tensor;
    return cat([this.conv(cat([corr, features], 1)) as Tensor, flow], 1);
  }
}

type Pair = readonly [number, number];

/** A gated recurrent unit of convolutions. */
class ConvGRU extends nn.Module {
  declare convz: nn.Conv2d;
  declare convr: nn.Conv2d;
  declare convq: nn.Conv2d;

  constructor(inputs: number, hidden: number, kernel: Pair) {
    super();
    const padding = kernel.map((size) => Math.floor(size / 2)) as [number, number];
    const conv = (): nn.Conv2d => new nn.Conv2d(hidden + inputs, hidden, kernel, { padding });
    this.convz = conv();
    this.convr = conv();
    this.convq = conv();
  }

  forward(h: Tensor, x: Tensor): Tensor {
    const hx = cat([h, x], 1);
    const z = this.convz(hx).sigmoid();
    const r = this.convr(hx).sigmoid();
    const q = this.convq(cat([r.mul(h), x], 1)).tanh();
    return z.neg().add(1).mul(h).add(z.mul(q));
  }
}

/** One unit, or one for columns behind one for rows. */
class RecurrentBlock extends nn.Module {
  declare convgru1: ConvGRU;
  declare convgru2: ConvGRU | null;
  declare hidden_size: number;

  constructor(inputs: number, hidden: number, kernels: readonly Pair[]) {
    super();
    this.convgru1 = new ConvGRU(inputs, hidden, kernels[0]!);
    // Python's has none there, not None.
    if (kernels.length === 2) this.convgru2 = new ConvGRU(inputs, hidden, kernels[1]!);
    this.hidden_size = hidden;
  }

  forward(h: Tensor, x: Tensor): Tensor {
    const first = this.convgru1(h, x);
    const second = this.convgru2 as ConvGRU | undefined;
    return second === undefined ? first : second(first, x);
  }
}

class FlowHead extends nn.Module {
  declare conv1: nn.Conv2d;
  declare conv2: nn.Conv2d;
  declare relu: nn.ReLU;

  constructor(inputs: number, hidden: number) {
    super();
    this.conv1 = new nn.Conv2d(inputs, hidden, 3, { padding: 1 });
    this.conv2 = new nn.Conv2d(hidden, 2, 3, { padding: 1 });
    this.relu = new nn.ReLU({ inplace: true });
  }

  forward(x: Tensor): Tensor {
    return this.conv2(this.relu(this.conv1(x)));
  }
}

/** The sizes of the two networks, beside those of the encoders. */
export interface UpdateSizes {
  readonly corr_layers: readonly number[];
  readonly flow_layers: readonly number[];
  readonly motion: number;
  readonly hidden: number;
  readonly context: number;
  readonly kernels: readonly Pair[];
  readonly head: number;
}

/** The next hidden state, and what the flow changes by. */
export class RecurrentUpdate extends nn.Module {
  declare motion_encoder: MotionEncoder;
  declare recurrent_block: RecurrentBlock;
  declare flow_head: FlowHead;
  declare hidden_state_size: number;

  constructor(correlations: number, sizes: UpdateSizes) {
    super();
    this.motion_encoder = new MotionEncoder(correlations, sizes.corr_layers, sizes.flow_layers, sizes.motion);
    this.recurrent_block = new RecurrentBlock(sizes.motion + sizes.context, sizes.hidden, sizes.kernels);
    this.flow_head = new FlowHead(sizes.hidden, sizes.head);
    this.hidden_state_size = sizes.hidden;
  }

  forward(hidden_state: Tensor, context: Tensor, corr_features: Tensor, flow: Tensor): [Tensor, Tensor] {
    const motion = this.motion_encoder(flow, corr_features);
    const hidden = this.recurrent_block(hidden_state, cat([context, motion], 1));
    return [hidden, this.flow_head(hidden)];
  }
}
forward_takes(
  RecurrentUpdate,
  'hidden_state: Tensor, context: Tensor, corr_features: Tensor, flow: Tensor',
  'UpdateBlock.forward',
);
Object.defineProperty(RecurrentUpdate, 'name', { value: 'UpdateBlock' });

/** How much each of nine neighbors counts for each pixel of the large flow. */
export class MaskPredictor extends nn.Module {
  declare convrelu: nn.Module;
  declare conv: nn.Conv2d;

  constructor(inputs: number, hidden: number) {
    super();
    this.convrelu = convolution(inputs, hidden, 3, null);
    this.conv = new nn.Conv2d(hidden, 8 * 8 * 9, 1);
  }

  forward(x: Tensor): Tensor {
    // The factor balances the gradients, as the authors of RAFT found.
    return this.conv(this.convrelu(x) as Tensor).mul(0.25);
  }
}

/** A flow of eight times the height and width, and of vectors eight times as long. */
export function upsampled(flow: Tensor, mask: Tensor | null): Tensor {
  const [batch, channels, height, width] = flow.shape as unknown as [number, number, number, number];
  const size = [8 * height, 8 * width] as const;
  if (mask === null) return F.interpolate(flow, { size, mode: 'bilinear', align_corners: true }).mul(8);
  const shares = mask.view(batch, 1, 9, 8, 8, height, width).softmax(2);
  const neighbors = F.unfold(flow.mul(8), 3, { padding: 1 }).view(batch, channels, 9, 1, 1, height, width);
  return shares
    .mul(neighbors)
    .sum(2)
    .permute(0, 1, 4, 2, 5, 3)
    .reshape(batch, channels, ...size);
}
