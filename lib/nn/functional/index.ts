/**
 * The stateless counterparts of the modules. Mirrors `torch.nn.functional`: Python's names and argument
 * order; all arguments go by position or by name, in a trailing options object. Functions that Python itself takes
 * straight from libtorch are exported here as they are generated from libtorch's schemas.
 */
import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { operator_as } from '../../_C/dispatch.js';
import type { DType } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import { Tensor } from '../../_tensor.js';
import { checked_padding_idx } from '../../_internal/arguments.js';
import { reduction_code, resolve_reduction, type LegacyReduction, type Reduction } from './reduction.js';
import { python_float, shown } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { same_sizes } from '../../_internal/sizes.js';

export {
  adaptive_avg_pool1d,
  avg_pool1d,
  bilinear,
  celu_,
  channel_shuffle,
  conv1d,
  conv2d,
  conv3d,
  conv_tbc,
  conv_transpose1d,
  conv_transpose2d,
  conv_transpose3d,
  cosine_similarity,
  hardshrink,
  pairwise_distance,
  pdist,
  native_channel_shuffle,
  pixel_shuffle,
  pixel_unshuffle,
  prelu,
  relu_,
  rrelu_,
  selu_,
  threshold_,
} from '../../generated/functions.js';
export {
  avg_pool2d,
  avg_pool3d,
  elu_,
  gelu,
  hardtanh_,
  leaky_relu_,
  linear,
  one_hot,
  scaled_dot_product_attention,
  softplus,
  softshrink,
} from '../../generated/nn_functions.js';
export * from './attention.js';
export * from './embedding.js';
export * from './losses.js';
export * from './matmul.js';
export * from './pooling.js';
export * from './vision.js';

/** One number for all spatial dimensions, or one for each. */
export type IntOrSize = number | readonly number[];

/** As {@link IntOrSize}, where a null in the list keeps that size of the input. */
export type IntOrSizeOrNull = number | readonly (number | null)[];

// ---- Dropout ------------------------------------------------------------------------------------

/** What the dropout functions take by name. */
export interface DropoutOptions {
  /** Probability of an element (or channel) to be zeroed. Default 0.5. */
  p?: number;
  /** Whether to drop at all. */
  training?: boolean;
  inplace?: boolean;
}

interface DropoutArguments extends DropoutOptions {
  input: Tensor;
}

type DropoutCall = Arguments<
  [input: Tensor, p?: number, training?: boolean, inplace?: boolean],
  DropoutArguments,
  ['input', 'p', 'training', 'inplace']
>;

const dropout_signature = (callee: string): Signature<DropoutArguments> =>
  signature(callee, 'input: Tensor, p?: float, training?: bool, inplace?: bool');

function with_defaults(
  { input, p = 0.5, training, inplace = false }: DropoutArguments,
  training_default: boolean,
): Required<DropoutArguments> {
  if (p < 0 || p > 1) {
    throw new Error(`dropout probability has to be between 0 and 1, but got ${python_float(p)}`);
  }
  return { input, p, training: training ?? training_default, inplace };
}

const DROPOUT = dropout_signature('dropout');

/**
 * Zeroes elements at random with probability `p` and scales the others by 1 / (1 - p). `training` is true by default.
 * The result has the shape of `input`. Mirrors `torch.nn.functional.dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout(...args: DropoutCall): Tensor {
  return DROPOUT.call(args, (given) => {
    const { input, p, training, inplace } = with_defaults(given, true);
    return inplace ? ops.dropout_(input, p, training) : ops.dropout(input, p, training);
  });
}

const ALPHA_DROPOUT = dropout_signature('alpha_dropout');

/**
 * Dropout that keeps mean and variance of self-normalizing inputs. `training` is false by default. The result has the
 * shape of `input`. Mirrors `torch.nn.functional.alpha_dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function alpha_dropout(...args: DropoutCall): Tensor {
  return ALPHA_DROPOUT.call(args, (given) => {
    const { input, p, training, inplace } = with_defaults(given, false);
    return inplace ? ops.alpha_dropout_(input, p, training) : ops.alpha_dropout(input, p, training);
  });
}

const FEATURE_ALPHA_DROPOUT = dropout_signature('feature_alpha_dropout');

/**
 * Alpha dropout of whole channels. `training` is false by default. `input` (N, C, ...). Mirrors
 * `torch.nn.functional.feature_alpha_dropout`.
 * @throws Error unless `p` is in [0, 1]
 */
export function feature_alpha_dropout(...args: DropoutCall): Tensor {
  return FEATURE_ALPHA_DROPOUT.call(args, (given) => {
    const { input, p, training, inplace } = with_defaults(given, false);
    return inplace ? ops.feature_alpha_dropout_(input, p, training) : ops.feature_alpha_dropout(input, p, training);
  });
}

function drop_channels({ input, p, training, inplace }: Required<DropoutArguments>, batched: boolean): Tensor {
  const batch = batched ? input : inplace ? input.unsqueeze_(0) : input.unsqueeze(0);
  const result = inplace ? ops.feature_dropout_(batch, p, training) : ops.feature_dropout(batch, p, training);
  if (batched) return result;
  return inplace ? result.squeeze_(0) : result.squeeze(0);
}

const DROPOUT1D = dropout_signature('dropout1d');

/**
 * Dropout of whole channels of (N, C, L) or (C, L). `training` is true by default. Mirrors
 * `torch.nn.functional.dropout1d`.
 * @throws Error for other shapes, and unless `p` is in [0, 1]
 */
export function dropout1d(...args: DropoutCall): Tensor {
  return DROPOUT1D.call(args, (given) => {
    const options = with_defaults(given, true);
    const ndim = given.input.ndim;
    if (ndim !== 2 && ndim !== 3) {
      throw new Error(
        `dropout1d: Expected 2D or 3D input, but received a ${ndim}D input. Note that dropout1d exists to ` +
          'provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch ' +
          'dimension (i.e. 2D or 3D inputs).',
      );
    }
    return drop_channels(options, ndim === 3);
  });
}

const DROPOUT2D = dropout_signature('dropout2d');

/**
 * Dropout of whole channels of (N, C, H, W). `training` is true by default; other shapes are warned of. Mirrors
 * `torch.nn.functional.dropout2d`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout2d(...args: DropoutCall): Tensor {
  return DROPOUT2D.call(args, (given) => {
    const options = with_defaults(given, true);
    const ndim = given.input.ndim;
    if (ndim !== 3 && ndim !== 4) {
      warn(
        `dropout2d: Received a ${ndim}-D input to dropout2d, which is deprecated and will result in an error in a ` +
          'future release. To retain the behavior and silence this warning, please use dropout instead.',
      );
    }
    if (ndim === 3) {
      warn(
        'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - ' +
          'input is interpreted as shape (N, C, L). To maintain this behavior, please switch to using dropout1d instead.',
      );
    }
    return drop_channels(options, true);
  });
}

const DROPOUT3D = dropout_signature('dropout3d');

/**
 * Dropout of whole channels of (N, C, D, H, W) or (C, D, H, W). `training` is true by default; other shapes are warned
 * of. Mirrors `torch.nn.functional.dropout3d`.
 * @throws Error unless `p` is in [0, 1]
 */
export function dropout3d(...args: DropoutCall): Tensor {
  return DROPOUT3D.call(args, (given) => {
    const options = with_defaults(given, true);
    const ndim = given.input.ndim;
    if (ndim !== 4 && ndim !== 5) {
      warn(
        `dropout3d: Received a ${ndim}-D input to dropout3d, which is deprecated and will result in an error in a ` +
          'future release. To retain the behavior and silence this warning, please use dropout instead.',
      );
    }
    return drop_channels(options, ndim === 5);
  });
}

// ---- Activations --------------------------------------------------------------------------------

