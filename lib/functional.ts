/** Functions of `torch` that Python writes by hand on top of the operators. */
import { operator, operator_as } from './_C/dispatch.js';
import { dtype_of, type DType } from './types/dtype.js';
import * as ops from './generated/functions.js';
import { shown } from './_internal/representation.js';
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

/** Whether a value is a tensor; mirrors `torch.is_tensor`. */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** The old-style type name; mirrors `torch.typename`. */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

const NUMEL = signature<Input>('numel', 'input: Tensor');

/** The number of elements; mirrors `torch.numel`. */
export function numel(input: Tensor | Input): number;
export function numel(...args: unknown[]): number {
  return NUMEL.read(args).input.numel();
}

const IS_FLOATING_POINT = signature<Input>('is_floating_point', 'input: Tensor');

/** Whether the dtype is a float: float16, bfloat16, float32 or float64; mirrors `torch.is_floating_point`. */
export function is_floating_point(input: Tensor | Input): boolean;
export function is_floating_point(...args: unknown[]): boolean {
  return IS_FLOATING_POINT.read(args).input.dtype.is_floating_point;
}

const IS_COMPLEX = signature<Input>('is_complex', 'input: Tensor');

/** Whether the dtype is complex; mirrors `torch.is_complex`. */
export function is_complex(input: Tensor | Input): boolean;
export function is_complex(...args: unknown[]): boolean {
  return IS_COMPLEX.read(args).input.dtype.is_complex;
}

const IS_NONZERO = signature<Input>('is_nonzero', 'input: Tensor');

/** Whether the only element is not zero; mirrors `torch.is_nonzero`. @throws Error unless there is one element */
export function is_nonzero(input: Tensor | Input): boolean;
export function is_nonzero(...args: unknown[]): boolean {
  const { input } = IS_NONZERO.read(args);
  const count = input.numel();
  if (count !== 1)
    throw new Error(`Boolean value of Tensor with ${count === 0 ? 'no values' : 'more than one value'} is ambiguous`);
  return input.ne(0).item<boolean>();
}

const T = signature<Input>('t', 'input: Tensor');

/** The transpose of a matrix as a view, a vector or element itself; mirrors `torch.t`. @throws Error above 2 dimensions */
export function t(input: Tensor | Input): Tensor;
export function t(...args: unknown[]): Tensor {
  return op.t(T.read(args).input);
}

/** A tensor for each element of a list, whose length TypeScript knows when it is written out. */
export type EachOf<L extends readonly unknown[]> = { -readonly [I in keyof L]: Tensor };

interface SplitOptions {
  tensor: Tensor;
  split_size_or_sections: number | readonly number[];
  dim?: number;
}

const SPLIT = signature<SplitOptions>('split', 'tensor: Tensor, split_size_or_sections: int|int[], dim?: int');

/**
 * Views of a size, of which the last may be smaller, or of given sizes, along a dimension; mirrors `torch.split`.
 * @throws Error when the sizes do not add up
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
 * The different elements in ascending order, or slices with `dim`; mirrors `torch.unique`. With `return_inverse` or
 * `return_counts`, a list: the elements (n), where each element of the input is among them, and how often each occurs,
 * both int64.
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
 * A norm of order `p` of all elements or over `dim`, or the nuclear norm of matrices with 'nuc'; mirrors `torch.norm`.
 * `linalg.vector_norm` and `linalg.matrix_norm` say more clearly which of both is meant.
 */
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
 * Sums products of tensors as the equation says; mirrors `torch.einsum`. Operands follow one by one or as a list; or each
 * is followed by the list of its dimensions' numbers, with the result's at the end: `einsum(a, [0, 1], b, [1, 2], [0, 2])`.
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

/** The tensors expanded to one common shape; mirrors `torch.broadcast_tensors`. @throws Error when there is none */
export function broadcast_tensors<T extends readonly Tensor[]>(...tensors: T): EachOf<T>;
export function broadcast_tensors(...tensors: TensorsOrList): Tensor[];
export function broadcast_tensors(...args: unknown[]): Tensor[] {
  return ops.broadcast_tensors(listed(BROADCAST_TENSORS.read(args).tensors));
}

const BLOCK_DIAG = signature<Tensors>('block_diag', '*tensors: Tensor|Tensor[]');

/**
 * The matrices along the diagonal of one matrix, zeros elsewhere; mirrors `torch.block_diag`. Vectors count as rows.
 * @throws Error for more than two dimensions
 */
export function block_diag(...tensors: TensorsOrList): Tensor;
export function block_diag(...args: unknown[]): Tensor {
  return ops.block_diag(listed(BLOCK_DIAG.read(args).tensors));
}

const CARTESIAN_PROD = signature<Tensors>('cartesian_prod', '*tensors: Tensor|Tensor[]');

/**
 * All combinations of the elements of vectors, one a row: (product of the sizes, number of vectors). Mirrors
 * `torch.cartesian_prod`. @throws Error unless all are vectors
 */
export function cartesian_prod(...tensors: TensorsOrList): Tensor;
export function cartesian_prod(...args: unknown[]): Tensor {
  return ops.cartesian_prod(listed(CARTESIAN_PROD.read(args).tensors));
}

const CHAIN_MATMUL = signature<{ matrices: (Tensor | readonly Tensor[])[]; out?: Tensor | null }>(
  'chain_matmul',
  '*matrices: Tensor|Tensor[], out?: Tensor|None',
);

/** The product of matrices in the cheapest order; mirrors `torch.chain_matmul`. @throws Error unless all are matrices */
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
 * Coordinates of a grid from vectors, which come one by one or as a list; mirrors `torch.meshgrid`. A trailing object
 * says how they are laid out: `{ indexing: 'xy' }`, or `'ij'`, which is the default.
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

