/** Multivariate normal distribution, given by its mean and one of the covariance, its inverse, and its Cholesky factor. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { broadcast_shapes } from '../functional.js';
import { cholesky_inverse } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, expand_given, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { define_lazy, set_own } from './lazy.js';
import { standard_normal } from './parameters.js';
import { batch_mahalanobis, check_matrix, precision_to_scale_tril } from './matrices.js';
import { in_name_of } from '../_internal/operator_errors.js';

interface MultivariateNormalOptions extends ValidateArgs {
  loc: Tensor;
  covariance_matrix?: Tensor | null;
  precision_matrix?: Tensor | null;
  scale_tril?: Tensor | null;
}
const MULTIVARIATE_NORMAL = signature<MultivariateNormalOptions>(
  'MultivariateNormal',
  'loc: Tensor, covariance_matrix?: Tensor|None, precision_matrix?: Tensor|None, scale_tril?: Tensor|None, validate_args?: bool|None',
);

/**
 * Multivariate normal distribution, given by its mean and one of the covariance, its inverse, and its Cholesky factor.
 * Mirrors `torch.distributions.MultivariateNormal`.
 *
 * @param loc - mean, of shape `(*, n)`
 * @param covariance_matrix - covariance, of shape `(*, n, n)`
 * @param precision_matrix - inverse of the covariance
 * @param scale_tril - lower Cholesky factor of the covariance, with a positive diagonal
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const normal = new torch.distributions.MultivariateNormal(torch.zeros(2), { scale_tril: torch.eye(2) });
 * print(normal.sample(), normal.log_prob(torch.tensor([0.5, 1.0])), normal.covariance_matrix);
 * ```
 * ```python
 * normal = torch.distributions.MultivariateNormal(torch.zeros(2), scale_tril=torch.eye(2))
 * print(normal.sample(), normal.log_prob(torch.tensor([0.5, 1.0])), normal.covariance_matrix)
 * ```
 */
export class MultivariateNormal extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    loc: constraints.real_vector,
    covariance_matrix: constraints.positive_definite,
    precision_matrix: constraints.positive_definite,
    scale_tril: constraints.lower_cholesky,
  };
  static override support: Constraint = constraints.real_vector;
  static override has_rsample = true;
  declare loc: Tensor;
  /** The covariance; computed on first access where another was given. */
  declare readonly covariance_matrix: Tensor;
  /** The inverse of the covariance; computed on first access where another was given. */
  declare readonly precision_matrix: Tensor;
  /** The lower Cholesky factor of the covariance; computed on first access where another was given. */
  declare readonly scale_tril: Tensor;
  /** @internal */
  declare _unbroadcasted_scale_tril: Tensor;

  constructor(
    ...args: Arguments<
      [
        loc: Tensor,
        covariance_matrix?: Tensor | null,
        precision_matrix?: Tensor | null,
        scale_tril?: Tensor | null,
        validate_args?: boolean | null,
      ],
      MultivariateNormalOptions,
      ['loc', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, covariance_matrix, precision_matrix, scale_tril, validate_args } = MULTIVARIATE_NORMAL.read(args);
    if (loc.dim() < 1) throw new Error('loc must be at least one-dimensional.');
    const given = Object.entries({ covariance_matrix, scale_tril, precision_matrix }).filter(([, matrix]) => matrix);
    if (given.length !== 1)
      throw new Error('Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.');
    super();
    const [[name, matrix]] = given as [[string, Tensor]];
    check_matrix(matrix, name === 'scale_tril' ? 'scale_tril matrix' : name);
    const batch_shape = in_name_of('MultivariateNormal', () =>
      broadcast_shapes(matrix.shape.slice(0, -2), loc.shape.slice(0, -1)),
    );
    set_own(this, name, matrix.expand([...batch_shape, -1, -1]));
    this.loc = loc.expand([...batch_shape, -1]);
    this._initialize(batch_shape, this.loc.shape.slice(-1), validate_args);
    if (name === 'scale_tril') this._unbroadcasted_scale_tril = matrix;
    else if (name === 'covariance_matrix') this._unbroadcasted_scale_tril = linalg.cholesky(matrix);
    else this._unbroadcasted_scale_tril = precision_to_scale_tril(matrix);
  }

  static {
    define_lazy<MultivariateNormal>(this.prototype, {
      scale_tril: (self) => self._unbroadcasted_scale_tril.expand(self._matrix_shape()),
      covariance_matrix: (self) => {
        const factor = self._unbroadcasted_scale_tril;
        return factor.matmul(factor.mT).expand(self._matrix_shape());
      },
      precision_matrix: (self) => cholesky_inverse(self._unbroadcasted_scale_tril).expand(self._matrix_shape()),
    });
  }

  /** @internal */
  _matrix_shape(batch_shape: readonly number[] = this._batch_shape): number[] {
    return [...batch_shape, ...this._event_shape, ...this._event_shape];
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand([...batch_shape, ...this._event_shape]);
    copy._unbroadcasted_scale_tril = this._unbroadcasted_scale_tril;
    const names = ['covariance_matrix', 'scale_tril', 'precision_matrix'] as const;
    expand_given(this, copy, names, this._matrix_shape(batch_shape));
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return this._unbroadcasted_scale_tril
      .pow(2)
      .sum(-1)
      .expand([...this._batch_shape, ...this._event_shape]);
  }

  override _rsample(sample_shape: Size): Tensor {
    const eps = standard_normal(this._extended_shape(sample_shape), this.loc.dtype, this.loc.device);
    return this.loc.add(this._unbroadcasted_scale_tril.matmul(eps.unsqueeze(-1)).squeeze(-1));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const factor = this._unbroadcasted_scale_tril;
    const distance = batch_mahalanobis(factor, value.sub(this.loc));
    const half_log_det = factor.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);
    return distance
      .add(this._event_shape[0]! * Math.log(2 * Math.PI))
      .mul(-0.5)
      .sub(half_log_det);
  }

  override _entropy(): Tensor {
    const half_log_det = this._unbroadcasted_scale_tril.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);
    const entropy = half_log_det.add(0.5 * this._event_shape[0]! * (1 + Math.log(2 * Math.PI)));
    return this._batch_shape.length === 0 ? entropy : entropy.expand(this._batch_shape);
  }
}

mark_own(MultivariateNormal);
