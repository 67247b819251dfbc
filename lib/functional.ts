/** Functions of `torch` that Python writes by hand on top of the operators. */
import { overridable_exports } from './_internal/overriding.js';
import { operator, operator_as } from './_C/dispatch.js';
import { dtype_of, type DType } from './types/dtype.js';
import * as ops from './generated/functions.js';
import { text_or_kind } from './_internal/representation.js';
import type { Scalar } from './types/scalar.js';
import {
  norm_of,
  Size,
  split_of,
  Tensor,
  unique_consecutive_of,
  unique_of,
  type NormArguments,
  type NormOptions,
  type UniqueArguments,
  type UniqueConsecutiveArguments,
  type UniqueConsecutiveOptions,
  type UniqueOptions,
} from './_tensor.js';
import { kind_of } from './_internal/kind_of.js';
import { type Arguments, define_kind, signature } from './_internal/signature.js';
import type { Named } from './generated/results.js';

const op = {
  einsum: operator('aten::einsum', ''),
  t: operator('aten::t', ''),
  tensordot: operator('aten::tensordot', '', 'out'),
  result_type: operator('aten::result_type', 'Tensor', 'Scalar', 'Scalar_Tensor', 'Scalar_Scalar'),
  chain_matmul: operator('aten::chain_matmul', '', 'out'),
  norm_out: operator('aten::norm', 'dtype_out'),
};

type Tail<P extends unknown[], R extends object, K extends readonly unknown[]> = Arguments<P, R, K>;
interface Input {
  input: Tensor;
}

/**
 * Whether a value is a Tensor. Mirrors `torch.is_tensor`.
 *
 * @param value - any value
 * @example
 * ```ts
 * print(torch.is_tensor(torch.ones(2)), torch.is_tensor(1));
 * ```
 * ```python
 * print(torch.is_tensor(torch.ones(2)), torch.is_tensor(1))
 * ```
 */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/**
 * The name of the type of a value, for a tensor that of its legacy type. Mirrors `torch.typename`.
 *
 * @param value - any value
 * @example
 * ```ts
 * print(torch.typename(torch.ones(2)));
 * ```
 * ```python
 * print(torch.typename(torch.ones(2)))
 * ```
 */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

const NUMEL = signature<Input>('numel', 'input: Tensor');

/**
 * The number of elements. Mirrors `torch.numel`.
 *
 * @param input - of any shape and dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.numel(torch.zeros(2, 3)));
 * ```
 * ```python
 * print(torch.numel(torch.zeros(2, 3)))
 * ```
 */
export function numel(input: Tensor | Input): number;
export function numel(...args: unknown[]): number {
  return NUMEL.read(args).input.numel();
}

const IS_FLOATING_POINT = signature<Input>('is_floating_point', 'input: Tensor');

/**
 * Whether the dtype is a floating point type. Mirrors `torch.is_floating_point`.
 *
 * @param input - of any shape and dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.is_floating_point(torch.zeros(2)), torch.is_floating_point(torch.tensor([1])));
 * ```
 * ```python
 * print(torch.is_floating_point(torch.zeros(2)), torch.is_floating_point(torch.tensor([1])))
 * ```
 */
export function is_floating_point(input: Tensor | Input): boolean;
export function is_floating_point(...args: unknown[]): boolean {
  return IS_FLOATING_POINT.read(args).input.dtype.is_floating_point;
}

const IS_COMPLEX = signature<Input>('is_complex', 'input: Tensor');

/**
 * Whether the dtype is a complex type. Mirrors `torch.is_complex`.
 *
 * @param input - of any shape and dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.is_complex(torch.zeros(2, { dtype: torch.complex64 })));
 * ```
 * ```python
 * print(torch.is_complex(torch.zeros(2, dtype=torch.complex64)))
 * ```
 */
export function is_complex(input: Tensor | Input): boolean;
export function is_complex(...args: unknown[]): boolean {
  return IS_COMPLEX.read(args).input.dtype.is_complex;
}

const IS_NONZERO = signature<Input>('is_nonzero', 'input: Tensor');

/**
 * Whether the only element is not zero. Mirrors `torch.is_nonzero`.
 *
 * @param input - with one element
 * @throws Error unless there is exactly one element
 * @example
 * ```ts
 * print(torch.is_nonzero(torch.tensor([0.5])), torch.is_nonzero(torch.tensor([0])));
 * ```
 * ```python
 * print(torch.is_nonzero(torch.tensor([0.5])), torch.is_nonzero(torch.tensor([0])))
 * ```
 */
export function is_nonzero(input: Tensor | Input): boolean;
export function is_nonzero(...args: unknown[]): boolean {
  const { input } = IS_NONZERO.read(args);
  const count = input.numel();
  if (count !== 1)
    throw new Error(`Boolean value of Tensor with ${count === 0 ? 'no values' : 'more than one value'} is ambiguous`);
  return input.ne(0).item<boolean>();
}

const T = signature<Input>('t', 'input: Tensor');

/**
 * The transpose of a matrix as a view; tensors with fewer dimensions are returned as they are. Mirrors `torch.t`.
 *
 * @param input - of at most 2 dimensions
 * @returns a view of shape `(n, m)` for `(m, n)`
 * @throws Error for more than 2 dimensions
 * @example
 * ```ts
 * print(torch.t(torch.arange(6).view(2, 3)));
 * ```
 * ```python
 * print(torch.t(torch.arange(6).view(2, 3)))
 * ```
 */
