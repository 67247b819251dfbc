/** Random arrays that numpy and NDArray share, and numpy's values of expressions over them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NDArray } from 'torch-node';
import * as np from 'torch-node/numpy';
import { afterAll, expect, it } from 'vitest';

import { hex_of, python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-values-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = join(folder, 'arrays.npz');
python('numpy_values.py', ['make', file]);
const read = np.load_npz(file);

/** An array of tests/reference/numpy_values.py. Each call gives it in memory of its own. */
export const array = (name: string): NDArray => read.get(name);

/** An expression of Python's, and the same here. Statements before it end with `; `. */
export type Case = readonly [python: string, ours: () => unknown];

interface Told {
  dtype?: string;
  shape?: readonly number[];
  hex?: string;
  error?: string;
}

function told(value: unknown, dtype: string | undefined): Told {
  if (value instanceof NDArray) return { dtype: value.dtype, shape: [...value.shape], hex: hex_of(value.copy().data) };
  const holder = new NDArray(Float64Array.of(0)).astype(dtype ?? 'float64').reshape([]);
  holder.index_put_('...', value as number);
  return { dtype: holder.dtype, shape: [], hex: hex_of(holder.data) };
}

function numbers({ dtype = '', hex = '' }: Told): ArrayLike<number> {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex')).buffer;
  if (dtype === 'float16') return [...new Uint16Array(bytes)].map((bits) => ((bits & 0x7fff) > 0x7c00 ? NaN : bits));
  return dtype === 'float32' || dtype === 'complex64' ? new Float32Array(bytes) : new Float64Array(bytes);
}

/** The same up to the payload of NaN, and up to some units in the last place where numpy's own digits depend on the processor. */
function alike(ours: Told, theirs: Told, units: number): boolean {
  if (ours.dtype !== theirs.dtype || String(ours.shape) !== String(theirs.shape)) return false;
  if (ours.hex === theirs.hex) return true;
  if (!/float|complex/.test(ours.dtype ?? '')) return false;
  const [x, y] = [numbers(ours), numbers(theirs)];
  const unit = ours.dtype === 'float16' ? 1 : /^float32$|^complex64$/.test(ours.dtype!) ? 2 ** -23 : 2 ** -52;
  return Array.from(x).every((value, i) => {
    const other = y[i]!;
    if (Object.is(value, other) || (value !== value && other !== other)) return true;
    const size =
      ours.dtype === 'float16' ? 1 : ours.dtype!.startsWith('complex') ? Math.hypot(y[i]!, y[i ^ 1]!) : Math.abs(other);
    return Math.abs(value - other) <= units * unit * size;
  });
}

/**
 * One test of many expressions: type, shape and all bits are numpy's, and where numpy refuses the error has its text.
 * @param units units in the last place that are let pass
 */
export function check(name: string, cases: readonly Case[], units = 0): void {
  it(name, () => {
    const texts = join(folder, 'texts.json');
    writeFileSync(texts, JSON.stringify(cases.map(([text]) => text)));
    const expected = python<Told[]>('numpy_values.py', ['eval', file, texts]);
    const wrong: string[] = [];
    cases.forEach(([text, ours], i) => {
      const theirs = expected[i]!;
      let mine: Told;
      try {
        mine = told(ours(), theirs.dtype);
      } catch (error) {
        mine = { error: (error as Error).message };
      }
      const same =
        theirs.error === undefined
          ? mine.error === undefined && alike(mine, theirs, units)
          : mine.error?.includes(theirs.error.trim()) === true;
      if (!same)
        wrong.push(`${text}: ${JSON.stringify(mine).slice(0, 300)}, numpy: ${JSON.stringify(theirs).slice(0, 300)}`);
    });
    expect(wrong).toEqual([]);
  });
}
