/** Gradients of convolutions, computed without a graph: `torch.nn.grad`. */
import { operator } from '../_C/dispatch.js';
import { signature, type Arguments } from '../_internal/signature.js';
import type { Tensor } from '../_tensor.js';

const convolution_backward = operator('aten::convolution_backward', '');

type Sizes = number | readonly number[];

interface ConvOptions {
  /** Stride of the convolution. Default 1. */
  stride?: Sizes;
  /** Zero padding on both sides of the input. Default 0. */
  padding?: Sizes;
  /** Spacing between the elements of the kernel. Default 1. */
  dilation?: Sizes;
  /** Number of groups of channels. Default 1. */
  groups?: number;
}

const OPTIONS = 'stride?: int|int[], padding?: int|int[], dilation?: int|int[], groups?: int';

type InputGiven = { input_size: readonly number[]; weight: Tensor; grad_output: Tensor } & ConvOptions;
type WeightGiven = { input: Tensor; weight_size: readonly number[]; grad_output: Tensor } & ConvOptions;

type InputArguments = Arguments<
  [
    input_size: readonly number[],
    weight: Tensor,
    grad_output: Tensor,
    stride?: Sizes,
    padding?: Sizes,
    dilation?: Sizes,
    groups?: number,
  ],
  InputGiven,
  ['input_size', 'weight', 'grad_output', 'stride', 'padding', 'dilation', 'groups']
>;
type WeightArguments = Arguments<
  [
    input: Tensor,
    weight_size: readonly number[],
    grad_output: Tensor,
    stride?: Sizes,
    padding?: Sizes,
    dilation?: Sizes,
    groups?: number,
  ],
  WeightGiven,
  ['input', 'weight_size', 'grad_output', 'stride', 'padding', 'dilation', 'groups']
>;

/** The gradient of one of the two, where the other one is given; `dims` spatial dimensions. */
function gradient(
  of: 'input' | 'weight',
  dims: number,
  input: Tensor,
  weight: Tensor,
  grad_output: Tensor,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvOptions,
): Tensor {
  const repeated = (sizes: Sizes): readonly number[] => (typeof sizes === 'number' ? Array(dims).fill(sizes) : sizes);
  const results = convolution_backward(
    grad_output,
    input,
    weight,
    null,
    repeated(stride),
    repeated(padding),
    repeated(dilation),
    false,
    [0],
    groups,
    [of === 'input', of === 'weight', false],
  );
  return results[of === 'input' ? 0 : 1];
}

const input_signature = (name: string) =>
  signature<InputGiven>(name, `input_size: int[], weight: Tensor, grad_output: Tensor, ${OPTIONS}`);
const weight_signature = (name: string) =>
  signature<WeightGiven>(name, `input: Tensor, weight_size: int[], grad_output: Tensor, ${OPTIONS}`);

function of_input(dims: number): (args: readonly unknown[]) => Tensor {
  const declared = input_signature(`conv${dims}d_input`);
  return (args) =>
    declared.call(args, ({ input_size, weight, grad_output, ...options }) =>
      gradient('input', dims, grad_output.new_empty(1).expand(input_size), weight, grad_output, options),
    );
}

function of_weight(dims: number): (args: readonly unknown[]) => Tensor {
  const declared = weight_signature(`conv${dims}d_weight`);
  return (args) =>
    declared.call(args, ({ input, weight_size, grad_output, ...options }) =>
      gradient('weight', dims, input, grad_output.new_empty(1).expand(weight_size), grad_output, options),
    );
}

const RUN = {
  conv1d_input: of_input(1),
  conv1d_weight: of_weight(1),
  conv2d_input: of_input(2),
  conv2d_weight: of_weight(2),
  conv3d_input: of_input(3),
  conv3d_weight: of_weight(3),
};

/**
 * The gradient of `F.conv1d` with respect to its input. Mirrors `torch.nn.grad.conv1d_input`.
 *
 * @param input_size - shape of the input, `(N, C, L)`
 * @param weight - the weight, `(out_channels, C / groups, K)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `input_size`
 * @example
 * ```ts
 * const [weight, grad_output] = [torch.ones(1, 1, 2), torch.ones(1, 1, 3)];
 * print(nn.grad.conv1d_input([1, 1, 4], weight, grad_output));
 * ```
 * ```python
 * weight, grad_output = torch.ones(1, 1, 2), torch.ones(1, 1, 3)
 * print(nn.grad.conv1d_input([1, 1, 4], weight, grad_output))
 * ```
 */