export function t(input: Tensor | Input): Tensor;
export function t(...args: unknown[]): Tensor {
  return op.t(T.read(args).input);
}

/** A tensor per element of a list, whose length TypeScript knows when the list is written out. */
export type EachOf<L extends readonly unknown[]> = { -readonly [I in keyof L]: Tensor };

interface SplitOptions {
  tensor: Tensor;
  split_size_or_sections: number | readonly number[];
  dim?: number;
}

const SPLIT = signature<SplitOptions>('split', 'tensor: Tensor, split_size_or_sections: int|int[], dim?: int');

/**
 * Splits a tensor into views along a dimension. Mirrors `torch.split`.
 *
 * @param tensor - of any shape
 * @param split_size_or_sections - the size of each part, of which the last may be smaller; or the list of sizes
 * @param dim - dimension to split; default 0
 * @returns an array of views
 * @throws Error when the sizes do not sum up to that of the dimension
 * @example
 * ```ts
 * const [a, b] = torch.split(torch.arange(5), [2, 3]);
 * print(a, b);
 * print(torch.split(torch.arange(6), 4));
 * ```
 * ```python
 * a, b = torch.split(torch.arange(5), [2, 3])
 * print(a, b)
 * print(list(torch.split(torch.arange(6), 4)))
 * ```
 */
export function split<const S extends readonly number[]>(
  tensor: Tensor,
  split_size_or_sections: S,
  dim?: number | { dim?: number },
): EachOf<S>;
export function split(
  ...args: Tail<
    [tensor: Tensor, split_size_or_sections: number | readonly number[], dim?: number],
    SplitOptions,
    ['tensor', 'split_size_or_sections', 'dim']
  >
): Tensor[];
export function split(...args: unknown[]): Tensor[] {
  const { tensor, split_size_or_sections, dim = 0 } = SPLIT.read(args);
  return split_of(tensor, split_size_or_sections, dim);
}

const UNIQUE = signature<Input & UniqueOptions>(
  'unique',
  'input: Tensor, sorted?: bool, return_inverse?: bool, return_counts?: bool, dim?: int|None',
);

/**
 * The unique elements in ascending order, or unique slices along a dimension. Mirrors `torch.unique`.
 *
 * @param input - of any shape and dtype
 * @param sorted - sort the result; default true. Elements always come sorted
 * @param return_inverse - also return where each element of the input is among the results, int64; default false
 * @param return_counts - also return the number of occurrences of each, int64; default false
 * @param dim - compare slices along this dimension; default null, the flattened input
 * @returns the elements, or an array of them and what else was asked for
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const [values, inverse, counts] = torch.unique(torch.tensor([2, 1, 2]), { return_inverse: true, return_counts: true });
 * print(values, inverse, counts);
 * ```
 * ```python
 * values, inverse, counts = torch.unique(torch.tensor([2, 1, 2]), return_inverse=True, return_counts=True)
 * print(values, inverse, counts)
 * ```
 */
export function unique(
  input: Tensor,
  options?: UniqueOptions & { return_inverse?: false; return_counts?: false },
): Tensor;
export function unique(input: Tensor, options: UniqueOptions): Tensor[];
export function unique(
  ...args: Tail<
    [input: Tensor, ...UniqueArguments],
    Input & UniqueOptions,
    ['input', 'sorted', 'return_inverse', 'return_counts', 'dim']
  >
): Tensor | Tensor[];
export function unique(...args: unknown[]): Tensor | Tensor[] {
  const { input, ...options } = UNIQUE.read(args);
  return unique_of(input, options);
}

interface NormOut extends NormOptions {
  out?: Tensor | null;
}

const NORM = signature<Input & NormOut>(
  'norm',
  'input: Tensor, p?: float|str|None, dim?: int|int[]|None, keepdim?: bool, out?: Tensor|None, dtype?: dtype|None',
);

/**
 * A vector or matrix norm. Mirrors `torch.norm`; `torch.linalg.vector_norm` and `torch.linalg.matrix_norm` are
 * preferable.
 *
 * @param input - floating point or complex
 * @param p - order of the norm, `'fro'` (the default) or `'nuc'`
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param out - tensor to write the result into; default null
 * @param dtype - convert the input to this dtype first; default null
 * @throws Error for integer dtypes and unknown orders
 * @example
 * ```ts
 * const x = torch.tensor([[3, 4], [0.5, 0]]);
 * print(torch.norm(x), torch.norm(x, 1, { dim: 1 }));
 * ```
 * ```python
 * x = torch.tensor([[3, 4], [0.5, 0]])
 * print(torch.norm(x), torch.norm(x, 1, dim=1))
 * ```
 */
export function norm(
  input: Tensor,
  p?: NormArguments[0],
  dim?: NormArguments[1],
  keepdim?: boolean,
  out?: Tensor | null,
  dtype?: DType | null,
): Tensor;
export function norm(
  ...args: Tail<
    [
      input: Tensor,
      p?: NormArguments[0],
      dim?: NormArguments[1],
      keepdim?: boolean,
      out?: Tensor | null,
      dtype?: DType | null,
    ],
    Input & NormOut,
    ['input', 'p', 'dim', 'keepdim', 'out', 'dtype']
  >
): Tensor;
export function norm(...args: unknown[]): Tensor {
  const { input, out, ...options } = NORM.read(args);
  return norm_of(input, options, out ?? null);
}

