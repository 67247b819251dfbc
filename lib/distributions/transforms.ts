/** Transforms of random variables; mirrors `torch.distributions.transforms`. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { type Arguments, define_kind, method_signature, type Signature, signature } from '../_internal/signature.js';
import { Size, Tensor } from '../_tensor.js';
import { copy_fields, deepcopy, type Memo } from '../utils/copy.js';
import { broadcast_shapes } from '../functional.js';
import {
  cat as cat_tensors,
  clamp,
  constant_pad_nd,
  eye,
  full_like,
  stack as stack_tensors,
  zeros_like,
} from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import { log_sigmoid, softplus } from '../generated/nn_functions.js';
import { python_size } from '../_internal/representation.js';
import { all_true, finfo, log, minus, over } from './arithmetic.js';
import * as constraints from './constraints.js';
import { same_transforms, type Sign, signs } from './signs.js';
import type { Constraint } from './constraints.js';
import { define_lazy, defines_constructor } from './lazy.js';
import { broadcast, type ParameterLike, size_of, sum_rightmost } from './parameters.js';
import { tril_matrix_to_vec, vec_to_tril_matrix } from './utils.js';

interface CacheSize {
  /** 1 to keep the last value with its inverse; 0 to keep none. Default 0. */
  cache_size?: number;
}

const cache_signatures = new Map<string, Signature<CacheSize>>();

/** Reads the constructor of a transform that takes nothing else. */
function read_cache_size(callee: string, args: readonly unknown[]): number {
  let known = cache_signatures.get(callee);
  if (known === undefined) cache_signatures.set(callee, (known = signature<CacheSize>(callee, 'cache_size?: int')));
  return known.read(args).cache_size ?? 0;
}

const call_signatures = new Map<string, Signature<{ x: Tensor }>>();

/** How a call of a transform is read. */
function call_signature(callee: string): Signature<{ x: Tensor }> {
  let known = call_signatures.get(callee);
  if (known === undefined) call_signatures.set(callee, (known = signature(callee, 'x: Tensor')));
  return known;
}

const WITH_CACHE = method_signature<CacheSize>('with_cache', 'cache_size?: int');
const LOG_ABS_DET = method_signature<{ x: Tensor; y: Tensor }>('log_abs_det_jacobian', 'x: Tensor, y: Tensor');
const FORWARD_SHAPE = method_signature<{ shape: readonly number[] }>('forward_shape', 'shape: int[]');
const INVERSE_SHAPE = method_signature<{ shape: readonly number[] }>('inverse_shape', 'shape: int[]');
const EQUALS = method_signature<{ other: unknown }>('equals', 'other: any');

type XY = Arguments<[x: Tensor, y: Tensor], { x: Tensor; y: Tensor }, ['x', 'y']>;
type Shape = readonly number[] | { shape: readonly number[] };

/** A function that has the prototype of a transform. */
function callable(prototype: object): Transform {
  const self = ((...given: unknown[]) => self._apply(given)) as unknown as Transform;
  // A function's own name and length would hide fields of those names.
  delete (self as { name?: unknown }).name;
  delete (self as { length?: unknown }).length;
  return Object.setPrototypeOf(self, prototype) as Transform;
}

/** A transform is a function: `transform(x)`. */
export interface Transform {
  (x: Tensor | { x: Tensor }): Tensor;
}

/**
 * The base class of transforms of random variables, which know the logarithm of the determinant of their Jacobian. Transforms are
 * functions: `transform(x)`. A subclass sets the static `domain`, `codomain` and perhaps `bijective` and `sign`, and defines
 * `_call`, and where they are needed `_inverse` and `_log_abs_det_jacobian`. Mirrors `torch.distributions.Transform`.
 *
 * @param cache_size - 1 to keep the last value with its inverse, so that `inv` gives back the very tensor; default 0
 * @throws Error when `cache_size` is neither 0 nor 1
 * @example
 * ```ts
 * const { transforms, constraints } = torch.distributions;
 * class Cube extends transforms.Transform {
 *   static override domain = constraints.real;
 *   static override codomain = constraints.real;
 *   override _call(x: torch.Tensor): torch.Tensor { return x.pow(3); }
 * }
 * print(new Cube(), new Cube()(torch.tensor([1.5, 2])));
 * ```
 * ```python
 * from torch.distributions import transforms, constraints
 * class Cube(transforms.Transform):
 *     domain = constraints.real
 *     codomain = constraints.real
 *     def _call(self, x): return x.pow(3)
 * print(Cube(), Cube()(torch.tensor([1.5, 2])))
 * ```
 */
export class Transform {
  /** The constraint on inputs, of all objects of the class. */
  static domain?: Constraint;
  /** The constraint on outputs, of all objects of the class. */
  static codomain?: Constraint;
  /** Whether each output has one input. */
  static bijective = false;
  /** The sign of the derivative, for monotone transforms of numbers. */
  static sign?: number;

  /** @internal */
  declare _cache_size: number;
  /** @internal The last value and its image. */
  declare _cached: readonly [x: Tensor, y: Tensor] | null;
  /** @internal */
  declare _inv: Transform | null;

  constructor(...args: Arguments<[cache_size?: number], CacheSize, ['cache_size']>);
  constructor(...args: unknown[]) {
    const cache_size = read_cache_size(new.target.name, args);
    if (cache_size !== 0 && cache_size !== 1) throw new Error('cache_size must be 0 or 1');
    const self = callable(new.target.prototype) as this;
    self._cache_size = cache_size;
    self._cached = null;
    self._inv = null;
    return self;
  }

  /** @internal A copy with copies of the parameters, without the cache. */
  __deepcopy__(memo: Memo): Transform {
    const copy = callable(Object.getPrototypeOf(this) as object);
    copy._cached = null;
    copy._inv = null;
    return copy_fields(this, copy, memo, new Set(['_cached', '_inv']));
  }

  private get _class(): typeof Transform {
    return this.constructor as typeof Transform;
  }

  /** The constraint on inputs. */
  get domain(): Constraint {
    return this._class.domain ?? this._lacks('domain');
  }

  /** The constraint on outputs. */
  get codomain(): Constraint {
    return this._class.codomain ?? this._lacks('codomain');
  }

  private _lacks(name: string): never {
    throw new Error(`'${this.constructor.name}' object has no attribute '${name}'`);
  }

  /** Whether each output has one input. */
  get bijective(): boolean {
    return this._class.bijective;
  }

