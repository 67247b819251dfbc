/**
 * The stateless counterparts of the modules. Mirrors `torch.nn.functional`: Python's names and argument
 * order; all arguments go by position or by name, in a trailing options object. Functions that Python itself takes
 * straight from libtorch are exported here as they are generated from libtorch's schemas.
 */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import type { Named } from '../../generated/results.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { operator_as } from '../../_C/dispatch.js';
import type { DType } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import * as nn from '../../generated/nn_functions.js';
import { Tensor } from '../../_tensor.js';
import { checked_padding_idx } from '../../_internal/arguments.js';
import { reduction_code, resolve_reduction, type LegacyReduction, type Reduction } from './reduction.js';
import { python_float, text_or_kind } from '../../_internal/representation.js';
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
  softplus,
  softshrink,
} from '../../generated/nn_functions.js';
export * from './attention.js';
export * from './embedding.js';
export * from './losses.js';
export * from './matmul.js';
export * from './pooling.js';
export * from './sdpa.js';
export * from './vision.js';

/** One number for all spatial dimensions, or one for each. */
export type IntOrSize = number | readonly number[];

/** As {@link IntOrSize}; a null in the list keeps that size of the input. */
export type IntOrSizeOrNull = number | readonly (number | null)[];

// The first overload of a function is what editors show; one with the tensors alone, behind it, lets TypeScript call one of several
// functions: `{ relu: F.relu, gelu: F.gelu }[name](x)`.

// ---- Dropout ------------------------------------------------------------------------------------

/** The options of the dropout functions. */
export interface DropoutOptions {
  /** Probability of an element (or channel) to be zeroed. Default 0.5. */
  p?: number;
  /** Apply dropout; without it the input is returned unchanged. Default true, false for the alpha dropouts. */
  training?: boolean;
  /** Overwrite the input. Default false. */
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
 * Zeroes elements at random with probability `p` and scales the others by `1 / (1 - p)`. Mirrors
 * `torch.nn.functional.dropout`.
 *
 * @param input - of any shape, floating point or complex
 * @param p - probability of an element to be zeroed; default 0.5
 * @param training - apply dropout; default true
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error unless `p` is in [0, 1]; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.dropout(torch.ones(2, 4), 0.25));
 * print(F.dropout(torch.ones(2), { training: false }));
 * ```
 * ```python
 * print(F.dropout(torch.ones(2, 4), 0.25))
 * print(F.dropout(torch.ones(2), training=False))
 * ```
 */
export function dropout(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function dropout(input: Tensor): Tensor;
export function dropout(...args: DropoutCall): Tensor;
export function dropout(...args: unknown[]): Tensor {
  return DROPOUT.call(args, (given) => {
    const { input, p, training, inplace } = with_defaults(given, true);
    return inplace ? ops.dropout_(input, p, training) : ops.dropout(input, p, training);
  });
}

const ALPHA_DROPOUT = dropout_signature('alpha_dropout');

/**
 * Dropout that keeps zero mean and unit variance, for networks of {@link selu}: dropped elements become `-1.7581`
 * before an affine correction. Mirrors `torch.nn.functional.alpha_dropout`.
 *
 * @param input - of any shape, floating point or complex
 * @param p - probability of an element to be dropped; default 0.5
 * @param training - apply dropout; default false
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error unless `p` is in [0, 1]; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.alpha_dropout(torch.ones(2, 4), { p: 0.25, training: true }));
 * ```
 * ```python
 * print(F.alpha_dropout(torch.ones(2, 4), p=0.25, training=True))
 * ```
 */