type TensorsOrList = Tensor[] | [readonly Tensor[]];

/** Tensors that came one by one, or as one list. */
function listed(tensors: readonly (Tensor | readonly Tensor[])[]): readonly Tensor[] {
  return tensors.flat();
}

const EINSUM = signature<{ equation: string; operands: (Tensor | readonly Tensor[])[] }>(
  'einsum',
  'equation: str, *operands: Tensor|Tensor[]',
);
const EINSUM_LISTS = signature<{ operands: (Tensor | readonly number[])[] }>('einsum', '*operands: Tensor|int[]');

/**
 * Sums products of the elements of tensors by the Einstein summation convention. Mirrors `torch.einsum`.
 *
 * @param equation - subscripts of the operands and of the result, as in `'ij,jk->ik'`; or each operand is followed by
 * the list of its subscripts, the result's last
 * @param operands - tensors, one by one or as an array
 * @throws Error when the equation does not fit the operands
 * @example
 * ```ts
 * const [a, b] = [torch.arange(4).view(2, 2), torch.ones(2, 2, { dtype: torch.int64 })];
 * print(torch.einsum('ij,jk->ik', a, b));
 * print(torch.einsum(a, [0, 1], b, [1, 2], [0, 2]));
 * ```
 * ```python
 * a, b = [torch.arange(4).view(2, 2), torch.ones(2, 2, dtype=torch.int64)]
 * print(torch.einsum('ij,jk->ik', a, b))
 * print(torch.einsum(a, [0, 1], b, [1, 2], [0, 2]))
 * ```
 */
export function einsum(equation: string, ...operands: TensorsOrList): Tensor;
export function einsum(first: Tensor, dimensions: readonly number[], ...more: (Tensor | readonly number[])[]): Tensor;
export function einsum(...args: unknown[]): Tensor {
  if (args[0] instanceof Tensor) {
    const [equation, operands] = equation_of(EINSUM_LISTS.read(args).operands);
    return op.einsum(equation, operands);
  }
  const { equation, operands } = EINSUM.read(args);
  return op.einsum(equation, listed(operands));
}

/** The equation for operands that are followed by the numbers of their dimensions. */
function equation_of(operands: readonly (Tensor | readonly number[])[]): [equation: string, operands: Tensor[]] {
  const letter = (number: number): string => {
    if (!(number >= 0 && number < 52)) {
      throw new Error(`einsum(): subscript in subscript list is not within the valid range [0, 52)`);
    }
    return String.fromCharCode(number < 26 ? 65 + number : 97 + number - 26);
  };
  const written = (list: unknown): string => (list as readonly number[]).map(letter).join('');
  const pairs = Math.floor(operands.length / 2);
  const tensors = Array.from({ length: pairs }, (_, i) => operands[2 * i]!);
  const lists = Array.from({ length: pairs }, (_, i) => operands[2 * i + 1]);
  const result = operands.length % 2 === 1 ? operands[operands.length - 1] : undefined;
  if (!tensors.every((tensor) => tensor instanceof Tensor) || ![...lists, result ?? []].every(Array.isArray)) {
    throw new TypeError("einsum(): argument 'operands' must be Tensors, each followed by a list of ints");
  }
  return [lists.map(written).join(',') + (result === undefined ? '' : `->${written(result)}`), tensors];
}

type Tensors = { tensors: (Tensor | readonly Tensor[])[] };

const BROADCAST_TENSORS = signature<Tensors>('broadcast_tensors', '*tensors: Tensor|Tensor[]');

/**
 * Expands tensors to their common shape. Mirrors `torch.broadcast_tensors`.
 *
 * @param tensors - one by one or as an array
 * @returns views of the tensors
 * @throws Error when the shapes do not broadcast
 * @example
 * ```ts
 * const [a, b] = torch.broadcast_tensors(torch.arange(3).view(1, 3), torch.arange(2).view(2, 1));
 * print(a, b);
 * ```
 * ```python
 * a, b = torch.broadcast_tensors(torch.arange(3).view(1, 3), torch.arange(2).view(2, 1))
 * print(a, b)
 * ```
 */
export function broadcast_tensors<T extends readonly Tensor[]>(...tensors: T): EachOf<T>;
export function broadcast_tensors(...tensors: TensorsOrList): Tensor[];
export function broadcast_tensors(...args: unknown[]): Tensor[] {
  return ops.broadcast_tensors(listed(BROADCAST_TENSORS.read(args).tensors));
}

const BLOCK_DIAG = signature<Tensors>('block_diag', '*tensors: Tensor|Tensor[]');

/**
 * The block diagonal matrix of the given matrices. Mirrors `torch.block_diag`.
 *
 * @param tensors - of at most 2 dimensions, one by one or as an array; vectors count as rows
 * @throws Error for more than 2 dimensions
 * @example
 * ```ts
 * print(torch.block_diag(torch.ones(2, 1), torch.tensor([[0.5, 1.5]])));
 * ```
 * ```python
 * print(torch.block_diag(torch.ones(2, 1), torch.tensor([[0.5, 1.5]])))
 * ```
 */
export function block_diag(...tensors: TensorsOrList): Tensor;
export function block_diag(...args: unknown[]): Tensor {
  return ops.block_diag(listed(BLOCK_DIAG.read(args).tensors));
}