  /** The sign of the derivative, for monotone transforms of numbers. @throws NotImplementedError for others */
  get sign(): Sign {
    const { sign } = this._class;
    if (sign === undefined) throw new NotImplementedError();
    return sign;
  }

  /** The number of dimensions of an event, where inputs and outputs agree in it. @throws Error where they do not */
  get event_dim(): number {
    if (this.domain.event_dim === this.codomain.event_dim) return this.domain.event_dim;
    throw new Error('Please use either .domain.event_dim or .codomain.event_dim');
  }

  /** The inverse transform; its inverse is this one. */
  get inv(): Transform {
    return (this._inv ??= new _InverseTransform(this));
  }

  /** @internal */
  _apply(args: readonly unknown[]): Tensor {
    return call_signature(this.constructor.name).call(args, ({ x }) => this._forward(x));
  }

  /** @internal The image of a value, from the cache where it is there. */
  _forward(x: Tensor): Tensor {
    if (this._cache_size === 0) return this._call(x);
    if (this._cached?.[0] === x) return this._cached[1];
    const y = this._call(x);
    this._cached = [x, y];
    return y;
  }

  /** @internal The value with an image, from the cache where it is there. */
  _backward(y: Tensor): Tensor {
    if (this._cache_size === 0) return this._inverse(y);
    if (this._cached?.[1] === y) return this._cached[0];
    const x = this._inverse(y);
    this._cached = [x, y];
    return x;
  }

  /** Computes the image of a value; for subclasses to define. */
  _call(_x: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** Computes the value with an image; for subclasses to define. */
  _inverse(_y: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** Computes {@link Transform.log_abs_det_jacobian}; for subclasses to define. */
  _log_abs_det_jacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new NotImplementedError();
  }

  /** A shape of inputs as that of outputs; for subclasses that change it. @internal */
  _forward_shape(shape: readonly number[]): readonly number[] {
    return shape;
  }

  /** A shape of outputs as that of inputs; for subclasses that change it. @internal */
  _inverse_shape(shape: readonly number[]): readonly number[] {
    return shape;
  }

  /** Whether another transform is the same; for subclasses that compare more than identity. @internal */
  _equals(other: unknown): boolean {
    return this === other;
  }

  /** The same transform with another cache, for `cache_size` other than this one's. @internal */
  _with_cache(cache_size: number): Transform {
    const its_class = this.constructor as typeof Transform;
    if (defines_constructor(its_class))
      throw new NotImplementedError(`<class '${its_class.name}'>.with_cache is not implemented`);
    return new its_class({ cache_size });
  }

  /**
   * The transform with a cache, or without.
   *
   * @param cache_size - 0 or 1; default 1
   * @throws NotImplementedError when a class with a constructor of its own does not define it
   */
  with_cache(...args: Arguments<[cache_size?: number], CacheSize, ['cache_size']>): Transform;
  with_cache(...args: unknown[]): Transform {
    const { cache_size = 1 } = WITH_CACHE.read(args);
    return this._cache_size === cache_size ? this : this._with_cache(cache_size);
  }

  /**
   * The logarithm of the absolute value of the determinant of the Jacobian.
   *
   * @param x - inputs
   * @param y - their images
   */
  log_abs_det_jacobian(...args: XY): Tensor;
  log_abs_det_jacobian(...args: unknown[]): Tensor {
    return LOG_ABS_DET.call(args, ({ x, y }) => this._log_abs_det_jacobian(x, y));
  }

  /**
   * The shape of the image of inputs.
   *
   * @param shape - the shape of inputs
   * @throws Error when inputs cannot have it
   */
  forward_shape(shape: Shape): Size;
  forward_shape(...args: unknown[]): Size {
    return FORWARD_SHAPE.call(args, ({ shape }) => size_of(this._forward_shape(shape)));
  }

  /**
   * The shape of the inputs with images of a shape.
   *
   * @param shape - the shape of outputs
   * @throws Error when outputs cannot have it
   */
  inverse_shape(shape: Shape): Size;
  inverse_shape(...args: unknown[]): Size {
    return INVERSE_SHAPE.call(args, ({ shape }) => size_of(this._inverse_shape(shape)));
  }

  /** Whether another transform does the same; Python's `==`. */
  equals(other: unknown): boolean;
  equals(...args: unknown[]): boolean {
    return this._equals(EQUALS.read(args).other);
  }

  /** As Python prints it. */
  toString(): string {
    return `${this.constructor.name}()`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('Transform', 'Transform', (value) => value instanceof Transform);

/** The shape without its last `count` dimensions. @throws Error with Python's text where it has fewer */
function leading(shape: readonly number[], count: number): number[] {
  if (shape.length < count) throw new Error('Too few dimensions on input');
  return shape.slice(0, shape.length - count);
}

const shape_text = (shape: readonly number[]): string => (shape instanceof Size ? String(shape) : python_size(shape));

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** Pads the last dimension with ones. */
const pad_ones = (x: Tensor, before: number, after: number): Tensor => constant_pad_nd(x, [before, after], 1);

/** Counts rightmost dimensions as parts of the event, unless there are none. */
const with_event_dims = (constraint: Constraint, count: number): Constraint =>
  count > 0 ? constraints.independent(constraint, count) : constraint;

/** The inverse of a transform, which keeps its cache there. */
class _InverseTransform extends Transform {
  declare _inv: Transform;

  constructor(transform: Transform) {
    super();
    this._inv = transform;
  }

  override __deepcopy__(memo: Memo): Transform {
    return deepcopy(this._inv, memo).inv;
  }

  override get domain(): Constraint {
    return this._inv.codomain;
  }

  override get codomain(): Constraint {
    return this._inv.domain;
  }

  override get bijective(): boolean {
    return this._inv.bijective;
  }

  override get sign(): Sign {
    return this._inv.sign;
  }

  override get inv(): Transform {
    return this._inv;
  }

  override with_cache(...args: Arguments<[cache_size?: number], CacheSize, ['cache_size']>): Transform {
    return this._inv.with_cache(...args).inv;
  }

  override _equals(other: unknown): boolean {
    return other instanceof _InverseTransform && this._inv.equals(other._inv);
  }

  override _forward(x: Tensor): Tensor {
    return this._inv._backward(x);
  }

  override _backward(y: Tensor): Tensor {
    return this._inv._forward(y);
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return this._inv.log_abs_det_jacobian(y, x).neg();
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return this._inv._inverse_shape(shape);
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return this._inv._forward_shape(shape);
  }

  override toString(): string {
    return `_InverseTransform(${String(this._inv)})`;
  }
}

interface ComposeOptions extends CacheSize {
  parts: readonly Transform[];
}
const COMPOSE = signature<ComposeOptions>('ComposeTransform', 'parts: Transform[], cache_size?: int');

/**
 * Applies transforms one after the other. Mirrors `torch.distributions.ComposeTransform`.
 *
 * @param parts - the transforms, in the order in which they are applied
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error when `cache_size` is neither 0 nor 1
 * @example
 * ```ts
 * const { ComposeTransform, ExpTransform, AffineTransform } = torch.distributions;
 * const transform = new ComposeTransform([new ExpTransform(), new AffineTransform(1, 2)]);
 * const x = torch.tensor([0, 1]);
 * print(transform(x), transform.log_abs_det_jacobian(x, transform(x)));
 * ```
 * ```python
 * from torch.distributions import ComposeTransform, ExpTransform, AffineTransform
 * transform = ComposeTransform([ExpTransform(), AffineTransform(1, 2)])
 * x = torch.tensor([0, 1])
 * print(transform(x), transform.log_abs_det_jacobian(x, transform(x)))
 * ```
 */
export class ComposeTransform extends Transform {
  declare parts: readonly Transform[];

  constructor(
    ...args: Arguments<[parts: readonly Transform[], cache_size?: number], ComposeOptions, ['parts', 'cache_size']>
  );
  constructor(...args: unknown[]) {
    const { parts, cache_size = 0 } = COMPOSE.read(args);
    super({ cache_size });
    this.parts = cache_size === 0 ? [...parts] : parts.map((part) => part.with_cache(cache_size));
  }

  override get domain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let event_dim = parts.at(-1)!.codomain.event_dim;
    for (const { domain, codomain } of parts.toReversed())
      event_dim = Math.max(event_dim + domain.event_dim - codomain.event_dim, domain.event_dim);
    const { domain } = parts[0]!;
    return with_event_dims(domain, event_dim - domain.event_dim);
  }

  override get codomain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let event_dim = parts[0]!.domain.event_dim;
    for (const { domain, codomain } of parts)
      event_dim = Math.max(event_dim + codomain.event_dim - domain.event_dim, codomain.event_dim);
    const { codomain } = parts.at(-1)!;
    return with_event_dims(codomain, event_dim - codomain.event_dim);
  }

  override get bijective(): boolean {
    return this.parts.every(({ bijective }) => bijective);
  }

  override get sign(): Sign {
    let sign: Sign = 1;
    for (const part of this.parts) sign = signs(sign, part.sign);
    return sign;
  }

  override get inv(): Transform {
    if (this._inv === null) {
      this._inv = new ComposeTransform(this.parts.map(({ inv }) => inv).reverse());
      this._inv._inv = this;
    }
    return this._inv;
  }

  override _with_cache(cache_size: number): Transform {
    return new ComposeTransform(this.parts, { cache_size });
  }

  override _equals(other: unknown): boolean {
    return other instanceof ComposeTransform && same_transforms(this.parts, other.parts);
  }

  override _forward(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part(value), x);
  }

