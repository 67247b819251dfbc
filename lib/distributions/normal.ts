/** Normal (Gaussian) distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { normal } from '../generated/functions.js';
import { over } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike, standard_normal } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';

interface NormalOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const NORMAL = signature<NormalOptions>('Normal', 'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None');

/**
 * Normal (Gaussian) distribution. Mirrors `torch.distributions.Normal`.
 *
 * @param loc - mean
 * @param scale - standard deviation
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const normal = new torch.distributions.Normal(torch.tensor([0.0, 1.5]), 0.5);
 * print(normal, normal.sample([2]));
 * print(normal.log_prob(torch.tensor([0.5, 0.5])), normal.entropy());
 * ```
 * ```python
 * normal = torch.distributions.Normal(torch.tensor([0.0, 1.5]), 0.5)
 * print(normal, normal.sample([2]))
 * print(normal.log_prob(torch.tensor([0.5, 0.5])), normal.entropy())
 * ```
 */
export class Normal extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.real;
  static override has_rsample = true;
  declare loc: Tensor;
  declare scale: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      NormalOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = NORMAL.read(args);
    super();
    [this.loc, this.scale] = broadcast('Normal', loc, scale);
    this._initialize(this.loc.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get stddev(): Tensor {
    return this.scale;
  }

  override get variance(): Tensor {
    return this.stddev.pow(2);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
  }

  override _sample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    return no_grad(() => normal(this.loc.expand(shape), this.scale.expand(shape)));
  }

  override _rsample(sample_shape: Size): Tensor {
    const { loc, scale } = this;
    const eps = standard_normal(this._extended_shape(sample_shape), loc.dtype, loc.device);
    return loc.add(eps.mul(scale));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const variance = this.scale.pow(2);
    const squares = value.sub(this.loc).pow(2).neg();
    return squares
      .div(variance.mul(2))
      .sub(this.scale.log())
      .sub(Math.log(Math.sqrt(2 * Math.PI)));
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    const standard = value.sub(this.loc).mul(this.scale.reciprocal()).div(Math.SQRT2);
    return standard.erf().add(1).mul(0.5);
  }

  override _icdf(value: Tensor): Tensor {
    return this.loc.add(this.scale.mul(value.mul(2).sub(1).erfinv()).mul(Math.SQRT2));
  }

  override _entropy(): Tensor {
    return this.scale.log().add(0.5 + 0.5 * Math.log(2 * Math.PI));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.loc.div(this.scale.pow(2)), this.scale.pow(2).reciprocal().mul(-0.5)];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    const quadratic = x.pow(2).mul(-0.25).div(y);
    return quadratic.add(over(-Math.PI, y).log().mul(0.5));
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(Normal);
