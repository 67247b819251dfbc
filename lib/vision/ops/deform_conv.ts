/** Convolutions whose samples lie at learned offsets. */
import { empty, zeros } from '../../generated/functions.js';
import { python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { kaiming_uniform_, uniform_ } from '../../nn/init.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import { Parameter } from '../../nn/parameter.js';
import type { Tensor } from '../../_tensor.js';
import { operator } from '../extension.js';
import { pair } from './rois.js';

type Both = number | readonly [number, number];

/** Keyword arguments of {@link deform_conv2d}. */
export interface DeformConv2dFunctionOptions {
  /** Added to each output channel, `(out_channels)`. Default null. */
  bias?: Tensor | null;
  /** Stride of the convolution. Default 1. */
  stride?: Both;
  /** Zeros around the images. Default 0. */
  padding?: Both;
  /** Spacing between the elements of the kernel. Default 1. */
  dilation?: Both;
  /** Factors of the samples, `(N, offset_groups * kH * kW, H_out, W_out)`. Default null. */
  mask?: Tensor | null;
}

type DeformConv2dArguments = DeformConv2dFunctionOptions & { input: Tensor; offset: Tensor; weight: Tensor };

const DEFORM_CONV2D = signature<DeformConv2dArguments>(
  'deform_conv2d',
  'input: Tensor, offset: Tensor, weight: Tensor, bias?: Tensor|None, stride?: int|int[], padding?: int|int[], ' +
    'dilation?: int|int[], mask?: Tensor|None',
);

/**
 * A convolution whose samples are moved by offsets, and with a mask scaled, which are given for each place of the output.
 * Mirrors `torchvision.ops.deform_conv2d`.
 *
 * Shapes: input `(N, in_channels, H, W)`, offset `(N, 2 * offset_groups * kH * kW, H_out, W_out)` with the rows' offset
 * before the columns', weight `(out_channels, in_channels / groups, kH, kW)`, output `(N, out_channels, H_out, W_out)`.
 * Dtypes: float32 and float64, the same for all. There are gradients of all tensors.
 *
 * The CPU has a kernel of its own. On other devices it is composed of `grid_sample`, which rounds the last digit of
 * coordinates, and a product of matrices.
 *
 * @param input - the images
 * @param offset - how far each sample is moved
 * @param weight - the kernels
 * @param bias - added to each output channel; default null
 * @param stride - stride of the convolution; default 1
 * @param padding - zeros around the images; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param mask - factors of the samples; default null: none
 * @throws Error where shapes do not fit together
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const offset = torch.zeros(1, 2, 1, 3);
 * offset.select(1, 1).fill_(0.5);
 * print(ops.deform_conv2d(torch.tensor([[[[1, 2, 4]]]]).float(), offset, torch.ones(1, 1, 1, 1))); // tensor([[[[1.5000, 3.0000, 2.0000]]]])
 * ```
 */
export function deform_conv2d(
  ...args: Arguments<
    [
      input: Tensor,
      offset: Tensor,
      weight: Tensor,
      bias?: Tensor | null,
      stride?: Both,
      padding?: Both,
      dilation?: Both,
      mask?: Tensor | null,
    ],
    DeformConv2dArguments,
    ['input', 'offset', 'weight', 'bias', 'stride', 'padding', 'dilation', 'mask']
  >
): Tensor;
export function deform_conv2d(...args: unknown[]): Tensor {
  return DEFORM_CONV2D.call(args, (given) => {
    const { input, offset, weight, bias = null, stride = 1, padding = 0, dilation = 1, mask = null } = given;
    for (const [name, tensor] of [
      ['input', input],
      ['offset', offset],
      ['weight', weight],
    ] as const) {
      if (tensor.dim() !== 4) throw new Error(`${name} must have 4 dimensions, got ${tensor.dim()}`);
    }
    const { dtype, device } = input;
    const taps = 2 * weight.size(2) * weight.size(3);
    const offset_groups = taps === 0 ? 0 : Math.floor(offset.size(1) / taps);
    if (offset_groups === 0) {
      throw new Error(
        'the shape of the offset tensor at dimension 1 is not valid. It should be a multiple of 2 * weight.size[2] * ' +
          `weight.size[3].\nGot offset.shape[1]=${offset.size(1)}, while 2 * weight.size[2] * weight.size[3]=${taps}`,
      );
    }
    const groups = weight.size(1) === 0 ? 0 : Math.floor(input.size(1) / weight.size(1));
    return operator('deform_conv2d')(
      input,
      weight,
      offset,
      mask ?? zeros([input.size(0), 1], { dtype, device }),
      bias ?? zeros([weight.size(0)], { dtype, device }),
      ...pair(stride, 'stride'),
      ...pair(padding, 'padding'),
      ...pair(dilation, 'dilation'),
      groups,
      offset_groups,
      mask !== null,
    ) as Tensor;
  });
}

/** Keyword arguments of {@link DeformConv2d}. */
export interface DeformConv2dOptions {
  /** Stride of the convolution. Default 1. */
  stride?: Both;
  /** Zeros around the images. Default 0. */
  padding?: Both;
  /** Spacing between the elements of the kernel. Default 1. */
  dilation?: Both;
  /** Number of groups of channels. Default 1. */
  groups?: number;
  /** Whether it has a bias. Default true. */
  bias?: boolean;
}

type DeformConv2dModule = DeformConv2dOptions & { in_channels: number; out_channels: number; kernel_size: Both };

const DEFORM_CONV2D_MODULE = signature<DeformConv2dModule>(
  'DeformConv2d',
  'in_channels: int, out_channels: int, kernel_size: int|int[], stride?: int|int[], padding?: int|int[], ' +
    'dilation?: int|int[], groups?: int, bias?: bool',
);

/**
 * A convolution whose samples are moved by offsets, which another layer computes; see {@link deform_conv2d}. Mirrors
 * `torchvision.ops.DeformConv2d`.
 *
 * Shapes: input `(N, in_channels, H, W)`, offset `(N, 2 * offset_groups * kH * kW, H_out, W_out)`, mask
 * `(N, offset_groups * kH * kW, H_out, W_out)`, output `(N, out_channels, H_out, W_out)`. Parameters: `weight`
 * `(out_channels, in_channels / groups, kH, kW)` and `bias` `(out_channels)`, initialized as those of `nn.Conv2d`.
 *
 * @param in_channels - number of channels of the input
 * @param out_channels - number of channels of the output
 * @param kernel_size - size of the kernel
 * @param stride - stride of the convolution; default 1
 * @param padding - zeros around the images; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @param bias - whether it has a bias; default true
 * @throws Error unless the numbers of channels are multiples of `groups`
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const conv = new ops.DeformConv2d(3, 4, 3, { padding: 1 });
 * print(conv(torch.ones(1, 3, 5, 5), torch.zeros(1, 18, 5, 5)).shape); // torch.Size([1, 4, 5, 5])
 * print(conv); // DeformConv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
 * ```
 */
export class DeformConv2d extends Module {
  declare in_channels: number;
  declare out_channels: number;
  declare kernel_size: readonly [number, number];
  declare stride: readonly [number, number];
  declare padding: readonly [number, number];
  declare dilation: readonly [number, number];
  declare groups: number;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    ...args: Arguments<
      [
        in_channels: number,
        out_channels: number,
        kernel_size: Both,
        stride?: Both,
        padding?: Both,
        dilation?: Both,
        groups?: number,
        bias?: boolean,
      ],
      DeformConv2dModule,
      ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = DEFORM_CONV2D_MODULE.read(args);
    const { in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1 } = given;
    const { groups = 1, bias = true } = given;
    if (!(groups > 0)) throw new Error('groups must be a positive integer');
    if (in_channels % groups !== 0) throw new Error('in_channels must be divisible by groups');
    if (out_channels % groups !== 0) throw new Error('out_channels must be divisible by groups');
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = pair(kernel_size, 'kernel_size');
    this.stride = pair(stride, 'stride');
    this.padding = pair(padding, 'padding');
    this.dilation = pair(dilation, 'dilation');
    this.groups = groups;
    this.weight = new Parameter(empty([out_channels, in_channels / groups, ...this.kernel_size]));
    if (bias) this.bias = new Parameter(empty([out_channels]));
    else this.register_parameter('bias', null);
    this.reset_parameters();
  }

  /** Reinitializes the parameters. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias === null) return;
    const fan_in = this.weight.numel() / this.out_channels;
    const bound = 1 / Math.sqrt(fan_in);
    uniform_(this.bias, -bound, bound);
  }

  forward(input: Tensor, offset: Tensor, mask: Tensor | null = null): Tensor {
    const { weight, bias, stride, padding, dilation } = this;
    return deform_conv2d(input, offset, weight, bias, { stride, padding, dilation, mask });
  }

  override extra_repr(): string {
    const parts = [
      String(this.in_channels),
      String(this.out_channels),
      `kernel_size=${python_size(this.kernel_size)}`,
      `stride=${python_size(this.stride)}`,
    ];
    if (this.padding.some((side) => side !== 0)) parts.push(`padding=${python_size(this.padding)}`);
    if (this.dilation.some((side) => side !== 1)) parts.push(`dilation=${python_size(this.dilation)}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (this.bias === null) parts.push('bias=False');
    return parts.join(', ');
  }
}
forward_takes(DeformConv2d, 'input: Tensor, offset: Tensor, mask?: Tensor|None');
