/** Modules that only move elements between channels and pixels. */
import type { Tensor } from '../tensor.js';
import { bind } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';
import { python_int } from './representation.js';

/**
 * Turns (..., C * r^2, H, W) into (..., C, H * r, W * r) for the upscale factor r. Mirrors `torch.nn.PixelShuffle`.
 */
export class PixelShuffle extends Module {
  upscale_factor: number;

  constructor(upscale_factor: number | { upscale_factor: number }) {
    super();
    this.upscale_factor =
      bind<{ upscale_factor: number }>('PixelShuffle', ['upscale_factor'], [upscale_factor], 1).upscale_factor;
  }

  forward(input: Tensor): Tensor {
    return F.pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return `upscale_factor=${python_int(this.upscale_factor)}`;
  }
}

/**
 * Turns (..., C, H * r, W * r) into (..., C * r^2, H, W) for the downscale factor r. Mirrors `torch.nn.PixelUnshuffle`.
 */
export class PixelUnshuffle extends Module {
  downscale_factor: number;

  constructor(downscale_factor: number | { downscale_factor: number }) {
    super();
    const options = bind<{ downscale_factor: number }>('PixelUnshuffle', ['downscale_factor'], [downscale_factor], 1);
    this.downscale_factor = options.downscale_factor;
  }

  forward(input: Tensor): Tensor {
    return F.pixel_unshuffle(input, this.downscale_factor);
  }

  override extra_repr(): string {
    return `downscale_factor=${python_int(this.downscale_factor)}`;
  }
}

/** Mixes the channels of (N, C, ...) across `groups` of them. Mirrors `torch.nn.ChannelShuffle`. */
export class ChannelShuffle extends Module {
  groups: number;

  constructor(groups: number | { groups: number }) {
    super();
    this.groups = bind<{ groups: number }>('ChannelShuffle', ['groups'], [groups], 1).groups;
  }

  forward(input: Tensor): Tensor {
    return F.channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return `groups=${python_int(this.groups)}`;
  }
}