/** What {@link threshold} takes by name. */
export interface ThresholdArguments {
  input: Tensor;
  /** Values above it stay. */
  threshold: number;
  /** What the others become. */
  value: number;
  inplace?: boolean;
}

const THRESHOLD = signature<ThresholdArguments>(
  'threshold',
  'input: Tensor, threshold: float, value: float, inplace?: bool',
);

/**
 * `x` where it is above `threshold`, else `value`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.threshold`.
 */
export function threshold(
  ...args: Arguments<
    [input: Tensor, threshold: number, value: number, inplace?: boolean],
    ThresholdArguments,
    ['input', 'threshold', 'value', 'inplace']
  >
): Tensor {
  return THRESHOLD.call(args, ({ input, threshold, value, inplace = false }) =>
    inplace ? ops.threshold_(input, threshold, value) : ops.threshold(input, threshold, value),
  );
}

/** What the activations without further parameters take by name. */
export interface ActivationArguments {
  input: Tensor;
  /** Write the result into `input`. */
  inplace?: boolean;
}

type ActivationCall = Arguments<[input: Tensor, inplace?: boolean], ActivationArguments, ['input', 'inplace']>;

const activation_signature = (callee: string): Signature<ActivationArguments> =>
  signature(callee, 'input: Tensor, inplace?: bool');

function activated(
  its: Signature<ActivationArguments>,
  args: ActivationCall,
  plain: (input: Tensor) => Tensor,
  in_place: (input: Tensor) => Tensor,
): Tensor {
  // The most common call by far, which needs no reading.
  if (args.length === 1 && args[0] instanceof Tensor) return plain(args[0]);
  return its.call(args, ({ input, inplace = false }) => (inplace ? in_place(input) : plain(input)));
}

const RELU = activation_signature('relu');

/** `max(0, x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.relu`. */
export function relu(...args: ActivationCall): Tensor {
  return activated(RELU, args, ops.relu, ops.relu_);
}

const RELU6 = activation_signature('relu6');

/** `min(max(0, x), 6)`. The result has the shape of `input`. Mirrors `torch.nn.functional.relu6`. */
export function relu6(...args: ActivationCall): Tensor {
  return activated(RELU6, args, nn.relu6, nn.relu6_);
}

interface GLUArguments {
  input: Tensor;
  dim?: number;
}

const GLU = signature<GLUArguments>('glu', 'input: Tensor, dim?: int');

/**
 * The gated linear unit: the first half of `dim` times the sigmoid of the second. The result is half as large along
 * `dim` (default -1), whose size must be even. Mirrors `torch.nn.functional.glu`.
 * @throws Error for a 0-d tensor or an odd size
 */
export function glu(...args: Arguments<[input: Tensor, dim?: number], GLUArguments, ['input', 'dim']>): Tensor {
  const { input, dim = -1 } = GLU.read(args);
  if (input.ndim === 0) throw new Error('glu does not support scalars because halving size must be even');
  return nn.glu(input, dim);
}

interface HardtanhArguments {
  input: Tensor;
  min_val?: number;
  max_val?: number;
  inplace?: boolean;
}

const HARDTANH = signature<HardtanhArguments>(
  'hardtanh',
  'input: Tensor, min_val?: float, max_val?: float, inplace?: bool',
);

/**
 * Limits values to `min_val` (default -1) and `max_val` (default 1). The result has the shape of `input`. Mirrors
 * `torch.nn.functional.hardtanh`.
 * @throws Error when `min_val` is above `max_val`
 */
export function hardtanh(
  ...args: Arguments<
    [input: Tensor, min_val?: number, max_val?: number, inplace?: boolean],
    HardtanhArguments,
    ['input', 'min_val', 'max_val', 'inplace']
  >
): Tensor {
  return HARDTANH.call(args, ({ input, min_val = -1, max_val = 1, inplace = false }) => {
    if (min_val > max_val) throw new Error('min_val cannot be greater than max_val');
    return inplace ? nn.hardtanh_(input, min_val, max_val) : nn.hardtanh(input, min_val, max_val);
  });
}

/** What the exponential units take by name. */
export interface AlphaOptions {
  alpha?: number;
  inplace?: boolean;
}

interface AlphaArguments extends AlphaOptions {
  input: Tensor;
}

type AlphaCall = Arguments<
  [input: Tensor, alpha?: number, inplace?: boolean],
  AlphaArguments,
  ['input', 'alpha', 'inplace']
>;

const ELU = signature<AlphaArguments>('elu', 'input: Tensor, alpha?: float, inplace?: bool');

/**
 * `x` where positive, else `alpha * (exp(x) - 1)`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.elu`.
 */
export function elu(...args: AlphaCall): Tensor {
  return ELU.call(args, ({ input, alpha = 1, inplace = false }) =>
    inplace ? nn.elu_(input, alpha) : nn.elu(input, alpha),
  );
}

const CELU = signature<AlphaArguments>('celu', 'input: Tensor, alpha?: float, inplace?: bool');

/**
 * The continuously differentiable exponential unit. `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`; `alpha` is 1 by
 * default. The result has the shape of `input`. Mirrors `torch.nn.functional.celu`.
 */
export function celu(...args: AlphaCall): Tensor {
  return CELU.call(args, ({ input, alpha = 1, inplace = false }) =>
    inplace ? ops.celu_(input, alpha) : ops.celu(input, alpha),
  );
}

const SELU = activation_signature('selu');

/**
 * The self-normalizing exponential unit. An {@link elu} with fixed scale and `alpha`. The result has the shape of
 * `input`. Mirrors `torch.nn.functional.selu`.
 */
export function selu(...args: ActivationCall): Tensor {
  return activated(SELU, args, ops.selu, ops.selu_);
}

interface LeakyReLUArguments {
  input: Tensor;
  negative_slope?: number;
  inplace?: boolean;
}

const LEAKY_RELU = signature<LeakyReLUArguments>('leaky_relu', 'input: Tensor, negative_slope?: float, inplace?: bool');

/**
 * `x` where positive, else `negative_slope * x` (default slope 0.01). The result has the shape of `input`. Mirrors
 * `torch.nn.functional.leaky_relu`.
 */
