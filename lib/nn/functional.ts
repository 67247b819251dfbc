/**
 * The stateless counterparts of the modules. Mirrors `torch.nn.functional`: Python's names and argument
 * order, with a trailing options object for what Python takes by name. Functions that Python itself takes
 * straight from libtorch are exported here as they are generated from libtorch's schemas.
 */
import { no_grad } from '../autograd.js';
import type { DType } from '../dtype.js';
import * as ops from '../generated/functions.js';
import * as nn from '../generated/nn_functions.js';
import { Tensor } from '../tensor.js';
import {
  bind, checked_padding_idx, flag, number_arguments, size_argument, tensor_arguments, type Tail,
} from './arguments.js';
import { reduction_code, resolve_reduction, type LegacyReduction, type Reduction } from './reduction.js';
import { python_float, shown } from './representation.js';
import { warn } from './warnings.js';

export {
  adaptive_avg_pool1d, avg_pool1d, bilinear, celu_, channel_shuffle, conv1d, conv2d, conv3d, conv_tbc,
  conv_transpose1d, conv_transpose2d, conv_transpose3d, cosine_similarity, hardshrink, pairwise_distance, pdist,
  native_channel_shuffle, pixel_shuffle, pixel_unshuffle, prelu, relu_, rrelu_, selu_, threshold_,
} from '../generated/functions.js';
export {
  avg_pool2d, avg_pool3d, elu_, gelu, hardtanh_, leaky_relu_, linear, log_sigmoid as logsigmoid, one_hot,
  scaled_dot_product_attention, softplus, softshrink,
} from '../generated/nn_functions.js';
export * from './functional_attention.js';
export * from './functional_embedding.js';
export * from './functional_losses.js';
export * from './functional_matmul.js';
export * from './functional_pooling.js';
export * from './functional_vision.js';

/** One number for all spatial dimensions, or one for each. */
export type IntOrSize = number | readonly number[];

/** As {@link IntOrSize}, where null keeps the size of the input. */
export type IntOrSizeOrNull = number | null | readonly (number | null)[];

type Inplace = boolean | { inplace?: boolean };

// ---- Dropout ------------------------------------------------------------------------------------

/** What the dropout functions take by name. */
export interface DropoutOptions {
  /** Probability of an element (or channel) to be zeroed. Default 0.5. */
  p?: number;
  /** Whether to drop at all. */
  training?: boolean;
  inplace?: boolean;
}

const DROPOUT = ['p', 'training', 'inplace'];

type DropoutTail = Tail<[p: number, training: boolean, inplace: boolean], DropoutOptions>;

function dropout_arguments(callee: string, args: readonly unknown[], training_default: boolean): Required<DropoutOptions> {
  const { p = 0.5, training = training_default, inplace = false } = bind<DropoutOptions>(callee, DROPOUT, args);
  number_arguments(callee, 'float', { p });
  if (p < 0 || p > 1) {
    throw new Error(`dropout probability has to be between 0 and 1, but got ${python_float(p)}`);
  }
  return { p, training, inplace };
}

/**
 * Zeroes elements at random with probability `p` and scales the others by 1 / (1 - p). `training` is true by default.
 * The result has the shape of `input`. Mirrors `torch.nn.functional.dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout(input: Tensor, ...args: DropoutTail): Tensor {
  const { p, training, inplace } = dropout_arguments('dropout', args, true);
  return inplace ? ops.dropout_(input, p, training) : ops.dropout(input, p, training);
}

/**
 * Dropout that keeps mean and variance of self-normalising inputs. `training` is false by default. The result has the
 * shape of `input`. Mirrors `torch.nn.functional.alpha_dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function alpha_dropout(input: Tensor, ...args: DropoutTail): Tensor {
  const { p, training, inplace } = dropout_arguments('alpha_dropout', args, false);
  return inplace ? ops.alpha_dropout_(input, p, training) : ops.alpha_dropout(input, p, training);
}

/**
 * Alpha dropout of whole channels. `training` is false by default. `input` (N, C, ...). Mirrors
 * `torch.nn.functional.feature_alpha_dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function feature_alpha_dropout(input: Tensor, ...args: DropoutTail): Tensor {
  const { p, training, inplace } = dropout_arguments('feature_alpha_dropout', args, false);
  return inplace ? ops.feature_alpha_dropout_(input, p, training) : ops.feature_alpha_dropout(input, p, training);
}

function drop_channels(input: Tensor, batched: boolean, { p, training, inplace }: Required<DropoutOptions>): Tensor {
  const batch = batched ? input : inplace ? input.unsqueeze_(0) : input.unsqueeze(0);
  const result = inplace ? ops.feature_dropout_(batch, p, training) : ops.feature_dropout(batch, p, training);
  if (batched) return result;
  return inplace ? result.squeeze_(0) : result.squeeze(0);
}

/**
 * Dropout of whole channels of (N, C, L) or (C, L). `training` is true by default. Mirrors
 * `torch.nn.functional.dropout1d`.
 * @throws Error for other shapes, and unless `p` is in [0, 1]
 */
export function dropout1d(input: Tensor, ...args: DropoutTail): Tensor {
  const options = dropout_arguments('dropout1d', args, true);
  tensor_arguments('dropout1d', { input });
  const ndim = input.ndim;
  if (ndim !== 2 && ndim !== 3) {
    throw new Error(`dropout1d: Expected 2D or 3D input, but received a ${ndim}D input. Note that dropout1d exists to `
      + 'provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch '
      + 'dimension (i.e. 2D or 3D inputs).');
  }
  return drop_channels(input, ndim === 3, options);
}

/**
 * Dropout of whole channels of (N, C, H, W). `training` is true by default; other shapes are warned of. Mirrors
 * `torch.nn.functional.dropout2d`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout2d(input: Tensor, ...args: DropoutTail): Tensor {
  const options = dropout_arguments('dropout2d', args, true);
  tensor_arguments('dropout2d', { input });
  const ndim = input.ndim;
  if (ndim !== 3 && ndim !== 4) {
    warn(`dropout2d: Received a ${ndim}-D input to dropout2d, which is deprecated and will result in an error in a `
      + 'future release. To retain the behavior and silence this warning, please use dropout instead.');
  }
  if (ndim === 3) {
    warn('dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - '
      + 'input is interpreted as shape (N, C, L). To maintain this behavior, please switch to using dropout1d instead.');
  }
  return drop_channels(input, true, options);
}

/**
 * Dropout of whole channels of (N, C, D, H, W) or (C, D, H, W). `training` is true by default; other shapes are warned
 * of. Mirrors `torch.nn.functional.dropout3d`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout3d(input: Tensor, ...args: DropoutTail): Tensor {
  const options = dropout_arguments('dropout3d', args, true);
  tensor_arguments('dropout3d', { input });
  const ndim = input.ndim;
  if (ndim !== 4 && ndim !== 5) {
    warn(`dropout3d: Received a ${ndim}-D input to dropout3d, which is deprecated and will result in an error in a `
      + 'future release. To retain the behavior and silence this warning, please use dropout instead.');
  }
  return drop_channels(input, ndim === 5, options);
}

// ---- Activations --------------------------------------------------------------------------------

/**
 * `x` where it is above `threshold`, else `value`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.threshold`.
 */
