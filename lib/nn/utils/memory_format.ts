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
 * Converts the weights of all 2D convolutions of a module, transposed ones included, to a memory format. Mirrors
 * `torch.nn.utils.convert_conv2d_weight_memory_format`.
 *
 * @param module - the module, which is changed
 * @param memory_format - the format, such as `torch.channels_last`
 * @returns the module
 * @example
 * ```ts
 * const conv = nn.utils.convert_conv2d_weight_memory_format(new nn.Conv2d(3, 2, 2), torch.channels_last);
 * print(conv.weight.is_contiguous({ memory_format: torch.channels_last }));
 * ```
 * ```python
 * conv = nn.utils.convert_conv2d_weight_memory_format(nn.Conv2d(3, 2, 2), torch.channels_last)
 * print(conv.weight.is_contiguous(memory_format=torch.channels_last))
 * ```
 */
export function convert_conv2d_weight_memory_format<M extends Module>(module: M, memory_format: MemoryFormat): M;
export function convert_conv2d_weight_memory_format<M extends Module>(...args: MemoryFormatCall<M>): M;
export function convert_conv2d_weight_memory_format<M extends Module>(...args: unknown[]): M {
  return CONVERT_2D.call(args, ({ module, memory_format }) =>
    convert(module, memory_format, [Conv2d, ConvTranspose2d]),
  ) as M;
}

const CONVERT_3D = memory_format_signature('convert_conv3d_weight_memory_format');

/**
 * Converts the weights of all 3D convolutions of a module, transposed ones included, to a memory format. Mirrors
 * `torch.nn.utils.convert_conv3d_weight_memory_format`.
 *
 * @param module - the module, which is changed
 * @param memory_format - the format, such as `torch.channels_last_3d`
 * @returns the module
 * @example
 * ```ts
 * const conv = nn.utils.convert_conv3d_weight_memory_format(new nn.Conv3d(3, 2, 2), torch.channels_last_3d);
 * print(conv.weight.is_contiguous({ memory_format: torch.channels_last_3d }));
 * ```
 * ```python
 * conv = nn.utils.convert_conv3d_weight_memory_format(nn.Conv3d(3, 2, 2), torch.channels_last_3d)
 * print(conv.weight.is_contiguous(memory_format=torch.channels_last_3d))
 * ```
 */
export function convert_conv3d_weight_memory_format<M extends Module>(module: M, memory_format: MemoryFormat): M;
export function convert_conv3d_weight_memory_format<M extends Module>(...args: MemoryFormatCall<M>): M;
export function convert_conv3d_weight_memory_format<M extends Module>(...args: unknown[]): M {
  return CONVERT_3D.call(args, ({ module, memory_format }) =>
    convert(module, memory_format, [Conv3d, ConvTranspose3d]),
  ) as M;
}
