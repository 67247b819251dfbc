/** Functions of `torch` that Python writes by hand on top of the operators. */
import { operator } from './dispatch.js';
import { dtype_of, type DType } from './dtype.js';
import * as ops from './generated/functions.js';
import { bind, options_argument, size_argument, tensor_arguments, type Tail } from './nn/arguments.js';
import { kind_of, shown } from './nn/representation.js';
import type { Scalar } from './scalar.js';
import {
  Size, Tensor, type NormArguments, type NormOptions, type UniqueArguments, type UniqueConsecutiveArguments,
  type UniqueConsecutiveOptions, type UniqueOptions,
} from './tensor.js';

const op = {
  einsum: operator('aten::einsum', ''),
  t: operator('aten::t', ''),
  tensordot: operator('aten::tensordot', '', 'out'),
  result_type: operator('aten::result_type', 'Tensor', 'Scalar', 'Scalar_Tensor', 'Scalar_Scalar'),
};

/** Whether a value is a tensor; mirrors `torch.is_tensor`. */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** The old-style type name; mirrors `torch.typename`. */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

/** The number of elements; mirrors `torch.numel`. */
export function numel(input: Tensor): number {
  tensor_arguments('numel', { input });
  return input.numel();
}

/** Whether the dtype is a float: float16, bfloat16, float32 or float64; mirrors `torch.is_floating_point`. */
export function is_floating_point(input: Tensor): boolean {
  tensor_arguments('is_floating_point', { input });
  return input.dtype.is_floating_point;
}

/** Whether the dtype is complex; mirrors `torch.is_complex`. */
export function is_complex(input: Tensor): boolean {
  tensor_arguments('is_complex', { input });
  return input.dtype.is_complex;
}

/** Whether the only element is not zero; mirrors `torch.is_nonzero`. @throws Error unless there is one element */
export function is_nonzero(input: Tensor): boolean {
  tensor_arguments('is_nonzero', { input });
  if (input.numel() !== 1) {
    throw new Error('Boolean value of Tensor with more than one value is ambiguous');
  }
  return input.ne(0).item<boolean>();
}

/** The transpose of a matrix as a view, a vector or element itself; mirrors `torch.t`. @throws Error above 2 dimensions */
export function t(input: Tensor): Tensor {
  return op.t(input) as Tensor;
}

/**
 * Views of a size, of which the last may be smaller, or of given sizes, along a dimension; mirrors `torch.split`.
 * @throws Error when the sizes do not add up
 */
export function split(
  tensor: Tensor, split_size_or_sections: number | readonly number[], ...args: Tail<[dim: number], { dim?: number }>
): Tensor[] {
  tensor_arguments('split', { tensor });
  return tensor.split(split_size_or_sections, ...args);
}

/**
 * The different elements in ascending order, or slices with `dim`; mirrors `torch.unique`. With `return_inverse` or
 * `return_counts`, a list: the elements (n), where each element of the input is among them, and how often each occurs,
 * both int64.
 */
export function unique(input: Tensor, options?: UniqueOptions & { return_inverse?: false; return_counts?: false }): Tensor;
export function unique(input: Tensor, options: UniqueOptions): Tensor[];
export function unique(input: Tensor, ...args: Tail<UniqueArguments, UniqueOptions>): Tensor | Tensor[];
export function unique(input: Tensor, ...args: Tail<UniqueArguments, UniqueOptions>): Tensor | Tensor[] {
  tensor_arguments('unique', { input });
  return input.unique(...args);
}

/**
 * A norm of order `p` of all elements or over `dim`, or the nuclear norm of matrices with 'nuc'; mirrors `torch.norm`.
 * `linalg.vector_norm` and `linalg.matrix_norm` say more clearly which of both is meant.
 */
export function norm(input: Tensor, ...args: Tail<NormArguments, NormOptions>): Tensor {
  tensor_arguments('norm', { input });
  return input.norm(...args);
}

/** Tensors that came one by one, or as one list. */
function listed(tensors: Tensor[] | [readonly Tensor[]]): readonly Tensor[] {
  return Array.isArray(tensors[0]) ? tensors[0] : (tensors as Tensor[]);
}

