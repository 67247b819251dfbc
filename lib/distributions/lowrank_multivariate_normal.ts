/** Multivariate normal distribution with a covariance of low rank plus a diagonal: `cov_factor cov_factor^T + diag(cov_diag)`. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { broadcast_tensors } from '../functional.js';
import { diag_embed } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { define_lazy } from './lazy.js';
import { size_of, standard_normal } from './parameters.js';
import { batch_capacitance_tril, batch_lowrank_logdet, batch_lowrank_mahalanobis } from './matrices.js';
import { in_name_of } from '../_internal/operator_errors.js';

interface LowRankMultivariateNormalOptions extends ValidateArgs {
  loc: Tensor;
  cov_factor: Tensor;
  cov_diag: Tensor;
}
const LOW_RANK_MULTIVARIATE_NORMAL = signature<LowRankMultivariateNormalOptions>(
  'LowRankMultivariateNormal',
  'loc: Tensor, cov_factor: Tensor, cov_diag: Tensor, validate_args?: bool|None',
);

/**
 * Multivariate normal distribution with a covariance of low rank plus a diagonal: `cov_factor cov_factor^T +
 * diag(cov_diag)`. Mirrors `torch.distributions.LowRankMultivariateNormal`.
 *
 * @param loc - mean, of shape `(*, n)`
 * @param cov_factor - factor of the covariance, of shape `(*, n, m)`
 * @param cov_diag - diagonal part of the covariance, of shape `(*, n)`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const factor = torch.tensor([[1.5], [0.0]]);
 * const normal = new torch.distributions.LowRankMultivariateNormal(torch.zeros(2), factor, torch.ones(2));
 * print(normal.sample(), normal.log_prob(torch.tensor([0.5, 1.0])), normal.covariance_matrix);
 * ```
 * ```python
 * factor = torch.tensor([[1.5], [0.0]])
 * normal = torch.distributions.LowRankMultivariateNormal(torch.zeros(2), factor, torch.ones(2))
 * print(normal.sample(), normal.log_prob(torch.tensor([0.5, 1.0])), normal.covariance_matrix)
 * ```
 */
