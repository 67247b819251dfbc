/**
 * Initialization of parameters. Mirrors `torch.nn.init`: the functions fill their tensor in place, outside of autograd, return
 * it, and draw random numbers in Python's order, so that a seed yields Python's values.
 */
import { in_name_of } from '../_internal/operator_errors.js';
import { signature, type Arguments, type Signature } from '../_internal/signature.js';
import { no_grad } from '../autograd/grad_mode.js';
import { tensor as make_tensor } from '../creation.js';
import { float64 } from '../types/dtype.js';
import { diag, empty_like, erf, randperm, where } from '../generated/functions.js';
import { qr } from '../generated/linalg.js';
import type { Generator } from '../random.js';
import type { Scalar } from '../types/scalar.js';
import type { Tensor } from '../_tensor.js';
import { warn } from '../_internal/warnings.js';
import { text_or_kind } from '../_internal/representation.js';

/** What the functions that draw random numbers take by name. */
export interface GeneratorOption {
  /** Where the random numbers come from. Default null: the default generator. */
  generator?: Generator | null;
}

/** Names of nonlinearities, as {@link calculate_gain} takes them. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

/** What keeps its variance: the activations of the forward pass, or the gradients of the backward pass. */
export type FanMode = 'fan_in' | 'fan_out';

const LINEAR_LIKE: readonly string[] = [
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'sigmoid',
];

/**
 * What the functions take: also a parameter that may be null, such as `linear.bias`; they throw when it is null.
 */
type Filled = Tensor | null;

interface TensorArgument<T> {
  tensor: T;
}

interface GainArguments {
  nonlinearity: Nonlinearity;
  /** Negative slope of `'leaky_relu'`. Default 0.01. */
  param?: number | null;
}

const CALCULATE_GAIN = signature<GainArguments>('calculate_gain', 'nonlinearity: str, param?: float|None');

/**
 * Returns the recommended gain of a nonlinearity, by which the standard deviation of weights is multiplied to keep the
 * variance of the signals: 1 for linear layers, convolutions and sigmoid, `5 / 3` for tanh, `sqrt(2)` for ReLU,
 * `sqrt(2 / (1 + negative_slope^2))` for leaky ReLU and `3 / 4` for SELU. Mirrors `torch.nn.init.calculate_gain`.
 *
 * @param nonlinearity - name of the nonlinearity
 * @param param - negative slope of `'leaky_relu'`; default null: 0.01
 * @throws Error for an unknown nonlinearity, or when `param` is not a number
 * @example
 * ```ts
 * print(nn.init.calculate_gain('leaky_relu', 0.2));
 * ```
 * ```python
 * print(nn.init.calculate_gain('leaky_relu', 0.2))
 * ```
 */
export function calculate_gain(nonlinearity: Nonlinearity, param?: number | null): number;
export function calculate_gain(
  ...args: Arguments<[nonlinearity: Nonlinearity, param?: number | null], GainArguments, ['nonlinearity', 'param']>
): number;
export function calculate_gain(...args: unknown[]): number {
  const { nonlinearity, param = null } = CALCULATE_GAIN.read(args);
  return gain_of(nonlinearity, param);
}

function gain_of(nonlinearity: Nonlinearity, param: number | null): number {
  if (LINEAR_LIKE.includes(nonlinearity)) return 1;
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'selu':
      return 3 / 4;
    case 'leaky_relu': {
      const slope = param ?? 0.01;
      return Math.sqrt(2 / (1 + slope * slope));
    }
    default:
      throw new Error(`Unsupported nonlinearity ${text_or_kind(nonlinearity)}`);
  }
}

/** Keyword arguments of {@link uniform_}. */
export interface UniformOptions extends GeneratorOption {
  /** Lower bound. Default 0. */
  a?: number;
  /** Upper bound. Default 1. */
  b?: number;
}

const UNIFORM = signature<TensorArgument<Tensor> & UniformOptions>(
  'uniform_',
  'tensor: Tensor, a?: float, b?: float, generator?: Generator|None',
);

/**
 * Fills a tensor with values from the uniform distribution `U(a, b)`. Mirrors `torch.nn.init.uniform_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @param a - lower bound; default 0
 * @param b - upper bound; default 1
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error unless the dtype is floating point
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.uniform_(w, -1, 1));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.uniform_(w, -1, 1))
 * ```
 */
