/** Helpers of distributions; mirrors `torch.distributions.utils`. */
import { type Arguments, define_kind, signature } from '../_internal/signature.js';
import { in_name_of } from '../_internal/operator_errors.js';
import { enable_grad } from '../autograd/grad_mode.js';
import { tensor } from '../creation.js';
import { arange, empty, softmax, tril_indices, zeros } from '../generated/functions.js';
import { broadcast_tensors } from '../functional.js';
import { Size, Tensor } from '../_tensor.js';
import { type DType, get_default_dtype } from '../types/dtype.js';
import type { Device } from '../types/device.js';
import { finfo } from './arithmetic.js';

/** What parameters are given as: tensors, or numbers, which become tensors. */
export type ParameterLike = Tensor | number;

define_kind('Number', 'Number', (value) => ['number', 'bigint', 'boolean'].includes(typeof value));

/** Euler's constant. */
export const euler_constant = 0.5772156649015329;

/** The shape as an array that prints as Python's. @internal */
export function size_of(...sizes: readonly (readonly number[])[]): Size {
  const result = new Size();
  for (const part of sizes) for (const size of part) result.push(size);
  return result;
}

/** `broadcast_all` in the name of another function. @internal */
export function broadcast<T extends readonly (ParameterLike | boolean)[]>(
  callee: string,
  ...values: T
): { [K in keyof T]: Tensor } {
  for (const value of values) {
    if (value instanceof Tensor || ['number', 'bigint', 'boolean'].includes(typeof value)) continue;
    throw new Error(
      'Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__.',
    );
  }
  const first = values.find((value) => value instanceof Tensor) as Tensor | undefined;
  const options = first === undefined ? { dtype: get_default_dtype() } : { dtype: first.dtype, device: first.device };
  const tensors = values.map((value) => (value instanceof Tensor ? value : tensor(value as number, options)));
  return in_name_of(callee, () => broadcast_tensors(tensors)) as unknown as { [K in keyof T]: Tensor };
}

const BROADCAST_ALL = signature<{ values: (ParameterLike | boolean)[] }>('broadcast_all', '*values: any');

/**
 * Broadcasts tensors and numbers to a common shape; numbers become tensors of the dtype and on the device of the first
 * tensor, or of the default dtype. Mirrors `torch.distributions.utils.broadcast_all`.
 *
 * @param values - tensors and numbers
 * @throws Error when a value is neither, or when shapes do not fit
 * @example
 * ```ts
 * const [a, b] = torch.distributions.utils.broadcast_all(1.5, torch.tensor([1.0, 2.0]));
 * print(a, b);
 * ```
 * ```python
 * a, b = torch.distributions.utils.broadcast_all(1.5, torch.tensor([1.0, 2.0]))
 * print(a, b)
 * ```
 */
export function broadcast_all<T extends readonly (ParameterLike | boolean)[]>(...values: T): { [K in keyof T]: Tensor };
export function broadcast_all(...args: unknown[]): readonly Tensor[] {
  return broadcast('broadcast_all', ...BROADCAST_ALL.read(args).values);
}

/** Numbers of a standard normal distribution, as `rsample` draws them. @internal */
export function standard_normal(shape: readonly number[], dtype: DType, device: Device): Tensor {
  return empty(shape, { dtype, device }).normal_();
}

/** The sum over the last `dim` dimensions; the tensor itself for 0. @internal */
export function sum_rightmost(value: Tensor, dim: number): Tensor {
  if (dim === 0) return value;
  return value.reshape([...value.shape.slice(0, value.dim() - dim), -1]).sum(-1);
}

const BINARY = 'is_binary?: bool';
const LOGITS_TO_PROBS = signature<LogitsOptions>('logits_to_probs', `logits: Tensor, ${BINARY}`);
const PROBS_TO_LOGITS = signature<ProbsOptions>('probs_to_logits', `probs: Tensor, ${BINARY}`);

interface LogitsOptions {
  logits: Tensor;
  is_binary?: boolean;
}
interface ProbsOptions {
  probs: Tensor;
  is_binary?: boolean;
}

/**
 * Converts logits into probabilities: `softmax` over the last dimension, or `sigmoid` for binary ones. Mirrors
 * `torch.distributions.utils.logits_to_probs`.
 *
 * @param logits - unnormalized log probabilities, or log odds
 * @param is_binary - each element is the log odds of an event of its own; default false
 * @example
 * ```ts
 * print(torch.distributions.utils.logits_to_probs(torch.tensor([0, 1.5])));
 * ```
 * ```python
 * print(torch.distributions.utils.logits_to_probs(torch.tensor([0, 1.5])))
 * ```
 */
