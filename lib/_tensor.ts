/** `torch.Tensor`: the JavaScript object behind every tensor. */
import { name_function } from './_internal/operator_errors.js';
import { pin_buffer } from './_internal/pinned_buffer.js';
import { deepcopy, type Memo } from './utils/copy.js';
import { data_of, from_nested, type TensorData } from './creation.js';
import { type Device, device_named, device_text, initialize_device, type DeviceLike } from './types/device.js';
import { dimension_order } from './types/dim_order.js';
import { install_methods, operator, operator_as, overloads_of } from './_C/dispatch.js';
import * as dtypes from './types/dtype.js';
import {
  DType,
  dtype_of,
  layout_of,
  type Layout,
  type MemoryFormat,
  TensorType,
  tensor_type,
  tensor_type_name,
} from './types/dtype.js';
import type { PrivateTensorMethods } from './generated/private_methods.js';
import type { TensorMethods } from './generated/tensor_methods.js';
import { grad_fn_of, type GradFn } from './autograd/node.js';
import { handle_of_hook, type RemovableHandle } from './_internal/hooks.js';
import { call_in_mode } from './_internal/callbacks.js';
import { pass_for_inputs } from './_C/modes.js';
import { is_list_of_subscripts, leave_subscripts, parse_subscripts, type Subscript } from './_C/indexing.js';
import type { EachOf } from './functional.js';
import { in_pass } from './_C/after_backward.js';
import { native, type Handle, type Wrapped } from './_C/native.js';
import { bind_tensor_class, TensorBase, with_history, wrap } from './_C/tensor_base.js';
import { append_sizes, scratch, strides_of } from './_C/scratch.js';
import { array_types, NDArray, type NDArrayDType } from './numpy/ndarray.js';
import { note_scalar } from './numpy/types.js';
import { is_plain_object } from './_internal/plain_object.js';
import { type MimeBundle, text_output } from './_internal/notebook.js';
import { tensor_facts, tensor_repr } from './_tensor_str.js';
import { qscheme_of, type QScheme } from './types/qscheme.js';
import { Complex, type Scalar } from './types/scalar.js';
import { removed } from './_linalg_utils.js';
import { warn } from './_internal/warnings.js';
import { device_of_tensor, export_tensor, type DLPackCapsule, type DLPackOptions } from './dlpack.js';
import { UntypedStorage } from './storage.js';
import { kind_of, mark_class, name_class } from './_internal/kind_of.js';
import { type Arguments, define_kind, no_arguments, signature, type Signature } from './_internal/signature.js';
import { storage_class_for, typed_storage_of, type TypedStorage, type TypedStorageClass } from './typed_storage.js';

const SIZES = signature<{ sizes?: readonly number[] | number }>('Size', 'sizes?: int[]|int');

/**
 * The sizes of a tensor: an array that prints as in Python. Mirrors `torch.Size`.
 *
 * @param sizes - one per dimension; a number is the number of dimensions, as for arrays
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const size = new torch.Size([2, 3]);
 * print(size, size.numel(), size[0]);
 * ```
 * ```python
 * size = torch.Size([2, 3])
 * print(size, size.numel(), size[0])
 * ```
 */
export class Size extends Array<number> {
  constructor(sizes?: readonly number[] | number);
  constructor(...args: unknown[]) {
    super();
    // Called for `x.shape`.
    if (args.length === 0) return;
    const { sizes = [] } = SIZES.read(args);
    if (typeof sizes === 'number') this.length = sizes;
    else this.push(...sizes);
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The number of elements of a tensor of this size. */
  numel(...none: []): number {
    no_arguments('numel', none);
    return this.reduce((product, size) => product * size, 1);
  }

  override toString(...none: []): string {
    no_arguments('toString', none);
    return `torch.Size([${this.join(', ')}])`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

export type { RemovableHandle } from './_internal/hooks.js';

/** The options of {@link Tensor.to}. */
export interface ToOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
  non_blocking?: boolean;
  copy?: boolean;
  memory_format?: MemoryFormat | null;
}

/** The options of the methods that convert to another dtype or device. */
export interface MemoryFormatOption {
  memory_format?: MemoryFormat;
}

/** The options of {@link Tensor.backward}. */
export interface BackwardOptions {
  gradient?: Tensor | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: Tensor | readonly Tensor[] | null;
}

/** The options of {@link Tensor.norm}. */
export interface NormOptions {
  p?: number | 'fro' | 'nuc' | null;
  dim?: number | readonly number[] | null;
  keepdim?: boolean;
  dtype?: DType | null;
}

/** The arguments of {@link Tensor.norm} by position. */
export type NormArguments = [p?: NormOptions['p'], dim?: NormOptions['dim'], keepdim?: boolean, dtype?: DType | null];

/** The options of {@link Tensor.unique}. */
export interface UniqueOptions extends UniqueConsecutiveOptions {
  sorted?: boolean;
}

/** The arguments of {@link Tensor.unique} by position. */
export type UniqueArguments = [sorted?: boolean, ...UniqueConsecutiveArguments];

/** The arguments of {@link Tensor.unique_consecutive} by position. */
export type UniqueConsecutiveArguments = [return_inverse?: boolean, return_counts?: boolean, dim?: number | null];

/** The options of {@link Tensor.unique_consecutive}. */
export interface UniqueConsecutiveOptions {
  return_inverse?: boolean;
  return_counts?: boolean;
  dim?: number | null;
}

/** The options of {@link Tensor.new_tensor}. */
export interface NewTensorOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
}

/** Nested arrays of numbers, as {@link Tensor.tolist} returns them. */
export type NestedNumbers = number | bigint | boolean | Complex | NestedNumbers[];

type Tail<P extends unknown[], R extends object, K extends readonly unknown[]> = Arguments<P, R, K>;

const op = {
  set_to_nothing: operator('aten::set_', ''),
  set_to_tensor: operator('aten::set_', 'source_Tensor'),
  set_to_part: operator('aten::set_', 'source_Tensor_storage_offset'),
  to: operator('aten::to', 'dtype_layout'),
  contiguous: operator('aten::contiguous', ''),
  t: operator_as('T', 'aten::numpy_T', ''),
  h: operator_as('H', 'aten::matrix_H', ''),
  mt: operator('aten::mT', ''),
  mh: operator('aten::mH', ''),
  real: operator('aten::real', ''),
  imag: operator('aten::imag', ''),
  unbind: operator('aten::unbind', 'int'),
  split: operator('aten::split', 'Tensor', 'sizes'),
  index_put: operator_as('index_put_', 'aten::_index_put_impl_', ''),
  unique: operator_as('unique', 'aten::_unique2', ''),
  unique_consecutive: operator('aten::unique_consecutive', ''),
  nonzero: operator('aten::nonzero', ''),
  qscheme: operator('aten::qscheme', ''),
  lu: operator_as('lu', 'aten::_lu_with_info', ''),
  nonzero_numpy: operator_as('nonzero', 'aten::nonzero_numpy', ''),
  unique_dim: operator_as('unique', 'aten::unique_dim', ''),
  vector_norm: operator_as('norm', 'aten::linalg_vector_norm', '', 'out'),
  matrix_norm: operator_as('norm', 'aten::linalg_matrix_norm', 'str_ord', 'str_ord_out'),
  bit_view: operator('aten::view', 'dtype'),
};

const MEMORY_FORMAT = '*, memory_format?: memory_format|None';
const to_signatures = {
  device: signature<ToOptions>(
    'to',
    `device?: device|None, dtype?: dtype|None, non_blocking?: bool, copy?: bool, ${MEMORY_FORMAT}`,
  ),
  dtype: signature<ToOptions>('to', `dtype: dtype, non_blocking?: bool, copy?: bool, ${MEMORY_FORMAT}`),
  tensor: signature<ToOptions & { tensor: Tensor }>(
    'to',
    `tensor: Tensor, non_blocking?: bool, copy?: bool, ${MEMORY_FORMAT}`,
  ),
};
const SIZE = signature<{ dim?: number | null }>('size', 'dim/axis?: int|None');
const STRIDE = signature<{ dim?: number | null }>('stride', 'dim/axis?: int|None');
const IS_CONTIGUOUS = signature<MemoryFormatOption>('is_contiguous', '*, memory_format?: memory_format');
const CONTIGUOUS = signature<MemoryFormatOption>('contiguous', '*, memory_format?: memory_format');
const REMOVED = {
  eig: signature<object>('eig', 'eigenvectors?: bool'),
  lstsq: signature<object>('lstsq', 'other: Tensor'),
  solve: signature<object>('solve', 'other: Tensor'),
  symeig: signature<object>('symeig', 'eigenvectors?: bool, upper?: bool'),
};
const RESIZE = signature<{ sizes: readonly number[] }>('resize', '*sizes: int');
const RESIZE_AS = signature<{ tensor: Tensor }>('resize_as', 'tensor: Tensor');
const NEW = signature<{ size: readonly number[] }>('new', '*size: int');
const MODULE_LOAD = signature<{ other: Tensor; assign?: boolean }>('module_load', 'other: Tensor, assign?: bool');

/** The elements in another shape, as long as there are as many. */
function resized(tensor: Tensor, sizes: readonly number[]): Tensor {
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count === tensor.numel()) return tensor.contiguous().view([...sizes]);
  throw new Error(
    `requested resize to ${sizes.join('x')} (${count} elements in total), but the given tensor has a size of ` +
      `${tensor.shape.join('x')} (${tensor.numel()} elements). autograd's resize can only change the shape of a given tensor, while ` +
      'preserving the number of elements. ',
  );
}

