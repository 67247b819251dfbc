/** Modules that rearrange elements between channels and pixels. */
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_int } from '../../_internal/representation.js';
import { signature } from '../../_internal/signature.js';

/**
 * Rearranges channels into pixels, as sub-pixel convolutions do:
 * `y[c, h * r + i, w * r + j] = x[c * r^2 + i * r + j, h, w]` with `r = upscale_factor`. Mirrors
 * `torch.nn.PixelShuffle`.
 *
 * Shapes: input `(*, C * r^2, H, W)`, output `(*, C, H * r, W * r)`. Dtypes: any.
 *
 * @param upscale_factor - the factor `r`
 * @throws Error on the call, when the number of channels is not divisible by `r^2`
 * @example
 * ```ts
 * const shuffle = new nn.PixelShuffle(2);
 * print(shuffle(torch.arange(8).reshape(1, 4, 1, 2)));
 * ```
 * ```python
 * shuffle = nn.PixelShuffle(2)
 * print(shuffle(torch.arange(8).reshape(1, 4, 1, 2)))
 * ```
 */
export class PixelShuffle extends Module {
  declare upscale_factor: number;

  constructor(upscale_factor: number | { upscale_factor: number });
  constructor(...args: unknown[]) {
    super();
    this.upscale_factor = PIXEL_SHUFFLE.read(args).upscale_factor;
  }

  forward(input: Tensor): Tensor {
    return F.pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return `upscale_factor=${python_int(this.upscale_factor)}`;
  }
}

/**
 * Rearranges pixels into channels, the inverse of {@link PixelShuffle}:
 * `y[c * r^2 + i * r + j, h, w] = x[c, h * r + i, w * r + j]` with `r = downscale_factor`. Mirrors
 * `torch.nn.PixelUnshuffle`.
 *
 * Shapes: input `(*, C, H * r, W * r)`, output `(*, C * r^2, H, W)`. Dtypes: any.
 *
 * @param downscale_factor - the factor `r`
 * @throws Error on the call, when height or width is not divisible by `r`
 * @example
 * ```ts
 * const unshuffle = new nn.PixelUnshuffle(2);
 * print(unshuffle(torch.arange(8).reshape(1, 1, 2, 4)));
 * ```
 * ```python
 * unshuffle = nn.PixelUnshuffle(2)
 * print(unshuffle(torch.arange(8).reshape(1, 1, 2, 4)))
 * ```
 */
export class PixelUnshuffle extends Module {
  declare downscale_factor: number;

  constructor(downscale_factor: number | { downscale_factor: number });
  constructor(...args: unknown[]) {
    super();
    this.downscale_factor = PIXEL_UNSHUFFLE.read(args).downscale_factor;
  }

  forward(input: Tensor): Tensor {
    return F.pixel_unshuffle(input, this.downscale_factor);
  }

  override extra_repr(): string {
    return `downscale_factor=${python_int(this.downscale_factor)}`;
  }
}

/**
 * Interleaves groups of channels: the channels, as a matrix `(groups, C / groups)`, are transposed. Mirrors
 * `torch.nn.ChannelShuffle`.
 *
 * Shapes: input and output `(N, C, *)`. Dtypes: any.
 *
 * @param groups - number of groups, which divides the number of channels
 * @throws Error on the call, when the number of channels is not divisible by `groups`
 * @example
 * ```ts
 * const shuffle = new nn.ChannelShuffle(2);
 * print(shuffle(torch.arange(4).reshape(1, 4, 1)));
 * ```
 * ```python
 * shuffle = nn.ChannelShuffle(2)
 * print(shuffle(torch.arange(4).reshape(1, 4, 1)))
 * ```
 */
export class ChannelShuffle extends Module {
  declare groups: number;

  constructor(groups: number | { groups: number });
  constructor(...args: unknown[]) {
    super();
    this.groups = CHANNEL_SHUFFLE.read(args).groups;
  }

  forward(input: Tensor): Tensor {
    return F.channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return `groups=${python_int(this.groups)}`;
  }
}

const PIXEL_SHUFFLE = signature<{ upscale_factor: number }>('PixelShuffle', 'upscale_factor: int');
const PIXEL_UNSHUFFLE = signature<{ downscale_factor: number }>('PixelUnshuffle', 'downscale_factor: int');
const CHANNEL_SHUFFLE = signature<{ groups: number }>('ChannelShuffle', 'groups: int');
for (const module of [PixelShuffle, PixelUnshuffle, ChannelShuffle]) forward_takes(module, 'input: Tensor');
