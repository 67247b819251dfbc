/** The base class of distributions. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { python_size } from '../_internal/representation.js';
import { kind_of, mark_class } from '../_internal/kind_of.js';
import { type Arguments, method_signature, no_arguments, signature } from '../_internal/signature.js';
import { in_name_of } from '../_internal/operator_errors.js';
import { warn } from '../_internal/warnings.js';
import { type Size, Tensor } from '../_tensor.js';
import { no_grad } from '../autograd/grad_mode.js';
import { format } from '../python/print.js';
import { all_true } from './arithmetic.js';
import { type Constraint, is_dependent } from './constraints.js';
import { defines_constructor, is_pending, set_own } from './lazy.js';
import { size_of } from './parameters.js';

/** The constraints on the parameters of a distribution, by name. */
export type ParameterConstraints = Readonly<Record<string, Constraint>>;

/** An argument that all distributions take. */
export interface ValidateArgs {
  /**
   * Check the parameters, and the values that methods are given. Default null: as
   * {@link Distribution.set_default_validate_args} says.
   */
  validate_args?: boolean | null;
}

interface DistributionOptions extends ValidateArgs {
  batch_shape?: readonly number[];
  event_shape?: readonly number[];
}

/** A shape of samples, by position or by name. */
export type SampleShape = readonly number[] | { sample_shape?: readonly number[] };
/** A tensor of values, by position or by name. */
export type ValueArgument = Tensor | { value: Tensor };

const DISTRIBUTION = signature<DistributionOptions>(
  'Distribution',
  'batch_shape?: int[], event_shape?: int[], validate_args?: bool|None',
);
const SAMPLE = method_signature<{ sample_shape?: readonly number[] }>('sample', 'sample_shape?: int[]');
const RSAMPLE = method_signature<{ sample_shape?: readonly number[] }>('rsample', 'sample_shape?: int[]');
const SAMPLE_N = method_signature<{ n: number }>('sample_n', 'n: int');
const EXPAND = method_signature<{ batch_shape: readonly number[] }>('expand', 'batch_shape: int[]');
const LOG_PROB = method_signature<{ value: Tensor }>('log_prob', 'value: Tensor');
const CDF = method_signature<{ value: Tensor }>('cdf', 'value: Tensor');
const ICDF = method_signature<{ value: Tensor }>('icdf', 'value: Tensor');
const ENUMERATE = method_signature<{ expand?: boolean }>('enumerate_support', 'expand?: bool');
const SET_DEFAULT = signature<{ value: boolean }>('set_default_validate_args', 'value: bool');

const by_class = new Map([['Distribution', DISTRIBUTION]]);

/** How a class reads its arguments that has no constructor of its own. */
function distribution_signature(callee: string): typeof DISTRIBUTION {
  let known = by_class.get(callee);
  if (known === undefined) by_class.set(callee, (known = DISTRIBUTION.renamed(callee)));
  return known;
}

let validates_by_default = true;

/** Where Python has the classes of this package. */
const modules: Readonly<Record<string, string>> = {
  Distribution: 'distribution',
  ExponentialFamily: 'exp_family',
  ContinuousBernoulli: 'continuous_bernoulli',
  FisherSnedecor: 'fishersnedecor',
  HalfCauchy: 'half_cauchy',
  HalfNormal: 'half_normal',
  InverseGamma: 'inverse_gamma',
  LKJCholesky: 'lkj_cholesky',
  LogNormal: 'log_normal',
  LogisticNormal: 'logistic_normal',
  LowRankMultivariateNormal: 'lowrank_multivariate_normal',
  MixtureSameFamily: 'mixture_same_family',
  MultivariateNormal: 'multivariate_normal',
  NegativeBinomial: 'negative_binomial',
  OneHotCategorical: 'one_hot_categorical',
  OneHotCategoricalStraightThrough: 'one_hot_categorical',
  RelaxedBernoulli: 'relaxed_bernoulli',
  LogitRelaxedBernoulli: 'relaxed_bernoulli',
  RelaxedOneHotCategorical: 'relaxed_categorical',
  ExpRelaxedCategorical: 'relaxed_categorical',
  StudentT: 'studentT',
  TransformedDistribution: 'transformed_distribution',
  VonMises: 'von_mises',
};
const own_classes = new WeakSet<object>();

