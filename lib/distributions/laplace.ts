/** Laplace distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { finfo, minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';

interface LaplaceOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const LAPLACE = signature<LaplaceOptions>(
  'Laplace',
  'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None',
);

/**
 * Laplace distribution. Mirrors `torch.distributions.Laplace`.
 *
 * @param loc - mean
 * @param scale - scale
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const laplace = new torch.distributions.Laplace(torch.zeros(1), torch.ones(1));
 * print(laplace.sample(), laplace.log_prob(torch.tensor([0.5])), laplace.cdf(torch.tensor([0.5])));
 * ```
 * ```python
 * laplace = torch.distributions.Laplace(torch.zeros(1), torch.ones(1))
 * print(laplace.sample(), laplace.log_prob(torch.tensor([0.5])), laplace.cdf(torch.tensor([0.5])))
 * ```
 */
export class Laplace extends Distribution {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.real;
  static override has_rsample = true;
  declare loc: Tensor;
  declare scale: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      LaplaceOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = LAPLACE.read(args);
    super();
    [this.loc, this.scale] = broadcast('Laplace', loc, scale);
    this._initialize(this.loc.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return this.scale.pow(2).mul(2);
  }

  override get stddev(): Tensor {
    return this.scale.mul(Math.SQRT2);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const { loc, scale } = this;
    const u = loc.new_empty(this._extended_shape(sample_shape)).uniform_(finfo(loc.dtype).eps - 1, 1);
    return loc.sub(scale.mul(u.sign()).mul(u.abs().neg().log1p()));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    return this.scale.mul(2).log().neg().sub(value.sub(this.loc).abs().div(this.scale));
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    const half = value.sub(this.loc).sign().mul(0.5);
    return minus(0.5, half.mul(value.sub(this.loc).abs().neg().div(this.scale).expm1()));
  }

  override _icdf(value: Tensor): Tensor {
    const term = value.sub(0.5);
    return this.loc.sub(this.scale.mul(term.sign()).mul(term.abs().mul(-2).log1p()));
  }

  override _entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }
}

mark_own(Laplace);
