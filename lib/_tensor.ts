/** `torch.Tensor`: the JavaScript object behind every tensor. */
import { name_function } from './_internal/operator_errors.js';
import { pin_buffer } from './_internal/pinned_buffer.js';
import { deepcopy, type Memo } from './utils/copy.js';
import { data_of, from_nested, type TensorData } from './creation.js';
import { Device, device_text, initialize_device, type DeviceLike } from './types/device.js';
import { dimension_order } from './types/dim_order.js';
import { install_methods, operator, operator_as } from './_C/dispatch.js';
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
import type { RemovableHandle } from './_internal/hooks.js';
import { is_list_of_subscripts, parse_subscripts, type Subscript } from './_C/indexing.js';
import type { EachOf } from './functional.js';
import { native, type Handle, type Wrapped } from './_C/native.js';
import { bind_tensor_class, TensorBase, wrap } from './_C/tensor_base.js';
import { array_types, NDArray, type NDArrayDType } from './numpy/ndarray.js';
import { note_scalar } from './numpy/types.js';
import { is_plain_object } from './_internal/plain_object.js';
import { tensor_repr } from './_tensor_str.js';
import { qscheme_of, type QScheme } from './types/qscheme.js';
import { Complex, type Scalar } from './types/scalar.js';
import { warn } from './_internal/warnings.js';
import { device_of_tensor, export_tensor, type DLPackCapsule, type DLPackOptions } from './dlpack.js';
import { UntypedStorage } from './storage.js';
import { kind_of, mark_class, name_class } from './_internal/kind_of.js';
import { type Arguments, define_kind, no_arguments, signature, type Signature } from './_internal/signature.js';
import { storage_class_for, typed_storage_of, type TypedStorage, type TypedStorageClass } from './typed_storage.js';

const SIZES = signature<{ sizes?: readonly number[] | number }>('Size', 'sizes?: int[]|int');

/** `torch.Size`: an array of numbers that prints as Python does. */
export class Size extends Array<number> {
  /** @param sizes - one for each dimension; a number is how many there are, as for arrays */
  constructor(sizes?: readonly number[] | number);
  constructor(...args: unknown[]) {
    super();
    // `x.shape` comes here.
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

function size_from(sizes: readonly number[]): Size {
  const size = new Size();
  for (const n of sizes) size.push(n);
  return size;
}

export type { RemovableHandle } from './_internal/hooks.js';

/** What {@link Tensor.to} takes by name. */
export interface ToOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
  non_blocking?: boolean;
  copy?: boolean;
  memory_format?: MemoryFormat | null;
}

/** What the methods that convert to another dtype or device take by name. */
export interface MemoryFormatOption {
  memory_format?: MemoryFormat;
}

/** What {@link Tensor.backward} takes by name. */
export interface BackwardOptions {
  gradient?: Tensor | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: Tensor | readonly Tensor[] | null;
}

/** What {@link Tensor.norm} takes by name. */
export interface NormOptions {
  p?: number | 'fro' | 'nuc' | null;
  dim?: number | readonly number[] | null;
  keepdim?: boolean;
  dtype?: DType | null;
}

/** The same by position. */
export type NormArguments = [p?: NormOptions['p'], dim?: NormOptions['dim'], keepdim?: boolean, dtype?: DType | null];

/** What {@link Tensor.unique} takes by name. */
export interface UniqueOptions extends UniqueConsecutiveOptions {
  sorted?: boolean;
}

/** The same by position. */
export type UniqueArguments = [sorted?: boolean, ...UniqueConsecutiveArguments];

/** What {@link Tensor.unique_consecutive} takes by position. */
export type UniqueConsecutiveArguments = [return_inverse?: boolean, return_counts?: boolean, dim?: number | null];

/** What {@link Tensor.unique_consecutive} takes by name. */
export interface UniqueConsecutiveOptions {
  return_inverse?: boolean;
  return_counts?: boolean;
  dim?: number | null;
}

/** What {@link Tensor.new_tensor} takes by name. */
export interface NewTensorOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
}

/** Numbers in lists in lists, as {@link Tensor.tolist} gives them. */
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

/** The results of `unique` that were asked for: one by itself, several as a list. */
function asked_for(results: [Tensor, Tensor, Tensor], inverse: boolean, counts: boolean): Tensor | Tensor[] {
  const [values] = results;
  return inverse || counts ? results.filter((_, i) => [true, inverse, counts][i]) : values;
}