export function conv1d_input(
  input_size: readonly number[],
  weight: Tensor,
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv1d_input(...args: InputArguments): Tensor;
export function conv1d_input(...args: unknown[]): Tensor {
  return RUN.conv1d_input(args);
}

/**
 * The gradient of `F.conv1d` with respect to its weight. Mirrors `torch.nn.grad.conv1d_weight`.
 *
 * @param input - the input, `(N, C, L)`
 * @param weight_size - shape of the weight, `(out_channels, C / groups, K)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `weight_size`
 * @example
 * ```ts
 * const [input, grad_output] = [torch.ones(1, 1, 4), torch.ones(1, 1, 3)];
 * print(nn.grad.conv1d_weight(input, [1, 1, 2], grad_output));
 * ```
 * ```python
 * input, grad_output = torch.ones(1, 1, 4), torch.ones(1, 1, 3)
 * print(nn.grad.conv1d_weight(input, [1, 1, 2], grad_output))
 * ```
 */
export function conv1d_weight(
  input: Tensor,
  weight_size: readonly number[],
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv1d_weight(...args: WeightArguments): Tensor;
export function conv1d_weight(...args: unknown[]): Tensor {
  return RUN.conv1d_weight(args);
}

/**
 * The gradient of `F.conv2d` with respect to its input. Mirrors `torch.nn.grad.conv2d_input`.
 *
 * @param input_size - shape of the input, `(N, C, H, W)`
 * @param weight - the weight, `(out_channels, C / groups, KH, KW)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `input_size`
 * @example
 * ```ts
 * const [weight, grad_output] = [torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3)];
 * print(nn.grad.conv2d_input([1, 1, 4, 4], weight, grad_output));
 * ```
 * ```python
 * weight, grad_output = torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3)
 * print(nn.grad.conv2d_input([1, 1, 4, 4], weight, grad_output))
 * ```
 */
export function conv2d_input(
  input_size: readonly number[],
  weight: Tensor,
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv2d_input(...args: InputArguments): Tensor;
export function conv2d_input(...args: unknown[]): Tensor {
  return RUN.conv2d_input(args);
}

/**
 * The gradient of `F.conv2d` with respect to its weight. Mirrors `torch.nn.grad.conv2d_weight`.
 *
 * @param input - the input, `(N, C, H, W)`
 * @param weight_size - shape of the weight, `(out_channels, C / groups, KH, KW)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `weight_size`
 * @example
 * ```ts
 * const [input, grad_output] = [torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3)];
 * print(nn.grad.conv2d_weight(input, [1, 1, 2, 2], grad_output));
 * ```
 * ```python
 * input, grad_output = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3)
 * print(nn.grad.conv2d_weight(input, [1, 1, 2, 2], grad_output))
 * ```
 */
export function conv2d_weight(
  input: Tensor,
  weight_size: readonly number[],
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv2d_weight(...args: WeightArguments): Tensor;
export function conv2d_weight(...args: unknown[]): Tensor {
  return RUN.conv2d_weight(args);
}

/**
 * The gradient of `F.conv3d` with respect to its input. Mirrors `torch.nn.grad.conv3d_input`.
 *
 * @param input_size - shape of the input, `(N, C, D, H, W)`
 * @param weight - the weight, `(out_channels, C / groups, KD, KH, KW)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `input_size`
 * @example
 * ```ts
 * const [weight, grad_output] = [torch.ones(1, 1, 2, 2, 2), torch.ones(1, 1, 3, 3, 3)];
 * print(nn.grad.conv3d_input([1, 1, 4, 4, 4], weight, grad_output));
 * ```
 * ```python
 * weight, grad_output = torch.ones(1, 1, 2, 2, 2), torch.ones(1, 1, 3, 3, 3)
 * print(nn.grad.conv3d_input([1, 1, 4, 4, 4], weight, grad_output))
 * ```
 */
export function conv3d_input(
  input_size: readonly number[],
  weight: Tensor,
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv3d_input(...args: InputArguments): Tensor;
export function conv3d_input(...args: unknown[]): Tensor {
  return RUN.conv3d_input(args);
}

/**
 * The gradient of `F.conv3d` with respect to its weight. Mirrors `torch.nn.grad.conv3d_weight`.
 *
 * @param input - the input, `(N, C, D, H, W)`
 * @param weight_size - shape of the weight, `(out_channels, C / groups, KD, KH, KW)`
 * @param grad_output - the gradient of the output
 * @param stride - stride of the convolution; default 1
 * @param padding - zero padding on both sides of the input; default 0
 * @param dilation - spacing between the elements of the kernel; default 1
 * @param groups - number of groups of channels; default 1
 * @returns of the shape `weight_size`
 * @example
 * ```ts
 * const [input, grad_output] = [torch.ones(1, 1, 4, 4, 4), torch.ones(1, 1, 3, 3, 3)];
 * print(nn.grad.conv3d_weight(input, [1, 1, 2, 2, 2], grad_output));
 * ```
 * ```python
 * input, grad_output = torch.ones(1, 1, 4, 4, 4), torch.ones(1, 1, 3, 3, 3)
 * print(nn.grad.conv3d_weight(input, [1, 1, 2, 2, 2], grad_output))
 * ```
 */
export function conv3d_weight(
  input: Tensor,
  weight_size: readonly number[],
  grad_output: Tensor,
  stride?: Sizes,
  padding?: Sizes,
  dilation?: Sizes,
  groups?: number,
): Tensor;
export function conv3d_weight(...args: WeightArguments): Tensor;
export function conv3d_weight(...args: unknown[]): Tensor {
  return RUN.conv3d_weight(args);
}
