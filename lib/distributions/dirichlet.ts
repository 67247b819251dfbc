/** Dirichlet distribution, whose values are on the simplex. */
import { type Arguments, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { _sample_dirichlet, xlogy, _dirichlet_grad } from '../generated/functions.js';
import { one_hot } from '../generated/nn_functions.js';
import { minus, put_where } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { ExponentialFamily } from './exp_family.js';
import { Function, type FunctionCtx } from '../autograd/function.js';

interface DirichletOptions extends ValidateArgs {
  concentration: Tensor;
}
const DIRICHLET = signature<DirichletOptions>('Dirichlet', 'concentration: Tensor, validate_args?: bool|None');

/** Draws with gradients, which the operator has not by itself. */
class Draw extends Function {
  static forward(ctx: FunctionCtx, concentration: Tensor): Tensor {
    const x = _sample_dirichlet(concentration);
    ctx.save_for_backward(x, concentration);
    return x;
  }

  static backward(ctx: FunctionCtx, gradient: Tensor): Tensor {
    const [x, concentration] = ctx.saved_tensors as [Tensor, Tensor];
    const total = concentration.sum(-1, true).expand_as(concentration);
    const of_draw = _dirichlet_grad(x, concentration, total);
    return of_draw.mul(gradient.sub(x.mul(gradient).sum(-1, true)));
  }
}

/**
 * Dirichlet distribution, whose values are on the simplex. Mirrors `torch.distributions.Dirichlet`.
 *
 * @param concentration - concentrations, often called alpha, of shape `(*, n)`
 * @param validate_args - check parameters and values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when parameters are checked, and violate their constraints
 * @example
 * ```ts
 * const dirichlet = new torch.distributions.Dirichlet(torch.tensor([0.5, 1.5]));
 * print(dirichlet.sample(), dirichlet.mean, dirichlet.entropy());
 * ```
 * ```python
 * dirichlet = torch.distributions.Dirichlet(torch.tensor([0.5, 1.5]))
 * print(dirichlet.sample(), dirichlet.mean, dirichlet.entropy())
 * ```
 */
export class Dirichlet extends ExponentialFamily {
  static override arg_constraints: ParameterConstraints = {
    concentration: constraints.independent(constraints.positive, 1),
  };
  static override support: Constraint = constraints.simplex;
  static override has_rsample = true;
  declare concentration: Tensor;

  constructor(
    ...args: Arguments<
      [concentration: Tensor, validate_args?: boolean | null],
      DirichletOptions,
      ['concentration', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { concentration, validate_args } = DIRICHLET.read(args);
    super();
    if (concentration.dim() < 1) throw new Error('`concentration` parameter must be at least one-dimensional.');
    this.concentration = concentration;
    this._initialize(concentration.shape.slice(0, -1), concentration.shape.slice(-1), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy.concentration = this.concentration.expand([...batch_shape, ...this._event_shape]);
  }

  override _rsample(sample_shape: Size): Tensor {
    return Draw.apply(this.concentration.expand(this._extended_shape(sample_shape)));
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    const { concentration } = this;
    return xlogy(concentration.sub(1), value)
      .sum(-1)
      .add(concentration.sum(-1).lgamma())
      .sub(concentration.lgamma().sum(-1));
  }

  override get mean(): Tensor {
    return this.concentration.div(this.concentration.sum(-1, true));
  }

  override get mode(): Tensor {
    const { concentration } = this;
    const positive = concentration.sub(1).clamp({ min: 0 });
    const mode = positive.div(positive.sum(-1, true));
    const mask = concentration.lt(1).all(-1);
    const corner = mode.index(mask).argmax(-1);
    return put_where(mode, mask, one_hot(corner, positive.size(-1)).to(mode));
  }

  override get variance(): Tensor {
    const total = this.concentration.sum(-1, true);
    return this.concentration.mul(total.sub(this.concentration)).div(total.pow(2).mul(total.add(1)));
  }

  override _entropy(): Tensor {
    const { concentration } = this;
    const count = concentration.size(-1);
    const total = concentration.sum(-1);
    return concentration
      .lgamma()
      .sum(-1)
      .sub(total.lgamma())
      .sub(minus(count, total).mul(total.digamma()))
      .sub(concentration.sub(1).mul(concentration.digamma()).sum(-1));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.lgamma().sum(-1).sub(x.sum(-1).lgamma());
  }
}

mark_own(Dirichlet);
