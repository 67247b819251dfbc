/**
 * Ways to fill the parameters of a network before training. Mirrors `torch.nn.init`: the functions change
 * their tensor in place without autograd, return it, and draw from the generator in Python's order, so that a
 * seed gives Python's values.
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
import { shown } from '../_internal/representation.js';

/** Where the random numbers come from; the default generator when left out. */
export interface GeneratorOption {
  generator?: Generator | null;
}

/** Names of functions that {@link calculate_gain} knows. */
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

/** Which side of a layer keeps its variance: its inputs (forward pass) or its outputs (backward pass). */
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
 * What the functions take: also a parameter that may be null, such as `linear.bias`, which is refused when it is.
 * They return what they were given.
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
 * The gain that keeps the variance of signals through a nonlinearity. Mirrors `torch.nn.init.calculate_gain`.
 *
 * @param args - `nonlinearity`: name of the function; `param`: the negative slope of `'leaky_relu'`, default 0.01
 */
export function calculate_gain(
  ...args: Arguments<[nonlinearity: Nonlinearity, param?: number | null], GainArguments, ['nonlinearity', 'param']>
): number {
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
      throw new Error(`Unsupported nonlinearity ${shown(nonlinearity)}`);
  }
}

/** What {@link uniform_} takes by name. */
export interface UniformOptions extends GeneratorOption {
  a?: number;
  b?: number;
}

const UNIFORM = signature<TensorArgument<Tensor> & UniformOptions>(
  'uniform_',
  'tensor: Tensor, a?: float, b?: float, generator?: Generator|None',
);

/** Fills `tensor` with draws from the uniform distribution on [a, b). Default [0, 1). Mirrors `torch.nn.init.uniform_`. */
export function uniform_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, a?: number, b?: number, generator?: Generator | null],
    TensorArgument<T> & UniformOptions,
    ['tensor', 'a', 'b', 'generator']
  >
): NonNullable<T> {
  const { tensor, a = 0, b = 1, generator } = UNIFORM.read(args);
  return fill_uniform('uniform_', tensor, a, b, generator) as NonNullable<T>;
}

/** What {@link normal_} takes by name. */
export interface NormalOptions extends GeneratorOption {
  mean?: number;
  std?: number;
}

const NORMAL = signature<TensorArgument<Tensor> & NormalOptions>(
  'normal_',
  'tensor: Tensor, mean?: float, std?: float, generator?: Generator|None',
);

/**
 * Fills `tensor` with draws from the normal distribution. Default: mean 0, standard deviation 1. Mirrors
 * `torch.nn.init.normal_`.
 */
export function normal_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, mean?: number, std?: number, generator?: Generator | null],
    TensorArgument<T> & NormalOptions,
    ['tensor', 'mean', 'std', 'generator']
  >
): NonNullable<T> {
  const { tensor, mean = 0, std = 1, generator } = NORMAL.read(args);
  return fill_normal('normal_', tensor, mean, std, generator) as NonNullable<T>;
}

interface ConstantArguments<T> extends TensorArgument<T> {
  val: Scalar | Tensor;
}

const CONSTANT = signature<ConstantArguments<Tensor>>('constant_', 'tensor: Tensor, val: Number|Tensor');

/**
 * Fills `tensor` with `val`. Mirrors `torch.nn.init.constant_`.
 * @example
 * ```ts
 * const linear = new nn.Linear(3, 4);
 * nn.init.constant_(linear.bias, 0.1);
 * ```
 */
export function constant_<T extends Filled>(
  ...args: Arguments<[tensor: T, val: Scalar | Tensor], ConstantArguments<T>, ['tensor', 'val']>
): NonNullable<T> {
  const { tensor, val } = CONSTANT.read(args);
  return filled('constant_', tensor, () => tensor.fill_(val)) as NonNullable<T>;
}

type TensorCall<T> = Arguments<[tensor: T], TensorArgument<T>, ['tensor']>;

const ONES = signature<TensorArgument<Tensor>>('ones_', 'tensor: Tensor');

/** Fills `tensor` with ones. Mirrors `torch.nn.init.ones_`. */
export function ones_<T extends Filled>(...args: TensorCall<T>): NonNullable<T> {
  const { tensor } = ONES.read(args);
  return filled('ones_', tensor, () => tensor.fill_(1)) as NonNullable<T>;
}

const ZEROS = signature<TensorArgument<Tensor>>('zeros_', 'tensor: Tensor');

/** Fills `tensor` with zeros. Mirrors `torch.nn.init.zeros_`. */
export function zeros_<T extends Filled>(...args: TensorCall<T>): NonNullable<T> {
  const { tensor } = ZEROS.read(args);
  return filled('zeros_', tensor, () => tensor.zero_()) as NonNullable<T>;
}

const EYE = signature<TensorArgument<Tensor>>('eye_', 'tensor: Tensor');

