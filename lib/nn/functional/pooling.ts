/** The poolings of `torch.nn.functional` and the inverse of max pooling. */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import type { Tensor } from '../../_tensor.js';
import type { IntOrSize, IntOrSizeOrNull } from './index.js';

type WithIndices = [output: Tensor, indices: Tensor];

interface Pooled {
  input: Tensor;
  /** Size of the windows. */
  kernel_size: IntOrSize;
}

interface Asked {
  return_indices: true;
}

function ntuple(value: IntOrSize, spatial: number): readonly number[] {
  return typeof value === 'object' ? value : Array<number>(spatial).fill(value);
}

// ---- Max pooling --------------------------------------------------------------------------------

/** The options of the max poolings. */
export interface MaxPoolOptions {
  /** Step between windows. Default null: the kernel size. */
  stride?: IntOrSize | null;
  /** Minus infinities added on both sides of each spatial dimension. Default 0. */
  padding?: IntOrSize;
  /** Spacing of the elements within a window. Default 1. */
  dilation?: IntOrSize;
  /** Round the output size up. Default false. */
  ceil_mode?: boolean;
  /** Return the indices of the maxima as well. Default false. */
  return_indices?: boolean;
}

type MaxPoolArguments = Pooled & MaxPoolOptions;

type MaxPoolNames = ['input', 'kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'];

type MaxPoolCall = Arguments<
  [
    input: Tensor,
    kernel_size: IntOrSize,
    stride?: IntOrSize | null,
    padding?: IntOrSize,
    dilation?: IntOrSize,
    ceil_mode?: boolean,
    return_indices?: boolean,
  ],
  MaxPoolArguments,
  MaxPoolNames
>;

type MaxPoolCallWithIndices = Arguments<
  [
    input: Tensor,
    kernel_size: IntOrSize,
    stride: IntOrSize | null | undefined,
    padding: IntOrSize | undefined,
    dilation: IntOrSize | undefined,
    ceil_mode: boolean | undefined,
    return_indices: true,
  ],
  MaxPoolArguments & Asked,
  MaxPoolNames
>;

/** A max pooling: returns the indices too when `return_indices` is true. */
export interface MaxPoolFunction {
  (...args: MaxPoolCallWithIndices): WithIndices;
  (...args: MaxPoolCall): Tensor;
}

/** A max pooling that always returns the indices. */
export type MaxPoolWithIndicesFunction = (...args: MaxPoolCall) => WithIndices;

type Window = [kernel_size: IntOrSize, stride: IntOrSize, padding: IntOrSize, dilation: IntOrSize, ceil_mode: boolean];

type WindowPool<R> = (input: Tensor, ...window: Window) => R;

const MAX_POOL =
  'input: Tensor, kernel_size: int|int[], stride?: int|int[]|None, padding?: int|int[], ' +
  'dilation?: int|int[], ceil_mode?: bool, return_indices?: bool';

function window_of({
  kernel_size,
  stride = null,
  padding = 0,
  dilation = 1,
  ceil_mode = false,
}: MaxPoolArguments): Window {
  return [kernel_size, stride ?? [], padding, dilation, ceil_mode];
}

/** Reads the arguments of a call and pools. */
type Pooling<R> = (args: readonly unknown[]) => R;

function max_pool(
  callee: string,
  plain: WindowPool<Tensor>,
  indexed: WindowPool<WithIndices>,
): Pooling<Tensor | WithIndices> {
  const its = signature<MaxPoolArguments>(callee, MAX_POOL);
  return (args) =>
    its.call(args, (given) =>
      given.return_indices ? indexed(given.input, ...window_of(given)) : plain(given.input, ...window_of(given)),
    );
}

function max_pool_with_indices(callee: string, indexed: WindowPool<WithIndices>): Pooling<WithIndices> {
  const its = signature<MaxPoolArguments>(callee, MAX_POOL);
  return (args) => its.call(args, (given) => indexed(given.input, ...window_of(given)));
}

/**
 * The maximum of each window over the last dimension. Mirrors `torch.nn.functional.max_pool1d`.
 *
 * Output size: `floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @param return_indices - return the indices of the maxima as well, for {@link max_unpool1d}; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const x = torch.randn(1, 1, 4);
 * print(F.max_pool1d(x, 2));
 * ```
 * ```python
 * x = torch.randn(1, 1, 4)
 * print(F.max_pool1d(x, 2))
 * ```
 */
export function max_pool1d(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: false,
): Tensor;
export function max_pool1d(...args: MaxPoolCallWithIndices): WithIndices;
export function max_pool1d(...args: MaxPoolCall): Tensor;
export function max_pool1d(...args: unknown[]): Tensor | WithIndices {
  return poolings.max_pool1d(args);
}

/**
 * The maximum of each window over the last 2 dimensions. Mirrors `torch.nn.functional.max_pool2d`.
 *
 * Output size: `floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @param return_indices - return the indices of the maxima as well, for {@link max_unpool2d}; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const x = torch.randn(1, 1, 2, 4);
 * print(F.max_pool2d(x, 2));
 * ```
 * ```python
 * x = torch.randn(1, 1, 2, 4)
 * print(F.max_pool2d(x, 2))
 * ```
 */
export function max_pool2d(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: false,
): Tensor;
export function max_pool2d(...args: MaxPoolCallWithIndices): WithIndices;
export function max_pool2d(...args: MaxPoolCall): Tensor;
export function max_pool2d(...args: unknown[]): Tensor | WithIndices {
  return poolings.max_pool2d(args);
}