  override _backward(y: Tensor): Tensor {
    return this.inv(y);
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const { parts } = this;
    if (parts.length === 0) return zeros_like(x);
    const values = [x];
    for (const part of parts.slice(0, -1)) values.push(part(values.at(-1)!));
    values.push(y);
    let { event_dim } = this.domain;
    const terms = parts.map((part, i) => {
      const term = part.log_abs_det_jacobian(values[i]!, values[i + 1]!);
      const summed = sum_rightmost(term, event_dim - part.domain.event_dim);
      event_dim += part.codomain.event_dim - part.domain.event_dim;
      return summed;
    });
    return terms.reduce((sum, term) => sum.add(term));
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return this.parts.reduce((result, part) => part._forward_shape(result), shape);
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return this.parts.reduceRight((result, part) => part._inverse_shape(result), shape);
  }

  override toString(): string {
    return `ComposeTransform(\n    ${this.parts.map(String).join(',\n    ')}\n)`;
  }
}

/** The transform that gives back its input. Mirrors `torch.distributions.identity_transform`. */
export const identity_transform: ComposeTransform = new ComposeTransform([]);

interface IndependentOptions extends CacheSize {
  base_transform: Transform;
  reinterpreted_batch_ndims: number;
}
const INDEPENDENT = signature<IndependentOptions>(
  'IndependentTransform',
  'base_transform: Transform, reinterpreted_batch_ndims: int, cache_size?: int',
);

/**
 * Counts rightmost dimensions of a transform as dimensions of the event, over which `log_abs_det_jacobian` sums. Mirrors
 * `torch.distributions.IndependentTransform`.
 *
 * @param base_transform - the transform
 * @param reinterpreted_batch_ndims - the number of dimensions
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error on the call, when the input has fewer dimensions
 * @example
 * ```ts
 * const { IndependentTransform, ExpTransform } = torch.distributions;
 * const transform = new IndependentTransform(new ExpTransform(), 1);
 * const x = torch.tensor([[0, 1], [2, 3]]);
 * print(transform, transform.log_abs_det_jacobian(x, transform(x)));
 * ```
 * ```python
 * from torch.distributions import IndependentTransform, ExpTransform
 * transform = IndependentTransform(ExpTransform(), 1)
 * x = torch.tensor([[0, 1], [2, 3]])
 * print(transform, transform.log_abs_det_jacobian(x, transform(x)))
 * ```
 */
export class IndependentTransform extends Transform {
  declare base_transform: Transform;
  declare reinterpreted_batch_ndims: number;

