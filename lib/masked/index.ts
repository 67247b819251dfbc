/**
 * Reductions and normalizations of those elements of a tensor that a mask selects. Mirrors `torch.masked`, for tensors.
 *
 * A mask is true where an element takes part. It broadcasts to the input, and may be of any dtype and of the layouts
 * strided, sparse COO and sparse CSR. Without one, all elements take part. Masked-out elements are replaced by a value
 * that does not change the result, so where no element is left, the result is that value, or NaN.
 */
import { scalar_tensor, tensor } from '../creation.js';
import {
  bool,
  complex128,
  complex32,
  complex64,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  sparse_coo,
  sparse_csr,
  strided,
  uint8,
  type DType,
} from '../types/dtype.js';
import * as ops from '../generated/functions.js';
import { vector_norm } from '../generated/linalg.js';
import type { Tail } from '../_internal/arguments.js';
import { Complex, type Scalar } from '../types/scalar.js';
import type { Tensor } from '../_tensor.js';
import { iinfo } from '../types/type_info.js';
import { signature, type Signature } from '../_internal/signature.js';

/** One dimension or several; null for all of them. */
export type Dims = number | readonly number[] | null;

/** The options of all masked operations. */
export interface MaskedOptions {
  /** Dtype of the result. Default null: that of the input, int64 for sums and products of shorter integers. */
  dtype?: DType | null;
  /** True where an element takes part; broadcasts to the input. Default null: all do. */
  mask?: Tensor | null;
}

/** The options of the reductions. */
export interface ReductionOptions<D extends Dims = Dims> extends MaskedOptions {
  /** Dimension or dimensions to reduce. Default null: all. */
  dim?: D;
  /** Keep the reduced dimensions with size 1. Default false. */
  keepdim?: boolean | null;
}

/** The options of {@link norm}. */
export interface NormOptions extends ReductionOptions {
  /** The order of the norm. Default 2. */
  ord?: number | null;
}

/** The options of {@link var} and {@link std}: `unbiased` or `correction`, not both. */
export interface VarianceOptions extends ReductionOptions {
  /** Divide by one less than the number of elements. Default true. */
  unbiased?: boolean | null;
  /** Number that is subtracted from the number of elements. Default null: 1. */
  correction?: number | null;
}

/** The options of operations along one dimension. */
export interface AlongOptions extends MaskedOptions {
  /** The dimension. */
  dim?: number;
}

/** The options of {@link normalize}. */
export interface NormalizeOptions extends AlongOptions {
  /** Order of the norm. */
  ord?: number;
  /** Lower bound of the divisor. Default 1e-12. */
  eps?: number;
}

/** The options of {@link logaddexp}. */
export interface LogaddexpOptions {
  dtype?: DType | null;
  /** Mask of `input`. Default null. */
  input_mask?: Tensor | null;
  /** Mask of `other`. Default null. */
  other_mask?: Tensor | null;
}

// ---- Arguments ----------------------------------------------------------------------------------

const COMMON = 'dtype?: dtype|None, mask?: Tensor|None';
const DIMS = 'dim?: int|int[]|None';

interface Input {
  input: Tensor;
}

type Named<O> = Signature<O & Input>;

const reduction_signature = (callee: string, dim = DIMS, keepdim = 'keepdim?: bool|None'): Named<ReductionOptions> =>
  signature(callee, `input: Tensor, ${dim}, *, ${keepdim}, ${COMMON}`);

const REDUCTIONS = Object.fromEntries(
  ['sum', 'prod', 'amax', 'amin', 'mean'].map((name) => [name, reduction_signature(name)]),
);
const LOGSUMEXP = reduction_signature('logsumexp');
const ARG_EXTREMES = {
  argmax: reduction_signature('argmax', 'dim?: int|None'),
  argmin: reduction_signature('argmin', 'dim?: int|None'),
};
const MEDIAN = reduction_signature('median', 'dim?: int') as Named<ReductionOptions<number>>;
const NORM: Named<NormOptions> = signature(
  'norm',
  `input: Tensor, ord?: float|None, ${DIMS}, *, keepdim?: bool|None, ${COMMON}`,
);
const variance_signature = (callee: string): Named<VarianceOptions> =>
  signature(
    callee,
    `input: Tensor, ${DIMS}, unbiased?: bool|None, *, correction?: float|None, keepdim?: bool|None, ${COMMON}`,
  );
const VARIANCES = { var: variance_signature('var'), std: variance_signature('std') };
const LOGADDEXP: Named<LogaddexpOptions & { other: Tensor }> = signature(
  'logaddexp',
  'input: Tensor, other: Tensor, *, dtype?: dtype|None, input_mask?: Tensor|None, other_mask?: Tensor|None',
);
const NORMALIZE: Named<NormalizeOptions & { ord: number; dim: number }> = signature(
  'normalize',
  `input: Tensor, ord: float, dim: int, *, eps?: float, ${COMMON}`,
);
const ALONG = Object.fromEntries(
  ['cumsum', 'cumprod', 'softmax', 'log_softmax', 'softmin'].map((name) => [
    name,
    signature<AlongOptions & Input & { dim: number }>(name, `input: Tensor, dim: int, *, ${COMMON}`),
  ]),
);