type EachElement = (...elements: unknown[]) => unknown;

/** Puts what `callable` makes of each element, and those of other tensors in its place, in its place. */
function each_element(name: string, tensor: Tensor, others: readonly Tensor[], callable: EachElement): void {
  if (!tensor.is_cpu || others.some((other) => !other.is_cpu))
    throw new TypeError(`${name}(): is only implemented on CPU tensors`);
  if (tensor.requires_grad) throw new Error(`Can't call ${name}() on Variable that requires grad.`);
  const columns = others.map((other) => data_of(other.to(tensor.dtype).expand_as(tensor)));
  const results = data_of(tensor).map((element, i) => callable(element, ...columns.map((column) => column[i])));
  tensor.copy_(from_nested(results as TensorData, { dtype: tensor.dtype }, name).view(tensor.shape));
}

/** Whether `to` has anything to do. */
function changes(tensor: Tensor, wanted: ToOptions): boolean {
  if (wanted.copy || wanted.memory_format) return true;
  if (wanted.dtype && wanted.dtype !== tensor.dtype) return true;
  if (wanted.device === undefined || wanted.device === null) return false;
  return device_text(wanted.device) !== native.device(tensor._h);
}

/** A tensor with what is wanted of it: itself, when nothing changes. */
function converted(tensor: Tensor, wanted: ToOptions, callee = 'to'): Tensor {
  try {
    if (wanted.device === undefined || wanted.device === null)
      return changes(tensor, wanted) ? op.to(tensor, wanted) : tensor;
    const device = device_text(wanted.device);
    initialize_device(device);
    const placed = { ...wanted, device };
    return changes(tensor, placed) ? op.to(tensor, placed) : tensor;
  } catch (error) {
    throw name_function(error, callee);
  }
}

const cast_signatures = new Map<string, Signature<MemoryFormatOption>>();

/** What `x.float()` and its like do. */
function cast(callee: string, tensor: Tensor, wanted: ToOptions, args: readonly unknown[]): Tensor {
  if (args.length === 0) return converted(tensor, wanted, callee);
  let known = cast_signatures.get(callee);
  if (known === undefined) cast_signatures.set(callee, (known = signature(callee, MEMORY_FORMAT)));
  return converted(tensor, { ...wanted, ...known.read(args) }, callee);
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
  return asked_for(results, return_inverse, return_counts);
}

/** `Tensor.unique_consecutive`. @internal */
export function unique_consecutive_of(tensor: Tensor, options: UniqueConsecutiveOptions): Tensor | Tensor[] {
  const { return_inverse = false, return_counts = false, dim = null } = options;
  const results = op.unique_consecutive(tensor, return_inverse, return_counts, dim);
  return asked_for(results, return_inverse, return_counts);
}

/** `Tensor.norm`, perhaps into a tensor. @internal */
export function norm_of(
  tensor: Tensor,
  { p = 'fro', dim = null, keepdim = false, dtype }: NormOptions,
  out: Tensor | null,
): Tensor {
  const options = { ...(dtype ? { dtype } : {}), ...(out === null ? {} : { out }) };
  if (typeof p === 'string' && p !== 'fro')
    // One dimension is refused there, with Python's sentence.
    return op.matrix_norm(tensor, p, (dim ?? [-2, -1]) as readonly number[], keepdim, options);
  return op.vector_norm(tensor, p === 'fro' || p === null ? 2 : p, dim, keepdim, options);
}

/** What {@link Tensor.register_hook} takes. */
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
/** C++'s names of element types, which errors of `set_` say. */
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

/**
 * The class behind every tensor. What users see as `torch.Tensor` has its prototype, and a constructor of its own
 * (lib/legacy_constructors.ts): this one is that of {@link TensorBase}.
 *
 * Memory is managed automatically: the native tensor goes when the object is unreachable, in synchronous loops too.
 * `dispose()`, `using` and `torch.scope` free earlier.
 */
export class Tensor extends TensorBase {
  /** @internal */
  static _index_list(list: readonly unknown[]): Tensor {
    return from_nested(list as TensorData, list.length === 0 ? { dtype: dtypes.int64 } : {});
  }

  // --- shape ---------------------------------------------------------------------------------------

  /** The size of each dimension; `Tensor.shape`. */
  get shape(): Size {
    return size_from(native.shape(this._h));
  }