export function leaky_relu(
  ...args: Arguments<
    [input: Tensor, negative_slope?: number, inplace?: boolean],
    LeakyReLUArguments,
    ['input', 'negative_slope', 'inplace']
  >
): Tensor {
  return LEAKY_RELU.call(args, ({ input, negative_slope = 0.01, inplace = false }) =>
    inplace ? nn.leaky_relu_(input, negative_slope) : nn.leaky_relu(input, negative_slope),
  );
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

interface RReLUArguments extends RReLUOptions {
  input: Tensor;
}

const RRELU = signature<RReLUArguments>(
  'rrelu',
  'input: Tensor, lower?: float, upper?: float, training?: bool, inplace?: bool',
);

/**
 * A leaky rectifier whose slope is drawn at random in training. Without training it is the middle of `lower` (1/8) and
 * `upper` (1/3). The result has the shape of `input`. Mirrors `torch.nn.functional.rrelu`.
 */
export function rrelu(
  ...args: Arguments<
    [input: Tensor, lower?: number, upper?: number, training?: boolean, inplace?: boolean],
    RReLUArguments,
    ['input', 'lower', 'upper', 'training', 'inplace']
  >
): Tensor {
  return RRELU.call(args, ({ input, lower = 1 / 8, upper = 1 / 3, training = false, inplace = false }) =>
    inplace ? ops.rrelu_(input, lower, upper, training) : ops.rrelu(input, lower, upper, training),
  );
}

interface InputArguments {
  input: Tensor;
}

type InputCall = Arguments<[input: Tensor], InputArguments, ['input']>;

const TANHSHRINK = signature<InputArguments>('tanhshrink', 'input: Tensor');

/** `x - tanh(x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.tanhshrink`. */
export function tanhshrink(...args: InputCall): Tensor {
  return TANHSHRINK.call(args, ({ input }) => input.sub(input.tanh()));
}

const SOFTSIGN = signature<InputArguments>('softsign', 'input: Tensor');

/** `x / (1 + |x|)`. The result has the shape of `input`. Mirrors `torch.nn.functional.softsign`. */
export function softsign(...args: InputCall): Tensor {
  return SOFTSIGN.call(args, ({ input }) => input.div(input.abs().add(1)));
}

const TANH = signature<InputArguments>('tanh', 'input: Tensor');

/** The hyperbolic tangent. The result has the shape of `input`. Mirrors `torch.nn.functional.tanh`. */
export function tanh(...args: InputCall): Tensor {
  return TANH.read(args).input.tanh();
}

const SIGMOID = signature<InputArguments>('sigmoid', 'input: Tensor');

/** `1 / (1 + exp(-x))`. The result has the shape of `input`. Mirrors `torch.nn.functional.sigmoid`. */
export function sigmoid(...args: InputCall): Tensor {
  return SIGMOID.read(args).input.sigmoid();
}

/**
 * The logarithm of the sigmoid, `log(1 / (1 + exp(-x)))`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.logsigmoid`.
 */
export const logsigmoid = operator_as('logsigmoid', 'aten::log_sigmoid', '', 'out') as typeof nn.log_sigmoid;

const HARDSIGMOID = activation_signature('hardsigmoid');

/**
 * A piecewise-linear approximation of the sigmoid. `x / 6 + 1 / 2` within [0, 1]. The result has the shape of `input`.
 * Mirrors `torch.nn.functional.hardsigmoid`.
 */
export function hardsigmoid(...args: ActivationCall): Tensor {
  return activated(HARDSIGMOID, args, nn.hardsigmoid, nn.hardsigmoid_);
}

const SILU = activation_signature('silu');

/** `x * sigmoid(x)`. The result has the shape of `input`. Mirrors `torch.nn.functional.silu`. */
export function silu(...args: ActivationCall): Tensor {
  return activated(SILU, args, nn.silu, nn.silu_);
}

const MISH = activation_signature('mish');

/** `x * tanh(softplus(x))`. The result has the shape of `input`. Mirrors `torch.nn.functional.mish`. */
export function mish(...args: ActivationCall): Tensor {
  return activated(MISH, args, nn.mish, nn.mish_);
}

const HARDSWISH = activation_signature('hardswish');

/**
 * An approximation of the SiLU by simpler functions. `x * hardsigmoid(x)`. The result has the shape of `input`. Mirrors
 * `torch.nn.functional.hardswish`.
 */
export function hardswish(...args: ActivationCall): Tensor {
  return activated(HARDSWISH, args, nn.hardswish, nn.hardswish_);
}

/** What the softmax family takes by name. */
export interface SoftmaxOptions {
  /** Dimension along which the values become a distribution. */
  dim?: number | null;
  /** Has no effect: Python's depth of the warning about a missing `dim`. */
  _stacklevel?: number;
  /** Convert the input to this dtype first. */
  dtype?: DType | null;
}

interface SoftmaxArguments extends SoftmaxOptions {
  input: Tensor;
}

type SoftmaxCall = Arguments<
  [input: Tensor, dim?: number | null, _stacklevel?: number, dtype?: DType | null],
  SoftmaxArguments,
  ['input', 'dim', '_stacklevel', 'dtype']
>;

const softmax_signature = (callee: string): Signature<SoftmaxArguments> =>
  signature(callee, 'input: Tensor, dim?: int|None, _stacklevel?: int, dtype?: dtype|None');

function implicit_dim(callee: string, ndim: number): number {
  warn(`Implicit dimension choice for ${callee} has been deprecated. Change the call to include dim=X as an argument.`);
  return ndim === 0 || ndim === 1 || ndim === 3 ? 0 : 1;
}

const SOFTMAX = softmax_signature('softmax');

/**
 * `exp(x)` over its sum along `dim`. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.softmax`.
 */
export function softmax(...args: SoftmaxCall): Tensor {
  const { input, dim = null, dtype = null } = SOFTMAX.read(args);
  const along = dim ?? implicit_dim('softmax', input.ndim);
  return dtype === null ? input.softmax(along) : input.softmax(along, dtype);
}

const SOFTMIN = softmax_signature('softmin');

/**
 * The softmax of `-x`. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.softmin`.
 */
export function softmin(...args: SoftmaxCall): Tensor {
  return SOFTMIN.call(args, ({ input, dim = null, dtype = null }) => {
    const along = dim ?? implicit_dim('softmin', input.ndim);
    return dtype === null ? input.neg().softmax(along) : input.neg().softmax(along, dtype);
  });
}

const LOG_SOFTMAX = softmax_signature('log_softmax');

/**
 * The logarithm of the softmax, computed together. The result has the shape of `input`. `dtype` converts first. Mirrors
 * `torch.nn.functional.log_softmax`.
 */
export function log_softmax(...args: SoftmaxCall): Tensor {
  const { input, dim = null, dtype = null } = LOG_SOFTMAX.read(args);
  const along = dim ?? implicit_dim('log_softmax', input.ndim);
  return dtype === null ? input.log_softmax(along) : input.log_softmax(along, dtype);
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

interface GumbelSoftmaxArguments extends GumbelSoftmaxOptions {
  logits: Tensor;
}

const GUMBEL_SOFTMAX = signature<GumbelSoftmaxArguments>(
  'gumbel_softmax',
  'logits: Tensor, tau?: float, hard?: bool, eps?: float, dim?: int',
);

/**
 * Samples from the Gumbel-softmax distribution. `logits` are unnormalized log probabilities; the result has their
 * shape. Mirrors `torch.nn.functional.gumbel_softmax`.
 */
export function gumbel_softmax(
  ...args: Arguments<
    [logits: Tensor, tau?: number, hard?: boolean, eps?: number, dim?: number],
    GumbelSoftmaxArguments,
    ['logits', 'tau', 'hard', 'eps', 'dim']
  >
): Tensor {
  return GUMBEL_SOFTMAX.call(args, ({ logits, tau = 1, hard = false, eps = 1e-10, dim = -1 }) => {
    if (eps !== 1e-10) warn('`eps` parameter is deprecated and has no effect.');
    const noise = ops.empty_like(logits).exponential_().log().neg();
    const soft = logits.add(noise).div(tau).softmax(dim);
    if (!hard) return soft;
    const index = soft.argmax(dim, true);
    const one_hot = ops.zeros_like(logits).scatter_(dim, index, 1);
    return one_hot.sub(soft.detach()).add(soft);
  });
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

interface EmbeddingArguments extends EmbeddingOptions {
  input: Tensor;
  weight: Tensor;
}

const EMBEDDING = signature<EmbeddingArguments>(
  'embedding',
  'input: Tensor, weight: Tensor, padding_idx?: int|None, max_norm?: float|None, norm_type?: float, ' +
    'scale_grad_by_freq?: bool, sparse?: bool',
);

/**
 * Looks up the rows of `weight` (num_embeddings, embedding_dim) at the integers of `input` (any shape). The result is
 * (..., embedding_dim). Mirrors `torch.nn.functional.embedding`.
 * @throws Error when `padding_idx` is out of range
 */
export function embedding(
  ...args: Arguments<
    [
      input: Tensor,
      weight: Tensor,
      padding_idx?: number | null,
      max_norm?: number | null,
      norm_type?: number,
      scale_grad_by_freq?: boolean,
      sparse?: boolean,
    ],
    EmbeddingArguments,
    ['input', 'weight', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
  >
): Tensor {
  return EMBEDDING.call(args, (given) => {
    const { input, weight, padding_idx = null, max_norm = null, norm_type = 2 } = given;
    const { scale_grad_by_freq = false, sparse = false } = given;
    const padding = checked_padding_idx(padding_idx, weight.size(0)) ?? -1;
    let indices = input;
    if (max_norm !== null) {
      indices = input.contiguous();
      ops.embedding_renorm_(weight.detach(), indices, max_norm, norm_type);
    }
    return ops.embedding(weight, indices, padding, scale_grad_by_freq, sparse);
  });
}

// ---- Normalization ------------------------------------------------------------------------------

function refuse_single_value(size: readonly number[]): void {
  const values = size.slice(2).reduce((product, length) => product * length, size[0]!);
  if (values === 1) {
    throw new Error(
      `Expected more than 1 value per channel when training, got input size torch.Size([${size.join(', ')}])`,
    );
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

interface BatchNormArguments extends BatchNormOptions {
  input: Tensor;
  running_mean: Tensor | null;
  running_var: Tensor | null;
}

const BATCH_NORM = signature<BatchNormArguments>(
  'batch_norm',
  'input: Tensor, running_mean: Tensor|None, running_var: Tensor|None, weight?: Tensor|None, ' +
    'bias?: Tensor|None, training?: bool, momentum?: float, eps?: float',
);

/**
 * Normalizes each channel over the batch. `input` (N, C, ...); `weight`, `bias` and the running statistics (C), which
 * training updates. Mirrors `torch.nn.functional.batch_norm`.
 * @throws Error when training sees only one value per channel, and for a negative `eps`
 */
export function batch_norm(
  ...args: Arguments<
    [
      input: Tensor,
      running_mean: Tensor | null,
      running_var: Tensor | null,
      weight?: Tensor | null,
      bias?: Tensor | null,
      training?: boolean,
      momentum?: number,
      eps?: number,
    ],
    BatchNormArguments,
    ['input', 'running_mean', 'running_var', 'weight', 'bias', 'training', 'momentum', 'eps']
  >
): Tensor {
  const {
    input,
    running_mean,
    running_var,
    weight = null,
    bias = null,
    training = false,
    momentum = 0.1,
    eps = 1e-5,
  } = BATCH_NORM.read(args);
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

interface InstanceNormArguments extends InstanceNormOptions {
  input: Tensor;
}

const INSTANCE_NORM = signature<InstanceNormArguments>(
  'instance_norm',
  'input: Tensor, running_mean?: Tensor|None, running_var?: Tensor|None, weight?: Tensor|None, ' +
    'bias?: Tensor|None, use_input_stats?: bool, momentum?: float, eps?: float',
);

/**
 * Normalizes each channel of each sample. `input` (N, C, ...); `weight`, `bias` and the running statistics (C). Mirrors
 * `torch.nn.functional.instance_norm`.
 * @throws Error when there is only one value per channel
 */
export function instance_norm(
  ...args: Arguments<
    [
      input: Tensor,
      running_mean?: Tensor | null,
      running_var?: Tensor | null,
      weight?: Tensor | null,
      bias?: Tensor | null,
      use_input_stats?: boolean,
      momentum?: number,
      eps?: number,
    ],
    InstanceNormArguments,
    ['input', 'running_mean', 'running_var', 'weight', 'bias', 'use_input_stats', 'momentum', 'eps']
  >
): Tensor {
  const given = INSTANCE_NORM.read(args);
  const { input, running_mean = null, running_var = null, weight = null, bias = null } = given;
  const { use_input_stats = true, momentum = 0.1, eps = 1e-5 } = given;
  if (use_input_stats && input.shape.slice(2).reduce((product, length) => product * length, 1) === 1) {
    throw new Error(`Expected more than 1 spatial element when training, got input size ${String(input.shape)}`);
  }
  return ops.instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
}

/** What {@link layer_norm} takes by name. */
export interface LayerNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  eps?: number;
}

interface LayerNormArguments extends LayerNormOptions {
  input: Tensor;
  normalized_shape: readonly number[];
}

const LAYER_NORM = signature<LayerNormArguments>(
  'layer_norm',
  'input: Tensor, normalized_shape: int[], weight?: Tensor|None, bias?: Tensor|None, eps?: float',
);

/**
 * Normalizes over the last dimensions, which must have the sizes `normalized_shape`. `weight` and `bias` have the shape
 * `normalized_shape`. Mirrors `torch.nn.functional.layer_norm`.
 * @throws Error when the sizes differ
 */
export function layer_norm(
  ...args: Arguments<
    [input: Tensor, normalized_shape: readonly number[], weight?: Tensor | null, bias?: Tensor | null, eps?: number],
    LayerNormArguments,
    ['input', 'normalized_shape', 'weight', 'bias', 'eps']
  >
): Tensor {
  const { input, normalized_shape, weight = null, bias = null, eps = 1e-5 } = LAYER_NORM.read(args);
  return ops.layer_norm(input, normalized_shape, weight, bias, eps, true);
}

/** What {@link rms_norm} takes by name. */
export interface RMSNormOptions {
  weight?: Tensor | null;
  /** Default: that of the dtype. */
  eps?: number | null;
}

interface RMSNormArguments extends RMSNormOptions {
  input: Tensor;
  normalized_shape: readonly number[];
}

const RMS_NORM = signature<RMSNormArguments>(
  'rms_norm',
  'input: Tensor, normalized_shape: int[], weight?: Tensor|None, eps?: float|None',
);

/**
 * Divides by the root mean square over the last dimensions, which must have the sizes `normalized_shape`. `weight` has
 * the shape `normalized_shape`. Mirrors `torch.nn.functional.rms_norm`.
 * @throws Error when the sizes differ
 */
export function rms_norm(
  ...args: Arguments<
    [input: Tensor, normalized_shape: readonly number[], weight?: Tensor | null, eps?: number | null],
    RMSNormArguments,
    ['input', 'normalized_shape', 'weight', 'eps']
  >
): Tensor {
  const { input, normalized_shape, weight = null, eps = null } = RMS_NORM.read(args);
  return ops.rms_norm(input, normalized_shape, weight, eps);
}

interface GroupNormArguments extends LayerNormOptions {
  input: Tensor;
  num_groups: number;
}

const GROUP_NORM = signature<GroupNormArguments>(
  'group_norm',
  'input: Tensor, num_groups: int, weight?: Tensor|None, bias?: Tensor|None, eps?: float',
);

/**
 * Normalizes over groups of channels of (N, C, ...). `weight` and `bias` (C). Mirrors `torch.nn.functional.group_norm`.
 * @throws Error for fewer than two dimensions, and unless the groups divide C
 */
export function group_norm(
  ...args: Arguments<
    [input: Tensor, num_groups: number, weight?: Tensor | null, bias?: Tensor | null, eps?: number],
    GroupNormArguments,
    ['input', 'num_groups', 'weight', 'bias', 'eps']
  >
): Tensor {
  const { input, num_groups, weight = null, bias = null, eps = 1e-5 } = GROUP_NORM.read(args);
  const sizes = input.shape;
  if (sizes.length < 2) {
    throw new Error(`Expected at least 2 dimensions for input tensor but received ${sizes.length}`);
  }
  refuse_single_value([Math.floor((sizes[0]! * sizes[1]!) / num_groups), num_groups, ...sizes.slice(2)]);
  return ops.group_norm(input, num_groups, weight, bias, eps, true);
}

/** What {@link local_response_norm} takes by name. */
export interface LocalResponseNormOptions {
  alpha?: number;
  beta?: number;
  k?: number;
}

interface LocalResponseNormArguments extends LocalResponseNormOptions {
  input: Tensor;
  /** How many channels are summed over. */
  size: number;
}

const LOCAL_RESPONSE_NORM = signature<LocalResponseNormArguments>(
  'local_response_norm',
  'input: Tensor, size: int, alpha?: float, beta?: float, k?: float',
);

/**
 * Divides each value by a power of the squares in the channels around it. `input` (N, C, ...), of three dimensions or
 * more. Mirrors `torch.nn.functional.local_response_norm`.
 * @throws Error for fewer dimensions
 */
export function local_response_norm(
  ...args: Arguments<
    [input: Tensor, size: number, alpha?: number, beta?: number, k?: number],
    LocalResponseNormArguments,
    ['input', 'size', 'alpha', 'beta', 'k']
  >
): Tensor {
  return LOCAL_RESPONSE_NORM.call(args, ({ input, size, alpha = 1e-4, beta = 0.75, k = 1 }) => {
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
      squares = nn
        .avg_pool3d(squares, [size, 1, 1], 1)
        .squeeze(1)
        .view([...sizes]);
    }
    return input.div(squares.mul(alpha).add(k).pow(beta));
  });
}

/** What {@link normalize} takes by name. */
export interface NormalizeOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  dim?: number | readonly number[];
  eps?: number;
  out?: Tensor | null;
}

interface NormalizeArguments extends NormalizeOptions {
  input: Tensor;
}

const NORMALIZE = signature<NormalizeArguments>(
  'normalize',
  'input: Tensor, p?: float, dim?: int|int[], eps?: float, out?: Tensor|None',
);

/**
 * Divides vectors along `dim` (default 1) by their norm, or by `eps` where that is larger. The result has the shape of
 * `input`. Mirrors `torch.nn.functional.normalize`.
 */
export function normalize(
  ...args: Arguments<
    [input: Tensor, p?: number, dim?: number | readonly number[], eps?: number, out?: Tensor | null],
    NormalizeArguments,
    ['input', 'p', 'dim', 'eps', 'out']
  >
): Tensor {
  return NORMALIZE.call(args, ({ input, p = 2, dim = 1, eps = 1e-12, out = null }) => {
    const norm = input.norm(p, typeof dim === 'object' ? dim : [dim], true);
    if (out === null) return input.div(norm.clamp_min(eps).expand_as(input));
    return ops.div(input, norm.clamp_min_(eps).expand_as(input), { out });
  });
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

interface PadArguments extends PadOptions {
  input: Tensor;
  /** How many to add, from the last dimension backwards: before, after, before, after, ... */
  pad: readonly number[];
}

const PAD = signature<PadArguments>('pad', 'input: Tensor, pad: int[], mode?: str, value?: float|None');

/**
 * Adds a border: `pad` counts, from the last dimension backwards, what comes before and after. `mode` 'constant' fills
 * with `value`; 'reflect', 'replicate' and 'circular' take what is there. Mirrors `torch.nn.functional.pad`.
 * @throws Error when `pad` has too many numbers for the dimensions
 * @example
 * ```ts
 * F.pad(torch.ones(1, 2), [1, 1]);
 * F.pad(torch.ones(1, 2), { pad: [1, 1], value: 0.5 });
 * ```
 */
export function pad(
  ...args: Arguments<
    [input: Tensor, pad: readonly number[], mode?: PaddingMode, value?: number | null],
    PadArguments,
    ['input', 'pad', 'mode', 'value']
  >
): Tensor {
  const { input, pad, mode = 'constant', value = null } = PAD.read(args);
  return nn.pad(input, pad, mode, value);
}

function pair(value: IntOrSize): readonly number[] {
  return typeof value === 'object' ? value : [value, value];
}

/** What {@link unfold} and {@link fold} take by name. */
export interface FoldOptions {
  dilation?: IntOrSize;
  padding?: IntOrSize;
  stride?: IntOrSize;
}

interface UnfoldArguments extends FoldOptions {
  input: Tensor;
  kernel_size: IntOrSize;
}

const UNFOLD = signature<UnfoldArguments>(
  'unfold',
  'input: Tensor, kernel_size: int|int[], dilation?: int|int[], padding?: int|int[], stride?: int|int[]',
);

const im2col = operator_as('unfold', 'aten::im2col', '') as typeof nn.im2col;

/**
 * Cuts (N, C, H, W) into sliding windows, one per column. Also (C, H, W); the result is (N, C * kernel sizes, windows).
 * Mirrors `torch.nn.functional.unfold`.
 * @throws Error for other shapes
 */
export function unfold(
  ...args: Arguments<
    [input: Tensor, kernel_size: IntOrSize, dilation?: IntOrSize, padding?: IntOrSize, stride?: IntOrSize],
    UnfoldArguments,
    ['input', 'kernel_size', 'dilation', 'padding', 'stride']
  >
): Tensor {
  const { input, kernel_size, dilation = 1, padding = 0, stride = 1 } = UNFOLD.read(args);
  return im2col(input, pair(kernel_size), pair(dilation), pair(padding), pair(stride));
}

interface FoldArguments extends UnfoldArguments {
  output_size: IntOrSize;
}

const FOLD = signature<FoldArguments>(
  'fold',
  'input: Tensor, output_size: int|int[], kernel_size: int|int[], dilation?: int|int[], padding?: int|int[], ' +
    'stride?: int|int[]',
);

const col2im = operator_as('fold', 'aten::col2im', '') as typeof nn.col2im;

/**
 * Adds windows, one per column, up to an image of `output_size`. The reverse of {@link unfold}: `input` (N, C * kernel
 * sizes, windows) gives (N, C, H, W). Mirrors `torch.nn.functional.fold`.
 * @throws Error when the number of windows does not fit
 */
export function fold(
  ...args: Arguments<
    [
      input: Tensor,
      output_size: IntOrSize,
      kernel_size: IntOrSize,
      dilation?: IntOrSize,
      padding?: IntOrSize,
      stride?: IntOrSize,
    ],
    FoldArguments,
    ['input', 'output_size', 'kernel_size', 'dilation', 'padding', 'stride']
  >
): Tensor {
  const { input, output_size, kernel_size, dilation = 1, padding = 0, stride = 1 } = FOLD.read(args);
  return col2im(input, pair(output_size), pair(kernel_size), pair(dilation), pair(padding), pair(stride));
}

// ---- Losses -------------------------------------------------------------------------------------

/** What each loss takes by name. */
export interface LossOptions extends LegacyReduction {
  reduction?: Reduction;
}

function meant_reduction({ size_average, reduce, reduction = 'mean' }: LossOptions): Reduction {
  return resolve_reduction(size_average, reduce, reduction);
}

interface Pair {
  input: Tensor;
  target: Tensor;
}

interface LossArguments extends Pair, LossOptions {}

type LossCall = Arguments<
  [input: Tensor, target: Tensor, size_average?: boolean | null, reduce?: boolean | null, reduction?: Reduction],
  LossArguments,
  ['input', 'target', 'size_average', 'reduce', 'reduction']
>;

/** What {@link nll_loss} takes by name. */
export interface NLLLossOptions extends LossOptions {
  /** A factor for each class. */
  weight?: Tensor | null;
  /** Targets of this class do not count. Default -100. */
  ignore_index?: number;
}

interface NLLLossArguments extends Pair, NLLLossOptions {}

const NLL_LOSS = signature<NLLLossArguments>(
  'nll_loss',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ignore_index?: int, ' +
    'reduce?: bool|None, reduction?: str',
);

const nll_loss_nd = operator_as('nll_loss', 'aten::nll_loss_nd', '') as typeof nn.nll_loss_nd;

/**
 * The negative log likelihood of the classes `target`, given log probabilities (N, C, ...) or (C). `target` (N, ...) or
 * (), int64. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.nll_loss`.
 * @throws Error when there is no such reduction
 */
export function nll_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      weight?: Tensor | null,
      size_average?: boolean | null,
      ignore_index?: number,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    NLLLossArguments,
    ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction']
  >
): Tensor {
  const given = NLL_LOSS.read(args);
  const { input, target, weight = null, ignore_index = -100 } = given;
  return nll_loss_nd(input, target, weight, reduction_code(meant_reduction(given)), ignore_index);
}

/** What {@link cross_entropy} takes by name. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** How much of the target is spread evenly over the classes, in [0, 1]. Default 0. */
  label_smoothing?: number;
}

interface CrossEntropyArguments extends Pair, CrossEntropyOptions {}

const CROSS_ENTROPY = signature<CrossEntropyArguments>(
  'cross_entropy',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ignore_index?: int, ' +
    'reduce?: bool|None, reduction?: str, label_smoothing?: float',
);

const cross_entropy_loss = operator_as('cross_entropy', 'aten::cross_entropy_loss', '') as typeof nn.cross_entropy_loss;

/**
 * The cross entropy of unnormalized scores (N, C, ...) or (C) with targets: class indices, or probabilities of the
 * shape of the scores. `target` (N, ...) or (), int64, or as `input`. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.cross_entropy`.
 * @throws Error when there is no such reduction
 */
export function cross_entropy(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      weight?: Tensor | null,
      size_average?: boolean | null,
      ignore_index?: number,
      reduce?: boolean | null,
      reduction?: Reduction,
      label_smoothing?: number,
    ],
    CrossEntropyArguments,
    ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing']
  >
): Tensor {
  const given = CROSS_ENTROPY.read(args);
  const { input, target, weight = null, ignore_index = -100, label_smoothing = 0 } = given;
  return cross_entropy_loss(
    input,
    target,
    weight,
    reduction_code(meant_reduction(given)),
    ignore_index,
    label_smoothing,
  );
}

function broadcast(input: Tensor, target: Tensor): [Tensor, Tensor] {
  if (same_sizes(input.shape, target.shape)) return [input, target];
  warn(
    `Using a target size (${String(target.shape)}) that is different to the input size (${String(input.shape)}). ` +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
  const [expanded_input, expanded_target] = ops.broadcast_tensors([input, target]) as [Tensor, Tensor];
  return [expanded_input, expanded_target];
}

/** What the losses with a weight for each element take by name. */
export interface WeightedLossOptions extends LossOptions {
  weight?: Tensor | null;
}

interface WeightedLossArguments extends Pair, WeightedLossOptions {}

type WeightedLossCall = Arguments<
  [
    input: Tensor,
    target: Tensor,
    size_average?: boolean | null,
    reduce?: boolean | null,
    reduction?: Reduction,
    weight?: Tensor | null,
  ],
  WeightedLossArguments,
  ['input', 'target', 'size_average', 'reduce', 'reduction', 'weight']
>;

const weighted_loss_signature = (callee: string): Signature<WeightedLossArguments> =>
  signature(
    callee,
    'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str, weight?: Tensor|None',
  );

function reduce_weighted(errors: Tensor, input: Tensor, weight: Tensor, reduction: string): Tensor {
  if (!same_sizes(weight.shape, input.shape)) throw new Error('Weights and input must have the same size.');
  const weighted = errors.mul(weight);
  switch (reduction) {
    case 'none':
      return weighted;
    case 'sum':
      return weighted.sum();
    case 'mean':
      return weighted.sum().div(weight.sum());
    default:
      throw new Error(`Invalid reduction mode: ${shown(reduction)}. Expected one of 'none', 'mean', 'sum'.`);
  }
}

const L1_LOSS = weighted_loss_signature('l1_loss');

/**
 * The absolute differences. Shapes broadcast. With `reduction` 'none' one loss for each element, else their mean or
 * sum. Mirrors `torch.nn.functional.l1_loss`.
 * @throws Error when there is no such reduction
 */
export function l1_loss(...args: WeightedLossCall): Tensor {
  return L1_LOSS.call(args, (given) => {
    const { input, target, weight = null } = given;
    const reduction = meant_reduction(given);
    const [a, b] = broadcast(input, target);
    if (weight !== null) return reduce_weighted(a.sub(b).abs(), input, weight, reduction);
    return nn.l1_loss(a, b, reduction_code(reduction));
  });
}

const MSE_LOSS = weighted_loss_signature('mse_loss');

/**
 * The squared differences. Shapes broadcast. With `reduction` 'none' one loss for each element, else their mean or sum.
 * Mirrors `torch.nn.functional.mse_loss`.
 * @throws Error when there is no such reduction
 */
export function mse_loss(...args: WeightedLossCall): Tensor {
  return MSE_LOSS.call(args, (given) => {
    const { input, target, weight = null } = given;
    const reduction = meant_reduction(given);
    const [a, b] = broadcast(input, target);
    if (weight !== null) return reduce_weighted(a.sub(b).pow(2), input, weight, reduction);
    return nn.mse_loss(a, b, reduction_code(reduction));
  });
}

/** What {@link smooth_l1_loss} takes by name. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Where the loss turns from squared to absolute. Default 1. */
  beta?: number;
}

interface SmoothL1LossArguments extends Pair, SmoothL1LossOptions {}

const SMOOTH_L1_LOSS = signature<SmoothL1LossArguments>(
  'smooth_l1_loss',
  'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str, ' + 'beta?: float',
);

/**
 * Squared differences below `beta`, absolute ones above. `0.5 * (x - y) ** 2 / beta`, or `|x - y| - 0.5 * beta`. With
 * `reduction` 'none' one loss for each element, else their mean or sum. Mirrors `torch.nn.functional.smooth_l1_loss`.
 * @throws Error when there is no such reduction
 */
export function smooth_l1_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
      beta?: number,
    ],
    SmoothL1LossArguments,
    ['input', 'target', 'size_average', 'reduce', 'reduction', 'beta']
  >
): Tensor {
  return SMOOTH_L1_LOSS.call(args, (given) => {
    const { beta = 1 } = given;
    const reduction = reduction_code(meant_reduction(given));
    const [a, b] = broadcast(given.input, given.target);
    return beta === 0 ? nn.l1_loss(a, b, reduction) : nn.smooth_l1_loss(a, b, reduction, beta);
  });
}

