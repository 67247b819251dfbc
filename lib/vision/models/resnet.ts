import { flatten } from '../../generated/functions.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tail } from '../../_internal/arguments.js';
import { python_bool } from '../../_internal/representation.js';
import type { Tensor } from '../../_tensor.js';
import * as nn from '../../nn/index.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import {
  known_weights,
  model_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from './_api.js';
import { overwrite_named_param } from './_utils.js';
import { RESNET_TAKES } from './resnet_arguments.js';
import { make_layer, type NormLayer } from '../ops/layer_maker.js';
import { plus_ } from './operators.js';

/** Options of the blocks of a {@link ResNet}. */
export interface ResNetBlockOptions {
  /** Stride of the block. Default 1. */
  stride?: number;
  /** What the input goes through beside the convolutions. Default null: nothing. */
  downsample?: nn.Module | null;
  /** Groups of the convolution of 3 by 3. Default 1. */
  groups?: number;
  /** Channels of a group, for 64 planes. Default 64. */
  base_width?: number;
  /** Dilation of the convolution of 3 by 3. Default 1. */
  dilation?: number;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
}

type BlockSizes = { inplanes: number; planes: number };
type BlockArguments = Arguments<
  [
    inplanes: number,
    planes: number,
    stride?: number,
    downsample?: nn.Module | null,
    groups?: number,
    base_width?: number,
    dilation?: number,
    norm_layer?: NormLayer | null,
  ],
  BlockSizes & ResNetBlockOptions,
  ['inplanes', 'planes', 'stride', 'downsample', 'groups', 'base_width', 'dilation', 'norm_layer']
>;

const BLOCK =
  'inplanes: int, planes: int, stride?: int, downsample?: Module|None, groups?: int, base_width?: int, ' +
  'dilation?: int, norm_layer?: Callable|None';

function conv3x3(inputs: number, outputs: number, stride = 1, groups = 1, dilation = 1): nn.Conv2d {
  return new nn.Conv2d(inputs, outputs, 3, { stride, padding: dilation, groups, bias: false, dilation });
}

function conv1x1(inputs: number, outputs: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(inputs, outputs, 1, { stride, bias: false });
}

const BASIC = signature<BlockSizes & ResNetBlockOptions>('BasicBlock', BLOCK);

/**
 * Two convolutions of 3 by 3 with a connection around them: the block of ResNet-18 and ResNet-34. Mirrors
 * `torchvision.models.resnet.BasicBlock`.
 *
 * Shapes: input `(N, inplanes, H, W)`, output `(N, planes, H / stride, W / stride)`.
 *
 * @param inplanes - channels of the input
 * @param planes - channels of the output
 * @param downsample - what the input goes through beside the convolutions; default null: nothing
 * @throws Error for groups, another base width, or dilation
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const block = new models.resnet.BasicBlock(4, 4);
 * print(block(torch.zeros(1, 4, 8, 8)).shape); // torch.Size([1, 4, 8, 8])
 * ```
 */
export class BasicBlock extends nn.Module {
  static readonly expansion: number = 1;
  declare conv1: nn.Conv2d;
  declare bn1: nn.Module;
  declare relu: nn.ReLU;
  declare conv2: nn.Conv2d;
  declare bn2: nn.Module;
  declare downsample: nn.Module | null;
  declare stride: number;

  constructor(...args: BlockArguments);
  constructor(...args: unknown[]) {
    super();
    const given = BASIC.read(args);
    const { inplanes, planes, stride = 1, downsample = null, groups = 1, base_width = 64, dilation = 1 } = given;
    if (groups !== 1 || base_width !== 64) throw new Error('BasicBlock only supports groups=1 and base_width=64');
    if (dilation > 1) throw new Error('Dilation > 1 not supported in BasicBlock');
    const norm = given.norm_layer ?? nn.BatchNorm2d;
    this.conv1 = conv3x3(inplanes, planes, stride);
    this.bn1 = make_layer(norm, planes);
    this.relu = new nn.ReLU({ inplace: true });
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = make_layer(norm, planes);
    this.downsample = downsample;
    this.stride = stride;
  }