const CUDA = signature<{ device?: DeviceLike | null; non_blocking?: boolean; memory_format?: MemoryFormat }>(
  'cuda',
  `device?: device|None, non_blocking?: bool, ${MEMORY_FORMAT}`,
);
const TYPE = signature<{ dtype?: DType | TensorType | string | null; non_blocking?: boolean }>(
  'type',
  'dtype?: dtype|tensortype|str|None, non_blocking?: bool',
);
const APPLY_ = signature<{ callable: EachElement }>('apply_', 'callable: Callable');
const MAP_ = signature<{ tensor: Tensor; callable: EachElement }>('map_', 'tensor: Tensor, callable: Callable');
const MAP2_ = signature<{ x: Tensor; y: Tensor; callable: EachElement }>(
  'map2_',
  'x: Tensor, y: Tensor, callable: Callable',
);
const LU = signature<{ pivot?: boolean; get_infos?: boolean }>('lu', 'pivot?: bool, get_infos?: bool');
const DIM_ORDER = signature<{ ambiguity_check?: boolean | readonly MemoryFormat[] }>(
  'dim_order',
  '*, ambiguity_check?: bool|memory_format[]',
);
const INDEX_PUT = 'indices: any, values: Tensor|Number|array_like, accumulate?: bool';
const index_put_signatures = {
  index_put: signature<IndexPutOptions>('index_put', INDEX_PUT),
  index_put_: signature<IndexPutOptions>('index_put_', INDEX_PUT),
};
const SPLIT = signature<{ split_size: number | readonly number[]; dim?: number }>(
  'split',
  'split_size: int|int[], dim?: int',
);
const UNIQUE = signature<UniqueOptions>(
  'unique',
  'sorted?: bool, return_inverse?: bool, return_counts?: bool, dim?: int|None',
);
const UNIQUE_CONSECUTIVE = signature<UniqueConsecutiveOptions>(
  'unique_consecutive',
  'return_inverse?: bool, return_counts?: bool, dim?: int|None',
);
const NONZERO = signature<{ as_tuple?: boolean }>('nonzero', '*, as_tuple?: bool');
const NORM = signature<NormOptions>(
  'norm',
  'p?: float|str|None, dim?: int|int[]|None, keepdim?: bool, dtype?: dtype|None',
);
const aliased = overloads_of('as_subclass', 'aten::alias', ['']);
const AS_SUBCLASS = signature<{ cls: unknown }>('as_subclass', 'cls: any');
const REINFORCE = signature<{ reward: unknown }>('reinforce', 'reward: any');
const REQUIRES_GRAD_ = signature<{ requires_grad?: boolean }>('requires_grad_', 'requires_grad?: bool');
const BACKWARD = signature<BackwardOptions>(
  'backward',
  'gradient?: Tensor|None, retain_graph?: bool|None, create_graph?: bool, inputs?: Tensor|Tensor[]|None',
);
const REGISTER_POST_ACCUMULATE = signature<{ hook: (param: Tensor) => unknown }>(
  'register_post_accumulate_grad_hook',
  'hook: Callable',
);
const NEW_TENSOR = signature<{ data: TensorData } & NewTensorOptions>(
  'new_tensor',
  'data: array_like, *, dtype?: dtype|None, device?: device|None, requires_grad?: bool',
);

interface IndexPutOptions {
  indices: Subscript | readonly Subscript[];
  values: Tensor | TensorData;
  accumulate?: boolean;
}

/** The requested results of `unique`: a single one by itself, several as a list. */
function select_unique_results(
  results: [Tensor, Tensor, Tensor],
  inverse: boolean,
  counts: boolean,
): Tensor | Tensor[] {
  const [values] = results;
  return inverse || counts ? results.filter((_, i) => [true, inverse, counts][i]) : values;
}

type EachElement = (...elements: unknown[]) => unknown;

/** Replaces each element by `callable` of it and of the elements of other tensors at the same position. */
function each_element(name: string, tensor: Tensor, others: readonly Tensor[], callable: EachElement): void {
  if (!tensor.is_cpu || others.some((other) => !other.is_cpu))
    throw new TypeError(`${name}(): is only implemented on CPU tensors`);
  if (tensor.requires_grad) throw new Error(`Can't call ${name}() on Variable that requires grad.`);
  const columns = others.map((other) => data_of(other.to(tensor.dtype).expand_as(tensor)));
  const results = data_of(tensor).map((element, i) => callable(element, ...columns.map((column) => column[i])));
  tensor.copy_(from_nested(results as TensorData, { dtype: tensor.dtype }, name).view(tensor.shape));
}

/** Whether `to` changes anything. */
function changes(tensor: Tensor, wanted: ToOptions): boolean {
  if (wanted.copy || wanted.memory_format) return true;
  if (wanted.dtype && wanted.dtype !== tensor.dtype) return true;
  if (wanted.device === undefined || wanted.device === null) return false;
  return device_text(wanted.device) !== native.device(tensor._h);
}

/** The tensor with the requested dtype, device and memory format; itself when nothing changes. */
function convert_to(tensor: Tensor, wanted: ToOptions, callee = 'to'): Tensor {
  try {
    if (wanted.device === undefined || wanted.device === null)
      return changes(tensor, wanted) ? op.to(tensor, wanted) : tensor;
    const device = device_text(wanted.device);
    initialize_device(device);
    const complete = { ...wanted, device };
    return changes(tensor, complete) ? op.to(tensor, complete) : tensor;
  } catch (error) {
    throw name_function(error, callee);
  }
}

const cast_signatures = new Map<string, Signature<MemoryFormatOption>>();

/** `x.float()` and other conversions by name. */
function cast(callee: string, tensor: Tensor, wanted: ToOptions, args: readonly unknown[]): Tensor {
  if (args.length === 0) return convert_to(tensor, wanted, callee);
  let known = cast_signatures.get(callee);
  if (known === undefined) cast_signatures.set(callee, (known = signature(callee, MEMORY_FORMAT)));
  return convert_to(tensor, { ...wanted, ...known.read(args) }, callee);
}

/** `Tensor.split`. @internal */
export function split_of(tensor: Tensor, split_size: number | readonly number[], dim: number): Tensor[] {
  return op.split(tensor, split_size, dim);
}

/** `Tensor.unique`. @internal */
export function unique_of(tensor: Tensor, options: UniqueOptions): Tensor | Tensor[] {
  const { sorted = true, return_inverse = false, return_counts = false, dim = null } = options;
  const results =
    dim === null
      ? op.unique(tensor, sorted, return_inverse, return_counts)
      : op.unique_dim(tensor, dim, sorted, return_inverse, return_counts);
  return select_unique_results(results, return_inverse, return_counts);
}

/** `Tensor.unique_consecutive`. @internal */
export function unique_consecutive_of(tensor: Tensor, options: UniqueConsecutiveOptions): Tensor | Tensor[] {
  const { return_inverse = false, return_counts = false, dim = null } = options;
  const results = op.unique_consecutive(tensor, return_inverse, return_counts, dim);
  return select_unique_results(results, return_inverse, return_counts);
}

/** `Tensor.norm`, optionally with `out`. @internal */
export function norm_of(
  tensor: Tensor,
  { p = 'fro', dim = null, keepdim = false, dtype }: NormOptions,
  out: Tensor | null,
): Tensor {
  const options = { ...(dtype ? { dtype } : {}), ...(out === null ? {} : { out }) };
  if (typeof p === 'string' && p !== 'fro')
    // One dimension throws there, with Python's text.
    return op.matrix_norm(tensor, p, (dim ?? [-2, -1]) as readonly number[], keepdim, options);
  return op.vector_norm(tensor, p === 'fro' || p === null ? 2 : p, dim, keepdim, options);
}

/** A hook of {@link Tensor.register_hook}. */
export type GradientHook = (grad: Tensor) => Tensor | null | undefined | void;

const NUMPY = signature<{ force?: boolean }>('numpy', 'force?: bool');
const REGISTER_HOOK = signature<{ hook: GradientHook }>('register_hook', 'hook: Callable');
interface SetArguments {
  source?: Tensor | UntypedStorage | TypedStorage;
  storage_offset?: number;
  size?: readonly number[];
  stride?: readonly number[];
}
const SET = signature<SetArguments>(
  'set_',
  'source?: Tensor|UntypedStorage|TypedStorage, storage_offset?: int, size?: int[], stride?: int[]',
);
/** C++'s names of element types, in the errors of `set_`. */
const c_names: Record<string, string> = {
  uint8: 'unsigned char',
  int8: 'signed char',
  int16: 'short int',
  int32: 'int',
  int64: 'long int',
  float16: 'c10::Half',
  bfloat16: 'c10::BFloat16',
  float32: 'float',
  float64: 'double',
  complex64: 'c10::complex<float>',
  complex128: 'c10::complex<double>',
  bool: 'bool',
  uint16: 'short unsigned int',
  uint32: 'unsigned int',
  uint64: 'long unsigned int',
};
const POLYGAMMA = signature<{ n: number }>('polygamma', 'n: int');
const WHERE = signature<{ condition: Tensor; other: Tensor | Scalar }>(
  'where',
  'condition: Tensor, other: Tensor|Number',
);

/**
 * A multi-dimensional array of elements of one dtype, on one device. Mirrors `torch.Tensor`.
 *
 * Tensors come from `torch.tensor`, `torch.zeros` and the like, and from operators on other tensors. Memory is managed
 * automatically: the native tensor is freed when the object is unreachable, in synchronous loops too. `dispose()`, `using`
 * and `torch.scope` free it earlier.
 */
export class Tensor extends TensorBase {
  /** @internal */
  static _index_list(list: readonly unknown[]): Tensor {
    return from_nested(list as TensorData, list.length === 0 ? { dtype: dtypes.int64 } : {});
  }

  // --- shape ---------------------------------------------------------------------------------------

  /** The size of each dimension. Mirrors `Tensor.shape`. */
  get shape(): Size {
    return append_sizes(new Size(), this._h);
  }

  /**
   * The size of all dimensions, or of one. Mirrors `Tensor.size`.
   *
   * @param dim - the dimension; default null, all
   * @throws RangeError when the dimension is out of range
   * @example
   * ```ts
   * const x = torch.zeros(2, 3);
   * print(x.size(), x.size(-1));
   * ```
   * ```python
   * x = torch.zeros(2, 3)
   * print(x.size(), x.size(-1))
   * ```
   */
  size(): Size;
  size(dim: number | { dim: number } | { axis: number }): number;
  size(dim?: null): Size;
  size(...args: unknown[]): Size | number {
    const dim = args.length === 1 && Number.isInteger(args[0]) ? (args[0] as number) : (SIZE.read(args).dim ?? null);
    return dim === null ? this.shape : native.size(this._h, dim);
  }

