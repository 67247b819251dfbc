/**
 * Ways to fill the parameters of a network before training. Mirrors `torch.nn.init`: the functions change
 * their tensor in place without autograd, return it, and draw from the generator in Python's order, so that a
 * seed gives Python's values.
 */
import { no_grad } from '../autograd.js';
import { tensor as make_tensor } from '../creation.js';
import { float64 } from '../dtype.js';
import { diag, empty_like, erf, randperm, where } from '../generated/functions.js';
import { qr } from '../generated/linalg.js';
import type { Generator } from '../random.js';
import type { Tensor } from '../tensor.js';
import { bind, number_arguments, string_argument, tensor_arguments, type Tail } from './arguments.js';
import { warn } from './warnings.js';
import { shown } from './representation.js';

/** Where the random numbers come from; the default generator when left out. */
export interface GeneratorOption {
  generator?: Generator | null;
}

/** Names of functions that {@link calculate_gain} knows. */
export type Nonlinearity =
  | 'linear' | 'conv1d' | 'conv2d' | 'conv3d' | 'conv_transpose1d' | 'conv_transpose2d' | 'conv_transpose3d'
  | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'selu';

/** Which side of a layer keeps its variance: its inputs (forward pass) or its outputs (backward pass). */
export type FanMode = 'fan_in' | 'fan_out';

const LINEAR_LIKE: readonly string[] = [
  'linear', 'conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d', 'sigmoid',
];

/**
 * The gain that keeps the variance of signals through a nonlinearity.
 *
 * @param nonlinearity - name of the function
 * @param param - the negative slope of `'leaky_relu'`, default 0.01
 */
export function calculate_gain(nonlinearity: Nonlinearity, param: number | null = null): number {
  if (LINEAR_LIKE.includes(nonlinearity)) return 1;
  switch (nonlinearity) {
    case 'tanh': return 5 / 3;
    case 'relu': return Math.sqrt(2);
    case 'selu': return 3 / 4;
    case 'leaky_relu': {
      const slope = param ?? 0.01;
      if (typeof slope !== 'number') throw new TypeError(`negative_slope ${String(slope)} not a valid number`);
      return Math.sqrt(2 / (1 + slope * slope));
    }
    default: throw new Error(`Unsupported nonlinearity ${shown(nonlinearity)}`);
  }
}

/** Fills `tensor` with draws from the uniform distribution on [a, b). Default [0, 1). */
export function uniform_<T extends Tensor>(
  tensor: T, ...args: Tail<[a: number, b: number, generator: Generator | null],
    { a?: number; b?: number } & GeneratorOption>
): T {
  const { a = 0, b = 1, generator } =
    bind<{ a?: number; b?: number } & GeneratorOption>('uniform_', ['a', 'b', 'generator'], args);
  return fill_uniform(check('uniform_', tensor), a, b, generator);
}

/** Fills `tensor` with draws from the normal distribution. Default: mean 0, standard deviation 1. */
export function normal_<T extends Tensor>(
  tensor: T, ...args: Tail<[mean: number, std: number, generator: Generator | null],
    { mean?: number; std?: number } & GeneratorOption>
): T {
  const { mean = 0, std = 1, generator } =
    bind<{ mean?: number; std?: number } & GeneratorOption>('normal_', ['mean', 'std', 'generator'], args);
  return fill_normal(check('normal_', tensor), mean, std, generator);
}

/** Fills `tensor` with `val`. */
export function constant_<T extends Tensor>(tensor: T, val: number): T {
  no_grad(() => check('constant_', tensor).fill_(val));
  return tensor;
}

/** Fills `tensor` with ones. */
export function ones_<T extends Tensor>(tensor: T): T {
  return constant_(tensor, 1);
}

/** Fills `tensor` with zeros. */
export function zeros_<T extends Tensor>(tensor: T): T {
  no_grad(() => check('zeros_', tensor).zero_());
  return tensor;
}

/**
 * Makes a matrix the identity, as far as its shape allows.
 *
 * @throws Error when `tensor` has not 2 dimensions
 */
