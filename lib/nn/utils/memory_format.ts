import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import type { MemoryFormat } from '../../types/dtype.js';
import { Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv.js';
import type { Module } from '../modules/module.js';

type Convolution = Conv2d | Conv3d | ConvTranspose2d | ConvTranspose3d;

function convert<M extends Module>(
  module: M,
  memory_format: MemoryFormat,
  kinds: readonly (abstract new (...args: never) => Convolution)[],
): M {
  if (kinds.some((kind) => module instanceof kind)) {
    const { weight } = module as Module as Convolution;
    const data = weight.detach().clone({ memory_format });
    weight.data = data.resize_(data.shape, { memory_format });
  }
  for (const child of module.children()) convert(child, memory_format, kinds);
  return module;
}

interface MemoryFormatArguments<M> {
  module: M;
  memory_format: MemoryFormat;
}

type MemoryFormatCall<M> = Arguments<
  [module: M, memory_format: MemoryFormat],
  MemoryFormatArguments<M>,
  ['module', 'memory_format']
>;

const memory_format_signature = (callee: string): Signature<MemoryFormatArguments<Module>> =>
  signature(callee, 'module: Module, memory_format: memory_format');

const CONVERT_2D = memory_format_signature('convert_conv2d_weight_memory_format');

/**
 * Lays the weights of all two-dimensional convolutions out in another order, such as `torch.channels_last`. Mirrors
 * `torch.nn.utils.convert_conv2d_weight_memory_format`.
 */
export function convert_conv2d_weight_memory_format<M extends Module>(...args: MemoryFormatCall<M>): M {
  return CONVERT_2D.call(args, ({ module, memory_format }) =>
    convert(module, memory_format, [Conv2d, ConvTranspose2d]),
  ) as M;
}

const CONVERT_3D = memory_format_signature('convert_conv3d_weight_memory_format');

/**
 * Lays the weights of all three-dimensional convolutions out in another order, such as `torch.channels_last_3d`. Mirrors
 * `torch.nn.utils.convert_conv3d_weight_memory_format`.
 */
export function convert_conv3d_weight_memory_format<M extends Module>(...args: MemoryFormatCall<M>): M {
  return CONVERT_3D.call(args, ({ module, memory_format }) =>
    convert(module, memory_format, [Conv3d, ConvTranspose3d]),
  ) as M;
}
