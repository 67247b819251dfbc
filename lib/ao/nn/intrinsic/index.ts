/** Mirrors `torch.ao.nn.intrinsic`. */
export {
  BNReLU2d,
  BNReLU3d,
  ConvBn1d,
  ConvBn2d,
  ConvBn3d,
  ConvBnReLU1d,
  ConvBnReLU2d,
  ConvBnReLU3d,
  ConvReLU1d,
  ConvReLU2d,
  ConvReLU3d,
  LinearBn1d,
  LinearReLU,
} from './fused.js';
export * as qat from './qat/index.js';
export * as quantized from './quantized/index.js';
