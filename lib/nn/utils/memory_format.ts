import type { MemoryFormat } from '../../dtype.js';
import { Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d } from '../conv.js';
import type { Module } from '../module.js';

type Convolution = Conv2d | Conv3d | ConvTranspose2d | ConvTranspose3d;

function convert<M extends Module>(
  module: M, memory_format: MemoryFormat, kinds: readonly (abstract new (...args: never) => Convolution)[],
): M {
  if (kinds.some((kind) => module instanceof kind)) {
    const { weight } = module as Module as Convolution;
    const data = weight.detach().clone({ memory_format });
    weight.data = data.resize_(data.shape, { memory_format });
  }
  for (const child of module.children()) convert(child, memory_format, kinds);
  return module;
}

/**
 * Lays the weights of all two-dimensional convolutions out in another order, such as `torch.channels_last`. Mirrors
 * `torch.nn.utils.convert_conv2d_weight_memory_format`.
 */
export function convert_conv2d_weight_memory_format<M extends Module>(module: M, memory_format: MemoryFormat): M {
  return convert(module, memory_format, [Conv2d, ConvTranspose2d]);
}

/**
 * Lays the weights of all three-dimensional convolutions out in another order, such as `torch.channels_last_3d`. Mirrors
 * `torch.nn.utils.convert_conv3d_weight_memory_format`.
 */
export function convert_conv3d_weight_memory_format<M extends Module>(module: M, memory_format: MemoryFormat): M {
  return convert(module, memory_format, [Conv3d, ConvTranspose3d]);
}
