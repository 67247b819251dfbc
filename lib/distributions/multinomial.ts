/** Multinomial distribution of the counts of categories in independent draws. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { type Arguments, signature } from '../_internal/signature.js';
import { type Size, Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import { ones_like } from '../generated/functions.js';
import { minus, put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast } from './parameters.js';
import { Binomial } from './binomial.js';
import { Categorical } from './categorical.js';
import { contiguous_format } from '../types/dtype.js';

interface MultinomialOptions extends ValidateArgs {
  total_count?: number;
  probs?: Tensor | null;
  logits?: Tensor | null;
}
const MULTINOMIAL = signature<MultinomialOptions>(
  'Multinomial',
  'total_count?: Tensor|int, probs?: Tensor|None, logits?: Tensor|None, validate_args?: bool|None',
);

/**
 * Multinomial distribution of the counts of categories in independent draws. Mirrors `torch.distributions.Multinomial`.
 *
 * @param total_count - number of draws; default 1
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const multinomial = new torch.distributions.Multinomial(10, torch.tensor([1.5, 1.0, 2.0]));
 * print(multinomial.sample(), multinomial.mean, multinomial.log_prob(torch.tensor([2.0, 3.0, 5.0])));
 * ```
 * ```python
 * multinomial = torch.distributions.Multinomial(10, torch.tensor([1.5, 1.0, 2.0]))
 * print(multinomial.sample(), multinomial.mean, multinomial.log_prob(torch.tensor([2.0, 3.0, 5.0])))
 * ```
 */
export class Multinomial extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.simplex,
    logits: constraints.real_vector,
  };
  static override support: Constraint = constraints.dependent_property({ is_discrete: true, event_dim: 1 });
  /** The number of draws. */
  declare total_count: number;
  /** @internal */
  declare _categorical: Categorical;
  /** @internal */
  declare _binomial: Binomial;

  constructor(
    ...args: Arguments<
      [total_count?: number, probs?: Tensor | null, logits?: Tensor | null, validate_args?: boolean | null],
      MultinomialOptions,
      ['total_count', 'probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { total_count, probs, logits, validate_args } = MULTINOMIAL.read(args);
    if ((total_count as unknown) instanceof Tensor)
      throw new NotImplementedError('inhomogeneous total_count is not supported');
    super();
    this.total_count = total_count ?? 1;
    this._categorical = new Categorical({ probs: probs ?? null, logits: logits ?? null });
    this._binomial = new Binomial(this.total_count, this.probs);
    const { batch_shape, param_shape } = this._categorical;
    this._initialize(batch_shape, param_shape.slice(-1), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.total_count = this.total_count;
    copy._binomial = this._binomial;
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

  override get support(): Constraint {
    return constraints.multinomial(this.total_count);
  }

  override get mean(): Tensor {
    return this.probs.mul(this.total_count);
  }

  override get variance(): Tensor {
    return this.probs.mul(this.total_count).mul(minus(1, this.probs));
  }

  override _sample(sample_shape: Size): Tensor {
    const draws = this._categorical.sample([this.total_count, ...sample_shape]);
    const places = draws.permute([...draws.shape.keys()].map((i) => (i + 1) % draws.dim()));
    const counts = places.new_zeros(this._extended_shape(sample_shape));
    counts.scatter_add_(-1, places, ones_like(places));
    return counts.type_as(this.probs);
  }

  override _entropy(): Tensor {
    const n = tensor(this.total_count);
    const of_categories = this._categorical.entropy();
    const first = n.mul(of_categories).sub(n.add(1).lgamma());
    const support = this._binomial.enumerate_support(false).index('1:');
    const probs = this._binomial.log_prob(support).exp();
    return first.add(probs.mul(support.add(1).lgamma()).sum([0, -1]));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [given, counts] = broadcast('log_prob', this.logits, value);
    const logits = given.clone({ memory_format: contiguous_format });
    const log_factorial_n = counts.sum(-1).add(1).lgamma();
    const log_factorial_xs = counts.add(1).lgamma().sum(-1);
    put_where(logits, counts.eq(0).logical_and(logits.eq(-Infinity)), 0);
    return log_factorial_n.sub(log_factorial_xs).add(logits.mul(counts).sum(-1));
  }
}

mark_own(Multinomial);