export function eye_<T extends Tensor>(tensor: T): T {
  if (check('eye_', tensor).ndim !== 2) throw new Error('Only tensors with 2 dimensions are supported');
  no_grad(() => tensor.zero_().diagonal().fill_(1));
  return tensor;
}

/**
 * Makes the weight of a convolution pass its inputs on unchanged, as far as its channels allow, in each
 * group.
 *
 * @param tensor - weight of shape (out_channels, in_channels / groups, ...) with 3, 4 or 5 dimensions
 * @throws Error for another number of dimensions, or when `groups` does not divide the first
 */
export function dirac_<T extends Tensor>(tensor: T, ...args: Tail<[groups: number], { groups?: number }>): T {
  const { groups = 1 } = bind<{ groups?: number }>('dirac_', ['groups'], args);
  number_arguments('dirac_', 'int', { groups });
  const sizes = check('dirac_', tensor).shape;
  if (sizes.length < 3 || sizes.length > 5) {
    throw new Error('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  if (sizes[0]! % groups !== 0) throw new Error('dim 0 must be divisible by groups');
  if (tensor.is_meta) return tensor;
  const per_group = sizes[0]! / groups;
  const passed = Math.min(per_group, sizes[1]!);
  const centre = sizes.slice(2).map((size) => Math.floor(size / 2));
  no_grad(() => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < passed; channel++) {
        let cell: Tensor = tensor.select(0, group * per_group + channel).select(0, channel);
        for (const index of centre) cell = cell.select(0, index);
        cell.fill_(1);
      }
    }
  });
  return tensor;
}

/** Glorot's uniform initialisation: the bound is `gain * sqrt(6 / (fan_in + fan_out))`. */
export function xavier_uniform_<T extends Tensor>(
  tensor: T, ...args: Tail<[gain: number, generator: Generator | null], { gain?: number } & GeneratorOption>
): T {
  const { gain = 1, generator } =
    bind<{ gain?: number } & GeneratorOption>('xavier_uniform_', ['gain', 'generator'], args);
  const [fan_in, fan_out] = _calculate_fan_in_and_fan_out(check('xavier_uniform_', tensor));
  number_arguments('xavier_uniform_', 'float', { gain });
  const std = gain * Math.sqrt(2 / (fan_in + fan_out));
  const bound = Math.sqrt(3) * std;
  return fill_uniform(tensor, -bound, bound, generator);
}

/** Glorot's normal initialisation: the standard deviation is `gain * sqrt(2 / (fan_in + fan_out))`. */
export function xavier_normal_<T extends Tensor>(
  tensor: T, ...args: Tail<[gain: number, generator: Generator | null], { gain?: number } & GeneratorOption>
): T {
  const { gain = 1, generator } =
    bind<{ gain?: number } & GeneratorOption>('xavier_normal_', ['gain', 'generator'], args);
  const [fan_in, fan_out] = _calculate_fan_in_and_fan_out(check('xavier_normal_', tensor));
  number_arguments('xavier_normal_', 'float', { gain });
  return fill_normal(tensor, 0, gain * Math.sqrt(2 / (fan_in + fan_out)), generator);
}

/** What the Kaiming initialisations take by name. */
export interface KaimingOptions extends GeneratorOption {
  /** Negative slope of the rectifier that follows (only for `'leaky_relu'`). Default 0. */
  a?: number;
  mode?: FanMode;
  /** Default `'leaky_relu'`. */
  nonlinearity?: Nonlinearity;
}

const KAIMING = ['a', 'mode', 'nonlinearity', 'generator'];

type KaimingTail =
  Tail<[a: number, mode: FanMode, nonlinearity: Nonlinearity, generator: Generator | null], KaimingOptions>;

/** He's uniform initialisation: the bound is `gain * sqrt(3 / fan)`. */
export function kaiming_uniform_<T extends Tensor>(tensor: T, ...args: KaimingTail): T {
  const options = bind<KaimingOptions>('kaiming_uniform_', KAIMING, args);
  if (check('kaiming_uniform_', tensor).shape.includes(0)) return leave_empty(tensor);
  const bound = Math.sqrt(3) * kaiming_std('kaiming_uniform_', tensor, options);
  return fill_uniform(tensor, -bound, bound, options.generator);
}

