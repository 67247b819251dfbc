/** Wishart distribution of positive definite matrices, given by one of the scale matrix, its inverse, and its Cholesky factor. */
import { type Arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { type Size, Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { broadcast_shapes, einsum } from '../functional.js';
import { arange, diag_embed, eye, mvlgamma, randn, tril_indices } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import { all_true, any_true, finfo, put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { expand_given, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { define_lazy, set_own } from './lazy.js';
import { type ParameterLike, size_of } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';
import { method_signature } from '../_internal/signature.js';
import { in_name_of } from '../_internal/operator_errors.js';
import { format } from '../python/print.js';
import { Chi2 } from './chi2.js';
import { check_matrix, precision_to_scale_tril } from './matrices.js';

interface WishartOptions extends ValidateArgs {
  df: ParameterLike;
  covariance_matrix?: Tensor | null;
  precision_matrix?: Tensor | null;
  scale_tril?: Tensor | null;
}
const WISHART = signature<WishartOptions>(
  'Wishart',
  'df: Tensor|float, covariance_matrix?: Tensor|None, precision_matrix?: Tensor|None, scale_tril?: Tensor|None, validate_args?: bool|None',
);

interface RsampleOptions {
  sample_shape?: readonly number[];
  max_try_correction?: number | null;
}
const RSAMPLE = method_signature<RsampleOptions>('rsample', 'sample_shape?: int[], max_try_correction?: int|None');

/** The distributions of the squares on the diagonal of the Bartlett decomposition. */
function chi2_of(df: Tensor, like: Tensor, batch_shape: readonly number[], n: number): Chi2 {
  const places = arange(n, { dtype: like.dtype, device: like.device }).expand([...batch_shape, -1]);
  return new Chi2(df.unsqueeze(-1).sub(places));
}

/** The derivative of the logarithm of the multivariate gamma function. */
function mvdigamma(x: Tensor, n: number): Tensor {
  if (!all_true(x.gt((n - 1) / 2))) throw new Error('Wrong domain for multivariate digamma function.');
  const steps = arange(n, { dtype: x.dtype, device: x.device })
    .div(2)
    .expand([...x.shape, -1]);
  return x.unsqueeze(-1).sub(steps).digamma().sum(-1);
}

/**
 * Wishart distribution of positive definite matrices, given by one of the scale matrix, its inverse, and its Cholesky
 * factor. Mirrors `torch.distributions.Wishart`.
 *
 * @param df - degrees of freedom, greater than `n - 1`
 * @param covariance_matrix - scale matrix, of shape `(*, n, n)`
 * @param precision_matrix - inverse of the scale matrix
 * @param scale_tril - lower Cholesky factor of the scale matrix, with a positive diagonal
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const wishart = new torch.distributions.Wishart(torch.tensor([3.5]), { covariance_matrix: torch.eye(2) });
 * print(wishart.mean, wishart.log_prob(torch.eye(2)), wishart.entropy());
 * ```
 * ```python
 * wishart = torch.distributions.Wishart(torch.tensor([3.5]), covariance_matrix=torch.eye(2))
 * print(wishart.mean, wishart.log_prob(torch.eye(2)), wishart.entropy())
 * ```
 */
export class Wishart extends ExponentialFamily {
  static override support: Constraint = constraints.positive_definite;
  static override has_rsample = true;
  declare df: Tensor;
  /** The scale matrix; computed on first access where another was given. */
  declare readonly covariance_matrix: Tensor;
  /** The inverse of the scale matrix; computed on first access where another was given. */
  declare readonly precision_matrix: Tensor;
  /** The lower Cholesky factor of the scale matrix; computed on first access where another was given. */
  declare readonly scale_tril: Tensor;
  /** @internal */
  declare _unbroadcasted_scale_tril: Tensor;
  /** @internal */
  declare _dist_chi2: Chi2;

  constructor(
    ...args: Arguments<
      [
        df: ParameterLike,
        covariance_matrix?: Tensor | null,
        precision_matrix?: Tensor | null,
        scale_tril?: Tensor | null,
        validate_args?: boolean | null,
      ],
      WishartOptions,
      ['df', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { df, covariance_matrix, precision_matrix, scale_tril, validate_args } = WISHART.read(args);
    const given = Object.entries({ covariance_matrix, precision_matrix, scale_tril }).filter(([, matrix]) => matrix);
    if (given.length !== 1)
      throw new Error('Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.');
    super();
    const [[name, matrix]] = given as [[string, Tensor]];
    check_matrix(matrix, 'scale_tril');
    const { dtype, device } = matrix;
    const rows = matrix.shape.slice(0, -2);
    const batch_shape =
      df instanceof Tensor ? in_name_of('Wishart', () => broadcast_shapes(rows, df.shape)) : size_of(rows);
    this.df = df instanceof Tensor ? df.expand(batch_shape) : tensor(df, { dtype, device });
    const event_shape = matrix.shape.slice(-2);
    const n = event_shape[1]!;
    if (any_true(this.df.le(n - 1)))
      throw new Error(`Value of df=${format('{}', df)} expected to be greater than ndim - 1 = ${n - 1}.`);
    set_own(this, name, matrix.expand([...batch_shape, -1, -1]));
    if (any_true(this.df.lt(n)))
      warn('Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.');
    this._initialize(batch_shape, event_shape, validate_args);
    if (name === 'scale_tril') this._unbroadcasted_scale_tril = matrix;
    else if (name === 'covariance_matrix') this._unbroadcasted_scale_tril = linalg.cholesky(matrix);
    else this._unbroadcasted_scale_tril = precision_to_scale_tril(matrix);
    this._dist_chi2 = chi2_of(this.df, this._unbroadcasted_scale_tril, batch_shape, n);
  }

  static {
    define_lazy<Wishart>(this.prototype, {
      scale_tril: (self) => self._unbroadcasted_scale_tril.expand(self._matrix_shape()),
      covariance_matrix: (self) => {
        const factor = self._unbroadcasted_scale_tril;
        return factor.matmul(factor.transpose(-2, -1)).expand(self._matrix_shape());
      },
      precision_matrix: (self) => {
        const factor = self._unbroadcasted_scale_tril;
        const identity = eye(self._event_shape[0]!, { device: factor.device, dtype: factor.dtype });
        return identity.cholesky_solve(factor).expand(self._matrix_shape());
      },
    });
  }

  override get arg_constraints(): ParameterConstraints {
    return {
      covariance_matrix: constraints.positive_definite,
      precision_matrix: constraints.positive_definite,
      scale_tril: constraints.lower_cholesky,
      df: constraints.greater_than((this._event_shape.at(-1) ?? 0) - 1),
    };
  }

  /** @internal */
  _matrix_shape(batch_shape: readonly number[] = this._batch_shape): number[] {
    return [...batch_shape, ...this._event_shape];
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    const shape = this._matrix_shape(batch_shape);
    copy._unbroadcasted_scale_tril = this._unbroadcasted_scale_tril.expand(shape);
    copy.df = this.df.expand(batch_shape);
    expand_given(this, copy, ['covariance_matrix', 'scale_tril', 'precision_matrix'], shape);
    copy._dist_chi2 = chi2_of(copy.df, copy._unbroadcasted_scale_tril, batch_shape, this._event_shape.at(-1)!);
  }

  /** `df`, for a product with matrices. */
  private _df_of_matrices(df: Tensor = this.df): Tensor {
    return df.view([...this._batch_shape, 1, 1]);
  }

  override get mean(): Tensor {
    return this._df_of_matrices().mul(this.covariance_matrix);
  }

  override get mode(): Tensor {
    const matrix = this.covariance_matrix;
    const factor = this.df.sub(matrix.size(-1)).sub(1);
    put_where(factor, factor.le(0), NaN);
    return this._df_of_matrices(factor).mul(matrix);
  }

  override get variance(): Tensor {
    const matrix = this.covariance_matrix;
    const diagonal = matrix.diagonal({ dim1: -2, dim2: -1 });
    return this._df_of_matrices().mul(matrix.pow(2).add(einsum('...i,...j->...ij', diagonal, diagonal)));
  }

  /** Draws by the Bartlett decomposition. */
  private _bartlett(sample_shape: readonly number[]): Tensor {
    const n = this._event_shape.at(-1)!;
    const { dtype, device } = this._unbroadcasted_scale_tril;
    const roots = this._dist_chi2.rsample(sample_shape).sqrt();
    const noise = diag_embed(roots.clamp({ min: finfo(roots.dtype).eps }), { dim1: -2, dim2: -1 });
    const [i, j] = tril_indices(n, n, -1).unbind(0) as [Tensor, Tensor];
    const below = randn([...sample_shape, ...this._batch_shape, (n * (n - 1)) / 2], { dtype, device });
    noise.index_put_(['...', i, j], below);
    const factor = this._unbroadcasted_scale_tril.matmul(noise);
    return factor.matmul(factor.transpose(-2, -1));
  }

  /**
   * Draws samples as functions of the parameters, so that gradients reach these. Where a sample is singular, it is drawn again.
   *
   * @param sample_shape - the shape of independent draws; default `[]`
   * @param max_try_correction - how often to draw again; default 10
   */
  override rsample(
    sample_shape?: readonly number[] | RsampleOptions,
    max_try_correction?: number | null | { max_try_correction?: number | null },
  ): Tensor;
  override rsample(...args: unknown[]): Tensor {
    return RSAMPLE.call(args, ({ sample_shape = [], max_try_correction }) =>
      this._corrected(sample_shape, max_try_correction ?? 10),
    );
  }

  override _rsample(sample_shape: Size): Tensor {
    return this._corrected(sample_shape, 10);
  }

  /** Whether any matrix of a batch is. */
  private _any_of_batch(flags: Tensor): Tensor {
    return this._batch_shape.length === 0 ? flags : flags.amax(this._batch_shape.map((_, i) => -(i + 1)));
  }

  private _corrected(sample_shape: readonly number[], most: number): Tensor {
    const sample = this._bartlett(sample_shape);
    // As in Python, whose first look takes what is positive definite for singular: all are drawn once more.
    const is_singular = this._any_of_batch(this.support.check(sample));
    if (!any_true(is_singular)) return sample;
    warn('Singular sample detected.');
    for (let i = 0; i < most && any_true(is_singular); i++) {
      const again = this._bartlett(is_singular.index(is_singular).shape);
      put_where(sample, is_singular.clone(), again);
      const still = this._any_of_batch(this.support.check(again).logical_not());
      put_where(is_singular, is_singular.clone(), still);
    }
    return sample;
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { df } = this;
    const n = this._event_shape.at(-1)!;
    const factor = this._unbroadcasted_scale_tril;
    const half_log_det = factor.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);
    return df
      .neg()
      .mul(half_log_det.add((n * Math.LN2) / 2))
      .sub(mvlgamma(df.div(2), n))
      .add(df.sub(n).sub(1).div(2).mul(linalg.slogdet(value).logabsdet))
      .sub(value.cholesky_solve(factor).diagonal({ dim1: -2, dim2: -1 }).sum(-1).div(2));
  }

  override _entropy(): Tensor {
    const { df } = this;
    const n = this._event_shape.at(-1)!;
    const half_log_det = this._unbroadcasted_scale_tril.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);
    return half_log_det
      .add((n * Math.LN2) / 2)
      .mul(n + 1)
      .add(mvlgamma(df.div(2), n))
      .sub(
        df
          .sub(n)
          .sub(1)
          .div(2)
          .mul(mvdigamma(df.div(2), n)),
      )
      .add(df.mul(n).div(2));
  }

  override get _natural_params(): readonly Tensor[] {
    const n = this._event_shape.at(-1)!;
    return [this.precision_matrix.neg().div(2), this.df.sub(n).sub(1).div(2)];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    const n = this._event_shape.at(-1)!;
    const shifted = y.add((n + 1) / 2);
    return shifted
      .mul(
        linalg
          .slogdet(x.mul(-2))
          .logabsdet.neg()
          .add(Math.LN2 * n),
      )
      .add(mvlgamma(y.add((n + 1) / 2), n));
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(Wishart);