const CARTESIAN_PROD = signature<Tensors>('cartesian_prod', '*tensors: Tensor|Tensor[]');

/**
 * The Cartesian product of vectors, one combination per row. Mirrors `torch.cartesian_prod`.
 *
 * @param tensors - vectors, one by one or as an array
 * @returns a tensor of shape `(product of the sizes, number of vectors)`
 * @throws Error unless all are vectors
 * @example
 * ```ts
 * print(torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4])));
 * ```
 * ```python
 * print(torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4])))
 * ```
 */
export function cartesian_prod(...tensors: TensorsOrList): Tensor;
export function cartesian_prod(...args: unknown[]): Tensor {
  return ops.cartesian_prod(listed(CARTESIAN_PROD.read(args).tensors));
}

const CHAIN_MATMUL = signature<{ matrices: (Tensor | readonly Tensor[])[]; out?: Tensor | null }>(
  'chain_matmul',
  '*matrices: Tensor|Tensor[], out?: Tensor|None',
);

/**
 * The product of matrices, in the order of the lowest cost. Mirrors `torch.chain_matmul`, which is deprecated in
 * favor of `torch.linalg.multi_dot`.
 *
 * @param matrices - 2-D tensors, one by one or as an array
 * @param options - `out`: tensor to write the result into
 * @throws Error unless all are matrices whose sizes fit
 * @example
 * ```ts
 * print(torch.chain_matmul(torch.ones(1, 2), torch.ones(2, 3), torch.ones(3, 1)));
 * ```
 * ```python
 * print(torch.chain_matmul(torch.ones(1, 2), torch.ones(2, 3), torch.ones(3, 1)))
 * ```
 */
export function chain_matmul(...matrices: TensorsOrList): Tensor;
export function chain_matmul(...args: [...TensorsOrList, { out?: Tensor | null }]): Tensor;
export function chain_matmul(...args: unknown[]): Tensor {
  const { matrices, out = null } = CHAIN_MATMUL.read(args);
  return out === null ? op.chain_matmul(listed(matrices)) : op.chain_matmul(listed(matrices), { out });
}

const MESHGRID = signature<Tensors & { indexing?: string | null }>(
  'meshgrid',
  '*tensors: Tensor|Tensor[], indexing?: str|None',
);

/**
 * Coordinate grids from vectors. Mirrors `torch.meshgrid`.
 *
 * @param tensors - vectors or scalars, one by one or as an array
 * @param options - `indexing`: `'ij'` (the default) or `'xy'`, which swaps the first two dimensions
 * @returns a grid per vector
 * @throws Error when a tensor has more than 1 dimension, or the indexing is unknown
 * @example
 * ```ts
 * const [x, y] = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4, 5]), { indexing: 'xy' });
 * print(x, y);
 * ```
 * ```python
 * x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4, 5]), indexing='xy')
 * print(x, y)
 * ```
 */
