/** Kumaraswamy distribution, on the unit interval as the beta distribution, with a closed cumulative distribution function. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { full_like } from '../generated/functions.js';
import { EULER, minus, over, put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Uniform } from './uniform.js';
import { AffineTransform, PowerTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface KumaraswamyOptions extends ValidateArgs {
  concentration1: ParameterLike;
  concentration0: ParameterLike;
}
const KUMARASWAMY = signature<KumaraswamyOptions>(
  'Kumaraswamy',
  'concentration1: Tensor|float, concentration0: Tensor|float, validate_args?: bool|None',
);

/**
 * Kumaraswamy distribution, on the unit interval as the beta distribution, with a closed cumulative distribution function.
 * Mirrors `torch.distributions.Kumaraswamy`.
 *
 * @param concentration1 - first concentration, often called alpha
 * @param concentration0 - second concentration, often called beta
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const distribution = new torch.distributions.Kumaraswamy(torch.tensor([2.5]), torch.tensor([1.5]));
 * print(distribution.sample(), distribution.mean, distribution.mode);
 * ```
 * ```python
 * distribution = torch.distributions.Kumaraswamy(torch.tensor([2.5]), torch.tensor([1.5]))
 * print(distribution.sample(), distribution.mean, distribution.mode)
 * ```
 */
export class Kumaraswamy extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = {
    concentration1: constraints.positive,
    concentration0: constraints.positive,
  };
  static override support: Constraint = constraints.unit_interval;
  static override has_rsample = true;
  declare concentration1: Tensor;
  declare concentration0: Tensor;

  constructor(
    ...args: Arguments<
      [concentration1: ParameterLike, concentration0: ParameterLike, validate_args?: boolean | null],
      KumaraswamyOptions,
      ['concentration1', 'concentration0', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { concentration1, concentration0, validate_args } = KUMARASWAMY.read(args);
    super();
    [this.concentration1, this.concentration0] = broadcast('Kumaraswamy', concentration1, concentration0);
    const base = new Uniform(full_like(this.concentration0, 0), full_like(this.concentration0, 1), {
      validate_args: validate_args ?? null,
    });
    const transforms = [
      new PowerTransform(this.concentration0.reciprocal()),
      new AffineTransform(1, -1),
      new PowerTransform(this.concentration1.reciprocal()),
    ];
    this._set_up(base, transforms, validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.concentration1 = this.concentration1.expand(batch_shape);
    copy.concentration0 = this.concentration0.expand(batch_shape);
    super._expand_into(copy, batch_shape);
  }

  /** The moment of order `n` around 0. */
  private _moment(n: number): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const shifted = over(n, a).add(1);
    return b.mul(shifted.lgamma().add(b.lgamma()).sub(shifted.add(b).lgamma()).exp());
  }

  override get mean(): Tensor {
    return this._moment(1);
  }

  override get mode(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const log_mode = b.reciprocal().mul(b.neg().log1p()).sub(b.neg().mul(a).log1p());
    return put_where(log_mode, b.lt(1).logical_or(a.lt(1)), NaN).exp();
  }

  override get variance(): Tensor {
    return this._moment(2).sub(this.mean.pow(2));
  }

  override _entropy(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const of_a = minus(1, a.reciprocal());
    const of_b = minus(1, b.reciprocal());
    const harmonic = b.add(1).digamma().add(EULER);
    return of_b.add(of_a.mul(harmonic)).sub(a.log()).sub(b.log());
  }
}

mark_own(Kumaraswamy);
