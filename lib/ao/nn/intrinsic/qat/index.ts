/** Mirrors `torch.ao.nn.intrinsic.qat`. */
export {
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