/** Marks classes of this package, which Python's texts give with their modules. @internal */
export function mark_own(...classes: readonly { readonly prototype: object }[]): void {
  for (const its_class of classes) own_classes.add(its_class);
}

/** A class as Python writes it. */
function class_text(its_class: { readonly name: string }): string {
  if (!own_classes.has(its_class)) return `<class '${its_class.name}'>`;
  const module = modules[its_class.name] ?? its_class.name.toLowerCase();
  return `<class 'torch.distributions.${module}.${its_class.name}'>`;
}

/**
 * The base class of distributions. Mirrors `torch.distributions.Distribution`.
 *
 * A subclass sets the static `arg_constraints`, `support` and `has_rsample`, calls `super()`, sets its parameters as properties and
 * then calls `_initialize`, which checks them; it defines `sample` or `rsample`, `log_prob`, `mean` and the like as far as it has
 * them.
 *
 * @param batch_shape - shape of independent distributions; default `[]`
 * @param event_shape - shape of one draw; default `[]`
 * @param validate_args - check parameters and values; default: as {@link Distribution.set_default_validate_args} says
 * @throws NotImplementedError where a subclass does not define what is asked for
 * @example
 * ```ts
 * const { Distribution, constraints } = torch.distributions;
 * class Constant extends Distribution {
 *   static override arg_constraints = { value: constraints.real };
 *   constructor(readonly value: torch.Tensor) { super(); this._initialize(value.shape, []); }
 *   override sample(): torch.Tensor { return this.value.clone(); }
 * }
 * print(new Constant(torch.tensor(1.5)), new Constant(torch.tensor(1.5)).sample());
 * ```
 * ```python
 * from torch.distributions import Distribution, constraints
 * class Constant(Distribution):
 *     arg_constraints = {'value': constraints.real}
 *     def __init__(self, value):
 *         self.value = value
 *         super().__init__(value.shape)
 *     def sample(self): return self.value.clone()
 * print(Constant(torch.tensor(1.5)), Constant(torch.tensor(1.5)).sample())
 * ```
 */
export class Distribution {
  /** The constraints on the parameters, by name. */
  static arg_constraints?: ParameterConstraints;
  /** The constraint on values; `constraints.dependent` where it depends on the parameters. */
  static support?: Constraint;
  /** Whether `rsample` is there, whose gradients reach the parameters. */
  static has_rsample = false;
  /** Whether `enumerate_support` is there. */
  static has_enumerate_support = false;

  /** @internal */
  declare _batch_shape: Size;
  /** @internal */
  declare _event_shape: Size;
  /** @internal What was asked for; null for the default. */
  declare _validates: boolean | null;

  constructor(
    ...args: Arguments<
      [batch_shape?: readonly number[], event_shape?: readonly number[], validate_args?: boolean | null],
      DistributionOptions,
      ['batch_shape', 'event_shape', 'validate_args']
    >
  );
  constructor(...args: unknown[]) {
    // Most subclasses call this without arguments, and `_initialize` then.
    const {
      batch_shape = [],
      event_shape = [],
      validate_args,
    } = args.length === 0 ? ({} as DistributionOptions) : distribution_signature(new.target.name).read(args);
    hidden(this, '_batch_shape', size_of(batch_shape));
    hidden(this, '_event_shape', size_of(event_shape));
    hidden(this, '_validates', validate_args ?? null);
    // JavaScript calls this constructor before a subclass has set its parameters.
    if (new.target === Distribution) this._initialize(batch_shape, event_shape, validate_args);
  }

  /**
   * Sets whether distributions check their arguments unless `validate_args` is given.
   *
   * @param value - initially true
   */
  static set_default_validate_args(value: boolean | { value: boolean }): void;
  static set_default_validate_args(...args: unknown[]): void {
    validates_by_default = SET_DEFAULT.read(args).value;
  }

