/** Log-normal distribution: the exponential of a normal variable. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import type { ParameterLike } from './parameters.js';
import { Normal } from './normal.js';
import { ExpTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface LogNormalOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const LOG_NORMAL = signature<LogNormalOptions>(
  'LogNormal',
  'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None',
);

/**
 * Log-normal distribution: the exponential of a normal variable. Mirrors `torch.distributions.LogNormal`.
 *
 * @param loc - mean of the logarithm
 * @param scale - standard deviation of the logarithm
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.LogNormal(torch.zeros(1), torch.ones(1));
 * print(distribution.sample(), distribution.mean, distribution.mode);
 * ```
 * ```python
 * distribution = torch.distributions.LogNormal(torch.zeros(1), torch.ones(1))
 * print(distribution.sample(), distribution.mean, distribution.mode)
 * ```
 */
export class LogNormal extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.positive;
  static override has_rsample = true;
  declare base_dist: Normal;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      LogNormalOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = LOG_NORMAL.read(args);
    super();
    this._set_up(new Normal(loc, scale, { validate_args: validate_args ?? null }), new ExpTransform(), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The mean of the logarithm. */
  get loc(): Tensor {
    return this.base_dist.loc;
  }

  /** The standard deviation of the logarithm. */
  get scale(): Tensor {
    return this.base_dist.scale;
  }

  override get mean(): Tensor {
    return this.loc.add(this.scale.pow(2).div(2)).exp();
  }

  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }

  override get variance(): Tensor {
    const squares = this.scale.pow(2);
    return squares.expm1().mul(this.loc.mul(2).add(squares).exp());
  }

  override _entropy(): Tensor {
    return this.base_dist.entropy().add(this.loc);
  }
}

mark_own(LogNormal);
