/** Exponential distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { zeros_like } from '../generated/functions.js';
import { minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';

interface ExponentialOptions extends ValidateArgs {
  rate: ParameterLike;
}
const EXPONENTIAL = signature<ExponentialOptions>('Exponential', 'rate: Tensor|float, validate_args?: bool|None');

/**
 * Exponential distribution. Mirrors `torch.distributions.Exponential`.
 *
 * @param rate - rate, 1 over the scale
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const exponential = new torch.distributions.Exponential(torch.tensor([0.5]));
 * print(exponential.sample(), exponential.mean, exponential.log_prob(torch.tensor([1.5])));
 * ```
 * ```python
 * exponential = torch.distributions.Exponential(torch.tensor([0.5]))
 * print(exponential.sample(), exponential.mean, exponential.log_prob(torch.tensor([1.5])))
 * ```
 */
export class Exponential extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = { rate: constraints.positive };
  static override support: Constraint = constraints.nonnegative;
  static override has_rsample = true;
  declare rate: Tensor;

  constructor(
    ...args: Arguments<
      [rate: ParameterLike, validate_args?: boolean | null],
      ExponentialOptions,
      ['rate', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { rate, validate_args } = EXPONENTIAL.read(args);
    super();
    [this.rate] = broadcast('Exponential', rate);
    this._initialize(this.rate.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.rate.reciprocal();
  }

  override get mode(): Tensor {
    return zeros_like(this.rate);
  }

  override get stddev(): Tensor {
    return this.rate.reciprocal();
  }

  override get variance(): Tensor {
    return this.rate.pow(-2);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.rate = this.rate.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    return this.rate.new_empty(this._extended_shape(sample_shape)).exponential_().div(this.rate);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    return this.rate.log().sub(this.rate.mul(value));
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    return minus(1, this.rate.neg().mul(value).exp());
  }

  override _icdf(value: Tensor): Tensor {
    return value.neg().log1p().neg().div(this.rate);
  }

  override _entropy(): Tensor {
    return minus(1, this.rate.log());
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.rate.neg()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.neg().log().neg();
  }

  override get _mean_carrier_measure(): number {
    return 0;
  }
}

mark_own(Exponential);
