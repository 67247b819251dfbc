/** LKJ distribution of the lower Cholesky factors of correlation matrices. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { arange, cat, clamp, diag_embed, mvlgamma, randn } from '../generated/functions.js';
import { finfo, minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Beta } from './beta.js';

interface LKJCholeskyOptions extends ValidateArgs {
  dim: number;
  concentration?: ParameterLike;
}
const LKJCHOLESKY = signature<LKJCholeskyOptions>(
  'LKJCholesky',
  'dim: int, concentration?: Tensor|float, validate_args?: bool|None',
);

/**
 * LKJ distribution of the lower Cholesky factors of correlation matrices. Mirrors `torch.distributions.LKJCholesky`.
 *
 * @param dim - size of the matrices, at least 2
 * @param concentration - concentration: 1 for a uniform distribution of the matrices; default 1
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const lkj = new torch.distributions.LKJCholesky(3, 0.5);
 * const factor = lkj.sample();
 * print(factor, lkj.log_prob(factor));
 * ```
 * ```python
 * lkj = torch.distributions.LKJCholesky(3, 0.5)
 * factor = lkj.sample()
 * print(factor, lkj.log_prob(factor))
 * ```
 */
export class LKJCholesky extends Distribution {
  static override arg_constraints: ParameterConstraints = { concentration: constraints.positive };
  static override support: Constraint = constraints.corr_cholesky;
  /** The size of the matrices. */
  declare dim: number;
  declare concentration: Tensor;
  /** @internal */
  declare _beta: Beta;

  constructor(
    ...args: Arguments<
      [dim: number, concentration?: ParameterLike, validate_args?: boolean | null],
      LKJCholeskyOptions,
      ['dim', 'concentration', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { dim, concentration, validate_args } = LKJCHOLESKY.read(args);
    if (dim < 2) throw new Error(`Expected dim to be an integer greater than or equal to 2. Found dim=${dim}.`);
    super();
    this.dim = dim;
    [this.concentration] = broadcast('LKJCholesky', concentration ?? 1);
    // The onion method draws the rows one after the other, each by the length of what is left of the diagonal.
    const { dtype, device } = this.concentration;
    const marginal = this.concentration.add(0.5 * (dim - 2));
    const places = arange(dim - 1, { dtype, device });
    const offset = cat([places.new_zeros([1]), places]);
    this._beta = new Beta(offset.add(0.5), marginal.unsqueeze(-1).sub(offset.mul(0.5)));
    this._initialize(this.concentration.shape, [dim, dim], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.dim = this.dim;
    copy.concentration = this.concentration.expand(batch_shape);
    copy._beta = this._beta.expand([...batch_shape, this.dim]);
  }

  override _sample(sample_shape: Size): Tensor {
    const y = this._beta.sample(sample_shape).unsqueeze(-1);
    const { dtype, device } = y;
    const normals = randn(this._extended_shape(sample_shape), { dtype, device }).tril(-1);
    const directions = normals.div(normals.norm({ dim: -1, keepdim: true }));
    directions.index('...', 0, ':').fill_(0); // The first row, which is divided by 0.
    const w = y.sqrt().mul(directions);
    const diagonal = clamp(minus(1, w.pow(2).sum(-1)), { min: finfo(dtype).tiny }).sqrt();
    return w.add_(diag_embed(diagonal));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { dim, concentration } = this;
    const diagonal = value.diagonal({ dim1: -1, dim2: -2 }).index('...', '1:');
    const places = arange(2, dim + 1, { device: concentration.device });
    const order = concentration.sub(1).unsqueeze(-1).mul(2).add(dim).sub(places);
    const unnormalized = order.mul(diagonal.log()).sum(-1);
    const alpha = concentration.add(0.5 * (dim - 1));
    const denominator = alpha.lgamma().mul(dim - 1);
    const numerator = mvlgamma(alpha.sub(0.5), dim - 1);
    return unnormalized.sub(numerator.add(0.5 * (dim - 1) * Math.log(Math.PI)).sub(denominator));
  }
}

mark_own(LKJCholesky);