export class LowRankMultivariateNormal extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    loc: constraints.real_vector,
    cov_factor: constraints.independent(constraints.real, 2),
    cov_diag: constraints.independent(constraints.positive, 1),
  };
  static override support: Constraint = constraints.real_vector;
  static override has_rsample = true;
  declare loc: Tensor;
  declare cov_factor: Tensor;
  declare cov_diag: Tensor;
  /** The covariance; computed on first access. */
  declare readonly covariance_matrix: Tensor;
  /** The inverse of the covariance; computed on first access. */
  declare readonly precision_matrix: Tensor;
  /** The lower Cholesky factor of the covariance; computed on first access. */
  declare readonly scale_tril: Tensor;
  /** @internal */
  declare _unbroadcasted_cov_factor: Tensor;
  /** @internal */
  declare _unbroadcasted_cov_diag: Tensor;
  /** @internal */
  declare _capacitance_tril: Tensor;

  constructor(
    ...args: Arguments<
      [loc: Tensor, cov_factor: Tensor, cov_diag: Tensor, validate_args?: boolean | null],
      LowRankMultivariateNormalOptions,
      ['loc', 'cov_factor', 'cov_diag', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, cov_factor, cov_diag, validate_args } = LOW_RANK_MULTIVARIATE_NORMAL.read(args);
    if (loc.dim() < 1) throw new Error('loc must be at least one-dimensional.');
    const event_shape = size_of(loc.shape.slice(-1));
    if (cov_factor.dim() < 2)
      throw new Error('cov_factor must be at least two-dimensional, with optional leading batch dimensions');
    if (cov_factor.shape.at(-2) !== event_shape[0])
      throw new Error(`cov_factor must be a batch of matrices with shape ${event_shape[0]} x m`);
    if (cov_diag.shape.at(-1) !== event_shape[0])
      throw new Error(`cov_diag must be a batch of vectors with shape ${String(event_shape)}`);
    super();
    let broadcasted: Tensor[];
    try {
      broadcasted = broadcast_tensors(loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1));
    } catch {
      const shapes = `loc ${String(loc.shape)}, cov_factor ${String(cov_factor.shape)}, cov_diag ${String(cov_diag.shape)}`;
      throw new Error(`Incompatible batch shapes: ${shapes}`);
    }
    const [loc_, factor, diag] = broadcasted as [Tensor, Tensor, Tensor];
    this.loc = loc_.index('...', 0);
    this.cov_factor = factor;
    this.cov_diag = diag.index('...', 0);
    this._unbroadcasted_cov_factor = cov_factor;
    this._unbroadcasted_cov_diag = cov_diag;
    this._capacitance_tril = in_name_of('LowRankMultivariateNormal', () =>
      batch_capacitance_tril(cov_factor, cov_diag),
    );
    this._initialize(this.loc.shape.slice(0, -1), event_shape, validate_args);
  }

  static {
    define_lazy<LowRankMultivariateNormal>(this.prototype, {
      scale_tril: (self) => {
        // The Cholesky factor of W W^T + D is that of D^-1/2 W W^T D^-1/2 + I, scaled: better conditioned.
        const count = self._event_shape[0]!;
        const roots = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1);
        const scaled = self._unbroadcasted_cov_factor.div(roots);
        const product = scaled.matmul(scaled.mT).contiguous();
        product
          .view([-1, count * count])
          .index(':', `::${count + 1}`)
          .add_(1);
        return roots.mul(linalg.cholesky(product)).expand(self._matrix_shape());
      },
      covariance_matrix: (self) => {
        const factor = self._unbroadcasted_cov_factor;
        return factor.matmul(factor.mT).add(diag_embed(self._unbroadcasted_cov_diag)).expand(self._matrix_shape());
      },
      precision_matrix: (self) => {
        // By the Woodbury identity: D^-1 - D^-1 W (I + W^T D^-1 W)^-1 W^T D^-1.
        const scaled = self._unbroadcasted_cov_factor.mT.div(self._unbroadcasted_cov_diag.unsqueeze(-2));
        const solved = linalg.solve_triangular(self._capacitance_tril, scaled, { upper: false });
        return diag_embed(self._unbroadcasted_cov_diag.reciprocal())
          .sub(solved.mT.matmul(solved))
          .expand(self._matrix_shape());
      },
    });
  }

  /** @internal */
  _matrix_shape(): number[] {
    return [...this._batch_shape, ...this._event_shape, ...this._event_shape];
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    const shape = [...batch_shape, ...this._event_shape];
    copy.loc = this.loc.expand(shape);
    copy.cov_diag = this.cov_diag.expand(shape);
    copy.cov_factor = this.cov_factor.expand([...shape, this.cov_factor.size(-1)]);
    copy._unbroadcasted_cov_factor = this._unbroadcasted_cov_factor;
    copy._unbroadcasted_cov_diag = this._unbroadcasted_cov_diag;
    copy._capacitance_tril = this._capacitance_tril;
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return this._unbroadcasted_cov_factor
      .pow(2)
      .sum(-1)
      .add(this._unbroadcasted_cov_diag)
      .expand([...this._batch_shape, ...this._event_shape]);
  }

  override _rsample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    const { dtype, device } = this.loc;
    const of_factor = standard_normal([...shape.slice(0, -1), this.cov_factor.size(-1)], dtype, device);
    const of_diag = standard_normal(shape, dtype, device);
    return this.loc
      .add(this._unbroadcasted_cov_factor.matmul(of_factor.unsqueeze(-1)).squeeze(-1))
      .add(this._unbroadcasted_cov_diag.sqrt().mul(of_diag));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [factor, diag, capacitance] = [
      this._unbroadcasted_cov_factor,
      this._unbroadcasted_cov_diag,
      this._capacitance_tril,
    ];
    const distance = batch_lowrank_mahalanobis(factor, diag, value.sub(this.loc), capacitance);
    const log_det = batch_lowrank_logdet(diag, capacitance);
    return log_det
      .add(this._event_shape[0]! * Math.log(2 * Math.PI))
      .add(distance)
      .mul(-0.5);
  }

  override _entropy(): Tensor {
    const log_det = batch_lowrank_logdet(this._unbroadcasted_cov_diag, this._capacitance_tril);
    const entropy = log_det.add(this._event_shape[0]! * (1 + Math.log(2 * Math.PI))).mul(0.5);
    return this._batch_shape.length === 0 ? entropy : entropy.expand(this._batch_shape);
  }
}

mark_own(LowRankMultivariateNormal);