export function uniform_<T extends Filled>(
  tensor: T,
  a?: number,
  b?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function uniform_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, a?: number, b?: number, generator?: Generator | null],
    TensorArgument<T> & UniformOptions,
    ['tensor', 'a', 'b', 'generator']
  >
): NonNullable<T>;
export function uniform_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, a = 0, b = 1, generator } = UNIFORM.read(args);
  return fill_uniform('uniform_', tensor, a, b, generator) as NonNullable<T>;
}

/** Keyword arguments of {@link normal_}. */
export interface NormalOptions extends GeneratorOption {
  /** Mean. Default 0. */
  mean?: number;
  /** Standard deviation. Default 1. */
  std?: number;
}

const NORMAL = signature<TensorArgument<Tensor> & NormalOptions>(
  'normal_',
  'tensor: Tensor, mean?: float, std?: float, generator?: Generator|None',
);

/**
 * Fills a tensor with values from the normal distribution `N(mean, std^2)`. Mirrors `torch.nn.init.normal_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @param mean - mean; default 0
 * @param std - standard deviation; default 1
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error unless the dtype is floating point or complex, or when `std` is negative
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.normal_(w, { std: 0.02 }));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.normal_(w, std=0.02))
 * ```
 */
export function normal_<T extends Filled>(
  tensor: T,
  mean?: number,
  std?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function normal_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, mean?: number, std?: number, generator?: Generator | null],
    TensorArgument<T> & NormalOptions,
    ['tensor', 'mean', 'std', 'generator']
  >
): NonNullable<T>;
export function normal_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, mean = 0, std = 1, generator } = NORMAL.read(args);
  return fill_normal('normal_', tensor, mean, std, generator) as NonNullable<T>;
}

interface ConstantArguments<T> extends TensorArgument<T> {
  val: Scalar | Tensor;
}

const CONSTANT = signature<ConstantArguments<Tensor>>('constant_', 'tensor: Tensor, val: Number|Tensor');

/**
 * Fills a tensor with the value `val`. Mirrors `torch.nn.init.constant_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @param val - the value, a number or a scalar tensor
 * @returns the tensor
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.constant_(w, 0.5));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.constant_(w, 0.5))
 * ```
 */
export function constant_<T extends Filled>(tensor: T, val: Scalar | Tensor): NonNullable<T>;
export function constant_<T extends Filled>(
  ...args: Arguments<[tensor: T, val: Scalar | Tensor], ConstantArguments<T>, ['tensor', 'val']>
): NonNullable<T>;
export function constant_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, val } = CONSTANT.read(args);
  return filled('constant_', tensor, () => tensor.fill_(val)) as NonNullable<T>;
}

type TensorCall<T> = Arguments<[tensor: T], TensorArgument<T>, ['tensor']>;

const ONES = signature<TensorArgument<Tensor>>('ones_', 'tensor: Tensor');

/**
 * Fills a tensor with ones. Mirrors `torch.nn.init.ones_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @returns the tensor
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.ones_(w));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.ones_(w))
 * ```
 */
export function ones_<T extends Filled>(tensor: T): NonNullable<T>;
export function ones_<T extends Filled>(...args: TensorCall<T>): NonNullable<T>;
export function ones_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor } = ONES.read(args);
  return filled('ones_', tensor, () => tensor.fill_(1)) as NonNullable<T>;
}

const ZEROS = signature<TensorArgument<Tensor>>('zeros_', 'tensor: Tensor');

/**
 * Fills a tensor with zeros. Mirrors `torch.nn.init.zeros_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @returns the tensor
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.zeros_(w));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.zeros_(w))
 * ```
 */
export function zeros_<T extends Filled>(tensor: T): NonNullable<T>;
export function zeros_<T extends Filled>(...args: TensorCall<T>): NonNullable<T>;
export function zeros_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor } = ZEROS.read(args);
  return filled('zeros_', tensor, () => tensor.zero_()) as NonNullable<T>;
}

const EYE = signature<TensorArgument<Tensor>>('eye_', 'tensor: Tensor');

/**
 * Fills a matrix with the identity, as far as its shape allows: `w[i, j] = 1` where `i = j`, else 0. Mirrors
 * `torch.nn.init.eye_`.
 *
 * @param tensor - the matrix to fill
 * @returns the tensor
 * @throws Error unless `tensor` has 2 dimensions
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.eye_(w));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.eye_(w))
 * ```
 */