export function threshold(input: Tensor, threshold: number, value: number, inplace: Inplace = false): Tensor {
  return flag('threshold', 'inplace', inplace, false)
    ? ops.threshold_(input, threshold, value)
    : ops.threshold(input, threshold, value);
}

/** `max(0, x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.relu`. */
export function relu(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('relu', 'inplace', inplace, false) ? ops.relu_(input) : ops.relu(input);
}

/** `min(max(0, x), 6)`. The result has the shape of `input`. Mirrors `torch.nn.functional.relu6`. */
export function relu6(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('relu6', 'inplace', inplace, false) ? nn.relu6_(input) : nn.relu6(input);
}

/**
 * The gated linear unit: the first half of `dim` times the sigmoid of the second. The result is half as large along
 * `dim` (default -1), whose size must be even. Mirrors `torch.nn.functional.glu`.
 * @throws Error for a 0-d tensor or an odd size
 */
export function glu(input: Tensor, dim: number | { dim?: number } = -1): Tensor {
  tensor_arguments('glu', { input });
  if (input.ndim === 0) throw new Error('glu does not support scalars because halving size must be even');
  return nn.glu(input, typeof dim === 'number' ? dim : bind<{ dim?: number }>('glu', ['dim'], [dim]).dim ?? -1);
}

/**
 * Cuts values off at `min_val` (default -1) and `max_val` (default 1). The result has the shape of `input`. Mirrors
 * `torch.nn.functional.hardtanh`.
 * @throws Error when `min_val` is above `max_val`
 */
export function hardtanh(
  input: Tensor, ...args: Tail<[min_val: number, max_val: number, inplace: boolean],
    { min_val?: number; max_val?: number; inplace?: boolean }>
): Tensor {
  const { min_val = -1, max_val = 1, inplace = false } =
    bind<{ min_val?: number; max_val?: number; inplace?: boolean }>(
      'hardtanh', ['min_val', 'max_val', 'inplace'], args);
  number_arguments('hardtanh', 'float', { min_val, max_val });
  if (min_val > max_val) throw new Error('min_val cannot be greater than max_val');
  return inplace ? nn.hardtanh_(input, min_val, max_val) : nn.hardtanh(input, min_val, max_val);
}

/** What the exponential units take by name. */
export interface AlphaOptions {
  alpha?: number;
  inplace?: boolean;
}

/**
 * `x` where positive, else `alpha * (exp(x) - 1)`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.elu`.
 */
export function elu(input: Tensor, ...args: Tail<[alpha: number, inplace: boolean], AlphaOptions>): Tensor {
  const { alpha = 1, inplace = false } = bind<AlphaOptions>('elu', ['alpha', 'inplace'], args);
  return inplace ? nn.elu_(input, alpha) : nn.elu(input, alpha);
}

/**
 * The continuously differentiable exponential unit. `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`; `alpha` is 1 by
 * default. The result has the shape of `input`. Mirrors `torch.nn.functional.celu`.
 */
export function celu(input: Tensor, ...args: Tail<[alpha: number, inplace: boolean], AlphaOptions>): Tensor {
  const { alpha = 1, inplace = false } = bind<AlphaOptions>('celu', ['alpha', 'inplace'], args);
  return inplace ? ops.celu_(input, alpha) : ops.celu(input, alpha);
}

/**
 * The self-normalising exponential unit. An {@link elu} with fixed scale and `alpha`. The result has the shape of
 * `input`. Mirrors `torch.nn.functional.selu`.
 */
export function selu(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('selu', 'inplace', inplace, false) ? ops.selu_(input) : ops.selu(input);
}

/**
 * `x` where positive, else `negative_slope * x` (default slope 0.01). The result has the shape of `input`. Mirrors
 * `torch.nn.functional.leaky_relu`.
 */
export function leaky_relu(
  input: Tensor, ...args: Tail<[negative_slope: number, inplace: boolean],
    { negative_slope?: number; inplace?: boolean }>
): Tensor {
  const { negative_slope = 0.01, inplace = false } =
    bind<{ negative_slope?: number; inplace?: boolean }>('leaky_relu', ['negative_slope', 'inplace'], args);
  return inplace ? nn.leaky_relu_(input, negative_slope) : nn.leaky_relu(input, negative_slope);
}

/** What {@link rrelu} takes by name. */
export interface RReLUOptions {
  /** Lower bound of the slope. Default 1/8. */
  lower?: number;
  /** Upper bound of the slope. Default 1/3. */
  upper?: number;
  training?: boolean;
  inplace?: boolean;
}

/**
 * A leaky rectifier whose slope is drawn at random in training. Without training it is the middle of `lower` (1/8) and
 * `upper` (1/3). The result has the shape of `input`. Mirrors `torch.nn.functional.rrelu`.
 */
export function rrelu(
  input: Tensor, ...args: Tail<[lower: number, upper: number, training: boolean, inplace: boolean], RReLUOptions>
): Tensor {
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace = false } =
    bind<RReLUOptions>('rrelu', ['lower', 'upper', 'training', 'inplace'], args);
  return inplace ? ops.rrelu_(input, lower, upper, training) : ops.rrelu(input, lower, upper, training);
}

/** `x - tanh(x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.tanhshrink`. */
export function tanhshrink(input: Tensor): Tensor {
  tensor_arguments('tanhshrink', { input });
  return input.sub(input.tanh());
}

/** `x / (1 + |x|)`. The result has the shape of `input`. Mirrors `torch.nn.functional.softsign`. */
export function softsign(input: Tensor): Tensor {
  tensor_arguments('softsign', { input });
  return input.div(input.abs().add(1));
}

/** The hyperbolic tangent. The result has the shape of `input`. Mirrors `torch.nn.functional.tanh`. */
export function tanh(input: Tensor): Tensor {
  tensor_arguments('tanh', { input });
  return input.tanh();
}

/** `1 / (1 + exp(-x))`. The result has the shape of `input`. Mirrors `torch.nn.functional.sigmoid`. */
export function sigmoid(input: Tensor): Tensor {
  tensor_arguments('sigmoid', { input });
  return input.sigmoid();
}

