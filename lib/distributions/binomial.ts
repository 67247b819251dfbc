/** Binomial distribution of the number of successes in independent trials. */
import { type Arguments, signature } from '../_internal/signature.js';
import { NotImplementedError } from '../_internal/not_implemented.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { arange, binomial } from '../generated/functions.js';
import { minus } from './arithmetic.js';
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

interface BinomialOptions extends ValidateArgs {
  total_count?: ParameterLike;
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const BINOMIAL = signature<BinomialOptions>(
  'Binomial',
  'total_count?: Tensor|float, probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/**
 * Binomial distribution of the number of successes in independent trials. Mirrors `torch.distributions.Binomial`.
 *
 * @param total_count - number of trials; default 1
 * @param probs - probability of success
 * @param logits - log odds of success, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const binomial = new torch.distributions.Binomial(10, torch.tensor([0.25, 0.75]));
 * print(binomial.sample([2]), binomial.mean, binomial.log_prob(torch.tensor([2.0, 8.0])));
 * ```
 * ```python
 * binomial = torch.distributions.Binomial(10, torch.tensor([0.25, 0.75]))
 * print(binomial.sample([2]), binomial.mean, binomial.log_prob(torch.tensor([2.0, 8.0])))
 * ```
 */
export class Binomial extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    total_count: constraints.nonnegative_integer,
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.dependent_property({ is_discrete: true, event_dim: 0 });
  static override has_enumerate_support = true;
  declare total_count: Tensor;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;

  constructor(
    ...args: Arguments<
      [
        total_count?: ParameterLike,
        probs?: ParameterLike | boolean | null,
        logits?: ParameterLike | boolean | null,
        validate_args?: boolean | null,
      ],
      BinomialOptions,
      ['total_count', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { total_count, probs, logits, validate_args } = BINOMIAL.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const given = (probs ?? null) === null ? 'logits' : 'probs';
    const [count, value] = broadcast('Binomial', total_count ?? 1, (probs ?? logits)!);
    this.total_count = count.type_as(value);
    this._param = value;
    set_own(this, given, value);
    this._initialize(value.shape, [], validate_args);
  }

  static {
    define_lazy<Binomial>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => logits_to_probs(self.logits, { is_binary: true }),
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

  override get support(): Constraint {
    return constraints.integer_interval(0, this.total_count);
  }

  override get mean(): Tensor {
    return this.total_count.mul(this.probs);
  }

  override get mode(): Tensor {
    return this.total_count.add(1).mul(this.probs).floor().clamp({ max: this.total_count });
  }

  override get variance(): Tensor {
    return this.total_count.mul(this.probs).mul(minus(1, this.probs));
  }

  override _sample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    return no_grad(() => binomial(this.total_count.expand(shape), this.probs.expand(shape)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { total_count } = this;
    const log_factorial_n = total_count.add(1).lgamma();
    const log_factorial_k = value.add(1).lgamma();
    const log_factorial_nmk = total_count.sub(value).add(1).lgamma();
    const { logits } = this;
    // Such that large logits of either sign do not overflow.
    const positive_part = logits
      .clamp({ min: 0 })
      .add(logits)
      .sub(logits.clamp({ max: 0 }))
      .div(2);
    const normalizer = total_count
      .mul(positive_part)
      .add(total_count.mul(logits.abs().neg().exp().log1p()))
      .sub(log_factorial_n);
    return value.mul(logits).sub(log_factorial_k).sub(log_factorial_nmk).sub(normalizer);
  }

  /** The one number of trials. */
  private _same_count(callee: string): number {
    const count = Math.trunc(Number(this.total_count.max().item()));
    if (this.total_count.min().item() === count) return count;
    throw new NotImplementedError(`Inhomogeneous total count not supported by \`${callee}\`.`);
  }

  override _entropy(): Tensor {
    this._same_count('entropy');
    const log_prob = this.log_prob(this.enumerate_support(false));
    return log_prob.exp().mul(log_prob).sum(0).neg();
  }

  override _enumerate_support(expand: boolean): Tensor {
    const count = this._same_count('enumerate_support');
    const { dtype, device } = this._param;
    const values = arange(1 + count, { dtype, device }).view([-1, ...this._batch_shape.map(() => 1)]);
    return expand ? values.expand([-1, ...this._batch_shape]) : values;
  }
}

mark_own(Binomial);
