/** Parametrizations that are ready to use. Mirrors `torch.nn.utils.parametrizations`. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { contiguous_format } from '../../types/dtype.js';
import {
  _weight_norm,
  add,
  allclose,
  cat,
  eye,
  geqrf,
  matrix_exp,
  mv,
  norm_except_dim,
  randn,
  vdot,
  zeros_like,
} from '../../generated/functions.js';
import { householder_product, solve } from '../../generated/linalg.js';
import { Tensor } from '../../_tensor.js';
import { finfo } from '../../types/type_info.js';
import { normalize } from '../functional/index.js';
import { fields_of, Module } from '../modules/module.js';
import { NotImplementedError, register_parametrization, type Parametrized } from './parametrize.js';
import { dim_first, SPECTRAL_NORM, with_defaults, type SpectralNormCall } from './spectral_norm.js';
import { WEIGHT_NORM, type WeightNormCall } from './weight_norm.js';
import { text_or_kind } from '../../_internal/representation.js';

/** The maps to orthogonal matrices that {@link orthogonal} knows. */
export type OrthogonalMap = 'matrix_exp' | 'cayley' | 'householder';

const MAPS: readonly string[] = ['matrix_exp', 'cayley', 'householder'];

function is_orthogonal(q: Tensor): boolean {
  const identity = eye(q.size(-1), { dtype: q.dtype, device: q.device });
  return allclose(q.mH.matmul(q), identity, { atol: 10 * q.size(-2) * finfo(q.dtype).eps });
}

/** The orthogonal factor of a matrix, so that the other one has a positive diagonal. */
function made_orthogonal(matrix: Tensor): Tensor {
  const [factors, tau] = geqrf(matrix);
  return householder_product(factors, tau).mul_(factors.diagonal({ dim1: -2, dim2: -1 }).sgn().unsqueeze(-2));
}

class _Orthogonal extends Module {
  readonly shape: readonly number[];
  declare base: Tensor | null;

  constructor(
    weight: Tensor,
    readonly orthogonal_map: OrthogonalMap,
    use_trivialization: boolean,
  ) {
    super();
    if (weight.is_complex() && orthogonal_map === 'householder') {
      throw new Error('The householder parametrization does not support complex tensors.');
    }
    this.shape = weight.shape;
    if (use_trivialization) this.register_buffer('base', null);
  }

  forward(input: Tensor): Tensor {
    const transposed = input.size(-2) < input.size(-1);
    const tall = transposed ? input.mT : input;
    let q = this.orthogonal_map === 'householder' ? householder(tall) : by_skew(tall, this.orthogonal_map);
    if (this.base !== undefined) q = this.base!.matmul(q);
    return transposed ? q.mT : q;
  }

  right_inverse(value: Tensor): Tensor {
    if (String(value.shape) !== String(this.shape)) {
      throw new Error(
        `Expected a matrix or batch of matrices of shape ${String(this.shape)}. ` +
          `Got a tensor of shape ${String(value.shape)}.`,
      );
    }
    return no_grad(() => {
      const transposed = value.size(-2) < value.size(-1);
      const tall = transposed ? value.mT : value;
      if (this.base === undefined) return this.reflectors(tall, transposed);
      this.base = complete_orthogonal(tall);
      // With the diagonal -1 the product of reflectors is the identity.
      const start = zeros_like(value);
      start.diagonal({ dim1: -2, dim2: -1 }).fill_(-1);
      return start;
    });
  }

  /** What {@link householder} makes `q` of. */
  private reflectors(q: Tensor, transposed: boolean): Tensor {
    if (this.orthogonal_map !== 'householder') {
      throw new NotImplementedError(
        'It is not possible to assign to the matrix exponential or the Cayley parametrizations ' +
          'when use_trivialization=False.',
      );
    }
    const [factors, tau] = geqrf(q);
    const diagonal = factors.diagonal({ dim1: -2, dim2: -1 }).sign_();
    // LAPACK gives exactly zero for a reflector that it does not use.
    const unused = tau.eq(0);
    diagonal.index_put_(unused, diagonal.index(unused).neg());
    return transposed ? factors.mT : factors;
  }
}

/** An orthogonal matrix that starts with the columns of `q`. */
function complete_orthogonal(q: Tensor): Tensor {
  const [n, k] = [q.size(-2), q.size(-1)];
  if (n === k) return is_orthogonal(q) ? q.clone() : made_orthogonal(q);
  const rest = randn([...q.shape.slice(0, -2), n, n - k], { dtype: q.dtype, device: q.device });
  return made_orthogonal(cat([q, rest], -1));
}

/** The first columns of the orthogonal matrix that a skew-symmetric one is mapped to. */
function by_skew(tall: Tensor, map: OrthogonalMap): Tensor {
  const [n, k] = [tall.size(-2), tall.size(-1)];
  let lower = tall.tril();
  if (n !== k) lower = cat([lower, lower.new_zeros([n, n - k]).expand([...lower.shape.slice(0, -2), -1, -1])], -1);
  const skew = lower.sub(lower.mH);
  const q = map === 'matrix_exp' ? matrix_exp(skew) : cayley(skew);
  return n === k ? q : q.narrow(-1, 0, k);
}

