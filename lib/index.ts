/**
 * torch-node: the PyTorch API on libtorch. `import * as torch from 'torch-node'` gives what `import torch` gives in
 * Python, under the same names.
 */
import { native } from './_C/native.js';
import { version } from './libtorch_version.js';
import { namespace } from './_internal/namespace.js';
import { no_arguments, signature } from './_internal/signature.js';

// What TypeScript compiles `export *` to, and what tells Node which names ES modules may import.
declare const __exportStar: (from: object, to: object) => void;
declare const exports: object;

export { GradFn } from './autograd/node.js';
export { Tensor, type LegacyConstructor, type LegacyOptions } from './legacy_constructors.js';
export { Size } from './_tensor.js';
export type { BackwardOptions, NewTensorOptions, RemovableHandle, ToOptions } from './_tensor.js';
export type { Subscript } from './_C/indexing.js';
export { slice, type Slice } from './_internal/slice.js';
export type { MemoryStats } from './_C/native.js';
export type { TensorData, TensorOptions, TypedArray } from './creation.js';
export type { DeviceLike } from './types/device.js';
export type { Scalar } from './types/scalar.js';

export * from './generated/public_functions.js';
export * as _VF from './generated/private_functions.js';
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  block_diag,
  broadcast_shapes,
  broadcast_tensors,
  cartesian_prod,
  cdist,
  chain_matmul,
  dsmm,
  einsum,
  get_device,
  hsmm,
  is_floating_point,
  is_complex,
  is_nonzero,
  is_tensor,
  lu,
  meshgrid,
  nonzero,
  norm,
  numel,
  result_type,
  saddmm,
  split,
  spmm,
  t,
  tensordot,
  typename,
  unique,
  unique_consecutive,
  unravel_index,
} from './functional.js';
export {
  sparse_bsc_tensor,
  sparse_bsr_tensor,
  sparse_compressed_tensor,
  sparse_coo_tensor,
  sparse_csc_tensor,
  sparse_csr_tensor,
} from './sparse/constructors.js';
export { pca_lowrank, svd_lowrank, type LowRank } from './_lowrank.js';
export { finfo, FloatInfo, iinfo, IntegerInfo } from './types/type_info.js';
export { as_tensor, asarray, from_numpy, frombuffer, scalar_tensor, tensor } from './creation.js';
export type { AsArrayOptions, FromBufferOptions } from './creation.js';
export { get_default_device, set_default_device } from './types/default_device.js';
export * from './backends/context.js';
export {
  QScheme,
  per_channel_affine,
  per_channel_affine_float_qparams,
  per_channel_symmetric,
  per_tensor_affine,
  per_tensor_symmetric,
} from './types/qscheme.js';
export { e, inf, nan, newaxis, pi } from './types/constants.js';
export {
  DType,
  uint8,
  int8,
  int16,
  int32,
  int64,
  float16,
  float32,
  float64,
  complex32,
  complex64,
  complex128,
  bool,
  qint8,
  quint8,
  qint32,
  bfloat16,
  quint4x2,
  quint2x4,
  float8_e5m2,
  float8_e4m3fn,
  float8_e5m2fnuz,
  float8_e4m3fnuz,
  uint16,
  uint32,
  uint64,
  bits1x8,
  bits2x4,
  bits4x2,
  bits8,
  bits16,
  uint1,
  uint2,
  uint3,
  uint4,
  uint5,
  uint6,
  uint7,
  int1,
  int2,
  int3,
  int4,
  int5,
  int6,
  int7,
  float8_e8m0fnu,
  float4_e2m1fn_x2,
  bit,
  legacy_contiguous_format,
  half,
  float,
  double,
  short,
  int,
  long,
  chalf,
  cfloat,
  cdouble,
  get_default_dtype,
  set_default_dtype,
  promote_types,
  Layout,
  strided,
  sparse_coo,
  sparse_csr,
  sparse_csc,
  sparse_bsr,
  sparse_bsc,
  jagged,
  MemoryFormat,
  contiguous_format,
  preserve_format,
  channels_last,
  channels_last_3d,
  TensorType,
  FloatTensor,
  DoubleTensor,
  HalfTensor,
  BFloat16Tensor,
  ByteTensor,
  CharTensor,
  ShortTensor,
  IntTensor,
  LongTensor,
  BoolTensor,
} from './types/dtype.js';
export { DType as dtype, Layout as layout, MemoryFormat as memory_format } from './types/dtype.js';
export { QScheme as qscheme } from './types/qscheme.js';
/** @internal */
export { _mkldnn } from './types/dtype.js';
export { device, Device } from './types/device.js';
export type { Guard } from './_internal/guards.js';
export { Complex, complex_number } from './types/scalar.js';
export { NDArray } from './numpy/ndarray.js';
export type {
  NDArrayData,
  NDArrayDType,
  NDArrayDTypeLike,
  NDArrayElement,
  NDArrayItem,
  NDArrayOperand,
  NDArrayOptions,
  NDArraySubscript,
  NDArrayValue,
} from './numpy/ndarray.js';
export { set_printoptions, get_printoptions } from './_tensor_str.js';
export { f, format, print, python_repr } from './python/print.js';
export { enumerate, range, Variable, zip } from './python/builtins.js';
export {
  default_generator,
  Generator,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  set_rng_state,
  thread_safe_generator,
} from './random.js';
export { get_device_module, type DeviceModule } from './device_module.js';
export { AcceleratorError, FatalError, OutOfMemoryError } from './_C/device_errors.js';
export { Event, Stream, type EventOptions, type StreamIdentity, type StreamOptions } from './streams.js';
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from './autograd/grad_mode.js';
export { is_anomaly_check_nan_enabled, is_anomaly_enabled, set_anomaly_enabled } from './autograd/anomaly_mode.js';
export {
  SymBool,
  SymFloat,
  SymInt,
  sym_float,
  sym_int,
  sym_ite,
  sym_max,
  sym_min,
  sym_not,
  sym_sqrt,
  sym_sum,
} from './symbolic.js';
export { deepcopy, type DeepCopyable, type Memo } from './utils/copy.js';
export { hand_over, HandedOver, take_over } from './multiprocessing/transfer.js';
export { RemoteModule, type RemoteModuleOptions } from './multiprocessing/remote_module.js';
export { keep, memory_stats, scope } from './memory.js';
export { cond, while_loop } from './_higher_order_ops/index.js';
export { load, save } from './serialization/index.js';
export { lobpcg, type LOBPCG, type LobpcgOptions } from './_lobpcg.js';
export { from_dlpack, to_dlpack } from './dlpack.js';
export { UntypedStorage, type ByteOrder } from './storage.js';
export {
  BFloat16Storage,
  BoolStorage,
  ByteStorage,
  CharStorage,
  ComplexDoubleStorage,
  ComplexFloatStorage,
  DoubleStorage,
  FloatStorage,
  HalfStorage,
  IntStorage,
  is_storage,
  LongStorage,
  QInt32Storage,
  QInt8Storage,
  QUInt2x4Storage,
  QUInt4x2Storage,
  QUInt8Storage,
  ShortStorage,
  Storage,
  TypedStorage,
  type StorageElements,
  type TypedStorageClass,
  type TypedStorageOptions,
} from './typed_storage.js';

