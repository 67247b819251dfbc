/** Fused layers of quantized tensors: `torch.ao.nn.intrinsic.quantized`. */
import { forward_takes } from '../../../../nn/modules/forward_arguments.js';
import type { Module } from '../../../../nn/modules/module.js';
import type { Tensor } from '../../../../_tensor.js';
import { BatchNorm2d, BatchNorm3d } from '../../quantized/modules.js';
import { Conv1d, Conv2d, Conv3d, Linear } from '../../quantized/layers.js';
import * as intrinsic from '../fused.js';
import * as intrinsic_qat from '../qat/fused.js';

type ModuleClass = { readonly prototype: Module; readonly name: string };

/**
 * A 1D convolution of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.ConvReLU1d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.ConvReLU1d(1, 2, 2);
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8)).shape);
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.ConvReLU1d(1, 2, 2)
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3), 0.5, 0, torch.quint8)).shape)
 * ```
 */
export class ConvReLU1d extends Conv1d {
  override forward(input: Tensor): Tensor {
    return this.run('quantized::conv1d_relu', input);
  }

  override sources(): readonly ModuleClass[] {
    return [intrinsic.ConvReLU1d, intrinsic_qat.ConvBnReLU1d, intrinsic_qat.ConvReLU1d];
  }

  override _get_name(): string {
    return 'QuantizedConvReLU1d';
  }
}
forward_takes(ConvReLU1d, 'input: Tensor');

/**
 * A 2D convolution of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.ConvReLU2d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.ConvReLU2d(1, 2, 2);
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8)).shape);
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.ConvReLU2d(1, 2, 2)
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3, 3), 0.5, 0, torch.quint8)).shape)
 * ```
 */
export class ConvReLU2d extends Conv2d {
  override forward(input: Tensor): Tensor {
    return this.run('quantized::conv2d_relu.new', input);
  }

  override sources(): readonly ModuleClass[] {
    return [intrinsic.ConvReLU2d, intrinsic_qat.ConvBnReLU2d, intrinsic_qat.ConvReLU2d];
  }

  override _get_name(): string {
    return 'QuantizedConvReLU2d';
  }
}
forward_takes(ConvReLU2d, 'input: Tensor');

/**
 * A 3D convolution of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.ConvReLU3d`.
 *
 * @param in_channels - channels of the input
 * @param out_channels - channels of the output
 * @param kernel_size - size of the kernel
 * @param options - those of the convolution
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.ConvReLU3d(1, 2, 2);
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8)).shape);
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.ConvReLU3d(1, 2, 2)
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 1, 3, 3, 3), 0.5, 0, torch.quint8)).shape)
 * ```
 */
export class ConvReLU3d extends Conv3d {
  override forward(input: Tensor): Tensor {
    return this.run('quantized::conv3d_relu.new', input);
  }

  override sources(): readonly ModuleClass[] {
    return [intrinsic.ConvReLU3d, intrinsic_qat.ConvBnReLU3d, intrinsic_qat.ConvReLU3d];
  }

  override _get_name(): string {
    return 'QuantizedConvReLU3d';
  }
}
forward_takes(ConvReLU3d, 'input: Tensor');

/**
 * A linear layer of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.LinearReLU`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param options - those of the layer
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.LinearReLU(3, 2);
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 3), 0.5, 0, torch.quint8)).shape);
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.LinearReLU(3, 2)
 * print(m, m(torch.quantize_per_tensor(torch.ones(1, 3), 0.5, 0, torch.quint8)).shape)
 * ```
 */
export class LinearReLU extends Linear {
  override forward(x: Tensor): Tensor {
    return this.run('quantized::linear_relu', x);
  }

  override sources(): readonly ModuleClass[] {
    return [intrinsic.LinearReLU, intrinsic_qat.LinearReLU];
  }

  override _get_name(): string {
    return 'QuantizedLinearReLU';
  }
}
forward_takes(LinearReLU, 'x: Tensor');

/**
 * A 2D batch normalization of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.BNReLU2d`.
 *
 * @param num_features - number of channels
 * @param options - those of the normalization
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.BNReLU2d(1);
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2), 0.5, 0, torch.quint8)));
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.BNReLU2d(1)
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2), 0.5, 0, torch.quint8)))
 * ```
 */
export class BNReLU2d extends BatchNorm2d {
  override forward(input: Tensor): Tensor {
    return this.run('quantized::batch_norm2d_relu', input);
  }

  override _get_name(): string {
    return 'QuantizedBNReLU2d';
  }
}
forward_takes(BNReLU2d, 'input: Tensor');

/**
 * A 3D batch normalization of quantized tensors with a ReLU behind it. Mirrors `torch.ao.nn.intrinsic.quantized.BNReLU3d`.
 *
 * @param num_features - number of channels
 * @param options - those of the normalization
 * @example
 * ```ts
 * const m = new torch.ao.nn.intrinsic.quantized.BNReLU3d(1);
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2, 2), 0.5, 0, torch.quint8)));
 * ```
 * ```python
 * m = torch.ao.nn.intrinsic.quantized.BNReLU3d(1)
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2, 2), 0.5, 0, torch.quint8)))
 * ```
 */
export class BNReLU3d extends BatchNorm3d {
  override forward(input: Tensor): Tensor {
    return this.run('quantized::batch_norm3d_relu', input);
  }

  override _get_name(): string {
    return 'QuantizedBNReLU3d';
  }
}
forward_takes(BNReLU3d, 'input: Tensor');