/** What {@link huber_loss} takes by name. */
export interface HuberLossOptions {
  reduction?: Reduction;
  /** Where the loss turns from squared to absolute. Default 1. */
  delta?: number;
  weight?: Tensor | null;
}

interface HuberLossArguments extends Pair, HuberLossOptions {}

const HUBER_LOSS = signature<HuberLossArguments>(
  'huber_loss',
  'input: Tensor, target: Tensor, reduction?: str, delta?: float, weight?: Tensor|None',
);

/**
 * Squared differences below `delta`, absolute ones (times `delta`) above. `0.5 * (x - y) ** 2`, or `delta * (|x - y| -
 * 0.5 * delta)`. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.huber_loss`.
 * @throws Error when there is no such reduction
 */
export function huber_loss(
  ...args: Arguments<
    [input: Tensor, target: Tensor, reduction?: Reduction, delta?: number, weight?: Tensor | null],
    HuberLossArguments,
    ['input', 'target', 'reduction', 'delta', 'weight']
  >
): Tensor {
  return HUBER_LOSS.call(args, ({ input, target, reduction = 'mean', delta = 1, weight = null }) => {
    const [a, b] = broadcast(input, target);
    if (weight === null) return nn.huber_loss(a, b, reduction_code(reduction), delta);
    const errors = nn.huber_loss(a, b, reduction_code('none'), delta);
    // Unlike its siblings, Python's weighted Huber loss is the plain mean.
    if (reduction === 'mean' && same_sizes(weight.shape, input.shape)) return errors.mul(weight).mean();
    return reduce_weighted(errors, input, weight, reduction);
  });
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

interface KLDivArguments extends Pair, KLDivOptions {}

const KL_DIV = signature<KLDivArguments>(
  'kl_div',
  'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str, ' +
    'log_target?: bool',
);

/**
 * The Kullback-Leibler divergence of `target` from the log probabilities `input`. With `log_target` the target holds
 * log probabilities, too. `reduction` 'batchmean' divides the sum by the first size. Mirrors
 * `torch.nn.functional.kl_div`.
 * @throws Error when there is no such reduction
 */
export function kl_div(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction | 'batchmean',
      log_target?: boolean,
    ],
    KLDivArguments,
    ['input', 'target', 'size_average', 'reduce', 'reduction', 'log_target']
  >
): Tensor {
  return KL_DIV.call(args, (given) => {
    const { input, target, size_average = null, reduce = null, log_target = false } = given;
    const reduction = resolve_reduction(size_average, reduce, given.reduction ?? 'mean');
    if (size_average === null && reduce === null && reduction === 'mean') {
      warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only " +
          "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as " +
          "'batchmean' in the next major release.",
      );
    }
    const code = reduction_code(reduction === 'batchmean' ? 'sum' : reduction);
    const reduced = ops.kl_div(input, target, code, { log_target });
    return reduction === 'batchmean' && input.ndim !== 0 ? reduced.div(input.size(0)) : reduced;
  });
}