/**
 * The maximum of each window over the last 3 dimensions. Mirrors `torch.nn.functional.max_pool3d`.
 *
 * Output size: `floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @param return_indices - return the indices of the maxima as well, for {@link max_unpool3d}; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const x = torch.randn(1, 1, 2, 2, 2);
 * print(F.max_pool3d(x, 2));
 * ```
 * ```python
 * x = torch.randn(1, 1, 2, 2, 2)
 * print(F.max_pool3d(x, 2))
 * ```
 */
export function max_pool3d(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: false,
): Tensor;
export function max_pool3d(...args: MaxPoolCallWithIndices): WithIndices;
export function max_pool3d(...args: MaxPoolCall): Tensor;
export function max_pool3d(...args: unknown[]): Tensor | WithIndices {
  return poolings.max_pool3d(args);
}

/**
 * {@link max_pool1d} with the indices of the maxima. Mirrors `torch.nn.functional.max_pool1d_with_indices`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool1d_with_indices(torch.randn(1, 1, 4), 2);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.max_pool1d_with_indices(torch.randn(1, 1, 4), 2)
 * print(output, indices)
 * ```
 */
export function max_pool1d_with_indices(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: boolean,
): WithIndices;
export function max_pool1d_with_indices(...args: MaxPoolCall): WithIndices;
export function max_pool1d_with_indices(...args: unknown[]): WithIndices {
  return poolings.max_pool1d_with_indices(args);
}

/**
 * {@link max_pool2d} with the indices of the maxima. Mirrors `torch.nn.functional.max_pool2d_with_indices`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool2d_with_indices(torch.randn(1, 1, 2, 4), 2);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.max_pool2d_with_indices(torch.randn(1, 1, 2, 4), 2)
 * print(output, indices)
 * ```
 */
export function max_pool2d_with_indices(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: boolean,
): WithIndices;
export function max_pool2d_with_indices(...args: MaxPoolCall): WithIndices;
export function max_pool2d_with_indices(...args: unknown[]): WithIndices {
  return poolings.max_pool2d_with_indices(args);
}

/**
 * {@link max_pool3d} with the indices of the maxima. Mirrors `torch.nn.functional.max_pool3d_with_indices`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`, of a real dtype
 * @param kernel_size - size of the windows: one number, or one per spatial dimension
 * @param stride - step between windows; default null, the kernel size
 * @param padding - minus infinities added on both sides; default 0
 * @param dilation - spacing of the elements within a window; default 1
 * @param ceil_mode - round the output size up; default false
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error for other shapes, or a padding of more than half the kernel size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool3d_with_indices(torch.randn(1, 1, 2, 2, 2), 2);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.max_pool3d_with_indices(torch.randn(1, 1, 2, 2, 2), 2)
 * print(output, indices)
 * ```
 */
export function max_pool3d_with_indices(
  input: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  dilation?: IntOrSize,
  ceil_mode?: boolean,
  return_indices?: boolean,
): WithIndices;
export function max_pool3d_with_indices(...args: MaxPoolCall): WithIndices;
export function max_pool3d_with_indices(...args: unknown[]): WithIndices {
  return poolings.max_pool3d_with_indices(args);
}

// ---- Adaptive pooling ---------------------------------------------------------------------------

function with_input_size(output_size: IntOrSizeOrNull, input: Tensor): number | number[] {
  if (typeof output_size !== 'object') return output_size;
  const sizes = input.shape;
  const spatial = output_size.length;
  if (sizes.length <= spatial) throw new Error(`Input dimension should be at least ${spatial + 1}`);
  return Array.from(output_size, (size, i) => size ?? sizes[sizes.length - spatial + i]!);
}

interface AdaptivePoolArguments<S> {
  input: Tensor;
  /** Output size of the spatial dimensions. */
  output_size: S;
}

type AdaptivePoolCall<S> = Arguments<
  [input: Tensor, output_size: S],
  AdaptivePoolArguments<S>,
  ['input', 'output_size']
>;

const ADAPTIVE = 'input: Tensor, output_size: int|(int|None)[]';

const ADAPTIVE_AVG_POOL2D = signature<AdaptivePoolArguments<IntOrSizeOrNull>>('adaptive_avg_pool2d', ADAPTIVE);

/**
 * The mean over windows chosen so that the output has a given size. Mirrors
 * `torch.nn.functional.adaptive_avg_pool2d`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @returns a tensor whose last dimensions have the output size
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * const x = torch.randn(1, 3, 4);
 * print(F.adaptive_avg_pool2d(x, 1));
 * print(F.adaptive_avg_pool2d(x, { output_size: [null, 2] }));
 * ```
 * ```python
 * x = torch.randn(1, 3, 4)
 * print(F.adaptive_avg_pool2d(x, 1))
 * print(F.adaptive_avg_pool2d(x, output_size=[None, 2]))
 * ```
 */
export function adaptive_avg_pool2d(input: Tensor, output_size: IntOrSizeOrNull): Tensor;
export function adaptive_avg_pool2d(...args: AdaptivePoolCall<IntOrSizeOrNull>): Tensor;
export function adaptive_avg_pool2d(...args: unknown[]): Tensor {
  const { input, output_size } = ADAPTIVE_AVG_POOL2D.read(args);
  return nn.adaptive_avg_pool2d(input, with_input_size(output_size, input));
}

const ADAPTIVE_AVG_POOL3D = signature<AdaptivePoolArguments<IntOrSizeOrNull>>('adaptive_avg_pool3d', ADAPTIVE);

/**
 * The mean over windows chosen so that the output has a given size. Mirrors
 * `torch.nn.functional.adaptive_avg_pool3d`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @returns a tensor whose last dimensions have the output size
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * print(F.adaptive_avg_pool3d(torch.randn(1, 2, 4, 4), [null, 2, 1]));
 * ```
 * ```python
 * print(F.adaptive_avg_pool3d(torch.randn(1, 2, 4, 4), [None, 2, 1]))
 * ```
 */
