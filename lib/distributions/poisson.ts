/** Poisson distribution of the number of events. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { poisson, xlogy } from '../generated/functions.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';

interface PoissonOptions extends ValidateArgs {
  rate: ParameterLike;
}
const POISSON = signature<PoissonOptions>('Poisson', 'rate: Tensor|float, validate_args?: bool|None');

/**
 * Poisson distribution of the number of events. Mirrors `torch.distributions.Poisson`.
 *
 * @param rate - mean number of events
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const poisson = new torch.distributions.Poisson(torch.tensor([4.5]));
 * print(poisson.sample([3]), poisson.log_prob(torch.tensor([3])));
 * ```
 * ```python
 * poisson = torch.distributions.Poisson(torch.tensor([4.5]))
 * print(poisson.sample([3]), poisson.log_prob(torch.tensor([3])))
 * ```
 */
export class Poisson extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = { rate: constraints.nonnegative };
  static override support: Constraint = constraints.nonnegative_integer;
  declare rate: Tensor;

  constructor(
    ...args: Arguments<[rate: ParameterLike, validate_args?: boolean | null], PoissonOptions, ['rate', 'validate_args']>
  );
  constructor(...args: unknown[]) {
    const { rate, validate_args } = POISSON.read(args);
    super();
    [this.rate] = broadcast('Poisson', rate);
    this._initialize(this.rate.shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.rate = this.rate.expand(batch_shape);
  }

  override get mean(): Tensor {
    return this.rate;
  }

  override get mode(): Tensor {
    return this.rate.floor();
  }

  override get variance(): Tensor {
    return this.rate;
  }

  override _sample(sample_shape: Size): Tensor {
    const shape = this._extended_shape(sample_shape);
    return no_grad(() => poisson(this.rate.expand(shape)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const [rate, count] = broadcast('log_prob', this.rate, value);
    return xlogy(count, rate).sub(rate).sub(count.add(1).lgamma());
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.rate.log()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.exp();
  }
}

mark_own(Poisson);