/** (I + A/2) (I - A/2)^-1 */
function cayley(skew: Tensor): Tensor {
  const identity = eye(skew.size(-1), { dtype: skew.dtype, device: skew.device });
  return solve(add(identity, skew, { alpha: -0.5 }), add(identity, skew, { alpha: 0.5 }));
}

/** The product of the reflectors below the diagonal, with the signs that are on it. */
function householder(tall: Tensor): Tensor {
  const reflectors = tall.tril(-1);
  const tau = reflectors.mul(reflectors).sum(-2).add(1).reciprocal().mul(2);
  const signs = tall.diagonal({ dim1: -2, dim2: -1 }).int().unsqueeze(-2);
  return householder_product(reflectors, tau).mul(signs);
}

/** Keyword arguments of {@link orthogonal}. */
export interface OrthogonalOptions {
  /** Name of the parameter. Default `'weight'`. */
  name?: string;
  /** Default: `'matrix_exp'` for square and complex matrices, else `'householder'`. */
  orthogonal_map?: OrthogonalMap | null;
  /** Start from the tensor as it is, made orthogonal, which takes memory for another matrix. Default true. */
  use_trivialization?: boolean;
}

function tensor_called(module: Module, name: string): Tensor {
  const weight = fields_of(module)[name];
  if (weight instanceof Tensor) return weight;
  throw new Error(`Module '${String(module)}' has no parameter or buffer with name '${name}'`);
}

interface OrthogonalArguments<M> extends OrthogonalOptions {
  /** The module, which is changed. */
  module: M;
}

const ORTHOGONAL = signature<OrthogonalArguments<Module>>(
  'orthogonal',
  'module: Module, name?: str, orthogonal_map?: str|None, *, use_trivialization?: bool',
);

/**
 * Parametrizes a matrix, or a batch of matrices, to be orthogonal, or unitary when it is complex: `Q^T Q = I` for tall
 * and square matrices, `Q Q^T = I` for wide ones. Mirrors `torch.nn.utils.parametrizations.orthogonal`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @param orthogonal_map - `'matrix_exp'`, `'cayley'` or `'householder'`; default null: `'matrix_exp'` for square and
 *   complex matrices, else `'householder'`
 * @param use_trivialization - start from the tensor as it is, made orthogonal, which takes memory for another matrix;
 *   by name only; default true
 * @returns the module
 * @throws Error when the tensor does not exist or has fewer than 2 dimensions, or for an unknown map
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.orthogonal(new nn.Linear(2, 3));
 * const Q = linear.weight;
 * print(torch.allclose(Q.T.matmul(Q), torch.eye(2), { atol: 1e-6 }));
 * ```
 * ```python
 * linear = nn.utils.parametrizations.orthogonal(nn.Linear(2, 3))
 * Q = linear.weight
 * print(torch.allclose(Q.T @ Q, torch.eye(2), atol=1e-6))
 * ```
 */
export function orthogonal<M extends Module>(
  module: M,
  name?: string,
  orthogonal_map?: OrthogonalMap | null,
  options?: Pick<OrthogonalOptions, 'use_trivialization'>,
): M & Parametrized;
export function orthogonal<M extends Module>(
  ...args: Arguments<
    [module: M, name?: string, orthogonal_map?: OrthogonalMap | null],
    OrthogonalArguments<M>,
    ['module', 'name', 'orthogonal_map']
  >
): M & Parametrized;
export function orthogonal<M extends Module>(...args: unknown[]): M & Parametrized {
  return ORTHOGONAL.call(args, ({ module, name = 'weight', orthogonal_map = null, use_trivialization = true }) => {
    const weight = tensor_called(module, name);
    if (weight.ndim < 2) {
      throw new Error(`Expected a matrix or batch of matrices. Got a tensor of ${weight.ndim} dimensions.`);
    }
    const square = weight.size(-2) === weight.size(-1) || weight.is_complex();
    const map = orthogonal_map ?? (square ? 'matrix_exp' : 'householder');
    if (!MAPS.includes(map)) {
      throw new Error(
        `orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${text_or_kind(map)}`,
      );
    }
    return register_parametrization(module as M, name, new _Orthogonal(weight, map, use_trivialization), {
      unsafe: true,
    });
  });
}

class _WeightNorm extends Module {
  constructor(readonly dim: number) {
    super();
  }

  forward(weight_g: Tensor, weight_v: Tensor): Tensor {
    return _weight_norm(weight_v, weight_g, this.dim);
  }

  right_inverse(weight: Tensor): Tensor[] {
    return [norm_except_dim(weight, 2, this.dim), weight];
  }
}