export function adaptive_avg_pool3d(input: Tensor, output_size: IntOrSizeOrNull): Tensor;
export function adaptive_avg_pool3d(...args: AdaptivePoolCall<IntOrSizeOrNull>): Tensor;
export function adaptive_avg_pool3d(...args: unknown[]): Tensor {
  const { input, output_size } = ADAPTIVE_AVG_POOL3D.read(args);
  return nn.adaptive_avg_pool3d(input, with_input_size(output_size, input));
}

interface AdaptiveMaxPoolArguments<S> extends AdaptivePoolArguments<S> {
  /** Return the indices of the maxima as well. Default false. */
  return_indices?: boolean;
}

type AdaptiveMaxPoolNames = ['input', 'output_size', 'return_indices'];

type AdaptiveMaxPoolCall<S> = Arguments<
  [input: Tensor, output_size: S, return_indices?: boolean],
  AdaptiveMaxPoolArguments<S>,
  AdaptiveMaxPoolNames
>;

type AdaptiveMaxPoolCallWithIndices<S> = Arguments<
  [input: Tensor, output_size: S, return_indices: true],
  AdaptiveMaxPoolArguments<S> & Asked,
  AdaptiveMaxPoolNames
>;

/** An adaptive max pooling: returns the indices too when `return_indices` is true. */
export interface AdaptiveMaxPoolFunction<S> {
  (...args: AdaptiveMaxPoolCallWithIndices<S>): WithIndices;
  (...args: AdaptiveMaxPoolCall<S>): Tensor;
}

/** An adaptive max pooling that always returns the indices. */
export type AdaptiveMaxPoolWithIndicesFunction<S> = (...args: AdaptiveMaxPoolCall<S>) => WithIndices;

type AdaptivePool<S> = (input: Tensor, output_size: S) => WithIndices;

const ADAPTIVE_MAX = `${ADAPTIVE}, return_indices?: bool`;

function adaptive_max_pool<S>(callee: string, kinds: string, pool: AdaptivePool<S>): Pooling<Tensor | WithIndices> {
  const its = signature<AdaptiveMaxPoolArguments<S>>(callee, kinds);
  return (args) =>
    its.call(args, ({ input, output_size, return_indices = false }): Tensor | WithIndices => {
      const [output, indices] = pool(input, output_size);
      return return_indices ? [output, indices] : output;
    });
}

function adaptive_max_pool_with_indices<S>(callee: string, kinds: string, pool: AdaptivePool<S>): Pooling<WithIndices> {
  const its = signature<AdaptiveMaxPoolArguments<S>>(callee, kinds);
  return (args) => its.call(args, ({ input, output_size }) => pool(input, output_size));
}

const ADAPTIVE_MAX1D = 'input: Tensor, output_size: int|int[], return_indices?: bool';

const pool_to_size1d = (input: Tensor, output_size: IntOrSize): WithIndices =>
  ops.adaptive_max_pool1d(input, output_size);

const pool_to_size2d = (input: Tensor, output_size: IntOrSizeOrNull): WithIndices =>
  nn.adaptive_max_pool2d(input, with_input_size(output_size, input));

const pool_to_size3d = (input: Tensor, output_size: IntOrSizeOrNull): WithIndices =>
  nn.adaptive_max_pool3d(input, with_input_size(output_size, input));

/**
 * The maximum over windows chosen so that the output has a given size. Mirrors
 * `torch.nn.functional.adaptive_max_pool1d`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`
 * @param output_size - the output length
 * @param return_indices - return the indices of the maxima as well; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * print(F.adaptive_max_pool1d(torch.randn(1, 1, 4), 2));
 * ```
 * ```python
 * print(F.adaptive_max_pool1d(torch.randn(1, 1, 4), 2))
 * ```
 */
export function adaptive_max_pool1d(input: Tensor, output_size: IntOrSize, return_indices?: false): Tensor;
export function adaptive_max_pool1d(...args: AdaptiveMaxPoolCallWithIndices<IntOrSize>): WithIndices;
export function adaptive_max_pool1d(...args: AdaptiveMaxPoolCall<IntOrSize>): Tensor;
export function adaptive_max_pool1d(...args: unknown[]): Tensor | WithIndices {
  return poolings.adaptive_max_pool1d(args);
}

/**
 * The maximum over windows chosen so that the output has a given size. Mirrors
 * `torch.nn.functional.adaptive_max_pool2d`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @param return_indices - return the indices of the maxima as well; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * print(F.adaptive_max_pool2d(torch.randn(1, 1, 2, 4), [1, 2]));
 * ```
 * ```python
 * print(F.adaptive_max_pool2d(torch.randn(1, 1, 2, 4), [1, 2]))
 * ```
 */
export function adaptive_max_pool2d(input: Tensor, output_size: IntOrSizeOrNull, return_indices?: false): Tensor;
export function adaptive_max_pool2d(...args: AdaptiveMaxPoolCallWithIndices<IntOrSizeOrNull>): WithIndices;
export function adaptive_max_pool2d(...args: AdaptiveMaxPoolCall<IntOrSizeOrNull>): Tensor;
export function adaptive_max_pool2d(...args: unknown[]): Tensor | WithIndices {
  return poolings.adaptive_max_pool2d(args);
}

/**
 * The maximum over windows chosen so that the output has a given size. Mirrors
 * `torch.nn.functional.adaptive_max_pool3d`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @param return_indices - return the indices of the maxima as well; default false
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * print(F.adaptive_max_pool3d(torch.randn(1, 1, 2, 2, 2), [1, 2, 1]));
 * ```
 * ```python
 * print(F.adaptive_max_pool3d(torch.randn(1, 1, 2, 2, 2), [1, 2, 1]))
 * ```
 */
