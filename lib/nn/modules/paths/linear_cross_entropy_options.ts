/** `torch.nn.modules.linear_cross_entropy_options`. */
export {
  LinearCrossEntropyOptions,
  type AccumulationPolicy,
  type LinearCrossEntropyChoices,
} from '../../functional/linear_cross_entropy.js';
