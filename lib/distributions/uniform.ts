/** Uniform distribution over the half-open interval from `low` to `high`. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { rand } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';

interface UniformOptions extends ValidateArgs {
  low: ParameterLike;
  high: ParameterLike;
}
const UNIFORM = signature<UniformOptions>(
  'Uniform',
  'low: Tensor|float, high: Tensor|float, validate_args?: bool|None',
);

/**
 * Uniform distribution over the half-open interval from `low` to `high`. Mirrors `torch.distributions.Uniform`.
 *
 * @param low - lower end, which belongs to it
 * @param high - upper end, which does not
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const uniform = new torch.distributions.Uniform(torch.zeros(1), torch.tensor([5.5]));
 * print(uniform.sample(), uniform.log_prob(torch.tensor([2.5])), uniform.support);
 * ```
 * ```python
 * uniform = torch.distributions.Uniform(torch.zeros(1), torch.tensor([5.5]))
 * print(uniform.sample(), uniform.log_prob(torch.tensor([2.5])), uniform.support)
 * ```
 */
export class Uniform extends Distribution {
  static override support: Constraint = constraints.dependent_property({ is_discrete: false, event_dim: 0 });
  static override has_rsample = true;
  declare low: Tensor;
  declare high: Tensor;

  constructor(
    ...args: Arguments<
      [low: ParameterLike, high: ParameterLike, validate_args?: boolean | null],
      UniformOptions,
      ['low', 'high', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { low, high, validate_args } = UNIFORM.read(args);
    super();
    [this.low, this.high] = broadcast('Uniform', low, high);
    this._initialize(this.low.shape, [], validate_args);
  }

  override get arg_constraints(): ParameterConstraints {
    return { low: constraints.less_than(this.high), high: constraints.greater_than(this.low) };
  }

  override get support(): Constraint {
    return constraints.interval(this.low, this.high);
  }

  override get mean(): Tensor {
    return this.high.add(this.low).div(2);
  }

  override get mode(): Tensor {
    return this.high.mul(NaN);
  }

  override get stddev(): Tensor {
    return this.high.sub(this.low).div(Math.sqrt(12));
  }

  override get variance(): Tensor {
    return this.high.sub(this.low).pow(2).div(12);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.low = this.low.expand(batch_shape);
    copy.high = this.high.expand(batch_shape);
  }

  override _rsample(sample_shape: Size): Tensor {
    const { low, high } = this;
    const u = rand(this._extended_shape(sample_shape), { dtype: low.dtype, device: low.device });
    return low.add(u.mul(high.sub(low)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { low, high } = this;
    const [above, below] = [low.le(value).type_as(low), high.gt(value).type_as(low)];
    return above.mul(below).log().sub(high.sub(low).log());
  }

  override _cdf(value: Tensor): Tensor {
    this._check_value(value);
    return value.sub(this.low).div(this.high.sub(this.low)).clamp(0, 1);
  }

  override _icdf(value: Tensor): Tensor {
    return value.mul(this.high.sub(this.low)).add(this.low);
  }

  override _entropy(): Tensor {
    return this.high.sub(this.low).log();
  }
}

mark_own(Uniform);