  /** The size of every dimension, or of one; `Tensor.size`. @throws RangeError when there is no such dimension */
  size(): Size;
  size(dim: number | { dim: number } | { axis: number }): number;
  size(dim?: null): Size;
  size(...args: unknown[]): Size | number {
    const dim = args.length === 1 && Number.isInteger(args[0]) ? (args[0] as number) : (SIZE.read(args).dim ?? null);
    return dim === null ? this.shape : native.size(this._h, dim);
  }

  /** The step in elements along every dimension, or along one; `Tensor.stride`. */
  stride(): number[];
  stride(dim: number | { dim: number } | { axis: number }): number;
  stride(dim?: null): number[];
  stride(...args: unknown[]): number[] | number {
    const dim = STRIDE.read(args).dim ?? null;
    const strides = native.strides(this._h);
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

  /** The number of dimensions; `Tensor.dim`. */
  dim(): number {
    if (arguments.length > 0) no_arguments('dim', [...arguments]);
    return native.dim(this._h);
  }

  /** The number of dimensions; `Tensor.ndimension`. */
  ndimension(): number {
    if (arguments.length > 0) no_arguments('ndimension', [...arguments]);
    return native.dim(this._h);
  }

  /** The number of dimensions; `Tensor.ndim`. */
  get ndim(): number {
    return native.dim(this._h);
  }

  /** The number of elements; `Tensor.numel`. */
  numel(): number {
    if (arguments.length > 0) no_arguments('numel', [...arguments]);
    return native.numel(this._h);
  }

  /** The number of elements; `Tensor.nelement`. */
  nelement(): number {
    if (arguments.length > 0) no_arguments('nelement', [...arguments]);
    return native.numel(this._h);
  }

  /** The size of the first dimension, as Python's `len`. @throws TypeError for a 0-d tensor */
  get length(): number {
    if (this.dim() === 0) throw new TypeError('len() of a 0-d tensor');
    return native.size(this._h, 0);
  }

  // --- what it holds -------------------------------------------------------------------------------

  /** The type of the elements; `Tensor.dtype`. */
  get dtype(): DType {
    return dtype_of(native.dtype(this._h));
  }

  /** Where the elements are; `Tensor.device`. */
  get device(): Device {
    return new Device(native.device(this._h));
  }

  /** How the elements are laid out; `Tensor.layout`. */
  get layout(): Layout {
    return layout_of(native.layout(this._h));
  }

  /** Whether the elements are in CUDA memory; `Tensor.is_cuda`. */
  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  /** Whether the elements are in the memory of the CPU; `Tensor.is_cpu`. */
  get is_cpu(): boolean {
    return this.device.type === 'cpu';
  }

  /** Whether there are no elements, only their shape and dtype; `Tensor.is_meta`. */
  get is_meta(): boolean {
    return this.device.type === 'meta';
  }

  /** Whether the layout is `sparse_coo`; `Tensor.is_sparse`. */
  get is_sparse(): boolean {
    return this.layout === dtypes.sparse_coo;
  }

  get is_sparse_csr(): boolean {
    return this.layout === dtypes.sparse_csr;
  }

  get is_mkldnn(): boolean {
    return this.layout === dtypes._mkldnn;
  }

  /** Whether it holds tensors of different shapes; see `torch.nested`. */
  get is_nested(): boolean {
    return native.is_nested(this._h);
  }

  get is_quantized(): boolean {
    return native.is_quantized(this._h);
  }

  /** How a quantised tensor relates integers to numbers; `Tensor.qscheme`. @throws Error for other tensors */
  qscheme(): QScheme {
    if (arguments.length > 0) no_arguments('qscheme', [...arguments]);
    return qscheme_of(op.qscheme(this));
  }

  /** Bytes an element; `Tensor.element_size`. */
  element_size(): number {
    if (arguments.length > 0) no_arguments('element_size', [...arguments]);
    return this.dtype.itemsize;
  }

  /** Bytes an element; `Tensor.itemsize`. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of all elements; `Tensor.nbytes`. */
  get nbytes(): number {
    return this.numel() * this.itemsize;
  }

  /** The number of the CUDA device, or −1; `Tensor.get_device`. */
  get_device(): number {
    if (arguments.length > 0) no_arguments('get_device', [...arguments]);
    return this.device.index ?? -1;
  }

  /** The place of the first element in its storage, in elements; `Tensor.storage_offset`. */
  storage_offset(): number {
    if (arguments.length > 0) no_arguments('storage_offset', [...arguments]);
    return native.storage_offset(this._h);
  }

  /** The memory that the tensor lies in, perhaps together with others; `Tensor.untyped_storage`. */
  untyped_storage(): UntypedStorage {
    if (arguments.length > 0) no_arguments('untyped_storage', [...arguments]);
    return UntypedStorage._of(this);
  }

  /** The same memory as elements of this dtype; deprecated, and warns like Python's `Tensor.storage`. */
  storage(...none: []): TypedStorage {
    no_arguments('storage', none);
    return typed_storage_of(this);
  }

  /** The class of {@link Tensor.storage} for this dtype, such as `torch.FloatStorage`; `Tensor.storage_type`. */
  storage_type(...none: []): TypedStorageClass {
    no_arguments('storage_type', none);
    return storage_class_for(this.dtype);
  }

  /** @internal */
  __dlpack__(options?: DLPackOptions): DLPackCapsule;
  __dlpack__(...args: unknown[]): DLPackCapsule {
    return export_tensor(this, args);
  }

  /** @internal */
  __dlpack_device__(): [type: number, index: number] {
    return device_of_tensor(this);
  }

  /** The address of the first element; `Tensor.data_ptr`. */
  data_ptr(): bigint {
    if (arguments.length > 0) no_arguments('data_ptr', [...arguments]);
    return native.data_ptr(this._h);
  }

  /** @internal */
  get _version(): number {
    return native.version(this._h);
  }

  /** @internal */
  _is_view(): boolean {
    if (arguments.length > 0) no_arguments('_is_view', [...arguments]);
    return native.is_view(this._h);
  }

  /** Whether the elements lie in memory in the order of the dimensions; `Tensor.is_contiguous`. */
  is_contiguous(options?: MemoryFormatOption): boolean;
  is_contiguous(...args: unknown[]): boolean {
    return native.is_contiguous(this._h, args.length === 0 ? undefined : IS_CONTIGUOUS.read(args).memory_format?.code);
  }

  /** A tensor with the same elements in contiguous memory; itself when it already is; `Tensor.contiguous`. */
  contiguous(options?: MemoryFormatOption): Tensor;
  contiguous(...args: unknown[]): Tensor {
    const options = args.length === 0 ? {} : CONTIGUOUS.read(args);
    if (native.is_contiguous(this._h, options.memory_format?.code)) return this;
    return op.contiguous(this, options);
  }

  /** A view with all dimensions reversed; `Tensor.T`. */
  get T(): Tensor {
    return op.t(this);
  }

  /** The conjugate transpose of a matrix as a view; `Tensor.H`. @throws Error unless there are 0 or 2 dimensions */
  get H(): Tensor {
    return op.h(this);
  }

  /** A view with the last two dimensions exchanged; `Tensor.mT`. @throws Error for fewer dimensions */
  get mT(): Tensor {
    return op.mt(this);
  }

  /** The conjugate of {@link Tensor.mT}; `Tensor.mH`. @throws Error for fewer dimensions */
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

  /** The imaginary parts as a view; assigning copies into them; `Tensor.imag`. @throws Error for tensors that are not complex */
  get imag(): Tensor {
    return op.imag(this);
  }

  set imag(value: Tensor | Scalar) {
    this.imag.copy_(part_of(this, value));
  }

  // --- conversion ----------------------------------------------------------------------------------

  /**
   * The same values on another device or with another dtype; itself when nothing changes. Mirrors `Tensor.to`:
   * `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(tensor)`, or everything by name.
   * @throws TypeError when the first argument is `undefined`, which is most often a misspelt name; null changes nothing
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
      return args.length === 1 ? converted(this, { dtype: first }) : converted(this, to_signatures.dtype.read(args));
    if (first instanceof Tensor || (is_plain_object(first) && 'tensor' in first)) {
      const { tensor, ...wanted } = to_signatures.tensor.read(args);
      return converted(this, { ...wanted, dtype: tensor.dtype, device: tensor.device });
    }
    if (first === undefined && args.length > 0) {
      throw new TypeError(
        "to(): argument 'device' (position 1) must be torch.device, torch.dtype or Tensor, not undefined",
      );
    }
    return converted(this, to_signatures.device.read(args));
  }

  /** The tensor in the memory of the CPU; itself when it is there; `Tensor.cpu`. */
  cpu(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cpu', this, { device: 'cpu' }, args);
  }

  /** A copy in CUDA memory; `Tensor.cuda`. @throws Error with PyTorch's message when there is no CUDA */
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
    return converted(this, { ...wanted, device: place }, 'cuda');
  }

