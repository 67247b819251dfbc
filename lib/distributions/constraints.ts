/** Constraints on the parameters and the values of distributions; mirrors `torch.distributions.constraints`. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { type Arguments, define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import { cat as cat_tensors, full, isclose, stack as stack_tensors } from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import { format } from '../python/print.js';
import { bool } from '../types/dtype.js';
// The kinds 'Tensor' and the like that signatures name must be there when the constraints below are made.
import '../_tensor.js';
import type { Tensor } from '../_tensor.js';
import { all_true, finfo } from './arithmetic.js';

/** A bound of a constraint: a number, or a tensor that broadcasts with the values. */
export type Bound = Tensor | number;

const CHECK = method_signature<{ value: Tensor }>('check', 'value/x: Tensor');

/**
 * The base class of constraints: regions of tensors over which a variable is valid. A subclass defines `_check`. Mirrors
 * `torch.distributions.constraints.Constraint`.
 *
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * print(constraints.positive, constraints.positive.check(torch.tensor([1, -1])));
 * print(constraints.simplex instanceof constraints.Constraint, constraints.simplex.event_dim);
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * print(constraints.positive, constraints.positive.check(torch.tensor([1, -1])))
 * print(isinstance(constraints.simplex, constraints.Constraint), constraints.simplex.event_dim)
 * ```
 */
export class Constraint {
  constructor();
  constructor(...none: unknown[]) {
    no_arguments(new.target.name, none);
  }

  /** Whether the values are discrete. */
  get is_discrete(): boolean {
    return false;
  }

  /** The number of rightmost dimensions that together make an event. */
  get event_dim(): number {
    return 0;
  }

  /**
   * Tests which events are in the region.
   *
   * @param value - values, of shape `sample_shape + batch_shape + event_shape`
   * @returns bools, of shape `sample_shape + batch_shape`
   */
  check(value: Tensor | { value: Tensor }): Tensor;
  check(...args: unknown[]): Tensor {
    return CHECK.call(args, ({ value }) => this._check(value));
  }

