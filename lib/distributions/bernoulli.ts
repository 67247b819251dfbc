/** Bernoulli distribution of 0 and 1. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { arange, bernoulli, binary_cross_entropy_with_logits } from '../generated/functions.js';
import { minus, put_where } from './arithmetic.js';
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
import { logits_to_probs, probs_to_logits } from './utils.js';
import { ExponentialFamily } from './exp_family.js';

interface BernoulliOptions extends ValidateArgs {
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const BERNOULLI = signature<BernoulliOptions>(
  'Bernoulli',
  'probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/**
 * Bernoulli distribution of 0 and 1. Mirrors `torch.distributions.Bernoulli`.
 *
 * @param probs - probability of 1
 * @param logits - log odds of 1, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const bernoulli = new torch.distributions.Bernoulli(torch.tensor([0.25, 0.75]));
 * print(bernoulli.sample([2]), bernoulli.logits, bernoulli.entropy());
 * ```
 * ```python
 * bernoulli = torch.distributions.Bernoulli(torch.tensor([0.25, 0.75]))
 * print(bernoulli.sample([2]), bernoulli.logits, bernoulli.entropy())
 * ```
 */
export class Bernoulli extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.boolean;
  static override has_enumerate_support = true;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;

  constructor(
    ...args: Arguments<
      [probs?: ParameterLike | boolean | null, logits?: ParameterLike | boolean | null, validate_args?: boolean | null],
      BernoulliOptions,
      ['probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { probs, logits, validate_args } = BERNOULLI.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const given = (probs ?? null) === null ? 'logits' : 'probs';
    [this._param] = broadcast('Bernoulli', (probs ?? logits)!);
    set_own(this, given, this._param);
    this._initialize(this._param.shape, [], validate_args);
  }

  static {
    define_lazy<Bernoulli>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => logits_to_probs(self.logits, { is_binary: true }),
    });
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._param.shape;
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy._param = expand_given(this, copy, ['probs', 'logits'], batch_shape);
  }

  override get mean(): Tensor {
    return this.probs;
  }

  override get mode(): Tensor {
    const { probs } = this;
    const mode = probs.ge(0.5).to(probs);
    return put_where(mode, probs.eq(0.5), NaN);
  }

  override get variance(): Tensor {
    return this.probs.mul(minus(1, this.probs));
  }

  override _sample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    return no_grad(() => bernoulli(this.probs.expand(shape)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [logits, target] = broadcast('log_prob', this.logits, value);
    return binary_cross_entropy_with_logits(logits, target, { reduction: 0 }).neg();
  }

  override _entropy(): Tensor {
    return binary_cross_entropy_with_logits(this.logits, this.probs, { reduction: 0 });
  }

  override _enumerate_support(expand: boolean): Tensor {
    const { dtype, device } = this._param;
    const values = arange(2, { dtype, device }).view([-1, ...this._batch_shape.map(() => 1)]);
    return expand ? values.expand([-1, ...this._batch_shape]) : values;
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.probs.logit()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.exp().log1p();
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(Bernoulli);