export function adaptive_max_pool3d(input: Tensor, output_size: IntOrSizeOrNull, return_indices?: false): Tensor;
export function adaptive_max_pool3d(...args: AdaptiveMaxPoolCallWithIndices<IntOrSizeOrNull>): WithIndices;
export function adaptive_max_pool3d(...args: AdaptiveMaxPoolCall<IntOrSizeOrNull>): Tensor;
export function adaptive_max_pool3d(...args: unknown[]): Tensor | WithIndices {
  return poolings.adaptive_max_pool3d(args);
}

/**
 * {@link adaptive_max_pool1d} with the indices of the maxima. Mirrors
 * `torch.nn.functional.adaptive_max_pool1d_with_indices`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`
 * @param output_size - the output length
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * const [output, indices] = F.adaptive_max_pool1d_with_indices(torch.randn(1, 1, 4), 2);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.adaptive_max_pool1d_with_indices(torch.randn(1, 1, 4), 2)
 * print(output, indices)
 * ```
 */
export function adaptive_max_pool1d_with_indices(
  input: Tensor,
  output_size: IntOrSize,
  return_indices?: boolean,
): WithIndices;
export function adaptive_max_pool1d_with_indices(...args: AdaptiveMaxPoolCall<IntOrSize>): WithIndices;
export function adaptive_max_pool1d_with_indices(...args: unknown[]): WithIndices {
  return poolings.adaptive_max_pool1d_with_indices(args);
}

/**
 * {@link adaptive_max_pool2d} with the indices of the maxima. Mirrors
 * `torch.nn.functional.adaptive_max_pool2d_with_indices`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * const [output, indices] = F.adaptive_max_pool2d_with_indices(torch.randn(1, 1, 2, 4), [1, 2]);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.adaptive_max_pool2d_with_indices(torch.randn(1, 1, 2, 4), [1, 2])
 * print(output, indices)
 * ```
 */
export function adaptive_max_pool2d_with_indices(
  input: Tensor,
  output_size: IntOrSizeOrNull,
  return_indices?: boolean,
): WithIndices;
export function adaptive_max_pool2d_with_indices(...args: AdaptiveMaxPoolCall<IntOrSizeOrNull>): WithIndices;
export function adaptive_max_pool2d_with_indices(...args: unknown[]): WithIndices {
  return poolings.adaptive_max_pool2d_with_indices(args);
}

/**
 * {@link adaptive_max_pool3d} with the indices of the maxima. Mirrors
 * `torch.nn.functional.adaptive_max_pool3d_with_indices`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param output_size - one number, or one per spatial dimension; null keeps the size of the input
 * @returns the maxima, and their int64 indices in the flattened spatial dimensions
 * @throws Error when the input has too few dimensions
 * @example
 * ```ts
 * const [output, indices] = F.adaptive_max_pool3d_with_indices(torch.randn(1, 1, 2, 2, 2), [1, 2, 1]);
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.adaptive_max_pool3d_with_indices(torch.randn(1, 1, 2, 2, 2), [1, 2, 1])
 * print(output, indices)
 * ```
 */
export function adaptive_max_pool3d_with_indices(
  input: Tensor,
  output_size: IntOrSizeOrNull,
  return_indices?: boolean,
): WithIndices;
export function adaptive_max_pool3d_with_indices(...args: AdaptiveMaxPoolCall<IntOrSizeOrNull>): WithIndices;
export function adaptive_max_pool3d_with_indices(...args: unknown[]): WithIndices {
  return poolings.adaptive_max_pool3d_with_indices(args);
}

// ---- Fractional max pooling ---------------------------------------------------------------------

/** The options of the fractional max poolings, which need one of `output_size` and `output_ratio`. */
export interface FractionalMaxPoolOptions {
  /** Output size of the spatial dimensions. Default null. */
  output_size?: IntOrSize | null;
  /** Ratio of output size to input size, in (0, 1). Default null. */
  output_ratio?: IntOrSize | null;
  /** Return the indices of the maxima as well. Default false. */
  return_indices?: boolean;
  /** Numbers in [0, 1) of shape (N, C, spatial dimensions) that place the windows. Default null: drawn at random. */
  _random_samples?: Tensor | null;
}

type FractionalArguments = Pooled & FractionalMaxPoolOptions;

type FractionalNames = ['input', 'kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples'];

type FractionalCall = Arguments<
  [
    input: Tensor,
    kernel_size: IntOrSize,
    output_size?: IntOrSize | null,
    output_ratio?: IntOrSize | null,
    return_indices?: boolean,
    _random_samples?: Tensor | null,
  ],
  FractionalArguments,
  FractionalNames
>;

type FractionalCallWithIndices = Arguments<
  [
    input: Tensor,
    kernel_size: IntOrSize,
    output_size: IntOrSize | null | undefined,
    output_ratio: IntOrSize | null | undefined,
    return_indices: true,
    _random_samples?: Tensor | null,
  ],
  FractionalArguments & Asked,
  FractionalNames
>;

/** A fractional max pooling: returns the indices too when `return_indices` is true. */
export interface FractionalMaxPoolFunction {
  (...args: FractionalCallWithIndices): WithIndices;
  (...args: FractionalCall): Tensor;
}

/** A fractional max pooling that always returns the indices. */
export type FractionalMaxPoolWithIndicesFunction = (...args: FractionalCall) => WithIndices;

const FRACTIONAL =
  'input: Tensor, kernel_size: int|int[], output_size?: int|int[]|None, ' +
  'output_ratio?: float|float[]|None, return_indices?: bool, _random_samples?: Tensor|None';

type FractionalPool = (
  input: Tensor,
  kernel_size: IntOrSize,
  output_size: IntOrSize,
  random_samples: Tensor,
) => WithIndices;

interface Fractional {
  name: string;
  spatial: number;
  pool: FractionalPool;
}