type ReductionTail<D extends Dims = Dims> = Tail<[dim: D], ReductionOptions<D>>;
type AlongTail = Tail<[dim: number], AlongOptions>;

interface Reduction {
  input: Tensor;
  dims: number[];
  keepdim: boolean;
  dtype: DType | null;
  mask: Tensor | null;
}

function reduction_of({ input, dim = null, keepdim, dtype = null, mask = null }: ReductionOptions & Input): Reduction {
  return { input, dims: canonical_dims(dim, input.ndim), keepdim: keepdim ?? false, dtype, mask };
}

/** The dimensions that are meant, without negative ones, in order. */
function canonical_dims(dim: Dims, ndim: number): number[] {
  if (dim === null || (typeof dim !== 'number' && dim.length === 0)) return Array.from({ length: ndim }, (_, i) => i);
  const rank = Math.max(ndim, 1);
  const dims: number[] = [];
  for (const d of typeof dim === 'number' ? [dim] : dim) {
    if (dims.includes(d)) throw new Error(`dim=${d} appears multiple times in the list of dims`);
    if (d >= rank || d < -rank) {
      throw new RangeError(`Dimension out of range (expected to be in range of [${-rank}, ${rank - 1}], but got ${d})`);
    }
    dims.push(d < 0 ? d + rank : d);
  }
  return dims.sort((a, b) => a - b);
}

function wrong_layout(name: string, layouts: string, found: Tensor): Error {
  return new Error(`masked ${name} expects ${layouts} tensor (got ${String(found.layout)} tensor)`);
}

function require_strided(name: string, found: Tensor): Tensor {
  if (found.layout !== strided) throw wrong_layout(name, 'strided', found);
  return found;
}

// ---- Masks --------------------------------------------------------------------------------------

/** A mask of the input's shape, whatever its layout. */
function broadcast_mask(mask: Tensor, input: Tensor): Tensor {
  if (String(mask.shape) === String(input.shape)) return mask;
  if (mask.ndim > input.ndim) {
    throw new RangeError('_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)');
  }
  if (mask.layout === strided) return ops.broadcast_to(mask, input.shape);
  if (mask.layout === sparse_coo) return ops._sparse_broadcast_to(mask, input.shape);
  return ops._sparse_broadcast_to(mask.to_sparse(), input.shape).to_sparse_csr();
}

function with_layout_of(input: Tensor, mask: Tensor): Tensor {
  if (mask.layout === input.layout) return mask;
  if (input.layout === strided) return mask.to_dense();
  if (input.layout === sparse_csr) return mask.to_sparse_csr();
  return mask.layout === strided ? mask.to_sparse(input.sparse_dim()) : mask.to_sparse();
}

/** The mask as bool, with the shape and the layout of the input; coalesced where it is sparse COO. */
function input_mask(input: Tensor, mask: Tensor): Tensor {
  if (![strided, sparse_coo, sparse_csr].includes(input.layout)) {
    throw new Error(`_input_mask expects strided or sparse COO or sparse CSR tensor but got ${String(input.layout)}`);
  }
  const fitting = with_layout_of(input, broadcast_mask(mask, input));
  return (fitting.layout === sparse_coo ? fitting.coalesce() : fitting).to({ dtype: bool });
}

/** The input, with what the mask leaves out replaced so that the operation does not notice it. */
function masked(operation: string, input: Tensor, mask: Tensor | null): Tensor {
  if (mask === null) return input;
  const chosen = input_mask(input, mask);
  const fill = identity(operation, input);
  if (chosen.layout === strided) return ops.where(chosen, input, fill);
  if (chosen.layout === sparse_coo) return sparse_where(chosen, input, fill);
  return sparse_where(chosen.to_sparse(), input.to_sparse(), fill).to_sparse_csr();
}

/**
 * `torch.where` for sparse COO tensors: just the masked-in elements are specified in the result, also those that are zero.
 * What the mask leaves out of the dense part is `fill`.
 */
function sparse_where(mask: Tensor, input: Tensor, fill: Tensor): Tensor {
  if (mask.dense_dim() !== input.dense_dim()) {
    throw new Error(`mask.dense_dim() must match input.dense_dim(): ${mask.dense_dim()} vs ${input.dense_dim()}`);
  }
  const chosen = mask.values().unsqueeze(-1).flatten(1).any(1).nonzero().squeeze(1);
  const indices = mask.indices().index_select(1, chosen);
  const within = mask.values().index_select(0, chosen);
  const pattern = ops.sparse_coo_tensor(indices, within, input.shape, { is_coalesced: true });
  const found = input.coalesce().sparse_mask(pattern);
  if (input.dense_dim() === 0) return found;
  const values = ops.where(within, found._values(), fill);
  return ops.sparse_coo_tensor(indices, values, input.shape, { is_coalesced: true });
}