  /**
   * The step in elements along all dimensions, or along one. Mirrors `Tensor.stride`.
   *
   * @param dim - the dimension; default null, all
   * @throws RangeError when the dimension is out of range
   * @example
   * ```ts
   * print(torch.zeros(2, 3).stride(0));
   * ```
   * ```python
   * print(torch.zeros(2, 3).stride(0))
   * ```
   */
  stride(): number[];
  stride(dim: number | { dim: number } | { axis: number }): number;
  stride(dim?: null): number[];
  stride(...args: unknown[]): number[] | number {
    const dim = STRIDE.read(args).dim ?? null;
    const strides = strides_of(this._h);
    if (dim === null) return strides;
    const stride = strides[dim < 0 ? dim + strides.length : dim];
    if (stride === undefined) {
      const n = strides.length;
      throw new RangeError(
        `stride(): Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${dim})`,
      );
    }
    return stride;
  }

  /** The number of dimensions. Mirrors `Tensor.dim`. */
  dim(): number {
    if (arguments.length > 0) no_arguments('dim', [...arguments]);
    return native.dim(this._h);
  }

  /** The number of dimensions. Mirrors `Tensor.ndimension`. */
  ndimension(): number {
    if (arguments.length > 0) no_arguments('ndimension', [...arguments]);
    return native.dim(this._h);
  }

  /** The number of dimensions. Mirrors `Tensor.ndim`. */
  get ndim(): number {
    return native.dim(this._h);
  }

  /** The number of elements. Mirrors `Tensor.numel`. */
  numel(): number {
    if (arguments.length > 0) no_arguments('numel', [...arguments]);
    return native.numel(this._h);
  }

  /** The number of elements. Mirrors `Tensor.nelement`. */
  nelement(): number {
    if (arguments.length > 0) no_arguments('nelement', [...arguments]);
    return native.numel(this._h);
  }

  /** The size of the first dimension; Python's `len`. @throws TypeError for a 0-d tensor */
  get length(): number {
    if (this.dim() === 0) throw new TypeError('len() of a 0-d tensor');
    return native.size(this._h, 0);
  }

  // --- attributes ----------------------------------------------------------------------------------

  /** The data type. Mirrors `Tensor.dtype`. */
  get dtype(): DType {
    return dtype_of(native.dtype(this._h));
  }

  /** The device. Mirrors `Tensor.device`. */
  get device(): Device {
    return device_named(native.device(this._h));
  }

  /** The memory layout. Mirrors `Tensor.layout`. */
  get layout(): Layout {
    return layout_of(native.layout(this._h));
  }

  /** Whether it is in CUDA memory. Mirrors `Tensor.is_cuda`. */
  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  /** Whether it is in CPU memory. Mirrors `Tensor.is_cpu`. */
  get is_cpu(): boolean {
    return this.device.type === 'cpu';
  }

  /** Whether it is in memory of an IPU. Mirrors `Tensor.is_ipu`. */
  get is_ipu(): boolean {
    return this.device.type === 'ipu';
  }

  /** Whether it is in memory of a MAIA device. Mirrors `Tensor.is_maia`. */
  get is_maia(): boolean {
    return this.device.type === 'maia';
  }

  /** Whether it is in memory of Apple's GPU. Mirrors `Tensor.is_mps`. */
  get is_mps(): boolean {
    return this.device.type === 'mps';
  }

  /** Whether it is in memory of an MTIA device. Mirrors `Tensor.is_mtia`. */
  get is_mtia(): boolean {
    return this.device.type === 'mtia';
  }

  /** Whether it is in memory of a Vulkan device. Mirrors `Tensor.is_vulkan`. */
  get is_vulkan(): boolean {
    return this.device.type === 'vulkan';
  }

  /** Whether it is in memory of an XLA device. Mirrors `Tensor.is_xla`. */
  get is_xla(): boolean {
    return this.device.type === 'xla';
  }

  /** Whether it is in memory of Intel's GPU. Mirrors `Tensor.is_xpu`. */
  get is_xpu(): boolean {
    return this.device.type === 'xpu';
  }

  /** Whether it has only a shape and a dtype, without elements. Mirrors `Tensor.is_meta`. */
  get is_meta(): boolean {
    return this.device.type === 'meta';
  }

  /** Whether its layout is `torch.sparse_coo`. Mirrors `Tensor.is_sparse`. */
  get is_sparse(): boolean {
    return this.layout === dtypes.sparse_coo;
  }

  /** Whether its layout is `torch.sparse_csr`. Mirrors `Tensor.is_sparse_csr`. */
  get is_sparse_csr(): boolean {
    return this.layout === dtypes.sparse_csr;
  }

  /** Whether its layout is that of oneDNN. Mirrors `Tensor.is_mkldnn`. */
  get is_mkldnn(): boolean {
    return this.layout === dtypes._mkldnn;
  }

  /** Whether it is a nested tensor; see `torch.nested`. Mirrors `Tensor.is_nested`. */
  get is_nested(): boolean {
    return native.is_nested(this._h);
  }

  /** Whether it is quantized. Mirrors `Tensor.is_quantized`. */
  get is_quantized(): boolean {
    return native.is_quantized(this._h);
  }

  /** The quantization scheme. Mirrors `Tensor.qscheme`. @throws Error for a tensor that is not quantized */
  qscheme(): QScheme {
    if (arguments.length > 0) no_arguments('qscheme', [...arguments]);
    return qscheme_of(op.qscheme(this));
  }

  /** Bytes per element. Mirrors `Tensor.element_size`. */
  element_size(): number {
    if (arguments.length > 0) no_arguments('element_size', [...arguments]);
    return this.dtype.itemsize;
  }

  /** Bytes per element. Mirrors `Tensor.itemsize`. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of all elements. Mirrors `Tensor.nbytes`. */
  get nbytes(): number {
    return this.numel() * this.itemsize;
  }

  /** The index of the CUDA device, or -1. Mirrors `Tensor.get_device`. */
  get_device(): number {
    if (arguments.length > 0) no_arguments('get_device', [...arguments]);
    return this.device.index ?? -1;
  }

  /** The offset of the first element in the storage, in elements. Mirrors `Tensor.storage_offset`. */
  storage_offset(): number {
    if (arguments.length > 0) no_arguments('storage_offset', [...arguments]);
    return native.storage_offset(this._h);
  }

  /** The storage, which views share. Mirrors `Tensor.untyped_storage`. */
  untyped_storage(): UntypedStorage {
    if (arguments.length > 0) no_arguments('untyped_storage', [...arguments]);
    return UntypedStorage._of(this);
  }

  /** The storage as elements of this dtype, with a deprecation warning. Mirrors `Tensor.storage`. */
  storage(...none: []): TypedStorage {
    no_arguments('storage', none);
    return typed_storage_of(this);
  }

  /** The class of {@link Tensor.storage}, such as `torch.FloatStorage`. Mirrors `Tensor.storage_type`. */
  storage_type(...none: []): TypedStorageClass {
    no_arguments('storage_type', none);
    return storage_class_for(this.dtype);
  }

  /**
   * The memory as a capsule for another library, which calls this from its `from_dlpack`. Mirrors
   * `Tensor.__dlpack__`.
   * @throws Error for tensors that require a gradient, lazy conjugates, and what DLPack does not have
   * @internal
   */
  __dlpack__(options?: DLPackOptions): DLPackCapsule;
  __dlpack__(...args: unknown[]): DLPackCapsule {
    return export_tensor(this, args);
  }

  /** The device of the memory, in the numbers of DLPack. Mirrors `Tensor.__dlpack_device__`. @internal */
  __dlpack_device__(): [type: number, index: number] {
    return device_of_tensor(this);
  }

  /** The address of the first element. Mirrors `Tensor.data_ptr`. */
  data_ptr(): bigint {
    if (arguments.length > 0) no_arguments('data_ptr', [...arguments]);
    return native.data_ptr(this._h);
  }

  /** The address of the first element, for reading. Mirrors `Tensor.const_data_ptr`. */
  const_data_ptr(): bigint {
    if (arguments.length > 0) no_arguments('const_data_ptr', [...arguments]);
    return native.data_ptr(this._h);
  }

  /** Always false, with a warning: of the first versions of PyTorch. Mirrors `Tensor.volatile`. */
  get volatile(): boolean {
    warn('volatile was removed (Variable.volatile is always False)');
    return false;
  }

  /**
   * The elements in another shape, with a warning: {@link Tensor.reshape} is the method for it. Mirrors `Tensor.resize`.
   * @throws Error when the number of elements would change
   */
  resize(...sizes: number[]): Tensor;
  resize(sizes: readonly number[]): Tensor;
  resize(...args: unknown[]): Tensor {
    const sizes = RESIZE.read(args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args).sizes;
    warn('non-inplace resize is deprecated');
    return resized(this, sizes);
  }

  /**
   * The elements in the shape of a tensor, with a warning: {@link Tensor.reshape} is the method for it. Mirrors `Tensor.resize_as`.
   * @throws Error when the numbers of elements differ
   */
  resize_as(tensor: Tensor): Tensor;
  resize_as(...args: unknown[]): Tensor {
    const { tensor } = RESIZE_AS.read(args);
    warn('non-inplace resize_as is deprecated');
    return resized(this, tensor.shape);
  }

  /**
   * A tensor of the same dtype and device: of sizes, with any elements; of elements in lists; or on the memory of a tensor. Mirrors the legacy
   * `Tensor.new`.
   */
  // biome-ignore lint/suspicious/noMisleadingInstantiator: the name is Python's
  new(...sizes: number[]): Tensor;
  new(data: readonly unknown[] | Tensor): Tensor;
  new(...args: unknown[]): Tensor {
    const [first] = args;
    if (args.length === 1 && first instanceof TensorBase) return (first as Tensor).detach();
    if (args.length === 1 && Array.isArray(first) && !(first instanceof Size))
      return this.new_tensor(first as TensorData);
    const { size } = NEW.read(first instanceof Size && args.length === 1 ? [...first] : args);
    return this.new_empty(size.length === 0 ? [0] : [...size]);
  }