/** The shape to which shapes broadcast; mirrors `torch.broadcast_shapes`. @throws Error when there is none */
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
 * Sums products over several dimensions: the last `dims` of `a` with the first of `b`, or those listed. Mirrors
 * `torch.tensordot`.
 * @param args - `a`, `b`, `dims` (how many, or a list for each tensor; default 2), `out`
 */
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
 * The indices of the elements that are not zero: one row each, or with `as_tuple` a tensor for each dimension. Mirrors
 * `torch.nonzero`.
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
 * Without the elements that equal the one before them; mirrors `torch.unique_consecutive`. With `return_inverse` or
 * `return_counts`, a list of results.
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

/** The number of the device that a tensor lives on, -1 for the CPU; mirrors `torch.get_device`. */
export function get_device(input: Tensor | Input): number;
export function get_device(...args: unknown[]): number {
  return GET_DEVICE.read(args).input.get_device();
}

/** Mirrors `torch.dsmm`: `mm`. */
export const dsmm = operator_as('dsmm', 'aten::mm', '', 'out') as typeof ops.mm;
/** Mirrors `torch.spmm`: `mm`. */
export const spmm = operator_as('spmm', 'aten::mm', '', 'out') as typeof ops.mm;
/** Mirrors `torch.hsmm`: `hspmm`. */
export const hsmm = operator_as('hsmm', 'aten::hspmm', '', 'out') as typeof ops.hspmm;
/** Mirrors `torch.saddmm`: `sspaddmm`. */
export const saddmm = operator_as('saddmm', 'aten::sspaddmm', '', 'out') as typeof ops.sspaddmm;

interface LuOptions {
  A: Tensor;
  pivot?: boolean;
  get_infos?: boolean;
  out?: readonly Tensor[] | null;
}

const LU = signature<LuOptions>('lu', 'A: Tensor, pivot?: bool, get_infos?: bool, out?: Tensor[]|None');

/**
 * The LU factors in one matrix, and the pivots; mirrors `torch.lu`.
 * @param args - `A`, `pivot` (default true), `get_infos`, which adds a tensor that is not 0 where a matrix could not be
 * factored, `out`, tensors to write the results into
 * @throws Error when a matrix cannot be factored and `get_infos` is false
 */
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
 * The indices in each dimension of a tensor of some shape, from indices into it when it is flat; mirrors
 * `torch.unravel_index`.
 * @throws TypeError unless the indices are integers; Error when one is out of range
 */
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
 * The p-norm distance of each row of `x1` to each row of `x2`; mirrors `torch.cdist`.
 * @param args - `x1` (B, P, M), `x2` (B, R, M), `p` (default 2), `compute_mode`; the result is (B, P, R)
 * @throws Error for an unknown `compute_mode`
 */
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
  if (mode === undefined) throw new Error(`${shown(compute_mode)} is not a valid value for compute_mode`);
  return ops.cdist(x1, x2, p, mode);
}

const ATLEAST = {
  atleast_1d: signature<Tensors>('atleast_1d', '*tensors: Tensor|Tensor[]'),
  atleast_2d: signature<Tensors>('atleast_2d', '*tensors: Tensor|Tensor[]'),
  atleast_3d: signature<Tensors>('atleast_3d', '*tensors: Tensor|Tensor[]'),
};

function each(
  callee: keyof typeof ATLEAST,
  args: readonly unknown[],
  apply: (tensor: Tensor) => Tensor,
): Tensor | Tensor[] {
  const { tensors } = ATLEAST[callee].read(args);
  const results = listed(tensors).map(apply);
  return tensors.length === 1 && !Array.isArray(tensors[0]) ? results[0]! : results;
}

/** Views of at least one dimension, one tensor or a list as given; mirrors `torch.atleast_1d`. */
export function atleast_1d(tensor: Tensor): Tensor;
export function atleast_1d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_1d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_1d(...args: unknown[]): Tensor | Tensor[] {
  return each('atleast_1d', args, (x) => (x.dim() === 0 ? x.reshape(1) : x));
}

/** Views of at least two dimensions, one tensor or a list as given; mirrors `torch.atleast_2d`. */
export function atleast_2d(tensor: Tensor): Tensor;
export function atleast_2d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_2d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_2d(...args: unknown[]): Tensor | Tensor[] {
  return each('atleast_2d', args, (x) => (x.dim() === 0 ? x.reshape(1, 1) : x.dim() === 1 ? x.unsqueeze(0) : x));
}

/** Views of at least three dimensions, one tensor or a list as given; mirrors `torch.atleast_3d`. */
export function atleast_3d(tensor: Tensor): Tensor;
export function atleast_3d<T extends readonly [Tensor, Tensor, ...Tensor[]]>(...tensors: T): EachOf<T>;
export function atleast_3d(...tensors: (Tensor | readonly Tensor[])[]): Tensor[];
export function atleast_3d(...args: unknown[]): Tensor | Tensor[] {
  return each('atleast_3d', args, (x) => {
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

/** The dtype that an operator on these would have; mirrors `torch.result_type`. */
export function result_type(
  ...args: Tail<[tensor1: Tensor | Scalar, tensor2: Tensor | Scalar], ResultTypeOptions, ['tensor1', 'tensor2']>
): DType;
export function result_type(...args: unknown[]): DType {
  const { tensor1, tensor2 } = RESULT_TYPE.read(args);
  return dtype_of(op.result_type(tensor1, tensor2));
}