export function logits_to_probs(
  ...args: Arguments<[logits: Tensor, is_binary?: boolean], LogitsOptions, ['logits', 'is_binary']>
): Tensor;
export function logits_to_probs(...args: unknown[]): Tensor {
  return LOGITS_TO_PROBS.call(args, ({ logits, is_binary = false }) =>
    is_binary ? logits.sigmoid() : softmax(logits, -1),
  );
}

/**
 * Converts probabilities into logits: their logarithms, or log odds for binary ones. Probabilities are kept off 0 and 1 by
 * the epsilon of their dtype. Mirrors `torch.distributions.utils.probs_to_logits`.
 *
 * @param probs - probabilities
 * @param is_binary - each element is the probability of an event of its own; default false
 * @example
 * ```ts
 * print(torch.distributions.utils.probs_to_logits(torch.tensor([0.25, 0.75])));
 * ```
 * ```python
 * print(torch.distributions.utils.probs_to_logits(torch.tensor([0.25, 0.75])))
 * ```
 */
export function probs_to_logits(
  ...args: Arguments<[probs: Tensor, is_binary?: boolean], ProbsOptions, ['probs', 'is_binary']>
): Tensor;
export function probs_to_logits(...args: unknown[]): Tensor {
  return PROBS_TO_LOGITS.call(args, ({ probs, is_binary = false }) => {
    const inside = clamp_probs(probs);
    return is_binary ? inside.log().sub(inside.neg().log1p()) : inside.log();
  });
}

const CLAMP_PROBS = signature<{ probs: Tensor }>('clamp_probs', 'probs: Tensor');

/**
 * Limits probabilities to the open interval (0, 1), by the epsilon of their dtype. Mirrors
 * `torch.distributions.utils.clamp_probs`.
 *
 * @param probs - probabilities
 * @throws TypeError unless the dtype is floating point
 * @example
 * ```ts
 * print(torch.distributions.utils.clamp_probs(torch.tensor([0, 0.5, 1])));
 * ```
 * ```python
 * print(torch.distributions.utils.clamp_probs(torch.tensor([0, 0.5, 1])))
 * ```
 */
export function clamp_probs(probs: Tensor | { probs: Tensor }): Tensor;
export function clamp_probs(...args: unknown[]): Tensor {
  return CLAMP_PROBS.call(args, ({ probs }) => {
    const { eps } = finfo(probs.dtype);
    return probs.clamp(eps, 1 - eps);
  });
}

interface TrilOptions {
  mat: Tensor;
  diag?: number;
}
const TRIL_MATRIX_TO_VEC = signature<TrilOptions>('tril_matrix_to_vec', 'mat: Tensor, diag?: int');

/**
 * The elements on and below a diagonal of square matrices, row by row, as vectors. Mirrors
 * `torch.distributions.utils.tril_matrix_to_vec`.
 *
 * @param mat - of shape `(*, D, D)`
 * @param diag - the diagonal: 0 is the main one, -1 that below; default 0
 * @throws Error when the matrices have no such diagonal
 * @example
 * ```ts
 * print(torch.distributions.utils.tril_matrix_to_vec(torch.arange(9).view(3, 3), { diag: -1 }));
 * ```
 * ```python
 * print(torch.distributions.utils.tril_matrix_to_vec(torch.arange(9).view(3, 3), diag=-1))
 * ```
 */
export function tril_matrix_to_vec(
  ...args: Arguments<[mat: Tensor, diag?: number], TrilOptions, ['mat', 'diag']>
): Tensor;
export function tril_matrix_to_vec(...args: unknown[]): Tensor {
  return TRIL_MATRIX_TO_VEC.call(args, ({ mat, diag = 0 }) => {
    const n = mat.size(-1);
    if (diag < -n || diag >= n) throw new Error(`diag (${diag}) provided is outside [${-n}, ${n - 1}].`);
    const places = arange(n, { device: mat.device });
    const mask = places.lt(places.view(n, 1).add(diag + 1));
    return mat.index('...', mask);
  });
}

interface VecOptions {
  vec: Tensor;
  diag?: number;
}
const VEC_TO_TRIL_MATRIX = signature<VecOptions>('vec_to_tril_matrix', 'vec: Tensor, diag?: int');

