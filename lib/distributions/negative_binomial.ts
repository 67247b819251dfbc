/** Negative binomial distribution of the number of successes before `total_count` failures. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { poisson } from '../generated/functions.js';
import { log_sigmoid } from '../generated/nn_functions.js';
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
import { logits_to_probs, probs_to_logits } from './utils.js';
import { Gamma } from './gamma.js';

interface NegativeBinomialOptions extends ValidateArgs {
  total_count: ParameterLike;
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const NEGATIVE_BINOMIAL = signature<NegativeBinomialOptions>(
  'NegativeBinomial',
  'total_count: Tensor|float, probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/**
 * Negative binomial distribution of the number of successes before `total_count` failures. Mirrors
 * `torch.distributions.NegativeBinomial`.
 *
 * @param total_count - number of failures at which it stops, any nonnegative number
 * @param probs - probability of success, in [0, 1)
 * @param logits - log odds of success, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.NegativeBinomial(5, torch.tensor([0.25, 0.5]));
 * print(distribution.sample([2]), distribution.mean, distribution.log_prob(torch.tensor([2.0, 4.0])));
 * ```
 * ```python
 * distribution = torch.distributions.NegativeBinomial(5, torch.tensor([0.25, 0.5]))
 * print(distribution.sample([2]), distribution.mean, distribution.log_prob(torch.tensor([2.0, 4.0])))
 * ```
 */
export class NegativeBinomial extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    total_count: constraints._nonnegative_count,
    probs: constraints._probability_below_one,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.nonnegative_integer;
  declare total_count: Tensor;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;
  /** @internal */
  declare readonly _gamma: Gamma;

  constructor(
    ...args: Arguments<
      [
        total_count: ParameterLike,
        probs?: ParameterLike | boolean | null,
        logits?: ParameterLike | boolean | null,
        validate_args?: boolean | null,
      ],
      NegativeBinomialOptions,
      ['total_count', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { total_count, probs, logits, validate_args } = NEGATIVE_BINOMIAL.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const given = (probs ?? null) === null ? 'logits' : 'probs';
    const [count, value] = broadcast('NegativeBinomial', total_count, (probs ?? logits)!);
    this.total_count = count.type_as(value);
    this._param = value;
    set_own(this, given, value);
    this._initialize(value.shape, [], validate_args);
  }

  static {
    define_lazy<NegativeBinomial>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => logits_to_probs(self.logits, { is_binary: true }),
      // The rate of the Poisson distribution that is drawn from.
      _gamma: (self) => new Gamma(self.total_count, self.logits.neg().exp(), { validate_args: false }),
    });
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._param.shape;
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.total_count = this.total_count.expand(batch_shape);
    copy._param = expand_given(this, copy, ['probs', 'logits'], batch_shape);
  }

  override get mean(): Tensor {
    return this.total_count.mul(this.logits.exp());
  }

  override get mode(): Tensor {
    return this.total_count.sub(1).mul(this.logits.exp()).floor().clamp({ min: 0 });
  }

  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid());
  }

  override _sample(sample_shape: Size): Tensor {
    return no_grad(() => poisson(this._gamma.sample(sample_shape)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { total_count, logits } = this;
    const unnormalized = total_count.mul(log_sigmoid(logits.neg())).add(value.mul(log_sigmoid(logits)));
    const normalizer = total_count
      .add(value)
      .lgamma()
      .neg()
      .add(value.add(1).lgamma())
      .add(total_count.lgamma())
      .masked_fill(total_count.add(value).eq(0), 0);
    return unnormalized.sub(normalizer);
  }
}

mark_own(NegativeBinomial);
