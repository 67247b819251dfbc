/** Arrays as tensors, for what libtorch computes of them. */
import { from_numpy } from '../creation.js';
import type { Tensor } from '../_tensor.js';
import type { NDArray } from './ndarray.js';
import { is_inexact, type NDArrayDType } from './types.js';

/** The type in which libtorch computes what has a type: integers in 64 bits, half precision in float32. */
export function computed_in(dtype: NDArrayDType): NDArrayDType {
  if (dtype === 'float16') return 'float32';
  return is_inexact(dtype) ? dtype : 'int64';
}

/** A tensor with the elements in a type. */
export const tensor_of = (array: NDArray, dtype: NDArrayDType): Tensor => from_numpy(array.astype(dtype));
