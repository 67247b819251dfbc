/** Geometric distribution of the number of failures before the first success. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { binary_cross_entropy_with_logits, zeros_like } from '../generated/functions.js';
import { all_true, finfo, over, put_where } from './arithmetic.js';
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
import { kind_of } from '../_internal/kind_of.js';
import { python_size } from '../_internal/representation.js';
import { format } from '../python/print.js';

interface GeometricOptions extends ValidateArgs {
  probs?: ParameterLike | boolean | null;
  logits?: ParameterLike | boolean | null;
}
const GEOMETRIC = signature<GeometricOptions>(
  'Geometric',
  'probs?: Tensor|float|bool|None, logits?: Tensor|float|bool|None, validate_args?: bool|None',
);

/**
 * Geometric distribution of the number of failures before the first success. Mirrors `torch.distributions.Geometric`.
 *
 * @param probs - probability of success, in (0, 1]
 * @param logits - log odds of success, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const geometric = new torch.distributions.Geometric(torch.tensor([0.25]));
 * print(geometric.sample([2]), geometric.mean, geometric.log_prob(torch.ones(1)));
 * ```
 * ```python
 * geometric = torch.distributions.Geometric(torch.tensor([0.25]))
 * print(geometric.sample([2]), geometric.mean, geometric.log_prob(torch.ones(1)))
 * ```
 */
export class Geometric extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override support: Constraint = constraints.nonnegative_integer;
  /** The probabilities; computed from the logits on first access where these were given. */
  declare readonly probs: Tensor;
  /** The log odds; computed from the probabilities on first access where these were given. */
  declare readonly logits: Tensor;

  constructor(
    ...args: Arguments<
      [probs?: ParameterLike | boolean | null, logits?: ParameterLike | boolean | null, validate_args?: boolean | null],
      GeometricOptions,
      ['probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { probs, logits, validate_args } = GEOMETRIC.read(args);
    one_of_probs_and_logits(probs, logits);
    super();
    const given = (probs ?? null) === null ? 'logits' : 'probs';
    const [value] = broadcast('Geometric', (probs ?? logits)!);
    set_own(this, given, value);
    this._initialize(value.shape, [], validate_args);
    if (!this._validate_args || given === 'logits') return;
    const valid = value.gt(0);
    if (all_true(valid)) return;
    throw new Error(
      `Expected parameter probs (${kind_of(value)} of shape ${python_size([...value.shape])}) of distribution ` +
        `${String(this)} to be positive but found invalid values:\n${format('{}', value.detach().index(valid.logical_not()))}`,
    );
  }

  static {
    define_lazy<Geometric>(this.prototype, {
      logits: (self) => probs_to_logits(self.probs, { is_binary: true }),
      probs: (self) => logits_to_probs(self.logits, { is_binary: true }),
    });
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    expand_given(this, copy, ['probs', 'logits'], batch_shape);
  }

  override get mean(): Tensor {
    return over(1, this.probs).sub(1);
  }

  override get mode(): Tensor {
    return zeros_like(this.probs);
  }

  override get variance(): Tensor {
    return over(1, this.probs).sub(1).div(this.probs);
  }

  override _sample(sample_shape: Size): Tensor {
    const { probs } = this;
    const shape = this._extended_shape(sample_shape);
    return no_grad(() => {
      const u = probs.new_empty(shape).uniform_(finfo(probs.dtype).tiny, 1);
      return u.log().div(probs.neg().log1p()).floor();
    });
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [count, given] = broadcast('log_prob', value, this.probs);
    const probs = given.clone();
    put_where(probs, probs.eq(1).logical_and(count.eq(0)), 0);
    return count.mul(probs.neg().log1p()).add(this.probs.log());
  }

  override _entropy(): Tensor {
    return binary_cross_entropy_with_logits(this.logits, this.probs, { reduction: 0 }).div(this.probs);
  }
}

mark_own(Geometric);