// ---- Identities ---------------------------------------------------------------------------------

function limit(dtype: DType, infinity: number, end: 'min' | 'max'): Scalar | undefined {
  if (dtype.is_floating_point) return infinity;
  return dtype.is_signed || dtype === uint8 ? iinfo(dtype)[end] : undefined;
}

const least = (dtype: DType) => limit(dtype, -Infinity, 'min');
const greatest = (dtype: DType) => limit(dtype, Infinity, 'max');
const zero = () => 0;

/** The norm of order -inf is a minimum. */
const LEAST_NORM = 'norm of order -inf';

/** What an operation may meet any number of times without a change of its result. */
const identities: Record<string, (dtype: DType) => Scalar | undefined> = {
  sum: zero,
  prod: () => 1,
  norm: zero,
  median: () => NaN,
  amax: least,
  argmax: least,
  logaddexp: least,
  logsumexp: (dtype) => (dtype.is_complex ? new Complex(-Infinity, 0) : least(dtype)),
  amin: greatest,
  argmin: greatest,
  [LEAST_NORM]: (dtype) => (dtype.is_floating_point ? Infinity : undefined),
};

function identity(operation: string, input: Tensor): Tensor {
  const { dtype, device } = input;
  const value = identities[operation]?.(dtype);
  if (value === undefined) throw new Error(`identity of ${operation} on ${String(dtype)} input`);
  return scalar_tensor(value, { dtype, device });
}

// ---- Sums, products, extremes -------------------------------------------------------------------

type Reduce = (input: Tensor, dims: number[], keepdim: boolean, dtype: DType) => Tensor;

/** The reductions that have a sparse form, for strided tensors. */
const reductions: Record<'sum' | 'prod' | 'amax' | 'amin' | 'mean', Reduce> = {
  sum: (input, dims, keepdim, dtype) => ops.sum(input, dims, keepdim, { dtype }),
  prod: (input, dims, keepdim, dtype) =>
    dims.reduceRight((result, dim) => result.prod(dim, keepdim), input.to({ dtype })),
  amax: (input, dims, keepdim, dtype) => ops.amax(input, dims, keepdim).to({ dtype }),
  amin: (input, dims, keepdim, dtype) => ops.amin(input, dims, keepdim).to({ dtype }),
  mean: (input, dims, keepdim, dtype) => input.mean(dims, keepdim, { dtype }),
};

type ReductionName = keyof typeof reductions;

const short_integers = new Set([uint8, bool, int8, int16, int32]);

function accumulates(name: ReductionName): boolean {
  return name === 'sum' || name === 'prod';
}

/** Sums or extremes: all that the four public functions share. */
function masked_reduction(name: ReductionName, args: readonly unknown[]): Tensor {
  return REDUCTIONS[name]!.call(args, (read) => {
    const { input, dims, keepdim, dtype, mask } = reduction_of(read);
    const widened = dtype === null && accumulates(name) && short_integers.has(input.dtype);
    const type = dtype ?? (widened ? int64 : input.dtype);
    const chosen = masked(name, widened && input.layout === sparse_csr ? widened_csr(input) : input, mask);
    if (chosen.layout === strided) return reductions[name](chosen, dims, keepdim, type);
    if (chosen.layout !== sparse_coo && chosen.layout !== sparse_csr) {
      throw wrong_layout(name, 'strided, sparse_coo or sparse_csr', chosen);
    }
    if (name !== 'sum') require_mask(name, input, mask);
    return (chosen.layout === sparse_coo ? reduce_coo : reduce_csr)(name, chosen, dims, keepdim, type);
  });
}

/** CSR tensors do not change their dtype themselves. */
function widened_csr(input: Tensor): Tensor {
  return input.to_sparse().to({ dtype: int64 }).to_sparse_csr();
}

function require_mask(name: ReductionName, input: Tensor, mask: Tensor | null): void {
  if (mask === null) throw new Error(`masked ${name} expects explicit mask for ${input.layout.name} tensor input`);
}

/** Reduces the specified elements of a sparse COO tensor. */
function reduce_coo(name: ReductionName, input: Tensor, dims: number[], keepdim: boolean, dtype: DType): Tensor {
  const sparse_dim = input.sparse_dim();
  const of_values = dims.filter((dim) => dim >= sparse_dim).map((dim) => dim - sparse_dim + 1);
  const of_indices = dims.filter((dim) => dim < sparse_dim);
  let values = input._values().to({ dtype });
  if (of_values.length > 0) {
    if (name !== 'sum')
      throw new Error(`masked ${name} over dense dimensions of a sparse_coo tensor is not implemented`);
    values = values.sum(of_values, keepdim);
  }
  if (of_indices.length === sparse_dim) return reduce_values(name, values, keepdim ? sparse_dim : 0, dtype).to_sparse();
  const [indices, merged] = merge_values(name, remaining_indices(input, of_indices, keepdim), values);
  return ops.sparse_coo_tensor(indices, merged, reduced_shape(input.shape, dims, keepdim), {
    dtype,
    device: input.device,
  });
}