/**
 * A sigmoid made of straight lines. `x / 6 + 1 / 2` within [0, 1]. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.hardsigmoid`.
 */
export function hardsigmoid(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('hardsigmoid', 'inplace', inplace, false) ? nn.hardsigmoid_(input) : nn.hardsigmoid(input);
}

/** `x * sigmoid(x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.silu`. */
export function silu(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('silu', 'inplace', inplace, false) ? nn.silu_(input) : nn.silu(input);
}

/** `x * tanh(softplus(x))`. The result has the shape of `input`. Mirrors `torch.nn.functional.mish`. */
export function mish(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('mish', 'inplace', inplace, false) ? nn.mish_(input) : nn.mish(input);
}

/**
 * A SiLU made of simpler functions. `x * hardsigmoid(x)`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.hardswish`.
 */
export function hardswish(input: Tensor, inplace: Inplace = false): Tensor {
  return flag('hardswish', 'inplace', inplace, false) ? nn.hardswish_(input) : nn.hardswish(input);
}

/** What the softmax family takes by name. */
export interface SoftmaxOptions {
  /** Dimension along which the values become a distribution. */
  dim?: number | null;
  /** Convert the input to this dtype first. */
  dtype?: DType | null;
}

function softmax_arguments(
  callee: string, input: Tensor, args: readonly unknown[],
): [dim: number, dtype: DType | null] {
  tensor_arguments(callee, { input });
  const { dim = null, dtype = null } = bind<SoftmaxOptions>(callee, ['dim', 'dtype'], args);
  if (dim !== null) return [dim, dtype];
  warn(`Implicit dimension choice for ${callee} has been deprecated. Change the call to include dim=X as an argument.`);
  const ndim = input.ndim;
  return [ndim === 0 || ndim === 1 || ndim === 3 ? 0 : 1, dtype];
}

/**
 * `exp(x)` over its sum along `dim`. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.softmax`.
 */
export function softmax(input: Tensor, ...args: Tail<[dim: number | null], SoftmaxOptions>): Tensor {
  const [dim, dtype] = softmax_arguments('softmax', input, args);
  return dtype === null ? input.softmax(dim) : input.softmax(dim, dtype);
}

/**
 * The softmax of `-x`. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.softmin`.
 */
export function softmin(input: Tensor, ...args: Tail<[dim: number | null], SoftmaxOptions>): Tensor {
  const [dim, dtype] = softmax_arguments('softmin', input, args);
  return dtype === null ? input.neg().softmax(dim) : input.neg().softmax(dim, dtype);
}

/**
 * The logarithm of the softmax, computed together. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.log_softmax`.
 */
export function log_softmax(input: Tensor, ...args: Tail<[dim: number | null], SoftmaxOptions>): Tensor {
  const [dim, dtype] = softmax_arguments('log_softmax', input, args);
  return dtype === null ? input.log_softmax(dim) : input.log_softmax(dim, dtype);
}

/** What {@link gumbel_softmax} takes by name. */
export interface GumbelSoftmaxOptions {
  /** Temperature. Default 1. */
  tau?: number;
  /** Give one-hot vectors whose gradient is that of the soft sample. */
  hard?: boolean;
  /** @deprecated has no effect */
  eps?: number;
  dim?: number;
}

/**
 * Samples from the Gumbel-softmax distribution. `logits` are unnormalised log probabilities; the result has their
 * shape. Mirrors `torch.nn.functional.gumbel_softmax`.
 */
export function gumbel_softmax(
  logits: Tensor, ...args: Tail<[tau: number, hard: boolean, eps: number, dim: number], GumbelSoftmaxOptions>
): Tensor {
  const { tau = 1, hard = false, eps = 1e-10, dim = -1 } =
    bind<GumbelSoftmaxOptions>('gumbel_softmax', ['tau', 'hard', 'eps', 'dim'], args);
  if (eps !== 1e-10) warn('`eps` parameter is deprecated and has no effect.');
  tensor_arguments('gumbel_softmax', { logits });
  const noise = ops.empty_like(logits).exponential_().log().neg();
  const soft = logits.add(noise).div(tau).softmax(dim);
  if (!hard) return soft;
  const index = soft.argmax(dim, true);
  const one_hot = ops.zeros_like(logits).scatter_(dim, index, 1);
  return one_hot.sub(soft.detach()).add(soft);
}

// ---- Embeddings ---------------------------------------------------------------------------------

/** What {@link embedding} takes by name. */
export interface EmbeddingOptions {
  /** Row that gets no gradient; negative counts from the end. */
  padding_idx?: number | null;
  /** Rows that are looked up are first scaled down, in place, to at most this norm. */
  max_norm?: number | null;
  /** Order of that norm. Default 2. */
  norm_type?: number;
  /** Scale gradients by the inverse frequency of the indices in the batch. */
  scale_grad_by_freq?: boolean;
  /** Make the gradient of the weight sparse. */
  sparse?: boolean;
}

/**
 * Looks up the rows of `weight` (num_embeddings, embedding_dim) at the integers of `input` (any shape). The result is
 * (..., embedding_dim). Mirrors `torch.nn.functional.embedding`.
 * @throws Error when `padding_idx` is out of range
 */
export function embedding(
  input: Tensor, weight: Tensor,
  ...args: Tail<[padding_idx: number | null, max_norm: number | null, norm_type: number, scale_grad_by_freq: boolean,
    sparse: boolean], EmbeddingOptions>
): Tensor {
  const { padding_idx = null, max_norm = null, norm_type = 2, scale_grad_by_freq = false, sparse = false } =
    bind<EmbeddingOptions>(
      'embedding', ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'], args);
  tensor_arguments('embedding', { input, weight });
  if (padding_idx !== null) number_arguments('embedding', 'int', { padding_idx });
  const padding = checked_padding_idx(padding_idx, weight.size(0)) ?? -1;
  let indices = input;
  if (max_norm !== null) {
    indices = input.contiguous();
    ops.embedding_renorm_(weight.detach(), indices, max_norm, norm_type);
  }
  return ops.embedding(weight, indices, padding, scale_grad_by_freq, sparse);
}

// ---- Normalisation ------------------------------------------------------------------------------

function refuse_single_value(size: readonly number[]): void {
  const values = size.slice(2).reduce((product, length) => product * length, size[0]!);
  if (values === 1) {
    throw new Error(`Expected more than 1 value per channel when training, got input size torch.Size([${size.join(', ')}])`);
  }
}

/** What {@link batch_norm} takes by name. */
export interface BatchNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  /** Use the statistics of the batch and move the running ones towards them. */
  training?: boolean;
  momentum?: number;
  eps?: number;
}

