/** Modules that put a border around sequences, images and volumes. */
import type { Tensor } from '../../_tensor.js';
import { spread } from '../../_internal/arguments.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_float, python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/**
 * How wide a border is: one number for all sides, or two for each dimension, before and after, the last dimension
 * first.
 */
export type Padding = F.IntOrSize | { padding: F.IntOrSize };

/** What the constant borders take by name. */
export interface ConstantPadOptions {
  padding: F.IntOrSize;
  /** What the border is filled with. */
  value: number;
}

type Border = 'constant' | 'reflect' | 'replicate' | 'circular';

abstract class PadNd extends Module {
  declare padding: readonly number[];

  constructor(dimensions: number, padding: F.IntOrSize) {
    super();
    this.padding = spread(padding, 2 * dimensions);
  }

  override extra_repr(): string {
    return python_size(this.padding);
  }
}

interface Pad extends PadNd {
  forward(input: Tensor): Tensor;
}

type PadClass = new (padding: Padding) => Pad;

const PADDING = 'padding: int|int[]';
const PYTHON_NAMES = { reflect: '_ReflectionPadNd', replicate: '_ReplicationPadNd', circular: '_CircularPadNd' };

/** The class of a border of one kind around the last `dimensions` dimensions. */
function pad_class(name: string, mode: Exclude<Border, 'constant'>, dimensions: number): PadClass {
  const takes = signature<{ padding: F.IntOrSize }>(name, PADDING);
  const made = class extends PadNd {
    constructor(...args: unknown[]) {
      super(dimensions, takes.read(args).padding);
    }

    forward(input: Tensor): Tensor {
      if (mode === 'circular') check_dimensions(input, dimensions);
      return F.pad(input, this.padding, mode);
    }
  };
  forward_takes(made, 'input: Tensor', `${PYTHON_NAMES[mode]}.forward`);
  return made as unknown as PadClass;
}

function check_dimensions(input: Tensor, dimensions: number): void {
  const [unbatched, batched] = [dimensions + 1, dimensions + 2];
  if (input.ndim === unbatched || input.ndim === batched) return;
  throw new Error(`expected ${unbatched}D or ${batched}D input (got ${input.ndim}D input)`);
}

abstract class ConstantPadNd extends PadNd {
  declare value: number;

  constructor(dimensions: number, { padding, value }: ConstantPadOptions) {
    super(dimensions, padding);
    this.value = value;
  }

  forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, 'constant', this.value);
  }

  override extra_repr(): string {
    return `padding=${python_size(this.padding)}, value=${python_float(this.value)}`;
  }
}

forward_takes(ConstantPadNd, 'input: Tensor', '_ConstantPadNd.forward');

type ConstantPadClass = new (
  ...args: Arguments<[padding: F.IntOrSize, value: number], ConstantPadOptions, ['padding', 'value']>
) => ConstantPadNd;

function constant_pad_class(name: string, dimensions: number): ConstantPadClass {
  const takes = signature<ConstantPadOptions>(name, `${PADDING}, value: float`);
  const made = class extends ConstantPadNd {
    constructor(...args: unknown[]) {
      super(dimensions, takes.read(args));
    }
  };
  return made as unknown as ConstantPadClass;
}

/** Fills a border of (N, C, L) or (C, L) with one value. Mirrors `torch.nn.ConstantPad1d`. */
export class ConstantPad1d extends constant_pad_class('ConstantPad1d', 1) {}

/** Fills a border of (N, C, H, W) or (C, H, W) with one value. Mirrors `torch.nn.ConstantPad2d`. */
export class ConstantPad2d extends constant_pad_class('ConstantPad2d', 2) {}

/** Fills a border of (N, C, D, H, W) or (C, D, H, W) with one value. Mirrors `torch.nn.ConstantPad3d`. */
export class ConstantPad3d extends constant_pad_class('ConstantPad3d', 3) {}

/** Mirrors (N, C, L) or (C, L) at its border. Mirrors `torch.nn.ReflectionPad1d`. */
export class ReflectionPad1d extends pad_class('ReflectionPad1d', 'reflect', 1) {}

/** Mirrors (N, C, H, W) or (C, H, W) at its border. Mirrors `torch.nn.ReflectionPad2d`. */
export class ReflectionPad2d extends pad_class('ReflectionPad2d', 'reflect', 2) {}

/** Mirrors (N, C, D, H, W) or (C, D, H, W) at its border. Mirrors `torch.nn.ReflectionPad3d`. */
export class ReflectionPad3d extends pad_class('ReflectionPad3d', 'reflect', 3) {}

/** Repeats the outermost values of (N, C, L) or (C, L). Mirrors `torch.nn.ReplicationPad1d`. */
export class ReplicationPad1d extends pad_class('ReplicationPad1d', 'replicate', 1) {}

/** Repeats the outermost values of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.ReplicationPad2d`. */
export class ReplicationPad2d extends pad_class('ReplicationPad2d', 'replicate', 2) {}

/** Repeats the outermost values of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.ReplicationPad3d`. */
export class ReplicationPad3d extends pad_class('ReplicationPad3d', 'replicate', 3) {}

/** Goes on with the values of the other end of (N, C, L) or (C, L). Mirrors `torch.nn.CircularPad1d`. */
export class CircularPad1d extends pad_class('CircularPad1d', 'circular', 1) {}

/** Goes on with the values of the other end of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.CircularPad2d`. */
export class CircularPad2d extends pad_class('CircularPad2d', 'circular', 2) {}

/** Goes on with the values of the other end of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.CircularPad3d`. */
export class CircularPad3d extends pad_class('CircularPad3d', 'circular', 3) {}

function zero_pad_class(name: string, base: ConstantPadClass): PadClass {
  const takes = signature<{ padding: F.IntOrSize }>(name, PADDING);
  const made = class extends (base as unknown as new (options: ConstantPadOptions) => ConstantPadNd) {
    constructor(...args: unknown[]) {
      super({ padding: takes.read(args).padding, value: 0 });
    }

    override extra_repr(): string {
      return python_size(this.padding);
    }
  };
  return made as unknown as PadClass;
}

/** Fills a border of (N, C, L) or (C, L) with zeros. Mirrors `torch.nn.ZeroPad1d`. */
export class ZeroPad1d extends zero_pad_class('ZeroPad1d', ConstantPad1d) {}

/** Fills a border of (N, C, H, W) or (C, H, W) with zeros. Mirrors `torch.nn.ZeroPad2d`. */
export class ZeroPad2d extends zero_pad_class('ZeroPad2d', ConstantPad2d) {}

/** Fills a border of (N, C, D, H, W) or (C, D, H, W) with zeros. Mirrors `torch.nn.ZeroPad3d`. */
export class ZeroPad3d extends zero_pad_class('ZeroPad3d', ConstantPad3d) {}