  /** Converted to float32; itself when it is; `Tensor.float`. */
  float(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('float', this, { dtype: dtypes.float32 }, args);
  }
  /** Converted to float64; itself when it is; `Tensor.double`. */
  double(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('double', this, { dtype: dtypes.float64 }, args);
  }
  /** Converted to float16; itself when it is; `Tensor.half`. */
  half(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('half', this, { dtype: dtypes.float16 }, args);
  }
  /** Converted to bfloat16; itself when it is; `Tensor.bfloat16`. */
  bfloat16(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('bfloat16', this, { dtype: dtypes.bfloat16 }, args);
  }
  /** Converted to int32; itself when it is; `Tensor.int`. */
  int(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('int', this, { dtype: dtypes.int32 }, args);
  }
  /** Converted to int64; itself when it is; `Tensor.long`. */
  long(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('long', this, { dtype: dtypes.int64 }, args);
  }
  /** Converted to int16; itself when it is; `Tensor.short`. */
  short(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('short', this, { dtype: dtypes.int16 }, args);
  }
  /** Converted to int8; itself when it is; `Tensor.char`. */
  char(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('char', this, { dtype: dtypes.int8 }, args);
  }
  /** Converted to uint8; itself when it is; `Tensor.byte`. */
  byte(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('byte', this, { dtype: dtypes.uint8 }, args);
  }
  /** Converted to bool; itself when it is; `Tensor.bool`. */
  bool(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('bool', this, { dtype: dtypes.bool }, args);
  }
  /** Converted to complex64; itself when it is; `Tensor.cfloat`. */
  cfloat(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cfloat', this, { dtype: dtypes.complex64 }, args);
  }
  /** Converted to complex128; itself when it is; `Tensor.cdouble`. */
  cdouble(...args: [options?: MemoryFormatOption]): Tensor {
    return cast('cdouble', this, { dtype: dtypes.complex128 }, args);
  }

