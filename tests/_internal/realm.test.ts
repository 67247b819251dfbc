/** Values of another realm (a vm context, as REPLs and test runners have): they are not instances of this realm's classes. */
import { createContext, runInContext } from 'node:vm';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

const context = createContext({});
const other = (source: string): unknown => runInContext(source, context);
const x = (): torch.Tensor => torch.arange(6, { dtype: torch.float32 }).view(2, 3);

describe('values of another realm', () => {
  it.each([
    'Float32Array',
    'Float64Array',
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
  ])('tensor() takes %s', (name) => {
    const here = new (globalThis as unknown as Record<string, new (values: number[]) => torch.TypedArray>)[name]!([
      1, 2, 3,
    ]);
    const there = other(`new ${name}([1, 2, 3])`) as torch.TypedArray;
    expect(there).not.toBeInstanceOf(here.constructor);
    for (const make of [torch.tensor, torch.as_tensor, torch.asarray, torch.from_numpy] as ((
      data: torch.TypedArray,
    ) => torch.Tensor)[]) {
      expect(String(make(there))).toBe(String(make(here)));
      expect(make(there).dtype).toBe(make(here).dtype);
    }
    expect(torch.tensor([there]).dtype).toBe(torch.tensor([here]).dtype);
  });

  it('tensor() takes BigInt64Array and lists in lists', () => {
    expect(torch.tensor(other('BigInt64Array.of(1n, 2n)') as BigInt64Array).dtype).toBe(torch.int64);
    expect(torch.tensor(other('[[1, 2], [3, 4]]') as number[][]).tolist<number[][]>()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('frombuffer() takes buffers', () => {
    for (const source of [
      'new ArrayBuffer(8)',
      'new SharedArrayBuffer(8)',
      'new DataView(new ArrayBuffer(8))',
      'new Int32Array(2)',
    ]) {
      const buffer = other(source) as ArrayBuffer;
      expect(torch.frombuffer(buffer, { dtype: torch.int32 }).tolist()).toEqual([0, 0]);
    }
  });

  it('options, lists and typed arrays are taken as arguments', () => {
    expect(
      x()
        .sum(other('({ dim: 1 })') as { dim: number })
        .tolist(),
    ).toEqual([3, 12]);
    expect(
      x()
        .to(other('({ copy: true })') as object)
        .tolist(),
    ).toEqual(x().tolist());
    expect(x().view(other('[3, 2]') as number[]).shape).toEqual(x().view(3, 2).shape);
    expect(x().index(other('[0]') as number[]).shape).toEqual(x().index([0]).shape);
    expect(
      x()
        .index(0, other('Int32Array.of(2, 0)') as Int32Array)
        .tolist(),
    ).toEqual([2, 0]);
    expect(
      x()
        .index_put_([other('BigInt64Array.of(1n)') as BigInt64Array], other('[7, 8, 9]') as number[])
        .tolist<number[][]>(),
    ).toEqual([
      [0, 1, 2],
      [7, 8, 9],
    ]);
    // biome-ignore lint/suspicious/useIsArray: an array of another realm is not an instance of this one's Array
    expect(torch.einsum('ij->i', other('[1]') instanceof Array ? [] : [x()]).tolist()).toEqual([3, 12]);
  });

  it('errors name the operator and what came', () => {
    const relu = torch.relu as unknown as (value: unknown) => unknown;
    expect(() => relu(other('[1]'))).toThrow("relu(): argument 'input' (position 1) must be Tensor, not list");
    expect(() => relu(other('new Map()'))).toThrow('must be Tensor, not dict');
    expect(() => relu(other('() => 1'))).toThrow('must be Tensor, not function');
  });
});

describe('a tensor of a second copy of the package', () => {
  it('is called so', () => {
    // What another copy's classes look like: the mark is shared by all copies, what it holds is each one's own.
    const mark = Symbol.for('torch-node.copy');
    expect((torch.Tensor.prototype as unknown as Record<symbol, unknown>)[mark]).toBeDefined();
    const Foreign = { Tensor: class Tensor {}, DType: class DType {} };
    for (const made of Object.values(Foreign)) {
      Object.defineProperty(made.prototype, mark, { value: { folder: '/elsewhere/torch-node' } });
    }
    const relu = torch.relu as unknown as (value: unknown) => unknown;
    const zeros = torch.zeros as unknown as (size: number, options: object) => unknown;
    expect(() => relu(new Foreign.Tensor())).toThrow(
      "relu(): argument 'input' (position 1) must be Tensor, not Tensor of another copy of torch-node (/elsewhere/torch-node)",
    );
    expect(() => zeros(1, { dtype: new Foreign.DType() })).toThrow(
      "argument 'dtype' must be torch.dtype, not torch.dtype of another copy of torch-node",
    );
  });
});