/** What {@link binary_cross_entropy} takes by name. */
export interface BCELossOptions extends LossOptions {
  /** A factor for each element, or what broadcasts to that. */
  weight?: Tensor | null;
}

interface BCELossArguments extends Pair, BCELossOptions {}

const BINARY_CROSS_ENTROPY = signature<BCELossArguments>(
  'binary_cross_entropy',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ' +
    'reduce?: bool|None, reduction?: str',
);

/**
 * The cross entropy of probabilities with targets in [0, 1]. Both of one shape. With `reduction` 'none' one loss for
 * each element, else their mean or sum. Mirrors `torch.nn.functional.binary_cross_entropy`.
 * @throws Error when the shapes differ, and when there is no such reduction
 */
export function binary_cross_entropy(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      weight?: Tensor | null,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    BCELossArguments,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  return BINARY_CROSS_ENTROPY.call(args, (given) => {
    const { input, target, weight = null } = given;
    const reduction = reduction_code(meant_reduction(given));
    if (!same_sizes(input.shape, target.shape)) {
      throw new Error(
        `Using a target size (${String(target.shape)}) that is different to the input size ` +
          `(${String(input.shape)}) is deprecated. Please ensure they have the same size.`,
      );
    }
    return nn.binary_cross_entropy(input, target, weight === null ? null : weight.expand_as(target), reduction);
  });
}

