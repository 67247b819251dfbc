import { empty } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import type { HasScale } from './batchnorm.js';
import { forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { ones_, zeros_ } from '../init.js';
import type { HasBias } from './linear.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_bool, python_float, python_int, python_size } from '../../_internal/representation.js';
import { signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** What {@link LayerNorm} takes by name. */
export interface LayerNormModuleOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each element. Default true. */
  elementwise_affine?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

export interface LayerNorm extends HasBias, HasScale {}

/**
 * Normalises over the last dimensions. Mirrors `torch.nn.LayerNorm`.
 * Parameters `weight` and `bias` have the shape `normalized_shape`.
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
    const shape = typeof normalized_shape === 'number' ? [normalized_shape] : [...normalized_shape];
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.bias = elementwise_affine && bias ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Sets scale 1 and shift 0. */
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

/** What {@link RMSNorm} takes by name. */
export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean square; null for the dtype's machine epsilon. */
  eps?: number | null;
  /** Learn a scale for each element. Default true. */
  elementwise_affine?: boolean;
}

export interface RMSNorm extends HasScale {}

/** Divides by the root mean square over the last dimensions. Mirrors `torch.nn.RMSNorm`. */
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
    const shape = typeof normalized_shape === 'number' ? [normalized_shape] : [...normalized_shape];
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Sets scale 1. */
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

/** What {@link GroupNorm} takes by name. */
export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each channel. Default true. */
  affine?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

export interface GroupNorm extends HasBias, HasScale {}

/** Normalises over groups of channels of (N, C, ...). Mirrors `torch.nn.GroupNorm`. */
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

  /** Sets scale 1 and shift 0. */
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
 * Divides each value by a power of the squares in the channels around it. Mirrors
 * `torch.nn.LocalResponseNorm`.
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