/** He's normal initialisation: the standard deviation is `gain / sqrt(fan)`. */
export function kaiming_normal_<T extends Tensor>(tensor: T, ...args: KaimingTail): T {
  const options = bind<KaimingOptions>('kaiming_normal_', KAIMING, args);
  if (check('kaiming_normal_', tensor).shape.includes(0)) return leave_empty(tensor);
  return fill_normal(tensor, 0, kaiming_std('kaiming_normal_', tensor, options), options.generator);
}

/** What {@link trunc_normal_} takes by name. */
export interface TruncNormalOptions extends GeneratorOption {
  mean?: number;
  std?: number;
  a?: number;
  b?: number;
}

/**
 * Fills `tensor` with draws from a normal distribution of which only [a, b] is kept. Default: N(0, 1) on [-2,
 * 2].
 */
export function trunc_normal_<T extends Tensor>(
  tensor: T,
  ...args: Tail<[mean: number, std: number, a: number, b: number, generator: Generator | null], TruncNormalOptions>
): T {
  const { mean = 0, std = 1, a = -2, b = 2, generator = null } =
    bind<TruncNormalOptions>('trunc_normal_', ['mean', 'std', 'a', 'b', 'generator'], args);
  number_arguments('trunc_normal_', 'float', { mean, std, a, b });
  if (check('trunc_normal_', tensor).is_meta) return tensor;
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn('mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.');
  }
  no_grad(() => {
    const kept = normal_cdf((b - mean) / std) - normal_cdf((a - mean) / std);
    if (kept > 0.3) redraw_outside(tensor, mean, std, a, b, generator);
    else accept_or_reject(tensor, mean, std, a, b, generator);
  });
  return tensor;
}

/**
 * Makes `tensor`, its trailing dimensions flattened, a (semi-)orthogonal matrix times `gain`.
 *
 * @throws Error when `tensor` has fewer than 2 dimensions
 */
export function orthogonal_<T extends Tensor>(
  tensor: T, ...args: Tail<[gain: number, generator: Generator | null], { gain?: number } & GeneratorOption>
): T {
  const { gain = 1, generator = null } =
    bind<{ gain?: number } & GeneratorOption>('orthogonal_', ['gain', 'generator'], args);
  if (check('orthogonal_', tensor).ndim < 2) {
    throw new Error('Only tensors with 2 or more dimensions are supported');
  }
  if (tensor.numel() === 0 || tensor.is_meta) return tensor;
  const rows = tensor.size(0);
  const cols = tensor.numel() / rows;
  no_grad(() => {
    const draws = tensor.new_empty([rows, cols]).normal_(0, 1, { generator });
    const [q, r] = qr(rows < cols ? draws.transpose_(0, 1) : draws);
    // The signs of the diagonal make the distribution of q uniform (arXiv math-ph/0609050).
    q.mul_(diag(r, 0).sign());
    if (rows < cols) q.transpose_(0, 1);
    tensor.view_as(q).copy_(q);
    tensor.mul_(gain);
  });
  return tensor;
}

/**
 * Fills a matrix with normal draws and sets a fraction of each column to zero.
 *
 * @param sparsity - fraction of the elements of each column that become zero
 * @throws Error when `tensor` has not 2 dimensions
 */
export function sparse_<T extends Tensor>(
  tensor: T, sparsity: number,
  ...args: Tail<[std: number, generator: Generator | null], { std?: number } & GeneratorOption>
): T {
  const { std = 0.01, generator = null } =
    bind<{ std?: number } & GeneratorOption>('sparse_', ['std', 'generator'], args);
  number_arguments('sparse_', 'float', { sparsity });
  if (check('sparse_', tensor).ndim !== 2) throw new Error('Only tensors with 2 dimensions are supported');
  if (tensor.is_meta) return tensor;
  const [rows, cols] = [tensor.size(0), tensor.size(1)];
  const zeros = Math.ceil(sparsity * rows);
  no_grad(() => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < cols; column++) {
      // As in Python, the rows come from the default generator, whatever `generator` is.
      const chosen = randperm(rows).narrow(0, 0, zeros).to({ device: tensor.device });
      tensor.select(1, column).index_fill_(0, chosen, 0);
    }
  });
  return tensor;
}