  /**
   * What `load_state_dict` puts in the place of this tensor: it, with the elements of the other one; that one with `assign`. A class of its own
   * may do it otherwise. Mirrors `Tensor.module_load`.
   *
   * @param other - the tensor of a state dict
   * @param assign - default false
   */
  module_load(other: Tensor, assign?: boolean | { assign?: boolean }): Tensor;
  module_load(...args: unknown[]): Tensor {
    const { other, assign = false } = MODULE_LOAD.read(args);
    return assign ? other.detach() : this.copy_(other).detach();
  }

  /** Removed from PyTorch: it throws, and says what to call. Mirrors `Tensor.eig`. @deprecated @throws Error always */
  eig(...args: unknown[]): never {
    REMOVED.eig.read(args);
    throw removed('eig');
  }

  /** Removed from PyTorch: it throws, and says what to call. Mirrors `Tensor.lstsq`. @deprecated @throws Error always */
  lstsq(...args: unknown[]): never {
    REMOVED.lstsq.read(args);
    throw removed('lstsq');
  }

  /** Removed from PyTorch: it throws, and says what to call. Mirrors `Tensor.solve`. @deprecated @throws Error always */
  solve(...args: unknown[]): never {
    REMOVED.solve.read(args);
    throw removed('solve');
  }

  /** Removed from PyTorch: it throws, and says what to call. Mirrors `Tensor.symeig`. @deprecated @throws Error always */
  symeig(...args: unknown[]): never {
    REMOVED.symeig.read(args);
    throw removed('symeig');
  }

  /** A copy in the memory of an XPU. Mirrors `Tensor.xpu`. @throws Error where there is none */
  xpu(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('xpu', this, { device: 'xpu' }, args);
  }

  /** A copy in the memory of an MTIA device. Mirrors `Tensor.mtia`. @throws Error where there is none */
  mtia(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('mtia', this, { device: 'mtia' }, args);
  }

  /** A copy in the memory of an IPU. Mirrors `Tensor.ipu`. @throws Error where there is none */
  ipu(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('ipu', this, { device: 'ipu' }, args);
  }

  /** The number of in-place changes. Mirrors `Tensor._version`. @internal */
  get _version(): number {
    return native.version(this._h);
  }

  /** Whether autograd tracks it as a view of another tensor. Mirrors `Tensor._is_view`. @internal */
  _is_view(): boolean {
    if (arguments.length > 0) no_arguments('_is_view', [...arguments]);
    return native.is_view(this._h);
  }

  /**
   * Whether the elements are in memory in the order of the dimensions. Mirrors `Tensor.is_contiguous`.
   *
   * @param options - `memory_format`: default `torch.contiguous_format`
   * @example
   * ```ts
   * const x = torch.zeros(2, 3);
   * print(x.is_contiguous(), x.t().is_contiguous());
   * ```
   * ```python
   * x = torch.zeros(2, 3)
   * print(x.is_contiguous(), x.t().is_contiguous())
   * ```
   */
  is_contiguous(options?: MemoryFormatOption): boolean;
  is_contiguous(...args: unknown[]): boolean {
    return native.is_contiguous(this._h, args.length === 0 ? undefined : IS_CONTIGUOUS.read(args).memory_format?.code);
  }

  /**
   * A contiguous tensor with the same elements; itself when it is contiguous. Mirrors `Tensor.contiguous`.
   *
   * @param options - `memory_format`: default `torch.contiguous_format`
   * @example
   * ```ts
   * const x = torch.arange(4).view(2, 2).t().contiguous();
   * print(x, x.is_contiguous());
   * ```
   * ```python
   * x = torch.arange(4).view(2, 2).t().contiguous()
   * print(x, x.is_contiguous())
   * ```
   */
  contiguous(options?: MemoryFormatOption): Tensor;
  contiguous(...args: unknown[]): Tensor {
    const options = args.length === 0 ? {} : CONTIGUOUS.read(args);
    if (native.is_contiguous(this._h, options.memory_format?.code)) return this;
    return op.contiguous(this, options);
  }

  /** A view with all dimensions reversed. Mirrors `Tensor.T`. */
  get T(): Tensor {
    return op.t(this);
  }

  /**
   * The conjugate transpose of a matrix as a view. Mirrors `Tensor.H`. @throws Error unless there are 0 or 2
   * dimensions
   */
  get H(): Tensor {
    return op.h(this);
  }

  /** A view with the last two dimensions swapped. Mirrors `Tensor.mT`. @throws Error for fewer than 2 dimensions */
  get mT(): Tensor {
    return op.mt(this);
  }

  /** The conjugate of {@link Tensor.mT}. Mirrors `Tensor.mH`. @throws Error for fewer than 2 dimensions */
  get mH(): Tensor {
    return op.mh(this);
  }

  /** The real parts as a view; a real tensor itself. Assigning copies into them. Mirrors `Tensor.real`. */
  get real(): Tensor {
    return this.dtype.is_complex ? op.real(this) : this;
  }

  set real(value: Tensor | Scalar) {
    this.real.copy_(part_of(this, value));
  }

  /**
   * The imaginary parts as a view; assigning copies into them. Mirrors `Tensor.imag`. @throws Error for tensors that
   * are not complex
   */
  get imag(): Tensor {
    return op.imag(this);
  }

  set imag(value: Tensor | Scalar) {
    this.imag.copy_(part_of(this, value));
  }

  // --- conversion ----------------------------------------------------------------------------------

  /**
   * Converts dtype and device: `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(tensor)`, or all by name. Mirrors
   * `Tensor.to`.
   *
   * @param options - `device`, `dtype`, `non_blocking`, `copy`, `memory_format`; see {@link ToOptions}
   * @returns the converted tensor; itself when nothing changes
   * @throws TypeError when the first argument is `undefined`, which is usually a misspelled name; null changes nothing
   * @example
   * ```ts
   * const x = torch.tensor([0.5, 1.5]);
   * print(x.to(torch.float64), x.to('cpu', torch.int64));
   * ```
   * ```python
   * x = torch.tensor([0.5, 1.5])
   * print(x.to(torch.float64), x.to('cpu', torch.int64))
   * ```
   */
  to(
    ...args: Tail<
      [dtype: DType, non_blocking?: boolean, copy?: boolean],
      ToOptions & { dtype: DType },
      ['dtype', 'non_blocking', 'copy']
    >
  ): Tensor;
  to(
    ...args: Tail<
      [tensor: Tensor, non_blocking?: boolean, copy?: boolean],
      ToOptions & { tensor: Tensor },
      ['tensor', 'non_blocking', 'copy']
    >
  ): Tensor;
  to(
    ...args: Tail<
      [device?: DeviceLike | null, dtype?: DType | null, non_blocking?: boolean, copy?: boolean],
      ToOptions,
      ['device', 'dtype', 'non_blocking', 'copy']
    >
  ): Tensor;
  to(...args: unknown[]): Tensor {
    const [first] = args;
    if (first instanceof DType)
      return args.length === 1 ? convert_to(this, { dtype: first }) : convert_to(this, to_signatures.dtype.read(args));
    if (first instanceof Tensor || (is_plain_object(first) && 'tensor' in first)) {
      const { tensor, ...wanted } = to_signatures.tensor.read(args);
      return convert_to(this, { ...wanted, dtype: tensor.dtype, device: tensor.device });
    }
    if (first === undefined && args.length > 0) {
      throw new TypeError(
        "to(): argument 'device' (position 1) must be torch.device, torch.dtype or Tensor, not undefined",
      );
    }
    return convert_to(this, to_signatures.device.read(args));
  }

  /** The tensor in CPU memory; itself when it is there. Mirrors `Tensor.cpu`. */
  cpu(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cpu', this, { device: 'cpu' }, args);
  }

  /** A copy in CUDA memory; itself when it is there. Mirrors `Tensor.cuda`. @throws Error when there is no CUDA */
  cuda(
    ...args: Tail<
      [device?: DeviceLike | null, non_blocking?: boolean],
      { device?: DeviceLike | null; non_blocking?: boolean; memory_format?: MemoryFormat },
      ['device', 'non_blocking']
    >
  ): Tensor;
  cuda(...args: unknown[]): Tensor {
    const { device, ...wanted } = CUDA.read(args);
    const place = typeof device === 'number' ? `cuda:${device}` : (device ?? 'cuda');
    return convert_to(this, { ...wanted, device: place }, 'cuda');
  }

  /** Converts to float32; itself when it has that dtype. Mirrors `Tensor.float`. */
  float(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('float', this, { dtype: dtypes.float32 }, args);
  }
  /** Converts to float64; itself when it has that dtype. Mirrors `Tensor.double`. */
  double(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('double', this, { dtype: dtypes.float64 }, args);
  }
  /** Converts to float16; itself when it has that dtype. Mirrors `Tensor.half`. */
  half(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('half', this, { dtype: dtypes.float16 }, args);
  }
  /** Converts to bfloat16; itself when it has that dtype. Mirrors `Tensor.bfloat16`. */
  bfloat16(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('bfloat16', this, { dtype: dtypes.bfloat16 }, args);
  }
  /** Converts to int32; itself when it has that dtype. Mirrors `Tensor.int`. */
  int(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('int', this, { dtype: dtypes.int32 }, args);
  }
  /** Converts to int64; itself when it has that dtype. Mirrors `Tensor.long`. */
  long(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('long', this, { dtype: dtypes.int64 }, args);
  }
  /** Converts to int16; itself when it has that dtype. Mirrors `Tensor.short`. */
  short(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('short', this, { dtype: dtypes.int16 }, args);
  }
  /** Converts to int8; itself when it has that dtype. Mirrors `Tensor.char`. */
  char(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('char', this, { dtype: dtypes.int8 }, args);
  }
  /** Converts to uint8; itself when it has that dtype. Mirrors `Tensor.byte`. */
  byte(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('byte', this, { dtype: dtypes.uint8 }, args);
  }
  /** Converts to bool; itself when it has that dtype. Mirrors `Tensor.bool`. */
  bool(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('bool', this, { dtype: dtypes.bool }, args);
  }
  /** Converts to complex64; itself when it has that dtype. Mirrors `Tensor.cfloat`. */
  cfloat(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cfloat', this, { dtype: dtypes.complex64 }, args);
  }
  /** Converts to complex128; itself when it has that dtype. Mirrors `Tensor.cdouble`. */
  cdouble(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cdouble', this, { dtype: dtypes.complex128 }, args);
  }

