/** Batch dimensions as dimensions of the event. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { size_of, sum_rightmost } from './parameters.js';

interface IndependentOptions<D> extends ValidateArgs {
  base_distribution: D;
  reinterpreted_batch_ndims: number;
}
const INDEPENDENT = signature<IndependentOptions<Distribution>>(
  'Independent',
  'base_distribution: Distribution, reinterpreted_batch_ndims: int, validate_args?: bool|None',
);

/**
 * Counts rightmost batch dimensions of a distribution as dimensions of the event, over which `log_prob` sums. Mirrors
 * `torch.distributions.Independent`.
 *
 * @param base_distribution - the distribution
 * @param reinterpreted_batch_ndims - the number of dimensions
 * @param validate_args - check values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when the batch has fewer dimensions
 * @example
 * ```ts
 * const { Independent, Normal } = torch.distributions;
 * const diagonal = new Independent(new Normal(torch.zeros(3), torch.ones(3)), 1);
 * print(diagonal, diagonal.batch_shape, diagonal.event_shape);
 * print(diagonal.log_prob(torch.tensor([0.5, 1.0, 1.5])));
 * ```
 * ```python
 * from torch.distributions import Independent, Normal
 * diagonal = Independent(Normal(torch.zeros(3), torch.ones(3)), 1)
 * print(diagonal, diagonal.batch_shape, diagonal.event_shape)
 * print(diagonal.log_prob(torch.tensor([0.5, 1.0, 1.5])))
 * ```
 */
export class Independent<D extends Distribution = Distribution> extends Distribution {
  static override arg_constraints: ParameterConstraints = {};
  static override support: Constraint = constraints.dependent_property();
  /** The distribution whose batch dimensions are counted as the event's. */
  declare base_dist: D;
  /** How many are. */
  declare reinterpreted_batch_ndims: number;

  constructor(
    ...args: Arguments<
      [base_distribution: D, reinterpreted_batch_ndims: number, validate_args?: boolean | null],
      IndependentOptions<D>,
      ['base_distribution', 'reinterpreted_batch_ndims', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { base_distribution, reinterpreted_batch_ndims, validate_args } = INDEPENDENT.read(args);
    const count = base_distribution.batch_shape.length;
    if (reinterpreted_batch_ndims > count) {
      throw new Error(
        'Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), ' +
          `actual ${reinterpreted_batch_ndims} vs ${count}`,
      );
    }
    super();
    const shape = base_distribution._extended_shape();
    const cut = count - reinterpreted_batch_ndims;
    this.base_dist = base_distribution as D;
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
    this._initialize(shape.slice(0, cut), shape.slice(cut), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    const count = this.reinterpreted_batch_ndims;
    copy.base_dist = this.base_dist.expand(size_of(batch_shape, this._event_shape.slice(0, count)));
    copy.reinterpreted_batch_ndims = count;
  }

  override get has_rsample(): boolean {
    return this.base_dist.has_rsample;
  }

  override get has_enumerate_support(): boolean {
    return this.reinterpreted_batch_ndims > 0 ? false : this.base_dist.has_enumerate_support;
  }

  override get support(): Constraint {
    const { support } = this.base_dist;
    const count = this.reinterpreted_batch_ndims;
    return count === 0 ? support : constraints.independent(support, count);
  }

  override get mean(): Tensor {
    return this.base_dist.mean;
  }

  override get mode(): Tensor {
    return this.base_dist.mode;
  }

  override get variance(): Tensor {
    return this.base_dist.variance;
  }

  override _sample(sample_shape: Size): Tensor {
    return this.base_dist.sample(sample_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    return this.base_dist.rsample(sample_shape);
  }

  override _log_prob(value: Tensor): Tensor {
    return sum_rightmost(this.base_dist.log_prob(value), this.reinterpreted_batch_ndims);
  }

  override _entropy(): Tensor {
    return sum_rightmost(this.base_dist.entropy(), this.reinterpreted_batch_ndims);
  }

  override _enumerate_support(expand: boolean): Tensor {
    if (this.reinterpreted_batch_ndims > 0)
      throw new NotImplementedError('Enumeration over cartesian product is not implemented');
    return this.base_dist.enumerate_support(expand);
  }

  override toString(): string {
    return `${this.constructor.name}(${String(this.base_dist)}, ${this.reinterpreted_batch_ndims})`;
  }
}

mark_own(Independent);