const fractional2d: Fractional = { name: 'fractional_max_pool2d', spatial: 2, pool: nn.fractional_max_pool2d };
const fractional3d: Fractional = { name: 'fractional_max_pool3d', spatial: 3, pool: nn.fractional_max_pool3d };

function fractional_size(
  { name, spatial }: Fractional,
  { input, output_size = null, output_ratio = null }: FractionalArguments,
): IntOrSize {
  if (output_size !== null) return output_size;
  if (output_ratio === null) {
    throw new Error(`${name} requires specifying either an output_size or an output_ratio`);
  }
  const ratios = ntuple(output_ratio, spatial);
  if (ratios.length > spatial) {
    throw new Error(`${name} requires output_ratio to either be a single Int or tuple of Ints.`);
  }
  return ratios.map((ratio, i) => Math.trunc(input.size(i - spatial) * ratio));
}

function random_samples({ spatial }: Fractional, input: Tensor): Tensor {
  const batch = input.ndim === spatial + 1 ? 1 : input.size(0);
  return ops.rand([batch, input.size(-spatial - 1), spatial], { dtype: input.dtype, device: input.device });
}

function fractional_pool(how: Fractional, given: FractionalArguments): WithIndices {
  const { input, kernel_size, _random_samples = null } = given;
  return how.pool(input, kernel_size, fractional_size(how, given), _random_samples ?? random_samples(how, input));
}

function fractional_max_pool(how: Fractional): Pooling<Tensor | WithIndices> {
  const its = signature<FractionalArguments>(how.name, FRACTIONAL);
  return (args) =>
    its.call(args, (given): Tensor | WithIndices => {
      const [output, indices] = fractional_pool(how, given);
      return given.return_indices ? [output, indices] : output;
    });
}

function fractional_max_pool_with_indices(how: Fractional): Pooling<WithIndices> {
  const its = signature<FractionalArguments>(`${how.name}_with_indices`, FRACTIONAL);
  return (args) => its.call(args, (given) => fractional_pool(how, given));
}

/**
 * The maximum of windows whose steps are drawn at random to give the output size. Mirrors
 * `torch.nn.functional.fractional_max_pool2d`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param kernel_size - size of the windows
 * @param output_size - output size; default null
 * @param output_ratio - ratio of output size to input size, in (0, 1), instead of `output_size`; default null
 * @param return_indices - return the indices of the maxima as well; default false
 * @param _random_samples - numbers in [0, 1) that place the windows; default null, drawn at random
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error without `output_size` and `output_ratio`, or with too many ratios
 * @example
 * ```ts
 * print(F.fractional_max_pool2d(torch.randn(1, 1, 4, 4), 2, { output_size: 2 }));
 * ```
 * ```python
 * print(F.fractional_max_pool2d(torch.randn(1, 1, 4, 4), 2, output_size=2))
 * ```
 */
export function fractional_max_pool2d(
  input: Tensor,
  kernel_size: IntOrSize,
  output_size?: IntOrSize | null,
  output_ratio?: IntOrSize | null,
  return_indices?: false,
  _random_samples?: Tensor | null,
): Tensor;
export function fractional_max_pool2d(...args: FractionalCallWithIndices): WithIndices;
export function fractional_max_pool2d(...args: FractionalCall): Tensor;
export function fractional_max_pool2d(...args: unknown[]): Tensor | WithIndices {
  return poolings.fractional_max_pool2d(args);
}

/**
 * The maximum of windows whose steps are drawn at random to give the output size. Mirrors
 * `torch.nn.functional.fractional_max_pool3d`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param kernel_size - size of the windows
 * @param output_size - output size; default null
 * @param output_ratio - ratio of output size to input size, in (0, 1), instead of `output_size`; default null
 * @param return_indices - return the indices of the maxima as well; default false
 * @param _random_samples - numbers in [0, 1) that place the windows; default null, drawn at random
 * @returns the maxima, or with `return_indices` the maxima and their int64 indices
 * @throws Error without `output_size` and `output_ratio`, or with too many ratios
 * @example
 * ```ts
 * print(F.fractional_max_pool3d(torch.randn(1, 1, 4, 4, 4), 2, { output_size: 2 }));
 * ```
 * ```python
 * print(F.fractional_max_pool3d(torch.randn(1, 1, 4, 4, 4), 2, output_size=2))
 * ```
 */
export function fractional_max_pool3d(
  input: Tensor,
  kernel_size: IntOrSize,
  output_size?: IntOrSize | null,
  output_ratio?: IntOrSize | null,
  return_indices?: false,
  _random_samples?: Tensor | null,
): Tensor;
export function fractional_max_pool3d(...args: FractionalCallWithIndices): WithIndices;
export function fractional_max_pool3d(...args: FractionalCall): Tensor;
export function fractional_max_pool3d(...args: unknown[]): Tensor | WithIndices {
  return poolings.fractional_max_pool3d(args);
}

/**
 * {@link fractional_max_pool2d} with the indices of the maxima. Mirrors
 * `torch.nn.functional.fractional_max_pool2d_with_indices`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param kernel_size - size of the windows
 * @param output_size - output size; default null
 * @param output_ratio - ratio of output size to input size, in (0, 1), instead of `output_size`; default null
 * @param _random_samples - numbers in [0, 1) that place the windows; default null, drawn at random
 * @returns the maxima, and their int64 indices
 * @throws Error without `output_size` and `output_ratio`, or with too many ratios
 * @example
 * ```ts
 * const [output, indices] = F.fractional_max_pool2d_with_indices(torch.randn(1, 1, 4, 4), 2, { output_ratio: [0.5, 0.5] });
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.fractional_max_pool2d_with_indices(torch.randn(1, 1, 4, 4), 2, output_ratio=[0.5, 0.5])
 * print(output, indices)
 * ```
 */