/**
 * Normalises each channel over the batch. `input` (N, C, ...); `weight`, `bias` and the running statistics (C), which
 * training updates. Mirrors `torch.nn.functional.batch_norm`.
 * @throws Error when training sees one value a channel only, and for a negative `eps`
 */
export function batch_norm(
  input: Tensor, running_mean: Tensor | null, running_var: Tensor | null,
  ...args: Tail<[weight: Tensor | null, bias: Tensor | null, training: boolean, momentum: number, eps: number],
    BatchNormOptions>
): Tensor {
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } =
    bind<BatchNormOptions>('batch_norm', ['weight', 'bias', 'training', 'momentum', 'eps'], args);
  tensor_arguments('batch_norm', { input });
  number_arguments('batch_norm', 'float', { eps });
  if (training) refuse_single_value(input.shape);
  if (training && eps <= 0) {
    throw new Error(`batch_norm eps must be positive during training, but got ${python_float(eps)}`);
  }
  if (eps < 0) throw new Error(`batch_norm eps must be non-negative, but got ${python_float(eps)}`);
  return ops.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, true);
}

/** What {@link instance_norm} takes by name. */
export interface InstanceNormOptions {
  running_mean?: Tensor | null;
  running_var?: Tensor | null;
  weight?: Tensor | null;
  bias?: Tensor | null;
  use_input_stats?: boolean;
  momentum?: number;
  eps?: number;
}

/**
 * Normalises each channel of each sample. `input` (N, C, ...); `weight`, `bias` and the running statistics (C). Mirrors
 * `torch.nn.functional.instance_norm`.
 * @throws Error when there is one value a channel only
 */
export function instance_norm(
  input: Tensor,
  ...args: Tail<[running_mean: Tensor | null, running_var: Tensor | null, weight: Tensor | null, bias: Tensor | null,
    use_input_stats: boolean, momentum: number, eps: number], InstanceNormOptions>
): Tensor {
  const options = bind<InstanceNormOptions>(
    'instance_norm', ['running_mean', 'running_var', 'weight', 'bias', 'use_input_stats', 'momentum', 'eps'], args);
  const { running_mean = null, running_var = null, weight = null, bias = null } = options;
  const { use_input_stats = true, momentum = 0.1, eps = 1e-5 } = options;
  tensor_arguments('instance_norm', { input });
  if (use_input_stats && input.shape.slice(2).reduce((product, length) => product * length, 1) === 1) {
    throw new Error(
      `Expected more than 1 spatial element when training, got input size ${String(input.shape)}`);
  }
  return ops.instance_norm(
    input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
}

/** What {@link layer_norm} takes by name. */
export interface LayerNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  eps?: number;
}

/**
 * Normalises over the last dimensions, which must have the sizes `normalized_shape`. `weight` and `bias` have the shape
 * `normalized_shape`. Mirrors `torch.nn.functional.layer_norm`.
 * @throws Error when the sizes differ
 */
export function layer_norm(
  input: Tensor, normalized_shape: readonly number[],
  ...args: Tail<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormOptions>
): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } =
    bind<LayerNormOptions>('layer_norm', ['weight', 'bias', 'eps'], args);
  return ops.layer_norm(input, normalized_shape, weight, bias, eps, true);
}

/**
 * Divides by the root mean square over the last dimensions, which must have the sizes `normalized_shape`. `weight` has
 * the shape `normalized_shape`. Mirrors `torch.nn.functional.rms_norm`.
 * @throws Error when the sizes differ
 */
export function rms_norm(
  input: Tensor, normalized_shape: readonly number[],
  ...args: Tail<[weight: Tensor | null, eps: number | null], { weight?: Tensor | null; eps?: number | null }>
): Tensor {
  const { weight = null, eps = null } =
    bind<{ weight?: Tensor | null; eps?: number | null }>('rms_norm', ['weight', 'eps'], args);
  return ops.rms_norm(input, normalized_shape, weight, eps);
}

/**
 * Normalises over groups of channels of (N, C, ...). `weight` and `bias` (C). Mirrors `torch.nn.functional.group_norm`.
 * @throws Error for fewer than two dimensions, and unless the groups divide C
 */
export function group_norm(
  input: Tensor, num_groups: number,
  ...args: Tail<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormOptions>
): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } =
    bind<LayerNormOptions>('group_norm', ['weight', 'bias', 'eps'], args);
  tensor_arguments('group_norm', { input });
  number_arguments('group_norm', 'int', { num_groups });
  const sizes = input.shape;
  if (sizes.length < 2) {
    throw new Error(`Expected at least 2 dimensions for input tensor but received ${sizes.length}`);
  }
  refuse_single_value([Math.floor(sizes[0]! * sizes[1]! / num_groups), num_groups, ...sizes.slice(2)]);
  return ops.group_norm(input, num_groups, weight, bias, eps, true);
}

/** What {@link local_response_norm} takes by name. */
export interface LocalResponseNormOptions {
  alpha?: number;
  beta?: number;
  k?: number;
}

/**
 * Divides each value by a power of the squares in the channels around it. `input` (N, C, ...), of three dimensions or
 * more. Mirrors `torch.nn.functional.local_response_norm`.
 * @throws Error for fewer dimensions
 */
export function local_response_norm(
  input: Tensor, size: number, ...args: Tail<[alpha: number, beta: number, k: number], LocalResponseNormOptions>
): Tensor {
  const { alpha = 1e-4, beta = 0.75, k = 1 } =
    bind<LocalResponseNormOptions>('local_response_norm', ['alpha', 'beta', 'k'], args);
  tensor_arguments('local_response_norm', { input });
  number_arguments('local_response_norm', 'int', { size });
  const sizes = input.shape;
  const ndim = sizes.length;
  if (ndim < 3) throw new Error(`Expected 3D or higher dimensionality input (got ${ndim} dimensions)`);
  if (input.numel() === 0) return input;
  const before = Math.floor(size / 2);
  const after = Math.floor((size - 1) / 2);
  let squares = input.mul(input);
  if (ndim === 3) {
    squares = nn.pad(squares.unsqueeze(1), [0, 0, before, after]);
    squares = nn.avg_pool2d(squares, [size, 1], 1).squeeze(1);
  } else {
    squares = squares.view([sizes[0]!, 1, sizes[1]!, sizes[2]!, -1]);
    squares = nn.pad(squares, [0, 0, 0, 0, before, after]);
    squares = nn.avg_pool3d(squares, [size, 1, 1], 1).squeeze(1).view([...sizes]);
  }
  return input.div(squares.mul(alpha).add(k).pow(beta));
}

