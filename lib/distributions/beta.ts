/** Beta distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { stack } from '../generated/functions.js';
import { minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { ExponentialFamily } from './exp_family.js';
import { Dirichlet } from './dirichlet.js';

interface BetaOptions extends ValidateArgs {
  concentration1: ParameterLike;
  concentration0: ParameterLike;
}
const BETA = signature<BetaOptions>(
  'Beta',
  'concentration1: Tensor|float, concentration0: Tensor|float, validate_args?: bool|None',
);

/**
 * Beta distribution. Mirrors `torch.distributions.Beta`.
 *
 * @param concentration1 - first concentration, often called alpha
 * @param concentration0 - second concentration, often called beta
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const beta = new torch.distributions.Beta(torch.tensor([0.5]), torch.tensor([0.5]));
 * print(beta.sample(), beta.mean, beta.log_prob(torch.tensor([0.25])));
 * ```
 * ```python
 * beta = torch.distributions.Beta(torch.tensor([0.5]), torch.tensor([0.5]))
 * print(beta.sample(), beta.mean, beta.log_prob(torch.tensor([0.25])))
 * ```
 */
export class Beta extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = {
    concentration1: constraints.positive,
    concentration0: constraints.positive,
  };
  static override support: Constraint = constraints.unit_interval;
  static override has_rsample = true;
  /** @internal */
  declare _dirichlet: Dirichlet;

  constructor(
    ...args: Arguments<
      [concentration1: ParameterLike, concentration0: ParameterLike, validate_args?: boolean | null],
      BetaOptions,
      ['concentration1', 'concentration0', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { concentration1, concentration0, validate_args } = BETA.read(args);
    super();
    const both = broadcast('Beta', concentration1, concentration0);
    this._dirichlet = new Dirichlet(stack(both, -1), { validate_args: validate_args ?? null });
    this._initialize(this._dirichlet.batch_shape, [], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy._dirichlet = this._dirichlet.expand(batch_shape);
  }

  /** The first concentration. */
  get concentration1(): Tensor {
    return this._dirichlet.concentration.index('...', 0);
  }

  /** The second concentration. */
  get concentration0(): Tensor {
    return this._dirichlet.concentration.index('...', 1);
  }

  override get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }

  override get mode(): Tensor {
    return this._dirichlet.mode.index('...', 0);
  }

  override get variance(): Tensor {
    const total = this.concentration1.add(this.concentration0);
    return this.concentration1.mul(this.concentration0).div(total.pow(2).mul(total.add(1)));
  }

  override _rsample(sample_shape: Size): Tensor {
    return this._dirichlet.rsample(sample_shape).select(-1, 0);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    return this._dirichlet.log_prob(stack([value, minus(1, value)], -1));
  }

  override _entropy(): Tensor {
    return this._dirichlet.entropy();
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration1, this.concentration0];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.lgamma().add(y.lgamma()).sub(x.add(y).lgamma());
  }
}

mark_own(Beta);