  constructor(
    ...args: Arguments<
      [base_transform: Transform, reinterpreted_batch_ndims: number, cache_size?: number],
      IndependentOptions,
      ['base_transform', 'reinterpreted_batch_ndims', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { base_transform, reinterpreted_batch_ndims, cache_size = 0 } = INDEPENDENT.read(args);
    super({ cache_size });
    this.base_transform = base_transform.with_cache(cache_size);
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
  }

  override get domain(): Constraint {
    return constraints.independent(this.base_transform.domain, this.reinterpreted_batch_ndims);
  }

  override get codomain(): Constraint {
    return constraints.independent(this.base_transform.codomain, this.reinterpreted_batch_ndims);
  }

  override get bijective(): boolean {
    return this.base_transform.bijective;
  }

  override get sign(): Sign {
    return this.base_transform.sign;
  }

  override _with_cache(cache_size: number): Transform {
    return new IndependentTransform(this.base_transform, this.reinterpreted_batch_ndims, { cache_size });
  }

  override _call(x: Tensor): Tensor {
    if (x.dim() < this.domain.event_dim) throw new Error('Too few dimensions on input');
    return this.base_transform(x);
  }

  override _inverse(y: Tensor): Tensor {
    if (y.dim() < this.codomain.event_dim) throw new Error('Too few dimensions on input');
    return this.base_transform.inv(y);
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return sum_rightmost(this.base_transform.log_abs_det_jacobian(x, y), this.reinterpreted_batch_ndims);
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return this.base_transform._forward_shape(shape);
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return this.base_transform._inverse_shape(shape);
  }

  override toString(): string {
    return `IndependentTransform(${String(this.base_transform)}, ${this.reinterpreted_batch_ndims})`;
  }
}

interface ReshapeOptions extends CacheSize {
  in_shape: readonly number[];
  out_shape: readonly number[];
}
const RESHAPE = signature<ReshapeOptions>('ReshapeTransform', 'in_shape: int[], out_shape: int[], cache_size?: int');

/**
 * Reshapes the rightmost dimensions. Mirrors `torch.distributions.ReshapeTransform`.
 *
 * @param in_shape - the shape of an event of inputs
 * @param out_shape - the shape of an event of outputs
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error when the numbers of elements differ
 * @example
 * ```ts
 * const transform = new torch.distributions.ReshapeTransform([4], [2, 2]);
 * print(transform(torch.arange(8).view(2, 4)).shape, transform.inverse_shape([3, 2, 2]));
 * ```
 * ```python
 * transform = torch.distributions.ReshapeTransform((4,), (2, 2))
 * print(transform(torch.arange(8).view(2, 4)).shape, torch.Size(transform.inverse_shape((3, 2, 2))))
 * ```
 */
export class ReshapeTransform extends Transform {
  static override bijective = true;
  declare in_shape: Size;
  declare out_shape: Size;

  constructor(
    ...args: Arguments<
      [in_shape: readonly number[], out_shape: readonly number[], cache_size?: number],
      ReshapeOptions,
      ['in_shape', 'out_shape', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { in_shape, out_shape, cache_size = 0 } = RESHAPE.read(args);
    super({ cache_size });
    this.in_shape = size_of(in_shape);
    this.out_shape = size_of(out_shape);
    if (this.in_shape.numel() !== this.out_shape.numel())
      throw new Error('in_shape, out_shape have different numbers of elements');
  }

  override get domain(): Constraint {
    return constraints.independent(constraints.real, this.in_shape.length);
  }

  override get codomain(): Constraint {
    return constraints.independent(constraints.real, this.out_shape.length);
  }

  override _with_cache(cache_size: number): Transform {
    return new ReshapeTransform(this.in_shape, this.out_shape, { cache_size });
  }

  override _call(x: Tensor): Tensor {
    return x.reshape([...x.shape.slice(0, x.dim() - this.in_shape.length), ...this.out_shape]);
  }

  override _inverse(y: Tensor): Tensor {
    return y.reshape([...y.shape.slice(0, y.dim() - this.out_shape.length), ...this.in_shape]);
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return x.new_zeros(x.shape.slice(0, x.dim() - this.in_shape.length));
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return replace_rightmost(shape, this.in_shape, this.out_shape);
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return replace_rightmost(shape, this.out_shape, this.in_shape);
  }
}

/** A shape whose rightmost sizes change. @throws Error with Python's text where they are others */
function replace_rightmost(shape: readonly number[], from: Size, to: Size): readonly number[] {
  const batch = leading(shape, from.length);
  const event = shape.slice(batch.length);
  const found = shape instanceof Size ? size_of(event) : event;
  if (!same(event, from)) throw new Error(`Shape mismatch: expected ${shape_text(found)} but got ${String(from)}`);
  return size_of(batch, to);
}

/** What transforms share that are equal to all of their class. */
abstract class PlainTransform extends Transform {
  override _equals(other: unknown): boolean {
    return other instanceof Transform && other.constructor === this.constructor;
  }
}

/**
 * `y = exp(x)`. Mirrors `torch.distributions.ExpTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.ExpTransform();
 * print(transform(torch.tensor([0, 1])), transform.inv(torch.tensor([1, 2])));
 * ```
 * ```python
 * transform = torch.distributions.ExpTransform()
 * print(transform(torch.tensor([0, 1])), transform.inv(torch.tensor([1, 2])))
 * ```
 */
export class ExpTransform extends PlainTransform {
  static override domain = constraints.real;
  static override codomain = constraints.positive;
  static override bijective = true;
  static override sign = 1;

  override _call(x: Tensor): Tensor {
    return x.exp();
  }

  override _inverse(y: Tensor): Tensor {
    return y.log();
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return x;
  }
}

interface PowerOptions extends CacheSize {
  exponent: ParameterLike;
}
const POWER = signature<PowerOptions>('PowerTransform', 'exponent: Tensor|float, cache_size?: int');

/**
 * `y = x ** exponent`, for positive numbers. Mirrors `torch.distributions.PowerTransform`.
 *
 * @param exponent - the exponent
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.PowerTransform(torch.tensor(2.0));
 * print(transform(torch.tensor([1.5, 3])), transform.inv(torch.tensor([4, 9])));
 * ```
 * ```python
 * transform = torch.distributions.PowerTransform(torch.tensor(2.0))
 * print(transform(torch.tensor([1.5, 3])), transform.inv(torch.tensor([4, 9])))
 * ```
 */
export class PowerTransform extends Transform {
  static override domain = constraints.positive;
  static override codomain = constraints.positive;
  static override bijective = true;
  declare exponent: Tensor;

  constructor(
    ...args: Arguments<[exponent: ParameterLike, cache_size?: number], PowerOptions, ['exponent', 'cache_size']>
  );
  constructor(...args: unknown[]) {
    const { exponent, cache_size = 0 } = POWER.read(args);
    super({ cache_size });
    [this.exponent] = broadcast('PowerTransform', exponent);
  }

  override get sign(): Sign {
    return this.exponent.sign();
  }

  override _with_cache(cache_size: number): Transform {
    return new PowerTransform(this.exponent, { cache_size });
  }