export function alpha_dropout(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function alpha_dropout(input: Tensor): Tensor;
export function alpha_dropout(...args: DropoutCall): Tensor;
export function alpha_dropout(...args: unknown[]): Tensor {
  return ALPHA_DROPOUT.call(args, (given) => {
    const { input, p, training, inplace } = with_defaults(given, false);
    return inplace ? ops.alpha_dropout_(input, p, training) : ops.alpha_dropout(input, p, training);
  });
}

const FEATURE_ALPHA_DROPOUT = dropout_signature('feature_alpha_dropout');

/**
 * Alpha dropout of whole channels. Mirrors `torch.nn.functional.feature_alpha_dropout`.
 *
 * @param input - of shape `(N, C, ...)`
 * @param p - probability of a channel to be dropped; default 0.5
 * @param training - apply dropout; default false
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error unless `p` is in [0, 1]; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.feature_alpha_dropout(torch.ones(1, 4, 2), { p: 0.5, training: true }));
 * ```
 * ```python
 * print(F.feature_alpha_dropout(torch.ones(1, 4, 2), p=0.5, training=True))
 * ```
 */
export function feature_alpha_dropout(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function feature_alpha_dropout(input: Tensor): Tensor;
export function feature_alpha_dropout(...args: DropoutCall): Tensor;
export function feature_alpha_dropout(...args: unknown[]): Tensor {
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
 * Zeroes whole channels at random with probability `p` and scales the others by `1 / (1 - p)`. Mirrors
 * `torch.nn.functional.dropout1d`.
 *
 * @param input - of shape `(N, C, L)` or `(C, L)`
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param training - apply dropout; default true
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error for other shapes, and unless `p` is in [0, 1]
 * @example
 * ```ts
 * print(F.dropout1d(torch.ones(1, 4, 2), 0.5));
 * ```
 * ```python
 * print(F.dropout1d(torch.ones(1, 4, 2), 0.5))
 * ```
 */
export function dropout1d(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function dropout1d(input: Tensor): Tensor;
export function dropout1d(...args: DropoutCall): Tensor;
export function dropout1d(...args: unknown[]): Tensor {
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
 * Zeroes whole channels at random with probability `p` and scales the others by `1 / (1 - p)`. Mirrors
 * `torch.nn.functional.dropout2d`.
 *
 * @param input - of shape `(N, C, H, W)`; other shapes give a warning
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param training - apply dropout; default true
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error unless `p` is in [0, 1]; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.dropout2d(torch.ones(1, 4, 1, 2), 0.5));
 * ```
 * ```python
 * print(F.dropout2d(torch.ones(1, 4, 1, 2), 0.5))
 * ```
 */
export function dropout2d(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function dropout2d(input: Tensor): Tensor;
export function dropout2d(...args: DropoutCall): Tensor;
export function dropout2d(...args: unknown[]): Tensor {
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
 * Zeroes whole channels at random with probability `p` and scales the others by `1 / (1 - p)`. Mirrors
 * `torch.nn.functional.dropout3d`.
 *
 * @param input - of shape `(N, C, D, H, W)` or `(C, D, H, W)`; other shapes give a warning
 * @param p - probability of a channel to be zeroed; default 0.5
 * @param training - apply dropout; default true
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape of `input`
 * @throws Error unless `p` is in [0, 1]; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.dropout3d(torch.ones(1, 4, 1, 1, 2), 0.5));
 * ```
 * ```python
 * print(F.dropout3d(torch.ones(1, 4, 1, 1, 2), 0.5))
 * ```
 */
export function dropout3d(input: Tensor, p?: number, training?: boolean, inplace?: boolean): Tensor;
export function dropout3d(input: Tensor): Tensor;
export function dropout3d(...args: DropoutCall): Tensor;
export function dropout3d(...args: unknown[]): Tensor {
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

/** The arguments of {@link threshold}. */
export interface ThresholdArguments {
  input: Tensor;
  /** Values above it are kept. */
  threshold: number;
  /** The value that replaces the others. */
  value: number;
  /** Overwrite the input. Default false. */
  inplace?: boolean;
}

const THRESHOLD = signature<ThresholdArguments>(
  'threshold',
  'input: Tensor, threshold: float, value: float, inplace?: bool',
);

/**
 * Replaces values that are not above a threshold: `x > threshold ? x : value`, elementwise. Mirrors
 * `torch.nn.functional.threshold`.
 *
 * @param input - of any shape and real dtype
 * @param threshold - values above it are kept
 * @param value - the value that replaces the others
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.threshold(x, 0.5, 9.5));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.threshold(x, 0.5, 9.5))
 * ```
 */
export function threshold(input: Tensor, threshold: number, value: number, inplace?: boolean): Tensor;
export function threshold(
  ...args: Arguments<
    [input: Tensor, threshold: number, value: number, inplace?: boolean],
    ThresholdArguments,
    ['input', 'threshold', 'value', 'inplace']
  >
): Tensor;
export function threshold(...args: unknown[]): Tensor {
  return THRESHOLD.call(args, ({ input, threshold, value, inplace = false }) =>
    inplace ? ops.threshold_(input, threshold, value) : ops.threshold(input, threshold, value),
  );
}

/** The arguments of the activations without parameters. */
export interface ActivationArguments {
  input: Tensor;
  /** Overwrite the input. Default false. */
  inplace?: boolean;
}

type ActivationCall = Arguments<[input: Tensor, inplace?: boolean], ActivationArguments, ['input', 'inplace']>;

const activation_signature = (callee: string): Signature<ActivationArguments> =>
  signature(callee, 'input: Tensor, inplace?: bool');

function activated(
  its: Signature<ActivationArguments>,
  args: readonly unknown[],
  plain: (input: Tensor) => Tensor,
  in_place: (input: Tensor) => Tensor,
): Tensor {
  // The most common call by far, which needs no reading.
  if (args.length === 1 && args[0] instanceof Tensor) return plain(args[0]);
  return its.call(args, ({ input, inplace = false }) => (inplace ? in_place(input) : plain(input)));
}

const RELU = activation_signature('relu');

/**
 * The rectified linear unit: `max(0, x)`, elementwise. Mirrors `torch.nn.functional.relu`.
 *
 * @param input - of any shape, of a real dtype
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.relu(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.relu(x))
 * ```
 */
export function relu(input: Tensor, inplace?: boolean): Tensor;
export function relu(input: Tensor): Tensor;
export function relu(...args: ActivationCall): Tensor;
export function relu(...args: unknown[]): Tensor {
  return activated(RELU, args, ops.relu, ops.relu_);
}

const RELU6 = activation_signature('relu6');

/**
 * The rectified linear unit, limited to 6: `min(max(0, x), 6)`, elementwise. Mirrors `torch.nn.functional.relu6`.
 *
 * @param input - of any shape, of a real dtype
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.relu6(torch.tensor([-1.5, 2.5, 7.5])));
 * ```
 * ```python
 * print(F.relu6(torch.tensor([-1.5, 2.5, 7.5])))
 * ```
 */
export function relu6(input: Tensor, inplace?: boolean): Tensor;
export function relu6(input: Tensor): Tensor;
export function relu6(...args: ActivationCall): Tensor;
export function relu6(...args: unknown[]): Tensor {
  return activated(RELU6, args, nn.relu6, nn.relu6_);
}

interface GLUArguments {
  input: Tensor;
  /** Dimension to split. Default -1. */
  dim?: number;
}

const GLU = signature<GLUArguments>('glu', 'input: Tensor, dim?: int');

/**
 * The gated linear unit: `a * sigmoid(b)`, where `a` and `b` are the halves of the input along `dim`. Mirrors
 * `torch.nn.functional.glu`.
 *
 * @param input - floating point, of even size along `dim`
 * @param dim - dimension to split; default -1
 * @returns a tensor of half the size along `dim`
 * @throws Error for a 0-d tensor or an odd size
 * @example
 * ```ts
 * print(F.glu(torch.tensor([[0.5, 1.5, -1.5, 2.5]])));
 * ```
 * ```python
 * print(F.glu(torch.tensor([[0.5, 1.5, -1.5, 2.5]])))
 * ```
 */
export function glu(input: Tensor, dim?: number): Tensor;
export function glu(input: Tensor): Tensor;
export function glu(...args: Arguments<[input: Tensor, dim?: number], GLUArguments, ['input', 'dim']>): Tensor;
export function glu(...args: unknown[]): Tensor {
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
 * Clamps values: `min(max(x, min_val), max_val)`, elementwise. Mirrors `torch.nn.functional.hardtanh`.
 *
 * @param input - of any shape, floating point
 * @param min_val - lower bound; default -1
 * @param max_val - upper bound; default 1
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws Error when `min_val` is above `max_val`
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.hardtanh(x, { min_val: -0.75 }));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.hardtanh(x, min_val=-0.75))
 * ```
 */
export function hardtanh(input: Tensor, min_val?: number, max_val?: number, inplace?: boolean): Tensor;
export function hardtanh(input: Tensor): Tensor;
export function hardtanh(
  ...args: Arguments<
    [input: Tensor, min_val?: number, max_val?: number, inplace?: boolean],
    HardtanhArguments,
    ['input', 'min_val', 'max_val', 'inplace']
  >
): Tensor;
export function hardtanh(...args: unknown[]): Tensor {
  return HARDTANH.call(args, ({ input, min_val = -1, max_val = 1, inplace = false }) => {
    if (min_val > max_val) throw new Error('min_val cannot be greater than max_val');
    return inplace ? nn.hardtanh_(input, min_val, max_val) : nn.hardtanh(input, min_val, max_val);
  });
}

/** The options of {@link elu} and {@link celu}. */
export interface AlphaOptions {
  /** The scale of the exponential part. Default 1. */
  alpha?: number;
  /** Overwrite the input. Default false. */
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
 * The exponential linear unit: `x` where positive, else `alpha * (exp(x) - 1)`. Mirrors `torch.nn.functional.elu`.
 *
 * @param input - of any shape, floating point
 * @param alpha - scale of the exponential part; default 1
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.elu(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.elu(x))
 * ```
 */
export function elu(input: Tensor, alpha?: number, inplace?: boolean): Tensor;
export function elu(input: Tensor): Tensor;
export function elu(...args: AlphaCall): Tensor;
export function elu(...args: unknown[]): Tensor {
  return ELU.call(args, ({ input, alpha = 1, inplace = false }) =>
    inplace ? nn.elu_(input, alpha) : nn.elu(input, alpha),
  );
}

const CELU = signature<AlphaArguments>('celu', 'input: Tensor, alpha?: float, inplace?: bool');

/**
 * The continuously differentiable exponential linear unit: `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.
 * Mirrors `torch.nn.functional.celu`.
 *
 * @param input - of any shape, floating point
 * @param alpha - scale of the exponential part; default 1
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.celu(x, { alpha: 0.5 }));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.celu(x, alpha=0.5))
 * ```
 */
export function celu(input: Tensor, alpha?: number, inplace?: boolean): Tensor;
export function celu(input: Tensor): Tensor;
export function celu(...args: AlphaCall): Tensor;
export function celu(...args: unknown[]): Tensor {
  return CELU.call(args, ({ input, alpha = 1, inplace = false }) =>
    inplace ? ops.celu_(input, alpha) : ops.celu(input, alpha),
  );
}

const SELU = activation_signature('selu');

/**
 * The scaled exponential linear unit: `1.0507 * (max(0, x) + min(0, 1.6733 * (exp(x) - 1)))`, with constants that
 * make networks self-normalizing. Mirrors `torch.nn.functional.selu`.
 *
 * @param input - of any shape, floating point
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.selu(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.selu(x))
 * ```
 */
export function selu(input: Tensor, inplace?: boolean): Tensor;
export function selu(input: Tensor): Tensor;
export function selu(...args: ActivationCall): Tensor;
export function selu(...args: unknown[]): Tensor {
  return activated(SELU, args, ops.selu, ops.selu_);
}

interface LeakyReLUArguments {
  input: Tensor;
  negative_slope?: number;
  inplace?: boolean;
}

const LEAKY_RELU = signature<LeakyReLUArguments>('leaky_relu', 'input: Tensor, negative_slope?: float, inplace?: bool');

/**
 * The leaky rectified linear unit: `x` where positive, else `negative_slope * x`. Mirrors
 * `torch.nn.functional.leaky_relu`.
 *
 * @param input - of any shape, of a real dtype
 * @param negative_slope - slope for negative values; default 0.01
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.leaky_relu(x, 0.1));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.leaky_relu(x, 0.1))
 * ```
 */
export function leaky_relu(input: Tensor, negative_slope?: number, inplace?: boolean): Tensor;
export function leaky_relu(input: Tensor): Tensor;
export function leaky_relu(
  ...args: Arguments<
    [input: Tensor, negative_slope?: number, inplace?: boolean],
    LeakyReLUArguments,
    ['input', 'negative_slope', 'inplace']
  >
): Tensor;
export function leaky_relu(...args: unknown[]): Tensor {
  return LEAKY_RELU.call(args, ({ input, negative_slope = 0.01, inplace = false }) =>
    inplace ? nn.leaky_relu_(input, negative_slope) : nn.leaky_relu(input, negative_slope),
  );
}

/** The options of {@link rrelu}. */
export interface RReLUOptions {
  /** Lower bound of the slope. Default 1/8. */
  lower?: number;
  /** Upper bound of the slope. Default 1/3. */
  upper?: number;
  /** Draw the slopes at random. Default false. */
  training?: boolean;
  /** Overwrite the input. Default false. */
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
 * The randomized leaky rectified linear unit: `x` where positive, else `a * x` with `a` uniform in [lower, upper] in
 * training and their mean otherwise. Mirrors `torch.nn.functional.rrelu`.
 *
 * @param input - of any shape, floating point
 * @param lower - lower bound of the slope; default 1/8
 * @param upper - upper bound of the slope; default 1/3
 * @param training - draw the slopes at random; default false
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.rrelu(x));
 * print(F.rrelu(x, { training: true }));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.rrelu(x))
 * print(F.rrelu(x, training=True))
 * ```
 */
export function rrelu(input: Tensor, lower?: number, upper?: number, training?: boolean, inplace?: boolean): Tensor;
export function rrelu(input: Tensor): Tensor;
export function rrelu(
  ...args: Arguments<
    [input: Tensor, lower?: number, upper?: number, training?: boolean, inplace?: boolean],
    RReLUArguments,
    ['input', 'lower', 'upper', 'training', 'inplace']
  >
): Tensor;
export function rrelu(...args: unknown[]): Tensor {
  return RRELU.call(args, ({ input, lower = 1 / 8, upper = 1 / 3, training = false, inplace = false }) =>
    inplace ? ops.rrelu_(input, lower, upper, training) : ops.rrelu(input, lower, upper, training),
  );
}

interface InputArguments {
  input: Tensor;
}

type InputCall = Arguments<[input: Tensor], InputArguments, ['input']>;

const TANHSHRINK = signature<InputArguments>('tanhshrink', 'input: Tensor');

/**
 * `x - tanh(x)`, elementwise. Mirrors `torch.nn.functional.tanhshrink`.
 *
 * @param input - of any shape, floating point
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.tanhshrink(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.tanhshrink(x))
 * ```
 */
export function tanhshrink(input: Tensor): Tensor;
export function tanhshrink(...args: InputCall): Tensor;
export function tanhshrink(...args: unknown[]): Tensor {
  return TANHSHRINK.call(args, ({ input }) => input.sub(input.tanh()));
}

const SOFTSIGN = signature<InputArguments>('softsign', 'input: Tensor');

/**
 * `x / (1 + |x|)`, elementwise. Mirrors `torch.nn.functional.softsign`.
 *
 * @param input - of any shape, of a real dtype
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.softsign(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.softsign(x))
 * ```
 */
export function softsign(input: Tensor): Tensor;
export function softsign(...args: InputCall): Tensor;
export function softsign(...args: unknown[]): Tensor {
  return SOFTSIGN.call(args, ({ input }) => input.div(input.abs().add(1)));
}

const TANH = signature<InputArguments>('tanh', 'input: Tensor');

/**
 * The hyperbolic tangent, elementwise. Mirrors `torch.nn.functional.tanh`.
 *
 * @param input - of any shape, of any dtype
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.tanh(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.tanh(x))
 * ```
 */
export function tanh(input: Tensor): Tensor;
export function tanh(...args: InputCall): Tensor;
export function tanh(...args: unknown[]): Tensor {
  return TANH.read(args).input.tanh();
}

const SIGMOID = signature<InputArguments>('sigmoid', 'input: Tensor');

/**
 * The logistic sigmoid: `1 / (1 + exp(-x))`, elementwise. Mirrors `torch.nn.functional.sigmoid`.
 *
 * @param input - of any shape, of any dtype
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.sigmoid(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.sigmoid(x))
 * ```
 */
export function sigmoid(input: Tensor): Tensor;
export function sigmoid(...args: InputCall): Tensor;
export function sigmoid(...args: unknown[]): Tensor {
  return SIGMOID.read(args).input.sigmoid();
}

/**
 * The logarithm of the sigmoid: `log(1 / (1 + exp(-x)))`, elementwise. Mirrors `torch.nn.functional.logsigmoid`.
 *
 * @param input - of any shape, floating point
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.logsigmoid(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.logsigmoid(x))
 * ```
 */
export function logsigmoid(input: Tensor, options?: { out?: Tensor | null }): Tensor;
export function logsigmoid(input: Tensor): Tensor;
export function logsigmoid(options: Named<{ input: Tensor; out?: Tensor | null }>): Tensor;
export function logsigmoid(...args: unknown[]): Tensor {
  return LOGSIGMOID(...args);
}

const LOGSIGMOID = operator_as('logsigmoid', 'aten::log_sigmoid', '', 'out') as (...args: unknown[]) => Tensor;

const HARDSIGMOID = activation_signature('hardsigmoid');

/**
 * A piecewise-linear approximation of the sigmoid: `min(max(x / 6 + 1 / 2, 0), 1)`, elementwise. Mirrors
 * `torch.nn.functional.hardsigmoid`.
 *
 * @param input - of any shape, floating point
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.hardsigmoid(torch.tensor([-3.5, -1.5, 1.5])));
 * ```
 * ```python
 * print(F.hardsigmoid(torch.tensor([-3.5, -1.5, 1.5])))
 * ```
 */
export function hardsigmoid(input: Tensor, inplace?: boolean): Tensor;
export function hardsigmoid(input: Tensor): Tensor;
export function hardsigmoid(...args: ActivationCall): Tensor;
export function hardsigmoid(...args: unknown[]): Tensor {
  return activated(HARDSIGMOID, args, nn.hardsigmoid, nn.hardsigmoid_);
}

const SILU = activation_signature('silu');

/**
 * The sigmoid linear unit, or swish: `x * sigmoid(x)`, elementwise. Mirrors `torch.nn.functional.silu`.
 *
 * @param input - of any shape, floating point
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.silu(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.silu(x))
 * ```
 */
export function silu(input: Tensor, inplace?: boolean): Tensor;
export function silu(input: Tensor): Tensor;
export function silu(...args: ActivationCall): Tensor;
export function silu(...args: unknown[]): Tensor {
  return activated(SILU, args, nn.silu, nn.silu_);
}

const MISH = activation_signature('mish');

/**
 * `x * tanh(softplus(x))`, elementwise. Mirrors `torch.nn.functional.mish`.
 *
 * @param input - of any shape, floating point
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.mish(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.mish(x))
 * ```
 */
export function mish(input: Tensor, inplace?: boolean): Tensor;
export function mish(input: Tensor): Tensor;
export function mish(...args: ActivationCall): Tensor;
export function mish(...args: unknown[]): Tensor {
  return activated(MISH, args, nn.mish, nn.mish_);
}

const HARDSWISH = activation_signature('hardswish');

/**
 * A piecewise approximation of {@link silu}: `x * hardsigmoid(x)`, elementwise. Mirrors
 * `torch.nn.functional.hardswish`.
 *
 * @param input - of any shape, floating point
 * @param inplace - overwrite `input`; default false
 * @returns a tensor of the shape and dtype of `input`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const x = torch.tensor([-1.5, -0.5, 0.5, 1.5]);
 * print(F.hardswish(x));
 * ```
 * ```python
 * x = torch.tensor([-1.5, -0.5, 0.5, 1.5])
 * print(F.hardswish(x))
 * ```
 */
export function hardswish(input: Tensor, inplace?: boolean): Tensor;
export function hardswish(input: Tensor): Tensor;
export function hardswish(...args: ActivationCall): Tensor;
export function hardswish(...args: unknown[]): Tensor {
  return activated(HARDSWISH, args, nn.hardswish, nn.hardswish_);
}

/** The options of the softmax family. */
export interface SoftmaxOptions {
  /** Dimension along which the softmax is computed. Without it, a deprecated default is used, with a warning. */
  dim?: number | null;
  /** Has no effect: the depth of Python's warning about a missing `dim`. */
  _stacklevel?: number;
  /** Convert the input to this dtype first, against overflow. Default null. */
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
 * The softmax: `exp(x_i) / sum_j exp(x_j)` along `dim`, which is in [0, 1] and sums to 1. Mirrors
 * `torch.nn.functional.softmax`.
 *
 * @param input - floating point
 * @param dim - dimension along which the softmax is computed; without it a warning, and dimension 0 or 1
 * @param dtype - convert the input to this dtype first; default null
 * @returns a tensor of the shape of `input`
 * @throws RangeError when `dim` is out of range
 * @example
 * ```ts
 * const x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]]);
 * print(F.softmax(x, 1));
 * ```
 * ```python
 * x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]])
 * print(F.softmax(x, 1))
 * ```
 */
export function softmax(input: Tensor, dim?: number | null, _stacklevel?: number, dtype?: DType | null): Tensor;
export function softmax(input: Tensor): Tensor;
export function softmax(...args: SoftmaxCall): Tensor;
export function softmax(...args: unknown[]): Tensor {
  const { input, dim = null, dtype = null } = SOFTMAX.read(args);
  const along = dim ?? implicit_dim('softmax', input.ndim);
  return dtype === null ? input.softmax(along) : input.softmax(along, dtype);
}

const SOFTMIN = softmax_signature('softmin');

/**
 * The softmax of `-x` along `dim`. Mirrors `torch.nn.functional.softmin`.
 *
 * @param input - floating point
 * @param dim - dimension along which the softmax is computed; without it a warning, and dimension 0 or 1
 * @param dtype - convert the input to this dtype first; default null
 * @returns a tensor of the shape of `input`
 * @throws RangeError when `dim` is out of range
 * @example
 * ```ts
 * const x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]]);
 * print(F.softmin(x, { dim: 1 }));
 * ```
 * ```python
 * x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]])
 * print(F.softmin(x, dim=1))
 * ```
 */
export function softmin(input: Tensor, dim?: number | null, _stacklevel?: number, dtype?: DType | null): Tensor;
export function softmin(input: Tensor): Tensor;
export function softmin(...args: SoftmaxCall): Tensor;
export function softmin(...args: unknown[]): Tensor {
  return SOFTMIN.call(args, ({ input, dim = null, dtype = null }) => {
    const along = dim ?? implicit_dim('softmin', input.ndim);
    return dtype === null ? input.neg().softmax(along) : input.neg().softmax(along, dtype);
  });
}

const LOG_SOFTMAX = softmax_signature('log_softmax');

/**
 * The logarithm of the softmax, `x_i - log(sum_j exp(x_j))` along `dim`, computed in a numerically stable way.
 * Mirrors `torch.nn.functional.log_softmax`.
 *
 * @param input - floating point
 * @param dim - dimension along which the softmax is computed; without it a warning, and dimension 0 or 1
 * @param dtype - convert the input to this dtype first; default null
 * @returns a tensor of the shape of `input`
 * @throws RangeError when `dim` is out of range
 * @example
 * ```ts
 * const x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]]);
 * print(F.log_softmax(x, 1));
 * ```
 * ```python
 * x = torch.tensor([[0.5, 1.5, 2.5], [1.5, 1.5, 1.5]])
 * print(F.log_softmax(x, 1))
 * ```
 */
export function log_softmax(input: Tensor, dim?: number | null, _stacklevel?: number, dtype?: DType | null): Tensor;
export function log_softmax(input: Tensor): Tensor;
export function log_softmax(...args: SoftmaxCall): Tensor;
export function log_softmax(...args: unknown[]): Tensor {
  const { input, dim = null, dtype = null } = LOG_SOFTMAX.read(args);
  const along = dim ?? implicit_dim('log_softmax', input.ndim);
  return dtype === null ? input.log_softmax(along) : input.log_softmax(along, dtype);
}

/** The options of {@link gumbel_softmax}. */
export interface GumbelSoftmaxOptions {
  /** Temperature. Default 1. */
  tau?: number;
  /** Return one-hot vectors, with the gradient of the soft sample. Default false. */
  hard?: boolean;
  /** @deprecated has no effect */
  eps?: number;
  /** Dimension along which the softmax is computed. Default -1. */
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
 * Samples from the Gumbel-softmax distribution: `softmax((logits + g) / tau)` with Gumbel noise `g`. Mirrors
 * `torch.nn.functional.gumbel_softmax`.
 *
 * @param logits - unnormalized log probabilities, floating point
 * @param tau - temperature; default 1
 * @param hard - return one-hot vectors, with the gradient of the soft sample; default false
 * @param eps - deprecated, has no effect
 * @param dim - dimension along which the softmax is computed; default -1
 * @returns a tensor of the shape of `logits`
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(F.gumbel_softmax(torch.zeros(2, 3), { tau: 0.5, hard: true }));
 * ```
 * ```python
 * print(F.gumbel_softmax(torch.zeros(2, 3), tau=0.5, hard=True))
 * ```
 */
export function gumbel_softmax(logits: Tensor, tau?: number, hard?: boolean, eps?: number, dim?: number): Tensor;
export function gumbel_softmax(logits: Tensor): Tensor;
export function gumbel_softmax(
  ...args: Arguments<
    [logits: Tensor, tau?: number, hard?: boolean, eps?: number, dim?: number],
    GumbelSoftmaxArguments,
    ['logits', 'tau', 'hard', 'eps', 'dim']
  >
): Tensor;
export function gumbel_softmax(...args: unknown[]): Tensor {
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

/** The options of {@link embedding}. */
export interface EmbeddingOptions {
  /** Index of a row that gets no gradient; negative values count from the end. Default null. */
  padding_idx?: number | null;
  /** Renormalize looked-up rows, in place, to at most this norm. Default null. */
  max_norm?: number | null;
  /** Order of that norm. Default 2. */
  norm_type?: number;
  /** Scale gradients by the inverse frequency of the indices in the batch. Default false. */
  scale_grad_by_freq?: boolean;
  /** Make the gradient of the weight a sparse tensor. Default false. */
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
 * Looks up rows of a table: `weight[input]`. Mirrors `torch.nn.functional.embedding`.
 *
 * @param input - indices, int64 or int32, of any shape
 * @param weight - the table, `(num_embeddings, embedding_dim)`
 * @param padding_idx - index of a row that gets no gradient; default null
 * @param max_norm - renormalize looked-up rows, in place, to at most this norm; default null
 * @param norm_type - order of that norm; default 2
 * @param scale_grad_by_freq - scale gradients by the inverse frequency of the indices; default false
 * @param sparse - make the gradient of the weight sparse; default false
 * @returns a tensor of shape `(..., embedding_dim)`
 * @throws Error when `padding_idx` is out of range; RangeError when an index is
 * @example
 * ```ts
 * const weight = torch.randn(4, 2);
 * print(F.embedding(torch.tensor([[0, 2], [1, 1]]), weight));
 * ```
 * ```python
 * weight = torch.randn(4, 2)
 * print(F.embedding(torch.tensor([[0, 2], [1, 1]]), weight))
 * ```
 */
export function embedding(
  input: Tensor,
  weight: Tensor,
  padding_idx?: number | null,
  max_norm?: number | null,
  norm_type?: number,
  scale_grad_by_freq?: boolean,
  sparse?: boolean,
): Tensor;
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
): Tensor;
export function embedding(...args: unknown[]): Tensor {
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

/** The options of {@link batch_norm}. */
export interface BatchNormOptions {
  /** Scale per channel, `(C)`. Default null: 1. */
  weight?: Tensor | null;
  /** Shift per channel, `(C)`. Default null: 0. */
  bias?: Tensor | null;
  /** Normalize by the statistics of the batch, and update the running ones. Default false. */
  training?: boolean;
  /** Weight of the batch in the update of the running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance for numerical stability. Default 1e-5. */
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
 * Normalizes each channel over the batch: `(x - mean) / sqrt(var + eps) * weight + bias`. Mirrors
 * `torch.nn.functional.batch_norm`.
 *
 * @param input - of shape `(N, C, ...)`, floating point
 * @param running_mean - running mean `(C)`, or null
 * @param running_var - running variance `(C)`, or null
 * @param weight - scale `(C)`; default null
 * @param bias - shift `(C)`; default null
 * @param training - use the statistics of the batch and update the running ones; default false
 * @param momentum - weight of the batch in that update; default 0.1
 * @param eps - added to the variance; default 1e-5
 * @returns a tensor of the shape of `input`
 * @throws Error when training sees a single value per channel, and for a negative `eps`
 * @example
 * ```ts
 * const x = torch.tensor([[0.5, 2.5], [1.5, 4.5]]);
 * const mean = torch.zeros(2);
 * print(F.batch_norm(x, mean, torch.ones(2), { training: true }), mean);
 * ```
 * ```python
 * x = torch.tensor([[0.5, 2.5], [1.5, 4.5]])
 * mean = torch.zeros(2)
 * print(F.batch_norm(x, mean, torch.ones(2), training=True), mean)
 * ```
 */
export function batch_norm(
  input: Tensor,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  weight?: Tensor | null,
  bias?: Tensor | null,
  training?: boolean,
  momentum?: number,
  eps?: number,
): Tensor;
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
): Tensor;
export function batch_norm(...args: unknown[]): Tensor {
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

/** The options of {@link instance_norm}. */
export interface InstanceNormOptions {
  /** Running mean per channel, `(C)`. Default null. */
  running_mean?: Tensor | null;
  /** Running variance per channel, `(C)`. Default null. */
  running_var?: Tensor | null;
  /** Scale per channel, `(C)`. Default null: 1. */
  weight?: Tensor | null;
  /** Shift per channel, `(C)`. Default null: 0. */
  bias?: Tensor | null;
  /** Normalize by the statistics of the input instead of the running ones. Default true. */
  use_input_stats?: boolean;
  /** Weight of the input in the update of the running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance for numerical stability. Default 1e-5. */
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
 * Normalizes each channel of each sample over its spatial dimensions: `(x - mean) / sqrt(var + eps) * weight + bias`.
 * Mirrors `torch.nn.functional.instance_norm`.
 *
 * @param input - of shape `(N, C, ...)`, floating point
 * @param running_mean - running mean `(C)`; default null
 * @param running_var - running variance `(C)`; default null
 * @param weight - scale `(C)`; default null
 * @param bias - shift `(C)`; default null
 * @param use_input_stats - normalize by the statistics of the input; default true
 * @param momentum - weight of the input in the running statistics; default 0.1
 * @param eps - added to the variance; default 1e-5
 * @returns a tensor of the shape of `input`
 * @throws Error when there is a single value per channel
 * @example
 * ```ts
 * print(F.instance_norm(torch.tensor([[[0.5, 1.5, 2.5], [4.5, 4.5, 7.5]]])));
 * ```
 * ```python
 * print(F.instance_norm(torch.tensor([[[0.5, 1.5, 2.5], [4.5, 4.5, 7.5]]])))
 * ```
 */
export function instance_norm(
  input: Tensor,
  running_mean?: Tensor | null,
  running_var?: Tensor | null,
  weight?: Tensor | null,
  bias?: Tensor | null,
  use_input_stats?: boolean,
  momentum?: number,
  eps?: number,
): Tensor;
export function instance_norm(input: Tensor): Tensor;
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
): Tensor;
export function instance_norm(...args: unknown[]): Tensor {
  const given = INSTANCE_NORM.read(args);
  const { input, running_mean = null, running_var = null, weight = null, bias = null } = given;
  const { use_input_stats = true, momentum = 0.1, eps = 1e-5 } = given;
  if (use_input_stats && input.shape.slice(2).reduce((product, length) => product * length, 1) === 1) {
    throw new Error(`Expected more than 1 spatial element when training, got input size ${String(input.shape)}`);
  }
  return ops.instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
}

/** The options of {@link layer_norm} and {@link group_norm}. */
export interface LayerNormOptions {
  /** Scale: of shape `normalized_shape`, or `(C)` for groups. Default null: 1. */
  weight?: Tensor | null;
  /** Shift, of the same shape. Default null: 0. */
  bias?: Tensor | null;
  /** Added to the variance for numerical stability. Default 1e-5. */
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
 * Normalizes over the last dimensions: `(x - mean) / sqrt(var + eps) * weight + bias`. Mirrors
 * `torch.nn.functional.layer_norm`.
 *
 * @param input - of shape `(*, ...normalized_shape)`, floating point
 * @param normalized_shape - the sizes of the dimensions to normalize over
 * @param weight - scale of shape `normalized_shape`; default null
 * @param bias - shift of that shape; default null
 * @param eps - added to the variance; default 1e-5
 * @returns a tensor of the shape of `input`
 * @throws Error when the input does not end with these sizes
 * @example
 * ```ts
 * print(F.layer_norm(torch.tensor([[0.5, 1.5, 2.5], [1.5, 4.5, 9.5]]), [3]));
 * ```
 * ```python
 * print(F.layer_norm(torch.tensor([[0.5, 1.5, 2.5], [1.5, 4.5, 9.5]]), [3]))
 * ```
 */
export function layer_norm(
  input: Tensor,
  normalized_shape: readonly number[],
  weight?: Tensor | null,
  bias?: Tensor | null,
  eps?: number,
): Tensor;
export function layer_norm(
  ...args: Arguments<
    [input: Tensor, normalized_shape: readonly number[], weight?: Tensor | null, bias?: Tensor | null, eps?: number],
    LayerNormArguments,
    ['input', 'normalized_shape', 'weight', 'bias', 'eps']
  >
): Tensor;
export function layer_norm(...args: unknown[]): Tensor {
  const { input, normalized_shape, weight = null, bias = null, eps = 1e-5 } = LAYER_NORM.read(args);
  return ops.layer_norm(input, normalized_shape, weight, bias, eps, true);
}

/** The options of {@link rms_norm}. */
export interface RMSNormOptions {
  /** Scale, of shape `normalized_shape`. Default null: 1. */
  weight?: Tensor | null;
  /** Added to the mean square for numerical stability. Default null: the machine epsilon of the dtype. */
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
 * Normalizes by the root mean square over the last dimensions: `x / sqrt(mean(x ** 2) + eps) * weight`. Mirrors
 * `torch.nn.functional.rms_norm`.
 *
 * @param input - of shape `(*, ...normalized_shape)`, floating point
 * @param normalized_shape - the sizes of the dimensions to normalize over
 * @param weight - scale of shape `normalized_shape`; default null
 * @param eps - added to the mean square; default null, the machine epsilon of the dtype
 * @returns a tensor of the shape of `input`
 * @throws Error when the input does not end with these sizes
 * @example
 * ```ts
 * print(F.rms_norm(torch.tensor([[0.5, 1.5, 2.5]]), [3]));
 * ```
 * ```python
 * print(F.rms_norm(torch.tensor([[0.5, 1.5, 2.5]]), [3]))
 * ```
 */
export function rms_norm(
  input: Tensor,
  normalized_shape: readonly number[],
  weight?: Tensor | null,
  eps?: number | null,
): Tensor;
export function rms_norm(
  ...args: Arguments<
    [input: Tensor, normalized_shape: readonly number[], weight?: Tensor | null, eps?: number | null],
    RMSNormArguments,
    ['input', 'normalized_shape', 'weight', 'eps']
  >
): Tensor;
export function rms_norm(...args: unknown[]): Tensor {
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
 * Normalizes groups of channels of each sample: `(x - mean) / sqrt(var + eps) * weight + bias`. Mirrors
 * `torch.nn.functional.group_norm`.
 *
 * @param input - of shape `(N, C, ...)`, floating point
 * @param num_groups - number of groups, which divides C
 * @param weight - scale `(C)`; default null
 * @param bias - shift `(C)`; default null
 * @param eps - added to the variance; default 1e-5
 * @returns a tensor of the shape of `input`
 * @throws Error for fewer than two dimensions, and unless `num_groups` divides C
 * @example
 * ```ts
 * print(F.group_norm(torch.tensor([[0.5, 1.5, 4.5, 8.5]]), 2));
 * ```
 * ```python
 * print(F.group_norm(torch.tensor([[0.5, 1.5, 4.5, 8.5]]), 2))
 * ```
 */
export function group_norm(
  input: Tensor,
  num_groups: number,
  weight?: Tensor | null,
  bias?: Tensor | null,
  eps?: number,
): Tensor;
export function group_norm(
  ...args: Arguments<
    [input: Tensor, num_groups: number, weight?: Tensor | null, bias?: Tensor | null, eps?: number],
    GroupNormArguments,
    ['input', 'num_groups', 'weight', 'bias', 'eps']
  >
): Tensor;
export function group_norm(...args: unknown[]): Tensor {
  const { input, num_groups, weight = null, bias = null, eps = 1e-5 } = GROUP_NORM.read(args);
  const sizes = input.shape;
  if (sizes.length < 2) {
    throw new Error(`Expected at least 2 dimensions for input tensor but received ${sizes.length}`);
  }
  refuse_single_value([Math.floor((sizes[0]! * sizes[1]!) / num_groups), num_groups, ...sizes.slice(2)]);
  return ops.group_norm(input, num_groups, weight, bias, eps, true);
}

/** The options of {@link local_response_norm}. */
export interface LocalResponseNormOptions {
  /** Scale of the mean square. Default 1e-4. */
  alpha?: number;
  /** Exponent. Default 0.75. */
  beta?: number;
  /** Additive constant. Default 1. */
  k?: number;
}

interface LocalResponseNormArguments extends LocalResponseNormOptions {
  input: Tensor;
  /** Number of neighboring channels. */
  size: number;
}

const LOCAL_RESPONSE_NORM = signature<LocalResponseNormArguments>(
  'local_response_norm',
  'input: Tensor, size: int, alpha?: float, beta?: float, k?: float',
);

/**
 * Normalizes across neighboring channels: `x / (k + alpha * mean(x ** 2 over size channels)) ** beta`. Mirrors
 * `torch.nn.functional.local_response_norm`.
 *
 * @param input - of shape `(N, C, ...)` with at least three dimensions, floating point
 * @param size - number of neighboring channels
 * @param alpha - scale of the mean square; default 1e-4
 * @param beta - exponent; default 0.75
 * @param k - additive constant; default 1
 * @returns a tensor of the shape of `input`
 * @throws Error for fewer than three dimensions
 * @example
 * ```ts
 * print(F.local_response_norm(torch.tensor([[[0.5], [1.5], [2.5]]]), 2, { alpha: 1 }));
 * ```
 * ```python
 * print(F.local_response_norm(torch.tensor([[[0.5], [1.5], [2.5]]]), 2, alpha=1))
 * ```
 */
export function local_response_norm(input: Tensor, size: number, alpha?: number, beta?: number, k?: number): Tensor;
export function local_response_norm(
  ...args: Arguments<
    [input: Tensor, size: number, alpha?: number, beta?: number, k?: number],
    LocalResponseNormArguments,
    ['input', 'size', 'alpha', 'beta', 'k']
  >
): Tensor;
export function local_response_norm(...args: unknown[]): Tensor {
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

/** The options of {@link normalize}. */
export interface NormalizeOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  /** Dimension or dimensions of the vectors. Default 1. */
  dim?: number | readonly number[];
  /** Lower bound of the norm, against division by zero. Default 1e-12. */
  eps?: number;
  /** Tensor to write the result into. Default null. */
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
 * Divides vectors along `dim` by their norm: `x / max(|x|_p, eps)`. Mirrors `torch.nn.functional.normalize`.
 *
 * @param input - floating point or complex
 * @param p - order of the norm; default 2
 * @param dim - dimension or dimensions of the vectors; default 1
 * @param eps - lower bound of the norm; default 1e-12
 * @param out - tensor to write the result into; default null
 * @returns a tensor of the shape of `input`
 * @throws RangeError when `dim` is out of range
 * @example
 * ```ts
 * print(F.normalize(torch.tensor([[3.5, 4.5], [0.5, 0]])));
 * print(F.normalize(torch.tensor([[3.5, 4.5]]), { p: 1 }));
 * ```
 * ```python
 * print(F.normalize(torch.tensor([[3.5, 4.5], [0.5, 0]])))
 * print(F.normalize(torch.tensor([[3.5, 4.5]]), p=1))
 * ```
 */
export function normalize(
  input: Tensor,
  p?: number,
  dim?: number | readonly number[],
  eps?: number,
  out?: Tensor | null,
): Tensor;
export function normalize(input: Tensor): Tensor;
export function normalize(
  ...args: Arguments<
    [input: Tensor, p?: number, dim?: number | readonly number[], eps?: number, out?: Tensor | null],
    NormalizeArguments,
    ['input', 'p', 'dim', 'eps', 'out']
  >
): Tensor;
export function normalize(...args: unknown[]): Tensor {
  return NORMALIZE.call(args, ({ input, p = 2, dim = 1, eps = 1e-12, out = null }) => {
    const norm = input.norm(p, typeof dim === 'object' ? dim : [dim], true);
    if (out === null) return input.div(norm.clamp_min(eps).expand_as(input));
    return ops.div(input, norm.clamp_min_(eps).expand_as(input), { out });
  });
}

// ---- Padding and windows ------------------------------------------------------------------------

/** How a border is filled. */
export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** The options of {@link pad}. */
export interface PadOptions {
  /**
   * How the border is filled: with `value` (`'constant'`, the default), or with the input reflected (without its
   * edge), replicated (its edge) or repeated (`'circular'`).
   */
  mode?: PaddingMode;
  /** Fill value of a constant border. Default null: 0. */
  value?: number | null;
}

interface PadArguments extends PadOptions {
  input: Tensor;
  /** Sizes of the border, starting from the last dimension: before, after, before, after, ... */
  pad: readonly number[];
}

const PAD = signature<PadArguments>('pad', 'input: Tensor, pad: int[], mode?: str, value?: float|None');

/**
 * Adds a border to the last dimensions. Mirrors `torch.nn.functional.pad`.
 *
 * @param input - of any shape and dtype; for the modes other than constant 2-D to 5-D, whose first dimensions are not
 * padded
 * @param pad - sizes of the border, starting from the last dimension: before, after, before, after, ...; negative
 * values crop
 * @param mode - `'constant'` (the default), `'reflect'`, `'replicate'` or `'circular'`
 * @param value - fill value of a constant border; default null, 0
 * @throws Error when `pad` has too many sizes for the dimensions, or the mode is unknown
 * @example
 * ```ts
 * print(F.pad(torch.ones(1, 2), [1, 1]));
 * print(F.pad(torch.tensor([[0.5, 1.5, 2.5]]), { pad: [2, 1], mode: 'reflect' }));
 * ```
 * ```python
 * print(F.pad(torch.ones(1, 2), [1, 1]))
 * print(F.pad(torch.tensor([[0.5, 1.5, 2.5]]), pad=[2, 1], mode='reflect'))
 * ```
 */
export function pad(input: Tensor, pad: readonly number[], mode?: PaddingMode, value?: number | null): Tensor;
export function pad(
  ...args: Arguments<
    [input: Tensor, pad: readonly number[], mode?: PaddingMode, value?: number | null],
    PadArguments,
    ['input', 'pad', 'mode', 'value']
  >
): Tensor;
export function pad(...args: unknown[]): Tensor {
  const { input, pad, mode = 'constant', value = null } = PAD.read(args);
  return nn.pad(input, pad, mode, value);
}

function pair(value: IntOrSize): readonly number[] {
  return typeof value === 'object' ? value : [value, value];
}

/** The options of {@link unfold} and {@link fold}. */
export interface FoldOptions {
  /** Spacing of the elements within a window. Default 1. */
  dilation?: IntOrSize;
  /** Zeros added on both sides of each spatial dimension. Default 0. */
  padding?: IntOrSize;
  /** Step between windows. Default 1. */
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
 * Extracts sliding windows as columns (im2col). Mirrors `torch.nn.functional.unfold`.
 *
 * @param input - of shape `(N, C, H, W)` or `(C, H, W)`
 * @param kernel_size - size of the windows
 * @param dilation - spacing of the elements within a window; default 1
 * @param padding - zeros added on both sides; default 0
 * @param stride - step between windows; default 1
 * @returns a tensor of shape `(N, C * kernel sizes, windows)`
 * @throws Error for other shapes
 * @example
 * ```ts
 * print(F.unfold(torch.randn(1, 1, 2, 3), [2, 2]));
 * ```
 * ```python
 * print(F.unfold(torch.randn(1, 1, 2, 3), [2, 2]))
 * ```
 */
export function unfold(
  input: Tensor,
  kernel_size: IntOrSize,
  dilation?: IntOrSize,
  padding?: IntOrSize,
  stride?: IntOrSize,
): Tensor;
export function unfold(
  ...args: Arguments<
    [input: Tensor, kernel_size: IntOrSize, dilation?: IntOrSize, padding?: IntOrSize, stride?: IntOrSize],
    UnfoldArguments,
    ['input', 'kernel_size', 'dilation', 'padding', 'stride']
  >
): Tensor;
export function unfold(...args: unknown[]): Tensor {
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
 * Sums sliding windows, given as columns, into an image (col2im); the reverse of {@link unfold} where windows do not
 * overlap. Mirrors `torch.nn.functional.fold`.
 *
 * @param input - of shape `(N, C * kernel sizes, windows)`, or without N
 * @param output_size - the spatial sizes of the result
 * @param kernel_size - size of the windows
 * @param dilation - spacing of the elements within a window; default 1
 * @param padding - zeros added on both sides; default 0
 * @param stride - step between windows; default 1
 * @returns a tensor of shape `(N, C, ...output_size)`
 * @throws Error when the number of windows does not fit the output size
 * @example
 * ```ts
 * const windows = F.unfold(torch.ones(1, 1, 3, 3), 2);
 * print(F.fold(windows, [3, 3], 2));
 * ```
 * ```python
 * windows = F.unfold(torch.ones(1, 1, 3, 3), 2)
 * print(F.fold(windows, [3, 3], 2))
 * ```
 */
export function fold(
  input: Tensor,
  output_size: IntOrSize,
  kernel_size: IntOrSize,
  dilation?: IntOrSize,
  padding?: IntOrSize,
  stride?: IntOrSize,
): Tensor;
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
): Tensor;
export function fold(...args: unknown[]): Tensor {
  const { input, output_size, kernel_size, dilation = 1, padding = 0, stride = 1 } = FOLD.read(args);
  return col2im(input, pair(output_size), pair(kernel_size), pair(dilation), pair(padding), pair(stride));
}

// ---- Losses -------------------------------------------------------------------------------------

/** The options of every loss. */
export interface LossOptions extends LegacyReduction {
  /** `'none'` returns a loss per element, `'mean'` (the default) their mean, `'sum'` their sum. */
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

/** The options of {@link nll_loss}. */
export interface NLLLossOptions extends LossOptions {
  /** Weight of each class, `(C)`. Default null: 1. */
  weight?: Tensor | null;
  /** Targets of this class do not contribute. Default -100. */
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
 * The negative log likelihood loss: `-weight[y] * input[y]`; the mean is weighted. Mirrors
 * `torch.nn.functional.nll_loss`.
 *
 * @param input - log probabilities, `(N, C, ...)` or `(C)`
 * @param target - class indices, int64, `(N, ...)` or `()`
 * @param weight - weight of each class, `(C)`; default null
 * @param ignore_index - targets of this class do not contribute; default -100
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const input = F.log_softmax(torch.randn(3, 4), 1);
 * print(F.nll_loss(input, torch.tensor([1, 0, 3])));
 * ```
 * ```python
 * input = F.log_softmax(torch.randn(3, 4), 1)
 * print(F.nll_loss(input, torch.tensor([1, 0, 3])))
 * ```
 */
export function nll_loss(
  input: Tensor,
  target: Tensor,
  weight?: Tensor | null,
  size_average?: boolean | null,
  ignore_index?: number,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function nll_loss(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function nll_loss(...args: unknown[]): Tensor {
  const given = NLL_LOSS.read(args);
  const { input, target, weight = null, ignore_index = -100 } = given;
  return nll_loss_nd(input, target, weight, reduction_code(meant_reduction(given)), ignore_index);
}

/** The options of {@link cross_entropy}. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** Fraction of the target that is spread evenly over the classes, in [0, 1]. Default 0. */
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
 * The cross entropy of logits and targets: `-weight[y] * log_softmax(input)[y]`; the mean is weighted. Mirrors
 * `torch.nn.functional.cross_entropy`.
 *
 * @param input - logits, `(N, C, ...)` or `(C)`
 * @param target - class indices, int64, `(N, ...)` or `()`; or class probabilities of the shape of `input`
 * @param weight - weight of each class, `(C)`; default null
 * @param ignore_index - targets of this class do not contribute; default -100
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param label_smoothing - fraction of the target spread over the classes; default 0
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const input = torch.randn(3, 4);
 * print(F.cross_entropy(input, torch.tensor([1, 0, 3])));
 * print(F.cross_entropy(input, torch.full([3, 4], 0.25), { reduction: 'none' }));
 * ```
 * ```python
 * input = torch.randn(3, 4)
 * print(F.cross_entropy(input, torch.tensor([1, 0, 3])))
 * print(F.cross_entropy(input, torch.full([3, 4], 0.25), reduction='none'))
 * ```
 */
export function cross_entropy(
  input: Tensor,
  target: Tensor,
  weight?: Tensor | null,
  size_average?: boolean | null,
  ignore_index?: number,
  reduce?: boolean | null,
  reduction?: Reduction,
  label_smoothing?: number,
): Tensor;
export function cross_entropy(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function cross_entropy(...args: unknown[]): Tensor {
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

/** The options of {@link l1_loss} and {@link mse_loss}. */
export interface WeightedLossOptions extends LossOptions {
  /** Weight of each element, of the shape of the input. Default null: 1. */
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
      throw new Error(`Invalid reduction mode: ${text_or_kind(reduction)}. Expected one of 'none', 'mean', 'sum'.`);
  }
}

const L1_LOSS = weighted_loss_signature('l1_loss');

/**
 * The absolute error: `|input - target|`. Mirrors `torch.nn.functional.l1_loss`.
 *
 * @param input - of any shape
 * @param target - of the same shape; others broadcast, with a warning
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param weight - weight of each element, of the shape of `input`; default null
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const [input, target] = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])];
 * print(F.l1_loss(input, target));
 * ```
 * ```python
 * input, target = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])]
 * print(F.l1_loss(input, target))
 * ```
 */
export function l1_loss(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
  weight?: Tensor | null,
): Tensor;
export function l1_loss(input: Tensor, target: Tensor): Tensor;
export function l1_loss(...args: WeightedLossCall): Tensor;
export function l1_loss(...args: unknown[]): Tensor {
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
 * The squared error: `(input - target) ** 2`. Mirrors `torch.nn.functional.mse_loss`.
 *
 * @param input - of any shape
 * @param target - of the same shape; others broadcast, with a warning
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param weight - weight of each element, of the shape of `input`; default null
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const [input, target] = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])];
 * print(F.mse_loss(input, target));
 * print(F.mse_loss(input, target, { reduction: 'none' }));
 * ```
 * ```python
 * input, target = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])]
 * print(F.mse_loss(input, target))
 * print(F.mse_loss(input, target, reduction='none'))
 * ```
 */
export function mse_loss(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
  weight?: Tensor | null,
): Tensor;
export function mse_loss(input: Tensor, target: Tensor): Tensor;
export function mse_loss(...args: WeightedLossCall): Tensor;
export function mse_loss(...args: unknown[]): Tensor {
  return MSE_LOSS.call(args, (given) => {
    const { input, target, weight = null } = given;
    const reduction = meant_reduction(given);
    const [a, b] = broadcast(input, target);
    if (weight !== null) return reduce_weighted(a.sub(b).pow(2), input, weight, reduction);
    return nn.mse_loss(a, b, reduction_code(reduction));
  });
}

/** The options of {@link smooth_l1_loss}. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Threshold between the squared and the absolute error. Default 1. */
  beta?: number;
}

interface SmoothL1LossArguments extends Pair, SmoothL1LossOptions {}

const SMOOTH_L1_LOSS = signature<SmoothL1LossArguments>(
  'smooth_l1_loss',
  'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str, ' + 'beta?: float',
);

/**
 * Squared error below `beta` and absolute error above: `0.5 * d ** 2 / beta` where `d = |input - target| < beta`,
 * else `d - 0.5 * beta`. Mirrors `torch.nn.functional.smooth_l1_loss`.
 *
 * @param input - of any shape
 * @param target - of the same shape; others broadcast, with a warning
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param beta - threshold; default 1; 0 gives {@link l1_loss}
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const [input, target] = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])];
 * print(F.smooth_l1_loss(input, target, { beta: 1.5, reduction: 'none' }));
 * ```
 * ```python
 * input, target = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])]
 * print(F.smooth_l1_loss(input, target, beta=1.5, reduction='none'))
 * ```
 */
export function smooth_l1_loss(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
  beta?: number,
): Tensor;
export function smooth_l1_loss(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function smooth_l1_loss(...args: unknown[]): Tensor {
  return SMOOTH_L1_LOSS.call(args, (given) => {
    const { beta = 1 } = given;
    const reduction = reduction_code(meant_reduction(given));
    const [a, b] = broadcast(given.input, given.target);
    return beta === 0 ? nn.l1_loss(a, b, reduction) : nn.smooth_l1_loss(a, b, reduction, beta);
  });
}

/** The options of {@link huber_loss}. */
export interface HuberLossOptions {
  /** `'none'`, `'mean'` (the default) or `'sum'`. */
  reduction?: Reduction;
  /** Threshold between the squared and the absolute error. Default 1. */
  delta?: number;
  /** Weight of each element, of the shape of the input. Default null: 1. */
  weight?: Tensor | null;
}

interface HuberLossArguments extends Pair, HuberLossOptions {}

const HUBER_LOSS = signature<HuberLossArguments>(
  'huber_loss',
  'input: Tensor, target: Tensor, reduction?: str, delta?: float, weight?: Tensor|None',
);

/**
 * The Huber loss: `0.5 * d ** 2` where `d = |input - target| <= delta`, else `delta * (d - 0.5 * delta)`. Mirrors
 * `torch.nn.functional.huber_loss`.
 *
 * @param input - of any shape
 * @param target - of the same shape; others broadcast, with a warning
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param delta - threshold; default 1
 * @param weight - weight of each element, of the shape of `input`; default null
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const [input, target] = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])];
 * print(F.huber_loss(input, target, { delta: 1.5, reduction: 'none' }));
 * ```
 * ```python
 * input, target = [torch.tensor([0.5, 1.5, 4.5]), torch.tensor([1.5, 1.5, 2.5])]
 * print(F.huber_loss(input, target, delta=1.5, reduction='none'))
 * ```
 */
export function huber_loss(
  input: Tensor,
  target: Tensor,
  reduction?: Reduction,
  delta?: number,
  weight?: Tensor | null,
): Tensor;
export function huber_loss(input: Tensor, target: Tensor): Tensor;
export function huber_loss(
  ...args: Arguments<
    [input: Tensor, target: Tensor, reduction?: Reduction, delta?: number, weight?: Tensor | null],
    HuberLossArguments,
    ['input', 'target', 'reduction', 'delta', 'weight']
  >
): Tensor;
export function huber_loss(...args: unknown[]): Tensor {
  return HUBER_LOSS.call(args, ({ input, target, reduction = 'mean', delta = 1, weight = null }) => {
    const [a, b] = broadcast(input, target);
    if (weight === null) return nn.huber_loss(a, b, reduction_code(reduction), delta);
    const errors = nn.huber_loss(a, b, reduction_code('none'), delta);
    // Unlike its siblings, Python's weighted Huber loss is the plain mean.
    if (reduction === 'mean' && same_sizes(weight.shape, input.shape)) return errors.mul(weight).mean();
    return reduce_weighted(errors, input, weight, reduction);
  });
}

/** The options of {@link kl_div}. */
export interface KLDivOptions extends LegacyReduction {
  /**
   * As for other losses, or `'batchmean'`: the sum divided by the batch size, which is the mathematical definition.
   * Default `'mean'`, with a warning.
   */
  reduction?: Reduction | 'batchmean';
  /** The target contains log probabilities too. Default false. */
  log_target?: boolean;
}

interface KLDivArguments extends Pair, KLDivOptions {}

const KL_DIV = signature<KLDivArguments>(
  'kl_div',
  'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str, ' +
    'log_target?: bool',
);

/**
 * The Kullback-Leibler divergence: `target * (log(target) - input)`. Mirrors `torch.nn.functional.kl_div`.
 *
 * @param input - log probabilities, of any shape
 * @param target - probabilities of that shape, or their logarithms
 * @param reduction - `'none'`, `'mean'` (the default, over all elements), `'sum'`, or `'batchmean'`: the sum divided
 * by the batch size
 * @param log_target - the target contains log probabilities; default false
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const input = F.log_softmax(torch.randn(2, 3), 1);
 * print(F.kl_div(input, torch.tensor([[0.25, 0.25, 0.5], [0.5, 0.5, 0]]), { reduction: 'batchmean' }));
 * ```
 * ```python
 * input = F.log_softmax(torch.randn(2, 3), 1)
 * print(F.kl_div(input, torch.tensor([[0.25, 0.25, 0.5], [0.5, 0.5, 0]]), reduction='batchmean'))
 * ```
 */
export function kl_div(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction | 'batchmean',
  log_target?: boolean,
): Tensor;
export function kl_div(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function kl_div(...args: unknown[]): Tensor {
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

/** The options of {@link binary_cross_entropy}. */
export interface BCELossOptions extends LossOptions {
  /** Weight of each element, or of what broadcasts to them. Default null: 1. */
  weight?: Tensor | null;
}

interface BCELossArguments extends Pair, BCELossOptions {}

const BINARY_CROSS_ENTROPY = signature<BCELossArguments>(
  'binary_cross_entropy',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ' +
    'reduce?: bool|None, reduction?: str',
);

/**
 * The binary cross entropy of probabilities: `-(target * log(input) + (1 - target) * log(1 - input))`. Mirrors
 * `torch.nn.functional.binary_cross_entropy`.
 *
 * @param input - probabilities in [0, 1], of any shape
 * @param target - targets in [0, 1], of that shape
 * @param weight - weight of each element; default null
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the shapes differ, a probability is out of range, or the reduction is unknown
 * @example
 * ```ts
 * print(F.binary_cross_entropy(torch.tensor([0.25, 0.5, 0.75]), torch.tensor([0.5, 1, 1])));
 * ```
 * ```python
 * print(F.binary_cross_entropy(torch.tensor([0.25, 0.5, 0.75]), torch.tensor([0.5, 1, 1])))
 * ```
 */
export function binary_cross_entropy(
  input: Tensor,
  target: Tensor,
  weight?: Tensor | null,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function binary_cross_entropy(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function binary_cross_entropy(...args: unknown[]): Tensor {
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

/** The options of {@link binary_cross_entropy_with_logits}. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** Weight of the positive targets of each class. Default null: 1. */
  pos_weight?: Tensor | null;
}

interface BCEWithLogitsLossArguments extends Pair, BCEWithLogitsLossOptions {}

const BINARY_CROSS_ENTROPY_WITH_LOGITS = signature<BCEWithLogitsLossArguments>(
  'binary_cross_entropy_with_logits',
  'input: Tensor, target: Tensor, weight?: Tensor|None, size_average?: bool|None, ' +
    'reduce?: bool|None, reduction?: str, pos_weight?: Tensor|None',
);

/**
 * The binary cross entropy of logits: that of `sigmoid(input)`, computed in a numerically stable way. Mirrors
 * `torch.nn.functional.binary_cross_entropy_with_logits`.
 *
 * @param input - logits, of any shape
 * @param target - targets in [0, 1], of that shape
 * @param weight - weight of each element; default null
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @param pos_weight - weight of the positive targets of each class; default null
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the shapes differ, or the reduction is unknown
 * @example
 * ```ts
 * const [input, target] = [torch.tensor([-1.5, 0.5, 2.5]), torch.tensor([0.5, 1, 1])];
 * print(F.binary_cross_entropy_with_logits(input, target));
 * print(F.binary_cross_entropy_with_logits(input, target, { pos_weight: torch.full([3], 2) }));
 * ```
 * ```python
 * input, target = torch.tensor([-1.5, 0.5, 2.5]), torch.tensor([0.5, 1, 1])
 * print(F.binary_cross_entropy_with_logits(input, target))
 * print(F.binary_cross_entropy_with_logits(input, target, pos_weight=torch.full([3], 2)))
 * ```
 */
export function binary_cross_entropy_with_logits(
  input: Tensor,
  target: Tensor,
  weight?: Tensor | null,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
  pos_weight?: Tensor | null,
): Tensor;
export function binary_cross_entropy_with_logits(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function binary_cross_entropy_with_logits(...args: unknown[]): Tensor {
  const given = BINARY_CROSS_ENTROPY_WITH_LOGITS.read(args);
  const { input, target, weight = null, pos_weight = null } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (!same_sizes(input.shape, target.shape)) {
    throw new Error(`Target size (${String(target.shape)}) must be the same as input size (${String(input.shape)})`);
  }
  return ops.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction);
}

/** The options of {@link poisson_nll_loss}. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** The input is the logarithm of the rate. Default true. */
  log_input?: boolean;
  /** Add Stirling's approximation of `log(target!)`. Default false. */
  full?: boolean;
  /** Added to the rate within the logarithm, when `log_input` is false. Default 1e-8. */
  eps?: number;
}

interface PoissonNLLLossArguments extends Pair, PoissonNLLLossOptions {}

const POISSON_NLL_LOSS = signature<PoissonNLLLossArguments>(
  'poisson_nll_loss',
  'input: Tensor, target: Tensor, log_input?: bool, full?: bool, size_average?: bool|None, ' +
    'eps?: float, reduce?: bool|None, reduction?: str',
);

/**
 * The negative log likelihood of counts under a Poisson distribution: `exp(input) - target * input`, or `input -
 * target * log(input + eps)`. Mirrors `torch.nn.functional.poisson_nll_loss`.
 *
 * @param input - the rate, or its logarithm
 * @param target - counts, of the same shape
 * @param log_input - the input is the logarithm of the rate; default true
 * @param full - add Stirling's approximation; default false
 * @param eps - added within the logarithm; default 1e-8
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * print(F.poisson_nll_loss(torch.tensor([0.5, 1.5]), torch.tensor([2.5, 3.5])));
 * ```
 * ```python
 * print(F.poisson_nll_loss(torch.tensor([0.5, 1.5]), torch.tensor([2.5, 3.5])))
 * ```
 */
export function poisson_nll_loss(
  input: Tensor,
  target: Tensor,
  log_input?: boolean,
  full?: boolean,
  size_average?: boolean | null,
  eps?: number,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function poisson_nll_loss(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function poisson_nll_loss(...args: unknown[]): Tensor {
  const given = POISSON_NLL_LOSS.read(args);
  const { input, target, log_input = true, full = false, eps = 1e-8 } = given;
  return ops.poisson_nll_loss(input, target, log_input, full, eps, reduction_code(meant_reduction(given)));
}

/** The options of losses with a margin. */
export interface MarginLossOptions extends LossOptions {
  /** The margin. Default 0 for {@link margin_ranking_loss} and {@link cosine_embedding_loss}, else 1. */
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
 * Ranks pairs: `max(0, -target * (input1 - input2) + margin)`. Mirrors `torch.nn.functional.margin_ranking_loss`.
 *
 * @param input1 - of any shape
 * @param input2 - of that shape
 * @param target - 1 where `input1` should be larger, -1 where `input2` should be
 * @param margin - default 0
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the numbers of dimensions differ, or the reduction is unknown
 * @example
 * ```ts
 * const [a, b] = [torch.tensor([0.5, 1.5, 2.5]), torch.tensor([1.5, 1, 2])];
 * print(F.margin_ranking_loss(a, b, torch.tensor([1, 1, -1]), { reduction: 'none' }));
 * ```
 * ```python
 * a, b = [torch.tensor([0.5, 1.5, 2.5]), torch.tensor([1.5, 1, 2])]
 * print(F.margin_ranking_loss(a, b, torch.tensor([1, 1, -1]), reduction='none'))
 * ```
 */
export function margin_ranking_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  margin?: number,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function margin_ranking_loss(...args: MarginRankingLossCall): Tensor;
export function margin_ranking_loss(...args: unknown[]): Tensor {
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
 * `input` where the target is 1, `max(0, margin - input)` where it is -1. Mirrors
 * `torch.nn.functional.hinge_embedding_loss`.
 *
 * @param input - distances, of any shape
 * @param target - 1 or -1, of that shape
 * @param margin - default 1
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * print(F.hinge_embedding_loss(torch.tensor([0.5, 0.25, 1.5]), torch.tensor([1, -1, -1]), { reduction: 'none' }));
 * ```
 * ```python
 * print(F.hinge_embedding_loss(torch.tensor([0.5, 0.25, 1.5]), torch.tensor([1, -1, -1]), reduction='none'))
 * ```
 */
export function hinge_embedding_loss(
  input: Tensor,
  target: Tensor,
  margin?: number,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function hinge_embedding_loss(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function hinge_embedding_loss(...args: unknown[]): Tensor {
  const given = HINGE_EMBEDDING_LOSS.read(args);
  const { input, target, margin = 1 } = given;
  return ops.hinge_embedding_loss(input, target, margin, reduction_code(meant_reduction(given)));
}

const COSINE_EMBEDDING_LOSS = margin_ranking_signature('cosine_embedding_loss');

/**
 * `1 - cos(input1, input2)` where the target is 1, `max(0, cos(input1, input2) - margin)` where it is -1. Mirrors
 * `torch.nn.functional.cosine_embedding_loss`.
 *
 * @param input1 - of shape `(N, D)` or `(D)`
 * @param input2 - of that shape
 * @param target - 1 or -1, `(N)` or `()`
 * @param margin - in [-1, 1]; default 0
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * const [a, b] = [torch.randn(2, 3), torch.randn(2, 3)];
 * print(F.cosine_embedding_loss(a, b, torch.tensor([1, -1]), { reduction: 'none' }));
 * ```
 * ```python
 * a, b = [torch.randn(2, 3), torch.randn(2, 3)]
 * print(F.cosine_embedding_loss(a, b, torch.tensor([1, -1]), reduction='none'))
 * ```
 */
export function cosine_embedding_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  margin?: number,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function cosine_embedding_loss(...args: MarginRankingLossCall): Tensor;
export function cosine_embedding_loss(...args: unknown[]): Tensor {
  const given = COSINE_EMBEDDING_LOSS.read(args);
  const { input1, input2, target, margin = 0 } = given;
  return ops.cosine_embedding_loss(input1, input2, target, margin, reduction_code(meant_reduction(given)));
}

const loss_signature = (callee: string): Signature<LossArguments> =>
  signature(callee, 'input: Tensor, target: Tensor, size_average?: bool|None, reduce?: bool|None, reduction?: str');

const SOFT_MARGIN_LOSS = loss_signature('soft_margin_loss');

/**
 * The logistic loss: `log(1 + exp(-target * input))`. Mirrors `torch.nn.functional.soft_margin_loss`.
 *
 * @param input - of any shape
 * @param target - 1 or -1, of that shape
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * print(F.soft_margin_loss(torch.tensor([0.5, -1.5]), torch.tensor([1, -1])));
 * ```
 * ```python
 * print(F.soft_margin_loss(torch.tensor([0.5, -1.5]), torch.tensor([1, -1])))
 * ```
 */
export function soft_margin_loss(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function soft_margin_loss(input: Tensor, target: Tensor): Tensor;
export function soft_margin_loss(...args: LossCall): Tensor;
export function soft_margin_loss(...args: unknown[]): Tensor {
  const given = SOFT_MARGIN_LOSS.read(args);
  return nn.soft_margin_loss(given.input, given.target, reduction_code(meant_reduction(given)));
}

const MULTILABEL_MARGIN_LOSS = loss_signature('multilabel_margin_loss');

/**
 * The multi-class hinge loss of several classes: the sum of `max(0, 1 - (input[y] - input[i])) / C` over target
 * classes `y` and other classes `i`. Mirrors `torch.nn.functional.multilabel_margin_loss`.
 *
 * @param input - of shape `(N, C)` or `(C)`
 * @param target - the target classes, int64, of that shape; the list of a sample ends at -1
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error when the reduction is unknown
 * @example
 * ```ts
 * print(F.multilabel_margin_loss(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([[3, 0, -1, 1]])));
 * ```
 * ```python
 * print(F.multilabel_margin_loss(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([[3, 0, -1, 1]])))
 * ```
 */
export function multilabel_margin_loss(
  input: Tensor,
  target: Tensor,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function multilabel_margin_loss(input: Tensor, target: Tensor): Tensor;
export function multilabel_margin_loss(...args: LossCall): Tensor;
export function multilabel_margin_loss(...args: unknown[]): Tensor {
  const given = MULTILABEL_MARGIN_LOSS.read(args);
  return nn.multilabel_margin_loss(given.input, given.target, reduction_code(meant_reduction(given)));
}

/** The options of {@link multi_margin_loss}. */
export interface MultiMarginLossOptions extends MarginLossOptions {
  /** Exponent of the margins, 1 or 2. Default 1. */
  p?: number;
  /** Weight of each class, `(C)`. Default null: 1. */
  weight?: Tensor | null;
}

interface MultiMarginLossArguments extends Pair, MultiMarginLossOptions {}

const MULTI_MARGIN_LOSS = signature<MultiMarginLossArguments>(
  'multi_margin_loss',
  'input: Tensor, target: Tensor, p?: int, margin?: float, weight?: Tensor|None, ' +
    'size_average?: bool|None, reduce?: bool|None, reduction?: str',
);

/**
 * The multi-class hinge loss: the sum of `max(0, margin - input[y] + input[i]) ** p / C` over the classes `i` other
 * than `y`. Mirrors `torch.nn.functional.multi_margin_loss`.
 *
 * @param input - of shape `(N, C)` or `(C)`
 * @param target - class indices, int64, `(N)` or `()`
 * @param p - exponent, 1 or 2; default 1
 * @param margin - default 1
 * @param weight - weight of each class, `(C)`; default null
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error unless `p` is 1 or 2, and when the reduction is unknown
 * @example
 * ```ts
 * print(F.multi_margin_loss(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([3])));
 * ```
 * ```python
 * print(F.multi_margin_loss(torch.tensor([[0.1, 0.2, 0.4, 0.8]]), torch.tensor([3])))
 * ```
 */
export function multi_margin_loss(
  input: Tensor,
  target: Tensor,
  p?: number,
  margin?: number,
  weight?: Tensor | null,
  size_average?: boolean | null,
  reduce?: boolean | null,
  reduction?: Reduction,
): Tensor;
export function multi_margin_loss(input: Tensor, target: Tensor): Tensor;
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
): Tensor;
export function multi_margin_loss(...args: unknown[]): Tensor {
  const given = MULTI_MARGIN_LOSS.read(args);
  const { input, target, p = 1, margin = 1, weight = null } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (p !== 1 && p !== 2) throw new Error('only p == 1 and p == 2 supported');
  if (weight !== null && weight.ndim !== 1) throw new Error('weight must be one-dimensional');
  return nn.multi_margin_loss(input, target, p, margin, weight, reduction);
}

/** The options of {@link triplet_margin_loss}. */
export interface TripletMarginLossOptions extends MarginLossOptions {
  /** Order of the norm of the distance. Default 2. */
  p?: number;
  /** Added to differences for numerical stability. Default 1e-6. */
  eps?: number;
  /** Use the distance between positive and negative where that is smaller. Default false. */
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
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)`, where `d` is the `p`-norm of the difference. Mirrors
 * `torch.nn.functional.triplet_margin_loss`.
 *
 * @param anchor - of shape `(N, D)` or `(D)`
 * @param positive - of that shape
 * @param negative - of that shape
 * @param margin - positive; default 1
 * @param p - order of the norm; default 2
 * @param eps - added to differences; default 1e-6
 * @param swap - use the distance between positive and negative where that is smaller; default false
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error unless `margin` is positive, and when the reduction is unknown
 * @example
 * ```ts
 * const [anchor, positive, negative] = [torch.randn(2, 3), torch.randn(2, 3), torch.randn(2, 3)];
 * print(F.triplet_margin_loss(anchor, positive, negative));
 * ```
 * ```python
 * anchor, positive, negative = [torch.randn(2, 3), torch.randn(2, 3), torch.randn(2, 3)]
 * print(F.triplet_margin_loss(anchor, positive, negative))
 * ```
 */
export function triplet_margin_loss(
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
): Tensor;
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
): Tensor;
export function triplet_margin_loss(...args: unknown[]): Tensor {
  const given = TRIPLET_MARGIN_LOSS.read(args);
  const { anchor, positive, negative, margin = 1, p = 2, eps = 1e-6, swap = false } = given;
  const reduction = reduction_code(meant_reduction(given));
  if (margin <= 0) throw new Error(`margin must be greater than 0, got ${python_float(margin)}`);
  return ops.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction);
}

/** The options of {@link gaussian_nll_loss}. */
export interface GaussianNLLLossOptions {
  /** Add the constant `0.5 * log(2 * pi)`. Default false. */
  full?: boolean;
  /** Lower bound of the variance. Default 1e-6. */
  eps?: number;
  /** `'none'`, `'mean'` (the default) or `'sum'`. */
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
 * The negative log likelihood of normal distributions: `0.5 * (log(var) + (input - target) ** 2 / var)`. Mirrors
 * `torch.nn.functional.gaussian_nll_loss`.
 *
 * @param input - the means, of any shape
 * @param target - of that shape
 * @param var - the variances: of that shape, of size 1 in the last dimension or without it, or a number
 * @param full - add the constant term; default false
 * @param eps - lower bound of the variance; default 1e-6
 * @param reduction - `'none'`, `'mean'` (the default) or `'sum'`
 * @returns a scalar, or for `'none'` a loss per element
 * @throws Error for negative variances or other shapes, and when the reduction is unknown
 * @example
 * ```ts
 * print(F.gaussian_nll_loss(torch.tensor([0.5, 1.5]), torch.tensor([1.5, 1.5]), torch.tensor([0.5, 2])));
 * ```
 * ```python
 * print(F.gaussian_nll_loss(torch.tensor([0.5, 1.5]), torch.tensor([1.5, 1.5]), torch.tensor([0.5, 2])))
 * ```
 */
export function gaussian_nll_loss(
  input: Tensor,
  target: Tensor,
  var_: Tensor | number,
  full?: boolean,
  eps?: number,
  reduction?: Reduction,
): Tensor;
export function gaussian_nll_loss(
  ...args: Arguments<
    [input: Tensor, target: Tensor, var_: Tensor | number, full?: boolean, eps?: number, reduction?: Reduction],
    GaussianNLLLossArguments,
    ['input', 'target', 'var', 'full', 'eps', 'reduction']
  >
): Tensor;
export function gaussian_nll_loss(...args: unknown[]): Tensor {
  return GAUSSIAN_NLL_LOSS.call(args, ({ input, target, var: var_, full = false, eps = 1e-6, reduction = 'mean' }) => {
    let variance = gaussian_variance(input, var_);
    if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum') {
      throw new Error(`${text_or_kind(reduction)} is not valid`);
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

/** The options of {@link ctc_loss}. */
export interface CTCLossOptions {
  /** Index of the blank class. Default 0. */
  blank?: number;
  /** `'none'`, `'mean'` (the default, after division by the target lengths) or `'sum'`. */
  reduction?: Reduction;
  /** Set infinite losses, and their gradients, to zero. Default false. */
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
 * The connectionist temporal classification loss: the negative log likelihood of all alignments of the targets.
 * Mirrors `torch.nn.functional.ctc_loss`.
 *
 * @param log_probs - log probabilities, `(T, N, C)` or `(T, C)`
 * @param targets - class indices, `(N, S)`, or all concatenated in one dimension
 * @param input_lengths - lengths of the inputs: a Tensor `(N)`, or a list
 * @param target_lengths - lengths of the targets, likewise
 * @param blank - index of the blank class; default 0
 * @param reduction - `'none'`, `'mean'` (the default, after division by the target lengths) or `'sum'`
 * @param zero_infinity - set infinite losses to zero; default false
 * @returns a scalar, or for `'none'` a loss per element
 * @throws TypeError unless both lengths are tensors or both lists; Error when the reduction is unknown
 * @example
 * ```ts
 * const log_probs = F.log_softmax(torch.randn(5, 1, 3), 2);
 * print(F.ctc_loss(log_probs, torch.tensor([[1, 2]]), [5], [2]));
 * ```
 * ```python
 * log_probs = F.log_softmax(torch.randn(5, 1, 3), 2)
 * print(F.ctc_loss(log_probs, torch.tensor([[1, 2]]), [5], [2]))
 * ```
 */
export function ctc_loss(
  log_probs: Tensor,
  targets: Tensor,
  input_lengths: Lengths,
  target_lengths: Lengths,
  blank?: number,
  reduction?: Reduction,
  zero_infinity?: boolean,
): Tensor;
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
): Tensor;
export function ctc_loss(...args: unknown[]): Tensor {
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

declare const exports: Record<string, unknown>;
overridable_exports(exports);