  /** What {@link Constraint.check} does with a value; for subclasses to define. */
  _check(_value: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** As Python prints it. */
  toString(): string {
    return `${this.constructor.name.slice(1)}()`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('Constraint', 'Constraint', (value) => value instanceof Constraint);

type Callable<C extends new (...args: never) => object> = C & ((...args: ConstructorParameters<C>) => InstanceType<C>);

/** A class that can be called without `new`, as in Python. */
function callable<C extends new (...args: never) => object>(its_class: C): Callable<C> {
  return new Proxy(its_class, {
    apply: (target, _self, args: unknown[]) => Reflect.construct(target, args) as object,
  }) as Callable<C>;
}

/** Bounds of the package's own constraints are Python's floats. */
const written_as_floats = new WeakSet<Constraint>();

function floats<C extends Constraint>(constraint: C): C {
  written_as_floats.add(constraint);
  return constraint;
}

/** A bound as Python writes it. */
function bound_text(constraint: Constraint, bound: Bound): string {
  if (typeof bound === 'number' && written_as_floats.has(constraint) && Number.isInteger(bound)) return `${bound}.0`;
  return format('{}', bound);
}

const name_of = (constraint: Constraint): string => constraint.constructor.name.slice(1);

const at_least = (value: Tensor, bound: Bound): Tensor => value.ge(bound);
const at_most = (value: Tensor, bound: Bound): Tensor => value.le(bound);
const is_whole = (value: Tensor): Tensor => value.remainder(1).eq(0);

// --- dependent ---------------------------------------------------------------------------------------

interface DependentOptions {
  is_discrete?: boolean;
  event_dim?: number;
}
const DEPENDENT = signature<DependentOptions>('dependent', '*, is_discrete?: bool, event_dim?: int');
const DEPENDENT_PROPERTY = signature<DependentOptions & { fn?: object }>(
  'dependent_property',
  'fn?: Callable, *, is_discrete?: bool, event_dim?: int',
);

/** The support of a class whose objects differ in it. Calling one gives another with properties that are known. */
interface _Dependent {
  (options?: DependentOptions): _Dependent;
  <T>(getter: T, context: object): T;
}

class _Dependent extends Constraint {
  /** @internal */
  declare _known: DependentOptions;

  constructor(known: DependentOptions = {}) {
    super();
    const self = ((...args: unknown[]) => self._called(args)) as unknown as this;
    // A function's own name and length would hide fields of those names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    Object.setPrototypeOf(self, new.target.prototype as object);
    self._known = known;
    return self;
  }

  /** @internal */
  _called(args: readonly unknown[]): unknown {
    return new _Dependent({ ...this._known, ...DEPENDENT.read(args) });
  }

  override get is_discrete(): boolean {
    if (this._known.is_discrete === undefined)
      throw new NotImplementedError('.is_discrete cannot be determined statically');
    return this._known.is_discrete;
  }

  override get event_dim(): number {
    if (this._known.event_dim === undefined)
      throw new NotImplementedError('.event_dim cannot be determined statically');
    return this._known.event_dim;
  }

  override _check(_value: Tensor): Tensor {
    throw new Error('Cannot determine validity of dependent constraint');
  }
}

class _DependentProperty extends _Dependent {
  /** @internal As a decorator, it leaves the getter as it is. */
  override _called([getter]: readonly unknown[]): unknown {
    return getter;
  }
}

/**
 * Stands for a constraint that depends on the parameters of a distribution; calling it gives one whose
 * `is_discrete` and `event_dim` are known. Mirrors `torch.distributions.constraints.dependent`.
 *
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * print(constraints.dependent, constraints.dependent({ is_discrete: true, event_dim: 1 }).event_dim);
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * print(constraints.dependent, constraints.dependent(is_discrete=True, event_dim=1).event_dim)
 * ```
 */
export const dependent: _Dependent = new _Dependent();

/**
 * Makes the constraint that a class has as its static `support` when its objects have their own. As a decorator of the
 * getter it changes nothing. Mirrors `torch.distributions.constraints.dependent_property`.
 *
 * @param is_discrete - whether the values are discrete
 * @param event_dim - number of rightmost dimensions that make an event
 * @example
 * ```ts
 * const { Uniform, constraints } = torch.distributions;
 * print(Uniform.support, Uniform.support.event_dim, new Uniform(0, 1.5).support);
 * print(constraints.dependent_property({ is_discrete: true, event_dim: 0 }).is_discrete);
 * ```
 * ```python
 * from torch.distributions import Uniform, constraints
 * print(Uniform.support, Uniform.support.event_dim, Uniform(0, 1.5).support)
 * print(constraints.dependent_property(is_discrete=True, event_dim=0).is_discrete)
 * ```
 */
export function dependent_property(options?: DependentOptions): _Dependent;
export function dependent_property<T>(fn: T, context: object): T;
export function dependent_property(...args: unknown[]): unknown {
  if (args.length === 2 && typeof args[0] === 'function') return args[0];
  const { fn, ...known } = DEPENDENT_PROPERTY.read(args);
  return fn ?? new _DependentProperty(known);
}

const IS_DEPENDENT = signature<{ constraint: unknown }>('is_dependent', 'constraint: Constraint');

/**
 * Whether a constraint depends on parameters, so that it cannot be checked. Mirrors
 * `torch.distributions.constraints.is_dependent`.
 *
 * @param constraint - a constraint
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * print(constraints.is_dependent(constraints.dependent), constraints.is_dependent(constraints.real));
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * print(constraints.is_dependent(constraints.dependent), constraints.is_dependent(constraints.real))
 * ```
 */
export function is_dependent(constraint: Constraint | { constraint: Constraint }): boolean;
export function is_dependent(...args: unknown[]): boolean {
  return IS_DEPENDENT.read(args).constraint instanceof _Dependent;
}

// --- constraints with bounds -------------------------------------------------------------------------

const BOUND = 'Tensor|float';
const bound_signatures = {
  greater_than: signature<{ lower_bound: Bound }>('greater_than', `lower_bound: ${BOUND}`),
  greater_than_eq: signature<{ lower_bound: Bound }>('greater_than_eq', `lower_bound: ${BOUND}`),
  less_than: signature<{ upper_bound: Bound }>('less_than', `upper_bound: ${BOUND}`),
  multinomial: signature<{ upper_bound: Bound }>('multinomial', `upper_bound: ${BOUND}`),
  interval: signature<Bounds>('interval', `lower_bound: ${BOUND}, upper_bound: ${BOUND}`),
  half_open_interval: signature<Bounds>('half_open_interval', `lower_bound: ${BOUND}, upper_bound: ${BOUND}`),
  integer_interval: signature<Bounds>('integer_interval', `lower_bound: ${BOUND}, upper_bound: ${BOUND}`),
};

interface Bounds {
  lower_bound: Bound;
  upper_bound: Bound;
}
type BoundsArguments = Arguments<[lower_bound: Bound, upper_bound: Bound], Bounds, ['lower_bound', 'upper_bound']>;

class _GreaterThan extends Constraint {
  readonly lower_bound: Bound;

  constructor(lower_bound: Bound | { lower_bound: Bound });
  constructor(...args: unknown[]) {
    super();
    this.lower_bound = bound_signatures.greater_than.read(args).lower_bound;
  }

  override _check(value: Tensor): Tensor {
    return value.gt(this.lower_bound);
  }

  override toString(): string {
    return `${name_of(this)}(lower_bound=${bound_text(this, this.lower_bound)})`;
  }
}

class _GreaterThanEq extends Constraint {
  readonly lower_bound: Bound;

  constructor(lower_bound: Bound | { lower_bound: Bound });
  constructor(...args: unknown[]) {
    super();
    this.lower_bound = bound_signatures.greater_than_eq.read(args).lower_bound;
  }

  override _check(value: Tensor): Tensor {
    return at_least(value, this.lower_bound);
  }

  override toString(): string {
    return `${name_of(this)}(lower_bound=${bound_text(this, this.lower_bound)})`;
  }
}

class _IntegerGreaterThan extends Constraint {
  constructor(readonly lower_bound: number) {
    super();
  }

  override get is_discrete(): boolean {
    return true;
  }

  override _check(value: Tensor): Tensor {
    return is_whole(value).logical_and(at_least(value, this.lower_bound));
  }

  override toString(): string {
    return `${name_of(this)}(lower_bound=${bound_text(this, this.lower_bound)})`;
  }
}

class _LessThan extends Constraint {
  readonly upper_bound: Bound;

  constructor(upper_bound: Bound | { upper_bound: Bound });
  constructor(...args: unknown[]) {
    super();
    this.upper_bound = bound_signatures.less_than.read(args).upper_bound;
  }

  override _check(value: Tensor): Tensor {
    return value.lt(this.upper_bound);
  }

  override toString(): string {
    return `${name_of(this)}(upper_bound=${bound_text(this, this.upper_bound)})`;
  }
}

/** What the constraints with two bounds share. */
abstract class Between extends Constraint {
  readonly lower_bound: Bound;
  readonly upper_bound: Bound;

  protected constructor({ lower_bound, upper_bound }: Bounds) {
    super();
    this.lower_bound = lower_bound;
    this.upper_bound = upper_bound;
  }

  override toString(): string {
    const [lower, upper] = [bound_text(this, this.lower_bound), bound_text(this, this.upper_bound)];
    return `${name_of(this)}(lower_bound=${lower}, upper_bound=${upper})`;
  }
}

class _Interval extends Between {
  constructor(...args: BoundsArguments);
  constructor(...args: unknown[]) {
    super(bound_signatures.interval.read(args));
  }

  override _check(value: Tensor): Tensor {
    return at_least(value, this.lower_bound).logical_and(at_most(value, this.upper_bound));
  }
}

class _HalfOpenInterval extends Between {
  constructor(...args: BoundsArguments);
  constructor(...args: unknown[]) {
    super(bound_signatures.half_open_interval.read(args));
  }

  override _check(value: Tensor): Tensor {
    return at_least(value, this.lower_bound).logical_and(value.lt(this.upper_bound));
  }
}

class _IntegerInterval extends Between {
  constructor(...args: BoundsArguments);
  constructor(...args: unknown[]) {
    super(bound_signatures.integer_interval.read(args));
  }

  override get is_discrete(): boolean {
    return true;
  }

  override _check(value: Tensor): Tensor {
    return is_whole(value).logical_and(at_least(value, this.lower_bound)).logical_and(at_most(value, this.upper_bound));
  }
}

class _Multinomial extends Constraint {
  readonly upper_bound: Bound;

  constructor(upper_bound: Bound | { upper_bound: Bound });
  constructor(...args: unknown[]) {
    super();
    this.upper_bound = bound_signatures.multinomial.read(args).upper_bound;
  }

  override get is_discrete(): boolean {
    return true;
  }

  override get event_dim(): number {
    return 1;
  }

  override _check(value: Tensor): Tensor {
    return value
      .ge(0)
      .all(-1)
      .logical_and(at_most(value.sum(-1), this.upper_bound));
  }
}

/**
 * The values above a bound. Mirrors `torch.distributions.constraints.greater_than`.
 *
 * @param lower_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.greater_than(0.5).check(torch.tensor([0.5, 1])));
 * ```
 * ```python
 * print(torch.distributions.constraints.greater_than(0.5).check(torch.tensor([0.5, 1])))
 * ```
 */
export const greater_than = callable(_GreaterThan);

/**
 * The values from a bound upwards. Mirrors `torch.distributions.constraints.greater_than_eq`.
 *
 * @param lower_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.greater_than_eq(0.5).check(torch.tensor([0.25, 0.5, 1])));
 * ```
 * ```python
 * print(torch.distributions.constraints.greater_than_eq(0.5).check(torch.tensor([0.25, 0.5, 1])))
 * ```
 */
export const greater_than_eq = callable(_GreaterThanEq);

/**
 * The values below a bound. Mirrors `torch.distributions.constraints.less_than`.
 *
 * @param upper_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.less_than(0.5).check(torch.tensor([0.25, 0.5])));
 * ```
 * ```python
 * print(torch.distributions.constraints.less_than(0.5).check(torch.tensor([0.25, 0.5])))
 * ```
 */
export const less_than = callable(_LessThan);

/**
 * The values between two bounds, which belong to it. Mirrors `torch.distributions.constraints.interval`.
 *
 * @param lower_bound - a number or tensor
 * @param upper_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.interval(-1, 1).check(torch.tensor([-2, 0.5, 1])));
 * ```
 * ```python
 * print(torch.distributions.constraints.interval(-1, 1).check(torch.tensor([-2, 0.5, 1])))
 * ```
 */
export const interval = callable(_Interval);

/**
 * The values between two bounds, of which the lower belongs to it. Mirrors
 * `torch.distributions.constraints.half_open_interval`.
 *
 * @param lower_bound - a number or tensor
 * @param upper_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.half_open_interval(0, 1).check(torch.tensor([0, 0.5, 1])));
 * ```
 * ```python
 * print(torch.distributions.constraints.half_open_interval(0, 1).check(torch.tensor([0, 0.5, 1])))
 * ```
 */
export const half_open_interval = callable(_HalfOpenInterval);

/**
 * The integers between two bounds, which belong to it. Mirrors `torch.distributions.constraints.integer_interval`.
 *
 * @param lower_bound - a number or tensor
 * @param upper_bound - a number or tensor
 * @example
 * ```ts
 * print(torch.distributions.constraints.integer_interval(0, 2).check(torch.tensor([0, 0.5, 2, 3])));
 * ```
 * ```python
 * print(torch.distributions.constraints.integer_interval(0, 2).check(torch.tensor([0, 0.5, 2, 3])))
 * ```
 */
export const integer_interval = callable(_IntegerInterval);

/**
 * Vectors of nonnegative counts whose sum is at most a bound. Mirrors `torch.distributions.constraints.multinomial`.
 *
 * @param upper_bound - the greatest sum
 * @example
 * ```ts
 * print(torch.distributions.constraints.multinomial(3).check(torch.tensor([[1, 2], [3, 1]])));
 * ```
 * ```python
 * print(torch.distributions.constraints.multinomial(3).check(torch.tensor([[1, 2], [3, 1]])))
 * ```
 */
export const multinomial = callable(_Multinomial);

// --- constraints of constraints ----------------------------------------------------------------------

interface IndependentOptions {
  base_constraint: Constraint;
  reinterpreted_batch_ndims: number;
}
const INDEPENDENT = signature<IndependentOptions>(
  'independent',
  'base_constraint: Constraint, reinterpreted_batch_ndims: int',
);

class _IndependentConstraint extends Constraint {
  readonly base_constraint: Constraint;
  readonly reinterpreted_batch_ndims: number;

  constructor(
    ...args: Arguments<
      [base_constraint: Constraint, reinterpreted_batch_ndims: number],
      IndependentOptions,
      ['base_constraint', 'reinterpreted_batch_ndims']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { base_constraint, reinterpreted_batch_ndims } = INDEPENDENT.read(args);
    this.base_constraint = base_constraint;
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
  }

  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete;
  }

  override get event_dim(): number {
    return this.base_constraint.event_dim + this.reinterpreted_batch_ndims;
  }

  override _check(value: Tensor): Tensor {
    const result = this.base_constraint.check(value);
    const kept = result.dim() - this.reinterpreted_batch_ndims;
    if (kept < 0) throw new Error(`Expected value.dim() >= ${this.event_dim} but got ${value.dim()}`);
    return result.reshape([...result.shape.slice(0, kept), -1]).all(-1);
  }

  override toString(): string {
    return `${name_of(this)}(${String(this.base_constraint)}, ${this.reinterpreted_batch_ndims})`;
  }
}

/**
 * Counts rightmost batch dimensions of a constraint as dimensions of the event: an event is valid when all of it is. Mirrors
 * `torch.distributions.constraints.independent`.
 *
 * @param base_constraint - the constraint
 * @param reinterpreted_batch_ndims - the number of dimensions
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * print(constraints.independent(constraints.positive, 1).check(torch.tensor([[1, 2], [1, -1]])));
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * print(constraints.independent(constraints.positive, 1).check(torch.tensor([[1, 2], [1, -1]])))
 * ```
 */
export const independent = callable(_IndependentConstraint);

const MIXTURE = signature<{ base_constraint: Constraint }>(
  'MixtureSameFamilyConstraint',
  'base_constraint: Constraint',
);

/**
 * The support of a mixture: values that all components support. Mirrors
 * `torch.distributions.constraints.MixtureSameFamilyConstraint`.
 *
 * @param base_constraint - the constraint of the components
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * const constraint = new constraints.MixtureSameFamilyConstraint(constraints.positive);
 * print(constraint, constraint.check(torch.tensor([1, -1])));
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * constraint = constraints.MixtureSameFamilyConstraint(constraints.positive)
 * print(constraint, constraint.check(torch.tensor([1, -1])))
 * ```
 */
export class MixtureSameFamilyConstraint extends Constraint {
  readonly base_constraint: Constraint;

  constructor(base_constraint: Constraint | { base_constraint: Constraint });
  constructor(...args: unknown[]) {
    super();
    this.base_constraint = MIXTURE.read(args).base_constraint;
  }

  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete;
  }

  override get event_dim(): number {
    return this.base_constraint.event_dim;
  }

  override _check(value: Tensor): Tensor {
    const { event_dim } = this;
    const result = this.base_constraint.check(value.unsqueeze(-1 - event_dim));
    if (value.dim() < event_dim) throw new Error(`Expected value.dim() >= ${event_dim} but got ${value.dim()}`);
    return result.reshape([...result.shape.slice(0, value.dim() - event_dim), -1]).all(-1);
  }

  override toString(): string {
    return `MixtureSameFamilyConstraint(${String(this.base_constraint)})`;
  }
}

interface CatOptions {
  cseq: readonly Constraint[];
  dim?: number;
  lengths?: readonly number[] | null;
}
const CAT = signature<CatOptions>('cat', 'cseq: any[], dim?: int, lengths?: int[]|None');
const STACK = signature<{ cseq: readonly Constraint[]; dim?: number }>('stack', 'cseq: any[], dim?: int');

function constraints_of(cseq: readonly unknown[]): Constraint[] {
  for (const constraint of cseq)
    if (!(constraint instanceof Constraint)) throw new Error('All elements of cseq must be Constraint instances');
  return [...(cseq as Constraint[])];
}

function check_dim(value: Tensor, dim: number): void {
  if (dim < -value.dim() || dim >= value.dim())
    throw new Error(`dim ${dim} out of range for value with ${value.dim()} dimensions`);
}

class _Cat extends Constraint {
  readonly cseq: readonly Constraint[];
  readonly dim: number;
  readonly lengths: readonly number[];