  override _equals(other: unknown): boolean {
    return other instanceof PowerTransform && all_true(this.exponent.eq(other.exponent));
  }

  override _call(x: Tensor): Tensor {
    return x.pow(this.exponent);
  }

  override _inverse(y: Tensor): Tensor {
    return y.pow(over(1, this.exponent));
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return this.exponent.mul(y).div(x).abs().log();
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return broadcast_shapes(shape, this.exponent.shape);
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return broadcast_shapes(shape, this.exponent.shape);
  }
}

/** A sigmoid that stays off 0 and 1. */
function clipped_sigmoid(x: Tensor): Tensor {
  const { tiny, eps } = finfo(x.dtype);
  return clamp(x.sigmoid(), tiny, 1 - eps);
}

/**
 * `y = 1 / (1 + exp(-x))`. Mirrors `torch.distributions.SigmoidTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.SigmoidTransform();
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.25, 0.5])));
 * ```
 * ```python
 * transform = torch.distributions.SigmoidTransform()
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.25, 0.5])))
 * ```
 */
export class SigmoidTransform extends PlainTransform {
  static override domain = constraints.real;
  static override codomain = constraints.unit_interval;
  static override bijective = true;
  static override sign = 1;

  override _call(x: Tensor): Tensor {
    return clipped_sigmoid(x);
  }

  override _inverse(y: Tensor): Tensor {
    const { tiny, eps } = finfo(y.dtype);
    const inside = y.clamp(tiny, 1 - eps);
    return inside.log().sub(inside.neg().log1p());
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return softplus(x.neg()).neg().sub(softplus(x));
  }
}

/**
 * `y = log(1 + exp(x))`. Mirrors `torch.distributions.SoftplusTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.SoftplusTransform();
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.5, 1])));
 * ```
 * ```python
 * transform = torch.distributions.SoftplusTransform()
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.5, 1])))
 * ```
 */
export class SoftplusTransform extends PlainTransform {
  static override domain = constraints.real;
  static override codomain = constraints.positive;
  static override bijective = true;
  static override sign = 1;

  override _call(x: Tensor): Tensor {
    return softplus(x);
  }

  override _inverse(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y);
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return softplus(x.neg()).neg();
  }
}

/**
 * `y = tanh(x)`. Mirrors `torch.distributions.TanhTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.TanhTransform();
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.25, 0.5])));
 * ```
 * ```python
 * transform = torch.distributions.TanhTransform()
 * print(transform(torch.tensor([0.5, 1])), transform.inv(torch.tensor([0.25, 0.5])))
 * ```
 */
export class TanhTransform extends PlainTransform {
  static override domain = constraints.real;
  static override codomain = constraints._symmetric_unit_interval;
  static override bijective = true;
  static override sign = 1;

  override _call(x: Tensor): Tensor {
    return x.tanh();
  }

  override _inverse(y: Tensor): Tensor {
    return y.atanh();
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return minus(Math.LN2, x)
      .sub(softplus(x.mul(-2)))
      .mul(2);
  }
}

/**
 * `y = |x|`; the inverse gives back its input. Mirrors `torch.distributions.AbsTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * print(new torch.distributions.AbsTransform()(torch.tensor([-1, 2])));
 * ```
 * ```python
 * print(torch.distributions.AbsTransform()(torch.tensor([-1, 2])))
 * ```
 */
export class AbsTransform extends PlainTransform {
  static override domain = constraints.real;
  static override codomain = constraints.positive;

  override _call(x: Tensor): Tensor {
    return x.abs();
  }

  override _inverse(y: Tensor): Tensor {
    return y;
  }
}

interface AffineOptions extends CacheSize {
  loc: ParameterLike;
  scale: ParameterLike;
  event_dim?: number;
}
const AFFINE = signature<AffineOptions>(
  'AffineTransform',
  'loc: Tensor|float, scale: Tensor|float, event_dim?: int, cache_size?: int',
);

const shape_of = (value: ParameterLike): readonly number[] => (value instanceof Tensor ? value.shape : []);

function equal_parameters(a: ParameterLike, b: ParameterLike): boolean {
  if (a instanceof Tensor) return all_true(a.eq(b));
  return b instanceof Tensor ? all_true(b.eq(a)) : a === b;
}

/**
 * `y = loc + scale * x`. Mirrors `torch.distributions.AffineTransform`.
 *
 * @param loc - the location
 * @param scale - the scale
 * @param event_dim - number of rightmost dimensions that make an event; default 0
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.AffineTransform(1, 2.5);
 * const x = torch.tensor([0.5, 1]);
 * print(transform(x), transform.inv(x), transform.log_abs_det_jacobian(x, transform(x)));
 * ```
 * ```python
 * transform = torch.distributions.AffineTransform(1, 2.5)
 * x = torch.tensor([0.5, 1])
 * print(transform(x), transform.inv(x), transform.log_abs_det_jacobian(x, transform(x)))
 * ```
 */
export class AffineTransform extends Transform {
  static override bijective = true;
  declare loc: ParameterLike;
  declare scale: ParameterLike;
  /** @internal */
  declare _event_dim: number;