/** What {@link normalize} takes by name. */
export interface NormalizeOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  dim?: number | readonly number[];
  eps?: number;
  out?: Tensor | null;
}

/**
 * Divides vectors along `dim` (default 1) by their norm, or by `eps` where that is larger. The result has the shape of
 * `input`. Mirrors `torch.nn.functional.normalize`.
 */
export function normalize(
  input: Tensor, ...args: Tail<[p: number, dim: number | readonly number[], eps: number], NormalizeOptions>
): Tensor {
  const { p = 2, dim = 1, eps = 1e-12, out = null } =
    bind<NormalizeOptions>('normalize', ['p', 'dim', 'eps', 'out'], args);
  tensor_arguments('normalize', { input });
  size_argument('normalize', 'dim', dim);
  const norm = input.norm(p, typeof dim === 'number' ? [dim] : dim, true);
  if (out === null) return input.div(norm.clamp_min(eps).expand_as(input));
  return ops.div(input, norm.clamp_min_(eps).expand_as(input), { out });
}

// ---- Padding and windows ------------------------------------------------------------------------

/** How the border is filled. */
export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** What {@link pad} takes by name. */
export interface PadOptions {
  mode?: PaddingMode;
  /** What fills a constant border. Default 0. */
  value?: number | null;
}

/**
 * Adds a border: `pad` counts, from the last dimension backwards, what comes before and after. `mode` 'constant' fills
 * with `value`; 'reflect', 'replicate' and 'circular' take what is there. Mirrors `torch.nn.functional.pad`.
 * @throws Error when `pad` has too many numbers for the dimensions
 */
export function pad(
  input: Tensor, pad: readonly number[], ...args: Tail<[mode: PaddingMode, value: number | null], PadOptions>
): Tensor {
  const { mode = 'constant', value = null } = bind<PadOptions>('pad', ['mode', 'value'], args);
  return nn.pad(input, pad, mode, value);
}

function pair(value: IntOrSize): readonly number[] {
  return typeof value === 'number' ? [value, value] : value;
}

/** What {@link unfold} and {@link fold} take by name. */
export interface FoldOptions {
  dilation?: IntOrSize;
  padding?: IntOrSize;
  stride?: IntOrSize;
}

type FoldTail = Tail<[dilation: IntOrSize, padding: IntOrSize, stride: IntOrSize], FoldOptions>;

/**
 * Cuts (N, C, H, W) into sliding windows, one a column. Also (C, H, W); the result is (N, C * kernel sizes, windows).
 * Mirrors `torch.nn.functional.unfold`.
 * @throws Error for other shapes
 */
export function unfold(input: Tensor, kernel_size: IntOrSize, ...args: FoldTail): Tensor {
  const { dilation = 1, padding = 0, stride = 1 } =
    bind<FoldOptions>('unfold', ['dilation', 'padding', 'stride'], args);
  return nn.im2col(input, pair(kernel_size), pair(dilation), pair(padding), pair(stride));
}

/**
 * Adds windows, one a column, up to an image of `output_size`. The reverse of {@link unfold}: `input` (N, C * kernel
 * sizes, windows) gives (N, C, H, W). Mirrors `torch.nn.functional.fold`.
 * @throws Error when the number of windows does not fit
 */
export function fold(input: Tensor, output_size: IntOrSize, kernel_size: IntOrSize, ...args: FoldTail): Tensor {
  const { dilation = 1, padding = 0, stride = 1 } = bind<FoldOptions>('fold', ['dilation', 'padding', 'stride'], args);
  return nn.col2im(input, pair(output_size), pair(kernel_size), pair(dilation), pair(padding), pair(stride));
}

// ---- Losses -------------------------------------------------------------------------------------

/** What each loss takes by name. */
export interface LossOptions extends LegacyReduction {
  reduction?: Reduction;
}

const LOSS = ['size_average', 'reduce', 'reduction'];

type LossTail = Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction], LossOptions>;

function meant_reduction({ size_average, reduce, reduction = 'mean' }: LossOptions): Reduction {
  return resolve_reduction(size_average, reduce, reduction);
}

/** What {@link nll_loss} takes by name. */
export interface NLLLossOptions extends LossOptions {
  /** A factor for each class. */
  weight?: Tensor | null;
  /** Targets of this class do not count. Default -100. */
  ignore_index?: number;
}

/**
 * The negative log likelihood of the classes `target`, given log probabilities (N, C, ...) or (C). `target` (N, ...) or
 * (), int64. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.nll_loss`.
 * @throws Error when there is no such reduction
 */
export function nll_loss(
  input: Tensor, target: Tensor,
  ...args: Tail<[weight: Tensor | null, size_average: boolean | null, ignore_index: number, reduce: boolean | null,
    reduction: Reduction], NLLLossOptions>
): Tensor {
  const options = bind<NLLLossOptions>(
    'nll_loss', ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction'], args);
  const { weight = null, ignore_index = -100 } = options;
  return nn.nll_loss_nd(input, target, weight, reduction_code(meant_reduction(options)), ignore_index);
}

/** What {@link cross_entropy} takes by name. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** How much of the target is spread evenly over the classes, in [0, 1]. Default 0. */
  label_smoothing?: number;
}

/**
 * The cross entropy of unnormalised scores (N, C, ...) or (C) with targets: class indices, or probabilities of the
 * shape of the scores. `target` (N, ...) or (), int64, or as `input`. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.cross_entropy`.
 * @throws Error when there is no such reduction
 */
