import { empty } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { ntuple, type FactoryOptions } from '../../_internal/arguments.js';
import type { HasScale } from './batchnorm.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { ones_, zeros_ } from '../init.js';
import type { HasBias } from './linear.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_bool, python_float, python_int, python_size } from '../../_internal/representation.js';
import { signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link LayerNorm}. */
export interface LayerNormModuleOptions extends FactoryOptions {
  /** Added to the variance, for numerical stability. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each element. Default true. */
  elementwise_affine?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

export interface LayerNorm extends HasBias, HasScale {}

/**
 * Normalizes each sample over its last dimensions: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`, with the
 * biased variance over the dimensions of `normalized_shape`. Mirrors `torch.nn.LayerNorm`.
 *
 * Shapes: input and output `(*, *normalized_shape)`. Parameters: `weight`, initialized with ones, and `bias`,
 * initialized with zeros, of shape `normalized_shape`. Dtypes: floating point.
 *
 * @param normalized_shape - sizes of the last dimensions of the input; a number for the last one
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param elementwise_affine - learn a scale and a shift for each element; default true
 * @param bias - learn the shift, when `elementwise_affine`; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error on the call, when the last dimensions of the input are not `normalized_shape`
 * @example
 * ```ts
 * const norm = new nn.LayerNorm(3);
 * print(norm(torch.tensor([[1, 2, 3], [0, 0.5, 4]])));
 * ```
 * ```python
 * norm = nn.LayerNorm(3)
 * print(norm(torch.tensor([[1, 2, 3], [0, 0.5, 4]])))
 * ```
 */
export class LayerNorm extends Module {
  declare normalized_shape: readonly number[];
  declare eps: number;
  declare elementwise_affine: boolean;

  constructor(
    ...args: Arguments<
      [
        normalized_shape: F.IntOrSize,
        eps?: number,
        elementwise_affine?: boolean,
        bias?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      LayerNormModuleOptions & { normalized_shape: F.IntOrSize },
      ['normalized_shape', 'eps', 'elementwise_affine', 'bias', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      normalized_shape,
      eps = 1e-5,
      elementwise_affine = true,
      bias = true,
      device = null,
      dtype = null,
    } = LAYER_NORM.read(args);
    const shape = ntuple(normalized_shape, 1);
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.bias = elementwise_affine && bias ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the scale with ones and the shift with zeros. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return (
      `${python_size(this.normalized_shape)}, eps=${python_float(this.eps)}, ` +
      `elementwise_affine=${python_bool(this.elementwise_affine)}, bias=${python_bool(this.bias !== null)}`
    );
  }
}

/** Keyword arguments of {@link RMSNorm}. */
export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean square, for numerical stability. Default null: the machine epsilon of the dtype. */
  eps?: number | null;
  /** Learn a scale for each element. Default true. */
  elementwise_affine?: boolean;
}

export interface RMSNorm extends HasScale {}

/**
 * Divides each sample by its root mean square over the last dimensions: `y = x / sqrt(mean(x^2) + eps) * weight`, with
 * the mean over the dimensions of `normalized_shape`. Mirrors `torch.nn.RMSNorm`.
 *
 * Shapes: input and output `(*, *normalized_shape)`. Parameter: `weight` of shape `normalized_shape`, initialized with
 * ones. Dtypes: floating point and complex.
 *
 * @param normalized_shape - sizes of the last dimensions of the input; a number for the last one
 * @param eps - added to the mean square, for numerical stability; default null: the machine epsilon of the dtype
 * @param elementwise_affine - learn a scale for each element; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error on the call, when the last dimensions of the input are not `normalized_shape`
 * @example
 * ```ts
 * const norm = new nn.RMSNorm(3);
 * print(norm(torch.tensor([[1, 2, 3], [0, 0.5, 4]])));
 * ```
 * ```python
 * norm = nn.RMSNorm(3)
 * print(norm(torch.tensor([[1, 2, 3], [0, 0.5, 4]])))
 * ```
 */
export class RMSNorm extends Module {
  declare normalized_shape: readonly number[];
  declare eps: number | null;
  declare elementwise_affine: boolean;

