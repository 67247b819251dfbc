/** `torch.nn.modules.linear`. */
export { Bilinear, Identity, Linear, type LinearOptions } from '../linear.js';
export { LazyLinear } from '../lazy.js';
export { NonDynamicallyQuantizableLinear } from '../attention.js';