/**
 * Parametrizes a tensor by its norm, `original0`, and its direction, `original1`: `weight = g * v / ||v||`, with the
 * norm over all dimensions but `dim`. State dicts of the older `nn.utils.weight_norm` can be loaded. Mirrors
 * `torch.nn.utils.parametrizations.weight_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @param dim - dimension with a norm for each index; null for one norm of the whole tensor; default 0
 * @returns the module
 * @throws Error when the tensor does not exist
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.weight_norm(new nn.Linear(2, 3));
 * for (const [name, parameter] of linear.named_parameters()) print(name, parameter.shape);
 * ```
 * ```python
 * linear = nn.utils.parametrizations.weight_norm(nn.Linear(2, 3))
 * for name, parameter in linear.named_parameters(): print(name, parameter.shape)
 * ```
 */
export function weight_norm<M extends Module>(module: M, name?: string, dim?: number | null): M & Parametrized;
export function weight_norm<M extends Module>(...args: WeightNormCall<M>): M & Parametrized;
export function weight_norm<M extends Module>(...args: unknown[]): M & Parametrized {
  return WEIGHT_NORM.call(args, ({ module, name = 'weight', dim = 0 }) => {
    const parametrized = register_parametrization(module as M, name, new _WeightNorm(dim ?? -1), { unsafe: true });
    parametrized.register_load_state_dict_pre_hook((_module, state_dict, prefix) => {
      const [g, v] = [state_dict[`${prefix}${name}_g`], state_dict[`${prefix}${name}_v`]];
      if (g === undefined || v === undefined) return;
      delete state_dict[`${prefix}${name}_g`];
      delete state_dict[`${prefix}${name}_v`];
      state_dict[`${prefix}parametrizations.${name}.original0`] = g;
      state_dict[`${prefix}parametrizations.${name}.original1`] = v;
    });
    return parametrized;
  });
}

class _SpectralNorm extends Module {
  readonly dim: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(
    weight: Tensor,
    readonly n_power_iterations: number,
    dim: number,
    readonly eps: number,
  ) {
    super();
    const { ndim } = weight;
    if (dim >= ndim || dim < -ndim) {
      throw new RangeError(
        `Dimension out of range (expected to be in range of [-${ndim}, ${ndim - 1}] but got ${dim})`,
      );
    }
    this.dim = dim >= 0 ? dim : dim + ndim;
    if (ndim <= 1) return;
    const matrix = this.as_matrix(weight);
    const [u, v] = [matrix.size(0), matrix.size(1)].map((size) => matrix.new_empty([size]).normal_(0, 1));
    this.register_buffer('_u', normalize(u!, { dim: 0, eps }));
    this.register_buffer('_v', normalize(v!, { dim: 0, eps }));
    this.power_method(matrix, 15);
  }

  private as_matrix(weight: Tensor): Tensor {
    return dim_first(weight, this.dim).flatten(1);
  }

  private power_method(matrix: Tensor, steps: number): void {
    const { eps } = this;
    no_grad(() => {
      for (let i = 0; i < steps; i++) {
        normalize(mv(matrix, this._v), { dim: 0, eps, out: this._u });
        normalize(mv(matrix.H, this._u), { dim: 0, eps, out: this._v });
      }
    });
  }

  forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = this.as_matrix(weight);
    if (this.training) this.power_method(matrix, this.n_power_iterations);
    // The buffers change in the next call: graphs of several calls need values of their own.
    const u = this._u.clone({ memory_format: contiguous_format });
    const v = this._v.clone({ memory_format: contiguous_format });
    return weight.div(vdot(u, mv(matrix, v)));
  }

  right_inverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Parametrizes a tensor to have the spectral norm 1: `weight = original / sigma(original)`, where `sigma` is the
 * largest singular value, estimated by power iteration. Mirrors `torch.nn.utils.parametrizations.spectral_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @param n_power_iterations - power iterations for each computation in training; default 1
 * @param eps - lower bound of norms, for numerical stability; default 1e-12
 * @param dim - dimension of the outputs; default null: 1 for transposed convolutions, else 0
 * @returns the module
 * @throws Error when the tensor does not exist
 * @throws RangeError when it does not have the dimension
 * @example
 * ```ts
 * const linear = nn.utils.parametrizations.spectral_norm(new nn.Linear(2, 3));
 * print(linear);
 * print(linear(torch.ones(1, 2)));
 * ```
 * ```python
 * linear = nn.utils.parametrizations.spectral_norm(nn.Linear(2, 3))
 * print(linear)
 * print(linear(torch.ones(1, 2)))
 * ```
 */
export function spectral_norm<M extends Module>(
  module: M,
  name?: string,
  n_power_iterations?: number,
  eps?: number,
  dim?: number | null,
): M & Parametrized;
export function spectral_norm<M extends Module>(...args: SpectralNormCall<M>): M & Parametrized;
export function spectral_norm<M extends Module>(...args: unknown[]): M & Parametrized {
  return SPECTRAL_NORM.call(args, (given) => {
    const { module, name, n_power_iterations, eps, dim } = with_defaults(given);
    const weight = tensor_called(module, name);
    return register_parametrization(module as M, name, new _SpectralNorm(weight, n_power_iterations, dim, eps));
  });
}
