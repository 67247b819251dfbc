/** Distribution of the log odds of {@link RelaxedBernoulli}. */
import { type Arguments, signature } from '../_internal/signature.js';
import { type Size, Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { rand } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import {
  Distribution,
  expand_given,
  mark_own,
  one_of_probs_and_logits,
  type ParameterConstraints,
  type ValidateArgs,
} from './distribution.js';
import { define_lazy, set_own } from './lazy.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { clamp_probs, logits_to_probs, probs_to_logits } from './utils.js';
import { SigmoidTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface LogitRelaxedBernoulliOptions extends ValidateArgs {
  temperature: ParameterLike;
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const LOGIT_RELAXED_BERNOULLI = signature<LogitRelaxedBernoulliOptions>(
  'LogitRelaxedBernoulli',
  'temperature: Tensor|float, probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/** A temperature as a tensor. */
function as_temperature(temperature: ParameterLike, like: Tensor): Tensor {
  return temperature instanceof Tensor ? temperature : tensor(temperature, { dtype: like.dtype, device: like.device });
}

/**
 * Distribution of the log odds of {@link RelaxedBernoulli}. Mirrors
 * `torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli`.
 *
 * @param temperature - temperature of the relaxation
 * @param probs - probability of 1
 * @param logits - log odds of 1, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const { relaxed_bernoulli } = torch.distributions;
 * const distribution = new relaxed_bernoulli.LogitRelaxedBernoulli(torch.tensor([2.5]), torch.tensor([0.25]));
 * print(distribution, distribution.rsample());
 * ```
 * ```python
 * from torch.distributions import relaxed_bernoulli
 * distribution = relaxed_bernoulli.LogitRelaxedBernoulli(torch.tensor([2.5]), torch.tensor([0.25]))
 * print(distribution, distribution.rsample())
 * ```
 */
export class LogitRelaxedBernoulli extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.real;
  static override has_rsample = true;
  /** The temperature of the relaxation. */
  declare temperature: ParameterLike;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;

  constructor(
    ...args: Arguments<
      [
        temperature: ParameterLike,
        probs?: ParameterLike | boolean | null,
        logits?: ParameterLike | boolean | null,
        validate_args?: boolean | null,
      ],
      LogitRelaxedBernoulliOptions,
      ['temperature', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { temperature, probs, logits, validate_args } = LOGIT_RELAXED_BERNOULLI.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const given = (probs ?? null) === null ? 'logits' : 'probs';
    [this._param] = broadcast('LogitRelaxedBernoulli', (probs ?? logits)!);
    set_own(this, given, this._param);
    this.temperature = temperature;
    this._initialize(this._param.shape, [], validate_args);
  }

  static {
    define_lazy<LogitRelaxedBernoulli>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => logits_to_probs(self.logits, { is_binary: true }),
    });
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._param.shape;
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.temperature = this.temperature;
    copy._param = expand_given(this, copy, ['probs', 'logits'], batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    const { dtype, device } = this.probs;
    const probs = clamp_probs(this.probs.expand(shape));
    const u = clamp_probs(rand(shape, { dtype, device }));
    const odds = u.log().sub(u.neg().log1p()).add(probs.log()).sub(probs.neg().log1p());
    return odds.div(this.temperature);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [logits, given] = broadcast('log_prob', this.logits, value);
    const temperature = as_temperature(this.temperature, logits);
    const difference = logits.sub(given.mul(temperature));
    return temperature.log().add(difference).sub(difference.exp().log1p().mul(2));
  }
}

mark_own(LogitRelaxedBernoulli);

interface RelaxedBernoulliOptions extends ValidateArgs {
  temperature: ParameterLike;
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const RELAXED_BERNOULLI = signature<RelaxedBernoulliOptions>(
  'RelaxedBernoulli',
  'temperature: Tensor|float, probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/**
 * Relaxation of the Bernoulli distribution to values in (0, 1), with gradients for the parameters. Mirrors
 * `torch.distributions.RelaxedBernoulli`.
 *
 * @param temperature - temperature of the relaxation; the lower, the nearer are values to 0 and 1
 * @param probs - probability of 1
 * @param logits - log odds of 1, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.RelaxedBernoulli(torch.tensor([2.5]), torch.tensor([0.25, 0.5]));
 * print(distribution.sample(), distribution.log_prob(torch.tensor([0.5, 0.5])));
 * ```
 * ```python
 * distribution = torch.distributions.RelaxedBernoulli(torch.tensor([2.5]), torch.tensor([0.25, 0.5]))
 * print(distribution.sample(), distribution.log_prob(torch.tensor([0.5, 0.5])))
 * ```
 */
export class RelaxedBernoulli extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.unit_interval;
  static override has_rsample = true;
  declare base_dist: LogitRelaxedBernoulli;

  constructor(
    ...args: Arguments<
      [
        temperature: ParameterLike,
        probs?: ParameterLike | boolean | null,
        logits?: ParameterLike | boolean | null,
        validate_args?: boolean | null,
      ],
      RelaxedBernoulliOptions,
      ['temperature', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { temperature, probs, logits, validate_args } = RELAXED_BERNOULLI.read(args);
    super();
    const base = new LogitRelaxedBernoulli(temperature, { probs: probs ?? null, logits: logits ?? null });
    this._set_up(base, new SigmoidTransform(), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The temperature of the relaxation. */
  get temperature(): ParameterLike {
    return this.base_dist.temperature;
  }

  /** The log odds. */
  get logits(): Tensor {
    return this.base_dist.logits;
  }

  /** The probabilities. */
  get probs(): Tensor {
    return this.base_dist.probs;
  }
}

mark_own(RelaxedBernoulli);
