/** What values are shown of: tensors, arrays of numpy, typed arrays and numbers, as arrays of numpy. */
import { define_kind } from '../../_internal/signature.js';
import { array_from } from '../../numpy/arguments.js';
import { NDArray, type NDArrayData } from '../../numpy/ndarray.js';
import { natural_dtype } from '../../numpy/types.js';
import { Tensor } from '../../_tensor.js';
import { bfloat16, float16 } from '../../types/dtype.js';

/** What is logged: a tensor, an array of numpy or a typed array. */
export type LoggedArray = Tensor | NDArray | NDArrayData;

const is_array = (value: unknown): boolean =>
  value instanceof Tensor || value instanceof NDArray || natural_dtype(value) !== undefined;

define_kind('logged_array', 'Tensor or NDArray', is_array);

/** The value as an array of numpy; a number is an array of one element. */
export function make_np(callee: string, value: unknown): NDArray {
  if (value instanceof Tensor) {
    const plain = value.detach().cpu();
    return (plain.dtype === bfloat16 ? plain.to(float16) : plain).numpy();
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return array_from(callee, [value]);
  return array_from(callee, value);
}

/** The elements in order as float64. */
export function flat(array: NDArray): Float64Array {
  const plain = array.astype('float64').copy();
  return (plain.data as Float64Array).subarray(plain.offset, plain.offset + plain.size);
}