/** All values of a sparse tensor as one, with some dimensions of size 1 in front. */
function reduce_values(name: ReductionName, values: Tensor, leading: number, dtype: DType): Tensor {
  const nothing = values.size(0) === 0 && (name === 'amax' || name === 'amin');
  const result = nothing ? identity(name, values) : reductions[name](values, [0], false, dtype);
  return result.reshape([...new Array<number>(leading).fill(1), ...result.shape]);
}

function remaining_indices(input: Tensor, reduced_dims: readonly number[], keepdim: boolean): Tensor {
  const indices = input._indices();
  const rows = Array.from({ length: indices.size(0) }, (_, row) => row);
  const place = (list: readonly number[]) => tensor(list, { dtype: int64, device: input.device });
  if (keepdim) return indices.index_fill(0, place(reduced_dims), 0);
  return indices.index_select(0, place(rows.filter((row) => !reduced_dims.includes(row))));
}

/** Indices without doubles, and one value for each of them. */
function merge_values(name: ReductionName, indices: Tensor, values: Tensor): [indices: Tensor, values: Tensor] {
  if (indices.numel() === 0) return [indices, values];
  const [unique, inverse] = indices.unique({ return_inverse: true, dim: 1 }) as [Tensor, Tensor];
  const { dtype } = values;
  const source = dtype.is_floating_point && dtype.itemsize < 4 ? values.to({ dtype: float32 }) : values;
  const target = inverse.reshape([-1, ...new Array<number>(values.ndim - 1).fill(1)]).expand(values.shape);
  const start = source.new_zeros([unique.size(1), ...values.shape.slice(1)]);
  return [unique, start.scatter_reduce(0, target, source, name, { include_self: false }).to({ dtype })];
}

function reduced_shape(shape: readonly number[], dims: readonly number[], keepdim: boolean): number[] {
  return keepdim ? shape.map((size, i) => (dims.includes(i) ? 1 : size)) : shape.filter((_, i) => !dims.includes(i));
}

function reduce_csr(name: ReductionName, input: Tensor, dims: number[], keepdim: boolean, dtype: DType): Tensor {
  if (name === 'sum') return ops._sparse_csr_sum(input, dims, keepdim, { dtype });
  if (name === 'prod') return ops._sparse_csr_prod(input, dims, keepdim, { dtype });
  if (!keepdim) throw new Error('reduction operations on CSR tensors with keepdim=False is unsupported');
  return reduce_coo(name, input.to_sparse(), dims, keepdim, dtype).to_sparse_csr();
}

/**
 * The sum of the masked-in elements. Mirrors `torch.masked.sum`.
 *
 * @param input - strided, sparse COO or sparse CSR
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`, int64 for shorter integers; 0 where no element is left
 * @throws RangeError for a dimension out of range, or a mask with more dimensions than the input
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.sum(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.sum(x, 1, mask=mask))
 * ```
 */