  constructor(
    ...args: Arguments<
      [loc: ParameterLike, scale: ParameterLike, event_dim?: number, cache_size?: number],
      AffineOptions,
      ['loc', 'scale', 'event_dim', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { loc, scale, event_dim = 0, cache_size = 0 } = AFFINE.read(args);
    super({ cache_size });
    this.loc = loc;
    this.scale = scale;
    this._event_dim = event_dim;
  }

  override get event_dim(): number {
    return this._event_dim;
  }

  override get domain(): Constraint {
    return with_event_dims(constraints.real, this._event_dim);
  }

  override get codomain(): Constraint {
    return with_event_dims(constraints.real, this._event_dim);
  }

  override get sign(): Sign {
    return this.scale instanceof Tensor ? this.scale.sign() : Math.sign(Number(this.scale));
  }

  override _with_cache(cache_size: number): Transform {
    return new AffineTransform(this.loc, this.scale, this._event_dim, { cache_size });
  }

  override _equals(other: unknown): boolean {
    return (
      other instanceof AffineTransform &&
      equal_parameters(this.loc, other.loc) &&
      equal_parameters(this.scale, other.scale)
    );
  }

  override _call(x: Tensor): Tensor {
    const { loc, scale } = this;
    const scaled = scale instanceof Tensor ? scale.mul(x) : x.mul(scale);
    return loc instanceof Tensor ? loc.add(scaled) : scaled.add(loc);
  }

  override _inverse(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale);
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    const { scale } = this;
    const result = scale instanceof Tensor ? scale.abs().log() : full_like(x, log(Math.abs(Number(scale))));
    const count = this._event_dim;
    if (count === 0) return result.expand(x.shape);
    const summed = result.view([...result.shape.slice(0, result.dim() - count), -1]).sum(-1);
    return summed.expand(x.shape.slice(0, x.dim() - count));
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return broadcast_shapes(shape, shape_of(this.loc), shape_of(this.scale));
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return broadcast_shapes(shape, shape_of(this.loc), shape_of(this.scale));
  }
}

const CORR_LOG_ABS_DET = method_signature<{ x: Tensor; y: Tensor }>(
  'log_abs_det_jacobian',
  'x: Tensor, y: Tensor, intermediates?: any',
);

/**
 * Turns unconstrained vectors of length `D * (D - 1) / 2` into Cholesky factors of `D` by `D` correlation matrices. Mirrors
 * `torch.distributions.CorrCholeskyTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error when the number of elements does not fill such a matrix
 * @example
 * ```ts
 * const factor = new torch.distributions.CorrCholeskyTransform()(torch.tensor([0.5, 0, -0.5]));
 * print(factor.matmul(factor.mT));
 * ```
 * ```python
 * factor = torch.distributions.CorrCholeskyTransform()(torch.tensor([0.5, 0, -0.5]))
 * print(factor.matmul(factor.mT))
 * ```
 */
export class CorrCholeskyTransform extends Transform {
  static override domain = constraints.real_vector;
  static override codomain = constraints.corr_cholesky;
  static override bijective = true;

  override _call(x: Tensor): Tensor {
    const { eps } = finfo(x.dtype);
    const partial = vec_to_tril_matrix(x.tanh().clamp(-1 + eps, 1 - eps), { diag: -1 });
    const rest = minus(1, partial.pow(2)).sqrt().cumprod(-1);
    const unit = partial.add(eye(partial.size(-1), { dtype: partial.dtype, device: partial.device }));
    return unit.mul(pad_ones(rest.index('...', ':-1'), 1, 0));
  }

  override _inverse(y: Tensor): Tensor {
    const rest = minus(1, y.mul(y).cumsum(-1));
    const shifted = pad_ones(rest.index('...', ':-1'), 1, 0);
    const t = tril_matrix_to_vec(y, { diag: -1 }).div(tril_matrix_to_vec(shifted, { diag: -1 }).sqrt());
    return t.log1p().sub(t.neg().log1p()).div(2);
  }

  override log_abs_det_jacobian(...args: XY): Tensor;
  override log_abs_det_jacobian(...args: unknown[]): Tensor {
    return CORR_LOG_ABS_DET.call(args, ({ x, y }) => this._log_abs_det_jacobian(x, y));
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const rest = minus(1, y.mul(y).cumsum(-1));
    const stick_breaking = tril_matrix_to_vec(rest, { diag: -2 }).log().sum(-1).mul(0.5);
    const of_tanh = x
      .add(softplus(x.mul(-2)))
      .sub(Math.LN2)
      .sum(-1)
      .mul(-2);
    return stick_breaking.add(of_tanh);
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    const batch = leading(shape, 1);
    const count = shape.at(-1)!;
    const size = Math.round(Math.sqrt(0.25 + 2 * count) + 0.5);
    if ((size * (size - 1)) / 2 !== count) throw new Error('Input is not a flattened lower-diagonal number');
    return [...batch, size, size];
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    const batch = leading(shape, 2);
    const size = shape.at(-1)!;
    if (shape.at(-2) !== size) throw new Error('Input is not square');
    return [...batch, (size * (size - 1)) / 2];
  }
}

/**
 * `y = exp(x)`, normalized to the sum 1; the inverse is the logarithm. Not bijective. Mirrors
 * `torch.distributions.SoftmaxTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * print(new torch.distributions.SoftmaxTransform()(torch.tensor([0, 1, 2.5])));
 * ```
 * ```python
 * print(torch.distributions.SoftmaxTransform()(torch.tensor([0, 1, 2.5])))
 * ```
 */
export class SoftmaxTransform extends PlainTransform {
  static override domain = constraints.real_vector;
  static override codomain = constraints.simplex;

  override _call(x: Tensor): Tensor {
    const probs = x.sub(x.max(-1, true).values).exp();
    return probs.div(probs.sum(-1, true));
  }

  override _inverse(y: Tensor): Tensor {
    return y.log();
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    leading(shape, 1);
    return shape;
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    leading(shape, 1);
    return shape;
  }
}

/** `n, n - 1, ..., 1` for stick breaking, where `n` is one less than `from` counts. */
function remaining(like: Tensor, from: number, count: number): Tensor {
  return minus(from, like.new_ones([count]).cumsum(-1));
}

/**
 * Turns unconstrained vectors of length `D - 1` into vectors of length `D` on the simplex, by breaking a stick of length 1.
 * Mirrors `torch.distributions.StickBreakingTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const transform = new torch.distributions.StickBreakingTransform();
 * print(transform(torch.tensor([0, 1.5])), transform.inv(torch.tensor([0.25, 0.25, 0.5])));
 * ```
 * ```python
 * transform = torch.distributions.StickBreakingTransform()
 * print(transform(torch.tensor([0, 1.5])), transform.inv(torch.tensor([0.25, 0.25, 0.5])))
 * ```
 */
export class StickBreakingTransform extends PlainTransform {
  static override domain = constraints.real_vector;
  static override codomain = constraints.simplex;
  static override bijective = true;

  override _call(x: Tensor): Tensor {
    const count = x.size(-1);
    const z = clipped_sigmoid(x.sub(remaining(x, count + 1, count).log()));
    const rest = minus(1, z).cumprod(-1);
    return pad_ones(z, 0, 1).mul(pad_ones(rest, 1, 0));
  }

  override _inverse(y: Tensor): Tensor {
    const cropped = y.index('...', ':-1');
    const offset = remaining(y, y.size(-1), cropped.size(-1));
    const rest = clamp(minus(1, cropped.cumsum(-1)), { min: finfo(y.dtype).tiny });
    return cropped.log().sub(rest.log()).add(offset.log());
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const count = x.size(-1);
    const shifted = x.sub(remaining(x, count + 1, count).log());
    return shifted.neg().add(log_sigmoid(shifted)).add(y.index('...', ':-1').log()).sum(-1);
  }