export { autocast, GradScaler } from './amp/index.js';
export * from './amp/autocast_state.js';
export * as amp from './amp/index.js';
export * as accelerator from './accelerator/index.js';
export * as ao from './ao/index.js';
export * as autograd from './autograd/index.js';
export * as profiler from './profiler/index.js';
export * as backends from './backends/index.js';
export { compile, type Compiled, type CompileDecorator, type CompileOptions } from './compiler/compile.js';
export * as compiler from './compiler/index.js';
export { _dynamo } from './_dynamo.js';
export * as cpu from './cpu/index.js';
export * as cuda from './cuda/index.js';
export * as distributed from './distributed/index.js';
export * as distributions from './distributions/index.js';
export * as fft from './generated/fft.js';
export * as export from './export/index.js';
export * as func from './func/index.js';
export * as futures from './futures/index.js';
export * as fx from './fx/index.js';
export { vmap, type VmapOptions } from './func/index.js';
export * as functional from './paths/functional.js';
export * as _higher_order_ops from './_higher_order_ops/index.js';
export * as hub from './hub.js';
export * as _inductor from './_inductor/index.js';
export * as jit from './jit/index.js';
export * as library from './library/index.js';
export * as linalg from './linalg/index.js';
export * as masked from './masked/index.js';
export * as monitor from './monitor.js';
export * as multiprocessing from './multiprocessing/index.js';
export { mps } from './mps.js';
export { mtia, xpu } from './other_devices.js';
export * as nested from './nested/index.js';
export * as nn from './nn/index.js';
export { ops } from './_ops.js';
export * as onnx from './onnx/index.js';
export * as optim from './optim/index.js';
export * as overrides from './overrides.js';
export * as quasirandom from './quasirandom.js';
export * as random from './random.js';
export * as serialization from './serialization/index.js';
export * as signal from './signal/index.js';
export * as sparse from './sparse/index.js';
export * as storage from './paths/storage.js';
export * as special from './generated/special.js';
export * as testing from './testing/index.js';
export * as torch_version from './torch_version.js';
export * as types from './paths/types.js';
export * as utils from './utils/index.js';
export type { Absent } from './absent/absent.js';
export * from './absent/torch.js';

