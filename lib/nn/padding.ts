/** Modules that put a border around sequences, images and volumes. */
import type { Tensor } from '../tensor.js';
import { bind, size_argument, spread, type Tail } from './arguments.js';
import * as F from './functional.js';
import { Module } from './module.js';
import { python_float, python_size } from './representation.js';

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
  padding: readonly number[];

  constructor(dimensions: number, padding: F.IntOrSize) {
    super();
    size_argument(this._get_name(), 'padding', padding);
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

/** The class of a border of one kind around the last `dimensions` dimensions. */
function pad_class(mode: Border, dimensions: number): PadClass {
  return class extends PadNd {
    constructor(padding: Padding) {
      super(dimensions, bind<{ padding: F.IntOrSize }>(new.target.name, ['padding'], [padding], 1).padding);
    }

    forward(input: Tensor): Tensor {
      if (mode === 'circular') check_dimensions(input, dimensions);
      return F.pad(input, this.padding, mode);
    }
  };
}

function check_dimensions(input: Tensor, dimensions: number): void {
  const [unbatched, batched] = [dimensions + 1, dimensions + 2];
  if (input.ndim === unbatched || input.ndim === batched) return;
  throw new Error(`expected ${unbatched}D or ${batched}D input (got ${input.ndim}D input)`);
}

abstract class ConstantPadNd extends PadNd {
  value: number;

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

interface ConstantPadClass {
  new (padding: F.IntOrSize, ...args: Tail<[value: number], { value?: number }>): ConstantPadNd;
  new (options: ConstantPadOptions): ConstantPadNd;
}

function constant_pad_class(dimensions: number): ConstantPadClass {
  return class extends ConstantPadNd {
    constructor(...args: unknown[]) {
      super(dimensions, bind<ConstantPadOptions>(new.target.name, ['padding', 'value'], args, 2));
    }
  };
}

/** Fills a border of (N, C, L) or (C, L) with one value. Mirrors `torch.nn.ConstantPad1d`. */
export class ConstantPad1d extends constant_pad_class(1) {}

/** Fills a border of (N, C, H, W) or (C, H, W) with one value. Mirrors `torch.nn.ConstantPad2d`. */
export class ConstantPad2d extends constant_pad_class(2) {}

/** Fills a border of (N, C, D, H, W) or (C, D, H, W) with one value. Mirrors `torch.nn.ConstantPad3d`. */
export class ConstantPad3d extends constant_pad_class(3) {}

/** Mirrors (N, C, L) or (C, L) at its border. Mirrors `torch.nn.ReflectionPad1d`. */
export class ReflectionPad1d extends pad_class('reflect', 1) {}

/** Mirrors (N, C, H, W) or (C, H, W) at its border. Mirrors `torch.nn.ReflectionPad2d`. */
export class ReflectionPad2d extends pad_class('reflect', 2) {}

/** Mirrors (N, C, D, H, W) or (C, D, H, W) at its border. Mirrors `torch.nn.ReflectionPad3d`. */
export class ReflectionPad3d extends pad_class('reflect', 3) {}

/** Repeats the outermost values of (N, C, L) or (C, L). Mirrors `torch.nn.ReplicationPad1d`. */
export class ReplicationPad1d extends pad_class('replicate', 1) {}

/** Repeats the outermost values of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.ReplicationPad2d`. */
export class ReplicationPad2d extends pad_class('replicate', 2) {}

/** Repeats the outermost values of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.ReplicationPad3d`. */
export class ReplicationPad3d extends pad_class('replicate', 3) {}

/** Goes on with the values of the other end of (N, C, L) or (C, L). Mirrors `torch.nn.CircularPad1d`. */
export class CircularPad1d extends pad_class('circular', 1) {}

/** Goes on with the values of the other end of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.CircularPad2d`. */
export class CircularPad2d extends pad_class('circular', 2) {}

/** Goes on with the values of the other end of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.CircularPad3d`. */
export class CircularPad3d extends pad_class('circular', 3) {}

function zero_pad_class(base: ConstantPadClass): PadClass {
  return class extends base {
    constructor(padding: Padding) {
      super(bind<{ padding: F.IntOrSize }>(new.target.name, ['padding'], [padding], 1).padding, 0);
    }

    override extra_repr(): string {
      return python_size(this.padding);
    }
  };
}

/** Fills a border of (N, C, L) or (C, L) with zeros. Mirrors `torch.nn.ZeroPad1d`. */
export class ZeroPad1d extends zero_pad_class(ConstantPad1d) {}

/** Fills a border of (N, C, H, W) or (C, H, W) with zeros. Mirrors `torch.nn.ZeroPad2d`. */
export class ZeroPad2d extends zero_pad_class(ConstantPad2d) {}

/** Fills a border of (N, C, D, H, W) or (C, D, H, W) with zeros. Mirrors `torch.nn.ZeroPad3d`. */
export class ZeroPad3d extends zero_pad_class(ConstantPad3d) {}
