/** Categorical distribution of vectors with a single 1. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { eye } from '../generated/functions.js';
import { one_hot } from '../generated/nn_functions.js';
import { minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { Categorical } from './categorical.js';

interface OneHotCategoricalOptions extends ValidateArgs {
  probs?: Tensor | null;
  logits?: Tensor | null;
}
const ONE_HOT_CATEGORICAL = signature<OneHotCategoricalOptions>(
  'OneHotCategorical',
  'probs?: Tensor|None, logits?: Tensor|None, validate_args?: bool|None',
);
const ONE_HOT_CATEGORICAL_STRAIGHT_THROUGH = ONE_HOT_CATEGORICAL.renamed('OneHotCategoricalStraightThrough');

/**
 * Categorical distribution of vectors with a single 1. Mirrors `torch.distributions.OneHotCategorical`.
 *
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.OneHotCategorical(torch.tensor([0.25, 0.5, 0.25]));
 * print(distribution.sample([2]), distribution.log_prob(torch.tensor([0, 1, 0])));
 * ```
 * ```python
 * distribution = torch.distributions.OneHotCategorical(torch.tensor([0.25, 0.5, 0.25]))
 * print(distribution.sample([2]), distribution.log_prob(torch.tensor([0, 1, 0])))
 * ```
 */
export class OneHotCategorical extends Distribution {
  static override arg_constraints: ParameterConstraints = {
    probs: constraints.simplex,
    logits: constraints.real_vector,
  };
  static override support: Constraint = constraints.one_hot;
  static override has_enumerate_support = true;
  /** @internal */
  declare _categorical: Categorical;

  constructor(
    ...args: Arguments<
      [probs?: Tensor | null, logits?: Tensor | null, validate_args?: boolean | null],
      OneHotCategoricalOptions,
      ['probs', 'logits', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { probs, logits, validate_args } = (
      new.target.name === 'OneHotCategoricalStraightThrough'
        ? ONE_HOT_CATEGORICAL_STRAIGHT_THROUGH
        : ONE_HOT_CATEGORICAL
    ).read(args);
    super();
    this._categorical = new Categorical({ probs: probs ?? null, logits: logits ?? null });
    const { batch_shape, param_shape } = this._categorical;
    this._initialize(batch_shape, param_shape.slice(-1), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
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

  override get mean(): Tensor {
    return this._categorical.probs;
  }

  override get mode(): Tensor {
    const { probs } = this._categorical;
    return one_hot(probs.argmax(-1), probs.size(-1)).to(probs);
  }

  override get variance(): Tensor {
    const { probs } = this._categorical;
    return probs.mul(minus(1, probs));
  }

  override _sample(sample_shape: Size): Tensor {
    const { probs } = this._categorical;
    return one_hot(this._categorical.sample(sample_shape), this._categorical._num_events).to(probs);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    return this._categorical.log_prob(value.max(-1).indices);
  }

  override _entropy(): Tensor {
    return this._categorical.entropy();
  }

  override _enumerate_support(expand: boolean): Tensor {
    const n = this._event_shape[0]!;
    const { dtype, device } = this._param;
    const values = eye(n, { dtype, device }).view([n, ...this._batch_shape.map(() => 1), n]);
    return expand ? values.expand([n, ...this._batch_shape, n]) : values;
  }
}

mark_own(OneHotCategorical);

/**
 * {@link OneHotCategorical} whose `rsample` gives the probabilities the gradients of the draws (the straight-through
 * estimator). Mirrors `torch.distributions.OneHotCategoricalStraightThrough`.
 *
 * @param probs - probabilities of shape `(*, n)`, which are normalized to the sum 1
 * @param logits - unnormalized log probabilities, instead of `probs`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const probs = torch.tensor([0.25, 0.5, 0.25], { requires_grad: true });
 * const distribution = new torch.distributions.OneHotCategoricalStraightThrough(probs);
 * distribution.rsample().mul(torch.tensor([1, 2, 3])).sum().backward();
 * print(probs.grad);
 * ```
 * ```python
 * probs = torch.tensor([0.25, 0.5, 0.25], requires_grad=True)
 * distribution = torch.distributions.OneHotCategoricalStraightThrough(probs)
 * distribution.rsample().mul(torch.tensor([1, 2, 3])).sum().backward()
 * print(probs.grad)
 * ```
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  static override has_rsample = true;

  override _rsample(sample_shape: Size): Tensor {
    const { probs } = this._categorical;
    // Zero, with the gradient of the probabilities.
    return this._sample(sample_shape).add(probs.sub(probs.detach()));
  }
}

mark_own(OneHotCategoricalStraightThrough);
