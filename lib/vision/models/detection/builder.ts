/** Functions that make detection models. */
import type { Module } from '../../../nn/modules/module.js';
import * as nn from '../../../nn/index.js';
import { FrozenBatchNorm2d } from '../../ops/misc.js';
import type { NormLayer } from '../../ops/layer_maker.js';
import {
  builder_signature,
  register_builder,
  type BuilderOptions,
  type WeightsArgument,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import { BACKBONE_TAKES, weights_of_call, type GivenWeights } from '../backbone_weights.js';
import { trainable_stages } from './backbones.js';

/** What functions that make detection models take besides the options of the model. */
export interface DetectionBuilderOptions<N extends WeightsName> {
  /** Number of classes, with the background. Default null: 91, with weights as many as they have. */
  num_classes?: number | null;
  /** Weights of the backbone, unless there are weights of the whole model. Default those of ImageNet, or for `_v2` none. */
  weights_backbone?: WeightsArgument<N>;
  /** Number of stages of the backbone that are trained, from the last one. Default null: some, without weights all. */
  trainable_backbone_layers?: number | null;
}

/** What a model is made of. */
export interface DetectionParts {
  weights_backbone: WeightsEnum | null;
  progress: boolean;
  num_classes: number;
  /** Number of stages of the backbone that are trained. */
  trainable: number;
  /** The normalization of the backbone: what pretrained weights have is left as it is. */
  norm_layer: NormLayer;
}

interface Recipe<M extends Module, O extends object> {
  readonly weights: WeightsEnumeration<WeightsName>;
  readonly weights_backbone: WeightsEnumeration<WeightsName>;
  /** The weights of the backbone unless something else is said. Default the first. */
  readonly default_backbone?: WeightsEnum | null;
  /** Number of classes without weights. Default 91. */
  readonly num_classes?: number;
  /** How many stages there are, and how many of them are trained when they have weights. Default 5 and 3. */
  readonly stages?: readonly [most: number, usual: number];
  /** The options of the model, as a signature writes them. */
  readonly takes: string;
  /** Options that are not default for the model itself. */
  readonly defaults?: Readonly<Partial<O>>;
  /** Whether the weights `COCO_V1` were trained without a term in the normalization that is there now. Default false. */
  readonly without_eps?: boolean;
  /** Sets the options that weights demand. */
  prepare?(options: O, weights: WeightsEnum): void;
  make(parts: DetectionParts, options: O): M;
}

interface Given extends GivenWeights {
  progress?: boolean;
  trainable_backbone_layers?: number | null;
}

/** Declares a function that makes a detection model. */
export function detection_builder<M extends Module, O extends object, N extends WeightsName, B extends WeightsName>(
  name: string,
  recipe: Recipe<M, O>,
): (options?: BuilderOptions<N> & DetectionBuilderOptions<B> & O) => M {
  const takes = builder_signature<Given>(
    name,
    `${BACKBONE_TAKES}, trainable_backbone_layers?: int|None, ${recipe.takes}`,
  );
  const { num_classes: classes = 91, stages = [5, 3] } = recipe;
  const defaults = {
    weights: recipe.weights,
    weights_backbone: recipe.weights_backbone,
    ...(recipe.default_backbone === undefined ? {} : { default_backbone: recipe.default_backbone }),
    num_classes: classes,
  };
  const build = (...args: unknown[]): M => {
    const { progress = true, trainable_backbone_layers = null, ...given } = takes.read(args);
    const { weights, weights_backbone, num_classes } = weights_of_call(name, defaults, given);
    const {
      weights: _,
      pretrained: __,
      num_classes: ___,
      weights_backbone: ____,
      pretrained_backbone: _____,
      ...rest
    } = given;
    const options = { ...recipe.defaults, ...rest } as O;
    if (weights !== null) recipe.prepare?.(options, weights);
    const trained = weights !== null || weights_backbone !== null;
    const trainable = trainable_stages(trained, trainable_backbone_layers, ...stages);
    const norm_layer: NormLayer = trained ? FrozenBatchNorm2d : nn.BatchNorm2d;
    const model = recipe.make({ weights_backbone, progress, num_classes, trainable, norm_layer }, options);
    if (weights !== null) {
      model.load_state_dict(weights.get_state_dict({ progress, check_hash: true }));
      if (recipe.without_eps === true && weights.name === 'COCO_V1') remove_eps(model);
    }
    return model;
  };
  return register_builder(name, recipe.weights, build as never) as (
    options?: BuilderOptions<N> & DetectionBuilderOptions<B> & O,
  ) => M;
}

function remove_eps(model: Module): void {
  for (const module of model.modules()) if (module instanceof FrozenBatchNorm2d) module.eps = 0;
}
