/** Values as tests/reference/jit.py writes them. */
import { type Tensor, Complex, Device } from 'torch-node';
import * as torch from 'torch-node';

import { hexed } from '../nn/comparison.js';

export function told(value: unknown): unknown {
  if (value instanceof torch.Tensor) return { shape: [...value.shape], hex: hexed(value as Tensor) };
  if (value instanceof Map) return { dict: [...(value as Map<unknown, unknown>)].map((entry) => entry.map(told)) };
  if (value instanceof Complex) return { re: value.re, im: value.im };
  if (value instanceof Device) return String(value);
  if (Array.isArray(value)) return Array.from(value, told);
  if (typeof value === 'object' && value !== null)
    return { dict: Object.entries(value).map((entry) => entry.map(told)) };
  return value;
}