export function fractional_max_pool2d_with_indices(
  input: Tensor,
  kernel_size: IntOrSize,
  output_size?: IntOrSize | null,
  output_ratio?: IntOrSize | null,
  return_indices?: boolean,
  _random_samples?: Tensor | null,
): WithIndices;
export function fractional_max_pool2d_with_indices(...args: FractionalCall): WithIndices;
export function fractional_max_pool2d_with_indices(...args: unknown[]): WithIndices {
  return poolings.fractional_max_pool2d_with_indices(args);
}

/**
 * {@link fractional_max_pool3d} with the indices of the maxima. Mirrors
 * `torch.nn.functional.fractional_max_pool3d_with_indices`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param kernel_size - size of the windows
 * @param output_size - output size; default null
 * @param output_ratio - ratio of output size to input size, in (0, 1), instead of `output_size`; default null
 * @param _random_samples - numbers in [0, 1) that place the windows; default null, drawn at random
 * @returns the maxima, and their int64 indices
 * @throws Error without `output_size` and `output_ratio`, or with too many ratios
 * @example
 * ```ts
 * const [output, indices] = F.fractional_max_pool3d_with_indices(torch.randn(1, 1, 4, 4, 4), 2, { output_ratio: [0.5, 0.5, 0.5] });
 * print(output, indices);
 * ```
 * ```python
 * output, indices = F.fractional_max_pool3d_with_indices(torch.randn(1, 1, 4, 4, 4), 2, output_ratio=[0.5, 0.5, 0.5])
 * print(output, indices)
 * ```
 */
export function fractional_max_pool3d_with_indices(
  input: Tensor,
  kernel_size: IntOrSize,
  output_size?: IntOrSize | null,
  output_ratio?: IntOrSize | null,
  return_indices?: boolean,
  _random_samples?: Tensor | null,
): WithIndices;
export function fractional_max_pool3d_with_indices(...args: FractionalCall): WithIndices;
export function fractional_max_pool3d_with_indices(...args: unknown[]): WithIndices {
  return poolings.fractional_max_pool3d_with_indices(args);
}

// ---- Unpooling ----------------------------------------------------------------------------------

/** The options of the unpoolings. */
export interface MaxUnpoolOptions {
  /** Step between windows. Default null: the kernel size. */
  stride?: IntOrSize | null;
  /** Padding of the pooling. Default 0. */
  padding?: IntOrSize;
  /** Size of the pooling's input, its spatial dimensions or all, where several are possible. Default null. */
  output_size?: readonly number[] | null;
}

interface MaxUnpoolArguments extends Pooled, MaxUnpoolOptions {
  /** Indices of the maxima, as a max pooling returns them. */
  indices: Tensor;
}

/** An inverse of max pooling. */
export type MaxUnpoolFunction = (
  ...args: Arguments<
    [
      input: Tensor,
      indices: Tensor,
      kernel_size: IntOrSize,
      stride?: IntOrSize | null,
      padding?: IntOrSize,
      output_size?: readonly number[] | null,
    ],
    MaxUnpoolArguments,
    ['input', 'indices', 'kernel_size', 'stride', 'padding', 'output_size']
  >
) => Tensor;

function check_unpool_size(wanted: readonly number[], smallest: readonly number[], stride: readonly number[]): void {
  const spatial = smallest.length;
  if (wanted.length !== spatial) {
    throw new Error(
      `output_size should be a sequence containing ${spatial} or ${spatial + 2} elements, but it has a ` +
        `length of '${wanted.length}'`,
    );
  }
  wanted.forEach((size, i) => {
    const [low, high] = [smallest[i]! - stride[i]!, smallest[i]! + stride[i]!];
    if (size > low && size < high) return;
    throw new Error(`invalid output_size "[${wanted.join(', ')}]" (dim ${i} must be between ${low} and ${high})`);
  });
}

function unpool_size(
  input: Tensor,
  kernel_size: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  output_size: readonly number[] | null,
): readonly number[] {
  const spatial = kernel_size.length;
  const computed = kernel_size.map((size, i) => (input.size(i - spatial) - 1) * stride[i]! + size - 2 * padding[i]!);
  const chosen = output_size?.length === spatial + 2 ? output_size.slice(2) : (output_size ?? computed);
  if (output_size !== null) check_unpool_size(chosen, computed, stride);
  const negative = chosen.findIndex((size) => size < 0);
  if (negative >= 0) {
    throw new Error(
      'max_unpooling: output_size must contain non-negative spatial dimensions, but got ' +
        `output_size[${negative}]=${chosen[negative]}`,
    );
  }
  return chosen;
}

type Unpool = (
  input: Tensor,
  indices: Tensor,
  output_size: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
) => Tensor;

function max_unpool(callee: string, spatial: number, unpool: Unpool): Pooling<Tensor> {
  const its = signature<MaxUnpoolArguments>(
    callee,
    'input: Tensor, indices: Tensor, kernel_size: int|int[], stride?: int|int[]|None, padding?: int|int[], ' +
      'output_size?: int[]|None',
  );
  return (args) =>
    its.call(args, (given) => {
      const { input, indices, stride: step = null, padding: border = 0, output_size = null } = given;
      const kernel_size = ntuple(given.kernel_size, spatial);
      const stride = ntuple(step ?? kernel_size, spatial);
      const padding = ntuple(border, spatial);
      const size = unpool_size(input, kernel_size, stride, padding, output_size);
      return unpool(input, indices, size, stride, padding);
    });
}

