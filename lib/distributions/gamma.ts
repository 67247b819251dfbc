/** Gamma distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { as_tensor } from '../creation.js';
import { _standard_gamma, xlogy } from '../generated/functions.js';
import * as special from '../generated/special.js';
import { finfo, minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';

interface GammaOptions extends ValidateArgs {
  concentration: ParameterLike;
  rate: ParameterLike;
}
const GAMMA = signature<GammaOptions>(
  'Gamma',
  'concentration: Tensor|float, rate: Tensor|float, validate_args?: bool|None',
);

/**
 * Gamma distribution. Mirrors `torch.distributions.Gamma`.
 *
 * @param concentration - shape parameter, often called alpha
 * @param rate - rate, 1 over the scale, often called beta
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const gamma = new torch.distributions.Gamma(torch.tensor([1.0, 2.5]), 1.5);
 * print(gamma.sample(), gamma.mean, gamma.log_prob(torch.tensor([0.5, 1.0])));
 * ```
 * ```python
 * gamma = torch.distributions.Gamma(torch.tensor([1.0, 2.5]), 1.5)
 * print(gamma.sample(), gamma.mean, gamma.log_prob(torch.tensor([0.5, 1.0])))
 * ```
 */
export class Gamma extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = {
    concentration: constraints.positive,
    rate: constraints.positive,
  };
  static override support: Constraint = constraints.nonnegative;
  static override has_rsample = true;
  declare concentration: Tensor;
  declare rate: Tensor;

  constructor(
    ...args: Arguments<
      [concentration: ParameterLike, rate: ParameterLike, validate_args?: boolean | null],
      GammaOptions,
      ['concentration', 'rate', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { concentration, rate, validate_args } = GAMMA.read(args);
    super();
    [this.concentration, this.rate] = broadcast('Gamma', concentration, rate);
    this._initialize(this.concentration.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.concentration.div(this.rate);
  }

  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clamp({ min: 0 });
  }

  override get variance(): Tensor {
    return this.concentration.div(this.rate.pow(2));
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.concentration = this.concentration.expand(batch_shape);
    copy.rate = this.rate.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    const value = _standard_gamma(this.concentration.expand(shape)).div(this.rate.expand(shape));
    value.detach().clamp_({ min: finfo(value.dtype).tiny }); // Detached, so that the graph does not see it.
    return value;
  }

  override _log_prob(value: Tensor): Tensor {
    const { concentration, rate } = this;
    this._check_value(value);
    const of_dtype = as_tensor(value, { dtype: rate.dtype, device: rate.device });
    return xlogy(concentration, rate)
      .add(xlogy(concentration.sub(1), of_dtype))
      .sub(rate.mul(of_dtype))
      .sub(concentration.lgamma());
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    return special.gammainc(this.concentration, this.rate.mul(value));
  }

  override _entropy(): Tensor {
    const { concentration, rate } = this;
    return concentration
      .sub(rate.log())
      .add(concentration.lgamma())
      .add(minus(1, concentration).mul(concentration.digamma()));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration.sub(1), this.rate.neg()];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.add(1).lgamma().add(x.add(1).mul(y.reciprocal().neg().log()));
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(Gamma);