  constructor(
    ...args: Arguments<
      [
        normalized_shape: F.IntOrSize,
        eps?: number | null,
        elementwise_affine?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RMSNormOptions & { normalized_shape: F.IntOrSize },
      ['normalized_shape', 'eps', 'elementwise_affine', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      normalized_shape,
      eps = null,
      elementwise_affine = true,
      device = null,
      dtype = null,
    } = RMS_NORM.read(args);
    const shape = ntuple(normalized_shape, 1);
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the scale with ones. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    if (this.weight !== null) ones_(this.weight);
  }

  forward(x: Tensor): Tensor {
    return F.rms_norm(x, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    return (
      `${python_size(this.normalized_shape)}, eps=${this.eps === null ? 'None' : python_float(this.eps)}, ` +
      `elementwise_affine=${python_bool(this.elementwise_affine)}`
    );
  }
}

/** Keyword arguments of {@link GroupNorm}. */
export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance, for numerical stability. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each channel. Default true. */
  affine?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

export interface GroupNorm extends HasBias, HasScale {}

/**
 * Normalizes each sample over groups of channels: `y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias`, with mean and
 * biased variance over the channels of a group and their positions. Mirrors `torch.nn.GroupNorm`.
 *
 * Shapes: input and output `(N, num_channels, *)`. Parameters: `weight`, initialized with ones, and `bias`, initialized
 * with zeros, `(num_channels)`. Dtypes: floating point.
 *
 * @param num_groups - number of groups, which divides `num_channels`
 * @param num_channels - number of channels
 * @param eps - added to the variance, for numerical stability; default 1e-5
 * @param affine - learn a scale and a shift for each channel; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @param bias - learn the shift, when `affine`; default true
 * @throws Error when `num_groups` does not divide `num_channels`; on the call, when the input has another number of
 *   channels
 * @example
 * ```ts
 * const norm = new nn.GroupNorm(2, 4);
 * print(norm(torch.tensor([[1, 2, 3, 8.5]])));
 * ```
 * ```python
 * norm = nn.GroupNorm(2, 4)
 * print(norm(torch.tensor([[1, 2, 3, 8.5]])))
 * ```
 */
export class GroupNorm extends Module {
  declare num_groups: number;
  declare num_channels: number;
  declare eps: number;
  declare affine: boolean;

  constructor(
    ...args: Arguments<
      [
        num_groups: number,
        num_channels: number,
        eps?: number,
        affine?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      GroupNormOptions & { num_groups: number; num_channels: number },
      ['num_groups', 'num_channels', 'eps', 'affine', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const {
      num_groups,
      num_channels,
      eps = 1e-5,
      affine = true,
      bias = true,
      device = null,
      dtype = null,
    } = GROUP_NORM.read(args);
    if (num_channels % num_groups !== 0) {
      throw new Error(`num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`);
    }
    this.num_groups = num_groups;
    this.num_channels = num_channels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(empty([num_channels], { device, dtype })) : null;
    this.bias = affine && bias ? new Parameter(empty([num_channels], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the scale with ones and the shift with zeros. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return (
      `${python_int(this.num_groups)}, ${python_int(this.num_channels)}, eps=${python_float(this.eps)}, ` +
      `affine=${python_bool(this.affine)}, bias=${python_bool(this.bias !== null)}`
    );
  }
}

/**
 * Divides each value by a power of the mean square of the `size` channels around it:
 * `y[c] = x[c] * (k + alpha / size * sum_i x[i]^2)^(-beta)`, where `i` runs over the channels of the window around `c`.
 * Mirrors `torch.nn.LocalResponseNorm`.
 *
 * Shapes: input and output `(N, C, *)`. Dtypes: float32, float64 and int64.
 *
 * @param size - number of channels in the window
 * @param alpha - factor of the mean square; default 1e-4
 * @param beta - the exponent; default 0.75
 * @param k - added to the mean square; default 1
 * @throws Error on the call, when the input has fewer than 3 dimensions
 * @example
 * ```ts
 * const norm = new nn.LocalResponseNorm(2, { alpha: 1 });
 * print(norm(torch.tensor([[[1], [2], [3.5]]])));
 * ```
 * ```python
 * norm = nn.LocalResponseNorm(2, alpha=1)
 * print(norm(torch.tensor([[[1], [2], [3.5]]])))
 * ```
 */
export class LocalResponseNorm extends Module {
  declare size: number;
  declare alpha: number;
  declare beta: number;
  declare k: number;

  constructor(
    ...args: Arguments<
      [size: number, alpha?: number, beta?: number, k?: number],
      F.LocalResponseNormOptions & { size: number },
      ['size', 'alpha', 'beta', 'k']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { size, alpha = 1e-4, beta = 0.75, k = 1 } = LOCAL_RESPONSE.read(args);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(input: Tensor): Tensor {
    return F.local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return (
      `${python_int(this.size)}, alpha=${python_float(this.alpha)}, beta=${python_float(this.beta)}, ` +
      `k=${python_float(this.k)}`
    );
  }
}

const LAYER_NORM = signature<LayerNormModuleOptions & { normalized_shape: F.IntOrSize }>(
  'LayerNorm',
  'normalized_shape: int|int[], eps?: float, elementwise_affine?: bool, bias?: bool, device?: device|None, ' +
    'dtype?: dtype|None',
);
const RMS_NORM = signature<RMSNormOptions & { normalized_shape: F.IntOrSize }>(
  'RMSNorm',
  'normalized_shape: int|int[], eps?: float|None, elementwise_affine?: bool, device?: device|None, ' +
    'dtype?: dtype|None',
);
const GROUP_NORM = signature<GroupNormOptions & { num_groups: number; num_channels: number }>(
  'GroupNorm',
  'num_groups: int, num_channels: int, eps?: float, affine?: bool, device?: device|None, dtype?: dtype|None, *, bias?: bool',
);
const LOCAL_RESPONSE = signature<F.LocalResponseNormOptions & { size: number }>(
  'LocalResponseNorm',
  'size: int, alpha?: float, beta?: float, k?: float',
);
for (const module of [LayerNorm, GroupNorm, LocalResponseNorm]) forward_takes(module, 'input: Tensor');
forward_takes(RMSNorm, 'x: Tensor');