export function eye_<T extends Filled>(tensor: T): NonNullable<T>;
export function eye_<T extends Filled>(...args: TensorCall<T>): NonNullable<T>;
export function eye_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor } = EYE.read(args);
  if (tensor.ndim !== 2) throw new Error('Only tensors with 2 dimensions are supported');
  return filled('eye_', tensor, () => tensor.zero_().diagonal().fill_(1)) as NonNullable<T>;
}

interface DiracArguments<T> extends TensorArgument<T> {
  groups?: number;
}

const DIRAC = signature<DiracArguments<Tensor>>('dirac_', 'tensor: Tensor, groups?: int');

/**
 * Fills the weight of a convolution with the Dirac delta, so that it returns its input, as far as the channels allow:
 * `w[c, c, center] = 1` in each group, else 0. Mirrors `torch.nn.init.dirac_`.
 *
 * @param tensor - the weight `(out_channels, in_channels / groups, *kernel_size)`, with 3, 4 or 5 dimensions
 * @param groups - number of groups of the convolution; default 1
 * @returns the tensor
 * @throws Error for another number of dimensions, or when `groups` does not divide the size of the first
 * @example
 * ```ts
 * const w = torch.empty(2, 2, 3);
 * print(nn.init.dirac_(w));
 * ```
 * ```python
 * w = torch.empty(2, 2, 3)
 * print(nn.init.dirac_(w))
 * ```
 */
export function dirac_<T extends Filled>(tensor: T, groups?: number): NonNullable<T>;
export function dirac_<T extends Filled>(
  ...args: Arguments<[tensor: T, groups?: number], DiracArguments<T>, ['tensor', 'groups']>
): NonNullable<T>;
export function dirac_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, groups = 1 } = DIRAC.read(args);
  const sizes = tensor.shape;
  if (sizes.length < 3 || sizes.length > 5) {
    throw new Error('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  if (sizes[0]! % groups !== 0) throw new Error('dim 0 must be divisible by groups');
  if (tensor.is_meta) return tensor as NonNullable<T>;
  const per_group = sizes[0]! / groups;
  const passed = Math.min(per_group, sizes[1]!);
  const center = sizes.slice(2).map((size) => Math.floor(size / 2));
  return filled('dirac_', tensor, () => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < passed; channel++) {
        let cell: Tensor = tensor.select(0, group * per_group + channel).select(0, channel);
        for (const index of center) cell = cell.select(0, index);
        cell.fill_(1);
      }
    }
  }) as NonNullable<T>;
}

/** What the Xavier initializations and {@link orthogonal_} take by name. */
export interface GainOptions extends GeneratorOption {
  /** Scale. Default 1. */
  gain?: number;
}

type GainCall<T> = Arguments<
  [tensor: T, gain?: number, generator?: Generator | null],
  TensorArgument<T> & GainOptions,
  ['tensor', 'gain', 'generator']
>;

const gain_signature = (callee: string): Signature<TensorArgument<Tensor> & GainOptions> =>
  signature(callee, 'tensor: Tensor, gain?: float, generator?: Generator|None');

const XAVIER_UNIFORM = gain_signature('xavier_uniform_');

/**
 * Fills a tensor by Glorot's uniform initialization: values from `U(-a, a)` with
 * `a = gain * sqrt(6 / (fan_in + fan_out))`. Mirrors `torch.nn.init.xavier_uniform_`.
 *
 * @param tensor - the tensor to fill, with 2 or more dimensions
 * @param gain - scale, see {@link calculate_gain}; default 1
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error when `tensor` has fewer than 2 dimensions
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.xavier_uniform_(w, nn.init.calculate_gain('relu')));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.xavier_uniform_(w, nn.init.calculate_gain('relu')))
 * ```
 */
export function xavier_uniform_<T extends Filled>(
  tensor: T,
  gain?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function xavier_uniform_<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function xavier_uniform_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, gain = 1, generator } = XAVIER_UNIFORM.read(args);
  const [fan_in, fan_out] = fans(tensor);
  const std = gain * Math.sqrt(2 / (fan_in + fan_out));
  const bound = Math.sqrt(3) * std;
  return fill_uniform('xavier_uniform_', tensor, -bound, bound, generator) as NonNullable<T>;
}

const XAVIER_NORMAL = gain_signature('xavier_normal_');

