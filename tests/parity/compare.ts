/** Compares with what Python found, with the tolerances of torch.testing.assert_close. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';

import { PythonFloat } from './decode.js';

interface Tolerance {
  rtol: number;
  atol: number;
}

/** No tolerance at all. */
export const exact: Tolerance = { rtol: 0, atol: 0 };

const tolerances: Record<string, Tolerance> = {
  bfloat16: { rtol: 1.6e-2, atol: 1e-5 },
  float16: { rtol: 1e-3, atol: 1e-5 },
  float32: { rtol: 1.3e-6, atol: 1e-5 },
  float64: { rtol: 1e-7, atol: 1e-7 },
  complex32: { rtol: 1e-3, atol: 1e-5 },
  complex64: { rtol: 1.3e-6, atol: 1e-5 },
  complex128: { rtol: 1e-7, atol: 1e-7 },
};

export interface Comparison {
  /** Only shapes and dtypes say something where memory is not filled. */
  shapes_only: boolean;
  /** Instead of those of assert_close. */
  tolerance?: Tolerance;
}

function dense(tensor: Tensor): Tensor {
  const detached = tensor.dtype === torch.complex32 ? tensor.detach().to(torch.complex64) : tensor.detach();
  return detached.layout === torch.strided ? detached.resolve_conj().resolve_neg() : detached.to_dense();
}

function tensor_difference(ours: Tensor, theirs: Tensor, how: Comparison): string | undefined {
  if (ours.dtype !== theirs.dtype) return `dtype ${ours.dtype.name}, not ${theirs.dtype.name}`;
  if (ours.layout !== theirs.layout) return `layout ${String(ours.layout)}, not ${String(theirs.layout)}`;
  const [shape, expected] = [ours.shape.join(', '), theirs.shape.join(', ')];
  if (shape !== expected) return `shape [${shape}], not [${expected}]`;
  if (how.shapes_only || ours.is_meta) return undefined;
  const [a, b] = [dense(ours), dense(theirs)];
  if (torch.equal(a, b)) return undefined;
  const { rtol, atol } = how.tolerance ?? tolerances[ours.dtype.name] ?? exact;
  if (torch.isclose(a, b, rtol, atol, true).all().item<boolean>()) return undefined;
  return `values ${String(a.reshape(-1).index(':4').tolist())}, not ${String(b.reshape(-1).index(':4').tolist())}`;
}

function list_difference(ours: unknown, theirs: readonly unknown[], how: Comparison): string | undefined {
  if (typeof ours !== 'object' || ours === null || !(Symbol.iterator in ours))
    return `${String(ours)} instead of a tuple`;
  const items = [...(ours as Iterable<unknown>)];
  if (items.length !== theirs.length) return `${items.length} results, not ${theirs.length}`;
  for (const [i, item] of theirs.entries()) {
    const found = difference(items[i], item, how);
    if (found !== undefined) return `result ${i}: ${found}`;
  }
  return undefined;
}

function is_same(ours: unknown, theirs: unknown): boolean {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    return Object.is(ours, theirs) || Math.abs(ours - theirs) <= 1e-6 * Math.abs(theirs);
  }
  if (typeof theirs === 'object' && theirs !== null) return String(ours) === String(theirs);
  return ours === theirs;
}

/** What differs, in words; undefined when nothing does. `theirs` is decoded, with its floats marked. */
export function difference(ours: unknown, theirs: unknown, how: Comparison): string | undefined {
  if (theirs instanceof Tensor) {
    return ours instanceof Tensor ? tensor_difference(ours, theirs, how) : `${String(ours)} instead of a Tensor`;
  }
  if (Array.isArray(theirs)) return list_difference(ours, theirs, how);
  const [a, b] = [ours ?? null, theirs instanceof PythonFloat ? theirs.value : theirs];
  return is_same(a, b) ? undefined : `${String(a)}, not ${String(b)}`;
}
