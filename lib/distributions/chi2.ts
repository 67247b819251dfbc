/** Chi-squared distribution: a {@link Gamma} distribution of concentration `df / 2` and rate 0.5. */
import { type Arguments, signature } from '../_internal/signature.js';
import { type Size, Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import type { ParameterLike } from './parameters.js';
import { Gamma } from './gamma.js';

interface Chi2Options extends ValidateArgs {
  df: ParameterLike;
}
const CHI2 = signature<Chi2Options>('Chi2', 'df: Tensor|float, validate_args?: bool|None');

/**
 * Chi-squared distribution: a {@link Gamma} distribution of concentration `df / 2` and rate 0.5. Mirrors
 * `torch.distributions.Chi2`.
 *
 * @param df - degrees of freedom
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const chi2 = new torch.distributions.Chi2(torch.tensor([1.5]));
 * print(chi2.sample(), chi2.df, chi2.mean);
 * ```
 * ```python
 * chi2 = torch.distributions.Chi2(torch.tensor([1.5]))
 * print(chi2.sample(), chi2.df, chi2.mean)
 * ```
 */
export class Chi2 extends Gamma {
  static override arg_constraints: ParameterConstraints = { df: constraints.positive };

  constructor(
    ...args: Arguments<[df: ParameterLike, validate_args?: boolean | null], Chi2Options, ['df', 'validate_args']>
  );
  constructor(...args: unknown[]) {
    const { df, validate_args } = CHI2.read(args);
    super(df instanceof Tensor ? df.mul(0.5) : 0.5 * df, 0.5, { validate_args: validate_args ?? null });
  }

  /** The degrees of freedom. */
  get df(): Tensor {
    return this.concentration.mul(2);
  }

  // As a class of its own, whose constructor takes other arguments than that of Gamma.
  override _expand_into(copy: this, batch_shape: Size): void {
    super._expand_into(copy, batch_shape);
  }
}

mark_own(Chi2);
