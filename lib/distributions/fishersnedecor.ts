/** Fisher-Snedecor (F) distribution: the ratio of two chi-squared variables, each divided by its degrees of freedom. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { finfo, put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Gamma } from './gamma.js';

interface FisherSnedecorOptions extends ValidateArgs {
  df1: ParameterLike;
  df2: ParameterLike;
}
const FISHER_SNEDECOR = signature<FisherSnedecorOptions>(
  'FisherSnedecor',
  'df1: Tensor|float, df2: Tensor|float, validate_args?: bool|None',
);

/**
 * Fisher-Snedecor (F) distribution: the ratio of two chi-squared variables, each divided by its degrees of freedom.
 * Mirrors `torch.distributions.FisherSnedecor`.
 *
 * @param df1 - degrees of freedom of the numerator
 * @param df2 - degrees of freedom of the denominator
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const f = new torch.distributions.FisherSnedecor(torch.tensor([1.5]), torch.tensor([2.5]));
 * print(f.sample(), f.mean, f.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * f = torch.distributions.FisherSnedecor(torch.tensor([1.5]), torch.tensor([2.5]))
 * print(f.sample(), f.mean, f.log_prob(torch.tensor([0.5])))
 * ```
 */
export class FisherSnedecor extends Distribution {
  static override arg_constraints: ParameterConstraints = { df1: constraints.positive, df2: constraints.positive };
  static override support: Constraint = constraints.positive;
  static override has_rsample = true;
  declare df1: Tensor;
  declare df2: Tensor;
  /** @internal */
  declare _gamma1: Gamma;
  /** @internal */
  declare _gamma2: Gamma;

  constructor(
    ...args: Arguments<
      [df1: ParameterLike, df2: ParameterLike, validate_args?: boolean | null],
      FisherSnedecorOptions,
      ['df1', 'df2', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { df1, df2, validate_args } = FISHER_SNEDECOR.read(args);
    super();
    [this.df1, this.df2] = broadcast('FisherSnedecor', df1, df2);
    this._gamma1 = new Gamma(this.df1.mul(0.5), this.df1);
    this._gamma2 = new Gamma(this.df2.mul(0.5), this.df2);
    this._initialize(this.df1.shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.df1 = this.df1.expand(batch_shape);
    copy.df2 = this.df2.expand(batch_shape);
    copy._gamma1 = this._gamma1.expand(batch_shape);
    copy._gamma2 = this._gamma2.expand(batch_shape);
  }

  override get mean(): Tensor {
    const df2 = this.df2.clone();
    put_where(df2, df2.le(2), NaN);
    return df2.div(df2.sub(2));
  }

  override get mode(): Tensor {
    const { df1, df2 } = this;
    const mode = df1.sub(2).div(df1).mul(df2).div(df2.add(2));
    return put_where(mode, df1.le(2), NaN);
  }

  override get variance(): Tensor {
    const df2 = this.df2.clone();
    put_where(df2, df2.le(4), NaN);
    const numerator = df2.pow(2).mul(2).mul(this.df1.add(df2).sub(2));
    return numerator.div(this.df1.mul(df2.sub(2).pow(2)).mul(df2.sub(4)));
  }

  override _rsample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    const x1 = this._gamma1.rsample(sample_shape).view(shape);
    const x2 = this._gamma2.rsample(sample_shape).view(shape);
    const { tiny } = finfo(x2.dtype);
    x2.clamp_({ min: tiny });
    return x1.div(x2).clamp_({ min: tiny });
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [half1, half2, ratio] = [this.df1.mul(0.5), this.df2.mul(0.5), this.df1.div(this.df2)];
    const gammas = half1.add(half2).lgamma().sub(half1.lgamma()).sub(half2.lgamma());
    const powers = half1.mul(ratio.log()).add(half1.sub(1).mul(value.log()));
    return gammas.add(powers).sub(half1.add(half2).mul(ratio.mul(value).log1p()));
  }
}

mark_own(FisherSnedecor);
