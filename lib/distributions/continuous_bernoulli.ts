/** Continuous Bernoulli distribution, whose values are in [0, 1]. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { binary_cross_entropy_with_logits, ones_like, rand, where, zeros_like } from '../generated/functions.js';
import * as special from '../generated/special.js';
import { all_true, minus, over } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import {
  expand_given,
  mark_own,
  one_of_probs_and_logits,
  type ParameterConstraints,
  type ValidateArgs,
} from './distribution.js';
import { define_lazy, set_own } from './lazy.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { clamp_probs, logits_to_probs, probs_to_logits } from './utils.js';
import { ExponentialFamily } from './exp_family.js';

interface ContinuousBernoulliOptions extends ValidateArgs {
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
  lims?: readonly number[];
}
const CONTINUOUS_BERNOULLI = signature<ContinuousBernoulliOptions>(
  'ContinuousBernoulli',
  'probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, lims?: float[], validate_args?: bool|None',
);

/**
 * Continuous Bernoulli distribution, whose values are in [0, 1]. Mirrors `torch.distributions.ContinuousBernoulli`.
 *
 * @param probs - parameter in (0, 1)
 * @param logits - its log odds, instead of `probs`
 * @param lims - range around 0.5 in which series are used for numerical stability; default `[0.499, 0.501]`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.ContinuousBernoulli(torch.tensor([0.25]));
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * distribution = torch.distributions.ContinuousBernoulli(torch.tensor([0.25]))
 * print(distribution.sample(), distribution.mean, distribution.log_prob(torch.tensor([0.5])))
 * ```
 */
export class ContinuousBernoulli extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.unit_interval;
  static override has_rsample = true;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;
  /** @internal */
  declare _lims: readonly [number, number];

  constructor(
    ...args: Arguments<
      [
        probs?: ParameterLike | boolean | null,
        logits?: ParameterLike | boolean | null,
        lims?: readonly number[],
        validate_args?: boolean | null,
      ],
      ContinuousBernoulliOptions,
      ['probs', 'logits', 'lims', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { probs, logits, lims, validate_args } = CONTINUOUS_BERNOULLI.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const name = (probs ?? null) === null ? 'logits' : 'probs';
    let [value] = broadcast('ContinuousBernoulli', (probs ?? logits)!);
    if (name === 'probs') {
      if ((validate_args ?? null) !== null && !all_true(constraints.unit_interval.check(value)))
        throw new Error('The parameter probs has invalid values');
      value = clamp_probs(value);
    }
    this._lims = (lims ?? [0.499, 0.501]) as readonly [number, number];
    this._param = value;
    set_own(this, name, value);
    this._initialize(value.shape, [], validate_args);
  }

  static {
    define_lazy<ContinuousBernoulli>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => clamp_probs(logits_to_probs(self.logits, { is_binary: true })),
    });
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._param.shape;
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy._lims = this._lims;
    copy._param = expand_given(this, copy, ['probs', 'logits'], batch_shape);
  }

  /** Where the formulas are stable. */
  private _outside(): Tensor {
    const [low, high] = this._lims;
    return this.probs.le(low).max(this.probs.gt(high));
  }

  /** The probabilities, with a stable one where the formulas are not. */
  private _cut(): Tensor {
    return where(this._outside(), this.probs, ones_like(this.probs).mul(this._lims[0]));
  }

  /** The logarithm of the normalizer of the density. @internal */
  _cont_bern_log_norm(): Tensor {
    const cut = this._cut();
    const below = where(cut.le(0.5), cut, zeros_like(cut));
    const above = where(cut.ge(0.5), cut, ones_like(cut));
    const log_norm = cut
      .neg()
      .log1p()
      .sub(cut.log())
      .abs()
      .log()
      .sub(where(cut.le(0.5), below.mul(-2).log1p(), above.mul(2).sub(1).log()));
    const x = this.probs.sub(0.5).pow(2);
    const taylor = x
      .mul(104 / 45)
      .add(4 / 3)
      .mul(x)
      .add(Math.LN2);
    return where(this._outside(), log_norm, taylor);
  }

  override get mean(): Tensor {
    const cut = this._cut();
    const mean = cut.div(cut.mul(2).sub(1)).add(over(1, cut.neg().log1p().sub(cut.log())));
    const x = this.probs.sub(0.5);
    const taylor = x
      .pow(2)
      .mul(16 / 45)
      .add(1 / 3)
      .mul(x)
      .add(0.5);
    return where(this._outside(), mean, taylor);
  }

  override get stddev(): Tensor {
    return this.variance.sqrt();
  }

  override get variance(): Tensor {
    const cut = this._cut();
    const variance = cut
      .mul(cut.sub(1))
      .div(minus(1, cut.mul(2)).pow(2))
      .add(over(1, cut.neg().log1p().sub(cut.log()).pow(2)));
    const x = this.probs.sub(0.5).pow(2);
    const taylor = minus(1 / 12, minus(1 / 15, x.mul(128 / 945)).mul(x));
    return where(this._outside(), variance, taylor);
  }

  override _rsample(sample_shape: Size): Tensor {
    const { dtype, device } = this.probs;
    return this._icdf(rand(this._extended_shape(sample_shape), { dtype, device }));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [logits, target] = broadcast('log_prob', this.logits, value);
    return binary_cross_entropy_with_logits(logits, target, { reduction: 0 }).neg().add(this._cont_bern_log_norm());
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    const cut = this._cut();
    const cdf = cut
      .pow(value)
      .mul(minus(1, cut).pow(minus(1, value)))
      .add(cut)
      .sub(1)
      .div(cut.mul(2).sub(1));
    const inside = where(this._outside(), cdf, value);
    return where(value.le(0), zeros_like(value), where(value.ge(1), ones_like(value), inside));
  }

  override _icdf(value: Tensor): Tensor {
    const cut = this._cut();
    const icdf = cut
      .neg()
      .add(value.mul(cut.mul(2).sub(1)))
      .log1p()
      .sub(cut.neg().log1p())
      .div(cut.log().sub(cut.neg().log1p()));
    return where(this._outside(), icdf, value);
  }

  override _entropy(): Tensor {
    const log_not = this.probs.neg().log1p();
    const log_probs = this.probs.log();
    return this.mean.mul(log_not.sub(log_probs)).sub(this._cont_bern_log_norm()).sub(log_not);
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.logits];
  }

  override _log_normalizer(x: Tensor): Tensor {
    const [low, high] = [this._lims[0] - 0.5, this._lims[1] - 0.5];
    const outside = x.le(low).max(x.gt(high));
    const cut = where(outside, x, ones_like(x).mul(low));
    const log_norm = special.expm1(cut).abs().log().sub(cut.abs().log());
    const taylor = x.mul(0.5).add(x.pow(2).div(24)).sub(x.pow(4).div(2880));
    return where(outside, log_norm, taylor);
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(ContinuousBernoulli);
