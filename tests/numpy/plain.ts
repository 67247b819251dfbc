/** Arrays, numbers and tuples of them in the form of tests/reference/standard.py, for comparisons. */
import { NDArray } from 'torch-node/numpy';

export function plain(value: unknown): unknown {
  if (value instanceof NDArray) return [value.dtype, [...value.shape], value.repr()];
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'bigint' ? Number(value) : value;
}
