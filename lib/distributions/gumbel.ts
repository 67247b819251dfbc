/** Gumbel distribution, of extreme values. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { full_like, ones_like } from '../generated/functions.js';
import { EULER, finfo } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { broadcast, type ParameterLike } from './parameters.js';
import { Uniform } from './uniform.js';
import { AffineTransform, ExpTransform } from './transforms.js';
import { TransformedDistribution } from './transformed_distribution.js';

interface GumbelOptions extends ValidateArgs {
  loc: ParameterLike;
  scale: ParameterLike;
}
const GUMBEL = signature<GumbelOptions>('Gumbel', 'loc: Tensor|float, scale: Tensor|float, validate_args?: bool|None');

/**
 * Gumbel distribution, of extreme values. Mirrors `torch.distributions.Gumbel`.
 *
 * @param loc - mode
 * @param scale - scale
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const gumbel = new torch.distributions.Gumbel(torch.ones(1), torch.tensor([2.5]));
 * print(gumbel.sample(), gumbel.mean, gumbel.log_prob(torch.tensor([0.5])));
 * ```
 * ```python
 * gumbel = torch.distributions.Gumbel(torch.ones(1), torch.tensor([2.5]))
 * print(gumbel.sample(), gumbel.mean, gumbel.log_prob(torch.tensor([0.5])))
 * ```
 */
export class Gumbel extends TransformedDistribution {
  static override arg_constraints: ParameterConstraints = { loc: constraints.real, scale: constraints.positive };
  static override support: Constraint = constraints.real;
  declare loc: Tensor;
  declare scale: Tensor;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, validate_args?: boolean | null],
      GumbelOptions,
      ['loc', 'scale', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, validate_args } = GUMBEL.read(args);
    super();
    [this.loc, this.scale] = broadcast('Gumbel', loc, scale);
    const { tiny, eps } = finfo(this.loc.dtype);
    const base = new Uniform(full_like(this.loc, tiny), full_like(this.loc, 1 - eps), {
      validate_args: validate_args ?? null,
    });
    const transforms = [
      new ExpTransform().inv,
      new AffineTransform(0, ones_like(this.scale).neg()),
      new ExpTransform().inv,
      new AffineTransform(this.loc, this.scale.neg()),
    ];
    this._set_up(base, transforms, validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.loc = this.loc.expand(batch_shape);
    copy.scale = this.scale.expand(batch_shape);
    super._expand_into(copy, batch_shape);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const y = this.loc.sub(value).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }

  override get mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER));
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }

  override get variance(): Tensor {
    return this.stddev.pow(2);
  }

  override _entropy(): Tensor {
    return this.scale.log().add(1 + EULER);
  }
}

mark_own(Gumbel);