/**
 * Fills a tensor by Glorot's normal initialization: values from `N(0, std^2)` with
 * `std = gain * sqrt(2 / (fan_in + fan_out))`. Mirrors `torch.nn.init.xavier_normal_`.
 *
 * @param tensor - the tensor to fill, with 2 or more dimensions
 * @param gain - scale, see {@link calculate_gain}; default 1
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error when `tensor` has fewer than 2 dimensions
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.xavier_normal_(w));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.xavier_normal_(w))
 * ```
 */
export function xavier_normal_<T extends Filled>(
  tensor: T,
  gain?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function xavier_normal_<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function xavier_normal_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, gain = 1, generator } = XAVIER_NORMAL.read(args);
  const [fan_in, fan_out] = fans(tensor);
  return fill_normal(
    'xavier_normal_',
    tensor,
    0,
    gain * Math.sqrt(2 / (fan_in + fan_out)),
    generator,
  ) as NonNullable<T>;
}

/** What the Kaiming initializations take by name. */
export interface KaimingOptions extends GeneratorOption {
  /** Negative slope of the nonlinearity, for `'leaky_relu'` only. Default 0. */
  a?: number;
  /** What keeps its variance. Default `'fan_in'`. */
  mode?: FanMode;
  /** Name of the nonlinearity. Default `'leaky_relu'`. */
  nonlinearity?: Nonlinearity;
}

type KaimingArguments = TensorArgument<Tensor> & KaimingOptions;

type KaimingCall<T> = Arguments<
  [tensor: T, a?: number, mode?: FanMode, nonlinearity?: Nonlinearity, generator?: Generator | null],
  TensorArgument<T> & KaimingOptions,
  ['tensor', 'a', 'mode', 'nonlinearity', 'generator']
>;

const kaiming_signature = (callee: string): Signature<KaimingArguments> =>
  signature(callee, 'tensor: Tensor, a?: float, mode?: str, nonlinearity?: str, generator?: Generator|None');

const KAIMING_UNIFORM = kaiming_signature('kaiming_uniform_');

/**
 * Fills a tensor by He's uniform initialization: values from `U(-bound, bound)` with `bound = gain * sqrt(3 / fan)`.
 * Mirrors `torch.nn.init.kaiming_uniform_`.
 *
 * @param tensor - the tensor to fill, with 2 or more dimensions
 * @param a - negative slope of the nonlinearity, for `'leaky_relu'` only; default 0
 * @param mode - `'fan_in'` keeps the variance of the forward pass, `'fan_out'` that of the backward pass; default
 *   `'fan_in'`
 * @param nonlinearity - name of the nonlinearity, see {@link calculate_gain}; default `'leaky_relu'`
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error when `tensor` has fewer than 2 dimensions, or for an unknown mode or nonlinearity
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.kaiming_uniform_(w, { nonlinearity: 'relu' }));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.kaiming_uniform_(w, nonlinearity='relu'))
 * ```
 */
export function kaiming_uniform_<T extends Filled>(
  tensor: T,
  a?: number,
  mode?: FanMode,
  nonlinearity?: Nonlinearity,
  generator?: Generator | null,
): NonNullable<T>;
export function kaiming_uniform_<T extends Filled>(...args: KaimingCall<T>): NonNullable<T>;
export function kaiming_uniform_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const given = KAIMING_UNIFORM.read(args);
  const { tensor, generator } = given;
  if (tensor.shape.includes(0)) return left_empty(tensor) as NonNullable<T>;
  const bound = Math.sqrt(3) * kaiming_std(given);
  return fill_uniform('kaiming_uniform_', tensor, -bound, bound, generator) as NonNullable<T>;
}

const KAIMING_NORMAL = kaiming_signature('kaiming_normal_');

/**
 * Fills a tensor by He's normal initialization: values from `N(0, std^2)` with `std = gain / sqrt(fan)`. Mirrors
 * `torch.nn.init.kaiming_normal_`.
 *
 * @param tensor - the tensor to fill, with 2 or more dimensions
 * @param a - negative slope of the nonlinearity, for `'leaky_relu'` only; default 0
 * @param mode - `'fan_in'` keeps the variance of the forward pass, `'fan_out'` that of the backward pass; default
 *   `'fan_in'`
 * @param nonlinearity - name of the nonlinearity, see {@link calculate_gain}; default `'leaky_relu'`
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error when `tensor` has fewer than 2 dimensions, or for an unknown mode or nonlinearity
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.kaiming_normal_(w, { mode: 'fan_out', nonlinearity: 'relu' }));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.kaiming_normal_(w, mode='fan_out', nonlinearity='relu'))
 * ```
 */
