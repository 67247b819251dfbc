/** Transforms to constrained spaces; mirrors `torch.distributions.constraint_registry`. */
import { kind_of } from '../_internal/kind_of.js';
import { NotImplementedError } from '../_internal/not_implemented.js';
import { type Arguments, define_kind, method_signature, signature } from '../_internal/signature.js';
import { Tensor } from '../_tensor.js';
import * as constraints from './constraints.js';
import { type Bound, Constraint } from './constraints.js';
import * as transforms from './transforms.js';
import type { Transform } from './transforms.js';

type ConstraintClass = abstract new (...args: never) => Constraint;
/** Makes the transform for a constraint of its own class. */
type Factory = (constraint: never) => Transform;

interface RegisterOptions {
  constraint: Constraint | ConstraintClass;
  factory?: Factory | null;
}

const prototype_of = (constraint: unknown): unknown =>
  constraint instanceof Constraint
    ? Object.getPrototypeOf(constraint)
    : (constraint as { prototype?: unknown } | null | undefined)?.prototype;

define_kind(
  'ConstraintOrClass',
  'a Constraint subclass or instance',
  (value) => prototype_of(value) instanceof Constraint,
);
const REGISTER = method_signature<RegisterOptions>(
  'register',
  'constraint: ConstraintOrClass, factory?: Callable|None',
);
const CALL = signature<{ constraint: unknown }>('ConstraintRegistry', 'constraint: any');

/** A registry is a function: `biject_to(constraint)`. */
export interface ConstraintRegistry {
  (constraint: Constraint | { constraint: Constraint }): Transform;
}

/**
 * A table from classes of constraints to transforms of unconstrained space to them. Registries are functions: `biject_to(constraint)`.
 * Mirrors `torch.distributions.constraint_registry.ConstraintRegistry`.
 *
 * @example
 * ```ts
 * const { constraint_registry, constraints, ExpTransform } = torch.distributions;
 * const registry = new constraint_registry.ConstraintRegistry();
 * registry.register(constraints.positive, () => new ExpTransform());
 * print(registry(constraints.positive));
 * ```
 * ```python
 * from torch.distributions import constraint_registry, constraints, ExpTransform
 * registry = constraint_registry.ConstraintRegistry()
 * registry.register(constraints.positive, lambda constraint: ExpTransform())
 * print(registry(constraints.positive))
 * ```
 */
export class ConstraintRegistry {
  /** @internal By the prototype of the class, since classes that are callable without `new` are not the class itself. */
  declare readonly _registry: Map<object, Factory>;

  constructor();
  constructor(...none: unknown[]) {
    signature('ConstraintRegistry', '').read(none);
    const self = ((...args: unknown[]) => self._made(args)) as unknown as this;
    // A function's own name and length would hide fields of those names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    Object.setPrototypeOf(self, new.target.prototype as object);
    Object.defineProperty(self, '_registry', { value: new Map<object, Factory>() });
    return self;
  }

  /** @internal */
  _made(args: readonly unknown[]): Transform {
    const { constraint } = CALL.read(args);
    const factory =
      constraint instanceof Constraint ? this._registry.get(Object.getPrototypeOf(constraint) as object) : undefined;
    if (factory !== undefined) return factory(constraint as never);
    const name = constraint instanceof Constraint ? constraint.constructor.name : kind_of(constraint);
    throw new NotImplementedError(`Cannot transform ${name} constraints`);
  }

  /**
   * Registers what makes the transform for a class of constraints. Without `factory`, gives a function that takes it.
   *
   * @param constraint - a class of constraints, or one of its objects
   * @param factory - makes a transform for a constraint of this class
   * @returns the factory
   * @throws TypeError when `constraint` is neither
   */
  register(
    constraint: Constraint | ConstraintClass | { constraint: Constraint | ConstraintClass; factory?: null },
  ): (factory: Factory) => Factory;
  register(
    ...args: Arguments<
      [constraint: Constraint | ConstraintClass, factory: Factory],
      { constraint: Constraint | ConstraintClass; factory: Factory },
      ['constraint', 'factory']
    >
  ): Factory;
  register(...args: unknown[]): unknown {
    const { constraint, factory } = REGISTER.read(args);
    if (!factory) return (given: Factory) => this.register(constraint, given);
    this._registry.set(prototype_of(constraint) as object, factory);
    return factory;
  }
}

