/** Weibull distribution. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { ones_like } from '../generated/functions.js';
import { EULER, minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Exponential } from './exponential.js';
import { AffineTransform, PowerTransform, type Transform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface WeibullOptions extends ValidateArgs {
  scale: ParameterLike;
  concentration: ParameterLike;
}
const WEIBULL = signature<WeibullOptions>(
  'Weibull',
  'scale: Tensor|float, concentration: Tensor|float, validate_args?: bool|None',
);

/**
 * Weibull distribution. Mirrors `torch.distributions.Weibull`.
 *
 * @param scale - scale, often called lambda
 * @param concentration - shape, often called k
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const weibull = new torch.distributions.Weibull(torch.ones(1), torch.tensor([1.5]));
 * print(weibull.sample(), weibull.mean, weibull.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * weibull = torch.distributions.Weibull(torch.ones(1), torch.tensor([1.5]))
 * print(weibull.sample(), weibull.mean, weibull.log_prob(torch.tensor([0.5])))
 * ```
 */
export class Weibull extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = {
    scale: constraints.positive,
    concentration: constraints.positive,
  };
  static override support: Constraint = constraints.positive;
  declare scale: Tensor;
  declare concentration: Tensor;
  /** 1 over the shape. */
  declare concentration_reciprocal: Tensor;

  constructor(
    ...args: Arguments<
      [scale: ParameterLike, concentration: ParameterLike, validate_args?: boolean | null],
      WeibullOptions,
      ['scale', 'concentration', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { scale, concentration, validate_args } = WEIBULL.read(args);
    super();
    [this.scale, this.concentration] = broadcast('Weibull', scale, concentration);
    this.concentration_reciprocal = this.concentration.reciprocal();
    const base = new Exponential(ones_like(this.scale), { validate_args: validate_args ?? null });
    this._set_up(base, this._transforms(), validate_args);
  }

  private _transforms(): Transform[] {
    return [new PowerTransform(this.concentration_reciprocal), new AffineTransform(0, this.scale)];
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.scale = this.scale.expand(batch_shape);
    copy.concentration = this.concentration.expand(batch_shape);
    copy.concentration_reciprocal = copy.concentration.reciprocal();
    super._expand_into(copy, batch_shape);
    copy.transforms = copy._transforms();
  }

  override get mean(): Tensor {
    return this.scale.mul(this.concentration_reciprocal.add(1).lgamma().exp());
  }

  override get mode(): Tensor {
    const { scale, concentration } = this;
    return scale.mul(concentration.sub(1).div(concentration).pow(concentration.reciprocal()));
  }

  override get variance(): Tensor {
    const reciprocal = this.concentration_reciprocal;
    const squares = reciprocal.mul(2).add(1).lgamma().exp();
    return this.scale.pow(2).mul(squares.sub(reciprocal.add(1).lgamma().mul(2).exp()));
  }

  override _entropy(): Tensor {
    const reciprocal = this.concentration_reciprocal;
    return minus(1, reciprocal).mul(EULER).add(this.scale.mul(reciprocal).log()).add(1);
  }
}

mark_own(Weibull);