export function kaiming_normal_<T extends Filled>(
  tensor: T,
  a?: number,
  mode?: FanMode,
  nonlinearity?: Nonlinearity,
  generator?: Generator | null,
): NonNullable<T>;
export function kaiming_normal_<T extends Filled>(...args: KaimingCall<T>): NonNullable<T>;
export function kaiming_normal_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const given = KAIMING_NORMAL.read(args);
  const { tensor, generator } = given;
  if (tensor.shape.includes(0)) return left_empty(tensor) as NonNullable<T>;
  return fill_normal('kaiming_normal_', tensor, 0, kaiming_std(given), generator) as NonNullable<T>;
}

/** Keyword arguments of {@link trunc_normal_}. */
export interface TruncNormalOptions extends GeneratorOption {
  /** Mean before truncation. Default 0. */
  mean?: number;
  /** Standard deviation before truncation. Default 1. */
  std?: number;
  /** Lower bound. Default -2. */
  a?: number;
  /** Upper bound. Default 2. */
  b?: number;
}

const TRUNC_NORMAL = signature<TensorArgument<Tensor> & TruncNormalOptions>(
  'trunc_normal_',
  'tensor: Tensor, mean?: float, std?: float, a?: float, b?: float, generator?: Generator|None',
);

/**
 * Fills a tensor with values from the normal distribution `N(mean, std^2)`, truncated to [a, b]. Mirrors
 * `torch.nn.init.trunc_normal_`.
 *
 * @param tensor - the tensor to fill, of any shape
 * @param mean - mean of the distribution before truncation; default 0
 * @param std - standard deviation before truncation; default 1
 * @param a - lower bound; default -2
 * @param b - upper bound; default 2
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.trunc_normal_(w, { std: 0.02 }));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.trunc_normal_(w, std=0.02))
 * ```
 */
export function trunc_normal_<T extends Filled>(
  tensor: T,
  mean?: number,
  std?: number,
  a?: number,
  b?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function trunc_normal_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, mean?: number, std?: number, a?: number, b?: number, generator?: Generator | null],
    TensorArgument<T> & TruncNormalOptions,
    ['tensor', 'mean', 'std', 'a', 'b', 'generator']
  >
): NonNullable<T>;
export function trunc_normal_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, mean = 0, std = 1, a = -2, b = 2, generator = null } = TRUNC_NORMAL.read(args);
  if (tensor.is_meta) return tensor as NonNullable<T>;
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn('mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.');
  }
  return filled('trunc_normal_', tensor, () => {
    const kept = normal_cdf((b - mean) / std) - normal_cdf((a - mean) / std);
    if (kept > 0.3) redraw_outside(tensor, mean, std, a, b, generator);
    else accept_or_reject(tensor, mean, std, a, b, generator);
  }) as NonNullable<T>;
}

const ORTHOGONAL = gain_signature('orthogonal_');

/**
 * Fills a tensor with a (semi-)orthogonal matrix, times `gain`; with more than 2 dimensions, the trailing ones are
 * flattened. Mirrors `torch.nn.init.orthogonal_`.
 *
 * @param tensor - the tensor to fill, with 2 or more dimensions
 * @param gain - scale; default 1
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error when `tensor` has fewer than 2 dimensions
 * @example
 * ```ts
 * const w = nn.init.orthogonal_(torch.empty(3, 2));
 * print(w.shape, torch.allclose(w.T.matmul(w), torch.eye(2), { atol: 1e-6 }));
 * ```
 * ```python
 * w = nn.init.orthogonal_(torch.empty(3, 2))
 * print(w.shape, torch.allclose(w.T @ w, torch.eye(2), atol=1e-6))
 * ```
 */
export function orthogonal_<T extends Filled>(tensor: T, gain?: number, generator?: Generator | null): NonNullable<T>;
export function orthogonal_<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function orthogonal_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, gain = 1, generator = null } = ORTHOGONAL.read(args);
  if (tensor.ndim < 2) {
    throw new Error('Only tensors with 2 or more dimensions are supported');
  }
  if (tensor.numel() === 0 || tensor.is_meta) return tensor as NonNullable<T>;
  const rows = tensor.size(0);
  const cols = tensor.numel() / rows;
  return filled('orthogonal_', tensor, () => {
    const draws = tensor.new_empty([rows, cols]).normal_(0, 1, { generator });
    const [q, r] = qr(rows < cols ? draws.transpose_(0, 1) : draws);
    // The signs of the diagonal make the distribution of q uniform (arXiv math-ph/0609050).
    q.mul_(diag(r, 0).sign());
    if (rows < cols) q.transpose_(0, 1);
    tensor.view_as(q).copy_(q);
    tensor.mul_(gain);
  }) as NonNullable<T>;
}