/**
 * The bijective transform from unconstrained space to a constraint, whose `log_abs_det_jacobian` is there. Mirrors
 * `torch.distributions.biject_to`.
 *
 * @param constraint - a constraint
 * @throws NotImplementedError when there is none
 * @example
 * ```ts
 * const { biject_to, constraints } = torch.distributions;
 * print(biject_to(constraints.simplex)(torch.tensor([0, 1.5])));
 * ```
 * ```python
 * from torch.distributions import biject_to, constraints
 * print(biject_to(constraints.simplex)(torch.tensor([0, 1.5])))
 * ```
 */
export const biject_to: ConstraintRegistry = new ConstraintRegistry();

/**
 * A transform from unconstrained space to a constraint, which need not be bijective, but suits optimizers. Mirrors
 * `torch.distributions.transform_to`.
 *
 * @param constraint - a constraint
 * @throws NotImplementedError when there is none
 * @example
 * ```ts
 * const { transform_to, constraints } = torch.distributions;
 * print(transform_to(constraints.simplex)(torch.tensor([0, 1.5, 1])));
 * print(transform_to(constraints.interval(1, 3))(torch.tensor(0.5)));
 * ```
 * ```python
 * from torch.distributions import transform_to, constraints
 * print(transform_to(constraints.simplex)(torch.tensor([0, 1.5, 1])))
 * print(transform_to(constraints.interval(1, 3))(torch.tensor(0.5)))
 * ```
 */
export const transform_to: ConstraintRegistry = new ConstraintRegistry();

const { ComposeTransform, ExpTransform, AffineTransform, SigmoidTransform } = transforms;
const classes = constraints._classes;
type ConstraintOf<K extends keyof typeof classes> = InstanceType<(typeof classes)[K]>;

function to_interval({ lower_bound, upper_bound }: { lower_bound: Bound; upper_bound: Bound }): Transform {
  if (lower_bound === 0 && upper_bound === 1) return new SigmoidTransform();
  const scale =
    upper_bound instanceof Tensor
      ? upper_bound.sub(lower_bound)
      : lower_bound instanceof Tensor
        ? lower_bound.neg().add(upper_bound)
        : upper_bound - lower_bound;
  return new ComposeTransform([new SigmoidTransform(), new AffineTransform(lower_bound, scale)]);
}

for (const registry of [biject_to, transform_to]) {
  const upwards = ({ lower_bound }: { lower_bound: Bound }): Transform =>
    new ComposeTransform([new ExpTransform(), new AffineTransform(lower_bound, 1)]);
  registry.register(constraints.real, () => transforms.identity_transform);
  registry.register(
    classes.independent,
    ({ base_constraint, reinterpreted_batch_ndims }: ConstraintOf<'independent'>) =>
      new transforms.IndependentTransform(registry(base_constraint), reinterpreted_batch_ndims),
  );
  registry.register(classes.greater_than, upwards);
  registry.register(classes.greater_than_eq, upwards);
  registry.register(
    classes.less_than,
    ({ upper_bound }: ConstraintOf<'less_than'>) =>
      new ComposeTransform([new ExpTransform(), new AffineTransform(upper_bound, -1)]),
  );
  registry.register(classes.interval, to_interval);
  registry.register(classes.half_open_interval, to_interval);
  registry.register(constraints.corr_cholesky, () => new transforms.CorrCholeskyTransform());
  registry.register(
    classes.cat,
    ({ cseq, dim, lengths }: ConstraintOf<'cat'>) =>
      new transforms.CatTransform(
        cseq.map((constraint) => registry(constraint)),
        dim,
        lengths,
      ),
  );
  registry.register(
    classes.stack,
    ({ cseq, dim }: ConstraintOf<'stack'>) =>
      new transforms.StackTransform(
        cseq.map((constraint) => registry(constraint)),
        dim,
      ),
  );
}
biject_to.register(constraints.simplex, () => new transforms.StickBreakingTransform());
transform_to.register(constraints.simplex, () => new transforms.SoftmaxTransform());
transform_to.register(constraints.lower_cholesky, () => new transforms.LowerCholeskyTransform());
transform_to.register(constraints.positive_definite, () => new transforms.PositiveDefiniteTransform());
transform_to.register(constraints.positive_semidefinite, () => new transforms.PositiveDefiniteTransform());