  /** The old-style type name, or a tensor cast to a type: `x.type(torch.FloatTensor)`; `Tensor.type`. */
  type(): string;
  type(
    dtype: DType | TensorType | string | { dtype: DType | TensorType | string; non_blocking?: boolean },
    non_blocking?: boolean | { non_blocking?: boolean },
  ): Tensor;
  type(...args: unknown[]): string | Tensor {
    const { dtype: type = null, non_blocking = false } = TYPE.read(args);
    if (type === null) return tensor_type_name(this.dtype, this.device.type);
    if (type instanceof DType) return converted(this, { dtype: type, non_blocking }, 'type');
    const known = typeof type === 'string' ? tensor_type(type) : type;
    if (!(known instanceof TensorType)) throw new Error(`type(): invalid type: '${String(type)}'`);
    return converted(this, { device: known.device_type, dtype: known.dtype, non_blocking }, 'type');
  }

  /** The value of a tensor with one element; `Tensor.item`. int64 is a bigint only when unsafe as a number. */
  item(): number;
  item<T extends number | bigint | boolean | Complex>(): T;
  item(): unknown {
    if (arguments.length > 0) no_arguments('item', [...arguments]);
    const value = native.item(this._h);
    note_scalar(value);
    return typeof value === 'object' ? new Complex(value.re, value.im) : value;
  }

  /** Puts `callable` of each element in its place; CPU only, and slow. Mirrors `Tensor.apply_`. @throws TypeError elsewhere */
  apply_(callable: (element: number) => number): this;
  apply_(...args: unknown[]): this {
    each_element('apply_', this, [], APPLY_.read(args).callable);
    return this;
  }

  /** Puts `callable` of each element here and in `tensor` in its place; CPU only, and slow. Mirrors `Tensor.map_`. */
  map_(tensor: Tensor, callable: (element: number, other: number) => number): this;
  map_(...args: unknown[]): this {
    const { tensor, callable } = MAP_.read(args);
    each_element('map_', this, [tensor], callable);
    return this;
  }

  /** As {@link map_} with two other tensors. Mirrors `Tensor.map2_`. */
  map2_(x: Tensor, y: Tensor, callable: (element: number, x: number, y: number) => number): this;
  map2_(...args: unknown[]): this {
    const { x, y, callable } = MAP2_.read(args);
    each_element('map2_', this, [x, y], callable);
    return this;
  }