interface SparseOptions extends GeneratorOption {
  /** Standard deviation of the elements that are not zero. Default 0.01. */
  std?: number;
}

interface SparseArguments<T> extends TensorArgument<T>, SparseOptions {
  /** Fraction of the elements of each column to set to zero. */
  sparsity: number;
}

const SPARSE = signature<SparseArguments<Tensor>>(
  'sparse_',
  'tensor: Tensor, sparsity: float, std?: float, generator?: Generator|None',
);

/**
 * Fills a matrix with values from `N(0, std^2)`, and sets a fraction `sparsity` of each column to zero. Mirrors
 * `torch.nn.init.sparse_`.
 *
 * @param tensor - the matrix to fill
 * @param sparsity - fraction of the elements of each column to set to zero, rounded up
 * @param std - standard deviation of the other elements; default 0.01
 * @param generator - where the random numbers come from; default null: the default generator
 * @returns the tensor
 * @throws Error unless `tensor` has 2 dimensions
 * @example
 * ```ts
 * const w = torch.empty(2, 3);
 * print(nn.init.sparse_(w, 0.5));
 * ```
 * ```python
 * w = torch.empty(2, 3)
 * print(nn.init.sparse_(w, 0.5))
 * ```
 */
export function sparse_<T extends Filled>(
  tensor: T,
  sparsity: number,
  std?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function sparse_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, sparsity: number, std?: number, generator?: Generator | null],
    SparseArguments<T>,
    ['tensor', 'sparsity', 'std', 'generator']
  >
): NonNullable<T>;
export function sparse_<T extends Filled>(...args: unknown[]): NonNullable<T> {
  const { tensor, sparsity, std = 0.01, generator = null } = SPARSE.read(args);
  if (tensor.ndim !== 2) throw new Error('Only tensors with 2 dimensions are supported');
  if (tensor.is_meta) return tensor as NonNullable<T>;
  const [rows, cols] = [tensor.size(0), tensor.size(1)];
  const zeros = Math.ceil(sparsity * rows);
  return filled('sparse_', tensor, () => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < cols; column++) {
      // As in Python, the rows come from the default generator, whatever `generator` is.
      const chosen = randperm(rows).narrow(0, 0, zeros).to({ device: tensor.device });
      tensor.select(1, column).index_fill_(0, chosen, 0);
    }
  }) as NonNullable<T>;
}

const FANS = signature<TensorArgument<Tensor>>('_calculate_fan_in_and_fan_out', 'tensor: Tensor');

/**
 * Returns the numbers of inputs and outputs that each unit of a weight is connected to: the product of its second
 * dimension, or its first, with the sizes of the trailing ones. Mirrors `torch.nn.init._calculate_fan_in_and_fan_out`.
 *
 * @param tensor - the weight
 * @throws Error when `tensor` has fewer than 2 dimensions
 * @example
 * ```ts
 * const [fan_in, fan_out] = nn.init._calculate_fan_in_and_fan_out(torch.empty(8, 3, 5, 5));
 * print(fan_in, fan_out);
 * ```
 * ```python
 * fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(torch.empty(8, 3, 5, 5))
 * print(fan_in, fan_out)
 * ```
 */
export function _calculate_fan_in_and_fan_out(tensor: Tensor): [fan_in: number, fan_out: number];
export function _calculate_fan_in_and_fan_out(...args: TensorCall<Tensor>): [fan_in: number, fan_out: number];
export function _calculate_fan_in_and_fan_out(...args: unknown[]): [fan_in: number, fan_out: number] {
  return fans(FANS.read(args).tensor);
}