/**
 * Makes a matrix the identity, as far as its shape allows. Mirrors `torch.nn.init.eye_`.
 *
 * @throws Error unless `tensor` has 2 dimensions
 */
export function eye_<T extends Filled>(...args: TensorCall<T>): NonNullable<T> {
  const { tensor } = EYE.read(args);
  if (tensor.ndim !== 2) throw new Error('Only tensors with 2 dimensions are supported');
  return filled('eye_', tensor, () => tensor.zero_().diagonal().fill_(1)) as NonNullable<T>;
}

interface DiracArguments<T> extends TensorArgument<T> {
  groups?: number;
}

const DIRAC = signature<DiracArguments<Tensor>>('dirac_', 'tensor: Tensor, groups?: int');

/**
 * Makes the weight of a convolution pass its inputs on unchanged, as far as its channels allow, in each
 * group. `tensor` is a weight of shape (out_channels, in_channels / groups, ...) with 3, 4 or 5 dimensions. Mirrors
 * `torch.nn.init.dirac_`.
 *
 * @throws Error for another number of dimensions, or when `groups` does not divide the first
 */
export function dirac_<T extends Filled>(
  ...args: Arguments<[tensor: T, groups?: number], DiracArguments<T>, ['tensor', 'groups']>
): NonNullable<T> {
  const { tensor, groups = 1 } = DIRAC.read(args);
  const sizes = tensor.shape;
  if (sizes.length < 3 || sizes.length > 5) {
    throw new Error('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  if (sizes[0]! % groups !== 0) throw new Error('dim 0 must be divisible by groups');
  if (tensor.is_meta) return tensor as NonNullable<T>;
  const per_group = sizes[0]! / groups;
  const passed = Math.min(per_group, sizes[1]!);
  const centre = sizes.slice(2).map((size) => Math.floor(size / 2));
  return filled('dirac_', tensor, () => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < passed; channel++) {
        let cell: Tensor = tensor.select(0, group * per_group + channel).select(0, channel);
        for (const index of centre) cell = cell.select(0, index);
        cell.fill_(1);
      }
    }
  }) as NonNullable<T>;
}

