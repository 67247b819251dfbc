/** Distributions of transformed random variables. */
import { type Arguments, signature } from '../_internal/signature.js';
import { format } from '../python/print.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { minus } from './arithmetic.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import { Distribution, mark_own, type ParameterConstraints, type ValidateArgs } from './distribution.js';
import { Independent } from './independent.js';
import { type Sign, signs } from './signs.js';
import { ComposeTransform, Transform } from './transforms.js';
import { sum_rightmost } from './parameters.js';

interface TransformedOptions extends ValidateArgs {
  base_distribution: Distribution;
  transforms: Transform | readonly Transform[];
}
const TRANSFORMED = signature<TransformedOptions>(
  'TransformedDistribution',
  'base_distribution: Distribution, transforms: any, validate_args?: bool|None',
);

/**
 * The distribution of a random variable to which transforms are applied, with the density of the base distribution divided by the
 * absolute determinant of the Jacobian. Mirrors `torch.distributions.TransformedDistribution`.
 *
 * @param base_distribution - the distribution of what is transformed
 * @param transforms - a transform, or several in the order in which they are applied
 * @param validate_args - check values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when what is given is not a transform, or shapes do not fit
 * @example
 * ```ts
 * const { TransformedDistribution, Uniform, SigmoidTransform, AffineTransform } = torch.distributions;
 * const transforms = [new SigmoidTransform().inv, new AffineTransform(1, 2)];
 * const logistic = new TransformedDistribution(new Uniform(0, 1), transforms);
 * print(logistic.sample(), logistic.log_prob(torch.tensor(0.5)), logistic.cdf(torch.tensor(1.5)));
 * ```
 * ```python
 * from torch.distributions import TransformedDistribution, Uniform, SigmoidTransform, AffineTransform
 * transforms = [SigmoidTransform().inv, AffineTransform(1, 2)]
 * logistic = TransformedDistribution(Uniform(0, 1), transforms)
 * print(logistic.sample(), logistic.log_prob(torch.tensor(0.5)), logistic.cdf(torch.tensor(1.5)))
 * ```
 */
export class TransformedDistribution extends Distribution {
  static override arg_constraints: ParameterConstraints = {};
  static override support: Constraint = constraints.dependent_property();
  /** The distribution of what is transformed. */
  declare base_dist: Distribution;
  /** The transforms, in the order in which they are applied. */
  declare transforms: readonly Transform[];

  constructor(
    ...args:
      | []
      | Arguments<
          [
            base_distribution: Distribution,
            transforms: Transform | readonly Transform[],
            validate_args?: boolean | null,
          ],
          TransformedOptions,
          ['base_distribution', 'transforms', 'validate_args']
        >
  );
  constructor(...args: unknown[]) {
    super();
    // Subclasses set their parameters before what is checked is there, and call `_set_up` then.
    if (args.length === 0 && new.target !== TransformedDistribution) return;
    const { base_distribution, transforms, validate_args } = TRANSFORMED.read(args);
    this._set_up(base_distribution, transforms, validate_args);
  }

