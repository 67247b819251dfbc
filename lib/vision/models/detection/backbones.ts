/** Models as backbones: feature pyramids of them, and which of their stages are trained. */
import { signature } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import type { Tail } from '../../../_internal/arguments.js';
import type { Tensor } from '../../../_tensor.js';
import * as nn from '../../../nn/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { ExtraFPNBlock, FeaturePyramidNetwork, LastLevelMaxPool } from '../../ops/feature_pyramid_network.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import { IntermediateLayerGetter } from '../intermediate_layer_getter.js';
import type { MobileNetV2 } from '../mobilenetv2.js';
import type { MobileNetV3 } from '../mobilenetv3.js';
import type { ResNet } from '../resnet.js';
import { channels_of, stages_of } from '../segmentation/_utils.js';

/** Options of a feature pyramid. */
export interface BackboneOptions {
  extra_blocks?: ExtraFPNBlock | null;
  norm_layer?: NormLayer | null;
}

interface BackboneArguments extends BackboneOptions {
  backbone: nn.Module;
  return_layers: Readonly<Record<string, string>>;
  in_channels_list: readonly number[];
  out_channels: number;
}

const BACKBONE = signature<BackboneArguments>(
  'BackboneWithFPN',
  'backbone: Module, return_layers: dict, in_channels_list: int[], out_channels: int, extra_blocks?: Module|None, ' +
    'norm_layer?: Callable|None',
);

export interface BackboneWithFPN {
  (x: Tensor): Record<string, Tensor>;
}

/**
 * A feature pyramid of the outputs of a model's submodules. Mirrors
 * `torchvision.models.detection.backbone_utils.BackboneWithFPN`.
 *
 * Shapes: input `(N, 3, H, W)`, output feature maps by name, each `(N, out_channels, H_i, W_i)`.
 *
 * @param backbone - the model
 * @param return_layers - names of the feature maps by the names of submodules
 * @param in_channels_list - channels of the outputs of these submodules
 * @param out_channels - channels of the feature maps
 * @param extra_blocks - adds levels; default null: a `LastLevelMaxPool`
 * @param norm_layer - class of the normalization in the pyramid; default null: none
 * @throws Error when a name is not that of a submodule
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const { BackboneWithFPN } = models.detection.backbone_utils;
 * const backbone = new BackboneWithFPN(models.resnet18(), { layer1: '0', layer4: '1' }, [64, 512], 16);
 * for (const [name, map] of Object.entries(backbone(torch.zeros(1, 3, 64, 64)))) print(name, map.shape);
 * // 0 torch.Size([1, 16, 16, 16])
 * // 1 torch.Size([1, 16, 2, 2])
 * // pool torch.Size([1, 16, 1, 1])
 * ```
 */
export class BackboneWithFPN extends nn.Module {
  declare body: IntermediateLayerGetter;
  declare fpn: FeaturePyramidNetwork;
  declare out_channels: number;

  constructor(
    backbone: nn.Module,
    return_layers: Readonly<Record<string, string>>,
    in_channels_list: readonly number[],
    out_channels: number,
    ...options: Tail<[extra_blocks: ExtraFPNBlock | null, norm_layer: NormLayer | null], BackboneOptions>
  );
  constructor(options: BackboneArguments);
  constructor(...args: unknown[]) {
    super();
    const given = BACKBONE.read(args);
    this.body = new IntermediateLayerGetter(given.backbone, given.return_layers);
    this.fpn = new FeaturePyramidNetwork(given.in_channels_list, given.out_channels, {
      extra_blocks: given.extra_blocks ?? new LastLevelMaxPool(),
      norm_layer: given.norm_layer ?? null,
    });
    this.out_channels = given.out_channels;
  }

  forward(x: Tensor): Record<string, Tensor> {
    return this.fpn(this.body(x));
  }
}
forward_takes(BackboneWithFPN, 'x: Tensor');

/** The levels of a feature pyramid. */
export interface Levels extends Omit<BackboneOptions, 'extra_blocks'> {
  /** Adds levels, or makes what adds them, when the backbone is made. */
  extra_blocks?: ExtraFPNBlock | (() => ExtraFPNBlock) | null;
  returned_layers?: readonly number[] | null;
}