  /**
   * The legacy type name; or the tensor converted to a type: `x.type(torch.FloatTensor)`. Mirrors `Tensor.type`.
   *
   * @param dtype - a dtype, a tensor type or its name; default null
   * @param non_blocking - copy asynchronously where possible; default false
   * @example
   * ```ts
   * const x = torch.tensor([0.5]);
   * print(x.type(), x.type(torch.IntTensor));
   * ```
   * ```python
   * x = torch.tensor([0.5])
   * print(x.type(), x.type(torch.IntTensor))
   * ```
   */
  type(): string;
  type(
    dtype: DType | TensorType | string | { dtype: DType | TensorType | string; non_blocking?: boolean },
    non_blocking?: boolean | { non_blocking?: boolean },
  ): Tensor;
  type(...args: unknown[]): string | Tensor {
    const { dtype: type = null, non_blocking = false } = TYPE.read(args);
    if (type === null) return tensor_type_name(this.dtype, this.device.type);
    if (type instanceof DType) return convert_to(this, { dtype: type, non_blocking }, 'type');
    const known = typeof type === 'string' ? tensor_type(type) : type;
    if (!(known instanceof TensorType)) throw new Error(`type(): invalid type: '${String(type)}'`);
    return convert_to(this, { device: known.device_type, dtype: known.dtype, non_blocking }, 'type');
  }

  /**
   * The value of a tensor with one element; of int64, a bigint only when it is not safe as a number. Mirrors
   * `Tensor.item`.
   *
   * @throws Error unless there is exactly one element
   * @example
   * ```ts
   * print(torch.tensor([0.5]).item());
   * ```
   * ```python
   * print(torch.tensor([0.5]).item())
   * ```
   */
  item(): number;
  item<T extends number | bigint | boolean | Complex>(): T;
  item(): unknown {
    if (arguments.length > 0) no_arguments('item', [...arguments]);
    const value = native.item(this._h);
    note_scalar(value);
    return typeof value === 'object' ? new Complex(value.re, value.im) : value;
  }

  /**
   * Replaces each element by the result of a function; slow, and on the CPU only. Mirrors `Tensor.apply_`.
   *
   * @param callable - from an element to its new value
   * @returns this tensor
   * @throws TypeError on other devices
   * @example
   * ```ts
   * print(torch.tensor([0.5, 1.5]).apply_((x) => x * 2));
   * ```
   * ```python
   * print(torch.tensor([0.5, 1.5]).apply_(lambda x: x * 2))
   * ```
   */
  apply_(callable: (element: number) => number): this;
  apply_(...args: unknown[]): this {
    each_element('apply_', this, [], APPLY_.read(args).callable);
    return this;
  }

  /**
   * Replaces each element by the result of a function of it and the element of another tensor; slow, and on the CPU
   * only. Mirrors `Tensor.map_`.
   *
   * @param tensor - of a shape that broadcasts to this one
   * @param callable - from both elements to the new value
   * @returns this tensor
   * @throws TypeError on other devices
   * @example
   * ```ts
   * print(torch.ones(2).map_(torch.tensor([0.5, 1.5]), (x, y) => x + y));
   * ```
   * ```python
   * print(torch.ones(2).map_(torch.tensor([0.5, 1.5]), lambda x, y: x + y))
   * ```
   */
  map_(tensor: Tensor, callable: (element: number, other: number) => number): this;
  map_(...args: unknown[]): this {
    const { tensor, callable } = MAP_.read(args);
    each_element('map_', this, [tensor], callable);
    return this;
  }

  /** {@link map_} with two other tensors. Mirrors `Tensor.map2_`. */
  map2_(x: Tensor, y: Tensor, callable: (element: number, x: number, y: number) => number): this;
  map2_(...args: unknown[]): this {
    const { x, y, callable } = MAP2_.read(args);
    each_element('map2_', this, [x, y], callable);
    return this;
  }

  /** The LU factorization with pivoting, in compact form. Mirrors `Tensor.lu`. See `torch.lu`. */
  lu(
    ...args: Tail<
      [pivot?: boolean, get_infos?: boolean],
      { pivot?: boolean; get_infos?: boolean },
      ['pivot', 'get_infos']
    >
  ): Tensor[];
  lu(...args: unknown[]): Tensor[] {
    const { pivot = true, get_infos = false } = LU.read(args);
    const { LU: factors, pivots, info } = op.lu(this, pivot, !get_infos);
    return [factors, pivots, ...(get_infos ? [info] : [])];
  }

  /** Converts to the COO layout. Mirrors `Tensor.to_sparse_coo`. */
  to_sparse_coo(): Tensor {
    if (arguments.length > 0) no_arguments('to_sparse_coo', [...arguments]);
    return this.to_sparse({ layout: dtypes.sparse_coo });
  }

  /**
   * The dimensions from the outermost in memory to the innermost; those with equal strides keep their order. Mirrors
   * `Tensor.dim_order`.
   *
   * @param options - `ambiguity_check`: throw when the order is ambiguous; or the memory formats of which one must
   * match
   * @throws Error for an ambiguous order, with `ambiguity_check`
   * @example
   * ```ts
   * print(torch.zeros(2, 3).t().dim_order()[0]);
   * ```
   * ```python
   * print(torch.zeros(2, 3).t().dim_order()[0])
   * ```
   */
  dim_order(options?: { ambiguity_check?: boolean | readonly MemoryFormat[] }): number[];
  dim_order(...args: unknown[]): number[] {
    const { ambiguity_check = false } = DIM_ORDER.read(args);
    return dimension_order(this, ambiguity_check);
  }

  /**
   * The elements as nested arrays; the value itself for a 0-d tensor. Mirrors `Tensor.tolist`.
   *
   * The type is that of a vector's elements unless it is given or follows from the assignment: `const rows:
   * number[][] = x.tolist()`.
   * @example
   * ```ts
   * print(torch.tensor([[0.5, 1.5], [2.5, 3.5]]).tolist());
   * ```
   * ```python
   * print(torch.tensor([[0.5, 1.5], [2.5, 3.5]]).tolist())
   * ```
   */
  tolist<T extends NestedNumbers = number[]>(): T;
  tolist(): unknown {
    if (arguments.length > 0) no_arguments('tolist', [...arguments]);
    const dim = native.read_numbers(this._h);
    if (dim >= 0) return dim === 0 ? scratch[0] : nested(scratch, scratch, dim, 0, dim);
    const flat = data_of(this);
    const { shape } = this;
    return shape.length === 0 ? flat[0] : nested(flat, shape, shape.length, 0, 0);
  }

