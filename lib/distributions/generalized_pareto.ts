/** Generalized Pareto distribution, of the excesses over a threshold. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { isclose, ones_like, rand, where, zeros_like } from '../generated/functions.js';
import { minus, over } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import {
  Distribution,
  mark_own,
  type ParameterConstraints,
  type ValidateArgs,
  type ValueArgument,
} from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { method_signature } from '../_internal/signature.js';
import { get_default_dtype } from '../types/dtype.js';

interface GeneralizedParetoOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
  concentration: ParameterLike;
}
const GENERALIZED_PARETO = signature<GeneralizedParetoOptions>(
  'GeneralizedPareto',
  'loc: Tensor|float, scale: Tensor|float, concentration: Tensor|float, validate_args?: bool|None',
);

const LOG_SURVIVAL = method_signature<{ value: Tensor }>('log_survival_function', 'value: Tensor');
const LOG_CDF = method_signature<{ value: Tensor }>('log_cdf', 'value: Tensor');

/** Where concentrations are 0, and these without it. As Python's, it takes the default dtype alone. */
function without_zero(concentration: Tensor): [is_zero: Tensor, safe: Tensor] {
  const is_zero = isclose(concentration, tensor(0, { dtype: get_default_dtype() }));
  return [is_zero, where(is_zero, ones_like(concentration), concentration)];
}

/**
 * Generalized Pareto distribution, of the excesses over a threshold. Mirrors `torch.distributions.GeneralizedPareto`.
 *
 * @param loc - location, the lower end of the support
 * @param scale - scale
 * @param concentration - shape: positive for heavy tails, 0 for exponential ones, negative for a bounded support
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const pareto = new torch.distributions.GeneralizedPareto(0, torch.ones(1), 0.5);
 * print(pareto.sample(), pareto.mean, pareto.cdf(torch.tensor([1.5])));
 * ```
 * ```python
 * pareto = torch.distributions.GeneralizedPareto(0, torch.ones(1), 0.5)
 * print(pareto.sample(), pareto.mean, pareto.cdf(torch.tensor([1.5])))
 * ```
 */
export class GeneralizedPareto extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    loc: constraints.real,
    scale: constraints.positive,
    concentration: constraints.real,
  };
  static override support: Constraint = constraints.dependent_property({ is_discrete: false, event_dim: 0 });
  static override has_rsample = true;
  declare loc: Tensor;
  declare scale: Tensor;
  declare concentration: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, concentration: ParameterLike, validate_args?: boolean | null],
      GeneralizedParetoOptions,
      ['loc', 'scale', 'concentration', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, concentration, validate_args } = GENERALIZED_PARETO.read(args);
    super();
    [this.loc, this.scale, this.concentration] = broadcast('GeneralizedPareto', loc, scale, concentration);
    this._initialize(this.loc.shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
    copy.concentration = this.concentration.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const { loc } = this;
    return this._icdf(rand(this._extended_shape(sample_shape), { dtype: loc.dtype, device: loc.device }));
  }

  private _standardized(value: Tensor): Tensor {
    return value.sub(this.loc).div(this.scale);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { concentration, scale } = this;
    const z = this._standardized(value);
    const [is_zero, safe] = without_zero(concentration);
    const power = over(1, safe).add(ones_like(z));
    const tail = where(power.eq(0), power, power.mul(safe.mul(z).log1p()));
    return scale
      .log()
      .neg()
      .sub(where(is_zero, z, tail));
  }

  /**
   * The logarithm of the probability of greater values.
   *
   * @param value - values
   */
  log_survival_function(value: ValueArgument): Tensor;
  log_survival_function(...args: unknown[]): Tensor {
    return LOG_SURVIVAL.call(args, ({ value }) => this._log_survival(value));
  }

  private _log_survival(value: Tensor): Tensor {
    this._check_value(value);
    const z = this._standardized(value);
    const [is_zero, safe] = without_zero(this.concentration);
    return where(is_zero, z.neg(), safe.mul(z).log1p().neg().div(safe));
  }

  /**
   * The logarithm of the cumulative distribution function.
   *
   * @param value - values
   */
  log_cdf(value: ValueArgument): Tensor;
  log_cdf(...args: unknown[]): Tensor {
    return LOG_CDF.call(args, ({ value }) => this._log_cdf(value));
  }

  private _log_cdf(value: Tensor): Tensor {
    return this._log_survival(value).exp().neg().log1p();
  }

  override _cdf(value: Tensor): Tensor {
    return this._log_cdf(value).exp();
  }

  override _icdf(value: Tensor): Tensor {
    const { loc, scale, concentration } = this;
    const is_zero = isclose(concentration, zeros_like(concentration));
    const safe = where(is_zero, ones_like(concentration), concentration);
    const log_survival = value.neg().log1p();
    const curved = loc.add(scale.div(safe).mul(safe.neg().mul(log_survival).expm1()));
    return where(is_zero, loc.sub(scale.mul(log_survival)), curved);
  }

  override get mean(): Tensor {
    const { loc, scale, concentration } = this;
    const valid = concentration.lt(1);
    return where(valid, loc.add(scale.div(minus(1, where(valid, concentration, 0.5)))), NaN);
  }

  override get variance(): Tensor {
    const { scale, concentration } = this;
    const valid = concentration.lt(0.5);
    const safe = where(valid, concentration, 0.25);
    return where(
      valid,
      scale.pow(2).div(
        minus(1, safe)
          .pow(2)
          .mul(minus(1, safe.mul(2))),
      ),
      NaN,
    );
  }

  override _entropy(): Tensor {
    return this.scale.log().add(this.concentration).add(1).broadcast_to(this._batch_shape);
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get support(): Constraint {
    const { loc, scale, concentration } = this;
    return constraints.interval(loc, where(concentration.lt(0), loc.sub(scale.div(concentration)), Infinity));
  }
}

mark_own(GeneralizedPareto);