export function sum(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function sum(input: Tensor, ...options: ReductionTail): Tensor;
export function sum(options: ReductionOptions & Input): Tensor;
export function sum(...args: unknown[]): Tensor {
  return masked_reduction('sum', args);
}

/**
 * The product of the masked-in elements. Mirrors `torch.masked.prod`.
 *
 * @param input - strided, sparse COO or sparse CSR
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`, int64 for shorter integers; 1 where no element is left
 * @throws Error for a sparse tensor without a mask
 * @throws RangeError for a dimension out of range, or a mask with more dimensions than the input
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.prod(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.prod(x, 1, mask=mask))
 * ```
 */
export function prod(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function prod(input: Tensor, ...options: ReductionTail): Tensor;
export function prod(options: ReductionOptions & Input): Tensor;
export function prod(...args: unknown[]): Tensor {
  return masked_reduction('prod', args);
}

/**
 * The maximum of the masked-in elements. Mirrors `torch.masked.amax`.
 *
 * @param input - strided, sparse COO or sparse CSR
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`; its lowest value where no element is left
 * @throws Error for a sparse tensor without a mask, and for bool and unsigned types except uint8
 * @throws RangeError for a dimension out of range, or a mask with more dimensions than the input
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.amax(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.amax(x, 1, mask=mask))
 * ```
 */
export function amax(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function amax(input: Tensor, ...options: ReductionTail): Tensor;
export function amax(options: ReductionOptions & Input): Tensor;
export function amax(...args: unknown[]): Tensor {
  return masked_reduction('amax', args);
}

/**
 * The minimum of the masked-in elements. Mirrors `torch.masked.amin`.
 *
 * @param input - strided, sparse COO or sparse CSR
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`; its highest value where no element is left
 * @throws Error for a sparse tensor without a mask, and for bool and unsigned types except uint8
 * @throws RangeError for a dimension out of range, or a mask with more dimensions than the input
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.amin(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.amin(x, 1, mask=mask))
 * ```
 */
export function amin(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function amin(input: Tensor, ...options: ReductionTail): Tensor;
export function amin(options: ReductionOptions & Input): Tensor;
export function amin(...args: unknown[]): Tensor {
  return masked_reduction('amin', args);
}

// ---- Other reductions ---------------------------------------------------------------------------

function arg_extreme(name: 'argmax' | 'argmin', args: readonly unknown[]): Tensor {
  return ARG_EXTREMES[name].call(args, ({ input, dim = null, keepdim, dtype, mask = null }) => {
    const chosen = require_strided(name, masked(name, input, mask));
    return ops[name](chosen, dim as number | null, keepdim ?? false).to({ dtype: dtype ?? input.dtype });
  });
}

/**
 * The index of the maximum of the masked-in elements. Mirrors `torch.masked.argmax`.
 *
 * @param input - strided
 * @param dim - dimension to reduce; default null, the flattened input
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns indices, of the dtype of `input` as in Python, unless `dtype` is given
 * @throws Error for other layouts, and for bool
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.argmax(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.argmax(x, 1, mask=mask))
 * ```
 */
export function argmax(input: Tensor, dim?: number | null, options?: ReductionOptions<number | null>): Tensor;
export function argmax(input: Tensor, ...options: ReductionTail<number | null>): Tensor;
export function argmax(options: ReductionOptions<number | null> & Input): Tensor;
export function argmax(...args: unknown[]): Tensor {
  return arg_extreme('argmax', args);
}

/**
 * The index of the minimum of the masked-in elements. Mirrors `torch.masked.argmin`.
 *
 * @param input - strided
 * @param dim - dimension to reduce; default null, the flattened input
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns indices, of the dtype of `input` as in Python, unless `dtype` is given
 * @throws Error for other layouts, and for bool
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.argmin(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.argmin(x, 1, mask=mask))
 * ```
 */
export function argmin(input: Tensor, dim?: number | null, options?: ReductionOptions<number | null>): Tensor;
export function argmin(input: Tensor, ...options: ReductionTail<number | null>): Tensor;
export function argmin(options: ReductionOptions<number | null> & Input): Tensor;
export function argmin(...args: unknown[]): Tensor {
  return arg_extreme('argmin', args);
}

/** How many elements take part, and their sum. */
function count_and_total(
  input: Tensor,
  { dims, keepdim, mask }: Reduction,
  dtype: DType,
): [count: Tensor, total: Tensor] {
  const chosen = mask ?? ops.ones(input.shape, { dtype: bool, device: input.device });
  return [chosen.sum(dims, keepdim), reductions.sum(masked('sum', input, mask), dims, keepdim, dtype)];
}

function is_inexact(dtype: DType): boolean {
  return dtype.is_floating_point || dtype.is_complex;
}

/**
 * The mean of the masked-in elements. Mirrors `torch.masked.mean`.
 *
 * @param input - strided or sparse CSR, floating point or complex
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`; NaN where no element is left
 * @throws Error unless the dtype is floating point or complex, and for a CSR tensor without a mask
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.mean(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.mean(x, 1, mask=mask))
 * ```
 */
export function mean(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function mean(input: Tensor, ...options: ReductionTail): Tensor;
export function mean(options: ReductionOptions & Input): Tensor;
export function mean(...args: unknown[]): Tensor {
  return REDUCTIONS['mean']!.call(args, (read) => {
    const given = reduction_of(read);
    const { input } = given;
    const dtype = given.dtype ?? input.dtype;
    if (!is_inexact(dtype)) {
      throw new Error(
        `mean(): Could not infer output dtype. ${given.dtype ? 'Optional' : 'Input'} dtype must be either a ` +
          `floating point or complex dtype. Got: ${String(dtype)}`,
      );
    }
    if (input.layout === sparse_csr) {
      require_mask('mean', input, given.mask);
      return reduce_csr('mean', masked('sum', input, given.mask), given.dims, given.keepdim, dtype);
    }
    if (input.layout !== strided) throw wrong_layout('mean', 'strided or sparse_csr', input);
    const mask = given.mask && input_mask(input, given.mask);
    const [count, total] = count_and_total(input, { ...given, mask }, dtype);
    return total.div(count);
  });
}

/**
 * The lower median of the masked-in elements along a dimension. Mirrors `torch.masked.median`.
 *
 * @param input - strided
 * @param dim - dimension to reduce; default -1
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`; NaN where no element is left
 * @throws Error where no element is left and the input is not floating point, and for other layouts
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.median(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.median(x, 1, mask=mask))
 * ```
 */
export function median(input: Tensor, dim?: number, options?: ReductionOptions<number>): Tensor;
export function median(input: Tensor, ...options: ReductionTail<number>): Tensor;
export function median(options: ReductionOptions<number> & Input): Tensor;
export function median(...args: unknown[]): Tensor {
  return MEDIAN.call(args, ({ input, dim = -1, keepdim, dtype, mask = null }) => {
    const [along] = canonical_dims(dim, input.ndim) as [number];
    const floating = input.dtype.is_floating_point;
    const numbers = floating ? input : input.to({ dtype: float32 });
    const chosen = require_strided('median', masked('median', numbers, mask));
    const { values } = ops.nanmedian(chosen, along, keepdim ?? false);
    if (floating) return values;
    if (values.isnan().any().item<boolean>()) {
      throw new Error('masked median expects no fully masked out rows if dtype is not floating point');
    }
    return values.to({ dtype: dtype ?? input.dtype });
  });
}

/**
 * The logarithm of the sum of the exponentials of the masked-in elements: `log(sum(exp(x)))`. Mirrors
 * `torch.masked.logsumexp`.
 *
 * @param input - strided
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`; minus infinity where no element is left
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range, or a mask with more dimensions than the input
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.logsumexp(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.logsumexp(x, 1, mask=mask))
 * ```
 */
export function logsumexp(input: Tensor, dim?: Dims, options?: ReductionOptions<Dims>): Tensor;
export function logsumexp(input: Tensor, ...options: ReductionTail): Tensor;
export function logsumexp(options: ReductionOptions & Input): Tensor;
export function logsumexp(...args: unknown[]): Tensor {
  return LOGSUMEXP.call(args, (read) => {
    const { input, dims, keepdim, dtype, mask } = reduction_of(read);
    const chosen = require_strided('logsumexp', masked('logsumexp', input, mask));
    return ops.logsumexp(chosen, dims, keepdim).to({ dtype: dtype ?? input.dtype });
  });
}

/**
 * `log(exp(input) + exp(other))`, where masked-out elements count as minus infinity. Mirrors
 * `torch.masked._ops.logaddexp`.
 *
 * @param input - strided
 * @param other - strided
 * @param options - `dtype`, `input_mask`, `other_mask`; see {@link LogaddexpOptions}
 * @returns a tensor of the dtype of `input`
 * @throws Error for other layouts
 * @example
 * ```ts
 * const input_mask = torch.tensor([true, false]);
 * print(torch.masked.logaddexp(torch.zeros(2), torch.ones(2), { input_mask }));
 * ```
 * ```python
 * input_mask = torch.tensor([True, False])
 * print(torch.masked._ops.logaddexp(torch.zeros(2), torch.ones(2), input_mask=input_mask))
 * ```
 */
export function logaddexp(input: Tensor, other: Tensor, options?: LogaddexpOptions): Tensor;
export function logaddexp(options: LogaddexpOptions & Input & { other: Tensor }): Tensor;
export function logaddexp(...args: unknown[]): Tensor {
  return LOGADDEXP.call(args, ({ input, other, dtype, input_mask: first = null, other_mask: second = null }) => {
    if (input.layout !== strided || other.layout !== strided) {
      throw new Error(
        `masked logaddexp expects strided tensors (got ${String(input.layout)} tensor for input, ` +
          `${String(other.layout)} for other)`,
      );
    }
    const result = ops.logaddexp(masked('logaddexp', input, first), masked('logaddexp', other, second));
    return result.to({ dtype: dtype ?? input.dtype });
  });
}

/**
 * The vector norm of the masked-in elements. Mirrors `torch.masked.norm`.
 *
 * @param input - strided, floating point or complex
 * @param ord - order of the norm; default 2
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`, the real one for complex; 0 where no element is left (infinity for the
 * order -inf)
 * @throws Error for other layouts and dtypes
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.norm(x, 2, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.norm(x, 2, 1, mask=mask))
 * ```
 */
export function norm(input: Tensor, ord?: number, dim?: Dims, options?: NormOptions): Tensor;
export function norm(input: Tensor, ...options: Tail<[ord: number, dim: Dims], NormOptions>): Tensor;
export function norm(options: NormOptions & Input): Tensor;
export function norm(...args: unknown[]): Tensor {
  return NORM.call(args, ({ ord: given, ...rest }) => {
    const ord = given ?? 2;
    const { input, dims, keepdim, dtype, mask } = reduction_of(rest);
    const chosen = require_strided('norm', masked(ord === -Infinity ? LEAST_NORM : 'norm', input, mask));
    return vector_norm(chosen, ord, dims, keepdim, { dtype: dtype ?? input.dtype });
  });
}

type VarianceTail = Tail<[dim: Dims, unbiased: boolean | null], VarianceOptions>;

function correction_of({ unbiased, correction }: VarianceOptions): number {
  if (typeof unbiased === 'boolean' && typeof correction === 'number') {
    throw new Error('Only one of unbiased and correction may be given');
  }
  return correction ?? (unbiased === false ? 0 : 1);
}

const real_types = new Map([
  [complex32, float16],
  [complex64, float32],
  [complex128, float64],
]);

/** The divisor of a variance: the count less the correction, not below 0. */
function corrected(count: Tensor, correction: number, dtype: DType): Tensor {
  if (correction === 0) return count;
  return count
    .to({ dtype: real_types.get(dtype) ?? dtype })
    .sub(correction)
    .clamp_min(0);
}

function variance(callee: 'var' | 'std', args: readonly unknown[]): Tensor {
  return VARIANCES[callee].call(args, (options) => {
    const correction = Number(correction_of(options));
    const given = reduction_of(options);
    const { input } = given;
    const dtype = given.dtype ?? (is_inexact(input.dtype) ? input.dtype : float32);
    const compute_dtype = is_inexact(dtype) ? dtype : float32;
    require_strided('std/var', input);
    const mask = given.mask && input_mask(input, given.mask);
    const [count, sample_total] = count_and_total(input, { ...given, keepdim: true, mask }, dtype);
    const deviation = input.sub(sample_total.div(count));
    const squares = masked('sum', deviation.mul(deviation.conj()), mask);
    const total = reductions.sum(squares, given.dims, given.keepdim, compute_dtype);
    return total.div(corrected(count.reshape(total.shape), correction, compute_dtype)).to({ dtype });
  });
}

function var_(input: Tensor, dim?: Dims, unbiased?: boolean | null, options?: VarianceOptions): Tensor;
function var_(input: Tensor, ...options: VarianceTail): Tensor;
function var_(options: VarianceOptions & Input): Tensor;
function var_(...args: unknown[]): Tensor {
  return variance('var', args);
}

export {
  /**
   * The variance of the masked-in elements. Mirrors `torch.masked.var`.
   *
   * @param input - strided
   * @param dim - dimension or dimensions to reduce; default null, all
   * @param unbiased - divide by one less than the number of elements; default true
   * @param keepdim - keep the reduced dimensions with size 1; default false
   * @param dtype - dtype of the result; default null
   * @param mask - true where an element takes part; default null
   * @returns a tensor of the dtype of `input`, float32 for integers; NaN or infinity where too few elements are left
   * @throws Error when both `unbiased` and `correction` are given, and for other layouts
   * @example
   * ```ts
   * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
   * const mask = torch.tensor([[true, false, true], [false, true, true]]);
   * print(torch.masked.var(x, 1, { mask }));
   * ```
   * ```python
   * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
   * mask = torch.tensor([[True, False, True], [False, True, True]])
   * print(torch.masked.var(x, 1, mask=mask))
   * ```
   */
  var_ as var,
};

/**
 * The standard deviation of the masked-in elements. Mirrors `torch.masked.std`.
 *
 * @param input - strided
 * @param dim - dimension or dimensions to reduce; default null, all
 * @param keepdim - keep the reduced dimensions with size 1; default false
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the dtype of `input`, float32 for integers; NaN or infinity where too few elements are left
 * @throws Error when both `unbiased` and `correction` are given, and for other layouts
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.std(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.std(x, 1, mask=mask))
 * ```
 */
export function std(input: Tensor, dim?: Dims, unbiased?: boolean | null, options?: VarianceOptions): Tensor;
export function std(input: Tensor, ...options: VarianceTail): Tensor;
export function std(options: VarianceOptions & Input): Tensor;
export function std(...args: unknown[]): Tensor {
  return variance('std', args).sqrt();
}

// ---- Along a dimension --------------------------------------------------------------------------

type Along = (input: Tensor, dim: number, dtype: DType) => Tensor;

/** What keeps the shape: `operation` says what masked-out elements become. */
function normalize_along(callee: string, operation: string, apply: Along, args: readonly unknown[]): Tensor {
  return ALONG[callee]!.call(args, ({ input, dim, dtype, mask = null }) => {
    const [place] = canonical_dims(dim, input.ndim) as [number];
    return apply(require_strided(callee, masked(operation, input, mask)), place, dtype ?? input.dtype);
  });
}

/**
 * The cumulative sum along a dimension, which skips masked-out elements. Mirrors `torch.masked.cumsum`.
 *
 * @param input - strided
 * @param dim - the dimension
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; masked-out elements repeat the sum before them
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.cumsum(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.cumsum(x, 1, mask=mask))
 * ```
 */
export function cumsum(input: Tensor, dim?: number, options?: AlongOptions): Tensor;
export function cumsum(input: Tensor, ...options: AlongTail): Tensor;
export function cumsum(options: AlongOptions & Input & { dim: number }): Tensor;
export function cumsum(...args: unknown[]): Tensor {
  return normalize_along('cumsum', 'sum', (x, dim, dtype) => ops.cumsum(x, dim, { dtype }), args);
}

/**
 * The cumulative product along a dimension, which skips masked-out elements. Mirrors `torch.masked.cumprod`.
 *
 * @param input - strided
 * @param dim - the dimension
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; masked-out elements repeat the product before them
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.cumprod(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.cumprod(x, 1, mask=mask))
 * ```
 */
export function cumprod(input: Tensor, dim?: number, options?: AlongOptions): Tensor;
export function cumprod(input: Tensor, ...options: AlongTail): Tensor;
export function cumprod(options: AlongOptions & Input & { dim: number }): Tensor;
export function cumprod(...args: unknown[]): Tensor {
  return normalize_along('cumprod', 'prod', (x, dim, dtype) => ops.cumprod(x, dim, { dtype }), args);
}

/**
 * The softmax of the masked-in elements along a dimension. Mirrors `torch.masked.softmax`.
 *
 * @param input - strided
 * @param dim - the dimension
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; 0 for masked-out elements, NaN where no element is left
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.softmax(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.softmax(x, 1, mask=mask))
 * ```
 */
export function softmax(input: Tensor, dim?: number, options?: AlongOptions): Tensor;
export function softmax(input: Tensor, ...options: AlongTail): Tensor;
export function softmax(options: AlongOptions & Input & { dim: number }): Tensor;
export function softmax(...args: unknown[]): Tensor {
  return normalize_along('softmax', 'amax', (x, dim, dtype) => x.softmax(dim, dtype), args);
}

/**
 * The logarithm of the softmax of the masked-in elements along a dimension. Mirrors `torch.masked.log_softmax`.
 *
 * @param input - strided
 * @param dim - the dimension
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; minus infinity for masked-out elements, NaN where no element is left
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.log_softmax(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.log_softmax(x, 1, mask=mask))
 * ```
 */
export function log_softmax(input: Tensor, dim?: number, options?: AlongOptions): Tensor;
export function log_softmax(input: Tensor, ...options: AlongTail): Tensor;
export function log_softmax(options: AlongOptions & Input & { dim: number }): Tensor;
export function log_softmax(...args: unknown[]): Tensor {
  return normalize_along('log_softmax', 'amax', (x, dim, dtype) => x.log_softmax(dim, dtype), args);
}

/**
 * The softmax of `-x` of the masked-in elements along a dimension. Mirrors `torch.masked.softmin`.
 *
 * @param input - strided
 * @param dim - the dimension
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; 0 for masked-out elements, NaN where no element is left
 * @throws Error for other layouts
 * @throws RangeError for a dimension out of range
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.softmin(x, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.softmin(x, 1, mask=mask))
 * ```
 */
export function softmin(input: Tensor, dim?: number, options?: AlongOptions): Tensor;
export function softmin(input: Tensor, ...options: AlongTail): Tensor;
export function softmin(options: AlongOptions & Input & { dim: number }): Tensor;
export function softmin(...args: unknown[]): Tensor {
  return normalize_along('softmin', 'amin', (x, dim, dtype) => x.neg().softmax(dim, dtype), args);
}

/**
 * The masked-in elements divided by their norm along a dimension. Mirrors `torch.masked.normalize`.
 *
 * @param input - strided, floating point or complex
 * @param ord - order of the norm
 * @param dim - the dimension
 * @param eps - lower bound of the divisor; default 1e-12
 * @param dtype - dtype of the result; default null
 * @param mask - true where an element takes part; default null
 * @returns a tensor of the shape of `input`; 0 for masked-out elements
 * @throws Error for other layouts and dtypes
 * @example
 * ```ts
 * const x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]);
 * const mask = torch.tensor([[true, false, true], [false, true, true]]);
 * print(torch.masked.normalize(x, 2, 1, { mask }));
 * ```
 * ```python
 * x = torch.tensor([[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]])
 * mask = torch.tensor([[True, False, True], [False, True, True]])
 * print(torch.masked.normalize(x, 2, 1, mask=mask))
 * ```
 */
export function normalize(input: Tensor, ord?: number, dim?: number, options?: NormalizeOptions): Tensor;
export function normalize(input: Tensor, ...options: Tail<[ord: number, dim: number], NormalizeOptions>): Tensor;
export function normalize(options: NormalizeOptions & Input & { ord: number; dim: number }): Tensor;
export function normalize(...args: unknown[]): Tensor {
  return NORMALIZE.call(args, ({ input, ord, dim, eps = 1e-12, dtype = null, mask = null }) => {
    const chosen = require_strided('normalize', masked('sum', input, mask));
    const size = norm(input, ord, dim, { keepdim: true, dtype, mask });
    return chosen.div(ops.maximum(size, size.new_full([], eps)));
  });
}
export * from '../absent/masked.js';