/**
 * Sums products of tensors as the equation says; mirrors `torch.einsum`. Operands follow one by one or as a list.
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  return op.einsum(equation, listed(operands)) as Tensor;
}

/** The tensors expanded to one common shape; mirrors `torch.broadcast_tensors`. @throws Error when there is none */
export function broadcast_tensors(...tensors: Tensor[] | [readonly Tensor[]]): Tensor[] {
  return ops.broadcast_tensors(listed(tensors));
}

/**
 * The matrices along the diagonal of one matrix, zeros elsewhere; mirrors `torch.block_diag`. Vectors count as rows.
 * @throws Error for more than two dimensions
 */
export function block_diag(...tensors: Tensor[] | [readonly Tensor[]]): Tensor {
  return ops.block_diag(listed(tensors));
}

/**
 * All combinations of the elements of vectors, one a row: (product of the sizes, number of vectors). Mirrors
 * `torch.cartesian_prod`. @throws Error unless all are vectors
 */
export function cartesian_prod(...tensors: Tensor[] | [readonly Tensor[]]): Tensor {
  return ops.cartesian_prod(listed(tensors));
}

/** The product of matrices in the cheapest order; mirrors `torch.chain_matmul`. @throws Error unless all are matrices */
export function chain_matmul(...matrices: Tensor[] | [readonly Tensor[]]): Tensor {
  return ops.chain_matmul(listed(matrices));
}

/**
 * Coordinates of a grid from vectors, which come one by one or as a list; mirrors `torch.meshgrid`. A trailing object
 * says how they are laid out: `{ indexing: 'xy' }`, or `'ij'`, which is the default.
 */
export function meshgrid(...tensors: [...(Tensor | readonly Tensor[])[], { indexing?: 'ij' | 'xy' }]): Tensor[];
export function meshgrid(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function meshgrid(...given: unknown[]): Tensor[] {
  const last = given[given.length - 1];
  const named = !(last instanceof Tensor) && !Array.isArray(last);
  const { indexing = 'ij' } = named ? bind<{ indexing?: string }>('meshgrid', ['indexing'], [last]) : {};
  const tensors = (named ? given.slice(0, -1) : given) as Tensor[] | [readonly Tensor[]];
  return ops.meshgrid(listed(tensors), { indexing });
}

/** The shape to which shapes broadcast; mirrors `torch.broadcast_shapes`. @throws Error when there is none */
export function broadcast_shapes(...shapes: (number | readonly number[])[]): Size {
  shapes.forEach((shape, i) => size_argument('broadcast_shapes', `shapes[${i}]`, shape));
  const lists = shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape));
  const rank = Math.max(0, ...lists.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of lists) {
    shape.forEach((size, i) => {
      const dim = rank - shape.length + i;
      if (size < 0) throw new Error(`Trying to create tensor with negative dimension (${size})`);
      if (size === 1 || size === result[dim]) return;
      if (result[dim] !== 1) {
        throw new Error('Shape mismatch: objects cannot be broadcast to a single shape');
      }
      result[dim] = size;
    });
  }
  return Size.of(...result) as Size;
}

type Dims = number | Tensor | readonly [number | readonly number[], number | readonly number[]];

