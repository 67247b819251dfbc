/** Inverse gamma distribution: the reciprocal of a {@link Gamma} variable. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { where } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import type { ParameterLike } from './parameters.js';
import { Gamma } from './gamma.js';
import { PowerTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface InverseGammaOptions extends ValidateArgs {
  concentration: ParameterLike;
  rate: ParameterLike;
}
const INVERSE_GAMMA = signature<InverseGammaOptions>(
  'InverseGamma',
  'concentration: Tensor|float, rate: Tensor|float, validate_args?: bool|None',
);

/**
 * Inverse gamma distribution: the reciprocal of a {@link Gamma} variable. Mirrors `torch.distributions.InverseGamma`.
 *
 * @param concentration - shape parameter, often called alpha
 * @param rate - rate of the gamma variable, often called beta
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.InverseGamma(torch.tensor([2.5]), torch.tensor([3.5]));
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * distribution = torch.distributions.InverseGamma(torch.tensor([2.5]), torch.tensor([3.5]))
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])))
 * ```
 */
export class InverseGamma extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = {
    concentration: constraints.positive,
    rate: constraints.positive,
  };
  static override support: Constraint = constraints.positive;
  static override has_rsample = true;
  declare base_dist: Gamma;

  constructor(
    ...args: Arguments<
      [concentration: ParameterLike, rate: ParameterLike, validate_args?: boolean | null],
      InverseGammaOptions,
      ['concentration', 'rate', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { concentration, rate, validate_args } = INVERSE_GAMMA.read(args);
    super();
    const base = new Gamma(concentration, rate, { validate_args: validate_args ?? null });
    this._set_up(base, new PowerTransform(base.rate.new_ones([]).neg()), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The shape parameter. */
  get concentration(): Tensor {
    return this.base_dist.concentration;
  }

  /** The rate of the gamma variable. */
  get rate(): Tensor {
    return this.base_dist.rate;
  }

  override get mean(): Tensor {
    const mean = this.rate.div(this.concentration.sub(1));
    return where(this.concentration.gt(1), mean, Infinity);
  }

  override get mode(): Tensor {
    return this.rate.div(this.concentration.add(1));
  }

  override get variance(): Tensor {
    const { concentration } = this;
    const variance = this.rate.square().div(concentration.sub(1).square().mul(concentration.sub(2)));
    return where(concentration.gt(2), variance, Infinity);
  }

  override _entropy(): Tensor {
    const { concentration } = this;
    return concentration
      .add(this.rate.log())
      .add(concentration.lgamma())
      .sub(concentration.add(1).mul(concentration.digamma()));
  }
}

mark_own(InverseGamma);