  /**
   * The tensor as an n-dimensional array that shares its memory and keeps it alive. Mirrors `Tensor.numpy`.
   *
   * @param options - `force`: detach, move and copy where needed; default false
   * @throws Error when the tensor requires grad
   * @throws TypeError when it is not strided CPU memory
   * @example
   * ```ts
   * const x = torch.ones(2);
   * const array = x.numpy();
   * x.add_(0.5);
   * print(array);
   * ```
   * ```python
   * x = torch.ones(2)
   * array = x.numpy()
   * x.add_(0.5)
   * print(array)
   * ```
   */
  numpy(...args: [options?: boolean | { force?: boolean }]): NDArray {
    const { force = false } = args.length > 0 ? NUMPY.read(args) : {};
    if (force) return this.detach().cpu().resolve_conj().resolve_neg().numpy();
    if (this.requires_grad) {
      throw new Error("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
    }
    const { dtype } = this;
    const name = dtype.name as NDArrayDType;
    const View = array_types[name];
    if (!View) throw new TypeError(`numpy(): Got unsupported ScalarType ${dtype.name}`);
    const buffer = native.memory(this._h);
    // The addon frees the memory when the buffer is unreachable.
    pin_buffer(buffer, true);
    const offset = scratch[0]!;
    const bytes = scratch[1]!;
    const dim = scratch[2]!;
    const data = new View(buffer, offset, bytes / View.BYTES_PER_ELEMENT);
    const shape: number[] = [];
    const strides: number[] = [];
    for (let i = 0; i < dim; i++) {
      shape.push(scratch[3 + i]!);
      strides.push(scratch[3 + dim + i]!);
    }
    return NDArray._of(
      dim < 0
        ? { data, dtype: name, shape: [...this.shape], strides: strides_of(this._h), offset: 0 }
        : { data, dtype: name, shape, strides, offset: 0 },
    );
  }

  // --- indexing ------------------------------------------------------------------------------------

  /**
   * Indexing, as Python's `x[...]`: `x.index(0)`, `x.index(':', -1, ':')`, `x.index('...', null)`, `x.index(mask)`.
   *
   * An array alone that contains more than integers is taken for several subscripts, with a warning, as in Python.
   *
   * @param subscripts - integers, slices as text or `torch.slice`, `null` for a new dimension, tensors of indices or
   * masks, arrays
   * @returns a view, or for tensors of indices and masks a copy
   * @throws RangeError when an index is out of range
   * @example
   * ```ts
   * const x = torch.arange(6).view(2, 3);
   * print(x.index(0), x.index(':', -1), x.index(x.gt(3)));
   * ```
   * ```python
   * x = torch.arange(6).view(2, 3)
   * print(x[0], x[:, -1], x[x.gt(3)])
   * ```
   */
  index(...subscripts: Subscript[]): Tensor;
  index(subscripts: readonly Subscript[]): Tensor;
  index(...args: unknown[]): Tensor {
    let subscripts = args as Subscript[];
    if (is_list_of_subscripts(subscripts)) {
      warn(
        'Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in pytorch 2.9; use ' +
          'x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as tensor index, x[torch.tensor(seq)], which will ' +
          'result either in an error or a different result',
      );
      subscripts = subscripts[0];
    }
    const { codes } = parse_subscripts(subscripts, Tensor._index_list);
    return wrap(native.index_get(this._h, leave_subscripts(codes)));
  }

  /**
   * Assigns to elements, as Python's `x[...] = value`. Mirrors `Tensor.index_put_`.
   *
   * @param indices - subscripts as in {@link Tensor.index}, in an array; a single one needs no array unless it is one
   * @param values - a number or tensor that broadcasts
   * @param accumulate - add to the elements instead of replacing them; default false
   * @returns this tensor
   * @throws RangeError when an index is out of range
   * @example
   * ```ts
   * const x = torch.zeros(2, 3);
   * x.index_put_([':', 0], 1.5);
   * print(x);
   * ```
   * ```python
   * x = torch.zeros(2, 3)
   * x[:, 0] = 1.5
   * print(x)
   * ```
   */
  index_put_(
    ...args: Tail<
      [indices: Subscript | readonly Subscript[], values: Tensor | TensorData, accumulate?: boolean],
      IndexPutOptions,
      ['indices', 'values', 'accumulate']
    >
  ): this;
  index_put_(...args: unknown[]): this {
    const { indices, values, accumulate = false } = index_put_signatures.index_put_.read(args);
    put_values(this, indices, values, accumulate);
    return this;
  }

  /** {@link index_put_} in a copy. Mirrors `Tensor.index_put`. */
  index_put(
    ...args: Tail<
      [indices: Subscript | readonly Subscript[], values: Tensor | TensorData, accumulate?: boolean],
      IndexPutOptions,
      ['indices', 'values', 'accumulate']
    >
  ): Tensor;
  index_put(...args: unknown[]): Tensor {
    const { indices, values, accumulate = false } = index_put_signatures.index_put.read(args);
    const copy = this.clone();
    put_values(copy, indices, values, accumulate);
    return copy;
  }

  /** @internal The form of aten, for tensors of indices. */
  _index_put(indices: readonly (Tensor | null)[], value: Tensor, accumulate = false): this {
    op.index_put(this, indices, value, accumulate, false);
    return this;
  }

  /** The slices along the first dimension. @throws TypeError for a 0-d tensor */
  [Symbol.iterator](): IterableIterator<Tensor> {
    if (this.dim() === 0) throw new TypeError('iteration over a 0-d tensor');
    return op.unbind(this, 0)[Symbol.iterator]();
  }

  /**
   * Splits into views along a dimension. Mirrors `Tensor.split`. See `torch.split`.
   *
   * @param split_size - the size of each part, of which the last may be smaller; or the list of sizes
   * @param dim - dimension to split; default 0
   * @throws Error when the sizes do not sum up to that of the dimension
   * @example
   * ```ts
   * const [a, b] = torch.arange(5).split([2, 3]);
   * print(a, b);
   * ```
   * ```python
   * a, b = torch.arange(5).split([2, 3])
   * print(a, b)
   * ```
   */
  split<const S extends readonly number[]>(split_size: S, dim?: number | { dim?: number }): EachOf<S>;
  split(
    ...args: Tail<
      [split_size: number | readonly number[], dim?: number],
      { split_size: number | readonly number[]; dim?: number },
      ['split_size', 'dim']
    >
  ): Tensor[];
  split(...args: unknown[]): Tensor[] {
    const { split_size, dim = 0 } = SPLIT.read(args);
    return split_of(this, split_size, dim);
  }

  /**
   * The unique elements. Mirrors `Tensor.unique`. See `torch.unique`.
   * @returns the elements; with `return_inverse` or `return_counts` an array of results
   */
  unique(options?: UniqueOptions & { return_inverse?: false; return_counts?: false }): Tensor;
  unique(options: UniqueOptions): Tensor[];
  unique(
    ...args: Tail<UniqueArguments, UniqueOptions, ['sorted', 'return_inverse', 'return_counts', 'dim']>
  ): Tensor | Tensor[];
  unique(...args: unknown[]): Tensor | Tensor[] {
    return unique_of(this, UNIQUE.read(args));
  }

  /**
   * Removes elements equal to the one before them. Mirrors `Tensor.unique_consecutive`. See
   * `torch.unique_consecutive`.
   * @returns the elements; with `return_inverse` or `return_counts` an array of results
   */
  unique_consecutive(options?: UniqueConsecutiveOptions & { return_inverse?: false; return_counts?: false }): Tensor;
  unique_consecutive(options: UniqueConsecutiveOptions): Tensor[];
  unique_consecutive(
    ...args: Tail<UniqueConsecutiveArguments, UniqueConsecutiveOptions, ['return_inverse', 'return_counts', 'dim']>
  ): Tensor | Tensor[];
  unique_consecutive(...args: unknown[]): Tensor | Tensor[] {
    return unique_consecutive_of(this, UNIQUE_CONSECUTIVE.read(args));
  }

  /**
   * The indices of nonzero elements, one per row; with `as_tuple` a tensor per dimension. Mirrors `Tensor.nonzero`.
   * See `torch.nonzero`.
   */
  nonzero(options?: { as_tuple?: false }): Tensor;
  nonzero(options: { as_tuple: boolean }): Tensor[];
  nonzero(...args: unknown[]): Tensor | Tensor[] {
    return NONZERO.read(args).as_tuple ? op.nonzero_numpy(this) : op.nonzero(this);
  }

  /** A vector or matrix norm. Mirrors `Tensor.norm`. See `torch.norm`. */
  norm(...args: Tail<NormArguments, NormOptions, ['p', 'dim', 'keepdim', 'dtype']>): Tensor;
  norm(...args: unknown[]): Tensor {
    return norm_of(this, NORM.read(args), null);
  }

  // --- autograd ------------------------------------------------------------------------------------

  /** Whether autograd records operations on the tensor. Mirrors `Tensor.requires_grad`. */
  get requires_grad(): boolean {
    return native.requires_grad(this._h);
  }

  set requires_grad(flag: boolean) {
    if (typeof flag !== 'boolean') throw new TypeError(`requires_grad must be a bool, not ${kind_of(flag)}`);
    native.set_requires_grad(this._h, flag);
  }

  /**
   * The same elements and history as an object of a subclass, whose constructor is not called. What operators make of it is a plain tensor, where
   * Python keeps the class. Mirrors `Tensor.as_subclass`.
   * @param cls - a class that extends `Tensor`
   * @throws TypeError for what is not a class, and for another class
   * @example
   * ```ts
   * class Positions extends torch.Tensor {}
   * const x = torch.ones(2, { requires_grad: true });
   * const y = x.as_subclass(Positions);
   * print(y instanceof Positions, y.requires_grad); // True True
   * ```
   */
  as_subclass<C extends Tensor>(cls: { readonly prototype: C }): C;
  as_subclass<C extends Tensor>(options: { cls: { readonly prototype: C } }): C;
  as_subclass(...args: unknown[]): Tensor {
    const { cls } = AS_SUBCLASS.read(args);
    if (typeof cls !== 'function') throw new TypeError(`cls must be a type (got ${kind_of(cls)})`);
    const prototype = (cls as { prototype?: unknown }).prototype;
    if (
      prototype !== Tensor.prototype &&
      !Object.prototype.isPrototypeOf.call(Tensor.prototype, Object(prototype) as object)
    ) {
      throw new TypeError(
        'Creating a Tensor subclass from a class that does not inherit from Tensor is not possible. Make sure your class inherits from Tensor.',
      );
    }
    return Object.setPrototypeOf(aliased(this) as Tensor, prototype as object) as Tensor;
  }

  /** Removed from PyTorch long ago. @throws Error always: `torch.distributions` has what replaces it */
  reinforce(reward: unknown): never;
  reinforce(...args: unknown[]): never {
    REINFORCE.read(args);
    throw new Error(
      'reinforce() was removed. Use torch.distributions instead: const m = new torch.distributions.Categorical(probs); const action = ' +
        'm.sample(); and m.log_prob(action).neg().mul(reward) is the loss. See https://pytorch.org/docs/main/distributions.html',
    );
  }

  /**
   * Sets {@link Tensor.requires_grad}. Mirrors `Tensor.requires_grad_`.
   * @returns this tensor
   */
  requires_grad_(requires_grad?: boolean | { requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    native.set_requires_grad(this._h, REQUIRES_GRAD_.read(args).requires_grad ?? true);
    return this;
  }

  /**
   * Whether it is not the result of a recorded operation, so that gradients accumulate here. Mirrors
   * `Tensor.is_leaf`.
   */
  get is_leaf(): boolean {
    return native.is_leaf(this._h);
  }

  /** The index among the results of its node. Mirrors `Tensor.output_nr`. */
  get output_nr(): number {
    return native.output_nr(this._h);
  }

  /** The node of the graph that computed it; null for leaves. Mirrors `Tensor.grad_fn`. */
  get grad_fn(): GradFn | null {
    return grad_fn_of(this);
  }

  /**
   * The accumulated gradient. Mirrors `Tensor.grad`.
   *
   * Null before the first backward pass and after `zero_grad()`. The type does not include null, so that
   * `w.grad.zero_()` compiles as in Python; compare with `w.grad === null` where it may be.
   */
  get grad(): Tensor {
    return wrap(native.grad(this._h));
  }

  set grad(value: Tensor | null | undefined) {
    if (value !== null && value !== undefined && !(value instanceof Tensor)) {
      throw new TypeError(`assigned grad expected to be a Tensor or None but got grad of type ${kind_of(value)}`);
    }
    native.set_grad(this._h, value ? value._h : -1);
  }

  /**
   * The dtype that gradients of a leaf have: default that of the tensor, null for any. Backward passes convert gradients to it, and only
   * gradients of this dtype can be assigned. Mirrors `Tensor.grad_dtype`.
   * @throws Error of a tensor that is not a leaf, and when it is set while there is a gradient of another dtype
   * @example
   * ```ts
   * const w = torch.ones(2, { dtype: torch.bfloat16, requires_grad: true });
   * w.grad_dtype = torch.float32;
   * w.float().mul(2).sum().backward();
   * print(w.grad);
   * ```
   * ```python
   * w = torch.ones(2, dtype=torch.bfloat16, requires_grad=True)
   * w.grad_dtype = torch.float32
   * w.float().mul(2).sum().backward()
   * print(w.grad)
   * ```
   */
  get grad_dtype(): DType | null {
    const code = native.grad_dtype(this._h);
    return code < 0 ? null : dtype_of(code);
  }

  set grad_dtype(dtype: DType | null) {
    if (dtype !== null && !(dtype instanceof dtypes.DType)) {
      throw new Error(`grad_dtype must be a torch.dtype or None, but got ${kind_of(dtype)}`);
    }
    native.set_grad_dtype(this._h, dtype === null ? -1 : dtype.code);
  }

  /**
   * Keeps {@link Tensor.grad} of a tensor that is not a leaf. Mirrors `Tensor.retain_grad`. @throws Error without
   * `requires_grad`
   */
  retain_grad(): void {
    if (arguments.length > 0) no_arguments('retain_grad', [...arguments]);
    native.retain_grad(this._h);
  }

  /** Whether a tensor that is not a leaf keeps its gradient. Mirrors `Tensor.retains_grad`. */
  get retains_grad(): boolean {
    return native.retains_grad(this._h);
  }

  /**
   * A tensor on the same storage without history; assigning replaces the content of the tensor. Mirrors
   * `Tensor.data`.
   */
  get data(): Tensor {
    return wrap(native.variable_data(this._h));
  }

  set data(value: Tensor) {
    if (!(value instanceof Tensor)) throw new TypeError(`Variable data has to be a tensor, but got ${kind_of(value)}`);
    native.set_data(this._h, value._h);
  }

  /**
   * Computes the gradients of this tensor with respect to the leaves of its graph, and accumulates them into `.grad`.
   * Mirrors `Tensor.backward`.
   *
   * @param gradient - gradient with respect to this tensor, of its shape; default null, for a scalar
   * @param options - `retain_graph`, `create_graph`, `inputs`; see {@link BackwardOptions}
   * @throws Error when it is not a scalar and no gradient is given, or when it has no graph
   * @example
   * ```ts
   * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
   * x.square().sum().backward();
   * print(x.grad);
   * ```
   * ```python
   * x = torch.tensor([0.5, 1.5], requires_grad=True)
   * x.square().sum().backward()
   * print(x.grad)
   * ```
   */
  backward(
    ...args: Tail<
      [
        gradient?: Tensor | null,
        retain_graph?: boolean | null,
        create_graph?: boolean,
        inputs?: Tensor | readonly Tensor[] | null,
      ],
      BackwardOptions,
      ['gradient', 'retain_graph', 'create_graph', 'inputs']
    >
  ): void;
  backward(...args: unknown[]): void {
    const { gradient = null, retain_graph = null, create_graph = false, inputs = null } = BACKWARD.read(args);
    const listed = inputs instanceof Tensor ? [inputs] : inputs;
    if (listed?.length === 0) throw new Error('backward(): `inputs` argument to `backward()` cannot be empty.');
    const run = (leaves: number[]): void => {
      in_pass(() => {
        native.backward([this._h], gradient ? [gradient._h] : [], retain_graph ?? undefined, create_graph, leaves);
      });
    };
    if (listed === null) run([]);
    else call_in_mode(pass_for_inputs, () => run(listed.map((input) => input._h)));
  }

  /**
   * Registers a hook that is called with the gradient of this tensor; what it returns replaces the gradient. Mirrors
   * `Tensor.register_hook`.
   *
   * @param hook - from the gradient to a tensor, or nothing
   * @returns a handle whose `remove()` removes the hook
   * @throws Error when the tensor does not require a gradient
   * @example
   * ```ts
   * const x = torch.ones(2, { requires_grad: true });
   * x.register_hook((grad) => grad.mul(0.5));
   * x.sum().backward();
   * print(x.grad);
   * ```
   * ```python
   * x = torch.ones(2, requires_grad=True)
   * x.register_hook(lambda grad: grad.mul(0.5))
   * x.sum().backward()
   * print(x.grad)
   * ```
   */
  register_hook(hook: GradientHook | { hook: GradientHook }): RemovableHandle;
  register_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_HOOK.read(args);
    if (!this.requires_grad) throw new Error("cannot register a hook on a tensor that doesn't require gradient");
    const active = { now: true };
    const position = native.register_hook(this._h, gradient_caller(hook, active));
    return handle_of_hook(() => {
      if (!active.now) return;
      active.now = false;
      native.remove_hook(this._h, position);
    });
  }

  /**
   * Registers a hook that is called with this leaf after a backward pass has accumulated its gradient. Mirrors
   * `Tensor.register_post_accumulate_grad_hook`.
   *
   * @param hook - is called with the tensor; must not return a value
   * @returns a handle whose `remove()` removes the hook
   * @throws Error when the tensor does not require a gradient or is not a leaf
   * @example
   * ```ts
   * const x = torch.ones(2, { requires_grad: true });
   * x.register_post_accumulate_grad_hook((x) => print(x.grad));
   * x.sum().backward();
   * ```
   * ```python
   * x = torch.ones(2, requires_grad=True)
   * x.register_post_accumulate_grad_hook(lambda x: print(x.grad))
   * x.sum().backward()
   * ```
   */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle;
  register_post_accumulate_grad_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_POST_ACCUMULATE.read(args);
    if (!this.requires_grad) throw new Error("cannot register a hook on a tensor that doesn't require gradient");
    if (!this.is_leaf) throw new Error('post accumulate grad hooks cannot be registered on non-leaf tensors');
    const active = { now: true };
    const id = native.register_accumulated_hook(this._h, this, leaf_caller(hook, active));
    return handle_of_hook(() => {
      active.now = false;
      native.remove_accumulated_hook(this._h, id);
    });
  }