/** What {@link binary_cross_entropy_with_logits} takes by name. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** A factor for the positive targets of each class. */
  pos_weight?: Tensor | null;
}

interface BCEWithLogitsLossArguments extends Pair, BCEWithLogitsLossOptions {}

const BINARY_CROSS_ENTROPY_WITH_LOGITS = signature<BCEWithLogitsLossArguments>(
  'binary_cross_entropy_with_logits',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ' +
    'reduce?: bool|None, reduction?: str, pos_weight?: Tensor|None',
);

/**
 * The cross entropy of unnormalized scores with targets in [0, 1]. Both of one shape. With `reduction` 'none' one loss
 * for each element, else their mean or sum. Mirrors `torch.nn.functional.binary_cross_entropy_with_logits`.
 * @throws Error when the shapes differ, and when there is no such reduction
 */
export function binary_cross_entropy_with_logits(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      weight?: Tensor | null,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
      pos_weight?: Tensor | null,
    ],
    BCEWithLogitsLossArguments,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction', 'pos_weight']
  >
): Tensor {
  const given = BINARY_CROSS_ENTROPY_WITH_LOGITS.read(args);
  const { input, target, weight = null, pos_weight = null } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (!same_sizes(input.shape, target.shape)) {
    throw new Error(`Target size (${String(target.shape)}) must be the same as input size (${String(input.shape)})`);
  }
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

interface PoissonNLLLossArguments extends Pair, PoissonNLLLossOptions {}

const POISSON_NLL_LOSS = signature<PoissonNLLLossArguments>(
  'poisson_nll_loss',
  'input: Tensor, target: Tensor, log_input?: bool, full?: bool, size_average?: bool|None, ' +
    'eps?: float, reduce?: bool|None, reduction?: str',
);

/**
 * The negative log likelihood of counts under a Poisson distribution. `input` is the rate, or its logarithm
 * (`log_input`, the default). With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.poisson_nll_loss`.
 * @throws Error when there is no such reduction
 */
export function poisson_nll_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      log_input?: boolean,
      full?: boolean,
      size_average?: boolean | null,
      eps?: number,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    PoissonNLLLossArguments,
    ['input', 'target', 'log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']
  >
): Tensor {
  const given = POISSON_NLL_LOSS.read(args);
  const { input, target, log_input = true, full = false, eps = 1e-8 } = given;
  return ops.poisson_nll_loss(input, target, log_input, full, eps, reduction_code(meant_reduction(given)));
}