/**
 * A partial inverse of {@link max_pool1d}: the maxima at their indices, zeros elsewhere. Mirrors
 * `torch.nn.functional.max_unpool1d`.
 *
 * @param input - the maxima, of shape `(N, C, L)` or `(C, L)`
 * @param indices - their int64 indices
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param padding - padding of the pooling; default 0
 * @param output_size - size of the pooling's input, where several are possible; default null
 * @returns a tensor of the size of the pooling's input
 * @throws Error when the pooling of no input of `output_size` has this size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool1d(torch.randn(1, 1, 4), 2, { return_indices: true });
 * print(F.max_unpool1d(output, indices, 2));
 * ```
 * ```python
 * output, indices = F.max_pool1d(torch.randn(1, 1, 4), 2, return_indices=True)
 * print(F.max_unpool1d(output, indices, 2))
 * ```
 */
export function max_unpool1d(
  input: Tensor,
  indices: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  output_size?: readonly number[] | null,
): Tensor;
export function max_unpool1d(...args: Parameters<MaxUnpoolFunction>): Tensor;
export function max_unpool1d(...args: unknown[]): Tensor {
  return poolings.max_unpool1d(args);
}

/**
 * A partial inverse of {@link max_pool2d}: the maxima at their indices, zeros elsewhere. Mirrors
 * `torch.nn.functional.max_unpool2d`.
 *
 * @param input - the maxima, of shape `(N, C, H, W)` or `(C, H, W)`
 * @param indices - their int64 indices
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param padding - padding of the pooling; default 0
 * @param output_size - size of the pooling's input, where several are possible; default null
 * @returns a tensor of the size of the pooling's input
 * @throws Error when the pooling of no input of `output_size` has this size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool2d(torch.randn(1, 1, 2, 4), 2, { return_indices: true });
 * print(F.max_unpool2d(output, indices, 2));
 * ```
 * ```python
 * output, indices = F.max_pool2d(torch.randn(1, 1, 2, 4), 2, return_indices=True)
 * print(F.max_unpool2d(output, indices, 2))
 * ```
 */
export function max_unpool2d(
  input: Tensor,
  indices: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  output_size?: readonly number[] | null,
): Tensor;
export function max_unpool2d(...args: Parameters<MaxUnpoolFunction>): Tensor;
export function max_unpool2d(...args: unknown[]): Tensor {
  return poolings.max_unpool2d(args);
}

/**
 * A partial inverse of {@link max_pool3d}: the maxima at their indices, zeros elsewhere. Mirrors
 * `torch.nn.functional.max_unpool3d`.
 *
 * @param input - the maxima, of shape `(N, C, D, H, W)` or `(C, D, H, W)`
 * @param indices - their int64 indices
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param padding - padding of the pooling; default 0
 * @param output_size - size of the pooling's input, where several are possible; default null
 * @returns a tensor of the size of the pooling's input
 * @throws Error when the pooling of no input of `output_size` has this size
 * @example
 * ```ts
 * const [output, indices] = F.max_pool3d(torch.randn(1, 1, 2, 2, 2), 2, { return_indices: true });
 * print(F.max_unpool3d(output, indices, 2));
 * ```
 * ```python
 * output, indices = F.max_pool3d(torch.randn(1, 1, 2, 2, 2), 2, return_indices=True)
 * print(F.max_unpool3d(output, indices, 2))
 * ```
 */
export function max_unpool3d(
  input: Tensor,
  indices: Tensor,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  padding?: IntOrSize,
  output_size?: readonly number[] | null,
): Tensor;
export function max_unpool3d(...args: Parameters<MaxUnpoolFunction>): Tensor;
export function max_unpool3d(...args: unknown[]): Tensor {
  return poolings.max_unpool3d(args);
}

// ---- Power-average pooling ----------------------------------------------------------------------

/** The options of the power-average poolings. */
export interface LPPoolOptions {
  /** Step between windows. Default null: the kernel size. */
  stride?: IntOrSize | null;
  /** Round the output size up. Default false. */
  ceil_mode?: boolean;
}

interface LPPoolArguments extends Pooled, LPPoolOptions {
  /** Order of the norm. */
  norm_type: number;
}

/** A power-average pooling. */
export type LPPoolFunction = (
  ...args: Arguments<
    [input: Tensor, norm_type: number, kernel_size: IntOrSize, stride?: IntOrSize | null, ceil_mode?: boolean],
    LPPoolArguments,
    ['input', 'norm_type', 'kernel_size', 'stride', 'ceil_mode']
  >
) => Tensor;

type AveragePool = (
  input: Tensor,
  kernel_size: IntOrSize,
  stride: IntOrSize,
  padding: IntOrSize,
  ceil_mode: boolean,
) => Tensor;

function lp_pool(callee: string, spatial: number, largest: MaxPoolFunction, average: AveragePool): Pooling<Tensor> {
  const its = signature<LPPoolArguments>(
    callee,
    'input: Tensor, norm_type: float, kernel_size: int|int[], stride?: int|int[]|None, ceil_mode?: bool',
  );
  return (args) =>
    its.call(args, ({ input, norm_type, kernel_size, stride = null, ceil_mode = false }) => {
      if (norm_type === Infinity) return largest(input.abs(), kernel_size, { stride, ceil_mode });
      if (norm_type === -Infinity) return largest(input.abs().neg(), kernel_size, { stride, ceil_mode }).neg();
      const means = average(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode);
      const volume = ntuple(kernel_size, spatial).reduce((product, size) => product * size, 1);
      return means
        .sign()
        .mul(means.abs().relu())
        .mul(volume)
        .pow(1 / norm_type);
    });
}