  override _forward_shape(shape: readonly number[]): readonly number[] {
    return [...leading(shape, 1), shape.at(-1)! + 1];
  }

  override _inverse_shape(shape: readonly number[]): readonly number[] {
    return [...leading(shape, 1), shape.at(-1)! - 1];
  }
}

/**
 * Turns square matrices into lower triangular ones with a positive diagonal: the diagonal is exponentiated, what is above is
 * dropped. Mirrors `torch.distributions.LowerCholeskyTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * print(new torch.distributions.LowerCholeskyTransform()(torch.tensor([[0, 1], [2, 0.5]])));
 * ```
 * ```python
 * print(torch.distributions.LowerCholeskyTransform()(torch.tensor([[0, 1], [2, 0.5]])))
 * ```
 */
export class LowerCholeskyTransform extends PlainTransform {
  static override domain: Constraint = constraints.independent(constraints.real, 2);
  static override codomain = constraints.lower_cholesky;

  override _call(x: Tensor): Tensor {
    return x.tril(-1).add(x.diagonal({ dim1: -2, dim2: -1 }).exp().diag_embed());
  }

  override _inverse(y: Tensor): Tensor {
    return y.tril(-1).add(y.diagonal({ dim1: -2, dim2: -1 }).log().diag_embed());
  }
}

/**
 * Turns square matrices into positive definite ones, by way of {@link LowerCholeskyTransform}. Mirrors
 * `torch.distributions.PositiveDefiniteTransform`.
 *
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * print(new torch.distributions.PositiveDefiniteTransform()(torch.tensor([[0, 1], [2, 0.5]])));
 * ```
 * ```python
 * print(torch.distributions.PositiveDefiniteTransform()(torch.tensor([[0, 1], [2, 0.5]])))
 * ```
 */
export class PositiveDefiniteTransform extends PlainTransform {
  static override domain: Constraint = constraints.independent(constraints.real, 2);
  static override codomain = constraints.positive_definite;

  override _call(x: Tensor): Tensor {
    const factor = new LowerCholeskyTransform()(x);
    return factor.matmul(factor.mT);
  }

  override _inverse(y: Tensor): Tensor {
    return new LowerCholeskyTransform().inv(linalg.cholesky(y));
  }
}

function check_dim(value: Tensor, dim: number): void {
  if (dim < -value.dim() || dim >= value.dim())
    throw new Error(`dim ${dim} out of range for tensor with ${value.dim()} dimensions`);
}

function transforms_of(tseq: readonly unknown[], cache_size: number): Transform[] {
  for (const transform of tseq)
    if (!(transform instanceof Transform)) throw new Error('All elements of tseq must be Transform instances');
  const transforms = [...(tseq as Transform[])];
  return cache_size === 0 ? transforms : transforms.map((transform) => transform.with_cache(cache_size));
}

interface SequenceOptions extends CacheSize {
  tseq: readonly Transform[];
  dim?: number;
}
interface CatOptions extends SequenceOptions {
  lengths?: readonly number[] | null;
}
const CAT = signature<CatOptions>('CatTransform', 'tseq: any[], dim?: int, lengths?: int[]|None, cache_size?: int');
const STACK = signature<SequenceOptions>('StackTransform', 'tseq: any[], dim?: int, cache_size?: int');

/**
 * Applies transforms to successive parts of a dimension. Mirrors `torch.distributions.CatTransform`.
 *
 * @param tseq - the transforms
 * @param dim - the dimension; default 0
 * @param lengths - the length of each part; default 1 for all
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error when `lengths` does not fit, and on the call when the dimension has another length
 * @example
 * ```ts
 * const { CatTransform, ExpTransform, identity_transform } = torch.distributions;
 * const transform = new CatTransform([identity_transform, new ExpTransform()], { dim: 0, lengths: [2, 1] });
 * print(transform(torch.tensor([1, 2, 3.5])));
 * ```
 * ```python
 * from torch.distributions import CatTransform, ExpTransform, identity_transform
 * transform = CatTransform([identity_transform, ExpTransform()], dim=0, lengths=[2, 1])
 * print(transform(torch.tensor([1, 2, 3.5])))
 * ```
 */
export class CatTransform extends Transform {
  declare transforms: readonly Transform[];
  declare dim: number;
  declare lengths: readonly number[];
  /** The sum of the lengths. */
  declare readonly length: number;

  constructor(
    ...args: Arguments<
      [tseq: readonly Transform[], dim?: number, lengths?: readonly number[] | null, cache_size?: number],
      CatOptions,
      ['tseq', 'dim', 'lengths', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { tseq, dim = 0, lengths, cache_size = 0 } = CAT.read(args);
    super({ cache_size });
    this.transforms = transforms_of(tseq, cache_size);
    this.dim = dim;
    this.lengths = lengths ?? this.transforms.map(() => 1);
    if (this.lengths.length !== this.transforms.length)
      throw new Error(`lengths (${this.lengths.length}) must match transforms (${this.transforms.length})`);
  }

  static {
    define_lazy(this.prototype, { length: (self) => self.lengths.reduce((sum, length) => sum + length, 0) });
  }

  override get event_dim(): number {
    return Math.max(...this.transforms.map(({ event_dim }) => event_dim));
  }

  override get domain(): Constraint {
    const domains = this.transforms.map(({ domain }) => domain);
    return constraints.cat(domains, this.dim, this.lengths);
  }

  override get codomain(): Constraint {
    const codomains = this.transforms.map(({ codomain }) => codomain);
    return constraints.cat(codomains, this.dim, this.lengths);
  }

  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }

  override _with_cache(cache_size: number): Transform {
    return new CatTransform(this.transforms, this.dim, this.lengths, cache_size);
  }

  /** The parts of a tensor that the transforms are applied to. */
  private _parts(name: string, value: Tensor): Tensor[] {
    check_dim(value, this.dim);
    const size = value.size(this.dim);
    if (size !== this.length) throw new Error(`${name}.size(${this.dim}) = ${size} must equal length ${this.length}`);
    let start = 0;
    return this.lengths.map((length) => {
      const part = value.narrow(this.dim, start, length);
      start += length;
      return part;
    });
  }

