/** Student's t distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike, standard_normal } from './parameters.js';
import { Chi2 } from './chi2.js';

interface StudentTOptions extends ValidateArgs {
  df: ParameterLike;
  loc?: ParameterLike;
  scale?: ParameterLike;
}
const STUDENT_T = signature<StudentTOptions>(
  'StudentT',
  'df: Tensor|float, loc?: Tensor|float, scale?: Tensor|float, validate_args?: bool|None',
);

/** As the C library has it, which differs from half the logarithm of pi in the last digit. */
const LOG_GAMMA_OF_HALF = 0.5723649429247004;

/**
 * Student's t distribution. Mirrors `torch.distributions.StudentT`.
 *
 * @param df - degrees of freedom
 * @param loc - mean; default 0
 * @param scale - scale; default 1
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const t = new torch.distributions.StudentT(torch.tensor([2.5]));
 * print(t.sample(), t.variance, t.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * t = torch.distributions.StudentT(torch.tensor([2.5]))
 * print(t.sample(), t.variance, t.log_prob(torch.tensor([0.5])))
 * ```
 */
export class StudentT extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    df: constraints.positive,
    loc: constraints.real,
    scale: constraints.positive,
  };
  static override support: Constraint = constraints.real;
  static override has_rsample = true;
  declare df: Tensor;
  declare loc: Tensor;
  declare scale: Tensor;
  /** @internal */
  declare _chi2: Chi2;

  constructor(
    ...args: Arguments<
      [df: ParameterLike, loc?: ParameterLike, scale?: ParameterLike, validate_args?: boolean | null],
      StudentTOptions,
      ['df', 'loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { df, loc, scale, validate_args } = STUDENT_T.read(args);
    super();
    [this.df, this.loc, this.scale] = broadcast('StudentT', df, loc ?? 0, scale ?? 1);
    this._chi2 = new Chi2(this.df);
    this._initialize(this.df.shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.df = this.df.expand(batch_shape);
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
    copy._chi2 = this._chi2.expand(batch_shape);
  }

  override get mean(): Tensor {
    const mean = this.loc.clone();
    return put_where(mean, this.df.le(1), NaN);
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    const { df, scale } = this;
    const variance = df.clone();
    const finite = df.gt(2);
    put_where(variance, finite, scale.index(finite).pow(2).mul(df.index(finite)).div(df.index(finite).sub(2)));
    put_where(variance, df.le(2).logical_and(df.gt(1)), Infinity);
    return put_where(variance, df.le(1), NaN);
  }

  override _rsample(sample_shape: Size): Tensor {
    const x = standard_normal(this._extended_shape(sample_shape), this.df.dtype, this.df.device);
    const z = this._chi2.rsample(sample_shape);
    return this.loc.add(this.scale.mul(x.mul(z.div(this.df).rsqrt())));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { df, scale } = this;
    const y = value.sub(this.loc).div(scale);
    const normalizer = scale
      .log()
      .add(df.log().mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .add(df.mul(0.5).lgamma())
      .sub(df.add(1).mul(0.5).lgamma());
    return df.add(1).mul(-0.5).mul(y.pow(2).div(df).log1p()).sub(normalizer);
  }

  override _entropy(): Tensor {
    const { df, scale } = this;
    // Each term by itself, so that gradients are summed in Python's order.
    const half = (): Tensor => df.add(1).mul(0.5);
    const beta = df.mul(0.5).lgamma().add(LOG_GAMMA_OF_HALF).sub(half().lgamma());
    const log_scale = scale.log();
    const digammas = half().mul(half().digamma().sub(df.mul(0.5).digamma()));
    return log_scale.add(digammas).add(df.log().mul(0.5)).add(beta);
  }
}

mark_own(StudentT);