export function cross_entropy(
  input: Tensor, target: Tensor,
  ...args: Tail<[weight: Tensor | null, size_average: boolean | null, ignore_index: number, reduce: boolean | null,
    reduction: Reduction, label_smoothing: number], CrossEntropyOptions>
): Tensor {
  const options = bind<CrossEntropyOptions>(
    'cross_entropy', ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'], args);
  const { weight = null, ignore_index = -100, label_smoothing = 0 } = options;
  tensor_arguments('cross_entropy_loss', { input, target });
  const reduction = reduction_code(meant_reduction(options));
  return nn.cross_entropy_loss(input, target, weight, reduction, ignore_index, label_smoothing);
}

function same_size(a: Tensor, b: Tensor): boolean {
  const [left, right] = [a.shape, b.shape];
  return left.length === right.length && left.every((size, i) => size === right[i]);
}

function broadcast(callee: string, input: Tensor, target: Tensor, weight: Tensor | null = null): [Tensor, Tensor] {
  tensor_arguments(callee, { input, target }, { weight });
  if (same_size(input, target)) return [input, target];
  warn(`Using a target size (${String(target.shape)}) that is different to the input size (${String(input.shape)}). `
    + 'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.');
  const [expanded_input, expanded_target] = ops.broadcast_tensors([input, target]) as [Tensor, Tensor];
  return [expanded_input, expanded_target];
}

/** What the losses with a weight for each element take by name. */
export interface WeightedLossOptions extends LossOptions {
  weight?: Tensor | null;
}

const WEIGHTED_LOSS = [...LOSS, 'weight'];

type WeightedLossTail = Tail<
  [size_average: boolean | null, reduce: boolean | null, reduction: Reduction, weight: Tensor | null],
  WeightedLossOptions>;

function reduce_weighted(errors: Tensor, input: Tensor, weight: Tensor, reduction: string): Tensor {
  if (!same_size(weight, input)) throw new Error('Weights and input must have the same size.');
  const weighted = errors.mul(weight);
  switch (reduction) {
    case 'none': return weighted;
    case 'sum': return weighted.sum();
    case 'mean': return weighted.sum().div(weight.sum());
    default:
      throw new Error(`Invalid reduction mode: ${shown(reduction)}. Expected one of 'none', 'mean', 'sum'.`);
  }
}

/**
 * The absolute differences. Shapes broadcast. With `reduction` 'none' one loss for each element, else their mean or
 * sum. Mirrors `torch.nn.functional.l1_loss`.
 * @throws Error when there is no such reduction
 */
export function l1_loss(input: Tensor, target: Tensor, ...args: WeightedLossTail): Tensor {
  const options = bind<WeightedLossOptions>('l1_loss', WEIGHTED_LOSS, args);
  const reduction = meant_reduction(options);
  const { weight = null } = options;
  const [a, b] = broadcast('l1_loss', input, target, weight);
  if (weight !== null) return reduce_weighted(a.sub(b).abs(), input, weight, reduction);
  return nn.l1_loss(a, b, reduction_code(reduction));
}

/**
 * The squared differences. Shapes broadcast. With `reduction` 'none' one loss for each element, else their mean or sum.
 * Mirrors `torch.nn.functional.mse_loss`.
 * @throws Error when there is no such reduction
 */
export function mse_loss(input: Tensor, target: Tensor, ...args: WeightedLossTail): Tensor {
  const options = bind<WeightedLossOptions>('mse_loss', WEIGHTED_LOSS, args);
  const reduction = meant_reduction(options);
  const { weight = null } = options;
  const [a, b] = broadcast('mse_loss', input, target, weight);
  if (weight !== null) return reduce_weighted(a.sub(b).pow(2), input, weight, reduction);
  return nn.mse_loss(a, b, reduction_code(reduction));
}

/** What {@link smooth_l1_loss} takes by name. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Where the loss turns from squared to absolute. Default 1. */
  beta?: number;
}

/**
 * Squared differences below `beta`, absolute ones above. `0.5 * (x - y) ** 2 / beta`, or `|x - y| - 0.5 * beta`. With
 * `reduction` 'none' one loss for each element, else their mean or sum. Mirrors `torch.nn.functional.smooth_l1_loss`.
 * @throws Error when there is no such reduction
 */
export function smooth_l1_loss(
  input: Tensor, target: Tensor,
  ...args: Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction, beta: number],
    SmoothL1LossOptions>
): Tensor {
  const options = bind<SmoothL1LossOptions>('smooth_l1_loss', [...LOSS, 'beta'], args);
  const { beta = 1 } = options;
  const reduction = reduction_code(meant_reduction(options));
  const [a, b] = broadcast('smooth_l1_loss', input, target);
  return beta === 0 ? nn.l1_loss(a, b, reduction) : nn.smooth_l1_loss(a, b, reduction, beta);
}

/** What {@link huber_loss} takes by name. */
export interface HuberLossOptions {
  reduction?: Reduction;
  /** Where the loss turns from squared to absolute. Default 1. */
  delta?: number;
  weight?: Tensor | null;
}

/**
 * Squared differences below `delta`, absolute ones (times `delta`) above. `0.5 * (x - y) ** 2`, or `delta * (|x - y| -
 * 0.5 * delta)`. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.huber_loss`.
 * @throws Error when there is no such reduction
 */
export function huber_loss(
  input: Tensor, target: Tensor,
  ...args: Tail<[reduction: Reduction, delta: number, weight: Tensor | null], HuberLossOptions>
): Tensor {
  const { reduction = 'mean', delta = 1, weight = null } =
    bind<HuberLossOptions>('huber_loss', ['reduction', 'delta', 'weight'], args);
  const [a, b] = broadcast('huber_loss', input, target, weight);
  if (weight === null) return nn.huber_loss(a, b, reduction_code(reduction), delta);
  const errors = nn.huber_loss(a, b, reduction_code('none'), delta);
  // Unlike its siblings, Python's weighted Huber loss is the plain mean.
  if (reduction === 'mean' && same_size(weight, input)) return errors.mul(weight).mean();
  return reduce_weighted(errors, input, weight, reduction);
}

/** What {@link kl_div} takes by name. */
export interface KLDivOptions extends LegacyReduction {
  /**
   * As for other losses, or `'batchmean'`: the sum over the batch size, which is the mathematical definition.
   */
  reduction?: Reduction | 'batchmean';
  /** The target holds logarithms too. */
  log_target?: boolean;
}

/**
 * The Kullback-Leibler divergence of `target` from the log probabilities `input`. With `log_target` the target holds
 * log probabilities, too. `reduction` 'batchmean' divides the sum by the first size. Mirrors
 * `torch.nn.functional.kl_div`.
 * @throws Error when there is no such reduction
 */
export function kl_div(
  input: Tensor, target: Tensor,
  ...args: Tail<[size_average: boolean | null, reduce: boolean | null, reduction: Reduction | 'batchmean',
    log_target: boolean], KLDivOptions>
): Tensor {
  const options = bind<KLDivOptions>('kl_div', [...LOSS, 'log_target'], args);
  const { size_average = null, reduce = null, log_target = false } = options;
  const reduction = resolve_reduction(size_average, reduce, options.reduction ?? 'mean');
  if (size_average === null && reduce === null && reduction === 'mean') {
    warn("reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only "
      + "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as "
      + "'batchmean' in the next major release.");
  }
  tensor_arguments('kl_div', { input, target });
  const code = reduction_code(reduction === 'batchmean' ? 'sum' : reduction);
  const reduced = ops.kl_div(input, target, code, { log_target });
  return reduction === 'batchmean' && input.ndim !== 0 ? reduced.div(input.size(0)) : reduced;
}

/** What {@link binary_cross_entropy} takes by name. */
export interface BCELossOptions extends LossOptions {
  /** A factor for each element, or what broadcasts to that. */
  weight?: Tensor | null;
}