/** What losses with a margin take by name. */
export interface MarginLossOptions extends LossOptions {
  margin?: number;
}

interface MarginRankingLossArguments extends MarginLossOptions {
  input1: Tensor;
  input2: Tensor;
  target: Tensor;
}

type MarginRankingLossCall = Arguments<
  [
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin?: number,
    size_average?: boolean | null,
    reduce?: boolean | null,
    reduction?: Reduction,
  ],
  MarginRankingLossArguments,
  ['input1', 'input2', 'target', 'margin', 'size_average', 'reduce', 'reduction']
>;

const margin_ranking_signature = (callee: string): Signature<MarginRankingLossArguments> =>
  signature(
    callee,
    'input1: Tensor, input2: Tensor, target: Tensor, margin?: float, size_average?: bool|None, reduce?: bool|None, ' +
      'reduction?: str',
  );

const MARGIN_RANKING_LOSS = margin_ranking_signature('margin_ranking_loss');

/**
 * `max(0, -target * (input1 - input2) + margin)`. `target` is 1 or -1. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.margin_ranking_loss`.
 * @throws Error when the numbers of dimensions differ, and when there is no such reduction
 */
export function margin_ranking_loss(...args: MarginRankingLossCall): Tensor {
  const given = MARGIN_RANKING_LOSS.read(args);
  const { input1, input2, target, margin = 0 } = given;
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new Error(
      'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
        `input1: ${String(input1.shape)}, input2: ${String(input2.shape)}, target: ${String(target.shape)} `,
    );
  }
  return ops.margin_ranking_loss(input1, input2, target, margin, reduction_code(meant_reduction(given)));
}

interface HingeEmbeddingLossArguments extends Pair, MarginLossOptions {}

const HINGE_EMBEDDING_LOSS = signature<HingeEmbeddingLossArguments>(
  'hinge_embedding_loss',
  'input: Tensor, target: Tensor, margin?: float, size_average?: bool|None, reduce?: bool|None, ' + 'reduction?: str',
);

/**
 * `x` for targets 1, `max(0, margin - x)` for targets -1. With `reduction` 'none' one loss for each element, else their
 * mean or sum. Mirrors `torch.nn.functional.hinge_embedding_loss`.
 * @throws Error when there is no such reduction
 */
export function hinge_embedding_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      margin?: number,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    HingeEmbeddingLossArguments,
    ['input', 'target', 'margin', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const given = HINGE_EMBEDDING_LOSS.read(args);
  const { input, target, margin = 1 } = given;
  return ops.hinge_embedding_loss(input, target, margin, reduction_code(meant_reduction(given)));
}

const COSINE_EMBEDDING_LOSS = margin_ranking_signature('cosine_embedding_loss');

/**
 * `1 - cos` for targets 1, `max(0, cos - margin)` for targets -1. `input1` and `input2` (N, D) or (D), `target` (N) or
 * (). With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.cosine_embedding_loss`.
 * @throws Error when there is no such reduction
 */
export function cosine_embedding_loss(...args: MarginRankingLossCall): Tensor {
  const given = COSINE_EMBEDDING_LOSS.read(args);
  const { input1, input2, target, margin = 0 } = given;
  return ops.cosine_embedding_loss(input1, input2, target, margin, reduction_code(meant_reduction(given)));
}

const loss_signature = (callee: string): Signature<LossArguments> =>
  signature(callee, 'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str');

