/** Logistic-normal distribution on the simplex: a normal vector of one dimension less, by stick breaking. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import type { ParameterLike } from './parameters.js';
import { Normal } from './normal.js';
import type { Independent } from './independent.js';
import { StickBreakingTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface LogisticNormalOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const LOGISTIC_NORMAL = signature<LogisticNormalOptions>(
  'LogisticNormal',
  'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None',
);

/**
 * Logistic-normal distribution on the simplex: a normal vector of one dimension less, by stick breaking. Mirrors
 * `torch.distributions.LogisticNormal`.
 *
 * @param loc - mean of the normal vector
 * @param scale - standard deviation of the normal vector
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.LogisticNormal(torch.zeros(2), torch.ones(2));
 * const value = distribution.sample();
 * print(value, distribution.log_prob(value));
 * ```
 * ```python
 * distribution = torch.distributions.LogisticNormal(torch.zeros(2), torch.ones(2))
 * value = distribution.sample()
 * print(value, distribution.log_prob(value))
 * ```
 */
export class LogisticNormal extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.simplex;
  static override has_rsample = true;
  declare base_dist: Independent<Normal>;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      LogisticNormalOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = LOGISTIC_NORMAL.read(args);
    super();
    const base = new Normal(loc, scale, { validate_args: validate_args ?? null });
    this._set_up(base.batch_shape.length === 0 ? base.expand([1]) : base, new StickBreakingTransform(), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The mean of the normal vector. */
  get loc(): Tensor {
    return this.base_dist.base_dist.loc;
  }

  /** The standard deviation of the normal vector. */
  get scale(): Tensor {
    return this.base_dist.base_dist.scale;
  }
}

mark_own(LogisticNormal);