/** Numbers of inputs and outputs that each unit of a weight (at least 2 dimensions) is connected with. */
export function _calculate_fan_in_and_fan_out(tensor: Tensor): [fan_in: number, fan_out: number] {
  const sizes = check('_calculate_fan_in_and_fan_out', tensor).shape;
  if (sizes.length < 2) {
    throw new Error('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = sizes.slice(2).reduce((product, size) => product * size, 1);
  return [sizes[1]! * field, sizes[0]! * field];
}

// ---- Old names ----------------------------------------------------------------------------------

/** A function under its old name, which warns. */
function deprecated<F>(name: string, fill: F): F {
  return ((...args: unknown[]) => {
    warn(`\`nn.init.${name}\` is now deprecated in favor of \`nn.init.${name}_\`.`, 'FutureWarning');
    return (fill as (...args: unknown[]) => unknown)(...args);
  }) as F;
}

/** @deprecated in favour of {@link uniform_} */
export const uniform = deprecated('uniform', uniform_);
/** @deprecated in favour of {@link normal_} */
export const normal = deprecated('normal', normal_);
/** @deprecated in favour of {@link constant_} */
export const constant = deprecated('constant', constant_);
/** @deprecated in favour of {@link eye_} */
export const eye = deprecated('eye', eye_);
/** @deprecated in favour of {@link dirac_} */
export const dirac = deprecated('dirac', dirac_);
/** @deprecated in favour of {@link xavier_uniform_} */
export const xavier_uniform = deprecated('xavier_uniform', xavier_uniform_);
/** @deprecated in favour of {@link xavier_normal_} */
export const xavier_normal = deprecated('xavier_normal', xavier_normal_);
/** @deprecated in favour of {@link kaiming_uniform_} */
export const kaiming_uniform = deprecated('kaiming_uniform', kaiming_uniform_);
/** @deprecated in favour of {@link kaiming_normal_} */
export const kaiming_normal = deprecated('kaiming_normal', kaiming_normal_);
/** @deprecated in favour of {@link orthogonal_} */
export const orthogonal = deprecated('orthogonal', orthogonal_);
/** @deprecated in favour of {@link sparse_} */
export const sparse = deprecated('sparse', sparse_);

function check<T extends Tensor>(callee: string, tensor: T): T {
  tensor_arguments(callee, { tensor });
  return tensor;
}

function fill_uniform<T extends Tensor>(tensor: T, a: number, b: number, generator?: Generator | null): T {
  no_grad(() => tensor.uniform_(a, b, { generator: generator ?? null }));
  return tensor;
}

function fill_normal<T extends Tensor>(tensor: T, mean: number, std: number, generator?: Generator | null): T {
  no_grad(() => tensor.normal_(mean, std, { generator: generator ?? null }));
  return tensor;
}

function leave_empty<T extends Tensor>(tensor: T): T {
  warn('Initializing zero-element tensors is a no-op');
  return tensor;
}

function kaiming_std(
  callee: string, tensor: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions,
): number {
  string_argument(callee, 'mode', mode);
  const wanted = mode.toLowerCase();
  if (wanted !== 'fan_in' && wanted !== 'fan_out') {
    throw new Error(`Mode ${wanted} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return calculate_gain(nonlinearity, a) / Math.sqrt(wanted === 'fan_in' ? fan_in : fan_out);
}

function normal_cdf(x: number): number {
  const value = erf(make_tensor(x / Math.sqrt(2), { dtype: float64 })).item();
  return (1 + Number(value)) / 2;
}

function redraw_outside(
  tensor: Tensor, mean: number, std: number, a: number, b: number, generator: Generator | null,
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
  tensor: Tensor, mean: number, std: number, a: number, b: number, generator: Generator | null,
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
