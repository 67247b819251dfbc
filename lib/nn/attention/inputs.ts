/** What all kinds of attention ask of their tensors. */
import type { Tensor } from '../../_tensor.js';

/** @throws Error with Python's text unless dtypes (where they must), devices and numbers of dimensions fit */
export function check_inputs(query: Tensor, key: Tensor, value: Tensor, any_dtype = false): void {
  const all = [query, key, value];
  if (!any_dtype && all.some(({ dtype }) => dtype !== query.dtype)) {
    throw new Error(
      `Expected query, key, and value to have the same dtype, but got query.dtype: ${query.dtype.toString()}, ` +
        `key.dtype: ${key.dtype.toString()}, and value.dtype: ${value.dtype.toString()} instead.`,
    );
  }
  if (all.some(({ device }) => device.toString() !== query.device.toString())) {
    throw new Error(
      `Expected query, key, and value to have the same device type, but got query.device: ${query.device.toString()}, ` +
        `key.device: ${key.device.toString()}, and value.device: ${value.device.toString()} instead.`,
    );
  }
  if (all.some((tensor) => tensor.dim() < 2)) {
    throw new Error(
      'Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: ' +
        `${query.dim()}, key.dim: ${key.dim()} and value.dim: ${value.dim()} instead.`,
    );
  }
}
