/** Operators and blocks for images; mirrors `torchvision.ops`. */
export {
  Conv2dNormActivation,
  Conv3dNormActivation,
  ConvNormActivation,
  FrozenBatchNorm2d,
  MLP,
  Permute,
  SqueezeExcitation,
  type ConvNormActivationOptions,
  type LayerMaker,
  type MLPOptions,
  type NormLayer,
} from './misc.js';
export { stochastic_depth, StochasticDepth } from './stochastic_depth.js';
export { drop_block2d, drop_block3d, DropBlock2d, DropBlock3d, type DropBlockOptions } from './drop_block.js';
