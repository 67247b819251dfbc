import { empty } from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, type FactoryOptions, type Tail } from './arguments.js';
import * as F from './functional.js';
import { ones_, zeros_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import { python_bool, python_float, python_int, python_size } from './representation.js';

/** What {@link LayerNorm} takes by name. */
export interface LayerNormModuleOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each element. Default true. */
  elementwise_affine?: boolean;
  /** Learn the shift. Default true. */
  bias?: boolean;
}

/**
 * Normalises over the last dimensions. Mirrors `torch.nn.LayerNorm`.
 * Parameters `weight` and `bias` have the shape `normalized_shape`.
 */
export class LayerNorm extends Module {
  normalized_shape: readonly number[];
  eps: number;
  elementwise_affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    normalized_shape: F.IntOrSize,
    ...args: Tail<[eps: number, elementwise_affine: boolean, bias: boolean], LayerNormModuleOptions>);
  constructor(options: LayerNormModuleOptions & { normalized_shape: F.IntOrSize });
  constructor(...args: unknown[]) {
    super();
    const { normalized_shape, eps = 1e-5, elementwise_affine = true, bias = true, device, dtype } =
      bind<LayerNormModuleOptions & { normalized_shape: F.IntOrSize }>(
        'LayerNorm', ['normalized_shape', 'eps', 'elementwise_affine', 'bias', 'device', 'dtype'], args, 1);
    const shape = typeof normalized_shape === 'number' ? [normalized_shape] : [...normalized_shape];
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.bias = elementwise_affine && bias ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Sets scale 1 and shift 0. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return `${python_size(this.normalized_shape)}, eps=${python_float(this.eps)}, `
      + `elementwise_affine=${python_bool(this.elementwise_affine)}, bias=${python_bool(this.bias !== null)}`;
  }
}

/** What {@link RMSNorm} takes by name. */
export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean square; null for the dtype's machine epsilon. */
  eps?: number | null;
  /** Learn a scale for each element. Default true. */
  elementwise_affine?: boolean;
}

/** Divides by the root mean square over the last dimensions. Mirrors `torch.nn.RMSNorm`. */
export class RMSNorm extends Module {
  normalized_shape: readonly number[];
  eps: number | null;
  elementwise_affine: boolean;
  weight: Parameter | null;

  constructor(
    normalized_shape: F.IntOrSize, ...args: Tail<[eps: number | null, elementwise_affine: boolean], RMSNormOptions>);
  constructor(options: RMSNormOptions & { normalized_shape: F.IntOrSize });
  constructor(...args: unknown[]) {
    super();
    const { normalized_shape, eps = null, elementwise_affine = true, device, dtype } =
      bind<RMSNormOptions & { normalized_shape: F.IntOrSize }>(
        'RMSNorm', ['normalized_shape', 'eps', 'elementwise_affine', 'device', 'dtype'], args, 1);
    const shape = typeof normalized_shape === 'number' ? [normalized_shape] : [...normalized_shape];
    this.normalized_shape = shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(empty(shape, { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Sets scale 1. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }

  forward(x: Tensor): Tensor {
    return F.rms_norm(x, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    return `${python_size(this.normalized_shape)}, eps=${this.eps === null ? 'None' : python_float(this.eps)}, `
      + `elementwise_affine=${python_bool(this.elementwise_affine)}`;
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

/** Normalises over groups of channels of (N, C, ...). Mirrors `torch.nn.GroupNorm`. */
export class GroupNorm extends Module {
  num_groups: number;
  num_channels: number;
  eps: number;
  affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(num_groups: number, num_channels: number, ...args: Tail<[eps: number, affine: boolean], GroupNormOptions>);
  constructor(options: GroupNormOptions & { num_groups: number; num_channels: number });
  constructor(...args: unknown[]) {
    super();
    const { num_groups, num_channels, eps = 1e-5, affine = true, bias = true, device, dtype } =
      bind<GroupNormOptions & { num_groups: number; num_channels: number }>(
        'GroupNorm', ['num_groups', 'num_channels', 'eps', 'affine', 'device', 'dtype', 'bias'], args, 2);
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
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return `${python_int(this.num_groups)}, ${python_int(this.num_channels)}, eps=${python_float(this.eps)}, `
      + `affine=${python_bool(this.affine)}, bias=${python_bool(this.bias !== null)}`;
  }
}

/**
 * Divides each value by a power of the squares in the channels around it. Mirrors
 * `torch.nn.LocalResponseNorm`.
 */
export class LocalResponseNorm extends Module {
  size: number;
  alpha: number;
  beta: number;
  k: number;

  constructor(size: number, ...args: Tail<[alpha: number, beta: number, k: number], F.LocalResponseNormOptions>);
  constructor(options: F.LocalResponseNormOptions & { size: number });
  constructor(...args: unknown[]) {
    super();
    const { size, alpha = 1e-4, beta = 0.75, k = 1 } = bind<F.LocalResponseNormOptions & { size: number }>(
      'LocalResponseNorm', ['size', 'alpha', 'beta', 'k'], args, 1);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(input: Tensor): Tensor {
    return F.local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return `${python_int(this.size)}, alpha=${python_float(this.alpha)}, beta=${python_float(this.beta)}, `
      + `k=${python_float(this.k)}`;
  }
}