  /**
   * Sets the shapes and checks the parameters: what `super().__init__(...)` does at the end of a constructor in Python.
   *
   * @throws Error with Python's text when a parameter violates its constraint
   */
  protected _initialize(
    batch_shape: readonly number[],
    event_shape: readonly number[],
    validate_args?: boolean | null,
  ): void {
    hidden(this, '_batch_shape', size_of(batch_shape));
    hidden(this, '_event_shape', size_of(event_shape));
    hidden(this, '_validates', validate_args ?? null);
    if (this._validate_args) this._check_parameters();
  }

  private _check_parameters(): void {
    let constraints: ParameterConstraints = {};
    try {
      constraints = this.arg_constraints;
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      warn(
        `${class_text(this.constructor)} does not define \`arg_constraints\`. Please set \`arg_constraints = {}\` or ` +
          'initialize the distribution with `validate_args=False` to turn off validation.',
      );
    }
    for (const [name, constraint] of Object.entries(constraints)) {
      if (is_dependent(constraint) || is_pending(this, name)) continue;
      const value = (this as unknown as Record<string, Tensor>)[name]!;
      if (all_true(constraint.check(value))) continue;
      throw new Error(
        `Expected parameter ${name} (${kind_of(value)} of shape ${python_size([...value.shape])}) of distribution ` +
          `${String(this)} to satisfy the constraint ${String(constraint)}, but found invalid values:\n${format('{}', value)}`,
      );
    }
  }

  /** Whether this distribution checks its arguments; for subclasses to ask. */
  get _validate_args(): boolean {
    return this._validates ?? validates_by_default;
  }

  /** The constraints on the parameters, by name. @throws NotImplementedError when the class does not define them */
  get arg_constraints(): ParameterConstraints {
    const { arg_constraints } = this.constructor as typeof Distribution;
    if (arg_constraints === undefined) throw new NotImplementedError();
    return arg_constraints;
  }

  /** The constraint on values. @throws NotImplementedError when the class does not define it */
  get support(): Constraint {
    const { support } = this.constructor as typeof Distribution;
    if (support === undefined) throw new NotImplementedError();
    return support;
  }

  /** Whether `rsample` is there, whose gradients reach the parameters. */
  get has_rsample(): boolean {
    return (this.constructor as typeof Distribution).has_rsample;
  }

  /** Whether `enumerate_support` is there. */
  get has_enumerate_support(): boolean {
    return (this.constructor as typeof Distribution).has_enumerate_support;
  }

  /** The shape of independent distributions. */
  get batch_shape(): Size {
    return this._batch_shape;
  }

  /** The shape of one draw. */
  get event_shape(): Size {
    return this._event_shape;
  }

  /** The mean. @throws NotImplementedError when the distribution does not define it */
  get mean(): Tensor {
    throw new NotImplementedError();
  }

  /** The mode. @throws NotImplementedError when the distribution does not define it */
  get mode(): Tensor {
    throw new NotImplementedError(`${class_text(this.constructor)} does not implement mode`);
  }

  /** The variance. @throws NotImplementedError when the distribution does not define it */
  get variance(): Tensor {
    throw new NotImplementedError();
  }

  /** The standard deviation. @throws NotImplementedError when the distribution does not define the variance */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /** A class's part of {@link Distribution.expand}: sets the parameters of a copy. @internal */
  _expand_into(_copy: this, _batch_shape: Size): void {
    throw new NotImplementedError();
  }

  /** @internal */
  _sample(sample_shape: Size): Tensor {
    return no_grad(() => this.rsample(sample_shape));
  }

  /** @internal */
  _rsample(_sample_shape: Size): Tensor {
    throw new NotImplementedError();
  }