/**
 * The cross entropy of probabilities with targets in [0, 1]. Both of one shape. With `reduction` 'none' one loss for
 * each element, else their mean or sum. Mirrors `torch.nn.functional.binary_cross_entropy`.
 * @throws Error when the shapes differ, and when there is no such reduction
 */
export function binary_cross_entropy(
  input: Tensor, target: Tensor,
  ...args: Tail<[weight: Tensor | null, size_average: boolean | null, reduce: boolean | null, reduction: Reduction],
    BCELossOptions>
): Tensor {
  const options = bind<BCELossOptions>('binary_cross_entropy', ['weight', ...LOSS], args);
  const reduction = reduction_code(meant_reduction(options));
  const { weight = null } = options;
  tensor_arguments('binary_cross_entropy', { input, target }, { weight });
  if (!same_size(input, target)) {
    throw new Error(`Using a target size (${String(target.shape)}) that is different to the input size `
      + `(${String(input.shape)}) is deprecated. Please ensure they have the same size.`);
  }
  return nn.binary_cross_entropy(input, target, weight === null ? null : weight.expand_as(target), reduction);
}

/** What {@link binary_cross_entropy_with_logits} takes by name. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** A factor for the positive targets of each class. */
  pos_weight?: Tensor | null;
}

/**
 * The cross entropy of unnormalised scores with targets in [0, 1]. Both of one shape. With `reduction` 'none' one loss
 * for each element, else their mean or sum. Mirrors `torch.nn.functional.binary_cross_entropy_with_logits`.
 * @throws Error when the shapes differ, and when there is no such reduction
 */
export function binary_cross_entropy_with_logits(
  input: Tensor, target: Tensor,
  ...args: Tail<[weight: Tensor | null, size_average: boolean | null, reduce: boolean | null, reduction: Reduction,
    pos_weight: Tensor | null], BCEWithLogitsLossOptions>
): Tensor {
  const options = bind<BCEWithLogitsLossOptions>(
    'binary_cross_entropy_with_logits', ['weight', ...LOSS, 'pos_weight'], args);
  const reduction = reduction_code(meant_reduction(options));
  tensor_arguments('binary_cross_entropy_with_logits', { input, target });
  if (!same_size(input, target)) {
    throw new Error(
      `Target size (${String(target.shape)}) must be the same as input size (${String(input.shape)})`);
  }
  const { weight = null, pos_weight = null } = options;
  return ops.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction);
}

/** What {@link poisson_nll_loss} takes by name. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** The input is the logarithm of the rate. Default true. */
  log_input?: boolean;
  /** Add Stirling's approximation. */
  full?: boolean;
  eps?: number;
}

/**
 * The negative log likelihood of counts under a Poisson distribution. `input` is the rate, or its logarithm
 * (`log_input`, the default). With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.poisson_nll_loss`.
 * @throws Error when there is no such reduction
 */
export function poisson_nll_loss(
  input: Tensor, target: Tensor,
  ...args: Tail<[log_input: boolean, full: boolean, size_average: boolean | null, eps: number, reduce: boolean | null,
    reduction: Reduction], PoissonNLLLossOptions>
): Tensor {
  const options = bind<PoissonNLLLossOptions>(
    'poisson_nll_loss', ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'], args);
  const { log_input = true, full = false, eps = 1e-8 } = options;
  return ops.poisson_nll_loss(input, target, log_input, full, eps, reduction_code(meant_reduction(options)));
}

/** What losses with a margin take by name. */
export interface MarginLossOptions extends LossOptions {
  margin?: number;
}

type MarginLossTail = Tail<
  [margin: number, size_average: boolean | null, reduce: boolean | null, reduction: Reduction], MarginLossOptions>;

/**
 * `max(0, -target * (input1 - input2) + margin)`. `target` is 1 or -1. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.margin_ranking_loss`.
 * @throws Error when the numbers of dimensions differ, and when there is no such reduction
 */
export function margin_ranking_loss(
  input1: Tensor, input2: Tensor, target: Tensor, ...args: MarginLossTail): Tensor {
  const options = bind<MarginLossOptions>('margin_ranking_loss', ['margin', ...LOSS], args);
  tensor_arguments('margin_ranking_loss', { input1, input2, target });
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new Error('margin_ranking_loss : All input tensors should have same dimension but got sizes: '
      + `input1: ${String(input1.shape)}, input2: ${String(input2.shape)}, target: ${String(target.shape)} `);
  }
  return ops.margin_ranking_loss(
    input1, input2, target, options.margin ?? 0, reduction_code(meant_reduction(options)));
}

/**
 * `x` for targets 1, `max(0, margin - x)` for targets -1. With `reduction` 'none' one loss for each element, else their
 * mean or sum. Mirrors `torch.nn.functional.hinge_embedding_loss`.
 * @throws Error when there is no such reduction
 */
export function hinge_embedding_loss(input: Tensor, target: Tensor, ...args: MarginLossTail): Tensor {
  const options = bind<MarginLossOptions>('hinge_embedding_loss', ['margin', ...LOSS], args);
  return ops.hinge_embedding_loss(input, target, options.margin ?? 1, reduction_code(meant_reduction(options)));
}

/**
 * `1 - cos` for targets 1, `max(0, cos - margin)` for targets -1. `input1` and `input2` (N, D) or (D), `target` (N) or
 * (). With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.cosine_embedding_loss`.
 * @throws Error when there is no such reduction
 */
export function cosine_embedding_loss(
  input1: Tensor, input2: Tensor, target: Tensor, ...args: MarginLossTail): Tensor {
  const options = bind<MarginLossOptions>('cosine_embedding_loss', ['margin', ...LOSS], args);
  return ops.cosine_embedding_loss(
    input1, input2, target, options.margin ?? 0, reduction_code(meant_reduction(options)));
}

/**
 * `log(1 + exp(-target * x))`. `target` is 1 or -1, of the shape of `input`. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.soft_margin_loss`.
 * @throws Error when there is no such reduction
 */
export function soft_margin_loss(input: Tensor, target: Tensor, ...args: LossTail): Tensor {
  const options = bind<LossOptions>('soft_margin_loss', LOSS, args);
  return nn.soft_margin_loss(input, target, reduction_code(meant_reduction(options)));
}

/**
 * The margin loss of several classes at once. `input` and `target` (N, C) or (C); `target` holds the right classes,
 * ended by -1. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.multilabel_margin_loss`.
 * @throws Error when there is no such reduction
 */
export function multilabel_margin_loss(input: Tensor, target: Tensor, ...args: LossTail): Tensor {
  const options = bind<LossOptions>('multilabel_margin_loss', LOSS, args);
  return nn.multilabel_margin_loss(input, target, reduction_code(meant_reduction(options)));
}

