/** Helpers of distributions; mirrors `torch.distributions.utils`. */
import { type Arguments, signature } from '../_internal/signature.js';
import { arange, softmax, tril_indices, zeros } from '../generated/functions.js';
import { Tuple } from '../python/values.js';
import type { Tensor } from '../_tensor.js';
import { finfo } from './arithmetic.js';
import { lazy_getter } from './lazy.js';
import { broadcast, type ParameterLike } from './parameters.js';

/** Euler's constant. */
export const euler_constant = 0.5772156649015329;

const BROADCAST_ALL = signature<{ values: (ParameterLike | boolean)[] }>('broadcast_all', '*values: any');

/**
 * Broadcasts tensors and numbers to a common shape; numbers become tensors of the dtype and on the device of the first
 * tensor, or of the default dtype. Mirrors `torch.distributions.utils.broadcast_all`.
 *
 * @param values - tensors and numbers
 * @throws Error when a value is neither, or when shapes do not fit
 * @example
 * ```ts
 * const [a, b] = torch.distributions.utils.broadcast_all(1.5, torch.tensor([1.0, 2.5]));
 * print(a, b);
 * ```
 * ```python
 * a, b = torch.distributions.utils.broadcast_all(1.5, torch.tensor([1.0, 2.5]))
 * print(a, b)
 * ```
 */
export function broadcast_all<T extends readonly (ParameterLike | boolean)[]>(...values: T): { [K in keyof T]: Tensor };
export function broadcast_all(...args: unknown[]): readonly Tensor[] {
  return Tuple.from(broadcast('broadcast_all', ...BROADCAST_ALL.read(args).values));
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
export function logits_to_probs(logits: Tensor, is_binary?: boolean): Tensor;
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
export function probs_to_logits(probs: Tensor, is_binary?: boolean): Tensor;
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
export function tril_matrix_to_vec(mat: Tensor, diag?: number): Tensor;
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
 * print(torch.distributions.utils.vec_to_tril_matrix(torch.tensor([1, 2, 3.5])));
 * ```
 * ```python
 * print(torch.distributions.utils.vec_to_tril_matrix(torch.tensor([1, 2, 3.5])))
 * ```
 */
export function vec_to_tril_matrix(vec: Tensor, diag?: number): Tensor;
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