  /** @internal */
  _log_prob(_value: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** @internal */
  _cdf(_value: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** @internal */
  _icdf(_value: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** @internal */
  _entropy(): Tensor {
    throw new NotImplementedError();
  }

  /** @internal */
  _enumerate_support(_expand: boolean): Tensor {
    throw new NotImplementedError();
  }

  /**
   * A distribution whose parameters are expanded to another batch shape.
   *
   * @param batch_shape - the shape
   * @throws NotImplementedError when a subclass has a constructor of its own, but no `expand`
   */
  expand(batch_shape: readonly number[] | { batch_shape: readonly number[] }): this;
  expand(...args: unknown[]): this {
    const batch_shape = size_of(EXPAND.read(args).batch_shape);
    return in_name_of('expand', () => this._expanded(batch_shape));
  }

  /** @internal */
  _expanded(batch_shape: Size): this {
    this._check_expandable();
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    hidden(copy, '_batch_shape', batch_shape);
    hidden(copy, '_event_shape', this._event_shape);
    hidden(copy, '_validates', this._validate_args);
    this._expand_into(copy, batch_shape);
    return copy;
  }

  /** Refuses subclasses whose own constructor would not run. */
  private _check_expandable(): void {
    let at = Object.getPrototypeOf(this) as Distribution;
    let custom = false;
    while (!Object.hasOwn(at, '_expand_into')) {
      custom ||= defines_constructor(at.constructor);
      at = Object.getPrototypeOf(at) as Distribution;
    }
    if (!custom || at.constructor === Distribution) return;
    throw new NotImplementedError(
      `Subclass ${this.constructor.name} of ${at.constructor.name} that defines a custom __init__ method must also define a custom .expand() method.`,
    );
  }

  /**
   * Draws samples, without gradients.
   *
   * @param sample_shape - the shape of independent draws; default `[]`
   * @returns a tensor of shape `sample_shape + batch_shape + event_shape`
   */
  sample(sample_shape?: SampleShape): Tensor;
  sample(...args: unknown[]): Tensor {
    return SAMPLE.call(args, ({ sample_shape = [] }) => this._sample(size_of(sample_shape)));
  }

  /**
   * Draws samples as functions of the parameters, so that gradients reach these.
   *
   * @param sample_shape - the shape of independent draws; default `[]`
   * @returns a tensor of shape `sample_shape + batch_shape + event_shape`
   * @throws NotImplementedError when `has_rsample` is false
   */
  rsample(sample_shape?: SampleShape): Tensor;
  rsample(...args: unknown[]): Tensor {
    return RSAMPLE.call(args, ({ sample_shape = [] }) => this._rsample(size_of(sample_shape)));
  }

  /**
   * Draws `n` samples.
   *
   * @deprecated use `sample([n])`
   * @param n - how many
   */
  sample_n(n: number | { n: number }): Tensor;
  sample_n(...args: unknown[]): Tensor {
    const { n } = SAMPLE_N.read(args);
    warn('`sample_n(n)` will be deprecated. Use `sample((n,))` instead.', 'FutureWarning');
    return this.sample([n]);
  }

  /**
   * The logarithm of the density, or of the probability of discrete values.
   *
   * @param value - values, of a shape that broadcasts with `batch_shape + event_shape`
   * @throws Error when values are checked, and are not within the support
   */
  log_prob(value: ValueArgument): Tensor;
  log_prob(...args: unknown[]): Tensor {
    return LOG_PROB.call(args, ({ value }) => this._log_prob(value));
  }

  /**
   * The cumulative distribution function.
   *
   * @param value - values
   * @throws NotImplementedError when the distribution does not define it
   */
  cdf(value: ValueArgument): Tensor;
  cdf(...args: unknown[]): Tensor {
    return CDF.call(args, ({ value }) => this._cdf(value));
  }

  /**
   * The inverse of the cumulative distribution function.
   *
   * @param value - probabilities
   * @throws NotImplementedError when the distribution does not define it
   */
  icdf(value: ValueArgument): Tensor;
  icdf(...args: unknown[]): Tensor {
    return ICDF.call(args, ({ value }) => this._icdf(value));
  }

  /**
   * All values that a discrete distribution supports, stacked along a new first dimension.
   *
   * @param expand - expand over the batch; default true
   * @throws NotImplementedError when the distribution does not define it
   */
  enumerate_support(expand?: boolean | { expand?: boolean }): Tensor;
  enumerate_support(...args: unknown[]): Tensor {
    return ENUMERATE.call(args, ({ expand = true }) => this._enumerate_support(expand));
  }

  /** The entropy, of shape `batch_shape`. @throws NotImplementedError when the distribution does not define it */
  entropy(...none: []): Tensor {
    no_arguments('entropy', none);
    return in_name_of('entropy', () => this._entropy());
  }

  /** The exponential of the entropy, of shape `batch_shape`. */
  perplexity(...none: []): Tensor {
    no_arguments('perplexity', none);
    return this.entropy().exp();
  }

  /** The shape of samples: `sample_shape + batch_shape + event_shape`; for subclasses to ask. */
  _extended_shape(sample_shape: readonly number[] = []): Size {
    return size_of(sample_shape, this._batch_shape, this._event_shape);
  }

  /** Checks a value, when this distribution checks arguments. @internal */
  _check_value(value: Tensor): void {
    if (this._validate_args) this._validate_sample(value);
  }

  /**
   * Checks the shape of a value and that it is within the support; for subclasses to call where `_validate_args` is true.
   *
   * @throws Error with Python's text where it is not
   */
  _validate_sample(value: Tensor): void {
    if (!(value instanceof Tensor)) throw new Error('The value argument to log_prob must be a Tensor');
    const actual = value.shape;
    const start = actual.length - this._event_shape.length;
    const event = size_of(actual.slice(start));
    if (event.length !== this._event_shape.length || event.some((size, i) => size !== this._event_shape[i])) {
      throw new Error(
        `The right-most size of value must match event_shape: ${String(actual)} vs ${String(this._event_shape)}.`,
      );
    }
    const expected = this._extended_shape();
    for (let i = 1; i <= Math.min(actual.length, expected.length); i++) {
      const [a, b] = [actual.at(-i)!, expected.at(-i)!];
      if (a === 1 || b === 1 || a === b) continue;
      throw new Error(
        `Value is not broadcastable with batch_shape+event_shape: ${String(actual)} vs ${String(expected)}.`,
      );
    }
    let support: Constraint;
    try {
      support = this.support;
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      warn(
        `${class_text(this.constructor)} does not define \`support\` to enable sample validation. Please initialize the ` +
          'distribution with `validate_args=False` to turn off validation.',
      );
      return;
    }
    if (all_true(support.check(value))) return;
    throw new Error(
      `Expected value argument (${kind_of(value)} of shape ${python_size([...actual])}) to be within the support ` +
        `(${String(support)}) of the distribution ${String(this)}, but found invalid values:\n${format('{}', value)}`,
    );
  }

  /** As Python prints it. */
  toString(): string {
    let names: string[] = [];
    try {
      names = Object.keys(this.arg_constraints).filter((name) => Object.hasOwn(this, name));
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
    }
    const values = this as unknown as Record<string, Tensor>;
    const shown = names.map((name) => {
      const value = values[name]!;
      return `${name}: ${value.numel() === 1 ? format('{}', value) : String(value.shape)}`;
    });
    return `${this.constructor.name}(${shown.join(', ')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

mark_class(Distribution);
mark_own(Distribution);

/** Sets a property that is not a parameter: not enumerable, so that tools do not list it. */
function hidden(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Expands those of two parameters that are there: `probs` and `logits`, of which one is given and the other computed. @internal */
export function expand_given<T extends object>(
  from: T,
  to: T,
  names: readonly (keyof T & string)[],
  shape: readonly number[],
): Tensor {
  let last: Tensor | undefined;
  for (const name of names) {
    if (!Object.hasOwn(from, name)) continue;
    last = (from[name] as Tensor).expand(shape);
    set_own(to, name, last);
  }
  return last!;
}

/** Refuses both of `probs` and `logits`, and neither. @internal */
export function one_of_probs_and_logits(probs: unknown, logits: unknown): void {
  if (((probs ?? null) === null) === ((logits ?? null) === null))
    throw new Error('Either `probs` or `logits` must be specified, but not both.');
}