  forward(x: Tensor): Tensor {
    const inner = this.relu(this.bn1(this.conv1(x)) as Tensor);
    const out = this.bn2(this.conv2(inner)) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return this.relu(plus_(out, identity));
  }
}
forward_takes(BasicBlock, 'x: Tensor');

const BOTTLENECK = signature<BlockSizes & ResNetBlockOptions>('Bottleneck', BLOCK);

/**
 * Convolutions of 1 by 1, 3 by 3 and 1 by 1 with a connection around them: the block of the deeper ResNets. The stride
 * is that of the middle convolution ("ResNet V1.5"). Mirrors `torchvision.models.resnet.Bottleneck`.
 *
 * Shapes: input `(N, inplanes, H, W)`, output `(N, 4 * planes, H / stride, W / stride)`.
 *
 * @param inplanes - channels of the input
 * @param planes - a quarter of the channels of the output
 * @param downsample - what the input goes through beside the convolutions; default null: nothing
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const block = new models.resnet.Bottleneck(16, 4, { groups: 2 });
 * print(block(torch.zeros(1, 16, 8, 8)).shape); // torch.Size([1, 16, 8, 8])
 * ```
 */
export class Bottleneck extends nn.Module {
  static readonly expansion: number = 4;
  declare conv1: nn.Conv2d;
  declare bn1: nn.Module;
  declare conv2: nn.Conv2d;
  declare bn2: nn.Module;
  declare conv3: nn.Conv2d;
  declare bn3: nn.Module;
  declare relu: nn.ReLU;
  declare downsample: nn.Module | null;
  declare stride: number;

  constructor(...args: BlockArguments);
  constructor(...args: unknown[]) {
    super();
    const given = BOTTLENECK.read(args);
    const { inplanes, planes, stride = 1, downsample = null, groups = 1, base_width = 64, dilation = 1 } = given;
    const norm = given.norm_layer ?? nn.BatchNorm2d;
    const width = Math.trunc(planes * (base_width / 64)) * groups;
    const outputs = planes * Bottleneck.expansion;
    this.conv1 = conv1x1(inplanes, width);
    this.bn1 = make_layer(norm, width);
    this.conv2 = conv3x3(width, width, stride, groups, dilation);
    this.bn2 = make_layer(norm, width);
    this.conv3 = conv1x1(width, outputs);
    this.bn3 = make_layer(norm, outputs);
    this.relu = new nn.ReLU({ inplace: true });
    this.downsample = downsample;
    this.stride = stride;
  }

  forward(x: Tensor): Tensor {
    const first = this.relu(this.bn1(this.conv1(x)) as Tensor);
    const second = this.relu(this.bn2(this.conv2(first)) as Tensor);
    const out = this.bn3(this.conv3(second)) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return this.relu(plus_(out, identity));
  }
}
forward_takes(Bottleneck, 'x: Tensor');

/** A class of the blocks of a {@link ResNet}. */
export type ResNetBlock = {
  new (inplanes: number, planes: number, options: ResNetBlockOptions): nn.Module;
  /** Channels of the output for each plane. */
  readonly expansion: number;
};

/** Options of {@link ResNet}. */
export interface ResNetOptions {
  /** Number of classes. Default 1000. */
  num_classes?: number;
  /** Initialize the scale of the last normalization of each block with 0. Default false. */
  zero_init_residual?: boolean;
  /** Groups of the convolutions of 3 by 3. Default 1. */
  groups?: number;
  /** Channels of a group, for 64 planes. Default 64. */
  width_per_group?: number;
  /** For each of the last three layers, dilation instead of a stride. Default null: none. */
  replace_stride_with_dilation?: readonly boolean[] | null;
  /** What makes the normalizations. Default null: `nn.BatchNorm2d`. */
  norm_layer?: NormLayer | null;
}

const RESNET = signature<ResNetOptions & { block: ResNetBlock; layers: readonly number[] }>(
  'ResNet',
  `block: Callable, layers: int[], ${RESNET_TAKES}`,
);

export interface ResNet {
  /** The last layer, which another module may replace. */
  get fc(): nn.Linear;
  set fc(value: nn.Module);
}