  constructor(
    ...args: Arguments<
      [cseq: readonly Constraint[], dim?: number, lengths?: readonly number[] | null],
      CatOptions,
      ['cseq', 'dim', 'lengths']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { cseq, dim = 0, lengths } = CAT.read(args);
    this.cseq = constraints_of(cseq);
    this.dim = dim;
    this.lengths = lengths ?? this.cseq.map(() => 1);
    if (this.lengths.length !== this.cseq.length)
      throw new Error(`lengths (${this.lengths.length}) must match cseq (${this.cseq.length})`);
  }

  override get is_discrete(): boolean {
    return this.cseq.some(({ is_discrete }) => is_discrete);
  }

  override get event_dim(): number {
    return Math.max(...this.cseq.map(({ event_dim }) => event_dim));
  }

  override _check(value: Tensor): Tensor {
    check_dim(value, this.dim);
    let start = 0;
    const checks = this.cseq.map((constraint, i) => {
      const part = value.narrow(this.dim, start, this.lengths[i]!);
      start += this.lengths[i]!;
      return constraint.check(part);
    });
    return cat_tensors(checks, this.dim);
  }
}

class _Stack extends Constraint {
  readonly cseq: readonly Constraint[];
  readonly dim: number;

  constructor(
    ...args: Arguments<
      [cseq: readonly Constraint[], dim?: number],
      { cseq: readonly Constraint[]; dim?: number },
      ['cseq', 'dim']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { cseq, dim = 0 } = STACK.read(args);
    this.cseq = constraints_of(cseq);
    this.dim = dim;
  }