/**
 * The inverse of {@link tril_matrix_to_vec}: square matrices with the elements of vectors on and below a diagonal, and zeros
 * above. Mirrors `torch.distributions.utils.vec_to_tril_matrix`.
 *
 * @param vec - of shape `(*, D * (D + 1) / 2)` for the main diagonal
 * @param diag - the diagonal: 0 is the main one, -1 that below; default 0
 * @throws Error when the number of elements does not fill such matrices
 * @example
 * ```ts
 * print(torch.distributions.utils.vec_to_tril_matrix(torch.tensor([1, 2, 3])));
 * ```
 * ```python
 * print(torch.distributions.utils.vec_to_tril_matrix(torch.tensor([1, 2, 3])))
 * ```
 */
export function vec_to_tril_matrix(
  ...args: Arguments<[vec: Tensor, diag?: number], VecOptions, ['vec', 'diag']>
): Tensor;
export function vec_to_tril_matrix(...args: unknown[]): Tensor {
  return VEC_TO_TRIL_MATRIX.call(args, ({ vec, diag = 0 }) => {
    const count = vec.size(-1);
    // The root of D * (D + 1) / 2 = count, for a triangle that begins `diag` diagonals higher.
    const root = (-(1 + 2 * diag) + Math.sqrt((1 + 2 * diag) ** 2 + 8 * count + 4 * Math.abs(diag) * (diag + 1))) / 2;
    // As in Python, a root that is rounded down is left to the assignment below, which fails.
    if (Math.round(root) - root > finfo(vec.dtype).eps) {
      throw new Error(
        `The size of last dimension is ${count} which cannot be expressed as the lower triangular part of a square D x D matrix.`,
      );
    }
    const n = Math.round(root);
    const matrix = zeros([...vec.shape.slice(0, -1), n, n], { dtype: vec.dtype, device: vec.device });
    const [rows, columns] = tril_indices(n, n, diag).unbind(0) as [Tensor, Tensor];
    return matrix.index_put_(['...', rows, columns], vec);
  });
}

/** The getters that compute a value on first access. @internal */
const lazy_getters = new WeakSet<object>();

/** Gives an object a value of its own, in front of the getter of its class. @internal */
export function set_own(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A getter that computes on first access, with gradients, and keeps the value on the object. */
function lazy_getter<T extends object>(name: string, compute: (this: T) => unknown): (this: T) => unknown {
  function get(this: T): unknown {
    const value = enable_grad(() => compute.call(this));
    set_own(this, name, value);
    return value;
  }
  lazy_getters.add(get);
  return get;
}

/** Defines properties that are computed on first access, with gradients, on the prototype of a class. @internal */
export function define_lazy<T extends object>(
  prototype: T,
  getters: Readonly<Record<string, (self: T) => unknown>>,
): void {
  for (const [name, compute] of Object.entries(getters)) {
    const get = lazy_getter<T>(name, function (this: T) {
      return compute(this);
    });
    const set = function (this: T, value: unknown): void {
      set_own(this, name, value);
    };
    Object.defineProperty(prototype, name, { get, set, configurable: true });
  }
}

/** Whether a property is computed on first access, and has not been. @internal */
export function is_pending(target: object, name: string): boolean {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return found.get !== undefined && lazy_getters.has(found.get);
  }
  return false;
}

const LAZY_PROPERTY = signature<{ wrapped: (this: object) => unknown }>(
  'lazy_property',
  'wrapped: Callable, context?: any',
);

/**
 * A decorator of getters: the value is computed on first access, with gradients, and kept on the object. Mirrors
 * `torch.distributions.utils.lazy_property`.
 *
 * @param wrapped - the getter
 * @param context - what decorators are given
 * @example
 * ```ts
 * class Circle {
 *   radius = torch.tensor(2.0);
 *   @torch.distributions.utils.lazy_property
 *   get area(): torch.Tensor { return this.radius.pow(2).mul(Math.PI); }
 * }
 * print(new Circle().area);
 * ```
 * ```python
 * import math
 * class Circle:
 *     radius = torch.tensor(2.0)
 *     @torch.distributions.utils.lazy_property
 *     def area(self): return self.radius.pow(2).mul(math.pi)
 * print(Circle().area)
 * ```
 */
export function lazy_property<T extends object, R>(
  wrapped: (this: T) => R,
  context: ClassGetterDecoratorContext<T, R>,
): (this: T) => R;
export function lazy_property(...args: unknown[]): unknown {
  const { wrapped } = LAZY_PROPERTY.read(args);
  return lazy_getter(String((args[1] as { name?: unknown } | undefined)?.name ?? wrapped.name), wrapped);
}

/** Whether the text of a class has a constructor, as Python asks whether it has an `__init__` of its own. @internal */
export function defines_constructor(its_class: object): boolean {
  return /\bconstructor\s*\(/.test(Function.prototype.toString.call(its_class));
}
