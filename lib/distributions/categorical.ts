/** Categorical distribution of the integers from 0 to `n - 1`. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { broadcast_tensors } from '../functional.js';
import { arange, clamp, full, logsumexp, multinomial } from '../generated/functions.js';
import { finfo } from './arithmetic.js';
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
import { logits_to_probs, probs_to_logits } from './utils.js';
import { int64 } from '../types/dtype.js';

interface CategoricalOptions extends ValidateArgs {
  probs?: Tensor | null;
  logits?: Tensor | null;
}
const CATEGORICAL = signature<CategoricalOptions>(
  'Categorical',
  'probs?: Tensor|None, logits?: Tensor|None, validate_args?: bool|None',
);

/**
 * Categorical distribution of the integers from 0 to `n - 1`. Mirrors `torch.distributions.Categorical`.
 *
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const categorical = new torch.distributions.Categorical(torch.tensor([0.25, 0.25, 0.25, 0.25]));
 * print(categorical.sample([5]), categorical.log_prob(torch.tensor([0, 3])), categorical.entropy());
 * ```
 * ```python
 * categorical = torch.distributions.Categorical(torch.tensor([0.25, 0.25, 0.25, 0.25]))
 * print(categorical.sample([5]), categorical.log_prob(torch.tensor([0, 3])), categorical.entropy())
 * ```
 */
export class Categorical extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.simplex,
    logits: constraints.real_vector,
  };
  static override support: Constraint = constraints.dependent_property({ is_discrete: true, event_dim: 0 });
  static override has_enumerate_support = true;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log probabilities; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;
  /** @internal */
  declare _param: Tensor;
  /** @internal */
  declare _num_events: number;

  constructor(
    ...args: Arguments<
      [probs?: Tensor | null, logits?: Tensor | null, validate_args?: boolean | null],
      CategoricalOptions,
      ['probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { probs, logits, validate_args } = CATEGORICAL.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const name = (probs ?? null) === null ? 'logits' : 'probs';
    const given = (probs ?? logits)!;
    if (given.dim() < 1) throw new Error(`\`${name}\` parameter must be at least one-dimensional.`);
    this._param = given;
    this._num_events = given.size(-1);
    const normalized =
      name === 'probs' ? given.div(given.sum(-1, true)) : given.sub(logsumexp(given, -1, { keepdim: true }));
    set_own(this, name, normalized);
    this._param = normalized;
    this._initialize(given.shape.slice(0, -1), [], validate_args);
  }

  static {
    define_lazy<Categorical>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs),
      probs: (self) => logits_to_probs(self.logits),
    });
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._param.shape;
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy._num_events = this._num_events;
    copy._param = expand_given(this, copy, ['probs', 'logits'], [...batch_shape, this._num_events]);
  }

  override get support(): Constraint {
    return constraints.integer_interval(0, this._num_events - 1);
  }

  override get mean(): Tensor {
    const { dtype, device } = this.probs;
    return full(this._extended_shape(), NaN, { dtype, device });
  }

  override get mode(): Tensor {
    return this.probs.argmax(-1);
  }

  override get variance(): Tensor {
    const { dtype, device } = this.probs;
    return full(this._extended_shape(), NaN, { dtype, device });
  }

  override _sample(sample_shape: Size): Tensor {
    const rows = this.probs.reshape(-1, this._num_events);
    const draws = multinomial(rows, sample_shape.numel(), true).T;
    return draws.reshape(this._extended_shape(sample_shape));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [places, log_pmf] = broadcast_tensors(value.long().unsqueeze(-1), this.logits) as [Tensor, Tensor];
    return log_pmf.gather(-1, places.index('...', ':1')).squeeze(-1);
  }

  override _entropy(): Tensor {
    const logits = clamp(this.logits, { min: finfo(this.logits.dtype).min });
    return logits.mul(this.probs).sum(-1).neg();
  }

  override _enumerate_support(expand: boolean): Tensor {
    const values = arange(this._num_events, { dtype: int64, device: this._param.device }).view([
      -1,
      ...this._batch_shape.map(() => 1),
    ]);
    return expand ? values.expand([-1, ...this._batch_shape]) : values;
  }
}

mark_own(Categorical);