  /** The LU factors in one matrix, and the pivots; mirrors `Tensor.lu`, see `torch.lu`. */
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

  /** In COO layout; mirrors `Tensor.to_sparse_coo`. */
  to_sparse_coo(): Tensor {
    if (arguments.length > 0) no_arguments('to_sparse_coo', [...arguments]);
    return this.to_sparse({ layout: dtypes.sparse_coo });
  }

  /**
   * The dimensions from the outermost in memory to the innermost; mirrors `Tensor.dim_order`. Dimensions with equal strides
   * stay in their order.
   * @param options - `ambiguity_check`: whether to refuse a tensor with more than one such order; memory formats, of which
   * one then must fit it
   */
  dim_order(options?: { ambiguity_check?: boolean | readonly MemoryFormat[] }): number[];
  dim_order(...args: unknown[]): number[] {
    const { ambiguity_check = false } = DIM_ORDER.read(args);
    return dimension_order(this, ambiguity_check);
  }

  /**
   * The elements as nested arrays; `Tensor.tolist`. A 0-d tensor gives its value. The type is that of a vector's elements
   * unless it is named or follows from what the result is assigned to: `const rows: number[][] = x.tolist()`.
   */
  tolist<T extends NestedNumbers = number[]>(): T;
  tolist(): unknown {
    if (arguments.length > 0) no_arguments('tolist', [...arguments]);
    const flat = data_of(this);
    const shape = native.shape(this._h);
    if (shape.length === 0) return flat[0];
    let at = 0;
    const nest = (depth: number): unknown[] => {
      const size = shape[depth] as number;
      if (depth === shape.length - 1) return flat.slice(at, (at += size));
      return Array.from({ length: size }, () => nest(depth + 1));
    };
    return nest(0);
  }

  /**
   * An n-dimensional view of the tensor's own memory; `Tensor.numpy`. It keeps the tensor alive.
   * @throws Error when the tensor requires grad; TypeError when it is not strided CPU memory
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
    return NDArray._of({
      data: new View(buffer),
      dtype: name,
      shape: [...this.shape],
      strides: native.strides(this._h),
      offset: 0,
    });
  }

  // --- indexing ------------------------------------------------------------------------------------

  /**
   * What Python writes `x[...]`: `x.index(0)`, `x.index(':', -1, ':')`, `x.index('...', null)`, `x.index(mask)`.
   * A list alone that holds more than integers is taken for several subscripts, with a warning, as Python does.
   * @throws RangeError when an index is out of range
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
    return wrap(native.index_get(this._h, codes));
  }

  /**
   * What Python writes `x[...] = value`: `x.index_put_([':', 0], 1)`. Subscripts as in {@link Tensor.index}; one
   * subscript needs no array unless it is a list. With `accumulate`, values are added to what is there. Mirrors
   * `Tensor.index_put_`.
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

  /** As {@link index_put_}, in a copy; mirrors `Tensor.index_put`. */
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

  /** @internal the aten form, for tensors of indices */
  _index_put(indices: readonly (Tensor | null)[], value: Tensor, accumulate = false): this {
    op.index_put(this, indices, value, accumulate, false);
    return this;
  }

  /** The slices along the first dimension. @throws TypeError for a 0-d tensor */
  [Symbol.iterator](): IterableIterator<Tensor> {
    if (this.dim() === 0) throw new TypeError('iteration over a 0-d tensor');
    return op.unbind(this, 0)[Symbol.iterator]();
  }

  /** Views of a size, of which the last may be smaller, or of given sizes, along a dimension; `Tensor.split`. */
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

  /** The different elements; `Tensor.unique`. With `return_inverse` or `return_counts`, a list of results. */
  unique(options?: UniqueOptions & { return_inverse?: false; return_counts?: false }): Tensor;
  unique(options: UniqueOptions): Tensor[];
  unique(
    ...args: Tail<UniqueArguments, UniqueOptions, ['sorted', 'return_inverse', 'return_counts', 'dim']>
  ): Tensor | Tensor[];
  unique(...args: unknown[]): Tensor | Tensor[] {
    return unique_of(this, UNIQUE.read(args));
  }