  // --- new tensors of the same kind ----------------------------------------------------------------

  /**
   * A tensor with a copy of the given data, by default with the dtype and device of this one. Mirrors
   * `Tensor.new_tensor`.
   *
   * @param data - as for `torch.tensor`
   * @param options - `dtype`, `device`, `requires_grad`, `pin_memory`; see {@link NewTensorOptions}
   * @throws Error for data as `torch.tensor`
   * @example
   * ```ts
   * print(torch.ones(1, { dtype: torch.float64 }).new_tensor([1, 2]));
   * ```
   * ```python
   * print(torch.ones(1, dtype=torch.float64).new_tensor([1, 2]))
   * ```
   */
  new_tensor(data: TensorData, options?: NewTensorOptions): Tensor;
  new_tensor(options: { data: TensorData } & NewTensorOptions): Tensor;
  new_tensor(...args: unknown[]): Tensor {
    const { data, dtype, device, requires_grad = false } = NEW_TENSOR.read(args);
    return from_nested(
      data,
      { dtype: dtype ?? this.dtype, device: device ?? native.device(this._h), requires_grad },
      'new_tensor',
    );
  }

  /** The same bits as another dtype. @internal */
  _view_dtype(dtype: DType): Tensor {
    return op.bit_view(this, dtype);
  }

  /**
   * Takes the storage, sizes and strides of another tensor, or a part of a storage; without arguments becomes empty.
   * Mirrors `Tensor.set_`.
   *
   * @param source - a tensor or storage
   * @param storage_offset - first element in the storage; default 0
   * @param size - sizes
   * @param stride - strides; default contiguous
   * @throws Error when the source is a tensor of another dtype, or the sizes reach beyond a storage that cannot be
   * resized
   * @example
   * ```ts
   * const x = torch.zeros(1);
   * x.set_(torch.arange(4.5).untyped_storage(), 1, [2]);
   * print(x);
   * ```
   * ```python
   * x = torch.zeros(1)
   * x.set_(torch.arange(4.5).untyped_storage(), 1, [2])
   * print(x)
   * ```
   */
  set_(): this;
  set_(source: Tensor | UntypedStorage | TypedStorage): this;
  set_(
    source: Tensor | UntypedStorage | TypedStorage,
    storage_offset: number,
    size: readonly number[],
    stride?: readonly number[],
  ): this;
  set_(options: SetArguments & { source: Tensor | UntypedStorage | TypedStorage }): this;
  set_(...args: unknown[]): this {
    const { source, storage_offset, size, stride = [] } = SET.read(args);
    if (source === undefined) {
      op.set_to_nothing(this);
      return this;
    }
    const whole = storage_offset === undefined && size === undefined;
    if (!whole && size === undefined) throw new TypeError("set_() missing 1 required positional argument: 'size'");
    if (source instanceof Tensor) {
      if (!whole) op.set_to_part(this, source, storage_offset ?? 0, size!, stride);
      else if (source.dtype === this.dtype) op.set_to_tensor(this, source);
      else {
        const name = ({ name: dtype }: DType): string => c_names[dtype] ?? dtype;
        throw new Error(`Could not set tensor of type ${name(source.dtype)} to a tensor of type ${name(this.dtype)}`);
      }
      return this;
    }
    const untyped = source instanceof UntypedStorage ? source : source._untyped_storage;
    if (source !== untyped && (source as TypedStorage).dtype !== this.dtype) {
      throw new Error(
        `Expected a Storage of type ${c_names[this.dtype.name] ?? this.dtype.name} or an UntypedStorage, but got ` +
          `type ${(source as TypedStorage).dtype.name} for argument 1 'storage'`,
      );
    }
    const count = Math.floor(untyped.nbytes() / this.dtype.itemsize);
    const place = whole ? ([0, [count], [1]] as const) : ([storage_offset ?? 0, size!, stride] as const);
    op.set_to_part(this, untyped._bytes, ...place);
    return this;
  }

