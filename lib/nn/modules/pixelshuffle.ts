/** Modules that only move elements between channels and pixels. */
import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_int } from '../../_internal/representation.js';
import { signature } from '../../_internal/signature.js';

/**
 * Turns (..., C * r^2, H, W) into (..., C, H * r, W * r) for the upscale factor r. Mirrors `torch.nn.PixelShuffle`.
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
 * Turns (..., C, H * r, W * r) into (..., C * r^2, H, W) for the downscale factor r. Mirrors `torch.nn.PixelUnshuffle`.
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

/** Mixes the channels of (N, C, ...) across `groups` of them. Mirrors `torch.nn.ChannelShuffle`. */
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