function dims_of(dims: Dims, a: Tensor, b: Tensor): [readonly number[], readonly number[]] {
  if (dims instanceof Tensor) {
    if (dims.numel() <= 1) return dims_of(dims.item(), a, b);
    if (dims.size(0) !== 2) throw new Error(`dims tensor must have size 2 in first dimension, got ${dims.size(0)}`);
    return dims.tolist() as [number[], number[]];
  }
  if (typeof dims !== 'number') {
    if (!Array.isArray(dims) || dims.length !== 2) {
      throw new Error(`tensordot expects dims to be int or two lists of ints, but got ${kind_of(dims)}`);
    }
    const [first, second] = dims.map((list: number | readonly number[]) => (typeof list === 'number' ? [list] : list));
    return [first as number[], second as number[]];
  }
  if (dims < 0) throw new Error(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a.dim(), b.dim())) {
    throw new Error(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  const count = Array.from({ length: dims }, (_, i) => i);
  return [count.map((i) => i - dims), count];
}

/**
 * Sums products over several dimensions: the last `dims` of `a` with the first of `b`, or those listed. Mirrors
 * `torch.tensordot`.
 * @param dims - how many, or a list for each tensor (default 2)
 */
export function tensordot(a: Tensor, b: Tensor, dims: Dims | { dims?: Dims; out?: Tensor | null } = 2,
  options: { out?: Tensor | null } = {}): Tensor {
  const by_name = typeof dims === 'object' && dims !== null && !(dims instanceof Tensor) && !Array.isArray(dims);
  const named = by_name ? (dims as { dims?: Dims; out?: Tensor | null }) : { ...options, dims: dims as Dims };
  tensor_arguments('tensordot', { a, b });
  const [first, second] = dims_of(named.dims ?? 2, a, b);
  const { out } = named;
  return (out ? op.tensordot(a, b, first, second, { out }) : op.tensordot(a, b, first, second)) as Tensor;
}

/**
 * The indices of the elements that are not zero: one row each, or with `as_tuple` a tensor for each dimension. Mirrors
 * `torch.nonzero`.
 */
export function nonzero(input: Tensor, options?: { as_tuple?: false; out?: Tensor | null }): Tensor;
export function nonzero(input: Tensor, options: { as_tuple: boolean }): Tensor[];
export function nonzero(input: Tensor, options: { as_tuple?: boolean; out?: Tensor | null } = {}): Tensor | Tensor[] {
  const { as_tuple = false, out } = bind<typeof options>('nonzero', ['as_tuple', 'out'], [options_argument('nonzero', options)]);
  tensor_arguments('nonzero', { input });
  if (as_tuple) return input.nonzero({ as_tuple });
  return out ? ops.nonzero(input, { out }) : ops.nonzero(input);
}

/**
 * Without the elements that equal the one before them; mirrors `torch.unique_consecutive`. With `return_inverse` or
 * `return_counts`, a list of results.
 */
export function unique_consecutive(
  input: Tensor, options?: UniqueConsecutiveOptions & { return_inverse?: false; return_counts?: false },
): Tensor;
export function unique_consecutive(input: Tensor, options: UniqueConsecutiveOptions): Tensor[];
export function unique_consecutive(
  input: Tensor, ...args: Tail<UniqueConsecutiveArguments, UniqueConsecutiveOptions>
): Tensor | Tensor[];
export function unique_consecutive(
  input: Tensor, ...args: Tail<UniqueConsecutiveArguments, UniqueConsecutiveOptions>
): Tensor | Tensor[] {
  tensor_arguments('unique_consecutive', { input });
  return input.unique_consecutive(...args);
}

/** The number of the device that a tensor lives on, -1 for the CPU; mirrors `torch.get_device`. */
export function get_device(input: Tensor): number {
  tensor_arguments('get_device', { input });
  return input.get_device();
}

/** Mirrors `torch.dsmm`: `mm`. */
export const dsmm: typeof ops.mm = ops.mm;
/** Mirrors `torch.spmm`: `mm`. */
export const spmm: typeof ops.mm = ops.mm;
/** Mirrors `torch.hsmm`: `hspmm`. */
export const hsmm: typeof ops.hspmm = ops.hspmm;
/** Mirrors `torch.saddmm`: `sspaddmm`. */
export const saddmm: typeof ops.sspaddmm = ops.sspaddmm;

/**
 * The LU factors in one matrix, and the pivots; mirrors `torch.lu`.
 * @param options - `get_infos` adds a tensor that is not 0 where a matrix could not be factored
 * @throws Error when a matrix cannot be factored and `get_infos` is false
 */
export function lu(A: Tensor, ...args: Tail<[pivot: boolean, get_infos: boolean], { pivot?: boolean; get_infos?: boolean }>): Tensor[] {
  tensor_arguments('lu', { A });
  return A.lu(...args);
}

/**
 * The indices in each dimension of a tensor of some shape, from indices into it when it is flat; mirrors
 * `torch.unravel_index`.
 * @throws TypeError unless the indices are integers; Error when one is out of range
 */
export function unravel_index(indices: Tensor, shape: number | bigint | readonly (number | bigint)[]): Tensor[] {
  tensor_arguments('unravel_index', { indices });
  const { dtype } = indices;
  if (dtype.is_floating_point || dtype.is_complex || dtype.name === 'bool') {
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${String(dtype)}`);
  }
  const sizes = (Array.isArray(shape) ? shape : [shape]).map((size: number | bigint) => {
    if (typeof size !== 'bigint' && !Number.isSafeInteger(size)) {
      throw new TypeError(`expected 'shape' to be int or sequence of ints, but got ${String(size)}`);
    }
    if (size < 0) throw new Error(`'shape' cannot have negative values, but got ${String(shape)}`);
    return BigInt(size);
  });
  return sizes.map((size, dim) => {
    // As int64 does, where the product of very large sizes wraps around.
    const below = BigInt.asIntN(64, sizes.slice(dim + 1).reduce((product, other) => product * other, 1n));
    return ops.remainder(indices.div(below, { rounding_mode: 'floor' }), size);
  });
}

const compute_modes = new Map([
  ['use_mm_for_euclid_dist_if_necessary', null], ['use_mm_for_euclid_dist', 1], ['donot_use_mm_for_euclid_dist', 2],
]);

/**
 * The p-norm distance of each row of `x1` to each row of `x2`; mirrors `torch.cdist`.
 * @param x1 - (B, P, M)
 * @param x2 - (B, R, M); the result is (B, P, R)
 * @throws Error for an unknown `compute_mode`
 */
export function cdist(
  x1: Tensor, x2: Tensor, ...args: Tail<[p: number, compute_mode: string], { p?: number; compute_mode?: string }>
): Tensor {
  const { p = 2, compute_mode = 'use_mm_for_euclid_dist_if_necessary' } =
    bind<{ p?: number; compute_mode?: string }>('cdist', ['p', 'compute_mode'], args);
  const mode = compute_modes.get(compute_mode);
  if (mode === undefined) throw new Error(`${shown(compute_mode)} is not a valid value for compute_mode`);
  return ops.cdist(x1, x2, p, mode);
}

function each(
  callee: string, tensors: readonly (Tensor | readonly Tensor[])[], apply: (tensor: Tensor) => Tensor,
): Tensor | Tensor[] {
  const list = (Array.isArray(tensors[0]) ? tensors[0] : tensors) as readonly Tensor[];
  list.forEach((tensor, i) => tensor_arguments(callee, { [`tensors[${i}]`]: tensor }));
  const results = list.map(apply);
  return tensors.length === 1 && results.length === 1 && !Array.isArray(tensors[0]) ? (results[0] as Tensor) : results;
}

/** Views of at least one dimension, one tensor or a list as given; mirrors `torch.atleast_1d`. */
export function atleast_1d(tensor: Tensor): Tensor;
export function atleast_1d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_1d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each('atleast_1d', tensors, (x) => (x.dim() === 0 ? x.reshape(1) : x));
}

/** Views of at least two dimensions, one tensor or a list as given; mirrors `torch.atleast_2d`. */
export function atleast_2d(tensor: Tensor): Tensor;
export function atleast_2d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_2d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each('atleast_2d', tensors, (x) => (x.dim() === 0 ? x.reshape(1, 1) : x.dim() === 1 ? x.unsqueeze(0) : x));
}

/** Views of at least three dimensions, one tensor or a list as given; mirrors `torch.atleast_3d`. */
export function atleast_3d(tensor: Tensor): Tensor;
export function atleast_3d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_3d(...tensors: (Tensor | readonly Tensor[])[]): Tensor | Tensor[] {
  return each('atleast_3d', tensors, (x) => {
    if (x.dim() === 0) return x.reshape(1, 1, 1);
    if (x.dim() === 1) return x.unsqueeze(0).unsqueeze(-1);
    return x.dim() === 2 ? x.unsqueeze(-1) : x;
  });
}

/** The dtype that an operator on these would have; mirrors `torch.result_type`. */
export function result_type(tensor1: Tensor | Scalar, tensor2: Tensor | Scalar): DType {
  return dtype_of(op.result_type(tensor1, tensor2) as number);
}
