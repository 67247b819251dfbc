/** NDArray against numpy: views, elements, comparison and reduction. */
import * as torch from 'torch-node';
import { NDArray } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const values = (array: unknown): unknown =>
  array instanceof NDArray ? { shape: array.shape, list: array.tolist() } : array;
const a = (): NDArray => torch.arange(24).view(2, 3, 4).numpy();
const f = (): NDArray =>
  torch
    .tensor([
      [0.5, -1.5, 2.5],
      [3.5, 0, -0.25],
    ])
    .numpy();

const cases: [python: string, ours: () => unknown][] = [
  ['a', () => a()],
  ['a.T', () => a().T],
  ['a.transpose(1, 0, 2)', () => a().transpose(1, 0, 2)],
  ['a.reshape(6, 4)', () => a().reshape(6, 4)],
  ['a.reshape(-1, 3)', () => a().reshape([-1, 3])],
  ['a.T.reshape(-1)', () => a().T.reshape(-1)],
  ['a.ravel()', () => a().ravel()],
  ['a.T.flatten()', () => a().T.flatten()],
  ['a[1]', () => a().index(1)],
  ['a[-1, 0]', () => a().index(-1, 0)],
  ['int(a[1, 2, 3])', () => a().get(1, 2, 3)],
  ['a[:1].squeeze()', () => torch.arange(12).view(1, 3, 4).numpy().squeeze()],
  ['a[:1].squeeze(0)', () => torch.arange(12).view(1, 3, 4).numpy().squeeze(0)],
  ['[a.size, a.ndim, len(a)]', () => [a().size, a().ndim, a().length]],
  ['a == 5', () => a().eq(5)],
  ['a != a.T.T', () => a().ne(a())],
  ['a < 7', () => a().lt(7)],
  ['a >= 7', () => a().ge(7)],
  ['a[0] <= a[1][0]', () => a().index(0).le(a().index(1, 0))],
  ['f > 0.5', () => f().gt(0.5)],
  ['int((a == 5).sum())', () => a().eq(5).sum()],
  ['int(a.sum())', () => a().sum()],
  ['float(a.mean())', () => a().mean()],
  ['float(f.max())', () => f().max()],
  ['float(f.min())', () => f().min()],
  ['int(f.argmax())', () => f().argmax()],
  ['bool((a >= 0).all())', () => a().ge(0).all()],
  ['bool((a < 0).any())', () => a().lt(0).any()],
  ['f.astype(int)', () => f().astype('int64')],
  ['f.astype(numpy.int8)', () => f().astype('int8')],
  ['f.astype(numpy.float16)', () => f().astype('float16')],
  ['(f > 0).astype(int)', () => f().gt(0).astype('int64')],
  [
    '(f / 3).astype(numpy.float16).astype(float)',
    () =>
      torch
        .tensor([
          [0.5, -1.5, 2.5],
          [3.5, 0, -0.25],
        ])
        .div(3)
        .numpy()
        .astype('float16')
        .astype('float64'),
  ],
  [
    'numpy.array([65504, 65520, 1e-8, 6e-8, 2049, 2051, 1e-4]).astype(numpy.float16).astype(str)',
    () => {
      const half = new NDArray(Float64Array.of(65504, 65520, 1e-8, 6e-8, 2049, 2051, 1e-4)).astype('float16');
      return {
        shape: half.shape,
        list: [...half].map((_, i) => String(new NDArray(half.data, [], { dtype: 'float16', offset: i }))),
      };
    },
  ],
];

const expected = python<unknown[]>('ndarray.py', [cases.map(([text]) => text)]);

describe('NDArray equals numpy', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(values(ours())).toEqual(expected[i]);
    });
  });
});

describe('NDArray', () => {
  it('shares memory with the tensor, both ways, through views', () => {
    const x = torch.zeros(2, 3);
    const array = x.t().numpy();
    array.set([2, 1], 5);
    expect(x.tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 5],
    ]);
    x.fill_(7);
    expect(array.get(0, 0)).toBe(7);
    expect(array.copy().set([0, 0], 1)).toBeUndefined();
    expect(x.index(0, 0).item()).toBe(7);
  });

  it('becomes a tensor on the same memory', () => {
    const array = new NDArray(new Float32Array(6), [2, 3]);
    const x = torch.from_numpy(array.T);
    x.index(2, 1).fill_(4);
    expect(array.tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 4],
    ]);
    expect(torch.tensor(array.eq(4)).dtype).toBe(torch.bool);
  });

  it('holds each dtype', () => {
    for (const dtype of [
      torch.uint8,
      torch.int8,
      torch.int16,
      torch.int32,
      torch.int64,
      torch.float16,
      torch.float32,
      torch.float64,
    ]) {
      const array = torch.tensor([1, 2, 100], { dtype }).numpy();
      expect([array.dtype, array.tolist()]).toEqual([dtype.name, [1, 2, 100]]);
      array.set([1], 3);
      expect(torch.from_numpy(array).tolist()).toEqual([1, 3, 100]);
    }
    expect(torch.tensor([true, false]).numpy().tolist()).toEqual([true, false]);
    expect(
      torch
        .tensor([2n ** 60n])
        .numpy()
        .item(),
    ).toBe(2n ** 60n);
    expect(
      String(
        torch
          .tensor([new torch.Complex(1, 2)])
          .numpy()
          .item(),
      ),
    ).toBe('(1+2j)');
  });

  it('refuses what is out of range or of the wrong kind', () => {
    expect(() => a().get(2, 0, 0)).toThrow(RangeError);
    expect(() => a().get(0)).toThrow(/expected 3 indices, got 1/);
    expect(() => a().index(0, 0, 0, 0)).toThrow(/too many indices/);
    expect(() => {
      a().set([0, 0, 9], 1);
    }).toThrow(/index 9 is out of bounds for axis 2 with size 4/);
    expect(() => a().item()).toThrow(/size 1/);
    expect(() => a().reshape(5, 5)).toThrow(/cannot reshape array of size 24/);
    expect(() => a().squeeze(0)).toThrow(/not equal to one/);
    expect(() => a().eq(torch.arange(3).numpy())).toThrow(
      /operands could not be broadcast together with shapes \(2,3,4\) \(3,\)/,
    );
    expect(() => a().eq('a' as unknown as number)).toThrow(TypeError);
    expect(() => new NDArray(new Float32Array(3), [4])).toThrow(/does not fit in 3 elements/);
    expect(() => new NDArray([1, 2] as unknown as Float32Array)).toThrow(/must be a typed array/);
    expect(() => new NDArray(new Float32Array(2), [2], { dtype: 'int64' })).toThrow(
      /must be a typed array that holds int64/,
    );
    expect(() => a().astype('text' as 'int8')).toThrow(TypeError);
    expect(() => torch.zeros(0).numpy().max()).toThrow(/zero-size/);
    expect(() => torch.tensor(1).numpy().length).toThrow(TypeError);
  });
});
