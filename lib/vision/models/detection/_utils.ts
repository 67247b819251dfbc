/** Parts of detection models; mirrors `torchvision.models.detection._utils`. */
export { BoxCoder, BoxLinearCoder } from './coders.js';
export { BalancedPositiveNegativeSampler, Matcher, SSDMatcher } from './matchers.js';
