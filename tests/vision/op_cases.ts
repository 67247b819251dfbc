/** Operators against what tests/reference/vision/ops.py has written of torchvision's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { ops } from 'torch-node/vision';

import { root } from '../package_root.js';

interface Written {
  dtype: string;
  shape: number[];
  data: (number | boolean | string)[];
}
/** A call, with what Python found. */
export interface OpCase {
  name: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  result: unknown;
  grads: Record<string, Written>;
}

/** Where the cases are. */
export const file = join(root, 'tests', 'reference', 'vision', 'ops.jsonl');
/** All calls, in the order of the file. */
export const cases: readonly OpCase[] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as OpCase);

const is_written = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && 'dtype' in value;

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (!is_written(value)) return value;
  const dtype = (torch as unknown as Record<string, torch.DType>)[value.dtype]!;
  const data = value.data.map((item) => (item === 'nan' ? NaN : item)) as number[];
  return torch.tensor(data, { dtype }).view(value.shape);
}

/** @throws Error where a tensor differs from what was written */
function expect_close(found: Tensor, expected: Written): void {
  const [kind, wanted_kind] = [
    `${found.dtype.name} [${found.shape.join(', ')}]`,
    `${expected.dtype} [${expected.shape.join(', ')}]`,
  ];
  if (kind !== wanted_kind) throw new Error(`${kind} instead of ${wanted_kind}`);
  const wanted = read(expected) as Tensor;
  if (!found.is_floating_point()) {
    if (!found.equal(wanted)) throw new Error(`${String(found)} instead of ${String(wanted)}`);
  } else torch.testing.assert_close(found, wanted, { rtol: 2e-5, atol: 2e-5, equal_nan: true });
}

/** Computes a case, and compares the result and the gradients. @throws Error where they differ */
export function compare({ name, args, kwargs, result, grads }: OpCase): void {
  const given = args.map(read);
  const named = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, read(value)]));
  const place = (key: string): Tensor => (/^\d+$/.test(key) ? given[Number(key)] : named[key]) as Tensor;
  for (const key of Object.keys(grads)) place(key).requires_grad_();
  const call = (ops as unknown as Record<string, (...all: unknown[]) => Tensor>)[name]!;
  const found = call(...given, ...(Object.keys(named).length > 0 ? [named] : []));
  expect_close(found.detach(), result as Written);
  if (Object.keys(grads).length === 0) return;
  found.backward(torch.arange(found.numel(), { dtype: found.dtype }).view(found.shape).mul(0.5).add(1));
  for (const [key, expected] of Object.entries(grads)) expect_close(place(key).grad!, expected);
}