/** What {@link multi_margin_loss} takes by name. */
export interface MultiMarginLossOptions extends MarginLossOptions {
  /** Power of the margins, 1 or 2. Default 1. */
  p?: number;
  weight?: Tensor | null;
}

/**
 * The margin loss of one class among several. `input` (N, C) or (C), `target` (N) or (), int64. With `reduction` 'none'
 * one loss for each element, else their mean or sum. Mirrors `torch.nn.functional.multi_margin_loss`.
 * @throws Error unless `p` is 1 or 2, and when there is no such reduction
 */
export function multi_margin_loss(
  input: Tensor, target: Tensor,
  ...args: Tail<[p: number, margin: number, weight: Tensor | null, size_average: boolean | null,
    reduce: boolean | null, reduction: Reduction], MultiMarginLossOptions>
): Tensor {
  const options = bind<MultiMarginLossOptions>('multi_margin_loss', ['p', 'margin', 'weight', ...LOSS], args);
  const { p = 1, margin = 1, weight = null } = options;
  tensor_arguments('multi_margin_loss', { input, target }, { weight });
  if (p !== 1 && p !== 2) throw new Error('only p == 1 and p == 2 supported');
  if (weight !== null && weight.ndim !== 1) throw new Error('weight must be one-dimensional');
  return nn.multi_margin_loss(input, target, p, margin, weight, reduction_code(meant_reduction(options)));
}

/** What {@link triplet_margin_loss} takes by name. */
export interface TripletMarginLossOptions extends MarginLossOptions {
  /** Order of the distance. Default 2. */
  p?: number;
  eps?: number;
  /** Use the distance of the positive from the negative where that is smaller. */
  swap?: boolean;
}

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. Each (N, D) or (D); d is the `p`-norm of the
 * difference. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.triplet_margin_loss`.
 * @throws Error unless `margin` is positive, and when there is no such reduction
 */
export function triplet_margin_loss(
  anchor: Tensor, positive: Tensor, negative: Tensor,
  ...args: Tail<[margin: number, p: number, eps: number, swap: boolean, size_average: boolean | null,
    reduce: boolean | null, reduction: Reduction], TripletMarginLossOptions>
): Tensor {
  const options = bind<TripletMarginLossOptions>(
    'triplet_margin_loss', ['margin', 'p', 'eps', 'swap', ...LOSS], args);
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = options;
  number_arguments('triplet_margin_loss', 'float', { margin });
  if (margin <= 0) throw new Error(`margin must be greater than 0, got ${python_float(margin)}`);
  return ops.triplet_margin_loss(
    anchor, positive, negative, margin, p, eps, swap, reduction_code(meant_reduction(options)));
}

/** What {@link gaussian_nll_loss} takes by name. */
export interface GaussianNLLLossOptions {
  /** Add the constant term. */
  full?: boolean;
  eps?: number;
  reduction?: Reduction;
}

/**
 * The negative log likelihood of `target` under normal distributions with mean `input` and variance `var_`. `var_` has
 * the shape of `input`, or 1 in the last dimension, or lacks it. With `reduction` 'none' one loss for each element,
 * else their mean or sum. Mirrors `torch.nn.functional.gaussian_nll_loss`.
 * @throws Error for negative variances, for other shapes, and when there is no such reduction
 */
export function gaussian_nll_loss(
  input: Tensor, target: Tensor, var_: Tensor | number,
  ...args: Tail<[full: boolean, eps: number, reduction: Reduction], GaussianNLLLossOptions>
): Tensor {
  const { full = false, eps = 1e-6, reduction = 'mean' } =
    bind<GaussianNLLLossOptions>('gaussian_nll_loss', ['full', 'eps', 'reduction'], args);
  tensor_arguments('gaussian_nll_loss', { input, target });
  if (typeof var_ !== 'number') tensor_arguments('gaussian_nll_loss', { var: var_ });
  let variance = gaussian_variance(input, var_);
  if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum') {
    throw new Error(`${shown(reduction)} is not valid`);
  }
  variance = variance.clone();
  no_grad(() => variance.clamp_({ min: eps }));
  let loss = variance.log().add(input.sub(target).pow(2).div(variance)).mul(0.5);
  if (full) loss = loss.add(0.5 * Math.log(2 * Math.PI));
  if (reduction === 'none') return loss;
  return reduction === 'mean' ? loss.mean() : loss.sum();
}

function gaussian_variance(input: Tensor, var_: Tensor | number): Tensor {
  if (typeof var_ === 'number') {
    if (var_ < 0) throw new Error('var has negative entry/entries');
    return ops.ones_like(input).mul(var_);
  }
  if (Boolean(var_.lt(0).any().item())) throw new Error('var has negative entry/entries');
  const [wanted, given] = [input.shape, var_.shape];
  if (same_size(input, var_)) return var_;
  if (given.length === wanted.length - 1 && given.every((size, i) => size === wanted[i])) return var_.unsqueeze(-1);
  const different = given.filter((size, i) => size !== wanted[i]);
  if (given.length === wanted.length && different.length === 1 && different[0] === 1) return var_;
  throw new Error('var is of incorrect size');
}

/** What {@link ctc_loss} takes by name. */
export interface CTCLossOptions {
  /** Class of the blank. Default 0. */
  blank?: number;
  reduction?: Reduction;
  /** Make infinite losses zero. */
  zero_infinity?: boolean;
}

/**
 * The connectionist temporal classification loss. `log_probs` (T, N, C) or (T, C); `targets` (N, S), or all of them in
 * one dimension. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.ctc_loss`.
 * @throws TypeError unless both lengths are tensors or both lists; Error when there is no such reduction
 */
export function ctc_loss(
  log_probs: Tensor, targets: Tensor, input_lengths: Tensor | readonly number[],
  target_lengths: Tensor | readonly number[],
  ...args: Tail<[blank: number, reduction: Reduction, zero_infinity: boolean], CTCLossOptions>
): Tensor {
  const { blank = 0, reduction = 'mean', zero_infinity = false } =
    bind<CTCLossOptions>('ctc_loss', ['blank', 'reduction', 'zero_infinity'], args);
  const code = reduction_code(reduction);
  // Two overloads in libtorch: lengths as tensors, or as lists.
  if (input_lengths instanceof Tensor && target_lengths instanceof Tensor) {
    return ops.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, code, zero_infinity);
  }
  if (input_lengths instanceof Tensor || target_lengths instanceof Tensor) {
    throw new TypeError('ctc_loss(): input_lengths and target_lengths must be both tensors or both arrays of integers');
  }
  return ops.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, code, zero_infinity);
}