/**
 * ResNet of "Deep Residual Learning for Image Recognition" (arXiv 1512.03385), with the options that make it a ResNeXt
 * (arXiv 1611.05431) or a wide ResNet (arXiv 1605.07146). Mirrors `torchvision.models.ResNet`.
 *
 * Shapes: input `(N, 3, H, W)`, output `(N, num_classes)`.
 *
 * @param block - the class of the blocks: `models.resnet.BasicBlock` or `models.resnet.Bottleneck`
 * @param layers - number of blocks in each of the four layers
 * @param num_classes - number of classes; default 1000
 * @throws Error unless `replace_stride_with_dilation` has three elements
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = new models.ResNet(models.resnet.BasicBlock, [1, 1, 1, 1], { num_classes: 10 });
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 10])
 * model.fc = new nn.Linear(model.fc.in_features, 3);
 * print(model(torch.zeros(2, 3, 32, 32)).shape); // torch.Size([2, 3])
 * ```
 */
export class ResNet extends nn.Module {
  declare inplanes: number;
  declare dilation: number;
  declare groups: number;
  declare base_width: number;
  declare conv1: nn.Conv2d;
  declare bn1: nn.Module;
  declare relu: nn.Module;
  declare maxpool: nn.Module;
  declare layer1: nn.Module;
  declare layer2: nn.Module;
  declare layer3: nn.Module;
  declare layer4: nn.Module;
  declare avgpool: nn.Module;
  declare private readonly _norm_layer: NormLayer;