  /** What the constructor does with its arguments, for subclasses that have parameters of their own. */
  protected _set_up(
    base_distribution: Distribution,
    transforms: Transform | readonly Transform[],
    validate_args?: boolean | null,
  ): void {
    this.transforms = transforms_of(transforms);
    const event_dim_of_base = base_distribution.event_shape.length;
    const shape = [...base_distribution.batch_shape, ...base_distribution.event_shape];
    const transform = new ComposeTransform(this.transforms);
    const [domain, codomain] = [transform.domain.event_dim, transform.codomain.event_dim];
    if (shape.length < domain) {
      const text = base_distribution._extended_shape();
      throw new Error(`base_distribution needs to have shape with size at least ${domain}, but got ${String(text)}.`);
    }
    const forward_shape = transform.forward_shape(base_distribution._extended_shape());
    const expanded = transform.inverse_shape(forward_shape);
    let base = base_distribution;
    if (expanded.length !== shape.length || expanded.some((size, i) => size !== shape[i]))
      base = base.expand(expanded.slice(0, expanded.length - event_dim_of_base));
    const reinterpreted = domain - base.event_shape.length;
    this.base_dist = reinterpreted > 0 ? new Independent(base, reinterpreted) : base;
    const event_dim = Math.max(codomain, event_dim_of_base + codomain - domain);
    const cut = forward_shape.length - event_dim;
    this._initialize(forward_shape.slice(0, cut), forward_shape.slice(cut), validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    const shape = this.transforms.reduceRight<readonly number[]>(
      (result, transform) => transform.inverse_shape(result),
      [...batch_shape, ...this._event_shape],
    );
    copy.base_dist = this.base_dist.expand(shape.slice(0, shape.length - this.base_dist.event_shape.length));
    copy.transforms = this.transforms;
  }

  override get support(): Constraint {
    const { support } = this.constructor as typeof Distribution;
    // A subclass says its own.
    if (support !== undefined && !constraints.is_dependent(support)) return support;
    const last = this.transforms.at(-1);
    if (last === undefined) return this.base_dist.support;
    const { codomain } = last;
    const missing = this._event_shape.length - codomain.event_dim;
    return missing > 0 ? constraints.independent(codomain, missing) : codomain;
  }

  override get has_rsample(): boolean {
    return this.base_dist.has_rsample;
  }

  override _sample(sample_shape: Size): Tensor {
    return no_grad(() => this._transformed(this.base_dist.sample(sample_shape)));
  }

  override _rsample(sample_shape: Size): Tensor {
    return this._transformed(this.base_dist.rsample(sample_shape));
  }

  private _transformed(x: Tensor): Tensor {
    return this.transforms.reduce((value, transform) => transform(value), x);
  }

  override _log_prob(value: Tensor): Tensor {
    this._check_value(value);
    let event_dim = this._event_shape.length;
    let result: Tensor | null = null;
    let y = value;
    for (const transform of this.transforms.toReversed()) {
      const x = transform.inv(y);
      event_dim += transform.domain.event_dim - transform.codomain.event_dim;
      const term = sum_rightmost(transform.log_abs_det_jacobian(x, y), event_dim - transform.domain.event_dim);
      result = result === null ? minus(0, term) : result.sub(term);
      y = x;
    }
    const of_base = sum_rightmost(this.base_dist.log_prob(y), event_dim - this.base_dist.event_shape.length);
    return result === null ? of_base.add(0) : result.add(of_base);
  }

  /** The function of decreasing transforms is that of increasing ones, turned around. */
  private _monotonized(value: Tensor): Tensor {
    const sign = this.transforms.reduce<Sign>((product, transform) => signs(product, transform.sign), 1);
    if (sign === 1) return value;
    const centered = value.sub(0.5);
    return (typeof sign === 'number' ? centered.mul(sign) : sign.mul(centered)).add(0.5);
  }

  override _cdf(value: Tensor): Tensor {
    const x = this.transforms.reduceRight((y, transform) => transform.inv(y), value);
    if (this._validate_args) this.base_dist._validate_sample(x);
    return this._monotonized(this.base_dist.cdf(x));
  }

  override _icdf(value: Tensor): Tensor {
    return this._transformed(this.base_dist.icdf(this._monotonized(value)));
  }
}

function transforms_of(transforms: unknown): readonly Transform[] {
  if (transforms instanceof Transform) return [transforms];
  if (!Array.isArray(transforms))
    throw new Error(`transforms must be a Transform or list, but was ${format('{}', transforms)}`);
  if (!transforms.every((transform) => transform instanceof Transform))
    throw new Error('transforms must be a Transform or a list of Transforms');
  return transforms as Transform[];
}

mark_own(TransformedDistribution);
