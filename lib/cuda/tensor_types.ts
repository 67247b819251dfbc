/** Legacy types of tensors and storages of CUDA devices, such as `torch.cuda.FloatTensor`. */
import { cuda_storage_class, type TypedStorageClass } from '../typed_storage.js';
import * as dtypes from '../types/dtype.js';
import { tensor_type, type TensorType } from '../types/dtype.js';

const of_cuda = (name: string): TensorType => tensor_type(`torch.cuda.${name}Tensor`)!;

/** The legacy type of float32 on a CUDA device; `torch.cuda.FloatTensor`. */
export const FloatTensor: TensorType = of_cuda('Float');
/** The legacy type of float64 on a CUDA device; `torch.cuda.DoubleTensor`. */
export const DoubleTensor: TensorType = of_cuda('Double');
/** The legacy type of float16 on a CUDA device; `torch.cuda.HalfTensor`. */
export const HalfTensor: TensorType = of_cuda('Half');
/** The legacy type of bfloat16 on a CUDA device; `torch.cuda.BFloat16Tensor`. */
export const BFloat16Tensor: TensorType = of_cuda('BFloat16');
/** The legacy type of uint8 on a CUDA device; `torch.cuda.ByteTensor`. */
export const ByteTensor: TensorType = of_cuda('Byte');
/** The legacy type of int8 on a CUDA device; `torch.cuda.CharTensor`. */
export const CharTensor: TensorType = of_cuda('Char');
/** The legacy type of int16 on a CUDA device; `torch.cuda.ShortTensor`. */
export const ShortTensor: TensorType = of_cuda('Short');
/** The legacy type of int32 on a CUDA device; `torch.cuda.IntTensor`. */
export const IntTensor: TensorType = of_cuda('Int');
/** The legacy type of int64 on a CUDA device; `torch.cuda.LongTensor`. */
export const LongTensor: TensorType = of_cuda('Long');
/** The legacy type of bool on a CUDA device; `torch.cuda.BoolTensor`. */
export const BoolTensor: TensorType = of_cuda('Bool');

/** Storages of float32 on a CUDA device; mirrors `torch.cuda.FloatStorage`. */
export const FloatStorage: TypedStorageClass = cuda_storage_class(dtypes.float32);
/** Storages of float64 on a CUDA device; mirrors `torch.cuda.DoubleStorage`. */
export const DoubleStorage: TypedStorageClass = cuda_storage_class(dtypes.float64);
/** Storages of float16 on a CUDA device; mirrors `torch.cuda.HalfStorage`. */
export const HalfStorage: TypedStorageClass = cuda_storage_class(dtypes.float16);
/** Storages of bfloat16 on a CUDA device; mirrors `torch.cuda.BFloat16Storage`. */
export const BFloat16Storage: TypedStorageClass = cuda_storage_class(dtypes.bfloat16);
/** Storages of uint8 on a CUDA device; mirrors `torch.cuda.ByteStorage`. */
export const ByteStorage: TypedStorageClass = cuda_storage_class(dtypes.uint8);
/** Storages of int8 on a CUDA device; mirrors `torch.cuda.CharStorage`. */
export const CharStorage: TypedStorageClass = cuda_storage_class(dtypes.int8);
/** Storages of int16 on a CUDA device; mirrors `torch.cuda.ShortStorage`. */
export const ShortStorage: TypedStorageClass = cuda_storage_class(dtypes.int16);
/** Storages of int32 on a CUDA device; mirrors `torch.cuda.IntStorage`. */
export const IntStorage: TypedStorageClass = cuda_storage_class(dtypes.int32);
/** Storages of int64 on a CUDA device; mirrors `torch.cuda.LongStorage`. */
export const LongStorage: TypedStorageClass = cuda_storage_class(dtypes.int64);
/** Storages of bool on a CUDA device; mirrors `torch.cuda.BoolStorage`. */
export const BoolStorage: TypedStorageClass = cuda_storage_class(dtypes.bool);
/** Storages of complex64 on a CUDA device; mirrors `torch.cuda.ComplexFloatStorage`. */
export const ComplexFloatStorage: TypedStorageClass = cuda_storage_class(dtypes.complex64);
/** Storages of complex128 on a CUDA device; mirrors `torch.cuda.ComplexDoubleStorage`. */
export const ComplexDoubleStorage: TypedStorageClass = cuda_storage_class(dtypes.complex128);