  constructor(
    block: ResNetBlock,
    layers: readonly number[],
    ...options: Tail<
      [
        num_classes: number,
        zero_init_residual: boolean,
        groups: number,
        width_per_group: number,
        replace_stride_with_dilation: readonly boolean[] | null,
        norm_layer: NormLayer | null,
      ],
      ResNetOptions
    >
  );
  constructor(options: ResNetOptions & { block: ResNetBlock; layers: readonly number[] });
  constructor(...args: unknown[]) {
    super();
    const given = RESNET.read(args);
    const { block, layers, num_classes = 1000, zero_init_residual = false, groups = 1, width_per_group = 64 } = given;
    const dilate = given.replace_stride_with_dilation ?? [false, false, false];
    if (dilate.length !== 3) {
      throw new Error(
        `replace_stride_with_dilation should be None or a 3-element tuple, got [${dilate.map(python_bool).join(', ')}]`,
      );
    }
    const norm = given.norm_layer ?? nn.BatchNorm2d;
    this._norm_layer = norm;
    this.inplanes = 64;
    this.dilation = 1;
    this.groups = groups;
    this.base_width = width_per_group;
    this.conv1 = new nn.Conv2d(3, this.inplanes, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = make_layer(norm, this.inplanes);
    this.relu = new nn.ReLU({ inplace: true });
    this.maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = this.layer(block, 64, layers[0]!);
    this.layer2 = this.layer(block, 128, layers[1]!, 2, dilate[0]);
    this.layer3 = this.layer(block, 256, layers[2]!, 2, dilate[1]);
    this.layer4 = this.layer(block, 512, layers[3]!, 2, dilate[2]);
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.fc = new nn.Linear(512 * block.expansion, num_classes);
    this.init_weights(zero_init_residual);
  }

  private init_weights(zero_init_residual: boolean): void {
    for (const m of this.modules()) {
      if (m instanceof nn.Conv2d) nn.init.kaiming_normal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      else if (m instanceof nn.BatchNorm2d || m instanceof nn.GroupNorm) {
        nn.init.constant_(m.weight, 1);
        nn.init.constant_(m.bias, 0);
      }
    }
    if (!zero_init_residual) return;
    for (const m of this.modules()) {
      const last = m instanceof Bottleneck ? m.bn3 : m instanceof BasicBlock ? m.bn2 : null;
      const weight = (last as { weight?: nn.Parameter | null } | null)?.weight;
      if (weight !== undefined && weight !== null) nn.init.constant_(weight, 0);
    }
  }

  private layer(block: ResNetBlock, planes: number, blocks: number, stride = 1, dilate = false): nn.Sequential {
    const norm_layer = this._norm_layer;
    const { groups, base_width } = this;
    const previous_dilation = this.dilation;
    if (dilate) this.dilation *= stride;
    const step = dilate ? 1 : stride;
    const outputs = planes * block.expansion;
    const downsample =
      step !== 1 || this.inplanes !== outputs
        ? new nn.Sequential(conv1x1(this.inplanes, outputs, step), make_layer(norm_layer, outputs))
        : null;
    const shared = { groups, base_width, norm_layer };
    const first = { ...shared, stride: step, downsample, dilation: previous_dilation };
    const layers: nn.Module[] = [new block(this.inplanes, planes, first)];
    this.inplanes = outputs;
    for (let i = 1; i < blocks; i++) {
      layers.push(new block(this.inplanes, planes, { ...shared, dilation: this.dilation }));
    }
    return new nn.Sequential(...layers);
  }

  forward(x: Tensor): Tensor {
    const stem = this.maxpool(this.relu(this.bn1(this.conv1(x)))) as Tensor;
    const features = this.layer4(this.layer3(this.layer2(this.layer1(stem)))) as Tensor;
    return this.fc(flatten(this.avgpool(features) as Tensor, 1));
  }
}
forward_takes(ResNet, 'x: Tensor');

function resnet<N extends WeightsName>(
  name: string,
  weights: WeightsEnumeration<N>,
  block: ResNetBlock,
  layers: readonly number[],
  fixed: ResNetOptions = {},
): ModelBuilder<ResNet, N, ResNetOptions> {
  return model_builder(name, weights, {
    takes: RESNET_TAKES,
    make: (config: ResNetOptions) => {
      const all: Record<string, unknown> = { ...config };
      for (const [key, value] of Object.entries(fixed)) overwrite_named_param(all, key, value);
      return new ResNet(block, layers, all as ResNetOptions);
    },
  });
}

/** The weights of {@link resnet18}. Mirrors `torchvision.models.ResNet18_Weights`. */
export const ResNet18_Weights = known_weights('ResNet18_Weights');
export type ResNet18_Weights = WeightsEnum<'ResNet18_Weights'>;

/**
 * Makes ResNet-18, an instance of {@link ResNet}, whose options it takes. Mirrors `torchvision.models.resnet18`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.resnet18({ num_classes: 10 });
 * print(model(torch.zeros(2, 3, 64, 64)).shape); // torch.Size([2, 10])
 * model.fc = new nn.Linear(512, 3);
 * print(model.fc); // Linear(in_features=512, out_features=3, bias=True)
 * ```
 */
export const resnet18 = resnet('resnet18', ResNet18_Weights, BasicBlock, [2, 2, 2, 2]);

/** The weights of {@link resnet34}. Mirrors `torchvision.models.ResNet34_Weights`. */
export const ResNet34_Weights = known_weights('ResNet34_Weights');
export type ResNet34_Weights = WeightsEnum<'ResNet34_Weights'>;

/**
 * Makes ResNet-34, an instance of {@link ResNet}, whose options it takes. Mirrors `torchvision.models.resnet34`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnet34 = resnet('resnet34', ResNet34_Weights, BasicBlock, [3, 4, 6, 3]);

/** The weights of {@link resnet50}. Mirrors `torchvision.models.ResNet50_Weights`. */
export const ResNet50_Weights = known_weights('ResNet50_Weights');
export type ResNet50_Weights = WeightsEnum<'ResNet50_Weights'>;

/**
 * Makes ResNet-50, an instance of {@link ResNet}, whose options it takes. Mirrors `torchvision.models.resnet50`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnet50 = resnet('resnet50', ResNet50_Weights, Bottleneck, [3, 4, 6, 3]);

/** The weights of {@link resnet101}. Mirrors `torchvision.models.ResNet101_Weights`. */
export const ResNet101_Weights = known_weights('ResNet101_Weights');
export type ResNet101_Weights = WeightsEnum<'ResNet101_Weights'>;

/**
 * Makes ResNet-101, an instance of {@link ResNet}, whose options it takes. Mirrors `torchvision.models.resnet101`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnet101 = resnet('resnet101', ResNet101_Weights, Bottleneck, [3, 4, 23, 3]);

/** The weights of {@link resnet152}. Mirrors `torchvision.models.ResNet152_Weights`. */
export const ResNet152_Weights = known_weights('ResNet152_Weights');
export type ResNet152_Weights = WeightsEnum<'ResNet152_Weights'>;

/**
 * Makes ResNet-152, an instance of {@link ResNet}, whose options it takes. Mirrors `torchvision.models.resnet152`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnet152 = resnet('resnet152', ResNet152_Weights, Bottleneck, [3, 8, 36, 3]);

/** The weights of {@link resnext50_32x4d}. Mirrors `torchvision.models.ResNeXt50_32X4D_Weights`. */
export const ResNeXt50_32X4D_Weights = known_weights('ResNeXt50_32X4D_Weights');
export type ResNeXt50_32X4D_Weights = WeightsEnum<'ResNeXt50_32X4D_Weights'>;

/**
 * Makes ResNeXt-50 with 32 groups of 4 channels, an instance of {@link ResNet}, whose options it takes. Mirrors
 * `torchvision.models.resnext50_32x4d`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnext50_32x4d = resnet('resnext50_32x4d', ResNeXt50_32X4D_Weights, Bottleneck, [3, 4, 6, 3], {
  groups: 32,
  width_per_group: 4,
});

/** The weights of {@link resnext101_32x8d}. Mirrors `torchvision.models.ResNeXt101_32X8D_Weights`. */
export const ResNeXt101_32X8D_Weights = known_weights('ResNeXt101_32X8D_Weights');
export type ResNeXt101_32X8D_Weights = WeightsEnum<'ResNeXt101_32X8D_Weights'>;

/**
 * Makes ResNeXt-101 with 32 groups of 8 channels, an instance of {@link ResNet}, whose options it takes. Mirrors
 * `torchvision.models.resnext101_32x8d`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnext101_32x8d = resnet('resnext101_32x8d', ResNeXt101_32X8D_Weights, Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  width_per_group: 8,
});

/** The weights of {@link resnext101_64x4d}. Mirrors `torchvision.models.ResNeXt101_64X4D_Weights`. */
export const ResNeXt101_64X4D_Weights = known_weights('ResNeXt101_64X4D_Weights');
export type ResNeXt101_64X4D_Weights = WeightsEnum<'ResNeXt101_64X4D_Weights'>;

/**
 * Makes ResNeXt-101 with 64 groups of 4 channels, an instance of {@link ResNet}, whose options it takes. Mirrors
 * `torchvision.models.resnext101_64x4d`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const resnext101_64x4d = resnet('resnext101_64x4d', ResNeXt101_64X4D_Weights, Bottleneck, [3, 4, 23, 3], {
  groups: 64,
  width_per_group: 4,
});

/** The weights of {@link wide_resnet50_2}. Mirrors `torchvision.models.Wide_ResNet50_2_Weights`. */
export const Wide_ResNet50_2_Weights = known_weights('Wide_ResNet50_2_Weights');
export type Wide_ResNet50_2_Weights = WeightsEnum<'Wide_ResNet50_2_Weights'>;

/**
 * Makes ResNet-50 with twice as many channels in its blocks, an instance of {@link ResNet}, whose options it takes.
 * Mirrors `torchvision.models.wide_resnet50_2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const wide_resnet50_2 = resnet('wide_resnet50_2', Wide_ResNet50_2_Weights, Bottleneck, [3, 4, 6, 3], {
  width_per_group: 128,
});

/** The weights of {@link wide_resnet101_2}. Mirrors `torchvision.models.Wide_ResNet101_2_Weights`. */
export const Wide_ResNet101_2_Weights = known_weights('Wide_ResNet101_2_Weights');
export type Wide_ResNet101_2_Weights = WeightsEnum<'Wide_ResNet101_2_Weights'>;

/**
 * Makes ResNet-101 with twice as many channels in its blocks, an instance of {@link ResNet}, whose options it takes.
 * Mirrors `torchvision.models.wide_resnet101_2`.
 *
 * @param weights - pretrained weights, or their name; default null: none
 * @param progress - draw a progress bar on stderr while weights are downloaded; default true
 * @throws Error when `num_classes` is not that of the weights
 */
export const wide_resnet101_2 = resnet('wide_resnet101_2', Wide_ResNet101_2_Weights, Bottleneck, [3, 4, 23, 3], {
  width_per_group: 128,
});