  // --- memory --------------------------------------------------------------------------------------

  /**
   * Frees the native tensor now; using the object afterwards is an Error. Not required: memory is managed
   * automatically.
   */
  dispose(...none: []): void {
    no_arguments('dispose', none);
    native.dispose(this._h);
  }

  /** Frees the tensor at the end of a `using` block. */
  [Symbol.dispose](): void {
    native.dispose(this._h);
  }

  /**
   * Whether other processes can share the memory ({@link Tensor.share_memory_}); that of devices counts as shared. Threads share any
   * memory but that of JavaScript arrays. On systems other than Linux, whether threads can share it. Mirrors `Tensor.is_shared`.
   */
  is_shared(): boolean {
    if (arguments.length > 0) no_arguments('is_shared', [...arguments]);
    return native.is_shared(this._h);
  }

  /**
   * Moves the memory to where other processes can share it (`torch.multiprocessing`), unless it is there already; views follow, a
   * JavaScript array whose memory it was does not. Does nothing for tensors of devices. On systems other than Linux only memory of
   * JavaScript arrays moves, to where any thread may use it. Mirrors `Tensor.share_memory_`.
   */
  share_memory_(): this {
    if (arguments.length > 0) no_arguments('share_memory_', [...arguments]);
    native.share_memory(this._h);
    return this;
  }

  /**
   * A copy with a new storage, which views copied by the same call share; for `deepcopy`. Mirrors
   * `Tensor.__deepcopy__`.
   * @throws Error for a tensor with a history
   * @internal
   */
  __deepcopy__(memo: Memo): Tensor {
    if (!this.is_leaf) {
      throw new Error(
        'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the ' +
          'moment.  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm ' +
          'usage, see https://github.com/pytorch/pytorch/pull/103001',
      );
    }
    const copy = copy_of_leaf(this, memo);
    memo.set(this, copy);
    Object.setPrototypeOf(copy, Object.getPrototypeOf(this) as object);
    if (this.requires_grad) copy.requires_grad_();
    const { grad } = this;
    if (grad !== null) copy.grad = grad.__deepcopy__(memo);
    for (const key of Reflect.ownKeys(this)) {
      if (key === '_h' || key === '_p') continue;
      const field = Object.getOwnPropertyDescriptor(this, key)!;
      Object.defineProperty(copy, key, { ...field, value: deepcopy(field.value as unknown, memo) });
    }
    return copy;
  }

  // --- text ----------------------------------------------------------------------------------------

  /** As Python's `repr`. */
  override toString(): string {
    return native.is_disposed(this._h) ? 'tensor(<disposed>)' : tensor_repr(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    return text_output(this.toString(), native.is_disposed(this._h) ? [] : tensor_facts(this));
  }

  /**
   * The value for JavaScript's own operators: the number of a tensor with one element, and in template strings its repr.
   * @throws TypeError for other tensors, where an operator would give NaN or compare texts: `-x`, `x > y`, `~x`, `Number(x)`
   */
  [Symbol.toPrimitive](hint: string): unknown {
    if (hint === 'string') return this.toString();
    if (this.numel() === 1 && !this.is_meta) {
      const value = this.item<number | bigint | boolean | Complex>();
      if (!(value instanceof Complex)) return value;
      throw new TypeError("can't convert complex to float");
    }
    throw new TypeError(
      'only one element tensors can be converted to Python scalars. JavaScript has no operators for tensors: write ' +
        'a.add(b), a.sub(b), a.mul(b), a.div(b), a.neg(), a.gt(b), a.lt(b), a.eq(b), a.logical_not(), a.bitwise_not()',
    );
  }

  /** The number of a tensor with one element; other tensors themselves. */
  override valueOf(): unknown {
    return this.numel() === 1 && !this.is_meta ? this.item() : this;
  }

  /** The elements as nested arrays, for `JSON.stringify`. */
  toJSON(): unknown {
    return this.tolist();
  }
}

/** Row-major elements from `at` on as nested arrays, for the dimensions from `depth` on. */
function nested(flat: ArrayLike<unknown>, sizes: ArrayLike<number>, dim: number, depth: number, at: number): unknown[] {
  const size = sizes[depth]!;
  const list: unknown[] = [];
  if (depth === dim - 1) {
    for (let i = 0; i < size; i++) list.push(flat[at + i]);
    return list;
  }
  let step = 1;
  for (let inner = depth + 1; inner < dim; inner++) step *= sizes[inner]!;
  for (let i = 0; i < size; i++) list.push(nested(flat, sizes, dim, depth + 1, at + i * step));
  return list;
}

/** A value to copy into a part of a complex tensor. */
function part_of(tensor: Tensor, value: Tensor | Scalar): Tensor {
  return value instanceof Tensor ? value : from_nested(value, { device: native.device(tensor._h) }, 'real');
}

function put_values(
  tensor: Tensor,
  indices: IndexPutOptions['indices'],
  values: IndexPutOptions['values'],
  accumulate: boolean,
): void {
  if (dtypes.sparse_layouts.includes(tensor.layout)) throw new TypeError('Cannot assign to a sparse tensor');
  const list = Array.isArray(indices) ? (indices as Subscript[]) : [indices as Subscript];
  const { codes, alive } = parse_subscripts(list, Tensor._index_list, 'index_put_');
  if (typeof values === 'number' && !accumulate && tensor.dtype.is_floating_point) {
    native.index_fill(tensor._h, leave_subscripts(codes), values);
    alive.length = 0;
    return;
  }
  const source =
    values instanceof Tensor
      ? values
      : from_nested(values, { dtype: tensor.dtype, device: native.device(tensor._h) }, 'index_put_');
  native.index_put(tensor._h, leave_subscripts(codes), source._h, accumulate);
  if (source.requires_grad) with_history(tensor);
  alive.length = 0;
}

// eslint-style note: the methods made from the schemas are declared here and installed below.
export interface Tensor extends TensorMethods {}

/** Within the package, tensors have the members whose names begin with `_`, too. @internal */
export interface Tensor extends PrivateTensorMethods {}

/**
 * A tensor with the members whose names begin with `_`, as Python has them. They are there at run time; the type of tensors
 * leaves them out, so that editors do not list them: `(x as torch._VF.PrivateTensor)._nnz()`.
 */
export interface PrivateTensor extends Tensor, PrivateTensorMethods {
  /** The number of in-place changes; `Tensor._version`. */
  readonly _version: number;
  /** Whether autograd tracks it as a view of another tensor; `Tensor._is_view`. */
  _is_view(): boolean;
  /**
   * The memory as a capsule for another library, which calls this from its `from_dlpack`; `Tensor.__dlpack__`.
   * @throws Error for tensors that require a gradient, lazy conjugates, and what DLPack does not have
   */
  __dlpack__(options?: DLPackOptions): DLPackCapsule;
  /** The device of the memory, in the numbers of DLPack; `Tensor.__dlpack_device__`. */
  __dlpack_device__(): [type: number, index: number];
  /**
   * A copy with its own storage, which views copied in the same go share; what `deepcopy` calls. Mirrors
   * `Tensor.__deepcopy__`.
   * @throws Error for a tensor with a history
   */
  __deepcopy__(memo: Memo): Tensor;
}

/**
 * The function that the addon calls for a hook of a leaf. The native tensor owns it, so it must not reference the wrapper,
 * which would then live forever.
 */
function leaf_caller(hook: (param: Tensor) => unknown, active: { now: boolean }): (leaf: Tensor | Wrapped) => void {
  return (leaf) => {
    if (!active.now) return;
    const param = typeof leaf === 'number' ? wrap(leaf) : leaf;
    const answer = hook(param);
    if (answer === undefined || answer === null || answer === param) return;
    throw new Error('Tensor post accumulate grad hooks should return None.');
  };
}

/** The function that the addon calls for a hook of a tensor; separate for the reason given at {@link leaf_caller}. */
function gradient_caller(hook: GradientHook, active: { now: boolean }): (grad: Wrapped) => Handle | undefined {
  return (grad) => {
    if (!active.now) return undefined;
    const result = hook(wrap(grad));
    if (result === undefined || result === null) return undefined;
    if (!(result instanceof Tensor)) throw new TypeError('register_hook(): a hook must return a Tensor or nothing');
    return result._h;
  };
}

/** The same values without history; over one copied storage for all views of it. */
function copy_of_leaf(tensor: Tensor, memo: Memo): Tensor {
  const key = native.layout(tensor._h) === dtypes.strided.code && !tensor.is_meta ? native.storage_id(tensor._h) : 0n;
  if (key === 0n) return tensor.detach().clone();
  const name = `storage ${key}`;
  const holder = memo.get(name);
  const copy = wrap(native.copy_with_storage(tensor._h, holder instanceof Tensor ? holder._h : -1));
  if (holder === undefined) memo.set(name, copy);
  return copy;
}

bind_tensor_class(Tensor);
install_methods(Tensor.prototype);

// The only operators whose schemas do not begin with the tensor.
const polygamma = operator('aten::polygamma', '');
const where = operator('aten::where', 'self', 'ScalarOther');
const methods_of_second_argument = {
  polygamma(this: Tensor, ...args: unknown[]): Tensor {
    return polygamma(POLYGAMMA.read(args).n, this);
  },
  where(this: Tensor, ...args: unknown[]): Tensor {
    const { condition, other } = WHERE.read(args);
    return where(condition, this, other);
  },
};
for (const [name, value] of Object.entries(methods_of_second_argument)) {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}

// Assigning to a read-only property throws Python's error, outside of strict mode too.
for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))) {
  if (get === undefined || set !== undefined) continue;
  Object.defineProperty(Tensor.prototype, name, {
    get,
    configurable: true,
    enumerable: false,
    set() {
      throw new TypeError(`attribute '${name}' of 'torch._C.TensorBase' objects is not writable`);
    },
  });
}

mark_class(Tensor);
name_class(Size, 'torch.Size');
define_kind('Tensor', 'Tensor', (value) => value instanceof Tensor);
define_kind('tensortype', 'tensortype', (value) => value instanceof TensorType);
