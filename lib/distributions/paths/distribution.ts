/** `torch.distributions.distribution`. */
export { Distribution, type ParameterConstraints, type SampleShape, type ValidateArgs } from '../distribution.js';