/** What adds levels. */
function blocks_of(given: Levels['extra_blocks']): ExtraFPNBlock | null {
  if (given === undefined || given === null) return null;
  return given instanceof ExtraFPNBlock ? given : given();
}

/** A feature pyramid of a ResNet, of which the last stages are trained. */
export function resnet_fpn(resnet: ResNet, trainable_layers: number, levels: Levels = {}): BackboneWithFPN {
  if (trainable_layers < 0 || trainable_layers > 5) {
    throw new Error(`Trainable layers should be in the range [0,5], got ${trainable_layers}`);
  }
  const trained = ['layer4', 'layer3', 'layer2', 'layer1', 'conv1'].slice(0, trainable_layers);
  if (trainable_layers === 5) trained.push('bn1');
  for (const [name, parameter] of resnet.named_parameters()) {
    if (!trained.some((layer) => name.startsWith(layer))) parameter.requires_grad_(false);
  }
  const { returned_layers, extra_blocks, norm_layer } = levels;
  const returned = returned_layers ?? [1, 2, 3, 4];
  if (Math.min(...returned) <= 0 || Math.max(...returned) >= 5) {
    throw new Error(`Each returned layer should be in the range [1,4]. Got [${returned.join(', ')}]`);
  }
  const layers = Object.fromEntries(returned.map((k, v) => [`layer${k}`, String(v)]));
  const first = Math.floor(resnet.inplanes / 8);
  const channels = returned.map((k) => first * 2 ** (k - 1));
  return new BackboneWithFPN(resnet, layers, channels, 256, {
    extra_blocks: blocks_of(extra_blocks),
    norm_layer: norm_layer ?? null,
  });
}

/** The features of a MobileNet, of whose stages only the last are trained, and the places of the stages. */
export function frozen_features(
  mobilenet: MobileNetV2 | MobileNetV3,
  trainable_layers: number,
): { features: nn.Module; modules: nn.Module[]; places: number[] } {
  const { features } = mobilenet;
  const { modules, places } = stages_of(features);
  const stages = places.length;
  if (trainable_layers < 0 || trainable_layers > stages) {
    throw new Error(`Trainable layers should be in the range [0,${stages}], got ${trainable_layers} `);
  }
  freeze(modules.slice(0, trainable_layers === 0 ? modules.length : places[stages - trainable_layers]!));
  return { features, modules, places };
}

/** Leaves out the parameters of modules from training. */
export function freeze(modules: readonly nn.Module[]): void {
  for (const module of modules) for (const parameter of module.parameters()) parameter.requires_grad_(false);
}

/** A backbone of a MobileNet. */
export function mobilenet_features(
  mobilenet: MobileNetV2 | MobileNetV3,
  fpn: boolean,
  trainable_layers: number,
  { returned_layers, extra_blocks }: Levels = {},
): nn.Module & { out_channels: number } {
  const { features, modules, places } = frozen_features(mobilenet, trainable_layers);
  const stages = places.length;
  if (!fpn) {
    const last = channels_of(modules[modules.length - 1]);
    const model = new nn.Sequential(features, new nn.Conv2d(last, 256, 1)) as unknown as nn.Module;
    return Object.assign(model, { out_channels: 256 });
  }
  const returned = returned_layers ?? [stages - 2, stages - 1];
  if (Math.min(...returned) < 0 || Math.max(...returned) >= stages) {
    throw new Error(`Each returned layer should be in the range [0,${stages - 1}], got [${returned.join(', ')}] `);
  }
  const layers = Object.fromEntries(returned.map((k, v) => [String(places[k]!), String(v)]));
  const channels = returned.map((k) => channels_of(modules[places[k]!]));
  return new BackboneWithFPN(features, layers, channels, 256, { extra_blocks: blocks_of(extra_blocks) });
}

/** How many stages of a backbone are trained: all, where there are no pretrained weights. */
export function trainable_stages(trained: boolean, given: number | null, most: number, usual: number): number {
  if (!trained) {
    if (given !== null) {
      warn(
        'Changing trainable_backbone_layers has no effect if neither pretrained nor pretrained_backbone have been set to ' +
          `True, falling back to trainable_backbone_layers=${most} so that all layers are trainable`,
      );
    }
    return most;
  }
  const layers = given ?? usual;
  if (layers < 0 || layers > most) {
    throw new Error(`Trainable backbone layers should be in the range [0,${most}], got ${layers} `);
  }
  return layers;
}
