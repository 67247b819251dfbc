/** Distribution of the logarithms of {@link RelaxedOneHotCategorical}. */
import { type Arguments, signature } from '../_internal/signature.js';
import { type Size, Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { full_like, logsumexp, rand } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { clamp_probs } from './utils.js';
import { Categorical } from './categorical.js';
import { ExpTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface ExpRelaxedCategoricalOptions extends ValidateArgs {
  temperature: ParameterLike;
  probs?: Tensor | null;
  logits?: Tensor | null;
}
const EXP_RELAXED_CATEGORICAL = signature<ExpRelaxedCategoricalOptions>(
  'ExpRelaxedCategorical',
  'temperature: Tensor|float, probs?: Tensor|None, logits?: Tensor|None, validate_args?: bool|None',
);

/** A temperature as a tensor. */
function as_temperature(temperature: ParameterLike, like: Tensor): Tensor {
  return temperature instanceof Tensor ? temperature : tensor(temperature, { dtype: like.dtype, device: like.device });
}

/**
 * Distribution of the logarithms of {@link RelaxedOneHotCategorical}. Mirrors
 * `torch.distributions.relaxed_categorical.ExpRelaxedCategorical`.
 *
 * @param temperature - temperature of the relaxation
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const { relaxed_categorical } = torch.distributions;
 * const distribution = new relaxed_categorical.ExpRelaxedCategorical(torch.tensor([2.5]), torch.tensor([0.25, 0.75]));
 * print(distribution, distribution.rsample());
 * ```
 * ```python
 * from torch.distributions import relaxed_categorical
 * distribution = relaxed_categorical.ExpRelaxedCategorical(torch.tensor([2.5]), torch.tensor([0.25, 0.75]))
 * print(distribution, distribution.rsample())
 * ```
 */
export class ExpRelaxedCategorical extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.simplex,
    logits: constraints.real_vector,
  };
  static override support: Constraint = constraints.real_vector;
  static override has_rsample = true;
  /** The temperature of the relaxation. */
  declare temperature: ParameterLike;
  /** @internal */
  declare _categorical: Categorical;

  constructor(
    ...args: Arguments<
      [temperature: ParameterLike, probs?: Tensor | null, logits?: Tensor | null, validate_args?: boolean | null],
      ExpRelaxedCategoricalOptions,
      ['temperature', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { temperature, probs, logits, validate_args } = EXP_RELAXED_CATEGORICAL.read(args);
    super();
    this._categorical = new Categorical({ probs: probs ?? null, logits: logits ?? null });
    this.temperature = temperature;
    const { batch_shape, param_shape } = this._categorical;
    this._initialize(batch_shape, param_shape.slice(-1), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.temperature = this.temperature;
    copy._categorical = this._categorical.expand(batch_shape);
  }

  /** @internal */
  get _param(): Tensor {
    return this._categorical._param;
  }

  /** The probabilities. */
  get probs(): Tensor {
    return this._categorical.probs;
  }

  /** The log probabilities. */
  get logits(): Tensor {
    return this._categorical.logits;
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._categorical.param_shape;
  }

  override _rsample(sample_shape: Size): Tensor {
    const { dtype, device } = this.logits;
    const u = clamp_probs(rand(this._extended_shape(sample_shape), { dtype, device }));
    const gumbels = u.log().neg().log().neg();
    const scores = this.logits.add(gumbels).div(this.temperature);
    return scores.sub(logsumexp(scores, -1, { keepdim: true }));
  }

  override _log_prob(value: Tensor): Tensor {
    const count = this._categorical._num_events;
    this._check_value(value);
    const [logits, given] = broadcast('log_prob', this.logits, value);
    const temperature = as_temperature(this.temperature, logits);
    const log_scale = full_like(temperature, count)
      .lgamma()
      .sub(temperature.log().mul(-(count - 1)));
    const scores = logits.sub(given.mul(temperature));
    return scores
      .sub(logsumexp(scores, -1, { keepdim: true }))
      .sum(-1)
      .add(log_scale);
  }
}

mark_own(ExpRelaxedCategorical);

interface RelaxedOneHotCategoricalOptions extends ValidateArgs {
  temperature: ParameterLike;
  probs?: Tensor | null;
  logits?: Tensor | null;
}
const RELAXED_ONE_HOT_CATEGORICAL = signature<RelaxedOneHotCategoricalOptions>(
  'RelaxedOneHotCategorical',
  'temperature: Tensor|float, probs?: Tensor|None, logits?: Tensor|None, validate_args?: bool|None',
);

/**
 * Relaxation of the one-hot categorical distribution to the simplex, with gradients for the parameters. Mirrors
 * `torch.distributions.RelaxedOneHotCategorical`.
 *
 * @param temperature - temperature of the relaxation; the lower, the nearer are values to the corners
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const probs = torch.tensor([0.25, 0.5, 0.25]);
 * const distribution = new torch.distributions.RelaxedOneHotCategorical(torch.tensor([2.5]), probs);
 * print(distribution.sample(), distribution.log_prob(torch.tensor([0.25, 0.25, 0.5])));
 * ```
 * ```python
 * probs = torch.tensor([0.25, 0.5, 0.25])
 * distribution = torch.distributions.RelaxedOneHotCategorical(torch.tensor([2.5]), probs)
 * print(distribution.sample(), distribution.log_prob(torch.tensor([0.25, 0.25, 0.5])))
 * ```
 */
export class RelaxedOneHotCategorical extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.simplex,
    logits: constraints.real_vector,
  };
  static override support: Constraint = constraints.simplex;
  static override has_rsample = true;
  declare base_dist: ExpRelaxedCategorical;

  constructor(
    ...args: Arguments<
      [temperature: ParameterLike, probs?: Tensor | null, logits?: Tensor | null, validate_args?: boolean | null],
      RelaxedOneHotCategoricalOptions,
      ['temperature', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { temperature, probs, logits, validate_args } = RELAXED_ONE_HOT_CATEGORICAL.read(args);
    super();
    const base = new ExpRelaxedCategorical(temperature, { probs: probs ?? null, logits: logits ?? null });
    this._set_up(base, new ExpTransform(), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }

  /** The temperature of the relaxation. */
  get temperature(): ParameterLike {
    return this.base_dist.temperature;
  }

  /** The log probabilities. */
  get logits(): Tensor {
    return this.base_dist.logits;
  }

  /** The probabilities. */
  get probs(): Tensor {
    return this.base_dist.probs;
  }
}

mark_own(RelaxedOneHotCategorical);
