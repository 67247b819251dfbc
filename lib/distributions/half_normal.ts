/** Half-normal distribution: the absolute value of a normal variable of mean 0. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { where, zeros_like } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs, type ValueArgument } from './distribution.js';
import type { ParameterLike } from './parameters.js';
import { method_signature } from '../_internal/signature.js';
import { Normal } from './normal.js';
import { AbsTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface HalfNormalOptions extends ValidateArgs {
  scale: ParameterLike;
}
const HALF_NORMAL = signature<HalfNormalOptions>('HalfNormal', 'scale: Tensor|float, validate_args?: bool|None');

const ICDF = method_signature<{ prob: Tensor }>('icdf', 'prob/value: Tensor');

/**
 * Half-normal distribution: the absolute value of a normal variable of mean 0. Mirrors `torch.distributions.HalfNormal`.
 *
 * @param scale - standard deviation of the normal variable
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.HalfNormal(torch.tensor([1.5]));
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * distribution = torch.distributions.HalfNormal(torch.tensor([1.5]))
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])))
 * ```
 */
export class HalfNormal extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = { scale: constraints.positive };
  static override support: Constraint = constraints.nonnegative;
  static override has_rsample = true;
  declare base_dist: Normal;

  constructor(
    ...args: Arguments<
      [scale: ParameterLike, validate_args?: boolean | null],
      HalfNormalOptions,
      ['scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { scale, validate_args } = HALF_NORMAL.read(args);
    super();
    this._set_up(new Normal(0, scale, { validate_args: false }), new AbsTransform(), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The standard deviation of the normal variable. */
  get scale(): Tensor {
    return this.base_dist.scale;
  }

  override get mean(): Tensor {
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }

  override get mode(): Tensor {
    return zeros_like(this.scale);
  }

  override get variance(): Tensor {
    return this.scale.pow(2).mul(1 - 2 / Math.PI);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const log_prob = this.base_dist.log_prob(value).add(Math.LN2);
    return where(value.ge(0), log_prob, -Infinity);
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    return this.base_dist.cdf(value).mul(2).sub(1);
  }

  override icdf(prob: ValueArgument | { prob: Tensor }): Tensor;
  override icdf(...args: unknown[]): Tensor {
    return ICDF.call(args, ({ prob }) => this._icdf(prob));
  }

  override _icdf(value: Tensor): Tensor {
    return this.base_dist.icdf(value.add(1).div(2));
  }

  override _entropy(): Tensor {
    return this.base_dist.entropy().sub(Math.LN2);
  }
}

mark_own(HalfNormal);
