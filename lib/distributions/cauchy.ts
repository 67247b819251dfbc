/** Cauchy (Lorentz) distribution, the ratio of two independent normal variables of mean 0. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { full } from '../generated/functions.js';
import { minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';

interface CauchyOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const CAUCHY = signature<CauchyOptions>('Cauchy', 'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None');

/**
 * Cauchy (Lorentz) distribution, the ratio of two independent normal variables of mean 0. It has no mean. Mirrors
 * `torch.distributions.Cauchy`.
 *
 * @param loc - mode, or median
 * @param scale - half width at half maximum
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const cauchy = new torch.distributions.Cauchy(torch.zeros(1), torch.ones(1));
 * print(cauchy.sample(), cauchy.mean, cauchy.cdf(torch.tensor([0.5])));
 * ```
 * ```python
 * cauchy = torch.distributions.Cauchy(torch.zeros(1), torch.ones(1))
 * print(cauchy.sample(), cauchy.mean, cauchy.cdf(torch.tensor([0.5])))
 * ```
 */
export class Cauchy extends Distribution {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.real;
  static override has_rsample = true;
  declare loc: Tensor;
  declare scale: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      CauchyOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = CAUCHY.read(args);
    super();
    [this.loc, this.scale] = broadcast('Cauchy', loc, scale);
    this._initialize(this.loc.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return full(this._extended_shape(), NaN, { dtype: this.loc.dtype, device: this.loc.device });
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return full(this._extended_shape(), Infinity, { dtype: this.loc.dtype, device: this.loc.device });
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const eps = this.loc.new_empty(this._extended_shape(sample_shape)).cauchy_();
    return this.loc.add(eps.mul(this.scale));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const standard = value.sub(this.loc).div(this.scale);
    return minus(-Math.log(Math.PI), this.scale.log()).sub(standard.pow(2).log1p());
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    return value.sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5);
  }

  override _icdf(value: Tensor): Tensor {
    return value.sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc);
  }

  override _entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}

mark_own(Cauchy);