function fans(tensor: Tensor): [fan_in: number, fan_out: number] {
  const sizes = tensor.shape;
  if (sizes.length < 2) {
    throw new Error('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = sizes.slice(2).reduce((product, size) => product * size, 1);
  return [sizes[1]! * field, sizes[0]! * field];
}

// ---- Old names ----------------------------------------------------------------------------------

const OLD = [
  UNIFORM,
  NORMAL,
  CONSTANT,
  EYE,
  DIRAC,
  XAVIER_UNIFORM,
  XAVIER_NORMAL,
  KAIMING_UNIFORM,
  KAIMING_NORMAL,
  ORTHOGONAL,
  SPARSE,
].map((its: Signature<object>) => its.renamed(its.callee.slice(0, -1)));

const old_names = new Map(OLD.map((its) => [its.callee, its]));

/** Calls a function by its old name, with a warning. */
function deprecated<R>(name: string, args: readonly unknown[], fill: (...args: never[]) => unknown): R {
  return old_names.get(name)!.call(args, (given) => {
    warn(`\`nn.init.${name}\` is now deprecated in favor of \`nn.init.${name}_\`.`, 'FutureWarning');
    return (fill as (given: object) => unknown)(given) as R;
  });
}

/**
 * Does what {@link uniform_} does, with a deprecation warning.
 *
 * @deprecated use {@link uniform_}
 */
export function uniform<T extends Filled>(
  tensor: T,
  a?: number,
  b?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function uniform<T extends Filled>(
  ...args: Arguments<
    [tensor: T, a?: number, b?: number, generator?: Generator | null],
    TensorArgument<T> & UniformOptions,
    ['tensor', 'a', 'b', 'generator']
  >
): NonNullable<T>;
export function uniform<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('uniform', args, uniform_);
}
/**
 * Does what {@link normal_} does, with a deprecation warning.
 *
 * @deprecated use {@link normal_}
 */
export function normal<T extends Filled>(
  tensor: T,
  mean?: number,
  std?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function normal<T extends Filled>(
  ...args: Arguments<
    [tensor: T, mean?: number, std?: number, generator?: Generator | null],
    TensorArgument<T> & NormalOptions,
    ['tensor', 'mean', 'std', 'generator']
  >
): NonNullable<T>;
export function normal<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('normal', args, normal_);
}
/**
 * Does what {@link constant_} does, with a deprecation warning.
 *
 * @deprecated use {@link constant_}
 */
export function constant<T extends Filled>(tensor: T, val: Scalar | Tensor): NonNullable<T>;
export function constant<T extends Filled>(
  ...args: Arguments<[tensor: T, val: Scalar | Tensor], ConstantArguments<T>, ['tensor', 'val']>
): NonNullable<T>;
export function constant<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('constant', args, constant_);
}
/**
 * Does what {@link eye_} does, with a deprecation warning.
 *
 * @deprecated use {@link eye_}
 */
export function eye<T extends Filled>(tensor: T): NonNullable<T>;
export function eye<T extends Filled>(...args: TensorCall<T>): NonNullable<T>;
export function eye<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('eye', args, eye_);
}
/**
 * Does what {@link dirac_} does, with a deprecation warning.
 *
 * @deprecated use {@link dirac_}
 */
export function dirac<T extends Filled>(tensor: T, groups?: number): NonNullable<T>;
export function dirac<T extends Filled>(
  ...args: Arguments<[tensor: T, groups?: number], DiracArguments<T>, ['tensor', 'groups']>
): NonNullable<T>;
export function dirac<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('dirac', args, dirac_);
}
/**
 * Does what {@link xavier_uniform_} does, with a deprecation warning.
 *
 * @deprecated use {@link xavier_uniform_}
 */
export function xavier_uniform<T extends Filled>(
  tensor: T,
  gain?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function xavier_uniform<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function xavier_uniform<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('xavier_uniform', args, xavier_uniform_);
}
/**
 * Does what {@link xavier_normal_} does, with a deprecation warning.
 *
 * @deprecated use {@link xavier_normal_}
 */
export function xavier_normal<T extends Filled>(tensor: T, gain?: number, generator?: Generator | null): NonNullable<T>;
export function xavier_normal<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function xavier_normal<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('xavier_normal', args, xavier_normal_);
}
/**
 * Does what {@link kaiming_uniform_} does, with a deprecation warning.
 *
 * @deprecated use {@link kaiming_uniform_}
 */
export function kaiming_uniform<T extends Filled>(
  tensor: T,
  a?: number,
  mode?: FanMode,
  nonlinearity?: Nonlinearity,
  generator?: Generator | null,
): NonNullable<T>;
export function kaiming_uniform<T extends Filled>(...args: KaimingCall<T>): NonNullable<T>;
export function kaiming_uniform<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('kaiming_uniform', args, kaiming_uniform_);
}
/**
 * Does what {@link kaiming_normal_} does, with a deprecation warning.
 *
 * @deprecated use {@link kaiming_normal_}
 */
