/** Pareto distribution of type 1. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Exponential } from './exponential.js';
import { AffineTransform, ExpTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface ParetoOptions extends ValidateArgs {
  scale: ParameterLike;
  alpha: ParameterLike;
}
const PARETO = signature<ParetoOptions>(
  'Pareto',
  'scale: Tensor|float, alpha: Tensor|float, validate_args?: bool|None',
);

/**
 * Pareto distribution of type 1. Mirrors `torch.distributions.Pareto`.
 *
 * @param scale - lower end of the support
 * @param alpha - shape
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const pareto = new torch.distributions.Pareto(torch.ones(1), torch.tensor([2.5]));
 * print(pareto.sample(), pareto.mean, pareto.support);
 * ```
 * ```python
 * pareto = torch.distributions.Pareto(torch.ones(1), torch.tensor([2.5]))
 * print(pareto.sample(), pareto.mean, pareto.support)
 * ```
 */
export class Pareto extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = { alpha: constraints.positive, scale: constraints.positive };
  static override support: Constraint = constraints.dependent_property({ is_discrete: false, event_dim: 0 });
  declare scale: Tensor;
  declare alpha: Tensor;

  constructor(
    ...args: Arguments<
      [scale: ParameterLike, alpha: ParameterLike, validate_args?: boolean | null],
      ParetoOptions,
      ['scale', 'alpha', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { scale, alpha, validate_args } = PARETO.read(args);
    super();
    [this.scale, this.alpha] = broadcast('Pareto', scale, alpha);
    const base = new Exponential(this.alpha, { validate_args: validate_args ?? null });
    this._set_up(base, [new ExpTransform(), new AffineTransform(0, this.scale)], validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.scale = this.scale.expand(batch_shape);
    copy.alpha = this.alpha.expand(batch_shape);
    super._expand_into(copy, batch_shape);
  }

  override get mean(): Tensor {
    const alpha = this.alpha.clamp({ min: 1 }); // The mean of smaller ones is infinite.
    return alpha.mul(this.scale).div(alpha.sub(1));
  }

  override get mode(): Tensor {
    return this.scale;
  }

  override get variance(): Tensor {
    const alpha = this.alpha.clamp({ min: 2 }); // The variance of smaller ones is infinite.
    return this.scale
      .pow(2)
      .mul(alpha)
      .div(alpha.sub(1).pow(2).mul(alpha.sub(2)));
  }

  override get support(): Constraint {
    return constraints.greater_than_eq(this.scale);
  }

  override _entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1));
  }
}

mark_own(Pareto);