/**
 * The norm of each window: `sum(x ** norm_type) ** (1 / norm_type)`; the maximum or minimum of the absolute values
 * for an infinite norm. Mirrors `torch.nn.functional.lp_pool1d`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`, floating point
 * @param norm_type - order of the norm
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param ceil_mode - round the output size up; default false
 * @returns the norms
 * @throws Error for other shapes
 * @example
 * ```ts
 * print(F.lp_pool1d(torch.randn(1, 1, 4), 2, 2));
 * ```
 * ```python
 * print(F.lp_pool1d(torch.randn(1, 1, 4), 2, 2))
 * ```
 */
export function lp_pool1d(
  input: Tensor,
  norm_type: number,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  ceil_mode?: boolean,
): Tensor;
export function lp_pool1d(...args: Parameters<LPPoolFunction>): Tensor;
export function lp_pool1d(...args: unknown[]): Tensor {
  return poolings.lp_pool1d(args);
}

/**
 * The norm of each window: `sum(x ** norm_type) ** (1 / norm_type)`; the maximum or minimum of the absolute values
 * for an infinite norm. Mirrors `torch.nn.functional.lp_pool2d`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`, floating point
 * @param norm_type - order of the norm
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param ceil_mode - round the output size up; default false
 * @returns the norms
 * @throws Error for other shapes
 * @example
 * ```ts
 * print(F.lp_pool2d(torch.randn(1, 1, 2, 4), 2, 2));
 * ```
 * ```python
 * print(F.lp_pool2d(torch.randn(1, 1, 2, 4), 2, 2))
 * ```
 */
export function lp_pool2d(
  input: Tensor,
  norm_type: number,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  ceil_mode?: boolean,
): Tensor;
export function lp_pool2d(...args: Parameters<LPPoolFunction>): Tensor;
export function lp_pool2d(...args: unknown[]): Tensor {
  return poolings.lp_pool2d(args);
}

/**
 * The norm of each window: `sum(x ** norm_type) ** (1 / norm_type)`; the maximum or minimum of the absolute values
 * for an infinite norm. Mirrors `torch.nn.functional.lp_pool3d`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`, floating point
 * @param norm_type - order of the norm
 * @param kernel_size - size of the windows
 * @param stride - step between windows; default null, the kernel size
 * @param ceil_mode - round the output size up; default false
 * @returns the norms
 * @throws Error for other shapes
 * @example
 * ```ts
 * print(F.lp_pool3d(torch.randn(1, 1, 2, 2, 2), 2, 2));
 * ```
 * ```python
 * print(F.lp_pool3d(torch.randn(1, 1, 2, 2, 2), 2, 2))
 * ```
 */
export function lp_pool3d(
  input: Tensor,
  norm_type: number,
  kernel_size: IntOrSize,
  stride?: IntOrSize | null,
  ceil_mode?: boolean,
): Tensor;
export function lp_pool3d(...args: Parameters<LPPoolFunction>): Tensor;
export function lp_pool3d(...args: unknown[]): Tensor {
  return poolings.lp_pool3d(args);
}

const poolings = {
  max_pool1d: max_pool('max_pool1d', ops.max_pool1d, ops.max_pool1d_with_indices),
  max_pool2d: max_pool('max_pool2d', ops.max_pool2d, nn.max_pool2d_with_indices),
  max_pool3d: max_pool('max_pool3d', ops.max_pool3d, nn.max_pool3d_with_indices),
  max_pool1d_with_indices: max_pool_with_indices('max_pool1d_with_indices', ops.max_pool1d_with_indices),
  max_pool2d_with_indices: max_pool_with_indices('max_pool2d_with_indices', nn.max_pool2d_with_indices),
  max_pool3d_with_indices: max_pool_with_indices('max_pool3d_with_indices', nn.max_pool3d_with_indices),
  adaptive_max_pool1d: adaptive_max_pool('adaptive_max_pool1d', ADAPTIVE_MAX1D, pool_to_size1d),
  adaptive_max_pool2d: adaptive_max_pool('adaptive_max_pool2d', ADAPTIVE_MAX, pool_to_size2d),
  adaptive_max_pool3d: adaptive_max_pool('adaptive_max_pool3d', ADAPTIVE_MAX, pool_to_size3d),
  adaptive_max_pool1d_with_indices: adaptive_max_pool_with_indices(
    'adaptive_max_pool1d_with_indices',
    ADAPTIVE_MAX1D,
    pool_to_size1d,
  ),
  adaptive_max_pool2d_with_indices: adaptive_max_pool_with_indices(
    'adaptive_max_pool2d_with_indices',
    ADAPTIVE_MAX,
    pool_to_size2d,
  ),
  adaptive_max_pool3d_with_indices: adaptive_max_pool_with_indices(
    'adaptive_max_pool3d_with_indices',
    ADAPTIVE_MAX,
    pool_to_size3d,
  ),
  fractional_max_pool2d: fractional_max_pool(fractional2d),
  fractional_max_pool3d: fractional_max_pool(fractional3d),
  fractional_max_pool2d_with_indices: fractional_max_pool_with_indices(fractional2d),
  fractional_max_pool3d_with_indices: fractional_max_pool_with_indices(fractional3d),
  max_unpool1d: max_unpool('max_unpool1d', 1, (input, indices, size) =>
    nn.max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1),
  ),
  max_unpool2d: max_unpool('max_unpool2d', 2, (input, indices, size) => nn.max_unpool2d(input, indices, size)),
  max_unpool3d: max_unpool('max_unpool3d', 3, (input, indices, size, stride, padding) =>
    nn.max_unpool3d(input, indices, size, stride, padding),
  ),
  lp_pool1d: lp_pool('lp_pool1d', 1, max_pool1d, ops.avg_pool1d),
  lp_pool2d: lp_pool('lp_pool2d', 2, max_pool2d, nn.avg_pool2d),
  lp_pool3d: lp_pool('lp_pool3d', 3, max_pool3d, nn.avg_pool3d),
};

declare const exports: Record<string, unknown>;
overridable_exports(exports);