export function kaiming_normal<T extends Filled>(
  tensor: T,
  a?: number,
  mode?: FanMode,
  nonlinearity?: Nonlinearity,
  generator?: Generator | null,
): NonNullable<T>;
export function kaiming_normal<T extends Filled>(...args: KaimingCall<T>): NonNullable<T>;
export function kaiming_normal<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('kaiming_normal', args, kaiming_normal_);
}
/**
 * Does what {@link orthogonal_} does, with a deprecation warning.
 *
 * @deprecated use {@link orthogonal_}
 */
export function orthogonal<T extends Filled>(tensor: T, gain?: number, generator?: Generator | null): NonNullable<T>;
export function orthogonal<T extends Filled>(...args: GainCall<T>): NonNullable<T>;
export function orthogonal<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('orthogonal', args, orthogonal_);
}
/**
 * Does what {@link sparse_} does, with a deprecation warning.
 *
 * @deprecated use {@link sparse_}
 */
export function sparse<T extends Filled>(
  tensor: T,
  sparsity: number,
  std?: number,
  generator?: Generator | null,
): NonNullable<T>;
export function sparse<T extends Filled>(
  ...args: Arguments<
    [tensor: T, sparsity: number, std?: number, generator?: Generator | null],
    SparseArguments<T>,
    ['tensor', 'sparsity', 'std', 'generator']
  >
): NonNullable<T>;
export function sparse<T extends Filled>(...args: unknown[]): NonNullable<T> {
  return deprecated('sparse', args, sparse_);
}

function filled(callee: string, tensor: Tensor, fill: () => unknown): Tensor {
  in_name_of(callee, () => no_grad(fill));
  return tensor;
}

function fill_uniform(
  callee: string,
  tensor: Tensor,
  a: number,
  b: number,
  generator: Generator | null = null,
): Tensor {
  return filled(callee, tensor, () => tensor.uniform_(a, b, { generator }));
}

function fill_normal(
  callee: string,
  tensor: Tensor,
  mean: number,
  std: number,
  generator: Generator | null = null,
): Tensor {
  return filled(callee, tensor, () => tensor.normal_(mean, std, { generator }));
}

function left_empty(tensor: Tensor): Tensor {
  warn('Initializing zero-element tensors is a no-op');
  return tensor;
}

function kaiming_std({ tensor, a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingArguments): number {
  const wanted = mode.toLowerCase();
  if (wanted !== 'fan_in' && wanted !== 'fan_out') {
    throw new Error(`Mode ${wanted} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const [fan_in, fan_out] = fans(tensor);
  return gain_of(nonlinearity, a) / Math.sqrt(wanted === 'fan_in' ? fan_in : fan_out);
}

function normal_cdf(x: number): number {
  const value = erf(make_tensor(x / Math.sqrt(2), { dtype: float64 })).item();
  return (1 + Number(value)) / 2;
}

function redraw_outside(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  // Compared as values of the tensor's own dtype, which may round the bounds.
  const low = Number(make_tensor(a, { dtype: tensor.dtype }).item());
  const high = Number(make_tensor(b, { dtype: tensor.dtype }).item());
  let result: Tensor = tensor.normal_(mean, std, { generator });
  for (;;) {
    const outside = result.lt(low).bitwise_or(result.gt(high));
    if (!to_boolean(outside.any())) break;
    result = where(outside, empty_like(result).normal_(mean, std, { generator }), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

function accept_or_reject(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  const mode = Math.max(a, Math.min(mean, b));
  const peak = (mode - mean) / std;
  const log_peak = -0.5 * (peak * peak);
  const candidates = empty_like(tensor);
  const chances = empty_like(tensor);
  const log_density = (): Tensor => candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(log_peak);
  const rejected = (): Tensor => chances.uniform_(0, 1, { generator }).log_().gt(candidates);

  tensor.uniform_(a, b, { generator });
  candidates.copy_(tensor);
  log_density();
  let pending = rejected();
  if (!to_boolean(pending.any())) return;
  let result: Tensor = tensor;
  do {
    candidates.uniform_(a, b, { generator });
    result = where(pending, candidates, result);
    log_density();
    pending = where(pending, rejected(), pending);
  } while (to_boolean(pending.any()));
  tensor.copy_(result);
}

function to_boolean(tensor: Tensor): boolean {
  return Boolean(tensor.item());
}