  override _call(x: Tensor): Tensor {
    const parts = this._parts('x', x);
    return cat_tensors(
      this.transforms.map((transform, i) => transform(parts[i]!)),
      this.dim,
    );
  }

  override _inverse(y: Tensor): Tensor {
    const parts = this._parts('y', y);
    return cat_tensors(
      this.transforms.map((transform, i) => transform.inv(parts[i]!)),
      this.dim,
    );
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const [of_x, of_y] = [this._parts('x', x), this._parts('y', y)];
    const terms = this.transforms.map((transform, i) => {
      const term = transform.log_abs_det_jacobian(of_x[i]!, of_y[i]!);
      return transform.event_dim < this.event_dim ? sum_rightmost(term, this.event_dim - transform.event_dim) : term;
    });
    const dim = (this.dim >= 0 ? this.dim - x.dim() : this.dim) + this.event_dim;
    return dim < 0 ? cat_tensors(terms, dim) : terms.reduce((sum, term) => sum.add(term));
  }
}

/**
 * Applies a transform to each slice of a dimension. Mirrors `torch.distributions.StackTransform`.
 *
 * @param tseq - the transforms
 * @param dim - the dimension; default 0
 * @param cache_size - 1 to keep the last values; default 0
 * @throws Error on the call, when the dimension has another length
 * @example
 * ```ts
 * const { StackTransform, ExpTransform, identity_transform } = torch.distributions;
 * const transform = new StackTransform([identity_transform, new ExpTransform()], { dim: 1 });
 * print(transform(torch.tensor([[1, 2], [3, 0.5]])));
 * ```
 * ```python
 * from torch.distributions import StackTransform, ExpTransform, identity_transform
 * transform = StackTransform([identity_transform, ExpTransform()], dim=1)
 * print(transform(torch.tensor([[1, 2], [3, 0.5]])))
 * ```
 */
export class StackTransform extends Transform {
  declare transforms: readonly Transform[];
  declare dim: number;

  constructor(
    ...args: Arguments<
      [tseq: readonly Transform[], dim?: number, cache_size?: number],
      SequenceOptions,
      ['tseq', 'dim', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { tseq, dim = 0, cache_size = 0 } = STACK.read(args);
    super({ cache_size });
    this.transforms = transforms_of(tseq, cache_size);
    this.dim = dim;
  }

  override get domain(): Constraint {
    return constraints.stack(
      this.transforms.map(({ domain }) => domain),
      this.dim,
    );
  }

  override get codomain(): Constraint {
    return constraints.stack(
      this.transforms.map(({ codomain }) => codomain),
      this.dim,
    );
  }

  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }

  override _with_cache(cache_size: number): Transform {
    return new StackTransform(this.transforms, this.dim, cache_size);
  }

  /** The slices of a tensor that the transforms are applied to. */
  private _slices(name: string, value: Tensor): Tensor[] {
    check_dim(value, this.dim);
    const [size, count] = [value.size(this.dim), this.transforms.length];
    if (size !== count) throw new Error(`${name}.size(${this.dim}) = ${size} must equal len(transforms) ${count}`);
    return this.transforms.map((_, i) => value.select(this.dim, i));
  }

  override _call(x: Tensor): Tensor {
    const slices = this._slices('x', x);
    return stack_tensors(
      this.transforms.map((transform, i) => transform(slices[i]!)),
      this.dim,
    );
  }

  override _inverse(y: Tensor): Tensor {
    const slices = this._slices('y', y);
    return stack_tensors(
      this.transforms.map((transform, i) => transform.inv(slices[i]!)),
      this.dim,
    );
  }

  override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const [of_x, of_y] = [this._slices('x', x), this._slices('y', y)];
    return stack_tensors(
      this.transforms.map((transform, i) => transform.log_abs_det_jacobian(of_x[i]!, of_y[i]!)),
      this.dim,
    );
  }
}

/** What {@link CumulativeDistributionTransform} asks of a distribution. */
export interface HasCumulativeDistribution {
  readonly support: Constraint;
  cdf(value: Tensor): Tensor;
  icdf(value: Tensor): Tensor;
  log_prob(value: Tensor): Tensor;
}

interface CumulativeOptions extends CacheSize {
  distribution: HasCumulativeDistribution;
}
define_kind(
  'Distribution',
  'Distribution',
  (value) => typeof value === 'object' && value !== null && 'log_prob' in value && 'support' in Object(value),
);
const CUMULATIVE = signature<CumulativeOptions>(
  'CumulativeDistributionTransform',
  'distribution: Distribution, cache_size?: int',
);

/**
 * Applies the cumulative distribution function of a distribution. Mirrors
 * `torch.distributions.CumulativeDistributionTransform`.
 *
 * @param distribution - a distribution with `cdf`, `icdf` and `log_prob`
 * @param cache_size - 1 to keep the last values; default 0
 * @example
 * ```ts
 * const { CumulativeDistributionTransform, Normal } = torch.distributions;
 * const transform = new CumulativeDistributionTransform(new Normal(0, 1));
 * print(transform(torch.tensor([0, 1])), transform.inv(torch.tensor([0.25, 0.5])));
 * ```
 * ```python
 * from torch.distributions import CumulativeDistributionTransform, Normal
 * transform = CumulativeDistributionTransform(Normal(0, 1))
 * print(transform(torch.tensor([0, 1])), transform.inv(torch.tensor([0.25, 0.5])))
 * ```
 */
export class CumulativeDistributionTransform extends Transform {
  static override codomain = constraints.unit_interval;
  static override bijective = true;
  static override sign = 1;
  declare distribution: HasCumulativeDistribution;

  constructor(
    ...args: Arguments<
      [distribution: HasCumulativeDistribution, cache_size?: number],
      CumulativeOptions,
      ['distribution', 'cache_size']
    >
  );
  constructor(...args: unknown[]) {
    const { distribution, cache_size = 0 } = CUMULATIVE.read(args);
    super({ cache_size });
    this.distribution = distribution;
  }

  override get domain(): Constraint {
    return this.distribution.support;
  }

  override _with_cache(cache_size: number): Transform {
    return new CumulativeDistributionTransform(this.distribution, { cache_size });
  }

  override _call(x: Tensor): Tensor {
    return this.distribution.cdf(x);
  }

  override _inverse(y: Tensor): Tensor {
    return this.distribution.icdf(y);
  }

  override _log_abs_det_jacobian(x: Tensor, _y: Tensor): Tensor {
    return this.distribution.log_prob(x);
  }
}