  override get is_discrete(): boolean {
    return this.cseq.some(({ is_discrete }) => is_discrete);
  }

  override get event_dim(): number {
    const dim = Math.max(...this.cseq.map(({ event_dim }) => event_dim));
    return this.dim + dim < 0 ? dim + 1 : dim;
  }

  override _check(value: Tensor): Tensor {
    check_dim(value, this.dim);
    const count = Math.min(value.size(this.dim), this.cseq.length);
    const checks = this.cseq.slice(0, count).map((constraint, i) => constraint.check(value.select(this.dim, i)));
    return stack_tensors(checks, this.dim);
  }
}

/**
 * Applies constraints to successive parts of a dimension, and concatenates what they find. Mirrors
 * `torch.distributions.constraints.cat`.
 *
 * @param cseq - the constraints
 * @param dim - the dimension; default 0
 * @param lengths - the length of each part; default 1 for all
 * @throws Error when `lengths` does not fit
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * const both = constraints.cat([constraints.real, constraints.positive], { dim: -1, lengths: [1, 2] });
 * print(both.check(torch.tensor([-1, 2, -3])));
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * both = constraints.cat([constraints.real, constraints.positive], dim=-1, lengths=[1, 2])
 * print(both.check(torch.tensor([-1, 2, -3])))
 * ```
 */
export const cat = callable(_Cat);

/**
 * Applies a constraint to each slice of a dimension, and stacks what they find. Mirrors
 * `torch.distributions.constraints.stack`.
 *
 * @param cseq - the constraints
 * @param dim - the dimension; default 0
 * @example
 * ```ts
 * const { constraints } = torch.distributions;
 * print(constraints.stack([constraints.real, constraints.positive], -1).check(torch.tensor([-1, -1])));
 * ```
 * ```python
 * constraints = torch.distributions.constraints
 * print(constraints.stack([constraints.real, constraints.positive], -1).check(torch.tensor([-1, -1])))
 * ```
 */
export const stack = callable(_Stack);

// --- constraints without parameters ------------------------------------------------------------------

class _Boolean extends Constraint {
  override get is_discrete(): boolean {
    return true;
  }

