/** Parameters and their shapes. */
import { in_name_of } from '../_internal/operator_errors.js';
import { tensor } from '../creation.js';
import { broadcast_tensors } from '../functional.js';
import { empty } from '../generated/functions.js';
import { Size, Tensor } from '../_tensor.js';
import type { Device } from '../types/device.js';
import { type DType, get_default_dtype } from '../types/dtype.js';

/** What parameters are given as: tensors, or numbers, which become tensors. */
export type ParameterLike = Tensor | number;

/** The shape as an array that prints as Python's. */
export function size_of(...sizes: readonly (readonly number[])[]): Size {
  const result = new Size();
  for (const part of sizes) for (const size of part) result.push(size);
  return result;
}

/** `broadcast_all` in the name of another function. */
export function broadcast<T extends readonly (ParameterLike | boolean)[]>(
  callee: string,
  ...values: T
): { [K in keyof T]: Tensor } {
  for (const value of values) {
    if (value instanceof Tensor || ['number', 'bigint', 'boolean'].includes(typeof value)) continue;
    throw new Error(
      'Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__.',
    );
  }
  const first = values.find((value) => value instanceof Tensor) as Tensor | undefined;
  const options = first === undefined ? { dtype: get_default_dtype() } : { dtype: first.dtype, device: first.device };
  const tensors = values.map((value) => (value instanceof Tensor ? value : tensor(value as number, options)));
  return in_name_of(callee, () => broadcast_tensors(tensors)) as unknown as { [K in keyof T]: Tensor };
}

/** Numbers of a standard normal distribution, as `rsample` draws them. */
export function standard_normal(shape: readonly number[], dtype: DType, device: Device): Tensor {
  return empty(shape, { dtype, device }).normal_();
}

/** The sum over the last `dim` dimensions; the tensor itself for 0. */
export function sum_rightmost(value: Tensor, dim: number): Tensor {
  if (dim === 0) return value;
  return value.reshape([...value.shape.slice(0, value.dim() - dim), -1]).sum(-1);
}