/** What the Xavier initializations and {@link orthogonal_} take by name. */
export interface GainOptions extends GeneratorOption {
  /** A factor. Default 1. */
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
 * Glorot's uniform initialization: the bound is `gain * sqrt(6 / (fan_in + fan_out))`. Mirrors
 * `torch.nn.init.xavier_uniform_`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions
 */
export function xavier_uniform_<T extends Filled>(...args: GainCall<T>): NonNullable<T> {
  const { tensor, gain = 1, generator } = XAVIER_UNIFORM.read(args);
  const [fan_in, fan_out] = fans(tensor);
  const std = gain * Math.sqrt(2 / (fan_in + fan_out));
  const bound = Math.sqrt(3) * std;
  return fill_uniform('xavier_uniform_', tensor, -bound, bound, generator) as NonNullable<T>;
}

const XAVIER_NORMAL = gain_signature('xavier_normal_');

/**
 * Glorot's normal initialization: the standard deviation is `gain * sqrt(2 / (fan_in + fan_out))`. Mirrors
 * `torch.nn.init.xavier_normal_`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions
 */
export function xavier_normal_<T extends Filled>(...args: GainCall<T>): NonNullable<T> {
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
  /** Negative slope of the rectifier that follows (only for `'leaky_relu'`). Default 0. */
  a?: number;
  mode?: FanMode;
  /** Default `'leaky_relu'`. */
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
 * He's uniform initialization: the bound is `gain * sqrt(3 / fan)`. Mirrors `torch.nn.init.kaiming_uniform_`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions, and for modes and nonlinearities that do not exist
 */
export function kaiming_uniform_<T extends Filled>(...args: KaimingCall<T>): NonNullable<T> {
  const given = KAIMING_UNIFORM.read(args);
  const { tensor, generator } = given;
  if (tensor.shape.includes(0)) return left_empty(tensor) as NonNullable<T>;
  const bound = Math.sqrt(3) * kaiming_std(given);
  return fill_uniform('kaiming_uniform_', tensor, -bound, bound, generator) as NonNullable<T>;
}

const KAIMING_NORMAL = kaiming_signature('kaiming_normal_');

/**
 * He's normal initialization: the standard deviation is `gain / sqrt(fan)`. Mirrors `torch.nn.init.kaiming_normal_`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions, and for modes and nonlinearities that do not exist
 */
export function kaiming_normal_<T extends Filled>(...args: KaimingCall<T>): NonNullable<T> {
  const given = KAIMING_NORMAL.read(args);
  const { tensor, generator } = given;
  if (tensor.shape.includes(0)) return left_empty(tensor) as NonNullable<T>;
  return fill_normal('kaiming_normal_', tensor, 0, kaiming_std(given), generator) as NonNullable<T>;
}

/** What {@link trunc_normal_} takes by name. */
export interface TruncNormalOptions extends GeneratorOption {
  mean?: number;
  std?: number;
  a?: number;
  b?: number;
}

const TRUNC_NORMAL = signature<TensorArgument<Tensor> & TruncNormalOptions>(
  'trunc_normal_',
  'tensor: Tensor, mean?: float, std?: float, a?: float, b?: float, generator?: Generator|None',
);

/**
 * Fills `tensor` with draws from a normal distribution of which only [a, b] is kept. Default: N(0, 1) on [-2,
 * 2]. Mirrors `torch.nn.init.trunc_normal_`.
 */
export function trunc_normal_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, mean?: number, std?: number, a?: number, b?: number, generator?: Generator | null],
    TensorArgument<T> & TruncNormalOptions,
    ['tensor', 'mean', 'std', 'a', 'b', 'generator']
  >
): NonNullable<T> {
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
 * Makes `tensor`, its trailing dimensions flattened, a (semi-)orthogonal matrix times `gain`. Mirrors
 * `torch.nn.init.orthogonal_`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions
 */
export function orthogonal_<T extends Filled>(...args: GainCall<T>): NonNullable<T> {
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
  /** Standard deviation of what is not zero. Default 0.01. */
  std?: number;
}

interface SparseArguments<T> extends TensorArgument<T>, SparseOptions {
  /** Fraction of the elements of each column that become zero. */
  sparsity: number;
}

const SPARSE = signature<SparseArguments<Tensor>>(
  'sparse_',
  'tensor: Tensor, sparsity: float, std?: float, generator?: Generator|None',
);

/**
 * Fills a matrix with normal draws and sets a fraction `sparsity` of each column to zero. Mirrors
 * `torch.nn.init.sparse_`.
 *
 * @throws Error unless `tensor` has 2 dimensions
 */
export function sparse_<T extends Filled>(
  ...args: Arguments<
    [tensor: T, sparsity: number, std?: number, generator?: Generator | null],
    SparseArguments<T>,
    ['tensor', 'sparsity', 'std', 'generator']
  >
): NonNullable<T> {
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
 * Numbers of inputs and outputs that each unit of a weight is connected with. Mirrors
 * `torch.nn.init._calculate_fan_in_and_fan_out`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions
 */
export function _calculate_fan_in_and_fan_out(...args: TensorCall<Tensor>): [fan_in: number, fan_out: number] {
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

/** A function under its old name, which warns. */
function deprecated<F extends (...args: never[]) => unknown>(its: Signature<object>, fill: F): F {
  const name = its.callee.slice(0, -1);
  const own = its.renamed(name);
  return ((...args: unknown[]) =>
    own.call(args, (given) => {
      warn(`\`nn.init.${name}\` is now deprecated in favor of \`nn.init.${name}_\`.`, 'FutureWarning');
      return (fill as unknown as (given: object) => unknown)(given);
    })) as unknown as F;
}

/** @deprecated in favour of {@link uniform_} */
export const uniform = deprecated(UNIFORM, uniform_);
/** @deprecated in favour of {@link normal_} */
export const normal = deprecated(NORMAL, normal_);
/** @deprecated in favour of {@link constant_} */
export const constant = deprecated(CONSTANT, constant_);
/** @deprecated in favour of {@link eye_} */
export const eye = deprecated(EYE, eye_);
/** @deprecated in favour of {@link dirac_} */
export const dirac = deprecated(DIRAC, dirac_);
/** @deprecated in favour of {@link xavier_uniform_} */
export const xavier_uniform = deprecated(XAVIER_UNIFORM, xavier_uniform_);
/** @deprecated in favour of {@link xavier_normal_} */
export const xavier_normal = deprecated(XAVIER_NORMAL, xavier_normal_);
/** @deprecated in favour of {@link kaiming_uniform_} */
export const kaiming_uniform = deprecated(KAIMING_UNIFORM, kaiming_uniform_);
/** @deprecated in favour of {@link kaiming_normal_} */
export const kaiming_normal = deprecated(KAIMING_NORMAL, kaiming_normal_);
/** @deprecated in favour of {@link orthogonal_} */
export const orthogonal = deprecated(ORTHOGONAL, orthogonal_);
/** @deprecated in favour of {@link sparse_} */
export const sparse = deprecated(SPARSE, sparse_);

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
    if (!truth(outside.any())) break;
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
  if (!truth(pending.any())) return;
  let result: Tensor = tensor;
  do {
    candidates.uniform_(a, b, { generator });
    result = where(pending, candidates, result);
    log_density();
    pending = where(pending, rejected(), pending);
  } while (truth(pending.any()));
  tensor.copy_(result);
}

function truth(tensor: Tensor): boolean {
  return Boolean(tensor.item());
}