  override _check(value: Tensor): Tensor {
    return value.eq(0).logical_or(value.eq(1));
  }
}

class _OneHot extends Constraint {
  override get is_discrete(): boolean {
    return true;
  }

  override get event_dim(): number {
    return 1;
  }

  override _check(value: Tensor): Tensor {
    const is_boolean = value.eq(0).logical_or(value.eq(1));
    return is_boolean.all(-1).logical_and(value.sum(-1).eq(1));
  }
}

class _Real extends Constraint {
  override _check(value: Tensor): Tensor {
    // NaN alone differs from itself.
    return value.eq(value);
  }
}

class _Simplex extends Constraint {
  override get event_dim(): number {
    return 1;
  }

  override _check(value: Tensor): Tensor {
    return value.ge(0).all(-1).logical_and(value.sum(-1).sub(1).abs().lt(1e-6));
  }
}

class _LowerTriangular extends Constraint {
  override get event_dim(): number {
    return 2;
  }

  override _check(value: Tensor): Tensor {
    return is_lower_triangular(value);
  }
}

function is_lower_triangular(value: Tensor): Tensor {
  const equal = value.tril().eq(value);
  return equal.view([...value.shape.slice(0, -2), -1]).all(-1);
}

function is_lower_cholesky(value: Tensor): Tensor {
  const positive_diagonal = value.diagonal({ dim1: -2, dim2: -1 }).gt(0).all(-1);
  return is_lower_triangular(value).logical_and(positive_diagonal);
}

class _LowerCholesky extends Constraint {
  override get event_dim(): number {
    return 2;
  }

