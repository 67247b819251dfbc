/** `torch.nn.modules.conv`: programs ask `instanceof _ConvNd` for all convolutions at once. */
export {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvNd as _ConvNd,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  ConvTransposeNd as _ConvTransposeNd,
  type ConvOptions,
  type ConvPaddingMode,
  type ConvSizes,
  type ConvTransposeOptions,
} from '../conv.js';
export {
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
} from '../lazy.js';
