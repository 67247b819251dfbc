/** Von Mises distribution of angles, from -pi to pi. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { bool } from '../types/dtype.js';
import { float64 } from '../types/dtype.js';
import { empty, rand, where, zeros } from '../generated/functions.js';
import { all_true, any_true, minus, over } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { log_modified_bessel } from './bessel.js';

interface VonMisesOptions extends ValidateArgs {
  loc: ParameterLike;
  concentration: ParameterLike;
}
const VON_MISES = signature<VonMisesOptions>(
  'VonMises',
  'loc: Tensor|float, concentration: Tensor|float, validate_args?: bool|None',
);

/** The radius of the wrapped Cauchy distribution that proposes angles. */
function proposal(concentration: Tensor): Tensor {
  const tau = concentration.pow(2).mul(4).add(1).sqrt().add(1);
  const rho = tau.sub(tau.mul(2).sqrt()).div(concentration.mul(2));
  const radius = rho.pow(2).add(1).div(rho.mul(2));
  const taylor = over(1, concentration).add(concentration);
  return where(concentration.lt(1e-5), taylor, radius);
}

/** Draws by rejection, in double precision since small concentrations need it. */
function rejection_sample(loc: Tensor, concentration: Tensor, shape: Size): Tensor {
  const { dtype, device } = loc;
  const radius = proposal(concentration);
  let x = empty(shape, { dtype, device });
  let done = zeros(shape, { dtype: bool, device });
  while (!all_true(done)) {
    const [u1, u2, u3] = rand([3, ...shape], { dtype, device }).unbind() as [Tensor, Tensor, Tensor];
    const z = u1.mul(Math.PI).cos();
    const f = radius.mul(z).add(1).div(radius.add(z));
    const c = concentration.mul(radius.sub(f));
    const accept = c.mul(minus(2, c)).sub(u2).gt(0).logical_or(c.div(u2).log().add(1).sub(c).ge(0));
    if (!any_true(accept)) continue;
    x = where(accept, u3.sub(0.5).sign().mul(f.acos()), x);
    done = done.logical_or(accept);
  }
  return x
    .add(Math.PI)
    .add(loc)
    .remainder(2 * Math.PI)
    .sub(Math.PI);
}

/**
 * Von Mises distribution of angles, from -pi to pi. Mirrors `torch.distributions.VonMises`.
 *
 * @param loc - angle of the mode, in radians
 * @param concentration - concentration
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.VonMises(torch.ones(1), torch.tensor([1.5]));
 * print(distribution.sample(), distribution.variance, distribution.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * distribution = torch.distributions.VonMises(torch.ones(1), torch.tensor([1.5]))
 * print(distribution.sample(), distribution.variance, distribution.log_prob(torch.tensor([0.5])))
 * ```
 */
export class VonMises extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    loc: constraints.real,
    concentration: constraints.positive,
  };
  static override support: Constraint = constraints.real;
  declare loc: Tensor;
  declare concentration: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, concentration: ParameterLike, validate_args?: boolean | null],
      VonMisesOptions,
      ['loc', 'concentration', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, concentration, validate_args } = VON_MISES.read(args);
    super();
    [this.loc, this.concentration] = broadcast('VonMises', loc, concentration);
    this._initialize(this.loc.shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.concentration = this.concentration.expand(batch_shape);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { loc, concentration } = this;
    return concentration
      .mul(value.sub(loc).cos())
      .sub(Math.log(2 * Math.PI))
      .sub(log_modified_bessel(concentration, 0));
  }

  override _sample(sample_shape: Size): Tensor {
    return no_grad(() => {
      const { loc, concentration } = this;
      const shape = this._extended_shape(sample_shape);
      const x = rejection_sample(loc.to(float64), concentration.to(float64), shape);
      return x.to(loc.dtype);
    });
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    const { concentration } = this;
    return minus(1, log_modified_bessel(concentration, 1).sub(log_modified_bessel(concentration, 0)).exp());
  }
}

mark_own(VonMises);
