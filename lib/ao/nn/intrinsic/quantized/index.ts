/** Mirrors `torch.ao.nn.intrinsic.quantized`. */
export { BNReLU2d, BNReLU3d, ConvReLU1d, ConvReLU2d, ConvReLU3d, LinearReLU } from './fused.js';