const SOFT_MARGIN_LOSS = loss_signature('soft_margin_loss');

/**
 * `log(1 + exp(-target * x))`. `target` is 1 or -1, of the shape of `input`. With `reduction` 'none' one loss for each
 * element, else their mean or sum. Mirrors `torch.nn.functional.soft_margin_loss`.
 * @throws Error when there is no such reduction
 */
export function soft_margin_loss(...args: LossCall): Tensor {
  const given = SOFT_MARGIN_LOSS.read(args);
  return nn.soft_margin_loss(given.input, given.target, reduction_code(meant_reduction(given)));
}

const MULTILABEL_MARGIN_LOSS = loss_signature('multilabel_margin_loss');

/**
 * The margin loss of several classes at once. `input` and `target` (N, C) or (C); `target` holds the right classes,
 * ended by -1. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.multilabel_margin_loss`.
 * @throws Error when there is no such reduction
 */
export function multilabel_margin_loss(...args: LossCall): Tensor {
  const given = MULTILABEL_MARGIN_LOSS.read(args);
  return nn.multilabel_margin_loss(given.input, given.target, reduction_code(meant_reduction(given)));
}

/** What {@link multi_margin_loss} takes by name. */
export interface MultiMarginLossOptions extends MarginLossOptions {
  /** Power of the margins, 1 or 2. Default 1. */
  p?: number;
  weight?: Tensor | null;
}

interface MultiMarginLossArguments extends Pair, MultiMarginLossOptions {}

const MULTI_MARGIN_LOSS = signature<MultiMarginLossArguments>(
  'multi_margin_loss',
  'input: Tensor, target: Tensor, p?: int, margin?: float, weight?: Tensor|None, ' +
    'size_average?: bool|None, reduce?: bool|None, reduction?: str',
);

/**
 * The margin loss of one class among several. `input` (N, C) or (C), `target` (N) or (), int64. With `reduction` 'none'
 * one loss for each element, else their mean or sum. Mirrors `torch.nn.functional.multi_margin_loss`.
 * @throws Error unless `p` is 1 or 2, and when there is no such reduction
 */
export function multi_margin_loss(
  ...args: Arguments<
    [
      input: Tensor,
      target: Tensor,
      p?: number,
      margin?: number,
      weight?: Tensor | null,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    MultiMarginLossArguments,
    ['input', 'target', 'p', 'margin', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const given = MULTI_MARGIN_LOSS.read(args);
  const { input, target, p = 1, margin = 1, weight = null } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (p !== 1 && p !== 2) throw new Error('only p == 1 and p == 2 supported');
  if (weight !== null && weight.ndim !== 1) throw new Error('weight must be one-dimensional');
  return nn.multi_margin_loss(input, target, p, margin, weight, reduction);
}

/** What {@link triplet_margin_loss} takes by name. */
export interface TripletMarginLossOptions extends MarginLossOptions {
  /** Order of the distance. Default 2. */
  p?: number;
  eps?: number;
  /** Use the distance of the positive from the negative where that is smaller. */
  swap?: boolean;
}

interface TripletMarginLossArguments extends TripletMarginLossOptions {
  anchor: Tensor;
  positive: Tensor;
  negative: Tensor;
}

const TRIPLET_MARGIN_LOSS = signature<TripletMarginLossArguments>(
  'triplet_margin_loss',
  'anchor: Tensor, positive: Tensor, negative: Tensor, margin?: float, p?: float, eps?: float, ' +
    'swap?: bool, size_average?: bool|None, reduce?: bool|None, reduction?: str',
);

/**
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. Each (N, D) or (D); d is the `p`-norm of the
 * difference. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.triplet_margin_loss`.
 * @throws Error unless `margin` is positive, and when there is no such reduction
 */
export function triplet_margin_loss(
  ...args: Arguments<
    [
      anchor: Tensor,
      positive: Tensor,
      negative: Tensor,
      margin?: number,
      p?: number,
      eps?: number,
      swap?: boolean,
      size_average?: boolean | null,
      reduce?: boolean | null,
      reduction?: Reduction,
    ],
    TripletMarginLossArguments,
    ['anchor', 'positive', 'negative', 'margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const given = TRIPLET_MARGIN_LOSS.read(args);
  const { anchor, positive, negative, margin = 1, p = 2, eps = 1e-6, swap = false } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (margin <= 0) throw new Error(`margin must be greater than 0, got ${python_float(margin)}`);
  return ops.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction);
}

/** What {@link gaussian_nll_loss} takes by name. */
export interface GaussianNLLLossOptions {
  /** Add the constant term. */
  full?: boolean;
  eps?: number;
  reduction?: Reduction;
}

interface GaussianNLLLossArguments extends Pair, GaussianNLLLossOptions {
  var: Tensor | number;
}

const GAUSSIAN_NLL_LOSS = signature<GaussianNLLLossArguments>(
  'gaussian_nll_loss',
  'input: Tensor, target: Tensor, var: Tensor|float, full?: bool, eps?: float, reduction?: str',
);

/**
 * The negative log likelihood of `target` under normal distributions with mean `input` and variance `var`. `var` has
 * the shape of `input`, or 1 in the last dimension, or lacks it. With `reduction` 'none' one loss for each element,
 * else their mean or sum. Mirrors `torch.nn.functional.gaussian_nll_loss`.
 * @throws Error for negative variances, for other shapes, and when there is no such reduction
 */
export function gaussian_nll_loss(
  ...args: Arguments<
    [input: Tensor, target: Tensor, var_: Tensor | number, full?: boolean, eps?: number, reduction?: Reduction],
    GaussianNLLLossArguments,
    ['input', 'target', 'var', 'full', 'eps', 'reduction']
  >
): Tensor {
  return GAUSSIAN_NLL_LOSS.call(args, ({ input, target, var: var_, full = false, eps = 1e-6, reduction = 'mean' }) => {
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
  });
}

function gaussian_variance(input: Tensor, var_: Tensor | number): Tensor {
  if (!(var_ instanceof Tensor)) {
    if (var_ < 0) throw new Error('var has negative entry/entries');
    return ops.ones_like(input).mul(var_);
  }
  if (var_.lt(0).any().item()) throw new Error('var has negative entry/entries');
  const [wanted, given] = [input.shape, var_.shape];
  if (same_sizes(input.shape, var_.shape)) return var_;
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

type Lengths = Tensor | readonly number[];

interface CTCLossArguments extends CTCLossOptions {
  log_probs: Tensor;
  targets: Tensor;
  input_lengths: Lengths;
  target_lengths: Lengths;
}

const CTC_LOSS = signature<CTCLossArguments>(
  'ctc_loss',
  'log_probs: Tensor, targets: Tensor, input_lengths: Tensor|int[], target_lengths: Tensor|int[], ' +
    'blank?: int, reduction?: str, zero_infinity?: bool',
);

/**
 * The connectionist temporal classification loss. `log_probs` (T, N, C) or (T, C); `targets` (N, S), or all of them in
 * one dimension. With `reduction` 'none' one loss for each element, else their mean or sum. Mirrors
 * `torch.nn.functional.ctc_loss`.
 * @throws TypeError unless both lengths are tensors or both lists; Error when there is no such reduction
 */
export function ctc_loss(
  ...args: Arguments<
    [
      log_probs: Tensor,
      targets: Tensor,
      input_lengths: Lengths,
      target_lengths: Lengths,
      blank?: number,
      reduction?: Reduction,
      zero_infinity?: boolean,
    ],
    CTCLossArguments,
    ['log_probs', 'targets', 'input_lengths', 'target_lengths', 'blank', 'reduction', 'zero_infinity']
  >
): Tensor {
  const given = CTC_LOSS.read(args);
  const { log_probs, targets, input_lengths, target_lengths } = given;
  const { blank = 0, reduction = 'mean', zero_infinity = false } = given;
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
