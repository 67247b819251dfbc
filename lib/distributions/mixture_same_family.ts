/** Mixtures of distributions of one family. */
import { type Arguments, method_signature, signature } from '../_internal/signature.js';
import type { Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { gather, log_softmax, logsumexp } from '../generated/functions.js';
import { Categorical } from './categorical.js';
import * as constraints from './constraints.js';
import type { Constraint } from './constraints.js';
import {
  Distribution,
  mark_own,
  type ParameterConstraints,
  type ValidateArgs,
  type ValueArgument,
} from './distribution.js';
import { size_of } from './parameters.js';

interface MixtureOptions extends ValidateArgs {
  mixture_distribution: Categorical;
  component_distribution: Distribution;
}
const MIXTURE = signature<MixtureOptions>(
  'MixtureSameFamily',
  'mixture_distribution: Distribution, component_distribution: Distribution, validate_args?: bool|None',
);
const LOG_PROB = method_signature<{ x: Tensor }>('log_prob', 'x/value: Tensor');
const CDF = method_signature<{ x: Tensor }>('cdf', 'x/value: Tensor');

/**
 * A mixture of distributions of one family, which are the last batch dimension of a distribution. Mirrors
 * `torch.distributions.MixtureSameFamily`.
 *
 * @param mixture_distribution - the probabilities of the components
 * @param component_distribution - the components, along the last batch dimension
 * @param validate_args - check values; default: as `Distribution.set_default_validate_args` says
 * @throws Error when the distributions do not fit
 * @example
 * ```ts
 * const { MixtureSameFamily, Categorical, Normal } = torch.distributions;
 * const components = new Normal(torch.tensor([-1.5, 1.0]), torch.tensor([0.5, 0.5]));
 * const mixture = new MixtureSameFamily(new Categorical(torch.tensor([0.25, 0.75])), components);
 * print(mixture);
 * print(mixture.sample(), mixture.mean, mixture.log_prob(torch.tensor(0.5)));
 * ```
 * ```python
 * from torch.distributions import MixtureSameFamily, Categorical, Normal
 * components = Normal(torch.tensor([-1.5, 1.0]), torch.tensor([0.5, 0.5]))
 * mixture = MixtureSameFamily(Categorical(torch.tensor([0.25, 0.75])), components)
 * print(mixture)
 * print(mixture.sample(), mixture.mean, mixture.log_prob(torch.tensor(0.5)))
 * ```
 */
export class MixtureSameFamily extends Distribution {
  static override arg_constraints: ParameterConstraints = {};
  static override support: Constraint = constraints.dependent_property();
  /** @internal */
  declare _mixture: Categorical;
  /** @internal */
  declare _component: Distribution;
  /** @internal */
  declare _num_component: number;
  /** @internal */
  declare _event_ndims: number;

  constructor(
    ...args: Arguments<
      [mixture_distribution: Categorical, component_distribution: Distribution, validate_args?: boolean | null],
      MixtureOptions,
      ['mixture_distribution', 'component_distribution', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    const { mixture_distribution, component_distribution, validate_args } = MIXTURE.read(args);
    if (!(mixture_distribution instanceof Categorical)) {
      throw new Error(' The Mixture distribution needs to be an  instance of torch.distributions.Categorical');
    }
    if (!(component_distribution instanceof Distribution))
      throw new Error('The Component distribution needs to be an instance of torch.distributions.Distribution');
    super();
    this._mixture = mixture_distribution;
    this._component = component_distribution;
    const of_mixture = mixture_distribution.batch_shape;
    const of_component = size_of(component_distribution.batch_shape.slice(0, -1));
    for (let i = 1; i <= Math.min(of_mixture.length, of_component.length); i++) {
      const [a, b] = [of_mixture.at(-i)!, of_component.at(-i)!];
      if (a === 1 || b === 1 || a === b) continue;
      throw new Error(
        `\`mixture_distribution.batch_shape\` (${String(of_mixture)}) is not compatible with ` +
          `\`component_distribution.batch_shape\`(${String(of_component)})`,
      );
    }
    const mixed = mixture_distribution.logits.size(-1);
    const components = component_distribution.batch_shape.at(-1);
    if (components !== undefined && mixed !== components) {
      throw new Error(
        `\`mixture_distribution component\` (${mixed}) does not equal ` +
          `\`component_distribution.batch_shape[-1]\` (${components})`,
      );
    }
    this._num_component = mixed;
    const { event_shape } = component_distribution;
    this._event_ndims = event_shape.length;
    this._initialize(of_component, event_shape, validate_args);
  }

  override _expand_into(copy: this, batch_shape: Size): void {
    copy._component = this._component.expand([...batch_shape, this._num_component]);
    copy._mixture = this._mixture.expand(batch_shape);
    copy._num_component = this._num_component;
    copy._event_ndims = this._event_ndims;
  }

  /** The probabilities of the components. */
  get mixture_distribution(): Categorical {
    return this._mixture;
  }

  /** The components. */
  get component_distribution(): Distribution {
    return this._component;
  }

  override get support(): Constraint {
    return new constraints.MixtureSameFamilyConstraint(this._component.support);
  }

  /** Probabilities of components with dimensions for the batch and the event. */
  private _pad_mixture(probs: Tensor): Tensor {
    const of_mixture = this._mixture.batch_shape.length;
    const missing = of_mixture === 1 ? 0 : this._batch_shape.length - of_mixture;
    const ones = (count: number): number[] => Array<number>(Math.max(count, 0)).fill(1);
    return probs.reshape([...probs.shape.slice(0, -1), ...ones(missing), probs.size(-1), ...ones(this._event_ndims)]);
  }

  /** Values with a dimension for the components. */
  private _pad(x: Tensor): Tensor {
    return x.unsqueeze(-1 - this._event_ndims);
  }

  override get mean(): Tensor {
    const probs = this._pad_mixture(this._mixture.probs);
    return probs.mul(this._component.mean).sum(-1 - this._event_ndims);
  }

  /** By the law of total variance. */
  override get variance(): Tensor {
    const probs = this._pad_mixture(this._mixture.probs);
    const dim = -1 - this._event_ndims;
    const within = probs.mul(this._component.variance).sum(dim);
    const between = probs.mul(this._component.mean.sub(this._pad(this.mean)).pow(2)).sum(dim);
    return within.add(between);
  }

  override cdf(x: ValueArgument | { x: Tensor }): Tensor;
  override cdf(...args: unknown[]): Tensor {
    return CDF.call(args, ({ x }) => this._cdf(x));
  }

  override _cdf(x: Tensor): Tensor {
    return this._component.cdf(this._pad(x)).mul(this._mixture.probs).sum(-1);
  }

  override log_prob(x: ValueArgument | { x: Tensor }): Tensor;
  override log_prob(...args: unknown[]): Tensor {
    return LOG_PROB.call(args, ({ x }) => this._log_prob(x));
  }

  override _log_prob(x: Tensor): Tensor {
    this._check_value(x);
    const of_components = this._component.log_prob(this._pad(x));
    const of_mixture = log_softmax(this._mixture.logits, -1);
    return logsumexp(of_components.add(of_mixture), -1);
  }

  override _sample(sample_shape: Size): Tensor {
    return no_grad(() => {
      const dim = sample_shape.length + this._batch_shape.length;
      const chosen = this._mixture.sample(sample_shape);
      const samples = this._component.sample(sample_shape);
      const event = this._event_shape;
      const places = chosen
        .reshape([...chosen.shape, 1, ...event.map(() => 1)])
        .repeat([...chosen.shape.map(() => 1), 1, ...event]);
      return gather(samples, dim, places).squeeze(dim);
    });
  }

  override toString(): string {
    return `MixtureSameFamily(\n  ${String(this._mixture)},\n  ${String(this._component)})`;
  }
}

mark_own(MixtureSameFamily);