export function meshgrid<T extends readonly Tensor[]>(...tensors: [...T, { indexing?: 'ij' | 'xy' | null }]): EachOf<T>;
export function meshgrid<T extends readonly Tensor[]>(...tensors: T): EachOf<T>;
export function meshgrid(...tensors: [...(Tensor | readonly Tensor[])[], { indexing?: 'ij' | 'xy' | null }]): Tensor[];
export function meshgrid(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function meshgrid(...args: unknown[]): Tensor[] {
  const { tensors, indexing = null } = MESHGRID.read(args);
  return indexing === null ? ops.meshgrid(listed(tensors)) : ops.meshgrid(listed(tensors), { indexing });
}

const BROADCAST_SHAPES = signature<{ shapes: (number | readonly number[])[] }>(
  'broadcast_shapes',
  '*shapes: int|int[]',
);

/**
 * The shape that shapes broadcast to. Mirrors `torch.broadcast_shapes`.
 *
 * @param shapes - arrays of sizes, or single sizes
 * @throws Error when they do not broadcast
 * @example
 * ```ts
 * print(torch.broadcast_shapes([2, 1], [1, 3], [3]));
 * ```
 * ```python
 * print(torch.broadcast_shapes((2, 1), (1, 3), (3,)))
 * ```
 */
export function broadcast_shapes(...shapes: (number | readonly number[])[]): Size;
export function broadcast_shapes(...args: unknown[]): Size {
  const lists = BROADCAST_SHAPES.read(args).shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape));
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
    if (dims.length !== 2)
      throw new Error(`tensordot expects dims to be int or two lists of ints, but got ${kind_of(dims)}`);
    const [first, second] = dims.map((list) => (typeof list === 'number' ? [list] : list));
    return [first as number[], second as number[]];
  }
  if (dims < 0) throw new Error(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a.dim(), b.dim())) {
    throw new Error(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  const count = Array.from({ length: dims }, (_, i) => i);
  return [count.map((i) => i - dims), count];
}

define_kind(
  'dims',
  'int, Tensor or two lists of ints',
  (value) =>
    Number.isInteger(value) ||
    value instanceof Tensor ||
    (Array.isArray(value) &&
      value.every(
        (list) => Number.isInteger(list) || (Array.isArray(list) && list.every((dim) => Number.isInteger(dim))),
      )),
);

interface TensordotOptions {
  a: Tensor;
  b: Tensor;
  dims?: Dims;
  out?: Tensor | null;
}

const TENSORDOT = signature<TensordotOptions>('tensordot', 'a: Tensor, b: Tensor, dims?: dims, out?: Tensor|None');

/**
 * Contracts several dimensions of two tensors: sums of products over the last `dims` of `a` and the first of `b`, or
 * over listed ones. Mirrors `torch.tensordot`.
 *
 * @param a - of any shape
 * @param b - of any shape
 * @param dims - number of dimensions, or a list of dimensions per tensor; default 2
 * @param out - tensor to write the result into; default null
 * @throws Error when the sizes of contracted dimensions differ
 * @example
 * ```ts
 * const [a, b] = [torch.arange(6).view(2, 3), torch.arange(6).view(3, 2)];
 * print(torch.tensordot(a, b, 1));
 * print(torch.tensordot(a, b, { dims: [[0], [1]] }));
 * ```
 * ```python
 * a, b = torch.arange(6).view(2, 3), torch.arange(6).view(3, 2)
 * print(torch.tensordot(a, b, 1))
 * print(torch.tensordot(a, b, dims=([0], [1])))
 * ```
 */
export function tensordot(a: Tensor, b: Tensor, dims?: Dims, out?: Tensor | null): Tensor;
export function tensordot(
  ...args: Tail<[a: Tensor, b: Tensor, dims?: Dims, out?: Tensor | null], TensordotOptions, ['a', 'b', 'dims', 'out']>
): Tensor;
export function tensordot(...args: unknown[]): Tensor {
  const { a, b, dims = 2, out = null } = TENSORDOT.read(args);
  const [first, second] = dims_of(dims, a, b);
  return out === null ? op.tensordot(a, b, first, second) : op.tensordot(a, b, first, second, { out });
}

interface NonzeroOptions {
  as_tuple?: boolean;
  out?: Tensor | null;
}

const NONZERO = signature<Input & NonzeroOptions>(
  'nonzero',
  'input/x/a/x1: Tensor, *, as_tuple?: bool, out?: Tensor|None',
);

/**
 * The indices of nonzero elements. Mirrors `torch.nonzero`.
 *
 * @param input - of any shape
 * @param options - `as_tuple`: return a 1-D tensor per dimension (default false); `out`: tensor to write the result
 * into
 * @returns an int64 tensor of shape `(number of nonzeros, dimensions)`, or one tensor per dimension
 * @throws Error for `out` with `as_tuple`
 * @example
 * ```ts
 * const x = torch.tensor([[0, 2], [3, 0]]);
 * print(torch.nonzero(x));
 * const [rows, columns] = torch.nonzero(x, { as_tuple: true });
 * print(rows, columns);
 * ```
 * ```python
 * x = torch.tensor([[0, 2], [3, 0]])
 * print(torch.nonzero(x))
 * rows, columns = torch.nonzero(x, as_tuple=True)
 * print(rows, columns)
 * ```
 */
export function nonzero(input: Tensor | (Input & { as_tuple?: false; out?: Tensor | null })): Tensor;
export function nonzero(input: Tensor, options?: { as_tuple?: false; out?: Tensor | null }): Tensor;
export function nonzero(input: Tensor, options: { as_tuple: boolean }): Tensor[];
export function nonzero(options: Input & { as_tuple: boolean }): Tensor[];
export function nonzero(...args: unknown[]): Tensor | Tensor[] {
  const { input, as_tuple = false, out = null } = NONZERO.read(args);
  if (!as_tuple) return out === null ? ops.nonzero(input) : ops.nonzero(input, { out });
  if (out !== null) throw new Error('nonzero does not support the out kwarg when as_tuple is True');
  return input.nonzero({ as_tuple });
}

const UNIQUE_CONSECUTIVE = signature<Input & UniqueConsecutiveOptions>(
  'unique_consecutive',
  'input: Tensor, return_inverse?: bool, return_counts?: bool, dim?: int|None',
);

/**
 * Removes elements equal to the one before them. Mirrors `torch.unique_consecutive`.
 *
 * @param input - of any shape and dtype
 * @param return_inverse - also return where each element of the input is among the results; default false
 * @param return_counts - also return the length of each run; default false
 * @param dim - compare slices along this dimension; default null, the flattened input
 * @returns the elements, or an array of them and what else was asked for
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const [values, counts] = torch.unique_consecutive(torch.tensor([1, 1, 2, 1]), { return_counts: true });
 * print(values, counts);
 * ```
 * ```python
 * values, counts = torch.unique_consecutive(torch.tensor([1, 1, 2, 1]), return_counts=True)
 * print(values, counts)
 * ```
 */
export function unique_consecutive(
  input: Tensor,
  options?: UniqueConsecutiveOptions & { return_inverse?: false; return_counts?: false },
): Tensor;
export function unique_consecutive(input: Tensor, options: UniqueConsecutiveOptions): Tensor[];
export function unique_consecutive(
  ...args: Tail<
    [input: Tensor, ...UniqueConsecutiveArguments],
    Input & UniqueConsecutiveOptions,
    ['input', 'return_inverse', 'return_counts', 'dim']
  >
): Tensor | Tensor[];
export function unique_consecutive(...args: unknown[]): Tensor | Tensor[] {
  const { input, ...options } = UNIQUE_CONSECUTIVE.read(args);
  return unique_consecutive_of(input, options);
}

const GET_DEVICE = signature<Input>('get_device', 'input: Tensor');

/**
 * The index of the device of a tensor, -1 for the CPU. Mirrors `torch.get_device`.
 *
 * @param input - of any shape and dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.get_device(torch.ones(1)));
 * ```
 * ```python
 * print(torch.get_device(torch.ones(1)))
 * ```
 */
export function get_device(input: Tensor | Input): number;
export function get_device(...args: unknown[]): number {
  return GET_DEVICE.read(args).input.get_device();
}

type Operator = (...args: unknown[]) => Tensor;

// Products of sparse matrices under their old names.
const products = {
  dsmm: operator_as('dsmm', 'aten::mm', '', 'out') as Operator,
  spmm: operator_as('spmm', 'aten::mm', '', 'out') as Operator,
  hsmm: operator_as('hsmm', 'aten::hspmm', '', 'out') as Operator,
  saddmm: operator_as('saddmm', 'aten::sspaddmm', '', 'out') as Operator,
};

/**
 * The matrix product of a dense or sparse matrix with a dense one: `mm`. Mirrors `torch.dsmm`.
 * @example
 * ```ts
 * print(torch.dsmm(torch.eye(2).to_sparse(), torch.ones(2, 1)));
 * ```
 * ```python
 * print(torch.dsmm(torch.eye(2).to_sparse(), torch.ones(2, 1)))
 * ```
 */
export function dsmm(input: Tensor, mat2: Tensor, options?: { out?: Tensor | null }): Tensor;
export function dsmm(input: Tensor, mat2: Tensor, out_dtype: DType, options?: { out?: Tensor | null }): Tensor;
export function dsmm(input: Tensor, mat2: Tensor, options: { out_dtype: DType; out?: Tensor | null }): Tensor;
export function dsmm(input: Tensor, options: { mat2: Tensor; out_dtype?: DType; out?: Tensor | null }): Tensor;
export function dsmm(options: Named<{ input: Tensor; mat2: Tensor; out_dtype?: DType; out?: Tensor | null }>): Tensor;
export function dsmm(...args: unknown[]): Tensor {
  return products.dsmm(...args);
}
/**
 * The matrix product of a sparse matrix with a dense one: `mm`. Mirrors `torch.spmm`.
 * @example
 * ```ts
 * print(torch.spmm(torch.eye(2).to_sparse(), torch.ones(2, 1)));
 * ```
 * ```python
 * print(torch.spmm(torch.eye(2).to_sparse(), torch.ones(2, 1)))
 * ```
 */
export function spmm(input: Tensor, mat2: Tensor, options?: { out?: Tensor | null }): Tensor;
export function spmm(input: Tensor, mat2: Tensor, out_dtype: DType, options?: { out?: Tensor | null }): Tensor;
export function spmm(input: Tensor, mat2: Tensor, options: { out_dtype: DType; out?: Tensor | null }): Tensor;
export function spmm(input: Tensor, options: { mat2: Tensor; out_dtype?: DType; out?: Tensor | null }): Tensor;
export function spmm(options: Named<{ input: Tensor; mat2: Tensor; out_dtype?: DType; out?: Tensor | null }>): Tensor;
export function spmm(...args: unknown[]): Tensor {
  return products.spmm(...args);
}
/**
 * The matrix product of a sparse matrix with a dense one, as a hybrid sparse matrix: `hspmm`. Mirrors `torch.hsmm`.
 * @example
 * ```ts
 * print(torch.hsmm(torch.eye(2).to_sparse(), torch.ones(2, 1)).to_dense());
 * ```
 * ```python
 * print(torch.hsmm(torch.eye(2).to_sparse(), torch.ones(2, 1)).to_dense())
 * ```
 */
export function hsmm(mat1: Tensor, mat2: Tensor, options?: { out?: Tensor | null }): Tensor;
export function hsmm(mat1: Tensor, options: { mat2: Tensor; out?: Tensor | null }): Tensor;
export function hsmm(options: { mat1: Tensor; mat2: Tensor; out?: Tensor | null }): Tensor;
export function hsmm(...args: unknown[]): Tensor {
  return products.hsmm(...args);
}
/**
 * A sparse matrix plus the product of a sparse and a dense one: `sspaddmm`. Mirrors `torch.saddmm`.
 * @example
 * ```ts
 * const a = torch.eye(2).to_sparse();
 * print(torch.saddmm(a, a, torch.ones(2, 2)).to_dense());
 * ```
 * ```python
 * a = torch.eye(2).to_sparse()
 * print(torch.saddmm(a, a, torch.ones(2, 2)).to_dense())
 * ```
 */
export function saddmm(
  input: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  options?: { beta?: Scalar; alpha?: Scalar; out?: Tensor | null },
): Tensor;
export function saddmm(
  input: Tensor,
  mat1: Tensor,
  options: { mat2: Tensor; beta?: Scalar; alpha?: Scalar; out?: Tensor | null },
): Tensor;
export function saddmm(
  input: Tensor,
  options: { mat1: Tensor; mat2: Tensor; beta?: Scalar; alpha?: Scalar; out?: Tensor | null },
): Tensor;
export function saddmm(
  options: Named<{ input: Tensor; mat1: Tensor; mat2: Tensor; beta?: Scalar; alpha?: Scalar; out?: Tensor | null }>,
): Tensor;
export function saddmm(...args: unknown[]): Tensor {
  return products.saddmm(...args);
}

interface LuOptions {
  A: Tensor;
  pivot?: boolean;
  get_infos?: boolean;
  out?: readonly Tensor[] | null;
}

const LU = signature<LuOptions>('lu', 'A: Tensor, pivot?: bool, get_infos?: bool, out?: Tensor[]|None');

/**
 * The LU factorization with pivoting, in compact form. Mirrors `torch.lu`, which is deprecated in favor of
 * `torch.linalg.lu_factor`.
 *
 * @param A - matrices `(*, m, n)`, floating point or complex
 * @param pivot - pivot rows; default true
 * @param get_infos - also return a tensor that is not 0 where a factorization failed; default false
 * @param out - tensors to write the results into; default null
 * @returns the factors in one matrix, and the pivots (int32)
 * @throws Error when a factorization fails and `get_infos` is false
 * @example
 * ```ts
 * const [LU, pivots] = torch.lu(torch.tensor([[0.5, 2], [1, 3]]));
 * print(LU, pivots);
 * ```
 * ```python
 * LU, pivots = torch.lu(torch.tensor([[0.5, 2], [1, 3]]))
 * print(LU, pivots)
 * ```
 */
export function lu(A: Tensor, pivot?: boolean, get_infos?: boolean, out?: readonly Tensor[] | null): Tensor[];
export function lu(
  ...args: Tail<
    [A: Tensor, pivot?: boolean, get_infos?: boolean, out?: readonly Tensor[] | null],
    LuOptions,
    ['A', 'pivot', 'get_infos', 'out']
  >
): Tensor[];
export function lu(...args: unknown[]): Tensor[] {
  const { A, pivot = true, get_infos = false, out = null } = LU.read(args);
  const results = A.lu(pivot, get_infos);
  if (out === null) return results;
  if (out.length - (get_infos ? 1 : 0) !== 2) {
    throw new TypeError(`expected tuple of ${get_infos ? 3 : 2} elements but got ${out.length}`);
  }
  return results.map((result, i) => out[i]!.resize_as_(result).copy_(result));
}

define_kind('shape', 'int or sequence of ints', (value) =>
  [value].flat().every((size) => typeof size === 'bigint' || Number.isSafeInteger(size)),
);

type Shape = number | bigint | readonly (number | bigint)[];

const UNRAVEL_INDEX = signature<{ indices: Tensor; shape: Shape }>('unravel_index', 'indices: Tensor, shape: shape');

/**
 * Converts flat indices into indices per dimension. Mirrors `torch.unravel_index`.
 *
 * @param indices - integers, of any shape
 * @param shape - the shape of the tensor that they refer to
 * @returns an int64 tensor per dimension
 * @throws TypeError unless the indices are integers
 * @throws Error when a size is negative
 * @example
 * ```ts
 * const [row, column] = torch.unravel_index(torch.tensor([1, 5]), [2, 3]);
 * print(row, column);
 * ```
 * ```python
 * row, column = torch.unravel_index(torch.tensor([1, 5]), [2, 3])
 * print(row, column)
 * ```
 */
export function unravel_index(indices: Tensor, shape: Shape): Tensor[];
export function unravel_index(
  ...args: Tail<[indices: Tensor, shape: Shape], { indices: Tensor; shape: Shape }, ['indices', 'shape']>
): Tensor[];
export function unravel_index(...args: unknown[]): Tensor[] {
  const { indices, shape } = UNRAVEL_INDEX.read(args);
  const { dtype } = indices;
  if (dtype.is_floating_point || dtype.is_complex || dtype.name === 'bool') {
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${String(dtype)}`);
  }
  const sizes = [shape].flat().map((size) => {
    if (size < 0) throw new Error(`'shape' cannot have negative values, but got (${[shape].flat().join(', ')})`);
    return BigInt(size);
  });
  return sizes.map((size, dim) => {
    // As int64 does, where the product of very large sizes wraps around.
    const below = BigInt.asIntN(
      64,
      sizes.slice(dim + 1).reduce((product, other) => product * other, 1n),
    );
    return ops.remainder(indices.div(below, { rounding_mode: 'floor' }), size);
  });
}

const compute_modes = new Map([
  ['use_mm_for_euclid_dist_if_necessary', null],
  ['use_mm_for_euclid_dist', 1],
  ['donot_use_mm_for_euclid_dist', 2],
]);

interface CdistOptions {
  x1: Tensor;
  x2: Tensor;
  p?: number;
  compute_mode?: string;
}

const CDIST = signature<CdistOptions>('cdist', 'x1: Tensor, x2: Tensor, p?: float, compute_mode?: str');

/**
 * The p-norm distances between all rows of two batches of matrices. Mirrors `torch.cdist`.
 *
 * @param x1 - of shape `(B, P, M)`
 * @param x2 - of shape `(B, R, M)`
 * @param p - order of the norm; default 2
 * @param compute_mode - `'use_mm_for_euclid_dist_if_necessary'` (the default: by a matrix product when P or R > 25),
 * `'use_mm_for_euclid_dist'` or `'donot_use_mm_for_euclid_dist'`
 * @returns a tensor of shape `(B, P, R)`
 * @throws Error for an unknown `compute_mode`
 * @example
 * ```ts
 * print(torch.cdist(torch.tensor([[0, 0], [1.5, 0]]), torch.tensor([[1.5, 2]])));
 * ```
 * ```python
 * print(torch.cdist(torch.tensor([[0, 0], [1.5, 0]]), torch.tensor([[1.5, 2]])))
 * ```
 */
export function cdist(x1: Tensor, x2: Tensor, p?: number, compute_mode?: string): Tensor;
export function cdist(
  ...args: Tail<
    [x1: Tensor, x2: Tensor, p?: number, compute_mode?: string],
    CdistOptions,
    ['x1', 'x2', 'p', 'compute_mode']
  >
): Tensor;
export function cdist(...args: unknown[]): Tensor {
  const { x1, x2, p = 2, compute_mode = 'use_mm_for_euclid_dist_if_necessary' } = CDIST.read(args);
  const mode = compute_modes.get(compute_mode);
  if (mode === undefined) throw new Error(`${text_or_kind(compute_mode)} is not a valid value for compute_mode`);
  return ops.cdist(x1, x2, p, mode);
}

const ATLEAST = {
  atleast_1d: signature<Tensors>('atleast_1d', '*tensors: Tensor|Tensor[]'),
  atleast_2d: signature<Tensors>('atleast_2d', '*tensors: Tensor|Tensor[]'),
  atleast_3d: signature<Tensors>('atleast_3d', '*tensors: Tensor|Tensor[]'),
};

function map_tensors(
  callee: keyof typeof ATLEAST,
  args: readonly unknown[],
  apply: (tensor: Tensor) => Tensor,
): Tensor | Tensor[] {
  const { tensors } = ATLEAST[callee].read(args);
  const results = listed(tensors).map(apply);
  return tensors.length === 1 && !Array.isArray(tensors[0]) ? results[0]! : results;
}

/**
 * Views of at least one dimension. Mirrors `torch.atleast_1d`.
 *
 * @param tensors - one tensor, several, or an array
 * @returns a view of one tensor, or an array of views
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.atleast_1d(torch.tensor(0.5)));
 * print(torch.atleast_1d(torch.tensor([1, 2])));
 * ```
 * ```python
 * print(torch.atleast_1d(torch.tensor(0.5)))
 * print(torch.atleast_1d(torch.tensor([1, 2])))
 * ```
 */
export function atleast_1d(tensor: Tensor): Tensor;
export function atleast_1d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_1d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_1d(...args: unknown[]): Tensor | Tensor[] {
  return map_tensors('atleast_1d', args, (x) => (x.dim() === 0 ? x.reshape(1) : x));
}

/**
 * Views of at least two dimensions. Mirrors `torch.atleast_2d`.
 *
 * @param tensors - one tensor, several, or an array
 * @returns a view of one tensor, or an array of views
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.atleast_2d(torch.tensor(0.5)));
 * print(torch.atleast_2d(torch.tensor([1, 2])));
 * ```
 * ```python
 * print(torch.atleast_2d(torch.tensor(0.5)))
 * print(torch.atleast_2d(torch.tensor([1, 2])))
 * ```
 */
export function atleast_2d(tensor: Tensor): Tensor;
export function atleast_2d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_2d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_2d(...args: unknown[]): Tensor | Tensor[] {
  return map_tensors('atleast_2d', args, (x) => (x.dim() === 0 ? x.reshape(1, 1) : x.dim() === 1 ? x.unsqueeze(0) : x));
}

/**
 * Views of at least three dimensions. Mirrors `torch.atleast_3d`.
 *
 * @param tensors - one tensor, several, or an array
 * @returns a view of one tensor, or an array of views
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.atleast_3d(torch.tensor(0.5)));
 * print(torch.atleast_3d(torch.tensor([1, 2])));
 * ```
 * ```python
 * print(torch.atleast_3d(torch.tensor(0.5)))
 * print(torch.atleast_3d(torch.tensor([1, 2])))
 * ```
 */
export function atleast_3d(tensor: Tensor): Tensor;
export function atleast_3d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_3d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_3d(...args: unknown[]): Tensor | Tensor[] {
  return map_tensors('atleast_3d', args, (x) => {
    if (x.dim() === 0) return x.reshape(1, 1, 1);
    if (x.dim() === 1) return x.unsqueeze(0).unsqueeze(-1);
    return x.dim() === 2 ? x.unsqueeze(-1) : x;
  });
}

interface ResultTypeOptions {
  tensor1: Tensor | Scalar;
  tensor2: Tensor | Scalar;
}

const RESULT_TYPE = signature<ResultTypeOptions>('result_type', 'tensor1: Tensor|Number, tensor2: Tensor|Number');

/**
 * The dtype of an arithmetic operation on two values. Mirrors `torch.result_type`.
 *
 * @param tensor1 - a Tensor or number
 * @param tensor2 - a Tensor or number
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.result_type(torch.tensor([1]), 1.5));
 * ```
 * ```python
 * print(torch.result_type(torch.tensor([1]), 1.5))
 * ```
 */
export function result_type(tensor1: Tensor | Scalar, tensor2: Tensor | Scalar): DType;
export function result_type(
  ...args: Tail<[tensor1: Tensor | Scalar, tensor2: Tensor | Scalar], ResultTypeOptions, ['tensor1', 'tensor2']>
): DType;
export function result_type(...args: unknown[]): DType {
  const { tensor1, tensor2 } = RESULT_TYPE.read(args);
  return dtype_of(op.result_type(tensor1, tensor2));
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