  /**
   * Without the elements that equal the one before them; `Tensor.unique_consecutive`. With `return_inverse` or
   * `return_counts`, a list of results.
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
   * The indices of the elements that are not zero: one row each, or with `as_tuple` a tensor for each dimension;
   * `Tensor.nonzero`.
   */
  nonzero(options?: { as_tuple?: false }): Tensor;
  nonzero(options: { as_tuple: boolean }): Tensor[];
  nonzero(...args: unknown[]): Tensor | Tensor[] {
    return NONZERO.read(args).as_tuple ? op.nonzero_numpy(this) : op.nonzero(this);
  }

  /** A norm of order `p` of all elements or over `dim`, or the nuclear norm of matrices with 'nuc'; `Tensor.norm`. */
  norm(...args: Tail<NormArguments, NormOptions, ['p', 'dim', 'keepdim', 'dtype']>): Tensor;
  norm(...args: unknown[]): Tensor {
    return norm_of(this, NORM.read(args), null);
  }

  // --- autograd ------------------------------------------------------------------------------------

  /** Whether operators on the tensor are recorded for backward; `Tensor.requires_grad`. */
  get requires_grad(): boolean {
    return native.requires_grad(this._h);
  }

  set requires_grad(flag: boolean) {
    if (typeof flag !== 'boolean') throw new TypeError(`requires_grad must be a bool, not ${kind_of(flag)}`);
    native.set_requires_grad(this._h, flag);
  }

  /** Sets {@link Tensor.requires_grad} and returns the tensor; `Tensor.requires_grad_`. */
  requires_grad_(requires_grad?: boolean | { requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    native.set_requires_grad(this._h, REQUIRES_GRAD_.read(args).requires_grad ?? true);
    return this;
  }

  /** Whether the tensor comes from no recorded operator, so that gradients end here; `Tensor.is_leaf`. */
  get is_leaf(): boolean {
    return native.is_leaf(this._h);
  }

  /** Which of the results of its node it is; `Tensor.output_nr`. */
  get output_nr(): number {
    return native.output_nr(this._h);
  }

  /** The node of the graph that the tensor comes from; null for leaves; `Tensor.grad_fn`. */
  get grad_fn(): GradFn | null {
    return grad_fn_of(this);
  }

  /**
   * The gradient that backward passes have summed up; `Tensor.grad`. It is null before the first backward pass and after
   * `zero_grad()`. The type does not say so, in order that `w.grad.zero_()` and the like compile as they stand in Python;
   * compare with `w.grad === null` where it may be.
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

  /** Keeps {@link Tensor.grad} of a tensor that is no leaf; `Tensor.retain_grad`. @throws Error without `requires_grad` */
  retain_grad(): void {
    if (arguments.length > 0) no_arguments('retain_grad', [...arguments]);
    native.retain_grad(this._h);
  }

  /** Whether a tensor that is no leaf keeps its gradient; `Tensor.retains_grad`. */
  get retains_grad(): boolean {
    return native.retains_grad(this._h);
  }

  /** The same storage without history; assigning replaces what the tensor holds; `Tensor.data`. */
  get data(): Tensor {
    return wrap(native.variable_data(this._h));
  }

  set data(value: Tensor) {
    if (!(value instanceof Tensor)) throw new TypeError(`Variable data has to be a tensor, but got ${kind_of(value)}`);
    native.set_data(this._h, value._h);
  }

  /**
   * Computes the gradient of this tensor with respect to the leaves of its graph; `Tensor.backward`.
   * @throws Error when it is not a scalar and no gradient is given, or when it has no graph
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
    native.backward(
      [this._h],
      gradient ? [gradient._h] : [],
      retain_graph ?? undefined,
      create_graph,
      listed?.map((input) => input._h) ?? [],
    );
  }

  /**
   * Calls `hook` with the gradient of this tensor whenever it is computed; what it returns replaces the gradient.
   * Mirrors `Tensor.register_hook`.
   */
  register_hook(hook: GradientHook | { hook: GradientHook }): RemovableHandle;
  register_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_HOOK.read(args);
    if (!this.requires_grad) throw new Error("cannot register a hook on a tensor that doesn't require gradient");
    const active = { now: true };
    const position = native.register_hook(this._h, gradient_caller(hook, active));
    return {
      remove: () => {
        if (!active.now) return;
        active.now = false;
        native.remove_hook(this._h, position);
      },
    };
  }

