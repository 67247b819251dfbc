/** What functions that make models of a backbone and heads share. */
import { given_weights, type WeightsEnum, type WeightsEnumeration, type WeightsName } from './_api.js';
import { overwrite_value_param } from './_utils.js';

/** What these functions take of weights. */
export interface GivenWeights {
  weights?: unknown;
  pretrained?: boolean;
  num_classes?: number | null;
  weights_backbone?: unknown;
  pretrained_backbone?: boolean;
}

/** How a signature writes the part of {@link GivenWeights} that other functions do not take. */
export const BACKBONE_TAKES = 'num_classes?: int|None, weights_backbone?: any, pretrained_backbone?: bool';

interface Defaults {
  readonly weights: WeightsEnumeration<WeightsName>;
  readonly weights_backbone: WeightsEnumeration<WeightsName>;
  /** The weights of the backbone unless something else is said. Default the first. */
  readonly default_backbone?: WeightsEnum | null;
  readonly num_classes: number;
}

/** The weights of a call: those of the whole model replace those of the backbone, and say how many classes there are. */
export function weights_of_call(
  name: string,
  defaults: Defaults,
  given: GivenWeights,
): { weights: WeightsEnum | null; weights_backbone: WeightsEnum | null; num_classes: number } {
  const { pretrained, pretrained_backbone, num_classes = null } = given;
  const weights = given_weights(name, defaults.weights, {
    weights: given.weights,
    ...(pretrained === undefined ? {} : { pretrained }),
  });
  const [first] = defaults.weights_backbone;
  const usual = defaults.default_backbone === undefined ? first : defaults.default_backbone;
  const weights_backbone = given_weights(name, defaults.weights_backbone, {
    weights: given.weights_backbone === undefined ? usual : given.weights_backbone,
    ...(pretrained_backbone === undefined ? {} : { pretrained: pretrained_backbone }),
  });
  if (weights === null) return { weights, weights_backbone, num_classes: num_classes ?? defaults.num_classes };
  const categories = weights.meta.categories as string[] | null | undefined;
  const classes = overwrite_value_param('num_classes', num_classes, categories?.length ?? defaults.num_classes);
  return { weights, weights_backbone: null, num_classes: classes };
}