// What begins with `_` is there at run time, as in Python, but not in the types, so that editors do not list it; `torch._VF`
// has the types.
__exportStar(require('./generated/private_functions.js') as object, exports);
namespace.torch = exports;

export { version };

/** The version of libtorch; mirrors `torch.__version__`. */
export const __version__: string = version.libtorch;

const SET_NUM_THREADS = signature<{ count: number }>('set_num_threads', 'count: int');
const SET_NUM_INTEROP_THREADS = signature<{ count: number }>('set_num_interop_threads', 'count: int');

/**
 * The number of threads that an operator may use on the CPU. Mirrors `torch.get_num_threads`.
 * @example
 * ```ts
 * torch.set_num_threads(1);
 * print(torch.get_num_threads());
 * ```
 * ```python
 * torch.set_num_threads(1)
 * print(torch.get_num_threads())
 * ```
 */
export function get_num_threads(...none: []): number {
  no_arguments('get_num_threads', none);
  return native.get_num_threads();
}

/**
 * Sets the number of threads that an operator may use on the CPU. Mirrors `torch.set_num_threads`.
 *
 * @param count - a positive integer
 * @throws Error unless `count` is positive
 * @example
 * ```ts
 * torch.set_num_threads(1);
 * print(torch.get_num_threads());
 * ```
 * ```python
 * torch.set_num_threads(1)
 * print(torch.get_num_threads())
 * ```
 */
export function set_num_threads(count: number | { count: number }): void;
export function set_num_threads(...args: unknown[]): void {
  native.set_num_threads(SET_NUM_THREADS.read(args).count);
}

/**
 * The number of operators that may run in parallel on the CPU. Mirrors `torch.get_num_interop_threads`.
 * @example
 * ```ts
 * print(torch.get_num_interop_threads() > 0);
 * ```
 * ```python
 * print(torch.get_num_interop_threads() > 0)
 * ```
 */
export function get_num_interop_threads(...none: []): number {
  no_arguments('get_num_interop_threads', none);
  return native.get_num_interop_threads();
}

/**
 * Sets the number of operators that may run in parallel on the CPU. Mirrors `torch.set_num_interop_threads`.
 * @param count - a positive integer
 * @throws Error unless `count` is positive, and once parallel work has started
 * @example
 * ```ts
 * try {
 *   torch.set_num_interop_threads(0);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * try:
 *     torch.set_num_interop_threads(0)
 * except RuntimeError as error:
 *     print(error)
 * ```
 */
export function set_num_interop_threads(count: number | { count: number }): void;
export function set_num_interop_threads(...args: unknown[]): void {
  native.set_num_interop_threads(SET_NUM_INTEROP_THREADS.read(args).count);
}

/**
 * The build configuration of libtorch. Mirrors `torch.__config__.show()`.
 * @example
 * ```ts
 * print(torch.show_config().startsWith('PyTorch built with:'));
 * ```
 * ```python
 * print(torch.__config__.show().startswith('PyTorch built with:'))
 * ```
 */
export function show_config(...none: []): string {
  no_arguments('show_config', none);
  return native.show_config();
}
