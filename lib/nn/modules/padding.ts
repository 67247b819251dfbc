/** Modules that pad the borders of sequences, images and volumes. */
import type { Tensor } from '../../_tensor.js';
import { ntuple } from '../../_internal/arguments.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_float, python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/**
 * Sizes of the padding: one number for all sides, or two for each dimension, before and after, beginning with the last
 * dimension.
 */
export type Padding = F.IntOrSize | { padding: F.IntOrSize };

/** What the constant padding modules take. */
export interface ConstantPadOptions {
  /** Sizes of the padding; a number for all sides. */
  padding: F.IntOrSize;
  /** What the borders are filled with. */
  value: number;
}

type Border = 'constant' | 'reflect' | 'replicate' | 'circular';

abstract class PadNd extends Module {
  declare padding: readonly number[];

  constructor(dimensions: number, padding: F.IntOrSize) {
    super();
    this.padding = ntuple(padding, 2 * dimensions);
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

/** Returns the class that pads the last `dimensions` dimensions in one mode. */
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

/**
 * Pads the borders of sequences with a constant value. Mirrors `torch.nn.ConstantPad1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with `L_out = L + left + right`. The
 * output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right]`; negative numbers crop
 * @param value - what the borders are filled with
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ConstantPad1d([2, 1], 3.5);
 * print(m(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * m = nn.ConstantPad1d([2, 1], 3.5)
 * print(m(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class ConstantPad1d extends constant_pad_class('ConstantPad1d', 1) {}

/**
 * Pads the borders of images with a constant value. Mirrors `torch.nn.ConstantPad2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `W_out = W + left + right` and `H_out = H + top + bottom`. The output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom]`; negative numbers crop
 * @param value - what the borders are filled with
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ConstantPad2d([1, 1, 2, 0], 3.5);
 * print(m(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * m = nn.ConstantPad2d([1, 1, 2, 0], 3.5)
 * print(m(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class ConstantPad2d extends constant_pad_class('ConstantPad2d', 2) {}

/**
 * Pads the borders of volumes with a constant value. Mirrors `torch.nn.ConstantPad3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `W_out = W + left + right`, `H_out = H + top + bottom` and `D_out = D + front + back`. The output has the dtype
 * of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom, front, back]`; negative numbers crop
 * @param value - what the borders are filled with
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ConstantPad3d(1, 3.5);
 * print(m(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)).select(2, 0));
 * ```
 * ```python
 * m = nn.ConstantPad3d(1, 3.5)
 * print(m(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)).select(2, 0))
 * ```
 */
export class ConstantPad3d extends constant_pad_class('ConstantPad3d', 3) {}

/**
 * Pads the borders of sequences with the reflection of the input, without repeating the outermost values:
 * `y[-i] = x[i]`. Mirrors `torch.nn.ReflectionPad1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with `L_out = L + left + right`. The
 * output has the dtype of the input. Dtypes: floating point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right]`
 * @throws Error on the call, when the padding is not smaller than the dimension, or when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const m = new nn.ReflectionPad1d([2, 1]);
 * print(m(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * m = nn.ReflectionPad1d([2, 1])
 * print(m(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class ReflectionPad1d extends pad_class('ReflectionPad1d', 'reflect', 1) {}

/**
 * Pads the borders of images with the reflection of the input, without repeating the outermost values: `y[-i] = x[i]`.
 * Mirrors `torch.nn.ReflectionPad2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `W_out = W + left + right` and `H_out = H + top + bottom`. The output has the dtype of the input. Dtypes: floating
 * point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom]`
 * @throws Error on the call, when the padding is not smaller than the dimension, or when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const m = new nn.ReflectionPad2d([1, 1, 2, 0]);
 * print(m(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * m = nn.ReflectionPad2d([1, 1, 2, 0])
 * print(m(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class ReflectionPad2d extends pad_class('ReflectionPad2d', 'reflect', 2) {}

/**
 * Pads the borders of volumes with the reflection of the input, without repeating the outermost values: `y[-i] = x[i]`.
 * Mirrors `torch.nn.ReflectionPad3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `W_out = W + left + right`, `H_out = H + top + bottom` and `D_out = D + front + back`. The output has the dtype
 * of the input. Dtypes: floating point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom, front, back]`
 * @throws Error on the call, when the padding is not smaller than the dimension, or when the input has another number
 *   of dimensions
 * @example
 * ```ts
 * const m = new nn.ReflectionPad3d(1);
 * print(m(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)).select(2, 0));
 * ```
 * ```python
 * m = nn.ReflectionPad3d(1)
 * print(m(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)).select(2, 0))
 * ```
 */
export class ReflectionPad3d extends pad_class('ReflectionPad3d', 'reflect', 3) {}

/**
 * Pads the borders of sequences by repeating the outermost values: `y[-i] = x[0]`. Mirrors `torch.nn.ReplicationPad1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with `L_out = L + left + right`. The
 * output has the dtype of the input. Dtypes: floating point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right]`
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const m = new nn.ReplicationPad1d([2, 1]);
 * print(m(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * m = nn.ReplicationPad1d([2, 1])
 * print(m(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class ReplicationPad1d extends pad_class('ReplicationPad1d', 'replicate', 1) {}

/**
 * Pads the borders of images by repeating the outermost values: `y[-i] = x[0]`. Mirrors `torch.nn.ReplicationPad2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `W_out = W + left + right` and `H_out = H + top + bottom`. The output has the dtype of the input. Dtypes: floating
 * point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom]`
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const m = new nn.ReplicationPad2d([1, 1, 2, 0]);
 * print(m(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * m = nn.ReplicationPad2d([1, 1, 2, 0])
 * print(m(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class ReplicationPad2d extends pad_class('ReplicationPad2d', 'replicate', 2) {}

/**
 * Pads the borders of volumes by repeating the outermost values: `y[-i] = x[0]`. Mirrors `torch.nn.ReplicationPad3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `W_out = W + left + right`, `H_out = H + top + bottom` and `D_out = D + front + back`. The output has the dtype
 * of the input. Dtypes: floating point, complex and integers.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom, front, back]`
 * @throws Error on the call, when the input has another number of dimensions
 * @example
 * ```ts
 * const m = new nn.ReplicationPad3d(1);
 * print(m(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)).select(2, 0));
 * ```
 * ```python
 * m = nn.ReplicationPad3d(1)
 * print(m(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)).select(2, 0))
 * ```
 */
export class ReplicationPad3d extends pad_class('ReplicationPad3d', 'replicate', 3) {}

/**
 * Pads the borders of sequences with the values of the opposite end: `y[-i] = x[L - i]` along a dimension of size `L`.
 * Mirrors `torch.nn.CircularPad1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with `L_out = L + left + right`. The
 * output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right]`; negative numbers crop
 * @throws Error on the call, when the padding is larger than the dimension, or when the input has another number of
 *   dimensions
 * @example
 * ```ts
 * const m = new nn.CircularPad1d([2, 1]);
 * print(m(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * m = nn.CircularPad1d([2, 1])
 * print(m(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class CircularPad1d extends pad_class('CircularPad1d', 'circular', 1) {}

/**
 * Pads the borders of images with the values of the opposite end: `y[-i] = x[L - i]` along a dimension of size `L`.
 * Mirrors `torch.nn.CircularPad2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `W_out = W + left + right` and `H_out = H + top + bottom`. The output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom]`; negative numbers crop
 * @throws Error on the call, when the padding is larger than the dimension, or when the input has another number of
 *   dimensions
 * @example
 * ```ts
 * const m = new nn.CircularPad2d([1, 1, 2, 0]);
 * print(m(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * m = nn.CircularPad2d([1, 1, 2, 0])
 * print(m(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class CircularPad2d extends pad_class('CircularPad2d', 'circular', 2) {}

/**
 * Pads the borders of volumes with the values of the opposite end: `y[-i] = x[L - i]` along a dimension of size `L`.
 * Mirrors `torch.nn.CircularPad3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `W_out = W + left + right`, `H_out = H + top + bottom` and `D_out = D + front + back`. The output has the dtype
 * of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom, front, back]`; negative numbers crop
 * @throws Error on the call, when the padding is larger than the dimension, or when the input has another number of
 *   dimensions
 * @example
 * ```ts
 * const m = new nn.CircularPad3d(1);
 * print(m(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)).select(2, 0));
 * ```
 * ```python
 * m = nn.CircularPad3d(1)
 * print(m(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)).select(2, 0))
 * ```
 */
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

/**
 * Pads the borders of sequences with zeros. Mirrors `torch.nn.ZeroPad1d`.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, output `(N, C, L_out)` or `(C, L_out)` with `L_out = L + left + right`. The
 * output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right]`; negative numbers crop
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ZeroPad1d([2, 1]);
 * print(m(torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)));
 * ```
 * ```python
 * m = nn.ZeroPad1d([2, 1])
 * print(m(torch.arange(4, dtype=torch.float32).reshape(1, 1, 4)))
 * ```
 */
export class ZeroPad1d extends zero_pad_class('ZeroPad1d', ConstantPad1d) {}

/**
 * Pads the borders of images with zeros. Mirrors `torch.nn.ZeroPad2d`.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, output `(N, C, H_out, W_out)` or `(C, H_out, W_out)` with
 * `W_out = W + left + right` and `H_out = H + top + bottom`. The output has the dtype of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom]`; negative numbers crop
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ZeroPad2d([1, 1, 2, 0]);
 * print(m(torch.arange(9, { dtype: torch.float32 }).reshape(1, 1, 3, 3)));
 * ```
 * ```python
 * m = nn.ZeroPad2d([1, 1, 2, 0])
 * print(m(torch.arange(9, dtype=torch.float32).reshape(1, 1, 3, 3)))
 * ```
 */
export class ZeroPad2d extends zero_pad_class('ZeroPad2d', ConstantPad2d) {}

/**
 * Pads the borders of volumes with zeros. Mirrors `torch.nn.ZeroPad3d`.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, output `(N, C, D_out, H_out, W_out)` or `(C, D_out, H_out, W_out)`
 * with `W_out = W + left + right`, `H_out = H + top + bottom` and `D_out = D + front + back`. The output has the dtype
 * of the input. Dtypes: any.
 *
 * @param padding - a number for all sides, or `[left, right, top, bottom, front, back]`; negative numbers crop
 * @throws Error on the call, when a size of the output would be negative
 * @example
 * ```ts
 * const m = new nn.ZeroPad3d(1);
 * print(m(torch.arange(8, { dtype: torch.float32 }).reshape(1, 1, 2, 2, 2)).select(2, 0));
 * ```
 * ```python
 * m = nn.ZeroPad3d(1)
 * print(m(torch.arange(8, dtype=torch.float32).reshape(1, 1, 2, 2, 2)).select(2, 0))
 * ```
 */
export class ZeroPad3d extends zero_pad_class('ZeroPad3d', ConstantPad3d) {}