  /**
   * Calls `hook` with this leaf whenever a backward pass has summed a gradient up into its `grad`. Mirrors
   * `Tensor.register_post_accumulate_grad_hook`.
   * @throws Error when the tensor requires no gradient or is no leaf; backward throws when the hook returns something
   */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle;
  register_post_accumulate_grad_hook(...args: unknown[]): RemovableHandle {
    const { hook } = REGISTER_POST_ACCUMULATE.read(args);
    if (!this.requires_grad) throw new Error("cannot register a hook on a tensor that doesn't require gradient");
    if (!this.is_leaf) throw new Error('post accumulate grad hooks cannot be registered on non-leaf tensors');
    const active = { now: true };
    const id = native.register_accumulated_hook(this._h, this, leaf_caller(hook, active));
    return {
      remove: () => {
        active.now = false;
        native.remove_accumulated_hook(this._h, id);
      },
    };
  }

  // --- new tensors of the same kind ----------------------------------------------------------------

  /** A tensor from data, with this tensor's dtype and device unless told otherwise; `Tensor.new_tensor`. */
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

  /** The same bits read as another dtype. @internal */
  _view_dtype(dtype: DType): Tensor {
    return op.bit_view(this, dtype);
  }

  /**
   * Takes the storage, sizes and strides of another tensor, or a part of a storage; without arguments becomes empty. Mirrors
   * `Tensor.set_`.
   * @throws Error when the source is a tensor of another dtype, or when the sizes reach beyond a storage that cannot grow
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

  /** Frees the native tensor now. Using the object afterwards is an Error. Nobody needs to call this. */
  dispose(...none: []): void {
    no_arguments('dispose', none);
    native.dispose(this._h);
  }

  /** Frees the tensor at the end of a `using` block. */
  [Symbol.dispose](): void {
    native.dispose(this._h);
  }

  /** Whether any thread may use the tensor's memory: all but that of JavaScript arrays. Mirrors `Tensor.is_shared`. */
  is_shared(): boolean {
    if (arguments.length > 0) no_arguments('is_shared', [...arguments]);
    return native.is_shared(this._h);
  }

  /**
   * Moves the storage, when it is that of a JavaScript array, into memory that any thread may use; views follow, the array
   * does not. All other tensors are shared as they are: see `torch.hand_over`. Mirrors `Tensor.share_memory_`.
   */
  share_memory_(): this {
    if (arguments.length > 0) no_arguments('share_memory_', [...arguments]);
    native.share_memory(this._h);
    return this;
  }

  /** @internal */
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

  /**
   * What JavaScript's own operators see: the number of a tensor with one element, and in texts what is printed.
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
  const list = Array.isArray(indices) ? (indices as Subscript[]) : [indices as Subscript];
  const { codes, alive } = parse_subscripts(list, Tensor._index_list, 'index_put_');
  const source =
    values instanceof Tensor
      ? values
      : from_nested(values, { dtype: tensor.dtype, device: native.device(tensor._h) }, 'index_put_');
  native.index_put(tensor._h, codes, source._h, accumulate);
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
  /** How often the tensor was changed in place; `Tensor._version`. */
  readonly _version: number;
  /** Whether autograd knows the tensor as a view of another one; `Tensor._is_view`. */
  _is_view(): boolean;
  /**
   * The memory as a capsule for another library, which calls this from its `from_dlpack`; `Tensor.__dlpack__`.
   * @throws Error for tensors that require a gradient, lazy conjugates, and what DLPack does not have
   */
  __dlpack__(options?: DLPackOptions): DLPackCapsule;
  /** Where the memory is, by DLPack's numbers; `Tensor.__dlpack_device__`. */
  __dlpack_device__(): [type: number, index: number];
  /**
   * A copy with its own storage, which views copied in the same go share; what `deepcopy` calls. Mirrors
   * `Tensor.__deepcopy__`.
   * @throws Error for a tensor with a history
   */
  __deepcopy__(memo: Memo): Tensor;
}

/**
 * What the addon calls for a hook of a leaf. The function belongs to the native tensor: it must not hold the wrapper, which
 * then would live for ever.
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

/** What the addon calls for a hook of a tensor; see {@link leaf_caller} for why it stands alone. */
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

// The only operator whose schema does not begin with the tensor.
const polygamma = operator('aten::polygamma', '');
Object.defineProperty(Tensor.prototype, 'polygamma', {
  value(this: Tensor, ...args: unknown[]): Tensor {
    return polygamma(POLYGAMMA.read(args).n, this);
  },
  writable: true,
  configurable: true,
});

// Assigning to a property that only reads says what Python says, also outside of strict mode.
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