  override _check(value: Tensor): Tensor {
    return is_lower_cholesky(value);
  }
}

class _CorrCholesky extends Constraint {
  override get event_dim(): number {
    return 2;
  }

  override _check(value: Tensor): Tensor {
    // The tolerance grows with the number of elements that each norm sums.
    const tolerance = finfo(value.dtype).eps * value.size(-1) * 10;
    const row_norm = linalg.vector_norm(value.detach(), 2, -1);
    const unit_row_norm = row_norm.sub(1).abs().le(tolerance).all(-1);
    return is_lower_cholesky(value).logical_and(unit_row_norm);
  }
}

class _Square extends Constraint {
  override get event_dim(): number {
    return 2;
  }

  override _check(value: Tensor): Tensor {
    const { shape } = value;
    return full(shape.slice(0, -2), shape.at(-2) === shape.at(-1), { dtype: bool, device: value.device });
  }
}

class _Symmetric extends _Square {
  override _check(value: Tensor): Tensor {
    const square_check = super._check(value);
    if (!all_true(square_check)) return square_check;
    return isclose(value, value.mT, { atol: 1e-6 }).all(-2).all(-1);
  }
}

class _PositiveSemidefinite extends _Symmetric {
  override _check(value: Tensor): Tensor {
    const symmetric_check = super._check(value);
    if (!all_true(symmetric_check)) return symmetric_check;
    return linalg.eigvalsh(value).ge(0).all(-1);
  }
}

class _PositiveDefinite extends _Symmetric {
  override _check(value: Tensor): Tensor {
    const symmetric_check = super._check(value);
    if (!all_true(symmetric_check)) return symmetric_check;
    return linalg.cholesky_ex(value).info.eq(0);
  }
}

/** 0 and 1. Mirrors `torch.distributions.constraints.boolean`. */
export const boolean: Constraint = new _Boolean();
/** Vectors with a single 1, and 0 elsewhere. Mirrors `torch.distributions.constraints.one_hot`. */
export const one_hot: Constraint = new _OneHot();
/** Integers from 0. Mirrors `torch.distributions.constraints.nonnegative_integer`. */
export const nonnegative_integer: Constraint = new _IntegerGreaterThan(0);
/** Integers from 1. Mirrors `torch.distributions.constraints.positive_integer`. */
export const positive_integer: Constraint = new _IntegerGreaterThan(1);
/** All numbers but NaN. Mirrors `torch.distributions.constraints.real`. */
export const real: Constraint = new _Real();
/** Vectors of real numbers. Mirrors `torch.distributions.constraints.real_vector`. */
export const real_vector: Constraint = new _IndependentConstraint(real, 1);
/** Numbers above 0. Mirrors `torch.distributions.constraints.positive`. */
export const positive: Constraint = floats(new _GreaterThan(0));
/** Numbers from 0. Mirrors `torch.distributions.constraints.nonnegative`. */
export const nonnegative: Constraint = floats(new _GreaterThanEq(0));
/** Numbers from 0 to 1. Mirrors `torch.distributions.constraints.unit_interval`. */
export const unit_interval: Constraint = floats(new _Interval(0, 1));
/** Vectors of nonnegative numbers whose sum is 1. Mirrors `torch.distributions.constraints.simplex`. */
export const simplex: Constraint = new _Simplex();
/** Square matrices with zeros above the diagonal. Mirrors `torch.distributions.constraints.lower_triangular`. */
export const lower_triangular: Constraint = new _LowerTriangular();
/** Lower triangular matrices with a positive diagonal. Mirrors `torch.distributions.constraints.lower_cholesky`. */
export const lower_cholesky: Constraint = new _LowerCholesky();
/**
 * Lower triangular matrices with a positive diagonal and rows of length 1. Mirrors
 * `torch.distributions.constraints.corr_cholesky`.
 */
export const corr_cholesky: Constraint = new _CorrCholesky();
/** Square matrices. Mirrors `torch.distributions.constraints.square`. */
export const square: Constraint = new _Square();
/** Symmetric matrices. Mirrors `torch.distributions.constraints.symmetric`. */
export const symmetric: Constraint = new _Symmetric();
/** Positive semidefinite matrices. Mirrors `torch.distributions.constraints.positive_semidefinite`. */
export const positive_semidefinite: Constraint = new _PositiveSemidefinite();
/** Positive definite matrices. Mirrors `torch.distributions.constraints.positive_definite`. */
export const positive_definite: Constraint = new _PositiveDefinite();

/** @internal */
export const _probability_below_one: Constraint = floats(new _HalfOpenInterval(0, 1));
/** @internal */
export const _nonnegative_count: Constraint = new _GreaterThanEq(0);
/** @internal */
export const _symmetric_unit_interval: Constraint = floats(new _Interval(-1, 1));
/** @internal */
export const _classes = {
  greater_than: _GreaterThan,
  greater_than_eq: _GreaterThanEq,
  less_than: _LessThan,
  interval: _Interval,
  half_open_interval: _HalfOpenInterval,
  independent: _IndependentConstraint,
  cat: _Cat,
  stack: _Stack,
};
